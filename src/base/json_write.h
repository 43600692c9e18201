/* json_write.h - the only way JSON is made. Append-only; commas and quotes are its business.
 *
 *     struct json_out j = json_out(&buf);
 *     json_begin(&j, NULL, '{');
 *     json_text(&j, "number", o->number);
 *     json_begin(&j, "lines", '[');  …  json_end(&j);
 *     json_end(&j);
 *
 * `key` is NULL inside arrays and at the root. Keys are ASCII constants. Text must be valid UTF-8.
 */
#pragma once
#include "base/amount.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/instant.h"

struct json_out {
    struct buf *buf;
    uint64_t    has_member;             /* a bit per depth */
    uint64_t    is_object;
    int         depth;
};

struct json_out json_out(struct buf *);
void json_begin(struct json_out *, const char *key, char bracket);      /* '{' or '[' */
void json_end(struct json_out *);
void json_text(struct json_out *, const char *key, str);
void json_text_or_null(struct json_out *, const char *key, str);        /* empty → null */
void json_number(struct json_out *, const char *key, int64_t);
void json_bool(struct json_out *, const char *key, bool);
void json_null(struct json_out *, const char *key);
void json_id(struct json_out *, const char *key, rid);                  /* as text; not set → null */
void json_amount_text(struct json_out *, const char *key, amount);      /* as text "129.90" */
void json_instant(struct json_out *, const char *key, instant);         /* RFC 3339; not set → null */
void json_raw(struct json_out *, const char *key, str json);            /* already JSON */
void json_key_text(struct json_out *, str key, str value);              /* a key that is data (escaped) */
/* Only the text between quotes, escaped: for those who write JSON by walking something. */
void json_quote(struct buf *, str);
