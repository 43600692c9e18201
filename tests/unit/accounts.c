/* People, sign-ins, keys, views and the log of changes, as browsers and programs meet them, on both stores. */
#include "unit/people_ground.h"

#include "accounts/audit.h"
#include "accounts/view_store.h"

#include <pthread.h>
#include <stdlib.h>

static void a_new_shop_has_its_owner_and_rules_and_no_second_one(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct answer a = ask(&g, NULL, HTTP_GET, "/api/setup", NULL);
    assert_true(json_true(json_get(a.json, "needs_owner")));
    assert_string_equal(str_zero(&g.a, text_at(a, "version")), "1.2.3");

    a = ask(&g, NULL, HTTP_POST, "/api/setup", "{\"shop_name\":\"x\",\"country\":\"kz\",\"currency\":\"XXX\",\"time_zone\":\"Mars\","
            "\"name\":\"n\",\"login\":\"a b\",\"password\":\"short\"}");
    need(a, 422, "wrong everywhere");
    assert_true(has_error(a, "country") && has_error(a, "currency") && has_error(a, "time_zone") && has_error(a, "login") &&
                has_error(a, "password"));

    struct client owner = first_run(&g);
    assert_int_equal(g.shop_changes, 1);
    assert_true(str_is(g.shop.name, "Карапуз") && g.shop.hold_s == 5 && !g.shop.demo && g.shop.book.policies.count == 9);
    a = ask(&g, &owner, HTTP_GET, "/api/session", NULL);
    need(a, 200, "session");
    assert_true(str_is(text_at(a, "user.login"), "owner") && str_is(text_at(a, "user.roles.0"), "owner"));
    assert_true(str_is(text_at(a, "shop.name"), "Карапуз") && str_is(text_at(a, "shop.time_zone"), "Asia/Almaty"));
    assert_true(str_is(text_at(a, "now"), "2026-12-16T04:00:00Z") && str_is(text_at(a, "user.hold_s"), "5"));
    assert_int_equal(json_path(a.json, "user.permissions")->count, PERM_COUNT - PERM_ORDERS_SEE);

    a = ask(&g, NULL, HTTP_GET, "/api/setup", NULL);
    assert_false(json_true(json_get(a.json, "needs_owner")));
    need(ask(&g, NULL, HTTP_POST, "/api/setup", SETUP), 409, "second owner");
    ground_done(&g);
}

static void a_wrong_login_cannot_be_told_from_a_wrong_password(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    struct client bek   = hire(&g, &owner, "bek", "\"manager\"");
    struct answer list  = ask(&g, &owner, HTTP_GET, "/api/users", NULL);
    assert_int_equal(json_get(list.json, "items")->count, 2);
    rid id = { 0 };
    JSON_EACH(u, json_get(list.json, "items"))
        if (str_is(json_str(json_get(u, "login")), "bek"))
            assert_true(id_parse(json_str(json_get(u, "id")), &id));
    owner.version = 1;
    str path = str_print(&g.a, "/api/users/%lld", (long long)id.v);
    need(ask(&g, &owner, HTTP_PATCH, str_zero(&g.a, path), "{\"state\":\"blocked\"}"), 200, "block");
    need(ask(&g, &bek, HTTP_GET, "/api/session", NULL), 401, "signed out at once");

    struct answer wrong = try_sign_in(&g, "owner", "incorrect horse", NULL), nobody = try_sign_in(&g, "nobody", "incorrect horse", NULL),
                  blocked = try_sign_in(&g, "bek", "battery staple", NULL);
    need(wrong, 401, "wrong password");
    assert_true(str_eq(wrong.body, nobody.body) && str_eq(wrong.body, blocked.body));
    assert_true(!wrong.cookie_line.len && str_is(text_at(wrong, "code"), "credentials"));
    need(try_sign_in(&g, "  OWNER ", "correct horse", NULL), 200, "logins are folded");
    ground_done(&g);
}

