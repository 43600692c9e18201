#include "net/exchange.h"

#include "base/buf.h"
#include "base/secret.h"

#include <strings.h>

const char *const http_method_names[] = {
    [HTTP_NONE] = "", [HTTP_GET] = "GET", [HTTP_POST] = "POST", [HTTP_PUT] = "PUT", [HTTP_PATCH] = "PATCH",
    [HTTP_DELETE] = "DELETE", NULL
};
_Static_assert(COUNT_OF(http_method_names) == HTTP_METHOD_COUNT + 1, "a name per method");

static bool name_eq(str a, str b) { return a.len == b.len && (a.len == 0 || strncasecmp(a.at, b.at, a.len) == 0); }

void http_header_set(struct http_request *rq, struct arena *a, str name, str value)
{
    for (int i = 0; i < rq->headers.count; i++) {
        if (name_eq(rq->headers.at[i].name, name)) {
            rq->headers.at[i].value = value;
            return;
        }
    }
    *http_header_list_add(&rq->headers, a) = (struct http_header){ name, value };
}

str http_header_get(const struct http_header_list *list, const char *name)
{
    str wanted = str_of(name);
    for (int i = 0; i < list->count; i++)
        if (name_eq(list->at[i].name, wanted))
            return list->at[i].value;
    return (str){ 0 };
}

void url_query_add(struct buf *url, str name, str value)
{
    buf_add_char(url, memchr(url->at ? url->at : "", '?', url->len) ? '&' : '?');
    buf_add(url, url_encode(url->arena, name));
    buf_add_char(url, '=');
    buf_add(url, url_encode(url->arena, value));
}
