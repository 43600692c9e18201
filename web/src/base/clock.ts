/* The server's clock and the state of the connection. Countdowns never trust the machine's own time. */

type Listener = () => void;

function createClock() {
  let offset = 0;
  let lostAt: number | null = null;
  let heardAt = 0;
  const ticks = new Set<Listener>();
  const link = new Set<Listener>();
  let timer: ReturnType<typeof setInterval> | undefined;

  const now = () => Date.now() + offset;
  return {
    now,
    /** While a screen is being drawn nobody may be told: whoever shows the time sees it with the next second. */
    set(serverNow: string) {
      offset = new Date(serverNow).getTime() - Date.now();
    },
    onTick(fn: Listener) {
      ticks.add(fn);
      timer ??= setInterval(() => ticks.forEach((f) => f()), 1000);
      return () => {
        ticks.delete(fn);
        if (!ticks.size && timer) {
          clearInterval(timer);
          timer = undefined;
        }
      };
    },
    lost() {
      if (lostAt !== null) return;
      lostAt = now();
      link.forEach((fn) => fn());
    },
    heard() {
      heardAt = now();
      if (lostAt === null) return;
      lostAt = null;
      link.forEach((fn) => fn());
    },
    onLink(fn: Listener) {
      link.add(fn);
      return () => void link.delete(fn);
    },
    lostAt: () => lostAt,
    heardAt: () => heardAt,
  };
}

export const serverClock = createClock();
