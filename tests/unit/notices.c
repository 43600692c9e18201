/* Telling people: the ladder against a played Telegram, mail relay and push service. On both stores, with the clock in hand. */
#include "support/told.h"

#include "accounts/session_flow.h"

static void the_ladder_climbs_from_who_has_the_order_to_the_owner_each_rung_once(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, NURLAN, 700);
    an_order(g, "E-1", AIGERIM);
    after(g, 10 * HOUR_MS);
    assert_int_equal(g->world.messages, 0);
    after(g, HOUR_MS);                                      /* half of the 24 hours */
    assert_true(str_is(g->world.chats, " 500"));
    assert_true(str_has(g->world.text, STR("Скоро срок: E-1")));
    assert_true(str_has(g->world.text, STR("подтвердить до")));
    assert_false(str_has(g->world.markup, STR("Мария")));
    after(g, 20 * MINUTE_MS);                               /* nobody did anything: the team, which is both of them */
    assert_true(str_is(g->world.chats, " 500 500 700"));
    assert_true(str_has(g->world.text, STR("Никто не взялся")));
    after(g, 9 * HOUR_MS + 40 * MINUTE_MS);                 /* two hours are left */
    assert_true(str_is(g->world.chats, " 500 500 700 500 700"));
    assert_true(str_has(g->world.text, STR("Горит: E-1")));
    after(g, 2 * HOUR_MS);
    assert_true(str_is(g->world.chats, " 500 500 700 500 700 700"));
    assert_true(str_has(g->world.text, STR("Просрочено: E-1")));
    after(g, 10 * HOUR_MS);
    assert_int_equal(g->world.messages, 6);
    ground_end(g);
}

static void what_was_missed_while_the_server_was_off_is_told_once_each(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, NURLAN, 700);
    an_order(g, "E-1", AIGERIM);
    after(g, 30 * HOUR_MS);
    after(g, 0);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notices WHERE type = 'order_yellow'"), 1);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notices WHERE type = 'order_red'"), 2);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notices WHERE type = 'order_breached'"), 1);
    assert_int_equal(g->world.messages, 4);
    ground_end(g);
}

static void who_acknowledges_stops_the_team_but_not_the_head(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, NURLAN, 700);
    an_order(g, "E-1", AIGERIM);
    after(g, 11 * HOUR_MS);
    assert_int_equal(g->world.messages, 1);
    str send = str_sub(g->world.markup, (size_t)str_find(g->world.markup, STR("a:")), 40);
    str rest = send;
    assert_true(str_split(&rest, '"', &send));
    g->world.updates = str_zero(&g->shop.arena, str_print(&g->shop.arena,
        "{\"ok\":true,\"result\":[{\"update_id\":5000,\"callback_query\":{\"id\":\"9\",\"from\":{\"id\":500},\"data\":\"%.*s\","
        "\"message\":{\"message_id\":31,\"chat\":{\"id\":500,\"type\":\"private\"}}}}]}", STR_ARG(send)));
    after(g, 5 * SECOND_MS);
    assert_true(str_has(g->world.answer, STR("Принято")));
    assert_int_equal(g->world.strips, 1);
    after(g, 5 * SECOND_MS);
    assert_int_equal(g->world.asked_from, 5001);
    after(g, 2 * HOUR_MS);
    assert_int_equal(g->world.messages, 1);
    after(g, 8 * HOUR_MS);
    assert_int_equal(g->world.messages, 3);
    ground_end(g);
}

static str confirm_button(struct ground *g)
{
    ptrdiff_t at = str_find(g->world.markup, STR("c:"));
    assert_true(at >= 0);
    str data = str_sub(g->world.markup, (size_t)at, 40), only;
    assert_true(str_split(&data, '"', &only));
    return str_copy(&g->shop.arena, only);
}

