/* check.c - `sauda check`: does all that must hold hold? */
#include "accounts/audit.h"
#include "app/check_store.h"
#include "app/cli.h"
#include "app/rekey_store.h"

#include <stdio.h>
#include <unistd.h>

#define SHOWN_MAX 10
#define SECRETS_NAME "every secret opens with the key"
#define AUDIT_NAME "the log of changes is as it was written"

static bool check_one(struct stmt *st, const char *name, int *bad, struct err *err)
{
    int64_t found = 0;
    while (db_row(st)) {
        if (found == 0)
            printf("BAD %s\n", name);
        if (found < SHOWN_MAX)
            printf("    %lld: %.*s\n", (long long)col_int(st, 0), STR_ARG(col_text(st, 1)));
        found++;
    }
    if (!db_ok(st, err))
        return false;
    if (found > SHOWN_MAX)
        printf("    … and %lld more\n", (long long)(found - SHOWN_MAX));
    if (!found)
        printf("OK  %s\n", name);
    fflush(stdout);
    *bad += found > 0;
    return true;
}

static void audit_said(void *ctx, rid id, const char *text)
{
    int64_t *found = ctx;
    if (*found == 0)
        printf("BAD %s\n", AUDIT_NAME);
    if (*found < SHOWN_MAX)
        printf("    %lld: %s\n", (long long)id.v, text);
    ++*found;
}

/* Hashes cannot be asked of the database; all others can. */
static bool check_audit(struct db *db, int *bad, struct err *err)
{
    int64_t found = 0;
    if (!audit_verify(db, audit_said, &found, err))
        return false;
    if (found > SHOWN_MAX)
        printf("    … and %lld more\n", (long long)(found - SHOWN_MAX));
    if (!found)
        printf("OK  %s\n", AUDIT_NAME);
    *bad += found > 0;
    return true;
}

struct secrets { int64_t found; };

static void secret_said(void *ctx, rid id, const char *table, const char *column)
{
    struct secrets *s = ctx;
    if (s->found == 0)
        printf("BAD %s\n", SECRETS_NAME);
    if (s->found < SHOWN_MAX)
        printf("    %lld: %s of %s\n", (long long)id.v, column, table);
    s->found++;
}

/* A copy may be looked at without its key: then nothing is said of secrets. */
static bool check_secrets(struct cli *cli, struct db *db, int *bad, int *all, struct err *err)
{
    struct secrets    s    = { 0 };
    const char       *path = str_zero(cli->arena, cli->config.key_file);
    struct secret_key key;
    if (access(path, R_OK) != 0)
        return true;
    ++*all;
    if (!secret_key_load(path, false, &key, err) || !rekey_verify(db, cli->arena, &key, secret_said, &s, err))
        return false;
    if (s.found > SHOWN_MAX)
        printf("    … and %lld more\n", (long long)(s.found - SHOWN_MAX));
    if (!s.found)
        printf("OK  %s\n", SECRETS_NAME);
    *bad += s.found > 0;
    return true;
}

static bool check_all(struct db *db, struct arena *a, bool is_postgres, int *bad, int *all, struct err *err)
{
    for (const struct invariant *v = invariants; v->name; v++) {
        if (v->sqlite_only && is_postgres)
            continue;
        CLEANUP(stmt_done) struct stmt st = db_query(db, &v->sql);
        ++*all;
        if (!check_one(&st, v->name, bad, err))
            return false;
    }
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "check.moves", history_moves_sql(a));
    *all += 2;
    return check_one(&st, "every step of a history is a listed move", bad, err) && check_audit(db, bad, err);
}

static int check_run(struct cli *cli, struct err *err)
{
    static struct app app;
    int bad = 0, all = 0;
    if (!cli_app(cli, &app, APP_READ_ONLY, err))
        return EXIT_WRONG;
    struct db *db = db_borrow(app.pool);
    bool ok = check_all(db, cli->arena, db_is_postgres(app.pool), &bad, &all, err) && check_secrets(cli, db, &bad, &all, err);
    db_return(app.pool, db);
    app_close(&app);
    if (ok)
        bad ? printf("%d of %d do not hold\n", bad, all) : printf("all %d hold\n", all);
    return ok && !bad ? EXIT_FINE : EXIT_WRONG;
}

const struct cli_command check_command = {
    .name = "check", .doc = "verify what must hold in a database",
    .text = "Asks the database for everything that must never be: totals that a count does not give, histories that do not join,\n"
            "places in the queue that do not follow zone and deadline, counters of customers, commands and search keys of nobody,\n"
            "rows without what they belong to; of SQLite also whether the file is whole. Prints OK or the differences with their\n"
            "ids; the exit code is 1 when something does not hold. Changes nothing; the server may run.\n\n  sauda check",
    .settings = true, .run = check_run,
};
