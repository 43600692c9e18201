#include "webhooks/webhook_http.h"

#include "accounts/body.h"
#include "base/secret.h"
#include "net/address.h"
#include "webhooks/webhook_flow.h"

static const char *const apart[] = { "events", "accounts", NULL };

struct hook_body { struct arena *arena; const struct json *json; enum record_read_mode mode; bool allow_private; };

/* What is typed here is called from inside the own network, so it must not point back into it. The address that a name turns into is
 * looked at once more whenever it is called. */
static bool url_ok(str url, bool allow_private, struct err *err)
{
    if (!url_host(url).len || (!allow_private && !str_starts(url, STR("https://"))))
        return err_add(err, "url", "must be an address such as https://example.com/hook");
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.at[i] <= ' ' || url.at[i] == '#' || url.at[i] == '\\')
            return err_add(err, "url", "must be an address without spaces and #");
    return allow_private || !host_is_private(url_host(url)) ||
           err_add(err, "url", "is an address of the own network, which this server does not call");
}

static bool body_apply(struct webhook *h, const void *input, struct err *err)
{
    const struct hook_body *b = input;
    uint64_t events = bits_read(webhook_event_names, h->events);
    bool ok = record_read_json(&webhook_record, body_without(b->arena, b->json, apart), b->mode, b->arena, h, NULL, err);
    ok &= body_bits(b->json, "events", webhook_event_names, &events, err);
    ok &= body_ids(b->arena, b->json, "accounts", &h->accounts, err);
    h->events = bits_text(b->arena, webhook_event_names, events);
    h->url    = str_trim(h->url);
    return ok && url_ok(h->url, b->allow_private, err);
}

static struct hook_body body_in(struct request *rq, enum record_read_mode mode)
{
    return (struct hook_body){ rq->work.arena, rq->json, mode, request_webhooks(rq).allow_private };
}

static bool hooks_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct webhook_list list = { 0 };
    if (!webhooks_all(rq->work.db, rq->work.arena, &list, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < list.count; i++)
        webhook_write(&j, NULL, &list.at[i], STR(""));
    json_end(&j);
    json_null(&j, "next");
    json_end(&j);
    return true;
}

static void secret_reply(struct request *rq, struct reply *rp, const struct webhook *h, str secret)
{
    struct json_out j = reply_json(rq, rp);
    webhook_write(&j, NULL, h, secret);
    reply_header(rp, rq, STR("Cache-Control"), STR("no-store"));
}

/* Takes no Idempotency-Key: a kept answer would keep the secret. */
static bool hooks_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct webhook   h    = { 0 };
    struct hook_body body = body_in(rq, READ_CREATE);
    struct grantor   by   = request_grantor(rq);
    str              secret;
    if (!body_apply(&h, &body, err) || !webhook_create(&rq->work, request_webhooks(rq).key, &by, &h, &secret, err))
        return false;
    secret_reply(rq, rp, &h, secret);
    rp->status = REPLY_CREATED;
    return true;
}

static bool hooks_patch(struct request *rq, struct reply *rp, struct err *err)
{
    struct webhook      h    = { 0 };
    struct hook_body    body = body_in(rq, READ_UPDATE);
    struct grantor      by   = request_grantor(rq);
    struct webhook_edit e    = { .by = &by, .change = body_apply, .input = &body };
    if (!path_id(rq, "id", &e.id, err) || !request_version(rq, &e.version, err))
        return false;
    bool ok = webhook_change(&rq->work, &e, &h, err);
    if (ok || (err->code == ERR_VERSION_OLD && id_is_set(h.id))) {
        struct json_out j = reply_json(rq, rp);
        webhook_write(&j, NULL, &h, STR(""));
    }
    return ok;
}

