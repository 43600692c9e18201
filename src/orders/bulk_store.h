/* bulk_store.h - a shop with years behind it, made up, as texts that write it straight into the tables of a migrated database: for
 * whoever wants to see how a claim about size holds (`sauda demo --orders`), and for the bench.
 *
 * The newest BULK_OPEN orders are open, half of a percent of them overdue; they are a minute apart. Accounts are 1, 2, 3. Phones +7701…,
 * order numbers from 300000001, both by formula, so that it is known what to ask for. */
#pragma once
#include "base/arena.h"
#include "base/instant.h"

#define BULK_OPEN          20000
#define BULK_TEXTS         17
#define BULK_ORDERS_MAX    INT64_C(50000000)
#define BULK_CUSTOMERS_MAX INT64_C(10000000)             /* so many phones there are */

/* Buyers without an order are possible, and buyers with many. */
struct bulk { int64_t orders, customers; instant now; bool postgres; };
/* Statements to be run one after another on one connection (db/pour.h). Gives their number. */
int bulk_texts(struct arena *, const struct bulk *, const char *out[BULK_TEXTS]);
