/* map.c - Kaspi's orders in our words, and its statuses as a table.
 *
 * Sources: sheet channels/kaspi.md (merchant guide and working clients, 2025-2026), domain handbook section 4, issue 2
 * "Settled". What differs between them is said at the row.
 */
#include "channels/kaspi/kaspi.h"

/* clang-format off */
const struct status_row kaspi_statuses[] = {
    { .key = "APPROVED_BY_BANK",                   .to = HUB_NEW,           .note = "paid or credit approved, waits for the seller" },
    { .key = "APPROVED_BY_BANK+sign_required",     .to = HUB_NEW,           .marks = BIT(MARK_HOLD), .note = "the buyer has to sign first: not workable yet" },
    { .key = "ACCEPTED_BY_MERCHANT",               .to = HUB_CONFIRMED,     .note = "accepted by the seller" },
    { .key = "ACCEPTED_BY_MERCHANT+sign_required", .to = HUB_NEW,           .keeps = true, .marks = BIT(MARK_HOLD), .note = "accepted, the buyer has to sign first: not workable yet" },
    { .key = "ACCEPTED_BY_MERCHANT+preorder",      .to = HUB_CONFIRMED,     .marks = BIT(MARK_PREORDER), .note = "accepted pre-order, the goods are not there yet" },
    { .key = "ACCEPTED_BY_MERCHANT+assembled",     .to = HUB_READY_TO_SHIP, .note = "packed, the waybill exists, waits for the courier" },
    { .key = "ACCEPTED_BY_MERCHANT+transmitted",   .to = HUB_IN_DELIVERY,   .note = "handed to the courier" },
    { .key = "ARRIVED",                            .to = HUB_CONFIRMED,     .note = "the pre-order came in" },
    { .key = "ASSEMBLE",                           .to = HUB_READY_TO_SHIP, .note = "echo of the packing call; seen in clients" },
    { .key = "ASSEMBLED",                          .to = HUB_READY_TO_SHIP, .note = "echo of the packing call; seen in clients" },
    { .key = "COMPLETED",                          .to = HUB_COMPLETED,     .note = "given to the buyer" },
    { .key = "CANCELLING",                         .to = HUB_NEW,           .keeps = true, .marks = BIT(MARK_CANCEL_REQUESTED), .note = "cancellation is under way" },
    { .key = "CANCELLING+assembled",               .to = HUB_READY_TO_SHIP, .keeps = true, .marks = BIT(MARK_CANCEL_REQUESTED), .note = "cancellation is under way, a parcel exists" },
    { .key = "CANCELLING+transmitted",             .to = HUB_IN_DELIVERY,   .keeps = true, .marks = BIT(MARK_CANCEL_REQUESTED) | BIT(MARK_RETURN_REQUESTED), .note = "cancelled on the way: the goods travel back" },
    { .key = "CANCELLED",                          .to = HUB_CANCELLED,     .note = "who cancelled is told by the reason" },
    { .key = "KASPI_DELIVERY_RETURN_REQUESTED",    .to = HUB_COMPLETED,     .keeps = true, .marks = BIT(MARK_RETURN_REQUESTED), .note = "the buyer wants to return it" },
    { .key = "RETURN_ACCEPTED_BY_MERCHANT",        .to = HUB_COMPLETED,     .keeps = true, .marks = BIT(MARK_RETURN_REQUESTED), .note = "the seller agreed to the return; seen in clients" },
    { .key = "ARRIVED_BACKWARD",                   .to = HUB_COMPLETED,     .keeps = true, .marks = BIT(MARK_RETURN_REQUESTED), .note = "returned goods are at the seller, not closed yet" },
    { .key = "RETURNED",                           .to = HUB_RETURNED,      .note = "return closed" },
    /* The words of Kaspi's cabinet, from the customer's table. */
    { .key = "НОВЫЙ",                              .to = HUB_NEW,           .note = "cabinet word" },
    { .key = "ПРИНЯТ",                             .to = HUB_CONFIRMED,     .note = "cabinet word" },
    { .key = "СОБИРАЕТСЯ",                         .to = HUB_ASSEMBLING,    .note = "cabinet word" },
    { .key = "ПЕРЕДАН_КУРЬЕРУ",                    .to = HUB_IN_DELIVERY,   .note = "cabinet word" },
    { .key = "ДОСТАВЛЕН",                          .to = HUB_COMPLETED,     .note = "cabinet word" },
    { 0 }
};

