#include "returns/return_flow.h"

#include "accounts/audit.h"
#include "base/json_write.h"
#include "base/secret.h"
#include "deadlines/shop.h"
#include "returns/claim_flow.h"
#include "returns/exchange_flow.h"
#include "returns/refund_flow.h"
#include "returns/return_command_flow.h"
#include "returns/return_rule_store.h"
#include "returns/return_undo_store.h"

struct doing { struct work *w; rid id; const struct return_input *in; };

static bool in_scope(const rid *accounts, int count, rid account)
{
    for (int i = 0; i < count; i++)
        if (id_eq(accounts[i], account))
            return true;
    return count == 0;
}

static str state_member(struct arena *a, enum return_state s)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "state", str_of(return_state_names[s]));
    json_end(&j);
    return buf_str(&b);
}

bool return_ground_read(struct db *db, const struct work *w, struct return_ground *out, struct err *err)
{
    *out = (struct return_ground){ 0 };
    return return_terms_load(db, w->arena, &out->terms, err) && return_rules_load(db, w->arena, &out->rules, err);
}

/* ---- taking back ---- */

/* What has left the house, or made money or goods move, is not taken back but put right by another step. */
static bool can_be_undone(enum return_action action)
{
    return action == RACT_CHECK || action == RACT_APPROVE || action == RACT_REJECT || action == RACT_ASK || action == RACT_KEEP || action == RACT_KEEP_PART ||
           action == RACT_ACCEPT || action == RACT_PARTIAL || action == RACT_SEND_BACK || action == RACT_CLOSE || action == RACT_CANCEL;
}

static str before_text(struct arena *a, const struct rma *r, bool makes)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "state", str_of(return_state_names[makes ? RETURN_CANCELLED : r->state]));
    json_text(&j, "route", str_of(return_route_names[r->route]));
    json_text(&j, "decision_text", r->decision_text);
    json_text(&j, "rule", r->rule);
    json_amount_text(&j, "refund_amount", r->refund_amount);
    json_instant(&j, "decided_at", r->decided_at);
    json_instant(&j, "ended_at", r->ended_at);
    json_end(&j);
    return buf_str(&b);
}

static bool add_undo(struct db *db, struct work *w, const struct return_edit *e, const struct rma *before, const struct return_input *in, rid command,
                     struct err *err)
{
    int  s    = in->hold_s >= 0 ? in->hold_s : w->shop->hold_s;
    bool near = id_is_set(command) && instant_is_set(before->deadline_at) && before->deadline_at.ms - w->now.ms < 5 * MINUTE_MS;    /* sent at once */
    if (!return_undo_close(db, e->now.id, err))
        return false;
    if (s <= 0 || near || !can_be_undone(in->action) || in->lines.count)
        return true;
    struct return_undo_row row = {
        .token = in->token.len ? in->token : secret_token(w->arena, 12), .return_id = e->now.id, .command_id = command, .before = before_text(w->arena, before, in->makes),
        .to_state = str_of(return_state_names[e->now.state]), .expires_at = instant_add(w->now, s * SECOND_MS),
        .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id,
    };
    if (in->out) {
        in->out->undo       = row.token;
        in->out->hold_until = row.expires_at;
    }
    return return_undo_add(db, &row, err);
}

/* ---- one step ---- */

static bool take_lines(struct db *db, struct work *w, struct return_edit *e, const struct return_input *in, struct err *err)
{
    struct rma_line_list stored = e->lines;
    if (!stored.count && !return_lines_of(db, &e->now.id, 1, w->arena, &stored, err))
        return false;
    e->lines = stored;
    if (!in->lines.count)
        return true;
    if (in->action != RACT_RECEIVE && in->action != RACT_INSPECT && in->action != RACT_DISPOSE && in->action != RACT_PARTIAL)
        return err_add(err, "lines", "are told when goods are received, checked or decided on");
    if (!return_lines_found(&stored, &in->lines, in->action == RACT_DISPOSE, w->arena, w->now, &e->lines, err))
        return false;
    e->lines_changed   = true;
    e->now.lines_count = e->lines.count;
    if (in->action != RACT_DISPOSE)
        e->now.refund_amount = return_lines_sum(&e->lines);
    return true;
}

/* What the step brings with it beside the state. *stays: the money waits for a second person, and so does the state. */
static bool take_effects(struct db *db, struct work *w, struct return_edit *e, const struct return_input *in, const struct return_ground *g,
                         bool *stays, struct err *err)
{
    if (in->action == RACT_PARTIAL && in->has_amount) {
        if (in->amount.minor < 0 || in->amount.minor > e->now.refund_amount.minor)
            return err_add(err, "amount", "must be from 0 to what the units of this return cost");
        e->now.refund_amount = in->amount;
    }
    switch (in->action) {
    case RACT_KEEP_PART:
        if (!in->has_amount || in->amount.minor <= 0 || in->amount.minor >= e->now.refund_amount.minor)
            return err_add(err, "amount", "must be more than 0 and less than what the units of this return cost");
        return refund_propose(db, w, e, true, in->amount, err);
    case RACT_KEEP:
        if (in->has_amount && in->amount.minor != e->now.refund_amount.minor)
            return err_add(err, "amount", "a part of the money is given back with the step keep_part");
        return refund_propose(db, w, e, false, (amount){ 0 }, err);
    case RACT_ACCEPT:
        return refund_propose(db, w, e, in->has_amount, in->amount, err);
    case RACT_REFUND:
        return refund_approve(db, w, e, in, &g->rules, stays, err);
    case RACT_LOSE:
        return claim_of_lost(db, w, e, err);
    case RACT_INSPECT:
        return claims_of_found(db, w, e, err);
    case RACT_APPROVE:
        return e->now.kind != RETURN_EXCHANGE || exchange_reserve(db, w, e, err);
    case RACT_EXCHANGE:
        e->now.kind = RETURN_EXCHANGE;
        return exchange_release(db, w, e, err);
    case RACT_REJECT:
    case RACT_SEND_BACK:
    case RACT_CANCEL:
        return exchange_drop(db, w, e, err);
    default:
        return true;
    }
}

