// check.mjs SPECS TRAFFIC - every request that our connectors made and every reply that the sandbox gave, held against the
// descriptions of the marketplaces. TRAFFIC is what the stories recorded: one exchange a line. Says TAP, one case per operation.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Description, readText } from './description.mjs';
import { known } from './known.mjs';
import { telegramAsOpenApi } from './telegram.mjs';

const [specs, traffic, yamlFrom] = process.argv.slice(2);
const yaml = createRequire(join(yamlFrom, 'package.json'))('js-yaml');

const descriptions = [
    new Description('kaspi', JSON.parse(readText(join(specs, 'kaspi/openapi.reconstructed.json'))), '/kaspi/shop/api'),
    new Description('wildberries', yaml.load(readText(join(specs, 'wildberries/03-orders-fbs.yaml'))), '/wb'),
    new Description('wildberries claims', yaml.load(readText(join(specs, 'wildberries/09-communications.yaml'))), '/wb'),
    new Description('wildberries reports', yaml.load(readText(join(specs, 'wildberries/12-reports.yaml'))), '/wb'),
    new Description('wildberries general', yaml.load(readText(join(specs, 'wildberries/01-general.yaml'))), '/wb'),
    new Description('ozon', JSON.parse(readText(join(specs, 'ozon/swagger-2026-04-30.json'))), '/ozon'),
    new Description('ozon supplement', JSON.parse(readText(join(specs, 'ozon/supplement-2026-06.json'))), '/ozon'),
    new Description('telegram', telegramAsOpenApi(JSON.parse(readText(join(specs, 'telegram/api.json')))), '/telegram'),
];

function asSchemaWants(text, schema) {
    const type = schema?.type;
    if (type === 'integer' || type === 'number') return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
    if (type === 'array') return text.split(',').map((t) => asSchemaWants(t, schema.items));
    return text;
}

function headerOf(headers, name) {
    const key = Object.keys(headers).find((k) => k.toLowerCase() === name.toLowerCase());
    return key === undefined ? undefined : headers[key];
}

function requestProblems(d, op, url, exchange) {
    const out = [];
    const queries = op.parameters.filter((p) => p.in === 'query');
    for (const [name, text] of url.searchParams) {
        const p = queries.find((q) => q.name === name || q.name === `${name}[]`);
        if (!p) out.push(`request ?${name}: is not in the description`);
        else out.push(...d.problems(asSchemaWants(text, d.resolve(p.schema)), p.schema, `request ?${name}`));
    }
    for (const p of op.parameters) {
        if (p.in === 'query' && p.required && !url.searchParams.has(p.name)) out.push(`request ?${p.name}: is required`);
        if (p.in === 'header' && p.required && headerOf(exchange.headers, p.name) === undefined) out.push(`request header ${p.name}: is required`);
    }
    const body = d.resolve(op.operation.requestBody);
    const schema = body && d.schemaOf(body.content, headerOf(exchange.headers, 'Content-Type'));
    if (exchange.body === '') {
        if (body?.required) out.push('request body: is required');
        return out;
    }
    if (!body) return [...out, 'request body: the description knows none'];
    let value;
    try {
        value = JSON.parse(exchange.body);
    } catch {
        return [...out, 'request body: is no JSON'];
    }
    return [...out, ...d.problems(value, schema, 'request ')];
}

function replyProblems(d, op, exchange) {
    const responses = op.operation.responses;
    const response = d.resolve(responses[exchange.status] ?? responses.default);
    if (!response) return [`reply ${exchange.status}: is not in the description`];
    const schema = d.schemaOf(response.content, headerOf(exchange.reply_headers, 'Content-Type'));
    if (!schema) return exchange.reply === '' || exchange.status === 204 || !response.content ? [] : [`reply ${exchange.status}: the body has no schema`];
    let value;
    try {
        value = JSON.parse(exchange.reply);
    } catch {
        return [`reply ${exchange.status}: is no JSON: ${exchange.reply.slice(0, 60)}`];
    }
    return d.problems(value, schema, `reply ${exchange.status} `);
}

const cases = new Map();                                   // operation → { exchanges, problems }
function caseOf(title) {
    if (!cases.has(title)) cases.set(title, { exchanges: 0, problems: new Map() });
    return cases.get(title);
}

// A marketplace may have several descriptions of one prefix: the first that knows the operation speaks.
function operationAmong(near, method, pathname) {
    for (const d of near) {
        const bare = pathname.slice(d.prefix.length), path = decodeURIComponent(bare);
        const op = d.operation(method, path) ?? d.operation(method, bare);
        if (op || d === near.at(-1)) return { d, path, op };
    }
}

const seen = new Set();
for (const line of readText(traffic).split('\n')) {
    if (line === '') continue;
    const exchange = JSON.parse(line);
    if (exchange.status === 0) continue;                   // spoilt on purpose
    const url = new URL(exchange.url);
    // A picture or a label is a file at an address that a reply has told, on a host of its own: no method, and no key is shown there.
    if (/^\/(wb|ozon)\/media\//.test(url.pathname)) {
        const c = caseOf('files on hosts of their own');
        c.exchanges++;
        for (const name of ['Authorization', 'Api-Key', 'Client-Id'])
            if (headerOf(exchange.headers, name) !== undefined) c.problems.set(name, `request header ${name}: a key of the account`);
        continue;
    }
    // A waybill is at an address of the same kind, but at Kaspi's own door: there the key is asked for, and no method is described.
    if (/^\/kaspi\/shop\/api\/waybill\/[0-9]+\.pdf$/.test(url.pathname)) {
        caseOf('waybills of Kaspi').exchanges++;
        continue;
    }
    const near = descriptions.filter((one) => url.pathname.startsWith(one.prefix + '/'));
    if (near.length === 0) {
        caseOf(`${exchange.method} ${url.pathname}`).problems.set('', 'nobody describes this address: add its description to the list above');
        continue;
    }
    const { d, path, op } = operationAmong(near, exchange.method, url.pathname);
    const title = `${d.name} ${exchange.method} ${op ? op.path : path}`;
    const found = op ? [...requestProblems(d, op, url, exchange), ...replyProblems(d, op, exchange)] : ['the description has no such operation'];
    const c = caseOf(title);
    c.exchanges++;
    seen.add(d.name);
    for (const problem of found) {
        const general = problem.replace(/\/\d+(?=[/:])/g, '/*');
        const row = known.find((k) => title === k.where && general.includes(k.what));
        if (row) {
            row.met = true;
            continue;
        }
        const shape = general.replace(/is "[^"]*"?/, 'is …');
        if (!c.problems.has(shape)) c.problems.set(shape, problem);
    }
}

console.log(`1..${cases.size + descriptions.length + 1}`);
let number = 0, failed = 0;
for (const [title, c] of [...cases].sort()) {
    const ok = c.problems.size === 0;
    failed += !ok;
    console.log(`${ok ? 'ok' : 'not ok'} ${++number} - ${title} is as described (${c.exchanges} exchanges)`);
    for (const problem of [...c.problems.values()].slice(0, 25)) console.log(`#   ${problem}`);
}
for (const d of descriptions) {
    const ok = seen.has(d.name);
    failed += !ok;
    console.log(`${ok ? 'ok' : 'not ok'} ${++number} - something was said to ${d.name}`);
}
const stale = known.filter((k) => !k.met);
failed += stale.length > 0;
console.log(`${stale.length ? 'not ok' : 'ok'} ${++number} - every known difference is still one`);
for (const k of stale) console.log(`#   ${k.where}: ${k.what}`);
process.exit(failed ? 1 : 0);
