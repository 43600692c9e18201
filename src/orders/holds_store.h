/* holds_store.h - until when an order is set aside, and why. The mark MARK_SET_ASIDE of the order says that it is; a row whose order
 * has lost the mark means nothing and goes at its time. */
#pragma once
#include "db/work.h"
#include "orders/order.h"

struct order_hold { rid order_id; instant until; str reason; };
LIST(order_hold)
extern const struct record order_hold_record;

/* Puts the row in place of the order's earlier one. */
bool hold_save(struct db *, const struct order_hold *, struct err *);
bool hold_drop(struct db *, rid order_id, struct err *);
/* Zeroed when there is none. */
MUST_CHECK bool hold_of(struct db *, rid order_id, struct arena *, struct order_hold *out, struct err *);
MUST_CHECK bool holds_due(struct db *, instant now, int max, struct arena *, struct order_hold_list *out, struct err *);
MUST_CHECK bool holds_next(struct db *, instant *out, struct err *);     /* not set: none */
