/* effects_flow.h - what every change of an order brings with it, gathered over a transaction and written once:
 * the row, its history, counters, the event for open screens, the buyer's totals, tasks that begin or end. */
#pragma once
#include "customers/customer_flow.h"
#include "orders/order_store.h"
#include "orders/totals_store.h"

struct order_edit {
    struct order   old, now;
    bool           is_new;
    int64_t        seq;                 /* last number in the stored history */
    struct history_row_list history;    /* to be written */
    bool           lines_changed;
    struct order_line_list lines;
    const char    *event;               /* "new" "changed" "zone" "command" "assigned" "note" */
    bool           buyer_counted;       /* the buyer's record was made with this order in its totals */
    bool           outside;             /* the step was done in the market's own cabinet */
};
LIST(order_edit)

struct buyer_change { rid customer_id; bool recount; amount sum; str currency; instant placed, now; };
LIST(buyer_change)
struct order_effects {
    struct totals            totals;
    struct buyer_change_list buyers;    /* one row each: an order more, or several changes and so all counted anew */
};

/* Is the order among those that its buyer's totals count? */
bool order_counts_for_buyer(const struct order *);
/* Adds the row "from → to" (and the implied steps before it) to the edit's history. */
void order_edit_history(struct order_edit *, const struct work *, enum hub_status from, const enum hub_status *implied, int implied_count,
                        enum hub_status to, bool flagged, str note);
/* Writes the edit: order, lines, history, event, tasks. Counters and the buyers' totals are gathered in `fx`. Inside db_tx. */
MUST_CHECK bool order_edit_save(struct db *, const struct work *, struct order_edit *, struct order_effects *fx, struct err *);
MUST_CHECK bool order_effects_save(struct db *, struct order_effects *, struct err *);
