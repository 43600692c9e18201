import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { IconCircleCheck, IconClockHour6, IconCrown, IconFlame } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Overview, QueueRow } from '../../api/types';
import { formatCount, formatNumber, formatTime } from '../../base/format';
import { useHotkeys } from '../../base/hotkeys';
import { useOrderActions } from '../../base/orderActions';
import { isOpen, useStableRows } from '../../base/rows';
import { useMay, useShop } from '../../base/shop';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Kbd, Money, useLang, useOffline } from '../../ui/bits';
import { BuyerName } from '../../ui/people';
import { SlaChip } from '../../ui/SlaChip';
import { CommandChip, StatusChip } from '../../ui/status';

function UrgentRow({
  row,
  focused,
  onFocus,
  onConfirm,
  gone,
}: {
  row: QueueRow;
  focused: boolean;
  gone: boolean;
  onFocus: () => void;
  onConfirm: () => void;
}) {
  const { t } = useTranslation();
  const may = useMay();
  const offline = useOffline() !== null;
  const vip = row.tags.some((tag) => tag.toLowerCase() === 'vip');
  return (
    <div
      className="urgent-row"
      data-testid={`row-${row.id}`}
      data-focused={focused || undefined}
      data-gone={gone || undefined}
      onClick={onFocus}
    >
      <SlaChip due={row} />
      <span className="row">
        <ChannelBadge channel={row.channel} />
        <Link to="/orders/$id" params={{ id: row.id }} className="urgent-number num">
          {formatNumber(row.number)}
        </Link>
      </span>
      <span className="row">
        <BuyerName name={row.customer_name} />
        {vip ? (
          <span className="chip chip-violet">
            <IconCrown size={13} stroke={1.9} aria-hidden /> VIP
          </span>
        ) : (
          row.customer_orders > 1 && <span className="caption">×{row.customer_orders}</span>
        )}
      </span>
      <span className="row soft urgent-goods">
        <span className="cut">{row.title}</span>
        {row.lines_count > 1 && <span className="chip num">+{row.lines_count - 1}</span>}
      </span>
      <span className="urgent-sum">
        <Money value={row.total} currency={row.currency} strong />
      </span>
      <span className="urgent-do">
        {isOpen(row.command) ? (
          <CommandChip command={row.command} />
        ) : row.status !== 'new' ? (
          <StatusChip status={row.status} />
        ) : (
          may('orders.work') && (
            <Button
              size="xs"
              variant={focused ? 'filled' : 'default'}
              disabled={offline}
              rightSection={focused ? <Kbd onInk>C</Kbd> : null}
              onClick={(e) => {
                e.stopPropagation();
                onConfirm();
              }}
            >
              {t('action.confirm')}
            </Button>
          )
        )}
      </span>
    </div>
  );
}

export function NewOrders({ data, button }: { data: Overview; button: React.ReactNode }) {
  const { t } = useTranslation();
  const lang = useLang();
  const shop = useShop();
  const navigate = useNavigate();
  const { act } = useOrderActions();
  const [hover, setHover] = useState(false);
  const [focused, setFocused] = useState<string | null>(null);
  const { rows, gone } = useStableRows(data.urgent, 'overview', hover);
  const focusId = rows.some((r) => r.id === focused)
    ? focused
    : (rows.find((r) => r.status === 'new')?.id ?? null);
  const at = rows.findIndex((r) => r.id === focusId);
  const fresh = data.new;
  const zones = fresh.zones;
  const red = fresh.hot.count;
  const yellow = zones.yellow.count;
  const green = zones.green.count + zones.none.count;
  const confirm = async (row: QueueRow | undefined) => {
    if (!row || row.status !== 'new') return;
    const next =
      rows.slice(rows.indexOf(row) + 1).find((r) => r.status === 'new') ??
      rows.find((r) => r.status === 'new' && r.id !== row.id);
    setFocused(next?.id ?? null);
    await act(row, 'confirm');
  };
  const move = (by: number) => setFocused(rows[Math.max(0, Math.min(rows.length - 1, at + by))]?.id ?? null);
  useHotkeys(
    {
      KeyJ: () => move(1),
      ArrowDown: () => move(1),
      KeyK: () => move(-1),
      ArrowUp: () => move(-1),
      KeyC: () => void confirm(rows[at]),
      Space: () =>
        focusId !== null &&
        void navigate({ to: '/orders', search: { view: 'new', row: focusId, peek: '1' } }),
    },
    { enabled: rows.length > 0 },
  );
  const legend = (zone: string, count: number, Icon: typeof IconFlame, color: string, text: string) => (
    <Link to="/orders" search={{ view: 'new', zone }} className="zone-legend">
      <Icon size={14} stroke={1.9} className={color} aria-hidden />
      <b className="num">{formatCount(count, lang)}</b> {text}
    </Link>
  );
  return (
    <section className="card fresh" aria-label={t('overview.new', { count: fresh.count, n: fresh.count })}>
      <div className="fresh-head">
        <Link to="/orders" search={{ view: 'new' }} className="display" data-testid="new-count">
          {t('overview.new', { count: fresh.count, n: formatCount(fresh.count, lang) })}
        </Link>
        <span className="fresh-channels">
          {fresh.channels.map((c) => (
            <Link
              key={c.account_id}
              to="/orders"
              search={{ view: 'new', account_id: c.account_id }}
              title={c.name}
            >
              <ChannelBadge channel={c.channel} />
              <b className="num">{formatCount(c.count, lang)}</b>
            </Link>
          ))}
        </span>
        <span className="end">{button}</span>
      </div>
      <div className="zone-bar" aria-hidden>
        {red > 0 && <span className="zone-bar-red" style={{ flexGrow: red }} />}
        {yellow > 0 && <span className="zone-bar-yellow" style={{ flexGrow: yellow }} />}
        {green > 0 && <span className="zone-bar-green" style={{ flexGrow: green }} />}
      </div>
      <div className="zone-legends">
        {legend('breached,red', red, IconFlame, 'bad', t('overview.red'))}
        {legend('yellow', yellow, IconClockHour6, 'warn', t('overview.yellow'))}
        {legend('green,none', green, IconCircleCheck, 'good', t('overview.green'))}
      </div>
      {rows.length === 0 ? (
        <div className="calm">
          {t('overview.calm')}{' '}
          {data.next_deadline_at &&
            t('overview.next', { time: formatTime(data.next_deadline_at, shop.time_zone) })}
        </div>
      ) : (
        <div className="urgent" onPointerEnter={() => setHover(true)} onPointerLeave={() => setHover(false)}>
          {rows.map((row) => (
            <UrgentRow
              key={row.id}
              row={row}
              gone={gone.has(row.id)}
              focused={row.id === focusId}
              onFocus={() => setFocused(row.id)}
              onConfirm={() => void confirm(row)}
            />
          ))}
          {red > data.urgent.length && (
            <Link to="/orders" search={{ view: 'new', zone: 'breached,red' }} className="urgent-more">
              {t('overview.more_red', { count: red - data.urgent.length })}
            </Link>
          )}
        </div>
      )}
      <div className="fresh-foot">
        <span className="fresh-keys">
          <Kbd>J</Kbd> <Kbd>K</Kbd> {t('overview.key_row')} <Kbd>C</Kbd> {t('overview.key_confirm')}{' '}
          <Kbd>Space</Kbd> {t('overview.key_peek')}
        </span>
        <Link to="/orders" search={{ view: 'new', zone: 'breached,red' }} className="end fresh-sum">
          {t('overview.red_sum')} <Money value={fresh.hot.sum} currency={fresh.currency} strong />
        </Link>
      </div>
    </section>
  );
}
