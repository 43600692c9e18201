#include "net/http_client.h"

#include "base/buf.h"
#include "net/address.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <strings.h>

#define HANDLES_IDLE_MAX 32

/* The pool and its idle handles are touched under `lock`; the options are constant after opening. */
struct curl_pool {
    pthread_mutex_t lock;
    CURL           *idle[HANDLES_IDLE_MAX];
    int             count;
    atomic_bool     stop;
    atomic_int      own_port;           /* 0: none */
    struct http_client_options options;
};

/* One request under way, on the stack of its thread. */
struct exchange {
    struct curl_pool *pool;
    struct arena     *arena;
    struct http_reply *reply;
    struct buf        body;
    bool              any;              /* a byte has come back */
    bool              whole_head;       /* its last line has come: libcurl takes a head that is cut for a whole one */
    bool              too_much;
    size_t            bytes_max;
};

static CURL *handle_take(struct curl_pool *pool)
{
    CURL *h = NULL;
    pthread_mutex_lock(&pool->lock);
    if (pool->count)
        h = pool->idle[--pool->count];
    pthread_mutex_unlock(&pool->lock);
    return h ? h : curl_easy_init();
}

static void handle_give(struct curl_pool *pool, CURL *h)
{
    curl_easy_reset(h);                                     /* options go, connections stay */
    pthread_mutex_lock(&pool->lock);
    if (pool->count < HANDLES_IDLE_MAX) {
        pool->idle[pool->count++] = h;
        h = NULL;
    }
    pthread_mutex_unlock(&pool->lock);
    if (h)
        curl_easy_cleanup(h);
}

static size_t on_body(char *at, size_t size, size_t n, void *ctx)
{
    struct exchange *x   = ctx;
    size_t           len = size * n;
    x->any = true;
    if (len > x->bytes_max - x->body.len) {
        x->too_much = true;
        return 0;                                           /* ends the transfer */
    }
    buf_add(&x->body, (str){ at, len });
    return len;
}

static size_t on_header(char *at, size_t size, size_t n, void *ctx)
{
    struct exchange *x    = ctx;
    str              line = str_trim((str){ at, size * n });
    ptrdiff_t        at_colon;
    x->any = true;
    if (str_starts(line, STR("HTTP/"))) {                   /* an interim answer (100, 103) came before this one */
        x->reply->headers = (struct http_header_list){ 0 };
        x->whole_head     = false;
        return size * n;
    }
    x->whole_head = x->whole_head || !line.len;
    at_colon = str_find(line, STR(":"));
    if (at_colon <= 0)
        return size * n;
    if (x->reply->headers.count >= HTTP_HEADERS_MAX) {
        x->too_much = true;
        return 0;
    }
    str name  = str_sub(line, 0, (size_t)at_colon);
    str value = str_trim(str_sub(line, (size_t)at_colon + 1, line.len));
    *http_header_list_add(&x->reply->headers, x->arena) = (struct http_header){
        utf8_mend(x->arena, name), utf8_mend(x->arena, value),
    };
    return size * n;
}

static int on_progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    struct exchange *x = ctx;
    (void)a, (void)b, (void)c, (void)d;
    return atomic_load(&x->pool->stop);
}

static bool is_own(const struct curl_pool *pool, const struct sockaddr *a)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)a;
    int port = atomic_load(&pool->own_port);
    return port && a->sa_family == AF_INET && in->sin_addr.s_addr == htonl(INADDR_LOOPBACK) && in->sin_port == htons((uint16_t)port);
}

/* Called with the address that a name has turned into, before each connection: also when a name points elsewhere the second
 * time it is looked up. */
