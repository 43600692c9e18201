#include "scenario/checks.h"

#include <stdlib.h>

/* Booleans and null are compared by their words. */
static bool says(const struct json *v, str text)
{
    if (v->kind == JSON_BOOL)
        return str_is(text, v->truth ? "true" : "false");
    return v->kind == JSON_NULL ? str_is(text, "null") : str_eq(json_str(v), text);
}

static const struct json *element_with(const struct json *array, str test)
{
    str key;
    if (!str_split(&test, '=', &key))
        return NULL;
    JSON_EACH(e, array) {
        const struct json *m = json_find(e, key);
        if (m && says(m, test))
            return e;
    }
    return NULL;
}

/* The next step of a path: a name with or without [test]. Dots inside brackets do not part. */
static str step_of(str *path)
{
    size_t n = 0, depth = 0;
    while (n < path->len && (depth || path->at[n] != '.')) {
        depth += path->at[n] == '[';
        depth -= path->at[n] == ']' && depth;
        n++;
    }
    str step = str_sub(*path, 0, n);
    *path = n < path->len ? str_sub(*path, n + 1, SIZE_MAX) : (str){ 0 };
    return step;
}

const struct json *json_find(const struct json *at, str path)
{
    while (at && path.len) {
        str       step = step_of(&path), name = step;
        ptrdiff_t open = str_find(step, STR("["));
        int64_t   index;
        if (open >= 0)
            name = str_sub(step, 0, (size_t)open);
        if (name.len && at->kind == JSON_ARRAY && str_to_int(name, &index)) {
            at = json_at(at, (int)index);
        } else if (name.len) {
            const struct json *found = NULL;
            JSON_EACH(m, at)
                if (at->kind == JSON_OBJECT && str_eq(m->key, name))
                    found = m;
            at = found;
        }
        if (at && open >= 0)
            at = element_with(at, str_sub(step, (size_t)open + 1, step.len - (size_t)open - 2));
    }
    return at;
}

static str text_of(struct arena *a, const struct json *v)
{
    return v->kind == JSON_TEXT || v->kind == JSON_NUMBER ? v->text : json_print(a, v);
}

bool reply_text(struct arena *a, const struct client_reply *r, str path, str *out)
{
    if (str_is(path, "body")) {
        *out = r->body;
        return true;
    }
    if (str_is(path, "statements"))
        path = STR("header.X-Statements");
    if (str_starts(path, STR("header."))) {
        *out = http_header_get(&r->headers, str_zero(a, str_sub(path, 7, SIZE_MAX)));
        return out->len > 0;
    }
    bool is_length = str_ends(path, STR(".length")) || str_is(path, "length");
    if (is_length)
        path = path.len > 7 ? str_sub(path, 0, path.len - 7) : (str){ 0 };
    const struct json *v = json_find(r->json, path);
    if (!v)
        return false;
    *out = is_length ? str_print(a, "%d", v->count) : text_of(a, v);
    return true;
}

/* "<=", ">=", "!=", "=", "~": where it begins outside of brackets, and which it is. */
static ptrdiff_t sign_find(str check, const char **sign)
{
    static const char *const signs[] = { "<=", ">=", "!=", "!~", "=", "~" };
    int depth = 0;
    for (size_t i = 0; i < check.len; i++) {
        depth += check.at[i] == '[';
        depth -= check.at[i] == ']';
        for (int k = 0; k < COUNT_OF(signs) && depth == 0; k++)
            if (str_starts(str_sub(check, i, SIZE_MAX), str_of(signs[k]))) {
                *sign = signs[k];
                return (ptrdiff_t)i;
            }
    }
    return -1;
}

static bool compare(str got, const char *sign, str want)
{
    int64_t a, b;
    switch (sign[0]) {
    case '~': return str_has(got, want);
    case '!': return sign[1] == '~' ? !str_has(got, want) : !str_eq(got, want);
    case '=': return str_eq(got, want);
    default: break;
    }
    if (str_to_int(got, &a) && str_to_int(want, &b))
        return sign[0] == '<' ? a <= b : a >= b;
    return sign[0] == '<' ? str_cmp(got, want) <= 0 : str_cmp(got, want) >= 0;
}

bool check_holds(struct arena *a, const struct client_reply *r, str check, str *why)
{
    const char *sign = NULL;
    ptrdiff_t   at   = sign_find(check, &sign);
    str         got  = { 0 };
    if (at < 0) {
        *why = str_print(a, "\"%.*s\" is no check: name=value, name<=n, name~part", STR_ARG(check));
        return false;
    }
    str name = str_sub(check, 0, (size_t)at), want = str_sub(check, (size_t)at + strlen(sign), SIZE_MAX);
    bool there = reply_text(a, r, name, &got);
    if (str_is(want, "absent") && (sign[0] == '=' || sign[0] == '!')) {
        *why = str_print(a, "%.*s: %s", STR_ARG(name), there ? "is there" : "is not there");
        return there == (sign[0] == '!');
    }
    if (there && compare(got, sign, want))
        return true;
    *why = there ? str_print(a, "expected %.*s, got %.*s", STR_ARG(check), STR_ARG(utf8_cut(got, 300)))
                 : str_print(a, "expected %.*s, but there is no %.*s", STR_ARG(check), STR_ARG(name));
    return false;
}
