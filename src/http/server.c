/* server.c - the only file that knows libmicrohttpd.
 *
 * Its epoll threads parse a request, check its form and collect its body; then the connection is suspended and the call given
 * to the crew (crew.c), which makes a response and resumes the connection. Public rows marked quick, assets and refusals are
 * answered on the epoll thread at once.
 */
#include "http/asset.h"
#include "http/form.h"
#include "http/pipeline.h"
#include "http/server_own.h"

#include "base/secret.h"

#include <microhttpd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CONNECTION_BYTES    ((size_t)16 << 10)          /* the library's pool: request line and headers must fit */
#define ASSET_BYTES_MAX     ((size_t)64 << 20)
#define IDLE_S              15
#define HEADERS_MS_DEFAULT  20000
#define BODY_MS             30000
#define BYTES_PER_MS_MIN    16                          /* slower clients are cut */
#define CONNECTIONS_DEFAULT 12000
#define SIGN_FIRST_BYTES    ((size_t)4 << 20)           /* larger bodies are not read from who brings no key or cookie */

/* ---- responses ---- */

static str header_of(const struct call *c, const char *name)
{
    return str_of(MHD_lookup_connection_value(c->conn, MHD_HEADER_KIND, name));
}

static struct answer_facts facts_of(const struct call *c, struct packer **packer)
{
    return (struct answer_facts){
        .accept_encoding = header_of(c, "Accept-Encoding"), .forwarded_proto = header_of(c, "X-Forwarded-Proto"),
        .closes = c->closes || atomic_load_explicit(&c->server->is_draining, memory_order_relaxed),
        .server_name = c->server->o.server_name, .packer = packer,
    };
}

static const char *zero_ended(str s, char *room, size_t bytes, struct arena *a)
{
    if (s.len >= bytes)
        return str_zero(a, s);
    memcpy(room, s.len ? s.at : "", s.len);
    room[s.len] = 0;
    return room;
}

/* A header with a line break in it is refused by the library and left out. */
static struct MHD_Response *with_headers(struct MHD_Response *r, const struct request *rq, const struct reply *rp)
{
    char name[64], value[256];
    for (int i = 0; r && i < rp->headers.count; i++)
        (void)MHD_add_response_header(r, zero_ended(rp->headers.at[i].name, name, sizeof name, rq->work.arena),
                                      zero_ended(rp->headers.at[i].value, value, sizeof value, rq->work.arena));
    return r;
}

struct half {                           /* an answer that breaks off, for the sandbox */
    size_t len, given;
    char   bytes[];
};

static ssize_t half_take(void *ctx, uint64_t pos, char *into, size_t room)
{
    struct half *h = ctx;
    (void)pos;
    size_t n = h->len - h->given < room ? h->len - h->given : room;
    memcpy(into, h->bytes + h->given, n);
    h->given += n;
    return n ? (ssize_t)n : MHD_CONTENT_READER_END_WITH_ERROR;
}

static struct MHD_Response *half_response(str body)
{
    struct half *h = malloc(sizeof *h + body.len);
    if (!h)
        return NULL;
    *h = (struct half){ .len = body.len / 2 };
    if (h->len)
        memcpy(h->bytes, body.at, h->len);
    struct MHD_Response *r = MHD_create_response_from_callback(body.len ? body.len : 1, 4096, half_take, h, free);
    if (!r)
        free(h);
    return r;
}

/* An answer whose whole body is there. The library gets its own copy: the arena is reset before it is sent. */
struct MHD_Response *response_bytes(struct call *c, struct reply *rp, struct packer **packer)
{
    struct answer_facts facts = facts_of(c, packer);
    size_t packed_len = 0;
    char  *packed = answer_pack(&c->rq, rp, &facts, &packed_len);
    str    body   = buf_str(&rp->body);
    struct MHD_Response *r;
    if (rp->cut)
        r = half_response(body);
    else if (packed)
        r = MHD_create_response_from_buffer(packed_len, packed, MHD_RESPMEM_MUST_FREE);
    else
        r = MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)(body.len ? body.at : ""),
                                            body.len ? MHD_RESPMEM_MUST_COPY : MHD_RESPMEM_PERSISTENT);
    if (!r)
        free(packed);
    answer_headers(&c->rq, rp, &facts);
    return with_headers(r, &c->rq, rp);
}

