/* The server over real sockets: many clients at once, long answers, those who leave, and how it stops. */
#include "http_ground.h"

#include <sched.h>
#include <sys/resource.h>

static void headers_that_trickle_in_are_cut(void **state)
{
    (void)state;
    struct server *s = server_up(300);
    static struct answer a;
    int     fd = dial(s->port);
    int64_t at = clock_tick_ns();
    struct pollfd p = { .fd = fd, .events = POLLIN };
    assert_true(PUT(fd, "GET /health HTTP/1.1\r\nX: "));
    bool is_cut = false;
    while (!is_cut && clock_tick_ns() - at < INT64_C(10000000000)) {
        is_cut = poll(&p, 1, 20) > 0;
        if (!is_cut)
            is_cut = send(fd, "x", 1, MSG_NOSIGNAL) <= 0;
    }
    assert_true(is_cut);
    close(fd);
    fd = dial(s->port);                 /* a second request on a good connection is not free to trickle either */
    assert_true(PUT(fd, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n") && take_one(fd, &a));
    assert_int_equal(a.status, 200);
    assert_true(PUT(fd, "G"));
    assert_int_equal(recv(fd, a.text, 10, 0), 0);
    close(fd);
    server_down(s, 1000);
}

struct caller { const struct server *s; int good; };
static void *caller_main(void *arg)
{
    struct caller *c = arg;
    struct answer *a = malloc(sizeof *a);
    int fd = dial(c->s->port);
    for (int i = 0; i < 50; i++) {
        static const char *const texts[] = { "GET /health HTTP/1.1\r\nHost: a\r\n\r\n", "GET /slow-health HTTP/1.1\r\nHost: a\r\n\r\n",
                                             "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nping" };
        const char *text = texts[i % 3];
        if (put(fd, text, strlen(text)) && take_one(fd, a) && a->status == 200 && says(a, i % 3 == 2 ? "ping" : "ok"))
            c->good++;
    }
    close(fd);
    free(a);
    return NULL;
}

/* As many as the system lets one process have, for both ends are in this one. */
static int slow_connections(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 100;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_max > 2600 ? 1000 : (int)(limit.rlim_max / 2) - 300 > 50 ? (int)(limit.rlim_max / 2) - 300 : 50;
}

static void a_thousand_slow_connections_keep_nobody_out(void **state)
{
    (void)state;
    int            count = slow_connections();
    struct server *s     = server_up(60000);
    static struct answer a;
    int *slow = calloc((size_t)count, sizeof *slow);
    assert_non_null(slow);
    for (int i = 0; i < count; i++) {
        slow[i] = dial(s->port);
        assert_true(PUT(slow[i], "GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: "));
    }
    int kept = dial(s->port);           /* one that keeps its connection, and new ones */
    for (int i = 0; i < 200; i++) {
        assert_true(PUT(slow[i % count], "a"));
        assert_true(PUT(kept, "GET /slow-health HTTP/1.1\r\nHost: a\r\n\r\n") && take_one(kept, &a));
        assert_int_equal(a.status, 200);
        expect(ASK(s, "GET /slow-health HTTP/1.1\r\n" HOST "\r\n"), 200, "ok");
    }
    assert_true(PUT(slow[0], "\r\n\r\n") && take_one(slow[0], &a));      /* who comes to the end in time is served too */
    assert_int_equal(a.status, 200);
    for (int i = 0; i < count; i++)
        close(slow[i]);
    close(kept);
    free(slow);
    server_down(s, 1000);
}

static void many_clients_keep_their_connections_and_get_their_own_answers(void **state)
{
    struct caller callers[64];
    pthread_t     threads[64];
    for (int i = 0; i < 64; i++) {
        callers[i] = (struct caller){ .s = *state };
        assert_int_equal(pthread_create(&threads[i], NULL, caller_main, &callers[i]), 0);
    }
    for (int i = 0; i < 64; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(callers[i].good, 50);
    }
}

static void handlers_that_wait_do_not_hold_up_others(void **state)
{
    (void)state;
    struct server *s = server_up(0);    /* eight request threads */
    struct gate   *g = &s->world.gate;
    static struct answer a;
    int waiting[7];
    for (int i = 0; i < 7; i++) {
        waiting[i] = dial(s->port);
        assert_true(PUT(waiting[i], "GET /gated HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    }
    pthread_mutex_lock(&g->lock);
    while (g->inside < 7)
        pthread_cond_wait(&g->moved, &g->lock);
    pthread_mutex_unlock(&g->lock);
    for (int i = 0; i < 20; i++)
        expect(ASK(s, "GET /slow-health HTTP/1.1\r\n" HOST "\r\n"), 200, "ok");
    gate_open(g);
    for (int i = 0; i < 7; i++) {
        take_all(waiting[i], &a);
        expect(&a, 200, "\"done\":\"yes\"");
        close(waiting[i]);
    }
    server_down(s, 1000);
}

/* A server whose only thread is behind the gate. */
static int gated_dial(struct server *s)
{
    struct gate *g  = &s->world.gate;
    int          fd = dial(s->port);
    assert_true(PUT(fd, "GET /gated HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    pthread_mutex_lock(&g->lock);
    while (!g->inside)
        pthread_cond_wait(&g->moved, &g->lock);
    pthread_mutex_unlock(&g->lock);
    return fd;
}

/* Until as many calls wait for a thread. */
static void waiting_are(const struct server *s, int people, int ahead)
{
    while (http_waiting(s->http, false) != people || http_waiting(s->http, true) != ahead)
        sched_yield();
}

static void marketplaces_go_before_people_who_came_earlier(void **state)
{
    (void)state;
    struct server *s = server_up_with(0, 1, 60000);
    static struct answer a;
    int gated = gated_dial(s), person = dial(s->port), market[3];
    assert_true(PUT(person, "GET /order HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    waiting_are(s, 1, 0);
    for (int i = 0; i < 3; i++) {
        market[i] = dial(s->port);
        assert_true(PUT(market[i], "POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"));
    }
    waiting_are(s, 1, 3);
    gate_open(&s->world.gate);
    take_all(person, &a);
    expect(&a, 200, "\"hooks_before\":3");
    for (int i = 0; i < 3; i++) {
        take_all(market[i], &a);
        expect(&a, 200, "ok");
        close(market[i]);
    }
    close(person);
    close(gated);
    server_down(s, 1000);
}

static void who_has_waited_too_long_is_told_when_to_come_again(void **state)
{
    (void)state;
    struct server *s = server_up_with(0, 1, 1);         /* a millisecond */
    static struct answer a;
    int gated = gated_dial(s), person = dial(s->port), market = dial(s->port);
    assert_true(PUT(person, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\nping"));
    assert_true(PUT(market, "POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"));
    waiting_are(s, 1, 1);
    for (int64_t at = clock_tick_ns(); clock_tick_ns() - at < 2000000;)
        sched_yield();
    gate_open(&s->world.gate);
    take_all(person, &a);
    expect(&a, 503, "Retry-After: 2\r\n");
    expect(&a, 503, "\"code\":\"overloaded\"");
    take_all(market, &a);
    expect(&a, 200, "ok");
    while (ASK(s, "GET /slow-health HTTP/1.1\r\n" HOST "\r\n")->status != 200)      /* and is let in again, when its turn comes in time */
        sched_yield();
    close(person);
    close(market);
    close(gated);
    server_down(s, 1000);
}

/* Two may wait: the third is answered while the only thread is still behind the gate, and markets have places of their own. */
static void a_full_line_is_told_at_once_and_marketplaces_wait_in_theirs(void **state)
{
    (void)state;
    struct server *s = server_up_full(0, 1, 60000, 2);
    static struct answer a;
    int gated = gated_dial(s), person[2], market[2];
    for (int i = 0; i < 2; i++) {
        person[i] = dial(s->port);
        assert_true(PUT(person[i], "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: close\r\n\r\nping"));
    }
    waiting_are(s, 2, 0);
    for (int i = 0; i < 5; i++) {
        struct answer *one = ASK(s, "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 4\r\n\r\nping");
        expect(one, 503, "Retry-After: ");
        expect(one, 503, "\"code\":\"overloaded\"");
    }
    for (int i = 0; i < 2; i++) {
        market[i] = dial(s->port);
        assert_true(PUT(market[i], "POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"));
    }
    waiting_are(s, 2, 2);
    expect(ASK(s, "POST /hook HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}"), 503, "Retry-After: ");
    gate_open(&s->world.gate);
    for (int i = 0; i < 2; i++) {
        take_all(market[i], &a);
        expect(&a, 200, "ok");
        close(market[i]);
        take_all(person[i], &a);
        expect(&a, 200, "ping");
        close(person[i]);
    }
    close(gated);
    server_down(s, 1000);
}

static void requests_sent_at_once_are_answered_in_order(void **state)
{
    const struct server *s = *state;
    const struct answer *a = ASK(s, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
                                    "GET /slow-health HTTP/1.1\r\nHost: a\r\n\r\n"
                                    "POST /echo HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nend");
    const char *one = strstr(a->text, "one"), *two = strstr(a->text, "status\":"), *end = strstr(a->text, "end");
    assert_true(one && two && end && one < two && two < end);
}

static void a_long_answer_streams_whole_and_ends(void **state)
{
    const struct server *s = *state;
    const struct answer *a = ASK(s, "GET /rows?n=20000 HTTP/1.1\r\n" HOST "\r\n");
    expect(a, 200, "Content-Type: text/csv\r\n");
    expect(a, 200, "row 0\n");
    expect(a, 200, "row 19999\n");
    expect(ASK(s, "GET /rows?fails HTTP/1.1\r\n" HOST "\r\n"), 503, "\"code\":\"busy\"");
    expect(ASK(s, "GET /rows?n=0 HTTP/1.1\r\n" HOST "\r\n"), 200, NULL);
}

static void a_client_that_leaves_a_stream_frees_its_thread(void **state)
{
    const struct server *s = *state;
    static const char text[] = "GET /rows?n=10000000 HTTP/1.1\r\nHost: a\r\n\r\n";
    char first[100];
    for (int i = 0; i < 30; i++) {      /* more than there are threads */
        int fd = dial(s->port);
        assert_true(put(fd, text, sizeof text - 1));
        assert_true(recv(fd, first, sizeof first, 0) > 12);
        struct linger gone = { .l_onoff = 1 };
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &gone, sizeof gone);
        close(fd);
    }
    expect(ASK(s, "GET /slow-health HTTP/1.1\r\n" HOST "\r\n"), 200, "ok");
}

static void the_sandbox_can_cut_and_keep_silent(void **state)
{
    const struct server *s = *state;
    const struct answer *a = ASK(s, "GET /cut HTTP/1.1\r\n" HOST "\r\n");
    expect(a, 200, "Content-Length: 16001\r\n");
    assert_true(a->body.len > 0 && a->body.len < 16001);
    int  fd = dial(s->port);
    char byte;
    assert_true(PUT(fd, "GET /silent HTTP/1.1\r\nHost: a\r\n\r\n"));
    struct pollfd p = { .fd = fd, .events = POLLIN };
    assert_int_equal(poll(&p, 1, 150), 0);
    shutdown(fd, SHUT_WR);              /* the client goes: the server lets the connection go as well */
    assert_int_equal(recv(fd, &byte, 1, 0), 0);
    close(fd);
}

/* A request that is right, with some bytes replaced, left out or doubled. */
static size_t mangle(char *text, size_t len, size_t cap, uint64_t *seed)
{
    static const char odd[] = "\r\n \t:;,%?/\\\"{}[]0\x00\x7f\xff\xc3";
    for (int change = 0; change < 4; change++) {
        *seed = *seed * 6364136223846793005u + 1442695040888963407u;
        size_t   at   = (size_t)(*seed >> 33) % len;
        unsigned what = (unsigned)(*seed >> 20) % 4;
        if (what == 0)
            text[at] = odd[(*seed >> 40) % (sizeof odd - 1)];
        else if (what == 1)
            text[at] = (char)(*seed >> 50);
        else if (what == 2 && len > 20)
            memmove(text + at, text + at + 1, --len - at);
        else if (what == 3 && len + 1 < cap)
            memmove(text + at + 1, text + at, len++ - at);
    }
    return len;
}

static void whatever_bytes_come_the_server_answers_the_next_client(void **state)
{
    const struct server *s = *state;
    static const char *const seeds[] = {
        "GET /big?x=%41&y=1 HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip;q=1, br\r\nIf-None-Match: \"a\", W/\"b\"\r\n\r\n",
        "POST /api/things HTTP/1.1\r\nHost: a\r\nX-User: key\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{\"name\":\"Ab\"}",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "PATCH /api/things/%31 HTTP/1.1\r\nHost: a\r\nX-User: key\r\nIf-Match: \"7\"\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"qty\":2}",
        "GET /rows?n=50 HTTP/1.0\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4, ::1\r\nOrigin: http://[::1]:80\r\n\r\n",
    };
    uint64_t seed = 20261122;
    char     text[1000], got[4096];
    for (int i = 0; i < 2000; i++) {
        size_t len = strlen(seeds[i % 5]);
        memcpy(text, seeds[i % 5], len);
        len = mangle(text, len, sizeof text, &seed);
        int fd = dial(s->port);
        struct timeval patience = { .tv_usec = 50000 };         /* half a request is waited for: not by us */
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        (void)put(fd, text, len);
        shutdown(fd, SHUT_WR);
        while (recv(fd, got, sizeof got, 0) > 0)
            ;
        close(fd);
    }
    expect(ASK(s, "GET /slow-health HTTP/1.1\r\n" HOST "\r\n"), 200, "ok");
}

static void a_taken_port_is_one_clear_sentence(void **state)
{
    const struct server *s = *state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct err err = { 0 };
    struct http_server *other = NULL;
    struct http_options o = { .address = STR("127.0.0.1"), .port = s->port };
    assert_false(http_start(&o, &a, &other, &err));
    assert_int_equal(err.code, ERR_SETTING);
    assert_true(str_has(err_line(&a, &err), STR("is taken by another program")));
    err_clear(&err);
    o.address = STR("not an address");
    assert_false(http_start(&o, &a, &other, &err));
    assert_int_equal(err.code, ERR_SETTING);
}

/* The listening socket goes with the server, and stopping in the middle of new connections ends in peace. */
static void a_stopped_server_gives_its_port_back(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        struct server     *s  = server_up(0);
        struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)s->port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
        int yes = 1, there = dial(s->port), fd = socket(AF_INET, SOCK_STREAM, 0);
        server_down(s, 200);
        close(there);
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
        assert_int_equal(listen(fd, 1), 0);
        close(fd);
    }
}

static void *stop_main(void *arg)
{
    server_down(arg, 5000);
    return NULL;
}

static void stopping_finishes_what_runs_and_ends_open_screens(void **state)
{
    (void)state;
    struct server *s = server_up(0);
    struct gate   *g = &s->world.gate;
    static struct answer a, b;
    int screens[20], idle = dial(s->port), quiet = dial(s->port), running = dial(s->port);
    for (int i = 0; i < 20; i++) {
        screens[i] = dial(s->port);
        assert_true(PUT(screens[i], "GET /live HTTP/1.1\r\nHost: a\r\nX-User: owner\r\n\r\n"));
        assert_true(recv(screens[i], a.text, sizeof a.text, 0) > 0);
    }
    assert_true(PUT(idle, "GET /health HTTP/1.1\r\nHost: a\r\n\r\n") && take_one(idle, &a));
    assert_true(PUT(quiet, "GET /silent HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(PUT(running, "GET /gated HTTP/1.1\r\nHost: a\r\n\r\n"));
    pthread_mutex_lock(&g->lock);
    while (!g->inside)
        pthread_cond_wait(&g->moved, &g->lock);
    pthread_mutex_unlock(&g->lock);

    pthread_t stopper;
    assert_int_equal(pthread_create(&stopper, NULL, stop_main, s), 0);
    for (int i = 0; i < 20; i++) {
        while (recv(screens[i], a.text, sizeof a.text, 0) > 0)
            ;
        close(screens[i]);
    }
    assert_true(recv(idle, a.text, 10, 0) <= 0);
    assert_true(recv(quiet, a.text, 10, 0) <= 0);
    gate_open(g);
    take_all(running, &b);
    expect(&b, 200, "\"done\":\"yes\"");
    expect(&b, 200, "Connection: close");
    pthread_join(stopper, NULL);
    close(idle);
    close(quiet);
    close(running);
}

static void stopping_with_a_deadline_does_not_wait_for_slow_readers(void **state)
{
    (void)state;
    struct server *s = server_up(0);
    int  reader = dial(s->port);
    char text[10];
    assert_true(PUT(reader, "GET /rows?n=10000000 HTTP/1.1\r\nHost: a\r\n\r\n"));
    assert_true(recv(reader, text, sizeof text, 0) > 0);
    int64_t at = clock_tick_ns();
    server_down(s, 50);
    assert_true(clock_tick_ns() - at < INT64_C(5000000000));
    close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_that_trickle_in_are_cut),
        cmocka_unit_test(a_thousand_slow_connections_keep_nobody_out),
        cmocka_unit_test(many_clients_keep_their_connections_and_get_their_own_answers),
        cmocka_unit_test(handlers_that_wait_do_not_hold_up_others),
        cmocka_unit_test(marketplaces_go_before_people_who_came_earlier),
        cmocka_unit_test(who_has_waited_too_long_is_told_when_to_come_again),
        cmocka_unit_test(a_full_line_is_told_at_once_and_marketplaces_wait_in_theirs),
        cmocka_unit_test(requests_sent_at_once_are_answered_in_order),
        cmocka_unit_test(a_long_answer_streams_whole_and_ends),
        cmocka_unit_test(a_client_that_leaves_a_stream_frees_its_thread),
        cmocka_unit_test(the_sandbox_can_cut_and_keep_silent),
        cmocka_unit_test(whatever_bytes_come_the_server_answers_the_next_client),
        cmocka_unit_test(a_taken_port_is_one_clear_sentence),
        cmocka_unit_test(a_stopped_server_gives_its_port_back),
        cmocka_unit_test(stopping_finishes_what_runs_and_ends_open_screens),
        cmocka_unit_test(stopping_with_a_deadline_does_not_wait_for_slow_readers),
    };
    return cmocka_run_group_tests_name("http_crowd", tests, up, down);
}
