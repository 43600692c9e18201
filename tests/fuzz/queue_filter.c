/* The address of the order list. */
#include "fuzz/fuzz.h"
#include "orders/queue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { .ceiling_bytes = FUZZ_ARENA_BYTES };
    struct err   err   = { 0 };
    struct queue_filter filter = { 0 };
    if (queue_filter_read(&arena, (str){ (const char *)data, size }, (rid){ 7 }, &filter, &err)) {
        FUZZ_CHECK(filter.limit >= 1 && filter.limit <= 200);
        FUZZ_CHECK(utf8_valid(filter.q));
        for (int i = 0; i < filter.tags.count; i++)
            FUZZ_CHECK(utf8_valid(filter.tags.at[i]));
        for (int i = 0; i < filter.channels.count; i++)
            FUZZ_CHECK(utf8_valid(filter.channels.at[i]));
    } else {
        FUZZ_CHECK(err_is_set(&err));
    }
    arena_done(&arena);
    return 0;
}