static void press_as(struct ground *g, int chat, str data, int update)
{
    g->world.updates = str_zero(&g->shop.arena, str_print(&g->shop.arena,
        "{\"ok\":true,\"result\":[{\"update_id\":%d,\"callback_query\":{\"id\":\"9\",\"data\":\"%.*s\","
        "\"message\":{\"message_id\":31,\"chat\":{\"id\":%d,\"type\":\"private\"}}}}]}", update, STR_ARG(data), chat));
    after(g, 5 * SECOND_MS);
}

static void an_order_is_confirmed_from_the_message_by_its_reader_alone(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, NURLAN, 700);
    an_order(g, "E-1", AIGERIM);
    after(g, 11 * HOUR_MS);
    str data = confirm_button(g);
    press_as(g, 700, data, 6000);                           /* another's button */
    press_as(g, 999, data, 6001);                           /* a stranger's chat */
    assert_int_equal(the_order(&g->shop, "E-1").status, HUB_NEW);
    assert_true(str_has(g->world.answer, STR("Не получилось")));
    press_as(g, 500, data, 6002);
    assert_int_equal(the_order(&g->shop, "E-1").status, HUB_CONFIRMED);
    assert_true(str_has(g->world.answer, STR("Подтверждено")));
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM outbox WHERE op = 'confirm'"), 1);
    press_as(g, 500, data, 6003);
    assert_true(str_has(g->world.answer, STR("Не получилось")));
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM outbox WHERE op = 'confirm'"), 1);
    ground_end(g);
}

static void where_nobody_can_be_reached_the_next_rung_is_told_at_once(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, NURLAN, 700);
    an_order(g, "E-1", AIGERIM);                            /* she has no way to be told, and is not at the screen */
    after(g, 11 * HOUR_MS);
    assert_true(str_is(g->world.chats, " 700"));
    assert_true(str_has(g->world.text, STR("Никто не взялся")));
    ground_end(g);
}

static void many_orders_at_once_are_one_message_and_later_ones_wait_five_minutes(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    for (int i = 0; i < 12; i++)
        an_order(g, str_zero(&g->shop.arena, str_print(&g->shop.arena, "E-%d", i)), AIGERIM);
    clock_advance(&g->clock, MINUTE_MS);
    test_shop_advance(&g->shop, MINUTE_MS);
    struct order_draft d = a_draft(&g->shop, "L-1");
    take_drafts(&g->shop, &d, 1, HUB_NEW, "1");
    rid late = the_order(&g->shop, "L-1").id;
    struct action_input  in = { 0 };
    struct action_result r  = { 0 };
    done(order_assign(&g->shop.work, &late, 1, (rid){ AIGERIM }, &in, &r, &g->shop.err));
    after(g, 11 * HOUR_MS - MINUTE_MS);
    assert_int_equal(g->world.messages, 1);
    assert_true(str_has(g->world.text, STR("Скоро срок: 12")));
    assert_true(str_has(g->world.text, STR("и ещё 2")));
    after(g, MINUTE_MS);                                    /* the late one */
    assert_int_equal(g->world.messages, 1);
    after(g, 5 * MINUTE_MS);
    assert_int_equal(g->world.messages, 2);
    assert_true(str_has(g->world.text, STR("Скоро срок: L-1")));
    ground_end(g);
}

static void an_order_that_is_done_meanwhile_is_told_no_more(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    choose(g, AIGERIM, "{\"quiet\":{\"from\":\"20:00\",\"to\":\"23:00\"}}");
    an_order(g, "E-1", AIGERIM);
    after(g, 11 * HOUR_MS);                                 /* 20:04 */
    assert_int_equal(g->world.messages, 0);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_sends WHERE state = 'waiting' AND type = 'order_yellow'"), 1);
    struct action_input  in = { .action = ACT_CONFIRM, .hold_s = 0 };
    struct action_result r  = { 0 };
    as(g, AIGERIM);
    done(order_do(&g->shop.work, the_order(&g->shop, "E-1").id, &in, &r, &g->shop.err));
    after(g, 3 * HOUR_MS);
    assert_false(str_has(g->world.text, STR("E-1")));
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_sends WHERE type LIKE 'order%' AND state <> 'dropped'"), 0);
    ground_end(g);
}

