/* people_undo_flow.c - takes an import of people back, the last records first. */
#include "orders/people_import_flow.h"

#include "accounts/audit.h"
#include "accounts/body.h"
#include "base/json_read.h"
#include "customers/match_flow.h"
#include "customers/match_store.h"
#include "customers/parting_flow.h"
#include "deadlines/shop.h"
#include "orders/people_import_store.h"

struct undoing {
    struct work          *w;
    struct import_job     job;
    rid                   before;       /* sources before this one are left */
    struct import_undone *out, batch;
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

static bool keys_change(struct undoing *u, struct db *db, const struct customer_source *s, bool add, struct err *err)
{
    uint64_t      of[PERSON_KEYS_MAX];
    struct key_of keys[PERSON_KEYS_MAX];
    struct person p;
    source_person(u->w->arena, s, u->w->shop->country, &p);
    int n = person_keys(&p, of);
    for (int k = 0; k < n; k++)
        keys[k] = (struct key_of){ of[k], s->id };
    return add ? match_keys_add(db, keys, n, u->w->arena, err) : match_keys_drop(db, keys, n, u->w->arena, err);
}

static bool restore(struct undoing *u, struct db *db, const struct people_kept *row, const struct customer_source *s, struct err *err)
{
    struct customer_source was = *s;
    const struct json     *root;
    if (!json_read(u->w->arena, row->before_json, (size_t)1 << 20, &root, err) || !keys_change(u, db, s, false, err))
        return false;
    for (int f = 0; f < PEOPLE_FIELDS; f++)
        *people_field(&was, f) = json_str(json_get(root, people_fields[f]));
    was.masked = json_true(json_get(root, "masked"));
    return customer_source_save(db, &was, false, err) && keys_change(u, db, &was, true, err);
}

static bool batch_tx(struct db *db, void *ctx, struct err *err)
{
    struct undoing             *u = ctx;
    struct arena               *a = u->w->arena;
    struct customer_source_list sources = { 0 };
    struct int_list             touched = { 0 }, empty = { 0 };
    int  n = u->rows.count, gone = 0, cards = 0, left = 0;
    rid *ids = ARENA_ARRAY(a, rid, n + 1), *out = ARENA_ARRAY(a, rid, n + 1), *whose = ARENA_ARRAY(a, rid, n + 1);

    u->batch = (struct import_undone){ 0 };
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
        u->batch.kept     += !own;
        u->batch.removed  += own && row->is_new;
        u->batch.restored += own && !row->is_new;
        if (!own)
            continue;
        whose[cards++] = s->customer_id;
        if (row->is_new)
            out[gone++] = s->id;
        else if (!restore(u, db, row, s, err))
            return false;
    }
    if (!people_sources_remove(db, out, gone, u->w->now, err) || (cards && !people_empty(db, whose, cards, u->job.created_at, a, &empty, err)))
        return false;
    rid *dead = ARENA_ARRAY(a, rid, empty.count + 1);
    for (int i = 0; i < empty.count; i++)
        dead[i] = (rid){ empty.at[i] };
    for (int i = 0; i < cards; i++)
        if (!is_in(&empty, whose[i].v))
            whose[left++] = whose[i];
    if (!people_remove(db, dead, empty.count, err) || (left && !customers_refresh(db, u->w, whose, left, err)))
        return false;
    for (int i = 0; i < left; i++)
        if (!customer_event(db, u->w, whose[i], "changed", err))
            return false;
    return true;
}

static bool end_tx(struct db *db, void *ctx, struct err *err)
{
    struct undoing *u = ctx;
    struct buf      b = buf_in(u->w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_number(&j, "removed", u->out->removed);
    json_number(&j, "restored", u->out->restored);
    json_number(&j, "kept", u->out->kept);
    json_end(&j);
    u->job.state       = STR("undone");
    u->job.kept_n      = u->out->kept;
    u->job.finished_at = u->w->now;
    return import_job_save(db, &u->job, err) &&
           audit_write(db, u->w, STR("customers.import_undo"), STR("import_jobs"), u->job.id, STR(""), buf_str(&b), err);
}

bool people_import_undo(struct work *w, rid job, struct import_undone *out, struct err *err)
{
    struct undoing u = { .w = w, .out = out };
    *out = (struct import_undone){ 0 };
    if (!record_get(w->db, &import_job_record, job, w->arena, &u.job, err))
        return false;
    if (str_is(u.job.state, "undone"))
        return err_set(err, ERR_CONFLICT, "import", "was taken back before");
    do {
        CLEANUP(arena_back) struct arena_mark mark = arena_mark(w->arena);
        u.rows = (struct people_kept_list){ 0 };
        if (!people_kept_before(w->db, job, u.before, IMPORT_BATCH, w->arena, &u.rows, err) || !merges_undo(&u, err) ||
            (u.rows.count && !db_tx(w->db, batch_tx, &u, err)))
            return false;
        if (u.rows.count)
            u.before = u.rows.at[u.rows.count - 1].source_id;
        if (u.rows.count) {
            out->removed += u.batch.removed;
            out->restored += u.batch.restored;
            out->kept += u.batch.kept;
        }
    } while (u.rows.count == IMPORT_BATCH);
    return db_tx(w->db, end_tx, &u, err);
}
