/* server.c - the only file that knows libmicrohttpd.
 *
 * Its epoll threads parse a request, check its form and collect its body; then the connection is suspended and the call put
 * on the queue. A request thread runs it from start to end, makes the library's response, and resumes the connection. Public
 * rows marked quick, assets and refusals are answered on the epoll thread at once.
 */
#include "http/asset.h"
#include "http/encoding.h"
#include "http/live_stream.h"
#include "http/pipe.h"
#include "http/pipeline.h"
#include "http/watch.h"

#include "base/metric.h"
#include "base/secret.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/resource.h>
#include <unistd.h>

#define BODY_BYTES_DEFAULT  ((size_t)1 << 20)
#define BODIES_BYTES_MAX    ((size_t)512 << 20)         /* of all requests together */
#define BODY_EXTRA_MAX      ((size_t)1 << 20)           /* read and thrown away, so that a client sees the 413 */
#define QUEUE_MAX           4096
#define CONNECTION_BYTES    ((size_t)16 << 10)          /* the library's pool: request line and headers must fit */
#define GZIP_FROM_BYTES     1024
#define ASSET_BYTES_MAX     ((size_t)64 << 20)
#define IDLE_S              15
#define HEADERS_MS_DEFAULT  20000
#define BODY_MS             30000
#define BYTES_PER_MS_MIN    16                          /* slower clients are cut */
#define FILES_KEPT          128                         /* descriptors that are not connections */

enum stage { STAGE_NEW, STAGE_WHOLE, STAGE_BODY, STAGE_ANSWER };

struct call {
    struct http_server    *server;
    struct MHD_Connection *conn;
    struct watched        *watched;
    struct call           *next, *prev; /* in the queue, or among the silent ones */
    atomic_int             holders;
    enum stage             stage;
    bool                   is_head, is_silent, is_live, closes;
    struct MHD_Response   *response;
    unsigned               status;
    int64_t                answer_bytes;        /* -1: not known before */
    struct request         rq;
    char                  *body;
    size_t                 body_cap, body_limit, body_dropped;
    enum err_code          body_refused;
    int64_t                start_ns;
    char                   id[16], peer[INET6_ADDRSTRLEN];
    char                   uri[];
};

struct http_server {
    struct http_options o;
    struct log          quiet;
    struct clock        own_clock;
    struct MHD_Daemon  *daemon;
    int                 port;
    struct watch       *watch;
    int                 headers_ms;
    pthread_mutex_t     lock;           /* queue, silent list, is_closed */
    pthread_cond_t      more;
    struct call        *first, *last, *silent;
    int                 queued;
    bool                is_closed;      /* nothing is suspended any more */
    _Atomic bool        is_draining, is_stopping;
    atomic_int          running, streaming;
    atomic_size_t       bodies_bytes;
    atomic_ullong       ids;
    uint32_t            id_seed;
    pthread_t          *threads;
    int                 threads_count;
};

struct crew {                           /* what a request thread keeps from call to call */
    struct arena   arena;
    struct packer *packer;
    struct err     err;
};

static const struct log *log_of(const struct http_server *s) { return s->o.log ? s->o.log : &s->quiet; }

/* ---- responses ---- */

static void header_add(struct MHD_Response *r, const char *name, const char *value)
{
    (void)MHD_add_response_header(r, name, value);      /* refuses line breaks; then the header is left out */
}

static void headers_add(struct MHD_Response *r, const struct call *c, const struct reply *rp, struct arena *a)
{
    static const char policy[] =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
    bool has_caching = false;
    for (int i = 0; i < rp->headers.count; i++) {
        const struct http_header *h = &rp->headers.at[i];
        has_caching = has_caching || str_is(h->name, "Cache-Control");
        header_add(r, str_zero(a, h->name), str_zero(a, h->value));
    }
    header_add(r, "Content-Security-Policy", policy);
    header_add(r, "X-Content-Type-Options", "nosniff");
    header_add(r, "Referrer-Policy", "same-origin");
    if (!has_caching)
        header_add(r, "Cache-Control", "no-store");
    const char *proto = MHD_lookup_connection_value(c->conn, MHD_HEADER_KIND, "X-Forwarded-Proto");
    if (proto && strcasecmp(proto, "https") == 0)
        header_add(r, "Strict-Transport-Security", "max-age=31536000");
    if (c->closes || atomic_load_explicit(&c->server->is_draining, memory_order_relaxed))
        header_add(r, "Connection", "close");
}

