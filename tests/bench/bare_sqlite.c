#include "bench/bare.h"

#include "bench/bench.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

const struct bare_table bare_tables[BARE_TABLES] = {
    { "intake_events", "id" },         { "customers", "id" },           { "customer_sources", "id" },
    { "customer_keys", "customer_id" }, { "orders", "id" },              { "order_lines", "order_id" },
    { "order_history", "order_id" },   { "events", "id" },              { "order_totals", NULL },
    { "day_totals", NULL },            { "stream_cursors", NULL },
    { "identity_links", "id" },        { "identity_keys", "source_id" },
};

struct rows {
    int             columns, count, cap;
    int64_t         last;               /* largest key that was read */
    sqlite3_value **cells;
    sqlite3_stmt   *read, *insert;
};

struct bare_file {
    struct bare  base;
    sqlite3     *from, *to;
    sqlite3_stmt *begin, *commit;
    struct rows  rows[BARE_TABLES];
};

static void must(int rc, sqlite3 *db)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW) {
        fprintf(stderr, "bare sqlite: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st;
    must(sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL), db);
    return st;
}

static void rows_open(struct bare_file *b, int t)
{
    const struct bare_table *table = &bare_tables[t];
    struct rows             *r     = &b->rows[t];
    char sql[1024], largest[128];
    if (table->key)
        snprintf(sql, sizeof sql, "SELECT * FROM %s WHERE %s > ?1 ORDER BY %s", table->name, table->key, table->key);
    else
        snprintf(sql, sizeof sql, "SELECT * FROM %s", table->name);
    r->read    = prepare(b->from, sql);
    r->columns = sqlite3_column_count(r->read);
    int n = snprintf(sql, sizeof sql, "%s INTO %s VALUES (", table->key ? "INSERT" : "INSERT OR REPLACE", table->name);
    for (int i = 0; i < r->columns; i++)
        n += snprintf(sql + n, sizeof sql - (size_t)n, i ? ", ?" : "?");
    snprintf(sql + n, sizeof sql - (size_t)n, ")");
    r->insert = prepare(b->to, sql);
    if (!table->key)
        return;
    snprintf(largest, sizeof largest, "SELECT COALESCE(MAX(%s), 0) FROM %s", table->key, table->name);
    sqlite3_stmt *st = prepare(b->from, largest);
    must(sqlite3_step(st), b->from);
    r->last = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
}

static int key_column(const struct rows *r, const char *key)
{
    for (int i = 0; i < r->columns; i++)
        if (strcmp(sqlite3_column_name(r->read, i), key) == 0)
            return i;
    return 0;
}

static void rows_read(struct rows *r, const char *key)
{
    for (int i = 0; i < r->count * r->columns; i++)
        sqlite3_value_free(r->cells[i]);
    r->count  = 0;
    int at    = key ? key_column(r, key) : 0;
    if (key)
        sqlite3_bind_int64(r->read, 1, r->last);
    while (sqlite3_step(r->read) == SQLITE_ROW) {
        if (r->count == r->cap) {
            r->cap   = r->cap ? r->cap * 2 : 1024;
            r->cells = realloc(r->cells, sizeof *r->cells * (size_t)r->cap * (size_t)r->columns);
        }
        for (int i = 0; i < r->columns; i++)
            r->cells[r->count * r->columns + i] = sqlite3_value_dup(sqlite3_column_value(r->read, i));
        if (key)
            r->last = sqlite3_column_int64(r->read, at);
        r->count++;
    }
    sqlite3_reset(r->read);
}

static void file_load(struct bare *base)
{
    struct bare_file *b = (struct bare_file *)base;
    for (int t = 0; t < BARE_TABLES; t++)
        rows_read(&b->rows[t], bare_tables[t].key);
}

static void rows_insert(struct bare_file *b, struct rows *r, int from, int to)
{
    for (int k = from; k < to; k++) {
        for (int i = 0; i < r->columns; i++)
            sqlite3_bind_value(r->insert, i + 1, r->cells[k * r->columns + i]);
        must(sqlite3_step(r->insert), b->to);
        sqlite3_reset(r->insert);
    }
}

static void control(struct bare_file *b, sqlite3_stmt *st)
{
    must(sqlite3_step(st), b->to);
    sqlite3_reset(st);
}

/* The rows of the parts from..to of `parts`; counters and cursors as often as a batch has them. */
static void part_insert(struct bare_file *b, int from, int to, int parts)
{
    for (int t = 0; t < BARE_TABLES; t++) {
        struct rows *r = &b->rows[t];
        if (bare_tables[t].key)
            rows_insert(b, r, (int)((int64_t)r->count * from / parts), (int)((int64_t)r->count * to / parts));
    }
}

static void totals_insert(struct bare_file *b)
{
    for (int t = 0; t < BARE_TABLES; t++)
        if (!bare_tables[t].key)
            rows_insert(b, &b->rows[t], 0, b->rows[t].count);
}

static double file_insert(struct bare *base, int batches)
{
    struct bare_file *b     = (struct bare_file *)base;
    double            start = bench_now();
    for (int i = 0; i < batches; i++) {
        control(b, b->begin);
        part_insert(b, i, i + 1, batches);
        totals_insert(b);
        control(b, b->commit);
    }
    return bench_now() - start;
}

/* What was handed over meanwhile, in one transaction. */
static void file_commit(struct bare *base, int from, int to, int parts)
{
    struct bare_file *b = (struct bare_file *)base;
    control(b, b->begin);
    for (int i = from; i < to; i++) {
        part_insert(b, i, i + 1, parts);
        totals_insert(b);
    }
    control(b, b->commit);
}

struct bare *bare_sqlite(const char *whole, const char *path)
{
    static const char settings[] =
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; "
        "PRAGMA cache_size=-65536; PRAGMA secure_delete=FAST; PRAGMA wal_autocheckpoint=10000;";
    struct bare_file *b = calloc(1, sizeof *b);
    b->base = (struct bare){ file_insert, file_load, file_commit };
    must(sqlite3_open(whole, &b->from), b->from);
    must(sqlite3_open(path, &b->to), b->to);
    must(sqlite3_exec(b->to, settings, NULL, NULL, NULL), b->to);
    b->begin  = prepare(b->to, "BEGIN IMMEDIATE");
    b->commit = prepare(b->to, "COMMIT");
    for (int t = 0; t < BARE_TABLES; t++)
        rows_open(b, t);
    return &b->base;
}
