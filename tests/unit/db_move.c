/* db_move.c - a shop goes from one store to another, row by row, also when it is broken off on the way. */
#include "db_ground.h"

#include "base/secret.h"
#include "db/move.h"

enum { M_USER, M_SESSION, M_PAYLOAD, M_EVENT, M_USERS, M_SESSIONS, M_PAYLOADS, M_SAME_PAYLOADS, M_EVENTS, M_SEEDS, M_RENAME };
static const struct sql MOVED[] = {
    [M_USER]     = { "t.user", "INSERT INTO users (id, login, name, password_hash, roles, accounts, state, language, time_zone, theme, density, "
                     "hold_s, keys_off, last_seen_at, version, created_at, updated_at) "
                     "VALUES ($1, $2, 'Әйгерім «Ә»', '', 'manager', '', 'active', 'kk', '', 'light', 'cozy', 5, 0, NULL, 1, 10, 10)" },
    [M_SESSION]  = { "t.session", "INSERT INTO sessions (id, digest, user_id, csrf, created_at, last_seen_at, expires_at, address, agent) "
                     "VALUES ($1, $2, 1, '', 1, 1, 9223372036854775807, '', '')" },
    [M_PAYLOAD]  = { "t.payload", "INSERT INTO intake_events (id, account_id, stream, event_key, external_id, order_id, state, tries, problem_code, "
                     "problem, status_key, received_at, payload) VALUES ($1, 7, '', $2, '', NULL, 'applied', 0, '', '', '', $1, $3)" },
    [M_EVENT]    = { "t.event", "INSERT INTO events (at, kind, account_id, entity_id, data) VALUES (7, 'order.changed', NULL, $1, '{}') RETURNING id" },
    [M_USERS]    = { "t.users", "SELECT count(*) FROM users WHERE name = 'Әйгерім «Ә»' AND last_seen_at IS NULL" },
    [M_SESSIONS] = { "t.sessions", "SELECT count(*) FROM sessions WHERE expires_at = 9223372036854775807" },
    [M_PAYLOADS] = { "t.payloads", "SELECT count(*) FROM intake_events" },
    [M_SAME_PAYLOADS] = { "t.same", "SELECT count(*) FROM intake_events WHERE payload = $1" },
    [M_EVENTS]   = { "t.events", "SELECT MAX(id) FROM events" },
    [M_SEEDS] = { "t.seeds", "SELECT count(*) FROM return_reason_map" },
    [M_RENAME]   = { "t.rename", "UPDATE users SET name = 'another' WHERE id = 2" },
};
static const char *const shop[] = { "users", "orders", NULL };
#define PAYLOADS 1203                   /* more than two batches */
#define PAYLOAD  "{\"имя\":\"Ұлы 🌷\",\"q\":\"'; DROP TABLE users; --\"}"

static bool add_text(struct db *db, int which, int64_t id, str text, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &MOVED[which]);
    bind_int(&st, 1, id);
    bind_text(&st, 2, text);
    if (which == M_PAYLOAD)
        bind_text(&st, 3, STR(PAYLOAD));
    return db_exec(&st, err);
}

static bool add_event(struct db *db, int64_t *id, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &MOVED[M_EVENT]);
    bind_int(&st, 1, 5);
    *id = db_row(&st) ? col_int(&st, 0) : 0;
    return db_ok(&st, err);
}

static bool make_shop(struct db *db, void *ctx, struct err *err)
{
    int64_t id;
    char    word[32];
    (void)ctx;
    for (int64_t i = 1; i <= 3; i++) {
        snprintf(word, sizeof word, "user-%lld", (long long)i);
        if (!add_text(db, M_USER, i, str_of(word), err) || !add_text(db, M_SESSION, 100 + i, str_of(word), err) || !add_event(db, &id, err))
            return false;
    }
    for (int64_t i = 0; i < PAYLOADS; i++) {
        snprintf(word, sizeof word, "key %lld", (long long)i);
        if (!add_text(db, M_PAYLOAD, i * 7, str_of(word), err))
            return false;
    }
    return true;
}

