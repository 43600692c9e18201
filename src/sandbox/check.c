/* check.c - does a body have the shape that the market asks for? The shapes are tables beside each market's
 * methods. */
#include "sandbox/market.h"

static bool within(const struct rule *r, int64_t n)
{
    return (!r->min && !r->max) || (n >= r->min && (n <= r->max || !r->max));
}

static bool members_are(const struct json *list, enum rule_kind kind)
{
    JSON_EACH(m, list) {
        int64_t n;
        if (kind == RULE_INTS ? m->kind != JSON_NUMBER || !json_int(m, &n) : m->kind != JSON_TEXT)
            return false;
    }
    return true;
}

static bool value_fits(const struct rule *r, const struct json *v)
{
    int64_t n;
    instant t;
    switch (r->kind) {
    case RULE_TEXT:
        return v->kind == JSON_TEXT && within(r, (int64_t)utf8_count(v->text));
    case RULE_INT:
        return v->kind == JSON_NUMBER && json_int(v, &n) && within(r, n);
    case RULE_NUMBER:
        return v->kind == JSON_NUMBER;
    case RULE_BOOL:
        return v->kind == JSON_BOOL;
    case RULE_TIME:
        return v->kind == JSON_TEXT && instant_parse(v->text, &t);
    case RULE_OBJECT:
        return v->kind == JSON_OBJECT;
    case RULE_LIST:
        return v->kind == JSON_ARRAY && within(r, v->count);
    case RULE_INTS:
    case RULE_TEXTS:
        return v->kind == JSON_ARRAY && within(r, v->count) && members_are(v, r->kind);
    }
    return false;
}

/* Follows the rest of a path from `at`. A parent that is missing and not required has nothing to say about
 * its members. */
static bool rule_holds(const struct rule *r, const struct json *at, str rest, struct arena *arena, str *where,
                       bool *missing)
{
    str name;
    if (!at || at->kind == JSON_NULL) {
        *missing = true;
        return !r->required;
    }
    if (!str_split(&rest, '.', &name)) {
        *where = json_where(arena, at);
        *missing = false;
        return value_fits(r, at);
    }
    if (str_is(name, "*")) {
        JSON_EACH(m, at)
            if (!rule_holds(r, m, rest, arena, where, missing))
                return false;
        return true;
    }
    return rule_holds(r, json_get(at, str_zero(arena, name)), rest, arena, where, missing);
}

const struct rule *rules_broken(const struct rule *rules, const struct json *body, struct arena *arena,
                                str *where, bool *missing)
{
    for (const struct rule *r = rules; r && r->path; r++) {
        *where = str_of(r->path);
        if (!rule_holds(r, body, str_of(r->path), arena, where, missing))
            return r;
    }
    return NULL;
}
