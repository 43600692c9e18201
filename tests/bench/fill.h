/* fill.h - a shop with years behind it, written straight into the tables: N orders, N customers or more, each order with one of its own.
 *
 * The newest FILL_OPEN orders are open, half of a percent of them overdue. Accounts are 1, 2, 3. Phones +7701…, numbers from 300000001,
 * both by formula, so that a bench knows what it asks for. */
#pragma once
#include "base/str.h"

#define FILL_OPEN   20000
#define FILL_NOW_MS INT64_C(1797393840000)               /* 2026-12-16T04:04:00Z */
#define FILL_KEY    "sk_benchbenchbenchbenchbenchbenchbenchbenchben"     /* an API key that may read everything */

/* Fills a database that is migrated and empty. There may be more customers than orders; the others have none. */
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
