/* cli_identity.c - `sauda identity rebuild`, `sauda identity undo RUN`. */
#include "app/cli.h"
#include "customers/rebuild_flow.h"

#include <stdio.h>

static bool rebuild(struct cli *cli, struct work *w, struct err *err)
{
    struct rebuild_plan plan = { .country = w->shop->country, .dry_run = cli_has(cli, "dry-run"), .only_suggest = cli_has(cli, "suggest") };
    struct rebuild_done done;
    if (!identity_rebuild(w, &plan, &done, err))
        return false;
    printf("%s%lld records, %lld people; %lld merges, %lld separations, %lld suggestions", plan.dry_run ? "dry run: " : "", (long long)done.sources,
           (long long)done.clusters, (long long)done.merges, (long long)done.splits, (long long)done.suggestions);
    printf(done.barred ? "; %lld not done, for people have said otherwise\n" : "\n", (long long)done.barred);
    if (id_is_set(done.run) && done.merges)
        printf("to take it back: sauda identity undo %lld\n", (long long)done.run.v);
    return true;
}

static bool undo(struct cli *cli, struct work *w, struct err *err)
{
    rid run;
    int undone = 0;
    if (cli->words_count < 2 || !id_parse(cli->words[1], &run))
        return err_set(err, ERR_SETTING, NULL, "usage: sauda identity undo RUN");
    if (!unmerge_run(w, run, cli_flag(cli, "rule"), cli_has(cli, "forget"), &undone, err))
        return false;
    printf("%d merges taken back\n", undone);
    return true;
}

static int identity_run_cli(struct cli *cli, struct err *err)
{
    static struct app app;
    bool is_undo = str_is(cli->words[0], "undo");
    if (!is_undo && !str_is(cli->words[0], "rebuild")) {
        err_set(err, ERR_SETTING, NULL, "usage: sauda identity rebuild, or sauda identity undo RUN");
        return EXIT_USAGE;
    }
    if (!cli_app(cli, &app, APP_READ_WRITE, err))
        return EXIT_WRONG;
    CLEANUP(arena_done) struct arena arena = { 0 };
    struct work w;
    app_work(&app, &arena, &w);
    bool ok = is_undo ? undo(cli, &w, err) : rebuild(cli, &w, err);
    app_work_done(&w);
    app_close(&app);
    return ok ? EXIT_FINE : EXIT_WRONG;
}

static const struct cli_flag identity_flags[] = {
    { "dry-run", NULL, "rebuild: say what would change" },
    { "suggest", NULL, "rebuild: merge and separate nothing, suggest what would be" },
    { "rule", "NAME", "undo: only what this rule did" },
    { "forget", NULL, "undo: leave no verdict, so that the next run may do it again" },
    { 0 }
};
const struct cli_command identity_command = {
    .name = "identity", .words = "rebuild|undo [RUN]", .doc = "look at all records of buyers together",
    .text = "rebuild clusters all source records as if no rule had linked any yet: what people merged stays, what they told apart stays\n"
            "apart. It gives the people that placing the records one by one gives; after a change of rules it makes the difference good.\n"
            "undo takes back what a run did, newest first, and remembers the pairs as different people unless --forget is given.\n\n"
            "  sauda identity rebuild --dry-run\n  sauda identity undo 258806340648960019 --rule name_address",
    .flags = identity_flags, .settings = true, .words_min = 1, .words_max = 2, .run = identity_run_cli,
};
