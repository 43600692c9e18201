const dayMs = 86_400_000;
const text = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const at = (day: string) => Date.parse(`${day}T00:00:00Z`);

export const periodNames = ['last_week', 'week', 'month', 'quarter'] as const;
export type PeriodName = (typeof periodNames)[number];

/** The days of a named period, both included: the week before this one, the last seven days, thirty, ninety. */
export function periodDays(name: PeriodName, today: string): [from: string, to: string] {
  const now = at(today);
  if (name === 'last_week') {
    const monday = now - ((new Date(now).getUTCDay() + 6) % 7) * dayMs;
    return [text(monday - 7 * dayMs), text(monday - dayMs)];
  }
  const days = name === 'week' ? 7 : name === 'month' ? 30 : 90;
  return [text(now - (days - 1) * dayMs), today];
}