static bool needs_words(const struct return_input *in, struct err *err)
{
    return (in->action != RACT_REJECT && in->action != RACT_SEND_BACK) || in->text.len || err_add(err, "text", "say why the return is refused");
}

bool return_step_take(struct db *db, struct work *w, struct return_edit *e, const struct return_input *in, const struct return_ground *g, struct err *err)
{
    const struct rma  before = e->now;
    enum return_state to, steps[RETURN_STATE_COUNT];
    bool              stays = false, keeps = in->action == RACT_KEEP || in->action == RACT_KEEP_PART;

    if (!needs_words(in, err) || !return_act(before.state, in->action, &to, err))
        return false;
    if (!return_market_allows(w->shop, &e->now, in->action))
        return err_set(err, ERR_ACTION_REFUSED, return_action_names[in->action], "this marketplace pays back the whole sum for goods that stay");
    if (!take_lines(db, w, e, in, err))
        return false;
    int way = to == before.state ? 0 : return_way(before.state, to, steps);
    for (int i = 0; i < way; i++)
        return_stamp(&e->now, steps[i], w->now);
    if (keeps)
        e->now.route = ROUTE_KEEP;
    if (in->text.len)
        e->now.decision_text = in->text;
    if (!take_effects(db, w, e, in, g, &stays, err))
        return false;
    if (stays) {
        to  = before.state;
        way = 0;
    }
    if (in->out)
        in->out->waits = stays;
    e->now.state = to;
    if (to != before.state) {
        return_stamp(&e->now, to, w->now);
        e->now.state_at = w->now;
    }
    if (e->is_new && e->seq == 0)
        return_edit_step(e, w, RETURN_REQUESTED, NULL, 0, RETURN_REQUESTED, false, STR(""));
    str note = stays ? STR("refund_proposed") : in->action == RACT_DISPOSE ? STR("disposed") : utf8_cut(in->text, 900);
    return_edit_step(e, w, before.state, steps, way, to, false, note);
    struct return_told told = { before.state, in->action, in->text, in->hold_s };
    bool               waits = false;
    /* The market would pay on the word of the first person: it hears of it from the second. */
    if (keeps && !refund_waits(db, w, &e->now, &g->rules, &waits, err))
        return false;
    if (to != before.state && !waits && !return_command_put(db, w, e, &told, err))
        return false;
    rid command = id_eq(e->now.command_id, before.command_id) ? (rid){ 0 } : e->now.command_id;
    return add_undo(db, w, e, &before, in, command, err);
}

bool return_step_save(struct db *db, struct work *w, struct return_edit *e, const struct return_ground *g, struct err *err)
{
    return_deadline(&e->now, &w->shop->book, &g->terms, w->shop->country, w->now);
    return_wake(&e->now, &g->rules);
    return_derive(&e->now, w->arena);
    return return_edit_save(db, w, e, err);
}

static bool do_tx(struct db *db, void *ctx, struct err *err)
{
    struct doing       *d    = ctx;
    struct work        *w    = d->w;
    struct return_edit  e    = { 0 };
    struct return_ground g   = { 0 };
    struct int_list     seqs = { 0 };

    if (!return_get(db, d->id, w->arena, &e.old, err))
        return false;
    if (!in_scope(d->in->accounts, d->in->accounts_count, e.old.account_id))
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such return");
    if (e.old.version != d->in->version)
        return err_set(err, ERR_VERSION_OLD, "version", "the return is of version %lld now", (long long)e.old.version);
    if (!return_steps_last(db, &d->id, 1, w->arena, &seqs, err) || !return_ground_read(db, w, &g, err))
        return false;
    e.now = e.old;
    e.seq = seqs.at[0];
    if (!return_step_take(db, w, &e, d->in, &g, err))
        return false;
    str action = str_print(w->arena, "return.%s", return_action_names[d->in->action]);
    return return_step_save(db, w, &e, &g, err) && audit_write(db, w, action, STR("return"), d->id, state_member(w->arena, e.old.state),
                                                              state_member(w->arena, e.now.state), err);
}

bool return_do(struct work *w, rid id, const struct return_input *in, struct err *err)
{
    struct doing d = { w, id, in };
    return db_tx(w->db, do_tx, &d, err);
}
