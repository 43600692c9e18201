/* import_undo_flow.c - takes an import back, 200 orders a transaction. */
#include "orders/import_back_flow.h"

#include "base/json_read.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "orders/effects_flow.h"
#include "orders/order_fields.h"
#include "orders/outcome_flow.h"
#include "orders/people_import_flow.h"
#include "orders/people_import_store.h"
#include "orders/people_leave_flow.h"

struct undoing {
    struct import_back   back;
    struct work         *w;             /* that of `back` */
    rid                  after;         /* behind this order */
    /* of one batch */
    struct import_row_kept_list rows;
    struct order_list      orders;
    struct order_line_list lines;
    struct last_seq_list   last;
    struct int_list        touched;
    struct order_effects   fx;
    struct int_list        removed, customers, sources;
};

static const struct order *stored_of(const struct undoing *u, rid id)
{
    for (int i = 0; i < u->orders.count; i++)
        if (id_eq(u->orders.at[i].id, id))
            return &u->orders.at[i];
    return NULL;
}

static bool is_in(const struct int_list *list, int64_t id)
{
    for (int i = 0; i < list->count; i++)
        if (list->at[i] == id)
            return true;
    return false;
}

static bool load(struct undoing *u, struct db *db, struct err *err)
{
    struct arena *a = u->w->arena;
    u->rows   = (struct import_row_kept_list){ 0 };
    u->orders = (struct order_list){ 0 };
    u->lines  = (struct order_line_list){ 0 };
    u->last   = (struct last_seq_list){ 0 };
    u->touched = u->removed = u->customers = u->sources = (struct int_list){ 0 };
    u->fx     = (struct order_effects){ 0 };
    u->back.batch = (struct import_undone){ 0 };
    if (!import_rows_after(db, u->back.job.id, u->after, IMPORT_BATCH, a, &u->rows, err))
        return false;
    rid *ids = ARENA_ARRAY(a, rid, u->rows.count + 1);
    for (int i = 0; i < u->rows.count; i++)
        ids[i] = u->rows.at[i].order_id;
    int n = u->rows.count;
    return !n || (orders_by_ids(db, ids, n, a, &u->orders, err) && order_lines_of(db, ids, n, a, &u->lines, err) &&
                  history_last(db, ids, n, a, &u->last, err) && import_touched(db, ids, n, a, &u->touched, err));
}

/* ---- an order that the import made ---- */

static bool take_out(struct undoing *u, struct db *db, const struct order *o, struct err *err)
{
    const struct work *w = u->w;
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);

    totals_order(&u->fx.totals, w->arena, o, -1);
    totals_placed(&u->fx.totals, w->arena, w->shop->zone, o, -1);
    if (id_is_set(o->customer_id) && !is_in(&u->customers, o->customer_id.v))
        *int_list_add(&u->customers, w->arena) = o->customer_id.v;
    if (id_is_set(o->source_id) && !is_in(&u->sources, o->source_id.v))
        *int_list_add(&u->sources, w->arena) = o->source_id.v;
    *int_list_add(&u->removed, w->arena) = o->id.v;
    json_begin(&j, NULL, '{');
    json_id(&j, "id", o->id);
    json_id(&j, "account_id", o->account_id);
    json_text(&j, "kind", STR("changed"));
    json_text(&j, "status", str_of(hub_status_names[o->status]));
    json_text(&j, "zone", str_of(sla_zone_names[o->zone]));
    json_number(&j, "version", o->version + 1);
    json_end(&j);
    return event_add(db, w->now, STR("order"), o->account_id, o->id, buf_str(&b), err);
}

static rid *ids_of(struct arena *a, const struct int_list *list)
{
    rid *ids = ARENA_ARRAY(a, rid, list->count + 1);
    for (int i = 0; i < list->count; i++)
        ids[i] = (rid){ list->at[i] };
    return ids;
}

/* Records of buyers that came with these orders, and of whom nothing else has told since. */
static bool buyers_leave(struct undoing *u, struct db *db, int *gone, struct err *err)
{
    struct arena               *a = u->w->arena;
    struct customer_source_list sources = { 0 };
    struct int_list             touched = { 0 };
    struct people_leaving       l = { .since = u->back.job.created_at };
    const rid                  *ids = ids_of(a, &u->sources);
    int                         n   = u->sources.count;
    *gone = 0;
    if (!n)
        return true;
    if (!customer_sources_by_ids(db, ids, n, a, &sources, err) || !people_touched(db, ids, n, a, &touched, err) ||
        !people_named_since(db, u->back.job.id, ids, n, a, &touched, err))
        return false;
    for (int i = 0; i < sources.count; i++)
        if (sources.at[i].id.v > u->back.job.id.v && !is_in(&touched, sources.at[i].id.v))
            *customer_source_list_add(&l.out, a) = sources.at[i];
    return people_leave(db, u->w, &l, gone, err);
}

