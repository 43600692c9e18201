#include "deadlines/setup_flow.h"

#include "accounts/audit.h"
#include "accounts/user_flow.h"

struct running {
    struct work *w;
    const struct setup *in;
    const struct shop_settings *settings;
    const struct user *owner;
    bool demo;
    str agent;
    struct signed_in *out;
};

bool setup_needed(struct db *db, bool *out, struct err *err)
{
    int64_t users;
    if (!user_count(db, &users, err))
        return false;
    *out = users == 0;
    return true;
}

static bool refuse_if_done(struct db *db, struct err *err)
{
    bool needed;
    return setup_needed(db, &needed, err) &&
           (needed || err_set(err, ERR_CONFLICT, "", "this shop has an owner already; sign in"));
}

static bool run_tx(struct db *db, void *ctx, struct err *err)
{
    struct running *r = ctx;
    if (!refuse_if_done(db, err))
        return false;
    struct work as = *r->w;
    as.actor = (struct actor){ ACTOR_USER, r->owner->id, r->owner->name, r->w->actor.address };
    return user_add(db, &as, r->owner, err) && settings_save(db, r->settings, err) &&
           setting_set(db, STR("demo"), r->demo ? STR("1") : STR("0"), err) &&
           policies_seed(db, &as, str_of(language_names[r->owner->language]), r->settings->time_zone, err) &&
           audit_write(db, &as, STR("shop.create"), STR("settings"), (rid){ 0 }, (str){ 0 },
                       audit_json(as.arena, &settings_record, r->settings), err) &&
           session_open(db, &as, r->owner, r->agent, r->out, err);
}

bool setup_run(struct work *w, const struct setup *in, bool demo, str agent, struct signed_in *out,
               struct err *err)
{
    const struct shop_settings settings = { str_trim(in->shop_name), in->country, in->currency, in->time_zone,
                                            HOLD_S_DEFAULT, 1 };
    struct user owner = { .login = in->login,
                          .name = in->name,
                          .roles = str_of(role_names[ROLE_OWNER]),
                          .language = in->language };
    struct running r = { w, in, &settings, &owner, demo, agent, out };
    /* Asked once before the password is hashed, so that nobody makes us hash for nothing; and again inside. */
    if (!refuse_if_done(w->db, err))
        return false;
    bool ok = settings_check(&settings, err);
    return user_prepare(w, &owner, in->password, err) && ok && db_tx(w->db, run_tx, &r, err);
}
