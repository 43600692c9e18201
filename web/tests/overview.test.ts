import { describe, expect, it } from 'vitest';
import type { Permission } from '../src/api/types';
import { firstBlocks, keptBlocks, movedBlock } from '../src/features/overview/blocks';
import { heightsOf, percentText, periodOf } from '../src/features/overview/figures';

const rights =
  (...list: Permission[]) =>
  (p: Permission) =>
    list.includes(p);
const manager = rights('orders.see', 'orders.work', 'picking', 'prices.see');
const accountant = rights('orders.see', 'prices.see');

describe('blocks of the first screen', () => {
  it('begin with money for an owner and with urgency for a manager', () => {
    expect(firstBlocks(['owner'], manager)[0]).toBe('figures');
    expect(firstBlocks(['manager'], manager)[0]).toBe('fresh');
  });
  it('show no urgency to an accountant', () => {
    expect(firstBlocks(['accountant'], accountant)).not.toContain('fresh');
    expect(keptBlocks(['fresh', 'money'], accountant)).toEqual(['money']);
  });
  it('are read from what was kept without strangers and repetitions', () => {
    expect(keptBlocks(['path', 'nonsense', 'path', 7, 'fresh'], manager)).toEqual(['path', 'fresh']);
    expect(keptBlocks(undefined, manager)).toBe(null);
    expect(keptBlocks([], manager)).toEqual([]);
  });
  it('move by one place and stay at the edge', () => {
    expect(movedBlock(['path', 'fresh'], 'fresh', -1)).toEqual(['fresh', 'path']);
    expect(movedBlock(['path', 'fresh'], 'path', -1)).toEqual(['path', 'fresh']);
  });
});

describe('figures', () => {
  it.each([
    [1240, 'ru', '12'],
    [320, 'ru', '3,2'],
    [-75, 'en', '0.8'],
  ])('%i hundredths of a per cent in %s are «%s»', (bp, lang, text) => {
    expect(percentText(bp, lang)).toBe(text);
  });
  it('have no heights where nothing is known', () => {
    const day = {
      day: '2026-12-16',
      orders: 2,
      cancelled: 0,
      sum: '10.00',
      average: null,
      minutes: null,
      query: '',
    };
    expect(heightsOf([day], 'revenue')).toEqual([10]);
    expect(heightsOf([day], 'average')).toEqual([null]);
    expect(heightsOf([day], 'profit')).toEqual([]);
  });
  it('of an unknown period are those of today', () => {
    expect([periodOf('7'), periodOf('8'), periodOf(undefined)]).toEqual([7, 1, 1]);
  });
});
