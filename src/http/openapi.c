/* openapi.c - see openapi.h. One pass collects what the routes name, one writes the document. */
#include "http/openapi_own.h"

/* ---- names ---- */

str shape_name(struct arena *a, const struct record *r, enum record_schema which)
{
    static const char *const endings[] = {
        [SCHEMA_REPLY] = "", [SCHEMA_CREATE] = "_create", [SCHEMA_EDIT] = "_edit"
    };
    return str_print(a, "%s%s", r->name, endings[which]);
}

static void word_add(struct buf *b, str word)
{
    bool upper = true;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.at[i];
        bool small = c >= 'a' && c <= 'z',
             sign = !small && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9');
        if (!sign)
            buf_add_char(b, upper && small ? (char)(c - 'a' + 'A') : c);
        upper = sign;
    }
}

/* POST /api/orders/{id}/confirm is postOrdersByIdConfirm. */
static str operation_id(struct arena *a, const struct route *r)
{
    struct buf b = buf_in(a);
    buf_add(&b, str_lower_ascii(a, str_of(http_method_names[r->method])));
    str rest = str_of(r->path), part;
    for (bool first = true; str_split(&rest, '/', &part);) {
        if (!part.len || (first && str_is(part, "api")))
            continue;
        first = false;
        if (part.at[0] == '{') {
            buf_add(&b, STR("By"));
            part = str_sub(part, 1, part.len - 2);
        }
        word_add(&b, part);
    }
    return buf_str(&b);
}

/* The first word behind /api stands in for a tag that the row leaves out. */
str tag_of(const struct route *r)
{
    if (r->tag)
        return str_of(r->tag);
    str rest = str_of(r->path), part = { 0 };
    while (str_split(&rest, '/', &part) && (!part.len || str_is(part, "api"))) {}
    return part.len && part.at[0] != '{' ? part : STR("other");
}

/* ---- collecting ---- */

static bool row_wrong(struct document *d, const struct route *r, const char *why)
{
    return err_set(d->err, ERR_INTERNAL, "routes", "%s %s %s", http_method_names[r->method], r->path, why);
}

static bool extra_has(const struct document *d, str name)
{
    for (const struct openapi_schema *s = d->extra; s && s->name; s++)
        if (str_is(name, s->name))
            return true;
    return false;
}

static bool shape_add(struct document *d, const struct route *route, const struct record *r,
                      enum record_schema which)
{
    if (!r)
        return true;
    str name = shape_name(d->arena, r, which);
    for (int i = 0; i < d->shapes.count; i++) {
        struct shape *s = &d->shapes.at[i];
        if (str_eq(s->name, name))
            return (s->record == r && s->which == which) ||
                   row_wrong(d, route, "names a second record of one name");
    }
    if (extra_has(d, name))
        return row_wrong(d, route, "names a record that has the name of a hand-written schema");
    *shape_list_add(&d->shapes, d->arena) = (struct shape){ r, which, name };
    return true;
}

static bool route_add(struct document *d, const struct route *r)
{
    str id = operation_id(d->arena, r);
    for (int i = 0; i < d->operations.count; i++)
        if (str_eq(d->operations.at[i].id, id))
            return row_wrong(d, r, "has the name of another operation");
    if (r->reply_schema && !extra_has(d, str_of(r->reply_schema)))
        return row_wrong(d, r, "answers with a schema that does not exist");
    if (r->body_schema && !extra_has(d, str_of(r->body_schema)))
        return row_wrong(d, r, "takes a schema that does not exist");
    *operation_list_add(&d->operations, d->arena) = (struct operation){ r, id };
    return shape_add(d, r, r->reply, SCHEMA_REPLY) &&
           shape_add(d, r, r->body, is_edit(r) ? SCHEMA_EDIT : SCHEMA_CREATE);
}

/* ---- components ---- */

void openapi_type(struct document *d, const char *key, const char *name)
{
    json_begin(&d->j, key, '{');
    json_text(&d->j, "type", str_of(name));
    json_end(&d->j);
}

static bool code_is_first(int at)
{
    for (int i = 1; i < at; i++)
        if (strcmp(err_kind(i)->code, err_kind(at)->code) == 0)
            return false;
    return true;
}

