/* http.h - what a handler sees: request, reply, route. The HTTP library is included by server.c alone.
 *
 * A handler only translates: it reads path, query and body, calls one flow or store, and writes the reply. The router has
 * already matched the route, found who asks, checked the permission and CSRF, limited and read the body, and opened
 * `rq->work` (connection, arena, now, actor). On false the router answers problem+json (RFC 9457) from `err`.
 * A handler that fails with ERR_VERSION_OLD may have written the current row as its body: it goes out as `current`.
 * HEAD is answered by the GET row, OPTIONS by the server.
 */
#pragma once
#include "base/json_read.h"
#include "base/json_write.h"
#include "base/permission.h"
#include "db/work.h"
#include "net/exchange.h"
#include "record/record.h"

struct app;                             /* of app/: handlers of subjects get at what they need through request.app_<…> below */

/* Who asks. Filled by the authenticator that app installs. */
struct principal {
    rid      user_id;                   /* or key id, when is_key */
    bool     is_key;
    str      name;
    uint64_t permissions;
    unsigned roles;
    const rid *accounts;                /* channel accounts in scope; count 0 = all */
    int      accounts_count;
    str      csrf;                      /* the session's token; empty for keys */
    str      session;                   /* digest of the session token */
    str      language, zone;
    bool     factor_due;                /* the role demands a second factor and there is none: routes marked before_factor alone are open */
    int      hold_s;                    /* how long this person's commands may be undone; < 0: the shop's */
};

struct route;
struct request {
    const struct route *route;
    enum http_method    method;
    str                 path, query;    /* query: raw text behind '?' */
    str                 body;           /* raw */
    const struct json  *json;           /* body parsed, when the route takes JSON */
    void               *record;         /* body read into route->body, validated */
    uint64_t            record_set;     /* a bit per field of the record that came */
    struct http_header_list headers;
    str                 peer;           /* network address of the client */
    str                 id;             /* request id */
    struct principal    who;
    struct work         work;
    void               *app;            /* struct app of the program (server or sandbox) */
    struct { str name, value; } params[4];
    int                 params_count;
    void               *ready;          /* what route->first made */
    void              (*after)(struct request *);       /* set by a handler: runs once what it wrote is committed */
};

enum { REPLY_OK = 200, REPLY_CREATED = 201, REPLY_NO_CONTENT = 204 };
struct reply {
    int                     status;     /* 0 = 200 */
    str                     type;       /* "" = application/json */
    struct http_header_list headers;
    struct buf              body;       /* in the request's arena */
    /* Streamed replies (exports, live): set `stream`; the server calls it from the request thread until it returns 0.
     * For long-lived event streams see live.h. */
    int64_t               (*stream)(void *ctx, char *into, size_t room, struct err *);
    void                   *stream_ctx;
    void                  (*stream_done)(void *ctx);
    bool                    live;       /* hand the connection over to the live hub */
    int64_t                 live_after; /* event id the client has seen */
    /* Faults, for the sandbox only */
    bool                    cut;        /* send half of the body, then close */
    bool                    silent;     /* never answer: keep the connection until the client goes */
};

str  path_text(const struct request *, const char *name);                     /* {id} of the pattern, decoded */
MUST_CHECK bool path_id(const struct request *, const char *name, rid *out, struct err *);   /* ERR_NOT_FOUND when it is no id */
bool query_has(const struct request *, const char *name);
str  query_text(const struct request *, const char *name);                    /* decoded; empty when missing */
MUST_CHECK bool query_int(const struct request *, const char *name, int64_t min, int64_t max, int64_t fallback, int64_t *out, struct err *);
/* Version of If-Match. ERR_VERSION_MISSING. */
MUST_CHECK bool request_version(const struct request *, int64_t *out, struct err *);
void reply_header(struct reply *, struct request *, str name, str value);
struct json_out reply_json(struct request *, struct reply *);                 /* starts the body */
bool reply_record(struct request *, struct reply *, const struct record *, const void *row);
void reply_problem(struct request *, struct reply *, const struct err *);

typedef bool handler(struct request *, struct reply *, struct err *);

