/* What operators and programs ask: alive, ready, metrics, the API document, live events. And, for tests only, the clock and the jobs. */
#include "app/app.h"
#include "app/gauges.h"
#include "app/overview_http.h"
#include "app/parts.h"
#include "base/metric.h"
#include "db/migrate.h"
#include "sync/sync.h"

static bool health_get(struct request *rq, struct reply *rp, struct err *err)
{
    (void)err;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_text(&j, "status", STR("ok"));
    json_end(&j);
    return true;
}

static bool ready_get(struct request *rq, struct reply *rp, struct err *err)
{
    enum schema_fit fit;
    if (!migrate_look(rq->work.db, &fit, err))
        return false;
    if (fit != SCHEMA_FITS)
        return err_set(err, ERR_DB_BUSY, "db", "the database is being migrated");
    return health_get(rq, rp, err);
}

static bool is_local(str peer)
{
    static const char *const nets[] = { "127.", "::1", "10.", "192.168.", "fd", "fe80:", "::ffff:127.", "::ffff:10.", "::ffff:192.168." };
    for (int i = 0; i < COUNT_OF(nets); i++)
        if (str_starts(peer, str_of(nets[i])))
            return true;
    return false;
}

static bool metrics_get(struct request *rq, struct reply *rp, struct err *err)
{
    if (!is_local(rq->peer) || http_header_get(&rq->headers, "X-Forwarded-For").len)
        return err_set(err, ERR_NOT_FOUND, "", "there is no such thing");
    rp->body = buf_in(rq->work.arena);
    rp->type = STR("text/plain; version=0.0.4");
    metric_write(&rp->body);
    gauges_write(rq->app, rq->work.db, rq->work.arena, &rp->body);
    return true;
}

static bool openapi_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct app *app = rq->app;
    (void)err;
    rp->body = buf_in(rq->work.arena);
    buf_add(&rp->body, app->openapi);
    return true;
}

static bool live_get(struct request *rq, struct reply *rp, struct err *err)
{
    (void)rq;
    (void)err;
    rp->live = true;                    /* the server reads Last-Event-ID and ?after= itself */
    return true;
}

static const struct query_param live_params[] = { { "after", "last event seen; the header Last-Event-ID does the same" }, { NULL, NULL } };
const struct route system_routes[] = {
    { HTTP_GET, "/health", PERM_PUBLIC, health_get, .quick = true, .types = "application/json", .tag = "system", .doc = "Alive" },
    { HTTP_GET, "/ready", PERM_PUBLIC, ready_get, .types = "application/json", .tag = "system", .doc = "Database reachable and migrations applied" },
    { HTTP_GET, "/metrics", PERM_PUBLIC, metrics_get, .types = "text/plain", .tag = "system", .doc = "Counters for the local network (Prometheus text)" },
    { HTTP_GET, "/api/openapi.json", PERM_PUBLIC, openapi_get, .types = "application/json", .tag = "system", .doc = "This document" },
    { HTTP_GET, "/api/live", PERM_SIGNED_IN, live_get, .query = live_params, .types = "text/event-stream", .tag = "system", .doc = "Server-sent events: what changed" },
    { .method = HTTP_NONE },
};

/* ---- for tests: the clock and everything that is due ---- */

static bool control_ok(struct request *rq, struct err *err)
{
    struct app *app = rq->app;
    return secret_equal(http_header_get(&rq->headers, "X-Control-Token"), app->config->control_token) ||
           err_set(err, ERR_FORBIDDEN, "X-Control-Token", "is wrong");
}

static bool clock_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct app *app = rq->app;
    int64_t     ms  = 0;
    instant     at;
    if (!control_ok(rq, err))
        return false;
    if (instant_parse(json_str(json_get(rq->json, "now")), &at))
        clock_freeze(&app->clock, at);
    if (json_get(rq->json, "advance_ms") && !json_int(json_get(rq->json, "advance_ms"), &ms))
        return err_add(err, "advance_ms", "must be a whole number");
    if (ms)
        clock_advance(&app->clock, ms);
    sync_wake(app->sync);
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_instant(&j, "now", clock_now(&app->clock));
    json_end(&j);
    return true;
}

static bool run_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct app *app = rq->app;
    if (!control_ok(rq, err))
        return false;
    int done = sync_turn(app->sync, 0);
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "done", done);
    json_end(&j);
    return true;
}

static const struct route control_routes[] = {
    { HTTP_POST, "/test/clock", PERM_PUBLIC, clock_post, .json = true, .no_csrf = true, .tag = "test", .doc = "Moves the clock" },
    { HTTP_POST, "/test/run", PERM_PUBLIC, run_post, .no_csrf = true, .tag = "test", .doc = "Does everything that is due" },
    { .method = HTTP_NONE },
};
const struct route *const test_routes[] = { control_routes, NULL };
