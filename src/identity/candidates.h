/* candidates.h - which records are worth a look: those that share a blocking key. Sort-based, no quadratic time: a block over
 * BLOCK_HOT makes no pair. */
#pragma once
#include "base/list.h"
#include "identity/person.h"

/* Of record i the candidates with a greater index: to[from[i] .. from[i + 1]), sorted, each once. */
struct candidates {
    uint32_t *from, *to;
    int64_t   pairs;
    int64_t   hot_blocks, hot_members;
};
/* What is known of blocks beyond the records at hand; both lists ascending. */
struct block_rules {
    const uint64_t *hot;                /* too common among all records, though perhaps not among these */
    int             hot_count;
    const uint64_t *spared;             /* a person has said that it is no hub: it makes pairs up to BLOCK_SPARED members */
    int             spared_count;
};
#define BLOCK_SPARED 400
bool blocks_hold(const uint64_t *list, int count, uint64_t key);
/* Blocks that make no pairs because of their size, the largest first, at most `max`. */
struct crowd { uint64_t key; int members; int record; };  /* one of the records */
LIST(crowd)
void candidates_crowded(struct arena *, const struct person *, int count, int max, struct crowd_list *out);
/* `rules` may be NULL. */
void candidates_find(struct arena *, const struct person *, int count, const struct block_rules *rules, struct candidates *out);
