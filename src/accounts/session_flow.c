#include "accounts/session_flow.h"

#include "accounts/audit.h"
#include "accounts/factor_store.h"
#include "accounts/user_flow.h"
#include "base/json_write.h"
#include "base/secret.h"

#define TOKEN_BYTES 32
#define AGENT_BYTES 200

/* ---- the throttle ---- */

struct trying {
    struct work *w;
    str keys[2];
    const struct throttle_rule *rules[2];
    int wait_s;
};

static struct trying trying_of(struct work *w, str login)
{
    return (struct trying){
        w,
        { secret_digest(w->arena, str_print(w->arena, "login:%.*s", STR_ARG(login))),
          secret_digest(w->arena, str_print(w->arena, "address:%.*s", STR_ARG(throttle_address_of(w->arena, w->actor.address)))) },
        { &throttle_login, &throttle_address }, 0
    };
}

/* Both must be free; then the try is counted at once. */
static bool count_tx(struct db *db, void *ctx, struct err *err)
{
    struct trying *t = ctx;
    struct throttle throttles[2];
    t->wait_s = 0;
    for (int i = 0; i < 2; i++) {
        if (!throttle_load(db, t->keys[i], t->w->arena, &throttles[i], err))
            return false;
        int wait_s = throttle_wait_s(&throttles[i], t->w->now);
        t->wait_s = wait_s > t->wait_s ? wait_s : t->wait_s;
    }
    for (int i = 0; i < 2 && !t->wait_s; i++) {
        throttle_count(&throttles[i], t->rules[i], t->w->now);
        if (!throttle_save(db, &throttles[i], err))
            return false;
    }
    return true;
}

static bool must_wait(int wait_s, struct err *err)
{
    err_set(err, ERR_TOO_MANY, "", "wait %d s before the next try", wait_s);
    err->retry_after_s = wait_s;
    return false;
}

static bool try_count(struct trying *t, struct err *err)
{
    return db_tx(t->w->db, count_tx, t, err) && (!t->wait_s || must_wait(t->wait_s, err));
}

bool letter_count(struct work *w, str address, struct err *err)
{
    struct trying t = {
        w,
        { secret_digest(w->arena, str_print(w->arena, "letter to:%.*s", STR_ARG(address))),
          secret_digest(w->arena, str_print(w->arena, "letter by:%lld", (long long)w->actor.id.v)) },
        { &throttle_letter_to, &throttle_letter_by }, 0
    };
    return try_count(&t, err);
}

/* Inside db_tx: the try was right after all. */
static bool try_forgive(struct db *db, const struct trying *t, struct err *err)
{
    struct throttle address;
    if (!throttle_load(db, t->keys[1], t->w->arena, &address, err))
        return false;
    throttle_forgive(&address);
    return throttle_save(db, &address, err) && throttle_forget(db, t->keys[0], err);
}

/* The address alone: what is guessed is no login. */
static bool count_address_tx(struct db *db, void *ctx, struct err *err)
{
    struct trying *t = ctx;
    struct throttle throttle;
    if (!throttle_load(db, t->keys[1], t->w->arena, &throttle, err))
        return false;
    t->wait_s = throttle_wait_s(&throttle, t->w->now);
    if (t->wait_s)
        return true;
    throttle_count(&throttle, &throttle_address, t->w->now);
    return throttle_save(db, &throttle, err);
}

bool address_count(struct work *w, struct err *err)
{
    struct trying t = trying_of(w, (str){ 0 });
    return db_tx(w->db, count_address_tx, &t, err) && (!t.wait_s || must_wait(t.wait_s, err));
}

bool address_forgive(struct db *db, struct work *w, struct err *err)
{
    struct trying t = trying_of(w, (str){ 0 });
    struct throttle throttle;
    if (!throttle_load(db, t.keys[1], w->arena, &throttle, err))
        return false;
    throttle_forgive(&throttle);
    return throttle_save(db, &throttle, err);
}

/* ---- codes of the second factor: counted by person, so that a right password does not set the count back ---- */

struct code_trying { struct work *w; str key; int wait_s; };

