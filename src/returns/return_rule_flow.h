/* return_rule_flow.h - the rule is asked about a return that has just come; what it decides goes through the hold window like a person's. */
#pragma once
#include "returns/return_flow.h"
#include "orders/order.h"

/* Asks once, while the return is requested: approves, or notes why a person has to look. Inside db_tx; nothing is saved. */
MUST_CHECK bool return_rule_decide(struct db *, struct work *, struct return_edit *, const struct order *, const struct return_ground *, struct err *);