/* Reason codes that Kaspi tells (section 6 of the sheet), by who stood behind them. */
static const struct { const char *code; enum cancel_side side; } reason_sides[] = {
    { "BUYER_CANCELLATION_BY_MERCHANT",    CANCEL_BUYER },
    { "BUYER_NOT_REACHABLE",               CANCEL_BUYER },
    { "BUYER_NO_REPLY",                    CANCEL_BUYER },
    { "BUYER_CANCELLATION_HIMSELF",        CANCEL_BUYER },
    { "BUYER_CANCELLATION_BY_COURIER",     CANCEL_BUYER },
    { "BUYER_CANCELLATION_BY_CSC",         CANCEL_BUYER },
    { "TIMEOUT_BUYER_PICKUP",              CANCEL_BUYER },
    { "TIMEOUT_BUYER_SIGNATURE",           CANCEL_BUYER },
    { "MERCHANT_OUT_OF_STOCK",             CANCEL_SELLER },
    { "OUT_OF_STOCK",                      CANCEL_SELLER },
    { "TIMEOUT_KASPI_DELIVERY",            CANCEL_CARRIER },
    { "DELIVERY_PROBLEMS",                 CANCEL_CARRIER },
    { "RFO_REJECTED",                      CANCEL_CHANNEL },
    { "TECHNICAL_PROBLEM_CANCELLATION",    CANCEL_CHANNEL },
};
/* clang-format on */

static bool is_transmitted(const struct json *attributes)
{
    return !json_is_null(json_path(attributes, "kaspiDelivery.courierTransmissionDate"));
}

static str status_key(struct arena *arena, const struct json *attributes, str status)
{
    const char *suffix    = NULL;
    bool        is_active = str_is(status, "ACCEPTED_BY_MERCHANT") || str_is(status, "CANCELLING");
    if (is_active && is_transmitted(attributes))
        suffix = "transmitted";
    else if (is_active && json_true(json_get(attributes, "assembled")))
        suffix = "assembled";
    else if ((str_is(status, "APPROVED_BY_BANK") || str_is(status, "ACCEPTED_BY_MERCHANT")) &&
             str_is(json_str(json_get(attributes, "state")), "SIGN_REQUIRED"))
        suffix = "sign_required";
    else if (str_is(status, "ACCEPTED_BY_MERCHANT") && json_true(json_get(attributes, "preOrder")))
        suffix = "preorder";
    return suffix ? str_print(arena, "%.*s+%s", STR_ARG(status), suffix) : status;
}

static enum payment_status payment_of(const struct json *attributes, str status)
{
    str mode = payload_text(json_get(attributes, "paymentMode"));
    if (!mode.len)
        return PAY_PENDING;
    if (str_is(status, "COMPLETED"))
        return PAY_PAID;
    /* Kaspi shows an order to the seller only after the bank approved it; credit is paid out on delivery. The list of modes is
     * open (BANK_CARD, KASPI_GOLD seen in clients). */
    return str_is(mode, "PAY_WITH_CREDIT") ? PAY_AUTHORISED : PAY_PAID;
}

static enum order_scheme scheme_of(const struct json *attributes)
{
    if (json_true(json_get(attributes, "isKaspiDelivery")))
        return SCHEME_FBS;
    str mode = json_str(json_get(attributes, "deliveryMode"));
    return str_has(mode, STR("PICKUP")) || str_has(mode, STR("POSTOMAT")) ? SCHEME_PICKUP : SCHEME_DBS;
}

static void read_customer(struct arena *arena, const struct json *attributes, struct order_draft *d)
{
    const struct json *customer = json_get(attributes, "customer");
    str first = payload_text(json_get(customer, "firstName")), last = payload_text(json_get(customer, "lastName"));
    str id = payload_text(json_get(customer, "id"));
    str parts[] = { first, last };
    d->customer.name = first.len && last.len ? str_join(arena, parts, 2, STR(" ")) : first.len ? first : last;
    if (!d->customer.name.len)
        d->customer.name = payload_text(json_get(customer, "name"));
    d->customer.phone  = payload_text(json_get(customer, "cellPhone"));
    d->customer.masked = d->customer.phone.len && phone_is_masked(d->customer.phone);
    /* Kaspi's id of a buyer is Base64 of the phone: personal data, so only its digest goes on (sheet, trap 13). */
    if (id.len)
        d->customer.external_id = secret_digest(arena, id);
    d->recipient.name  = d->customer.name;
    d->recipient.phone = d->customer.masked ? (str){ 0 } : d->customer.phone;
}

