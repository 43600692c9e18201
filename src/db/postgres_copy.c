/* postgres_copy.c - COPY: very many rows to the server or from it, in its binary form, at a fraction of the price of statements.
 * It does not go through a pipeline, so the pipeline is left for it. */
#include "db/postgres_driver.h"

#define CHUNK ((size_t)1 << 20)

/* Ends what COPY left behind; true when all of it says that it went well. */
static bool results_ok(PGconn *conn, struct failure *f)
{
    bool      ok = true;
    PGresult *r;
    while ((r = PQgetResult(conn))) {
        ExecStatusType status = PQresultStatus(r);
        if (ok && status != PGRES_COMMAND_OK)
            ok = failure_set(f, pg_code(PQresultErrorField(r, PG_DIAG_SQLSTATE), PQresultErrorMessage(r)), PQresultErrorMessage(r));
        PQclear(r);
        if (PQstatus(conn) != CONNECTION_OK)
            break;
    }
    return ok;
}

static bool begun(PGconn *conn, const char *text, ExecStatusType wanted, struct failure *f)
{
    PGresult *r  = PQexec(conn, text);
    bool      ok = PQresultStatus(r) == wanted;
    if (!ok)
        failure_set(f, pg_code(PQresultErrorField(r, PG_DIAG_SQLSTATE), PQresultErrorMessage(r)), PQresultErrorMessage(r));
    PQclear(r);
    return ok;
}

static bool copy_in(PGconn *conn, const char *text, str bytes, struct failure *f)
{
    if (!begun(conn, text, PGRES_COPY_IN, f))
        return false;
    for (size_t at = 0; at < bytes.len; at += CHUNK) {
        size_t len = bytes.len - at < CHUNK ? bytes.len - at : CHUNK;
        if (PQputCopyData(conn, bytes.at + at, (int)len) != 1)
            break;                                       /* the result says why */
    }
    if (PQputCopyEnd(conn, NULL) != 1)
        return failure_set(f, ERR_DB_DOWN, PQerrorMessage(conn));
    return results_ok(conn, f);
}

/* The commit of these rows alone may be forgotten by a crash, for how far it came is forgotten with them. */
bool pg_copy_in(struct db *base, const char *text, str bytes, struct failure *f)
{
    struct pg_db *db = (struct pg_db *)base;
    if (!pg_connected(db, f))
        return false;
    pg_begin(db);
    pg_sync(db);
    if (db->failure.code)
        return failure_set(f, db->failure.code, db->failure.text);
    if (!PQexitPipelineMode(db->conn))
        return failure_set(f, ERR_DB, PQerrorMessage(db->conn));
    bool ok = begun(db->conn, "SET LOCAL synchronous_commit = off", PGRES_COMMAND_OK, f) && copy_in(db->conn, text, bytes, f);
    if (!ok)
        pg_fail(db, NULL, f->code, f->text);
    return PQenterPipelineMode(db->conn) && ok;
}

static bool copy_out(PGconn *conn, const char *text, bool (*fn)(void *ctx, str message, struct failure *f), void *ctx, struct failure *f)
{
    char *at = NULL;
    bool  ok = begun(conn, text, PGRES_COPY_OUT, f);
    if (!ok)
        return false;
    for (int len; (len = PQgetCopyData(conn, &at, 0)) > 0; PQfreemem(at))
        ok = ok && fn(ctx, (str){ at, (size_t)len }, f);
    struct failure last = { 0 };
    bool           whole = results_ok(conn, &last);
    if (ok && !whole)
        *f = last;
    return ok && whole;
}

bool pg_copy_out(struct db *base, const char *text, bool (*fn)(void *ctx, str message, struct failure *f), void *ctx, struct failure *f)
{
    struct pg_db *db = (struct pg_db *)base;
    if (!pg_connected(db, f))
        return false;
    if (!PQexitPipelineMode(db->conn))
        return failure_set(f, ERR_DB, PQerrorMessage(db->conn));
    bool ok = copy_out(db->conn, text, fn, ctx, f);
    return PQenterPipelineMode(db->conn) && ok;
}
