/* sqlite_driver.h - what the files of the SQLite driver share: db_sqlite.c, sqlite_open.c, sqlite_log.c, sqlite_writer.c, sqlite_checkpoint.c.
 *
 * Threads: a reader's connection belongs to whoever borrowed it; the writer's to the writer thread; the checkpoint thread has
 * its own. The queue, `frames` and `wanted` are atomics; `gate` is held by the writer for the length of a group and
 * by the checkpoint thread for the moments in which nobody may write.
 */
#pragma once
#include "db/write_queue.h"
#include <sqlite3.h>

struct sqlite_db {
    struct db base;
    sqlite3  *conn;
    bool      is_writer;
};

struct sqlite_prepared {
    struct prepared base;
    sqlite3_stmt   *handle;
    uint16_t       *index;              /* $n → SQLite's number for it */
    bool            is_read;
};

struct sqlite_writer {
    struct sqlite_db *db;
    pthread_t         thread;
    bool              has_thread;
    sqlite3_stmt     *begin, *commit, *rollback, *savepoint, *release, *rollback_to;
    struct write_queue queue;
    int               careful;          /* of the writer thread: so many groups more run with savepoints */
    bool              twice;            /* $SAUDA_DB_TWICE, for tests: each work is run, taken back and run again */
};

struct sqlite_checkpoint {
    sqlite3          *conn;
    pthread_t         thread;
    bool              has_thread;
    pthread_mutex_t   lock;             /* of the flags below */
    pthread_cond_t    changed;
    bool              dirty, stop;
    int64_t           frames_done;      /* length of the log when it was last copied */
    pthread_mutex_t   gate;
    _Atomic uint32_t  wanted;           /* the checkpoint thread waits for the gate: let it pass */
    _Atomic int64_t   frames;           /* length of the log after the last commit */
};

struct sqlite_store {
    struct db_pool          *pool;
    struct sqlite_writer     writer;
    struct sqlite_checkpoint checkpoint;
    int                      lock;              /* descriptor that keeps others out; 0: none */
};

/* Name of the VFS for a connection that writes and syncs each commit (sqlite_log.c); NULL: there is none, use the usual one. */
const char *sqlite_log_vfs(void);
/* Of a connection opened by it, when no transaction is open: what was not synced is given up. Any other connection: nothing. */
void sqlite_log_forget(sqlite3 *conn);
/* Opens a connection with all settings. `write` also makes the file and its folder. */
MUST_CHECK bool sqlite_connect(const struct db_pool *, bool write, sqlite3 **out, struct failure *);
/* Keeps other programs that ask for the same out until the descriptor is closed, or this program ends in whatever way. */
MUST_CHECK bool sqlite_lock(const struct db_pool *, int *out, struct failure *);
bool sqlite_failure(struct failure *, sqlite3 *, int rc);                /* always false */

MUST_CHECK bool writer_start(struct sqlite_store *, struct failure *);
void writer_stop(struct sqlite_store *);
/* Hands the work over and waits until it is durable or has failed. */
void writer_run(struct sqlite_store *, struct write_job *);

void checkpoint_init(struct sqlite_store *);             /* before the writer starts: it passes the gate */
MUST_CHECK bool checkpoint_start(struct sqlite_store *, struct failure *);
void checkpoint_stop(struct sqlite_store *);
/* Called by the writer: before a group and after it. */
void checkpoint_gate_enter(struct sqlite_checkpoint *);
void checkpoint_gate_leave(struct sqlite_checkpoint *);
