#include "accounts/role_flow.h"

#include "accounts/audit.h"
#include "accounts/body.h"
#include "accounts/invitation_store.h"
#include "accounts/user_store.h"

struct making {
    struct work *w;
    const struct role_edit *e;
    const struct grantor *by;
    struct own_role *io;
    struct user_list *holders;
};

/* A role reaches everybody in the shop, so who sees some accounts only makes none. */
static bool may_give(const struct making *m, const struct own_role *r, struct err *err)
{
    return grant_check(m->by, "permissions", own_role_permissions(r), m->w->arena, (str){ 0 }, err);
}

static bool name_free(struct db *db, const struct making *m, const struct own_role *r, struct err *err)
{
    struct own_role other = { 0 };
    bool taken;
    if (!own_role_by_name(db, r->name, m->w->arena, &other, &taken, err))
        return false;
    return !taken || id_eq(other.id, r->id) || err_set(err, ERR_CONFLICT, "name", "there is a role of this name already");
}

static bool create_tx(struct db *db, void *ctx, struct err *err)
{
    struct making *m = ctx;
    struct own_role_list all = { 0 };
    if (!own_roles_all(db, m->w->arena, &all, err) || !name_free(db, m, m->io, err))
        return false;
    if (all.count >= OWN_ROLES_MAX)
        return err_set(err, ERR_LIMIT, "", "at most %d roles", OWN_ROLES_MAX);
    return record_insert(db, &own_role_record, m->io, err) &&
           audit_write(db, m->w, STR("role.create"), STR("role"), m->io->id, (str){ 0 }, own_role_audit(m->w->arena, m->io), err);
}

bool own_role_create(struct work *w, const struct grantor *by, struct own_role *io, struct err *err)
{
    struct making m = { .w = w, .by = by, .io = io };
    io->id = work_id(w);
    io->version = 1;
    io->created_at = io->updated_at = w->now;
    return may_give(&m, io, err) && db_tx(w->db, create_tx, &m, err);
}

static bool has_role(struct arena *a, str own_roles, rid id)
{
    rid *ids;
    int  n = ids_read(a, own_roles, &ids);
    for (int i = 0; i < n; i++)
        if (id_eq(ids[i], id))
            return true;
    return false;
}

static bool holders_of(struct db *db, const struct making *m, rid id, struct user_list *out, struct err *err)
{
    struct user_list all = { 0 };
    if (!user_all(db, m->w->arena, &all, err))
        return false;
    for (int i = 0; i < all.count; i++)
        if (has_role(m->w->arena, all.at[i].own_roles, id))
            *user_list_add(out, m->w->arena) = all.at[i];
    return true;
}

static bool change_tx(struct db *db, void *ctx, struct err *err)
{
    struct making *m = ctx;
    struct own_role old = { 0 };
    if (!record_get(db, &own_role_record, m->e->id, m->w->arena, &old, err))
        return false;
    struct own_role now = old;
    *m->io = old;
    *m->holders = (struct user_list){ 0 };
    if (m->e->version != old.version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this meanwhile");
    if (!may_give(m, &old, err) || !own_role_read_json(m->w->arena, m->e->json, READ_UPDATE, &now, err) ||
        !may_give(m, &now, err) || !name_free(db, m, &now, err))
        return false;
    now.updated_at = m->w->now;
    if (!record_update(db, &own_role_record, &now, (UINT64_C(1) << own_role_record.count) - 1, err))
        return false;
    now.version++;
    *m->io = now;
    return holders_of(db, m, now.id, m->holders, err) &&
           audit_write(db, m->w, STR("role.edit"), STR("role"), now.id, own_role_audit(m->w->arena, &old),
                       own_role_audit(m->w->arena, &now), err);
}

bool own_role_change(struct work *w, const struct role_edit *e, struct own_role *out, struct user_list *holders, struct err *err)
{
    struct making m = { .w = w, .e = e, .by = e->by, .io = out, .holders = holders };
    return db_tx(w->db, change_tx, &m, err);
}

static bool remove_tx(struct db *db, void *ctx, struct err *err)
{
    struct making *m = ctx;
    struct own_role old = { 0 };
    struct user_list holders = { 0 };
    struct invitation_list invited = { 0 };
    if (!record_get(db, &own_role_record, m->e->id, m->w->arena, &old, err) || !may_give(m, &old, err) ||
        !holders_of(db, m, old.id, &holders, err) || !invitations_open(db, m->w->now, m->w->arena, &invited, err))
        return false;
    int n = holders.count;
    for (int i = 0; i < invited.count; i++)
        n += has_role(m->w->arena, invited.at[i].own_roles, old.id);
    if (n)
        return err_set(err, ERR_CONFLICT, "id", "%d people have this role", n);
    return record_delete(db, &own_role_record, old.id, m->e->version ? m->e->version : old.version, err) &&
           audit_write(db, m->w, STR("role.delete"), STR("role"), old.id, own_role_audit(m->w->arena, &old), (str){ 0 }, err);
}

bool own_role_remove(struct work *w, const struct role_edit *e, struct err *err)
{
    struct making m = { .w = w, .e = e, .by = e->by };
    return db_tx(w->db, remove_tx, &m, err);
}
