import { describe, expect, it } from 'vitest';
import { itemAt, Places, spanOf, topsOf } from '../src/ui/useWindow';

const tops = topsOf([32, 40, 40, 40, 32, 40]);

describe('the part of a list that is in sight', () => {
  it('knows where each item stands', () => {
    expect([...tops]).toEqual([0, 32, 72, 112, 152, 184, 224]);
  });
  it.each([
    [0, 0],
    [31, 0],
    [32, 1],
    [151, 3],
    [152, 4],
    [9999, 5],
  ])('finds the item at %i', (y, item) => {
    expect(itemAt(tops, y)).toBe(item);
  });
  it.each([
    ['its beginning', 0, 72, 0, { from: 0, to: 2 }],
    ['its middle', 72, 80, 0, { from: 2, to: 4 }],
    ['its middle and one more on both sides', 72, 80, 1, { from: 1, to: 5 }],
    ['its end', 200, 500, 3, { from: 2, to: 6 }],
    ['a place before the beginning', -50, 100, 0, { from: 0, to: 2 }],
  ])('is %s', (_name, top, height, more, span) => {
    expect(spanOf(tops, top, height, more)).toEqual(span);
  });
  it('is nothing of an empty list', () => {
    expect(spanOf(topsOf([]), 0, 500, 6)).toEqual({ from: 0, to: 0 });
  });
});

describe('places that rows are drawn in', () => {
  it('stay with a row, and go to the next one when it leaves', () => {
    const places = new Places();
    expect([...places.assign(['a', 'b', 'c']).values()]).toEqual([0, 1, 2]);
    expect([...places.assign(['b', 'c', 'd'])]).toEqual([
      ['b', 1],
      ['c', 2],
      ['d', 0],
    ]);
    expect(places.assign(['x', 'b', 'c', 'd']).get('x')).toBe(3);
  });
});
