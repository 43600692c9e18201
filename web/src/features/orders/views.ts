import type { View } from '../../api/types';
import { sortViews } from './address';

/* System views come first and keep their places; behind them stand the views that people saved, in their own order. */

export interface Place {
  view: View;
  position: number;
}

/** The new places after a view of one's own moved by one; only those that change. Other people's views stay where they are. */
export function movedPlaces(views: View[], moving: View, by: 1 | -1): Place[] {
  const mine = sortViews(views).filter((v) => !v.system && v.mine);
  const from = mine.findIndex((v) => v.id === moving.id);
  const other = mine[from + by];
  if (from < 0 || !other) return [];
  const order = [...mine];
  order[from] = other;
  order[from + by] = moving;
  const own = mine.map((v) => v.position);
  // Views saved by older versions may share a place: then all of them are counted anew.
  const slots = new Set(own).size === own.length ? own : own.map((_, i) => i + 1);
  return order.flatMap((view, i) =>
    view.position === slots[i] ? [] : [{ view, position: slots[i] ?? i + 1 }],
  );
}

export const lastPlace = (views: View[]): number =>
  Math.min(1000, Math.max(0, ...views.filter((v) => !v.system).map((v) => v.position)) + 1);

/** A view without filters is kept as an empty list of them: the server takes no empty text. */
export const keptQuery = (query: string): string => query || '&';
