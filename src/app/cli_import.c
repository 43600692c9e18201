/* cli_import.c - `sauda import orders FILE`, `sauda import customers FILE`, `sauda import undo ID`. */
#include "app/cli.h"
#include "app/cli_people.h"
#include "app/file_bytes.h"
#include "orders/import_flow.h"

#include <stdio.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((size_t)512 << 20)

struct telling {
    FILE        *bad;                   /* rows that could not be taken */
    bool         dry_run, quiet;
    enum import_format format;
    const struct import_outcome *outcome;
    bool         has_head;
    struct arena arena;                 /* of one order */
    int64_t      told;
};

static void troubles_print(FILE *to, const struct import_order *o)
{
    for (int i = 0; i < o->troubles.count; i++) {
        const struct import_trouble *t = &o->troubles.at[i];
        fprintf(to, "  row %lld: %.*s%s%.*s\n", (long long)t->row, STR_ARG(t->field), t->field.len ? " " : "", STR_ARG(t->text));
    }
}

static str troubles_text(struct arena *a, const struct import_order *o)
{
    struct buf b = buf_in(a);
    for (int i = 0; i < o->troubles.count; i++)
        buf_print(&b, "%s%.*s%s%.*s", i ? "; " : "", STR_ARG(o->troubles.at[i].field), o->troubles.at[i].field.len ? " " : "",
                  STR_ARG(o->troubles.at[i].text));
    return buf_str(&b);
}

/* Tables: the rows with a last cell that says why. JSON lines: an object with the line and the reason. */
static void bad_write(struct telling *t, const struct import_order *o)
{
    struct buf b    = buf_in(&t->arena);
    str        text = troubles_text(&t->arena, o);
    for (int i = 0; !t->has_head && t->format != IMPORT_JSON && i < t->outcome->sheet.headings.count; i++)
        csv_cell(&b, t->outcome->sheet.headings.at[i], false);
    if (!t->has_head && t->format != IMPORT_JSON)
        csv_cell(&b, STR("problem"), true);
    t->has_head = true;
    for (int i = 0; i < o->raw.count; i++) {
        const struct import_raw *raw = &o->raw.at[i];
        if (t->format == IMPORT_JSON) {
            struct json_out j = json_out(&b);
            json_begin(&j, NULL, '{');
            json_number(&j, "row", raw->row);
            json_text(&j, "problem", text);
            json_text(&j, "source", raw->cells[0]);
            json_end(&j);
            buf_add_char(&b, '\n');
            continue;
        }
        for (int k = 0; k < raw->count; k++)
            csv_cell(&b, raw->cells[k], false);
        csv_cell(&b, text, true);
    }
    fwrite(b.at, 1, b.len, t->bad);
}

static void result_print(const struct import_result *r)
{
    const struct import_order *o = r->order;
    str number = o->draft.number.len ? o->draft.number : STR("?");
    printf("%s %.*s (row %lld)\n", import_fate_names[r->fate], STR_ARG(number), (long long)o->row);
    for (int i = 0; i < r->diffs.count; i++)
        printf("  %.*s: \"%.*s\" -> \"%.*s\"\n", STR_ARG(r->diffs.at[i].field), STR_ARG(r->diffs.at[i].before),
               STR_ARG(r->diffs.at[i].after));
    troubles_print(stdout, o);
}

static void told(void *ctx, const struct import_result *r)
{
    struct telling *t = ctx;
    if (t->dry_run ? r->fate != IMPORT_SAME : r->fate == IMPORT_BAD)
        result_print(r);
    if (r->fate == IMPORT_BAD && t->bad)
        bad_write(t, r->order);
    arena_reset(&t->arena);
    t->told++;
    if (!t->quiet && t->told % 1000 == 0)
        fprintf(stderr, "\r%lld orders", (long long)t->told);
}

static void summary_print(const struct import_outcome *o, bool dry_run)
{
    printf("%s%lld new, %lld changed, %lld same, %lld bad", dry_run ? "dry run: " : "", (long long)o->fates[IMPORT_NEW],
           (long long)o->fates[IMPORT_CHANGED], (long long)o->fates[IMPORT_SAME], (long long)o->fates[IMPORT_BAD]);
    printf(" (account %.*s)\n", STR_ARG(o->account.name));
    if (o->sheet.unknown.count) {
        printf("columns passed over:");
        for (int i = 0; i < o->sheet.unknown.count; i++)
            printf("%s \"%.*s\"", i ? "," : "", STR_ARG(o->sheet.unknown.at[i]));
        printf("\n");
    }
    if (id_is_set(o->job_id) && (o->fates[IMPORT_NEW] || o->fates[IMPORT_CHANGED]))
        printf("to take it back: sauda import undo %lld\n", (long long)o->job_id.v);
}

