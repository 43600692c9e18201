/* engine.c - finds what is due, one piece at a time, and gives it to a thread.
 *
 * One thread at a time looks (the leader); when it has found a piece it lets the next one look and does the piece. So there is one
 * set of questions to the database however many threads there are, and none while nothing is due.
 */
#include "accounts/audit.h"
#include "deadlines/shop.h"
#include "base/metric.h"
#include "events/event.h"
#include "orders/label_store.h"
#include "orders/order_flow.h"
#include "returns/media_store.h"
#include "returns/return_tick_flow.h"
#include "sync/sync_own.h"
#include "notices/notice_store.h"
#include "webhooks/webhook_store.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define WORKERS          4
#define IDLE_MS_MAX      SECOND_MS       /* other servers and other programs write too: look at least so often */
#define TEST_CLOCK_MS    200             /* a clock that stands still is moved without telling us */
#define PUSHES_AT_ONCE   2               /* of one account in this process: a slow market must not take all threads */
#define BARREN_MS        SECOND_MS
#define HOUSE_PERIOD_MS  (10 * MINUTE_MS)
#define PAYLOAD_DAYS     30
#define EVENT_DAYS       7
#define AUDIT_DAYS       1096                /* three years */

enum piece_kind { PIECE_NONE, PIECE_CLOCK, PIECE_PUSH, PIECE_ZONES, PIECE_RETURNS, PIECE_PULL, PIECE_SPREAD, PIECE_TELL, PIECE_NOTICE, PIECE_MEDIA, PIECE_LABELS, PIECE_HOUSE, PIECE_REVIEW };
static const char *const piece_names[] = { "none", "clock", "push", "zones", "returns", "pull", "spread", "tell", "notice", "media", "labels", "house", "review" };
struct piece { enum piece_kind kind; rid account; enum tell_kind tell; struct stream_row row; };

/* ---- making ---- */

struct opening { struct sync_engine *e; struct channel_account_list *accounts; };

static bool open_tx(struct db *db, void *ctx, struct err *err)
{
    const struct opening *o   = ctx;
    instant               now = clock_now(o->e->o.clock);
    for (int i = 0; i < o->accounts->count; i++) {
        const struct channel *c = sync_channel(o->e, o->accounts->at[i].channel);
        if (c && !streams_ensure(db, o->accounts->at[i].id, c->streams, now, err))
            return false;
    }
    return true;
}

/* Two servers with one name would free each other's leases and send twice. */
static void server_name(struct sync_engine *e)
{
    char host[80] = "";
    if (gethostname(host, sizeof host - 1) != 0)
        host[0] = 0;
    if (e->o.server)
        snprintf(e->server, sizeof e->server, "%s/%.60s", host, e->o.server);
    else
        snprintf(e->server, sizeof e->server, "%s/pid %d", host, (int)getpid());
}

bool sync_open(const struct sync_options *options, struct sync_engine **out, struct err *err)
{
    struct sync_engine *e = calloc(1, sizeof *e);
    assert(e);
    e->o = *options;
    server_name(e);
    e->channels = options->channels ? options->channels : channels;
    e->pacer    = pacer_open();
    e->seed     = (unsigned)clock_tick_ns();
    pthread_mutex_init(&e->lock, NULL);
    pthread_mutex_init(&e->hooks.lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&e->wake, &attr);
    pthread_cond_init(&e->follow, NULL);
    pthread_condattr_destroy(&attr);

    CLEANUP(arena_done) struct arena   a  = { 0 };
    CLEANUP(db_release) struct db     *db = db_borrow(e->o.pool);
    struct channel_account_list accounts  = { 0 };
    struct opening              opening   = { e, &accounts };
    if (!accounts_all(db, &a, &accounts, err) || !db_tx(db, open_tx, &opening, err) || !clock_seen_before(e, db, err)) {
        sync_close(e);
        return false;
    }
    *out = e;
    return true;
}

void sync_close(struct sync_engine *e)
{
    if (!e)
        return;
    sync_stop(e);
    pacer_close(e->pacer);
    pthread_cond_destroy(&e->wake);
    pthread_cond_destroy(&e->follow);
    pthread_mutex_destroy(&e->lock);
    pthread_mutex_destroy(&e->hooks.lock);
    free(e);
}

