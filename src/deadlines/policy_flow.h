/* policy_flow.h - changing rules, calendars and settings, with a row in the log of changes each.
 *
 * Nothing here reckons deadlines anew: the caller says request_shop_changed when it has committed.
 */
#pragma once
#include "deadlines/policy_store.h"
#include "deadlines/shop_store.h"
#include "db/work.h"

#define POLICIES_MAX 200

struct rule_edit { rid id; int64_t version; const struct json *json; };  /* version 0: whatever is stored */

MUST_CHECK bool policy_create(struct work *, struct policy_row *io, struct err *);
/* ERR_VERSION_OLD leaves the present row in *out. */
MUST_CHECK bool policy_change(struct work *, const struct rule_edit *, struct policy_row *out, struct err *);
MUST_CHECK bool policy_remove(struct work *, const struct rule_edit *, struct err *);
MUST_CHECK bool calendar_create(struct work *, struct calendar_row *io, struct err *);
MUST_CHECK bool calendar_change(struct work *, const struct rule_edit *, struct calendar_row *out, struct err *);
/* ERR_CONFLICT while a rule counts by it. */
MUST_CHECK bool calendar_remove(struct work *, const struct rule_edit *, struct err *);
/* ERR_VERSION_OLD leaves what stands now in *out. */
MUST_CHECK bool settings_change(struct work *, const struct rule_edit *, struct shop_settings *out, struct err *);

/* Inside db_tx: the default calendar and rules of a new shop. */
MUST_CHECK bool policies_seed(struct db *, const struct work *, str language, str zone, struct err *);
