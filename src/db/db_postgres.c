/* db_postgres.c - the PostgreSQL driver, always in pipeline mode.
 *
 * What is sent waits in libpq's buffer, and in `pending` here, until somebody needs an answer: a statement with rows, or the
 * commit. So a transaction of ten statements without rows costs one round trip, and preparing a statement costs none.
 * After an error the server skips everything up to the next sync; the transaction keeps the first failure and only rolls back.
 *
 * Outside db_tx connections are read only, each statement is its own transaction, and is sent again once when the connection
 * turns out to be lost. A prepared statement is known to the server as long as the connection it was prepared on lives
 * (`born` = the connection's number).
 *
 * Numbers travel as text, because the server decides the type of a parameter and may have decided on another width;
 * texts and bytes travel in binary form, which takes a length and needs no copy.
 */
#include "db/db_driver.h"
#include <assert.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#define PENDING_MAX 512                                  /* statements sent ahead before their results are looked at */

enum pending_kind { PENDING_CONTROL, PENDING_COMMIT, PENDING_PREPARE, PENDING_EXEC, PENDING_ROWS, PENDING_SYNC };

struct pg_prepared {
    struct prepared base;
    char         name[16];
    uint64_t     born;
    const char **values;
    int         *lengths, *formats;
    char       (*digits)[24];
    PGresult    *result;
};

struct pending { enum pending_kind kind; struct pg_prepared *p; };

struct pg_db {
    struct db       base;
    PGconn         *conn;
    uint64_t        number;             /* of the connection, from 1: grows with each new one */
    unsigned        names;
    struct pending *pending;
    int             pending_count, pending_cap;
    struct failure  failure;            /* the first since the last sync */
    char            failed[64];         /* name of the statement it came from */
    bool            is_begun, is_lost;
    bool            commit_sent;
    bool            is_refused;         /* the server refused something before the COMMIT, which it can therefore not have done */
};

static struct pg_db *db_of(struct db *db) { return (struct pg_db *)db; }
static struct pg_prepared *prepared_of(struct prepared *p) { return (struct pg_prepared *)p; }

/* --- failures -------------------------------------------------------------------------------------------------------- */

static const struct { const char *state; enum err_code code; } states[] = {
    { "40001", ERR_DB_BUSY }, { "40P01", ERR_DB_BUSY },     { "55P03", ERR_DB_BUSY },     { "57014", ERR_DB_BUSY },
    { "53300", ERR_DB_BUSY }, { "23505", ERR_DB_CONFLICT }, { "23503", ERR_DB_CONFLICT }, { "53100", ERR_DB_FULL },
    { "25006", ERR_INTERNAL }, /* writes outside db_tx */
    { "57P01", ERR_DB_DOWN }, { "57P02", ERR_DB_DOWN },     { "57P03", ERR_DB_DOWN },
};

/* A table was changed under a prepared statement: prepared anew, it works. */
static bool is_plan_old(const char *state, const char *text)
{
    return state && strcmp(state, "0A000") == 0 && strstr(text, "cached plan");
}

static enum err_code code_of(const char *state, const char *text)
{
    if (!state)
        return ERR_DB_DOWN;
    for (int i = 0; i < COUNT_OF(states); i++)
        if (strcmp(state, states[i].state) == 0)
            return states[i].code;
    if (is_plan_old(state, text))
        return ERR_DB_BUSY;
    return strncmp(state, "08", 2) == 0 ? ERR_DB_DOWN : ERR_DB;
}

static void fail(struct pg_db *db, struct pg_prepared *p, enum err_code code, const char *text)
{
    if (db->failure.code)
        return;                                          /* the first one is the cause */
    failure_set(&db->failure, code, text);
    snprintf(db->failed, sizeof db->failed, "%s", p ? p->base.sql->name : "transaction");
}

static void fail_lost(struct pg_db *db)
{
    fail(db, NULL, ERR_DB_DOWN, PQerrorMessage(db->conn));
    db->is_lost       = true;
    db->pending_count = 0;
}

