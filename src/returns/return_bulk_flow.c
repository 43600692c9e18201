#include "returns/return_bulk_flow.h"

#include "accounts/audit.h"
#include "accounts/user_store.h"
#include "base/json_write.h"
#include "base/secret.h"
#include "events/event.h"

bool return_bulk_may(enum return_action action)
{
    return action == RACT_CHECK || action == RACT_APPROVE || action == RACT_REJECT || action == RACT_RECEIVE || action == RACT_CLOSE;
}

struct many { struct work *w; const struct return_bulk *b; rid to; struct action_result *out; };

static bool in_scope(const struct return_bulk *b, const struct rma *r)
{
    bool seen = b->in.accounts_count == 0;
    for (int i = 0; i < b->in.accounts_count && !seen; i++)
        seen = id_eq(b->in.accounts[i], r->account_id);
    return seen && (!b->states || (b->states & BIT(r->state)));
}

static void refuse(struct many *m, rid id, str number, enum err_code code, str text)
{
    *refusal_list_add(&m->out->refused, m->w->arena) = (struct refusal){ .id = id, .number = number, .code = str_of(err_kind(code)->code), .text = text };
}

/* The row, if it is there and may be seen; otherwise it is among the refused. */
static const struct rma *seen(struct many *m, const struct rma_list *list, rid id)
{
    for (int i = 0; i < list->count; i++)
        if (id_eq(list->at[i].id, id) && in_scope(m->b, &list->at[i]))
            return &list->at[i];
    refuse(m, id, STR(""), ERR_NOT_FOUND, STR("there is no such return"));
    return NULL;
}

static str number_of(const struct rma *r)
{
    return r->order_number.len ? r->order_number : r->order_external.len ? r->order_external : r->external_id;
}

/* Said before anything is done: what cannot be decided in a heap stays out of it. */
static bool may_be_done(struct many *m, const struct rma *r)
{
    enum return_state to;
    struct err        why = { 0 };
    if (!return_act(r->state, m->b->in.action, &to, &why)) {
        refuse(m, r->id, number_of(r), ERR_ACTION_REFUSED, str_copy(m->w->arena, str_of(why.item[0].text)));
        return false;
    }
    if (m->b->in.action == RACT_APPROVE && r->kind == RETURN_EXCHANGE) {
        refuse(m, r->id, number_of(r), ERR_ACTION_REFUSED, STR("an exchange is decided by itself: its replacement is reserved with it"));
        return false;
    }
    return true;
}

static void add_sum(struct many *m, const struct rma *r)
{
    struct currency_sum_list *sums = &m->out->sums;
    for (int i = 0; i < sums->count; i++)
        if (str_eq(sums->at[i].currency, r->currency)) {
            sums->at[i].total += r->refund_amount.minor;
            return;
        }
    *currency_sum_list_add(sums, m->w->arena) = (struct currency_sum){ r->currency, r->refund_amount.minor };
}

static bool do_one(struct db *db, struct many *m, const struct rma *r, int64_t seq, str token, const struct return_ground *g, struct err *err)
{
    struct return_done  done = { 0 };
    struct return_input in   = m->b->in;
    struct return_edit  e    = { .old = *r, .now = *r, .seq = seq };
    in.version = r->version;
    in.token   = token;
    in.out     = &done;
    if (!return_step_take(db, m->w, &e, &in, g, err) || !return_step_save(db, m->w, &e, g, err) ||
        !audit_write(db, m->w, str_print(m->w->arena, "return.%s", return_action_names[in.action]), STR("return"), r->id, STR(""), STR(""), err))
        return err_note(err, "return %lld", (long long)r->id.v);
    if (done.undo.len)
        m->out->undo = done.undo;
    if (done.hold_until.ms > m->out->hold_until.ms)
        m->out->hold_until = done.hold_until;
    return true;
}

static bool do_tx(struct db *db, void *ctx, struct err *err)
{
    struct many             *m    = ctx;
    struct arena            *a    = m->w->arena;
    const struct return_bulk *b   = m->b;
    struct rma_list          list = { 0 };
    struct int_list          seqs = { 0 };
    struct return_ground     g    = { 0 };
    str                      token = b->dry_run ? STR("") : secret_token(a, 12);

    *m->out = (struct action_result){ 0 };
    if (!returns_by_ids(db, b->ids, b->count, a, &list, err) ||
        (!b->dry_run && (!return_steps_last(db, b->ids, b->count, a, &seqs, err) || !return_ground_read(db, m->w, &g, err))))
        return false;
    for (int i = 0; i < b->count; i++) {
        const struct rma *r = seen(m, &list, b->ids[i]);
        if (!r || !may_be_done(m, r))
            continue;
        if (!b->dry_run && !do_one(db, m, r, seqs.at[i], token, &g, err))
            return false;
        add_sum(m, r);
        *int_list_add(&m->out->done, a) = r->id.v;
    }
    return true;
}

static bool not_too_many(const struct return_bulk *b, struct err *err)
{
    return b->count <= RETURN_BULK_MAX || err_set(err, ERR_LIMIT, "ids", "at most %d returns at once", RETURN_BULK_MAX);
}

bool return_do_many(struct work *w, const struct return_bulk *b, struct action_result *out, struct err *err)
{
    struct many m = { .w = w, .b = b, .out = out };
    if (!not_too_many(b, err))
        return false;
    return b->dry_run ? do_tx(w->db, &m, err) : db_tx(w->db, do_tx, &m, err);
}

/* ---- who works on it ---- */

static str person_json(struct arena *a, rid id)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "assignee_id", id);
    json_end(&j);
    return buf_str(&b);
}

static bool person_works_here(struct db *db, const struct work *w, rid id, struct err *err)
{
    struct user u = { 0 };
    if (!id_is_set(id))
        return true;
    if (!user_get(db, id, w->arena, &u, err))
        return err->code == ERR_NOT_FOUND ? (err_clear(err), err_add(err, "assignee_id", "there is no such person")) : false;
    return u.state == USER_ACTIVE || err_add(err, "assignee_id", "is not at work here");
}

static bool assign_tx(struct db *db, void *ctx, struct err *err)
{
    struct many     *m    = ctx;
    struct arena    *a    = m->w->arena;
    struct rma_list  list = { 0 };
    *m->out = (struct action_result){ 0 };
    if (!person_works_here(db, m->w, m->to, err) || !returns_by_ids(db, m->b->ids, m->b->count, a, &list, err))
        return false;
    for (int i = 0; i < m->b->count; i++) {
        const struct rma *r = seen(m, &list, m->b->ids[i]);
        if (!r)
            continue;
        *int_list_add(&m->out->done, a) = r->id.v;
        if (m->b->dry_run || id_eq(r->assignee_id, m->to))
            continue;
        struct return_edit e = { .old = *r, .now = *r };
        e.now.assignee_id    = m->to;
        if (!return_edit_save(db, m->w, &e, err) ||
            !audit_write(db, m->w, STR("return.assign"), STR("return"), r->id, person_json(a, r->assignee_id), person_json(a, m->to), err))
            return false;
    }
    return true;
}

bool return_assign(struct work *w, const struct return_bulk *b, rid to, struct action_result *out, struct err *err)
{
    struct many m = { .w = w, .b = b, .to = to, .out = out };
    return not_too_many(b, err) && db_tx(w->db, assign_tx, &m, err);
}
