#include "bench/fill.h"

#include "base/buf.h"
#include "base/permission.h"
#include "base/secret.h"
#include "bench/bench.h"
#include "db/migrate.h"

#include <errno.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Text for both databases. i runs from 1 to %N; %NOW is the time at which the file is looked at, %OPEN the first open order. What is
 * filled holds together: `sauda check` finds nothing in it. */
#define TEXT(x)        "CAST(" x " AS TEXT)"
#define DIGIT(x, unit) TEXT("((" x ") / " unit ") % 10")
#define SYLLABLE(x)    "substr('бавагадажазакаламанапарасатафахацачаша', CAST(1 + 2 * ((" x ") % 19) AS INT), 2)"
#define ID(x)          "(100000000000000000 + (" x "))"
#define CUSTOMER_ID(x) "(110000000000000000 + (" x "))"
#define PHONE          "(i * 7368787 % 10000000)"
#define PHONE_TEXT     "substr(" TEXT("10000000 + " PHONE) ", 2)"
#define PHONE_BACK     DIGIT(PHONE, "1") "||" DIGIT(PHONE, "10") "||" DIGIT(PHONE, "100") "||" DIGIT(PHONE, "1000") "||" \
                       DIGIT(PHONE, "10000") "||" DIGIT(PHONE, "100000") "||" DIGIT(PHONE, "1000000") "||'1077'"
#define NUMBER         "(300000000 + i)"
#define NUMBER_BACK    DIGIT(NUMBER, "1") "||" DIGIT(NUMBER, "10") "||" DIGIT(NUMBER, "100") "||" DIGIT(NUMBER, "1000") "||" \
                       DIGIT(NUMBER, "10000") "||" DIGIT(NUMBER, "100000") "||" DIGIT(NUMBER, "1000000") "||" \
                       DIGIT(NUMBER, "10000000") "||" DIGIT(NUMBER, "100000000")
#define FIRST_NAME     SYLLABLE("i") "||" SYLLABLE("i / 19") "||'на'"
#define LAST_NAME      SYLLABLE("i * 7") "||" SYLLABLE("i / 23") "||" SYLLABLE("i / 311") "||'ова'"
#define BUYER          "(1 + (i * 7919) % %N)"
#define ORDER_OF       "(1 + ((i - 1) * %INVERSE + %N - 1) % %N)"          /* of buyer i: 7919 and its inverse undo each other */
#define ACCOUNT        "(1 + i % 3)"
#define PLACED         "(%NOW - (%N - i) * 60000 - 3600000)"
#define HAS_ORDER(then, otherwise) "CASE WHEN i <= %N THEN " then " ELSE " otherwise " END"      /* of buyer i */
#define SEEN           HAS_ORDER(PLACED, "%NOW - 3600000 - (i - %N) * 1000")
#define IS_OPEN        "(i >= %OPEN)"
#define ZONE_NUMBER    "(CASE WHEN i < %OPEN THEN 4 WHEN i % 200 = 0 THEN 0 WHEN i % 50 = 1 THEN 1 WHEN i % 10 = 2 THEN 2 ELSE 3 END)"
#define SUM_OF(x)      "(100000 + (" x " * 7919) % 5000000)"
#define SUM            SUM_OF("i")
#define STATUS         "(CASE WHEN " IS_OPEN " THEN (CASE WHEN i % 3 = 0 THEN 'new' WHEN i % 3 = 1 THEN 'confirmed' ELSE 'assembling' END) " \
                       "WHEN i % 12 = 0 THEN 'cancelled' ELSE 'completed' END)"
#define IS_CANCELLED_OF(x) "(" x " < %OPEN AND " x " % 12 = 0)"

struct column { const char *name, *value; };
#define EMPTY(n) { n, "''" }
#define ZERO(n)  { n, "0" }
#define NONE(n)  { n, "NULL" }

