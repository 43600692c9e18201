/* Hostile bytes on every route: bodies, parameters, paths. Whatever comes, the answer is a success or problem+json, never 5xx, and
 * nothing of it is half stored. SAUDA_SEED repeats a run. */
#include "base/buf.h"
#include "base/clock.h"
#include "scenario/routes.h"

#include <stdio.h>
#include <stdlib.h>

struct storm { uint64_t random; int sent; str big; };

static uint64_t random_next(struct storm *s)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 7;
    s->random ^= s->random << 17;
    return s->random;
}

static const char *const values[] = {
    "null", "true", "[]", "{}", "\"\"", "-1", "0", "1e400", "9223372036854775808", "-99999999999999999999999999999999999999", "0.1",
    "\"\\u0000\"", "\"\\ud800\"", "\"\xff\xfe\"", "\"'; DROP TABLE orders; --\"", "\"%s%n%n\"", "\"../../etc/passwd\"", "[[[[1]]]]",
    "\"\\u202e\\u0008\"", "[{\"a\":null}]", "\"2026-13-45T99:99:99Z\"", "\"12.345678901234567890123\"",
};
static const char *const bodies[] = {
    "", "{", "}", "[]", "null", "\"text\"", "1", "{\"a\":1,\"a\":2}", "{\"a\":}", "\xef\xbb\xbf{}", "{\"\xc3\x28\":1}", "{}{}", "{} x",
    "{\"__proto__\":{\"a\":1}}", "NaN", "{\"a\":1e999999999}", "PK\x03\x04", "%PDF-1.7", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>",
};
static const char *const words[] = {
    "", "-1", "0", "99999999999999999999", "x", "'", "%", "..", "\xff", "\xc0\x80", "a\nb", "null", "[]", "1,1,1,,", "\xd0\x98\xd0\xb2", "2026-12-16",
    "9223372036854775807", "1e9", "\x7f", "undefined",
};

static void check(struct house *h, struct storm *s, const struct client_ask *ask, str told)
{
    struct client_reply r = client_send(&h->client, ask);
    s->sent++;
    if (r.status >= 200 && r.status < 400)
        return;
    str  type  = http_header_get(&r.headers, "Content-Type"), code = json_str(json_get(r.json, "code"));
    bool known = r.status >= 400 && r.status < 500 && str_starts(type, STR("application/problem+json")) && code.len;
    if (!known)
        fail_msg("%s %.*s\n%.*s\n→ %d %.*s\n%.*s", ask->method, STR_ARG(utf8_cut(utf8_mend(&h->arena, ask->path), 300)),
                 STR_ARG(utf8_cut(utf8_mend(&h->arena, told), 300)), r.status, STR_ARG(type), STR_ARG(utf8_cut(utf8_mend(&h->arena, r.body), 600)));
}

static const struct http_header *headers_of(const struct route *r)
{
    static const struct http_header match[] = { { STR_INIT("If-Match"), STR_INIT("1") }, { { 0 }, { 0 } } };
    return r->edits ? match : NULL;
}

static void body_send(struct house *h, struct storm *s, const struct route *r, str body)
{
    struct client_ask ask = { .method = http_method_names[r->method], .path = route_path(&h->arena, r, STR("1")), .body = body,
                              .extra = headers_of(r) };
    check(h, s, &ask, body);
}

/* A client that asks before it sends so much is told at once. */
static void big_send(struct house *h, struct storm *s, const struct route *r)
{
    static const struct http_header asks[] = { { STR_INIT("Expect"), STR_INIT("100-continue") }, { STR_INIT("If-Match"), STR_INIT("1") },
                                               { { 0 }, { 0 } } };
    struct client_ask ask = { .method = http_method_names[r->method], .path = route_path(&h->arena, r, STR("1")), .body = s->big, .extra = asks };
    check(h, s, &ask, STR("3 MiB"));
}

static str nested(struct arena *a, int depth, char open, char close)
{
    struct buf b = buf_in(a);
    buf_add(&b, STR("{\"a\":"));
    for (int i = 0; i < depth; i++)
        buf_add(&b, open == '{' ? STR("{\"a\":") : STR("["));
    buf_add_char(&b, '1');
    for (int i = 0; i < depth; i++)
        buf_add_char(&b, close);
    buf_add_char(&b, '}');
    return buf_str(&b);
}

static str noise(struct house *h, struct storm *s)
{
    size_t len = 1 + random_next(s) % 400;
    char  *at  = arena_alloc(&h->arena, len);
    for (size_t i = 0; i < len; i++)
        at[i] = (char)random_next(s);
    return (str){ at, len };
}

static void bodies_send(struct house *h, struct storm *s, const struct route *r)
{
    struct arena *a = &h->arena;
    for (int i = 0; i < COUNT_OF(bodies); i++)
        body_send(h, s, r, str_of(bodies[i]));
    for (int i = 0; i < 4; i++)
        body_send(h, s, r, noise(h, s));
    body_send(h, s, r, nested(a, 40, '[', ']'));
    body_send(h, s, r, nested(a, 5000, '{', '}'));
    if (!r->raw)
        big_send(h, s, r);
    /* Each member of the record, each of a wrong kind in turn. */
    for (int f = 0; r->body && f < r->body->count; f++)
        for (int v = 0; v < COUNT_OF(values); v++)
            body_send(h, s, r, str_print(a, "{\"%s\":%s}", r->body->fields[f].name, values[v]));
    /* Members that routes read by hand. */
    static const char *const members[] = { "ids", "query", "action", "except", "rows", "settings", "scopes", "roles", "accounts", "token", "tags",
                                           "comment", "assignee_id", "login", "password", "new_password", "days", "holidays", "name", "channel",
                                           "base_url", "mode", "reason", "minutes", "clock", "zone", "state", "hold_s", "text", "title", "due_at" };
    for (int m = 0; r->json && m < COUNT_OF(members); m++)
        for (int n = 0; n < 6; n++)
            body_send(h, s, r, str_print(a, "{\"%s\":%s}", members[m], values[random_next(s) % (uint64_t)COUNT_OF(values)]));
}

