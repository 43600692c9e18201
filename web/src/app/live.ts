import type { QueryClient } from '@tanstack/react-query';
import { get, onSlow } from '../api/client';
import { keys } from '../api/keys';
import type { OrderCard, PresenceRow } from '../api/types';
import { serverClock } from '../base/clock';
import { putPresence, readPresence } from '../base/presence';
import { isWatched, putRows } from '../base/rows';

/* Events name what changed, without contents: what is on screen is read again, at most once a second. */

const probeMs = 1500;

interface OrderEvent {
  id: string;
}

export function startLive(client: QueryClient): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  const touched = new Set<string>();
  const stale = new Set<readonly string[]>();

  async function flush() {
    timer = undefined;
    const ids = [...touched].filter(isWatched).slice(0, 12);
    for (const id of touched) void client.invalidateQueries({ queryKey: keys.order(id) });
    touched.clear();
    for (const key of stale) void client.invalidateQueries({ queryKey: key });
    stale.clear();
    const rows = await Promise.allSettled(ids.map((id) => get<OrderCard>(`/api/orders/${id}`)));
    putRows(rows.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : [])));
  }
  const soon = () => (timer ??= setTimeout(() => void flush(), 700));

  const read = (event: MessageEvent<string>): OrderEvent | null => {
    try {
      return JSON.parse(event.data) as OrderEvent;
    } catch {
      return null;
    }
  };

  function open() {
    source?.close();
    source = new EventSource('/api/live');
    source.addEventListener('open', () => {
      serverClock.heard();
      // What was told while nobody listened is not told again.
      void readPresence();
    });
    source.addEventListener('order', (event) => {
      const data = read(event);
      if (data?.id) touched.add(data.id);
      for (const key of [keys.queue, keys.views, keys.overview, keys.orders, keys.notices]) stale.add(key);
      soon();
    });
    source.addEventListener('account', () => {
      for (const key of [keys.accounts, keys.overview, keys.notices]) stale.add(key);
      soon();
    });
    source.addEventListener('task', () => {
      for (const key of [keys.tasks, keys.overview]) stale.add(key);
      soon();
    });
    source.addEventListener('return', (event) => {
      const id = read(event)?.id;
      if (id) stale.add(keys.return(id));
      for (const key of [keys.returns, keys.overview, keys.notices]) stale.add(key);
      soon();
    });
    source.addEventListener('claim', () => {
      stale.add(keys.notices);
      soon();
    });
    source.addEventListener('alarm', () => {
      for (const key of [keys.notices, keys.standing, keys.tasks]) stale.add(key);
      soon();
    });
    source.addEventListener('claim', (event) => {
      const id = read(event)?.id;
      if (id) stale.add(keys.claim(id));
      stale.add(keys.claims);
      soon();
    });
    source.addEventListener('presence', (event: MessageEvent<string>) => {
      try {
        putPresence(JSON.parse(event.data) as PresenceRow);
      } catch {
        /* not ours */
      }
    });
    source.addEventListener('reset', () => {
      void client.invalidateQueries();
      void readPresence();
    });
    source.addEventListener('error', () => {
      void probe();
    });
  }

  /* The stream reconnects by itself; the bar tells the person only when the server is really out of reach. */
  async function probe() {
    try {
      const reply = await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(probeMs) });
      if (!reply.ok) throw new Error('no server behind the proxy');
      const wasLost = serverClock.lostAt() !== null;
      serverClock.heard();
      if (wasLost) void client.invalidateQueries();
      if (source?.readyState === EventSource.CLOSED && !closed) void reopen();
    } catch {
      serverClock.lost();
    }
  }
  /* The browser gives a stream up when it is refused: the session may be over, and then this waits for the next sign-in. */
  let reopening = false;
  async function reopen() {
    if (reopening) return;
    reopening = true;
    await new Promise((done) => setTimeout(done, 1000));
    await get('/api/session').catch(() => undefined);
    reopening = false;
    if (!closed) open();
  }
  const offline = () => serverClock.lost();
  const check = setInterval(() => serverClock.lostAt() !== null && void probe(), 2000);
  const stopSlow = onSlow(() => void probe());
  window.addEventListener('offline', offline);
  window.addEventListener('online', probe);
  open();
  return () => {
    closed = true;
    source?.close();
    clearInterval(check);
    stopSlow();
    clearTimeout(timer);
    window.removeEventListener('offline', offline);
    window.removeEventListener('online', probe);
  };
}
