#include "accounts/invitation_flow.h"

#include "accounts/audit.h"
#include "accounts/body.h"
#include "accounts/user_flow.h"
#include "base/secret.h"

#define TOKEN_BYTES 32

/* Who the invitation makes; rights are loaded by whoever has a database. */
static struct user guest_of(const struct invitation *i)
{
    return (struct user){ .login = i->login, .name = i->name, .roles = i->roles, .own_roles = i->own_roles, .accounts = i->accounts };
}

/* ---- inviting ---- */

struct inviting {
    struct work *w;
    struct invitation *io;
    rid id;
};

static bool create_tx(struct db *db, void *ctx, struct err *err)
{
    struct inviting *m = ctx;
    struct user other = { 0 };
    struct invitation_list open = { 0 };
    bool taken;
    if (!user_by_login(db, m->io->login, m->w->arena, &other, &taken, err))
        return false;
    if (taken)
        return err_set(err, ERR_CONFLICT, "login", "somebody has this login already");
    if (!invitations_drop(db, m->io->login, err) || !invitations_open(db, m->w->now, m->w->arena, &open, err))
        return false;
    if (open.count >= INVITATIONS_MAX)
        return err_set(err, ERR_LIMIT, "", "at most %d open invitations", INVITATIONS_MAX);
    return record_insert(db, &invitation_record, m->io, err) &&
           audit_write(db, m->w, STR("invitation.create"), STR("invitation"), m->io->id, (str){ 0 },
                       invitation_audit(m->w->arena, m->io), err);
}

bool invitation_create(struct work *w, const struct grantor *by, struct invitation *io, str *token, struct err *err)
{
    struct inviting m = { .w = w, .io = io };
    bool ok = login_check(w->arena, io->login, &io->login, err);
    struct user guest = guest_of(io);
    if (!user_has_role(&guest))
        ok = err_add(err, "roles", "must name at least one role");
    if (!ok || !user_own_roles(w->db, w->arena, &guest, err) ||
        !grant_check(by, "roles", user_permissions(&guest), w->arena, io->accounts, err))
        return false;
    str made = secret_token(w->arena, TOKEN_BYTES);
    io->id = work_id(w);
    io->name = str_trim(io->name);
    io->digest = secret_digest(w->arena, made);
    io->created_by = w->actor.id;
    io->created_at = w->now;
    io->expires_at = instant_add(w->now, INVITATION_DAYS * DAY_MS);
    if (!db_tx(w->db, create_tx, &m, err))
        return false;
    *token = made;
    return true;
}

static bool revoke_tx(struct db *db, void *ctx, struct err *err)
{
    struct inviting *m = ctx;
    struct invitation old = { 0 };
    bool taken;
    if (!record_get(db, &invitation_record, m->id, m->w->arena, &old, err) || !invitation_take(db, m->id, &taken, err))
        return false;
    return audit_write(db, m->w, STR("invitation.revoke"), STR("invitation"), old.id, invitation_audit(m->w->arena, &old),
                       (str){ 0 }, err);
}

bool invitation_revoke(struct work *w, rid id, struct err *err)
{
    struct inviting m = { .w = w, .id = id };
    return db_tx(w->db, revoke_tx, &m, err);
}

/* ---- taking ---- */

static bool over(struct err *err)
{
    return err_set(err, ERR_NOT_FOUND, "token", "this invitation is used or over: ask for a new one");
}

static bool find(struct work *w, str token, struct invitation *out, struct err *err)
{
    bool found = false;
    if (!token.len || !invitation_find(w->db, secret_digest(w->arena, token), w->now, w->arena, out, &found, err))
        return token.len ? false : over(err);
    return found || over(err);
}

struct taking {
    struct work *w;
    const struct invitation_answer *in;
    struct invitation invitation;
    struct user *user;
    struct signed_in *out;
};

static bool forgive_tx(struct db *db, void *ctx, struct err *err)
{
    const struct taking *t = ctx;
    return address_forgive(db, t->w, err);
}

bool invitation_look(struct work *w, str token, struct invitation *out, struct err *err)
{
    struct taking t = { .w = w };
    return address_count(w, err) && find(w, token, out, err) && db_tx(w->db, forgive_tx, &t, err);
}

/* Who invited may have left since, or may give less now. */
static bool still_given(struct db *db, const struct taking *t, struct err *err)
{
    struct arena *a = t->w->arena;
    struct user by = { 0 };
    rid *accounts;
    if (!user_get(db, t->invitation.created_by, a, &by, err) || !user_own_roles(db, a, t->user, err))
        return false;
    struct grantor g = { user_permissions(&by), NULL, ids_read(a, by.accounts, &accounts) };
    g.accounts = accounts;
    if (by.state != USER_ACTIVE || !permission_in(g.permissions, PERM_USERS))
        return over(err);
    return grant_check(&g, "roles", user_permissions(t->user), a, t->user->accounts, err);
}

static bool accept_tx(struct db *db, void *ctx, struct err *err)
{
    struct taking *t = ctx;
    struct work as = *t->w;
    bool taken;
    as.actor = (struct actor){ ACTOR_USER, t->user->id, t->user->name, t->w->actor.address };
    if (!invitation_take(db, t->invitation.id, &taken, err))
        return false;
    if (!taken)
        return over(err);
    return still_given(db, t, err) && user_add(db, &as, t->user, err) && address_forgive(db, t->w, err) &&
           session_open(db, &as, t->user, t->in->agent, t->out, err) &&
           audit_write(db, &as, STR("invitation.accept"), STR("invitation"), t->invitation.id,
                       invitation_audit(as.arena, &t->invitation), (str){ 0 }, err);
}

bool invitation_accept(struct work *w, const struct invitation_answer *in, struct signed_in *out, struct err *err)
{
    struct taking t = { .w = w, .in = in, .out = out };
    if (!address_count(w, err) || !find(w, in->token, &t.invitation, err))
        return false;
    struct user u = guest_of(&t.invitation);
    u.name = in->name;
    u.language = in->language;
    t.user = &u;
    return user_prepare(w, &u, in->password, err) && db_tx(w->db, accept_tx, &t, err);
}
