/* http_ground.h - a server with routes of its own over real sockets, and a client that sends any bytes. */
#pragma once
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
    atomic_int  hooks;                  /* notifications of marketplaces that were taken */
    atomic_int  kept;                   /* answers saved for an Idempotency-Key */
    char        kept_body[64];
};

static inline bool say(struct request *rq, struct reply *rp, const char *key, str value)
{
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_text(&j, key, value);
    json_end(&j);
    return true;
}

static inline bool health(struct request *rq, struct reply *rp, struct err *err) { (void)err; return say(rq, rp, "status", STR("ok")); }
static inline bool echo(struct request *rq, struct reply *rp, struct err *err)
{
    (void)err;
    rp->type = STR("application/octet-stream");
    rp->body = buf_in(rq->work.arena);
    buf_add(&rp->body, rq->body);
    return true;
}
static inline bool odd_header(struct request *rq, struct reply *rp, struct err *err)
{
    (void)err;
    reply_header(rp, rq, STR("X-Odd"), STR("a\r\nSet-Cookie: sauda_session=mine"));
    reply_header(rp, rq, STR("X-Odd"), STR("a\nSet-Cookie: b=c"));
    reply_header(rp, rq, STR("X-Fine"), STR("yes"));
    return say(rq, rp, "done", STR("yes"));
}
static inline bool who(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    return path_id(rq, "id", &id, err) && say(rq, rp, "name", rq->who.name);
}
static inline bool thing_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct thing *in = rq->record;
    (void)err;
    rp->status = REPLY_CREATED;
    return say(rq, rp, "name", in->name);
}
static inline bool thing_patch(struct request *rq, struct reply *rp, struct err *err)
{
    int64_t version;
    if (!request_version(rq, &version, err))
        return false;
    say(rq, rp, "name", STR("now"));
    return version == 7 || err_set(err, ERR_VERSION_OLD, "", "it is at 7");
}
static inline bool big(struct request *rq, struct reply *rp, struct err *err)
{
    (void)err;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '[');
    for (int i = 0; i < 2000; i++)
        json_text(&j, NULL, STR("order"));
    json_end(&j);
    return true;
}
static inline bool broken(struct request *rq, struct reply *rp, struct err *err)
{
    (void)rq, (void)rp;
    return err_set(err, ERR_INTERNAL, "", "table secret_things is gone");
}
static inline bool gated(struct request *rq, struct reply *rp, struct err *err)
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
static inline bool hook(struct request *rq, struct reply *rp, struct err *err)
{
    struct world *w = rq->app;
    atomic_fetch_add(&w->hooks, 1);
    return health(rq, rp, err);
}
static inline bool order_said(struct request *rq, struct reply *rp, struct err *err)
{
    struct world *w = rq->app;
    struct json_out j = reply_json(rq, rp);
    (void)err;
    json_begin(&j, NULL, '{');
    json_number(&j, "hooks_before", atomic_load(&w->hooks));
    json_end(&j);
    return true;
}
static inline bool cut(struct request *rq, struct reply *rp, struct err *err) { rp->cut = true; return big(rq, rp, err); }
static inline bool silent(struct request *rq, struct reply *rp, struct err *err) { (void)rq, (void)err; rp->silent = true; return true; }
static inline bool live(struct request *rq, struct reply *rp, struct err *err) { (void)rq, (void)err; rp->live = true; return true; }

struct rows { int next, last; bool fails; };
static inline int64_t rows_give(void *ctx, char *into, size_t room, struct err *err)
{
    struct rows *r = ctx;
    size_t len = 0;
    if (r->fails)
        return err_set(err, ERR_DB_BUSY, "", "no"), -1;
    while (r->next < r->last && len + 16 < room)
        len += (size_t)snprintf(into + len, room - len, "row %d\n", r->next++);
    return (int64_t)len;
}
static inline bool rows(struct request *rq, struct reply *rp, struct err *err)
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
    { HTTP_POST,  "/odd-header",      PERM_PUBLIC,     odd_header, .no_csrf = true },
    { HTTP_GET,   "/api/who/{id}",    PERM_SIGNED_IN,  who },
    { HTTP_GET,   "/api/settings",    PERM_SETTINGS,   health },
    { HTTP_POST,  "/api/things",      PERM_ORDERS_WORK, thing_post, .body = &thing_record, .creates = true, .limit_bytes = 2000 },
    { HTTP_PATCH, "/api/things/{id}", PERM_ORDERS_WORK, thing_patch, .body = &thing_record, .edits = true },
    { HTTP_POST,  "/api/session",     PERM_PUBLIC,     health, .json = true, .no_csrf = true },
    { HTTP_POST,  "/api/import",      PERM_IMPORT,     echo, .raw = true, .limit_bytes = 8 << 20 },
    { HTTP_GET,   "/big",             PERM_PUBLIC,     big },
    { HTTP_GET,   "/broken",          PERM_PUBLIC,     broken },
    { HTTP_GET,   "/gated",           PERM_PUBLIC,     gated },
    { HTTP_POST,  "/hook",            PERM_PUBLIC,     hook, .raw = true, .no_csrf = true, .ahead = true },
    { HTTP_GET,   "/order",           PERM_PUBLIC,     order_said },
    { HTTP_GET,   "/cut",             PERM_PUBLIC,     cut },
    { HTTP_GET,   "/silent",          PERM_PUBLIC,     silent },
    { HTTP_GET,   "/rows",            PERM_PUBLIC,     rows },
    { HTTP_GET,   "/live",            PERM_SIGNED_IN,  live },
    { .method = HTTP_NONE }
};
// clang-format on

