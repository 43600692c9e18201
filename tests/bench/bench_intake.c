/* Intake through the whole path (payload bytes → parsed → mapped → stored with lines, buyer, history, deadline, event, counters)
 * against the bare library inserting the very same rows in the same batches, into databases that grew the same way. Rounds of
 * both take turns; the figures are medians of the rounds.
 *
 *     bench_intake sqlite|postgres|single      BENCH_ROUNDS=7 BENCH_PAGES=20 (a round) BENCH_FILL=0 (orders already stored)
 */
#include "bench/bench.h"

#include "bench/bare.h"
#include "bench/fill.h"
#include "base/secret.h"
#include "channels/channel.h"
#include "db/migrate.h"
#include "deadlines/shop.h"
#include "orders/intake_flow.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PAGE       100
#define ROUNDS_MAX 50
#define FIRST      INT64_C(500000000)                    /* number of the first order: no filler has it */

struct taker {                          /* one caller of the path: a puller, or a request */
    struct arena arena;
    struct work  work;
    struct call  call;
};

struct shop_at {
    struct db_pool  *pool;
    struct arena     arena;
    struct id_source ids;
    struct shop      shop;
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
    struct err        err     = { 0 };
    struct db_options options = { .readers = 80 };
    int               applied;
    *s = (struct shop_at){ 0 };
    if (!secret_init(&err) || !db_open(url, &options, &s->pool, &err) || !migrate(s->pool, &applied, &err))
        die(url, &err);
    s->shop = (struct shop){ .name = STR("Bench"), .country = STR("KZ"), .currency = STR("KZT"),
                             .zone = zone_find(STR("Asia/Almaty")), .hold_s = 5 };
    *policy_list_add(&s->shop.book.policies, &s->arena) = (struct policy){
        .id = { 1 }, .name = STR("24 h"), .step = SLA_CONFIRM, .minutes = 1440, .clock = SLA_WALL, .red_minutes = 120, .red_share_bp = 2000,
    };
    struct db *db = db_borrow(s->pool);
    if (!db_tx(db, add_account, NULL, &err))
        die("account", &err);
    db_return(s->pool, db);
}

static void taker_begin(struct taker *t, struct shop_at *s)
{
    *t      = (struct taker){ 0 };
    t->work = (struct work){ .db = db_borrow(s->pool), .arena = &t->arena, .ids = &s->ids, .now = { FILL_NOW_MS }, .shop = &s->shop };
    t->call = (struct call){ .arena = &t->arena, .now = t->work.now, .country = STR("KZ") };
}

static void taker_end(struct taker *t)
{
    db_release(&t->work.db);
    arena_done(&t->arena);
}

/* One page of bytes into the database, exactly as the puller does it. */
static void take_page(struct taker *t, const struct channel *kaspi, str body)
{
    struct arena         *a      = &t->arena;
    struct err            err    = { 0 };
    struct raw_event_list events = { 0 };
    struct intake_counts  counts;

    if (!kaspi->page_read(&t->call, body, &events, &err))
        die("page_read", &err);
    str  *keys  = ARENA_ARRAY(a, str, events.count + 1);
    bool *known = ARENA_ARRAY(a, bool, events.count + 1);
    for (int i = 0; i < events.count; i++)
        keys[i] = events.at[i].event_key;
    if (!intake_known(t->work.db, (rid){ 77 }, keys, events.count, a, known, &err))
        die("known", &err);
    struct intake_item *items  = ARENA_ARRAY(a, struct intake_item, events.count + 1);
    struct order_draft *drafts = ARENA_ARRAY(a, struct order_draft, events.count + 1);
    for (int i = 0; i < events.count; i++) {
        const struct raw_event *e = &events.at[i];
        items[i] = (struct intake_item){ .event_key = e->event_key, .external_id = e->external_id, .payload = e->payload };
        if (e->problem.len || !kaspi->order_read(&t->call, e->payload, &drafts[i], &err))
            die("order_read", &err);
        const struct status_row *row = status_row_find(kaspi->statuses, drafts[i].status_key);
        items[i].draft  = &drafts[i];
        items[i].status = row ? STATUS_KNOWN : STATUS_UNKNOWN;
        if (row)
            items[i].choice = (struct status_choice){ row->to, row->keeps, row->marks, row->cancel_side };
    }
    struct intake_page page = { .account_id = { 77 }, .channel = STR("kaspi"), .account_name = STR("Kaspi"), .stream = STR("active"),
                                .items = items, .count = events.count, .save_cursor = true, .cursor = STR("{}") };
    if (!intake_apply(&t->work, &page, &counts, &err))
        die("intake", &err);
    if (counts.created != events.count) {
        fprintf(stderr, "created %d of %d, parked %d\n", counts.created, events.count, counts.parked);
        exit(1);
    }
    arena_reset(a);
}

