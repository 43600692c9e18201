/* return.h - a return, what may happen to it, and what a draft of the market changes. Pure: values in, values out.
 *
 * `state` changes only along the table of domain handbook §3.2. People take one action at a time; a market may jump forward, the
 * skipped steps are written as implied. A market's move backward is kept in the history, flagged, not applied.
 *
 * The queue is one index: due_rank (the deadline, all ones when there is none), then sum_rank (the larger amount first), then id.
 */
#pragma once
#include "base/err.h"
#include "deadlines/sla.h"
#include "orders/order_status.h"
#include "record/record.h"
#include "returns/return_draft.h"

struct rma {
    rid      id, account_id;
    str      channel, external_id;
    rid      order_id;                  /* not set: an order we have not seen */
    str      order_external, order_number, number_tail;
    enum return_kind kind;
    enum return_state state;
    bool     closed;
    str      external_state, reason, external_reason, buyer_text, comment, decision_text;
    enum return_route route;
    str      track, place, title;
    int64_t  lines_count, units, photos;
    str      currency;
    amount   refund_amount;
    str      problem, rule, rule_inputs;
    rid      exchange_order_id, assignee_id;
    instant  requested_at, changed_at, decided_at, received_at, refunded_at, ended_at, channel_by;
    str      deadline_step, deadline_source;
    int64_t  deadline_total;
    instant  deadline_at, yellow_at, red_at;
    enum sla_zone zone;
    instant  zone_next_at;
    int64_t  due_rank, sum_rank, draft_hash;
    rid      command_id;
    int64_t  version;
    instant  created_at, updated_at;
    rid      created_by;
    instant  state_at;                  /* since when it is in its state */
    instant  wake_at;                   /* when something happens to it by itself */
    int64_t  woken;                     /* BIT(WAKE_…) of what has */
    str      own_name;                  /* ours, before the market's return was joined to it; empty: none was */
    str      apart;                     /* the market's return that it is not, as people have said */
};
LIST(rma)
extern const struct record return_record, return_brief_record;      /* brief: what a list needs of it */

struct rma_line {
    rid     return_id;
    int64_t line;                       /* from 1 */
    int64_t order_line;                 /* of the order, from 1; 0: not known which */
    str     external_offer_id, article, title;
    int64_t qty;
    amount  amount;
    enum return_condition condition;
    enum return_disposition disposition;
    instant disposition_at;
    int64_t restocked_qty;
};
LIST(rma_line)
extern const struct record return_line_record;

struct rma_step {
    rid     return_id;
    int64_t seq;
    instant at;
    str     from_state, to_state;
    bool    implied, flagged;           /* flagged: a move that was not applied */
    str     actor_kind;
    rid     actor_id;
    str     actor_name, external_state, note;
};
LIST(rma_step)
extern const struct record return_step_record;

struct refund {
    rid     id, return_id, order_id, account_id;
    amount  amount, points, delivery;   /* delivery: the part of `amount` that is delivery */
    str     currency;
    enum refund_state state;
    bool    by_market;                  /* the market pays the buyer and takes it from us */
    rid     proposed_by, approved_by;
    instant approved_at;
    int64_t version;
    instant created_at, updated_at;
};
LIST(refund)
extern const struct record refund_record;

struct claim {
    rid     id, account_id;
    str     external_id;
    enum claim_side side;
    enum claim_state state;
    rid     order_id, return_id;
    str     subject;
    amount  amount;
    str     currency, evidence, decision;
    amount  money_effect;               /* what came of it */
    int64_t appeals;
    instant deadline_at;
    int64_t version;
    instant created_at, updated_at;
};
LIST(claim)
extern const struct record claim_record;

/* ---- moves ---- */

enum return_action {
    RACT_CHECK, RACT_APPROVE, RACT_REJECT, RACT_ASK, RACT_KEEP, RACT_KEEP_PART, RACT_RECEIVE, RACT_LOSE, RACT_INSPECT, RACT_ACCEPT, RACT_PARTIAL,
    RACT_SEND_BACK, RACT_EXCHANGE, RACT_REPLACE, RACT_REFUND, RACT_CLOSE, RACT_CANCEL, RACT_DISPOSE, RETURN_ACTION_COUNT
};
extern const char *const return_action_names[];          /* "check" "approve" "reject" "ask" "keep" "receive" "lose" "inspect" "accept" … */

