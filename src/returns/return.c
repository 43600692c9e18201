#include "returns/return.h"

#include "base/fold.h"

/* clang-format off */
#define SEEN(type, member)              FIELD(type, member, .access = READ_ONLY)
#define TEXT_FIELD(type, member, bytes) FIELD(type, member, .access = READ_ONLY, .max = (bytes))
static const struct field return_fields[] = {
    SEEN(rma, id), SEEN(rma, account_id), TEXT_FIELD(rma, channel, 32), TEXT_FIELD(rma, external_id, 200), SEEN(rma, order_id),
    TEXT_FIELD(rma, order_external, 200), TEXT_FIELD(rma, order_number, 100), TEXT_FIELD(rma, number_tail, 100),
    FIELD(rma, kind, .access = READ_ONLY, .choices = return_kind_names),
    FIELD(rma, state, .access = READ_ONLY, .choices = return_state_names, .doc = "changed by actions only"),
    SEEN(rma, closed), TEXT_FIELD(rma, external_state, 200), TEXT_FIELD(rma, reason, 40), TEXT_FIELD(rma, external_reason, 400),
    TEXT_FIELD(rma, buyer_text, 4000), TEXT_FIELD(rma, comment, 4000), TEXT_FIELD(rma, decision_text, 2000),
    FIELD(rma, route, .access = READ_ONLY, .choices = return_route_names),
    TEXT_FIELD(rma, track, 200), TEXT_FIELD(rma, place, 400), TEXT_FIELD(rma, title, 1000), SEEN(rma, lines_count), SEEN(rma, units),
    SEEN(rma, photos), TEXT_FIELD(rma, currency, 3),
    FIELD(rma, refund_amount, .access = READ_ONLY, .price = true),
    TEXT_FIELD(rma, problem, 400), TEXT_FIELD(rma, rule, 100), TEXT_FIELD(rma, rule_inputs, 2000),
    SEEN(rma, exchange_order_id), SEEN(rma, assignee_id), SEEN(rma, requested_at), SEEN(rma, changed_at), SEEN(rma, decided_at),
    SEEN(rma, received_at), SEEN(rma, refunded_at), SEEN(rma, ended_at), SEEN(rma, channel_by), TEXT_FIELD(rma, deadline_step, 20),
    TEXT_FIELD(rma, deadline_source, 200), SEEN(rma, deadline_total), SEEN(rma, deadline_at), SEEN(rma, yellow_at), SEEN(rma, red_at),
    FIELD(rma, zone, .access = READ_ONLY, .choices = sla_zone_names),
    SEEN(rma, zone_next_at), SEEN(rma, due_rank), SEEN(rma, sum_rank), SEEN(rma, draft_hash), SEEN(rma, command_id), SEEN(rma, version),
    SEEN(rma, created_at), SEEN(rma, updated_at), SEEN(rma, created_by), SEEN(rma, state_at), SEEN(rma, wake_at), SEEN(rma, woken),
    TEXT_FIELD(rma, own_name, 200), TEXT_FIELD(rma, apart, 200),
};
const struct record return_record = RECORD(rma, "returns", return_fields);

/* What a row of a list shows, and what its place in the list is made of. */
static const struct field brief_fields[] = {
    SEEN(rma, id), SEEN(rma, version), SEEN(rma, account_id), TEXT_FIELD(rma, channel, 32), TEXT_FIELD(rma, external_id, 200), SEEN(rma, order_id),
    TEXT_FIELD(rma, order_external, 200), TEXT_FIELD(rma, order_number, 100), FIELD(rma, kind, .access = READ_ONLY, .choices = return_kind_names),
    FIELD(rma, state, .access = READ_ONLY, .choices = return_state_names), TEXT_FIELD(rma, external_state, 200), TEXT_FIELD(rma, reason, 40),
    TEXT_FIELD(rma, external_reason, 400), FIELD(rma, route, .access = READ_ONLY, .choices = return_route_names), TEXT_FIELD(rma, track, 200),
    TEXT_FIELD(rma, title, 1000), SEEN(rma, lines_count), SEEN(rma, units), SEEN(rma, photos), TEXT_FIELD(rma, currency, 3),
    FIELD(rma, refund_amount, .access = READ_ONLY, .price = true), TEXT_FIELD(rma, problem, 400), TEXT_FIELD(rma, rule, 100), SEEN(rma, assignee_id),
    SEEN(rma, requested_at), TEXT_FIELD(rma, deadline_step, 20), TEXT_FIELD(rma, deadline_source, 200), SEEN(rma, deadline_at), SEEN(rma, yellow_at),
    SEEN(rma, red_at), FIELD(rma, zone, .access = READ_ONLY, .choices = sla_zone_names), SEEN(rma, due_rank), SEEN(rma, sum_rank), SEEN(rma, command_id),
};
const struct record return_brief_record = RECORD(rma, "returns", brief_fields);

