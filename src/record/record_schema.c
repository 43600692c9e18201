/* record_schema.c - the JSON Schema of a record, for the API document and the forms drawn from it. */
#include "record/record_own.h"

static const char amount_pattern[] = "^-?[0-9]{1,16}(\\.[0-9]{1,2})?$";
static const char id_pattern[] = "^[1-9][0-9]{0,18}$";

static void type_write(struct json_out *j, const char *type, bool nullable)
{
    if (!nullable) {
        json_text(j, "type", str_of(type));
        return;
    }
    json_begin(j, "type", '[');
    json_text(j, NULL, str_of(type));
    json_text(j, NULL, STR("null"));
    json_end(j);
}

/* Lengths are limited in bytes; a schema counts characters, so the largest number is the same and the
 * smallest is one. */
static void text_write(struct json_out *j, const struct field *f, bool input)
{
    type_write(j, "string", input && !f->required);
    if (!input)
        return;
    json_number(j, "maxLength", field_text_max(f));
    if (f->required)
        json_number(j, "minLength", 1);
}

static void kind_write(struct json_out *j, const struct field *f, bool input)
{
    bool nullable = !f->required && strcmp(f->name, "id") != 0;
    switch ((enum kind)f->kind) {
    case KIND_INT:
        type_write(j, "integer", false);
        json_text(j, "format", STR("int64"));
        if (field_limited(f)) {
            json_number(j, "minimum", f->min);
            json_number(j, "maximum", f->max);
        }
        break;
    case KIND_BOOL:
        type_write(j, "boolean", false);
        break;
    case KIND_TEXT:
        text_write(j, f, input);
        break;
    case KIND_AMOUNT:
        type_write(j, "string", false);
        json_text(j, "format", STR("decimal"));
        json_text(j, "pattern", str_of(amount_pattern));
        break;
    case KIND_INSTANT:
        type_write(j, "string", nullable);
        json_text(j, "format", STR("date-time"));
        break;
    case KIND_ID:
        type_write(j, "string", nullable);
        json_text(j, "pattern", str_of(id_pattern));
        break;
    case KIND_CHOICE:
        type_write(j, "string", false);
        json_begin(j, "enum", '[');
        for (int i = 0; f->choices[i]; i++)
            json_text(j, NULL, str_of(f->choices[i]));
        json_end(j);
        break;
    }
}

static bool in_schema(const struct field *f, enum record_schema which)
{
    return which == SCHEMA_REPLY ? field_shown(f, NULL) : field_writable(f, which == SCHEMA_CREATE);
}

/* An answer always has its fields, but for prices: those who may not see them get none. An edit names only
 * what it changes. */
static bool always_there(const struct field *f, enum record_schema which)
{
    if (which == SCHEMA_REPLY)
        return !f->price && (!f->contact || f->kind == KIND_TEXT);
    return which == SCHEMA_CREATE && f->required;
}

static void properties_write(const struct record *r, enum record_schema which, struct json_out *j)
{
    json_begin(j, "properties", '{');
    for (int i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        if (!in_schema(f, which))
            continue;
        json_begin(j, f->name, '{');
        kind_write(j, f, which != SCHEMA_REPLY);
        if (f->doc)
            json_text(j, "description", str_of(f->doc));
        if (f->access == SECRET)
            json_bool(j, "writeOnly", true);
        json_end(j);
    }
    json_end(j);
}

void record_schema(const struct record *r, enum record_schema which, struct json_out *j, const char *key)
{
    json_begin(j, key, '{');
    json_text(j, "type", STR("object"));
    properties_write(r, which, j);
    bool any = false;
    for (int i = 0; i < r->count; i++) {
        if (!in_schema(&r->fields[i], which) || !always_there(&r->fields[i], which))
            continue;
        if (!any)
            json_begin(j, "required", '[');
        any = true;
        json_text(j, NULL, str_of(r->fields[i].name));
    }
    if (any)
        json_end(j);
    if (which != SCHEMA_REPLY)
        json_bool(j, "additionalProperties", false);
    json_end(j);
}
