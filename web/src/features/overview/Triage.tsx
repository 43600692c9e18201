import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  IconBasket,
  IconCheck,
  IconCircleCheck,
  IconExternalLink,
  IconPlayerSkipForward,
  IconX,
} from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '../../api/client';
import { keys } from '../../api/keys';
import type { OrderCard, Page, QueueRow } from '../../api/types';
import { formatNumber, formatPhone, formatTime } from '../../base/format';
import { useHotkeys } from '../../base/hotkeys';
import { useOrderActions } from '../../base/orderActions';
import { useMay, useShop } from '../../base/shop';
import { toast } from '../../base/toasts';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Bones, GoodsTile, Kbd, Money, Person, useOffline, useWhen } from '../../ui/bits';
import { BuyerName, DeliveryWay } from '../../ui/people';
import { SlaChip } from '../../ui/SlaChip';
import { HoldMenu } from './HoldMenu';

const load = (id: string) => ({
  queryKey: keys.order(id),
  queryFn: () => get<OrderCard>(`/api/orders/${id}`),
});

/** All the red orders as they stood when the triage began; the overview itself holds only the first of them. */
function useRed(first: QueueRow[], count: number): QueueRow[] | undefined {
  // What the triage began with stays: the overview grows shorter with every order that is confirmed.
  const [begun] = useState(first);
  const whole = count <= begun.length;
  const params = new URLSearchParams({ status: 'new', zone: 'breached,red', limit: '200' });
  const all = useQuery({
    queryKey: ['triage'],
    queryFn: () => get<Page<QueueRow>>('/api/queue', params),
    enabled: !whole,
    gcTime: 0,
    staleTime: Infinity,
  });
  return (whole ? begun : all.data?.items)?.filter((r) => r.status === 'new');
}

/** The red orders one by one: look, C, next. */
export function Triage(props: {
  first: QueueRow[];
  count: number;
  nextAt: string | null;
  onClose: () => void;
}) {
  const [count] = useState(props.count);
  const rows = useRed(props.first, count);
  if (!rows)
    return (
      <div className="triage overview-bones">
        <Bones lines={6} height={34} />
      </div>
    );
  return <Sorting rows={rows} nextAt={props.nextAt} onClose={props.onClose} />;
}

