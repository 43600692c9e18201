/* role_store.h - SQL of the shop's own roles. */
#pragma once
#include "accounts/role.h"
#include "accounts/user.h"

MUST_CHECK bool own_roles_all(struct db *, struct arena *, struct own_role_list *out, struct err *);     /* by name */
MUST_CHECK bool own_role_by_name(struct db *, str name, struct arena *, struct own_role *out, bool *found, struct err *);
/* Fills own_rights of people from their own_roles, in one statement, and in none when nobody has any. A role that is gone gives
 * nothing; *missing (may be NULL) says that there was one. */
MUST_CHECK bool own_rights_load(struct db *, struct arena *, struct user *people, int count, bool *missing, struct err *);
