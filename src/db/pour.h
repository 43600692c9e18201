/* pour.h - very many rows at once into a database that nobody else has open: a made-up shop for trying out size. */
#pragma once
#include "db/db.h"

/* Runs the texts, one statement each, one after another on one connection. SQLite: without a journal, and the indexes are made anew at
 * the end, sorted, for row by row they would take hours; a power cut meanwhile ruins the file. PostgreSQL: a transaction each.
 * `said` (may be NULL) hears of each that is done; the last is the making of the indexes. */
struct pour_listener { void (*fn)(void *ctx, int done, int all); void *ctx; };
MUST_CHECK bool db_pour(const char *url, struct arena *, const char *const *texts, int count, const struct pour_listener *said, struct err *);