static void telegram_that_is_down_for_hours_loses_nothing_and_is_not_hammered(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    an_order(g, "E-1", AIGERIM);
    g->world.status = 502;
    g->world.reply  = "<html>";
    for (int i = 0; i < 14 * 60; i++)
        after(g, MINUTE_MS);
    assert_true(g->world.messages > 3 && g->world.messages < 60);
    g->world.status = 0;
    g->world.reply  = NULL;
    after(g, HOUR_MS);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_sends WHERE state = 'done'"), rows(g, "SELECT COUNT(*) FROM notice_sends"));
    ground_end(g);
}

static void a_relay_that_is_down_for_hours_loses_no_letter_and_sends_none_twice(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    struct notice_target t;
    str code;
    as(g, AIGERIM);
    done(target_begin(&g->shop.work, &g->key, MEDIUM_EMAIL, STR("a@karapuz.kz"), &t, &code, &g->shop.err));
    done(target_prove(&g->shop.work, t.id, code, &g->shop.err));
    an_order(g, "E-1", AIGERIM);
    g->world.relay_down = true;
    for (int i = 0; i < 15 * 60; i++)
        after(g, MINUTE_MS);
    int tries = g->world.letters;
    assert_true(tries > 3 && tries < 80);
    g->world.relay_down = false;
    after(g, HOUR_MS);
    after(g, HOUR_MS);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_sends WHERE state NOT IN ('done', 'dropped')"), 0);
    assert_int_equal(g->world.letters - tries, rows(g, "SELECT COUNT(*) FROM notice_sends WHERE state = 'done'"));
    assert_true(g->world.letters > tries);
    ground_end(g);
}

static void a_bot_that_is_told_to_wait_waits_and_one_that_is_blocked_is_given_up(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    an_order(g, "E-1", AIGERIM);
    g->world.status = 429;
    g->world.reply  = "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests\",\"parameters\":{\"retry_after\":31}}";
    after(g, 11 * HOUR_MS);
    assert_int_equal(g->world.messages, 1);
    after(g, 30 * SECOND_MS);
    assert_int_equal(g->world.messages, 1);
    g->world.status = 403;
    g->world.reply  = "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: bot was blocked by the user\"}";
    after(g, 2 * SECOND_MS);
    assert_int_equal(g->world.messages, 2);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_targets WHERE state = 'gone'"), 1);
    after(g, 20 * HOUR_MS);
    assert_int_equal(g->world.messages, 2);
    ground_end(g);
}

static void an_address_is_proved_by_the_code_of_its_letter(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    struct notice_target t;
    str code;
    as(g, AIGERIM);
    done(target_begin(&g->shop.work, &g->key, MEDIUM_EMAIL, STR(" Aigerim@Karapuz.kz "), &t, &code, &g->shop.err));
    done(tell_code(g->engine, &g->shop.work, STR("aigerim@karapuz.kz"), LANGUAGE_KK, code, &g->shop.err));
    assert_true(str_has(g->world.letter_subject, code));
    assert_true(str_is(t.label, "a•••@karapuz.kz"));
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_targets WHERE address LIKE '%karapuz%' OR address_key LIKE '%karapuz%'"), 0);

    str wrong = str_is(code, "111111") ? STR("222222") : STR("111111");
    assert_false(target_prove(&g->shop.work, t.id, wrong, &g->shop.err));
    assert_int_equal(g->shop.err.code, ERR_BODY_INVALID);
    err_clear(&g->shop.err);
    as(g, NURLAN);
    assert_false(target_prove(&g->shop.work, t.id, code, &g->shop.err));
    assert_int_equal(g->shop.err.code, ERR_NOT_FOUND);
    err_clear(&g->shop.err);
    as(g, AIGERIM);
    done(target_prove(&g->shop.work, t.id, code, &g->shop.err));
    done(target_test(&g->shop.work, t.id, &g->shop.err));
    after(g, 0);
    assert_int_equal(g->world.letters, 2);
    assert_true(str_is(g->world.letter_to, "aigerim@karapuz.kz"));
    assert_true(str_has(g->world.letter_subject, STR("Проверка")));
    ground_end(g);
}

