/* migrate.c - applies migrations, each in a transaction of its own, and refuses databases it should not touch. */
#include "base/secret.h"
#include "db/db_driver.h"
#include "db/migrate_driver.h"
#include "db/move.h"

#include <string.h>

enum { Q_EXISTS, Q_SAYS, Q_NUMBERS, Q_ALL, Q_ADD };
static const struct sql SQL[] = {
    [Q_EXISTS] = { "migrate.exists", "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'",
                   /* the list of tables has another name on each */
                   "SELECT count(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('schema_migrations')" },
    [Q_SAYS]   = { "migrate.says", "SELECT count(*) FROM pragma_table_info('schema_migrations') WHERE name = 'works_with'",
                   /* so has the list of columns */
                   "SELECT count(*) FROM pg_catalog.pg_attribute WHERE attrelid = to_regclass('schema_migrations') AND attname = 'works_with'" },
    [Q_NUMBERS] = { "migrate.numbers", "SELECT number FROM schema_migrations ORDER BY number" },
    [Q_ALL]    = { "migrate.all", "SELECT number, name, checksum, works_with FROM schema_migrations ORDER BY number" },
    [Q_ADD]    = { "migrate.add", "INSERT INTO schema_migrations (number, name, checksum, works_with) VALUES ($1, $2, $3, $4)" },
};
static const char table_sqlite[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, works_with INTEGER) STRICT";
static const char table_postgres[] =
    "CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, works_with BIGINT)";

struct run {
    struct arena           *arena;
    const struct migration *list;
    int                     count;
    int                     at;         /* the one to apply */
    bool                    was_there;  /* another process applied it meanwhile */
    bool                    postgres;
};

static str checksum(struct arena *a, const struct migration *m) { return secret_digest(a, m->text); }

/* The number behind "-- works with " at the beginning of a line; 0: there is no such line. */
static int64_t works_with(const struct migration *m)
{
    static const char words[] = "-- works with ";
    int64_t n = 0;
    for (str rest = m->text, line; rest.len && str_split(&rest, '\n', &line);)
        if (str_starts(line, str_of(words))) {
            for (size_t i = sizeof words - 1; i < line.len && line.at[i] >= '0' && line.at[i] <= '9'; i++)
                n = n * 10 + (line.at[i] - '0');
            break;
        }
    return n;
}

static bool is_there(struct db *db, int q, bool *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[q]);
    bool found = db_row(&st) && col_int(&st, 0) > 0;
    if (!db_ok(&st, err))
        return false;
    *out = found;
    return true;
}

static bool table_exists(struct db *db, bool *out, struct err *err) { return is_there(db, Q_EXISTS, out, err); }

bool migrate_version(struct db *db, int *out, struct err *err)
{
    bool exists;
    if (!table_exists(db, &exists, err))
        return false;
    int highest = 0;
    if (exists) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NUMBERS]);
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

static bool works_with_ours(const struct run *r, struct stmt *st)
{
    int64_t n = col_is_null(st, 3) ? 0 : col_int(st, 3);
    return n && r->count && n <= r->list[r->count - 1].number;
}

/* Every migration that the database knows must be ours, unchanged, or one that works with ours; `done` gets a flag for each of ours that it
 * has. */
static bool compare(struct db *db, struct run *r, bool *done, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ALL]);
    while (db_row(&st)) {
        const struct migration *m = by_number(r, col_int(&st, 0));
        if (!m && works_with_ours(r, &st))
            continue;
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

static bool column_make(struct db *db, void *ctx, struct err *err)
{
    const struct run *r = ctx;
    bool says = false;
    if (r->postgres && !db_script(db, "LOCK TABLE schema_migrations IN EXCLUSIVE MODE", err))
        return false;
    if (!is_there(db, Q_SAYS, &says, err) || says)
        return !err_is_set(err);
    return db_script(db, r->postgres ? "ALTER TABLE schema_migrations ADD COLUMN works_with BIGINT"
                                     : "ALTER TABLE schema_migrations ADD COLUMN works_with INTEGER", err);
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
    if (works_with(m))
        bind_int(&st, 4, works_with(m));
    else
        bind_null(&st, 4);
    return db_exec(&st, err);
}

static bool run_all(struct db *db, struct run *r, int *applied, struct err *err)
{
    bool exists, says = true, *done = ARENA_ARRAY(r->arena, bool, r->count + 1);
    if (!table_exists(db, &exists, err))
        return false;
    if (!exists && !db_tx(db, table_make, r, err))
        return false;
    if (!is_there(db, Q_SAYS, &says, err) || (!says && !db_tx(db, column_make, r, err)))
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

bool migrate_set_look(struct db *db, const struct migration *list, int count, enum schema_fit *out, bool *parts, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct run r = { .arena = &arena, .list = list, .count = count };
    bool   exists, says = false, *done = ARENA_ARRAY(&arena, bool, count + 1);
    int    before = 0;
    *out   = SCHEMA_OLDER;
    *parts = false;
    if (!table_exists(db, &exists, err) || !exists || !is_there(db, Q_SAYS, &says, err) || !says)
        return !err_is_set(err);
    if (!compare(db, &r, done, err)) {
        if (err->code != ERR_STORE_NEWER)
            return false;
        err_clear(err);
        *out = SCHEMA_NEWER;
        return true;
    }
    *out = SCHEMA_FITS;
    for (int i = 0; i < count; i++)
        before = done[i] ? list[i].number : before;
    for (int i = 0; i < count; i++) {
        int64_t with = works_with(&list[i]);
        *parts = *parts || (!done[i] && before && (!with || with > before));
        *out   = done[i] ? *out : SCHEMA_OLDER;
    }
    return true;
}

bool migrate_look(struct db *db, enum schema_fit *out, struct err *err)
{
    bool parts;
    return migrate_set_look(db, migrations, migrations_count, out, &parts, err);
}

bool migrate_parts(struct db *db, bool *out, struct err *err)
{
    enum schema_fit fit;
    return migrate_set_look(db, migrations, migrations_count, &fit, out, err);
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
