/* migrate.h - numbered migrations, forward only, embedded in the binary.
 *
 * Files NNNN_words.sql, each applied in one transaction with its checksum recorded in schema_migrations. In the text:
 * BIGINT, TEXT and BYTES (the runner writes INTEGER/TEXT/BLOB + STRICT on SQLite; BIGINT/TEXT/BYTEA on PostgreSQL).
 * Sections "-- only sqlite", "-- only postgres", "-- both" switch what follows.
 *
 * A line "-- works with 0028" says that programs which know the migrations up to that one work on as before when this one is applied: it only
 * adds (tables, columns with a default, indexes). So a server of the version before may run beside the new one while they are exchanged.
 * Without the line a migration is for programs that know it, and none other may be at work when it is applied.
 */
#pragma once
#include "db/db.h"

struct migration { int number; const char *name; str text; };
extern const struct migration migrations[];              /* generated from the folder; ends with number 0 */
extern const int migrations_count;

/* Applies what is missing. ERR_STORE_NEWER when the database knows migrations that we do not and that are not said to work with ours;
 * ERR_SETTING when one was edited. */
MUST_CHECK bool migrate(struct db_pool *, int *applied, struct err *);
/* Highest number applied; 0 for an empty database. */
MUST_CHECK bool migrate_version(struct db *, int *out, struct err *);
enum schema_fit { SCHEMA_FITS, SCHEMA_OLDER, SCHEMA_NEWER };
/* Whether this program can work on the database as it is; SCHEMA_OLDER: after migrate(). */
MUST_CHECK bool migrate_look(struct db *, enum schema_fit *out, struct err *);
/* Whether something that migrate() would apply is not for the programs that work on the database now. */
MUST_CHECK bool migrate_parts(struct db *, bool *out, struct err *);
