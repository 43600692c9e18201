#include "http/watch.h"

#include "base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>

struct watched {
    struct watched *next, *prev;
    int             fd;
    bool            is_cut;
    _Atomic bool    is_idle;
    _Atomic int64_t until_ms;           /* 0: no deadline */
    bool          (*gone)(void *ctx);   /* under the lock */
    void           *gone_ctx;
};
struct watch {
    pthread_mutex_t lock;
    pthread_cond_t  stop;
    pthread_t       thread;
    int             tick_ms;
    bool            is_over;
    atomic_int      count;
    struct watched  ring;               /* head of a circle */
};

static int64_t now_ms(void) { return clock_tick_ns() / 1000000; }

static bool has_hung_up(int fd)
{
    char    byte;
    ssize_t got = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

static void look(struct watched *w, int64_t now)
{
    int64_t until = atomic_load_explicit(&w->until_ms, memory_order_relaxed);
    if (until && now > until && !w->is_cut) {
        w->is_cut = true;
        shutdown(w->fd, SHUT_RDWR);
    }
    if (w->gone && has_hung_up(w->fd) && w->gone(w->gone_ctx))
        w->gone = NULL;
}

static void *watch_main(void *arg)
{
    struct watch *all = arg;
    pthread_mutex_lock(&all->lock);
    while (!all->is_over) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += (long)all->tick_ms % 1000 * 1000000;
        until.tv_sec  += all->tick_ms / 1000 + until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        pthread_cond_timedwait(&all->stop, &all->lock, &until);
        int64_t now = now_ms();
        for (struct watched *w = all->ring.next; w != &all->ring; w = w->next)
            look(w, now);
    }
    pthread_mutex_unlock(&all->lock);
    return NULL;
}

bool watch_open(int tick_ms, struct watch **out, struct err *err)
{
    struct watch *all = calloc(1, sizeof *all);
    if (!all)
        return err_set(err, ERR_INTERNAL, "", "no memory");
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&all->lock, NULL);
    pthread_cond_init(&all->stop, &attr);
    pthread_condattr_destroy(&attr);
    all->tick_ms   = tick_ms;
    all->ring.next = all->ring.prev = &all->ring;
    if (pthread_create(&all->thread, NULL, watch_main, all) != 0) {
        free(all);
        return err_set(err, ERR_INTERNAL, "", "the system gives no thread");
    }
    *out = all;
    return true;
}

void watch_close(struct watch *all)
{
    pthread_mutex_lock(&all->lock);
    all->is_over = true;
    pthread_cond_signal(&all->stop);
    pthread_mutex_unlock(&all->lock);
    pthread_join(all->thread, NULL);
    pthread_cond_destroy(&all->stop);
    pthread_mutex_destroy(&all->lock);
    free(all);
}

struct watched *watch_begin(struct watch *all, int fd, int64_t allowed_ms)
{
    struct watched *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->fd = fd;
    watch_allow(w, allowed_ms);
    atomic_store(&w->is_idle, true);
    pthread_mutex_lock(&all->lock);
    w->next       = &all->ring;
    w->prev       = all->ring.prev;
    w->prev->next = w;
    all->ring.prev = w;
    pthread_mutex_unlock(&all->lock);
    atomic_fetch_add(&all->count, 1);
    return w;
}

void watch_end(struct watch *all, struct watched *w)
{
    pthread_mutex_lock(&all->lock);
    w->prev->next = w->next;
    w->next->prev = w->prev;
    pthread_mutex_unlock(&all->lock);
    atomic_fetch_sub(&all->count, 1);
    free(w);
}

void watch_allow(struct watched *w, int64_t allowed_ms)
{
    atomic_store_explicit(&w->until_ms, allowed_ms ? now_ms() + allowed_ms : 0, memory_order_relaxed);
}

void watch_set_idle(struct watched *w, bool is_idle) { atomic_store_explicit(&w->is_idle, is_idle, memory_order_relaxed); }

void watch_for_end(struct watch *all, struct watched *w, bool (*gone)(void *), void *ctx)
{
    pthread_mutex_lock(&all->lock);
    w->gone     = gone;
    w->gone_ctx = ctx;
    pthread_mutex_unlock(&all->lock);
}

int watch_count(const struct watch *all) { return atomic_load(&((struct watch *)(uintptr_t)all)->count); }

void watch_cut_idle(struct watch *all)
{
    pthread_mutex_lock(&all->lock);
    for (struct watched *w = all->ring.next; w != &all->ring; w = w->next) {
        if (atomic_load(&w->is_idle) && !w->is_cut) {
            w->is_cut = true;
            shutdown(w->fd, SHUT_RDWR);
        }
    }
    pthread_mutex_unlock(&all->lock);
}