static str header_of(const struct call *c, const char *name)
{
    return str_of(MHD_lookup_connection_value(c->conn, MHD_HEADER_KIND, name));
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

static bool is_packable(const struct call *c, const struct reply *rp)
{
    return rp->body.len > GZIP_FROM_BYTES && (!rp->type.len || str_has(rp->type, STR("json"))) &&
           encoding_taken(header_of(c, "Accept-Encoding"), "gzip");
}

/* An answer whose whole body is there. The library gets its own copy: the arena is reset before it is sent. */
static struct MHD_Response *body_response(struct call *c, struct reply *rp, struct arena *a, struct packer **packer)
{
    str    body   = buf_str(&rp->body);
    size_t packed = 0;
    bool   may    = packer && is_packable(c, rp);
    char  *gzip   = may ? packer_gzip(packer, body, &packed) : NULL;
    struct MHD_Response *r;
    if (rp->cut)
        r = half_response(body);
    else if (gzip)
        r = MHD_create_response_from_buffer(packed, gzip, MHD_RESPMEM_MUST_FREE);
    else
        r = MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)(body.len ? body.at : ""),
                                            body.len ? MHD_RESPMEM_MUST_COPY : MHD_RESPMEM_PERSISTENT);
    if (!r) {
        free(gzip);
        return NULL;
    }
    if (gzip && !rp->cut)
        header_add(r, "Content-Encoding", "gzip");
    else
        free(gzip);
    if (may)
        header_add(r, "Vary", "Accept-Encoding");
    if (rp->type.len)
        header_add(r, "Content-Type", str_zero(a, rp->type));
    else if (body.len)
        header_add(r, "Content-Type", "application/json");
    headers_add(r, c, rp, a);
    return r;
}

/* ---- one line and two figures per request ---- */

static void call_told(const struct call *c, unsigned status, size_t bytes, const struct err *err)
{
    const struct request *rq = &c->rq;
    const char *method = c->is_head ? "HEAD" : http_method_names[rq->method];
    const char *path   = rq->route ? rq->route->path : "-";
    int64_t     us     = (clock_tick_ns() - c->start_ns) / 1000;
    bool        failed = status >= 500;
    char        label[128];

    snprintf(label, sizeof label, "%s %s %u", method, path, status);
    metric_count(METRIC_HTTP_REQUESTS, label, 1);
    label[strlen(label) - (status >= 100 ? 4 : 2)] = 0;
    metric_observe(METRIC_HTTP_SECONDS, label, us);

    enum log_level level = failed ? LOG_ERROR : rq->route && rq->route->quick ? LOG_DEBUG : LOG_INFO;
    struct log_pair pairs[10] = {
        LOG_TEXT("method", method), LOG_TEXT("route", path), LOG_INT("status", status), LOG_INT("us", us),
        LOG_INT("bytes", bytes), LOG_STR("request", rq->id),
    };
    int count = 6;
    if (id_is_set(rq->who.user_id))
        pairs[count++] = LOG_INT(rq->who.is_key ? "key" : "user", rq->who.user_id.v);
    if (err && err_is_set(err)) {
        pairs[count++] = LOG_TEXT("code", err_kind(err->code)->code);
        if (failed && err->count)
            pairs[count++] = LOG_TEXT("text", err->item[0].text);
        if (err->trail[0])
            pairs[count++] = LOG_TEXT("trail", err->trail);
    }
    log_write(log_of(c->server), level, "http.request", count, pairs);
}

/* ---- the life of a call ---- */

static void call_release(struct call *c)
{
    if (atomic_fetch_sub(&c->holders, 1) != 1)
        return;
    if (c->response)
        MHD_destroy_response(c->response);
    if (c->body) {
        atomic_fetch_sub(&c->server->bodies_bytes, c->body_cap);
        free(c->body);
    }
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

static void id_give(struct call *c)
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned long long n = atomic_fetch_add_explicit(&c->server->ids, 1, memory_order_relaxed);
    uint64_t mix = ((uint64_t)c->server->id_seed << 24) + n;
    for (int i = 10; i >= 0; i--, mix >>= 5)
        c->id[i] = letters[mix & 31];
    c->rq.id = str_of(c->id);
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
    struct MHD_Response *r = body_response(c, rp, c->rq.work.arena, NULL);
    unsigned status = rp->status ? (unsigned)rp->status : 200;
    call_told(c, status, rp->body.len, err);
    return queue_response(c, r, status, (int64_t)rp->body.len);
}

