/* bench_returns.h - a million returns, and as many notices: their pages beside the page of the order queue, and the report of a week. */
#pragma once
#include <stdint.h>

/* Adds the rows to a file of the filled shop that nobody has open; `environment` leads a server to it. */
void measure_returns(const char *const *environment, const char *path, int64_t count);
