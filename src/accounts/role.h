/* role.h - roles that a shop makes itself, beside the six of base/permission.h, which never change. Pure.
 *
 * A person may have both kinds; what one may do is the sum. Whoever owns the shop has the role "owner", which cannot be copied
 * by giving a role of one's own every right.
 */
#pragma once
#include "base/list.h"
#include "base/permission.h"
#include "record/record.h"

#define OWN_ROLES_MAX 50                /* per shop */

struct own_role {
    rid     id;
    str     name, permissions;          /* "orders.see,picking" */
    int64_t version;
    instant created_at, updated_at;
};
LIST(own_role)
extern const struct record own_role_record;

/* Rights that a role, a key or a person may be given: all but those that everybody has. */
uint64_t permissions_grantable(void);
uint64_t own_role_permissions(const struct own_role *);
/* Reads a body {name, permissions}; all mistakes at once. */
MUST_CHECK bool own_role_read_json(struct arena *, const struct json *, enum record_read_mode, struct own_role *io, struct err *);
void own_role_write(struct json_out *, const char *key, const struct own_role *);
str  own_role_audit(struct arena *, const struct own_role *);
