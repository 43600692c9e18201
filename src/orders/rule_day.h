/* rule_day.h - what rules of deadlines would have meant for the orders of one day. Pure.
 *
 * Each order puts the question of a step to the book, as it does when its deadline is reckoned; what came of it is seen at the moment
 * the step was done, or now while it is not. A pause that is over is not known any more and counts as time.
 */
#pragma once
#include "base/list.h"
#include "orders/order.h"

struct day_order {
    rid               account_id;
    str               channel, deadline_step;
    enum order_scheme scheme;
    enum hub_status   status;
    int64_t           marks, deadline_used;
    instant           sort_at, created_at, confirmed_at, channel_confirm_by, channel_ship_by, deadline_start;
    instant           ready_at, handed_at, cancelled_at;     /* when we heard of it; not set: never */
};
LIST(day_order)

struct rule_tally { int64_t orders, red, missed; };          /* red: burnt, or was missed */

/* Adds to the tally of the rule that counts for each order; `tallies` has one place per rule of the book. *unknown: orders that came
 * to us with the step already done, so that nobody knows how long it took. */
void rule_day_count(const struct sla_book *, const struct day_order_list *, enum sla_step, instant now, struct rule_tally *tallies,
                    int64_t *unknown);
