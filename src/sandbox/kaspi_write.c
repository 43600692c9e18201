/* kaspi_write.c - what Kaspi can be told: accept, assemble, hand out, cancel, arrived. Source:
 * guide-examples/request-*.json. */
#include "sandbox/kaspi.h"
#include "sandbox/label.h"

static void refuse(struct ask *a, const char *text)
{
    a->market->refuse(a, 400, "order", text);
}

/* The short echo of a status write: id, code and the status as sent. */
static void echo(struct ask *a, const struct morder *o, const char *status)
{
    a->rp->type = STR(KASPI_TYPE);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "data", '{');
    json_text(&j, "type", STR("orders"));
    json_text(&j, "id", o->id);
    json_begin(&j, "attributes", '{');
    json_text(&j, "code", o->number);
    if (strcmp(status, "ASSEMBLE") == 0)
        json_number(&j, "numberOfSpace", o->spaces);
    json_text(&j, "status", str_of(status));
    json_end(&j);
    json_end(&j);
    json_begin(&j, "included", '[');
    json_end(&j);
    json_end(&j);
}

struct move {
    const char *status;
    void (*run)(struct ask *, struct morder *, const struct json *attributes);
};

static void accept_run(struct ask *a, struct morder *o, const struct json *attributes)
{
    (void)attributes;
    bool allowed = o->stage == STAGE_NEW && morder_is_signed(o);
    ask_heard(a, "accept", o->id, allowed, (str){ 0 });
    if (!allowed) {
        refuse(a, o->stage == STAGE_NEW ? "Order is not signed, so it can't be accepted."
                                        : "Order status can't be changed to ACCEPTED_BY_MERCHANT.");
        return;
    }
    morder_stage(a->sb, o, STAGE_ACCEPTED);
    echo(a, o, "ACCEPTED_BY_MERCHANT");
}

static void arrived_run(struct ask *a, struct morder *o, const struct json *attributes)
{
    (void)attributes;
    bool allowed = o->stage == STAGE_ACCEPTED && o->preorder && !o->arrived;
    ask_heard(a, "arrived", o->id, allowed, (str){ 0 });
    if (!allowed) {
        refuse(a, "Order status can't be changed to ARRIVED.");
        return;
    }
    o->arrived = true;
    morder_changed(a->sb, o);
    echo(a, o, "ARRIVED");
}

/* numberOfSpace goes as text in the guide's sample; a number is taken as well, nothing else is. */
static void assemble_run(struct ask *a, struct morder *o, const struct json *attributes)
{
    int64_t spaces = 0;
    const struct json *given = json_get(attributes, "numberOfSpace");
    bool counted = json_int(given, &spaces) && spaces >= 1 && spaces <= 100;
    bool allowed = counted && o->stage == STAGE_ACCEPTED && o->kaspi_delivery && (!o->preorder || o->arrived);
    ask_heard(a, "assemble", o->id, allowed, str_print(a->arena, "%lld", (long long)spaces));
    if (!counted) {
        refuse(a, "Invalid value of numberOfSpace");
        return;
    }
    if (!allowed) {
        refuse(a, o->stage == STAGE_ASSEMBLED ? "Order already has been assembled."
                                              : "Order status can't be changed to ASSEMBLE.");
        return;
    }
    o->spaces = spaces;
    morder_stage(a->sb, o, STAGE_ASSEMBLED);
    echo(a, o, "ASSEMBLE");
}

