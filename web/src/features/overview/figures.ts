import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Figure, Figures } from '../../api/types';
import { dayOf } from '../../base/format';

export const periods = [1, 7, 30] as const;
export type Period = (typeof periods)[number];
export const periodOf = (text: string | undefined): Period => periods.find((p) => String(p) === text) ?? 1;

export const useFigures = (period: Period) =>
  useQuery({
    queryKey: keys.figures(period),
    queryFn: () => get<Figures>('/api/overview/figures', new URLSearchParams({ period: String(period) })),
    placeholderData: (old) => old,
    refetchInterval: 60_000,
  });

/** A list of the server as the address of the orders. */
export const searchOf = (query: string | null): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(query ?? ''));

/** A calendar day of the shop, whose name needs no zone any more. */
export const calendarDay = (date: string) => dayOf(Date.parse(`${date}T12:00:00Z`), 'UTC');

type Day = Figures['days'][number];
const of: Record<Figure['key'], ((d: Day) => string | number | null) | null> = {
  revenue: (d) => d.sum,
  orders: (d) => d.orders,
  average: (d) => d.average,
  minutes_to_confirm: (d) => d.minutes,
  cancelled: (d) => d.cancelled,
  profit: null,
};

/** Heights for a drawing; sums are only measured here, never added. */
export function heightsOf(days: Day[], key: Figure['key']): (number | null)[] {
  const read = of[key];
  return read ? days.map((d) => (read(d) === null ? null : Number(read(d)))) : [];
}

/** «12,4» of 1240 hundredths of a per cent: whole from ten on. */
export function percentText(bp: number, lang: string): string {
  const share = Math.abs(bp) / 100;
  const text = share < 10 ? String(Math.round(share * 10) / 10) : String(Math.round(share));
  return lang === 'en' ? text : text.replace('.', ',');
}
