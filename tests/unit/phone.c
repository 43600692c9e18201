/* Telephone numbers: domain handbook §0 and what marketplaces really send. */
#include "base/phone.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

struct number { const char *raw, *country, *want; };

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

static void check(struct arena *arena, const struct number *cases, int count)
{
    for (int i = 0; i < count; i++) {
        str got = phone_normalise(arena, str_of(cases[i].raw), str_of(cases[i].country));
        if (!str_is(got, cases[i].want))
            fail_msg("\"%s\" in %s: got \"%.*s\", want \"%s\"", cases[i].raw, cases[i].country, STR_ARG(got), cases[i].want);
    }
}

static void numbers_of_the_handbook_meet_in_one_key(void **state)
{
    static const struct number cases[] = {
        { "8 (777) 123-45-67",   "KZ", "+77771234567" },
        { "7771234567",          "KZ", "+77771234567" },
        { "+7 777 123 45 67",    "KZ", "+77771234567" },
        { "87771234567",         "KZ", "+77771234567" },
        { "77771234567",         "UA", "+77771234567" },
        { "8 777 1234567",       "KZ", "+77771234567" },
        { "380501234567",        "UA", "+380501234567" },
        { "0501234567",          "UA", "+380501234567" },
        { "380501234567",        "KZ", "+380501234567" },
        { "9161234567",          "RU", "+79161234567" },
        { "8 (916) 123-45-67",   "RU", "+79161234567" },
        { "7021234567",          "KZ", "+77021234567" },         /* Kaspi's cellPhone */
        { "77001234567",         "KZ", "+77001234567" },
    };
    check(*state, cases, COUNT_OF(cases));
}

static void habits_of_typing_are_understood(void **state)
{
    static const struct number cases[] = {
        { "+8 777 123 45 67",           "KZ", "+77771234567" },
        { "007 777 123 45 67",          "KZ", "+77771234567" },
        { "+7\xc2\xa0" "777\xe2\x80\x91" "123-45-67", "KZ", "+77771234567" },
        { "тел.: 8 (701) 123-45-67",    "KZ", "+77011234567" },
        { "８７７７１２３４５６７",     "KZ", "+77771234567" },
        { "8 777 123 45 67, 8 701 765 43 21", "KZ", "+77771234567" },
        { "87771234567/87017654321",    "KZ", "+77771234567" },
        { "нет; 87771234567",           "KZ", "+77771234567" },
        { "8 050 123 45 67",            "UA", "+380501234567" },
        { "+38 (050) 123-45-67",        "UA", "+380501234567" },
        { "+380 (050) 123-45-67",       "UA", "+380501234567" },
        { "8 029 123 45 67",            "BY", "+375291234567" },
        { "+7 709 123 45 67",           "KZ", "+77091234567" },  /* a prefix younger than the library's data */
        { "+998 20 123 45 67",          "KZ", "+998201234567" },
        { "4951234567",                 "RU", "+74951234567" },
        { "kz 87771234567",             "kz", "+77771234567" },
    };
    check(*state, cases, COUNT_OF(cases));
}

static void foreign_numbers_go_through_the_library(void **state)
{
    static const struct number cases[] = {
        { "+49 30 123456",          "KZ", "+4930123456" },
        { "+1 (212) 555-2368",      "KZ", "+12125552368" },
        { "0044 20 7946 0958",      "KZ", "+442079460958" },
        { "442079460958",           "KZ", "+442079460958" },
        { "+86 138 0013 8000",      "KZ", "+8613800138000" },
        { "+81 90 1234 5678",       "KZ", "+819012345678" },
        { "(212) 555-2368",         "US", "+12125552368" },
        { "+90 532 123 45 67 доб. 12", "RU", "+905321234567" },
    };
    check(*state, cases, COUNT_OF(cases));
}

