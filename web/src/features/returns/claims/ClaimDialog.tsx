import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClaimAction, ClaimCard } from '../../../api/types';
import { dayStart } from '../../../base/days';
import { useShop } from '../../../base/shop';
import { Kbd, Money } from '../../../ui/bits';
import { DateField } from '../../../ui/DateField';
import { Submit } from '../../../ui/Submit';
import { amountOf } from '../amount';
import { asksOf } from './steps';
import type { ClaimBody } from './useClaimActs';

interface Props {
  card: ClaimCard;
  action: ClaimAction;
  onClose: () => void;
  onSend: (body: ClaimBody) => Promise<boolean>;
}

/** What a step of a claim is told with: the sum that was granted, by when more is asked for, why nothing came of it. */
export function ClaimDialog({ card, action, onClose, onSend }: Props) {
  const { t } = useTranslation();
  const zone = useShop().time_zone;
  const asks = asksOf(action, card) ?? {};
  const [text, setText] = useState('');
  const [money, setMoney] = useState('');
  const [day, setDay] = useState('');
  const [busy, setBusy] = useState(false);
  const ready =
    (asks.text !== 'must' || text.trim() !== '') &&
    (!asks.money || amountOf(money) !== null) &&
    (!asks.date || day !== '');
  const send = async () => {
    if (!ready || busy) return;
    setBusy(true);
    const done = await onSend({
      ...(text.trim() && { text: text.trim() }),
      ...(asks.money && { money: amountOf(money) ?? undefined }),
      ...(asks.date && { deadline_at: dayStart(day, zone, 1) }),
    });
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={460}
      title={t(`claim_action.${action}`)}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        data-testid="claim-dialog"
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
      >
        {asks.money && (
          <TextInput
            label={t('claims.granted')}
            description={
              card.amount !== null && (
                <>
                  {t('claims.claimed')} <Money value={card.amount} currency={card.currency} />
                </>
              )
            }
            inputMode="decimal"
            value={money}
            maxLength={16}
            onChange={(e) => setMoney(e.target.value)}
            data-autofocus
          />
        )}
        {asks.date && (
          <DateField
            label={t('claims.answer_by')}
            value={day}
            onChange={(e) => setDay(e.target.value)}
            data-autofocus
          />
        )}
        {asks.text && (
          <Textarea
            label={t(`claim_text.${action}`)}
            autosize
            minRows={3}
            maxRows={8}
            maxLength={1000}
            value={text}
            onChange={(e) => setText(e.target.value)}
            onKeyDown={(e) => {
              if (e.code !== 'Enter' || !(e.ctrlKey || e.metaKey)) return;
              e.preventDefault();
              void send();
            }}
            data-autofocus={(!asks.money && !asks.date) || undefined}
          />
        )}
        <div className="row">
          <Button onClick={onClose}>{t('returns.leave')}</Button>
          <Submit className="end" loading={busy} disabled={!ready} rightSection={<Kbd onInk>Ctrl Enter</Kbd>}>
            {t(`claim_action.${action}`)}
          </Submit>
        </div>
      </form>
    </Modal>
  );
}
