/* Pictures of every screen at the fixture's moment: node scripts/screenshots.mjs [only]. They show the real server with the played
 * marketplaces and go to ../screenshots, which is not kept in the repository; with --docs the two pictures of the guide are made
 * anew in docs/img. SAUDA is the program, OUT another folder. */
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { firstHouse, houseFrom, owner, until } from '../../tests/browser/house.mjs';

const out = process.env.OUT ?? fileURLToPath(new URL('../../screenshots/', import.meta.url));
const docs = fileURLToPath(new URL('../../docs/img/', import.meta.url));
const words = process.argv.slice(2);
const forDocs = words.includes('--docs');
const only = words.find((w) => !w.startsWith('--'));
const flags =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

const grid = (page) => page.locator('[role=row][data-focused]').waitFor();
const shots = (ids) => ({
  overview: { path: '/', ready: (page) => page.locator('.uplot canvas').first().waitFor() },
  orders: { path: '/orders?view=new', ready: grid },
  bulk: {
    path: '/orders?view=new',
    ready: async (page, phone) => {
      await grid(page);
      if (phone) return;
      await page.keyboard.press('Shift+KeyX');
      await page.getByTestId('bulk-bar').waitFor();
    },
  },
  peek: { path: '/orders?view=new&peek=1', ready: grid },
  board: { path: '/orders/board' },
  order: { path: `/orders/${ids.kaspi}` },
  order_wb: { path: `/orders/${ids.wildberries}` },
  order_ozon: { path: `/orders/${ids.ozon}` },
  triage: { path: '/?triage=1' },
  palette: {
    path: '/orders?view=new',
    ready: async (page) => {
      await grid(page);
      await page.keyboard.press('Control+KeyK');
      await page.getByRole('combobox').fill('4567');
      await page.getByRole('option').filter({ hasText: 'Мария Иванова' }).first().waitFor();
    },
  },
  keys: {
    path: '/orders?view=new',
    ready: async (page) => {
      await grid(page);
      await page.keyboard.press('Shift+Slash');
      await page.getByRole('dialog').waitFor();
    },
  },
  cancel: {
    path: '/orders?view=new',
    ready: async (page) => {
      await grid(page);
      await page.keyboard.press('Shift+KeyC');
      await page.getByRole('radio').first().waitFor();
    },
  },
  customers: { path: '/customers', ready: grid },
  customer: { path: `/customers/${ids.customer}` },
  channels: { path: '/settings/channels' },
  channel: { path: `/settings/channels/${ids.account}` },
  connect: {
    path: '/settings/channels/new',
    ready: (page) => page.getByTestId('kind-ozon').click(),
  },
  returns: { path: '/returns', ready: grid },
  return: { path: `/returns/${ids.back}` },
  tasks: { path: '/tasks' },
  start: { path: '/settings/start' },
  shop: { path: '/settings/shop' },
  outbox: { path: '/settings/outbox' },
  deadlines: { path: '/settings/deadlines' },
  returns_rules: { path: '/settings/returns' },
  users: { path: '/settings/users' },
  keys_api: { path: '/settings/keys' },
  audit: { path: '/settings/audit' },
  profile: { path: '/settings/profile' },
});

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const template = await firstHouse();
const house = await houseFrom(template);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: flags.split(' '),
});
let failed = 0;
try {
  const api = await house.as();
  const first = async (channel) => {
    const account = api.session.accounts.find((a) => a.channel === channel);
    return (await api.get(`/api/queue?status=new&account_id=${account.id}&limit=1`)).items[0];
  };
  const [kaspi, wildberries, ozon] = [await first('kaspi'), await first('wildberries'), await first('ozon')];
  const all = shots({
    kaspi: kaspi.id,
    wildberries: wildberries.id,
    ozon: ozon.id,
    customer: kaspi.customer_id,
    account: kaspi.account_id,
    back: (await api.get('/api/returns?limit=1')).items[0].id,
  });
  const folder = forDocs ? docs : out;
  await mkdir(folder, { recursive: true });
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const colorScheme of ['light', 'dark']) {
      if (forDocs && (size !== 'desktop' || colorScheme !== 'light')) continue;
      const context = await browser.newContext({
        viewport,
        colorScheme,
        locale: 'ru-RU',
        timezoneId: 'Asia/Almaty',
        reducedMotion: 'reduce',
      });
      context.setDefaultTimeout(10_000);
      const page = await context.newPage();
      await page.clock.setFixedTime(house.now);
      const problems = [];
      page.on('pageerror', (e) => problems.push(e.message));
      page.on('console', (m) => m.type() === 'error' && problems.push(m.text()));
      page.on('response', (r) => r.status() >= 400 && problems.push(`${r.status()} ${r.url()}`));
      if (!forDocs && (!only || 'sign-in'.match(only))) {
        await page.goto(`${house.address}/`);
        await page.getByTestId('demo-login').waitFor();
        await page.screenshot({ path: `${folder}/sign-in-${size}-${colorScheme}.png` });
        problems.length = 0;
      }
      await context.request.post(`${house.address}/api/session`, { data: owner });
      for (const [name, { path, ready }] of Object.entries(all)) {
        if (only && !name.match(only)) continue;
        if (forDocs && name !== 'overview' && name !== 'orders') continue;
        try {
          await page.goto(house.address + path);
          await page.getByRole('heading').first().waitFor();
          await until(
            async () => (await page.locator('.mantine-Skeleton-root').count()) === 0,
            `${name} has loaded`,
          );
          await ready?.(page, size === 'phone');
          await page.evaluate(() => document.fonts.ready);
          const file = forDocs ? `${name}.png` : `${name}-${size}-${colorScheme}.png`;
          await page.screenshot({ path: `${folder}/${file}`, animations: 'disabled' });
        } catch (error) {
          problems.push(error.message.split('\n')[0]);
        }
        for (const text of problems.splice(0)) {
          failed++;
          console.error(`${name} ${size} ${colorScheme}: ${text}`);
        }
      }
      await context.close();
    }
  }
  console.log(`Pictures are in ${folder}`);
} finally {
  await browser.close();
  await house.close();
  await rm(template, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
