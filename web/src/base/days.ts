/* Days of the shop's calendar as moments: «from the 15th» begins at midnight of the shop's zone, not of the machine's. */

const minute = 60_000;

function offsetAt(ms: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(ms);
  const n = (type: string) => Number(parts.find((p) => p.type === type)?.value);
  const there = Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'));
  return there - Math.floor(ms / minute) * minute;
}

/** The first moment of «2026-12-15» in the zone, as the API takes it; `days` later if asked. Empty for what is no day. */
export function dayStart(day: string, zone: string, days = 0): string {
  const [y, m, d] = day.split('-').map(Number);
  if (!y || !m || !d) return '';
  const utc = Date.UTC(y, m - 1, d + days);
  const guess = utc - offsetAt(utc, zone);
  // The offset may differ at the guess itself, on the day the clocks change.
  return new Date(utc - offsetAt(guess, zone)).toISOString().replace('.000', '');
}

/** The day on which a moment lies there: «2026-12-15». */
export function dayAt(iso: string, zone: string, days = 0): string {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) return '';
  return new Date(ms + offsetAt(ms, zone) + days * 86_400_000).toISOString().slice(0, 10);
}
