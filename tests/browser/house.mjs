/* A house: the real server with the played marketplaces, on free ports, in a folder of its own, at the fixture's moment.
 *
 * The clock stands, so nothing changes between two looks; `advance` moves the server's and the markets' clock together. The first
 * house reads the whole shop from the markets; every other one begins as a copy of it. */
import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

export const moment = '2026-12-16T04:04:00Z';
export const owner = { login: 'nurlan@karapuz.kz', password: 'karapuz-2026' };
const root = fileURLToPath(new URL('../..', import.meta.url));
const program = process.env.SAUDA ?? join(root, 'build/release/src/app/sauda');
const filler = process.env.SAUDA_FILL ?? join(root, 'build/release/tests/bench/bench_fill');
export const largeOrders = 100000;
const token = 'browser-tests';
/* The mail relay of a journey signs for itself. */
const trusted = { SAUDA_MAIL_CA_FILE: join(root, 'tests/support/relay.crt') };

/* A limit only ends what will never happen: a slow machine, or one that has something else to do, must not reach it. */
export const limitMs = 45000;

export async function until(condition, what) {
  const end = performance.now() + limitMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`waited ${limitMs / 1000} s: ${what}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}
/** Waits until what is read is as it should be: a screen follows a key or an answer some moments later. */
export async function same(read, expected, what = '') {
  let last;
  await until(async () => isDeepStrictEqual((last = await read()), expected), what).catch((error) => {
    if (isDeepStrictEqual(last, expected)) throw error;
    throw new Error(`${error.message}: ${JSON.stringify(expected)} is expected, ${JSON.stringify(last)} is there`);
  });
}
/** Waits until what is read fits the pattern. */
export async function fits(read, pattern, what = '') {
  let last;
  await until(async () => pattern.test((last = String(await read()))), what).catch((error) => {
    throw new Error(`${error.message}: ${pattern} is expected, ${last} is there`);
  });
}
/** Waits until a screen has stopped moving: what is read stays as it is for a while. Returns it. */
export async function rest(read, what = 'the screen rests') {
  let last;
  let times = 0;
  await until(async () => {
    const now = await read();
    times = isDeepStrictEqual(now, last) ? times + 1 : 0;
    last = now;
    return times >= 12;
  }, what);
  return last;
}
/** Live events keep a line open, so the network never falls silent; the heading, and no part that is still loading, tell that a screen
 *  stands. */
export async function stands(page, name = 'the screen') {
  await page.getByRole('heading').first().waitFor();
  await same(() => page.locator('.mantine-Skeleton-root').count(), 0, `${name} has loaded`);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  const look = () => [document.body.innerText.length, document.querySelectorAll('.mantine-Skeleton-root').length];
  await rest(() => page.evaluate(look), `${name} rests`);
}

/** Starts a program and waits for the line that says where it answers. */
async function start(args, env, line) {
  const child = spawn(program, args, { env: { ...process.env, ...trusted, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let over = false;
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const ended = new Promise((done) => child.on('close', () => done((over = true))));
  const found = await until(() => over || line.exec(said), `${program} ${args.join(' ')}`).catch(() => null);
  if (!found || found === true) {
    child.kill('SIGKILL');
    throw new Error(`${program} ${args.join(' ')} did not start:\n${said}`);
  }
  return { child, found, ended, said: () => said };
}

/** Runs a program to its end. */
async function done(file, args, env = {}, input = '') {
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  child.stdin.end(input);
  const code = await new Promise((over, no) => child.on('close', over).on('error', no));
  if (code) throw new Error(`${file} ${args.join(' ')} ended with ${code}: ${said}`);
}

async function json(url, body, headers = {}) {
  const reply = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'X-Control-Token': token, 'Content-Type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${url}: ${reply.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

class House {
  constructor(home) {
    this.home = home;
    this.now = new Date(moment).getTime();
  }

  async open() {
    const args = ['run', '--clock', moment, '--listen', '127.0.0.1:0', '--control-token', token, '--sync-normal=yes'];
    const run = await start(args, { SAUDA_HOME: this.home }, /Sauda: +(http:\S+)[\s\S]*Markets: +(http:\S+?)\/? /);
    this.programs = [run];
    this.address = run.found[1];
    this.sandbox = run.found[2];
    return this;
  }

  /** A server without any account, and beside it the markets; both live in the time of today. */
  async openEmpty() {
    const played = await start(
      ['sandbox', '--scene', 'karapuz', '--rate', '1', '--no-limits', '--control-token', token],
      {},
      /(http:\/\/127\.0\.0\.1:\d+)/,
    );
    const args = ['serve', '--listen', '127.0.0.1:0', '--allow-private-hosts=yes', '--log-level', 'warn'];
    const server = await start(args, { SAUDA_HOME: this.home }, /answers at (http:\S+)/);
    this.programs = [server, played];
    this.address = server.found[1];
    this.sandbox = played.found[1];
    await this.control('stream', { on: false });
    return this;
  }

  /** A server over a hundred thousand orders, twenty thousand of them open, or over a filled file; no markets beside it. */
  async openLarge(file) {
    const env = { SAUDA_HOME: this.home };
    const own = join(this.home, 'sauda.db');
    if (file) await cp(file, own, { mode: constants.COPYFILE_FICLONE });
    else await done(filler, [own, String(largeOrders)]);
    await done(program, ['user', 'add', owner.login, '--name', 'Нурлан', '--role', 'owner'], env, `${owner.password}\n`);
    const args = ['serve', '--listen', '127.0.0.1:0', '--clock', moment, '--control-token', token, '--sync=no', '--log-level', 'warn'];
    const server = await start(args, env, /answers at (http:\S+)/);
    this.programs = [server];
    this.address = server.found[1];
    return this;
  }

  control(path, body) {
    return json(`${this.sandbox}/control/${path}`, body);
  }
  /** Every write that a market processed. */
  async received(query = '') {
    return (await this.control(`received?${query}`)).items;
  }
  /** Moves both clocks; what became due is done by the server's own threads. */
  async advance(ms) {
    this.now += ms;
    await this.control('clock', { advance_ms: ms });
    await json(`${this.address}/test/clock`, { advance_ms: ms });
  }
  /** Lets the time go by, a second at a step, until something has happened. */
  flow(condition, what) {
    return until(async () => {
      const value = await condition();
      if (!value) await this.advance(1000);
      return value;
    }, what);
  }
  /** The API as a program sees it, signed in by name. */
  async as(login = owner.login) {
    const reply = await fetch(`${this.address}/api/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ login, password: owner.password }),
    });
    const session = await reply.json();
    const headers = { Cookie: reply.headers.get('set-cookie').split(';')[0], 'X-CSRF-Token': session.csrf };
    return {
      session,
      headers,
      get: (path) => json(this.address + path, undefined, headers),
      post: (path, body = {}) => json(this.address + path, body, { ...headers, 'Idempotency-Key': crypto.randomUUID() }),
    };
  }
  async kill() {
    for (const one of this.programs ?? []) one.child.kill('SIGKILL');
    await Promise.all((this.programs ?? []).map((one) => one.ended));
  }
  async close() {
    await this.kill();
    await rm(this.home, { recursive: true, force: true });
  }
}

