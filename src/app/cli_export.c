/* cli_export.c - `sauda export orders`, `sauda export customers`. */
#include "app/cli.h"
#include "app/cli_people.h"
#include "orders/export_flow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool bytes_write(FILE *to, const char *name, str s, struct err *err)
{
    return !s.len || fwrite(s.at, 1, s.len, to) == s.len || err_set(err, ERR_FILE, NULL, "cannot write %s: %s", name, strerror(errno));
}

static bool stream_write(struct export *x, FILE *to, const char *name, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    bool more = true;
    while (more) {
        struct buf b = buf_in(&arena);
        if (!export_next(x, &b, &more, err) || !bytes_write(to, name, buf_str(&b), err))
            return false;
        arena_reset(&arena);
        if (isatty(2) && to != stdout && export_count(x) % 50000 == 0)
            fprintf(stderr, "\r%lld orders", (long long)export_count(x));
    }
    return fflush(to) == 0 || err_set(err, ERR_FILE, NULL, "cannot write %s: %s", name, strerror(errno));
}

/* A spreadsheet is a zip file: it cannot be written to a pipe while it is made. */
static bool sheet_write(struct export *x, FILE *to, const char *path, const char *name, struct err *err)
{
    if (to != stdout)
        return export_xlsx(x, path, err);
    char temp[] = "/tmp/sauda-export-XXXXXX", piece[65536];
    int  fd     = mkstemp(temp);
    if (fd < 0)
        return err_set(err, ERR_FILE, NULL, "cannot make a file in /tmp: %s", strerror(errno));
    close(fd);
    bool  ok = export_xlsx(x, temp, err);
    FILE *f  = ok ? fopen(temp, "rbe") : NULL;
    for (size_t n; ok && f && (n = fread(piece, 1, sizeof piece, f)) > 0;)
        ok = bytes_write(to, name, (str){ piece, n }, err);
    if (f)
        fclose(f);
    unlink(temp);
    return ok;
}

static bool orders_export(struct cli *cli, struct app *app, struct export_plan *plan, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    str    path = cli_flag(cli, "out");
    bool   is_file = path.len && !str_is(path, "-");
    const char *name = is_file ? str_zero(cli->arena, path) : "standard output";
    struct export *x = NULL;
    struct work w;
    FILE *to = is_file ? fopen(name, "wbe") : stdout;
    if (!to)
        return err_set(err, ERR_FILE, "out", "cannot make %s: %s", name, strerror(errno));
    app_work(app, &arena, &w);
    bool ok = export_start(&w, plan, &x, err) &&
              (plan->format == EXPORT_XLSX ? sheet_write(x, to, name, name, err) : stream_write(x, to, name, err));
    if (x) {
        if (ok && is_file)
            fprintf(stderr, "%lld orders in %s\n", (long long)export_count(x), name);
        export_end(x);
    }
    app_work_done(&w);
    if (is_file && fclose(to) != 0 && ok)
        ok = err_set(err, ERR_FILE, "out", "cannot write %s: %s", name, strerror(errno));
    return ok;
}

static bool format_choose(const struct cli *cli, enum export_format *out, struct err *err)
{
    str word = cli_flag(cli, "format"), path = cli_flag(cli, "out");
    if (!word.len)
        word = str_ends(path, STR(".xlsx")) ? STR("xlsx") : str_ends(path, STR(".jsonl")) ? STR("jsonl") : STR("csv");
    int n = name_find(export_format_names, word);
    *out = n < 0 ? EXPORT_CSV : (enum export_format)n;
    return n >= 0 || err_set(err, ERR_SETTING, "format", "must be csv, xlsx or jsonl");
}

static int export_run(struct cli *cli, struct err *err)
{
    static struct app  app;
    struct export_plan plan = { .view = { true, true }, .filter_text = cli_flag(cli, "filter") };
    if (str_is(cli->words[0], "customers"))
        return people_file_export(cli, err);
    if (!str_is(cli->words[0], "orders")) {
        err_set(err, ERR_SETTING, NULL, "\"%.*s\" cannot be exported; usage: sauda export orders, sauda export customers",
                STR_ARG(utf8_cut(utf8_mend(cli->arena, cli->words[0]), 60)));
        return EXIT_USAGE;
    }
    if (!format_choose(cli, &plan.format, err) ||
        !queue_filter_read(cli->arena, plan.filter_text, (rid){ 0 }, &plan.filter, err))
        return EXIT_USAGE;
    if (!cli_app(cli, &app, APP_READ_ONLY, err))
        return EXIT_WRONG;
    bool ok = orders_export(cli, &app, &plan, err);
    app_close(&app);
    return ok ? EXIT_FINE : EXIT_WRONG;
}

static const struct cli_flag export_flags[] = {
    { "format", "csv|xlsx|jsonl", "default: by the name of --out, else csv" },
    { "out", "FILE", "default: standard output" },
    { "filter", "TEXT", "as in the address of the list: \"status=new,confirmed&channel=kaspi&placed_from=2026-12-01T00:00:00Z\"" },
    { 0 }
};
const struct cli_command export_command = {
    .name = "export", .words = "orders|customers", .doc = "write orders or people to CSV, XLSX or JSON lines",
    .text =
        "Writes all orders of a filter, newest first, a row per line of an order (JSON: an object per order with its lines), page by\n"
        "page in little memory. CSV is UTF-8 with a mark, semicolons; the first row of a table says filter, time, zone and number of\n"
        "orders. The server may run meanwhile. `sauda import orders` reads all three formats back.\n"
        "customers writes a row per card to CSV or JSON lines, without a filter; who exported is written to the log of changes, and\n"
        "`sauda import customers` reads the CSV back: what the cards say already is the same.\n"
        "\n"
        "  sauda export orders --out orders.xlsx\n"
        "  sauda export customers --out people.csv\n"
        "  sauda export orders --format jsonl --filter \"status=new&zone=red\" | wc -l",
    .flags = export_flags, .settings = true, .words_min = 1, .words_max = 1, .run = export_run,
};
