/* What the clock of the shop shows, wherever the reader sits. */
import { describe, expect, it } from 'vitest';
import { dayIn, instantIn } from '../src/base/zone';

const at = (text: string) => Date.parse(text);

describe('the day in a zone', () => {
  it.each([
    ['Asia/Almaty', '2026-12-16T18:59:59Z', '2026-12-16'],
    ['Asia/Almaty', '2026-12-16T19:00:00Z', '2026-12-17'],
    ['Europe/Kyiv', '2026-12-31T21:59:00Z', '2026-12-31'],
    ['Europe/Kyiv', '2026-12-31T22:00:00Z', '2027-01-01'],
    ['America/New_York', '2027-01-01T04:59:00Z', '2026-12-31'],
    ['UTC', '2028-02-29T23:59:59.999Z', '2028-02-29'],
  ])('%s at %s is %s', (zone, moment, day) => expect(dayIn(zone, at(moment))).toBe(day));
});

describe('the moment of a day and a time', () => {
  it.each([
    ['Asia/Almaty', '2026-12-17', '09:00', '2026-12-17T04:00:00Z'],
    ['Asia/Kolkata', '2026-12-17', '09:00', '2026-12-17T03:30:00Z'],
    ['UTC', '2026-12-31', '23:59', '2026-12-31T23:59:00Z'],
    ['Europe/Kyiv', '2026-07-01', '09:00', '2026-07-01T06:00:00Z'],
    ['Europe/Kyiv', '2026-12-01', '09:00', '2026-12-01T07:00:00Z'],
  ])('%s %s %s is %s', (zone, day, time, moment) => expect(instantIn(zone, day, time)).toBe(moment));

  it.each([
    ['2026-03-29', '02:59', '2026-03-29T00:59:00Z'],
    ['2026-03-29', '04:00', '2026-03-29T01:00:00Z'],
    ['2026-10-25', '02:59', '2026-10-24T23:59:00Z'],
    ['2026-10-25', '05:00', '2026-10-25T03:00:00Z'],
  ])('holds on both sides of a change of clocks in Kyiv: %s %s', (day, time, moment) =>
    expect(instantIn('Europe/Kyiv', day, time)).toBe(moment),
  );

  it.each([
    ['', '09:00'],
    ['2026-12-17', ''],
    ['2026-13-40', '09:00'],
  ])('is none when it is not whole: %j %j', (day, time) => expect(instantIn('Asia/Almaty', day, time)).toBeNull());
});
