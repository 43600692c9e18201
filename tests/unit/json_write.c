/* The only way JSON is made. */
#include "base/json_read.h"
#include "base/json_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static void commas_and_brackets_come_by_themselves(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct buf      b = buf_in(&a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "number", STR("D-1"));
    json_begin(&j, "lines", '[');
    json_begin(&j, NULL, '{');
    json_end(&j);
    json_begin(&j, NULL, '[');
    json_number(&j, NULL, INT64_MIN);
    json_number(&j, NULL, 0);
    json_end(&j);
    json_bool(&j, NULL, true);
    json_bool(&j, NULL, false);
    json_null(&j, NULL);
    json_end(&j);
    json_begin(&j, "empty", '[');
    json_end(&j);
    json_id(&j, "id", (rid){ INT64_MAX });
    json_id(&j, "none", (rid){ 0 });
    json_amount_text(&j, "total", (amount){ 12990 });
    json_instant(&j, "at", (instant){ 1797393840000 });
    json_instant(&j, "never", (instant){ 0 });
    json_text_or_null(&j, "name", (str){ 0 });
    json_text_or_null(&j, "comment", STR("x"));
    json_raw(&j, "raw", STR("{\"a\":1.50}"));
    json_raw(&j, "raw_none", (str){ 0 });
    json_key_text(&j, STR("my \"key\""), STR("v"));
    json_text(&j, "last", (str){ 0 });
    json_end(&j);
    str want = STR("{\"number\":\"D-1\",\"lines\":[{},[-9223372036854775808,0],true,false,null],\"empty\":[],"
                   "\"id\":\"9223372036854775807\",\"none\":null,\"total\":\"129.90\",\"at\":\"2026-12-16T04:04:00Z\",\"never\":null,"
                   "\"name\":null,\"comment\":\"x\",\"raw\":{\"a\":1.50},\"raw_none\":null,\"my \\\"key\\\"\":\"v\",\"last\":\"\"}");
    assert_true(str_eq(buf_str(&b), want));
}

static void every_character_below_a_space_is_escaped(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct buf b = buf_in(&a);
    json_quote(&b, STR("a\"b\\c\b\f\n\r\t\x01\x1f/Ж😀\x7f"));
    assert_true(str_is(buf_str(&b), "\"a\\\"b\\\\c\\b\\f\\n\\r\\t\\u0001\\u001f/Ж😀\x7f\""));
}

static void what_is_written_reads_back_the_same(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    static const char *const pieces[] = { "a", "\"", "\\", "\n", "\x01", "Ж", "😀", "plain text ", "\x7f", "/", "ә", "\xEF\xBF\xBF" };
    uint64_t seed = 11;
    for (int round = 0; round < 5000; round++) {
        arena_reset(&a);
        struct buf text = buf_in(&a), b = buf_in(&a);
        for (int i = 0; i < round % 40; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            buf_add(&text, str_of(pieces[(seed >> 33) % COUNT_OF(pieces)]));
        }
        struct json_out j = json_out(&b);
        json_begin(&j, NULL, '[');
        json_text(&j, NULL, buf_str(&text));
        json_end(&j);
        const struct json *root;
        struct err err = { 0 };
        if (!json_read(&a, buf_str(&b), 1 << 20, &root, &err))
            fail_msg("%s: %.*s", err.item[0].text, STR_ARG(buf_str(&b)));
        assert_true(str_eq(json_str(json_at(root, 0)), buf_str(&text)));
        assert_true(str_eq(json_print(&a, root), buf_str(&b)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commas_and_brackets_come_by_themselves),
        cmocka_unit_test(every_character_below_a_space_is_escaped),
        cmocka_unit_test(what_is_written_reads_back_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
