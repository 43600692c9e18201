/* The whole server over loopback: the real program's parts in a process of their own, a file full of orders behind it, one client.
 *
 *     bench_http [hooks|two|speed|live|rest|load|returns]   BENCH_ORDERS=1000000 BENCH_STREAMS=10000
 */
#include "bench/bench.h"

#include "app/app.h"
#include "bench/bare_http.h"
#include "bench/bench_hook.h"
#include "bench/bench_load.h"
#include "bench/bench_returns.h"
#include "bench/fill.h"
#include "bench/talk.h"
#include "db/migrate.h"
#include "http/http.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define AUTH "Authorization: Bearer " FILL_KEY "\r\n"

/* ---- the server process ---- */

static void say_port(struct app *app, void *ctx)
{
    (void)ctx;
    printf("%d\n", http_port(app->server));
    fflush(stdout);
}

static int serve(bool hooks)
{
    static struct app app;
    static const char *sources[64];
    struct arena  a   = { 0 };
    struct err    err = { 0 };
    struct config c;
    if (!config_load(&a, NULL, NULL, 0, &c, sources, &err) || !app_open(&app, &c, APP_READ_WRITE, &err)) {
        fprintf(stderr, "%s %s\n", err.item[0].text, err.trail);
        return 1;
    }
    app.channels = hooks ? hook_channels() : NULL;
    int code = app_serve(&app, say_port, NULL);
    app_close(&app);
    return code;
}

/* ---- the file ---- */

struct ground { int64_t orders; char db[600], home[600]; const char *environment[8]; };

static void ground_make(struct ground *g, int64_t orders)
{
    const char *folder = getenv("BENCH_FOLDER") ? getenv("BENCH_FOLDER") : "/var/tmp/sauda-bench";
    char        command[1500];
    g->orders = orders;
    const char *kept = fill_kept(orders);
    snprintf(g->home, sizeof g->home, "SAUDA_HOME=%s/home", folder);
    snprintf(g->db, sizeof g->db, "SAUDA_DB=sqlite:%s/serve-%lld.db", folder, (long long)orders);
    mkdir(g->home + 11, 0700);
    const char *file = g->db + strlen("SAUDA_DB=sqlite:");
    snprintf(command, sizeof command, "test %s -nt %s || { rm -f %s-wal %s-shm; cp --reflink=auto %s %s; sync %s; }; cat %s >/dev/null", file, kept, file, file, kept, file, file,
             file);                     /* in memory, as the file of a running shop is */
    if (system(command) != 0)
        exit(1);
    if (orders > FILL_RICH)
        fill_rich(file);
    const char *const lines[] = { g->db, g->home, "SAUDA_LISTEN=127.0.0.1:0", "SAUDA_CLOCK=2026-12-16T04:04:00Z+", "SAUDA_LOG_LEVEL=warn", NULL };
    memcpy(g->environment, lines, sizeof lines);
}

/* ---- speed ---- */

static void ask(int fd, const char *path)
{
    int status = talk(fd, "GET", path, AUTH, NULL);
    if (status != 200) {
        fprintf(stderr, "%s: %d\n", path, status);
        exit(1);
    }
}

struct question { const char *what; void (*path)(char *into, size_t room, int64_t n, int64_t orders); double p50, p50_aim, p99; };

static void path_queue(char *into, size_t room, int64_t n, int64_t orders)
{
    (void)n, (void)orders;
    snprintf(into, room, "/api/queue?limit=50");
}

static void path_recent(char *into, size_t room, int64_t n, int64_t orders)
{
    (void)n, (void)orders;
    snprintf(into, room, "/api/orders?limit=50");
}

static void path_status(char *into, size_t room, int64_t n, int64_t orders)
{
    static const char *const states[] = { "new", "confirmed", "assembling" };
    (void)orders;
    snprintf(into, room, "/api/queue?limit=50&status=%s&channel=kaspi", states[n % 3]);
}

static void path_counts(char *into, size_t room, int64_t n, int64_t orders)
{
    (void)n, (void)orders;
    snprintf(into, room, "/api/queue/counts");
}

static void path_card(char *into, size_t room, int64_t n, int64_t orders)
{
    snprintf(into, room, "/api/orders/%lld", 100000000000000000LL + 1 + (long long)(n * 104729 % orders));
}

