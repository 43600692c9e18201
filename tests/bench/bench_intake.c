/* Intake through the whole path (payload bytes → parsed → mapped → stored with lines, buyer, history, deadline, event, counters)
 * against the bare library inserting the very same rows in the same batches, into files that grew the same way.
 *
 *     bench_intake sqlite|postgres        BENCH_PAGES=300 BENCH_FILL=0 (orders already stored)
 */
#include "bench/bench.h"

#include "bench/bare.h"
#include "base/secret.h"
#include "channels/channel.h"
#include "db/migrate.h"
#include "deadlines/shop.h"
#include "orders/intake_flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PAGE 100

struct shop_at {
    struct db_pool  *pool;
    struct arena     arena, page;
    struct id_source ids;
    struct shop      shop;
    struct work      work;
    struct call      call;
};

static void die(const char *what, const struct err *err)
{
    fprintf(stderr, "%s: %s %s\n", what, err->item[0].text, err->trail);
    exit(1);
}

static bool add_account(struct db *db, void *ctx, struct err *err)
{
    static const struct sql add = { "bench.account",
        "INSERT INTO channel_accounts (id, channel, name, base_url, mode, state, sealed, options, accepted_means_assembling, "
        "hook_digest, error_code, error_text, version, created_at, updated_at) "
        "VALUES (77, 'kaspi', 'Kaspi', '', 'live', 'active', '', '{}', 0, '', '', '', 1, 1, 1) ON CONFLICT DO NOTHING", NULL };
    (void)ctx;
    CLEANUP(stmt_done) struct stmt st = db_query(db, &add);
    return db_exec(&st, err);
}

static void shop_open(struct shop_at *s, const char *url)
{
    struct err err = { 0 };
    int        applied;
    *s = (struct shop_at){ 0 };
    if (!secret_init(&err) || !db_open(url, NULL, &s->pool, &err) || !migrate(s->pool, &applied, &err))
        die(url, &err);
    s->shop = (struct shop){ .name = STR("Bench"), .country = STR("KZ"), .currency = STR("KZT"),
                             .zone = zone_find(STR("Asia/Almaty")), .hold_s = 5 };
    *policy_list_add(&s->shop.book.policies, &s->arena) = (struct policy){
        .id = { 1 }, .name = STR("24 h"), .step = SLA_CONFIRM, .minutes = 1440, .clock = SLA_WALL, .red_minutes = 120, .red_share_bp = 2000,
    };
    s->work = (struct work){ .db = db_borrow(s->pool), .arena = &s->page, .ids = &s->ids, .now = { INT64_C(1797393840000) }, .shop = &s->shop };
    s->call = (struct call){ .arena = &s->page, .now = s->work.now, .country = STR("KZ") };
    if (!db_tx(s->work.db, add_account, NULL, &err))
        die("account", &err);
}

