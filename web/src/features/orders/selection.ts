import { useCallback, useMemo, useState } from 'react';
import type { Picked } from '../../base/orderActions';

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

export function useSelection(query: string, total: number): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [except, setExcept] = useState<ReadonlySet<string> | null>(null);
  const [forQuery, setForQuery] = useState(query);
  if (forQuery !== query) {
    setForQuery(query);
    setIds(new Set());
    setExcept(null);
  }
  const change = useCallback(
    (list: string[], on: boolean | null) => {
      const flip = (old: ReadonlySet<string>, inverted: boolean) => {
        const next = new Set(old);
        for (const id of list) {
          const want = on === null ? (inverted ? next.has(id) : !next.has(id)) : on;
          if (want !== inverted) next.add(id);
          else next.delete(id);
        }
        return next;
      };
      if (except) setExcept(flip(except, true));
      else setIds((old) => flip(old, false));
    },
    [except],
  );
  const picked = useMemo<Picked>(
    () => (except ? { query, except: [...except] } : { ids: [...ids] }),
    [except, ids, query],
  );
  return {
    count: except ? Math.max(0, total - except.size) : ids.size,
    all: except !== null && except.size === 0,
    has: (id) => (except ? !except.has(id) : ids.has(id)),
    toggle: (id) => change([id], null),
    add: (list) => change(list, true),
    drop: (list) => change(list, false),
    takeAll: () => {
      setIds(new Set());
      setExcept(new Set());
    },
    clear: () => {
      setIds(new Set());
      setExcept(null);
    },
    only: (list) => {
      setIds(new Set(list));
      setExcept(null);
    },
    picked,
  };
}
