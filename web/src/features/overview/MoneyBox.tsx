import { SegmentedControl } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Figures } from '../../api/types';
import { formatCount, formatMoney } from '../../base/format';
import { useShop } from '../../base/shop';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Bones, ErrorState, Money, useLang } from '../../ui/bits';
import { calendarDay, heightsOf, searchOf, useFigures, type Period } from './figures';

const BarChart = lazy(() => import('./BarChart'));
type Day = Figures['days'][number];

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

function DaysTable({ days, currency }: { days: Day[]; currency: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const name = useDayName();
  return (
    <div className="table-scroll days-table">
      <table className="table">
        <thead>
          <tr>
            <th>{t('money.day')}</th>
            <th className="right">{t('figure.orders')}</th>
            <th className="right">{t('figure.revenue')}</th>
            <th className="right">{t('figure.average')}</th>
            <th className="right">{t('figure.cancelled')}</th>
          </tr>
        </thead>
        <tbody>
          {days.toReversed().map((d) => (
            <tr key={d.day}>
              <td>
                <Link to="/orders" search={searchOf(d.query)}>
                  {name(d.day)}
                </Link>
              </td>
              <td className="right num">{formatCount(d.orders, lang)}</td>
              <td className="right">
                <Money value={d.sum} currency={currency} />
              </td>
              <td className="right">
                <Money value={d.average} currency={currency} />
              </td>
              <td className="right num">{formatCount(d.cancelled, lang)}</td>
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
  const lang = useLang();
  if (!data.channels.length) return null;
  const foreign = data.channels.some((c) => c.currency !== data.currency);
  return (
    <div className="table-scroll">
      <table className="table money-channels">
        <thead>
          <tr>
            <th>{t('filter.channel')}</th>
            <th className="right">{t('figure.orders')}</th>
            <th className="right">{t('figure.revenue')}</th>
            <th className="right">{t('figure.average')}</th>
            <th className="right">{t('figure.cancelled')}</th>
          </tr>
        </thead>
        <tbody>
          {data.channels.map((c) => (
            <tr key={`${c.account_id} ${c.currency}`}>
              <td>
                <Link to="/orders" search={searchOf(c.query)} className="row">
                  <ChannelBadge channel={c.channel} size={17} /> <span className="cut">{c.name}</span>
                </Link>
              </td>
              <td className="right num">{formatCount(c.orders, lang)}</td>
              <td className="right">
                <Money value={c.sum} currency={c.currency} strong />
              </td>
              <td className="right">
                <Money value={c.average} currency={c.currency} />
              </td>
              <td className="right num">{formatCount(c.cancelled, lang)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {foreign && <p className="caption money-note">{t('money.not_added')}</p>}
    </div>
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
    (value: number) => new Intl.NumberFormat(lang, { notation: 'compact' }).format(value),
    [lang],
  );
  const day = at === null ? undefined : data.days[at];
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
        <DaysTable days={data.days} currency={data.currency} />
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
