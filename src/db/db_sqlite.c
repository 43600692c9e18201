/* db_sqlite.c - the SQLite driver: reading connections, statements, backup. Writing is in sqlite_writer.c.
 *
 * Values are bound without a copy: db.h lets a bound value live until the statement has run.
 */
#include "db/sqlite_driver.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct sqlite_db *db_of(struct db *db) { return (struct sqlite_db *)db; }
static struct sqlite_prepared *prepared_of(struct prepared *p) { return (struct sqlite_prepared *)p; }

/* --- statements ------------------------------------------------------------------------------------------------------ */

/* SQLite numbers $-parameters by first appearance, we number them by their digits. */
static void index_make(struct sqlite_prepared *p)
{
    p->index = db_calloc((size_t)p->base.params + 1, sizeof *p->index);
    int count = sqlite3_bind_parameter_count(p->handle);
    for (int i = 1; i <= count; i++) {
        const char *name = sqlite3_bind_parameter_name(p->handle, i);
        int64_t n = 0;
        if (name && str_to_int(str_of(name + 1), &n) && n >= 1 && n <= p->base.params)
            p->index[n] = (uint16_t)i;
    }
}

static bool sqlite_prepare(struct db *base, struct prepared *prepared)
{
    struct sqlite_db *db = db_of(base);
    struct sqlite_prepared *p = prepared_of(prepared);
    if (!db->conn && !sqlite_connect(base->pool, false, &db->conn, &prepared->failure))
        return false;
    const char *tail = NULL;
    int rc = sqlite3_prepare_v3(db->conn, prepared->text, -1, SQLITE_PREPARE_PERSISTENT, &p->handle, &tail);
    if (rc != SQLITE_OK)
        return sqlite_failure(&prepared->failure, db->conn, rc);
    p->is_read = sqlite3_stmt_readonly(p->handle);
    if (!p->handle || tail[strspn(tail, " \n\t;")])
        failure_set(&prepared->failure, ERR_INTERNAL, "must be one statement");
    else if (!p->is_read && !db->is_writer)
        failure_set(&prepared->failure, ERR_INTERNAL, "writes, but not inside db_tx");
    if (prepared->failure.code) {
        sqlite3_finalize(p->handle);
        p->handle = NULL;
        return false;
    }
    index_make(p);
    prepared->is_ready = true;
    return true;
}

static void sqlite_forget(struct db *db, struct prepared *prepared)
{
    (void)db;
    struct sqlite_prepared *p = prepared_of(prepared);
    sqlite3_finalize(p->handle);
    free(p->index);
}

static void sqlite_bind_int(struct prepared *prepared, int n, int64_t value)
{
    struct sqlite_prepared *p = prepared_of(prepared);
    sqlite3_bind_int64(p->handle, p->index[n], value);
}

static void sqlite_bind_text(struct prepared *prepared, int n, str s, bool is_bytes)
{
    struct sqlite_prepared *p = prepared_of(prepared);
    const char *at = s.at ? s.at : "";
    int rc = is_bytes ? sqlite3_bind_blob64(p->handle, p->index[n], at, s.len, SQLITE_STATIC)
                      : sqlite3_bind_text64(p->handle, p->index[n], at, s.len, SQLITE_STATIC, SQLITE_UTF8);
    if (rc == SQLITE_TOOBIG)
        failure_set(&prepared->failure, ERR_LIMIT, "a value is too long");
}

static void sqlite_bind_null(struct prepared *prepared, int n)
{
    struct sqlite_prepared *p = prepared_of(prepared);
    sqlite3_bind_null(p->handle, p->index[n]);
}

/* Ends the statement at once when it is through: an idle statement must not hold an old view of the data open. */
static enum db_step sqlite_row(struct db *db, struct prepared *prepared, int row)
{
    struct sqlite_prepared *p = prepared_of(prepared);
    if (row == 0 && prepared->failure.code)
        return DB_STEP_FAILED;
    int rc = sqlite3_step(p->handle);
    if (rc == SQLITE_ROW)
        return DB_STEP_ROW;
    if (rc != SQLITE_DONE)
        sqlite_failure(&prepared->failure, db_of(db)->conn, rc);
    sqlite3_reset(p->handle);
    return rc == SQLITE_DONE ? DB_STEP_DONE : DB_STEP_FAILED;
}

static bool sqlite_exec(struct db *db, struct prepared *prepared)
{
    enum db_step step;
    do
        step = sqlite_row(db, prepared, 0);
    while (step == DB_STEP_ROW);
    return step == DB_STEP_DONE;
}

/* A writing statement with RETURNING checks foreign keys only when it is run to its end. */
static bool sqlite_finish(struct db *db, struct prepared *prepared)
{
    struct sqlite_prepared *p = prepared_of(prepared);
    if (!p->is_read)
        return sqlite_exec(db, prepared);
    sqlite3_reset(p->handle);
    return true;
}

static void sqlite_reset(struct db *db, struct prepared *prepared)
{
    (void)db;
    struct sqlite_prepared *p = prepared_of(prepared);
    if (!p->handle)
        return;
    sqlite3_reset(p->handle);
    sqlite3_clear_bindings(p->handle);
}

static int sqlite_columns(struct prepared *p) { return sqlite3_column_count(prepared_of(p)->handle); }
static const char *sqlite_column(struct prepared *p, int i) { return sqlite3_column_name(prepared_of(p)->handle, i); }

static bool sqlite_is_null(struct prepared *p, int row, int i)
{
    (void)row;
    return sqlite3_column_type(prepared_of(p)->handle, i) == SQLITE_NULL;
}

static int64_t sqlite_get_int(struct prepared *p, int row, int i)
{
    (void)row;
    return sqlite3_column_int64(prepared_of(p)->handle, i);
}

