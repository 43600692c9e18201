#include "accounts/accounts_http.h"

#include "accounts/body.h"
#include "accounts/factor_store.h"
#include "accounts/role_store.h"
#include "accounts/user_flow.h"
#include "base/secret.h"

#define COOKIE_AGE_S (400 * 86400) /* as long as browsers allow: the server says when a session is over */

struct sign_in_body {
    str login, password, code;
};
static const struct field sign_in_fields[] = {
    FIELD(sign_in_body, login, .required = true, .max = 200),
    FIELD(sign_in_body, password, .access = SECRET, .required = true, .max = 1000),
    FIELD(sign_in_body, code, .access = SECRET, .max = 64, .doc = "of the second factor, or a recovery code; asked for by second_factor"),
};
static const struct record sign_in_record = RECORD(sign_in_body, "sign_in", sign_in_fields);

/* ---- the answer ---- */

static void cookie_set(struct request *rq, struct reply *rp, str token, int age_s)
{
    bool secure =
        str_is(str_lower_ascii(rq->work.arena, http_header_get(&rq->headers, "X-Forwarded-Proto")), "https");
    reply_header(rp, rq, STR("Set-Cookie"),
                 str_print(rq->work.arena,
                           SESSION_COOKIE "=%.*s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
                           STR_ARG(token), age_s, secure ? "; Secure" : ""));
}

void session_cookie_set(struct request *rq, struct reply *rp, str token) { cookie_set(rq, rp, token, COOKIE_AGE_S); }

static bool in_scope(const struct principal *who, rid account)
{
    for (int i = 0; i < who->accounts_count; i++)
        if (id_eq(who->accounts[i], account))
            return true;
    return who->accounts_count == 0;
}

static void write_lists(struct json_out *j, const struct principal *who,
                        const struct account_name_list *accounts, const struct user_list *users)
{
    json_begin(j, "accounts", '[');
    for (int i = 0; i < accounts->count; i++) {
        const struct account_name *one = &accounts->at[i];
        if (!in_scope(who, one->id))
            continue;
        json_begin(j, NULL, '{');
        json_id(j, "id", one->id);
        json_text(j, "channel", one->channel);
        json_text(j, "name", one->name);
        json_end(j);
    }
    json_end(j);
    json_begin(j, "users", '[');
    for (int i = 0; i < users->count; i++) {
        if (users->at[i].state != USER_ACTIVE)
            continue;
        json_begin(j, NULL, '{');
        json_id(j, "id", users->at[i].id);
        json_text(j, "name", users->at[i].name);
        json_bool(j, "owner", user_is_active_owner(&users->at[i]));
        json_end(j);
    }
    json_end(j);
}

/* The shop's own roles of the person, by name: screens say who one is here. */
static void write_own_roles(struct json_out *j, struct arena *a, const struct user *u, const struct own_role_list *roles)
{
    rid *ids;
    int  n = ids_read(a, u->own_roles, &ids);
    json_begin(j, "own_roles", '[');
    for (int i = 0; i < n; i++)
        for (int k = 0; k < roles->count; k++)
            if (id_eq(roles->at[k].id, ids[i]))
                json_text(j, NULL, roles->at[k].name);
    json_end(j);
}

static void write_user(struct json_out *j, const struct principal *who, const struct user *u, const struct own_role_list *roles,
                       int shop_hold_s)
{
    json_begin(j, "user", '{');
    json_id(j, "id", who->user_id);
    json_text(j, "name", who->name);
    json_text(j, "login", u->login);
    bits_write(j, "roles", role_names, who->roles);
    write_own_roles(j, j->buf->arena, u, roles);
    bits_write(j, "permissions", permission_names,
               who->permissions & ~((uint64_t)1 << PERM_PUBLIC | (uint64_t)1 << PERM_SIGNED_IN));
    json_text(j, "language", str_of(language_names[u->language]));
    json_text(j, "time_zone", u->time_zone);
    json_text(j, "theme", str_of(theme_names[u->theme]));
    json_text(j, "density", str_of(density_names[u->density]));
    json_number(j, "hold_s", u->hold_s >= 0 ? u->hold_s : shop_hold_s);
    json_text(j, "second_factor", who->factor_due ? STR("due") : instant_is_set(u->second_factor_at) ? STR("on") : STR("off"));
    json_bool(j, "keys_off", u->keys_off);
    json_text(j, "keys", u->keys);
    json_end(j);
}

