/* cli_demo.c - `sauda demo`: a new database with the shop «Карапуз», for a sandbox of one's own. */
#include "app/cli.h"
#include "app/demo.h"
#include "db/pour.h"
#include "orders/bulk_store.h"

#include <stdio.h>

/* How many of the two; 0 when it did not come. */
static bool count_read(const struct cli *cli, const char *flag, int64_t max, int64_t *out, struct err *err)
{
    str text = cli_flag(cli, flag);
    *out = 0;
    return !cli_has(cli, flag) || (str_to_int(text, out) && *out >= 1 && *out <= max) ||
           err_set(err, ERR_SETTING, flag, "must be a number from 1 to %lld", (long long)max);
}

static void say_poured(void *ctx, int done, int all)
{
    (void)ctx;
    fprintf(stderr, "\r%d of %d parts%s", done, all, done == all ? "\n" : "");
    fflush(stderr);
}

/* "8090" of "http://127.0.0.1:8090/"; 80 when none is told. */
static str port_of(str address)
{
    size_t end = address.len, from;
    while (end && address.at[end - 1] == '/')
        end--;
    for (from = end; from && address.at[from - 1] >= '0' && address.at[from - 1] <= '9'; from--)
        ;
    return from && from < end && address.at[from - 1] == ':' ? str_sub(address, from, end - from) : STR("80");
}

static int demo_run(struct cli *cli, struct err *err)
{
    static struct app app;
    str     sandbox = cli_flag(cli, "sandbox");
    int64_t orders, customers;
    if (!count_read(cli, "orders", BULK_ORDERS_MAX, &orders, err) || !count_read(cli, "customers", BULK_CUSTOMERS_MAX, &customers, err))
        return EXIT_USAGE;
    if (customers && !orders) {
        err_set(err, ERR_SETTING, "customers", "come with --orders");
        return EXIT_USAGE;
    }
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
    struct pour_listener said = { say_poured, NULL };
    if (!customers)
        customers = orders < 5 ? orders : orders / 5 > BULK_CUSTOMERS_MAX ? BULK_CUSTOMERS_MAX : orders / 5;
    if (orders && !demo_pour(&cli->config, orders, customers, &said, err))
        return EXIT_WRONG;
    printf("The shop «Карапуз» is in %.*s\n"
           "Sign in as " DEMO_LOGIN " with the password " DEMO_PASSWORD " (the others have the same one)\n"
           "Its marketplaces: sauda sandbox --scene karapuz --port %.*s --data DIR\n"
           "Its server:       sauda serve --allow-private-hosts=yes --home %.*s --db %.*s\n",
           STR_ARG(cli->config.db), STR_ARG(port_of(sandbox)), STR_ARG(cli->config.home), STR_ARG(cli->config.db));
    return EXIT_FINE;
}

static const struct cli_flag demo_flags[] = {
    { "sandbox", "ADDRESS", "where the played marketplaces are (default http://127.0.0.1:8090)" },
    { "orders", "N", "so many made-up orders of the past years, to see how a big shop feels" },
    { "customers", "N", "whose they are (default a fifth of the orders)" }, { 0 }
};
const struct cli_command demo_command = {
    .name = "demo", .doc = "fill a new database with the shop «Карапуз»",
    .text = "Fills a new database with a shop of Almaty: an owner, two managers, a picker, an accountant, a marketer and support, rules\n"
            "for deadlines, and accounts at three marketplaces which the sandbox plays. A database in which somebody is already is left\n"
            "alone. `sauda run` does this by itself and starts everything; this command is for those who want the parts.\n"
            "\n"
            "With --orders the shop gets that many more, a minute apart and written straight into the tables: ten million with two million\n"
            "buyers take some ten minutes and 20 GB. A power cut meanwhile spoils the file: begin again with a new one.\n"
            "\n"
            "  sauda demo --db sqlite:/tmp/karapuz.db\n"
            "  sauda demo --db sqlite:/tmp/big.db --orders 10000000 --customers 2000000",
    .flags = demo_flags, .settings = true, .run = demo_run,
};
