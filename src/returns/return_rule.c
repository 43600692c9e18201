#include "returns/return_rule.h"

#include "base/json_write.h"
#include "orders/order_status.h"

const char *const return_why_names[] = {
    [WHY_OK] = "", [WHY_OFF] = "off", [WHY_REASON] = "reason", [WHY_WINDOW] = "window", [WHY_PRICE] = "price", [WHY_CURRENCY] = "currency",
    [WHY_ABUSE] = "abuse", [WHY_CLAIM] = "claim", [WHY_BANNED] = "not_returnable", NULL
};
_Static_assert(COUNT_OF(return_why_names) == RETURN_WHY_COUNT + 1, "a name per answer of the rule");

/* ---- what people set ---- */

#define BANNED_MAX 500

/* clang-format off */
static const struct { const char *name; size_t offset; int64_t min, max, usual; } numbers[] = {
    { "share_bp",       offsetof(struct return_rules, share_bp),       0, 10000, 5000 },
    { "few_orders",     offsetof(struct return_rules, few_orders),     1, 1000,  4 },
    { "period_days",    offsetof(struct return_rules, period_days),    1, 3660,  180 },
    { "silent_days",    offsetof(struct return_rules, silent_days),    1, 365,   7 },
    { "dropoff_days",   offsetof(struct return_rules, dropoff_days),   1, 365,   14 },
    { "forgotten_days", offsetof(struct return_rules, forgotten_days), 1, 365,   3 },
    { "lost_days",      offsetof(struct return_rules, lost_days),      1, 365,   30 },
};
static const struct { const char *name; size_t offset; int64_t usual; } sums[] = {
    { "price_limit",  offsetof(struct return_rules, price_limit),  1000000 },
    { "refund_limit", offsetof(struct return_rules, refund_limit), 5000000 },
};
/* clang-format on */

static int64_t *number_at(struct return_rules *r, int i) { return (int64_t *)(void *)((char *)r + numbers[i].offset); }
static amount *sum_at(struct return_rules *r, int i) { return (amount *)(void *)((char *)r + sums[i].offset); }

struct return_rules return_rules_default(void)
{
    struct return_rules r = { .groups = BIT(GROUP_SIZE) | BIT(GROUP_CHANGED_MIND), .version = 1 };
    for (int i = 0; i < COUNT_OF(numbers); i++)
        *number_at(&r, i) = numbers[i].usual;
    for (int i = 0; i < COUNT_OF(sums); i++)
        *sum_at(&r, i) = (amount){ sums[i].usual };
    return r;
}

static bool take_groups(const struct json *list, unsigned *out, struct err *err)
{
    unsigned bits = 0;
    if (list->kind != JSON_ARRAY)
        return err_add(err, "groups", "must be a list of groups of reasons");
    JSON_EACH(g, list) {
        int i = name_find(return_group_names, json_str(g));
        if (i < 0)
            return err_add(err, "groups", "there is no group \"%.*s\"", STR_ARG(utf8_cut(json_str(g), 40)));
        bits |= BIT(i);
    }
    *out = bits;
    return true;
}

static bool take_banned(struct arena *a, const struct json *list, struct str_list *out, struct err *err)
{
    struct str_list banned = { 0 };
    if (list->kind != JSON_ARRAY || list->count > BANNED_MAX)
        return err_add(err, "not_returnable", "must be a list of at most %d articles", BANNED_MAX);
    JSON_EACH(e, list) {
        str article = str_trim(json_str(e));
        if (e->kind != JSON_TEXT || !article.len || article.len > 200)
            return err_add(err, "not_returnable", "an article has 1 to 200 bytes");
        *str_list_add(&banned, a) = str_copy(a, article);
    }
    *out = banned;
    return true;
}

static bool is_known(const struct json *member)
{
    static const char *const others[] = { "active", "groups", "not_returnable", "version", NULL };
    bool known = name_find(others, member->key) >= 0;
    for (int i = 0; i < COUNT_OF(numbers); i++)
        known |= str_is(member->key, numbers[i].name);
    for (int i = 0; i < COUNT_OF(sums); i++)
        known |= str_is(member->key, sums[i].name);
    return known;
}

