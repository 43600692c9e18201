/* claim_edit_flow.h - what every change of a claim brings with it: a row of its history, the event for open screens. */
#pragma once
#include "returns/claim_store.h"

/* `before`: what the step has changed, while it may be taken back; empty: it may not. */
MUST_CHECK bool claim_step_save(struct db *, const struct work *, const struct claim *, const char *from, str note, str before, struct err *);
/* `old` NULL: it has just been made. */
MUST_CHECK bool claim_tell(struct db *, const struct work *, const struct claim *, const struct claim *old, struct err *);
bool claim_in_scope(const rid *accounts, int count, rid account);
