import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, '../src/tokens.css'), 'utf8');
const tokens = new Map<string, [string, string]>();
for (const m of css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g))
  tokens.set(m[1] ?? '', [m[2] ?? '', m[3] ?? '']);

function luminance(hex: string): number {
  const part = (i: number) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const surfaces = ['bg', 'surface', 'surface-2', 'surface-3', 'row-selected', 'row-burning'];
const text: [string, string][] = [
  ...['text', 'text-2', 'text-3'].flatMap((t) => surfaces.map((s) => [t, s] as [string, string])),
  ...['accent', 'red', 'amber', 'green', 'violet'].map((t) => [t, 'surface'] as [string, string]),
  ['accent', 'bg'],
  ['accent', 'accent-bg'],
  ['on-ink', 'ink'],
  ['on-fill', 'red-fill'],
  ['on-fill', 'red-dark'],
  ['red-text', 'red-bg'],
  ['amber', 'amber-bg'],
  ['green', 'green-bg'],
  ['violet', 'violet-bg'],
  ['mark-text', 'mark'],
  ['bar-text', 'bar'],
  ['bar-text-2', 'bar'],
  ['bar-amber', 'bar'],
  ...['kaspi', 'wildberries', 'ozon', 'yandex', 'aliexpress'].map((c) => [c, `${c}-bg`] as [string, string]),
  ['site', 'surface'],
];
const controls: [string, string][] = [
  ['control', 'surface'],
  ['accent', 'surface'],
  ['chart-1', 'surface'],
];

describe.each(['light', 'dark'] as const)('colours, %s', (theme) => {
  const value = (name: string) => {
    const pair = tokens.get(name);
    if (!pair) throw new Error(`no token ${name}`);
    return theme === 'light' ? pair[0] : pair[1];
  };
  it.each(text)('%s is readable on %s', (a, b) => {
    expect(contrast(value(a), value(b))).toBeGreaterThanOrEqual(4.5);
  });
  it.each(controls)('%s is visible on %s', (a, b) => {
    expect(contrast(value(a), value(b))).toBeGreaterThanOrEqual(3);
  });
});

it('components write no colour of their own', () => {
  const files = import.meta.glob('../src/**/*.{css,tsx}', {
    query: '?raw',
    import: 'default',
    eager: true,
  }) as Record<string, string>;
  const found = Object.entries(files)
    .filter(([path]) => !path.endsWith('tokens.css'))
    .flatMap(([path, body]) => [...body.matchAll(/#[0-9a-fA-F]{6}\b/g)].map((m) => `${path} ${m[0]}`));
  expect(found).toEqual([]);
});
