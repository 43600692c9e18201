/* returns_command.c - the seller's answer to a claim of a buyer: PATCH /api/v1/claim.
 *
 * A claim names the answers that may be given to it now, so it is read before it is answered; after a cut reply it is read again and
 * what it says decides. Open claims and those that are decided stand in two lists. Goods that come back are told by a report: there is
 * nothing to answer to it.
 */
#include "channels/wildberries/wildberries.h"

#define COMMENT_CHARS_MIN 10
#define COMMENT_CHARS_MAX 1000

/* The answers for a step, the best first: goods are sent to the seller, who looks at them himself. */
static const char *const approvals[] = { "approve2", "approve1", "approvecc1", NULL };
static const char *const refusals[]  = { "rejectcustom", NULL };
static const char *const keeps[]     = { "autorefund1", NULL };
static const char *const receipts[]  = { "confirmreturngoodcc1", NULL };

static const char *const *answers_for(enum order_op op)
{
    return op == OP_RETURN_APPROVE ? approvals : op == OP_RETURN_REJECT ? refusals : op == OP_RETURN_KEEP ? keeps : receipts;
}

static bool is_offered(const struct json *row, str answer)
{
    JSON_EACH(offered, json_get(row, "actions"))
        if (answer.len && str_eq(payload_text(offered), answer))
            return true;
    return false;
}

/* Which of the approvals is meant is unsure (sheet, section 9), so the seller may say it. */
static str preferred(const struct call *call, enum order_op op)
{
    return op == OP_RETURN_APPROVE ? setting_text(call, wb_settings, "claim_answer") : (str){ 0 };
}

static const char *answer_of_row(enum order_op op, const struct json *row)
{
    for (const char *const *a = answers_for(op); *a; a++)
        JSON_EACH(offered, json_get(row, "actions"))
            if (str_is(payload_text(offered), *a))
                return *a;
    return "";
}

static const struct json *claim_of(const struct json *root, str id)
{
    JSON_EACH(row, json_get(root, "claims"))
        if (str_eq(payload_text(json_get(row, "id")), id))
            return row;
    return NULL;
}

static bool claim_write(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out, struct err *err)
{
    struct buf      buf = buf_in(call->arena);
    struct json_out j   = json_out(&buf);
    (void)err;
    json_begin(&j, NULL, '{');
    json_text(&j, "id", cmd->return_id);
    json_text(&j, "action", e->thing);
    if (str_is(e->thing, "rejectcustom") || (str_is(e->thing, "approvecc1") && cmd->comment.len))
        json_text(&j, "comment", cmd->comment);
    json_end(&j);
    wb_request(call, out, HTTP_PATCH, wb_host_url(call, "returns-api", "/api/v1/claim"), "claims");
    out->body = buf_str(&buf);
    return true;
}

static bool claim_ask(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out, struct err *err)
{
    (void)err;
    wb_ask_claim(call, cmd->return_id, str_is(e->name, "archive"), out);
    return true;
}

static enum verdict judge(const struct call *call, const struct command *cmd, const struct json *root, str *text)
{
    const struct json *row = claim_of(root, cmd->return_id);
    int64_t status = -1, goods = 0;
    bool    offered = is_offered(row, preferred(call, cmd->op)) || *answer_of_row(cmd->op, row) != 0;
    if (!payload_whole(json_get(row, "status"), &status))
        status = -1;
    if (!payload_whole(json_get(row, "status_ex"), &goods))
        goods = 0;
    *text = status == 1   ? STR("Wildberries says that the claim has been refused already")
            : status == 2 ? STR("Wildberries says that the claim has been approved already")
                          : str_print(call->arena, "Wildberries does not offer this answer to the claim now (state %lld)", (long long)status);
    switch (cmd->op) {
    case OP_RETURN_APPROVE:
        return status == 2 ? VERDICT_DONE : status == 0 && offered ? VERDICT_TODO : VERDICT_NEVER;
    case OP_RETURN_KEEP:
        return status == 2 && goods == 5 ? VERDICT_DONE : status == 0 && offered ? VERDICT_TODO : VERDICT_NEVER;
    case OP_RETURN_REJECT:
        return status == 1 ? VERDICT_DONE : status == 0 && offered ? VERDICT_TODO : VERDICT_NEVER;
    default:
        return offered ? VERDICT_TODO : VERDICT_DONE;
    }
}

static bool settled_here(const struct command *cmd, struct receipt *r)
{
    bool is_claim = !str_has(cmd->return_id, STR(":"));     /* "goods:", "order:" are not claims */
    if (!is_claim || cmd->op == OP_RETURN_PAY) {
        r->kind = RECEIPT_NOTHING;
        return true;
    }
    size_t chars = utf8_count(cmd->comment);
    if (cmd->op != OP_RETURN_REJECT || (chars >= COMMENT_CHARS_MIN && chars <= COMMENT_CHARS_MAX))
        return false;
    receipt_refuse(r, STR("Wildberries wants a refusal in words of 10 to 1000 characters"));
    return true;
}

/* A claim is looked for among the open ones first. True: it is being asked for again, or cannot be found. */
static bool looked_for(const struct call *call, const struct command *cmd, struct errand *e, const struct http_reply *reply,
                       struct http_request *out, struct receipt *r)
{
    const struct json *root = NULL, *row;
    struct err ignored = { 0 };
    if (!reply || !str_is(e->phase, "read") || !reply_read_json(call, reply, &root, &ignored))
        return false;
    row = claim_of(root, cmd->return_id);
    if (row) {
        str first = preferred(call, cmd->op);
        e->thing  = is_offered(row, first) ? first : str_of(answer_of_row(cmd->op, row));
        return false;
    }
    if (str_is(e->name, "archive")) {
        receipt_refuse(r, STR("Wildberries no longer shows this claim"));
        return true;
    }
    e->name = STR("archive");
    wb_ask_claim(call, cmd->return_id, true, out);
    r->kind = RECEIPT_MORE;
    return true;
}

bool wb_return_step(const struct call *call, const struct command *cmd, str *memory, const struct http_reply *reply, struct http_request *out,
                    struct receipt *r, struct err *err)
{
    static const struct errand_plan plan = { .read_first = true, .write = claim_write, .read = claim_ask, .judge = judge };
    struct errand e = errand_of(call->arena, *memory);
    if (settled_here(cmd, r))
        return true;
    if (!reply || str_is(e.phase, "write"))                 /* it may have moved from one list to the other meanwhile */
        e.name = (str){ 0 };
    if (!looked_for(call, cmd, &e, reply, out, r) && !errand_step(call, cmd, &plan, &e, reply, out, r, err))
        return false;
    *memory = errand_text(call->arena, &e);
    return true;
}
