/* cli_serve.c - `sauda serve`. */
#include "app/cli.h"
#include "http/http.h"

#include <stdio.h>

static void say_ready(struct app *app, void *ctx)
{
    struct cli *cli = ctx;
    str         address;
    int         port;
    struct err  ignored = { 0 };
    if (!config_listen(cli->config.listen, &address, &port, &ignored))
        return;
    bool is_v6 = str_has(address, STR(":"));
    printf("Sauda answers at http://%s%.*s%s:%d\n", is_v6 ? "[" : "", STR_ARG(address), is_v6 ? "]" : "", http_port(app->server));
    fflush(stdout);
}

static int serve_run(struct cli *cli, struct err *err)
{
    static struct app app;              /* large, and as old as the process */
    if (!cli_app(cli, &app, APP_SERVES, err))
        return EXIT_WRONG;
    int code = app_serve(&app, say_ready, cli);
    app_close(&app);
    return code;
}

const struct cli_command serve_command = {
    .name = "serve", .doc = "run the server",
    .text = "Opens the database (makes it when there is none, migrates it when it is older), fetches from and sends to the\n"
            "marketplaces, and serves the screens and the API until Ctrl-C or SIGTERM. Without any user the address shows the\n"
            "first-run page.\n"
            "\n"
            "  sauda serve\n"
            "  sauda serve --db sqlite:/srv/sauda/shop.db --listen 0.0.0.0:8080\n"
            "  sauda serve --db postgresql://sauda@localhost/shop",
    .settings = true, .run = serve_run,
};
