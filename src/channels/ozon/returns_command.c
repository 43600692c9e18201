/* returns_command.c - the seller's decisions on requests that buyers make to him directly (rFBS): /v1/returns/rfbs/action/set.
 *
 * A request names the actions that may be taken now by a number and a name; the description fixes the numbers of refusals and of the
 * partial compensation (an offer that the buyer may turn down), the others are those that the account's settings name, else they are
 * found by the words of their names. So it is read before it is answered, and again after a cut reply. Returns that Ozon carries and
 * decides itself take no command.
 */
#include "channels/ozon/ozon.h"

#include "base/fold.h"

#define COMMENT_CHARS_MAX 1000

enum { REFUSE_REQUEST = -1, REFUSE_AFTER_CHECK = -10, COMPENSATE_PART = 1020 };

/* The setting with the number; parts of a name, folded; `without` keeps two apart that share a word. */
static const struct { enum order_op op; const char *setting; const char *words[4]; const char *without; } names[] = {
    { OP_RETURN_APPROVE, "rfbs_approve", { "одобр", "approv", "verify", NULL }, "компенс" },
    { OP_RETURN_KEEP, "rfbs_keep", { "без возврата", "without return", NULL }, "компенс" },
    { OP_RETURN_RECEIVE, "rfbs_receive", { "получен", "receiv", "принять товар", NULL }, "деньг" },
    { OP_RETURN_PAY, "rfbs_pay", { "вернуть деньги", "return money", "возврат денег", NULL }, "без возврата" },
};

/* A number that the seller has named is the action, whatever it is called, and no other is. */
static bool action_fits(const struct call *call, enum order_op op, int64_t id, str name)
{
    str     folded = fold_search(call->arena, name);
    int64_t named;
    for (int i = 0; i < COUNT_OF(names); i++) {
        if (names[i].op != op)
            continue;
        if (str_to_int(str_trim(setting_text(call, ozon_settings, names[i].setting)), &named))
            return id == named;
        if (str_has(folded, str_of(names[i].without)))
            continue;
        for (const char *const *word = names[i].words; *word; word++)
            if (str_has(folded, str_of(*word)))
                return true;
    }
    return false;
}

/* Refusals and the partial compensation have numbers of their own and are never taken for anything else. */
static bool action_is(const struct call *call, enum order_op op, int64_t id, str name)
{
    bool refuses = id == REFUSE_REQUEST || id == REFUSE_AFTER_CHECK;
    if (op == OP_RETURN_REJECT)
        return refuses;
    if (op == OP_RETURN_PART)
        return id == COMPENSATE_PART;
    return !refuses && id != COMPENSATE_PART && action_fits(call, op, id, name);
}

/* The number of the action for a step; empty: it is not offered. Live answers wrap each action in a member of its own. */
static str action_for(const struct call *call, enum order_op op, const struct json *request)
{
    JSON_EACH(row, json_get(request, "available_actions")) {
        const struct json *a = json_get(row, "action") ? json_get(row, "action") : row;
        int64_t id;
        if (payload_whole(json_get(a, "id"), &id) && action_is(call, op, id, payload_text(json_get(a, "name"))))
            return str_print(call->arena, "%lld", (long long)id);
    }
    return (str){ 0 };
}

/* One that takes the seller's own words, where there is one. */
static str reason_for(const struct json *request)
{
    const struct json *reasons = json_get(request, "rejection_reason"), *best = json_at(reasons, 0);
    JSON_EACH(row, reasons)
        if (json_true(json_get(row, "is_comment_required")))
            best = row;
    return payload_text(json_get(best, "id"));
}

static void whole_number(struct json_out *j, const char *key, str text)
{
    int64_t n;
    if (str_to_int(text, &n))
        json_number(j, key, n);
}

