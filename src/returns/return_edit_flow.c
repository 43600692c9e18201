#include "returns/return_edit_flow.h"

#include "base/json_write.h"
#include "events/event.h"
#include "returns/missed_flow.h"
#include "returns/return_order_flow.h"

static void add_step(struct return_edit *e, const struct work *w, str from, enum return_state to, bool implied, bool flagged, str note)
{
    *rma_step_list_add(&e->steps, w->arena) = (struct rma_step){
        .return_id = e->now.id, .seq = ++e->seq, .at = w->now, .from_state = from, .to_state = str_of(return_state_names[to]),
        .implied = implied, .flagged = flagged, .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id,
        .actor_name = w->actor.name, .external_state = e->now.external_state, .note = note,
    };
}

void return_edit_step(struct return_edit *e, const struct work *w, enum return_state from, const enum return_state *implied, int implied_count,
                      enum return_state to, bool flagged, str note)
{
    str before = e->is_new && e->seq == 0 ? STR("") : str_of(return_state_names[from]);
    if (!before.len && to != RETURN_REQUESTED) {
        add_step(e, w, before, RETURN_REQUESTED, true, false, STR(""));
        before = str_of(return_state_names[RETURN_REQUESTED]);
    }
    for (int i = 0; i < implied_count; i++) {
        add_step(e, w, before, implied[i], true, false, STR(""));
        before = str_of(return_state_names[implied[i]]);
    }
    add_step(e, w, before, to, false, flagged, note);
}

static str event_data(const struct return_edit *e, const struct work *w)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", e->now.id);
    json_id(&j, "account_id", e->now.account_id);
    json_id(&j, "order_id", e->now.order_id);
    json_text(&j, "kind", str_of(e->is_new ? "new" : "changed"));
    json_text(&j, "state", str_of(return_state_names[e->now.state]));
    if (!e->is_new && e->old.state != e->now.state)
        json_text(&j, "from", str_of(return_state_names[e->old.state]));
    if (instant_is_set(e->now.decided_at) && !instant_is_set(e->old.decided_at))
        json_bool(&j, "decided", true);
    if (instant_is_set(e->now.refunded_at) && !instant_is_set(e->old.refunded_at))
        json_bool(&j, "refunded", true);
    json_text(&j, "zone", str_of(sla_zone_names[e->now.zone]));
    json_number(&j, "version", e->now.version);
    json_end(&j);
    return buf_str(&b);
}

/* What came and what became of it, for whoever keeps the stock: goods that come stand apart until somebody decides on them. */
static str stock_data(const struct return_edit *e, const struct work *w, bool came, int *count)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    *count = 0;
    json_begin(&j, NULL, '{');
    json_text(&j, "kind", came ? STR("return_received") : STR("return_disposed"));
    json_id(&j, "return_id", e->now.id);
    json_id(&j, "order_id", e->now.order_id);
    json_begin(&j, "lines", '[');
    for (int i = 0; i < e->lines.count; i++) {
        const struct rma_line *l = &e->lines.at[i];
        bool decided = l->disposition != DISPOSE_NOT_YET && l->disposition_at.ms == w->now.ms;
        if (came ? l->condition == CONDITION_MISSING : !decided)
            continue;
        json_begin(&j, NULL, '{');
        json_number(&j, "line", l->line);
        json_text(&j, "article", l->article);
        json_text(&j, "external_offer_id", l->external_offer_id);
        json_number(&j, "qty", l->qty);
        json_text(&j, "to", came ? STR("quarantine") : str_of(return_disposition_names[l->disposition]));
        json_end(&j);
        ++*count;
    }
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}

static bool save_stock(struct db *db, const struct work *w, struct return_edit *e, struct err *err)
{
    bool came = instant_is_set(e->now.received_at) && !instant_is_set(e->old.received_at) && e->now.route == ROUTE_TO_SELLER;
    if (came && !e->lines.count && !return_lines_of(db, &e->now.id, 1, w->arena, &e->lines, err))
        return false;
    for (int decided = !came; decided < 2; decided++) {
        int n;
        str data = stock_data(e, w, !decided, &n);
        if (n && (!decided || e->lines_changed) && !event_add(db, w->now, STR("stock"), e->now.account_id, e->now.id, data, err))
            return false;
    }
    return true;
}

bool return_edit_save(struct db *db, const struct work *w, struct return_edit *e, struct err *err)
{
    e->now.updated_at = w->now;
    if (e->is_new) {
        e->now.version = 1;
        if (!return_insert(db, &e->now, err))
            return false;
    } else if (!return_update(db, &e->old, &e->now, err)) {
        return false;
    }
    if (e->lines_changed && !return_lines_save(db, e->now.id, e->is_new, e->lines.at, e->lines.count, err))
        return false;
    for (int i = 0; i < e->steps.count; i++)
        if (!return_step_add(db, &e->steps.at[i], err))
            return false;
    if (!return_missed(db, w, &e->old, &e->now, e->is_new, err) || !return_order_follow(db, w, e, err) || !save_stock(db, w, e, err))
        return false;
    return event_add(db, w->now, STR("return"), e->now.account_id, e->now.id, event_data(e, w), err);
}
