#include "scenario/live.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static bool more(struct live_ear *e, int patience_ms)
{
    struct pollfd p = { .fd = e->fd, .events = POLLIN };
    if (e->len == sizeof e->text || poll(&p, 1, patience_ms) <= 0)
        return false;
    ssize_t n = recv(e->fd, e->text + e->len, sizeof e->text - e->len, 0);
    if (n <= 0)
        return false;
    e->len += (size_t)n;
    return true;
}

static void drop(struct live_ear *e, size_t n)
{
    e->len -= n;
    memmove(e->text, e->text + n, e->len);
}

bool live_ear_open(struct live_ear *e, int port, str cookie)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    char ask[512];
    int  n = snprintf(ask, sizeof ask, "GET /api/live HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nCookie: %.*s\r\n\r\n",
                      STR_ARG(cookie));
    *e = (struct live_ear){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    if (e->fd < 0 || connect(e->fd, (struct sockaddr *)&to, sizeof to) != 0 || send(e->fd, ask, (size_t)n, MSG_NOSIGNAL) != n)
        return false;
    for (ptrdiff_t at; (at = str_find((str){ e->text, e->len }, STR("\r\n\r\n"))) < 0 || e->len == 0;)
        if (!more(e, 5000))
            return false;
    if (!str_starts((str){ e->text, e->len }, STR("HTTP/1.1 200")))
        return false;
    drop(e, (size_t)str_find((str){ e->text, e->len }, STR("\r\n\r\n")) + 4);
    return true;
}

void live_ear_close(struct live_ear *e)
{
    if (e->fd >= 0)
        close(e->fd);
    e->fd = -1;
}

/* Chunk sizes may stand between the lines; only lines "event:" and "data:" matter. */
static bool block_read(str block, struct arena *a, str *event, str *data)
{
    str line;
    *event = *data = (str){ 0 };
    while (str_split(&block, '\n', &line)) {
        if (str_starts(line, STR("event:")))
            *event = str_copy(a, str_trim(str_sub(line, 6, SIZE_MAX)));
        else if (str_starts(line, STR("data:")))
            *data = str_copy(a, str_trim(str_sub(line, 5, SIZE_MAX)));
    }
    return data->len > 0 && event->len > 0;
}

bool live_ear_next(struct live_ear *e, struct arena *a, int patience_ms, str *event, str *data)
{
    int64_t until = clock_tick_ns() + (int64_t)patience_ms * 1000000;
    while (e->fd >= 0) {
        ptrdiff_t end = e->len ? str_find((str){ e->text, e->len }, STR("\n\n")) : -1;
        if (end >= 0) {
            str block = str_copy(a, (str){ e->text, (size_t)end + 1 });
            drop(e, (size_t)end + 2);
            if (block_read(block, a, event, data))
                return true;
            continue;
        }
        int64_t left = (until - clock_tick_ns()) / 1000000;
        if (left <= 0 || !more(e, (int)left))
            return false;
    }
    return false;
}
