#include "base/id.h"

#include <assert.h>

#define ID_EPOCH_MS   INT64_C(1735689600000)     /* 2025-01-01T00:00:00Z */
#define ID_NODE_BITS  6
#define ID_COUNT_BITS 16
#define ID_COUNT_MASK ((INT64_C(1) << ID_COUNT_BITS) - 1)
#define ID_TICK_MAX   ((INT64_C(1) << 41) - 1)

/* `last` holds milliseconds and count without the node, so that running over the count is a plain addition. */
static int64_t last_of(instant now)
{
    int64_t tick = now.ms - ID_EPOCH_MS;
    tick = tick < 0 ? 0 : tick > ID_TICK_MAX ? ID_TICK_MAX : tick;
    return tick << ID_COUNT_BITS;
}

rid id_next(struct id_source *source, instant now)
{
    int64_t fresh = last_of(now), last = atomic_load_explicit(&source->last, memory_order_relaxed), next;
    assert(source->node < 1u << ID_NODE_BITS);
    do
        next = fresh > last ? fresh : last + 1;
    while (!atomic_compare_exchange_weak_explicit(&source->last, &last, next, memory_order_relaxed, memory_order_relaxed));
    return (rid){ (next >> ID_COUNT_BITS) << (ID_NODE_BITS + ID_COUNT_BITS) | (int64_t)source->node << ID_COUNT_BITS |
                  (next & ID_COUNT_MASK) };
}

void id_after(struct id_source *source, rid seen)
{
    /* Another node's id may be larger than ours of the same millisecond: go on in the next one. */
    int64_t floor = (seen.v >> (ID_NODE_BITS + ID_COUNT_BITS)) << ID_COUNT_BITS | ID_COUNT_MASK;
    int64_t last  = atomic_load_explicit(&source->last, memory_order_relaxed);
    if (seen.v <= 0)
        return;
    while (last < floor && !atomic_compare_exchange_weak_explicit(&source->last, &last, floor, memory_order_relaxed,
                                                                  memory_order_relaxed))
        ;
}

rid id_floor(instant at)
{
    return (rid){ last_of(at) << ID_NODE_BITS };
}

bool id_parse(str s, rid *out)
{
    int64_t n;
    if (!str_to_int(s, &n) || n <= 0)
        return false;
    out->v = n;
    return true;
}
