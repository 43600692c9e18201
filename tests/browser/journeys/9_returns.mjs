/* Goods that come back: from the buyer's request at the market to the money, by hand, by key, by scanner; and who may see what. */
import assert from 'node:assert/strict';
import { fits, same, until } from '../house.mjs';
import { russian, scan } from '../keys.mjs';

/** Orders of a channel that have reached their buyers, and of which nothing comes back so far. */
async function done(api, channel) {
  const { items } = await api.get(`/api/orders?status=completed&channel=${channel}&limit=60`);
  const back = new Set((await api.get('/api/returns?limit=200')).items.map((r) => r.order_id));
  return items.filter((o) => !back.has(o.id));
}

/** A buyer asks for a return at the market, and the server hears of it. */
async function asked(hand, market, order, body = {}) {
  const api = await hand.house.as();
  await hand.house.control('return', { market, order: order.number, reason: 'Неисправность', text: 'Не включается', ...body });
  const found = async () => (await api.get(`/api/returns?order_id=${order.id}`)).items[0];
  let row;
  await until(async () => {
    row = await found();
    if (!row) await hand.house.advance(60000);
    return row;
  }, `the return of ${order.number} has come`);
  return row;
}
const stateOf = async (api, id) => (await api.get(`/api/returns/${id}`)).state;
const become = (api, id, state) => until(async () => (await stateOf(api, id)) === state, `the return is ${state}`);

