import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../api/types';

export const languages: Language[] = ['ru', 'kk', 'uk', 'en'];
export const languageNames: Record<Language, string> = {
  ru: 'Русский',
  kk: 'Қазақша',
  uk: 'Українська',
  en: 'English',
};

const loaders: Record<Language, () => Promise<{ default: object }>> = {
  ru: () => import('../text/ru.json'),
  kk: () => import('../text/kk.json'),
  uk: () => import('../text/uk.json'),
  en: () => import('../text/en.json'),
};

const stored = 'sauda.language';

export function firstLanguage(): Language {
  const kept = localStorage.getItem(stored);
  return languages.includes(kept as Language) ? (kept as Language) : 'ru';
}

async function load(lang: Language) {
  if (i18next.hasResourceBundle(lang, 'translation')) return;
  const texts = (await loaders[lang]()).default;
  const long = localStorage.getItem('sauda.pseudo') ? (await import('./pseudo')).stretchAll(texts) : texts;
  i18next.addResourceBundle(lang, 'translation', long);
}

const kazakh = {
  select: (n: number) => (n === 1 ? 'one' : 'other'),
  resolvedOptions: () => ({ pluralCategories: ['one', 'other'] }),
};

/* Browsers without Kazakh data count by the rules of their own language; ours are one and other. */
function teachKazakh() {
  const resolver = i18next.services.pluralResolver as {
    getRule: (code: string, ...rest: unknown[]) => unknown;
  };
  const known = resolver.getRule.bind(resolver);
  resolver.getRule = (code, ...rest) => (code.startsWith('kk') ? kazakh : known(code, ...rest));
}

export async function startI18n() {
  const lng = firstLanguage();
  await i18next.use(initReactI18next).init({
    lng,
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  teachKazakh();
  await load(lng);
  await i18next.changeLanguage(lng);
  document.documentElement.lang = lng;
}

export async function setLanguage(lng: Language) {
  if (i18next.language === lng) return;
  await load(lng);
  await i18next.changeLanguage(lng);
  document.documentElement.lang = lng;
  localStorage.setItem(stored, lng);
}
