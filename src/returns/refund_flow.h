/* refund_flow.h - money that goes back: proposed with the decision, approved apart, above a limit by a second person.
 *
 * A row per payment: the sum, the part of it that is delivery, the part that goes back as points, and whether the market pays the buyer.
 * What is approved stands in the ledger with it (posting.h). Never more than was paid, over all returns of the order. Inside db_tx.
 */
#pragma once
#include "returns/return_flow.h"

/* The return comes to its money: what is owed becomes a row that waits. `part`: less than the sum, where people say so. */
MUST_CHECK bool refund_propose(struct db *, struct work *, struct return_edit *, bool has_part, amount part, struct err *);
/* Who acts agrees. *waits: a second person has to, the money stays proposed. ERR_FORBIDDEN, ERR_CONFLICT. */
MUST_CHECK bool refund_approve(struct db *, struct work *, struct return_edit *, const struct return_input *, const struct return_rules *, bool *waits,
                               struct err *);
/* The step that proposed it is taken back. */
MUST_CHECK bool refund_withdraw(struct db *, struct work *, rid return_id, struct err *);
/* The market has refused a step: money that was promised by it is not, and the sum is that of the units again; money that was approved by
 * it waits again. */
MUST_CHECK bool refund_step_back(struct db *, struct work *, struct return_edit *, enum return_state to, struct err *);
/* The market has paid the buyer back. */
MUST_CHECK bool refund_by_market(struct db *, struct work *, struct return_edit *, struct err *);
/* Does this row need two persons? What a market pays by itself does not; what it pays on our word alone, for goods that stay, does. */
bool refund_needs_second(const struct shop *, const struct return_rules *, const struct refund *, const struct rma *);
/* Is there money of this return that waits for a second person? */
MUST_CHECK bool refund_waits(struct db *, const struct work *, const struct rma *, const struct return_rules *, bool *out, struct err *);
