#include "net/pace.h"

#include "base/arena.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#define SLOTS      6                    /* of ten seconds: the last minute */
#define SLOT_MS    (10 * SECOND_MS)
#define MILLI      1000                 /* tokens are counted in thousandths */
#define BUSY_MS    20                   /* all parallel calls are taken: look again soon */
#define REFUSED_MS_MAX (15 * MINUTE_MS)

struct bucket {
    struct bucket *next;
    rid            account;
    const char    *family;
    struct pace_limits limits;
    int64_t        milli;               /* tokens now, in thousandths; may be below zero after a charge */
    instant        at;                  /* as of then */
    int            running, waiting;
    instant        parked_until, urgent_until;
    int            refusals;            /* in a row */
    int64_t        used[SLOTS], slot[SLOTS];
    int64_t        day, today, refused_today;
};

struct pacer {
    pthread_mutex_t lock;
    struct arena    arena;              /* buckets; there are a few per account */
    struct bucket  *first;
    int             servers;            /* that share the limits; 0 and 1: we are alone */
};

struct pacer *pacer_open(void)
{
    struct pacer *p = calloc(1, sizeof *p);
    assert(p);
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

void pacer_close(struct pacer *p)
{
    if (!p)
        return;
    arena_done(&p->arena);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

static int part(int whole, int servers)
{
    return whole <= 0 || servers <= 1 ? whole : whole / servers > 1 ? whole / servers : 1;
}

static struct pace_limits ours(const struct pacer *p, struct pace_limits l)
{
    return (struct pace_limits){ part(l.per_minute, p->servers), part(l.burst, p->servers), part(l.parallel, p->servers) };
}

void pacer_share(struct pacer *p, int servers)
{
    pthread_mutex_lock(&p->lock);
    p->servers = servers;
    pthread_mutex_unlock(&p->lock);
}

static int64_t capacity(const struct pace_limits *l)
{
    return (int64_t)(l->burst > 0 ? l->burst : 1) * MILLI;
}

/* A fifth, at least one token where there are two. */
static int64_t reserve(const struct pace_limits *l)
{
    int64_t burst = l->burst > 0 ? l->burst : 1;
    return burst < 2 ? 0 : (burst + 4) / 5 * MILLI;
}

static struct bucket *bucket_of(struct pacer *p, rid account, const char *family)
{
    for (struct bucket *b = p->first; b; b = b->next)
        if (id_eq(b->account, account) && strcmp(b->family, family) == 0)
            return b;
    struct bucket *b = ARENA_NEW(&p->arena, struct bucket);
    b->account = account;
    b->family  = str_zero(&p->arena, str_of(family));
    b->next    = p->first;
    p->first   = b;
    return b;
}

static void fill(struct bucket *b, const struct pace_limits *limits, instant now)
{
    if (limits && limits->per_minute > 0) {
        bool is_new = b->limits.per_minute == 0;
        b->limits = *limits;
        if (is_new) {
            b->milli = capacity(limits);
            b->at    = now;
        }
    }
    if (b->limits.per_minute <= 0)
        return;
    int64_t ms = now.ms - b->at.ms;
    if (ms > MINUTE_MS * 60)
        ms = MINUTE_MS * 60;                                /* full long before; and the product stays small */
    if (ms > 0) {
        int64_t gained = ms * b->limits.per_minute * MILLI / MINUTE_MS;
        b->milli += gained;
        /* Only as far as whole thousandths were gained, so that frequent questions lose nothing. */
        b->at.ms = gained ? now.ms - (ms * b->limits.per_minute * MILLI % MINUTE_MS) / (b->limits.per_minute * MILLI) : b->at.ms;
    } else if (ms < 0) {
        b->at = now;                                        /* the clock was set back */
    }
    if (b->milli > capacity(&b->limits))
        b->milli = capacity(&b->limits);
}

static void count_used(struct bucket *b, int64_t tokens, instant now)
{
    int64_t slot = now.ms / SLOT_MS, i = slot % SLOTS;
    if (b->slot[i] != slot) {
        b->slot[i] = slot;
        b->used[i] = 0;
    }
    b->used[i] += tokens;
}

static void day_turn(struct bucket *b, instant now)
{
    int64_t day = now.ms / DAY_MS;
    if (b->day != day) {
        b->day   = day;
        b->today = b->refused_today = 0;
    }
}

/* How long until the bucket holds so many thousandths. */
static int64_t wait_for(const struct bucket *b, int64_t milli)
{
    int64_t lacking = milli - b->milli, rate = (int64_t)b->limits.per_minute * MILLI;
    int64_t ms      = (lacking * MINUTE_MS + rate - 1) / rate;
    return ms > 0 ? ms : 1;
}

static int64_t try_begin(struct bucket *b, int weight, bool is_urgent, instant now)
{
    int64_t cost = (int64_t)(weight > 0 ? weight : 1) * MILLI;
    if (cost > capacity(&b->limits))
        cost = capacity(&b->limits);                        /* or it could never go */
    if (b->parked_until.ms > now.ms)
        return b->parked_until.ms - now.ms;
    if (b->limits.parallel > 0 && b->running >= b->limits.parallel)
        return BUSY_MS;
    if (b->limits.per_minute <= 0)
        return 0;
    int64_t floor = is_urgent || cost + reserve(&b->limits) > capacity(&b->limits) ? 0 : reserve(&b->limits);
    if (b->milli < cost + floor) {
        int64_t wait = wait_for(b, cost + floor);
        if (is_urgent)
            b->urgent_until = instant_add(now, wait + SECOND_MS);
        return wait;
    }
    if (!is_urgent && b->urgent_until.ms > now.ms && floor == 0)
        return wait_for(b, b->milli + cost);                /* an urgent call is next in line */
    if (is_urgent)
        b->urgent_until = (instant){ 0 };
    b->milli -= cost;
    return 0;
}

int64_t pacer_begin(struct pacer *p, rid account, const char *family, struct pace_limits limits, int weight, bool is_urgent,
                    instant now)
{
    pthread_mutex_lock(&p->lock);
    struct bucket *b = bucket_of(p, account, family);
    limits = ours(p, limits);
    fill(b, &limits, now);
    int64_t wait = try_begin(b, weight, is_urgent, now);
    if (!wait) {
        b->running++;
        day_turn(b, now);
        b->today++;
        count_used(b, weight > 0 ? weight : 1, now);
    }
    pthread_mutex_unlock(&p->lock);
    return wait;
}

void pacer_end(struct pacer *p, rid account, const char *family, int more, instant now)
{
    pthread_mutex_lock(&p->lock);
    struct bucket *b = bucket_of(p, account, family);
    if (b->running > 0)
        b->running--;
    if (more > 0) {
        fill(b, NULL, now);
        b->milli -= (int64_t)more * MILLI;
        count_used(b, more, now);
    }
    pthread_mutex_unlock(&p->lock);
}

void pacer_park(struct pacer *p, rid account, const char *family, instant until)
{
    pthread_mutex_lock(&p->lock);
    struct bucket *b = bucket_of(p, account, family);
    if (until.ms > b->parked_until.ms)
        b->parked_until = until;
    pthread_mutex_unlock(&p->lock);
}

int64_t pacer_refused(struct pacer *p, rid account, const char *family, instant now)
{
    pthread_mutex_lock(&p->lock);
    struct bucket *b = bucket_of(p, account, family);
    int64_t wait = 2 * SECOND_MS << (b->refusals < 12 ? b->refusals : 12);
    if (wait > REFUSED_MS_MAX)
        wait = REFUSED_MS_MAX;
    b->refusals++;
    day_turn(b, now);
    b->refused_today++;
    pthread_mutex_unlock(&p->lock);
    return wait;
}

void pacer_answered(struct pacer *p, rid account, const char *family)
{
    pthread_mutex_lock(&p->lock);
    bucket_of(p, account, family)->refusals = 0;
    pthread_mutex_unlock(&p->lock);
}

void pacer_waiting(struct pacer *p, rid account, const char *family, int change)
{
    pthread_mutex_lock(&p->lock);
    bucket_of(p, account, family)->waiting += change;
    pthread_mutex_unlock(&p->lock);
}

void pacer_forget(struct pacer *p, rid account)
{
    pthread_mutex_lock(&p->lock);
    for (struct bucket *b = p->first; b; b = b->next) {
        if (!id_eq(b->account, account))
            continue;
        b->parked_until = b->urgent_until = (instant){ 0 };
        b->refusals = 0;
        b->limits   = (struct pace_limits){ 0 };            /* full again at the next call */
    }
    pthread_mutex_unlock(&p->lock);
}

struct pace_report pacer_report(struct pacer *p, rid account, const char *family, struct pace_limits limits, instant now)
{
    pthread_mutex_lock(&p->lock);
    limits = ours(p, limits);
    struct pace_report r = { .per_minute = limits.per_minute };
    struct bucket     *b = bucket_of(p, account, family);
    fill(b, &limits, now);
    day_turn(b, now);
    for (int i = 0; i < SLOTS; i++)
        if (b->slot[i] > now.ms / SLOT_MS - SLOTS)
            r.used += b->used[i];
    r.left          = b->milli > 0 ? b->milli / MILLI : 0;
    r.waiting       = b->waiting;
    r.today         = b->today;
    r.refused_today = b->refused_today;
    if (b->parked_until.ms > now.ms)
        r.blocked_until = b->parked_until;
    pthread_mutex_unlock(&p->lock);
    return r;
}
