/* openapi_paths.c - the operations of the API document: parameters, bodies, answers. */
#include "http/openapi_own.h"

static void ref(struct document *d, const char *key, const char *kind, str name)
{
    json_begin(&d->j, key, '{');
    json_text(&d->j, "$ref", str_print(d->arena, "#/components/%s/%.*s", kind, STR_ARG(name)));
    json_end(&d->j);
}

static void schema_ref(struct document *d, const char *key, const char *name)
{
    ref(d, key, "schemas", str_of(name));
}

/* ---- parameters ---- */

static void parameter_begin(struct document *d, str name, const char *in, bool required, const char *doc)
{
    json_begin(&d->j, NULL, '{');
    json_text(&d->j, "name", name);
    json_text(&d->j, "in", str_of(in));
    if (required)
        json_bool(&d->j, "required", true);
    if (doc)
        json_text(&d->j, "description", str_of(doc));
}

static void path_parameters(struct document *d, const struct route *r)
{
    str rest = str_of(r->path), part;
    while (str_split(&rest, '/', &part)) {
        if (!part.len || part.at[0] != '{')
            continue;
        parameter_begin(d, str_sub(part, 1, part.len - 2), "path", true, NULL);
        openapi_type(d, "schema", "string");
        json_end(&d->j);
    }
}

static bool query_names(const struct route *r, str name)
{
    for (const struct query_param *q = r->query; q && q->name; q++)
        if (str_is(name, q->name))
            return true;
    return false;
}

static void range_parameter(struct document *d, const struct route *r, const struct field *f,
                            const char *ending, const char *doc)
{
    str stem = str_of(f->name);
    if (str_ends(stem, STR("_at")))
        stem.len -= 3;
    str name = str_print(d->arena, "%.*s_%s", STR_ARG(stem), ending);
    if (query_names(r, name))
        return;
    parameter_begin(d, name, "query", false, doc);
    json_begin(&d->j, "schema", '{');
    json_text(&d->j, "type", f->kind == KIND_INT ? STR("integer") : STR("string"));
    if (f->kind == KIND_INSTANT)
        json_text(&d->j, "format", STR("date-time"));
    json_end(&d->j);
    json_end(&d->j);
}

static void value_parameter(struct document *d, const struct field *f)
{
    parameter_begin(d, str_of(f->name), "query", false, f->doc);
    if (f->kind == KIND_BOOL) {
        openapi_type(d, "schema", "boolean");
        json_end(&d->j);
        return;
    }
    json_text(&d->j, "style", STR("form"));
    json_bool(&d->j, "explode", false);
    json_begin(&d->j, "schema", '{');
    json_text(&d->j, "type", STR("array"));
    json_begin(&d->j, "items", '{');
    json_text(&d->j, "type", f->kind == KIND_INT ? STR("integer") : STR("string"));
    if (f->kind == KIND_CHOICE) {
        json_begin(&d->j, "enum", '[');
        for (int i = 0; f->choices[i]; i++)
            json_text(&d->j, NULL, str_of(f->choices[i]));
        json_end(&d->j);
    }
    json_end(&d->j);
    json_end(&d->j);
    json_end(&d->j);
}

static void filter_parameters(struct document *d, const struct route *r)
{
    for (int i = 0; i < r->reply->count; i++) {
        const struct field *f = &r->reply->fields[i];
        if (!f->filterable || f->access == SECRET || f->no_column)
            continue;
        if (f->kind != KIND_AMOUNT && f->kind != KIND_INSTANT && !query_names(r, str_of(f->name)))
            value_parameter(d, f);
        if (f->kind != KIND_AMOUNT && f->kind != KIND_INSTANT && f->kind != KIND_INT)
            continue;
        range_parameter(d, r, f, "from", "at least");
        range_parameter(d, r, f, "to", f->kind == KIND_INSTANT ? "before" : "at most");
    }
}

static void sort_parameter(struct document *d, const struct record *r)
{
    parameter_begin(d, STR("sort"), "query", false, "a minus turns the order around");
    json_begin(&d->j, "schema", '{');
    json_text(&d->j, "type", STR("string"));
    json_begin(&d->j, "enum", '[');
    for (int i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        if ((!f->sortable && strcmp(f->name, "id") != 0) || f->access == SECRET || f->no_column)
            continue;
        json_text(&d->j, NULL, str_of(f->name));
        json_text(&d->j, NULL, str_print(d->arena, "-%s", f->name));
    }
    json_end(&d->j);
    json_end(&d->j);
    json_end(&d->j);
}

static void list_parameters(struct document *d, const struct route *r)
{
    static const char *const common[] = { "limit", "after", "q" };
    for (int i = 0; i < COUNT_OF(common); i++)
        if (!query_names(r, str_of(common[i])))
            ref(d, NULL, "parameters", str_of(common[i]));
    if (!r->reply)
        return;
    if (!query_names(r, STR("sort")))
        sort_parameter(d, r->reply);
    filter_parameters(d, r);
}

static void parameters(struct document *d, const struct route *r)
{
    bool any = r->edits || r->creates || r->list || (r->query && r->query->name) || strchr(r->path, '{');
    if (!any)
        return;
    json_begin(&d->j, "parameters", '[');
    path_parameters(d, r);
    if (r->edits)
        ref(d, NULL, "parameters", STR("if_match"));
    if (r->creates)
        ref(d, NULL, "parameters", STR("idempotency_key"));
    for (const struct query_param *q = r->query; q && q->name; q++) {
        parameter_begin(d, str_of(q->name), "query", false, q->doc);
        openapi_type(d, "schema", "string");
        json_end(&d->j);
    }
    if (r->list)
        list_parameters(d, r);
    json_end(&d->j);
}