static str code_key(struct arena *a, rid user_id) { return secret_digest(a, str_print(a, "code:%lld", (long long)user_id.v)); }

static bool code_count_tx(struct db *db, void *ctx, struct err *err)
{
    struct code_trying *t = ctx;
    struct throttle throttle;
    if (!throttle_load(db, t->key, t->w->arena, &throttle, err))
        return false;
    t->wait_s = throttle_wait_s(&throttle, t->w->now);
    if (t->wait_s)
        return true;
    throttle_count(&throttle, &throttle_code, t->w->now);
    return throttle_save(db, &throttle, err);
}

bool code_count(struct work *w, rid user_id, struct err *err)
{
    struct code_trying t = { w, code_key(w->arena, user_id), 0 };
    return db_tx(w->db, code_count_tx, &t, err) && (!t.wait_s || must_wait(t.wait_s, err));
}

/* Recovery codes are long, so the two cannot be mistaken for each other. */
bool factor_take(struct db *db, struct work *w, const struct secret_key *key, const struct user *u, str code, struct err *err)
{
    struct arena *a = w->arena;
    struct factor f = { 0 };
    bool found = false, taken = false;
    str  plain, figures = factor_code(a, code), digest = recovery_code_digest(a, u->id, code);
    int64_t step;
    if (!factor_load(db, u->id, a, &f, &found, err))
        return false;
    if (found && figures.len) {
        if (!secret_open(a, key, f.sealed, factor_seal_context(a, u->id), &plain, err))
            return err_note(err, "second factor of user %lld", (long long)u->id.v);
        if (totp_match(plain, figures, w->now, f.last_step, &step) && !factor_step_take(db, u->id, step, &taken, err))
            return false;
    } else if (found && digest.len && !recovery_code_take(db, u->id, digest, w->now, &taken, err)) {
        return false;
    }
    if (!taken)
        return err_set(err, ERR_SECOND_FACTOR_WRONG, "code", "this code is wrong, over or was used before");
    if (!figures.len && !audit_write(db, w, STR("user.recovery_used"), STR("user"), u->id, (str){ 0 }, (str){ 0 }, err))
        return false;
    return throttle_forget(db, code_key(a, u->id), err);
}

/* ---- in ---- */

bool session_open(struct db *db, const struct work *w, const struct user *u, str agent, struct signed_in *out,
                  struct err *err)
{
    out->token = secret_token(w->arena, TOKEN_BYTES);
    out->user = *u;
    out->session = (struct session){
        .id = work_id(w),
        .digest = secret_digest(w->arena, out->token),
        .user_id = u->id,
        .csrf = secret_token(w->arena, TOKEN_BYTES),
        .created_at = w->now,
        .last_seen_at = w->now,
        .expires_at = instant_add(w->now, SESSION_DAYS * DAY_MS),
        .address = w->actor.address,
        .agent = utf8_cut(agent, AGENT_BYTES),
    };
    return session_insert(db, &out->session, err) && user_seen(db, u->id, w->now, err);
}

struct opening {
    struct work *w;
    const struct sign_in *in;
    const struct trying *t;
    rid user_id;
    struct signed_in *out;
};

/* The row is read again: the person may have been blocked while the password was being checked. */
static bool open_tx(struct db *db, void *ctx, struct err *err)
{
    struct opening *o = ctx;
    struct user u = { 0 };
    if (!user_get(db, o->user_id, o->w->arena, &u, err))
        return false;
    if (u.state != USER_ACTIVE)
        return err_set(err, ERR_CREDENTIALS, "", "login or password is wrong");
    if (o->in->old_digest.len && !session_end_digest(db, o->in->old_digest, err))
        return false;
    struct work as = *o->w;
    as.actor = (struct actor){ ACTOR_USER, u.id, u.name, o->w->actor.address };
    if (instant_is_set(u.second_factor_at) && !o->in->code.len)
        return err_set(err, ERR_SECOND_FACTOR, "code", "a code of the second factor is needed");
    if (instant_is_set(u.second_factor_at) && !factor_take(db, &as, o->in->key, &u, o->in->code, err))
        return false;
    return try_forgive(db, o->t, err) && session_open(db, &as, &u, o->in->agent, o->out, err) &&
           audit_write(db, &as, STR("session.sign_in"), STR("user"), u.id, (str){ 0 }, (str){ 0 }, err);
}

