/* returnable_flow.h - what of an order may still come back, and for how much: read once, asked often. */
#pragma once
#include "db/work.h"
#include "orders/order_store.h"
#include "returns/return_money.h"
#include "returns/return_store.h"

struct returnable {
    struct order           order;
    struct order_line_list lines;
    struct line_paid      *paid;        /* one per line */
    struct line_held      *held;        /* units and sum that other live returns hold, one per line */
    amount                 whole;       /* what was paid for the goods, points left out */
    bool                   market;      /* a marketplace takes the buyer's money and pays it back */
};
/* ERR_NOT_FOUND. `except`: a return whose own units do not count. */
MUST_CHECK bool returnable_load(struct db *, const struct work *, rid order_id, rid except, struct returnable *out, struct err *);
/* Index of the order's line by its number, -1: there is none. */
int returnable_find(const struct returnable *, int64_t line);
int64_t returnable_left(const struct returnable *, int i);
/* What `qty` further units of the line get. ERR_LIMIT: more than are left. */
MUST_CHECK bool returnable_refund(const struct returnable *, int i, int64_t qty, struct unit_refund *out, struct err *);
