import { beforeAll, describe, expect, it } from 'vitest';
import {
  formatCount,
  formatLeft,
  formatMoney,
  formatNumber,
  formatPhone,
  formatWhen,
  inWholeUnits,
} from '../src/base/format';
import { setLanguage, startI18n } from '../src/base/i18n';
import i18next from 'i18next';
import { keepOrder } from '../src/base/rows';
import { byName } from '../src/base/sort';
import { intervalsText, readIntervals } from '../src/features/deadlines/calendarText';
import { effective, toQuery, toSearch } from '../src/features/orders/address';
import { zoneAt } from '../src/ui/SlaChip';
import type { Language, View } from '../src/api/types';

const days = (n: number) => `${n} дн`;

/* the table of 4.7. Groups are parted by a narrow no-break space, the sign of money by a no-break space, minus is U+2212. */
const [nn, nb, minus] = ['\u202f', '\u00a0', '\u2212'];
const all: Language[] = ['ru', 'kk', 'uk', 'en'];

describe('amounts', () => {
  it.each<[string, string, Record<Language, string>]>([
    [
      '15200.00',
      'KZT',
      { ru: `15${nn}200${nb}₸`, kk: `15${nn}200${nb}₸`, uk: `15${nn}200${nb}₸`, en: `15,200${nb}₸` },
    ],
    [
      '1299.00',
      'RUB',
      { ru: `1${nn}299${nb}₽`, kk: `1${nn}299${nb}₽`, uk: `1${nn}299${nb}₽`, en: `1,299${nb}₽` },
    ],
    ['849.50', 'UAH', { ru: `849,50${nb}₴`, kk: `849,50${nb}₴`, uk: `849,50${nb}₴`, en: `849.50${nb}₴` }],
    [
      '-18400.00',
      'KZT',
      {
        ru: `${minus}18${nn}400${nb}₸`,
        kk: `${minus}18${nn}400${nb}₸`,
        uk: `${minus}18${nn}400${nb}₸`,
        en: `${minus}18,400${nb}₸`,
      },
    ],
    [
      '-0.05',
      'BYN',
      {
        ru: `${minus}0,05${nb}Br`,
        kk: `${minus}0,05${nb}Br`,
        uk: `${minus}0,05${nb}Br`,
        en: `${minus}0.05${nb}Br`,
      },
    ],
    ['0.00', 'USD', { ru: `0${nb}$`, kk: `0${nb}$`, uk: `0${nb}$`, en: `0${nb}$` }],
    ['999.00', 'EUR', { ru: `999${nb}€`, kk: `999${nb}€`, uk: `999${nb}€`, en: `999${nb}€` }],
    [
      '1000.10',
      'CNY',
      { ru: `1${nn}000,10${nb}¥`, kk: `1${nn}000,10${nb}¥`, uk: `1${nn}000,10${nb}¥`, en: `1,000.10${nb}¥` },
    ],
    [
      '90071992547409931.23',
      'KZT',
      {
        ru: `90${nn}071${nn}992${nn}547${nn}409${nn}931,23${nb}₸`,
        kk: `90${nn}071${nn}992${nn}547${nn}409${nn}931,23${nb}₸`,
        uk: `90${nn}071${nn}992${nn}547${nn}409${nn}931,23${nb}₸`,
        en: `90,071,992,547,409,931.23${nb}₸`,
      },
    ],
  ])('%s %s', (value, currency, texts) => {
    for (const lang of all) expect(formatMoney(value, currency, lang, currency), lang).toBe(texts[lang]);
  });
  it('name the code of a currency that is not the shop’s', () => {
    for (const lang of all)
      expect(formatMoney('1299.00', 'RUB', lang, 'KZT')).toBe(
        `1${lang === 'en' ? ',' : nn}299${nb}₽${nb}RUB`,
      );
    expect(formatMoney('10.00', 'GEL', 'ru', 'KZT')).toBe(`10${nb}GEL`);
  });
  it('and counts are never broken at the end of a line', () => {
    for (const lang of all)
      expect(formatMoney('1234567.80', 'KZT', lang, 'KZT') + formatCount(1234567, lang)).not.toMatch(/ /);
  });
});

describe('plural forms', () => {
  beforeAll(startI18n);
  it.each<[Language, Record<string, number[]>]>([
    ['ru', { one: [1, 21, 101, 1001], few: [2, 3, 4, 22, 104], many: [0, 5, 11, 12, 14, 25, 111, 1000] }],
    ['uk', { one: [1, 21, 101, 1001], few: [2, 3, 4, 22, 104], many: [0, 5, 11, 12, 14, 25, 111, 1000] }],
    ['kk', { one: [1], other: [0, 2, 5, 11, 21, 101] }],
    ['en', { one: [1], other: [0, 2, 5, 11, 21, 101] }],
  ])('of %s are those of its language', async (lang, forms) => {
    await setLanguage(lang);
    const text = (f: string, n: number) => i18next.t(`count.orders_${f}`, { count: n });
    for (const [name, numbers] of Object.entries(forms))
      for (const n of numbers) expect(i18next.t('count.orders', { count: n }), `${n}`).toBe(text(name, n));
  });
});

