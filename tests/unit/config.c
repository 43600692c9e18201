/* Settings: where they come from, who wins, and what is refused. */
#include "app/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

struct ground { struct arena a; struct config c; struct err err; char file[64]; const char *sources[RECORD_FIELDS_MAX]; };

static int ground_init(void **state)
{
    struct ground *g = calloc(1, sizeof *g);
    strcpy(g->file, "/tmp/sauda-config-XXXXXX");
    int fd = mkstemp(g->file);
    assert_true(fd >= 0);
    close(fd);
    clearenv();
    setenv("HOME", "/home/x", 1);
    *state = g;
    return 0;
}

static int ground_done(void **state)
{
    struct ground *g = *state;
    unlink(g->file);
    arena_done(&g->a);
    free(g);
    return 0;
}

static void file_write(struct ground *g, const char *text)
{
    FILE *f = fopen(g->file, "we");
    fputs(text, f);
    fclose(f);
}

static bool load(struct ground *g, bool with_file, const struct flag *flags, int count)
{
    err_clear(&g->err);
    return config_load(&g->a, with_file ? g->file : NULL, flags, count, &g->c, g->sources, &g->err);
}

static const char *source_of(struct ground *g, const char *name)
{
    return g->sources[record_field(&config_record, str_of(name)) - config_record.fields];
}

static void everything_has_a_default(void **state)
{
    struct ground *g = *state;
    assert_true(load(g, false, NULL, 0));
    assert_true(str_is(g->c.home, "/home/x/.local/share/sauda"));
    assert_true(str_is(g->c.db, "sqlite:/home/x/.local/share/sauda/sauda.db"));
    assert_true(str_is(g->c.key_file, "/home/x/.local/share/sauda/sauda.key"));
    assert_true(str_is(g->c.listen, "127.0.0.1:8080") && str_is(g->c.log_level, "info"));
    assert_true(g->c.sync && !g->c.allow_private_hosts && !g->c.sync_normal && g->c.request_threads == 32);
    assert_string_equal(source_of(g, "db"), "default");
}

static void flags_win_over_the_environment_and_that_over_the_file(void **state)
{
    struct ground *g = *state;
    file_write(g, "# a shop\nlisten = 0.0.0.0:1\nlog_level = debug  # for a day\nsync=no\nrequest_threads = 4\n\n");
    setenv("SAUDA_LISTEN", "0.0.0.0:2", 1);
    setenv("SAUDA_REQUEST_THREADS", "5", 1);
    assert_true(load(g, true, &(struct flag){ STR("listen"), STR("0.0.0.0:3") }, 1));
    assert_true(str_is(g->c.listen, "0.0.0.0:3") && g->c.request_threads == 5 && str_is(g->c.log_level, "debug") && !g->c.sync);
    assert_string_equal(source_of(g, "listen"), "flag");
    assert_string_equal(source_of(g, "request_threads"), "environment");
    assert_string_equal(source_of(g, "sync"), "file");
}

static void home_moves_what_lies_in_it(void **state)
{
    struct ground *g = *state;
    setenv("SAUDA_HOME", "/srv/a", 1);
    assert_true(load(g, false, NULL, 0) && str_is(g->c.db, "sqlite:/srv/a/sauda.db"));
    assert_true(load(g, false, &(struct flag){ STR("home"), STR("/srv/b") }, 1));
    assert_true(str_is(g->c.db, "sqlite:/srv/b/sauda.db") && str_is(g->c.key_file, "/srv/b/sauda.key"));
}

static void what_is_wrong_is_refused_with_its_name(void **state)
{
    static const struct { const char *file, *name, *value, *field; } cases[] = {
        { "lissten = 1\n", NULL, NULL, "config" },
        { "listen\n", NULL, NULL, "config" },
        { "sync = maybe\n", NULL, NULL, "sync" },
        { "request_threads = 0\n", NULL, NULL, "request_threads" },
        { "request_threads = 1e3\n", NULL, NULL, "request_threads" },
        { "", "listen", "8080", "listen" },
        { "", "listen", "1.2.3:80", "listen" },
        { "", "listen", "127.0.0.1:65536", "listen" },
        { "", "log_level", "loud", "log_level" },
        { "", "db", "mysql://x", "db" },
        { "", "db", "sqlite:", "db" },
        { "", "clock", "yesterday", "clock" },
        { "", "nothing", "1", "flag" },
        { "log_level = \xff\n", NULL, NULL, "config" },
    };
    struct ground *g = *state;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct flag flag = { str_of(cases[i].name), str_of(cases[i].value) };
        file_write(g, cases[i].file);
        assert_false(load(g, true, &flag, cases[i].name != NULL));
        assert_int_equal(g->err.code, ERR_SETTING);
        assert_string_equal(g->err.item[0].field, cases[i].field);
    }
}

static void all_mistakes_are_told_at_once(void **state)
{
    struct ground *g = *state;
    file_write(g, "sync = maybe\nlisten = x\nlog_level = loud\n");
    assert_false(load(g, true, NULL, 0));
    assert_int_equal(g->err.count, 3);
}

static void a_file_that_is_named_must_be_there(void **state)
{
    struct ground *g = *state;
    unlink(g->file);
    assert_false(load(g, true, NULL, 0));
    assert_int_equal(g->err.code, ERR_SETTING);
}

static void addresses_are_read_in_both_families(void **state)
{
    static const struct { const char *text, *address; int port; } cases[] = {
        { "127.0.0.1:8080", "127.0.0.1", 8080 }, { "[::1]:0", "::1", 0 }, { "localhost:9", "127.0.0.1", 9 }, { "0.0.0.0:65535", "0.0.0.0", 65535 },
    };
    struct ground *g = *state;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        str address;
        int port;
        assert_true(config_listen(str_of(cases[i].text), &address, &port, &g->err));
        assert_true(str_is(address, cases[i].address) && port == cases[i].port);
    }
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, ground_init, ground_done)
    const struct CMUnitTest tests[] = {
        CASE(everything_has_a_default), CASE(flags_win_over_the_environment_and_that_over_the_file), CASE(home_moves_what_lies_in_it),
        CASE(what_is_wrong_is_refused_with_its_name), CASE(all_mistakes_are_told_at_once), CASE(a_file_that_is_named_must_be_there),
        CASE(addresses_are_read_in_both_families),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