/* ---- the life of a call ---- */

void call_release(struct call *c)
{
    if (atomic_fetch_sub(&c->holders, 1) != 1)
        return;
    if (c->response)
        MHD_destroy_response(c->response);
    if (c->screen)
        screen_drop(c->screen);         /* the client went before it began */
    call_body_drop(c);
    free(c);
}

/* Called as soon as the request line is there, before the library takes it apart in place. */
static void *on_request_line(void *ctx, const char *uri, struct MHD_Connection *conn)
{
    size_t       len = strlen(uri);
    struct call *c   = calloc(1, sizeof *c + len + 1);
    if (!c)
        return NULL;
    c->server = ctx;
    c->conn   = conn;
    atomic_store_explicit(&c->holders, 1, memory_order_relaxed);
    memcpy(c->uri, uri, len);
    return c;
}

/* The library shall leave the path as it came: %2F in an id is not a slash, and bad encoding is ours to refuse. */
static size_t on_unescape(void *ctx, struct MHD_Connection *conn, char *text)
{
    (void)ctx, (void)conn;
    return strlen(text);
}

static enum MHD_Result queue_response(struct call *c, struct MHD_Response *r, unsigned status, int64_t bytes)
{
    if (!r)
        return MHD_NO;
    if (c->watched)
        watch_allow(c->watched, bytes < 0 ? 0 : BODY_MS + bytes / BYTES_PER_MS_MIN);
    enum MHD_Result result = MHD_queue_response(c->conn, status, r);
    MHD_destroy_response(r);
    return result;
}

/* Answers on the library's thread. */
static enum MHD_Result answer_here(struct call *c, struct reply *rp, const struct err *err)
{
    if (!rp->status)
        rp->status = REPLY_OK;
    struct MHD_Response *r = response_bytes(c, rp, NULL);
    call_told(c, rp->status, rp->body.len, err);
    return queue_response(c, r, (unsigned)rp->status, (int64_t)rp->body.len);
}

static enum MHD_Result refuse_with(struct call *c, struct reply *rp, const struct err *err)
{
    reply_problem(&c->rq, rp, err);
    return answer_here(c, rp, err);
}

static enum MHD_Result refuse(struct call *c, enum err_code code, const char *field, const char *text)
{
    struct err   err;
    struct reply rp = { 0 };
    err_clear(&err);
    err_set(&err, code, field, "%s", text);
    if (code == ERR_BUSY)
        err.retry_after_s = 1;
    return refuse_with(c, &rp, &err);
}

/* ---- is the request sound? ---- */

static enum MHD_Result on_header(void *ctx, enum MHD_ValueKind kind, const char *name, size_t name_len, const char *value,
                                 size_t value_len)
{
    (void)kind;
    form_header(ctx, (str){ name, name_len }, (str){ value ? value : "", value_len });
    return MHD_YES;
}