static void a_code_may_be_guessed_five_times(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    struct notice_target t;
    str code;
    as(g, AIGERIM);
    done(target_begin(&g->shop.work, &g->key, MEDIUM_EMAIL, STR("a@b.kz"), &t, &code, &g->shop.err));
    for (int i = 0; i < 5; i++) {
        assert_false(target_prove(&g->shop.work, t.id, STR("x"), &g->shop.err));
        err_clear(&g->shop.err);
    }
    assert_false(target_prove(&g->shop.work, t.id, code, &g->shop.err));
    assert_int_equal(g->shop.err.code, ERR_ACTION_REFUSED);
    ground_end(g);
}

static int letters(struct ground *g, const char *address, int tries)
{
    int n = 0;
    for (int i = 0; i < tries; i++) {
        struct err err = { 0 };
        n += letter_count(&g->shop.work, str_of(address), &err);
        assert_true(!err_is_set(&err) || (err.code == ERR_TOO_MANY && err.retry_after_s > 0));
    }
    return n;
}

static void letters_with_codes_are_counted_by_address_and_by_who_asks(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    as(g, AIGERIM);
    assert_int_equal(letters(g, "victim@example.kz", 20), 3);           /* three, and then a minute for the next */
    as(g, NURLAN);
    assert_int_equal(letters(g, "victim@example.kz", 1), 0);            /* nor from somebody else */
    assert_int_equal(letters(g, "nurlan@example.kz", 1), 1);
    as(g, AIGERIM);
    for (int i = 0; i < 12; i++)
        letters(g, str_zero(&g->shop.arena, str_print(&g->shop.arena, "a%d@example.kz", i)), 1);
    assert_int_equal(letters(g, "another@example.kz", 1), 0);           /* nor to ever new addresses */
    int sent = 0;
    for (int minute = 0; minute < 11 * 60; minute++) {
        test_shop_advance(&g->shop, MINUTE_MS);
        sent += letters(g, "victim@example.kz", 1);
    }
    assert_in_range(sent, 5, 10);
    test_shop_advance(&g->shop, 12 * HOUR_MS);
    assert_int_equal(letters(g, "victim@example.kz", 1), 1);
    ground_end(g);
}

static void messages_for_a_test_are_counted_as_letters_are(void **state)
{
    struct ground g0, *g = &g0;
    int sent = 0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    as(g, AIGERIM);
    rid way = { rows(g, "SELECT id FROM notice_targets") };
    for (int i = 0; i < 20; i++) {
        struct err err = { 0 };
        sent += target_test(&g->shop.work, way, &err);
        assert_true(i < 3 || err.code == ERR_TOO_MANY);
    }
    assert_int_equal(sent, 3);
    test_shop_advance(&g->shop, 2 * MINUTE_MS);
    done(target_test(&g->shop.work, way, &g->shop.err));
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_sends WHERE type = 'test'"), 4);
    ground_end(g);
}

static void a_letter_that_fails_keeps_its_id_and_one_refused_for_good_is_not_repeated(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    struct notice_target t;
    str code;
    as(g, AIGERIM);
    done(target_begin(&g->shop.work, &g->key, MEDIUM_EMAIL, STR("a@karapuz.kz"), &t, &code, &g->shop.err));
    done(target_prove(&g->shop.work, t.id, code, &g->shop.err));
    g->world.relay_down = true;
    done(target_test(&g->shop.work, t.id, &g->shop.err));
    after(g, 0);
    str id = g->world.letter_id;
    g->world.relay_down = false;
    after(g, MINUTE_MS);
    assert_int_equal(g->world.letters, 2);
    assert_true(str_eq(id, g->world.letter_id));
    g->world.relay_refuses = true;
    done(target_test(&g->shop.work, t.id, &g->shop.err));
    after(g, 0);
    after(g, DAY_MS);
    assert_int_equal(g->world.letters, 3);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_sends WHERE state = 'failed' AND text LIKE '%no such person%'"), 1);
    ground_end(g);
}

