import { Button } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CustomerCard } from '../../api/types';
import { useMay } from '../../base/shop';
import { Money } from '../../ui/bits';
import { useReason, useScore } from './reason';
import { useIdentity } from './useIdentity';

/** The likeliest other card of the same person, with the evidence. */
export function DuplicateBanner({
  card,
  onCompare,
}: {
  card: CustomerCard;
  onCompare: (id: string) => void;
}) {
  const { t } = useTranslation();
  const may = useMay();
  const reason = useReason();
  const score = useScore();
  const { differ } = useIdentity();
  const [first] = card.suggestions.toSorted((a, b) => b.score - a.score);
  if (!first || !may('customers.merge')) return null;
  const { other } = first;
  const rest = card.suggestions.length - 1;
  return (
    <section className="duplicate" data-testid="duplicate">
      <IconUsers size={18} stroke={1.75} className="duplicate-icon" aria-hidden />
      <div className="grow">
        <span className="strong">{t('identity.maybe')}</span> {other.name}
        {other.net_spent !== undefined && (
          <>
            {' · '}
            <Money value={other.net_spent} currency={other.currency} />
          </>
        )}
        <div className="soft">
          {reason(first.evidence, first.rule)} ·{' '}
          <span title={t('identity.score_hint')}>{score(first.score)}</span>
          {rest > 0 && ` · ${t('identity.maybe_more', { count: rest })}`}
        </div>
      </div>
      <span className="row">
        <Button onClick={() => void differ(card.id, other.id)}>{t('identity.different')}</Button>
        <Button variant="filled" onClick={() => onCompare(other.id)}>
          {t('identity.compare')}
        </Button>
      </span>
    </section>
  );
}
