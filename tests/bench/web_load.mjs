/* The first load of the desk, and what it holds after an hour, in a tab of its own that nothing looks into: see web_bare.mjs. */
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
  const cpu = async () => (await page.metrics()).TaskDuration * 1000;
  const focused = () => page.run(`document.querySelector('[role=row][data-focused]')?.id`);

  await page.send('Runtime.enable');
  await page.send('Runtime.addBinding', { name: 'deskStands' });
  await page.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${install})()` });
  if (slow > 1) await page.send('Emulation.setCPUThrottlingRate', { rate: slow });
  const stands = new Promise((done) => page.on('Runtime.bindingCalled', () => done(cpu())));
  await page.send('Page.navigate', { url: address });
  const used = await stands;

  const before = await focused();
  await page.press('KeyJ', 'j');
  await until(async () => (await focused()) !== before, 'the desk accepts a key');
  const seen = await page.run(`(${told})()`);
  await page.close();
  return { ...seen, cpu: used };
}

/** What the tab holds before, after one and after two hours of a busy shop: the list and the peek are open, an order changes every five
 *  seconds. Before is when the parts that are fetched at rest are there, and ten minutes have gone by.
 *  @param live does so many changes, and calls back for a key now and then. */
export async function heldAfter(profile, address, live) {
  const page = await profile.page();
  const stands = (what) => until(() => page.run(`!!document.querySelector('${what}')`), what);
  await page.send('Page.navigate', { url: address });
  await stands('[role=row][data-focused]');
  await page.press('Space', ' ');
  await stands('[data-testid=peek]');
  await page.run('new Promise((done) => setTimeout(done, 6000))');
  let down = false;
  const walk = () => ((down = !down) ? page.press('KeyJ', 'j') : page.press('KeyK', 'k'));
  const held = async (changes) => {
    await live(changes, walk);
    // The last of it has come when nothing has been asked for a while.
    await page.run('new Promise((done) => setTimeout(done, 3000))');
    for (let i = 0; i < 3; i++) await page.send('HeapProfiler.collectGarbage');
    const m = await page.metrics();
    return { heap: m.JSHeapUsedSize, nodes: m.Nodes, listeners: m.JSEventListeners };
  };
  const seen = [await held(120), await held(720), await held(720)];
  await page.close();
  return seen;
}
