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
  }],

  ['a wrong bot token is told at its field', {}, async (hand) => {
    hand.expect(/status of 422/);
    const page = await hand.signedIn('/settings/shop');
    await page.getByRole('textbox', { name: 'Ключ бота Telegram' }).fill('wrong');
    await page.getByRole('button', { name: 'Сохранить' }).last().click();
    await page.getByText(/BotFather/).nth(1).waitFor();
  }],
];