static str sqlite_get_text(struct prepared *p, int row, int i)
{
    (void)row;
    const char *at = (const char *)sqlite3_column_text(prepared_of(p)->handle, i);
    return at ? (str){ at, (size_t)sqlite3_column_bytes(prepared_of(p)->handle, i) } : (str){ 0 };
}

static str sqlite_get_bytes(struct prepared *p, int row, int i, struct arena *a)
{
    (void)row;
    const char *at = sqlite3_column_blob(prepared_of(p)->handle, i);
    return at ? str_copy(a, (str){ at, (size_t)sqlite3_column_bytes(prepared_of(p)->handle, i) }) : (str){ 0 };
}

static bool sqlite_script(struct db *db, const char *text, struct failure *f)
{
    int rc = sqlite3_exec(db_of(db)->conn, text, NULL, NULL, NULL);
    return rc == SQLITE_OK || sqlite_failure(f, db_of(db)->conn, rc);
}

/* --- connections ----------------------------------------------------------------------------------------------------- */

static void sqlite_disconnect(struct db *db) { sqlite3_close_v2(db_of(db)->conn); }

static bool sqlite_open(struct db_pool *pool, struct err *err)
{
    /* Counting memory would put every allocation of every thread under one lock. Refused, harmlessly, once SQLite runs. */
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    struct sqlite_store *store = db_calloc(1, sizeof *store);
    struct failure f = { 0 };
    store->pool = pool;
    pool->own   = store;
    checkpoint_init(store);
    bool ok;
    if (pool->options.read_only) {
        sqlite3 *conn = NULL;
        ok = sqlite_connect(pool, false, &conn, &f);
        sqlite3_close(conn);
    } else {
        ok = (!pool->options.alone || sqlite_lock(pool, &store->lock, &f)) && writer_start(store, &f) && checkpoint_start(store, &f);
    }
    return ok || err_set(err, f.code, "database", "%s", f.text);
}

static void sqlite_close(struct db_pool *pool)
{
    struct sqlite_store *store = pool->own;
    if (!store)
        return;
    writer_stop(store);
    checkpoint_stop(store);
    if (store->lock)
        close(store->lock);
    free(store);
}

static enum db_outcome sqlite_tx(struct db *db, db_work *work, void *ctx, struct err *err)
{
    struct sqlite_store *store = db->pool->own;
    struct write_job job = { .work = work, .ctx = ctx, .err = err };
    writer_run(store, &job);
    db->statements += job.statements;
    if (job.ok)
        return DB_COMMITTED;
    return err->code == ERR_DB_BUSY ? DB_AGAIN : DB_FAILED;
}

/* --- backup ---------------------------------------------------------------------------------------------------------- */

static bool file_sync(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0;
    close(fd);
    return ok;
}

static bool folder_sync(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return file_sync(".", O_RDONLY | O_DIRECTORY);
    size_t len   = slash == path ? 1 : (size_t)(slash - path);
    char *folder = db_calloc(1, len + 1);
    memcpy(folder, path, len);
    bool ok = file_sync(folder, O_RDONLY | O_DIRECTORY);
    free(folder);
    return ok;
}

/* All pages in one step: one view of the data, and writers go on meanwhile. */
static bool pages_copy(sqlite3 *from, const char *path, struct failure *f)
{
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(to, "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF", NULL, NULL, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
        if (backup) {
            sqlite3_backup_step(backup, -1);
            sqlite3_backup_finish(backup);
        }
        rc = sqlite3_errcode(to);
    }
    bool ok = rc == SQLITE_OK || sqlite_failure(f, to, rc);
    sqlite3_close(to);
    return ok;
}

static bool sqlite_backup(struct db_pool *pool, const char *path, struct err *err)
{
    size_t len = strlen(path) + 6;
    char *part = db_calloc(1, len);
    snprintf(part, len, "%s.part", path);
    struct failure f = { 0 };
    sqlite3 *from = NULL;
    int fd = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 || failure_set(&f, errno == ENOSPC ? ERR_DB_FULL : ERR_FILE, strerror(errno));
    if (fd >= 0)
        close(fd);
    ok = ok && sqlite_connect(pool, false, &from, &f) && pages_copy(from, part, &f);
    sqlite3_close(from);
    if (ok && (!file_sync(part, O_RDWR) || rename(part, path) != 0 || !folder_sync(path)))
        ok = failure_set(&f, errno == ENOSPC ? ERR_DB_FULL : ERR_FILE, strerror(errno));
    if (!ok && fd >= 0)
        unlink(part);
    free(part);
    return ok || err_set(err, f.code, "path", "backup to %s: %s", path, f.text);
}

const struct db_driver sqlite_driver = {
    .db_size       = sizeof(struct sqlite_db),
    .prepared_size = sizeof(struct sqlite_prepared),
    .open          = sqlite_open,
    .close         = sqlite_close,
    .disconnect    = sqlite_disconnect,
    .tx            = sqlite_tx,
    .prepare       = sqlite_prepare,
    .forget        = sqlite_forget,
    .bind_int      = sqlite_bind_int,
    .bind_text     = sqlite_bind_text,
    .bind_null     = sqlite_bind_null,
    .row           = sqlite_row,
    .exec          = sqlite_exec,
    .finish        = sqlite_finish,
    .reset         = sqlite_reset,
    .columns       = sqlite_columns,
    .column        = sqlite_column,
    .is_null       = sqlite_is_null,
    .get_int       = sqlite_get_int,
    .get_text      = sqlite_get_text,
    .get_bytes     = sqlite_get_bytes,
    .script        = sqlite_script,
    .backup        = sqlite_backup,
};