static void guessing_waits_longer_each_time(void **state)
{
    struct ground g;
    ground_init(&g, state);
    first_run(&g);
    const char *const logins[] = { "owner", "nobody" };       /* whether there is such a person or not */
    for (int l = 0; l < 2; l++) {
        struct client at = { .peer = l ? STR("192.0.2.7") : STR("192.0.2.8") };
        for (int i = 0; i < 4; i++)
            need(try_sign_in(&g, logins[l], "wrong password", &at), 401, "free tries");
        int waits[] = { 1, 2, 4, 8 };
        for (int i = 0; i < 4; i++) {
            need(try_sign_in(&g, logins[l], "wrong password", &at), 401, "a try");
            struct answer a = try_sign_in(&g, logins[l], "correct horse", &at);
            need(a, 429, "too soon, even with the right one");
            assert_int_equal(a.retry_after, waits[i]);
            g.now = instant_add(g.now, waits[i] * SECOND_MS);
        }
    }
    need(try_sign_in(&g, "owner", "correct horse", NULL), 200, "after the wait");
    need(try_sign_in(&g, "owner", "wrong password", NULL), 401, "the count began anew");
    need(try_sign_in(&g, "owner", "correct horse", NULL), 200, "no wait");
    ground_done(&g);
}

static void an_address_that_guesses_many_logins_waits_too(void **state)
{
    struct ground   g;
    struct throttle t = { 0 };
    ground_init(&g, state);
    first_run(&g);
    for (int i = 0; i < 29; i++)
        throttle_count(&t, &throttle_address, g.now);
    assert_int_equal(throttle_wait_s(&t, g.now), 0);
    throttle_count(&t, &throttle_address, g.now);
    assert_int_equal(throttle_wait_s(&t, g.now), 1);
    for (int i = 0; i < 60; i++)
        throttle_count(&t, &throttle_address, g.now);
    assert_int_equal(throttle_wait_s(&t, g.now), throttle_address.wait_max_s);
    throttle_count(&t, &throttle_address, instant_add(g.now, THROTTLE_MEMORY_MS));
    assert_int_equal(t.failures, 1);
    ground_done(&g);
}

