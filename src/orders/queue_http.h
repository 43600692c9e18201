/* queue_http.h - what the order routes share: scope and view of who asks. */
#pragma once
#include "deadlines/shop.h"
#include "http/http.h"
#include "orders/queue_store.h"

/* Who picks and does nothing else with orders has his own tasks only (domain handbook §19): what is in the warehouse's hands. */
static inline bool request_picks_only(const struct request *rq)
{
    const uint64_t others = (uint64_t)1 << PERM_ORDERS_WORK | (uint64_t)1 << PERM_ORDERS_NOTE | (uint64_t)1 << PERM_PRICES_SEE |
                            (uint64_t)1 << PERM_CONTACTS_SEE;
    return permission_in(rq->who.permissions, PERM_PICKING) && !(rq->who.permissions & others);
}
static inline struct queue_scope request_scope(const struct request *rq)
{
    unsigned in_hand = BIT(HUB_CONFIRMED) | BIT(HUB_ASSEMBLING) | BIT(HUB_READY_TO_SHIP);
    return (struct queue_scope){ rq->who.accounts, rq->who.accounts_count, request_picks_only(rq) ? in_hand : 0 };
}
static inline struct row_view request_view(const struct request *rq)
{
    return (struct row_view){ permission_in(rq->who.permissions, PERM_CONTACTS_SEE), permission_in(rq->who.permissions, PERM_PRICES_SEE),
                              request_picks_only(rq), rq->work.shop ? &rq->work.shop->book : NULL };
}
/* The filter of an address as far as who asks may use it: no sums without the right to see prices. */
MUST_CHECK bool request_filter(const struct request *, str query, struct queue_filter *out, struct err *);
struct action_result;
/* What became of many: "BulkResult" of the API document. */
void bulk_reply(struct request *, struct reply *, int total, const struct action_result *);
extern const struct query_param queue_filters[];        /* of every list of orders, for the API document */
extern const struct route queue_routes[], board_routes[], order_routes[], order_card_routes[], search_routes[], task_routes[];
