/* exchange.h - one outgoing HTTP request and its reply, as plain values. No socket here. */
#pragma once
#include "base/list.h"

enum http_method { HTTP_NONE, HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_METHOD_COUNT };
extern const char *const http_method_names[];            /* "" "GET" … NULL */

struct http_header { str name, value; };
LIST(http_header)

struct http_request {
    enum http_method method;            /* HTTP_NONE: nothing to ask */
    str  url;                           /* whole, encoded */
    struct http_header_list headers;
    str  body;
    const char *family;                 /* which rate bucket of the channel this call draws from: "orders" */
    int  weight;                        /* tokens it costs; 0 = 1 */
    int  timeout_s;                     /* 0 = 30 */
    size_t reply_bytes_max;             /* of the body, unpacked; more is as good as cut. 0 = what the client takes */
};

/* What became of a request that was sent. */
enum http_fate {
    HTTP_ANSWERED,                      /* status and body are there */
    HTTP_NOT_SENT,                      /* could not connect: surely not done */
    HTTP_UNKNOWN                        /* sent, but cut or timed out: may have been done */
};
struct http_reply {
    enum http_fate fate;
    int  status;
    struct http_header_list headers;
    str  body;                          /* may be any bytes */
    bool silent;                        /* HTTP_UNKNOWN with not one byte received */
};

void http_header_set(struct http_request *, struct arena *, str name, str value);
str  http_header_get(const struct http_header_list *, const char *name);     /* case-blind; empty when missing */
/* Adds "?name=value" or "&name=value", both encoded, to a URL under construction. */
struct buf;
void url_query_add(struct buf *url, str name, str value);
