/* The reason of a deadline in words: the examples of the handbook §5, in every language, with its plurals. */
import i18next from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tryout } from '../src/api/types';
import { loadLater, setLanguage, startI18n } from '../src/base/i18n';
import { calendarOf, valuesOf } from '../src/features/deadlines/calendarText';
import { partsWords, spanWords } from '../src/base/deadlineWords';
import { tryoutWords } from '../src/features/deadlines/reason';

const tried = (
  at: string,
  due_at: string | null,
  minutes: number,
  parts: [string, number][],
  zone = 'Asia/Almaty',
): Tryout => ({
  at,
  due_at,
  yellow_at: due_at,
  red_at: due_at,
  time_zone: zone,
  explain: {
    until: due_at,
    source: 'policy',
    policy: 'П',
    clock: parts.length ? 'working' : 'wall',
    calendar: null,
    zone: null,
    from: at,
    minutes,
    used_minutes: 0,
    paused: false,
    parts: parts.map(([day, n]) => ({ day, minutes: n })),
  },
});
const friday = tried('2026-12-18T12:30:00Z', '2026-12-21T05:30:00Z', 120, [
  ['2026-12-18', 30],
  ['2026-12-21', 90],
]);
const t = i18next.t.bind(i18next);

beforeAll(async () => {
  await startI18n();
  await loadLater();
});

describe('the reason of a deadline', () => {
  it.each([
    [
      'ru',
      'Заказ в пятницу, 18 декабря, 17:30 будет к понедельнику, 21 декабря, 10:30: 30 минут в пятницу и 90 минут в понедельник.',
    ],
    [
      'kk',
      'Тапсырыс жұмада, 18 желтоқсан, 17:30 түссе, мерзімі дүйсенбіге, 21 желтоқсан, 10:30: жұмада 30 минут және дүйсенбіде 90 минут.',
    ],
    [
      'uk',
      'Замовлення у п’ятницю, 18 грудня, 17:30 буде до понеділка, 21 грудня, 10:30: 30 хвилин у п’ятницю і 90 хвилин у понеділок.',
    ],
    [
      'en',
      'An order on Friday, 18 December, 17:30 is due by Monday, 21 December, 10:30: 30 minutes on Friday and 90 minutes on Monday.',
    ],
  ] as const)('is a sentence of the language: %s', async (lang, want) => {
    await setLanguage(lang);
    expect(tryoutWords(friday, t)).toBe(want);
  });

  it.each([
    [
      'ru',
      ['1 минута', '2 минуты', '5 минут', '21 минута', '90 минут', '2 часа', '5 часов 1 минута', '24 часа'],
    ],
    [
      'uk',
      [
        '1 хвилина',
        '2 хвилини',
        '5 хвилин',
        '21 хвилина',
        '90 хвилин',
        '2 години',
        '5 годин 1 хвилина',
        '24 години',
      ],
    ],
    [
      'kk',
      ['1 минут', '2 минут', '5 минут', '21 минут', '90 минут', '2 сағат', '5 сағат 1 минут', '24 сағат'],
    ],
    [
      'en',
      [
        '1 minute',
        '2 minutes',
        '5 minutes',
        '21 minutes',
        '90 minutes',
        '2 hours',
        '5 hours 1 minute',
        '24 hours',
      ],
    ],
  ] as const)('counts in the plurals of the language: %s', async (lang, want) => {
    await setLanguage(lang);
    expect([1, 2, 5, 21, 90, 120, 301, 1440].map((n) => spanWords(n, t))).toEqual(want);
  });

  it('tells of one day, of a clock that never stops, and of what never comes', async () => {
    await setLanguage('ru');
    expect(
      tryoutWords(tried('2026-12-19T06:00:00Z', '2026-12-21T05:00:00Z', 60, [['2026-12-21', 60]]), t),
    ).toBe(
      'Заказ в субботу, 19 декабря, 11:00 будет к понедельнику, 21 декабря, 10:00: 60 минут в понедельник.',
    );
    expect(
      tryoutWords(tried('2026-12-15T07:45:00Z', '2026-12-15T09:15:00Z', 30, [['2026-12-15', 30]]), t),
    ).toBe('Заказ во вторник, 15 декабря, 12:45 будет ко вторнику, 15 декабря, 14:15: 30 минут во вторник.');
    expect(tryoutWords(tried('2026-12-18T12:30:00Z', '2026-12-19T12:30:00Z', 1440, []), t)).toBe(
      'Заказ в пятницу, 18 декабря, 17:30 будет к субботе, 19 декабря, 17:30: 24 часа подряд.',
    );
    expect(tryoutWords(tried('2026-12-18T12:30:00Z', null, 60, []), t)).toBe(t('tryout.never'));
    expect(tryoutWords({ ...friday, explain: null }, t)).toBe(t('tryout.none'));
  });

  it('tells many days together, and by dates when a weekday would come twice', async () => {
    await setLanguage('ru');
    const days = (n: number) =>
      Array.from({ length: n }, (_, i) => ({ day: `2026-12-${14 + i}`, minutes: 480 }));
    expect(partsWords(days(3), t)).toBe('8 часов в понедельник, 8 часов во вторник и 8 часов в среду');
    expect(partsWords(days(6), t)).toBe('8 часов в понедельник, 32 часа за 4 дня и 8 часов в субботу');
    expect(partsWords(days(8), t)).toBe('8 часов 14 декабря, 48 часов за 6 дней и 8 часов 21 декабря');
  });
});

describe('a calendar in its form', () => {
  it('goes to the server as it came, and not at all while a day cannot be read', () => {
    const days = [
      [
        ['09:00', '13:00'],
        ['14:00', '18:00'],
      ],
      [],
      [],
      [],
      [],
      [],
      [['00:00', '24:00']],
    ];
    const calendar = {
      id: '1',
      name: 'A',
      zone: 'UTC',
      days,
      holidays: [{ date: '2026-12-16', name: 'День', intervals: [] }],
      version: 1,
    };
    const values = valuesOf(calendar);
    expect(calendarOf(values)).toEqual({ days, holidays: calendar.holidays });
    expect(calendarOf({ ...values, 2: '9' })).toBeNull();
    expect(calendarOf({ ...values, holidays: [{ date: '', name: '', hours: '' }] })).toBeNull();
  });
});
