#include "app/cli_people.h"

#include "app/file_bytes.h"
#include "orders/people_export_flow.h"
#include "orders/people_import_flow.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((size_t)2 << 30)

/* ---- import ---- */

struct telling {
    FILE                        *bad;   /* rows that could not be taken */
    bool                         dry_run, quiet, has_head;
    const struct people_outcome *outcome;
    struct arena                 arena; /* of one row */
    int64_t                      told;
};

static void bad_write(struct telling *t, const struct people_row *p)
{
    struct buf b = buf_in(&t->arena), why = buf_in(&t->arena);
    for (int i = 0; !t->has_head && i < t->outcome->sheet.headings.count; i++)
        csv_cell(&b, t->outcome->sheet.headings.at[i], false);
    if (!t->has_head)
        csv_cell(&b, STR("problem"), true);
    t->has_head = true;
    for (int i = 0; i < p->troubles.count; i++)
        buf_print(&why, "%s%.*s %.*s", i ? "; " : "", STR_ARG(p->troubles.at[i].field), STR_ARG(p->troubles.at[i].text));
    for (int i = 0; i < t->outcome->sheet.headings.count; i++)
        csv_cell(&b, i < p->count ? p->cells[i] : STR(""), false);
    csv_cell(&b, buf_str(&why), true);
    fwrite(b.at, 1, b.len, t->bad);
}

static void result_print(const struct people_result *r)
{
    const struct buyer *b = &r->row->buyer;
    str shown = b->name.len ? b->name : b->phone_raw.len ? b->phone_raw : b->email.len ? b->email : STR("?");
    printf("%s %.*s (row %lld)\n", import_fate_names[r->fate], STR_ARG(shown), (long long)r->row->row);
    for (int i = 0; i < r->diffs.count; i++)
        printf("  %.*s: \"%.*s\" -> \"%.*s\"\n", STR_ARG(r->diffs.at[i].field), STR_ARG(r->diffs.at[i].before), STR_ARG(r->diffs.at[i].after));
    for (int i = 0; i < r->row->troubles.count; i++)
        printf("  %.*s %.*s\n", STR_ARG(r->row->troubles.at[i].field), STR_ARG(r->row->troubles.at[i].text));
}

static void told(void *ctx, const struct people_result *r)
{
    struct telling *t = ctx;
    if (t->dry_run ? r->fate != IMPORT_SAME : r->fate == IMPORT_BAD)
        result_print(r);
    if (r->fate == IMPORT_BAD && t->bad)
        bad_write(t, r->row);
    arena_reset(&t->arena);
    if (++t->told % 1000 == 0 && !t->quiet)
        fprintf(stderr, "\r%lld rows", (long long)t->told);
}

static void summary_print(const struct people_outcome *o, bool dry_run)
{
    printf("%s%lld new, %lld changed, %lld same, %lld bad (account %.*s)\n", dry_run ? "dry run: " : "", (long long)o->fates[IMPORT_NEW],
           (long long)o->fates[IMPORT_CHANGED], (long long)o->fates[IMPORT_SAME], (long long)o->fates[IMPORT_BAD], STR_ARG(o->account.name));
    for (int i = 0; i < o->sheet.unknown.count; i++)
        printf("%s \"%.*s\"%s", i ? "," : "columns passed over:", STR_ARG(o->sheet.unknown.at[i]), i + 1 == o->sheet.unknown.count ? "\n" : "");
    if (id_is_set(o->job_id) && (o->fates[IMPORT_NEW] || o->fates[IMPORT_CHANGED]))
        printf("to take it back: sauda import undo %lld\n", (long long)o->job_id.v);
}

