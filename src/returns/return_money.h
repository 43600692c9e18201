/* return_money.h - what is paid back for units of an order's line (domain handbook §6). Pure.
 *
 * Paid for a line = line total - its share of the order's discount - what was paid with points. Units share it by largest remainder:
 * 2899.99 for three units are 966.67, 966.66, 966.66. Units come back in that order, so that all of them together get exactly what
 * was paid, never more.
 */
#pragma once
#include "base/amount.h"
#include "base/err.h"

struct line_paid { int64_t qty; amount money, points; };  /* of the whole line */
/* The shares of one line in the order's discount and points: by what the lines cost, largest remainder. `money` has room for count. */
MUST_CHECK bool lines_paid(const amount *totals, const int64_t *qtys, int count, amount discount, amount points, struct line_paid *out, struct err *);
/* What `qty` units get when `before` units of the line have come back already. ERR_LIMIT: more units than were bought. */
struct unit_refund { amount money, points; };
MUST_CHECK bool units_refund(const struct line_paid *, int64_t before, int64_t qty, struct unit_refund *out, struct err *);
/* Delivery is paid back when everything comes back and the seller or the carrier is at fault. */
amount delivery_refund(amount delivery, bool everything, bool our_fault);
