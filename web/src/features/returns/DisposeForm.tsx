import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReturnCard } from '../../api/types';
import type { ReturnActLine } from '../../base/returnActions';
import { Card } from '../../ui/bits';
import { Submit } from '../../ui/Submit';
import { dispositions } from './InspectForm';

/** Units that are here and about which nobody has decided. */
export const undecided = (card: ReturnCard) =>
  card.lines.filter((l) => !l.disposition && l.condition !== null && l.condition !== 'missing');

interface Props {
  card: ReturnCard;
  busy: boolean;
  onSend: (lines: ReturnActLine[]) => void;
}

/** Where the goods go that were inspected without saying it. */
export function DisposeForm({ card, busy, onSend }: Props) {
  const { t } = useTranslation();
  const lines = undecided(card);
  const [to, setTo] = useState<Record<number, string>>({});
  const chosen = lines.filter((l) => to[l.line]);
  return (
    <Card title={t('returns.dispose_title')}>
      <form
        className="stack"
        data-testid="dispose"
        onSubmit={(e) => {
          e.preventDefault();
          onSend(chosen.map((l) => ({ line: l.line, qty: l.qty, disposition: to[l.line] })));
        }}
      >
        {lines.map((l) => (
          <NativeSelect
            key={l.line}
            label={`${l.title || l.article} ×${l.qty}`}
            value={to[l.line] ?? ''}
            onChange={(e) => setTo({ ...to, [l.line]: e.currentTarget.value })}
            data={[
              { value: '', label: t('returns.later') },
              ...dispositions.map((d) => ({ value: d, label: t(`disposition.${d}`) })),
            ]}
          />
        ))}
        <div className="row">
          <Submit loading={busy} disabled={!chosen.length}>
            {t('return_action.dispose')}
          </Submit>
        </div>
      </form>
    </Card>
  );
}
