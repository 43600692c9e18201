import type { TFunction } from 'i18next';
import type { Tryout } from '../api/types';
import { dayOf } from './format';

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
