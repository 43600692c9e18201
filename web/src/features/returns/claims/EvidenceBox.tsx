import { Button, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClaimCard } from '../../../api/types';
import { dayAt, dayStart } from '../../../base/days';
import { useMay, useShop } from '../../../base/shop';
import { Card } from '../../../ui/bits';
import { DateField } from '../../../ui/DateField';
import { amountOf, amountText } from '../amount';
import type { ClaimEdit } from './useClaimActs';

interface Props {
  card: ClaimCard;
  busy: boolean;
  offline: boolean;
  onSave: (body: ClaimEdit) => void;
}

/** The words of the claim, its sum and its day, until it is sent; then what was said. */
export function EvidenceBox(props: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const { card } = props;
  if (card.waits_for_us && may('claims.work')) return <Form key={card.version} {...props} />;
  return (
    <Card title={t('claims.words')}>
      {card.evidence?.text ? (
        <blockquote className="ret-words">{card.evidence.text}</blockquote>
      ) : (
        <span className="quiet">{t('claims.no_words')}</span>
      )}
    </Card>
  );
}

function Form({ card, busy, offline, onSave }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const zone = useShop().time_zone;
  const sums = may('prices.see');
  const before = {
    text: card.evidence?.text ?? '',
    sum: card.amount === null ? '' : amountText(card.amount),
    day: card.answer_by ? dayAt(new Date(Date.parse(card.answer_by) - 1).toISOString(), zone) : '',
  };
  const [text, setText] = useState(before.text);
  const [sum, setSum] = useState(before.sum);
  const [day, setDay] = useState(before.day);
  const changed = text !== before.text || sum !== before.sum || day !== before.day;
  const fits = !sums || amountOf(sum) !== null;
  return (
    <Card title={t('claims.words')}>
      <form
        className="stack"
        data-testid="claim-evidence"
        onSubmit={(e) => {
          e.preventDefault();
          onSave({
            ...(text !== before.text && { text: text.trim() }),
            ...(sums && sum !== before.sum && { amount: amountOf(sum) ?? undefined }),
            ...(day !== before.day && day && { deadline_at: dayStart(day, zone, 1) }),
          });
        }}
      >
        <Textarea
          aria-label={t('claims.words')}
          placeholder={t('claims.words_hint')}
          autosize
          minRows={3}
          maxRows={10}
          maxLength={2000}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        <div className="claim-two">
          {sums && (
            <TextInput
              label={t('claims.claimed')}
              inputMode="decimal"
              maxLength={16}
              value={sum}
              error={!fits && t('claims.wrong_sum')}
              onChange={(e) => setSum(e.target.value)}
            />
          )}
          <DateField label={t('claims.answer_by')} value={day} onChange={(e) => setDay(e.target.value)} />
        </div>
        {changed && (
          <div className="row">
            <Button
              onClick={() => {
                setText(before.text);
                setSum(before.sum);
                setDay(before.day);
              }}
            >
              {t('do.reset')}
            </Button>
            <Button type="submit" variant="filled" className="end" loading={busy} disabled={offline || !fits}>
              {t('do.save')}
            </Button>
          </div>
        )}
      </form>
    </Card>
  );
}