/* ---- bodies and answers ---- */

static void content_begin(struct document *d, const char *media)
{
    json_begin(&d->j, "content", '{');
    json_begin(&d->j, media, '{');
}

static void content_end(struct document *d)
{
    json_end(&d->j);
    json_end(&d->j);
}

static void request_body(struct document *d, const struct route *r)
{
    if (!r->body && !r->json && !r->raw)
        return;
    json_begin(&d->j, "requestBody", '{');
    json_bool(&d->j, "required", r->body != NULL || r->body_schema != NULL);
    content_begin(d, r->raw ? "*/*" : "application/json");
    if (r->body)
        ref(d, "schema", "schemas", shape_name(d->arena, r->body, is_edit(r) ? SCHEMA_EDIT : SCHEMA_CREATE));
    else if (r->body_schema)
        schema_ref(d, "schema", r->body_schema);
    else if (r->json)
        openapi_type(d, "schema", "object");
    else
        json_raw(&d->j, "schema", STR("{}"));
    content_end(d);
    json_end(&d->j);
}

static void page_schema(struct document *d, const char *row)
{
    json_begin(&d->j, "schema", '{');
    json_text(&d->j, "type", STR("object"));
    json_begin(&d->j, "properties", '{');
    json_begin(&d->j, "items", '{');
    json_text(&d->j, "type", STR("array"));
    schema_ref(d, "items", row);
    json_end(&d->j);
    json_raw(&d->j, "next", STR("{\"type\":[\"string\",\"null\"],\"description\":\"cursor for after=\"}"));
    json_end(&d->j);
    json_raw(&d->j, "required", STR("[\"items\",\"next\"]"));
    json_end(&d->j);
}

/* What is told of an answer by its media type alone. */
static void plain_types(struct document *d, const char *types)
{
    str rest = str_of(types), type;
    json_begin(&d->j, "content", '{');
    while (rest.len && str_split(&rest, ' ', &type)) {
        json_begin(&d->j, str_zero(d->arena, type), '{');
        json_raw(&d->j, "schema", str_is(type, "application/json") ? STR("{\"type\":\"object\"}")
                                  : str_starts(type, STR("text/")) ? STR("{\"type\":\"string\"}") : STR("{}"));
        json_end(&d->j);
    }
    json_end(&d->j);
}

/* 201 where something new gets an address of its own: a POST to a collection. */
static const char *status_of(const struct route *r)
{
    bool answers = r->reply || r->reply_schema;
    if (!answers)
        return r->method == HTTP_GET ? "200" : "204";
    return r->method == HTTP_POST && r->creates && !strchr(r->path, '{') ? "201" : "200";
}

static void responses(struct document *d, const struct route *r)
{
    const char *schema = r->reply_schema ? r->reply_schema : r->reply ? r->reply->name : NULL;
    json_begin(&d->j, "responses", '{');
    json_begin(&d->j, status_of(r), '{');
    json_text(&d->j, "description", schema || r->method == HTTP_GET ? STR("the answer") : STR("done"));
    if (schema) {
        content_begin(d, "application/json");
        if (r->list)
            page_schema(d, schema);
        else
            schema_ref(d, "schema", schema);
        content_end(d);
    } else if (r->types) {
        plain_types(d, r->types);
    }
    json_end(&d->j);
    ref(d, "default", "responses", STR("problem"));
    json_end(&d->j);
}

/* ---- operations ---- */

static void security(struct document *d, const struct route *r)
{
    bool safe = r->method == HTTP_GET || r->no_csrf;
    if (r->permission == PERM_PUBLIC)
        json_raw(&d->j, "security", STR("[]"));
    else
        json_raw(&d->j, "security",
                 safe ? STR("[{\"session\":[]},{\"key\":[]}]")
                      : STR("[{\"session\":[],\"csrf\":[]},{\"key\":[]}]"));
}

static void operation(struct document *d, const struct operation *o)
{
    const struct route *r = o->route;
    json_begin(&d->j, str_zero(d->arena, str_lower_ascii(d->arena, str_of(http_method_names[r->method]))),
               '{');
    json_text(&d->j, "operationId", o->id);
    json_begin(&d->j, "tags", '[');
    json_text(&d->j, NULL, tag_of(r));
    json_end(&d->j);
    if (r->doc)
        json_text(&d->j, "summary", str_of(r->doc));
    json_text(&d->j, "x-permission", str_of(permission_names[r->permission]));
    parameters(d, r);
    request_body(d, r);
    responses(d, r);
    security(d, r);
    json_end(&d->j);
}

static bool is_first_of_path(const struct document *d, int at)
{
    for (int i = 0; i < at; i++)
        if (strcmp(d->operations.at[i].route->path, d->operations.at[at].route->path) == 0)
            return false;
    return true;
}

void openapi_paths(struct document *d)
{
    json_begin(&d->j, "paths", '{');
    for (int i = 0; i < d->operations.count; i++) {
        if (!is_first_of_path(d, i))
            continue;
        const char *path = d->operations.at[i].route->path;
        json_begin(&d->j, path, '{');
        for (int k = i; k < d->operations.count; k++)
            if (strcmp(d->operations.at[k].route->path, path) == 0)
                operation(d, &d->operations.at[k]);
        json_end(&d->j);
    }
    json_end(&d->j);
}
