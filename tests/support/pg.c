#include "support/pg.h"
#include "base/clock.h"
#include "db/migrate.h"
#include <fcntl.h>
#include <ftw.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define URL_BYTES 256

static bool run_on(PGconn *conn, const char *text)
{
    PGresult *r = PQexec(conn, text);
    bool ok     = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;
    if (!ok)
        fprintf(stderr, "%s: %s\n", text, PQerrorMessage(conn));
    PQclear(r);
    return ok;
}

static bool admin_run(const char *base, const char *text)
{
    PGconn *conn = PQconnectdb(base);
    bool ok      = run_on(conn, text);
    PQfinish(conn);
    return ok;
}

/* The base address names the database "postgres" as its path; `name` takes that place. */
static bool url_of(const char *base, const char *name, char url[static URL_BYTES])
{
    const char *path = strstr(base, "/postgres?");
    if (path)
        snprintf(url, URL_BYTES, "%.*s/%s%s", (int)(path - base), base, name, path + strlen("/postgres"));
    return path != NULL;
}

static bool fill(const char *url)
{
    struct err err = { 0 };
    struct db_pool *pool = NULL;
    bool ok = db_open(url, NULL, &pool, &err) && migrate(pool, NULL, &err);
    if (!ok)
        fprintf(stderr, "%s: %s (%s)\n", url, err.item[0].text, err.trail);
    if (pool)
        db_close(pool);
    return ok;
}

/* ---- databases of today's tables are made once and copied ---- */

/* Of all migrations: a server that outlives a build keeps the tables of both. FNV-1a. */
static unsigned long long schema_hash(void)
{
    unsigned long long h = 14695981039346656037ull;
    for (const struct migration *m = migrations; m->number; m++)
        for (size_t i = 0; i < m->text.len; i++)
            h = (h ^ (unsigned char)m->text.at[i]) * 1099511628211ull;
    return h;
}

static bool is_made(PGconn *conn, const char *name)
{
    char text[160];
    snprintf(text, sizeof text, "SELECT 1 FROM pg_database WHERE datname = '%s'", name);
    PGresult *r = PQexec(conn, text);
    bool found  = PQntuples(r) == 1;
    PQclear(r);
    return found;
}

/* One process makes it, the others wait for the lock; it gets its name when it is whole. */
static bool pg_pattern(const char *base, char name[static 64])
{
    char begun[80], text[240], url[URL_BYTES];
    PGconn *conn = PQconnectdb(base);
    snprintf(name, 64, "tables_%016llx", schema_hash());
    snprintf(begun, sizeof begun, "%s_begun", name);
    bool ok = run_on(conn, "SELECT pg_advisory_lock(20417)");
    if (ok && !is_made(conn, name)) {
        snprintf(text, sizeof text, "DROP DATABASE IF EXISTS %s WITH (FORCE)", begun);
        ok = run_on(conn, text);
        snprintf(text, sizeof text, "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8' STRATEGY file_copy", begun);
        ok = ok && run_on(conn, text) && url_of(base, begun, url) && fill(url);
        snprintf(text, sizeof text, "ALTER DATABASE %s RENAME TO %s", begun, name);
        ok = ok && run_on(conn, text);
    }
    PQfinish(conn);
    return ok;
}

static bool file_copy(const char *from, const char *to)
{
    struct stat st;
    int  in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = in >= 0 && out >= 0 && fstat(in, &st) == 0;
    for (off_t left = ok ? st.st_size : 0; ok && left > 0;) {
        ssize_t n = sendfile(out, in, NULL, (size_t)left);
        ok    = n > 0;
        left -= n;
    }
    if (in >= 0)
        close(in);
    return (out < 0 || close(out) == 0) && ok;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(path);
}
static void folder_remove(const char *path) { nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS); }

static bool folder_make(char *out, size_t size)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(out, size, "%.80s/sauda-test-XXXXXX", tmp ? tmp : "/tmp");
    return mkdtemp(out) != NULL;
}

/* Of this process: the folder goes with it. */
static char sqlite_folder[128];
static void sqlite_pattern_remove(void) { folder_remove(sqlite_folder); }
static bool sqlite_pattern(char path[static 160])
{
    char url[URL_BYTES];
    bool ready = sqlite_folder[0] != '\0';
    if (!ready && (!folder_make(sqlite_folder, sizeof sqlite_folder) || atexit(sqlite_pattern_remove) != 0))
        return false;
    snprintf(path, 160, "%s/tables.db", sqlite_folder);
    snprintf(url, sizeof url, "sqlite:%s", path);
    return ready || fill(url);
}

