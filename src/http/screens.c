#include "http/screens.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define TAKE_BYTES  16384
#define READY_MAX   256
#define TICK_MS     1000
#define STUCK_NS    INT64_C(15000000000)        /* so long may a socket take nothing */

struct screen {
    struct screens     *all;
    struct live_stream *stream;
    int                 fd;
    bool                is_queued, is_gone, waits_to_write;
    int64_t             stuck_ns;               /* since when it takes nothing; 0: it takes */
    char               *rest;                   /* taken from the stream, or the head, and not sent yet */
    size_t              rest_len, rest_at;
    struct screen      *next_woken;             /* under the lock */
    struct screen      *prev, *next;            /* the thread's own */
};

struct screens {
    pthread_t       thread;
    pthread_mutex_t lock;                       /* taken under the hub's lock, so nothing is called under it */
    struct screen  *woken;
    struct screen  *first;
    int             ep, wake;
    atomic_int      count;
    _Atomic bool    is_closing;
};

/* ---- anybody's thread ---- */

static void queue(struct screen *s)
{
    struct screens *all = s->all;
    uint64_t        one = 1;
    pthread_mutex_lock(&all->lock);
    bool wakes = !s->is_queued && !all->woken;
    if (!s->is_queued) {
        s->is_queued  = true;
        s->next_woken = all->woken;
        all->woken    = s;
    }
    pthread_mutex_unlock(&all->lock);
    if (wakes && write(all->wake, &one, sizeof one) < 0) {              /* full: it is awake */
    }
}

static void port_sleep(void *ctx) { (void)ctx; }                        /* nothing waits: the thread goes on to the next */

static void port_wake(void *ctx) { queue(ctx); }                        /* of one that sleeps, so it was started */

struct screen *screen_make(struct screens *all)
{
    struct screen *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->all = all;
    s->fd  = -1;
    atomic_fetch_add(&all->count, 1);
    return s;
}

struct live_port screen_port(struct screen *s) { return (struct live_port){ port_sleep, port_wake, s }; }

bool screen_fill(struct screen *s, struct live_stream *stream, str head)
{
    s->rest = malloc(head.len + 1);
    if (!s->rest)
        return false;
    memcpy(s->rest, head.at, head.len);
    s->rest_len = head.len;
    s->stream   = stream;
    return true;
}

void screen_drop(struct screen *s)
{
    if (s->stream)
        live_leave(s->stream);
    atomic_fetch_sub(&s->all->count, 1);
    free(s->rest);
    free(s);
}

void screen_start(struct screen *s, int fd)
{
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (own < 0) {
        screen_drop(s);
        return;
    }
    s->fd = own;
    queue(s);
}

/* ---- the thread ---- */

static void screen_end(struct screen *s)
{
    struct screens *all = s->all;
    live_leave(s->stream);                      /* from now on nobody wakes it */
    close(s->fd);
    free(s->rest);
    if (s->prev)
        s->prev->next = s->next;
    else
        all->first = s->next;
    if (s->next)
        s->next->prev = s->prev;
    atomic_fetch_sub(&all->count, 1);
    pthread_mutex_lock(&all->lock);
    s->is_gone = true;
    bool waits = s->is_queued;
    pthread_mutex_unlock(&all->lock);
    if (!waits)
        free(s);                                /* else when its turn comes */
}

static bool room_watch(struct screen *s, bool wants)
{
    struct epoll_event e = { .events = EPOLLIN | EPOLLRDHUP | (wants ? EPOLLOUT : 0), .data.ptr = s };
    if (s->waits_to_write == wants)
        return true;
    s->waits_to_write = wants;
    s->stuck_ns       = wants ? clock_tick_ns() : 0;
    return epoll_ctl(s->all->ep, EPOLL_CTL_MOD, s->fd, &e) == 0;
}

