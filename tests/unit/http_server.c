/* The server over real sockets: what a friendly, a careless and a hostile client get. */
#include "base/secret.h"
#include "http/http.h"
#include "http/live.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>
#include <cmocka.h>

/* ---- routes under test ---- */

struct thing { str name; int64_t qty; };
static const struct field thing_fields[] = {
    FIELD(thing, name, .required = true, .max = 20),
    FIELD(thing, qty, .min = 1, .max = 9),
};
static const struct record thing_record = RECORD(thing, "things", thing_fields);

struct gate {                           /* holds a handler until the test opens it */
    pthread_mutex_t lock;
    pthread_cond_t  moved;
    int             inside;
    bool            is_open;
};
struct world {
    struct gate gate;
    atomic_int  kept;                   /* answers saved for an Idempotency-Key */
    char        kept_body[64];
};

static bool say(struct request *rq, struct reply *rp, const char *key, str value)
{
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_text(&j, key, value);
    json_end(&j);
    return true;
}

static bool health(struct request *rq, struct reply *rp, struct err *err) { (void)err; return say(rq, rp, "status", STR("ok")); }
static bool echo(struct request *rq, struct reply *rp, struct err *err)
{
    (void)err;
    rp->type = STR("application/octet-stream");
    rp->body = buf_in(rq->work.arena);
    buf_add(&rp->body, rq->body);
    return true;
}
static bool who(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    return path_id(rq, "id", &id, err) && say(rq, rp, "name", rq->who.name);
}
static bool thing_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct thing *in = rq->record;
    (void)err;
    rp->status = REPLY_CREATED;
    return say(rq, rp, "name", in->name);
}
static bool thing_patch(struct request *rq, struct reply *rp, struct err *err)
{
    int64_t version;
    if (!request_version(rq, &version, err))
        return false;
    say(rq, rp, "name", STR("now"));
    return version == 7 || err_set(err, ERR_VERSION_OLD, "", "it is at 7");
}
static bool big(struct request *rq, struct reply *rp, struct err *err)
{
    (void)err;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '[');
    for (int i = 0; i < 2000; i++)
        json_text(&j, NULL, STR("order"));
    json_end(&j);
    return true;
}
static bool broken(struct request *rq, struct reply *rp, struct err *err)
{
    (void)rq, (void)rp;
    return err_set(err, ERR_INTERNAL, "", "table secret_things is gone");
}
static bool gated(struct request *rq, struct reply *rp, struct err *err)
{
    struct gate *g = &((struct world *)rq->app)->gate;
    (void)err;
    pthread_mutex_lock(&g->lock);
    g->inside++;
    pthread_cond_broadcast(&g->moved);
    while (!g->is_open)
        pthread_cond_wait(&g->moved, &g->lock);
    pthread_mutex_unlock(&g->lock);
    return say(rq, rp, "done", STR("yes"));
}
static bool cut(struct request *rq, struct reply *rp, struct err *err) { rp->cut = true; return big(rq, rp, err); }
static bool silent(struct request *rq, struct reply *rp, struct err *err) { (void)rq, (void)err; rp->silent = true; return true; }
static bool live(struct request *rq, struct reply *rp, struct err *err) { (void)rq, (void)err; rp->live = true; return true; }

struct rows { int next, last; bool fails; };
static int64_t rows_give(void *ctx, char *into, size_t room, struct err *err)
{
    struct rows *r = ctx;
    size_t len = 0;
    if (r->fails)
        return err_set(err, ERR_DB_BUSY, "", "no"), -1;
    while (r->next < r->last && len + 16 < room)
        len += (size_t)snprintf(into + len, room - len, "row %d\n", r->next++);
    return (int64_t)len;
}
static bool rows(struct request *rq, struct reply *rp, struct err *err)
{
    struct rows *r = ARENA_NEW(rq->work.arena, struct rows);
    int64_t n = 0;
    if (!query_int(rq, "n", 0, 10000000, 100, &n, err))
        return false;
    r->last        = (int)n;
    r->fails       = query_has(rq, "fails");
    rp->type       = STR("text/csv");
    rp->stream     = rows_give;
    rp->stream_ctx = r;
    return true;
}

