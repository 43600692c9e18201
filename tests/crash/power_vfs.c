#include "crash/power_vfs.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR    512
#define FILES_MAX 64

/* An unsynced change, in the order in which they came. */
struct change {
    struct change *next;
    bool           cuts;                /* else it writes */
    int64_t        at;                  /* where; of a cut: the new length */
    size_t         len;
    unsigned char  bytes[];
};

struct kept {                           /* a file as the disk knows it */
    char           path[PATH_MAX];
    bool           is_log;
    bool           is_there, was_there; /* its name: in the folder as we see it, and in the folder on the disk */
    unsigned char *bytes;               /* what is durable */
    size_t         len, cap;
    struct change *first, **last;
};

struct file { sqlite3_file base; struct kept *kept; sqlite3_file *real; bool syncs_folder; };

static struct {
    pthread_mutex_t      lock;
    struct power_options o;
    char                 folder[PATH_MAX];
    struct kept         *files[FILES_MAX];
    int                  count;
    int64_t              changes;
    uint64_t             random;
    bool                 is_open;
} disk = { .lock = PTHREAD_MUTEX_INITIALIZER };

static sqlite3_vfs *real(void) { return sqlite3_vfs_find("unix"); }

static void *room(void *at, size_t bytes)
{
    at = realloc(at, bytes ? bytes : 1);
    if (!at)
        abort();
    return at;
}

/* ---- what is durable ---- */

static void change_forget(struct kept *k)
{
    while (k->first) {
        struct change *c = k->first;
        k->first = c->next;
        free(c);
    }
    k->last = &k->first;
}

struct bytes { unsigned char *at; size_t len, cap; };

static void bytes_put(struct bytes *b, int64_t at, const unsigned char *from, size_t len)
{
    size_t end = (size_t)at + len;
    if (end > b->cap) {
        b->cap = end * 2;
        b->at  = room(b->at, b->cap);
    }
    if ((size_t)at > b->len)
        memset(b->at + b->len, 0, (size_t)at - b->len);
    memcpy(b->at + at, from, len);
    if (end > b->len)
        b->len = end;
}

static void bytes_cut(struct bytes *b, int64_t len)
{
    if ((size_t)len < b->len)
        b->len = (size_t)len;
    else if ((size_t)len > b->len)
        bytes_put(b, len, (const unsigned char *)"", 0);
}

static struct kept *kept_of(const char *path)
{
    for (int i = 0; i < disk.count; i++)
        if (strcmp(disk.files[i]->path, path) == 0)
            return disk.files[i];
    return NULL;
}

/* What is there when it is first opened has been there before the power came; an empty file has just been made. */
static void kept_load(struct kept *k)
{
    FILE *f = fopen(k->path, "rb");
    struct stat st;
    if (!f)
        return;
    if (fstat(fileno(f), &st) == 0 && st.st_size > 0) {
        k->was_there = true;
        k->cap   = (size_t)st.st_size;
        k->bytes = room(NULL, k->cap);
        k->len   = fread(k->bytes, 1, k->cap, f);
    }
    fclose(f);
}

static void change_add(struct kept *k, bool cuts, int64_t at, const void *bytes, size_t len)
{
    struct change *c = room(NULL, sizeof *c + len);
    *c = (struct change){ .cuts = cuts, .at = at, .len = len };
    if (len)
        memcpy(c->bytes, bytes, len);
    *k->last = c;
    k->last  = &c->next;
}

static struct kept *kept_make(const char *path)
{
    struct kept *k = kept_of(path);
    if (k) {
        if (!k->is_there)
            change_add(k, true, 0, NULL, 0);
        k->is_there = true;
        return k;
    }
    if (disk.count == FILES_MAX)
        abort();
    k  = room(NULL, sizeof *k);
    *k = (struct kept){ 0 };
    k->last     = &k->first;
    k->is_there = true;
    snprintf(k->path, sizeof k->path, "%s", path);
    size_t len = strlen(path);
    k->is_log  = len > 4 && strcmp(path + len - 4, "-wal") == 0;
    kept_load(k);
    disk.files[disk.count++] = k;
    return k;
}

