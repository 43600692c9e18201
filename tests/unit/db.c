/* db.c - what the database layer promises, the same on both stores. */
#include "support/pg.h"
#include "base/buf.h"
#include "db/migrate_driver.h"
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { Q_ADD, Q_GET, Q_ALL, Q_COUNT, Q_SUM, Q_IDS, Q_NAMES, Q_BUMP, Q_UPSERT, Q_CHILD, Q_NONSENSE, Q_KILL, Q_SEQ };
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
    [Q_KILL]     = { "test.kill", "SELECT 0", /* only PostgreSQL has other connections to end */
                     "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity "
                     "WHERE datname = current_database() AND pid <> pg_backend_pid()" },
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

static struct db_pool *open_store(void **state)
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

static bool add(struct db *db, int64_t id, str name, int64_t price, struct err *err)
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

static int64_t number(struct db *db, const struct sql *sql)
{
    struct err err = { 0 };
    CLEANUP(stmt_done) struct stmt st = db_query(db, sql);
    int64_t n = db_row(&st) ? col_int(&st, 0) : -1;
    assert_done(db_ok(&st, &err), err);
    return n;
}

struct many { int64_t from; int count; };
static bool add_many(struct db *db, void *ctx, struct err *err)
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

static void fill(struct db *db, int64_t from, int count)
{
    struct err err = { 0 };
    struct many m = { from, count };
    assert_done(db_tx(db, add_many, &m, &err), err);
}

/* --- rows ------------------------------------------------------------------------------------------------------------ */

static bool add_full(struct db *db, void *ctx, struct err *err)
{
    (void)ctx;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ADD]);
    bind_id(&st, 1, (rid){ INT64_MAX });
    bind_text(&st, 2, STR("Қазақша «чай» 'quoted' \\ \""));
    bind_instant(&st, 3, (instant){ -5 });
    bind_amount(&st, 4, (amount){ INT64_MIN });
    bind_text(&st, 5, (str){ 0 });
    bind_bytes(&st, 6, STR("\0\xff\1bytes\0"));
    return db_exec(&st, err);
}

static void values_come_back_as_they_went_in(void **state)
{
    struct db_pool *pool = open_store(state);
    struct err err = { 0 };
    CLEANUP(arena_done) struct arena arena = { 0 };
    {
        CLEANUP(db_release) struct db *db = db_borrow(pool);
        assert_done(db_tx(db, add_full, NULL, &err), err);
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_GET]);
        bind_id(&st, 1, (rid){ INT64_MAX });
        assert_true(db_row(&st));
        assert_int_equal(db_columns(&st), 7);
        assert_string_equal(db_column(&st, 2), "price");
        assert_int_equal(col_id(&st, 0).v, INT64_MAX);
        assert_true(str_eq(col_text(&st, 1), STR("Қазақша «чай» 'quoted' \\ \"")));
        assert_int_equal(col_amount(&st, 2).minor, INT64_MIN);
        assert_int_equal(col_instant(&st, 3).ms, -5);
        assert_false(col_is_null(&st, 4));               /* empty text is not NULL */
        assert_int_equal(col_text(&st, 4).len, 0);
        assert_true(str_eq(col_bytes(&st, 5, &arena), STR("\0\xff\1bytes\0")));
        assert_false(col_bool(&st, 6));
        assert_true(str_eq(col_text_copy(&st, 0, &arena), STR("9223372036854775807")));
        assert_false(db_row(&st));
        assert_done(db_ok(&st, &err), err);
    }
    db_close(pool);
}

static bool add_empty(struct db *db, void *ctx, struct err *err)
{
    (void)ctx;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ADD]);
    bind_int(&st, 1, 1);
    bind_text(&st, 2, STR("empty"));
    bind_instant(&st, 3, (instant){ 0 });
    bind_bool(&st, 4, true);
    bind_text_or_null(&st, 5, (str){ 0 });
    return db_exec(&st, err);                            /* 6 was never bound */
}

static void what_is_not_set_is_null(void **state)
{
    struct db_pool *pool = open_store(state);
    struct err err = { 0 };
    CLEANUP(arena_done) struct arena arena = { 0 };
    {
        CLEANUP(db_release) struct db *db = db_borrow(pool);
        assert_done(db_tx(db, add_full, NULL, &err), err);
        assert_done(db_tx(db, add_empty, NULL, &err), err);
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_GET]);
        bind_int(&st, 1, 1);
        assert_true(db_row(&st));
        assert_true(col_is_null(&st, 3) && col_is_null(&st, 4) && col_is_null(&st, 5));
        assert_int_equal(col_instant(&st, 3).ms, 0);
        assert_int_equal(col_text(&st, 4).len, 0);
        assert_int_equal(col_bytes(&st, 5, &arena).len, 0);
        assert_true(col_bool(&st, 6) && col_bool(&st, 2));
        assert_done(db_ok(&st, &err), err);
    }
    db_close(pool);
}