static void what_is_no_key_gives_nothing(void **state)
{
    static const struct number cases[] = {
        { "", "KZ", "" }, { "   ", "KZ", "" }, { "12345", "KZ", "" }, { "нет телефона", "KZ", "" },
        { "+7 777 ***-**-67", "KZ", "" }, { "+7 777 •••-••-67", "KZ", "" }, { "+7 (7XX) XXX-XX-67", "KZ", "" },
        { "+0(000)-000-00-00", "KZ", "" }, { "+7(000)-000-00-00", "KZ", "" }, { "0000000000", "KZ", "" },
        { "7777777777", "KZ", "" }, { "87777777777", "KZ", "" }, { "+77777777777", "KZ", "" }, { "9999999999", "RU", "" },
        { "+7 012 345 67 89", "KZ", "" }, { "80501234567", "KZ", "" }, { "777123456", "KZ", "" },
        { "7771234567890123456789", "KZ", "" }, { "+", "KZ", "" }, { "\xff\xfe", "KZ", "" },
    };
    check(*state, cases, COUNT_OF(cases));
}

static void any_bytes_are_survived(void **state)
{
    static const char signs[] = "0123456789+-() *x/;,\xd0\xbf\xef\xbc\x91\xff.e#";
    unsigned seed = 12345;

    for (int round = 0; round < 3000; round++) {
        char   raw[160];
        size_t len = (seed >> 4) % sizeof raw;
        for (size_t i = 0; i < len; i++) {
            seed = seed * 1664525u + 1013904223u;
            raw[i] = signs[(seed >> 16) % (sizeof signs - 1)];
        }
        seed = seed * 1664525u + 1013904223u;
        str got = phone_normalise(*state, (str){ raw, len }, STR("KZ"));
        assert_true(got.len == 0 || (got.at[0] == '+' && got.len >= 8 && got.len <= 16));
        str again = phone_normalise(*state, got, STR("UA"));
        if (!str_eq(got, again))
            fail_msg("\"%.*s\": key \"%.*s\" becomes \"%.*s\"", (int)len, raw, STR_ARG(got), STR_ARG(again));
        phone_shown(*state, (str){ raw, len });
        phone_masked(*state, (str){ raw, len });
        phone_is_masked((str){ raw, len });
        arena_reset(*state);
    }
}

static void masks_are_recognised(void **state)
{
    (void)state;
    assert_true(phone_is_masked(STR("+0(000)-000-00-00")));
    assert_true(phone_is_masked(STR("+7 *** *** 12 34")));
    assert_false(phone_is_masked(STR("+7 777 123 45 67")));
    assert_false(phone_is_masked(STR("+7 700 000 00 01")));
    assert_false(phone_is_masked(STR("8 800 000 00 00")));
    assert_false(phone_is_masked(STR("")));
}

static void numbers_are_shown_in_groups_and_masked(void **state)
{
    static const struct pair { const char *e164, *shown, *masked; } cases[] = {
        { "+77771234567", "+7_777_123_45_67", "+7_777_•••-••-67" },
        { "+380501234567", "+380_50_123_45_67", "+380_50_•••-••-67" },
        { "+37491234567", "+374_91_23_45_67", "+374_91_•••-••-67" },
        { "+4930123456", "+49_30_123456", "+49_•••-••-56" },
        { "", "", "" },
        { "abc", "abc", "•••" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        char   want[2][64];
        const char *texts[] = { cases[i].shown, cases[i].masked };
        for (int k = 0; k < 2; k++) {                   /* _ stands for the no-break space */
            size_t len = 0;
            for (const char *c = texts[k]; *c; c++) {
                if (*c == '_')
                    want[k][len++] = '\xc2', want[k][len++] = '\xa0';
                else
                    want[k][len++] = *c;
            }
            want[k][len] = '\0';
        }
        str shown = phone_shown(*state, str_of(cases[i].e164)), masked = phone_masked(*state, str_of(cases[i].e164));
        if (!str_is(shown, want[0]) || !str_is(masked, want[1]))
            fail_msg("%s: \"%.*s\" \"%.*s\"", cases[i].e164, STR_ARG(shown), STR_ARG(masked));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_of_the_handbook_meet_in_one_key),
        cmocka_unit_test(habits_of_typing_are_understood),
        cmocka_unit_test(foreign_numbers_go_through_the_library),
        cmocka_unit_test(what_is_no_key_gives_nothing),
        cmocka_unit_test(any_bytes_are_survived),
        cmocka_unit_test(masks_are_recognised),
        cmocka_unit_test(numbers_are_shown_in_groups_and_masked),
    };
    return cmocka_run_group_tests(tests, arena_make, arena_drop);
}