#define BROWSER "{\"endpoint\":\"https://push.example/send/abc\",\"keys\":{\"p256dh\":" \
                "\"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4\",\"auth\":\"BTBZMqHH6r4Tts7J_aSIgg\"}}"

static void a_browser_is_pushed_to_until_it_unsubscribes(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    struct notice_target t;
    as(g, AIGERIM);
    done(target_subscribe(&g->shop.work, &g->key, STR(BROWSER), STR("Chrome"), &t, &g->shop.err));
    done(target_subscribe(&g->shop.work, &g->key, STR(BROWSER), STR("Chrome"), &t, &g->shop.err));     /* the same browser once more */
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_targets"), 1);
    an_order(g, "E-1", AIGERIM);
    after(g, 11 * HOUR_MS);
    assert_int_equal(g->world.pushes, 1);
    assert_true(g->world.push_topic.len > 1 && g->world.push_topic.len <= 32);
    g->world.status = 410;
    after(g, 10 * HOUR_MS);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_targets WHERE state = 'gone'"), 1);
    static const char *const bad[] = { "{}", "[1]", "{\"endpoint\":\"http://push.example/x\"}", "{\"endpoint\":\"https://p.example/x\",\"keys\":{\"p256dh\":\"AA\",\"auth\":\"AA\"}}" };
    for (int i = 0; i < COUNT_OF(bad); i++) {
        assert_false(target_subscribe(&g->shop.work, &g->key, str_of(bad[i]), STR("x"), &t, &g->shop.err));
        assert_int_equal(g->shop.err.code, ERR_BODY_INVALID);
        err_clear(&g->shop.err);
    }
    ground_end(g);
}

/* What the token says of us: its middle part. */
static str push_says(struct ground *g)
{
    str rest = g->world.push_key, part, plain;
    assert_true(str_split(&rest, '.', &part) && str_split(&rest, '.', &part));
    assert_true(base64_decode(&g->shop.arena, part, &plain));
    return plain;
}

static void a_push_names_the_sender_or_else_the_owner(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    struct notice_target t;
    as(g, AIGERIM);
    done(target_subscribe(&g->shop.work, &g->key, STR(BROWSER), STR("Chrome"), &t, &g->shop.err));
    done(target_test(&g->shop.work, t.id, &g->shop.err));
    after(g, 0);
    assert_true(str_has(push_says(g), STR("mailto:sauda@karapuz.kz")));
    test_shop_run(&g->shop, "UPDATE notice_house SET mail_from = '', address = 'http://192.168.1.5:8080'");
    done(target_test(&g->shop.work, t.id, &g->shop.err));
    after(g, MINUTE_MS);
    assert_int_equal(g->world.pushes, 2);
    assert_true(str_has(push_says(g), STR("mailto:nurlan@karapuz.kz")));
    ground_end(g);
}

static void a_chat_belongs_to_who_linked_it_last_and_a_code_works_once(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, NURLAN, 500);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_targets"), 1);
    assert_int_equal(rows(g, "SELECT user_id FROM notice_targets"), NURLAN);
    g->world.updates = "{\"ok\":true,\"result\":[{\"update_id\":9000,\"message\":{\"chat\":{\"id\":501,\"type\":\"private\"},\"text\":\"/start nothing\"}}]}";
    after(g, 5 * SECOND_MS);
    assert_true(str_has(g->world.text, STR("устарела")));
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_targets"), 1);
    ground_end(g);
}

static void the_secrets_of_the_house_are_sealed_and_in_no_log(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    struct notice_house h;
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_house WHERE telegram_token LIKE '%AAEh%' OR mail_password LIKE '%relay%'"), 0);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM audit_entries WHERE after_json LIKE '%AAEh%' OR after_json LIKE '%relay-secret%'"), 0);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM audit_entries WHERE action = 'notices.edit'"), 1);
    done(notice_house_open(&g->shop.work, &g->key, &h, &g->shop.err));
    assert_true(str_is(h.telegram_token, TOKEN));
    str public_key = h.push_public;
    done(notice_house_open(&g->shop.work, &g->key, &h, &g->shop.err));
    assert_true(str_eq(public_key, h.push_public));
    ground_end(g);
}

