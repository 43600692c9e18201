import { describe, expect, it } from 'vitest';
import type { Page, PresenceRow, QueueRow } from '../src/api/types';
import { dayAt, dayStart } from '../src/base/days';
import { withEntry } from '../src/base/presence';
import { keepOrder } from '../src/base/rows';
import { asksClosed, effective, toQuery, toSearch } from '../src/features/orders/address';
import { withHead } from '../src/features/orders/query';
import { changed } from '../src/base/selection';
import type { View } from '../src/api/types';

const rows = (ids: string) => [...ids].map((id) => ({ id }) as QueueRow);
const pages = (...all: string[]): Page<QueueRow>[] => all.map((ids) => ({ items: rows(ids), next: null }));
const text = (list: QueueRow[]) => list.map((r) => r.id).join('');

describe('a deep list whose first page alone is read again', () => {
  it.each([
    ['is as it was when nothing happened', 'abcd', 'abcdefgh'],
    ['has the new ones in their places', 'axbc', 'axbcdefgh'],
    ['loses those that left the first page', 'acd', 'acdefgh'],
    ['keeps those that were pushed out of it', 'xyab', 'xyabcdefgh'],
    ['loses many at once', 'aefg', 'aefgh'],
    ['is put before the rest when nothing of it was known', 'wxyz', 'wxyzabcdefgh'],
  ])('%s', (_name, head, expected) => {
    expect(text(withHead(pages('abcd', 'efgh'), { items: rows(head), next: 'more' }))).toBe(expected);
  });
  it('is only its pages before that', () => {
    expect(text(withHead(pages('ab', 'cd'), undefined))).toBe('abcd');
    expect(text(withHead([], { items: rows('ab'), next: null }))).toBe('');
  });
  it('is the first page alone when no more is left', () => {
    expect(text(withHead(pages('abcd', 'efgh'), { items: rows('ac'), next: null }))).toBe('ac');
  });
});

describe('rows under the hand', () => {
  it('stay while new ones only are counted', () => {
    expect(keepOrder(['a', 'b'], ['x', 'a', 'y', 'b'], false)).toEqual({ ids: ['a', 'b'], waiting: 2 });
  });
  it('grow at the end while the list is being read', () => {
    expect(keepOrder(['a', 'b'], ['x', 'a', 'b', 'c'], true)).toEqual({ ids: ['a', 'b', 'c'], waiting: 1 });
  });
});

describe('a selection', () => {
  it('flips rows by id', () => {
    expect([...changed(new Set(['a']), ['a', 'b'], null, false)]).toEqual(['b']);
  });
  it('by filter holds those that are left out', () => {
    const out = changed(new Set(), ['a', 'b'], null, true);
    expect([...out]).toEqual(['a', 'b']);
    expect([...changed(out, ['a'], true, true)]).toEqual(['b']);
    expect([...changed(out, ['c'], false, true)]).toEqual(['a', 'b', 'c']);
  });
});

describe('filters', () => {
  const view = { query: 'status=new&zone=red' } as View;
  it('of the address lie over those of the view; an empty one takes away', () => {
    expect(effective(view, { zone: '', channel: 'ozon' })).toEqual({ status: 'new', channel: 'ozon' });
  });
  it('write into the address only what differs from the view', () => {
    const search = toSearch(view, { status: 'new', channel: 'kaspi,ozon' });
    expect(search.zone).toBe('');
    expect(search.status).toBeUndefined();
    expect(toQuery(effective(view, search))).toBe('status=new&channel=kaspi,ozon');
  });
  it('know when finished orders are asked for', () => {
    expect(asksClosed({ status: 'new,cancelled' })).toBe(true);
    expect(asksClosed({ status: 'new,in_delivery' })).toBe(false);
    expect(asksClosed({})).toBe(false);
  });
});

describe('days of the shop', () => {
  it.each([
    ['2026-12-16', 'Asia/Almaty', 0, '2026-12-15T19:00:00Z'],
    ['2026-12-16', 'Asia/Almaty', 1, '2026-12-16T19:00:00Z'],
    ['2026-03-29', 'Europe/Kyiv', 0, '2026-03-28T22:00:00Z'],
    ['2026-03-29', 'Europe/Kyiv', 1, '2026-03-29T21:00:00Z'],
    ['2026-10-26', 'Europe/Kyiv', 0, '2026-10-25T22:00:00Z'],
    ['', 'Asia/Almaty', 0, ''],
  ])('%s in %s, %i days on, begins at %s', (day, zone, days, moment) => {
    expect(dayStart(day, zone, days)).toBe(moment);
    if (moment && !days) expect(dayAt(moment, zone)).toBe(day);
  });
});

describe('who has an order open', () => {
  const now = Date.parse('2026-12-16T04:04:00Z');
  const entry = (user: string, until: string) =>
    ({ user_id: user, order_id: '1', name: user, since: '2026-12-16T04:00:00Z', until }) as PresenceRow;
  const later = '2026-12-16T04:05:00Z';
  it('is there once, however often it is said', () => {
    const list = withEntry([entry('a', later)], entry('a', later), now);
    expect(list.map((p) => p.user_id)).toEqual(['a']);
  });
  it('is gone when said so, and when silent for too long', () => {
    const past = '2026-12-16T04:04:00Z';
    expect(withEntry([entry('a', later), entry('b', past)], entry('a', past), now)).toEqual([]);
  });
});
