/* Reading JSON: what is taken, what is refused. tests/unit/json_oracle.c compares with another reader. */
#include "base/json_read.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static bool reads(struct arena *a, str text, const struct json **root, struct err *err)
{
    /* An own block of exactly this length: reading behind the end is seen by the address sanitizer. */
    char *exact = malloc(text.len ? text.len : 1);
    if (text.len)
        memcpy(exact, text.at, text.len);
    bool ok = json_read(a, (str){ exact, text.len }, 16 << 20, root, err);
    free(exact);
    return ok;
}

static const char order[] =
    "\xEF\xBB\xBF{ \"data\" : [ {\"id\":\"MTIz\",\"attributes\":{\"totalPrice\":5990.0,\"code\":123456789012345678901,\"big\":1e2,"
    "\"name\":\"\\u041c\\u0430\\u0440\\u0438\\u044f \\ud83d\\ude00\",\"isKaspi\":true,\"pre\":false,\"none\":null,"
    "\"esc\\u0061ped\":\"a\\\"b\\\\c\\/d\\b\\f\\n\\r\\t\"}},[],{}, -0.50 ]\n,\"meta\":{\"page\":{\"count\":1}}}\r\n";

static void the_tree_holds_what_was_written(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    const struct json *root;
    struct err err = { 0 };
    amount total;
    int64_t n;
    if (!reads(&a, str_of(order), &root, &err))
        fail_msg("%s", err.item[0].text);
    const struct json *v = json_path(root, "data.0.attributes");
    assert_int_equal(v->count, 8);
    assert_true(str_is(json_str(json_get(v, "totalPrice")), "5990.0"));
    assert_true(json_amount(json_get(v, "totalPrice"), &total));
    assert_int_equal(total.minor, 599000);
    assert_true(str_is(json_str(json_get(v, "code")), "123456789012345678901"));
    assert_false(json_int(json_get(v, "code"), &n));
    assert_false(json_int(json_get(v, "big"), &n));
    assert_true(str_is(json_str(json_get(v, "name")), "Мария 😀"));
    assert_true(json_true(json_get(v, "isKaspi")) && !json_true(json_get(v, "pre")) && !json_true(json_get(v, "name")));
    assert_true(json_is_null(json_get(v, "none")) && json_is_null(json_get(v, "missing")) && !json_is_null(json_get(v, "pre")));
    assert_true(str_is(json_str(json_get(v, "escaped")), "a\"b\\c/d\b\f\n\r\t"));
    assert_true(json_int(json_path(root, "meta.page.count"), &n) && n == 1);
    assert_true(json_amount(json_path(root, "data.3"), &total) && total.minor == -50);
    assert_true(str_is(json_where(&a, json_path(root, "data.0.attributes.totalPrice")), "data.0.attributes.totalPrice"));
    assert_int_equal(json_where(&a, root).len, 0);
    assert_null(json_path(root, "data.4"));
    assert_null(json_path(root, "data.x"));
    assert_null(json_path(root, "data.-1"));
    assert_null(json_path(root, "data.0.attributes.name.deeper"));
    assert_null(json_get(json_get(NULL, "a"), "b"));
    assert_null(json_at(root, 0));
    assert_int_equal(json_str(NULL).len, 0);
    assert_int_equal(json_str(root).len, 0);
    assert_true(str_is(json_print(&a, json_path(root, "data.0.attributes.totalPrice")), "5990.0"));
    assert_true(str_is(json_print(&a, json_get(root, "meta")), "{\"page\":{\"count\":1}}"));
    int items = 0;
    JSON_EACH(item, json_get(root, "data"))
        assert_int_equal(item->index, items++);
    assert_int_equal(items, 4);
}

static void any_value_may_stand_alone(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    static const char *const texts[] = { "0", "-0", "1.5e-3", "1E+9", "true", " false ", "null", "\"\"", "[]", "{}", "\t[ ]\n", "\"\\u0001\"",
                                         "1e400", "[1 , 2]", "{\"\":1}", "[\"\\ud800\\udc00\"]", "\"\x7f\"" };
    for (int i = 0; i < COUNT_OF(texts); i++) {
        const struct json *root;
        struct err err = { 0 };
        if (!reads(&a, str_of(texts[i]), &root, &err))
            fail_msg("%s: %s", texts[i], err.item[0].text);
    }
}

