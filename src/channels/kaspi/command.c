/* command.c - what the hub tells Kaspi: accept, assemble, hand out, cancel, goods are back.
 *
 * All of them are one call, POST /v2/orders with the wanted status. There is no key against doubles: after a cut reply, a 5xx or
 * a refusal the order is read back and its status decides (sheet, section 4).
 */
#include "channels/kaspi/kaspi.h"

#define COMMENT_CHARS_MAX 1000

const struct cancel_reason kaspi_cancel_reasons[] = {
    { "MERCHANT_OUT_OF_STOCK", "Нет в наличии", false, true, "The goods are not in stock." },
    { "BUYER_CANCELLATION_BY_MERCHANT", "Покупатель отказался", false, false, "The buyer asked the seller to cancel." },
    /* The guide allows it once for delivery only, once for pickup only; Kaspi's answer decides. */
    { "BUYER_NOT_REACHABLE", "Не удалось связаться с покупателем", false, false, "The buyer cannot be reached." },
    { 0 }
};

static const struct json *payload_attributes(const struct call *call, const struct command *cmd)
{
    const struct json *root;
    struct err ignored = { 0 };
    if (!cmd->payload.len || !json_read(call->arena, cmd->payload, REPLY_BYTES_MAX, &root, &ignored))
        return NULL;
    return json_path(root, "order.attributes");
}

static bool status_write(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out,
                         struct err *err)
{
    static const char *const statuses[] = { [OP_CONFIRM] = "ACCEPTED_BY_MERCHANT", [OP_ASSEMBLE] = "ASSEMBLE",
                                            [OP_HAND_OVER] = "COMPLETED", [OP_CANCEL] = "CANCELLED",
                                            [OP_RETURN_RECEIVE] = "ARRIVED_BACKWARD" };
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    (void)e;
    (void)err;
    json_begin(&j, NULL, '{');
    json_begin(&j, "data", '{');
    json_text(&j, "type", STR("orders"));
    json_text(&j, "id", cmd->external_id);
    json_begin(&j, "attributes", '{');
    if (cmd->number.len && !str_eq(cmd->number, cmd->external_id))
        json_text(&j, "code", cmd->number);
    json_text(&j, "status", str_of(statuses[cmd->op]));
    if (cmd->op == OP_ASSEMBLE)                             /* the guide's sample sends the number of parcels as text */
        json_text(&j, "numberOfSpace", str_print(call->arena, "%d", cmd->boxes > 0 ? cmd->boxes : 1));
    if (cmd->op == OP_CANCEL) {
        json_text(&j, "cancellationReason", cmd->reason);
        if (cmd->comment.len)
            json_text(&j, "cancellationComment", cmd->comment);
    }
    json_end(&j);
    json_end(&j);
    json_end(&j);
    kaspi_request(call, out, HTTP_POST, str_print(call->arena, "%.*s/v2/orders", STR_ARG(call->base_url)));
    out->body = buf_str(&buf);
    if (cmd->op == OP_HAND_OVER) {
        http_header_set(out, call->arena, STR("X-Send-Code"), STR("true"));
        http_header_set(out, call->arena, STR("X-Security-Code"), cmd->code);
    }
    return true;
}

static bool order_ask(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out,
                      struct err *err)
{
    (void)e;
    (void)err;
    kaspi_request(call, out, HTTP_GET, kaspi_order_url(call, cmd->external_id, ""));
    return true;
}

