/* media.c - fetches what buyers have photographed, one picture at a time, from the market's own hosts.
 *
 * An address comes from a payload, so it may name anything: the connector says whether the host is the market's, the client refuses
 * private addresses and follows no redirects, no key is sent, the body is bounded, and what comes is a picture by its bytes or nothing.
 * A server that dies while fetching leaves the row due again after its lease.
 */
#include "base/json_write.h"
#include "events/event.h"
#include "returns/media_store.h"
#include "returns/photo.h"
#include "returns/photo_store.h"
#include "sync/sync_own.h"

#define MEDIA_TRIES_MAX 10              /* about an hour of back-off */

struct fetched { struct work *w; struct sync_engine *e; struct return_media m; struct photo photo; instant due_at, not_before; bool found; };

static bool take_tx(struct db *db, void *ctx, struct err *err)
{
    struct fetched *f = ctx;
    return media_take(db, f->w->now, instant_add(f->w->now, LEASE_MS), f->w->arena, &f->m, &f->found, err);
}

static bool tell_screens(struct db *db, const struct fetched *f, struct err *err)
{
    struct buf      b = buf_in(f->w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", f->m.return_id);
    json_id(&j, "account_id", f->m.account_id);
    json_text(&j, "kind", STR("photo"));
    json_end(&j);
    return event_add(db, f->w->now, STR("return"), f->m.account_id, f->m.return_id, buf_str(&b), err);
}

static bool settle_tx(struct db *db, void *ctx, struct err *err)
{
    struct fetched *f = ctx;
    if (f->m.state == MEDIA_HERE) {
        const struct return_photo p = { .id = work_id(f->w), .return_id = f->m.return_id, .type = str_of(f->photo.type), .width = f->photo.width,
                                        .height = f->photo.height, .size = (int64_t)f->photo.bytes.len, .by_name = STR(""), .at = f->w->now,
                                        .media_id = f->m.id };
        f->m.photo_id = p.id;
        if (!photo_insert(db, &p, f->photo.bytes, err))
            return false;
    }
    return media_settle(db, &f->m, f->due_at, err) && (f->m.state == MEDIA_WAITING || tell_screens(db, f, err));
}

static void refuse(struct fetched *f, enum media_state state, const char *problem)
{
    f->m.state   = state;
    f->m.problem = str_of(problem);
}

static void later(struct fetched *f, const char *problem, int64_t wait_ms)
{
    f->m.tries++;
    f->m.problem = str_of(problem);
    if (f->m.tries >= MEDIA_TRIES_MAX)
        f->m.state = MEDIA_REFUSED;
    else
        f->due_at = instant_add(clock_now(f->e->o.clock), wait_ms ? wait_ms : 60 * backoff_ms(f->e, f->m.tries) / 15);
}

static void judge(struct fetched *f, const struct http_reply *reply)
{
    struct err bad = { 0 };
    if (reply->fate == HTTP_UNKNOWN && reply->body.len)         /* cut, or longer than a picture may be */
        later(f, "media.cut", 0);
    else if (reply->fate != HTTP_ANSWERED)
        later(f, "channel.down", 0);
    else if (reply->status == 404 || reply->status == 410)
        refuse(f, MEDIA_GONE, "not_found");
    else if (reply->status == 429 || reply->status >= 500)
        later(f, reply->status == 429 ? "channel.busy" : "channel.down", 0);
    else if (reply->status != 200)
        refuse(f, MEDIA_REFUSED, "channel.refused");
    else if (photo_read(f->w->arena, reply->body, &f->photo, &bad))
        refuse(f, MEDIA_HERE, "");
    else
        refuse(f, MEDIA_REFUSED, err_kind(bad.code)->code);
}

static bool fetch(struct fetched *f, struct talk *t, struct err *err)
{
    struct http_request rq    = { 0 };
    struct http_reply   reply = { 0 };
    struct call         call  = talk_call(t, f->w->arena);
    if (!t->channel->media_request || !t->channel->media_request(&call, f->m.url, &rq)) {
        refuse(f, MEDIA_REFUSED, "media.host");
        return true;
    }
    rq.reply_bytes_max = PHOTO_BYTES_MAX;
    if (!talk_send(t, f->w->arena, &rq, NULL, &reply, err)) {
        if (err->code != ERR_CHANNEL_BUSY)
            return false;
        f->due_at = instant_add(clock_now(f->e->o.clock), (err->retry_after_s ? err->retry_after_s : 60) * SECOND_MS);
        f->not_before = f->due_at;                              /* its turn has not come, nor that of others: no try */
        *err = (struct err){ 0 };
        return true;
    }
    judge(f, &reply);
    return true;
}

static bool fetch_one(struct fetched *f, struct err *err)
{
    struct talk t;
    struct err  bad = { 0 };
    if (!db_tx(f->w->db, take_tx, f, err))
        return false;
    if (!f->found)
        return true;
    if (!talk_open(f->e, f->w, f->m.account_id, &t, &bad)) {    /* away, or waits for a key: the picture can wait too */
        if (bad.code == ERR_NOT_FOUND)
            refuse(f, MEDIA_GONE, "not_found");
        else
            f->due_at = instant_add(f->w->now, HOUR_MS);
    } else if (t.account.state == ACCOUNT_PAUSED) {
        f->due_at = instant_add(f->w->now, HOUR_MS);
    } else if (!fetch(f, &t, err)) {
        return false;
    }
    return db_tx(f->w->db, settle_tx, f, err);
}

bool media_find(struct sync_engine *e, struct work *w, bool *due, instant *next, struct err *err)
{
    instant at;
    *due = false;
    if (!media_next(w->db, &at, err))
        return false;
    pthread_mutex_lock(&e->lock);
    if (at.ms < e->media_lane.not_before.ms && instant_is_set(at))
        at = e->media_lane.not_before;
    if (instant_is_set(at) && !e->media_lane.busy) {
        *due = e->media_lane.busy = at.ms <= w->now.ms;
        if (!*due && (!instant_is_set(*next) || at.ms < next->ms))
            *next = at;
    }
    pthread_mutex_unlock(&e->lock);
    return true;
}

bool media_fetch(struct sync_engine *e, struct work *w, struct err *err)
{
    struct fetched f  = { .w = w, .e = e };
    bool           ok = fetch_one(&f, err);
    pthread_mutex_lock(&e->lock);
    e->media_lane.busy       = false;
    e->media_lane.not_before = ok ? f.not_before : instant_add(clock_now(e->o.clock), SECOND_MS);
    e->woken = true;
    pthread_cond_signal(&e->wake);
    pthread_mutex_unlock(&e->lock);
    return ok;
}
