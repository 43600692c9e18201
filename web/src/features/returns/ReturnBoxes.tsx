import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ReturnCard } from '../../api/types';
import { serverClock } from '../../base/clock';
import { formatNumber, formatTime } from '../../base/format';
import { useMay } from '../../base/shop';
import { Card, GoodsTile, Money, Person, useWhen, When } from '../../ui/bits';
import { useChannelTitle } from '../../ui/ChannelBadge';
import { ReturnStateChip, useReasonText } from '../../ui/returns/state';
import { useSourceText } from '../../ui/returns/source';
import { SlaChip, zoneAt } from '../../ui/SlaChip';
import { DeadlineWhy } from '../../ui/DeadlineWhy';
import { BuyerPhotos } from './BuyerPhotos';
import { Photos } from './columns';

/** What the buyer says, and what he has sent with it. */
export function WordsBox({ card }: { card: ReturnCard }) {
  const { t } = useTranslation();
  const reason = useReasonText();
  const channel = useChannelTitle();
  return (
    <Card
      title={t('returns.why')}
      aside={
        <span className="caption">
          {t('returns.asked_at')} <When at={card.requested_at} time />
        </span>
      }
    >
      <div className="stack">
        <div className="row row-wrap">
          <span className="chip chip-amber">{reason(card.reason)}</span>
          {card.kind !== 'return' && <span className="chip">{t(`return_kind.${card.kind}`)}</span>}
          {card.fault && <span className="caption">{t(`returns.fault_${card.fault}`)}</span>}
          <Photos count={card.photos} />
        </div>
        {card.external_reason && (
          <span className="caption">
            {t('returns.native', { channel: channel(card.channel), word: card.external_reason })}
          </span>
        )}
        {card.buyer_text ? (
          <blockquote className="ret-words">{card.buyer_text}</blockquote>
        ) : (
          <span className="quiet">{t('returns.no_words')}</span>
        )}
        {card.photos > 0 && <BuyerPhotos id={card.id} />}
        {card.decision_text && (
          <div className="notice notice-accent ret-answer">
            {t('returns.we_said')} {card.decision_text}
          </div>
        )}
      </div>
    </Card>
  );
}