struct query_param { const char *name, *doc; };
struct route {
    enum http_method     method;
    const char          *path;          /* "/api/orders/{id}/confirm" */
    enum permission      permission;    /* PERM_FORGOTTEN stops the start */
    handler             *run;
    bool               (*first)(struct request *, struct err *);    /* long work without the database, before `run`; makes request.ready */
    const struct record *body;          /* JSON object read into this record (request.record); NULL: none, or request.json */
    const struct record *reply;         /* shape of the answer, for the API document */
    const char          *body_schema;   /* hand-written schema of a body that `json` takes, in openapi_schemas[] */
    const char          *reply_schema;  /* or the name of a hand-written schema in openapi_schemas[] */
    const char          *types;         /* of an answer that is no shape of ours: "text/csv application/jsonl" */
    bool                 list;          /* answer: { "items": […], "next": "…"|null } of `reply` */
    bool                 raw;           /* body of any type, not parsed (hooks, uploads) */
    bool                 json;          /* body is any JSON object, parsed into request.json */
    bool                 creates;       /* takes Idempotency-Key: with one, `run` is inside a db_tx together with the kept answer, and
                                           may run again after a conflict; it touches nothing but the database and the reply */
    bool                 edits;         /* needs If-Match */
    bool                 no_csrf;       /* sign-in, hooks */
    bool                 before_factor; /* open to who has to set up a second factor yet */
    bool                 ahead;         /* a marketplace calls: when requests wait for a thread, it goes before what people ask */
    bool                 quick;         /* public GET answered on the library's own thread: no connection, must not wait */
    size_t               limit_bytes;   /* of the body; 0 = 1 MiB */
    const struct query_param *query;    /* ends with name NULL */
    const char          *doc;
    const char          *tag;           /* group in the API document */
};

/* Route tables: an array of pointers to arrays that end with method HTTP_NONE. */
struct router;
struct router *router_new(struct arena *, const struct route *const *tables, struct err *);   /* checks the tables; NULL on a bad row */
const struct route *router_find(const struct router *, enum http_method, str path, struct request *out_params, bool *path_known);
unsigned router_methods(const struct router *, str path);                     /* a bit per method that the path takes */

/* ---- the server ---- */

struct http_server;
struct http_options {
    str      address;                   /* "127.0.0.1" */
    int      port;                      /* 0: any free port */
    int      threads;                   /* library threads; 0 = cores */
    int      request_threads;           /* handlers; 0 = 32 */
    int      connections_max;           /* 0 = 12000 */
    int      headers_ms;                /* a request's headers must be here by then; 0 = 20 000 */
    int      wait_ms;                   /* so long a request waits for a thread, then it is refused (503); a fifth of it once there has
                                           been a queue for that long; 0 = 5000. Those that go ahead wait as long as it takes */
    int      waiting_max;               /* requests of people that may wait for a thread, and as many of those that go ahead; 0 = 4096 */
    void    *app;
    const struct router *router;
    struct db_pool   *pool;             /* NULL: routes run without a connection (the sandbox) */
    struct id_source *ids;
    const struct clock *clock;
    const struct log   *log;
    /* Who asks? False with ERR_SIGN_IN when nobody; called only for routes that are not PERM_PUBLIC. */
    bool (*authenticate)(struct request *, struct principal *out, struct err *);
    /* Called before every handler, signed in or not: fills what the program adds to rq->work (shop). May be NULL. */
    void (*prepare)(struct request *);
    /* Stored answer of an Idempotency-Key: find says *found when `reply` was filled; save is called after success, in the
     * transaction of the handler. Both or none; with neither, keys are not looked at. */
    bool (*idempotent_find)(struct request *, struct reply *, bool *found, struct err *);
    bool (*idempotent_save)(struct request *, const struct reply *, struct err *);
    /* Static files of the web UI; NULL on the sandbox. Returns false when there is no such asset. */
    const struct asset *(*asset_find)(str path);        /* "/index.html", decoded */
    struct live_hub    *live;
    const char         *server_name;    /* "Sauda" */
    bool                tell_statements; /* tests: every reply says in X-Statements how many statements it took */
};
/* ERR_SETTING with a clear sentence when the port is taken. */
MUST_CHECK bool http_start(const struct http_options *, struct arena *, struct http_server **out, struct err *);
int  http_port(const struct http_server *);
int  http_waiting(struct http_server *, bool ahead);   /* requests that wait for a thread */
void http_stop(struct http_server *, int drain_ms);     /* stop accepting, finish what runs, close */

struct asset { const char *path, *type, *etag; str brotli, gzip, plain; bool immutable; };
