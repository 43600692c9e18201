/* rate.c - token buckets on the sandbox's own clock, so that a test moves the clock instead of waiting. */
#include "sandbox/market.h"

struct bucket *bucket_of(struct sandbox *sb, const struct bucket_def *def, str key, instant now)
{
    struct bucket *b = NULL;
    for (int i = 0; i < sb->buckets.count && !b; i++)
        if (sb->buckets.at[i].def == def && str_eq(sb->buckets.at[i].key, key))
            b = &sb->buckets.at[i];
    if (!b) {
        b = bucket_list_add(&sb->buckets, &sb->arena);
        *b = (struct bucket){
            .def = def, .key = str_copy(&sb->arena, key), .left = def->burst, .filled_at = now
        };
    }
    int64_t gained = (now.ms - b->filled_at.ms) / def->every_ms;
    if (gained > 0) {
        b->left += gained;
        b->filled_at.ms += gained * def->every_ms;
    }
    if (b->left >= def->burst) {
        b->left = def->burst;
        b->filled_at = now;
    }
    return b;
}

bool bucket_take(struct bucket *b, int64_t tokens)
{
    if (b->left < 1)
        return false;
    b->left -= tokens;
    return true;
}

int64_t bucket_wait_ms(const struct bucket *b, instant now)
{
    int64_t missing = 1 - b->left;
    int64_t wait = missing * b->def->every_ms - (now.ms - b->filled_at.ms);
    return missing > 0 && wait > 0 ? wait : 0;
}

int64_t bucket_full_ms(const struct bucket *b)
{
    return (b->def->burst - b->left) * b->def->every_ms;
}