static bool orders_import(struct cli *cli, struct app *app, const char *path, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct telling    t = { .dry_run = cli_has(cli, "dry-run"), .quiet = !isatty(2) };
    struct file_bytes file;
    struct import_outcome outcome;
    struct work w;
    str    bad = cli_flag(cli, "bad");

    if (!file_bytes_open(path, FILE_BYTES_MAX, &file, err))
        return false;
    t.format  = import_format_of(file.bytes);
    t.outcome = &outcome;
    bool ok = !bad.len || (t.bad = fopen(str_zero(cli->arena, bad), "wbe"));
    if (!ok)
        err_set(err, ERR_FILE, "bad", "cannot make %.*s", STR_ARG(bad));
    app_work(app, &arena, &w);
    const char *slash = strrchr(path, '/');
    struct import_plan plan = {
        .bytes = file.bytes, .path = file.path, .file_name = str_of(slash ? slash + 1 : path), .account = cli_flag(cli, "account"),
        .dry_run = t.dry_run, .options = { .map = cli_flag(cli, "map") }, .told = told, .ctx = &t,
    };
    ok = ok && import_orders(&w, &plan, &outcome, err);
    if (!t.quiet && t.told >= 1000)
        fprintf(stderr, "\r%lld orders\n", (long long)t.told);
    if (ok)
        summary_print(&outcome, t.dry_run);
    app_work_done(&w);
    if (t.bad && fclose(t.bad) != 0 && ok)
        ok = err_set(err, ERR_FILE, "bad", "cannot write %.*s", STR_ARG(bad));
    arena_done(&t.arena);
    file_bytes_close(&file);
    return ok;
}

static bool import_take_back(struct app *app, str id, struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct import_undone undone;
    struct work w;
    rid job;
    if (!id_parse(id, &job))
        return err_set(err, ERR_SETTING, "ID", "must be the number that the import has printed");
    app_work(app, &arena, &w);
    bool ok = import_undo(&w, job, &undone, err);
    app_work_done(&w);
    if (ok)
        printf("%lld removed, %lld restored, %lld left as they are (touched since)\n", (long long)undone.removed,
               (long long)undone.restored, (long long)undone.kept);
    return ok;
}

static int import_run(struct cli *cli, struct err *err)
{
    static struct app app;
    bool is_undo = str_is(cli->words[0], "undo"), is_people = str_is(cli->words[0], "customers");
    if (!is_undo && !is_people && !str_is(cli->words[0], "orders")) {
        err_set(err, ERR_SETTING, NULL, "\"%.*s\" cannot be imported; usage: sauda import orders|customers FILE, sauda import undo ID",
                STR_ARG(utf8_cut(utf8_mend(cli->arena, cli->words[0]), 60)));
        return EXIT_USAGE;
    }
    if (!cli_app(cli, &app, APP_READ_WRITE, err))
        return EXIT_WRONG;
    bool ok = is_undo ? import_take_back(&app, cli->words[1], err)
            : is_people ? people_file_import(cli, &app, str_zero(cli->arena, cli->words[1]), err)
                      : orders_import(cli, &app, str_zero(cli->arena, cli->words[1]), err);
    app_close(&app);
    return ok ? EXIT_FINE : EXIT_WRONG;
}

static const struct cli_flag import_flags[] = {
    { "account", "NAME", "account (name or id) whose they are; without it: what is kept by hand, channel \"manual\"" },
    { "dry-run", NULL, "say what would be new, changed (field by field) and bad, change nothing" },
    { "map", "\"OURS=THEIRS,…\"", "our column = heading of the file, as in number=Заказ,title=Позиция" },
    { "bad", "FILE", "write rows that cannot be taken to FILE, with the reason in a last column" },
    { 0 }
};
const struct cli_command import_command = {
    .name = "import", .words = "orders|customers FILE | undo ID", .doc = "take orders or people from a file, or take an import back",
    .text =
        "Reads orders from CSV (; , tab or |; UTF-8 or windows-1251), XLSX or JSON lines; \"-\" is standard input. A row is one line\n"
        "of an order, rows of one order stand together. Headings are known in English and Russian (number, номер, дата, статус,\n"
        "покупатель, телефон, товар, артикул, количество, цена, сумма …); what `sauda export orders` writes can be read back.\n"
        "Orders are found by account and external_id (or number): new ones are added, others changed where the file differs, 200\n"
        "in a transaction. The same file again changes nothing. Rows with mistakes are left out and told with all their reasons.\n"
        "customers reads people from CSV or TSV, a record a row: external_id, name (or surname, name, patronymic), phone, email,\n"
        "city, address, birth_date, created; headings are known in Russian, Kazakh, Ukrainian and English. A record joins the card\n"
        "it surely belongs to, is suggested, or becomes a card of its own. Without external_id a record is known by phone and name.\n"
        "undo removes what an import added and restores what it changed, except for what somebody has touched since.\n"
        "\n"
        "  sauda import orders may.xlsx --dry-run\n"
        "  sauda import orders may.csv --map \"number=Чек,placed_at=Когда\" --bad may-bad.csv\n"
        "  sauda import customers buyers.csv --dry-run --map \"phone=Контакт\"\n"
        "  sauda import undo 123456789",
    .flags = import_flags, .settings = true, .words_min = 2, .words_max = 2, .run = import_run,
};
