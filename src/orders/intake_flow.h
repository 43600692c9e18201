/* intake_flow.h - from what a market told to what we hold: one page of events, one transaction, in order per order.
 *
 * Repeating a page, or any part of it, in any order, leaves the same state. A record that cannot be read or whose status is not
 * known is parked with its reason and the rest goes on. The stream's cursor is saved in the same transaction.
 */
#pragma once
#include "orders/intake_store.h"
#include "orders/order.h"

enum status_known { STATUS_NOT_TOLD, STATUS_KNOWN, STATUS_UNKNOWN };

struct intake_item {
    rid     event_id;                   /* not set: a new event; set: a parked one that is tried again */
    int64_t tries;
    str     event_key, external_id, payload;
    const struct order_draft *draft;    /* NULL: could not be read */
    str     problem_code, problem;      /* why not */
    enum status_known    status;
    struct status_choice choice;        /* when STATUS_KNOWN */
};
/* An order of the page that is new or has changed, and the item that was the last to change it. */
struct order_turn { const struct order *old, *now; bool is_new; int item; };
LIST(order_turn)
struct intake_page {
    rid  account_id;
    str  channel, account_name, stream;
    const struct intake_item *items;
    int  count;
    bool save_cursor;
    str  cursor;
    struct order_turn_list *turns;      /* filled when given: for those who follow what becomes of orders, in the same transaction */
};
struct intake_counts { int created, changed, same, parked, older; };

MUST_CHECK bool intake_apply(struct work *, const struct intake_page *, struct intake_counts *out, struct err *);
/* Inside db_tx: a parked event of the order was given up. When none is left, the order is no problem any more. */
MUST_CHECK bool intake_problem_over(struct work *, struct db *, rid order, struct err *);
