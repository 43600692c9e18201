/* returns.c - rows of Ozon's list of returns (/v1/returns/list, /v2/returns/rfbs/list) in our words.
 *
 * Sources: the official file of April 2026, sheet channels/ozon.md section 7; what a system name of a status means for the goods and
 * the money is ours (the table below). A row of type Cancellation is a parcel that was cancelled or not collected, no wish of a buyer.
 */
#include "channels/ozon/ozon.h"

/* clang-format off */
static const struct { const char *name; enum return_state state; enum return_route route; } states[] = {
    { "DisputeOpened", RETURN_REQUESTED, ROUTE_TO_SELLER },            { "OnSellerApproval", RETURN_REQUESTED, ROUTE_TO_SELLER },
    { "OnSellerClarification", RETURN_CHECKING, ROUTE_TO_SELLER },     { "OnSellerClarificationAfterPartialCompensation", RETURN_CHECKING, ROUTE_TO_SELLER },
    { "DisputeOpening", RETURN_CHECKING, ROUTE_TO_SELLER },            { "DisputeYouOpened", RETURN_CHECKING, ROUTE_TO_SELLER },
    { "OfferedPartialCompensation", RETURN_CHECKING, ROUTE_KEEP },     { "CompensationOffered", RETURN_CHECKING, ROUTE_KEEP },
    { "WaitingCompensation", RETURN_REFUNDING, ROUTE_KEEP },           { "PartialCompensationInProcess", RETURN_REFUNDING, ROUTE_KEEP },
    { "Approved", RETURN_APPROVED, ROUTE_TO_SELLER },                  { "ApprovedByOzon", RETURN_APPROVED, ROUTE_TO_SELLER },
    { "WaitingShipment", RETURN_AWAITING_DROPOFF, ROUTE_TO_SELLER },   { "MovingToSeller", RETURN_IN_TRANSIT, ROUTE_TO_SELLER },
    { "ReturningToSellerByCourier", RETURN_IN_TRANSIT, ROUTE_TO_SELLER }, { "ArrivedAtReturnPlace", RETURN_IN_TRANSIT, ROUTE_TO_SELLER },
    { "MovingToOzon", RETURN_IN_TRANSIT, ROUTE_TO_CHANNEL },           { "ReturnedToOzon", RETURN_RECEIVED, ROUTE_TO_CHANNEL },
    { "ReceivedBySeller", RETURN_RECEIVED, ROUTE_TO_SELLER },          { "ReturnMoneyApproved", RETURN_REFUNDING, ROUTE_TO_SELLER },
    { "MoneyReturned", RETURN_REFUNDED, ROUTE_TO_SELLER },             { "MoneyReturnedBySystem", RETURN_REFUNDED, ROUTE_TO_SELLER },
    { "PartialCompensationReturned", RETURN_REFUNDED, ROUTE_KEEP },    { "Utilizing", RETURN_REFUNDED, ROUTE_TO_CHANNEL },
    { "Utilized", RETURN_REFUNDED, ROUTE_TO_CHANNEL },                 { "Rejected", RETURN_REJECTED, ROUTE_KEEP },
    { "CrmRejected", RETURN_REJECTED, ROUTE_KEEP },                    { "CompensationRejected", RETURN_REJECTED, ROUTE_KEEP },
    { "CompensationRejectedBySla", RETURN_REJECTED, ROUTE_KEEP },      { "CompensationRejectedBySeller", RETURN_REJECTED, ROUTE_KEEP },
    { "Cancelled", RETURN_CANCELLED, ROUTE_KEEP },                     { "CancelledDisputeNotOpen", RETURN_CANCELLED, ROUTE_KEEP },
    { "SendingError", RETURN_CLOSED, ROUTE_KEEP },
};
static const struct { const char *type; enum return_kind kind; } kinds[] = {
    { "Cancellation", RETURN_CANCELLATION }, { "FullReturn", RETURN_REFUSAL }, { "PartialReturn", RETURN_REFUSAL }, { "ClientReturn", RETURN_GOODS },
};
/* clang-format on */

static bool state_find(struct return_draft *d)
{
    for (int i = 0; i < COUNT_OF(states); i++)
        if (str_is(d->external_state, states[i].name)) {
            d->has_state = true;
            d->state     = states[i].state;
            d->route     = states[i].route;
            d->reopens   = str_is(d->external_state, "OnSellerClarificationAfterPartialCompensation");
        }
    return d->has_state;
}

bool ozon_return_state(str sys_name, enum return_state *out)
{
    struct return_draft d = { .external_state = sys_name };
    bool known = state_find(&d);
    *out = d.state;
    return known;
}

