/* hook.c - a market tells us something: genuine or not, what it says is stored like a page, what it hints at is read soon. */
#include "sync/sync_own.h"

struct hurry { struct talk *t; };

static bool hurry_tx(struct db *db, void *ctx, struct err *err)
{
    const struct hurry *h = ctx;
    return streams_hurry(db, h->t->account.id, h->t->w->now, err);
}

static bool nobody(struct err *err)
{
    return err_set(err, ERR_NOT_FOUND, "account", "there is nothing here");
}

bool sync_hook(struct sync_engine *e, struct work *w, rid account_id, str secret, const struct http_header_list *headers, str body,
               struct hook_result *out, struct err *err)
{
    struct talk          t;
    struct err           bad  = { 0 };
    int                  n    = 0;
    struct hurry         soon = { &t };

    *out = (struct hook_result){ .status = 200 };
    if (!talk_open(e, w, account_id, &t, &bad))
        return bad.code == ERR_NOT_FOUND ? nobody(err) : (*err = bad, false);
    if (!t.channel->hook_read || !t.account.hook_digest.len || !secret_equal(secret_digest(w->arena, secret), t.account.hook_digest))
        return nobody(err);
    struct call call = talk_call(&t, w->arena);
    if (!t.channel->hook_read(&call, headers, body, out, err))
        return false;
    struct intake_item *items = ARENA_ARRAY(w->arena, struct intake_item, out->events.count + 1);
    for (; n < out->events.count; n++)
        item_of(&t, &out->events.at[n], &items[n]);
    if (n && !hook_store(&t, items, n, err))
        return false;
    if (out->hints.count) {
        if (!db_tx(w->db, hurry_tx, &soon, err))
            return false;
        sync_wake(e);
    }
    return true;
}
