/* power_vfs.h - a disk of the tests that forgets what was not synced.
 *
 * It stands between SQLite and the system's own files, as SQLite's default VFS. A write reaches the real file at once, as it does in
 * life through the system's cache, and is remembered as unsynced; xSync makes all of a file durable. When the power goes, the image
 * holds what was synced and, of the rest, any part: each sector by itself, in no order, and one of them only half.
 * Names are durable when the folder was synced; until then a new file may be missing and a deleted one may be back.
 *
 * In a program of its own ($SAUDA_POWER_AT and its like, read by power_begin_by_environment) or in the test's own process.
 * Threads: any; one lock guards everything.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum power_op { POWER_WRITE, POWER_SYNC, POWER_TRUNCATE, POWER_DELETE };
enum power_fault { POWER_FINE, POWER_FULL, POWER_IO };

struct power_options {
    const char *folder;                  /* files below it are watched, others pass */
    bool        lies;                    /* a sync makes nothing durable: what synchronous=OFF asks for, and bad hardware does */
    /* Called before each change, under the lock; `is_log`: of the write-ahead log. What it answers becomes of the change. May call
     * power_image, and may use SQLite with other VFSs ("unix") on files elsewhere. NULL: nothing is done. */
    enum power_fault (*before)(void *ctx, enum power_op, bool is_log);
    void       *ctx;
};

void power_begin(const struct power_options *);          /* makes it the default VFS; forgets what was known */
void power_end(void);                                    /* the system's own is the default again; no file may be open */
/* Writes what would be found if the power went now: files of the same names into `into`, which exists. Only inside `before`. */
bool power_image(const char *into, uint64_t seed);
int64_t power_changes(void);                             /* so far */
void power_before(enum power_fault (*before)(void *ctx, enum power_op, bool is_log), void *ctx);     /* from now on */

/* $SAUDA_POWER_FOLDER, and one or more of: $SAUDA_POWER_AT=n: at the n-th change the image goes to $SAUDA_POWER_INTO, made with
 * $SAUDA_POWER_SEED, and the program ends with 137; $SAUDA_POWER_LIES. */
void power_begin_by_environment(void);