static void make_durable(struct kept *k)
{
    struct bytes b = { k->bytes, k->len, k->cap };
    for (const struct change *c = k->first; c; c = c->next)
        c->cuts ? bytes_cut(&b, c->at) : bytes_put(&b, c->at, c->bytes, c->len);
    k->bytes = b.at;
    k->len   = b.len;
    k->cap   = b.cap;
    change_forget(k);
}

/* All names that came and went. SQLite asks for it with the first sync of a journal or a log that it has opened. */
static void folder_make_durable(void)
{
    for (int i = 0; i < disk.count; i++)
        disk.files[i]->was_there = disk.files[i]->is_there;
}

/* ---- the cut ---- */

static uint64_t random_next(void)
{
    disk.random ^= disk.random << 13;
    disk.random ^= disk.random >> 7;
    disk.random ^= disk.random << 17;
    return disk.random;
}

/* One write, sector by sector: `odds` of 8 reach the disk, and rarely one does so by half. */
static void write_partly(struct bytes *b, const struct change *c, unsigned odds)
{
    for (size_t from = 0; from < c->len;) {
        size_t in  = SECTOR - (size_t)((c->at + (int64_t)from) % SECTOR);
        size_t len = c->len - from < in ? c->len - from : in;
        if (random_next() % 8 < odds)
            bytes_put(b, c->at + (int64_t)from, c->bytes + from, random_next() % 64 ? len : len / 2);
        from += len;
    }
}

static bool image_write(const struct kept *k, const char *into)
{
    char        path[PATH_MAX * 2];
    unsigned    odds = (unsigned)(random_next() % 9);   /* nothing, all, or something between, file by file */
    struct bytes b   = { .cap = k->len + 1 };
    if (!(k->is_there && k->was_there) && (!(k->is_there || k->was_there) || random_next() % 2))
        return true;                                    /* gone, or its name has not reached the folder, or has left it */
    b.at = room(NULL, b.cap);
    if (k->len)
        memcpy(b.at, k->bytes, b.len = k->len);
    for (const struct change *c = k->first; c; c = c->next) {
        if (!c->cuts)
            write_partly(&b, c, odds);
        else if (random_next() % 8 < odds)
            bytes_cut(&b, c->at);
    }
    snprintf(path, sizeof path, "%s/%s", into, strrchr(k->path, '/') + 1);
    FILE *f  = fopen(path, "wb");
    bool  ok = f && (!b.len || fwrite(b.at, 1, b.len, f) == b.len);
    if (f && fclose(f) != 0)
        ok = false;
    free(b.at);
    return ok;
}

bool power_image(const char *into, uint64_t seed)
{
    bool ok = true;
    disk.random = seed * UINT64_C(0x9E3779B97F4A7C15) | 1;
    for (int i = 0; i < 8; i++)
        (void)random_next();
    for (int i = 0; i < disk.count; i++)
        ok = image_write(disk.files[i], into) && ok;
    return ok;
}

/* Under the lock. */
static enum power_fault changing(enum power_op op, const struct kept *k)
{
    disk.changes++;
    return disk.o.before ? disk.o.before(disk.o.ctx, op, k->is_log) : POWER_FINE;
}

static int code_of(enum power_fault fault, int io) { return fault == POWER_FULL ? SQLITE_FULL : fault == POWER_IO ? io : SQLITE_OK; }

/* ---- a file ---- */

static struct file *file_of(sqlite3_file *f) { return (struct file *)f; }

