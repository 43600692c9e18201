/* Returns beyond the first: many at once, by hand to a person, money above the limit, parts, what stays with the buyer; and claims. */
import assert from 'node:assert/strict';
import { same, until } from '../house.mjs';

/** Orders of a channel that have reached their buyers, and of which nothing comes back so far. */
async function done(api, channel) {
  const { items } = await api.get(`/api/orders?status=completed&channel=${channel}&limit=60`);
  const back = new Set((await api.get('/api/returns?limit=200')).items.map((r) => r.order_id));
  return items.filter((o) => !back.has(o.id));
}
/** An order of the shop's own, paid and delivered: no market pays its money back. */
async function sold(api, number, sum) {
  await api.post('/api/import/orders', {
    number, status: 'completed', customer_name: 'Антон Ли', grand_total: sum, currency: 'KZT', placed_at: '2026-12-14T04:00:00Z',
    lines: [{ article: 'OWN-1', title: 'Подушка', qty: 1, unit_price: sum }],
  });
  return (await api.get(`/api/search?q=${number}`)).orders[0];
}
/** A return that somebody who only proposes has registered: nobody has decided on it yet. */
async function proposed(hand, order, resolution = 'refund') {
  const support = await hand.house.as('oksana@karapuz.kz');
  return support.post('/api/returns', { order_id: order.id, lines: [{ line: 1, qty: 1 }], reason: 'size', resolution });
}
const stateOf = async (api, id) => (await api.get(`/api/returns/${id}`)).state;
const become = (api, id, state) => until(async () => (await stateOf(api, id)) === state, `the return is ${state}`);
const act = async (api, id, action, body = {}) => {
  const { version } = await api.get(`/api/returns/${id}`);
  return api.post(`/api/returns/${id}/act`, { action, version, ...body });
};

