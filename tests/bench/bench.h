/* bench.h - honest figures: candidate and yardstick side by side in one run, medians of interleaved rounds, ratios first.
 *
 * Rows go to standard output as a table and to build/bench.jsonl, one JSON object each.
 */
#pragma once
#include "base/arena.h"
#include "base/clock.h"

struct bench_row {
    const char *what;                   /* "intake, pages of 100, SQLite FULL" */
    const char *unit;                   /* "orders/s", "ms", "MB", "x" */
    double      value, yardstick;       /* yardstick 0 = none */
    double      at_least, aim;          /* bound on value/yardstick, or on value when there is no yardstick; 0 = none */
    bool        lower_is_better;
};
void bench_report(const struct bench_row *);
double bench_median(double *values, int count);
/* Seconds by a monotonic clock; process CPU seconds (user + system). */
double bench_now(void);
double bench_cpu(void);
/* Is there time for round `r` of `rounds`? Three are always run; after BENCH_SECONDS (30) there are no more, so that a bench ends in
 * minutes on a machine that is busy with something else too. */
bool bench_round(int r, int rounds, double since);
int64_t bench_env(const char *name, int64_t fallback);   /* whole number of an environment variable */

/* A page of `count` orders as Kaspi sends it, the first with number `from`; about 2 KB an order, 1.5 lines, 7 of 10 buyers new. */
str bench_kaspi_page(struct arena *, int64_t from, int count, int64_t base_ms);
