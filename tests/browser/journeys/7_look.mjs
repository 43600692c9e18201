/* What every screen keeps: four languages, both themes, narrow windows, a lost line, people who do not use a mouse. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { until } from '../house.mjs';

const web = createRequire(new URL('../../../web/package.json', import.meta.url));
const { AxeBuilder } = web('@axe-core/playwright');

const screens = {
  overview: '/', triage: '/?triage=1', orders: '/orders?view=new', peek: '/orders?view=new&peek=1', customers: '/customers',
  channels: '/settings/channels', connect: '/settings/channels/new', deadlines: '/settings/deadlines', users: '/settings/users',
  keys: '/settings/keys', audit: '/settings/audit', profile: '/settings/profile',
};
async function paths(hand) {
  const api = await hand.house.as();
  const row = (await api.get('/api/queue?status=new&limit=1')).items[0];
  return {
    ...screens,
    order: `/orders/${row.id}`,
    customer: `/customers/${row.customer_id}`,
    channel: `/settings/channels/${api.session.accounts[0].id}`,
  };
}

async function axe(hand, colorScheme) {
  const page = await hand.signedIn('/', { colorScheme });
  const wrong = [];
  for (const [name, path] of Object.entries(await paths(hand))) {
    // Live events keep a line open, so the network never falls silent; the heading is what tells that a screen stands.
    await page.goto(hand.house.address + path);
    await page.getByRole('heading').first().waitFor();
    await until(async () => (await page.locator('.mantine-Skeleton-root').count()) === 0, `${name} has loaded`);
    const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
    for (const v of found.violations) wrong.push(`${name}: ${v.id} ×${v.nodes.length} ${v.nodes[0].html.slice(0, 140)}`);
  }
  assert.deepEqual(wrong, []);
}

export default [
  ['X-1: axe finds no violation of A or AA, light', {}, (hand) => axe(hand, 'light')],
  ['X-1: axe finds no violation of A or AA, dark', {}, (hand) => axe(hand, 'dark')],

  ['four languages switch without a reload and stay chosen', {}, async (hand) => {
    const page = await hand.signedIn('/orders?view=new');
    await page.getByRole('grid').waitFor();
    await page.evaluate(() => (globalThis.sameDocument = true));
    for (const [name, heading] of [['Қазақша', 'Тапсырыстар'], ['Українська', 'Замовлення'], ['English', 'Orders'], ['Русский', 'Заказы']]) {
      await page.getByRole('button', { name: /^(Язык|Тіл|Мова|Language)/ }).click();
      await page.getByRole('menuitem', { name }).click();
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    }
    assert.equal(await page.evaluate(() => globalThis.sameDocument), true);
    await page.getByRole('button', { name: 'Язык' }).click();
    await page.getByRole('menuitem', { name: 'Қазақша' }).click();
    await page.getByRole('heading', { level: 1, name: 'Тапсырыстар' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Тапсырыстар' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'kk');
  }],

  ['X-10: a cut line shows the bar, writing is off, and all comes back without a reload', {}, async (hand) => {
    hand.expect(/ERR_|Failed to load|EventSource/);
    const page = await hand.signedIn('/orders?view=new');
    await page.locator('[role=row][data-focused]').waitFor();
    await page.getByLabel('Выбрать группу «Горят»').click();
    await page.context().setOffline(true);
    await page.getByRole('alert').getByText(/Нет связи с/).waitFor();
    assert.equal(await page.getByTestId('bulk-confirm').isDisabled(), true);
    await page.context().setOffline(false);
    await page.getByText(/Нет связи с/).waitFor({ state: 'detached', timeout: 15000 });
    await until(() => page.getByTestId('bulk-confirm').isEnabled(), 'writing is on again');
  }],

  ['X-11: when one part fails the others work, and it can be tried again', {}, async (hand) => {
    hand.expect(/status of 500/);
    const page = await hand.signedIn('/customers');
    await page.getByRole('grid').waitFor();
    await page.route('**/api/queue?**', (route) => route.fulfill({ status: 500, body: '{"code":"internal","title":"x","status":500}' }));
    await page.getByTestId('nav-orders').click();
    await page.getByRole('button', { name: 'Повторить' }).waitFor({ timeout: 20000 });
    await page.getByTestId('view-tab-1').waitFor();
    await page.unroute('**/api/queue?**');
    await page.getByRole('button', { name: 'Повторить' }).click();
    await page.getByRole('grid').waitFor();
  }],

  ['X-3: at 320 px nothing is lost sideways outside of data grids', {}, async (hand) => {
    const page = await hand.signedIn('/', { viewport: { width: 320, height: 800 } });
    const wide = [];
    for (const [name, path] of Object.entries(await paths(hand))) {
      await page.goto(hand.house.address + path);
      await page.getByRole('heading').first().waitFor();
      await until(async () => (await page.locator('.mantine-Skeleton-root').count()) === 0, `${name} has loaded`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) wide.push(`${name}: ${over} px`);
    }
    assert.deepEqual(wide, []);
  }],

  ['the sheet of keys shows both letters, Esc closes it, the theme changes by its key', {}, async (hand) => {
    const page = await hand.signedIn('/orders?view=new');
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('Shift+Slash');
    await page.getByRole('dialog').getByText('О', { exact: true }).or(page.getByRole('dialog').getByText(/J.*О/)).first().waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const before = await page.evaluate(() => document.documentElement.dataset.mantineColorScheme);
    await page.keyboard.press('Control+Shift+KeyL');
    await until(async () => (await page.evaluate(() => document.documentElement.dataset.mantineColorScheme)) !== before, 'the theme');
  }],

  ['X-6: the letters of four languages and the signs of money are drawn by our own font', {}, async (hand) => {
    const page = await hand.signedIn('/');
    await page.getByTestId('triage-start').waitFor();
    const missing = await page.evaluate(async () => {
      await document.fonts.ready;
      const out = [];
      for (const letter of 'әғқңөұүһії₸₽₴') {
        const found = await document.fonts.load('14px "Inter Variable"', letter);
        if (!found.length) out.push(letter);
      }
      return out;
    });
    assert.deepEqual(missing, []);
  }],
];