static const struct column orders[] = {
    { "id", ID("i") }, { "account_id", ACCOUNT }, { "channel", "'kaspi'" }, { "external_id", "'F' || " TEXT("i") },
    { "number", TEXT(NUMBER) }, { "number_tail", NUMBER_BACK }, EMPTY("group_number"), { "scheme", "'fbs'" },
    { "status", STATUS },
    { "closed", "CASE WHEN " IS_OPEN " THEN 0 ELSE 1 END" }, { "external_status", "'ARCHIVE'" }, { "status_key", "'ARCHIVE'" },
    { "payment", "'paid'" }, ZERO("marks"), { "customer_id", CUSTOMER_ID(BUYER) }, { "source_id", ID(BUYER) },
    { "customer_name", LAST_NAME "||' '||" FIRST_NAME }, EMPTY("recipient_name"), EMPTY("recipient_phone"),
    { "delivery_method", "'DELIVERY_REGIONAL_TODOOR'" }, { "delivery_address", "'г. Алматы, улица Абая, ' || " TEXT("i % 200") },
    { "city", "'Алматы'" }, { "point_id", "'30012345_PP1'" }, EMPTY("carrier"), EMPTY("track"), NONE("promised_from"),
    { "promised_to", PLACED " + 259200000" }, { "currency", "'KZT'" }, { "has_total", "1" }, { "goods_total", SUM },
    ZERO("discount_total"), ZERO("delivery_total"), { "grand_total", SUM }, { "title", "'Смесь Nutrilon 1, 800 г'" },
    { "lines_count", "1" }, { "units", "1" }, EMPTY("cancel_reason"), { "cancel_side", "''" }, EMPTY("comment_buyer"),
    EMPTY("comment"), EMPTY("tags"), NONE("assignee_id"), { "placed_at", PLACED }, { "sort_at", PLACED }, { "changed_at", PLACED },
    NONE("confirmed_at"), NONE("channel_confirm_by"), NONE("channel_ship_by"), { "deadline_step", "CASE WHEN " IS_OPEN " THEN 'confirm' ELSE '' END" },
    NONE("policy_id"), NONE("deadline_start"), ZERO("deadline_total"), ZERO("deadline_used"),
    { "deadline_at", "CASE WHEN " IS_OPEN " THEN " PLACED " + 864000000 END" }, NONE("yellow_at"), NONE("red_at"),
    { "zone", "CASE " ZONE_NUMBER " WHEN 0 THEN 'breached' WHEN 1 THEN 'red' WHEN 2 THEN 'yellow' WHEN 3 THEN 'green' ELSE 'none' END" },
    { "zone_next_at", "CASE WHEN " IS_OPEN " THEN %NOW + 86400000 + i END" },
    { "queue_rank", ZONE_NUMBER " * 281474976710656 + CASE WHEN " IS_OPEN " THEN " PLACED " + 864000000 ELSE 281474976710655 END" }, { "draft_hash", "i" }, NONE("command_id"),
    { "version", "1" }, { "created_at", PLACED }, { "updated_at", PLACED }, { NULL, NULL }
};
static const struct column lines[] = {
    { "order_id", ID("i") }, { "line", "1" }, { "external_id", "'L' || " TEXT("i") }, { "external_offer_id", TEXT("i % 6000") },
    { "article", "'SKU-' || " TEXT("i % 6000") }, EMPTY("barcode"), { "title", "'Смесь Nutrilon 1, 800 г'" }, { "qty", "1" },
    { "has_price", "1" }, { "unit_price", SUM }, { "line_total", SUM }, ZERO("marking_required"), { NULL, NULL }
};
static const struct column history[] = {
    { "order_id", ID("i") }, { "seq", "1" }, { "at", PLACED }, EMPTY("from_status"), { "to_status", STATUS }, ZERO("implied"),
    ZERO("flagged"), { "actor_kind", "'channel'" }, { "actor_id", ACCOUNT }, { "actor_name", "'Kaspi'" },
    { "external_status", "'APPROVED_BY_BANK'" }, EMPTY("note"), { NULL, NULL }
};
static const struct column intake[] = {
    { "id", ID("i") }, { "account_id", ACCOUNT }, { "stream", "'active'" }, { "event_key", "'F' || " TEXT("i") " || ':' || " TEXT("i * 7919") },
    { "external_id", "'F' || " TEXT("i") }, { "order_id", ID("i") }, { "state", "'applied'" }, { "tries", "1" }, EMPTY("problem_code"),
    EMPTY("problem"), EMPTY("status_key"), { "received_at", PLACED }, EMPTY("payload"), { NULL, NULL }
};
static const struct column customers[] = {
    { "id", CUSTOMER_ID("i") }, { "name", LAST_NAME "||' '||" FIRST_NAME }, { "phone", "'+7701' || " PHONE_TEXT }, EMPTY("email"),
    { "city", "'Алматы'" }, { "currency", "'KZT'" }, { "orders_count", HAS_ORDER("(CASE WHEN " IS_CANCELLED_OF(ORDER_OF) " THEN 0 ELSE 1 END)", "0") },
    { "net_spent", HAS_ORDER("(CASE WHEN " IS_CANCELLED_OF(ORDER_OF) " THEN 0 ELSE " SUM_OF(ORDER_OF) " END)", "0") },
    { "first_order_at", HAS_ORDER(PLACED, "NULL") }, { "last_order_at", HAS_ORDER(PLACED, "NULL") }, { "state", "'active'" },
    { "version", "1" }, { "created_at", SEEN }, { "updated_at", SEEN }, { NULL, NULL }
};
static const struct column sources[] = {
    { "id", ID("i") }, { "account_id", ACCOUNT }, { "external_id", "'C' || " TEXT("i") }, { "customer_id", CUSTOMER_ID("i") },
    { "rule", "'first'" }, { "name", LAST_NAME "||' '||" FIRST_NAME }, { "phone", "'+7701' || " PHONE_TEXT },
    { "phone_raw", "'701' || " PHONE_TEXT }, EMPTY("email"), { "address", "'г. Алматы, улица Абая, ' || " TEXT("i % 200") },
    { "city", "'Алматы'" }, ZERO("masked"), { "first_seen", SEEN }, { "last_seen", SEEN }, { NULL, NULL }
};
static const struct column links[] = {
    { "id", ID("i") }, { "source_id", ID("i") }, { "customer_id", CUSTOMER_ID("i") }, { "rule", "'first'" }, ZERO("score"), EMPTY("evidence"),
    { "actor_kind", "'rule'" }, EMPTY("actor_name"), { "at", SEEN }, { NULL, NULL }
};
static const struct column phones[] = { { "kind", "'phone'" }, { "value", PHONE_BACK }, { "customer_id", CUSTOMER_ID("i") }, { NULL, NULL } };
static const struct column firsts[] = { { "kind", "'word'" }, { "value", FIRST_NAME }, { "customer_id", CUSTOMER_ID("i") }, { NULL, NULL } };
static const struct column lasts[]  = { { "kind", "'word'" }, { "value", LAST_NAME }, { "customer_id", CUSTOMER_ID("i") }, { NULL, NULL } };

