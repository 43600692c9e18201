/* return_order_flow.h - what a return that is over does to its order (domain handbook §3.1): partly_returned, returned. */
#pragma once
#include "returns/return_edit_flow.h"

/* Inside db_tx, after the return itself was saved. Nothing happens unless the return has just come to its end with goods that came back,
 * or a refused parcel has just arrived. */
MUST_CHECK bool return_order_follow(struct db *, const struct work *, const struct return_edit *, struct err *);
