/* Runs the journeys: each in a house and a browser profile of its own, two at a time; prints TAP. See ./run.
 *
 * A real browser beside a real server on a busy machine is not quite the same twice. A journey that failed walks once more, alone, in a
 * new house; fails it again, it has failed. One that then arrives counts, and is named on standard error ("UNSTEADY: …") with what went
 * wrong at first, for it is still to be mended. More than `againMost` of them are no accident, and none walks again. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { emptyHouse, firstHouse, houseFrom, largeHouse, limitMs, moment, owner, until } from './house.mjs';

const web = createRequire(new URL('../../web/package.json', import.meta.url));
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.error(`SKIPPED: there is no ${executablePath}`);
  process.exit(77);
}
const { chromium } = web('playwright-core');
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';

const words = process.argv.slice(2).join(' ').toLowerCase();
const folder = new URL('./journeys/', import.meta.url);
const journeys = [];
for (const file of (await readdir(folder)).filter((name) => name.endsWith('.mjs')).sort()) {
  const made = await import(new URL(file, folder));
  for (const [name, options, go] of made.default) journeys.push({ name: `${name}`, file, options, go });
}
const chosen = journeys.filter((j) => `${j.file} ${j.name}`.toLowerCase().includes(words));

/** What a journey has in its hand. */
class Hand {
  constructor(house, browser) {
    this.house = house;
    this.browser = browser;
    this.problems = [];
    this.until = until;
  }
  /** A browser profile of its own; nothing but the house may be asked for anything. */
  async profile(options = {}) {
    const context = await this.browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'ru-RU',
      timezoneId: 'Asia/Almaty',
      reducedMotion: 'reduce',
      ...options,
    });
    context.setDefaultTimeout(limitMs);
    context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${this.house.address}/`) && !/^(data|blob|about):/.test(url))
        this.problems.push(`asked a stranger: ${url}`);
    });
    context.on('weberror', (error) => this.problems.push(`error on the page: ${error.error().message}`));
    context.on('console', (message) => {
      const expected = this.expected?.some((pattern) => pattern.test(message.text()));
      if (message.type() === 'error' && !expected) this.problems.push(`console: ${message.text()}`);
    });
    return context;
  }
  /** A page at the house's moment: its clock stands too, timers run. */
  async page(context, path = '/') {
    const page = await context.newPage();
    if (this.house.stands !== false) await page.clock.setFixedTime(this.house.now);
    await page.goto(this.house.address + path);
    return page;
  }
  /** A page of somebody who has signed in. */
  async signedIn(path = '/', { login = owner.login, ...options } = {}) {
    const context = await this.profile(options);
    const reply = await context.request.post(`${this.house.address}/api/session`, {
      data: { login, password: owner.password },
    });
    if (!reply.ok()) throw new Error(`${login} cannot sign in: ${await reply.text()}`);
    this.last = await this.page(context, path);
    return this.last;
  }
  expect(...patterns) {
    this.expected = patterns;
  }
}

const journeyMs = 600000;
const againMost = 3;
let printed = 0;
function say(ok, name, words = []) {
  console.log(`${ok ? 'ok' : 'not ok'} ${++printed} - ${name}`);
  for (const line of words.flatMap((w) => w.split('\n')).slice(0, 12)) console.log(`#   ${line.slice(0, 300)}`);
}

async function travel(journey, template, browser) {
  const started = performance.now();
  let house;
  let hand;
  const wrong = [];
  try {
    const { empty, large } = journey.options;
    house = await (empty ? emptyHouse() : large ? largeHouse() : houseFrom(template));
    if (journey.options.empty) house.stands = false;
    hand = new Hand(house, browser);
    const late = AbortSignal.timeout(journeyMs);
    const over = new Promise((_, no) => late.addEventListener('abort', () => no(new Error(`took over ${journeyMs / 1000} s`))));
    await Promise.race([journey.go(hand), over]);
    wrong.push(...hand.problems);
  } catch (error) {
    wrong.push(`${error.message}\n${error.stack?.split('\n').find((line) => line.includes('/journeys/')) ?? ''}`);
    wrong.push(...(hand?.problems ?? []));
    const page = browser.contexts().flatMap((c) => c.pages()).find((p) => p.url().startsWith(house?.address ?? '-'));
    if (page && process.env.PICTURES) {
      await mkdir(process.env.PICTURES, { recursive: true });
      const file = journey.name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 60);
      await page.screenshot({ path: `${process.env.PICTURES}/${file}.png` }).catch(() => undefined);
    }
  }
  for (const context of browser.contexts())
    if (house && context.pages().some((p) => p.url().startsWith(house.address))) await context.close().catch(() => undefined);
  await house?.close();
  if (process.env.TIMES) console.log(`#   ${Math.round(performance.now() - started)} ms: ${journey.name}`);
  return wrong;
}

async function walkAgain(stumbled, browser) {
  let failed = 0;
  for (const { journey, wrong: first } of stumbled) {
    const wrong = stumbled.length > againMost ? first : await travel(journey, template, browser);
    say(!wrong.length, journey.name, wrong);
    if (wrong.length) failed++;
    else console.error(`UNSTEADY: ${journey.name}: ${first.join(' ').replace(/\s+/g, ' ').slice(0, 400)}`);
  }
  return failed;
}

console.log(`1..${chosen.length}`);
let failed = 0;
const stumbled = [];
const template = await firstHouse();
const jobs = Math.max(1, Number(process.env.JOBS ?? 2));
const browsers = await Promise.all(
  Array.from({ length: Math.min(jobs, chosen.length) }, () => chromium.launch({ executablePath, args: flags.split(' ') })),
);
try {
  const rest = [...chosen];
  await Promise.all(
    browsers.map(async (browser) => {
      for (let journey = rest.shift(); journey; journey = rest.shift()) {
        const wrong = await travel(journey, template, browser);
        if (wrong.length) stumbled.push({ journey, wrong });
        else say(true, journey.name);
      }
    }),
  );
  failed = await walkAgain(stumbled, browsers[0]);
} finally {
  await Promise.all(browsers.map((browser) => browser.close()));
  await rm(template, { recursive: true, force: true });
}
console.log(`# ${chosen.length - failed} of ${chosen.length} passed at ${moment}`);
process.exitCode = failed ? 1 : 0;
