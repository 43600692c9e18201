/* clock.h - the only place that reads the system's clock. Owned by the app; everyone else is told the time.
 *
 * A test or demo clock starts at a given moment and either stands still until moved or runs on from there.
 */
#pragma once
#include "base/instant.h"
#include <stdatomic.h>

struct clock {
    _Atomic int64_t shift_ms;           /* added to the system's time */
    _Atomic int64_t frozen_ms;          /* not 0: the time stands still here */
};

instant clock_now(const struct clock *);
void    clock_freeze(struct clock *, instant at);
void    clock_run_from(struct clock *, instant at);
void    clock_advance(struct clock *, int64_t ms);
/* Monotonic nanoseconds, for measuring only. */
int64_t clock_tick_ns(void);
