/* The second factor of who is signed in, of others, and of which roles it is demanded. */
#include "accounts/accounts_http.h"

#include "accounts/body.h"
#include "accounts/factor_flow.h"
#include "accounts/user_store.h"

#define BODY_BYTES 8192

struct factor_body { str password, code; };
/* clang-format off */
static const struct field enrol_fields[] = { FIELD(factor_body, password, .access = SECRET, .required = true, .max = 1000) };
static const struct record enrol_record = RECORD(factor_body, "second_factor_enrol", enrol_fields);
static const struct field confirm_fields[] = { FIELD(factor_body, code, .access = SECRET, .required = true, .max = 64) };
static const struct record confirm_record = RECORD(factor_body, "second_factor_confirm", confirm_fields);
static const struct field both_fields[] = {
    FIELD(factor_body, password, .access = SECRET, .required = true, .max = 1000),
    FIELD(factor_body, code,     .access = SECRET, .required = true, .max = 64, .doc = "of the app, or a recovery code"),
};
static const struct record both_record = RECORD(factor_body, "second_factor_proof", both_fields);
/* clang-format on */

static bool ask_of(struct request *rq, struct factor_ask *out, struct err *err)
{
    const struct factor_body *body = rq->record;
    *out = (struct factor_ask){ .user_id = rq->who.user_id, .password = body->password, .code = body->code, .key = request_accounts(rq)->key,
                                .agent = utf8_mend(rq->work.arena, http_header_get(&rq->headers, "User-Agent")) };
    return !rq->who.is_key || err_set(err, ERR_FORBIDDEN, "", "keys have no second factor");
}

static void codes_write(struct json_out *j, const struct factor_codes *c)
{
    json_begin(j, "recovery", '[');
    for (int i = 0; i < c->count; i++)
        json_text(j, NULL, c->code[i]);
    json_end(j);
}

static bool factor_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct user u = { 0 };
    int64_t     left = 0;
    if (rq->who.is_key)
        return err_set(err, ERR_FORBIDDEN, "", "keys have no second factor");
    if (!user_get(rq->work.db, rq->who.user_id, rq->work.arena, &u, err) || !recovery_codes_left(rq->work.db, u.id, &left, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_instant(&j, "since", u.second_factor_at);
    json_number(&j, "recovery_left", instant_is_set(u.second_factor_at) ? left : 0);
    json_end(&j);
    return true;
}

static bool factor_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct factor_ask   in;
    struct factor_begun made = { 0 };
    if (!ask_of(rq, &in, err) || !factor_enrol(&rq->work, &in, &made, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_text(&j, "secret", made.secret);
    json_text(&j, "address", made.address);
    json_text(&j, "picture", made.picture);
    json_number(&j, "picture_size", made.picture_size);
    json_end(&j);
    return true;
}

static bool factor_confirm_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct factor_ask   in;
    struct factor_codes codes = { 0 };
    struct signed_in    now   = { 0 };
    if (!ask_of(rq, &in, err) || !factor_confirm(&rq->work, &in, &codes, &now, err))
        return false;
    rights_changed(rq, false, rq->who.user_id);
    session_cookie_set(rq, rp, now.token);
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    codes_write(&j, &codes);
    json_text(&j, "csrf", now.session.csrf);
    json_end(&j);
    return true;
}

static bool factor_codes_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct factor_ask   in;
    struct factor_codes codes = { 0 };
    if (!ask_of(rq, &in, err) || !factor_renew_codes(&rq->work, &in, &codes, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    codes_write(&j, &codes);
    json_text(&j, "csrf", rq->who.csrf);
    json_end(&j);
    return true;
}

static bool factor_off_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct factor_ask in;
    if (!ask_of(rq, &in, err) || !factor_leave(&rq->work, &in, err))
        return false;
    session_cache_forget_who(request_accounts(rq)->cache, false, rq->who.user_id);
    rp->status = REPLY_NO_CONTENT;
    return true;
}

static bool factor_reset_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct grantor by = request_grantor(rq);
    rid            id;
    if (!path_id(rq, "id", &id, err) || !factor_reset(&rq->work, id, &by, err))
        return false;
    rights_changed(rq, false, id);
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* ---- of which roles it is demanded ---- */

static bool demand_write(struct request *rq, struct reply *rp, const struct factor_roles *r)
{
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    bits_write(&j, "roles", role_names, r->roles);
    ids_write(&j, "own_roles", r->own_roles);
    json_end(&j);
    return true;
}

static bool demand_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct factor_roles roles = { 0 };
    return factor_roles_load(rq->work.db, rq->work.arena, &roles, err) && demand_write(rq, rp, &roles);
}

