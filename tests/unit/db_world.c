/* db_world.c - backups, and what the world does to a database: lines that break, disks that fill, other programs. */
#include "db_ground.h"

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

static const char kill_others[] = "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity "
                                  "WHERE datname = current_database() AND pid <> pg_backend_pid()";

struct lost { const char *url; int tries; };
static bool lost_work(struct db *db, void *ctx, struct err *err)
{
    struct lost *l = ctx;
    number(db, &SQL[Q_SUM]);
    if (++l->tries == 1)
        elsewhere(l->url, kill_others);
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_COUNT]);
    while (db_row(&st))
        ;
    return db_ok(&st, err) && bump(db, NULL, err);
}

static void a_lost_connection_is_made_again(void **state)
{
    struct test_store *store = *state;
    struct db_pool *pool = open_store(state);
    if (!db_is_postgres(pool)) {
        db_close(pool);
        return;
    }
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    struct err err = { 0 };
    fill(db, 1, 1);
    assert_int_equal(number(db, &SQL[Q_SUM]), 1);
    elsewhere(store->url, kill_others);
    assert_int_equal(number(db, &SQL[Q_SUM]), 1);        /* a read: sent again */
    elsewhere(store->url, kill_others);
    assert_done(db_tx(db, bump, NULL, &err), err);       /* noticed before the transaction begins */
    struct lost l = { .url = store->url };
    assert_done(db_tx(db, lost_work, &l, &err), err);    /* lost in the middle: begun again */
    assert_int_equal(l.tries, 2);
    assert_int_equal(number(db, &SQL[Q_SUM]), 21);
    db_release(&db);
    db_close(pool);
}

/* --- several servers ------------------------------------------------------------------------------------------------- */

#define BUMPERS 6
#define BUMPS   30
struct bumper { struct db_pool *pool; int tries, refused; };
struct bump_one { struct bumper *bumper; bool refuses; };
static bool bump_work(struct db *db, void *ctx, struct err *err)
{
    const struct bump_one *one = ctx;
    one->bumper->tries++;
    number(db, &SQL[Q_SUM]);                             /* what it does depends on what it has read */
    return bump(db, NULL, err) && (!one->refuses || err_set(err, ERR_ACTION_REFUSED, "", "no"));
}

static void *bumper_main(void *arg)
{
    struct bumper *b = arg;
    CLEANUP(db_release) struct db *db = db_borrow(b->pool);
    for (int i = 0; i < BUMPS; i++) {
        struct bump_one one = { b, i % 10 == 9 };
        struct err err = { 0 };
        bool ok = db_tx(db, bump_work, &one, &err);
        assert_int_equal(ok, !one.refuses);
        b->refused += err.code == ERR_ACTION_REFUSED;
    }
    return NULL;
}

/* All write to one row, having read it. Nobody is sent back to begin again, and who refuses loses his own work only. */
static void servers_of_one_database_take_turns(void **state)
{
    struct db_pool *pools[2] = { open_store(state), NULL };
    if (db_is_postgres(pools[0])) {
        struct bumper bumpers[BUMPERS];
        pthread_t     threads[BUMPERS];
        CLEANUP(db_release) struct db *db = db_borrow(pools[0]);
        fill(db, 1, 1);
        pools[1] = test_store_open(*state);
        for (int i = 0; i < BUMPERS; i++) {
            bumpers[i] = (struct bumper){ .pool = pools[i % 2] };
            assert_int_equal(pthread_create(&threads[i], NULL, bumper_main, &bumpers[i]), 0);
        }
        for (int i = 0; i < BUMPERS; i++) {
            pthread_join(threads[i], NULL);
            assert_int_equal(bumpers[i].tries, BUMPS);
            assert_int_equal(bumpers[i].refused, BUMPS / 10);
        }
        assert_int_equal(number(db, &SQL[Q_SUM]), 1 + 10 * BUMPERS * (BUMPS - BUMPS / 10));
        db_release(&db);
        db_close(pools[1]);
    }
    db_close(pools[0]);
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

/* An error after a moment, behind which as much is sent as fits between us and the server, and a little more. */
static bool fail_behind(struct db *db, void *ctx, struct err *err)
{
    static const struct sql late = { "test.late", "SELECT 1 / length(CAST(pg_sleep(0.05) AS TEXT))" }, filler = { "test.filler", "SELECT length($1)" },
                            last = { "test.last", "SELECT 1" };
    const int  *kib = ctx;
    static char text[1024];
    memset(text, 'x', sizeof text);
    CLEANUP(stmt_done) struct stmt late_one = db_query(db, &late);
    if (!db_exec(&late_one, err))
        return false;
    for (int i = 0; i < *kib; i++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &filler);
        bind_text(&st, 1, (str){ text, sizeof text });
        if (!db_exec(&st, err))
            return false;
    }
    CLEANUP(stmt_done) struct stmt st = db_query(db, &last);
    (void)db_row(&st);
    return db_ok(&st, err);
}

/* Whatever is under way when an error comes: it is heard, and the connection lives. */
static void an_error_that_comes_while_much_is_being_sent_is_heard(void **state)
{
    struct db_pool *pool = open_store(state);
    if (!db_is_postgres(pool)) {
        db_close(pool);
        return;
    }
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    alarm(100);                                          /* not to be heard means to wait for ever */
    for (int kib = 80; kib < 480; kib += 12) {
        struct err err = { 0 };
        assert_false(db_tx(db, fail_behind, &kib, &err));
        assert_int_equal(err.code, ERR_DB);
    }
    alarm(0);
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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backup_taken_while_writing_is_whole),
        cmocka_unit_test(a_lost_connection_is_made_again),
        cmocka_unit_test(servers_of_one_database_take_turns),
        cmocka_unit_test(a_full_disk_has_its_own_code_and_loses_nothing),
        cmocka_unit_test(an_error_that_comes_while_much_is_being_sent_is_heard),
        cmocka_unit_test(a_deferred_key_fails_its_author),
        cmocka_unit_test(a_file_that_is_no_database_is_named),
        cmocka_unit_test(a_new_file_and_its_folder_belong_to_us_alone),
    };
    return test_stores(tests, COUNT_OF(tests));
}
