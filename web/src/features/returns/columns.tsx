import { IconAlertTriangle, IconPhoto } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReturnRow } from '../../api/types';
import { formatNumber } from '../../base/format';
import { usePersonName } from '../../base/shop';
import { GoodsTile, Money, Person, When } from '../../ui/bits';
import { ChannelBadge, useChannelTitle } from '../../ui/ChannelBadge';
import type { GridColumn } from '../../ui/DataGrid';
import { BuyerName } from '../../ui/people';
import { ReturnCommandChip, ReturnStateChip, RuleChip, useReasonText } from '../../ui/returns/state';
import { SlaChip } from '../../ui/SlaChip';
import { Tip } from '../../ui/Tip';

export const numberOf = (row: Pick<ReturnRow, 'order_number' | 'external_id'>) =>
  formatNumber(row.order_number || row.external_id);

function Order({ row }: { row: ReturnRow }) {
  return (
    <>
      <ChannelBadge channel={row.channel} />
      <span className="ret-two">
        <span className="num strong cut">{numberOf(row)}</span>
        <BuyerName name={row.customer_name} className="cut caption" />
      </span>
    </>
  );
}

/** How many photographs the buyer has sent. */
export function Photos({ count }: { count: number }) {
  const { t } = useTranslation();
  if (!count) return null;
  return (
    <span className="ret-photos num" title={t('returns.photos', { count })}>
      <IconPhoto size={14} stroke={1.9} aria-hidden />
      <span aria-label={t('returns.photos', { count })} role="img">
        {count}
      </span>
    </span>
  );
}

export function Reason({ row }: { row: ReturnRow }) {
  const { t } = useTranslation();
  const reason = useReasonText();
  const channel = useChannelTitle();
  return (
    <span className="ret-two">
      <span className="row ret-reason">
        <span className={row.reason ? 'cut' : 'cut warn'}>
          {row.kind === 'return' ? reason(row.reason) : t(`return_kind.${row.kind}`)}
        </span>
        <Photos count={row.photos} />
      </span>
      <span className="caption cut">
        {row.external_reason
          ? t('returns.native', { channel: channel(row.channel), word: row.external_reason })
          : row.kind === 'return'
            ? '—'
            : reason(row.reason)}
      </span>
    </span>
  );
}

export function Stage({ row }: { row: ReturnRow }) {
  const open = row.command && row.command.state !== 'done' && row.command.state !== 'undone';
  return (
    <>
      {open && row.command ? (
        <ReturnCommandChip command={row.command} />
      ) : (
        <ReturnStateChip state={row.state} native={row.external_state} />
      )}
      {row.rule && <RuleChip rule={row.rule} small />}
      {row.problem && (
        <Tip label={() => row.problem}>
          <IconAlertTriangle size={15} stroke={1.9} className="warn" role="img" aria-label={row.problem} />
        </Tip>
      )}
    </>
  );
}

function Who({ row }: { row: ReturnRow }) {
  const name = usePersonName()(row.assignee_id);
  return name ? <Person name={name} /> : <span className="quiet">—</span>;
}

function Goods({ row }: { row: ReturnRow }) {
  const { t } = useTranslation();
  return (
    <>
      <GoodsTile title={row.title} />
      <span className="cut soft">{row.title || t('returns.goods_unknown')}</span>
      {row.units > 1 && <span className="chip num">×{row.units}</span>}
    </>
  );
}

export function useReturnColumns(): GridColumn<ReturnRow>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      { id: 'deadline', header: t('column.deadline'), width: '82px', cell: (r) => <SlaChip due={r} /> },
      { id: 'order', header: t('column.order'), width: '190px', cell: (r) => <Order row={r} /> },
      {
        id: 'goods',
        header: t('column.goods'),
        width: 'minmax(150px, 1.3fr)',
        wide: true,
        cell: (r) => <Goods row={r} />,
      },
      {
        id: 'reason',
        header: t('returns.reason'),
        width: 'minmax(170px, 1.1fr)',
        cell: (r) => <Reason row={r} />,
      },
      {
        id: 'sum',
        header: t('column.total'),
        width: '96px',
        right: true,
        cell: (r) => <Money value={r.refund_amount} currency={r.currency} strong />,
      },
      {
        id: 'stage',
        header: t('returns.stage'),
        width: 'minmax(150px, 0.9fr)',
        cell: (r) => <Stage row={r} />,
      },
      {
        id: 'asked',
        header: t('returns.asked'),
        width: '92px',
        right: true,
        wide: true,
        cell: (r) => <When at={r.requested_at} />,
      },
      { id: 'who', header: t('column.who'), width: '34px', wide: true, cell: (r) => <Who row={r} /> },
    ],
    [t],
  );
}

export function CompactReturn({ row }: { row: ReturnRow }) {
  const { t } = useTranslation();
  const reason = useReasonText();
  return (
    <div className="ret-compact">
      <div className="row">
        <SlaChip due={row} />
        <ChannelBadge channel={row.channel} size={17} />
        <span className="num strong cut">{numberOf(row)}</span>
        <span className="end">
          <Money value={row.refund_amount} currency={row.currency} strong />
        </span>
      </div>
      <div className="row">
        <span className="cut grow soft">
          {row.kind === 'return' ? reason(row.reason) : t(`return_kind.${row.kind}`)}
          {row.title && ` · ${row.title}`}
        </span>
        <Photos count={row.photos} />
        <Stage row={row} />
      </div>
    </div>
  );
}
