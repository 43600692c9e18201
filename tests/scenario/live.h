/* live.h - an ear on the live stream of the server: reads server-sent events from a socket of its own. */
#pragma once
#include "base/arena.h"

struct live_ear { int fd; size_t len; char text[32768]; };

bool live_ear_open(struct live_ear *, int port, str cookie);
void live_ear_close(struct live_ear *);
/* The next event, waiting at most `patience_ms`. False: nothing came. */
bool live_ear_next(struct live_ear *, struct arena *, int patience_ms, str *event, str *data);
