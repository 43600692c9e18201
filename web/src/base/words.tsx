import i18next from 'i18next';
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/* The words of the language for what a list draws many of: the library's own hook subscribes each caller anew, and a row of the
 * desk has a dozen of them. */

interface Words {
  t: typeof i18next.t;
  i18n: typeof i18next;
}
const bare: Words = { t: i18next.t, i18n: i18next };
const WordsContext = createContext(bare);

type Values = Record<string, unknown>;
/** What only puts its values in their places: no plural, no words of the caller's own. */
const isPlain = (values: unknown): values is Values =>
  typeof values === 'object' &&
  values !== null &&
  !['count', 'context', 'defaultValue', 'lng'].some((k) => k in values);
const fill = (words: string, values: Values) =>
  words.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));

/** Words are looked up once; those with a name or a number in them are kept with the places for these. */
function remembering(t: Words['t']): Words['t'] {
  const ask = t as unknown as (key: string, ...rest: unknown[]) => string;
  const known = new Map<string, string>();
  const look = (key: string, ...rest: unknown[]): string => {
    const [values] = rest;
    if (typeof key !== 'string' || rest.length > 1 || (rest.length && !isPlain(values)))
      return ask(key, ...rest);
    const found = known.get(key) ?? ask(key, { skipInterpolation: true });
    // A key without words yet may get them with the later texts.
    if (found !== key) known.set(key, found);
    return values ? fill(found, values as Values) : found;
  };
  return look as unknown as Words['t'];
}

export function WordsProvider({ children }: { children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const words = useMemo(() => ({ t: remembering(t), i18n }), [t, i18n]);
  return <WordsContext value={words}>{children}</WordsContext>;
}

export const useWords = () => useContext(WordsContext);
