/* A stopwatch on one page: wall time as the page sees it, CPU time of its main thread, time of the server's answers. */

/** In the page: when something that was asked for is on the screen. Times are of the page's own clock. */
function install() {
  const inputs = ['keydown', 'pointerdown'];
  const met = {
    none: () => true,
    grown: ({ grown, shown }) => !!document.querySelector(grown) && !!document.querySelector(shown),
    other: ({ other }, was) => document.querySelector(other)?.id !== was,
    moved: ({ moved }, was) => document.querySelector(moved)?.id !== was,
    path: ({ path, heading }) =>
      location.pathname === path &&
      !document.querySelector('.mantine-Skeleton-root') &&
      (!heading || document.querySelector('h1')?.textContent === heading),
  };
  globalThis.startWatch = (want) => {
    const kind = Object.keys(met).find((k) => k in want) ?? 'none';
    const was = document.querySelector(want.other ?? want.moved ?? 'nothing')?.id;
    globalThis.answered = !want.asks;
    if (want.asks)
      new PerformanceObserver((list, self) => {
        const found = list.getEntries().find((e) => decodeURIComponent(e.name).includes(want.asks));
        if (!found) return;
        globalThis.answered = true;
        globalThis.serverTook = found.responseStart - found.requestStart;
        self.disconnect();
      }).observe({ type: 'resource' });
    globalThis.serverTook = undefined;
    globalThis.watched = new Promise((done) => {
      const begin = (event) => {
        for (const type of inputs) removeEventListener(type, begin, { capture: true });
        const see = () => {
          const there = (kind !== 'grown' || globalThis.answered) && met[kind](want, was);
          if (!there) return requestAnimationFrame(see);
          // The frame that shows it is over when the task behind it runs.
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => done(performance.now() - event.timeStamp);
          requestAnimationFrame(() => port2.postMessage(0));
        };
        see();
      };
      for (const type of inputs) addEventListener(type, begin, { capture: true });
    });
  };
}

export async function openStopwatch(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const metrics = async () =>
    Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
  const cpu = async () => (await metrics()).TaskDuration * 1000;
  await page.addInitScript(install);

  /** Waits until the main thread has rested: two looks in a row with next to nothing between. */
  const quiet = async () => {
    let last = await cpu();
    for (let i = 0, still = 0; i < 60 && still < 2; i++) {
      await new Promise((done) => setTimeout(done, 60));
      const now = await cpu();
      still = now - last < 3 ? still + 1 : 0;
      last = now;
    }
  };
  return {
    cpu,
    quiet,
    /** @param want what must be seen; without it, the frame after the input. */
    async time(act, want = {}) {
      await page.evaluate((w) => globalThis.startWatch(w), want);
      const before = await cpu();
      await act();
      const { wall, server } = await page.evaluate(async () => ({ wall: await globalThis.watched, server: globalThis.serverTook }));
      const shown = await cpu();
      await quiet();
      return { wall, server, cpu: shown - before, all: (await cpu()) - before };
    },
  };
}
