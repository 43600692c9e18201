/* wildberries_write.c - supplies and cancels: adding to a supply confirms an order, closing the supply hands
 * it over. */
#include "sandbox/wildberries.h"

static int supply_count(struct sandbox *sb, const struct mbatch *b)
{
    int n = 0;
    for (int i = 0; i < sb->orders.count; i++)
        n += sb->orders.at[i]->market == MARKET_WB && str_eq(sb->orders.at[i]->batch, b->id);
    return n;
}

static struct mbatch *path_supply(struct ask *a)
{
    struct mbatch *b = mbatch_find(a->sb, MARKET_WB, path_text(a->rq, "id"));
    if (!b)
        wb_error(a, 404, "NotFound");
    return b;
}

static void supply_create(struct ask *a)
{
    struct mbatch *b = mbatch_new(a->sb, MARKET_WB);
    b->name = str_copy(&a->sb->arena, json_str(json_get(a->body, "name")));
    mbatch_changed(a->sb, b);
    ask_heard(a, "supply_create", b->id, true, b->name);
    a->rp->status = REPLY_CREATED;
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_text(&j, "id", b->id);
    json_end(&j);
}

static void supply_write(struct json_out *j, const struct ask *a, const struct mbatch *b)
{
    bool is_empty = supply_count(a->sb, b) == 0;
    json_begin(j, NULL, '{');
    json_text(j, "id", b->id);
    if (is_empty)
        json_null(j, "isB2b");
    else
        json_bool(j, "isB2b", false);
    json_bool(j, "isPickupPointShipmentAllowed", true);
    json_bool(j, "done", instant_is_set(b->closed_at));
    json_instant(j, "createdAt", (instant){ b->created_at.ms / 1000 * 1000 });
    json_instant(j, "closedAt", (instant){ b->closed_at.ms / 1000 * 1000 });
    json_null(j, "scanDt");
    json_text(j, "name", b->name);
    json_number(j, "cargoType", b->cargo_type);
    if (is_empty)
        json_null(j, "crossBorderType");
    else
        json_number(j, "crossBorderType", 0);
    json_null(j, "destinationOfficeId");
    json_end(j);
}

static void supply_list(struct ask *a)
{
    int64_t limit, next, shown = 0;
    if (!wb_page(a, &limit, &next))
        return;
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "supplies", '[');
    int64_t at = next;
    for (; at < a->sb->batches.count && shown < limit; at++) {
        struct mbatch *b = a->sb->batches.at[at];
        if (b->market != MARKET_WB || b->is_gone)
            continue;
        supply_write(&j, a, b);
        shown++;
    }
    json_end(&j);
    json_number(&j, "next", shown >= limit ? at : 0);
    json_end(&j);
}

static void supply_get(struct ask *a)
{
    struct mbatch *b = path_supply(a);
    if (!b)
        return;
    struct json_out j = reply_json(a->rq, a->rp);
    supply_write(&j, a, b);
}

static void supply_delete(struct ask *a)
{
    struct mbatch *b = path_supply(a);
    if (!b)
        return;
    bool allowed = supply_count(a->sb, b) == 0 && !instant_is_set(b->closed_at);
    ask_heard(a, "supply_delete", b->id, allowed, (str){ 0 });
    if (!allowed) {
        wb_error(a, 409, "SupplyHasOrders");
        return;
    }
    b->is_gone = true;
    mbatch_changed(a->sb, b);
    a->rp->status = REPLY_NO_CONTENT;
}

static void supply_order_ids(struct ask *a)
{
    struct mbatch *b = path_supply(a);
    if (!b)
        return;
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "orderIds", '[');
    for (int i = 0; i < a->sb->orders.count; i++)
        if (a->sb->orders.at[i]->market == MARKET_WB && str_eq(a->sb->orders.at[i]->batch, b->id))
            json_raw(&j, NULL, a->sb->orders.at[i]->id);
    json_end(&j);
    json_end(&j);
}

/* May this order go into this supply? One cargo type and one warehouse in a supply; the first order sets
 * them. */
static bool supply_takes(const struct mbatch *b, const struct morder *o)
{
    return (o->stage == STAGE_NEW || o->stage == STAGE_ACCEPTED) && !instant_is_set(b->closed_at)
           && (!b->cargo_type || b->cargo_type == o->cargo_type)
           && (!b->warehouse || b->warehouse == o->warehouse);
}

/* All of them or none. */
static void supply_add(struct ask *a)
{
    struct mbatch *b = path_supply(a);
    if (!b)
        return;
    struct morder_refs list = { 0 };
    struct mbatch probe = *b;
    bool all = true;
    JSON_EACH(id, json_get(a->body, "orders")) {
        struct morder *o = morder_find(a->sb, MARKET_WB, json_str(id));
        if (!o) {
            wb_error(a, 404, "NotFound");
            return;
        }
        all = all && supply_takes(&probe, o);
        if (!probe.cargo_type) {
            probe.cargo_type = o->cargo_type;
            probe.warehouse = o->warehouse;
        }
        *morder_refs_add(&list, a->arena) = o;
    }
    for (int i = 0; i < list.count; i++)
        ask_heard(a, "confirm", list.at[i]->id, all && list.at[i]->stage == STAGE_NEW, b->id);
    if (!all) {
        wb_error(a, 409, "FailedToAddSupplyOrder");
        return;
    }
    for (int i = 0; i < list.count; i++) {
        struct morder *o = list.at[i];
        o->batch = b->id;
        if (o->stage == STAGE_NEW)
            morder_stage(a->sb, o, STAGE_ACCEPTED);
        else
            morder_changed(a->sb, o);
    }
    *b = probe;
    mbatch_changed(a->sb, b);
    a->rp->status = REPLY_NO_CONTENT;
}

