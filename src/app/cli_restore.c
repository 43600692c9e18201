/* cli_restore.c - `sauda restore`: a backup becomes a database again, after it was opened and looked through. */
#include "app/check_store.h"
#include "app/cli.h"
#include "app/seal_flags.h"
#include "base/sealed_file.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

static bool looked_through(const char *path, struct arena *a, int64_t *orders, struct err *err)
{
    struct db_options options = { .readers = 1, .read_only = true };
    struct db_pool   *pool    = NULL;
    str               damage  = { 0 };
    bool ok = db_open(str_zero(a, str_print(a, "sqlite:%s", path)), &options, &pool, err);
    if (ok) {
        CLEANUP(db_release) struct db *db = db_borrow(pool);
        ok = check_whole(db, a, &damage, orders, err);
    }
    if (pool)
        db_close(pool);
    return ok && (!damage.len || err_set(err, ERR_FILE, NULL, "the backup is damaged: %.*s", STR_ARG(utf8_cut(damage, 120))));
}

static int restore_run(struct cli *cli, struct err *err)
{
    const char *from = str_zero(cli->arena, cli->words[0]);
    str         url  = cli->config.db;
    struct seal_by by = { 0 };
    int64_t     orders = 0;

    if (!str_starts(url, STR("sqlite:"))) {
        err_set(err, ERR_SETTING, "db", "is PostgreSQL: open the file with --out FILE, then use pg_restore");
        if (!cli_has(cli, "out"))
            return EXIT_WRONG;
        err_clear(err);
    }
    if (!secret_init(err) || !seal_flags(cli, false, &by, err))
        return EXIT_WRONG;
    str         out  = cli_flag(cli, "out");
    const char *to   = str_zero(cli->arena, out.len ? out : str_sub(url, 7, SIZE_MAX));
    const char *part = str_zero(cli->arena, str_print(cli->arena, "%s.restored", to));
    if (access(to, F_OK) == 0) {
        err_set(err, ERR_FILE, NULL, "%s is there already; move it away first", to);
        return EXIT_WRONG;
    }
    bool is_sealed = file_is_sealed(from);
    if (out.len && !is_sealed) {
        err_set(err, ERR_FILE, NULL, "%s is not sealed", from);
        return EXIT_WRONG;
    }
    if (!(is_sealed ? file_unseal(from, part, &by, err) : file_copy(from, part, err)))
        return EXIT_WRONG;
    if ((!out.len && !looked_through(part, cli->arena, &orders, err)) || rename(part, to) != 0) {
        if (!err_is_set(err))
            err_set(err, ERR_FILE, NULL, "cannot write %s: %s", to, strerror(errno));
        unlink(part);
        return EXIT_WRONG;
    }
    if (out.len)
        printf("%s: open and whole\n", to);
    else
        printf("%s: %lld orders, whole. Its key file belongs at %.*s.\n", to, (long long)orders, STR_ARG(cli->config.key_file));
    return EXIT_FINE;
}

static const struct cli_flag restore_flags[] = {
    { "passphrase-file", "FILE", "its first line opens the backup" },
    { "key", "FILE", "the secret key of `sauda backup make-key`" },
    { "out", "FILE", "only open a sealed file, into FILE: for a copy of PostgreSQL" },
    { 0 }
};
const struct cli_command restore_command = {
    .name = "restore", .words = "FILE", .doc = "make a database of a backup",
    .text = "Opens a backup (sealed or not), looks through all of it, and only then makes it the database that the settings name; one that\n"
            "is there is never replaced. A file that was cut or changed is refused as a whole. Who was erased since is erased again at the\n"
            "first start.\n\n  sauda restore /mnt/backup/sauda-2026-12-16.sealed --passphrase-file /root/backup.pass --db sqlite:/srv/sauda.db",
    .flags = restore_flags, .settings = true, .words_min = 1, .words_max = 1, .run = restore_run,
};
