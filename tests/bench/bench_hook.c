/* One order a notification: 64 connections, each with one POST under way, against the real server in a process of its own; beside it
 * the bare library's group commit of the very same rows, made by 64 threads. Rounds take turns. */
#include "bench/bench_hook.h"

#include "bench/bare.h"
#include "bench/bench.h"
#include "bench/fill.h"
#include "bench/hook_ground.h"
#include "bench/talk.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#define CLIENTS    64
#define ROUNDS_MAX 50
#define FIRST      INT64_C(700000000)

extern const struct channel kaspi_channel;

static bool page_hook(const struct call *call, const struct http_header_list *headers, str body, struct hook_result *out, struct err *err)
{
    (void)headers;
    return kaspi_channel.page_read(call, body, &out->events, err);
}

const struct channel *const *hook_channels(void)
{
    static struct channel                 kaspi;
    static const struct channel *const list[] = { &kaspi, NULL };
    kaspi           = kaspi_channel;
    kaspi.hook_read = page_hook;
    return list;
}

/* ---- the clients ---- */

struct sender { int fd; double since; int order; size_t len; char answer[2048]; };

static str request_of(struct arena *a, int64_t number)
{
    str body = bench_kaspi_page(a, number, 1, FILL_NOW_MS);
    return str_print(a, "POST /hooks/77/" HOOK_SECRET " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n%.*s", body.len, STR_ARG(body));
}

static void send_next(struct sender *s, const str *requests, int *next, int orders)
{
    s->order = -1;
    s->len   = 0;
    if (*next == orders)
        return;
    s->order = (*next)++;
    s->since = bench_now();
    str r    = requests[s->order];
    if (write(s->fd, r.at, r.len) != (ssize_t)r.len) {
        perror("write");
        exit(1);
    }
}

/* True when the answer is whole. */
static bool answer_take(struct sender *s)
{
    ssize_t n = read(s->fd, s->answer + s->len, sizeof s->answer - 1 - s->len);
    if (n <= 0) {
        perror("read");
        exit(1);
    }
    s->len += (size_t)n;
    s->answer[s->len] = 0;
    char *end = strstr(s->answer, "\r\n\r\n");
    if (!end)
        return false;
    const char *length = strcasestr(s->answer, "\r\ncontent-length:");
    if (s->len < (size_t)(end + 4 - s->answer) + (length ? strtoul(length + 17, NULL, 10) : 0))
        return false;
    if (strncmp(s->answer, "HTTP/1.1 200", 12) != 0) {
        fprintf(stderr, "%s\n", s->answer);
        exit(1);
    }
    return true;
}

static double crowd_post(const struct server *servers, int servers_count, const str *requests, int orders, double *waits)
{
    struct sender     *all = calloc(CLIENTS, sizeof *all);
    struct epoll_event ready[CLIENTS];
    int                ep = epoll_create1(0), next = 0, done = 0;
    for (int i = 0; i < CLIENTS; i++) {
        all[i].fd = dial(servers[i % servers_count].port);
        epoll_ctl(ep, EPOLL_CTL_ADD, all[i].fd, &(struct epoll_event){ .events = EPOLLIN, .data.ptr = &all[i] });
    }
    double start = bench_now();
    for (int i = 0; i < CLIENTS; i++)
        send_next(&all[i], requests, &next, orders);
    while (done < orders) {
        int got = epoll_wait(ep, ready, CLIENTS, -1);
        for (int i = 0; i < got; i++) {
            struct sender *s = ready[i].data.ptr;
            if (!answer_take(s))
                continue;
            waits[s->order] = bench_now() - s->since;
            done++;
            send_next(s, requests, &next, orders);
        }
    }
    double wall = bench_now() - start;
    for (int i = 0; i < CLIENTS; i++)
        close(all[i].fd);
    close(ep);
    free(all);
    return wall;
}

static double p99_ms(double *waits, int count)
{
    (void)bench_median(waits, count);                                  /* sorts */
    return waits[(int)(count * 0.99)] * 1e3;
}

struct rounds {
    double ours[ROUNDS_MAX], ratio[ROUNDS_MAX], tail[ROUNDS_MAX], bare_tail[ROUNDS_MAX], cpu[ROUNDS_MAX];
    int    count, orders;
};

static void round_run(struct rounds *all, const struct hook_ground *g, const struct server *server, int r, double *waits)
{
    struct arena input    = { .ceiling_bytes = (size_t)1 << 30 };
    int          orders   = all->orders;
    str         *requests = ARENA_ARRAY(&input, str, orders);
    for (int i = 0; i < orders; i++)
        requests[i] = request_of(&input, FIRST + (int64_t)(r + 1) * orders + i);
    double cpu0 = process_cpu(server->pid), wall = crowd_post(server, 1, requests, orders, waits), spent = process_cpu(server->pid) - cpu0;
    double ours_p99 = p99_ms(waits, orders);
    bare_load(g->bare);
    double yard = bare_group(g->bare, orders, CLIENTS, waits);
    arena_done(&input);
    if (r < 0)
        return;
    all->ours[r]      = orders / wall;
    all->ratio[r]     = yard / wall;
    all->tail[r]      = ours_p99;
    all->bare_tail[r] = p99_ms(waits, orders);
    all->cpu[r]       = spent * 1e3 / orders;
    all->count        = r + 1;
}