static enum MHD_Result refuse_with(struct call *c, struct reply *rp, const struct err *err, int status)
{
    reply_problem(&c->rq, rp, err);
    if (status)
        rp->status = status;
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
    return refuse_with(c, &rp, &err, 0);
}

/* ---- is the request sound? ---- */

/* The library lets some requests pass that another server in front may cut into two differently: several Content-Length,
 * Content-Length beside Transfer-Encoding, a space before the colon, a NUL in a value. All of them end the connection. */
struct form {
    const char *start, *end;            /* the header bytes in the library's buffer */
    const char *behind;                 /* end of the value before */
    int         hosts, lengths, codings;
    bool        is_chunked, is_bad, has_body;
    uint64_t    length;
};

static bool is_token(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char ch = (unsigned char)s[i];
        if (ch <= ' ' || ch >= 127 || memchr("\"(),/:;<=>?@[\\]{}", ch, 17))
            return false;
    }
    return len > 0;
}

/* The library ends a value at the first NUL, and writes NULs over the line's end (CR LF): more than two NULs, or anything
 * else, between a value and what follows were in the value. Folded lines are copied elsewhere and refused as well. */
static bool is_gap_clean(const struct form *f, const char *next, size_t allowed)
{
    if (!f->behind)
        return true;
    if (f->behind < f->start || f->behind > next || next > f->end || (size_t)(next - f->behind) > allowed)
        return false;
    for (const char *at = f->behind; at < next; at++)
        if (*at)
            return false;
    return true;
}

static enum MHD_Result form_header(void *ctx, enum MHD_ValueKind kind, const char *name, size_t name_len, const char *value,
                                   size_t value_len)
{
    struct form *f = ctx;
    (void)kind;
    value = value ? value : "";
    f->is_bad = f->is_bad || !is_token(name, name_len) || !is_gap_clean(f, name, 2);
    for (size_t i = 0; i < value_len; i++)
        f->is_bad = f->is_bad || ((unsigned char)value[i] < ' ' && value[i] != '\t') || value[i] == 127;
    f->behind = value + value_len;
    if (name_len == 4 && strncasecmp(name, "Host", 4) == 0)
        f->hosts++;
    if (name_len == 17 && strncasecmp(name, "Transfer-Encoding", 17) == 0) {
        f->codings++;
        f->is_chunked = value_len == 7 && strncasecmp(value, "chunked", 7) == 0;
    }
    if (name_len == 14 && strncasecmp(name, "Content-Length", 14) == 0) {
        int64_t length = 0;
        f->lengths++;
        f->is_bad = f->is_bad || !str_to_int((str){ value, value_len }, &length) || length < 0 || value[0] == '-';
        f->length = (uint64_t)length;
    }
    return MHD_YES;
}

