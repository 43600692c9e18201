/* Keys of all records are sorted so that members of a block lie together; pairs are put under their first record by counting,
 * so that nothing but arrays of known size is needed. */
#include "identity/candidates.h"

#include <stdlib.h>

struct entry { uint64_t key; uint32_t record, unused; };

#define DIGIT_BITS 11
#define DIGITS     4

/* By the low 44 bits, which part all but a handful of keys; those are told apart where blocks are cut. */
static void entries_sort(struct entry *at, struct entry *other, size_t count)
{
    for (int pass = 0; pass < DIGITS; pass++) {
        size_t starts[1 << DIGIT_BITS] = { 0 };
        int    shift = pass * DIGIT_BITS;
        for (size_t i = 0; i < count; i++)
            starts[at[i].key >> shift & ((1 << DIGIT_BITS) - 1)]++;
        for (size_t d = 0, sum = 0; d < COUNT_OF(starts); d++) {
            size_t n  = starts[d];
            starts[d] = sum;
            sum += n;
        }
        for (size_t i = 0; i < count; i++)
            other[starts[at[i].key >> shift & ((1 << DIGIT_BITS) - 1)]++] = at[i];
        struct entry *swap = at;
        at    = other;
        other = swap;
    }
}

static size_t entries_fill(struct arena *a, const struct person *p, int count, struct entry **out, struct entry **spare)
{
    uint64_t keys[PERSON_KEYS_MAX];
    size_t   total = 0, n = 0;
    for (int i = 0; i < count; i++)
        total += (size_t)person_keys(&p[i], keys);
    *out   = arena_raw(a, sizeof **out * (total + 1));
    *spare = arena_raw(a, sizeof **spare * (total + 1));
    for (int i = 0; i < count; i++) {
        int found = person_keys(&p[i], keys);
        for (int k = 0; k < found; k++)
            (*out)[n++] = (struct entry){ .key = keys[k], .record = (uint32_t)i };
    }
    entries_sort(*out, *spare, n);
    return n;
}

static size_t block_end(const struct entry *e, size_t i, size_t count)
{
    size_t j = i + 1;
    while (j < count && e[j].key == e[i].key)
        j++;
    return j;
}

bool blocks_hold(const uint64_t *list, int count, uint64_t key)
{
    int low = 0, high = count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (list[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && list[low] == key;
}

static bool is_hot(const struct block_rules *r, uint64_t key, size_t members)
{
    if (members < 2 || !r)
        return members > BLOCK_HOT;
    if (blocks_hold(r->spared, r->spared_count, key))
        return members > BLOCK_SPARED;
    return members > BLOCK_HOT || blocks_hold(r->hot, r->hot_count, key);
}

/* Walks the blocks; without `to` it only counts into from[record + 1]. */
static void pairs_walk(const struct entry *e, size_t count, const struct block_rules *rules, struct candidates *c, bool count_only)
{
    for (size_t i = 0, end; i < count; i = end) {
        end = block_end(e, i, count);
        size_t n = end - i;
        if (is_hot(rules, e[i].key, n)) {
            c->hot_blocks  += count_only;
            c->hot_members += count_only ? (int64_t)n : 0;
            continue;
        }
        for (size_t x = i; x + 1 < end; x++)
            for (size_t y = x + 1; y < end; y++) {
                uint32_t a = e[x].record, b = e[y].record, first = a < b ? a : b;
                if (count_only)
                    c->from[first + 1]++;
                else
                    c->to[c->from[first]++] = a < b ? b : a;
            }
    }
}

static void ascending(uint32_t *at, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        uint32_t v = at[i], j = i;
        for (; j > 0 && at[j - 1] > v; j--)
            at[j] = at[j - 1];
        at[j] = v;
    }
}

void candidates_find(struct arena *a, const struct person *p, int count, const struct block_rules *rules,
                     struct candidates *out)
{
    struct arena  scratch = { .ceiling_bytes = a->ceiling_bytes };
    struct entry *entries, *spare;
    size_t        n = entries_fill(&scratch, p, count, &entries, &spare);

    *out      = (struct candidates){ .pairs = 0 };
    out->from = ARENA_ARRAY(a, uint32_t, count + 2);
    pairs_walk(entries, n, rules, out, true);
    for (int i = 0; i < count; i++)
        out->from[i + 1] += out->from[i];
    out->to = arena_raw(a, sizeof *out->to * ((size_t)out->from[count] + 1));
    pairs_walk(entries, n, rules, out, false);
    arena_done(&scratch);
    /* from[i] now stands at the end of i, which is the start of i + 1. */
    uint32_t start = 0, kept = 0;
    for (int i = 0; i < count; i++) {
        uint32_t end = out->from[i], last = UINT32_MAX;
        ascending(out->to + start, end - start);
        out->from[i] = kept;
        for (uint32_t k = start; k < end; k++) {
            if (out->to[k] != last)
                out->to[kept++] = last = out->to[k];
        }
        start = end;
    }
    out->from[count] = kept;
    out->pairs = kept;
}

static int by_members(const void *a, const void *b)
{
    const struct crowd *x = a, *y = b;
    return x->members != y->members ? (x->members > y->members ? -1 : 1) : x->key < y->key ? -1 : x->key > y->key;
}

void candidates_crowded(struct arena *a, const struct person *p, int count, int max, struct crowd_list *out)
{
    struct arena  scratch = { .ceiling_bytes = a->ceiling_bytes };
    struct entry *entries, *spare;
    size_t        n = entries_fill(&scratch, p, count, &entries, &spare);
    for (size_t i = 0, end; i < n; i = end) {
        end = block_end(entries, i, n);
        if (end - i > BLOCK_HOT)
            *crowd_list_add(out, a) = (struct crowd){ entries[i].key, (int)(end - i), (int)entries[i].record };
    }
    arena_done(&scratch);
    if (out->count)
        qsort(out->at, (size_t)out->count, sizeof *out->at, by_members);
    out->count = out->count < max ? out->count : max;
}