static void path_card_again(char *into, size_t room, int64_t n, int64_t orders) { path_card(into, room, n % 50, orders); }

static void path_phone(char *into, size_t room, int64_t n, int64_t orders)
{
    static const char *const forms[] = { "%%2B7701%07lld", "8701%07lld", "8%%20(701)%%20%07lld", "7701%07lld" };
    char q[80];
    switch (n % 4) {
    case 0: snprintf(q, sizeof q, "%%2B7701%07lld", (long long)fill_phone(1 + n * 104729 % orders)); break;
    case 1: snprintf(q, sizeof q, "8701%07lld", (long long)fill_phone(1 + n * 104729 % orders)); break;
    case 2: snprintf(q, sizeof q, "8%%20(701)%%20%07lld", (long long)fill_phone(1 + n * 104729 % orders)); break;
    default: snprintf(q, sizeof q, "7701%07lld", (long long)fill_phone(1 + n * 104729 % orders)); break;
    }
    (void)forms;
    snprintf(into, room, "/api/search?q=%s", q);
}

static void path_last_four(char *into, size_t room, int64_t n, int64_t orders)
{
    snprintf(into, room, "/api/search?q=%04lld", (long long)(fill_phone(1 + n * 104729 % orders) % 10000));
}

static void path_number(char *into, size_t room, int64_t n, int64_t orders)
{
    snprintf(into, room, "/api/search?q=%lld", 300000001LL + (long long)(n * 104729 % orders));
}

static void path_name(char *into, size_t room, int64_t n, int64_t orders)
{
    (void)orders;
    snprintf(into, room, "/api/search?q=%s", n % 2 ? "%D0%BC%D0%B0%D0%BB%D0%B0%D0%BF%D0%B0%D0%BE%D0%B2%D0%B0" : "%D0%BA%D0%B0%D0%BC%D0%B0%D0%BD%D0%B0");
}

static void path_person(char *into, size_t room, int64_t n, int64_t orders)
{
    (void)n, (void)orders;
    snprintf(into, room, "/api/customers/%lld", (long long)fill_rich_customer());
}

static const struct question questions[] = {
    { "queue page of 50", path_queue, 0.6, 0.25, 5 },
    { "queue of one status and channel, 50", path_status, 0.6, 0.25, 5 },
    { "all orders, newest 50", path_recent, 0.6, 0.25, 5 },
    { "queue counts", path_counts, 0.6, 0.25, 5 },
    { "order page, seen before within the hour", path_card_again, 0.6, 0.25, 5 },
    { "order page, first look: who saw the contacts is on the disk", path_card, 0, 0, 5 },
    { "search: phone in any form", path_phone, 0.25, 0.08, 3 },
    { "search: last four digits", path_last_four, 0.25, 0.08, 20 },
    { "search: order number", path_number, 0.25, 0.08, 3 },
    { "search: a common name", path_name, 0.25, 0.08, 20 },
    { "card of a customer with 500 orders", path_person, 0, 0, 20 },
};

static void measure_question(int fd, const struct question *q, int64_t orders)
{
    int     rounds = (int)bench_env("BENCH_REQUESTS", 2000);
    double *took   = calloc((size_t)rounds, sizeof *took);
    char    path[300], what[120];
    for (int i = -50; i < rounds; i++) {
        q->path(path, sizeof path, i + 50, orders);
        double start = bench_now();
        ask(fd, path);
        if (i >= 0)
            took[i] = (bench_now() - start) * 1e3;
    }
    double p50 = bench_median(took, rounds), p99 = took[(int)(rounds * 0.99)];
    snprintf(what, sizeof what, "%s, %g M orders, p50", q->what, (double)orders / 1e6);
    bench_report(&(struct bench_row){ what, "ms", p50, 0, q->p50, q->p50_aim, true });
    bench_report(&(struct bench_row){ "  p99", "ms", p99, 0, q->p99, q->p99, true });
    free(took);
}

