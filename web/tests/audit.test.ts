import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { steps } from '../src/features/people/AuditPage';
import ru from '../src/text/ru.json';

const root = join(import.meta.dirname, '../../src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.c'))
  .map((f) => readFileSync(join(root, f), 'utf8'))
  .filter((text) => text.includes('audit_write('));

/** The arguments of each call, as they stand in the source. */
function calls(text: string): string[][] {
  const out: string[][] = [];
  for (let at = text.indexOf('audit_write('); at >= 0; at = text.indexOf('audit_write(', at + 1)) {
    const args = [''];
    let depth = 1;
    for (let i = at + 'audit_write('.length; i < text.length; i++) {
      const c = text[i] ?? '';
      if (c === '(') depth++;
      if (c === ')' && --depth === 0) break;
      if (c === ',' && depth === 1) args.push('');
      else args[args.length - 1] += c;
    }
    out.push(args.map((a) => a.trim()));
  }
  return out;
}

const texts = ru as unknown as Record<string, Record<string, string> | undefined>;
const literal = /^STR\("([a-z_.]+)"\)$/;

describe('the log of changes', () => {
  const all = sources.flatMap(calls).filter((a) => a.length >= 7);

  it('has words for every thing that is written about', () => {
    const things = new Set(all.map((a) => literal.exec(a[3] ?? '')?.[1]).filter((e) => e !== undefined));
    expect(things.size).toBeGreaterThan(15);
    expect([...things].filter((e) => !texts.entity?.[e])).toEqual([]);
  });

  it('has words for every change', () => {
    // An action that is put together beside the call stands in the same file, as text.
    const said = sources.flatMap((text) => [
      ...calls(text).flatMap((a) => literal.exec(a[2] ?? '')?.[1] ?? []),
      ...(calls(text).some((a) => !literal.test(a[2] ?? ''))
        ? [
            ...text.matchAll(
              /"((?:account|claim|customers?|order|orders|return|session|user)\.[a-z_]+)"(?!\s*,\s*"(?:SELECT|INSERT|UPDATE|DELETE))/g,
            ),
          ].map((m) => m[1] ?? '')
        : []),
    ]);
    const actions = new Set(said.filter((a) => /^[a-z_]+\.[a-z_]+$/.test(a)));
    expect(actions.size).toBeGreaterThan(80);
    const mute = [...actions].filter((action) => {
      const [about = '', verb = ''] = action.split('.');
      return !texts.audit_action?.[verb] && !texts[steps[about] ?? '']?.[verb];
    });
    expect(mute).toEqual([]);
  });
});
