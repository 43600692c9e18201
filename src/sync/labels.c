/* labels.c - fetches labels: those of one account that are due, as many as the market gives at once, in one conversation.
 *
 * Files come from a marketplace, so they may be anything: the connector says from which hosts, the client refuses private addresses and
 * follows no redirects, the body is bounded, and what is kept is a label by its bytes. A key that may not ask for labels still sells: that
 * stops no account. A server that dies while fetching leaves the rows due again after its lease.
 */
#include "orders/label_flow.h"
#include "orders/label_store.h"
#include "orders/order_store.h"
#include "sync/sync_own.h"

#define LABEL_TRIES_MAX  40             /* about six hours of back-off */
#define LABEL_BROKEN_MAX 8              /* something else than a label, or the half of one */
#define LABEL_STEPS_MAX  8              /* of one conversation */

struct fetched {
    struct work        *w;
    struct sync_engine *e;
    struct talk         talk;
    struct label        first;          /* of the batch: its account and its memory */
    struct label_list   labels;
    struct order_list   orders;
    int                 max;
    bool                found;
    /* Of the conversation: orders that may be asked for, and which label each is. */
    struct label_order *asked;
    struct label_told  *told;
    int                *which, count;
};

static bool first_tx(struct db *db, void *ctx, struct err *err)
{
    struct fetched *f = ctx;
    return labels_first(db, f->w->now, f->w->arena, &f->first, &f->found, err);
}

static bool take_tx(struct db *db, void *ctx, struct err *err)
{
    struct fetched *f = ctx;
    f->labels = (struct label_list){ 0 };
    return labels_take(db, &f->first, f->w->now, instant_add(f->w->now, LEASE_MS), f->max, f->w->arena, &f->labels, err);
}

static bool settle_tx(struct db *db, void *ctx, struct err *err)
{
    struct fetched *f = ctx;
    for (int i = 0; i < f->labels.count; i++) {
        const struct label *l = &f->labels.at[i];
        str bytes = { 0 };
        for (int k = 0; k < f->count; k++)
            if (f->which[k] == i)
                bytes = f->told[k].file;
        if (!label_settle(db, l, bytes, err) || (l->state != LABEL_WAITING && !label_tell(db, f->w, l->order_id, l->account_id, err)))
            return false;
    }
    return true;
}

/* ---- what becomes of one ---- */

static void refuse(struct label *l, const char *problem, str words)
{
    l->state   = LABEL_REFUSED;
    l->due_at  = (instant){ 0 };
    l->memory  = (str){ 0 };
    l->problem = str_of(problem);
    l->words   = words;
}

static void later(struct fetched *f, struct label *l, const char *problem, int64_t wait_s, str words)
{
    int64_t back = backoff_ms(f->e, l->tries < 2 ? 0 : l->tries - 2), wait = wait_s * SECOND_MS;
    l->tries++;
    if (l->tries >= LABEL_TRIES_MAX) {
        refuse(l, problem, words);
        return;
    }
    l->problem = str_of(problem);
    l->words   = words;
    l->due_at  = instant_add(clock_now(f->e->o.clock), wait > back ? wait : back);
}

static void told_one(struct fetched *f, const struct label_talk *t, struct label *l, const struct label_told *told)
{
    str words = utf8_cut(tidy_text(f->w->arena, told->words), 300);
    l->memory = tidy_text(f->w->arena, told->memory);
    if (told->fate == LABEL_NEVER) {
        refuse(l, "label.refused", words);
        return;
    }
    if (told->fate == LABEL_LATER) {
        later(f, l, "label.not_ready", told->wait_s, words);
        return;
    }
    l->type = label_type_of(told->file);
    if (l->type == LABEL_TYPE_NONE) {
        l->memory = (str){ 0 };
        later(f, l, told->file.len > LABEL_BYTES_MAX ? "label.large" : "label.broken", 0, words);
        if (l->tries >= LABEL_BROKEN_MAX)
            refuse(l, "label.broken", words);
        return;
    }
    l->state      = LABEL_FETCHED;
    l->size       = (int64_t)told->file.len;
    l->width_mm   = l->type == LABEL_PDF ? 0 : t->width_mm;
    l->height_mm  = l->type == LABEL_PDF ? 0 : t->height_mm;
    l->due_at     = (instant){ 0 };
    l->fetched_at = f->w->now;
    l->problem = l->words = (str){ 0 };
}

/* The whole batch, for a reason that is nobody's in particular. */
static void all_later(struct fetched *f, const struct err *bad)
{
    bool final = bad->code == ERR_CHANNEL_AUTH || bad->code == ERR_CHANNEL_RETIRED || bad->code == ERR_CHANNEL_REFUSED;
    str  words = bad->count ? utf8_cut(tidy_text(f->w->arena, str_copy(f->w->arena, str_of(bad->item[0].text))), 300) : (str){ 0 };
    instant turn = instant_add(clock_now(f->e->o.clock), (bad->retry_after_s ? bad->retry_after_s : 5) * SECOND_MS);
    for (int k = 0; k < f->count; k++) {
        struct label *l = &f->labels.at[f->which[k]];
        if (bad->code == ERR_CHANNEL_BUSY)
            l->due_at = turn;                               /* no try: it was not its turn */
        else if (final)
            refuse(l, err_kind(bad->code)->code, words);
        else
            later(f, l, err_kind(bad->code)->code, bad->retry_after_s, words);
    }
}

/* ---- the conversation ---- */

