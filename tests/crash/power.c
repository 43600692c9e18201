/* The power goes at thousands of moments while four threads write through the store. Whatever db_tx had acknowledged by then is in what
 * is found on the disk, and what is found is whole. The same with a disk that is full or broken at every single change.
 *
 * SAUDA_SEED repeats the moments; SAUDA_CUTS says how many (120). The server as a whole loses its power in crash.c. */
#include "base/clock.h"
#include "crash/power_vfs.h"
#include "support/pg.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define WRITERS      4
#define REFUSALS_MAX 5000
#define LOG_EVERY    64                 /* one of so many changes of the log makes an image, */
#define FILE_EVERY   16                 /* one of so many of the database itself */

static const struct sql SQL[] = {
    { "power.make", "CREATE TABLE promises (writer INTEGER NOT NULL, n INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (writer, n)) STRICT", NULL },
    { "power.count", "CREATE TABLE sums (writer INTEGER NOT NULL PRIMARY KEY, n INTEGER NOT NULL) STRICT", NULL },
    { "power.add", "INSERT INTO promises (writer, n, body) VALUES ($1, $2, $3)", NULL },
    { "power.sum", "INSERT INTO sums (writer, n) VALUES ($1, 1) ON CONFLICT (writer) DO UPDATE SET n = sums.n + 1", NULL },
};

struct world {
    struct test_store *store;
    struct db_pool    *pool;
    char               into[200], file[220];
    uint64_t           seed;
    _Atomic int        cuts;                             /* images so far */
    int                cuts_max;                         /* 0: no end */
    int                folding;                          /* images made while the log was folded back into the database */
    int                lost, broken;                     /* images that lack something acknowledged; that are not whole */
    char               first[200];                       /* what was wrong with the first of them */
    int64_t            from, until;                      /* changes that fail */
    enum power_fault   fault;
    _Atomic int64_t    acknowledged[WRITERS], refused, refused_odd;
};

static uint64_t mix(uint64_t a)
{
    a ^= a >> 31;
    a *= UINT64_C(0x9E3779B97F4A7C15);
    return a ^ a >> 29;
}

/* ---- looking at an image ---- */

static int64_t number(sqlite3 *conn, const char *text, int64_t writer)
{
    sqlite3_stmt *st = NULL;
    int64_t       n  = -1;
    if (sqlite3_prepare_v2(conn, text, -1, &st, NULL) == SQLITE_OK) {
        sqlite3_bind_int64(st, 1, writer);
        if (sqlite3_step(st) == SQLITE_ROW)
            n = sqlite3_column_int64(st, 0);
    }
    sqlite3_finalize(st);
    return n;
}

