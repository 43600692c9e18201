/* servers.c - several servers of one database: numbers that differ, words that reach the others, shared limits. */
#include "support/pg.h"

#include "app/servers.h"
#include "app/servers_store.h"
#include "base/secret.h"
#include "db/migrate.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define assert_done(call, err) \
    do { \
        if (!(call)) \
            fail_msg("%s: %s (%s)", #call, (err).item[0].text, (err).trail); \
    } while (0)

struct seen { int servers, lost; };
static void counted(void *ctx, int servers) { ((struct seen *)ctx)->servers = servers; }
static void lost(void *ctx) { ((struct seen *)ctx)->lost++; }

struct ground {
    struct db_pool *pool;
    struct clock    clock;
    struct log      log;
};

static void ground_open(struct ground *g, const struct test_store *store)
{
    struct err err = { 0 };
    int        applied;
    *g = (struct ground){ .log = { .fd = -1 } };
    g->log.clock = &g->clock;
    clock_freeze(&g->clock, (instant){ INT64_C(1790000000000) });
    g->pool = test_store_open(store);
    assert_done(migrate(g->pool, &applied, &err), err);
}

static struct servers *joined(struct ground *g, struct id_source *ids, struct seen *seen)
{
    struct err             err = { 0 };
    struct servers        *s   = NULL;
    struct servers_options o   = { .pool = g->pool, .ids = ids, .clock = &g->clock, .log = &g->log, .host = "host", .address = ":1", .crowded = true, .count = counted,
                                   .lost = lost, .ctx = seen };
    assert_done(servers_join(&o, &s, &err), err);
    return s;
}

static void each_server_gets_a_number_of_its_own_and_a_clean_end_gives_it_back(void **state)
{
    const struct test_store *store = *state;
    struct ground    g;
    struct id_source ids[3] = { 0 };
    struct seen      seen[3] = { 0 };
    struct err       err = { 0 };
    ground_open(&g, store);
    struct servers *a = joined(&g, &ids[0], &seen[0]), *b = joined(&g, &ids[1], &seen[1]);
    if (!store->is_postgres) {                           /* one server, nothing to lease */
        assert_null(a);
        assert_null(b);
        db_close(g.pool);
        return;
    }
    assert_int_equal(ids[0].node, 0);
    assert_int_equal(ids[1].node, 1);
    assert_int_equal(seen[1].servers, 2);
    assert_done(servers_renew(a, &err), err);
    assert_int_equal(seen[0].servers, 2);
    servers_leave(a);
    assert_done(servers_renew(b, &err), err);
    assert_int_equal(seen[1].servers, 1);
    struct servers *c = joined(&g, &ids[2], &seen[2]);
    assert_int_equal(ids[2].node, 0);
    servers_leave(b);
    servers_leave(c);
    db_close(g.pool);
}

static bool forget_tx(struct db *db, void *ctx, struct err *err)
{
    (void)ctx;
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "test.forget", STR("DELETE FROM schema_migrations WHERE number > 21"));
    return db_exec(&st, err);
}

/* As a newer program finds it whose migrations are not made for servers that know none of them. */
static void a_database_is_not_changed_under_servers_that_could_not_go_on(void **state)
{
    const struct test_store *store = *state;
    struct ground    g;
    struct id_source ids  = { 0 };
    struct seen      seen = { 0 };
    struct err       err  = { 0 };
    ground_open(&g, store);
    struct servers *at_work = joined(&g, &ids, &seen);
    assert_done(servers_let_migrate(g.pool, clock_now(&g.clock), &err), err);       /* nothing is missing */
    struct db *db = db_borrow(g.pool);
    assert_done(db_tx(db, forget_tx, NULL, &err), err);
    db_release(&db);
    if (store->is_postgres) {
        assert_false(servers_let_migrate(g.pool, clock_now(&g.clock), &err));
        assert_non_null(strstr(err.item[0].text, "1 server of an older version works on this database"));
        err_clear(&err);
    }
    servers_leave(at_work);
    assert_done(servers_let_migrate(g.pool, clock_now(&g.clock), &err), err);
    db_close(g.pool);
}

