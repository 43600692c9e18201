#include "accounts/accounts_http.h"

#include "accounts/api_key_flow.h"
#include "accounts/body.h"
#include "accounts/role.h"

static bool keys_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct api_key_list list = { 0 };
    if (!api_key_all(rq->work.db, rq->work.arena, &list, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < list.count; i++)
        api_key_write(&j, NULL, &list.at[i], (str){ 0 });
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
    return true;
}

/* Takes no Idempotency-Key: a kept answer would keep the secret. */
static bool keys_post(struct request *rq, struct reply *rp, struct err *err)
{
    static const char *const apart[] = { "scopes", "accounts", NULL };
    struct api_key k = { 0 };
    struct grantor by = request_grantor(rq);
    uint64_t scopes = 0;
    str secret;
    bool ok = record_read_json(&api_key_record, body_without(rq->work.arena, rq->json, apart), READ_CREATE,
                               rq->work.arena, &k, NULL, err);
    ok &= body_bits(rq->json, "scopes", permission_names, &scopes, err);
    ok &= body_ids(rq->work.arena, rq->json, "accounts", &k.accounts, err);
    scopes &= permissions_grantable();
    k.scopes = bits_text(rq->work.arena, permission_names, scopes);
    if (!ok || !api_key_create(&rq->work, &by, &k, &secret, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    api_key_write(&j, NULL, &k, secret);
    reply_header(rp, rq, STR("Cache-Control"), STR("no-store"));
    rp->status = REPLY_CREATED;
    return true;
}

static bool keys_delete(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    if (!path_id(rq, "id", &id, err) || !api_key_revoke(&rq->work, id, err))
        return false;
    rights_changed(rq, true, id);
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* clang-format off */
const struct route key_routes[] = {
    { HTTP_GET, "/api/keys", PERM_USERS, keys_get, .reply_schema = "api_key_page", .doc = "Keys of programs", .tag = "people" },
    { HTTP_POST, "/api/keys", PERM_USERS, keys_post, .json = true, .reply_schema = "api_key", .limit_bytes = 65536,
      .doc = "Make a key: name, scopes, accounts in scope; the secret is shown once", .tag = "people" },
    { HTTP_DELETE, "/api/keys/{id}", PERM_USERS, keys_delete, .doc = "Revoke a key", .tag = "people" },
    { .method = HTTP_NONE },
};
/* clang-format on */