static bool session_write(struct request *rq, struct reply *rp, const struct principal *who,
                          const struct user *u, struct err *err)
{
    struct account_name_list accounts = { 0 };
    struct user_list users = { 0 };
    struct own_role_list roles = { 0 };
    struct shop_words shop = request_accounts(rq)->shop_words(rq);
    if (!account_names(rq->work.db, rq->work.arena, &accounts, err) ||
        !user_all(rq->work.db, rq->work.arena, &users, err) ||
        (u->own_roles.len && !own_roles_all(rq->work.db, rq->work.arena, &roles, err)))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    write_user(&j, who, u, &roles, shop.hold_s);
    json_text(&j, "csrf", who->csrf);
    json_begin(&j, "shop", '{');
    json_text(&j, "name", shop.name);
    json_text(&j, "country", shop.country);
    json_text(&j, "currency", shop.currency);
    json_text(&j, "time_zone", shop.time_zone);
    json_bool(&j, "demo", shop.demo);
    json_end(&j);
    json_instant(&j, "now", rq->work.now);
    write_lists(&j, who, &accounts, &users);
    json_end(&j);
    return true;
}

static struct principal principal_of(struct request *rq, const struct user *u, const struct session *s)
{
    rid *accounts;
    int count = ids_read(rq->work.arena, u->accounts, &accounts);
    return (struct principal){ .user_id = u->id,
                               .name = u->name,
                               .permissions = user_permissions(u),
                               .roles = user_roles(u),
                               .accounts = accounts,
                               .accounts_count = count,
                               .csrf = s->csrf,
                               .session = s->digest,
                               .factor_due = u->factor_due,
                               .hold_s = (int)u->hold_s };
}

bool session_reply(struct request *rq, struct reply *rp, const struct signed_in *in, struct err *err)
{
    struct user u = in->user;
    if (!factor_due_load(rq->work.db, &u, err))
        return false;
    struct principal who = principal_of(rq, &u, &in->session);
    cookie_set(rq, rp, in->token, COOKIE_AGE_S);
    return session_write(rq, rp, &who, &u, err);
}

/* ---- handlers ---- */

static bool sign_in_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct sign_in_body *body = rq->record;
    struct signed_in out = { 0 };
    str token = request_session_token(rq);
    struct sign_in in = { .login = body->login,
                          .password = body->password,
                          .code = body->code,
                          .key = request_accounts(rq)->key,
                          .agent = utf8_mend(rq->work.arena, http_header_get(&rq->headers, "User-Agent")),
                          .old_digest = token.len ? secret_digest(rq->work.arena, token) : (str){ 0 } };
    if (!session_sign_in(&rq->work, &in, &out, err))
        return false;
    if (in.old_digest.len)
        session_cache_forget(request_accounts(rq)->cache, in.old_digest);
    return session_reply(rq, rp, &out, err);
}

static bool session_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct user u = { .hold_s = HOLD_S_SHOP, .language = LANGUAGE_EN };
    if (!rq->who.is_key && !user_get(rq->work.db, rq->who.user_id, rq->work.arena, &u, err))
        return false;
    return session_write(rq, rp, &rq->who, &u, err);
}

static bool people_only(const struct request *rq, struct err *err)
{
    return !rq->who.is_key || err_set(err, ERR_FORBIDDEN, "", "keys have no session of their own");
}

struct profile_change {
    struct arena *arena;
    const struct json *json;
};

static bool profile_apply(struct user *u, const void *input, struct err *err)
{
    const struct profile_change *c = input;
    return record_read_json(&profile_record, c->json, READ_UPDATE, c->arena, u, NULL, err);
}

/* What is wrong anywhere is said before anything changes. */
static bool session_patch_read(struct request *rq, struct password_change *p, struct profile_change *c,
                               struct err *err)
{
    static const char *const apart[] = { "old_password", "new_password", NULL };
    struct user probe = { 0 };
    bool has_old, has_new;
    *c = (struct profile_change){ rq->work.arena, body_without(rq->work.arena, rq->json, apart) };
    *p = (struct password_change){ .user_id = rq->who.user_id,
                                   .agent = utf8_mend(rq->work.arena,
                                                      http_header_get(&rq->headers, "User-Agent")) };
    bool ok = body_text(rq->work.arena, rq->json, "old_password", 1000, &p->old_password, &has_old, err);
    ok &= body_text(rq->work.arena, rq->json, "new_password", 1000, &p->new_password, &has_new, err);
    ok &= profile_apply(&probe, c, err) && time_zone_check("time_zone", probe.time_zone, err) && keys_check("keys", probe.keys, err);
    if (ok && has_old != has_new)
        ok = err_add(err, has_old ? "new_password" : "old_password", "is needed");
    return ok;
}

