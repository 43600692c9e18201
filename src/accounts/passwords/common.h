/* common.h - the table that make.c writes of common.txt. */
#pragma once
#include "base/str.h"

extern const uint32_t common_passwords[];
extern const int      common_passwords_count;

/* FNV-1a over 64 bits, both halves folded. */
static inline uint32_t common_hash(str word)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < word.len; i++)
        h = (h ^ (unsigned char)word.at[i]) * UINT64_C(0x100000001b3);
    return (uint32_t)(h >> 32 ^ h);
}
