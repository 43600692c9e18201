/* db_ground.h - two tables and what fills them, for tests of the database layer on both stores. */
#pragma once
#include "support/pg.h"
#include "base/buf.h"
#include "db/migrate_driver.h"
#include <fcntl.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { Q_ADD, Q_GET, Q_ALL, Q_COUNT, Q_SUM, Q_IDS, Q_NAMES, Q_BUMP, Q_UPSERT, Q_CHILD, Q_NONSENSE };
static const struct sql SQL[] = {
    [Q_ADD]   = { "test.add", "INSERT INTO things (id, name, price, at, note, body) VALUES ($1, $2, $4, $3, $5, $6)" },
    [Q_GET]   = { "test.get", "SELECT id, name, price, at, note, body, at IS NULL AS never FROM things WHERE id = $1" },
    [Q_ALL]   = { "test.all", "SELECT id, name FROM things ORDER BY id" },
    [Q_COUNT] = { "test.count", "SELECT count(*) FROM things" },
    [Q_SUM]   = { "test.sum", "SELECT CAST(SUM(price) AS BIGINT) FROM things" },
    [Q_IDS]   = { "test.ids", "SELECT id FROM things WHERE id IN ({ids:$2}) AND price >= $1 ORDER BY id" },
    [Q_NAMES] = { "test.names", "SELECT id FROM things WHERE name IN ({texts:$1}) ORDER BY id" },
    [Q_BUMP]  = { "test.bump", "UPDATE things SET price = price + $2 WHERE id = $1" },
    [Q_UPSERT] = { "test.upsert", "INSERT INTO things (id, name, price) VALUES ($1, $2, 1) "
                                  "ON CONFLICT (id) DO UPDATE SET price = things.price + 1 RETURNING price" },
    [Q_CHILD]    = { "test.child", "INSERT INTO children (id, thing_id) VALUES ($1, $2) RETURNING id" },
    [Q_NONSENSE] = { "test.nonsense", "SELECT nothing FROM nowhere" },
};

static const struct migration first[] = {
    { 1, "0001_things", STR_INIT("CREATE TABLE things (\n"
                                 "    id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, price BIGINT NOT NULL,\n"
                                 "    at BIGINT, note TEXT, body BYTES\n"
                                 ");\n"
                                 "CREATE TABLE children (id BIGINT PRIMARY KEY, thing_id BIGINT NOT NULL REFERENCES things (id),\n"
                                 "    late_id BIGINT REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED);\n") },
};

/* --- helpers --------------------------------------------------------------------------------------------------------- */

static inline struct db_pool *open_store(void **state)
{
    struct db_pool *pool = test_store_open(*state);
    struct err err = { 0 };
    int applied = 0;
    if (!migrate_set(pool, first, COUNT_OF(first), &applied, &err))
        fail_msg("%s (%s)", err.item[0].text, err.trail);
    assert_int_equal(applied, 1);
    return pool;
}

#define assert_done(call, err) \
    do { \
        if (!(call)) \
            fail_msg("%s: %s (%s)", #call, (err).item[0].text, (err).trail); \
    } while (0)

static inline bool add(struct db *db, int64_t id, str name, int64_t price, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ADD]);
    bind_int(&st, 1, id);
    bind_text(&st, 2, name);
    bind_null(&st, 3);
    bind_int(&st, 4, price);
    bind_null(&st, 5);
    bind_null(&st, 6);
    return db_exec(&st, err);
}

static inline int64_t number(struct db *db, const struct sql *sql)
{
    struct err err = { 0 };
    CLEANUP(stmt_done) struct stmt st = db_query(db, sql);
    int64_t n = db_row(&st) ? col_int(&st, 0) : -1;
    assert_done(db_ok(&st, &err), err);
    return n;
}

/* PostgreSQL: what another program does meanwhile, which knows nothing of the turns that ours take. */
static inline void elsewhere(const char *url, const char *text)
{
    PGconn   *conn = PQconnectdb(url);
    PGresult *r    = PQexec(conn, text);
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", text, PQerrorMessage(conn));
    PQclear(r);
    PQfinish(conn);
}

struct many { int64_t from; int count; };
static inline bool add_many(struct db *db, void *ctx, struct err *err)
{
    const struct many *m = ctx;
    for (int64_t id = m->from; id < m->from + m->count; id++) {
        char name[32];
        int len = snprintf(name, sizeof name, "thing %lld", (long long)id);
        if (!add(db, id, (str){ name, (size_t)len }, id, err))
            return false;
    }
    return true;
}

static inline void fill(struct db *db, int64_t from, int count)
{
    struct err err = { 0 };
    struct many m = { from, count };
    assert_done(db_tx(db, add_many, &m, &err), err);
}

static inline bool bump(struct db *db, void *ctx, struct err *err)
{
    (void)ctx;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BUMP]);
    bind_int(&st, 1, 1);
    bind_int(&st, 2, 10);
    return db_exec(&st, err);
}
