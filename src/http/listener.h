/* listener.h - the listening socket, how many connections the system lets us have, who is at the other end. */
#pragma once
#include "base/err.h"

struct sockaddr;

/* ERR_SETTING with one clear sentence. Port 0: any free one. */
MUST_CHECK bool listen_at(str address, int port, int *out_fd, struct err *);
int      port_of(int fd);
/* At most `wanted`, below the number of descriptors, which is raised as far as the system allows. */
unsigned connections_allowed(int wanted);

#define PEER_BYTES 46
/* Address of the client as text. Behind a proxy on this machine it is whom the proxy names last in X-Forwarded-For. */
void peer_write(const struct sockaddr *, str forwarded_for, char out[PEER_BYTES]);
