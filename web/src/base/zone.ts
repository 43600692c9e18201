/* Days and hours as the shop's clock shows them. */

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(zone: string) {
  let format = formats.get(zone);
  if (!format) {
    const [year, month, day, hour, minute] = Array<'numeric'>(5).fill('numeric');
    const options = { year, month, day, hour, minute, hourCycle: 'h23', timeZone: zone } as const;
    format = new Intl.DateTimeFormat('en-US', options);
    formats.set(zone, format);
  }
  return format;
}

/* Newer browsers know a clock's place without the language of its numbers, whose tables take as long to load as ten rows of a list
 * to draw. */
interface Clocks {
  Instant: {
    fromEpochMilliseconds(ms: number): { toZonedDateTimeISO(zone: string): { offsetNanoseconds: number } };
  };
}
const { Temporal: clocks } = globalThis as { Temporal?: Clocks };

function askAhead(zone: string, ms: number): number {
  if (clocks)
    return Math.round(
      clocks.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).offsetNanoseconds / 60e9,
    );
  const parts = formatOf(zone).formatToParts(ms);
  const n = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0);
  const shown = Date.UTC(n('year'), n('month') - 1, n('day'), n('hour'), n('minute'));
  return Math.round((shown - Math.floor(ms / 60_000) * 60_000) / 60_000);
}

const dayMs = 86_400_000;
const days = new Map<string, number | null>();
/** By how many minutes the clock of a zone is ahead of Greenwich. Asking the browser costs as much as drawing a row of a list, so
 *  it is asked for both ends of a day: clocks that were not changed between them are known for the whole of it. */
export function minutesAhead(zone: string, ms: number): number {
  const day = Math.floor(ms / dayMs);
  const key = `${zone} ${day}`;
  let known = days.get(key);
  if (known === undefined) {
    const morning = askAhead(zone, day * dayMs);
    known = morning === askAhead(zone, (day + 1) * dayMs) ? morning : null;
    days.set(key, known);
  }
  return known ?? askAhead(zone, ms);
}

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
