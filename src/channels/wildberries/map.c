/* map.c - Wildberries' orders in our words, and its two status axes as a table of pairs.
 *
 * A pair is "supplierStatus/wbStatus". Sources: issue 2 "Settled", domain handbook section 4, sheet channels/wildberries.md
 * section 4 (official file 03-orders-fbs, snapshot 2026-08-18), in this order where they differ.
 */
#include "base/zone.h"
#include "channels/wildberries/wildberries.h"

#define MOSCOW_MS (3 * HOUR_MS)             /* Europe/Moscow without a tz database: UTC+3 since 2014 */

/* clang-format off */
const struct status_row wb_statuses[] = {
    /* Cancelled, the nearest cause first. */
    { .key = "cancel/canceled_by_client",   .to = HUB_CANCELLED,   .cancel_side = CANCEL_BUYER,   .note = "cancelled by the buyer" },
    { .key = "cancel/declined_by_client",   .to = HUB_CANCELLED,   .cancel_side = CANCEL_BUYER,   .note = "cancelled by the buyer in the first hour" },
    { .key = "cancel/*",                    .to = HUB_CANCELLED,   .cancel_side = CANCEL_SELLER,  .note = "cancelled by the seller" },
    { .key = "cancel_carrier/*",            .to = HUB_CANCELLED,   .cancel_side = CANCEL_CARRIER, .note = "cancelled by the carrier (cross-border)" },
    { .key = "cancel_missed_call/*",        .to = HUB_CANCELLED,   .cancel_side = CANCEL_BUYER,   .note = "the buyer did not answer (own delivery)" },
    { .key = "*/canceled",                  .to = HUB_CANCELLED,   .cancel_side = CANCEL_CHANNEL, .note = "cancelled by Wildberries" },
    { .key = "*/canceled_by_carrier",       .to = HUB_CANCELLED,   .cancel_side = CANCEL_CARRIER, .note = "cancelled by the carrier" },
    { .key = "complete/canceled_by_client", .to = HUB_CANCELLED,   .cancel_side = CANCEL_BUYER,   .marks = BIT(MARK_RETURN_REQUESTED), .note = "cancelled by the buyer after hand-over: the goods travel back" },
    { .key = "deliver/canceled_by_client",  .to = HUB_CANCELLED,   .cancel_side = CANCEL_BUYER,   .marks = BIT(MARK_RETURN_REQUESTED), .note = "cancelled by the buyer on the way: the goods travel back" },
    { .key = "*/canceled_by_client",        .to = HUB_CANCELLED,   .cancel_side = CANCEL_BUYER,   .note = "cancelled by the buyer: take it out of the supply" },
    /* The official text: declined in the first hour, while the seller has not confirmed. Nothing has left the warehouse then. */
    { .key = "new/declined_by_client",      .to = HUB_CANCELLED,   .cancel_side = CANCEL_BUYER,   .note = "cancelled by the buyer in the first hour" },
    { .key = "*/declined_by_client",        .to = HUB_RETURNING,   .note = "refused by the buyer" },
    { .key = "reject/*",                    .to = HUB_RETURNING,   .note = "refused at the door (own delivery)" },
    { .key = "*/defect",                    .to = HUB_IN_DELIVERY, .keeps = true, .marks = BIT(MARK_CLAIM), .note = "defect found: a claim" },
    /* Done and under way. */
    { .key = "*/sold",                      .to = HUB_COMPLETED,   .note = "bought out" },
    { .key = "receive/*",                   .to = HUB_COMPLETED,   .note = "received by the buyer (own delivery)" },
    { .key = "*/ready_for_pickup",          .to = HUB_AT_PICKUP,   .note = "waits for the buyer at the point" },
    { .key = "confirm/sorted",              .to = HUB_ASSEMBLING,  .note = "required table: sorted while the seller is assembling" },
    { .key = "*/sorted",                    .to = HUB_IN_DELIVERY, .note = "at the sorting centre" },
    { .key = "*/accepted_by_carrier",       .to = HUB_IN_DELIVERY, .note = "with the carrier" },
    { .key = "*/sent_to_carrier",           .to = HUB_IN_DELIVERY, .note = "sent to the carrier" },
    { .key = "*/postponed_delivery",        .to = HUB_IN_DELIVERY, .note = "delivery postponed" },
    { .key = "*/on_the_way",                .to = HUB_IN_DELIVERY, .note = "word of the required table" },
    { .key = "complete/waiting",            .to = HUB_IN_DELIVERY, .note = "supply handed over" },
    { .key = "deliver/waiting",             .to = HUB_IN_DELIVERY, .note = "on the way (own delivery)" },
    { .key = "confirm/waiting",             .to = HUB_CONFIRMED,   .note = "in a supply, being assembled" },
    { .key = "new/waiting",                 .to = HUB_NEW,         .note = "new" },
    /* The words of the required table alone, and the seller's side alone, as the settings and imports name them. */
    { .key = "new",                         .to = HUB_NEW,         .note = "required table" },
    { .key = "confirm",                     .to = HUB_CONFIRMED,   .note = "required table" },
    { .key = "sorted",                      .to = HUB_ASSEMBLING,  .note = "required table" },
    { .key = "on_the_way",                  .to = HUB_IN_DELIVERY, .note = "required table" },
    { .key = "sold",                        .to = HUB_COMPLETED,   .note = "required table" },
    { .key = "complete",                    .to = HUB_IN_DELIVERY, .note = "seller's side alone" },
    { .key = "cancel",                      .to = HUB_CANCELLED,   .cancel_side = CANCEL_SELLER, .note = "seller's side alone" },
    { 0 }
};

