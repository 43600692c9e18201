import { useTranslation } from 'react-i18next';
import type { CustomerCard } from '../../api/types';
import { formatCount, formatMoney, inWholeUnits } from '../../base/format';
import { useShop } from '../../base/shop';
import { Money, useLang, useWhen, When } from '../../ui/bits';
import { Rfm } from './Rfm';

/** How much this person is worth to the shop, in the server's figures. */
export function Figures({ card }: { card: CustomerCard }) {
  const { t } = useTranslation();
  const lang = useLang();
  const when = useWhen();
  const shop = useShop();
  const f = card.figures;
  const next = f.next_expected_at;
  // Money of two currencies is not added up: each has a line of its own.
  const each = f.currencies.length > 1 ? f.currencies : [f];
  const shopAverage =
    f.shop_average && formatMoney(inWholeUnits(f.shop_average), f.currency, lang, shop.currency);
  const expected = next ? t('identity.expected', { date: when(next) }) : undefined;
  const list: [name: string, value: React.ReactNode, more?: string | undefined][] = [
    [t('customer.orders'), formatCount(f.orders, lang)],
    [
      t('customer.sum'),
      each.map((c) => (
        <div key={c.currency}>
          <Money value={c.sum} currency={c.currency} strong />
        </div>
      )),
    ],
    [
      t('identity.average'),
      each.map((c) => (
        <div key={c.currency}>
          <Money value={c.average && inWholeUnits(c.average)} currency={c.currency} strong />
        </div>
      )),
      shopAverage ? t('identity.by_shop', { sum: shopAverage }) : undefined,
    ],
    [t('identity.returns'), formatCount(f.returns, lang)],
    [
      t('customer.last'),
      <When key="last" at={card.last_order_at} />,
      card.first_order_at ? `${t('customer.first').toLowerCase()} ${when(card.first_order_at)}` : undefined,
    ],
  ];
  if (f.interval_days !== null)
    list.push([
      t('identity.every'),
      t('identity.days', { count: f.interval_days }),
      f.overdue && expected ? `${expected}, ${t('identity.overdue')}` : expected,
    ]);
  if (f.rfm) list.push([t('customer.rfm'), <Rfm key="rfm" rfm={f.rfm} />]);
  return (
    <section className="card customer-figures" data-testid="figures">
      {list.map(([name, value, more]) => (
        <div key={name}>
          <div className="caption">{name}</div>
          <div className="customer-value num">{value}</div>
          {more && <div className="caption">{more}</div>}
        </div>
      ))}
    </section>
  );
}
