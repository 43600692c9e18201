/* node slow.mjs PORT [CONNECTIONS] - the p99 of other clients, quiet and while so many connections trickle their headers in, a byte every
 * 3 s, in turns of the same run. The attacker is a process of its own, or its work would count as the server's. */
import { fork } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import { fileURLToPath } from 'node:url';

const port = Number(process.argv[2]);
const count = Number(process.argv[3] ?? 1000);
const dripMs = 3000;
const rounds = 7;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Opens them over a second, drips one after the other, and comes again when it is cut. */
async function attack() {
  const all = [];
  let cut = 0;
  const open = (i) => {
    const s = net.connect(port, '127.0.0.1', () => s.write('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: '));
    s.on('error', () => undefined);
    s.on('close', () => {
      cut += 1;
      open(i);
    });
    all[i] = s;
  };
  for (let i = 0; i < count; i++) {
    open(i);
    if (i % 20 === 19) await sleep(20);
  }
  process.send('ready');
  let next = 0;
  const perTick = Math.ceil(count / (dripMs / 10));
  setInterval(() => {
    for (let k = 0; k < perTick; k++, next = (next + 1) % count) all[next].write('a');
  }, 10);
  process.on('message', () => process.send({ cut }, () => process.exit(0)));
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
const one = () =>
  new Promise((done, failed) => {
    const began = process.hrtime.bigint();
    http
      .get({ port, host: '127.0.0.1', path: '/api/setup', agent }, (r) => {
        r.resume();
        r.on('end', () => done(Number(process.hrtime.bigint() - began) / 1e6));
      })
      .on('error', failed);
  });
async function times(requests) {
  const all = [];
  const lane = async () => {
    for (let i = 0; i < requests / 4; i++) all.push(await one());
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  return all.sort((a, b) => a - b);
}
const at = (list, share) => list[Math.floor(list.length * share)];
const median = (list) => at(list.toSorted((a, b) => a - b), 0.5);

async function measure() {
  const seen = { quiet: [], slow: [], quiet50: [], slow50: [] };
  let cut = 0;
  await times(1000);
  for (let round = 0; round < rounds; round++) {
    const quiet = await times(3000);
    seen.quiet.push(at(quiet, 0.99));
    seen.quiet50.push(at(quiet, 0.5));
    const attacker = fork(fileURLToPath(import.meta.url), [port, count, 'attack']);
    await new Promise((done) => attacker.once('message', done));
    await sleep(500);
    const slow = await times(3000);
    seen.slow.push(at(slow, 0.99));
    seen.slow50.push(at(slow, 0.5));
    if (round === rounds - 1) await sleep(22000); // the time a request has for its headers
    const told = new Promise((done) => attacker.once('message', done));
    attacker.send('stop');
    cut += (await told).cut;
    await sleep(500);
  }
  agent.destroy();
  const row = (name, a, b) =>
    console.log(`${name} quiet ${median(a).toFixed(2)} ms, under ${count} slow connections ${median(b).toFixed(2)} ms: ${(median(b) / median(a)).toFixed(2)} times`);
  row('p50', seen.quiet50, seen.slow50);
  row('p99', seen.quiet, seen.slow);
  console.log(`cut by the server: ${cut}`);
}

await (process.argv[4] === 'attack' ? attack() : measure());
