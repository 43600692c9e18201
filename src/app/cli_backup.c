/* cli_backup.c - `sauda backup`: a consistent copy while the server runs, looked through before it counts as one. */
#include "app/backup_mark.h"
#include "app/check_store.h"
#include "app/cli.h"
#include "app/seal_flags.h"
#include "base/secret.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* A plain copy lies for a moment where the database lies anyway; what leaves the folder is sealed. */
static bool copy_sealed(struct cli *cli, const char *path, const struct seal_by *by, struct db_pool *pool, int64_t *orders, struct err *err)
{
    char *plain = str_zero(cli->arena, str_print(cli->arena, "%.*s.copy", STR_ARG(str_sub(cli->config.db, 7, SIZE_MAX))));
    bool  ok = db_backup(pool, plain, err) && copy_checked(plain, cli->arena, orders, err) && file_seal(plain, path, by, err);
    unlink(plain);
    return ok;
}

static int make_key(struct cli *cli, struct err *err)
{
    str open, secret;
    const char *path = str_zero(cli->arena, cli->words[1]);
    if (!secret_init(err))
        return EXIT_WRONG;
    if (access(path, F_OK) == 0) {
        err_set(err, ERR_FILE, NULL, "%s is there already", path);
        return EXIT_WRONG;
    }
    seal_keys_make(cli->arena, &open, &secret);
    mode_t mask = umask(077);
    FILE  *out  = fopen(path, "wxe");
    umask(mask);
    bool kept = out && fprintf(out, "%.*s\n", STR_ARG(secret)) > 0 && fflush(out) == 0 && fsync(fileno(out)) == 0;
    if (out && fclose(out) != 0)
        kept = false;
    if (!kept) {
        err_set(err, ERR_FILE, NULL, "cannot write %s", path);
        return EXIT_WRONG;
    }
    printf("%.*s\nThis is what --encrypt-to takes. Keep %s elsewhere: it alone opens these backups.\n", STR_ARG(open), path);
    return EXIT_FINE;
}

/* A file that pg_dump has written, sealed as it is. */
static int seal_file(struct cli *cli, const char *path, const struct seal_by *by, struct err *err)
{
    const char *from = str_zero(cli->arena, cli_flag(cli, "from"));
    if (!by->key.len && !by->passphrase.len) {
        err_set(err, ERR_SETTING, "from", "needs --passphrase-file or --encrypt-to");
        return EXIT_USAGE;
    }
    if (!file_seal(from, path, by, err))
        return EXIT_WRONG;
    printf("%s: sealed\n", path);
    return EXIT_FINE;
}

static int backup_run(struct cli *cli, struct err *err)
{
    if (str_is(cli->words[0], "make-key") && cli->words_count == 2)
        return make_key(cli, err);
    if (cli->words_count != 1) {
        err_set(err, ERR_SETTING, NULL, "usage: sauda backup FILE, sauda backup make-key FILE");
        return EXIT_USAGE;
    }
    struct seal_by    by;
    const char       *path    = str_zero(cli->arena, cli->words[0]);
    str               url     = cli->config.db;
    struct db_options options = { .read_only = true, .readers = 1, .walks = true };
    struct db_pool   *pool    = NULL;
    int64_t           orders  = 0;

    if (!secret_init(err) || !seal_flags(cli, true, &by, err))
        return EXIT_WRONG;
    if (cli_has(cli, "from"))
        return seal_file(cli, path, &by, err);
    bool is_sealed = by.key.len || by.passphrase.len;
    if (!str_starts(url, STR("sqlite:"))) {
        err_set(err, ERR_SETTING, "db", "a PostgreSQL database is copied by pg_dump -Fc, not by this command; --from seals what it writes");
        return EXIT_WRONG;
    }
    if (is_same_file(path, str_zero(cli->arena, str_sub(url, 7, SIZE_MAX)))) {
        err_set(err, ERR_SETTING, "FILE", "is the database itself");
        return EXIT_USAGE;
    }
    bool ok = db_open(str_zero(cli->arena, url), &options, &pool, err) &&
              (is_sealed ? copy_sealed(cli, path, &by, pool, &orders, err) : db_backup(pool, path, err));
    db_close(pool);
    if (!ok || (!is_sealed && !copy_checked(path, cli->arena, &orders, err)))
        return EXIT_WRONG;
    struct clock clock = { 0 };
    backup_mark_write(cli->arena, cli->config.home, clock_now(&clock));
    struct stat st;
    long long bytes = stat(path, &st) == 0 ? (long long)st.st_size : 0;
    printf("%s: %lld orders, %lld bytes, whole%s\n", path, (long long)orders, bytes, is_sealed ? ", sealed" : "");
    printf("Keep %.*s with it: without that key the marketplaces' tokens in the copy cannot be opened.\n",
           STR_ARG(cli->config.key_file));
    return EXIT_FINE;
}

static const struct cli_flag backup_flags[] = {
    { "passphrase-file", "FILE", "seal the copy with the first line of FILE" },
    { "encrypt-to", "KEY", "seal it for who has the secret half; what make-key printed, or a file with it" },
    { "from", "FILE", "seal this file, of pg_dump, in place of a copy of SQLite" },
    { 0 }
};
const struct cli_command backup_command = {
    .name = "backup", .words = "FILE | make-key FILE", .doc = "copy the database while it is in use",
    .text = "Writes a consistent copy of the SQLite database to FILE, also while the server runs, and looks through the copy\n"
            "(opens it, checks all of it) before it says that it is whole. FILE is replaced only by a complete copy. For\n"
            "PostgreSQL use pg_dump.\n\n  sauda backup /mnt/backup/sauda-$(date +%F).db\n"
            "  sauda backup /mnt/backup/sauda-$(date +%F).sealed --passphrase-file /root/backup.pass\n"
            "  sauda backup make-key /media/stick/sauda.backup-key\n\n`sauda restore` makes a database of it again.",
    .flags = backup_flags, .settings = true, .words_min = 1, .words_max = 2, .run = backup_run,
};
