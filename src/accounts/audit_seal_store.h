/* audit_seal_store.h - the rows behind the chain of the log of changes. */
#pragma once
#include "accounts/audit.h"
#include "base/list.h"

LIST(audit_entry)

/* The newest day that was begun; day 0 when there is none. */
MUST_CHECK bool audit_seal_last(struct db *, struct arena *, struct audit_seal *out, struct err *);
/* Days in order, after `day`. */
MUST_CHECK bool audit_seal_next(struct db *, int64_t day, struct arena *, struct audit_seal *out, bool *found, struct err *);
MUST_CHECK bool audit_seal_save(struct db *, const struct audit_seal *, struct err *);
MUST_CHECK bool audit_rows_after(struct db *, rid after, int max, struct arena *, struct audit_entry_list *out, struct err *);
MUST_CHECK bool audit_row_chain(struct db *, const struct audit_entry *, struct err *);
/* Rows of sealed days before this one go, their seals stay. */
MUST_CHECK bool audit_clear(struct db *, int64_t before_day, struct err *);