static const struct field line_fields[] = {
    SEEN(rma_line, return_id), SEEN(rma_line, line), SEEN(rma_line, order_line), TEXT_FIELD(rma_line, external_offer_id, 200),
    TEXT_FIELD(rma_line, article, 200), TEXT_FIELD(rma_line, title, 1000), SEEN(rma_line, qty),
    FIELD(rma_line, amount, .access = READ_ONLY, .price = true),
    FIELD(rma_line, condition, .access = READ_ONLY, .choices = return_condition_names),
    FIELD(rma_line, disposition, .access = READ_ONLY, .choices = return_disposition_names),
    SEEN(rma_line, disposition_at), SEEN(rma_line, restocked_qty),
};
const struct record return_line_record = RECORD(rma_line, "return_lines", line_fields);

static const struct field step_fields[] = {
    SEEN(rma_step, return_id), SEEN(rma_step, seq), SEEN(rma_step, at), TEXT_FIELD(rma_step, from_state, 30), TEXT_FIELD(rma_step, to_state, 30),
    SEEN(rma_step, implied), SEEN(rma_step, flagged), TEXT_FIELD(rma_step, actor_kind, 20), SEEN(rma_step, actor_id),
    TEXT_FIELD(rma_step, actor_name, 200), TEXT_FIELD(rma_step, external_state, 200), TEXT_FIELD(rma_step, note, 1000),
};
const struct record return_step_record = RECORD(rma_step, "return_history", step_fields);

static const struct field refund_fields[] = {
    SEEN(refund, id), SEEN(refund, return_id), SEEN(refund, order_id), SEEN(refund, account_id),
    FIELD(refund, amount, .access = READ_ONLY, .price = true), FIELD(refund, points, .access = READ_ONLY, .price = true),
    FIELD(refund, delivery, .access = READ_ONLY, .price = true),
    TEXT_FIELD(refund, currency, 3), FIELD(refund, state, .access = READ_ONLY, .choices = refund_state_names), SEEN(refund, by_market),
    SEEN(refund, proposed_by), SEEN(refund, approved_by), SEEN(refund, approved_at), SEEN(refund, version), SEEN(refund, created_at),
    SEEN(refund, updated_at),
};
const struct record refund_record = RECORD(refund, "refunds", refund_fields);

static const struct field claim_fields[] = {
    SEEN(claim, id), SEEN(claim, account_id), TEXT_FIELD(claim, external_id, 200), FIELD(claim, side, .access = READ_ONLY, .choices = claim_side_names),
    FIELD(claim, state, .access = READ_ONLY, .choices = claim_state_names), SEEN(claim, order_id), SEEN(claim, return_id), TEXT_FIELD(claim, subject, 40),
    FIELD(claim, amount, .access = READ_ONLY, .price = true), TEXT_FIELD(claim, currency, 3), TEXT_FIELD(claim, evidence, 16000),
    TEXT_FIELD(claim, decision, 2000), FIELD(claim, money_effect, .access = READ_ONLY, .price = true), SEEN(claim, appeals), SEEN(claim, deadline_at), SEEN(claim, version), SEEN(claim, created_at),
    SEEN(claim, updated_at),
};
const struct record claim_record = RECORD(claim, "claims", claim_fields);

const char *const return_action_names[] = {
    [RACT_CHECK] = "check", [RACT_APPROVE] = "approve", [RACT_REJECT] = "reject", [RACT_ASK] = "ask", [RACT_KEEP] = "keep",
    [RACT_KEEP_PART] = "keep_part", [RACT_RECEIVE] = "receive", [RACT_LOSE] = "lose", [RACT_INSPECT] = "inspect", [RACT_ACCEPT] = "accept", [RACT_PARTIAL] = "partial",
    [RACT_SEND_BACK] = "send_back", [RACT_EXCHANGE] = "exchange", [RACT_REPLACE] = "replace", [RACT_REFUND] = "refund", [RACT_CLOSE] = "close",
    [RACT_CANCEL] = "cancel", [RACT_DISPOSE] = "dispose", NULL
};
_Static_assert(COUNT_OF(return_action_names) == RETURN_ACTION_COUNT + 1, "a name per action");