/* --- connection ------------------------------------------------------------------------------------------------------ */

static void ignore_notice(void *arg, const char *text) { (void)arg, (void)text; }

static bool connect_to(struct pg_db *db, struct failure *f)
{
    static const char *const keys[]   = { "dbname", "client_encoding", "fallback_application_name", "connect_timeout", NULL };
    const char *const        values[] = { db->base.pool->where, "UTF8", "sauda", "5", NULL };
    /* Writing is refused outside db_tx, which opens its transactions READ WRITE. Compiling short queries costs more than it saves. */
    static const char settings[] = "SET default_transaction_read_only = on; SET jit = off; SET client_min_messages = warning;"
                                   "SET idle_in_transaction_session_timeout = '60s'";
    PQfinish(db->conn);
    db->conn          = PQconnectdbParams(keys, values, 1);
    db->is_lost       = false;
    db->pending_count = 0;
    db->number++;
    if (PQstatus(db->conn) != CONNECTION_OK)
        return failure_set(f, ERR_DB_DOWN, PQerrorMessage(db->conn));
    PQsetNoticeProcessor(db->conn, ignore_notice, NULL);
    PGresult *r = PQexec(db->conn, settings);
    bool ok     = PQresultStatus(r) == PGRES_COMMAND_OK && PQenterPipelineMode(db->conn);
    PQclear(r);
    return ok || failure_set(f, ERR_DB_DOWN, PQerrorMessage(db->conn));
}

/* Makes the connection, or makes it anew when it is known to be gone. */
static bool connected(struct pg_db *db, struct failure *f)
{
    if (db->conn && !db->is_lost && PQstatus(db->conn) == CONNECTION_OK)
        return true;
    if (!db->base.in_tx || !db->is_begun)
        return connect_to(db, f);
    return failure_set(f, ERR_DB_DOWN, "the connection was lost within a transaction");
}

static void pg_disconnect(struct db *base)
{
    struct pg_db *db = db_of(base);
    PQfinish(db->conn);
    free(db->pending);
}

/* --- pipeline -------------------------------------------------------------------------------------------------------- */

static void pending_add(struct pg_db *db, enum pending_kind kind, struct pg_prepared *p)
{
    if (db->pending_count == db->pending_cap) {
        db->pending_cap = db->pending_cap ? db->pending_cap * 2 : 64;
        db->pending     = db_realloc(db->pending, sizeof *db->pending * (size_t)db->pending_cap);
    }
    db->pending[db->pending_count++] = (struct pending){ kind, p };
}

static void send_control(struct pg_db *db, enum pending_kind kind, const char *text)
{
    if (!PQsendQueryParams(db->conn, text, 0, NULL, NULL, NULL, NULL, 0))
        fail_lost(db);
    else
        pending_add(db, kind, NULL);
}

static void send_sync(struct pg_db *db)
{
    if (!PQpipelineSync(db->conn))
        fail_lost(db);
    else
        pending_add(db, PENDING_SYNC, NULL);
}

/* Every command's results end with a NULL; a sync has one result and no NULL. */
static void result_end(struct pg_db *db)
{
    PGresult *more;
    while ((more = PQgetResult(db->conn)) && PQstatus(db->conn) == CONNECTION_OK)
        PQclear(more);
    PQclear(more);
}

static void result_failed(struct pg_db *db, const struct pending *at, const PGresult *r)
{
    if (at->p)
        at->p->born = at->kind == PENDING_PREPARE ? 0 : at->p->born;
    if (PQresultStatus(r) == PGRES_PIPELINE_ABORTED)
        return;
    const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    const char *text  = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    db->is_refused    = db->is_refused || (state && at->kind != PENDING_COMMIT);
    if (at->p && is_plan_old(state, PQresultErrorMessage(r))) {
        at->p->born    = 0;
        at->p->name[0] = 0;                              /* the server still knows the old one by its name */
    }
    fail(db, at->p, code_of(state, PQresultErrorMessage(r)), text ? text : PQresultErrorMessage(r));
}

