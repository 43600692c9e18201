/* sqlite_open.c - opening SQLite: file and folder, settings, and clear sentences when it cannot be done. */
#include "db/sqlite_driver.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_TIMEOUT_MS 5000

/* Why each: guide to dependencies, section SQLite. The checkpoint has a thread of its own, hence no automatic one. */
static const char settings[] =
    "PRAGMA foreign_keys=ON;"
    "PRAGMA temp_store=MEMORY;"
    "PRAGMA secure_delete=FAST;"
    "PRAGMA trusted_schema=OFF;"
    "PRAGMA wal_autocheckpoint=0;";

/* Pages that a connection keeps for itself. The system keeps the file in its own cache, so a reader needs few: there are many of them,
 * and what they keep is kept for ever. The writer comes back to the same index pages in every transaction; a page of 200 orders changes some
 * 10 MB. */
static const char cache_reader[] = "PRAGMA cache_size=-2048";
static const char cache_writer[] = "PRAGMA cache_size=-14336";
static const char cache_walker[] = "PRAGMA cache_size=-262144; PRAGMA temp_store=FILE";

/* A limit on the size of files (EFBIG) is a full disk to us. */
static bool is_full(int code) { return code == ENOSPC || code == EDQUOT || code == EFBIG; }

static enum err_code code_of(sqlite3 *conn, int rc)
{
    switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return ERR_DB_CONFLICT;
    default:
        break;
    }
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_DB_BUSY;
    case SQLITE_FULL:
        return ERR_DB_FULL;
    case SQLITE_IOERR:
        return conn && is_full(sqlite3_system_errno(conn)) ? ERR_DB_FULL : ERR_DB_DISK;
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return ERR_DB_DISK;
    default:
        return ERR_DB;
    }
}

bool sqlite_failure(struct failure *f, sqlite3 *conn, int rc)
{
    return failure_set(f, code_of(conn, rc), conn ? sqlite3_errmsg(conn) : sqlite3_errstr(rc));
}

static bool fail(struct failure *f, enum err_code code, const char *path, const char *what)
{
    f->code = code;
    snprintf(f->text, sizeof f->text, "%.150s %s", path, what);
    return false;
}

/* What a person can do something about is said in a sentence with the file's name. */
static bool fail_open(struct failure *f, const char *path, sqlite3 *conn, int rc)
{
    switch (rc & 0xff) {
    case SQLITE_NOTADB:
        return fail(f, ERR_FILE, path, "is not a database");
    case SQLITE_CORRUPT:
        return fail(f, ERR_FILE, path, "is damaged: restore a backup");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail(f, ERR_DB_BUSY, path, "is locked by another program");
    case SQLITE_READONLY:
        return fail(f, ERR_FILE, path, "cannot be written");
    case SQLITE_FULL:
        return fail(f, ERR_DB_FULL, path, "cannot grow: the disk is full");
    default:
        return fail(f, code_of(conn, rc), path, conn ? sqlite3_errmsg(conn) : sqlite3_errstr(rc));
    }
}

static bool folder_make(const char *path, struct failure *f)
{
    size_t len = strlen(path);
    char *part = db_calloc(1, len + 1);
    bool ok = true;
    for (size_t i = 1; ok && i < len; i++) {
        if (path[i] != '/')
            continue;
        memcpy(part, path, i);
        part[i] = 0;
        if (mkdir(part, 0700) != 0 && errno != EEXIST) {
            const char *why = strerror(errno);
            ok = fail(f, errno == ENOSPC ? ERR_DB_FULL : ERR_FILE, part, why);
        }
    }
    free(part);
    return ok;
}

/* Made by us first, so that nobody else can read it from its first moment; SQLite gives its log the same mode. A file that exists
 * is only looked at: closing any descriptor of it would drop the locks that this process holds on it through other connections
 * (POSIX), and the next program that opens and closes the database would then delete the log under us. */
static bool file_make(const char *path, struct failure *f)
{
    struct stat st;
    if (stat(path, &st) == 0)
        return S_ISREG(st.st_mode) || fail(f, ERR_FILE, path, S_ISDIR(st.st_mode) ? strerror(EISDIR) : "is not a file");
    if (!folder_make(path, f))
        return false;
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == EEXIST || fail(f, errno == ENOSPC ? ERR_DB_FULL : ERR_FILE, path, strerror(errno));
    close(fd);
    return true;
}

/* A file of its own beside the database, by its true name: a descriptor of the database itself must not be closed (see above), and
 * SQLite's own locks come and go with every transaction. */
bool sqlite_lock(const struct db_pool *pool, int *out, struct failure *f)
{
    char real[PATH_MAX], beside[PATH_MAX + 8];
    if (!file_make(pool->where, f))
        return false;
    if (!realpath(pool->where, real))
        return fail(f, ERR_FILE, pool->where, strerror(errno));
    snprintf(beside, sizeof beside, "%s.lock", real);
    int fd = open(beside, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(f, errno == ENOSPC ? ERR_DB_FULL : ERR_FILE, beside, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        *out = fd;
        return true;
    }
    bool held = errno == EWOULDBLOCK;
    fail(f, ERR_FILE, pool->where, held ? "is served by another sauda already: stop that one, or name another --db" : strerror(errno));
    close(fd);
    return false;
}

static int wal_set(sqlite3 *conn)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(conn, "PRAGMA journal_mode=WAL", -1, &st, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(st);
    bool is_wal = rc == SQLITE_ROW && str_is(str_of((const char *)sqlite3_column_text(st, 0)), "wal");
    int end = sqlite3_finalize(st);
    return is_wal ? SQLITE_OK : end != SQLITE_OK ? end : SQLITE_CANTOPEN;
}

bool sqlite_connect(const struct db_pool *pool, bool write, sqlite3 **out, struct failure *f)
{
    const char *path = pool->where;
    if (write && !file_make(path, f))
        return false;
    sqlite3 *conn = NULL;
    /* A reader is opened for writing too, for it may be the one that must mend the log's index; query_only keeps it reading. */
    int flags = SQLITE_OPEN_NOMUTEX | (pool->options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
    int rc = sqlite3_open_v2(path, &conn, flags, write && !pool->options.sync_normal ? sqlite_log_vfs() : NULL);
    if (rc == SQLITE_OK && !pool->options.read_only && sqlite3_db_readonly(conn, "main") == 1)
        rc = SQLITE_READONLY;                            /* the library is content to read; every write would fail later */
    if (rc == SQLITE_OK) {
        sqlite3_extended_result_codes(conn, 1);
        sqlite3_busy_timeout(conn, BUSY_TIMEOUT_MS);
        rc = sqlite3_exec(conn, settings, NULL, NULL, NULL);
    }
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(conn, write ? cache_writer : pool->options.walks ? cache_walker : cache_reader, NULL, NULL, NULL);
    if (rc == SQLITE_OK && write)
        rc = wal_set(conn);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(conn, pool->options.sync_normal ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL", NULL, NULL, NULL);
    if (rc == SQLITE_OK && !write)
        rc = sqlite3_exec(conn, "PRAGMA query_only=ON; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    if (rc != SQLITE_OK) {
        fail_open(f, path, conn, rc);
        sqlite3_close(conn);
        return false;
    }
    *out = conn;
    return true;
}
