/* People are told while the screens are closed: a chat is linked on one's page, and the bot's message can be answered. */
import assert from 'node:assert/strict';
import { until } from '../house.mjs';

const botToken = '123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc';

/** The shop's bot, which is the sandbox's; the screen asks for the token alone, so its address goes by the API. */
async function withBot(hand) {
  const api = await hand.house.as();
  const house = await api.get('/api/settings/notices');
  const reply = await fetch(`${hand.house.address}/api/settings/notices`, {
    method: 'PATCH',
    headers: { ...api.headers, 'Content-Type': 'application/json', 'If-Match': `"${house.version}"` },
    body: JSON.stringify({ telegram_base: `${hand.house.sandbox}/telegram`, telegram_token: botToken }),
  });
  assert.equal(reply.status, 200, await reply.text());
}

const chat = (hand) => hand.house.control('telegram');

export default [
  ['a chat is linked from one\'s page, and a test message arrives there', {}, async (hand) => {
    await withBot(hand);
    const page = await hand.signedIn('/settings/profile');
    await page.getByTestId('way-telegram').click();
    const link = await page.getByTestId('telegram-link').getAttribute('href');
    assert.match(link, /^https:\/\/t\.me\/karapuz_sandbox_bot\?start=/);
    await hand.house.control('telegram', { chat: 500, start: new URL(link).searchParams.get('start') });
    await hand.house.advance(3000);
    await page.getByText('Готово: чат привязан.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Закрыть' }).last().click();
    const way = page.getByTestId('way-on');
    await way.getByText('@user500').waitFor();
    await way.getByRole('button', { name: 'Проверить' }).click();
    await until(async () => (await chat(hand)).messages.some((m) => m.text.includes('Проверка')), 'the test message is in the chat');
    await way.getByRole('button', { name: /Отвязать/ }).click();
    await way.waitFor({ state: 'hidden' });
  }],

  ['a return that nobody takes wakes the head in the chat, and the bell opens it', {}, async (hand) => {
    await withBot(hand);
    const api = await hand.house.as();
    // The manager sleeps: her only way is silent. The head has linked his chat.
    const { link } = await api.post('/api/me/notices/telegram');
    await hand.house.control('telegram', { chat: 700, start: new URL(link).searchParams.get('start') });
    await until(async () => {
      await hand.house.advance(3000);
      return (await api.get('/api/me/notices')).targets.some((w) => w.state === 'on');
    }, 'the chat is linked');
    const waiting = (await api.get('/api/returns?limit=200')).items.filter((r) => r.red_at && r.zone === 'green');
    const row = waiting.toSorted((a, b) => a.red_at.localeCompare(b.red_at))[0];
    assert.ok(row, 'a return waits for a decision');
    const now = Date.parse((await api.get('/api/session')).now);
    await hand.house.advance(Date.parse(row.yellow_at) - now + 60_000);
    const told = async (words) => (await chat(hand)).messages.some((m) => m.chat === 700 && m.text.includes('Возврат') && m.text.includes(words));
    await until(() => told('никто не взялся'), 'the head is woken');
    await hand.house.advance(Date.parse(row.red_at) - Date.parse(row.yellow_at));
    await until(() => told('горит'), 'it burns');
    const page = await hand.signedIn('/');
    await page.getByTestId('bell').click();
    const news = page.getByTestId(`notice-${row.id}`);
    await news.getByText('Горит').waitFor();
    await news.getByRole('link').click();
    await page.waitForURL(`**/returns/${row.id}`);
    await page.getByTestId('bell').click();
    await page.locator(`[data-testid=notice-${row.id}][data-read=true]`).waitFor();
  }],

  ['limits of a marketplace are changed from a day on', {}, async (hand) => {
    const page = await hand.signedIn('/analytics/standing');
    await page.getByTestId('standing-limit').first().waitFor();
    await page.getByTestId('limit-add').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Порог, %').fill('7');
    await dialog.getByRole('button', { name: 'Сохранить' }).click();
    await page.getByTestId('toast').filter({ hasText: 'Порог сохранён' }).waitFor();
    await page.getByTestId('standing-limit').filter({ hasText: /7\s%/ }).first().waitFor();
  }],

  ['quiet hours and what one is told of are kept', {}, async (hand) => {
    const page = await hand.signedIn('/settings/profile');
    const from = page.getByLabel('Тихие часы с');
    await from.fill('22:00');
    await from.blur();
    const api = await hand.house.as();
    await until(async () => (await api.get('/api/me/notices')).quiet.from === '22:00', 'the hour is kept');
    await page.getByRole('combobox', { name: 'Канал остановлен, Почта' }).click();
    await page.getByRole('option', { name: 'в сводке' }).click();
    await until(async () => (await api.get('/api/me/notices')).rules.channel_stopped.email === 'digest', 'the rule is kept');
    assert.equal((await api.get('/api/me/notices')).quiet.from, '22:00');
    await page.getByRole('combobox', { name: 'Возврат горит, Telegram' }).click();
    await page.getByRole('option', { name: 'никогда' }).click();
    await until(async () => (await api.get('/api/me/notices')).rules.return_red.telegram === 'never', 'of returns as well');
  }],

  ['a wrong bot token is told at its field', {}, async (hand) => {
    hand.expect(/status of 422/);
    const page = await hand.signedIn('/settings/shop');
    await page.getByRole('textbox', { name: 'Ключ бота Telegram' }).fill('wrong');
    await page.getByRole('button', { name: 'Сохранить' }).last().click();
    await page.getByText(/BotFather/).nth(1).waitFor();
  }],
];
