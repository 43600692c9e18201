/* The morning of the manager: what burns, confirmed from the first screen, and heard by the markets exactly once. */
import assert from 'node:assert/strict';
import { rest, same, stands, until } from '../house.mjs';
import { russian } from '../keys.mjs';

/* Ozon knows no confirmation: its two red orders are confirmed with us, and it hears of them when they are packed. */
const red = ['438117204', '438117311', '90418823', '438117520', '90419107'];
const told = ['accept', 'confirm', 'ship'];

/** Every red order was taken by its market once, and nothing else was. */
async function heardOnce(house) {
  const heard = () => house.received().then((all) => all.filter((r) => told.includes(r.op) && r.applied));
  await house.flow(async () => (await heard()).length >= red.length, 'the markets hear of the confirmations');
  for (let i = 0; i < 5; i++) await house.advance(20000);
  const orders = (await heard()).map((r) => r.number ?? r.order);
  assert.deepEqual(orders.sort(), [...red].sort());
  const api = await house.as();
  await same(async () => {
    const ours = await api.get('/api/overview');
    return [ours.new.count, ours.urgent.length];
  }, [122, 0]);
}

const newCount = async (page) => Number((await page.getByTestId('new-count').innerText()).replace(/\D/g, ''));

export default [
  ['DASH-1: 129 new, 67/34/28, zones 7/31/91 and 184 400 ₸ are seen without scrolling', {}, async (hand) => {
    const page = await hand.signedIn();
    await page.getByTestId('triage-start').waitFor();
    const card = page.locator('section.fresh');
    await stands(page, 'the overview');
    await same(() => newCount(page), 129);
    const text = (await card.innerText()).replace(/[\s\u00a0\u202f]+/g, ' ');
    for (const part of ['67', '34', '28', '7 горят', '31 прошло', '91 в норме', '184 400 ₸']) assert.ok(text.includes(part), `${part}: ${text}`);
    const box = await card.boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= 900, JSON.stringify(box));
    await same(() => page.evaluate(() => document.scrollingElement.scrollHeight > innerHeight), false, 'nothing to scroll');
    await same(() => card.locator('[data-testid^=row-]').count(), 7);
    const zones = () => card.getByTestId('sla-chip').evaluateAll((all) => all.map((chip) => chip.dataset.zone));
    await same(zones, Array(7).fill('red'));
  }],

  ['DASH-2: Enter and seven times C confirm the seven red ones; each market hears of each once', {}, async (hand) => {
    const page = await hand.signedIn();
    await page.getByTestId('triage-start').waitFor();
    await page.keyboard.press('Enter');
    for (let i = 1; i <= 7; i++) {
      await page.getByText(`${i} из 7`).waitFor();
      await page.keyboard.press('KeyC');
    }
    await page.getByText('Срочных нет').waitFor();
    assert.equal((await hand.house.received()).filter((r) => r.applied).length, 0, 'the hold window is open, nobody was told yet');
    await heardOnce(hand.house);
    await page.keyboard.press('Escape');
    await until(async () => (await newCount(page)) === 122, '122 are left');
  }],

  ['DASH-2: eight clicks do the same, in the Russian layout seven keys', {}, async (hand) => {
    const page = await hand.signedIn();
    const card = page.locator('section.fresh');
    const confirm = card.getByRole('button', { name: 'Подтвердить' });
    await confirm.first().waitFor();
    for (let left = 7; left > 4; left--) {
      await confirm.first().click();
      await until(async () => (await confirm.count()) < left, `the row that was clicked is done, ${left - 1} are left`);
    }
    for (let left = 4; left > 0; left--) {
      await russian(page, 'KeyC');
      await until(async () => (await confirm.count()) < left, `the row that had the focus is done, ${left - 1} are left`);
    }
    await heardOnce(hand.house);
  }],

  ['DASH-3: each number opens a list with as many orders', {}, async (hand) => {
    const page = await hand.signedIn();
    const card = page.locator('section.fresh');
    await page.getByTestId('triage-start').waitFor();
    await stands(page, 'the overview');
    const links = await card.locator('a[href*="/orders?"]').evaluateAll((all) =>
      all.map((a) => ({ href: a.getAttribute('href'), n: Number(/\d+/.exec(a.innerText.replace(/[\s\u00a0\u202f]/g, ''))?.[0]) })),
    );
    const counted = links.filter((l) => l.n && l.n < 1000);
    assert.ok(counted.length >= 7, JSON.stringify(links));
    for (const { href, n } of counted) {
      await page.goto(hand.house.address + href);
      await until(async () => (await page.getByRole('grid').getAttribute('aria-rowcount')) === String(n + 1), `${href} has ${n}`);
    }
  }],

  ['DASH-4, X-16: an order confirmed elsewhere leaves the block, the focused row stays', {}, async (hand) => {
    const page = await hand.signedIn();
    const focused = page.locator('section.fresh [data-focused]');
    await focused.waitFor();
    const first = await focused.getAttribute('data-testid');
    await page.keyboard.press('KeyJ');
    await until(async () => (await focused.getAttribute('data-testid')) !== first, 'J walks');
    const before = await rest(() => focused.getAttribute('data-testid'));
    const colleague = await hand.house.as('aigerim@karapuz.kz');
    const urgent = (await colleague.get('/api/overview')).urgent;
    await colleague.post(`/api/orders/${urgent[6].id}/confirm`);
    await until(async () => (await newCount(page)) === 128, 'the count follows');
    await same(() => focused.getAttribute('data-testid'), before);
  }],

  ['X-16: two browsers, one list: what one does the other sees within three seconds, and its row does not move', {}, async (hand) => {
    const mine = await hand.signedIn('/orders?view=new');
    const theirs = await hand.signedIn('/orders?view=new', { login: 'aigerim@karapuz.kz' });
    const row = (page) => page.locator('[role=row][data-focused]');
    await row(mine).waitFor();
    await row(theirs).waitFor();
    for (const key of ['KeyJ', 'KeyJ']) await mine.keyboard.press(key);
    const before = await rest(() => row(mine).evaluate((e) => [e.dataset.testid, e.getBoundingClientRect().top]));
    const first = await rest(() => row(theirs).getAttribute('data-testid'));
    await theirs.keyboard.press('KeyC');
    await theirs.getByTestId('undo').waitFor();
    // The row stays in its place, and says what has become of it.
    await mine.getByTestId(first).getByText('в очереди').waitFor();
    assert.deepEqual(await row(mine).evaluate((e) => [e.dataset.testid, e.getBoundingClientRect().top]), before);
  }],

  ['killed in the middle and started again, each market hears of each order once', {}, async (hand) => {
    const { house } = hand;
    const page = await hand.signedIn('/?triage=1');
    hand.expect(/ERR_|status of|EventSource/);
    for (let i = 1; i <= 7; i++) {
      await page.getByText(`${i} из 7`).waitFor();
      await page.keyboard.press('KeyC');
    }
    await page.getByText('Срочных нет').waitFor();
    const api = await house.as();
    await until(async () => (await api.get('/api/overview')).new.count === 122, 'the server has all seven');
    await page.close();
    await house.advance(5500);
    await until(async () => (await house.received()).some((r) => r.applied), 'the first one was told');
    await house.kill();
    await house.open();
    await heardOnce(house);
  }],
];
