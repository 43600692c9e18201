/* crew.c - the request threads: each takes a call from the queue and runs it from start to end. It may wait as long as the
 * work takes; the connection sleeps meanwhile. */
#include "http/pipeline.h"
#include "http/server_own.h"

#include <stdio.h>

#define THREADS_DEFAULT 32
#define WAITING_DEFAULT 4096
#define PART_BYTES      32768
#define WAIT_MS_DEFAULT 5000

struct crew {                           /* what a request thread keeps from call to call */
    struct arena   arena;
    struct packer *packer;
    struct err     err;
};

/* ---- the lines ---- */

static void line_add(struct line *l, struct call *c)
{
    if (l->last)
        l->last->next = c;
    else
        l->first = c;
    l->last = c;
    l->count++;
}

static struct call *line_take(struct line *l)
{
    struct call *c = l->first;
    l->first = c->next;
    if (!l->first)
        l->last = NULL;
    c->next = NULL;
    l->count--;
    return c;
}

/* Under the lock. One thread is woken at a time, and wakes the next when there is more to do than it takes itself: a thread
 * that has just finished often takes the next call before anybody had to be woken, which is most of what a call costs. Who went
 * to sleep last is woken first: what it works with is still at hand, and the others keep nothing. */
static void next_wake(struct http_server *s)
{
    struct idler *who = s->idle;
    if ((!s->ahead.first && !s->line.first) || !who || s->is_waking)
        return;
    s->idle        = who->next;
    s->is_waking   = true;
    who->is_called = true;
    pthread_cond_signal(&who->come);
}

bool crew_take(struct http_server *s, struct call *c)
{
    c->queued_ns = clock_tick_ns();
    c->is_ahead  = c->rq.route && c->rq.route->ahead;
    pthread_mutex_lock(&s->lock);
    struct line *line  = c->is_ahead ? &s->ahead : &s->line;
    bool         takes = !s->is_closed && line->count < (s->o.waiting_max ? s->o.waiting_max : WAITING_DEFAULT);
    if (takes) {
        conn_sleep(c->conn);            /* under the lock: nothing sleeps once the queue is closed */
        if (!c->is_ahead && !s->crowded_ns)
            s->crowded_ns = c->queued_ns;
        line_add(line, c);
        next_wake(s);
    }
    pthread_mutex_unlock(&s->lock);
    return takes;
}

/* Under the lock. Marketplaces come first, but a quarter of the threads stays with people as long as one of them waits. */
static struct call *call_pick(struct http_server *s)
{
    bool people_wait = s->line.first != NULL;
    if (s->ahead.first && (!people_wait || s->running_ahead < s->threads_count - s->threads_count / 4)) {
        s->running_ahead++;
        return line_take(&s->ahead);
    }
    if (!people_wait)
        return NULL;
    struct call *c = line_take(&s->line);
    if (!s->line.first)
        s->crowded_ns = 0;
    return c;
}

/* NULL: the lines are closed and empty. `too_late`: it has waited so long that it is better told to come again. */
static struct call *call_next(struct http_server *s, struct idler *me, bool *too_late)
{
    pthread_mutex_lock(&s->lock);
    while (!s->ahead.first && !s->line.first && !s->is_closed) {
        me->is_called = false;
        me->next      = s->idle;
        s->idle       = me;
        while (!me->is_called && !s->is_closed)
            pthread_cond_wait(&me->come, &s->lock);
        if (me->is_called)
            s->is_waking = false;
    }
    int64_t      now = clock_tick_ns(), crowded = s->crowded_ns ? now - s->crowded_ns : 0;
    int64_t      patience = (int64_t)(s->o.wait_ms ? s->o.wait_ms : WAIT_MS_DEFAULT) * 1000000;
    struct call *c = call_pick(s);
    *too_late = c && !c->is_ahead && !s->is_closed && now - c->queued_ns > (crowded > patience ? patience / 5 : patience);
    next_wake(s);
    pthread_mutex_unlock(&s->lock);
    return c;
}

int http_waiting(struct http_server *s, bool ahead)
{
    pthread_mutex_lock(&s->lock);
    int n = ahead ? s->ahead.count : s->line.count;
    pthread_mutex_unlock(&s->lock);
    return n;
}

static void ahead_done(struct http_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->running_ahead--;
    next_wake(s);                       /* one that was kept back for people may go now */
    pthread_mutex_unlock(&s->lock);
}

/* From here on the call belongs to the library's thread again; it may be gone at once. */
static void call_return(struct call *c, struct MHD_Response *r, int status, int64_t bytes)
{
    c->response     = r;
    c->status       = (unsigned)status;
    c->answer_bytes = bytes;
    conn_wake(c->conn);
}

/* ---- never answered ---- */

