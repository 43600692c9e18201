/* kaspi.c - Kaspi's merchant API: the door and the lists. Source: merchant guide, specs/kaspi; sheet
 * channels/kaspi.md.
 *
 * What the guide leaves open is answered as working clients have seen it: default agents are dropped without
 * a byte, windows over 14 days are refused.
 */
#include "sandbox/kaspi.h"

#define WINDOW_MS      (14 * DAY_MS)

static void kaspi_refuse(struct ask *a, int status, const char *code, const char *text)
{
    a->rp->status = status;
    a->rp->type = STR(KASPI_TYPE);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "errors", '[');
    json_begin(&j, NULL, '{');
    if (strcmp(code, "missing") == 0 || strcmp(code, "value") == 0)
        json_text(&j, "title", str_print(a->arena, "Invalid value of %s", text));
    else
        json_text(&j, "title", str_of(text));
    json_end(&j);
    json_end(&j);
    json_end(&j);
}

static void kaspi_retired(struct ask *a)
{
    kaspi_refuse(a, 404, "gone", "Resource not found");
}

static void kaspi_limited(struct ask *a, const struct bucket *b, int64_t wait_ms)
{
    (void)b;
    reply_header(a->rp, a->rq, STR("Retry-After"),
                 str_print(a->arena, "%lld", (long long)((wait_ms + 999) / 1000)));
    kaspi_refuse(a, 429, "limit", "Too many requests");
}

static void kaspi_allowed(struct ask *a, const struct bucket *b)
{
    (void)a;
    (void)b;
}

/* Agents of HTTP libraries: Kaspi takes the connection and never answers. Seen by several sellers in 2026-05.
 */
static const char *const dropped_agents[] = { "curl/",  "python-requests", "Python-urllib", "Go-http-client",
                                              "okhttp", "Java/",           "axios/",        "node-fetch",
                                              "undici", "Wget/",           "libcurl",       "PostmanRuntime",
                                              NULL };

static bool kaspi_admit(struct ask *a)
{
    str agent = ask_header(a, "User-Agent");
    bool dropped = str_trim(agent).len == 0;
    for (int i = 0; dropped_agents[i] && !dropped; i++)
        dropped = str_starts(agent, str_of(dropped_agents[i]));
    if (dropped) {
        a->rp->silent = true;
        return false;
    }
    a->account = ask_header(a, "X-Auth-Token");
    if (a->account.len < 4 || str_is(a->account, "wrong-token")) {
        kaspi_refuse(a, 401, "auth", "Unauthorized");
        return false;
    }
    str type = ask_header(a, "Content-Type");
    if (a->op->writes && !str_starts(type, STR("application/vnd.api+json"))) {
        kaspi_refuse(a, 415, "type", "Content-Type must be application/vnd.api+json");
        return false;
    }
    return true;
}

/* ---- reading ---- */

struct kaspi_filter {
    str state, status, delivery_type;
    instant from, to;
    int64_t page, size;
    bool entries, signature_asked, signature;
};

static bool filter_time(struct ask *a, const char *name, bool required, instant fallback, instant *out)
{
    str text = query_text(a->rq, name);
    if (!text.len && required) {
        kaspi_refuse(a, 400, "filter", "Required filter [orders][creationDate][$ge] is empty");
        return false;
    }
    *out = fallback;
    const int64_t far = INT64_C(100000000000000);           /* the year 5138, so that spans stay in range */
    if (text.len && (!str_to_int(text, &out->ms) || out->ms < 0 || out->ms > far)) {
        kaspi_refuse(a, 400, "filter", str_zero(a->arena, str_print(a->arena, "Invalid value of %s", name)));
        return false;
    }
    return true;
}

static bool filter_page(struct ask *a, const char *name, int64_t min, int64_t max, int64_t *out)
{
    str text = query_text(a->rq, name);
    if (!text.len || !str_to_int(text, out) || *out < min || *out > max) {
        kaspi_refuse(
            a, 400, "filter",
            str_zero(a->arena, str_print(a->arena, "%s %s",
                                         text.len ? "Invalid value of" : "Required parameter", name)));
        return false;
    }
    return true;
}

static const char *const states[] = { "NEW",      "SIGN_REQUIRED",  "PICKUP",
                                      "DELIVERY", "KASPI_DELIVERY", "ARCHIVE",
                                      NULL };