static void a_session_belongs_to_one_browser_and_its_cookie_is_ours(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    struct answer a     = try_sign_in(&g, "owner", "correct horse", &(struct client){ .https = true });
    assert_true(str_has(a.cookie_line, STR("; HttpOnly; SameSite=Lax; Secure")) && str_has(a.cookie_line, STR("; Path=/;")));
    a = try_sign_in(&g, "owner", "correct horse", NULL);
    assert_true(str_has(a.cookie_line, STR("; HttpOnly; SameSite=Lax")) && !str_has(a.cookie_line, STR("Secure")));
    assert_false(str_has(a.body, cookie_token(a)));

    /* A cookie that was there before signing in is worth nothing afterwards. */
    struct client old = client_of(a), made_up = { .cookie = STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA") };
    a = try_sign_in(&g, "owner", "correct horse", &old);
    struct client fresh = client_of(a);
    assert_false(str_eq(fresh.cookie, old.cookie));
    need(ask(&g, &old, HTTP_GET, "/api/session", NULL), 401, "old cookie");
    need(try_sign_in(&g, "owner", "correct horse", &made_up), 200, "with a made-up cookie");
    need(ask(&g, &made_up, HTTP_GET, "/api/session", NULL), 401, "made-up cookie");

    struct client blind = { .cookie = fresh.cookie }, guess = { .cookie = fresh.cookie, .csrf = owner.csrf };
    need(ask(&g, &blind, HTTP_PATCH, "/api/session", "{}"), 403, "no token");
    need(ask(&g, &guess, HTTP_PATCH, "/api/session", "{}"), 403, "token of another session");
    need(ask(&g, &fresh, HTTP_PATCH, "/api/session", "{}"), 200, "own token");

    a = ask(&g, &owner, HTTP_GET, "/api/sessions", NULL);
    int  count = 0, current = 0;
    str  other = { 0 };
    JSON_EACH(s, json_get(a.json, "items")) {
        count++;
        current += json_true(json_get(s, "current"));
        if (!json_true(json_get(s, "current")))
            other = json_str(json_get(s, "id"));
    }
    assert_true(count == 4 && current == 1);
    need(ask(&g, &owner, HTTP_DELETE, str_zero(&g.a, str_print(&g.a, "/api/sessions/%.*s", STR_ARG(other))), NULL), 204, "end one");
    need(ask(&g, &owner, HTTP_DELETE, "/api/sessions/1", NULL), 404, "none of mine");
    a = ask(&g, &owner, HTTP_DELETE, "/api/session", NULL);
    need(a, 204, "sign out");
    assert_true(str_starts(a.cookie_line, STR("sauda_session=; ")) && str_has(a.cookie_line, STR("Max-Age=0")));
    need(ask(&g, &owner, HTTP_GET, "/api/session", NULL), 401, "after sign-out");
    ground_done(&g);
}

static void a_session_lasts_thirty_days_from_when_it_was_seen(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    for (int i = 0; i < 3; i++) {
        g.now = instant_add(g.now, 29 * DAY_MS);
        need(ask(&g, &owner, HTTP_GET, "/api/sessions", NULL), 200, "still there");
    }
    struct answer a = ask(&g, &owner, HTTP_GET, "/api/sessions", NULL);
    assert_true(str_eq(text_at(a, "items.0.last_seen_at"), instant_text(&g.a, g.now)));
    g.now = instant_add(g.now, 30 * DAY_MS);
    need(ask(&g, &owner, HTTP_GET, "/api/session", NULL), 401, "over");
    ground_done(&g);
}

static void who_asks_is_remembered_for_some_seconds(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    struct answer first = ask(&g, &owner, HTTP_GET, "/api/keys", NULL), second = ask(&g, &owner, HTTP_GET, "/api/keys", NULL);
    assert_int_equal(first.statements, 2);                    /* who, and the keys */
    assert_int_equal(second.statements, 1);
    g.now = instant_add(g.now, SESSION_CACHE_MS);
    assert_int_equal(ask(&g, &owner, HTTP_GET, "/api/keys", NULL).statements, 2);
    g.now = instant_add(g.now, MINUTE_MS);                    /* once a minute it is written down */
    assert_true(ask(&g, &owner, HTTP_GET, "/api/keys", NULL).statements > 2);
    assert_int_equal(ask(&g, &owner, HTTP_GET, "/api/keys", NULL).statements, 1);

    /* What was read before a change is not kept after it. */
    struct principal who = { .name = STR("x") }, out;
    uint64_t generation = session_cache_generation(g.accounts.cache);
    session_cache_forget(g.accounts.cache, STR("something else"));
    session_cache_keep(g.accounts.cache, generation, STR("digest"), g.now, (instant){ 0 }, &who);
    assert_false(session_cache_find(g.accounts.cache, STR("digest"), g.now, &g.a, &out));
    who.accounts_count = 400;                                 /* longer than its place */
    rid accounts[400] = { 0 };
    who.accounts = accounts;
    session_cache_keep(g.accounts.cache, session_cache_generation(g.accounts.cache), STR("digest"), g.now, (instant){ 0 }, &who);
    assert_true(session_cache_find(g.accounts.cache, STR("digest"), g.now, &g.a, &out) && out.accounts_count == 400);
    ground_done(&g);
}

static void a_person_changes_the_own_screens_and_password(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g), other = sign_in(&g, "owner", "correct horse");
    struct answer a = ask(&g, &owner, HTTP_PATCH, "/api/session",
                          "{\"language\":\"kk\",\"theme\":\"dark\",\"density\":\"compact\",\"hold_s\":15,\"keys_off\":true,\"time_zone\":\"Europe/Kyiv\"}");
    need(a, 200, "profile");
    assert_true(str_is(text_at(a, "user.language"), "kk") && str_is(text_at(a, "user.theme"), "dark") &&
                str_is(text_at(a, "user.hold_s"), "15") && str_is(text_at(a, "user.density"), "compact"));
    a = ask(&g, &owner, HTTP_PATCH, "/api/session", "{\"language\":\"fr\",\"hold_s\":16,\"roles\":[],\"time_zone\":\"Mars\"}");
    need(a, 422, "wrong");
    assert_true(has_error(a, "language") && has_error(a, "hold_s") && has_error(a, "roles"));
    need(ask(&g, &owner, HTTP_PATCH, "/api/session", "{\"new_password\":\"twelve chairs\"}"), 422, "without the old one");
    need(ask(&g, &owner, HTTP_PATCH, "/api/session", "{\"old_password\":\"guess\",\"new_password\":\"twelve chairs\"}"), 422, "wrong old one");
    a = ask(&g, &owner, HTTP_PATCH, "/api/session", "{\"old_password\":\"correct horse\",\"new_password\":\"aaaaaaaaaa\"}");
    assert_true(has_error(a, "new_password"));
    a = ask(&g, &owner, HTTP_PATCH, "/api/session", "{\"old_password\":\"correct horse\",\"new_password\":\"twelve chairs\"}");
    need(a, 200, "password");
    struct client renewed = client_of(a);
    need(ask(&g, &owner, HTTP_GET, "/api/session", NULL), 401, "the old cookie");
    need(ask(&g, &other, HTTP_GET, "/api/session", NULL), 401, "other sign-ins");
    need(ask(&g, &renewed, HTTP_PATCH, "/api/session", "{\"theme\":\"light\"}"), 200, "the new one");
    need(try_sign_in(&g, "owner", "correct horse", NULL), 401, "old password");
    need(try_sign_in(&g, "owner", "twelve chairs", NULL), 200, "new password");
    ground_done(&g);
}

