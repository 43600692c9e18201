import { describe, expect, it } from 'vitest';
import { joins, joinsPlain, type Held } from '../src/base/held';

const group = (over: Partial<Held> = {}): Held => ({
  tokens: ['a'],
  until: 6000,
  text: '',
  toastId: 1,
  action: 'confirm',
  since: 1000,
  ...over,
});

describe('orders acted on one by one', () => {
  it('stand together within two seconds of the first', () => {
    const first = group();
    expect(joins([first], 'confirm', 2900)).toBe(first);
    expect(joins([first], 'confirm', 3000)).toBe(first);
  });

  it('begin a new sentence later, so that one undo never reaches far back', () => {
    expect(joins([group()], 'confirm', 3001)).toBeUndefined();
  });

  it('stand apart when something else was done to them', () => {
    expect(joins([group()], 'cancel', 1500)).toBeUndefined();
    expect(joins([group(), group({ action: 'cancel' })], 'confirm', 1500)).toBeUndefined();
  });

  it('never join a batch, nor a group whose window is over', () => {
    expect(joins([group({ action: undefined })], 'confirm', 1500)).toBeUndefined();
    expect(joins([group()], undefined, 1500)).toBeUndefined();
    expect(joins([group({ until: 1400 })], 'confirm', 1500)).toBeUndefined();
    expect(joins([], 'confirm', 1500)).toBeUndefined();
  });

  it('that go to no marketplace are counted together in the same way', () => {
    const last = { action: 'confirm' as const, since: 1000, count: 2, toastId: 1 };
    expect(joinsPlain(last, 'confirm', 3000)).toBe(true);
    expect(joinsPlain(last, 'confirm', 3001)).toBe(false);
    expect(joinsPlain(last, 'cancel', 1500)).toBe(false);
    expect(joinsPlain(last, undefined, 1500)).toBe(false);
    expect(joinsPlain(null, 'confirm', 1500)).toBe(false);
  });
});