/* The header bytes begin with the method; the library says how many there are. */
static bool form_read(struct call *c, const char *method, const char *version, struct form *f)
{
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(c->conn, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    *f = (struct form){ .start = method, .end = method + (size ? size->header_size : 0), .behind = version + strlen(version) };
    (void)MHD_get_connection_values_n(c->conn, MHD_HEADER_KIND, on_header, f);
    return form_ok(f, strcmp(version, MHD_HTTP_VERSION_1_1) == 0);
}

/* ---- no row for the path ---- */

static struct MHD_Response *asset_response(const struct asset_answer *as)
{
    if (as->unchanged)
        return MHD_create_response_from_buffer(0, (void *)(uintptr_t)"", MHD_RESPMEM_PERSISTENT);
    if (!as->unpack)
        return MHD_create_response_from_buffer(as->bytes.len, (void *)(uintptr_t)as->bytes.at, MHD_RESPMEM_PERSISTENT);
    size_t len   = 0;
    char  *plain = gzip_open(as->bytes, ASSET_BYTES_MAX, &len);
    struct MHD_Response *r = plain ? MHD_create_response_from_buffer(len, plain, MHD_RESPMEM_MUST_FREE) : NULL;
    if (!r)
        free(plain);
    return r;
}

static bool asset_here(struct call *c, enum MHD_Result *result)
{
    struct arena *a    = c->rq.work.arena;
    str           path = c->rq.path;
    if (c->rq.method != HTTP_GET || !c->server->o.asset_find || !url_decode(a, c->rq.path, false, &path))
        return false;
    struct asset_answer as = asset_choose(&c->server->o, path, header_of(c, "Accept-Encoding"), header_of(c, "If-None-Match"), a);
    struct MHD_Response *r = as.asset ? asset_response(&as) : NULL;
    if (!r)
        return false;
    struct reply        rp    = { .status = as.unchanged ? 304 : 200 };
    struct answer_facts facts = facts_of(c, NULL);
    reply_header(&rp, &c->rq, STR("ETag"), as.etag);
    reply_header(&rp, &c->rq, STR("Cache-Control"), as.caching);
    reply_header(&rp, &c->rq, STR("Vary"), STR("Accept-Encoding"));
    if (!as.unchanged)
        rp.type = str_of(as.asset->type);
    if (!as.unchanged && as.coding)
        reply_header(&rp, &c->rq, STR("Content-Encoding"), str_of(as.coding));
    answer_headers(&c->rq, &rp, &facts);
    call_told(c, rp.status, as.bytes.len, NULL);
    *result = queue_response(c, with_headers(r, &c->rq, &rp), (unsigned)rp.status, (int64_t)as.bytes.len);
    return true;
}

static str methods_text(struct arena *a, unsigned methods)
{
    struct buf b = buf_in(a);
    buf_add(&b, STR("OPTIONS"));
    for (int m = 1; m < HTTP_METHOD_COUNT; m++)
        if (methods & BIT(m))
            buf_print(&b, ", %s%s", http_method_names[m], m == HTTP_GET ? ", HEAD" : "");
    return buf_str(&b);
}

static enum MHD_Result no_route(struct call *c, bool is_options)
{
    enum MHD_Result result;
    struct reply    rp      = { 0 };
    unsigned        methods = c->server->o.router ? router_methods(c->server->o.router, c->rq.path) : 0;
    if (!methods && asset_here(c, &result))
        return result;
    if (!methods && !(is_options && str_is(c->rq.path, "*")))
        return refuse(c, ERR_NOT_FOUND, "", "there is nothing at this address");
    reply_header(&rp, &c->rq, STR("Allow"), methods_text(c->rq.work.arena, methods));
    if (is_options) {
        rp.status = REPLY_NO_CONTENT;
        return answer_here(c, &rp, NULL);
    }
    struct err err;
    err_clear(&err);
    err_set(&err, ERR_METHOD, "", "this address does not take this method");
    return refuse_with(c, &rp, &err);
}

/* ---- first call: headers are there ---- */

static enum MHD_Result quick_here(struct call *c)
{
    struct http_server *s  = c->server;
    struct reply        rp = { 0 };
    struct err          err;
    err_clear(&err);
    c->rq.app      = s->o.app;
    c->rq.work.ids = s->o.ids;
    c->rq.work.now = server_now(s);
    c->rq.work.log = server_log(s);
    if (!c->rq.route->run(&c->rq, &rp, &err))
        reply_problem(&c->rq, &rp, &err);
    return answer_here(c, &rp, &err);
}

/* The row of the request is looked for and what needs no request thread is answered. A request without a body comes here
 * with its second call: an answer in the first one would make the library close the connection. */
static enum MHD_Result route_in(struct call *c, const char *method, const struct form *f)
{
    struct http_server *s = c->server;
    bool                is_known;
    c->rq.method = call_method(c, method);
    call_address_split(c);
    if (!address_ok(c->rq.work.arena, c->rq.path))
        return refuse(c, ERR_QUERY_INVALID, "", "the address is not encoded UTF-8");
    c->closes   = form_has_body(f);          /* an answer before the body was read must end the connection */
    c->rq.route = s->o.router && c->rq.method ? router_find(s->o.router, c->rq.method, c->rq.path, &c->rq, &is_known) : NULL;
    if (!c->rq.route)
        return no_route(c, strcmp(method, "OPTIONS") == 0);
    c->body_limit = c->rq.route->limit_bytes ? c->rq.route->limit_bytes : BODY_BYTES_DEFAULT;
    if (form_has_body(f) && c->rq.method == HTTP_GET)
        return refuse(c, ERR_BODY_SYNTAX, "", "a GET has no body here");
    if (f->length > c->body_limit)
        return refuse(c, ERR_BODY_TOO_LARGE, "", "the body is larger than this address takes");
    if (form_has_body(f) && c->body_limit > SIGN_FIRST_BYTES && c->rq.route->permission != PERM_PUBLIC &&
        !header_of(c, "Cookie").len && !header_of(c, "Authorization").len)
        return refuse(c, ERR_SIGN_IN, "", "nobody is signed in");
    if (c->rq.route->quick)
        return quick_here(c);
    c->closes = false;
    c->stage  = STAGE_BODY;
    if (form_has_body(f) && c->watched)
        watch_allow(c->watched, BODY_MS + (int64_t)(c->body_limit / BYTES_PER_MS_MIN));
    return MHD_YES;
}

static enum MHD_Result call_route(struct call *c, const char *method, const struct form *f)
{
    char         memory[4096] __attribute__((aligned(16)));
    struct arena a = arena_over(memory, sizeof memory);
    c->rq.work.arena = &a;
    enum MHD_Result result = f ? route_in(c, method, f)
                               : refuse(c, ERR_BODY_SYNTAX, "", "the headers of the request are not in order");
    c->rq.work.arena = NULL;
    arena_done(&a);
    return result;
}

static enum MHD_Result call_begin(struct call *c, const char *method, const char *version)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(c->conn, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct form f;
    c->watched  = info ? info->socket_context : NULL;
    c->start_ns = clock_tick_ns();
    if (c->watched) {
        watch_allow(c->watched, 0);
        watch_set_idle(c->watched, false);
    }
    call_id_give(c);
    c->closes = true;                   /* until the request has proved to be in order */
    if (!form_read(c, method, version, &f))
        return call_route(c, method, NULL);
    if (form_has_body(&f))
        return call_route(c, method, &f);
    c->stage = STAGE_WHOLE;
    return MHD_YES;
}

/* ---- to the request threads and back ---- */

static enum MHD_Result refuse_alone(struct call *c, enum err_code code, const char *text)
{
    char         memory[4096] __attribute__((aligned(16)));
    struct arena a = arena_over(memory, sizeof memory);
    c->closes        = true;
    c->rq.work.arena = &a;
    enum MHD_Result result = refuse(c, code, "", text);
    arena_done(&a);
    return result;
}

static enum MHD_Result call_hand_over(struct call *c)
{
    if (c->body_refused == ERR_BODY_TOO_LARGE)
        return refuse_alone(c, ERR_BODY_TOO_LARGE, "the body is larger than this address takes");
    if (c->body_refused)
        return refuse_alone(c, ERR_BUSY, "too much is being sent at the moment");
    if (c->watched)
        watch_allow(c->watched, 0);
    c->stage = STAGE_ANSWER;
    return crew_take(c->server, c) ? MHD_YES : refuse_alone(c, ERR_BUSY, "too many requests wait");
}

/* The library is left with a copy of the socket that it closes, with the memory that it keeps for a connection; with MHD_USE_TURBO it does
 * not shut down what others still hold. */
static void screen_go(struct call *c)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(c->conn, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct screen *screen = c->screen;
    c->screen = NULL;
    screen_start(screen, info ? info->connect_fd : -1);
}

static enum MHD_Result call_answer(struct call *c)
{
    struct MHD_Response *r = c->response;
    c->response = NULL;
    if (c->screen)
        screen_go(c);
    if (!r)
        return MHD_NO;                  /* the silent ones, and those whose socket has another owner now */
    return queue_response(c, r, c->status, c->answer_bytes);
}

static enum MHD_Result on_call(void *ctx, struct MHD_Connection *conn, const char *url, const char *method,
                               const char *version, const char *upload, size_t *upload_len, void **call_ctx)
{
    struct call *c = *call_ctx;
    (void)ctx, (void)conn, (void)url;
    if (!c)
        return MHD_NO;
    if (c->stage == STAGE_NEW)
        return call_begin(c, method, version);
    if (c->stage == STAGE_ANSWER)
        return call_answer(c);
    if (c->stage == STAGE_WHOLE) {
        enum MHD_Result result = call_route(c, method, &(struct form){ 0 });
        if (c->stage != STAGE_BODY)
            return result;
    }
    if (!*upload_len)
        return call_hand_over(c);
    size_t len  = *upload_len;
    *upload_len = 0;
    return call_body_add(c, upload, len) ? MHD_YES : MHD_NO;
}

/* ---- for the crew ---- */

void conn_sleep(void *conn) { MHD_suspend_connection(conn); }
void conn_wake(void *conn) { MHD_resume_connection(conn); }

static ssize_t pipe_read(void *ctx, uint64_t pos, char *into, size_t room)
{
    (void)pos;
    int64_t n = pipe_take(ctx, into, room);
    return n == PIPE_DONE ? MHD_CONTENT_READER_END_OF_STREAM : n == PIPE_BROKEN ? MHD_CONTENT_READER_END_WITH_ERROR : (ssize_t)n;
}

static void pipe_gone(void *ctx) { pipe_leave(ctx); }

struct MHD_Response *response_pipe(struct call *c, struct reply *rp, struct pipe *p)
{
    struct answer_facts facts = facts_of(c, NULL);
    if (!rp->type.len)
        rp->type = STR("application/json");
    answer_headers(&c->rq, rp, &facts);
    struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16384, pipe_read, p, pipe_gone);
    if (!r)
        pipe_leave(p);
    return with_headers(r, &c->rq, rp);
}

