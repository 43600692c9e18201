/* fill.h - the shop of orders/bulk_store.h with an API key to it; mostly N orders, and each of them with a customer of its own. */
#pragma once
#include "base/str.h"

#define FILL_NOW_MS INT64_C(1797393840000)               /* 2026-12-16T04:04:00Z */
#define FILL_KEY    "sk_benchbenchbenchbenchbenchbenchbenchbenchben"     /* an API key that may read everything */

/* Fills a database that is migrated and empty. */
void fill_sqlite(const char *path, int64_t orders, int64_t customers);
void fill_postgres(const char *url, int64_t orders);
/* Path of such a file, made at first use and kept for later runs under /var/tmp/sauda-bench (BENCH_FOLDER). */
const char *fill_kept(int64_t orders);

/* The customer of the first order gets those of the 499 after it: a buyer of many years. Doing it twice changes nothing. */
#define FILL_RICH 500
void    fill_rich(const char *path);
int64_t fill_rich_customer(void);
int64_t fill_phone(int64_t i);                           /* last seven digits of customer i, 1..N */
int64_t fill_customer(int64_t order, int64_t orders);    /* whose the order is */
