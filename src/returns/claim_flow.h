/* claim_flow.h - our own claims: to the carrier or the market for what was lost, did not come or is another thing.
 *
 * A draft is made by itself, with what was matched as its evidence; people finish it and take it along the moves of domain handbook
 * §3.3. A claim is settled when its money was found, or written off with a reason.
 */
#pragma once
#include "returns/claim_store.h"
#include "returns/return_edit_flow.h"

enum claim_action {
    CLACT_GATHER, CLACT_SUBMIT, CLACT_REVIEW, CLACT_ASK, CLACT_WIN, CLACT_LOSE, CLACT_PART, CLACT_APPEAL, CLACT_SETTLE, CLACT_WITHDRAW,
    CLAIM_ACTION_COUNT
};
extern const char *const claim_action_names[];           /* "gather" "submit" "review" "ask" "win" "lose" "part" "appeal" "settle" "withdraw" */
bool claim_may(const struct claim *, enum claim_action);

/* ---- drafts; inside db_tx; one of a subject per return ---- */
MUST_CHECK bool claim_of_lost(struct db *, struct work *, struct return_edit *, struct err *);
/* Units that did not come, or were another thing, in a parcel that is being checked. */
MUST_CHECK bool claims_of_found(struct db *, struct work *, struct return_edit *, struct err *);
/* The market has paid the buyer, or says that the goods are on their way, and they have not come for so long. */
MUST_CHECK bool claim_of_unseen(struct db *, struct work *, struct return_edit *, struct err *);

/* ---- people ---- */

enum claim_subject { CLSUBJ_LOST, CLSUBJ_MISSING, CLSUBJ_SWAPPED, CLSUBJ_DAMAGED, CLSUBJ_UNDERPAID, CLSUBJ_OTHER, CLAIM_SUBJECT_COUNT };
extern const char *const claim_subject_names[];          /* "lost" "missing" "swapped" "damaged" "underpaid" "other" */

/* A claim that a person begins: about a return, an order, or neither. ERR_NOT_FOUND; ERR_CONFLICT when the return has one of this subject. */
struct claim_new {
    rid                account_id;      /* asked for when there is neither return nor order */
    rid                order_id, return_id;
    enum claim_side    side;
    enum claim_subject subject;
    str                text;
    bool               has_amount;      /* without: what the return is worth */
    amount             amount;
    instant            deadline_at;     /* not set: by the rule */
    const rid         *accounts;
    int                accounts_count;
};
MUST_CHECK bool claim_open(struct work *, const struct claim_new *, rid *out, struct err *);
struct claim_input {
    enum claim_action action;
    int64_t           version;
    str               text;             /* of the decision, of what was found; a withdrawal and a write-off need one */
    bool              has_money;
    amount            money;            /* what came of it */
    instant           deadline_at;      /* of an answer that was asked for */
    int               hold_s;           /* how long it may be taken back; < 0: the shop's */
    const rid        *accounts;
    int               accounts_count;
};
MUST_CHECK bool claim_do(struct work *, rid id, const struct claim_input *, struct err *);
/* Until when the last step may be taken back; not set: it may not. */
instant claim_undo_until(struct arena *, const struct claim_step_list *, instant now);
/* Takes the last step back. ERR_UNDO_LATE, ERR_VERSION_OLD. */
MUST_CHECK bool claim_undo(struct work *, rid id, int64_t version, const rid *accounts, int accounts_count, struct err *);
/* The words of the evidence and the sum, while it has not been sent. ERR_VERSION_OLD. */
struct claim_edit { int64_t version; bool has_text, has_amount, has_deadline; str text; amount amount; instant deadline_at; const rid *accounts; int accounts_count; };
MUST_CHECK bool claim_change(struct work *, rid id, const struct claim_edit *, struct err *);