static bool form_ok(struct call *c, const char *method, const char *version, struct form *f)
{
    const union MHD_ConnectionInfo *size = MHD_get_connection_info(c->conn, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    *f = (struct form){ .start = method, .end = method + (size ? size->header_size : 0) };
    (void)MHD_get_connection_values_n(c->conn, MHD_HEADER_KIND, form_header, f);
    bool is_new = strcmp(version, MHD_HTTP_VERSION_1_1) == 0;
    f->has_body = f->length > 0 || f->is_chunked;
    return !f->is_bad && is_gap_clean(f, f->end, 4) && f->lengths <= 1 && f->codings <= 1 && f->lengths + f->codings <= 1 &&
           f->is_chunked == (f->codings == 1) && (is_new ? f->hosts == 1 : f->hosts <= 1 && !f->codings);
}

static enum http_method method_of(struct call *c, const char *method)
{
    if (strcmp(method, "HEAD") == 0) {
        c->is_head = true;
        return HTTP_GET;
    }
    for (int m = 1; m < HTTP_METHOD_COUNT; m++)
        if (strcmp(method, http_method_names[m]) == 0)
            return (enum http_method)m;
    return HTTP_NONE;
}

/* "/path?query", or the absolute form that is meant for proxies but has to be understood. */
static void address_split(struct call *c)
{
    str uri = str_of(c->uri);
    if (uri.len > 7 && strncasecmp(uri.at, "http", 4) == 0) {
        ptrdiff_t at = str_find(uri, STR("://"));
        str rest     = at > 0 ? str_sub(uri, (size_t)at + 3, SIZE_MAX) : (str){ 0 };
        ptrdiff_t slash = str_find(rest, STR("/"));
        uri = slash >= 0 ? str_sub(rest, (size_t)slash, SIZE_MAX) : STR("/");
    }
    ptrdiff_t mark = str_find(uri, STR("?"));
    c->rq.path  = mark >= 0 ? str_sub(uri, 0, (size_t)mark) : uri;
    c->rq.query = mark >= 0 ? str_sub(uri, (size_t)mark + 1, SIZE_MAX) : (str){ 0 };
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
    struct reply rp = { 0 };
    reply_header(&rp, &c->rq, STR("ETag"), as.etag);
    reply_header(&rp, &c->rq, STR("Cache-Control"), as.caching);
    reply_header(&rp, &c->rq, STR("Vary"), STR("Accept-Encoding"));
    if (!as.unchanged)
        reply_header(&rp, &c->rq, STR("Content-Type"), str_of(as.asset->type));
    if (!as.unchanged && as.coding)
        reply_header(&rp, &c->rq, STR("Content-Encoding"), str_of(as.coding));
    headers_add(r, c, &rp, a);
    unsigned status = as.unchanged ? 304 : 200;
    call_told(c, status, as.bytes.len, NULL);
    *result = queue_response(c, r, status, (int64_t)as.bytes.len);
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
    return refuse_with(c, &rp, &err, 0);
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
    c->rq.work.now = clock_now(s->o.clock ? s->o.clock : &s->own_clock);
    c->rq.work.log = log_of(s);
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
    c->rq.method = method_of(c, method);
    address_split(c);
    if (!address_ok(c->rq.work.arena, c->rq.path))
        return refuse(c, ERR_QUERY_INVALID, "", "the address is not encoded UTF-8");
    c->closes   = f->has_body;          /* an answer before the body was read must end the connection */
    c->rq.route = s->o.router && c->rq.method ? router_find(s->o.router, c->rq.method, c->rq.path, &c->rq, &is_known) : NULL;
    if (!c->rq.route)
        return no_route(c, strcmp(method, "OPTIONS") == 0);
    c->body_limit = c->rq.route->limit_bytes ? c->rq.route->limit_bytes : BODY_BYTES_DEFAULT;
    if (f->has_body && c->rq.method == HTTP_GET)
        return refuse(c, ERR_BODY_SYNTAX, "", "a GET has no body here");
    if (f->length > c->body_limit)
        return refuse(c, ERR_BODY_TOO_LARGE, "", "the body is larger than this address takes");
    if (c->rq.route->quick)
        return quick_here(c);
    c->closes = false;
    c->stage  = STAGE_BODY;
    if (f->has_body && c->watched)
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
    id_give(c);
    c->closes = true;                   /* until the request has proved to be in order */
    if (!form_ok(c, method, version, &f))
        return call_route(c, method, NULL);
    if (f.has_body)
        return call_route(c, method, &f);
    c->stage = STAGE_WHOLE;
    return MHD_YES;
}

/* ---- the body ---- */

static bool body_room(struct call *c, size_t more)
{
    size_t need = c->rq.body.len + more;
    if (need <= c->body_cap)
        return true;
    size_t cap = c->body_cap ? c->body_cap * 2 : 4096;
    if (cap < need)
        cap = need;
    if (atomic_fetch_add(&c->server->bodies_bytes, cap - c->body_cap) + cap - c->body_cap > BODIES_BYTES_MAX) {
        atomic_fetch_sub(&c->server->bodies_bytes, cap - c->body_cap);
        return false;
    }
    char *body = realloc(c->body, cap);
    if (!body) {
        atomic_fetch_sub(&c->server->bodies_bytes, cap - c->body_cap);
        return false;
    }
    c->body     = body;
    c->body_cap = cap;
    return true;
}

/* False ends the connection. */
static bool body_add(struct call *c, const char *bytes, size_t len)
{
    if (!c->body_refused && c->rq.body.len + len > c->body_limit)
        c->body_refused = ERR_BODY_TOO_LARGE;
    if (!c->body_refused && !body_room(c, len))
        c->body_refused = ERR_BUSY;
    if (c->body_refused) {
        c->body_dropped += len;
        return c->body_dropped <= BODY_EXTRA_MAX;
    }
    memcpy(c->body + c->rq.body.len, bytes, len);
    c->rq.body = (str){ c->body, c->rq.body.len + len };
    return true;
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
    struct http_server *s = c->server;
    if (c->body_refused == ERR_BODY_TOO_LARGE)
        return refuse_alone(c, ERR_BODY_TOO_LARGE, "the body is larger than this address takes");
    if (c->body_refused)
        return refuse_alone(c, ERR_BUSY, "too much is being sent at the moment");
    if (c->watched)
        watch_allow(c->watched, 0);
    c->stage = STAGE_ANSWER;
    pthread_mutex_lock(&s->lock);
    bool takes = !s->is_closed && s->queued < QUEUE_MAX;
    if (takes) {
        MHD_suspend_connection(c->conn);
        if (s->last)
            s->last->next = c;
        else
            s->first = c;
        s->last = c;
        s->queued++;
        pthread_cond_signal(&s->more);
    }
    pthread_mutex_unlock(&s->lock);
    return takes ? MHD_YES : refuse_alone(c, ERR_BUSY, "too many requests wait");
}

static enum MHD_Result call_answer(struct call *c, void **call_ctx)
{
    struct MHD_Response *r = c->response;
    c->response = NULL;
    if (!r)
        return MHD_NO;                  /* the silent ones */
    enum MHD_Result result = queue_response(c, r, c->status, c->answer_bytes);
    if (c->is_live) {                   /* an open screen keeps nothing but its stream */
        *call_ctx = NULL;
        call_release(c);
    }
    return result;
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
        return call_answer(c, call_ctx);
    if (c->stage == STAGE_WHOLE) {
        enum MHD_Result result = call_route(c, method, &(struct form){ 0 });
        if (c->stage != STAGE_BODY)
            return result;
    }
    if (!*upload_len)
        return call_hand_over(c);
    size_t len  = *upload_len;
    *upload_len = 0;
    return body_add(c, upload, len) ? MHD_YES : MHD_NO;
}

/* ---- request threads ---- */

static void conn_sleep(void *conn) { MHD_suspend_connection(conn); }
static void conn_wake(void *conn) { MHD_resume_connection(conn); }

static ssize_t pipe_read(void *ctx, uint64_t pos, char *into, size_t room)
{
    (void)pos;
    int64_t n = pipe_take(ctx, into, room);
    return n == PIPE_DONE ? MHD_CONTENT_READER_END_OF_STREAM : n == PIPE_BROKEN ? MHD_CONTENT_READER_END_WITH_ERROR : (ssize_t)n;
}

static void pipe_gone(void *ctx) { pipe_leave(ctx); }

static ssize_t live_read(void *ctx, uint64_t pos, char *into, size_t room)
{
    (void)pos;
    int64_t n = live_take(ctx, into, room);
    return n == LIVE_ENDS ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)n;
}

