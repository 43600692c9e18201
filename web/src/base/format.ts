import type { Language } from '../api/types';
import { minutesAhead } from './zone';

/* Amounts stay text from the server to the screen: digits are grouped, never computed with. */

const NNBSP = '\u202f';
const NBSP = '\u00a0';
export const MINUS = '\u2212';

const symbols: Record<string, string> = {
  KZT: '₸',
  RUB: '₽',
  UAH: '₴',
  USD: '$',
  EUR: '€',
  CNY: '¥',
  BYN: 'Br',
};

export function formatDecimal(text: string, lang: Language): string {
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, lang === 'en' ? ',' : NNBSP);
  const tail = /^0*$/.test(fraction) ? '' : (lang === 'en' ? '.' : ',') + fraction;
  return (negative ? MINUS : '') + grouped + tail;
}

/** «15 200 ₸»; a currency other than the shop's carries its code as well. */
export function formatMoney(
  text: string,
  currency: string | null,
  lang: Language,
  shopCurrency?: string,
): string {
  const number = formatDecimal(text, lang);
  if (!currency) return number;
  const symbol = symbols[currency];
  const withSymbol = symbol ? number + NBSP + symbol : number + NBSP + currency;
  return symbol && shopCurrency && shopCurrency !== currency ? withSymbol + NBSP + currency : withSymbol;
}

/* A mean is shown in whole units; the text is rounded by what formats it, digit by digit. */
let wholeUnits: Intl.NumberFormat | undefined;
export function inWholeUnits(text: string): string {
  // Made when it is first asked for: it takes longer than half of the program needs to begin.
  wholeUnits ??= new Intl.NumberFormat('en', { maximumFractionDigits: 0, useGrouping: false });
  return wholeUnits.format(text as Intl.StringNumericLiteral);
}

export const formatCount = (n: number, lang: Language) => formatDecimal(String(n), lang);

interface DayTime {
  year: string;
  month: string;
  day: string;
  time: string;
  dayNumber: number;
}

const two = (n: number) => String(n).padStart(2, '0');
function parts(ms: number, zone: string): DayTime {
  const at = new Date(ms + minutesAhead(zone, ms) * 60_000);
  return {
    year: String(at.getUTCFullYear()),
    month: two(at.getUTCMonth() + 1),
    day: two(at.getUTCDate()),
    time: `${at.getUTCHours()}:${two(at.getUTCMinutes())}`,
    dayNumber: Math.floor(at.getTime() / 86_400_000),
  };
}

export const formatTime = (iso: string, zone: string) => parts(new Date(iso).getTime(), zone).time;

export interface WhenWords {
  yesterday: string;
  tomorrow: string;
}

/** «8:22» today, «вчера 9:47», «30.11» this year, «30.11.2025» before. */
export function formatWhen(
  iso: string,
  zone: string,
  nowMs: number,
  words: WhenWords,
  withTime = false,
): string {
  const at = parts(new Date(iso).getTime(), zone);
  const now = parts(nowMs, zone);
  const days = at.dayNumber - now.dayNumber;
  if (days === 0) return at.time;
  if (days === -1) return `${words.yesterday} ${at.time}`;
  if (days === 1) return `${words.tomorrow} ${at.time}`;
  const date = at.year === now.year ? `${at.day}.${at.month}` : `${at.day}.${at.month}.${at.year}`;
  return withTime ? `${date} ${at.time}` : date;
}

export function formatFull(iso: string, zone: string): string {
  const at = parts(new Date(iso).getTime(), zone);
  return `${at.day}.${at.month}.${at.year} ${at.time}`;
}

/** Day, month and weekday (Monday is 1) by the clock of a zone; their names come from the messages, not from the browser,
 *  which may not know Kazakh. */
export function dayOf(ms: number, zone: string): { day: number; month: number; weekday: number } {
  const at = parts(ms, zone);
  return { day: Number(at.day), month: Number(at.month), weekday: ((at.dayNumber + 3) % 7) + 1 };
}

export const cityOf = (zone: string) => (zone.split('/').pop() ?? zone).replaceAll('_', ' ');

/** «0:18», «−0:12», «3 дн»: what is left of a deadline. */
export function formatLeft(leftMs: number, days: (n: number) => string): string {
  const late = leftMs < 0;
  const minutes = late ? Math.ceil(-leftMs / 60_000) : Math.floor(leftMs / 60_000);
  const sign = late ? MINUS : '';
  if (minutes >= 24 * 60) return sign + days(Math.floor(minutes / (24 * 60)));
  if (!late && leftMs < 5 * 60_000) {
    const s = Math.floor(leftMs / 1000);
    return `0:${String(Math.floor(s / 60)).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`;
  }
  return `${sign}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

const phoneShapes: [RegExp, string][] = [
  [/^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/, '+7 $1 $2 $3 $4'],
  [/^\+380(\d{2})(\d{3})(\d{2})(\d{2})$/, '+380 $1 $2 $3 $4'],
  [/^\+375(\d{2})(\d{3})(\d{2})(\d{2})$/, '+375 $1 $2 $3 $4'],
];

export function formatPhone(e164: string): string {
  for (const [shape, text] of phoneShapes)
    if (shape.test(e164)) return e164.replace(shape, text).replaceAll(' ', NBSP);
  return e164;
}

/** «438 117 204»: a purely numeric order number is read in threes. */
export function formatNumber(number: string): string {
  return /^\d{7,12}$/.test(number) ? number.replace(/\B(?=(\d{3})+(?!\d))/g, NBSP) : number;
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return ((words[0]?.[0] ?? '') + (words[1]?.[0] ?? '')).toUpperCase();
}
