/* Moments, civil dates, ids and the clock. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define FAILS INT64_MIN

static void rfc_3339_is_read_exactly_or_not_at_all(void **state)
{
    (void)state;
    static const struct { const char *text; int64_t ms; } cases[] = {
        { "1970-01-01T00:00:00Z", 0 }, { "1970-01-01T05:00:00.001+05:00", 1 }, { "2026-12-16T04:04:00Z", 1797393840000 },
        { "2026-12-16T09:04:00+05:00", 1797393840000 }, { "2026-12-16T01:04:00-03:00", 1797393840000 },
        { "2026-12-16t04:04:00z", 1797393840000 }, { "2026-12-16 04:04:00Z", 1797393840000 },
        { "2026-12-16T04:04:00.5Z", 1797393840500 }, { "2026-12-16T04:04:00.123456789Z", 1797393840123 },
        { "2026-12-16T04:03:60Z", 1797393840000 }, { "2024-02-29T00:00:00Z", 1709164800000 },
        { "9999-12-31T23:59:59.999Z", 253402300799999 },
        { "2023-02-29T00:00:00Z", FAILS }, { "2026-13-01T00:00:00Z", FAILS }, { "2026-00-01T00:00:00Z", FAILS },
        { "2026-04-31T00:00:00Z", FAILS }, { "2026-04-00T00:00:00Z", FAILS }, { "2026-04-01T24:00:00Z", FAILS },
        { "2026-04-01T00:60:00Z", FAILS }, { "2026-04-01T00:00:61Z", FAILS }, { "2026-04-01T00:00:00", FAILS },
        { "2026-04-01T00:00:00.Z", FAILS }, { "2026-04-01T00:00:00.1234567890Z", FAILS }, { "2026-04-01T00:00:00ZZ", FAILS },
        { "2026-04-01T00:00:00+5:00", FAILS }, { "2026-04-01T00:00:00+0500", FAILS }, { "2026-04-01T00:00:00+24:00", FAILS },
        { "2026-04-01T00:00:00+05:60", FAILS }, { "2026-04-01T00:00Z", FAILS }, { "2026-4-1T00:00:00Z", FAILS },
        { "1969-12-31T23:59:59Z", FAILS }, { "1970-01-01T00:00:00+05:00", FAILS }, { "9999-12-31T23:59:59-01:00", FAILS },
        { "", FAILS }, { "2026-04-01", FAILS }, { " 2026-04-01T00:00:00Z", FAILS }, { "-026-04-01T00:00:00Z", FAILS },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        instant t = { FAILS };
        bool    ok = instant_parse(str_of(cases[i].text), &t);
        if (ok != (cases[i].ms != FAILS) || t.ms != cases[i].ms)
            fail_msg("\"%s\": %d %lld", cases[i].text, ok, (long long)t.ms);
    }
    instant t;
    str     whole = STR("2026-12-16T09:04:00.123+05:00");
    for (size_t len = 0; len < whole.len; len++)
        assert_false(instant_parse(str_sub(whole, 0, len), &t));
}

static void text_of_a_moment_reads_back_as_the_same_moment(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    assert_true(str_is(instant_text(&a, (instant){ 1797393840000 }), "2026-12-16T04:04:00Z"));
    assert_true(str_is(instant_text(&a, (instant){ 1797393840007 }), "2026-12-16T04:04:00.007Z"));
    assert_int_equal(instant_text(&a, (instant){ 0 }).len, 0);
    assert_true(str_is(instant_text(&a, (instant){ -1 }), "1970-01-01T00:00:00Z"));
    assert_true(str_is(instant_text(&a, (instant){ INT64_MAX }), "9999-12-31T23:59:59.999Z"));
    for (int64_t ms = 1; ms < INT64_C(253402300800000); ms += INT64_C(123456789017)) {
        instant back;
        assert_true(instant_parse(instant_text(&a, (instant){ ms }), &back));
        assert_int_equal(back.ms, ms);
    }
}

static void every_day_of_eight_centuries_follows_the_one_before(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    assert_int_equal(civil_to_days(1970, 1, 1), 0);
    assert_int_equal(civil_to_days(2000, 3, 1), 11017);
    assert_int_equal(weekday_of_days(civil_to_days(2026, 12, 16)), 2);
    assert_int_equal(weekday_of_days(civil_to_days(1969, 12, 28)), 6);
    struct civil before = civil_of_days(civil_to_days(1600, 1, 1) - 1);
    assert_int_equal(before.year, 1599);
    for (int64_t day = civil_to_days(1600, 1, 1); day < civil_to_days(2400, 1, 1); day++) {
        struct civil c = civil_of_days(day);
        bool is_next = c.year == before.year && c.month == before.month && c.day == before.day + 1;
        bool is_first = c.day == 1 && before.day >= 28 && (c.year * 12 + c.month == before.year * 12 + before.month + 1);
        if (!(is_next || is_first) || civil_to_days(c.year, c.month, c.day) != day)
            fail_msg("day %lld", (long long)day);
        before = c;
    }
    int64_t day;
    assert_true(date_parse(STR("2026-12-16"), &day));
    assert_true(str_is(date_text(&a, day), "2026-12-16"));
    assert_false(date_parse(STR("2026-12-16 "), &day) || date_parse(STR("2026-2-30"), &day) || date_parse((str){ 0 }, &day));
}

static void ids_rise_even_when_the_clock_does_not(void **state)
{
    (void)state;
    instant now = { 1797393840000 };
    struct id_source source = { .node = 5 };
    rid last = { 0 };
    for (int i = 0; i < 200000; i++) {
        rid id = id_next(&source, instant_add(now, i > 100000 ? -5000 : 0));
        assert_true(id.v > last.v);
        assert_int_equal(id.v >> 16 & 63, 5);
        last = id;
    }
    assert_true(id_next(&source, instant_add(now, 60000)).v > last.v);
    struct id_source early = { 0 };
    assert_true(id_next(&early, (instant){ 0 }).v > 0);
}

static void ids_after_a_seen_one_are_larger_whatever_its_node(void **state)
{
    (void)state;
    instant now = { 1797393840000 };
    for (unsigned node = 0; node < 64; node += 21) {
        struct id_source other = { .node = 40 }, ours = { .node = node };
        rid seen = { 0 };
        for (int i = 0; i < 10; i++)
            seen = id_next(&other, now);
        id_after(&ours, seen);
        id_after(&ours, (rid){ 0 });
        assert_true(id_next(&ours, instant_add(now, -1000)).v > seen.v);
    }
}

static void an_id_is_a_positive_whole_number(void **state)
{
    (void)state;
    rid id = { 0 };
    assert_true(id_parse(STR("9223372036854775807"), &id));
    assert_true(id_is_set(id) && id_eq(id, (rid){ INT64_MAX }));
    assert_false(id_parse(STR("0"), &id) || id_parse(STR("-1"), &id) || id_parse(STR("x"), &id) || id_parse((str){ 0 }, &id));
}

static void a_test_clock_stands_still_or_runs_from_a_moment(void **state)
{
    (void)state;
    struct clock c = { 0 };
    instant at = { 1797393840000 };
    assert_true(clock_now(&c).ms > INT64_C(1700000000000));
    clock_freeze(&c, at);
    clock_advance(&c, 1500);
    assert_int_equal(clock_now(&c).ms, at.ms + 1500);
    clock_run_from(&c, at);
    clock_advance(&c, HOUR_MS);
    int64_t past = clock_now(&c).ms - at.ms;
    assert_true(past >= HOUR_MS && past < HOUR_MS + 10 * MINUTE_MS);
    int64_t tick = clock_tick_ns();
    assert_true(clock_tick_ns() >= tick);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_3339_is_read_exactly_or_not_at_all),
        cmocka_unit_test(text_of_a_moment_reads_back_as_the_same_moment),
        cmocka_unit_test(every_day_of_eight_centuries_follows_the_one_before),
        cmocka_unit_test(ids_rise_even_when_the_clock_does_not),
        cmocka_unit_test(ids_after_a_seen_one_are_larger_whatever_its_node),
        cmocka_unit_test(an_id_is_a_positive_whole_number),
        cmocka_unit_test(a_test_clock_stands_still_or_runs_from_a_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
