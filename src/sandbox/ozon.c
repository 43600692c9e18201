/* ozon.c - FBS postings of Ozon: the door, the lists of v4 and the single posting of v3.
 * Source: specs/ozon/swagger.json and swagger-2026-04-30.json, sheet channels/ozon.md.
 */
#include "sandbox/ozon.h"

#include "base/secret.h"

#include <stdlib.h>

#define YEAR_MS (366 * DAY_MS)

void ozon_error(struct ask *a, int status, int code, const char *message)
{
    a->rp->status = status;
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "code", code);
    json_text(&j, "message", str_of(message));
    json_begin(&j, "details", '[');
    json_end(&j);
    json_end(&j);
}

static void ozon_refuse(struct ask *a, int status, const char *code, const char *text)
{
    if (strcmp(code, "missing") == 0)
        text = str_zero(a->arena,
                        str_print(a->arena, "Request validation error: invalid %s: value is required", text));
    else if (strcmp(code, "value") == 0)
        text = str_zero(a->arena,
                        str_print(a->arena,
                                  "Request validation error: invalid %s: value must be of the right type and "
                                  "inside range",
                                  text));
    else if (strcmp(code, "syntax") == 0)
        text = str_zero(a->arena, str_print(a->arena, "proto: syntax error (line 1:1): %s", text));
    ozon_error(a, status, status == 500 ? 13 : 3, text);
}

static void ozon_retired(struct ask *a)
{
    ozon_error(a, 404, 5, "method not found");
}

static void ozon_limited(struct ask *a, const struct bucket *b, int64_t wait_ms)
{
    (void)b;
    reply_header(a->rp, a->rq, STR("Retry-After"),
                 str_print(a->arena, "%lld", (long long)((wait_ms + 999) / 1000)));
    ozon_error(a, 429, 8, "You have reached request rate limit per second");
}

static void ozon_allowed(struct ask *a, const struct bucket *b)
{
    reply_header(a->rp, a->rq, STR("Ratelimit-Remaining"),
                 str_print(a->arena, "%lld", (long long)(b->left > 0 ? b->left : 0)));
}

static bool ozon_admit(struct ask *a)
{
    str client = ask_header(a, "Client-Id"), key = ask_header(a, "Api-Key");
    int64_t number;
    if (!client.len || !key.len)
        ozon_error(a, 401, 16, "Client-Id and Api-Key headers are required");
    else if (!str_to_int(client, &number) || str_starts(key, STR("wrong")))
        ozon_error(a, 403, 7, "Invalid Api-Key, please contact support");
    else if (str_starts(key, STR("deactivated")))
        ozon_error(a, 403, 7, "Api-key is deactivated, use another one or generate a new one");
    else if (str_starts(key, STR("norole")) && a->op->writes)
        ozon_error(a, 403, 7, "Api-Key is missing a required role for a method");
    else {
        a->account = client;
        return true;
    }
    return false;
}

/* ---- reading ---- */

static bool text_in(const struct json *list, str text)
{
    if (!list || !list->count)
        return true;
    JSON_EACH(m, list)
        if (str_eq(json_str(m), text))
            return true;
    return false;
}

/* In a from/to pair of times; a bound that is not given is open. */
static bool between(const struct json *from, const struct json *to, instant t)
{
    instant bound;
    if (instant_parse(json_str(from), &bound) && t.ms < bound.ms)
        return false;
    return !instant_parse(json_str(to), &bound) || t.ms <= bound.ms;
}

static bool common_filter(const struct ask *a, const struct json *f, const struct morder *o)
{
    const struct json *changed = json_get(f, "last_changed_status_date");
    return o->market == MARKET_OZON && text_in(json_get(f, "statuses"), str_of(ozon_status(o)))
           && between(json_get(changed, "from"), json_get(changed, "to"), o->changed_at)
           && text_in(json_get(f, "warehouse_ids"), str_print(a->arena, "%lld", (long long)o->warehouse))
           && text_in(json_get(f, "delivery_method_ids"),
                      str_print(a->arena, "%lld", (long long)o->delivery_method))
           && text_in(json_get(f, "order_numbers"), o->group);
}

static int posting_order(const void *l, const void *r)
{
    const struct morder *a = *(struct morder *const *)l, *b = *(struct morder *const *)r;
    return a->created_at.ms != b->created_at.ms ? (a->created_at.ms < b->created_at.ms ? -1 : 1)
                                                : str_cmp(a->id, b->id);
}

/* The cursor names the last posting that was given: "time id" in base64. */
static bool cursor_read(struct ask *a, struct morder *after)
{
    str text = json_str(json_get(a->body, "cursor")), plain, ms;
    *after = (struct morder){ 0 };
    if (!text.len)
        return true;
    if (base64_decode(a->arena, text, &plain) && str_split(&plain, ' ', &ms)
        && str_to_int(ms, &after->created_at.ms)) {
        after->id = plain;
        return true;
    }
    ozon_error(a, 400, 3, "invalid cursor");
    return false;
}

