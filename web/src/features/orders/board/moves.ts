import type { BoardMove, HubStatus, QueueRow } from '../../../api/types';

/* What may be done with the cards in the hand, decided from the server's table of moves. */

export type Why = NonNullable<BoardMove['why']> | 'hold' | 'aside' | 'singly' | 'mixed';
export interface Target {
  to: HubStatus;
  move: BoardMove | null;
  /** Why it may not be; null when it may. */
  why: Why | null;
}
type Card = Pick<QueueRow, 'status' | 'marks' | 'channel'>;

/** The way of the cards to a column; cards of several columns move together only when each of them may. */
export function targetOf(moves: BoardMove[], cards: Card[], to: HubStatus): Target {
  const froms = [...new Set(cards.map((c) => c.status))];
  const from = froms[0];
  if (from === undefined) return { to, move: null, why: 'back' };
  if (froms.length > 1) return { to, move: null, why: 'mixed' };
  const move = moves.find((m) => m.from === from && m.to === to) ?? null;
  if (!move || move.why || !move.action) return { to, move, why: move?.why ?? 'back' };
  if (to === 'cancelled') return { to, move, why: cards.length > 1 ? 'singly' : null };
  if (cards.some((c) => c.marks.includes('set_aside'))) return { to, move, why: 'aside' };
  if (cards.some((c) => c.marks.includes('hold'))) return { to, move, why: 'hold' };
  return { to, move, why: null };
}

/** Who is told of the move: only the channels of these cards. */
export const toldOf = (move: BoardMove, cards: Card[]): string[] =>
  move.tells.filter((channel) => cards.some((c) => c.channel === channel));

/** The rows of a column: the first page as it is now, behind it what was read later; none twice. */
export function joinPages(first: QueueRow[], later: QueueRow[]): QueueRow[] {
  const seen = new Set(first.map((r) => r.id));
  return [...first, ...later.filter((r) => !seen.has(r.id))];
}

/** Seconds that an order has stood in its column; 0 under a minute, where a figure would say more than is known. */
export function stayOf(since: string, now: number): number {
  const seconds = Math.floor((now - Date.parse(since)) / 1000);
  return seconds < 60 ? 0 : seconds;
}
