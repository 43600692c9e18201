import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { CustomerCard, Page, QueueRow } from '../../api/types';
import { formatCount, formatNumber } from '../../base/format';
import { Card, Money, useLang, When } from '../../ui/bits';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { StatusChip } from '../../ui/status';

/** The newest come with the card, the rest a page at a time. */
function useOrders(card: CustomerCard) {
  const more = useInfiniteQuery({
    queryKey: [...keys.customer(card.id), 'orders', card.orders_next],
    enabled: false,
    initialPageParam: card.orders_next ?? '',
    queryFn: ({ pageParam, signal }) =>
      get<Page<QueueRow>>(
        `/api/customers/${card.id}/orders`,
        new URLSearchParams({ after: pageParam }),
        signal,
      ),
    getNextPageParam: (page) => page.next ?? undefined,
  });
  return {
    orders: [...card.orders, ...(more.data?.pages.flatMap((p) => p.items) ?? [])],
    hasMore: more.data ? more.hasNextPage : !!card.orders_next,
    load: () => void (more.data ? more.fetchNextPage() : more.refetch()),
    busy: more.isFetching,
  };
}

export function OrdersBox({ card }: { card: CustomerCard }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { orders, hasMore, load, busy } = useOrders(card);
  return (
    <section className="card" data-testid="customer-orders">
      <div className="card-head">
        <h2>{t('nav.orders')}</h2>
        <span className="quiet num">
          {formatCount(orders.length, lang)}
          {hasMore && '+'}
        </span>
      </div>
      {orders.length === 0 ? (
        <div className="card-body soft">{t('identity.no_orders')}</div>
      ) : (
        <ul className="customer-orders">
          {orders.map((o) => (
            <li key={o.id}>
              <ChannelBadge channel={o.channel} />
              <span className="quiet customer-order-at">
                <When at={o.placed_at} />
              </span>
              <Link to="/orders/$id" params={{ id: o.id }} className="num">
                {formatNumber(o.number)}
              </Link>
              <span className="grow cut soft">{o.title}</span>
              <Money value={o.total} currency={o.currency} strong />
              <StatusChip status={o.status} native={o.external_status} />
            </li>
          ))}
        </ul>
      )}
      {hasMore && (
        <div className="card-body">
          <Button size="xs" loading={busy} onClick={load} data-testid="more-orders">
            {t('do.more')}
          </Button>
        </div>
      )}
    </section>
  );
}

export function BoughtBox({ card }: { card: CustomerCard }) {
  const { t } = useTranslation();
  if (!card.bought.length) return null;
  return (
    <Card title={t('identity.bought')}>
      <dl className="facts">
        {card.bought.map((b) => (
          <div key={b.article} className="facts-line">
            <dt className="cut">{b.title || b.article}</dt>
            <dd className="num">{t('identity.pieces', { count: b.qty })}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
