/* standing_store.h - what the standing with the markets is counted from, and the report of how the work went. */
#pragma once
#include "orders/outcome_store.h"
#include "orders/queue_store.h"
#include "orders/rule_day.h"
#include "orders/standing.h"

struct standing_account { rid id; str channel, name; };
LIST(standing_account)
struct standing_rating { rid account_id; instant at; int64_t rating; str source; };
LIST(standing_rating)

MUST_CHECK bool standing_accounts(struct db *, struct arena *, struct standing_account_list *, struct err *);
MUST_CHECK bool standing_limits(struct db *, struct arena *, struct standing_limit_list *, struct err *);
MUST_CHECK bool standing_limit_put(struct db *, const struct standing_limit *, struct err *);   /* replaces one of the same day */
MUST_CHECK bool standing_ratings(struct db *, struct arena *, struct standing_rating_list *, struct err *);      /* the newest first; 1000 */
MUST_CHECK bool standing_rating_put(struct db *, const struct standing_rating *, struct err *);

bool queue_weight_put(struct db *, const struct queue_weight *, struct err *);

/* Orders that bring a figure down, the newest first. */
struct standing_order { rid id; str number, title, status, reason; instant at, due; rid assignee_id; };
LIST(standing_order)
MUST_CHECK bool standing_orders(struct db *, rid account_id, enum standing_figure, instant from, int max, struct arena *, struct standing_order_list *,
                                struct err *);

/* ---- how the work went ---- */

struct confirm_time { rid account_id, person_id; instant placed; int64_t ms; };       /* no person: a rule or the market itself */
LIST(confirm_time)
/* Of orders placed in the period; at most `max`, then *more. */
MUST_CHECK bool confirm_times(struct db *, instant from, instant to, int max, struct arena *, struct confirm_time_list *, bool *more, struct err *);
struct missed { str object; rid object_id, account_id, person_id; str number, step, cause; instant at, ended_at; };
LIST(missed)
MUST_CHECK bool missed_deadlines(struct db *, instant from, instant to, int max, struct arena *, struct missed_list *, bool *more, struct err *);
/* Orders that were placed in the period, with the moments of their steps; at most `max`, then *more. */
MUST_CHECK bool day_orders(struct db *, instant from, instant to, int max, struct arena *, struct day_order_list *, bool *more, struct err *);
