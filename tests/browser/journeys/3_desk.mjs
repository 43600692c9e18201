/* The orders desk: by keys, in any layout, undone, refused, live without moving, by saved views. */
import assert from 'node:assert/strict';
import { fits, rest, same, until } from '../house.mjs';
import { russian } from '../keys.mjs';

const desk = async (hand, path = '/orders?view=new', options) => {
  const page = await hand.signedIn(path, options);
  await page.getByRole('grid').waitFor();
  await page.locator('[role=row][data-focused]').waitFor();
  return page;
};
const rowIds = (page) => page.locator('.grid-row').evaluateAll((all) => all.map((row) => row.id));
const total = async (page) => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1;
const toast = (page, text) => page.getByTestId('toast').filter({ hasText: text });
const kaspiOrder = (n) => ({
  market: 'kaspi',
  buyer: { name: 'Алия', surname: 'Новая', phone: `+770100000${n}` },
  lines: [{ title: 'Коляска', sku: 'K-1', qty: 1, price: '45000.00' }],
});
/** Lets the server ask the markets, as its owner may. */
async function fetchAll(api) {
  for (const account of api.session.accounts) await api.post(`/api/accounts/${account.id}/fetch`);
}

export default [
  ['ORD-1: view «Новые» has 129 by zone and deadline; chips, groups and counters agree', {}, async (hand) => {
    const page = await desk(hand);
    await until(async () => (await total(page)) === 129, '129 rows');
    await fits(() => page.getByTestId('view-tab-1').innerText(), /Новые\s*129/);
    const group = async () => (await page.locator('.grid-group').allInnerTexts())[0]?.replace(/[\s\u00a0\u202f]+/g, ' ');
    await fits(group, /Горят.*7.*184 400 ₸/);
    const chips = await rest(() => page.getByTestId('sla-chip').evaluateAll((all) => all.map((c) => [c.dataset.zone, c.dataset.deadline])));
    assert.deepEqual(chips.slice(0, 8).map((c) => c[0]), [...Array(7).fill('red'), 'yellow']);
    const red = chips.filter((c) => c[0] === 'red').map((c) => c[1]);
    assert.deepEqual(red, [...red].sort());
    assert.ok((await page.getByRole('row').count()) <= 60, 'only rows near the window are in the page');
  }],

  ['ORD-2: G O, Shift X, C confirm the seven red ones', {}, async (hand) => {
    const page = await hand.signedIn();
    await page.getByTestId('triage-start').waitFor();
    await page.keyboard.press('KeyG');
    await page.keyboard.press('KeyO');
    await page.locator('[role=row][data-focused]').waitFor();
    await page.keyboard.press('Shift+KeyX');
    await page.getByTestId('bulk-bar').getByText('Выбрано 7').waitFor();
    await page.getByTestId('bulk-bar').getByText(/184.400/).waitFor();
    await page.keyboard.press('KeyC');
    await toast(page, 'Подтверждено 7 заказов').waitFor();
    await until(async () => (await total(page)) === 122, '122 are left');
  }],

  ['ORD-2: three clicks do the same', {}, async (hand) => {
    const page = await desk(hand);
    await page.getByLabel('Выбрать группу «Горят»').click();
    await page.getByTestId('bulk-confirm').click();
    await toast(page, 'Подтверждено 7 заказов').waitFor();
  }],

  ['ORD-3: what cannot be done is named before and after, stays chosen, the rest is done', {}, async (hand) => {
    const page = await desk(hand, '/orders?view=all&sort=-placed_at');
    const api = await hand.house.as();
    const done = (await api.get('/api/queue?status=in_delivery&limit=2')).items;
    const fresh = (await api.get('/api/queue?status=new&zone=red&limit=5')).items;
    await page.goto(`${hand.house.address}/orders?view=new`);
    await page.getByLabel('Выбрать группу «Горят»').click();
    await page.getByTestId('bulk-bar').getByText('Выбрано 7').waitFor();
    // While the bar is open a colleague takes two of them.
    const colleague = await hand.house.as('aigerim@karapuz.kz');
    for (const row of fresh.slice(0, 2)) await colleague.post(`/api/orders/${row.id}/confirm`);
    await page.keyboard.press('KeyC');
    await toast(page, /5 заказов из 7/).getByTestId('toast-show').click();
    await page.getByTestId('only-bar').getByText('Показаны 2 заказа').waitFor();
    await same(async () => (await rowIds(page)).length, 2, 'the two alone');
    for (const row of fresh.slice(0, 2)) await page.getByTestId(`row-${row.id}`).waitFor();
    await page.getByTestId('only-bar').getByRole('button', { name: 'Весь список' }).click();
    await page.getByTestId('only-bar').waitFor({ state: 'detached' });
    await page.getByTestId('bulk-bar').getByText('Выбрано 2').waitFor();
    assert.equal(done.length, 2);
  }],

  ['ORD-4: Ctrl Z inside the hold window brings all back, the market hears nothing', {}, async (hand) => {
    const page = await desk(hand);
    await page.keyboard.press('Shift+KeyX');
    await page.getByTestId('bulk-bar').getByText('Выбрано 7').waitFor();
    await page.keyboard.press('KeyC');
    await toast(page, 'Подтверждено 7 заказов').waitFor();
    await hand.house.advance(3000);
    await page.keyboard.press('Control+KeyZ');
    await toast(page, 'Отменено действие с 7 заказами').waitFor();
    await until(async () => (await total(page)) === 129, '129 again');
    for (let i = 0; i < 6; i++) await hand.house.advance(20000);
    assert.deepEqual(await hand.house.received(), []);
  }],

  ['ORD-5: the same keys in the Russian layout: G O, Shift X, C, Ctrl Z', {}, async (hand) => {
    const page = await hand.signedIn();
    await page.getByTestId('triage-start').waitFor();
    await russian(page, 'KeyG', 'KeyO');
    await page.locator('[role=row][data-focused]').waitFor();
    const first = await page.locator('[role=row][data-focused]').getAttribute('id');
    await russian(page, 'KeyJ', 'KeyJ');
    await until(async () => (await page.locator('[role=row][data-focused]').getAttribute('id')) !== first, 'J walks');
    await russian(page, 'KeyK', 'KeyK', 'Shift+KeyX');
    await page.getByTestId('bulk-bar').getByText('Выбрано 7').waitFor();
    await russian(page, 'KeyC');
    await toast(page, 'Подтверждено 7 заказов').waitFor();
    await russian(page, 'Control+KeyZ');
    await toast(page, 'Отменено действие с 7 заказами').waitFor();
  }],

  ['ORD-7, ORD-11: twenty orders that come in move no row; the bar tells of them, U shows them', {}, async (hand) => {
    const page = await desk(hand);
    const api = await hand.house.as();
    await until(async () => (await total(page)) === 129, '129 rows');
    const before = await rest(() => rowIds(page));
    const focused = await page.locator('[role=row][data-focused]').getAttribute('id');
    await hand.house.control('burst', { market: 'kaspi', n: 20 });
    await fetchAll(api);
    await hand.house.flow(async () => (await page.getByTestId('updates').count()) > 0, 'the bar appears');
    await page.getByTestId('updates').getByText('Ещё 20 новых').waitFor();
    await same(() => rowIds(page), before);
    await page.keyboard.press('KeyU');
    await page.getByTestId('updates').waitFor({ state: 'detached' });
    await until(async () => (await total(page)) === 149, '149 are counted');
    await same(() => page.locator('[role=row][data-focused]').getAttribute('id'), focused);
  }],

  ['ORD-8, X-9: a view with three filters is kept, opens by its number and by its address elsewhere', {}, async (hand) => {
    const page = await desk(hand, '/orders?view=new&zone=green&channel=kaspi&total_from=10000');
    await until(async () => { const seen = await total(page); return seen > 0 && seen < 129; }, 'the filters work');
    const n = await rest(() => total(page));
    await page.getByRole('button', { name: 'Вид', exact: true }).click();
    await page.getByLabel('Название вида').fill('Спокойные Kaspi');
    await page.keyboard.press('Enter');
    const tab = page.getByRole('tab', { name: /Спокойные Kaspi/ });
    await tab.waitFor();
    const number = (await tab.getAttribute('data-testid')).replace('view-tab-', '');
    await page.goto(`${hand.house.address}/orders?view=new`);
    await until(async () => (await total(page)) === 129, 'all new ones');
    await page.getByTestId(`view-tab-${number}`).waitFor();
    await page.keyboard.press(`Digit${number}`);
    await until(async () => (await total(page)) === n, 'the view by its key');
    const ids = await rest(() => rowIds(page));
    const other = await hand.signedIn(new URL(page.url()).pathname + new URL(page.url()).search);
    await until(async () => (await total(other)) === n, 'the view by its address');
    await same(() => rowIds(other), ids);
  }],

  ['ORD-9: Ctrl A chooses all 129, and all of them are acted on', {}, async (hand) => {
    const page = await desk(hand);
    await page.keyboard.press('Control+KeyA');
    await page.getByTestId('bulk-bar').getByText('Выбрано 129').waitFor();
    await page.keyboard.press('KeyC');
    await toast(page, 'Подтверждено 129 заказов').waitFor();
    const api = await hand.house.as();
    await same(async () => (await api.get('/api/queue/counts?status=new')).total.count, 0);
  }],

  ['ORD-10: the zones differ without colour: each has its icon and its fill', {}, async (hand) => {
    const page = await desk(hand);
    await page.locator('[data-testid=sla-chip][data-zone=red]').first().waitFor();
    await page.locator('[data-testid=sla-chip][data-zone=yellow]').first().waitFor();
    const looks = await page.getByTestId('sla-chip').evaluateAll((all) => {
      const seen = {};
      for (const chip of all) {
        const style = getComputedStyle(chip);
        seen[chip.dataset.zone] ??= `${getComputedStyle(chip, '::before').maskImage}|${style.backgroundColor}|${style.borderTopStyle}`;
      }
      return seen;
    });
    assert.equal(new Set(Object.values(looks)).size, Object.keys(looks).length);
    assert.ok(looks.red && looks.yellow, Object.keys(looks).join());
  }],

  ['ORD-12: what the market refuses returns to its former state with the reason and «Повторить»', {}, async (hand) => {
    const page = await desk(hand);
    const api = await hand.house.as();
    const row = (await api.get('/api/queue?status=new&zone=red&limit=1')).items[0];
    await page.keyboard.press('KeyC');
    await toast(page, /Подтверждён 1 заказ/).waitFor();
    await hand.house.control('act', { market: 'kaspi', order: row.number, event: 'buyer_cancels' });
    await hand.house.flow(
      async () => (await api.get(`/api/orders/${row.id}`)).commands[0].state === 'refused',
      'the market refuses',
    );
    await page.goto(`${hand.house.address}/orders/${row.id}`);
    await page.getByRole('button', { name: 'Повторить' }).waitFor();
    await page.locator('main').getByText('отклонено').first().waitFor();
    await same(async () => (await api.get(`/api/orders/${row.id}`)).status, 'new');
  }],

  ['ORDP-1: on the page C confirms and opens the next red one; Back leads to the list on the same row', {}, async (hand) => {
    const page = await desk(hand);
    await page.keyboard.press('KeyJ');
    await page.keyboard.press('Enter');
    await page.getByTestId('order-main').getByText('Подтвердить и дальше').waitFor();
    await page.getByText('2 из 7').waitFor();
    await page.keyboard.press('KeyC');
    await page.getByText('3 из 7').waitFor();
    await toast(page, /Подтверждён 1 заказ/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
    await page.locator('[role=row][data-focused]').waitFor();
    await page.waitForURL(/\/orders\?/);
  }],

  ['Space looks into an order without leaving the list, J walks on, Esc closes', {}, async (hand) => {
    const page = await desk(hand);
    await page.keyboard.press('Space');
    const peek = page.getByRole('complementary', { name: 'Просмотр заказа' }).or(page.getByTestId('peek'));
    await peek.first().getByText('Мария Иванова').first().waitFor();
    await page.keyboard.press('KeyJ');
    await peek.first().getByText('Ерболат Сагынтаев').first().waitFor();
    await page.keyboard.press('Escape');
    await peek.first().waitFor({ state: 'detached' });
  }],

  ['cancelling asks for the reason of the channel and tells what it costs', {}, async (hand) => {
    const page = await desk(hand);
    await page.keyboard.press('Shift+KeyC');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio').first().waitFor();
    await dialog.getByRole('radio').first().check();
    await dialog.getByRole('button', { name: 'Отменить заказ' }).click();
    await dialog.waitFor({ state: 'detached' });
    const heard = async () => (await hand.house.received()).filter((r) => r.op === 'cancel' && r.applied);
    await hand.house.flow(async () => (await heard()).length > 0, 'the market hears of the cancellation');
    assert.deepEqual((await heard()).map((r) => r.number), ['438117204']);
  }],

  ['ORD-11: an order that has just come in is on top of the list of a person who looks away', {}, async (hand) => {
    const page = await desk(hand, '/orders?view=all&sort=-placed_at');
    await hand.house.control('order', kaspiOrder(7));
    await fetchAll(await hand.house.as());
    await page.getByTestId('nav-overview').click();
    await hand.house.flow(async () => /130/.test(await page.getByTestId('new-count').innerText().catch(() => '')), '130 are counted');
  }],
];