const struct channel *const *sync_channels(const struct sync_engine *e) { return e->channels; }
const struct sync_options *sync_options_of(const struct sync_engine *e) { return &e->o; }
struct pacer *sync_pacer(struct sync_engine *e) { return e->pacer; }

const struct channel *sync_channel(const struct sync_engine *e, str name)
{
    for (int i = 0; e->channels[i]; i++)
        if (str_is(name, e->channels[i]->name))
            return e->channels[i];
    return NULL;
}

struct work sync_work_begin(struct sync_engine *e, struct arena *a)
{
    const struct shop *shop = e->o.shop(e->o.ctx);
    return (struct work){ .db = db_borrow(e->o.pool), .arena = a, .ids = e->o.ids, .now = clock_now(e->o.clock),
                          .actor = { .kind = ACTOR_SYSTEM }, .log = e->o.log, .shop = shop, .weights = shop->weights };
}

void sync_work_end(struct work *w)
{
    db_release(&w->db);
}

/* ---- who is busy ---- */

/* The place of an account in the table, or a free one, or -1. Under the lock. */
static int busy_slot(struct sync_engine *e, rid account)
{
    for (int i = 0; i < e->busy_count; i++)
        if (id_eq(e->busy[i].account, account))
            return i;
    for (int i = 0; i < e->busy_count; i++)
        if (!e->busy[i].n)
            return i;
    return e->busy_count < COUNT_OF(e->busy) ? e->busy_count++ : -1;
}

/* False: enough threads are at it, or it had nothing to take a moment ago (*until says when to look again). */
static bool busy_enter(struct sync_engine *e, rid account, instant now, instant *until)
{
    pthread_mutex_lock(&e->lock);
    int  slot = busy_slot(e, account);
    bool ok   = slot >= 0;
    *until = (instant){ 0 };
    if (ok && !id_eq(e->busy[slot].account, account))
        memset(&e->busy[slot], 0, sizeof e->busy[slot]);
    if (ok && e->busy[slot].not_before.ms > now.ms && e->busy[slot].not_before.ms <= now.ms + BARREN_MS) {
        *until = e->busy[slot].not_before;
        ok     = false;
    }
    ok = ok && e->busy[slot].n < PUSHES_AT_ONCE;
    if (ok) {
        e->busy[slot].account = account;
        e->busy[slot].n++;
    }
    pthread_mutex_unlock(&e->lock);
    return ok;
}

/* A push that found nothing to take (another server is at it) is not repeated at once. */
static void busy_leave(struct sync_engine *e, rid account, bool barren)
{
    pthread_mutex_lock(&e->lock);
    int slot = busy_slot(e, account);
    if (slot >= 0 && e->busy[slot].n > 0)
        e->busy[slot].n--;
    if (slot >= 0)
        e->busy[slot].not_before = barren ? instant_add(clock_now(e->o.clock), BARREN_MS) : (instant){ 0 };
    e->woken = e->woken || !barren;
    if (!barren)
        pthread_cond_signal(&e->wake);
    pthread_mutex_unlock(&e->lock);
}

/* ---- finding ---- */

struct stream_taking { struct sync_engine *e; struct work *w; struct stream_row *row; bool found; };

static bool stream_take_tx(struct db *db, void *ctx, struct err *err)
{
    struct stream_taking *t = ctx;
    str worker = str_print(t->w->arena, "%s#%lld", t->e->server, (long long)work_id(t->w).v);
    return stream_take(db, t->w->now, worker, instant_add(t->w->now, LEASE_MS), t->w->arena, t->row, &t->found, err);
}

static bool is_due(instant at, instant now)
{
    return instant_is_set(at) && at.ms <= now.ms;
}

static void sooner(instant *next, instant at)
{
    if (instant_is_set(at) && (!instant_is_set(*next) || at.ms < next->ms))
        *next = at;
}

