/* Text slices, UTF-8, and text under construction. */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void assert_str(str got, const char *want)
{
    if (!str_is(got, want))
        fail_msg("got \"%.*s\", wanted \"%s\"", STR_ARG(got), want);
}

static void whole_numbers_are_read_exactly_or_not_at_all(void **state)
{
    (void)state;
    static const struct { const char *text; bool ok; int64_t n; } cases[] = {
        { "0", true, 0 }, { "-0", true, 0 }, { "007", true, 7 }, { "-12", true, -12 },
        { "9223372036854775807", true, INT64_MAX }, { "9223372036854775808", false, 0 },
        { "-9223372036854775808", true, INT64_MIN }, { "-9223372036854775809", false, 0 },
        { "99999999999999999999999", false, 0 }, { "", false, 0 }, { "-", false, 0 }, { "+1", false, 0 },
        { " 1", false, 0 }, { "1 ", false, 0 }, { "1.0", false, 0 }, { "--1", false, 0 }, { "1-", false, 0 }, { "0x1", false, 0 },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        int64_t n = 77;
        bool    ok = str_to_int(str_of(cases[i].text), &n);
        if (ok != cases[i].ok || n != (ok ? cases[i].n : 77))
            fail_msg("\"%s\": %d %lld", cases[i].text, ok, (long long)n);
    }
    int64_t n;
    assert_false(str_to_int((str){ 0 }, &n));
}

static void comparing_and_searching_work_on_bytes_and_on_empty_text(void **state)
{
    (void)state;
    str none = { 0 };
    assert_true(str_eq(none, STR("")));
    assert_false(str_eq(STR("a"), none));
    assert_true(str_is(none, NULL));
    assert_true(str_cmp(STR("a"), STR("ab")) < 0);
    assert_true(str_cmp(STR("\xC3"), STR("a")) > 0);
    assert_int_equal(str_cmp(none, none), 0);
    assert_true(str_starts(STR("abc"), STR("ab")) && str_starts(none, none) && !str_starts(STR("a"), STR("ab")));
    assert_true(str_ends(STR("abc"), STR("bc")) && str_ends(none, none) && !str_ends(STR("c"), STR("bc")));
    assert_int_equal(str_find(STR("hello"), STR("lo")), 3);
    assert_int_equal(str_find(STR("hello"), STR("x")), -1);
    assert_int_equal(str_find(none, STR("x")), -1);
    assert_int_equal(str_find(none, none), 0);
    assert_true(str_has(STR("abc"), STR("")));
}

static void cutting_is_clamped_to_the_text(void **state)
{
    (void)state;
    assert_str(str_trim(STR(" \t a b\r\n")), "a b");
    assert_str(str_trim(STR(" \n ")), "");
    assert_str(str_sub(STR("abcdef"), 2, 3), "cde");
    assert_str(str_sub(STR("abc"), 1, (size_t)-1), "bc");
    assert_str(str_sub(STR("abc"), 3, 1), "");
    assert_str(str_sub(STR("abc"), (size_t)-1, 5), "");
}

static void splitting_gives_every_part_also_empty_ones(void **state)
{
    (void)state;
    static const struct { const char *text, *parts[4]; int count; } cases[] = {
        { "a,b,c", { "a", "b", "c" }, 3 }, { "a,", { "a", "" }, 2 }, { ",", { "", "" }, 2 }, { "abc", { "abc" }, 1 },
        { "", { "" }, 1 },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        str rest = str_of(cases[i].text), part;
        int n = 0;
        while (str_split(&rest, ',', &part))
            assert_str(part, cases[i].parts[n++]);
        assert_int_equal(n, cases[i].count);
    }
    str nothing = { 0 }, part;
    assert_false(str_split(&nothing, ',', &part));
}

static void made_text_is_right_at_every_length(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    assert_str(str_print(&a, "%s-%d", "x", 5), "x-5");
    for (int len = 200; len < 300; len++) {
        str s = str_print(&a, "%*s", len, "end");
        assert_int_equal(s.len, len);
        assert_true(str_ends(s, STR("end")));
    }
    str parts[] = { STR_INIT("a"), { 0 }, STR_INIT("c") };
    assert_str(str_join(&a, parts, 3, STR(", ")), "a, , c");
    assert_str(str_join(&a, parts, 0, STR(", ")), "");
    assert_str(str_lower_ascii(&a, STR("AbZ@[Ж")), "abz@[Ж");
    assert_string_equal(str_zero(&a, STR("abc")), "abc");
    assert_string_equal(str_zero(&a, (str){ 0 }), "");
    assert_str(str_copy(&a, STR("abc")), "abc");
    assert_null(str_copy(&a, (str){ 0 }).at);
}