static bool filter_read(struct ask *a, struct kaspi_filter *f)
{
    f->state = query_text(a->rq, "filter[orders][state]");
    f->status = query_text(a->rq, "filter[orders][status]");
    f->delivery_type = query_text(a->rq, "filter[orders][deliveryType]");
    f->entries = str_has(query_text(a->rq, "include[orders]"), STR("entries"));
    str signature = query_text(a->rq, "filter[orders][signatureRequired]");
    f->signature_asked = signature.len > 0;
    f->signature = str_is(signature, "true");
    if (!filter_page(a, "page[number]", 0, 1000000, &f->page)
        || !filter_page(a, "page[size]", 1, 100, &f->size))
        return false;
    bool known = false;
    for (int i = 0; states[i]; i++)
        known = known || str_is(f->state, states[i]);
    if (!known) {
        kaspi_refuse(a, 400, "filter",
                     f->state.len ? "Invalid value of filter[orders][state]"
                                  : "Required filter [orders][state] is empty");
        return false;
    }
    if (!filter_time(a, "filter[orders][creationDate][$ge]", true, a->now, &f->from)
        || !filter_time(a, "filter[orders][creationDate][$le]", false, a->now, &f->to))
        return false;
    if (f->to.ms - f->from.ms > WINDOW_MS) {
        kaspi_refuse(a, 400, "filter",
                     "Difference between [orders][creationDate][$ge] and [orders][creationDate][$le] must be "
                     "at most 14 days");
        return false;
    }
    return true;
}

static bool filter_takes(const struct kaspi_filter *f, const struct morder *o)
{
    struct kaspi_words w = kaspi_words(o);
    return o->market == MARKET_KASPI && str_is(f->state, w.state)
           && (!f->status.len || str_is(f->status, w.status))
           && (!f->signature_asked || f->signature == o->signature_required)
           && (!f->delivery_type.len || str_has(o->mode, f->delivery_type)) && o->created_at.ms >= f->from.ms
           && o->created_at.ms <= f->to.ms;
}

static void orders_reply(struct ask *a, const struct morder_refs *page, bool entries, int64_t pages,
                         int64_t total)
{
    a->rp->type = STR(KASPI_TYPE);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "data", '[');
    for (int i = 0; i < page->count; i++)
        kaspi_order_write(&j, NULL, a, page->at[i]);
    json_end(&j);
    json_begin(&j, "included", '[');
    for (int i = 0; entries && i < page->count; i++)
        for (int k = 0; k < page->at[i]->lines.count; k++)
            kaspi_entry_write(&j, NULL, a, page->at[i], k);
    json_end(&j);
    json_begin(&j, "meta", '{');
    json_number(&j, "pageCount", pages);
    json_number(&j, "totalCount", total);
    json_end(&j);
    json_end(&j);
}

void kaspi_orders_list(struct ask *a)
{
    struct morder_refs page = { 0 };
    str code = query_text(a->rq, "filter[orders][code]");
    if (code.len) {
        struct morder *o = morder_by_number(a->sb, MARKET_KASPI, code);
        if (o)
            *morder_refs_add(&page, a->arena) = o;
        orders_reply(a, &page, str_has(query_text(a->rq, "include[orders]"), STR("entries")), page.count,
                     page.count);
        return;
    }
    struct kaspi_filter f = { 0 };
    if (!filter_read(a, &f))
        return;
    int64_t total = 0;
    for (int i = 0; i < a->sb->orders.count; i++)
        if (filter_takes(&f, a->sb->orders.at[i])) {
            if (total / f.size == f.page)
                *morder_refs_add(&page, a->arena) = a->sb->orders.at[i];
            total++;
        }
    page_spoil(a, &page);
    orders_reply(a, &page, f.entries, (total + f.size - 1) / f.size, total);
}

static struct morder *path_order(struct ask *a)
{
    struct morder *o = morder_find(a->sb, MARKET_KASPI, path_text(a->rq, "id"));
    if (!o)
        kaspi_refuse(a, 404, "order", "Resource not found");
    return o;
}

void kaspi_order_get(struct ask *a)
{
    struct morder *o = path_order(a);
    if (o)
        kaspi_order_reply(a, o);
}

void kaspi_order_reply(struct ask *a, const struct morder *o)
{
    a->rp->type = STR(KASPI_TYPE);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    kaspi_order_write(&j, "data", a, o);
    json_begin(&j, "included", '[');
    json_end(&j);
    json_end(&j);
}

void kaspi_entries_get(struct ask *a)
{
    struct morder *o = path_order(a);
    if (!o)
        return;
    a->rp->type = STR(KASPI_TYPE);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "data", '[');
    for (int i = 0; i < o->lines.count; i++)
        kaspi_entry_write(&j, NULL, a, o, i);
    json_end(&j);
    json_begin(&j, "included", '[');
    json_end(&j);
    json_end(&j);
}

struct mline *kaspi_entry_find(struct ask *a, str id, struct morder **order)
{
    for (int i = 0; i < a->sb->orders.count; i++) {
        struct morder *o = a->sb->orders.at[i];
        for (int k = 0; o->market == MARKET_KASPI && k < o->lines.count; k++)
            if (str_eq(kaspi_entry_id(a->arena, o, k), id)) {
                *order = o;
                return &o->lines.at[k];
            }
    }
    return NULL;
}

const struct market_def kaspi_market = {
    .prefix = "/kaspi/shop/api",
    .ops = kaspi_ops,
    .admit = kaspi_admit,
    .refuse = kaspi_refuse,
    .retired = kaspi_retired,
    .limited = kaspi_limited,
    .allowed = kaspi_allowed,
};
