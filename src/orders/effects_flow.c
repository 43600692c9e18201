#include "orders/effects_flow.h"

#include "base/json_write.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "orders/changes_store.h"
#include "orders/outcome_flow.h"

#include <stdlib.h>

static void add_history(struct order_edit *e, const struct work *w, str from, enum hub_status to, bool implied, bool flagged,
                        str note)
{
    *history_row_list_add(&e->history, w->arena) = (struct history_row){
        .order_id = e->now.id, .seq = ++e->seq, .at = w->now, .from_status = from, .to_status = str_of(hub_status_names[to]),
        .implied = implied, .flagged = flagged, .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id,
        .actor_name = w->actor.name, .external_status = e->now.external_status, .note = note,
    };
}

void order_edit_history(struct order_edit *e, const struct work *w, enum hub_status from, const enum hub_status *implied,
                        int implied_count, enum hub_status to, bool flagged, str note)
{
    str before = e->is_new && e->seq == 0 ? STR("") : str_of(hub_status_names[from]);
    for (int i = 0; i < implied_count; i++) {
        add_history(e, w, before, implied[i], true, false, STR(""));
        before = str_of(hub_status_names[implied[i]]);
    }
    add_history(e, w, before, to, false, flagged, note);
}

static str event_data(const struct order_edit *e, const struct work *w)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", e->now.id);
    json_id(&j, "account_id", e->now.account_id);
    json_text(&j, "kind", str_of(e->is_new ? "new" : e->event ? e->event : "changed"));
    json_text(&j, "status", str_of(hub_status_names[e->now.status]));
    if (!e->is_new && e->old.status != e->now.status)
        json_text(&j, "from", str_of(hub_status_names[e->old.status]));
    json_text(&j, "zone", str_of(sla_zone_names[e->now.zone]));
    json_number(&j, "version", e->now.version);
    json_end(&j);
    return buf_str(&b);
}

bool order_counts_for_buyer(const struct order *o)
{
    return o->status != HUB_CANCELLED;
}

static bool counts_for_customer(const struct order *o)
{
    return id_is_set(o->customer_id) && order_counts_for_buyer(o);
}

static void buyer_note(struct order_effects *fx, struct arena *a, const struct buyer_change *c)
{
    for (int i = 0; i < fx->buyers.count; i++)
        if (id_eq(fx->buyers.at[i].customer_id, c->customer_id)) {
            fx->buyers.at[i].recount = true;
            return;
        }
    *buyer_change_list_add(&fx->buyers, a) = *c;
}

/* The buyer's totals follow the order: counted again when it is cancelled, changes its sum or goes to somebody else. */
static void note_buyers(struct order_effects *fx, const struct work *w, const struct order_edit *e)
{
    const struct order *old = &e->old, *now = &e->now;
    bool before = !e->is_new && counts_for_customer(old);
    bool after  = counts_for_customer(now);
    bool whose  = before && after && id_eq(old->customer_id, now->customer_id);
    bool same   = whose && old->has_total == now->has_total && old->grand_total.minor == now->grand_total.minor &&
                old->sort_at.ms == now->sort_at.ms && str_eq(old->currency, now->currency);
    if (same)
        return;
    if (before)
        buyer_note(fx, w->arena, &(struct buyer_change){ .customer_id = old->customer_id, .recount = true, .now = w->now });
    if (after && !whose && !e->buyer_counted)
        buyer_note(fx, w->arena, &(struct buyer_change){ .customer_id = now->customer_id, .sum = { now->has_total ? now->grand_total.minor : 0 },
                                                         .currency = now->currency, .placed = now->sort_at, .now = w->now });
}

static int by_customer(const void *pa, const void *pb)
{
    int64_t a = ((const struct buyer_change *)pa)->customer_id.v, b = ((const struct buyer_change *)pb)->customer_id.v;
    return a < b ? -1 : a > b;
}