/* The sum, best source first (issue 2, "Settled"): what the buyer pays in the seller's currency, then in the currency of sale,
 * then the prices before the wallet's discount. A pair counts only with its currency. */
static const struct { const char *price, *currency; } price_pairs[] = {
    { "convertedFinalPrice", "convertedCurrencyCode" },
    { "finalPrice",          "currencyCode" },
    { "convertedPrice",      "convertedCurrencyCode" },
    { "price",               "currencyCode" },
};
/* clang-format on */

static bool read_price(struct arena *arena, const struct json *root, struct order_draft *d, struct err *err)
{
    bool has_price = false;
    const struct json *unknown = NULL;
    for (int i = 0; i < COUNT_OF(price_pairs); i++) {
        bool    has = false;
        int64_t number;
        amount  price = { 0 };
        str     currency = { 0 };
        const struct json *code = json_get(root, price_pairs[i].currency);
        if (!payload_kopecks(arena, json_get(root, price_pairs[i].price), &has, &price, err))
            return false;
        has_price = has_price || has;
        if (payload_whole(code, &number))
            currency = currency_from_number(number);
        else if (currency_known(json_str(code)))
            currency = json_str(code);
        else if (!json_is_null(code))
            return payload_wrong(arena, code, err, "must be a currency number such as 643");
        if (!currency.len && !json_is_null(code))
            unknown = code;
        if (!has || !currency.len)
            continue;
        d->currency    = currency;
        d->has_total   = true;
        d->goods_total = d->grand_total = price;
        return true;
    }
    if (has_price && unknown)
        return payload_wrong(arena, unknown, err, "is a currency that is not known here");
    return payload_missing(arena, NULL, has_price ? "convertedCurrencyCode" : "convertedFinalPrice", err);
}

/* "02.06.2025" without a time: the end of that day in Moscow. Empty and odd texts are not told. */
static instant end_of_day(str text)
{
    const struct zone *moscow = zone_find(STR("Europe/Moscow"));
    int64_t day, month, year;
    if (text.len != 10 || text.at[2] != '.' || text.at[5] != '.' || !str_to_int(str_sub(text, 0, 2), &day) ||
        !str_to_int(str_sub(text, 3, 2), &month) || !str_to_int(str_sub(text, 6, 4), &year) || day < 1 || day > 31 || month < 1 ||
        month > 12 || year < 1971)
        return (instant){ 0 };
    int64_t next = civil_to_days((int)year, (int)month, (int)day) + 1;
    return moscow ? zone_instant(moscow, next, 0) : (instant){ next * DAY_MS - MOSCOW_MS };
}

static bool has_order_part(const struct json *root)
{
    static const char *const names[] = { "rid", "article", "nmId", "chrtId", "createdAt", "skus", "orderUid", NULL };
    for (int i = 0; names[i]; i++)
        if (!json_is_null(json_get(root, names[i])))
            return true;
    return false;
}

static void read_line(const struct call *call, const struct json *root, struct order_draft *d)
{
    struct draft_line *line = draft_line_list_add(&d->lines, call->arena);
    const struct json *meta = json_get(root, "requiredMeta");
    line->external_id       = payload_text(json_get(root, "rid"));
    line->external_offer_id = payload_text(json_get(root, "nmId"));
    line->article           = payload_text(json_get(root, "article"));
    line->barcode           = payload_text(json_path(root, "skus.0"));
    line->qty               = 1;                            /* an assembly order is one unit of goods */
    line->has_price         = true;
    line->unit_price = line->line_total = d->grand_total;
    line->marking_required = meta && meta->kind == JSON_ARRAY && meta->count > 0;
    d->has_lines = true;
}

static void read_delivery(const struct json *root, struct order_draft *d)
{
    str type = payload_text(json_get(root, "deliveryType"));
    d->scheme = str_is(type, "dbs") || str_is(type, "edbs") ? SCHEME_DBS
                : str_is(type, "wbgo") || str_is(type, "cnc") || str_is(type, "click_collect") ? SCHEME_PICKUP : SCHEME_FBS;
    d->delivery.method      = type;
    d->delivery.address     = payload_text(json_path(root, "address.fullAddress"));
    d->delivery.point_id    = payload_text(json_get(root, "warehouseId"));
    d->delivery.carrier     = d->scheme == SCHEME_FBS ? STR("Wildberries") : (str){ 0 };
    d->delivery.promised_to = end_of_day(payload_text(json_get(root, "ddate")));
    d->deadline_ship        = end_of_day(payload_text(json_get(root, "sellerDate")));
    d->comment              = payload_text(json_get(root, "comment"));
}

