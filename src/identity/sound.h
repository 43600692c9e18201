/* sound.h - words reduced to sounds that are the same in Cyrillic, Kazakh, Ukrainian and Latin spellings.
 *
 *     sounds_read(STR("Щербакова"), &s)  →  "werbakova"     (w sh, q ch, j zh, c ts; g also for h and kh; i for й ы y)
 *     sounds_pack(s.at, s.len)           →  five bits a letter, the first twelve letters
 */
#pragma once
#include "base/str.h"

#define SOUNDS_MAX  48
#define PACKED_MAX  12

struct sounds { char at[SOUNDS_MAX]; int len; };

/* The code point at *i, which moves behind it; bytes that are not UTF-8 give U+FFFD one by one. */
uint32_t code_point_long(str, size_t *i);
static inline uint32_t code_point_next(str s, size_t *i)
{
    unsigned char c = (unsigned char)s.at[*i], next = *i + 1 < s.len ? (unsigned char)s.at[*i + 1] : 0;
    if (c < 0x80) {
        ++*i;
        return c;
    }
    if (c >= 0xc2 && c < 0xe0 && (next & 0xc0) == 0x80) {        /* Cyrillic: nearly all the rest */
        *i += 2;
        return (c & 0x1fu) << 6 | (next & 0x3fu);
    }
    return code_point_long(s, i);
}

/* What a code point is to a reader of words. */
enum glyph { GLYPH_BREAK, GLYPH_LETTER, GLYPH_DIGIT, GLYPH_NOTHING };     /* nothing: accents, joiners, direction marks, apostrophes */
enum glyph glyph_of_odd(uint32_t code_point);
static inline enum glyph glyph_of(uint32_t cp)
{
    if ((cp >= 0x410 && cp < 0x482) || ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z'))
        return GLYPH_LETTER;
    return glyph_of_odd(cp);
}

/* Are more than `count` bits set? Without the processor's own instruction, which not every machine that we build for has. */
static inline bool has_more_bits(uint32_t x, int count)
{
    for (; x && count > 0; count--)
        x &= x - 1;
    return x != 0;
}

/* One word; other than letters is skipped, and what is behind SOUNDS_MAX letters. */
void     sounds_read(str word, struct sounds *out);
uint64_t sounds_pack(const char *letters, int len);
int      sounds_unpack(uint64_t packed, char out[PACKED_MAX]);
/* A well mixing hash of 64 bits, the same on every machine. */
uint64_t hash_bytes(str bytes, uint64_t seed);
static inline uint64_t hash_mix(uint64_t x)
{
    x ^= x >> 32;
    x *= UINT64_C(0xd6e8feb86659fd93);
    x ^= x >> 32;
    x *= UINT64_C(0xd6e8feb86659fd93);
    x ^= x >> 32;
    return x;
}
