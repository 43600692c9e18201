/* The day of Айгерим: what the product promises her, in one go, each step with the clicks and keys it may take. */
import assert from 'node:assert/strict';
import { fits, owner, same, until } from '../house.mjs';

/** Counts what the hand does: a key, a click, a piece of text that is pasted. */
function handOf(page) {
  let n = 0;
  return {
    key: (code) => (n++, page.keyboard.press(code)),
    click: (at) => (n++, at.click()),
    text: async (words) => {
      n += words.length;
      await page.keyboard.type(words);
    },
    spent: () => {
      const was = n;
      n = 0;
      return was;
    },
  };
}

export default [
  ['the day of Айгерим: seven red ones in 15 clicks or keys, Мария by four digits, a whole view confirmed and taken back', {}, async (hand) => {
    hand.expect(/status of 401/);
    const page = await hand.page(await hand.profile());
    const her = handOf(page);
    await page.getByLabel('Почта или телефон').fill('aigerim@karapuz.kz');
    await page.getByLabel('Пароль', { exact: true }).fill(owner.password);

    // 9:00 sign in, Enter, seven times C.
    await her.key('Enter');
    await page.getByTestId('triage-start').waitFor();
    await her.key('Enter');
    for (let i = 1; i <= 7; i++) {
      await page.getByText(`${i} из 7`).waitFor();
      await her.key('KeyC');
    }
    await page.getByText('Срочных нет').waitFor();
    assert.ok(her.spent() <= 15, 'seven red orders are confirmed with at most 15 clicks or keys');
    const api = await hand.house.as('aigerim@karapuz.kz');
    await until(async () => (await api.get('/api/overview')).new.count === 122, 'seven are confirmed');
    await page.keyboard.press('Escape');

    // Somebody calls: the last four digits find Мария.
    await her.key('Control+KeyK');
    await page.getByRole('combobox').waitFor();
    await her.text('4567');
    const found = page.getByRole('listbox').getByRole('option').filter({ hasText: 'Мария Иванова' }).first();
    await found.waitFor();
    await fits(() => page.getByRole('listbox').getByRole('option').first().innerText(), /Мария Иванова/);
    await her.key('Enter');
    await page.getByRole('heading', { name: 'Мария Иванова' }).waitFor();
    assert.ok(her.spent() <= 6, 'one key, four digits, Enter');
    assert.equal((await api.get('/api/search?q=4567')).customers[0].name, 'Мария Иванова');

    // The rest of the morning: the whole view is confirmed at once, and taken back at once.
    await her.key('KeyG');
    await her.key('KeyO');
    await page.locator('[role=row][data-focused]').waitFor();
    await her.key('Control+KeyA');
    await page.getByTestId('bulk-bar').getByText(/Выбрано? 122/).waitFor();
    await her.key('KeyC');
    await page.getByTestId('toast').filter({ hasText: /Подтвержден\S* 122 заказ/ }).waitFor();
    assert.equal(her.spent(), 4);
    await same(async () => (await api.get('/api/queue/counts?status=new')).total.count, 0);
    await her.key('Control+KeyZ');
    await until(async () => (await api.get('/api/queue/counts?status=new')).total.count === 122, 'all are new again');
    assert.equal(her.spent(), 1);
  }],
];