static bool read_line(struct arena *arena, const struct json *entry, struct order_draft *d, struct err *err)
{
    const struct json *a = json_get(entry, "attributes"), *offer = json_get(a, "offer");
    bool has_unit = false, has_total = false;
    struct draft_line line = { 0 };
    if (!a || a->kind != JSON_OBJECT)
        return payload_missing(arena, entry, "attributes", err);
    if (!payload_whole(json_get(a, "quantity"), &line.qty)) {
        if (json_is_null(json_get(a, "quantity")))
            return payload_missing(arena, a, "quantity", err);
        /* Goods by weight: the base unit is the gram. */
        if (!str_is(json_str(json_get(a, "unitType")), "MEASURABLE") || !payload_whole(json_get(a, "weight"), &line.qty))
            return payload_wrong(arena, json_get(a, "quantity"), err, "must be a whole number");
    }
    if (line.qty < 0)
        return payload_wrong(arena, json_get(a, "quantity"), err, "must not be negative");
    if (line.qty == 0)
        return true;                                        /* taken out of the order by a partial cancel */
    line.external_id       = payload_text(json_get(entry, "id"));
    line.external_offer_id = payload_text(json_get(offer, "code"));
    line.article           = line.external_offer_id;
    line.title             = payload_text(json_get(offer, "name"));
    line.marking_required  = json_true(json_get(a, "isImeiRequired")) || json_true(json_get(offer, "isImeiRequired"));
    if (!payload_amount(arena, json_get(a, "basePrice"), &has_unit, &line.unit_price, err) ||
        !payload_amount(arena, json_get(a, "totalPrice"), &has_total, &line.line_total, err))
        return false;
    if (has_unit && !has_total && !amount_mul(line.unit_price, line.qty, &line.line_total))
        return payload_wrong(arena, json_get(a, "basePrice"), err, "is too large");
    if (has_total && !has_unit)
        line.unit_price.minor = line.line_total.minor / line.qty;
    line.has_price = has_unit || has_total;
    *draft_line_list_add(&d->lines, arena) = line;
    return true;
}

/* The order's sum is Kaspi's totalPrice. Whether the buyer's delivery is inside is not said in the guide, so the lines decide:
 * what they do not explain is delivery when it matches deliveryCost or is more, and a discount when it is less. */
static bool read_totals(struct arena *arena, const struct json *attributes, struct order_draft *d, struct err *err)
{
    bool has_delivery = false, all_priced = d->lines.count > 0 && !(d->marks & BIT(MARK_LINES_PENDING));
    amount delivery = { 0 };
    if (!payload_amount(arena, json_get(attributes, "totalPrice"), &d->has_total, &d->grand_total, err) ||
        !payload_amount(arena, json_get(attributes, "deliveryCost"), &has_delivery, &delivery, err))
        return false;
    for (int i = 0; i < d->lines.count; i++) {
        all_priced = all_priced && d->lines.at[i].has_price;
        if (!amount_add(d->goods_total, d->lines.at[i].line_total, &d->goods_total))
            return payload_wrong(arena, attributes, err, "has lines whose sum is too large");
    }
    if (!d->has_total)
        return true;
    if (!all_priced) {
        d->goods_total = d->grand_total;
        return true;
    }
    int64_t rest = d->grand_total.minor - d->goods_total.minor;
    d->delivery_total.minor = rest > 0 ? rest : 0;
    d->discount_total.minor = rest < 0 ? -rest : 0;
    if (rest && rest != delivery.minor)
        d->marks |= BIT(MARK_PROBLEM);                      /* the sums do not explain each other: a person looks */
    return true;
}

static bool read_delivery(struct arena *arena, const struct json *a, struct order_draft *d, struct err *err)
{
    const struct json *kaspi = json_get(a, "kaspiDelivery"), *address = json_get(a, "deliveryAddress");
    d->delivery.method   = payload_text(json_get(a, "deliveryMode"));
    d->delivery.address  = payload_text(json_get(address, "formattedAddress"));
    d->delivery.city     = payload_text(json_get(address, "town"));
    d->delivery.point_id = payload_text(json_get(a, "pickupPointId"));
    d->delivery.track    = payload_text(json_get(kaspi, "waybillNumber"));
    if (json_true(json_get(a, "isKaspiDelivery")))
        d->delivery.carrier = STR("Kaspi");
    if (json_true(json_get(a, "express")) || json_true(json_get(kaspi, "express")))
        d->marks |= BIT(MARK_EXPRESS);
    return payload_ms(arena, json_get(a, "plannedDeliveryDate"), &d->delivery.promised_to, err) &&
           payload_ms(arena, json_get(kaspi, "courierTransmissionPlanningDate"), &d->deadline_ship, err);
}

