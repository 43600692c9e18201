/* buf.h - text under construction, growing in an arena. */
#pragma once
#include "base/arena.h"

struct buf {
    struct arena *arena;
    char         *at;
    size_t        len, cap;
};

struct buf buf_in(struct arena *);
void buf_add(struct buf *, str);
void buf_add_char(struct buf *, char);
void buf_add_int(struct buf *, int64_t);
void buf_print(struct buf *, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *buf_reserve(struct buf *, size_t more);           /* room for `more` bytes at buf->at + buf->len */
str  buf_str(const struct buf *);                       /* borrowed; valid until the next add */