static void utf8_is_valid_only_in_its_shortest_form(void **state)
{
    (void)state;
    static const struct { const char *text; bool ok; } cases[] = {
        { "", true }, { "plain", true }, { "Мария Қазақ 😀 ₸", true }, { "\x7F", true }, { "\xC2\x80", true },
        { "\xEF\xBF\xBF", true }, { "\xF4\x8F\xBF\xBF", true }, { "\xED\x9F\xBF", true },
        { "\x80", false }, { "\xC0\x80", false }, { "\xC1\xBF", false }, { "\xE0\x80\x80", false }, { "\xE0\x9F\xBF", false },
        { "\xED\xA0\x80", false }, { "\xF0\x80\x80\x80", false }, { "\xF0\x8F\xBF\xBF", false }, { "\xF4\x90\x80\x80", false },
        { "\xF5\x80\x80\x80", false }, { "\xFF", false }, { "12345678\xD0", false }, { "\xE2\x82", false },
        { "\xF0\x9F\x98", false }, { "\xD0 ", false }, { "\xD0\xD0\xBC", false },
    };
    for (int i = 0; i < COUNT_OF(cases); i++)
        if (utf8_valid(str_of(cases[i].text)) != cases[i].ok)
            fail_msg("case %d", i);
}

static void foreign_bytes_are_mended_for_showing(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    assert_str(utf8_mend(&a, STR("good Ж")), "good Ж");
    assert_str(utf8_mend(&a, STR("\xFF" "a\xD0")), "\xEF\xBF\xBD" "a\xEF\xBF\xBD");
    assert_str(utf8_mend(&a, STR("\xE2\x82z")), "\xEF\xBF\xBD\xEF\xBF\xBDz");
    assert_str(utf8_mend(&a, (str){ 0 }), "");
    char every[256];
    for (int i = 0; i < 256; i++)
        every[i] = (char)i;
    assert_true(utf8_valid(utf8_mend(&a, (str){ every, 256 })));
}

static void a_cut_never_parts_a_code_point(void **state)
{
    (void)state;
    str s = STR("aЖ😀b");
    static const size_t want[] = { 0, 1, 1, 3, 3, 3, 3, 7, 8, 8 };
    for (size_t n = 0; n < 10; n++)
        assert_int_equal(utf8_cut(s, n).len, want[n]);
    assert_int_equal(utf8_count(s), 4);
    assert_int_equal(utf8_count((str){ 0 }), 0);
}

static void text_grows_in_its_arena_whatever_stands_between(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct buf b = buf_in(&a), other = buf_in(&a);
    assert_int_equal(buf_str(&b).len, 0);
    for (int i = 0; i < 20000; i++) {
        buf_add_int(&b, i % 10);
        if (i % 1000 == 0)
            buf_print(&other, "%d,", i);
    }
    str s = buf_str(&b);
    assert_int_equal(s.len, 20000);
    for (size_t i = 0; i < s.len; i++)
        assert_int_equal(s.at[i], '0' + (int)(i % 10));
    assert_true(str_starts(buf_str(&other), STR("0,1000,2000,")));
    struct buf c = buf_in(&a);
    buf_add_int(&c, INT64_MIN);
    buf_add_char(&c, ' ');
    buf_add_int(&c, INT64_MAX);
    buf_add(&c, (str){ 0 });
    assert_str(buf_str(&c), "-9223372036854775808 9223372036854775807");
    struct buf d = buf_in(&a);
    buf_print(&d, "%s", "");
    buf_print(&d, "%*d", 5000, 7);
    assert_int_equal(buf_str(&d).len, 5000);
    assert_true(str_ends(buf_str(&d), STR(" 7")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_numbers_are_read_exactly_or_not_at_all),
        cmocka_unit_test(comparing_and_searching_work_on_bytes_and_on_empty_text),
        cmocka_unit_test(cutting_is_clamped_to_the_text),
        cmocka_unit_test(splitting_gives_every_part_also_empty_ones),
        cmocka_unit_test(made_text_is_right_at_every_length),
        cmocka_unit_test(utf8_is_valid_only_in_its_shortest_form),
        cmocka_unit_test(foreign_bytes_are_mended_for_showing),
        cmocka_unit_test(a_cut_never_parts_a_code_point),
        cmocka_unit_test(text_grows_in_its_arena_whatever_stands_between),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