/* ---- where ---- */

struct place { const char *url, *name; struct bare *bare; char files[2][300]; };

static void run(const char *command)
{
    if (system(command) != 0) {
        fprintf(stderr, "failed: %s\n", command);
        exit(1);
    }
}

static void place_sqlite(struct place *p, struct shop_at *s, int64_t fill)
{
    static char url[320];
    char        command[1000];
    const char *folder = getenv("BENCH_FOLDER") ? getenv("BENCH_FOLDER") : "/var/tmp/sauda-bench";
    const char *from   = fill_kept(fill);
    for (int i = 0; i < 2; i++) {
        snprintf(p->files[i], sizeof p->files[i], "%s/run-%d-%s.db", folder, (int)getpid(), i ? "bare" : "ours");
        snprintf(command, sizeof command, "rm -f %s-wal && cp --reflink=auto %s %s && sync %s", p->files[i], from, p->files[i], p->files[i]);
        run(command);
    }
    snprintf(url, sizeof url, "sqlite:%s", p->files[1]);
    shop_open(s, url);                  /* the account in the yardstick's file too */
    db_close(s->pool);
    snprintf(url, sizeof url, "sqlite:%s", p->files[0]);
    p->url = url;
    shop_open(s, url);
    p->bare = bare_sqlite(p->files[0], p->files[1]);
}

static void place_postgres(struct place *p, struct shop_at *s, int64_t fill)
{
    static const char *const setup[] = { "ALTER SYSTEM SET fsync = on", "ALTER SYSTEM SET full_page_writes = on",
                                         "ALTER SYSTEM SET synchronous_commit = on", "ALTER SYSTEM SET max_wal_size = '4GB'",
                                         "SELECT pg_reload_conf()", "DROP SCHEMA IF EXISTS ours CASCADE", "DROP SCHEMA IF EXISTS bare CASCADE",
                                         "CREATE SCHEMA ours", "CREATE SCHEMA bare" };
    static char ours[400], bare[400];
    const char *url = getenv("SAUDA_TEST_PG");
    if (!url) {
        printf("intake into PostgreSQL: skipped, there is no SAUDA_TEST_PG\n");
        exit(0);
    }
    PGconn *conn = PQconnectdb(url);
    for (int i = 0; i < COUNT_OF(setup); i++)
        PQclear(PQexec(conn, setup[i]));
    PQfinish(conn);
    snprintf(ours, sizeof ours, "%s&options=-csearch_path%%3Dours", url);
    snprintf(bare, sizeof bare, "%s&options=-csearch_path%%3Dbare", url);
    shop_open(s, bare);
    db_close(s->pool);
    p->url = ours;
    shop_open(s, ours);
    if (fill) {
        fill_postgres(ours, fill);
        fill_postgres(bare, fill);
    }
    p->bare = bare_postgres(ours, bare);
}

static void place_leave(const struct place *p)
{
    for (int i = 0; i < 2; i++)
        for (int k = 0; p->files[i][0] && k < 3; k++) {
            static const char *const ends[] = { "", "-wal", "-shm" };
            char path[320];
            snprintf(path, sizeof path, "%s%s", p->files[i], ends[k]);
            unlink(path);
        }
}