static bool one_event(struct db *db, void *ctx, struct err *err) { return add_event(db, ctx, err); }

static bool rename_one(struct db *db, void *ctx, struct err *err)
{
    (void)ctx;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &MOVED[M_RENAME]);
    return db_exec(&st, err);
}

static struct db_pool *opened(const char *url)
{
    struct err      err  = { 0 };
    struct db_pool *pool = NULL;
    assert_done(db_open(url, NULL, &pool, &err), err);
    return pool;
}

static void fill_shop(struct db_pool *pool)
{
    struct err err = { 0 };
    int        applied;
    assert_done(migrate(pool, &applied, &err), err);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    assert_done(db_tx(db, make_shop, NULL, &err), err);
}

static int64_t same_payloads(struct db *db)
{
    struct err err = { 0 };
    CLEANUP(stmt_done) struct stmt st = db_query(db, &MOVED[M_SAME_PAYLOADS]);
    bind_text(&st, 1, STR(PAYLOAD));
    int64_t n = db_row(&st) ? col_int(&st, 0) : -1;
    assert_done(db_ok(&st, &err), err);
    return n;
}

static void assert_shop(struct db_pool *pool, int64_t seeds)
{
    struct err err = { 0 };
    int        applied;
    int64_t    id = 0;
    assert_done(migrate(pool, &applied, &err), err);
    assert_int_equal(applied, 0);
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    assert_int_equal(number(db, &MOVED[M_USERS]), 3);
    assert_int_equal(number(db, &MOVED[M_SESSIONS]), 3);
    assert_int_equal(number(db, &MOVED[M_PAYLOADS]), PAYLOADS);
    assert_int_equal(same_payloads(db), PAYLOADS);
    assert_int_equal(number(db, &MOVED[M_SEEDS]), seeds);         /* no seeds of the target beside those that came */
    int64_t last = number(db, &MOVED[M_EVENTS]);
    assert_done(db_tx(db, one_event, &id, &err), err);
    assert_int_equal(id, last + 1);                                     /* the counter goes on behind what came */
}

static int64_t seeds_of(struct db_pool *pool)
{
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    return number(db, &MOVED[M_SEEDS]);
}

/* A file of its own beside the store of the test. */
static void file_url(const struct test_store *store, const char *name, char *into, size_t room)
{
    snprintf(into, room, "sqlite:%s/%s", store->folder, name);
}

/* PostgreSQL: all indexes and keys in words; a move puts them away and makes them again. */
static char *shape_text(const struct test_store *store)
{
    if (!store->is_postgres)
        return strdup("");
    PGconn   *conn = PQconnectdb(store->url);
    PGresult *r    = PQexec(conn, "SELECT string_agg(line, E'\\n' ORDER BY line) FROM (SELECT pg_get_indexdef(indexrelid) AS line FROM pg_index i "
                                  "JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'public'::regnamespace UNION ALL "
                                  "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint "
                                  "WHERE connamespace = 'public'::regnamespace) AS lines");
    assert_int_equal(PQresultStatus(r), PGRES_TUPLES_OK);
    char *text = strdup(PQgetvalue(r, 0, 0));
    assert_true(strlen(text) > 1000);
    PQclear(r);
    PQfinish(conn);
    return text;
}

static void a_whole_shop_comes_over_and_goes_back(void **state)
{
    struct test_store *store = *state;
    struct err err = { 0 };
    char   there[300], back[300];
    file_url(store, "there.db", there, sizeof there);
    file_url(store, "back.db", back, sizeof back);
    struct db_pool *from = test_store_open(store), *to = opened(there);
    fill_shop(from);
    int64_t seeds = seeds_of(from);
    assert_true(seeds > 0);
    assert_done(db_move(from, to, shop, NULL, &err), err);
    assert_shop(to, seeds);
    db_close(from);
    db_close(to);

    /* The other way round: from a file into the store of the test, emptied. */
    test_store_done(store);
    assert_true(test_store_init(store, store->is_postgres));
    file_url(store, "again.db", there, sizeof there);
    from = opened(there);
    to   = test_store_open(store);
    fill_shop(from);
    int applied;
    assert_done(migrate(to, &applied, &err), err);
    char *before = shape_text(store);
    assert_done(db_move(from, to, shop, NULL, &err), err);
    assert_shop(to, seeds);
    char *after = shape_text(store);
    assert_string_equal(before, after);
    free(before);
    free(after);
    db_close(from);
    db_close(to);
}