/** What came back, or should: lines with what was found of them. */
export function LinesBox({ card }: { card: ReturnCard }) {
  const { t } = useTranslation();
  const may = useMay();
  return (
    <section className="card">
      <div className="card-head">
        <h2 className="grow">{t('returns.goods')}</h2>
        {card.track && <span className="caption num">{t('returns.track', { track: card.track })}</span>}
      </div>
      {card.lines.length === 0 && <div className="card-body quiet">{t('returns.goods_unknown')}</div>}
      <ul className="ret-lines">
        {card.lines.map((l) => {
          const title = l.title || l.article || l.external_offer_id;
          return (
            <li key={l.line}>
              <GoodsTile title={title} />
              <span className="ret-two grow">
                <span className="strong">{title}</span>
                <span className="caption">
                  {[
                    l.article,
                    l.condition && t(`condition.${l.condition}`),
                    l.disposition && t(`disposition.${l.disposition}`),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              <span className="soft num">×{l.qty}</span>
              {may('prices.see') && <Money value={l.amount} currency={card.currency} strong />}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** By when we answer, and by whose rule. */
export function DueBox({ card }: { card: ReturnCard }) {
  const { t } = useTranslation();
  const when = useWhen();
  const source = useSourceText();
  if (!card.deadline_at || !card.deadline_step) return null;
  return (
    <section className="card deadline" data-zone={zoneAt(card, serverClock.now())}>
      <div className="card-head">
        <h2 className="grow">{t(`deadline.${card.deadline_step}`)}</h2>
        <SlaChip due={card} />
      </div>
      <div className="card-body">
        <span className="strong num">{t('order.until', { time: when(card.deadline_at, true) })}</span>
        <p className="caption">
          {[
            source(card.deadline_source, card.channel),
            t('deadline.moscow', { time: formatTime(card.deadline_at, 'Europe/Moscow') }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        <DeadlineWhy explain={card.deadline?.explain} />
      </div>
    </section>
  );
}

/** What is left of the window, how the goods travel, and what it all costs us as far as that is known. */
export function RulesBox({ card }: { card: ReturnCard }) {
  const { t } = useTranslation();
  const when = useWhen();
  const may = useMay();
  const channel = useChannelTitle();
  const source = useSourceText();
  const { window, cost } = card;
  return (
    <Card title={t('returns.rules_of', { channel: channel(card.channel) })}>
      <dl className="facts">
        <dt>{t('returns.window')}</dt>
        <dd>
          {window.until ? (
            <span className={window.open ? undefined : 'warn'}>
              {t(window.open ? 'returns.window_open' : 'returns.window_over', { time: when(window.until) })}
            </span>
          ) : (
            <span className="quiet">{t('returns.window_unknown')}</span>
          )}
          {window.until && window.source && (
            <div className="caption">{source(window.source, card.channel)}</div>
          )}
        </dd>
        <dt>{t('returns.route')}</dt>
        <dd>{t(`returns.route_${card.route}`)}</dd>
        {may('prices.see') && (
          <>
            <dt>{t('returns.refund')}</dt>
            <dd>
              <Money value={cost.refund} currency={card.currency} strong />
            </dd>
            {cost.delivery !== null && Number(cost.delivery) > 0 && (
              <>
                <dt>{t('returns.delivery_in')}</dt>
                <dd>
                  <Money value={cost.delivery} currency={card.currency} />
                </dd>
              </>
            )}
          </>
        )}
      </dl>
      {may('prices.see') && cost.unknown.length > 0 && (
        <p className="caption ret-unknown">{t('returns.unknown_costs')}</p>
      )}
    </Card>
  );
}

/** Who sends it back, and what else he has sent back. */
export function BuyerBox({ card }: { card: ReturnCard }) {
  const { t } = useTranslation();
  const may = useMay();
  const reason = useReasonText();
  if (!card.customer_name && !card.order)
    return (
      <Card title={t('order.customer')}>
        <span className="quiet">{t('returns.order_unknown')}</span>
      </Card>
    );
  const before = card.customer_returns.length;
  return (
    <Card
      title={t('order.customer')}
      aside={
        card.customer_id &&
        may('customers.see') && (
          <Link to="/customers/$id" params={{ id: card.customer_id }}>
            {t('order.customer_card')}
          </Link>
        )
      }
    >
      <div className="stack">
        {card.customer_name ? (
          <div className="row">
            <Person name={card.customer_name} size={32} />
            <div className="grow">
              <div className="strong cut">{card.customer_name}</div>
              <div className="caption">
                {t('count.orders', { count: card.customer_orders })}
                {' · '}
                {before ? t('returns.returns_before', { count: before }) : t('returns.first_return')}
              </div>
            </div>
          </div>
        ) : (
          <span className="quiet">{t('order.buyer_hidden')}</span>
        )}
        {before > 0 && (
          <ul className="ret-others">
            {card.customer_returns.map((r) => (
              <li key={r.id}>
                <Link to="/returns/$id" params={{ id: r.id }} className="last-order">
                  <span className="quiet">
                    <When at={r.requested_at} />
                  </span>
                  <span className="grow cut">{[reason(r.reason), r.title].filter(Boolean).join(' · ')}</span>
                  <ReturnStateChip state={r.state} />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Card>
  );
}

export function OrderBox({ card }: { card: ReturnCard }) {
  const { t } = useTranslation();
  const may = useMay();
  const o = card.order;
  if (!o) return null;
  return (
    <Card
      title={t('returns.order')}
      aside={
        may('orders.see') && (
          <Link to="/orders/$id" params={{ id: o.id }} className="num">
            {formatNumber(o.number)}
          </Link>
        )
      }
    >
      <dl className="facts">
        <dt>{t('returns.ordered')}</dt>
        <dd>
          <When at={o.placed_at} />
        </dd>
        <dt>{t('returns.delivered')}</dt>
        <dd>
          <When at={o.delivered_at} />
        </dd>
        {may('prices.see') && (
          <>
            <dt>{t('column.total')}</dt>
            <dd>
              <Money value={o.total} currency={o.currency} />
            </dd>
          </>
        )}
      </dl>
    </Card>
  );
}