static const struct { const char *table; const struct column *columns; const char *tail; bool of_buyer; } parts[] = {
    { "orders", orders, "", false },
    { "order_lines", lines, "", false },
    { "order_history", history, "", false },
    { "intake_events", intake, "", false },
    { "customers", customers, "", true },
    { "customer_sources", sources, "", true },
    { "identity_links", links, "", true },
    { "customer_keys", phones, " ORDER BY 2", true },
    { "customer_keys", firsts, " ORDER BY 2, 3", true },
    { "customer_keys", lasts, " ORDER BY 2, 3", true },
};

static const char *const after[] = {
    /* The names are made up, and nobody looks for another spelling of them. */
    "INSERT INTO settings (key, value) VALUES ('search.sounds', '1')",
    "INSERT INTO channel_accounts (id, channel, name, base_url, mode, state, sealed, options, accepted_means_assembling, hook_digest, "
    "error_code, error_text, version, created_at, updated_at) SELECT i, 'kaspi', 'Kaspi', '', 'live', 'paused', '', '{}', 0, '', '', '', 1, 1, 1 FROM (SELECT 1 AS i UNION SELECT 2 UNION SELECT 3) t",
    "INSERT INTO order_totals SELECT account_id, status, zone, currency, COUNT(*), SUM(grand_total) FROM orders GROUP BY 1, 2, 3, 4",
    "INSERT INTO day_totals SELECT (sort_at + 18000000) / 86400000, account_id, 'orders', currency, COUNT(*), SUM(grand_total) "
    "FROM orders GROUP BY 1, 2, 4",
};

/* ---- the text ---- */

/* The number that undoes a multiplication by 7919, modulo n. */
static int64_t inverse_of(int64_t n)
{
    int64_t t = 0, next_t = 1, r = n, next_r = n ? 7919 % n : 0;
    while (next_r) {
        int64_t q = r / next_r, keep = t - q * next_t;
        t      = next_t;
        next_t = keep;
        keep   = r - q * next_r;
        r      = next_r;
        next_r = keep;
    }
    return t < 0 ? t + n : t;
}

static void words_fill(struct buf *out, const char *text, int64_t n)
{
    int64_t open = n > FILL_OPEN ? n - FILL_OPEN + 1 : 1;
    for (; *text; text++) {
        if (strncmp(text, "%NOW", 4) == 0) {
            buf_print(out, "%lld", (long long)FILL_NOW_MS);
            text += 3;
        } else if (strncmp(text, "%OPEN", 5) == 0) {
            buf_print(out, "%lld", (long long)open);
            text += 4;
        } else if (strncmp(text, "%INVERSE", 8) == 0) {
            buf_print(out, "%lld", (long long)inverse_of(n));
            text += 7;
        } else if (strncmp(text, "%N", 2) == 0) {
            buf_print(out, "%lld", (long long)n);
            text += 1;
        } else {
            buf_add_char(out, *text);
        }
    }
}

