// description.mjs - the part of OpenAPI 3 that the marketplaces' descriptions use: find the operation of an address, check a value
// against a schema. Written out here because the descriptions bend the standard in ways that a strict library stumbles over.
import { readFileSync } from 'node:fs';

export class Description {
    constructor(name, document, prefix, optional = []) {
        this.name = name;
        this.document = document;
        this.prefix = prefix;
        this.optional = new Set(optional);
        this.templates = Object.keys(document.paths).map((path) => ({
            path,
            pattern: new RegExp('^' + path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+') + '$'),
            holes: (path.match(/\{/g) ?? []).length,
        }));
        this.templates.sort((a, b) => a.holes - b.holes);
    }

    resolve(node) {
        for (let depth = 0; node && node.$ref && depth < 20; depth++) {
            node = node.$ref.slice(2).split('/').reduce(
                (at, key) => at?.[decodeURIComponent(key).replace(/~1/g, '/').replace(/~0/g, '~')], this.document);
        }
        return node;
    }

    // The operation of a method and path: { path, item, operation }, or undefined.
    operation(method, path) {
        const found = this.templates.find((t) => t.pattern.test(path) && this.document.paths[t.path][method.toLowerCase()]);
        if (!found) return undefined;
        const item = this.document.paths[found.path];
        const operation = item[method.toLowerCase()];
        const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((p) => this.resolve(p));
        return { path: found.path, operation, parameters };
    }

    schemaOf(content, type) {
        if (!content) return undefined;
        const key = Object.keys(content).find((k) => k.split(';')[0] === (type ?? '').split(';')[0]) ?? Object.keys(content)[0];
        return content[key]?.schema;
    }

    // Every way in which `value` is not what `schema` says, as lines "path: what".
    problems(value, schema, at = '', options = {}) {
        schema = this.resolve(schema);
        if (!schema || value === undefined) return [];
        if (value === null) {
            const may = schema.nullable || schema.type === 'null' || (Array.isArray(schema.type) && schema.type.includes('null'));
            return may || !schema.type ? [] : [`${at || '/'}: is null, and the description does not allow that`];
        }
        if (schema.allOf) return this.all(value, schema, at, options);
        for (const kind of ['oneOf', 'anyOf']) {
            if (!schema[kind]) continue;
            const tries = schema[kind].map((s) => this.problems(value, s, at, options));
            return tries.some((t) => t.length === 0) ? [] : tries.sort((a, b) => a.length - b.length)[0];
        }
        const wrong = this.typeProblem(value, schema, at);
        if (wrong) return [wrong];
        if (Array.isArray(value)) return value.flatMap((v, i) => this.problems(v, schema.items, `${at}/${i}`, options));
        if (typeof value === 'object') return this.members(value, schema, at, options);
        return this.limits(value, schema, at);
    }

    all(value, schema, at, options) {
        const merged = { type: 'object', properties: { ...schema.properties }, required: [...(schema.required ?? [])] };
        for (const part of schema.allOf.map((s) => this.resolve(s))) {
            if (!part.properties && !part.allOf) return schema.allOf.flatMap((s) => this.problems(value, s, at, options));
            Object.assign(merged.properties, part.properties);
            merged.required.push(...(part.required ?? []));
            if (part.additionalProperties !== undefined) merged.additionalProperties = part.additionalProperties;
        }
        return this.problems(value, merged, at, options);
    }

    typeProblem(value, schema, at) {
        const types = schema.type ? [schema.type].flat() : schema.properties ? ['object'] : schema.items ? ['array'] : [];
        if (!types.length) return undefined;
        const is = {
            object: typeof value === 'object' && !Array.isArray(value), array: Array.isArray(value), string: typeof value === 'string',
            number: typeof value === 'number', integer: Number.isInteger(value), boolean: typeof value === 'boolean', null: value === null,
        };
        return types.some((t) => is[t]) ? undefined : `${at || '/'}: must be ${types.join(' or ')}, is ${JSON.stringify(value).slice(0, 60)}`;
    }

    members(value, schema, at, options) {
        const out = [];
        for (const name of schema.required ?? []) {
            if (value[name] === undefined) out.push(`${at}/${name}: is required`);
        }
        for (const [name, v] of Object.entries(value)) {
            if (schema.properties?.[name]) out.push(...this.problems(v, schema.properties[name], `${at}/${name}`, options));
            else if (typeof schema.additionalProperties === 'object') out.push(...this.problems(v, schema.additionalProperties, `${at}/${name}`, options));
            else if (schema.properties && schema.additionalProperties !== true) out.push(`${at}/${name}: is not in the description`);
        }
        return out;
    }

    limits(value, schema, at) {
        const out = [];
        const say = (bad, what) => bad && out.push(`${at || '/'}: ${JSON.stringify(value).slice(0, 60)} ${what}`);
        say(schema.enum && !schema.enum.includes(value) && !schema.enum.includes(String(value)), `is none of ${JSON.stringify(schema.enum)?.slice(0, 200)}`);
        if (typeof value === 'number') {
            say(schema.minimum !== undefined && value < schema.minimum, `is less than ${schema.minimum}`);
            say(schema.maximum !== undefined && value > schema.maximum, `is more than ${schema.maximum}`);
        } else if (typeof value === 'string') {
            say(schema.maxLength !== undefined && [...value].length > schema.maxLength, `is longer than ${schema.maxLength}`);
            say(schema.minLength && [...value].length < schema.minLength, `is shorter than ${schema.minLength}`);
            say(schema.format === 'date-time' && value !== '' && Number.isNaN(Date.parse(value)), 'is no time');
        }
        return out;
    }
}

export function readText(path) {
    return readFileSync(path, 'utf8');
}
