/* One order in depth, and what the settings promise: what is due, what changed, two people at once, programs that are told. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { fits, same, stands, until } from '../house.mjs';

const channels = {
  kaspi: [/Новый/, /Kaspi: APPROVED_BY_BANK/],
  wildberries: [/Новый/, /Wildberries: .*new/],
  ozon: [/Новый/, /Ozon: .*awaiting_packaging/],
};

/** The most urgent new order of a channel. */
async function firstOf(hand, channel) {
  const api = await hand.house.as();
  return (await api.get(`/api/queue?status=new&channel=${channel}&limit=1`)).items[0];
}

/** A program that listens: keeps what it was told, answers as it is asked to. */
async function listener() {
  const told = [];
  const server = createServer((request, reply) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      told.push({ headers: request.headers, body });
      reply.writeHead(200).end('thanks');
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { told, url: `http://127.0.0.1:${server.address().port}/hook`, close: () => server.close() };
}

export default [
  ['ORDP-2: the path says our name and the channel\'s own word for each channel', {}, async (hand) => {
    const page = await hand.signedIn('/');
    for (const [channel, [ours, native]] of Object.entries(channels)) {
      await page.goto(`${hand.house.address}/orders/${(await firstOf(hand, channel)).id}`);
      const step = page.getByRole('list', { name: 'Путь заказа' }).locator('[aria-current=step]');
      await step.waitFor();
      await fits(() => step.innerText(), ours);
      await fits(() => step.getByTestId('path-native-new').innerText(), native);
      await same(() => page.getByRole('list', { name: 'Путь заказа' }).getByRole('listitem').count(), 5);
    }
  }],

  ['ORDP-6: printing before confirmation names what is not there yet and why, and prints the rest', {}, async (hand) => {
    const row = await firstOf(hand, 'wildberries');
    const page = await hand.signedIn(`/orders/${row.id}`);
    await page.evaluate(() => (window.print = () => (globalThis.printed = document.querySelector('.print-sheet').innerText)));
    await page.getByTestId('order-main').waitFor();
    await page.keyboard.press('KeyP');
    const dialog = page.getByTestId('print');
    await dialog.getByText('после подтверждения').waitFor();
    await dialog.getByText('после сборки').waitFor();
    await same(() => dialog.getByRole('checkbox', { checked: true }).count(), 1);
    await dialog.getByRole('button', { name: 'Печать' }).click();
    const printed = await until(() => page.evaluate(() => globalThis.printed), 'the sheet goes to the printer');
    const sheet = await page.getByTestId('print-sheet').evaluate((e) => e.textContent);
    assert.ok(sheet.includes(row.number) && /KRP-\d{4}/.test(sheet), printed);
    assert.ok(!/₸|777 123/.test(sheet), 'no price and no phone on the sheet');
  }],

  ['X-15: the page of the picking sheet is A4, in the styles and in the file', {}, async (hand) => {
    const row = await firstOf(hand, 'kaspi');
    const page = await hand.signedIn(`/orders/${row.id}`);
    await page.evaluate(() => (window.print = () => undefined));
    await page.getByTestId('order-main').waitFor();
    await page.keyboard.press('KeyP');
    await page.getByTestId('print').getByRole('button', { name: 'Печать' }).click();
    await page.locator('.print-sheet').waitFor({ state: 'attached' });
    const sizes = await page.evaluate(() =>
      [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).flatMap((rule) => [rule, ...(rule.cssRules ?? [])])
        .filter((rule) => rule instanceof CSSPageRule).map((rule) => rule.style.getPropertyValue('size').toLowerCase()));
    assert.deepEqual([...new Set(sizes)], ['a4']);
    const file = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const boxes = [...file.matchAll(/\/MediaBox\s*\[([\d.\s]+)\]/g)].map((m) => m[1].trim().split(/\s+/).map(Number));
    assert.ok(boxes.length > 0, 'a page is printed');
    for (const [x, y, right, top] of boxes) {
      // The browser writes whole points: the page is the nearest one.
      const points = [210, 297].map((mm) => (mm * 72) / 25.4);
      assert.ok(Math.abs(right - x - points[0]) <= 0.5 && Math.abs(top - y - points[1]) <= 0.5, `${right - x} × ${top - y} points`);
    }
  }],

  ['H sets an order aside with a date and a reason; it comes back by itself or by hand', {}, async (hand) => {
    const row = await firstOf(hand, 'wildberries');
    const page = await hand.signedIn(`/orders/${row.id}`);
    await page.getByTestId('order-main').waitFor();
    await page.keyboard.press('KeyH');
    await page.getByLabel('Почему').fill('ждём ответа');
    await page.getByRole('button', { name: 'Отложить' }).click();
    await page.getByText(/Отложен до завтра 9:00/).first().waitFor();
    await page.getByTestId('order-main').waitFor({ state: 'hidden' });
    await page.getByText('ждём ответа').first().waitFor();
    await page.getByRole('button', { name: 'Вернуть в работу' }).click();
    await page.getByTestId('order-main').waitFor();
    await page.getByText('Возвращён в работу').waitFor();
    assert.deepEqual(await hand.house.received(), []);
  }],

  ['H on the desk sets aside the order under the hand, or all that are chosen', {}, async (hand) => {
    const page = await hand.signedIn('/orders?view=new');
    await page.locator('[role=row][data-focused]').waitFor();
    const told = (text) => page.getByTestId('toast').filter({ hasText: text }).first().waitFor();
    await page.keyboard.press('KeyH');
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/Отложить заказ \d/).waitFor();
    await dialog.getByRole('button', { name: 'Отложить' }).click();
    await told(/Отложен до завтра 9:00: \d/);
    await dialog.waitFor({ state: 'hidden' });
    await page.getByLabel('Выбрать группу «Скоро»').click();
    await page.getByTestId('bulk-bar').getByText('Выбран 31').waitFor();
    await page.keyboard.press('KeyH');
    await dialog.getByText('Отложить 31 заказ').waitFor();
    await dialog.getByRole('button', { name: 'Отложить' }).click();
    await told(/Отложен 31 заказ до завтра 9:00/);
    await page.getByTestId('bulk-bar').waitFor({ state: 'detached' });
    assert.deepEqual(await hand.house.received(), []);
  }],

  ['who is on the way to an order is not called back by the list', {}, async (hand) => {
    let go;
    const gate = new Promise((open) => (go = open));
    const page = await hand.signedIn('/', {});
    await page.route(/\/assets\/OrderPage-/, async (route) => {
      await gate;
      await route.continue();
    });
    await page.goto(`${hand.house.address}/orders`);
    await page.getByRole('grid').waitFor();
    const row = page.locator('.grid-row').first();
    await row.click();
    await row.dblclick();
    // The list writes where it stands into the address a moment after the last key or click.
    await page.evaluate(() => new Promise((done) => setTimeout(done, 1000)));
    go();
    await page.waitForURL(/\/orders\/\d+/);
    await page.getByTestId('order-main').waitFor();
    assert.match(page.url(), /\/orders\/\d+/);
  }],

  ['two people write one comment: the second chooses field by field, and nothing typed is lost', {}, async (hand) => {
    hand.expect(/status of 412/);
    const row = await firstOf(hand, 'kaspi');
    const mine = await hand.signedIn(`/orders/${row.id}`, { login: 'aigerim@karapuz.kz' });
    await mine.getByLabel('Комментарий к заказу').fill('Позвонить до обеда');
    const other = await hand.signedIn(`/orders/${row.id}`);
    await other.getByLabel('Комментарий к заказу').fill('Не звонить');
    await other.getByRole('button', { name: 'Сохранить' }).click();
    await other.getByText('Сохранено').waitFor();
    await mine.getByRole('button', { name: 'Сохранить' }).click();
    const choice = mine.getByTestId('conflict');
    await choice.getByText('Не звонить').waitFor();
    await choice.getByText('Позвонить до обеда').waitFor();
    await mine.getByTestId('comment-mine').click();
    await choice.getByRole('button', { name: 'Сохранить', exact: true }).click();
    const api = await hand.house.as();
    await until(async () => (await api.get(`/api/orders/${row.id}`)).comment === 'Позвонить до обеда', 'the choice is saved');
  }],

  ['two people rename one channel account: the second may leave what is saved', {}, async (hand) => {
    hand.expect(/status of 412/);
    const [account] = (await (await hand.house.as()).get('/api/accounts')).items;
    const pages = [];
    for (const name of ['Первое имя', 'Второе имя']) {
      const page = await hand.signedIn('/settings/channels');
      await page.locator('main').getByText(account.name).first().click();
      await page.getByRole('textbox', { name: 'Название' }).fill(name);
      pages.push(page);
    }
    const [first, second] = pages;
    await first.getByRole('button', { name: 'Сохранить' }).click();
    await first.getByText('Сохранено').waitFor();
    await second.getByRole('button', { name: 'Сохранить' }).click();
    const choice = second.getByTestId('conflict');
    await second.getByTestId('name-theirs').click();
    await choice.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await second.getByText('Сохранено').waitFor();
    const api = await hand.house.as();
    const kept = (await api.get('/api/accounts')).items.find((a) => a.id === account.id);
    assert.equal(kept.name, 'Первое имя');
  }],

  ['SET-4: a webhook is tried with a test message whose signature is right; its secret is shown once', {}, async (hand) => {
    const program = await listener();
    try {
      const page = await hand.signedIn('/settings/keys');
      await page.getByRole('button', { name: 'Новый вебхук' }).click();
      await page.getByLabel('Название').fill('1С');
      await page.getByLabel('Адрес').fill('nonsense');
      hand.expect(/status of 422/);
      await page.getByRole('button', { name: 'Сохранить' }).click();
      await page.getByText(/Заполнено неверно/).waitFor();
      await page.getByLabel('Адрес').fill(program.url);
      await page.getByRole('button', { name: 'Сохранить' }).click();
      const secret = await page.getByTestId('webhook-secret').innerText();
      assert.match(secret, /^whsec_/);
      await page.getByRole('button', { name: 'Закрыть' }).last().click();
      await page.getByRole('button', { name: 'Действия с «1С»' }).click();
      await page.getByRole('menuitem', { name: 'Отправить пробное' }).click();
      const [message] = await until(() => program.told.length && program.told, 'the program is told');
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = message.headers;
      const key = Buffer.from(secret.slice(6), 'base64');
      assert.equal(signature, `v1,${createHmac('sha256', key).update(`${id}.${at}.${message.body}`).digest('base64')}`);
      assert.equal(JSON.parse(message.body).type, 'webhook.test');
      await page.getByTestId('deliveries').getByText('доставлено').waitFor();
      await page.reload();
      await page.getByText('1С').waitFor();
      assert.ok(!(await page.content()).includes(secret));
      const api = await hand.house.as();
      assert.ok(!JSON.stringify(await api.get('/api/webhooks')).includes('whsec_'));
      assert.ok(!JSON.stringify(await api.get('/api/audit')).includes('whsec_'));
    } finally {
      program.close();
    }
  }],

  ['SET-5: a change of a person stands in the log with before and after', {}, async (hand) => {
    const page = await hand.signedIn('/settings/users');
    await page.getByRole('button', { name: 'Айгерим Сатпаева' }).click();
    await page.getByLabel('Имя').fill('Айгерим С.');
    await page.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByText('Сохранено').waitFor();
    await page.getByTestId('nav-settings-audit').click();
    const row = page.getByRole('row').filter({ hasText: 'Айгерим С.' }).first();
    await row.locator('del').filter({ hasText: 'Айгерим Сатпаева' }).waitFor();
    await row.locator('ins').filter({ hasText: 'Айгерим С.' }).waitFor();
  }],

  ['a calendar loads the days off of a country, and they can be edited before they are saved', {}, async (hand) => {
    const page = await hand.signedIn('/settings/deadlines');
    await page.getByRole('button', { name: 'Загрузить праздники' }).first().click();
    await page.getByRole('menuitem', { name: /Казахстан.*2027/ }).click();
    await page.getByText(/Добавлен/).waitFor();
    await page.getByRole('button', { name: 'Сохранить' }).first().click();
    await page.getByText('Сохранено').waitFor();
    const api = await hand.house.as();
    const days = (await api.get('/api/calendars')).items[0].holidays.map((h) => h.date);
    assert.ok(days.includes('2027-03-22') && days.includes('2027-12-16'), days.join());
  }],

  ['ONB-3: the first steps are found in the settings with their true state', {}, async (hand) => {
    const page = await hand.signedIn('/settings/start');
    const { checklist } = await (await hand.house.as()).get('/api/overview');
    assert.ok(checklist.find((item) => item.key === 'channel').done);
    for (const { key, done } of checklist)
      await page.getByTestId(`start-${key}`).locator(`[aria-label=${done ? 'Сделано' : 'Осталось'}]`).waitFor();
    await page.getByTestId('start-first_order').getByRole('link').click();
    await page.getByRole('grid').waitFor();
  }],

  ['the order page and the settings lose nothing at 320 px', {}, async (hand) => {
    const row = await firstOf(hand, 'kaspi');
    const page = await hand.signedIn('/', { viewport: { width: 320, height: 700 } });
    for (const path of [`/orders/${row.id}`, '/settings/start', '/settings/users', '/settings/keys', '/settings/audit', '/settings/profile']) {
      await page.goto(hand.house.address + path);
      await stands(page, path);
      await until(async () => (await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)) <= 0, `${path} fits`);
    }
  }],
];
