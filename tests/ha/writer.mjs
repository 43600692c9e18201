/* node writer.mjs SECONDS FOLDER FRONT… - writes orders all the time through the fronts, four at once, through another front when one is
 * silent, as a browser does. One line a yes into FOLDER/acknowledged: milliseconds and the order's number. Ends when FOLDER/stop is there.
 */
import fs from 'node:fs';
import https from 'node:https';

const [seconds, folder, ...fronts] = process.argv.slice(2);
const lanes = 4;
const patienceMs = 4000;
const login = 'owner@ha.kz';
const password = 'three-hosts-2026';
const out = fs.openSync(`${folder}/acknowledged`, 'a');
const refused = fs.openSync(`${folder}/refused`, 'a');
const agents = fronts.map(() => new https.Agent({ keepAlive: true, rejectUnauthorized: false, maxSockets: 8 }));

/** One request; rejects when the front is silent for too long. */
function ask(front, method, path, body, headers = {}) {
  return new Promise((done, failed) => {
    const timer = setTimeout(() => rq.destroy(new Error('silent')), patienceMs);
    const rq = https.request(
      { host: fronts[front], port: 443, method, path, agent: agents[front], servername: 'desk.shop.kz',
        headers: { Host: 'desk.shop.kz', Origin: 'https://desk.shop.kz', ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers } },
      (r) => {
        const parts = [];
        r.on('data', (p) => parts.push(p));
        r.on('error', failed);
        r.on('end', () => {
          clearTimeout(timer);
          done({ status: r.statusCode, headers: r.headers, body: Buffer.concat(parts).toString() });
        });
      },
    );
    rq.on('error', (e) => { clearTimeout(timer); failed(e); });
    rq.end(body);
  });
}

async function signIn() {
  for (let front = 0; ; front = (front + 1) % fronts.length) {
    try {
      const r = await ask(front, 'POST', '/api/session', JSON.stringify({ login, password }));
      if (r.status === 200) return { Cookie: r.headers['set-cookie'][0].split(';')[0], 'X-CSRF-Token': JSON.parse(r.body).csrf };
      fs.writeSync(refused, `sign-in ${r.status} ${r.body.slice(0, 300)}\n`);
    } catch (e) {
      fs.writeSync(refused, `sign-in ${e.message}\n`);
    }
    await new Promise((done) => setTimeout(done, 500));
  }
}

/* A front that was silent is left alone for a while, unless the others are silent too. */
const silentUntil = fronts.map(() => 0);
function frontFrom(n) {
  for (let k = 0; k < fronts.length; k++) {
    const front = (n + k) % fronts.length;
    if (silentUntil[front] < Date.now()) return front;
  }
  return n;
}

const who = await signIn();
const until = Date.now() + Number(seconds) * 1000;
let next = 0;
async function lane(n) {
  let front;
  while (Date.now() < until && !fs.existsSync(`${folder}/stop`)) {
    const number = `HA${String(++next).padStart(8, '0')}`;
    const order = JSON.stringify({ number, grand_total: '1200.00', currency: 'KZT', placed_at: '2026-11-20T03:00:00Z' });
    /* The same order again until somebody says yes: that it is there already is a yes, too. */
    for (;;) {
      let why;
      front = frontFrom(n % fronts.length);
      try {
        const r = await ask(front, 'POST', '/api/import/orders', order, who);
        if (r.status === 200 && JSON.parse(r.body).bad === 0) {
          fs.writeSync(out, `${Date.now()} ${number}\n`);
          break;
        }
        why = `${r.status} ${r.body.slice(0, 300)}`;
      } catch (e) {
        why = e.message;
        silentUntil[front] = Date.now() + 15000;
      }
      fs.writeSync(refused, `${Date.now()} ${fronts[front]} ${number} ${why}\n`);
      if (Date.now() >= until || fs.existsSync(`${folder}/stop`)) return;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
await Promise.all(Array.from({ length: lanes }, (_, n) => lane(n)));
process.exit(0);
