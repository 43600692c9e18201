/* the screens over a large shop, measured as people meet them: see web.sh. node web.mjs [PART…] measures only those parts. */
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { largeHouse, owner } from '../browser/house.mjs';
import { routeSizes } from '../../web/scripts/size.mjs';
import { openBare } from './web_bare.mjs';
import { heldAfter, loadDesk, signedIn } from './web_load.mjs';
import { openStopwatch } from './web_stopwatch.mjs';

const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))('playwright-core');
const out = fileURLToPath(new URL('../../build/bench-web.md', import.meta.url));
const chosen = process.argv.slice(2);
const executable = process.env.CHROMIUM ?? '/usr/bin/chromium';
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const bareFlags = [...flags, '--window-size=1440,900'];
const rows = [];
const ms = (n) => (n === undefined ? '' : `${n < 10 ? n.toFixed(1) : Math.round(n)} ms`);
const at = (list, share) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.ceil(list.length * share) - 1)];
const p95 = (list) => at(list, 0.95);
const median = (list) => at(list, 0.5);

/** One line of the table. Budgets are of wall time on a quiet machine; `cpu` is what the page itself needs of it: where others
 *  use the machine as well, it tells whether the page or they are late. What waits for the server is late by the clock alone. */
function row(what, { wall, cpu, server, budget, text, value = wall, limit, endToEnd = false }) {
  const bound = limit ?? Number(/[\d.]+/.exec(budget ?? '')?.[0]);
  const met = !budget ? '' : value <= bound ? 'met' : !endToEnd && cpu <= bound ? 'met by CPU' : 'MISSED';
  const cells = [what, text ?? ms(wall), ms(cpu), ms(server), budget ?? '', met];
  rows.push(cells);
  console.log([cells[0].padEnd(58), ...cells.slice(1).map((c) => c.padStart(14))].join(' '));
}

const desk = '/orders?view=new';
const first = '[role=row][data-focused]';

async function profile(browser, house) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'ru-RU', timezoneId: 'Asia/Almaty' });
  context.setDefaultTimeout(60000);
  await context.request.post(`${house.address}/api/session`, { data: owner });
  return context;
}
async function opened(context, house, path = desk) {
  const page = await context.newPage();
  const watch = await openStopwatch(page);
  await page.goto(house.address + path, { waitUntil: 'commit' });
  return { page, watch };
}
async function atDesk(browser, house, path) {
  const context = await profile(browser, house);
  const { page, watch } = await opened(context, house, path);
  await page.locator(first).waitFor();
  await watch.quiet();
  return { context, page, watch };
}

/** Many times the same; wall, CPU until the frame that shows it, and CPU in all. */
async function often(n, watch, act, ready) {
  const seen = [];
  for (let i = 0; i < n; i++) seen.push(await watch.time(() => act(i), ready?.(i)));
  const of = (name) => p95(seen.map((s) => s[name]).filter((v) => v !== undefined));
  return { wall: of('wall'), cpu: of('cpu'), all: of('all'), server: of('server') };
}

