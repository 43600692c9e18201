import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconAlertTriangle, IconEye, IconInfoCircle, IconPlayerPause } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../../api/client';
import { keys } from '../../api/keys';
import type { OrderCard } from '../../api/types';
import { formatMoney, formatTime } from '../../base/format';
import { useOthersAt } from '../../base/presence';
import { useOrderActions } from '../../base/orderActions';
import { useMay, useSession, useShop, useZone } from '../../base/shop';
import { useLang, useWhen } from '../../ui/bits';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { useHold } from './HoldDialog';

type Change = OrderCard['changes'][number];

/** A value that the market changed, in words. */
export function useChangeText(order: OrderCard) {
  const { t } = useTranslation();
  const lang = useLang();
  const shop = useShop();
  const when = useWhen();
  const value = (field: string, text: string) => {
    if (!text) return t('news.nothing');
    if (field === 'grand_total') return formatMoney(text, order.currency, lang, shop.currency);
    if (field === 'promised_to') return when(text, true);
    if (field === 'units') return t('order.pieces', { n: text });
    return text;
  };
  return (c: Change) =>
    t('news.field', {
      name: t(`news.${c.field}`),
      was: value(c.field, c.was),
      became: value(c.field, c.became),
    });
}

/** Has the market changed this field, and nobody has said that he saw it? */
export const isFresh = (order: OrderCard, ...fields: string[]) =>
  order.changes.some((c) => !c.seen && fields.includes(c.field)) || undefined;

/** What stands above the order: cancelled, asked to be cancelled, set aside, changed by the marketplace. */
export function OrderNews({ order }: { order: OrderCard }) {
  const { t } = useTranslation();
  const may = useMay();
  const when = useWhen();
  const channel = useChannelTitle()(order.channel);
  const { release } = useHold([order]);
  const session = useSession();
  const zone = useZone();
  const others = useOthersAt(order.id, session.user.id);
  const opened = useRef(order.status);
  const cancelled = order.status === 'cancelled';
  const whileOpen = cancelled && opened.current !== 'cancelled' && order.cancel_side !== 'seller';
  const side = t(`side.${order.cancel_side || 'nobody'}`);
  return (
    <>
      {cancelled && (
        <Note tone="red" alert={whileOpen}>
          {whileOpen
            ? t('order.cancelled_open', { channel, side })
            : t('order.cancelled', { side, reason: order.cancel_reason ?? '' })}
        </Note>
      )}
      {!cancelled && order.marks.includes('cancel_requested') && <Note>{t('order.cancel_requested')}</Note>}
      {order.held_until && (
        <Note
          icon={IconPlayerPause}
          action={
            may('orders.work') && (
              <Button size="xs" onClick={() => void release()}>
                {t('hold.release')}
              </Button>
            )
          }
        >
          {t('hold.banner', { time: when(order.held_until, true) })}
          {order.held_reason && <span className="soft"> · {order.held_reason}</span>}
        </Note>
      )}
      <Changes order={order} channel={channel} />
      {others.map((p) => (
        <Note key={p.user_id} icon={IconEye} tone="accent">
          {t('presence.open_since', { name: p.name, time: formatTime(p.since, zone) })}
        </Note>
      ))}
    </>
  );
}

function Changes({ order, channel }: { order: OrderCard; channel: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const say = useChangeText(order);
  const { fail } = useOrderActions();
  const see = useMutation({
    mutationFn: () => post(`/api/orders/${order.id}/seen`, { version: order.version }),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.order(order.id) }),
    onError: fail,
  });
  const fresh = order.changes.filter((c) => !c.seen);
  if (!fresh.length) return null;
  return (
    <Note
      icon={IconAlertTriangle}
      tone="amber"
      action={
        may('orders.work') && (
          <Button size="xs" loading={see.isPending} onClick={() => see.mutate()} data-testid="changes-seen">
            {t('news.seen')}
          </Button>
        )
      }
    >
      <span>{t('news.title', { channel })}</span>
      <ul className="news-list">
        {fresh.map((c) => (
          <li key={`${c.field}${c.at}`}>{say(c)}</li>
        ))}
      </ul>
    </Note>
  );
}

function Note({
  icon: Icon = IconInfoCircle,
  tone,
  alert,
  action,
  children,
}: {
  icon?: typeof IconInfoCircle;
  tone?: 'red' | 'amber' | 'accent';
  alert?: boolean;
  action?: React.ReactNode;
  children: React.ReactNode;
}) {
  return (
    <div className="record-note">
      <div className={`notice ${tone ? `notice-${tone}` : ''}`} role={alert ? 'alert' : undefined}>
        <Icon size={16} stroke={1.75} aria-hidden className="notice-icon" />
        <div className="grow">{children}</div>
        {action}
      </div>
    </div>
  );
}