/* False: the connection is gone. What does not fit is kept. */
static bool put(struct screen *s, const char *text, size_t len)
{
    ssize_t n = send(s->fd, text, len, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
        return false;
    size_t sent = n > 0 ? (size_t)n : 0;
    if (sent == len)
        return true;
    char *rest = malloc(len - sent);
    if (!rest)
        return false;
    memcpy(rest, text + sent, len - sent);
    free(s->rest);
    s->rest     = rest;
    s->rest_len = len - sent;
    return true;
}

static bool rest_put(struct screen *s)
{
    char  *rest = s->rest;
    size_t len  = s->rest_len;
    s->rest     = NULL;
    s->rest_len = 0;
    bool ok = put(s, rest, len);
    if (ok && s->rest_len < len && s->stuck_ns)
        s->stuck_ns = clock_tick_ns();          /* it has taken some */
    free(rest);
    return ok;
}

/* Sends what there is, until the stream sleeps or the socket is full. False: it has ended. */
static bool pump(struct screen *s)
{
    char text[TAKE_BYTES];
    for (;;) {
        if (s->rest_len && !rest_put(s))
            return false;
        if (s->rest_len)
            return room_watch(s, true);
        int64_t n = live_take(s->stream, text, sizeof text);
        if (n == LIVE_SLEEPS)
            return room_watch(s, false);
        if (n == LIVE_ENDS || !put(s, text, (size_t)n))
            return false;
    }
}

static void begin(struct screen *s)
{
    struct epoll_event e = { .events = EPOLLIN | EPOLLRDHUP, .data.ptr = s };
    s->next = s->all->first;
    if (s->next)
        s->next->prev = s;
    s->all->first = s;
    if (epoll_ctl(s->all->ep, EPOLL_CTL_ADD, s->fd, &e) != 0 || !pump(s))
        screen_end(s);
}

static void woken_run(struct screens *all)
{
    pthread_mutex_lock(&all->lock);
    struct screen *s = all->woken;
    all->woken = NULL;
    pthread_mutex_unlock(&all->lock);
    while (s) {
        struct screen *next = s->next_woken;
        pthread_mutex_lock(&all->lock);
        s->is_queued = false;
        bool is_gone = s->is_gone;
        pthread_mutex_unlock(&all->lock);
        bool is_new = !s->prev && all->first != s;
        if (is_gone)
            free(s);
        else if (is_new)
            begin(s);
        else if (!pump(s))
            screen_end(s);
        s = next;
    }
}

/* A screen says nothing; that it hangs up is read as an end. */
static void ready_run(struct screen *s, unsigned events)
{
    char    ignored[512];
    ssize_t n = 1;
    if (events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP))
        n = 0;
    else if (events & EPOLLIN)
        n = recv(s->fd, ignored, sizeof ignored, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR) || ((events & EPOLLOUT) && !pump(s)))
        screen_end(s);
}

static void stuck_end(struct screens *all)
{
    int64_t now = clock_tick_ns();
    for (struct screen *s = all->first, *next; s; s = next) {
        next = s->next;
        if (s->stuck_ns && now - s->stuck_ns > STUCK_NS)
            screen_end(s);
    }
}

static void *screens_main(void *arg)
{
    struct screens    *all = arg;
    struct epoll_event ready[READY_MAX];
    int64_t            looked_ns = clock_tick_ns();
    while (!atomic_load(&all->is_closing)) {
        int      n = epoll_wait(all->ep, ready, READY_MAX, TICK_MS);
        uint64_t ignored;
        bool     is_woken = false;
        for (int i = 0; i < n; i++)
            if (ready[i].data.ptr)
                ready_run(ready[i].data.ptr, ready[i].events);
            else
                is_woken = read(all->wake, &ignored, sizeof ignored) > 0;
        if (is_woken)
            woken_run(all);
        if (clock_tick_ns() - looked_ns > TICK_MS * INT64_C(1000000)) {
            looked_ns = clock_tick_ns();
            stuck_end(all);
        }
    }
    woken_run(all);
    while (all->first)
        screen_end(all->first);
    return NULL;
}

bool screens_open(struct screens **out, struct err *err)
{
    struct screens *all = calloc(1, sizeof *all);
    if (!all)
        return err_set(err, ERR_BUSY, "", "no memory");
    all->ep   = epoll_create1(EPOLL_CLOEXEC);
    all->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    pthread_mutex_init(&all->lock, NULL);
    if (all->ep < 0 || all->wake < 0 || epoll_ctl(all->ep, EPOLL_CTL_ADD, all->wake, &(struct epoll_event){ .events = EPOLLIN }) != 0 ||
        pthread_create(&all->thread, NULL, screens_main, all) != 0) {
        close(all->ep);
        close(all->wake);
        pthread_mutex_destroy(&all->lock);
        free(all);
        return err_set(err, ERR_INTERNAL, "", "no thread for open screens: %s", strerror(errno));
    }
    *out = all;
    return true;
}

void screens_close(struct screens *all)
{
    uint64_t one = 1;
    atomic_store(&all->is_closing, true);
    if (write(all->wake, &one, sizeof one) < 0) {                       /* full: it is awake */
    }
    pthread_join(all->thread, NULL);
    close(all->ep);
    close(all->wake);
    pthread_mutex_destroy(&all->lock);
    free(all);
}

int screens_count(const struct screens *all) { return atomic_load(&all->count); }
