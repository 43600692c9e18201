/* command.c - what the hub tells Wildberries: put into a supply (= confirm), hand the supply over, cancel.
 *
 * There is no confirm call: adding an order to a supply confirms it. One supply holds one seller warehouse, one cargo type and one
 * cross-border type, so supplies are named by the day and these three, and orders that fit share one. A supply created twice
 * after a cut reply is found again by its name (sheet, section 13). Every refusal costs ten requests of the quota, so the state
 * is looked at before a write that might be refused.
 */
#include "base/zone.h"
#include "channels/wildberries/wildberries.h"

#define SUPPLIES_PAGE 1000

static const struct json *read_or_null(const struct call *call, str text)
{
    const struct json *root;
    struct err ignored = { 0 };
    return text.len && json_read(call->arena, text, REPLY_BYTES_MAX, &root, &ignored) ? root : NULL;
}

/* ---- the order's own statuses ---- */

static bool statuses_ask(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out,
                         struct err *err)
{
    (void)e;
    (void)err;
    wb_ask_statuses(call, &cmd->external_id, 1, out);
    return true;
}

static enum verdict judge(const struct call *call, const struct command *cmd, const struct json *root, str *text)
{
    const struct json *row = wb_row(json_get(root, "orders"), cmd->external_id);
    str  supplier = payload_text(json_get(row, "supplierStatus")), wb = payload_text(json_get(row, "wbStatus"));
    bool is_cancelled = str_starts(supplier, STR("cancel")) || str_starts(wb, STR("cancel")) || str_starts(wb, STR("declined"));
    *text = row ? str_print(call->arena, "Wildberries says %.*s/%.*s", STR_ARG(supplier), STR_ARG(wb))
                : STR("Wildberries does not know this order");
    if (!row)
        return VERDICT_NEVER;
    switch (cmd->op) {
    case OP_CONFIRM:
        return is_cancelled ? VERDICT_NEVER : str_is(supplier, "new") ? VERDICT_TODO : VERDICT_DONE;
    case OP_HAND_OVER:
        if (str_is(supplier, "complete"))
            return VERDICT_DONE;
        return is_cancelled || !str_is(supplier, "confirm") ? VERDICT_NEVER : VERDICT_TODO;
    case OP_CANCEL:
        if (is_cancelled)
            return VERDICT_DONE;
        return json_true(json_get(row, "isCancellable")) ? VERDICT_TODO : VERDICT_NEVER;
    case OP_ASSEMBLE:
    default:
        break;
    }
    return VERDICT_NEVER;
}

/* ---- cancel ---- */

static bool cancel_write(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out,
                         struct err *err)
{
    (void)e;
    (void)err;
    str path = str_print(call->arena, "/api/v3/orders/%.*s/cancel", STR_ARG(cmd->external_id));
    wb_request(call, out, HTTP_PATCH, wb_url(call, str_zero(call->arena, path)), "cancel");
    return true;
}

/* ---- confirm ---- */

static void supply_learn(const struct call *call, struct errand *e, const struct http_reply *reply, struct receipt *r)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    (void)reply;
    json_begin(&j, NULL, '{');
    json_text(&j, "supply", e->thing);
    json_end(&j);
    r->note = buf_str(&buf);
}

static bool add_write(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out,
                      struct err *err)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    str supply = url_encode(call->arena, e->thing);
    str path   = str_print(call->arena, "/api/marketplace/v3/supplies/%.*s/orders", STR_ARG(supply));
    int64_t id;
    (void)err;
    json_begin(&j, NULL, '{');
    json_begin(&j, "orders", '[');
    if (str_to_int(cmd->external_id, &id))                  /* always: wb_command_step checks it */
        json_number(&j, NULL, id);
    json_end(&j);
    json_end(&j);
    wb_request(call, out, HTTP_PATCH, wb_url(call, str_zero(call->arena, path)), "orders");
    out->body = buf_str(&buf);
    return true;
}

static void supplies_ask(const struct call *call, struct errand *e, struct http_request *out, struct receipt *r)
{
    struct buf url = buf_in(call->arena);
    buf_add(&url, wb_url(call, "/api/v3/supplies"));
    url_query_add(&url, STR("limit"), str_print(call->arena, "%d", SUPPLIES_PAGE));
    url_query_add(&url, STR("next"), str_print(call->arena, "%lld", (long long)e->next));
    wb_request(call, out, HTTP_GET, buf_str(&url), "orders");
    e->phase = STR("supplies");
    r->kind  = RECEIPT_MORE;
}

/* "Sauda 2026-12-16 658434-1-0": day in Moscow, warehouse, cargo type, cross-border type. Fixed at the first step, so that a
 * retry after midnight looks for the same supply. Empty when the order part does not tell them. */
