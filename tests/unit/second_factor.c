/* A second factor, from taking it to losing the telephone, as browsers meet it, on both stores. */
#include "unit/people_ground.h"

#include "accounts/audit.h"
#include "accounts/factor_flow.h"
#include "base/totp.h"

#define PASSWORD "correct horse"
#define VIEW "{\"name\":\"Red\",\"query\":\"zone=red\"}"

static str id_of(struct ground *g, const struct client *c)
{
    return text_at(ask(g, c, HTTP_GET, "/api/session", NULL), "user.id");
}

/* What the app of this person shows at this moment. */
static str code_now(struct ground *g, str user)
{
    struct factor f = { 0 };
    bool          found = false;
    rid           id = { 0 };
    str           secret = { 0 };
    if (!id_parse(user, &id) || !factor_load(g->db, id, &g->a, &f, &found, &g->err) || !found ||
        !secret_open(&g->a, &g->key, f.sealed, factor_seal_context(&g->a, id), &secret, &g->err))
        fail_msg("no second factor: %s", g->err.item[0].text);
    return str_print(&g->a, "%06u", totp_code(secret, totp_step(g->now), TOTP_DIGITS));
}

static char *text(struct ground *g, const char *fmt, str value) { return str_zero(&g->a, str_print(&g->a, fmt, STR_ARG(value))); }

static struct answer enter(struct ground *g, const char *login, const char *password, str code)
{
    struct client at = { .peer = STR("192.0.2.77") };
    return ask(g, &at, HTTP_POST, "/api/session",
               str_zero(&g->a, str_print(&g->a, "{\"login\":\"%s\",\"password\":\"%s\",\"code\":\"%.*s\"}", login, password, STR_ARG(code))));
}

/* Takes a second factor; the client goes on with the new session. Recovery codes are in the answer. */
static struct answer take(struct ground *g, struct client *c, const char *password)
{
    need(ask(g, c, HTTP_POST, "/api/session/second-factor", text(g, "{\"password\":\"%.*s\"}", str_of(password))), 200, "enrol");
    struct answer a = ask(g, c, HTTP_POST, "/api/session/second-factor/confirm", text(g, "{\"code\":\"%.*s\"}", code_now(g, id_of(g, c))));
    need(a, 200, "confirm");
    *c = (struct client){ .cookie = cookie_token(a), .csrf = text_at(a, "csrf") };
    return a;
}

static void later(struct ground *g) { g->now = instant_add(g->now, TOTP_STEP_S * 1000); }

static int64_t rows(struct ground *g, const char *sql)
{
    CLEANUP(stmt_done) struct stmt st = db_query_text(g->db, "test.rows", str_of(sql));
    return db_row(&st) ? col_int(&st, 0) : -1;
}

static void a_code_is_asked_for_after_the_right_password_only(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g), other = sign_in(&g, "owner", PASSWORD);
    struct answer a     = ask(&g, &owner, HTTP_POST, "/api/session/second-factor", "{\"password\":\"wrong\"}");
    need(a, 422, "wrong password");
    assert_true(has_error(a, "password"));
    a = ask(&g, &owner, HTTP_POST, "/api/session/second-factor", "{\"password\":\"" PASSWORD "\"}");
    need(a, 200, "enrol");
    assert_true(str_starts(text_at(a, "address"), STR("otpauth://totp/Sauda:owner?secret=")) && text_at(a, "secret").len == 32 &&
                str_starts(text_at(a, "picture"), STR("M0 0h7")));
    assert_false(str_has(a.body, STR("sealed")));

    /* Until a code came the password is enough. */
    need(try_sign_in(&g, "owner", PASSWORD, NULL), 200, "not yet");
    need(ask(&g, &owner, HTTP_POST, "/api/session/second-factor/confirm", "{\"code\":\"000000\"}"), 401, "a guess");
    a = take(&g, &owner, PASSWORD);
    assert_int_equal(json_get(a.json, "recovery")->count, RECOVERY_CODES);
    need(ask(&g, &other, HTTP_GET, "/api/session", NULL), 401, "other sign-ins have ended");
    assert_true(str_is(text_at(ask(&g, &owner, HTTP_GET, "/api/session", NULL), "user.second_factor"), "on"));
    need(ask(&g, &owner, HTTP_POST, "/api/session/second-factor", "{\"password\":\"" PASSWORD "\"}"), 409, "twice");

    later(&g);
    a = try_sign_in(&g, "owner", PASSWORD, NULL);
    need(a, 401, "a code is needed");
    assert_true(str_is(text_at(a, "code"), "second_factor") && !a.cookie_line.len);
    a = try_sign_in(&g, "owner", "wrong horse", NULL);
    assert_true(str_is(text_at(a, "code"), "credentials"));
    str code = code_now(&g, id_of(&g, &owner));
    assert_true(str_is(text_at(enter(&g, "owner", "wrong horse", code), "code"), "credentials"));
    need(enter(&g, "owner", PASSWORD, code), 200, "password and code");
    ground_done(&g);
}

