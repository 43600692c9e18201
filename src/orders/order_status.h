/* order_status.h - the words of an order's life: hub status, payment, marks. Stored and sent by name. */
#pragma once
#include "base/str.h"

enum hub_status {
    HUB_NEW, HUB_CONFIRMED, HUB_ASSEMBLING, HUB_READY_TO_SHIP, HUB_IN_DELIVERY, HUB_AT_PICKUP, HUB_DELIVERED,
    HUB_COMPLETED, HUB_PARTLY_RETURNED, HUB_RETURNING, HUB_RETURNED, HUB_CANCELLED, HUB_STATUS_COUNT
};
extern const char *const hub_status_names[];             /* "new" "confirmed" "assembling" "ready_to_ship" "in_delivery" "at_pickup" … NULL */

enum payment_status { PAY_PENDING, PAY_AUTHORISED, PAY_PAID, PAY_PARTLY_REFUNDED, PAY_REFUNDED, PAY_FAILED, PAY_STATUS_COUNT };
extern const char *const payment_status_names[];         /* "pending" "authorised" "paid" "partly_refunded" "refunded" "failed" */

enum order_scheme { SCHEME_FBS, SCHEME_DBS, SCHEME_PICKUP, SCHEME_FBO, SCHEME_COUNT };
extern const char *const order_scheme_names[];           /* "fbs" "dbs" "pickup" "fbo" */

/* Marks ride beside the status (domain: flags, not statuses). Stored as a bit set in `marks`. */
enum order_mark {
    MARK_HOLD,              /* not workable yet: waits for payment, signature, approval by the channel */
    MARK_CANCEL_REQUESTED,  /* the buyer asked to cancel; not cancelled yet */
    MARK_RETURN_REQUESTED,
    MARK_CLAIM,             /* dispute opened */
    MARK_PROBLEM,           /* look at this */
    MARK_PREORDER,
    MARK_EXPRESS,
    MARK_LINES_PENDING,     /* the channel has not told the lines yet */
    MARK_OUTSIDE,           /* a step was done in the channel's own cabinet */
    MARK_SET_ASIDE,         /* a person put it aside until a date; ours, unlike MARK_HOLD */
    MARK_COUNT
};
extern const char *const order_mark_names[];             /* "hold" "cancel_requested" … */

enum cancel_side { CANCEL_NOBODY, CANCEL_BUYER, CANCEL_SELLER, CANCEL_CHANNEL, CANCEL_CARRIER, CANCEL_SIDE_COUNT };
extern const char *const cancel_side_names[];            /* "" "buyer" "seller" "channel" "carrier" */

/* Index of `name` in a NULL-ended name table, or -1. */
int name_find(const char *const *names, str name);

/* What a status map says about one of a market's words. */
struct status_choice {
    enum hub_status  to;
    bool             keeps;             /* no change of status */
    unsigned         marks;             /* BIT(MARK_…) that hold while the market says this */
    enum cancel_side cancel_side;
};