export default [
  ['a request at the market is decided in two clicks, and goes to the shelf and to the money', {}, async (hand) => {
    const api = await hand.house.as();
    const [order] = await done(api, 'ozon');
    const row = await asked(hand, 'ozon', order, { rfbs: true });
    const page = await hand.signedIn(`/returns?q=${order.number}`);
    // Two clicks: the row, the decision.
    await page.getByTestId(`row-${row.id}`).click();
    const panel = page.getByTestId('peek');
    await panel.getByText('Не включается').waitFor();
    await panel.getByTestId('return-main').filter({ hasText: 'Одобрить' }).click();
    await page.getByTestId('toast').filter({ hasText: 'Возврат одобрен' }).waitFor();
    await become(api, row.id, 'approved');
    // The hold window goes by, and the market hears of it.
    await until(async () => {
      await hand.house.advance(5000);
      return (await hand.house.received()).some((r) => r.op === 'rfbs_approve');
    }, 'the market has heard of the decision');

    await page.goto(`${hand.house.address}/returns/${row.id}`);
    await page.getByTestId('return-main').filter({ hasText: 'Получен' }).click();
    const inspect = page.getByTestId('inspect');
    await inspect.getByTestId('condition-unopened').click();
    await same(() => inspect.getByLabel('Куда идёт').inputValue(), 'resell');
    await inspect.getByRole('button', { name: 'Осмотрен' }).click();
    await page.getByText('На полку').first().waitFor();
    await page.getByTestId('return-main').filter({ hasText: 'Вернуть деньги' }).click();
    await page.getByTestId('return-main').filter({ hasText: 'Подтвердить выплату' }).click();
    await become(api, row.id, 'refunded');
    const card = await api.get(`/api/returns/${row.id}`);
    assert.deepEqual(card.lines.map((l) => [l.condition, l.disposition]), [['unopened', 'resell']]);
    assert.ok(card.refunds.some((m) => m.state !== 'proposed' && m.state !== 'cancelled'), JSON.stringify(card.refunds));
  }],

  ['RET-1: a return is made in two clicks from the order, which is filled in, and only once', {}, async (hand) => {
    const api = await hand.house.as();
    const [order] = await done(api, 'kaspi');
    const page = await hand.signedIn(`/orders/${order.id}`);
    await page.getByTestId('make-return').click();
    const dialog = page.getByTestId('create-return');
    await dialog.getByTestId('create-window').getByText(/остал|неизвестно/).waitFor();
    await dialog.getByTestId('create-cost').getByText('₸').waitFor();
    await dialog.getByTestId('reason-size').click();
    await page.getByTestId('toast').filter({ hasText: 'Возврат оформлен' }).waitFor();
    await dialog.waitFor({ state: 'detached' });
    const made = (await api.get(`/api/returns?order_id=${order.id}`)).items[0];
    assert.deepEqual([made.reason, made.units], ['size', order.units]);
    await page.getByTestId('returns-box').getByText('Не подошёл размер').waitFor();
    // Nothing of it is left to be returned a second time.
    await page.getByTestId('make-return').click();
    await page.getByTestId('not-returnable').getByText('Всё из этого заказа').waitFor();
  }],

  ['RET-4: a refusal is impossible without a text; the buyer gets it and the history keeps it', {}, async (hand) => {
    const api = await hand.house.as();
    const [order] = await done(api, 'wildberries');
    const row = await asked(hand, 'wildberries', order);
    const page = await hand.signedIn(`/returns/${row.id}`);
    await page.getByTestId('return-main').waitFor();
    await page.keyboard.press('Shift+KeyC');
    const dialog = page.getByTestId('return-text');
    await dialog.waitFor();
    const send = dialog.getByRole('button', { name: 'Отказать' });
    await until(() => send.isDisabled(), 'nothing is sent without a text');
    await dialog.getByLabel('Текст покупателю').fill('Следов брака на фото нет');
    await send.click();
    await page.getByTestId('toast').filter({ hasText: 'В возврате отказано' }).waitFor();
    await page.getByText('Следов брака на фото нет').first().waitFor();
    await become(api, row.id, 'rejected');
    const card = await api.get(`/api/returns/${row.id}`);
    assert.equal(card.decision_text, 'Следов брака на фото нет');
  }],

  ['the queue is worked through by keys alone, in a Russian layout too; Ctrl Z takes a decision back', {}, async (hand) => {
    const api = await hand.house.as();
    const page = await hand.signedIn('/orders?view=new');
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('KeyG');
    await page.keyboard.press('KeyR');
    await page.waitForURL(/\/returns/);
    // Until the new screen is there, keys go to the old one, which has views of its own.
    await page.getByRole('heading', { name: 'Возвраты', level: 1 }).waitFor();
    await page.getByTestId('view-tab-2').waitFor();
    await page.keyboard.press('Digit2');
    await page.waitForURL(/view=request/);
    const asksFor = await api.get('/api/returns?stage=request&limit=2');
    const [at, other] = asksFor.items.map((r) => `row-${r.id}`);
    const focused = () => page.locator('[role=row][data-focused]').getAttribute('data-testid');
    await same(focused, at, 'the most urgent is first');
    await russian(page, 'KeyJ');
    await same(focused, other, 'J goes down');
    await page.keyboard.press('KeyK');
    await same(focused, at, 'K goes up');
    await page.getByTestId('decide').waitFor();
    await page.keyboard.press('Space');
    await page.getByTestId('peek').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/returns/${at.slice(4)}`));
    await page.getByTestId('return-main').filter({ hasText: 'Одобрить' }).waitFor();
    await page.keyboard.press('KeyC');
    await page.getByTestId('toast').filter({ hasText: 'Возврат одобрен' }).waitFor();
    await page.keyboard.press('Control+KeyZ');
    await page.getByTestId('toast').filter({ hasText: 'Решение отменено' }).waitFor();
    await become(api, at.slice(4), 'requested');
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/returns(\?|$)/);
    await same(focused, at, 'the list is where it was');
  }],

  ['filters live in the address, and an empty list says which of them to take away', {}, async (hand) => {
    const api = await hand.house.as();
    const [order] = await done(api, 'wildberries');
    const row = await asked(hand, 'wildberries', order);
    const page = await hand.signedIn('/returns?channel=wildberries&zone=green,yellow');
    await page.getByTestId(`row-${row.id}`).waitFor();
    await page.getByTestId('filter-kind').click();
    await page.getByRole('checkbox', { name: 'Обмен', exact: true }).click();
    await page.getByTestId('filter-apply').filter({ hasText: 'Показать 0 возвратов' }).click();
    await page.getByTestId('empty-filters').getByText('Вид: Обмен').waitFor();
    await fits(() => page.url(), /kind=exchange/);
    await page.getByTestId('empty-filters').getByText('Вид: Обмен').click();
    await page.getByTestId(`row-${row.id}`).waitFor();
    await page.getByTestId('view-tab-2').click();
    await fits(() => page.url(), /view=request/);
    await page.getByTestId(`row-${row.id}`).waitFor();
  }],

  ['RET-5: on a phone a scan of the parcel opens its return, which is received and looked at with a thumb', {}, async (hand) => {
    const api = await hand.house.as();
    const [order] = await done(api, 'kaspi');
    const row = await asked(hand, 'kaspi', order);
    await become(api, row.id, 'in_transit');
    const page = await hand.signedIn('/returns', { viewport: { width: 390, height: 844 }, hasTouch: true });
    await page.locator('[role=row][data-focused]').waitFor();
    await scan(page, order.number);
    await page.waitForURL(new RegExp(`/returns/${row.id}`));
    const main = page.getByTestId('return-main').filter({ hasText: 'Получен' });
    await until(async () => (await main.boundingBox())?.height >= 48, 'a thumb hits it');
    await main.click();
    const inspect = page.getByTestId('inspect');
    await inspect.getByTestId('condition-damaged').click();
    await inspect.getByRole('button', { name: 'Осмотрен' }).click();
    await become(api, row.id, 'inspected');
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    await same(wide, 0, 'nothing is wider than the phone');
  }],

  ['a picker looks at what came back without names and sums; an accountant decides nothing', {}, async (hand) => {
    const api = await hand.house.as();
    const [order] = await done(api, 'kaspi');
    const row = await asked(hand, 'kaspi', order);
    await become(api, row.id, 'in_transit');
    const name = (await api.get(`/api/returns/${row.id}`)).customer_name;
    assert.ok(name);
    const page = await hand.signedIn(`/returns/${row.id}`, { login: 'timur@karapuz.kz' });
    await page.getByTestId('return-main').filter({ hasText: 'Получен' }).click();
    await page.getByTestId('inspect').waitFor();
    const text = await page.locator('main').innerText();
    assert.ok(!text.includes(name) && !text.includes('₸'), text.slice(0, 400));
    await page.getByTestId('inspect').getByTestId('condition-used').click();
    await page.getByTestId('inspect').getByRole('button', { name: 'Осмотрен' }).click();
    await become(api, row.id, 'inspected');
    const reads = await hand.signedIn(`/returns/${row.id}`, { login: 'gulnara@karapuz.kz' });
    await reads.getByText('История').waitFor();
    await reads.getByTestId('decide').waitFor({ state: 'detached' });
  }],

  ['a word of the market gets its reason, and the rules of returns are kept', {}, async (hand) => {
    const api = await hand.house.as();
    const [order] = await done(api, 'ozon');
    const row = await asked(hand, 'ozon', order, { reason: 'Скрипит колесо', rfbs: true });
    const page = await hand.signedIn('/settings/returns');
    await page.getByLabel('Что значит «Скрипит колесо»').selectOption('defect');
    await page.getByTestId('toast').filter({ hasText: '«Скрипит колесо» — это «Брак»' }).waitFor();
    await until(async () => (await api.get(`/api/returns/${row.id}`)).reason === 'defect', 'the return has its reason');
    await page.getByLabel('Цена единицы не выше').fill('12000');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByTestId('toast').filter({ hasText: 'Сохранено' }).waitFor();
    await until(async () => (await api.get('/api/returns/rules')).price_limit === '12000.00', 'the limit is kept');
  }],
];
