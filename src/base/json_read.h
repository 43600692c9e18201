/* json_read.h - reads JSON into a tree of slices in the caller's arena.
 *
 * Numbers keep their digits as written (`text`), so money never passes through a double. Refused: duplicate keys, bad
 * UTF-8, \u0000, text after the root, depth over JSON_DEPTH_MAX, bytes over the limit given. simdjson scans behind one C++ file.
 *
 *     const struct json *root;
 *     if (!json_read(arena, bytes, 1 << 20, &root, err)) return false;
 *     str code = json_str(json_get(root, "code"));     // NULL-safe all the way
 */
#pragma once
#include "base/amount.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/instant.h"

#define JSON_DEPTH_MAX 32

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

struct json {
    enum json_kind kind;
    bool           truth;               /* JSON_BOOL */
    str            key;                 /* of a member of an object */
    str            text;                /* JSON_TEXT: decoded; JSON_NUMBER: the digits as written */
    const struct json *first;           /* children of an array or object */
    const struct json *next;            /* next sibling */
    int            count;               /* children */
    const struct json *parent;          /* NULL at the root */
    int            index;               /* place among the siblings */
};

/* Fails with ERR_BODY_SYNTAX or ERR_BODY_TOO_LARGE. */
MUST_CHECK bool json_read(struct arena *, str bytes, size_t limit_bytes, const struct json **out, struct err *);
/* For pages of marketplaces: half a surrogate pair (a name cut in the middle of a smile) and \u0000 become U+FFFD, so that
 * one buyer's name does not hold up a page of orders. */
MUST_CHECK bool json_read_foreign(struct arena *, str bytes, size_t limit_bytes, const struct json **out, struct err *);

/* All of these take NULL and wrong kinds: then nothing is found. */
const struct json *json_get(const struct json *object, const char *key);
const struct json *json_path(const struct json *, const char *dotted);     /* "kaspiDelivery.waybill", "rows.0.id" */
const struct json *json_at(const struct json *array, int index);
bool json_is_null(const struct json *);                                     /* missing or null */
str  json_str(const struct json *);                                         /* text or digits of a number; else empty */
bool json_true(const struct json *);                                        /* only the literal true */
MUST_CHECK bool json_int(const struct json *, int64_t *out);                /* whole number, also "5.0"? no: digits only, or text of digits */
MUST_CHECK bool json_amount(const struct json *, amount *out);              /* number or text of a number, via amount_parse_round */
/* Where the value stands, for error texts: "data.0.attributes.totalPrice". */
str  json_where(struct arena *, const struct json *);
/* The value written again as JSON text (numbers keep their digits). */
str  json_print(struct arena *, const struct json *);

#define JSON_EACH(child, parent) \
    for (const struct json *child = (parent) ? (parent)->first : NULL; child; child = child->next)
