/* check.c - tries a connection: the connector's own questions, one after the other, nothing stored. */
#include "deadlines/shop.h"
#include "sync/sync_own.h"

#define CHECK_STEPS_MAX 20

bool sync_check(struct sync_engine *e, struct work *w, const struct channel_account *account, const struct setting_value_list *settings,
                struct check *out, struct err *err)
{
    struct talk t = { .e = e, .w = w, .account = *account, .channel = sync_channel(e, account->channel), .settings = *settings };
    const struct http_reply *reply = NULL;
    *out = (struct check){ 0 };
    if (!t.channel)
        return err_set(err, ERR_BODY_INVALID, "channel", "there is no channel \"%.*s\"", STR_ARG(account->channel));
    t.is_urgent = true;                                     /* a person waits for it */
    for (int i = 0; i < CHECK_STEPS_MAX; i++) {
        struct call         call = talk_call(&t, w->arena);
        struct http_request rq   = { 0 };
        struct http_reply  *got  = ARENA_NEW(w->arena, struct http_reply);
        if (!t.channel->check_step(&call, out, reply, &rq, err))
            return false;
        if (rq.method == HTTP_NONE)
            return true;
        if (!rq.timeout_s || rq.timeout_s > 15)
            rq.timeout_s = 15;
        if (!talk_send(&t, w->arena, &rq, NULL, got, err))
            return false;
        reply = got;
    }
    return err_set(err, ERR_CHANNEL_PAYLOAD, "steps", "the check does not end");
}