static void a_person_who_wants_no_such_notices_gets_none(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    choose(g, AIGERIM, "{\"rules\":{\"order_yellow\":{\"telegram\":\"never\"},\"order_team\":{\"telegram\":\"never\"}}}");
    an_order(g, "E-1", AIGERIM);
    after(g, 12 * HOUR_MS);
    assert_int_equal(g->world.messages, 0);
    after(g, 9 * HOUR_MS);
    assert_int_equal(g->world.messages, 1);
    ground_end(g);
}

/* For a moment the machine believed that it was two days later: all was told, and then the clock was set right. */
static void a_clock_that_ran_ahead_and_is_set_back_tells_nothing_twice_and_goes_on(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, NURLAN, 700);
    an_order(g, "E-1", AIGERIM);
    after(g, 2 * DAY_MS);
    assert_int_equal(g->world.messages, 4);
    assert_int_equal(the_order(&g->shop, "E-1").zone, ZONE_BREACHED);
    after(g, -2 * DAY_MS + MINUTE_MS);
    assert_int_equal(the_order(&g->shop, "E-1").zone, ZONE_GREEN);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM violations"), 0);
    assert_int_equal(g->world.messages, 4);
    an_order(g, "E-2", AIGERIM);                            /* yellow in eleven hours, by the right clock */
    after(g, 10 * HOUR_MS + 50 * MINUTE_MS);
    assert_int_equal(g->world.messages, 4);
    after(g, 12 * MINUTE_MS);
    assert_int_equal(g->world.messages, 5);
    assert_true(str_has(g->world.text, STR("E-2")));
    after(g, 30 * HOUR_MS);                                 /* E-1 passes its moments once more and is silent */
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notices WHERE title = 'E-1'"), 4);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM violations"), 2);
    ground_end(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ladder_climbs_from_who_has_the_order_to_the_owner_each_rung_once),
        cmocka_unit_test(what_was_missed_while_the_server_was_off_is_told_once_each),
        cmocka_unit_test(a_clock_that_ran_ahead_and_is_set_back_tells_nothing_twice_and_goes_on),
        cmocka_unit_test(who_acknowledges_stops_the_team_but_not_the_head),
        cmocka_unit_test(an_order_is_confirmed_from_the_message_by_its_reader_alone),
        cmocka_unit_test(where_nobody_can_be_reached_the_next_rung_is_told_at_once),
        cmocka_unit_test(many_orders_at_once_are_one_message_and_later_ones_wait_five_minutes),
        cmocka_unit_test(an_order_that_is_done_meanwhile_is_told_no_more),
        cmocka_unit_test(telegram_that_is_down_for_hours_loses_nothing_and_is_not_hammered),
        cmocka_unit_test(a_relay_that_is_down_for_hours_loses_no_letter_and_sends_none_twice),
        cmocka_unit_test(a_bot_that_is_told_to_wait_waits_and_one_that_is_blocked_is_given_up),
        cmocka_unit_test(an_address_is_proved_by_the_code_of_its_letter),
        cmocka_unit_test(a_code_may_be_guessed_five_times),
        cmocka_unit_test(letters_with_codes_are_counted_by_address_and_by_who_asks),
        cmocka_unit_test(messages_for_a_test_are_counted_as_letters_are),
        cmocka_unit_test(a_letter_that_fails_keeps_its_id_and_one_refused_for_good_is_not_repeated),
        cmocka_unit_test(a_browser_is_pushed_to_until_it_unsubscribes),
        cmocka_unit_test(a_push_names_the_sender_or_else_the_owner),
        cmocka_unit_test(a_chat_belongs_to_who_linked_it_last_and_a_code_works_once),
        cmocka_unit_test(the_secrets_of_the_house_are_sealed_and_in_no_log),
        cmocka_unit_test(a_person_who_wants_no_such_notices_gets_none),
    };
    return test_shops(tests, COUNT_OF(tests));
}
