/* sqlite_writer.c - the one thread that writes to SQLite: group commit.
 *
 * It takes whatever is queued, runs it, commits once, wakes all. What arrives meanwhile joins the same group up to a bound, for the
 * flush of the disk costs more than the works. There is no waiting for more to come.
 * A work that fails loses only what it did itself; a commit that fails, fails for all of the group.
 *
 * A savepoint for each work would cost a copy of every page that it writes to, a fifth of the whole. Works seldom fail, so a group begins
 * without: when one of them fails, all that the group did is undone and done again, now with savepoints, and so are the next groups.
 */
#include "db/sqlite_driver.h"
#include "base/clock.h"
#include <assert.h>
#include <malloc.h>
#include <stdlib.h>

#define GROUP_WORKS_MAX 256
#define GROUPS_CAREFUL  32                               /* groups with savepoints after a work has failed */
#define CACHE_IDLE_BYTES (4 << 20)                       /* less is kept */
#define GROUP_NS_MAX    INT64_C(10000000)                /* nobody's commit waits longer than this for others to join */

void writer_run(struct sqlite_store *store, struct write_job *job)
{
    assert(!pthread_equal(pthread_self(), store->writer.thread));       /* a work used a connection that is not its own */
    queue_run(&store->writer.queue, job);
}

struct group {
    struct sqlite_writer *writer;
    struct write_job     *first, **end;     /* those that ran */
    int                   count;
    bool                  is_careful;       /* each work in a savepoint */
    bool                  is_over;          /* the transaction is gone: the database rolled it back, or we did */
    bool                  is_again;         /* a work failed, and those before it have no savepoint: all of them once more */
    struct failure        failure;          /* what ended it, for everybody in it */
};

static bool control(struct group *g, sqlite3_stmt *st)
{
    int rc = sqlite3_step(st);
    if (rc != SQLITE_DONE)
        sqlite_failure(&g->failure, g->writer->db->conn, rc);
    sqlite3_reset(st);
    return rc == SQLITE_DONE;
}

/* A deferred foreign key is checked at COMMIT, where it would fail for everybody: found here, only its author fails. */
static bool deferred_ok(struct sqlite_db *db, struct err *err)
{
    int open = 0, high = 0;
    sqlite3_db_status(db->conn, SQLITE_DBSTATUS_DEFERRED_FKS, &open, &high, 0);
    if (!open)
        return true;
    struct failure f = { .code = ERR_DB_CONFLICT, .text = "FOREIGN KEY constraint failed at commit" };
    return failure_report(&f, "commit", err);
}

static bool work_run(struct sqlite_db *db, struct write_job *job)
{
    struct db *base    = &db->base;
    int64_t statements = base->statements;
    base->in_tx        = true;
    base->inner_failed = false;
    bool ok = job->work(base, job->ctx, job->err);
    assert(base->open_statements == 0);                  /* a statement was not ended */
    base->in_tx     = false;
    job->statements = base->statements - statements;
    if (ok && base->inner_failed)
        ok = err_set(job->err, ERR_INTERNAL, "", "A part of this failed, and all of it was undone.");
    if (!ok && !err_is_set(job->err))
        err_set(job->err, ERR_INTERNAL, "", "%s", err_kind(ERR_INTERNAL)->title);
    return ok && deferred_ok(db, job->err);
}

/* For tests: runs it and takes it back, so that a work which counts on being run once is found out. */
static void work_rehearse(struct group *g, struct write_job *job)
{
    struct sqlite_writer *w = g->writer;
    int after = w->db->base.after_count;
    if (!control(g, w->savepoint))
        return;
    (void)work_run(w->db, job);
    err_clear(job->err);
    w->db->base.after_count = after;
    if (!sqlite3_get_autocommit(w->db->conn)) {
        control(g, w->rollback_to);
        control(g, w->release);
    }
}

static void job_run(struct group *g, struct write_job *job)
{
    struct sqlite_writer *w = g->writer;
    bool is_alone = g->count == 0 && !job->next;         /* then the transaction itself is its savepoint */
    int after     = w->db->base.after_count;
    g->count++;
    job->next = NULL;
    *g->end   = job;
    g->end    = &job->next;

    if (w->twice)
        work_rehearse(g, job);
    if (g->is_careful && !is_alone && !control(g, w->savepoint)) {
        g->is_over = true;
        return;
    }
    job->ok = work_run(w->db, job);
    if (!job->ok)
        w->db->base.after_count = after;
    if (sqlite3_get_autocommit(w->db->conn)) {           /* disk full and the like: SQLite has undone all of it */
        failure_set(&g->failure, job->ok ? ERR_DB : job->err->code, "the transaction was undone by the database");
        g->is_over = true;
    } else if (is_alone && !job->ok) {
        control(g, w->rollback);
        g->is_over = true;
    } else if (!g->is_careful) {
        g->is_again = !job->ok;
    } else if (!is_alone) {
        if (!(job->ok || control(g, w->rollback_to)) || !control(g, w->release))
            g->is_over = true;
    }
}

static void group_fail(struct group *g, struct write_job *list)
{
    for (struct write_job *job = list; job; job = job->next) {
        if (job->ok)
            err_clear(job->err);                         /* whatever the work had coped with */
        if (!err_is_set(job->err))
            failure_report(&g->failure, "commit", job->err);
        job->ok = false;
    }
}

