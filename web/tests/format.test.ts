import { describe, expect, it } from 'vitest';
import { formatLeft, formatMoney, formatNumber, formatPhone, formatWhen } from '../src/base/format';
import { keyName, otherLayout, russianLetter } from '../src/base/hotkeys';
import { keepOrder } from '../src/base/rows';
import { intervalsText, readIntervals } from '../src/features/deadlines/CalendarBox';
import { effective, toQuery, toSearch } from '../src/features/orders/query';
import { zoneAt } from '../src/ui/SlaChip';
import type { Language, View } from '../src/api/types';

const days = (n: number) => `${n} дн`;

describe('amounts', () => {
  it.each<[string, string, Language, string]>([
    ['15200.00', 'KZT', 'ru', '15\u202f200\u00a0₸'],
    ['15200.00', 'KZT', 'kk', '15\u202f200\u00a0₸'],
    ['849.50', 'UAH', 'uk', '849,50\u00a0₴'],
    ['15200.00', 'KZT', 'en', '15,200\u00a0₸'],
    ['-18400.00', 'KZT', 'ru', '\u221218\u202f400\u00a0₸'],
    ['90071992547409931.23', 'KZT', 'ru', '90\u202f071\u202f992\u202f547\u202f409\u202f931,23\u00a0₸'],
  ])('%s %s in %s', (value, currency, lang, text) => {
    expect(formatMoney(value, currency, lang, currency)).toBe(text);
  });
  it('names the code of a currency that is not the shop’s', () => {
    expect(formatMoney('1299.00', 'RUB', 'ru', 'KZT')).toBe('1\u202f299\u00a0₽\u00a0RUB');
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

it('phones are read in groups', () => {
  expect(formatPhone('+77771234567')).toBe('+7 777 123 45 67'.replaceAll(' ', '\u00a0'));
  expect(formatPhone('+380671234567')).toBe('+380 67 123 45 67'.replaceAll(' ', '\u00a0'));
  expect(formatNumber('438117204')).toBe('438\u00a0117\u00a0204');
  expect(formatNumber('WB-90418823')).toBe('WB-90418823');
});

describe('keys', () => {
  it('a shortcut is the place of the key, not the letter', () => {
    expect(keyName(new KeyboardEvent('keydown', { key: 'с', code: 'KeyC' }))).toBe('KeyC');
    expect(keyName(new KeyboardEvent('keydown', { key: 'С', code: 'KeyC', shiftKey: true }))).toBe(
      'shift+KeyC',
    );
  });
  it('prints both letters and undoes a wrong layout', () => {
    expect(russianLetter('J')).toBe('О');
    expect(russianLetter('C')).toBe('С');
    expect(otherLayout('vfhbz')).toBe('мария');
  });
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
