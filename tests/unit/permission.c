/* Rights of roles, as the table of the domain handbook §19 has them. */
#include "base/permission.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void each_role_has_the_rights_of_the_handbook(void **state)
{
    (void)state;
    /* a letter per role in the order owner, manager, picker, accountant, marketer, support */
    static const struct { enum permission p; const char *who; } rows[] = {
        { PERM_ORDERS_SEE, "ompa-s" },    { PERM_ORDERS_WORK, "om----" },   { PERM_ORDERS_CANCEL, "om----" },
        { PERM_PICKING, "omp---" },       { PERM_PRICES_SEE, "om-a--" },    { PERM_CONTACTS_SEE, "om---s" },
        { PERM_CUSTOMERS_SEE, "om--ms" }, { PERM_EXPORT, "om-am-" },        { PERM_IMPORT, "om----" },
        { PERM_ORDERS_NOTE, "om---s" },   { PERM_CUSTOMERS_MERGE, "om----" }, { PERM_CUSTOMERS_DATA, "o-----" },
        { PERM_RETURNS_SEE, "ompa-s" },   { PERM_RETURNS_CREATE, "om---s" },  { PERM_RETURNS_DECIDE, "om----" },
        { PERM_RETURNS_INSPECT, "omp---" }, { PERM_RETURNS_REFUND, "om----" }, { PERM_RETURNS_CONFIRM, "o--a--" },
        { PERM_CLAIMS_WORK, "om---s" }, { PERM_CUSTOMERS_TAG, "om--ms" },
        { PERM_SETTINGS, "o-----" },      { PERM_USERS, "o-----" },         { PERM_AUDIT, "o-----" },
        { PERM_SIGNED_IN, "ompams" },     { PERM_PUBLIC, "ompams" },        { PERM_FORGOTTEN, "------" },
    };
    assert_int_equal(COUNT_OF(rows), PERM_COUNT);
    for (int i = 0; i < COUNT_OF(rows); i++)
        for (int role = 0; role < ROLE_COUNT; role++)
            assert_int_equal(permission_in(roles_permissions(BIT(role)), rows[i].p), rows[i].who[role] != '-');
}

static void rights_of_several_roles_add_up(void **state)
{
    (void)state;
    uint64_t both = roles_permissions(BIT(ROLE_PICKER) | BIT(ROLE_MARKETER));
    assert_int_equal(both, roles_permissions(BIT(ROLE_PICKER)) | roles_permissions(BIT(ROLE_MARKETER)));
    assert_false(permission_in(roles_permissions(0), PERM_ORDERS_SEE));
}

static void every_permission_and_role_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 1; i < PERM_COUNT; i++) {
        assert_true(permission_names[i] && *permission_names[i]);
        for (int k = 1; k < i; k++)
            assert_string_not_equal(permission_names[i], permission_names[k]);
    }
    for (int i = 0; i < ROLE_COUNT; i++)
        assert_true(role_names[i] && *role_names[i]);
    assert_null(permission_names[PERM_COUNT]);
    assert_null(role_names[ROLE_COUNT]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_role_has_the_rights_of_the_handbook),
        cmocka_unit_test(rights_of_several_roles_add_up),
        cmocka_unit_test(every_permission_and_role_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests_name("permission", tests, NULL, NULL);
}
