import { useTranslation } from 'react-i18next';
import type { ReturnCard } from '../../api/types';
import { useMay } from '../../base/shop';
import { Card, Money, useWhen } from '../../ui/bits';
import { useSourceText } from '../../ui/returns/source';
import { RuleChip } from '../../ui/returns/state';

const percent = (bp: number | undefined) => Math.round((bp ?? 0) / 100);

/** What the automatic rule has looked at, and what it made of it: a decision about a person is told in words. */
export function RuleBox({ card }: { card: ReturnCard }) {
  const { t, i18n } = useTranslation();
  const when = useWhen();
  const may = useMay();
  const source = useSourceText();
  const seen = card.rule_inputs;
  if (!seen) return null;
  const why = seen.why ?? '';
  return (
    <Card title={t('rule_seen.title')} aside={card.rule && <RuleChip rule={card.rule} />}>
      <span className="strong">
        {seen.approved
          ? t('rule_seen.approved')
          : i18n.exists(`rule_why.${why}`)
            ? t('rule_seen.left', { why: t(`rule_why.${why}`) })
            : t('rule_seen.left_plain')}
      </span>
      <dl className="facts rule-facts">
        <dt>{t('returns.reason')}</dt>
        <dd>{seen.group ? t(`reason.${seen.group}`) : t('returns.unexplained')}</dd>
        <dt>{t('returns.window')}</dt>
        <dd>
          {seen.window_until
            ? t('rule_seen.until', { time: when(seen.window_until) })
            : t('returns.window_unknown')}
          {seen.window_until && seen.window_source && (
            <div className="caption">{source(seen.window_source, card.channel)}</div>
          )}
        </dd>
        {may('prices.see') && (
          <>
            <dt>{t('rule_seen.price')}</dt>
            <dd>
              <Money value={seen.unit_price ?? null} currency={seen.currency ?? card.currency} />
              <div className="caption">
                {t('rule_seen.limit')} <Money value={seen.price_limit ?? null} currency={card.currency} />
              </div>
            </dd>
          </>
        )}
        <dt>{t('rule_seen.buyer')}</dt>
        <dd>
          {seen.buyer_known ? (
            <>
              {t('rule_seen.habit', {
                orders: seen.orders ?? 0,
                returns: seen.returns ?? 0,
                days: seen.period_days ?? 0,
              })}
              <div className="caption">
                {t('rule_seen.share', { share: percent(seen.share_bp), limit: percent(seen.share_limit_bp) })}
              </div>
            </>
          ) : (
            <span className="quiet">{t('rule_seen.stranger')}</span>
          )}
        </dd>
        <dt>{t('returns.claims')}</dt>
        <dd>
          {seen.open_claims ? t('rule_seen.claims', { count: seen.open_claims }) : t('rule_seen.no_claims')}
        </dd>
        {seen.not_returnable && (
          <>
            <dt>{t('rule_seen.banned')}</dt>
            <dd className="warn">{seen.not_returnable}</dd>
          </>
        )}
      </dl>
    </Card>
  );
}
