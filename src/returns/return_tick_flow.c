#include "returns/return_tick_flow.h"

#include "accounts/audit.h"
#include "base/json_write.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "orders/order_store.h"
#include "returns/claim_clock_flow.h"
#include "returns/claim_flow.h"
#include "returns/claim_store.h"
#include "returns/exchange_flow.h"
#include "returns/missed_flow.h"

struct ticking { struct work *w; int max; int *changed; bool *more; };

/* ---- zones ---- */

static bool tell_zone(struct db *db, const struct work *w, const struct rma *was, const struct rma *r, instant at, struct err *err)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", r->id);
    json_id(&j, "account_id", r->account_id);
    json_id(&j, "order_id", r->order_id);
    json_text(&j, "kind", STR("zone"));
    json_text(&j, "state", str_of(return_state_names[r->state]));
    json_text(&j, "zone", str_of(sla_zone_names[r->zone]));
    json_instant(&j, "zone_at", at);
    json_number(&j, "version", was->version + 1);
    json_end(&j);
    return event_add(db, w->now, STR("return"), r->account_id, r->id, buf_str(&b), err);
}

/* Every change that was missed is told, oldest first, at its own moment. */
static bool zone_one(struct db *db, const struct work *w, const struct rma *stored, struct err *err)
{
    struct rma        now = *stored;
    struct sla_answer a   = { .has = true, .total_ms = now.deadline_total, .due = now.deadline_at, .yellow = now.yellow_at, .red = now.red_at };
    while (instant_is_set(now.zone_next_at) && now.zone_next_at.ms <= w->now.ms) {
        instant at       = now.zone_next_at;
        now.zone         = sla_zone_at(&a, at);
        now.zone_next_at = sla_next_change(&a, at);
        if (!tell_zone(db, w, stored, &now, at, err))
            return false;
    }
    now.updated_at = w->now;
    return return_update(db, stored, &now, err) && return_missed(db, w, stored, &now, false, err);
}

/* ---- what has been waited for ---- */

/* Moves that nobody makes: the buyer did not answer, or did not hand the goods in. */
static bool ends(struct db *db, struct work *w, struct return_edit *e, enum return_state to, const char *why, struct err *err)
{
    enum return_state steps[RETURN_STATE_COUNT], from = e->now.state;
    int               way = return_way(from, to, steps);
    if (way < 0)
        return true;
    for (int i = 0; i < way; i++)
        return_stamp(&e->now, steps[i], w->now);
    e->now.state    = to;
    e->now.state_at = w->now;
    return_stamp(&e->now, to, w->now);
    return_edit_step(e, w, from, steps, way, to, false, str_of(why));
    return return_lines_of(db, &e->now.id, 1, w->arena, &e->lines, err) && exchange_drop(db, w, e, err);
}

/* Units that came and that nobody has decided on are a task of the order. */
static bool forgotten(struct db *db, struct work *w, struct return_edit *e, struct err *err)
{
    str  rule = str_print(w->arena, "return:%lld:forgotten", (long long)e->now.id.v);
    bool open;
    if (!return_lines_of(db, &e->now.id, 1, w->arena, &e->lines, err))
        return false;
    if (!return_units_forgotten(&e->lines) || !id_is_set(e->now.order_id))
        return true;
    if (!task_of_rule_open(db, e->now.order_id, rule, &open, err) || open)
        return !err_is_set(err);
    struct task task = {
        .id = work_id(w), .kind = STR("return"), .order_id = e->now.order_id, .state = STR("open"), .rule = rule, .version = 1,
        .title = e->now.order_number, .assignee_id = e->now.assignee_id, .due_at = w->now, .created_at = w->now, .updated_at = w->now,
    };
    return record_insert(db, &task_record, &task, err);
}