static str supply_name(const struct call *call, const struct json *order)
{
    const struct zone *moscow = zone_find(STR("Europe/Moscow"));
    int64_t warehouse, cargo, cross = 0;
    if (!payload_whole(json_get(order, "warehouseId"), &warehouse) || !payload_whole(json_get(order, "cargoType"), &cargo))
        return (str){ 0 };
    if (!payload_whole(json_get(order, "crossBorderType"), &cross))
        cross = 0;
    str day    = date_text(call->arena, moscow ? zone_day(moscow, call->now) : (call->now.ms + 3 * HOUR_MS) / DAY_MS);
    str prefix = setting_text(call, wb_settings, "supply_prefix");
    return str_print(call->arena, "%.*s %.*s %lld-%lld-%lld", STR_ARG(prefix), STR_ARG(day), (long long)warehouse, (long long)cargo,
                     (long long)cross);
}

/* Takes an open supply of our name ("name", "name #2" …); counts those that are closed already. */
static bool supply_take(const struct json *supplies, struct errand *e, int64_t *closed)
{
    JSON_EACH(supply, supplies) {
        str name = payload_text(json_get(supply, "name"));
        if (!str_eq(name, e->name) && !(str_starts(name, e->name) && str_starts(str_sub(name, e->name.len, name.len), STR(" #"))))
            continue;
        if (!json_true(json_get(supply, "done"))) {
            e->thing = json_str(json_get(supply, "id"));
            if (e->thing.len)
                return true;
        }
        (*closed)++;
    }
    return false;
}

static void create_ask(const struct call *call, struct errand *e, int64_t closed, struct http_request *out, struct receipt *r)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    str name = closed ? str_print(call->arena, "%.*s #%lld", STR_ARG(e->name), (long long)closed + 1) : e->name;
    json_begin(&j, NULL, '{');
    json_text(&j, "name", name);
    json_end(&j);
    wb_request(call, out, HTTP_POST, wb_url(call, "/api/v3/supplies"), "orders");
    out->body = buf_str(&buf);
    e->phase = STR("create");
    r->kind  = RECEIPT_MORE;
}

static const struct errand_plan add_plan = { .write = add_write, .read = statuses_ask, .judge = judge, .learn = supply_learn };

/* A page of the supplies list, while looking for one to put the order into. */
static bool confirm_supplies(const struct call *call, const struct command *cmd, struct errand *e, const struct json *root,
                             struct http_request *out, struct receipt *r, struct err *err)
{
    const struct json *supplies = json_get(root, "supplies");
    int64_t closed, next;
    if (!str_to_int(e->list, &closed))
        closed = 0;
    if (supply_take(supplies, e, &closed)) {
        e->phase = (str){ 0 };
        return errand_step(call, cmd, &add_plan, e, NULL, out, r, err);
    }
    e->list = str_print(call->arena, "%lld", (long long)closed);
    if (supplies && supplies->count >= SUPPLIES_PAGE && json_int(json_get(root, "next"), &next) && next > e->next) {
        e->next = next;
        supplies_ask(call, e, out, r);
        return true;
    }
    create_ask(call, e, closed, out, r);
    return true;
}

/* Starts looking for a supply, when the order part is known; else finds it among the new orders. */
static bool confirm_begin(const struct call *call, struct errand *e, const struct json *order, struct http_request *out, struct receipt *r)
{
    e->name = supply_name(call, order);
    e->next = 0;
    e->list = (str){ 0 };
    if (e->name.len) {
        supplies_ask(call, e, out, r);
        return true;
    }
    if (order) {
        receipt_refuse(r, STR("Wildberries does not tell the warehouse and cargo type of this order"));
        return true;
    }
    wb_request(call, out, HTTP_GET, wb_url(call, "/api/v3/orders/new"), "orders");
    e->phase = STR("find");
    r->kind  = RECEIPT_MORE;
    return true;
}

static bool confirm_start(const struct call *call, const struct command *cmd, struct errand *e, struct http_request *out,
                          struct receipt *r, struct err *err)
{
    const struct json *order = read_or_null(call, cmd->payload);
    if (str_is(e->phase, "create") || str_is(e->phase, "supplies")) {       /* a supply may exist already: look by its name */
        e->next = 0;
        e->list = (str){ 0 };
        supplies_ask(call, e, out, r);
        return true;
    }
    if (!str_starts(cmd->external_status, STR("new")) && !str_is(e->phase, "find")) {
        e->phase = STR("status");
        r->kind  = RECEIPT_MORE;
        return statuses_ask(call, cmd, e, out, err);
    }
    return confirm_begin(call, e, json_is_null(json_get(order, "warehouseId")) ? NULL : order, out, r);
}

