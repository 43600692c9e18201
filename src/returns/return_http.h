/* return_http.h - what the routes of returns share: scope and view of who asks. */
#pragma once
#include "http/http.h"
#include "http/openapi.h"
#include "orders/queue_http.h"
#include "returns/posting.h"
#include "returns/return_list_store.h"

/* Who only inspects has what is on its way to the warehouse or there, without names and sums (domain handbook §19). */
static inline bool request_inspects_only(const struct request *rq)
{
    return !permission_in(rq->who.permissions, PERM_PRICES_SEE) && !permission_in(rq->who.permissions, PERM_CONTACTS_SEE) &&
           !permission_in(rq->who.permissions, PERM_RETURNS_DECIDE) && !permission_in(rq->who.permissions, PERM_RETURNS_CREATE);
}
static inline struct return_scope request_return_scope(const struct request *rq)
{
    const unsigned here = BIT(RETURN_APPROVED) | BIT(RETURN_AWAITING_DROPOFF) | BIT(RETURN_IN_TRANSIT) | BIT(RETURN_RECEIVED) |
                          BIT(RETURN_INSPECTED) | BIT(RETURN_PARTLY_APPROVED) | BIT(RETURN_REFUNDING) | BIT(RETURN_REFUNDED) |
                          BIT(RETURN_REPLACING) | BIT(RETURN_REPLACED);
    return (struct return_scope){ rq->who.accounts, rq->who.accounts_count, request_inspects_only(rq) ? here : 0 };
}
struct return_view { bool prices, contacts, nameless; };
static inline struct return_view request_return_view(const struct request *rq)
{
    return (struct return_view){ permission_in(rq->who.permissions, PERM_PRICES_SEE), permission_in(rq->who.permissions, PERM_CONTACTS_SEE),
                                 request_inspects_only(rq) };
}
/* Members of an open object. */
void return_row_members(struct json_out *, const struct return_row *, const struct return_view *);
/* The card of one return, as who asks may see it. */
MUST_CHECK bool return_card_reply(struct request *, struct reply *, rid id, struct err *);
/* The return as it is now: after a step, and with the refusal of a step that had seen another version of it. */
MUST_CHECK bool return_card_after(struct request *, struct reply *, rid id, bool done, struct err *);
/* Members of an open object; the date is that of the shop's zone. */
void posting_members(struct json_out *, const struct posting *, const struct shop *, struct arena *, bool prices);
enum permission return_action_right(enum return_action);
extern const struct route return_bulk_routes[];
extern const struct route return_routes[], return_card_routes[], return_make_routes[], photo_routes[], claim_routes[], posting_routes[];
extern const struct route return_report_routes[];
extern const struct openapi_schema return_schemas[];
