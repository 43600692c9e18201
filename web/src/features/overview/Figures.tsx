import { Link } from '@tanstack/react-router';
import { IconArrowDownRight, IconArrowUpRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Figure, Figures } from '../../api/types';
import { formatCount, formatTime, MINUS } from '../../base/format';
import { useShop } from '../../base/shop';
import { Bones, ErrorState, Money, useLang } from '../../ui/bits';
import { calendarDay, heightsOf, percentText, searchOf, useFigures, type Period } from './figures';
import { Sparkline } from './Sparkline';

/* Hundredths of a per cent from which growth is said in times: «×14» is read at once, «+1263 %» is not. */
const manyTimes = 100_000;
/* From here on hours are read sooner than minutes. */
const longMinutes = 180;
/* For these less is better. */
const lessIsBetter = new Set<Figure['key']>(['cancelled', 'minutes_to_confirm']);

function Value({ figure, currency }: { figure: Figure; currency: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  if (figure.value === null) return <span className="quiet">—</span>;
  if (figure.unit === 'money') return <Money value={String(figure.value)} currency={currency} strong />;
  const value = Number(figure.value);
  if (figure.unit === 'minutes' && value >= longMinutes)
    return <>{t('span.h', { n: formatCount(Math.round(value / 60), lang) })}</>;
  const n = formatCount(value, lang);
  return <>{figure.unit === 'minutes' ? t('span.m', { n }) : n}</>;
}

/** The base by its name, and on hover exactly which days until which hour. */
function useBase(data: Figures) {
  const { t } = useTranslation();
  const shop = useShop();
  const day = (date: string) => {
    const d = calendarDay(date);
    return `${d.day} ${t(`month.${d.month}`)}`;
  };
  const name =
    data.period === 1
      ? t(`base.weekday_${calendarDay(data.base_first).weekday}`)
      : t('base.days', { count: data.period });
  const time = formatTime(data.now, shop.time_zone);
  const exact =
    data.period === 1
      ? t('base.exact_day', { day: day(data.base_last), time })
      : t('base.exact', { from: day(data.base_first), to: day(data.base_last), time });
  return { name, exact };
}

/** A change is said against a named base, not against «yesterday». */
function Change({ figure, data }: { figure: Figure; data: Figures }) {
  const { t } = useTranslation();
  const lang = useLang();
  const base = useBase(data);
  if (figure.waits) return <span className="caption figure-waits">{t(`waits.${figure.waits}`)}</span>;
  const bp = figure.change_bp;
  if (bp === null)
    return (
      <span className="caption cut" title={base.exact}>
        {figure.base === null
          ? t('overview.no_base')
          : `${t('overview.was', { n: formatCount(Number(figure.base), lang) })} · ${base.name}`}
      </span>
    );
  const up = bp > 0;
  const tone = bp === 0 ? '' : up !== lessIsBetter.has(figure.key) ? 'good' : 'bad';
  const Icon = up ? IconArrowUpRight : IconArrowDownRight;
  return (
    <span className="caption figure-change" title={base.exact}>
      {bp !== 0 && <Icon size={14} stroke={1.9} aria-hidden className={tone} />}
      <b className={tone}>
        {bp >= manyTimes
          ? `×${formatCount(Math.round(bp / 10_000) + 1, lang)}`
          : t('overview.percent', { n: `${up ? '+' : bp < 0 ? MINUS : ''}${percentText(bp, lang)}` })}
      </b>
      <span className="cut">{base.name}</span>
    </span>
  );
}

function Tile({ figure, data }: { figure: Figure; data: Figures }) {
  const { t } = useTranslation();
  const inside = (
    <>
      <span className="caption cut">{t(`figure.${figure.key}`)}</span>
      <span className="figure-line">
        <span className="figure-value num">
          <Value figure={figure} currency={data.currency} />
        </span>
        <Sparkline heights={heightsOf(data.days, figure.key)} />
      </span>
      <Change figure={figure} data={data} />
    </>
  );
  const id = `figure-${figure.key}`;
  if (!figure.query)
    return (
      <div className="figure" data-testid={id}>
        {inside}
      </div>
    );
  return (
    <Link to="/orders" search={searchOf(figure.query)} className="figure" data-testid={id}>
      {inside}
    </Link>
  );
}

export function FiguresStrip({ period }: { period: Period }) {
  const { t } = useTranslation();
  const { data, error, refetch, isPlaceholderData } = useFigures(period);
  return (
    <section
      className="card figures"
      aria-label={t('overview.figures')}
      aria-busy={isPlaceholderData}
      data-testid="figures"
    >
      {data ? (
        data.figures.map((f) => <Tile key={f.key} figure={f} data={data} />)
      ) : error ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : (
        <div className="card-body figures-bones">
          <Bones lines={2} />
        </div>
      )}
    </section>
  );
}