static bool find_push(struct sync_engine *e, struct work *w, struct piece *out, instant *next, struct err *err)
{
    struct int_list accounts = { 0 };
    instant         at;
    if (!commands_next(w->db, &at, err))
        return false;
    metric_set(METRIC_OUTBOX_AGE, NULL, is_due(at, w->now) ? (w->now.ms - at.ms) / SECOND_MS : 0);
    if (!is_due(at, w->now)) {
        sooner(next, at);
        return true;
    }
    if (!commands_due_accounts(w->db, w->now, w->arena, &accounts, err))
        return false;
    for (int i = 0; i < accounts.count; i++) {
        rid account = { accounts.at[i] };
        instant until;
        if (!busy_enter(e, account, w->now, &until)) {
            sooner(next, until);                            /* or whoever is at it wakes us at the end */
            continue;
        }
        *out = (struct piece){ .kind = PIECE_PUSH, .account = account };
        return true;
    }
    return true;
}

static bool find_hook(struct sync_engine *e, struct work *w, struct piece *out, struct err *err)
{
    bool spread;
    rid  webhook;
    if (!hook_find(e, w, &spread, &webhook, err))
        return false;
    if (spread)
        out->kind = PIECE_SPREAD;
    else if (id_is_set(webhook))
        *out = (struct piece){ .kind = PIECE_TELL, .account = webhook };
    return true;
}

/* Pushes first: a person waits for them. *next: when something will be due, if nothing is now. */
static bool find(struct sync_engine *e, struct work *w, struct piece *out, instant *next, struct err *err)
{
    instant at;
    *out  = (struct piece){ 0 };
    *next = (instant){ 0 };
    if (clock_went_back(e, w->now)) {
        out->kind = PIECE_CLOCK;
        return true;
    }
    if (!find_push(e, w, out, next, err))
        return false;
    if (out->kind)
        return true;
    if (!zones_next(w->db, &at, err))
        return false;
    if (is_due(at, w->now)) {
        out->kind = PIECE_ZONES;
        return true;
    }
    sooner(next, at);
    bool labels;
    if (!labels_find(e, w, &labels, next, err))
        return false;
    if (labels) {
        out->kind = PIECE_LABELS;
        return true;
    }
    if (!return_clocks_next(w->db, &at, err))
        return false;
    if (is_due(at, w->now)) {
        out->kind = PIECE_RETURNS;
        return true;
    }
    sooner(next, at);
    if (!streams_next(w->db, &at, err))
        return false;
    if (is_due(at, w->now)) {
        struct stream_taking t = { e, w, &out->row, false };
        if (!db_tx(w->db, stream_take_tx, &t, err))
            return false;
        if (t.found) {
            out->kind = PIECE_PULL;
            return true;
        }
    } else {
        sooner(next, at);
    }
    if (!find_hook(e, w, out, err) || out->kind)
        return !err_is_set(err);
    if (!tell_find(e, w, &out->tell, next, err))
        return false;
    if (out->tell) {
        out->kind = PIECE_NOTICE;
        return true;
    }
    if (w->now.ms >= e->house_next.ms) {
        e->house_next = instant_add(w->now, HOUSE_PERIOD_MS);
        out->kind     = PIECE_HOUSE;
        return true;
    }
    sooner(next, e->house_next);
    bool review;
    if (!review_find(e, w, &review, err))
        return false;
    if (review)
        out->kind = PIECE_REVIEW;
    else if (!atomic_load(&e->reviewing))
        sooner(next, e->review_next);
    bool media = false;
    if (!review && !media_find(e, w, &media, next, err))
        return false;
    if (media)
        out->kind = PIECE_MEDIA;
    return true;
}

/* ---- doing ---- */

static bool house_tx(struct db *db, void *ctx, struct err *err)
{
    const struct work *w = ctx;
    return intake_forget(db, instant_add(w->now, -PAYLOAD_DAYS * DAY_MS), err) && event_forget(db, instant_add(w->now, -EVENT_DAYS * DAY_MS), err) &&
           deliveries_forget(db, instant_add(w->now, -PAYLOAD_DAYS * DAY_MS), err) &&
           notices_forget(db, instant_add(w->now, -PAYLOAD_DAYS * DAY_MS), err) && leftovers_forget(db, w->now, err) &&
           labels_forget(db, instant_add(w->now, -PAYLOAD_DAYS * DAY_MS), err);
}

static int64_t audit_days(const struct sync_engine *e)
{
    return e->o.audit_days ? e->o.audit_days : AUDIT_DAYS;
}

