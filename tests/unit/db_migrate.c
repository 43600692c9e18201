/* db_migrate.c - migrations, and the one text that is made two. */
#include "db_ground.h"

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

/* Two versions side by side: what the newer one adds is said to work with the older one, which starts, is ready, and writes. */
static void an_older_program_works_on_what_is_said_to_work_with_it(void **state)
{
    static const struct migration release[] = {
        { 1, "0001_one", STR_INIT("CREATE TABLE one (id BIGINT PRIMARY KEY);\n") },
        { 2, "0002_two", STR_INIT("CREATE TABLE two (id BIGINT PRIMARY KEY);\n") },
        { 3, "0003_added", STR_INIT("-- A column more.\n-- works with 0002\nALTER TABLE one ADD COLUMN note TEXT NOT NULL DEFAULT '';\n") },
        { 4, "0004_taken", STR_INIT("DROP TABLE two;\n") },
    };
    static const struct sql all = { "test.all", "SELECT * FROM one ORDER BY id" };
    struct db_pool *pool = test_store_open(*state);
    struct err      err  = { 0 };
    enum schema_fit fit;
    bool            parts;
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    assert_done(migrate_set(pool, release, 2, NULL, &err), err);
    assert_int_equal(number(db, &(struct sql){ "test.count", "SELECT count(*) FROM one" }), 0);
    assert_done(migrate_set_look(db, release, 3, &fit, &parts, &err), err);
    assert_int_equal(fit, SCHEMA_OLDER);
    assert_false(parts);                                 /* the second version may come while the first works */
    assert_done(migrate_set(pool, release, 3, NULL, &err), err);
    assert_done(migrate_set(pool, release, 2, NULL, &err), err);                 /* the first starts once more */
    assert_done(migrate_set_look(db, release, 2, &fit, &parts, &err), err);
    assert_int_equal(fit, SCHEMA_FITS);
    assert_false(migrate_set(pool, release, 1, NULL, &err));                     /* the one before it does not */
    assert_int_equal(err.code, ERR_STORE_NEWER);
    err_clear(&err);
    {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &all);
        assert_false(db_row(&st));
        assert_done(db_ok(&st, &err), err);
    }
    assert_done(migrate_set_look(db, release, 4, &fit, &parts, &err), err);
    assert_true(parts);                                  /* but not the third beside the second */
    assert_done(migrate_set(pool, release, 4, NULL, &err), err);
    assert_done(migrate_set_look(db, release, 3, &fit, &parts, &err), err);
    assert_int_equal(fit, SCHEMA_NEWER);
    assert_false(migrate_set(pool, release, 3, NULL, &err));
    assert_int_equal(err.code, ERR_STORE_NEWER);
    db_release(&db);
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
        cmocka_unit_test(another_program_that_comes_and_goes_leaves_the_log_alone),
        cmocka_unit_test(migrations_are_applied_once_and_in_whole),
        cmocka_unit_test(a_newer_or_edited_database_is_refused),
        cmocka_unit_test(an_older_program_works_on_what_is_said_to_work_with_it),
        cmocka_unit_test(our_own_migrations_apply_from_empty),
        cmocka_unit_test(a_statement_outlives_a_change_of_its_table),
        cmocka_unit_test(table_endings_and_types_are_translated),
    };
    return test_stores(tests, COUNT_OF(tests));
}
