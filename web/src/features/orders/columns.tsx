import { IconCrown } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueRow } from '../../api/types';
import { formatNumber } from '../../base/format';
import { isOpen } from '../../base/rows';
import { usePersonName } from '../../base/shop';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { GoodsTile, Money, Person, When } from '../../ui/bits';
import type { GridColumn } from '../../ui/DataGrid';
import { BuyerName, DeliveryWay } from '../../ui/people';
import { SlaChip } from '../../ui/SlaChip';
import { CommandChip, MarkChips, StatusChip } from '../../ui/status';

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

export function StatusCell({ row }: { row: QueueRow }) {
  const command = row.command;
  const alive = isOpen(command);
  return (
    <>
      {alive ? (
        <CommandChip command={command} />
      ) : (
        <StatusChip status={row.status} native={row.external_status} />
      )}
      <MarkChips marks={row.marks} />
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

export function useOrderColumns(): GridColumn<QueueRow>[] {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  return useMemo(() => {
    const column = (
      id: string,
      width: string,
      cell: (row: QueueRow) => React.ReactNode,
      right = false,
    ): GridColumn<QueueRow> => ({
      id,
      header: t(`column.${id}`),
      meta: { width, right },
      cell: ({ row }) => cell(row.original as QueueRow),
    });
    return [
      column('deadline', '70px', (r) => <SlaChip due={r} />),
      column('order', '172px', (r) => <OrderNumber row={r} />),
      column('customer', 'minmax(170px, 1.1fr)', (r) => (
        <>
          <BuyerName name={r.customer_name} />
          {r.phone_last4 && <span className="quiet num">…{r.phone_last4}</span>}
          <CustomerMarks row={r} />
        </>
      )),
      column('goods', 'minmax(190px, 1.3fr)', (r) => (
        <>
          <GoodsTile title={r.title} />
          <span className="cut soft">{r.title}</span>
          {r.lines_count > 1 && <span className="chip num">+{r.lines_count - 1}</span>}
        </>
      )),
      column('total', '100px', (r) => <Money value={r.total} currency={r.currency} strong />, true),
      column('city', '110px', (r) => <span className="cut soft">{r.city || '—'}</span>),
      column('delivery', '130px', (r) => <DeliveryWay native={r.delivery_method} className="cut soft" />),
      column('payment', '110px', (r) => <span className="cut soft">{t(`payment.${r.payment}`)}</span>),
      column('status', 'minmax(120px, 0.75fr)', (r) => <StatusCell row={r} />),
      column('native', '150px', (r) => <span className="cut caption">{r.external_status}</span>),
      column('tags', '140px', (r) => (
        <>
          {r.tags.map((tag) => (
            <span className="chip chip-line" key={tag}>
              {tag}
            </span>
          ))}
        </>
      )),
      column('who', '34px', (r) => {
        const name = nameOf(r.assignee_id);
        return name ? <Person name={name} /> : <span className="quiet">—</span>;
      }),
      column('placed', '92px', (r) => <When at={r.placed_at} />, true),
    ];
  }, [t, nameOf]);
}

export function CompactRow({ row }: { row: QueueRow }) {
  return (
    <div className="order-compact">
      <div className="row">
        <SlaChip due={row} />
        <OrderNumber row={row} />
        <span className="end">
          <Money value={row.total} currency={row.currency} strong />
        </span>
      </div>
      <div className="row">
        <BuyerName name={row.customer_name} />
        <span className="cut quiet grow">{row.title}</span>
        {isOpen(row.command) && <CommandChip command={row.command} />}
      </div>
    </div>
  );
}
