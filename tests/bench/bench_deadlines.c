/* bench_deadlines - one deadline over a calendar of a year, and a million clocks of orders: what each takes up, how fast they fire while
 * the shop works, and how long a server that was away for days needs until every missed change was told once.
 * BENCH_TIMERS sets how many (default 1000000). */
#include "bench/bench.h"
#include "bench/fill.h"
#include "db/migrate.h"
#include "deadlines/shop.h"
#include "orders/order_flow.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void die(const char *what, const struct err *err)
{
    fprintf(stderr, "%s: %s\n", what, err && err->count ? err->item[0].text : "failed");
    exit(1);
}

/* ---- one deadline ---- */

#define DAY_HOURS "[[\"09:00\",\"13:00\"],[\"14:00\",\"18:00\"]]"

static struct calendar calendar_of_a_year(struct arena *a)
{
    struct calendar c = { 0 };
    struct err      e = { 0 };
    struct buf      b = buf_in(a);
    int64_t         day;
    if (!date_parse(STR("2026-01-01"), &day))
        die("date", NULL);
    buf_add_char(&b, '[');
    for (int i = 0; i < 60; i++)                             /* every sixth day of the year is a holiday or a short day */
        buf_print(&b, "%s{\"date\":\"%.*s\",\"intervals\":[%s]}", i ? "," : "", STR_ARG(date_text(a, day + 6 * i)),
                  i % 2 ? "[\"09:00\",\"12:00\"]" : "");
    buf_add_char(&b, ']');
    str week = STR("[" DAY_HOURS "," DAY_HOURS "," DAY_HOURS "," DAY_HOURS "," DAY_HOURS ",[],[]]");
    if (!calendar_read(a, STR("Europe/Kyiv"), week, buf_str(&b), &c, &e))
        die("calendar", &e);
    return c;
}

static void measure_deadlines(void)
{
    static const struct { const char *what; int64_t minutes; } cases[] = {
        { "deadline, term of two working hours", 120 }, { "deadline, term of ten working days", 4800 },
        { "deadline, term of a working year", 240 * 480 },
    };
    struct arena    a = { 0 };
    struct calendar c = calendar_of_a_year(&a);
    int64_t         day, sum = 0;
    if (!date_parse(STR("2026-01-01"), &day))
        die("date", NULL);
    for (int k = 0; k < COUNT_OF(cases); k++) {
        struct sla_book book = { 0 };
        double          rounds[5];
        *policy_list_add(&book.policies, &a) = (struct policy){ .minutes = cases[k].minutes, .clock = SLA_WORKING, .calendar = &c,
                                                                .red_minutes = 120, .red_share_bp = 2000 };
        for (int r = 0; r < COUNT_OF(rounds); r++) {
            double since = bench_now();
            for (int i = 0; i < 100000; i++) {
                struct sla_question q = { .start = { (day + i % 365) * DAY_MS + i * INT64_C(7919) % DAY_MS } };
                struct sla_answer   x = sla_ask(&book, &q);  /* the deadline and both of its zones */
                sum += x.due.ms + x.yellow.ms + x.red.ms;
            }
            rounds[r] = (bench_now() - since) * 1e6 / 100000;
        }
        bench_report(&(struct bench_row){ cases[k].what, "us", bench_median(rounds, COUNT_OF(rounds)), 0, 2, 1, true });
    }
    if (!sum)
        die("nothing was counted", NULL);
    arena_done(&a);
}

/* ---- a million of them ---- */

static int64_t lite(const char *path, const char *sql)
{
    sqlite3      *db;
    sqlite3_stmt *st;
    char         *why = NULL;
    int64_t       n   = 0;
    if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db, "PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000", NULL, NULL, &why) != SQLITE_OK)
        die(path, NULL);
    for (const char *rest = sql; *rest;) {
        if (sqlite3_prepare_v2(db, rest, -1, &st, &rest) != SQLITE_OK) {
            fprintf(stderr, "%s\n%s\n", sqlite3_errmsg(db), sql);
            exit(1);
        }
        while (st && sqlite3_step(st) == SQLITE_ROW)
            n = sqlite3_column_int64(st, 0);
        sqlite3_finalize(st);
    }
    sqlite3_close(db);
    return n;
}

