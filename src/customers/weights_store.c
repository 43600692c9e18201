#include "customers/weights_store.h"

enum { Q_NOW, Q_SETS, Q_END, Q_COUNT_VERDICTS, Q_JUDGED, Q_OPEN, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_NOW] = { "weights.now", "SELECT weights FROM identity_weights WHERE state = 'kept' ORDER BY id DESC LIMIT 1", NULL },
    [Q_SETS] = { "weights.sets", "SELECT * FROM identity_weights ORDER BY id DESC LIMIT $1", NULL },
    [Q_END] = { "weights.end", "UPDATE identity_weights SET state = 'undone', ended_at = $2, ended_name = $3 WHERE id = $1 AND state = 'kept'", NULL },
    [Q_COUNT_VERDICTS] = { "weights.verdicts", "SELECT COUNT(*) FROM identity_verdicts WHERE withdrawn_at IS NULL AND actor_kind = 'user'", NULL },
    [Q_JUDGED] = { "weights.judged",
        "SELECT a_id, b_id, verdict FROM identity_verdicts WHERE withdrawn_at IS NULL AND actor_kind = 'user' ORDER BY id DESC LIMIT $1", NULL },
    [Q_OPEN] = { "weights.open", "SELECT a_id, b_id, '' FROM identity_suggestions WHERE state = 'open' ORDER BY id DESC LIMIT $1", NULL },
};

bool weights_now(struct db *db, struct arena *a, const struct pair_weights **out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NOW]);
    struct pair_weights *w = NULL;
    if (db_row(&st)) {
        w = ARENA_NEW(a, struct pair_weights);
        weights_read(a, col_text(&st, 0), w);
    }
    *out = w;
    return db_ok(&st, err);
}

bool weight_sets(struct db *db, int max, struct arena *a, struct weight_set_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_SETS]);
    bind_int(&st, 1, max);
    while (db_row(&st))
        record_scan(&weight_set_record, &st, a, weight_set_list_add(out, a));
    return db_ok(&st, err);
}

bool weight_set_end(struct db *db, rid id, instant now, str by, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_END]);
    bind_id(&st, 1, id);
    bind_instant(&st, 2, now);
    bind_text(&st, 3, by);
    return db_exec(&st, err);
}

bool verdicts_by_people_count(struct db *db, int64_t *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_COUNT_VERDICTS]);
    int64_t n = db_row(&st) ? col_int(&st, 0) : 0;
    *out = n;
    return db_ok(&st, err);
}

static bool pairs_read(struct db *db, int which, int max, struct arena *a, struct judged_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[which]);
    bind_int(&st, 1, max);
    while (db_row(&st))
        *judged_list_add(out, a) = (struct judged){ col_id(&st, 0), col_id(&st, 1), which == Q_JUDGED, str_is(col_text(&st, 2), "same") };
    return db_ok(&st, err);
}

bool judged_pairs(struct db *db, int max, struct arena *a, struct judged_list *out, struct err *err)
{
    return pairs_read(db, Q_JUDGED, max, a, out, err);
}

bool open_pairs(struct db *db, int max, struct arena *a, struct judged_list *out, struct err *err)
{
    return pairs_read(db, Q_OPEN, max, a, out, err);
}
