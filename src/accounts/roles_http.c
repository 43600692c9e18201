/* What each role may. The six that the program brings come first and never change; the shop's own follow. */
#include "accounts/accounts_http.h"

#include "accounts/body.h"
#include "accounts/role_flow.h"

static void write_built_in(struct json_out *j, unsigned role)
{
    json_begin(j, NULL, '{');
    json_text(j, "role", str_of(role_names[role]));
    json_null(j, "id");
    json_text(j, "name", (str){ 0 });
    json_null(j, "version");
    bits_write(j, "permissions", permission_names, roles_permissions(BIT(role)) & permissions_grantable());
    json_end(j);
}

static bool roles_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct own_role_list own = { 0 };
    if (!own_roles_all(rq->work.db, rq->work.arena, &own, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (unsigned role = 0; role < ROLE_COUNT; role++)
        write_built_in(&j, role);
    for (int i = 0; i < own.count; i++)
        own_role_write(&j, NULL, &own.at[i]);
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
    return true;
}

static void role_answer(struct request *rq, struct reply *rp, const struct own_role *r)
{
    struct json_out j = reply_json(rq, rp);
    own_role_write(&j, NULL, r);
}

static bool roles_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct own_role r  = { 0 };
    struct grantor  by = request_grantor(rq);
    if (!own_role_read_json(rq->work.arena, rq->json, READ_CREATE, &r, err) || !own_role_create(&rq->work, &by, &r, err))
        return false;
    role_answer(rq, rp, &r);
    rp->status = REPLY_CREATED;
    return true;
}

static bool roles_patch(struct request *rq, struct reply *rp, struct err *err)
{
    struct own_role  r       = { 0 };
    struct user_list holders = { 0 };
    struct grantor   by      = request_grantor(rq);
    struct role_edit e       = { .json = rq->json, .by = &by };
    if (!path_id(rq, "id", &e.id, err) || !request_version(rq, &e.version, err))
        return false;
    bool ok = own_role_change(&rq->work, &e, &r, &holders, err);
    for (int i = 0; ok && i < holders.count; i++)
        rights_changed(rq, false, holders.at[i].id);
    if (ok || (err->code == ERR_VERSION_OLD && id_is_set(r.id)))
        role_answer(rq, rp, &r);
    return ok;
}

static bool roles_delete(struct request *rq, struct reply *rp, struct err *err)
{
    struct grantor   by = request_grantor(rq);
    struct role_edit e  = { .by = &by };
    if (!path_id(rq, "id", &e.id, err) || !own_role_remove(&rq->work, &e, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* clang-format off */
const struct route role_routes[] = {
    { HTTP_GET, "/api/roles", PERM_USERS, roles_get, .reply_schema = "role_page", .doc = "What each role may", .tag = "people" },
    { HTTP_POST, "/api/roles", PERM_USERS, roles_post, .json = true, .reply_schema = "role_row", .creates = true, .limit_bytes = 16384,
      .doc = "Make a role of the shop's own: name and rights, none that one does not have", .tag = "people" },
    { HTTP_PATCH, "/api/roles/{id}", PERM_USERS, roles_patch, .json = true, .reply_schema = "role_row", .edits = true, .limit_bytes = 16384,
      .doc = "Change an own role; who has it is bound by it at once", .tag = "people" },
    { HTTP_DELETE, "/api/roles/{id}", PERM_USERS, roles_delete, .doc = "Remove an own role that nobody has", .tag = "people" },
    { .method = HTTP_NONE },
};
/* clang-format on */
