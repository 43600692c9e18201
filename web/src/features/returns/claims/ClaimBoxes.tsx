import { Link } from '@tanstack/react-router';
import { IconArrowRight, IconRobot } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ClaimCard, ClaimRow } from '../../../api/types';
import { formatNumber } from '../../../base/format';
import { useMay } from '../../../base/shop';
import { Card, Money, useWhen, When } from '../../../ui/bits';

const tints: Record<ClaimRow['state'], string> = {
  open: 'chip-accent',
  evidence: 'chip-accent',
  submitted: '',
  in_review: '',
  appealed: 'chip-amber',
  won: 'chip-green',
  partly_won: 'chip-amber',
  lost: 'chip-red',
  settled: '',
  withdrawn: '',
};
export function ClaimStateChip({ state }: { state: ClaimRow['state'] }) {
  const { t } = useTranslation();
  return <span className={`chip chip-dot ${tints[state]}`}>{t(`claim_state.${state}`)}</span>;
}

export function useSubjectText() {
  const { t, i18n } = useTranslation();
  return (subject: string) =>
    i18n.exists(`claim_subject.${subject}`) ? t(`claim_subject.${subject}`) : subject;
}

export const claimNumber = (row: Pick<ClaimRow, 'order_number' | 'id'>) =>
  row.order_number ? formatNumber(row.order_number) : '';

/** What is claimed, of whom, about what, and what came of it. */
export function ClaimFactsBox({ card }: { card: ClaimCard }) {
  const { t } = useTranslation();
  const may = useMay();
  const when = useWhen();
  const subject = useSubjectText();
  return (
    <Card
      title={subject(card.subject)}
      aside={
        card.found && (
          <span className="chip chip-violet">
            <IconRobot size={13} stroke={1.9} aria-hidden />
            {t('claims.found')}
          </span>
        )
      }
    >
      <dl className="facts">
        <dt>{t('claims.to')}</dt>
        <dd>{t(`claim_side.${card.side}`)}</dd>
        {may('prices.see') && (
          <>
            <dt>{t('claims.claimed')}</dt>
            <dd>
              <Money value={card.amount} currency={card.currency} strong />
            </dd>
            {card.money_effect !== null && Number(card.money_effect) > 0 && (
              <>
                <dt>{t('claims.granted')}</dt>
                <dd>
                  <Money value={card.money_effect} currency={card.currency} strong />
                </dd>
              </>
            )}
          </>
        )}
        {card.deadline_at && (
          <>
            <dt>{t('claims.answer_by')}</dt>
            <dd className="num">{when(card.deadline_at, true)}</dd>
          </>
        )}
        {card.return_id && (
          <>
            <dt>{t('claims.return')}</dt>
            <dd>
              <Link to="/returns/$id" params={{ id: card.return_id }} className="num">
                {card.order_number ? formatNumber(card.order_number) : t('claims.open_return')}
              </Link>
            </dd>
          </>
        )}
        {card.order_id && may('orders.see') && (
          <>
            <dt>{t('returns.order')}</dt>
            <dd>
              <Link to="/orders/$id" params={{ id: card.order_id }} className="num">
                {formatNumber(card.order_number)}
              </Link>
            </dd>
          </>
        )}
      </dl>
      {card.title && <p className="caption claim-goods">{card.title}</p>}
      {card.decision && <div className="notice notice-accent ret-answer">{card.decision}</div>}
    </Card>
  );
}

/** What was matched: when the parcel was given away, what came of it and what was found in it. */
export function FactsBox({ card }: { card: ClaimCard }) {
  const { t } = useTranslation();
  const facts = card.evidence?.facts;
  if (!facts) return null;
  const times = [
    ['handed_over', facts.handed_over_at],
    ['requested', facts.requested_at],
    ['received', facts.received_at],
    ['refunded', facts.refunded_at],
  ] as const;
  return (
    <Card title={t('claims.facts')}>
      <dl className="facts">
        {times.map(([name, at]) => (
          <FactRow key={name} label={t(`claims.fact_${name}`)}>
            {at ? <When at={at} time /> : <span className="quiet">{t('claims.fact_none')}</span>}
          </FactRow>
        ))}
        {facts.track && (
          <FactRow label={t('claims.fact_track')}>
            <span className="num">{facts.track}</span>
          </FactRow>
        )}
      </dl>
      {(facts.lines?.length ?? 0) > 0 && (
        <ul className="claim-lines">
          {facts.lines?.map((l, i) => (
            <li key={i}>
              <span className="grow cut">{l.article || '—'}</span>
              <span className="num soft">×{l.qty}</span>
              {l.condition && <span className="chip">{t(`condition.${l.condition}`)}</span>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
const FactRow = ({ label, children }: { label: string; children: React.ReactNode }) => (
  <>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </>
);

const notes = ['draft', 'by_hand', 'undo'] as const;

export function ClaimHistory({ card }: { card: ClaimCard }) {
  const { t } = useTranslation();
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t('history.title')}</h2>
      </div>
      <div className="card-body">
        <ol className="history ret-history">
          {card.history
            .toSorted((a, b) => b.seq - a.seq)
            .map((e) => {
              const note = notes.find((n) => n === e.note);
              const who =
                e.actor_kind === 'user' ? e.actor_name : t(`actor.${e.actor_kind}`, { name: e.actor_name });
              return (
                <li key={e.seq}>
                  <span className="quiet">
                    <When at={e.at} />
                  </span>
                  <span className="history-icon">
                    <IconArrowRight size={14} stroke={1.9} aria-hidden />
                  </span>
                  <div className="history-body">
                    <span>{t(`claim_state.${e.to}`)}</span>
                    <span className="caption">
                      {[who, note ? t(`claims.note_${note}`) : e.note].filter(Boolean).join(' · ')}
                    </span>
                  </div>
                </li>
              );
            })}
        </ol>
      </div>
    </section>
  );
}
