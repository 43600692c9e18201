/* db_postgres.c - the PostgreSQL driver, always in pipeline mode.
 *
 * What is sent waits in libpq's buffer, and in `pending` here, until somebody needs an answer: a statement with rows, or the
 * commit. So a transaction of ten statements without rows costs one round trip, and preparing a statement costs none.
 * After an error the server skips everything up to the next sync; the transaction keeps the first failure and only rolls back.
 *
 * Transactions run on a connection of their own (postgres_writer.c). All others are read only, each statement is its own transaction, and is sent again once when the connection
 * turns out to be lost. A prepared statement is known to the server as long as the connection it was prepared on lives
 * (`born` = the connection's number).
 *
 * Numbers travel as text, because the server decides the type of a parameter and may have decided on another width;
 * texts and bytes travel in binary form, which takes a length and needs no copy.
 */
#include "db/postgres_driver.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static struct pg_db *db_of(struct db *db) { return (struct pg_db *)db; }
static struct pg_prepared *prepared_of(struct prepared *p) { return (struct pg_prepared *)p; }

static void pg_disconnect(struct db *base)
{
    struct pg_db *db = db_of(base);
    PQfinish(db->conn);
    free(db->pending);
}

/* --- statements ------------------------------------------------------------------------------------------------------ */

static bool pg_prepare(struct db *base, struct prepared *prepared)
{
    (void)base;
    struct pg_prepared *p = prepared_of(prepared);
    size_t count = (size_t)prepared->params + 1;
    p->values  = db_calloc(count, sizeof *p->values);
    p->lengths = db_calloc(count, sizeof *p->lengths);
    p->formats = db_calloc(count, sizeof *p->formats);
    p->digits  = db_calloc(count, sizeof *p->digits);
    prepared->is_ready = true;
    return true;
}

static void pg_forget(struct db *base, struct prepared *prepared)
{
    struct pg_db *db      = db_of(base);
    struct pg_prepared *p = prepared_of(prepared);
    for (int i = 0; i < db->pending_count; i++)
        if (db->pending[i].p == p) {
            pg_drain_so_far(db);
            break;
        }
    if (p->born && p->born == db->number && !base->is_ending && !db->is_lost && !db->failure.code) {
        char text[40];
        snprintf(text, sizeof text, "DEALLOCATE %s", p->name);
        pg_send_control(db, PENDING_CONTROL, text);
        if (!db->is_begun)
            pg_sync(db);
    }
    PQclear(p->result);
    free(p->values);
    free(p->lengths);
    free(p->formats);
    free(p->digits);
}

static void pg_bind_int(struct prepared *prepared, int n, int64_t value)
{
    struct pg_prepared *p = prepared_of(prepared);
    char *to = p->digits[n - 1] + sizeof *p->digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    *--to = 0;
    do {
        *--to = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        *--to = '-';
    p->values[n - 1]  = to;
    p->formats[n - 1] = 0;
}

static void pg_bind_text(struct prepared *prepared, int n, str s, bool is_bytes)
{
    (void)is_bytes;
    struct pg_prepared *p = prepared_of(prepared);
    if (s.len > (size_t)1 << 30) {
        failure_set(&prepared->failure, ERR_LIMIT, "a value is too long");
        return;
    }
    p->values[n - 1]  = s.at ? s.at : "";
    p->lengths[n - 1] = (int)s.len;
    p->formats[n - 1] = 1;
}

static void pg_bind_null(struct prepared *prepared, int n) { prepared_of(prepared)->values[n - 1] = NULL; }

static bool failed(struct pg_db *db, struct pg_prepared *p)
{
    if (!db->failure.code)
        return false;
    p->base.failure = db->failure;
    if (strcmp(db->failed, p->base.sql->name) != 0)      /* it was sent earlier and is heard of only now */
        snprintf(p->base.failure.text, sizeof p->base.failure.text, "after %s: %.150s", db->failed, db->failure.text);
    return true;
}

/* Outside a transaction: reading, so it may be done twice. */
static bool run_alone(struct pg_db *db, struct pg_prepared *p)
{
    for (int try = 1;; try++) {
        if (!pg_connected(db, &p->base.failure))
            return false;
        db->failure.code = ERR_NONE;
        pg_send_statement(db, p, PENDING_ROWS);
        pg_sync(db);
        bool again = try == 1 && (db->is_lost || (db->failure.code == ERR_DB_BUSY && !p->born));
        bool bad   = failed(db, p);
        db->failure.code = ERR_NONE;
        if (!bad) {
            p->base.failure.code = ERR_NONE;
            return true;
        }
        if (!again)
            return false;
        PQclear(p->result);
        p->result = NULL;
    }
}

static bool run(struct pg_db *db, struct pg_prepared *p, bool wants_rows)
{
    if (p->base.failure.code)
        return false;
    if (!db->base.in_tx)
        return run_alone(db, p);
    if (failed(db, p))
        return false;
    if (!pg_connected(db, &p->base.failure)) {
        pg_fail(db, p, p->base.failure.code, p->base.failure.text);
        return false;
    }
    pg_send_statement(db, p, wants_rows ? PENDING_ROWS : PENDING_EXEC);
    if (wants_rows || db->pending_count >= PENDING_MAX)
        pg_drain_so_far(db);
    return !failed(db, p);
}

static enum db_step pg_row(struct db *base, struct prepared *prepared, int row)
{
    struct pg_prepared *p = prepared_of(prepared);
    if (row == 0 && !run(db_of(base), p, true))
        return DB_STEP_FAILED;
    return row < PQntuples(p->result) ? DB_STEP_ROW : DB_STEP_DONE;
}

static bool pg_exec(struct db *base, struct prepared *prepared)
{
    return run(db_of(base), prepared_of(prepared), false);
}

static bool pg_finish(struct db *base, struct prepared *prepared)
{
    (void)base, (void)prepared;
    return true;
}

static void pg_reset(struct db *base, struct prepared *prepared)
{
    (void)base;
    struct pg_prepared *p = prepared_of(prepared);
    PQclear(p->result);
    p->result = NULL;
    if (prepared->params)
        memset(p->values, 0, sizeof *p->values * (size_t)prepared->params);
}

static int pg_columns(struct prepared *p) { return PQnfields(prepared_of(p)->result); }
static const char *pg_column(struct prepared *p, int i) { return PQfname(prepared_of(p)->result, i); }
static bool pg_is_null(struct prepared *p, int row, int i) { return PQgetisnull(prepared_of(p)->result, row, i); }

static int64_t pg_get_int(struct prepared *prepared, int row, int i)
{
    const PGresult *r = prepared_of(prepared)->result;
    assert(i < PQnfields(r));
    const char *at = PQgetvalue(r, row, i);
    if (*at == 't')
        return 1;                                        /* a condition */
    bool minus  = *at == '-';
    uint64_t n  = 0;
    for (at += minus; *at >= '0' && *at <= '9'; at++)
        n = n * 10 + (uint64_t)(*at - '0');
    return (int64_t)(minus ? 0 - n : n);
}

static str pg_get_text(struct prepared *prepared, int row, int i)
{
    const PGresult *r = prepared_of(prepared)->result;
    assert(i < PQnfields(r));
    if (PQgetisnull(r, row, i))
        return (str){ 0 };
    return (str){ PQgetvalue(r, row, i), (size_t)PQgetlength(r, row, i) };
}

static unsigned nibble(char c) { return (unsigned)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10) & 15; }

