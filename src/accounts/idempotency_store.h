/* idempotency_store.h - the first answer to a request that carried an Idempotency-Key, for a day. */
#pragma once
#include "db/db.h"

struct kept_answer { str actor, key, request; int64_t status; str body; instant created_at; };

/* *found false: none, or it is older than a day. */
MUST_CHECK bool idempotency_find(struct db *, str actor, str key, instant now, struct arena *, struct kept_answer *out, bool *found,
                                 struct err *);
/* Inside db_tx. When another transaction has stored this key since ours began, all of ours begins anew and finds it. */
MUST_CHECK bool idempotency_save(struct db *, const struct kept_answer *, struct err *);
