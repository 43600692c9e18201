/* factor_store.h - SQL of second factors. */
#pragma once
#include "accounts/factor.h"
#include "accounts/user.h"

struct factor { str sealed; int64_t last_step; };

MUST_CHECK bool factor_load(struct db *, rid user_id, struct arena *, struct factor *out, bool *found, struct err *);
/* A new secret in place of one that was there; codes of before go. */
MUST_CHECK bool factor_begin(struct db *, rid user_id, str sealed, instant now, struct err *);
/* Is the step later than every one that was taken? Then it is taken now, by nobody else. */
MUST_CHECK bool factor_step_take(struct db *, rid user_id, int64_t step, bool *taken, struct err *);
/* Since when the person signs in with it; not set: without. Not counted as a change of the person's row. */
MUST_CHECK bool factor_set(struct db *, rid user_id, instant since, struct err *);
MUST_CHECK bool factor_drop(struct db *, rid user_id, struct err *);

MUST_CHECK bool recovery_codes_set(struct db *, rid user_id, const str *digests, int count, struct err *);
MUST_CHECK bool recovery_code_take(struct db *, rid user_id, str digest, instant now, bool *taken, struct err *);
MUST_CHECK bool recovery_codes_left(struct db *, rid user_id, int64_t *out, struct err *);

/* Roles that must have one: names of the program's, ids of the shop's own. */
struct factor_roles { unsigned roles; str own_roles; };
MUST_CHECK bool factor_roles_load(struct db *, struct arena *, struct factor_roles *out, struct err *);
MUST_CHECK bool factor_roles_save(struct db *, struct arena *, const struct factor_roles *, struct err *);
/* Must this person have one, and has none? Fills factor_due. */
MUST_CHECK bool factor_due_load(struct db *, struct user *io, struct err *);
