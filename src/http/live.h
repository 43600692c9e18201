/* live.h - server-sent events to open screens.
 *
 * One hub per process. After a commit somebody calls live_wake; the hub's one thread reads new rows of the event log once,
 * renders each event once per scope, and resumes the suspended connections that may see it. Comment lines every 15 s.
 * A client that is too slow (LIVE_BACKLOG_BYTES) is told to start over ("event: reset") instead of buffering without end.
 */
#pragma once
#include "http/http.h"

#define LIVE_BACKLOG_BYTES 65536

struct live_event {
    int64_t id;                         /* grows; the client's Last-Event-ID */
    rid     account_id;                 /* scope; not set = everybody */
    enum permission permission;         /* who may see it */
    str     name;                       /* "order" */
    str     data;                       /* JSON without contacts */
};
LIST(live_event)

struct live_hub;
struct live_options {
    struct db_pool *pool;
    const struct log *log;
    /* Events after `after`, at most `max`, oldest first. */
    bool (*read)(struct db *, int64_t after, int max, struct arena *, struct live_event_list *out, struct err *);
    bool (*last)(struct db *, int64_t *out, struct err *);   /* newest id */
};
MUST_CHECK bool live_open(const struct live_options *, struct live_hub **out, struct err *);
void live_wake(struct live_hub *);
/* Tells open screens something that no table holds: who is where. It has no id, so a screen that comes back does not hear it
 * again; `id` of the event is not used. */
void live_tell(struct live_hub *, const struct live_event *);
/* Ends the streams of one session, or with an empty `session` all of the user: after signing out, blocking, new rights. */
void live_sign_out(struct live_hub *, rid user_id, str session);
void live_close(struct live_hub *);                      /* after http_stop */
int  live_streams(const struct live_hub *);