/* `found` sorted and cut to a page behind the cursor. */
static void page_reply(struct ask *a, struct morder_refs *found, bool counted)
{
    struct morder after;
    if (!cursor_read(a, &after))
        return;
    bool back = str_is(json_str(json_get(a->body, "sort_dir")), "DESC");
    int64_t limit = 0, total = found->count;
    if (!json_int(json_get(a->body, "limit"), &limit))
        limit = 100;
    if (found->count)
        qsort(found->at, (size_t)found->count, sizeof *found->at, posting_order);
    struct morder_refs page = { 0 };
    bool more = false;
    const struct morder *key = &after;
    for (int i = 0; i < found->count && !more; i++) {
        struct morder *o = found->at[back ? found->count - 1 - i : i];
        int cmp = after.id.len ? posting_order(&o, &key) : back ? -1 : 1;
        if (back ? cmp >= 0 : cmp <= 0)
            continue;
        more = page.count == limit;
        if (!more)
            *morder_refs_add(&page, a->arena) = o;
    }
    str cursor = { 0 };
    if (page.count && more) {
        struct morder *last = page.at[page.count - 1];
        cursor = base64_encode(
            a->arena, str_print(a->arena, "%lld %.*s", (long long)last->created_at.ms, STR_ARG(last->id)));
    }
    page_spoil(a, &page);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "postings", '[');
    for (int i = 0; i < page.count; i++)
        ozon_posting_write(&j, NULL, a, page.at[i], true);
    json_end(&j);
    if (counted)
        json_number(&j, "count", total);
    json_text(&j, "cursor", cursor);
    json_bool(&j, "has_next", more);
    json_end(&j);
}

void ozon_list(struct ask *a)
{
    const struct json *f = json_get(a->body, "filter");
    instant since, to;
    if (!instant_parse(json_str(json_get(f, "since")), &since)
        || !instant_parse(json_str(json_get(f, "to")), &to) || to.ms < since.ms
        || to.ms - since.ms > YEAR_MS) {
        ozon_error(a, 400, 3, "PERIOD_IS_TOO_LONG");
        return;
    }
    struct morder_refs found = { 0 };
    for (int i = 0; i < a->sb->orders.count; i++) {
        struct morder *o = a->sb->orders.at[i];
        if (common_filter(a, f, o) && between(json_get(f, "since"), json_get(f, "to"), o->created_at))
            *morder_refs_add(&found, a->arena) = o;
    }
    page_reply(a, &found, false);
}

void ozon_unfulfilled(struct ask *a)
{
    const struct json *f = json_get(a->body, "filter");
    bool by_cutoff = json_get(f, "cutoff_from") || json_get(f, "cutoff_to");
    bool by_delivering = json_get(f, "delivering_date_from") || json_get(f, "delivering_date_to");
    if (by_cutoff == by_delivering) {
        ozon_error(a, 400, 3, "FILTER_CUTOFF_OR_DELIVERING_DATE_IS_REQUIRED");
        return;
    }
    struct morder_refs found = { 0 };
    for (int i = 0; i < a->sb->orders.count; i++) {
        struct morder *o = a->sb->orders.at[i];
        bool in_time = by_cutoff
                           ? between(json_get(f, "cutoff_from"), json_get(f, "cutoff_to"), o->deadline_at)
                           : between(json_get(f, "delivering_date_from"), json_get(f, "delivering_date_to"),
                                     o->deadline_at);
        if (o->market == MARKET_OZON && o->stage <= STAGE_ASSEMBLED && in_time && common_filter(a, f, o))
            *morder_refs_add(&found, a->arena) = o;
    }
    page_reply(a, &found, true);
}

struct morder *ozon_posting(struct ask *a)
{
    struct morder *o = morder_find(a->sb, MARKET_OZON, json_str(json_get(a->body, "posting_number")));
    if (!o)
        ozon_error(a, 404, 5, "POSTING_NOT_FOUND");
    return o;
}

void ozon_get(struct ask *a)
{
    struct morder *o = ozon_posting(a);
    if (!o)
        return;
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    ozon_posting_write(&j, "result", a, o, false);
    json_end(&j);
}

const struct rule ozon_list_rules[] = {
    { "filter", RULE_OBJECT, true },
    { "filter.since", RULE_TIME, true },
    { "filter.to", RULE_TIME, true },
    { "filter.statuses", RULE_TEXTS, false },
    { "filter.order_numbers", RULE_TEXTS, false, 0, 100 },
    { "filter.last_changed_status_date", RULE_OBJECT, false },
    { "filter.last_changed_status_date.from", RULE_TIME, false },
    { "filter.last_changed_status_date.to", RULE_TIME, false },
    { "filter.warehouse_ids", RULE_LIST, false },
    { "limit", RULE_INT, true, 1, 100 },
    { "cursor", RULE_TEXT, false },
    { "sort_dir", RULE_TEXT, false },
    { "with", RULE_OBJECT, false },
    { "translit", RULE_BOOL, false },
    { 0 },
};
const struct rule ozon_unfulfilled_rules[] = {
    { "filter", RULE_OBJECT, true },
    { "filter.cutoff_from", RULE_TIME, false },
    { "filter.cutoff_to", RULE_TIME, false },
    { "filter.delivering_date_from", RULE_TIME, false },
    { "filter.delivering_date_to", RULE_TIME, false },
    { "filter.statuses", RULE_TEXTS, false },
    { "limit", RULE_INT, true, 1, 100 },
    { "cursor", RULE_TEXT, false },
    { "sort_dir", RULE_TEXT, false },
    { "with", RULE_OBJECT, false },
    { "translit", RULE_BOOL, false },
    { 0 },
};
const struct rule ozon_get_rules[] = { { "posting_number", RULE_TEXT, true, 1, 100 },
                                       { "with", RULE_OBJECT, false },
                                       { 0 } };

static const struct bucket_def buckets[] = { { "all", 20, 50, 0 } };         /* 50 a second per Client-Id */
const struct market_def ozon_market = {
    .prefix = "/ozon",
    .ops = ozon_ops,
    .buckets = buckets,
    .admit = ozon_admit,
    .refuse = ozon_refuse,
    .retired = ozon_retired,
    .limited = ozon_limited,
    .allowed = ozon_allowed,
};
