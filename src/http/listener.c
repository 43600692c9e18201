#include "http/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define FILES_KEPT 128                  /* descriptors that are not connections */

bool listen_at(str address, int port, int *out, struct err *err)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV };
    struct addrinfo *found = NULL;
    char host[256], service[16];
    int  yes = 1;
    if (address.len >= sizeof host)
        return err_set(err, ERR_SETTING, "listen", "the address is too long");
    if (port < 0 || port > 65535)
        return err_set(err, ERR_SETTING, "listen", "port %d is not between 0 and 65535", port);
    snprintf(host, sizeof host, "%.*s", address.len ? (int)address.len : 9, address.len ? address.at : "127.0.0.1");
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(host, service, &hints, &found) != 0 || !found)
        return err_set(err, ERR_SETTING, "listen", "\"%s\" is not an address of this machine", host);
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    bool ok   = fd >= 0 && bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, 4096) == 0;
    int  what = errno;
    freeaddrinfo(found);
    if (ok) {
        *out = fd;
        return true;
    }
    if (fd >= 0)
        close(fd);
    if (what == EADDRINUSE)
        return err_set(err, ERR_SETTING, "listen", "port %d on %s is taken by another program", port, host);
    if (what == EADDRNOTAVAIL)
        return err_set(err, ERR_SETTING, "listen", "\"%s\" is not an address of this machine", host);
    if (what == EACCES)
        return err_set(err, ERR_SETTING, "listen", "port %d needs more rights than this program has", port);
    return err_set(err, ERR_SETTING, "listen", "cannot listen on %s port %d: %s", host, port, strerror(what));
}

static const void *bytes_of(const struct sockaddr *at)
{
    return at->sa_family == AF_INET6 ? (const void *)&((const struct sockaddr_in6 *)(const void *)at)->sin6_addr
                                     : (const void *)&((const struct sockaddr_in *)(const void *)at)->sin_addr;
}

int port_of(int fd)
{
    struct sockaddr_storage at = { 0 };
    socklen_t len = sizeof at;
    if (getsockname(fd, (struct sockaddr *)&at, &len) != 0)
        return 0;
    return ntohs(at.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&at)->sin6_port : ((struct sockaddr_in *)&at)->sin_port);
}

unsigned connections_allowed(int wanted)
{
    struct rlimit limit;
    rlim_t        want = (rlim_t)wanted;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 512;
    if (limit.rlim_cur < want + FILES_KEPT) {
        limit.rlim_cur = limit.rlim_max < want + FILES_KEPT ? limit.rlim_max : want + FILES_KEPT;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= want + FILES_KEPT)
        return (unsigned)want;
    return limit.rlim_cur > 2 * FILES_KEPT ? (unsigned)(limit.rlim_cur - FILES_KEPT) : FILES_KEPT;
}

static bool is_loopback(const struct sockaddr *at)
{
    if (at->sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK((const struct in6_addr *)bytes_of(at));
    return at->sa_family == AF_INET && *(const unsigned char *)bytes_of(at) == 127;
}

static bool is_address(const char *text)
{
    struct in6_addr any;
    return inet_pton(AF_INET, text, &any) == 1 || inet_pton(AF_INET6, text, &any) == 1;
}

void peer_write(const struct sockaddr *at, str forwarded_for, char out[PEER_BYTES])
{
    out[0] = 0;
    if (!at || (at->sa_family != AF_INET && at->sa_family != AF_INET6) || !inet_ntop(at->sa_family, bytes_of(at), out, PEER_BYTES))
        return;
    str  part = { 0 };
    char text[PEER_BYTES];
    while (is_loopback(at) && str_split(&forwarded_for, ',', &part))
        ;
    part = str_trim(part);
    if (!part.len || part.len >= sizeof text)
        return;
    memcpy(text, part.at, part.len);
    text[part.len] = 0;
    if (is_address(text))
        memcpy(out, text, part.len + 1);
}