/* Orders that were parked only because their status had not been told yet may be known by now. */
static bool house_parked(struct sync_engine *e, struct work *w, struct err *err)
{
    struct parked_count_list counts = { 0 };
    if (!intake_parked_counts(w->db, w->arena, &counts, err))
        return false;
    for (int i = 0; i < counts.count; i++) {
        struct reapply_counts c;
        if (!str_is(counts.at[i].problem_code, "channel.status_missing"))
            continue;
        if (!items_reapply(e, w, counts.at[i].account_id, STR(""), STR("channel.status_missing"), &c, err))
            return false;
    }
    return true;
}

static bool push_do(struct sync_engine *e, struct work *w, rid account, struct err *err)
{
    int  sent = 0;
    bool ok   = sync_push(e, w, account, &sent, err);
    busy_leave(e, account, !sent);
    return ok;
}

static bool piece_do(struct sync_engine *e, struct work *w, struct piece *p, struct err *err)
{
    struct pull_counts counts = { 0 };
    int  n;
    bool more;
    switch (p->kind) {
    case PIECE_CLOCK:
        return clock_back_do(e, w, err);
    case PIECE_PUSH:
        return push_do(e, w, p->account, err);
    case PIECE_ZONES:
        return zones_tick(w, ZONES_AT_ONCE, &n, &more, err);
    case PIECE_RETURNS:
        return return_clocks_run(w, ZONES_AT_ONCE, &n, &more, err);
    case PIECE_PULL:
        return pull_run(e, w, &p->row, &counts, err);
    case PIECE_SPREAD:
        return hook_spread(e, w, err);
    case PIECE_TELL:
        return hook_deliver(e, w, p->account, err);
    case PIECE_NOTICE:
        return tell_do(e, w, p->tell, err);
    case PIECE_MEDIA:
        return media_fetch(e, w, err);
    case PIECE_LABELS:
        return labels_fetch(e, w, err);
    case PIECE_HOUSE:
        return db_tx(w->db, house_tx, w, err) && audit_tidy(w, instant_add(w->now, -audit_days(e) * DAY_MS), err) &&
               house_parked(e, w, err);
    case PIECE_REVIEW:
        return review_do(e, w, err);
    case PIECE_NONE:
        break;
    }
    return true;
}

/* What went wrong with a market is on the account and has been logged there; the rest is ours. */
static bool is_market(enum err_code code)
{
    return code >= ERR_CHANNEL_DOWN && code <= ERR_CHANNEL_RETIRED;
}

static void piece_run(struct sync_engine *e, struct work *w, struct piece *p)
{
    struct err err = { 0 };
    char       label[40];
    bool       ok  = piece_do(e, w, p, &err);
    str        s   = { 0 };
    s = str_print(w->arena, "%s %s", piece_names[p->kind], ok ? "ok" : "failed");
    memcpy(label, s.at, s.len);
    label[s.len] = 0;
    metric_count(METRIC_JOBS, label, 1);
    if (!ok && !is_market(err.code) && err.code != ERR_BUSY)
        log_error(e->o.log, "sync.failed", LOG_TEXT("piece", piece_names[p->kind]), LOG_TEXT("code", err_kind(err.code)->code),
                  LOG_TEXT("text", err.count ? err.item[0].text : ""), LOG_TEXT("trail", err.trail));
}

int sync_turn(struct sync_engine *e, int max)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    int done = 0;
    for (; done < (max ? max : 1000); done++) {
        struct err   err = { 0 };
        struct piece p;
        instant      next;
        arena_reset(&a);
        struct work w = sync_work_begin(e, &a);
        bool found = find(e, &w, &p, &next, &err) && p.kind;
        if (found)
            piece_run(e, &w, &p);
        sync_work_end(&w);
        if (err_is_set(&err))
            log_error(e->o.log, "sync.find", LOG_TEXT("code", err_kind(err.code)->code), LOG_TEXT("trail", err.trail));
        if (!found)
            break;
    }
    return done;
}

/* ---- threads ---- */

