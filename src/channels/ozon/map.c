/* map.c - Ozon's postings in our words: one normaliser for the shapes of v4 lists and v3 get.
 *
 * The unit of work is the posting (one parcel of one warehouse); the buyer's order is kept beside it as the group number.
 * Sources: issue 2 "Settled", domain handbook section 4, sheet channels/ozon.md sections 3, 4 and 6 (official files of April
 * 2026), in this order where they differ.
 */
#include "channels/ozon/ozon.h"

/* clang-format off */
const struct status_row ozon_statuses[] = {
    { .key = "awaiting_registration",        .to = HUB_NEW,           .marks = BIT(MARK_HOLD), .note = "waits for registration: not workable yet" },
    { .key = "awaiting registration",        .to = HUB_NEW,           .marks = BIT(MARK_HOLD), .note = "the same, as the schema also spells it" },
    { .key = "acceptance_in_progress",       .to = HUB_NEW,           .marks = BIT(MARK_HOLD), .note = "acceptance in progress" },
    { .key = "awaiting_approve",             .to = HUB_NEW,           .marks = BIT(MARK_HOLD), .note = "waits for approval" },
    { .key = "awaiting_verification",        .to = HUB_NEW,           .marks = BIT(MARK_HOLD), .note = "waits for the check of a legal buyer" },
    { .key = "awaiting_packaging",           .to = HUB_NEW,           .note = "to be packed" },
    { .key = "packaging",                    .to = HUB_ASSEMBLING,    .note = "word of the required table; the API has no such status" },
    { .key = "awaiting_deliver+boxed",       .to = HUB_READY_TO_SHIP, .note = "packed, and the box is known to exist" },
    { .key = "awaiting_deliver",             .to = HUB_CONFIRMED,     .note = "packed for Ozon, no box of ours is known" },
    { .key = "driver_pickup",                .to = HUB_IN_DELIVERY,   .note = "with the driver" },
    { .key = "sent_by_seller",               .to = HUB_IN_DELIVERY,   .note = "sent by the seller" },
    { .key = "delivering",                   .to = HUB_IN_DELIVERY,   .note = "on the way" },
    { .key = "delivered",                    .to = HUB_COMPLETED,     .note = "given to the buyer" },
    { .key = "arbitration",                  .to = HUB_IN_DELIVERY,   .keeps = true, .marks = BIT(MARK_CLAIM), .note = "dispute over the delivery" },
    { .key = "client_arbitration",           .to = HUB_IN_DELIVERY,   .keeps = true, .marks = BIT(MARK_CLAIM), .note = "dispute by the buyer" },
    { .key = "not_accepted",                 .to = HUB_CONFIRMED,     .keeps = true, .marks = BIT(MARK_PROBLEM), .note = "not accepted at the sorting centre" },
    { .key = "cancelled",                    .to = HUB_CANCELLED,     .note = "who cancelled is told by the posting" },
    { .key = "cancelled_from_split_pending", .to = HUB_CANCELLED,     .cancel_side = CANCEL_CHANNEL, .note = "replaced by its parts; technical, no cancellation for the buyer" },
    { 0 }
};

static const struct { const char *type; enum cancel_side side; } cancel_types[] = {
    { "seller",   CANCEL_SELLER  }, { "client", CANCEL_BUYER   }, { "customer", CANCEL_BUYER   },
    { "ozon",     CANCEL_CHANNEL }, { "system", CANCEL_CHANNEL }, { "delivery", CANCEL_CARRIER },
};

/* Lists of skus in `requirements` that stop packing until a code is given. */
static const char *const marking_lists[] = {
    "requirements.products_requiring_mandatory_mark", "requirements.products_requiring_jw_uin",
    "requirements.products_requiring_imei",           "requirements.products_requiring_rnpt", NULL
};
/* clang-format on */