const parts = {
  async size() {
    for (const { route, bytes } of routeSizes()) {
      const isDesk = route === 'OrdersPage';
      row(`first load of ${route}, JS + CSS in brotli`, {
        text: `${(bytes / 1024).toFixed(1)} KB`, value: bytes / 1024, budget: isDesk ? '220 KB' : undefined,
      });
      if (isDesk && bytes > 220 * 1024) process.exitCode = 1;
    }
  },

  async load(_browser, house) {
    const bare = await openBare(executable, bareFlags);
    for (const [name, slow, budget] of [['', 1, 1500], [', CPU slowed 4×', 4, 1000]]) {
      const seen = { cold: [], warm: [] };
      for (let i = 0; i < 5; i++) {
        const tab = await signedIn(bare, house);
        for (const list of Object.values(seen)) list.push(await loadDesk(tab, house.address + desk, slow));
        await tab.close();
      }
      for (const [kind, list] of Object.entries(seen)) {
        const of = (key) => median(list.map((s) => s[key]));
        if (slow === 1)
          row(`first paint, ${kind} cache`, { wall: of('paint'), budget: kind === 'cold' ? '1500 ms' : '600 ms' });
        row(`the desk accepts a key, ${kind} cache${name}`, {
          wall: of('ready'), cpu: of('cpu'), server: of('server'), budget: kind === 'cold' ? `${budget} ms` : undefined,
        });
      }
    }
    await bare.close();
  },

  async keys(browser, house) {
    const { context, page, watch } = await atDesk(browser, house);
    const press = (key) => () => page.keyboard.press(key);
    const line = async (what, n, act) => {
      const m = await often(n, watch, act);
      row(`${what}: key to frame, p95 of ${n}`, { ...m, server: undefined, budget: '50 ms' });
      row(`${what}: all that follows, p95`, { text: '', cpu: m.all });
    };
    await page.keyboard.press('KeyJ');
    await line('J', 30, press('KeyJ'));
    await line('X', 20, press('KeyX'));
    await line('PageDown', 30, press('PageDown'));
    for (let i = 0; i < 4; i++) {
      await press('Space')();
      await watch.quiet();
    }
    const open = [];
    for (let i = 0; i < 24; i++) {
      const m = await watch.time(press('Space'));
      if (i % 2 === 0) open.push(m);
      if (i % 2) await press('KeyJ')();
      await watch.quiet();
    }
    row('Space opens the peek: key to frame, p95 of 12', {
      wall: p95(open.map((m) => m.wall)), cpu: p95(open.map((m) => m.cpu)), budget: '50 ms',
    });
    row('Space opens the peek: all that follows, p95', { text: '', cpu: p95(open.map((m) => m.all)) });
    await press('Space')();
    await watch.quiet();
    await line('J with the peek open', 20, press('KeyJ'));
    await context.close();
  },

  async scroll(browser, house) {
    const { context, page, watch } = await atDesk(browser, house);
    for (let i = 0; i < 4; i++) {
      await page.getByRole('grid').evaluate((grid) => (grid.scrollTop = 1e9));
      await watch.quiet();
    }
    await page.getByRole('grid').evaluate((grid) => (grid.scrollTop = 0));
    await watch.quiet();
    const before = await watch.cpu();
    const gaps = await page.getByRole('grid').evaluate(
      (grid) =>
        new Promise((done) => {
          const seen = [];
          let last = 0;
          requestAnimationFrame(function step(now) {
            if (last) seen.push(now - last);
            last = now;
            grid.scrollTop += 60;
            if (seen.length < 180) requestAnimationFrame(step);
            else done(seen);
          });
        }),
    );
    const cpu = ((await watch.cpu()) - before) / gaps.length;
    row('scroll of 60 px a frame: frame, p95 of 180', { wall: p95(gaps), cpu, budget: '32 ms' });
    row('scroll: frames over 32 ms', { text: String(gaps.filter((g) => g > 32.5).length) });
    await context.close();
  },

  async palette(browser, house) {
    const { context, page, watch } = await atDesk(browser, house);
    const seen = [];
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press('Control+KeyK');
      await page.getByRole('combobox').waitFor();
      await watch.quiet();
      // The phone of one buyer of the million: four digits that nobody typed before.
      const tail = String((7368787 * (5000 + i * 41111)) % 10000000).padStart(7, '0').slice(-4);
      await page.keyboard.type(tail.slice(0, 3));
      await watch.quiet();
      const shown = `[role=option][data-kind=customer]`;
      seen.push(await watch.time(() => page.keyboard.type(tail[3]), { grown: '[role=listbox]', shown, asks: `q=${tail}` }));
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.getByRole('combobox').waitFor({ state: 'detached' });
    }
    const of = (key) => p95(seen.map((s) => s[key]).filter((v) => v !== undefined));
    row('palette: last digit to the answer, p95 of 20', { wall: of('wall'), cpu: of('all'), server: of('server'), budget: '150 ms', endToEnd: true });
    await context.close();
  },

  async change(browser, house) {
    const { context, page, watch } = await atDesk(browser, house);
    const gridKey = async (n, act, asks) => {
      const seen = [];
      for (let i = 0; i < n; i++) {
        seen.push(await watch.time(() => act(i), { other: '.grid-row', asks }));
        await watch.quiet();
      }
      const of = (key) => p95(seen.map((s) => s[key]).filter((v) => v !== undefined));
      return { wall: of('wall'), cpu: of('all'), server: of('server') };
    };
    row('another view by its digit, p95 of 12', {
      ...(await gridKey(12, (i) => page.keyboard.press(i % 2 ? 'Digit1' : 'Digit2'), '/api/queue?')), budget: '400 ms',
    });
    await page.keyboard.press('Digit1');
    await watch.quiet();
    const sections = { customers: '[data-testid=nav-customers]', orders: '[data-testid=nav-orders]', overview: '[data-testid=nav-overview]' };
    for (const to of Object.values(sections)) {
      await page.locator(to).click();
      await watch.quiet();
    }
    for (const [name, to] of Object.entries(sections)) {
      const seen = [];
      for (let i = 0; i < 5; i++) {
        await page.locator('[data-testid=nav-tasks]').click();
        await watch.quiet();
        const heading = { customers: 'Клиенты', orders: 'Заказы', overview: '' }[name];
        seen.push(await watch.time(() => page.locator(to).click(), { heading, path: name === 'overview' ? '/' : `/${name}` }));
      }
      row(`to ${name} from another section, p95 of 5`, {
        wall: p95(seen.map((s) => s.wall)), cpu: p95(seen.map((s) => s.all)), budget: '200 ms',
      });
    }
    await page.locator(sections.orders).click();
    await page.locator(first).waitFor();
    await watch.quiet();
    const seen = [];
    for (let i = 0; i < 12; i++) {
      seen.push(await watch.time(() => page.keyboard.press('KeyC'), { moved: first, asks: '/confirm' }));
      await watch.quiet();
    }
    const of = (key) => p95(seen.map((s) => s[key]).filter((v) => v !== undefined));
    row('C: confirm to the next row, p95 of 12', { wall: of('wall'), cpu: of('cpu'), server: of('server'), budget: '50 ms' });
    await context.close();
  },

  async memory(_browser, house) {
    const bare = await openBare(executable, bareFlags);
    const api = await house.as();
    const list = (await api.get('/api/queue?status=new&limit=100')).items;
    const live = async (n, walk) => {
      for (let i = 0; i < n; i++) {
        await api.post(`/api/orders/${list[i % list.length].id}/notes`, { text: `Звонок ${i}` });
        if (i % 20 === 19) await walk();
      }
    };
    const [before, after, later] = await heldAfter(await signedIn(bare, house), house.address + desk, live);
    await bare.close();
    const mb = (n) => `${(n / 1048576).toFixed(1)} MB`;
    row('memory of the tab after 720 live updates', {
      text: `+${((after.heap / before.heap - 1) * 100).toFixed(1)} %`, value: after.heap / before.heap - 1, limit: 0.1, budget: '10 %',
    });
    row('  heap before, after one hour and after two', { text: [before, after, later].map((m) => mb(m.heap)).join(' → ') });
    row('  DOM nodes, listeners', { text: `${before.nodes} → ${after.nodes}, ${before.listeners} → ${after.listeners}` });
  },
};

const load = () => loadavg().map((n) => n.toFixed(1)).join(' ');
const started = Date.now();
const head = `Load of the machine ${load()} before`;
console.log(head);
console.log(['what'.padEnd(58), ...['wall', 'main CPU', 'server', 'budget', ''].map((c) => c.padStart(14))].join(' '));
const house = await largeHouse(process.env.SAUDA_FILLED);
const browser = await chromium.launch({ executablePath: executable, args: flags });
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (chosen.length && !chosen.includes(name)) continue;
    try {
      await measure(browser, house);
    } catch (error) {
      console.error(`${name}: ${error.stack}`);
      process.exitCode = 1;
    }
  }
} finally {
  await browser.close();
  await house.close();
}
const tail = `${head}, ${load()} after; ${Math.round((Date.now() - started) / 1000)} s.`;
const line = (cells) => `| ${cells.join(' | ')} |`;
const table = [['100 000 orders, 1 000 000 customers', 'wall', 'main-thread CPU', 'server', 'budget', ''], Array(6).fill('---'), ...rows];
await writeFile(out, `${table.map(line).join('\n')}\n\n${tail}\n`);
console.log(`${tail} The table is in ${out}`);