str live_head(struct call *c, struct reply *rp)
{
    struct answer_facts facts = facts_of(c, NULL);
    struct buf          b     = buf_in(c->rq.work.arena);
    facts.closes = true;                                            /* its end is the end of the connection */
    rp->type = STR("text/event-stream");
    reply_header(rp, &c->rq, STR("X-Accel-Buffering"), STR("no"));  /* nginx shall pass events on at once */
    answer_headers(&c->rq, rp, &facts);
    buf_print(&b, "HTTP/1.1 %d OK\r\n", rp->status);
    for (int i = 0; i < rp->headers.count; i++)
        buf_print(&b, "%.*s: %.*s\r\n", STR_ARG(rp->headers.at[i].name), STR_ARG(rp->headers.at[i].value));
    buf_add(&b, STR("\r\n"));
    return buf_str(&b);
}

static enum MHD_Result header_take(void *ctx, enum MHD_ValueKind kind, const char *name, size_t name_len, const char *value,
                                   size_t value_len)
{
    struct request *rq = ctx;
    (void)kind;
    str text = { value ? value : "", value_len };
    if (!utf8_valid(text))
        text = utf8_mend(rq->work.arena, text);
    *http_header_list_add(&rq->headers, rq->work.arena) = (struct http_header){ { name, name_len }, text };
    return MHD_YES;
}