/* The sample answer of /v4/posting/fbs/list in the official file of 2026-04-30 has other names than its own schema
 * (status_alias, product_offer_id, cutoff …); the names of the schema come first. */
static const struct json *either(const struct json *o, const char *name, const char *other)
{
    const struct json *v = json_get(o, name);
    return json_is_null(v) ? json_get(o, other) : v;
}

/* Values that Ozon blanks out read "PD_Deleted" in its own samples. */
static str person_text(const struct json *v)
{
    str text = payload_text(v);
    return str_is(text, "PD_Deleted") ? (str){ 0 } : text;
}

/* v3: text or number beside a currency code; v4: {amount, currency}. */
static bool read_money(struct arena *arena, const struct json *v, bool *has, amount *out, str *currency, struct err *err)
{
    if (!v || v->kind != JSON_OBJECT)
        return payload_amount(arena, v, has, out, err);
    str code = payload_text(json_get(v, "currency"));
    if (!code.len)
        code = payload_text(json_get(v, "currency_code"));
    if (code.len)
        *currency = code;
    return payload_amount(arena, json_get(v, "amount"), has, out, err);
}

static bool list_has(const struct json *list, str sku)
{
    JSON_EACH(row, list)
        if (str_eq(json_str(row), sku))
            return true;
    return false;
}

static bool read_line(struct arena *arena, const struct json *posting, const struct json *product, struct order_draft *d,
                      struct err *err)
{
    struct draft_line line = { 0 };
    str currency = payload_text(either(product, "currency_code", "marketplace_seller_price_currency_code"));
    if (product->kind != JSON_OBJECT)
        return payload_wrong(arena, product, err, "must be a product");
    line.external_offer_id = payload_text(either(product, "sku", "product_id"));
    line.article           = payload_text(either(product, "offer_id", "product_offer_id"));
    line.title             = payload_text(either(product, "name", "product_name"));
    if (json_is_null(json_get(product, "quantity")))
        return payload_missing(arena, product, "quantity", err);
    if (!payload_whole(json_get(product, "quantity"), &line.qty) || line.qty < 0)
        return payload_wrong(arena, json_get(product, "quantity"), err, "must be a whole number");
    if (line.qty == 0)
        return true;                                        /* taken out of the posting by a partial cancel */
    if (!read_money(arena, json_get(product, "price"), &line.has_price, &line.unit_price, &currency, err))
        return false;
    if (line.has_price && !amount_mul(line.unit_price, line.qty, &line.line_total))
        return payload_wrong(arena, json_get(product, "price"), err, "is too large");
    for (int i = 0; marking_lists[i]; i++)
        line.marking_required = line.marking_required || list_has(json_path(posting, marking_lists[i]), line.external_offer_id);
    if (currency.len && !currency_known(currency))
        return payload_wrong(arena, json_get(product, "price"), err, "is in a currency that is not known here");
    if (currency.len && d->currency.len && !str_eq(currency, d->currency))
        return payload_wrong(arena, product, err, "has another currency than the rest of the posting");
    if (currency.len)
        d->currency = currency;
    *draft_line_list_add(&d->lines, arena) = line;
    return true;
}

static bool read_lines(struct arena *arena, const struct json *posting, struct order_draft *d, struct err *err)
{
    const struct json *products = json_get(posting, "products");
    if (json_is_null(products)) {
        d->marks |= BIT(MARK_LINES_PENDING);
        return true;
    }
    if (products->kind != JSON_ARRAY)
        return payload_wrong(arena, products, err, "must be a list");
    JSON_EACH(product, products)
        if (!read_line(arena, posting, product, d, err))
            return false;
    d->has_lines = d->lines.count > 0;
    if (!d->has_lines)
        d->marks |= BIT(MARK_LINES_PENDING);
    d->has_total = d->has_lines;
    for (int i = 0; i < d->lines.count; i++) {
        d->has_total = d->has_total && d->lines.at[i].has_price;
        if (!amount_add(d->grand_total, d->lines.at[i].line_total, &d->grand_total))
            return payload_wrong(arena, products, err, "add up to too much");
    }
    if (!d->has_total)
        d->grand_total = (amount){ 0 };
    d->goods_total = d->grand_total;
    return true;
}

