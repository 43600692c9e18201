#include "accounts/role_store.h"

#include "accounts/body.h"

enum { Q_ALL, Q_BY_NAME, Q_COUNT };
/* clang-format off */
static const struct sql SQL[Q_COUNT] = {
    [Q_ALL]     = { "roles.all", "SELECT * FROM roles ORDER BY name, id LIMIT 200", NULL },
    [Q_BY_NAME] = { "roles.by_name", "SELECT * FROM roles WHERE name = $1", NULL },
};
/* clang-format on */

bool own_roles_all(struct db *db, struct arena *a, struct own_role_list *out, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_ALL]);
    while (db_row(&st))
        record_scan(&own_role_record, &st, a, own_role_list_add(out, a));
    return db_ok(&st, err);
}

bool own_role_by_name(struct db *db, str name, struct arena *a, struct own_role *out, bool *found, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query(db, &SQL[Q_BY_NAME]);
    bind_text(&st, 1, name);
    *found = db_row(&st);
    if (*found)
        record_scan(&own_role_record, &st, a, out);
    return db_ok(&st, err);
}

static bool rights_of(const struct own_role_list *roles, rid id, uint64_t *rights)
{
    for (int i = 0; i < roles->count; i++)
        if (id_eq(roles->at[i].id, id)) {
            *rights |= own_role_permissions(&roles->at[i]);
            return true;
        }
    return false;
}

bool own_rights_load(struct db *db, struct arena *a, struct user *people, int count, bool *missing, struct err *err)
{
    struct own_role_list roles = { 0 };
    bool any = false, lost = false;
    for (int i = 0; i < count; i++)
        any |= people[i].own_roles.len > 0;
    if (any && !own_roles_all(db, a, &roles, err))
        return false;
    for (int i = 0; i < count; i++) {
        rid *ids;
        int  n = ids_read(a, people[i].own_roles, &ids);
        people[i].own_rights = 0;
        for (int k = 0; k < n; k++)
            lost |= !rights_of(&roles, ids[k], &people[i].own_rights);
    }
    if (missing)
        *missing = lost;
    return true;
}
