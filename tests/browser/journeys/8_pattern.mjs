/* What all screens share: finding, keys, scanner, notices, a lost line, a session that is over, parts that break. */
import assert from 'node:assert/strict';
import { fits, owner, rest, same, stands, until } from '../house.mjs';
import { kazakh, russian, scan } from '../keys.mjs';

const options = (page) => page.getByRole('listbox').getByRole('option');
const field = (page) => page.getByRole('combobox', { name: 'Найти или сделать' });
const desk = async (hand, path = '/orders?view=new', more) => {
  const page = await hand.signedIn(path, more);
  await page.locator('[role=row][data-focused]').waitFor();
  return page;
};
const firstOrder = async (hand) => (await (await hand.house.as()).get('/api/queue?status=new&limit=1')).items[0];

export default [
  ['the palette opens from inside a text field without asking the server for anything; Esc gives the focus and what was typed back', {}, async (hand) => {
    const page = await desk(hand);
    // What is fetched while the page rests is there.
    const fetched = [];
    page.on('requestfinished', (request) => fetched.push(request.url()));
    await page.reload();
    await until(() => fetched.some((url) => /\/Palette-.*js/.test(url)), 'the palette is fetched');
    await page.locator('[role=row][data-focused]').waitFor();
    await rest(() => fetched.length);
    const find = page.getByPlaceholder('Найти в списке');
    await find.fill('смесь');
    const asked = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.keyboard.press('Control+KeyK');
    await field(page).waitFor();
    assert.deepEqual(asked.filter((url) => /assets|search/.test(url)), []);
    await page.keyboard.press('Escape');
    await field(page).waitFor({ state: 'detached' });
    await same(() => find.inputValue(), 'смесь');
    await until(() => find.evaluate((el) => el === document.activeElement), 'the focus is back');
  }],

  ['the palette begins with what can be done with the rows that are selected', {}, async (hand) => {
    const page = await desk(hand);
    await page.keyboard.press('KeyX');
    await page.keyboard.press('KeyJ');
    await page.keyboard.press('KeyX');
    await page.getByTestId('bulk-bar').waitFor();
    await page.keyboard.press('Control+KeyK');
    await field(page).waitFor();
    await same(() => page.locator('.palette-group').first().innerText(), 'Действия с выбранными (2)');
    await field(page).fill('>метк');
    await options(page).first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('2').first().waitFor();
    await page.keyboard.press('Escape');
    await same(() => page.getByRole('dialog').count(), 0, 'the dialog is closed');
    await page.keyboard.press('Escape');
    await page.getByTestId('bulk-bar').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+KeyK');
    await page.locator('.palette-group').first().waitFor();
    await until(async () => !(await page.locator('.palette-group').allInnerTexts()).some((g) => g.includes('выбранными')), 'nothing is selected');
  }],

  ['X-4: four digits and a name typed in the Kazakh layout find Мария', {}, async (hand) => {
    const page = await desk(hand);
    await kazakh(page, 'Control+KeyK');
    await field(page).waitFor();
    await kazakh(page, 'Digit4', 'Digit5', 'Digit6', 'Digit7');
    await options(page).filter({ hasText: 'Мария Иванова' }).first().waitFor();
    // A phone that was not typed whole is shown masked, with the digits that were.
    await same(() => page.locator('mark').first().innerText(), '45-67');
  }],

  ['Tab on a result opens what can be done with it; Enter does it, and it can be undone', {}, async (hand) => {
    const page = await desk(hand, '/orders?view=all');
    await page.keyboard.press('Control+KeyK');
    await field(page).fill('438117204');
    await options(page).filter({ hasText: '438' }).first().waitFor();
    const place = () => options(page).evaluateAll((all) => all.findIndex((o) => o.textContent.replace(/\D/g, '').startsWith('438117204')));
    await until(async () => (await place()) >= 0, 'the order is found');
    const at = await rest(place);
    for (let i = 0; i < at; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await options(page).filter({ hasText: 'Подтвердить' }).waitFor();
    await page.keyboard.press('Escape');
    await options(page).filter({ hasText: '438' }).first().waitFor();
    await page.keyboard.press('Tab');
    await options(page).filter({ hasText: 'Подтвердить' }).click();
    await page.getByTestId('toast').filter({ hasText: 'Подтверждён 1 заказ' }).waitFor();
    await page.keyboard.press('Control+KeyZ');
    await page.getByTestId('toast').filter({ hasText: 'Отменено действие с 1 заказом' }).waitFor();
  }],

  ['a whole number and Enter typed faster than the answer open that order', {}, async (hand) => {
    const page = await desk(hand);
    await page.keyboard.press('Control+KeyK');
    await field(page).waitFor();
    await page.route('**/api/search?**', async (route) => {
      await new Promise((done) => setTimeout(done, 400));
      await route.continue();
    });
    await field(page).fill('438117311');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/orders\/\d+/);
    await page.getByText('438 117 311').or(page.getByText('438117311')).first().waitFor();
  }],

  ['with an empty field: what was opened last, then five suggestions; «>» shows commands only', {}, async (hand) => {
    const row = await firstOrder(hand);
    const page = await hand.signedIn(`/orders/${row.id}`);
    await page.getByTestId('order-main').waitFor();
    await page.keyboard.press('Control+KeyK');
    await page.getByText('Недавно открытые').waitFor();
    await same(() => page.locator('.palette-group').allInnerTexts(), ['Недавно открытые', 'Предлагаем']);
    await same(() => options(page).count(), 6);
    await field(page).fill('> ntve');
    await until(async () => (await options(page).count()) === 1, 'the theme, in the wrong layout');
    await field(page).fill('к 4567');
    await options(page).filter({ hasText: 'Мария' }).first().waitFor();
    await same(() => page.locator('.palette-group').allInnerTexts(), ['Клиенты · последние цифры телефона']);
  }],

  ['a scanner opens the order, whatever layout is on; its keys are no shortcuts and leave no trace in a field', {}, async (hand) => {
    const page = await desk(hand, '/orders?view=all');
    const find = page.getByPlaceholder('Найти в списке');
    await find.fill('ко');
    await page.waitForURL(/q=/);
    await scan(page, '438117204');
    const shown = page.getByTestId('scan-result');
    await shown.waitFor();
    await same(() => shown.getAttribute('data-outcome'), 'right');
    await fits(() => shown.innerText(), /Верно\s+438117204/);
    await page.waitForURL(/\/orders\/\d+/);
    await page.goBack();
    await until(async () => (await find.inputValue().catch(() => '')) === 'ко', 'what was typed before is all there is');
    await page.locator('h1').first().click();
    await find.evaluate((el) => el.blur());
    await same(() => page.evaluate(() => document.activeElement?.tagName), 'BODY');
    const written = [];
    page.on('request', (r) => r.method() !== 'GET' && written.push(`${r.method()} ${r.url()}`));
    await scan(page, 'CWX-0000-99');
    await until(async () => (await shown.getAttribute('data-outcome').catch(() => '')) === 'unknown', 'an unknown code is told');
    await fits(() => shown.innerText(), /Неизвестный код/);
    // The keys are over once the code is told: C and W would have been sent, X would have selected a row.
    await rest(() => written.length);
    assert.deepEqual(written.filter((line) => /bulk|confirm|next/.test(line)), [], 'C and W of the code did nothing');
    await same(() => page.getByTestId('toast').count(), 0);
    await same(() => page.getByTestId('bulk-bar').count(), 0);
  }],

  ['the bell lists what burns, grouped by order; what is read stays read elsewhere, what is done is gone', {}, async (hand) => {
    const page = await desk(hand);
    const bell = page.getByTestId('bell');
    await until(async () => /9 непрочитанных/.test(await bell.getAttribute('aria-label')), 'seven orders and two returns burn');
    await bell.click();
    const panel = page.getByTestId('notices');
    await until(async () => (await panel.locator('[data-testid^=notice-]').count()) === 9, 'all of them');
    await panel.getByRole('button', { name: 'Прочитано: 438 117 204' }).click();
    await until(async () => (await panel.locator('[data-read=false]').count()) === 8, 'one is read');
    await page.keyboard.press('Escape');
    const other = await hand.signedIn('/');
    await until(async () => /8 непрочитанных/.test(await other.getByTestId('bell').getAttribute('aria-label')), 'eight elsewhere');
    const colleague = await hand.house.as('aigerim@karapuz.kz');
    assert.equal((await colleague.get('/api/notices')).unread, 9);
    const row = (await colleague.get('/api/queue?q=438117311')).items[0];
    await colleague.post(`/api/orders/${row.id}/confirm`);
    await until(async () => /7 непрочитанных/.test(await other.getByTestId('bell').getAttribute('aria-label')), 'confirmed is gone');
  }],

  ['the panel holds the undo as long as its window; a toast has one line, one action, and there are three at most', {}, async (hand) => {
    const page = await desk(hand);
    await page.keyboard.press('KeyC');
    await page.getByTestId('toast').filter({ hasText: 'Подтверждён 1 заказ' }).waitFor();
    assert.equal(await page.locator('.toasts').getAttribute('aria-live'), 'polite');
    await page.getByTestId('bell').click();
    const panel = page.getByTestId('notices');
    await panel.getByText('Ждут отправки').waitFor();
    await panel.getByRole('button', { name: /Отменить/ }).click();
    await page.getByTestId('toast').filter({ hasText: 'Отменено действие' }).waitFor();
    assert.ok((await page.getByTestId('toast').count()) <= 3);
    await until(async () => {
      const box = await page.getByTestId('toast').first().boundingBox();
      return box && box.height <= 48 && box.x < 40;
    }, 'a toast has one line, on the left');
  }],

  ['keys bound anew are kept by the server, shown beside the buttons, and act by place in any layout', {}, async (hand) => {
    const page = await hand.signedIn('/settings/profile');
    await page.getByTestId('bind-KeyC').click();
    await page.getByTestId('bind-KeyC').getByText('нажмите').waitFor();
    await page.keyboard.press('KeyV');
    await page.getByTestId('bind-KeyC').getByText('V / М').waitFor();
    await page.getByTestId('bind-KeyV').getByText('C / С').waitFor();
    await until(async () => /KeyC=KeyV/.test((await hand.house.as()).session.user.keys), 'the server keeps them');
    const other = await desk(hand);
    await russian(other, 'KeyV');
    await other.getByTestId('toast').filter({ hasText: 'Подтверждён 1 заказ' }).waitFor();
    await other.keyboard.press('Shift+Slash');
    await other.getByRole('dialog').getByText('V / М').first().waitFor();
    await other.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Вернуть обычные' }).click();
    await page.getByTestId('bind-KeyC').getByText('C / С').waitFor();
  }],

  ['AUTH-3: the session is over in the middle of a note: a dialog, the password, and the note is there, once', {}, async (hand) => {
    hand.expect(/status of 401|EventSource/);
    const row = await firstOrder(hand);
    const page = await hand.signedIn(`/orders/${row.id}`);
    const note = page.getByPlaceholder(/Заметка/).or(page.getByLabel(/Заметка/)).first();
    await note.fill('Звонила, просит вечером');
    const api = await hand.house.as();
    const sessions = (await api.get('/api/sessions')).items;
    for (const one of sessions.filter((s) => !s.current))
      await fetch(`${hand.house.address}/api/sessions/${one.id}`, { method: 'DELETE', headers: api.headers });
    const dialog = page.getByTestId('sign-in-again').or(page.getByRole('dialog', { name: 'Войдите ещё раз' })).first();
    await note.focus();
    await page.keyboard.press('Control+Enter');
    await dialog.getByLabel('Пароль', { exact: true }).waitFor();
    assert.equal(await dialog.getByLabel('Почта или телефон').inputValue(), owner.login);
    assert.equal(new URL(page.url()).pathname, `/orders/${row.id}`);
    await dialog.getByLabel('Пароль', { exact: true }).fill('karapuz-2025');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Пароль', { exact: true }).fill(owner.password);
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Пароль', { exact: true }).waitFor({ state: 'detached' });
    await until(async () => (await (await hand.house.as()).get(`/api/orders/${row.id}`)).notes.length === 1, 'the note was sent');
    assert.equal((await (await hand.house.as()).get(`/api/orders/${row.id}`)).notes[0].text, 'Звонила, просит вечером');
  }],

  ['X-10: on every screen the line is cut: the bar says so, what was typed stays, all comes back without a reload', {}, async (hand) => {
    hand.expect(/ERR_|Failed to (load|fetch)|EventSource|dynamically imported/);
    const row = await firstOrder(hand);
    const page = await hand.signedIn('/');
    const screens = ['/', '/?triage=1', '/orders?view=new', `/orders/${row.id}`, '/tasks', '/customers', '/settings/profile', '/settings/channels', '/settings/deadlines', '/settings/users', '/settings/outbox'];
    for (const path of screens) {
      await page.goto(hand.house.address + path);
      await stands(page, path);
      await page.evaluate(() => (globalThis.sameDocument = true));
      const typed = page.locator('main input[type=text]:not([readonly]):visible, main input:not([type], [readonly]):visible, main textarea:visible').first();
      const has = (await typed.count()) > 0;
      if (has) await typed.fill('начато');
      await page.context().setOffline(true);
      await page.getByRole('alert').getByText(/Нет связи с \d+:\d\d\. Показаны данные на \d+:\d\d/).waitFor();
      if (has) await same(() => typed.inputValue(), 'начато', path);
      await page.context().setOffline(false);
      await page.getByText(/Нет связи с/).waitFor({ state: 'detached' });
      assert.equal(await page.evaluate(() => globalThis.sameDocument), true, path);
      if (has) await same(() => typed.inputValue(), 'начато', path);
    }
  }],

  ['a server that is killed is told by the bar', {}, async (hand) => {
    hand.expect(/ERR_|status of|EventSource|Failed to/);
    const page = await desk(hand);
    await hand.house.kill();
    await page.getByRole('alert').getByText(/Нет связи с/).waitFor();
  }],

  ['X-11: a part whose answer is 500 harms itself alone, and can be tried again', {}, async (hand) => {
    hand.expect(/status of 500/);
    const page = await hand.signedIn('/orders?view=new');
    await page.locator('.grid-row').first().waitFor();
    for (const [address, sign] of [['**/api/notices', 'bell'], ['**/api/accounts', 'channels']]) {
      await page.route(address, (route) => route.fulfill({ status: 500, body: '{"code":"internal","title":"x","status":500}' }));
      await page.reload();
      await page.locator('.grid-row').first().waitFor();
      if (sign === 'bell') {
        await page.getByTestId('bell').click();
        await page.getByTestId('notices').getByRole('button', { name: 'Повторить' }).waitFor();
        await page.getByTestId('notices').getByText('internal').waitFor();
        await page.unroute(address);
        await page.getByTestId('notices').getByRole('button', { name: 'Повторить' }).click();
        await page.getByTestId('notices').locator('[data-testid^=notice-]').first().waitFor();
      } else await page.unroute(address);
    }
  }],

  ['X-14: with reduced motion nothing moves for longer than 0 ms', {}, async (hand) => {
    const page = await desk(hand);
    await page.keyboard.press('KeyC');
    await page.getByTestId('toast').first().waitFor();
    await page.keyboard.press('Control+KeyK');
    await field(page).waitFor();
    const moving = await page.evaluate(() => {
      const seconds = (text) => Math.max(...text.split(',').map((t) => parseFloat(t) || 0));
      return [...document.querySelectorAll('*')]
        .filter((el) => {
          const s = getComputedStyle(el);
          return seconds(s.transitionDuration) > 0 || (s.animationName !== 'none' && seconds(s.animationDuration) > 0);
        })
        .map((el) => `${el.tagName} ${el.className}`.slice(0, 80));
    });
    assert.deepEqual([...new Set(moving)], []);
  }],

  ['the language is switched on the sign-in screen without a reload, and the first run follows', {}, async (hand) => {
    hand.expect(/status of 401/);
    const page = await hand.page(await hand.profile());
    await page.getByRole('heading', { name: 'Вход' }).waitFor();
    await page.evaluate(() => (globalThis.sameDocument = true));
    await page.getByLabel('Почта или телефон').fill('nurlan');
    await page.getByText('KK', { exact: true }).click();
    await page.getByRole('heading', { name: 'Кіру' }).waitFor();
    await page.getByText('EN', { exact: true }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    assert.equal(await page.evaluate(() => globalThis.sameDocument), true);
    await same(() => page.locator('input[name=login]').inputValue(), 'nurlan');
    await same(() => page.evaluate(() => document.documentElement.lang), 'en');
  }],

  ['X-6: each subset of our font is served by us and draws its letters', {}, async (hand) => {
    const page = await (await hand.profile()).newPage();
    await page.context().request.post(`${hand.house.address}/api/session`, { data: { login: owner.login, password: owner.password } });
    const fonts = new Map();
    page.on('response', (r) => /\.woff2/.test(r.url()) && fonts.set(new URL(r.url()).pathname, r.status()));
    await page.goto(`${hand.house.address}/`);
    await page.getByTestId('triage-start').waitFor();
    const seen = await page.evaluate(async () => {
      const out = {};
      for (const letter of 'әғқңөұүһіӘҒҚҢӨҰҮҺІїєґ₸₽₴−«»…') {
        const faces = await document.fonts.load('14px "Inter Variable"', letter);
        const wide = (family) => {
          const pen = document.createElement('canvas').getContext('2d');
          pen.font = `40px ${family}`;
          return pen.measureText(letter.repeat(20)).width;
        };
        out[letter] = faces.length > 0 && faces.every((f) => f.status === 'loaded') && wide('"Inter Variable", monospace') === wide('"Inter Variable", serif');
      }
      return out;
    });
    assert.deepEqual(Object.entries(seen).filter(([, ok]) => !ok).map(([letter]) => letter), []);
    await same(() => fonts.size, 4, 'four subsets');
    assert.ok([...fonts.values()].every((status) => status === 200));
  }],
];
