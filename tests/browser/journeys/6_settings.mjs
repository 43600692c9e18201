/* Settings that two people change at once, and deadlines that are tried before they are saved. */
import assert from 'node:assert/strict';
import { until } from '../house.mjs';

/** Of the first form of the page. */
const saveOf = (page) => page.getByRole('button', { name: 'Сохранить', exact: true }).first();

export default [
  ['two owners rename the shop: the second is asked, and takes back nothing of the first', {}, async (hand) => {
    hand.expect(/status of 412/);
    const pages = [];
    for (const name of ['Карапуз Север', 'Карапуз Юг']) {
      const page = await hand.signedIn('/settings/shop');
      await page.getByLabel('Название магазина').fill(name);
      pages.push(page);
    }
    const [first, second] = pages;
    await saveOf(first).click();
    await first.getByText('Сохранено').waitFor();
    await saveOf(second).click();
    const choice = second.getByTestId('conflict');
    await choice.getByText('Карапуз Север').waitFor();
    await second.getByTestId('shop_name-theirs').click();
    await choice.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await second.getByText('Сохранено').waitFor();
    const api = await hand.house.as();
    await until(async () => (await api.get('/api/settings')).shop_name === 'Карапуз Север', 'the first name stands');
  }],

  ['two people change one calendar: different days join, the same day is asked', {}, async (hand) => {
    hand.expect(/status of 412/);
    const pages = [];
    for (const [monday, other] of [['8:00–12:00', 'суббота'], ['10:00–14:00', 'воскресенье']]) {
      const page = await hand.signedIn('/settings/deadlines');
      await page.getByLabel('понедельник').fill(monday);
      await page.getByLabel(other).fill('10:00–11:00');
      pages.push(page);
    }
    const [first, second] = pages;
    await saveOf(first).click();
    await first.getByText('Сохранено').waitFor();
    await saveOf(second).click();
    const choice = second.getByTestId('conflict');
    await choice.getByText('08:00–12:00').waitFor();
    await second.getByTestId('1-mine').click();
    await choice.getByRole('button', { name: 'Сохранить', exact: true }).click();
    await second.getByText('Сохранено').waitFor();
    const api = await hand.house.as();
    const days = async () => (await api.get('/api/calendars')).items[0].days;
    await until(async () => (await days())[0][0][0] === '10:00', 'the chosen Monday stands');
    assert.deepEqual((await days()).slice(5), [[['10:00', '11:00']], [['10:00', '11:00']]]);
  }],

  ['SET-3: what a rule would give is told in words before it is saved', {}, async (hand) => {
    const page = await hand.signedIn('/settings/deadlines');
    await page.getByRole('button', { name: 'Новое правило' }).click();
    const dialog = page.getByRole('dialog');
    const words = dialog.getByTestId('tryout-words');
    await dialog.getByLabel('Название').fill('Офис');
    await dialog.getByRole('combobox', { name: 'Считать время' }).click();
    await page.getByRole('option', { name: 'рабочее время' }).click();
    await dialog.getByRole('textbox', { name: 'Срок, минут' }).fill('120');
    await dialog.getByLabel('День заказа').fill('2026-12-18');
    await dialog.getByLabel('Время', { exact: true }).fill('17:30');
    await words.getByText('будет к понедельнику, 21 декабря, 10:30: 30 минут в пятницу и 90 минут в понедельник').waitFor();
    await saveOf(dialog).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const rules = page.getByTestId('tryout').first();
    await rules.getByLabel('День заказа').fill('2026-12-18');
    await rules.getByLabel('Время', { exact: true }).fill('17:30');
    // Of the shop's rules the tightest counts, and it is another one.
    await rules.getByText('Правило «Kaspi: подтвердить»').waitFor();
    await rules.getByText('будет к субботе, 19 декабря, 17:30: 24 часа подряд').waitFor();
    // A day off on the screen counts at once, saved or not.
    const calendar = page.getByTestId('tryout').last();
    await calendar.getByLabel('День заказа').fill('2026-12-18');
    await calendar.getByLabel('Время', { exact: true }).fill('17:30');
    await calendar.getByText('к понедельнику, 21 декабря, 10:30').waitFor();
    await page.getByLabel('понедельник').fill('');
    await calendar.getByText('ко вторнику, 22 декабря, 10:30').waitFor();
    const api = await hand.house.as();
    assert.equal((await api.get('/api/calendars')).items[0].days[0].length, 2);
    // Yesterday's orders are counted under the rule that is on the screen, beside what the rules that stand meant.
    await page.getByRole('button', { name: 'Kaspi: подтвердить' }).click();
    await dialog.getByLabel('Срок, минут').fill('600');
    const day = dialog.getByTestId('rule-day');
    const told = await api.post('/api/deadlines/yesterday', { rule: { id: (await api.get('/api/policies')).items[0].id, minutes: 600 } });
    assert.ok(told.items[0].then.red > told.items[0].now.red, 'a shorter term makes more orders burn');
    await day.getByText(`Сработало бы ${told.items[0].then.red} раз`).waitFor();
    await day.getByRole('img', { name: `было ${told.items[0].now.red}, станет ${told.items[0].then.red}` }).first().waitFor();
    await dialog.getByRole('button', { name: 'Закрыть' }).click();
    const office = (await api.post('/api/deadlines/yesterday')).items.find((item) => item.name === 'Офис').now;
    await page.getByText(new RegExp(`^${office.red} из ${office.orders} заказ`)).waitFor();
  }],

  ['an invitation lets one person in with a password of their own, and only once', {}, async (hand) => {
    hand.expect(/status of 40[14]/);
    const page = await hand.signedIn('/settings/users');
    await page.getByRole('button', { name: 'Пригласить', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Почта или телефон').fill('saule@karapuz.kz');
    await dialog.getByLabel('Имя, если знаете').fill('Сауле');
    await dialog.getByRole('button', { name: 'Сделать ссылку' }).click();
    const link = await dialog.getByTestId('invitation-link').innerText();
    await dialog.getByRole('button', { name: 'Закрыть' }).last().click();
    await page.getByRole('cell', { name: 'saule@karapuz.kz Сауле' }).waitFor();
    const guest = await hand.page(await hand.profile(), new URL(link).pathname + new URL(link).hash);
    await guest.getByRole('heading', { name: 'Вас зовут в «Карапуз»' }).waitFor();
    await guest.getByLabel('Пароль', { exact: true }).fill('koktem-2026');
    await guest.getByRole('button', { name: 'Войти в магазин' }).click();
    await guest.getByTestId('nav-orders').waitFor();
    const again = await hand.page(await hand.profile(), new URL(link).pathname + new URL(link).hash);
    await again.getByText('Ссылка уже использована').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Сауле', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Отозвать приглашение saule@karapuz.kz' }).waitFor({ state: 'detached' });
  }],

  ['a role of the shop\'s own is made from another, given, changed, and holds at once', {}, async (hand) => {
    hand.expect(/status of 40[139]/);
    const page = await hand.signedIn('/settings/users');
    await page.getByRole('button', { name: 'Новая роль' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Название роли').fill('Смена');
    await dialog.getByRole('combobox', { name: 'На основе' }).click();
    await page.getByRole('option', { name: 'Менеджер' }).click();
    await dialog.getByLabel('Видеть контакты').uncheck();
    await saveOf(dialog).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Тимур Ахметов' }).click();
    await dialog.locator('.mantine-MultiSelect-input').first().click();
    await page.getByRole('option', { name: 'Смена' }).click();
    await page.getByRole('option', { name: 'Склад' }).click();
    await page.keyboard.press('Escape');
    await saveOf(dialog).click();
    await dialog.waitFor({ state: 'detached' });
    const timur = await hand.house.as('timur@karapuz.kz');
    assert.deepEqual(timur.session.user.own_roles, ['Смена']);
    assert.ok(timur.session.user.permissions.includes('orders.work') && !timur.session.user.permissions.includes('contacts.see'));
    const card = (await timur.get('/api/customers?limit=1')).items[0];
    assert.match(card.phone, /•/);
    await page.getByRole('button', { name: 'Смена', exact: true }).click();
    await dialog.getByLabel('Видеть клиентов').uncheck();
    await saveOf(dialog).click();
    await dialog.waitFor({ state: 'detached' });
    await assert.rejects(timur.get('/api/customers?limit=1'), /403/);
    // The owner of the shop cannot be left without one.
    await page.getByRole('main').getByRole('button', { name: 'Нурлан Карапузов' }).click();
    await dialog.locator('.mantine-MultiSelect-input').first().click();
    await page.getByRole('option', { name: 'Смена' }).click();
    await page.getByRole('option', { name: 'Владелец' }).click();
    await page.keyboard.press('Escape');
    await saveOf(dialog).click();
    await dialog.getByText('Это последний владелец').waitFor();
  }],
  ['«due today» on the first screen opens the tasks of today, and the rule stands in the tooltip of a deadline', {}, async (hand) => {
    const api = await hand.house.as();
    const row = (await api.get('/api/queue?status=new&limit=1')).items[0];
    const me = api.session.user.id;
    for (const [title, due_at] of [['Сегодня', '2026-12-16T10:00:00Z'], ['Завтра', '2026-12-17T10:00:00Z']])
      await api.post(`/api/orders/${row.id}/tasks`, { title, due_at, assignee_id: me });
    const page = await hand.signedIn('/tasks?due=today');
    await page.getByText('Сегодня', { exact: true }).waitFor();
    await page.getByText('Завтра', { exact: true }).waitFor({ state: 'detached' });
    await page.getByTestId('due-today').click();
    await page.getByText('Завтра', { exact: true }).waitFor();
    await page.waitForURL((url) => !url.search.includes('due'));
    await page.goto(`${hand.house.address}/orders?view=new`);
    await page.getByTestId('sla-chip').first().hover();
    await page.getByText(/прошло \d+ % срока.*правило «Kaspi: подтвердить»|Прошло \d+ % срока.*Правило «/i).waitFor();
  }],
];
