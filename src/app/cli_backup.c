/* cli_backup.c - `sauda backup`: a consistent copy while the server runs, looked through before it counts as one. */
#include "app/backup_mark.h"
#include "app/check_store.h"
#include "app/cli.h"

#include <stdio.h>
#include <sys/stat.h>

static bool copy_checked(const char *path, struct arena *a, int64_t *orders, struct err *err)
{
    struct db_options options = { .readers = 1 };
    struct db_pool   *pool    = NULL;
    bool ok = db_open(str_zero(a, str_print(a, "sqlite:%s", path)), &options, &pool, err);
    if (ok) {
        CLEANUP(db_release) struct db *db = db_borrow(pool);
        str damage = { 0 };
        ok = check_whole(db, a, &damage, orders, err);
        if (ok && damage.len)
            ok = err_set(err, ERR_FILE, NULL, "the copy %s is damaged: %.*s", path, STR_ARG(utf8_cut(damage, 120)));
    }
    db_close(pool);
    return ok;
}

static bool is_same_file(const char *a, const char *b)
{
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static int backup_run(struct cli *cli, struct err *err)
{
    const char       *path    = str_zero(cli->arena, cli->words[0]);
    str               url     = cli->config.db;
    struct db_options options = { .read_only = true, .readers = 1, .walks = true };
    struct db_pool   *pool    = NULL;
    int64_t           orders  = 0;

    if (!str_starts(url, STR("sqlite:"))) {
        err_set(err, ERR_SETTING, "db", "a PostgreSQL database is copied by pg_dump -Fc, not by this command");
        return EXIT_WRONG;
    }
    if (is_same_file(path, str_zero(cli->arena, str_sub(url, 7, SIZE_MAX)))) {
        err_set(err, ERR_SETTING, "FILE", "is the database itself");
        return EXIT_USAGE;
    }
    bool ok = db_open(str_zero(cli->arena, url), &options, &pool, err) && db_backup(pool, path, err);
    db_close(pool);
    if (!ok || !copy_checked(path, cli->arena, &orders, err))
        return EXIT_WRONG;
    struct clock clock = { 0 };
    backup_mark_write(cli->arena, cli->config.home, clock_now(&clock));
    struct stat st;
    long long bytes = stat(path, &st) == 0 ? (long long)st.st_size : 0;
    printf("%s: %lld orders, %lld bytes, whole\n", path, (long long)orders, bytes);
    printf("Keep %.*s with it: without that key the marketplaces' tokens in the copy cannot be opened.\n",
           STR_ARG(cli->config.key_file));
    return EXIT_FINE;
}

const struct cli_command backup_command = {
    .name = "backup", .words = "FILE", .doc = "copy the database while it is in use",
    .text = "Writes a consistent copy of the SQLite database to FILE, also while the server runs, and looks through the copy\n"
            "(opens it, checks all of it) before it says that it is whole. FILE is replaced only by a complete copy. For\n"
            "PostgreSQL use pg_dump.\n\n  sauda backup /mnt/backup/sauda-$(date +%F).db",
    .settings = true, .words_min = 1, .words_max = 1, .run = backup_run,
};
