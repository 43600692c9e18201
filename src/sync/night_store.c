#include "sync/night_store.h"

#define KEPT_MS (INT64_C(90) * DAY_MS)

/* clang-format off */
static const struct field run_fields[] = {
    FIELD(night_run, id,         .access = READ_ONLY), FIELD(night_run, account_id, .access = READ_ONLY),
    FIELD(night_run, stream,     .access = READ_ONLY), FIELD(night_run, started_at, .access = READ_ONLY),
    FIELD(night_run, ended_at,   .access = READ_ONLY), FIELD(night_run, state,      .access = READ_ONLY),
    FIELD(night_run, read,       .access = READ_ONLY), FIELD(night_run, missing,    .access = READ_ONLY),
    FIELD(night_run, changed,    .access = READ_ONLY), FIELD(night_run, parked,     .access = READ_ONLY),
    FIELD(night_run, problem,    .access = READ_ONLY),
};
const struct record night_run_record = RECORD(night_run, "night_runs", run_fields);
static const struct field find_fields[] = {
    FIELD(night_find, id,       .access = READ_ONLY), FIELD(night_find, run_id, .access = READ_ONLY),
    FIELD(night_find, order_id, .access = READ_ONLY), FIELD(night_find, number, .access = READ_ONLY),
    FIELD(night_find, kind,     .access = READ_ONLY), FIELD(night_find, was,    .access = READ_ONLY),
    FIELD(night_find, became,   .access = READ_ONLY),
};
const struct record night_find_record = RECORD(night_find, "night_finds", find_fields);
/* clang-format on */

enum { Q_FORGET_FINDS, Q_FORGET, Q_BEGIN, Q_FOUND, Q_END, Q_RUNS, Q_FINDS, Q_COUNT };
static const struct sql SQL[Q_COUNT] = {
    [Q_FORGET_FINDS] = { "nights.forget_finds",
        "DELETE FROM night_finds WHERE run_id IN (SELECT id FROM night_runs WHERE account_id = $1 AND started_at < $2)", NULL },
    [Q_FORGET] = { "nights.forget", "DELETE FROM night_runs WHERE account_id = $1 AND started_at < $2", NULL },
    [Q_BEGIN] = { "nights.begin",
        "INSERT INTO night_runs (id, account_id, stream, started_at, ended_at, state, read, missing, changed, parked, problem) "
        "VALUES ($1, $2, $3, $4, NULL, 'running', 0, 0, 0, 0, '')", NULL },
    [Q_FOUND] = { "nights.found",
        "INSERT INTO night_finds (id, run_id, order_id, number, kind, was, became) VALUES ($1, $2, $3, $4, $5, $6, $7)", NULL },
    [Q_END] = { "nights.end",
        "UPDATE night_runs SET ended_at = $2, state = $3, read = $4, missing = $5, changed = $6, parked = $7, problem = $8 WHERE id = $1", NULL },
    [Q_RUNS] = { "nights.of", "SELECT * FROM night_runs WHERE account_id = $1 ORDER BY id DESC LIMIT $2", NULL },
    [Q_FINDS] = { "nights.finds", "SELECT * FROM night_finds WHERE run_id IN ({ids:$1}) ORDER BY run_id, id", NULL },
};

static bool forget_before(struct db *db, rid account_id, instant before, struct err *err)
{
    for (int q = Q_FORGET_FINDS; q <= Q_FORGET; q++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q]);
        bind_id(&st, 1, account_id);
        bind_instant(&st, 2, before);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

bool nights_forget(struct db *db, rid account_id, struct err *err) { return forget_before(db, account_id, (instant){ INT64_MAX }, err); }

bool night_begin(struct db *db, const struct night_run *r, struct err *err)
{
    if (!forget_before(db, r->account_id, instant_add(r->started_at, -KEPT_MS), err))
        return false;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BEGIN]);
    bind_id(&st, 1, r->id);
    bind_id(&st, 2, r->account_id);
    bind_text(&st, 3, r->stream);
    bind_instant(&st, 4, r->started_at);
    return db_exec(&st, err);
}

bool night_found(struct db *db, const struct night_find *f, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FOUND]);
    bind_id(&st, 1, f->id);
    bind_id(&st, 2, f->run_id);
    bind_id(&st, 3, f->order_id);
    bind_text(&st, 4, f->number);
    bind_text(&st, 5, f->kind);
    bind_text(&st, 6, f->was);
    bind_text(&st, 7, f->became);
    return db_exec(&st, err);
}

bool night_end(struct db *db, const struct night_run *r, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_END]);
    bind_id(&st, 1, r->id);
    bind_instant(&st, 2, r->ended_at);
    bind_text(&st, 3, r->state);
    bind_int(&st, 4, r->read);
    bind_int(&st, 5, r->missing);
    bind_int(&st, 6, r->changed);
    bind_int(&st, 7, r->parked);
    bind_text(&st, 8, r->problem);
    return db_exec(&st, err);
}

bool nights_of(struct db *db, rid account_id, int max, struct arena *a, struct night_run_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_RUNS]);
    bind_id(&st, 1, account_id);
    bind_int(&st, 2, max);
    while (db_row(&st))
        record_scan(&night_run_record, &st, a, night_run_list_add(out, a));
    return db_ok(&st, err);
}

bool night_finds_of(struct db *db, const rid *runs, int count, struct arena *a, struct night_find_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_FINDS]);
    bind_ids(&st, 1, runs, count);
    while (db_row(&st))
        record_scan(&night_find_record, &st, a, night_find_list_add(out, a));
    return db_ok(&st, err);
}
