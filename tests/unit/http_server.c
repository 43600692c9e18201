/* The server over real sockets: what a friendly, a careless and a hostile client get. */
#include "http_ground.h"

static void an_answer_carries_the_headers_that_protect_a_browser(void **state)
{
    const struct server *s = *state;
    static const char *const rows_[] = { "/health", "/slow-health" };
    for (int i = 0; i < 2; i++) {
        char text[200];
        int  len = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\n" HOST "\r\n", rows_[i]);
        const struct answer *a = ask(s, text, (size_t)len);
        expect(a, 200, "{\"status\":\"ok\"}");
        expect(a, 200, "Content-Type: application/json\r\n");
        expect(a, 200, "X-Content-Type-Options: nosniff\r\n");
        expect(a, 200, "Referrer-Policy: same-origin\r\n");
        expect(a, 200, "Cross-Origin-Opener-Policy: same-origin\r\n");
        expect(a, 200, "Cross-Origin-Resource-Policy: same-origin\r\n");
        expect(a, 200, "X-Frame-Options: DENY\r\n");
        expect(a, 200, "Content-Security-Policy: default-src 'self'; ");
        expect(a, 200, "object-src 'none'; ");
        expect(a, 200, "Cache-Control: no-store\r\n");
        expect(a, 200, "frame-ancestors 'none'; base-uri 'none'; form-action 'self'\r\n");
        assert_false(says(a, "Strict-Transport-Security"));
    }
    expect(ASK(s, "GET /health HTTP/1.1\r\nX-Forwarded-Proto: https\r\n" HOST "\r\n"), 200, "Strict-Transport-Security: max-age=");
}

static void what_cannot_be_served_is_a_problem_with_a_code(void **state)
{
    const struct server *s = *state;
    expect(ASK(s, "GET /nothing.txt HTTP/1.1\r\n" HOST "\r\n"), 404, "\"code\":\"not_found\"");
    expect(ASK(s, "GET /api/nothing HTTP/1.1\r\n" HOST "\r\n"), 404, "Content-Type: application/problem+json\r\n");
    expect(ASK(s, "DELETE /health HTTP/1.1\r\n" HOST "\r\n"), 405, "Allow: OPTIONS, GET, HEAD\r\n");
    expect(ASK(s, "BREW /echo HTTP/1.1\r\n" HOST "\r\n"), 405, "Allow: OPTIONS, POST\r\n");
    expect(ASK(s, "OPTIONS /echo HTTP/1.1\r\n" HOST "\r\n"), 204, "Allow: OPTIONS, POST\r\n");
    expect(ASK(s, "GET /api/who/1 HTTP/1.1\r\n" HOST "\r\n"), 401, "\"code\":\"sign_in\"");
    expect(ASK(s, "GET /api/who/x HTTP/1.1\r\nX-User: owner\r\n" HOST "\r\n"), 404, "\"field\":\"id\"");
    expect(ASK(s, "GET /api/who/1 HTTP/1.1\r\nX-User: owner\r\n" HOST "\r\n"), 200, "owner");
    expect(ASK(s, "GET /api/settings HTTP/1.1\r\nX-User: picker\r\n" HOST "\r\n"), 403, "\"code\":\"forbidden\"");
    expect(ASK(s, "GET /big?x=%zz HTTP/1.1\r\n" HOST "\r\n"), 400, "\"code\":\"query.invalid\"");
    const struct answer *a = ASK(s, "GET /broken HTTP/1.1\r\n" HOST "\r\n");
    expect(a, 500, "\"request\":\"");
    assert_false(says(a, "secret_things"));
}