// clang-format off
static const struct route routes[] = {
    { HTTP_GET,   "/health",          PERM_PUBLIC,     health, .quick = true },
    { HTTP_GET,   "/slow-health",     PERM_PUBLIC,     health },
    { HTTP_POST,  "/echo",            PERM_PUBLIC,     echo, .raw = true, .no_csrf = true, .limit_bytes = 100000 },
    { HTTP_GET,   "/api/who/{id}",    PERM_SIGNED_IN,  who },
    { HTTP_GET,   "/api/settings",    PERM_SETTINGS,   health },
    { HTTP_POST,  "/api/things",      PERM_ORDERS_WORK, thing_post, .body = &thing_record, .creates = true, .limit_bytes = 2000 },
    { HTTP_PATCH, "/api/things/{id}", PERM_ORDERS_WORK, thing_patch, .body = &thing_record, .edits = true },
    { HTTP_POST,  "/api/session",     PERM_PUBLIC,     health, .json = true, .no_csrf = true },
    { HTTP_POST,  "/api/import",      PERM_IMPORT,     echo, .raw = true, .limit_bytes = 8 << 20 },
    { HTTP_GET,   "/big",             PERM_PUBLIC,     big },
    { HTTP_GET,   "/broken",          PERM_PUBLIC,     broken },
    { HTTP_GET,   "/gated",           PERM_PUBLIC,     gated },
    { HTTP_GET,   "/cut",             PERM_PUBLIC,     cut },
    { HTTP_GET,   "/silent",          PERM_PUBLIC,     silent },
    { HTTP_GET,   "/rows",            PERM_PUBLIC,     rows },
    { HTTP_GET,   "/live",            PERM_SIGNED_IN,  live },
    { .method = HTTP_NONE }
};
// clang-format on

static bool authenticate(struct request *rq, struct principal *out, struct err *err)
{
    str user = http_header_get(&rq->headers, "X-User");
    *out = (struct principal){ .user_id = { 5 }, .csrf = STR("token"), .session = STR("s1"), .name = user };
    if (str_is(user, "owner"))
        out->permissions = roles_permissions(BIT(ROLE_OWNER));
    else if (str_is(user, "picker"))
        out->permissions = roles_permissions(BIT(ROLE_PICKER));
    else if (str_is(user, "key"))
        *out = (struct principal){ .user_id = { 6 }, .is_key = true, .permissions = roles_permissions(BIT(ROLE_MANAGER)) };
    else
        return err_set(err, ERR_SIGN_IN, "", "nobody is signed in");
    return true;
}

static bool kept_find(struct request *rq, struct reply *rp, bool *found, struct err *err)
{
    struct world *w = rq->app;
    (void)err;
    *found = atomic_load(&w->kept) > 0;
    if (*found) {
        rp->status = REPLY_CREATED;
        rp->body   = buf_in(rq->work.arena);
        buf_add(&rp->body, str_of(w->kept_body));
    }
    return true;
}
static bool kept_save(struct request *rq, const struct reply *rp, struct err *err)
{
    struct world *w = rq->app;
    (void)err;
    snprintf(w->kept_body, sizeof w->kept_body, "%.*s", STR_ARG(buf_str(&rp->body)));
    atomic_fetch_add(&w->kept, 1);
    return true;
}

static const struct asset *asset_find(str path)
{
    static const struct asset page  = { "/index.html", "text/html", "aa11", .brotli = STR_INIT("BROTLI"), .gzip = STR_INIT("GZIP"),
                                        .plain = STR_INIT("<html>") };
    static const struct asset style = { "/assets/x.css", "text/css", "bb22", .plain = STR_INIT("a{}"), .immutable = true };
    return str_is(path, "/index.html") ? &page : str_is(path, "/assets/x.css") ? &style : NULL;
}

/* ---- the world ---- */

static bool no_events(struct db *db, int64_t after, int max, struct arena *a, struct live_event_list *out, struct err *err)
{
    (void)db, (void)after, (void)max, (void)a, (void)out, (void)err;
    return true;
}
static bool last_event(struct db *db, int64_t *out, struct err *err) { (void)db, (void)err; *out = 10; return true; }

struct server {
    struct arena        arena;
    struct world        world;
    struct clock        clock;
    struct live_hub    *hub;
    struct http_server *http;
    int                 port;
};

static struct server *server_up(int headers_ms)
{
    struct server *s = calloc(1, sizeof *s);
    const struct route *const tables[] = { routes, NULL };
    struct err err = { 0 };
    assert_true(secret_init(&err));
    pthread_mutex_init(&s->world.gate.lock, NULL);
    pthread_cond_init(&s->world.gate.moved, NULL);
    assert_true(live_open(&(struct live_options){ .read = no_events, .last = last_event }, &s->hub, &err));
    struct http_options o = {
        .address = STR("127.0.0.1"), .threads = 2, .request_threads = 8, .app = &s->world, .clock = &s->clock, .headers_ms = headers_ms,
        .router = router_new(&s->arena, tables, &err), .authenticate = authenticate, .asset_find = asset_find,
        .idempotent_find = kept_find, .idempotent_save = kept_save, .live = s->hub,
    };
    assert_non_null(o.router);
    assert_true(http_start(&o, &s->arena, &s->http, &err));
    s->port = http_port(s->http);
    return s;
}

