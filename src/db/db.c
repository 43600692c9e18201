/* db.c - pool and transactions of db.h over either driver. Statements are in statement.c. */
#include "db/postgres_driver.h"
#include "base/clock.h"
#include "base/metric.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TX_PATIENCE_NS INT64_C(10000000000)              /* no further try after this long */

/* --- memory, errors ------------------------------------------------------------------------------------------------ */

void *db_calloc(size_t count, size_t size)
{
    void *at = calloc(count, size);
    if (!at) {
        fputs("sauda: out of memory in the database layer\n", stderr);
        abort();
    }
    return at;
}

void *db_realloc(void *at, size_t bytes)
{
    at = realloc(at, bytes);
    if (!at) {
        fputs("sauda: out of memory in the database layer\n", stderr);
        abort();
    }
    return at;
}

bool failure_set(struct failure *f, enum err_code code, const char *text)
{
    f->code = code;
    snprintf(f->text, sizeof f->text, "%s", text ? text : "");
    f->text[strcspn(f->text, "\n")] = 0;
    return false;
}

bool failure_report(const struct failure *f, const char *name, struct err *err)
{
    const struct err_kind *kind = err_kind(f->code);
    err_set(err, f->code, "", "%s", kind->title);
    return err_note(err, "%s: %s", name, f->text);
}

/* --- pool ---------------------------------------------------------------------------------------------------------- */

static bool address_read(const char *url, const struct db_driver **driver, const char **where, struct err *err)
{
    if (strncmp(url, "sqlite:", 7) == 0 && url[7]) {
        *driver = &sqlite_driver;
        *where  = url + 7;
        return true;
    }
    if (strncmp(url, "postgresql://", 13) == 0 || strncmp(url, "postgres://", 11) == 0) {
        *driver = &postgres_driver;
        *where  = url;
        return true;
    }
    return err_set(err, ERR_SETTING, "database", "must be sqlite:FILE or postgresql://…");
}

bool db_open(const char *url, const struct db_options *options, struct db_pool **out, struct err *err)
{
    const struct db_driver *driver = NULL;
    const char *where = NULL;
    if (!address_read(url, &driver, &where, err))
        return false;

    struct db_pool *pool = db_calloc(1, sizeof *pool);
    pool->driver = driver;
    if (options)
        pool->options = *options;
    if (pool->options.readers <= 0)
        pool->options.readers = DB_READERS;
    size_t len  = strlen(where) + 1;
    pool->where = db_calloc(1, len);
    memcpy(pool->where, where, len);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->returned, NULL);
    if (!driver->open(pool, err)) {
        db_close(pool);
        return false;
    }
    *out = pool;
    return true;
}

void db_close(struct db_pool *pool)
{
    if (!pool)
        return;
    pg_news_free(pool);
    assert(pool->borrowed == 0);                         /* somebody still works with this database */
    while (pool->free) {
        struct db *db = pool->free;
        pool->free = db->next_free;
        db_discard(db);
    }
    pool->driver->close(pool);
    pthread_cond_destroy(&pool->returned);
    pthread_mutex_destroy(&pool->lock);
    free(pool->where);
    free(pool);
}

bool db_is_postgres(const struct db_pool *pool) { return pool->driver->is_postgres; }
struct db_pool *db_pool_of(struct db *db) { return db->pool; }
bool db_in_tx(const struct db *db) { return db->in_tx; }
int64_t db_statements(const struct db *db) { return db->statements; }

/* The connection itself is made with the first statement. */
struct db *db_make(struct db_pool *pool)
{
    struct db *db = db_calloc(1, pool->driver->db_size);
    db->pool = pool;
    return db;
}

void db_discard(struct db *db)
{
    db->is_ending = true;
    statements_drop(db);
    db->pool->driver->disconnect(db);
    free(db->after);
    free(db);
}

struct db *db_borrow(struct db_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->waiting++;
    while (!pool->free && pool->made == pool->options.readers)
        pthread_cond_wait(&pool->returned, &pool->lock);
    pool->waiting--;
    struct db *db = pool->free;
    if (db)
        pool->free = db->next_free;
    else
        pool->made++;
    pool->borrowed++;
    pthread_mutex_unlock(&pool->lock);
    if (!db)
        db = db_make(pool);
    db->statements = 0;
    return db;
}

void db_return(struct db_pool *pool, struct db *db)
{
    assert(db->pool == pool);
    assert(!db->in_tx && db->open_statements == 0);      /* a statement was not ended */
    metric_count(METRIC_DB_STATEMENTS, NULL, db->statements);
    pthread_mutex_lock(&pool->lock);
    db->next_free = pool->free;
    pool->free    = db;
    pool->borrowed--;
    bool wake = pool->waiting > 0;
    pthread_mutex_unlock(&pool->lock);
    if (wake)
        pthread_cond_signal(&pool->returned);
}