/* A reply that is not 2xx in one of confirm's own stages. */
static void stage_failed(struct errand *e, enum answer answer, struct receipt *r)
{
    if (answer == ANSWER_UNKNOWN) {
        r->kind   = RECEIPT_LATER;
        r->wait_s = 30;
        r->text   = STR("Wildberries does not answer");
    } else if (answer == ANSWER_LATER && str_is(e->phase, "create")) {
        e->phase = STR("supplies");
    }
}

static bool confirm_step(const struct call *call, const struct command *cmd, struct errand *e, const struct http_reply *reply,
                         struct http_request *out, struct receipt *r, struct err *err)
{
    const struct json *root;
    str text;
    if (e->thing.len && (!e->phase.len || str_is(e->phase, "write") || str_is(e->phase, "read")))
        return errand_step(call, cmd, &add_plan, e, reply, out, r, err);
    if (!reply)
        return confirm_start(call, cmd, e, out, r, err);
    enum answer answer = answer_of(call, reply, r);
    if (answer == ANSWER_UNKNOWN && str_is(e->phase, "create")) {
        e->next = 0;
        e->list = (str){ 0 };
        supplies_ask(call, e, out, r);                      /* created or not: its name tells */
        return true;
    }
    if (answer != ANSWER_OK) {
        stage_failed(e, answer, r);
        return true;
    }
    if (!reply_read_json(call, reply, &root, err))
        return false;
    if (str_is(e->phase, "status")) {
        enum verdict verdict = judge(call, cmd, root, &text);
        if (verdict == VERDICT_TODO) {
            const struct json *order = read_or_null(call, cmd->payload);
            return confirm_begin(call, e, json_is_null(json_get(order, "warehouseId")) ? NULL : order, out, r);
        }
        r->kind = verdict == VERDICT_DONE ? RECEIPT_DONE_BEFORE : RECEIPT_REFUSED;
        r->text = text;
        return true;
    }
    if (str_is(e->phase, "find")) {
        const struct json *row = wb_row(json_get(root, "orders"), cmd->external_id);
        if (row)
            return confirm_begin(call, e, row, out, r);
        e->thing = (str){ 0 };
        receipt_refuse(r, STR("the order is not among the new orders of Wildberries any more"));
        return true;
    }
    if (str_is(e->phase, "create")) {
        e->thing = json_str(json_get(root, "id"));
        if (!e->thing.len)
            return payload_missing(call->arena, NULL, "id", err);
        e->phase = (str){ 0 };
        return errand_step(call, cmd, &add_plan, e, NULL, out, r, err);
    }
    return confirm_supplies(call, cmd, e, root, out, r, err);
}

/* ---- hand over: the whole supply ---- */

static bool supply_ask(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out,
                       struct err *err)
{
    str supply = url_encode(call->arena, e->thing);
    str path   = str_print(call->arena, "/api/v3/supplies/%.*s", STR_ARG(supply));
    (void)cmd;
    (void)err;
    wb_request(call, out, HTTP_GET, wb_url(call, str_zero(call->arena, path)), "orders");
    return true;
}

static bool deliver_write(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out,
                          struct err *err)
{
    str supply = url_encode(call->arena, e->thing);
    str path   = str_print(call->arena, "/api/v3/supplies/%.*s/deliver", STR_ARG(supply));
    (void)cmd;
    (void)err;
    wb_request(call, out, HTTP_PATCH, wb_url(call, str_zero(call->arena, path)), "orders");
    return true;
}

static enum verdict supply_judge(const struct call *call, const struct command *cmd, const struct json *root, str *text)
{
    (void)call;
    (void)cmd;
    *text = STR("Wildberries does not show this supply");
    if (!json_get(root, "id"))
        return VERDICT_NEVER;
    return json_true(json_get(root, "done")) ? VERDICT_DONE : VERDICT_TODO;
}

static const struct errand_plan deliver_plan = { .read_first = true, .write = deliver_write, .read = supply_ask, .judge = supply_judge,
                                                 .learn = supply_learn };

/* Which supply is the order in? Open supplies are candidates, ours first; each is asked for its orders. */
static void candidates_add(const struct call *call, struct errand *e, const struct json *supplies)
{
    const struct json *old = read_or_null(call, e->list);
    str prefix = setting_text(call, wb_settings, "supply_prefix");
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '[');
    for (int round = 0; round < 2; round++) {
        if (round)
            JSON_EACH(id, old)
                json_text(&j, NULL, json_str(id));
        JSON_EACH(supply, supplies)
            if (!json_true(json_get(supply, "done")) && str_starts(payload_text(json_get(supply, "name")), prefix) == !round &&
                json_str(json_get(supply, "id")).len)
                json_text(&j, NULL, json_str(json_get(supply, "id")));
    }
    json_end(&j);
    e->list = buf_str(&buf);
}

