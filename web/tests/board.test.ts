import { describe, expect, it } from 'vitest';
import type { BoardMove, QueueRow } from '../src/api/types';
import { joinPages, stayOf, targetOf, toldOf } from '../src/features/orders/board/moves';

const move = (from: BoardMove['from'], to: BoardMove['to'], more: Partial<BoardMove> = {}): BoardMove => ({
  from,
  to,
  action: null,
  why: 'back',
  tells: [],
  task: 'none',
  ...more,
});
const moves = [
  move('new', 'confirmed', { action: 'confirm', why: null, tells: ['kaspi', 'wildberries'], task: 'begins' }),
  move('new', 'assembling', { why: 'steps' }),
  move('new', 'cancelled', { action: 'cancel', why: null }),
  move('confirmed', 'assembling', { action: 'assemble', why: null }),
];
const card = (status: QueueRow['status'], marks: QueueRow['marks'] = [], channel = 'kaspi') => ({
  status,
  marks,
  channel,
});

describe('a card may be dropped', () => {
  it('where the server lists an action', () => {
    expect(targetOf(moves, [card('new')], 'confirmed')).toMatchObject({ why: null });
  });
  it.each([
    ['steps', [card('new')], 'assembling'],
    ['back', [card('confirmed')], 'new'],
    ['hold', [card('new', ['hold'])], 'confirmed'],
    ['aside', [card('new', ['set_aside'])], 'confirmed'],
    ['mixed', [card('new'), card('confirmed')], 'assembling'],
    ['singly', [card('new'), card('new')], 'cancelled'],
  ] as const)('and else says why: %s', (why, cards, to) => {
    expect(targetOf(moves, [...cards], to).why).toBe(why);
  });
  it('to be cancelled even while it waits', () => {
    expect(targetOf(moves, [card('new', ['hold'])], 'cancelled').why).toBe(null);
  });
});

describe('a move', () => {
  it('tells only the channels of its cards', () => {
    const target = targetOf(moves, [card('new')], 'confirmed');
    expect(target.move && toldOf(target.move, [card('new')])).toEqual(['kaspi']);
  });
});

describe('pages of a column', () => {
  it('stand behind each other without repeating a card', () => {
    const row = (id: string) => ({ id }) as QueueRow;
    const ids = joinPages([row('1'), row('2')], [row('2'), row('3')]).map((r) => r.id);
    expect(ids).toEqual(['1', '2', '3']);
  });
});

describe('the stay of the oldest card', () => {
  const now = Date.parse('2026-12-16T04:04:00Z');
  it.each([
    ['2026-12-15T04:04:00Z', 86_400],
    ['2026-12-16T04:03:00Z', 60],
    ['2026-12-16T04:03:01Z', 0],
    ['2026-12-16T04:04:05Z', 0],
  ])('since %s is %i seconds, and no figure under a minute or before its time', (since, stay) => {
    expect(stayOf(since, now)).toBe(stay);
  });
});
