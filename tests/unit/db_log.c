/* The VFS that gathers what is written to SQLite's log (src/db/sqlite_log.c), over one that fails on demand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "db/sqlite_driver.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- the disk below: counts writes to logs, and fails one ---- */

static struct { sqlite3_vfs vfs; sqlite3_io_methods methods; const sqlite3_io_methods *real; int writes, fails_at; int64_t written; } disk;

static int disk_write(sqlite3_file *f, const void *bytes, int size, sqlite3_int64 at)
{
    disk.writes++;
    if (disk.fails_at && --disk.fails_at == 0)
        return size % 2 ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    disk.written += size;
    return disk.real->xWrite(f, bytes, size, at);
}

static int disk_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *f, int flags, int *out)
{
    sqlite3_vfs *unix_vfs = sqlite3_vfs_find("unix");
    (void)vfs;
    int rc = unix_vfs->xOpen(unix_vfs, path, f, flags, out);
    if (rc == SQLITE_OK && (flags & SQLITE_OPEN_WAL)) {
        disk.real           = f->pMethods;
        disk.methods        = *f->pMethods;
        disk.methods.xWrite = disk_write;
        f->pMethods         = &disk.methods;
    }
    return rc;
}

struct ground { char folder[64], file[80]; sqlite3 *ours, *other; };

static sqlite3 *connect(const char *file, const char *vfs)
{
    sqlite3 *conn = NULL;
    assert_int_equal(sqlite3_open_v2(file, &conn, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs), SQLITE_OK);
    assert_int_equal(sqlite3_exec(conn, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=10", NULL, NULL, NULL),
                     SQLITE_OK);
    return conn;
}

static int setup(void **state)
{
    struct ground *g = calloc(1, sizeof *g);
    sqlite3_initialize();
    disk.vfs       = *sqlite3_vfs_find("unix");
    disk.vfs.zName = "disk";
    disk.vfs.pNext = NULL;
    disk.vfs.xOpen = disk_open;
    disk.fails_at = disk.writes = 0;
    sqlite3_vfs_register(&disk.vfs, 1);
    snprintf(g->folder, sizeof g->folder, "/tmp/sauda-log-XXXXXX");
    if (!mkdtemp(g->folder))
        return -1;
    snprintf(g->file, sizeof g->file, "%s/shop.db", g->folder);
    const char *name = sqlite_log_vfs();
    assert_non_null(name);
    g->ours  = connect(g->file, name);
    g->other = connect(g->file, "unix");
    assert_int_equal(sqlite3_exec(g->ours, "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER, body BLOB)", NULL, NULL, NULL), SQLITE_OK);
    *state = g;
    return 0;
}

static int teardown(void **state)
{
    struct ground *g = *state;
    sqlite3_close(g->ours);
    sqlite3_close(g->other);
    unlink(g->file);
    rmdir(g->folder);
    sqlite3_vfs_unregister(sqlite3_vfs_find("sauda-log"));
    sqlite3_vfs_unregister(&disk.vfs);
    free(g);
    return 0;
}

static int run(sqlite3 *conn, const char *sql) { return sqlite3_exec(conn, sql, NULL, NULL, NULL); }

static int add(sqlite3 *conn, int64_t value, int rows)
{
    char sql[200];
    snprintf(sql, sizeof sql, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
             "INSERT INTO t (v, body) SELECT %lld, randomblob(900) FROM n", rows, (long long)value);
    return run(conn, sql);
}

/* -1: the pages could not be read. */
static int64_t sum(sqlite3 *conn)
{
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_prepare_v2(conn, "SELECT coalesce(sum(v), 0) FROM t", -1, &st, NULL), SQLITE_OK);
    int64_t n = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
    sqlite3_finalize(st);
    return n;
}

static void assert_sound(sqlite3 *conn)
{
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_prepare_v2(conn, "PRAGMA integrity_check", -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(st, 0), "ok");
    sqlite3_finalize(st);
}

static void a_commit_goes_out_in_few_writes(void **state)
{
    struct ground *g = *state;
    run(g->ours, "PRAGMA cache_size=2000");
    disk.writes = 0, disk.written = 0;
    assert_int_equal(add(g->ours, 1, 1000), SQLITE_OK);
    assert_true(disk.written > 900 * 1000);
    assert_in_range(disk.writes, disk.written / 0x1ffff, disk.written / 0x1ffff + 2);
    assert_int_equal(sum(g->other), 1000);
}

/* Anything may happen between two looks; what was committed is there, and nothing else. */
static void nothing_but_what_was_committed_is_ever_seen(void **state)
{
    struct ground *g = *state;
    int64_t expected = 0;
    int     failed = 0, stood = 0, taken_back = 0;
    srand(7);
    for (int step = 0; step < 400; step++) {
        int rows = 1 + rand() % (rand() % 3 ? 10 : 400);
        if (rand() % 4 == 0) {                                         /* another program writes in between, or copies the log */
            assert_int_equal(add(g->other, step, 3), SQLITE_OK);
            expected += 3 * step;
            if (rand() % 2)
                run(g->other, "PRAGMA wal_checkpoint(TRUNCATE)");
            continue;
        }
        disk.fails_at = rand() % 3 == 0 ? 1 + rand() % 4 : 0;
        bool keeps = rand() % 4 != 0;
        int  rc    = run(g->ours, "BEGIN IMMEDIATE");
        if (rc == SQLITE_OK)
            rc = add(g->ours, step, rows);
        if (rc == SQLITE_OK && rand() % 2) {                           /* looks at pages that may not be in the file yet */
            int64_t seen = sum(g->ours);
            assert_true(seen == expected + (int64_t)rows * step || (seen == -1 && disk.fails_at == 0));
        }
        if (rc == SQLITE_OK)
            rc = run(g->ours, keeps ? "COMMIT" : "ROLLBACK");
        if (!sqlite3_get_autocommit(g->ours))
            run(g->ours, "ROLLBACK");
        sqlite_log_forget(g->ours);
        disk.fails_at = 0;
        failed     += rc != SQLITE_OK;
        taken_back += rc == SQLITE_OK && !keeps;
        if (rc == SQLITE_OK && keeps) {
            stood++;
            expected += (int64_t)rows * step;
        }
        assert_int_equal(sum(g->other), expected);
    }
    assert_sound(g->other);
    assert_int_equal(sum(g->ours), expected);
    assert_true(failed > 20 && stood > 100 && taken_back > 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_commit_goes_out_in_few_writes, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_but_what_was_committed_is_ever_seen, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
