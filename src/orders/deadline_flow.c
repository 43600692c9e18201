/* Zones change at exact moments: each open order stores when its zone changes next, and the due ones are taken in time order.
 * After downtime every missed change fires once. Declared in order_flow.h. */
#include "base/json_write.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "orders/holds_store.h"
#include "orders/order_flow.h"
#include "orders/outcome_flow.h"

struct ticking { struct work *w; int max; int *changed; bool *more; };

/* Every change that was missed is told, an order's oldest first, at its own moment. */
static bool tell(struct db *db, const struct work *w, const struct order *o, instant at, struct err *err)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", o->id);
    json_id(&j, "account_id", o->account_id);
    json_text(&j, "kind", STR("zone"));
    json_text(&j, "status", str_of(hub_status_names[o->status]));
    json_text(&j, "zone", str_of(sla_zone_names[o->zone]));
    json_instant(&j, "zone_at", at);
    json_number(&j, "version", o->version + 1);
    json_end(&j);
    return event_add(db, w->now, STR("order"), o->account_id, o->id, buf_str(&b), err);
}

static struct sla_answer answer_of(const struct order *o)
{
    return (struct sla_answer){ .has = true, .total_ms = o->deadline_total, .due = o->deadline_at, .yellow = o->yellow_at, .red = o->red_at };
}

static enum zone_until until_of(const struct order *o)
{
    int64_t at = o->zone_next_at.ms;
    return !at ? UNTIL_EVER : at == o->yellow_at.ms ? UNTIL_YELLOW : at == o->red_at.ms ? UNTIL_RED : UNTIL_DUE;
}

/* The order as it is now; into which of the changes it falls. */
static int tick_one(const struct work *w, const struct order *stored, struct order_effects *fx)
{
    struct order      now = *stored;
    struct sla_answer a   = answer_of(stored);

    while (instant_is_set(now.zone_next_at) && now.zone_next_at.ms <= w->now.ms) {
        instant at       = now.zone_next_at;
        now.zone         = sla_zone_at(&a, at);
        now.zone_next_at = sla_next_change(&a, at);
    }
    totals_order(&fx->totals, w->arena, stored, -1);
    totals_order(&fx->totals, w->arena, &now, +1);
    return (int)now.zone * UNTIL_COUNT + (int)until_of(&now);
}

/* After a downtime there may be a million: there are few changes, and one statement makes each of them for all. */
static bool tick_all(struct db *db, const struct work *w, const struct order_list *list, struct order_effects *fx, struct err *err)
{
    int *change = ARENA_ARRAY(w->arena, int, list->count + 1);
    rid *ids    = ARENA_ARRAY(w->arena, rid, list->count + 1);
    for (int i = 0; i < list->count; i++)
        change[i] = tick_one(w, &list->at[i], fx);
    for (int k = 0; k < ZONE_COUNT * UNTIL_COUNT; k++) {
        int n = 0;
        for (int i = 0; i < list->count; i++)
            if (change[i] == k)
                ids[n++] = list->at[i].id;
        if (n && !orders_zone_save(db, ids, n, (enum sla_zone)(k / UNTIL_COUNT), (enum zone_until)(k % UNTIL_COUNT), w->now, err))
            return false;
    }
    return true;
}

static bool tell_one(struct db *db, const struct work *w, const struct order *stored, struct err *err)
{
    struct order      now = *stored;
    struct sla_answer a   = answer_of(stored);
    bool              ok  = true;

    for (instant at; ok && instant_is_set(at = now.zone_next_at) && at.ms <= w->now.ms; now.zone_next_at = sla_next_change(&a, at)) {
        now.zone = sla_zone_at(&a, at);
        ok       = tell(db, w, &now, at, err);
    }
    return ok;
}

/* Which clocks have run out; whose market was silent is asked only when one has. */
static bool note_missed(struct db *db, const struct work *w, const struct order_list *list, struct err *err)
{
    struct int_list down  = { 0 };
    bool            asked = false;
    for (int i = 0; i < list->count; i++) {
        const struct order *o = &list->at[i];
        if (o->deadline_at.ms > w->now.ms)
            continue;
        if (!asked && !accounts_down(db, w->arena, &down, err))
            return false;
        asked = true;
        if (!violation_note(db, o, false, &down, err))
            return false;
    }
    return true;
}

/* Changes first, words after them: rows of one table that come in a row go to the database together. */
static bool tick_tx(struct db *db, void *ctx, struct err *err)
{
    struct ticking      *t    = ctx;
    struct order_list    list = { 0 };
    struct order_effects fx   = { 0 };
    if (!orders_zone_due(db, t->w->now, t->max, t->w->arena, &list, err))
        return false;
    if (!tick_all(db, t->w, &list, &fx, err))
        return false;
    for (int i = 0; i < list.count; i++)
        if (!tell_one(db, t->w, &list.at[i], err))
            return false;
    if (!note_missed(db, t->w, &list, err))
        return false;
    *t->changed = list.count;
    *t->more    = list.count == t->max;
    return orders_holds_end(db, t->w, &fx, err) && order_effects_save(db, &fx, err);
}

bool zones_tick(struct work *w, int max, int *changed, bool *more, struct err *err)
{
    struct ticking t = { w, max, changed, more };
    instant next;
    *changed = 0;
    *more    = false;
    if (!zones_next(w->db, &next, err))
        return false;
    if (!instant_is_set(next) || next.ms > w->now.ms)
        return true;
    return db_tx(w->db, tick_tx, &t, err);
}

bool zones_next(struct db *db, instant *out, struct err *err)
{
    instant back;
    if (!orders_zone_next(db, out, err) || !holds_next(db, &back, err))
        return false;
    if (instant_is_set(back) && (!instant_is_set(*out) || back.ms < out->ms))
        *out = back;
    return true;
}

struct recomputing { struct work *w; rid after; int max; rid *last; };

static bool recompute_tx(struct db *db, void *ctx, struct err *err)
{
    struct recomputing  *r    = ctx;
    struct order_list    list = { 0 };
    struct order_effects fx   = { 0 };
    if (!orders_open_after(db, r->after, r->max, r->w->arena, &list, err))
        return false;
    *r->last = (rid){ 0 };
    for (int i = 0; i < list.count; i++) {
        struct order_edit e = { .old = list.at[i], .now = list.at[i], .event = "zone" };
        order_deadline(&e.now, &r->w->shop->book, r->w->now);
        if (record_diff(&order_record, &e.old, &e.now) && !order_edit_save(db, r->w, &e, &fx, err))
            return false;
        if (list.count == r->max)
            *r->last = e.now.id;
    }
    return order_effects_save(db, &fx, err);
}

bool deadlines_recompute(struct work *w, rid after, int max, rid *last, struct err *err)
{
    struct recomputing r = { w, after, max, last };
    return db_tx(w->db, recompute_tx, &r, err);
}