static const char *part_text(struct arena *a, int part, int64_t n, int64_t buyers, bool postgres)
{
    long long rows = parts[part].of_buyer ? buyers : n;
    struct buf b = buf_in(a);
    buf_print(&b, "INSERT INTO %s (", parts[part].table);
    for (const struct column *c = parts[part].columns; c->name; c++)
        buf_print(&b, c == parts[part].columns ? "%s" : ", %s", c->name);
    if (postgres)
        buf_print(&b, ") WITH n AS (SELECT CAST(g AS BIGINT) AS i FROM generate_series(1, %lld) g) SELECT ", rows);
    else
        buf_print(&b, ") WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %lld) SELECT ", rows);
    for (const struct column *c = parts[part].columns; c->name; c++) {
        if (c != parts[part].columns)
            buf_add(&b, STR(", "));
        words_fill(&b, c->value, n);
    }
    buf_print(&b, " FROM n%s", parts[part].tail);
    return str_zero(a, buf_str(&b));
}

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

/* ---- SQLite ---- */

static void lite(sqlite3 *db, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK) {
        fprintf(stderr, "filling: %s\n%s\n", why, sql);
        exit(1);
    }
}

/* Indexes are made at the end, sorted: row by row they would take hours. */
static int indexes_take(sqlite3 *db, struct arena *a, const char **texts, int max)
{
    sqlite3_stmt *st;
    int n = 0;
    if (sqlite3_prepare_v2(db, "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL", -1, &st, NULL) != SQLITE_OK)
        exit(1);
    const char *names[100];
    while (n < max && sqlite3_step(st) == SQLITE_ROW) {
        names[n]   = str_zero(a, str_of((const char *)sqlite3_column_text(st, 0)));
        texts[n++] = str_zero(a, str_of((const char *)sqlite3_column_text(st, 1)));
    }
    sqlite3_finalize(st);
    for (int i = 0; i < n; i++)
        lite(db, str_zero(a, str_print(a, "DROP INDEX %s", names[i])));
    return n;
}

void fill_sqlite(const char *path, int64_t count, int64_t buyers)
{
    struct arena a = { 0 };
    sqlite3     *db;
    const char  *indexes[100];
    if (sqlite3_open(path, &db) != SQLITE_OK)
        exit(1);
    lite(db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000; PRAGMA foreign_keys=OFF; PRAGMA threads=2; BEGIN");
    int n = indexes_take(db, &a, indexes, COUNT_OF(indexes));
    lite(db, key_text(&a));
    for (int i = 0; count && i < COUNT_OF(parts); i++)
        lite(db, part_text(&a, i, count, buyers, false));
    for (int i = 0; count && i < COUNT_OF(after); i++)
        lite(db, after[i]);
    lite(db, "COMMIT");
    for (int i = 0; i < n; i++)
        lite(db, indexes[i]);
    lite(db, "PRAGMA journal_mode=WAL");
    sqlite3_close(db);
    arena_done(&a);
}

/* ---- PostgreSQL ---- */

void fill_postgres(const char *url, int64_t count)
{
    struct arena a    = { 0 };
    PGconn      *conn = PQconnectdb(url);
    int          all  = COUNT_OF(parts) + COUNT_OF(after) + 2;
    for (int i = 0; i < all; i++) {
        const char *sql = i == 0 ? key_text(&a) : i <= COUNT_OF(parts) ? part_text(&a, i - 1, count, count, true)
                        : i < all - 1 ? after[i - 1 - COUNT_OF(parts)] : "ANALYZE";
        PGresult   *r   = PQexec(conn, sql);
        if (PQresultStatus(r) != PGRES_COMMAND_OK) {
            fprintf(stderr, "filling: %s%.200s\n", PQerrorMessage(conn), sql);
            exit(1);
        }
        PQclear(r);
    }
    PQfinish(conn);
    arena_done(&a);
}

/* ---- kept files ---- */

/* Files of an older format, or of other migrations, have another name. */
static unsigned format_of(struct arena *a, int64_t count)
{
    uint32_t h = 2166136261u;
    for (int i = 0; i < migrations_count; i++)
        for (size_t k = 0; k < migrations[i].text.len; k++)
            h = (h ^ (unsigned char)migrations[i].text.at[k]) * 16777619u;
    for (int i = 0; i < COUNT_OF(parts); i++)
        for (const char *c = part_text(a, i, count, count, false); *c; c++)
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
