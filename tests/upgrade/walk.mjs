/* walk.mjs NOW NEXT APART [BEFORE] - programs of different versions on one PostgreSQL (SAUDA_TEST_PG), as an upgrade without a pause meets them;
 * TAP on standard output. See run.sh. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const [now, next, apart, before] = process.argv.slice(2);
const run = promisify(execFile);
const token = 'upgrade';
const folder = await mkdtemp(join(tmpdir(), 'sauda-upgrade-'));
const owner = { login: 'nurlan@karapuz.kz', password: 'karapuz-2026' };
const alive = new Set();
const control = { 'X-Control-Token': token, 'Content-Type': 'application/json' };
const socket = /host=([^&]+)/.exec(process.env.SAUDA_TEST_PG)[1];

async function until(condition, what, ms = 120000) {
  for (const end = performance.now() + ms; ; ) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`waited ${ms / 1000} s: ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** A server or the markets; `address` is where it answers, or its end with code and words. */
async function start(program, args, home, line) {
  const child = spawn(program, args, { env: { ...process.env, SAUDA_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] });
  const it = { child, said: '', code: null };
  child.stdout.on('data', (chunk) => (it.said += chunk));
  child.stderr.on('data', (chunk) => (it.said += chunk));
  it.ended = new Promise((done) => child.on('close', (code) => done((it.code = code ?? -1))));
  alive.add(it);
  it.address = await until(() => line.exec(it.said)?.[1] ?? it.code !== null, `${program} ${args.join(' ')}`);
  if (it.address === true) it.address = null;
  return it;
}
const serve = (program, shop) =>
  start(program, ['serve', '--listen', '127.0.0.1:0', '--allow-private-hosts=yes', '--log-level', 'error', '--db', shop.db], shop.home, /answers at (http:\S+)/);
async function end(it, signal = 'SIGTERM') {
  it.child.kill(signal);
  await it.ended;
  alive.delete(it);
}

async function ask(url, headers = {}, body, method = body === undefined ? 'GET' : 'POST') {
  const reply = await fetch(url, { method, headers: { 'Content-Type': 'application/json', ...headers }, body: body && JSON.stringify(body) });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${url}: ${reply.status} ${text}`);
  return { reply, json: text ? JSON.parse(text) : null };
}
async function signedIn(server) {
  const { reply, json } = await ask(`${server.address}/api/session`, {}, owner);
  return { Cookie: reply.headers.get('set-cookie').split(';')[0], 'X-CSRF-Token': json.csrf };
}
/** An open screen: what it hears. */
async function listen(server, who) {
  const reply = await fetch(`${server.address}/api/live`, { headers: { ...who, Accept: 'text/event-stream' } });
  const heard = { text: '' };
  void (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of reply.body) heard.text += decoder.decode(chunk);
  })().catch(() => undefined);
  return heard;
}
const ready = async (server) => (await fetch(`${server.address}/ready`).catch(() => ({ status: 0 }))).status === 200;
const fresh = async (server, who) => (await ask(`${server.address}/api/queue?status=new&limit=200`, who)).json.items;
const act = (server, who, path, body = {}) => ask(server.address + path, { ...who, 'Idempotency-Key': crypto.randomUUID() }, body);

async function shop(name, maker) {
  await run('createdb', ['-h', socket, '-U', 'sauda', name]);
  const home = join(folder, name);
  const markets = await start(now, ['sandbox', '--scene', 'karapuz', '--no-limits', '--control-token', token], home, /(http:\/\/127\.0\.0\.1:\d+)/);
  await ask(`${markets.address}/control/stream`, control, { on: false });
  const db = `postgresql:///${name}?host=${socket}&user=sauda`;
  await run(maker, ['demo', '--db', db, '--sandbox', markets.address], { env: { ...process.env, SAUDA_HOME: home } });
  return { db, home, markets };
}
const told = async (s) => (await ask(`${s.markets.address}/control/received`, control)).json.items.filter((r) => ['accept', 'confirm', 'ship'].includes(r.op) && r.applied);

let n = 0;
const ok = (what) => console.log(`ok ${++n} - ${what}`);