/* FBS buyers are told to the seller by rFBS only; the phone of lists is always "" (sheet, section 3). */
static void read_customer(const struct json *posting, struct order_draft *d)
{
    const struct json *customer = json_get(posting, "customer"), *addressee = json_get(posting, "addressee");
    str id = payload_text(json_get(customer, "customer_id"));
    d->customer.external_id = str_is(id, "0") ? (str){ 0 } : id;
    d->customer.name        = person_text(json_get(customer, "name"));
    d->customer.phone       = person_text(json_get(customer, "phone"));
    d->customer.email       = person_text(json_get(customer, "customer_email"));
    d->customer.masked      = d->customer.phone.len && phone_is_masked(d->customer.phone);
    d->recipient.name       = person_text(json_get(addressee, "name"));
    d->recipient.phone      = person_text(json_get(addressee, "phone"));
}

static bool read_delivery(struct arena *arena, const struct json *p, struct order_draft *d, struct err *err)
{
    const struct json *method = json_get(p, "delivery_method"), *stats = json_get(p, "analytics_data");
    const struct json *address = json_path(p, "customer.address");
    str flow = payload_text(json_get(p, "tpl_integration_type"));
    bool is_client_time = !json_is_null(json_get(stats, "client_delivery_date_end"));
    d->scheme = json_true(json_get(p, "is_click_and_collect")) ? SCHEME_PICKUP
                : str_is(flow, "non_integrated") || str_is(flow, "3pl_tracking") ? SCHEME_DBS : SCHEME_FBS;
    d->delivery.method   = payload_text(json_get(method, "name"));
    d->delivery.carrier  = payload_text(json_get(method, "tpl_provider"));
    d->delivery.point_id = payload_text(json_get(method, "warehouse_id"));
    d->delivery.track    = payload_text(json_get(p, "tracking_number"));
    d->delivery.address  = person_text(json_get(address, "address_tail"));
    d->delivery.city     = person_text(json_get(address, "city"));
    d->comment           = person_text(json_get(address, "comment"));
    if (!d->delivery.city.len)
        d->delivery.city = payload_text(json_get(stats, "city"));
    if (json_true(json_get(p, "is_express")))
        d->marks |= BIT(MARK_EXPRESS);
    return payload_time(arena, json_get(p, "in_process_at"), &d->placed_at, err) &&
           payload_time(arena, either(p, "shipment_date", "cutoff"), &d->deadline_ship, err) &&
           payload_time(arena, json_get(stats, is_client_time ? "client_delivery_date_begin" : "delivery_date_begin"),
                        &d->delivery.promised_from, err) &&
           payload_time(arena, json_get(stats, is_client_time ? "client_delivery_date_end" : "delivery_date_end"),
                        &d->delivery.promised_to, err);
}

static void read_cancel(struct arena *arena, const struct json *p, struct order_draft *d)
{
    const struct json *cancellation = json_get(p, "cancellation");
    str id = payload_text(json_get(cancellation, "cancel_reason_id")), reason = payload_text(json_get(cancellation, "cancel_reason"));
    str type = str_lower_ascii(arena, payload_text(json_get(cancellation, "cancellation_type")));
    if (!str_starts(d->external_status, STR("cancelled")))
        return;
    d->cancel_reason = reason.len ? reason : str_is(id, "0") ? (str){ 0 } : id;
    for (int i = 0; i < COUNT_OF(cancel_types); i++)
        if (str_is(type, cancel_types[i].type))
            d->cancel_side = cancel_types[i].side;
    if (json_true(json_get(cancellation, "cancelled_after_ship")))
        d->marks |= BIT(MARK_RETURN_REQUESTED);             /* the parcel comes back by itself (sheet, trap 4) */
}

