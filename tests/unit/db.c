/* db.c - what the database layer promises, the same on both stores: rows, errors, transactions, many threads. */
#include "db_ground.h"

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

/* --- rows that are gathered ------------------------------------------------------------------------------------------ */

struct gathering { int64_t from; int count; bool twice, reads, refuses; int64_t seen; int went_on; };

static bool gather_one(struct db *db, int64_t id, struct err *err)
{
    char name[40];                                       /* gone before the row is written */
    int  len = snprintf(name, sizeof name, "gathered (%lld, $1) '", (long long)id);
    CLEANUP(stmt_done) struct stmt st = db_insert(db, &SQL[Q_ADD]);
    bind_int(&st, 1, id);
    bind_text(&st, 2, (str){ name, (size_t)len });
    bind_int(&st, 4, id * 2);
    if (id % 2)
        bind_bytes(&st, 6, STR("\0\xff"));
    bool ok = db_exec(&st, err);
    memset(name, 'x', sizeof name);
    return ok;
}

static bool gather(struct db *db, void *ctx, struct err *err)
{
    struct gathering *g = ctx;
    for (int i = 1; i <= g->count; i++)
        if (!gather_one(db, g->from + i, err))
            return false;
    if (g->twice && !gather_one(db, 1, err))
        return false;
    if (g->reads) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_COUNT]);
        g->seen = db_row(&st) ? col_int(&st, 0) : -1;
        if (!db_ok(&st, err))
            return false;
        g->went_on++;
    }
    return !g->refuses || err_set(err, ERR_ACTION_REFUSED, "", "no");
}

static void gathered_rows_are_written_before_anybody_looks(void **state)
{
    static const int counts[] = { 1, 2, 3, 31, 32, 33, 100, 1000 };
    struct db_pool *pool = open_store(state);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    int64_t rows = 0;
    for (int i = 0; i < COUNT_OF(counts); i++) {
        struct gathering g = { .from = rows, .count = counts[i], .reads = i % 2 };
        struct err err = { 0 };
        int64_t before = db_statements(db);
        rows += counts[i];
        assert_done(db_tx(db, gather, &g, &err), err);
        assert_int_equal(db_statements(db) - before, counts[i] + i % 2);
        assert_int_equal(g.seen, i % 2 ? rows : 0);
        assert_int_equal(number(db, &SQL[Q_COUNT]), rows);
        assert_int_equal(number(db, &SQL[Q_SUM]), rows * (rows + 1));
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_GET]);
        CLEANUP(arena_done) struct arena a = { 0 };
        bind_int(&st, 1, rows);
        assert_true(db_row(&st));
        char name[40];
        snprintf(name, sizeof name, "gathered (%lld, $1) '", (long long)rows);
        assert_true(str_is(col_text(&st, 1), name));
        assert_true(col_bool(&st, 6));
        assert_int_equal(col_bytes(&st, 5, &a).len, rows % 2 ? 2 : 0);
        assert_int_equal(col_is_null(&st, 5), rows % 2 == 0);
        assert_done(db_ok(&st, &err), err);
    }
    db_release(&db);
    db_close(pool);
}

static void a_gathered_row_that_is_refused_undoes_all_of_it(void **state)
{
    struct db_pool *pool = open_store(state);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    for (int i = 0; i < 6; i++) {
        struct gathering g = { .count = 1 + i * 20, .twice = i < 4, .reads = i & 1, .refuses = i >= 4 };
        struct err err = { 0 };
        assert_false(db_tx(db, gather, &g, &err));
        assert_int_equal(err.code, i < 4 ? ERR_DB_CONFLICT : ERR_ACTION_REFUSED);
        if (i < 4)
            assert_non_null(strstr(err.trail, "test.add"));
        assert_int_equal(g.went_on, i == 5);
        assert_int_equal(number(db, &SQL[Q_COUNT]), 0);
    }
    struct gathering g = { .count = 5 };                 /* nothing of the failed ones is left waiting */
    struct err err = { 0 };
    assert_done(db_tx(db, gather, &g, &err), err);
    assert_int_equal(number(db, &SQL[Q_COUNT]), 5);
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

struct clash { const char *url; int tries; };
static bool clash_work(struct db *db, void *ctx, struct err *err)
{
    struct clash *c = ctx;
    number(db, &SQL[Q_SUM]);
    if (++c->tries < 3)
        elsewhere(c->url, "UPDATE things SET price = price + 10 WHERE id = 1");
    return bump(db, NULL, err);
}

static void a_lost_race_is_run_again(void **state)
{
    struct test_store *store = *state;
    struct db_pool *pool = open_store(state);
    if (db_is_postgres(pool)) {                          /* on SQLite there is one writer and no race to lose */
        CLEANUP(db_release) struct db *db = db_borrow(pool);
        struct clash c = { .url = store->url };
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
        cmocka_unit_test(gathered_rows_are_written_before_anybody_looks),
        cmocka_unit_test(a_gathered_row_that_is_refused_undoes_all_of_it),
        cmocka_unit_test(writing_outside_a_transaction_is_refused),
        cmocka_unit_test(a_busy_transaction_is_tried_five_times_at_most),
        cmocka_unit_test(a_lost_race_is_run_again),
        cmocka_unit_test(a_transaction_inside_another_fails_all_of_it),
        cmocka_unit_test(after_commit_runs_in_order_once_it_is_durable),
        cmocka_unit_test(many_threads_write_and_failing_works_harm_nobody),
        cmocka_unit_test(a_counter_under_contention_counts_each_success_once),
    };
    return test_stores(tests, COUNT_OF(tests));
}
