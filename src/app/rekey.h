/* rekey.h - a new key in place of the one that seals marketplace tokens and second factors.
 *
 * The key lies in a file, never in the database, so two things have to change together. In this order: the new key is written beside
 * the old one (FILE.next) and is on the disk; one transaction seals everything anew and notes the mark of the new key; the old file is
 * kept as FILE.<mark>, the new one takes its name. Wherever the process dies, the next start finds which key the database means and ends
 * what was begun.
 */
#pragma once
#include "base/secret.h"
#include "db/work.h"

/* Before the key is loaded: ends a change that died after its transaction. */
MUST_CHECK bool rekey_settle(struct db_pool *, const char *path, struct err *);
struct rekeyed { int64_t count; str kept; };             /* where the key of before is */
MUST_CHECK bool rekey(struct work *, struct db_pool *, const char *path, struct rekeyed *out, struct err *);
