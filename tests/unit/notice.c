/* Notices: the ladder's rungs, what a person chose, what the texts say, and Telegram's words. */
#include "notices/notice.h"
#include "notices/telegram.h"
#include "base/json_read.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

static int arena_make(void **state)
{
    static struct arena arena;
    *state = &arena;
    return 0;
}

static int arena_drop(void **state)
{
    arena_done(*state);
    return 0;
}

static void assert_str(str got, const char *want)
{
    if (!str_is(got, want))
        fail_msg("got \"%.*s\", want \"%s\"", STR_ARG(got), want);
}

static instant at(const char *text)
{
    instant t = { 0 };
    assert_true(instant_parse(str_of(text), &t));
    return t;
}

static void each_zone_asks_for_its_rungs_and_those_that_were_missed(void **state)
{
    (void)state;
    assert_int_equal(rungs_due(ZONE_GREEN, 0), 0);
    assert_int_equal(rungs_due(ZONE_NONE, 0), 0);
    assert_int_equal(rungs_due(ZONE_YELLOW, 0), BIT(RUNG_ASSIGNEE));
    assert_int_equal(rungs_due(ZONE_YELLOW, BIT(RUNG_ASSIGNEE) | BIT(RUNG_TEAM)), 0);
    assert_int_equal(rungs_due(ZONE_RED, BIT(RUNG_ASSIGNEE)), BIT(RUNG_HEAD));
    assert_int_equal(rungs_due(ZONE_BREACHED, 0), BIT(RUNG_ASSIGNEE) | BIT(RUNG_HEAD) | BIT(RUNG_OWNER));
    assert_int_equal(rungs_due(ZONE_BREACHED, BIT(RUNG_ASSIGNEE) | BIT(RUNG_HEAD) | BIT(RUNG_OWNER)), 0);
}

static void quiet_hours_hold_everything_back_but_a_breach(void **state)
{
    struct notice_rules r = notice_rules_read(*state, STR("{\"quiet\":{\"from\":\"22:00\",\"to\":\"08:00\"}}"));
    const struct zone  *z = zone_find(STR("Asia/Almaty"));
    instant late = at("2026-12-16T18:30:00Z"), morning = at("2026-12-17T03:00:00Z"), noon = at("2026-12-16T07:00:00Z");   /* 23:30, 8:00 */
    assert_true(notice_is_quiet(&r, z, late));
    assert_false(notice_is_quiet(&r, z, noon));
    assert_int_equal(notice_time(&r, NOTICE_ORDER_RED, MODE_NOW, z, late).ms, morning.ms);
    assert_int_equal(notice_time(&r, NOTICE_ORDER_BREACHED, MODE_NOW, z, late).ms, late.ms);
    assert_int_equal(notice_time(&r, NOTICE_ORDER_RED, MODE_NOW, z, noon).ms, noon.ms);
}

static void a_digest_waits_for_its_hour_and_a_rung_is_never_in_one(void **state)
{
    struct notice_rules r = notice_rules_read(*state, STR("{\"digest_at\":\"09:30\",\"rules\":{\"order_red\":{\"email\":\"digest\",\"push\":\"never\"},"
                                                          "\"channel_stopped\":{\"email\":\"digest\"}}}"));
    const struct zone  *z = zone_find(STR("Asia/Almaty"));
    assert_int_equal(r.mode[NOTICE_ORDER_RED][MEDIUM_EMAIL], MODE_NOW);
    assert_int_equal(r.mode[NOTICE_ORDER_RED][MEDIUM_PUSH], MODE_NEVER);
    assert_int_equal(r.mode[NOTICE_CHANNEL_STOPPED][MEDIUM_EMAIL], MODE_DIGEST);
    assert_int_equal(notice_time(&r, NOTICE_CHANNEL_STOPPED, MODE_DIGEST, z, at("2026-12-16T04:04:00Z")).ms, at("2026-12-16T04:30:00Z").ms);
    assert_int_equal(notice_time(&r, NOTICE_CHANNEL_STOPPED, MODE_DIGEST, z, at("2026-12-16T04:31:00Z")).ms, at("2026-12-17T04:30:00Z").ms);
}

static void choices_that_do_not_read_are_as_if_they_were_not_there(void **state)
{
    static const char *const texts[] = { "", "[]", "{", "{\"quiet\":7}", "{\"quiet\":{\"from\":\"25:00\",\"to\":\"8\"}}",
                                         "{\"rules\":{\"order_red\":{\"push\":\"perhaps\"}},\"digest_at\":null}" };
    for (int i = 0; i < COUNT_OF(texts); i++) {
        struct notice_rules r = notice_rules_read(*state, str_of(texts[i]));
        assert_int_equal(r.quiet_from, r.quiet_to);
        assert_int_equal(r.digest_at, 540);
        assert_int_equal(r.mode[NOTICE_ORDER_RED][MEDIUM_PUSH], MODE_NOW);
    }
}

