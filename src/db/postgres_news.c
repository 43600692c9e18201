/* postgres_news.c - servers of one database tell each other that there is news (LISTEN, NOTIFY), on a connection of their own.
 *
 * Not in the transactions themselves: a NOTIFY there makes commits of the whole cluster wait for each other. A word is told after the
 * commit, many at once become one, and a connection that was lost counts as news when it is back.
 */
#include "db/postgres_driver.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define REST_MS   20                    /* between two rounds of telling */
#define AGAIN_MS  1000                  /* between two tries to connect */

static const char *const words[DB_WORD_COUNT] = { [DB_WORD_EVENTS] = "events", [DB_WORD_WORK] = "work", [DB_WORD_SHOP] = "shop" };

struct db_news {
    struct db_pool *pool;
    void          (*fn)(void *ctx, enum db_word);
    void           *ctx;
    pthread_t       thread;
    int             wake;               /* eventfd */
    _Atomic unsigned to_tell;           /* bits of words */
    _Atomic bool    is_closing;
    bool            is_stopped;
    PGconn         *conn;
};

static bool ran(PGconn *conn, const char *text)
{
    PGresult *r  = PQexec(conn, text);
    bool      ok = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    return ok;
}

static void connect_again(struct db_news *n)
{
    PQfinish(n->conn);
    n->conn = pg_dial(n->pool, "sauda news");
    if (PQstatus(n->conn) == CONNECTION_OK && ran(n->conn, "LISTEN sauda"))
        for (int w = 0; w < DB_WORD_COUNT; w++)          /* whatever was told meanwhile was missed */
            n->fn(n->ctx, (enum db_word)w);
    else {
        PQfinish(n->conn);
        n->conn = NULL;
    }
}

static void tell(struct db_news *n)
{
    unsigned bits = atomic_exchange(&n->to_tell, 0);
    for (int w = 0; w < DB_WORD_COUNT; w++) {
        char text[40];
        if (!(bits & (1U << w)))
            continue;
        snprintf(text, sizeof text, "NOTIFY sauda, '%s'", words[w]);
        if (!ran(n->conn, text))
            atomic_fetch_or(&n->to_tell, 1U << w);
    }
}

/* A line that is found cut is put away. */
static void hear(struct db_news *n)
{
    unsigned heard = 0;
    if (!PQconsumeInput(n->conn) || PQstatus(n->conn) != CONNECTION_OK) {
        PQfinish(n->conn);
        n->conn = NULL;
        return;
    }
    for (PGnotify *told; (told = PQnotifies(n->conn)); PQfreemem(told))
        for (int w = 0; told->be_pid != PQbackendPID(n->conn) && w < DB_WORD_COUNT; w++)
            if (strcmp(told->extra, words[w]) == 0)
                heard |= 1U << w;
    for (int w = 0; w < DB_WORD_COUNT; w++)
        if (heard & (1U << w))
            n->fn(n->ctx, (enum db_word)w);
}

/* Until somebody tells something or there is something to tell, `ms` at the most; -1: for ever. */
static void wait_for(struct db_news *n, int ms, bool telling)
{
    struct pollfd fds[2] = { { .fd = telling ? n->wake : -1, .events = POLLIN }, { .fd = n->conn ? PQsocket(n->conn) : -1, .events = POLLIN } };
    uint64_t      count;
    if (poll(fds, 2, ms) > 0 && fds[0].revents && read(n->wake, &count, sizeof count) < 0 && errno != EAGAIN)
        atomic_store(&n->is_closing, true);              /* cannot happen to an eventfd of ours */
}

static void *news_main(void *arg)
{
    struct db_news *n = arg;
    while (!atomic_load(&n->is_closing)) {
        if (!n->conn || PQstatus(n->conn) != CONNECTION_OK) {
            connect_again(n);
            if (!n->conn) {
                wait_for(n, AGAIN_MS, true);
                continue;
            }
        }
        hear(n);
        if (n->conn && atomic_load(&n->to_tell)) {
            tell(n);
            hear(n);                                     /* what came with the answer is in the library's buffer, not in the socket */
            if (n->conn)
                wait_for(n, REST_MS, false);
        } else if (n->conn) {
            wait_for(n, -1, true);
        }
    }
    PQfinish(n->conn);
    return NULL;
}

bool pg_news_open(struct db_pool *pool, void (*fn)(void *ctx, enum db_word), void *ctx, struct err *err)
{
    struct db_news *n = db_calloc(1, sizeof *n);
    *n = (struct db_news){ .pool = pool, .fn = fn, .ctx = ctx, .wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC) };
    if (n->wake < 0 || pthread_create(&n->thread, NULL, news_main, n) != 0) {
        if (n->wake >= 0)
            close(n->wake);
        free(n);
        return err_set(err, ERR_INTERNAL, "database", "no thread for news: %s", strerror(errno));
    }
    pool->news = n;
    return true;
}

static void news_wake(struct db_news *n)
{
    uint64_t one = 1;
    if (write(n->wake, &one, sizeof one) < 0) {          /* full: it is awake */
    }
}

void pg_news_tell(struct db_pool *pool, enum db_word word)
{
    struct db_news *n = pool->news;
    if (!n || (atomic_fetch_or(&n->to_tell, 1U << word) & (1U << word)))
        return;
    news_wake(n);
}

/* Others may still call pg_news_tell: that stays harmless until the pool goes. */
void pg_news_stop(struct db_pool *pool)
{
    struct db_news *n = pool->news;
    if (!n || n->is_stopped)
        return;
    atomic_store(&n->is_closing, true);
    news_wake(n);
    pthread_join(n->thread, NULL);
    n->is_stopped = true;
}

void pg_news_free(struct db_pool *pool)
{
    pg_news_stop(pool);
    if (pool->news)
        close(pool->news->wake);
    free(pool->news);
    pool->news = NULL;
}
