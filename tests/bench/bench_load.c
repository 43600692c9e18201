/* The peak of the biggest shop (200 orders/s, 200 people, 10 000 open screens) against the real server in a process of its own.
 *
 * Whatever is sent has a time at which it is due, set beforehand; a wait is counted from then on, also when the connection was still
 * busy with the one before. So a server that stalls cannot hide it by being asked less. One thread drives all connections, beside the
 * server on the same cores: what it costs itself is printed.
 *
 *     BENCH_LOAD_SECONDS=60 BENCH_LOAD_RATE=200 BENCH_LOAD_PEOPLE=200 BENCH_LOAD_THINK_MS=2000 BENCH_LOAD_STREAMS=10000
 */
#include "bench/bench_load.h"

#include "bench/bench.h"
#include "bench/bench_hook.h"
#include "bench/fill.h"
#include "bench/talk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/resource.h>
#include <unistd.h>

#define FIRST      INT64_C(800000000)
#define AUTH       "Authorization: Bearer " FILL_KEY "\r\n"
#define HOOK_LINES 64
#define ANSWER_MAX ((size_t)256 << 10)

enum work { WORK_ORDER, WORK_QUEUE, WORK_CARD, WORK_SEARCH, WORK_COUNTS, WORK_NOTE, WORK_COUNT };
static const char *const work_names[WORK_COUNT] = { "an order of the marketplace", "queue page", "order page", "search by phone", "queue counts", "a note on an order" };
/* Of ten steps of a person. */
static const enum work day[10] = { WORK_QUEUE, WORK_CARD, WORK_QUEUE, WORK_NOTE, WORK_SEARCH, WORK_CARD, WORK_QUEUE, WORK_COUNTS, WORK_CARD, WORK_QUEUE };

struct waits { double *at; int count, cap, refused, unasked; };
static void waits_add(struct waits *w, double ms)
{
    if (w->count == w->cap) {
        w->cap = w->cap ? w->cap * 2 : 4096;
        w->at  = realloc(w->at, sizeof *w->at * (size_t)w->cap);
    }
    w->at[w->count++] = ms;
}

enum kind { KIND_HOOK, KIND_PERSON, KIND_SCREEN };
struct line {
    enum kind kind;
    int       fd, number;
    bool      busy;
    enum work work;
    double    due;                      /* when what runs should have been sent */
    double    next;                     /* a person's next step */
    int64_t   step;
    char     *answer;
    size_t    len, want;
};

struct load {
    const struct server *server;
    long long     orders;               /* in the database */
    int           ep, people, streams;
    struct line  *lines;                /* hooks, then people, then screens */
    struct waits  waits[WORK_COUNT];
    double        rate, think;
    int64_t       sent;                 /* orders so far, all phases */
    double        cpu_own, rss_max;
    int64_t       screen_bytes, screen_resets, unsent;
    bool          is_crowd;             /* what cannot be sent is left out: it is meant to be too much */
};

/* ---- what is said ---- */

static size_t request_write(const struct load *l, const struct line *c, struct arena *a, const char **out)
{
    int64_t n   = c->number * 7919 + c->step * 104729;
    int64_t id  = INT64_C(100000000000000001) + n % l->orders;
    str     get = { 0 };
    switch (c->work) {
    case WORK_ORDER: {
        str body = bench_kaspi_page(a, FIRST + c->step, 1, FILL_NOW_MS);
        str all  = str_print(a, "POST /hooks/77/" HOOK_SECRET " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%.*s",
                             body.len, STR_ARG(body));
        *out = all.at;
        return all.len;
    }
    case WORK_NOTE: {
        str body = STR("{\"text\":\"звонил, просит утром\"}");
        str all  = str_print(a, "POST /api/orders/%lld/notes HTTP/1.1\r\nHost: localhost\r\n" AUTH "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%.*s",
                             (long long)id, body.len, STR_ARG(body));
        *out = all.at;
        return all.len;
    }
    case WORK_QUEUE:  get = STR("/api/queue?limit=50"); break;
    case WORK_CARD:   get = str_print(a, "/api/orders/%lld", (long long)id); break;
    case WORK_SEARCH: get = str_print(a, "/api/search?q=8701%07lld", (long long)fill_phone(1 + n % l->orders)); break;
    default:          get = STR("/api/queue/counts"); break;
    }
    str all = str_print(a, "GET %.*s HTTP/1.1\r\nHost: localhost\r\n" AUTH "\r\n", STR_ARG(get));
    *out = all.at;
    return all.len;
}

