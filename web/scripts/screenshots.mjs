/* Pictures of every screen: node scripts/screenshots.mjs [address] [only]. Without an address it starts the development
 * server with its fake data. The pictures go to ../screenshots, which is not kept in the repository. */
import { mkdir } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const here = fileURLToPath(new URL('..', import.meta.url));
const out = process.env.OUT ?? fileURLToPath(new URL('../../screenshots/', import.meta.url));
const port = 5199;
const address = process.argv[2]?.startsWith('http') ? process.argv[2] : `http://127.0.0.1:${port}`;
const only = process.argv.find((a, i) => i > 1 && !a.startsWith('http'));

const server = process.argv[2]?.startsWith('http')
  ? null
  : spawn(
      process.execPath,
      ['node_modules/vite/bin/vite.js', '--host', '127.0.0.1', '--port', String(port), '--strictPort'],
      {
        cwd: here,
        stdio: 'ignore',
      },
    );
const ready = async () => {
  for (let i = 0; i < 100; i++) {
    try {
      if ((await fetch(address)).ok) return;
    } catch {
      await new Promise((r) => setTimeout(r, 200));
    }
  }
  throw new Error(`nothing answers at ${address}`);
};

const flags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: flags.split(' '),
});

const firstOrder = async (page) => {
  const reply = await page.request.get(`${address}/api/queue?status=new&limit=1`);
  return (await reply.json()).items[0]?.id;
};
const firstCustomer = async (page) => {
  const reply = await page.request.get(`${address}/api/queue?status=new&limit=1`);
  return (await reply.json()).items[0]?.customer_id;
};
const firstAccount = async (page) => {
  const list = await (await page.request.get(`${address}/api/accounts`)).json();
  const items = Array.isArray(list) ? list : list.items;
  return (items.find((a) => a.parked > 0) ?? items[0])?.id;
};
const palette = async (page) => {
  await page.goto(`${address}/orders?view=new`);
  await page.getByRole('grid').waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('4567', { delay: 20 });
  await page.waitForTimeout(500);
};

const shots = {
  overview: (page) => page.goto(`${address}/`),
  orders: async (page, phone) => {
    await page.goto(`${address}/orders?view=new`);
    await page.getByRole('grid').waitFor();
    if (!phone) await page.keyboard.press('Shift+X');
    await page.waitForTimeout(500);
  },
  peek: (page) => page.goto(`${address}/orders?view=new&peek=1`),
  order: async (page) => page.goto(`${address}/orders/${await firstOrder(page)}`),
  triage: (page) => page.goto(`${address}/?triage=1`),
  palette,
  keys: async (page) => {
    await page.goto(`${address}/orders?view=new`);
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('Shift+Slash');
  },
  customers: (page) => page.goto(`${address}/customers`),
  customer: async (page) => page.goto(`${address}/customers/${await firstCustomer(page)}`),
  channels: (page) => page.goto(`${address}/settings/channels`),
  channel: async (page) => page.goto(`${address}/settings/channels/${await firstAccount(page)}`),
  connect: async (page) => {
    await page.goto(`${address}/settings/channels/new`);
    await page.getByTestId('kind-ozon').click();
  },
  deadlines: (page) => page.goto(`${address}/settings/deadlines`),
  users: (page) => page.goto(`${address}/settings/users`),
  keys_api: (page) => page.goto(`${address}/settings/keys`),
  audit: (page) => page.goto(`${address}/settings/audit`),
  profile: (page) => page.goto(`${address}/settings/profile`),
};

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
let failed = 0;
try {
  await ready();
  await mkdir(out, { recursive: true });
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ['light', 'dark']) {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        locale: 'ru-RU',
        timezoneId: 'Asia/Almaty',
      });
      const page = await context.newPage();
      const problems = [];
      page.on('pageerror', (e) => problems.push(e.message));
      page.on('console', (m) => m.type() === 'error' && problems.push(m.text()));
      await page.goto(`${address}/`);
      await page.waitForTimeout(800);
      const demo = page.getByTestId('demo-login');
      if (await demo.isVisible()) {
        await page.screenshot({ path: `${out}/sign-in-${size}-${colorScheme}.png` });
        await demo.click();
        await page.waitForTimeout(800);
      }
      for (const [name, open] of Object.entries(shots)) {
        if (only && !name.match(only)) continue;
        try {
          await open(page, size === 'phone');
          await page.waitForLoadState('load');
          await page.waitForTimeout(900);
          await page.screenshot({ path: `${out}/${name}-${size}-${colorScheme}.png` });
        } catch (error) {
          problems.push(`${name}: ${error.message.split('\n')[0]}`);
        }
        for (const text of problems.splice(0)) {
          failed++;
          console.error(`${name} ${size} ${colorScheme}: ${text}`);
        }
      }
      await context.close();
    }
  }
  console.log(`pictures in ${out}`);
} finally {
  await browser.close();
  server?.kill();
}
process.exitCode = failed ? 1 : 0;
