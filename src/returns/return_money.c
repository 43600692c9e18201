#include "returns/return_money.h"

#include <assert.h>

#define LINES_MAX 500

/* Weights of nothing but zeros cannot be split by: free goods share evenly. */
static bool shares(amount whole, const amount *totals, int count, amount *parts)
{
    int64_t weights[LINES_MAX];
    bool    all_free = true;
    for (int i = 0; i < count; i++) {
        weights[i] = totals[i].minor > 0 ? totals[i].minor : 0;
        all_free &= weights[i] == 0;
    }
    for (int i = 0; i < count && all_free; i++)
        weights[i] = 1;
    return amount_split(whole, weights, count, parts);
}

bool lines_paid(const amount *totals, const int64_t *qtys, int count, amount discount, amount points, struct line_paid *out, struct err *err)
{
    amount off[LINES_MAX], in_points[LINES_MAX];
    int64_t sum = 0;
    if (count < 1 || count > LINES_MAX)
        return err_set(err, ERR_LIMIT, "lines", "must be 1 to %d", LINES_MAX);
    for (int i = 0; i < count; i++)
        sum += totals[i].minor;
    if (discount.minor < 0 || points.minor < 0 || discount.minor > sum)
        return err_set(err, ERR_LIMIT, "discount", "must be from 0 to what the lines cost");
    if (!shares(discount, totals, count, off) || !shares(points, totals, count, in_points))
        return err_set(err, ERR_LIMIT, "lines", "the sums are too large");
    for (int i = 0; i < count; i++) {
        /* Shares are rounded apart: where both take a hundredth too much, the points give way, so that the sum stays what was paid. */
        int64_t paid      = totals[i].minor - off[i].minor;
        int64_t points_of = in_points[i].minor < paid ? in_points[i].minor : paid;
        out[i] = (struct line_paid){ qtys[i], { paid - points_of }, { points_of } };
    }
    return true;
}

/* The first `whole mod qty` units get a hundredth more. */
static int64_t part(amount whole, int64_t qty, int64_t before, int64_t n)
{
    int64_t each = whole.minor / qty, rest = whole.minor % qty;
    int64_t from = before < rest ? before : rest, to = before + n < rest ? before + n : rest;
    return each * n + (to - from);
}

bool units_refund(const struct line_paid *l, int64_t before, int64_t qty, struct unit_refund *out, struct err *err)
{
    assert(before >= 0 && l->money.minor >= 0 && l->points.minor >= 0);
    if (qty < 1 || before + qty > l->qty)
        return err_set(err, ERR_LIMIT, "qty", "%lld of %lld units have come back, there are not %lld more", (long long)before, (long long)l->qty,
                       (long long)qty);
    *out = (struct unit_refund){ { part(l->money, l->qty, before, qty) }, { part(l->points, l->qty, before, qty) } };
    return true;
}

amount delivery_refund(amount delivery, bool everything, bool our_fault)
{
    return everything && our_fault ? delivery : (amount){ 0 };
}
