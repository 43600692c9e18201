/* supervisor.c - what the service manager hears, over a real socket of ours. */
#include "app/supervisor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char folder[64], path[96];
static int  manager = -1;

static int listen_begin(void **state)
{
    (void)state;
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    snprintf(folder, sizeof folder, "/tmp/sauda-supervisor-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/notify", folder);
    memcpy(at.sun_path, path, strlen(path));
    manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return manager >= 0 && bind(manager, (struct sockaddr *)&at, sizeof at) == 0 ? 0 : -1;
}

static int listen_end(void **state)
{
    (void)state;
    close(manager);
    unlink(path);
    return rmdir(folder);
}

static void told(const char *socket_path, const char *period_us, const char *pid, struct supervisor *s)
{
    socket_path ? setenv("NOTIFY_SOCKET", socket_path, 1) : unsetenv("NOTIFY_SOCKET");
    period_us ? setenv("WATCHDOG_USEC", period_us, 1) : unsetenv("WATCHDOG_USEC");
    pid ? setenv("WATCHDOG_PID", pid, 1) : unsetenv("WATCHDOG_PID");
    supervisor_open(s);
}

static void assert_heard(const char *words)
{
    char    got[128] = "";
    ssize_t n = recv(manager, got, sizeof got - 1, 0);
    if (words)
        assert_string_equal(got, words);
    else
        assert_int_equal(n, -1);
}

static void the_manager_hears_what_is_said_to_it(void **state)
{
    (void)state;
    struct supervisor s;
    told(path, NULL, NULL, &s);
    supervisor_say(&s, "READY=1\nSTATUS=Answers at port 8080");
    assert_heard("READY=1\nSTATUS=Answers at port 8080");
    supervisor_say(&s, "STOPPING=1");
    assert_heard("STOPPING=1");
    assert_int_equal(s.period_ms, 0);
    supervisor_close(&s);
}

static void programs_started_by_us_cannot_speak_in_our_name(void **state)
{
    (void)state;
    struct supervisor s;
    told(path, "60000000", NULL, &s);
    assert_null(getenv("NOTIFY_SOCKET"));
    assert_null(getenv("WATCHDOG_USEC"));
    supervisor_close(&s);
}

static void a_sign_of_life_is_due_twice_in_the_period_meant_for_us(void **state)
{
    (void)state;
    static const struct { const char *us, *pid; int64_t every_ms; } cases[] = {
        { "60000000", NULL, 30000 }, { "60000000", "self", 30000 }, { "60000000", "1", 0 }, { "1", NULL, 1 },
        { "0", NULL, 0 }, { "-5", NULL, 0 }, { "soon", NULL, 0 }, { "99999999999999999999", NULL, 0 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct supervisor s;
        char              self[24];
        snprintf(self, sizeof self, "%d", (int)getpid());
        told(path, cases[i].us, cases[i].pid && strcmp(cases[i].pid, "self") == 0 ? self : cases[i].pid, &s);
        assert_int_equal(s.period_ms, cases[i].every_ms);
        supervisor_close(&s);
    }
}

static void without_a_manager_nothing_is_said_and_nothing_fails(void **state)
{
    (void)state;
    static const char *const nowhere[] = { NULL, "", "relative/path", "/nowhere/at/all", "@sauda-nobody-listens-here" };
    for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
        struct supervisor s;
        told(nowhere[i], "1000000", NULL, &s);
        assert_int_equal(s.fd, -1);
        assert_int_equal(s.period_ms, 0);
        supervisor_say(&s, "READY=1");
        supervisor_close(&s);
    }
    assert_heard(NULL);
}

static void a_manager_that_went_away_harms_nobody(void **state)
{
    (void)state;
    struct supervisor s;
    told(path, "1000000", NULL, &s);
    close(manager);
    manager = -1;
    supervisor_say(&s, "WATCHDOG=1");
    supervisor_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_manager_hears_what_is_said_to_it, listen_begin, listen_end),
        cmocka_unit_test_setup_teardown(programs_started_by_us_cannot_speak_in_our_name, listen_begin, listen_end),
        cmocka_unit_test_setup_teardown(a_sign_of_life_is_due_twice_in_the_period_meant_for_us, listen_begin, listen_end),
        cmocka_unit_test_setup_teardown(without_a_manager_nothing_is_said_and_nothing_fails, listen_begin, listen_end),
        cmocka_unit_test_setup_teardown(a_manager_that_went_away_harms_nobody, listen_begin, listen_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
