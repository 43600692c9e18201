import { useSyncExternalStore } from 'react';

/** The smallest possible store: a value, its listeners. */
export function createStore<T>(initial: T) {
  let value = initial;
  const listeners = new Set<() => void>();
  const subscribe = (fn: () => void) => {
    listeners.add(fn);
    return () => void listeners.delete(fn);
  };
  return {
    get: () => value,
    set(next: T | ((old: T) => T)) {
      value = typeof next === 'function' ? (next as (old: T) => T)(value) : next;
      listeners.forEach((fn) => fn());
    },
    use: () => useSyncExternalStore(subscribe, () => value),
  };
}