static void a_code_is_taken_once(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    struct answer codes = take(&g, &owner, PASSWORD);
    str me = id_of(&g, &owner), used = code_now(&g, me), first = text_at(codes, "recovery.0");
    assert_true(str_is(text_at(enter(&g, "owner", PASSWORD, used), "code"), "second_factor.wrong"));   /* it was used to confirm */
    later(&g);
    str code = code_now(&g, me);
    need(enter(&g, "owner", PASSWORD, code), 200, "fresh");
    assert_true(str_is(text_at(enter(&g, "owner", PASSWORD, code), "code"), "second_factor.wrong"));
    assert_true(str_is(text_at(enter(&g, "owner", PASSWORD, used), "code"), "second_factor.wrong"));   /* older than the newest */

    assert_int_equal(rows(&g, text(&g, "SELECT COUNT(*) FROM recovery_codes WHERE digest LIKE '%%%.*s%%'", first)), 0);
    need(enter(&g, "owner", PASSWORD, first), 200, "a recovery code");
    assert_true(str_is(text_at(enter(&g, "owner", PASSWORD, first), "code"), "second_factor.wrong"));
    struct answer a = ask(&g, &owner, HTTP_GET, "/api/session/second-factor", NULL);
    assert_true(str_is(text_at(a, "recovery_left"), "9") && text_at(a, "since").len);
    ground_done(&g);
}

static void codes_cannot_be_guessed_by_who_knows_the_password(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    take(&g, &owner, PASSWORD);
    later(&g);
    for (int i = 0; i < 5; i++) {
        assert_true(str_is(text_at(enter(&g, "owner", PASSWORD, STR("000000")), "code"), "second_factor.wrong"));
        need(try_sign_in(&g, "owner", PASSWORD, NULL), 401, "a right password sets nothing back");
    }
    struct answer a = enter(&g, "owner", PASSWORD, code_now(&g, id_of(&g, &owner)));
    need(a, 429, "even with the right code");
    assert_int_equal(a.retry_after, 1);
    g.now = instant_add(g.now, 2 * SECOND_MS);
    need(enter(&g, "owner", PASSWORD, code_now(&g, id_of(&g, &owner))), 200, "after the wait");
    assert_true(rows(&g, "SELECT COUNT(*) FROM audit_entries WHERE action = 'session.refused'") == 5);
    assert_int_equal(rows(&g, "SELECT COUNT(*) FROM audit_entries WHERE action = 'session.throttled'"), 1);
    ground_done(&g);
}

static void giving_it_back_and_new_codes_need_password_and_code(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    struct answer old = take(&g, &owner, PASSWORD);
    str me = id_of(&g, &owner), recovery = text_at(old, "recovery.3");
    later(&g);
    need(ask(&g, &owner, HTTP_POST, "/api/session/second-factor/off", "{\"password\":\"" PASSWORD "\"}"), 422, "no code");
    need(ask(&g, &owner, HTTP_POST, "/api/session/second-factor/off", "{\"password\":\"" PASSWORD "\",\"code\":\"000000\"}"), 401, "a wrong code");
    need(ask(&g, &owner, HTTP_POST, "/api/session/second-factor/off", text(&g, "{\"password\":\"wrong horse\",\"code\":\"%.*s\"}", code_now(&g, me))),
         422, "a wrong password");
    struct answer a = ask(&g, &owner, HTTP_POST, "/api/session/second-factor/codes",
                          text(&g, "{\"password\":\"" PASSWORD "\",\"code\":\"%.*s\"}", code_now(&g, me)));
    need(a, 200, "new codes");
    assert_int_equal(json_get(a.json, "recovery")->count, RECOVERY_CODES);
    assert_true(str_is(text_at(enter(&g, "owner", PASSWORD, recovery), "code"), "second_factor.wrong"));   /* an old one */
    need(ask(&g, &owner, HTTP_POST, "/api/session/second-factor/off",
             text(&g, "{\"password\":\"" PASSWORD "\",\"code\":\"%.*s\"}", text_at(a, "recovery.9"))), 204, "off");
    need(try_sign_in(&g, "owner", PASSWORD, NULL), 200, "the password alone");
    assert_int_equal(rows(&g, "SELECT COUNT(*) FROM second_factors") + rows(&g, "SELECT COUNT(*) FROM recovery_codes"), 0);
    ground_done(&g);
}

