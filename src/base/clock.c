#include "base/clock.h"

#include <time.h>

static int64_t system_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

instant clock_now(const struct clock *c)
{
    int64_t frozen = atomic_load(&c->frozen_ms);
    return (instant){ frozen ? frozen : system_ms() + atomic_load(&c->shift_ms) };
}

void clock_freeze(struct clock *c, instant at) { atomic_store(&c->frozen_ms, at.ms); }

void clock_run_from(struct clock *c, instant at)
{
    atomic_store(&c->shift_ms, at.ms - system_ms());
    atomic_store(&c->frozen_ms, 0);
}

void clock_advance(struct clock *c, int64_t ms)
{
    int64_t frozen = atomic_load(&c->frozen_ms);
    do {
        if (!frozen) {
            atomic_fetch_add(&c->shift_ms, ms);
            return;
        }
    } while (!atomic_compare_exchange_weak(&c->frozen_ms, &frozen, frozen + ms));
}

int64_t clock_tick_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}
