#include "base/arena.h"

/* Bytes of the code point at the start of `s` (not empty), or 0 when they are not valid UTF-8. The limits of the second
 * byte keep out overlong forms (E0, F0), surrogates (ED) and what lies above U+10FFFF (F4). */
static size_t code_point_bytes(const unsigned char *s, size_t len)
{
    unsigned char lead = s[0], low = 0x80, high = 0xBF;
    size_t        n;
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF) {
        n = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        n    = 3;
        low  = lead == 0xE0 ? 0xA0 : 0x80;
        high = lead == 0xED ? 0x9F : 0xBF;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        n    = 4;
        low  = lead == 0xF0 ? 0x90 : 0x80;
        high = lead == 0xF4 ? 0x8F : 0xBF;
    } else {
        return 0;
    }
    if (len < n || s[1] < low || s[1] > high)
        return 0;
    for (size_t i = 2; i < n; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    return n;
}

/* Bytes of valid UTF-8 at the start. */
static size_t valid_prefix(str s)
{
    const unsigned char *at = (const unsigned char *)s.at;
    size_t               i  = 0;
    while (i < s.len) {
        if (s.len - i >= 8) {           /* most text is ASCII: eight bytes in one look */
            uint64_t eight;
            memcpy(&eight, at + i, 8);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                i += 8;
                continue;
            }
        }
        size_t n = code_point_bytes(at + i, s.len - i);
        if (!n)
            break;
        i += n;
    }
    return i;
}

bool utf8_valid(str s) { return valid_prefix(s) == s.len; }

str utf8_mend(struct arena *a, str s)
{
    size_t bad = 0;
    for (str rest = s; rest.len; bad++) {
        size_t good = valid_prefix(rest);
        if (good == rest.len)
            break;
        rest = (str){ rest.at + good + 1, rest.len - good - 1 };
    }
    if (bad == 0)
        return str_copy(a, s);
    size_t len = s.len + 2 * bad;
    char  *out = arena_raw(a, len), *end = out;
    for (str rest = s; rest.len;) {
        size_t good = valid_prefix(rest);
        end = mempcpy(end, rest.at, good);
        if (good == rest.len)
            break;
        end  = mempcpy(end, "\xEF\xBF\xBD", 3);
        rest = (str){ rest.at + good + 1, rest.len - good - 1 };
    }
    return (str){ out, len };
}

size_t utf8_count(str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++)
        n += ((unsigned char)s.at[i] & 0xC0) != 0x80;
    return n;
}

str utf8_cut(str s, size_t bytes)
{
    if (s.len <= bytes)
        return s;
    while (bytes && ((unsigned char)s.at[bytes] & 0xC0) == 0x80)
        bytes--;
    return (str){ s.at, bytes };
}