static bool outcomes_leave(struct undoing *u, struct db *db, struct err *err)
{
    struct arena             *a    = u->w->arena;
    struct order_outcome_list list = { 0 };
    const rid                *ids  = ids_of(a, &u->removed);
    if (!u->removed.count)
        return true;
    if (!order_outcomes_of(db, ids, u->removed.count, a, &list, err))
        return false;
    for (int i = 0; i < list.count; i++)
        totals_outcome(&u->fx.totals, a, u->w->shop->zone, &list.at[i], -1);
    return !list.count || order_outcomes_drop(db, ids, u->removed.count, err);
}

static bool take_out_end(struct undoing *u, struct db *db, struct err *err)
{
    struct arena *a = u->w->arena;
    int gone = 0;
    if (!outcomes_leave(u, db, err) || !import_orders_remove(db, ids_of(a, &u->removed), u->removed.count, err) ||
        !customers_recount(db, ids_of(a, &u->customers), u->customers.count, u->w->now, err) || !buyers_leave(u, db, &gone, err))
        return false;
    if (gone)
        totals_day(&u->fx.totals, a, zone_day(u->w->shop->zone, u->back.job.created_at), u->back.job.account_id, STR("customers_new"), STR(""),
                   -gone, 0);
    return order_effects_save(db, &u->fx, err);
}

/* ---- an order that the import changed ---- */

static bool row_read(struct arena *a, const struct record *r, const struct json *object, void *row)
{
    JSON_EACH(m, object) {
        const struct field *f = record_field(r, m->key);
        if (!f || !order_field_set(a, f, m->text, row))
            return false;
    }
    return true;
}

static bool put_back(struct undoing *u, struct db *db, const struct import_row_kept *row, const struct order *o, struct err *err)
{
    struct arena      *a = u->w->arena;
    const struct json *root;
    struct order_edit  e = { .old = *o, .now = *o, .event = "changed" };

    for (int i = 0; i < u->last.count; i++)
        if (id_eq(u->last.at[i].order_id, o->id))
            e.seq = u->last.at[i].seq;
    if (!json_read(a, row->before_json, (size_t)16 << 20, &root, err))
        return false;
    if (!row_read(a, &order_record, json_get(root, "fields"), &e.now))
        return err_set(err, ERR_INTERNAL, "import_rows", "what order %.*s was before cannot be read", STR_ARG(o->number));
    const struct json *lines = json_get(root, "lines");
    e.lines_changed = lines != NULL;
    if (lines)
        e.now.units = 0;
    JSON_EACH(l, lines) {
        struct order_line *line = order_line_list_add(&e.lines, a);
        if (!row_read(a, &order_line_record, l, line))
            return err_set(err, ERR_INTERNAL, "import_rows", "what order %.*s was before cannot be read", STR_ARG(o->number));
        e.now.units += line->qty;
    }
    if (lines) {
        e.now.lines_count = e.lines.count;
        e.now.title       = e.lines.count ? e.lines.at[0].title : STR("");
    }
    order_derive(&e.now, a);
    order_deadline(&e.now, &u->w->shop->book, u->w->now);
    if (e.now.status != o->status)
        order_edit_history(&e, u->w, o->status, NULL, 0, e.now.status, false, STR("undo"));
    return order_edit_save(db, u->w, &e, &u->fx, err);
}

static bool undo_one(struct undoing *u, struct db *db, const struct import_row_kept *row, struct err *err)
{
    const struct order *o     = stored_of(u, row->order_id);
    struct order_line  *own   = NULL;
    int                 count = 0;

    for (int i = 0; i < u->lines.count; i++)
        if (id_eq(u->lines.at[i].order_id, row->order_id)) {
            own = own ? own : &u->lines.at[i];
            count++;
        }
    bool same = o && !is_in(&u->touched, row->order_id.v) && order_mark_of(u->w->arena, o, own, count) == row->after_mark;
    if (!same) {
        u->back.batch.kept += o != NULL;
        return true;
    }
    u->back.batch.removed += row->is_new;
    u->back.batch.restored += !row->is_new;
    return row->is_new ? take_out(u, db, o, err) : put_back(u, db, row, o, err);
}

static bool batch_tx(struct db *db, void *ctx, struct err *err)
{
    struct undoing *u = ctx;
    if (!load(u, db, err))
        return false;
    for (int i = 0; i < u->rows.count; i++)
        if (!undo_one(u, db, &u->rows.at[i], err))
            return false;
    return take_out_end(u, db, err);
}

bool import_undo(struct work *w, rid job, struct import_undone *out, struct err *err)
{
    struct undoing u = { .w = w };
    if (!import_back_begin(w, job, out, &u.back, err))
        return false;
    if (str_is(u.back.job.kind, "customers"))
        return people_import_undo(&u.back, err);
    do {
        CLEANUP(arena_back) struct arena_mark mark = arena_mark(w->arena);
        if (!db_tx(w->db, batch_tx, &u, err))
            return false;
        if (u.rows.count)
            u.after = u.rows.at[u.rows.count - 1].order_id;
        import_back_count(&u.back);
    } while (u.rows.count == IMPORT_BATCH);
    return import_back_end(&u.back, STR("orders.import_undo"), err);
}
