import { useCallback, useState } from 'react';

/* Where each list stood when it was left, so that Back returns to the same place. Of this tab, until it is closed. */
const tops = new Map<string, number>();
const most = 50;

/** The place to begin at, if the list is come back to; and how to remember it. */
export function useBack(key: string, comesBack: boolean) {
  const [start] = useState(() => (comesBack ? tops.get(key) : undefined));
  const remember = useCallback(
    (top: number) => {
      tops.delete(key);
      tops.set(key, top);
      const oldest = tops.keys().next();
      if (tops.size > most && !oldest.done) tops.delete(oldest.value);
    },
    [key],
  );
  return [start, remember] as const;
}