static bool hooks_delete(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    if (!path_id(rq, "id", &id, err) || !webhook_delete(&rq->work, id, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

static bool rotate_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct webhook h = { 0 };
    rid            id;
    str            secret;
    if (!path_id(rq, "id", &id, err) || !webhook_rotate(&rq->work, request_webhooks(rq).key, id, &h, &secret, err))
        return false;
    secret_reply(rq, rp, &h, secret);
    return true;
}

static bool test_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct webhook_delivery     d;
    struct webhook_attempt_list none = { 0 };
    rid                         id;
    if (!path_id(rq, "id", &id, err) || !webhook_test(&rq->work, id, &d, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    webhook_write_delivery(&j, &d, &none);
    return true;
}

#define DELIVERIES_MAX 100

static bool deliveries_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct arena                *a        = rq->work.arena;
    struct webhook_delivery     *rows     = ARENA_ARRAY(a, struct webhook_delivery, DELIVERIES_MAX);
    rid                         *ids      = ARENA_ARRAY(a, rid, DELIVERIES_MAX);
    struct webhook_attempt_list  attempts = { 0 };
    int                          count    = 0;
    str                          next     = { 0 };
    rid                          id;
    if (!path_id(rq, "id", &id, err))
        return false;
    str query = str_print(a, "webhook_id=%lld&%.*s", (long long)id.v, STR_ARG(rq->query));
    if (!deliveries_list(rq->work.db, query, a, rows, &count, &next, err))
        return false;
    for (int i = 0; i < count; i++)
        ids[i] = rows[i].id;
    if (!attempts_of(rq->work.db, ids, count, a, &attempts, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < count; i++)
        webhook_write_delivery(&j, &rows[i], &attempts);
    json_end(&j);
    json_text_or_null(&j, "next", next);
    json_end(&j);
    return true;
}

static bool again_post(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    if (!path_id(rq, "id", &id, err) || !webhook_delivery_again(&rq->work, id, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* clang-format off */
static const struct query_param deliveries_query[] = {
    { "state", "waiting, sending, done or dead" }, { "after", "cursor" }, { "limit", "at most 100" }, { NULL, NULL },
};
const struct route webhook_routes[] = {
    { HTTP_GET, "/api/webhooks", PERM_SETTINGS, hooks_get, .reply_schema = "webhook_page", .tag = "webhooks",
      .doc = "Addresses that are told what happens" },
    { HTTP_POST, "/api/webhooks", PERM_SETTINGS, hooks_post, .json = true, .reply_schema = "webhook", .limit_bytes = 65536, .tag = "webhooks",
      .doc = "Tell an address of events; the secret that signs is shown once" },
    { HTTP_PATCH, "/api/webhooks/{id}", PERM_SETTINGS, hooks_patch, .json = true, .reply_schema = "webhook", .edits = true,
      .limit_bytes = 65536, .tag = "webhooks", .doc = "Change an address, its events, or switch it off and on" },
    { HTTP_DELETE, "/api/webhooks/{id}", PERM_SETTINGS, hooks_delete, .tag = "webhooks", .doc = "Tell an address no more" },
    { HTTP_POST, "/api/webhooks/{id}/rotate", PERM_SETTINGS, rotate_post, .reply_schema = "webhook", .tag = "webhooks",
      .doc = "A new secret, shown once; the old one signs along for a day" },
    { HTTP_POST, "/api/webhooks/{id}/test", PERM_SETTINGS, test_post, .reply_schema = "webhook_delivery", .tag = "webhooks",
      .doc = "Send a test event with every field filled" },
    { HTTP_GET, "/api/webhooks/{id}/deliveries", PERM_SETTINGS, deliveries_get, .reply_schema = "webhook_delivery_page",
      .query = deliveries_query, .tag = "webhooks", .doc = "What was sent, and what each try came to, newest first" },
    { HTTP_POST, "/api/webhook-deliveries/{id}/retry", PERM_SETTINGS, again_post, .tag = "webhooks", .doc = "Send an ended delivery again" },
    { .method = HTTP_NONE },
};
/* clang-format on */
