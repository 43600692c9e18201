#include "accounts/accounts_http.h"

#include "accounts/body.h"
#include "accounts/user_flow.h"
#include "base/secret.h"

#define PASSWORD_SENT_MAX 1000           /* bytes of the request; what a password may be is said in user.h */

static const char *const apart[] = { "roles", "own_roles", "accounts", "password", NULL };

struct user_body {
    struct arena *arena;
    const struct json *json;
    enum record_read_mode mode;
};

/* Everything but the password, all mistakes at once. */
static bool body_apply(struct user *u, const void *input, struct err *err)
{
    const struct user_body *b = input;
    uint64_t roles = user_roles(u);
    bool ok = record_read_json(&user_record, body_without(b->arena, b->json, apart), b->mode, b->arena, u,
                               NULL, err);
    ok &= body_bits(b->json, "roles", role_names, &roles, err);
    ok &= body_ids(b->arena, b->json, "own_roles", &u->own_roles, err);
    ok &= body_ids(b->arena, b->json, "accounts", &u->accounts, err);
    u->roles = bits_text(b->arena, role_names, roles);
    return ok;
}

static bool users_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct user_list list = { 0 };
    if (!user_all(rq->work.db, rq->work.arena, &list, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < list.count; i++)
        user_write(&j, NULL, &list.at[i]);
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
    return true;
}

/* The digest of a password takes a tenth of a second on purpose, and nobody may hold up all writing for so long. */
static bool password_first(struct request *rq, struct err *err)
{
    str         *hash     = ARENA_NEW(rq->work.arena, str);
    const struct json *in = json_get(rq->json, "password");
    rq->ready = hash;
    if (!in || in->kind != JSON_TEXT || !in->text.len || in->text.len > PASSWORD_SENT_MAX)
        return true;                    /* users_post says what is wrong, together with everything else */
    return secret_password_hash(rq->work.arena, in->text, hash, err);
}

static bool users_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct user u = { .state = USER_ACTIVE, .password_hash = *(const str *)rq->ready };
    struct user_body body = { rq->work.arena, rq->json, READ_CREATE };
    struct grantor by = request_grantor(rq);
    str password = { 0 };
    bool has_password;
    bool ok = body_apply(&u, &body, err);
    ok &= body_text(rq->work.arena, rq->json, "password", PASSWORD_SENT_MAX, &password, &has_password, err);
    if (!ok || !user_create(&rq->work, &u, password, &by, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    user_write(&j, NULL, &u);
    rp->status = REPLY_CREATED;
    return true;
}

static bool users_patch(struct request *rq, struct reply *rp, struct err *err)
{
    struct user u = { 0 };
    struct user_body body = { rq->work.arena, rq->json, READ_UPDATE };
    struct grantor by = request_grantor(rq);
    struct user_edit e = { .change = body_apply, .input = &body, .action = "user.edit", .by = &by };
    bool has_password;
    if (!path_id(rq, "id", &e.id, err) || !request_version(rq, &e.version, err) ||
        !body_text(rq->work.arena, rq->json, "password", PASSWORD_SENT_MAX, &e.password, &has_password, err))
        return false;
    if (has_password && !e.password.len)
        return err_add(err, "password", "is needed");
    bool ok = user_change(&rq->work, &e, &u, err);
    rights_changed(rq, false, e.id);
    if (ok || (err->code == ERR_VERSION_OLD && id_is_set(u.id))) {
        struct json_out j = reply_json(rq, rp);
        user_write(&j, NULL, &u);
    }
    return ok;
}

/* clang-format off */
const struct route user_routes[] = {
    { HTTP_GET, "/api/users", PERM_USERS, users_get, .reply_schema = "user_page", .doc = "People of the shop", .tag = "people" },
    { HTTP_POST, "/api/users", PERM_USERS, users_post, .first = password_first, .json = true, .reply_schema = "user", .creates = true, .limit_bytes = 65536,
      .doc = "Let somebody in: login, name, roles, accounts in scope, password", .tag = "people" },
    { HTTP_PATCH, "/api/users/{id}", PERM_USERS, users_patch, .json = true, .reply_schema = "user", .edits = true,
      .limit_bytes = 65536, .doc = "Change a person; blocking or a new password signs out", .tag = "people" },
    { .method = HTTP_NONE },
};
/* clang-format on */
