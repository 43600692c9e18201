#include "orders/queue_http.h"

#include "deadlines/shop.h"
#include "orders/order_flow.h"

#define PERIOD_DAYS_MAX 400

bool request_filter(const struct request *rq, str query, struct queue_filter *out, struct err *err)
{
    struct row_view view = request_view(rq);
    if (!queue_filter_read(rq->work.arena, query, rq->who.user_id, out, err))
        return false;
    if (!view.prices && (out->has_from || out->has_to))
        return err_set(err, ERR_QUERY_INVALID, out->has_from ? "total_from" : "total_to", "is only for who may see prices");
    out->whole_phones = !view.contacts;
    out->country      = rq->work.shop->country;
    return true;
}

static bool ask(struct request *rq, bool open_only, struct queue_filter *f, struct err *err)
{
    if (!request_filter(rq, rq->query, f, err))
        return false;
    f->open_only = open_only;
    if (!open_only && f->sort == SORT_URGENCY && !query_has(rq, "sort"))
        f->sort = SORT_NEWEST;
    return true;
}

static bool list_reply(struct request *rq, struct reply *rp, const struct queue_filter *f, struct err *err)
{
    struct queue_row_list list  = { 0 };
    struct queue_scope    scope = request_scope(rq);
    struct row_view       view  = request_view(rq);
    bool                  more;

    if (!queue_rows(rq->work.db, f, &scope, rq->work.arena, &list, &more, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < list.count; i++)
        queue_row_write(&j, NULL, &list.at[i], &view);
    json_end(&j);
    json_text_or_null(&j, "next", more ? queue_cursor(rq->work.arena, &list.at[list.count - 1]) : STR(""));
    json_instant(&j, "now", rq->work.now);
    json_end(&j);
    return true;
}

static bool queue_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct queue_filter f;
    return ask(rq, true, &f, err) && list_reply(rq, rp, &f, err);
}

static bool orders_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct queue_filter f;
    return ask(rq, false, &f, err) && list_reply(rq, rp, &f, err);
}

static void count_write(struct json_out *j, const char *key, const struct zone_count *c, bool prices)
{
    json_begin(j, key, '{');
    json_number(j, "count", c->n);
    if (prices)
        json_amount_text(j, "sum", c->total);
    else
        json_null(j, "sum");
    json_end(j);
}

static bool counts_reply(struct request *rq, struct reply *rp, const struct queue_filter *f, struct err *err)
{
    struct queue_counts c;
    struct queue_scope  scope  = request_scope(rq);
    bool                prices = request_view(rq).prices;

    if (!queue_count(rq->work.db, f, &scope, rq->work.arena, &c, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    count_write(&j, "total", &c.all, prices);
    json_begin(&j, "zones", '{');
    for (int z = 0; z < ZONE_COUNT; z++)
        count_write(&j, sla_zone_names[z], &c.zones[z], prices);
    json_end(&j);
    json_text_or_null(&j, "currency", c.currency);
    json_bool(&j, "mixed", c.mixed);
    json_end(&j);
    return true;
}

static bool next_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct queue_row_list list  = { 0 };
    struct queue_scope    scope = request_scope(rq);
    struct row_view       view  = request_view(rq);
    struct queue_filter   f;
    rid                   id;

    if (rq->who.is_key)
        return err_set(err, ERR_FORBIDDEN, "", "orders are taken by people");
    if (!request_filter(rq, json_str(json_get(rq->json, "query")), &f, err) || !order_take_next(&rq->work, &f, &scope, &id, err))
        return false;
    if (id_is_set(id) && !queue_rows_by_ids(rq->work.db, &id, 1, &scope, rq->work.arena, &list, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    if (list.count)
        queue_row_write(&j, "order", &list.at[0], &view);
    else
        json_null(&j, "order");
    json_end(&j);
    return true;
}

static bool asks_closed(const struct queue_filter *f)
{
    for (int i = 0; i < HUB_STATUS_COUNT; i++)
        if ((f->statuses & BIT(i)) && hub_status_closed((enum hub_status)i))
            return true;
    return false;
}

/* Closed orders are many: they are counted where totals are kept, or along an index over a period, a person or a search. */
static bool countable(const struct request *rq, const struct queue_filter *f)
{
    instant to = instant_is_set(f->placed_to) ? f->placed_to : rq->work.now;
    return (instant_is_set(f->placed_from) && to.ms - f->placed_from.ms <= PERIOD_DAYS_MAX * DAY_MS) || id_is_set(f->customer_id) ||
           f->q.len || queue_count_kept(f);
}

static bool counts_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct queue_filter f;
    if (!ask(rq, true, &f, err))
        return false;
    f.open_only = !asks_closed(&f);
    if (!f.open_only && !countable(rq, &f))
        return err_set(err, ERR_QUERY_INVALID, "placed_from", "such orders are counted over a period of at most %d days", PERIOD_DAYS_MAX);
    return counts_reply(rq, rp, &f, err);
}

const struct query_param queue_filters[] = {
    { "status", "hub statuses, comma between" }, { "account_id", "channel accounts" }, { "channel", "channel names" },
    { "zone", "breached, red, yellow, green, none" }, { "assignee_id", "people, me or none, comma between" }, { "customer_id", "a customer" },
    { "mark", "marks, any of them" }, { "tag", "tags, any of them" }, { "q", "name, phone, last digits or order number" },
    { "placed_from", "RFC 3339" }, { "placed_to", "RFC 3339" }, { "total_from", "amount" }, { "total_to", "amount" },
    { "sort", "urgency, placed_at, -placed_at" }, { "limit", "1 to 200" }, { "after", "cursor of the page before" }, { NULL, NULL },
};

const struct route queue_routes[] = {
    { HTTP_GET, "/api/queue", PERM_ORDERS_SEE, queue_get, .reply_schema = "QueuePage", .query = queue_filters, .tag = "orders",
      .doc = "Orders that need work, most urgent first" },
    { HTTP_GET, "/api/queue/counts", PERM_ORDERS_SEE, counts_get, .reply_schema = "QueueCounts", .query = queue_filters, .tag = "orders",
      .doc = "How many and how much, by zone: of open orders, or of all when a closed status is asked for" },
    { HTTP_POST, "/api/queue/next", PERM_ORDERS_WORK, next_post, .json = true, .reply_schema = "OrderTaken", .creates = true, .tag = "orders",
      .doc = "Take the most urgent order of a list that nobody has" },
    { HTTP_GET, "/api/orders", PERM_ORDERS_SEE, orders_get, .reply_schema = "QueuePage", .query = queue_filters, .tag = "orders",
      .doc = "Any orders, newest first" },
    { .method = HTTP_NONE },
};