/* Two calls: with an empty code the buyer is sent one, with that code the order is handed out. */
static void complete_run(struct ask *a, struct morder *o, const struct json *attributes)
{
    (void)attributes;
    bool send = str_is(ask_header(a, "X-Send-Code"), "true");
    str code = str_trim(ask_header(a, "X-Security-Code"));
    bool ready = o->stage == STAGE_ACCEPTED && !o->kaspi_delivery && morder_is_signed(o);
    bool right = ready && o->code.len && str_eq(code, o->code);
    ask_heard(a, code.len ? "complete" : "send_code", o->id, code.len ? right : ready && send, (str){ 0 });
    if (o->stage == STAGE_DELIVERED)
        refuse(a, "Order already has been completed, so it can't be completed again.");
    else if (o->stage == STAGE_CANCELLED || o->stage == STAGE_CANCELLING)
        refuse(a, "Order is cancelled, so it can't be completed.");
    else if (!ready)
        refuse(a, "Order is not may complete allowed");
    else if (!code.len && send) {
        o->code = str_print(&a->sb->arena, "%04lld", (long long)chance_below(a->sb, 10000));
        morder_changed(a->sb, o);
        echo(a, o, kaspi_status(o));
    } else if (!right)
        refuse(a, "Security code is not valid. And the order cannot be completed without it");
    else {
        morder_stage(a->sb, o, STAGE_DELIVERED);
        echo(a, o, "COMPLETED");
    }
}

static const char *const reasons[] = { "BUYER_CANCELLATION_BY_MERCHANT", "BUYER_NOT_REACHABLE",
                                       "MERCHANT_OUT_OF_STOCK", NULL };

static bool reason_known(str reason)
{
    for (int i = 0; reasons[i]; i++)
        if (str_is(reason, reasons[i]))
            return true;
    return false;
}

static void cancel_run(struct ask *a, struct morder *o, const struct json *attributes)
{
    str reason = json_str(json_get(attributes, "cancellationReason"));
    str comment = json_str(json_get(attributes, "cancellationComment"));
    bool open = o->stage <= STAGE_ASSEMBLED;
    bool known = reason_known(reason) && utf8_count(comment) <= 1000;
    ask_heard(a, "cancel", o->id, open && known, reason);
    if (o->stage == STAGE_CANCELLED)
        refuse(a, "Order already has been cancelled, so it can't be cancelled again.");
    else if (!open)
        refuse(a, "Order status can't be changed to CANCELLED.");
    else if (!known)
        refuse(a, reason_known(reason) ? "Invalid value of cancellationComment"
                                       : "Invalid value of cancellationReason");
    else {
        morder_cancel(a->sb, o, BY_SELLER, reason, comment);
        echo(a, o, "CANCELLED");
    }
}

static void backward_run(struct ask *a, struct morder *o, const struct json *attributes)
{
    (void)attributes;
    bool allowed = o->stage == STAGE_CANCELLING || o->stage == STAGE_RETURNING;
    ask_heard(a, "arrived_backward", o->id, allowed, (str){ 0 });
    if (!allowed) {
        refuse(a, "Order status can't be changed to ARRIVED_BACKWARD.");
        return;
    }
    o->returned_to_warehouse = true;
    morder_stage(a->sb, o, o->stage == STAGE_CANCELLING ? STAGE_CANCELLED : STAGE_RETURNED);
    echo(a, o, "ARRIVED_BACKWARD");
}

static const struct move moves[] = {
    { "ACCEPTED_BY_MERCHANT", accept_run }, { "ARRIVED", arrived_run },
    { "ASSEMBLE", assemble_run },           { "COMPLETED", complete_run },
    { "CANCELLED", cancel_run },            { "ARRIVED_BACKWARD", backward_run },
    { 0 },
};

static void orders_post(struct ask *a)
{
    const struct json *data = json_get(a->body, "data"), *attributes = json_get(data, "attributes");
    str id = json_str(json_get(data, "id")), status = json_str(json_get(attributes, "status"));
    struct morder *o = morder_find(a->sb, MARKET_KASPI, id);
    if (!o) {
        a->market->refuse(a, 404, "order", "Resource not found");
        return;
    }
    str code = json_str(json_get(attributes, "code"));
    if (code.len && !str_eq(code, o->number)) {
        refuse(a, "Invalid value of code");
        return;
    }
    for (const struct move *m = moves; m->status; m++)
        if (str_is(status, m->status)) {
            m->run(a, o, attributes);
            return;
        }
    ask_heard(a, "status", o->id, false, status);
    refuse(a, "Invalid value of status");
}