static void live_gone(void *ctx) { live_leave(ctx); }

/* From here on the call belongs to the library's thread again. */
static void call_return(struct call *c, struct MHD_Response *r, const struct reply *rp, int64_t bytes)
{
    c->response     = r;
    c->status       = (unsigned)rp->status;
    c->answer_bytes = bytes;
    MHD_resume_connection(c->conn);
}

static void silent_gone(void *ctx)
{
    struct call        *c = ctx;
    struct http_server *s = c->server;
    pthread_mutex_lock(&s->lock);
    bool is_ours = c->is_silent;
    if (is_ours) {
        c->is_silent = false;
        if (c->prev)
            c->prev->next = c->next;
        else
            s->silent = c->next;
        if (c->next)
            c->next->prev = c->prev;
    }
    pthread_mutex_unlock(&s->lock);
    if (is_ours)
        MHD_resume_connection(c->conn);
}

/* Never answered: kept until the client hangs up or the server stops. */
static void call_keep_silent(struct call *c)
{
    struct http_server *s = c->server;
    pthread_mutex_lock(&s->lock);
    bool takes = !s->is_closed && c->watched;
    if (takes) {
        c->is_silent = true;
        c->prev      = NULL;
        c->next      = s->silent;
        if (c->next)
            c->next->prev = c;
        s->silent = c;
    }
    pthread_mutex_unlock(&s->lock);
    if (takes)
        watch_for_end(s->watch, c->watched, silent_gone, c);
    else
        MHD_resume_connection(c->conn);
}

