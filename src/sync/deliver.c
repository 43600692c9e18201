/* deliver.c - telling other programs: one address at a time is a thread's work, two threads at most, so that an address that lets us
 * wait keeps neither the markets nor all other addresses waiting. What is sent and when again is in webhooks/. */
#include "base/metric.h"
#include "base/secret.h"
#include "channels/talk.h"
#include "events/event.h"
#include "sync/sync_own.h"
#include "webhooks/webhook_flow.h"

#include <assert.h>

#define DELIVERIES_AT_ONCE 20
#define TIMEOUT_S          20
#define WAIT_S_MAX         (24 * 3600)

bool hook_enter(struct sync_engine *e, rid webhook)
{
    bool ok   = false;
    int  free = -1;
    pthread_mutex_lock(&e->lock);
    for (int i = 0; i < COUNT_OF(e->telling); i++) {
        if (id_eq(e->telling[i], webhook)) {
            free = -1;
            break;
        }
        if (!id_is_set(e->telling[i]))
            free = i;
    }
    if (free >= 0) {
        e->telling[free] = webhook;
        ok = true;
    }
    pthread_mutex_unlock(&e->lock);
    return ok;
}

static void hook_leave(struct sync_engine *e, rid webhook)
{
    pthread_mutex_lock(&e->lock);
    for (int i = 0; i < COUNT_OF(e->telling); i++)
        if (id_eq(e->telling[i], webhook))
            e->telling[i] = (rid){ 0 };
    e->woken = true;
    pthread_cond_signal(&e->wake);
    pthread_mutex_unlock(&e->lock);
}

struct taking { struct sync_engine *e; struct work *w; rid webhook; struct webhook_delivery_list *out; };

static bool take_tx(struct db *db, void *ctx, struct err *err)
{
    struct taking *t = ctx;
    str worker = str_print(t->w->arena, "%s#%lld", t->e->server, (long long)work_id(t->w).v);
    *t->out = (struct webhook_delivery_list){ 0 };
    return deliveries_take(db, t->webhook, t->w->now, worker, instant_add(t->w->now, LEASE_MS), 1, t->w->arena, t->out, err);
}

/* The id of a message names it to the receiver, the same on every try. */
static bool request_of(struct sync_engine *e, struct work *w, const struct webhook *h, const struct webhook_delivery *d,
                       struct http_request *rq, struct err *err)
{
    struct arena *a  = w->arena;
    str           id = str_print(a, "msg_%lld", (long long)d->id.v);
    int64_t       at = w->now.ms / SECOND_MS;
    struct buf    signatures = buf_in(a);
    str           secrets[2];
    int           count;
    if (!webhook_secrets(w, &e->o.key, h, secrets, &count, err))
        return false;
    for (int i = 0; i < count; i++)
        buf_print(&signatures, "%s%.*s", i ? " " : "", STR_ARG(webhook_signature(a, secrets[i], id, at, d->body)));
    *rq = (struct http_request){ .method = HTTP_POST, .url = h->url, .body = d->body, .timeout_s = TIMEOUT_S };
    http_header_set(rq, a, STR("Content-Type"), STR("application/json"));
    http_header_set(rq, a, STR("webhook-id"), id);
    http_header_set(rq, a, STR("webhook-timestamp"), str_print(a, "%lld", (long long)at));
    http_header_set(rq, a, STR("webhook-signature"), buf_str(&signatures));
    return true;
}

/* Those who are too busy say when to come again, in seconds or as a date. */
static int64_t wait_asked(const struct http_reply *r, instant now)
{
    str     text = http_header_get(&r->headers, "Retry-After");
    int64_t s    = 0;
    instant at;
    bool    busy = r->status == 429 || (r->status >= 502 && r->status <= 504);
    if (!busy || !text.len)
        return 0;
    if (!str_to_int(text, &s))
        s = http_date_parse(text, &at) ? (at.ms - now.ms) / SECOND_MS : 0;
    return s <= 0 ? 0 : (s < WAIT_S_MAX ? s : WAIT_S_MAX) * SECOND_MS;
}