/* One page of bytes into the database, exactly as the puller does it. */
static void take_page(struct shop_at *s, const struct channel *kaspi, str body)
{
    struct err            err    = { 0 };
    struct raw_event_list events = { 0 };
    struct intake_counts  counts;

    if (!kaspi->page_read(&s->call, body, &events, &err))
        die("page_read", &err);
    str  *keys  = ARENA_ARRAY(&s->page, str, events.count + 1);
    bool *known = ARENA_ARRAY(&s->page, bool, events.count + 1);
    for (int i = 0; i < events.count; i++)
        keys[i] = events.at[i].event_key;
    if (!intake_known(s->work.db, (rid){ 77 }, keys, events.count, &s->page, known, &err))
        die("known", &err);
    struct intake_item *items  = ARENA_ARRAY(&s->page, struct intake_item, events.count + 1);
    struct order_draft *drafts = ARENA_ARRAY(&s->page, struct order_draft, events.count + 1);
    for (int i = 0; i < events.count; i++) {
        const struct raw_event *e = &events.at[i];
        items[i] = (struct intake_item){ .event_key = e->event_key, .external_id = e->external_id, .payload = e->payload };
        if (e->problem.len || !kaspi->order_read(&s->call, e->payload, &drafts[i], &err))
            die("order_read", &err);
        const struct status_row *row = status_row_find(kaspi->statuses, drafts[i].status_key);
        items[i].draft  = &drafts[i];
        items[i].status = row ? STATUS_KNOWN : STATUS_UNKNOWN;
        if (row)
            items[i].choice = (struct status_choice){ row->to, row->keeps, row->marks, row->cancel_side };
    }
    struct intake_page page = { .account_id = { 77 }, .channel = STR("kaspi"), .account_name = STR("Kaspi"), .stream = STR("active"),
                                .items = items, .count = events.count, .save_cursor = true, .cursor = STR("{}") };
    if (!intake_apply(&s->work, &page, &counts, &err))
        die("intake", &err);
    if (counts.created != events.count) {
        fprintf(stderr, "created %d of %d, parked %d\n", counts.created, events.count, counts.parked);
        exit(1);
    }
    arena_reset(&s->page);
}

int main(int argc, char **argv)
{
    bool                  pg    = argc > 1 && str_is(str_of(argv[1]), "postgres");
    int                   pages = (int)bench_env("BENCH_PAGES", 200);
    const struct channel *kaspi = channel_find(STR("kaspi"));
    struct arena          input = { .ceiling_bytes = (size_t)8 << 30 };
    struct shop_at        s;
    struct err            err   = { 0 };
    char                  folder[] = "/var/tmp/sauda-bench-XXXXXX";

    if (!mkdtemp(folder))
        return 1;
    str *bodies = ARENA_ARRAY(&input, str, pages);
    for (int i = 0; i < pages; i++)
        bodies[i] = bench_kaspi_page(&input, 100000000 + (int64_t)i * PAGE, PAGE, INT64_C(1797393840000));
    printf("pages of %d orders, %zu bytes each\n", PAGE, bodies[0].len);

    const char *url = pg ? getenv("SAUDA_TEST_PG") : str_zero(&input, str_print(&input, "sqlite:%s/whole.db", folder));
    shop_open(&s, url);
    double parse0 = bench_cpu();
    for (int i = 0; i < pages; i++) {
        struct raw_event_list events = { 0 };
        struct order_draft    d;
        if (!kaspi->page_read(&s.call, bodies[i], &events, &err))
            die("page_read", &err);
        for (int k = 0; k < events.count; k++)
            if (!kaspi->order_read(&s.call, events.at[k].payload, &d, &err))
                die("order_read", &err);
        arena_reset(&s.page);
    }
    double map_us = (bench_cpu() - parse0) * 1e6 / (pages * PAGE);

    double wall0 = bench_now(), cpu0 = bench_cpu();
    for (int i = 0; i < pages; i++)
        take_page(&s, kaspi, bodies[i]);
    double wall = bench_now() - wall0, cpu = bench_cpu() - cpu0;
    db_return(s.pool, s.work.db);
    db_close(s.pool);

    double bare = pg ? bare_postgres(url, folder, pages) : bare_sqlite(str_zero(&input, str_print(&input, "%s/whole.db", folder)), folder, pages);
    double n    = (double)pages * PAGE;
    bench_report(&(struct bench_row){ pg ? "intake, pages of 100, PostgreSQL" : "intake, pages of 100, SQLite FULL", "orders/s", n / wall, n / bare, 0.5, 0.8, false });
    bench_report(&(struct bench_row){ "  server CPU an order", "ms", cpu * 1e3 / n, 0, 0.25, 0.1, true });
    bench_report(&(struct bench_row){ "  of it reading and mapping the payload", "ms", map_us / 1e3, 0, 0, 0, true });
    char cmd[128];
    snprintf(cmd, sizeof cmd, "rm -rf %s", folder);
    return system(cmd) != 0;
}