static void line_send(struct load *l, struct line *c, enum work work, double due)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    const char *text;
    c->work    = work;
    c->due     = due;
    c->busy    = true;
    c->len     = c->want = 0;
    size_t len = request_write(l, c, &a, &text);
    if (write(c->fd, text, len) != (ssize_t)len) {
        perror("write");
        exit(1);
    }
}

/* ---- what comes ---- */

static void line_open(struct load *l, struct line *c)
{
    c->fd = dial(l->server->port);
    epoll_ctl(l->ep, EPOLL_CTL_ADD, c->fd, &(struct epoll_event){ .events = EPOLLIN, .data.ptr = c });
}

static void answer_done(struct load *l, struct line *c, bool counts)
{
    int           status = (int)strtol(c->answer + 9, NULL, 10);
    struct waits *w      = &l->waits[c->work];
    c->busy = false;
    if (status == 503 || status == 429) {
        w->refused++;
        w->unasked += !strstr(c->answer, "Retry-After:");
    } else if (status < 200 || status > 299) {
        fprintf(stderr, "%s: %.600s\n", work_names[c->work], c->answer);
        exit(1);
    } else if (counts) {
        waits_add(w, (bench_now() - c->due) * 1e3);
    }
    if (strstr(c->answer, "\r\nConnection: close\r\n")) {
        close(c->fd);
        line_open(l, c);
    }
}

static void screen_read(struct load *l, struct line *c)
{
    static char into[1 << 16];
    ssize_t     n;
    while ((n = recv(c->fd, into, sizeof into - 1, MSG_DONTWAIT)) > 0) {
        into[n] = 0;
        l->screen_bytes += n;
        l->screen_resets += strstr(into, "event: reset") != NULL;
        if ((size_t)n < sizeof into - 1)
            return;
    }
    if (n == 0)
        epoll_ctl(l->ep, EPOLL_CTL_DEL, c->fd, NULL);   /* its ten minutes are over; a browser would come back */
}

