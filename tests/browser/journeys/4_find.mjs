/* Finding people and orders from anywhere by a few keys. */
import assert from 'node:assert/strict';
import { fits, same, until } from '../house.mjs';

const palette = async (hand, path, text) => {
  const page = await hand.signedIn(path);
  await page.getByTestId('nav-orders').waitFor();
  await page.keyboard.press('Control+KeyK');
  await page.getByRole('combobox').fill(text);
  return page;
};
const options = (page) => page.getByRole('listbox').getByRole('option');

export default [
  ['CUS-1: Ctrl K, the last four digits, Enter: the card of Мария', {}, async (hand) => {
    const page = await palette(hand, '/orders?view=new', '4567');
    await options(page).filter({ hasText: 'Мария Иванова' }).first().waitFor();
    await fits(() => options(page).first().innerText(), /Мария Иванова/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/customers\/\d+/);
    await page.getByRole('heading', { name: 'Мария Иванова' }).waitFor();
    await page.getByText(/367.500/).first().waitFor();
  }],
  ...['8 777 123 45 67', '+7 777 123-45-67', '77771234567', '7771234567'].map((phone) => [
    `CUS-2: ${phone} finds the same person`, {}, async (hand) => {
      const page = await palette(hand, '/', phone);
      await options(page).filter({ hasText: 'Мария Иванова' }).first().waitFor();
    },
  ]),
  ['CUS-3: vfhbz, typed in the wrong layout, finds Мария', {}, async (hand) => {
    const page = await palette(hand, '/', 'vfhbz');
    await options(page).filter({ hasText: 'Мария Иванова' }).first().waitFor();
  }],
  ['a whole order number opens the order on Enter; Esc gives the focus back', {}, async (hand) => {
    const page = await palette(hand, '/', '438117204');
    await options(page).filter({ hasText: '438' }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/orders\/\d+/);
    await page.getByText('Мария Иванова').first().waitFor();
    await page.keyboard.press('Control+KeyK');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox').waitFor({ state: 'detached' });
  }],
  ['rows that arrive while the palette is open do not take the keyboard from it', {}, async (hand) => {
    const page = await hand.signedIn('/');
    let release;
    const held = new Promise((done) => (release = done));
    await page.route('**/api/queue?**', async (route) => {
      await held;
      await route.continue();
    });
    await page.getByTestId('nav-orders').click();
    await page.waitForURL(/\/orders/);
    await page.keyboard.press('Control+KeyK');
    await page.getByRole('combobox').fill('4567');
    await options(page).first().waitFor();
    release();
    await page.locator('.grid-row').first().waitFor({ state: 'attached' });
    await same(() => page.evaluate(() => document.activeElement?.getAttribute('role')), 'combobox');
  }],
  ['the card of a customer lists each of their orders', {}, async (hand) => {
    const api = await hand.house.as();
    const found = (await api.get('/api/search?q=7771234567')).customers;
    assert.equal(found.length, 1);
    const card = await api.get(`/api/customers/${found[0].id}`);
    const page = await hand.signedIn(`/customers/${found[0].id}`);
    await page.getByRole('heading', { name: 'Мария Иванова' }).waitFor();
    await until(async () => (await page.locator('a[href^="/orders/"]').count()) >= card.orders_count, 'her orders are listed');
  }],
];
