/* customer_flow.h - whose order is it? Finds or makes the person behind each buyer of a page, in the page's transaction. */
#pragma once
#include "customers/customer_store.h"

struct buyer_found { rid customer_id, source_id; bool is_new; };

/* `out` has room for `count`; an unknown buyer (buyer_is_nobody) gets no ids. Three look-ups for the whole page. */
MUST_CHECK bool customer_resolve(struct db *, const struct work *, const struct buyer *, int count, struct buyer_found *out,
                                 struct err *);
