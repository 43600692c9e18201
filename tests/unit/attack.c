/* attack.c - what somebody tries who sends the same thing several times in one moment, or more than a form has. On both stores; on
 * PostgreSQL half of them come to a server beside. */
#include "unit/people_ground.h"

#include "accounts/factor_flow.h"
#include "base/totp.h"

#include <pthread.h>

#define PASSWORD "correct horse"
enum { SENDERS = 4 };

/* ---- at the same moment ---- */

struct sender { struct ground g; struct client client; pthread_barrier_t *start; enum http_method method; const char *path, *body; struct answer got; };
struct crowd { struct ground *g; struct db_pool *beside; struct sender all[SENDERS]; int count, rounds; };

static void *send_once(void *ctx)
{
    struct sender *s = ctx;
    pthread_barrier_wait(s->start);
    s->got = ask(&s->g, &s->client, s->method, s->path, s->body);
    return NULL;
}

static void crowd_add(struct crowd *c, const struct client *client, enum http_method method, const char *path, const char *body)
{
    struct sender *s = &c->all[c->count++];
    *s = (struct sender){ .g = *c->g, .method = method, .path = path, .body = body };
    if (client)
        s->client = *client;
    s->client.peer = STR("192.0.2.77");
}

/* All at once; how many were let through with `status`? */
static int crowd_send(struct crowd *c, int status)
{
    pthread_t         threads[SENDERS];
    pthread_barrier_t start;
    int               through = 0;
    assert_int_equal(pthread_barrier_init(&start, NULL, (unsigned)c->count), 0);
    c->rounds++;
    for (int i = 0; i < c->count; i++) {
        struct sender *s = &c->all[i];
        s->start  = &start;
        s->g.a    = s->g.home = (struct arena){ 0 };
        s->g.pool = i % 2 && c->beside ? c->beside : c->g->pool;
        s->g.db   = db_borrow(s->g.pool);
        s->g.ids  = (struct id_source){ .last = c->g->ids.last + c->rounds * 100000, .node = (unsigned)i + 1 };
        assert_int_equal(pthread_create(&threads[i], NULL, send_once, s), 0);
    }
    for (int i = 0; i < c->count; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        if (c->all[i].got.status == status)
            through++;
        else if (c->all[i].got.status < 400 || c->all[i].got.status >= 500)
            fail_msg("%s: %d: %.*s", c->all[i].path, c->all[i].got.status, STR_ARG(c->all[i].got.body));
        db_return(c->all[i].g.pool, c->all[i].g.db);
        arena_done(&c->all[i].g.a);
        arena_done(&c->all[i].g.home);
    }
    pthread_barrier_destroy(&start);
    c->g->ids.last += (c->rounds + 1) * 100000;
    c->count = 0;
    return through;
}

static char *text(struct ground *g, const char *fmt, str value) { return str_zero(&g->home, str_print(&g->home, fmt, STR_ARG(value))); }

static int64_t rows(struct ground *g, const char *sql)
{
    CLEANUP(stmt_done) struct stmt st = db_query_text(g->db, "test.rows", str_of(sql));
    return db_row(&st) ? col_int(&st, 0) : -1;
}

static void setups(struct crowd *c)
{
    for (int i = 0; i < SENDERS; i++)
        crowd_add(c, NULL, HTTP_POST, "/api/setup", SETUP);
    assert_int_equal(crowd_send(c, 200), 1);
    assert_int_equal(rows(c->g, "SELECT COUNT(*) FROM users"), 1);
}

static void invitations(struct crowd *c, const struct client *owner)
{
    struct answer a = ask(c->g, owner, HTTP_POST, "/api/invitations", "{\"login\":\"saule\",\"name\":\"S\",\"roles\":[\"manager\"]}");
    need(a, 201, "invited");
    char *body = text(c->g, "{\"token\":\"%.*s\",\"name\":\"S\",\"password\":\"vremya-otkryvat-1\",\"language\":\"ru\"}", text_at(a, "token"));
    for (int i = 0; i < SENDERS; i++)
        crowd_add(c, NULL, HTTP_POST, "/api/invitation", body);
    assert_int_equal(crowd_send(c, 200), 1);
    assert_int_equal(rows(c->g, "SELECT COUNT(*) FROM users WHERE login = 'saule'"), 1);
    assert_int_equal(rows(c->g, "SELECT COUNT(*) FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.login = 'saule'"), 1);
}

/* Each of two owners makes the other one a manager. */
static void owners(struct crowd *c, const struct client *first)
{
    struct client second = hire(c->g, first, "second", "\"owner\"");
    struct client both[] = { *first, second };
    for (int i = 0; i < 2; i++) {
        struct answer a = ask(c->g, &both[!i], HTTP_GET, "/api/session", NULL);
        both[i].version = rows(c->g, text(c->g, "SELECT version FROM users WHERE id = %.*s", text_at(a, "user.id")));
        crowd_add(c, &both[i], HTTP_PATCH, text(c->g, "/api/users/%.*s", text_at(a, "user.id")), "{\"roles\":[\"manager\"]}");
    }
    assert_int_equal(crowd_send(c, 200), 1);
    assert_int_equal(rows(c->g, "SELECT COUNT(*) FROM users WHERE roles LIKE '%owner%'"), 1);
}

static str code_now(struct ground *g, str user)
{
    struct factor f     = { 0 };
    bool          found = false;
    rid           id    = { 0 };
    str           secret = { 0 };
    if (!id_parse(user, &id) || !factor_load(g->db, id, &g->home, &f, &found, &g->err) || !found ||
        !secret_open(&g->home, &g->key, f.sealed, factor_seal_context(&g->home, id), &secret, &g->err))
        fail_msg("no second factor: %s", g->err.item[0].text);
    return str_print(&g->home, "%06u", totp_code(secret, totp_step(g->now), TOTP_DIGITS));
}

