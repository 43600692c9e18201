#include "http/live_stream.h"

#include "base/metric.h"
#include "base/secret.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#define READ_MAX       256
#define RING_EVENTS    4096             /* power of two */
#define RING_BYTES     ((size_t)1 << 20)
#define COMMENT_S      15
#define LIFE_S         600              /* then the client comes back and is asked again who it is */
#define REST_NS_STREAM 50000            /* per open stream, between two passes: a busy shop's events are told in groups */
#define WAKE_GROUP     64
#define POLL_S         2
#define ERROR_REST_S   1

/* One event, rendered once for all who may see it. */
struct told {
    int64_t         id;
    bool            is_passing;         /* has no id of its own: `id` is that of the newest event before it */
    rid             account_id;
    enum permission permission;
    char           *text;
    size_t          len;
};

struct live_stream {
    struct live_hub *hub;
    struct live_port port;
    uint64_t         permissions;
    uint64_t         session;           /* hash of its token; 0 for keys */
    rid              user_id;
    int64_t          tell_next;         /* number of the next event in the ring's count */
    size_t           cut;               /* bytes of it (or of `early`) given already */
    char            *early;             /* what was missed before joining; or a fixed text */
    size_t           early_len;
    bool             early_is_fixed;
    bool             asleep, comment_due, is_over;
    int              slot;
    int64_t          over_s;            /* tick second at which it ends */
    int              accounts_count;
    rid              accounts[];
};

struct live_hub {
    struct live_options o;
    pthread_mutex_t     lock;
    pthread_cond_t      wake;
    pthread_t           thread;
    bool                is_woken, is_finished, is_closing;
    struct told         ring[RING_EVENTS];
    int64_t             told_first, told_end;   /* numbers of the oldest kept event and of the next one */
    size_t              ring_bytes;
    int64_t             last_id;
    struct live_stream **slots;
    int                 slots_count, slots_cap;
    int                *slots_free, slots_free_count;
    int                 streams;
    int64_t             comment_s;      /* second up to which comments were dealt out */
};

static struct told *told_at(struct live_hub *hub, int64_t number) { return &hub->ring[number & (RING_EVENTS - 1)]; }
static int64_t      tick_s(void) { return clock_tick_ns() / 1000000000; }

static void render(struct buf *b, const struct live_event *e)
{
    if (e->id) {
        buf_add(b, STR("id: "));
        buf_add_int(b, e->id);
        buf_add(b, STR("\n"));
    }
    buf_add(b, STR("event: "));
    buf_add(b, e->name);
    buf_add(b, STR("\ndata: "));
    for (size_t i = 0; i < e->data.len; i++)
        buf_add_char(b, e->data.at[i] == '\n' || e->data.at[i] == '\r' ? ' ' : e->data.at[i]);
    buf_add(b, STR("\n\n"));
}

static bool may_see(const struct live_stream *s, rid account, enum permission need)
{
    if (need != PERM_PUBLIC && need != PERM_SIGNED_IN && !permission_in(s->permissions, need))
        return false;
    if (!id_is_set(account) || s->accounts_count == 0)
        return true;
    for (int i = 0; i < s->accounts_count; i++)
        if (id_eq(s->accounts[i], account))
            return true;
    return false;
}

/* ---- a stream, on the server's threads ---- */

static void early_drop(struct live_stream *s)
{
    if (!s->early_is_fixed)
        free(s->early);
    s->early          = NULL;
    s->early_len      = 0;
    s->early_is_fixed = false;
    s->cut            = 0;
}

static void early_set(struct live_stream *s, const char *fixed)
{
    early_drop(s);
    s->early          = (char *)(uintptr_t)fixed;
    s->early_len      = strlen(fixed);
    s->early_is_fixed = true;
}

static void start_over(struct live_stream *s, struct live_hub *hub)
{
    s->tell_next = hub->told_end;
    early_set(s, "event: reset\ndata: {}\n\n");
}

