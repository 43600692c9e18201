/* queue_store.h - lists of orders for people. One statement a page, keyset paging, no count over a big table. */
#pragma once
#include "db/work.h"
#include "orders/queue.h"

/* count 0 = all accounts; statuses: BIT(HUB_…) of the orders that who asks has anything to do with, 0 = all. */
struct queue_scope { const rid *accounts; int count; unsigned statuses; };

MUST_CHECK bool queue_rows(struct db *, const struct queue_filter *, const struct queue_scope *, struct arena *,
                           struct queue_row_list *out, bool *more, struct err *);
MUST_CHECK bool queue_rows_by_ids(struct db *, const rid *ids, int count, const struct queue_scope *, struct arena *,
                                  struct queue_row_list *out, struct err *);
/* Ids only, for acting on "all of this list". At most `max`. */
MUST_CHECK bool queue_ids(struct db *, const struct queue_filter *, const struct queue_scope *, int max, struct arena *,
                          struct int_list *out, struct err *);
struct zone_count { int64_t n; amount total; };
struct queue_counts { struct zone_count zones[ZONE_COUNT], all; str currency; bool mixed; };
/* From the kept totals when the filter allows it; else counted over the open orders. */
MUST_CHECK bool queue_count(struct db *, const struct queue_filter *, const struct queue_scope *, struct arena *, struct queue_counts *out,
                            struct err *);
/* Do the kept totals answer this filter? */
bool queue_count_kept(const struct queue_filter *);
/* Open orders of the filter by status and currency, with since when the longest waiting of them has its status: one walk over open orders. */
struct column_count { str status, currency; int64_t n; amount total; instant oldest; };
LIST(column_count)
MUST_CHECK bool queue_columns(struct db *, const struct queue_filter *, const struct queue_scope *, struct arena *, struct column_count_list *out,
                              struct err *);
/* Orders of one basket, by the number that the market gave to all of them ("24219509-0020"), newest first; nothing for other texts. */
/* Those whose number is this one, letters and all; what digits alone find is not looked for. */
MUST_CHECK bool orders_by_spelled_number(struct db *, str typed, const struct queue_scope *, int max, struct arena *, struct queue_row_list *out,
                                         struct err *);
MUST_CHECK bool orders_of_basket(struct db *, str number, const struct queue_scope *, int max, struct arena *, struct queue_row_list *out,
                                 struct err *);
/* Orders whose number ends with these digits, newest first. */
MUST_CHECK bool orders_by_number_tail(struct db *, str reversed_digits, const struct queue_scope *, int max, struct arena *,
                                      struct queue_row_list *out, struct err *);