static void idle_until(struct sync_engine *e, instant next)
{
    int64_t ms = instant_is_set(next) ? next.ms - clock_now(e->o.clock).ms : IDLE_MS_MAX;
    int64_t max = atomic_load(&e->o.clock->frozen_ms) ? TEST_CLOCK_MS : IDLE_MS_MAX;
    struct timespec at;
    if (ms < 1)
        ms = 1;
    if (ms > max)
        ms = max;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec  += (time_t)(ms / 1000);
    at.tv_nsec += (long)(ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    while (!e->woken && !atomic_load(&e->stop))
        if (pthread_cond_timedwait(&e->wake, &e->lock, &at) == ETIMEDOUT)
            break;
}

/* Looks until there is a piece or the end has come. The lock is held around the call, not while looking. */
static bool lead(struct sync_engine *e, struct arena *a, struct piece *out, struct work *w)
{
    while (!atomic_load(&e->stop)) {
        struct err err  = { 0 };
        instant    next = { 0 };
        e->woken = false;
        pthread_mutex_unlock(&e->lock);
        arena_reset(a);
        *w = sync_work_begin(e, a);
        bool ok = find(e, w, out, &next, &err);
        if (ok && out->kind) {
            pthread_mutex_lock(&e->lock);
            return true;
        }
        sync_work_end(w);
        if (err_is_set(&err)) {
            log_error(e->o.log, "sync.find", LOG_TEXT("code", err_kind(err.code)->code),
                      LOG_TEXT("text", err.count ? err.item[0].text : ""), LOG_TEXT("trail", err.trail));
            next = instant_add(clock_now(e->o.clock), SECOND_MS);
        }
        pthread_mutex_lock(&e->lock);
        idle_until(e, next);
    }
    return false;
}

static void *worker(void *ctx)
{
    struct sync_engine *e = ctx;
    struct arena        a = { 0 };
    pthread_mutex_lock(&e->lock);
    while (!atomic_load(&e->stop)) {
        struct piece p;
        struct work  w;
        if (e->leading) {
            pthread_cond_wait(&e->follow, &e->lock);
            continue;
        }
        e->leading = true;
        bool found = lead(e, &a, &p, &w);
        e->leading = false;
        pthread_cond_signal(&e->follow);
        if (!found)
            break;
        pthread_mutex_unlock(&e->lock);
        piece_run(e, &w, &p);
        sync_work_end(&w);
        pthread_mutex_lock(&e->lock);
    }
    pthread_cond_broadcast(&e->follow);
    pthread_mutex_unlock(&e->lock);
    arena_done(&a);
    return NULL;
}

static bool reclaim_tx(struct db *db, void *ctx, struct err *err)
{
    const struct sync_engine *e = ctx;
    CLEANUP(arena_done) struct arena a = { 0 };
    str mine = str_print(&a, "%s#", e->server);
    return leases_release(db, mine, err) && deliveries_release(db, mine, err) && sends_release(db, mine, err);
}

bool sync_reclaim(struct sync_engine *e, struct err *err)
{
    CLEANUP(db_release) struct db *db = db_borrow(e->o.pool);
    return db_tx(db, reclaim_tx, e, err);
}

bool sync_start(struct sync_engine *e, struct err *err)
{
    if (!sync_reclaim(e, err))
        return false;
    int n = e->o.workers > 0 ? e->o.workers : WORKERS;
    if (n > COUNT_OF(e->threads))
        n = COUNT_OF(e->threads);
    while (e->threads_count < n) {
        if (pthread_create(&e->threads[e->threads_count], NULL, worker, e) != 0) {
            sync_stop(e);
            return err_set(err, ERR_INTERNAL, "threads", "the system gives no more threads");
        }
        e->threads_count++;
    }
    return true;
}

void sync_stop(struct sync_engine *e)
{
    atomic_store(&e->stop, true);
    pthread_mutex_lock(&e->lock);
    e->woken = true;
    pthread_cond_broadcast(&e->wake);
    pthread_cond_broadcast(&e->follow);
    pthread_mutex_unlock(&e->lock);
    while (e->threads_count)
        pthread_join(e->threads[--e->threads_count], NULL);
}

void sync_wake(void *engine)
{
    struct sync_engine *e = engine;
    pthread_mutex_lock(&e->lock);
    e->woken = true;
    pthread_cond_signal(&e->wake);
    pthread_mutex_unlock(&e->lock);
}