static bool read_product(struct arena *a, const struct json *row, struct return_draft *d, struct err *err)
{
    const struct json *p = json_get(row, "product");
    if (!p || p->kind != JSON_OBJECT)
        return true;
    struct return_draft_line *line = return_draft_line_list_add(&d->lines, a);
    line->external_offer_id = payload_text(json_get(p, "sku"));
    line->article           = payload_text(json_get(p, "offer_id"));
    line->title             = payload_text(json_get(p, "name"));
    line->qty               = 1;
    d->has_lines            = true;
    const struct json *qty  = json_get(p, "quantity");
    if (!json_is_null(qty) && (!payload_whole(qty, &line->qty) || line->qty < 1 || line->qty > 1000000))
        return payload_wrong(a, qty, err, "must be a whole number from 1");
    bool   has = false;
    amount each;
    if (!payload_amount(a, json_path(p, "price.price"), &has, &each, err))
        return false;
    d->currency = payload_text(json_path(p, "price.currency_code"));
    if (!has)
        return true;
    if (each.minor < 0 || each.minor > INT64_MAX / line->qty)
        return payload_wrong(a, json_path(p, "price.price"), err, "is too large");
    line->has_amount = d->has_refund = true;
    line->amount.minor = d->refund_amount.minor = each.minor * line->qty;
    return true;
}

static bool read_row(const struct call *call, const struct json *row, struct return_draft *d, struct err *err)
{
    struct arena *a = call->arena;
    d->external_id = payload_text(json_get(row, "id"));
    if (!d->external_id.len)
        return payload_missing(a, row, "id", err);
    d->external_state = payload_text(json_path(row, "visual.status.sys_name"));
    if (!d->external_state.len)
        return payload_missing(a, row, "visual.status.sys_name", err);
    d->order_external_id = payload_text(json_get(row, "posting_number"));
    d->order_number      = d->order_external_id.len ? d->order_external_id : payload_text(json_get(row, "order_number"));
    d->reason            = payload_text(json_get(row, "return_reason_name"));
    d->track             = payload_text(json_path(row, "logistic.barcode"));
    d->place             = payload_text(json_path(row, "place.name"));
    for (int i = 0; i < COUNT_OF(kinds); i++)
        if (str_is(payload_text(json_get(row, "type")), kinds[i].type))
            d->kind = kinds[i].kind;
    state_find(d);
    return payload_time(a, json_path(row, "logistic.return_date"), &d->requested_at, err) &&
           payload_time(a, json_path(row, "visual.change_moment"), &d->changed_at, err) &&
           payload_time(a, json_path(row, "storage.utilization_forecast_date"), &d->deadline_at, err) && read_product(a, row, d, err);
}

/* Requests of buyers to a seller who delivers himself. The state is one of the names above; where it is not, the group says how far. */
static bool read_rfbs(const struct call *call, const struct json *row, struct return_draft *d, struct err *err)
{
    static const struct { const char *group; enum return_state state; } groups[] = {
        { "New", RETURN_REQUESTED }, { "Delivering", RETURN_IN_TRANSIT }, { "Checkout", RETURN_RECEIVED }, { "Arbitration", RETURN_CHECKING },
        { "Approved", RETURN_REFUNDING }, { "Rejected", RETURN_REJECTED },
    };
    struct arena      *a    = call->arena;
    const struct json *more = json_get(row, "details");
    str id = payload_text(json_get(row, "return_id")), group = payload_text(json_path(row, "state.group_state"));
    if (!id.len)
        return payload_missing(a, row, "return_id", err);
    d->external_id       = str_print(a, "rfbs:%.*s", STR_ARG(id));
    d->external_state    = payload_text(json_path(row, "state.state"));
    d->order_external_id = d->order_number = payload_text(json_get(row, "posting_number"));
    d->reason            = payload_text(json_path(more, "return_reason.name"));
    d->buyer_text        = payload_text(json_get(more, "comment"));
    d->track             = payload_text(json_get(more, "ru_post_tracking_number"));
    d->photos            = json_get(more, "client_photo") ? json_get(more, "client_photo")->count : 0;
    media_read(a, json_get(more, "client_photo"), false, &d->media);
    if (!state_find(d) && group.len) {
        if (!d->external_state.len)
            d->external_state = group;
        for (int i = 0; i < COUNT_OF(groups); i++)
            if (str_is(group, groups[i].group)) {
                d->has_state = true;
                d->state     = groups[i].state;
            }
    }
    const struct json *p = json_get(row, "product");
    if (!payload_time(a, json_get(row, "created_at"), &d->requested_at, err) || !payload_amount(a, json_get(p, "price"), &d->has_refund, &d->refund_amount, err))
        return false;
    if (!p || p->kind != JSON_OBJECT)
        return true;
    d->currency  = payload_text(json_get(p, "currency_code"));
    d->has_lines = true;
    *return_draft_line_list_add(&d->lines, a) = (struct return_draft_line){
        .external_offer_id = payload_text(json_get(p, "sku")), .article = payload_text(json_get(p, "offer_id")),
        .title = payload_text(json_get(p, "name")), .qty = 1, .has_amount = d->has_refund, .amount = d->refund_amount,
    };
    return true;
}

bool ozon_returns_read(const struct call *call, str body, struct returned_list *out, struct err *err)
{
    const struct json *root = NULL;
    if (!json_read_foreign(call->arena, body, REPLY_BYTES_MAX, &root, err))
        return false;
    const struct json *rows = json_get(root, "returns");
    if (!rows || rows->kind != JSON_ARRAY)
        return payload_missing(call->arena, root, "returns", err);
    JSON_EACH(row, rows)
        returned_add(call, out, row, json_get(row, "return_id") ? read_rfbs : read_row);
    return true;
}

bool ozon_media_request(const struct call *call, str url, struct http_request *out)
{
    return media_ask(call, setting_text(call, ozon_settings, "photo_hosts"), url, out);
}
