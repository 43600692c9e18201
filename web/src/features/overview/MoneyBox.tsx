import { SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Figures } from '../../api/types';
import { formatCount, formatMoney } from '../../base/format';
import { useShop } from '../../base/shop';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Bones, ErrorState, Money, useLang } from '../../ui/bits';
import { calendarDay, heightsOf, searchOf, useFigures, type Period } from './figures';

const BarChart = lazy(() => import('./BarChart'));

function useDayName() {
  const { t } = useTranslation();
  return (date: string) => {
    const d = calendarDay(date);
    return `${t(`weekday_short.${d.weekday}`)}, ${d.day} ${t(`month.${d.month}`)}`;
  };
}

/** The answer in one sentence: the best day by name. */
function useSummary(data: Figures) {
  const { t } = useTranslation();
  const lang = useLang();
  const shop = useShop();
  const name = useDayName();
  const heights = heightsOf(data.days, 'revenue');
  const best = data.days[heights.indexOf(Math.max(0, ...heights.map((h) => h ?? 0)))];
  if (!best?.sum || Number(best.sum) === 0) return t('money.none');
  return t('money.best', {
    day: name(best.day),
    sum: formatMoney(best.sum, data.currency, lang, shop.currency),
  });
}

interface SumsRow {
  key: string;
  query: string | null;
  name: ReactNode;
  currency: string;
  orders: number;
  sum: string | null;
  average: string | null;
  cancelled: number;
}

/** How many, how much, how much each and how many in vain: by day or by channel, each line a way to its orders. */
function SumsTable({ first, rows, className = '' }: { first: string; rows: SumsRow[]; className?: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <div className={`table-scroll ${className}`}>
      <table className="table sums-table">
        <thead>
          <tr>
            <th>{first}</th>
            <th className="right">{t('figure.orders')}</th>
            <th className="right">{t('figure.revenue')}</th>
            <th className="right">{t('figure.average')}</th>
            <th className="right">{t('figure.cancelled')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.key}>
              <td>
                <Link to="/orders" search={searchOf(r.query)} className="row">
                  {r.name}
                </Link>
              </td>
              <td className="right num">{formatCount(r.orders, lang)}</td>
              <td className="right">
                <Money value={r.sum} currency={r.currency} strong />
              </td>
              <td className="right">
                <Money value={r.average} currency={r.currency} />
              </td>
              <td className="right num">{formatCount(r.cancelled, lang)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The same period by channel; each currency stands for itself. */
function Channels({ data }: { data: Figures }) {
  const { t } = useTranslation();
  if (!data.channels.length) return null;
  const foreign = data.channels.some((c) => c.currency !== data.currency);
  const rows = data.channels.map((c) => ({
    ...c,
    key: `${c.account_id} ${c.currency}`,
    name: (
      <>
        <ChannelBadge channel={c.channel} size={17} /> <span className="cut">{c.name}</span>
      </>
    ),
  }));
  return (
    <>
      <SumsTable first={t('filter.channel')} rows={rows} />
      {foreign && <p className="caption money-note">{t('money.not_added')}</p>}
    </>
  );
}

function Days({ data }: { data: Figures }) {
  const { t } = useTranslation();
  const lang = useLang();
  const name = useDayName();
  const summary = useSummary(data);
  const [as, setAs] = useState<'chart' | 'table'>('chart');
  const [at, setAt] = useState<number | null>(null);
  const heights = useMemo(() => heightsOf(data.days, 'revenue').map((h) => h ?? 0), [data.days]);
  const labels = useMemo(
    () =>
      data.days.map((d) => {
        const c = calendarDay(d.day);
        return `${c.day}.${String(c.month).padStart(2, '0')}`;
      }),
    [data.days],
  );
  const axis = useCallback(
    (value: number) => {
      // Browsers know no short Kazakh: the Russian form with the Kazakh word.
      const parts = new Intl.NumberFormat(lang === 'kk' ? 'ru' : lang, { notation: 'compact' });
      return parts
        .formatToParts(value)
        .map((p) =>
          lang === 'kk' && p.type === 'compact' && value < 999_500 ? t('money.thousand') : p.value,
        )
        .join('');
    },
    [lang, t],
  );
  const day = at === null ? undefined : data.days[at];
  const days = () =>
    data.days.toReversed().map((d) => ({ ...d, key: d.day, name: name(d.day), currency: data.currency }));
  return (
    <>
      <div className="card-head">
        <h2 className="grow">{t('money.title')}</h2>
        <SegmentedControl
          size="xs"
          value={as}
          onChange={(v) => setAs(v as typeof as)}
          aria-label={t('money.view')}
          data={[
            { value: 'chart', label: t('money.chart') },
            { value: 'table', label: t('money.table') },
          ]}
        />
      </div>
      <p className="money-answer soft" aria-live="off">
        {day ? (
          <>
            {name(day.day)}: <Money value={day.sum} currency={data.currency} strong /> ·{' '}
            {t('count.orders', { count: day.orders })}
          </>
        ) : (
          summary
        )}
      </p>
      {as === 'table' ? (
        <SumsTable first={t('money.day')} rows={days()} className="days-table" />
      ) : (
        <Suspense fallback={<div className="chart" />}>
          <BarChart heights={heights} labels={labels} axis={axis} summary={summary} onPoint={setAt} />
        </Suspense>
      )}
    </>
  );
}

/** Revenue by day and by channel: the orders placed in the period, without the cancelled ones. */
export function MoneyBox({ period }: { period: Period }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useFigures(period);
  return (
    <section className="card money" aria-label={t('block.money')} data-testid="money">
      {data ? (
        <>
          <Days data={data} />
          <Channels data={data} />
        </>
      ) : error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : (
        <div className="card-body">
          <Bones lines={5} />
        </div>
      )}
    </section>
  );
}