/* Too slow: more waits for it than LIVE_BACKLOG_BYTES, or the ring has forgotten what comes next. */
static bool is_behind(const struct live_stream *s, struct live_hub *hub)
{
    if (s->tell_next < hub->told_first)
        return true;
    if (hub->ring_bytes <= LIVE_BACKLOG_BYTES)
        return false;
    size_t waiting = 0;
    for (int64_t n = s->tell_next; n < hub->told_end && waiting <= LIVE_BACKLOG_BYTES; n++)
        if (may_see(s, told_at(hub, n)->account_id, told_at(hub, n)->permission))
            waiting += told_at(hub, n)->len;
    return waiting > LIVE_BACKLOG_BYTES;
}

static size_t part_give(struct live_stream *s, const char *text, size_t len, char *into, size_t room)
{
    size_t n = len - s->cut < room ? len - s->cut : room;
    memcpy(into, text + s->cut, n);
    s->cut += n;
    return n;
}

static size_t events_give(struct live_stream *s, struct live_hub *hub, char *into, size_t room)
{
    size_t given = 0;
    while (s->tell_next < hub->told_end && given < room) {
        const struct told *t = told_at(hub, s->tell_next);
        if (may_see(s, t->account_id, t->permission)) {
            given += part_give(s, t->text, t->len, into + given, room - given);
            if (s->cut < t->len)
                break;
        }
        s->cut = 0;
        s->tell_next++;
    }
    return given;
}

int64_t live_take(struct live_stream *s, char *into, size_t room)
{
    struct live_hub *hub   = s->hub;
    int64_t          given = 0;
    pthread_mutex_lock(&hub->lock);
    if (!s->early && s->cut == 0 && s->tell_next < hub->told_end && is_behind(s, hub))
        start_over(s, hub);
    if (hub->is_finished || s->is_over || (!s->early && s->tell_next < hub->told_first)) {
        given = LIVE_ENDS;              /* the last: the rest of an event half sent is gone, so only a new start helps */
    } else if (s->early) {
        given = (int64_t)part_give(s, s->early, s->early_len, into, room);
        if (s->cut == s->early_len)
            early_drop(s);
    } else {
        given = (int64_t)events_give(s, hub, into, room);
    }
    if (!given && s->comment_due && room >= 3) {
        memcpy(into, ":\n\n", 3);
        given = 3;
    }
    if (given > 0)
        s->comment_due = false;
    if (!given) {
        s->asleep = true;
        s->port.sleep(s->port.ctx);
    }
    pthread_mutex_unlock(&hub->lock);
    return given;
}

/* ---- coming and going ---- */

static bool slot_take(struct live_hub *hub, struct live_stream *s)
{
    if (hub->slots_free_count) {
        s->slot = hub->slots_free[--hub->slots_free_count];
    } else {
        if (hub->slots_count == hub->slots_cap) {
            int    cap   = hub->slots_cap ? hub->slots_cap * 2 : 64;
            void  *slots = realloc(hub->slots, sizeof *hub->slots * (size_t)cap);
            if (slots)
                hub->slots = slots;
            void *unused = realloc(hub->slots_free, sizeof *hub->slots_free * (size_t)cap);
            if (unused)
                hub->slots_free = unused;
            if (!slots || !unused)
                return false;
            hub->slots_cap = cap;
        }
        s->slot = hub->slots_count++;
    }
    hub->slots[s->slot] = s;
    metric_set(METRIC_LIVE_STREAMS, NULL, ++hub->streams);
    return true;
}

/* What the client missed that the ring no longer has: asked of the database once, up to event `until`. */
static bool missed_read(struct live_stream *s, int64_t after, int64_t until, struct db *db, struct arena *a, struct err *err)
{
    struct live_event_list list = { 0 };
    if (!s->hub->o.read(db, after, READ_MAX, a, &list, err))
        return false;
    struct buf b = buf_in(a);
    for (int i = 0; i < list.count && list.at[i].id <= until; i++)
        if (may_see(s, list.at[i].account_id, list.at[i].permission))
            render(&b, &list.at[i]);
    bool is_cut = list.count == READ_MAX && list.at[list.count - 1].id < until;
    if (is_cut || b.len > LIVE_BACKLOG_BYTES) {
        early_set(s, "event: reset\ndata: {}\n\n");
    } else if (b.len) {
        early_drop(s);
        s->early = malloc(b.len);
        if (!s->early)
            return err_set(err, ERR_BUSY, "", "no memory");
        memcpy(s->early, b.at, b.len);
        s->early_len = b.len;
    }
    return true;
}

