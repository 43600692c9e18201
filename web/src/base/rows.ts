import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { QueueRow } from '../api/types';
import { createStore } from './store';

/* The newest known state of each order on screen. Lists keep their own order of rows, so that nothing moves under the hand,
 * and take the content of a row from here. */

const rowFields = {
  id: 1,
  version: 1,
  account_id: 1,
  channel: 1,
  number: 1,
  status: 1,
  status_since: 1,
  external_status: 1,
  marks: 1,
  zone: 1,
  deadline_at: 1,
  deadline_step: 1,
  yellow_at: 1,
  red_at: 1,
  deadline_from: 1,
  deadline_policy: 1,
  customer_id: 1,
  customer_name: 1,
  phone_last4: 1,
  customer_orders: 1,
  title: 1,
  lines_count: 1,
  units: 1,
  total: 1,
  currency: 1,
  payment: 1,
  assignee_id: 1,
  placed_at: 1,
  city: 1,
  delivery_method: 1,
  tags: 1,
  command: 1,
} satisfies Record<keyof QueueRow, 1>;
/** A list needs the row of a card and not its history: a shop that is watched for a day would keep each card that ever changed. */
const rowOf = (card: QueueRow) =>
  Object.fromEntries(Object.keys(rowFields).map((name) => [name, card[name as keyof QueueRow]])) as QueueRow;

const newest = createStore<ReadonlyMap<string, QueueRow>>(new Map());
const watched = new Map<string, number>();

export function putRows(rows: QueueRow[]) {
  newest.set((old) => {
    const next = old.size > 3000 ? new Map<string, QueueRow>() : new Map(old);
    for (const row of rows) {
      const known = next.get(row.id);
      if (!known || known.version <= row.version) next.set(row.id, rowOf(row));
    }
    return next;
  });
}

export const isWatched = (id: string) => watched.has(id);
export const useNewest = () => newest.use();

function watch(ids: string[], by: 1 | -1) {
  for (const id of ids) {
    const n = (watched.get(id) ?? 0) + by;
    if (n > 0) watched.set(id, n);
    else watched.delete(id);
  }
}

/** A command stands in the place of the status while it is on its way or in trouble; taken back or settled, it does not. */
export const isOpen = (command: QueueRow['command']): command is NonNullable<QueueRow['command']> =>
  command !== null && ['held', 'queued', 'sending', 'refused', 'dead'].includes(command.state);

const pending = (row: QueueRow | undefined) =>
  !!row?.command && ['held', 'queued', 'sending'].includes(row.command.state);

export interface StableRows {
  rows: QueueRow[];
  /** The group a row was placed in; it recolours there and moves only with a merge. */
  zoneOf: (row: QueueRow) => string;
  gone: ReadonlySet<string>;
  waiting: number;
  /** Something shown is still on its way to a marketplace. */
  busy: boolean;
  merge: () => void;
}

const nobody: ReadonlySet<string> = new Set();

/** Ids to show next: those shown stay where they are; a tail is added only while the list was not read to its end. */
export function keepOrder(
  shown: string[],
  fresh: string[],
  grew: boolean,
): { ids: string[]; waiting: number } {
  const old = new Set(shown);
  const unseen = fresh.filter((id) => !old.has(id));
  if (!unseen.length) return { ids: shown, waiting: 0 };
  if (!grew) return { ids: shown, waiting: unseen.length };
  const lastKnown = fresh.findLastIndex((id) => old.has(id));
  const tail = fresh.slice(lastKnown + 1);
  return { ids: [...shown, ...tail], waiting: unseen.length - tail.length };
}

export function useStableRows(
  fresh: QueueRow[] | undefined,
  listKey: string,
  holding: boolean,
  complete = true,
): StableRows {
  const map = newest.use();
  const known = useRef(new Map<string, QueueRow>());
  const [shown, setShown] = useState<{ key: string; ids: string[]; complete: boolean }>({
    key: '',
    ids: [],
    complete,
  });
  const zones = useRef(new Map<string, string>());
  const read = useRef<QueueRow[] | undefined>(undefined);
  const wasKept = useRef(false);
  const freshIds = useMemo(() => fresh?.map((r) => r.id) ?? [], [fresh]);
  if (shown.key !== listKey && read.current !== fresh) {
    known.current.clear();
    zones.current.clear();
  }
  if (read.current !== fresh) fresh?.forEach((r) => known.current.set(r.id, r));

  const same = shown.key === listKey;
  const freshSet = useMemo(() => new Set(freshIds), [freshIds]);
  const gone = useMemo(
    () => new Set(same && fresh ? shown.ids.filter((id) => !freshSet.has(id)) : []),
    [same, fresh, shown.ids, freshSet],
  );
  const busy = gone.size > 0 && [...gone].some((id) => pending(map.get(id) ?? known.current.get(id)));
  const keep = same && fresh !== undefined && (holding || busy);
  const kept = useMemo(() => keepOrder(shown.ids, freshIds, !shown.complete), [shown, freshIds]);
  const ids = useMemo(
    () => (keep ? kept.ids : fresh ? freshIds : same ? shown.ids : []),
    [keep, kept, fresh, freshIds, same, shown],
  );

  useEffect(() => {
    if (!fresh) return;
    setShown((s) =>
      s.key === listKey &&
      s.complete === complete &&
      s.ids.length === ids.length &&
      s.ids.every((id, i) => id === ids[i])
        ? s
        : { key: listKey, ids, complete },
    );
  }, [fresh, ids, listKey, complete]);

  if (read.current !== fresh || (!keep && wasKept.current))
    for (const row of fresh ?? [])
      if (!keep || !zones.current.has(row.id)) zones.current.set(row.id, row.zone);
  read.current = fresh;
  wasKept.current = keep;
  const zoneOf = useCallback((row: QueueRow) => zones.current.get(row.id) ?? row.zone, []);

  // Rows that left the list are forgotten, a few of them at a time.
  useEffect(() => {
    if (known.current.size <= 2 * ids.length + 200) return;
    const still = new Set([...ids, ...freshIds]);
    for (const map of [known.current, zones.current])
      for (const id of [...map.keys()]) if (!still.has(id)) map.delete(id);
  }, [ids, freshIds]);

  useEffect(() => {
    watch(ids, 1);
    return () => watch(ids, -1);
  }, [ids]);

  const rows = useMemo(
    () =>
      ids.flatMap((id) => {
        const own = known.current.get(id);
        const live = map.get(id);
        const row = live && (!own || live.version >= own.version) ? live : own;
        return row ? [row] : [];
      }),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- fresh brings new contents
    [ids, map, fresh],
  );
  return {
    rows,
    zoneOf,
    gone: keep ? gone : nobody,
    waiting: keep ? kept.waiting : 0,
    busy,
    merge: () => {
      zones.current = new Map(fresh?.map((r) => [r.id, r.zone]));
      setShown({ key: listKey, ids: freshIds, complete });
    },
  };
}