static void who_lost_the_telephone_is_helped_by_those_over_people(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g), bek = hire(&g, &owner, "bek", "\"manager\"");
    str path = str_print(&g.a, "/api/users/%.*s/second-factor/reset", STR_ARG(id_of(&g, &bek)));
    take(&g, &bek, "battery staple");
    assert_true(text_at(ask(&g, &owner, HTTP_GET, "/api/users", NULL), "items.1.second_factor_at").len ||
                text_at(ask(&g, &owner, HTTP_GET, "/api/users", NULL), "items.0.second_factor_at").len);
    need(ask(&g, &bek, HTTP_POST, str_zero(&g.a, path), NULL), 403, "not by oneself");
    need(ask(&g, &owner, HTTP_POST, str_zero(&g.a, path), NULL), 204, "by the owner");
    need(ask(&g, &bek, HTTP_GET, "/api/session", NULL), 401, "signed out");
    need(try_sign_in(&g, "bek", "battery staple", NULL), 200, "the password alone");
    need(ask(&g, &owner, HTTP_POST, str_zero(&g.a, path), NULL), 409, "nothing left to take");

    /* A key over people cannot take it from somebody who has more rights than itself. */
    take(&g, &owner, PASSWORD);
    struct answer a = ask(&g, &owner, HTTP_POST, "/api/keys", "{\"name\":\"hr\",\"scopes\":[\"users\"]}");
    struct client key = { .key = text_at(a, "secret") };
    path = str_print(&g.a, "/api/users/%.*s/second-factor/reset", STR_ARG(id_of(&g, &owner)));
    need(ask(&g, &key, HTTP_POST, str_zero(&g.a, path), NULL), 403, "above itself");
    need(ask(&g, &key, HTTP_POST, "/api/session/second-factor", "{\"password\":\"x\"}"), 403, "keys have none");
    ground_done(&g);
}

static void a_role_that_must_have_one_is_let_in_to_set_it_up_alone(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g), bek = hire(&g, &owner, "bek", "\"manager\""), ann = hire(&g, &owner, "ann", "\"picker\"");
    need(ask(&g, &bek, HTTP_PUT, "/api/second-factor/roles", "{\"roles\":[]}"), 403, "not by a manager");
    need(ask(&g, &owner, HTTP_PUT, "/api/second-factor/roles", "{\"roles\":[\"king\"]}"), 422, "no such role");
    need(ask(&g, &owner, HTTP_PUT, "/api/second-factor/roles", "{\"own_roles\":[\"5\"]}"), 422, "no such own role");
    struct answer a = ask(&g, &owner, HTTP_PUT, "/api/second-factor/roles", "{\"roles\":[\"manager\"]}");
    need(a, 200, "demanded");
    assert_true(str_is(text_at(a, "roles.0"), "manager"));

    a = ask(&g, &bek, HTTP_GET, "/api/session", NULL);        /* who is signed in is bound at once */
    need(a, 200, "the session stays");
    assert_true(str_is(text_at(a, "user.second_factor"), "due"));
    a = ask(&g, &bek, HTTP_POST, "/api/views", VIEW);
    need(a, 403, "everything else is shut");
    assert_true(str_is(text_at(a, "code"), "second_factor.due"));
    need(ask(&g, &ann, HTTP_POST, "/api/views", VIEW), 201, "another role");
    need(try_sign_in(&g, "bek", "battery staple", NULL), 200, "let in");
    a = try_sign_in(&g, "bek", "battery staple", NULL);
    assert_true(str_is(text_at(a, "user.second_factor"), "due"));
    take(&g, &bek, "battery staple");
    need(ask(&g, &bek, HTTP_POST, "/api/views", VIEW), 201, "open");
    later(&g);
    str code = code_now(&g, id_of(&g, &bek));
    need(ask(&g, &bek, HTTP_POST, "/api/session/second-factor/off", text(&g, "{\"password\":\"battery staple\",\"code\":\"%.*s\"}", code)), 204, "given back");
    need(ask(&g, &bek, HTTP_POST, "/api/views", VIEW), 403, "shut again");

    a = ask(&g, &owner, HTTP_POST, "/api/roles", "{\"name\":\"desk\",\"permissions\":[\"orders.see\"]}");
    need(a, 201, "own role");
    need(ask(&g, &owner, HTTP_PUT, "/api/second-factor/roles", text(&g, "{\"own_roles\":[\"%.*s\"]}", text_at(a, "id"))), 200, "of an own role");
    need(ask(&g, &bek, HTTP_POST, "/api/views", VIEW), 201, "managers are free");
    ground_done(&g);
}