static curl_socket_t on_open(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct exchange *x = ctx;
    (void)purpose;
    if (!x->pool->options.allow_private && address_is_private(&a->addr) && !is_own(x->pool, &a->addr))
        return CURL_SOCKET_BAD;
    return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* A line break inside a header would start another header. */
static bool header_ok(const struct http_header *h)
{
    for (size_t i = 0; i < h->name.len; i++)
        if ((unsigned char)h->name.at[i] <= ' ' || h->name.at[i] == ':')
            return false;
    for (size_t i = 0; i < h->value.len; i++)
        if ((unsigned char)h->value.at[i] < ' ' && h->value.at[i] != '\t')
            return false;
    return h->name.len > 0;
}

static bool headers_set(CURL *h, const struct http_request *rq, struct arena *a, struct curl_slist **list)
{
    struct curl_slist *first = curl_slist_append(NULL, "Expect:");         /* no extra round trip before a body */
    for (int i = 0; first && i < rq->headers.count; i++) {
        const struct http_header *head = &rq->headers.at[i];
        if (!header_ok(head)) {
            curl_slist_free_all(first);
            return false;
        }
        str text = head->value.len ? str_print(a, "%.*s: %.*s", STR_ARG(head->name), STR_ARG(head->value))
                                   : str_print(a, "%.*s;", STR_ARG(head->name));
        struct curl_slist *more = curl_slist_append(first, str_zero(a, text));
        if (!more)
            curl_slist_free_all(first);
        first = more;
    }
    *list = first;
    return first && curl_easy_setopt(h, CURLOPT_HTTPHEADER, first) == CURLE_OK;
}

static void limits_set(CURL *h, struct exchange *x, const struct http_request *rq)
{
    const struct http_client_options *o = &x->pool->options;
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(h, CURLOPT_PROXY, "");                 /* behind a proxy the guard below would see the proxy's address */
    curl_easy_setopt(h, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(h, CURLOPT_USERAGENT, o->agent);
    curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT_MS, (long)o->connect_ms);
    curl_easy_setopt(h, CURLOPT_TIMEOUT, (long)(rq->timeout_s > 0 ? rq->timeout_s : HTTP_TIMEOUT_S));
    curl_easy_setopt(h, CURLOPT_MAXCONNECTS, 4L);
    curl_easy_setopt(h, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(h, CURLOPT_OPENSOCKETDATA, x);
    curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(h, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(h, CURLOPT_HEADERDATA, x);
    curl_easy_setopt(h, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(h, CURLOPT_XFERINFODATA, x);
    curl_easy_setopt(h, CURLOPT_NOPROGRESS, 0L);
}

static void method_set(CURL *h, const struct http_request *rq)
{
    if (rq->method == HTTP_GET) {
        curl_easy_setopt(h, CURLOPT_HTTPGET, 1L);
        return;
    }
    if (rq->body.len || rq->method == HTTP_POST || rq->method == HTTP_PUT || rq->method == HTTP_PATCH) {
        curl_easy_setopt(h, CURLOPT_POST, 1L);
        curl_easy_setopt(h, CURLOPT_POSTFIELDS, rq->body.len ? rq->body.at : "");
        curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->body.len);
    }
    curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, http_method_names[rq->method]);
    curl_easy_setopt(h, CURLOPT_FRESH_CONNECT, 1L);
}

/* Nothing of the request can have reached the market. In doubt it can. */
static bool is_not_sent(CURL *h, CURLcode code)
{
    long       sent = 0;
    curl_off_t before_us = 0;
    if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_URL_MALFORMAT ||
        code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_SSL_CONNECT_ERROR || code == CURLE_PEER_FAILED_VERIFICATION)
        return true;
    curl_easy_getinfo(h, CURLINFO_REQUEST_SIZE, &sent);
    curl_easy_getinfo(h, CURLINFO_PRETRANSFER_TIME_T, &before_us);
    return sent == 0 && before_us == 0;
}

static bool curl_send(struct http_client *c, struct arena *a, const struct http_request *rq, struct http_reply *out)
{
    struct curl_pool  *pool = c->ctx;
    struct curl_slist *list = NULL;
    struct exchange    x    = { .pool = pool, .arena = a, .reply = out, .body = buf_in(a) };
    char              *url  = str_zero(a, rq->url);
    size_t             most = pool->options.body_bytes_max;

    x.bytes_max = rq->reply_bytes_max && rq->reply_bytes_max < most ? rq->reply_bytes_max : most;

    *out = (struct http_reply){ .fate = HTTP_NOT_SENT };
    if (atomic_load(&pool->stop))
        return false;
    if (strlen(url) != rq->url.len || !url_host(rq->url).len)
        return true;
    CURL *h = handle_take(pool);
    if (!h)
        return true;
    limits_set(h, &x, rq);
    method_set(h, rq);
    curl_easy_setopt(h, CURLOPT_URL, url);
    if (headers_set(h, rq, a, &list)) {
        CURLcode code   = curl_easy_perform(h);
        long     status = 0;
        curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
        out->status = (int)status;
        out->body   = buf_str(&x.body);
        bool is_whole = code == CURLE_OK && x.whole_head && !x.too_much;
        out->fate     = is_whole ? HTTP_ANSWERED : is_not_sent(h, code) ? HTTP_NOT_SENT : HTTP_UNKNOWN;
        out->silent = out->fate == HTTP_UNKNOWN && !x.any;
    }
    curl_slist_free_all(list);
    handle_give(pool, h);
    return out->fate == HTTP_ANSWERED || !atomic_load(&pool->stop);
}

/* libcurl's own start is not thread-safe and belongs to the process. */
static void curl_begin(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

bool http_client_open(const struct http_client_options *options, struct http_client *out, struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, curl_begin);
    struct curl_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return err_set(err, ERR_INTERNAL, "memory", "there is none left");
    if (options)
        pool->options = *options;
    if (!pool->options.body_bytes_max)
        pool->options.body_bytes_max = HTTP_BODY_BYTES_MAX;
    if (!pool->options.connect_ms)
        pool->options.connect_ms = HTTP_CONNECT_MS;
    if (!pool->options.agent)
        pool->options.agent = "Sauda";
    pthread_mutex_init(&pool->lock, NULL);
    *out = (struct http_client){ .send = curl_send, .ctx = pool };
    return true;
}

void http_client_stop(struct http_client *c)
{
    struct curl_pool *pool = c->ctx;
    atomic_store(&pool->stop, true);
}

void http_client_own_port(struct http_client *c, int port)
{
    struct curl_pool *pool = c->ctx;
    atomic_store(&pool->own_port, port);
}

void http_client_close(struct http_client *c)
{
    struct curl_pool *pool = c->ctx;
    if (!pool)
        return;
    while (pool->count)
        curl_easy_cleanup(pool->idle[--pool->count]);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
    *c = (struct http_client){ 0 };
}
