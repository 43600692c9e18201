/* Taking a step of a return back while its command waits. Declared in return_flow.h. */
#include "base/json_read.h"
#include "deadlines/shop.h"
#include "events/outbox.h"
#include "returns/exchange_flow.h"
#include "returns/refund_flow.h"
#include "returns/return_undo_store.h"
#include "returns/returnable_flow.h"

struct undoing { struct work *w; str token; const struct return_undo_right *by; struct return_undone *out; };

static bool in_scope(const struct return_undo_right *by, rid account)
{
    for (int i = 0; i < by->accounts_count; i++)
        if (id_eq(by->accounts[i], account))
            return true;
    return by->accounts_count == 0;
}

static bool may_take_back(const struct undoing *u, const struct return_undo_row *s, const struct rma *r)
{
    const struct actor *me = &u->w->actor;
    bool mine = str_is(s->actor_kind, actor_kind_names[me->kind]) && id_eq(s->actor_id, me->id);
    return in_scope(u->by, r->account_id) && (mine || u->by->decides);
}

static bool before_read(struct arena *a, const struct return_undo_row *s, struct rma *r, struct err *err)
{
    const struct json *in = NULL;
    if (!json_read(a, s->before, 1 << 16, &in, err))
        return false;
    int state = name_find(return_state_names, json_str(json_get(in, "state")));
    int route = name_find(return_route_names, json_str(json_get(in, "route")));
    if (state < 0 || route < 0 || !json_amount(json_get(in, "refund_amount"), &r->refund_amount))
        return err_set(err, ERR_INTERNAL, "before", "a step that can be taken back does not read");
    r->state         = (enum return_state)state;
    r->route         = (enum return_route)route;
    r->decision_text = json_str(json_get(in, "decision_text"));
    r->rule          = json_str(json_get(in, "rule"));
    r->decided_at = r->ended_at = (instant){ 0 };
    if (!json_is_null(json_get(in, "decided_at")) && !instant_parse(json_str(json_get(in, "decided_at")), &r->decided_at))
        return err_set(err, ERR_INTERNAL, "before", "a step that can be taken back does not read");
    if (!json_is_null(json_get(in, "ended_at")) && !instant_parse(json_str(json_get(in, "ended_at")), &r->ended_at))
        return err_set(err, ERR_INTERNAL, "before", "a step that can be taken back does not read");
    return true;
}

/* A refused return holds no units: when it lives again they must not be another's by now. */
static bool units_are_free(struct db *db, struct work *w, struct return_edit *e, bool *out, struct err *err)
{
    struct returnable g = { 0 };
    *out = true;
    if (!return_lines_of(db, &e->now.id, 1, w->arena, &e->lines, err))
        return false;
    if (!id_is_set(e->now.order_id))
        return true;
    if (!returnable_load(db, w, e->now.order_id, e->now.id, &g, err))
        return false;
    for (int i = 0; i < g.lines.count; i++) {
        int64_t units = 0;
        for (int k = 0; k < e->lines.count; k++)
            units += e->lines.at[k].order_line == g.lines.at[i].line ? e->lines.at[k].qty : 0;
        *out = *out && units <= returnable_left(&g, i);
    }
    return true;
}

static bool take_back(struct db *db, struct undoing *u, const struct return_undo_row *s, const struct rma *stored, const struct return_ground *g,
                      int64_t seq, bool *done, struct err *err)
{
    struct work       *w = u->w;
    struct return_edit e = { .old = *stored, .now = *stored, .seq = seq };
    bool               in_time = true, was_refused = stored->state == RETURN_REJECTED || stored->state == RETURN_REJECTED_AFTER_CHECK;
    *done = false;
    if (s->expires_at.ms <= w->now.ms || !str_is(s->to_state, return_state_names[stored->state]))
        return true;
    if (was_refused && !units_are_free(db, w, &e, &in_time, err))
        return false;
    if (in_time && id_is_set(s->command_id) && !outbox_undo(db, s->command_id, w->now, &in_time, err))
        return false;
    if (!in_time)
        return true;
    if (!before_read(w->arena, s, &e.now, err) || (stored->state == RETURN_REFUNDING && !refund_withdraw(db, w, stored->id, err)))
        return false;
    e.now.state_at = w->now;
    if (e.now.state == RETURN_CANCELLED)
        e.now.ended_at = w->now;
    if (!e.lines.count && !return_lines_of(db, &e.now.id, 1, w->arena, &e.lines, err))
        return false;
    if (stored->state == RETURN_APPROVED && !exchange_drop(db, w, &e, err))
        return false;
    return_edit_step(&e, w, stored->state, NULL, 0, e.now.state, false, STR("undo"));
    *done = true;
    return return_step_save(db, w, &e, g, err);
}

static bool undo_tx(struct db *db, void *ctx, struct err *err)
{
    struct undoing             *u    = ctx;
    struct arena               *a    = u->w->arena;
    struct return_undo_row_list rows = { 0 };
    struct rma_list             list = { 0 };
    struct int_list             seqs = { 0 };
    struct return_ground        g    = { 0 };

    *u->out = (struct return_undone){ 0 };
    if (!return_undo_load(db, u->token, a, &rows, err))
        return false;
    if (!rows.count)
        return err_set(err, ERR_UNDO_LATE, "token", "this can no longer be undone");
    rid *ids = ARENA_ARRAY(a, rid, rows.count);
    for (int i = 0; i < rows.count; i++)
        ids[i] = rows.at[i].return_id;
    if (!returns_by_ids(db, ids, rows.count, a, &list, err) || !return_steps_last(db, ids, rows.count, a, &seqs, err) ||
        !return_ground_read(db, u->w, &g, err))
        return false;
    for (int i = 0; i < rows.count; i++)
        for (int k = 0; k < list.count; k++) {
            bool done;
            if (!id_eq(list.at[k].id, ids[i]))
                continue;
            if (!may_take_back(u, &rows.at[i], &list.at[k]))        /* a stranger learns nothing of the token, and does not use it up */
                return err_set(err, ERR_UNDO_LATE, "token", "this can no longer be undone");
            if (!take_back(db, u, &rows.at[i], &list.at[k], &g, seqs.at[i], &done, err))
                return false;
            *int_list_add(done ? &u->out->undone : &u->out->late, a) = ids[i].v;
        }
    return return_undo_clear(db, u->token, instant_add(u->w->now, -HOUR_MS), err);
}

bool return_undo(struct work *w, str token, const struct return_undo_right *by, struct return_undone *out, struct err *err)
{
    struct undoing u = { w, token, by, out };
    if (!db_tx(w->db, undo_tx, &u, err))
        return false;
    return out->undone.count > 0 || err_set(err, ERR_UNDO_LATE, "token", "this can no longer be undone");
}
