/* caller.c - one request of a conversation: its turn, its sending, what the answer means for pace and metrics. */
#include "base/metric.h"
#include "deadlines/shop.h"
#include "sync/sync_own.h"

#include <assert.h>
#include <stdio.h>
#include <time.h>

#define PARK_MS_MAX (24 * HOUR_MS)

bool talk_begin(struct sync_engine *e, struct work *w, rid account_id, struct talk *out, struct err *err)
{
    if (talk_open(e, w, account_id, out, err))
        return true;
    if (err->code == ERR_SETTING) {
        out->account.id = account_id;
        account_trouble(out, ACCOUNT_AUTH_FAILED, err);     /* the same every second helps nobody */
    }
    return false;
}

bool talk_open(struct sync_engine *e, struct work *w, rid account_id, struct talk *out, struct err *err)
{
    *out = (struct talk){ .e = e, .w = w };
    if (!account_get(w->db, account_id, w->arena, &out->account, err))
        return false;
    out->channel = sync_channel(e, out->account.channel);
    if (!out->channel)
        return err_set(err, ERR_SETTING, "channel", "this version does not know the channel \"%.*s\"", STR_ARG(out->account.channel));
    out->map = (struct status_map){ .channel = out->channel, .accepted_means_assembling = out->account.accepted_means_assembling };
    return status_changes_of(w->db, account_id, w->arena, &out->map.changes, err) &&
           account_settings(&out->account, &e->o.key, w->arena, &out->settings, err);
}

struct call talk_call(const struct talk *t, struct arena *a)
{
    str base = t->account.base_url.len ? t->account.base_url : str_of(t->channel->base_url);
    while (base.len && base.at[base.len - 1] == '/')
        base.len--;
    return (struct call){ .arena = a, .now = clock_now(t->e->o.clock), .base_url = base, .country = t->w->shop->country,
                          .settings = &t->settings, .channel = t->channel };
}

/* The row of the channel for a family; a call that names none, or one that is not listed, draws from the first. */
static const struct pace *pace_of(const struct channel *channel, const char *family)
{
    static const struct pace unknown = { "calls", 60, 5, 1 };
    const struct pace *first = channel->pace && channel->pace->family ? channel->pace : &unknown;
    for (const struct pace *p = first; family && p->family && p != &unknown; p++)
        if (strcmp(p->family, family) == 0)
            return p;
    return first;
}

static void wait_ms(struct sync_engine *e, int64_t ms)
{
    if (e->o.pause) {
        e->o.pause(e->o.ctx, ms);
        return;
    }
    while (ms > 0 && !atomic_load(&e->stop)) {
        int64_t part = ms < 100 ? ms : 100;
        nanosleep(&(struct timespec){ .tv_nsec = (long)(part * 1000000) }, NULL);
        ms -= part;
    }
}

/* Waits for a token; false when that would take too long. */
static bool turn_wait(struct talk *t, const struct pace *p, const struct http_request *rq, struct err *err)
{
    struct sync_engine *e      = t->e;
    struct pace_limits  limits = { p->per_minute, p->burst, p->parallel };
    int64_t waited = 0, ms;
    bool    ok = true, counted = false;
    while ((ms = pacer_begin(e->pacer, t->account.id, p->family, limits, rq->weight, t->is_urgent, clock_now(e->o.clock))) > 0) {
        if (atomic_load(&e->stop)) {
            ok = err_set(err, ERR_BUSY, "server", "is being stopped");
            break;
        }
        if (waited + ms > CALL_WAIT_MS) {
            err_set(err, ERR_CHANNEL_BUSY, "pace", "calls of \"%s\" have to wait %lld s", p->family, (long long)((ms + 999) / 1000));
            err->retry_after_s = (int)((ms + 999) / 1000);
            ok = false;
            break;
        }
        if (!counted)
            pacer_waiting(e->pacer, t->account.id, p->family, +1);
        counted = true;
        wait_ms(e, ms);
        waited += ms;
    }
    if (counted)
        pacer_waiting(e->pacer, t->account.id, p->family, -1);
    return ok;
}

static const char *result_of(const struct http_reply *r, enum err_code code)
{
    if (r->fate != HTTP_ANSWERED)
        return r->fate == HTTP_NOT_SENT ? "not_sent" : r->silent ? "silent" : "cut";
    switch (code) {
    case ERR_NONE:           return "ok";
    case ERR_CHANNEL_BUSY:   return "busy";
    case ERR_CHANNEL_AUTH:   return "auth";
    case ERR_CHANNEL_DOWN:   return "down";
    case ERR_CHANNEL_RETIRED: return "retired";
    default:                 return "refused";
    }
}

