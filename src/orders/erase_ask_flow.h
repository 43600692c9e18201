/* erase_ask_flow.h - erasing a person takes two: one asks with a reason, another approves. In a shop where nobody else could take part,
 * one is enough, and the proof says so: who asked and who approved have one name. */
#pragma once
#include "orders/erase_ask_store.h"
#include "orders/erase_flow.h"

extern const char *const erase_reasons[];                /* "asked" "withdrawn" "expired" "mistake" */

/* ERR_CONFLICT: it waits already, or the card lives no more. */
MUST_CHECK bool erase_ask(struct work *, rid customer, str reason, bool do_not_contact, struct erase_request *out, struct err *);
/* May who works approve what they asked themselves? Only when no other active owner, manager or support is there. */
MUST_CHECK bool erase_alone(struct work *, rid user, bool *out, struct err *);
/* ERR_CONFLICT: decided meanwhile, or the same person asked and another could approve. Else as customer_erase. */
MUST_CHECK bool erase_approve(struct work *, rid request, int64_t version, struct erasure *out, struct err *);
MUST_CHECK bool erase_refuse(struct work *, rid request, struct erase_request *out, struct err *);
/* The one that waits for this person; *found false: none. */
MUST_CHECK bool erase_waiting(struct db *, rid customer, struct arena *, struct erase_request *out, bool *found, struct err *);
