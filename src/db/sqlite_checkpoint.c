/* sqlite_checkpoint.c - copies SQLite's write-ahead log into the database, on a thread of its own.
 *
 * Done inside a commit, that copying stalls whoever committed. Here: PASSIVE, which disturbs nobody, each time the log grew by
 * COPY_FRAMES; when it grew past LONG_FRAMES because it is never quiet, the writer is held for the moment in which the last
 * frames are copied, so that the next write starts the log anew; TRUNCATE when nobody wrote for a while.
 *
 * A page that many commits wrote is copied once, so seldom copying costs less. And the log is not given back in every pause: blocks
 * that a file has already are flushed faster than those it must be given, and a shop that was busy will be so again.
 */
#include "db/sqlite_driver.h"
#include <errno.h>
#include <time.h>

#define COPY_FRAMES 8000                                 /* 32 MB */
#define LONG_FRAMES 16000                                /* 64 MB */
#define QUIET_S     20

void checkpoint_gate_enter(struct sqlite_checkpoint *c)
{
    uint32_t wanted;
    while ((wanted = atomic_load(&c->wanted)))
        futex_wait(&c->wanted, wanted);
    pthread_mutex_lock(&c->gate);
}

void checkpoint_gate_leave(struct sqlite_checkpoint *c)
{
    pthread_mutex_unlock(&c->gate);
    pthread_mutex_lock(&c->lock);
    int64_t frames = atomic_load(&c->frames);
    if (frames < c->frames_done)                         /* the log was started anew */
        c->frames_done = 0;
    bool wake = frames && (!c->dirty || frames - c->frames_done >= COPY_FRAMES);
    c->dirty  = c->dirty || frames;
    pthread_mutex_unlock(&c->lock);
    if (wake)
        pthread_cond_signal(&c->changed);
}

static void gate_take(struct sqlite_checkpoint *c)
{
    atomic_store(&c->wanted, 1);
    pthread_mutex_lock(&c->gate);
}

static void gate_give(struct sqlite_checkpoint *c)
{
    pthread_mutex_unlock(&c->gate);
    atomic_store(&c->wanted, 0);
    futex_wake(&c->wanted);
}

/* What was copied is only in the system's memory, and the checkpoint that reaches the end of the log flushes all of it. */
static void file_flush(struct sqlite_checkpoint *c)
{
    sqlite3_file *file = NULL;
    if (sqlite3_file_control(c->conn, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK && file && file->pMethods)
        (void)file->pMethods->xSync(file, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
}

/* Errors are left alone: the log keeps everything, and the next round tries again. */
static void copy(struct sqlite_checkpoint *c)
{
    int length = 0, copied = 0;
    sqlite3_wal_checkpoint_v2(c->conn, NULL, SQLITE_CHECKPOINT_PASSIVE, &length, &copied);
    file_flush(c);
    if (length < LONG_FRAMES)
        return;
    sqlite3_wal_checkpoint_v2(c->conn, NULL, SQLITE_CHECKPOINT_PASSIVE, &length, &copied);    /* what came while that was flushed */
    gate_take(c);
    sqlite3_wal_checkpoint_v2(c->conn, NULL, SQLITE_CHECKPOINT_PASSIVE, &length, &copied);
    gate_give(c);
}

static bool truncate_log(struct sqlite_checkpoint *c)
{
    sqlite3_wal_checkpoint_v2(c->conn, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);    /* most of it, with nobody waiting */
    gate_take(c);
    int rc = sqlite3_wal_checkpoint_v2(c->conn, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (rc == SQLITE_OK)
        atomic_store(&c->frames, 0);
    gate_give(c);
    return rc == SQLITE_OK;
}

/* Waits until there is enough to copy (true) or it has been quiet for QUIET_S (false). Called and left with the lock held. */
static bool wait_for_frames(struct sqlite_checkpoint *c)
{
    int64_t before = atomic_load(&c->frames);
    for (;;) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec += QUIET_S;
        int rc = 0;
        while (!c->stop && rc != ETIMEDOUT && atomic_load(&c->frames) - c->frames_done < COPY_FRAMES)
            rc = pthread_cond_timedwait(&c->changed, &c->lock, &until);
        int64_t now = atomic_load(&c->frames);
        if (c->stop || now - c->frames_done >= COPY_FRAMES)
            return true;
        if (now == before)
            return false;
        before = now;
    }
}

static void *checkpoint_main(void *arg)
{
    struct sqlite_checkpoint *c = arg;
    pthread_mutex_lock(&c->lock);
    while (!c->stop) {
        while (!c->dirty && !c->stop)
            pthread_cond_wait(&c->changed, &c->lock);
        if (c->stop)
            break;
        bool busy = wait_for_frames(c);
        if (c->stop)
            break;
        c->frames_done = atomic_load(&c->frames);
        c->dirty       = busy;
        pthread_mutex_unlock(&c->lock);
        if (busy)
            copy(c);
        bool again = !busy && !truncate_log(c);
        pthread_mutex_lock(&c->lock);
        if (again)                                       /* a reader held the log: once more after the next quiet time */
            c->dirty = true;
        else if (!busy)
            c->frames_done = 0;
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

void checkpoint_init(struct sqlite_store *store)
{
    struct sqlite_checkpoint *c = &store->checkpoint;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&c->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&c->lock, NULL);
    pthread_mutex_init(&c->gate, NULL);
}

bool checkpoint_start(struct sqlite_store *store, struct failure *f)
{
    struct sqlite_checkpoint *c = &store->checkpoint;
    if (!sqlite_connect(store->pool, true, &c->conn, f))
        return false;
    sqlite3_busy_timeout(c->conn, 0);                    /* it can always come back later */
    if (pthread_create(&c->thread, NULL, checkpoint_main, c) != 0)
        return failure_set(f, ERR_BUSY, "cannot start the checkpoint thread");
    c->has_thread = true;
    return true;
}

void checkpoint_stop(struct sqlite_store *store)
{
    struct sqlite_checkpoint *c = &store->checkpoint;
    if (c->has_thread) {
        pthread_mutex_lock(&c->lock);
        c->stop = true;
        pthread_mutex_unlock(&c->lock);
        pthread_cond_signal(&c->changed);
        pthread_join(c->thread, NULL);
    }
    sqlite3_close(c->conn);
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->lock);
    pthread_mutex_destroy(&c->gate);
}