/* All orders are new; their yellow lies `ahead` before now, red and the deadline 1 ms later each when `away`, else a day later. */
static void clocks_set(struct arena *a, const char *path, bool away)
{
    const char *later = away ? "1" : "86400000";
    lite(path, str_zero(a, str_print(a,
        "PRAGMA journal_mode=OFF; DROP INDEX orders_timer; DROP INDEX orders_queue; DROP INDEX orders_queue_status;"
        "DELETE FROM events; DELETE FROM order_totals;"
        "UPDATE orders SET closed = 0, status = 'new', deadline_step = 'confirm', deadline_total = 86400000, zone = 'green',"
        "  yellow_at = %lld - id %% 10000000, zone_next_at = %lld - id %% 10000000, red_at = %lld - id %% 10000000 + %s,"
        "  deadline_at = %lld - id %% 10000000 + 2 * %s, queue_rank = 3 * 281474976710656 + (%lld - id %% 10000000 + 2 * %s) * 8 + 7;"
        "INSERT INTO order_totals SELECT account_id, status, zone, currency, COUNT(*), SUM(grand_total) FROM orders GROUP BY 1, 2, 3, 4;"
        "CREATE INDEX orders_queue ON orders (queue_rank, sort_at, id) WHERE closed = 0;"
        "CREATE INDEX orders_queue_status ON orders (status, queue_rank, sort_at, id) WHERE closed = 0;"
        "CREATE INDEX orders_timer ON orders (zone_next_at, id) WHERE zone_next_at IS NOT NULL; PRAGMA journal_mode=WAL;",
        (long long)FILL_NOW_MS, (long long)FILL_NOW_MS, (long long)FILL_NOW_MS, later, (long long)FILL_NOW_MS, later,
        (long long)FILL_NOW_MS, later)));
}

static double fire_all(const char *path, int64_t count)
{
    struct arena     a   = { 0 };
    struct err       err = { 0 };
    struct id_source ids = { 0 };
    struct db_pool  *pool;
    struct shop      shop = { .zone = zone_find(STR("Asia/Almaty")) };
    int64_t          all = 0;
    bool             more = true;
    if (!db_open(str_zero(&a, str_print(&a, "sqlite:%s", path)), NULL, &pool, &err))
        die("open", &err);
    double since = bench_now();
    while (more) {
        int n;
        arena_reset(&a);
        struct work w = { .db = db_borrow(pool), .arena = &a, .ids = &ids, .now = { FILL_NOW_MS + 1000 }, .shop = &shop };
        if (!zones_tick(&w, ZONES_AT_ONCE, &n, &more, &err))
            die("tick", &err);
        db_return(pool, w.db);
        all += n;
    }
    double took = bench_now() - since;
    if (all != count)
        die("not every clock has fired", NULL);
    db_close(pool);
    arena_done(&a);
    return took;
}

static void measure_timers(int64_t count)
{
    struct arena    a = { 0 };
    struct err      err = { 0 };
    struct db_pool *pool;
    int             applied;
    const char *folder = getenv("BENCH_FOLDER") ? getenv("BENCH_FOLDER") : "/var/tmp/sauda-bench";
    const char *path   = str_zero(&a, str_print(&a, "%s/run-timers.db", folder));
    unlink(path);
    if (!db_open(str_zero(&a, str_print(&a, "sqlite:%s", path)), NULL, &pool, &err) || !migrate(pool, &applied, &err))
        die("open", &err);
    db_close(pool);
    fill_sqlite(path, count, count);

    clocks_set(&a, path, false);
    double bytes = (double)lite(path, "SELECT SUM(pgsize) FROM dbstat WHERE name = 'orders_timer'") / (double)count;
    bench_report(&(struct bench_row){ "clocks of orders, a million: room of one", "bytes", bytes, 0, 64, 32, true });
    double cpu = bench_cpu(), took = fire_all(path, count);
    bench_report(&(struct bench_row){ "  firing, each told and stored for good", "1/s", (double)count / took, 0, 20000, 50000, false });
    bench_report(&(struct bench_row){ "  start with all of them overdue", "s", took, 0, 10, 5, true });
    bench_report(&(struct bench_row){ "  the same, processor alone", "s", bench_cpu() - cpu, 0, 0, 0, true });
    clocks_set(&a, path, true);
    took = fire_all(path, count);
    bench_report(&(struct bench_row){ "  after days of absence: three missed changes of each", "s", took, 0, 0, 0, true });
    if (lite(path, "SELECT COUNT(*) FROM events") != 3 * count)
        die("a change was not told, or twice", NULL);
    if (lite(path, "SELECT COUNT(*) FROM orders WHERE zone <> 'breached' OR zone_next_at IS NOT NULL"))
        die("a clock goes on", NULL);
    unlink(path);
    arena_done(&a);
}

int main(void)
{
    measure_deadlines();
    measure_timers(bench_env("BENCH_TIMERS", 1000000));
    return 0;
}