static bool candidate_ask(const struct call *call, const struct command *cmd, struct errand *e, struct http_request *out,
                          struct receipt *r, struct err *err)
{
    str id = json_str(json_at(read_or_null(call, e->list), (int)e->next));
    if (!id.len) {                                          /* in no open supply: handed over already, or never put into one */
        e->phase = STR("status");
        r->kind  = RECEIPT_MORE;
        return statuses_ask(call, cmd, e, out, err);
    }
    str supply = url_encode(call->arena, id);
    str path   = str_print(call->arena, "/api/marketplace/v3/supplies/%.*s/order-ids", STR_ARG(supply));
    wb_request(call, out, HTTP_GET, wb_url(call, str_zero(call->arena, path)), "orders");
    e->phase = STR("candidate");
    r->kind  = RECEIPT_MORE;
    return true;
}

static bool holds_order(const struct json *root, str id)
{
    JSON_EACH(row, json_get(root, "orderIds"))
        if (str_eq(json_str(row), id))
            return true;
    return false;
}

static bool search_step(const struct call *call, const struct command *cmd, struct errand *e, const struct json *root,
                        struct http_request *out, struct receipt *r, struct err *err)
{
    str text;
    int64_t next;
    if (str_is(e->phase, "status")) {
        bool is_done = judge(call, cmd, root, &text) == VERDICT_DONE;
        r->kind = is_done ? RECEIPT_DONE_BEFORE : RECEIPT_REFUSED;
        r->text = is_done ? text : STR("the order is in no open supply of Wildberries");
        return true;
    }
    if (str_is(e->phase, "candidate")) {
        if (holds_order(root, cmd->external_id)) {
            e->thing = json_str(json_at(read_or_null(call, e->list), (int)e->next));
            e->phase = (str){ 0 };
            return errand_step(call, cmd, &deliver_plan, e, NULL, out, r, err);
        }
        e->next++;
        return candidate_ask(call, cmd, e, out, r, err);
    }
    const struct json *supplies = json_get(root, "supplies");
    candidates_add(call, e, supplies);
    if (supplies && supplies->count >= SUPPLIES_PAGE && json_int(json_get(root, "next"), &next) && next > e->next) {
        e->next = next;
        supplies_ask(call, e, out, r);
        return true;
    }
    e->next = 0;
    return candidate_ask(call, cmd, e, out, r, err);
}

static bool hand_over_step(const struct call *call, const struct command *cmd, struct errand *e, const struct http_reply *reply,
                           struct http_request *out, struct receipt *r, struct err *err)
{
    const struct json *root;
    if (!e->thing.len && !e->phase.len)
        e->thing = payload_text(json_get(read_or_null(call, cmd->payload), "supplyId"));
    if (e->thing.len)
        return errand_step(call, cmd, &deliver_plan, e, reply, out, r, err);
    if (!reply) {
        e->next = 0;
        e->list = (str){ 0 };
        supplies_ask(call, e, out, r);
        return true;
    }
    enum answer answer = answer_of(call, reply, r);
    if (answer != ANSWER_OK) {
        stage_failed(e, answer, r);
        return true;
    }
    return reply_read_json(call, reply, &root, err) && search_step(call, cmd, e, root, out, r, err);
}

bool wb_command_step(const struct call *call, const struct command *cmd, str *memory, const struct http_reply *reply,
                     struct http_request *out, struct receipt *r, struct err *err)
{
    if (cmd->return_id.len)
        return wb_return_step(call, cmd, memory, reply, out, r, err);
    static const struct errand_plan cancel_plan = { .read_first = true, .write = cancel_write, .read = statuses_ask, .judge = judge };
    struct errand e = errand_of(call->arena, *memory);
    int64_t id;
    bool ok = true;
    if (cmd->op == OP_ASSEMBLE) {                           /* packing is the seller's own affair; the supply is all WB knows */
        r->kind = RECEIPT_NOTHING;
        return true;
    }
    if (!str_to_int(cmd->external_id, &id) || id <= 0) {
        receipt_refuse(r, STR("the order's id is no number of Wildberries"));
        return true;
    }
    if (cmd->op == OP_CANCEL)
        ok = errand_step(call, cmd, &cancel_plan, &e, reply, out, r, err);
    else if (cmd->op == OP_HAND_OVER)
        ok = hand_over_step(call, cmd, &e, reply, out, r, err);
    else
        ok = confirm_step(call, cmd, &e, reply, out, r, err);
    if (ok)
        *memory = errand_text(call->arena, &e);
    return ok;
}
