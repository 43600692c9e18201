#include "http/pipe.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct pipe {
    pthread_mutex_t  lock;
    pthread_cond_t   room;
    struct pipe_port port;
    int              holders;
    bool             is_asleep, is_ended, is_whole, is_left;
    size_t           from, len;         /* what waits to be taken */
    char             bytes[PIPE_BYTES];
};

struct pipe *pipe_new(const struct pipe_port *port)
{
    struct pipe *p = malloc(sizeof *p);
    if (!p)
        return NULL;
    memset(p, 0, offsetof(struct pipe, bytes));
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->room, &attr);
    pthread_condattr_destroy(&attr);
    p->port    = *port;
    p->holders = 2;
    return p;
}

/* Unlocks. */
static void let_go(struct pipe *p)
{
    bool is_last = --p->holders == 0;
    pthread_mutex_unlock(&p->lock);
    if (is_last) {
        pthread_cond_destroy(&p->room);
        pthread_mutex_destroy(&p->lock);
        free(p);
    }
}

static void wake(struct pipe *p)
{
    if (p->is_asleep) {
        p->is_asleep = false;
        p->port.wake(p->port.ctx);
    }
}

/* Waits in short steps, so that a stopping server is noticed. */
static bool room_wait(struct pipe *p, const _Atomic bool *is_stopping)
{
    for (int step = 0; p->len == PIPE_BYTES && !p->is_left; step++) {
        struct timespec until;
        if (step >= PIPE_WAIT_S * 5 || atomic_load(is_stopping))
            return false;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += 200000000;
        until.tv_sec  += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        size_t before = p->len;
        pthread_cond_timedwait(&p->room, &p->lock, &until);
        if (p->len != before)
            step = -1;
    }
    return !p->is_left;
}

bool pipe_pour(struct pipe *p, const char *bytes, size_t len, const _Atomic bool *is_stopping)
{
    bool ok = true;
    pthread_mutex_lock(&p->lock);
    while (len && (ok = room_wait(p, is_stopping))) {
        if (p->from && p->from + p->len == PIPE_BYTES) {
            memmove(p->bytes, p->bytes + p->from, p->len);
            p->from = 0;
        }
        size_t n = PIPE_BYTES - p->from - p->len < len ? PIPE_BYTES - p->from - p->len : len;
        memcpy(p->bytes + p->from + p->len, bytes, n);
        p->len += n;
        bytes  += n;
        len    -= n;
        wake(p);
    }
    pthread_mutex_unlock(&p->lock);
    return ok;
}

void pipe_end(struct pipe *p, bool is_whole)
{
    pthread_mutex_lock(&p->lock);
    p->is_ended = true;
    p->is_whole = is_whole;
    wake(p);
    let_go(p);
}

int64_t pipe_take(struct pipe *p, char *into, size_t room)
{
    pthread_mutex_lock(&p->lock);
    int64_t n = (int64_t)(p->len < room ? p->len : room);
    if (n) {
        memcpy(into, p->bytes + p->from, (size_t)n);
        p->len -= (size_t)n;
        p->from = p->len ? p->from + (size_t)n : 0;
        pthread_cond_signal(&p->room);
    } else if (p->is_ended) {
        n = p->is_whole ? PIPE_DONE : PIPE_BROKEN;
    } else {
        p->is_asleep = true;
        p->port.sleep(p->port.ctx);
    }
    pthread_mutex_unlock(&p->lock);
    return n;
}

void pipe_leave(struct pipe *p)
{
    pthread_mutex_lock(&p->lock);
    p->is_left = true;
    pthread_cond_signal(&p->room);
    let_go(p);
}