/* It died without a word: no longer counted after a minute, its number left alone for an hour, for it may only have been asleep. */
static void a_silent_server_keeps_its_number_for_an_hour_and_stops_when_it_wakes_too_late(void **state)
{
    const struct test_store *store = *state;
    struct ground    g;
    struct id_source ids[3] = { 0 };
    struct seen      seen[3] = { 0 };
    struct err       err = { 0 };
    ground_open(&g, store);
    if (!store->is_postgres) {
        db_close(g.pool);
        return;
    }
    struct servers *asleep = joined(&g, &ids[0], &seen[0]);
    clock_advance(&g.clock, 2 * MINUTE_MS);
    struct servers *second = joined(&g, &ids[1], &seen[1]);
    assert_int_equal(ids[1].node, 1);
    assert_int_equal(seen[1].servers, 1);
    assert_done(servers_renew(asleep, &err), err);       /* in time */
    assert_int_equal(seen[0].lost, 0);
    assert_int_equal(seen[0].servers, 2);

    struct servers *many[SERVER_NODES] = { NULL };
    struct id_source more[SERVER_NODES] = { 0 };
    struct seen      noticed = { 0 };
    for (int i = 2; i < SERVER_NODES; i++)
        many[i] = joined(&g, &more[i], &noticed);
    struct servers_options o = { .pool = g.pool, .ids = &ids[2], .clock = &g.clock, .log = &g.log, .host = "host", .address = ":1", .crowded = true, .count = counted,
                                 .lost = lost, .ctx = &seen[2] };
    struct servers *none = NULL;
    assert_false(servers_join(&o, &none, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    err = (struct err){ 0 };
    clock_advance(&g.clock, 62 * MINUTE_MS);
    assert_done(servers_renew(second, &err), err);
    struct servers *late = joined(&g, &ids[2], &seen[2]);
    assert_int_equal(ids[2].node, 0);
    assert_done(servers_renew(asleep, &err), err);
    assert_int_equal(seen[0].lost, 1);
    assert_done(servers_renew(late, &err), err);
    assert_int_equal(seen[2].lost, 0);
    for (int i = 2; i < SERVER_NODES; i++)
        servers_leave(many[i]);
    servers_leave(asleep);                               /* leaves what is another's by now alone */
    assert_done(servers_renew(late, &err), err);
    assert_int_equal(seen[2].lost, 0);
    servers_leave(second);
    servers_leave(late);
    db_close(g.pool);
}

/* A server that is killed over and over would else use up all numbers within the hour. */
static void a_number_of_a_program_that_died_here_is_given_on_at_once(void **state)
{
    const struct test_store *store = *state;
    struct ground    g;
    struct id_source ids[2] = { 0 };
    struct seen      seen[2] = { 0 };
    if (!store->is_postgres)
        return;
    for (int i = 0; i < 3; i++) {
        int   status;
        pid_t child = fork();
        assert_true(child >= 0);
        if (!child) {
            ground_open(&g, store);
            struct servers *s = joined(&g, &ids[0], &seen[0]);
            _exit(s && ids[0].node == 0 ? 7 : 1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    }
    ground_open(&g, store);
    struct servers *s = joined(&g, &ids[0], &seen[0]), *beside = joined(&g, &ids[1], &seen[1]);
    assert_int_equal(ids[0].node, 0);
    assert_int_equal(ids[1].node, 1);
    servers_leave(s);
    servers_leave(beside);
    db_close(g.pool);
}

/* ---- words ---- */

struct ear {
    pthread_mutex_t lock;
    pthread_cond_t  heard;
    int             words[DB_WORD_COUNT];
};

static void listens(void *ctx, enum db_word word)
{
    struct ear *e = ctx;
    pthread_mutex_lock(&e->lock);
    e->words[word]++;
    pthread_cond_broadcast(&e->heard);
    pthread_mutex_unlock(&e->lock);
}

static int heard(struct ear *e, enum db_word word)
{
    pthread_mutex_lock(&e->lock);
    int n = e->words[word];
    pthread_mutex_unlock(&e->lock);
    return n;
}

static void wait_for_more(struct ear *e, enum db_word word, int than)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 60;
    pthread_mutex_lock(&e->lock);
    while (e->words[word] <= than)
        if (pthread_cond_timedwait(&e->heard, &e->lock, &until) != 0)
            fail_msg("nobody told word %d", word);
    pthread_mutex_unlock(&e->lock);
}

static void what_one_server_tells_the_others_hear_also_after_their_line_was_cut(void **state)
{
    static const struct sql cut = { "t.cut", "SELECT 0", "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() "
                                    "AND application_name = 'sauda news'" };
    const struct test_store *store = *state;
    struct err      err = { 0 };
    struct ear      mine = { .lock = PTHREAD_MUTEX_INITIALIZER, .heard = PTHREAD_COND_INITIALIZER };
    struct ear      theirs = { .lock = PTHREAD_MUTEX_INITIALIZER, .heard = PTHREAD_COND_INITIALIZER };
    struct db_pool *here = test_store_open(store), *there = store->is_postgres ? test_store_open(store) : NULL;
    if (!store->is_postgres) {                           /* nobody to tell */
        assert_done(db_on_told(here, listens, &mine, &err), err);
        db_tell_others(here, DB_WORD_SHOP);
        assert_int_equal(heard(&mine, DB_WORD_SHOP), 0);
        db_close(here);
        return;
    }
    assert_done(db_on_told(here, listens, &mine, &err), err);
    assert_done(db_on_told(there, listens, &theirs, &err), err);
    wait_for_more(&mine, DB_WORD_SHOP, 0);               /* connected: whatever was told before was missed */
    wait_for_more(&theirs, DB_WORD_SHOP, 0);
    int before = heard(&theirs, DB_WORD_SHOP), own = heard(&mine, DB_WORD_SHOP);
    db_tell_others(here, DB_WORD_SHOP);
    wait_for_more(&theirs, DB_WORD_SHOP, before);
    assert_int_equal(heard(&mine, DB_WORD_SHOP), own);   /* not told to oneself */
    {
        CLEANUP(db_release) struct db *db = db_borrow(here);
        CLEANUP(stmt_done) struct stmt st = db_query(db, &cut);
        assert_true(db_row(&st) && col_int(&st, 0) >= 2);
        assert_done(db_ok(&st, &err), err);
    }
    wait_for_more(&mine, DB_WORD_SHOP, own);             /* back again, which counts as news */
    before = heard(&theirs, DB_WORD_EVENTS);
    wait_for_more(&theirs, DB_WORD_EVENTS, before - 1);
    before = heard(&theirs, DB_WORD_SHOP);
    db_tell_others(here, DB_WORD_SHOP);
    wait_for_more(&theirs, DB_WORD_SHOP, before);
    db_news_stop(here);
    db_tell_others(here, DB_WORD_EVENTS);                /* too late, and harmless */
    db_close(here);
    db_close(there);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_server_gets_a_number_of_its_own_and_a_clean_end_gives_it_back),
        cmocka_unit_test(a_database_is_not_changed_under_servers_that_could_not_go_on),
        cmocka_unit_test(a_silent_server_keeps_its_number_for_an_hour_and_stops_when_it_wakes_too_late),
        cmocka_unit_test(a_number_of_a_program_that_died_here_is_given_on_at_once),
        cmocka_unit_test(what_one_server_tells_the_others_hear_also_after_their_line_was_cut),
    };
    struct err err = { 0 };
    if (!secret_init(&err))
        return 1;
    return test_shops(tests, COUNT_OF(tests));
}