static void lists_of_any_length_are_one_parameter(void **state)
{
    struct db_pool *pool = open_store(state);
    struct err err = { 0 };
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    fill(db, 1, 3000);
    static const struct { int count; int64_t least; int found; } cases[] = { { 0, 0, 0 }, { 1, 0, 1 }, { 2500, 0, 2500 }, { 2500, 2001, 500 } };
    rid ids[2500];
    for (int i = 0; i < COUNT_OF(ids); i++)
        ids[i].v = COUNT_OF(ids) - i;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_IDS]);
        bind_int(&st, 1, cases[i].least);
        bind_ids(&st, 2, ids + COUNT_OF(ids) - (cases[i].count ? cases[i].count : 0), cases[i].count);
        int found = 0;
        while (db_row(&st))
            found++;
        assert_done(db_ok(&st, &err), err);
        assert_int_equal(found, cases[i].found);
    }
    const str names[] = { STR("thing 7"), STR("it's \"\\\n\t\x01 Ә"), STR("thing 2999"), STR("") };
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NAMES]);
    bind_texts(&st, 1, names, COUNT_OF(names));
    assert_true(db_row(&st));
    assert_int_equal(col_int(&st, 0), 7);
    assert_true(db_row(&st));
    assert_int_equal(col_int(&st, 0), 2999);
    assert_false(db_row(&st));
    assert_done(db_ok(&st, &err), err);
    stmt_done(&st);
    db_release(&db);
    db_close(pool);
}

static void the_greatest_of_many_rows_are_kept_greatest_first(void **state)
{
    struct db_pool *pool = open_store(state);
    struct err err = { 0 };
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    fill(db, 1, 50);
    for (int max = 0; max <= 60; max += 20) {
        int64_t kept[60];
        int     want = max < 50 ? max : 50;
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ALL]);
        assert_int_equal(db_greatest(&st, kept, max), want);
        assert_done(db_ok(&st, &err), err);
        for (int i = 0; i < want; i++)
            assert_int_equal(kept[i], 50 - i);
    }
    db_release(&db);
    db_close(pool);
}

static void a_statement_may_run_inside_itself(void **state)
{
    struct db_pool *pool = open_store(state);
    struct err err = { 0 };
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    fill(db, 1, 20);
    int pairs = 0;
    for (int round = 0; round < 2; round++) {
        CLEANUP(stmt_done) struct stmt outer = db_query(db, &SQL[Q_ALL]);
        while (db_row(&outer)) {
            int64_t id = col_int(&outer, 0);
            CLEANUP(stmt_done) struct stmt inner = db_query(db, &SQL[Q_ALL]);
            for (int i = 0; i < 5 && db_row(&inner); i++)
                pairs++;
            assert_done(db_ok(&inner, &err), err);
            assert_int_equal(col_int(&outer, 0), id);
        }
        assert_done(db_ok(&outer, &err), err);
    }
    assert_int_equal(pairs, 200);
    assert_int_equal(db_statements(db), 20 + 2 * 21);
    db_release(&db);
    db_close(pool);
}

static void texts_made_at_run_time_are_kept_up_to_a_bound(void **state)
{
    struct db_pool *pool = open_store(state);
    struct err err = { 0 };
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    fill(db, 1, 3);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 700; i++) {
            char text[64];
            int len = snprintf(text, sizeof text, "SELECT %d + id FROM things WHERE id = $1", i);
            CLEANUP(stmt_done) struct stmt st = db_query_text(db, "test.made", (str){ text, (size_t)len });
            bind_int(&st, 1, 2);
            assert_true(db_row(&st));
            assert_int_equal(col_int(&st, 0), i + 2);
            assert_done(db_ok(&st, &err), err);
        }
    db_release(&db);
    db_close(pool);
}

/* --- errors ---------------------------------------------------------------------------------------------------------- */

static bool add_twice(struct db *db, void *ctx, struct err *err)
{
    int *went_on = ctx;
    if (!add(db, 1, STR("one"), 1, err) || !add(db, 1, STR("again"), 1, err))
        return false;                                    /* SQLite says it here, PostgreSQL at the commit */
    ++*went_on;
    return true;
}

static bool add_twice_and_read(struct db *db, void *ctx, struct err *err)
{
    int *went_on = ctx;
    if (!add(db, 1, STR("one"), 1, err) || !add(db, 1, STR("again"), 1, err))
        return false;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_COUNT]);
    *went_on += db_row(&st);
    return db_ok(&st, err);
}

static void an_error_of_a_statement_without_rows_is_never_lost(void **state)
{
    struct db_pool *pool = open_store(state);
    bool postgres = db_is_postgres(pool);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    int went_on = 0;
    struct err err = { 0 };
    assert_false(db_tx(db, add_twice, &went_on, &err));
    assert_int_equal(err.code, ERR_DB_CONFLICT);
    assert_int_equal(went_on, postgres ? 1 : 0);
    assert_non_null(strstr(err.trail, "test.add"));
    went_on = 0;
    err_clear(&err);
    assert_false(db_tx(db, add_twice_and_read, &went_on, &err));
    assert_int_equal(err.code, ERR_DB_CONFLICT);
    assert_int_equal(went_on, 0);
    assert_non_null(strstr(err.trail, "test.add"));
    assert_int_equal(number(db, &SQL[Q_COUNT]), 0);      /* the connection is usable, and nothing stayed */
    fill(db, 1, 1);
    assert_int_equal(number(db, &SQL[Q_COUNT]), 1);
    db_release(&db);
    db_close(pool);
}

