/* command.c - what the hub tells Ozon: ship (= packed), hand over by carriage, cancel.
 *
 * Ozon has no confirm step. A 200 to the ship call proves nothing: the posting is read until it waits for delivery or says
 * ship_failed (sheet, section 5). A carriage could be created twice after a cut reply, so the list of carriages is looked at first
 * (section 14).
 */
#include "channels/ozon/ozon.h"

const struct cancel_reason ozon_cancel_reasons[] = {
    { "352", "Товара нет в наличии", false, true, "The goods are out of stock." },
    { "400", "Остался только бракованный товар", false, true, "Only defective goods are left." },
    { "401", "Отмена из арбитража", false, false, "Refused in arbitration." },
    { "402", "Другое (вина продавца)", true, true, "Another reason, the seller's fault; a message is required." },
    { "665", "Покупатель не забрал заказ", false, false, "The buyer did not collect the order." },
    { "666", "Доставка в регион невозможна", false, false, "The carrier does not serve the region." },
    { "667", "Заказ утерян службой доставки", false, false, "The carrier lost the order." },
    { 0 }
};

static const struct json *read_or_null(const struct call *call, str text)
{
    const struct json *root;
    struct err ignored = { 0 };
    return text.len && json_read(call->arena, text, REPLY_BYTES_MAX, &root, &ignored) ? root : NULL;
}

static bool posting_ask(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out,
                        struct err *err)
{
    (void)e;
    (void)err;
    ozon_ask_posting(call, cmd->external_id, out);
    return true;
}

static bool one_of(str s, const char *const *words)
{
    return name_find(words, s) >= 0;
}

static const char *const after_packing[] = { "awaiting_deliver", "acceptance_in_progress", "driver_pickup", "sent_by_seller", "delivering",
                                             "delivered", "arbitration", "client_arbitration", "not_accepted",
                                             "cancelled_from_split_pending", NULL };
static const char *const on_the_way[] = { "acceptance_in_progress", "driver_pickup", "sent_by_seller", "delivering", "delivered", NULL };

static bool has_action(const struct json *posting, const char *action)
{
    JSON_EACH(row, json_get(posting, "available_actions"))
        if (str_is(json_str(row), action))
            return true;
    return false;
}

static enum verdict judge(const struct call *call, const struct command *cmd, const struct json *root, str *text)
{
    const struct json *posting = json_get(root, "result");
    str status = payload_text(json_get(posting, "status")), substatus = payload_text(json_get(posting, "substatus"));
    *text = str_print(call->arena, "Ozon says %.*s %.*s", STR_ARG(status), STR_ARG(substatus));
    if (cmd->op == OP_CANCEL)
        return str_starts(status, STR("cancelled")) ? VERDICT_DONE
               : str_is(status, "delivered") || !status.len ? VERDICT_NEVER : VERDICT_TODO;
    if (one_of(status, after_packing))
        return VERDICT_DONE;
    if (str_is(substatus, "ship_failed"))
        return VERDICT_AGAIN;
    if (has_action(posting, "ship_async_in_process"))
        return VERDICT_WAIT;
    return str_is(status, "awaiting_packaging") ? VERDICT_TODO : VERDICT_NEVER;
}

/* ---- ship ---- */

/* `product_id` of this method holds the sku (sheet, trap 2). One parcel with everything; a split is another decision. */
static bool ship_products(const struct command *cmd, const struct json *payload, struct json_out *j, struct err *err)
{
    int64_t sku, qty;
    for (int i = 0; i < cmd->lines.count; i++) {
        if (!str_to_int(cmd->lines.at[i].external_offer_id, &sku))
            return err_set(err, ERR_CHANNEL_REFUSED, "lines", "a line has no sku of Ozon");
        json_begin(j, NULL, '{');
        json_number(j, "product_id", sku);
        json_number(j, "quantity", cmd->lines.at[i].qty);
        json_end(j);
    }
    if (cmd->lines.count)
        return true;
    const struct json *products = json_get(payload, "products");
    if (!products || !products->count)
        return err_set(err, ERR_CHANNEL_REFUSED, "lines", "the lines of the posting are not known yet");
    JSON_EACH(product, products) {
        if (!payload_whole(json_get(product, "sku"), &sku) || !payload_whole(json_get(product, "quantity"), &qty))
            return err_set(err, ERR_CHANNEL_REFUSED, "lines", "a line has no sku of Ozon");
        json_begin(j, NULL, '{');
        json_number(j, "product_id", sku);
        json_number(j, "quantity", qty);
        json_end(j);
    }
    return true;
}

