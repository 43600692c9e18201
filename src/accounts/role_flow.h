/* role_flow.h - making, changing and removing the shop's own roles. Nobody gives a right that he does not have, nor changes a
 * role that holds one. After a success the caller forgets who has the role (rights_changed). */
#pragma once
#include "accounts/role_store.h"
#include "db/work.h"

struct role_edit { rid id; int64_t version; const struct json *json; const struct grantor *by; };

MUST_CHECK bool own_role_create(struct work *, const struct grantor *, struct own_role *io, struct err *);
/* ERR_VERSION_OLD leaves the present row in *out; *holders: whose rights have changed. */
MUST_CHECK bool own_role_change(struct work *, const struct role_edit *, struct own_role *out, struct user_list *holders, struct err *);
/* ERR_CONFLICT while somebody has it or is invited with it. */
MUST_CHECK bool own_role_remove(struct work *, const struct role_edit *, struct err *);
