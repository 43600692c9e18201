#include "orders/order_flow.h"

#include "accounts/audit.h"
#include "base/json_write.h"
#include "base/secret.h"
#include "deadlines/shop.h"
#include "orders/undo_store.h"

/* Which command tells the market of an action; -1: our own step. Bits as in shop.channel_ops. */
static const struct { const char *op; int bit; } commands[ACT_COUNT] = {
    [ACT_CONFIRM]   = { "confirm", 0 },
    [ACT_ASSEMBLE]  = { NULL, -1 },
    [ACT_RELEASE]   = { NULL, -1 },
    [ACT_READY]     = { "assemble", 1 },
    [ACT_HAND_OVER] = { "hand_over", 2 },
    [ACT_CANCEL]    = { "cancel", 3 },
};

bool order_action_told(const struct shop *shop, str channel, enum order_action action)
{
    unsigned ops = shop->channel_ops ? shop->channel_ops(channel) : ~0u;
    return commands[action].op && (ops & BIT(commands[action].bit));
}

struct doing {
    struct work               *w;
    struct db                 *db;
    const struct action_input *in;
    struct action_result      *out;
    struct order_effects       fx;
    str                        token;
    bool                       undoable;
};

static bool in_scope(const struct action_input *in, const struct order *o)
{
    for (int i = 0; i < in->accounts_count; i++)
        if (id_eq(in->accounts[i], o->account_id))
            return true;
    return in->accounts_count == 0;
}

static str command_payload(const struct doing *d)
{
    struct buf      b = buf_in(d->w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "reason", d->in->reason);
    json_text(&j, "comment", d->in->comment);
    json_text(&j, "code", d->in->code);
    json_number(&j, "boxes", d->in->boxes > 0 ? d->in->boxes : 1);
    json_end(&j);
    return buf_str(&b);
}

/* A command near its deadline goes first; the rest by kind. */
static int64_t priority_of(const struct order *o, enum order_action action, instant now)
{
    bool near = instant_is_set(o->deadline_at) && o->deadline_at.ms - now.ms < 2 * HOUR_MS;
    bool first = action == ACT_CONFIRM || action == ACT_CANCEL;
    return first && near ? 1 : 2;
}

static bool add_command(struct doing *d, const struct order *before, struct order *o, rid *id, struct err *err)
{
    struct work *w   = d->w;
    const char  *op  = commands[d->in->action].op;
    bool         live;

    *id = (rid){ 0 };
    if (!order_action_told(w->shop, o->channel, d->in->action))
        return true;
    if (!account_is_live(d->db, o->account_id, &live, err))
        return false;

    int     hold_s  = d->in->hold_s >= 0 ? d->in->hold_s : w->shop->hold_s;
    bool    near    = instant_is_set(before->deadline_at) && before->deadline_at.ms - w->now.ms < HOLD_SKIP_MS;
    instant go      = near ? w->now : instant_add(w->now, hold_s * SECOND_MS);
    struct command_row row = {
        .id = work_id(w), .account_id = o->account_id, .order_id = o->id, .op = str_of(op),
        .priority = priority_of(before, d->in->action, w->now),
        .dedupe_key = str_print(w->arena, "%s:%lld", op, (long long)o->id.v), .payload = command_payload(d),
        .state = !live ? STR("shadow") : go.ms > w->now.ms ? STR("held") : STR("queued"), .not_before = go,
        .from_status = str_of(hub_status_names[before->status]), .to_status = str_of(hub_status_names[o->status]),
        .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id, .actor_name = w->actor.name,
        .created_at = w->now,
    };
    if (!outbox_add(d->db, w->arena, &row, err))
        return false;
    o->command_id = row.id;
    *id           = row.id;
    if (live && go.ms > d->out->hold_until.ms && go.ms > w->now.ms)
        d->out->hold_until = go;
    return true;
}

static bool add_undo(struct doing *d, const struct order *before, const struct order *o, rid command, struct err *err)
{
    struct work *w = d->w;
    int          s = d->in->hold_s >= 0 ? d->in->hold_s : w->shop->hold_s;
    bool         near = id_is_set(command) && instant_is_set(before->deadline_at) &&
                before->deadline_at.ms - w->now.ms < HOLD_SKIP_MS;
    if (s <= 0 || near)
        return true;
    if (!d->token.len)
        d->token = secret_token(w->arena, 12);
    d->undoable = true;

    struct undo_step step = {
        .order_id = o->id, .command_id = command, .from_status = str_of(hub_status_names[before->status]),
        .to_status = str_of(hub_status_names[o->status]), .expires_at = instant_add(w->now, s * SECOND_MS),
        .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id,
    };
    return undo_add(d->db, d->token, &step, err);
}

