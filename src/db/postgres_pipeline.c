/* postgres_pipeline.c - connections to PostgreSQL, and what is on its way to the server and back. */
#include "db/postgres_driver.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#define LOOK_AGAIN_MS 1000

/* --- failures -------------------------------------------------------------------------------------------------------- */

static const struct { const char *state; enum err_code code; } states[] = {
    { "40001", ERR_DB_BUSY }, { "40P01", ERR_DB_BUSY },     { "55P03", ERR_DB_BUSY },     { "57014", ERR_DB_BUSY },
    { "53300", ERR_DB_BUSY }, { "23505", ERR_DB_CONFLICT }, { "23503", ERR_DB_CONFLICT }, { "53100", ERR_DB_FULL },
    { "58030", ERR_DB_DISK },
    { "25006", ERR_INTERNAL }, /* writes outside db_tx */
    { "57P01", ERR_DB_DOWN }, { "57P02", ERR_DB_DOWN },     { "57P03", ERR_DB_DOWN },
};

/* A table was changed under a prepared statement: prepared anew, it works. */
static bool is_plan_old(const char *state, const char *text)
{
    return state && strcmp(state, "0A000") == 0 && strstr(text, "cached plan");
}

enum err_code pg_code(const char *state, const char *text)
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

void pg_fail(struct pg_db *db, struct pg_prepared *p, enum err_code code, const char *text)
{
    if (db->failure.code)
        return;                                          /* the first one is the cause */
    failure_set(&db->failure, code, text);
    snprintf(db->failed, sizeof db->failed, "%s", p ? p->base.sql->name : "transaction");
}

static void fail_lost(struct pg_db *db)
{
    pg_fail(db, NULL, ERR_DB_DOWN, PQerrorMessage(db->conn));
    db->is_lost       = true;
    db->pending_count = 0;
}

/* --- connection ------------------------------------------------------------------------------------------------------ */

static void ignore_notice(void *arg, const char *text) { (void)arg, (void)text; }

/* A network that is cut says nothing: whoever waits for an answer through it finds out after some ten seconds. The address may say otherwise,
 * for what stands in it counts more than what stands before it here. */
PGconn *pg_dial(const struct db_pool *pool, const char *name)
{
    static const char *const keys[]   = { "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
                                          "dbname", "client_encoding", "fallback_application_name", "connect_timeout", NULL };
    const char *const        values[] = { "4", "2", "3", "9000", pool->where, "UTF8", name, "5", NULL };
    return PQconnectdbParams(keys, values, 1);
}

bool pg_connect(struct pg_db *db, struct failure *f)
{
    /* Writing is refused outside db_tx, which opens its transactions READ WRITE. Compiling short queries, or starting workers for
     * them, costs more than it saves; a page of 50 would get two workers, for the plan does not know the limit. */
    static const char settings[] = "SET default_transaction_read_only = on; SET jit = off; SET client_min_messages = warning;"
                                   "SET max_parallel_workers_per_gather = 0;"
                                   "SET idle_in_transaction_session_timeout = '60s'";
    /* What writes looks up rows by their keys. Planned while tables are small it would read them whole, and go on to as they grow. */
    static const char of_writer[] = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;"
                                    "SET plan_cache_mode = force_generic_plan";
    PQfinish(db->conn);
    db->conn          = pg_dial(db->base.pool, "sauda");
    db->is_lost       = false;
    db->pending_count = 0;
    db->has_turn      = false;
    db->sent          = 0;
    db->replan_at     = PLANS_FIRST;
    db->number++;
    if (PQstatus(db->conn) != CONNECTION_OK)
        return failure_set(f, ERR_DB_DOWN, PQerrorMessage(db->conn));
    PQsetNoticeProcessor(db->conn, ignore_notice, NULL);
    PGresult *r = PQexec(db->conn, settings);
    bool ok     = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    if (ok && db->is_writer) {
        r  = PQexec(db->conn, of_writer);
        ok = PQresultStatus(r) == PGRES_COMMAND_OK;
        PQclear(r);
    }
    return (ok && PQenterPipelineMode(db->conn)) || failure_set(f, ERR_DB_DOWN, PQerrorMessage(db->conn));
}

