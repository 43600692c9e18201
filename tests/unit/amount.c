/* Money: exact in, exact out, parts that add up. */
#include "base/amount.h"
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define FAILS INT64_MIN

static void digits_become_minor_units_exactly_or_not_at_all(void **state)
{
    (void)state;
    static const struct { const char *text; int64_t exact, rounded; } cases[] = {
        { "129.90", 12990, 12990 }, { "-5", -500, -500 }, { "1500.0000", 150000, 150000 }, { "5990.0", 599000, 599000 },
        { "0", 0, 0 }, { "-0", 0, 0 }, { "-0.00", 0, 0 }, { "0.01", 1, 1 }, { "-0.05", -5, -5 }, { "0.1", 10, 10 },
        { "5.99e3", 599000, 599000 }, { "5.99E+3", 599000, 599000 }, { "59900e-1", 599000, 599000 },
        { "1e2", 10000, 10000 }, { "1E-2", 1, 1 }, { "0.0000001e5", 1, 1 }, { "100000000000000000000e-20", 100, 100 },
        { "0e999999999999999999999", 0, 0 }, { "0.000e-400", 0, 0 },
        { "1e-3", FAILS, 0 }, { "5e-3", FAILS, 1 }, { "-5e-3", FAILS, -1 }, { "49e-4", FAILS, 0 }, { "1e-400", FAILS, 0 },
        { "9e-99999999999999999999", FAILS, 0 },
        { "129.905", FAILS, 12991 }, { "129.904999", FAILS, 12990 }, { "-129.905", FAILS, -12991 }, { "0.005", FAILS, 1 },
        { "0.0049", FAILS, 0 }, { "0.995", FAILS, 100 }, { "0.001", FAILS, 0 },
        { "9000000000000000.00", AMOUNT_MAX_MINOR, AMOUNT_MAX_MINOR }, { "-9e15", -AMOUNT_MAX_MINOR, -AMOUNT_MAX_MINOR },
        { "9000000000000000.01", FAILS, FAILS }, { "9000000000000000.005", FAILS, FAILS },
        { "9000000000000000.004", FAILS, AMOUNT_MAX_MINOR }, { "1e400", FAILS, FAILS },
        { "123456789012345678901234567890", FAILS, FAILS },
        { "", FAILS, FAILS }, { "-", FAILS, FAILS }, { "+5", FAILS, FAILS }, { " 5", FAILS, FAILS }, { "5 ", FAILS, FAILS },
        { ".5", FAILS, FAILS }, { "5.", FAILS, FAILS }, { "05", FAILS, FAILS }, { "1 000", FAILS, FAILS }, { "1,5", FAILS, FAILS },
        { "1e", FAILS, FAILS }, { "1e+", FAILS, FAILS }, { "1.e3", FAILS, FAILS }, { "NaN", FAILS, FAILS }, { "1.2.3", FAILS, FAILS },
        { "0x10", FAILS, FAILS }, { "1e2.5", FAILS, FAILS }, { "--1", FAILS, FAILS }, { "٣", FAILS, FAILS },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        amount exact = { FAILS }, rounded = { FAILS };
        bool   is_exact = amount_parse(str_of(cases[i].text), &exact);
        bool   is_read  = amount_parse_round(str_of(cases[i].text), &rounded);
        if (is_exact != (cases[i].exact != FAILS) || exact.minor != cases[i].exact)
            fail_msg("\"%s\" exact: %lld", cases[i].text, (long long)exact.minor);
        if (is_read != (cases[i].rounded != FAILS) || rounded.minor != cases[i].rounded)
            fail_msg("\"%s\" rounded: %lld", cases[i].text, (long long)rounded.minor);
    }
    amount a;
    assert_false(amount_parse((str){ 0 }, &a));
}

static void text_of_an_amount_reads_back_as_the_same_amount(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena arena = { 0 };
    assert_true(str_is(amount_text(&arena, (amount){ 12990 }), "129.90"));
    assert_true(str_is(amount_text(&arena, (amount){ -5 }), "-0.05"));
    assert_true(str_is(amount_text(&arena, (amount){ 0 }), "0.00"));
    assert_true(str_is(amount_text(&arena, (amount){ INT64_MIN }), "-92233720368547758.08"));
    uint64_t seed = 42;
    for (int i = 0; i < 20000; i++) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        amount a = { (int64_t)(seed >> (i % 60)) % AMOUNT_MAX_MINOR }, back;
        a.minor = i & 1 ? -a.minor : a.minor;
        arena_reset(&arena);
        assert_true(amount_parse(amount_text(&arena, a), &back));
        assert_int_equal(a.minor, back.minor);
    }
}

static void sums_that_leave_the_range_fail(void **state)
{
    (void)state;
    amount most = { AMOUNT_MAX_MINOR }, out = { 7 };
    assert_true(amount_add((amount){ 100 }, (amount){ -250 }, &out));
    assert_int_equal(out.minor, -150);
    assert_true(amount_mul((amount){ 100000 }, 3, &out));
    assert_int_equal(out.minor, 300000);
    assert_true(amount_sub(most, most, &out));
    assert_int_equal(out.minor, 0);
    assert_false(amount_add(most, (amount){ 1 }, &out));
    assert_false(amount_sub((amount){ -1 }, most, &out));
    assert_false(amount_mul(most, 2, &out));
    assert_false(amount_mul(most, INT64_MIN, &out));
    assert_false(amount_scale(most, INT64_MIN, 1, &out));
    assert_int_equal(out.minor, 0);
}