/* Every listed move of a return (domain handbook §3.2). Bit sets of the states that may follow. */
static const unsigned moves[RETURN_STATE_COUNT] = {
    [RETURN_REQUESTED]       = BIT(RETURN_CHECKING) | BIT(RETURN_APPROVED) | BIT(RETURN_REJECTED) | BIT(RETURN_CANCELLED),
    [RETURN_CHECKING]        = BIT(RETURN_APPROVED) | BIT(RETURN_REJECTED) | BIT(RETURN_INFO_NEEDED),
    [RETURN_INFO_NEEDED]     = BIT(RETURN_CHECKING) | BIT(RETURN_CANCELLED),
    [RETURN_APPROVED]        = BIT(RETURN_IN_TRANSIT) | BIT(RETURN_REFUNDING) | BIT(RETURN_AWAITING_DROPOFF),
    [RETURN_AWAITING_DROPOFF] = BIT(RETURN_IN_TRANSIT) | BIT(RETURN_EXPIRED),
    [RETURN_IN_TRANSIT]      = BIT(RETURN_RECEIVED) | BIT(RETURN_LOST),
    [RETURN_LOST]            = BIT(RETURN_REFUNDING) | BIT(RETURN_CLOSED),
    [RETURN_RECEIVED]        = BIT(RETURN_INSPECTED),
    [RETURN_INSPECTED]       = BIT(RETURN_REFUNDING) | BIT(RETURN_REPLACING) | BIT(RETURN_REJECTED_AFTER_CHECK) | BIT(RETURN_PARTLY_APPROVED),
    [RETURN_PARTLY_APPROVED] = BIT(RETURN_REFUNDING),
    [RETURN_REFUNDING]       = BIT(RETURN_REFUNDED),
    [RETURN_REPLACING]       = BIT(RETURN_REPLACED),
    [RETURN_REFUNDED]        = BIT(RETURN_CLOSED),
    [RETURN_REPLACED]        = BIT(RETURN_CLOSED),
    [RETURN_REJECTED]        = BIT(RETURN_CLOSED),
    [RETURN_REJECTED_AFTER_CHECK] = BIT(RETURN_CLOSED),
    [RETURN_EXPIRED]         = BIT(RETURN_CLOSED),
    [RETURN_CANCELLED]       = 0,
    [RETURN_CLOSED]          = 0,
};

/* What a person's action needs and what it leads to (RETURN_STATE_COUNT: the state stays); steps between are implied. Anything not
 * listed is refused. */