static bool is_whole(sqlite3 *conn)
{
    sqlite3_stmt *st = NULL;
    bool ok = sqlite3_prepare_v2(conn, "PRAGMA integrity_check(1)", -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW &&
              strcmp((const char *)sqlite3_column_text(st, 0), "ok") == 0;
    sqlite3_finalize(st);
    return ok;
}

static void note_first(struct world *w, const char *what, int writer, int64_t found, int64_t acknowledged)
{
    if (!w->first[0])
        snprintf(w->first, sizeof w->first, "cut %d: %s, writer %d: %lld found, %lld acknowledged", w->cuts, what, writer, (long long)found,
                 (long long)acknowledged);
}

static void look(struct world *w, const char *file, const int64_t *acknowledged)
{
    sqlite3 *conn = NULL;
    bool     whole = sqlite3_open_v2(file, &conn, SQLITE_OPEN_READWRITE, "unix") == SQLITE_OK;
    sqlite3_exec(conn, "PRAGMA synchronous=OFF", NULL, NULL, NULL);      /* the image is only looked at */
    sqlite3_db_config(conn, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    whole = whole && is_whole(conn);
    bool     lost  = false;
    for (int i = 0; whole && i < WRITERS; i++) {
        int64_t rows = number(conn, "SELECT count(*) FROM promises WHERE writer = ?1", i);
        int64_t last = number(conn, "SELECT coalesce(max(n), 0) FROM promises WHERE writer = ?1", i);
        int64_t sum  = number(conn, "SELECT coalesce(max(n), 0) FROM sums WHERE writer = ?1", i);
        if (rows != last || rows != sum) {
            note_first(w, "rows, the last of them and their sum do not agree", i, rows, acknowledged[i]);
            whole = false;
        } else if (rows < acknowledged[i]) {
            note_first(w, "something acknowledged is lost", i, rows, acknowledged[i]);
            lost = true;
        }
    }
    if (!whole)
        note_first(w, conn ? sqlite3_errmsg(conn) : "cannot be opened", -1, 0, 0);
    sqlite3_close(conn);
    w->broken += !whole;
    w->lost   += whole && lost;
}

static void image_remove(const struct world *w)
{
    static const char *const tails[] = { "", "-wal", "-shm", "-journal" };
    char path[260];
    for (int i = 0; i < COUNT_OF(tails); i++) {
        snprintf(path, sizeof path, "%s%s", w->file, tails[i]);
        unlink(path);
    }
}

/* Changes of the database itself are the rarer ones (the log is folded back), and the more dangerous. */
static enum power_fault cut_sometimes(void *ctx, enum power_op op, bool is_log)
{
    struct world *w = ctx;
    int64_t       acknowledged[WRITERS];
    (void)op;
    if (w->cuts >= w->cuts_max || mix(w->seed + (uint64_t)power_changes()) % (is_log ? LOG_EVERY : FILE_EVERY))
        return POWER_FINE;
    for (int i = 0; i < WRITERS; i++)
        acknowledged[i] = w->acknowledged[i];
    image_remove(w);
    assert_true(power_image(w->into, mix(w->seed + (uint64_t)w->cuts)));
    w->cuts++;
    w->folding += !is_log;
    look(w, w->file, acknowledged);
    return POWER_FINE;
}

/* ---- writing ---- */

struct adding { int64_t writer, n; str body; };

static bool add_tx(struct db *db, void *ctx, struct err *err)
{
    const struct adding *x = ctx;
    CLEANUP(stmt_done) struct stmt add = db_query(db, &SQL[2]);
    bind_int(&add, 1, x->writer);
    bind_int(&add, 2, x->n);
    bind_text(&add, 3, x->body);
    if (!db_exec(&add, err))
        return false;
    CLEANUP(stmt_done) struct stmt sum = db_query(db, &SQL[3]);
    bind_int(&sum, 1, x->writer);
    return db_exec(&sum, err);
}

static bool make_tx(struct db *db, void *ctx, struct err *err)
{
    (void)ctx;
    for (int i = 0; i < 2; i++) {
        CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[i]);
        if (!db_exec(&st, err))
            return false;
    }
    return true;
}

struct writer { struct world *w; int number; int64_t rows; };

/* Counts as acknowledged only what db_tx has said yes to. What was refused is tried again: it must have left nothing. */
static void *write_on(void *ctx)
{
    struct writer *x = ctx;
    struct world  *w = x->w;
    char           body[6000];
    memset(body, 'a' + x->number, sizeof body);
    struct db *db = db_borrow(w->pool);
    for (int64_t n = 1; n <= x->rows && w->refused < REFUSALS_MAX && !(w->cuts_max && w->cuts >= w->cuts_max);) {
        struct err    err = { 0 };
        struct adding a   = { x->number, n, { body, (size_t)(mix((uint64_t)n + w->seed) % sizeof body) } };
        if (db_tx(db, add_tx, &a, &err)) {
            w->acknowledged[x->number] = n++;
        } else {
            w->refused++;
            w->refused_odd += err.code != ERR_DB_FULL && err.code != ERR_DB_DISK;
        }
    }
    db_return(w->pool, db);
    return NULL;
}

static void world_open(struct world *w, struct test_store *store, bool sync_normal, bool lies,
                       enum power_fault (*before)(void *, enum power_op, bool))
{
    const char *seed = getenv("SAUDA_SEED"), *cuts = getenv("SAUDA_CUTS");
    struct err  err  = { 0 };
    *w = (struct world){ .store = store, .seed = seed ? strtoull(seed, NULL, 10) : (uint64_t)clock_tick_ns(),
                         .cuts_max = cuts ? (int)strtol(cuts, NULL, 10) : 120 };
    snprintf(w->into, sizeof w->into, "%s/after", store->folder);
    snprintf(w->file, sizeof w->file, "%s/shop.db", w->into);
    assert_int_equal(mkdir(w->into, 0700), 0);
    power_begin(&(struct power_options){ .folder = store->folder, .lies = lies });
    struct db_options options = { .sync_normal = sync_normal };
    if (!db_open(store->url, &options, &w->pool, &err))
        fail_msg("%s (%s)", err.item[0].text, err.trail);
    CLEANUP(db_release) struct db *db = db_borrow(w->pool);
    assert_true(db_tx(db, make_tx, NULL, &err));
    power_before(before, w);
}

static void world_write(struct world *w, int64_t rows)
{
    pthread_t     threads[WRITERS];
    struct writer x[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        x[i] = (struct writer){ w, i, rows };
        assert_int_equal(pthread_create(&threads[i], NULL, write_on, &x[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++)
        pthread_join(threads[i], NULL);
}

static void world_close(struct world *w)
{
    power_before(NULL, NULL);
    db_close(w->pool);
    power_end();
}

/* ---- the power goes ---- */

static void cuts_run(struct world *w)
{
    fprintf(stderr, "SAUDA_SEED=%llu\n", (unsigned long long)w->seed);
    world_write(w, 100000);
    world_close(w);
    printf("# %d cuts (%d while the log was folded back), %d lost, %d broken, %lld rows\n", w->cuts, w->folding, w->lost, w->broken,
           (long long)w->acknowledged[0] * WRITERS);
    assert_true(w->cuts >= w->cuts_max);
}

static void what_was_acknowledged_survives_any_loss_of_power(void **state)
{
    struct world w;
    world_open(&w, *state, false, false, cut_sometimes);
    cuts_run(&w);
    if (w.lost || w.broken)
        fail_msg("%s", w.first);
}

/* What the setting says: the last moments may go, and nothing else. */
static void without_waiting_for_the_disk_the_last_moments_may_go_and_the_rest_is_whole(void **state)
{
    struct world w;
    world_open(&w, *state, true, false, cut_sometimes);
    cuts_run(&w);
    if (w.broken)
        fail_msg("%s", w.first);
    assert_true(w.lost > 0);
}

/* The harness itself: on a disk on which nothing is ever synced (as with synchronous=OFF) it must find the loss. */
static void a_disk_that_only_says_it_has_synced_is_found_out(void **state)
{
    struct world w;
    world_open(&w, *state, false, true, cut_sometimes);
    cuts_run(&w);
    assert_true(w.lost + w.broken > w.cuts / 4);
}

/* ---- the disk is full, or broken ---- */

static enum power_fault fail_between(void *ctx, enum power_op op, bool is_log)
{
    const struct world *w = ctx;
    int64_t             n = power_changes();
    (void)op, (void)is_log;
    return n >= w->from && n < w->until ? w->fault : POWER_FINE;
}

/* At every change of a small work in turn: the one fails, or it and those after it, as long as it takes until there is room again. */
static void fail_everywhere(void **state, enum power_fault fault)
{
    static const int64_t lengths[] = { 1, 3, 40 };
    struct test_store   *store     = *state;
    for (int64_t n = 1; n <= 90; n++) {
        struct world w;
        char         file[220];
        int64_t      acknowledged[WRITERS];
        world_open(&w, store, false, false, NULL);
        w.cuts_max = 0;
        w.fault    = fault;
        w.from     = power_changes() + n;
        w.until    = w.from + lengths[n % COUNT_OF(lengths)];
        power_before(fail_between, &w);
        world_write(&w, 8);
        for (int i = 0; i < WRITERS; i++)
            acknowledged[i] = w.acknowledged[i];
        world_close(&w);
        snprintf(file, sizeof file, "%s/shop.db", store->folder);
        look(&w, file, acknowledged);
        if (w.lost || w.broken)
            fail_msg("change %lld: %s", (long long)n, w.first);
        for (int i = 0; i < WRITERS; i++)
            if (acknowledged[i] != 8)
                fail_msg("change %lld: writer %d came to %lld of 8 rows", (long long)n, i, (long long)acknowledged[i]);
        if (w.refused_odd)
            fail_msg("change %lld: refused with other words than that the disk is full or broken", (long long)n);
        unlink(file);
        rmdir(w.into);
    }
}

static void a_full_disk_costs_nothing_acknowledged_and_work_goes_on_when_there_is_room(void **state) { fail_everywhere(state, POWER_FULL); }
static void a_failing_disk_costs_nothing_acknowledged_and_work_goes_on_when_it_is_well(void **state) { fail_everywhere(state, POWER_IO); }

static int make_store(void **state)
{
    static struct test_store store;
    *state = &store;
    return test_store_init(&store, false) ? 0 : -1;
}

static int drop_store(void **state)
{
    test_store_done(*state);
    return 0;
}

#define ON_DISK(f) cmocka_unit_test_setup_teardown(f, make_store, drop_store)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DISK(what_was_acknowledged_survives_any_loss_of_power),
        ON_DISK(without_waiting_for_the_disk_the_last_moments_may_go_and_the_rest_is_whole),
        ON_DISK(a_disk_that_only_says_it_has_synced_is_found_out),
        ON_DISK(a_full_disk_costs_nothing_acknowledged_and_work_goes_on_when_there_is_room),
        ON_DISK(a_failing_disk_costs_nothing_acknowledged_and_work_goes_on_when_it_is_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
