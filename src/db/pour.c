#include "db/pour.h"

#include "db/sqlite_driver.h"

#define INDEXES_MAX 500

static void say(const struct pour_listener *said, int done, int all)
{
    if (said)
        said->fn(said->ctx, done, all);
}

/* ---- SQLite ---- */

static bool lite(sqlite3 *conn, const char *sql, struct err *err)
{
    int rc = sqlite3_exec(conn, sql, NULL, NULL, NULL);
    struct failure f = { 0 };
    return rc == SQLITE_OK || sqlite_failure(&f, conn, rc) || err_set(err, f.code, "database", "%s", f.text);
}

static bool indexes_drop(sqlite3 *conn, struct arena *a, const char **texts, int *count, struct err *err)
{
    const char   *names[INDEXES_MAX];
    sqlite3_stmt *st = NULL;
    int           rc = sqlite3_prepare_v2(conn, "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL", -1, &st, NULL), n = 0;
    while (rc == SQLITE_OK && n < INDEXES_MAX && sqlite3_step(st) == SQLITE_ROW) {
        names[n]   = str_zero(a, str_of((const char *)sqlite3_column_text(st, 0)));
        texts[n++] = str_zero(a, str_of((const char *)sqlite3_column_text(st, 1)));
    }
    rc = sqlite3_finalize(st);
    if (rc != SQLITE_OK || n == INDEXES_MAX)
        return err_set(err, ERR_DB, "database", "its indexes cannot be listed");
    for (int i = 0; i < n; i++)
        if (!lite(conn, str_zero(a, str_print(a, "DROP INDEX %s", names[i])), err))
            return false;
    *count = n;
    return true;
}

static bool file_flush(sqlite3 *conn, struct err *err)
{
    sqlite3_file *file = NULL;
    return (sqlite3_file_control(conn, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK && file && file->pMethods &&
            file->pMethods->xSync(file, SQLITE_SYNC_NORMAL) == SQLITE_OK) || err_set(err, ERR_FILE, "database", "cannot be flushed to the disk");
}

static bool pour_sqlite(sqlite3 *conn, struct arena *a, const char *const *texts, int count, const struct pour_listener *said, struct err *err)
{
    const char **indexes = ARENA_ARRAY(a, const char *, INDEXES_MAX);
    int          n = 0;
    if (!lite(conn, "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000; "
                    "PRAGMA foreign_keys=OFF; PRAGMA threads=2; BEGIN", err) || !indexes_drop(conn, a, indexes, &n, err))
        return false;
    for (int i = 0; i < count; i++) {
        if (!lite(conn, texts[i], err))
            return false;
        say(said, i + 1, count + 1);
    }
    if (!lite(conn, "COMMIT", err))
        return false;
    for (int i = 0; i < n; i++)
        if (!lite(conn, indexes[i], err))
            return false;
    say(said, count + 1, count + 1);
    return file_flush(conn, err) && lite(conn, "PRAGMA journal_mode=WAL", err);
}

/* ---- PostgreSQL ---- */

static bool text_tx(struct db *db, void *ctx, struct err *err) { return db_script(db, ctx, err); }

static bool pour_postgres(struct db_pool *pool, const char *const *texts, int count, const struct pour_listener *said, struct err *err)
{
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    for (int i = 0; i < count; i++) {
        if (!db_tx(db, text_tx, (void *)texts[i], err))
            return false;
        say(said, i + 1, count + 1);
    }
    if (!db_tx(db, text_tx, (void *)"ANALYZE", err))
        return false;
    say(said, count + 1, count + 1);
    return true;
}

bool db_pour(const char *url, struct arena *a, const char *const *texts, int count, const struct pour_listener *said, struct err *err)
{
    struct db_options options = { .alone = true };
    struct db_pool   *pool;
    if (!db_open(url, &options, &pool, err))
        return false;
    if (db_is_postgres(pool)) {
        bool ok = pour_postgres(pool, texts, count, said, err);
        db_close(pool);
        return ok;
    }
    const char *path = str_zero(a, str_of(pool->where));
    db_close(pool);
    sqlite3 *conn = NULL;
    bool     ok   = sqlite3_open_v2(path, &conn, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK ||
                    err_set(err, ERR_FILE, "database", "%.150s cannot be opened", path);
    ok = ok && pour_sqlite(conn, a, texts, count, said, err);
    sqlite3_close(conn);
    return ok;
}
