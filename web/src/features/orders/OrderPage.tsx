import { ActionIcon, Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { IconArrowLeft, IconCheck, IconDots, IconInfoCircle } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { OrderAction, OrderCard, Page, QueueRow } from '../../api/types';
import { formatNumber } from '../../base/format';
import { useHotkeys } from '../../base/hotkeys';
import { lastOpened } from '../../base/lastOpened';
import { useOrderActions } from '../../base/orderActions';
import { createStore } from '../../base/store';
import { useMay } from '../../base/shop';
import { useOpenHere } from '../../base/presence';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Bones, ErrorState, Kbd, useOffline } from '../../ui/bits';
import { SlaChip } from '../../ui/SlaChip';
import { CommandChip, MarkChips, StatusChip } from '../../ui/status';
import { AssignDialog } from './AssignDialog';
import { CancelDialog } from './CancelDialog';
import { HandOverDialog } from './HandOverDialog';
import { OrderHistory } from './OrderHistory';
import { OrderLines } from './OrderLines';
import { OrderPath } from './OrderPath';
import { CustomerCardBox, DeadlineBox, DeliveryBox, TagsBox, TasksBox } from './OrderSide';
import './order.css';

/** The orders to walk through with J and K: taken once, so that confirming one does not shuffle the rest. */
const walk = createStore<string[]>([]);
const forward: OrderAction[] = ['confirm', 'assemble', 'ready', 'hand_over'];

async function takeWalk(order: OrderCard) {
  if (walk.get().includes(order.id)) return;
  const zones = order.zone === 'breached' || order.zone === 'red' ? 'breached,red' : order.zone;
  const query = new URLSearchParams({ status: order.status, zone: zones, limit: '200' });
  const page = await get<Page<QueueRow>>('/api/queue', query).catch(() => null);
  walk.set(page?.items.map((r) => r.id) ?? [order.id]);
}

export default function OrderPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams({ strict: false });
  useOpenHere(id || undefined);
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const card = useQuery({ queryKey: keys.order(id), queryFn: () => get<OrderCard>(`/api/orders/${id}`) });
  const order = card.data;
  useEffect(() => {
    if (!order) return;
    void takeWalk(order);
    lastOpened.add({
      to: `/orders/${order.id}`,
      title: [formatNumber(order.number), order.customer_name].filter(Boolean).join(' · '),
    });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once per order
  }, [order?.id]);
  if (card.error) return <ErrorState error={card.error} retry={() => void card.refetch()} />;
  if (!order)
    return (
      <div className="order-bones" aria-label={t('app.loading')}>
        <Bones lines={10} height={26} />
      </div>
    );
  return <OrderBody key={order.id} order={order} wantNote={search.note === '1'} />;
}