void call_headers_read(struct call *c)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(c->conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    (void)MHD_get_connection_values_n(c->conn, MHD_HEADER_KIND, header_take, &c->rq);
    peer_write(info ? info->client_addr : NULL, http_header_get(&c->rq.headers, "X-Forwarded-For"), c->peer);
    c->rq.peer = str_of(c->peer);
}

/* ---- the daemon ---- */

static void on_completed(void *ctx, struct MHD_Connection *conn, void **call_ctx, enum MHD_RequestTerminationCode why)
{
    struct http_server *s = ctx;
    (void)why;
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (info && info->socket_context) {
        watch_allow(info->socket_context, s->headers_ms);
        watch_set_idle(info->socket_context, true);
    }
    if (*call_ctx)
        call_release(*call_ctx);
    *call_ctx = NULL;
}

static void on_connection(void *ctx, struct MHD_Connection *conn, void **socket_ctx, enum MHD_ConnectionNotificationCode what)
{
    struct http_server *s = ctx;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CONNECTION_FD);
        *socket_ctx = info ? watch_begin(s->watch, info->connect_fd, s->headers_ms) : NULL;
    } else if (*socket_ctx) {
        watch_end(s->watch, *socket_ctx);
        *socket_ctx = NULL;
    }
}

__attribute__((format(printf, 2, 0))) static void on_library_log(void *ctx, const char *fmt, va_list args)
{
    const struct http_server *s = ctx;
    char text[400];
    vsnprintf(text, sizeof text, fmt, args);
    str line = str_trim(utf8_cut(str_of(text), sizeof text - 1));
    log_debug(server_log(s), "http.library", LOG_STR("text", line));
}