/* What a person's action leads to. ERR_ACTION_REFUSED names the current and the wanted state. */
MUST_CHECK bool return_act(enum return_state, enum return_action, enum return_state *to, struct err *);
bool return_may(enum return_state, enum return_action);
bool return_move_listed(enum return_state from, enum return_state to);
/* Nothing more is to be done: it has left the queue. */
bool return_state_closed(enum return_state);
/* The shortest listed way from `from` to `to`, both left out; -1: there is none. `steps` has room for RETURN_STATE_COUNT. */
int  return_way(enum return_state from, enum return_state to, enum return_state *steps);
enum return_stage return_stage_of(enum return_state);
enum return_goods return_goods_of(enum return_state);
/* Bits of the states of a stage. */
unsigned return_stage_states(enum return_stage);

bool claim_move_listed(enum claim_state from, enum claim_state to);
/* Does the answer's clock run? */
bool claim_waits_for_us(enum claim_state);
/* The action that a person would take next, for the main button; RETURN_ACTION_COUNT: none. */
enum return_action return_next(enum return_state);

/* Fills number_tail, closed, due_rank and sum_rank from the rest. */
void return_derive(struct rma *, struct arena *);

/* Writes when the return was decided, received, paid back, ended, as it passes through a state. */
void return_stamp(struct rma *, enum return_state passed, instant at);

/* ---- by when ---- */

/* A dated rule of a channel or, with an empty channel, of the law. step: "window" or a name of sla_step. */
struct return_term { str channel, country, step; int64_t days; instant valid_from, valid_to; str source; };
LIST(return_term)
/* The rule that holds at `at`: of the channel before the law, of the country before any, the newest. NULL: none. */
const struct return_term *return_term_find(const struct return_term_list *, str channel, str country, str step, instant at);
/* Which step's clock runs; SLA_STEP_COUNT: none. */
enum sla_step return_step(enum return_state);
/* What the book is asked; false: no clock runs. *source: of the time that is not ours, "channel" or the words of the rule. */
bool return_question(const struct rma *, const struct return_term_list *, str country, struct sla_question *, str *source);
/* Asks the book and the terms, the earlier counts; writes deadline_*, zone, zone_next_at and due_rank. */
void return_deadline(struct rma *, const struct sla_book *, const struct return_term_list *, str country, instant now);
/* Until when the buyer may ask; not set: no rule is known. */
instant return_window(const struct return_term_list *, str channel, str country, instant delivered, str *source);

/* What happens to a return by itself: the buyer does not answer, the goods are not handed in, nobody decides on what came, what was to
 * come never came. */
enum return_wake { WAKE_SILENT, WAKE_DROPOFF, WAKE_FORGOTTEN, WAKE_UNSEEN, RETURN_WAKE_COUNT };
struct return_rules;
/* When; not set: never, or it has happened. */
instant return_wake_at(const struct rma *, const struct return_rules *, enum return_wake);
void return_wake(struct rma *, const struct return_rules *);       /* writes wake_at */

/* ---- what a draft changes ---- */

enum return_news {
    RNEWS_NONE = 0, RNEWS_CREATED = 1, RNEWS_STATE = 2, RNEWS_FIELDS = 4, RNEWS_LINES = 8, RNEWS_BACKWARD = 16, RNEWS_OLDER = 32
};
struct return_change {
    unsigned          news;
    enum return_state from;
    int               implied_count;
    enum return_state implied[RETURN_STATE_COUNT];
};
/* Applies a draft to `r` (zeroed for a new one). A draft older than what is stored changes nothing but is noted (RNEWS_OLDER); what
 * we did ourselves is not taken back by a market that still shows the step before. Repeating a draft gives RNEWS_NONE. */
void return_take_draft(struct rma *r, const struct return_draft *, struct arena *, instant now, struct return_change *out);
int64_t return_draft_hash(const struct return_draft *);
/* What names the order: its id, or that of a line of it; goods are named as the claim about them is. */
str return_draft_order(const struct return_draft *);
