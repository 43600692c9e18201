/* http_client.c - what becomes of a request: a small server answers each connection as the test wants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/clock.h"
#include "net/address.h"
#include "net/http_client.h"

/* Sends `reply` to every request, then closes (or stays silent). */
struct server {
    int         listener, port;
    pthread_t   thread;
    const char *reply;
    size_t      reply_len;
    int64_t     repeat;                  /* the last byte of the reply so many times more */
    bool        is_silent;
    _Atomic int connections, requests;
    char        seen[8192];
    size_t      seen_len;
};

static bool read_request(struct server *s, int c)
{
    size_t want = 0;
    s->seen_len = 0;
    while (s->seen_len < sizeof s->seen - 1) {
        ssize_t n = recv(c, s->seen + s->seen_len, sizeof s->seen - 1 - s->seen_len, 0);
        if (n <= 0)
            return false;
        s->seen_len += (size_t)n;
        s->seen[s->seen_len] = 0;
        const char *end = strstr(s->seen, "\r\n\r\n"), *len = strstr(s->seen, "Content-Length: ");
        if (!end)
            continue;
        want = (size_t)(end - s->seen) + 4 + (len ? strtoul(len + 16, NULL, 10) : 0);
        if (s->seen_len >= want)
            return true;
    }
    return false;
}

static void *serve(void *ctx)
{
    struct server *s = ctx;
    for (;;) {
        int c = accept(s->listener, NULL, NULL);
        if (c < 0)
            return NULL;
        s->connections++;
        bool got = read_request(s, c);
        s->requests += got;
        if (s->is_silent) {
            char one;
            (void)!recv(c, &one, 1, 0);                     /* until the client goes */
        } else if (got) {
            (void)!send(c, s->reply, s->reply_len, MSG_NOSIGNAL);
            char block[65536];
            memset(block, 'x', sizeof block);
            for (int64_t left = s->repeat; left > 0; left -= (int64_t)sizeof block)
                if (send(c, block, sizeof block, MSG_NOSIGNAL) <= 0)
                    break;
        }
        shutdown(c, SHUT_RDWR);
        close(c);
    }
}

static void server_begin(struct server *s, const char *reply)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t          n = sizeof a;
    s->reply     = reply;
    s->reply_len = reply ? strlen(reply) : 0;
    s->listener  = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(s->listener, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(s->listener, 16), 0);
    assert_int_equal(getsockname(s->listener, (struct sockaddr *)&a, &n), 0);
    s->port = ntohs(a.sin_port);
    pthread_create(&s->thread, NULL, serve, s);
}

static void server_end(struct server *s)
{
    shutdown(s->listener, SHUT_RDWR);
    close(s->listener);
    pthread_join(s->thread, NULL);
}

static struct http_client client_open(bool allow_private, size_t body_max)
{
    struct http_client c;
    struct err         err = { 0 };
    struct http_client_options o = { .allow_private = allow_private, .body_bytes_max = body_max };
    assert_true(http_client_open(&o, &c, &err));
    return c;
}

static struct http_reply fetch(struct http_client *c, struct arena *a, enum http_method method, const struct server *s, const char *path)
{
    struct http_reply   reply;
    struct http_request rq = { .method = method, .url = str_print(a, "http://127.0.0.1:%d%s", s->port, path), .timeout_s = 5 };
    assert_true(http_send(c, a, &rq, &reply));
    return reply;
}

static void an_answer_has_status_headers_and_body(void **state)
{
    (void)state;
    struct server s = { 0 };
    struct arena  a = { 0 };
    server_begin(&s, "HTTP/1.1 201 Created\r\nX-Ratelimit-Retry: 7\r\nContent-Length: 5\r\n\r\nhello");
    struct http_client c = client_open(true, 0);
    struct http_request rq = { .method = HTTP_POST, .url = str_print(&a, "http://127.0.0.1:%d/x?y=1", s.port), .body = STR("{\"a\":1}") };
    struct http_reply reply;
    http_header_set(&rq, &a, STR("Authorization"), STR("secret"));
    http_header_set(&rq, &a, STR("User-Agent"), STR("Mozilla"));
    assert_true(http_send(&c, &a, &rq, &reply));
    assert_int_equal(reply.fate, HTTP_ANSWERED);
    assert_int_equal(reply.status, 201);
    assert_true(str_eq(reply.body, STR("hello")));
    assert_true(str_eq(http_header_get(&reply.headers, "x-ratelimit-retry"), STR("7")));
    assert_non_null(strstr(s.seen, "POST /x?y=1 HTTP/1.1"));
    assert_non_null(strstr(s.seen, "Authorization: secret"));
    assert_non_null(strstr(s.seen, "User-Agent: Mozilla"));
    assert_non_null(strstr(s.seen, "{\"a\":1}"));
    assert_null(strstr(s.seen, "Expect:"));
    http_client_close(&c);
    server_end(&s);
    arena_done(&a);
}