/* `clients` connections, each with one request at a time; seconds of wall and of the server's processor. */
struct effort { double wall, cpu; };
static struct effort effort(const struct server *s, const char *path, const char *headers, int clients, int rounds)
{
    char request[600];
    int  fds[64];
    int  n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path, headers);
    for (int i = 0; i < clients; i++) {
        fds[i] = dial(s->port);
        talk(fds[i], "GET", path, headers, NULL);
    }
    struct effort e = { bench_now(), process_cpu(s->pid) };
    for (int r = 0; r < rounds; r++) {
        for (int i = 0; i < clients; i++)
            if (write(fds[i], request, (size_t)n) != n)
                exit(1);
        for (int i = 0; i < clients; i++)
            answer_read(fds[i]);
    }
    e = (struct effort){ bench_now() - e.wall, process_cpu(s->pid) - e.cpu };
    for (int i = 0; i < clients; i++)
        close(fds[i]);
    return e;
}

static void measure_health(const struct server *ours, const struct server *bare)
{
    double ratio[5], value[5];
    for (int i = 0; i < 5; i++) {
        double yard = effort(bare, "/empty", "", 64, 600).cpu;
        double mine = effort(ours, "/health", "", 64, 600).cpu;
        ratio[i]    = mine / yard;
        value[i]    = mine * 1e6 / (64 * 600);
    }
    double middle = bench_median(ratio, 5), cost = bench_median(value, 5);
    bench_report(&(struct bench_row){ "/health, CPU a request, 64 clients", "us", cost, cost / middle, 1.5, 1.2, true });
}

static void measure_list(const struct server *ours, const struct server *bare)
{
    double ratio[3], value[3];
    for (int i = 0; i < 3; i++) {
        double yard = effort(bare, "/empty", "", 64, 300).wall;
        double mine = effort(ours, "/api/queue?limit=50", AUTH, 64, 20).wall * 15;
        ratio[i]    = yard / mine;
        value[i]    = 64 * 300 / mine;
    }
    double middle = bench_median(ratio, 3), rate = bench_median(value, 3);
    bench_report(&(struct bench_row){ "queue pages of 50 against the library's empty reply", "req/s", rate, rate / middle, 0, 0, false });
}

static void measure_speed(int64_t orders)
{
    static const char *const none[] = { NULL };
    struct ground g;
    ground_make(&g, orders);
    struct server ours = server_start("--serve", g.environment), bare = server_start("--bare", none);
    int           fd   = dial(ours.port);
    const char *only = getenv("BENCH_ONLY");                            /* a part of a question's name: for looking into one of them */
    for (int i = 0; i < COUNT_OF(questions); i++)
        if (!only || strstr(questions[i].what, only))
            measure_question(fd, &questions[i], orders);
    if (only)
        exit(0);
    measure_health(&ours, &bare);
    measure_list(&ours, &bare);
    bench_report(&(struct bench_row){ "memory after all these questions, RSS", "MB", process_rss_mb(ours.pid), 0, 0, 0, true });
    close(fd);
    server_stop(&ours);
    server_stop(&bare);
}

/* ---- live streams ---- */

struct crowd { double memory_kb, event_s; };

/* Opens the streams, then lets one event go out to all of them. */
static struct crowd crowd_measure(const struct server *s, int streams, const char *path, const char *headers, const char *poke, const char *body)
{
    struct epoll_event *ready = calloc((size_t)streams, sizeof *ready);
    int    *fds = calloc((size_t)streams, sizeof *fds), ep = epoll_create1(0);
    char    request[600], into[4096];
    double  before = process_rss_mb(s->pid);
    int     n = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n", path, headers);
    for (int i = 0; i < streams; i++) {
        fds[i] = dial(s->port);
        if (write(fds[i], request, (size_t)n) != n || read(fds[i], into, sizeof into) <= 0)
            exit(1);
        epoll_ctl(ep, EPOLL_CTL_ADD, fds[i], &(struct epoll_event){ .events = EPOLLIN, .data.u32 = (uint32_t)i });
    }
    usleep(500000);
    for (int got; (got = epoll_wait(ep, ready, streams, 0)) > 0;)      /* greetings */
        for (int i = 0; i < got; i++)
            if (read(fds[ready[i].data.u32], into, sizeof into) <= 0)
                exit(1);
    struct crowd c = { .memory_kb = (process_rss_mb(s->pid) - before) * 1024 / streams };

