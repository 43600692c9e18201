/* return_flow.h - what people and rules do to returns: one rule, one transaction, every effect inside.
 *
 * A step changes the state at once. Where the market must hear of it, its command waits in the outbox for the hold window; until then
 * the step can be taken back. Money is proposed when the return comes to it, and approved apart (refund_flow.h).
 */
#pragma once
#include "returns/return_edit_flow.h"
#include "returns/return_found.h"
#include "returns/return_rule.h"

struct return_done {
    str     undo;                       /* token; empty: it cannot be taken back */
    instant hold_until;
    bool    waits;                      /* the money waits for a second person */
};
struct return_input {
    enum return_action action;
    int64_t            version;         /* that was seen */
    str                text;            /* to the buyer; a refusal needs one */
    const rid         *accounts;        /* scope; count 0 = all */
    int                accounts_count;
    struct return_input_line_list lines;
    bool               has_amount;      /* of a partial refund */
    amount             amount;
    int                hold_s;          /* of the person; < 0: the shop's; 0: not to be taken back */
    bool               confirms;        /* may be the second person of a refund above the limit */
    bool               pays;            /* may pay back up to the limit */
    str                token;           /* takes several steps back at once; empty: one of its own */
    bool               makes;           /* the first step of one that begins here: taken back, it never was */
    struct return_done *out;            /* may be NULL */
};
/* ERR_ACTION_REFUSED, ERR_VERSION_OLD, ERR_BODY_INVALID for a refusal without a text. */
MUST_CHECK bool return_do(struct work *, rid id, const struct return_input *, struct err *);

/* What a step needs to know, read once per transaction. */
struct return_ground { struct return_term_list terms; struct return_rules rules; };
MUST_CHECK bool return_ground_read(struct db *, const struct work *, struct return_ground *out, struct err *);
/* One step of a return that is loaded, by the actor of the work: state, stamps, lines, money, history, command, undo. Neither saved nor
 * in the log of changes yet. Inside db_tx. */
MUST_CHECK bool return_step_take(struct db *, struct work *, struct return_edit *, const struct return_input *, const struct return_ground *,
                                 struct err *);
/* Deadline, ranks, row, lines, history, event. */
MUST_CHECK bool return_step_save(struct db *, struct work *, struct return_edit *, const struct return_ground *, struct err *);

/* ERR_UNDO_LATE when nothing can be undone (any more), and for the token of somebody else. */
struct return_undone { struct int_list undone, late; };
struct return_undo_right { const rid *accounts; int accounts_count; bool decides; };
MUST_CHECK bool return_undo(struct work *, str token, const struct return_undo_right *, struct return_undone *out, struct err *);