static str titled(str channel)
{
    return str_is(channel, "kaspi") ? STR("Kaspi") : channel;
}

static void a_message_says_what_by_when_and_how_long_is_left(void **state)
{
    struct arena  *a = *state;
    struct notice  rows[12];
    struct notice_list one = { rows, 1, 12 }, many = { rows, 12, 12 };
    struct notice_words w = { LANGUAGE_RU, zone_find(STR("Asia/Almaty")), at("2026-12-16T04:04:00Z"), titled };
    for (int i = 0; i < 12; i++)
        rows[i] = (struct notice){ .title = STR("345678901"), .channel = STR("kaspi"), .step = STR("confirm"), .deadline_at = at("2026-12-16T04:22:00Z") };
    assert_str(notice_headline(a, &w, NOTICE_ORDER_RED, false, &one), "Горит: 345678901");
    assert_str(notice_lines(a, &w, &one), "345678901 · Kaspi: подтвердить до 9:22 (осталось 0:18)");
    assert_str(notice_headline(a, &w, NOTICE_ORDER_RED, false, &many), "Горит: 12");
    assert_true(str_ends(notice_lines(a, &w, &many), STR("\nи ещё 2")));
    w.language = LANGUAGE_EN;
    w.now      = at("2026-12-16T05:30:00Z");
    assert_str(notice_lines(a, &w, &one), "345678901 · Kaspi: confirm by 9:22 (late by 1:08)");
    w.now = at("2026-12-15T03:22:00Z");
    assert_str(notice_lines(a, &w, &one), "345678901 · Kaspi: confirm by 16.12 9:22 (25:00 left)");
    for (int l = 0; l < LANGUAGE_COUNT; l++) {
        w.language = (enum language)l;
        for (int type = 0; type < NOTICE_TYPE_COUNT; type++)
            assert_true(notice_headline(a, &w, (enum notice_type)type, false, &many).len > 3);
        for (int word = 0; word < WORD_COUNT; word++)
            assert_true(notice_word(w.language, (enum notice_word)word).len > 0);
    }
}

static void a_message_to_telegram_escapes_what_it_must_and_carries_its_buttons(void **state)
{
    struct arena *a = *state;
    struct err    err = { 0 };
    const struct json *json;
    struct telegram_button buttons[] = { { STR("Принято"), STR("a:17"), { 0 } }, { STR("Открыть"), { 0 }, STR("https://crm.example/orders/1") } };
    str body = telegram_message(a, STR("-1001234567890"), STR("A & <b>"), STR("x > y"), buttons, 2);
    assert_true(json_read(a, body, body.len, &json, &err));
    assert_str(json_str(json_get(json, "chat_id")), "-1001234567890");
    assert_str(json_str(json_get(json, "text")), "<b>A &amp; &lt;b&gt;</b>\nx &gt; y");
    assert_str(json_str(json_path(json, "reply_markup.inline_keyboard.0.0.callback_data")), "a:17");
    assert_str(json_str(json_path(json, "reply_markup.inline_keyboard.0.1.url")), "https://crm.example/orders/1");
    char long_text[9000];
    memset(long_text, '&', sizeof long_text);
    body = telegram_message(a, STR("1"), STR("h"), (str){ long_text, sizeof long_text }, NULL, 0);
    assert_true(json_read(a, body, body.len, &json, &err));
    assert_true(utf8_count(json_str(json_get(json, "text"))) < 5 * TELEGRAM_TEXT_MAX);
    assert_true(str_ends(json_str(json_get(json, "text")), STR("&amp;")));
}