static bool converse(struct fetched *f, struct label_talk *t, struct err *err)
{
    const struct http_reply *reply = NULL;
    for (int i = 0; i < LABEL_STEPS_MAX; i++) {
        struct call         call = talk_call(&f->talk, f->w->arena);
        struct http_request rq   = { 0 };
        if (!f->talk.channel->labels_step(&call, t, reply, &rq, err))
            return false;
        if (rq.method == HTTP_NONE)
            return true;
        struct http_reply *got = ARENA_NEW(f->w->arena, struct http_reply);
        if (f->talk.channel->labels_max == 1)
            rq.reply_bytes_max = LABEL_BYTES_MAX;
        if (!talk_send(&f->talk, f->w->arena, &rq, NULL, got, err))
            return false;
        reply = got;
    }
    return err_set(err, ERR_CHANNEL_PAYLOAD, "steps", "the conversation with the market does not end");
}

static const struct order *order_of(const struct fetched *f, rid id)
{
    for (int i = 0; i < f->orders.count; i++)
        if (id_eq(f->orders.at[i].id, id))
            return &f->orders.at[i];
    return NULL;
}

/* Orders that are gone or over have no label to wait for; one that went back to an earlier step waits. */
static void sort_out(struct fetched *f)
{
    struct arena *a = f->w->arena;
    f->asked = ARENA_ARRAY(a, struct label_order, f->labels.count + 1);
    f->told  = ARENA_ARRAY(a, struct label_told, f->labels.count + 1);
    f->which = ARENA_ARRAY(a, int, f->labels.count + 1);
    for (int i = 0; i < f->labels.count; i++) {
        const struct order *o = order_of(f, f->labels.at[i].order_id);
        struct label_order  q = o ? (struct label_order){ o->external_id, o->number, o->external_status, o->status, o->scheme } : (struct label_order){ 0 };
        enum label_wait     wait = o ? f->talk.channel->label_wait(&q) : LABEL_OVER;
        if (wait == LABEL_OVER || wait == LABEL_NONE) {
            refuse(&f->labels.at[i], wait == LABEL_OVER ? "label.over" : "label.none", (str){ 0 });
        } else if (wait) {
            later(f, &f->labels.at[i], "label.not_ready", 60, (str){ 0 });
        } else {
            f->asked[f->count]   = q;
            f->which[f->count++] = i;
        }
    }
}

static bool fetch(struct fetched *f, struct err *err)
{
    rid *ids = ARENA_ARRAY(f->w->arena, rid, f->labels.count + 1);
    for (int i = 0; i < f->labels.count; i++)
        ids[i] = f->labels.at[i].order_id;
    if (!f->labels.count)
        return true;                                        /* another server was quicker */
    if (!orders_by_ids(f->w->db, ids, f->labels.count, f->w->arena, &f->orders, err))
        return false;
    sort_out(f);
    struct label_talk t   = { .orders = f->asked, .count = f->count, .memory = f->first.memory, .told = f->told };
    struct err        bad = { 0 };
    if (f->count) {
        if (converse(f, &t, &bad))
            for (int k = 0; k < f->count; k++)
                told_one(f, &t, &f->labels.at[f->which[k]], &f->told[k]);
        else if (bad.code != ERR_BUSY)                      /* we are being stopped: the rows are due again when the lease ends */
            all_later(f, &bad);
    }
    return db_tx(f->w->db, settle_tx, f, err);
}

static void put_off(struct fetched *f)
{
    for (int i = 0; i < f->labels.count; i++)
        f->labels.at[i].due_at = instant_add(f->w->now, HOUR_MS);
}

static bool fetch_batch(struct fetched *f, struct err *err)
{
    struct err bad = { 0 };
    if (!db_tx(f->w->db, first_tx, f, err))
        return false;
    if (!f->found)
        return true;
    bool open  = talk_open(f->e, f->w, f->first.account_id, &f->talk, &bad);
    bool works = open && account_works(&f->talk.account) && f->talk.channel->labels_step;
    f->max     = works ? f->talk.channel->labels_max : LABELS_MAX;
    if (!db_tx(f->w->db, take_tx, f, err))
        return false;
    if (works)
        return fetch(f, err);
    put_off(f);                                             /* away, paused, or waits for a key: labels wait too */
    return db_tx(f->w->db, settle_tx, f, err);
}

bool labels_find(struct sync_engine *e, struct work *w, bool *due, instant *next, struct err *err)
{
    instant at;
    *due = false;
    if (!labels_next(w->db, &at, err))
        return false;
    pthread_mutex_lock(&e->lock);
    if (at.ms < e->label_lane.not_before.ms && instant_is_set(at))
        at = e->label_lane.not_before;
    if (instant_is_set(at) && !e->label_lane.busy) {
        *due = e->label_lane.busy = at.ms <= w->now.ms;
        if (!*due && (!instant_is_set(*next) || at.ms < next->ms))
            *next = at;
    }
    pthread_mutex_unlock(&e->lock);
    return true;
}

bool labels_fetch(struct sync_engine *e, struct work *w, struct err *err)
{
    struct fetched f  = { .w = w, .e = e };
    bool           ok = fetch_batch(&f, err);
    pthread_mutex_lock(&e->lock);
    e->label_lane.busy       = false;
    e->label_lane.not_before = ok ? (instant){ 0 } : instant_add(clock_now(e->o.clock), SECOND_MS);
    e->woken = true;
    pthread_cond_signal(&e->wake);
    pthread_mutex_unlock(&e->lock);
    return ok;
}
