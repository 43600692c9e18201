/* bare.h - the yardstick of intake: the very rows that our path stored, inserted by the bare library.
 *
 * A round: our path stores some orders into the file `whole`; bare_load reads the rows that are new there; bare_insert puts them
 * into a second database that has the same tables and indexes and grew the same way, so many orders a transaction as we did.
 */
#pragma once
#include "base/str.h"

struct bare;
/* SQLite: `path` is a migrated file. PostgreSQL: `whole` and `path` are addresses of two schemas. They end the process when
 * something fails. PostgreSQL's transactions are SERIALIZABLE here as they are in ours: what is measured is our path, not the price
 * of the isolation level, which the database asks of everybody. */
struct bare *bare_sqlite(const char *whole, const char *path);
struct bare *bare_postgres(const char *whole, const char *path);

void   bare_load(struct bare *);
double bare_insert(struct bare *, int batches);          /* seconds; one durable transaction a batch */

/* Group commit as one would write it by hand: `clients` threads each hand over one order after another to one thread that
 * commits whatever is queued. Fills the wait of each order in seconds; gives the seconds of all. */
double bare_group(struct bare *, int orders, int clients, double *waits);

/* ---- for the two kinds of it ---- */

struct bare_table { const char *name, *key; };           /* key: column by which new rows are known, NULL: small, replaced whole */
extern const struct bare_table bare_tables[];
#define BARE_TABLES 13

struct bare {
    double (*insert)(struct bare *, int batches);
    void   (*load)(struct bare *);
    void   (*commit)(struct bare *, int from, int to, int parts);   /* parts from..to of all that was loaded, one transaction */
};