/* ---- pages of 100 ---- */

static double map_ms(struct taker *t, const struct channel *kaspi, const str *bodies, int pages)
{
    struct err err   = { 0 };
    double     start = bench_cpu();
    for (int i = 0; i < pages; i++) {
        struct raw_event_list events = { 0 };
        struct order_draft    d;
        if (!kaspi->page_read(&t->call, bodies[i], &events, &err))
            die("page_read", &err);
        for (int k = 0; k < events.count; k++)
            if (!kaspi->order_read(&t->call, events.at[k].payload, &d, &err))
                die("order_read", &err);
        arena_reset(&t->arena);
    }
    return (bench_cpu() - start) * 1e3 / (pages * PAGE);
}

static void measure_pages(struct place *p, struct shop_at *s, int64_t fill, bool pg)
{
    int    rounds = (int)bench_env("BENCH_ROUNDS", 7), pages = (int)bench_env("BENCH_PAGES", 20);
    double ours[ROUNDS_MAX], bare[ROUNDS_MAX], ratio[ROUNDS_MAX], cpu[ROUNDS_MAX], mapping = 0;
    char   what[100];
    const struct channel *kaspi = channel_find(STR("kaspi"));
    struct taker t;

    if (rounds > ROUNDS_MAX)
        rounds = ROUNDS_MAX;
    taker_begin(&t, s);
    double since = bench_now();
    int    r     = -1;                                                 /* the first round warms up */
    for (; bench_round(r, rounds, since); r++) {
        struct arena input  = { .ceiling_bytes = (size_t)1 << 30 };
        str         *bodies = ARENA_ARRAY(&input, str, pages);
        for (int i = 0; i < pages; i++)
            bodies[i] = bench_kaspi_page(&input, FIRST + ((int64_t)(r + 1) * pages + i) * PAGE, PAGE, FILL_NOW_MS);
        mapping = map_ms(&t, kaspi, bodies, pages);
        double wall0 = bench_now(), cpu0 = bench_cpu(), n = (double)pages * PAGE;
        for (int i = 0; i < pages; i++)
            take_page(&t, kaspi, bodies[i]);
        double wall = bench_now() - wall0, spent = bench_cpu() - cpu0;
        bare_load(p->bare);
        double yard = bare_insert(p->bare, pages);
        arena_done(&input);
        if (r < 0)
            continue;
        ours[r]  = n / wall;
        bare[r]  = n / yard;
        ratio[r] = yard / wall;
        cpu[r]   = spent * 1e3 / n;
    }
    rounds = r;
    taker_end(&t);
    snprintf(what, sizeof what, "intake, pages of 100, %s", pg ? "PostgreSQL pipeline" : "SQLite FULL");
    if (fill)
        snprintf(what, sizeof what, "  into a file that holds %g M orders", (double)fill / 1e6);
    double middle = bench_median(ratio, rounds), rate = bench_median(ours, rounds);
    (void)bench_median(bare, rounds);
    bench_report(&(struct bench_row){ what, "orders/s", rate, rate / middle, fill ? 0.4 : 0.5, 0.8, false });
    bench_report(&(struct bench_row){ "  server CPU an order", "ms", bench_median(cpu, rounds), 0, 0.25, 0.1, true });
    bench_report(&(struct bench_row){ "  of it reading and mapping the payload", "ms", mapping, 0, 0, 0, true });
}

/* ---- one order a request, many waiting ---- */

struct crowd {
    struct shop_at       *shop;
    const struct channel *kaspi;
    const str            *bodies;
    double               *waits;
    int                   orders;
    _Atomic int           next;
};

static void *crowd_client(void *arg)
{
    struct crowd *c = arg;
    struct taker  t;
    taker_begin(&t, c->shop);
    for (int i; (i = atomic_fetch_add(&c->next, 1)) < c->orders;) {
        double start = bench_now();
        take_page(&t, c->kaspi, c->bodies[i]);
        c->waits[i] = bench_now() - start;
    }
    taker_end(&t);
    return NULL;
}

