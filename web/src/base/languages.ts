import type { Language } from '../api/types';

export const languages: Language[] = ['ru', 'kk', 'uk', 'en'];

export type LoadWords = () => Promise<{ default: object }>;
/** What the first screens say. */
export const firstWords: Record<Language, LoadWords> = {
  ru: () => import('../text/ru.json?first'),
  kk: () => import('../text/kk.json?first'),
  uk: () => import('../text/uk.json?first'),
  en: () => import('../text/en.json?first'),
};

export const storedLanguage = 'sauda.language';

export function firstLanguage(): Language {
  const kept = localStorage.getItem(storedLanguage);
  return languages.includes(kept as Language) ? (kept as Language) : 'ru';
}

export const loadFirst = () => firstWords[firstLanguage()]();
