#include "base/arena.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN 1
#endif
#endif

#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#ifndef __clang__
/* gcc takes the poisoning of fresh memory for a read of it. */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#define POISON(at, bytes)   __asan_poison_memory_region((at), (bytes))
#define UNPOISON(at, bytes) __asan_unpoison_memory_region((at), (bytes))
#define GAP_BYTES           ((size_t)16)     /* stays poisoned between neighbours, so that overruns are seen */
#else
#define POISON(at, bytes)   ((void)0)
#define UNPOISON(at, bytes) ((void)0)
#define GAP_BYTES           ((size_t)0)
#endif

#define ALIGN_BYTES       ((size_t)16)
#define BLOCK_BYTES_FIRST ((size_t)32 << 10)
#define BLOCK_BYTES_MAX   ((size_t)1 << 20)

struct arena_block {
    struct arena_block *next;
    size_t              size, used;     /* of `data` */
    bool                is_borrowed;    /* not ours to free */
    _Alignas(16) char   data[];
};

static size_t aligned(size_t bytes) { return (bytes + ALIGN_BYTES - 1) & ~(ALIGN_BYTES - 1); }
static size_t ceiling(const struct arena *a) { return a->ceiling_bytes ? a->ceiling_bytes : ARENA_CEILING_BYTES; }

/* The state is in the database and the supervisor starts us again, so stopping is safer than going on without memory. */
static _Noreturn void arena_fail(const char *why, size_t bytes, size_t used)
{
    fprintf(stderr, "sauda: arena: %s (%zu bytes wanted, %zu in use)\n", why, bytes, used);
    abort();
}

static struct arena_block *block_new(struct arena *a, size_t need)
{
    size_t size = BLOCK_BYTES_FIRST;
    if (a->current)
        size = a->current->size * 2 < BLOCK_BYTES_MAX ? a->current->size * 2 : BLOCK_BYTES_MAX;
    if (size < need)
        size = need;
    struct arena_block *b = malloc(sizeof *b + size);
    if (!b)
        arena_fail("the system gives no memory", size, a->used);
    *b = (struct arena_block){ .size = size };
    POISON(b->data, size);
    return b;
}

/* Makes a block with room for `need` the current one. Blocks left over from before an arena_back are used again. */
static struct arena_block *block_with_room(struct arena *a, size_t need)
{
    struct arena_block *b = a->current;
    if (!b) {
        a->first = a->current = block_new(a, need);
        return a->first;
    }
    if (!b->next || b->next->size < need) {
        struct arena_block *fresh = block_new(a, need);
        fresh->next = b->next;
        b->next     = fresh;
    }
    a->current = b->next;
    return a->current;
}

void *arena_raw(struct arena *a, size_t bytes)
{
    if (bytes > ceiling(a) - a->used)
        arena_fail("the ceiling is crossed", bytes, a->used);
    size_t              step = aligned(bytes + GAP_BYTES);
    struct arena_block *b    = a->current;
    if (!b || b->size - b->used < step)
        b = block_with_room(a, step);
    void *at = b->data + b->used;
    b->used += step;
    a->used += bytes;
    UNPOISON(at, bytes);
    return at;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
    void *at = arena_raw(a, bytes);
    return memset(at, 0, bytes);
}

void *arena_copy(struct arena *a, const void *from, size_t bytes)
{
    void *at = arena_raw(a, bytes);
    if (bytes)
        memcpy(at, from, bytes);
    return at;
}

void *arena_grow(struct arena *a, void *last, size_t bytes_old, size_t bytes_new)
{
    struct arena_block *b    = a->current;
    size_t              step = aligned(bytes_old + GAP_BYTES);
    assert(bytes_new >= bytes_old);
    if (!b || step > b->used || (char *)last != b->data + b->used - step)
        return NULL;
    size_t more = bytes_new - bytes_old;
    if (more > ceiling(a) - a->used)
        arena_fail("the ceiling is crossed", bytes_new, a->used);
    size_t step_new = aligned(bytes_new + GAP_BYTES);
    if (b->used - step + step_new > b->size)
        return NULL;
    b->used += step_new - step;
    a->used += more;
    UNPOISON(last, bytes_new);
    return last;
}

struct arena arena_over(void *memory, size_t bytes)
{
    char  *at   = memory;
    size_t skip = aligned((size_t)(uintptr_t)at) - (size_t)(uintptr_t)at;
    if (bytes < skip + sizeof(struct arena_block) + ALIGN_BYTES)
        return (struct arena){ 0 };
    struct arena_block *b = (struct arena_block *)(void *)(at + skip);
    *b = (struct arena_block){ .size = bytes - skip - sizeof *b, .is_borrowed = true };
    return (struct arena){ .first = b, .current = b };
}

static void blocks_free(struct arena_block *b)
{
    while (b) {
        struct arena_block *next = b->next;
        UNPOISON(b->data, b->size);
        if (!b->is_borrowed)
            free(b);
        b = next;
    }
}

void arena_reset(struct arena *a)
{
    size_t kept = 0;
    for (struct arena_block *b = a->first; b; b = b->next) {
        kept += b->size;
        b->used = 0;
        POISON(b->data, b->size);
        if (b->next && kept + b->next->size > ARENA_KEPT_BYTES) {
            blocks_free(b->next);
            b->next = NULL;
        }
    }
    a->current = a->first;
    a->used    = 0;
}

void arena_done(struct arena *a)
{
    blocks_free(a->first);
    a->first = a->current = NULL;
    a->used  = 0;
}

struct arena_mark arena_mark(struct arena *a)
{
    return (struct arena_mark){ a, a->current, a->current ? a->current->used : 0, a->used };
}

void arena_back(struct arena_mark *m)
{
    struct arena       *a = m->arena;
    struct arena_block *b = m->block ? m->block : a->first;
    if (!b)
        return;
    /* Later blocks stay in the chain, empty: a loop over rows would otherwise give and take the same block for each row. */
    for (struct arena_block *later = b->next; later; later = later->next) {
        later->used = 0;
        POISON(later->data, later->size);
    }
    b->used = m->block ? m->block_used : 0;
    POISON(b->data + b->used, b->size - b->used);
    a->current = b;
    a->used    = m->used;
}
