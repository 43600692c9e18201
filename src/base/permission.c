#include "base/permission.h"

const char *const permission_names[] = {
    [PERM_FORGOTTEN] = "", [PERM_PUBLIC] = "public", [PERM_SIGNED_IN] = "signed_in", [PERM_ORDERS_SEE] = "orders.see",
    [PERM_ORDERS_WORK] = "orders.work", [PERM_ORDERS_CANCEL] = "orders.cancel", [PERM_ORDERS_NOTE] = "orders.note", [PERM_PICKING] = "picking",
    [PERM_PRICES_SEE] = "prices.see", [PERM_CONTACTS_SEE] = "contacts.see", [PERM_CUSTOMERS_SEE] = "customers.see",
    [PERM_EXPORT] = "export", [PERM_IMPORT] = "import", [PERM_SETTINGS] = "settings", [PERM_USERS] = "users",
    [PERM_AUDIT] = "audit", [PERM_CUSTOMERS_MERGE] = "customers.merge", [PERM_CUSTOMERS_DATA] = "customers.data",
    [PERM_RETURNS_SEE] = "returns.see", [PERM_RETURNS_CREATE] = "returns.create", [PERM_RETURNS_DECIDE] = "returns.decide",
    [PERM_RETURNS_INSPECT] = "returns.inspect", [PERM_RETURNS_REFUND] = "returns.refund", [PERM_RETURNS_CONFIRM] = "returns.confirm",
    [PERM_CLAIMS_WORK] = "claims.work", [PERM_CUSTOMERS_TAG] = "customers.tag", NULL
};
_Static_assert(COUNT_OF(permission_names) == PERM_COUNT + 1, "a name per permission");

const char *const role_names[] = {
    [ROLE_OWNER] = "owner", [ROLE_MANAGER] = "manager", [ROLE_PICKER] = "picker", [ROLE_ACCOUNTANT] = "accountant",
    [ROLE_MARKETER] = "marketer", [ROLE_SUPPORT] = "support", NULL
};
_Static_assert(COUNT_OF(role_names) == ROLE_COUNT + 1, "a name per role");

#define P(name) ((uint64_t)1 << PERM_##name)

/* Domain handbook §19. What a role may only do "within limits" or "on request" is not given here: the screens of that
 * request ask somebody who may. The owner has everything, also rights that are added later. */
static const uint64_t role_rights[] = {
    [ROLE_OWNER]      = (((uint64_t)1 << PERM_COUNT) - 1) & ~P(FORGOTTEN),
    [ROLE_MANAGER]    = P(ORDERS_SEE) | P(ORDERS_WORK) | P(ORDERS_CANCEL) | P(ORDERS_NOTE) | P(PICKING) | P(PRICES_SEE) | P(CONTACTS_SEE)
                      | P(CUSTOMERS_SEE) | P(CUSTOMERS_MERGE) | P(EXPORT) | P(IMPORT)
                      | P(RETURNS_SEE) | P(RETURNS_CREATE) | P(RETURNS_DECIDE) | P(RETURNS_INSPECT) | P(RETURNS_REFUND) | P(CLAIMS_WORK) | P(CUSTOMERS_TAG),
    [ROLE_PICKER]     = P(ORDERS_SEE) | P(PICKING) | P(RETURNS_SEE) | P(RETURNS_INSPECT),
    [ROLE_ACCOUNTANT] = P(ORDERS_SEE) | P(PRICES_SEE) | P(EXPORT) | P(RETURNS_SEE) | P(RETURNS_CONFIRM),
    [ROLE_MARKETER]   = P(CUSTOMERS_SEE) | P(CUSTOMERS_TAG) | P(EXPORT),
    [ROLE_SUPPORT]    = P(ORDERS_SEE) | P(ORDERS_NOTE) | P(CONTACTS_SEE) | P(CUSTOMERS_SEE) | P(RETURNS_SEE) | P(RETURNS_CREATE)
                      | P(CLAIMS_WORK) | P(CUSTOMERS_TAG),
};
_Static_assert(COUNT_OF(role_rights) == ROLE_COUNT, "rights per role");

uint64_t roles_permissions(unsigned roles)
{
    uint64_t all = P(PUBLIC) | P(SIGNED_IN);
    for (int role = 0; role < ROLE_COUNT; role++)
        if (roles & BIT(role))
            all |= role_rights[role];
    return all;
}
