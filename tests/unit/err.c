/* The one way to fail. */
#include "base/arena.h"
#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void every_code_has_a_full_row_and_no_code_comes_twice(void **state)
{
    (void)state;
    for (int i = 0; i < ERR_COUNT; i++) {
        const struct err_kind *kind = err_kind((enum err_code)i);
        assert_non_null(kind->code);
        assert_true(*kind->code && *kind->title && kind->title[strlen(kind->title) - 1] == '.');
        assert_true(kind->http == 200 ? i == ERR_NONE : kind->http >= 400 && kind->http < 600);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(kind->code, err_kind((enum err_code)k)->code);
    }
    assert_string_equal(err_kind((enum err_code)9999)->code, "internal");
}

static void the_first_failure_keeps_its_code_and_later_ones_go_to_the_trail(void **state)
{
    (void)state;
    struct err e = { 0 };
    assert_false(err_is_set(&e));
    assert_false(err_set(&e, ERR_NOT_FOUND, "id", "no order %d", 7));
    assert_false(err_set(&e, ERR_INTERNAL, "page", "stopped"));
    assert_false(err_note(&e, "row %d", 12));
    assert_int_equal(e.code, ERR_NOT_FOUND);
    assert_int_equal(e.count, 1);
    assert_string_equal(e.item[0].text, "no order 7");
    assert_string_equal(e.trail, "row 12 < page: stopped");
    err_clear(&e);
    assert_false(err_is_set(&e));
    err_set(&e, ERR_LIMIT, NULL, "again");
    assert_string_equal(e.item[0].field, "");
    assert_string_equal(e.trail, "");
}

static void field_errors_are_collected_up_to_the_limit(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct err e = { 0 };
    assert_int_equal(err_line(&a, &e).len, 0);
    for (int i = 0; i < ERR_ITEMS_MAX + 5; i++)
        assert_false(err_add(&e, i ? "qty" : "total", "must be an amount"));
    assert_int_equal(e.code, ERR_BODY_INVALID);
    assert_int_equal(e.count, ERR_ITEMS_MAX);
    assert_true(str_is(err_line(&a, &e), "total: must be an amount (and 23 more)"));
    e.count = 1;
    assert_true(str_is(err_line(&a, &e), "total: must be an amount"));
    err_under(&e, "lines.0");
    assert_string_equal(e.item[0].field, "lines.0.total");
    e.item[0].field[0] = 0;
    err_under(&e, "lines.0");
    assert_string_equal(e.item[0].field, "lines.0");
}

static void texts_stay_valid_utf8_when_they_are_cut_or_come_broken(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    char long_text[1000] = "";
    for (size_t i = 0; i + 2 < sizeof long_text; i += 2)
        memcpy(long_text + i, "Ж", 2);
    for (int shift = 0; shift < 2; shift++) {
        struct err e = { 0 };
        err_set(&e, ERR_LIMIT, long_text + 2 * shift, "%s%s", shift ? "a" : "", long_text);
        for (int i = 0; i < 20; i++)
            err_note(&e, "%s%s", shift ? "a" : "", long_text + 600);
        err_under(&e, shift ? "x" : "xy");
        assert_true(utf8_valid(str_of(e.item[0].text)) && utf8_valid(str_of(e.item[0].field)) && utf8_valid(str_of(e.trail)));
        assert_true(strlen(e.item[0].text) > 190);
    }
    struct err e = { 0 };
    err_set(&e, ERR_LIMIT, "f", "bad \xFF byte");
    assert_string_equal(e.item[0].text, "bad ? byte");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_a_full_row_and_no_code_comes_twice),
        cmocka_unit_test(the_first_failure_keeps_its_code_and_later_ones_go_to_the_trail),
        cmocka_unit_test(field_errors_are_collected_up_to_the_limit),
        cmocka_unit_test(texts_stay_valid_utf8_when_they_are_cut_or_come_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
