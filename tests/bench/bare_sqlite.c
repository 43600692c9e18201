#include "bench/bare.h"

#include "bench/bench.h"
#include "db/migrate.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const tables[] = { "intake_events", "customers", "customer_sources", "customer_keys", "orders", "order_lines",
                                      "order_history", "events", "order_totals", "day_totals", "stream_cursors" };

struct table {
    int             columns, rows;
    sqlite3_value **cells;
    sqlite3_stmt   *insert;
};

static void must(int rc, sqlite3 *db)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW) {
        fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static void load(sqlite3 *db, const char *name, struct table *t)
{
    char          sql[128];
    sqlite3_stmt *st;
    int           cap = 0;
    snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY 1", name);
    must(sqlite3_prepare_v2(db, sql, -1, &st, NULL), db);
    t->columns = sqlite3_column_count(st);
    while (sqlite3_step(st) == SQLITE_ROW) {
        if (t->rows == cap) {
            cap      = cap ? cap * 2 : 1024;
            t->cells = realloc(t->cells, sizeof *t->cells * (size_t)cap * (size_t)t->columns);
        }
        for (int i = 0; i < t->columns; i++)
            t->cells[t->rows * t->columns + i] = sqlite3_value_dup(sqlite3_column_value(st, i));
        t->rows++;
    }
    sqlite3_finalize(st);
}

static void prepare(sqlite3 *db, const char *name, struct table *t)
{
    char sql[1024];
    int  n = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (", name);
    for (int i = 0; i < t->columns; i++)
        n += snprintf(sql + n, sizeof sql - (size_t)n, i ? ", ?" : "?");
    snprintf(sql + n, sizeof sql - (size_t)n, ")");
    must(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &t->insert, NULL), db);
}

static void insert(sqlite3 *db, struct table *t, int from, int to)
{
    for (int r = from; r < to; r++) {
        for (int i = 0; i < t->columns; i++)
            sqlite3_bind_value(t->insert, i + 1, t->cells[r * t->columns + i]);
        must(sqlite3_step(t->insert), db);
        sqlite3_reset(t->insert);
    }
}

double bare_sqlite(const char *whole, const char *folder, int batches)
{
    struct table    all[COUNT_OF(tables)] = { 0 };
    struct db_pool *pool;
    struct err      err = { 0 };
    char            path[256], url[280];
    sqlite3        *db;
    int             applied;

    must(sqlite3_open(whole, &db), db);
    for (int i = 0; i < COUNT_OF(tables); i++)
        load(db, tables[i], &all[i]);
    sqlite3_close(db);

    snprintf(path, sizeof path, "%s/bare.db", folder);
    snprintf(url, sizeof url, "sqlite:%s", path);
    if (!db_open(url, NULL, &pool, &err) || !migrate(pool, &applied, &err))
        exit(1);
    db_close(pool);
    must(sqlite3_open(path, &db), db);
    must(sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; "
                          "PRAGMA cache_size=-65536; PRAGMA secure_delete=FAST; PRAGMA wal_autocheckpoint=10000; "
                          "INSERT INTO channel_accounts VALUES (77, 'kaspi', 'Kaspi', '', 'live', 'active', '', '{}', 0, '', NULL, '', "
                          "'', NULL, 1, 1, 1)", NULL, NULL, NULL), db);
    for (int i = 0; i < COUNT_OF(tables); i++)
        prepare(db, tables[i], &all[i]);

    double start = bench_now();
    for (int b = 0; b < batches; b++) {
        must(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), db);
        for (int i = 0; i < COUNT_OF(tables); i++)
            insert(db, &all[i], (int)((int64_t)all[i].rows * b / batches), (int)((int64_t)all[i].rows * (b + 1) / batches));
        must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), db);
    }
    double took = bench_now() - start;
    for (int i = 0; i < COUNT_OF(tables); i++)
        sqlite3_finalize(all[i].insert);
    sqlite3_close(db);
    return took;
}
