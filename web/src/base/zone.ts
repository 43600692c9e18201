/* Days and hours as the shop's clock shows them. */

const minutesAhead = (zone: string, ms: number) => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(ms);
  const n = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0);
  const shown = Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'));
  return Math.round((shown - Math.floor(ms / 60_000) * 60_000) / 60_000);
};

/** "2026-12-16" of a moment. */
export const dayIn = (zone: string, ms: number) =>
  new Date(ms + minutesAhead(zone, ms) * 60_000).toISOString().slice(0, 10);

/** The moment at which the clock of the zone shows this day ("2026-12-16") and time ("09:00"); null when they are not whole. */
export function instantIn(zone: string, day: string, time: string): string | null {
  const shown = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(shown)) return null;
  // Twice: the first guess may lie on the other side of a change of clocks.
  const guess = shown - minutesAhead(zone, shown) * 60_000;
  return new Date(shown - minutesAhead(zone, guess) * 60_000).toISOString().replace('.000Z', 'Z');
}
