import type { Language } from '../api/types';

const collators = new Map<Language, Intl.Collator>();

/** Names in the order of the alphabet of the interface, numbers in them by their value. */
export function byName<T>(list: readonly T[], name: (item: T) => string, lang: Language): T[] {
  if (list.length < 2) return [...list];
  let collator = collators.get(lang);
  if (!collator) {
    // Browsers without Kazakh order its letters beside their Russian relatives, which is close.
    collator = new Intl.Collator([lang, 'ru'], { numeric: true, sensitivity: 'base' });
    collators.set(lang, collator);
  }
  const { compare } = collator;
  return list.toSorted((a, b) => compare(name(a), name(b)));
}