describe('names', () => {
  const names = (lang: Language, ...list: string[]) => byName(list, (n) => n, lang);
  it('stand in the order of the alphabet of the interface', () => {
    expect(names('ru', 'Ёлкин', 'Жуков', 'Егоров', 'андреев')).toEqual([
      'андреев',
      'Егоров',
      'Ёлкин',
      'Жуков',
    ]);
    expect(names('uk', 'Їжак', 'Йосип', 'Ігор', 'Ганна', 'Ґалаґан')).toEqual([
      'Ганна',
      'Ґалаґан',
      'Ігор',
      'Їжак',
      'Йосип',
    ]);
    expect(names('en', 'Wave 10', 'Wave 9', 'Ann')).toEqual(['Ann', 'Wave 9', 'Wave 10']);
  });
});

describe('times', () => {
  const now = Date.parse('2026-12-16T04:04:00Z');
  const words = { yesterday: 'вчера', tomorrow: 'завтра' };
  it.each([
    ['2026-12-16T03:22:00Z', '8:22'],
    ['2026-12-15T04:47:00Z', 'вчера 9:47'],
    ['2026-12-15T20:30:00Z', '1:30'],
    ['2026-11-30T04:00:00Z', '30.11'],
    ['2025-11-30T04:00:00Z', '30.11.2025'],
    ['2026-12-17T13:00:00Z', 'завтра 18:00'],
  ])('%s is %s in Almaty', (iso, text) => {
    expect(formatWhen(iso, 'Asia/Almaty', now, words)).toBe(text);
  });
  it.each([
    [18 * 60_000, '0:18'],
    [124 * 60_000, '2:04'],
    [-12 * 60_000, '\u22120:12'],
    [72 * 3_600_000, '3 дн'],
    [185_000, '0:03:05'],
  ])('%d ms left is %s', (ms, text) => {
    expect(formatLeft(ms, days)).toBe(text);
  });
  it('the zone changes at the moments that the server computed', () => {
    const due = {
      zone: 'green',
      deadline_at: '2026-12-16T05:00:00Z',
      deadline_step: 'confirm',
      yellow_at: '2026-12-16T04:00:00Z',
      red_at: '2026-12-16T04:30:00Z',
    } as const;
    const at = (time: string) => zoneAt(due, Date.parse(`2026-12-16T${time}Z`));
    expect([at('03:59:59'), at('04:00:00'), at('04:30:00'), at('05:00:00')]).toEqual([
      'green',
      'yellow',
      'red',
      'breached',
    ]);
  });
});

it('phones are read in groups, those of other countries as they are', () => {
  const grouped = {
    '+77771234567': '+7 777 123 45 67',
    '+380671234567': '+380 67 123 45 67',
    '+375291234567': '+375 29 123 45 67',
  };
  for (const [phone, text] of Object.entries(grouped))
    expect(formatPhone(phone)).toBe(text.replaceAll(' ', nb));
  expect(formatPhone('+14155552671')).toBe('+14155552671');
  expect(formatNumber('438117204')).toBe('438\u00a0117\u00a0204');
  expect(formatNumber('WB-90418823')).toBe('WB-90418823');
});

describe('rows never move under the hand', () => {
  it('new rows wait, those that left stay in place', () => {
    expect(keepOrder(['a', 'b', 'c'], ['x', 'a', 'c', 'y'], false)).toEqual({
      ids: ['a', 'b', 'c'],
      waiting: 2,
    });
  });
  it('the next page is added at the end', () => {
    expect(keepOrder(['a', 'b'], ['a', 'x', 'b', 'c', 'd'], true)).toEqual({
      ids: ['a', 'b', 'c', 'd'],
      waiting: 1,
    });
  });
});

describe('filters of a view', () => {
  const view = { query: 'status=new&channel=kaspi' } as View;
  it('the address overrides the view, an empty value takes a filter away', () => {
    expect(toQuery(effective(view, { channel: '', zone: 'red' }))).toBe('status=new&zone=red');
  });
  it('the address holds only what differs', () => {
    expect(toSearch(view, { status: 'new', zone: 'red' })).toMatchObject({ channel: '', zone: 'red' });
    expect(toSearch(view, { status: 'new', channel: 'kaspi' }).channel).toBeUndefined();
  });
});

describe('working hours', () => {
  it('are read as people write them', () => {
    expect(readIntervals('9:00–13:00, 14:00-18:00')).toEqual([
      ['09:00', '13:00'],
      ['14:00', '18:00'],
    ]);
    expect(readIntervals('')).toEqual([]);
    expect(intervalsText([['09:00', '13:00']])).toBe('09:00–13:00');
  });
  it.each(['9-18', '18:00–9:00', '9:00–13:00, 12:00–18:00', '9:00–9:99'])('%s is refused', (text) => {
    expect(readIntervals(text)).toBeNull();
  });
});

it('a mean is shown without a fraction', () => {
  expect(inWholeUnits('40583.33')).toBe('40583');
  expect(inWholeUnits('0.50')).toBe('1');
  expect(inWholeUnits('90071992547409.93')).toBe('90071992547410');
});
