import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unusedColors, unusedParts } from '../vite.config';

const root = `${process.cwd()}/src`;
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((f) => /\.(tsx?|css)$/.test(f))
  .map((f) => ({ where: f, text: readFileSync(`${root}/${f}`, 'utf8') }));
const users = (pattern: RegExp) => sources.filter((s) => pattern.test(s.text)).map((s) => s.where);

describe('What the build leaves out', () => {
  it.each(Object.entries(unusedParts))('%s is used without its %s', (whole, parts) => {
    const names = parts.split(' ');
    expect(users(new RegExp(`\\b${whole}\\.?(${names.join('|')})\\b`))).toEqual([]);
  });
  it('is no colour of a screen', () => {
    const name = unusedColors.join('|');
    expect(users(new RegExp(`mantine-color-(${name})|(color|c|bg)=["'{]+(${name})\\b`))).toEqual([]);
  });
});
