/* Roles: what a person may not see is not sent, what may not be done is not offered. */
import assert from 'node:assert/strict';
import { same, stands } from '../house.mjs';

/** Everything that the server tells this page. Asked for when it has come whole: what a reload cuts off has no end to wait for. */
function listen(page) {
  const heard = [];
  const text = async (request) => (await request.response()).text();
  page.on('requestfinished', (request) => {
    if (request.url().includes('/api/')) heard.push(text(request).catch(() => ''));
  });
  return async () => (await Promise.all(heard)).join('\n');
}

export default [
  ['X-13: the picker sees neither phones nor prices, on the screen or on the wire', {}, async (hand) => {
    const colleague = await hand.house.as('aigerim@karapuz.kz');
    const fresh = (await colleague.get('/api/queue?status=new&limit=200')).items;
    const first = fresh.find((row) => row.number === 'KRP-1001') ?? fresh.find((row) => row.customer_name === 'Мария Иванова');
    await colleague.post(`/api/orders/${first.id}/confirm`);
    const page = await hand.signedIn('/', { login: 'timur@karapuz.kz' });
    const heard = listen(page);
    await page.getByTestId('nav-orders').click();
    await page.getByRole('tab', { name: /К сборке/ }).click();
    await page.getByRole('grid').waitFor();
    await page.locator('.grid-row', { hasText: first.number.replaceAll(/\B(?=(\d{3})+$)/g, ' ') }).dblclick();
    await page.waitForURL(/\/orders\/\d+/);
    await page.getByText('KRP-1001').first().waitFor();
    await stands(page, 'the order');
    const all = await heard();
    assert.ok(all.includes('Мария Иванова'));
    for (const hidden of ['7771234567', '"4567"']) assert.ok(!all.includes(hidden), `${hidden} was told`);
    // As a number of its own: an id may hold any four digits.
    const sum = /(?<!\d)(?:15200|9800)(?!\d)/.exec(all);
    assert.equal(sum && all.slice(Math.max(0, sum.index - 60), sum.index + 20), null, 'no sum is told');
    await same(() => page.getByTestId('nav-customers').count(), 0);
    assert.ok(!/₸/.test(await page.locator('main').innerText()), 'no sums on the screen');
    await same(() => page.getByTestId('order-main').filter({ hasText: 'Подтвердить' }).count(), 0);
  }],

  ['DASH-6: the accountant sees no phone, no confirm button and no urgency', {}, async (hand) => {
    const page = await hand.signedIn('/', { login: 'gulnara@karapuz.kz' });
    const heard = listen(page);
    await page.reload();
    await page.getByRole('heading', { name: 'Обзор' }).waitFor();
    await page.getByTestId('figure-revenue').waitFor();
    await page.getByTestId('waits-reports').waitFor();
    await stands(page, 'the overview');
    await same(() => page.locator('section.fresh').count(), 0);
    await same(() => page.getByTestId('triage-start').count(), 0);
    await same(() => page.getByRole('button', { name: 'Подтвердить' }).count(), 0);
    await page.goto(`${hand.house.address}/orders?view=new`);
    await page.locator('[role=row][data-focused]').waitFor();
    await page.keyboard.press('Shift+KeyX');
    await stands(page, 'the orders');
    await same(() => page.getByTestId('bulk-confirm').count(), 0);
    assert.ok(!(await heard()).includes('7771234567'));
  }],

  ['the marketer has no orders in the navigation, in the palette or under its address', {}, async (hand) => {
    hand.expect(/status of 403/);
    const page = await hand.signedIn('/', { login: 'dana@karapuz.kz' });
    await page.getByTestId('nav-customers').waitFor();
    await stands(page);
    await same(() => page.getByTestId('nav-orders').count(), 0);
    const reply = await page.request.get(`${hand.house.address}/api/queue`);
    assert.equal(reply.status(), 403);
  }],

  ['a manager who opens the users is told that the section is closed', {}, async (hand) => {
    const page = await hand.signedIn('/settings/users', { login: 'aigerim@karapuz.kz' });
    await page.getByText('Этот раздел не открыт роли «Менеджер»').waitFor();
    await page.getByText('Доступ даёт Нурлан Карапузов').waitFor();
    await stands(page);
    await same(() => page.getByTestId('nav-settings-users').count(), 0);
  }],

  ['on a phone five places stand in the bar, as the role works; the rest is behind «Ещё»', {}, async (hand) => {
    const inBar = (page) => page.getByRole('navigation').locator('.nav-link').evaluateAll((all) => all.map((e) => e.dataset.testid.slice(4)));
    const owner = await hand.signedIn('/', { viewport: { width: 390, height: 844 } });
    await same(() => inBar(owner), ['overview', 'orders', 'returns', 'analytics', 'more']);
    await owner.getByTestId('nav-more').click();
    await owner.getByTestId('nav-customers').click();
    await owner.waitForURL(/\/customers/);
    await owner.getByRole('heading', { name: 'Клиенты' }).waitFor();
    await same(() => owner.getByTestId('nav-more').getAttribute('aria-current'), 'page');
    const manager = await hand.signedIn('/orders', { login: 'aigerim@karapuz.kz', viewport: { width: 320, height: 640 } });
    await same(() => inBar(manager), ['overview', 'orders', 'returns', 'tasks', 'more']);
    await manager.setViewportSize({ width: 1440, height: 900 });
    await same(() => inBar(manager), ['overview', 'orders', 'returns', 'tasks', 'customers', 'analytics', 'settings']);
  }],
];
