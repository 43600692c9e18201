import { describe, expect, it } from 'vitest';
import { dayLater, monthLater, readDay, readTime, weeksOf, writeDay } from '../src/ui/dayText';

describe('days as people type them', () => {
  it.each([
    ['16.12.2026', '2026-12-16'],
    ['1.2.2026', '2026-02-01'],
    ['16/12/2026', '2026-12-16'],
    ['16122026', '2026-12-16'],
    [' 2026-12-16 ', '2026-12-16'],
    ['29.02.2028', '2028-02-29'],
  ])('%s is %s', (text, day) => expect(readDay(text)).toBe(day));
  it.each([
    '',
    '16',
    '16.12',
    '16.12.',
    '16.12.20',
    '31.02.2026',
    '29.02.2026',
    '00.01.2026',
    '12.13.2026',
    'завтра',
    '16.12.0026',
  ])('«%s» is no day', (text) => expect(readDay(text)).toBeNull());
  it('a day is written back as it is typed', () => expect(writeDay('2026-12-16')).toBe('16.12.2026'));
  it.each([
    ['9:05', '09:05'],
    ['23.59', '23:59'],
    ['0905', '09:05'],
    ['24:00', null],
    ['9:60', null],
    ['9', null],
  ])('%s o’clock is %s', (text, time) => expect(readTime(text)).toBe(time));
});

describe('the month that hangs below', () => {
  it('begins on the Monday before the first', () => {
    expect(weeksOf('2026-12-16')[0]?.[0]).toBe('2026-11-30');
    expect(weeksOf('2026-06-30')[0]?.[0]).toBe('2026-06-01');
    expect(weeksOf('2026-12-16').flat()).toHaveLength(42);
  });
  it('walks over ends of months and years', () => {
    expect(dayLater('2026-12-31', 1)).toBe('2027-01-01');
    expect(dayLater('2026-03-01', -1)).toBe('2026-02-28');
    expect(monthLater('2026-01-31', 1)).toBe('2026-02-28');
    expect(monthLater('2026-12-16', 1)).toBe('2027-01-16');
    expect(monthLater('2026-01-16', -1)).toBe('2025-12-16');
  });
});
