/* start.c - a sandbox from its options: memory, journal, scene, server. */
#include "sandbox/market.h"

#include <stdlib.h>

#define DAY_RATE (129 * 1000 / 24)      /* orders per hour, in thousandths */

static struct sandbox *sandbox_new(const struct sandbox_options *o)
{
    struct sandbox *sb = calloc(1, sizeof *sb);
    if (!sb)
        abort();
    sb->options = *o;
    sb->options.address = o->address.len ? o->address : STR("127.0.0.1");
    sb->random = o->seed ? o->seed : 20261216;
    sb->limits_on = !o->no_limits;
    sb->stream_rate = o->orders_per_hour > 0 ? o->orders_per_hour : DAY_RATE;
    sb->last_batch = 91234500;
    sb->log = (struct log){ .fd = 2, .level = LOG_WARN, .clock = &sb->clock };
    pthread_mutex_init(&sb->lock, NULL);
    return sb;
}

/* The clock never goes back behind what the journal has seen, or orders would come from the future. */
static void clock_set(struct sandbox *sb)
{
    instant at = sb->options.now;
    if (sb->seen_at.ms > (instant_is_set(at) ? at.ms : clock_now(&sb->clock).ms))
        at = sb->seen_at;
    if (sb->options.frozen)
        clock_freeze(&sb->clock, instant_is_set(at) ? at : clock_now(&sb->clock));
    else if (instant_is_set(at))
        clock_run_from(&sb->clock, at);
}

static bool serve(struct sandbox *sb, struct err *err)
{
    const struct route *tables[] = { sb->routes = market_routes(sb), control_routes, control_return_routes, telegram_routes, NULL };
    const struct route *const *kept = arena_copy(&sb->arena, tables, sizeof tables);
    struct router *router = router_new(&sb->arena, kept, err);
    if (!router)
        return false;
    struct http_options options = {
        .address = sb->options.address,
        .port = sb->options.port,
        .threads = 1,
        .request_threads = 8,
        .connections_max = 512,
        .app = sb,
        .router = router,
        .ids = &sb->ids,
        .clock = &sb->clock,
        .log = &sb->log,
        .server_name = "Sandbox",
    };
    return http_start(&options, &sb->arena, &sb->server, err);
}

bool sandbox_start(const struct sandbox_options *o, struct sandbox **out, struct err *err)
{
    struct sandbox *sb = sandbox_new(o);
    bool ok = journal_open(sb, err);
    if (ok) {
        clock_set(sb);
        bool is_new = sb->orders.count == 0 && sb->heard.count == 0;
        if (is_new)
            ok = scene_play(sb, o->scene, err);
        else
            sb->stream_on = !o->frozen && !str_is(o->scene, "quiet") && o->scene.len > 0;
        sb->random ^= (uint64_t)sb->orders.count * UINT64_C(0x9E3779B97F4A7C15);
        if (!is_new)
            sb->stream_at = instant_add(clock_now(&sb->clock), MINUTE_MS);
    }
    if (!ok || !serve(sb, err)) {
        sandbox_stop(sb);
        return false;
    }
    *out = sb;
    return true;
}

int sandbox_port(const struct sandbox *sb)
{
    return http_port(sb->server);
}

void sandbox_wake(struct sandbox *sb)
{
    pthread_mutex_lock(&sb->lock);
    life_tick(sb);
    pthread_mutex_unlock(&sb->lock);
}

void sandbox_stop(struct sandbox *sb)
{
    if (sb->server)
        http_stop(sb->server, 1000);
    if (sb->journal)
        fclose(sb->journal);
    pthread_mutex_destroy(&sb->lock);
    arena_done(&sb->arena);
    free(sb);
}