/* The result of the oldest command that was sent. */
static bool result_take(struct pg_db *db, const struct pending *at)
{
    PGresult *r = PQgetResult(db->conn);
    if (!r || PQstatus(db->conn) != CONNECTION_OK) {
        if (PQresultStatus(r) == PGRES_FATAL_ERROR)
            result_failed(db, at, r);
        PQclear(r);
        fail_lost(db);
        return false;
    }
    ExecStatusType status = PQresultStatus(r);
    if (at->kind == PENDING_SYNC) {
        PQclear(r);
        if (status != PGRES_PIPELINE_SYNC)
            fail_lost(db);                               /* out of step: nothing on it can be trusted */
        return status == PGRES_PIPELINE_SYNC;
    }
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        result_failed(db, at, r);
    else if (at->kind == PENDING_ROWS)
        at->p->result = r, r = NULL;
    else if (at->kind == PENDING_COMMIT && strcmp(PQcmdStatus(r), "ROLLBACK") == 0)
        fail(db, NULL, ERR_DB, "the transaction was rolled back by the database");
    PQclear(r);
    result_end(db);
    return true;
}

/* Reads the results of everything that was sent. */
static void drain(struct pg_db *db)
{
    for (int i = 0; i < db->pending_count; i++)
        if (!result_take(db, &db->pending[i]))
            break;
    db->pending_count = 0;
}

static void drain_so_far(struct pg_db *db)
{
    if (db->pending_count && PQsendFlushRequest(db->conn))
        drain(db);
    else if (db->pending_count)
        fail_lost(db);
}

/* Sends one statement, with whatever must go before it. */
static void send_statement(struct pg_db *db, struct pg_prepared *p, enum pending_kind kind)
{
    if (db->base.in_tx && !db->is_begun) {
        send_control(db, PENDING_CONTROL, "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE");
        db->is_begun = true;
    }
    if (p->born != db->number) {
        if (!p->name[0])
            snprintf(p->name, sizeof p->name, "s%u", ++db->names);
        if (!PQsendPrepare(db->conn, p->name, p->base.text, 0, NULL)) {
            fail_lost(db);
            return;
        }
        pending_add(db, PENDING_PREPARE, p);
        p->born = db->number;
    }
    if (PQsendQueryPrepared(db->conn, p->name, p->base.params, p->values, p->lengths, p->formats, 0))
        pending_add(db, kind, p);
    else
        fail_lost(db);
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
            drain_so_far(db);
            break;
        }
    if (p->born && p->born == db->number && !base->is_ending && !db->is_lost && !db->failure.code) {
        char text[40];
        snprintf(text, sizeof text, "DEALLOCATE %s", p->name);
        send_control(db, PENDING_CONTROL, text);
        if (!db->is_lost && !db->is_begun)
            send_sync(db);
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
        if (!connected(db, &p->base.failure))
            return false;
        db->failure.code = ERR_NONE;
        send_statement(db, p, PENDING_ROWS);
        if (!db->is_lost)
            send_sync(db);
        if (!db->is_lost)
            drain(db);
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
    if (!connected(db, &p->base.failure)) {
        fail(db, p, p->base.failure.code, p->base.failure.text);
        return false;
    }
    send_statement(db, p, wants_rows ? PENDING_ROWS : PENDING_EXEC);
    if (!db->is_lost && (wants_rows || db->pending_count >= PENDING_MAX))
        drain_so_far(db);
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

/* --- transactions ---------------------------------------------------------------------------------------------------- */

/* Several statements cannot go through a pipeline, so it is left for them. */
static bool pg_script(struct db *base, const char *text, struct failure *f)
{
    struct pg_db *db = db_of(base);
    if (!connected(db, f))
        return false;
    if (!db->is_begun) {
        send_control(db, PENDING_CONTROL, "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE");
        db->is_begun = true;
    }
    if (!db->is_lost)
        send_sync(db);
    if (!db->is_lost)
        drain(db);
    if (db->failure.code)
        return failure_set(f, db->failure.code, db->failure.text);
    if (!PQexitPipelineMode(db->conn))
        return failure_set(f, ERR_DB, PQerrorMessage(db->conn));
    PGresult *r = PQexec(db->conn, text);
    ExecStatusType status = PQresultStatus(r);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
        fail(db, NULL, code_of(state, PQresultErrorMessage(r)), PQresultErrorMessage(r));
        failure_set(f, db->failure.code, db->failure.text);
    }
    PQclear(r);
    return PQenterPipelineMode(db->conn) && !db->failure.code;
}

