/* Returns of all markets as one matter: one queue, one reason, a rule that decides, photos, the week's report; and a push to a closed page. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { same, until } from '../house.mjs';
import { readXlsx } from '../xlsx.mjs';

/** An order of a channel that has reached its buyer, of which nothing comes back so far. */
async function delivered(api, channel, most = Infinity) {
  const { items } = await api.get(`/api/orders?status=completed&channel=${channel}&limit=60`);
  const back = new Set((await api.get('/api/returns?limit=200')).items.map((r) => r.order_id));
  const found = items.find((o) => !back.has(o.id) && Number(o.total) <= most);
  assert.ok(found, `${channel} has delivered something`);
  return found;
}
/** A buyer asks for a return at the market, and the server hears of it. */
async function asked(hand, api, market, order, body) {
  await hand.house.control('return', { market, order: order.number, ...body });
  return until(async () => {
    const row = (await api.get(`/api/returns?order_id=${order.id}`)).items[0];
    if (!row) await hand.house.advance(60000);
    return row;
  }, `the return of ${order.number} has come`);
}
async function ruleOn(house, api) {
  const { version } = await api.get('/api/returns/rules');
  const reply = await fetch(`${house.address}/api/returns/rules`, {
    method: 'PUT',
    headers: { ...api.headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ version, active: true, price_limit: '20000.00' }),
  });
  assert.equal(reply.status, 200, await reply.text());
}
/** A picture of the browser's own making, with the words of a camera put into it. */
async function photo(page) {
  const url = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 40, height: 30 });
    canvas.getContext('2d').fillRect(5, 5, 20, 20);
    return canvas.toDataURL('image/jpeg');
  });
  const jpeg = Buffer.from(url.split(',')[1], 'base64');
  const words = Buffer.from('Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0secret 43.238949 76.889709', 'latin1');
  const head = Buffer.from([0xff, 0xe1, 0, words.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, words, jpeg.subarray(2)]);
}

