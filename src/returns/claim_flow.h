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
struct claim_input {
    enum claim_action action;
    int64_t           version;
    str               text;             /* of the decision, of what was found; a withdrawal and a write-off need one */
    bool              has_money;
    amount            money;            /* what came of it */
    instant           deadline_at;      /* of an answer that was asked for */
    const rid        *accounts;
    int               accounts_count;
};
MUST_CHECK bool claim_do(struct work *, rid id, const struct claim_input *, struct err *);
/* The words of the evidence and the sum, while it has not been sent. ERR_VERSION_OLD. */
struct claim_edit { int64_t version; bool has_text, has_amount, has_deadline; str text; amount amount; instant deadline_at; const rid *accounts; int accounts_count; };
MUST_CHECK bool claim_change(struct work *, rid id, const struct claim_edit *, struct err *);
