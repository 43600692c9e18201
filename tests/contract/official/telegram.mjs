// telegram.mjs - Telegram describes its Bot API in a form of its own (methods with fields, types with fields or subtypes). Said here
// as the OpenAPI document that description.mjs reads: one POST per method, the reply in the envelope { ok, result }.
const plain = { Integer: 'integer', Float: 'number', String: 'string', Boolean: 'boolean', True: 'boolean' };

function schemaOf(types) {
    const one = (type) => {
        if (type.startsWith('Array of ')) return { type: 'array', items: one(type.slice('Array of '.length)) };
        return plain[type] ? { type: plain[type] } : { $ref: `#/components/schemas/${type}` };
    };
    return types.length === 1 ? one(types[0]) : { anyOf: types.map(one) };
}

function objectOf(fields) {
    return {
        type: 'object',
        properties: Object.fromEntries(fields.map((f) => [f.name, schemaOf(f.types)])),
        required: fields.filter((f) => f.required).map((f) => f.name),
    };
}

function envelope(result) {
    return {
        type: 'object',
        properties: { ok: { type: 'boolean' }, result, error_code: { type: 'integer' }, description: { type: 'string' }, parameters: { $ref: '#/components/schemas/ResponseParameters' } },
        required: ['ok'],
    };
}

const json = (schema) => ({ content: { 'application/json': { schema } } });

export function telegramAsOpenApi(api) {
    const schemas = {};
    for (const [name, type] of Object.entries(api.types)) {
        schemas[name] = type.subtypes ? { anyOf: type.subtypes.map((t) => ({ $ref: `#/components/schemas/${t}` })) } : objectOf(type.fields ?? []);
    }
    const paths = {};
    for (const method of Object.values(api.methods)) {
        const reply = json(envelope(schemaOf(method.returns)));
        const request = json(objectOf(method.fields ?? []));
        paths[`/{token}/${method.name}`] = { post: { requestBody: request, responses: { default: reply } } };
    }
    return { paths, components: { schemas } };
}
