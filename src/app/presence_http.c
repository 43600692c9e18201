#include "app/presence_http.h"

#include "app/app.h"
#include "app/presence.h"
#include "orders/order_store.h"
#include "orders/queue_http.h"

#include <pthread.h>

struct presence_room {
    pthread_mutex_t       lock;
    struct presence_table table;        /* under the lock */
};

struct presence_room *presence_room_new(struct arena *a)
{
    struct presence_room *r = ARENA_NEW(a, struct presence_room);
    pthread_mutex_init(&r->lock, NULL);
    return r;
}

void presence_room_done(struct presence_room *r) { pthread_mutex_destroy(&r->lock); }

static bool in_scope(const struct request *rq, rid account)
{
    for (int i = 0; i < rq->who.accounts_count; i++)
        if (id_eq(rq->who.accounts[i], account))
            return true;
    return rq->who.accounts_count == 0;
}

static void entry_write(struct json_out *j, const struct presence *p)
{
    json_begin(j, NULL, '{');
    json_id(j, "order_id", p->order_id);
    json_id(j, "user_id", p->user_id);
    json_text(j, "name", (str){ p->name, p->name_len });
    json_instant(j, "since", p->since);
    json_instant(j, "until", p->until);
    json_end(j);
}

static bool presence_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct app           *app  = rq->app;
    struct presence_room *room = app->presence;
    int                   at   = 0;
    (void)err;

    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '[');
    pthread_mutex_lock(&room->lock);
    for (const struct presence *p; (p = presence_next(&room->table, rq->work.now, &at));)
        if (in_scope(rq, p->account_id))
            entry_write(&j, p);
    pthread_mutex_unlock(&room->lock);
    json_end(&j);
    return true;
}

/* Whoever may see the order hears that the entry is now so. */
static void tell(struct request *rq, const struct presence *p)
{
    struct app     *app  = rq->app;
    struct buf      data = buf_in(rq->work.arena);
    struct json_out j    = json_out(&data);
    entry_write(&j, p);
    live_tell(app->live, &(struct live_event){ .account_id = p->account_id, .permission = PERM_ORDERS_SEE, .name = STR("presence"),
                                               .data = buf_str(&data) });
}

static bool presence_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct app           *app  = rq->app;
    struct presence_room *room = app->presence;
    bool                  gone = json_true(json_get(rq->json, "gone"));
    struct presence       told = { 0 };
    bool                  tells = true;
    struct order          o;
    rid                   id;

    if (rq->who.is_key)
        return err_set(err, ERR_FORBIDDEN, "", "keys look at nothing");
    if (!path_id(rq, "id", &id, err) || !order_get(rq->work.db, id, rq->work.arena, &o, err))
        return false;
    if (!in_scope(rq, o.account_id))
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such order");
    pthread_mutex_lock(&room->lock);
    if (gone) {
        tells = presence_drop(&room->table, rq->who.user_id, id);
        told  = (struct presence){ .user_id = rq->who.user_id, .order_id = id, .account_id = o.account_id, .since = rq->work.now,
                                   .until = rq->work.now };
    } else {
        told = *presence_put(&room->table, rq->who.user_id, rq->who.name, id, o.account_id, rq->work.now);
    }
    pthread_mutex_unlock(&room->lock);
    if (tells)
        tell(rq, &told);
    rp->status = REPLY_NO_CONTENT;
    return true;
}

const struct route presence_routes[] = {
    { HTTP_GET, "/api/presence", PERM_ORDERS_SEE, presence_get, .reply_schema = "Presence", .tag = "orders",
      .doc = "Who has which order open" },
    { HTTP_POST, "/api/orders/{id}/presence", PERM_ORDERS_SEE, presence_post, .json = true, .tag = "orders",
      .doc = "I have this order open, say it again within a minute; or with gone: no longer" },
    { .method = HTTP_NONE },
};
