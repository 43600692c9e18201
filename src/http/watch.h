/* watch.h - how long each connection may take for what it is doing now.
 *
 * The HTTP library only knows idleness: a byte every few seconds would hold a connection for ever. Every connection has a
 * deadline here; one thread cuts those that are over it. It also notices clients that went away while their request is kept
 * without an answer, because the library does not look at suspended connections. Any thread.
 */
#pragma once
#include "base/err.h"

struct watch;
struct watched;

MUST_CHECK bool watch_open(int tick_ms, struct watch **out, struct err *);
void watch_close(struct watch *);                        /* after the last watch_end */

struct watched *watch_begin(struct watch *, int fd, int64_t allowed_ms);
/* Before the socket is closed, so that its number cannot belong to somebody else when the thread cuts it. */
void watch_end(struct watch *, struct watched *);
/* From now. 0: as long as it likes. */
void watch_allow(struct watched *, int64_t allowed_ms);
/* `gone` is called on the watching thread when the client has hung up, again with each tick until it returns true. It must not
 * call back. NULL: no longer; then it is not running either. */
void watch_for_end(struct watch *, struct watched *, bool (*gone)(void *ctx), void *ctx);
int  watch_count(const struct watch *);
/* Cuts every connection that waits for a request (at the end, when nothing new shall come). */
void watch_cut_idle(struct watch *);
void watch_set_idle(struct watched *, bool is_idle);