bool people_file_import(struct cli *cli, struct app *app, const char *path, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct telling        t = { .dry_run = cli_has(cli, "dry-run"), .quiet = !isatty(2) };
    struct people_outcome outcome;
    struct file_bytes     file;
    struct work           w;
    str bad = cli_flag(cli, "bad");

    if (!file_bytes_open(path, FILE_BYTES_MAX, &file, err))
        return false;
    t.outcome = &outcome;
    bool ok = !bad.len || (t.bad = fopen(str_zero(cli->arena, bad), "wbe"));
    if (!ok)
        err_set(err, ERR_FILE, "bad", "cannot make %.*s", STR_ARG(bad));
    app_work(app, &arena, &w);
    const char *slash = strrchr(path, '/');
    struct people_plan plan = {
        .bytes = file.bytes, .file_name = str_of(slash ? slash + 1 : path), .account = cli_flag(cli, "account"), .dry_run = t.dry_run,
        .options = { .map = cli_flag(cli, "map") }, .told = told, .ctx = &t,
    };
    ok = ok && people_import(&w, &plan, &outcome, err);
    if (!t.quiet && t.told >= 1000)
        fprintf(stderr, "\r%lld rows\n", (long long)t.told);
    if (ok)
        summary_print(&outcome, t.dry_run);
    app_work_done(&w);
    if (t.bad && fclose(t.bad) != 0 && ok)
        ok = err_set(err, ERR_FILE, "bad", "cannot write %.*s", STR_ARG(bad));
    arena_done(&t.arena);
    file_bytes_close(&file);
    return ok;
}

/* ---- export ---- */

static bool pages_write(struct people_export *x, FILE *to, const char *name, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    for (bool more = true; more;) {
        struct buf b = buf_in(&arena);
        if (!people_export_next(x, &b, &more, err))
            return false;
        if (b.len && fwrite(b.at, 1, b.len, to) != b.len)
            return err_set(err, ERR_FILE, NULL, "cannot write %s: %s", name, strerror(errno));
        arena_reset(&arena);
    }
    return fflush(to) == 0 || err_set(err, ERR_FILE, NULL, "cannot write %s: %s", name, strerror(errno));
}

static bool people_write(struct cli *cli, struct app *app, enum people_format format, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    const struct row_view view = { .contacts = true, .prices = true };
    str    path    = cli_flag(cli, "out");
    bool   is_file = path.len && !str_is(path, "-");
    const char *name = is_file ? str_zero(cli->arena, path) : "standard output";
    struct people_export x;
    struct work w;
    FILE  *to = is_file ? fopen(name, "wbe") : stdout;
    if (!to)
        return err_set(err, ERR_FILE, "out", "cannot make %s: %s", name, strerror(errno));
    app_work(app, &arena, &w);
    bool ok = people_export_start(&x, &w, format, &view, NULL, err) && pages_write(&x, to, name, err);
    if (ok && is_file)
        fprintf(stderr, "%lld people in %s\n", (long long)x.written, name);
    people_export_end(&x);
    app_work_done(&w);
    if (is_file && fclose(to) != 0 && ok)
        ok = err_set(err, ERR_FILE, "out", "cannot write %s: %s", name, strerror(errno));
    return ok;
}

int people_file_export(struct cli *cli, struct err *err)
{
    static struct app app;
    str  word = cli_flag(cli, "format");
    bool json = str_is(word, "jsonl") || (!word.len && str_ends(cli_flag(cli, "out"), STR(".jsonl")));
    if (word.len && !json && !str_is(word, "csv")) {
        err_set(err, ERR_SETTING, "format", "must be csv or jsonl");
        return EXIT_USAGE;
    }
    if (cli_has(cli, "filter")) {
        err_set(err, ERR_SETTING, "filter", "is for orders");
        return EXIT_USAGE;
    }
    if (!cli_app(cli, &app, APP_READ_WRITE, err))       /* who exports is written down */
        return EXIT_WRONG;
    bool ok = people_write(cli, &app, json ? PEOPLE_JSON : PEOPLE_CSV, err);
    app_close(&app);
    return ok ? EXIT_FINE : EXIT_WRONG;
}
