/* cli_map.c - `sauda map`: what Sauda understands of one payload, without any database. */
#include "app/cli.h"
#include "channels/map_print.h"
#include "channels/talk.h"

#include <errno.h>
#include <stdio.h>

#define BODY_BYTES_MAX REPLY_BYTES_MAX            /* what is taken from a marketplace at once */

static bool bytes_read(FILE *f, const char *path, struct arena *a, str *out, struct err *err)
{
    struct buf b = buf_in(a);
    for (;;) {
        char  *at = buf_reserve(&b, 65536);
        size_t n  = fread(at, 1, 65536, f);
        b.len += n;
        if (b.len > BODY_BYTES_MAX)
            return err_set(err, ERR_BODY_TOO_LARGE, NULL, "%s is larger than %zu MiB", path, BODY_BYTES_MAX >> 20);
        if (n == 0)
            break;
    }
    if (ferror(f))
        return err_set(err, ERR_FILE, NULL, "cannot read %s: %s", path, strerror(errno));
    *out = buf_str(&b);
    return true;
}

static bool body_read(const struct cli *cli, struct arena *a, str *out, struct err *err)
{
    bool        is_file = cli->words_count > 2 && !str_is(cli->words[2], "-");
    const char *path    = is_file ? str_zero(cli->arena, cli->words[2]) : "standard input";
    FILE       *f       = is_file ? fopen(path, "rbe") : stdin;
    if (!f)
        return err_set(err, ERR_FILE, NULL, "cannot open %s: %s", path, strerror(errno));
    bool ok = bytes_read(f, path, a, out, err);
    if (is_file)
        fclose(f);
    return ok;
}

static int map_run(struct cli *cli, struct err *err)
{
    CLEANUP(arena_done) struct arena big = { .ceiling_bytes = (size_t)4 << 30 };
    static const struct setting_value_list none = { 0 };
    const struct channel *channel = channel_find(cli->words[0]);
    str  country = cli_flag(cli, "country"), body;
    int  good    = 0;

    if (!channel) {
        struct buf names = buf_in(cli->arena);
        for (int i = 0; channels[i]; i++)
            buf_print(&names, "%s%s", i ? ", " : "", channels[i]->name);
        err_set(err, ERR_SETTING, "CHANNEL", "must be one of %.*s", STR_ARG(buf_str(&names)));
        return EXIT_USAGE;
    }
    if (!body_read(cli, &big, &body, err))
        return EXIT_WRONG;
    struct call call = { .arena = &big, .base_url = str_of(channel->base_url), .country = country.len ? country : STR("KZ"),
                         .settings = &none, .channel = channel };
    struct buf  out  = buf_in(&big);
    bool        ok   = map_print(channel, &call, cli->words[1], body, &out, &good, err);
    if (out.len)
        fwrite(out.at, 1, out.len, stdout);
    if (!ok)
        return err->code == ERR_QUERY_INVALID ? EXIT_USAGE : EXIT_WRONG;
    if (!good && out.len) {
        err_set(err, ERR_CHANNEL_PAYLOAD, NULL, "nothing could be read; every row printed is parked with its problem");
        return EXIT_WRONG;
    }
    return EXIT_FINE;
}

static const struct cli_flag flags[] = {
    { "country", "CC", "country of the seller, for telephone numbers (default KZ)" }, { 0 }
};
const struct cli_command map_command = {
    .name = "map", .words = "CHANNEL KIND [FILE]", .doc = "show what is understood of a marketplace's payload",
    .text =
        "Reads one payload as the marketplace sends it, from FILE or standard input (at most 32 MiB), and prints what Sauda\n"
        "understands: one JSON object a line for each order or return. No database is touched.\n"
        "\n"
        "CHANNEL: kaspi, wildberries, ozon. KIND: orders (a page), order (one), statuses (Wildberries' statuses call),\n"
        "returns (Kaspi's page of orders, Wildberries' claims or goods-return, Ozon's list of returns), webhook.\n"
        "Amounts are decimal text, times RFC 3339 UTC, telephones E.164 or null. A row that cannot be read, or whose status is\n"
        "not known, is printed as {\"external_id\", \"parked\": true, \"problem\"}; the rest goes on. The exit code is 0 if anything\n"
        "could be read, 1 if nothing could; a broken payload is told on standard error with the path of the bad value.\n"
        "\n"
        "  curl … | sauda map kaspi orders\n"
        "  sauda map ozon order posting.json",
    .flags = flags, .words_min = 2, .words_max = 3, .run = map_run,
};
