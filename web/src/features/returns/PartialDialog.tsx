import { Button, Modal, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReturnCard } from '../../api/types';
import type { ReturnActBody } from '../../base/returnActions';
import { Money } from '../../ui/bits';
import { Submit } from '../../ui/Submit';
import { amountOf } from './amount';
import { numberOf } from './columns';

/** A part of the money for each line. What the buyer has paid bounds it; the server says so. */
export function PartialDialog({
  card,
  onClose,
  onSend,
}: {
  card: ReturnCard;
  onClose: () => void;
  onSend: (body: ReturnActBody) => Promise<boolean>;
}) {
  const { t } = useTranslation();
  const [sums, setSums] = useState<Record<number, string>>({});
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const ready = card.lines.every((l) => amountOf(sums[l.line] ?? '') !== null);
  const send = async () => {
    if (!ready || busy) return;
    setBusy(true);
    const lines = card.lines.map((l) => ({
      line: l.line,
      qty: l.qty,
      amount: amountOf(sums[l.line] ?? '') ?? undefined,
    }));
    const done = await onSend({ lines, text: text.trim() || undefined });
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={t('return_ask.partial', { number: numberOf(card) })}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        data-testid="return-partial"
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
      >
        {card.lines.map((l, i) => (
          <TextInput
            key={l.line}
            label={l.title || l.article || l.external_offer_id}
            description={
              <>
                {t('returns.paid_for', { count: l.qty })} <Money value={l.amount} currency={card.currency} />
              </>
            }
            inputMode="decimal"
            maxLength={16}
            value={sums[l.line] ?? ''}
            onChange={(e) => setSums({ ...sums, [l.line]: e.target.value })}
            data-autofocus={i === 0 || undefined}
          />
        ))}
        <Textarea
          label={t('returns.to_buyer')}
          minRows={2}
          autosize
          maxLength={1000}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        <div className="row">
          <Button onClick={onClose}>{t('returns.leave')}</Button>
          <Submit className="end" loading={busy} disabled={!ready}>
            {t('return_action.partial')}
          </Submit>
        </div>
      </form>
    </Modal>
  );
}
