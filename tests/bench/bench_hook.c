/* One order a notification: 64 connections, each with one POST under way, against the real server in a process of its own; beside it
 * the bare library's group commit of the very same rows, made by 64 threads. Rounds take turns. */
#include "bench/bench_hook.h"

#include "base/secret.h"
#include "bench/bare.h"
#include "bench/bench.h"
#include "bench/fill.h"
#include "bench/talk.h"

#include <sqlite3.h>
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

/* ---- the two files ---- */

str hook_account_sql(struct arena *a)
{
    return str_print(a,
        "INSERT INTO channel_accounts (id, channel, name, base_url, mode, state, sealed, options, accepted_means_assembling, hook_digest, "
        "error_code, error_text, version, created_at, updated_at) VALUES (77, 'kaspi', 'Kaspi', '', 'live', 'paused', '', '{}', 0, '%.*s', "
        "'', '', 1, 1, 1) ON CONFLICT (id) DO NOTHING; "
        "INSERT INTO policies (id, name, channel, scheme, step, minutes, clock, pause_statuses, red_minutes, red_share_bp, active, version, "
        "created_at, updated_at) VALUES (1, '24 h', '', '', 'confirm', 1440, 'wall', '', 120, 2000, 1, 1, 1, 1) ON CONFLICT (id) DO NOTHING",
        STR_ARG(secret_digest(a, STR(HOOK_SECRET))));
}

static void file_make(char *path, size_t room, const char *name)
{
    struct arena a = { 0 };
    char         command[1500], *why = NULL;
    const char  *folder = getenv("BENCH_FOLDER") ? getenv("BENCH_FOLDER") : "/var/tmp/sauda-bench", *empty = fill_kept(0);
    sqlite3     *db;
    snprintf(path, room, "%s/hook-%d-%s.db", folder, (int)getpid(), name);
    snprintf(command, sizeof command, "rm -f %s %s-wal %s-shm && cp %s %s && sync %s", path, path, path, empty, path, path);
    str rows = hook_account_sql(&a);
    if (system(command) != 0 || sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db, str_zero(&a, rows), NULL, NULL, &why) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", path, why ? why : "cannot be made");
        exit(1);
    }
    sqlite3_close(db);
    arena_done(&a);
}

static void file_remove(const char *path)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    char one[700];
    for (int i = 0; i < COUNT_OF(ends); i++) {
        snprintf(one, sizeof one, "%s%s", path, ends[i]);
        unlink(one);
    }
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

static double crowd_post(const struct server *server, const str *requests, int orders, double *waits)
{
    struct sender     *all = calloc(CLIENTS, sizeof *all);
    struct epoll_event ready[CLIENTS];
    int                ep = epoll_create1(0), next = 0, done = 0;
    for (int i = 0; i < CLIENTS; i++) {
        all[i].fd = dial(server->port);
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

void measure_hooks(void)
{
    int    rounds = (int)bench_env("BENCH_ROUNDS", 7), orders = (int)bench_env("BENCH_SINGLES", 4000);
    double ours[ROUNDS_MAX], ratio[ROUNDS_MAX], tail[ROUNDS_MAX], bare_tail[ROUNDS_MAX], cpu[ROUNDS_MAX];
    double *waits = calloc((size_t)orders, sizeof *waits);
    char    files[2][600], db[700], home[700];
    const char *folder = getenv("BENCH_FOLDER") ? getenv("BENCH_FOLDER") : "/var/tmp/sauda-bench";
    if (rounds > ROUNDS_MAX)
        rounds = ROUNDS_MAX;
    file_make(files[0], sizeof files[0], "ours");
    file_make(files[1], sizeof files[1], "bare");
    snprintf(db, sizeof db, "SAUDA_DB=sqlite:%s", files[0]);
    snprintf(home, sizeof home, "SAUDA_HOME=%s/home", folder);
    const char *const environment[] = { db, home, "SAUDA_LISTEN=127.0.0.1:0", "SAUDA_CLOCK=2026-12-16T04:04:00Z+", "SAUDA_LOG_LEVEL=warn", NULL };
    struct server server = server_start("--serve-hooks", environment);
    struct bare  *bare   = bare_sqlite(files[0], files[1]);
    double        since  = bench_now();
    int           r      = -1;                                         /* the first round warms up */
    for (; bench_round(r, rounds, since); r++) {
        struct arena input    = { .ceiling_bytes = (size_t)1 << 30 };
        str         *requests = ARENA_ARRAY(&input, str, orders);
        for (int i = 0; i < orders; i++)
            requests[i] = request_of(&input, FIRST + (int64_t)(r + 1) * orders + i);
        double cpu0 = process_cpu(server.pid), wall = crowd_post(&server, requests, orders, waits), spent = process_cpu(server.pid) - cpu0;
        double ours_p99 = p99_ms(waits, orders);
        bare_load(bare);
        double yard = bare_group(bare, orders, CLIENTS, waits);
        arena_done(&input);
        if (r < 0)
            continue;
        ours[r]      = orders / wall;
        ratio[r]     = yard / wall;
        tail[r]      = ours_p99;
        bare_tail[r] = p99_ms(waits, orders);
        cpu[r]       = spent * 1e3 / orders;
    }
    rounds = r;
    server_stop(&server);
    file_remove(files[0]);
    file_remove(files[1]);
    free(waits);
    double middle = bench_median(ratio, rounds), rate = bench_median(ours, rounds);
    bench_report(&(struct bench_row){ "one order a notification over HTTP, 64 waiting, SQLite FULL", "orders/s", rate, rate / middle, 0.4, 0.7, false });
    bench_report(&(struct bench_row){ "  p99 of a client's wait", "ms", bench_median(tail, rounds), 0, 50, 50, true });
    bench_report(&(struct bench_row){ "  p99 of the bare group commit", "ms", bench_median(bare_tail, rounds), 0, 0, 0, true });
    bench_report(&(struct bench_row){ "  server CPU an order", "ms", bench_median(cpu, rounds), 0, 0.25, 0.1, true });
}