static void read_cancel(const struct json *a, struct order_draft *d)
{
    d->cancel_reason = payload_text(json_get(a, "cancellationReason"));
    for (int i = 0; i < COUNT_OF(reason_sides); i++)
        if (str_is(d->cancel_reason, reason_sides[i].code))
            d->cancel_side = reason_sides[i].side;
    /* A parcel that had been handed over comes back; stock must wait for it (sheet, trap 7). */
    if (str_is(d->external_status, "CANCELLED") && is_transmitted(a) &&
        !json_true(json_path(a, "kaspiDelivery.returnedToWarehouse")))
        d->marks |= BIT(MARK_RETURN_REQUESTED);
}

static bool draft_read(const struct call *call, const struct json *root, struct order_draft *d, struct err *err)
{
    struct arena *arena = call->arena;
    const struct json *order = json_get(root, "order"), *entries = json_get(root, "entries");
    const struct json *a = json_get(order, "attributes");
    if (!order || order->kind != JSON_OBJECT)
        return payload_missing(arena, root, "order", err);
    d->external_id = json_str(json_get(order, "id"));
    if (!d->external_id.len)
        return payload_missing(arena, order, "id", err);
    if (!a || a->kind != JSON_OBJECT)
        return payload_missing(arena, order, "attributes", err);
    d->number          = payload_text(json_get(a, "code"));
    d->external_status = payload_text(json_get(a, "status"));
    if (!d->external_status.len)
        return payload_missing(arena, a, "status", err);
    if (!d->number.len)
        d->number = d->external_id;
    d->status_key = status_key(arena, a, d->external_status);
    d->scheme     = scheme_of(a);
    d->payment    = payment_of(a, d->external_status);
    d->currency   = STR("KZT");                             /* the guide: all sums are tenge */
    if (json_true(json_get(a, "preOrder")))
        d->marks |= BIT(MARK_PREORDER);
    if (!payload_ms(arena, json_get(a, "creationDate"), &d->placed_at, err) ||
        !payload_ms(arena, json_get(a, "statusChangeDate"), &d->changed_at, err) || !read_delivery(arena, a, d, err))
        return false;
    read_customer(arena, a, d);
    read_cancel(a, d);
    const struct json *ids = json_path(order, "relationships.entries.data");
    d->has_lines = entries && entries->kind == JSON_ARRAY && entries->count > 0;
    if (!d->has_lines || (ids && ids->count > entries->count))
        d->marks |= BIT(MARK_LINES_PENDING);
    JSON_EACH(entry, d->has_lines ? entries : NULL)
        if (!read_line(arena, entry, d, err))
            return false;
    return read_totals(arena, a, d, err);
}

bool kaspi_order_read(const struct call *call, str payload, struct order_draft *out, struct err *err)
{
    const struct json *root;
    struct order_draft d = { 0 };
    if (!json_read(call->arena, payload, REPLY_BYTES_MAX, &root, err) || !draft_read(call, root, &d, err))
        return false;
    *out = d;
    return true;
}

/* ---- pages ---- */

#define ENTRIES_MAX 500                     /* lines of one order that a page may tell; more are asked for */

str kaspi_payload(struct arena *arena, const struct json *order, const struct json *entries)
{
    struct buf buf = buf_in(arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '{');
    json_raw(&j, "order", json_print(arena, order));
    json_begin(&j, "entries", '[');
    JSON_EACH(entry, entries)
        json_raw(&j, NULL, json_print(arena, entry));
    json_end(&j);
    json_end(&j);
    return buf_str(&buf);
}

/* The rows beside the orders of a page. */
struct included {
    const struct json  *rows;
    const struct json **hint;           /* where the last search ended */
    bool                is_alone;       /* the page holds one order: all lines are its own */
};