static void a_target_with_a_shop_is_refused_and_stays_as_it_is(void **state)
{
    struct test_store *store = *state;
    struct err err = { 0 };
    char   url[300];
    file_url(store, "from.db", url, sizeof url);
    struct db_pool *from = opened(url), *to = test_store_open(store);
    fill_shop(from);
    fill_shop(to);
    int64_t seeds = seeds_of(to);
    assert_false(db_move(from, to, shop, NULL, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_shop(to, seeds);
    db_close(from);
    db_close(to);
}

static void dies_at(void *ctx, str table, int64_t rows, bool compared)
{
    (void)rows;
    if (!compared && str_is(table, ctx))
        _exit(7);
}

/* A program that dies in the middle, without a word. */
static void move_and_die(const char *from_url, const char *to_url, char *table)
{
    int   status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        struct err        err   = { 0 };
        struct db_pool   *from  = NULL, *to = NULL;
        struct move_watch watch = { dies_at, table };
        bool ok = db_open(from_url, NULL, &from, &err) && db_open(to_url, NULL, &to, &err) && db_move(from, to, shop, &watch, &err);
        _exit(ok ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

static void broken_off_it_goes_on_and_no_server_takes_the_half(void **state)
{
    struct test_store *store = *state;
    struct err err = { 0 };
    int    applied;
    char   url[300];
    file_url(store, "whole.db", url, sizeof url);
    struct db_pool *from = opened(url);
    fill_shop(from);
    int64_t seeds = seeds_of(from);
    db_close(from);
    move_and_die(url, store->url, "intake_events");
    move_and_die(url, store->url, "users");              /* said again: what was there is passed over, and then some */

    struct db_pool *to = opened(store->url);
    assert_false(migrate(to, &applied, &err));
    assert_int_equal(err.code, ERR_SETTING);
    err  = (struct err){ 0 };
    from = opened(url);
    assert_done(db_move(from, to, shop, NULL, &err), err);
    assert_shop(to, seeds);
    db_close(from);
    db_close(to);
}

struct meddler { struct db_pool *pool; };
static void renames(void *ctx, str table, int64_t rows, bool compared)
{
    struct meddler *m   = ctx;
    struct err      err = { 0 };
    (void)rows;
    if (compared || !str_is(table, "users"))
        return;
    CLEANUP(db_release) struct db *db = db_borrow(m->pool);
    assert_done(db_tx(db, rename_one, NULL, &err), err);
}

static void a_source_that_changes_meanwhile_is_noticed(void **state)
{
    struct test_store *store = *state;
    struct err err = { 0 };
    int    applied;
    char   url[300];
    file_url(store, "busy.db", url, sizeof url);
    struct db_pool   *from  = opened(url), *to = test_store_open(store);
    struct meddler    m     = { from };
    struct move_watch watch = { renames, &m };
    fill_shop(from);
    assert_false(db_move(from, to, shop, &watch, &err));
    assert_int_equal(err.code, ERR_FILE);
    assert_non_null(strstr(err.item[0].text, "users"));
    err = (struct err){ 0 };
    assert_false(migrate(to, &applied, &err));
    db_close(from);
    db_close(to);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_shop_comes_over_and_goes_back),
        cmocka_unit_test(a_target_with_a_shop_is_refused_and_stays_as_it_is),
        cmocka_unit_test(broken_off_it_goes_on_and_no_server_takes_the_half),
        cmocka_unit_test(a_source_that_changes_meanwhile_is_noticed),
    };
    struct err err = { 0 };
    if (!secret_init(&err))
        return 1;
    return test_stores(tests, COUNT_OF(tests));
}
