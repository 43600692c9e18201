/* Who is one person: pairs are found, merged and taken apart again, refused for good, and decided at a key each. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { same, stands } from '../house.mjs';

const web = createRequire(new URL('../../../web/package.json', import.meta.url));
const { AxeBuilder } = web('@axe-core/playwright');

/** Old orders without a phone, of buyers that the markets know: name and address agree, too little to join, enough to ask. */
async function withPairs(hand, count) {
  const api = await hand.house.as();
  const known = (await api.get('/api/customers?limit=100')).items.filter((c) => c.phone);
  const rows = [];
  for (const { id } of known) {
    const { sources } = await api.get(`/api/customers/${id}`);
    const [s] = sources;
    if (rows.length < count && sources.length === 1 && /, кв\./.test(s.address))
      rows.push(`OLD-${rows.length};2026-10-01T10:00:00Z;${s.name};${s.address};${s.city};5000;1;A`);
  }
  const reply = await fetch(`${hand.house.address}/api/import/orders`, {
    method: 'POST',
    headers: { ...api.headers, 'Content-Type': 'text/csv', 'Idempotency-Key': crypto.randomUUID() },
    body: ['number;placed_at;name;address;city;price;qty;article', ...rows].join('\n'),
  });
  assert.ok(reply.ok, await reply.text());
  await same(async () => (await api.get('/api/identity/suggestions?limit=100')).items.length, count, 'the pairs are found');
  return { api, pairs: (await api.get('/api/identity/suggestions?limit=100')).items };
}

/** A card without what every change counts up, and without its history. */
function bare(card) {
  const counted = ['version', 'updated_at', 'merges'];
  return JSON.parse(JSON.stringify(card, (key, value) => (counted.includes(key) ? undefined : value)));
}
const count = async (api) => (await api.get('/api/identity/suggestions')).count;