void measure_hooks(const char *postgres)
{
    int                rounds = (int)bench_env("BENCH_ROUNDS", 7);
    struct rounds      all    = { .orders = (int)bench_env("BENCH_SINGLES", 4000) };
    struct hook_ground g;
    double            *waits  = calloc((size_t)all.orders, sizeof *waits);
    if (rounds > ROUNDS_MAX)
        rounds = ROUNDS_MAX;
    hook_ground_make(&g, postgres, false);
    struct server server = server_start("--serve-hooks", g.environment);
    hook_ground_bare(&g);
    double since = bench_now();
    for (int r = -1; bench_round(r, rounds, since); r++)               /* the first round warms up */
        round_run(&all, &g, &server, r, waits);
    server_stop(&server);
    hook_ground_leave(&g);
    free(waits);
    double middle = bench_median(all.ratio, all.count), rate = bench_median(all.ours, all.count);
    char   what[100];
    snprintf(what, sizeof what, "one order a notification over HTTP, 64 waiting, %s", postgres ? "PostgreSQL" : "SQLite FULL");
    bench_report(&(struct bench_row){ what, "orders/s", rate, rate / middle, postgres ? 0.5 : 0.4, postgres ? 0.8 : 0.7, false });
    bench_report(&(struct bench_row){ "  p99 of a client's wait", "ms", bench_median(all.tail, all.count), 0, 50, 50, true });
    bench_report(&(struct bench_row){ "  p99 of the bare group commit", "ms", bench_median(all.bare_tail, all.count), 0, 0, 0, true });
    bench_report(&(struct bench_row){ "  server CPU an order", "ms", bench_median(all.cpu, all.count), 0, postgres ? 0 : 0.25, postgres ? 0 : 0.1, true });
}

/* ---- two servers on one database ---- */

struct pair { struct hook_ground ground; struct server servers[2]; int orders; int64_t sent; double *waits; double cpu[2]; };

static double pair_cpu(const struct pair *p, int servers)
{
    double sum = 0;
    for (int i = 0; i < servers; i++)
        sum += process_cpu(p->servers[i].pid);
    return sum;
}

static double pair_round(struct pair *p, int servers)
{
    struct arena input    = { .ceiling_bytes = (size_t)1 << 30 };
    str         *requests = ARENA_ARRAY(&input, str, p->orders);
    for (int i = 0; i < p->orders; i++)
        requests[i] = request_of(&input, FIRST + p->sent++);
    double before = pair_cpu(p, servers), wall = crowd_post(p->servers, servers, requests, p->orders, p->waits);
    p->cpu[servers - 1] = (pair_cpu(p, servers) - before) * 1e3 / p->orders;
    arena_done(&input);
    return p->orders / wall;
}

/* Every order that was acknowledged is there once, with one event, and one delivery of it to the address that is told of orders. */
static void pair_check(const struct pair *p)
{
    static const char *const what[] = { "orders", "events of new orders", "deliveries to make of them" };
    static const char *const sql[]  = { "SELECT count(*) FROM orders", "SELECT count(*) FROM events WHERE kind = 'order' AND data LIKE '%\"kind\":\"new\"%'",
                                        "SELECT count(DISTINCT event_id) FROM webhook_deliveries WHERE type = 'order.created'" };
    for (int i = 0; i < COUNT_OF(what); i++) {
        int64_t there = hook_ground_number(&p->ground, sql[i]);
        for (int tries = 0; there < p->sent && tries < 300; tries++) {
            usleep(200000);                                            /* deliveries are made behind the events */
            there = hook_ground_number(&p->ground, sql[i]);
        }
        printf("  %s: %lld of %lld acknowledged; lost %lld, doubled %lld\n", what[i], (long long)there, (long long)p->sent,
               (long long)(there < p->sent ? p->sent - there : 0), (long long)(there > p->sent ? there - p->sent : 0));
    }
}

void measure_two(const char *postgres)
{
    int         rounds = (int)bench_env("BENCH_ROUNDS", 5), r = -1;
    struct pair p      = { .orders = (int)bench_env("BENCH_SINGLES", 4000) };
    double      one[ROUNDS_MAX], two[ROUNDS_MAX], ratio[ROUNDS_MAX], dearer[ROUNDS_MAX];
    rounds  = rounds > ROUNDS_MAX ? ROUNDS_MAX : rounds;
    p.waits = calloc((size_t)p.orders, sizeof *p.waits);
    hook_ground_make(&p.ground, postgres, true);
    p.servers[0] = server_start("--serve-hooks", p.ground.environment);
    double since = bench_now();
    for (; bench_round(r, rounds, since); r++) {                       /* the first round warms up */
        double alone = pair_round(&p, 1);
        p.servers[1] = server_start("--serve-hooks", p.ground.environment);
        double both  = pair_round(&p, 2);
        server_stop(&p.servers[1]);
        if (r < 0)
            continue;
        one[r]   = alone;
        two[r]   = both;
        ratio[r]  = both / alone;
        dearer[r] = p.cpu[1] / p.cpu[0];
    }
    pair_check(&p);
    server_stop(&p.servers[0]);
    hook_ground_leave(&p.ground);
    free(p.waits);
    (void)bench_median(one, r);
    double middle = bench_median(ratio, r), rate = bench_median(two, r);
    bench_report(&(struct bench_row){ "two servers on one PostgreSQL against one of them", "orders/s", rate, rate / middle, 1, 1, false });
    bench_report(&(struct bench_row){ "  processor of both an order, times that of one", "", bench_median(dearer, r), 0, 1.15, 1, true });
}
