import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { put } from '../../api/client';
import { keys } from '../../api/keys';
import { useChoice } from '../../base/choice';
import { keptColumns, packChoice, readChoice, withColumns, type ColumnChoice } from './columnChoice';

const nameFor = (view: string) => `sauda.columns.${view}`;

/* A column that is pulled wider says so many times a second: one word is under way, and the newest follows it. */
let waiting: object | null = null;
let under = false;
async function tell(value: object) {
  waiting = value;
  if (under) return;
  under = true;
  while (waiting) {
    const next: object = waiting;
    waiting = null;
    // What could not be kept now goes along with the next change; this browser has it anyway.
    await put('/api/choices/orders', next).catch(() => undefined);
  }
  under = false;
}

/** The columns of a view: the server keeps them for the person, this browser remembers them so that the desk need not wait. */
export function useColumnChoice(view: string) {
  const client = useQueryClient();
  const { value } = useChoice('orders');
  const kept = keptColumns(value);
  // Until the server has answered, and for who never chose anything there, what this browser remembers.
  const text = kept ? JSON.stringify(kept[view] ?? null) : localStorage.getItem(nameFor(view));
  const choice = useMemo(() => readChoice(text), [text]);
  const set = useCallback(
    (next: ColumnChoice) => {
      const packed = packChoice(next);
      if (packed) localStorage.setItem(nameFor(view), JSON.stringify(packed));
      else localStorage.removeItem(nameFor(view));
      // What is not known yet must not be written over.
      if (value === undefined) return;
      const key = keys.choice('orders');
      const all = withColumns(client.getQueryData(key), view, packed);
      client.setQueryData(key, all);
      void tell(all);
    },
    [client, view, value],
  );
  return [choice, set] as const;
}