bool return_rules_take(struct arena *a, const struct json *in, struct return_rules *io, struct err *err)
{
    struct return_rules now = *io;
    const struct json  *active = json_get(in, "active"), *groups = json_get(in, "groups"), *banned = json_get(in, "not_returnable");
    bool ok = true;
    JSON_EACH(member, in)
        if (!is_known(member))
            ok = err_add(err, "body", "\"%.*s\" is not a setting of returns", STR_ARG(utf8_cut(member->key, 40)));
    for (int i = 0; i < COUNT_OF(numbers); i++) {
        const struct json *v = json_get(in, numbers[i].name);
        int64_t            n;
        if (v && (!json_int(v, &n) || n < numbers[i].min || n > numbers[i].max))
            ok = err_add(err, numbers[i].name, "must be %lld to %lld", (long long)numbers[i].min, (long long)numbers[i].max);
        else if (v)
            *number_at(&now, i) = n;
    }
    for (int i = 0; i < COUNT_OF(sums); i++) {
        const struct json *v = json_get(in, sums[i].name);
        amount             sum;
        if (v && (!amount_parse(json_str(v), &sum) || sum.minor < 0 || sum.minor > AMOUNT_MAX_MINOR))
            ok = err_add(err, sums[i].name, "must be an amount such as \"10000.00\"");
        else if (v)
            *sum_at(&now, i) = sum;
    }
    if (active && active->kind != JSON_BOOL)
        ok = err_add(err, "active", "must be true or false");
    else if (active)
        now.active = active->truth;
    if (groups && !take_groups(groups, &now.groups, err))
        ok = false;
    if (banned && !take_banned(a, banned, &now.not_returnable, err))
        ok = false;
    if (ok)
        *io = now;
    return ok;
}

struct return_rules return_rules_read(struct arena *a, str text)
{
    struct return_rules r    = return_rules_default();
    const struct json  *root = NULL;
    struct err          bad  = { 0 };
    if (!text.len || !json_read(a, text, 1 << 20, &root, &bad) || !return_rules_take(a, root, &r, &bad))
        return return_rules_default();
    if (!json_int(json_get(root, "version"), &r.version) || r.version < 1)
        r.version = 1;
    return r;
}

str return_rules_text(struct arena *a, const struct return_rules *rules)
{
    struct return_rules r = *rules;
    struct buf          b = buf_in(a);
    struct json_out     j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_bool(&j, "active", r.active);
    for (int i = 0; i < COUNT_OF(sums); i++)
        json_amount_text(&j, sums[i].name, *sum_at(&r, i));
    json_begin(&j, "groups", '[');
    for (int i = 0; i < RETURN_GROUP_COUNT; i++)
        if (r.groups & BIT(i))
            json_text(&j, NULL, str_of(return_group_names[i]));
    json_end(&j);
    for (int i = 0; i < COUNT_OF(numbers); i++)
        json_number(&j, numbers[i].name, *number_at(&r, i));
    json_begin(&j, "not_returnable", '[');
    for (int i = 0; i < r.not_returnable.count; i++)
        json_text(&j, NULL, r.not_returnable.at[i]);
    json_end(&j);
    json_number(&j, "version", r.version);
    json_end(&j);
    return buf_str(&b);
}

/* ---- the question ---- */

static int64_t share_of(const struct return_case *c)
{
    return c->orders > 0 ? c->returns * 10000 / c->orders : 0;
}

static bool abuses(const struct return_rules *r, const struct return_case *c)
{
    return c->orders >= r->few_orders && share_of(c) >= r->share_bp;
}

enum return_why return_rule_ask(const struct return_rules *r, const struct return_case *c)
{
    int group = name_find(return_group_names, c->group);
    if (!r->active)
        return WHY_OFF;
    if (group < 0 || !(r->groups & BIT(group)))
        return WHY_REASON;
    if (!instant_is_set(c->window_until) || c->requested_at.ms > c->window_until.ms)
        return WHY_WINDOW;
    if (!str_eq(c->currency, c->shop_currency))
        return WHY_CURRENCY;
    if (c->unit_price.minor <= 0 || c->unit_price.minor > r->price_limit.minor)
        return WHY_PRICE;
    if (c->banned.len)
        return WHY_BANNED;
    if (c->open_claims > 0)
        return WHY_CLAIM;
    return abuses(r, c) ? WHY_ABUSE : WHY_OK;
}

str return_rule_inputs(struct arena *a, const struct return_rules *r, const struct return_case *c, enum return_why why)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "rule", STR(RETURN_RULE_APPROVE));
    json_bool(&j, "approved", why == WHY_OK);
    json_text_or_null(&j, "why", str_of(return_why_names[why]));
    json_text_or_null(&j, "group", c->group);
    json_instant(&j, "window_until", c->window_until);
    json_text(&j, "window_source", utf8_cut(c->window_source, 200));
    json_amount_text(&j, "unit_price", c->unit_price);
    json_amount_text(&j, "price_limit", r->price_limit);
    json_text_or_null(&j, "currency", c->currency);
    json_bool(&j, "buyer_known", c->buyer_known);
    json_number(&j, "orders", c->orders);
    json_number(&j, "returns", c->returns);
    json_number(&j, "share_bp", share_of(c));
    json_number(&j, "share_limit_bp", r->share_bp);
    json_number(&j, "few_orders", r->few_orders);
    json_number(&j, "period_days", r->period_days);
    json_number(&j, "open_claims", c->open_claims);
    json_text_or_null(&j, "not_returnable", utf8_cut(c->banned, 200));
    json_end(&j);
    return buf_str(&b);
}