static void the_last_owner_stays_and_nobody_gives_more_than_he_has(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    struct answer me    = ask(&g, &owner, HTTP_GET, "/api/session", NULL);
    char *self = str_zero(&g.a, str_print(&g.a, "/api/users/%.*s", STR_ARG(text_at(me, "user.id"))));
    need(ask(&g, &owner, HTTP_PATCH, self, "{\"name\":\"A\"}"), 428, "without a version");
    owner.version = 9;
    struct answer a = ask(&g, &owner, HTTP_PATCH, self, "{\"name\":\"A\"}");
    need(a, 412, "an old version");
    assert_true(str_is(text_at(a, "current.login"), "owner"));
    owner.version = 1;
    need(ask(&g, &owner, HTTP_PATCH, self, "{\"roles\":[\"manager\"]}"), 409, "the last owner");
    need(ask(&g, &owner, HTTP_PATCH, self, "{\"state\":\"blocked\"}"), 409, "the last owner");
    struct client second = hire(&g, &owner, "second", "\"owner\",\"picker\"");
    need(ask(&g, &owner, HTTP_PATCH, self, "{\"roles\":[\"manager\"]}"), 200, "another is there");
    need(ask(&g, &owner, HTTP_GET, "/api/users", NULL), 403, "a manager, at once");

    /* A key with the right over people cannot make an owner, nor touch one. */
    a = ask(&g, &second, HTTP_POST, "/api/keys", "{\"name\":\"hr\",\"scopes\":[\"users\",\"orders.see\"]}");
    need(a, 201, "key");
    struct client key = { .key = text_at(a, "secret"), .version = 2 };
    assert_true(str_starts(key.key, STR("sk_")) && key.key.len == 46);
    need(ask(&g, &key, HTTP_POST, "/api/users", "{\"name\":\"x\",\"login\":\"xx\",\"roles\":[\"owner\"],\"password\":\"battery staple\"}"), 403, "up");
    need(ask(&g, &key, HTTP_PATCH, self, "{\"name\":\"x\"}"), 403, "a manager has more than the key");
    need(ask(&g, &key, HTTP_POST, "/api/keys", "{\"name\":\"x\",\"scopes\":[\"settings\"]}"), 403, "more scopes");

    a = ask(&g, &second, HTTP_POST, "/api/users", "{\"name\":\"\",\"login\":\"a\",\"roles\":[\"king\",3],\"accounts\":[\"x\"],\"password\":5,\"version\":1}");
    need(a, 422, "all at once");
    assert_true(has_error(a, "name") && has_error(a, "roles") && has_error(a, "accounts") && has_error(a, "password") &&
                has_error(a, "version"));
    need(ask(&g, &second, HTTP_POST, "/api/users", "{\"name\":\"x\",\"login\":\"SECOND\",\"roles\":[\"picker\"],\"password\":\"battery staple\"}"),
         409, "a login that is taken");
    ground_done(&g);
}