static void telegrams_answers_are_told_apart(void **state)
{
    struct arena *a = *state;
    assert_str(telegram_read(a, 200, STR("{\"ok\":true,\"result\":{\"message_id\":77,\"chat\":{\"id\":5}}}")).message_id, "77");
    struct telegram_answer r = telegram_read(a, 429, STR("{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 31\",\"parameters\":{\"retry_after\":31}}"));
    assert_false(r.ok || r.gone);
    assert_int_equal(r.wait_s, 31);
    assert_true(telegram_read(a, 403, STR("{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: bot was blocked by the user\"}")).gone);
    assert_true(telegram_read(a, 400, STR("{\"ok\":false,\"description\":\"Bad Request: chat not found\"}")).gone);
    assert_false(telegram_read(a, 400, STR("{\"ok\":false,\"description\":\"Bad Request: can't parse entities\"}")).gone);
    assert_true(telegram_read(a, 401, STR("{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}")).token_bad);
    r = telegram_read(a, 400, STR("{\"ok\":false,\"description\":\"Bad Request: group chat was upgraded\",\"parameters\":{\"migrate_to_chat_id\":-100777}}"));
    assert_str(r.chat_now, "-100777");
    assert_false(r.gone);
    assert_true(telegram_read(a, 400, STR("{\"ok\":false,\"description\":\"Bad Request: message is not modified\"}")).ok);
    assert_false(telegram_read(a, 502, STR("<html>")).ok);
    assert_false(telegram_read(a, 200, STR("\xff")).ok);
}

static void updates_are_read_and_unknown_kinds_passed_over(void **state)
{
    struct arena *a = *state;
    struct err    err = { 0 };
    struct telegram_update_list list = { 0 };
    str body = STR("{\"ok\":true,\"result\":["
                   "{\"update_id\":10,\"message\":{\"message_id\":1,\"from\":{\"id\":5,\"username\":\"aigerim\"},\"chat\":{\"id\":5,\"type\":\"private\"},\"text\":\"/start abc-DEF_1\"}},"
                   "{\"update_id\":11,\"callback_query\":{\"id\":\"99\",\"from\":{\"id\":5,\"first_name\":\"А\"},\"data\":\"a:17\",\"message\":{\"message_id\":3,\"chat\":{\"id\":5,\"type\":\"private\"}}}},"
                   "{\"update_id\":12,\"message\":{\"message_id\":4,\"chat\":{\"id\":-7,\"type\":\"group\"},\"text\":\"/start abc\"}},"
                   "{\"update_id\":13,\"poll\":{}},"
                   "{\"update_id\":14,\"my_chat_member\":{\"chat\":{\"id\":5,\"type\":\"private\"},\"new_chat_member\":{\"status\":\"kicked\"}}},"
                   "{\"no\":1}]}");
    assert_true(telegram_updates(a, body, &list, &err));
    assert_int_equal(list.count, 5);
    assert_int_equal(list.at[0].event, TELEGRAM_START);
    assert_str(list.at[0].text, "abc-DEF_1");
    assert_str(list.at[0].name, "@aigerim");
    assert_int_equal(list.at[1].event, TELEGRAM_BUTTON);
    assert_str(list.at[1].text, "a:17");
    assert_int_equal(list.at[2].event, TELEGRAM_OTHER);
    assert_int_equal(list.at[3].event, TELEGRAM_OTHER);
    assert_int_equal(list.at[4].event, TELEGRAM_STOPPED);
    static const char *const bad[] = { "", "[]", "{\"ok\":false,\"result\":[]}", "{\"ok\":true,\"result\":{}}", "{\"ok\":true}" };
    for (int i = 0; i < COUNT_OF(bad); i++) {
        struct err e = { 0 };
        assert_false(telegram_updates(a, str_of(bad[i]), &list, &e));
        assert_int_equal(e.code, ERR_CHANNEL_PAYLOAD);
    }
}

static void a_token_is_told_from_other_words(void **state)
{
    (void)state;
    assert_true(telegram_token_ok(STR("123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc")));
    assert_false(telegram_token_ok(STR("123456789")));
    assert_false(telegram_token_ok(STR("abc:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc")));
    assert_false(telegram_token_ok(STR("123456789:AAEhBOweik6ad9r/QXMENQjcrGbqCr4K-bc")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_zone_asks_for_its_rungs_and_those_that_were_missed),
        cmocka_unit_test(quiet_hours_hold_everything_back_but_a_breach),
        cmocka_unit_test(a_digest_waits_for_its_hour_and_a_rung_is_never_in_one),
        cmocka_unit_test(choices_that_do_not_read_are_as_if_they_were_not_there),
        cmocka_unit_test(a_message_says_what_by_when_and_how_long_is_left),
        cmocka_unit_test(a_message_to_telegram_escapes_what_it_must_and_carries_its_buttons),
        cmocka_unit_test(telegrams_answers_are_told_apart),
        cmocka_unit_test(updates_are_read_and_unknown_kinds_passed_over),
        cmocka_unit_test(a_token_is_told_from_other_words),
    };
    return cmocka_run_group_tests(tests, arena_make, arena_drop);
}
