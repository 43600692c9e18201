/* The orders desk in depth: a hundred thousand orders, columns, views, filters, phones, two people at once. */
import assert from 'node:assert/strict';
import { fits, rest, same, until } from '../house.mjs';

const ready = async (page) => {
  await page.getByRole('grid').waitFor();
  await page.locator('[role=row][data-focused]').waitFor();
  return page;
};
const desk = async (hand, path = '/orders?view=new', options) => ready(await hand.signedIn(path, options));
const total = async (page) => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1;
const rowIds = (page) => page.locator('.grid-row').evaluateAll((all) => all.map((row) => row.id));
const toast = (page, text) => page.getByTestId('toast').filter({ hasText: text });
const focused = (page) => page.locator('[role=row][data-focused]').getAttribute('id');
const scrollTo = (page, top) => page.getByRole('grid').evaluate((grid, y) => (grid.scrollTop = y), top);
const shownRows = (page) =>
  page.locator('.grid-row').evaluateAll((all) => all.map((row) => Number(row.getAttribute('aria-rowindex'))));

export default [
  ['ORD-6: among 100 000 orders row 5 000 is reached by keyset; at most 60 rows are in the page', { large: true }, async (hand) => {
    const page = await hand.signedIn('/orders?view=new');
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await ready(page);
    await until(async () => (await total(page)) > 6000, 'the counter knows of all');
    const rows = [];
    for (let at = 0; at < 5100; at = Math.max(...(await shownRows(page)))) {
      await scrollTo(page, 1e9);
      await until(async () => Math.max(...(await shownRows(page))) > at, `rows behind ${at}`);
      rows.push(await page.getByRole('row').count());
    }
    // Row 5 000 itself, over whatever heads of zones stand above it.
    await until(async () => {
      const shown = await shownRows(page);
      const off = 5001 - shown[Math.floor(shown.length / 2)];
      if (off) await page.getByRole('grid').evaluate((grid, by) => (grid.scrollTop += by * 40), off);
      return shown.includes(5001);
    }, 'row 5 000');
    assert.ok(Math.max(...rows, await page.getByRole('row').count()) <= 60, `${Math.max(...rows)} rows in the page`);
    const shown = await rest(() => shownRows(page));
    assert.deepEqual(shown, shown.map((_, i) => shown[0] + i), 'the numbers follow each other');
    const id = (await page.locator('[aria-rowindex="5001"]').getAttribute('id')).replace('row-', '');
    const api = await hand.house.as();
    let cursor = '';
    let left = 5000;
    let row;
    while (left > 0) {
      const some = await api.get(`/api/queue?status=new&limit=200${cursor}`);
      if (left <= 200) row = some.items[left - 1];
      left -= 200;
      cursor = `&after=${encodeURIComponent(some.next)}`;
    }
    assert.equal(id, row.id, 'row 5 000 is the five thousandth of the queue');
    assert.ok(asked.some((url) => url.includes('after=')));
    assert.deepEqual(asked.filter((url) => /offset|page=/.test(url)), []);
  }],

  ['ORD-6: deep in the list something that happens makes one page be read, not fifty', { large: true }, async (hand) => {
    const page = await desk(hand);
    for (let at = 0; at < 900; at = Math.max(...(await shownRows(page)))) {
      await scrollTo(page, 1e9);
      await until(async () => Math.max(...(await shownRows(page))) > at, `rows behind ${at}`);
    }
    const api = await hand.house.as();
    const asked = [];
    page.on('request', (request) => request.url().includes('/api/queue?') && asked.push(request.url()));
    await rest(() => asked.length, 'nothing is asked any more');
    const before = await rest(() => rowIds(page), 'the rows rest');
    asked.length = 0;
    const first = (await api.get('/api/queue?status=new&limit=1')).items[0];
    await api.post(`/api/orders/${first.id}/notes`, { text: 'позвонить' });
    await until(async () => asked.length > 0, 'the list is read again');
    await rest(() => asked.length, 'nothing more is asked');
    assert.ok(asked.length <= 2, asked.join('\n'));
    await same(() => rowIds(page), before);
  }],

  ['ORD-9: chosen by filter with a hundred loaded, all but the one left out are acted on', {}, async (hand) => {
    const page = await hand.signedIn('/orders?view=new');
    // The second page never comes: 29 orders are not loaded.
    await page.route(/\/api\/queue\?.*after=/, () => undefined);
    await page.reload();
    await ready(page);
    await page.keyboard.press('Control+KeyA');
    await page.getByTestId('bulk-bar').getByText('Выбрано 129').waitFor();
    await page.keyboard.press('KeyX');
    await page.getByTestId('bulk-bar').getByText('Выбрано 128').waitFor();
    const sent = page.waitForRequest((r) => r.url().endsWith('/api/bulk') && !r.postData().includes('dry_run'));
    await page.keyboard.press('KeyC');
    const body = JSON.parse((await sent).postData());
    assert.equal(body.query, 'status=new');
    assert.equal(body.except.length, 1);
    assert.equal(body.ids, undefined);
    await toast(page, 'Подтверждено 128 заказов').waitFor();
    const api = await hand.house.as();
    await same(async () => (await api.get('/api/queue?status=new')).items.map((r) => r.id), body.except);
  }],

  ['ORD-3: rows that were not done stay chosen and say why; the rest is done', {}, async (hand) => {
    const page = await desk(hand);
    const api = await hand.house.as('aigerim@karapuz.kz');
    const red = (await api.get('/api/queue?status=new&zone=red')).items;
    await page.keyboard.press('Shift+KeyX');
    await page.getByTestId('bulk-bar').getByText('Выбрано 7').waitFor();
    await page.getByTestId('bulk-sum').getByText(/184.400/).waitFor();
    for (const row of red.slice(2, 4)) await api.post(`/api/orders/${row.id}/confirm`);
    // The bar names what will not work before it is tried.
    await page.getByTestId('bulk-refused').getByText('2 нельзя').waitFor();
    await page.getByTestId('bulk-confirm').click();
    await toast(page, /5 заказов из 7/).waitFor();
    await page.getByTestId('bulk-bar').getByText('Выбрано 2').waitFor();
    await same(() => page.locator('.grid-row[aria-selected=true]').count(), 2);
    await same(() => page.getByTestId('row-note').count(), 2);
    await fits(() => page.getByTestId('row-note').first().innerText(), /статусе/);
  }],

  ['ORD-12: a refusal by the channel stands on the row with its reason and «Повторить»', {}, async (hand) => {
    const page = await desk(hand);
    const api = await hand.house.as();
    const row = (await api.get('/api/queue?status=new&zone=red&limit=1')).items[0];
    await page.keyboard.press('KeyC');
    await toast(page, /Подтверждён 1 заказ/).waitFor();
    const line = page.getByTestId(`row-${row.id}`);
    await line.locator('[data-command=held]').waitFor();
    await hand.house.control('act', { market: 'kaspi', order: row.number, event: 'buyer_cancels' });
    await hand.house.flow(async () => (await line.locator('[data-command=refused]').count()) > 0, 'the refusal reaches the row');
    const refused = line.locator('[data-command=refused]');
    const reason = (await api.get(`/api/orders/${row.id}`)).commands[0].text;
    assert.ok(reason.length > 3);
    await until(async () => (await refused.innerText()).includes(reason), `the row says: ${reason}`);
    const again = page.waitForRequest(/\/api\/commands\/\d+\/retry/);
    await refused.getByRole('button', { name: 'Повторить' }).click();
    await again;
  }],

  ['ORD-11: an order of a channel is in the list by itself, and newest first on top', {}, async (hand) => {
    const page = await desk(hand, '/orders?view=new');
    await page.mouse.move(10, 10);
    await page.getByRole('searchbox').or(page.getByLabel('Найти в списке')).first().focus();
    await hand.house.control('burst', { market: 'kaspi', n: 1 });
    const api = await hand.house.as();
    for (const account of api.session.accounts) await api.post(`/api/accounts/${account.id}/fetch`);
    await hand.house.flow(async () => (await api.get('/api/queue/counts?status=new')).total.count === 130, 'it arrives at the server');
    await until(async () => (await total(page)) === 130, 'it is in the list');
    const newest = (await api.get('/api/queue?status=new&sort=-placed_at&limit=1')).items[0];
    await page.goto(`${hand.house.address}/orders?view=new&sort=-placed_at`);
    await page.getByTestId(`row-${newest.id}`).waitFor();
  }],

  ['«Взять следующий» never gives two people the same order', {}, async (hand) => {
    const page = await desk(hand);
    const first = await hand.house.as('aigerim@karapuz.kz');
    const second = await hand.house.as('yerlan@karapuz.kz');
    const asks = Array.from({ length: 10 }, (_, i) => (i % 2 ? first : second).post('/api/queue/next', { query: 'status=new' }));
    const taken = (await Promise.all(asks)).map((reply) => reply.order.id);
    assert.equal(new Set(taken).size, 10);
    const order = (await first.get('/api/queue?status=new&limit=11')).items.map((r) => r.id);
    assert.deepEqual(taken.toSorted(), order.slice(0, 10).toSorted(), 'the most urgent ones are given');
    await page.getByRole('button', { name: 'Взять следующий' }).click();
    await toast(page, 'Теперь ваш').waitFor();
    await same(() => focused(page), `row-${order[10]}`);
    const me = (await hand.house.as()).session.user.id;
    await same(async () => (await first.get(`/api/orders/${order[10]}`)).assignee_id, me);
    await page.getByTestId('undo').click();
    await until(async () => (await first.get(`/api/orders/${order[10]}`)).assignee_id === null, 'undone');
  }],

  ['a colleague who has an order open is seen on its row, and named to whoever acts on it', {}, async (hand) => {
    const page = await desk(hand);
    const other = await desk(hand, '/orders?view=new', { login: 'aigerim@karapuz.kz' });
    const id = await focused(page);
    await other.keyboard.press('Space');
    const avatar = page.locator(`#${id}`).getByTestId('open-by');
    await avatar.waitFor();
    await fits(() => avatar.getByRole('img').getAttribute('aria-label'), /Айгерим/);
    await same(() => other.getByTestId('open-by').count(), 0, 'nobody is shown to herself');
    await page.keyboard.press('KeyC');
    await toast(page, /сейчас открыт: Айгерим.*с 9:04/).waitFor();
    await other.keyboard.press('Escape');
    await avatar.waitFor({ state: 'detached' });
    // Whoever only falls silent is forgotten within a minute.
    const api = await hand.house.as('yerlan@karapuz.kz');
    await api.post(`/api/orders/${id.replace('row-', '')}/presence`);
    await avatar.waitFor();
    await page.clock.setFixedTime(hand.house.now + 61000);
    await avatar.waitFor({ state: 'detached' });
    await page.clock.setFixedTime(hand.house.now);
    // Hers did not move away under her hand: acting on it says who was quicker.
    hand.expect(/409/);
    await other.keyboard.press('KeyC');
    await toast(other, /Нурлан.*в 9:04: «Подтверждён»/).waitFor();
  }],

  ['X-9: view, filter, row and peek in the address open the same elsewhere; Back returns to the place', {}, async (hand) => {
    const page = await desk(hand);
    await until(async () => (await total(page)) === 129, '129 rows');
    await until(async () => (await page.locator('[aria-rowindex="2"]').count()) > 0, 'the top');
    for (let i = 0; i < 4; i++) await page.keyboard.press('PageDown');
    const at = await rest(() => focused(page));
    await until(() => page.url().includes(at.replace('row-', 'row=')), 'the row is in the address');
    const top = await rest(() => page.getByRole('grid').evaluate((grid) => grid.scrollTop));
    assert.ok(top > 500);
    await page.keyboard.press('Enter');
    await page.getByTestId('order-main').waitFor();
    await page.goBack();
    await ready(page);
    await until(async () => (await focused(page)) === at, 'the same row');
    await same(() => page.getByRole('grid').evaluate((grid) => grid.scrollTop), top);
    await page.keyboard.press('Space');
    await until(() => page.url().includes('peek=1'), 'the peek is in the address');
    const words = await rest(() => page.getByTestId('peek').locator('.num').first().innerText());
    const other = await hand.signedIn(new URL(page.url()).pathname + new URL(page.url()).search, { login: 'yerlan@karapuz.kz' });
    await other.getByTestId('peek').getByText(words, { exact: true }).first().waitFor();
  }],

  ['F opens any filter; values are searched, several mean «or», the count is told before', {}, async (hand) => {
    const page = await desk(hand);
    await page.keyboard.press('KeyF');
    await page.getByTestId('add-filter-assignee_id').click();
    await page.getByLabel('Найти значение').fill('никто');
    await page.keyboard.press('Enter');
    await page.getByTestId('filter-apply').getByText('Показать 129 заказов').waitFor();
    await page.getByLabel('Найти значение').fill('айг');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await until(() => /assignee_id=none,\d+/.test(decodeURIComponent(page.url())), 'both are in the address');
    await page.getByTestId('filter-channel').click();
    await page.getByLabel('Найти значение').fill('ozon');
    await page.keyboard.press('Enter');
    await page.getByTestId('filter-apply').getByText('Показать 28 заказов').waitFor();
    await page.getByTestId('filter-apply').click();
    await until(async () => (await total(page)) === 28, '28 of Ozon');
    await page.getByTestId('view-changed').getByText('изменён').waitFor();
    await page.keyboard.press('KeyF');
    await page.getByTestId('add-filter-placed').click();
    await page.getByRole('textbox', { name: 'До', exact: true }).fill('2026-12-01');
    await page.getByTestId('filter-apply').click();
    await page.getByText('Ничего не найдено').waitFor();
    await page.getByTestId('empty-filters').getByRole('button', { name: /Создан/ }).click();
    await until(async () => (await total(page)) === 28, '28 again');
    await page.getByTestId('view-changed').getByRole('button', { name: 'Сбросить' }).click();
    await until(async () => (await total(page)) === 129, 'all of the view');
  }],

  ['columns are chosen, moved and made wider by keys and pointer, for each view its own', {}, async (hand) => {
    const page = await desk(hand);
    const width = () => page.locator('[data-column=customer]').evaluate((c) => Math.round(c.getBoundingClientRect().width));
    const before = await rest(width);
    const edge = page.getByRole('separator', { name: 'Ширина столбца «Клиент»' });
    await edge.focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
    await same(width, before + 50);
    const box = await edge.boundingBox();
    await page.mouse.move(box.x + 4, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 34, box.y + 10, { steps: 3 });
    await page.mouse.up();
    await same(width, before + 80);
    await page.getByTestId('columns').click();
    const city = page.getByTestId('column-city').getByRole('checkbox');
    await city.click();
    await same(() => city.isChecked(), true);
    await page.keyboard.press('Escape');
    await page.locator('[data-column=city]').waitFor();
    const api = await hand.house.as();
    await until(async () => {
      const kept = Object.values((await api.get('/api/choices/orders')).value?.columns ?? {});
      return kept.some((view) => view.hidden.city === false && view.widths.customer);
    }, 'the server keeps the columns');
    await page.reload();
    await ready(page);
    await same(width, before + 80);
    // In another browser the same person finds the columns as they were left.
    const other = await desk(hand);
    await other.locator('[data-column=city]').waitFor();
    await other.context().close();
    await page.keyboard.press('Digit2');
    await page.locator('[data-column=city]').waitFor({ state: 'detached' });
  }],

  ['a list where nothing waits says so calmly, with the next deadline or the last import of each channel', {}, async (hand) => {
    const page = await hand.signedIn('/orders?view=problem');
    await page.getByTestId('last-imports').getByText('Карапуз, Kaspi').waitFor();
    await fits(() => page.getByTestId('last-imports').innerText(), /последний импорт 9:0/);
    const api = await hand.house.as();
    await api.post('/api/bulk', { action: 'confirm', query: 'status=new&zone=red' });
    await page.goto(`${hand.house.address}/orders?view=new&zone=red,breached`);
    await page.getByText(/Срочных нет. Следующий срок в/).waitFor();
  }],

  ['at 320 and 390 px the desk loses nothing: choose, act, sort, filter, save, look', {}, async (hand) => {
    for (const width of [390, 320]) {
      const page = await desk(hand, '/orders?view=new', { viewport: { width, height: 844 } });
      await until(async () => (await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `the page is no wider than ${width}`);
      await page.locator('.grid-row .check').first().click();
      await page.getByTestId('bulk-bar').getByText('Выбран 1').waitFor();
      for (const id of ['bulk-confirm', 'bulk-assemble', 'bulk-assign', 'bulk-more']) {
        await until(async () => {
          const box = await page.getByTestId(id).boundingBox();
          return box && box.x >= 0 && box.x + box.width <= width;
        }, `${id} at ${width}`);
      }
      await page.getByTestId('bulk-bar').getByRole('button', { name: 'Снять выбор' }).click();
      for (const name of ['По срочности', 'Вид'])
        await page.getByRole('button', { name, exact: true }).scrollIntoViewIfNeeded();
      await page.getByRole('button', { name: 'Взять следующий' }).waitFor();
      await page.getByText('Экспорт').waitFor();
      await page.context().close();
    }
  }],

  ['the panel that comes with the first row moves no button from under the hand', {}, async (hand) => {
    const page = await hand.signedIn('/settings/profile');
    const controls = '.page-head button, .page-head a, .tabs button, .tabs label, .filters button';
    const places = () => page.locator(controls).evaluateAll((all) => all.map((e) => Math.round(e.getBoundingClientRect().x)));
    for (const path of ['/returns', '/orders?view=new&peek=1']) {
      let release;
      const held = new Promise((go) => (release = go));
      await page.route(/\/api\/(returns|queue)/, async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(hand.house.address + path);
      await page.locator('.desk-bones').waitFor();
      await page.getByTestId('filter-more').waitFor();
      const before = await rest(places);
      release();
      await page.getByTestId('peek').waitFor();
      await page.getByRole('row').nth(1).waitFor();
      // A number of two digits may be a little wider than the place that was kept for it.
      const moved = (await rest(places)).map((x, i) => Math.abs(x - before[i]));
      assert.ok(moved.length === before.length && Math.max(...moved) <= 12, `${path}: ${moved}`);
      await page.unrouteAll({ behavior: 'wait' });
    }
  }],
];
