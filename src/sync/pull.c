/* pull.c - one run of a stream: ask, read, map, store, and move the cursor with what was stored.
 *
 * A run is a conversation of steps. The events of a step are stored before the next request goes out; the cursor moves in the same
 * transaction. Two arenas take turns, so that a run of thousands of pages needs the memory of two.
 */
#include "base/crash.h"
#include "base/metric.h"
#include "deadlines/shop.h"
#include "orders/standing_store.h"
#include "sync/sync_own.h"

#include <assert.h>

#define KNOWN_ORDERS_MAX 5000     /* that one refresh asks about; of more, the next run asks about the next */
#define DEEP_SECOND      (3 * 3600)     /* the nightly pass: after three in the shop's night */
#define RETRY_S_MIN      10

static const struct stream *stream_of(const struct channel *channel, str name)
{
    for (const struct stream *s = channel->streams; s && s->name; s++)
        if (str_is(name, s->name))
            return s;
    return NULL;
}

struct run {
    struct talk          talk;
    struct stream_row   *row;
    const struct stream *stream;
    struct pull          pull;
    struct pull_counts  *counts;
    struct arena         steps[2];      /* taking turns */
    bool                 lost;          /* the lease passed on: somebody else reads this stream now */
    str                  stored;        /* the cursor behind which everything is stored */
    rid                  next;          /* refresh: the open order to go on behind; not set: from the first */
};

/* ---- lease ---- */

struct keeping { struct stream_row *row; instant until; bool kept; };

static bool keep_tx(struct db *db, void *ctx, struct err *err)
{
    struct keeping *k = ctx;
    return stream_keep(db, k->row, k->until, &k->kept, err);
}

static bool lease_keep(struct run *r, struct err *err)
{
    instant        now = clock_now(r->talk.e->o.clock);
    struct keeping k   = { .row = r->row, .until = instant_add(now, LEASE_MS) };
    if (r->row->lease_until - now.ms > LEASE_MS / 2)
        return true;
    if (!db_tx(r->talk.w->db, keep_tx, &k, err))
        return false;
    r->row->lease_until = k.until.ms;
    r->lost = !k.kept;
    return k.kept || err_set(err, ERR_CONFLICT, "lease", "another server reads this stream");
}

/* ---- one step ---- */

static void counts_add(struct pull_counts *to, const struct intake_counts *c)
{
    to->created += c->created;
    to->changed += c->changed;
    to->same    += c->same;
    to->parked  += c->parked;
    to->older   += c->older;
    if (c->created)
        metric_count(METRIC_INTAKE_EVENTS, "created", c->created);
    if (c->changed)
        metric_count(METRIC_INTAKE_EVENTS, "changed", c->changed);
    if (c->same + c->older)
        metric_count(METRIC_INTAKE_EVENTS, "same", c->same + c->older);
    if (c->parked)
        metric_count(METRIC_INTAKE_EVENTS, "parked", c->parked);
}

static void step_counts(struct run *r, struct arena *before, int known, const struct intake_counts *c)
{
    r->talk.w->arena = before;
    r->counts->events += r->pull.events.count;
    r->counts->known  += known;
    counts_add(r->counts, c);
}

/* Stores the events of a step. A step that tells nothing new is not worth a transaction: the end of the run saves the cursor. */
static bool step_store(struct run *r, struct arena *a, struct err *err)
{
    struct work         *w      = r->talk.w;
    struct arena        *before = w->arena;
    struct intake_counts c      = { 0 };
    int n = 0, known = 0;
    if (!r->pull.events.count)
        return true;
    w->arena = a;
    if (r->stream->returns) {
        bool stored = backs_take(&r->talk, r->row->stream, r->pull.events.at, r->pull.events.count, r->pull.deep, &r->pull.cursor, &c, &known, err);
        crash_point("intake.applied");
        step_counts(r, before, known, &c);
        return stored;
    }
    struct intake_item *items = ARENA_ARRAY(a, struct intake_item, r->pull.events.count);
    bool ok = items_read(&r->talk, r->pull.events.at, r->pull.events.count, r->pull.deep, items, &n, &known, err);
    crash_point("intake.mapped");
    if (ok && n)
        ok = items_apply(&r->talk, r->row->stream, items, n, &r->pull.cursor, &c, err);
    crash_point("intake.applied");
    step_counts(r, before, known, &c);
    return ok;
}