static bool add_orphan(struct db *db, void *ctx, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_CHILD]);
    bind_int(&st, 1, 1);
    bind_int(&st, 2, 404);
    *(int *)ctx += db_row(&st);
    return db_ok(&st, err);
}

static void a_missing_parent_is_a_conflict(void **state)
{
    struct db_pool *pool = open_store(state);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    struct err err = { 0 };
    int rows = 0;
    assert_false(db_tx(db, add_orphan, &rows, &err));
    assert_int_equal(err.code, ERR_DB_CONFLICT);
    db_release(&db);
    db_close(pool);
}

static void a_wrong_statement_says_its_name_and_can_be_tried_again(void **state)
{
    struct db_pool *pool = open_store(state);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    for (int i = 0; i < 2; i++) {
        struct err err = { 0 };
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_NONSENSE]);
        assert_false(db_row(&st));
        assert_false(db_ok(&st, &err));
        assert_int_equal(err.code, ERR_DB);
        assert_non_null(strstr(err.trail, "test.nonsense"));
    }
    db_release(&db);
    db_close(pool);
}

static void writing_outside_a_transaction_is_refused(void **state)
{
    struct db_pool *pool = open_store(state);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    struct err err = { 0 };
    assert_false(add(db, 1, STR("one"), 1, &err));
    assert_int_equal(err.code, ERR_INTERNAL);
    assert_int_equal(number(db, &SQL[Q_COUNT]), 0);
    db_release(&db);
    db_close(pool);
}

/* --- transactions ---------------------------------------------------------------------------------------------------- */

struct busy { int tries, succeed_at; };
static bool busy_work(struct db *db, void *ctx, struct err *err)
{
    struct busy *b = ctx;
    b->tries++;
    if (!add(db, 1, STR("one"), 1, err))
        return false;
    if (b->tries < b->succeed_at)
        return err_set(err, ERR_DB_BUSY, "", "forced");
    return true;
}

static void a_busy_transaction_is_tried_five_times_at_most(void **state)
{
    struct db_pool *pool = open_store(state);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    struct busy never = { 0, 99 }, third = { 0, 3 };
    struct err err = { 0 };
    assert_false(db_tx(db, busy_work, &never, &err));
    assert_int_equal(err.code, ERR_DB_BUSY);
    assert_int_equal(never.tries, 5);
    assert_int_equal(number(db, &SQL[Q_COUNT]), 0);
    err_clear(&err);
    assert_done(db_tx(db, busy_work, &third, &err), err);
    assert_int_equal(third.tries, 3);
    assert_int_equal(number(db, &SQL[Q_COUNT]), 1);
    db_release(&db);
    db_close(pool);
}

static bool bump(struct db *db, void *ctx, struct err *err)
{
    (void)ctx;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BUMP]);
    bind_int(&st, 1, 1);
    bind_int(&st, 2, 10);
    return db_exec(&st, err);
}

struct clash { struct db *other; int tries; };
static bool clash_work(struct db *db, void *ctx, struct err *err)
{
    struct clash *c = ctx;
    number(db, &SQL[Q_SUM]);
    if (++c->tries < 3 && !db_tx(c->other, bump, NULL, err))
        return false;
    return bump(db, NULL, err);
}

static void a_lost_race_is_run_again(void **state)
{
    struct db_pool *pool = open_store(state);
    if (db_is_postgres(pool)) {                          /* on SQLite there is one writer and no race to lose */
        CLEANUP(db_release) struct db *db = db_borrow(pool);
        CLEANUP(db_release) struct db *other = db_borrow(pool);
        struct clash c = { .other = other };
        struct err err = { 0 };
        fill(db, 1, 1);
        assert_done(db_tx(db, clash_work, &c, &err), err);
        assert_int_equal(c.tries, 3);
        assert_int_equal(number(db, &SQL[Q_SUM]), 1 + 3 * 10);
    }
    db_close(pool);
}

struct inner { bool outer_says; };
static bool inner_fails(struct db *db, void *ctx, struct err *err)
{
    (void)ctx;
    return add(db, 2, STR("two"), 1, err) && err_set(err, ERR_ACTION_REFUSED, "", "no");
}
static bool outer_work(struct db *db, void *ctx, struct err *err)
{
    const struct inner *i = ctx;
    assert_true(db_in_tx(db));
    if (!add(db, 1, STR("one"), 1, err))
        return false;
    bool ok = db_tx(db, inner_fails, NULL, err);
    return ok || i->outer_says;
}

static void a_transaction_inside_another_fails_all_of_it(void **state)
{
    struct db_pool *pool = open_store(state);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    for (int says = 0; says < 2; says++) {
        struct inner i = { .outer_says = says };
        struct err err = { 0 };
        assert_false(db_tx(db, outer_work, &i, &err));
        assert_int_equal(err.code, ERR_ACTION_REFUSED);
        assert_false(db_in_tx(db));
        assert_int_equal(number(db, &SQL[Q_COUNT]), 0);
    }
    db_release(&db);
    db_close(pool);
}