static const char *pg_make(bool filled)
{
    static char url[URL_BYTES];
    static int  count;
    const char *base = getenv("SAUDA_TEST_PG");
    char name[64], text[240], pattern[64] = "template0";
    if (!base || !*base || (filled && !pg_pattern(base, pattern)))
        return NULL;
    snprintf(name, sizeof name, "t_%d_%d_%lx", (int)getpid(), ++count, (unsigned long)clock_tick_ns() & 0xffffff);
    snprintf(text, sizeof text, "CREATE DATABASE %s TEMPLATE %s ENCODING 'UTF8' STRATEGY file_copy", name, pattern);
    return admin_run(base, text) && url_of(base, name, url) ? url : NULL;
}

const char *pg_test_url(void) { return pg_make(false); }

/* ---- stores ---- */

static bool store_init(struct test_store *s, bool postgres, bool filled)
{
    char pattern[160];
    *s = (struct test_store){ .name = postgres ? "postgres" : "sqlite", .is_postgres = postgres };
    if (!folder_make(s->folder, sizeof s->folder))
        return false;
    const char *url = postgres ? pg_make(filled) : "sqlite";
    bool ok = url != NULL;
    if (ok && postgres) {
        snprintf(s->url, sizeof s->url, "%s", url);
    } else if (ok) {
        snprintf(s->url, sizeof s->url, "sqlite:%s/shop.db", s->folder);
        ok = !filled || (sqlite_pattern(pattern) && file_copy(pattern, s->url + strlen("sqlite:")));
    }
    if (!ok)
        folder_remove(s->folder);
    return ok;
}

bool test_store_init(struct test_store *s, bool postgres) { return store_init(s, postgres, false); }
bool test_store_filled(struct test_store *s, bool postgres) { return store_init(s, postgres, true); }

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
    folder_remove(s->folder);
}

struct db_pool *test_store_open(const struct test_store *s)
{
    struct err err = { 0 };
    struct db_pool *pool = NULL;
    if (!db_open(s->url, NULL, &pool, &err))
        fail_msg("%s: %s (%s)", s->url, err.item[0].text, err.trail);
    return pool;
}

static int setup(void **state, bool postgres, bool filled)
{
    struct test_store *s = malloc(sizeof *s);
    if (!s || !store_init(s, postgres, filled)) {
        free(s);
        return -1;
    }
    *state = s;
    return 0;
}
static int setup_empty_sqlite(void **state) { return setup(state, false, false); }
static int setup_empty_postgres(void **state) { return setup(state, true, false); }
static int setup_filled_sqlite(void **state) { return setup(state, false, true); }
static int setup_filled_postgres(void **state) { return setup(state, true, true); }

static int teardown(void **state)
{
    test_store_done(*state);
    free(*state);
    return 0;
}

static int run(const char *store, const struct CMUnitTest *tests, size_t count, CMFixtureFunction setup_func)
{
    struct CMUnitTest *all = calloc(count, sizeof *all);
    if (!all)
        return 1;
    for (size_t i = 0; i < count; i++) {
        all[i] = tests[i];
        all[i].setup_func    = setup_func;
        all[i].teardown_func = teardown;
    }
    int failed = _cmocka_run_group_tests(store, all, count, NULL, NULL);
    free(all);
    return failed;
}

int test_stores_(const struct CMUnitTest *tests, size_t count, bool filled)
{
    int failed = run("on SQLite", tests, count, filled ? setup_filled_sqlite : setup_empty_sqlite);
    if (getenv("SAUDA_DB_TWICE"))
        return failed;                                      /* PostgreSQL repeats works by itself when they meet */
    const char *base = getenv("SAUDA_TEST_PG");
    if (base && *base)
        return failed + run("on PostgreSQL", tests, count, filled ? setup_filled_postgres : setup_empty_postgres);
    fputs("SKIPPED: on PostgreSQL, for SAUDA_TEST_PG is not set (run under tests/support/with-postgres.sh)\n", stderr);
    return failed;
}
