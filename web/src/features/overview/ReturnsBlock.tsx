import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { returnsOpenAsked } from '../../api/asked';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Page, ReturnRow } from '../../api/types';
import { formatCount, formatNumber } from '../../base/format';
import { Bones, ErrorState, Money, useLang } from '../../ui/bits';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { ReturnStateChip, useReasonText } from '../../ui/returns/state';
import { SlaChip } from '../../ui/SlaChip';

const first = 'limit=4';
const stages = ['request', 'check', 'approved', 'money'] as const;

/** Which returns must be decided first, and how many stand at each step; every figure opens its list. */
export function ReturnsBlock() {
  const { t } = useTranslation();
  const lang = useLang();
  const reason = useReasonText();
  const counts = useQuery(returnsOpenAsked);
  const list = useQuery({
    queryKey: keys.returnList(first),
    queryFn: ({ signal }) => get<Page<ReturnRow>>('/api/returns', first, signal),
  });
  const all = counts.data;
  const rows = list.data?.items ?? [];
  const failed = list.error ?? counts.error;
  return (
    <section className="card returns-block">
      <div className="card-head">
        <h2 className="grow">
          <Link to="/returns">{t('nav.returns')}</Link>
        </h2>
        {all && (
          <span className="quiet num">
            {t('returns.open', { count: all.total.count, n: formatCount(all.total.count, lang) })}
            {all.total.sum !== null && !all.mixed && all.total.count > 0 && (
              <>
                {' · '}
                <Money value={all.total.sum} currency={all.currency} />
              </>
            )}
          </span>
        )}
      </div>
      {failed && !list.data ? (
        <ErrorState error={failed} retry={() => void list.refetch()} />
      ) : !list.data || !all ? (
        <div className="card-body">
          <Bones lines={4} />
        </div>
      ) : rows.length === 0 ? (
        <div className="card-body quiet">{t('returns.none_open')}</div>
      ) : (
        <>
          <div className="returns-stages">
            {stages.map((stage) => (
              <Link key={stage} to="/returns" search={{ view: stage }}>
                <span className="strong num">{formatCount(all.stages[stage].count, lang)}</span>
                <span className="caption cut">{t(`return_stage.${stage}`)}</span>
              </Link>
            ))}
          </div>
          <div className="lines-list">
            {rows.map((r) => (
              <Link key={r.id} to="/returns/$id" params={{ id: r.id }} className="line line-low">
                <SlaChip due={r} />
                <ChannelBadge channel={r.channel} size={17} />
                <span className="strong num">{formatNumber(r.order_number || r.external_id)}</span>
                <span className="cut soft grow">
                  {r.kind === 'return' ? reason(r.reason) : t(`return_kind.${r.kind}`)}
                </span>
                <ReturnStateChip state={r.state} />
                <Money value={r.refund_amount} currency={r.currency} strong />
              </Link>
            ))}
          </div>
        </>
      )}
    </section>
  );
}
