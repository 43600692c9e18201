/* waiting_store.h - how much waits for a person beside the orders themselves. */
#pragma once
#include "orders/queue_store.h"

/* Open tasks of the person that are due before `until`. */
MUST_CHECK bool tasks_due(struct db *, rid user_id, instant until, int64_t *out, struct err *);
/* Commands that a market refused, or that were given up. */
MUST_CHECK bool commands_in_trouble(struct db *, const struct queue_scope *, int64_t *out, struct err *);