/* Our own box is a record of ours, which a payload cannot show. What it can show is that the parcel lies in a carriage that was
 * formed for hand-over: then a box exists for certain. Barcodes prove nothing, they are given while packing is still to come. */
static bool is_boxed(const struct json *p)
{
    return str_is(json_str(either(p, "substatus", "status_transcription")), "posting_in_carriage");
}

static bool draft_read(const struct call *call, const struct json *p, struct order_draft *d, struct err *err)
{
    if (p->kind != JSON_OBJECT)
        return payload_wrong(call->arena, p, err, "must be a posting");
    d->external_id = d->number = payload_text(json_get(p, "posting_number"));
    if (!d->external_id.len)
        return payload_missing(call->arena, NULL, "posting_number", err);
    d->external_status = payload_text(either(p, "status", "status_alias"));
    if (!d->external_status.len)
        return payload_missing(call->arena, NULL, "status", err);
    d->status_key   = str_is(d->external_status, "awaiting_deliver") && is_boxed(p) ? STR("awaiting_deliver+boxed") : d->external_status;
    d->group_number = payload_text(json_get(p, "order_number"));
    d->payment      = str_is(d->external_status, "delivered") ? PAY_PAID : PAY_PENDING;
    read_customer(p, d);
    read_cancel(call->arena, p, d);
    return read_delivery(call->arena, p, d, err) && read_lines(call->arena, p, d, err);
}

bool ozon_order_read(const struct call *call, str payload, struct order_draft *out, struct err *err)
{
    const struct json *root;
    struct order_draft d = { 0 };
    if (!json_read(call->arena, payload, REPLY_BYTES_MAX, &root, err) || !draft_read(call, root, &d, err))
        return false;
    *out = d;
    return true;
}

/* ---- pages ---- */

const struct json *ozon_postings(const struct json *root, bool *is_single)
{
    const struct json *result = json_get(root, "result"), *in = result && result->kind == JSON_OBJECT ? result : root;
    const struct json *list = json_get(in, "postings");
    *is_single = false;
    if (list)
        return list->kind == JSON_ARRAY ? list : NULL;
    if (result && result->kind == JSON_ARRAY)
        return result;
    if (root && root->kind == JSON_ARRAY)
        return root;
    *is_single = in && in->kind == JSON_OBJECT && (json_get(in, "posting_number") || result);
    return *is_single ? in : NULL;
}

static void page_row(const struct call *call, const struct json *row, struct raw_event_list *out)
{
    str number = payload_text(json_get(row, "posting_number"));
    if (row->kind != JSON_OBJECT || !number.len) {
        str where = json_where(call->arena, row);
        raw_event_add(out, call->arena, (str){ 0 }, json_print(call->arena, row),
                  str_print(call->arena, "%.*s%sposting_number: is missing", STR_ARG(where), where.len ? "." : ""));
        return;
    }
    raw_event_add(out, call->arena, number, json_print(call->arena, row), (str){ 0 });
}

bool ozon_page_events(const struct call *call, const struct json *root, struct raw_event_list *out, struct err *err)
{
    bool is_single;
    const struct json *postings = ozon_postings(root, &is_single);
    if (!postings)
        return json_get(root, "postings") ? payload_wrong(call->arena, json_get(root, "postings"), err, "must be a list")
                                          : payload_missing(call->arena, NULL, "postings", err);
    if (is_single) {
        page_row(call, postings, out);
        return true;
    }
    JSON_EACH(row, postings)
        page_row(call, row, out);
    return true;
}

bool ozon_page_read(const struct call *call, str body, struct raw_event_list *out, struct err *err)
{
    const struct json *root;
    return json_read_foreign(call->arena, body, REPLY_BYTES_MAX, &root, err) && ozon_page_events(call, root, out, err);
}
