/* id.h - record ids: 64-bit, made by us, roughly ordered by time, never reused. 0 = no record. Text in JSON. */
#pragma once
#include "base/instant.h"
#include <stdatomic.h>

typedef struct {
    int64_t v;
} rid;

/* Layout: 41 bits of milliseconds since 2025-01-01, 6 bits of node, 16 bits of count within the millisecond (it borrows
 * from the next millisecond when it runs over). Any thread. */
struct id_source {
    _Atomic int64_t last;
    unsigned        node;               /* 0..63 */
};

rid  id_next(struct id_source *, instant now);
/* Makes sure that later ids are above `seen` (call at start with the largest stored id). */
void id_after(struct id_source *, rid seen);
/* Ids made since then are at least this one. */
rid  id_floor(instant);
static inline bool id_is_set(rid id) { return id.v != 0; }
static inline bool id_eq(rid a, rid b) { return a.v == b.v; }
MUST_CHECK bool id_parse(str, rid *out);                 /* decimal, > 0 */