static bool steps_run(struct run *r, struct err *err)
{
    const struct http_reply *reply = NULL;
    struct http_reply        got;
    for (int i = 0; i < STEPS_MAX; i++) {
        struct arena       *a    = &r->steps[i & 1];
        struct call         call = talk_call(&r->talk, a);
        struct http_request out  = { 0 };
        arena_reset(a);
        str cursor     = r->pull.cursor;
        r->pull.events = (struct raw_event_list){ 0 };
        r->pull.memory = str_copy(a, r->pull.memory);       /* what the step before left lives in the other arena */
        if (!r->talk.channel->pull_step(&call, &r->pull, reply, &out, err))
            return false;
        r->counts->steps++;
        r->pull.cursor = str_eq(cursor, r->pull.cursor) ? cursor : str_copy(r->talk.w->arena, r->pull.cursor);
        if (!step_store(r, a, err))
            return false;
        r->stored = r->pull.cursor;
        if (out.method == HTTP_NONE)
            return true;
        if (!lease_keep(r, err) || !talk_send(&r->talk, a, &out, NULL, &got, err))
            return false;
        reply = &got;
    }
    return err_set(err, ERR_CHANNEL_PAYLOAD, "steps", "the market's pages do not end");
}

/* ---- the night ---- */

#define OVERLAP_MS (15 * MINUTE_MS)     /* what every run reads again anyway */

static bool night_begin_tx(struct db *db, void *ctx, struct err *err) { return night_begin(db, &((struct night *)ctx)->run, err); }

/* Only of streams of orders, and only from the second day on: before, all is new. */
static bool night_open(struct run *r, struct night *n, struct err *err)
{
    if (!r->pull.deep || r->stream->refresh || r->stream->returns || !instant_is_set(r->row->last_run_at))
        return true;
    n->seen = instant_add(r->row->last_run_at, -OVERLAP_MS);
    n->run  = (struct night_run){ .id = work_id(r->talk.w), .account_id = r->row->account_id, .stream = r->row->stream, .started_at = r->talk.w->now };
    if (!db_tx(r->talk.w->db, night_begin_tx, n, err))
        return false;
    r->talk.night = n;
    return true;
}

/* A row a day: the standing draws its way from them. */
static bool rating_tx(struct db *db, void *ctx, struct err *err)
{
    const struct run            *r  = ctx;
    const struct standing_rating now = { r->row->account_id, r->talk.w->now, r->pull.rating, STR("channel") };
    return standing_rating_put(db, &now, err);
}

/* ---- the end of a run ---- */

struct ending { struct stream_row *row; const struct night *night; bool kept; };

static bool settle_tx(struct db *db, void *ctx, struct err *err)
{
    struct ending *x = ctx;
    return stream_settle(db, x->row, &x->kept, err) && (!x->night || night_end(db, &x->night->run, err));
}

static void night_close(struct run *r, bool ok, const struct err *bad)
{
    struct night *n = r->talk.night;
    if (!n)
        return;
    n->run.ended_at = clock_now(r->talk.e->o.clock);
    n->run.state    = ok ? STR("done") : STR("failed");
    n->run.read     = r->counts->events;
    n->run.parked   = r->counts->parked;
    n->run.problem  = ok ? STR("") : str_of(err_kind(bad->code)->code);
    log_info(r->talk.e->o.log, "night.read", LOG_INT("account", r->row->account_id.v), LOG_STR("stream", r->row->stream), LOG_INT("read", n->run.read),
             LOG_INT("missing", n->run.missing), LOG_INT("changed", n->run.changed), LOG_INT("parked", n->run.parked));
}

/* A stopped server is nobody's failure, and a market that is busy has said when to come again. */
static void plan_next(struct run *r, bool ok, const struct err *bad)
{
    struct stream_row *row = r->row;
    instant            now = clock_now(r->talk.e->o.clock);
    int64_t period = (int64_t)(r->stream && r->stream->period_s > 0 ? r->stream->period_s : 60) * SECOND_MS;
    row->last_run_at = now;
    if (ok) {
        row->failures    = 0;
        row->next_run_at = instant_add(now, period);
        return;
    }
    int64_t told = (int64_t)bad->retry_after_s * SECOND_MS;
    if (bad->code == ERR_BUSY) {
        row->next_run_at = now;
        return;
    }
    if (bad->code != ERR_CHANNEL_BUSY)
        row->failures++;
    int64_t wait = backoff_ms(r->talk.e, row->failures);
    if (wait < RETRY_S_MIN * SECOND_MS)
        wait = RETRY_S_MIN * SECOND_MS;
    if (bad->code == ERR_CHANNEL_RETIRED)
        wait = BACKOFF_MS_MAX;
    row->next_run_at = instant_add(now, told > wait || (told && bad->code == ERR_CHANNEL_BUSY) ? told : wait);
}

static void run_settle(struct run *r, bool ok, bool was_deep, int64_t today, const struct err *bad)
{
    struct err    err = { 0 };
    struct ending x   = { .row = r->row, .night = r->talk.night };
    plan_next(r, ok, bad);
    night_close(r, ok, bad);
    if (ok) {
        r->row->cursor = r->stream && r->stream->refresh ? id_is_set(r->next) ? str_print(r->talk.w->arena, "%lld", (long long)r->next.v) : STR("")
                                                         : r->pull.cursor;
        if (was_deep || !r->row->deep_day)
            r->row->deep_day = today;
    } else {
        r->row->cursor = r->stored;                         /* the connector's may be past events that were not stored */
    }
    if (!db_tx(r->talk.w->db, settle_tx, &x, &err))
        log_error(r->talk.e->o.log, "stream.settle", LOG_INT("account", r->talk.account.id.v), LOG_TEXT("trail", err.trail));
    crash_point("cursor.saved");
    r->lost = r->lost || !x.kept;
}

