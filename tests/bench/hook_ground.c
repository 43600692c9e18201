/* hook_ground.c - the two databases that notifications go to, and the account that they come to. */
#include "bench/hook_ground.h"

#include "base/secret.h"
#include "bench/bare.h"
#include "bench/bench.h"
#include "bench/bench_hook.h"
#include "bench/fill.h"
#include "db/migrate.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

str hook_account_sql(struct arena *a)
{
    return str_print(a,
        "INSERT INTO channel_accounts (id, channel, name, base_url, mode, state, sealed, options, accepted_means_assembling, hook_digest, "
        "error_code, error_text, version, created_at, updated_at) VALUES (77, 'kaspi', 'Kaspi', '', 'live', 'paused', '', '{}', 0, '%.*s', "
        "'', '', 1, 1, 1) ON CONFLICT (id) DO NOTHING; "
        "INSERT INTO policies (id, name, channel, scheme, step, minutes, clock, pause_statuses, red_minutes, red_share_bp, active, version, "
        "created_at, updated_at) VALUES (1, '24 h', '', '', 'confirm', 1440, 'wall', '', 120, 2000, 1, 1, 1, 1) ON CONFLICT (id) DO NOTHING",
        STR_ARG(secret_digest(a, STR(HOOK_SECRET))));
}

static void file_make(char *path, size_t room, const char *name)
{
    struct arena a = { 0 };
    char         command[1500], *why = NULL;
    const char  *folder = getenv("BENCH_FOLDER") ? getenv("BENCH_FOLDER") : "/var/tmp/sauda-bench", *empty = fill_kept(0);
    sqlite3     *db;
    snprintf(path, room, "%s/hook-%d-%s.db", folder, (int)getpid(), name);
    snprintf(command, sizeof command, "rm -f %s %s-wal %s-shm && cp %s %s && sync %s", path, path, path, empty, path, path);
    str rows = hook_account_sql(&a);
    if (system(command) != 0 || sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db, str_zero(&a, rows), NULL, NULL, &why) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", path, why ? why : "cannot be made");
        exit(1);
    }
    sqlite3_close(db);
    arena_done(&a);
}

static void file_remove(const char *path)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    char one[700];
    for (int i = 0; i < COUNT_OF(ends); i++) {
        snprintf(one, sizeof one, "%s%s", path, ends[i]);
        unlink(one);
    }
}

/* ---- PostgreSQL: two schemas, flushed as usual ---- */

static void control(const char *url, const char *const *texts, int count)
{
    PGconn *conn = PQconnectdb(url);
    for (int i = 0; i < count; i++) {
        PGresult *r = PQexec(conn, texts[i]);
        if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK) {
            fprintf(stderr, "%s: %s", texts[i], PQerrorMessage(conn));
            exit(1);
        }
        PQclear(r);
    }
    PQfinish(conn);
}

/* An address that is told of new orders; never tried, so that what is to be told stays to be counted. */
static const char told[] =
    "INSERT INTO webhooks (id, name, url, events, accounts, contents, enabled, stopped, sealed, sealed_old, since_event, failures, pause_until, "
    "version, created_at, updated_at) VALUES (5, 'bench', 'https://example.com/', 'order.created', '', 'thin', 1, '', '', '', 0, 0, "
    "9000000000000000, 1, 1, 1)";

static void schema_make(const char *url, bool tells)
{
    struct arena    a    = { 0 };
    const char     *rows = str_zero(&a, hook_account_sql(&a));
    struct db_pool *pool;
    struct err      err = { 0 };
    int             applied;
    if (!db_open(url, &(struct db_options){ 0 }, &pool, &err) || !migrate(pool, &applied, &err)) {
        fprintf(stderr, "%s: %s\n", url, err.item[0].text);
        exit(1);
    }
    db_close(pool);
    control(url, &rows, 1);
    const char *address = told;
    if (tells)
        control(url, &address, 1);
    arena_done(&a);
}

static void schemas_make(struct hook_ground *g, const char *url, bool tells)
{
    static const char *const setup[] = { "ALTER SYSTEM SET fsync = on", "ALTER SYSTEM SET full_page_writes = on",
                                         "ALTER SYSTEM SET synchronous_commit = on", "ALTER SYSTEM SET max_wal_size = '4GB'",
                                         "SELECT pg_reload_conf()", "DROP SCHEMA IF EXISTS ours CASCADE", "DROP SCHEMA IF EXISTS bare CASCADE",
                                         "CREATE SCHEMA ours", "CREATE SCHEMA bare" };
    control(url, setup, COUNT_OF(setup));
    snprintf(g->places[0], sizeof g->places[0], "%s&options=-csearch_path%%3Dours", url);
    snprintf(g->places[1], sizeof g->places[1], "%s&options=-csearch_path%%3Dbare", url);
    schema_make(g->places[0], tells);
    schema_make(g->places[1], false);
}

void hook_ground_make(struct hook_ground *g, const char *postgres, bool tells)
{
    const char *folder = getenv("BENCH_FOLDER") ? getenv("BENCH_FOLDER") : "/var/tmp/sauda-bench";
    *g = (struct hook_ground){ .is_postgres = postgres != NULL };
    if (postgres) {
        schemas_make(g, postgres, tells);
    } else {
        file_make(g->places[0], sizeof g->places[0], "ours");
        file_make(g->places[1], sizeof g->places[1], "bare");
    }
    snprintf(g->db, sizeof g->db, "SAUDA_DB=%s%s", postgres ? "" : "sqlite:", g->places[0]);
    snprintf(g->home, sizeof g->home, "SAUDA_HOME=%s/home", folder);
    const char *const lines[] = { g->db, g->home, "SAUDA_LISTEN=127.0.0.1:0", "SAUDA_CLOCK=2026-12-16T04:04:00Z+", "SAUDA_LOG_LEVEL=warn", NULL };
    memcpy(g->environment, lines, sizeof lines);
}

void hook_ground_bare(struct hook_ground *g)
{
    g->bare = g->is_postgres ? bare_postgres(g->places[0], g->places[1]) : bare_sqlite(g->places[0], g->places[1]);
}

void hook_ground_leave(struct hook_ground *g)
{
    for (int i = 0; i < 2 && !g->is_postgres; i++)
        file_remove(g->places[i]);
}

long long hook_ground_number(const struct hook_ground *g, const char *sql)
{
    PGconn   *conn = PQconnectdb(g->places[0]);
    PGresult *r    = PQexec(conn, sql);
    if (PQresultStatus(r) != PGRES_TUPLES_OK) {
        fprintf(stderr, "%s: %s", sql, PQerrorMessage(conn));
        exit(1);
    }
    long long n = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
    PQclear(r);
    PQfinish(conn);
    return n;
}
