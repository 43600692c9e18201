import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

/* What is not needed to begin with is fetched when the page has come to rest, so that it is there when it is asked for, also when
 * the line is cut by then. */

const waiting: (() => unknown)[] = [];
let resting = false;
/* What could not be fetched waits for the line to come back. */
function fetchAhead(load: () => unknown) {
  Promise.resolve()
    .then(load)
    .catch(() => void waiting.push(load));
}
function rest() {
  if (!resting) window.addEventListener('online', rest);
  resting = true;
  for (const load of waiting.splice(0)) fetchAhead(load);
}
/** Fetched while the page rests. */
export function whenResting(load: () => unknown) {
  if (resting) fetchAhead(load);
  else waiting.push(load);
}
/** Called once the first screen stands. */
export function startResting() {
  const later = () =>
    'requestIdleCallback' in window ? requestIdleCallback(rest, { timeout: 4000 }) : rest();
  setTimeout(later, 1500);
}

export function lazyIdle<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
): LazyExoticComponent<ComponentType<P>> {
  let loaded: Promise<{ default: ComponentType<P> }> | undefined;
  // What could not be fetched is asked for again the next time.
  const once = () =>
    (loaded ??= load().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    }));
  whenResting(once);
  return lazy(once);
}