static int f_close(sqlite3_file *f) { return file_of(f)->real->pMethods->xClose(file_of(f)->real); }
static int f_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at) { return file_of(f)->real->pMethods->xRead(file_of(f)->real, to, n, at); }
static int f_size(sqlite3_file *f, sqlite3_int64 *out) { return file_of(f)->real->pMethods->xFileSize(file_of(f)->real, out); }
static int f_lock(sqlite3_file *f, int how) { return file_of(f)->real->pMethods->xLock(file_of(f)->real, how); }
static int f_unlock(sqlite3_file *f, int how) { return file_of(f)->real->pMethods->xUnlock(file_of(f)->real, how); }
static int f_reserved(sqlite3_file *f, int *out) { return file_of(f)->real->pMethods->xCheckReservedLock(file_of(f)->real, out); }
static int f_sector(sqlite3_file *f) { return file_of(f)->real->pMethods->xSectorSize(file_of(f)->real); }
static int f_traits(sqlite3_file *f) { return file_of(f)->real->pMethods->xDeviceCharacteristics(file_of(f)->real); }
static void f_barrier(sqlite3_file *f) { file_of(f)->real->pMethods->xShmBarrier(file_of(f)->real); }
static int f_unmap(sqlite3_file *f, int gone) { return file_of(f)->real->pMethods->xShmUnmap(file_of(f)->real, gone); }

static int f_map(sqlite3_file *f, int page, int size, int extend, void volatile **out)
{
    return file_of(f)->real->pMethods->xShmMap(file_of(f)->real, page, size, extend, out);
}

static int f_shm_lock(sqlite3_file *f, int from, int n, int flags)
{
    return file_of(f)->real->pMethods->xShmLock(file_of(f)->real, from, n, flags);
}

/* A file that grows in chunks would be written behind our back. */
static int f_control(sqlite3_file *f, int op, void *arg)
{
    if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE)
        return SQLITE_OK;
    return file_of(f)->real->pMethods->xFileControl(file_of(f)->real, op, arg);
}

static int f_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    struct file *x = file_of(f);
    pthread_mutex_lock(&disk.lock);
    enum power_fault fault = changing(POWER_WRITE, x->kept);
    int rc = code_of(fault, SQLITE_IOERR_WRITE);
    if (rc == SQLITE_OK)
        rc = x->real->pMethods->xWrite(x->real, from, n, at);
    if (rc == SQLITE_OK)
        change_add(x->kept, false, at, from, (size_t)n);
    pthread_mutex_unlock(&disk.lock);
    return rc;
}

static int f_truncate(sqlite3_file *f, sqlite3_int64 len)
{
    struct file *x = file_of(f);
    pthread_mutex_lock(&disk.lock);
    int rc = code_of(changing(POWER_TRUNCATE, x->kept), SQLITE_IOERR_TRUNCATE);
    if (rc == SQLITE_OK)
        rc = x->real->pMethods->xTruncate(x->real, len);
    if (rc == SQLITE_OK)
        change_add(x->kept, true, len, NULL, 0);
    pthread_mutex_unlock(&disk.lock);
    return rc;
}

/* The real disk is not asked: nobody will cut its power. */
static int f_sync(sqlite3_file *f, int flags)
{
    struct file *x = file_of(f);
    (void)flags;
    pthread_mutex_lock(&disk.lock);
    int rc = code_of(changing(POWER_SYNC, x->kept), SQLITE_IOERR_FSYNC);
    if (rc == SQLITE_OK && !disk.o.lies) {
        make_durable(x->kept);
        if (x->syncs_folder)
            folder_make_durable();
        x->syncs_folder = false;
    }
    pthread_mutex_unlock(&disk.lock);
    return rc;
}

/* Without xFetch: pages that are mapped would be written past us. */
static const sqlite3_io_methods methods = {
    .iVersion = 2, .xClose = f_close, .xRead = f_read, .xWrite = f_write, .xTruncate = f_truncate, .xSync = f_sync, .xFileSize = f_size,
    .xLock = f_lock, .xUnlock = f_unlock, .xCheckReservedLock = f_reserved, .xFileControl = f_control, .xSectorSize = f_sector,
    .xDeviceCharacteristics = f_traits, .xShmMap = f_map, .xShmLock = f_shm_lock, .xShmBarrier = f_barrier, .xShmUnmap = f_unmap,
};

/* ---- the VFS ---- */

static bool is_watched(const char *path)
{
    size_t len = strlen(disk.folder);
    return path && disk.is_open && strncmp(path, disk.folder, len) == 0 && path[len] == '/';
}

