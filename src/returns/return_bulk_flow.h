/* return_bulk_flow.h - many returns at once: one call, one transaction, partial success is normal, one token takes all of it back. */
#pragma once
#include "orders/order_flow.h"
#include "returns/return_flow.h"

#define RETURN_BULK_MAX 500

/* May this be done to many at once? What asks for each one's goods or sum may not. */
bool return_bulk_may(enum return_action);
/* `states`: bits that who asks has anything to do with; 0 = all. With `dry_run` nothing changes and `done` says what would be. */
struct return_bulk { const rid *ids; int count; struct return_input in; unsigned states; bool dry_run; };
MUST_CHECK bool return_do_many(struct work *, const struct return_bulk *, struct action_result *out, struct err *);
/* Who works on them; `to` not set: nobody. ERR_BODY_INVALID for somebody who is not active. */
MUST_CHECK bool return_assign(struct work *, const struct return_bulk *, rid to, struct action_result *out, struct err *);
