/* cli_demo.c - `sauda demo`: a new database with the shop «Карапуз», for a sandbox of one's own. */
#include "app/cli.h"
#include "app/demo.h"

#include <stdio.h>

static int demo_run(struct cli *cli, struct err *err)
{
    static struct app app;
    str sandbox = cli_flag(cli, "sandbox");
    if (!sandbox.len)
        sandbox = STR("http://127.0.0.1:8090");
    if (!str_starts(sandbox, STR("http://")) && !str_starts(sandbox, STR("https://"))) {
        err_set(err, ERR_SETTING, "sandbox", "must be an address such as http://127.0.0.1:8090");
        return EXIT_USAGE;
    }
    if (!cli_app(cli, &app, APP_READ_WRITE, err))
        return EXIT_WRONG;
    bool ok = demo_fill(&app, sandbox, err);
    app_close(&app);
    if (!ok)
        return EXIT_WRONG;
    printf("The shop «Карапуз» is in %.*s\n"
           "Sign in as " DEMO_LOGIN " with the password " DEMO_PASSWORD " (the others have the same one)\n"
           "Its marketplaces: sauda sandbox --scene karapuz --port %.*s --data DIR\n"
           "Its server:       sauda serve --allow-private-hosts --db %.*s\n",
           STR_ARG(cli->config.db), STR_ARG(str_sub(sandbox, sandbox.len > 4 ? sandbox.len - 4 : 0, 4)), STR_ARG(cli->config.db));
    return EXIT_FINE;
}

static const struct cli_flag demo_flags[] = {
    { "sandbox", "ADDRESS", "where the played marketplaces are (default http://127.0.0.1:8090)" }, { 0 }
};
const struct cli_command demo_command = {
    .name = "demo", .doc = "fill a new database with the shop «Карапуз»",
    .text = "Fills a new database with a shop of Almaty: an owner, two managers, a picker, an accountant, a marketer and support, rules\n"
            "for deadlines, and accounts at three marketplaces which the sandbox plays. A database in which somebody is already is left\n"
            "alone. `sauda run` does this by itself and starts everything; this command is for those who want the parts.\n"
            "\n"
            "  sauda demo --db sqlite:/tmp/karapuz.db",
    .flags = demo_flags, .settings = true, .run = demo_run,
};