static void a_role_opens_its_routes_and_no_others(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    struct client people[7];                                  /* the last one is nobody */
    static const char *const roles[] = { "manager", "picker", "accountant", "marketer", "support" };
    people[0] = owner;
    people[6] = (struct client){ .peer = STR("192.0.2.9") };
    for (int i = 0; i < COUNT_OF(roles); i++)
        people[i + 1] = hire(&g, &owner, roles[i], str_zero(&g.a, str_print(&g.a, "\"%s\"", roles[i])));
    static const struct { const char *path; int status[7]; } cases[] = {
        { "/api/users", { 200, 403, 403, 403, 403, 403, 401 } },    { "/api/keys", { 200, 403, 403, 403, 403, 403, 401 } },
        { "/api/audit", { 200, 403, 403, 403, 403, 403, 401 } },    { "/api/policies", { 200, 403, 403, 403, 403, 403, 401 } },
        { "/api/calendars", { 200, 403, 403, 403, 403, 403, 401 } }, { "/api/settings", { 200, 403, 403, 403, 403, 403, 401 } },
        { "/api/session", { 200, 200, 200, 200, 200, 200, 401 } },  { "/api/setup", { 200, 200, 200, 200, 200, 200, 200 } },
    };
    for (int i = 0; i < COUNT_OF(cases); i++)
        for (int p = 0; p < COUNT_OF(people); p++)
            need(ask(&g, &people[p], HTTP_GET, cases[i].path, NULL), cases[i].status[p], cases[i].path);
    ground_done(&g);
}

static void a_key_is_shown_once_and_ends_when_revoked(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    need(ask(&g, &owner, HTTP_POST, "/api/keys", "{\"name\":\"x\",\"scopes\":[]}"), 422, "no scope");
    need(ask(&g, &owner, HTTP_POST, "/api/keys", "{\"name\":\"x\",\"scopes\":[\"everything\"]}"), 422, "no such scope");
    struct answer a = ask(&g, &owner, HTTP_POST, "/api/keys", "{\"name\":\"robot\",\"scopes\":[\"users\",\"audit\"],\"accounts\":[\"12\",\"5\",\"12\"]}");
    need(a, 201, "key");
    struct client key = { .key = text_at(a, "secret") };
    str id = text_at(a, "id");
    assert_true(str_is(text_at(a, "accounts.0"), "5") && json_get(a.json, "accounts")->count == 2);
    need(ask(&g, &key, HTTP_GET, "/api/users", NULL), 200, "in scope");
    need(ask(&g, &key, HTTP_GET, "/api/settings", NULL), 403, "out of scope");
    need(ask(&g, &key, HTTP_PATCH, "/api/session", "{}"), 403, "no session");
    need(ask(&g, &key, HTTP_POST, "/api/users", "{\"name\":\"x\",\"login\":\"xx\",\"roles\":[],\"password\":\"battery staple\"}"), 403,
         "outside of the key's accounts");
    g.now = instant_add(g.now, 2 * MINUTE_MS);
    need(ask(&g, &key, HTTP_GET, "/api/users", NULL), 200, "later");
    a = ask(&g, &owner, HTTP_GET, "/api/keys", NULL);
    assert_true(str_eq(text_at(a, "items.0.last_used_at"), instant_text(&g.a, g.now)) && !str_has(a.body, key.key) &&
                !str_has(a.body, STR("secret")));
    str path = str_print(&g.a, "/api/keys/%.*s", STR_ARG(id));
    need(ask(&g, &owner, HTTP_DELETE, str_zero(&g.a, path), NULL), 204, "revoke");
    need(ask(&g, &key, HTTP_GET, "/api/users", NULL), 401, "revoked");
    need(ask(&g, &owner, HTTP_DELETE, str_zero(&g.a, path), NULL), 404, "twice");

    static const char *const bad[] = { "", "sk_", "sk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Basic", "sk_\xff" };
    for (int i = 0; i < COUNT_OF(bad); i++)
        need(ask(&g, &(struct client){ .key = bad[i][0] ? str_of(bad[i]) : STR(" ") }, HTTP_GET, "/api/users", NULL), 401, bad[i]);
    ground_done(&g);
}

