/* record_ground.h - a store with an empty table of things. */
#pragma once
#include "support/pg.h"
#include "unit/record_thing.h"

#define COLUMNS(number)                                                                                      \
    "id " number " PRIMARY KEY, account_id " number " NOT NULL, owner_id " number ", name TEXT NOT NULL, "   \
    "phone TEXT NOT NULL, secret TEXT NOT NULL, search TEXT NOT NULL, "                                      \
    "colour TEXT NOT NULL CHECK (colour IN ('red', 'green', 'blue')), is_open " number " NOT NULL, "         \
    "qty " number " NOT NULL, price " number " NOT NULL, made_at " number " NOT NULL, due_at " number ", "   \
    "version " number " NOT NULL, extra TEXT"
static const struct sql make_table = {
    "test.make",
    "CREATE TABLE things (" COLUMNS("INTEGER") ") STRICT",
    "CREATE TABLE things (" COLUMNS("BIGINT") ")",       /* what the migration runner would write */
};

/* One store, one connection, one arena; what a test writes goes through run(). */
struct ground { struct db_pool *pool; struct db *db; struct arena a; struct err err; };

static inline bool table_work(struct db *db, void *ctx, struct err *err)
{
    (void)ctx;
    struct stmt st = db_query(db, &make_table);
    return db_exec(&st, err);
}

static inline void ground_init(struct ground *g, void **state)
{
    *g = (struct ground){ .pool = test_store_open(*state) };
    g->db = db_borrow(g->pool);
    assert_true(db_tx(g->db, table_work, NULL, &g->err));
}

static inline void ground_done(struct ground *g)
{
    db_return(g->pool, g->db);
    db_close(g->pool);
    arena_done(&g->a);
}

enum what { INSERT, UPDATE, DELETE };
struct change { enum what what; const struct thing *rows; int count; uint64_t set; rid id; int64_t version; };

static inline bool change_work(struct db *db, void *ctx, struct err *err)
{
    const struct change *c = ctx;
    switch (c->what) {
    case INSERT: return record_insert_many(db, &thing_record, c->rows, c->count, err);
    case UPDATE: return record_update(db, &thing_record, c->rows, c->set, err);
    case DELETE: return record_delete(db, &thing_record, c->id, c->version, err);
    }
    return false;
}

static inline bool run(struct ground *g, struct change c)
{
    err_clear(&g->err);
    return db_tx(g->db, change_work, &c, &g->err);
}

static inline uint64_t bit(const char *name)
{
    return UINT64_C(1) << (record_field(&thing_record, str_of(name)) - thing_fields);
}

static inline bool same(struct arena *a, const struct thing *x, const struct thing *y)
{
    return strcmp(thing_json(a, x, NULL), thing_json(a, y, NULL)) == 0 && str_eq(x->secret, y->secret) &&
           str_eq(x->search, y->search);
}