export default [
  ['several returns are approved in one go, what cannot be is named before, and Ctrl Z takes all of it back', {}, async (hand) => {
    const api = await hand.house.as();
    const orders = await done(api, 'kaspi');
    const made = [];
    for (const order of orders.slice(0, 3)) made.push(await proposed(hand, order));
    await act(api, made[2].id, 'reject', { text: 'Вскрыта упаковка' });
    const page = await hand.signedIn(`/returns?q=${orders[0].number}`);
    await page.getByTestId(`row-${made[0].id}`).waitFor();
    await page.goto(`${hand.house.address}/returns?view=request&channel=kaspi`);
    await page.getByTestId(`row-${made[0].id}`).getByRole('checkbox').click();
    await page.getByTestId(`row-${made[1].id}`).getByRole('checkbox').click();
    await page.getByTestId('bulk-bar').getByText('Выбрано 2').waitFor();
    await page.getByTestId('bulk-sum').filter({ hasText: '₸' }).waitFor();
    await page.getByTestId('bulk-approve').click();
    await page.getByTestId('toast').filter({ hasText: 'Возврат одобрен: 2 возврата' }).waitFor();
    for (const r of made.slice(0, 2)) await become(api, r.id, 'approved');
    await page.keyboard.press('Control+KeyZ');
    await page.getByTestId('toast').filter({ hasText: 'Решение отменено' }).waitFor();
    for (const r of made.slice(0, 2)) await become(api, r.id, 'requested');
    // A refusal of many asks for its text and counts whom it reaches.
    await page.getByTestId(`row-${made[0].id}`).getByRole('checkbox').click();
    await page.getByTestId('bulk-reject').click();
    const dialog = page.getByTestId('bulk-dialog');
    const send = dialog.getByRole('button', { name: 'Отказать: 1 возврат' });
    await send.waitFor();
    await until(() => send.isDisabled(), 'nothing is refused without a text');
    await dialog.getByLabel('Текст покупателю').fill('Срок возврата прошёл');
    await send.click();
    await become(api, made[0].id, 'rejected');
  }],

  ['a return is given to a person and found among his own', {}, async (hand) => {
    const api = await hand.house.as();
    const [order] = await done(api, 'kaspi');
    const made = await proposed(hand, order);
    const page = await hand.signedIn(`/returns/${made.id}`);
    await page.getByTestId('return-assign').filter({ hasText: 'Назначить' }).click();
    await page.getByRole('dialog').getByRole('button', { name: /Айгерим/ }).click();
    await page.getByTestId('return-assign').filter({ hasText: 'Айгерим' }).waitFor();
    const hers = await hand.signedIn('/returns?assignee_id=me', { login: 'aigerim@karapuz.kz' });
    await hers.getByTestId(`row-${made.id}`).waitFor();
  }],

  ['money above the limit waits for a second person, who pays it back', {}, async (hand) => {
    const api = await hand.house.as();
    const order = await sold(api, '700000701', '60000.00');
    const manager = await hand.house.as('aigerim@karapuz.kz');
    const made = await manager.post('/api/returns', { order_id: order.id, lines: [{ line: 1, qty: 1 }], reason: 'size' });
    await act(manager, made.id, 'receive');
    await act(manager, made.id, 'inspect', { lines: [{ line: 1, qty: 1, condition: 'unopened', disposition: 'resell' }] });
    const page = await hand.signedIn(`/returns/${made.id}`, { login: 'aigerim@karapuz.kz' });
    await page.getByTestId('return-main').filter({ hasText: 'Вернуть деньги' }).click();
    await become(api, made.id, 'refunding');
    await page.getByText('выплату подтвердит другой человек').first().waitFor();
    await until(() => page.getByTestId('return-main').isDisabled(), 'who proposed does not pay');
    const second = await hand.signedIn(`/returns/${made.id}`, { login: 'gulnara@karapuz.kz' });
    await second.getByTestId('return-main').filter({ hasText: 'Подтвердить выплату' }).click();
    await become(api, made.id, 'refunded');
  }],

  ['a part of the money, an exchange and goods that stay with the buyer, each by its own button', {}, async (hand) => {
    const api = await hand.house.as();
    const one = await sold(api, '700000702', '3000.00');
    const two = await sold(api, '700000703', '4000.00');
    const three = await sold(api, '700000704', '5000.00');
    const part = await api.post('/api/returns', { order_id: one.id, lines: [{ line: 1, qty: 1 }], reason: 'defect' });
    await act(api, part.id, 'receive');
    await act(api, part.id, 'inspect', { lines: [{ line: 1, qty: 1, condition: 'used' }] });
    const page = await hand.signedIn(`/returns/${part.id}`);
    await page.getByTestId('return-partial').click();
    const dialog = page.getByTestId('return-partial').and(page.locator('form'));
    await dialog.getByRole('textbox').first().fill('500');
    await dialog.getByRole('button', { name: 'Вернуть часть' }).click();
    await until(async () => (await api.get(`/api/returns/${part.id}`)).refund_amount === '500.00', 'the part is what goes back');

    const swap = await api.post('/api/returns', { order_id: two.id, lines: [{ line: 1, qty: 1 }], reason: 'size' });
    await act(api, swap.id, 'receive');
    await act(api, swap.id, 'inspect', { lines: [{ line: 1, qty: 1, condition: 'unopened' }] });
    await page.goto(`${hand.house.address}/returns/${swap.id}`);
    await page.getByTestId('return-main').waitFor();
    await page.keyboard.press('KeyE');
    await become(api, swap.id, 'replacing');

    const stays = await proposed(hand, three);
    await page.goto(`${hand.house.address}/returns/${stays.id}`);
    await page.getByTestId('return-main').filter({ hasText: 'Одобрить' }).waitFor();
    await page.keyboard.press('KeyL');
    await become(api, stays.id, 'refunding');
    assert.equal((await api.get(`/api/returns/${stays.id}`)).route, 'keep');
  }],

  ['what is missing becomes a claim, which is finished, sent, taken back, and settled with its sum', {}, async (hand) => {
    const api = await hand.house.as();
    const [order] = await done(api, 'kaspi');
    const made = await api.post('/api/returns', { order_id: order.id, lines: [{ line: 1, qty: 1 }], reason: 'size' });
    await act(api, made.id, 'receive');
    await act(api, made.id, 'inspect', { lines: [{ line: 1, qty: 1, condition: 'missing' }] });
    const { items } = await api.get(`/api/claims?return_id=${made.id}`);
    const [claim] = items;
    assert.equal(claim.found, true);
    // One filter away: the tab of the returns, then what matching has found.
    const page = await hand.signedIn('/returns');
    await page.getByText('Претензии', { exact: true }).click();
    await page.waitForURL(/\/returns\/claims/);
    // The returns have a menu of filters too, and stand until the claims have come.
    await page.getByRole('heading', { name: 'Претензии', exact: true }).waitFor();
    await page.getByTestId('filter-more').click();
    await page.getByTestId('add-filter-found').click();
    await page.waitForURL(/found=1/);
    await page.getByTestId(`row-${claim.id}`).click();
    const panel = page.getByTestId('peek');
    await panel.getByTestId('claim-main').filter({ hasText: 'Собрать доказательства' }).click();
    const words = panel.getByTestId('claim-evidence').getByRole('textbox', { name: 'Слова претензии' });
    await panel.getByTestId('claim-main').filter({ hasText: 'Подана' }).waitFor();
    await words.fill('В коробке пусто, фото приложено');
    await panel.getByTestId('claim-evidence').getByRole('button', { name: 'Сохранить' }).click();
    await until(async () => (await api.get(`/api/claims/${claim.id}`)).evidence.text.startsWith('В коробке пусто'), 'the words are kept');
    await panel.getByTestId('claim-main').filter({ hasText: 'Подана' }).click();
    const claimIs = (state) => until(async () => (await api.get(`/api/claims/${claim.id}`)).state === state, `the claim is ${state}`);
    await claimIs('submitted');
    await page.getByTestId('toast').filter({ hasText: 'Претензия подана' }).waitFor();
    await page.keyboard.press('Control+KeyZ');
    await claimIs('evidence');
    await panel.getByTestId('claim-main').filter({ hasText: 'Подана' }).click();
    await claimIs('submitted');
    await page.goto(`${hand.house.address}/returns/claims/${claim.id}`);
    await page.getByTestId('claim-main').filter({ hasText: 'Рассматривают' }).click();
    await page.getByTestId('claim-part').click();
    const dialog = page.getByTestId('claim-dialog');
    await dialog.getByLabel('Присудили').fill('700');
    await dialog.getByRole('button', { name: 'Частично' }).click();
    await claimIs('partly_won');
    await page.getByTestId('claim-main').filter({ hasText: 'Закрыть' }).click();
    await claimIs('settled');
    assert.equal((await api.get(`/api/claims/${claim.id}`)).money_effect, '700.00');
  }],

  ['a claim begins by hand, and the week is reported two clicks from the queue', {}, async (hand) => {
    const api = await hand.house.as();
    const [order] = await done(api, 'kaspi');
    const page = await hand.signedIn('/returns/claims');
    await page.getByTestId('make-claim').click();
    const form = page.getByTestId('new-claim');
    await form.getByLabel('О чём').selectOption('damaged');
    await form.getByLabel('Номер заказа').fill(order.number);
    await form.getByLabel('Требуем').fill('1500,50');
    await form.getByLabel('Слова претензии').fill('Коробка смята');
    await form.getByRole('button', { name: /Открыть по заказу/ }).click();
    await form.waitFor({ state: 'detached' });
    const { items } = await api.get(`/api/claims?order_id=${order.id}`);
    assert.deepEqual([items[0].subject, items[0].amount, items[0].found], ['damaged', '1500.50', false]);
    await page.getByTestId(`row-${items[0].id}`).waitFor();
    await page.goto(`${hand.house.address}/returns`);
    await page.getByTestId('week-report').click();
    await page.waitForURL(/\/analytics\/returns/);
    const file = page.getByRole('link', { name: /XLSX/ });
    await file.waitFor();
    await same(async () => (await page.request.get(new URL(await file.getAttribute('href'), hand.house.address).href)).status(), 200);
  }],
];