static struct webhook_outcome outcome_of(struct work *w, const struct http_reply *r, int64_t took_ns)
{
    bool answered = r->fate == HTTP_ANSWERED;
    str  words    = r->fate == HTTP_NOT_SENT ? STR("no connection") : r->silent ? STR("no answer in time") : STR("the answer was cut");
    return (struct webhook_outcome){
        .ok      = answered && r->status >= 200 && r->status < 300,
        .gone    = answered && r->status == 410,
        .wait_ms = answered ? wait_asked(r, w->now) : 0,
        .attempt = { .at = w->now, .status = answered ? r->status : 0, .took_ms = took_ns / 1000000,
                     .text = answered ? tidy_text(w->arena, str_sub(r->body, 0, WEBHOOK_TEXT_BYTES)) : words },
    };
}

/* One delivery; *ok false: nothing was due, or it failed, and the address is left alone for a while. */
static bool deliver_one(struct sync_engine *e, struct work *w, rid webhook, bool *ok, struct err *err)
{
    struct webhook_delivery_list list = { 0 };
    struct webhook               h    = { 0 };
    struct http_request          rq;
    struct http_reply            reply = { 0 };
    struct taking                t    = { e, w, webhook, &list };

    *ok = false;
    if (!webhook_get(w->db, webhook, w->arena, &h, err) || !h.enabled)
        return !err_is_set(err);
    if (!db_tx(w->db, take_tx, &t, err) || !list.count)
        return !err_is_set(err);
    if (!request_of(e, w, &h, &list.at[0], &rq, err))
        return false;
    assert(!db_in_tx(w->db));
    int64_t from = clock_tick_ns();
    if (!http_send(e->o.client, w->arena, &rq, &reply))
        return err_set(err, ERR_BUSY, "server", "is being stopped");
    w->now = clock_now(e->o.clock);
    struct webhook_outcome o = outcome_of(w, &reply, clock_tick_ns() - from);
    o.attempt.text = utf8_cut(o.attempt.text, WEBHOOK_TEXT_BYTES);
    metric_count(METRIC_JOBS, o.ok ? "webhook ok" : "webhook failed", 1);
    *ok = o.ok;
    return webhook_settle(w, &list.at[0], &o, err);
}

bool hook_deliver(struct sync_engine *e, struct work *w, rid webhook, struct err *err)
{
    bool fine = true, ok = true;
    for (int i = 0; fine && ok && i < DELIVERIES_AT_ONCE && !atomic_load(&e->stop); i++)
        fine = deliver_one(e, w, webhook, &ok, err);
    hook_leave(e, webhook);
    return fine;
}

bool hook_find(struct sync_engine *e, struct work *w, bool *spread, rid *webhook, struct err *err)
{
    struct int_list due = { 0 };
    *webhook = (rid){ 0 };
    if (!webhook_news(w->db, w->arena, spread, err))
        return false;
    if (*spread && instant_is_set(e->spread_not_before) && e->spread_not_before.ms > w->now.ms && e->spread_not_before.ms <= w->now.ms + SECOND_MS)
        *spread = false;
    if (*spread)
        return true;
    if (!webhook_due(w->db, w->now, w->arena, &due, err))
        return false;
    for (int i = 0; i < due.count && !id_is_set(*webhook); i++)
        if (hook_enter(e, (rid){ due.at[i] }))
            *webhook = (rid){ due.at[i] };
    return true;
}

bool hook_spread(struct sync_engine *e, struct work *w, struct err *err)
{
    int64_t before, after;
    bool    more;
    if (!webhook_cursor(w->db, w->arena, &before, err) || !webhooks_spread(w, &more, err) || !webhook_cursor(w->db, w->arena, &after, err))
        return false;
    /* Nothing could be told yet: a transaction before it has not ended. */
    pthread_mutex_lock(&e->lock);
    e->spread_not_before = before == after ? instant_add(w->now, SECOND_MS) : (instant){ 0 };
    pthread_mutex_unlock(&e->lock);
    return true;
}
