import type { OrderAction } from '../api/types';
import { createStore } from './store';

/* What still waits in the hold window. Orders acted on one by one in a quick row stand together: one sentence, one undo. */

export interface Held {
  tokens: string[];
  until: number;
  text: string;
  toastId: number;
  /** What was done to single orders; missing for a batch, which stands by itself. */
  action?: OrderAction;
  /** Taken back in a way of its own: what it was done to is no order. */
  undo?: () => Promise<void>;
  /** When the first of them was done. */
  since: number;
}
export const held = createStore<Held[]>([]);

const together = 2000;

/** The newest group, when the next order belongs to it: the same action within two seconds of its first. */
export function joins(list: Held[], action: OrderAction | undefined, now: number): Held | undefined {
  const last = list.at(-1);
  if (!action || !last || last.action !== action) return undefined;
  return now - last.since <= together && last.until > now ? last : undefined;
}

/** The newest sentence about orders that wait nowhere: there is nothing to take back, only to count. */
export interface Plain {
  action: OrderAction;
  since: number;
  count: number;
  toastId: number;
}
export const plain = createStore<Plain | null>(null);

export const joinsPlain = (last: Plain | null, action: OrderAction | undefined, now: number): boolean =>
  last !== null && last.action === action && now - last.since <= together;