static double crowd_run(struct crowd *c, int clients)
{
    pthread_t threads[256];
    double    start = bench_now();
    for (int i = 0; i < clients; i++)
        pthread_create(&threads[i], NULL, crowd_client, c);
    for (int i = 0; i < clients; i++)
        pthread_join(threads[i], NULL);
    return bench_now() - start;
}

static double p99_ms(double *waits, int count)
{
    (void)bench_median(waits, count);                                  /* sorts */
    return waits[(int)(count * 0.99)] * 1e3;
}

static void measure_single(struct place *p, struct shop_at *s)
{
    int     rounds = (int)bench_env("BENCH_ROUNDS", 7), orders = (int)bench_env("BENCH_SINGLES", 4000), clients = 64;
    double  ours[ROUNDS_MAX], ratio[ROUNDS_MAX], tail[ROUNDS_MAX], bare_tail[ROUNDS_MAX], cpu[ROUNDS_MAX];
    double *waits = calloc((size_t)orders, sizeof *waits);

    if (rounds > ROUNDS_MAX)
        rounds = ROUNDS_MAX;
    double since = bench_now();
    int    r     = -1;
    for (; bench_round(r, rounds, since); r++) {
        struct arena input  = { .ceiling_bytes = (size_t)1 << 30 };
        str         *bodies = ARENA_ARRAY(&input, str, orders);
        for (int i = 0; i < orders; i++)
            bodies[i] = bench_kaspi_page(&input, FIRST + (int64_t)(r + 1) * orders + i, 1, FILL_NOW_MS);
        struct crowd c    = { s, channel_find(STR("kaspi")), bodies, waits, orders, 0 };
        double       cpu0 = bench_cpu(), wall = crowd_run(&c, clients), spent = bench_cpu() - cpu0;
        double       ours_p99 = p99_ms(waits, orders);
        bare_load(p->bare);
        double yard = bare_group(p->bare, orders, clients, waits);
        arena_done(&input);
        if (r < 0)
            continue;
        ours[r]      = orders / wall;
        ratio[r]     = yard / wall;
        tail[r]      = ours_p99;
        bare_tail[r] = p99_ms(waits, orders);
        cpu[r]       = spent * 1e3 / orders;
    }
    rounds = r;
    free(waits);
    double middle = bench_median(ratio, rounds), rate = bench_median(ours, rounds);
    bench_report(&(struct bench_row){ "one order a request, 64 clients, SQLite FULL", "orders/s", rate, rate / middle, 0.4, 0.7, false });
    bench_report(&(struct bench_row){ "  p99 of a client's wait", "ms", bench_median(tail, rounds), 0, 50, 50, true });
    bench_report(&(struct bench_row){ "  p99 of the bare group commit", "ms", bench_median(bare_tail, rounds), 0, 0, 0, true });
    bench_report(&(struct bench_row){ "  CPU an order, clients included", "ms", bench_median(cpu, rounds), 0, 0.25, 0.1, true });
}

int main(int argc, char **argv)
{
    const char    *kind = argc > 1 ? argv[1] : "sqlite";
    int64_t        fill = bench_env("BENCH_FILL", 0);
    bool           pg   = strcmp(kind, "postgres") == 0;
    struct shop_at s;
    struct place   p = { 0 };

    if (strcmp(kind, "fill") == 0) {                                   /* only a database to look into, at SAUDA_TEST_PG */
        shop_open(&s, getenv("SAUDA_TEST_PG"));
        db_close(s.pool);
        fill_postgres(getenv("SAUDA_TEST_PG"), fill);
        return 0;
    }
    if (pg)
        place_postgres(&p, &s, fill);
    else
        place_sqlite(&p, &s, fill);
    if (strcmp(kind, "single") == 0)
        measure_single(&p, &s);
    else
        measure_pages(&p, &s, fill, pg);
    db_close(s.pool);
    place_leave(&p);
    return 0;
}
