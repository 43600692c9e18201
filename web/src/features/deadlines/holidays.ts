import type { Language } from '../../api/types';
import type { SpecialDay } from './calendarText';

/* National days off by country and year, as the laws stood when the files were made. They are a beginning: what a calendar has
 * loaded is edited there like any other day. */
export const holidayCountries = ['KZ', 'RU', 'UA'] as const;
export type HolidayCountry = (typeof holidayCountries)[number];
export const holidayYears = ['2026', '2027'] as const;

interface File {
  years: Record<string, { date: string; name: Record<Language, string> }[]>;
}
const files: Record<HolidayCountry, () => Promise<{ default: File }>> = {
  KZ: () => import('./holidays/KZ.json'),
  RU: () => import('./holidays/RU.json'),
  UA: () => import('./holidays/UA.json'),
};

/** The days of the year that the calendar does not have yet, in the order of the days. */
export async function holidaysOf(
  country: HolidayCountry,
  year: string,
  language: Language,
  known: SpecialDay[],
): Promise<SpecialDay[]> {
  const file = (await files[country]()).default;
  const have = new Set(known.map((h) => h.date));
  return (file.years[year] ?? [])
    .filter((h) => !have.has(h.date))
    .map((h) => ({ date: h.date, name: h.name[language], hours: '' }));
}