static int v_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *f, int flags, int *out)
{
    struct file *x = file_of(f);
    (void)vfs;
    if (!is_watched(path))
        return real()->xOpen(real(), path, f, flags, out);
    *x = (struct file){ .real = (sqlite3_file *)(x + 1), .syncs_folder = flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL) };
    pthread_mutex_lock(&disk.lock);
    x->kept = kept_make(path);                            /* before the system makes it */
    pthread_mutex_unlock(&disk.lock);
    int rc = real()->xOpen(real(), path, x->real, flags, out);
    x->base.pMethods = rc == SQLITE_OK ? &methods : NULL;
    return rc;
}

static int v_delete(sqlite3_vfs *vfs, const char *path, int sync)
{
    (void)vfs;
    int rc = SQLITE_OK;
    pthread_mutex_lock(&disk.lock);
    struct kept *k = is_watched(path) ? kept_of(path) : NULL;
    if (k)
        rc = code_of(changing(POWER_DELETE, k), SQLITE_IOERR_DELETE);
    if (rc == SQLITE_OK)
        rc = real()->xDelete(real(), path, 0);
    if (k && rc == SQLITE_OK) {
        k->is_there = false;
        if (sync && !disk.o.lies)
            folder_make_durable();
    }
    pthread_mutex_unlock(&disk.lock);
    return rc;
}

static sqlite3_vfs power;

/* The VFS of src/db/sqlite_log.c lies over the one that it finds first: it shall find ours, and not keep it when we are gone. */
static void log_vfs_leave(void)
{
    sqlite3_vfs *over = sqlite3_vfs_find("sauda-log");
    if (over)
        sqlite3_vfs_unregister(over);
}

void power_begin(const struct power_options *o)
{
    sqlite3_initialize();
    pthread_mutex_lock(&disk.lock);
    while (disk.count) {
        struct kept *k = disk.files[--disk.count];
        change_forget(k);
        free(k->bytes);
        free(k);
    }
    disk.o       = *o;
    disk.changes = 0;
    disk.is_open = true;
    snprintf(disk.folder, sizeof disk.folder, "%s", o->folder);
    pthread_mutex_unlock(&disk.lock);
    power          = *real();
    power.pNext    = NULL;
    power.zName    = "power";
    power.szOsFile = (int)sizeof(struct file) + real()->szOsFile;
    power.xOpen    = v_open;
    power.xDelete  = v_delete;
    log_vfs_leave();
    sqlite3_vfs_register(&power, 1);
}

void power_end(void)
{
    log_vfs_leave();
    sqlite3_vfs_unregister(&power);
    pthread_mutex_lock(&disk.lock);
    while (disk.count) {
        struct kept *k = disk.files[--disk.count];
        change_forget(k);
        free(k->bytes);
        free(k);
    }
    disk.is_open = false;
    pthread_mutex_unlock(&disk.lock);
}

int64_t power_changes(void) { return disk.changes; }

void power_before(enum power_fault (*before)(void *ctx, enum power_op, bool is_log), void *ctx)
{
    pthread_mutex_lock(&disk.lock);
    disk.o.before = before;
    disk.o.ctx    = ctx;
    pthread_mutex_unlock(&disk.lock);
}

/* ---- by the environment ---- */

static enum power_fault cut_at(void *ctx, enum power_op op, bool is_log)
{
    const int64_t *at = ctx;
    (void)op, (void)is_log;
    if (disk.changes < *at)
        return POWER_FINE;
    const char *seed = getenv("SAUDA_POWER_SEED"), *into = getenv("SAUDA_POWER_INTO");
    _exit(into && power_image(into, seed ? strtoull(seed, NULL, 10) : 1) ? 137 : 138);
}

void power_begin_by_environment(void)
{
    static int64_t at;
    const char *folder = getenv("SAUDA_POWER_FOLDER"), *n = getenv("SAUDA_POWER_AT");
    if (!folder)
        return;
    at = n ? strtoll(n, NULL, 10) : 0;
    power_begin(&(struct power_options){ .folder = folder, .lies = getenv("SAUDA_POWER_LIES") != NULL, .before = at > 0 ? cut_at : NULL,
                                         .ctx = &at });
}
