/*
 * sqlite_log.c - a commit's pages reach the log in one write, not in two a page.
 *
 * SQLite writes its write-ahead log frame by frame, a head of 24 bytes and a page of 4096 each time; a group of 64 orders is some 1700
 * such calls, and they were a fifth of the processor time of an order. This VFS lies over the one that is there and keeps what is
 * written to a log, one run of bytes after another, until somebody needs it in the file: the sync of a commit, a look at the same
 * bytes, a cut, a question for the length. All other files are opened by the VFS below, untouched.
 *
 * It may only lie under connections that sync each commit (synchronous=FULL): SQLite makes a commit visible to others after that sync
 * (wal.c: frames, sync, then the index), so nobody is ever told of a frame that is not in the file.
 *
 * A write that fails late fails the sync, and with it the commit. SQLite may also have gone on in between; what was lost is therefore
 * remembered, and nothing behind it is taken until those bytes are written again.
 */
#include "db/sqlite_driver.h"
#include <pthread.h>

#define NAME       "sauda-log"
#define KEPT_BYTES 0x1ffff             /* the most that SQLite's own VFS writes in one call */
#define NO_LOSS    INT64_MAX

struct log_file {
    sqlite3_file  base;
    sqlite3_file *below;
    unsigned char *kept;                /* KEPT_BYTES, from the first write on; [at, at + len) of the file */
    int64_t       at, len;
    int64_t       lost;                 /* from this byte on the file lacks what SQLite wrote, or NO_LOSS */
};

static struct log_file *log_of(sqlite3_file *f) { return (struct log_file *)f; }

static int write_through(struct log_file *x, const void *bytes, int64_t len, int64_t at)
{
    int rc = x->below->pMethods->xWrite(x->below, bytes, (int)len, at);
    if (rc != SQLITE_OK && at < x->lost)
        x->lost = at;
    return rc;
}

static int flush(struct log_file *x)
{
    int64_t len = x->len;
    x->len      = 0;
    return len ? write_through(x, x->kept, len, x->at) : SQLITE_OK;
}

static int x_write(sqlite3_file *f, const void *bytes, int size, sqlite3_int64 at)
{
    struct log_file *x = log_of(f);
    if (at > x->lost)
        return SQLITE_IOERR_WRITE;
    if (at == x->lost || at == 0)
        x->lost = NO_LOSS;                                             /* from here on it is written again */
    if (x->len && (at != x->at + x->len || x->len + size > KEPT_BYTES)) {
        int rc = flush(x);
        if (rc != SQLITE_OK)
            return rc;
    }
    if (!x->kept)
        x->kept = sqlite3_malloc64((sqlite3_uint64)KEPT_BYTES);
    if (!x->kept || size > KEPT_BYTES)
        return write_through(x, bytes, size, at);
    if (!x->len)
        x->at = at;
    memcpy(x->kept + x->len, bytes, (size_t)size);
    x->len += size;
    return SQLITE_OK;
}

static int x_read(sqlite3_file *f, void *out, int size, sqlite3_int64 at)
{
    struct log_file *x = log_of(f);
    if (x->len && at < x->at + x->len && at + size > x->at) {
        int rc = flush(x);
        if (rc != SQLITE_OK)
            return rc;
    }
    return x->below->pMethods->xRead(x->below, out, size, at);
}

static int x_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    struct log_file *x = log_of(f);
    int rc = flush(x);
    if (rc == SQLITE_OK)
        rc = x->below->pMethods->xTruncate(x->below, size);
    if (rc == SQLITE_OK && size <= x->lost)
        x->lost = NO_LOSS;
    return rc;
}

static int x_sync(sqlite3_file *f, int flags)
{
    struct log_file *x = log_of(f);
    int rc = flush(x);
    if (rc == SQLITE_OK && x->lost != NO_LOSS)
        rc = SQLITE_IOERR_FSYNC;
    return rc == SQLITE_OK ? x->below->pMethods->xSync(x->below, flags) : rc;
}