static bool wake_one(struct db *db, struct work *w, const struct rma *stored, const struct return_ground *g, struct err *err)
{
    struct return_edit e    = { .old = *stored, .now = *stored };
    struct int_list    seqs = { 0 };
    if (!return_steps_last(db, &stored->id, 1, w->arena, &seqs, err))
        return false;
    e.seq = seqs.count ? seqs.at[0] : 0;
    for (int i = 0; i < RETURN_WAKE_COUNT; i++) {
        instant at = return_wake_at(&e.now, &g->rules, (enum return_wake)i);
        bool    ok = true;
        if (!instant_is_set(at) || at.ms > w->now.ms)
            continue;
        e.now.woken |= (int64_t)BIT(i);
        switch ((enum return_wake)i) {
        case WAKE_SILENT:    ok = ends(db, w, &e, RETURN_CANCELLED, "silent", err); break;
        case WAKE_DROPOFF:   ok = ends(db, w, &e, RETURN_EXPIRED, "not_handed_in", err); break;
        case WAKE_FORGOTTEN: ok = forgotten(db, w, &e, err); break;
        case WAKE_UNSEEN:    ok = claim_of_unseen(db, w, &e, err); break;
        case RETURN_WAKE_COUNT: break;
        }
        if (!ok)
            return false;
    }
    return return_step_save(db, w, &e, g, err);
}

static bool tick_tx(struct db *db, void *ctx, struct err *err)
{
    struct ticking     *t     = ctx;
    struct work        *w     = t->w;
    struct rma_list     zones = { 0 }, wakes = { 0 };
    struct return_ground g    = { 0 };

    w->actor = (struct actor){ .kind = ACTOR_SYSTEM };
    if (!returns_zone_due(db, w->now, t->max, w->arena, &zones, err))
        return false;
    for (int i = 0; i < zones.count; i++)
        if (!zone_one(db, w, &zones.at[i], err))
            return false;
    if (!returns_wake_due(db, w->now, t->max, w->arena, &wakes, err) || (wakes.count && !return_ground_read(db, w, &g, err)))
        return false;
    for (int i = 0; i < wakes.count; i++)
        if (!wake_one(db, w, &wakes.at[i], &g, err))
            return false;
    int claims;
    if (!claim_clocks_tick(db, w, t->max, &claims, err))
        return false;
    *t->changed = zones.count + wakes.count + claims;
    *t->more    = zones.count == t->max || wakes.count == t->max || claims == t->max;
    return true;
}

bool return_clocks_run(struct work *w, int max, int *changed, bool *more, struct err *err)
{
    struct ticking t = { w, max, changed, more };
    instant        next;
    *changed = 0;
    *more    = false;
    if (!return_clocks_next(w->db, &next, err))
        return false;
    if (!instant_is_set(next) || next.ms > w->now.ms)
        return true;
    return db_tx(w->db, tick_tx, &t, err);
}

bool return_clocks_next(struct db *db, instant *out, struct err *err) { return returns_zone_next(db, out, err); }

/* ---- other rules ---- */

struct recomputing { struct work *w; struct return_walk from, to; int max; };

static bool again_one(struct db *db, const struct work *w, const struct rma *stored, const struct return_ground *g, struct err *err)
{
    struct rma now = *stored;
    return_deadline(&now, &w->shop->book, &g->terms, w->shop->country, w->now);
    if (!record_diff(&return_record, stored, &now))
        return true;
    now.updated_at = w->now;
    return return_update(db, stored, &now, err) && return_missed(db, w, stored, &now, false, err) && tell_zone(db, w, stored, &now, w->now, err);
}

static bool again_tx(struct db *db, void *ctx, struct err *err)
{
    struct recomputing *r      = ctx;
    struct work        *w      = r->w;
    struct rma_list     list   = { 0 };
    struct claim_list   claims = { 0 };
    struct return_ground g     = { 0 };
    struct return_walk   at    = r->from;             /* a transaction may run again from its beginning */
    w->actor = (struct actor){ .kind = ACTOR_SYSTEM };
    if (!returns_open_after(db, at.after, r->max, w->arena, &list, err) || !return_ground_read(db, w, &g, err))
        return false;
    for (int i = 0; i < list.count; i++)
        if (!again_one(db, w, &list.at[i], &g, err))
            return false;
    if (!claims_waiting_after(db, at.after_claim, r->max, w->arena, &claims, err))
        return false;
    for (int i = 0; i < claims.count; i++)
        if (!claim_clock_again(db, w, &claims.at[i], err))
            return false;
    if (list.count)
        at.after = list.at[list.count - 1].id;
    if (claims.count)
        at.after_claim = claims.at[claims.count - 1].id;
    at.more = list.count == r->max || claims.count == r->max;
    r->to   = at;
    return true;
}

bool return_clocks_again(struct work *w, int max, struct return_walk *at, struct err *err)
{
    struct recomputing r = { .w = w, .from = *at, .max = max };
    if (!db_tx(w->db, again_tx, &r, err))
        return false;
    *at = r.to;
    return true;
}