static void a_path_that_is_not_text_is_refused(void **state)
{
    const struct server *s = *state;
    expect(ASK(s, "GET /api/\xff\xfe HTTP/1.1\r\n" HOST "\r\n"), 400, "not encoded UTF-8");
    expect(ASK(s, "GET /api/%ff HTTP/1.1\r\n" HOST "\r\n"), 400, NULL);
    expect(ASK(s, "GET /api/%00 HTTP/1.1\r\n" HOST "\r\n"), 400, NULL);
    expect(ASK(s, "GET /api/%0a HTTP/1.1\r\n" HOST "\r\n"), 400, NULL);
    expect(ASK(s, "GET /api/%c0%af HTTP/1.1\r\n" HOST "\r\n"), 400, NULL);
    expect(ASK(s, "GET /api/%4 HTTP/1.1\r\n" HOST "\r\n"), 400, NULL);
    expect(ASK(s, "GET http://sauda.test/health HTTP/1.1\r\n" HOST "\r\n"), 200, "ok");
}

static void a_request_that_two_servers_may_cut_differently_is_refused(void **state)
{
    const struct server *s = *state;
#define CASE(head, body) { "POST /echo HTTP/1.1\r\n" head "\r\n" body, sizeof("POST /echo HTTP/1.1\r\n" head "\r\n" body) - 1 }
    static const struct { const char *at; size_t len; } cases[] = {
        CASE("Host: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        CASE("Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n", "0\r\n\r\n"),
        CASE("Host: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n", "abc"),
        CASE("Host: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n", "ab"),
        CASE("Host: a\r\nContent-Length : 2\r\n", "ab"),
        CASE("Host: a\r\nContent-Length: +2\r\n", "ab"),
        CASE("Host: a\r\nContent-Length: 2, 2\r\n", "ab"),
        CASE("Host: a\r\nX-A: b\0c\r\nContent-Length: 2\r\n", "ab"),
        CASE("Host: a\r\nContent-Length: 2\r\nX-A: b\0c\r\n", "ab"),
        CASE("Host: a\r\nContent-Length: 2\r\nX-A: b\0\0\0\r\n", "ab"),
        CASE("Host: a\r\nX-A: b\r\n c\r\nContent-Length: 2\r\n", "ab"),
        CASE("Host: a\r\nX-A: b\r\n c\r\n", ""),
        CASE("Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        CASE("Host: a\r\nHost: b\r\nContent-Length: 2\r\n", "ab"),
        CASE("Content-Length: 2\r\n", "ab"),
        CASE("Host: a\nContent-Length: 2\r\n", "ab"),
        CASE("Host: a\r\nContent-Length: 2\n", "ab"),
        CASE("Host: a\r\nX-A: b\nContent-Length: 0\r\nContent-Length: 2\r\n", "ab"),
        CASE("Host: a\r\nX-A: b\n\nGET /health HTTP/1.1\r\nContent-Length: 2\r\n", "ab"),
        CASE("Host: a\r\nX-A: b\rContent-Length: 2\r\n", "ab"),
        CASE("Host: a\r\nContent-Length: 0x2\r\n", "ab"),
        CASE("Host: a\r\nContent-Length: 99999999999999999999\r\n", "ab"),
        CASE("Host: a\r\nContent-Length: \r\n", "ab"),
        CASE(" Host: a\r\nHost: a\r\nContent-Length: 2\r\n", "ab"),
        CASE("Host: a\r\nTransfer-Encoding:\x0b" "chunked\r\n", "0\r\n\r\n"),
        CASE("Host: a\r\nX A: b\r\nContent-Length: 2\r\n", "ab"),
        CASE("Host: a\r\nX-\x01: b\r\nContent-Length: 2\r\n", "ab"),
        CASE("Host: a\r\nX-A: b\x01\r\nContent-Length: 2\r\n", "ab"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct answer *a = ask(s, cases[i].at, cases[i].len);
        if (a->status != 400 && a->status != 413 && !(a->status == 0 && a->len == 0))
            fail_msg("case %zu: %.600s", i, a->text);
    }
    expect(ASK(s, "GET /slow-health HTTP/1.1\nHost: a\r\n\r\n"), 400, NULL);
    expect(ASK(s, "GET /slow-health HTTP/1.1\r\nHost: a\r\nX-Empty:\r\nX-Space: a b \r\nConnection: close\r\n\r\n"), 200, NULL);
    static const char *const unknown[] = { "gzip", "xchunked", "chunked, identity", "identity" };
    for (int i = 0; i < 4; i++) {
        char text[300];
        int  len = snprintf(text, sizeof text, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: %s\r\n\r\n", unknown[i]);
        expect(ask(s, text, (size_t)len), 400, NULL);
    }
    expect(ASK(s, "GET /health HTTP/1.1\r\nContent-Length: 5\r\n" HOST "\r\nhello"), 400, NULL);
    expect(ASK(s, "GET /slow-health HTTP/1.1\r\nContent-Length: 5\r\n" HOST "\r\nhello"), 400, NULL);
}

/* The library refuses such a header; nothing of it reaches the answer. */
static void a_header_with_a_line_break_is_left_out(void **state)
{
    const struct server *s = *state;
    const struct answer *a = ASK(s, "POST /odd-header HTTP/1.1\r\nContent-Length: 0\r\n" HOST "\r\n");
    expect(a, 200, "X-Fine: yes\r\n");
    assert_false(says(a, "Set-Cookie"));
    assert_false(says(a, "X-Odd"));
}

static void an_early_refusal_never_leaves_its_body_as_the_next_request(void **state)
{
    const struct server *s = *state;
    static const char *const methods[] = { "POST", "PUT", "PATCH", "DELETE", "GET", "BREW", "OPTIONS" };
    for (int i = 0; i < 7; i++) {
        char text[400];
        int  len = snprintf(text, sizeof text, "%s /api/nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 46\r\n\r\n"
                                               "GET /health HTTP/1.1\r\nHost: a\r\nX-Padding: 12\r\n\r\n", methods[i]);
        const struct answer *a = ask(s, text, (size_t)len);
        assert_int_equal(a->status / 100, 4);
        assert_false(says(a, "\"ok\""));
    }
}

static void a_body_is_echoed_whole_or_in_chunks_and_limited_in_both(void **state)
{
    const struct server *s = *state;
    static char body[300000], text[400000];
    memset(body, 'b', sizeof body);
    expect(ASK(s, "POST /echo HTTP/1.1\r\nContent-Length: 5\r\n" HOST "\r\nhello"), 200, "\r\n\r\nhello");
    expect(ASK(s, "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" HOST "\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"), 200, "\r\n\r\nhello");
    int len = snprintf(text, sizeof text, "POST /echo HTTP/1.1\r\nContent-Length: 100000\r\n" HOST "\r\n%.100000s", body);
    const struct answer *a = ask(s, text, (size_t)len);
    expect(a, 200, NULL);
    assert_int_equal(a->body.len, 100000);
    expect(ASK(s, "POST /echo HTTP/1.1\r\nContent-Length: 100001\r\n" HOST "\r\n"), 413, "\"code\":\"body.too_large\"");
    expect(ASK(s, "POST /echo HTTP/1.1\r\nContent-Length: 9999999999999\r\nExpect: 100-continue\r\n" HOST "\r\n"), 413, NULL);
    len = snprintf(text, sizeof text, "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" HOST "\r\n186a1\r\n%.100001s\r\n0\r\n\r\n", body);
    expect(ask(s, text, (size_t)len), 413, "\"code\":\"body.too_large\"");
}

static void an_endless_chunked_body_is_cut(void **state)
{
    const struct server *s = *state;
    static char chunk[65536 + 16];
    int fd  = dial(s->port);
    int len = snprintf(chunk, sizeof chunk, "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" HOST "\r\n");
    assert_true(put(fd, chunk, (size_t)len));
    memset(chunk, 'x', sizeof chunk);
    memcpy(chunk, "10000\r\n", 7);
    memcpy(chunk + 7 + 65536, "\r\n", 2);
    size_t sent = 0;
    while (sent < (size_t)64 << 20 && put(fd, chunk, 65536 + 9))
        sent += 65536;
    assert_true(sent < (size_t)64 << 20);
    close(fd);
}

static void bodies_are_read_into_records_or_refused(void **state)
{
    const struct server *s = *state;
#define THING "POST /api/things HTTP/1.1\r\nX-User: owner\r\nX-CSRF-Token: token\r\n" HOST
    expect(ASK(s, THING "Content-Type: application/json; charset=utf-8\r\nContent-Length: 13\r\n\r\n{\"name\":\"Ab\"}"), 201, "{\"name\":\"Ab\"}");
    expect(ASK(s, THING "Content-Type: text/plain\r\nContent-Length: 13\r\n\r\n{\"name\":\"Ab\"}"), 415, "\"code\":\"body.type\"");
    expect(ASK(s, THING "Content-Length: 13\r\n\r\n{\"name\":\"Ab\"}"), 415, NULL);
    expect(ASK(s, THING "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n{\"a"), 400, "\"code\":\"body.syntax\"");
    expect(ASK(s, THING "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n[]"), 422, "\"code\":\"body.invalid\"");
    expect(ASK(s, THING "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"qty\":0}"), 422, "\"field\":\"qty\"");
    expect(ASK(s, THING "Content-Length: 0\r\n\r\n"), 422, "\"field\":\"name\"");
    expect(ASK(s, THING "Content-Type: application/json\r\nContent-Length: 2001\r\n\r\n"), 413, NULL);
    expect(ASK(s, "POST /api/session HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"), 200, NULL);
}

static void an_edit_needs_the_version_and_shows_the_current_row(void **state)
{
    const struct server *s = *state;
#define EDIT "PATCH /api/things/1 HTTP/1.1\r\nX-User: owner\r\nX-CSRF-Token: token\r\nContent-Type: application/json\r\nContent-Length: 9\r\n" HOST
    expect(ASK(s, EDIT "\r\n{\"qty\":2}"), 428, "\"code\":\"version.missing\"");
    expect(ASK(s, EDIT "If-Match: \"7\"\r\n\r\n{\"qty\":2}"), 200, "now");
    expect(ASK(s, EDIT "If-Match: 6\r\n\r\n{\"qty\":2}"), 412, "\"current\":{\"name\":\"now\"}");
}

static void a_change_must_come_from_our_own_page(void **state)
{
    const struct server *s = *state;
#define TAIL "Content-Type: application/json\r\nContent-Length: 13\r\n" HOST "\r\n{\"name\":\"Ab\"}"
    expect(ASK(s, "POST /api/things HTTP/1.1\r\nX-User: owner\r\n" TAIL), 403, "\"code\":\"csrf\"");
    expect(ASK(s, "POST /api/things HTTP/1.1\r\nX-User: owner\r\nX-CSRF-Token: tokem\r\n" TAIL), 403, "\"code\":\"csrf\"");
    expect(ASK(s, "POST /api/things HTTP/1.1\r\nX-User: key\r\n" TAIL), 201, NULL);
#define OWNER "POST /api/things HTTP/1.1\r\nX-User: owner\r\nX-CSRF-Token: token\r\n"
    expect(ASK(s, OWNER "Sec-Fetch-Site: same-origin\r\nOrigin: http://sauda.test\r\n" TAIL), 201, NULL);
    expect(ASK(s, OWNER "Origin: https://sauda.test:8443\r\n" TAIL), 201, NULL);
    expect(ASK(s, OWNER "Sec-Fetch-Site: cross-site\r\n" TAIL), 403, "\"code\":\"csrf\"");
    expect(ASK(s, OWNER "Origin: https://evil.test\r\n" TAIL), 403, "\"code\":\"csrf\"");
    expect(ASK(s, OWNER "Origin: null\r\n" TAIL), 403, "\"code\":\"csrf\"");
    expect(ASK(s, "POST /api/session HTTP/1.1\r\nOrigin: https://evil.test\r\n" TAIL), 403, "\"code\":\"csrf\"");
    expect(ASK(s, "GET /api/settings HTTP/1.1\r\nX-User: owner\r\nSec-Fetch-Site: cross-site\r\n" HOST "\r\n"), 200, NULL);
}

static void an_upload_is_a_change_like_any_other_and_not_read_from_strangers(void **state)
{
    const struct server *s = *state;
#define UPLOAD "POST /api/import HTTP/1.1\r\nX-User: owner\r\nContent-Type: text/csv\r\nContent-Length: 3\r\n" HOST
    expect(ASK(s, UPLOAD "\r\n"), 401, "\"code\":\"sign_in\"");
    expect(ASK(s, UPLOAD "Cookie: s=1\r\n\r\na;b"), 403, "\"code\":\"csrf\"");
    expect(ASK(s, UPLOAD "Cookie: s=1\r\nX-CSRF-Token: token\r\n\r\na;b"), 200, "a;b");
}

static void the_first_answer_to_a_key_is_kept_and_given_again(void **state)
{
    struct server *s = *state;
#define KEYED "POST /api/things HTTP/1.1\r\nX-User: key\r\nIdempotency-Key: k1\r\nContent-Type: application/json\r\n" HOST
    expect(ASK(s, KEYED "Content-Length: 9\r\n\r\n{\"qty\":0}"), 422, NULL);
    assert_int_equal(atomic_load(&s->world.kept), 0);
    expect(ASK(s, KEYED "Content-Length: 13\r\n\r\n{\"name\":\"Ab\"}"), 201, "Ab");
    expect(ASK(s, KEYED "Content-Length: 13\r\n\r\n{\"name\":\"Cd\"}"), 201, "Ab");
    assert_int_equal(atomic_load(&s->world.kept), 1);
}

static void a_head_is_a_get_without_its_body(void **state)
{
    const struct server *s = *state;
    static const char *const paths[] = { "/health", "/big", "/rows?n=5", "/", "/api/nothing" };
    for (int i = 0; i < 5; i++) {
        char text[200];
        int  len = snprintf(text, sizeof text, "HEAD %s HTTP/1.1\r\n" HOST "\r\n", paths[i]);
        const struct answer *a = ask(s, text, (size_t)len);
        assert_int_equal(a->status, i == 4 ? 404 : 200);
        assert_int_equal(a->body.len, 0);
    }
}

static void large_json_is_packed_for_who_takes_it(void **state)
{
    const struct server *s = *state;
    static char plain[100000];
    assert_int_equal(ASK(s, "GET /big HTTP/1.1\r\n" HOST "\r\n")->body.len, 2000 * 8 + 1);
    assert_int_equal(ASK(s, "GET /big HTTP/1.1\r\nAccept-Encoding: gzip;q=0\r\n" HOST "\r\n")->body.len, 2000 * 8 + 1);
    const struct answer *a = ASK(s, "GET /big HTTP/1.1\r\nAccept-Encoding: br, gzip;q=0.5\r\n" HOST "\r\n");
    expect(a, 200, "Content-Encoding: gzip\r\n");
    assert_true(a->body.len < 1000);
    z_stream z = { .next_in = (unsigned char *)(uintptr_t)a->body.at, .avail_in = (unsigned)a->body.len,
                   .next_out = (unsigned char *)plain, .avail_out = sizeof plain };
    assert_int_equal(inflateInit2(&z, 31), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.total_out, 2000 * 8 + 1);
    inflateEnd(&z);
    assert_false(says(ASK(s, "GET /health HTTP/1.1\r\nAccept-Encoding: gzip\r\n" HOST "\r\n"), "Content-Encoding"));
}

static void assets_come_in_the_form_the_client_takes(void **state)
{
    const struct server *s = *state;
    expect(ASK(s, "GET / HTTP/1.1\r\nAccept-Encoding: gzip, br\r\n" HOST "\r\n"), 200, "\r\n\r\nBROTLI");
    expect(ASK(s, "GET / HTTP/1.1\r\nAccept-Encoding: gzip\r\n" HOST "\r\n"), 200, "\r\n\r\nGZIP");
    expect(ASK(s, "GET / HTTP/1.1\r\n" HOST "\r\n"), 200, "\r\n\r\n<html>");
    expect(ASK(s, "GET /orders HTTP/1.1\r\n" HOST "\r\n"), 200, "\r\n\r\n<own>");
    expect(ASK(s, "GET /orders?view=new HTTP/1.1\r\n" HOST "\r\n"), 200, "\r\n\r\n<own>");
    expect(ASK(s, "GET /customers HTTP/1.1\r\n" HOST "\r\n"), 200, "\r\n\r\n<html>");
    expect(ASK(s, "GET /orders/17 HTTP/1.1\r\n" HOST "\r\n"), 200, "Cache-Control: no-cache\r\n");
    expect(ASK(s, "GET /assets/x.css HTTP/1.1\r\nAccept-Encoding: br\r\n" HOST "\r\n"), 200, "max-age=31536000, immutable\r\n");
    expect(ASK(s, "GET /assets/y.css HTTP/1.1\r\n" HOST "\r\n"), 404, NULL);
    expect(ASK(s, "GET /hooks/1 HTTP/1.1\r\n" HOST "\r\n"), 404, NULL);
    expect(ASK(s, "GET / HTTP/1.1\r\nAccept-Encoding: br\r\nIf-None-Match: \"zz\", W/\"aa11-br\"\r\n" HOST "\r\n"), 304, "ETag: \"aa11-br\"\r\n");
    expect(ASK(s, "GET / HTTP/1.1\r\nAccept-Encoding: gzip\r\nIf-None-Match: \"aa11-br\"\r\n" HOST "\r\n"), 200, "GZIP");
}

static void headers_that_are_too_large_are_refused(void **state)
{
    const struct server *s = *state;
    static char text[70000];
    int len = snprintf(text, sizeof text, "GET /health HTTP/1.1\r\n" HOST "X-Big: ");
    memset(text + len, 'x', 40000);
    memcpy(text + len + 40000, "\r\n\r\n", 4);
    const struct answer *a = ask(s, text, (size_t)len + 40004);
    assert_true(a->status == 0 || a->status == 413 || a->status == 431);
    expect(ASK(s, "GET /health HTTP/1.1\r\n" HOST "\r\n"), 200, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_carries_the_headers_that_protect_a_browser),
        cmocka_unit_test(what_cannot_be_served_is_a_problem_with_a_code),
        cmocka_unit_test(a_path_that_is_not_text_is_refused),
        cmocka_unit_test(a_request_that_two_servers_may_cut_differently_is_refused),
        cmocka_unit_test(a_header_with_a_line_break_is_left_out),
        cmocka_unit_test(an_early_refusal_never_leaves_its_body_as_the_next_request),
        cmocka_unit_test(a_body_is_echoed_whole_or_in_chunks_and_limited_in_both),
        cmocka_unit_test(an_endless_chunked_body_is_cut),
        cmocka_unit_test(bodies_are_read_into_records_or_refused),
        cmocka_unit_test(an_edit_needs_the_version_and_shows_the_current_row),
        cmocka_unit_test(a_change_must_come_from_our_own_page),
        cmocka_unit_test(an_upload_is_a_change_like_any_other_and_not_read_from_strangers),
        cmocka_unit_test(the_first_answer_to_a_key_is_kept_and_given_again),
        cmocka_unit_test(a_head_is_a_get_without_its_body),
        cmocka_unit_test(large_json_is_packed_for_who_takes_it),
        cmocka_unit_test(assets_come_in_the_form_the_client_takes),
        cmocka_unit_test(headers_that_are_too_large_are_refused),
    };
    return cmocka_run_group_tests_name("http_server", tests, up, down);
}