static str encoded(struct arena *a, const char *word)
{
    struct buf b = buf_in(a);
    for (const char *c = word; *c; c++)
        buf_print(&b, "%%%02X", (unsigned char)*c);
    return buf_str(&b);
}

static void addresses_send(struct house *h, struct storm *s, const struct route *r)
{
    struct arena *a    = &h->arena;
    const char   *verb = http_method_names[r->method];
    str           body = r->method == HTTP_GET || r->method == HTTP_DELETE ? (str){ 0 } : STR("{}");
    bool          has_place = strchr(r->path, '{') != NULL;
    for (int i = 0; i < COUNT_OF(words) && has_place; i++) {
        struct client_ask ask = { .method = verb, .path = route_path(a, r, str_of(words[i])), .body = body, .extra = headers_of(r) };
        check(h, s, &ask, str_of(words[i]));
    }
    for (const struct query_param *q = r->query; q && q->name; q++)
        for (int i = 0; i < COUNT_OF(words); i++) {
            str path = str_print(a, "%.*s?%s=%.*s", STR_ARG(route_path(a, r, STR("1"))), q->name, STR_ARG(encoded(a, words[i])));
            struct client_ask ask = { .method = verb, .path = path, .body = body, .extra = headers_of(r) };
            check(h, s, &ask, path);
        }
    static const char *const queries[] = { "?", "?&&&=", "?a=%zz", "?limit=1&limit=2", "?=", "?%00=1", "?nothing=such" };
    for (int i = 0; i < COUNT_OF(queries); i++) {
        str path = str_print(a, "%.*s%s", STR_ARG(route_path(a, r, STR("1"))), queries[i]);
        struct client_ask ask = { .method = verb, .path = path, .body = body, .extra = headers_of(r) };
        check(h, s, &ask, path);
    }
}

static void headers_send(struct house *h, struct storm *s, const struct route *r)
{
    static const struct http_header odd[][2] = {
        { { STR_INIT("Content-Type"), STR_INIT("multipart/form-data") }, { { 0 }, { 0 } } },
        { { STR_INIT("Content-Type"), STR_INIT("application/json; charset=cp1251") }, { { 0 }, { 0 } } },
        { { STR_INIT("If-Match"), STR_INIT("\"-9999999999999999999999\"") }, { { 0 }, { 0 } } },
        { { STR_INIT("Idempotency-Key"), STR_INIT("\x01\xff") }, { { 0 }, { 0 } } },
        { { STR_INIT("Authorization"), STR_INIT("Bearer") }, { { 0 }, { 0 } } },
        { { STR_INIT("Origin"), STR_INIT("null") }, { { 0 }, { 0 } } },
        { { STR_INIT("Content-Encoding"), STR_INIT("gzip") }, { { 0 }, { 0 } } },
    };
    for (int i = 0; i < COUNT_OF(odd); i++) {
        struct client_ask ask = { .method = http_method_names[r->method], .path = route_path(&h->arena, r, STR("1")), .extra = odd[i] };
        if (r->method != HTTP_GET)
            ask.body = STR("{}");
        check(h, s, &ask, odd[i][0].value);
    }
}

static void visit(struct house *h, const struct route *r, void *ctx)
{
    struct storm *s = ctx;
    /* Signing out would end the walk; it takes no body anyway. */
    if (r->method == HTTP_DELETE && strcmp(r->path, "/api/session") == 0)
        return;
    struct arena_mark mark = arena_mark(&h->arena);
    if (r->method != HTTP_GET && r->method != HTTP_DELETE)
        bodies_send(h, s, r);
    addresses_send(h, s, r);
    headers_send(h, s, r);
    arena_back(&mark);
}

static void whatever_bytes_come_the_answer_is_a_clear_one(void **state)
{
    struct house *h    = calloc(1, sizeof *h);
    struct err    err  = { 0 };
    const char   *seed = getenv("SAUDA_SEED");
    if (!h || !house_open(h, *state, STR("karapuz"), &err))
        fail_msg("%s", err.item[0].text);
    struct storm s = { .random = seed ? strtoull(seed, NULL, 10) : (uint64_t)clock_tick_ns() | 1 };
    fprintf(stderr, "SAUDA_SEED=%llu\n", (unsigned long long)s.random);
    str id;
    if (!house_connect(h, STR("kaspi"), STR("kaspi"), NULL, &id, &err) || !house_run(h, &err))
        fail_msg("%s", err.item[0].text);
    char *big = arena_alloc(&h->arena, 3 << 20);
    memset(big, 'x', 3 << 20);
    s.big = (str){ big, 3 << 20 };

    struct client_reply before = house_send(h, "GET", STR("/api/queue/counts"), (str){ 0 });
    routes_each(h, visit, &s);
    struct client_reply after = house_send(h, "GET", STR("/api/queue/counts"), (str){ 0 });
    assert_int_equal(after.status, 200);
    assert_true(str_eq(json_str(json_path(before.json, "total.count")), json_str(json_path(after.json, "total.count"))));
    assert_true(s.sent > 2000);
    house_close(h);
    free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(whatever_bytes_come_the_answer_is_a_clear_one) };
    return test_shops(tests, COUNT_OF(tests));
}