static void nasty_input_is_refused_with_a_clear_error(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    static const str texts[] = {
        STR_INIT(""), STR_INIT(" "), STR_INIT("\xEF\xBB\xBF"), STR_INIT("\xEF\xBB"), STR_INIT("{"), STR_INIT("}"), STR_INIT("["),
        STR_INIT("]"), STR_INIT(","), STR_INIT(":"), STR_INIT("[1"), STR_INIT("[1,"), STR_INIT("[1,]"), STR_INIT("[,1]"), STR_INIT("[1 2]"),
        STR_INIT("[1,,2]"), STR_INIT("{,}"), STR_INIT("{\"a\"}"), STR_INIT("{\"a\":}"), STR_INIT("{\"a\":1,}"), STR_INIT("{\"a\" 1}"),
        STR_INIT("{a:1}"), STR_INIT("{1:1}"), STR_INIT("{\"a\":1 \"b\":2}"), STR_INIT("{\"a\":1]"), STR_INIT("[1}"), STR_INIT("[]]"),
        STR_INIT("[] []"), STR_INIT("{}{}"), STR_INIT("1 2"), STR_INIT("[]x"), STR_INIT("\"a\"b"), STR_INIT("\"a\"\"b\""), STR_INIT("1\"a\""),
        STR_INIT("[1\"a\"]"), STR_INIT("tru\"e\""), STR_INIT("nulll"), STR_INIT("nul"), STR_INIT("True"), STR_INIT("NaN"), STR_INIT("Infinity"),
        STR_INIT("-Infinity"), STR_INIT("01"), STR_INIT("-"), STR_INIT("-01"), STR_INIT("+1"), STR_INIT("1."), STR_INIT(".5"), STR_INIT("1e"),
        STR_INIT("1e+"), STR_INIT("1.e1"), STR_INIT("0x1"), STR_INIT("1_000"), STR_INIT("--1"), STR_INIT("1-"), STR_INIT("1\0"), STR_INIT("[1\0]"),
        STR_INIT("\0"), STR_INIT("[1]\0"), STR_INIT("\"a"), STR_INIT("\""), STR_INIT("\"\\\""), STR_INIT("\"\\x\""), STR_INIT("\"\\u12\""),
        STR_INIT("\"\\u12g4\""), STR_INIT("\"\\u0000\""), STR_INIT("{\"\\u0000\":1}"), STR_INIT("\"\\ud800\""), STR_INIT("\"\\udc00\""),
        STR_INIT("\"\\ud800\\u0041\""), STR_INIT("\"\\ud800x\""), STR_INIT("\"\\ud800\\ud800\""), STR_INIT("\"a\nb\""), STR_INIT("\"a\0b\""),
        STR_INIT("\"\t\""), STR_INIT("\"\xFF\""), STR_INIT("\"\xC0\x80\""), STR_INIT("\"\xED\xA0\x80\""), STR_INIT("\"\xF4\x90\x80\x80\""),
        STR_INIT("\"\xD0\""), STR_INIT("[1]\xFF"), STR_INIT("'a'"), STR_INIT("[1,/*x*/2]"), STR_INIT("//\n1"), STR_INIT("{\"a\":1,\"a\":2}"),
        STR_INIT("{\"a\":1,\"\\u0061\":2}"), STR_INIT("{\"\":1,\"\":2}"), STR_INIT("[{\"b\":{\"x\":1,\"y\":2,\"x\":3}}]"), STR_INIT("\xC2\xA0[]"),
        STR_INIT("[1\x0B]"), STR_INIT("\xFE\xFF"), STR_INIT("{\"a\":1:2}"), STR_INIT("[\"a\":1]"), STR_INIT("{\"a\",\"b\"}"),
    };
    for (int i = 0; i < COUNT_OF(texts); i++) {
        const struct json *root = NULL;
        struct err err = { 0 };
        if (reads(&a, texts[i], &root, &err))
            fail_msg("taken: %.*s", STR_ARG(texts[i]));
        assert_null(root);
        assert_int_equal(err.code, ERR_BODY_SYNTAX);
        assert_true(err.count == 1 && *err.item[0].text && utf8_valid(str_of(err.item[0].text)));
    }
}

