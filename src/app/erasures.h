/* erasures.h - the list of erased people beside the database.
 *
 * A backup that is older than an erasure brings the person back. So each erasure also stands, as ids, in <home>/erased.jsonl, which
 * belongs to no backup of the database; what stands there and not in the database is done again at the next start.
 */
#pragma once
#include "app/app.h"

/* Both ways: what the file lacks is added to it, what the database lacks is erased again. Not for a read-only house. */
MUST_CHECK bool erasures_settle(struct app *, struct err *);
/* The first half alone. */
MUST_CHECK bool erasures_keep(const struct app *, struct db *, struct arena *, struct err *);
