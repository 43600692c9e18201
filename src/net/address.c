#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

/* IANA special-purpose registries, read 2026-01: nothing here is a marketplace on the internet. */
static const struct { uint32_t net; int bits; } private_v4[] = {
    { 0x00000000, 8 },  { 0x0a000000, 8 },  { 0x64400000, 10 }, { 0x7f000000, 8 },  { 0xa9fe0000, 16 },
    { 0xac100000, 12 }, { 0xc0000000, 24 }, { 0xc0000200, 24 }, { 0xc0a80000, 16 }, { 0xc6120000, 15 },
    { 0xc6336400, 24 }, { 0xcb007100, 24 }, { 0xe0000000, 4 },  { 0xf0000000, 4 },
};

static bool v4_is_private(uint32_t address)
{
    for (int i = 0; i < COUNT_OF(private_v4); i++)
        if ((address ^ private_v4[i].net) >> (32 - private_v4[i].bits) == 0)
            return true;
    return false;
}

static uint32_t v4_at(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static bool v6_is_private(const unsigned char *b)
{
    static const unsigned char zeros[12], mapped[12] = { [10] = 0xff, [11] = 0xff }, nat64[12] = { 0, 0x64, 0xff, 0x9b };
    if (memcmp(b, mapped, 12) == 0 || memcmp(b, nat64, 12) == 0 || memcmp(b, zeros, 12) == 0)
        return v4_is_private(v4_at(b + 12));                /* :: and ::1 lie in 0.0.0.0/8 */
    if (b[0] == 0x20 && b[1] == 0x02)                       /* 6to4 */
        return v4_is_private(v4_at(b + 2));
    if (b[0] == 0x20 && b[1] == 0x01 && b[2] <= 0x01)       /* 2001::/23: Teredo, benchmarks, ORCHID */
        return true;
    return (b[0] & 0xe0) != 0x20;                           /* outside 2000::/3 nothing is global */
}

bool address_is_private(const struct sockaddr *a)
{
    if (a->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, a, sizeof v4);
        return v4_is_private(ntohl(v4.sin_addr.s_addr));
    }
    if (a->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, a, sizeof v6);
        return v6_is_private(v6.sin6_addr.s6_addr);
    }
    return true;
}

bool host_is_private(str host)
{
    struct sockaddr_in  v4 = { .sin_family = AF_INET };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
    char                text[256];
    if (!host.len || host.len >= sizeof text)
        return true;
    memcpy(text, host.at, host.len);
    text[host.len] = 0;
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return address_is_private((const struct sockaddr *)&v4);
    if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
        return address_is_private((const struct sockaddr *)&v6);
    return str_is(host, "localhost") || str_ends(host, STR(".localhost"));
}

str url_host(str url)
{
    str rest;
    if (str_starts(url, STR("https://")))
        rest = str_sub(url, 8, url.len);
    else if (str_starts(url, STR("http://")))
        rest = str_sub(url, 7, url.len);
    else
        return (str){ 0 };
    size_t n = 0;
    while (n < rest.len && rest.at[n] != '/' && rest.at[n] != '?' && rest.at[n] != '#' && rest.at[n] != '\\')
        n++;
    rest = str_sub(rest, 0, n);
    for (size_t i = 0; i < rest.len; i++)
        if (rest.at[i] == '@' || (unsigned char)rest.at[i] <= ' ')
            return (str){ 0 };
    if (rest.len && rest.at[0] == '[') {
        ptrdiff_t end = str_find(rest, STR("]"));
        return end < 0 ? (str){ 0 } : str_sub(rest, 1, (size_t)end - 1);
    }
    ptrdiff_t colon = str_find(rest, STR(":"));
    return colon < 0 ? rest : str_sub(rest, 0, (size_t)colon);
}