async function without_a_pause() {
  const s = await shop('rolling', now);
  let old = await serve(now, s);
  assert.ok(old.address, old.said);
  const who = await signedIn(old);
  await until(async () => (await fresh(old, who)).length > 100, 'the orders of the morning are here');
  const hears = await listen(old, who);
  // Ozon hears of no confirmation: there it is the packing that counts.
  const channels = new Map((await ask(`${old.address}/api/accounts`, who)).json.items.map((a) => [a.id, a.channel]));
  const orders = (await fresh(old, who)).filter((o) => channels.get(o.account_id) !== 'ozon');
  assert.ok(orders.length > 50);

  const began = performance.now();
  const upgraded = await serve(next, s);
  assert.ok(upgraded.address, upgraded.said);
  await until(() => ready(upgraded), 'the new one is ready');
  assert.ok(await ready(old), 'the old one stays ready');
  ok(`the next version has migrated and serves beside this one, ready after ${Math.round(performance.now() - began)} ms`);

  assert.equal((await ask(`${upgraded.address}/api/session`, who)).json.user.login, owner.login);
  const hearsToo = await listen(upgraded, who);
  const accepted = [];
  const confirm = async (server, order) => {
    await act(server, who, `/api/orders/${order.id}/confirm`);
    accepted.push(order);
  };
  for (const [i, order] of orders.slice(0, 20).entries()) await confirm(i % 2 ? upgraded : old, order);
  await until(() => hears.text.includes(orders[1].id) && hearsToo.text.includes(orders[0].id), 'screens of each hear of what was done at the other');
  ok('one sign-in is good at both, and screens of each hear of what was done at the other');

  await ask(`${s.markets.address}/control/burst`, control, { market: 'kaspi', n: 5 });
  const kaspi = (await ask(`${old.address}/api/accounts`, who)).json.items.find((a) => a.channel === 'kaspi');
  const count = async (server) => (await ask(`${server.address}/api/queue/counts?status=new`, who)).json.total.count;
  const least = (await count(old)) + 1;
  await act(old, who, `/api/accounts/${kaspi.id}/fetch`);
  await until(async () => (await count(upgraded)) >= least && (await count(old)) === (await count(upgraded)), 'new orders of the market are here, in both');
  ok('orders of the market are read once, and both show them');

  // The old one dies with commands under way; the new one goes on with them.
  for (const order of orders.slice(20, 40)) await confirm(old, order);
  await end(old, 'SIGKILL');
  for (const order of orders.slice(40, 50)) await confirm(upgraded, order);
  const numbers = new Set(accepted.map((o) => o.number));
  const heard = async () => (await told(s)).map((r) => r.number ?? r.order).filter((x) => numbers.has(x));
  await until(async () => new Set(await heard()).size === numbers.size, 'the markets hear of every confirmation', 240000);
  await new Promise((done) => setTimeout(done, 8000));
  assert.deepEqual((await heard()).sort(), [...numbers].sort());
  for (const order of accepted)
    assert.notEqual((await ask(`${upgraded.address}/api/orders/${order.id}`, who)).json.status, 'new', `${order.number} is confirmed`);
  ok(`of ${numbers.size} confirmations at both, 20 of them before one was killed, the markets heard each once`);

  old = await serve(now, s);
  assert.ok(old.address && (await until(() => ready(old), 'ready again')), old.said);
  assert.equal((await ask(`${old.address}/api/session`, who)).json.user.login, owner.login);
  await confirm(old, orders[50]);
  await until(async () => (await told(s)).some((r) => (r.number ?? r.order) === orders[50].number), 'it works with the market');
  ok('this version starts again on what the next one has changed');

  const early = await serve(apart, s);
  assert.equal(early.address, null);
  assert.equal(early.code, 1);
  assert.match(early.said, /2 servers of an older version work on this database.*stop them first/);
  const asked = await run(apart, ['migrate', '--db', s.db]).catch((error) => error);
  assert.match(String(asked.stderr), /stop them first/);
  ok('a version that cannot go beside them is refused while they work, and so is its `sauda migrate`');

  await end(old);
  await end(upgraded);
  const last = await serve(apart, s);
  assert.ok(last.address && (await until(() => ready(last), 'the last one is ready')), last.said);
  assert.equal((await ask(`${last.address}/api/session`, who)).json.user.login, owner.login);
  const late = await serve(now, s);
  assert.equal(late.code, 1);
  assert.match(late.said, /run a newer one/);
  ok('when they have stopped it starts, with the same sign-in, and the first one is refused');
  await end(last);
  await run(apart, ['check', '--db', s.db], { env: { ...process.env, SAUDA_HOME: s.home } });
  ok('sauda check is clean');
}

async function from_the_version_before() {
  const s = await shop('stepping', before);
  const old = await serve(before, s);
  assert.ok(old.address, old.said);
  const who = await signedIn(old);
  await until(async () => (await fresh(old, who)).length > 100, 'the orders of the morning are here');
  const seen = (await fresh(old, who)).map((o) => o.id).sort();
  const missing = (await run(now, ['migrate', '--status', '--db', s.db])).stdout.split('\n').filter((line) => line.startsWith('missing'));
  const early = await serve(now, s);
  if (early.address) {
    await until(async () => (await ready(early)) && (await ready(old)), 'both are ready');
    assert.deepEqual((await fresh(early, who)).map((o) => o.id).sort(), (await fresh(old, who)).map((o) => o.id).sort());
    ok(`this version serves beside the one before it (${missing.length} migrations)`);
    await end(old);
    await end(early);
  } else {
    assert.match(early.said, /1 server of an older version works on this database.*stop them first/);
    assert.ok(await ready(old));
    ok(`this version waits until the one before it has stopped: ${missing.join(', ').replaceAll('missing ', '')} changes what that one works with`);
    await end(old);
  }
  const it = await serve(now, s);
  assert.ok(it.address && (await until(() => ready(it), 'ready')), it.said);
  const here = new Set((await fresh(it, who)).map((o) => o.id));
  assert.deepEqual(seen.filter((id) => !here.has(id)), []);
  ok('it then starts on that shop, with the same sign-in and every order');
  await end(it);
  await run(now, ['check', '--db', s.db], { env: { ...process.env, SAUDA_HOME: s.home } });
  ok('sauda check is clean');
}

let failed = 0;
for (const part of before ? [without_a_pause, from_the_version_before] : [without_a_pause])
  await part().catch((error) => {
    failed++;
    console.log(`not ok ${++n} - ${part.name.replaceAll('_', ' ')}: ${error.message}`);
  });
for (const it of alive) it.child.kill('SIGKILL');
await Promise.all([...alive].map((it) => it.ended));
await rm(folder, { recursive: true, force: true });
console.log(`${n - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
