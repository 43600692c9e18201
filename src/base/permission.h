/* permission.h - rights and roles (domain handbook §19). Checked on the server for every route. Stored and sent by name. */
#pragma once
#include "base/str.h"

enum permission {
    PERM_FORGOTTEN,         /* the server refuses to start on a route with this */
    PERM_PUBLIC,            /* no sign-in: health, sign-in, hooks, assets */
    PERM_SIGNED_IN,         /* any user or key */
    PERM_ORDERS_SEE, PERM_ORDERS_WORK, PERM_ORDERS_CANCEL,
    PERM_ORDERS_NOTE,       /* write notes and tasks beside an order */
    PERM_PICKING, PERM_PRICES_SEE, PERM_CONTACTS_SEE, PERM_CUSTOMERS_SEE,
    PERM_EXPORT, PERM_IMPORT, PERM_SETTINGS, PERM_USERS, PERM_AUDIT,
    PERM_CUSTOMERS_MERGE, PERM_CUSTOMERS_DATA,            /* merge and take apart; export, erase and note consents of a person */
    PERM_RETURNS_SEE, PERM_RETURNS_CREATE, PERM_RETURNS_DECIDE, PERM_RETURNS_INSPECT,
    PERM_RETURNS_REFUND, PERM_RETURNS_CONFIRM,            /* pay back up to the limit; as the second person, above it */
    PERM_CLAIMS_WORK,       /* our claims to markets and carriers: begin, send, answer, settle */
    PERM_CUSTOMERS_TAG,     /* put words on cards and take them off */
    PERM_COUNT
};
extern const char *const permission_names[];             /* "" "public" "signed_in" "orders.see" … NULL */

enum role { ROLE_OWNER, ROLE_MANAGER, ROLE_PICKER, ROLE_ACCOUNTANT, ROLE_MARKETER, ROLE_SUPPORT, ROLE_COUNT };
extern const char *const role_names[];

/* Rights of a set of roles, as a bit set of permissions. */
uint64_t roles_permissions(unsigned roles);
static inline bool permission_in(uint64_t set, enum permission p) { return set & ((uint64_t)1 << p); }