/* The address without its query: there are phone numbers in queries. */
static str url_shown(str url)
{
    ptrdiff_t end = str_find(url, STR("?"));
    return end < 0 ? url : str_sub(url, 0, (size_t)end);
}

static void heard(struct talk *t, const struct call *call, const struct pace *p, const struct http_request *rq,
                  const struct http_reply *reply, int64_t took_ns)
{
    struct sync_engine *e   = t->e;
    instant             now = clock_now(e->o.clock);
    struct err          bad = { 0 };
    char                label[80];
    int                 more = 0;
    (void)!reply_ok(call, reply, &bad);
    if (reply->fate == HTTP_ANSWERED && reply->status == 429) {
        int64_t own  = pacer_refused(e->pacer, t->account.id, p->family, now);
        int64_t told = (int64_t)bad.retry_after_s * SECOND_MS;
        int64_t park = told ? told : own;
        pacer_park(e->pacer, t->account.id, p->family, instant_add(now, park < PARK_MS_MAX ? park : PARK_MS_MAX));
    } else if (reply->fate == HTTP_ANSWERED) {
        pacer_answered(e->pacer, t->account.id, p->family);
    }
    if (reply->fate == HTTP_ANSWERED && reply->status >= 400 && reply->status < 500 && p->refused_weight > 1)
        more = p->refused_weight - (rq->weight > 0 ? rq->weight : 1);
    pacer_end(e->pacer, t->account.id, p->family, more, now);
    snprintf(label, sizeof label, "%s %s", t->channel->name, result_of(reply, bad.code));
    metric_count(METRIC_CHANNEL_CALLS, label, 1);
    log_debug(e->o.log, "channel.call", LOG_TEXT("channel", t->channel->name), LOG_INT("account", t->account.id.v),
              LOG_TEXT("method", http_method_names[rq->method]), LOG_STR("url", url_shown(rq->url)),
              LOG_TEXT("result", result_of(reply, bad.code)), LOG_INT("status", reply->status), LOG_INT("bytes", reply->body.len),
              LOG_INT("took_ms", took_ns / 1000000));
}

bool talk_send(struct talk *t, struct arena *a, const struct http_request *rq, const struct talk_gate *gate, struct http_reply *out,
               struct err *err)
{
    const struct pace *p    = pace_of(t->channel, rq->family);
    struct call        call = talk_call(t, a);
    *out = (struct http_reply){ .fate = HTTP_NOT_SENT };
    assert(!db_in_tx(t->w->db));
    if (!turn_wait(t, p, rq, err))
        return false;
    if (gate && !gate->before(gate->ctx, err)) {
        pacer_end(t->e->pacer, t->account.id, p->family, 0, clock_now(t->e->o.clock));
        return false;
    }
    assert(!db_in_tx(t->w->db));
    int64_t from    = clock_tick_ns();
    bool    going   = http_send(t->e->o.client, a, rq, out);
    heard(t, &call, p, rq, out, clock_tick_ns() - from);
    t->w->now = clock_now(t->e->o.clock);
    return going || err_set(err, ERR_BUSY, "server", "is being stopped");
}

int64_t backoff_ms(struct sync_engine *e, int64_t tries)
{
    int64_t  ms   = 2 * SECOND_MS << (tries < 0 ? 0 : tries < 12 ? tries : 12);
    unsigned seed = atomic_fetch_add(&e->seed, 0x9e3779b9u);
    if (ms > BACKOFF_MS_MAX)
        ms = BACKOFF_MS_MAX;
    seed ^= seed >> 15;
    seed *= 0x2c1b3c6du;
    seed ^= seed >> 12;
    return ms - ms / 5 * (int64_t)(seed % 1000) / 1000;     /* earlier, never later than the cap */
}

str tidy_text(struct arena *a, str s)
{
    if (utf8_valid(s) && !(s.len && memchr(s.at, 0, s.len)))
        return s;
    str   mended = utf8_mend(a, s);
    char *at     = arena_raw(a, mended.len + 1);
    memcpy(at, mended.at, mended.len);
    for (size_t i = 0; i < mended.len; i++)
        if (!at[i])
            at[i] = ' ';
    return (str){ at, mended.len };
}
