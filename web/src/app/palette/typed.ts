import type { Language } from '../../api/types';
import { kazakhDigits, otherLayouts } from '../../base/layout';

/* What was typed into the palette: which group is asked for, and the text without that prefix. */

export type Only = 'orders' | 'customers' | 'commands' | null;
export interface Typed {
  only: Only;
  text: string;
  /** Only digits and what people write between them. */
  digits: boolean;
}

/* «з » and «к » by the letter or by its key in the Latin layout; English has letters of its own. */
const prefixes: [RegExp, Only][] = [
  [/^>\s*/, 'commands'],
  [/^[зp]\s/i, 'orders'],
  [/^[кr]\s/i, 'customers'],
];
const english: [RegExp, Only][] = [
  [/^>\s*/, 'commands'],
  [/^[oз]\s/i, 'orders'],
  [/^[cк]\s/i, 'customers'],
];

export function readTyped(raw: string, language: Language): Typed {
  for (const [pattern, only] of language === 'en' ? english : prefixes)
    if (pattern.test(raw)) return plain(raw.replace(pattern, ''), only);
  return plain(raw, null);
}

function plain(raw: string, only: Only): Typed {
  const text = kazakhDigits(raw) ?? raw.trim();
  return { only, text, digits: /\d/.test(text) && /^[\d\s+()\u2212–-]+$/.test(text) };
}

/* Letters that people write for each other are one letter when the match is marked, as in the server's search keys. */
const alike: Record<string, string> = {
  ё: 'е',
  ә: 'а',
  ғ: 'г',
  қ: 'к',
  ң: 'н',
  ө: 'о',
  ұ: 'у',
  ү: 'у',
  һ: 'х',
  і: 'и',
  ї: 'и',
  є: 'е',
  ґ: 'г',
};
const fold = (text: string) => [...text.toLowerCase()].map((c) => alike[c] ?? c).join('');

/** Where in `title` stands what was typed, in whatever layout: from and to, or null. Digits match across the spaces between them,
 *  the last time they occur, for tails are what people know. */
export function findPart(title: string, typed: Typed): [number, number] | null {
  if (!typed.text) return null;
  if (typed.digits) {
    const digits = typed.text.replace(/\D/g, '');
    // A phone may be typed as 8 777…, and is shown as +7 777…
    for (const tail of [digits, digits.replace(/^8(?=\d{10}$)/, ''), digits.slice(-10)]) {
      const all = tail ? [...title.matchAll(new RegExp([...tail].join('[\\s\\u00a0-]?'), 'g'))] : [];
      const last = all.at(-1);
      if (last) return [last.index, last.index + last[0].length];
    }
    return null;
  }
  const inside = fold(title);
  for (const text of [typed.text, ...otherLayouts(typed.text)])
    for (const word of [text, ...text.split(/\s+/)]) {
      const at = word ? inside.indexOf(fold(word)) : -1;
      if (at >= 0) return [at, at + word.length];
    }
  return null;
}

/** Does the name of a section or a command fit what was typed, also in a wrong layout? */
export function fits(name: string, text: string): boolean {
  const inside = fold(name);
  return !text || [text, ...otherLayouts(text)].some((t) => inside.includes(fold(t)));
}
