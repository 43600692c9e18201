#include "identity/encoding.h"

#include "identity/sound.h"

#define REPLACEMENT 0xfffd

/* 0x80..0xbf; from 0xc0 on come А to я in their order. Source: Unicode, CP1251.TXT. */
static const uint16_t windows_1251[64] = {
    0x402, 0x403, 0x201a, 0x453, 0x201e, 0x2026, 0x2020, 0x2021, 0x20ac, 0x2030, 0x409, 0x2039, 0x40a, 0x40c, 0x40b, 0x40f,
    0x452, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0xfffd, 0x2122, 0x459, 0x203a, 0x45a, 0x45c, 0x45b, 0x45f,
    0xa0, 0x40e, 0x45e, 0x408, 0xa4, 0x490, 0xa6, 0xa7, 0x401, 0xa9, 0x404, 0xab, 0xac, 0xad, 0xae, 0x407,
    0xb0, 0xb1, 0x406, 0x456, 0x491, 0xb5, 0xb6, 0xb7, 0x451, 0x2116, 0x454, 0xbb, 0x458, 0x405, 0x455, 0x457,
};

enum encoding encoding_find(str head)
{
    size_t good = 0, bad = 0;
    if (head.len >= 2 && memcmp(head.at, "\xff\xfe", 2) == 0)
        return ENCODING_UTF16_LE;
    if (head.len >= 2 && memcmp(head.at, "\xfe\xff", 2) == 0)
        return ENCODING_UTF16_BE;
    for (size_t i = 0; i < head.len;) {
        bool plain = !((unsigned char)head.at[i] & 0x80);
        if (code_point_next(head, &i) == REPLACEMENT)
            bad++;
        else
            good += !plain;
    }
    return bad > 4 && bad > good ? ENCODING_1251 : ENCODING_UTF8;
}

static size_t put(char *out, uint32_t cp)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, cp >>= 6)
        out[i] = (char)(0x80 | (cp & 0x3f));
    out[0] = (char)((n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0) | cp);
    return n;
}

static uint32_t unit(str s, size_t i, bool little)
{
    uint32_t a = (unsigned char)s.at[i], b = (unsigned char)s.at[i + 1];
    return little ? a | b << 8 : a << 8 | b;
}

static size_t utf16_read(str s, bool little, size_t *taken, char *out)
{
    size_t n = 0, i = 0;
    while (i + 2 <= s.len) {
        uint32_t cp = unit(s, i, little), low;
        if (cp >= 0xd800 && cp < 0xdc00) {
            if (i + 4 > s.len)
                break;
            low = unit(s, i + 2, little);
            i  += low >= 0xdc00 && low < 0xe000 ? 2 : 0;
            cp  = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00) : REPLACEMENT;
        } else if (cp >= 0xdc00 && cp < 0xe000) {
            cp = REPLACEMENT;
        }
        n += put(out + n, cp);
        i += 2;
    }
    *taken = i;
    return n;
}

size_t encoding_read(enum encoding e, str s, size_t *taken, char *out)
{
    size_t n = 0;
    if (e == ENCODING_UTF16_LE || e == ENCODING_UTF16_BE)
        return utf16_read(s, e == ENCODING_UTF16_LE, taken, out);
    *taken = s.len;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (e == ENCODING_UTF8 || c < 0x80)
            out[n++] = (char)c;
        else
            n += put(out + n, c >= 0xc0 ? 0x410u + (c - 0xc0u) : windows_1251[c - 0x80]);
    }
    return n;
}