struct refusing { struct work *w; const struct trying *t; rid user_id; str after; bool is_wait, forgive; };

/* A refusal is written whoever is meant, so that the time it takes tells nothing; one of waiting once an hour. */
static bool refuse_tx(struct db *db, void *ctx, struct err *err)
{
    struct refusing *r = ctx;
    str  action = r->is_wait ? STR("session.throttled") : STR("session.refused");
    bool told = false;
    if (r->forgive)
        return try_forgive(db, r->t, err);
    if (r->is_wait && !audit_told(db, r->w, action, STR("user"), r->user_id, r->after, instant_add(r->w->now, -HOUR_MS), &told, err))
        return false;
    return told || audit_write(db, r->w, action, STR("user"), r->user_id, (str){ 0 }, r->after, err);
}

/* Keeps `err`; a log that cannot be written must not change the answer. */
static bool refused(struct refusing *r, str login, const char *why)
{
    struct err      ignored = { 0 };
    struct arena   *a = r->w->arena;
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "login", audit_mask(a, utf8_cut(login, 200)));
    json_text(&j, "reason", str_of(why));
    json_end(&j);
    r->after = buf_str(&b);
    (void)!db_tx(r->w->db, refuse_tx, r, &ignored);
    return false;
}

bool session_sign_in(struct work *w, const struct sign_in *in, struct signed_in *out, struct err *err)
{
    struct user u = { 0 };
    bool found = false;
    str login = login_folded(w->arena, in->login);
    struct trying t = trying_of(w, login.len ? login : STR("?"));
    struct refusing r = { .w = w, .t = &t };

    if (!try_count(&t, err)) {
        r.is_wait = err->code == ERR_TOO_MANY;
        return r.is_wait && refused(&r, login, "wait");
    }
    if (login.len && !user_by_login(w->db, login, w->arena, &u, &found, err))
        return false;
    /* Without such a person the check costs the same time and fails. */
    str password = in->password.len <= PASSWORD_BYTES_MAX ? in->password : (str){ 0 };
    bool right = secret_password_ok(password, found ? u.password_hash : (str){ 0 });
    r.user_id = u.id;
    if (!right || !found || u.state != USER_ACTIVE) {
        err_set(err, ERR_CREDENTIALS, "", "login or password is wrong");
        return refused(&r, login, right ? "blocked" : "password");
    }
    if (in->code.len && instant_is_set(u.second_factor_at) && !code_count(w, u.id, err)) {
        r.is_wait = err->code == ERR_TOO_MANY;
        return r.is_wait && refused(&r, login, "wait");
    }
    struct opening o = { w, in, &t, u.id, out };
    if (db_tx(w->db, open_tx, &o, err))
        return true;
    r.forgive = err->code == ERR_SECOND_FACTOR;         /* the password was right: only the codes are counted on */
    return (r.forgive || err->code == ERR_SECOND_FACTOR_WRONG) && refused(&r, login, "code");
}

bool password_prove(struct work *w, const struct user *u, str password, const char *field, struct err *err)
{
    struct trying   t = trying_of(w, u->login);
    struct refusing r = { .w = w, .t = &t, .user_id = u->id, .forgive = true };
    if (!try_count(&t, err))
        return false;
    if (!secret_password_ok(password.len <= PASSWORD_BYTES_MAX ? password : (str){ 0 }, u->password_hash))
        return err_add(err, field, "is wrong");
    return db_tx(w->db, refuse_tx, &r, err);
}

/* ---- out ---- */

struct ending {
    struct work *w;
    str digest;
    rid id, user_id;
};

static bool sign_out_tx(struct db *db, void *ctx, struct err *err)
{
    struct ending *e = ctx;
    return session_end_digest(db, e->digest, err) &&
           audit_write(db, e->w, STR("session.sign_out"), STR("user"), e->user_id, (str){ 0 }, (str){ 0 },
                       err);
}

