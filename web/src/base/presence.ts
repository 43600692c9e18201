import { useEffect, useSyncExternalStore } from 'react';
import { ApiError, get, post } from '../api/client';
import type { PresenceRow } from '../api/types';
import { serverClock } from './clock';
import { createStore } from './store';

/* Who has which order open, as the server tells it over the live stream. Whoever falls silent is gone by itself. */

const here = createStore<ReadonlyMap<string, readonly PresenceRow[]>>(new Map());
const none: readonly PresenceRow[] = [];

export function withEntry(list: readonly PresenceRow[], entry: PresenceRow, now: number): PresenceRow[] {
  const others = list.filter((p) => p.user_id !== entry.user_id && new Date(p.until).getTime() > now);
  return new Date(entry.until).getTime() > now ? [...others, entry] : others;
}

export function putPresence(entry: PresenceRow) {
  here.set((old) => {
    const next = new Map(old);
    const list = withEntry(old.get(entry.order_id) ?? none, entry, serverClock.now());
    if (list.length) next.set(entry.order_id, list);
    else next.delete(entry.order_id);
    return next;
  });
}

export async function readPresence() {
  try {
    const list = await get<PresenceRow[]>('/api/presence');
    here.set(new Map(Object.entries(Object.groupBy(list, (p) => p.order_id)) as [string, PresenceRow[]][]));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** Colleagues who have it open now, without oneself. */
export function othersAt(orderId: string, me: string): readonly PresenceRow[] {
  const now = serverClock.now();
  const list = here.get().get(orderId) ?? none;
  return list.filter((p) => p.user_id !== me && new Date(p.until).getTime() > now);
}
export function useOthersAt(orderId: string, me: string): readonly PresenceRow[] {
  const list = here.use().get(orderId);
  // Silence tells nothing: the clock takes away whoever was not heard of for too long.
  useSyncExternalStore(serverClock.onTick, () => (list ? othersAt(orderId, me).length : 0));
  return list ? othersAt(orderId, me) : none;
}

const beatMs = 20_000;
const settleMs = 400;

/** Tells colleagues that this order is open here, until it is left. Whoever only walks past is not told of. */
export function useOpenHere(orderId: string | undefined) {
  useEffect(() => {
    if (!orderId) return;
    const path = `/api/orders/${orderId}/presence`;
    let told = false;
    const say = (gone: boolean) => {
      told = !gone;
      // Nobody waits for it: the next beat says it again.
      void post(path, gone ? { gone: true } : {}).catch(() => undefined);
    };
    const first = setTimeout(() => say(false), settleMs);
    const beat = setInterval(() => say(false), beatMs);
    const leave = () => {
      if (told) say(true);
    };
    window.addEventListener('pagehide', leave);
    return () => {
      clearTimeout(first);
      clearInterval(beat);
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [orderId]);
}
