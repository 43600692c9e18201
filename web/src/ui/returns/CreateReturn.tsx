import { Button, Checkbox, Modal, NativeSelect, SegmentedControl, TextInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Returnable, SearchReply } from '../../api/types';
import { formatNumber } from '../../base/format';
import { useReturnActions, type ReturnMake } from '../../base/returnActions';
import { useMay } from '../../base/shop';
import { Bones, ErrorState, GoodsTile, Money, useOffline, useWhen } from '../bits';
import { ChannelBadge } from '../ChannelBadge';
import { Submit } from '../Submit';
import { useSourceText } from './source';
import { useReasonText } from './state';
import '../forms.css';
import './box.css';

interface OrderChoice {
  id: string;
  number: string;
}
interface Props {
  /** Of one order, or of these, the likeliest first; of none: it is asked for. */
  orders: OrderChoice[];
  onClose: () => void;
}

/** Two clicks: this opens with the order and its goods filled in, and the reason registers the return. */
export default function CreateReturn({ orders, onClose }: Props) {
  const { t } = useTranslation();
  const [order, setOrder] = useState<OrderChoice | undefined>(orders[0]);
  return (
    <Modal
      opened
      onClose={onClose}
      size={540}
      title={order ? t('returns.create_of', { number: formatNumber(order.number) }) : t('returns.create')}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <div className="stack" data-testid="create-return">
        {orders.length > 1 && (
          <NativeSelect
            label={t('returns.order')}
            value={order?.id}
            onChange={(e) => setOrder(orders.find((o) => o.id === e.currentTarget.value))}
            data={orders.map((o) => ({ value: o.id, label: formatNumber(o.number) }))}
          />
        )}
        {order ? <Ask key={order.id} id={order.id} onDone={onClose} /> : <FindOrder onFound={setOrder} />}
      </div>
    </Modal>
  );
}

/** The order by its number, as the palette finds it. */
function FindOrder({ onFound }: { onFound: (order: OrderChoice) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const found = useQuery({
    queryKey: keys.search(asked),
    queryFn: ({ signal }) => get<SearchReply>('/api/search', new URLSearchParams({ q: asked }), signal),
    enabled: asked !== '',
  });
  const rows = asked ? (found.data?.orders ?? []) : [];
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        setAsked(text.trim());
      }}
    >
      <TextInput
        label={t('returns.which_order')}
        value={text}
        onChange={(e) => setText(e.target.value)}
        maxLength={60}
        data-autofocus
      />
      <Submit disabled={!text.trim()} loading={found.isFetching}>
        {t('returns.find_order')}
      </Submit>
      {found.error ? <ErrorState error={found.error} /> : null}
      {asked && found.data && rows.length === 0 && <span className="quiet">{t('state.nothing')}</span>}
      <div className="create-orders">
        {rows.slice(0, 6).map((o) => (
          <button key={o.id} type="button" onClick={() => onFound({ id: o.id, number: o.number })}>
            <ChannelBadge channel={o.channel} size={17} />
            <span className="strong num">{formatNumber(o.number)}</span>
            <span className="cut soft grow">{o.title}</span>
          </button>
        ))}
      </div>
    </form>
  );
}

function Ask({ id, onDone }: { id: string; onDone: () => void }) {
  const asked = useQuery({
    queryKey: keys.returnable(id),
    queryFn: ({ signal }) => get<Returnable>(`/api/orders/${id}/returnable`, undefined, signal),
    staleTime: 0,
    gcTime: 0,
  });
  if (asked.error) return <ErrorState error={asked.error} retry={() => void asked.refetch()} />;
  if (!asked.data) return <Bones lines={5} />;
  return <Form order={asked.data} onDone={onDone} />;
}

/** Why nothing of an order may come back: the server's sentence as one of our own. */
export function refusalOf(text: string): 'market' | 'cancelled' | 'undelivered' | 'all' | 'unknown' {
  if (text.includes('own warehouse')) return 'market';
  if (text.includes('cancelled')) return 'cancelled';
  if (text.includes('not been delivered')) return 'undelivered';
  return text.includes('come back') ? 'all' : 'unknown';
}

/** One line of goods is meant when there is no other. */
export function firstChosen(order: Pick<Returnable, 'lines'>): Record<number, number> {
  const can = order.lines.filter((l) => l.left > 0);
  const only = can.length === 1 ? can[0] : undefined;
  return only ? { [only.line]: only.left } : {};
}

