/* customer_flow.h - whose order is it? Finds or makes the person behind each buyer of a page, in the page's transaction. */
#pragma once
#include "customers/customer_store.h"

struct buyer_found { rid customer_id, source_id; bool is_new; };

/* `out` has room for `count`; an unknown buyer (buyer_is_nobody) gets no ids. `country` is the seller's. New and changed records are
 * compared with those that share a blocking key, whose clusters are read in four statements for the whole page: they join the one
 * that is sure, or are suggested. */
MUST_CHECK bool customer_resolve(struct db *, const struct work *, const struct buyer *, int count, str country, struct buyer_found *out,
                                 struct err *);
