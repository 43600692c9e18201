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
  ...['accent', 'red', 'amber', 'green', 'violet'].flatMap((t) =>
    surfaces.map((s) => [t, s] as [string, string]),
  ),
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
  ['on-ink', 'ink-hover'],
];
const controls: [string, string][] = [
  ['control', 'surface'],
  ['accent', 'surface'],
  ...[1, 2, 3, 4, 5, 6].map((n) => [`chart-${n}`, 'surface'] as [string, string]),
];
/* The letter of a channel's badge on its tint; the shop's own site has no tint. */
const badges: [string, string][] = [
  ...['kaspi', 'wildberries', 'ozon', 'yandex', 'aliexpress'].map((c) => [c, `${c}-bg`] as [string, string]),
  ['site', 'surface'],
];
/* The figures that the design names, light and dark: a token that drifts is noticed even where it stays readable. */
const named: [string, string, number, number][] = [
  ['text', 'surface', 17.8, 14.9],
  ['text', 'bg', 16.0, 16.1],
  ['text-2', 'surface', 8.0, 9.2],
  ['text-2', 'bg', 7.1, 9.9],
  ['text-3', 'surface', 5.4, 6.1],
  ['text-3', 'bg', 4.8, 6.6],
  ['control', 'surface', 3.1, 3.8],
  ['on-ink', 'ink', 16.4, 15.1],
  ['accent', 'surface', 6.0, 8.8],
  ['accent', 'bg', 5.4, 9.6],
  ['on-fill', 'red-fill', 6.6, 4.8],
  ['red', 'surface', 6.6, 6.3],
  ['on-fill', 'red-dark', 10.6, 7.3],
  ['red-text', 'red-bg', 7.2, 9.3],
  ['amber', 'amber-bg', 6.7, 9.1],
  ['green', 'green-bg', 5.9, 8.1],
  ['violet', 'violet-bg', 6.6, 6.9],
  ['chart-1', 'surface', 7.1, 7.9],
  ['chart-2', 'surface', 3.4, 9.3],
  ['chart-3', 'surface', 5.2, 5.9],
  ['chart-4', 'surface', 4.0, 6.4],
  ['chart-5', 'surface', 8.5, 4.3],
  ['chart-6', 'surface', 3.7, 5.7],
];

describe.each(['light', 'dark'] as const)('X-8: colours, %s', (theme) => {
  const value = (name: string) => {
    const pair = tokens.get(name);
    if (!pair) throw new Error(`no token ${name}`);
    return theme === 'light' ? pair[0] : pair[1];
  };
  it.each(text)('%s is readable on %s', (a, b) => {
    expect(contrast(value(a), value(b))).toBeGreaterThanOrEqual(4.5);
  });
  it.each(badges)('the letter of %s stands out on %s', (a, b) => {
    expect(contrast(value(a), value(b))).toBeGreaterThanOrEqual(5.5);
  });
  it.each(named)('%s on %s is what the design says', (a, b, light, dark) => {
    const said = theme === 'light' ? light : dark;
    expect(Math.abs(contrast(value(a), value(b)) - said)).toBeLessThan(0.16);
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