static void every_step_is_in_the_log_of_changes(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g);
    str me = id_of(&g, &owner);
    need(try_sign_in(&g, "owner", "wrong horse", NULL), 401, "wrong");
    need(try_sign_in(&g, "nobody@shop.kz", "wrong horse", NULL), 401, "nobody");
    struct answer codes = take(&g, &owner, PASSWORD);
    need(enter(&g, "owner", PASSWORD, text_at(codes, "recovery.1")), 200, "recovery");
    need(ask(&g, &owner, HTTP_PUT, "/api/second-factor/roles", "{\"roles\":[\"owner\"]}"), 200, "demand");
    later(&g);
    need(ask(&g, &owner, HTTP_POST, "/api/sessions/end-others", NULL), 200, "end others");
    need(ask(&g, &owner, HTTP_POST, "/api/session/second-factor/off", text(&g, "{\"password\":\"" PASSWORD "\",\"code\":\"%.*s\"}", code_now(&g, me))), 204, "off");
    static const char *const actions[] = { "session.refused", "user.factor_on", "user.recovery_used", "settings.factor_demand", "user.factor_off",
                                           "session.sign_in", "session.end_others" };
    for (int i = 0; i < COUNT_OF(actions); i++)
        if (rows(&g, text(&g, "SELECT COUNT(*) FROM audit_entries WHERE action = '%.*s'", str_of(actions[i]))) < 1)
            fail_msg("%s is not in the log", actions[i]);
    assert_int_equal(rows(&g, "SELECT COUNT(*) FROM audit_entries WHERE after_json LIKE '%nobody@%'"), 0);      /* masked */
    assert_int_equal(rows(&g, "SELECT COUNT(*) FROM audit_entries WHERE action = 'session.refused' AND after_json LIKE '%no•••kz%'"), 1);
    assert_int_equal(rows(&g, "SELECT COUNT(*) FROM audit_entries WHERE before_json LIKE '%horse%' OR after_json LIKE '%horse%'"), 0);
    ground_done(&g);
}

static void who_waits_is_written_once_an_hour(void **state)
{
    struct ground g;
    ground_init(&g, state);
    first_run(&g);
    for (int i = 0; i < 40; i++)
        (void)try_sign_in(&g, "somebody", "wrong horse", NULL);
    assert_int_equal(rows(&g, "SELECT COUNT(*) FROM audit_entries WHERE action = 'session.throttled'"), 1);
    assert_int_equal(rows(&g, "SELECT COUNT(*) FROM audit_entries WHERE action = 'session.refused'"), 5);
    ground_done(&g);
}

static void ending_all_other_sign_ins_leaves_this_one(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct client owner = first_run(&g), other = sign_in(&g, "owner", PASSWORD), third = sign_in(&g, "owner", PASSWORD);
    struct client bek = hire(&g, &owner, "bek", "\"manager\"");
    struct answer a = ask(&g, &owner, HTTP_POST, "/api/sessions/end-others", NULL);
    need(a, 200, "ended");
    assert_true(str_is(text_at(a, "ended"), "2"));
    need(ask(&g, &owner, HTTP_GET, "/api/session", NULL), 200, "this one");
    need(ask(&g, &other, HTTP_GET, "/api/session", NULL), 401, "that one");
    need(ask(&g, &third, HTTP_GET, "/api/session", NULL), 401, "the third");
    need(ask(&g, &bek, HTTP_GET, "/api/session", NULL), 200, "somebody else's");
    ground_done(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_asked_for_after_the_right_password_only),
        cmocka_unit_test(a_code_is_taken_once),
        cmocka_unit_test(codes_cannot_be_guessed_by_who_knows_the_password),
        cmocka_unit_test(giving_it_back_and_new_codes_need_password_and_code),
        cmocka_unit_test(who_lost_the_telephone_is_helped_by_those_over_people),
        cmocka_unit_test(a_role_that_must_have_one_is_let_in_to_set_it_up_alone),
        cmocka_unit_test(every_step_is_in_the_log_of_changes),
        cmocka_unit_test(who_waits_is_written_once_an_hour),
        cmocka_unit_test(ending_all_other_sign_ins_leaves_this_one),
    };
    return test_shops(tests, COUNT_OF(tests));
}
