#include "returns/returnable_flow.h"

#include "deadlines/shop.h"

/* The sum of the order is what the buyer has paid; what the lines cost beyond it was a discount of the whole. An order with one line
 * whose price is not told has it in its sum. */
static bool read_paid(struct returnable *r, struct arena *a, struct err *err)
{
    int      n      = r->lines.count;
    amount  *totals = ARENA_ARRAY(a, amount, n + 1);
    int64_t *qtys   = ARENA_ARRAY(a, int64_t, n + 1), sum = 0;
    int64_t  goods  = r->order.has_total ? r->order.grand_total.minor - r->order.delivery_total.minor : -1;
    r->paid         = ARENA_ARRAY(a, struct line_paid, n + 1);
    if (!n)
        return true;
    for (int i = 0; i < n; i++) {
        const struct order_line *l = &r->lines.at[i];
        totals[i] = l->has_price ? l->line_total : (amount){ n == 1 && goods > 0 ? goods : 0 };
        qtys[i]   = l->qty;
        sum += totals[i].minor;
    }
    int64_t off = goods >= 0 && goods < sum ? sum - goods : 0;
    r->whole    = (amount){ sum - off };
    return lines_paid(totals, qtys, n, (amount){ off }, (amount){ 0 }, r->paid, err);
}

bool returnable_load(struct db *db, const struct work *w, rid order_id, rid except, struct returnable *out, struct err *err)
{
    struct line_held_list held = { 0 };
    *out = (struct returnable){ 0 };
    if (!order_get(db, order_id, w->arena, &out->order, err) || !order_lines_of(db, &order_id, 1, w->arena, &out->lines, err) ||
        !order_lines_held(db, order_id, except, w->arena, &held, err) || !read_paid(out, w->arena, err))
        return false;
    out->held   = ARENA_ARRAY(w->arena, struct line_held, out->lines.count + 1);
    out->market = w->shop->channel_ops && w->shop->channel_ops(out->order.channel);
    for (int i = 0; i < out->lines.count; i++) {
        out->held[i] = (struct line_held){ .line = out->lines.at[i].line };
        for (int k = 0; k < held.count; k++)
            if (held.at[k].line == out->lines.at[i].line)
                out->held[i] = held.at[k];
    }
    return true;
}

int returnable_find(const struct returnable *r, int64_t line)
{
    for (int i = 0; i < r->lines.count; i++)
        if (r->lines.at[i].line == line)
            return i;
    return -1;
}

int64_t returnable_left(const struct returnable *r, int i)
{
    int64_t left = r->lines.at[i].qty - r->held[i].qty;
    return left > 0 ? left : 0;
}

bool returnable_refund(const struct returnable *r, int i, int64_t qty, struct unit_refund *out, struct err *err)
{
    int64_t before = r->held[i].qty, room = r->paid[i].money.minor - r->held[i].amount.minor;
    if (!units_refund(&r->paid[i], before, qty, out, err))
        return false;
    /* Earlier returns may have been paid more than their units' share: all together never get more than was paid. */
    if (out->money.minor > room)
        out->money.minor = room > 0 ? room : 0;
    return true;
}
