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
void totals_day(struct totals *, struct arena *, int64_t day, rid account_id, str figure, str currency, int64_t n, int64_t total);
bool totals_save(struct db *, struct totals *, struct err *);

struct total_row { rid account_id; str status, zone, currency; int64_t n, total; };
LIST(total_row)
MUST_CHECK bool totals_load(struct db *, struct arena *, struct total_row_list *out, struct err *);
struct day_row { int64_t day; rid account_id; str figure, currency; int64_t n, total; };
LIST(day_row)
MUST_CHECK bool days_load(struct db *, int64_t from, int64_t to, struct arena *, struct day_row_list *out, struct err *);
/* Counts everything anew from the orders: for `sauda check` and repair. */
MUST_CHECK bool totals_recount(struct db *, struct arena *, struct total_row_list *out, struct err *);