static void set_status(struct order *o, enum hub_status to, const struct work *w)
{
    o->status = to;
    o->closed = hub_status_closed(to);
    if (to == HUB_CONFIRMED && !instant_is_set(o->confirmed_at))
        o->confirmed_at = w->now;
    order_deadline(o, &w->shop->book, w->now);
}

static str status_member(struct arena *a, enum hub_status status)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "status", str_of(hub_status_names[status]));
    json_end(&j);
    return buf_str(&b);
}

/* Who changed what stands in the shop's log too, beside the order's own history. */
static bool audit_action(struct doing *d, const struct order *before, const struct order *now, struct err *err)
{
    struct arena *a      = d->w->arena;
    str           action = str_print(a, "order.%s", order_action_names[d->in->action]);
    str           from   = status_member(a, before->status);
    str           to     = status_member(a, now->status);
    return audit_write(d->db, d->w, action, STR("order"), now->id, from, to, err);
}

static bool act_on(struct doing *d, const struct order *stored, int64_t seq, struct err *err)
{
    struct order_edit e = { .old = *stored, .now = *stored, .seq = seq, .event = "changed" };
    enum hub_status   to;
    rid               command;

    if (!order_act(stored, d->in->action, &to, err))
        return false;
    set_status(&e.now, to, d->w);
    if (to == HUB_CANCELLED) {
        e.now.cancel_side   = CANCEL_SELLER;
        e.now.cancel_reason = d->in->reason;
    }
    order_edit_history(&e, d->w, stored->status, NULL, 0, to, false, d->in->comment);
    if (!add_command(d, stored, &e.now, &command, err))
        return false;
    if (to == HUB_CANCELLED && !outbox_withdraw(d->db, d->w->arena, e.now.id, command, d->w->now, err))
        return false;
    return add_undo(d, stored, &e.now, command, err) &&
           order_edit_save(d->db, d->w, &e, &d->fx, err) && audit_action(d, stored, &e.now, err);
}

static void note_done(struct action_result *out, struct arena *a, const struct order *o)
{
    *int_list_add(&out->done, a) = o->id.v;
    if (!out->currency.len)
        out->currency = o->currency;
    if (!o->has_total)
        return;
    if (str_eq(out->currency, o->currency))
        out->sum += o->grand_total.minor;
    for (int i = 0; i < out->sums.count; i++)
        if (str_eq(out->sums.at[i].currency, o->currency)) {
            out->sums.at[i].total += o->grand_total.minor;
            return;
        }
    *currency_sum_list_add(&out->sums, a) = (struct currency_sum){ o->currency, o->grand_total.minor };
}

static void note_refused(struct action_result *out, struct arena *a, const struct order *o, const struct err *e)
{
    *refusal_list_add(&out->refused, a) = (struct refusal){
        o->id, o->number, str_of(err_kind(e->code)->code), str_copy(a, str_of(e->item[0].text)),
    };
}

struct many { struct work *w; const rid *ids; int count; const struct action_input *in; bool dry_run; struct action_result *out; };

static int64_t seq_of(const struct last_seq_list *last, rid id)
{
    for (int i = 0; i < last->count; i++)
        if (id_eq(last->at[i].order_id, id))
            return last->at[i].seq;
    return 0;
}

static const struct order *order_in(const struct order_list *list, rid id)
{
    for (int i = 0; i < list->count; i++)
        if (id_eq(list->at[i].id, id))
            return &list->at[i];
    return NULL;
}

/* A dry run may ask before a reason is chosen. */
static bool reason_fits(const struct many *m, const struct order *o, struct err *refusal)
{
    const struct shop *shop = m->w->shop;
    if (m->in->action != ACT_CANCEL || !shop->cancel_objection || (m->dry_run && !m->in->reason.len) ||
        !order_action_told(shop, o->channel, ACT_CANCEL))
        return true;
    const char *objection = shop->cancel_objection(o->channel, m->in->reason, m->in->comment);
    return !objection || err_set(refusal, ERR_ACTION_REFUSED, "reason", "%s", objection);
}

static bool do_tx(struct db *db, void *ctx, struct err *err)
{
    struct many         *m    = ctx;
    struct arena        *a    = m->w->arena;
    struct order_list    list = { 0 };
    struct last_seq_list last = { 0 };
    struct doing         d    = { .w = m->w, .db = db, .in = m->in, .out = m->out };

    *m->out = (struct action_result){ 0 };
    if (!orders_by_ids(db, m->ids, m->count, a, &list, err) || !history_last(db, m->ids, m->count, a, &last, err))
        return false;
    for (int i = 0; i < m->count; i++) {
        const struct order *o = order_in(&list, m->ids[i]);
        struct err          refusal = { 0 };
        enum hub_status     to;
        if (!o || !in_scope(m->in, o)) {
            err_set(&refusal, ERR_NOT_FOUND, "id", "there is no such order");
            note_refused(m->out, a, &(struct order){ .id = m->ids[i] }, &refusal);
        } else if (!order_act(o, m->in->action, &to, &refusal) || !reason_fits(m, o, &refusal)) {
            note_refused(m->out, a, o, &refusal);
        } else {
            if (!m->dry_run && !act_on(&d, o, seq_of(&last, o->id), err))
                return false;
            note_done(m->out, a, o);
        }
    }
    m->out->undo = d.undoable ? d.token : STR("");
    return order_effects_save(db, &d.fx, err);
}

