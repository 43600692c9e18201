#include "accounts/user_flow.h"

#include "accounts/audit.h"
#include "accounts/role_store.h"
#include "accounts/session_store.h"
#include "base/secret.h"

bool user_own_roles(struct db *db, struct arena *a, struct user *io, struct err *err)
{
    bool missing = false;
    return own_rights_load(db, a, io, 1, &missing, err) && (!missing || err_add(err, "own_roles", "there is no such role"));
}

bool user_prepare(struct work *w, struct user *io, str password, struct err *err)
{
    bool ok = login_check(w->arena, io->login, &io->login, err);
    ok &= password_check(w->arena, "password", password, io->login, err);
    ok &= time_zone_check("time_zone", io->time_zone, err);
    if (!user_has_role(io))
        ok = err_add(err, "roles", "must name at least one role");
    if (!ok || (!io->password_hash.len && !secret_password_hash(w->arena, password, &io->password_hash, err)))
        return false;
    io->id = work_id(w);
    io->name = str_trim(io->name);
    io->hold_s = HOLD_S_SHOP;
    io->version = 1;
    io->created_at = io->updated_at = w->now;
    return true;
}

bool user_add(struct db *db, const struct work *w, const struct user *u, struct err *err)
{
    struct user other = { 0 };
    bool taken;
    if (!user_by_login(db, u->login, w->arena, &other, &taken, err))
        return false;
    if (taken)
        return err_set(err, ERR_CONFLICT, "login", "somebody has this login already");
    return user_insert(db, u, err) && audit_write(db, w, STR("user.create"), STR("user"), u->id, (str){ 0 },
                                                  user_audit(w->arena, u), err);
}

struct creating {
    struct work *w;
    struct user *u;
};

static bool create_tx(struct db *db, void *ctx, struct err *err)
{
    struct creating *c = ctx;
    return user_add(db, c->w, c->u, err);
}

bool user_create(struct work *w, struct user *io, str password, const struct grantor *by, struct err *err)
{
    struct creating c = { w, io };
    if (!user_own_roles(w->db, w->arena, io, err) ||
        (by && !grant_check(by, "roles", user_permissions(io), w->arena, io->accounts, err)))
        return false;
    return user_prepare(w, io, password, err) && db_tx(w->db, create_tx, &c, err);
}

struct changing {
    struct work *w;
    const struct user_edit *e;
    str hash;
    struct user *out;
};

/* The last one who can let others in must not lose that. */
static bool owner_stays(struct db *db, const struct user *old, const struct user *now, struct err *err)
{
    int64_t others;
    if (!user_is_active_owner(old) || user_is_active_owner(now))
        return true;
    if (!user_other_owners(db, old->id, &others, err))
        return false;
    return others > 0 || err_set(err, ERR_CONFLICT, "roles", "this is the last active owner");
}

static bool login_free(struct db *db, const struct work *w, const struct user *old, struct user *now,
                       struct err *err)
{
    struct user other = { 0 };
    bool taken;
    if (!login_check(w->arena, now->login, &now->login, err))
        return false;
    if (str_eq(old->login, now->login))
        return true;
    if (!user_by_login(db, now->login, w->arena, &other, &taken, err))
        return false;
    return !taken || err_set(err, ERR_CONFLICT, "login", "somebody has this login already");
}

static bool change_tx(struct db *db, void *ctx, struct err *err)
{
    struct changing *c = ctx;
    const struct user_edit *e = c->e;
    struct user old = { 0 };
    if (!user_get(db, e->id, c->w->arena, &old, err))
        return false;
    struct user now = old;
    *c->out = old;
    if (e->version && e->version != old.version)
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this meanwhile");
    if (e->by && !grant_check(e->by, "roles", user_permissions(&old), c->w->arena, old.accounts, err))
        return false;
    if ((e->change && !e->change(&now, e->input, err)) || !login_free(db, c->w, &old, &now, err) ||
        !time_zone_check("time_zone", now.time_zone, err))
        return false;
    if (!user_has_role(&now))
        return err_add(err, "roles", "must name at least one role");
    if (!user_own_roles(db, c->w->arena, &now, err))
        return false;
    if (e->by && !grant_check(e->by, "roles", user_permissions(&now), c->w->arena, now.accounts, err))
        return false;
    if (c->hash.len)
        now.password_hash = c->hash;
    now.updated_at = c->w->now;
    if (!owner_stays(db, &old, &now, err) || !user_save(db, &now, err))
        return false;
    bool out = now.state == USER_BLOCKED || (c->hash.len && !e->keep_sessions);
    if (out && !session_end_of_user(db, now.id, err))
        return false;
    *c->out = now;
    return audit_write(db, c->w, str_of(e->action), STR("user"), now.id, user_audit(c->w->arena, &old),
                       user_audit(c->w->arena, &now), err);
}

bool user_change(struct work *w, const struct user_edit *e, struct user *out, struct err *err)
{
    struct changing c = { .w = w, .e = e, .out = out };
    if (e->password.len) {
        struct user u = { 0 };
        if (!user_get(w->db, e->id, w->arena, &u, err) ||
            !password_check(w->arena, "password", e->password, u.login, err) ||
            !secret_password_hash(w->arena, e->password, &c.hash, err))
            return false;
    }
    return db_tx(w->db, change_tx, &c, err);
}