function OrderBody({ order, wantNote }: { order: OrderCard; wantNote: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const router = useRouter();
  const may = useMay();
  const offline = useOffline() !== null;
  const { act, assign } = useOrderActions();
  const ids = walk.use();
  const at = ids.indexOf(order.id);
  const [dialog, setDialog] = useState<'cancel' | 'assign' | 'hand_over' | null>(null);
  const note = useRef<HTMLTextAreaElement>(null);
  const tag = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (wantNote) note.current?.focus();
  }, [wantNote]);

  const can = (action: OrderAction) =>
    may(action === 'cancel' ? 'orders.cancel' : 'orders.work') &&
    (order.actions.find((a) => a.action === action)?.allowed ?? false);
  const main = forward.find(can);
  const others = [...forward, 'release' as const].filter((a) => a !== main && can(a));
  const go = (by: number) => {
    const next = ids[at + by];
    if (next) void navigate({ to: '/orders/$id', params: { id: next }, replace: true });
  };
  const run = async (action: OrderAction) => {
    if (!can(action) || offline) return;
    if (action === 'cancel' || action === 'hand_over') return setDialog(action);
    const reply = await act(order, action);
    if (reply && action === 'confirm' && at >= 0 && at < ids.length - 1) go(1);
  };
  const back = () => {
    if (router.history.canGoBack()) router.history.back();
    else void navigate({ to: '/orders' });
  };
  useHotkeys({
    KeyJ: () => go(1),
    KeyK: () => go(-1),
    KeyC: () => void run('confirm'),
    KeyW: () => void run('assemble'),
    'shift+KeyC': () => void run('cancel'),
    KeyA: () => setDialog('assign'),
    KeyN: () => note.current?.focus(),
    KeyT: () => tag.current?.focus(),
    Escape: back,
  });
  const locked = order.status === 'cancelled';
  return (
    <div className="scroll-page">
      <div className="order-head">
        <ActionIcon aria-label={t('do.back')} onClick={back}>
          <IconArrowLeft size={18} stroke={1.75} />
        </ActionIcon>
        <ChannelBadge channel={order.channel} />
        <h1 className="num">{formatNumber(order.number)}</h1>
        <StatusChip status={order.status} native={order.external_status} />
        {order.deadline_at && <SlaChip due={order} />}
        {order.command && <CommandChip command={order.command} />}
        <MarkChips marks={order.marks} />
        <span className="order-actions">
          {at >= 0 && ids.length > 1 && (
            <span className="caption order-walk">
              {t('order.position', { index: at + 1, total: ids.length })} <Kbd>J</Kbd> <Kbd>K</Kbd>
            </span>
          )}
          {(others.length > 0 || can('cancel')) && (
            <Menu>
              <Menu.Target>
                <ActionIcon variant="default" size={34} aria-label={t('do.more')}>
                  <IconDots size={18} stroke={1.75} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {others.map((a) => (
                  <Menu.Item key={a} onClick={() => void run(a)}>
                    {t(`action.${a}`)}
                  </Menu.Item>
                ))}
                {can('cancel') && (
                  <Menu.Item
                    color="red"
                    onClick={() => setDialog('cancel')}
                    rightSection={<Kbd>Shift C</Kbd>}
                  >
                    {t('cancel.item')}
                  </Menu.Item>
                )}
              </Menu.Dropdown>
            </Menu>
          )}
          {main && (
            <Button
              size="md"
              variant="filled"
              disabled={offline}
              leftSection={<IconCheck size={16} stroke={1.9} />}
              rightSection={
                main === 'confirm' ? <Kbd onInk>C</Kbd> : main === 'assemble' ? <Kbd onInk>W</Kbd> : null
              }
              onClick={() => void run(main)}
              data-testid="order-main"
            >
              {main === 'confirm' && ids.length > 1 && at < ids.length - 1
                ? t('order.confirm_next')
                : t(`action.${main}`)}
            </Button>
          )}
        </span>
      </div>
      {(locked || order.marks.includes('cancel_requested')) && (
        <div className="order-note">
          <div className={`notice ${locked ? 'notice-red' : ''}`}>
            <IconInfoCircle size={16} stroke={1.75} aria-hidden />
            {locked
              ? t('order.cancelled', {
                  side: t(`side.${order.cancel_side || 'nobody'}`),
                  reason: order.cancel_reason ?? '',
                })
              : t('order.cancel_requested')}
          </div>
        </div>
      )}
      <div className="order">
        <div className="order-main">
          <OrderPath order={order} />
          <OrderLines order={order} />
          <OrderHistory order={order} noteRef={note} />
        </div>
        <div className="order-side">
          <DeadlineBox order={order} />
          <CustomerCardBox order={order} />
          <DeliveryBox order={order} />
          <TasksBox order={order} />
          <TagsBox order={order} tagRef={tag} onAssign={() => setDialog('assign')} />
        </div>
      </div>
      {dialog === 'cancel' && <CancelDialog row={order} onClose={() => setDialog(null)} />}
      {dialog === 'hand_over' && <HandOverDialog row={order} onClose={() => setDialog(null)} />}
      {dialog === 'assign' && (
        <AssignDialog
          onClose={() => setDialog(null)}
          onChoose={(to) => {
            setDialog(null);
            void assign(order.id, to);
          }}
        />
      )}
    </div>
  );
}