function Form({ order, onDone }: { order: Returnable; onDone: () => void }) {
  const { t } = useTranslation();
  const { create } = useReturnActions();
  const may = useMay();
  const when = useWhen();
  const offline = useOffline() !== null;
  const source = useSourceText();
  const reason = useReasonText();
  const [chosen, setChosen] = useState(() => firstChosen(order));
  const [resolution, setResolution] = useState<ReturnMake['resolution']>('refund');
  const [text, setText] = useState('');
  const [busy, setBusy] = useState('');
  const lines = Object.entries(chosen).map(([line, qty]) => ({ line: Number(line), qty }));
  const whole = order.lines.every((l) => l.left === 0 || chosen[l.line] === l.left);
  const known = order.known_reason?.reason ?? null;
  const reasons = order.reasons.toSorted((a, b) => Number(b.code === known) - Number(a.code === known));
  const put = (line: number, qty: number) =>
    setChosen((old) =>
      Object.fromEntries([
        ...Object.entries(old).filter(([name]) => Number(name) !== line),
        ...(qty > 0 ? [[line, qty]] : []),
      ]),
    );
  const send = async (code: string) => {
    if (busy || offline || !lines.length) return;
    setBusy(code);
    const made = await create({
      order_id: order.order_id,
      lines,
      reason: code,
      resolution,
      ...(text.trim() && { text: text.trim() }),
    });
    setBusy('');
    if (made) onDone();
  };
  if (!order.allowed)
    return (
      <div className="notice notice-red" data-testid="not-returnable">
        {t(`return_refusal.${refusalOf(order.refusal)}`)}
      </div>
    );
  const { window } = order;
  return (
    <>
      <ul className="create-lines">
        {order.lines.map((l) => {
          const title = l.title || l.article;
          const qty = chosen[l.line] ?? 0;
          const sum = qty === l.left ? l.refund_all : l.refund_unit;
          return (
            <li key={l.line} data-off={l.left === 0 || undefined}>
              <Checkbox
                aria-label={title}
                checked={qty > 0}
                disabled={l.left === 0}
                onChange={() => put(l.line, qty > 0 ? 0 : l.left)}
              />
              <GoodsTile title={title} />
              <span className="grow cut">
                {title}
                {l.returned > 0 && (
                  <span className="caption"> {t('returns.left', { left: l.left, bought: l.bought })}</span>
                )}
              </span>
              {l.left > 1 && qty > 0 && (
                <NativeSelect
                  size="xs"
                  w={64}
                  aria-label={t('returns.units_of', { name: title })}
                  value={String(qty)}
                  onChange={(e) => put(l.line, Number(e.currentTarget.value))}
                  data={Array.from({ length: Math.min(l.left, 99) }, (_, i) => String(i + 1))}
                />
              )}
              {may('prices.see') && (
                <span className="num">
                  <Money value={sum} currency={order.currency} strong />
                  {l.left > 1 && qty !== l.left && <span className="caption"> {t('returns.a_piece')}</span>}
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <dl className="facts">
        <dt>{t('returns.window')}</dt>
        <dd data-testid="create-window">
          {window.until ? (
            <span className={window.open ? undefined : 'warn'}>
              {window.open
                ? t('returns.days_left', { count: window.days_left ?? 0, time: when(window.until) })
                : t('returns.window_over', { time: when(window.until) })}
            </span>
          ) : (
            <span className="quiet">{t('returns.window_unknown')}</span>
          )}
          {window.until && window.source && (
            <div className="caption">{source(window.source, order.channel)}</div>
          )}
        </dd>
        {may('prices.see') && (
          <>
            <dt>{t('returns.costs_us')}</dt>
            <dd data-testid="create-cost">
              {whole && lines.length > 0 ? (
                <Money value={order.cost.refund} currency={order.currency} strong />
              ) : (
                <span className="soft">{t('returns.by_lines')}</span>
              )}
              <div className="caption">{t('returns.unknown_costs')}</div>
            </dd>
          </>
        )}
        {order.market_pays && (
          <>
            <dt>{t('returns.money')}</dt>
            <dd>{t('returns.by_market')}</dd>
          </>
        )}
      </dl>
      <SegmentedControl
        fullWidth
        value={resolution}
        onChange={(v) => setResolution(v as ReturnMake['resolution'])}
        aria-label={t('returns.resolution')}
        data={(['refund', 'exchange', 'keep'] as const).map((v) => ({
          value: v,
          label: t(`returns.resolve_${v}`),
        }))}
      />
      <Textarea
        label={t('returns.buyer_said')}
        autosize
        minRows={1}
        maxRows={4}
        maxLength={1000}
        value={text}
        onChange={(e) => setText(e.target.value)}
      />
      <div>
        <h3 className="create-why">{t('returns.create_by')}</h3>
        {order.known_reason?.native && (
          <p className="caption">{t('returns.known', { word: order.known_reason.native })}</p>
        )}
        <div className="create-reasons">
          {reasons.map((r) => (
            <Button
              key={r.code}
              variant={r.code === known ? 'filled' : 'default'}
              loading={busy === r.code}
              disabled={offline || !lines.length}
              onClick={() => void send(r.code)}
              data-testid={`reason-${r.code}`}
            >
              {reason(r.code)}
            </Button>
          ))}
        </div>
        {!lines.length && <p className="caption">{t('returns.choose_goods')}</p>}
      </div>
    </>
  );
}