struct steps { struct db_pool *pool; int order[8]; int count, next; bool fails; int64_t seen; };
static void step_one(void *ctx)
{
    struct steps *s = ctx;
    s->order[s->count++] = 1;
    CLEANUP(db_release) struct db *db = db_borrow(s->pool);
    s->seen = number(db, &SQL[Q_COUNT]);
}
static void step_two(void *ctx) { struct steps *s = ctx; s->order[s->count++] = 2; }
static bool steps_work(struct db *db, void *ctx, struct err *err)
{
    struct steps *s = ctx;
    db_after_commit(db, step_one, s);
    if (!add(db, s->next, STR("one"), 1, err))
        return false;
    db_after_commit(db, step_two, s);
    if (s->fails)
        return err_set(err, ERR_ACTION_REFUSED, "", "no");
    return true;
}

static void after_commit_runs_in_order_once_it_is_durable(void **state)
{
    struct db_pool *pool = open_store(state);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    struct err err = { 0 };
    struct steps s = { .pool = pool, .next = 1, .fails = true };
    assert_false(db_tx(db, steps_work, &s, &err));
    assert_int_equal(s.count, 0);
    s.fails = false;
    err_clear(&err);
    assert_done(db_tx(db, steps_work, &s, &err), err);
    assert_int_equal(s.count, 2);
    assert_true(s.order[0] == 1 && s.order[1] == 2);
    assert_int_equal(s.seen, 1);
    db_release(&db);
    db_close(pool);
}

/* --- many threads ---------------------------------------------------------------------------------------------------- */

#define THREADS  16
#define WORKS    40
struct worker { struct db_pool *pool; int number; _Atomic int *after; int refused, done; };

static void count_after(void *ctx) { ++*(_Atomic int *)ctx; }

struct one { int64_t id; bool fails; _Atomic int *after; int64_t seen; };
static bool one_work(struct db *db, void *ctx, struct err *err)
{
    struct one *o = ctx;
    struct many m = { o->id, 1 };
    if (!add_many(db, &m, err))
        return false;
    db_after_commit(db, count_after, o->after);
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_GET]);
    bind_int(&st, 1, o->id);
    o->seen = db_row(&st) ? col_int(&st, 0) : -1;
    if (!db_ok(&st, err))
        return false;
    return !o->fails || err_set(err, ERR_ACTION_REFUSED, "", "refused %lld", (long long)o->id);
}

static void *worker_main(void *arg)
{
    struct worker *w = arg;
    for (int i = 0; i < WORKS; i++) {
        CLEANUP(db_release) struct db *db = db_borrow(w->pool);
        struct one o   = { .id = w->number * 1000 + i + 1, .fails = i % 5 == 4, .after = w->after };
        struct err err = { 0 };
        bool ok = db_tx(db, one_work, &o, &err);
        if (!ok && !o.fails)
            fprintf(stderr, "%d: %s (%s)\n", i, err.item[0].text, err.trail);
        w->done    += ok && !o.fails && o.seen == o.id && db_statements(db) >= 2;
        w->refused += !ok && o.fails && err.code == ERR_ACTION_REFUSED;
    }
    return NULL;
}

static void many_threads_write_and_failing_works_harm_nobody(void **state)
{
    struct db_pool *pool = open_store(state);
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    _Atomic int after = 0;
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ .pool = pool, .number = i, .after = &after };
        assert_int_equal(pthread_create(&threads[i], NULL, worker_main, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(workers[i].refused, WORKS / 5);
        assert_int_equal(workers[i].done, WORKS - WORKS / 5);
    }
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    assert_int_equal(number(db, &SQL[Q_COUNT]), THREADS * (WORKS - WORKS / 5));
    assert_int_equal(after, THREADS * (WORKS - WORKS / 5));
    db_release(&db);
    db_close(pool);
}

static bool upsert_work(struct db *db, void *ctx, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_UPSERT]);
    bind_int(&st, 1, 1);
    bind_text(&st, 2, STR("counter"));
    if (db_row(&st))
        *(int64_t *)ctx = col_int(&st, 0);
    return db_ok(&st, err);
}

static void *counter_main(void *arg)
{
    struct worker *w = arg;
    for (int i = 0; i < WORKS; i++) {
        CLEANUP(db_release) struct db *db = db_borrow(w->pool);
        struct err err = { 0 };
        int64_t value  = 0;
        w->done    += db_tx(db, upsert_work, &value, &err);
        w->refused += err.code == ERR_DB_BUSY;
    }
    return NULL;
}

static void a_counter_under_contention_counts_each_success_once(void **state)
{
    struct test_store *store = *state;
    struct db_pool *pool = open_store(state);
    db_close(pool);
    struct err err = { 0 };
    assert_done(db_open(store->url, &(struct db_options){ .readers = 3 }, &pool, &err), err);   /* fewer than threads: they wait */
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    int done = 0;
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ .pool = pool };
        assert_int_equal(pthread_create(&threads[i], NULL, counter_main, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        done += workers[i].done;
        assert_int_equal(workers[i].done + workers[i].refused, WORKS);
    }
    assert_true(done > 0);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    assert_int_equal(number(db, &SQL[Q_SUM]), done);
    db_release(&db);
    db_close(pool);
}