/* Nobody new while the server drains, or when screens and connections together are as many as there may be. The library's own way, MHD_quiesce_daemon, takes the listening socket out of the threads'
 * epoll sets from outside while a thread may be doing the same, and the one that comes second ends the process. */
static enum MHD_Result on_accept(void *cls, const struct sockaddr *at, socklen_t len)
{
    const struct http_server *s = cls;
    (void)at;
    (void)len;
    return atomic_load(&s->is_draining) || watch_count(s->watch) + screens_count(s->screens) >= s->connections_max ? MHD_NO : MHD_YES;
}

static bool daemon_start(struct http_server *s, int fd, struct err *err)
{
    long     cores   = s->o.threads ? s->o.threads : sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = cores < 1 ? 1 : cores > 16 ? 16 : (unsigned)cores;
    unsigned flags   = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO | MHD_USE_ITC |
                       MHD_USE_PEDANTIC_CHECKS | MHD_USE_ERROR_LOG;
    struct MHD_OptionItem pool[] = {
        { threads > 1 ? MHD_OPTION_THREAD_POOL_SIZE : MHD_OPTION_END, (intptr_t)threads, NULL },
        { MHD_OPTION_END, 0, NULL },
    };
    s->connections_max = (int)connections_allowed(s->o.connections_max ? s->o.connections_max : CONNECTIONS_DEFAULT);
    s->daemon = MHD_start_daemon(flags, 0, on_accept, s, on_call, s,
        MHD_OPTION_EXTERNAL_LOGGER, on_library_log, s,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, 4096u,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)s->connections_max,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
        MHD_OPTION_URI_LOG_CALLBACK, on_request_line, s,
        MHD_OPTION_UNESCAPE_CALLBACK, on_unescape, s,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
        MHD_OPTION_ARRAY, pool,
        MHD_OPTION_END);
    return s->daemon || err_set(err, ERR_SETTING, "listen", "the HTTP server did not start");
}

bool http_start(const struct http_options *o, struct arena *a, struct http_server **out, struct err *err)
{
    struct http_server *s = ARENA_NEW(a, struct http_server);
    int fd = -1;
    s->o          = *o;
    s->quiet.fd   = -1;
    s->headers_ms = o->headers_ms ? o->headers_ms : HEADERS_MS_DEFAULT;
    secret_random(&s->id_seed, sizeof s->id_seed);
    pthread_mutex_init(&s->lock, NULL);
    signal(SIGPIPE, SIG_IGN);           /* a client that hangs up is an error of one write, not the end of the program */
    if (!listen_at(o->address, o->port, &fd, err))
        return false;
    s->port  = port_of(fd);
    int tick = s->headers_ms / 8 < 20 ? 20 : s->headers_ms / 8 > 1000 ? 1000 : s->headers_ms / 8;
    if (!watch_open(tick, &s->watch, err)) {
        close(fd);
        return false;
    }
    if (!screens_open(&s->screens, err)) {
        watch_close(s->watch);
        close(fd);
        return false;
    }
    if (!crew_start(s, a, err) || !daemon_start(s, fd, err)) {
        crew_stop(s);
        screens_close(s->screens);
        watch_close(s->watch);
        close(fd);
        return false;
    }
    *out = s;
    return true;
}

int http_port(const struct http_server *s) { return s->port; }

/* In this order: nobody new; screens are told to come back; what runs may finish; then nothing is suspended any more, the
 * threads end, and the library, which cannot stop with suspended connections, is stopped. */
void http_stop(struct http_server *s, int drain_ms)
{
    int64_t until = clock_tick_ns() + (int64_t)drain_ms * 1000000;
    atomic_store(&s->is_draining, true);
    if (s->o.live)
        live_finish(s->o.live);
    crew_end_silent(s);
    for (;;) {
        watch_cut_idle(s->watch);
        if (watch_count(s->watch) + screens_count(s->screens) == 0 || clock_tick_ns() >= until)
            break;
        usleep(2000);
    }
    atomic_store(&s->is_stopping, true);
    crew_stop(s);
    crew_end_silent(s);
    MHD_stop_daemon(s->daemon);         /* closes the listening socket too */
    screens_close(s->screens);
    watch_close(s->watch);
    pthread_mutex_destroy(&s->lock);
}