/* Under the server's lock. */
static void silent_remove(struct http_server *s, struct call *c)
{
    c->is_silent = false;
    if (c->prev)
        c->prev->next = c->next;
    else
        s->silent = c->next;
    if (c->next)
        c->next->prev = c->prev;
}

static bool silent_gone(void *ctx)
{
    struct call        *c = ctx;
    struct http_server *s = c->server;
    pthread_mutex_lock(&s->lock);
    bool is_ours = c->is_silent;
    if (is_ours)
        silent_remove(s, c);
    pthread_mutex_unlock(&s->lock);
    if (is_ours)
        conn_wake(c->conn);
    return is_ours;
}

/* Kept until the client hangs up or the server stops; without a response the connection is then closed. The watch takes its
 * lock before the server's, so it is asked outside of it. */
static void call_keep_silent(struct call *c)
{
    struct http_server *s = c->server;
    if (c->watched)
        watch_for_end(s->watch, c->watched, silent_gone, c);
    pthread_mutex_lock(&s->lock);
    bool takes = !s->is_closed && c->watched;
    if (takes) {
        c->is_silent = true;
        c->prev      = NULL;
        c->next      = s->silent;
        if (c->next)
            c->next->prev = c;
        s->silent = c;
    }
    pthread_mutex_unlock(&s->lock);
    if (takes)
        return;
    if (c->watched)
        watch_for_end(s->watch, c->watched, NULL, NULL);
    conn_wake(c->conn);
}

void crew_end_silent(struct http_server *s)
{
    for (;;) {
        pthread_mutex_lock(&s->lock);
        struct call *c = s->silent;
        if (c)
            silent_remove(s, c);
        pthread_mutex_unlock(&s->lock);
        if (!c)
            return;
        watch_for_end(s->watch, c->watched, NULL, NULL);
        conn_wake(c->conn);
    }
}

/* ---- long answers ---- */

static bool call_go_live(struct call *c, struct reply *rp, struct crew *me)
{
    struct request     *rq     = &c->rq;
    struct live_stream *stream = NULL;
    int64_t             after  = rp->live_after;
    if (!after && !str_to_int(http_header_get(&rq->headers, "Last-Event-ID"), &after) &&
        !str_to_int(query_text(rq, "after"), &after))
        after = 0;
    if (!c->server->o.live)
        return err_set(&me->err, ERR_NOT_FOUND, "", "there are no live events here");
    if (c->is_head)
        return err_set(&me->err, ERR_METHOD, "", "an open screen is read with GET");
    struct screen *screen = screen_make(c->server->screens);
    if (!screen)
        return err_set(&me->err, ERR_BUSY, "", "no memory");
    struct live_port port = screen_port(screen);
    if (!live_join(c->server->o.live, &rq->who, after, rq->work.db, rq->work.arena, &port, &stream, &me->err)) {
        screen_drop(screen);
        return false;
    }
    if (!screen_fill(screen, stream, live_head(c, rp))) {
        live_leave(stream);
        screen_drop(screen);
        return err_set(&me->err, ERR_BUSY, "", "no memory");
    }
    call_told(c, rp->status, 0, NULL);
    c->screen = screen;
    call_return(c, NULL, rp->status, -1);
    return true;
}

static bool stream_may_begin(struct http_server *s, struct err *err)
{
    if (atomic_fetch_add(&s->streaming, 1) < (s->threads_count + 1) / 2)
        return true;
    atomic_fetch_sub(&s->streaming, 1);
    err->retry_after_s = 5;
    return err_set(err, ERR_BUSY, "", "too many exports run at the moment");
}

/* Pours the reply through a pipe while the library sends it. The first part is asked for before the status is sent, so that a
 * stream that fails at once is still a proper problem. */
static bool call_stream(struct call *c, struct reply *rp, struct crew *me)
{
    struct http_server *s    = c->server;
    struct pipe_port    port = { conn_sleep, conn_wake, c->conn };
    char   *part  = arena_raw(&me->arena, PART_BYTES);
    int64_t total = 0;
    bool    ok    = true;

    if (!stream_may_begin(s, &me->err))
        return false;
    int64_t      n = rp->stream(rp->stream_ctx, part, PART_BYTES, &me->err);
    struct pipe *p = n >= 0 ? pipe_new(&port) : NULL;
    if (!p) {
        atomic_fetch_sub(&s->streaming, 1);
        return err_is_set(&me->err) ? false : err_set(&me->err, n < 0 ? ERR_INTERNAL : ERR_BUSY, "", "the stream did not begin");
    }
    atomic_fetch_add(&c->holders, 1);   /* the stream may look at the request while the client hangs up */
    call_return(c, response_pipe(c, rp, p), rp->status, -1);
    while (n > 0 && (ok = pipe_pour(p, part, (size_t)n, &s->is_stopping))) {
        total += n;
        n = rp->stream(rp->stream_ctx, part, PART_BYTES, &me->err);
    }
    pipe_end(p, ok && n == 0);
    atomic_fetch_sub(&s->streaming, 1);
    if (rp->stream_done)
        rp->stream_done(rp->stream_ctx);
    call_told(c, rp->status, (size_t)total, &me->err);
    call_release(c);
    return true;
}