static bool ring_holds(struct live_hub *hub, int64_t after)
{
    if (after >= hub->last_id)
        return true;
    const struct told *first = hub->told_first < hub->told_end ? told_at(hub, hub->told_first) : NULL;
    return first && after + !first->is_passing >= first->id;
}

bool live_join(struct live_hub *hub, const struct principal *who, int64_t after, struct db *db, struct arena *a,
               const struct live_port *port, struct live_stream **out, struct err *err)
{
    size_t              bytes = sizeof(rid) * (size_t)who->accounts_count;
    struct live_stream *s     = calloc(1, sizeof *s + bytes);
    if (!s)
        return err_set(err, ERR_BUSY, "", "no memory");
    s->hub            = hub;
    s->port           = *port;
    s->permissions    = who->permissions;
    s->session        = who->session.len ? secret_hash64(who->session) : 0;
    s->user_id        = who->user_id;
    s->accounts_count = who->accounts_count;
    if (bytes)
        memcpy(s->accounts, who->accounts, bytes);
    early_set(s, "retry: 2000\n\n");

    pthread_mutex_lock(&hub->lock);
    int64_t until = hub->last_id;
    bool    asks  = after > 0 && !ring_holds(hub, after);
    s->tell_next  = hub->told_end;
    s->over_s     = tick_s() + LIFE_S;
    if (after > 0 && !asks)
        while (s->tell_next > hub->told_first && told_at(hub, s->tell_next - 1)->id > after)
            s->tell_next--;
    bool fits = slot_take(hub, s);
    pthread_mutex_unlock(&hub->lock);

    if (!fits || (asks && !missed_read(s, after, until, db, a, err))) {
        if (fits)
            live_leave(s);
        else
            free(s);
        return err_is_set(err) ? false : err_set(err, ERR_BUSY, "", "no memory");
    }
    *out = s;
    return true;
}

void live_leave(struct live_stream *s)
{
    struct live_hub *hub = s->hub;
    pthread_mutex_lock(&hub->lock);
    hub->slots[s->slot] = NULL;
    hub->slots_free[hub->slots_free_count++] = s->slot;
    metric_set(METRIC_LIVE_STREAMS, NULL, --hub->streams);
    pthread_mutex_unlock(&hub->lock);
    early_drop(s);
    free(s);
}

/* ---- the hub's thread ---- */

static void told_drop(struct live_hub *hub)
{
    struct told *t = told_at(hub, hub->told_first++);
    hub->ring_bytes -= t->len;
    free(t->text);
    t->text = NULL;
}

/* Under the lock. */
static void told_add(struct live_hub *hub, const struct live_event *e, str text)
{
    while (hub->told_end > hub->told_first &&
           (hub->told_end - hub->told_first == RING_EVENTS || hub->ring_bytes + text.len > RING_BYTES))
        told_drop(hub);
    struct told *t = told_at(hub, hub->told_end);
    hub->last_id = e->id ? e->id : hub->last_id;
    *t = (struct told){ .id = hub->last_id, .is_passing = !e->id, .account_id = e->account_id, .permission = e->permission, .len = text.len };
    t->text = malloc(text.len);
    if (t->text)
        memcpy(t->text, text.at, text.len);
    else
        t->len = 0;                     /* everybody sees the event's place, nobody its text */
    hub->told_end++;
    hub->ring_bytes += t->len;
}

static bool has_news(const struct live_stream *s, struct live_hub *hub)
{
    for (int64_t n = s->tell_next < hub->told_first ? hub->told_first : s->tell_next; n < hub->told_end; n++)
        if (may_see(s, told_at(hub, n)->account_id, told_at(hub, n)->permission))
            return true;
    return s->tell_next < hub->told_first;
}