static bool ship_write(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out,
                       struct err *err)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    (void)e;
    json_begin(&j, NULL, '{');
    json_text(&j, "posting_number", cmd->external_id);
    json_begin(&j, "packages", '[');
    json_begin(&j, NULL, '{');
    json_begin(&j, "products", '[');
    if (!ship_products(cmd, read_or_null(call, cmd->payload), &j, err))
        return false;
    json_end(&j);
    json_end(&j);
    json_end(&j);
    json_begin(&j, "with", '{');
    json_bool(&j, "additional_data", true);
    json_end(&j);
    json_end(&j);
    ozon_request(call, out, "/v4/posting/fbs/ship", buf_str(&buf));
    return true;
}

/* More than one number in the answer: the posting was split, the new ones arrive by themselves. */
static void ship_learn(const struct call *call, struct errand *e, const struct http_reply *reply, struct receipt *r)
{
    const struct json *result = json_get(read_or_null(call, reply->body), "result");
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    (void)e;
    if (!result || result->kind != JSON_ARRAY)
        return;
    json_begin(&j, NULL, '{');
    json_begin(&j, "postings", '[');
    JSON_EACH(number, result)
        json_text(&j, NULL, json_str(number));
    json_end(&j);
    json_end(&j);
    r->note = buf_str(&buf);
}

/* ---- cancel ---- */

static bool cancel_write(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out,
                         struct err *err)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    int64_t reason;
    (void)e;
    if (!str_to_int(cmd->reason, &reason))
        return err_set(err, ERR_CHANNEL_REFUSED, "reason", "Ozon does not know this reason for a cancellation");
    json_begin(&j, NULL, '{');
    json_text(&j, "posting_number", cmd->external_id);
    json_number(&j, "cancel_reason_id", reason);
    json_text(&j, "cancel_reason_message", cmd->comment);
    json_end(&j);
    ozon_request(call, out, "/v2/posting/fbs/cancel", buf_str(&buf));
    return true;
}

static bool cancel_refused_here(const struct command *cmd, struct receipt *r)
{
    for (const struct cancel_reason *c = ozon_cancel_reasons; c->code; c++)
        if (str_is(cmd->reason, c->code)) {
            if (!c->needs_comment || str_trim(cmd->comment).len)
                return false;
            receipt_refuse(r, STR("this reason of Ozon needs a message"));
            return true;
        }
    receipt_refuse(r, STR("Ozon does not know this reason for a cancellation"));
    return true;
}

/* ---- hand over: the carriage of the day ---- */

static bool id_body(const struct call *call, const char *key, str id, str *out)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    int64_t n;
    if (!str_to_int(id, &n))
        return false;
    json_begin(&j, NULL, '{');
    json_number(&j, key, n);
    json_end(&j);
    *out = buf_str(&buf);
    return true;
}

static bool approve_write(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out,
                          struct err *err)
{
    str body;
    (void)cmd;
    if (!id_body(call, "carriage_id", e->thing, &body))
        return payload_missing(call->arena, NULL, "carriage_id", err);
    ozon_request(call, out, "/v1/carriage/approve", body);
    return true;
}

static bool carriage_ask(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out,
                         struct err *err)
{
    str body;
    (void)cmd;
    if (!id_body(call, "carriage_id", e->thing, &body))
        return payload_missing(call->arena, NULL, "carriage_id", err);
    ozon_request(call, out, "/v1/carriage/get", body);
    return true;
}

static enum verdict carriage_judge(const struct call *call, const struct command *cmd, const struct json *root, str *text)
{
    str status = str_lower_ascii(call->arena, payload_text(json_get(root, "status")));
    (void)cmd;
    *text = str_print(call->arena, "Ozon's carriage is %.*s", STR_ARG(status));
    if (str_is(status, "new"))
        return VERDICT_TODO;
    return !status.len || str_is(status, "cancelled") || str_is(status, "error") ? VERDICT_NEVER : VERDICT_DONE;
}

static void carriage_learn(const struct call *call, struct errand *e, const struct http_reply *reply, struct receipt *r)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    (void)reply;
    json_begin(&j, NULL, '{');
    json_text(&j, "carriage", e->thing);
    json_end(&j);
    r->note = buf_str(&buf);
}

