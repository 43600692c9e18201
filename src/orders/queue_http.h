/* queue_http.h - what the order routes share: scope and view of who asks. */
#pragma once
#include "http/http.h"
#include "orders/queue_store.h"

static inline struct queue_scope request_scope(const struct request *rq)
{
    return (struct queue_scope){ rq->who.accounts, rq->who.accounts_count };
}
static inline struct row_view request_view(const struct request *rq)
{
    return (struct row_view){ permission_in(rq->who.permissions, PERM_CONTACTS_SEE), permission_in(rq->who.permissions, PERM_PRICES_SEE) };
}
/* The filter of an address as far as who asks may use it: no sums without the right to see prices. */
MUST_CHECK bool request_filter(const struct request *, str query, struct queue_filter *out, struct err *);
extern const struct route queue_routes[], order_routes[], order_card_routes[], search_routes[], task_routes[];
