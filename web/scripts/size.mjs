/* The initial script: everything a signed-in page must load before its section. Fails over the budget. */
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

const budget = 220 * 1024;
const dist = new URL('../dist/', import.meta.url);
const html = readFileSync(new URL('index.html', dist), 'utf8');
const seen = new Set();
let bytes = 0;
const visit = (path) => {
  if (seen.has(path)) return;
  seen.add(path);
  const code = readFileSync(new URL(path, dist));
  bytes += brotliCompressSync(code).length;
  if (!path.endsWith('.js')) return;
  const text = code.toString();
  for (const m of text.matchAll(/(?:from|import)\s*"\.\/([\w.-]+\.js)"/g)) visit(`assets/${m[1]}`);
};
for (const m of html.matchAll(/(?:src|href)="\/(assets\/[\w.-]+\.(?:js|css))"/g)) visit(m[1]);
const kilobytes = (n) => `${(n / 1024).toFixed(0)} KB`;
console.log(`initial load, brotli: ${kilobytes(bytes)} of ${kilobytes(budget)} (${seen.size} files)`);
process.exitCode = bytes > budget ? 1 : 0;