static enum verdict judge(const struct call *call, const struct command *cmd, const struct json *root, str *text)
{
    const struct json *a = json_path(root, "data.attributes");
    str  status = payload_text(json_get(a, "status"));
    bool is_new = str_is(status, "APPROVED_BY_BANK"), is_over = str_is(status, "CANCELLED") || str_is(status, "RETURNED");
    bool is_accepted = str_is(status, "ACCEPTED_BY_MERCHANT") || str_is(status, "ARRIVED");
    bool is_leaving  = is_over || str_is(status, "CANCELLING");
    *text = str_print(call->arena, "Kaspi says %.*s", STR_ARG(status));
    switch (cmd->op) {
    case OP_CONFIRM:
        return is_new ? VERDICT_TODO : is_leaving || !status.len ? VERDICT_NEVER : VERDICT_DONE;
    case OP_ASSEMBLE:
        if (json_true(json_get(a, "assembled")) || str_starts(status, STR("ASSEMBLE")) || str_is(status, "COMPLETED"))
            return VERDICT_DONE;
        return is_accepted ? VERDICT_TODO : VERDICT_NEVER;
    case OP_HAND_OVER:
        return str_is(status, "COMPLETED") ? VERDICT_DONE : is_accepted ? VERDICT_TODO : VERDICT_NEVER;
    case OP_CANCEL:
        if (str_is(status, "CANCELLED") || str_is(status, "CANCELLING"))
            return VERDICT_DONE;
        return is_new || is_accepted ? VERDICT_TODO : VERDICT_NEVER;
    case OP_RETURN_RECEIVE:
        if (str_is(status, "CANCELLING") || str_is(status, "KASPI_DELIVERY_RETURN_REQUESTED") || str_is(status, "RETURN_ACCEPTED_BY_MERCHANT"))
            return VERDICT_TODO;
        return is_over || str_is(status, "ARRIVED_BACKWARD") ? VERDICT_DONE : VERDICT_NEVER;
    default:
        break;
    }
    return VERDICT_NEVER;
}

/* Source: guide-examples/error-complete-already.json. */
static bool is_done_before(str words)
{
    return str_has(words, STR("already has been completed"));
}

static void note_code_sent(const struct call *call, const struct command *cmd, struct receipt *r)
{
    if (cmd->op != OP_HAND_OVER || cmd->code.len || r->kind != RECEIPT_DONE)
        return;
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '{');
    json_bool(&j, "code_sent", true);
    json_end(&j);
    receipt_refuse(r, STR("Kaspi has sent the buyer a code: ask for it and hand out again with the code"));
    r->note = buf_str(&buf);
}

/* What can be known without asking. True when `r` is final. */
static bool settled_here(const struct call *call, const struct command *cmd, struct receipt *r)
{
    const struct json *a = payload_attributes(call, cmd);
    bool is_kaspi_delivery = json_true(json_get(a, "isKaspiDelivery"));
    if (!cmd->external_id.len) {
        receipt_refuse(r, STR("the order has no id of Kaspi"));
        return true;
    }
    if (cmd->op > OP_CANCEL && cmd->op != OP_RETURN_RECEIVE) {      /* Kaspi decides and pays itself */
        r->kind = RECEIPT_NOTHING;
        return true;
    }
    /* The waybill belongs to Kaspi delivery; the courier's hand-over is told by Kaspi itself. */
    if ((cmd->op == OP_ASSEMBLE && !is_kaspi_delivery) || (cmd->op == OP_HAND_OVER && is_kaspi_delivery)) {
        r->kind = RECEIPT_NOTHING;
        return true;
    }
    if (cmd->op != OP_CANCEL)
        return false;
    for (const struct cancel_reason *c = kaspi_cancel_reasons; c->code; c++)
        if (str_is(cmd->reason, c->code)) {
            if (utf8_count(cmd->comment) <= COMMENT_CHARS_MAX)
                return false;
            receipt_refuse(r, STR("the comment is longer than the 1000 characters that Kaspi takes"));
            return true;
        }
    receipt_refuse(r, STR("Kaspi does not know this reason for a cancellation"));
    return true;
}

bool kaspi_command_step(const struct call *call, const struct command *cmd, str *memory, const struct http_reply *reply,
                        struct http_request *out, struct receipt *r, struct err *err)
{
    static const struct errand_plan plan = { .write = status_write, .read = order_ask, .judge = judge, .is_done_before = is_done_before };
    struct errand e = errand_of(call->arena, *memory);
    if (settled_here(call, cmd, r))
        return true;
    if (!errand_step(call, cmd, &plan, &e, reply, out, r, err))
        return false;
    note_code_sent(call, cmd, r);
    *memory = errand_text(call->arena, &e);
    return true;
}
