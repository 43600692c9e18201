import { useCallback, useMemo, useState } from 'react';
import type { Picked } from './orderActions';

/** Rows by id, or everything that matches a filter but a few: the second goes to the server as a query, not as ten thousand ids. */
export interface Selection {
  count: number;
  all: boolean;
  has: (id: string) => boolean;
  toggle: (id: string) => void;
  add: (ids: string[]) => void;
  drop: (ids: string[]) => void;
  takeAll: () => void;
  clear: () => void;
  only: (ids: string[]) => void;
  picked: Picked;
}

type Ids = ReadonlySet<string>;
interface Chosen {
  query: string;
  ids: Ids;
  except: Ids | null;
}
const nothing: Ids = new Set();

/** `on` null: each the other way round. In a selection by filter the set holds those left out. */
export function changed(set: Ids, list: string[], on: boolean | null, inverted: boolean): Ids {
  const next = new Set(set);
  for (const id of list) {
    const want = on === null ? next.has(id) === inverted : on;
    if (want !== inverted) next.add(id);
    else next.delete(id);
  }
  return next;
}

/** @param listed Ids, parted by commas, that the list is cut down to: «all» means those. */
export function useSelection(query: string, total: number, listed?: string): Selection {
  const [state, setState] = useState<Chosen>({ query, ids: nothing, except: null });
  const mine = state.query === query ? state : { query, ids: nothing, except: null };
  if (mine !== state) setState(mine);
  const { ids, except } = mine;

  const change = useCallback((list: string[], on: boolean | null) => {
    setState((old) =>
      old.except
        ? { ...old, except: changed(old.except, list, on, true) }
        : { ...old, ids: changed(old.ids, list, on, false) },
    );
  }, []);
  const toggle = useCallback((id: string) => change([id], null), [change]);
  const add = useCallback((list: string[]) => change(list, true), [change]);
  const drop = useCallback((list: string[]) => change(list, false), [change]);
  const set = useCallback(
    (next: Omit<Chosen, 'query'>) => setState((old) => ({ query: old.query, ...next })),
    [],
  );
  const takeAll = useCallback(
    () => set(listed ? { ids: new Set(listed.split(',')), except: null } : { ids: nothing, except: nothing }),
    [set, listed],
  );
  const clear = useCallback(() => set({ ids: nothing, except: null }), [set]);
  const only = useCallback((list: string[]) => set({ ids: new Set(list), except: null }), [set]);
  const has = useCallback((id: string) => (except ? !except.has(id) : ids.has(id)), [ids, except]);
  const picked = useMemo<Picked>(
    () => (except ? { query, except: [...except] } : { ids: [...ids] }),
    [except, ids, query],
  );
  const count = except ? Math.max(0, total - except.size) : ids.size;
  const all = except !== null && except.size === 0;
  return useMemo(
    () => ({ count, all, has, toggle, add, drop, takeAll, clear, only, picked }),
    [count, all, has, toggle, add, drop, takeAll, clear, only, picked],
  );
}
