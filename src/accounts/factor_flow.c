#include "accounts/factor_flow.h"

#include "accounts/audit.h"
#include "accounts/body.h"
#include "accounts/role_store.h"
#include "accounts/user_flow.h"
#include "base/json_write.h"
#include "base/qr.h"
#include "base/secret.h"

struct facing {
    struct work             *w;
    const struct factor_ask *in;
    str                      sealed;
    struct factor_codes     *codes;
    struct signed_in        *out;
};

static bool codes_make(struct db *db, struct facing *f, struct err *err)
{
    str digests[RECOVERY_CODES];
    for (int i = 0; i < RECOVERY_CODES; i++) {
        f->codes->code[i] = recovery_code_make(f->w->arena);
        digests[i]        = recovery_code_digest(f->w->arena, f->in->user_id, f->codes->code[i]);
    }
    f->codes->count = RECOVERY_CODES;
    return recovery_codes_set(db, f->in->user_id, digests, RECOVERY_CODES, err);
}

static bool told(struct db *db, const struct work *w, const char *action, rid user_id, struct err *err)
{
    return audit_write(db, w, str_of(action), STR("user"), user_id, (str){ 0 }, (str){ 0 }, err);
}

/* ---- taking one ---- */

static bool begin_tx(struct db *db, void *ctx, struct err *err)
{
    struct facing *f = ctx;
    struct user    u = { 0 };
    if (!user_get(db, f->in->user_id, f->w->arena, &u, err))
        return false;
    if (instant_is_set(u.second_factor_at))
        return err_set(err, ERR_CONFLICT, "", "there is a second factor already");
    return factor_begin(db, u.id, f->sealed, f->w->now, err);
}

bool factor_enrol(struct work *w, const struct factor_ask *in, struct factor_begun *out, struct err *err)
{
    struct user   u = { 0 };
    char          raw[TOTP_SECRET_BYTES];
    struct facing f = { .w = w, .in = in };
    if (!user_get(w->db, in->user_id, w->arena, &u, err) || !password_prove(w, &u, in->password, "password", err))
        return false;
    secret_random(raw, sizeof raw);
    str secret  = str_copy(w->arena, (str){ raw, sizeof raw });
    f.sealed    = secret_seal(w->arena, in->key, secret, factor_seal_context(w->arena, u.id));
    if (!db_tx(w->db, begin_tx, &f, err))
        return false;
    out->secret  = base32_encode(w->arena, secret);
    out->address = totp_address(w->arena, STR("Sauda"), u.login, secret);
    out->picture = qr_path(w->arena, out->address, &out->picture_size);
    return true;
}

static bool confirm_tx(struct db *db, void *ctx, struct err *err)
{
    struct facing *f = ctx;
    struct user    u = { 0 };
    if (!user_get(db, f->in->user_id, f->w->arena, &u, err))
        return false;
    if (instant_is_set(u.second_factor_at))
        return err_set(err, ERR_CONFLICT, "", "there is a second factor already");
    u.second_factor_at = f->w->now;
    return factor_take(db, f->w, f->in->key, &u, f->in->code, err) && factor_set(db, u.id, f->w->now, err) && codes_make(db, f, err) &&
           session_end_of_user(db, u.id, err) && session_open(db, f->w, &u, f->in->agent, f->out, err) &&
           told(db, f->w, "user.factor_on", u.id, err);
}

bool factor_confirm(struct work *w, const struct factor_ask *in, struct factor_codes *out, struct signed_in *into, struct err *err)
{
    struct facing f = { .w = w, .in = in, .codes = out, .out = into };
    return code_count(w, in->user_id, err) && db_tx(w->db, confirm_tx, &f, err);
}

/* ---- having one ---- */

static bool proved(struct db *db, struct facing *f, struct user *u, struct err *err)
{
    if (!user_get(db, f->in->user_id, f->w->arena, u, err))
        return false;
    if (!instant_is_set(u->second_factor_at))
        return err_set(err, ERR_CONFLICT, "", "there is no second factor");
    return factor_take(db, f->w, f->in->key, u, f->in->code, err);
}

