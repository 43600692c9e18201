/* What every screen keeps: four languages, both themes, narrow windows, a lost line, people who do not use a mouse. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { same, stands, until } from '../house.mjs';

const web = createRequire(new URL('../../../web/package.json', import.meta.url));
const { AxeBuilder } = web('@axe-core/playwright');

/* Every address of the product, in groups that take about as long as each other. */
const groups = {
  work: async () => ({
    overview: '/', triage: '/?triage=1', orders: '/orders?view=new', board: '/orders/board', returns: '/returns', claims: '/returns/claims',
    tasks: '/tasks', customers: '/customers',
  }),
  cards: async (api) => {
    const row = (await api.get('/api/queue?status=new&limit=1')).items[0];
    const back = (await api.get('/api/returns?limit=1')).items[0];
    return {
      return: `/returns/${back.id}`,
      peek: '/orders?view=new&peek=1', order: `/orders/${row.id}`, customer: `/customers/${row.customer_id}`,
      connect: '/settings/channels/new', channel: `/settings/channels/${api.session.accounts[0].id}`,
    };
  },
  settings: async () => {
    const parts = ['start', 'shop', 'outbox', 'channels', 'deadlines', 'returns', 'users', 'keys', 'audit', 'profile'];
    return Object.fromEntries(parts.map((name) => [name, `/settings/${name}`]));
  },
};
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

async function eachScreen(hand, page, group, look) {
  for (const [name, path] of Object.entries(await groups[group](await hand.house.as()))) {
    await page.goto(hand.house.address + path);
    await stands(page, name);
    await look(name);
  }
}
async function violations(page, name) {
  const found = await new AxeBuilder({ page }).withTags(rules).analyze();
  return found.violations.map((v) => `${name}: ${v.id} ×${v.nodes.length} ${v.nodes[0].html.slice(0, 140)}`);
}
const axe = (group, colorScheme) => async (hand) => {
  const page = await hand.signedIn('/', { colorScheme });
  const wrong = [];
  await eachScreen(hand, page, group, async (name) => wrong.push(...(await violations(page, name))));
  assert.deepEqual(wrong, []);
};
/** The door has nobody signed in: the form of sign-in, or of the first run. */
const axeAtDoor = (button) => async (hand) => {
  hand.expect(/status of 401/);
  const wrong = [];
  for (const colorScheme of ['light', 'dark']) {
    const page = await hand.page(await hand.profile({ colorScheme }));
    await page.getByRole('button', { name: button, exact: true }).waitFor();
    await stands(page, colorScheme);
    wrong.push(...(await violations(page, colorScheme)));
  }
  assert.deepEqual(wrong, []);
};
/** What is wider than the window, and text that its own button, tab, chip or heading cuts off without a way to read it. */
const lost = (page) =>
  page.evaluate(() => {
    const over = document.documentElement.scrollWidth - innerWidth;
    const cut = [...document.querySelectorAll('button, .mantine-Button-label, [role=tab], h1, h2, label')].filter((at) => {
      const style = getComputedStyle(at);
      if (!at.checkVisibility() || style.textOverflow === 'ellipsis' || at.querySelector('.cut') || at.closest('.cut')) return false;
      return style.overflowX === 'hidden' && at.clientWidth > 1 && at.scrollWidth > at.clientWidth + 1;
    });
    return [...(over > 0 ? [`${over} px too wide`] : []), ...cut.slice(0, 3).map((at) => `cut: ${at.textContent.slice(0, 60)}`)];
  });
const fits = (group, viewport, prepare) => async (hand) => {
  const page = await hand.signedIn('/', { viewport });
  await prepare?.(page);
  const wide = [];
  await eachScreen(hand, page, group, async (name) => wide.push(...(await lost(page)).map((what) => `${name}: ${what}`)));
  assert.deepEqual(wide, []);
};
/** What has the focus: is it seen to have it, and does nothing lie over it? */
const focused = () => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent');
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = accent;
  const colour = getComputedStyle(probe).color;
  probe.remove();
  const marks = [at, at.parentElement, at.closest('label'), at.nextElementSibling, ...at.querySelectorAll('[data-focused]')].filter(Boolean);
  const seen = marks.some((one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none' || style.borderColor === colour;
  });
  const box = at.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].map(([x, y]) => [box.x + box.width * x, box.y + box.height * y]);
  const free = box.width < 2 || points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (at.contains(top) || top.contains(at) || top.closest('label')?.contains(at));
  });
  globalThis.walked ??= [];
  const again = globalThis.walked.includes(at);
  globalThis.walked.push(at);
  const what = `${at.tagName.toLowerCase()} «${(at.getAttribute('aria-label') ?? at.textContent).trim().slice(0, 40)}»`;
  return { again, wrong: [...(seen ? [] : [`focus is not seen: ${what}`]), ...(free ? [] : [`something lies over the focus: ${what}`])] };
};
/** Tab goes through the whole screen and out of it; wherever it stops, that is seen. */
const byKeys = (group) => async (hand) => {
  const page = await hand.signedIn('/');
  const wrong = [];
  await eachScreen(hand, page, group, async (name) => {
    await page.evaluate(() => document.activeElement?.blur());
    let stops = 0;
    for (; stops < 400; stops++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(focused);
      if (!at || at.again) break;
      wrong.push(...at.wrong.map((what) => `${name}: ${what}`));
    }
    if (stops < 5 || stops === 400) wrong.push(`${name}: Tab stops ${stops} times`);
  });
  assert.deepEqual(wrong, []);
};
/** Whoever is signed in speaks this language from now on. */
const speaks = (language) => async (page) => {
  const address = `${new URL(page.url()).origin}/api/session`;
  const { csrf, user } = await (await page.request.get(address)).json();
  const headers = { 'X-CSRF-Token': csrf, 'If-Match': String(user.version) };
  const reply = await page.request.patch(address, { data: { language }, headers });
  assert.ok(reply.ok(), await reply.text());
};
const each = (make) => Object.keys(groups).map(make);

