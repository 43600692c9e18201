import type { Calendar, Interval } from '../../api/types';

/* A day is written as people say it: «9:00–13:00, 14:00–18:00»; empty is a day off. */
export const intervalsText = (list: string[][] = []) => list.map(([a, b]) => `${a}–${b}`).join(', ');

export function readIntervals(text: string): Interval[] | null {
  if (!text.trim()) return [];
  const out: Interval[] = [];
  for (const part of text.split(',')) {
    const found = /^\s*(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})\s*$/.exec(part);
    if (!found) return null;
    const [, ah = '', am = '', bh = '', bm = ''] = found;
    const [a, b] = [`${ah.padStart(2, '0')}:${am}`, `${bh.padStart(2, '0')}:${bm}`];
    const before = out.at(-1)?.[1] ?? '00:00';
    if (a >= b || a < before || b > '24:00' || am > '59' || bm > '59') return null;
    out.push([a, b]);
  }
  return out;
}

export const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const;
export interface SpecialDay {
  date: string;
  name: string;
  hours: string;
}
/** A calendar as it stands in its form: each weekday by itself, so that two people who change different days do not meet. */
export type CalendarValues = Record<(typeof weekdays)[number], string> & { holidays: SpecialDay[] };

export function valuesOf(calendar: Calendar): CalendarValues {
  const day = (n: number) => intervalsText(calendar.days[n - 1] ?? []);
  return {
    '1': day(1),
    '2': day(2),
    '3': day(3),
    '4': day(4),
    '5': day(5),
    '6': day(6),
    '7': day(7),
    holidays: calendar.holidays.map((h) => ({
      date: h.date,
      name: h.name ?? '',
      hours: intervalsText(h.intervals),
    })),
  };
}

/** What goes to the server, or null while something cannot be read. */
export function calendarOf(values: CalendarValues): Pick<Calendar, 'days' | 'holidays'> | null {
  const days = weekdays.map((n) => readIntervals(values[n]));
  const holidays = values.holidays.map((h) => ({ ...h, intervals: readIntervals(h.hours) }));
  const read = [...days, ...holidays.map((h) => h.intervals)];
  if (read.includes(null) || holidays.some((h) => !h.date)) return null;
  return {
    days: days.map((d) => d ?? []),
    holidays: holidays.map((h) => ({ date: h.date, name: h.name, intervals: h.intervals ?? [] })),
  };
}

export const holidaysText = (list: SpecialDay[]) =>
  list.map((h) => [h.date, h.name, h.hours].filter(Boolean).join(' ')).join('; ');