bool pg_connected(struct pg_db *db, struct failure *f)
{
    if (db->conn && !db->is_lost && PQstatus(db->conn) == CONNECTION_OK)
        return true;
    if (!db->base.in_tx || !db->is_begun)
        return pg_connect(db, f);
    return failure_set(f, ERR_DB_DOWN, "the connection was lost within a transaction");
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

void pg_send_control(struct pg_db *db, enum pending_kind kind, const char *text)
{
    if (db->is_lost)
        return;
    if (!PQsendQueryParams(db->conn, text, 0, NULL, NULL, NULL, NULL, 0))
        fail_lost(db);
    else
        pending_add(db, kind, NULL);
}

/* Every command's results end with a NULL; a sync has one result and no NULL. */
static void result_end(struct pg_db *db)
{
    PGresult *more;
    while ((more = PQgetResult(db->conn)) && PQstatus(db->conn) == CONNECTION_OK)
        PQclear(more);
    PQclear(more);
}

/* Only a standby does not know how to begin to write: the server was the primary once, or will be. The next try looks for the primary. */
static bool is_standby(const struct pending *at, const char *state)
{
    return at->kind == PENDING_CONTROL && state && strcmp(state, "0A000") == 0;
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
    if (is_standby(at, state)) {
        pg_fail(db, NULL, ERR_DB_DOWN, text);
        db->is_lost = true;
        return;
    }
    pg_fail(db, at->p, pg_code(state, PQresultErrorMessage(r)), text ? text : PQresultErrorMessage(r));
}

/* Until an answer is there. The library's own waiting has been seen to sleep for ever on an error that it held in its buffer already, after
 * which the server says nothing before the next sync; and everybody behind it slept too. Here the buffer is read before each sleep, and
 * none of them is long. */
static void answer_wait(struct pg_db *db)
{
    struct pollfd f = { .fd = PQsocket(db->conn), .events = POLLIN };
    if (PQflush(db->conn) != 0)
        return;                                          /* PQgetResult says what is wrong */
    while (f.fd >= 0 && PQisBusy(db->conn)) {
        (void)poll(&f, 1, LOOK_AGAIN_MS);
        if (!PQconsumeInput(db->conn))
            return;
    }
}

/* The result of the oldest command that was sent. */
static bool result_take(struct pg_db *db, const struct pending *at)
{
    answer_wait(db);
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
        pg_fail(db, NULL, ERR_DB, "the transaction was rolled back by the database");
    else if (at->kind == PENDING_COMMIT)
        db->is_committed = true;
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

void pg_drain_so_far(struct pg_db *db)
{
    if (db->is_lost || !db->pending_count)
        return;
    if (PQsendFlushRequest(db->conn))
        drain(db);
    else
        fail_lost(db);
}

void pg_sync(struct pg_db *db)
{
    if (db->is_lost)
        return;
    pg_sync_later(db);
    drain(db);
}

void pg_sync_later(struct pg_db *db)
{
    if (db->is_lost)
        return;
    if (PQpipelineSync(db->conn))
        pending_add(db, PENDING_SYNC, NULL);
    else
        fail_lost(db);
}

/* The server plans a statement once and keeps to it. What it planned when the tables were all but empty reads all of them, and
 * nothing tells it better until the first ANALYZE, a minute of intake later. So plans are forgotten each time that the number of
 * statements has doubled: often when a shop begins, all but never afterwards. */
static void plans_renew(struct pg_db *db)
{
    if (db->is_lost || ++db->sent < db->replan_at)
        return;
    db->replan_at *= 2;
    pg_send_control(db, PENDING_CONTROL, "DISCARD PLANS");
}

/* Sends one statement, with whatever must go before it. */
void pg_send_statement(struct pg_db *db, struct pg_prepared *p, enum pending_kind kind)
{
    if (db->base.in_tx)
        pg_begin(db);
    plans_renew(db);
    if (db->is_lost)
        return;
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
