/* A mail relay that is a real one: the smtp-server package, with a certificate that the houses trust, and the faults of a bad day. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const web = createRequire(new URL('../../web/package.json', import.meta.url));
const file = (name) => readFileSync(new URL(`../support/${name}`, import.meta.url));

/** The words of a header, joined from its encoded words (RFC 2047); what is not encoded stays. */
function words(header) {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?B\?([^?]*)\?=/gi, (_, base64) => Buffer.from(base64, 'base64').toString('utf8'));
}

function read(raw) {
  const cut = raw.indexOf('\r\n\r\n');
  const head = raw.slice(0, cut).replace(/\r\n[ \t]+/g, ' ');
  const headers = Object.fromEntries(
    head
      .split('\r\n')
      .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), words(line.slice(line.indexOf(':') + 2))]),
  );
  return { headers, text: Buffer.from(raw.slice(cut + 4), 'base64').toString('utf8'), raw };
}

/** `greylist`, `refuse`, `cut`: how many of the next letters that happens to. */
export async function openRelay({ stranger = false, ...more } = {}) {
  const { SMTPServer } = web('smtp-server');
  const relay = { letters: [], taken: [], tried: [], logins: [], asked: 0, greylist: 0, refuse: 0, cut: 0 };
  const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });
  const server = new SMTPServer({
    ...(stranger ? {} : { key: file('relay.key'), cert: file('relay.crt') }),
    authMethods: ['PLAIN', 'LOGIN'],
    logger: false,
    onAuth(auth, session, done) {
      relay.logins.push({ ...auth, secure: session.secure });
      if (auth.username === 'sauda' && auth.password === 'пароль relay') done(null, { user: auth.username });
      else done(refusal(535, '5.7.8 wrong password'));
    },
    onRcptTo(address, session, done) {
      relay.asked++;
      if (relay.greylist-- > 0) return done(refusal(451, '4.7.1 greylisted, come again'));
      if (relay.refuse-- > 0) return done(refusal(550, '5.1.1 no such person'));
      relay.tried.push(address.address);
      done();
    },
    onData(stream, session, done) {
      const parts = [];
      stream.on('data', (part) => parts.push(part));
      stream.on('end', () => {
        const letter = {
          ...read(Buffer.concat(parts).toString('latin1')),
          to: session.envelope.rcptTo.map((to) => to.address),
          secure: session.secure,
        };
        relay.letters.push(letter);
        if (relay.cut-- > 0) {
          // it has the letter, and nobody hears that
          for (const connection of server.connections) connection._socket.destroy();
          return;
        }
        relay.taken.push(letter);
        done(null, 'queued');
      });
    },
    ...more,
  });
  server.on('error', () => undefined); // those who leave in the middle
  await new Promise((open) => server.listen(0, '127.0.0.1', open));
  relay.port = server.server.address().port;
  relay.close = () => new Promise((over) => server.close(over));
  return relay;
}
