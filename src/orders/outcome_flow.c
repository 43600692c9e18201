#include "orders/outcome_flow.h"

#include "deadlines/shop.h"

static bool is_handed(enum hub_status s)
{
    return s > HUB_READY_TO_SHIP && s != HUB_CANCELLED;
}

static bool is_delivered(enum hub_status s)
{
    return s == HUB_DELIVERED || s == HUB_COMPLETED || s == HUB_PARTLY_RETURNED;
}

/* When it happened: the market's own time, where the market tells it; a screen's step happens now. */
static instant moment_of(const struct work *w, const struct order *o)
{
    bool told = w->actor.kind == ACTOR_CHANNEL && instant_is_set(o->changed_at) && o->changed_at.ms <= w->now.ms && o->changed_at.ms > o->sort_at.ms;
    return told ? o->changed_at : w->now;
}

static instant hand_over_by(const struct order *o)
{
    if (instant_is_set(o->channel_ship_by))
        return o->channel_ship_by;
    bool ours = str_is(o->deadline_step, sla_step_names[SLA_ASSEMBLE]) || str_is(o->deadline_step, sla_step_names[SLA_HAND_OVER]);
    return ours ? o->deadline_at : (instant){ 0 };
}

/* The days' figures that the standing is summed from: hand-overs and how many of them were late; cancellations by our fault. */
void totals_outcome(struct totals *t, struct arena *a, const struct zone *zone, const struct order_outcome *o, int sign)
{
    if (instant_is_set(o->handed_at))
        totals_day(t, a, zone_day(zone, o->handed_at), o->account_id, STR("handed"), STR(""), sign, o->late ? sign : 0);
    if (o->own_fault && instant_is_set(o->cancelled_at))
        totals_day(t, a, zone_day(zone, o->cancelled_at), o->account_id, STR("own_cancel"), STR(""), sign, 0);
}

/* Handing over, delivery and cancelling count once, when they are first told; what is taken back has not happened. Of an order that was
 * under way when it was first seen nobody knows when it was handed over. */
static struct order_outcome outcome_after(const struct order_outcome *old, const struct work *w, const struct order_edit *e)
{
    const struct order  *was = &e->old, *now = &e->now;
    struct order_outcome o   = *old;
    instant at = moment_of(w, now), by = hand_over_by(was);
    o.account_id = now->account_id;
    o.own_fault  = now->status == HUB_CANCELLED && now->cancel_side == CANCEL_SELLER;
    if (e->is_new && w->actor.kind == ACTOR_CHANNEL && !instant_is_set(now->changed_at))
        at = now->sort_at;
    if (now->status <= HUB_READY_TO_SHIP) {
        o.handed_at = o.delivered_at = (instant){ 0 };
        o.late      = false;
    }
    if (is_handed(now->status) && !e->is_new && !is_handed(was->status)) {
        o.handed_at = at;
        o.late      = instant_is_set(by) && at.ms > by.ms;
    }
    if (is_delivered(now->status) && !instant_is_set(o.delivered_at))
        o.delivered_at = at;
    if (now->status != HUB_CANCELLED)
        o.cancelled_at = (instant){ 0 };
    else if (!instant_is_set(o.cancelled_at))
        o.cancelled_at = at;
    return o;
}

static bool put_outcome(struct db *db, const struct work *w, const struct order_edit *e, struct totals *totals, struct err *err)
{
    const struct order  *old = &e->old, *now = &e->now;
    enum hub_status      was = e->is_new ? HUB_NEW : old->status;
    struct order_outcome before = { .order_id = now->id };
    bool own = now->status == HUB_CANCELLED && now->cancel_side == CANCEL_SELLER, own_was = !e->is_new && was == HUB_CANCELLED && old->cancel_side == CANCEL_SELLER;
    if (is_handed(was) == is_handed(now->status) && is_delivered(was) == is_delivered(now->status) &&
        (was == HUB_CANCELLED) == (now->status == HUB_CANCELLED) && own == own_was)
        return true;
    if (!e->is_new && !order_outcome_get(db, now->id, &before, err))
        return false;
    struct order_outcome after = outcome_after(&before, w, e);
    before.account_id = old->account_id;
    totals_outcome(totals, w->arena, w->shop->zone, &before, -1);
    totals_outcome(totals, w->arena, w->shop->zone, &after, +1);
    return order_outcome_put(db, &after, err);
}

enum violation_cause violation_cause_of(rid account_id, rid person_id, bool came_late, bool is_problem, const struct int_list *down)
{
    bool is_down = false;
    for (int i = 0; i < down->count; i++)
        is_down = is_down || down->at[i] == account_id.v;
    return came_late               ? CAUSE_CAME_LATE
           : is_down               ? CAUSE_CHANNEL_DOWN
           : is_problem            ? CAUSE_PROBLEM
           : !id_is_set(person_id) ? CAUSE_NOBODY
                                   : CAUSE_PERSON;
}

bool violation_note(struct db *db, const struct order *o, bool came_late, const struct int_list *down, struct err *err)
{
    enum violation_cause   cause = violation_cause_of(o->account_id, o->assignee_id, came_late, o->marks & BIT(MARK_PROBLEM), down);
    const struct violation v     = { STR("order"), o->id, o->deadline_step, o->account_id, o->assignee_id, cause, o->deadline_at, o->number };
    return violation_add(db, &v, err);
}

bool outcome_note(struct db *db, const struct work *w, const struct order_edit *e, struct totals *totals, struct err *err)
{
    const struct order *old = &e->old, *now = &e->now;
    struct int_list     down = { 0 };
    bool was = !e->is_new && old->zone == ZONE_BREACHED, is = now->zone == ZONE_BREACHED;
    bool same = was && is && str_eq(old->deadline_step, now->deadline_step);
    if (!put_outcome(db, w, e, totals, err))
        return false;
    if (was && !same && !violation_end(db, STR("order"), old->id, old->deadline_step, w->now, err))
        return false;
    if (!is || same)
        return true;
    return accounts_down(db, w->arena, &down, err) && violation_note(db, now, e->is_new, &down, err);
}
