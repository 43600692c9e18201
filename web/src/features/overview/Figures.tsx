import { Link } from '@tanstack/react-router';
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../api/types';
import { dayOf, formatCount } from '../../base/format';
import { useShop } from '../../base/shop';
import { Money, useLang } from '../../ui/bits';

type Figure = Overview['figures'][number];
/* For these less is better. */
const lessIsBetter = new Set(['cancelled_today', 'minutes_to_confirm']);
const leads: Record<string, Record<string, string>> = {
  orders_today: { sort: '-placed_at' },
  sum_today: { sort: '-total' },
  confirmed_today: { status: 'confirmed,assembling,ready_to_ship' },
  cancelled_today: { status: 'cancelled' },
  minutes_to_confirm: { status: 'confirmed' },
};

function Value({ figure, currency }: { figure: Figure; currency: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  if (figure.value === null) return <span className="quiet">—</span>;
  if (figure.unit === 'money') return <Money value={String(figure.value)} currency={currency} strong />;
  const n = formatCount(Math.round(Number(figure.value)), lang);
  return <>{figure.unit === 'minutes' ? t('span.m', { n }) : n}</>;
}

/** A change is said against a named day, not against «yesterday». */
function Change({ figure }: { figure: Figure }) {
  const { t } = useTranslation();
  if (figure.value === null || figure.base === null || Number(figure.base) === 0)
    return <span className="caption">{t('overview.no_base')}</span>;
  const share = Math.round((Number(figure.value) / Number(figure.base) - 1) * 100);
  const up = share > 0;
  const good = share === 0 ? null : up !== lessIsBetter.has(figure.key);
  const Icon = up ? IconArrowUpRight : IconArrowDownRight;
  const base = figure.base_day ? dayOf(Date.parse(`${figure.base_day.slice(0, 10)}T12:00:00Z`), 'UTC') : null;
  const day = base
    ? `${t(`weekday_short.${base.weekday}`)} ${base.day}.${String(base.month).padStart(2, '0')}`
    : '';
  return (
    <span className="caption figure-change">
      {share !== 0 && <Icon size={14} stroke={1.9} aria-hidden className={good ? 'good' : 'bad'} />}
      <b className={good === null ? '' : good ? 'good' : 'bad'}>
        {t('overview.percent', { n: `${up ? '+' : share < 0 ? '\u2212' : ''}${Math.abs(share)}` })}
      </b>
      <span className="cut">{t('overview.against', { day })}</span>
    </span>
  );
}

export function Figures({ figures, currency }: { figures: Figure[]; currency: string }) {
  const { t, i18n } = useTranslation();
  return (
    <section className="card figures" aria-label={t('overview.figures')}>
      {figures.map((f) => (
        <Link
          key={f.key}
          to={f.key === 'customers_new' ? '/customers' : '/orders'}
          search={leads[f.key] ?? {}}
          className="figure"
        >
          <span className="caption">{i18n.exists(`figure.${f.key}`) ? t(`figure.${f.key}`) : f.key}</span>
          <span className="figure-value num">
            <Value figure={f} currency={currency} />
          </span>
          <Change figure={f} />
        </Link>
      ))}
    </section>
  );
}

export function PathNow({ path }: { path: Overview['path'] }) {
  const { t, i18n } = useTranslation();
  const lang = useLang();
  const shop = useShop();
  const most = Math.max(1, ...path.map((p) => p.count));
  const all = path.reduce((n, p) => n + p.count, 0);
  return (
    <section className="card">
      <div className="card-head">
        <h2 className="grow">{t('overview.path')}</h2>
        <span className="quiet num">{t('overview.in_work', { n: formatCount(all, lang) })}</span>
      </div>
      <div className="card-body path-now">
        {path.map((p, i) => (
          <Link key={p.status} to="/orders" search={{ status: p.status }} className="path-row">
            <span className="soft cut">
              {i18n.exists(`path.${p.status}`) ? t(`path.${p.status}`) : t(`status.${p.status}`)}
            </span>
            <span className="path-track">
              <span style={{ width: `${(p.count / most) * 100}%`, opacity: 1 - i * 0.17 }} />
            </span>
            <b className="num">{formatCount(p.count, lang)}</b>
            <span className="quiet path-sum">
              <Money value={p.sum} currency={shop.currency} />
            </span>
          </Link>
        ))}
      </div>
    </section>
  );
}