export default [
  ...each((group) => [`X-1: axe finds no violation of A or AA, light: ${group}`, {}, axe(group, 'light')]),
  ...each((group) => [`X-1: axe finds no violation of A or AA, dark: ${group}`, {}, axe(group, 'dark')]),
  ['X-1: axe finds no violation of A or AA at the sign-in, light and dark', {}, axeAtDoor('Войти')],
  ['X-1: axe finds no violation of A or AA at the first run, light and dark', { empty: true }, axeAtDoor('Создать магазин')],
  ...each((group) => [`X-2: by keys alone every screen is walked through and out of, and the focus is seen: ${group}`, {}, byKeys(group)]),
  ...each((group) => [`X-3: at 200 % zoom nothing is lost: ${group}`, {}, fits(group, { width: 720, height: 450 })]),
  ...each((group) => [`X-3: at 320 px nothing is lost outside of data grids: ${group}`, {}, fits(group, { width: 320, height: 800 })]),
  ...[['work', 'kk'], ['cards', 'uk'], ['settings', 'en'], ['work', 'uk'], ['cards', 'kk']].map(([group, language]) => [
    `X-3: at 320 px nothing is lost in another language: ${group}, ${language}`, {},
    fits(group, { width: 320, height: 800 }, speaks(language)),
  ]),
  ...each((group) => [
    `X-5: with every text a third longer nothing is cut: ${group}`, {},
    fits(group, { width: 1440, height: 900 }, (page) => page.evaluate(() => localStorage.setItem('sauda.pseudo', '1'))),
  ]),

  ['four languages switch without a reload and stay chosen', {}, async (hand) => {
    const page = await hand.signedIn('/orders?view=new');
    await page.getByRole('grid').waitFor();
    await page.evaluate(() => (globalThis.sameDocument = true));
    const kept = async () => (await (await page.request.get(`${hand.house.address}/api/session`)).json()).user.language;
    for (const [name, heading] of [['Қазақша', 'Тапсырыстар'], ['Українська', 'Замовлення'], ['English', 'Orders'], ['Русский', 'Заказы']]) {
      await page.getByRole('button', { name: /^(Язык|Тіл|Мова|Language)/ }).click();
      await page.getByRole('menuitem', { name }).click();
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    }
    assert.equal(await page.evaluate(() => globalThis.sameDocument), true);
    await page.getByRole('button', { name: 'Язык' }).click();
    await page.getByRole('menuitem', { name: 'Қазақша' }).click();
    await page.getByRole('heading', { level: 1, name: 'Тапсырыстар' }).waitFor();
    await same(kept, 'kk', 'the server keeps it');
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Тапсырыстар' }).waitFor();
    await same(() => page.evaluate(() => document.documentElement.lang), 'kk');
  }],

  ['X-10: a cut line shows the bar, writing is off, and all comes back without a reload', {}, async (hand) => {
    hand.expect(/ERR_|Failed to load|EventSource/);
    const page = await hand.signedIn('/orders?view=new');
    await page.locator('[role=row][data-focused]').waitFor();
    await page.getByLabel('Выбрать группу «Горят»').click();
    await page.context().setOffline(true);
    await page.getByRole('alert').getByText(/Нет связи с/).waitFor();
    await until(() => page.getByTestId('bulk-confirm').isDisabled(), 'writing is off');
    await page.context().setOffline(false);
    await page.getByText(/Нет связи с/).waitFor({ state: 'detached' });
    await until(() => page.getByTestId('bulk-confirm').isEnabled(), 'writing is on again');
  }],

  ['X-11: when one part fails the others work, and it can be tried again', {}, async (hand) => {
    hand.expect(/status of 500/);
    const page = await hand.signedIn('/customers');
    await page.getByRole('grid').waitFor();
    await page.route('**/api/queue?**', (route) => route.fulfill({ status: 500, body: '{"code":"internal","title":"x","status":500}' }));
    await page.getByTestId('nav-orders').click();
    await page.getByRole('button', { name: 'Повторить' }).waitFor();
    await page.getByTestId('view-tab-1').waitFor();
    await page.unroute('**/api/queue?**');
    await page.getByRole('button', { name: 'Повторить' }).click();
    await page.getByRole('grid').waitFor();
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
