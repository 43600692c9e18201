import { Button, Modal, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReturnCard, ReturnRow } from '../../api/types';
import type { ReturnActBody } from '../../base/returnActions';
import { Money } from '../../ui/bits';
import { Submit } from '../../ui/Submit';
import { amountOf } from './amount';
import { numberOf } from './columns';

/** A part of the price, and the goods stay with the buyer. What the units cost bounds it; the server says so. */
export function KeepPartDialog({
  row,
  onClose,
  onSend,
}: {
  row: ReturnRow | ReturnCard;
  onClose: () => void;
  onSend: (body: ReturnActBody) => Promise<boolean>;
}) {
  const { t } = useTranslation();
  const [sum, setSum] = useState('');
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const amount = amountOf(sum);
  const send = async () => {
    if (!amount || busy) return;
    setBusy(true);
    const done = await onSend({ amount, text: text.trim() || undefined });
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={460}
      title={t('return_ask.keep_part', { number: numberOf(row) })}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        data-testid="return-keep-part"
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
      >
        <p className="caption">{t('returns.part_hint')}</p>
        <TextInput
          label={t('returns.part_sum')}
          description={
            <>
              {t('returns.paid_for', { count: row.units })}{' '}
              <Money value={row.refund_amount} currency={row.currency} />
            </>
          }
          inputMode="decimal"
          maxLength={16}
          value={sum}
          onChange={(e) => setSum(e.target.value)}
          data-autofocus
        />
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
          <Submit className="end" loading={busy} disabled={!amount}>
            {t('return_action.keep_part')}
          </Submit>
        </div>
      </form>
    </Modal>
  );
}