static bool demand_put(struct request *rq, struct reply *rp, struct err *err)
{
    static const char *const none[] = { "roles", "own_roles", NULL };
    struct factor_roles roles = { 0 };
    struct user_list    of    = { 0 };
    uint64_t            bits  = 0;
    bool ok = body_bits(rq->json, "roles", role_names, &bits, err);
    ok &= body_ids(rq->work.arena, rq->json, "own_roles", &roles.own_roles, err);
    if (body_without(rq->work.arena, rq->json, none)->count)
        ok = err_add(err, "", "only roles and own_roles are known");
    roles.roles = (unsigned)bits;
    if (!ok || !factor_demand(&rq->work, &roles, &of, err))
        return false;
    for (int i = 0; i < of.count; i++)
        session_cache_forget_who(request_accounts(rq)->cache, false, of.at[i].id);
    return demand_write(rq, rp, &roles);
}

/* clang-format off */
const struct route factor_routes[] = {
    { HTTP_GET, "/api/session/second-factor", PERM_SIGNED_IN, factor_get, .reply_schema = "second_factor", .before_factor = true,
      .doc = "One's own second factor", .tag = "session" },
    { HTTP_POST, "/api/session/second-factor", PERM_SIGNED_IN, factor_post, .body = &enrol_record, .reply_schema = "second_factor_begun",
      .before_factor = true, .limit_bytes = BODY_BYTES, .doc = "Take a second factor: a secret for an authenticator app; the password is needed", .tag = "session" },
    { HTTP_POST, "/api/session/second-factor/confirm", PERM_SIGNED_IN, factor_confirm_post, .body = &confirm_record,
      .reply_schema = "second_factor_codes", .before_factor = true, .limit_bytes = BODY_BYTES,
      .doc = "The first code of the app: from now on one is asked for; all other sign-ins end", .tag = "session" },
    { HTTP_POST, "/api/session/second-factor/codes", PERM_SIGNED_IN, factor_codes_post, .body = &both_record,
      .reply_schema = "second_factor_codes", .limit_bytes = BODY_BYTES, .doc = "New recovery codes in place of the old ones", .tag = "session" },
    { HTTP_POST, "/api/session/second-factor/off", PERM_SIGNED_IN, factor_off_post, .body = &both_record, .limit_bytes = BODY_BYTES,
      .doc = "Sign in with the password alone again", .tag = "session" },
    { HTTP_POST, "/api/users/{id}/second-factor/reset", PERM_USERS, factor_reset_post,
      .doc = "Somebody has lost the telephone: take the second factor away; the person is signed out", .tag = "people" },
    { HTTP_GET, "/api/second-factor/roles", PERM_USERS, demand_get, .reply_schema = "second_factor_roles",
      .doc = "Roles that must have a second factor", .tag = "people" },
    { HTTP_PUT, "/api/second-factor/roles", PERM_USERS, demand_put, .json = true, .reply_schema = "second_factor_roles", .limit_bytes = BODY_BYTES,
      .doc = "Demand a second factor of roles; who has none is let in to set it up and to nothing else", .tag = "people" },
    { .method = HTTP_NONE },
};
/* clang-format on */
