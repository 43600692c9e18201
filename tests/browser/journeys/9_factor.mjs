/* The second step of signing in, from taking it to giving it back, as a person with a telephone meets it. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { fits, owner, same } from '../house.mjs';

const login = 'aigerim@karapuz.kz';

/** What the app on the telephone shows (RFC 6238). */
function codeOf(secret, at) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const mac = createHmac('sha1', key).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1e6).padStart(6, '0');
}
/** Another browser, whose sign-in has come as far as the code. */
async function atCode(hand) {
  const page = await hand.page(await hand.profile());
  await page.getByLabel('Почта или телефон').fill(login);
  await page.getByLabel('Пароль', { exact: true }).fill(owner.password);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
  await page.getByLabel('Код из приложения').waitFor();
  return page;
}
async function answer(page, code) {
  await page.getByLabel('Код из приложения').fill(code);
  await page.getByRole('button', { name: 'Войти', exact: true }).click();
}
const inside = (page) => page.getByTestId('nav-orders').waitFor();
const wrong = /Код неверный|Неверный, устарел или уже использован/;

export default [
  ['a second step: taken with the app, asked for at the door, once for each code, given back with password and code', {}, async (hand) => {
    hand.expect(/status of (401|422|429)/);
    const { house } = hand;
    const own = await hand.signedIn('/settings/profile', { login });
    await own.getByTestId('factor-turn-on').click();
    const dialog = own.getByRole('dialog');
    await dialog.getByLabel('Нынешний пароль').fill('not mine');
    await dialog.getByRole('button', { name: 'Дальше' }).click();
    await dialog.getByText('Неверно').waitFor();
    await dialog.getByLabel('Нынешний пароль').fill(owner.password);
    await dialog.getByRole('button', { name: 'Дальше' }).click();
    await dialog.getByRole('img', { name: 'Картинка для приложения' }).waitFor();
    const secret = (await dialog.getByTestId('factor-secret').innerText()).replaceAll(/\s/g, '');
    const now = () => codeOf(secret, house.now);
    const guess = () => String((Number(now()) + 500000) % 1e6).padStart(6, '0');
    await dialog.getByLabel('Код из приложения').fill(guess());
    await dialog.getByRole('button', { name: 'Подтвердить' }).click();
    await fits(() => dialog.innerText(), wrong);
    const first = now();
    await dialog.getByLabel('Код из приложения').fill(first);
    await dialog.getByRole('button', { name: 'Подтвердить' }).click();
    const codes = dialog.getByTestId('factor-codes').locator('li');
    await same(() => codes.count(), 10);
    const recovery = await codes.first().innerText();
    await dialog.getByRole('button', { name: 'Коды сохранены' }).click();
    await own.getByTestId('factor-is-on').getByText('Осталось 10 резервных кодов').waitFor();

    // At the door: not the code that was used already, the next one is good, and that only once.
    const second = await atCode(hand);
    await answer(second, first);
    await fits(() => second.locator('main').innerText(), wrong);
    await house.advance(30000);
    const fresh = now();
    await answer(second, fresh);
    await inside(second);
    // Without the telephone: a recovery code, once.
    const third = await atCode(hand);
    await answer(third, fresh);
    await fits(() => third.locator('main').innerText(), wrong);
    await answer(third, recovery);
    await inside(third);
    const fourth = await atCode(hand);
    await answer(fourth, recovery);
    await fits(() => fourth.locator('main').innerText(), wrong);
    await own.reload();
    await own.getByTestId('factor-is-on').getByText('Осталось 9 резервных кодов').waitFor();

    // Who knows the password and guesses the code has to wait, with the right one too.
    await house.advance(60000);
    const tell = () => fourth.locator('main').innerText();
    for (let i = 0; i < 8 && !/Слишком много попыток/.test(await tell()); i++) {
      const reply = fourth.waitForResponse((r) => r.url().endsWith('/api/session') && r.request().method() === 'POST');
      await answer(fourth, guess());
      const waits = (await reply).status() === 429;
      await fits(tell, waits ? /Слишком много попыток/ : wrong);
    }
    await fits(tell, /Слишком много попыток. Попробуйте через \d+ секунд/);
    await answer(fourth, now());
    await fits(tell, /Слишком много попыток/);
    await house.advance(60000);
    await answer(fourth, now());
    await inside(fourth);

    // In an open browser it cannot be turned off without the password, nor without a code.
    await house.advance(30000);
    await own.getByRole('button', { name: 'Отключить' }).click();
    await dialog.getByLabel('Нынешний пароль').fill('not mine');
    await dialog.getByLabel('Код из приложения').fill(now());
    await dialog.getByRole('button', { name: 'Отключить' }).click();
    await dialog.getByText('Неверно').waitFor();
    await dialog.getByLabel('Нынешний пароль').fill(owner.password);
    await dialog.getByLabel('Код из приложения').fill(guess());
    await dialog.getByRole('button', { name: 'Отключить' }).click();
    await fits(() => dialog.innerText(), wrong);
    await dialog.getByLabel('Код из приложения').fill(now());
    await dialog.getByRole('button', { name: 'Отключить' }).click();
    await own.getByTestId('factor-turn-on').waitFor();
    assert.equal((await house.as(login)).session.user.login, login);
  }],
];