    int    fd    = dial(s->port), told = 0;
    bool  *heard = calloc((size_t)streams, sizeof *heard);
    double start = bench_now();
    talk(fd, "POST", poke, headers, body);
    while (told < streams) {
        int got = epoll_wait(ep, ready, streams, 10000);
        if (got <= 0) {
            fprintf(stderr, "only %d of %d streams heard the event\n", told, streams);
            break;
        }
        for (int i = 0; i < got; i++) {
            uint32_t at = ready[i].data.u32;
            ssize_t  k  = read(fds[at], into, sizeof into - 1);
            into[k > 0 ? k : 0] = 0;
            if (!heard[at] && (strstr(into, "data:") || strstr(into, "xxxx"))) {
                heard[at] = true;
                told++;
            }
        }
    }
    c.event_s = bench_now() - start;
    for (int i = 0; i < streams; i++)
        close(fds[i]);
    close(fd);
    close(ep);
    free(fds);
    free(ready);
    free(heard);
    return c;
}

static void measure_live(void)
{
    static const char *const none[] = { NULL };
    struct rlimit files = { 0 };
    struct ground g;
    char          poke[100];
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int streams = (int)bench_env("BENCH_STREAMS", files.rlim_max > 10500 ? 10000 : (int64_t)files.rlim_max - 500);
    ground_make(&g, bench_env("BENCH_SMALL", 20000));
    snprintf(poke, sizeof poke, "/api/orders/%lld/notes", 100000000000000000LL + (long long)g.orders);

    double memory[3], event[3], memory_ratio[3], event_ratio[3];
    for (int i = 0; i < 3; i++) {
        struct server ours = server_start("--serve", g.environment), bare = server_start("--bare", none);
        talk(dial(ours.port), "GET", "/api/queue", AUTH, NULL);
        struct crowd yard = crowd_measure(&bare, streams, "/live", "", "/event", "{}");
        struct crowd mine = crowd_measure(&ours, streams, "/api/live", AUTH, poke, "{\"text\":\"bench\"}");
        memory[i]       = mine.memory_kb;
        event[i]        = mine.event_s * 1e3;
        memory_ratio[i] = mine.memory_kb / yard.memory_kb;
        event_ratio[i]  = mine.event_s / yard.event_s;
        server_stop(&ours);
        server_stop(&bare);
    }
    char   what[100];
    double m = bench_median(memory, 3), e = bench_median(event, 3);
    snprintf(what, sizeof what, "memory of an idle live stream, %d of them", streams);
    bench_report(&(struct bench_row){ what, "KB", m, m / bench_median(memory_ratio, 3), 1.5, 1.2, true });
    bench_report(&(struct bench_row){ "  one event to all", "ms", e, e / bench_median(event_ratio, 3), 3, 1.5, true });
}

/* ---- at rest ---- */

static void measure_rest(int64_t orders)
{
    struct ground g;
    double        start[5], rss = 0, pss = 0, used = 0;
    char          what[100];
    ground_make(&g, orders);
    for (int i = 0; i < 5; i++) {
        struct server s  = server_start("--serve", g.environment);
        int           fd = dial(s.port);
        talk(fd, "GET", "/health", "", NULL);
        start[i] = (bench_now() - s.started) * 1e3;
        if (i == 4) {
            ask(fd, "/api/queue");
            sleep(6);                   /* what the start left to be done is done */
            rss = process_rss_mb(s.pid);
            pss = process_pss_mb(s.pid);
            for (int k = 0; orders && k < 3000; k++) {
                char path[300];
                questions[k % COUNT_OF(questions)].path(path, sizeof path, k, orders);
                ask(fd, path);
            }
            sleep(6);
            used = process_rss_mb(s.pid);
        }
        close(fd);
        server_stop(&s);
    }
    bool full = orders >= 500000;
    snprintf(what, sizeof what, "memory at rest, %g M orders, RSS", (double)orders / 1e6);
    bench_report(&(struct bench_row){ what, "MB", rss, 0, full ? 80 : 32, full ? 50 : 16, true });
    bench_report(&(struct bench_row){ "  PSS", "MB", pss, 0, 0, 0, true });
    if (orders)
        bench_report(&(struct bench_row){ "  RSS at rest after 3000 questions", "MB", used, 0, full ? 80 : 32, full ? 50 : 16, true });
    snprintf(what, sizeof what, "start to first answer, %g M orders", (double)orders / 1e6);
    bench_report(&(struct bench_row){ what, "ms", bench_median(start, 5), 0, 150, 50, true });
}

