/* Letters to the shop's people by a real relay: STARTTLS and a login, what it puts off, refuses, or breaks off in the middle. */
import assert from 'node:assert/strict';
import { same, until } from '../house.mjs';
import { openRelay } from '../relay.mjs';

const from = 'sauda@karapuz.kz';

async function setUp(hand, api, change) {
  const house = await api.get('/api/settings/notices');
  const reply = await fetch(`${hand.house.address}/api/settings/notices`, {
    method: 'PATCH',
    headers: { ...api.headers, 'Content-Type': 'application/json', 'If-Match': `"${house.version}"` },
    body: JSON.stringify(change),
  });
  assert.equal(reply.status, 200, await reply.text());
}

/** What became of the newest letter of the server's queue; its clock is moved until that is settled. */
function settled(hand, api, state) {
  return until(async () => {
    await hand.house.advance(5000);
    const { sends } = await api.get('/api/me/notices');
    return sends[0]?.state === state && sends[0];
  }, `the letter is ${state}`);
}

export default [
  [
    'an address is proved by a letter, and letters come whole and once through a bad day of the relay',
    {},
    async (hand) => {
      const relay = await openRelay();
      const closed = await openRelay({ hideSTARTTLS: true });
      const strange = await openRelay({ stranger: true }); // the package's own certificate, which nobody signed
      try {
        const api = await hand.house.as();
        const refused = async (address) => {
          const reply = await fetch(`${hand.house.address}/api/me/notices/email`, {
            method: 'POST',
            headers: { ...api.headers, 'Content-Type': 'application/json' },
            body: JSON.stringify({ address }),
          });
          assert.equal(reply.status, 409, await reply.text());
        };
        const way = {
          mail_host: 'localhost',
          mail_safety: 'starttls',
          mail_login: 'sauda',
          mail_password: 'wrong',
          mail_from: from,
        };
        await setUp(hand, api, { ...way, mail_port: closed.port });
        await refused('one@karapuz.kz');
        assert.deepEqual(closed.logins, [], 'no password goes over an open line');
        await setUp(hand, api, { mail_port: strange.port });
        await refused('two@karapuz.kz');
        assert.deepEqual(strange.logins, [], 'nor to who cannot show who he is');
        await setUp(hand, api, { mail_port: relay.port });
        await refused('three@karapuz.kz');
        assert.equal(relay.logins[0].password, 'wrong');
        assert.equal(relay.taken.length, 0);

        // The name of the shop tries to add a reader of its own.
        await setUp(hand, api, {
          mail_password: 'пароль relay',
          mail_from_name: 'Карапуз: детские товары, Алматы\r\nBcc: thief@example.kz',
        });
        const page = await hand.signedIn('/settings/profile');
        await page.getByTestId('way-email').click();
        await page.getByLabel('Адрес почты').fill('Nurlan@karapuz.kz');
        await page.getByRole('button', { name: 'Прислать код' }).click();
        await same(() => relay.taken.length, 1, 'the letter with the code');
        const [first] = relay.taken;
        assert.ok(first.secure && relay.logins.at(-1).secure, 'all of it goes over TLS');
        assert.deepEqual(first.to, ['nurlan@karapuz.kz']);
        assert.equal(first.headers.bcc, undefined);
        assert.match(first.headers.from, /^Карапуз: детские товары, Алматы/);
        assert.ok(
          [...first.raw].every((letter) => letter < '\x7f'),
          'plain letters alone',
        );
        const [code] = /\d{6}/.exec(first.headers.subject);
        assert.match(first.headers.subject, /[а-яё]/i);
        await page.getByLabel('Код из письма').fill(code);
        await page.getByRole('button', { name: 'Привязать', exact: true }).click();
        const on = page.getByTestId('way-on');
        await on.waitFor();

        // Of nothing but the tests, whatever burns meanwhile.
        const { rules } = await api.get('/api/me/notices');
        const silent = Object.fromEntries(Object.keys(rules).map((type) => [type, { email: 'never' }]));
        const kept = await fetch(`${hand.house.address}/api/me/notices`, {
          method: 'PUT',
          headers: { ...api.headers, 'Content-Type': 'application/json' },
          body: JSON.stringify({ rules: silent }),
        });
        assert.equal(kept.status, 204);

        // Put off twice (greylisting): it comes at the third try, once.
        relay.greylist = 2;
        await on.getByRole('button', { name: 'Проверить' }).click();
        await settled(hand, api, 'done');
        assert.equal(relay.taken.length, 2);
        assert.equal(relay.taken[1].headers['auto-submitted'], 'auto-generated');

        // The line breaks after the whole letter was given: nobody knows, so it is sent again under the same id.
        relay.cut = 1;
        await on.getByRole('button', { name: 'Проверить' }).click();
        await same(() => relay.letters.length, 3, 'the letter that was heard and not answered');
        await settled(hand, api, 'done');
        assert.equal(relay.taken.length, 3);
        assert.equal(relay.taken[2].headers['message-id'], relay.letters[2].headers['message-id']);
        assert.notEqual(relay.taken[2].headers['message-id'], relay.taken[1].headers['message-id']);

        // Refused for good: never again.
        relay.refuse = 1;
        await on.getByRole('button', { name: 'Проверить' }).click();
        const failed = await settled(hand, api, 'failed');
        assert.match(failed.text, /no such person/);
        const asked = relay.asked;
        await hand.house.advance(3600_000);
        await on.getByRole('button', { name: 'Проверить' }).click();
        await settled(hand, api, 'done');
        assert.equal(relay.asked, asked + 1);
        assert.equal(relay.taken.length, 4);
      } finally {
        await Promise.all([relay, closed, strange].map((one) => one.close()));
      }
    },
  ],
];
