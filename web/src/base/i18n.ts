import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../api/types';
import { firstLanguage, firstWords, storedLanguage, type LoadWords } from './languages';

export const languageNames: Record<Language, string> = {
  ru: 'Русский',
  kk: 'Қазақша',
  uk: 'Українська',
  en: 'English',
};

/* The words of settings and of the first run. */
const later: Record<Language, LoadWords> = {
  ru: () => import('../text/ru.json?later'),
  kk: () => import('../text/kk.json?later'),
  uk: () => import('../text/uk.json?later'),
  en: () => import('../text/en.json?later'),
};

async function add(lang: Language, load: LoadWords) {
  const texts = (await load()).default;
  const long = localStorage.getItem('sauda.pseudo') ? (await import('./pseudo')).stretchAll(texts) : texts;
  // Merging costs as much as all the rest of it: only what comes later has something to be merged with.
  i18next.addResourceBundle(lang, 'translation', long, i18next.hasResourceBundle(lang, 'translation'), true);
}
let wantLater = false;
const loaded = new Map<LoadWords, Promise<void>>();
const once = (lang: Language, load: LoadWords) => {
  const known = loaded.get(load) ?? add(lang, load);
  loaded.set(load, known);
  known.catch(() => loaded.delete(load));
  return known;
};
const load = (lang: Language) =>
  Promise.all([once(lang, firstWords[lang]), wantLater ? once(lang, later[lang]) : null]);
/** The words of settings and of the first run: whoever shows these waits for it. */
export function loadLater() {
  wantLater = true;
  return load(i18next.language as Language);
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
    showSupportNotice: false,
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
  localStorage.setItem(storedLanguage, lng);
}
