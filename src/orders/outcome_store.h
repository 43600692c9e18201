/* outcome_store.h - what became of orders, as the markets count it, and the deadlines that were missed. */
#pragma once
#include "orders/order_store.h"

struct order_outcome {
    rid     order_id, account_id;
    instant handed_at, delivered_at, cancelled_at;           /* not set: not, or not known when */
    bool    late, own_fault;
};
LIST(order_outcome)
/* An empty one where there is none yet. */
MUST_CHECK bool order_outcome_get(struct db *, rid order_id, struct order_outcome *out, struct err *);
MUST_CHECK bool order_outcome_put(struct db *, const struct order_outcome *, struct err *);
MUST_CHECK bool order_outcomes_of(struct db *, const rid *orders, int count, struct arena *, struct order_outcome_list *out, struct err *);
bool order_outcomes_drop(struct db *, const rid *orders, int count, struct err *);

enum violation_cause { CAUSE_CAME_LATE, CAUSE_CHANNEL_DOWN, CAUSE_PROBLEM, CAUSE_NOBODY, CAUSE_PERSON, CAUSE_COUNT };
extern const char *const violation_cause_names[];        /* "came_late" "channel_down" "problem" "nobody" "person" */
/* Of an order, a return or a claim; `number` is what people call it. */
struct violation { str object; rid object_id; str step; rid account_id, person_id; enum violation_cause cause; instant at; str number; };
MUST_CHECK bool violation_add(struct db *, const struct violation *, struct err *);       /* once per step */
MUST_CHECK bool violation_end(struct db *, str object, rid object_id, str step, instant, struct err *);
/* Deadlines that lie ahead were not missed: they were noted by a clock that has been set back. */
bool violations_unsay(struct db *, instant now, struct err *);
/* Accounts whose market does not answer, refuses the key, or is paused. */
MUST_CHECK bool accounts_down(struct db *, struct arena *, struct int_list *, struct err *);
