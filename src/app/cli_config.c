/* cli_config.c - `sauda config`, `sauda migrate`, `sauda version`, `sauda sandbox`: small ones. */
#include "app/cli.h"
#include "app/rekey.h"
#include "app/servers_store.h"
#include "app/servers.h"
#include "db/migrate.h"
#include "db/move.h"
#include "sandbox/sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SAUDA_VERSION "0.1.0"

/* postgresql://user:secret@host/db → postgresql://user:•••@host/db; also ?password=… behind it. */
static str without_password(struct arena *a, str address)
{
    struct buf b  = buf_in(a);
    ptrdiff_t  at = str_find(address, STR("://"));
    if (at < 0 || !str_starts(address, STR("postgres")))
        return address;
    size_t start = (size_t)at + 3, end = start, colon = 0;
    while (end < address.len && address.at[end] != '/' && address.at[end] != '?')
        end++;
    size_t sign = end;
    while (sign > start && address.at[sign - 1] != '@')
        sign--;
    for (size_t i = start; i < sign && !colon; i++)
        colon = address.at[i] == ':' ? i : 0;
    if (sign > start && colon) {
        buf_add(&b, str_sub(address, 0, colon + 1));
        buf_add(&b, STR("•••"));
        buf_add(&b, str_sub(address, sign - 1, SIZE_MAX));
        address = buf_str(&b);
    }
    ptrdiff_t secret = str_find(address, STR("password="));
    if (secret < 0)
        return address;
    size_t from = (size_t)secret + 9, to = from;
    while (to < address.len && address.at[to] != '&')
        to++;
    return str_print(a, "%.*s•••%.*s", STR_ARG(str_sub(address, 0, from)), STR_ARG(str_sub(address, to, SIZE_MAX)));
}

static str setting_shown(struct arena *a, const struct config *c, const struct field *f)
{
    const void *at = (const char *)c + f->offset;
    if (f->kind == KIND_BOOL)
        return *(const bool *)at ? STR("yes") : STR("no");
    if (f->kind == KIND_INT)
        return str_print(a, "%lld", (long long)*(const int64_t *)at);
    str value = *(const str *)at;
    if (f->access == SECRET)
        return value.len ? STR("•••") : STR("");
    return strcmp(f->name, "db") == 0 ? without_password(a, value) : value;
}

/* With nobody else at work: a server holds the key it began with, and would seal with that. */
static int rotate_key(struct cli *cli, struct err *err)
{
    static struct app app;
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct rekeyed           out  = { 0 };
    struct server_lease_list all  = { 0 };
    struct work              w;
    if (!cli_app(cli, &app, APP_SERVES, err))
        return EXIT_WRONG;
    app_work(&app, &arena, &w);
    bool ok = !db_is_postgres(app.pool) || servers_all(w.db, &arena, &all, err);
    for (int i = 0; ok && i < all.count; i++)
        if (all.at[i].lease_until.ms > w.now.ms)
            ok = err_set(err, ERR_SETTING, NULL, "the server %.*s is at work: stop all of them first", STR_ARG(all.at[i].name));
    ok = ok && rekey(&w, app.pool, str_zero(cli->arena, cli->config.key_file), &out, err);
    app_work_done(&w);
    app_close(&app);
    if (!ok)
        return EXIT_WRONG;
    printf("%lld secrets are sealed with a new key, %.*s.\nThe key of before is %.*s: backups made until now need it. Keep it with them, not here.\n",
           (long long)out.count, STR_ARG(cli->config.key_file), STR_ARG(out.kept));
    return EXIT_FINE;
}

static int config_run(struct cli *cli, struct err *err)
{
    if (cli->words_count && !str_is(cli->words[0], "rotate-key")) {
        err_set(err, ERR_SETTING, NULL, "usage: sauda config, sauda config rotate-key");
        return EXIT_USAGE;
    }
    if (cli->words_count)
        return rotate_key(cli, err);
    for (int i = 0; i < config_record.count; i++) {
        const struct field *f = &config_record.fields[i];
        str value = setting_shown(cli->arena, &cli->config, f);
        int room  = (int)(value.len - utf8_count(value)) + 44;
        printf("%-20s = %-*.*s # %s\n", f->name, room, STR_ARG(value), cli->sources[i]);
    }
    return EXIT_FINE;
}

const struct cli_command config_command = {
    .name = "config", .words = "[rotate-key]", .doc = "show the settings in force and where each came from; take a new key",
    .text = "Prints the settings as lines that a settings file may hold, with their source: default, file, environment or flag.\n"
            "Passwords and tokens are shown as •••.\n\n"
            "rotate-key seals marketplace tokens, addresses and second factors with a new key, while no server runs. It may be stopped or\n"
            "die at any moment: the next start ends it or forgets it. Several servers each need the new file.\n\n"
            "  sauda config --db sqlite:/srv/sauda/shop.db\n  sauda config rotate-key",
    .settings = true, .words_max = 1, .run = config_run,
};

/* ---- migrations ---- */

static bool pool_open(struct cli *cli, bool read_only, bool alone, struct db_pool **out, struct err *err)
{
    struct db_options options = { .read_only = read_only, .readers = 2, .sync_normal = cli->config.sync_normal, .alone = alone };
    return db_open(str_zero(cli->arena, cli->config.db), &options, out, err);
}