/* --- backup, failures of the world ------------------------------------------------------------------------------------- */

struct writer { struct db_pool *pool; _Atomic bool stop; _Atomic int written; };
static void *pairs_main(void *arg)
{
    struct writer *w = arg;
    CLEANUP(db_release) struct db *db = db_borrow(w->pool);
    for (int64_t id = 1; !w->stop && id < 100000; id += 2) {
        fill(db, id, 2);                                 /* two rows a transaction: a copy holds an even number */
        w->written++;
    }
    return NULL;
}

static void a_backup_taken_while_writing_is_whole(void **state)
{
    struct test_store *store = *state;
    struct db_pool *pool = open_store(state), *copy = NULL;
    struct err err = { 0 };
    char path[200], url[220];
    snprintf(path, sizeof path, "%s/copy.db", store->folder);
    snprintf(url, sizeof url, "sqlite:%s", path);
    if (db_is_postgres(pool)) {
        assert_false(db_backup(pool, path, &err));
        assert_int_equal(err.code, ERR_SETTING);
        db_close(pool);
        return;
    }
    struct writer w = { .pool = pool };
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, pairs_main, &w), 0);
    while (w.written < 20)
        sched_yield();
    assert_done(db_backup(pool, path, &err), err);
    assert_done(db_backup(pool, path, &err), err);       /* over the first one */
    w.stop = true;
    pthread_join(thread, NULL);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_done(db_open(url, &(struct db_options){ .readers = 1 }, &copy, &err), err);
    CLEANUP(db_release) struct db *db = db_borrow(copy);
    int64_t rows = number(db, &SQL[Q_COUNT]);
    assert_true(rows >= 40 && rows % 2 == 0);
    db_release(&db);
    db_close(copy);
    assert_false(db_backup(pool, "/nowhere/at/all.db", &err));
    assert_int_equal(err.code, ERR_FILE);
    db_close(pool);
}

static bool kill_others(struct db *db, void *ctx, struct err *err)
{
    (void)ctx;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_KILL]);
    while (db_row(&st))
        ;
    return db_ok(&st, err);
}

struct lost { struct db *other; int tries; };
static bool lost_work(struct db *db, void *ctx, struct err *err)
{
    struct lost *l = ctx;
    number(db, &SQL[Q_SUM]);
    if (++l->tries == 1 && !db_tx(l->other, kill_others, NULL, err))
        return false;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_COUNT]);
    while (db_row(&st))
        ;
    return db_ok(&st, err) && bump(db, NULL, err);
}

static void a_lost_connection_is_made_again(void **state)
{
    struct db_pool *pool = open_store(state);
    if (!db_is_postgres(pool)) {
        db_close(pool);
        return;
    }
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    CLEANUP(db_release) struct db *other = db_borrow(pool);
    struct err err = { 0 };
    fill(db, 1, 1);
    assert_int_equal(number(db, &SQL[Q_SUM]), 1);
    assert_done(db_tx(other, kill_others, NULL, &err), err);
    assert_int_equal(number(db, &SQL[Q_SUM]), 1);        /* a read: sent again */
    assert_done(db_tx(other, kill_others, NULL, &err), err);
    assert_done(db_tx(db, bump, NULL, &err), err);       /* noticed before the transaction begins */
    struct lost l = { .other = other };
    assert_done(db_tx(db, lost_work, &l, &err), err);    /* lost in the middle: begun again */
    assert_int_equal(l.tries, 2);
    assert_int_equal(number(db, &SQL[Q_SUM]), 21);
    db_release(&other);
    db_release(&db);
    db_close(pool);
}

static bool shrink(struct db *db, void *ctx, struct err *err)
{
    (void)ctx;
    static const struct sql limit = { "test.limit", "PRAGMA max_page_count = 20" };
    CLEANUP(stmt_done) struct stmt st = db_query(db, &limit);
    while (db_row(&st))
        ;
    return db_ok(&st, err);
}

static void a_full_disk_has_its_own_code_and_loses_nothing(void **state)
{
    struct db_pool *pool = open_store(state);
    if (db_is_postgres(pool)) {
        db_close(pool);
        return;
    }
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    struct err err = { 0 };
    struct many few = { 1, 10 }, lots = { 100, 20000 };
    assert_done(db_tx(db, shrink, NULL, &err), err);
    assert_done(db_tx(db, add_many, &few, &err), err);
    assert_false(db_tx(db, add_many, &lots, &err));
    assert_int_equal(err.code, ERR_DB_FULL);
    few.from = 50;
    err_clear(&err);
    assert_done(db_tx(db, add_many, &few, &err), err);
    assert_int_equal(number(db, &SQL[Q_COUNT]), 20);
    db_release(&db);
    db_close(pool);
}