bool order_do_many(struct work *w, const rid *ids, int count, const struct action_input *in, bool dry_run,
                   struct action_result *out, struct err *err)
{
    struct many m = { w, ids, count, in, dry_run, out };
    if (count > BULK_MAX)
        return err_set(err, ERR_LIMIT, "ids", "at most %d orders at once", BULK_MAX);
    if (dry_run)
        return do_tx(w->db, &m, err);
    return db_tx(w->db, do_tx, &m, err);
}

bool order_do(struct work *w, rid id, const struct action_input *in, struct action_result *out, struct err *err)
{
    if (!order_do_many(w, &id, 1, in, false, out, err))
        return false;
    if (!out->refused.count)
        return true;
    const struct refusal *r = &out->refused.at[0];
    bool missing            = str_is(r->code, "not_found");
    return err_set(err, missing ? ERR_NOT_FOUND : ERR_ACTION_REFUSED, missing ? "id" : "status", "%.*s", STR_ARG(r->text));
}

/* ---- undo ---- */

struct undoing { struct work *w; str token; const struct undo_right *by; struct undo_result *out; };

/* Puts an order back to `from`; the history keeps both moves. */
static bool put_back(struct db *db, struct work *w, const struct order *o, int64_t seq, enum hub_status from, str note,
                     struct order_effects *fx, struct err *err)
{
    struct order_edit e = { .old = *o, .now = *o, .seq = seq, .event = "changed" };
    set_status(&e.now, from, w);
    if (from == HUB_NEW) {
        e.now.confirmed_at = (instant){ 0 };
        order_deadline(&e.now, &w->shop->book, w->now);
    }
    if (o->status == HUB_CANCELLED) {
        e.now.cancel_side   = CANCEL_NOBODY;
        e.now.cancel_reason = STR("");
    }
    order_edit_history(&e, w, o->status, NULL, 0, from, false, note);
    if (o->status == HUB_CONFIRMED && from == HUB_NEW && !tasks_close(db, o->id, STR("pick"), STR("cancelled"), w->now, err))
        return false;
    return order_edit_save(db, w, &e, fx, err);
}

static bool take_back(struct db *db, struct undoing *u, const struct undo_step *s, const struct order *o, int64_t seq,
                      struct order_effects *fx, bool *done, struct err *err)
{
    *done = false;
    if (!o || s->expires_at.ms <= u->w->now.ms || !str_is(s->to_status, hub_status_names[o->status]))
        return true;
    if (id_is_set(s->command_id)) {
        bool in_time = false;
        if (!outbox_undo(db, s->command_id, u->w->now, &in_time, err))
            return false;
        if (!in_time)
            return true;
    }
    *done = true;
    if (o->status == HUB_CANCELLED && !outbox_send_on(db, u->w->arena, o->id, s->command_id, u->w->now, err))
        return false;
    return put_back(db, u->w, o, seq, (enum hub_status)name_find(hub_status_names, s->from_status), STR("undo"), fx, err);
}

static bool may_take_back(const struct undoing *u, const struct undo_step *s, const struct order *o)
{
    const struct actor *me = &u->w->actor;
    bool seen = u->by->accounts_count == 0;
    for (int i = 0; o && i < u->by->accounts_count && !seen; i++)
        seen = id_eq(u->by->accounts[i], o->account_id);
    bool mine = str_is(s->actor_kind, actor_kind_names[me->kind]) && id_eq(s->actor_id, me->id);
    return seen && (mine || (str_is(s->to_status, hub_status_names[HUB_CANCELLED]) ? u->by->cancel : u->by->work));
}

