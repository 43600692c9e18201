/* exchange_flow.h - the replacement of an exchange: an order kept by hand for the same buyer, which waits until the goods are back.
 *
 * It is reserved with the approval, so that its units are promised to nobody else; stock hears of it by an event. Inside db_tx.
 */
#pragma once
#include "returns/return_edit_flow.h"

/* Makes it, set aside until the goods are here. Nothing when there is one. */
MUST_CHECK bool exchange_reserve(struct db *, struct work *, struct return_edit *, struct err *);
/* The goods are here and fit: it may be sent. Made now when it was not promised before. */
MUST_CHECK bool exchange_release(struct db *, struct work *, struct return_edit *, struct err *);
/* There is no exchange after all. An order that has left is not touched. */
MUST_CHECK bool exchange_drop(struct db *, struct work *, struct return_edit *, struct err *);
