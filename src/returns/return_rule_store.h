/* return_rule_store.h - what the rule looks at, and what people set for returns. */
#pragma once
#include "db/work.h"
#include "returns/return_rule.h"

MUST_CHECK bool return_rules_load(struct db *, struct arena *, struct return_rules *out, struct err *);
bool return_rules_save(struct db *, struct arena *, const struct return_rules *, struct err *);
/* Orders of the buyer since then, and of how many something has come back, this return left out. */
MUST_CHECK bool buyer_habit(struct db *, rid customer, instant since, rid except_return, int64_t *orders, int64_t *returns, struct err *);
/* Disputes of the order, or of any order of the buyer, that have not ended. */
MUST_CHECK bool claims_open_of(struct db *, rid order_id, rid customer, int64_t *out, struct err *);