export default [
  ['RET-2, RET-3, RET-6, RET-7: returns of three markets are one queue and one reason; a rule closes the simple one and says so; the week is a file in three clicks', {}, async (hand) => {
    hand.expect(/status of 4\d\d/);
    const api = await hand.house.as();
    const ozon = await asked(hand, api, 'ozon', await delivered(api, 'ozon'), { rfbs: true, reason: 'changed_mind' });
    await ruleOn(hand.house, api);
    const simple = await asked(hand, api, 'ozon', await delivered(api, 'ozon', 20000), { rfbs: true, reason: 'Покупатель передумал' });
    await asked(hand, api, 'wildberries', await delivered(api, 'wildberries'), { text: 'Порвалась по шву' });
    assert.deepEqual([ozon.reason, simple.reason], ['changed_mind', 'changed_mind']);
    assert.deepEqual([ozon.rule, simple.rule, simple.state], [null, 'auto_approve', 'approved']);

    // One filter shows both of the market's words under one reason.
    const page = await hand.signedIn('/returns?group=changed_mind');
    await page.getByTestId(`row-${ozon.id}`).getByText('Ozon: «changed_mind»').waitFor();
    await page.getByTestId(`row-${simple.id}`).getByText('Ozon: «Покупатель передумал»').waitFor();
    // The queue is in the order of the deadlines, whichever market gave them.
    await page.goto(`${hand.house.address}/returns`);
    await page.getByTestId('view-tab-1').waitFor();
    const queue = (await api.get('/api/returns?limit=50')).items;
    const due = queue.map((r) => (r.deadline_at ? Date.parse(r.deadline_at) : Infinity));
    assert.deepEqual(due, due.toSorted((a, b) => a - b));
    assert.ok(new Set(queue.map((r) => r.channel)).size >= 3, 'three markets stand in it');
    const shown = () => page.locator('[role=row][data-testid^=row-]').evaluateAll((rows) => rows.slice(0, 6).map((r) => r.dataset.testid));
    await same(shown, queue.slice(0, 6).map((r) => `row-${r.id}`), 'the screen keeps that order');

    // What the rule did is in the history, and the market hears of it without a person.
    await page.goto(`${hand.house.address}/returns/${simple.id}`);
    await page.getByText(/правило «/).first().waitFor();
    await until(async () => {
      await hand.house.advance(5000);
      return (await hand.house.received()).some((r) => r.op === 'rfbs_approve');
    }, 'the market has heard of the rule\'s decision');

    // A photo is what its bytes are, and keeps nothing of the camera's words.
    const file = page.getByTestId('photo-file');
    await file.setInputFiles({ name: 'smile.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<script>alert(1)</script>') });
    await page.getByTestId('toast').first().waitFor();
    const sent = await photo(page);
    assert.ok(sent.includes('secret'));
    await file.setInputFiles({ name: 'box.jpg', mimeType: 'image/jpeg', buffer: sent });
    const picture = page.locator('.ret-gallery img').first();
    await same(() => picture.evaluate((i) => [i.naturalWidth, i.naturalHeight]), [40, 30], 'the picture is shown');
    const kept = await page.request.get(new URL(await picture.getAttribute('src'), hand.house.address).href);
    const bytes = await kept.body();
    assert.ok(!bytes.includes('secret') && !bytes.includes('Exif') && bytes.length < sent.length);
    assert.equal(kept.headers()['content-type'], 'image/jpeg');
    assert.match(kept.headers()['x-content-type-options'] ?? '', /nosniff/);

    // From where one stands to the file of the week, over all channels: the section, the report, the file.
    let clicks = 0;
    const click = (what) => {
      clicks++;
      return what.click();
    };
    await click(page.getByRole('link', { name: 'Возвраты' }).first());
    await click(page.getByTestId('week-report'));
    await page.waitForURL(/\/analytics\/returns/);
    await page.getByTestId('report-table').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), click(page.getByTestId('report-xlsx'))]);
    assert.ok(clicks <= 3, `${clicks} clicks`);
    const rows = readXlsx(await readFile(await download.path()));
    const address = new URL(page.url());
    const report = await api.get(`/api/reports/returns?${new URLSearchParams({ by: 'reason', ...Object.fromEntries(address.searchParams) })}`);
    assert.deepEqual(rows[0], ['Возвраты', 'returns']);
    assert.deepEqual(rows[1], ['Период', `${report.from} – ${report.to}`]);
    assert.deepEqual(rows[5].slice(0, 5), ['Причина', 'Название', 'Возвратов', 'Единиц', 'Сумма к возврату']);
    assert.ok(report.rows.length > 0, 'the week has returns');
    assert.deepEqual(
      rows.slice(6).map((r) => [r[0] ?? '', r[2], r[3], r[4]]),
      report.rows.map((r) => [r.key, r.returns, r.units, Number(r.sum)]),
    );
  }],

  ['a push is shown by the browser while no page is asked, and names what it opens', {}, async (hand) => {
    const page = await hand.signedIn('/settings/profile');
    await page.context().grantPermissions(['notifications'], { origin: hand.house.address });
    const line = await page.context().newCDPSession(page);
    const known = new Promise((done) => {
      line.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const ours = registrations.find((r) => r.scopeURL.startsWith(hand.house.address) && !r.isDeleted);
        if (ours) done(ours.registrationId);
      });
    });
    await line.send('ServiceWorker.enable');
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/sw.js');
      await navigator.serviceWorker.ready;
    });
    const told = { id: '7', title: 'Возврат · горит: 438000001', body: 'решить до 18:00', url: '/returns/7', tag: 'notice-7' };
    const registrationId = await known;
    const send = (data) => line.send('ServiceWorker.deliverPushMessage', { origin: hand.house.address, registrationId, data });
    const shown = () =>
      page.evaluate(async () => {
        const all = await (await navigator.serviceWorker.ready).getNotifications();
        return all.map((n) => [n.title, n.body, n.tag, n.data?.url]).toSorted();
      });
    await send(JSON.stringify(told));
    await same(shown, [[told.title, told.body, told.tag, told.url]], 'the notice is shown');
    // The same message once more, of which nobody knew whether it arrived, takes its place.
    await send(JSON.stringify(told));
    // What does not read is shown nevertheless: a browser demands it.
    await send('no json');
    await same(shown, [['Sauda', '', '', '/'], [told.title, told.body, told.tag, told.url]], 'each once');
  }],
];
