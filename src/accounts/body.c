#include "accounts/body.h"

#include <stdlib.h>

#define LIST_MAX 200

static bool is_one_of(const char *const *names, str key)
{
    for (int i = 0; names[i]; i++)
        if (str_is(key, names[i]))
            return true;
    return false;
}

const struct json *body_without(struct arena *a, const struct json *object, const char *const *names)
{
    struct json *out = arena_copy(a, object, sizeof *object);
    struct json *last = NULL;
    out->first = NULL;
    out->count = 0;
    JSON_EACH(member, object) {
        if (is_one_of(names, member->key))
            continue;
        struct json *copy = arena_copy(a, member, sizeof *member);
        copy->next = NULL;
        if (last)
            last->next = copy;
        else
            out->first = copy;
        last = copy;
        out->count++;
    }
    return out;
}

/* The list, an error, or nothing: then *missing. */
static bool list_of(const struct json *object, const char *key, const struct json **out, bool *missing,
                    struct err *err)
{
    *out = json_get(object, key);
    *missing = !*out;
    if (*missing || (*out)->kind == JSON_NULL)
        return true;
    if ((*out)->kind != JSON_ARRAY || (*out)->count > LIST_MAX)
        return err_add(err, key, "must be a list of at most %d", LIST_MAX);
    return true;
}

bool body_bits(const struct json *object, const char *key, const char *const *names, uint64_t *out,
               struct err *err)
{
    const struct json *list;
    bool missing, ok = true;
    uint64_t bits = 0;
    if (!list_of(object, key, &list, &missing, err))
        return false;
    JSON_EACH(one, list) {
        int at = 0;
        while (names[at] && !(one->kind == JSON_TEXT && names[at][0] && str_is(one->text, names[at])))
            at++;
        if (names[at])
            bits |= UINT64_C(1) << at;
        else
            ok = err_add(err, key, "has a name that is not known, at place %d", one->index);
    }
    if (ok && !missing)
        *out = bits;
    return ok;
}

static int by_number(const void *a, const void *b)
{
    const rid *x = a, *y = b;
    return (x->v > y->v) - (x->v < y->v);
}

static str ids_text(struct arena *a, rid *ids, int count)
{
    struct buf b = buf_in(a);
    if (count)
        qsort(ids, (size_t)count, sizeof *ids, by_number);
    for (int i = 0; i < count; i++) {
        if (i && id_eq(ids[i], ids[i - 1]))
            continue;
        if (b.len)
            buf_add_char(&b, ',');
        buf_add_int(&b, ids[i].v);
    }
    return buf_str(&b);
}

bool body_ids(struct arena *a, const struct json *object, const char *key, str *out, struct err *err)
{
    const struct json *list;
    rid ids[LIST_MAX];
    bool missing, ok = true;
    int count = 0;
    if (!list_of(object, key, &list, &missing, err))
        return false;
    JSON_EACH(one, list) {
        if (one->kind == JSON_TEXT && id_parse(one->text, &ids[count]))
            count++;
        else
            ok = err_add(err, key, "must be ids as texts, at place %d", one->index);
    }
    if (ok && !missing)
        *out = ids_text(a, ids, count);
    return ok;
}

bool body_text(struct arena *a, const struct json *object, const char *key, size_t max, str *out, bool *came,
               struct err *err)
{
    const struct json *v = json_get(object, key);
    *came = v && v->kind == JSON_TEXT && v->text.len <= max;
    if (v && !*came)
        return err_add(err, key, "must be a text of at most %d bytes", (int)max);
    if (*came)
        *out = str_copy(a, v->text);
    return true;
}

str bits_text(struct arena *a, const char *const *names, uint64_t bits)
{
    struct buf b = buf_in(a);
    for (int i = 0; names[i]; i++) {
        if (!(bits >> i & 1) || !names[i][0])
            continue;
        if (b.len)
            buf_add_char(&b, ',');
        buf_add(&b, str_of(names[i]));
    }
    return buf_str(&b);
}

uint64_t bits_read(const char *const *names, str text)
{
    uint64_t bits = 0;
    str rest = text, part;
    while (rest.len && str_split(&rest, ',', &part))
        for (int i = 0; names[i]; i++)
            if (part.len && str_is(part, names[i]))
                bits |= UINT64_C(1) << i;
    return bits;
}

void bits_write(struct json_out *j, const char *key, const char *const *names, uint64_t bits)
{
    json_begin(j, key, '[');
    for (int i = 0; names[i]; i++)
        if ((bits >> i & 1) && names[i][0])
            json_text(j, NULL, str_of(names[i]));
    json_end(j);
}

int ids_read(struct arena *a, str text, rid **out)
{
    int count = 0;
    str rest = text, part;
    *out = ARENA_ARRAY(a, rid, text.len / 2 + 1);
    while (rest.len && str_split(&rest, ',', &part))
        if (id_parse(part, &(*out)[count]))
            count++;
    return count;
}

void ids_write(struct json_out *j, const char *key, str text)
{
    str rest = text, part;
    json_begin(j, key, '[');
    while (rest.len && str_split(&rest, ',', &part))
        json_text(j, NULL, part);
    json_end(j);
}
