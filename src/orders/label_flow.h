/* label_flow.h - asking for labels and having printed them. */
#pragma once
#include "db/work.h"
#include "orders/label.h"
#include "orders/order.h"

/* Asks for the labels of orders that have none; `again`: also of those that have one. */
MUST_CHECK bool labels_order(struct work *, const struct order *const *orders, int count, bool again, struct err *);
/* The labels that are here of these orders went to a printer: kept with the label, in the order's history, which says when it was not the
 * first time, and in the log of changes. `out`: of which. */
MUST_CHECK bool labels_print(struct work *, const struct order *orders, int count, struct int_list *out, struct err *);
/* Inside db_tx: tells open screens that the order's label is something else now. */
bool label_tell(struct db *, const struct work *, rid order, rid account, struct err *);
