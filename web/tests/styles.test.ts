import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

/* Styles of Mantine come file by file, and screens come chunk by chunk: whatever is loaded by itself must bring the sheets of the
 * components in it, or they are drawn bare until another screen happens to have brought them. */
const src = resolve(__dirname, '../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((f) => /\.(tsx?|css)$/.test(f))
  .map((f) => join(src, f));
const text = new Map(files.map((f) => [f, readFileSync(f, 'utf8')]));
const sheetsOf = (css: string) => [...css.matchAll(/@mantine\/core\/styles\/(\w+)\.css/g)].map((m) => m[1]);
const forms = sheetsOf(text.get(join(src, 'ui/forms.css')) ?? '');
const base = new Set(sheetsOf(text.get(join(src, 'ui/mantine.css')) ?? ''));

/* Components that are drawn with a sheet of another name. */
const drawnWith: Record<string, string[]> = {
  Select: ['Combobox'],
  MultiSelect: ['Combobox', 'Pill', 'PillsInput'],
  TagsInput: ['Combobox', 'Pill', 'PillsInput'],
  Autocomplete: ['Combobox'],
};

const target = (from: string, path: string) =>
  ['', '.ts', '.tsx', '/index.ts']
    .map((end) => resolve(dirname(from), path) + end)
    .find((f) => existsSync(f) && text.has(f));

function closure(entry: string): Set<string> {
  const seen = new Set([entry]);
  for (const file of seen)
    for (const [, path = ''] of (text.get(file) ?? '').matchAll(
      /^(?:import|export)[^'"]*?['"](\.[^'"]+)['"]/gms,
    )) {
      const found = target(file, path);
      if (found) seen.add(found);
    }
  return seen;
}

const importers = new Map<string, string[]>([[join(src, 'main.tsx'), []]]);
for (const [file, code] of text)
  for (const [, path = ''] of code.matchAll(/import\(\s*['"](\.[^'"]+)['"]\s*\)/g)) {
    const found = target(file, path);
    if (found && /\.tsx?$/.test(found)) importers.set(found, [...(importers.get(found) ?? []), file]);
  }

test.each([...importers.keys()].map((f) => [f.slice(src.length + 1), f]))(
  '%s brings the styles of what it draws',
  (_, entry) => {
    const loaded = closure(entry);
    const code = [...loaded].map((f) => text.get(f) ?? '').join('\n');
    const before = (importers.get(entry) ?? []).map((f) =>
      sheetsOf([...closure(f)].map((g) => text.get(g) ?? '').join('\n')),
    );
    const already = before.length ? before.reduce((a, b) => a.filter((x) => b.includes(x))) : [];
    const has = new Set([...base, ...already, ...sheetsOf(code)]);
    const used = [...code.matchAll(/^import \{([^}]*)\} from '@mantine\/core'/gms)]
      .flatMap(([, names = '']) => names.split(','))
      .map((n) => n.trim().replace(/^type .*/, ''));
    const missing = used.flatMap((n) => drawnWith[n] ?? [n]).filter((n) => forms.includes(n) && !has.has(n));
    expect([...new Set(missing)]).toEqual([]);
  },
);
