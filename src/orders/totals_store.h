/* totals_store.h - counters kept in the transaction of the change. Deltas are gathered over a page and written once per key,
 * in key order, so that parallel transactions on PostgreSQL do not deadlock. */
#pragma once
#include "db/work.h"
#include "orders/order.h"

struct total_delta { rid account_id; enum hub_status status; enum sla_zone zone; str currency; int64_t n, total; };
struct day_delta { int64_t day; rid account_id; str figure, currency; int64_t n, total; };
LIST(total_delta)
LIST(day_delta)
struct totals { struct total_delta_list now; struct day_delta_list days; };

/* Takes `o` out of (sign -1) or into (+1) the counters. */
void totals_order(struct totals *, struct arena *, const struct order *, int sign);
/* The same for the figures of the local day it was placed on. They follow from the order alone, so that a count over the orders
 * gives the same at any time:
 *     orders      how many, and their sum
 *     cancelled   those of them that are cancelled now, and their sum
 *     confirm_ms  those of them that were confirmed and not cancelled since, and the milliseconds from placing to confirming all together
 * Of the day on which it happened (totals_outcome):
 *     handed      hand-overs, and how many of them were late
 *     own_cancel  cancellations by our fault */
void totals_placed(struct totals *, struct arena *, const struct zone *, const struct order *, int sign);
void totals_day(struct totals *, struct arena *, int64_t day, rid account_id, str figure, str currency, int64_t n, int64_t total);
bool totals_save(struct db *, struct totals *, struct err *);

struct total_row { rid account_id; str status, zone, currency; int64_t n, total; };
LIST(total_row)
MUST_CHECK bool totals_load(struct db *, struct arena *, struct total_row_list *out, struct err *);
struct day_row { int64_t day; rid account_id; str figure, currency; int64_t n, total; };
LIST(day_row)
MUST_CHECK bool days_load(struct db *, int64_t from, int64_t to, struct arena *, struct day_row_list *out, struct err *);
/* Days' figures are counted in the shop's zone. When they were counted in another one, or never, they are counted anew from the
 * orders: inside db_tx, a walk over all of them. */
MUST_CHECK bool days_follow_zone(struct db *, struct arena *, const struct zone *, bool *counted, struct err *);
/* The figures of totals_placed for orders placed from `from` until before `to`, by account and currency: a range of one index, for
 * the part of a day that no kept total has. */
MUST_CHECK bool placed_count(struct db *, instant from, instant to, struct arena *, struct day_row_list *out, struct err *);
/* Counts everything anew from the orders: for `sauda check` and repair. */
MUST_CHECK bool totals_recount(struct db *, struct arena *, struct total_row_list *out, struct err *);
