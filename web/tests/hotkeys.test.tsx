import { render } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  bindings,
  dropPending,
  keyName,
  readBindings,
  rebind,
  setGoMap,
  setSingleKeysOff,
  useHotkeys,
  writeBindings,
  type HotkeyMap,
} from '../src/base/hotkeys';
import { cyrillicLetter, kazakhDigits, otherLayouts } from '../src/base/layout';

function Keys({ map, inText }: { map: HotkeyMap; inText?: boolean }) {
  useHotkeys(map, { inText });
  return <input aria-label="field" />;
}

/* The moment of an event is the test's. */
let at = 0;
function press(code: string, more: KeyboardEventInit & { gap?: number; target?: Element } = {}) {
  const { gap = 500, target = document.body, ...init } = more;
  at += gap;
  const event = new KeyboardEvent('keydown', {
    code,
    key: code.slice(-1),
    bubbles: true,
    cancelable: true,
    ...init,
  });
  Object.defineProperty(event, 'timeStamp', { value: at });
  target.dispatchEvent(event);
  return event;
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  bindings.set(new Map());
  setSingleKeysOff(false);
  document.body.replaceChildren();
});
const settle = () => vi.advanceTimersByTime(200);

describe('shortcuts', () => {
  it('leave Escape to a dialog that is gone before the page hears the key', () => {
    const back = vi.fn();
    render(<Keys map={{ Escape: back }} />);
    const dialog = document.createElement('div');
    dialog.setAttribute('aria-modal', 'true');
    document.body.append(dialog);
    const close = () => dialog.remove();
    window.addEventListener('keydown', close, { capture: true, once: true });
    press('Escape');
    settle();
    expect(back).not.toHaveBeenCalled();
    press('Escape');
    settle();
    expect(back).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['Latin', 'c'],
    ['Russian', 'с'],
    ['Kazakh', 'с'],
    ['Ukrainian', 'с'],
  ])('work by the place of the key in the %s layout', (_name, key) => {
    const done = vi.fn();
    render(<Keys map={{ KeyC: done }} />);
    press('KeyC', { key });
    settle();
    expect(done).toHaveBeenCalledTimes(1);
  });

  it('of a letter never act in a text field, those with Ctrl do', () => {
    const [plain, palette] = [vi.fn(), vi.fn()];
    const { container } = render(<Keys map={{ KeyC: plain, 'mod+KeyK': palette }} inText />);
    const field = container.querySelector('input') as HTMLInputElement;
    render(<Keys map={{ KeyC: plain }} />);
    press('KeyN', { target: field });
    press('KeyK', { target: field, ctrlKey: true });
    settle();
    expect(palette).toHaveBeenCalledTimes(1);
    expect(plain).not.toHaveBeenCalled();
  });

  it('of one letter can be switched off; G and Ctrl K go on or off with them as they should', () => {
    const [one, go, palette] = [vi.fn(), vi.fn(), vi.fn()];
    setSingleKeysOff(true);
    setGoMap({ KeyO: go });
    render(<Keys map={{ KeyC: one, 'mod+KeyK': palette, Escape: one }} />);
    for (const code of ['KeyC', 'KeyG', 'KeyO']) press(code);
    press('KeyK', { ctrlKey: true });
    press('Escape');
    settle();
    expect([one.mock.calls.length, go.mock.calls.length, palette.mock.calls.length]).toEqual([1, 0, 1]);
  });

  it('G and a letter go to a section within a second, not later', () => {
    const go = vi.fn();
    setGoMap({ KeyO: go });
    render(<Keys map={{}} />);
    press('KeyG');
    settle();
    press('KeyO');
    settle();
    expect(go).toHaveBeenCalledTimes(1);
    press('KeyG');
    settle();
    vi.advanceTimersByTime(1000);
    press('KeyO');
    settle();
    expect(go).toHaveBeenCalledTimes(1);
  });

  it('pressed in a quick row all act, in their order', () => {
    const done: string[] = [];
    render(<Keys map={{ KeyX: () => void done.push('x'), KeyC: () => void done.push('c') }} />);
    press('KeyX');
    press('KeyC', { gap: 10 });
    press('KeyX', { gap: 10 });
    settle();
    expect(done).toEqual(['x', 'c', 'x']);
  });

  it('that a scanner typed do nothing', () => {
    const done = vi.fn();
    render(<Keys map={{ KeyC: done, Digit1: done }} />);
    press('KeyC');
    for (let i = 0; i < 5; i++) press('Digit1', { gap: 10 });
    vi.advanceTimersByTime(80);
    dropPending();
    settle();
    expect(done).not.toHaveBeenCalled();
  });
});

describe('keys bound anew', () => {
  it('change places with what had the key', () => {
    const map = rebind(new Map(), 'KeyC', 'KeyV');
    expect(writeBindings(map)).toBe('KeyC=KeyV,KeyV=KeyC');
    bindings.set(map);
    expect(keyName(new KeyboardEvent('keydown', { code: 'KeyV' }))).toBe('KeyC');
    expect(keyName(new KeyboardEvent('keydown', { code: 'KeyC' }))).toBe('KeyV');
    expect(keyName(new KeyboardEvent('keydown', { code: 'KeyV', shiftKey: true }))).toBe('shift+KeyC');
    expect(keyName(new KeyboardEvent('keydown', { code: 'KeyV', ctrlKey: true }))).toBe('mod+KeyV');
  });
  it('go back, and then nothing is kept', () => {
    const map = rebind(rebind(new Map(), 'KeyC', 'KeyV'), 'KeyC', 'KeyC');
    expect(writeBindings(map)).toBe('');
  });
  it('round three letters each still do one thing', () => {
    let map = rebind(new Map(), 'KeyC', 'KeyV');
    map = rebind(map, 'KeyN', 'KeyV');
    const used = ['KeyC', 'KeyV', 'KeyN'].map((usual) => map.get(usual) ?? usual);
    expect(new Set(used).size).toBe(3);
    expect(map.get('KeyN')).toBe('KeyV');
  });
  it('are read from what the server kept, and nonsense is passed over', () => {
    expect([...readBindings('KeyC=KeyV,KeyV=KeyC')]).toEqual([
      ['KeyC', 'KeyV'],
      ['KeyV', 'KeyC'],
    ]);
    expect([...readBindings('KeyC,=,KeyC=<b>,Digit1=KeyC')]).toEqual([]);
  });
});

describe('layouts', () => {
  it('print both letters of a key', () => {
    expect(cyrillicLetter('J')).toBe('О');
    expect(cyrillicLetter('C')).toBe('С');
    expect(cyrillicLetter('S')).toBe('Ы');
    expect(cyrillicLetter('S', 'uk')).toBe('І');
    expect(cyrillicLetter('1')).toBeNull();
  });
  it.each<[string, string[]]>([
    ['vfhbz', ['мария']],
    ['VFHBZ', ['мария']],
    ['csxtym', ['сычень', 'січень']],
    ['2lbk', ['2дил', 'әдил']],
    ['мария', ['vfhbz']],
    ['шзрщту', ['iphone']],
    ['мария maria', []],
    ['4567', []],
    ['', []],
  ])('%j was meant as %j', (typed, meant) => {
    expect(otherLayouts(typed)).toEqual(meant);
  });
  it.each([
    ['ңғ,.', '4567'],
    ['"әі', '123'],
    ['ңғ', null],
    ['мария', null],
    ['4567', null],
  ])('%j on the Kazakh row of digits is %j', (typed, digits) => {
    expect(kazakhDigits(typed)).toBe(digits);
  });
});
