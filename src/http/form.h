/* form.h - is a request cut in one way only? Pure.
 *
 * libmicrohttpd 0.9.75 lets some requests pass that another server in front may cut into two differently: several
 * Content-Length, Content-Length beside Transfer-Encoding, a space before the colon, a NUL in a value, a line that ends without CR. All of them are refused
 * and end the connection. Header by header in the order they came, then form_ok.
 */
#pragma once
#include "base/str.h"

struct form {
    const char *start, *end;            /* the header bytes where the library keeps them; it writes NULs over line ends */
    const char *behind;                 /* end of the value before; at first of the request line */
    int         hosts, lengths, codings;
    bool        is_chunked, is_bad;
    uint64_t    length;
};

void form_header(struct form *, str name, str value);
bool form_ok(const struct form *, bool is_http_1_1);
static inline bool form_has_body(const struct form *f) { return f->length > 0 || f->is_chunked; }
