/* return_list_store.h - lists of returns for people. One statement a page, keyset paging. */
#pragma once
#include "db/work.h"
#include "returns/return_list.h"

/* count 0 = all accounts; states: those that who asks has anything to do with, 0 = all. */
struct return_scope { const rid *accounts; int count; unsigned states; };
MUST_CHECK bool return_rows(struct db *, const struct return_filter *, const struct return_scope *, struct arena *, struct return_row_list *out,
                            bool *more, struct err *);
MUST_CHECK bool return_rows_by_ids(struct db *, const rid *ids, int count, const struct return_scope *, struct arena *,
                                   struct return_row_list *out, struct err *);
/* Open returns of the filter by state, zone and currency. */
struct return_count { str state, zone, currency; int64_t n; amount total; };
LIST(return_count)
MUST_CHECK bool return_counts(struct db *, const struct return_filter *, const struct return_scope *, struct arena *, struct return_count_list *out,
                              struct err *);
