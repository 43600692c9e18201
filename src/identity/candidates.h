/* candidates.h - which records are worth a look: those that share a blocking key. Sort-based, no quadratic time: a block over
 * BLOCK_HOT makes no pair. */
#pragma once
#include "identity/person.h"

/* Of record i the candidates with a greater index: to[from[i] .. from[i + 1]), sorted, each once. */
struct candidates {
    uint32_t *from, *to;
    int64_t   pairs;
    int64_t   hot_blocks, hot_members;
};
void candidates_find(struct arena *, const struct person *, int count, struct candidates *out);
