/* node slow.mjs PORT [CONNECTIONS] - the p99 of other clients, quiet and while so many connections trickle their headers in, in turns
 * of the same run; and how many of those are still open in the end. */
import http from 'node:http';
import net from 'node:net';

const port = Number(process.argv[2]);
const count = Number(process.argv[3] ?? 1000);
const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
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
async function p99(requests) {
  const all = [];
  const lane = async () => {
    for (let i = 0; i < requests / 4; i++) all.push(await one());
  };
  await Promise.all([lane(), lane(), lane(), lane()]);
  all.sort((a, b) => a - b);
  return all[Math.floor(all.length * 0.99)];
}
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

const open = new Set();
let cut = 0;
function attack() {
  const s = net.connect(port, '127.0.0.1', () => s.write('GET / HTTP/1.1\r\nHost: a\r\nX-Slow: '));
  open.add(s);
  s.on('error', () => undefined);
  s.on('close', () => {
    cut += 1;
    open.delete(s);
    if (attacking) attack();
  });
}
let attacking = false;
const drip = setInterval(() => open.forEach((s) => s.write('a')), 3000);
const quiet = [];
const slow = [];
await p99(400);
for (let round = 0; round < 5; round++) {
  quiet.push(await p99(2000));
  attacking = true;
  for (let i = 0; i < count; i++) {
    attack();
    if (i % 100 === 99) await sleep(20);
  }
  await sleep(4000);
  slow.push(await p99(2000));
  if (round === 4) await sleep(20000);
  attacking = false;
  for (const s of open) s.destroy();
  await sleep(1500);
}
clearInterval(drip);
agent.destroy();
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
console.log(`p99 quiet ${median(quiet).toFixed(2)} ms, under ${count} slow connections ${median(slow).toFixed(2)} ms: ${(median(slow) / median(quiet)).toFixed(2)} times; cut by the server or us: ${cut}`);
process.exit(0);
