import { IconCrown } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useWords } from '../../base/words';
import type { QueueRow } from '../../api/types';
import { formatNumber } from '../../base/format';
import { isOpen } from '../../base/rows';
import { useOthersAt } from '../../base/presence';
import { usePersonName, useSession } from '../../base/shop';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { GoodsTile, Money, Person, When } from '../../ui/bits';
import type { GridColumn } from '../../ui/DataGrid';
import { BuyerName, DeliveryWay } from '../../ui/people';
import { SlaChip } from '../../ui/SlaChip';
import type { ColumnChoice, ColumnName } from './columnChoice';
import { StatusCell } from './StatusCell';

export function CustomerMarks({ row }: { row: QueueRow }) {
  const vip = row.tags.some((tag) => tag.toLowerCase() === 'vip');
  return (
    <>
      {vip ? (
        <span className="chip chip-violet">
          <IconCrown size={13} stroke={1.9} aria-hidden />
          VIP
        </span>
      ) : row.customer_orders > 1 ? (
        <span className="caption num">×{row.customer_orders}</span>
      ) : null}
    </>
  );
}

export function OrderNumber({ row }: { row: Pick<QueueRow, 'channel' | 'number'> }) {
  return (
    <>
      <ChannelBadge channel={row.channel} />
      <span className="num" style={{ fontWeight: 550 }}>
        {formatNumber(row.number)}
      </span>
    </>
  );
}

/** Colleagues who have this order open at the moment. */
function OpenBy({ id }: { id: string }) {
  const { t } = useWords();
  const session = useSession();
  const others = useOthersAt(id, session.user.id);
  return others.slice(0, 2).map((p) => (
    <span key={p.user_id} className="open-by" data-testid="open-by">
      <Person name={p.name} size={16} label={t('presence.open_by', { name: p.name })} />
    </span>
  ));
}

function Assignee({ row }: { row: QueueRow }) {
  const name = usePersonName()(row.assignee_id);
  return name ? <Person name={name} /> : <span className="quiet">—</span>;
}

const widths: Record<ColumnName, string> = {
  deadline: '78px',
  order: '176px',
  customer: 'minmax(170px, 1.1fr)',
  goods: 'minmax(190px, 1.3fr)',
  total: '96px',
  city: '110px',
  delivery: '130px',
  payment: '110px',
  status: 'minmax(132px, 0.85fr)',
  native: '150px',
  tags: '140px',
  who: '34px',
  placed: '92px',
};
const toRight: ColumnName[] = ['total', 'placed'];
/** The peek takes the room of these. */
const forPeek: ColumnName[] = ['goods', 'placed'];

function Tags({ row }: { row: QueueRow }) {
  return row.tags.map((tag) => (
    <span className="chip chip-line" key={tag}>
      {tag}
    </span>
  ));
}

function Payment({ row }: { row: QueueRow }) {
  const { t } = useWords();
  return <span className="cut soft">{t(`payment.${row.payment}`)}</span>;
}

const cells: Record<ColumnName, (row: QueueRow) => React.ReactNode> = {
  deadline: (r) => <SlaChip due={r} />,
  order: (r) => (
    <>
      <OrderNumber row={r} />
      <OpenBy id={r.id} />
    </>
  ),
  customer: (r) => (
    <>
      <BuyerName name={r.customer_name} />
      {r.phone_last4 && <span className="quiet num">…{r.phone_last4}</span>}
      <CustomerMarks row={r} />
    </>
  ),
  goods: (r) => (
    <>
      <GoodsTile title={r.title} />
      <span className="cut soft">{r.title}</span>
      {r.lines_count > 1 && <span className="chip num">+{r.lines_count - 1}</span>}
    </>
  ),
  total: (r) => <Money value={r.total} currency={r.currency} strong />,
  city: (r) => <span className="cut soft">{r.city || '—'}</span>,
  delivery: (r) => <DeliveryWay native={r.delivery_method} className="cut soft" />,
  payment: (r) => <Payment row={r} />,
  status: (r) => <StatusCell row={r} />,
  native: (r) => <span className="cut caption">{r.external_status}</span>,
  tags: (r) => <Tags row={r} />,
  who: (r) => <Assignee row={r} />,
  placed: (r) => <When at={r.placed_at} />,
};

/** The columns of a choice, in its order and widths. */
export function useOrderColumns(choice: ColumnChoice): GridColumn<QueueRow>[] {
  const { t } = useWords();
  return useMemo(
    () =>
      choice.order
        .filter((id) => !choice.hidden[id])
        .map((id) => ({
          id,
          header: t(`column.${id}`),
          width: choice.widths[id] ? `${choice.widths[id]}px` : widths[id],
          right: toRight.includes(id),
          wide: forPeek.includes(id) || undefined,
          cell: cells[id],
        })),
    [t, choice],
  );
}

export function CompactRow({ row }: { row: QueueRow }) {
  const refused = row.command?.state === 'refused' || row.command?.state === 'dead';
  return (
    <div className="order-compact">
      <div className="row">
        <SlaChip due={row} />
        <OrderNumber row={row} />
        <OpenBy id={row.id} />
        <span className="end">
          <Money value={row.total} currency={row.currency} strong />
        </span>
      </div>
      <div className="row">
        <BuyerName name={row.customer_name} />
        <span className="cut quiet grow">{row.title}</span>
        {(isOpen(row.command) || refused || row.status !== 'new') && <StatusCell row={row} />}
      </div>
    </div>
  );
}
