/* postgres_writer.c - the one thread that writes to PostgreSQL: group commit, and turns between servers.
 *
 * It takes whatever waits, runs it on one connection in one transaction, commits once, wakes all. Works that write at the same time would
 * meet in the counters that nearly all of them touch; of such the database lets one through and refuses the rest, which begin again:
 * at 200 orders a second most of its time went into what was thrown away.
 *
 * For the same reason servers of one database take turns by an advisory lock around the transaction. That is a courtesy only: a program
 * without it is held apart by SERIALIZABLE, and a group that was refused is given back to be tried again.
 *
 * Each work of several has a savepoint. One that refuses is taken back alone; when a statement fails, nobody can say at once whose it
 * was, for statements are sent ahead: then the group is undone, and each of its works gets a transaction of its own.
 */
#include "db/postgres_driver.h"
#include <assert.h>
#include <stdlib.h>

#define GROUP_WORKS_MAX 60                               /* a backend shows 64 inner transactions to others; more cost everybody */

/* The lock is of a shop: one schema of one database. It has to be there before the transaction takes its first look. */
#define TURN "(1396790612, hashtext(current_schema()))"

static void turn_take(struct pg_db *db)
{
    if (db->has_turn)
        return;
    pg_send_control(db, PENDING_CONTROL, "SELECT pg_advisory_lock" TURN);
    pg_sync_later(db);
    db->has_turn = true;
}

static void turn_give(struct pg_db *db)
{
    if (!db->has_turn)
        return;
    pg_send_control(db, PENDING_CONTROL, "SELECT pg_advisory_unlock" TURN);
    db->has_turn = false;
}

/* --- one transaction -------------------------------------------------------------------------------------------------- */

void pg_begin(struct pg_db *db)
{
    if (db->is_begun)
        return;
    turn_take(db);
    pg_send_control(db, PENDING_CONTROL, "BEGIN ISOLATION LEVEL SERIALIZABLE READ WRITE");
    db->is_begun = true;
}

static void commit(struct pg_db *db)
{
    if (!db->is_begun || db->failure.code)
        return;
    db->commit_sent = true;
    pg_send_control(db, PENDING_COMMIT, "COMMIT");
    turn_give(db);
    pg_sync(db);
    if (db->failure.code)
        db->has_turn = true;                             /* what stood behind the COMMIT was skipped, or failed */
    if (db->is_committed)
        db->failure.code = ERR_NONE;                     /* whatever came afterwards, this was heard */
}

/* The first sync ends the skipping after an error, so that the ROLLBACK is heard. */
static void roll_back(struct pg_db *db)
{
    if (!db->is_begun)
        return;
    pg_sync(db);
    pg_send_control(db, PENDING_CONTROL, "ROLLBACK");
    turn_give(db);
    pg_sync(db);
}

/* A server that went away while nobody looked is noticed here, where trying again is still safe. Its last words may stand
 * before the end of the stream, hence the second look. */
static void look_at_connection(struct pg_db *db)
{
    if (!db->conn || db->is_lost || db->pending_count)
        return;
    if (!PQconsumeInput(db->conn) || PQisBusy(db->conn) || !PQconsumeInput(db->conn) || PQstatus(db->conn) != CONNECTION_OK)
        db->is_lost = true;
}

static bool work_run(struct pg_db *db, struct write_job *job)
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
    return ok;
}

/* One of several. False: the transaction is spoilt. */
static bool work_within(struct pg_db *db, struct write_job *job)
{
    struct failure f = { 0 };
    int after = db->base.after_count;
    if (!pg_connected(db, &f)) {
        pg_fail(db, NULL, f.code, f.text);
        return false;
    }
    pg_begin(db);
    pg_send_control(db, PENDING_CONTROL, "SAVEPOINT work");
    job->ok = work_run(db, job);
    if (!job->ok && !db->failure.code)
        pg_drain_so_far(db);                             /* did it refuse, or did a statement of it fail? */
    if (db->failure.code)
        return false;
    if (!job->ok) {
        db->base.after_count = after;
        pg_send_control(db, PENDING_CONTROL, "ROLLBACK TO work");
    }
    pg_send_control(db, PENDING_CONTROL, "RELEASE work");
    return !db->failure.code;
}

/* --- groups ----------------------------------------------------------------------------------------------------------- */

