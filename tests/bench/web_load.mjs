/* The first load of the desk, in a tab of its own that nothing looks into: see web_bare.mjs. */
import { owner, until } from '../browser/house.mjs';

/** In the page: when the first row stands under the hand, and when something was first painted. */
function install() {
  globalThis.deskReady = new Promise((done) => {
    const look = new MutationObserver(() => {
      if (!document.querySelector('[role=row][data-focused]')) return;
      look.disconnect();
      globalThis.deskStands('');
      done(performance.now());
    });
    look.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-focused'] });
  });
  globalThis.painted = new Promise((done) => {
    const seen = (list) => list.getEntriesByName('first-contentful-paint').forEach((e) => done(e.startTime));
    new PerformanceObserver(seen).observe({ type: 'paint', buffered: true });
  });
}

/** What the server's answers took, and when what was. */
async function told() {
  const [ready, paint] = await Promise.all([globalThis.deskReady, globalThis.painted]);
  const asked = performance.getEntriesByType('resource').filter((e) => e.name.includes('/api/') && e.responseEnd <= ready);
  return { ready, paint, server: Math.max(...asked.map((e) => e.responseStart - e.requestStart)) };
}

export async function signedIn(browser, house) {
  const reply = await fetch(`${house.address}/api/session`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(owner),
  });
  const [name, value] = reply.headers.get('set-cookie').split(';')[0].split('=');
  return browser.profile({ name, value, url: house.address });
}

/** @returns milliseconds of the page's clock, and the CPU time of its main thread until a key is accepted. */
export async function loadDesk(profile, address, slow) {
  const page = await profile.page();
  const run = async (expression) =>
    (await page.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })).result.value;
  const cpu = async () =>
    (await page.send('Performance.getMetrics')).metrics.find((m) => m.name === 'TaskDuration').value * 1000;
  const focused = () => run(`document.querySelector('[role=row][data-focused]')?.id`);

  await page.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.send('Page.enable');
  await page.send('Runtime.enable');
  await page.send('Emulation.setDeviceMetricsOverride', { width: 1440, height: 900, deviceScaleFactor: 1, mobile: false });
  await page.send('Emulation.setTimezoneOverride', { timezoneId: 'Asia/Almaty' });
  await page.send('Runtime.addBinding', { name: 'deskStands' });
  await page.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${install})()` });
  if (slow > 1) await page.send('Emulation.setCPUThrottlingRate', { rate: slow });
  const stands = new Promise((done) => page.on('Runtime.bindingCalled', () => done(cpu())));
  await page.send('Page.navigate', { url: address });
  const used = await stands;

  const before = await focused();
  for (const type of ['rawKeyDown', 'keyUp'])
    await page.send('Input.dispatchKeyEvent', { type, code: 'KeyJ', key: 'j', windowsVirtualKeyCode: 74 });
  await until(async () => (await focused()) !== before, 'the desk accepts a key');
  const seen = await run(`(${told})()`);
  await page.close();
  return { ...seen, cpu: used };
}
