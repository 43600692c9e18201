/* Channels: connecting one, an unknown status, and secrets that never come back. */
import assert from 'node:assert/strict';
import { same, until } from '../house.mjs';

/** Goes to a part of the page as one does without a mouse. */
async function tabTo(page, part) {
  await part.waitFor();
  for (let i = 0; i < 90; i++) {
    if (await part.evaluate((e) => e === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('Tab does not lead there');
}
/** Pasted, as keys are: what is typed this fast would be a scanner's. */
async function pasteInto(page, field, text) {
  await tabTo(page, field);
  await page.keyboard.press('Control+KeyA');
  await page.keyboard.insertText(text);
}

export default [
  ['SET-1: a channel is connected by keys alone; a wrong key is told in words, the right one turns it on', {}, async (hand) => {
    const page = await hand.signedIn('/settings/channels/new');
    await page.getByTestId('kind-kaspi').waitFor();
    await tabTo(page, page.getByTestId('kind-kaspi'));
    await page.keyboard.press('Enter');
    await pasteInto(page, page.getByLabel('Название канала'), 'Второй Kaspi');
    await pasteInto(page, page.getByLabel('Ключ API'), 'wrong-token');
    await tabTo(page, page.getByText('Дополнительно'));
    await page.keyboard.press('Enter');
    await pasteInto(page, page.getByLabel('Адрес API'), `${hand.house.sandbox}/kaspi/shop/api`);
    await page.keyboard.press('Enter');
    await page.getByTestId('checks').getByText('Ключ не подошёл').waitFor();
    await pasteInto(page, page.getByLabel('Ключ API'), 'second-kaspi-token');
    await page.keyboard.press('Enter');
    await page.getByTestId('checks').getByText('Ключ принят').waitFor();
    await tabTo(page, page.getByTestId('save').and(page.getByRole('button', { name: 'Включить' })));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Второй Kaspi' }).waitFor();
    const api = await hand.house.as();
    await same(async () => (await api.get('/api/accounts')).items.filter((a) => a.channel === 'kaspi').length, 2);
  }],

  ['SET-2: an unknown status is a question, and its orders come in once it is answered', {}, async (hand) => {
    const api = await hand.house.as();
    const kaspi = api.session.accounts.find((a) => a.channel === 'kaspi');
    await hand.house.control('fault', { market: 'kaspi', kind: 'changed_word', field: 'APPROVED_BY_BANK', times: 500 });
    await hand.house.control('burst', { market: 'kaspi', n: 2 });
    await api.post(`/api/accounts/${kaspi.id}/fetch`);
    await hand.house.flow(async () => (await api.get('/api/parked')).items.length > 0, 'records are parked');
    const page = await hand.signedIn(`/settings/channels/${kaspi.id}`);
    const row = page.locator('tr[data-unknown]').first();
    await row.getByText('APPROVED_BY_BANK_v2').waitFor();
    await row.getByPlaceholder('Куда отнести?').click();
    await page.getByRole('option', { name: 'Новый', exact: true }).click();
    await page.locator('section', { has: page.getByRole('heading', { name: 'Статусы' }) }).getByRole('button', { name: 'Сохранить' }).click();
    await until(async () => (await page.locator('tr[data-unknown]').count()) === 0, 'the question is answered');
    await until(async () => (await api.get('/api/parked')).items.length === 0, 'what was parked is applied');
    await until(async () => (await api.get('/api/queue/counts?status=new')).total.count > 129, 'its orders are in the list');
  }],

  ['SET-4: no answer and no page ever holds a key', {}, async (hand) => {
    const secrets = ['demo-karapuz-kaspi', 'demo-karapuz-ozon', 'ZGVtbw'];
    const heard = [];
    const page = await hand.signedIn('/settings/channels');
    page.on('response', (reply) => reply.url().endsWith('/api/live') || heard.push(reply.text().catch(() => '')));
    const api = await hand.house.as();
    for (const account of api.session.accounts) {
      await page.goto(`${hand.house.address}/settings/channels/${account.id}`);
      await page.getByTestId('fetch').waitFor();
      const fields = await page.locator('input').evaluateAll((all) => all.map((i) => i.value));
      heard.push(fields.join('\n'), await page.content());
    }
    await page.goto(`${hand.house.address}/settings/audit`);
    await page.getByRole('table').waitFor();
    heard.push(await page.content());
    const all = (await Promise.all(heard)).join('\n');
    for (const secret of secrets) assert.ok(!all.includes(secret), `${secret} was told`);
  }],

  ['pausing stops the channel and says so, going on brings it back', {}, async (hand) => {
    const api = await hand.house.as();
    const page = await hand.signedIn(`/settings/channels/${api.session.accounts[1].id}`);
    await page.getByTestId('pause').getByText('Пауза').click();
    await page.getByText('на паузе').first().waitFor();
    await page.getByTestId('pause').getByText('Продолжить').click();
    await page.getByTestId('pause').getByText('Пауза').waitFor();
  }],

  ['what has not left yet is read page by page, the newest first, to the last one', {}, async (hand) => {
    const api = await hand.house.as();
    await api.post('/api/bulk', { action: 'confirm', query: 'status=new' });
    const waiting = (await api.get('/api/outbox?state=held,queued,sending')).items.length;
    assert.ok(waiting > 50, `${waiting} wait`);
    const page = await hand.signedIn('/settings/outbox');
    await page.getByText('В пути', { exact: true }).click();
    const rows = page.locator('[data-testid^=command-]');
    await same(() => rows.count(), 50, 'the first page');
    for (let seen = 50; seen < waiting; seen = Math.min(seen + 50, waiting)) {
      await page.getByRole('button', { name: 'Показать ещё' }).click();
      await same(() => rows.count(), Math.min(seen + 50, waiting), 'one more page');
    }
    await same(() => page.getByRole('button', { name: 'Показать ещё' }).count(), 0);
  }],

  ['what a market left out by day is found by night, and the account says which order it was', {}, async (hand) => {
    const api = await hand.house.as();
    const ozon = api.session.accounts.find((a) => a.channel === 'ozon');
    const has = async (number) => (await api.get('/api/orders?limit=200')).items.some((o) => o.number === number);
    const page = await hand.signedIn(`/settings/channels/${ozon.id}`);
    await page.getByTestId('night-none').waitFor();
    // Known to the market five hours late: the list is not asked so far back by day.
    const late = (hours) => new Date(hand.house.now - hours * 3600000).toISOString();
    const order = { market: 'ozon', number: '0147-0002-1', stage: 'delivered', created_at: late(5), closed_at: late(4) };
    await hand.house.control('order', order);
    await hand.house.control('order', { market: 'ozon', number: '0147-0003-1' });
    await hand.house.advance(20 * 60000);
    await api.post(`/api/accounts/${ozon.id}/fetch`);
    await hand.house.flow(() => has('0147-0003-1'), 'the newer order is here');
    await hand.house.advance(3600000);
    await hand.house.flow(async () => (await api.get('/api/accounts')).items.every((a) => a.lag_s < 600), 'the lists were read again');
    assert.ok(!(await has('0147-0002-1')), 'nobody asked for it again');
    await hand.house.advance(Date.parse('2026-12-16T22:30:00Z') - hand.house.now);
    const nights = () => api.get(`/api/accounts/${ozon.id}/nights`).then((all) => all.items);
    await hand.house.flow(async () => (await nights()).some((n) => n.missing === 1 && n.state === 'done'), 'the night has found it');
    await page.reload();
    const found = page.getByTestId('night-orders').locator('tr', { hasText: '0147-0002-1' });
    await found.getByText('не хватало, добавлен').waitFor();
    await found.getByRole('link').click();
    await page.waitForURL(/\/orders\/\d+/);
    await page.getByRole('heading', { name: /0147-0002-1/ }).waitFor();
  }],

  ['DASH-5: a channel that refuses our key is a warning on the first screen and in the top bar', {}, async (hand) => {
    const api = await hand.house.as();
    const ozon = api.session.accounts.find((a) => a.channel === 'ozon');
    await hand.house.control('fault', { market: 'ozon', kind: '500', times: 1000 });
    await api.post(`/api/accounts/${ozon.id}/fetch`);
    await hand.house.flow(async () => {
      const seen = (await api.get('/api/accounts')).items.find((a) => a.id === ozon.id);
      return seen.state !== 'active';
    }, 'the channel is known to be in trouble');
    const page = await hand.signedIn();
    await page.locator('header').getByText(/Ozon/).waitFor();
    await page.getByTestId('block-channels').getByText(/отвечает с ошибками|отстаёт на/).waitFor();
  }],
];