static bool status_print(struct db_pool *pool, struct err *err)
{
    CLEANUP(db_release) struct db *db = db_borrow(pool);
    int             version = 0;
    enum schema_fit fit;
    if (!migrate_version(db, &version, err) || !migrate_look(db, &fit, err))
        return false;
    for (int i = 0; i < migrations_count; i++)
        printf("%s %s\n", migrations[i].number <= version ? "applied" : "missing", migrations[i].name);
    if (fit == SCHEMA_NEWER)
        return err_set(err, ERR_STORE_NEWER, "database", "knows migration %d, which this version does not: run a newer one", version);
    return true;
}

/* ---- from one store to another ---- */

static void move_told(void *ctx, str table, int64_t rows, bool compared)
{
    (void)ctx;
    printf("%-24.*s %12lld rows %s\n", STR_ARG(table), (long long)rows, compared ? "compared" : "moved");
    fflush(stdout);
}

static bool store_open(struct cli *cli, const char *flag, bool must_be_there, struct db_pool **out, struct err *err)
{
    str               url     = cli_flag(cli, flag);
    struct db_options options = { .readers = 3, .sync_normal = cli->config.sync_normal, .alone = true, .walks = true };
    bool              file    = str_starts(url, STR("sqlite:"));
    if (!url.len)
        return err_set(err, ERR_SETTING, flag, "must be given: --from and --to go together");
    if (file && must_be_there && access(str_zero(cli->arena, str_sub(url, 7, SIZE_MAX)), R_OK) != 0)
        return err_set(err, ERR_FILE, flag, "%.*s: %s", STR_ARG(url), strerror(errno));
    return db_open(str_zero(cli->arena, url), &options, out, err);
}

static int move_run(struct cli *cli, struct err *err)
{
    static const char *const shop[] = { "users", "orders", "customers", NULL };
    struct move_watch watch = { move_told, NULL };
    struct db_pool   *from = NULL, *to = NULL;
    if (str_eq(cli_flag(cli, "from"), cli_flag(cli, "to"))) {
        err_set(err, ERR_SETTING, "to", "is the source itself");
        return EXIT_USAGE;
    }
    bool ok = store_open(cli, "from", true, &from, err) && store_open(cli, "to", false, &to, err) && db_move(from, to, shop, &watch, err);
    db_close(from);
    db_close(to);
    if (ok)
        printf("Every row is there. Start the server with --db %.*s and with the same %.*s: without that key the marketplaces' tokens cannot "
               "be opened.\n", STR_ARG(without_password(cli->arena, cli_flag(cli, "to"))), STR_ARG(cli->config.key_file));
    return ok ? EXIT_FINE : EXIT_WRONG;
}

/* Nothing is changed under a server that is at work, unless what is missing is made for that. */
static bool migrations_apply(struct cli *cli, struct db_pool **pool, int *applied, struct err *err)
{
    enum schema_fit fit  = SCHEMA_OLDER;
    struct clock    real = { 0 };
    struct db      *db   = db_borrow(*pool);
    bool ok = migrate_look(db, &fit, err);
    db_release(&db);
    if (!ok || fit == SCHEMA_FITS)
        return ok && migrate(*pool, applied, err);
    db_close(*pool);
    *pool = NULL;
    return pool_open(cli, false, true, pool, err) && servers_let_migrate(*pool, clock_now(&real), err) && migrate(*pool, applied, err);
}

static int migrate_run(struct cli *cli, struct err *err)
{
    struct db_pool *pool   = NULL;
    bool            status = cli_has(cli, "status");
    int             applied = 0;
    if (!secret_init(err))
        return EXIT_WRONG;
    if (cli_has(cli, "from") || cli_has(cli, "to"))
        return move_run(cli, err);
    if (!pool_open(cli, status, false, &pool, err)) {
        db_close(pool);
        return EXIT_WRONG;
    }
    bool ok = status ? status_print(pool, err) : migrations_apply(cli, &pool, &applied, err);
    db_close(pool);
    if (ok && !status)
        printf(applied ? "%d applied\n" : "nothing to do\n", applied);
    return ok ? EXIT_FINE : EXIT_WRONG;
}

static const struct cli_flag migrate_flags[] = {
    { "status", NULL, "only say which are applied and which are missing" },
    { "from", "URL", "move a whole shop out of this database" },
    { "to", "URL", "into this one, which must be empty" },
    { 0 }
};
const struct cli_command migrate_command = {
    .name = "migrate", .doc = "bring a database to this version, or move a shop to another database",
    .text = "Applies the migrations that the database lacks, each in one transaction. `sauda serve` does the same at its start.\n"
            "A database of a newer version is left alone.\n\n"
            "With --from and --to it moves a shop, while no server uses either: every row of every table, in batches, then reads both sides again\n"
            "and compares them. Broken off, it goes on where it stopped when it is called again; until it is finished no server starts on the\n"
            "target. The source stays as it is.\n\n"
            "  sauda migrate --db postgresql://sauda@db/shop --status\n"
            "  sauda migrate --from sqlite:/srv/sauda/sauda.db --to postgresql://sauda@db/shop",
    .flags = migrate_flags, .settings = true, .run = migrate_run,
};

static int version_run(struct cli *cli, struct err *err)
{
    (void)cli;
    (void)err;
    printf("sauda %s\n", SAUDA_VERSION);
    return EXIT_FINE;
}

const struct cli_command version_command = {
    .name = "version", .doc = "say which version this is", .text = "Prints the version.", .run = version_run,
};

static int sandbox_raw(int argc, char **argv) { return sandbox_run(argc, argv) ? EXIT_FINE : EXIT_WRONG; }

const struct cli_command sandbox_command = {
    .name = "sandbox", .doc = "play Kaspi, Wildberries and Ozon on this machine", .text = "", .raw = sandbox_raw,
};
