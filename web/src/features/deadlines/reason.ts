import type { TFunction } from 'i18next';
import type { Tryout } from '../../api/types';
import { partsWords, spanWords } from '../../base/deadlineWords';
import { dayOf, formatTime } from '../../base/format';

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
