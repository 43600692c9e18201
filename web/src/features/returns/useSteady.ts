import { useEffect, useMemo, useRef, useState } from 'react';
import { keepOrder } from '../../base/rows';

interface Row {
  id: string;
  version: number;
}

/** Rows that stay where they are while a hand is in the list: contents are the newest, order and number are those that were shown. What
 *  came meanwhile waits; what has left is told by `gone`. */
export function useSteady<T extends Row>(
  fresh: T[] | undefined,
  key: string,
  holding: boolean,
  complete: boolean,
) {
  const known = useRef(new Map<string, T>());
  const [shown, setShown] = useState<{ key: string; ids: string[]; complete: boolean }>({
    key: '',
    ids: [],
    complete,
  });
  const same = shown.key === key;
  if (fresh && !same) known.current.clear();
  for (const row of fresh ?? []) known.current.set(row.id, row);
  const freshIds = useMemo(() => fresh?.map((r) => r.id) ?? [], [fresh]);
  const keep = same && fresh !== undefined && holding;
  const kept = useMemo(() => keepOrder(shown.ids, freshIds, !shown.complete), [shown, freshIds]);
  const ids = keep ? kept.ids : fresh ? freshIds : same ? shown.ids : [];
  const idKey = ids.join();
  useEffect(() => {
    if (fresh) setShown({ key, ids: idKey ? idKey.split(',') : [], complete });
  }, [fresh, idKey, key, complete]);
  const there = useMemo(() => new Set(freshIds), [freshIds]);
  const rows = useMemo(
    () => (idKey ? idKey.split(',') : []).flatMap((id) => known.current.get(id) ?? []),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- fresh brings new contents
    [idKey, fresh],
  );
  return {
    rows,
    waiting: keep ? kept.waiting : 0,
    isGone: (id: string) => keep && !there.has(id),
    merge: () => setShown({ key: '', ids: freshIds, complete }),
  };
}