static bool draft_read(const struct call *call, const struct json *root, struct order_draft *d, struct err *err)
{
    str supplier = payload_text(json_get(root, "supplierStatus")), wb = payload_text(json_get(root, "wbStatus"));
    int64_t id;
    if (json_is_null(json_get(root, "id")))
        return payload_missing(call->arena, NULL, "id", err);
    if (!json_int(json_get(root, "id"), &id) || id <= 0)
        return payload_wrong(call->arena, json_get(root, "id"), err, "must be a whole number");
    d->external_id = d->number = json_str(json_get(root, "id"));
    if (supplier.len || wb.len) {
        d->external_status = str_print(call->arena, "%.*s/%.*s", STR_ARG(supplier), STR_ARG(wb));
        d->status_key      = d->external_status;
    }
    d->payment = str_is(wb, "sold") || str_is(supplier, "receive") ? PAY_PAID : PAY_PENDING;
    if (d->status_key.len && !has_order_part(root))
        return true;                                        /* only the statuses call: the order itself is known already */
    if (!payload_time(call->arena, json_get(root, "createdAt"), &d->placed_at, err) || !read_price(call->arena, root, d, err))
        return false;
    d->group_number = payload_text(json_get(root, "orderUid"));
    read_delivery(root, d);
    read_line(call, root, d);
    return true;
}

bool wb_currency(struct arena *arena, const struct json *v, str *out, struct err *err)
{
    int64_t number;
    if (json_is_null(v))
        return true;
    if (payload_whole(v, &number))
        *out = currency_from_number(number);
    else if (currency_known(json_str(v)))
        *out = json_str(v);
    return out->len || payload_wrong(arena, v, err, "is a currency that is not known here");
}

bool wb_order_read(const struct call *call, str payload, struct order_draft *out, struct err *err)
{
    const struct json *root;
    struct order_draft d = { 0 };
    if (!json_read(call->arena, payload, REPLY_BYTES_MAX, &root, err) || !draft_read(call, root, &d, err))
        return false;
    *out = d;
    return true;
}

/* ---- pages ---- */

const struct json *wb_row(const struct json *list, str id)
{
    JSON_EACH(row, list)
        if (str_eq(json_str(json_get(row, "id")), id))
            return row;
    return NULL;
}

str wb_payload(struct arena *arena, const struct json *order, const struct json *status)
{
    struct buf buf = buf_in(arena);
    struct json_out j = json_out(&buf);
    if (!status)
        return json_print(arena, order);
    json_begin(&j, NULL, '{');
    JSON_EACH(member, order)
        if (!str_is(member->key, "supplierStatus") && !str_is(member->key, "wbStatus"))
            json_raw(&j, str_zero(arena, member->key), json_print(arena, member));
    json_text(&j, "supplierStatus", payload_text(json_get(status, "supplierStatus")));
    json_text(&j, "wbStatus", payload_text(json_get(status, "wbStatus")));
    json_end(&j);
    return buf_str(&buf);
}

static void page_row(const struct call *call, const struct json *row, const struct json *statuses, struct raw_event_list *out)
{
    str     id = json_str(json_get(row, "id"));
    int64_t number;
    if (row->kind != JSON_OBJECT || !json_int(json_get(row, "id"), &number)) {
        str where = json_where(call->arena, row);
        raw_event_add(out, call->arena, (str){ 0 }, json_print(call->arena, row),
                  str_print(call->arena, "%.*s.id: must be a whole number", STR_ARG(where)));
        return;
    }
    raw_event_add(out, call->arena, id, wb_payload(call->arena, row, statuses ? wb_row(statuses, id) : NULL), (str){ 0 });
}

bool wb_page_read(const struct call *call, str body, struct raw_event_list *out, struct err *err)
{
    const struct json *root;
    if (!json_read_foreign(call->arena, body, REPLY_BYTES_MAX, &root, err))
        return false;
    const struct json *orders = root->kind == JSON_ARRAY ? root : json_get(root, "orders"), *statuses = json_get(root, "statuses");
    if (statuses && statuses->kind == JSON_OBJECT)
        statuses = json_get(statuses, "orders");
    if (!orders && root->kind == JSON_OBJECT)
        orders = json_get(root, "order");
    if (!orders && json_get(root, "id"))
        orders = root;
    if (!orders)
        return root->kind == JSON_OBJECT ? payload_missing(call->arena, NULL, "orders", err)
                                         : payload_wrong(call->arena, root, err, "must be a list of orders");
    if (orders->kind == JSON_OBJECT) {
        page_row(call, orders, statuses, out);
        return true;
    }
    if (orders->kind != JSON_ARRAY)
        return payload_wrong(call->arena, orders, err, "must be a list of orders");
    JSON_EACH(row, orders)
        page_row(call, row, statuses, out);
    return true;
}
