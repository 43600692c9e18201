/* migrate.h - numbered migrations, forward only, embedded in the binary.
 *
 * Files NNNN_words.sql, each applied in one transaction with its checksum recorded in schema_migrations. In the text:
 * BIGINT, TEXT and BYTES (the runner writes INTEGER/TEXT/BLOB + STRICT on SQLite; BIGINT/TEXT/BYTEA on PostgreSQL).
 * Sections "-- only sqlite", "-- only postgres", "-- both" switch what follows.
 */
#pragma once
#include "db/db.h"

struct migration { int number; const char *name; str text; };
extern const struct migration migrations[];              /* generated from the folder; ends with number 0 */
extern const int migrations_count;

/* Applies what is missing. ERR_STORE_NEWER when the database knows migrations that we do not; ERR_SETTING when one was edited. */
MUST_CHECK bool migrate(struct db_pool *, int *applied, struct err *);
/* Highest number applied; 0 for an empty database. */
MUST_CHECK bool migrate_version(struct db *, int *out, struct err *);