static void gate_open(struct gate *g)
{
    pthread_mutex_lock(&g->lock);
    g->is_open = true;
    pthread_cond_broadcast(&g->moved);
    pthread_mutex_unlock(&g->lock);
}

static void server_down(struct server *s, int drain_ms)
{
    http_stop(s->http, drain_ms);
    live_close(s->hub);
    arena_done(&s->arena);
    free(s);
}

static int up(void **state)
{
    *state = server_up(0);
    return 0;
}
static int down(void **state)
{
    server_down(*state, 1000);
    return 0;
}

/* ---- a client ---- */

static int dial(int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct timeval patience = { .tv_sec = 20 };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static bool put(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes += n;
        len   -= (size_t)n;
    }
    return true;
}

#define PUT(fd, text) put((fd), "" text, sizeof(text) - 1)

struct answer { char text[400000]; size_t len, head; int status; str body; };

static void answer_look(struct answer *a)
{
    a->text[a->len] = 0;
    const char *end = strstr(a->text, "\r\n\r\n");
    a->head   = end ? (size_t)(end - a->text) + 4 : 0;
    a->status = a->len > 12 ? atoi(a->text + 9) : 0;
    a->body   = end ? (str){ a->text + a->head, a->len - a->head } : (str){ 0 };
}

/* Everything until the server closes. */
static void take_all(int fd, struct answer *a)
{
    ssize_t n;
    a->len = 0;
    while (a->len < sizeof a->text - 1 && (n = recv(fd, a->text + a->len, sizeof a->text - 1 - a->len, 0)) > 0)
        a->len += (size_t)n;
    answer_look(a);
}

/* One answer with Content-Length; the connection stays. */
static bool take_one(int fd, struct answer *a)
{
    a->len = 0;
    for (;;) {
        answer_look(a);
        const char *length = a->head ? strcasestr(a->text, "Content-Length:") : NULL;
        if (length && a->body.len >= (size_t)atoi(length + 15))
            return true;
        ssize_t n = recv(fd, a->text + a->len, sizeof a->text - 1 - a->len, 0);
        if (n <= 0)
            return false;
        a->len += (size_t)n;
    }
}

static struct answer *ask(const struct server *s, const char *bytes, size_t len)
{
    static _Thread_local struct answer a;
    int fd = dial(s->port);
    (void)put(fd, bytes, len);
    take_all(fd, &a);
    close(fd);
    return &a;
}

#define ASK(s, text) ask((s), "" text, sizeof(text) - 1)
#define HOST "Host: sauda.test\r\nConnection: close\r\n"

static bool says(const struct answer *a, const char *part) { return strcasestr(a->text, part) != NULL; }

static void expect(const struct answer *a, int status, const char *part)
{
    if (a->status != status || (part && !says(a, part)))
        fail_msg("expected %d with \"%s\", got: %.1500s", status, part ? part : "", a->text);
}

/* ---- tests ---- */

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
        CASE("Host: a\r\nX A: b\r\nContent-Length: 2\r\n", "ab"),
        CASE("Host: a\r\nX-\x01: b\r\nContent-Length: 2\r\n", "ab"),
        CASE("Host: a\r\nX-A: b\x01\r\nContent-Length: 2\r\n", "ab"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct answer *a = ask(s, cases[i].at, cases[i].len);
        if (a->status != 400 && !(a->status == 0 && a->len == 0))
            fail_msg("case %zu: %.600s", i, a->text);
    }
    static const char *const unknown[] = { "gzip", "xchunked", "chunked, identity", "identity" };
    for (int i = 0; i < 4; i++) {
        char text[300];
        int  len = snprintf(text, sizeof text, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: %s\r\n\r\n", unknown[i]);
        expect(ask(s, text, (size_t)len), 400, NULL);
    }
    expect(ASK(s, "GET /health HTTP/1.1\r\nContent-Length: 5\r\n" HOST "\r\nhello"), 400, NULL);
    expect(ASK(s, "GET /slow-health HTTP/1.1\r\nContent-Length: 5\r\n" HOST "\r\nhello"), 400, NULL);
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
        cmocka_unit_test(an_answer_carries_the_headers_that_protect_a_browser),
        cmocka_unit_test(what_cannot_be_served_is_a_problem_with_a_code),
        cmocka_unit_test(a_path_that_is_not_text_is_refused),
        cmocka_unit_test(a_request_that_two_servers_may_cut_differently_is_refused),
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
        cmocka_unit_test(headers_that_trickle_in_are_cut),
        cmocka_unit_test(many_clients_keep_their_connections_and_get_their_own_answers),
        cmocka_unit_test(handlers_that_wait_do_not_hold_up_others),
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
    return cmocka_run_group_tests_name("http_server", tests, up, down);
}
