/* Looking around in a tree that json_read made. */
#include "base/buf.h"
#include "base/json_read.h"
#include "base/json_write.h"

static const struct json *member(const struct json *object, str key)
{
    if (object && object->kind == JSON_OBJECT)
        JSON_EACH(m, object)
            if (str_eq(m->key, key))
                return m;
    return NULL;
}

const struct json *json_get(const struct json *object, const char *key) { return member(object, str_of(key)); }

const struct json *json_at(const struct json *array, int index)
{
    if (array && array->kind == JSON_ARRAY && index >= 0 && index < array->count)
        JSON_EACH(item, array)
            if (item->index == index)
                return item;
    return NULL;
}

const struct json *json_path(const struct json *v, const char *dotted)
{
    str     rest = str_of(dotted), step;
    int64_t index;
    while (v && str_split(&rest, '.', &step)) {
        if (v->kind == JSON_ARRAY)
            v = str_to_int(step, &index) && index >= 0 && index < v->count ? json_at(v, (int)index) : NULL;
        else
            v = member(v, step);
    }
    return v;
}

bool json_is_null(const struct json *v) { return !v || v->kind == JSON_NULL; }
str  json_str(const struct json *v) { return v && (v->kind == JSON_TEXT || v->kind == JSON_NUMBER) ? v->text : (str){ 0 }; }
bool json_true(const struct json *v) { return v && v->kind == JSON_BOOL && v->truth; }
bool json_int(const struct json *v, int64_t *out) { return str_to_int(json_str(v), out); }
bool json_amount(const struct json *v, amount *out) { return amount_parse_round(json_str(v), out); }

str json_where(struct arena *a, const struct json *v)
{
    str parts[JSON_DEPTH_MAX + 1];
    int first = COUNT_OF(parts);
    for (; v && v->parent && first > 0; v = v->parent)
        parts[--first] = v->parent->kind == JSON_ARRAY ? str_print(a, "%d", v->index) : v->key;
    return str_join(a, parts + first, COUNT_OF(parts) - first, STR("."));
}

static void print_value(struct buf *b, const struct json *v)
{
    bool is_object = v->kind == JSON_OBJECT;
    switch (v->kind) {
    case JSON_NULL:
        buf_add(b, STR("null"));
        return;
    case JSON_BOOL:
        buf_add(b, v->truth ? STR("true") : STR("false"));
        return;
    case JSON_NUMBER:
        buf_add(b, v->text);
        return;
    case JSON_TEXT:
        json_quote(b, v->text);
        return;
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    buf_add_char(b, is_object ? '{' : '[');
    JSON_EACH(child, v) {
        if (child->index)
            buf_add_char(b, ',');
        if (is_object) {
            json_quote(b, child->key);
            buf_add_char(b, ':');
        }
        print_value(b, child);
    }
    buf_add_char(b, is_object ? '}' : ']');
}

str json_print(struct arena *a, const struct json *v)
{
    struct buf b = buf_in(a);
    if (!v)
        return STR("null");
    print_value(&b, v);
    return buf_str(&b);
}