static bool action_write(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out, struct err *err)
{
    struct buf      buf = buf_in(call->arena);
    struct json_out j   = json_out(&buf);
    (void)err;
    json_begin(&j, NULL, '{');
    whole_number(&j, "return_id", str_sub(cmd->return_id, 5, SIZE_MAX));
    whole_number(&j, "id", e->thing);
    if (cmd->comment.len)
        json_text(&j, "comment", cmd->comment);
    if (cmd->op == OP_RETURN_REJECT)
        whole_number(&j, "rejection_reason_id", e->name);
    if (cmd->op == OP_RETURN_PART)
        json_raw(&j, "compensation_amount", amount_text(call->arena, cmd->sum));
    json_end(&j);
    ozon_request(call, out, "/v1/returns/rfbs/action/set", buf_str(&buf));
    return true;
}

static bool request_ask(const struct call *call, const struct command *cmd, const struct errand *e, struct http_request *out, struct err *err)
{
    (void)e;
    (void)err;
    ozon_ask_rfbs(call, str_sub(cmd->return_id, 5, SIZE_MAX), out);
    return true;
}

#define OVER (BIT(RETURN_REJECTED) | BIT(RETURN_CANCELLED) | BIT(RETURN_CLOSED) | BIT(RETURN_EXPIRED))
#define PAID (BIT(RETURN_REFUNDING) | BIT(RETURN_REFUNDED))

static enum verdict judge(const struct call *call, const struct command *cmd, const struct json *root, str *text)
{
    const struct json *request = json_get(root, "returns");
    enum return_state  state;
    str  word  = payload_text(json_path(request, "state.state"));
    bool known = ozon_return_state(word, &state), offered = action_for(call, cmd->op, request).len > 0;
    unsigned bit = known ? BIT(state) : 0, done = 0;
    *text = str_print(call->arena, "Ozon says %.*s and does not offer this now", STR_ARG(word));
    switch (cmd->op) {
    case OP_RETURN_APPROVE:
        done = BIT(RETURN_APPROVED) | BIT(RETURN_AWAITING_DROPOFF) | BIT(RETURN_IN_TRANSIT) | BIT(RETURN_RECEIVED) | PAID;
        break;
    case OP_RETURN_REJECT:
        done = BIT(RETURN_REJECTED);
        break;
    case OP_RETURN_RECEIVE:
        done = BIT(RETURN_RECEIVED) | PAID;
        break;
    default:
        done = PAID;
    }
    if (cmd->op == OP_RETURN_PART && str_is(word, "OfferedPartialCompensation"))
        return VERDICT_DONE;
    if (bit & done)
        return VERDICT_DONE;
    return (bit & OVER) || !offered ? VERDICT_NEVER : VERDICT_TODO;
}

static bool settled_here(const struct command *cmd, struct receipt *r)
{
    if (!str_starts(cmd->return_id, STR("rfbs:"))) {
        r->kind = RECEIPT_NOTHING;
        return true;
    }
    if (utf8_count(cmd->comment) <= COMMENT_CHARS_MAX)
        return false;
    receipt_refuse(r, STR("the text is longer than the 1000 characters that Ozon takes"));
    return true;
}

bool ozon_return_step(const struct call *call, const struct command *cmd, str *memory, const struct http_reply *reply, struct http_request *out,
                      struct receipt *r, struct err *err)
{
    static const struct errand_plan plan = { .read_first = true, .write = action_write, .read = request_ask, .judge = judge };
    struct errand      e    = errand_of(call->arena, *memory);
    const struct json *root = NULL;
    struct err         ignored = { 0 };
    if (settled_here(cmd, r))
        return true;
    if (reply && str_is(e.phase, "read") && reply_read_json(call, reply, &root, &ignored)) {
        e.thing = action_for(call, cmd->op, json_get(root, "returns"));
        e.name  = reason_for(json_get(root, "returns"));
    }
    if (!errand_step(call, cmd, &plan, &e, reply, out, r, err))
        return false;
    *memory = errand_text(call->arena, &e);
    return true;
}
