/* labels_http.c - labels of orders for whoever packs them: which are here and why the rest is not, the files, and that they were printed. */
#include "deadlines/shop.h"
#include "orders/label_flow.h"
#include "orders/label_store.h"
#include "orders/order_store.h"
#include "orders/queue_http.h"
#include "sync/channels_own_http.h"

/* Orders in the order in which they were asked for, with their labels. */
struct sheet { struct order_list orders; struct label_list labels; const rid *ids; int count; };

static bool is_excepted(const struct json *except, int64_t id)
{
    JSON_EACH(e, except) {
        rid x;
        if (id_parse(json_str(e), &x) && x.v == id)
            return true;
    }
    return false;
}

static bool ids_by_query(struct request *rq, struct sheet *s, struct err *err)
{
    struct queue_filter f;
    struct queue_scope  scope = request_scope(rq);
    struct int_list     found = { 0 };
    if (!request_filter(rq, json_str(json_get(rq->json, "query")), &f, err))
        return false;
    f.open_only = true;
    if (!queue_ids(rq->work.db, &f, &scope, LABELS_MAX + 1, rq->work.arena, &found, err))
        return false;
    if (found.count > LABELS_MAX)
        return err_set(err, ERR_LIMIT, "query", "more than %d orders match; narrow the list", LABELS_MAX);
    rid *ids = ARENA_ARRAY(rq->work.arena, rid, found.count + 1);
    for (int i = 0; i < found.count; i++)
        if (!is_excepted(json_get(rq->json, "except"), found.at[i]))
            ids[s->count++] = (rid){ found.at[i] };
    s->ids = ids;
    return true;
}

static bool ids_listed(struct request *rq, struct sheet *s, struct err *err)
{
    const struct json *list = json_get(rq->json, "ids");
    if (!list || list->kind != JSON_ARRAY || list->count > LABELS_MAX)
        return err_add(err, "ids", "must be a list of at most %d ids", LABELS_MAX);
    rid *ids = ARENA_ARRAY(rq->work.arena, rid, list->count + 1);
    JSON_EACH(e, list) {
        if (!id_parse(json_str(e), &ids[s->count]))
            return err_add(err, "ids", "must be ids");
        bool named = false;             /* a label is printed once, however often its order is named */
        for (int i = 0; i < s->count && !named; i++)
            named = id_eq(ids[i], ids[s->count]);
        s->count += !named;
    }
    s->ids = ids;
    return true;
}

static bool order_seen(const struct request *rq, const struct order *o)
{
    unsigned statuses = request_scope(rq).statuses;
    return account_in_scope(rq, o->account_id) && (!statuses || statuses & BIT(o->status));
}

/* What who asks may not see is left out, as if it were not there. */
static bool orders_load(struct request *rq, struct sheet *s, struct err *err)
{
    struct order_list found = { 0 };
    if (s->count && !orders_by_ids(rq->work.db, s->ids, s->count, rq->work.arena, &found, err))
        return false;
    for (int i = 0; i < s->count; i++)
        for (int k = 0; k < found.count; k++)
            if (id_eq(found.at[k].id, s->ids[i]) && order_seen(rq, &found.at[k]))
                *order_list_add(&s->orders, rq->work.arena) = found.at[k];
    return true;
}

static bool labels_load(struct request *rq, struct sheet *s, struct err *err)
{
    rid *ids = ARENA_ARRAY(rq->work.arena, rid, s->orders.count + 1);
    for (int i = 0; i < s->orders.count; i++)
        ids[i] = s->orders.at[i].id;
    s->labels = (struct label_list){ 0 };
    return !s->orders.count || labels_of(rq->work.db, ids, s->orders.count, rq->work.arena, &s->labels, err);
}

static const struct label *label_of(const struct sheet *s, rid order)
{
    for (int i = 0; i < s->labels.count; i++)
        if (id_eq(s->labels.at[i].order_id, order))
            return &s->labels.at[i];
    return NULL;
}

static enum label_wait wait_of(struct request *rq, const struct order *o)
{
    const struct channel *c = sync_channel(request_sync(rq), o->channel);
    const struct label_order q = { o->external_id, o->number, o->external_status, o->status, o->scheme };
    return c && c->label_wait ? c->label_wait(&q) : LABEL_NONE;
}

static bool sheet_read(struct request *rq, struct sheet *s, struct err *err)
{
    *s = (struct sheet){ 0 };
    if (!(json_get(rq->json, "query") ? ids_by_query(rq, s, err) : ids_listed(rq, s, err)))
        return false;
    return orders_load(rq, s, err) && labels_load(rq, s, err);
}

/* One that is told to wait by its order is not asked for: the market would only refuse. */
static bool sheet_ask(struct request *rq, struct sheet *s, struct err *err)
{
    bool again = json_true(json_get(rq->json, "again"));
    const struct order **wanted = ARENA_ARRAY(rq->work.arena, const struct order *, s->orders.count + 1);
    int n = 0;
    for (int i = 0; i < s->orders.count; i++) {
        const struct order *o = &s->orders.at[i];
        const struct label *l = label_of(s, o->id);
        bool has = l && (l->state == LABEL_WAITING || l->state == LABEL_FETCHED);
        if ((again || !has) && wait_of(rq, o) == LABEL_MAY)
            wanted[n++] = o;
    }
    if (!n)
        return true;
    if (!labels_order(&rq->work, wanted, n, again, err) || !labels_load(rq, s, err))
        return false;
    sync_wake(request_sync(rq));
    return true;
}

