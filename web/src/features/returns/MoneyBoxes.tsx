import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ReturnCard } from '../../api/types';
import { usePersonName } from '../../base/shop';
import { Card, Money, useWhen } from '../../ui/bits';

/** Money that goes back, and by whose hand. */
export function RefundsBox({ card }: { card: ReturnCard }) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const when = useWhen();
  if (!card.refunds.length) return null;
  return (
    <Card title={t('returns.money')}>
      <ul className="ret-money">
        {card.refunds.map((m) => (
          <li key={m.id}>
            <span className="row">
              <Money value={m.amount} currency={m.currency} strong />
              <span
                className={`chip end ${m.state === 'paid' ? 'chip-green' : m.state === 'proposed' ? 'chip-amber' : ''}`}
              >
                {t(`refund_state.${m.state}`)}
              </span>
            </span>
            <span className="caption">
              {[
                m.by_market ? t('returns.by_market') : null,
                m.needs_second ? t(m.mine ? 'returns.needs_second' : 'returns.you_second') : null,
                nameOf(m.proposed_by) && t('returns.proposed_by', { name: nameOf(m.proposed_by) }),
                nameOf(m.approved_by) &&
                  t('returns.approved_by', {
                    name: nameOf(m.approved_by),
                    time: m.approved_at ? when(m.approved_at, true) : '',
                  }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** What is disputed about this return. */
export function ClaimsBox({ card }: { card: ReturnCard }) {
  const { t } = useTranslation();
  const when = useWhen();
  if (!card.claims.length) return null;
  return (
    <Card title={t('returns.claims')}>
      <ul className="ret-money">
        {card.claims.map((c) => (
          <li key={c.id}>
            <span className="row">
              <Link to="/returns/claims/$id" params={{ id: c.id }} className="strong cut">
                {t(`claim_subject.${c.subject}`, { defaultValue: c.subject })}
              </Link>
              <span className="chip end">{t(`claim_state.${c.state}`)}</span>
            </span>
            <span className="caption">
              {t(`claim_side.${c.side}`)}
              {c.amount !== null && (
                <>
                  {' · '}
                  <Money value={c.amount} currency={c.currency} />
                </>
              )}
              {c.deadline_at && ` · ${t('order.until', { time: when(c.deadline_at, true) })}`}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