static struct MHD_Response *live_response(struct call *c, struct reply *rp, struct crew *me)
{
    struct request     *rq     = &c->rq;
    struct live_stream *stream = NULL;
    struct live_port    port   = { conn_sleep, conn_wake, c->conn };
    int64_t             after  = rp->live_after;
    str                 seen   = http_header_get(&rq->headers, "Last-Event-ID");
    if (!after && !str_to_int(seen, &after) && !str_to_int(query_text(rq, "after"), &after))
        after = 0;
    if (!c->server->o.live) {
        err_set(&me->err, ERR_NOT_FOUND, "", "there are no live events here");
        return NULL;
    }
    if (!live_join(c->server->o.live, &rq->who, after, rq->work.db, rq->work.arena, &port, &stream, &me->err))
        return NULL;
    struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, live_read, stream, live_gone);
    if (!r) {
        live_leave(stream);
        err_set(&me->err, ERR_BUSY, "", "no memory");
        return NULL;
    }
    header_add(r, "Content-Type", "text/event-stream");
    header_add(r, "X-Accel-Buffering", "no");           /* nginx shall pass events on at once */
    headers_add(r, c, rp, rq->work.arena);
    c->is_live = true;
    return r;
}

/* Pours the reply through a pipe while the connection is being served. The first part is asked for before the status is
 * sent, so that a stream that fails at once is still a proper problem. */
static bool call_stream(struct call *c, struct reply *rp, struct crew *me)
{
    struct http_server *s = c->server;
    enum { PART_BYTES = 32768 };
    char   *part = arena_raw(&me->arena, PART_BYTES);
    int64_t n    = 0, total = 0;
    struct pipe_port port = { conn_sleep, conn_wake, c->conn };

    if (atomic_fetch_add(&s->streaming, 1) >= (s->threads_count + 1) / 2) {
        atomic_fetch_sub(&s->streaming, 1);
        me->err.retry_after_s = 5;
        return err_set(&me->err, ERR_BUSY, "", "too many exports run at the moment");
    }
    n = rp->stream(rp->stream_ctx, part, PART_BYTES, &me->err);
    struct pipe *p = n >= 0 ? pipe_new(&port) : NULL;
    struct MHD_Response *r = p ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 16384, pipe_read, p, pipe_gone) : NULL;
    if (!r) {
        if (p) {
            pipe_leave(p);
            pipe_end(p, false);
        }
        atomic_fetch_sub(&s->streaming, 1);
        return err_is_set(&me->err) ? false : err_set(&me->err, n < 0 ? ERR_INTERNAL : ERR_BUSY, "", "the stream did not begin");
    }
    header_add(r, "Content-Type", rp->type.len ? str_zero(&me->arena, rp->type) : "application/json");
    headers_add(r, c, rp, &me->arena);
    atomic_fetch_add(&c->holders, 1);   /* the stream may look at the request while the client hangs up */
    call_return(c, r, rp, -1);
    bool ok = true;
    while (n > 0 && (ok = pipe_pour(p, part, (size_t)n, &s->is_stopping))) {
        total += n;
        n = rp->stream(rp->stream_ctx, part, PART_BYTES, &me->err);
    }
    pipe_end(p, ok && n == 0);
    atomic_fetch_sub(&s->streaming, 1);
    if (rp->stream_done)
        rp->stream_done(rp->stream_ctx);
    call_told(c, (unsigned)rp->status, (size_t)total, &me->err);
    call_release(c);
    return true;
}

/* True when the call was given back, kept or streamed: it may be gone already. */
static bool call_answer_long(struct call *c, struct reply *rp, struct crew *me)
{
    if (rp->silent) {
        call_told(c, 0, 0, NULL);
        call_keep_silent(c);
        return true;
    }
    if (c->is_head)
        return false;
    if (rp->live) {
        struct MHD_Response *r = live_response(c, rp, me);
        if (!r)
            return false;
        call_told(c, (unsigned)rp->status, 0, NULL);
        call_return(c, r, rp, -1);
        return true;
    }
    return rp->stream && call_stream(c, rp, me);
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

static bool is_loopback(const struct sockaddr *at)
{
    if (at->sa_family == AF_INET)
        return (ntohl(((const struct sockaddr_in *)(const void *)at)->sin_addr.s_addr) >> 24) == 127;
    return at->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)at)->sin6_addr);
}

