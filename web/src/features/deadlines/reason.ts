import type { TFunction } from 'i18next';
import type { Tryout } from '../../api/types';
import { dayOf, formatTime } from '../../base/format';

/* Why a deadline falls where it does, in words. The server counts; here its days and minutes become a sentence of the language. */

type Part = NonNullable<Tryout['explain']>['parts'][number];

/** «30 минут», «24 часа», «2 часа 5 минут». */
export function spanWords(minutes: number, t: TFunction): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (minutes < 120) return t('tryout.minutes', { count: minutes });
  const whole = t('tryout.hours', { count: hours });
  return rest ? `${whole} ${t('tryout.minutes', { count: rest })}` : whole;
}

const weekdayOf = (day: string) => dayOf(Date.parse(`${day}T12:00:00Z`), 'UTC');

function partWords(part: Part, byDate: boolean, t: TFunction): string {
  const at = weekdayOf(part.day);
  const day = byDate
    ? t('tryout.on_date', { day: at.day, month: t(`month.${at.month}`) })
    : t(`tryout.at_${at.weekday}`);
  return t('tryout.part', { time: spanWords(part.minutes, t), day });
}

/** «30 минут в пятницу и 90 минут в понедельник»; of a long row the days between are told together. */
export function partsWords(parts: Part[], t: TFunction): string {
  const first = parts[0];
  const last = parts.at(-1);
  if (!first || !last) return '';
  const week = 7 * 86_400_000;
  const byDate = Date.parse(last.day) - Date.parse(first.day) >= week;
  if (parts.length === 1) return partWords(first, byDate, t);
  const between = parts.slice(1, -1);
  const told =
    between.length > 2
      ? [
          t('tryout.between', {
            count: between.length,
            time: spanWords(
              between.reduce((sum, p) => sum + p.minutes, 0),
              t,
            ),
          }),
        ]
      : between.map((p) => partWords(p, byDate, t));
  const head = [partWords(first, byDate, t), ...told].join(', ');
  return t('tryout.and', { head, last: partWords(last, byDate, t) });
}

function momentWords(iso: string, zone: string, weekday: string, t: TFunction): string {
  const at = dayOf(Date.parse(iso), zone);
  return t('tryout.moment', {
    weekday,
    day: at.day,
    month: t(`month.${at.month}`),
    time: formatTime(iso, zone),
  });
}

/** «Заказ в пятницу, 18 декабря, 17:30 будет к понедельнику, 21 декабря, 10:30: 30 минут в пятницу и 90 минут в понедельник.» */
export function tryoutWords(tryout: Tryout, t: TFunction): string {
  const { at, due_at, explain, time_zone: zone } = tryout;
  if (!explain) return t('tryout.none');
  if (!due_at) return t('tryout.never');
  const begins = dayOf(Date.parse(at), zone).weekday;
  const ends = dayOf(Date.parse(due_at), zone).weekday;
  return t('tryout.sentence', {
    at: momentWords(at, zone, t(`tryout.at_${begins}`), t),
    by: momentWords(due_at, zone, t(`tryout.by_${ends}`), t),
    parts: explain.parts.length
      ? partsWords(explain.parts, t)
      : t('tryout.wall', { time: spanWords(explain.minutes, t) }),
  });
}

/** «пн 9:30» of a moment, short. */
export const shortMoment = (iso: string, zone: string, t: TFunction) =>
  `${t(`weekday_short.${dayOf(Date.parse(iso), zone).weekday}`)} ${formatTime(iso, zone)}`;
