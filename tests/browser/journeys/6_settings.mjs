/* Settings that two people change at once, and deadlines that are tried before they are saved. */
import assert from 'node:assert/strict';
import { until } from '../house.mjs';

const saveOf = (page) => page.getByRole('button', { name: 'Сохранить', exact: true });

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

  ['SET-3: what a rule would give is told in words before it is saved, and comes true', {}, async (hand) => {
    const page = await hand.signedIn('/settings/deadlines');
    await page.getByRole('button', { name: 'Новое правило' }).click();
    const dialog = page.getByRole('dialog');
    const words = dialog.getByTestId('tryout-words');
    await dialog.getByLabel('Название').fill('Офис');
    await dialog.getByRole('textbox', { name: 'Считать время' }).click();
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
    await rules.getByText('Правило «Офис»').waitFor();
    await rules.getByText('будет к понедельнику, 21 декабря, 10:30').waitFor();
    // A day off on the screen counts at once, saved or not.
    const calendar = page.getByTestId('tryout').last();
    await calendar.getByLabel('День заказа').fill('2026-12-18');
    await calendar.getByLabel('Время', { exact: true }).fill('17:30');
    await calendar.getByText('к понедельнику, 21 декабря, 10:30').waitFor();
    await page.getByLabel('понедельник').fill('');
    await calendar.getByText('ко вторнику, 22 декабря, 10:30').waitFor();
    const api = await hand.house.as();
    assert.equal((await api.get('/api/calendars')).items[0].days[0].length, 2);
  }],
];
