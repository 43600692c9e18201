/* hook_http.c - where markets send their notifications: the address holds the secret, the connector knows what is said. */
#include "sync/channels_http.h"

#include "channels/channel.h"

static bool hook_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct hook_result r;
    rid  account;
    str  secret = path_text(rq, "secret");
    if (!id_parse(path_text(rq, "account"), &account) || !secret.len)
        return err_set(err, ERR_NOT_FOUND, "account", "there is nothing here");
    if (!sync_hook(request_sync(rq), &rq->work, account, secret, &rq->headers, rq->body, &r, err))
        return false;
    rp->status = r.status ? r.status : REPLY_OK;
    rp->type   = r.content_type;
    rp->body   = buf_in(rq->work.arena);
    buf_add(&rp->body, r.body);
    return true;
}

const struct route hook_routes[] = {
    { HTTP_POST, "/hooks/{account}/{secret}", PERM_PUBLIC, hook_post, .raw = true, .no_csrf = true, .ahead = true, .limit_bytes = 1 << 20,
      .doc = "Notifications of a market; the address is the proof", .tag = "channels" },
    { .method = HTTP_NONE },
};