/* True when an answer is whole. */
static bool answer_read_part(struct load *l, struct line *c)
{
    ssize_t n = recv(c->fd, c->answer + c->len, ANSWER_MAX - 1 - c->len, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN)
        return false;
    if (n <= 0 && c->busy) {
        fprintf(stderr, "%s: the server hung up after %.3f s\n", work_names[c->work], bench_now() - c->due);
        exit(1);
    }
    if (n <= 0) {                       /* idle for too long: while a slow phase ran out */
        close(c->fd);
        line_open(l, c);
        return false;
    }
    c->len += (size_t)n;
    c->answer[c->len] = 0;
    char *end = c->want ? NULL : strstr(c->answer, "\r\n\r\n");
    if (end) {
        const char *length = strcasestr(c->answer, "\r\ncontent-length:");
        c->want = (size_t)(end + 4 - c->answer) + (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
    }
    return c->want && c->len >= c->want;
}

/* ---- a phase ---- */

static double next_due(const struct load *l, double start, int64_t order0, int64_t n) { return start + (double)(n - order0) / l->rate; }

/* Sends what is due; returns when the next thing is. */
static double send_due(struct load *l, double start, double end, int64_t order0, int *free_hook)
{
    double now = bench_now(), next = end;
    if (now >= end)
        return now + 0.1;               /* what was not sent by now is counted by steps_left */
    for (; next_due(l, start, order0, l->sent) <= now && next_due(l, start, order0, l->sent) < end; l->sent++) {
        int tries = 0;
        while (tries < HOOK_LINES && l->lines[*free_hook].busy) {
            *free_hook = (*free_hook + 1) % HOOK_LINES;
            tries++;
        }
        if (tries == HOOK_LINES)
            break;                      /* it stays due: its wait runs already */
        struct line *c = &l->lines[*free_hook];
        c->step        = l->sent;
        line_send(l, c, WORK_ORDER, next_due(l, start, order0, l->sent));
    }
    double order = next_due(l, start, order0, l->sent);
    next = order > now && order < next ? order : next;
    for (int i = HOOK_LINES; i < HOOK_LINES + l->people; i++) {
        struct line *c = &l->lines[i];
        if (!c->busy && c->next <= now && c->next < end) {
            line_send(l, c, day[(c->step + c->number) % 10], c->next);
            c->step++;
            c->next += l->think;
        }
        if (!c->busy && c->next < next)
            next = c->next;
    }
    return next;
}

/* What was due and could not even be sent, because the step before it had no answer yet: it has waited until now at least. */
static void steps_left(struct load *l, double start, double end, int64_t order0, bool counts)
{
    double now = bench_now();
    for (; next_due(l, start, order0, l->sent) < end; l->sent++)
        if (counts && (l->unsent++, !l->is_crowd))
            waits_add(&l->waits[WORK_ORDER], (now - next_due(l, start, order0, l->sent)) * 1e3);
    for (int i = HOOK_LINES; i < HOOK_LINES + l->people; i++)
        for (struct line *c = &l->lines[i]; c->next < end; c->step++, c->next += l->think)
            if (counts && (l->unsent++, !l->is_crowd))
                waits_add(&l->waits[day[(c->step + c->number) % 10]], (now - c->next) * 1e3);
}

static bool any_busy(const struct load *l)
{
    for (int i = 0; i < HOOK_LINES + l->people; i++)
        if (l->lines[i].busy)
            return true;
    return false;
}

static void phase(struct load *l, double seconds, bool counts)
{
    struct epoll_event ready[512];
    double  start = bench_now() + 0.05, end = start + seconds, cpu0 = process_cpu(getpid()), sampled = start;
    int64_t order0 = l->sent;
    int     free_hook = 0;
    for (int i = 0; i < WORK_COUNT; i++)
        l->waits[i].count = l->waits[i].refused = l->waits[i].unasked = 0;
    for (int i = 0; i < l->people; i++)
        l->lines[HOOK_LINES + i].next = start + l->think * i / l->people;
    while (bench_now() < end || any_busy(l)) {
        double next = send_due(l, start, end, order0, &free_hook), now = bench_now();
        int    wait = next > now ? (int)((next - now) * 1e3) : 0;
        int    got  = epoll_wait(l->ep, ready, 512, wait > 100 ? 100 : wait);
        for (int i = 0; i < got; i++) {
            struct line *c = ready[i].data.ptr;
            if (c->kind == KIND_SCREEN)
                screen_read(l, c);
            else if (answer_read_part(l, c))
                answer_done(l, c, counts);
        }
        if (now - sampled > 1) {
            double rss = process_rss_mb(l->server->pid);
            l->rss_max = rss > l->rss_max ? rss : l->rss_max;
            sampled    = now;
        }
    }
    steps_left(l, start, end, order0, counts);
    l->cpu_own = process_cpu(getpid()) - cpu0;
}

/* ---- the crowd ---- */

static void crowd_open(struct load *l, int people, int streams)
{
    static const char screen[] = "GET /api/live HTTP/1.1\r\nHost: localhost\r\n" AUTH "\r\n";
    int all    = HOOK_LINES + people + streams;
    l->people  = people;
    l->streams = streams;
    l->ep      = epoll_create1(0);
    l->lines   = calloc((size_t)all, sizeof *l->lines);
    for (int i = all - 1; i >= 0; i--) {                /* screens first: an idle connection is closed after a while */
        struct line *c = &l->lines[i];
        *c = (struct line){ .kind = i < HOOK_LINES ? KIND_HOOK : i < HOOK_LINES + people ? KIND_PERSON : KIND_SCREEN, .number = i };
        line_open(l, c);
        if (c->kind != KIND_SCREEN)
            c->answer = malloc(ANSWER_MAX);
        else if (write(c->fd, screen, sizeof screen - 1) < 0)
            exit(1);
    }
}

static void crowd_close(struct load *l)
{
    for (int i = 0; i < HOOK_LINES + l->people + l->streams; i++) {
        close(l->lines[i].fd);
        free(l->lines[i].answer);
    }
    close(l->ep);
    free(l->lines);
}

/* ---- what is told ---- */

static double at_share(struct waits *w, double share)
{
    if (!w->count)
        return 0;
    (void)bench_median(w->at, w->count);                /* sorts */
    int i = (int)(w->count * share);
    return w->at[i < w->count ? i : w->count - 1];
}

static void work_report(struct load *l, const char *store)
{
    struct waits people = { 0 };
    char         what[160];
    for (int i = 0; i < WORK_COUNT; i++) {
        struct waits *w = &l->waits[i];
        printf("  %-40s %7d times   p50 %7.2f   p95 %7.2f   p99 %7.2f   max %8.2f ms   refused %d\n", work_names[i], w->count, at_share(w, 0.5),
               at_share(w, 0.95), at_share(w, 0.99), at_share(w, 1), w->refused);
        for (int k = 0; i != WORK_ORDER && k < w->count; k++)
            waits_add(&people, w->at[k]);
    }
    snprintf(what, sizeof what, "%s: people at %g orders/s, %d people, %d screens: p99", store, l->rate, l->people, l->streams);
    bench_report(&(struct bench_row){ what, "ms", at_share(&people, 0.99), 0, 150, 50, true });
    bench_report(&(struct bench_row){ "  p50", "ms", at_share(&people, 0.5), 0, 0, 0, true });
    for (int i = 0; i < WORK_COUNT; i++)
        for (int k = 0; k < 2; k++) {
            snprintf(what, sizeof what, "  %s, %s", work_names[i], k ? "p99" : "p50");
            bench_report(&(struct bench_row){ what, "ms", at_share(&l->waits[i], k ? 0.99 : 0.5), 0, 0, 0, true });
        }
    bench_report(&(struct bench_row){ "  memory of the server, at most", "MB", l->rss_max, 0, 200, 100, true });
    free(people.at);
}

static int sum_refused(const struct load *l, bool orders)
{
    int n = 0;
    for (int i = 0; i < WORK_COUNT; i++)
        n += (i == WORK_ORDER) == orders ? l->waits[i].refused : 0;
    return n;
}

static int sum_done(const struct load *l, bool orders)
{
    int n = 0;
    for (int i = 0; i < WORK_COUNT; i++)
        n += (i == WORK_ORDER) == orders ? l->waits[i].count : 0;
    return n;
}

/* Far more people than can be served: nothing breaks, the marketplace is served, who is refused is told when to come again. */
static void measure_overload(struct load *l, int64_t seconds)
{
    int unasked = 0;
    crowd_open(l, (int)bench_env("BENCH_LOAD_CROWD", 8000), 0);
    l->think    = 0.2;
    l->unsent   = 0;
    l->is_crowd = true;
    phase(l, (double)seconds, true);
    l->is_crowd = false;
    for (int i = 0; i < WORK_COUNT; i++)
        unasked += l->waits[i].unasked;
    printf("  %d people, a step every %g s: %d steps served, %d refused (%d without Retry-After), %lld never sent; %d orders served, %d refused\n",
           l->people, l->think, sum_done(l, false), sum_refused(l, false), unasked, (long long)l->unsent, sum_done(l, true), sum_refused(l, true));
    bench_report(&(struct bench_row){ "  overloaded: an order of the marketplace, p99", "ms", at_share(&l->waits[WORK_ORDER], 0.99), 0, 0, 0, true });
    bench_report(&(struct bench_row){ "  overloaded: orders refused", "", sum_refused(l, true), 0, 0, 0, true });
    crowd_close(l);
}

void measure_load(const char *const *environment, long long orders, const char *store)
{
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int64_t seconds = bench_env("BENCH_LOAD_SECONDS", 60), streams = bench_env("BENCH_LOAD_STREAMS", files.rlim_max > 11000 ? 10000 : 500);
    struct server server = server_start("--serve-hooks", environment);
    struct load   l      = { .server = &server, .orders = orders, .rate = (double)bench_env("BENCH_LOAD_RATE", 200) };

    printf("%s, %lld orders, %lld s\n", store, orders, (long long)seconds);
    crowd_open(&l, (int)bench_env("BENCH_LOAD_PEOPLE", 200), (int)streams);
    l.think = (double)bench_env("BENCH_LOAD_THINK_MS", 2000) / 1e3;
    phase(&l, 5, false);                                /* warms up */
    l.screen_bytes = l.screen_resets = 0;
    double cpu0 = process_cpu(server.pid), wall = bench_now();
    phase(&l, (double)seconds, true);
    wall = bench_now() - wall;
    work_report(&l, store);
    bench_report(&(struct bench_row){ "  processor of the server", "cores", (process_cpu(server.pid) - cpu0) / wall, 0, 0, 0, true });
    bench_report(&(struct bench_row){ "  processor of the clients, on the same machine", "cores", l.cpu_own / wall, 0, 0, 0, true });
    printf("  screens heard %.1f MB, %lld times they were told to start over\n", (double)l.screen_bytes / 1e6, (long long)l.screen_resets);
    crowd_close(&l);
    measure_overload(&l, bench_env("BENCH_LOAD_OVER_SECONDS", 10));
    crowd_open(&l, 200, 0);
    l.think = 2;
    phase(&l, 5, true);
    bench_report(&(struct bench_row){ "  after it: queue page, p99", "ms", at_share(&l.waits[WORK_QUEUE], 0.99), 0, 150, 50, true });
    crowd_close(&l);
    for (int i = 0; i < WORK_COUNT; i++)
        free(l.waits[i].at);
    server_stop(&server);
}
