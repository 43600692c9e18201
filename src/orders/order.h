/* order.h - an order, what may happen to it, and what a draft of the market changes. Pure: values in, values out.
 *
 * `hub_status` changes only along the table of domain handbook §3.1. People and rules take one listed step; a market may jump
 * forward, the skipped steps are written as implied. A market's move backward is kept in the history, flagged, not applied.
 *
 * queue_rank puts the zone before the deadline in one number, so that the queue is one index:
 *     rank = zone << 48 | deadline in ms << 3 | weight of the account (all ones when there is no deadline)
 */
#pragma once
#include "base/err.h"
#include "deadlines/sla.h"
#include "orders/order_draft.h"
#include "record/record.h"

struct order {
    rid      id, account_id;
    str      channel, external_id, number, number_tail, group_number;
    enum order_scheme scheme;
    enum hub_status status;
    bool     closed;
    str      external_status, status_key;
    enum payment_status payment;
    int64_t  marks;
    rid      customer_id, source_id;
    str      customer_name, recipient_name, recipient_phone;
    str      delivery_method, delivery_address, city, point_id, carrier, track;
    instant  promised_from, promised_to;
    str      currency;
    bool     has_total;
    amount   goods_total, discount_total, delivery_total, grand_total;
    str      title;
    int64_t  lines_count, units;
    str      cancel_reason;
    enum cancel_side cancel_side;
    str      comment_buyer, comment, tags;
    rid      assignee_id;
    instant  placed_at, sort_at, changed_at, confirmed_at, channel_confirm_by, channel_ship_by;
    str      deadline_step;              /* empty: no clock runs */
    rid      policy_id;
    instant  deadline_start;
    int64_t  deadline_total, deadline_used;
    instant  deadline_at, yellow_at, red_at;
    enum sla_zone zone;
    instant  zone_next_at;
    int64_t  queue_rank;
    int64_t  draft_hash;
    rid      command_id;
    int64_t  version;
    instant  created_at, updated_at;
};
LIST(order)
extern const struct record order_record;

struct order_line {
    rid     order_id;
    int64_t line;                       /* from 1 */
    str     external_id, external_offer_id, article, barcode, title;
    int64_t qty;
    bool    has_price;
    amount  unit_price, line_total;
    bool    marking_required;
};
LIST(order_line)
extern const struct record order_line_record;

struct history_row {
    rid     order_id;
    int64_t seq;
    instant at;
    str     from_status, to_status;
    bool    implied, flagged;           /* flagged: a move that was not applied */
    str     actor_kind;
    rid     actor_id;
    str     actor_name, external_status, note;
};
LIST(history_row)
extern const struct record history_record;

/* ---- moves ---- */

enum order_action { ACT_CONFIRM, ACT_ASSEMBLE, ACT_RELEASE, ACT_READY, ACT_HAND_OVER, ACT_CANCEL, ACT_COUNT };
extern const char *const order_action_names[];           /* "confirm" "assemble" "release" "ready" "hand_over" "cancel" */

/* What a person's action leads to. ERR_ACTION_REFUSED names the current and the wanted state. */
MUST_CHECK bool order_act(const struct order *, enum order_action, enum hub_status *to, struct err *);
/* The same, as a question without words. */
bool order_may(const struct order *, enum order_action);

/* May `from` become `to` by one listed move? */
bool order_move_listed(enum hub_status from, enum hub_status to);
bool hub_status_closed(enum hub_status);
/* The shortest listed way forward from `from` to `to`, both left out; -1: there is none (backward or impossible). `steps` has room
 * for HUB_STATUS_COUNT. */
int order_way(enum hub_status from, enum hub_status to, enum hub_status *steps);

/* A number that is more letters than digits, such as HAND-1: its ends of digits are no key. `spelled` gets it as typed, in small and in
 * capital letters, `tail` what number_tail is of it. False: it is none, or its digits find it. */
#define NUMBER_SPELLINGS 3
bool order_number_spelled(struct arena *, str typed, str spelled[NUMBER_SPELLINGS], str *tail);
/* Fills number_tail, sort_at and queue_rank from the rest. */
void    order_derive(struct order *, struct arena *);
int64_t order_rank(enum sla_zone, instant deadline_at, int weight);
/* Which step's clock runs in this status; SLA_STEP_COUNT: none. */
enum sla_step order_step(enum hub_status);
/* The question that the order's present step puts to the book. */
bool    order_question(const struct order *, struct sla_question *out);
/* The marks that say: nothing but cancelling may be done now. */
bool    order_waits(const struct order *);
/* Asks the book and writes deadline_*, zone, zone_next_at and queue_rank. A step that goes on keeps the time it has used; while a
 * mark pauses the rule, deadline_start is not set and deadline_used holds what was used. */
void    order_deadline(struct order *, const struct sla_book *, instant now);

/* ---- what a draft changes ---- */

enum order_news {                       /* bits: what became different */
    NEWS_NONE = 0, NEWS_CREATED = 1, NEWS_STATUS = 2, NEWS_FIELDS = 4, NEWS_LINES = 8, NEWS_BACKWARD = 16, NEWS_OLDER = 32
};
struct order_change {
    unsigned        news;
    enum hub_status from;
    int             implied_count;
    enum hub_status implied[HUB_STATUS_COUNT];
};
/* Applies a draft to `o` (zeroed for a new order). `row` is what the account's status map says of draft->status_key; NULL when the
 * draft tells no status. A draft older than what is stored changes nothing but is noted (NEWS_OLDER). Masked or missing values
 * never overwrite known ones. Repeating a draft gives NEWS_NONE. */
void order_take_draft(struct order *o, const struct order_draft *, const struct status_choice *row, struct arena *, instant now,
                      struct order_change *out);
/* Fingerprint of all that a draft says. */
int64_t order_draft_hash(const struct order_draft *);
