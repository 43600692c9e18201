#include "support/pg.h"
#include "base/clock.h"
#include <ftw.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool admin_run(const char *base, const char *text)
{
    PGconn *conn = PQconnectdb(base);
    PGresult *r  = PQexec(conn, text);
    bool ok      = PQresultStatus(r) == PGRES_COMMAND_OK;
    if (!ok)
        fprintf(stderr, "%s: %s\n", text, PQerrorMessage(conn));
    PQclear(r);
    PQfinish(conn);
    return ok;
}

const char *pg_test_url(void)
{
    static char url[256];
    static int  count;
    const char *base = getenv("SAUDA_TEST_PG");
    if (!base || !*base)
        return NULL;
    char name[64], text[160];
    snprintf(name, sizeof name, "t_%d_%d_%lx", (int)getpid(), ++count, (unsigned long)clock_tick_ns() & 0xffffff);
    snprintf(text, sizeof text, "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8' STRATEGY wal_log", name);
    if (!admin_run(base, text))
        return NULL;
    /* The base address names the database "postgres" as its path; ours takes that place. */
    const char *path = strstr(base, "/postgres?");
    if (!path)
        return NULL;
    snprintf(url, sizeof url, "%.*s/%s%s", (int)(path - base), base, name, path + strlen("/postgres"));
    return url;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}

bool test_store_init(struct test_store *s, bool postgres)
{
    const char *tmp = getenv("TMPDIR");
    *s = (struct test_store){ .name = postgres ? "postgres" : "sqlite", .is_postgres = postgres };
    snprintf(s->folder, sizeof s->folder, "%.80s/sauda-test-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(s->folder))
        return false;
    if (!postgres) {
        snprintf(s->url, sizeof s->url, "sqlite:%s/shop.db", s->folder);
        return true;
    }
    const char *url = pg_test_url();
    if (!url)
        rmdir(s->folder);
    else
        snprintf(s->url, sizeof s->url, "%s", url);
    return url != NULL;
}

void test_store_done(struct test_store *s)
{
    if (s->is_postgres) {
        const char *from = strrchr(s->url, '/') + 1;
        while (strncmp(from, "t_", 2) != 0 && from > s->url)
            from--;
        char text[160];
        snprintf(text, sizeof text, "DROP DATABASE IF EXISTS %.*s WITH (FORCE)", (int)strcspn(from, "?"), from);
        admin_run(getenv("SAUDA_TEST_PG"), text);
    }
    nftw(s->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

struct db_pool *test_store_open(const struct test_store *s)
{
    struct err err = { 0 };
    struct db_pool *pool = NULL;
    if (!db_open(s->url, NULL, &pool, &err))
        fail_msg("%s: %s (%s)", s->url, err.item[0].text, err.trail);
    return pool;
}

static int setup(void **state, bool postgres)
{
    struct test_store *s = malloc(sizeof *s);
    if (!s || !test_store_init(s, postgres)) {
        free(s);
        return -1;
    }
    *state = s;
    return 0;
}
static int setup_sqlite(void **state) { return setup(state, false); }
static int setup_postgres(void **state) { return setup(state, true); }

static int teardown(void **state)
{
    test_store_done(*state);
    free(*state);
    return 0;
}

static int run(const char *store, const struct CMUnitTest *tests, size_t count, bool postgres)
{
    struct CMUnitTest *all = calloc(count, sizeof *all);
    if (!all)
        return 1;
    for (size_t i = 0; i < count; i++) {
        all[i] = tests[i];
        all[i].setup_func    = postgres ? setup_postgres : setup_sqlite;
        all[i].teardown_func = teardown;
    }
    int failed = _cmocka_run_group_tests(store, all, count, NULL, NULL);
    free(all);
    return failed;
}

int test_stores_(const struct CMUnitTest *tests, size_t count)
{
    int failed = run("on SQLite", tests, count, false);
    if (getenv("SAUDA_DB_TWICE"))
        return failed;                                      /* PostgreSQL repeats works by itself when they meet */
    const char *base = getenv("SAUDA_TEST_PG");
    if (base && *base)
        return failed + run("on PostgreSQL", tests, count, true);
    fputs("SKIPPED: on PostgreSQL, for SAUDA_TEST_PG is not set (run under tests/support/with-postgres.sh)\n", stderr);
    return failed;
}
