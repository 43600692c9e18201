#include "scenario/routes.h"
#include "base/buf.h"

static bool is_last(const struct route *r) { return r->method == HTTP_DELETE && strcmp(r->path, "/api/session") == 0; }

void routes_each(struct house *h, route_visit *visit, void *ctx)
{
    const struct route *last = NULL;
    for (int t = 0; api_routes[t]; t++)
        for (const struct route *r = api_routes[t]; r->method != HTTP_NONE; r++) {
            if (is_last(r))
                last = r;
            else if (strcmp(r->path, "/api/live") != 0)
                visit(h, r, ctx);
        }
    if (last)
        visit(h, last, ctx);
}

str route_path(struct arena *a, const struct route *r, str value)
{
    static const char hex[] = "0123456789ABCDEF";
    struct buf out = buf_in(a);
    for (const char *c = r->path; *c; c++) {
        if (*c != '{') {
            buf_add_char(&out, *c);
            continue;
        }
        while (*c && *c != '}')
            c++;
        for (size_t i = 0; i < value.len; i++) {
            unsigned char b = (unsigned char)value.at[i];
            bool plain = (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '-';
            if (plain) {
                buf_add_char(&out, (char)b);
            } else {
                buf_add_char(&out, '%');
                buf_add_char(&out, hex[b >> 4]);
                buf_add_char(&out, hex[b & 15]);
            }
        }
    }
    return buf_str(&out);
}