/* Looks from *hint on and then from the start: lines mostly stand in the order of their orders, which keeps a page linear. */
static const struct json *included_entry(const struct json *included, str id, const struct json **hint)
{
    for (int round = 0; round < 2; round++)
        for (const struct json *row = round ? included->first : *hint; row && !(round && row == *hint); row = row->next)
            if (str_eq(json_str(json_get(row, "id")), id) && str_is(json_str(json_get(row, "type")), "orderentries")) {
                *hint = row->next;
                return row;
            }
    return NULL;
}

/* Lines of an order out of `included`: by the ids of its relation; a lone order owns all of them. False when one is missing:
 * part of the lines is not the whole order. */
static bool entries_write(struct arena *arena, const struct json *order, const struct included *included, struct json_out *j)
{
    const struct json *ids = json_path(order, "relationships.entries.data");
    const struct json *rows[ENTRIES_MAX], *hint = *included->hint;
    int  count = 0;
    bool all   = true;
    if (!included->rows)
        return false;
    if (ids && ids->kind == JSON_ARRAY && ids->count > 0) {
        JSON_EACH(id, ids) {
            const struct json *row = included_entry(included->rows, json_str(json_get(id, "id")), &hint);
            if (row && count < ENTRIES_MAX)
                rows[count++] = row;
            else
                all = false;
        }
    } else if (included->is_alone) {
        JSON_EACH(row, included->rows)
            if (count < ENTRIES_MAX && str_is(json_str(json_get(row, "type")), "orderentries"))
                rows[count++] = row;
    }
    *included->hint = hint;
    for (int i = 0; i < count; i++)
        json_raw(j, NULL, json_print(arena, rows[i]));
    return all && count > 0;
}

static bool is_of_other_tab(const struct json *row, const char *state)
{
    static const char *const known[] = { "NEW", "SIGN_REQUIRED", "PICKUP", "DELIVERY", "KASPI_DELIVERY", "ARCHIVE", NULL };
    str told = json_str(json_path(row, "attributes.state"));
    return state && !str_is(told, state) && name_find(known, told) >= 0;
}

static void page_row(const struct call *call, const struct json *row, const struct included *included, struct raw_event_list *out,
                     struct raw_event_list *without)
{
    str id = json_str(json_get(row, "id")), type = json_str(json_get(row, "type"));
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    if (row->kind != JSON_OBJECT || !id.len || (type.len && !str_is(type, "orders"))) {
        str where = json_where(call->arena, row);
        raw_event_add(out, call->arena, id, json_print(call->arena, row),
                  str_print(call->arena, "%.*s: is no order", STR_ARG(where)));
        return;
    }
    json_begin(&j, NULL, '{');
    json_raw(&j, "order", json_print(call->arena, row));
    json_begin(&j, "entries", '[');
    bool found = entries_write(call->arena, row, included, &j);
    json_end(&j);
    json_end(&j);
    raw_event_add(found || !without ? out : without, call->arena, id, buf_str(&buf), (str){ 0 });
}

bool kaspi_page_events(const struct call *call, const struct json *root, const char *state, struct raw_event_list *out,
                       struct raw_event_list *without, struct err *err)
{
    const struct json *data = json_get(root, "data"), *hint = NULL;
    struct included included = { json_get(root, "included"), &hint, data && (data->kind == JSON_OBJECT || data->count == 1) };
    if (data && data->kind == JSON_OBJECT) {
        page_row(call, data, &included, out, without);
        return true;
    }
    if (!data || data->kind != JSON_ARRAY)
        return data ? payload_wrong(call->arena, data, err, "must be an order or a list of orders")
                    : payload_missing(call->arena, NULL, "data", err);
    JSON_EACH(row, data)
        if (!is_of_other_tab(row, state))
            page_row(call, row, &included, out, without);
    return true;
}

bool kaspi_page_read(const struct call *call, str body, struct raw_event_list *out, struct err *err)
{
    const struct json *root;
    if (!json_read_foreign(call->arena, body, REPLY_BYTES_MAX, &root, err))
        return false;
    if (root->kind == JSON_OBJECT && !json_get(root, "data") && json_get(root, "attributes")) {
        const struct json *hint = NULL;
        page_row(call, root, &(struct included){ NULL, &hint, true }, out, NULL);   /* an order without its envelope */
        return true;
    }
    if (root->kind == JSON_OBJECT && json_get(root, "order") && json_get(root, "entries")) {
        raw_event_add(out, call->arena, json_str(json_path(root, "order.id")), json_print(call->arena, root), (str){ 0 });
        return true;                                        /* a payload as we keep it */
    }
    return kaspi_page_events(call, root, NULL, out, NULL, err);
}
