#include "base/str.h"

#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

str str_of(const char *z) { return z ? (str){ z, strlen(z) } : (str){ 0 }; }

static bool same_bytes(const char *a, const char *b, size_t len) { return len == 0 || memcmp(a, b, len) == 0; }

bool str_eq(str a, str b) { return a.len == b.len && same_bytes(a.at, b.at, a.len); }
bool str_is(str a, const char *b) { return str_eq(a, str_of(b)); }

int str_cmp(str a, str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int    order  = shared ? memcmp(a.at, b.at, shared) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool str_starts(str s, str prefix) { return s.len >= prefix.len && same_bytes(s.at, prefix.at, prefix.len); }

bool str_ends(str s, str suffix)
{
    return suffix.len == 0 || (s.len >= suffix.len && same_bytes(s.at + (s.len - suffix.len), suffix.at, suffix.len));
}

ptrdiff_t str_find(str s, str part)
{
    if (part.len == 0)
        return 0;
    if (s.len < part.len)
        return -1;
    const char *hit = memmem(s.at, s.len, part.at, part.len);
    return hit ? hit - s.at : -1;
}

bool str_has(str s, str part) { return str_find(s, part) >= 0; }

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

str str_trim(str s)
{
    while (s.len && is_space(s.at[s.len - 1]))
        s.len--;
    while (s.len && is_space(*s.at)) {
        s.at++;
        s.len--;
    }
    return s;
}

str str_sub(str s, size_t from, size_t len)
{
    if (from >= s.len)
        return (str){ 0 };
    return (str){ s.at + from, len < s.len - from ? len : s.len - from };
}

bool str_split(str *rest, char sep, str *out)
{
    if (!rest->at)
        return false;
    const char *hit = rest->len ? memchr(rest->at, sep, rest->len) : NULL;
    if (!hit) {
        *out  = *rest;
        *rest = (str){ 0 };
        return true;
    }
    size_t len = (size_t)(hit - rest->at);
    *out  = (str){ rest->at, len };
    *rest = (str){ hit + 1, rest->len - len - 1 };
    return true;
}

bool str_to_int(str s, int64_t *out)
{
    bool     is_negative = s.len && *s.at == '-';
    size_t   i           = is_negative;
    uint64_t limit       = (uint64_t)INT64_MAX + is_negative, n = 0;
    if (i == s.len)
        return false;
    for (; i < s.len; i++) {
        unsigned digit = (unsigned)(unsigned char)s.at[i] - '0';
        if (digit > 9 || n > (limit - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *out = (int64_t)(is_negative ? 0 - n : n);
    return true;
}

str str_copy(struct arena *a, str s)
{
    if (s.len == 0)
        return s.at ? (str){ "", 0 } : (str){ 0 };
    return (str){ arena_copy(a, s.at, s.len), s.len };
}

char *str_zero(struct arena *a, str s)
{
    char *z = arena_raw(a, s.len + 1);
    if (s.len)
        memcpy(z, s.at, s.len);
    z[s.len] = 0;
    return z;
}

str str_print(struct arena *a, const char *fmt, ...)
{
    char    first[256];
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    int len = vsnprintf(first, sizeof first, fmt, args);
    assert(len >= 0);
    char *at = arena_raw(a, (size_t)len + 1);
    if ((size_t)len < sizeof first)
        memcpy(at, first, (size_t)len + 1);
    else
        vsnprintf(at, (size_t)len + 1, fmt, again);
    va_end(again);
    va_end(args);
    return (str){ at, (size_t)len };
}

str str_join(struct arena *a, const str *parts, int count, str between)
{
    size_t len = count > 1 ? between.len * (size_t)(count - 1) : 0;
    for (int i = 0; i < count; i++)
        len += parts[i].len;
    char *at = arena_raw(a, len), *end = at;
    for (int i = 0; i < count; i++) {
        if (i && between.len)
            end = mempcpy(end, between.at, between.len);
        if (parts[i].len)
            end = mempcpy(end, parts[i].at, parts[i].len);
    }
    return (str){ at, len };
}

str str_lower_ascii(struct arena *a, str s)
{
    char *at = arena_raw(a, s.len);
    for (size_t i = 0; i < s.len; i++)
        at[i] = s.at[i] >= 'A' && s.at[i] <= 'Z' ? (char)(s.at[i] + 32) : s.at[i];
    return (str){ at, s.len };
}
