/* rekey_store.h - every column that holds something sealed with the shop's key. */
#pragma once
#include "base/list.h"
#include "base/secret.h"
#include "db/db.h"

/* `context` of a row, with its id in place of the %: "account:%". */
struct sealed_column { const char *table, *id, *column, *context; };
extern const struct sealed_column sealed_columns[];      /* ends with table NULL */

/* Inside db_tx: opens everything with one key and seals it with another; *count texts. */
MUST_CHECK bool rekey_rows(struct db *, struct arena *, const struct secret_key *from, const struct secret_key *to, int64_t *count, struct err *);
/* What does not open with the key is told. */
typedef void rekey_bad(void *ctx, rid id, const char *table, const char *column);
MUST_CHECK bool rekey_verify(struct db *, struct arena *, const struct secret_key *, rekey_bad *, void *ctx, struct err *);