#define UNDECIDED (BIT(RETURN_REQUESTED) | BIT(RETURN_CHECKING) | BIT(RETURN_INFO_NEEDED))
static const struct { unsigned from; enum return_state to; } actions[RETURN_ACTION_COUNT] = {
    [RACT_CHECK]     = { BIT(RETURN_REQUESTED) | BIT(RETURN_INFO_NEEDED), RETURN_CHECKING },
    [RACT_APPROVE]   = { UNDECIDED, RETURN_APPROVED },
    [RACT_REJECT]    = { UNDECIDED, RETURN_REJECTED },
    [RACT_ASK]       = { BIT(RETURN_REQUESTED) | BIT(RETURN_CHECKING), RETURN_INFO_NEEDED },
    [RACT_KEEP]      = { UNDECIDED | BIT(RETURN_APPROVED), RETURN_REFUNDING },
    [RACT_KEEP_PART] = { UNDECIDED | BIT(RETURN_APPROVED), RETURN_REFUNDING },
    [RACT_RECEIVE]   = { BIT(RETURN_APPROVED) | BIT(RETURN_AWAITING_DROPOFF) | BIT(RETURN_IN_TRANSIT), RETURN_RECEIVED },
    [RACT_LOSE]      = { BIT(RETURN_IN_TRANSIT), RETURN_LOST },
    [RACT_INSPECT]   = { BIT(RETURN_RECEIVED), RETURN_INSPECTED },
    [RACT_ACCEPT]    = { BIT(RETURN_INSPECTED) | BIT(RETURN_PARTLY_APPROVED) | BIT(RETURN_LOST), RETURN_REFUNDING },
    [RACT_PARTIAL]   = { BIT(RETURN_INSPECTED), RETURN_PARTLY_APPROVED },
    [RACT_SEND_BACK] = { BIT(RETURN_INSPECTED), RETURN_REJECTED_AFTER_CHECK },
    [RACT_EXCHANGE]  = { BIT(RETURN_INSPECTED), RETURN_REPLACING },
    [RACT_REPLACE]   = { BIT(RETURN_REPLACING), RETURN_REPLACED },
    [RACT_REFUND]    = { BIT(RETURN_REFUNDING), RETURN_REFUNDED },
    [RACT_CLOSE]     = { BIT(RETURN_REFUNDED) | BIT(RETURN_REPLACED) | BIT(RETURN_REJECTED) | BIT(RETURN_REJECTED_AFTER_CHECK) |
                         BIT(RETURN_EXPIRED) | BIT(RETURN_LOST), RETURN_CLOSED },
    [RACT_CANCEL]    = { BIT(RETURN_REQUESTED) | BIT(RETURN_INFO_NEEDED), RETURN_CANCELLED },
    [RACT_DISPOSE]   = { BIT(RETURN_INSPECTED) | BIT(RETURN_PARTLY_APPROVED) | BIT(RETURN_REFUNDING) | BIT(RETURN_REPLACING) |
                         BIT(RETURN_REFUNDED) | BIT(RETURN_REPLACED) | BIT(RETURN_CLOSED), RETURN_STATE_COUNT },
};

/* Every listed move of a claim (domain handbook §3.3). */
static const unsigned claim_moves[CLAIM_STATE_COUNT] = {
    [CLAIM_OPEN]       = BIT(CLAIM_EVIDENCE) | BIT(CLAIM_WITHDRAWN),
    [CLAIM_EVIDENCE]   = BIT(CLAIM_SUBMITTED) | BIT(CLAIM_WITHDRAWN),
    [CLAIM_SUBMITTED]  = BIT(CLAIM_IN_REVIEW),
    [CLAIM_IN_REVIEW]  = BIT(CLAIM_WON) | BIT(CLAIM_LOST) | BIT(CLAIM_PARTLY_WON) | BIT(CLAIM_EVIDENCE),
    [CLAIM_WON]        = BIT(CLAIM_SETTLED),
    [CLAIM_LOST]       = BIT(CLAIM_SETTLED) | BIT(CLAIM_APPEALED),
    [CLAIM_PARTLY_WON] = BIT(CLAIM_SETTLED),
    [CLAIM_APPEALED]   = BIT(CLAIM_IN_REVIEW),
};

/* Both simple views and the next step of a person, by state. */
static const struct { enum return_stage stage; enum return_goods goods; bool closed; enum return_action next; } views[RETURN_STATE_COUNT] = {
    [RETURN_REQUESTED]            = { STAGE_REQUEST,  GOODS_NONE,      false, RACT_APPROVE },
    [RETURN_CHECKING]             = { STAGE_CHECK,    GOODS_NONE,      false, RACT_APPROVE },
    [RETURN_INFO_NEEDED]          = { STAGE_CHECK,    GOODS_NONE,      false, RACT_CHECK },
    [RETURN_APPROVED]             = { STAGE_APPROVED, GOODS_EXPECTED,  false, RACT_RECEIVE },
    [RETURN_AWAITING_DROPOFF]     = { STAGE_APPROVED, GOODS_EXPECTED,  false, RACT_RECEIVE },
    [RETURN_IN_TRANSIT]           = { STAGE_APPROVED, GOODS_EXPECTED,  false, RACT_RECEIVE },
    [RETURN_LOST]                 = { STAGE_APPROVED, GOODS_NONE,      false, RACT_ACCEPT },
    [RETURN_RECEIVED]             = { STAGE_APPROVED, GOODS_RECEIVED,  false, RACT_INSPECT },
    [RETURN_INSPECTED]            = { STAGE_APPROVED, GOODS_RECEIVED,  false, RACT_ACCEPT },
    [RETURN_PARTLY_APPROVED]      = { STAGE_APPROVED, GOODS_RECEIVED,  false, RACT_ACCEPT },
    [RETURN_REFUNDING]            = { STAGE_MONEY,    GOODS_RECEIVED,  false, RACT_REFUND },
    [RETURN_REPLACING]            = { STAGE_MONEY,    GOODS_RECEIVED,  false, RACT_REPLACE },
    [RETURN_REFUNDED]             = { STAGE_MONEY,    GOODS_PAID_BACK, false, RACT_CLOSE },
    [RETURN_REPLACED]             = { STAGE_MONEY,    GOODS_RECEIVED,  false, RACT_CLOSE },
    [RETURN_REJECTED]             = { STAGE_CLOSED,   GOODS_NONE,      true,  RACT_CLOSE },
    [RETURN_REJECTED_AFTER_CHECK] = { STAGE_APPROVED, GOODS_RECEIVED,  false, RACT_CLOSE },
    [RETURN_EXPIRED]              = { STAGE_CLOSED,   GOODS_NONE,      true,  RACT_CLOSE },
    [RETURN_CANCELLED]            = { STAGE_CLOSED,   GOODS_NONE,      true,  RETURN_ACTION_COUNT },
    [RETURN_CLOSED]               = { STAGE_CLOSED,   GOODS_NONE,      true,  RETURN_ACTION_COUNT },
};
/* clang-format on */

