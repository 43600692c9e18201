/* claim_clock_flow.h - by when a claim waits for us, as the deadline engine says it: the claim's own day or the shop's rule for answers
 * to claims, the earlier one. Inside db_tx. */
#pragma once
#include "returns/claim_clock_store.h"

/* After every change of a claim: its clock begins, moves or ends. A new day is a new deadline, the same one keeps the time it has used. */
MUST_CHECK bool claim_clock_follow(struct db *, const struct work *, const struct claim *, struct err *);
/* The rules have changed: reckoned once more from where it began. */
MUST_CHECK bool claim_clock_again(struct db *, const struct work *, const struct claim *, struct err *);
/* Zones that have changed by now, each told at its own moment; *n how many clocks. */
MUST_CHECK bool claim_clocks_tick(struct db *, const struct work *, int max, int *n, struct err *);
