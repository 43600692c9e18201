/* timeline_store.h - all that happened with a person, in one line of time: orders, returns, merges, consents, notes. */
#pragma once
#include "base/list.h"
#include "db/work.h"

enum moment_kind { MOMENT_NOTE, MOMENT_CONSENT, MOMENT_MERGE, MOMENT_RETURN, MOMENT_ORDER, MOMENT_KIND_COUNT };
extern const char *const moment_kind_names[MOMENT_KIND_COUNT + 1];

/* What the words are hangs on the kind; see the statement. */
struct moment { enum moment_kind kind; rid id; instant at; str a, b, c, d, currency; amount sum; bool has_sum; rid author_id; instant edited_at; int64_t version; };
LIST(moment)

/* The newest first, behind `after` (zero: from the start). Orders and returns of these accounts and orders of these statuses only; none of
 * either: all. */
struct timeline_query { rid card; const rid *accounts; int accounts_count; unsigned statuses; bool no_returns; struct moment after; int limit; };
/* `last` is set where there may be more: go on behind it. */
MUST_CHECK bool timeline_of(struct db *, const struct timeline_query *, struct arena *, struct moment_list *out, struct moment *last, struct err *);