bool return_may(enum return_state s, enum return_action action)
{
    return actions[action].from & BIT(s);
}

bool return_act(enum return_state s, enum return_action action, enum return_state *to, struct err *err)
{
    if (!return_may(s, action))
        return err_set(err, ERR_ACTION_REFUSED, return_action_names[action], "the return is %s, it cannot become %s", return_state_names[s],
                       actions[action].to == RETURN_STATE_COUNT ? return_state_names[s] : return_state_names[actions[action].to]);
    *to = actions[action].to == RETURN_STATE_COUNT ? s : actions[action].to;
    return true;
}

bool return_move_listed(enum return_state from, enum return_state to) { return moves[from] & BIT(to); }
bool return_state_closed(enum return_state s) { return views[s].closed; }
enum return_stage return_stage_of(enum return_state s) { return views[s].stage; }
enum return_goods return_goods_of(enum return_state s) { return views[s].goods; }
enum return_action return_next(enum return_state s) { return views[s].next; }
bool claim_move_listed(enum claim_state from, enum claim_state to) { return claim_moves[from] & BIT(to); }
bool claim_waits_for_us(enum claim_state s) { return s == CLAIM_OPEN || s == CLAIM_EVIDENCE; }

unsigned return_stage_states(enum return_stage stage)
{
    unsigned bits = 0;
    for (int s = 0; s < RETURN_STATE_COUNT; s++)
        if (views[s].stage == stage)
            bits |= BIT(s);
    return bits;
}

/* Breadth first over the table: the shortest way. */
int return_way(enum return_state from, enum return_state to, enum return_state *steps)
{
    int      before[RETURN_STATE_COUNT];
    int      line[RETURN_STATE_COUNT], head = 0, tail = 0;
    unsigned seen = BIT(from);

    line[tail++] = (int)from;
    while (head < tail && !(seen & BIT(to))) {
        int at = line[head++];
        for (int next = 0; next < RETURN_STATE_COUNT; next++) {
            if (!(moves[at] & BIT(next)) || (seen & BIT(next)))
                continue;
            seen |= BIT(next);
            before[next] = at;
            line[tail++] = next;
        }
    }
    if (from == to || !(seen & BIT(to)))
        return -1;

    int count = 0;
    for (int at = before[to]; at != (int)from; at = before[at])
        steps[count++] = (enum return_state)at;
    for (int i = 0; i < count / 2; i++) {
        enum return_state s  = steps[i];
        steps[i]             = steps[count - 1 - i];
        steps[count - 1 - i] = s;
    }
    return count;
}

#define RANK_LAST INT64_MAX

void return_derive(struct rma *r, struct arena *a)
{
    r->number_tail = fold_reverse(a, fold_digits(a, r->order_number));
    r->closed      = return_state_closed(r->state);
    r->due_rank    = instant_is_set(r->deadline_at) ? r->deadline_at.ms : RANK_LAST;
    r->sum_rank    = -r->refund_amount.minor;
}
