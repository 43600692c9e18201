/* missed_flow.h - deadlines of returns and claims that were missed, with their cause: rows of the report of work. Inside db_tx. */
#pragma once
#include "returns/claim_clock_store.h"

/* What a change did to the return's deadline; writes nothing when it did nothing. */
MUST_CHECK bool return_missed(struct db *, const struct work *, const struct rma *was, const struct rma *now, bool is_new, struct err *);
/* The claim's clock has run out. `came_late`: it had when we first heard of it. */
MUST_CHECK bool claim_missed(struct db *, const struct work *, const struct claim_clock *, bool came_late, struct err *);
/* What it was counted for is done, or asked for anew. */
MUST_CHECK bool claim_missed_end(struct db *, const struct work *, const struct claim_clock *, struct err *);
