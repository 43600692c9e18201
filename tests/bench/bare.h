/* bare.h - the yardstick of intake: the same rows by the bare library. */
#pragma once

/* Reads all rows of the SQLite file `whole`, then inserts them into a fresh file with the same schema, `batches` transactions, all
 * tables of a batch in each, at synchronous=FULL. Seconds for the inserting alone. */
double bare_sqlite(const char *whole, const char *folder, int batches);
/* The same with libpq in pipeline mode, one pipeline a batch, into a new schema of the same database. */
double bare_postgres(const char *url, const char *folder, int batches);
