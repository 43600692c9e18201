#include "returns/return_order_flow.h"

#include "deadlines/shop.h"
#include "orders/effects_flow.h"

static bool is_end(enum return_state s)
{
    return s == RETURN_REFUNDED || s == RETURN_REPLACED || s == RETURN_CLOSED;
}

/* Goods that the buyer keeps, and those that never left us, do not come back. */
static bool goods_are_back(const struct rma *r)
{
    return r->kind != RETURN_CANCELLATION && r->route != ROUTE_KEEP && (instant_is_set(r->received_at) || (is_end(r->state) && instant_is_set(r->refunded_at)));
}

static bool units_back(struct db *db, const struct work *w, rid order_id, int64_t *ended, int64_t *here, struct err *err)
{
    struct rma_list list = { 0 };
    *ended = *here = 0;
    if (!returns_of_order(db, order_id, w->arena, &list, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        const struct rma *r = &list.at[i];
        *here += goods_are_back(r) ? r->units : 0;
        *ended += goods_are_back(r) && is_end(r->state) ? r->units : 0;
    }
    return true;
}

static bool move_order(struct db *db, const struct work *w, const struct order *o, enum hub_status to, struct err *err)
{
    struct order_edit    e    = { .old = *o, .now = *o, .event = "changed" };
    struct order_effects fx   = { 0 };
    struct last_seq_list last = { 0 };
    if (!history_last(db, &o->id, 1, w->arena, &last, err))
        return false;
    e.seq        = last.count ? last.at[0].seq : 0;
    e.now.status = to;
    e.now.closed = hub_status_closed(to);
    e.now.marks &= ~(int64_t)BIT(MARK_RETURN_REQUESTED);
    order_deadline(&e.now, &w->shop->book, w->now);
    order_edit_history(&e, w, o->status, NULL, 0, to, false, STR(""));
    return order_edit_save(db, w, &e, &fx, err) && order_effects_save(db, &fx, err);
}

bool return_order_follow(struct db *db, const struct work *w, const struct return_edit *e, struct err *err)
{
    const struct rma *r     = &e->now;
    bool              moved = e->is_new || e->old.state != r->state || !id_eq(e->old.order_id, r->order_id);
    struct order      o     = { 0 };
    int64_t           ended, here;
    if (!moved || !id_is_set(r->order_id) || !goods_are_back(r))
        return true;
    if (!order_get(db, r->order_id, w->arena, &o, err) || !units_back(db, w, o.id, &ended, &here, err))
        return false;
    if (o.status == HUB_RETURNING)                          /* a parcel that was not taken: it is back when it is here */
        return here < o.units || move_order(db, w, &o, HUB_RETURNED, err);
    bool follows = o.status == HUB_DELIVERED || o.status == HUB_COMPLETED || o.status == HUB_PARTLY_RETURNED;
    if (!follows || !ended)
        return true;
    enum hub_status to = ended >= o.units ? HUB_RETURNED : HUB_PARTLY_RETURNED;
    return to == o.status || move_order(db, w, &o, to, err);
}
