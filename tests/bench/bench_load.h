/* bench_load.h - the biggest shop's peak in small: orders from a marketplace, people who read and act, open screens, all at once. */
#pragma once

/* `environment`: of the server, as for server_start; `orders`: how many the database holds. */
void measure_load(const char *const *environment, long long orders, const char *store);
