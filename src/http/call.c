/* call.c - one request on its way in: id, address, body. */
#include "http/server_own.h"

#include <stdlib.h>
#include <strings.h>

#define BODIES_BYTES_MAX ((size_t)512 << 20)            /* of all requests together */
#define BODY_EXTRA_MAX   ((size_t)1 << 20)              /* read and thrown away, so that a client sees the 413 */

/* A crowd that is sent away must not fill the log as well: one line a second says how many there were. */
static void refused_told(struct http_server *s)
{
    int64_t now = clock_tick_ns() / 1000000000, last = atomic_load(&s->refused_told_s);
    atomic_fetch_add(&s->refused, 1);
    if (now != last && atomic_compare_exchange_strong(&s->refused_told_s, &last, now))
        log_warn(server_log(s), "http.crowded", LOG_INT("refused", atomic_exchange(&s->refused, 0)));
}

void call_told(const struct call *c, int status, size_t bytes, const struct err *err)
{
    const struct db *db = c->rq.work.db;
    if (err && err->code == ERR_BUSY) {
        answer_counted(&c->rq, c->is_head, status, (clock_tick_ns() - c->start_ns) / 1000);
        refused_told(c->server);
        return;
    }
    answer_told(&c->rq, server_log(c->server), c->is_head, status, (clock_tick_ns() - c->start_ns) / 1000, (int64_t)bytes,
                db ? db_statements(db) : 0, err);
}

void call_id_give(struct call *c)
{
    static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
    unsigned long long n = atomic_fetch_add_explicit(&c->server->ids, 1, memory_order_relaxed);
    uint64_t mix = ((uint64_t)c->server->id_seed << 24) + n;
    for (int i = 10; i >= 0; i--, mix >>= 5)
        c->id[i] = letters[mix & 31];
    c->rq.id = str_of(c->id);
}

enum http_method call_method(struct call *c, const char *method)
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
void call_address_split(struct call *c)
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

bool call_body_add(struct call *c, const char *bytes, size_t len)
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

void call_body_drop(struct call *c)
{
    if (c->body) {
        atomic_fetch_sub(&c->server->bodies_bytes, c->body_cap);
        free(c->body);
        c->body = NULL;
    }
}
