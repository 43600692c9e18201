#include "base/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BUF_BYTES_FIRST ((size_t)240)

struct buf buf_in(struct arena *a) { return (struct buf){ .arena = a }; }

static void buf_widen(struct buf *b, size_t need)
{
    size_t cap = b->cap ? b->cap * 2 : BUF_BYTES_FIRST;
    if (cap < need)
        cap = need;
    char *at = b->cap ? arena_grow(b->arena, b->at, b->cap, cap) : NULL;
    if (!at) {
        at = arena_raw(b->arena, cap);
        if (b->len)
            memcpy(at, b->at, b->len);
    }
    b->at  = at;
    b->cap = cap;
}

char *buf_reserve(struct buf *b, size_t more)
{
    if (b->cap - b->len < more)
        buf_widen(b, b->len + more);
    return b->at + b->len;
}

void buf_add(struct buf *b, str s)
{
    if (s.len) {
        memcpy(buf_reserve(b, s.len), s.at, s.len);
        b->len += s.len;
    }
}

void buf_add_char(struct buf *b, char c)
{
    *buf_reserve(b, 1) = c;
    b->len++;
}

void buf_add_int(struct buf *b, int64_t n)
{
    char     digits[20], *at = digits + sizeof digits;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (n < 0)
        *--at = '-';
    buf_add(b, (str){ at, (size_t)(digits + sizeof digits - at) });
}

void buf_print(struct buf *b, const char *fmt, ...)
{
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    char  *at   = buf_reserve(b, 128);
    size_t room = b->cap - b->len;
    int    len  = vsnprintf(at, room, fmt, args);
    assert(len >= 0);
    if ((size_t)len >= room)
        vsnprintf(buf_reserve(b, (size_t)len + 1), (size_t)len + 1, fmt, again);
    b->len += (size_t)len;
    va_end(again);
    va_end(args);
}

str buf_str(const struct buf *b) { return (str){ b->at, b->len }; }
