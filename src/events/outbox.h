/* outbox.h - commands to the marketplaces: one row is one promise, written in the transaction of the change.
 *
 * States: held (undo is possible) → queued → sending (taken until lease_until) → done | refused | dead; undone, dropped; shadow
 * (what a read-only account would have sent). Rows of one order go one after the other; orders go in parallel. A taken row whose
 * lease is over is waiting again. Delivery is at least once; the connector's `memory` lets a retry read back before repeating.
 */
#pragma once
#include "base/list.h"
#include "db/work.h"
#include "record/record.h"

struct command_row {
    rid     id, account_id, order_id;   /* order_id: the lane; of a return whose order is not known, the return itself */
    rid     return_id;                  /* set: the command is about this return */
    str     op;                         /* "confirm" "assemble" "hand_over" "cancel" "return_approve" … */
    int64_t priority;                   /* 1 soonest */
    str     dedupe_key;                 /* "confirm:<order>": once while not finished */
    str     payload;                    /* JSON: {"reason","comment","code","boxes"} */
    str     state;
    instant not_before;
    int64_t tries;
    str     taken_by;
    int64_t lease_until;                /* ms, 0 = not taken */
    str     from_status, to_status;
    str     memory, text, note;
    str     actor_kind;
    rid     actor_id;
    str     actor_name;
    instant created_at, sent_at, done_at;
};
LIST(command_row)
extern const struct record command_record;

/* Inserts; with the same dedupe key still on its way it changes nothing and gives that row's id. */
MUST_CHECK bool outbox_add(struct db *, struct arena *, struct command_row *, struct err *);
/* Takes up to `max` due rows of the account, most urgent first, at most one per order, none behind an unfinished earlier one. */
MUST_CHECK bool outbox_take(struct db *, rid account_id, instant now, str worker, instant lease_until, int max, struct arena *,
                            struct command_row_list *out, struct err *);
/* Accounts that have due rows now. */
MUST_CHECK bool outbox_due_accounts(struct db *, instant now, struct arena *, struct int_list *out, struct err *);
/* Writes state, not_before, tries, memory, text, note, sent_at, done_at; clears the lease. Only while `taken_by` still holds it:
 * *kept is false when the lease had passed on. */
MUST_CHECK bool outbox_settle(struct db *, const struct command_row *, bool *kept, struct err *);
/* Keeps `memory` of a row in the middle of a conversation, and lengthens its lease. */
MUST_CHECK bool outbox_remember(struct db *, rid id, str memory, instant lease_until, struct err *);
/* held, or shadow, and before its time → undone. *done says whether it was in time. */
MUST_CHECK bool outbox_undo(struct db *, rid id, instant now, bool *done, struct err *);
/* dead or refused → queued again (retry) or dropped. ERR_ACTION_REFUSED otherwise. */
MUST_CHECK bool outbox_retry(struct db *, rid id, instant now, struct err *);
MUST_CHECK bool outbox_drop(struct db *, rid id, struct err *);
/* Commands of the order that have not left yet are dropped, because `by` says the contrary; outbox_send_on takes that back. */
bool outbox_withdraw(struct db *, struct arena *, rid order_id, rid by, instant now, struct err *);
/* One command that has not left yet is dropped, because it no longer has a purpose. */
bool outbox_overtake(struct db *, rid id, str text, instant now, struct err *);
bool outbox_send_on(struct db *, struct arena *, rid order_id, rid by, instant now, struct err *);
MUST_CHECK bool outbox_of_order(struct db *, rid order_id, struct arena *, struct command_row_list *out, struct err *);
MUST_CHECK bool outbox_get(struct db *, rid id, struct arena *, struct command_row *out, struct err *);
struct outbox_ask {
    const str *states;                  /* "dead", "refused" … */
    int        states_count;
    const rid *accounts;                /* of these only; count 0 = all */
    int        accounts_count;
    rid        below;                   /* keyset: older than this command; not set = from the newest */
    int        max;
};
/* Newest first, at most `max`; *more says that there are older ones. */
MUST_CHECK bool outbox_in_states(struct db *, const struct outbox_ask *, struct arena *, struct command_row_list *out, bool *more, struct err *);
/* Earliest not_before of a waiting row; not set when there is none. */
MUST_CHECK bool outbox_next(struct db *, instant *out, struct err *);