static void codes_at_once(struct crowd *c, str code)
{
    for (int i = 0; i < SENDERS; i++)
        crowd_add(c, NULL, HTTP_POST, "/api/session", text(c->g, "{\"login\":\"saule\",\"password\":\"vremya-otkryvat-1\",\"code\":\"%.*s\"}", code));
    assert_int_equal(crowd_send(c, 200), 1);
}

/* A code of the telephone, and a recovery code: read by somebody who is as fast as its owner. */
static void codes(struct crowd *c)
{
    struct ground *g     = c->g;
    struct client  saule = sign_in(g, "saule", "vremya-otkryvat-1");
    str            me    = text_at(ask(g, &saule, HTTP_GET, "/api/session", NULL), "user.id");
    need(ask(g, &saule, HTTP_POST, "/api/session/second-factor", "{\"password\":\"vremya-otkryvat-1\"}"), 200, "enrol");
    struct answer a = ask(g, &saule, HTTP_POST, "/api/session/second-factor/confirm", text(g, "{\"code\":\"%.*s\"}", code_now(g, me)));
    need(a, 200, "confirm");
    g->now = instant_add(g->now, TOTP_STEP_S * 1000);
    codes_at_once(c, code_now(g, me));
    g->now = instant_add(g->now, DAY_MS);                        /* wrong tries are forgotten */
    codes_at_once(c, str_copy(&g->home, text_at(a, "recovery.0")));
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM recovery_codes WHERE used_at IS NULL"), 9);
}

/* Guesses side by side are counted one by one. */
static void guesses(struct crowd *c)
{
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < SENDERS; i++)
            crowd_add(c, NULL, HTTP_POST, "/api/session", "{\"login\":\"second\",\"password\":\"guess\"}");
        crowd_send(c, 200);
    }
    assert_int_equal(try_sign_in(c->g, "second", "battery staple", NULL).status, 429);
}

static void what_may_happen_once_happens_once_when_it_comes_several_times_at_once(void **state)
{
    const struct test_store *store = *state;
    struct ground g;
    ground_init(&g, state);
    struct crowd c = { .g = &g, .beside = store->is_postgres ? test_store_open(store) : NULL };
    setups(&c);
    struct client owner = sign_in(&g, "owner", PASSWORD);
    invitations(&c, &owner);
    codes(&c);
    owners(&c, &owner);
    guesses(&c);
    if (c.beside)
        db_close(c.beside);
    ground_done(&g);
}

/* ---- more than a form has ---- */

static void what_a_form_does_not_have_cannot_be_set_through_it(void **state)
{
    static const struct { enum http_method method; const char *path, *body, *field; } extras[] = {
        { HTTP_PATCH, "/api/session", "{\"name\":\"P\",\"roles\":[\"owner\"]}", "roles" },
        { HTTP_PATCH, "/api/session", "{\"accounts\":[]}", "accounts" },
        { HTTP_PATCH, "/api/session", "{\"own_roles\":[\"1\"]}", "own_roles" },
        { HTTP_PATCH, "/api/session", "{\"login\":\"owner\"}", "login" },
        { HTTP_PATCH, "/api/session", "{\"state\":\"active\"}", "state" },
        { HTTP_PATCH, "/api/session", "{\"second_factor\":\"off\"}", "second_factor" },
        { HTTP_POST, "/api/views", "{\"name\":\"V\",\"query\":\"q=x\",\"owner_id\":\"1\"}", "owner_id" },
        { HTTP_POST, "/api/views", "{\"name\":\"V\",\"query\":\"q=x\",\"id\":\"1\"}", "id" },
        { HTTP_POST, "/api/views", "{\"name\":\"V\",\"query\":\"q=x\",\"version\":7}", "version" },
        { HTTP_POST, "/api/session", "{\"login\":\"picker\",\"password\":\"battery staple\",\"user_id\":\"1\"}", "user_id" },
        { HTTP_POST, "/api/invitation", "{\"token\":\"x\",\"name\":\"S\",\"password\":\"vremya-otkryvat-1\",\"language\":\"ru\",\"roles\":[\"owner\"]}", "roles" },
        { HTTP_POST, "/api/session/second-factor", "{\"password\":\"battery staple\",\"user_id\":\"1\"}", "user_id" },
    };
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g), picker = hire(&g, &owner, "picker", "\"picker\"");
    str before = str_copy(&g.home, ask(&g, &picker, HTTP_GET, "/api/session", NULL).body);
    for (int i = 0; i < COUNT_OF(extras); i++) {
        struct answer a = ask(&g, &picker, extras[i].method, extras[i].path, extras[i].body);
        if (a.status != 422 || !has_error(a, extras[i].field))
            fail_msg("%s %s: %d: %.*s", extras[i].path, extras[i].body, a.status, STR_ARG(a.body));
    }
    struct answer a = ask(&g, &picker, HTTP_GET, "/api/session", NULL);
    assert_true(str_eq(a.body, before));
    assert_int_equal(rows(&g, "SELECT COUNT(*) FROM views"), 0);
    ground_done(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_may_happen_once_happens_once_when_it_comes_several_times_at_once),
        cmocka_unit_test(what_a_form_does_not_have_cannot_be_set_through_it),
    };
    return test_shops(tests, COUNT_OF(tests));
}
