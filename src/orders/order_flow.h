/* order_flow.h - what people do to orders: one rule, one transaction, every effect inside.
 *
 * An action changes the status at once; where the marketplace must hear of it, its command waits in the outbox for the hold
 * window (undo is real until then), or goes at once when less than HOLD_SKIP_MS are left to the deadline.
 */
#pragma once
#include "events/outbox.h"
#include "orders/effects_flow.h"

#define HOLD_SKIP_MS (5 * MINUTE_MS)
#define BULK_MAX     5000

struct action_input {
    enum order_action action;
    str               reason, comment, code;
    int               boxes;
    int               hold_s;           /* of the person; < 0: the shop's */
    const rid        *accounts;         /* scope; count 0 = all */
    int               accounts_count;
};
struct refusal { rid id; str number, code, text; };
LIST(refusal)
struct currency_sum { str currency; int64_t total; };
LIST(currency_sum)
struct action_result {
    struct int_list     done;           /* order ids */
    struct refusal_list refused;
    str                 undo;           /* token; empty: nothing can be undone */
    instant             hold_until;     /* latest of the commands; not set: sent at once or nothing to send */
    str                 currency;
    int64_t             sum;            /* of the orders that are done, those in `currency` */
    struct currency_sum_list sums;      /* of all of them; amounts of different currencies are never added up */
};

/* Is the market of this channel told of the action, or is the step our own? */
bool order_action_told(const struct shop *, str channel, enum order_action);
/* One order: refusals are errors. */
MUST_CHECK bool order_do(struct work *, rid id, const struct action_input *, struct action_result *, struct err *);
/* Many: partial success is normal. With `dry_run` nothing is changed and `done` says what would be. */
MUST_CHECK bool order_do_many(struct work *, const rid *ids, int count, const struct action_input *, bool dry_run, struct action_result *,
                              struct err *);

struct undo_result { struct int_list undone, late; };
/* What who takes a step back may do with orders: his own steps anybody, those of others who might have done them himself. */
struct undo_right { const rid *accounts; int accounts_count; bool work, cancel; };
/* ERR_UNDO_LATE when nothing can be undone (any more), and for the token of somebody else. */
MUST_CHECK bool order_undo(struct work *, str token, const struct undo_right *, struct undo_result *, struct err *);

MUST_CHECK bool order_assign(struct work *, const rid *ids, int count, rid assignee, const struct action_input *scope,
                             struct action_result *, struct err *);
/* Sets an order of the warehouse's side aside until a date, with a reason: nothing but cancelling may be done until it comes back, by
 * itself or by order_unhold. The market's clock runs on. ERR_BODY_INVALID for a date that is past or over HOLD_DAYS_MAX away. */
#define HOLD_DAYS_MAX 90
MUST_CHECK bool order_hold(struct work *, rid id, instant until, str reason, struct err *);
MUST_CHECK bool order_unhold(struct work *, rid id, struct err *);
/* Orders whose date has come are back; at most 200 at once. Part of zones_tick. */
MUST_CHECK bool orders_holds_end(struct db *, struct work *, struct order_effects *, struct err *);
/* What the market changed up to this version has been seen. */
MUST_CHECK bool order_changes_see(struct work *, rid id, int64_t version, struct err *);
/* The most urgent order of the list that nobody has becomes the actor's. Of two people who ask at once each gets an order of
 * their own. Not set: there is none. */
struct queue_filter;
struct queue_scope;
MUST_CHECK bool order_take_next(struct work *, const struct queue_filter *, const struct queue_scope *, rid *out, struct err *);
struct note;
MUST_CHECK bool order_note(struct work *, rid id, str text, struct note *out, struct err *);
struct task;
MUST_CHECK bool order_task(struct work *, struct task *io, struct err *);
/* title, assignee, due time, state; `set` has a bit per field of task_record that came. ERR_VERSION_OLD. */
MUST_CHECK bool order_task_patch(struct work *, struct task *io, uint64_t set, struct err *);
/* comment, tags. ERR_VERSION_OLD with the stored order in *out. */
struct order_patch { bool has_comment, has_tags; str comment, tags; };
MUST_CHECK bool order_patch(struct work *, rid id, int64_t version, const struct order_patch *, struct order *out, struct err *);

/* What became of a command: writes the outbox row, and on refusal puts the order back where it was. One that was given up becomes
 * a task called `title`, which ends when the command comes through later. *kept false: the lease had passed to somebody else,
 * nothing was written. */
MUST_CHECK bool command_settle(struct work *, const struct command_row *, str title, bool *kept, struct err *);

/* Orders whose zone changes by now; at most `max`. Fires each change once, in time order. *more says that others are due. */
#define ZONES_AT_ONCE 4000
MUST_CHECK bool zones_tick(struct work *, int max, int *changed, bool *more, struct err *);
/* When the next zone changes; not set: never. */
MUST_CHECK bool zones_next(struct db *, instant *out, struct err *);
/* Computes the deadlines of open orders anew (a policy or calendar changed), in batches behind `after`. */
MUST_CHECK bool deadlines_recompute(struct work *, rid after, int max, rid *last, struct err *);