/* True when the call was given back or kept: it may be gone already. False: the reply has to go out as it is, or the error. */
static bool call_answer_long(struct call *c, struct reply *rp, struct crew *me)
{
    if (rp->silent) {
        call_told(c, 0, 0, NULL);
        call_keep_silent(c);
        return true;
    }
    if (!c->is_head && ((rp->live && call_go_live(c, rp, me)) || (rp->stream && call_stream(c, rp, me))))
        return true;
    if (rp->stream && rp->stream_done)
        rp->stream_done(rp->stream_ctx);
    if (err_is_set(&me->err))
        reply_problem(&c->rq, rp, &me->err);
    else if (rp->live)
        rp->type = STR("text/event-stream");
    return false;
}

/* ---- the threads ---- */

static void call_run(struct crew *me, struct call *c)
{
    struct http_server *s   = c->server;
    struct request     *rq  = &c->rq;
    struct reply        rp  = { 0 };
    struct log          log = *server_log(s);
    CLEANUP(db_release) struct db *db = s->o.pool ? db_borrow(s->o.pool) : NULL;

    snprintf(log.context, sizeof log.context, "%s", c->id);
    err_clear(&me->err);
    rq->app  = s->o.app;
    rq->work = (struct work){ .db = db, .arena = &me->arena, .ids = s->o.ids, .now = server_now(s), .log = &log };
    call_headers_read(c);
    pipeline_run(&s->o, rq, &rp, &me->err);
    if ((rp.live || rp.silent || rp.stream) && call_answer_long(c, &rp, me))
        return;
    size_t bytes = rp.body.len;
    call_told(c, rp.status, bytes, &me->err);
    rq->work.db = NULL;
    db_release(&db);                    /* before packing: others wait for it */
    db = NULL;
    call_return(c, response_bytes(c, &rp, &me->packer), rp.status, (int64_t)bytes);
}

/* More comes in than can be done: what is refused at once costs next to nothing, and what is served is served in time. */
static void call_refuse(struct crew *me, struct call *c)
{
    struct reply rp = { 0 };
    err_clear(&me->err);
    c->rq.work = (struct work){ .arena = &me->arena, .now = server_now(c->server) };
    call_headers_read(c);
    me->err.retry_after_s = 2;
    err_set(&me->err, ERR_BUSY, "", "too many requests wait");
    reply_problem(&c->rq, &rp, &me->err);
    call_told(c, rp.status, rp.body.len, &me->err);
    call_return(c, response_bytes(c, &rp, &me->packer), rp.status, (int64_t)rp.body.len);
}

static void *crew_main(void *arg)
{
    struct http_server *s    = arg;
    struct crew         me   = { 0 };
    struct idler        idle = { .come = PTHREAD_COND_INITIALIZER };
    bool                too_late;
    for (struct call *c; (c = call_next(s, &idle, &too_late)) != NULL;) {
        bool ahead = c->is_ahead;       /* once it is answered the call may be gone */
        too_late ? call_refuse(&me, c) : call_run(&me, c);
        if (ahead)
            ahead_done(s);
        arena_reset(&me.arena);
    }
    pthread_cond_destroy(&idle.come);
    packer_done(me.packer);
    arena_done(&me.arena);
    return NULL;
}

bool crew_start(struct http_server *s, struct arena *a, struct err *err)
{
    int wanted = s->o.request_threads ? s->o.request_threads : THREADS_DEFAULT;
    s->threads = ARENA_ARRAY(a, pthread_t, wanted);
    while (s->threads_count < wanted && pthread_create(&s->threads[s->threads_count], NULL, crew_main, s) == 0)
        s->threads_count++;
    return s->threads_count == wanted || err_set(err, ERR_SETTING, "", "the system gives only %d threads", s->threads_count);
}

void crew_stop(struct http_server *s)
{
    pthread_mutex_lock(&s->lock);
    s->is_closed = true;
    for (struct idler *i = s->idle; i; i = i->next)
        pthread_cond_signal(&i->come);
    s->idle = NULL;                     /* each of them ends now */
    pthread_mutex_unlock(&s->lock);
    for (int i = 0; i < s->threads_count; i++)
        pthread_join(s->threads[i], NULL);
    s->threads_count = 0;
}