static void problem_schema(struct document *d)
{
    json_begin(&d->j, "problem", '{');
    json_text(&d->j, "description",
              STR("RFC 9457. Switch on `code`; title, detail and texts are for people."));
    json_text(&d->j, "type", STR("object"));
    json_begin(&d->j, "properties", '{');
    openapi_type(d, "type", "string");
    openapi_type(d, "title", "string");
    openapi_type(d, "status", "integer");
    json_begin(&d->j, "code", '{');
    json_text(&d->j, "type", STR("string"));
    json_begin(&d->j, "enum", '[');
    for (int i = 1; i < ERR_COUNT; i++)
        if (code_is_first(i))
            json_text(&d->j, NULL, str_of(err_kind(i)->code));
    json_end(&d->j);
    json_end(&d->j);
    openapi_type(d, "detail", "string");
    json_raw(&d->j, "errors",
             STR("{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{\"field\":{\"type\":"
                 "\"string\"},"
                 "\"text\":{\"type\":\"string\"}},\"required\":[\"field\",\"text\"]}}"));
    json_raw(&d->j, "current", STR("{\"description\":\"the present state, with version.old\"}"));
    openapi_type(d, "request", "string");
    json_end(&d->j);
    json_raw(&d->j, "required",
             STR("[\"type\",\"title\",\"status\",\"code\",\"detail\",\"errors\",\"request\"]"));
    json_end(&d->j);
}

static void schemas(struct document *d)
{
    json_begin(&d->j, "schemas", '{');
    problem_schema(d);
    for (int i = 0; i < d->shapes.count; i++) {
        const struct shape *s = &d->shapes.at[i];
        record_schema(s->record, s->which, &d->j, str_zero(d->arena, s->name));
    }
    for (const struct openapi_schema *s = d->extra; s && s->name; s++)
        json_raw(&d->j, s->name, str_of(s->json));
    json_end(&d->j);
}

/* What never differs, written as it is. */
static const char common_parameters[] =
    "{\"limit\":{\"name\":\"limit\",\"in\":\"query\",\"schema\":{\"type\":\"integer\",\"minimum\":1,"
    "\"maximum\":200}},"
    "\"after\":{\"name\":\"after\",\"in\":\"query\",\"description\":\"next of the page "
    "before\",\"schema\":{\"type\":\"string\"}},"
    "\"q\":{\"name\":\"q\",\"in\":\"query\",\"description\":\"words, one of them of three letters or digits "
    "or more\","
    "\"schema\":{\"type\":\"string\",\"maxLength\":200}},"
    "\"if_match\":{\"name\":\"If-Match\",\"in\":\"header\",\"required\":true,\"description\":\"version that "
    "is edited\","
    "\"schema\":{\"type\":\"string\"}},"
    "\"idempotency_key\":{\"name\":\"Idempotency-Key\",\"in\":\"header\","
    "\"description\":\"repeating the request with the same key repeats the first "
    "answer\",\"schema\":{\"type\":\"string\",\"maxLength\":200}}}";
static const char common_responses[] =
    "{\"problem\":{\"description\":\"what is wrong\",\"content\":{\"application/problem+json\":{\"schema\":"
    "{\"$ref\":\"#/components/schemas/problem\"}}}}}";
static const char security_schemes[] =
    "{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"sauda_session\"},"
    "\"csrf\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-CSRF-Token\",\"description\":\"the "
    "session's token, with every request that changes\"},"
    "\"key\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"an API key; its scopes are "
    "permissions\"}}";

static void tags(struct document *d)
{
    json_begin(&d->j, "tags", '[');
    for (int i = 0; i < d->operations.count; i++) {
        str tag = tag_of(d->operations.at[i].route);
        bool seen = false;
        for (int k = 0; k < i && !seen; k++)
            seen = str_eq(tag, tag_of(d->operations.at[k].route));
        if (seen)
            continue;
        json_begin(&d->j, NULL, '{');
        json_text(&d->j, "name", tag);
        json_end(&d->j);
    }
    json_end(&d->j);
}

bool openapi_write(const struct route *const *tables, const struct openapi_schema *extra, struct buf *out,
                   struct err *err)
{
    struct document d = { .extra = extra, .arena = out->arena, .j = json_out(out), .err = err };
    for (; *tables; tables++)
        for (const struct route *r = *tables; r->method != HTTP_NONE; r++)
            if (!route_add(&d, r))
                return false;
    json_begin(&d.j, NULL, '{');
    json_text(&d.j, "openapi", STR("3.1.0"));
    json_raw(&d.j, "info",
             STR("{\"title\":\"Sauda\",\"version\":\"1\",\"description\":\"Everything the screens do goes "
                 "through this API.\"}"));
    tags(&d);
    openapi_paths(&d);
    json_begin(&d.j, "components", '{');
    schemas(&d);
    json_raw(&d.j, "parameters", str_of(common_parameters));
    json_raw(&d.j, "responses", str_of(common_responses));
    json_raw(&d.j, "securitySchemes", str_of(security_schemes));
    json_end(&d.j);
    json_end(&d.j);
    return true;
}