/* ---- load ---- */

/* A copy of the kept file, for the run alone. */
static const char *ground_copy(struct ground *g, struct arena *a, const char *name, int64_t orders)
{
    const char *folder = getenv("BENCH_FOLDER") ? getenv("BENCH_FOLDER") : "/var/tmp/sauda-bench";
    ground_make(g, orders);
    const char *path = str_zero(a, str_print(a, "%s/run-%s.db", folder, name));
    str command = str_print(a, "rm -f %s-wal %s-shm; cp --reflink=auto %s %s && sync %s", path, path, g->db + strlen("SAUDA_DB=sqlite:"), path, path);
    if (system(str_zero(a, command)) != 0)
        exit(1);
    g->environment[0] = str_zero(a, str_print(a, "SAUDA_DB=sqlite:%s", path));
    return path;
}

static void load_sqlite(int64_t orders)
{
    struct arena  a = { 0 };
    struct ground g;
    sqlite3      *db;
    const char   *path = ground_copy(&g, &a, "load", orders);
    if (sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db, str_zero(&a, hook_account_sql(&a)), NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s cannot be made\n", path);
        exit(1);
    }
    sqlite3_close(db);
    measure_load(g.environment, orders, "SQLite");
    unlink(path);
    arena_done(&a);
}

static void bench_returns(int64_t orders)
{
    struct arena  a = { 0 };
    struct ground g;
    const char   *path = ground_copy(&g, &a, "returns", orders);
    measure_returns(g.environment, path, orders);
    unlink(path);
    arena_done(&a);
}

/* The database is empty and lasts as long as the bench. */
static void load_postgres(int64_t orders, const char *url)
{
    struct arena  a = { 0 };
    struct ground g;
    struct db_pool *pool;
    struct err     err = { 0 };
    int            applied;
    if (!db_open(url, &(struct db_options){ 0 }, &pool, &err) || !migrate(pool, &applied, &err)) {
        fprintf(stderr, "%s\n", err.item[0].text);
        exit(1);
    }
    db_close(pool);
    fill_postgres(url, orders);
    PGconn   *conn = PQconnectdb(url);
    PGresult *r    = PQexec(conn, str_zero(&a, hook_account_sql(&a)));
    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        fprintf(stderr, "%s", PQerrorMessage(conn));
        exit(1);
    }
    PQclear(r);
    PQfinish(conn);
    ground_make(&g, 0);
    g.environment[0] = str_zero(&a, str_print(&a, "SAUDA_DB=%s", url));
    measure_load(g.environment, orders, "PostgreSQL");
    arena_done(&a);
}

int main(int argc, char **argv)
{
    const char *kind   = argc > 1 ? argv[1] : "";
    int64_t     orders = bench_env("BENCH_ORDERS", 1000000);
    if (strcmp(kind, "--serve") == 0)
        return serve(false);
    if (strcmp(kind, "--serve-hooks") == 0)
        return serve(true);
    if (strcmp(kind, "--bare") == 0)
        return bare_http_serve();
    if (strcmp(kind, "load") == 0) {
        const char *url = getenv("SAUDA_TEST_PG");
        int64_t     n   = bench_env("BENCH_LOAD_ORDERS", 200000);
        url ? load_postgres(n, url) : load_sqlite(n);
        return 0;
    }
    if (strcmp(kind, "two") == 0) {
        measure_two(getenv("SAUDA_TEST_PG"));
        return 0;
    }
    if (!*kind || strcmp(kind, "hooks") == 0)
        measure_hooks(getenv("SAUDA_TEST_PG"));
    if (!*kind || strcmp(kind, "rest") == 0) {
        measure_rest(0);
        measure_rest(orders);
    }
    if (!*kind || strcmp(kind, "speed") == 0)
        measure_speed(orders);
    if (!*kind || strcmp(kind, "live") == 0)
        measure_live();
    if (!*kind || strcmp(kind, "returns") == 0)
        bench_returns(orders);
    return 0;
}