static void supply_deliver(struct ask *a)
{
    struct mbatch *b = path_supply(a);
    if (!b)
        return;
    bool is_open = !instant_is_set(b->closed_at), any = supply_count(a->sb, b) > 0;
    ask_heard(a, "supply_deliver", b->id, is_open && any, (str){ 0 });
    if (!is_open || !any) {
        wb_error(a, 409, any ? "StatusMismatch" : "SupplyHasZeroOrders");
        return;
    }
    b->closed_at = a->now;
    mbatch_changed(a->sb, b);
    for (int i = 0; i < a->sb->orders.count; i++) {
        struct morder *o = a->sb->orders.at[i];
        if (o->market != MARKET_WB || !str_eq(o->batch, b->id) || o->stage != STAGE_ACCEPTED)
            continue;
        ask_heard(a, "hand_over", o->id, true, b->id);
        morder_stage(a->sb, o, STAGE_HANDED);
    }
    a->rp->status = REPLY_NO_CONTENT;
}

static void order_cancel_patch(struct ask *a)
{
    struct morder *o = morder_find(a->sb, MARKET_WB, path_text(a->rq, "id"));
    int64_t n;
    if (!str_to_int(path_text(a->rq, "id"), &n)) {
        wb_error(a, 400, "IncorrectParameter");
        return;
    }
    if (!o) {
        wb_error(a, 404, "NotFound");
        return;
    }
    bool allowed = wb_cancellable(o);
    ask_heard(a, "cancel", o->id, allowed, (str){ 0 });
    if (!allowed) {
        wb_error(a, 409, "StatusMismatch");
        return;
    }
    morder_cancel(a->sb, o, BY_SELLER, (str){ 0 }, (str){ 0 });
    a->rp->status = REPLY_NO_CONTENT;
}

static void ping(struct ask *a)
{
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_instant(&j, "TS", a->now);
    json_text(&j, "Status", STR("OK"));
    json_end(&j);
}

static void warehouses(struct ask *a)
{
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '[');
    json_begin(&j, NULL, '{');
    json_text(&j, "name", STR("Склад «Карапуз»"));
    json_number(&j, "officeId", 210515);
    json_number(&j, "id", 658434);
    json_number(&j, "cargoType", 1);
    json_number(&j, "deliveryType", 1);
    json_bool(&j, "isDeleting", false);
    json_bool(&j, "isProcessing", false);
    json_end(&j);
    json_end(&j);
}

static const struct rule name_rules[] = { { "name", RULE_TEXT, true, 1, 128 }, { 0 } };
static const struct rule ids_1000[] = { { "orders", RULE_INTS, true, 1, 1000 }, { 0 } };
static const struct rule ids_100[] = { { "orders", RULE_INTS, true, 1, 100 }, { 0 } };

enum { ORDERS, CANCEL, CLAIMS, GOODS, RATING };
const struct op wb_ops[] = {
    { HTTP_GET, "/ping", ping },
    { HTTP_GET, "/media/photos.wbstatic.net/claim/{id}/{file}", market_picture, .open = true },
    { HTTP_GET, "/api/v3/warehouses", warehouses },
    { HTTP_GET, "/api/v3/orders/new", wb_orders_new },
    { HTTP_GET, "/api/v3/orders", wb_orders_list },
    { HTTP_POST, "/api/v3/orders/status", wb_orders_status, .rules = ids_1000 },
    { HTTP_POST, "/api/v3/orders/stickers", wb_stickers, .rules = ids_100 },
    { HTTP_PATCH, "/api/v3/orders/{id}/cancel", order_cancel_patch, .writes = true, .bucket = CANCEL },
    { HTTP_POST, "/api/v3/supplies", supply_create, .writes = true, .rules = name_rules },
    { HTTP_GET, "/api/v3/supplies", supply_list },
    { HTTP_GET, "/api/v3/supplies/{id}", supply_get },
    { HTTP_DELETE, "/api/v3/supplies/{id}", supply_delete, .writes = true },
    { HTTP_PATCH, "/api/marketplace/v3/supplies/{id}/orders", supply_add, .writes = true, .rules = ids_100 },
    { HTTP_GET, "/api/marketplace/v3/supplies/{id}/order-ids", supply_order_ids },
    { HTTP_PATCH, "/api/v3/supplies/{id}/deliver", supply_deliver, .writes = true },
    { HTTP_GET, "/api/v1/claims", wb_claims, .bucket = CLAIMS },
    { HTTP_PATCH, "/api/v1/claim", wb_claim_patch, .writes = true, .rules = wb_claim_rules, .bucket = CLAIMS },
    { HTTP_GET, "/api/v1/analytics/goods-return", wb_goods_return, .bucket = GOODS },
    { HTTP_GET, "/api/common/v1/rating", wb_rating, .bucket = RATING },
    /* Gone: one order at a time, and the orders of a supply in full. */
    { HTTP_PATCH, "/api/v3/supplies/{id}/orders/{order}", NULL },
    { HTTP_GET, "/api/v3/supplies/{id}/orders", NULL },
    { HTTP_NONE },
};