static void redirects_are_answers(void **state)
{
    (void)state;
    struct server s = { 0 };
    struct arena  a = { 0 };
    server_begin(&s, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
    struct http_client c = client_open(true, 0);
    struct http_reply  r = fetch(&c, &a, HTTP_GET, &s, "/");
    assert_int_equal(r.fate, HTTP_ANSWERED);
    assert_int_equal(r.status, 302);
    assert_int_equal(s.connections, 1);
    http_client_close(&c);
    server_end(&s);
    arena_done(&a);
}

static void a_cut_reply_leaves_the_outcome_unknown_and_nothing_is_sent_twice(void **state)
{
    (void)state;
    static const char *const cuts[] = { "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf" };
    for (int i = 0; i < COUNT_OF(cuts); i++) {
        struct server s = { 0 };
        struct arena  a = { 0 };
        server_begin(&s, cuts[i]);
        struct http_client c = client_open(true, 0);
        for (int k = 0; k < 2; k++) {
            struct http_reply r = fetch(&c, &a, HTTP_POST, &s, "/confirm");
            assert_int_equal(r.fate, HTTP_UNKNOWN);
            assert_int_equal(r.silent, i == 0);
            assert_int_equal(s.requests, k + 1);
        }
        http_client_close(&c);
        server_end(&s);
        arena_done(&a);
    }
}

static void silence_ends_with_the_time_allowed(void **state)
{
    (void)state;
    struct server s = { .is_silent = true };
    struct arena  a = { 0 };
    server_begin(&s, NULL);
    struct http_client  c  = client_open(true, 0);
    struct http_request rq = { .method = HTTP_GET, .url = str_print(&a, "http://127.0.0.1:%d/", s.port), .timeout_s = 1 };
    struct http_reply   r;
    assert_true(http_send(&c, &a, &rq, &r));
    assert_int_equal(r.fate, HTTP_UNKNOWN);
    assert_true(r.silent);
    http_client_close(&c);
    server_end(&s);
    arena_done(&a);
}

static void a_body_beyond_the_limit_ends_the_transfer(void **state)
{
    (void)state;
    struct server s = { .repeat = 64 << 20 };
    struct arena  a = { 0 };
    server_begin(&s, "HTTP/1.1 200 OK\r\n\r\n");
    struct http_client c = client_open(true, 1 << 20);
    struct http_reply  r = fetch(&c, &a, HTTP_GET, &s, "/");
    assert_int_equal(r.fate, HTTP_UNKNOWN);
    assert_true(a.used < (8 << 20));
    http_client_close(&c);
    server_end(&s);
    arena_done(&a);
}

static void nobody_there_means_surely_not_sent(void **state)
{
    (void)state;
    struct server s = { 0 };
    struct arena  a = { 0 };
    server_begin(&s, "");
    server_end(&s);
    struct http_client c = client_open(true, 0);
    assert_int_equal(fetch(&c, &a, HTTP_POST, &s, "/").fate, HTTP_NOT_SENT);
    http_client_close(&c);
    arena_done(&a);
}

static void private_addresses_are_not_called_unless_allowed(void **state)
{
    (void)state;
    struct server s = { 0 };
    struct arena  a = { 0 };
    server_begin(&s, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    struct http_client c = client_open(false, 0);
    static const char *const hosts[] = { "127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]" };
    for (int i = 0; i < COUNT_OF(hosts); i++) {
        struct http_request rq = { .method = HTTP_GET, .url = str_print(&a, "http://%s:%d/", hosts[i], s.port), .timeout_s = 5 };
        struct http_reply   r;
        assert_true(http_send(&c, &a, &rq, &r));
        assert_int_equal(r.fate, HTTP_NOT_SENT);
    }
    assert_int_equal(s.connections, 0);
    http_client_close(&c);
    server_end(&s);
    arena_done(&a);
}

static void odd_requests_are_not_sent(void **state)
{
    (void)state;
    struct server s = { 0 };
    struct arena  a = { 0 };
    server_begin(&s, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    struct http_client c = client_open(true, 0);
    const str urls[] = { STR(""), STR("file:///etc/passwd"), STR("ftp://127.0.0.1/"), STR("http://user:pass@127.0.0.1/"), STR("http://a\0b/"),
                         STR("127.0.0.1"), STR("gopher://127.0.0.1/") };
    for (int i = 0; i < COUNT_OF(urls); i++) {
        struct http_request rq = { .method = HTTP_GET, .url = urls[i] };
        struct http_reply   r;
        assert_true(http_send(&c, &a, &rq, &r));
        assert_int_equal(r.fate, HTTP_NOT_SENT);
    }
    struct http_request rq = { .method = HTTP_GET, .url = str_print(&a, "http://127.0.0.1:%d/", s.port) };
    struct http_reply   r;
    http_header_set(&rq, &a, STR("X-Token"), STR("a\r\nX-Other: b"));
    assert_true(http_send(&c, &a, &rq, &r));
    assert_int_equal(r.fate, HTTP_NOT_SENT);
    assert_int_equal(s.connections, 0);
    http_client_close(&c);
    server_end(&s);
    arena_done(&a);
}

static void *stop_soon(void *ctx)
{
    usleep(50000);
    http_client_stop(ctx);
    return NULL;
}

static void stopping_ends_what_is_under_way(void **state)
{
    (void)state;
    struct server s = { .is_silent = true };
    struct arena  a = { 0 };
    pthread_t     t;
    server_begin(&s, NULL);
    struct http_client  c  = client_open(true, 0);
    struct http_request rq = { .method = HTTP_POST, .url = str_print(&a, "http://127.0.0.1:%d/", s.port), .timeout_s = 30 };
    struct http_reply   r;
    int64_t             from = clock_tick_ns();
    pthread_create(&t, NULL, stop_soon, &c);
    assert_false(http_send(&c, &a, &rq, &r));
    assert_int_equal(r.fate, HTTP_UNKNOWN);
    assert_true(clock_tick_ns() - from < INT64_C(5000000000));
    pthread_join(t, NULL);
    assert_false(http_send(&c, &a, &rq, &r));
    assert_int_equal(r.fate, HTTP_NOT_SENT);
    http_client_close(&c);
    server_end(&s);
    arena_done(&a);
}

static void addresses_of_own_networks_are_known(void **state)
{
    (void)state;
    static const struct { const char *text; bool is_private; } cases[] = {
        { "8.8.8.8", false }, { "93.184.216.34", false }, { "172.15.0.1", false }, { "172.32.0.1", false }, { "100.63.0.1", false },
        { "10.0.0.1", true }, { "172.16.0.1", true }, { "172.31.255.255", true }, { "192.168.1.1", true }, { "127.0.0.1", true },
        { "169.254.169.254", true }, { "100.64.0.1", true }, { "0.0.0.0", true }, { "224.0.0.1", true }, { "255.255.255.255", true },
        { "2a02:6b8::1", false }, { "2606:4700::1111", false }, { "::1", true }, { "::", true }, { "fe80::1", true }, { "fd00::1", true },
        { "::ffff:10.0.0.1", true }, { "::ffff:8.8.8.8", false }, { "64:ff9b::a00:1", true }, { "2002:7f00:1::", true }, { "ff02::1", true },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct sockaddr_in  v4 = { .sin_family = AF_INET };
        struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
        bool is_v6 = strchr(cases[i].text, ':') != NULL;
        assert_int_equal(inet_pton(is_v6 ? AF_INET6 : AF_INET, cases[i].text, is_v6 ? (void *)&v6.sin6_addr : (void *)&v4.sin_addr), 1);
        bool is_private = address_is_private(is_v6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4);
        if (is_private != cases[i].is_private)
            fail_msg("%s", cases[i].text);
    }
    assert_true(str_eq(url_host(STR("https://kaspi.kz/shop/api")), STR("kaspi.kz")));
    assert_true(str_eq(url_host(STR("http://[::1]:8080/x")), STR("::1")));
    assert_int_equal(url_host(STR("https://a@b/")).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_has_status_headers_and_body),
        cmocka_unit_test(redirects_are_answers),
        cmocka_unit_test(a_cut_reply_leaves_the_outcome_unknown_and_nothing_is_sent_twice),
        cmocka_unit_test(silence_ends_with_the_time_allowed),
        cmocka_unit_test(a_body_beyond_the_limit_ends_the_transfer),
        cmocka_unit_test(nobody_there_means_surely_not_sent),
        cmocka_unit_test(private_addresses_are_not_called_unless_allowed),
        cmocka_unit_test(odd_requests_are_not_sent),
        cmocka_unit_test(stopping_ends_what_is_under_way),
        cmocka_unit_test(addresses_of_own_networks_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