static void a_repeated_request_gets_its_first_answer(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    owner.once = STR("one");
    const char *body = "{\"name\":\"Burning\",\"query\":\"zone=red\"}";
    struct answer a = ask(&g, &owner, HTTP_POST, "/api/views", body), b = ask(&g, &owner, HTTP_POST, "/api/views", body);
    need(a, 201, "made");
    need(b, 201, "repeated");
    assert_true(str_eq(a.body, b.body));
    need(ask(&g, &owner, HTTP_POST, "/api/views", "{\"name\":\"Other\",\"query\":\"zone=red\"}"), 422, "another request");
    struct client second = hire(&g, &(struct client){ .cookie = owner.cookie, .csrf = owner.csrf }, "second", "\"manager\"");
    second.once = STR("one");
    need(ask(&g, &second, HTTP_POST, "/api/views", body), 201, "somebody else's key");
    g.now = instant_add(g.now, DAY_MS);
    b = ask(&g, &owner, HTTP_POST, "/api/views", body);
    assert_false(str_eq(a.body, b.body));                     /* forgotten after a day */
    b = ask(&g, &owner, HTTP_POST, "/api/views", body);
    need(b, 201, "the newer one is kept");

    struct view_list list = { 0 };
    struct err       err  = { 0 };
    rid              me;
    assert_true(id_parse(text_at(a, "owner_id"), &me));
    assert_true(views_list(g.db, me, STR("orders"), &g.a, &list, &err) && list.count == 2);
    ground_done(&g);
}

/* One of several browsers that send the same request at the same moment. */
struct sender { struct ground g; struct client client; pthread_barrier_t *start; const char *body; struct answer got; };

static void *send_once(void *ctx)
{
    struct sender *s = ctx;
    pthread_barrier_wait(s->start);
    s->got = ask(&s->g, &s->client, HTTP_POST, "/api/views", s->body);
    return NULL;
}

static void equal_keys_at_the_same_moment_act_once(void **state)
{
    enum { SENDERS = 6, ROUNDS = 10 };
    struct ground g;
    ground_init(&g, state);
    struct client owner  = first_run(&g);
    static struct sender s[SENDERS];
    for (int round = 0; round < ROUNDS; round++) {
        pthread_t         threads[SENDERS];
        pthread_barrier_t start;
        assert_int_equal(pthread_barrier_init(&start, NULL, SENDERS), 0);
        owner.once = str_print(&g.home, "round-%d", round);
        for (int i = 0; i < SENDERS; i++) {
            s[i] = (struct sender){ .g = g, .client = owner, .start = &start,
                                    .body = i == SENDERS - 1 ? "{\"name\":\"Other\",\"query\":\"q=y\"}" : "{\"name\":\"Same\",\"query\":\"q=x\"}" };
            s[i].g.a        = (struct arena){ 0 };
            s[i].g.db       = db_borrow(g.pool);
            s[i].g.ids      = (struct id_source){ .last = g.ids.last + (round + 1) * 100000, .node = (unsigned)i + 1 };
            assert_int_equal(pthread_create(&threads[i], NULL, send_once, &s[i]), 0);
        }
        for (int i = 0; i < SENDERS; i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        int made = 0;
        str first = { 0 };
        for (int i = 0; i < SENDERS; i++) {
            bool is_made = s[i].got.status == 201;
            if (!is_made && s[i].got.status != 422)
                fail_msg("%d: %.*s", s[i].got.status, STR_ARG(s[i].got.body));
            if (is_made && !made++)
                first = s[i].got.body;
            assert_true(!is_made || str_eq(s[i].got.body, first));
        }
        assert_true(made == 1 || made == SENDERS - 1);        /* whichever of the two requests was first holds the key */
        for (int i = 0; i < SENDERS; i++) {
            db_return(g.pool, s[i].g.db);
            arena_done(&s[i].g.a);
        }
        pthread_barrier_destroy(&start);
    }
    static const struct sql count = { "test.views", "SELECT COUNT(*) FROM views", NULL };
    struct stmt st = db_query(g.db, &count);
    assert_true(db_row(&st));
    assert_int_equal(col_int(&st, 0), ROUNDS);
    stmt_done(&st);
    ground_done(&g);
}

static void a_view_is_changed_by_its_owner(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g), bek = hire(&g, &owner, "bek", "\"manager\""), ann = hire(&g, &owner, "ann", "\"picker\"");
    struct answer a = ask(&g, &bek, HTTP_POST, "/api/views", "{\"name\":\"Mine\",\"query\":\"status=new\",\"shared\":true,\"position\":3}");
    need(a, 201, "made");
    assert_true(json_true(json_get(a.json, "mine")) && json_is_null(json_get(a.json, "key")));
    char *path = str_zero(&g.a, str_print(&g.a, "/api/views/%.*s", STR_ARG(text_at(a, "id"))));
    bek.version = ann.version = 1;
    need(ask(&g, &ann, HTTP_PATCH, path, "{\"name\":\"Hers\"}"), 404, "not hers");
    need(ask(&g, &ann, HTTP_DELETE, path, NULL), 404, "not hers");
    need(ask(&g, &bek, HTTP_PATCH, path, "{\"name\":\"\",\"position\":-1}"), 422, "wrong");
    a = ask(&g, &bek, HTTP_PATCH, path, "{\"name\":\"Ours\"}");
    need(a, 200, "changed");
    assert_true(str_is(text_at(a, "version"), "2") && str_is(text_at(a, "query"), "status=new"));
    need(ask(&g, &bek, HTTP_PATCH, path, "{\"name\":\"Ours\"}"), 412, "an old version");
    need(ask(&g, &owner, HTTP_DELETE, path, NULL), 204, "the shop's owner may");
    need(ask(&g, &bek, HTTP_DELETE, path, NULL), 404, "gone");
    for (int i = 0; i < 50; i++)
        need(ask(&g, &bek, HTTP_POST, "/api/views", "{\"name\":\"n\",\"query\":\"q=x\"}"), 201, "fifty");
    assert_int_not_equal(ask(&g, &bek, HTTP_POST, "/api/views", "{\"name\":\"n\",\"query\":\"q=x\"}").status, 201);
    ground_done(&g);
}

