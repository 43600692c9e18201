/* migrate.c - applies migrations, each in a transaction of its own, and refuses databases it should not touch. */
#include "base/secret.h"
#include "db/db_driver.h"
#include "db/migrate_driver.h"
#include "db/move.h"

enum { Q_EXISTS, Q_ALL, Q_ADD };
static const struct sql SQL[] = {
    [Q_EXISTS] = { "migrate.exists", "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'",
                   /* the list of tables has another name on each */
                   "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('schema_migrations')" },
    [Q_ALL]    = { "migrate.all", "SELECT number, name, checksum FROM schema_migrations ORDER BY number" },
    [Q_ADD]    = { "migrate.add", "INSERT INTO schema_migrations (number, name, checksum) VALUES ($1, $2, $3)" },
};
static const char table_sqlite[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT";
static const char table_postgres[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL)";

struct run {
    struct arena           *arena;
    const struct migration *list;
    int                     count;
    int                     at;         /* the one to apply */
    bool                    was_there;  /* another process applied it meanwhile */
    bool                    postgres;
};

static str checksum(struct arena *a, const struct migration *m) { return secret_digest(a, m->text); }

static bool table_exists(struct db *db, bool *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_EXISTS]);
    bool exists = db_row(&st) && col_int(&st, 0) > 0;
    if (!db_ok(&st, err))
        return false;
    *out = exists;
    return true;
}

bool migrate_version(struct db *db, int *out, struct err *err)
{
    bool exists;
    if (!table_exists(db, &exists, err))
        return false;
    int highest = 0;
    if (exists) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ALL]);
        while (db_row(&st))
            highest = (int)col_int(&st, 0);
        if (!db_ok(&st, err))
            return false;
    }
    *out = highest;
    return true;
}

static const struct migration *by_number(const struct run *r, int64_t number)
{
    for (int i = 0; i < r->count; i++)
        if (r->list[i].number == number)
            return &r->list[i];
    return NULL;
}

/* Every migration that the database knows must be ours, unchanged; `done` gets a flag for each of ours that it has. */
static bool compare(struct db *db, struct run *r, bool *done, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ALL]);
    while (db_row(&st)) {
        const struct migration *m = by_number(r, col_int(&st, 0));
        if (!m)
            return err_set(err, ERR_STORE_NEWER, "database", "knows migration %.*s, which this version does not: run a newer one",
                           STR_ARG(col_text(&st, 1)));
        if (!str_eq(col_text(&st, 2), checksum(r->arena, m)))
            return err_set(err, ERR_SETTING, "database", "migration %s was edited after it had been applied", m->name);
        done[m - r->list] = true;
    }
    return db_ok(&st, err);
}

/* On PostgreSQL the lock comes before the first look, so that two servers that start together take turns. */
static bool table_make(struct db *db, void *ctx, struct err *err)
{
    const struct run *r = ctx;
    return db_script(db, r->postgres ? table_postgres : table_sqlite, err);
}

static bool apply(struct db *db, void *ctx, struct err *err)
{
    struct run *r = ctx;
    const struct migration *m = &r->list[r->at];
    if (r->postgres && !db_script(db, "LOCK TABLE schema_migrations IN EXCLUSIVE MODE", err))
        return false;
    bool *done = ARENA_ARRAY(r->arena, bool, r->count);
    if (!compare(db, r, done, err))
        return false;
    r->was_there = done[r->at];
    if (r->was_there)
        return true;
    if (!db_script(db, str_zero(r->arena, migrate_text(r->arena, m->text, r->postgres)), err))
        return err_note(err, "migration %s", m->name);
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ADD]);
    bind_int(&st, 1, m->number);
    bind_text(&st, 2, str_of(m->name));
    bind_text(&st, 3, checksum(r->arena, m));
    return db_exec(&st, err);
}

static bool run_all(struct db *db, struct run *r, int *applied, struct err *err)
{
    bool exists, *done = ARENA_ARRAY(r->arena, bool, r->count + 1);
    if (!table_exists(db, &exists, err))
        return false;
    if (!exists && !db_tx(db, table_make, r, err))
        return false;
    if (!compare(db, r, done, err))
        return false;
    for (r->at = 0; r->at < r->count; r->at++) {
        if (done[r->at])
            continue;
        if (!db_tx(db, apply, r, err))
            return false;
        *applied += !r->was_there;
    }
    return true;
}

bool migrate_set(struct db_pool *pool, const struct migration *list, int count, int *applied, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    struct run r = { .arena = &arena, .list = list, .count = count, .postgres = db_is_postgres(pool) };
    int n = 0;
    bool ok = run_all(db, &r, &n, err);
    if (applied)
        *applied = n;
    return ok;
}

bool migrate(struct db_pool *pool, int *applied, struct err *err)
{
    bool unfinished = false;
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    if (!move_unfinished(db, &unfinished, err))
        return false;
    if (unfinished)
        return err_set(err, ERR_SETTING, "database", "a move into it was broken off, so it is no whole shop: give the same "
                       "`sauda migrate --from … --to …` again, or empty it");
    db_release(&db);
    return migrate_set(pool, migrations, migrations_count, applied, err);
}