static void what_is_no_letter_is_replaced_in_a_page_of_a_market(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    static const struct { const char *text, *wanted; } cases[] = {
        { "\"a\\ud83d\"", "a\xEF\xBF\xBD" },                { "\"\\udc00b\"", "\xEF\xBF\xBD" "b" },
        { "\"\\ud800\\u0041\"", "\xEF\xBF\xBD" "A" },      { "\"\\ud800\\ud83d\\ude00\"", "\xEF\xBF\xBD\xF0\x9F\x98\x80" },
        { "\"a\\u0000b\"", "a\xEF\xBF\xBD" "b" },            { "\"\\ud83d\\ude00\"", "\xF0\x9F\x98\x80" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        const struct json *root = NULL;
        struct err err = { 0 };
        if (!json_read_foreign(&a, str_of(cases[i].text), 1000, &root, &err))
            fail_msg("%s: %s", cases[i].text, err.item[0].text);
        if (!str_is(json_str(root), cases[i].wanted))
            fail_msg("%s gave %.*s", cases[i].text, STR_ARG(json_str(root)));
    }
    static const char *const broken[] = { "\"\\ud83\"", "\"\\x\"", "\"\\u12g4\"", "\"\\", "\"\xED\xA0\x80\"", "{\"\\ud800\":1,\"\\ud800\":2}" };
    for (int i = 0; i < COUNT_OF(broken); i++) {
        const struct json *root = NULL;
        struct err err = { 0 };
        assert_false(json_read_foreign(&a, str_of(broken[i]), 1000, &root, &err));
    }
}

static void an_order_cut_anywhere_is_refused(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    size_t whole = sizeof order - 1 - 2;        /* without the line end */
    for (size_t len = 0; len < whole; len++) {
        const struct json *root;
        struct err err = { 0 };
        arena_reset(&a);
        assert_false(reads(&a, (str){ order, len }, &root, &err));
        assert_int_equal(err.code, ERR_BODY_SYNTAX);
    }
}

static void depth_and_size_have_limits(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    const struct json *root;
    for (int depth = 31; depth <= 34; depth++) {
        struct buf b = buf_in(&a);
        struct err err = { 0 };
        for (int i = 0; i < depth; i++)
            buf_add(&b, i & 1 ? STR("{\"a\":") : STR("["));
        buf_add_char(&b, '1');
        for (int i = depth - 1; i >= 0; i--)
            buf_add_char(&b, i & 1 ? '}' : ']');
        assert_int_equal(reads(&a, buf_str(&b), &root, &err), depth <= JSON_DEPTH_MAX);
        assert_int_equal(json_where(&a, NULL).len, 0);
    }
    char *deep = malloc(1 << 20);
    memset(deep, '[', 1 << 20);
    struct err err = { 0 };
    assert_false(reads(&a, (str){ deep, 1 << 20 }, &root, &err));
    assert_int_equal(err.code, ERR_BODY_SYNTAX);
    err_clear(&err);
    assert_false(json_read(&a, STR("[1,2,3]"), 6, &root, &err));
    assert_int_equal(err.code, ERR_BODY_TOO_LARGE);
    err_clear(&err);
    assert_true(json_read(&a, STR("[1,2,3]"), 7, &root, &err));
    for (int i = 0; i + 1 < 1 << 20; i += 2)
        memcpy(deep + i, "1,", 2);
    deep[0] = '[';
    deep[(1 << 20) - 1] = ']';
    deep[1] = '1';
    struct arena small = { .ceiling_bytes = 8 << 20 };
    assert_false(json_read(&small, (str){ deep, 1 << 20 }, 1 << 20, &root, &err));
    assert_int_equal(err.code, ERR_BODY_TOO_LARGE);
    arena_done(&small);
    err_clear(&err);
    assert_true(json_read(&a, (str){ deep, 1 << 20 }, 1 << 20, &root, &err));
    free(deep);
}

static void a_key_that_comes_twice_is_found_in_small_and_huge_objects(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    static const int sizes[] = { 2, 5, 31, 32, 33, 34, 100, 50000 };
    for (int i = 0; i < COUNT_OF(sizes); i++) {
        for (int twice = 0; twice < 2; twice++) {
            arena_reset(&a);
            struct buf b = buf_in(&a);
            buf_add_char(&b, '{');
            for (int k = 0; k < sizes[i]; k++)
                buf_print(&b, "%s\"key%d\":{\"key1\":%d}", k ? "," : "", twice && k == sizes[i] - 1 ? sizes[i] / 2 - 1 : k, k);
            buf_add_char(&b, '}');
            const struct json *root;
            struct err err = { 0 };
            assert_int_equal(reads(&a, buf_str(&b), &root, &err), !twice);
            if (!twice)
                assert_int_equal(root->count, sizes[i]);
        }
    }
}

static void damaged_orders_never_crash_and_what_is_taken_prints_and_reads_back(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    static const char parts[] = "{}[]:,\"\\u0d8tfn1-+.eE \n\t\0\xD0\xFF";
    uint64_t seed = 2026;
    int taken = 0;
    for (int round = 0; round < 30000; round++) {
        char text[sizeof order];
        size_t len = sizeof order - 1;
        memcpy(text, order, sizeof order);
        for (int hit = 0; hit <= round % 3; hit++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            text[(seed >> 20) % len] = parts[(seed >> 50) % (sizeof parts - 1)];
        }
        arena_reset(&a);
        const struct json *root, *again;
        struct err err;
        err_clear(&err);
        if (!reads(&a, (str){ text, len }, &root, &err)) {
            assert_int_equal(err.code, ERR_BODY_SYNTAX);
            continue;
        }
        str printed = json_print(&a, root);
        assert_true(utf8_valid(printed));
        assert_true(reads(&a, printed, &again, &err));
        assert_true(str_eq(json_print(&a, again), printed));
        taken++;
    }
    assert_true(taken > 1000 && taken < 29000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tree_holds_what_was_written),
        cmocka_unit_test(any_value_may_stand_alone),
        cmocka_unit_test(nasty_input_is_refused_with_a_clear_error),
        cmocka_unit_test(what_is_no_letter_is_replaced_in_a_page_of_a_market),
        cmocka_unit_test(an_order_cut_anywhere_is_refused),
        cmocka_unit_test(depth_and_size_have_limits),
        cmocka_unit_test(a_key_that_comes_twice_is_found_in_small_and_huge_objects),
        cmocka_unit_test(damaged_orders_never_crash_and_what_is_taken_prints_and_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