async function axe(hand, colorScheme) {
  const { pairs } = await withPairs(hand, 2);
  const page = await hand.signedIn('/customers?view=duplicates', { colorScheme });
  await page.getByTestId('pair').first().waitFor();
  const look = async () => {
    await stands(page);
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa']).analyze();
    assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`), []);
  };
  await look();
  await page.getByTestId('pair').first().getByRole('button', { name: 'Сравнить' }).click();
  await page.getByTestId('merge').waitFor();
  await look();
  await page.goto(`${hand.house.address}/customers/${pairs[0].a.id}`);
  await page.getByTestId('duplicate').waitFor();
  await look();
}

export default [
  ['a duplicate is found, compared, merged, and taken apart without a trace', {}, async (hand) => {
    const { api, pairs } = await withPairs(hand, 1);
    const [pair] = pairs;
    const sides = () => Promise.all([pair.a, pair.b].map((s) => api.get(`/api/customers/${s.id}`)));
    const before = await sides();
    const page = await hand.signedIn(`/customers/${pair.a.id}`);
    const banner = page.getByTestId('duplicate');
    await banner.getByText(/адрес совпал до квартиры/).waitFor();
    await banner.getByRole('button', { name: 'Сравнить' }).click();
    const dialog = page.getByTestId('merge');
    await dialog.getByTestId('merge-totals').waitFor();
    await dialog.getByRole('button', { name: 'Объединить' }).click();
    await page.getByText('Профиль собран из 2 записей').waitFor();
    await same(() => banner.count(), 0);
    await page.getByTestId('merges').getByRole('button', { name: 'Разделить обратно' }).click();
    await page.getByText('Профиль собран из 1 записи').waitFor();
    await same(async () => (await sides()).map(bare), before.map(bare));
    await banner.waitFor();
  }],

  ['a record is taken out of a card, and the toast puts it back', {}, async (hand) => {
    const { api, pairs } = await withPairs(hand, 1);
    await api.post('/api/identity/suggestions/decide', { items: [{ id: pairs[0].id, decision: 'merge' }] });
    const page = await hand.signedIn(`/customers/${pairs[0].a.id}`);
    await page.getByText('Профиль собран из 2 записей').waitFor();
    await page.getByTestId('sources').getByRole('button', { name: /Отделить/ }).last().click();
    await page.getByText('Профиль собран из 1 записи').waitFor();
    await page.getByTestId('undo').click();
    await page.getByText('Профиль собран из 2 записей').waitFor();
  }],

  ['a note is written, changed and taken away, and the line of time before the orders tells what happened', {}, async (hand) => {
    const { api, pairs } = await withPairs(hand, 1);
    await api.post('/api/identity/suggestions/decide', { items: [{ id: pairs[0].id, decision: 'merge' }] });
    const page = await hand.signedIn(`/customers/${pairs[0].a.id}`);
    const notes = page.getByTestId('card-notes'), line = page.getByTestId('timeline');
    await line.locator('[data-kind=merge]').first().waitFor();
    await line.locator('[data-kind=order]').first().waitFor();
    await page.getByLabel('Заметка для коллег').fill('Звонить после шести');
    await page.keyboard.press('Control+Enter');
    await notes.getByText('Звонить после шести').waitFor();
    await line.locator('[data-kind=note]').getByText('Звонить после шести').waitFor();
    await notes.getByRole('button', { name: 'Изменить заметку' }).click();
    await notes.getByLabel('Изменить заметку').fill('Звонить после семи');
    await page.keyboard.press('Control+Enter');
    await line.getByText('Звонить после семи').waitFor();
    await notes.getByText(/изменена/).waitFor();
    await notes.getByRole('button', { name: 'Убрать заметку' }).click();
    await notes.getByText('Звонить после семи').waitFor({ state: 'detached' });
    await line.getByText('Звонить после семи').waitFor({ state: 'detached' });
    assert.ok((await page.getByTestId('timeline').boundingBox()).y < (await page.getByTestId('customer-orders').boundingBox()).y);
    await page.getByTestId('figures').getByText('RFM').waitFor();
  }],

  ['a wrong suggestion is refused and does not return', {}, async (hand) => {
    const { api } = await withPairs(hand, 1);
    const page = await hand.signedIn('/customers?view=duplicates');
    await page.getByTestId('pair').waitFor();
    await page.keyboard.press('KeyD');
    await page.getByText('Похожих карточек не осталось').waitFor();
    await hand.until(async () => (await count(api)) === 0, 'the server has heard');
    await page.keyboard.press('Control+KeyZ');
    await page.getByTestId('pair').waitFor();
    await hand.until(async () => (await count(api)) === 1, 'the pair is asked again');
    await page.keyboard.press('KeyD');
    await page.getByText('Похожих карточек не осталось').waitFor();
    await hand.until(async () => (await count(api)) === 0, 'the server has heard it twice');
    await page.reload();
    await page.getByText('Похожих карточек не осталось').waitFor();
  }],

  ['CUS-4: ten duplicate pairs are decided with ten key presses', {}, async (hand) => {
    const { api } = await withPairs(hand, 10);
    const page = await hand.signedIn('/customers?view=duplicates');
    await page.getByTestId('pair').first().waitFor();
    for (let left = 10; left > 0; left--) {
      await same(() => page.getByTestId('pair').count(), left);
      await page.keyboard.press(left % 2 ? 'KeyD' : 'Enter');
      await hand.until(async () => (await page.getByTestId('pair').count()) === left - 1, 'the pair leaves');
    }
    await hand.until(async () => (await count(api)) === 0, 'all ten are decided');
  }],

  ['pairs that are selected are decided together', {}, async (hand) => {
    const { api } = await withPairs(hand, 4);
    const page = await hand.signedIn('/customers?view=duplicates');
    await page.getByTestId('pair').first().waitFor();
    for (const key of ['KeyX', 'KeyJ', 'KeyX']) await page.keyboard.press(key, { delay: 120 });
    await page.getByText('Выбраны 2 пары').waitFor();
    await page.locator('.pairs-foot').getByRole('button', { name: 'Разные люди' }).click();
    await page.getByText('Решены 2 пары').waitFor();
    await same(() => count(api), 2);
  }],

  ['three cards become one at once, and the toast parts them again', {}, async (hand) => {
    const api = await hand.house.as();
    const page = await hand.signedIn('/customers');
    await page.getByTestId('totals').waitFor();
    const before = (await api.get('/api/customers/totals')).count;
    for (const key of ['KeyX', 'KeyJ', 'KeyX', 'KeyJ', 'KeyX']) await page.keyboard.press(key, { delay: 120 });
    await page.getByText('Выбраны 3 карточки').waitFor();
    await page.getByTestId('picked').getByRole('button', { name: 'Объединить' }).click();
    const dialog = page.getByTestId('merge-many');
    await dialog.getByTestId('merge-totals').waitFor();
    await dialog.getByRole('button', { name: 'Объединить' }).click();
    await dialog.waitFor({ state: 'detached' });
    await same(async () => (await api.get('/api/customers/totals')).count, before - 2);
    await page.getByTestId('undo').click();
    await same(async () => (await api.get('/api/customers/totals')).count, before);
  }],

  ['filters that are named stand among the views, are shared with the team, and can be dropped', {}, async (hand) => {
    const page = await hand.signedIn('/customers?view=new');
    await page.getByLabel('Заказов от').fill('3');
    await page.waitForURL(/orders_count_from=3/);
    await page.getByTestId('view-keep').click();
    await page.getByLabel('Название вида').fill('Новые постоянные');
    await page.getByRole('button', { name: 'Сохранить', exact: true }).click();
    const kept = page.getByTestId('view-kept').filter({ hasText: 'Новые постоянные' });
    await kept.waitFor();
    await page.getByTestId('view-menu').click();
    await page.getByRole('menuitem', { name: 'Показать всем' }).click();
    await kept.getByLabel('виден всем').waitFor();
    await page.getByTestId('view-all').click();
    await kept.click();
    await same(() => page.getByLabel('Заказов от').inputValue(), '3');
    // Somebody else of the team has it, and cannot change it.
    const other = await hand.house.as('aigerim@karapuz.kz');
    await same(async () => (await other.get('/api/customers/views')).map((v) => [v.name, v.mine]), [['Новые постоянные', false]]);
    await page.reload();
    await page.getByTestId('view-menu').click();
    await page.getByRole('menuitem', { name: 'Удалить вид' }).click();
    await kept.waitFor({ state: 'detached' });
  }],

  ['a tag is put on two cards, filters the list, leads from a card, and the toast takes it back', {}, async (hand) => {
    const api = await hand.house.as();
    const page = await hand.signedIn('/customers');
    await page.getByTestId('totals').waitFor();
    const tagged = async () => (await api.get('/api/customers/totals?tag=опт')).count;
    for (const key of ['KeyX', 'KeyJ', 'KeyX']) await page.keyboard.press(key, { delay: 120 });
    await page.getByText('Выбраны 2 карточки').waitFor();
    await page.keyboard.press('KeyT');
    await page.getByTestId('tag-name').fill('Опт');
    await page.getByTestId('tag-name').press('Enter');
    await page.getByText('Метка «Опт» поставлена на 2 карточки').waitFor();
    await same(tagged, 2);
    await page.getByTestId('picked').getByRole('button', { name: 'Снять выбор' }).click();
    await page.getByLabel('Метка', { exact: true }).selectOption('Опт');
    await page.waitForURL(/tag=/);
    await page.getByTestId('totals').getByText('2 покупателя').waitFor();
    const { items } = await api.get('/api/customers?tag=опт');
    await page.goto(`${hand.house.address}/customers/${items[0].id}`);
    const tags = page.getByTestId('card-tags');
    await tags.getByRole('button', { name: 'Убрать метку «Опт»' }).click();
    await page.getByText('Метка «Опт» снята с 1 карточки').waitFor();
    await same(tagged, 1);
    await page.getByTestId('undo').click();
    await tags.getByRole('link', { name: 'Опт' }).waitFor();
    await same(tagged, 2);
    // What the signs weigh is told beside the pairs.
    await page.goto(`${hand.house.address}/customers?view=duplicates`);
    await page.getByTestId('weight-notes').click();
    await page.getByTestId('weights').getByText('+10').first().waitFor();
    await page.getByText('Пересчётов ещё не было').waitFor();
  }],

  ['people from a file are tried, brought and taken back', {}, async (hand) => {
    const api = await hand.house.as();
    const before = (await api.get('/api/customers/totals')).count;
    const page = await hand.signedIn('/customers');
    await page.getByTestId('customers-menu').click();
    await page.getByRole('menuitem', { name: 'Загрузить из файла' }).click();
    const dialog = page.getByTestId('import');
    const rows = 'Имя;Телефон;Кому\nЗарина Тест;87015559901;Астана\nНикто;не телефон;\n';
    await dialog.locator('input[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(rows) });
    await dialog.getByTestId('import-bad').getByText('строка 3').waitFor();
    await dialog.getByLabel('Кому').selectOption('city');
    await dialog.getByRole('button', { name: 'Забыть названные столбцы' }).waitFor();
    await dialog.getByRole('button', { name: 'Внести' }).click();
    await dialog.waitFor({ state: 'detached' });
    await same(async () => (await api.get('/api/customers/totals?city=Астана')).count, 1);
    await page.getByTestId('undo').click();
    await same(async () => (await api.get('/api/customers/totals')).count, before);
  }],

  ['a consent is given and withdrawn, and all that was said can be read', {}, async (hand) => {
    const api = await hand.house.as();
    const [maria] = (await api.get('/api/search?q=7771234567')).customers;
    const page = await hand.signedIn(`/customers/${maria.id}`);
    for (const state of ['given', 'withdrawn']) {
      await page.getByTestId('note-consent').click();
      const form = page.getByTestId('consent');
      await form.getByLabel('Способ связи').selectOption('sms');
      await form.getByLabel('Что сказано').selectOption(state);
      await form.getByLabel('Чем подтверждается').fill('анкета на сайте');
      await form.getByRole('button', { name: 'Сохранить' }).click();
      await form.waitFor({ state: 'detached' });
      const now = state === 'given' ? 'да ·' : 'нет, отозвано ·';
      await page.getByTestId('consents').filter({ hasText: now }).waitFor();
    }
    await page.getByRole('button', { name: 'Все записи' }).click();
    await page.getByTestId('consent-history').getByText('анкета на сайте').nth(1).waitFor();
  }],

  ['two persons erase one: who asks cannot approve', {}, async (hand) => {
    const api = await hand.house.as();
    const page = await hand.signedIn('/customers', { login: 'aigerim@karapuz.kz' });
    const [done] = (await api.get('/api/orders?status=completed&limit=50')).items.filter(
      (o) => o.customer_id && o.customer_orders === 1,
    );
    const free = { id: done.customer_id };
    await page.goto(`${hand.house.address}/customers/${free.id}`);
    await page.getByTestId('card-menu').click();
    await page.getByRole('menuitem', { name: 'Стереть данные' }).click();
    await page.getByLabel('Причина').selectOption('withdrawn');
    await page.getByRole('button', { name: 'Попросить стереть' }).click();
    await page.getByTestId('erase-asked').getByText(/согласие отозвано/).waitFor();
    const other = await hand.signedIn('/customers');
    await other.getByTestId('erase-requests').getByRole('link').first().click();
    await other.getByTestId('erase-asked').getByRole('button', { name: 'Стереть данные' }).click();
    await other.getByRole('button', { name: 'Да, стереть навсегда' }).click();
    await other.getByRole('heading', { name: /erased-/ }).waitFor();
  }],

  ['axe finds nothing on the card, the pairs and the merge, light', {}, (hand) => axe(hand, 'light')],
  ['axe finds nothing on the card, the pairs and the merge, dark', {}, (hand) => axe(hand, 'dark')],
];
