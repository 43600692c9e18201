/* outcome_flow.h - keeps what the standing with a market and the report of missed deadlines are counted from. Inside db_tx. */
#pragma once
#include "orders/effects_flow.h"
#include "orders/outcome_store.h"

/* What the edit did to the order's outcome and its deadline; writes nothing when it did nothing. */
MUST_CHECK bool outcome_note(struct db *, const struct work *, const struct order_edit *, struct err *);
/* A clock that has run out. `down`: of accounts_down. */
MUST_CHECK bool violation_note(struct db *, const struct order *, bool came_late, const struct int_list *down, struct err *);
