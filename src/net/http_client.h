/* http_client.h - sends one request and says what became of it. libcurl is included by http_client.c alone.
 *
 * A client is a struct of functions, so that tests put a market of their own behind it. The real one keeps idle connections,
 * follows no redirects, speaks http and https only, unpacks gzip, and connects to no private address unless it is told to.
 * A request that may change something never goes out over a connection that was used before: libcurl would silently repeat
 * it when that connection turns out to be dead. Any thread may send.
 *
 *     struct http_reply reply;
 *     if (!http_send(client, arena, &request, &reply))
 *         return false;                // the client is being stopped
 *     if (reply.fate == HTTP_ANSWERED) …
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "net/exchange.h"

#define HTTP_BODY_BYTES_MAX   ((size_t)32 << 20)         /* of a reply, unpacked */
#define HTTP_HEADERS_MAX      200
#define HTTP_TIMEOUT_S        30
#define HTTP_CONNECT_MS       10000

struct http_client {
    /* Fills the reply in any case; false when the client was stopped meanwhile (fate says whether the request had left). */
    bool (*send)(struct http_client *, struct arena *, const struct http_request *, struct http_reply *);
    void  *ctx;
};

struct http_client_options {
    bool        allow_private;          /* setting allow_private_hosts: the sandbox, markets inside the own network */
    size_t      body_bytes_max;         /* 0 = HTTP_BODY_BYTES_MAX */
    int         connect_ms;             /* 0 = HTTP_CONNECT_MS */
    const char *agent;                  /* when the request brings no User-Agent; NULL = "Sauda" */
};
MUST_CHECK bool http_client_open(const struct http_client_options *, struct http_client *out, struct err *);
/* Aborts what is under way and refuses the rest; returns at once. Safe from any thread. */
void http_client_stop(struct http_client *);
/* A port of this machine that answers by ourselves, so it may be asked though private addresses may not; 0: none. Any thread. */
void http_client_own_port(struct http_client *, int port);
/* Nobody may be sending any more. */
void http_client_close(struct http_client *);

/* Any client, real or made up. Logs and counts nothing: that is the caller's. */
static inline bool http_send(struct http_client *c, struct arena *a, const struct http_request *request, struct http_reply *out)
{
    return c->send(c, a, request, out);
}