static bool session_patch(struct request *rq, struct reply *rp, struct err *err)
{
    struct password_change password;
    struct profile_change profile;
    struct signed_in in = { 0 };
    struct session_cache *cache = request_accounts(rq)->cache;
    if (!people_only(rq, err) || !session_patch_read(rq, &password, &profile, err))
        return false;
    struct user_edit e = {
        .id = rq->who.user_id, .change = profile_apply, .input = &profile, .action = "user.profile"
    };
    if (password.new_password.len && !session_password(&rq->work, &password, &in, err))
        return false;
    if (password.new_password.len) {
        rights_changed(rq, false, rq->who.user_id);
        cookie_set(rq, rp, in.token, COOKIE_AGE_S);
    }
    if (profile.json->count && !user_change(&rq->work, &e, &in.user, err))
        return false;
    if (!in.user.id.v && !user_get(rq->work.db, rq->who.user_id, rq->work.arena, &in.user, err))
        return false;
    session_cache_forget_who(cache, false, rq->who.user_id);
    if (!in.token.len)
        in.session = (struct session){ .csrf = rq->who.csrf, .digest = rq->who.session };
    in.user.factor_due = rq->who.factor_due;
    struct principal who = principal_of(rq, &in.user, &in.session);
    return session_write(rq, rp, &who, &in.user, err);
}

static bool session_delete(struct request *rq, struct reply *rp, struct err *err)
{
    if (!people_only(rq, err) || !session_sign_out(&rq->work, rq->who.session, rq->who.user_id, err))
        return false;
    session_ended(rq, rq->who.session);
    cookie_set(rq, rp, (str){ 0 }, 0);
    rp->status = REPLY_NO_CONTENT;
    return true;
}

static bool sessions_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct session_list list = { 0 };
    if (!people_only(rq, err) ||
        !session_of_user(rq->work.db, rq->who.user_id, rq->work.now, rq->work.arena, &list, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < list.count; i++) {
        json_begin(&j, NULL, '{');
        record_write_fields(&session_record, &list.at[i], &j, NULL);
        json_bool(&j, "current", str_eq(list.at[i].digest, rq->who.session));
        json_end(&j);
    }
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
    return true;
}

static bool sessions_delete(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    str digest;
    if (!people_only(rq, err) || !path_id(rq, "id", &id, err) ||
        !session_end_one(&rq->work, id, rq->who.user_id, &digest, err))
        return false;
    session_ended(rq, digest);
    rp->status = REPLY_NO_CONTENT;
    return true;
}

static bool sessions_end_others(struct request *rq, struct reply *rp, struct err *err)
{
    int64_t count;
    if (!people_only(rq, err) || !session_end_others(&rq->work, rq->who.session, rq->who.user_id, &count, err))
        return false;
    rights_changed(rq, false, rq->who.user_id);
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "ended", count);
    json_end(&j);
    return true;
}

/* clang-format off */
const struct route session_routes[] = {
    { HTTP_POST, "/api/session", PERM_PUBLIC, sign_in_post, .body = &sign_in_record, .reply_schema = "session", .no_csrf = true,
      .limit_bytes = 8192, .doc = "Sign in", .tag = "session" },
    { HTTP_GET, "/api/session", PERM_SIGNED_IN, session_get, .before_factor = true, .reply_schema = "session", .doc = "Who is signed in, and the shop",
      .tag = "session" },
    { HTTP_PATCH, "/api/session", PERM_SIGNED_IN, session_patch, .json = true, .before_factor = true, .reply_schema = "session", .limit_bytes = 8192,
      .doc = "Change one's own screens, language or password; a new password ends all other sign-ins", .tag = "session" },
    { HTTP_DELETE, "/api/session", PERM_SIGNED_IN, session_delete, .before_factor = true, .doc = "Sign out", .tag = "session" },
    { HTTP_GET, "/api/sessions", PERM_SIGNED_IN, sessions_get, .before_factor = true, .reply_schema = "sign_in_page", .doc = "Where one is signed in",
      .tag = "session" },
    { HTTP_POST, "/api/sessions/end-others", PERM_SIGNED_IN, sessions_end_others, .reply_schema = "ended", .before_factor = true,
      .doc = "End all other sign-ins of one's own", .tag = "session" },
    { HTTP_DELETE, "/api/sessions/{id}", PERM_SIGNED_IN, sessions_delete, .before_factor = true, .doc = "End another sign-in", .tag = "session" },
    { .method = HTTP_NONE },
};
/* clang-format on */
