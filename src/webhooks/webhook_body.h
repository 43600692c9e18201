/* webhook_body.h - the text of a message: which event, when, and what it speaks of. Thin: ids and states alone. Full: what a program may
 * want to know without asking again, with the names of the API. Values in, text out.
 */
#pragma once
#include "base/json_write.h"
#include "orders/order.h"
#include "returns/return.h"
#include "webhooks/webhook.h"

/* One of order, back (a return) and claim is set. Lines of all that the page of events speaks of; its own are taken. */
struct webhook_told {
    struct arena *arena;
    instant       at;
    str           type, status, from;   /* from: the state before; empty: it has not changed */
    const struct order           *order;
    const struct order_line_list *lines;
    const struct rma             *back;
    const struct rma_line_list   *return_lines;
    const struct claim           *claim;
};
str webhook_body(const struct webhook_told *, enum webhook_contents);
