import { useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';

/* The part of a long list that is in sight. Every item has its height beforehand, so nothing is ever measured: where an item stands is
 * one look into a table, and a frame of scrolling asks the browser for nothing but how far it went. */

/** Where each item begins; the last number is the height of all. */
export function topsOf(heights: ArrayLike<number>): Float64Array {
  const tops = new Float64Array(heights.length + 1);
  for (let i = 0; i < heights.length; i++) tops[i + 1] = (tops[i] ?? 0) + (heights[i] ?? 0);
  return tops;
}

/** The item at this height of the list. */
export function itemAt(tops: Float64Array, y: number): number {
  let low = 0;
  let high = tops.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

export interface Span {
  from: number;
  to: number;
}
/** The items in sight and `more` on both sides; `to` is no longer one of them. */
export function spanOf(tops: Float64Array, top: number, height: number, more: number): Span {
  const count = tops.length - 1;
  if (!count) return { from: 0, to: 0 };
  const from = Math.max(0, itemAt(tops, Math.max(0, top)) - more);
  return { from, to: Math.min(count, itemAt(tops, Math.max(0, top + height - 1)) + 1 + more) };
}

/** Gives each item in sight a place to be drawn in, and keeps it there: what leaves makes room for what comes, so that elements are
 *  filled anew and not made anew. */
export class Places {
  private of = new Map<string, number>();

  assign(ids: readonly string[]): Map<string, number> {
    const next = new Map<string, number>();
    const taken = new Set<number>();
    for (const id of ids) {
      const place = this.of.get(id);
      if (place === undefined) continue;
      next.set(id, place);
      taken.add(place);
    }
    let free = 0;
    for (const id of ids) {
      if (next.has(id)) continue;
      while (taken.has(free)) free++;
      taken.add(free);
      next.set(id, free);
    }
    this.of = next;
    return next;
  }
}

/** Rows beyond the edges: none while the list is first drawn, for that is what the person waits for. */
const beyond = 6;
/** The very first list of the program begins with these: keys are heard from then on, and the others stand below them before the
 *  hand has moved. */
const firstItems = 9;
let drawnBefore = false;

interface Options {
  box: RefObject<HTMLElement | null>;
  heights: ArrayLike<number>;
  /** Where the list stood when it was left. */
  start?: number;
  /** What of the window is not the list's own, before that is known. */
  around: number;
  /** Covered at the upper and the lower edge of the box. */
  coverTop: number;
  coverEnd: number;
  onScroll?: (top: number) => void;
}

export function useWindow({ box, heights, start = 0, around, coverTop, coverEnd, onScroll }: Options) {
  const tops = useMemo(() => topsOf(heights), [heights]);
  const [height, setHeight] = useState<number | null>(null);
  const [top, setTop] = useState(start);
  const inSight = height ?? Math.max(200, window.innerHeight - around);
  const more = height === null ? 0 : beyond;
  const whole = spanOf(tops, top, inSight, more);
  const { from } = whole;
  const to = height === null && !drawnBefore ? Math.min(whole.to, from + firstItems) : whole.to;

  const now = useRef({ tops, inSight, more, from, to, onScroll });
  useLayoutEffect(() => {
    now.current = { tops, inSight, more, from, to, onScroll };
  });
  useLayoutEffect(() => {
    if (start && box.current) box.current.scrollTop = start;
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a list begins once
  }, []);
  useEffect(() => {
    const at = box.current;
    if (!at) return;
    const scrolled = () => {
      const seen = now.current;
      const to = at.scrollTop;
      seen.onScroll?.(to);
      const span = spanOf(seen.tops, to, seen.inSight, seen.more);
      // Drawn in the very frame that shows it.
      if (span.from !== seen.from || span.to !== seen.to) flushSync(() => setTop(to));
    };
    at.addEventListener('scroll', scrolled, { passive: true });
    // The browser tells the height when it has laid out; asked at once, it would have to do so before anything is seen.
    const sized = new ResizeObserver(() => {
      drawnBefore = true;
      setHeight(at.clientHeight);
    });
    sized.observe(at);
    return () => {
      at.removeEventListener('scroll', scrolled);
      sized.disconnect();
    };
  }, [box]);

  return {
    tops,
    from,
    to,
    /** Scrolls as far as it takes to have the item in sight. */
    show: (i: number) => {
      const at = box.current;
      const begin = tops[i];
      const end = tops[i + 1];
      if (!at || begin === undefined || end === undefined) return;
      const stands = at.scrollTop;
      if (begin < stands) at.scrollTop = begin;
      else if (end + coverTop > stands + inSight - coverEnd)
        at.scrollTop = end + coverTop - inSight + coverEnd;
    },
  };
}
