/* What people write beside the order's status: who works on it, notes, tasks, tags. Declared in order_flow.h. */
#include "accounts/audit.h"
#include "base/json_write.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "orders/order_flow.h"
#include "orders/queue_store.h"

static bool in_scope(const struct action_input *in, const struct order *o)
{
    for (int i = 0; in && i < in->accounts_count; i++)
        if (id_eq(in->accounts[i], o->account_id))
            return true;
    return !in || in->accounts_count == 0;
}

/* One text member as JSON, for the log of changes. */
static str one_member(struct arena *a, const char *key, str value)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, key, value);
    json_end(&j);
    return buf_str(&b);
}

static str id_member(struct arena *a, const char *key, rid id)
{
    return one_member(a, key, id_is_set(id) ? str_print(a, "%lld", (long long)id.v) : STR(""));
}

struct assigning { struct work *w; const rid *ids; int count; rid to; const struct action_input *scope; struct action_result *out; };

static bool assign_tx(struct db *db, void *ctx, struct err *err)
{
    struct assigning    *m    = ctx;
    struct arena        *a    = m->w->arena;
    struct order_list    list = { 0 };
    struct order_effects fx   = { 0 };

    *m->out = (struct action_result){ 0 };
    if (!orders_by_ids(db, m->ids, m->count, a, &list, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        struct order_edit e = { .old = list.at[i], .now = list.at[i], .event = "assigned" };
        if (!in_scope(m->scope, &e.now))
            continue;
        e.now.assignee_id = m->to;
        bool changes = !id_eq(e.old.assignee_id, m->to);
        if (changes && (!order_edit_save(db, m->w, &e, &fx, err) ||
                        !audit_write(db, m->w, STR("order.assign"), STR("order"), e.now.id,
                                     id_member(a, "assignee_id", e.old.assignee_id), id_member(a, "assignee_id", m->to), err)))
            return false;
        *int_list_add(&m->out->done, a) = e.now.id.v;
    }
    return order_effects_save(db, &fx, err);
}

bool order_assign(struct work *w, const rid *ids, int count, rid assignee, const struct action_input *scope,
                  struct action_result *out, struct err *err)
{
    struct assigning m = { w, ids, count, assignee, scope, out };
    if (count > BULK_MAX)
        return err_set(err, ERR_LIMIT, "ids", "at most %d orders at once", BULK_MAX);
    return db_tx(w->db, assign_tx, &m, err) &&
           (count != 1 || out->done.count || err_set(err, ERR_NOT_FOUND, "id", "there is no such order"));
}

struct taking { struct work *w; struct queue_filter filter; const struct queue_scope *scope; rid *out; };

/* Found and given away in one transaction: whoever comes second finds the next one. */
static bool take_tx(struct db *db, void *ctx, struct err *err)
{
    struct taking       *t     = ctx;
    struct int_list      found = { 0 };
    struct action_result res;

    *t->out = (rid){ 0 };
    if (!queue_ids(db, &t->filter, t->scope, 1, t->w->arena, &found, err))
        return false;
    if (!found.count)
        return true;
    *t->out = (rid){ found.at[0] };
    struct assigning m = { t->w, t->out, 1, t->w->actor.id, NULL, &res };
    return assign_tx(db, &m, err);
}

bool order_take_next(struct work *w, const struct queue_filter *list, const struct queue_scope *scope, rid *out, struct err *err)
{
    struct taking t = { w, *list, scope, out };
    t.filter.open_only       = true;
    t.filter.sort            = SORT_URGENCY;
    t.filter.has_after       = false;
    t.filter.by_assignee     = true;
    t.filter.unassigned      = true;
    t.filter.assignees_count = 0;
    if (!t.filter.zones)                /* what waits for nobody is no work to take */
        t.filter.zones = BIT(ZONE_BREACHED) | BIT(ZONE_RED) | BIT(ZONE_YELLOW) | BIT(ZONE_GREEN);
    return db_tx(w->db, take_tx, &t, err);
}

/* One order, one change: what all the small edits share. */
struct touching {
    struct work *w;
    rid          id;
    const char  *event;
    int64_t      version;               /* 0: whatever is stored */
    bool (*change)(struct touching *, struct db *, struct order *, struct err *);
    const void  *input;
    void        *out;
    struct order stored;
};

static bool touch_tx(struct db *db, void *ctx, struct err *err)
{
    struct touching     *t  = ctx;
    struct order_edit    e  = { .event = t->event };
    struct order_effects fx = { 0 };

    if (!order_get(db, t->id, t->w->arena, &e.old, err))
        return false;
    t->stored = e.now = e.old;
    if (t->version && t->version != e.old.version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this meanwhile");
    if (!t->change(t, db, &e.now, err) || !order_edit_save(db, t->w, &e, &fx, err))
        return false;
    t->stored = e.now;
    return order_effects_save(db, &fx, err);
}

static bool add_note(struct touching *t, struct db *db, struct order *o, struct err *err)
{
    const str   *text = t->input;
    struct note *n    = t->out;
    *n = (struct note){ .id = work_id(t->w), .order_id = o->id, .at = t->w->now, .author_id = t->w->actor.id,
                        .author_name = t->w->actor.name, .text = *text };
    return record_insert(db, &note_record, n, err) &&          /* the note itself is never changed; its words may name people */
           audit_write(db, t->w, STR("order.note"), STR("order"), o->id, (str){ 0 }, id_member(t->w->arena, "note_id", n->id), err);
}

bool order_note(struct work *w, rid id, str text, struct note *out, struct err *err)
{
    struct touching t = { .w = w, .id = id, .event = "note", .change = add_note, .input = &text, .out = out };
    return db_tx(w->db, touch_tx, &t, err);
}

static bool add_task(struct touching *t, struct db *db, struct order *o, struct err *err)
{
    struct task *task = t->out;
    task->id          = work_id(t->w);
    task->order_id    = o->id;
    task->kind        = STR("person");
    task->state       = STR("open");
    task->rule        = STR("");
    task->version     = 1;
    task->created_at = task->updated_at = t->w->now;
    task->created_by  = t->w->actor.id;
    return record_insert(db, &task_record, task, err) &&
           audit_write(db, t->w, STR("task.create"), STR("task"), task->id, (str){ 0 }, audit_json(t->w->arena, &task_record, task), err);
}

bool order_task(struct work *w, struct task *io, struct err *err)
{
    struct touching t = { .w = w, .id = io->order_id, .event = "note", .change = add_task, .out = io };
    return db_tx(w->db, touch_tx, &t, err);
}

struct task_change { struct work *w; const struct task *io; struct task *out; uint64_t set; };

static bool task_tx(struct db *db, void *ctx, struct err *err)
{
    struct task_change *c    = ctx;
    struct task         asked = *c->io, old = { 0 };
    if (!record_get(db, &task_record, asked.id, c->w->arena, &old, err) || !record_update(db, &task_record, &asked, c->set, err) ||
        !record_get(db, &task_record, asked.id, c->w->arena, c->out, err))
        return false;
    if (!audit_write(db, c->w, STR("task.edit"), STR("task"), asked.id, audit_json(c->w->arena, &task_record, &old),
                     audit_json(c->w->arena, &task_record, c->out), err))
        return false;
    struct buf      b = buf_in(c->w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", c->out->id);
    json_id(&j, "order_id", c->out->order_id);
    json_end(&j);
    return event_add(db, c->w->now, STR("task"), (rid){ 0 }, c->out->id, buf_str(&b), err);
}

bool order_task_patch(struct work *w, struct task *io, uint64_t set, struct err *err)
{
    const struct task  asked = *io;
    struct task_change c     = { w, &asked, io, set };
    return db_tx(w->db, task_tx, &c, err);
}

static bool audit_text(struct touching *t, struct db *db, rid id, const char *key, str before, str after, struct err *err)
{
    struct arena *a = t->w->arena;
    return str_eq(before, after) || audit_write(db, t->w, STR("order.edit"), STR("order"), id, one_member(a, key, before),
                                                one_member(a, key, after), err);
}

static bool patch(struct touching *t, struct db *db, struct order *o, struct err *err)
{
    const struct order_patch *p = t->input;
    if (p->has_comment && !audit_text(t, db, o->id, "comment", o->comment, p->comment, err))
        return false;
    if (p->has_tags && !audit_text(t, db, o->id, "tags", o->tags, p->tags, err))
        return false;
    if (p->has_comment)
        o->comment = p->comment;
    if (p->has_tags)
        o->tags = p->tags;
    return true;
}

bool order_patch(struct work *w, rid id, int64_t version, const struct order_patch *p, struct order *out, struct err *err)
{
    struct touching t = { .w = w, .id = id, .event = "changed", .version = version, .change = patch, .input = p };
    bool done = db_tx(w->db, touch_tx, &t, err);
    *out = t.stored;
    return done;
}
