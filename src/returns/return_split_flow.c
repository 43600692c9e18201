#include "returns/return_split_flow.h"

#include "accounts/audit.h"
#include "base/json_write.h"
#include "events/outbox.h"

struct splitting { struct work *w; rid id; const struct return_split *in; rid *out; };

static bool in_scope(const struct return_split *in, rid account)
{
    for (int i = 0; i < in->accounts_count; i++)
        if (id_eq(in->accounts[i], account))
            return true;
    return in->accounts_count == 0;
}

static str names_json(struct arena *a, const struct rma *r)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "external_id", r->external_id);
    json_text(&j, "own_name", r->own_name);
    json_end(&j);
    return buf_str(&b);
}

/* What the market has said is its own again; nobody has decided on it. */
static void theirs_from(struct work *w, const struct return_edit *ours, struct return_edit *theirs)
{
    const struct rma *r = &ours->old;
    theirs->is_new = true;
    theirs->now    = (struct rma){
        .id = work_id(w), .account_id = r->account_id, .channel = r->channel, .external_id = r->external_id, .order_id = r->order_id,
        .order_external = r->order_external, .order_number = r->order_number, .kind = r->kind, .state = RETURN_REQUESTED,
        .external_state = r->external_state, .reason = r->reason, .external_reason = r->external_reason, .buyer_text = r->buyer_text,
        .title = r->title, .lines_count = r->lines_count, .units = r->units, .photos = r->photos, .currency = r->currency,
        .refund_amount = r->refund_amount, .requested_at = r->requested_at, .changed_at = r->changed_at, .channel_by = r->channel_by,
        .zone = ZONE_NONE, .created_at = w->now, .state_at = w->now,
    };
    for (int i = 0; i < ours->lines.count; i++) {
        struct rma_line *l = rma_line_list_add(&theirs->lines, w->arena);
        *l = (struct rma_line){ .return_id = theirs->now.id, .line = i + 1, .order_line = ours->lines.at[i].order_line,
                                .external_offer_id = ours->lines.at[i].external_offer_id, .article = ours->lines.at[i].article,
                                .title = ours->lines.at[i].title, .qty = ours->lines.at[i].qty, .amount = ours->lines.at[i].amount };
    }
    theirs->lines_changed = true;
    return_edit_step(theirs, w, RETURN_REQUESTED, NULL, 0, RETURN_REQUESTED, false, STR("split"));
}

static bool split_tx(struct db *db, void *ctx, struct err *err)
{
    struct splitting    *s = ctx;
    struct work         *w = s->w;
    struct return_edit   ours = { 0 }, theirs = { 0 };
    struct return_ground g = { 0 };
    struct int_list      seqs = { 0 };
    bool                 in_time;
    if (!return_get(db, s->id, w->arena, &ours.old, err))
        return false;
    if (!in_scope(s->in, ours.old.account_id))
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such return");
    if (ours.old.version != s->in->version)
        return err_set(err, ERR_VERSION_OLD, "version", "the return is of version %lld now", (long long)ours.old.version);
    if (!ours.old.own_name.len)
        return err_set(err, ERR_ACTION_REFUSED, "split", "nothing was joined to this return");
    if (!return_steps_last(db, &s->id, 1, w->arena, &seqs, err) || !return_lines_of(db, &s->id, 1, w->arena, &ours.lines, err) ||
        !return_ground_read(db, w, &g, err))
        return false;
    ours.now = ours.old;
    ours.seq = seqs.at[0];
    /* Our answer was to a request that is another's: what has not left yet stays here. */
    if (id_is_set(ours.old.command_id) && !outbox_undo(db, ours.old.command_id, w->now, &in_time, err))
        return false;
    ours.now.apart          = ours.old.external_id;
    ours.now.external_id    = ours.old.own_name;
    ours.now.own_name       = STR("");
    ours.now.external_state = STR("");
    ours.now.channel_by     = (instant){ 0 };
    ours.now.command_id     = (rid){ 0 };
    return_edit_step(&ours, w, ours.now.state, NULL, 0, ours.now.state, false, STR("split"));
    theirs_from(w, &ours, &theirs);
    *s->out = theirs.now.id;
    return return_step_save(db, w, &ours, &g, err) && return_step_save(db, w, &theirs, &g, err) &&
           audit_write(db, w, STR("return.split"), STR("return"), s->id, names_json(w->arena, &ours.old), names_json(w->arena, &ours.now), err);
}

bool return_split(struct work *w, rid id, const struct return_split *in, rid *out, struct err *err)
{
    struct splitting s = { w, id, in, out };
    return db_tx(w->db, split_tx, &s, err);
}