static const struct errand_plan approve_plan = { .write = approve_write, .read = carriage_ask, .judge = carriage_judge,
                                                 .learn = carriage_learn };

/* The day is fixed at the first step (e->name, RFC 3339), so that a retry after midnight looks at the same carriage. */
static void carriages_ask(const struct call *call, int64_t method, struct errand *e, struct http_request *out, struct receipt *r)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '{');
    json_number(&j, "limit", 100);
    json_text(&j, "cursor", (str){ 0 });
    json_begin(&j, "filter", '{');
    json_number(&j, "delivery_method_id", method);
    json_text(&j, "departure_date", str_sub(e->name, 0, 10));
    json_end(&j);
    json_end(&j);
    ozon_request(call, out, "/v2/carriage/delivery/list", buf_str(&buf));
    e->phase = STR("carriages");
    r->kind  = RECEIPT_MORE;
}

static void create_ask(const struct call *call, int64_t method, struct errand *e, struct http_request *out, struct receipt *r)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '{');
    json_number(&j, "delivery_method_id", method);
    json_text(&j, "departure_date", e->name);
    json_end(&j);
    ozon_request(call, out, "/v1/carriage/create", buf_str(&buf));
    e->phase = STR("create");
    r->kind  = RECEIPT_MORE;
}

/* The carriage of the method that still waits for approval; `count` of the others. */
static str carriage_open(const struct call *call, const struct json *root, int64_t method, int *closed)
{
    *closed = 0;
    JSON_EACH(row, json_get(root, "methods")) {
        int64_t id;
        if (!payload_whole(json_get(row, "delivery_method_id"), &id) || id != method)
            continue;
        JSON_EACH(carriage, json_get(row, "carriages")) {
            str status = str_lower_ascii(call->arena, payload_text(json_get(carriage, "status")));
            str number = json_str(json_get(carriage, "id"));
            if (!number.len || str_is(number, "0") || str_is(status, "cancelled"))
                continue;
            if (str_is(status, "new"))
                return number;
            (*closed)++;
        }
    }
    return (str){ 0 };
}

/* The posting was read: is there anything left to hand over? True when `r` is final. */
static bool posting_settles(const struct call *call, const struct json *root, struct errand *e, struct receipt *r)
{
    const struct json *posting = json_get(root, "result");
    str status = payload_text(json_get(posting, "status"));
    if (one_of(status, on_the_way)) {
        r->kind = RECEIPT_DONE_BEFORE;
        return true;
    }
    if (!str_is(status, "awaiting_deliver")) {
        receipt_refuse(r, str_print(call->arena, "Ozon says %.*s: only a packed posting can be handed over", STR_ARG(status)));
        return true;
    }
    e->list = payload_text(json_get(posting, "substatus"));
    return false;
}

static bool carriage_step(const struct call *call, const struct command *cmd, int64_t method, struct errand *e,
                          const struct json *root, struct http_request *out, struct receipt *r, struct err *err)
{
    int closed;
    if (str_is(e->phase, "posting")) {
        if (!posting_settles(call, root, e, r))
            carriages_ask(call, method, e, out, r);
        return true;
    }
    if (str_is(e->phase, "create")) {
        e->thing = json_str(json_get(root, "carriage_id"));
        if (!e->thing.len)
            return payload_missing(call->arena, NULL, "carriage_id", err);
    } else {
        e->thing = carriage_open(call, root, method, &closed);
        if (!e->thing.len && closed && str_is(e->list, "posting_in_carriage")) {    /* that carriage has been approved already */
            r->kind = RECEIPT_DONE_BEFORE;
            return true;
        }
        if (!e->thing.len) {
            create_ask(call, method, e, out, r);
            return true;
        }
    }
    e->phase = (str){ 0 };
    return errand_step(call, cmd, &approve_plan, e, NULL, out, r, err);
}

/* ---- hand over by the seller's own courier (rFBS) ---- */

static bool delivering_write(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out,
                             struct err *err)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    (void)e;
    (void)err;
    json_begin(&j, NULL, '{');
    json_begin(&j, "posting_number", '[');
    json_text(&j, NULL, cmd->external_id);
    json_end(&j);
    json_end(&j);
    ozon_request(call, out, "/v2/fbs/posting/delivering", buf_str(&buf));
    return true;
}

