/* server_own.h - what the files of the server share. server.c speaks with the library on its threads; call.c is one request on
 * its way in, without the library; crew.c are the request threads. A call belongs to one thread at a time: the library's until
 * it is queued, a request thread's until call_resume. */
#pragma once
#include "http/answer.h"
#include "http/listener.h"
#include "http/screens.h"
#include "http/pipe.h"
#include "http/watch.h"

#include <pthread.h>
#include <stdatomic.h>

struct MHD_Connection;
struct MHD_Daemon;
struct MHD_Response;

#define BODY_BYTES_DEFAULT  ((size_t)1 << 20)

enum stage { STAGE_NEW, STAGE_WHOLE, STAGE_BODY, STAGE_ANSWER };

struct call {
    struct http_server    *server;
    struct MHD_Connection *conn;
    struct watched        *watched;
    struct call           *next, *prev; /* in the queue, or among the silent ones */
    atomic_int             holders;
    enum stage             stage;
    bool                   is_head, is_silent, closes;
    struct MHD_Response   *response;
    struct screen         *screen;      /* instead of a response: the connection goes on as an open screen */
    unsigned               status;
    int64_t                answer_bytes;        /* -1: not known before */
    struct request         rq;
    char                  *body;
    size_t                 body_cap, body_limit, body_dropped;
    enum err_code          body_refused;
    int64_t                start_ns, queued_ns;
    bool                   is_ahead;
    char                   id[16], peer[PEER_BYTES];
    char                   uri[];
};

/* A request thread that waits for a call. */
struct idler { struct idler *next; pthread_cond_t come; bool is_called; };

struct line { struct call *first, *last; int count; };

struct http_server {
    struct http_options o;
    struct log          quiet;
    struct clock        own_clock;
    struct MHD_Daemon  *daemon;
    int                 port;
    struct watch       *watch;
    struct screens     *screens;
    int                 connections_max;
    int                 headers_ms;
    pthread_mutex_t     lock;           /* lines, silent list, is_closed, is_waking, idle, running_ahead, crowded_ns */
    struct idler       *idle;           /* who came last is called first */
    struct line         ahead, line;    /* marketplaces; people */
    struct call        *silent;
    int                 running_ahead;
    int64_t             crowded_ns;     /* since when somebody has waited in the people's line without a break; 0: nobody waits */
    bool                is_waking;      /* a thread was woken and has not come yet */
    bool                is_closed;      /* nothing is suspended any more */
    _Atomic bool        is_draining, is_stopping;
    atomic_int          streaming;
    atomic_size_t       bodies_bytes;
    _Atomic int64_t     refused, refused_told_s;        /* for want of threads or room, since the log last said so */
    atomic_ullong       ids;
    uint32_t            id_seed;
    pthread_t          *threads;
    int                 threads_count;
};

static inline const struct log *server_log(const struct http_server *s) { return s->o.log ? s->o.log : &s->quiet; }
static inline instant server_now(const struct http_server *s) { return clock_now(s->o.clock ? s->o.clock : &s->own_clock); }

/* ---- call.c ---- */
void call_id_give(struct call *);
enum http_method call_method(struct call *, const char *method);
void call_address_split(struct call *);
/* False ends the connection. What is over the limit is read and thrown away for a while, and refused at its end. */
MUST_CHECK bool call_body_add(struct call *, const char *bytes, size_t len);
void call_body_drop(struct call *);
void call_told(const struct call *, int status, size_t bytes, const struct err *);

/* ---- crew.c ---- */
MUST_CHECK bool crew_start(struct http_server *, struct arena *, struct err *);
/* Puts the connection to sleep and the call on the queue; false, and nothing has happened, when the queue is full or closed. */
MUST_CHECK bool crew_take(struct http_server *, struct call *);
void crew_stop(struct http_server *);                    /* answers what is queued, waits for what runs */
void crew_end_silent(struct http_server *);

/* ---- server.c ---- */
void call_release(struct call *);
void conn_sleep(void *conn);
void conn_wake(void *conn);
void call_headers_read(struct call *);                   /* headers and peer, into the request's arena */
/* NULL: no memory. The last two take over their source, in any case. */
struct MHD_Response *response_bytes(struct call *, struct reply *, struct packer **);
struct MHD_Response *response_pipe(struct call *, struct reply *, struct pipe *);
/* The head of the answer to an open screen. */
str live_head(struct call *, struct reply *);
