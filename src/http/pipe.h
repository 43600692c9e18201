/* pipe.h - bytes of a long answer on their way from a request thread to a connection, a small buffer at a time.
 *
 * The request thread pours and waits while the buffer is full; the server's thread takes and puts the connection to sleep
 * while it is empty. A client that takes nothing for PIPE_WAIT_S, or is gone, ends the pouring. */
#pragma once
#include "base/err.h"

#define PIPE_BYTES  65536
#define PIPE_WAIT_S 30

struct pipe;
struct pipe_port {
    void (*sleep)(void *ctx);           /* called by pipe_take, under the pipe's lock */
    void (*wake)(void *ctx);            /* called by the pouring side, under the pipe's lock */
    void  *ctx;
};
struct pipe *pipe_new(const struct pipe_port *);         /* NULL: no memory. Two holders: the pouring and the taking side. */
/* False when the client is gone, too slow, or `*is_stopping`. */
bool    pipe_pour(struct pipe *, const char *bytes, size_t len, const _Atomic bool *is_stopping);
void    pipe_end(struct pipe *, bool is_whole);          /* pouring side: no more; lets go */
/* 0: asleep; PIPE_DONE; PIPE_BROKEN. */
enum { PIPE_DONE = -1, PIPE_BROKEN = -2 };
int64_t pipe_take(struct pipe *, char *into, size_t room);
void    pipe_leave(struct pipe *);                       /* taking side lets go */
