/* screens.h - open screens from their headers on: sockets taken over from the HTTP library, which would keep 16 KiB for each of them,
 * written to by one thread. Ten thousand of them wait for news in a few megabytes.
 *
 *     screen_make(s, &screen);  live_join(… screen_port(screen) …);  screen_start(screen, stream, head, fd);
 */
#pragma once
#include "http/live_stream.h"

struct screens;
struct screen;

MUST_CHECK bool screens_open(struct screens **out, struct err *);
/* After live_finish: ends those that are left. */
void screens_close(struct screens *);
int  screens_count(const struct screens *);

/* NULL: no memory. Belongs to the caller until screen_start. */
struct screen   *screen_make(struct screens *);
struct live_port screen_port(struct screen *);
/* A stream that joined and the head of its answer; the text is copied. False: no memory, and nothing has happened. */
MUST_CHECK bool screen_fill(struct screen *, struct live_stream *, str head);
/* Writes to a copy of `fd` from now on; without one the stream ends. The screen is its own from here. */
void screen_start(struct screen *, int fd);
void screen_drop(struct screen *);                       /* instead of starting it; leaves the stream */
