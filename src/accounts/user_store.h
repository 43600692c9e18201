/* user_store.h - SQL of people. */
#pragma once
#include "accounts/user.h"

MUST_CHECK bool user_get(struct db *, rid id, struct arena *, struct user *out, struct err *);      /* ERR_NOT_FOUND */
/* *found is false when nobody has this login (folded). */
MUST_CHECK bool user_by_login(struct db *, str login, struct arena *, struct user *out, bool *found, struct err *);
MUST_CHECK bool user_all(struct db *, struct arena *, struct user_list *out, struct err *);          /* by name */
MUST_CHECK bool user_count(struct db *, int64_t *out, struct err *);
/* Active owners besides this one. */
MUST_CHECK bool user_other_owners(struct db *, rid but, int64_t *out, struct err *);
MUST_CHECK bool user_insert(struct db *, const struct user *, struct err *);
/* All fields but id and created_at, where the version is still that of the row; the row's version is counted up. */
MUST_CHECK bool user_save(struct db *, struct user *, struct err *);
/* Without touching the version. */
bool user_seen(struct db *, rid id, instant now, struct err *);
