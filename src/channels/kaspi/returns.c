/* returns.c - Kaspi tells of returns by the status of the order: which orders of a page are returns, and how far.
 *
 * Sources: the seller's guide, sheet channels/kaspi.md sections 4 and 5. Kaspi decides and pays itself; the seller is asked for one
 * thing only, to confirm that the goods have come back. An order that was cancelled before the courier took it has no goods on the way.
 */
#include "channels/kaspi/kaspi.h"

static bool is_true(const struct json *a, const char *path) { return json_true(json_path(a, path)); }

/* False: this order is no return. */
static bool way_back(const struct json *a, str status, struct return_draft *d)
{
    bool left = !json_is_null(json_path(a, "kaspiDelivery.courierTransmissionDate")), back = is_true(a, "kaspiDelivery.returnedToWarehouse");
    d->route = ROUTE_TO_SELLER;
    if (str_is(status, "KASPI_DELIVERY_RETURN_REQUESTED") || str_is(status, "RETURN_ACCEPTED_BY_MERCHANT") || str_is(status, "ARRIVED_BACKWARD")) {
        d->kind  = RETURN_GOODS;
        d->state = str_is(status, "KASPI_DELIVERY_RETURN_REQUESTED") ? RETURN_IN_TRANSIT : RETURN_RECEIVED;
        return true;
    }
    if (str_is(status, "RETURNED")) {
        d->kind  = RETURN_GOODS;
        d->state = RETURN_REFUNDED;
        return true;
    }
    if (str_is(status, "CANCELLING") || str_is(status, "CANCELLED")) {
        bool over = str_is(status, "CANCELLED");
        d->kind   = left ? RETURN_REFUSAL : RETURN_CANCELLATION;
        d->state  = left ? (back ? RETURN_RECEIVED : RETURN_IN_TRANSIT) : over ? RETURN_CLOSED : RETURN_REQUESTED;
        d->route  = left ? ROUTE_TO_SELLER : ROUTE_KEEP;
        return true;
    }
    return false;
}

static void take_lines(struct arena *a, const struct order_draft *o, struct return_draft *d)
{
    d->has_lines = o->has_lines;
    for (int i = 0; i < o->lines.count; i++) {
        const struct draft_line *l = &o->lines.at[i];
        *return_draft_line_list_add(&d->lines, a) = (struct return_draft_line){
            .external_offer_id = l->external_offer_id, .article = l->article, .title = l->title, .qty = l->qty > 0 ? l->qty : 1,
            .has_amount = l->has_price, .amount = l->line_total,
        };
    }
}

void kaspi_order_back(const struct call *call, const struct raw_event *e, struct returned_list *out)
{
    struct order_draft o = { 0 };
    struct returned    r = { .external_id = e->external_id };
    struct err         bad = { 0 };
    const struct json *root = NULL;
    if (e->problem.len || !kaspi_order_read(call, e->payload, &o, &bad) || !json_read(call->arena, e->payload, REPLY_BYTES_MAX, &root, &bad)) {
        r.problem = e->problem.len ? e->problem : err_line(call->arena, &bad);
        *returned_list_add(out, call->arena) = r;
        return;
    }
    const struct json *a = json_path(root, "order.attributes");
    struct return_draft *d = &r.draft;
    if (!way_back(a, o.external_status, d)) {
        if (!o.status_key.len || status_row_find(kaspi_statuses, o.status_key))
            return;                                         /* an order like any other */
        r.problem = str_print(call->arena, "status %.*s is not known", STR_ARG(o.external_status));
    }
    d->external_id       = str_print(call->arena, "order:%.*s", STR_ARG(o.external_id));
    d->order_external_id = o.external_id;
    d->order_number      = o.number;
    d->external_state    = o.external_status;
    d->has_state         = !r.problem.len;
    d->reason            = o.cancel_reason;
    d->requested_at      = o.changed_at;
    d->changed_at        = o.changed_at;
    d->currency          = o.currency;
    d->has_refund        = o.has_total;
    d->refund_amount     = o.grand_total;
    d->track             = o.delivery.track;
    take_lines(call->arena, &o, d);
    *returned_list_add(out, call->arena) = r;
}

bool kaspi_returns_read(const struct call *call, str body, struct returned_list *out, struct err *err)
{
    struct raw_event_list events = { 0 };
    if (!kaspi_page_read(call, body, &events, err))
        return false;
    for (int i = 0; i < events.count; i++)
        kaspi_order_back(call, &events.at[i], out);
    return true;
}
