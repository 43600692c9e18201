/* The yardstick of serving: libmicrohttpd with our settings and nothing behind it. */
#include "bench/bare_http.h"

#include "bench/bench.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define EVENT_BYTES 200

struct stream {
    struct MHD_Connection *conn;
    struct stream         *next;
    int                    sent;        /* events that went out; under the lock */
    bool                   is_asleep;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct stream  *streams;
static int             events;

static ssize_t stream_read(void *ctx, uint64_t pos, char *into, size_t room)
{
    struct stream *s = ctx;
    ssize_t        n = 0;
    (void)pos;
    pthread_mutex_lock(&lock);
    if (s->sent == events) {
        s->is_asleep = true;
        MHD_suspend_connection(s->conn);
    } else if (room >= EVENT_BYTES) {
        memset(into, 'x', EVENT_BYTES);
        s->sent++;
        n = EVENT_BYTES;
    }
    pthread_mutex_unlock(&lock);
    return n;
}

static enum MHD_Result reply_stream(struct MHD_Connection *conn)
{
    struct stream *s = calloc(1, sizeof *s);
    pthread_mutex_lock(&lock);
    *s      = (struct stream){ .conn = conn, .next = streams, .sent = events };
    streams = s;
    pthread_mutex_unlock(&lock);
    struct MHD_Response *r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, stream_read, s, NULL);
    enum MHD_Result result = MHD_queue_response(conn, 200, r);
    MHD_destroy_response(r);
    return result;
}

static void wake_all(void)
{
    pthread_mutex_lock(&lock);
    events++;
    for (struct stream *s = streams; s; s = s->next)
        if (s->is_asleep) {
            s->is_asleep = false;
            MHD_resume_connection(s->conn);
        }
    pthread_mutex_unlock(&lock);
}

static enum MHD_Result answer(void *cls, struct MHD_Connection *conn, const char *url, const char *method, const char *version,
                              const char *upload, size_t *upload_bytes, void **state)
{
    static int seen;
    (void)cls, (void)method, (void)version, (void)upload;
    if (!*state) {
        *state = &seen;
        return MHD_YES;
    }
    if (*upload_bytes) {
        *upload_bytes = 0;
        return MHD_YES;
    }
    if (strcmp(url, "/live") == 0)
        return reply_stream(conn);
    if (strcmp(url, "/event") == 0)
        wake_all();
    struct MHD_Response *r = MHD_create_response_from_buffer(2, (void *)(uintptr_t) "{}", MHD_RESPMEM_PERSISTENT);
    enum MHD_Result result = MHD_queue_response(conn, 200, r);
    MHD_destroy_response(r);
    return result;
}

int bare_http_serve(void)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO | MHD_USE_ITC | MHD_USE_PEDANTIC_CHECKS;
    unsigned cores = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    struct MHD_Daemon *daemon = MHD_start_daemon(flags, 0, NULL, NULL, answer, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_THREAD_POOL_SIZE, cores > 1 ? cores : 0, MHD_OPTION_CONNECTION_LIMIT, 12000u, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)16 << 10, MHD_OPTION_CONNECTION_TIMEOUT, 600u, MHD_OPTION_LISTEN_BACKLOG_SIZE, 4096u, MHD_OPTION_END);
    const union MHD_DaemonInfo *info = daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info)
        return 1;
    printf("%d\n", info->port);
    fflush(stdout);
    for (;;)
        pause();
}
