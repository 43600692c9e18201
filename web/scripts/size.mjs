/* The first load of the desk: everything a signed-in page fetches before its list stands, JavaScript and CSS, as the server packs it.
 * Fails over the budget. */
import { readFileSync, readdirSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const budget = 220 * 1024;
const dist = new URL('../dist/', import.meta.url);
const files = readdirSync(new URL('assets/', dist));
const read = (path) => readFileSync(new URL(path, dist));
const seen = new Map();
function visit(path) {
  if (seen.has(path)) return;
  const code = read(path);
  seen.set(path, brotliCompressSync(code).length);
  if (!path.endsWith('.js')) return;
  for (const m of code.toString().matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g))
    visit(`assets/${m[1]}`);
}
const sum = () => [...seen.values()].reduce((a, b) => a + b, 0);
for (const m of read('index.html')
  .toString()
  .matchAll(/(?:src|href)="\/(assets\/[\w.-]+\.(?:js|css))"/g))
  visit(m[1]);
const shell = sum();

// What the route asks for, as the shell writes it: its script, and the styles of that script and of what it brings along.
const called = (name) => files.filter((f) => f.startsWith(`${name}-`));
for (const f of called('OrdersPage')) visit(`assets/${f}`);
for (const path of [...seen.keys()]) {
  const name = /assets\/(\w+)-[\w-]+\.js$/.exec(path)?.[1];
  for (const f of name ? called(name) : []) if (f.endsWith('.css')) visit(`assets/${f}`);
}
// The first half of one language; the words of settings come later.
const texts = called('ru')
  .filter((f) => f.endsWith('.js'))
  .sort((a, b) => read(`assets/${b}`).length - read(`assets/${a}`).length);
visit(`assets/${texts[0]}`);

const kilobytes = (n) => `${(n / 1024).toFixed(1)} KB`;
for (const [path, bytes] of [...seen].sort((a, b) => b[1] - a[1]).slice(0, 10))
  console.log(`  ${kilobytes(bytes).padStart(9)}  ${path}`);
console.log(
  `shell ${kilobytes(shell)}, first load of the desk ${kilobytes(sum())} of ${kilobytes(budget)} with brotli (${seen.size} files)`,
);
process.exitCode = sum() > budget ? 1 : 0;
