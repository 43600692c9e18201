#include "bench/fill.h"

#include "base/buf.h"
#include "base/permission.h"
#include "base/secret.h"
#include "bench/bench.h"
#include "db/migrate.h"
#include "db/pour.h"
#include "orders/bulk_store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILL_TEXTS (BULK_TEXTS + 1)

static const char *key_text(struct arena *a)
{
    struct buf scopes = buf_in(a);
    for (int i = 0; permission_names[i]; i++)
        if (i != PERM_PUBLIC && i != PERM_SIGNED_IN && i != PERM_FORGOTTEN)
            buf_print(&scopes, scopes.len ? ",%s" : "%s", permission_names[i]);
    return str_zero(a, str_print(a, "INSERT INTO api_keys (id, name, digest, scopes, accounts, created_by, created_at, last_used_at) "
                                    "VALUES (1, 'bench', '%.*s', '%.*s', '', 1, 1, %lld)",
                                 STR_ARG(secret_digest(a, STR(FILL_KEY))), STR_ARG(buf_str(&scopes)), (long long)FILL_NOW_MS));
}

static int fill_texts(struct arena *a, int64_t orders, int64_t customers, bool postgres, const char *out[FILL_TEXTS])
{
    struct bulk b = { orders, customers, { FILL_NOW_MS }, postgres };
    int n = orders ? bulk_texts(a, &b, out) : 0;
    out[n++] = key_text(a);
    return n;
}

static void fill(const char *url, int64_t orders, int64_t customers, bool postgres)
{
    struct arena a   = { 0 };
    struct err   err = { 0 };
    const char  *texts[FILL_TEXTS];
    int          n = fill_texts(&a, orders, customers, postgres, texts);
    if (!db_pour(url, &a, texts, n, NULL, &err)) {
        fprintf(stderr, "filling: %s %s\n", err.item[0].text, err.trail);
        exit(1);
    }
    arena_done(&a);
}

void fill_sqlite(const char *path, int64_t orders, int64_t customers)
{
    char url[700];
    snprintf(url, sizeof url, "sqlite:%s", path);
    fill(url, orders, customers, false);
}

void fill_postgres(const char *url, int64_t orders) { fill(url, orders, orders, true); }

static void lite(sqlite3 *db, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) {
        fprintf(stderr, "filling: %s\n%s\n", why, sql);
        exit(1);
    }
}

/* ---- kept files ---- */

/* Files of an older format, or of other migrations, have another name. */
static unsigned format_of(struct arena *a, int64_t count)
{
    uint32_t h = 2166136261u;
    for (int i = 0; i < migrations_count; i++)
        for (size_t k = 0; k < migrations[i].text.len; k++)
            h = (h ^ (unsigned char)migrations[i].text.at[k]) * 16777619u;
    const char *texts[FILL_TEXTS];
    for (int i = 0, n = fill_texts(a, count, count, false, texts); i < n; i++)
        for (const char *c = texts[i]; *c; c++)
            h = (h ^ (unsigned char)*c) * 16777619u;
    return h;
}

const char *fill_kept(int64_t count)
{
    static char path[512];
    struct arena a = { 0 };
    char        part[600], url[640];
    const char *folder = getenv("BENCH_FOLDER") ? getenv("BENCH_FOLDER") : "/var/tmp/sauda-bench";
    struct db_pool *pool;
    struct err      err = { 0 };
    int             applied;

    mkdir(folder, 0700);
    snprintf(path, sizeof path, "%s/fill-%08x-%lld.db", folder, format_of(&a, count), (long long)count);
    arena_done(&a);
    if (access(path, R_OK) == 0)
        return path;
    fprintf(stderr, "filling a file with %lld orders …\n", (long long)count);
    snprintf(part, sizeof part, "rm -f %s/fill-*-%lld.db", folder, (long long)count);
    if (system(part) != 0)              /* of an older format */
        exit(1);
    snprintf(part, sizeof part, "%s.part", path);
    unlink(part);
    snprintf(url, sizeof url, "sqlite:%s", part);
    if (!secret_init(&err) || !db_open(url, NULL, &pool, &err) || !migrate(pool, &applied, &err)) {
        fprintf(stderr, "%s\n", err.item[0].text);
        exit(1);
    }
    db_close(pool);
    double start = bench_now();
    fill_sqlite(part, count, count);
    fprintf(stderr, "  took %.0f s\n", bench_now() - start);
    if (rename(part, path) != 0)
        exit(1);
    return path;
}

int64_t fill_phone(int64_t i) { return i * 7368787 % 10000000; }
int64_t fill_customer(int64_t order, int64_t count) { return 1 + order * 7919 % count; }

int64_t fill_rich_customer(void) { return INT64_C(110000000000000000) + 7920; }

void fill_rich(const char *path)
{
    sqlite3     *db;
    struct arena a = { 0 };
    if (sqlite3_open(path, &db) != SQLITE_OK)
        exit(1);
    lite(db, "PRAGMA busy_timeout=10000; BEGIN IMMEDIATE");
    lite(db, str_zero(&a, str_print(&a, "UPDATE orders SET customer_id = %lld, source_id = %lld WHERE id BETWEEN 100000000000000001 AND 100000000000000500 "
                                        "AND customer_id <> %lld",
                                    (long long)fill_rich_customer(), (long long)(INT64_C(100000000000000000) + 7920), (long long)fill_rich_customer())));
    lite(db, str_zero(&a, str_print(&a, "UPDATE customers SET orders_count = (SELECT COUNT(*) FROM orders o WHERE o.customer_id = customers.id AND o.status <> 'cancelled'), "
                                        "net_spent = (SELECT SUM(grand_total) FROM orders o WHERE o.customer_id = customers.id AND o.status <> 'cancelled') WHERE id = %lld",
                                    (long long)fill_rich_customer())));
    lite(db, "COMMIT");
    sqlite3_close(db);
    arena_done(&a);
}