/* The answer is 200 with a result for each number; a refused one says why in `error`. */
static void delivering_learn(const struct call *call, struct errand *e, const struct http_reply *reply, struct receipt *r)
{
    const struct json *row = json_path(read_or_null(call, reply->body), "result.0"), *error = json_get(row, "error");
    str words = json_str(error && error->kind == JSON_ARRAY ? error->first : error);
    (void)r;
    if (row && !json_true(json_get(row, "result")))
        e->words = words.len ? words : STR("Ozon did not take the posting as handed over");
}

static enum verdict delivering_judge(const struct call *call, const struct command *cmd, const struct json *root, str *text)
{
    str status = payload_text(json_path(root, "result.status"));
    (void)cmd;
    *text = str_print(call->arena, "Ozon says %.*s: only a packed posting can be handed over", STR_ARG(status));
    return one_of(status, on_the_way) ? VERDICT_DONE : str_is(status, "awaiting_deliver") ? VERDICT_TODO : VERDICT_NEVER;
}

static bool is_own_courier(const struct json *payload)
{
    return str_is(json_str(json_get(payload, "tpl_integration_type")), "non_integrated");
}

static bool hand_over_step(const struct call *call, const struct command *cmd, struct errand *e, const struct http_reply *reply,
                           struct http_request *out, struct receipt *r, struct err *err)
{
    static const struct errand_plan delivering_plan = { .settles_later = true, .wait_s = 5, .write = delivering_write,
                                                        .read = posting_ask, .judge = delivering_judge, .learn = delivering_learn };
    const struct json *root, *payload = read_or_null(call, cmd->payload);
    int64_t method;
    if (is_own_courier(payload))
        return errand_step(call, cmd, &delivering_plan, e, reply, out, r, err);
    if (e->thing.len)
        return errand_step(call, cmd, &approve_plan, e, reply, out, r, err);
    if (!payload_whole(json_path(payload, "delivery_method.id"), &method)) {
        receipt_refuse(r, STR("Ozon does not tell the delivery method of this posting"));
        return true;
    }
    if (!reply) {
        if (!e->name.len)
            e->name = instant_text(call->arena, call->now);
        if (str_is(e->phase, "create")) {                   /* it may exist: look before making a second one */
            carriages_ask(call, method, e, out, r);
            return true;
        }
        ozon_ask_posting(call, cmd->external_id, out);
        e->phase = STR("posting");
        r->kind  = RECEIPT_MORE;
        return true;
    }
    enum answer answer = answer_of(call, reply, r);
    if (answer == ANSWER_OK)
        return reply_read_json(call, reply, &root, err) && carriage_step(call, cmd, method, e, root, out, r, err);
    if (answer == ANSWER_UNKNOWN && str_is(e->phase, "create")) {
        carriages_ask(call, method, e, out, r);
    } else if (answer == ANSWER_UNKNOWN) {
        r->kind   = RECEIPT_LATER;
        r->wait_s = 30;
        r->text   = STR("Ozon does not answer");
    }
    return true;
}

bool ozon_command_step(const struct call *call, const struct command *cmd, str *memory, const struct http_reply *reply,
                       struct http_request *out, struct receipt *r, struct err *err)
{
    if (cmd->return_id.len)
        return ozon_return_step(call, cmd, memory, reply, out, r, err);
    static const struct errand_plan ship_plan = { .settles_later = true, .wait_s = 5, .write = ship_write, .read = posting_ask,
                                                  .judge = judge, .learn = ship_learn };
    static const struct errand_plan cancel_plan = { .write = cancel_write, .read = posting_ask, .judge = judge };
    struct errand e = errand_of(call->arena, *memory);
    bool ok = true;
    if (cmd->op == OP_CONFIRM) {                            /* the manager's confirmation is ours alone */
        r->kind = RECEIPT_NOTHING;
        return true;
    }
    if (!cmd->external_id.len) {
        receipt_refuse(r, STR("the order has no posting number"));
        return true;
    }
    if (cmd->op == OP_CANCEL && cancel_refused_here(cmd, r))
        return true;
    if (cmd->op == OP_CANCEL)
        ok = errand_step(call, cmd, &cancel_plan, &e, reply, out, r, err);
    else if (cmd->op == OP_ASSEMBLE)
        ok = errand_step(call, cmd, &ship_plan, &e, reply, out, r, err);
    else
        ok = hand_over_step(call, cmd, &e, reply, out, r, err);
    if (ok)
        *memory = errand_text(call->arena, &e);
    return ok;
}