bool session_sign_out(struct work *w, str digest, rid user_id, struct err *err)
{
    struct ending e = { w, digest, { 0 }, user_id };
    return db_tx(w->db, sign_out_tx, &e, err);
}

struct ending_others { struct work *w; str digest; rid user_id; int64_t count; };

static bool end_others_tx(struct db *db, void *ctx, struct err *err)
{
    struct ending_others *e = ctx;
    return session_end_others_of(db, e->user_id, e->digest, &e->count, err) &&
           (!e->count || audit_write(db, e->w, STR("session.end_others"), STR("user"), e->user_id, (str){ 0 }, (str){ 0 }, err));
}

bool session_end_others(struct work *w, str digest, rid user_id, int64_t *count, struct err *err)
{
    struct ending_others e = { w, digest, user_id, 0 };
    bool ok = db_tx(w->db, end_others_tx, &e, err);
    *count = e.count;
    return ok;
}

static bool end_one_tx(struct db *db, void *ctx, struct err *err)
{
    struct ending *e = ctx;
    return session_end(db, e->id, e->user_id, e->w->arena, &e->digest, err) &&
           audit_write(db, e->w, STR("session.end"), STR("user"), e->user_id, (str){ 0 }, (str){ 0 }, err);
}

bool session_end_one(struct work *w, rid id, rid user_id, str *digest, struct err *err)
{
    struct ending e = { .w = w, .id = id, .user_id = user_id };
    if (!db_tx(w->db, end_one_tx, &e, err))
        return false;
    *digest = e.digest;
    return true;
}

/* ---- a new password ---- */

struct renewing {
    struct work *w;
    const struct password_change *in;
    const struct trying *t;
    str hash, old_hash;
    struct signed_in *out;
};

static bool renew_tx(struct db *db, void *ctx, struct err *err)
{
    struct renewing *r = ctx;
    struct user u = { 0 };
    if (!user_get(db, r->in->user_id, r->w->arena, &u, err))
        return false;
    if (u.state != USER_ACTIVE || !str_eq(u.password_hash, r->old_hash))
        return err_set(err, ERR_VERSION_OLD, "version", "somebody changed this meanwhile");
    u.password_hash = r->hash;
    u.updated_at = r->w->now;
    return user_save(db, &u, err) && session_end_of_user(db, u.id, err) && try_forgive(db, r->t, err) &&
           session_open(db, r->w, &u, r->in->agent, r->out, err) &&
           audit_write(db, r->w, STR("user.password"), STR("user"), u.id, (str){ 0 }, (str){ 0 }, err);
}

bool session_password(struct work *w, const struct password_change *in, struct signed_in *out,
                      struct err *err)
{
    struct user u = { 0 };
    if (!user_get(w->db, in->user_id, w->arena, &u, err) ||
        !password_check(w->arena, "new_password", in->new_password, u.login, err))
        return false;
    struct trying t = trying_of(w, u.login);
    struct renewing r = { .w = w, .in = in, .t = &t, .old_hash = u.password_hash, .out = out };
    if (!try_count(&t, err))
        return false;
    if (!secret_password_ok(in->old_password, u.password_hash))
        return err_add(err, "old_password", "is wrong");
    return secret_password_hash(w->arena, in->new_password, &r.hash, err) && db_tx(w->db, renew_tx, &r, err);
}

/* ---- seen ---- */

static bool touch_tx(struct db *db, void *ctx, struct err *err)
{
    struct ending *e = ctx;
    return session_seen(db, e->digest, e->w->now, instant_add(e->w->now, SESSION_DAYS * DAY_MS), err) &&
           user_seen(db, e->user_id, e->w->now, err);
}

void session_touch(struct work *w, str digest, rid user_id)
{
    struct err ignored = { 0 };
    struct ending e = { .w = w, .digest = digest, .user_id = user_id };
    if (!db_tx(w->db, touch_tx, &e, &ignored))
        err_clear(&ignored); /* a full disk must not keep people from looking */
}