static bool add_late_orphan(struct db *db, void *ctx, struct err *err)
{
    (void)ctx;
    static const struct sql late = { "test.late", "INSERT INTO children (id, thing_id, late_id) VALUES ($1, 1, 404)" };
    CLEANUP(stmt_done) struct stmt st = db_query(db, &late);
    bind_int(&st, 1, 7);
    return db_exec(&st, err);
}

static void a_deferred_key_fails_its_author(void **state)
{
    struct db_pool *pool = open_store(state);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    struct err err = { 0 };
    fill(db, 1, 1);
    assert_false(db_tx(db, add_late_orphan, NULL, &err));
    assert_int_equal(err.code, ERR_DB_CONFLICT);
    fill(db, 2, 1);
    db_release(&db);
    db_close(pool);
}

static void a_file_that_is_no_database_is_named(void **state)
{
    struct test_store *store = *state;
    if (store->is_postgres)
        return;
    char path[200], url[220];
    snprintf(path, sizeof path, "%s/letter.txt", store->folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    for (int i = 0; i < 200; i++)
        fputs("Dear customer, this is not a database at all. ", f);
    fclose(f);
    static const struct { const char *url; enum err_code code; const char *says; } cases[] = {
        { "sqlite:%s/letter.txt", ERR_FILE, "is not a database" },
        { "sqlite:%s", ERR_FILE, "irectory" },
        { "sqlite:%s/letter.txt/shop.db", ERR_FILE, "" },
        { "mysql:%s", ERR_SETTING, "must be sqlite:FILE" },
        { "postgresql:///nothing?host=%s", ERR_DB_DOWN, "" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct db_pool *pool = NULL;
        struct err err = { 0 };
        const char *gap = strstr(cases[i].url, "%s");
        snprintf(url, sizeof url, "%.*s%s%s", (int)(gap - cases[i].url), cases[i].url, store->folder, gap + 2);
        assert_false(db_open(url, NULL, &pool, &err));
        assert_null(pool);
        assert_int_equal(err.code, cases[i].code);
        assert_non_null(strstr(err.item[0].text, cases[i].says));
    }
}

static void a_new_file_and_its_folder_belong_to_us_alone(void **state)
{
    struct test_store *store = *state;
    if (store->is_postgres)
        return;
    char path[200], url[220];
    snprintf(path, sizeof path, "%s/a/b/shop.db", store->folder);
    snprintf(url, sizeof url, "sqlite:%s", path);
    struct db_pool *pool = NULL;
    struct err err = { 0 };
    assert_done(db_open(url, NULL, &pool, &err), err);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    db_close(pool);
    *strrchr(path, '/') = 0;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
}

/* --- migrations ---------------------------------------------------------------------------------------------------------- */

static const struct migration later[] = {
    { 1, "0001_one", STR_INIT("CREATE TABLE one (id BIGINT PRIMARY KEY, bytes BYTES); -- BYTES; stay in a comment\n") },
    { 2, "0002_two", STR_INIT("-- only sqlite\nCREATE VIRTUAL TABLE words USING fts5 (text);\nCREATE TABLE which (name TEXT);\n"
                              "INSERT INTO which (name) VALUES ('sqlite; BIGINT');\n"
                              "-- only postgres\nCREATE TABLE which (name TEXT);\nINSERT INTO which (name) VALUES ('postgres; BIGINT');\n"
                              "-- both\nCREATE TABLE both_have (a BIGINT, b TEXT, PRIMARY KEY (a, b)) WITHOUT ROWID;\n"
                              "CREATE INDEX both_b ON both_have (b);\n") },
    { 3, "0003_bad", STR_INIT("CREATE TABLE half (id BIGINT);\nCREATE TABLE one (id BIGINT);\n") },
};
static const struct migration edited[] = {
    { 1, "0001_one", STR_INIT("CREATE TABLE one (id BIGINT PRIMARY KEY);\n") },
    { 2, "0002_two", STR_INIT("CREATE TABLE two (id BIGINT PRIMARY KEY);\n") },
};
static const struct migration good[] = { { 3, "0003_good", STR_INIT("CREATE TABLE half (id BIGINT);\n") } };

static int version(struct db_pool *pool)
{
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    struct err err = { 0 };
    int n = -1;
    assert_done(migrate_version(db, &n, &err), err);
    return n;
}

/* Its process begins before anything is open here, so that it knows nothing of our connections. */
static void another_program_that_comes_and_goes_leaves_the_log_alone(void **state)
{
    struct test_store *store = *state;
    int   go[2], status;
    char  word = 0, log_path[300];
    if (store->is_postgres)                              /* it has no such log */
        return;
    assert_int_equal(pipe(go), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        struct err err = { 0 };
        struct db_pool *pool = NULL;
        bool ok = read(go[0], &word, 1) == 1 && db_open(store->url, NULL, &pool, &err);
        if (ok) {
            struct db *db = db_borrow(pool);
            ok = number(db, &SQL[Q_COUNT]) == 10;
            db_return(pool, db);
            db_close(pool);
        }
        _exit(ok ? 0 : 1);
    }
    db_close(open_store(state));
    struct db_pool *pool = test_store_open(store);
    {
        CLEANUP(db_release) struct db *db = db_borrow(pool);
        fill(db, 1, 10);
        assert_int_equal(number(db, &SQL[Q_COUNT]), 10);
        assert_int_equal(write(go[1], &word, 1), 1);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        snprintf(log_path, sizeof log_path, "%s-wal", store->url + strlen("sqlite:"));
        assert_int_equal(access(log_path, F_OK), 0);
        fill(db, 11, 10);
        assert_int_equal(number(db, &SQL[Q_COUNT]), 20);
    }
    db_close(pool);
    pool = test_store_open(store);
    {
        CLEANUP(db_release) struct db *db = db_borrow(pool);
        assert_int_equal(number(db, &SQL[Q_COUNT]), 20);
    }
    db_close(pool);
    close(go[0]);
    close(go[1]);
}

static void migrations_are_applied_once_and_in_whole(void **state)
{
    static const struct sql which = { "test.which", "SELECT count(*) FROM which WHERE name LIKE '%; BIGINT'" };
    struct db_pool *pool = test_store_open(*state);
    struct err err = { 0 };
    int applied = -1;
    assert_int_equal(version(pool), 0);
    assert_done(migrate_set(pool, later, 2, &applied, &err), err);
    assert_int_equal(applied, 2);
    assert_int_equal(version(pool), 2);
    assert_done(migrate_set(pool, later, 2, &applied, &err), err);
    assert_int_equal(applied, 0);
    assert_false(migrate_set(pool, later, 3, &applied, &err));
    assert_int_equal(version(pool), 2);
    assert_non_null(strstr(err.trail, "0003_bad"));
    struct migration mended[] = { later[0], later[1], good[0] };
    err_clear(&err);
    assert_done(migrate_set(pool, mended, 3, &applied, &err), err);   /* nothing of the bad one stayed */
    assert_int_equal(applied, 1);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    assert_int_equal(number(db, &which), 1);
    db_release(&db);
    db_close(pool);
}

static void a_newer_or_edited_database_is_refused(void **state)
{
    struct db_pool *pool = test_store_open(*state);
    struct err err = { 0 };
    assert_done(migrate_set(pool, later, 2, NULL, &err), err);
    assert_false(migrate_set(pool, later, 1, NULL, &err));
    assert_int_equal(err.code, ERR_STORE_NEWER);
    assert_non_null(strstr(err.item[0].text, "0002_two"));
    err_clear(&err);
    assert_false(migrate_set(pool, edited, 2, NULL, &err));
    assert_int_equal(err.code, ERR_SETTING);
    assert_non_null(strstr(err.item[0].text, "0001_one"));
    assert_int_equal(version(pool), 2);
    db_close(pool);
}

static void our_own_migrations_apply_from_empty(void **state)
{
    struct db_pool *pool = test_store_open(*state);
    struct err err = { 0 };
    int applied = 0;
    assert_done(migrate(pool, &applied, &err), err);
    assert_int_equal(applied, migrations_count);
    for (int i = 1; i < migrations_count; i++)
        assert_true(migrations[i].number > migrations[i - 1].number);
    db_close(pool);
}

static bool star_work(struct db *db, void *ctx, struct err *err)
{
    static const struct sql star = { "test.star", "SELECT * FROM things" };
    CLEANUP(stmt_done) struct stmt st = db_query(db, &star);
    if (db_row(&st))
        *(int *)ctx = db_columns(&st);
    return db_ok(&st, err);
}

static void a_statement_outlives_a_change_of_its_table(void **state)
{
    const struct migration wider[] = {
        first[0], { 2, "0002_wider", STR_INIT("ALTER TABLE things ADD COLUMN extra BIGINT;") },
        { 3, "0003_wider", STR_INIT("ALTER TABLE things ADD COLUMN more BIGINT;") },
    };
    struct db_pool *pool = open_store(state);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    struct err err = { 0 };
    int columns = 0;
    fill(db, 1, 1);
    assert_done(star_work(db, &columns, &err), err);
    assert_int_equal(columns, 6);
    assert_done(db_tx(db, star_work, &columns, &err), err);
    assert_done(migrate_set(pool, wider, 2, NULL, &err), err);
    assert_done(star_work(db, &columns, &err), err);
    assert_int_equal(columns, 7);
    assert_done(migrate_set(pool, wider, 3, NULL, &err), err);
    assert_done(db_tx(db, star_work, &columns, &err), err);
    assert_int_equal(columns, 8);
    db_release(&db);
    db_close(pool);
}

static void table_endings_and_types_are_translated(void **state)
{
    (void)state;
    static const struct { str in, sqlite, postgres; } cases[] = {
        { STR_INIT("CREATE TABLE a (b BIGINT, c BYTES);"), STR_INIT("CREATE TABLE a (b INTEGER, c BLOB) STRICT;\n"),
          STR_INIT("CREATE TABLE a (b BIGINT, c BYTEA);\n") },
        { STR_INIT("CREATE TABLE a (b TEXT CHECK (b IN ('BIGINT', 'x;y'))) WITHOUT ROWID;"),
          STR_INIT("CREATE TABLE a (b TEXT CHECK (b IN ('BIGINT', 'x;y')))   STRICT, WITHOUT ROWID;\n"),
          STR_INIT("CREATE TABLE a (b TEXT CHECK (b IN ('BIGINT', 'x;y')))  ;\n") },
        { STR_INIT("CREATE TABLE a (b TEXT CHECK (b IN ('x', 'a, (b)',\n 'y')), c BIGINT CHECK (c IN (1, 2, 3)));"),
          STR_INIT("CREATE TABLE a (b TEXT CHECK (b = 'x' OR b = 'a, (b)' OR b = 'y'), c INTEGER CHECK (c = 1 OR c = 2 OR c = 3)) STRICT;\n"),
          STR_INIT("CREATE TABLE a (b TEXT CHECK (b IN ('x', 'a, (b)',\n 'y')), c BIGINT CHECK (c IN (1, 2, 3)));\n") },
        { STR_INIT("CREATE TABLE a (b TEXT CHECK (b IN ('x', 'y', lower('z')) OR b = ''));"),
          STR_INIT("CREATE TABLE a (b TEXT CHECK (b IN ('x', 'y', lower('z')) OR b = '')) STRICT;\n"),
          STR_INIT("CREATE TABLE a (b TEXT CHECK (b IN ('x', 'y', lower('z')) OR b = ''));\n") },
        { STR_INIT("CREATE INDEX i ON a (CAST(b AS BIGINT));"), STR_INIT("CREATE INDEX i ON a (CAST(b AS INTEGER));\n"),
          STR_INIT("CREATE INDEX i ON a (CAST(b AS BIGINT));\n") },
        { STR_INIT("/* a; CREATE TABLE */ CREATE TABLE \"BIGINT\" (x BIGINT)"),
          STR_INIT("/* a; CREATE TABLE */ CREATE TABLE \"BIGINT\" (x INTEGER)\n STRICT"),
          STR_INIT("/* a; CREATE TABLE */ CREATE TABLE \"BIGINT\" (x BIGINT)\n") },
        { STR_INIT("a\n-- only sqlite\nb\n-- only postgres\nc\n-- both\nd"), STR_INIT("a\n-- only sqlite\nb\n\n\n-- both\nd\n"),
          STR_INIT("a\n\n\n-- only postgres\nc\n-- both\nd\n") },
    };
    CLEANUP(arena_done) struct arena arena = { 0 };
    for (int i = 0; i < COUNT_OF(cases); i++)
        for (int postgres = 0; postgres < 2; postgres++) {
            str got  = migrate_text(&arena, cases[i].in, postgres);
            str want = postgres ? cases[i].postgres : cases[i].sqlite;
            if (!str_eq(got, want))
                fail_msg("case %d: <%.*s> instead of <%.*s>", i, STR_ARG(got), STR_ARG(want));
        }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_come_back_as_they_went_in),
        cmocka_unit_test(what_is_not_set_is_null),
        cmocka_unit_test(lists_of_any_length_are_one_parameter),
        cmocka_unit_test(the_greatest_of_many_rows_are_kept_greatest_first),
        cmocka_unit_test(a_statement_may_run_inside_itself),
        cmocka_unit_test(texts_made_at_run_time_are_kept_up_to_a_bound),
        cmocka_unit_test(an_error_of_a_statement_without_rows_is_never_lost),
        cmocka_unit_test(a_missing_parent_is_a_conflict),
        cmocka_unit_test(a_wrong_statement_says_its_name_and_can_be_tried_again),
        cmocka_unit_test(writing_outside_a_transaction_is_refused),
        cmocka_unit_test(a_busy_transaction_is_tried_five_times_at_most),
        cmocka_unit_test(a_lost_race_is_run_again),
        cmocka_unit_test(a_transaction_inside_another_fails_all_of_it),
        cmocka_unit_test(after_commit_runs_in_order_once_it_is_durable),
        cmocka_unit_test(many_threads_write_and_failing_works_harm_nobody),
        cmocka_unit_test(a_counter_under_contention_counts_each_success_once),
        cmocka_unit_test(a_backup_taken_while_writing_is_whole),
        cmocka_unit_test(a_lost_connection_is_made_again),
        cmocka_unit_test(a_full_disk_has_its_own_code_and_loses_nothing),
        cmocka_unit_test(a_deferred_key_fails_its_author),
        cmocka_unit_test(a_file_that_is_no_database_is_named),
        cmocka_unit_test(a_new_file_and_its_folder_belong_to_us_alone),
        cmocka_unit_test(another_program_that_comes_and_goes_leaves_the_log_alone),
        cmocka_unit_test(migrations_are_applied_once_and_in_whole),
        cmocka_unit_test(a_newer_or_edited_database_is_refused),
        cmocka_unit_test(our_own_migrations_apply_from_empty),
        cmocka_unit_test(a_statement_outlives_a_change_of_its_table),
        cmocka_unit_test(table_endings_and_types_are_translated),
    };
    return test_stores(tests, COUNT_OF(tests));
}
