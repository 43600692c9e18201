/* Texts made a third longer, for tests of layouts: what fits them fits every language. Switched on by `sauda.pseudo` in the
 * browser's storage; loaded only then. */

/** Each word grows by its last letter; placeholders stay. */
export function stretch(text: string): string {
  return text
    .split(/(\{\{\w+\}\})/)
    .map((part, i) =>
      i % 2
        ? part
        : part.replace(/\p{L}+/gu, (word) => word + (word.at(-1) ?? '').repeat(Math.ceil(word.length * 0.4))),
    )
    .join('');
}

type Tree = { [key: string]: string | Tree };
export function stretchAll(texts: object): object {
  return Object.fromEntries(
    Object.entries(texts as Tree).map(([k, v]) => [k, typeof v === 'string' ? stretch(v) : stretchAll(v)]),
  );
}
