/* order_status.c - the name tables of an order's life. */
#include "orders/order_status.h"

const char *const hub_status_names[] = {
    [HUB_NEW] = "new", [HUB_CONFIRMED] = "confirmed", [HUB_ASSEMBLING] = "assembling",
    [HUB_READY_TO_SHIP] = "ready_to_ship", [HUB_IN_DELIVERY] = "in_delivery", [HUB_AT_PICKUP] = "at_pickup",
    [HUB_DELIVERED] = "delivered", [HUB_COMPLETED] = "completed", [HUB_PARTLY_RETURNED] = "partly_returned",
    [HUB_RETURNING] = "returning", [HUB_RETURNED] = "returned", [HUB_CANCELLED] = "cancelled", NULL
};
_Static_assert(COUNT_OF(hub_status_names) == HUB_STATUS_COUNT + 1, "a name per status");

const char *const payment_status_names[] = {
    [PAY_PENDING] = "pending", [PAY_AUTHORISED] = "authorised", [PAY_PAID] = "paid",
    [PAY_PARTLY_REFUNDED] = "partly_refunded", [PAY_REFUNDED] = "refunded", [PAY_FAILED] = "failed", NULL
};
_Static_assert(COUNT_OF(payment_status_names) == PAY_STATUS_COUNT + 1, "a name per payment status");

const char *const order_scheme_names[] = {
    [SCHEME_FBS] = "fbs", [SCHEME_DBS] = "dbs", [SCHEME_PICKUP] = "pickup", [SCHEME_FBO] = "fbo", NULL
};
_Static_assert(COUNT_OF(order_scheme_names) == SCHEME_COUNT + 1, "a name per scheme");

const char *const order_mark_names[] = {
    [MARK_HOLD] = "hold", [MARK_CANCEL_REQUESTED] = "cancel_requested", [MARK_RETURN_REQUESTED] = "return_requested",
    [MARK_CLAIM] = "claim", [MARK_PROBLEM] = "problem", [MARK_PREORDER] = "preorder", [MARK_EXPRESS] = "express",
    [MARK_LINES_PENDING] = "lines_pending", [MARK_OUTSIDE] = "outside",
    [MARK_SET_ASIDE] = "set_aside", NULL
};
_Static_assert(COUNT_OF(order_mark_names) == MARK_COUNT + 1, "a name per mark");

const char *const cancel_side_names[] = {
    [CANCEL_NOBODY] = "", [CANCEL_BUYER] = "buyer", [CANCEL_SELLER] = "seller", [CANCEL_CHANNEL] = "channel",
    [CANCEL_CARRIER] = "carrier", NULL
};
_Static_assert(COUNT_OF(cancel_side_names) == CANCEL_SIDE_COUNT + 1, "a name per side");

int name_find(const char *const *names, str name)
{
    for (int i = 0; names[i]; i++)
        if (str_is(name, names[i]))
            return i;
    return -1;
}
