import { useWords } from '../../base/words';
import type { OrderCard } from '../../api/types';
import { formatCount } from '../../base/format';
import { GoodsTile, Money, useLang } from '../../ui/bits';
import { isFresh } from './OrderNews';
import '../../ui/record.css';
import './order.css';

export function LinesTable({ order, narrow }: { order: OrderCard; narrow?: boolean }) {
  const { t } = useWords();
  const lang = useLang();
  return (
    <div className="table-scroll">
      <table className="table lines">
        {!narrow && (
          <thead>
            <tr>
              <th>{t('order.product')}</th>
              <th className="right">{t('order.qty')}</th>
              <th className="right">{t('order.price')}</th>
              <th className="right">{t('order.sum')}</th>
            </tr>
          </thead>
        )}
        <tbody>
          {order.lines.map((line) => (
            <tr key={line.line}>
              <td>
                <div className="row">
                  <GoodsTile title={line.title} />
                  <div className="grow">
                    <div className="strong">{line.title}</div>
                    <div className="caption">
                      {[line.article, line.barcode].filter(Boolean).join(' · ')}{' '}
                      {line.marking_required && <span className="chip chip-amber">{t('order.marking')}</span>}
                    </div>
                  </div>
                </div>
              </td>
              <td className="right num">{t('order.pieces', { n: formatCount(line.qty, lang) })}</td>
              {!narrow && (
                <td className="right">
                  <Money value={line.unit_price} currency={order.currency} />
                </td>
              )}
              <td className="right">
                <Money value={line.line_total} currency={order.currency} strong />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {order.lines.length === 0 && <div className="card-body quiet">{t('order.lines_later')}</div>}
      <div className="lines-foot">
        {!narrow && (
          <>
            <span className="soft">
              {t('order.goods')} <Money value={order.goods_total} currency={order.currency} />
            </span>
            {order.discount_total && !/^0(\.0+)?$/.test(order.discount_total) && (
              <span className="soft">
                {t('order.discount')} <Money value={order.discount_total} currency={order.currency} />
              </span>
            )}
            <span className="soft">
              {t('order.delivery_sum')} <Money value={order.delivery_total} currency={order.currency} />
            </span>
          </>
        )}
        <span className={order.payment === 'paid' ? 'chip chip-green' : 'chip'}>
          {t(`payment.${order.payment}`)}
        </span>
        <span className="lines-total" data-fresh={isFresh(order, 'grand_total')}>
          <Money value={order.grand_total ?? order.total} currency={order.currency} strong />
        </span>
      </div>
    </div>
  );
}

export function OrderLines({ order }: { order: OrderCard }) {
  const { t } = useWords();
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t('order.contents')}</h2>
        <span className="soft" data-fresh={isFresh(order, 'units')}>
          {t('count.lines', { count: order.lines_count })} · {t('order.pieces', { n: order.units })}
        </span>
      </div>
      <LinesTable order={order} />
    </section>
  );
}

/** What is left of the sum needs costs and fees: it says what it waits for, and no number is made up. */
export function ProfitBox() {
  const { t } = useWords();
  return (
    <section className="card">
      <div className="card-head">
        <h2>{t('order.profit')}</h2>
        <span className="quiet profit-waits">{t('order.profit_waits')}</span>
      </div>
    </section>
  );
}
