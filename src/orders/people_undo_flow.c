/* people_undo_flow.c - takes an import of people back, the last records first. */
#include "orders/people_import_flow.h"

#include "accounts/body.h"
#include "base/json_read.h"
#include "customers/merge_flow.h"
#include "orders/people_import_store.h"
#include "orders/people_leave_flow.h"

struct undoing {
    struct import_back   *back;
    struct work          *w;            /* that of `back` */
    rid                   before;       /* sources before this one are left */
    struct people_kept_list rows;
};

/* The cards that a batch showed to be one come apart first: then each record is on the card that it came to. */
static bool merges_undo(struct undoing *u, struct err *err)
{
    for (int i = 0; i < u->rows.count; i++) {
        rid *events = NULL;
        int  n = ids_read(u->w->arena, u->rows.at[i].merges, &events);
        while (n-- > 0) {
            struct unmerge_plan plan = { .event = events[n], .forget = true };
            struct unmerge_done done;
            struct err          why = { 0 };
            if (!unmerge_do(u->w, &plan, &done, &why) && why.code != ERR_CONFLICT && why.code != ERR_NOT_FOUND)
                return err_set(err, why.code, "import", "%s", why.item[0].text);
        }
    }
    return true;
}

static const struct customer_source *source_of(const struct customer_source_list *list, rid id)
{
    for (int i = 0; i < list->count; i++)
        if (id_eq(list->at[i].id, id))
            return &list->at[i];
    return NULL;
}

static bool is_in(const struct int_list *list, int64_t id)
{
    for (int i = 0; i < list->count; i++)
        if (list->at[i] == id)
            return true;
    return false;
}

static bool restore(struct undoing *u, const struct people_kept *row, const struct customer_source *s, struct people_leaving *l, struct err *err)
{
    struct arena           *a   = u->w->arena;
    struct customer_source *was = customer_source_list_add(&l->back, a);
    const struct json      *root;
    *was = *s;
    *customer_source_list_add(&l->was, a) = *s;
    if (!json_read(a, row->before_json, (size_t)1 << 20, &root, err))
        return false;
    for (int f = 0; f < PEOPLE_FIELDS; f++)
        *people_field(was, f) = json_str(json_get(root, people_fields[f]));
    was->masked = json_true(json_get(root, "masked"));
    return true;
}

static bool batch_tx(struct db *db, void *ctx, struct err *err)
{
    struct undoing             *u = ctx;
    struct arena               *a = u->w->arena;
    struct customer_source_list sources = { 0 };
    struct int_list             touched = { 0 };
    struct people_leaving       l = { .since = u->back->job.created_at };
    int  n = u->rows.count, gone;
    rid *ids = ARENA_ARRAY(a, rid, n + 1);

    u->back->batch = (struct import_undone){ 0 };
    for (int i = 0; i < n; i++)
        ids[i] = u->rows.at[i].source_id;
    if (!customer_sources_by_ids(db, ids, n, a, &sources, err) || !people_touched(db, ids, n, a, &touched, err))
        return false;
    for (int i = 0; i < n; i++) {
        const struct people_kept     *row = &u->rows.at[i];
        const struct customer_source *s   = source_of(&sources, row->source_id);
        if (!s)
            continue;
        bool own = people_mark_of(a, s) == row->after_mark && (row->is_new ? !is_in(&touched, s->id.v) : row->before_json.len > 0);
        u->back->batch.kept     += !own;
        u->back->batch.removed  += own && row->is_new;
        u->back->batch.restored += own && !row->is_new;
        if (own && row->is_new)
            *customer_source_list_add(&l.out, a) = *s;
        else if (own && !restore(u, row, s, &l, err))
            return false;
    }
    return people_leave(db, u->w, &l, &gone, err);
}

bool people_import_undo(struct import_back *back, struct err *err)
{
    struct work   *w = back->w;
    struct undoing u = { .back = back, .w = w };
    do {
        CLEANUP(arena_back) struct arena_mark mark = arena_mark(w->arena);
        u.rows = (struct people_kept_list){ 0 };
        if (!people_kept_before(w->db, back->job.id, u.before, IMPORT_BATCH, w->arena, &u.rows, err) || !merges_undo(&u, err) ||
            (u.rows.count && !db_tx(w->db, batch_tx, &u, err)))
            return false;
        if (u.rows.count) {
            u.before = u.rows.at[u.rows.count - 1].source_id;
            import_back_count(back);
        }
    } while (u.rows.count == IMPORT_BATCH);
    return import_back_end(back, STR("customers.import_undo"), err);
}