static void every_change_is_in_the_log_without_secrets(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    hire(&g, &owner, "bek", "\"manager\"");
    struct answer key = ask(&g, &owner, HTTP_POST, "/api/keys", "{\"name\":\"robot\",\"scopes\":[\"audit\"]}");
    g.now = instant_add(g.now, HOUR_MS);
    owner.version = 1;
    need(ask(&g, &owner, HTTP_PATCH, "/api/settings", "{\"shop_name\":\"Карапуз и Ко\"}"), 200, "settings");
    owner.version = 0;
    struct answer a = ask(&g, &owner, HTTP_GET, "/api/audit", NULL);
    need(a, 200, "log");
    static const char *const actions[] = { "settings.edit", "key.create", "session.sign_in", "user.create", "shop.create", "user.create" };
    assert_int_equal(json_get(a.json, "items")->count, COUNT_OF(actions));
    for (int i = 0; i < COUNT_OF(actions); i++)
        assert_true(str_is(json_str(json_get(json_at(json_get(a.json, "items"), i), "action")), actions[i]));
    assert_true(str_is(text_at(a, "items.0.before.shop_name"), "Карапуз") && str_is(text_at(a, "items.0.after.shop_name"), "Карапуз и Ко"));
    assert_true(str_is(text_at(a, "items.0.actor_name"), "Айгуль") && str_is(text_at(a, "items.0.address"), "192.0.2.1"));
    static const char *const secrets[] = { "argon2", "password", "correct horse", "battery", "digest", "csrf" };
    for (int i = 0; i < COUNT_OF(secrets); i++)
        assert_false(str_has(a.body, str_of(secrets[i])));
    assert_false(str_has(a.body, text_at(key, "secret")));

    a = ask(&g, &owner, HTTP_GET, "/api/audit?from=2026-12-16T04%3A30%3A00Z&limit=10", NULL);
    assert_int_equal(json_get(a.json, "items")->count, 1);
    a = ask(&g, &owner, HTTP_GET, "/api/audit?entity=user&to=2026-12-16T04:30:00Z&limit=2", NULL);
    assert_int_equal(json_get(a.json, "items")->count, 2);
    a = ask(&g, &owner, HTTP_GET, str_zero(&g.a, str_print(&g.a, "/api/audit?entity=user&limit=2&after=%.*s", STR_ARG(text_at(a, "next")))), NULL);
    assert_int_equal(json_get(a.json, "items")->count, 1);
    need(ask(&g, &owner, HTTP_GET, "/api/audit?colour=red", NULL), 400, "unknown filter");
    assert_string_equal(str_zero(&g.a, audit_mask(&g.a, STR("+77011234567"))), "+7•••67");
    assert_string_equal(str_zero(&g.a, audit_mask(&g.a, STR("Жанна Жук"))), "Жа•••ук");
    assert_string_equal(str_zero(&g.a, audit_mask(&g.a, STR("a@b.c"))), "•••");
    ground_done(&g);
}

