/* policy_store.h - SQL of rules and calendars. */
#pragma once
#include "deadlines/policy.h"

MUST_CHECK bool policies_all(struct db *, struct arena *, struct policy_row_list *out, struct err *);     /* by id: the order of ties */
MUST_CHECK bool calendars_all(struct db *, struct arena *, struct calendar_row_list *out, struct err *);
MUST_CHECK bool calendar_users(struct db *, rid calendar_id, int64_t *out, struct err *);                 /* rules that count by it */
MUST_CHECK bool policy_count(struct db *, int64_t *out, struct err *);
MUST_CHECK bool account_exists(struct db *, rid id, bool *out, struct err *);