static bool save_buyers(struct db *db, struct buyer_change_list *list, struct err *err)
{
    if (list->count)
        qsort(list->at, (size_t)list->count, sizeof *list->at, by_customer);
    for (int i = 0; i < list->count; i++) {
        const struct buyer_change *c = &list->at[i];
        if (!(c->recount ? customers_recount(db, &c->customer_id, 1, c->now, err)
                         : customer_bump(db, c->customer_id, c->sum, c->currency, c->placed, c->now, err)))
            return false;
    }
    return true;
}

static bool entered(const struct order_edit *e, enum hub_status s)
{
    return e->now.status == s && (e->is_new || e->old.status != s);
}

static bool in_warehouse(enum hub_status s)
{
    return s == HUB_CONFIRMED || s == HUB_ASSEMBLING;
}

/* Confirming makes the warehouse task; leaving the warehouse or being cancelled ends it; what is taken back begins it again. */
static bool save_tasks(struct db *db, const struct work *w, const struct order_edit *e, struct err *err)
{
    if (entered(e, HUB_CONFIRMED) && (e->is_new || e->old.status == HUB_NEW)) {
        struct task t = {
            .id = work_id(w), .title = e->now.number, .kind = STR("pick"), .order_id = e->now.id, .due_at = e->now.deadline_at,
            .state = STR("open"), .rule = STR("order_confirmed"), .version = 1, .created_at = w->now, .updated_at = w->now,
        };
        return record_insert_many(db, &task_record, &t, 1, err);
    }
    if (!e->is_new && in_warehouse(e->now.status) && e->old.status >= HUB_READY_TO_SHIP)
        return tasks_reopen(db, e->now.id, STR("pick"), e->old.status == HUB_CANCELLED ? STR("cancelled") : STR("done"), w->now, err);
    bool past = e->now.status >= HUB_READY_TO_SHIP;
    if (e->is_new || !past || e->old.status >= HUB_READY_TO_SHIP)
        return true;
    str state = e->now.status == HUB_CANCELLED ? STR("cancelled") : STR("done");
    return tasks_close(db, e->now.id, STR("pick"), state, w->now, err);
}

/* What the market changed under our hands is kept beside the order until somebody has seen it. */
static bool save_changes(struct db *db, const struct work *w, const struct order_edit *e, struct err *err)
{
    struct field_change_list list = { 0 };
    if (e->is_new || e->now.version == e->old.version || w->actor.kind != ACTOR_CHANNEL)
        return true;
    order_changes_of(w->arena, &e->old, &e->now, &list);
    for (int i = 0; i < list.count; i++)
        list.at[i].at = w->now;
    return changes_add(db, list.at, list.count, err);
}

bool order_edit_save(struct db *db, const struct work *w, struct order_edit *e, struct order_effects *fx, struct err *err)
{
    e->now.updated_at = w->now;
    if (e->is_new) {
        e->now.version = 1;
        if (!order_insert(db, &e->now, err))
            return false;
    } else if (!order_update(db, &e->old, &e->now, err)) {
        return false;
    }
    if (e->lines_changed && !order_lines_save(db, e->now.id, e->is_new, e->lines.at, e->lines.count, err))
        return false;
    for (int i = 0; i < e->history.count; i++)
        if (!history_add(db, &e->history.at[i], err))
            return false;
    note_buyers(fx, w, e);
    if (!save_changes(db, w, e, err) || !save_tasks(db, w, e, err) || !outcome_note(db, w, e, &fx->totals, err))
        return false;
    if (!e->is_new) {
        totals_order(&fx->totals, w->arena, &e->old, -1);
        totals_placed(&fx->totals, w->arena, w->shop->zone, &e->old, -1);
    }
    totals_order(&fx->totals, w->arena, &e->now, +1);
    totals_placed(&fx->totals, w->arena, w->shop->zone, &e->now, +1);
    return event_add(db, w->now, STR("order"), e->now.account_id, e->now.id, event_data(e, w), err);
}

bool order_effects_save(struct db *db, struct order_effects *fx, struct err *err)
{
    return save_buyers(db, &fx->buyers, err) && totals_save(db, &fx->totals, err);
}
