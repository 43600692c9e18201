import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
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
import { Bones, ErrorState, useOffline } from '../../ui/bits';
import { canReturn } from '../../ui/returns/canReturn';
import { ReturnButton } from '../../ui/returns/ReturnButton';
import { ReturnsBox } from '../../ui/returns/ReturnsBox';
import { AssignDialog } from '../../ui/AssignDialog';
import { CancelDialog } from './CancelDialog';
import { DocumentsBox, PrintDialog } from './DocumentsBox';
import { HandOverDialog } from './HandOverDialog';
import { HoldDialog } from './HoldDialog';
import { OrderHead } from './OrderHead';
import { OrderHistory } from './OrderHistory';
import { OrderLines, ProfitBox } from './OrderLines';
import { OrderNews } from './OrderNews';
import { OrderPath } from './OrderPath';
import { CustomerCardBox, DeadlineBox, DeliveryBox, TagsBox, TasksBox } from './OrderSide';
import '../../ui/record.css';
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
      <div className="record-bones" aria-label={t('app.loading')}>
        <Bones lines={10} height={26} />
      </div>
    );
  return <OrderBody key={order.id} order={order} wantNote={search.note === '1'} />;
}

function OrderBody({ order, wantNote }: { order: OrderCard; wantNote: boolean }) {
  const navigate = useNavigate();
  const router = useRouter();
  const may = useMay();
  const offline = useOffline() !== null;
  const { act, assign } = useOrderActions();
  const ids = walk.use();
  const at = ids.indexOf(order.id);
  const [dialog, setDialog] = useState<'cancel' | 'assign' | 'hand_over' | 'hold' | 'print' | null>(null);
  const [returning, setReturning] = useState(false);
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
  const early = ['new', 'confirmed', 'assembling', 'ready_to_ship'].includes(order.status);
  const canHold = early && may('orders.work');
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
    KeyH: () => canHold && !offline && setDialog('hold'),
    KeyR: () => (canReturn(order.status) ? setReturning(true) : false),
    KeyP: () => setDialog('print'),
    KeyN: () => note.current?.focus(),
    KeyT: () => tag.current?.focus(),
    Escape: back,
  });
  return (
    <div className="scroll-page">
      <OrderHead
        order={order}
        at={at}
        total={ids.length}
        main={main}
        others={others}
        canCancel={can('cancel')}
        canHold={canHold}
        offline={offline}
        onBack={back}
        onGo={go}
        onRun={(action) => void run(action)}
        onHold={() => setDialog('hold')}
        onPrint={() => setDialog('print')}
      />
      <OrderNews order={order} />
      <div className="record">
        <div className="record-main">
          <OrderPath order={order} />
          <OrderLines order={order} />
          {may('prices.see') && <ProfitBox />}
          <OrderHistory order={order} noteRef={note} />
        </div>
        <div className="record-side">
          <DeadlineBox order={order} />
          <CustomerCardBox order={order} />
          <DeliveryBox order={order} />
          <ReturnsBox query={`order_id=${order.id}`}>
            {canReturn(order.status) && (
              <ReturnButton orders={[order]} shown="R" opened={returning} onChange={setReturning} />
            )}
          </ReturnsBox>
          <DocumentsBox order={order} onPrint={() => setDialog('print')} />
          <TasksBox order={order} />
          <TagsBox order={order} tagRef={tag} onAssign={() => setDialog('assign')} />
        </div>
      </div>
      {dialog === 'cancel' && <CancelDialog row={order} onClose={() => setDialog(null)} />}
      {dialog === 'hold' && <HoldDialog orders={[order]} onClose={() => setDialog(null)} />}
      {dialog === 'print' && <PrintDialog order={order} onClose={() => setDialog(null)} />}
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
