/* live_stream.h - one open screen, as the server sees it. The hub knows no sockets: it is told how to put a connection to
 * sleep and how to wake it. `sleep` is called on the thread that takes, `wake` on the hub's; both under the hub's lock, so
 * neither may call back into the hub. */
#pragma once
#include "http/live.h"

struct live_stream;
struct live_port {
    void (*sleep)(void *ctx);
    void (*wake)(void *ctx);
    void  *ctx;
};

/* `after` 0: from now on; else what came after that event is given first, or "reset" when that is too much. */
MUST_CHECK bool live_join(struct live_hub *, const struct principal *, int64_t after, struct db *, struct arena *,
                          const struct live_port *, struct live_stream **out, struct err *);
enum { LIVE_SLEEPS = 0, LIVE_ENDS = -1 };
/* Next bytes for the client; or LIVE_SLEEPS after calling `sleep`; or LIVE_ENDS. */
int64_t live_take(struct live_stream *, char *into, size_t room);
/* The connection is gone, awake or ending. */
void live_leave(struct live_stream *);
/* Ends all streams (server stops). Later joins end at once. */
void live_finish(struct live_hub *);