static void label_write(struct request *rq, const struct sheet *s, const struct order *o, struct json_out *j)
{
    const struct label *l = label_of(s, o->id);
    enum label_wait  wait = wait_of(rq, o);
    bool             told = l && l->state != LABEL_FORGOTTEN;
    json_begin(j, NULL, '{');
    json_id(j, "order_id", o->id);
    json_text(j, "number", o->number);
    json_text(j, "channel", o->channel);
    json_text(j, "state", told ? str_of(label_state_names[l->state]) : STR("none"));
    json_text(j, "problem", told ? l->problem : wait ? str_print(rq->work.arena, "label.%s", label_wait_names[wait]) : STR(""));
    json_text(j, "words", told ? l->words : STR(""));
    json_text(j, "type", told ? str_of(label_type_names[l->type]) : STR(""));
    json_number(j, "width_mm", told ? l->width_mm : 0);
    json_number(j, "height_mm", told ? l->height_mm : 0);
    json_number(j, "size", told ? l->size : 0);
    json_instant(j, "next_at", told ? l->due_at : (instant){ 0 });
    json_number(j, "prints", l ? l->prints : 0);
    json_instant(j, "printed_at", l ? l->printed_at : (instant){ 0 });
    json_text(j, "printed_name", l ? l->printed_name : STR(""));
    json_end(j);
}

static bool labels_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct sheet s;
    if (!sheet_read(rq, &s, err))
        return false;
    bool asks = json_true(json_get(rq->json, "ask")) || json_true(json_get(rq->json, "again"));
    if (asks && !sheet_ask(rq, &s, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < s.orders.count; i++)
        label_write(rq, &s, &s.orders.at[i], &j);
    json_end(&j);
    json_instant(&j, "now", rq->work.now);
    json_end(&j);
    return true;
}

static bool printed_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct sheet    s    = { 0 };
    struct int_list done = { 0 };
    if (!ids_listed(rq, &s, err) || !orders_load(rq, &s, err) || !labels_print(&rq->work, s.orders.at, s.orders.count, &done, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "done", '[');
    for (int i = 0; i < done.count; i++)
        json_id(&j, NULL, (rid){ done.at[i] });
    json_end(&j);
    json_end(&j);
    return true;
}

/* "label-12345678-0001-1.pdf": letters and digits of the number, and nothing that a file system or a header could stumble over. */
static str file_name(struct arena *a, const struct order *o, enum label_type type)
{
    struct buf b = buf_in(a);
    buf_add(&b, STR("attachment; filename=\"label-"));
    for (size_t i = 0; i < o->number.len && i < 60; i++) {
        char c = o->number.at[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        buf_add_char(&b, plain ? c : '_');
    }
    buf_print(&b, ".%s\"", label_type_names[type]);
    return buf_str(&b);
}

/* The file as the market gave it: it is handed over and never shown as a page of ours. */
static bool label_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct order      o;
    struct label_list list = { 0 };
    str               bytes;
    rid               id;
    if (!path_id(rq, "id", &id, err) || !order_get(rq->work.db, id, rq->work.arena, &o, err))
        return false;
    if (!order_seen(rq, &o))
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such order");
    if (!labels_of(rq->work.db, &id, 1, rq->work.arena, &list, err) || !label_bytes(rq->work.db, id, rq->work.arena, &bytes, err))
        return false;
    if (!list.count || list.at[0].state != LABEL_FETCHED)
        return err_set(err, ERR_NOT_FOUND, "id", "there is no label of this order");
    rp->type = str_of(label_media_type(list.at[0].type));
    rp->body = buf_in(rq->work.arena);
    buf_add(&rp->body, bytes);
    reply_header(rp, rq, STR("Content-Disposition"), file_name(rq->work.arena, &o, list.at[0].type));
    reply_header(rp, rq, STR("Content-Security-Policy"), STR("default-src 'none'; sandbox"));
    return true;
}

const struct route label_routes[] = {
    { HTTP_POST, "/api/labels", PERM_PICKING, labels_post, .json = true, .body_schema = "LabelAsk", .reply_schema = "LabelList", .tag = "labels",
      .doc = "Labels of orders, by ids or by a list's filter, in its order: which are here, and why the rest is not; ask fetches those that are missing" },
    { HTTP_POST, "/api/labels/printed", PERM_PICKING, printed_post, .json = true, .body_schema = "LabelIds", .reply_schema = "LabelsPrinted", .creates = true, .tag = "labels",
      .doc = "The labels of these orders went to a printer: kept in their histories" },
    { HTTP_GET, "/api/orders/{id}/label", PERM_PICKING, label_get, .types = "application/pdf image/png text/plain", .tag = "labels",
      .doc = "The label as the marketplace drew it" },
    { .method = HTTP_NONE },
};