/* Takes units off one line; the order goes on with what remains, or is cancelled when nothing does. */
static void entry_cancel_post(struct ask *a)
{
    const struct json *data = json_get(a->body, "data"), *attributes = json_get(data, "attributes");
    str id = json_str(json_path(data, "relationships.entry.data.id"));
    struct morder *o = NULL;
    struct mline *l = kaspi_entry_find(a, id, &o);
    int64_t remained = 0;
    if (!l) {
        a->market->refuse(a, 404, "entry", "Resource not found");
        return;
    }
    bool right = json_int(json_get(attributes, "remainedQuantity"), &remained) && remained >= 0
                 && remained < l->qty && reason_known(json_str(json_get(attributes, "reason")))
                 && o->stage <= STAGE_ACCEPTED;
    ask_heard(a, "entry_cancel", o->id, right,
              str_print(a->arena, "%.*s=%lld", STR_ARG(id), (long long)remained));
    if (!right) {
        refuse(a, "Entry can't be cancelled.");
        return;
    }
    o->total.minor -= (l->qty - remained) * l->price.minor;
    l->qty = remained;
    if (o->total.minor > 0)
        morder_changed(a->sb, o);
    else
        morder_cancel(a->sb, o, BY_SELLER, json_str(json_get(attributes, "reason")), (str){ 0 });
    a->rp->type = STR(KASPI_TYPE);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "data", '{');
    json_text(&j, "type", STR("orderEntryCancelOperation"));
    json_text(&j, "id", id);
    json_begin(&j, "attributes", '{');
    json_number(&j, "remainedQuantity", remained);
    json_text(&j, "status", STR("SUCCESSFULL"));
    json_end(&j);
    json_end(&j);
    json_begin(&j, "included", '[');
    json_end(&j);
    json_end(&j);
}

static const struct rule status_rules[] = {
    { "data", RULE_OBJECT, true }, { "data.type", RULE_TEXT, true }, { "data.id", RULE_TEXT, true, 1, 200 },
    { "data.attributes", RULE_OBJECT, true }, { "data.attributes.status", RULE_TEXT, true, 1, 64 },
    { "data.attributes.code", RULE_TEXT, false }, { "data.attributes.cancellationReason", RULE_TEXT, false },
    { "data.attributes.cancellationComment", RULE_TEXT, false }, { 0 },
};
static const struct rule entry_rules[] = {
    { "data", RULE_OBJECT, true },
    { "data.attributes.remainedQuantity", RULE_INT, true },
    { "data.attributes.reason", RULE_TEXT, true },
    { "data.relationships.entry.data.id", RULE_TEXT, true },
    { 0 },
};

/* The address that the order tells, with the key as everywhere. A page for each parcel. */
static void waybill_get(struct ask *a)
{
    str file = path_text(a->rq, "file"), number;
    struct morder *o = str_split(&file, '.', &number) ? morder_by_number(a->sb, MARKET_KASPI, number) : NULL;
    if (!o || !kaspi_waybill_drawn(a, o))
        kaspi_market.refuse(a, 404, "missing", "not found");
    else
        file_reply(a, "application/pdf", sandbox_pdf(a->arena, STR("KASPI"), o->number, 75, 120, o->spaces > 1 ? (int)o->spaces : 1));
}

const struct op kaspi_ops[] = {
    { HTTP_GET, "/v2/orders", kaspi_orders_list },
    { HTTP_POST, "/v2/orders", orders_post, .writes = true, .rules = status_rules },
    { HTTP_GET, "/v2/orders/{id}", kaspi_order_get },
    { HTTP_GET, "/v2/orders/{id}/entries", kaspi_entries_get },
    { HTTP_GET, "/waybill/{file}", waybill_get },
    { HTTP_POST, "/v2/orderEntryCancelOperation", entry_cancel_post, .writes = true, .rules = entry_rules },
    { HTTP_NONE },
};
