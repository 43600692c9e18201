import { describe, expect, it } from 'vitest';
import { createScanner, latinSign, type Field } from '../src/base/scanner';

/* A clock of the test's own: every key comes with its moment. */
function bench() {
  const scans: [string, Field | null][] = [];
  const scanner = createScanner((text, leaked) => scans.push([text, leaked]));
  let at = 1000;
  const press = (code: string, gap: number, shift = false, field: Field | null = null) => {
    at += gap;
    return scanner.key({ code, shift }, at, () => field);
  };
  const type = (text: string, gap: number, field: Field | null = null) => {
    for (const c of text)
      press(/\d/.test(c) ? `Digit${c}` : `Key${c.toUpperCase()}`, gap, /[A-Z]/.test(c), field);
  };
  const quiet = (ms: number) => {
    at += ms;
    scanner.silence(at);
  };
  return { scans, press, type, quiet };
}

describe('a scanner', () => {
  it.each(['Enter', 'NumpadEnter', 'Tab'])('is a quick burst that ends with %s', (end) => {
    const b = bench();
    b.type('438117204', 10);
    expect(b.press(end, 10)).toBe(true);
    expect(b.scans).toEqual([['438117204', null]]);
  });

  it('or with 80 ms of silence, not before', () => {
    const b = bench();
    b.type('438117204', 20);
    b.quiet(79);
    expect(b.scans).toEqual([]);
    b.quiet(1);
    expect(b.scans).toEqual([['438117204', null]]);
  });

  it('is not a person: one slow key begins anew', () => {
    const b = bench();
    b.type('43811', 10);
    b.type('7204', 36);
    expect(b.press('Enter', 10)).toBe(false);
    expect(b.scans).toEqual([]);
  });

  it('types at 35 ms at the slowest, and six keys at the least', () => {
    const b = bench();
    b.type('12345', 35);
    expect(b.press('Enter', 35)).toBe(false);
    b.type('123456', 35);
    expect(b.press('Enter', 35)).toBe(true);
    expect(b.scans.map((s) => s[0])).toEqual(['123456']);
  });

  it('is not held back by the Enter of a person who typed quickly and then thought', () => {
    const b = bench();
    b.type('4381172', 30);
    expect(b.press('Enter', 60)).toBe(false);
  });

  it('is read by the places of the keys, whatever layout was on', () => {
    const b = bench();
    b.type('WB90418823', 5);
    b.press('Minus', 5);
    b.press('Digit1', 5);
    b.press('Enter', 5);
    expect(b.scans[0]?.[0]).toBe('WB90418823-1');
  });

  it('swallows what comes after the sixth key, and tells which field it leaked into', () => {
    const field = { element: document.createElement('input'), value: 'до', start: 2, end: 2 };
    const b = bench();
    const swallowed = [...'12345678'].map((c) => b.press(`Digit${c}`, 8, false, field));
    expect(swallowed).toEqual([false, false, false, false, false, false, true, true]);
    b.press('Enter', 8, false, field);
    expect(b.scans).toEqual([['12345678', field]]);
  });

  it('with Shift held for a letter is still one burst', () => {
    const b = bench();
    for (const c of '0147') b.press(`Digit${c}`, 6);
    b.press('ShiftLeft', 6, true);
    b.press('KeyA', 6, true);
    b.press('KeyB', 6);
    b.press('Enter', 6);
    expect(b.scans[0]?.[0]).toBe('0147Ab');
  });

  it.each<[string, boolean, string]>([
    ['KeyC', false, 'c'],
    ['KeyC', true, 'C'],
    ['Digit7', false, '7'],
    ['Digit7', true, '&'],
    ['Numpad7', false, '7'],
    ['Minus', false, '-'],
    ['Slash', false, '/'],
    ['F5', false, ''],
    ['ArrowDown', false, ''],
  ])('%s with shift %s is %j', (code, shift, sign) => {
    expect(latinSign({ code, shift })).toBe(sign);
  });
  it('knows Caps Lock', () => {
    expect(latinSign({ code: 'KeyC', shift: false, caps: true })).toBe('C');
    expect(latinSign({ code: 'KeyC', shift: true, caps: true })).toBe('c');
  });
});