static bool forget_tx(struct db *db, void *ctx, struct err *err) { return accounts_forget(db, *(instant *)ctx, err); }

static void what_is_over_is_forgotten(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    owner.once = STR("k");
    need(ask(&g, &owner, HTTP_POST, "/api/views", "{\"name\":\"n\",\"query\":\"q=x\"}"), 201, "view");
    need(try_sign_in(&g, "owner", "wrong password", NULL), 401, "wrong");
    instant later = instant_add(g.now, 31 * DAY_MS);
    assert_true(db_tx(g.db, forget_tx, &later, &g.err));
    static const struct sql counts[] = {
        { "test.a", "SELECT COUNT(*) FROM sessions", NULL }, { "test.b", "SELECT COUNT(*) FROM login_throttle", NULL },
        { "test.c", "SELECT COUNT(*) FROM idempotency_keys", NULL },
    };
    for (int i = 0; i < COUNT_OF(counts); i++) {
        CLEANUP(stmt_done) struct stmt st = db_query(g.db, &counts[i]);
        assert_true(db_row(&st) && col_int(&st, 0) == 0);
    }
    ground_done(&g);
}

static void strange_bodies_are_refused_in_order(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    static const struct { enum http_method method; const char *path, *body; int status; } cases[] = {
        { HTTP_POST, "/api/session", "", 422 },
        { HTTP_POST, "/api/session", "{\"login\":\"a\"", 400 },
        { HTTP_POST, "/api/session", "[]", 422 },
        { HTTP_POST, "/api/session", "{\"login\":[],\"password\":{}}", 422 },
        { HTTP_POST, "/api/session", "{\"login\":\"\\u0001\",\"password\":\"x\"}", 401 },
        { HTTP_POST, "/api/users", "{\"roles\":{},\"accounts\":7,\"password\":null}", 422 },
        { HTTP_POST, "/api/keys", "{\"name\":null,\"scopes\":null}", 422 },
        { HTTP_POST, "/api/views", "{\"name\":\"x\",\"query\":\"y\",\"shared\":\"yes\"}", 422 },
        { HTTP_PATCH, "/api/session", "{\"old_password\":null,\"new_password\":[]}", 422 },
        { HTTP_DELETE, "/api/keys/99999999999999999999", NULL, 404 },
        { HTTP_DELETE, "/api/keys/7", NULL, 404 },
    };
    for (int i = 0; i < COUNT_OF(cases); i++)
        need(ask(&g, &owner, cases[i].method, cases[i].path, cases[i].body), cases[i].status, cases[i].body ? cases[i].body : cases[i].path);
    ground_done(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_shop_has_its_owner_and_rules_and_no_second_one),
        cmocka_unit_test(a_wrong_login_cannot_be_told_from_a_wrong_password),
        cmocka_unit_test(guessing_waits_longer_each_time),
        cmocka_unit_test(an_address_that_guesses_many_logins_waits_too),
        cmocka_unit_test(a_session_belongs_to_one_browser_and_its_cookie_is_ours),
        cmocka_unit_test(a_session_lasts_thirty_days_from_when_it_was_seen),
        cmocka_unit_test(who_asks_is_remembered_for_some_seconds),
        cmocka_unit_test(a_person_changes_the_own_screens_and_password),
        cmocka_unit_test(the_last_owner_stays_and_nobody_gives_more_than_he_has),
        cmocka_unit_test(a_role_opens_its_routes_and_no_others),
        cmocka_unit_test(a_key_is_shown_once_and_ends_when_revoked),
        cmocka_unit_test(a_repeated_request_gets_its_first_answer),
        cmocka_unit_test(equal_keys_at_the_same_moment_act_once),
        cmocka_unit_test(a_view_is_changed_by_its_owner),
        cmocka_unit_test(every_change_is_in_the_log_without_secrets),
        cmocka_unit_test(what_is_over_is_forgotten),
        cmocka_unit_test(strange_bodies_are_refused_in_order),
    };
    return test_shops(tests, COUNT_OF(tests));
}