static bool undo_tx(struct db *db, void *ctx, struct err *err)
{
    struct undoing       *u     = ctx;
    struct arena         *a     = u->w->arena;
    struct undo_step_list steps = { 0 };
    struct order_list     list  = { 0 };
    struct last_seq_list  last  = { 0 };
    struct order_effects  fx    = { 0 };

    *u->out = (struct undo_result){ 0 };
    if (!undo_load(db, u->token, a, &steps, err))
        return false;
    if (!steps.count)
        return err_set(err, ERR_UNDO_LATE, "token", "this can no longer be undone");
    rid *ids = ARENA_ARRAY(a, rid, steps.count);
    for (int i = 0; i < steps.count; i++)
        ids[i] = steps.at[i].order_id;
    if (!orders_by_ids(db, ids, steps.count, a, &list, err) || !history_last(db, ids, steps.count, a, &last, err))
        return false;
    for (int i = 0; i < steps.count; i++)           /* a stranger learns nothing of the token, and does not use it up */
        if (!may_take_back(u, &steps.at[i], order_in(&list, ids[i])))
            return err_set(err, ERR_UNDO_LATE, "token", "this can no longer be undone");
    for (int i = 0; i < steps.count; i++) {
        bool done;
        if (!take_back(db, u, &steps.at[i], order_in(&list, ids[i]), seq_of(&last, ids[i]), &fx, &done, err))
            return false;
        *int_list_add(done ? &u->out->undone : &u->out->late, a) = ids[i].v;
    }
    return undo_clear(db, u->token, instant_add(u->w->now, -HOUR_MS), err) && order_effects_save(db, &fx, err);
}

bool order_undo(struct work *w, str token, const struct undo_right *by, struct undo_result *out, struct err *err)
{
    struct undoing u = { w, token, by, out };
    if (!db_tx(w->db, undo_tx, &u, err))
        return false;
    return out->undone.count > 0 || err_set(err, ERR_UNDO_LATE, "token", "the marketplace has been told already");
}

/* ---- the fate of commands ---- */

struct settling { struct work *w; const struct command_row *row; str title; bool *kept; };

/* A command that was given up is a task for people; the task ends when the command came through after all, or was answered. */
static bool settle_task(struct db *db, const struct settling *s, struct err *err)
{
    const struct command_row *row  = s->row;
    str                       rule = command_task_rule(s->w->arena, row->id);
    bool                      open;
    if (!str_is(row->state, "dead"))
        return str_is(row->state, "queued") || tasks_close_rule(db, row->order_id, rule, STR("done"), s->w->now, err);
    if (!task_of_rule_open(db, row->order_id, rule, &open, err) || open)
        return !err_is_set(err);
    struct task task = {
        .id = work_id(s->w), .kind = STR("dead_command"), .order_id = row->order_id, .state = STR("open"), .rule = rule,
        .version = 1, .created_at = s->w->now, .updated_at = s->w->now, .due_at = s->w->now, .title = s->title,
    };
    return record_insert(db, &task_record, &task, err);
}

/* A refusal had put the order back, and the command came through when it was sent again. The market may have nothing new to say about
 * it, so the order goes on by what the command has done. */
static bool came_after_all(const struct command_row *row, const struct order *o, int from)
{
    return str_is(row->state, "done") && from == (int)o->status && name_find(hub_status_names, row->to_status) > from;
}

static void put_forward(struct order_edit *e, struct work *w, enum hub_status to)
{
    set_status(&e->now, to, w);
    order_edit_history(e, w, e->old.status, NULL, 0, to, false, STR(""));
    e->event = "changed";
}

static bool settle_tx(struct db *db, void *ctx, struct err *err)
{
    struct settling     *s    = ctx;
    struct arena        *a    = s->w->arena;
    struct order_list    list = { 0 };
    struct last_seq_list last = { 0 };
    struct order_effects fx   = { 0 };

    if (!outbox_settle(db, s->row, s->kept, err))
        return false;
    if (!*s->kept)
        return true;
    if (!settle_task(db, s, err))
        return false;
    if (!orders_by_ids(db, &s->row->order_id, 1, a, &list, err) || !history_last(db, &s->row->order_id, 1, a, &last, err))
        return false;
    if (!list.count)
        return true;
    const struct order *o    = &list.at[0];
    int64_t             seq  = seq_of(&last, o->id);
    int                 from = name_find(hub_status_names, s->row->from_status);
    bool refused = str_is(s->row->state, "refused") && str_is(s->row->to_status, hub_status_names[o->status]) && from >= 0;
    if (refused) {
        str note = str_print(a, "refused: %.*s", STR_ARG(utf8_cut(s->row->text, 900)));
        if (o->status == HUB_CANCELLED && !outbox_send_on(db, a, o->id, s->row->id, s->w->now, err))
            return false;
        return put_back(db, s->w, o, seq, (enum hub_status)from, note, &fx, err) && order_effects_save(db, &fx, err);
    }
    struct order_edit e = { .old = *o, .now = *o, .seq = seq, .event = "command" };
    if (came_after_all(s->row, o, from))
        put_forward(&e, s->w, (enum hub_status)name_find(hub_status_names, s->row->to_status));
    return order_edit_save(db, s->w, &e, &fx, err) && order_effects_save(db, &fx, err);
}

bool command_settle(struct work *w, const struct command_row *row, str title, bool *kept, struct err *err)
{
    struct settling s = { w, row, title, kept };
    return db_tx(w->db, settle_tx, &s, err);
}
