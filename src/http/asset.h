/* asset.h - which file of the web UI answers a path, in which form. */
#pragma once
#include "http/http.h"

struct asset_answer {
    const struct asset *asset;          /* NULL: there is none */
    const char         *coding;         /* "br", "gzip" or NULL */
    str                 bytes;
    bool                unpack;         /* only the gzip is stored, and the client takes none: open it first */
    bool                unchanged;      /* the client has it: 304 */
    str                 etag, caching;  /* header values */
};

/* `path` is decoded. A path of a screen answers with its own page ("/orders" with orders.html) or, when it has none
 * ("/orders/17"), with index.html; one with a dot in its last part does not. */
struct asset_answer asset_choose(const struct http_options *, str path, str accept_encoding, str if_none_match, struct arena *);