static void scaling_rounds_half_away_from_zero(void **state)
{
    (void)state;
    static const struct { int64_t minor, num, den, want; } cases[] = {
        { 1, 1, 2, 1 }, { -1, 1, 2, -1 }, { 1, -1, 2, -1 }, { 3, 1, 2, 2 }, { 1, 1, 3, 0 }, { 2, 1, 3, 1 }, { 5, 1, 10, 1 },
        { 4, 1, 10, 0 }, { -5, 1, 10, -1 }, { -4, 1, 10, 0 }, { 0, 5, 7, 0 },
        { 11200, 1200, 11200, 1200 },               /* VAT of 12 % inside 112.00 is 12.00 */
        { 11600, 1600, 11600, 1600 },               /* 16 % inside 116.00 */
        { 599000, 1600, 11600, 82621 },             /* 16 % inside 5 990.00: 826.2069 */
        { 599000, 2000, 12000, 99833 },             /* 20 % inside 5 990.00: 998.3333 */
        { 48700000, 1, 12, 4058333 },               /* 487 000 over 12 orders: 40 583.33 */
        { AMOUNT_MAX_MINOR, INT64_MAX, INT64_MAX, AMOUNT_MAX_MINOR },
        { 1, INT64_MAX, INT64_MAX, 1 },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        amount out;
        assert_true(amount_scale((amount){ cases[i].minor }, cases[i].num, cases[i].den, &out));
        if (out.minor != cases[i].want)
            fail_msg("case %d: %lld", i, (long long)out.minor);
    }
}

static void a_split_gives_the_spare_units_to_the_largest_remainders(void **state)
{
    (void)state;
    static const struct { int64_t whole, weights[5]; int count; int64_t parts[5]; } cases[] = {
        { 289999, { 1, 1, 1 }, 3, { 96667, 96666, 96666 } },           /* domain §6 */
        { 10001, { 100000, 100000, 100000 }, 3, { 3334, 3334, 3333 } },
        { 100, { 1, 2, 3 }, 3, { 17, 33, 50 } },
        { 100, { 0, 1, 0, 2 }, 4, { 0, 33, 0, 67 } },
        { -100, { 1, 1, 1 }, 3, { -34, -33, -33 } },
        { 2, { 1, 1, 1, 1, 1 }, 5, { 1, 1, 0, 0, 0 } },
        { 0, { 1, 1 }, 2, { 0, 0 } },
        { 7, { 5 }, 1, { 7 } },
        { 10, { 333, 333, 334 }, 3, { 3, 3, 4 } },
        { AMOUNT_MAX_MINOR, { INT64_MAX, INT64_MAX, INT64_MAX }, 3, { 300000000000000000, 300000000000000000, 300000000000000000 } },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        amount parts[5];
        assert_true(amount_split((amount){ cases[i].whole }, cases[i].weights, cases[i].count, parts));
        for (int k = 0; k < cases[i].count; k++)
            if (parts[k].minor != cases[i].parts[k])
                fail_msg("case %d part %d: %lld", i, k, (long long)parts[k].minor);
    }
    amount part[2];
    assert_false(amount_split((amount){ 5 }, (int64_t[]){ 0, 0 }, 2, part));
    assert_false(amount_split((amount){ 5 }, (int64_t[]){ 1, -1 }, 2, part));
    assert_false(amount_split((amount){ 5 }, NULL, 0, part));
}

static void parts_always_add_up_and_are_off_by_less_than_a_unit(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int round = 0; round < 3000; round++) {
        int64_t weights[40];
        amount  parts[40];
        int     count = 1 + round % 40;
        double  sum = 0;
        for (int i = 0; i < count; i++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            weights[i] = (int64_t)(seed >> (8 + round % 50)) + (i == 0);
            sum += (double)weights[i];
        }
        amount whole = { (int64_t)(seed >> 20) % 100000000 };
        assert_true(amount_split(whole, weights, count, parts));
        int64_t total = 0;
        for (int i = 0; i < count; i++) {
            double ideal = (double)whole.minor * ((double)weights[i] / sum), off = (double)parts[i].minor - ideal;
            assert_true(off > -1.001 && off < 1.001);
            total += parts[i].minor;
        }
        assert_int_equal(total, whole.minor);
    }
}

static void currencies_are_known_by_letters_and_number(void **state)
{
    (void)state;
    assert_true(currency_known(STR("KZT")) && currency_known(STR("KGS")));
    assert_false(currency_known(STR("kzt")) || currency_known(STR("JPY")) || currency_known((str){ 0 }));
    assert_true(str_is(currency_from_number(643), "RUB"));
    assert_true(str_is(currency_from_number(398), "KZT"));
    assert_int_equal(currency_from_number(-1).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_become_minor_units_exactly_or_not_at_all),
        cmocka_unit_test(text_of_an_amount_reads_back_as_the_same_amount),
        cmocka_unit_test(sums_that_leave_the_range_fail),
        cmocka_unit_test(scaling_rounds_half_away_from_zero),
        cmocka_unit_test(a_split_gives_the_spare_units_to_the_largest_remainders),
        cmocka_unit_test(parts_always_add_up_and_are_off_by_less_than_a_unit),
        cmocka_unit_test(currencies_are_known_by_letters_and_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
