/* The first load of a route: everything a signed-in page fetches before it stands, JavaScript and CSS, as the server packs it.
 * Run by itself it shows the desk's, and fails over the budget. */
import { readFileSync, readdirSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const budget = 220 * 1024;
const dist = new URL('../dist/', import.meta.url);
const read = (path) => readFileSync(new URL(path, dist));
const packed = new Map();
function bytesOf(path) {
  if (!packed.has(path)) packed.set(path, brotliCompressSync(read(path)).length);
  return packed.get(path);
}
const sum = (paths) => [...paths].reduce((all, path) => all + bytesOf(path), 0);
const kilobytes = (n) => `${(n / 1024).toFixed(1)} KB`;

/** The files of the shell, and those that a page of this name brings along. */
export function firstLoad(page) {
  const files = readdirSync(new URL('assets/', dist));
  const called = (name) => files.filter((f) => f.startsWith(`${name}-`));
  const seen = new Set();
  const visit = (path) => {
    if (seen.has(path)) return;
    seen.add(path);
    if (!path.endsWith('.js')) return;
    for (const m of read(path)
      .toString()
      .matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g))
      visit(`assets/${m[1]}`);
  };
  for (const m of read('index.html')
    .toString()
    .matchAll(/(?:src|href)="\/(assets\/[\w.-]+\.(?:js|css))"/g))
    visit(m[1]);
  const shell = new Set(seen);

  // What the route asks for, as the shell writes it: its script, and the styles of that script and of what it brings along.
  for (const f of called(page)) visit(`assets/${f}`);
  for (const path of [...seen]) {
    const name = /assets\/(\w+)-[\w-]+\.js$/.exec(path)?.[1];
    for (const f of name ? called(name) : []) if (f.endsWith('.css')) visit(`assets/${f}`);
  }
  // The first half of one language; the words of settings come later.
  const texts = called('ru')
    .filter((f) => f.endsWith('.js'))
    .sort((a, b) => read(`assets/${b}`).length - read(`assets/${a}`).length);
  visit(`assets/${texts[0]}`);
  return { seen, shell };
}

/** The first load of every page that has a file of its own, the desk first. */
export function routeSizes() {
  const pages = readdirSync(new URL('assets/', dist)).flatMap((f) => /^(\w+Page)-[\w-]+\.js$/.exec(f)?.[1] ?? []);
  const all = [...new Set(pages)].map((route) => ({ route, bytes: sum(firstLoad(route).seen) }));
  return all.sort((a, b) => Number(b.route === 'OrdersPage') - Number(a.route === 'OrdersPage') || b.bytes - a.bytes);
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const { seen, shell } = firstLoad('OrdersPage');
  for (const path of [...seen].sort((a, b) => bytesOf(b) - bytesOf(a)).slice(0, 10))
    console.log(`  ${kilobytes(bytesOf(path)).padStart(9)}  ${path}`);
  console.log(
    `shell ${kilobytes(sum(shell))}, first load of the desk ${kilobytes(sum(seen))} of ${kilobytes(budget)} with brotli (${seen.size} files)`,
  );
  process.exitCode = sum(seen) > budget ? 1 : 0;
}