/* Runs the list and what comes meanwhile. Jobs that could not run any more are left in *rest. */
static void group_works(struct group *g, struct write_job *list, struct write_job **rest)
{
    int64_t start = clock_tick_ns();
    while (list && !g->is_over && !g->is_again) {
        struct write_job *job = list;
        list = job->next;
        job_run(g, job);
        if (!list && !g->is_over && !g->is_again && g->count < GROUP_WORKS_MAX && clock_tick_ns() - start < GROUP_NS_MAX)
            list = queue_take(&g->writer->queue);
    }
    *rest = list;
}

/* Undoes what ran, and puts it in front of what did not. False: it could not be undone, and the group is over. */
static bool group_again(struct group *g, struct write_job **rest)
{
    struct sqlite_writer *w = g->writer;
    w->db->base.after_count = 0;
    w->careful              = GROUPS_CAREFUL;
    if (!control(g, w->rollback)) {
        g->is_over = true;
        return false;
    }
    *g->end = *rest;
    *rest   = g->first;
    for (struct write_job *job = g->first; job; job = job->next) {
        err_clear(job->err);
        job->ok = false;
    }
    return true;
}

static void group_run(struct sqlite_writer *w, struct write_job *list, struct write_job **rest)
{
    struct group g = { .writer = w, .is_careful = w->careful > 0 };
    g.end = &g.first;
    *rest = NULL;
    w->careful -= w->careful > 0;
    if (!control(&g, w->begin)) {
        group_fail(&g, list);
        jobs_wake(list);
        return;
    }
    group_works(&g, list, rest);
    if (g.is_again && group_again(&g, rest))
        return;
    bool ok = !g.is_over && control(&g, w->commit);
    if (!ok && !sqlite3_get_autocommit(w->db->conn)) {
        struct failure first = g.failure;
        control(&g, w->rollback);
        g.failure = first;
    }
    if (ok) {
        db_run_after(&w->db->base, 0);
    } else {
        w->db->base.after_count = 0;
        if (!g.failure.code)
            failure_set(&g.failure, ERR_DB, "the transaction was undone");
        group_fail(&g, g.first);
    }
    jobs_wake(g.first);
}

/* Nobody writes: its cache, the largest of all, is given back. The system has the file in its own, from where it is filled again. */
static void writer_idle(void *ctx)
{
    struct sqlite_writer *w = ctx;
    int bytes = 0, high = 0;
    sqlite3_db_status(w->db->conn, SQLITE_DBSTATUS_CACHE_USED, &bytes, &high, 0);
    if (bytes < CACHE_IDLE_BYTES)
        return;
    sqlite3_db_release_memory(w->db->conn);
    malloc_trim(0);
}

static void *writer_main(void *arg)
{
    struct sqlite_store *store = arg;
    struct sqlite_writer *w    = &store->writer;
    struct write_job *list;
    while ((list = queue_wait(&w->queue, writer_idle, w)))
        while (list) {
            struct write_job *rest;
            checkpoint_gate_enter(&store->checkpoint);
            group_run(w, list, &rest);
            sqlite_log_forget(w->db->conn);
            checkpoint_gate_leave(&store->checkpoint);
            list = rest;
        }
    return NULL;
}

/* --- start and stop -------------------------------------------------------------------------------------------------- */

static int note_frames(void *arg, sqlite3 *conn, const char *schema, int frames)
{
    (void)conn, (void)schema;
    struct sqlite_store *store = arg;
    atomic_store(&store->checkpoint.frames, frames);
    return SQLITE_OK;
}

bool writer_start(struct sqlite_store *store, struct failure *f)
{
    struct sqlite_writer *w = &store->writer;
    struct { sqlite3_stmt **st; const char *text; } const controls[] = {
        { &w->begin, "BEGIN IMMEDIATE" },    { &w->commit, "COMMIT" },        { &w->rollback, "ROLLBACK" },
        { &w->savepoint, "SAVEPOINT work" }, { &w->release, "RELEASE work" }, { &w->rollback_to, "ROLLBACK TO work" },
    };
    w->db = (struct sqlite_db *)db_make(store->pool);
    w->db->is_writer = true;
    if (!sqlite_connect(store->pool, true, &w->db->conn, f))
        return false;
    for (int i = 0; i < COUNT_OF(controls); i++) {
        int rc = sqlite3_prepare_v3(w->db->conn, controls[i].text, -1, SQLITE_PREPARE_PERSISTENT, controls[i].st, NULL);
        if (rc != SQLITE_OK)
            return sqlite_failure(f, w->db->conn, rc);
    }
    w->twice = getenv("SAUDA_DB_TWICE") != NULL;
    sqlite3_wal_hook(w->db->conn, note_frames, store);
    if (pthread_create(&w->thread, NULL, writer_main, store) != 0)
        return failure_set(f, ERR_BUSY, "cannot start the writer thread");
    w->has_thread = true;
    return true;
}

void writer_stop(struct sqlite_store *store)
{
    struct sqlite_writer *w = &store->writer;
    if (w->has_thread) {
        queue_stop(&w->queue);
        pthread_join(w->thread, NULL);
    }
    sqlite3_stmt *const controls[] = { w->begin, w->commit, w->rollback, w->savepoint, w->release, w->rollback_to };
    for (int i = 0; i < COUNT_OF(controls); i++)
        sqlite3_finalize(controls[i]);
    if (w->db)
        db_discard(&w->db->base);
}