static void group_begin(struct pg_db *db)
{
    db->failure.code     = ERR_NONE;
    db->is_begun         = db->commit_sent = db->is_committed = db->is_refused = false;
    db->base.after_count = 0;
    look_at_connection(db);
}

static void group_end(struct pg_db *db, bool ok)
{
    if (!ok)
        roll_back(db);
    db->is_begun = false;
    if (ok)
        db_run_after(&db->base, 0);
    db->base.after_count = 0;
}

/* Nothing that was sent can have been done. */
static bool may_try_again(const struct pg_db *db)
{
    return db->failure.code == ERR_DB_BUSY || (db->failure.code == ERR_DB_DOWN && (db->is_refused || !db->commit_sent));
}

static void alone_run(struct pg_db *db, struct write_job *job)
{
    group_begin(db);
    job->ok = work_run(db, job);
    if (job->ok)
        commit(db);
    job->ok = job->ok && !db->failure.code;
    struct failure first = db->failure;
    job->again = !job->ok && (may_try_again(db) || job->err->code == ERR_DB_BUSY);
    group_end(db, job->ok);
    if (first.code && !err_is_set(job->err))
        failure_report(&first, db->failed, job->err);
}

static void job_failed(struct write_job *job, const struct failure *f, const char *name, bool again)
{
    job->ok    = false;
    job->again = again;
    err_clear(job->err);                                 /* whatever the work had coped with, or did not reach */
    failure_report(f, name, job->err);
}

/* A work that fails by a statement has said so itself, before anybody asked the database: its words are worth more than ours. */
static void group_run(struct pg_db *db, struct write_job *list)
{
    bool ok = true;
    group_begin(db);
    for (struct write_job *job = list; ok && job; job = job->next)
        ok = work_within(db, job);
    if (ok)
        commit(db);
    struct failure first = db->failure;
    bool again = may_try_again(db);
    ok = ok && !first.code;
    group_end(db, ok);
    for (struct write_job *job = list; job; job = job->next) {
        if (ok) {
            job->again = !job->ok && job->err->code == ERR_DB_BUSY;
        } else if (again || first.code == ERR_DB_DOWN) {
            job_failed(job, &first, db->failed, again);
        } else {
            err_clear(job->err);
            alone_run(db, job);
        }
    }
}

/* The first so many; what is behind them is left in *rest. */
static void group_cut(struct write_job *list, struct write_job **rest)
{
    for (int n = 1; n < GROUP_WORKS_MAX && list->next; n++)
        list = list->next;
    *rest      = list->next;
    list->next = NULL;
}

static void *writer_main(void *arg)
{
    struct pg_writer *w = arg;
    struct write_job *list;
    while ((list = queue_wait(&w->queue, NULL, NULL)))
        while (list) {
            struct write_job *rest;
            group_cut(list, &rest);
            if (list->next)
                group_run(w->db, list);
            else
                alone_run(w->db, list);
            jobs_wake(list);
            list = rest;
        }
    return NULL;
}

/* --- from outside ----------------------------------------------------------------------------------------------------- */

enum db_outcome pg_tx(struct db *db, db_work *work, void *ctx, struct err *err)
{
    struct pg_writer *w   = db->pool->own;
    struct write_job  job = { .work = work, .ctx = ctx, .err = err };
    assert(!pthread_equal(pthread_self(), w->thread));   /* a work used a connection that is not its own */
    queue_run(&w->queue, &job);
    db->statements += job.statements;
    return job.ok ? DB_COMMITTED : job.again ? DB_AGAIN : DB_FAILED;
}

/* Its connection is made with the first transaction. */
bool pg_writer_start(struct db_pool *pool, struct failure *f)
{
    struct pg_writer *w = db_calloc(1, sizeof *w);
    pool->own         = w;
    w->db             = (struct pg_db *)db_make(pool);
    w->db->is_writer  = true;
    w->has_thread     = pthread_create(&w->thread, NULL, writer_main, w) == 0;
    return w->has_thread || failure_set(f, ERR_BUSY, "cannot start the writer thread");
}

void pg_writer_stop(struct db_pool *pool)
{
    struct pg_writer *w = pool->own;
    if (!w)
        return;
    if (w->has_thread) {
        queue_stop(&w->queue);
        pthread_join(w->thread, NULL);
    }
    db_discard(&w->db->base);
    free(w);
}
