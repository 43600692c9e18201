/* arena.h - memory of one request, one job or one call.
 *
 * Allocation never fails: crossing the ceiling is a bug and ends the process with a message.
 * Memory comes zeroed. arena_reset forgets everything at once and keeps the first blocks (ARENA_KEPT_BYTES) for the next use.
 * With AddressSanitizer on, forgotten memory is poisoned. One thread at a time.
 */
#pragma once
#include "base/str.h"

struct arena_block;
struct arena {
    struct arena_block *first, *current;
    size_t              used;           /* bytes handed out since the last reset */
    size_t              ceiling_bytes;  /* 0 = ARENA_CEILING_BYTES */
};
struct arena_mark {
    struct arena       *arena;
    struct arena_block *block;
    size_t              block_used, used;
};

#define ARENA_CEILING_BYTES ((size_t)512 << 20)
#define ARENA_KEPT_BYTES    ((size_t)256 << 10)      /* per pooled arena at rest, when that much was ever used */

/* {0} is a usable arena. */
void *arena_alloc(struct arena *, size_t bytes) __attribute__((malloc, alloc_size(2), returns_nonnull));
/* The same without zeroing, aligned to 16: for bytes that are written over at once (buffers, copies). */
void *arena_raw(struct arena *, size_t bytes) __attribute__((malloc, alloc_size(2), returns_nonnull));
void *arena_copy(struct arena *, const void *from, size_t bytes);
/* Lengthens the last allocation in place and gives its address; the new bytes are not zeroed. NULL when it is not the last
 * one or its block is full; then nothing changed. */
MUST_CHECK void *arena_grow(struct arena *, void *last, size_t bytes_old, size_t bytes_new);
/* An arena whose first block is the given memory (on the stack, say); what does not fit goes to the heap as usual. */
struct arena arena_over(void *memory, size_t bytes);
void  arena_reset(struct arena *);
void  arena_done(struct arena *);                       /* gives everything back to the system */
struct arena_mark arena_mark(struct arena *);
void  arena_back(struct arena_mark *);                  /* for CLEANUP(arena_back) */

#define ARENA_NEW(arena, type)          ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc((arena), sizeof(type) * (size_t)(count)))
