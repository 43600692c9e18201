/* Days and times as people type them, and as the API writes them. */

const two = (n: number) => String(n).padStart(2, '0');

/** «2026-12-16» → «16.12.2026», as the rest of the screens writes days. */
export const writeDay = (day: string) => day.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3.$2.$1');

/** «16.12.2026», «16122026», «2026-12-16» → «2026-12-16»; null: no day (yet). */
export function readDay(text: string): string | null {
  const clean = text.trim();
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(clean);
  const own = /^(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})$/.exec(clean) ?? /^(\d\d)(\d\d)(\d{4})$/.exec(clean);
  const parts = iso ? [iso[3], iso[2], iso[1]] : own ? [own[1], own[2], own[3]] : null;
  if (!parts) return null;
  const [day = 0, month = 0, year = 0] = parts.map(Number);
  const at = new Date(Date.UTC(year, month - 1, day));
  if (year < 1900 || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return null;
  return `${year}-${two(month)}-${two(day)}`;
}

/** «9:05», «9.05», «0905» → «09:05»; null: no time of day (yet). */
export function readTime(text: string): string | null {
  const parts = /^(\d{1,2})[:. ](\d\d)$/.exec(text.trim()) ?? /^(\d\d)(\d\d)$/.exec(text.trim());
  if (!parts) return null;
  const [hour = 0, minute = 0] = parts.slice(1).map(Number);
  return hour < 24 && minute < 60 ? `${two(hour)}:${two(minute)}` : null;
}

/** The day so many days later. */
export function dayLater(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** The same day of another month, or its last one. */
export function monthLater(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** Six weeks from the Monday on or before the first of the month. */
export function weeksOf(day: string): string[][] {
  const first = `${day.slice(0, 8)}01`;
  const back = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  return [0, 1, 2, 3, 4, 5].map((w) => [0, 1, 2, 3, 4, 5, 6].map((d) => dayLater(first, w * 7 + d - back)));
}