void db_release(struct db **db)
{
    if (*db)
        db_return((*db)->pool, *db);
    *db = NULL;
}

bool db_script(struct db *db, const char *text, struct err *err)
{
    struct failure failure = { 0 };
    assert(db->in_tx);
    return db->pool->driver->script(db, text, &failure) || failure_report(&failure, "script", err);
}

/* --- transactions --------------------------------------------------------------------------------------------------- */

void db_after_commit(struct db *db, void (*fn)(void *ctx), void *ctx)
{
    assert(db->in_tx);
    if (db->after_count == db->after_cap) {
        db->after_cap = db->after_cap ? db->after_cap * 2 : 16;
        db->after     = db_realloc(db->after, sizeof *db->after * (size_t)db->after_cap);
    }
    db->after[db->after_count++] = (struct after_commit){ fn, ctx };
}

void db_on_signal(struct db_pool *pool, void (*fn)(void *ctx), void *ctx)
{
    pool->signal = (struct after_commit){ fn, ctx };
}

bool db_on_told(struct db_pool *pool, void (*fn)(void *ctx, enum db_word), void *ctx, struct err *err)
{
    return !db_is_postgres(pool) || pg_news_open(pool, fn, ctx, err);
}

void db_tell_others(struct db_pool *pool, enum db_word word)
{
    pg_news_tell(pool, word);
}

void db_news_stop(struct db_pool *pool)
{
    pg_news_stop(pool);
}

void db_signal(struct db *db)
{
    const struct after_commit *signal = &db->pool->signal;
    bool told = db->after_count && db->after[db->after_count - 1].fn == signal->fn;
    if (signal->fn && !told)
        db_after_commit(db, signal->fn, signal->ctx);
}

/* Runs what was registered since `from`, in order, and forgets it. */
void db_run_after(struct db *db, int from)
{
    for (int i = from; i < db->after_count; i++)
        db->after[i].fn(db->after[i].ctx);
    db->after_count = from;
}

/* About 1, 3, 9, 27 ms, spread over half to one and a half of that, so that those who collided part. */
static void wait_before(int try)
{
    int64_t ns = 1000000;
    for (int i = 2; i < try; i++)
        ns *= 3;
    uint64_t r = (uint64_t)clock_tick_ns() * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)(uintptr_t)&ns;
    ns = ns / 2 + (int64_t)((r >> 20) % (uint64_t)ns);
    struct timespec t = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };
    nanosleep(&t, NULL);
}

/* A db_tx inside a db_tx is part of it. When the inner one fails, so does all of it, whatever the outer work returns. */
static bool tx_join(struct db *db, db_work *work, void *ctx, struct err *err)
{
    if (work(db, ctx, err))
        return true;
    db->inner_failed = true;
    return false;
}

struct whole { db_work *work; void *ctx; };

/* The work, and then the rows that it left waiting. */
static bool whole_run(struct db *db, void *ctx, struct err *err)
{
    const struct whole *w = ctx;
    struct failure      f = { 0 };
    bool ok = w->work(db, w->ctx, err);
    if (!ok)
        gathered_drop(db);
    return ok && (!db->waiting || gathered_run(db, &f) || failure_report(&f, "commit", err));
}

bool db_tx(struct db *db, db_work *inner, void *inner_ctx, struct err *err)
{
    if (db->in_tx)
        return tx_join(db, inner, inner_ctx, err);
    db_work     *work  = whole_run;
    struct whole whole = { inner, inner_ctx }, *ctx = &whole;
    if (db->pool->options.read_only)
        return err_set(err, ERR_SETTING, "database", "is opened for reading only");

    int64_t start = clock_tick_ns();
    enum db_outcome outcome = db->pool->driver->tx(db, work, ctx, err);
    for (int try = 2; outcome == DB_AGAIN && try <= DB_TRIES_MAX; try++) {
        if (clock_tick_ns() - start > TX_PATIENCE_NS)
            break;
        err_clear(err);
        metric_count(METRIC_DB_RETRIES, NULL, 1);
        wait_before(try);
        outcome = db->pool->driver->tx(db, work, ctx, err);
    }
    if (outcome == DB_COMMITTED)
        metric_count(METRIC_DB_TX, NULL, 1);
    metric_observe(METRIC_DB_TX_SECONDS, NULL, (clock_tick_ns() - start) / 1000);
    return outcome == DB_COMMITTED;
}

bool db_backup(struct db_pool *pool, const char *path, struct err *err)
{
    return pool->driver->backup(pool, path, err);
}