static bool both(struct work *w, const struct factor_ask *in, struct err *err)
{
    struct user u = { 0 };
    return user_get(w->db, in->user_id, w->arena, &u, err) && password_prove(w, &u, in->password, "password", err) &&
           code_count(w, in->user_id, err);
}

static bool renew_tx(struct db *db, void *ctx, struct err *err)
{
    struct facing *f = ctx;
    struct user    u = { 0 };
    return proved(db, f, &u, err) && codes_make(db, f, err) && told(db, f->w, "user.factor_codes", u.id, err);
}

bool factor_renew_codes(struct work *w, const struct factor_ask *in, struct factor_codes *out, struct err *err)
{
    struct facing f = { .w = w, .in = in, .codes = out };
    return both(w, in, err) && db_tx(w->db, renew_tx, &f, err);
}

static bool leave_tx(struct db *db, void *ctx, struct err *err)
{
    struct facing *f = ctx;
    struct user    u = { 0 };
    return proved(db, f, &u, err) && factor_drop(db, u.id, err) && told(db, f->w, "user.factor_off", u.id, err);
}

bool factor_leave(struct work *w, const struct factor_ask *in, struct err *err)
{
    struct facing f = { .w = w, .in = in };
    return both(w, in, err) && db_tx(w->db, leave_tx, &f, err);
}

/* ---- over others ---- */

struct ruling {
    struct work               *w;
    rid                        user_id;
    const struct grantor      *by;
    const struct factor_roles *roles;
    struct user_list          *of;
};

static bool reset_tx(struct db *db, void *ctx, struct err *err)
{
    struct ruling *r = ctx;
    struct user    u = { 0 };
    if (!user_get(db, r->user_id, r->w->arena, &u, err))
        return false;
    if (r->by && !grant_check(r->by, "roles", user_permissions(&u), r->w->arena, u.accounts, err))
        return false;
    if (!instant_is_set(u.second_factor_at))
        return err_set(err, ERR_CONFLICT, "", "there is no second factor");
    return factor_drop(db, u.id, err) && session_end_of_user(db, u.id, err) && told(db, r->w, "user.factor_reset", u.id, err);
}

bool factor_reset(struct work *w, rid user_id, const struct grantor *by, struct err *err)
{
    struct ruling r = { .w = w, .user_id = user_id, .by = by };
    return db_tx(w->db, reset_tx, &r, err);
}

static str roles_audit(struct arena *a, const struct factor_roles *r)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    bits_write(&j, "roles", role_names, r->roles);
    ids_write(&j, "own_roles", r->own_roles);
    json_end(&j);
    return buf_str(&b);
}

static bool is_of(struct arena *a, const struct user *u, const struct factor_roles *r)
{
    rid *has, *wanted;
    int  n = ids_read(a, u->own_roles, &has), m = ids_read(a, r->own_roles, &wanted);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < m; k++)
            if (id_eq(has[i], wanted[k]))
                return true;
    return user_roles(u) & r->roles;
}

static bool demand_tx(struct db *db, void *ctx, struct err *err)
{
    struct ruling       *r   = ctx;
    struct arena        *a   = r->w->arena;
    struct user_list     all = { 0 };
    struct factor_roles  old = { 0 };
    struct user          known = { .own_roles = r->roles->own_roles };
    *r->of = (struct user_list){ 0 };
    if (!user_own_roles(db, a, &known, err) || !factor_roles_load(db, a, &old, err) || !factor_roles_save(db, a, r->roles, err) ||
        !user_all(db, a, &all, err))
        return false;
    for (int i = 0; i < all.count; i++)
        if (is_of(a, &all.at[i], r->roles) || is_of(a, &all.at[i], &old))
            *user_list_add(r->of, a) = all.at[i];
    return audit_write(db, r->w, STR("settings.factor_demand"), STR("settings"), (rid){ 0 }, roles_audit(a, &old), roles_audit(a, r->roles), err);
}

bool factor_demand(struct work *w, const struct factor_roles *roles, struct user_list *of, struct err *err)
{
    struct ruling r = { .w = w, .roles = roles, .of = of };
    return db_tx(w->db, demand_tx, &r, err);
}
