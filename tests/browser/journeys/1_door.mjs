/* Coming in: sign-in and the first run of an empty database. */
import assert from 'node:assert/strict';
import { owner, same, until } from '../house.mjs';

const wbToken = `e30.${Buffer.from('{"exp":4102444800,"s":16}').toString('base64url')}.sign`;

export default [
  ['AUTH-1: a wrong password is told in words, Enter signs in, nothing of the session is readable by the page', {}, async (hand) => {
    hand.expect(/status of 401/);
    const page = await hand.page(await hand.profile());
    await page.getByLabel('Почта или телефон').fill(owner.login);
    await page.getByLabel('Пароль', { exact: true }).fill('karapuz-2025');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Почта, телефон или пароль не подошли').waitFor();
    await until(() => page.getByLabel('Пароль', { exact: true }).evaluate((e) => e === document.activeElement));
    await page.getByLabel('Пароль', { exact: true }).fill(owner.password);
    await page.keyboard.press('Enter');
    await page.getByTestId('new-count').waitFor();
    assert.equal(await page.evaluate(() => document.cookie), '');
    const cookies = await page.context().cookies();
    assert.ok(cookies.every((c) => c.httpOnly && c.sameSite === 'Lax'), JSON.stringify(cookies));
  }],

  ['AUTH-2: whoever tries ten passwords has to wait, and is told how long', {}, async (hand) => {
    hand.expect(/status of (401|429)/);
    const page = await hand.page(await hand.profile());
    for (let i = 0; i < 9; i++)
      await page.request.post(`${hand.house.address}/api/session`, { data: { login: owner.login, password: `karapuz-${i}` } });
    await page.getByLabel('Почта или телефон').fill(owner.login);
    await page.getByLabel('Пароль', { exact: true }).fill(owner.password);
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(/Слишком много попыток. Попробуйте через \d+ секунд/).waitFor();
  }],

  ['an address asked for before sign-in opens after it', {}, async (hand) => {
    hand.expect(/status of 401/);
    const page = await hand.page(await hand.profile(), '/orders?view=new&zone=red');
    await page.getByTestId('demo-login').click();
    await page.getByRole('grid').waitFor();
    await page.waitForURL(/\/orders\?view=new&zone=red/);
    await page.getByText('438 117 204').or(page.getByText('438117204')).first().waitFor();
  }],

  ['signing out shows the door, and the address gives nothing any more', {}, async (hand) => {
    hand.expect(/status of 401/);
    const page = await hand.signedIn('/orders?view=new');
    await page.getByRole('button', { name: 'Нурлан Карапузов' }).click();
    await page.getByRole('menuitem', { name: 'Выйти' }).click();
    await page.getByLabel('Пароль', { exact: true }).waitFor();
    await same(async () => (await page.request.get(`${hand.house.address}/api/queue`)).status(), 401, 'the session is over');
  }],

  ['ONB-1: from an empty database to the orders of a market', { empty: true }, async (hand) => {
    hand.expect(/status of (401|422)/);
    const page = await hand.page(await hand.profile());
    await page.getByLabel('Название магазина').fill('Карапуз');
    await page.getByLabel('Ваше имя').fill('Нурлан');
    await page.getByLabel('Почта или телефон').fill('nurlan@example.kz');
    await page.getByLabel('Пароль', { exact: true }).fill('short');
    await page.getByRole('button', { name: 'Создать магазин' }).click();
    // Too short: the words stand beside the field, and what was typed is still there.
    await page.getByText('Длина — от 8 до 200 знаков').waitFor();
    await same(() => page.getByLabel('Название магазина').inputValue(), 'Карапуз');
    await page.getByLabel('Пароль', { exact: true }).fill('karapuz-2026');
    await page.keyboard.press('Enter');
    await page.getByText('Первые шаги').waitFor();
    await page.goto(`${hand.house.address}/settings/channels/new`);
    await page.getByTestId('kind-wildberries').click();
    await page.getByLabel('Ключ API').fill(wbToken);
    await page.getByText('Дополнительно').click();
    await page.getByLabel('Адрес API').fill(`${hand.house.sandbox}/wb`);
    await page.getByTestId('check').click();
    await page.getByTestId('checks').locator('[data-ok=true]').first().waitFor();
    await same(() => page.getByTestId('checks').locator('[data-ok=false]').count(), 0, 'no check has failed');
    await page.getByTestId('save').click();
    await page.getByTestId('fetch').waitFor();
    await page.getByTestId('nav-orders').click();
    await until(async () => (await page.getByTestId('view-tab-1').innerText()).includes('34'), 'the 34 orders are counted');
    await page.getByText('90 418 823').or(page.getByText('90418823')).first().waitFor();
  }],

  ['ONB-2: the example fills an empty shop, is worked with, and is taken away with nothing left', { empty: true }, async (hand) => {
    hand.expect(/status of 401/);
    const page = await hand.page(await hand.profile());
    await page.getByLabel('Название магазина').fill('Карапуз');
    await page.getByLabel('Ваше имя').fill('Нурлан');
    await page.getByLabel('Почта или телефон').fill(owner.login);
    await page.getByLabel('Пароль', { exact: true }).fill(owner.password);
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Показать на примере' }).click();
    await page.getByTestId('example-show').click();
    await page.getByTestId('example-remove').waitFor();
    await page.getByText('пример', { exact: true }).waitFor();
    const api = await hand.house.as();
    await until(async () => (await api.get('/api/queue/counts?status=new')).total.count >= 129, 'the orders of the example');
    await page.getByTestId('nav-orders').click();
    await page.getByTestId('row-' + (await api.get('/api/queue?status=new&limit=1')).items[0].id).waitFor();
    await page.keyboard.press('KeyC');
    await page.getByTestId('undo').waitFor();
    const row = (await api.get('/api/queue?status=new&limit=1')).items[0];
    await api.post(`/api/orders/${row.id}/notes`, { text: 'позвонить' });
    await page.goto(`${hand.house.address}/settings/start`);
    await page.getByTestId('example-remove').click();
    await page.getByText(/Пример убран/).waitFor();
    await page.getByTestId('example-show').waitFor();
    await page.getByText('пример', { exact: true }).waitFor({ state: 'detached' });
    for (const path of ['/api/orders', '/api/customers', '/api/returns', '/api/accounts'])
      assert.deepEqual((await api.get(path)).items, [], path);
    await page.getByTestId('nav-orders').click();
    await page.getByTestId('view-tab-1').waitFor();
    // It may be shown again, from the beginning.
    await page.goto(`${hand.house.address}/settings/start`);
    await page.getByTestId('example-show').click();
    await until(async () => (await api.get('/api/queue/counts?status=new')).total.count >= 129, 'the orders are there again');
  }],

  ['the second visit of an empty shop asks to sign in, not to found it again', { empty: true }, async (hand) => {
    hand.expect(/status of 401/);
    const made = await fetch(`${hand.house.address}/api/setup`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        shop_name: 'Карапуз', country: 'KZ', currency: 'KZT', time_zone: 'Asia/Almaty', name: 'Нурлан',
        login: 'nurlan@example.kz', password: 'karapuz-2026', language: 'ru',
      }),
    });
    assert.ok(made.ok, await made.text());
    const page = await hand.page(await hand.profile());
    await page.getByRole('heading', { name: 'Вход' }).waitFor();
    await page.getByLabel('Пароль', { exact: true }).waitFor();
    await same(() => page.getByTestId('demo-login').count(), 0);
  }],
];