static inline bool authenticate(struct request *rq, struct principal *out, struct err *err)
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

static inline bool kept_find(struct request *rq, struct reply *rp, bool *found, struct err *err)
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
static inline bool kept_save(struct request *rq, const struct reply *rp, struct err *err)
{
    struct world *w = rq->app;
    (void)err;
    snprintf(w->kept_body, sizeof w->kept_body, "%.*s", STR_ARG(buf_str(&rp->body)));
    atomic_fetch_add(&w->kept, 1);
    return true;
}

static inline const struct asset *asset_find(str path)
{
    static const struct asset page  = { "/index.html", "text/html", "aa11", .brotli = STR_INIT("BROTLI"), .gzip = STR_INIT("GZIP"),
                                        .plain = STR_INIT("<html>") };
    static const struct asset style = { "/assets/x.css", "text/css", "bb22", .plain = STR_INIT("a{}"), .immutable = true };
    static const struct asset own   = { "/orders.html", "text/html", "cc33", .plain = STR_INIT("<own>") };
    if (str_is(path, "/orders.html"))
        return &own;
    return str_is(path, "/index.html") ? &page : str_is(path, "/assets/x.css") ? &style : NULL;
}

/* ---- the world ---- */

static inline bool no_events(struct db *db, int64_t after, int max, struct arena *a, struct live_event_list *out, struct err *err)
{
    (void)db, (void)after, (void)max, (void)a, (void)out, (void)err;
    return true;
}
static inline bool last_event(struct db *db, int64_t *out, struct err *err) { (void)db, (void)err; *out = 10; return true; }

struct server {
    struct arena        arena;
    struct world        world;
    struct clock        clock;
    struct live_hub    *hub;
    struct http_server *http;
    int                 port;
};

static inline struct server *server_up_full(int headers_ms, int request_threads, int wait_ms, int waiting_max)
{
    struct server *s = calloc(1, sizeof *s);
    const struct route *const tables[] = { routes, NULL };
    struct err err = { 0 };
    assert_true(secret_init(&err));
    pthread_mutex_init(&s->world.gate.lock, NULL);
    pthread_cond_init(&s->world.gate.moved, NULL);
    assert_true(live_open(&(struct live_options){ .read = no_events, .last = last_event }, &s->hub, &err));
    struct http_options o = {
        .address = STR("127.0.0.1"), .threads = 2, .request_threads = request_threads, .wait_ms = wait_ms, .waiting_max = waiting_max,
        .app = &s->world, .clock = &s->clock, .headers_ms = headers_ms,
        .router = router_new(&s->arena, tables, &err), .authenticate = authenticate, .asset_find = asset_find,
        .idempotent_find = kept_find, .idempotent_save = kept_save, .live = s->hub,
    };
    assert_non_null(o.router);
    assert_true(http_start(&o, &s->arena, &s->http, &err));
    s->port = http_port(s->http);
    return s;
}

static inline struct server *server_up_with(int headers_ms, int request_threads, int wait_ms)
{
    return server_up_full(headers_ms, request_threads, wait_ms, 0);
}

static inline struct server *server_up(int headers_ms) { return server_up_with(headers_ms, 8, 0); }

static inline void gate_open(struct gate *g)
{
    pthread_mutex_lock(&g->lock);
    g->is_open = true;
    pthread_cond_broadcast(&g->moved);
    pthread_mutex_unlock(&g->lock);
}

static inline void server_down(struct server *s, int drain_ms)
{
    http_stop(s->http, drain_ms);
    live_close(s->hub);
    arena_done(&s->arena);
    free(s);
}

static inline int up(void **state)
{
    *state = server_up(0);
    return 0;
}
static inline int down(void **state)
{
    server_down(*state, 1000);
    return 0;
}

/* ---- a client ---- */

static inline int dial(int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct timeval patience = { .tv_sec = 20 };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static inline bool put(int fd, const char *bytes, size_t len)
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

static inline void answer_look(struct answer *a)
{
    a->text[a->len] = 0;
    const char *end = strstr(a->text, "\r\n\r\n");
    a->head   = end ? (size_t)(end - a->text) + 4 : 0;
    a->status = a->len > 12 ? (int)strtol(a->text + 9, NULL, 10) : 0;
    a->body   = end ? (str){ a->text + a->head, a->len - a->head } : (str){ 0 };
}

/* Everything until the server closes. */
static inline void take_all(int fd, struct answer *a)
{
    ssize_t n;
    a->len = 0;
    while (a->len < sizeof a->text - 1 && (n = recv(fd, a->text + a->len, sizeof a->text - 1 - a->len, 0)) > 0)
        a->len += (size_t)n;
    answer_look(a);
}

/* One answer with Content-Length; the connection stays. */
static inline bool take_one(int fd, struct answer *a)
{
    a->len = 0;
    for (;;) {
        answer_look(a);
        const char *length = a->head ? strcasestr(a->text, "Content-Length:") : NULL;
        if (length && a->body.len >= (size_t)strtoul(length + 15, NULL, 10))
            return true;
        ssize_t n = recv(fd, a->text + a->len, sizeof a->text - 1 - a->len, 0);
        if (n <= 0)
            return false;
        a->len += (size_t)n;
    }
}

static inline struct answer *ask(const struct server *s, const char *bytes, size_t len)
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

static inline bool says(const struct answer *a, const char *part) { return strcasestr(a->text, part) != NULL; }

__attribute__((noinline, unused)) static void expect(const struct answer *a, int status, const char *part)
{
    if (a->status != status || (part && !says(a, part)))
        fail_msg("expected %d with \"%s\", got: %.1500s", status, part ? part : "", a->text);
}
