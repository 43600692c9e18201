/* Reads a spreadsheet as anybody's program would: a ZIP by its directory, the first sheet by its XML. Shares nothing with the server. */
import { inflateRawSync } from 'node:zlib';

function files(bytes) {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('this is no ZIP');
  const found = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    if (bytes.readUInt32LE(at) !== 0x02014b50) throw new Error('the directory of the ZIP is broken');
    const [method, size, name, extra, comment] = [10, 20, 28, 30, 32].map((o) =>
      o === 20 ? bytes.readUInt32LE(at + o) : bytes.readUInt16LE(at + o),
    );
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(from, from + size);
    found.set(bytes.toString('utf8', at + 46, at + 46 + name), method === 8 ? inflateRawSync(packed) : packed);
    at += 46 + name + extra + comment;
  }
  return found;
}

const entities = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const plain = (xml) =>
  xml
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&(\w+);/g, (whole, name) => entities[name] ?? whole);

const number = (letters) => [...letters].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1;

/** Rows of cells: texts as texts, numbers as numbers. */
export function readXlsx(bytes) {
  const inside = files(bytes);
  const text = (name) => inside.get(name)?.toString('utf8') ?? '';
  const shared = [...text('xl/sharedStrings.xml').matchAll(/<si>(.*?)<\/si>/gs)].map((m) => plain(m[1]));
  return [...text('xl/worksheets/sheet1.xml').matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map((row) => {
    const cells = [];
    for (const [, head, body] of row[1].matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
      const at = number(/r="([A-Z]+)\d+"/.exec(head)[1]);
      const type = /t="(\w+)"/.exec(head)?.[1];
      const value = /<v>(.*?)<\/v>/s.exec(body ?? '')?.[1];
      if (type === 's') cells[at] = shared[Number(value)];
      else if (type === 'inlineStr') cells[at] = plain(body);
      else if (value !== undefined) cells[at] = Number(value);
    }
    return cells;
  });
}