static int x_size(sqlite3_file *f, sqlite3_int64 *out)
{
    struct log_file *x = log_of(f);
    int rc = flush(x);
    return rc == SQLITE_OK ? x->below->pMethods->xFileSize(x->below, out) : rc;
}

/* What was never synced has never been promised; what could still be written is. */
static int x_close(sqlite3_file *f)
{
    struct log_file *x = log_of(f);
    int rc = flush(x), end = x->below->pMethods->xClose(x->below);
    sqlite3_free(x->kept);
    x->kept = NULL;
    return end == SQLITE_OK ? rc : end;
}

static int x_lock(sqlite3_file *f, int lock) { return log_of(f)->below->pMethods->xLock(log_of(f)->below, lock); }
static int x_unlock(sqlite3_file *f, int lock) { return log_of(f)->below->pMethods->xUnlock(log_of(f)->below, lock); }
static int x_reserved(sqlite3_file *f, int *out) { return log_of(f)->below->pMethods->xCheckReservedLock(log_of(f)->below, out); }
static int x_control(sqlite3_file *f, int what, void *arg) { return log_of(f)->below->pMethods->xFileControl(log_of(f)->below, what, arg); }
static int x_sector(sqlite3_file *f) { return log_of(f)->below->pMethods->xSectorSize(log_of(f)->below); }
static int x_device(sqlite3_file *f) { return log_of(f)->below->pMethods->xDeviceCharacteristics(log_of(f)->below); }

static const sqlite3_io_methods methods = {
    .iVersion               = 1,
    .xClose                 = x_close,
    .xRead                  = x_read,
    .xWrite                 = x_write,
    .xTruncate              = x_truncate,
    .xSync                  = x_sync,
    .xFileSize              = x_size,
    .xLock                  = x_lock,
    .xUnlock                = x_unlock,
    .xCheckReservedLock     = x_reserved,
    .xFileControl           = x_control,
    .xSectorSize            = x_sector,
    .xDeviceCharacteristics = x_device,
};

static int v_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *f, int flags, int *out)
{
    sqlite3_vfs *below = vfs->pAppData;
    if (!(flags & SQLITE_OPEN_WAL))
        return below->xOpen(below, path, f, flags, out);
    struct log_file *x = log_of(f);
    *x     = (struct log_file){ .below = (sqlite3_file *)(x + 1), .lost = NO_LOSS };
    int rc = below->xOpen(below, path, x->below, flags, out);
    x->base.pMethods = rc == SQLITE_OK ? &methods : NULL;
    return rc;
}

/* Without a transaction whatever is still kept was taken back: it must not reach the file later, over what others have written. */
void sqlite_log_forget(sqlite3 *conn)
{
    sqlite3_file *log = NULL;
    if (sqlite3_file_control(conn, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) != SQLITE_OK || !log || log->pMethods != &methods)
        return;
    log_of(log)->len  = 0;
    log_of(log)->lost = NO_LOSS;
}

/* SQLite keeps its VFS in a list of the process, so this one cannot be a pool's own. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sqlite3_vfs     vfs_log;

const char *sqlite_log_vfs(void)
{
    pthread_mutex_lock(&lock);
    sqlite3_vfs *below = sqlite3_vfs_find(NULL);
    bool         there = sqlite3_vfs_find(NAME) || below == NULL;
    if (!there) {
        vfs_log          = *below;                                     /* deleting, naming, time and the rest stay what they are */
        vfs_log.zName    = NAME;
        vfs_log.pNext    = NULL;
        vfs_log.pAppData = below;
        vfs_log.szOsFile = (int)sizeof(struct log_file) + below->szOsFile;
        vfs_log.xOpen    = v_open;
        there            = sqlite3_vfs_register(&vfs_log, 0) == SQLITE_OK;
    }
    pthread_mutex_unlock(&lock);
    return there && below ? NAME : NULL;
}
