#include "app/supervisor.h"

#include "base/str.h"

#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* WATCHDOG_PID tells whom the period is meant for; a wrapper may have passed the environment on. */
static int64_t period_told(void)
{
    int64_t us = 0, pid = 0;
    str     whom = str_of(getenv("WATCHDOG_PID"));
    if (!str_to_int(str_of(getenv("WATCHDOG_USEC")), &us) || us <= 0 || us > INT64_C(86400000000))
        return 0;
    if (whom.len && (!str_to_int(whom, &pid) || pid != getpid()))
        return 0;
    return us / 2000 > 0 ? us / 2000 : 1;
}

static int connected(str path)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    if (path.len < 2 || path.len >= sizeof to.sun_path || (path.at[0] != '/' && path.at[0] != '@'))
        return -1;
    memcpy(to.sun_path, path.at, path.len);
    if (path.at[0] == '@')
        to.sun_path[0] = 0;                             /* an abstract name: its length counts, no zero ends it */
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + path.len)) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

void supervisor_open(struct supervisor *s)
{
    *s = (struct supervisor){ .fd = connected(str_of(getenv("NOTIFY_SOCKET"))) };
    s->period_ms = s->fd >= 0 ? period_told() : 0;
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
}

void supervisor_say(const struct supervisor *s, const char *words)
{
    if (s->fd >= 0 && send(s->fd, words, strlen(words), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return;                                         /* it stopped listening */
}

void supervisor_close(struct supervisor *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}
