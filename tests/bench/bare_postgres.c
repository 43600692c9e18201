#include "bench/bare.h"

#include "bench/bench.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

struct rows {
    PGresult *read;
    int64_t   last;
    int       columns;
    Oid       types[96];
};

struct bare_server {
    struct bare base;
    PGconn     *from, *to;
    struct rows rows[BARE_TABLES];
};

static void must(bool ok, PGconn *conn)
{
    if (!ok) {
        fprintf(stderr, "bare postgresql: %s\n", PQerrorMessage(conn));
        exit(1);
    }
}

static void control(PGconn *conn, const char *text)
{
    PGresult *r = PQexec(conn, text);
    must(PQresultStatus(r) == PGRES_COMMAND_OK, conn);
    PQclear(r);
}

static PGresult *read_rows(PGconn *conn, const char *text)
{
    PGresult *r = PQexec(conn, text);
    must(PQresultStatus(r) == PGRES_TUPLES_OK, conn);
    return r;
}

/* customers_keys and the like have no first column to order by: the key column serves all. */
static void rows_read(struct bare_server *b, int t)
{
    const struct bare_table *table = &bare_tables[t];
    struct rows             *r     = &b->rows[t];
    char sql[256];
    PQclear(r->read);
    if (table->key)
        snprintf(sql, sizeof sql, "SELECT * FROM %s WHERE %s > %lld ORDER BY %s", table->name, table->key, (long long)r->last, table->key);
    else
        snprintf(sql, sizeof sql, "SELECT * FROM %s", table->name);
    r->read = read_rows(b->from, sql);
    int n = PQntuples(r->read);
    if (table->key && n)
        r->last = strtoll(PQgetvalue(r->read, n - 1, PQfnumber(r->read, table->key)), NULL, 10);
}

static void server_load(struct bare *base)
{
    struct bare_server *b = (struct bare_server *)base;
    for (int t = 0; t < BARE_TABLES; t++)
        rows_read(b, t);
}

static const char *const conflict[BARE_TABLES] = {
    [8]  = " ON CONFLICT (account_id, status, zone, currency) DO UPDATE SET n = excluded.n, total = excluded.total",
    [9]  = " ON CONFLICT (day, account_id, figure, currency) DO UPDATE SET n = excluded.n, total = excluded.total",
    [10] = " ON CONFLICT (account_id, stream) DO UPDATE SET cursor = excluded.cursor",
};

static void rows_open(struct bare_server *b, int t)
{
    const struct bare_table *table = &bare_tables[t];
    struct rows             *r     = &b->rows[t];
    char sql[2048], name[32];
    snprintf(sql, sizeof sql, "SELECT * FROM %s LIMIT 0", table->name);
    PGresult *shape = read_rows(b->to, sql);
    r->columns      = PQnfields(shape);
    int n = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (", table->name);
    for (int i = 0; i < r->columns; i++) {
        r->types[i] = PQftype(shape, i);
        n += snprintf(sql + n, sizeof sql - (size_t)n, i ? ", $%d" : "$%d", i + 1);
    }
    snprintf(sql + n, sizeof sql - (size_t)n, ")%s", conflict[t] ? conflict[t] : "");
    PQclear(shape);
    snprintf(name, sizeof name, "t%d", t);
    PGresult *p = PQprepare(b->to, name, sql, r->columns, r->types);
    must(PQresultStatus(p) == PGRES_COMMAND_OK, b->to);
    PQclear(p);
    if (!table->key)
        return;
    snprintf(sql, sizeof sql, "SELECT COALESCE(MAX(%s), 0) FROM %s", table->key, table->name);
    PGresult *largest = read_rows(b->from, sql);
    r->last = strtoll(PQgetvalue(largest, 0, 0), NULL, 10);
    PQclear(largest);
}

static int rows_send(struct bare_server *b, int t, int from, int to)
{
    struct rows *r = &b->rows[t];
    const char  *values[96];
    char         name[32];
    snprintf(name, sizeof name, "t%d", t);
    for (int k = from; k < to; k++) {
        for (int i = 0; i < r->columns; i++)
            values[i] = PQgetisnull(r->read, k, i) ? NULL : PQgetvalue(r->read, k, i);
        must(PQsendQueryPrepared(b->to, name, r->columns, values, NULL, NULL, 0), b->to);
    }
    return to - from;
}

static void results_take(PGconn *conn, int count)
{
    for (int i = 0; i < count; i++) {
        PGresult *r = PQgetResult(conn);
        must(PQresultStatus(r) == PGRES_COMMAND_OK, conn);
        PQclear(r);
        PQclear(PQgetResult(conn));
    }
    PGresult *sync = PQgetResult(conn);
    must(PQresultStatus(sync) == PGRES_PIPELINE_SYNC, conn);
    PQclear(sync);
}

static void begin(struct bare_server *b)
{
    must(PQenterPipelineMode(b->to), b->to);
    must(PQsendQueryParams(b->to, "BEGIN ISOLATION LEVEL SERIALIZABLE", 0, NULL, NULL, NULL, NULL, 0), b->to);
}

/* One of `parts` equal parts of the rows; counters and cursors each time. */
static int part_send(struct bare_server *b, int i, int parts)
{
    int sent = 0;
    for (int t = 0; t < BARE_TABLES; t++) {
        int  n     = PQntuples(b->rows[t].read);
        bool split = bare_tables[t].key != NULL;
        sent += rows_send(b, t, split ? (int)((int64_t)n * i / parts) : 0, split ? (int)((int64_t)n * (i + 1) / parts) : n);
    }
    return sent;
}

static void commit(struct bare_server *b, int sent)
{
    must(PQsendQueryParams(b->to, "COMMIT", 0, NULL, NULL, NULL, NULL, 0), b->to);
    must(PQpipelineSync(b->to), b->to);
    results_take(b->to, sent + 2);
    must(PQexitPipelineMode(b->to), b->to);
}

static void server_commit(struct bare *base, int from, int to, int parts)
{
    struct bare_server *b    = (struct bare_server *)base;
    int                 sent = 0;
    begin(b);
    for (int i = from; i < to; i++)
        sent += part_send(b, i, parts);
    commit(b, sent);
}

static double server_insert(struct bare *base, int batches)
{
    double start = bench_now();
    for (int i = 0; i < batches; i++)
        server_commit(base, i, i + 1, batches);
    return bench_now() - start;
}

struct bare *bare_postgres(const char *whole, const char *path)
{
    struct bare_server *b = calloc(1, sizeof *b);
    b->base = (struct bare){ .insert = server_insert, .load = server_load, .commit = server_commit };
    b->from = PQconnectdb(whole);
    b->to   = PQconnectdb(path);
    must(PQstatus(b->from) == CONNECTION_OK, b->from);
    must(PQstatus(b->to) == CONNECTION_OK, b->to);
    control(b->to, "SET jit = off");
    for (int t = 0; t < BARE_TABLES; t++)
        rows_open(b, t);
    return &b->base;
}