function Sorting({
  rows,
  nextAt,
  onClose,
}: {
  rows: QueueRow[];
  nextAt: string | null;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const shop = useShop();
  const client = useQueryClient();
  const navigate = useNavigate();
  const when = useWhen();
  const offline = useOffline() !== null;
  const { act, fail, refresh } = useOrderActions();
  const [list] = useState(rows);
  const [holding, setHolding] = useState(false);
  const may = useMay();
  const [at, setAt] = useState(0);
  const row = list[at];
  const card = useQuery({ ...load(row?.id ?? ''), enabled: row !== undefined });
  useEffect(() => {
    const next = list[at + 1];
    if (next) void client.prefetchQuery(load(next.id));
  }, [at, list, client]);

  // The answer comes as a toast; the hand goes on to the next order at once.
  const go = (doing: (row: QueueRow) => Promise<unknown>) => {
    if (!row || offline) return;
    setAt((i) => i + 1);
    void doing(row);
  };
  const confirm = () => go((one) => act(one, 'confirm'));
  // What is not confirmed yet cannot be assembled: the second step follows the first.
  const toWarehouse = () =>
    may('picking') && go(async (one) => (await act(one, 'confirm')) && act(one, 'assemble'));
  const setAside = (until: string) => {
    setHolding(false);
    go(async (one) => {
      try {
        await post(`/api/orders/${one.id}/hold`, { until });
        toast(t('triage.held', { number: formatNumber(one.number), time: when(until, true) }));
      } catch (error) {
        fail(error);
      }
      refresh();
    });
  };
  const skip = () => row && setAt((i) => i + 1);
  useHotkeys({
    KeyC: confirm,
    Enter: () => (row ? confirm() : onClose()),
    KeyW: toWarehouse,
    KeyH: () => row && setHolding(true),
    KeyJ: skip,
    KeyK: () => setAt((i) => Math.max(0, i - 1)),
    Space: () => row && void navigate({ to: '/orders/$id', params: { id: row.id } }),
    Escape: onClose,
  });

  const order = card.data;
  return (
    <div className="triage" data-testid="triage">
      <div className="page-head">
        <h1>{t('triage.title')}</h1>
        {row && (
          <span className="quiet num">{t('order.position', { index: at + 1, total: list.length })}</span>
        )}
        <Button
          variant="subtle"
          className="end"
          onClick={onClose}
          leftSection={<IconX size={16} stroke={1.75} />}
          rightSection={<Kbd>Esc</Kbd>}
        >
          {t('do.close')}
        </Button>
      </div>
      <div className="triage-bar" aria-hidden>
        <span style={{ width: `${(Math.min(at, list.length) / Math.max(1, list.length)) * 100}%` }} />
      </div>
      {!row ? (
        <div className="state">
          <IconCircleCheck size={26} stroke={1.75} className="good" />
          <div className="triage-done">
            {t('overview.calm')} {nextAt && t('overview.next', { time: formatTime(nextAt, shop.time_zone) })}
          </div>
          <Button onClick={onClose}>{t('do.back')}</Button>
        </div>
      ) : (
        <div className="triage-card card">
          <div className="triage-head">
            <SlaChip due={row} />
            <ChannelBadge channel={row.channel} />
            <span className="display num">{formatNumber(row.number)}</span>
            <span className="end display">
              <Money value={row.total} currency={row.currency} />
            </span>
          </div>
          <div className="row">
            <Person name={row.customer_name} size={36} />
            <div className="grow">
              <BuyerName name={row.customer_name} className="strong" />
              {row.customer_id && (
                <div className="soft">
                  {order?.customer?.phone
                    ? formatPhone(order.customer.phone)
                    : row.phone_last4
                      ? `…${row.phone_last4}`
                      : ''}{' '}
                  · {t('count.orders', { count: row.customer_orders })}
                </div>
              )}
            </div>
            <div className="triage-due">
              {row.deadline_at && (
                <div className="strong">{t('order.until', { time: when(row.deadline_at) })}</div>
              )}
              <div className="caption">
                {row.city && `${row.city} · `}
                <DeliveryWay native={row.delivery_method} />
              </div>
            </div>
          </div>
          {!order ? (
            <Bones lines={3} />
          ) : (
            <ul className="triage-lines">
              {order.lines.map((line) => (
                <li key={line.line}>
                  <GoodsTile title={line.title} />
                  <span className="grow">
                    <span className="strong">{line.title}</span>{' '}
                    <span className="caption">{line.article}</span>
                  </span>
                  <span className="num">{t('order.pieces', { n: line.qty })}</span>
                  <Money value={line.line_total} currency={order.currency} strong />
                </li>
              ))}
            </ul>
          )}
          {order?.comment_buyer && <div className="notice notice-accent">{order.comment_buyer}</div>}
          <div className="triage-actions">
            <Button
              size="md"
              variant="filled"
              disabled={offline}
              leftSection={<IconCheck size={16} stroke={1.9} />}
              rightSection={<Kbd onInk>C</Kbd>}
              onClick={confirm}
              data-testid="triage-confirm"
            >
              {t('triage.confirm')}
            </Button>
            {may('picking') && (
              <Button
                size="md"
                disabled={offline}
                leftSection={<IconBasket size={16} stroke={1.75} />}
                rightSection={<Kbd>W</Kbd>}
                onClick={toWarehouse}
              >
                {t('triage.warehouse')}
              </Button>
            )}
            <HoldMenu opened={holding} onOpen={setHolding} disabled={offline} onChoose={setAside} />
            <Button
              size="md"
              leftSection={<IconPlayerSkipForward size={16} stroke={1.75} />}
              rightSection={<Kbd>J</Kbd>}
              onClick={skip}
            >
              {t('triage.skip')}
            </Button>
            <Button
              size="md"
              variant="subtle"
              leftSection={<IconExternalLink size={16} stroke={1.75} />}
              rightSection={<Kbd>Space</Kbd>}
              onClick={() => void navigate({ to: '/orders/$id', params: { id: row.id } })}
            >
              {t('triage.open')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
