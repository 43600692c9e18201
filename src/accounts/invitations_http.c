/* Invitations: who may let people in makes and takes back links; whoever holds a link may look at it and take it. The token comes in
 * the body, never in an address, which would be written to logs. */
#include "accounts/accounts_http.h"

#include "accounts/body.h"
#include "accounts/invitation_flow.h"

struct guest_body {
    str           token, name, password;
    enum language language;
};
/* clang-format off */
static const struct field guest_fields[] = {
    FIELD(guest_body, token,    .access = SECRET, .required = true, .max = 100),
    FIELD(guest_body, name,     .required = true, .max = 200),
    FIELD(guest_body, password, .access = SECRET, .required = true, .max = 200),
    FIELD(guest_body, language, .choices = language_names),
};
static const struct field look_fields[] = { FIELD(guest_body, token, .access = SECRET, .required = true, .max = 100) };
/* clang-format on */
static const struct record guest_record = RECORD(guest_body, "guest", guest_fields);
static const struct record look_record  = RECORD(guest_body, "guest_look", look_fields);

static bool invitations_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct invitation_list list = { 0 };
    if (!invitations_open(rq->work.db, rq->work.now, rq->work.arena, &list, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < list.count; i++)
        invitation_write(&j, NULL, &list.at[i], (str){ 0 });
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
    return true;
}

/* Takes no Idempotency-Key: a kept answer would keep the token. */
static bool invitations_post(struct request *rq, struct reply *rp, struct err *err)
{
    static const char *const apart[] = { "roles", "own_roles", "accounts", NULL };
    struct arena *a = rq->work.arena;
    struct invitation i = { 0 };
    struct grantor by = request_grantor(rq);
    uint64_t roles = 0;
    str token;
    if (rq->who.is_key)
        return err_set(err, ERR_FORBIDDEN, "", "keys invite nobody");
    bool ok = record_read_json(&invitation_record, body_without(a, rq->json, apart), READ_CREATE, a, &i, NULL, err);
    ok &= body_bits(rq->json, "roles", role_names, &roles, err);
    ok &= body_ids(a, rq->json, "own_roles", &i.own_roles, err);
    ok &= body_ids(a, rq->json, "accounts", &i.accounts, err);
    i.roles = bits_text(a, role_names, roles);
    if (!ok || !invitation_create(&rq->work, &by, &i, &token, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    invitation_write(&j, NULL, &i, token);
    reply_header(rp, rq, STR("Cache-Control"), STR("no-store"));
    rp->status = REPLY_CREATED;
    return true;
}

static bool invitations_delete(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    if (!path_id(rq, "id", &id, err) || !invitation_revoke(&rq->work, id, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

static bool look_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct guest_body *in = rq->record;
    struct invitation i = { 0 };
    if (!invitation_look(&rq->work, in->token, &i, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_text(&j, "shop_name", request_accounts(rq)->shop_words(rq).name);
    json_text(&j, "login", i.login);
    json_text(&j, "name", i.name);
    json_instant(&j, "expires_at", i.expires_at);
    json_end(&j);
    reply_header(rp, rq, STR("Cache-Control"), STR("no-store"));
    return true;
}

static bool accept_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct guest_body *in = rq->record;
    struct signed_in out = { 0 };
    struct invitation_answer a = { .token = in->token, .name = in->name, .password = in->password, .language = in->language,
                                   .agent = utf8_mend(rq->work.arena, http_header_get(&rq->headers, "User-Agent")) };
    return invitation_accept(&rq->work, &a, &out, err) && session_reply(rq, rp, &out, err);
}

/* clang-format off */
const struct route invitation_routes[] = {
    { HTTP_GET, "/api/invitations", PERM_USERS, invitations_get, .reply_schema = "invitation_page", .doc = "Who is invited and has not come yet",
      .tag = "people" },
    { HTTP_POST, "/api/invitations", PERM_USERS, invitations_post, .json = true, .reply_schema = "invitation", .limit_bytes = 65536,
      .doc = "Invite somebody: login, roles, accounts in scope; the token of the link is told once", .tag = "people" },
    { HTTP_DELETE, "/api/invitations/{id}", PERM_USERS, invitations_delete, .doc = "Take an invitation back", .tag = "people" },
    { HTTP_POST, "/api/invitation/look", PERM_PUBLIC, look_post, .body = &look_record, .reply_schema = "invitation_seen", .no_csrf = true,
      .limit_bytes = 4096, .doc = "Whose invitation is this?", .tag = "session" },
    { HTTP_POST, "/api/invitation", PERM_PUBLIC, accept_post, .body = &guest_record, .reply_schema = "session", .no_csrf = true,
      .limit_bytes = 8192, .doc = "Take an invitation: name and password of one's own", .tag = "session" },
    { .method = HTTP_NONE },
};
/* clang-format on */