/* Behind a proxy on this machine the client is who the proxy says: the last address of X-Forwarded-For, the one it added. */
static void peer_find(struct call *c)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(c->conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *at = info ? info->client_addr : NULL;
    struct in6_addr any;
    if (!at)
        return;
    const void *raw = at->sa_family == AF_INET6 ? (const void *)&((const struct sockaddr_in6 *)(const void *)at)->sin6_addr
                                                : (const void *)&((const struct sockaddr_in *)(const void *)at)->sin_addr;
    inet_ntop(at->sa_family, raw, c->peer, sizeof c->peer);
    str via = is_loopback(at) ? http_header_get(&c->rq.headers, "X-Forwarded-For") : (str){ 0 }, part = { 0 };
    while (str_split(&via, ',', &part))
        ;
    char text[INET6_ADDRSTRLEN];
    part = str_trim(part);
    if (part.len && part.len < sizeof text) {
        memcpy(text, part.at, part.len);
        text[part.len] = 0;
        if (inet_pton(AF_INET, text, &any) == 1 || inet_pton(AF_INET6, text, &any) == 1)
            memcpy(c->peer, text, part.len + 1);
    }
    c->rq.peer = str_of(c->peer);
}

static void call_run(struct crew *me, struct call *c)
{
    struct http_server *s  = c->server;
    struct request     *rq = &c->rq;
    struct reply        rp = { 0 };
    struct log          log = *log_of(s);
    __attribute__((cleanup(db_release))) struct db *db = s->o.pool ? db_borrow(s->o.pool) : NULL;

    snprintf(log.context, sizeof log.context, "%s", c->id);
    err_clear(&me->err);
    rq->app  = s->o.app;
    rq->work = (struct work){ .db = db, .arena = &me->arena, .ids = s->o.ids, .log = &log,
                              .now = clock_now(s->o.clock ? s->o.clock : &s->own_clock) };
    (void)MHD_get_connection_values_n(c->conn, MHD_HEADER_KIND, header_take, rq);
    peer_find(c);
    pipeline_run(&s->o, rq, &rp, &me->err);
    if (rp.live || rp.silent || rp.stream) {
        if (call_answer_long(c, &rp, me))
            return;
        if (rp.stream && rp.stream_done)
            rp.stream_done(rp.stream_ctx);
        if (err_is_set(&me->err))
            reply_problem(rq, &rp, &me->err);
        else if (rp.live)
            rp.type = STR("text/event-stream");
    }
    db_release(&db);                    /* before packing: others wait for it */
    db = NULL;
    size_t bytes = rp.body.len;
    struct MHD_Response *r = body_response(c, &rp, &me->arena, &me->packer);
    call_told(c, (unsigned)rp.status, bytes, &me->err);
    call_return(c, r, &rp, (int64_t)bytes);
}

static struct call *call_next(struct http_server *s)
{
    pthread_mutex_lock(&s->lock);
    while (!s->first && !s->is_closed)
        pthread_cond_wait(&s->more, &s->lock);
    struct call *c = s->first;
    if (c) {
        s->first = c->next;
        if (!s->first)
            s->last = NULL;
        c->next = NULL;
        s->queued--;
        atomic_fetch_add(&s->running, 1);
    }
    pthread_mutex_unlock(&s->lock);
    return c;
}

static void *crew_main(void *arg)
{
    struct http_server *s  = arg;
    struct crew         me = { 0 };
    for (struct call *c; (c = call_next(s)) != NULL;) {
        call_run(&me, c);
        arena_reset(&me.arena);
        atomic_fetch_sub(&s->running, 1);
    }
    packer_done(me.packer);
    arena_done(&me.arena);
    return NULL;
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
    log_debug(log_of(s), "http.library", LOG_STR("text", line));
}

static bool listen_at(str address, int port, int *out, struct err *err)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
    struct addrinfo *found = NULL;
    char host[256], service[16];
    int  yes = 1;
    if (address.len >= sizeof host)
        return err_set(err, ERR_SETTING, "listen", "the address is too long");
    snprintf(host, sizeof host, "%.*s", STR_ARG(address));
    snprintf(service, sizeof service, "%d", port);
    if (port < 0 || port > 65535)
        return err_set(err, ERR_SETTING, "listen", "port %d is not between 0 and 65535", port);
    if (getaddrinfo(host[0] ? host : "127.0.0.1", service, &hints, &found) != 0 || !found)
        return err_set(err, ERR_SETTING, "listen", "\"%s\" is not an address of this machine", host);
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    bool ok   = fd >= 0 && bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, 4096) == 0;
    int  what = errno;
    freeaddrinfo(found);
    if (ok) {
        *out = fd;
        return true;
    }
    if (fd >= 0)
        close(fd);
    if (what == EADDRINUSE)
        return err_set(err, ERR_SETTING, "listen", "port %d on %s is taken by another program", port, host);
    if (what == EACCES)
        return err_set(err, ERR_SETTING, "listen", "port %d needs more rights than this program has", port);
    return err_set(err, ERR_SETTING, "listen", "cannot listen on %s port %d: %s", host, port, strerror(what));
}

