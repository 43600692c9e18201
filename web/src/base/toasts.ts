import { createStore } from './store';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'error';
  /** Server time until which the undo works; the line shrinks towards it. */
  until?: number;
  since: number;
  /** A way to what the sentence speaks of; the undo stands beside it. */
  show?: { label: string; run: () => void };
  action?: { label: string; keys?: string; run: () => void; testid?: string };
}

let last = 0;
export const toasts = createStore<Toast[]>([]);

export function closeToast(id: number) {
  toasts.set((list) => list.filter((t) => t.id !== id));
}

export function toast(text: string, options: Partial<Omit<Toast, 'id' | 'text' | 'since'>> = {}): number {
  const made: Toast = { tone: 'plain', ...options, id: ++last, text, since: Date.now() };
  toasts.set((list) => [...list, made].slice(-3));
  return made.id;
}
