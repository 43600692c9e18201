/* command.c - the command line: options, one line with the address, then wait for a signal. */
#include "base/arena.h"
#include "base/secret.h"
#include "sandbox/sandbox.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

static const char help[] =
    "sauda-sandbox plays Kaspi, Wildberries and Ozon on this machine: their order APIs, buyers, couriers and "
    "bad days.\n"
    "\n"
    "  --port N            port on 127.0.0.1; 0 (default) takes any free one; the address is printed\n"
    "  --address A         address to listen on; default 127.0.0.1\n"
    "  --data DIR          keeps orders and everything received in DIR/sandbox.jsonl over restarts\n"
    "  --scene NAME        karapuz: a shop's morning with 129 new orders; stream: an ordinary day; quiet "
    "(default): nothing\n"
    "  --seed N            another town\n"
    "  --now TIME          the clock starts at TIME, as 2026-12-16T09:04:00+05:00; default is real time\n"
    "  --frozen            the clock stands still until POST /control/clock moves it\n"
    "  --rate N            orders per hour of the stream; default is 129 a day\n"
    "  --no-limits         markets never answer 429 by themselves\n"
    "  --control-token T   /control asks for this in X-Control-Token\n"
    "\n"
    "Base addresses for a connector: http://ADDRESS/kaspi/shop/api, http://ADDRESS/wb, http://ADDRESS/ozon.\n"
    "Any key works (a JWT for Wildberries, a number as Client-Id for Ozon); keys starting with \"wrong\" are "
    "refused.\n";

enum {
    OPT_PORT = 256,
    OPT_ADDRESS,
    OPT_DATA,
    OPT_SCENE,
    OPT_SEED,
    OPT_NOW,
    OPT_FROZEN,
    OPT_RATE,
    OPT_LIMITS,
    OPT_TOKEN,
    OPT_HELP
};
static const struct option long_options[] = {
    { "port", required_argument, NULL, OPT_PORT },  { "address", required_argument, NULL, OPT_ADDRESS },
    { "data", required_argument, NULL, OPT_DATA },  { "scene", required_argument, NULL, OPT_SCENE },
    { "seed", required_argument, NULL, OPT_SEED },  { "now", required_argument, NULL, OPT_NOW },
    { "frozen", no_argument, NULL, OPT_FROZEN },    { "rate", required_argument, NULL, OPT_RATE },
    { "no-limits", no_argument, NULL, OPT_LIMITS }, { "control-token", required_argument, NULL, OPT_TOKEN },
    { "help", no_argument, NULL, OPT_HELP },        { 0 },
};

static bool number(const char *name, str text, int64_t min, int64_t max, int64_t *out, struct err *err)
{
    if (str_to_int(text, out) && *out >= min && *out <= max)
        return true;
    return err_set(err, ERR_SETTING, name, "must be a whole number from %lld to %lld", (long long)min,
                   (long long)max);
}

static bool option_take(int which, str value, struct sandbox_options *o, struct err *err)
{
    int64_t n = 0;
    switch (which) {
    case OPT_PORT:
        if (!number("--port", value, 0, 65535, &n, err))
            return false;
        o->port = (int)n;
        return true;
    case OPT_SEED:
        if (!number("--seed", value, 0, INT64_MAX, &n, err))
            return false;
        o->seed = (uint64_t)n;
        return true;
    case OPT_RATE:
        if (!number("--rate", value, 1, 1000000, &n, err))
            return false;
        o->orders_per_hour = n * 1000;
        return true;
    case OPT_NOW:
        return instant_parse(value, &o->now)
            || err_set(err, ERR_SETTING, "--now", "must be a time such as 2026-12-16T09:04:00+05:00");
    case OPT_ADDRESS: o->address = value; return true;
    case OPT_DATA:    o->data = value; return true;
    case OPT_SCENE:   o->scene = value; return true;
    case OPT_FROZEN:  o->frozen = true; return true;
    case OPT_LIMITS:  o->no_limits = true; return true;
    case OPT_TOKEN:   o->control_token = value; return true;
    default:          return err_set(err, ERR_SETTING, "", "unknown option; see --help");
    }
}

static bool options_read(int argc, char **argv, struct sandbox_options *o, bool *help_asked, struct err *err)
{
    int which;
    optind = 1;
    opterr = 0;
    while ((which = getopt_long(argc, argv, "", long_options, NULL)) >= 0) {
        if (which == OPT_HELP)
            *help_asked = true;
        else if (!option_take(which, str_of(optarg), o, err))
            return false;
    }
    return optind == argc || err_set(err, ERR_SETTING, argv[optind], "is not an option; see --help");
}

static void complain(const struct err *err)
{
    CLEANUP(arena_done) struct arena arena = { 0 };
    str line = err_line(&arena, err);
    fprintf(stderr, "sauda-sandbox: %.*s\n", STR_ARG(line));
}

bool sandbox_run(int argc, char **argv)
{
    struct sandbox_options options = { 0 };
    struct sandbox *sb = NULL;
    struct err err = { 0 };
    bool help_asked = false;
    if (!options_read(argc, argv, &options, &help_asked, &err)) {
        complain(&err);
        return false;
    }
    if (help_asked) {
        fputs(help, stdout);
        return true;
    }
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    if (!secret_init(&err) || !sandbox_start(&options, &sb, &err)) {
        complain(&err);
        return false;
    }
    printf("http://%.*s:%d\n", STR_ARG(options.address.len ? options.address : STR("127.0.0.1")),
           sandbox_port(sb));
    fflush(stdout);
    const struct timespec half_second = { .tv_nsec = 500000000 };
    while (sigtimedwait(&ends, NULL, &half_second) < 0)
        sandbox_wake(sb);               /* the markets live on, asked or not */
    sandbox_stop(sb);
    return true;
}