/* Under the lock. What it may not see is passed over without waking it. */
static void stream_nudge(struct live_stream *s, struct live_hub *hub)
{
    if (!s->asleep)
        return;
    if (hub->is_finished || s->is_over || s->comment_due || has_news(s, hub)) {
        s->asleep = false;
        s->port.wake(s->port.ctx);
    } else {
        s->tell_next = hub->told_end;
    }
}

/* In groups, so that the server's threads get at the lock in between. Streams keep their slot for life, so none is missed. */
static void streams_nudge(struct live_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    for (int i = 0; i < hub->slots_count; i++) {
        if (hub->slots[i])
            stream_nudge(hub->slots[i], hub);
        if (i % WAKE_GROUP == WAKE_GROUP - 1) {
            pthread_mutex_unlock(&hub->lock);
            pthread_mutex_lock(&hub->lock);
        }
    }
    pthread_mutex_unlock(&hub->lock);
}

/* Each second one fifteenth of the streams is due, so that comments do not come in bursts. */
static void comments_deal(struct live_hub *hub)
{
    int64_t now = tick_s();
    pthread_mutex_lock(&hub->lock);
    int64_t from = hub->comment_s;
    hub->comment_s = now;
    if (now - from > COMMENT_S)
        from = now - COMMENT_S;
    for (int64_t t = from + 1; t <= now; t++) {
        for (int i = (int)(t % COMMENT_S); i < hub->slots_count; i += COMMENT_S) {
            struct live_stream *s = hub->slots[i];
            if (!s)
                continue;
            s->comment_due = true;
            s->is_over     = s->is_over || now >= s->over_s;
            stream_nudge(s, hub);
        }
    }
    pthread_mutex_unlock(&hub->lock);
}

static bool news_read(struct live_hub *hub, struct arena *a)
{
    struct err err;
    err_clear(&err);
    __attribute__((cleanup(db_release))) struct db *db = hub->o.pool ? db_borrow(hub->o.pool) : NULL;
    for (int count = READ_MAX; count == READ_MAX;) {
        struct live_event_list list = { 0 };
        arena_reset(a);
        if (!hub->o.read(db, hub->last_id, READ_MAX, a, &list, &err)) {
            log_warn(hub->o.log, "live.read_failed", LOG_TEXT("code", err_kind(err.code)->code), LOG_TEXT("trail", err.trail));
            return false;
        }
        count = list.count;
        for (int i = 0; i < count; i++) {
            struct buf b = buf_in(a);
            render(&b, &list.at[i]);
            pthread_mutex_lock(&hub->lock);
            told_add(hub, &list.at[i], buf_str(&b));
            pthread_mutex_unlock(&hub->lock);
        }
        if (count)
            streams_nudge(hub);
    }
    return true;
}

static void wait_ns(struct live_hub *hub, int64_t ns)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t nsec  = until.tv_nsec + ns % 1000000000;
    until.tv_sec += ns / 1000000000 + nsec / 1000000000;
    until.tv_nsec = nsec % 1000000000;
    pthread_cond_timedwait(&hub->wake, &hub->lock, &until);
}

