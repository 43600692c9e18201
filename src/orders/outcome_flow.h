/* outcome_flow.h - keeps what the standing with a market and the report of missed deadlines are counted from. Inside db_tx. */
#pragma once
#include "orders/effects_flow.h"
#include "orders/outcome_store.h"

/* What the edit did to the order's outcome, the figures of its days, and its deadline; writes nothing when it did nothing. */
MUST_CHECK bool outcome_note(struct db *, const struct work *, const struct order_edit *, struct totals *, struct err *);
void totals_outcome(struct totals *, struct arena *, const struct zone *, const struct order_outcome *, int sign);
enum violation_cause violation_cause_of(rid account_id, rid person_id, bool came_late, bool is_problem, const struct int_list *down);
/* A clock that has run out. `down`: of accounts_down. */
MUST_CHECK bool violation_note(struct db *, const struct order *, bool came_late, const struct int_list *down, struct err *);