const newHome = (folder = tmpdir()) => mkdtemp(join(folder, 'sauda-browser-'));

/** Reads the shop from the markets once; returns the folder that the others are copied from. */
export async function firstHouse() {
  const made = new House(await newHome());
  const house = await opened(made, () => made.open());
  try {
    const api = await house.as();
    await until(async () => {
      const seen = await api.get('/api/overview');
      const all = seen.path.reduce((sum, step) => sum + step.count, 0);
      return all === 534 && new Date(seen.now).getTime() === house.now;
    }, 'the 129 orders of the morning, and all that are under way');
    for (const one of house.programs) one.child.kill('SIGTERM');
    await Promise.all(house.programs.map((one) => one.ended));
  } catch (error) {
    await house.close();
    throw error;
  }
  return house.home;
}

/** A house that cannot be opened leaves nothing behind. */
async function opened(house, open) {
  try {
    return await open();
  } catch (error) {
    await house.close();
    throw error;
  }
}
export async function houseFrom(template) {
  const house = new House(await newHome());
  await cp(template, house.home, { recursive: true });
  return opened(house, () => house.open());
}
/** @param file what bench_fill filled; it is copied, beside itself. */
export async function largeHouse(file) {
  const house = new House(await newHome(file && dirname(file)));
  return opened(house, () => house.openLarge(file));
}
export async function emptyHouse() {
  const house = new House(await newHome());
  return opened(house, () => house.openEmpty());
}