static void *hub_main(void *arg)
{
    struct live_hub *hub = arg;
    struct arena     a   = { 0 };
    bool  polls     = hub->o.pool && db_is_postgres(hub->o.pool);     /* other servers write there too */
    int64_t read_ns = 0, rest_ns = 0;

    pthread_mutex_lock(&hub->lock);
    while (!hub->is_closing) {
        int64_t now   = clock_tick_ns();
        bool    is_due = (hub->is_woken && now - read_ns >= rest_ns) ||
                         (polls && hub->streams && now - read_ns >= POLL_S * INT64_C(1000000000));
        if (!is_due && hub->comment_s >= now / 1000000000) {
            int64_t left = hub->is_woken ? rest_ns - (now - read_ns) : 0;
            int64_t tick = 1000000000 - now % 1000000000;
            wait_ns(hub, left > 0 && left < tick ? left : tick);
            continue;
        }
        if (is_due) {
            hub->is_woken = false;
            rest_ns       = (int64_t)hub->streams * REST_NS_STREAM;
            pthread_mutex_unlock(&hub->lock);
            bool done = news_read(hub, &a);
            read_ns   = clock_tick_ns();
            pthread_mutex_lock(&hub->lock);
            if (!done) {
                hub->is_woken = true;
                rest_ns       = ERROR_REST_S * INT64_C(1000000000);
            }
        }
        if (hub->comment_s < tick_s()) {
            pthread_mutex_unlock(&hub->lock);
            comments_deal(hub);
            pthread_mutex_lock(&hub->lock);
        }
    }
    pthread_mutex_unlock(&hub->lock);
    arena_done(&a);
    return NULL;
}

/* ---- the hub ---- */

bool live_open(const struct live_options *o, struct live_hub **out, struct err *err)
{
    struct live_hub *hub = calloc(1, sizeof *hub);
    if (!hub)
        return err_set(err, ERR_INTERNAL, "", "no memory");
    hub->o         = *o;
    hub->comment_s = tick_s();
    struct db *db  = o->pool ? db_borrow(o->pool) : NULL;
    bool       ok  = o->last(db, &hub->last_id, err);
    db_release(&db);

    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&hub->lock, NULL);
    pthread_cond_init(&hub->wake, &attr);
    pthread_condattr_destroy(&attr);
    if (ok && pthread_create(&hub->thread, NULL, hub_main, hub) != 0)
        ok = err_set(err, ERR_INTERNAL, "", "the system gives no thread");
    if (!ok) {
        free(hub);
        return false;
    }
    *out = hub;
    return true;
}

void live_wake(struct live_hub *hub)
{
    if (!hub)
        return;
    pthread_mutex_lock(&hub->lock);
    hub->is_woken = true;
    pthread_cond_signal(&hub->wake);
    pthread_mutex_unlock(&hub->lock);
}

void live_tell(struct live_hub *hub, const struct live_event *told)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    struct live_event e = *told;
    struct buf        b = buf_in(&a);
    if (!hub)
        return;
    e.id = 0;
    render(&b, &e);
    pthread_mutex_lock(&hub->lock);
    told_add(hub, &e, buf_str(&b));
    pthread_mutex_unlock(&hub->lock);
    streams_nudge(hub);
}

void live_sign_out(struct live_hub *hub, rid user_id, str session)
{
    if (!hub)
        return;
    uint64_t hash = session.len ? secret_hash64(session) : 0;
    pthread_mutex_lock(&hub->lock);
    for (int i = 0; i < hub->slots_count; i++) {
        struct live_stream *s = hub->slots[i];
        if (s && (hash ? s->session == hash : id_eq(s->user_id, user_id))) {
            s->is_over = true;
            stream_nudge(s, hub);
        }
    }
    pthread_mutex_unlock(&hub->lock);
}

void live_finish(struct live_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    hub->is_finished = true;
    pthread_mutex_unlock(&hub->lock);
    streams_nudge(hub);
}

void live_close(struct live_hub *hub)
{
    if (!hub)
        return;
    assert(live_streams(hub) == 0);     /* http_stop comes first */
    pthread_mutex_lock(&hub->lock);
    hub->is_closing = true;
    pthread_cond_signal(&hub->wake);
    pthread_mutex_unlock(&hub->lock);
    pthread_join(hub->thread, NULL);
    while (hub->told_first < hub->told_end)
        told_drop(hub);
    pthread_cond_destroy(&hub->wake);
    pthread_mutex_destroy(&hub->lock);
    free(hub->slots);
    free(hub->slots_free);
    free(hub);
}

int live_streams(const struct live_hub *hub)
{
    struct live_hub *h = (struct live_hub *)(uintptr_t)hub;
    pthread_mutex_lock(&h->lock);
    int n = h->streams;
    pthread_mutex_unlock(&h->lock);
    return n;
}
