import { useCallback, useEffect, useRef, useState } from 'react';
import type { HubStatus } from '../../../api/types';

/* Dragging by the pointer. While it lasts nothing is drawn anew but the ghost's transform and, when the column under the pointer
 * changes, the columns: so a board of many cards keeps its frames. */

export interface Drag {
  ids: string[];
  over: HubStatus | null;
}
interface Start {
  ids: string[];
  x: number;
  y: number;
  pointer: number;
}

const threshold = 5;
const edge = 48;

export function useDrag(onDrop: (ids: string[], to: HubStatus) => void) {
  const [drag, setDrag] = useState<Drag | null>(null);
  const ghost = useRef<HTMLDivElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const start = useRef<Start | null>(null);
  const live = useRef<Drag | null>(null);
  const drop = useRef(onDrop);
  useEffect(() => {
    drop.current = onDrop;
  });

  const show = useCallback((next: Drag | null) => {
    live.current = next;
    setDrag(next);
  }, []);

  const begin = useCallback((event: React.PointerEvent, ids: string[]) => {
    // Fingers scroll; they move cards by the menu.
    if (event.button !== 0 || event.pointerType === 'touch') return;
    start.current = { ids, x: event.clientX, y: event.clientY, pointer: event.pointerId };
  }, []);

  useEffect(() => {
    let frame = 0;
    let last: { x: number; y: number } | null = null;
    const place = () => {
      frame = 0;
      if (!last || !live.current) return;
      if (ghost.current) ghost.current.style.transform = `translate(${last.x + 8}px, ${last.y + 8}px)`;
      const under = document.elementFromPoint(last.x, last.y)?.closest<HTMLElement>('[data-column]');
      const over = (under?.dataset.column ?? null) as HubStatus | null;
      if (over !== live.current.over) show({ ...live.current, over });
      const box = scroller.current?.getBoundingClientRect();
      if (box && scroller.current) {
        const by = last.x > box.right - edge ? 14 : last.x < box.left + edge ? -14 : 0;
        if (by) {
          scroller.current.scrollLeft += by;
          frame = requestAnimationFrame(place);
        }
      }
    };
    const move = (event: PointerEvent) => {
      const from = start.current;
      if (!from || event.pointerId !== from.pointer) return;
      if (!live.current) {
        if (Math.hypot(event.clientX - from.x, event.clientY - from.y) < threshold) return;
        show({ ids: from.ids, over: null });
        document.documentElement.classList.add('dragging');
      }
      event.preventDefault();
      last = { x: event.clientX, y: event.clientY };
      frame ||= requestAnimationFrame(place);
    };
    const end = (dropped: boolean) => {
      const now = live.current;
      start.current = null;
      last = null;
      cancelAnimationFrame(frame);
      frame = 0;
      if (!now) return;
      document.documentElement.classList.remove('dragging');
      // The press that ends a drag must not open the card as well.
      window.addEventListener('click', (e) => e.stopPropagation(), { capture: true, once: true });
      setTimeout(() => show(null), 0);
      if (dropped && now.over) drop.current(now.ids, now.over);
    };
    const up = () => end(true);
    const cancel = () => end(false);
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !live.current) return;
      event.preventDefault();
      event.stopPropagation();
      end(false);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', up);
    window.addEventListener('pointercancel', cancel);
    window.addEventListener('blur', cancel);
    window.addEventListener('keydown', key, true);
    return () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', up);
      window.removeEventListener('pointercancel', cancel);
      window.removeEventListener('blur', cancel);
      window.removeEventListener('keydown', key, true);
      document.documentElement.classList.remove('dragging');
      cancelAnimationFrame(frame);
    };
  }, [show]);

  return { drag, begin, ghost, scroller };
}