static int port_of(int fd)
{
    struct sockaddr_storage at;
    socklen_t len = sizeof at;
    if (getsockname(fd, (struct sockaddr *)&at, &len) != 0)
        return 0;
    return ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port : ((struct sockaddr_in *)&at)->sin_port);
}

/* Connections stay below the number of descriptors, which is raised as far as the system lets us. */
static unsigned connections_allowed(int wanted)
{
    struct rlimit limit;
    rlim_t        want = (rlim_t)(wanted ? wanted : 12000);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 512;
    if (limit.rlim_cur < want + FILES_KEPT) {
        limit.rlim_cur = limit.rlim_max < want + FILES_KEPT ? limit.rlim_max : want + FILES_KEPT;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= want + FILES_KEPT)
        return (unsigned)want;
    return limit.rlim_cur > 2 * FILES_KEPT ? (unsigned)(limit.rlim_cur - FILES_KEPT) : FILES_KEPT;
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
    s->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_call, s,
        MHD_OPTION_EXTERNAL_LOGGER, on_library_log, s,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, 4096u,
        MHD_OPTION_CONNECTION_LIMIT, connections_allowed(s->o.connections_max),
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

static bool crew_start(struct http_server *s, struct arena *a, struct err *err)
{
    int wanted = s->o.request_threads ? s->o.request_threads : 32;
    s->threads = ARENA_ARRAY(a, pthread_t, wanted);
    while (s->threads_count < wanted && pthread_create(&s->threads[s->threads_count], NULL, crew_main, s) == 0)
        s->threads_count++;
    return s->threads_count == wanted || err_set(err, ERR_SETTING, "", "the system gives only %d threads", s->threads_count);
}

static void crew_stop(struct http_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->is_closed = true;
    pthread_cond_broadcast(&s->more);
    pthread_mutex_unlock(&s->lock);
    for (int i = 0; i < s->threads_count; i++)
        pthread_join(s->threads[i], NULL);
    s->threads_count = 0;
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
    pthread_cond_init(&s->more, NULL);
    if (!listen_at(o->address, o->port, &fd, err))
        return false;
    s->port  = port_of(fd);
    int tick = s->headers_ms / 8 < 20 ? 20 : s->headers_ms / 8 > 1000 ? 1000 : s->headers_ms / 8;
    if (!watch_open(tick, &s->watch, err)) {
        close(fd);
        return false;
    }
    if (!crew_start(s, a, err) || !daemon_start(s, fd, err)) {
        crew_stop(s);
        watch_close(s->watch);
        close(fd);
        return false;
    }
    *out = s;
    return true;
}

int http_port(const struct http_server *s) { return s->port; }

static void silent_end(struct http_server *s)
{
    for (;;) {
        pthread_mutex_lock(&s->lock);
        struct call *c = s->silent;
        if (c) {
            s->silent    = c->next;
            c->is_silent = false;
            if (s->silent)
                s->silent->prev = NULL;
        }
        pthread_mutex_unlock(&s->lock);
        if (!c)
            return;
        watch_for_end(s->watch, c->watched, NULL, NULL);
        MHD_resume_connection(c->conn);
    }
}

/* In this order: nobody new; screens are told to come back; what runs may finish; then nothing is suspended any more, the
 * threads end, and the library, which cannot stop with suspended connections, is stopped. */
void http_stop(struct http_server *s, int drain_ms)
{
    int64_t until = clock_tick_ns() + (int64_t)drain_ms * 1000000;
    MHD_socket fd = MHD_quiesce_daemon(s->daemon);
    atomic_store(&s->is_draining, true);
    if (s->o.live)
        live_finish(s->o.live);
    silent_end(s);
    for (;;) {
        watch_cut_idle(s->watch);
        if (watch_count(s->watch) == 0 || clock_tick_ns() >= until)
            break;
        usleep(2000);
    }
    atomic_store(&s->is_stopping, true);
    crew_stop(s);
    silent_end(s);
    MHD_stop_daemon(s->daemon);
    if (fd != MHD_INVALID_SOCKET)
        close(fd);
    watch_close(s->watch);
    pthread_cond_destroy(&s->more);
    pthread_mutex_destroy(&s->lock);
}
