/* Labels that the marketplaces draw: printed from the list in its order, each on its own paper, remembered, and never shown to who has
 * no business with them. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { fits, same, until } from '../house.mjs';

const { PDFDocument } = createRequire(new URL('../../../web/package.json', import.meta.url))('pdf-lib');

/** Instead of opening a tab the page keeps what it would show. */
const keepFiles = (page) =>
  page.evaluate(() => {
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (file) => ((globalThis.printedFile = file), make(file));
    window.open = () => ({ location: { replace: () => (globalThis.opened = (globalThis.opened ?? 0) + 1) }, close: () => undefined });
  });
async function printed(page, times) {
  await until(() => page.evaluate((n) => globalThis.opened === n, times), 'the file is opened in a tab of its own');
  const bytes = await page.evaluate(async () => [...new Uint8Array(await globalThis.printedFile.arrayBuffer())]);
  return PDFDocument.load(Uint8Array.from(bytes));
}
const select = async (page, path) => {
  await page.goto(path);
  await page.getByRole('grid').waitFor();
  await page.locator('[role=row][data-focused]').waitFor();
  await page.keyboard.press('Control+KeyA');
  await page.getByTestId('bulk-bar').waitFor();
};

export default [
  ['DOC-1, X-15: P over a selection prints each marketplace\'s labels in one file, and says why others have none', {}, async (hand) => {
    const api = await hand.house.as();
    const page = await hand.signedIn('/');
    await select(page, `${hand.house.address}/orders?status=new,confirmed,ready_to_ship`);
    await keepFiles(page);
    await page.keyboard.press('KeyP');
    const dialog = page.getByTestId('labels');
    const wb = dialog.getByTestId('labels-wildberries');
    await fits(() => wb.innerText(), /18 этикеток[\s\S]*58 × 40 мм/);
    await fits(() => dialog.getByTestId('labels-kaspi').innerText(), /38 этикеток/);
    // Those that have none say why, for how many, and of which orders.
    await fits(() => dialog.getByTestId('label-gap-after_confirm').innerText(), /^34 заказа: этикетка появится после подтверждения/);
    await fits(() => dialog.getByTestId('label-gap-after_ready').innerText(), /после сборки[\s\S]*и ещё/);
    // What the market still draws comes by itself.
    await dialog.getByTestId('label-gap-not_ready').waitFor();
    await hand.house.flow(() => dialog.getByTestId('labels-ozon').isVisible(), 'Ozon has drawn its labels');

    await wb.getByRole('button', { name: 'Печать этикеток' }).click();
    const file = await printed(page, 1);
    assert.equal(file.getPageCount(), 18);
    for (const one of file.getPages()) {
      const { width, height } = one.getSize();
      const mm = [width, height].map((points) => (points * 25.4) / 72);
      assert.ok(Math.abs(mm[0] - 58) < 0.1 && Math.abs(mm[1] - 40) < 0.1, `${mm} mm`);
    }
    // Printing is remembered, and once more is said to be that.
    await fits(() => wb.innerText(), /18 уже печатали: Нурлан/);
    await dialog.getByTestId('labels-ozon').getByRole('button', { name: 'Печать этикеток' }).click();
    assert.equal((await printed(page, 2)).getPageCount(), 12);
    await wb.getByRole('button', { name: 'Печать ещё раз' }).click();
    await printed(page, 3);
    const of = async (channel, status) => (await api.get(`/api/queue?status=${status}&channel=${channel}&limit=1`)).items[0];
    const row = await of('wildberries', 'confirmed');
    await until(async () => (await api.post('/api/labels', { ids: [row.id] })).items[0].prints === 2, 'the second printing is kept');

    // The order says it, too.
    await page.goto(`${hand.house.address}/orders/${row.id}`);
    await page.getByText('Этикетка напечатана ещё раз').waitFor();
    await same(() => page.getByTestId('doc-label').getAttribute('data-state'), 'here');
    const waybill = await of('kaspi', 'ready_to_ship');
    await page.goto(`${hand.house.address}/orders/${waybill.id}`);
    await page.getByTestId('order-main').waitFor();
    await keepFiles(page);
    await page.keyboard.press('KeyP');
    const one = page.getByTestId('print');
    await one.getByRole('heading', { name: 'Накладная Kaspi' }).waitFor();
    await one.getByRole('button', { name: 'Печать этикеток' }).click();
    assert.equal((await printed(page, 1)).getPageCount(), 1);

    // A picker prints what is in the warehouse's hands; who only counts money has no labels at all.
    const picker = await hand.signedIn('/', { login: 'timur@karapuz.kz' });
    await select(picker, `${hand.house.address}/orders?status=confirmed`);
    await keepFiles(picker);
    await picker.getByTestId('bulk-labels').click();
    await picker.getByTestId('labels-wildberries').getByRole('button', { name: 'Печать ещё раз' }).click();
    assert.equal((await printed(picker, 1)).getPageCount(), 18);
    const counts = await hand.signedIn(`/orders/${row.id}`, { login: 'gulnara@karapuz.kz' });
    await counts.getByRole('heading', { name: 'Документы' }).waitFor();
    await counts.getByText('Лист сборки').waitFor();
    await same(() => counts.getByTestId('doc-label').count(), 0);
  }],
];