static void trouble(struct run *r, const struct err *bad)
{
    bool orders_too = !r->stream || !(r->stream->returns || r->stream->rating);    /* a key without the right to see returns still sells */
    enum account_state state = bad->code == ERR_CHANNEL_AUTH && orders_too                 ? ACCOUNT_AUTH_FAILED
                               : r->row->failures >= 3 || bad->code == ERR_CHANNEL_RETIRED ? ACCOUNT_DEGRADED
                                                                                           : ACCOUNT_ACTIVE;
    if (bad->code == ERR_BUSY || bad->code == ERR_CONFLICT)
        return;
    log_warn(r->talk.e->o.log, "stream.failed", LOG_TEXT("channel", r->talk.channel->name), LOG_INT("account", r->talk.account.id.v),
             LOG_STR("stream", r->row->stream), LOG_TEXT("code", err_kind(bad->code)->code), LOG_TEXT("text", bad->count ? bad->item[0].text : ""),
             LOG_TEXT("trail", bad->trail), LOG_INT("failures", r->row->failures));
    account_trouble(&r->talk, state, bad);
}

bool pull_run(struct sync_engine *e, struct work *w, struct stream_row *row, struct pull_counts *counts, struct err *err)
{
    struct run   r     = { .row = row, .counts = counts, .stored = row->cursor };
    struct night night = { 0 };
    bool ok = talk_begin(e, w, row->account_id, &r.talk, err);
    r.stream = ok ? stream_of(r.talk.channel, row->stream) : NULL;
    if (!r.stream) {
        run_settle(&r, false, false, 0, err);
        return ok ? err_set(err, ERR_SETTING, "stream", "%s has no stream \"%.*s\"", r.talk.channel->title, STR_ARG(row->stream)) : false;
    }
    int64_t      today = zone_day(w->shop->zone, w->now);
    struct civil local = zone_civil(w->shop->zone, w->now);
    r.pull = (struct pull){ .stream = r.stream, .cursor = row->cursor };
    r.pull.deep = !r.stream->rating && row->deep_day && row->deep_day < today && local.hour * 3600 >= DEEP_SECOND;
    if (r.stream->refresh) {
        rid after = { 0 };
        if (!id_parse(row->cursor, &after))
            after = (rid){ 0 };
        ok = open_orders_of(w->db, row->account_id, after, KNOWN_ORDERS_MAX, w->arena, &r.pull.known, &r.next, err);
    }
    ok = ok && night_open(&r, &night, err) && steps_run(&r, err);
    if (ok && r.pull.rating > 0)
        ok = db_tx(w->db, rating_tx, &r, err);
    run_settle(&r, ok, r.pull.deep, today, err);
    if (ok && !r.lost)
        account_ok(&r.talk, row->stream, counts->parked > 0);
    else if (!ok)
        trouble(&r, err);
    arena_done(&r.steps[0]);
    arena_done(&r.steps[1]);
    if (counts->created + counts->changed + counts->parked)
        log_info(e->o.log, "stream.read", LOG_TEXT("channel", r.talk.channel->name), LOG_INT("account", row->account_id.v),
                 LOG_STR("stream", row->stream), LOG_INT("created", counts->created), LOG_INT("changed", counts->changed),
                 LOG_INT("parked", counts->parked), LOG_INT("steps", counts->steps));
    return ok;
}

struct taking { struct sync_engine *e; struct work *w; rid account; str stream; struct stream_row *row; bool found; };

static bool take_tx(struct db *db, void *ctx, struct err *err)
{
    struct taking *t = ctx;
    str worker = str_print(t->w->arena, "%s#%lld", t->e->server, (long long)work_id(t->w).v);
    return stream_take_named(db, t->account, t->stream, t->w->now, worker, instant_add(t->w->now, LEASE_MS), t->w->arena, t->row, &t->found, err);
}

bool sync_pull(struct sync_engine *e, struct work *w, rid account_id, str stream, struct pull_counts *out, struct err *err)
{
    struct stream_row row = { 0 };
    struct taking     t   = { e, w, account_id, stream, &row, false };
    *out = (struct pull_counts){ 0 };
    if (!db_tx(w->db, take_tx, &t, err))
        return false;
    if (!t.found)
        return err_set(err, ERR_CONFLICT, "stream", "is being read already, or does not exist");
    return pull_run(e, w, &row, out, err);
}
