/* user_flow.h - people come, change and go. At least one active owner stays; a blocked person is signed out at once.
 *
 * After a successful change the caller forgets the person in its session cache (session_cache_http.h).
 */
#pragma once
#include "accounts/user_store.h"
#include "db/work.h"

/* What the own roles that are named give; an unknown one is an error at "own_roles". */
MUST_CHECK bool user_own_roles(struct db *, struct arena *, struct user *io, struct err *);
/* Fills what a new person begins with; `password` is hashed (slow: never inside db_tx). All mistakes at once. */
MUST_CHECK bool user_prepare(struct work *, struct user *io, str password, struct err *);
/* Inside db_tx: stores a prepared person and the audit row. ERR_CONFLICT on a login that is taken. */
MUST_CHECK bool user_add(struct db *, const struct work *, const struct user *, struct err *);
MUST_CHECK bool user_create(struct work *, struct user *io, str password, const struct grantor *, struct err *);

struct user_edit {
    rid         id;
    int64_t     version;                /* 0: whatever is stored */
    /* Changes the row in place; inside the transaction, may run again. */
    bool      (*change)(struct user *, const void *input, struct err *);
    const void *input;
    str         password;               /* not empty: the new one */
    const char *action;                 /* "user.edit" */
    const struct grantor *by;           /* NULL: the person itself, or the command line */
    bool        keep_sessions;          /* of a new password: the caller replaces them itself */
};
/* ERR_VERSION_OLD leaves the present row in *out. */
MUST_CHECK bool user_change(struct work *, const struct user_edit *, struct user *out, struct err *);
