#include "returns/return_flow.h"

#include "accounts/audit.h"
#include "base/json_write.h"
#include "deadlines/shop.h"
#include "returns/return_command_flow.h"

struct doing { struct work *w; rid id; const struct return_input *in; };

static bool in_scope(const struct return_input *in, const struct rma *r)
{
    for (int i = 0; i < in->accounts_count; i++)
        if (id_eq(in->accounts[i], r->account_id))
            return true;
    return in->accounts_count == 0;
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

static bool do_tx(struct db *db, void *ctx, struct err *err)
{
    struct doing           *d     = ctx;
    struct work            *w     = d->w;
    struct return_edit      e     = { 0 };
    struct return_term_list terms = { 0 };
    struct int_list         seqs  = { 0 };
    enum return_state       to, steps[RETURN_STATE_COUNT];

    if (!return_get(db, d->id, w->arena, &e.old, err))
        return false;
    if (!in_scope(d->in, &e.old))
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such return");
    if (e.old.version != d->in->version)
        return err_set(err, ERR_VERSION_OLD, "version", "the return is of version %lld now", (long long)e.old.version);
    if (!return_act(e.old.state, d->in->action, &to, err))
        return false;
    if (!return_steps_last(db, &d->id, 1, w->arena, &seqs, err) || !return_terms_load(db, w->arena, &terms, err))
        return false;
    e.now   = e.old;
    e.seq   = seqs.at[0];
    int way = return_way(e.old.state, to, steps);
    for (int i = 0; i < way; i++)
        return_stamp(&e.now, steps[i], w->now);
    e.now.state = to;
    return_stamp(&e.now, to, w->now);
    if (d->in->action == RACT_KEEP)
        e.now.route = ROUTE_KEEP;
    if (d->in->text.len)
        e.now.decision_text = d->in->text;
    return_deadline(&e.now, &w->shop->book, &terms, w->shop->country, w->now);
    return_derive(&e.now, w->arena);
    return_edit_step(&e, w, e.old.state, steps, way, to, false, utf8_cut(d->in->text, 900));
    if (!return_command_put(db, w, &e, &(struct return_told){ e.old.state, d->in->action, d->in->text, -1 }, err))
        return false;
    str action = str_print(w->arena, "return.%s", return_action_names[d->in->action]);
    return return_edit_save(db, w, &e, err) &&
           audit_write(db, w, action, STR("return"), d->id, state_member(w->arena, e.old.state), state_member(w->arena, to), err);
}

bool return_do(struct work *w, rid id, const struct return_input *in, struct err *err)
{
    struct doing d = { w, id, in };
    if ((in->action == RACT_REJECT || in->action == RACT_SEND_BACK) && !in->text.len)
        return err_add(err, "text", "say why the return is refused");
    if (in->action == RACT_REFUND)
        return err_set(err, ERR_ACTION_REFUSED, "action", "money is not paid back from here");
    return db_tx(w->db, do_tx, &d, err);
}
