import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { CustomerCard } from '../../api/types';
import { formatCount, formatNumber } from '../../base/format';
import { Card, Money, useLang, When } from '../../ui/bits';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { StatusChip } from '../../ui/status';

export function OrdersBox({ card }: { card: CustomerCard }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <section className="card" data-testid="customer-orders">
      <div className="card-head">
        <h2>{t('nav.orders')}</h2>
        <span className="quiet num">{formatCount(card.orders.length, lang)}</span>
      </div>
      {card.orders.length === 0 ? (
        <div className="card-body soft">{t('identity.no_orders')}</div>
      ) : (
        <ul className="customer-orders">
          {card.orders.map((o) => (
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