static str pg_get_bytes(struct prepared *prepared, int row, int i, struct arena *a)
{
    str hex = pg_get_text(prepared, row, i);
    if (hex.len < 2 || hex.at[0] != '\\' || hex.at[1] != 'x')
        return str_copy(a, hex);
    size_t len = hex.len / 2 - 1;
    char *to   = arena_alloc(a, len + 1);
    for (size_t at = 0; at < len; at++)
        to[at] = (char)(nibble(hex.at[2 + 2 * at]) << 4 | nibble(hex.at[3 + 2 * at]));
    return (str){ to, len };
}

/* --- scripts -------------------------------------------------------------------------------------------------------- */

/* Several statements cannot go through a pipeline, so it is left for them. */
static bool pg_script(struct db *base, const char *text, struct failure *f)
{
    struct pg_db *db = db_of(base);
    if (!pg_connected(db, f))
        return false;
    pg_begin(db);
    pg_sync(db);
    if (db->failure.code)
        return failure_set(f, db->failure.code, db->failure.text);
    if (!PQexitPipelineMode(db->conn))
        return failure_set(f, ERR_DB, PQerrorMessage(db->conn));
    PGresult *r = PQexec(db->conn, text);
    ExecStatusType status = PQresultStatus(r);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
        pg_fail(db, NULL, pg_code(state, PQresultErrorMessage(r)), PQresultErrorMessage(r));
        failure_set(f, db->failure.code, db->failure.text);
    }
    PQclear(r);
    return PQenterPipelineMode(db->conn) && !db->failure.code;
}

/* --- pool ------------------------------------------------------------------------------------------------------------ */

static bool pg_open(struct db_pool *pool, struct err *err)
{
    struct failure f = { 0 };
    struct db *db    = db_make(pool);
    if (!pg_connect(db_of(db), &f)) {
        db_discard(db);
        return err_set(err, f.code, "database", "%s", f.text);
    }
    pool->free = db;
    pool->made = 1;
    return pg_writer_start(pool, &f) || err_set(err, f.code, "database", "%s", f.text);
}

static void pg_close(struct db_pool *pool) { pg_writer_stop(pool); }

static bool pg_backup(struct db_pool *pool, const char *path, struct err *err)
{
    (void)pool, (void)path;
    return err_set(err, ERR_SETTING, "database", "PostgreSQL is backed up with its own tools: pg_dump or pg_basebackup");
}

const struct db_driver postgres_driver = {
    .is_postgres   = true,
    .db_size       = sizeof(struct pg_db),
    .prepared_size = sizeof(struct pg_prepared),
    .open          = pg_open,
    .close         = pg_close,
    .disconnect    = pg_disconnect,
    .tx            = pg_tx,
    .prepare       = pg_prepare,
    .forget        = pg_forget,
    .bind_int      = pg_bind_int,
    .bind_text     = pg_bind_text,
    .bind_null     = pg_bind_null,
    .row           = pg_row,
    .exec          = pg_exec,
    .finish        = pg_finish,
    .reset         = pg_reset,
    .columns       = pg_columns,
    .column        = pg_column,
    .is_null       = pg_is_null,
    .get_int       = pg_get_int,
    .get_text      = pg_get_text,
    .get_bytes     = pg_get_bytes,
    .script        = pg_script,
    .backup        = pg_backup,
    .copy_in       = pg_copy_in,
    .copy_out      = pg_copy_out,
};
