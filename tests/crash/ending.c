/* What must hold at the end of a morning, however often somebody died in it. Declared in morning.h. */
#include "crash/morning.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static int found_of(struct morning *m, str number)
{
    int found = 0;
    struct client_reply r = must(&m->client, "GET", str_zero(&m->arena, str_print(&m->arena, "/api/orders?q=%.*s&limit=20", STR_ARG(number))), (str){ 0 });
    JSON_EACH(e, json_get(r.json, "items"))
        found += str_eq(json_str(json_get(e, "number")), number);
    return found;
}

/* Who answers a push has promised to look; the look itself comes a moment later. */
static void wait_for_promised(struct morning *m)
{
    for (int i = 0; i < m->promised.count; i++)
        for (int tries = 0; !found_of(m, m->promised.at[i].number) && tries < 300; tries++)
            tick(m);
}

void finish(struct morning *m)
{
    wait_for_promised(m);
    (void)tasks_find(m);
    for (int tries = 0; steps_left(m) > 0 && tries < 400; tries++)
        (void)steps_some(m, 1000);
    assert_int_equal(steps_left(m), 0);
    int waiting = -1;
    for (int tries = 0; waiting != 0 && tries < 900; tries++) {
        tick(m);
        struct client_reply r = must(&m->client, "GET", "/api/outbox?state=held,queued,sending", (str){ 0 });
        waiting = json_get(r.json, "items")->count;
        if (tasks_find(m) && steps_left(m)) {            /* a new order has come meanwhile */
            (void)steps_some(m, 1000);
            waiting = -1;
        }
    }
    assert_int_equal(waiting, 0);
    struct client_reply r = must(&m->client, "GET", "/api/outbox?state=dead,refused", (str){ 0 });
    if (json_get(r.json, "items")->count)
        fail_msg("commands were given up: %.*s", STR_ARG(utf8_cut(r.body, 1500)));
}

static struct place *place_of(struct morning *m, const struct task *t, int step) { return &m->places[t->at[step]]; }

/* A market may forgive a repetition. We do not count on that: what may have been said is read back, not said again. */
static void every_market_heard_it_once(struct morning *m)
{
    struct client_reply r = must(&m->control, "GET", "/control/received", (str){ 0 });
    for (int i = 0; i < m->count; i++) {
        const struct task *t = &m->tasks[i];
        const char *op = str_is(t->channel, "kaspi") ? "accept" : str_is(t->channel, "ozon") ? "ship" : "confirm";
        int applied = 0, told = 0;
        JSON_EACH(e, json_get(r.json, "items")) {
            bool is_it = str_is(json_str(json_get(e, "op")), op) && str_eq(json_str(json_get(e, "number")), t->number);
            told    += is_it;
            applied += is_it && json_true(json_get(e, "applied"));
        }
        if (applied != 1 || told != 1)
            fprintf(stderr, "%.*s %.*s: %s was said %d times and took effect %d times\n", STR_ARG(t->channel), STR_ARG(t->number), op, told, applied);
        place_of(m, t, t->steps - 1)->lost    += applied == 0;
        place_of(m, t, t->steps - 1)->doubled += applied > 1 || told > 1;
    }
}

static void each_step_is_there_once(struct morning *m)
{
    for (int i = 0; i < m->count; i++) {
        struct task *t = &m->tasks[i];
        struct client_reply r = must(&m->client, "GET", str_zero(&m->arena, str_print(&m->arena, "/api/orders/%.*s", STR_ARG(t->id))), (str){ 0 });
        str status = json_str(json_get(r.json, "status"));
        const char *wanted = t->steps == 3 ? "ready_to_ship" : "confirmed";
        int moves = 0;
        JSON_EACH(e, json_get(r.json, "history"))
            moves += str_is(json_str(json_get(e, "to")), wanted);
        int notes = json_get(r.json, "notes") ? json_get(r.json, "notes")->count : 0;
        if (!str_is(status, wanted) || moves != 1 || notes != t->steps)
            fprintf(stderr, "%.*s is %.*s (%s is wanted), became so %d times, and has %d notes of %d\n", STR_ARG(t->number), STR_ARG(status), wanted,
                    moves, notes, t->steps);
        place_of(m, t, t->steps - 1)->lost    += !str_is(status, wanted) || moves < 1 || notes < t->steps;
        place_of(m, t, t->steps - 1)->doubled += moves > 1 || notes > t->steps;
    }
}

static void each_order_is_there_once(struct morning *m)
{
    for (int i = 0; i < m->promised.count; i++) {
        const struct promise *p = &m->promised.at[i];
        int found = found_of(m, p->number);
        if (found != 1)
            fprintf(stderr, "%.*s was acknowledged and is there %d times\n", STR_ARG(p->number), found);
        m->places[p->at].lost    += found == 0;
        m->places[p->at].doubled += found > 1;
    }
}

void the_database_is_sound(struct morning *m)
{
    struct process check;
    const char *argv[] = { getenv("SAUDA_EXE"), "check", NULL };
    const char *env[]  = { str_zero(&m->arena, str_print(&m->arena, "SAUDA_HOME=%s", m->store->folder)),
                           str_zero(&m->arena, str_print(&m->arena, "SAUDA_DB=%s", m->store->url)), NULL };
    assert_true(process_start(&check, argv, env));
    int code = process_wait(&check, 60000);
    if (code != 0)
        fail_msg("sauda check ends with %d", code);
}

void look_at_everything(struct morning *m)
{
    every_market_heard_it_once(m);
    each_step_is_there_once(m);
    each_order_is_there_once(m);
}

void morning_end(struct morning *m)
{
    int wrong = 0;
    finish(m);
    look_at_everything(m);
    for (int i = 0; i < PLACES_MAX; i++)
        wrong += m->places[i].lost + m->places[i].doubled;
    if (wrong)
        places_print(m->places, "so far");
    assert_int_equal(wrong, 0);
    kill(m->server.pid, SIGTERM);
    assert_int_equal(process_wait(&m->server, 15000), 0);
    the_database_is_sound(m);
    morning_drop(m);
}

void morning_drop(struct morning *m)
{
    process_kill(&m->markets);
    client_close(&m->client);
    client_close(&m->control);
    arena_done(&m->arena);
    free(m);
}

void places_print(const struct place *places, const char *title)
{
    struct place sum = { .name = "all" };
    printf("# %s\n# %-24s %6s %13s %6s %8s\n", title, "place", "kills", "acknowledged", "lost", "doubled");
    for (int i = 0; i < PLACES_MAX; i++) {
        const struct place *p = &places[i];
        if (!p->name || !(p->kills + p->acknowledged))
            continue;
        printf("# %-24s %6d %13d %6d %8d\n", p->name, p->kills, p->acknowledged, p->lost, p->doubled);
        sum.kills        += p->kills;
        sum.acknowledged += p->acknowledged;
        sum.lost         += p->lost;
        sum.doubled      += p->doubled;
    }
    printf("# %-24s %6d %13d %6d %8d\n", sum.name, sum.kills, sum.acknowledged, sum.lost, sum.doubled);
    fflush(stdout);
}