static bool commit(struct pg_db *db)
{
    if (!db->is_begun)
        return true;
    if (!db->failure.code) {
        db->commit_sent = true;
        send_control(db, PENDING_COMMIT, "COMMIT");
        if (!db->is_lost)
            send_sync(db);
        if (!db->is_lost)
            drain(db);
    }
    return !db->failure.code;
}

/* The first sync ends the skipping after an error, so that the ROLLBACK is heard. */
static void roll_back(struct pg_db *db)
{
    if (!db->is_begun || db->is_lost)
        return;
    send_sync(db);
    if (!db->is_lost)
        send_control(db, PENDING_CONTROL, "ROLLBACK");
    if (!db->is_lost)
        send_sync(db);
    if (!db->is_lost)
        drain(db);
}

/* A server that went away while nobody looked is noticed here, where trying again is still safe. Its last words may stand
 * before the end of the stream, hence the second look. */
static void look_at_connection(struct pg_db *db)
{
    if (!db->conn || db->is_lost || db->pending_count)
        return;
    if (!PQconsumeInput(db->conn) || PQisBusy(db->conn) || !PQconsumeInput(db->conn) || PQstatus(db->conn) != CONNECTION_OK)
        db->is_lost = true;
}

static enum db_outcome pg_tx(struct db *base, db_work *work, void *ctx, struct err *err)
{
    struct pg_db *db   = db_of(base);
    db->failure.code   = ERR_NONE;
    db->is_begun       = db->commit_sent = db->is_refused = false;
    base->inner_failed = false;
    base->after_count  = 0;
    look_at_connection(db);

    base->in_tx = true;
    bool ok     = work(base, ctx, err);
    if (ok && base->inner_failed)
        ok = err_set(err, ERR_INTERNAL, "", "A part of this failed, and all of it was undone.");
    if (ok)
        ok = commit(db);
    bool committed = ok;
    if (!committed)
        roll_back(db);
    base->in_tx  = false;
    db->is_begun = false;

    if (committed) {
        db_run_after(base, 0);
        return DB_COMMITTED;
    }
    base->after_count = 0;
    bool again = db->failure.code == ERR_DB_BUSY || (db->failure.code == ERR_DB_DOWN && (db->is_refused || !db->commit_sent))
              || err->code == ERR_DB_BUSY;
    if (db->failure.code && !err_is_set(err))
        failure_report(&db->failure, db->failed, err);
    else if (!err_is_set(err))
        err_set(err, ERR_INTERNAL, "", "%s", err_kind(ERR_INTERNAL)->title);
    db->failure.code = ERR_NONE;
    return again ? DB_AGAIN : DB_FAILED;
}

/* --- pool ------------------------------------------------------------------------------------------------------------ */

static bool pg_open(struct db_pool *pool, struct err *err)
{
    struct failure f = { 0 };
    struct db *db    = db_make(pool);
    if (!connect_to(db_of(db), &f)) {
        db_discard(db);
        return err_set(err, f.code, "database", "%s", f.text);
    }
    pool->free = db;
    pool->made = 1;
    return true;
}

static void pg_close(struct db_pool *pool) { (void)pool; }

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
};
