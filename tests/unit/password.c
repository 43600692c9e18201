/* What a password may be. */
#include "accounts/factor.h"
#include "accounts/password.h"
#include "accounts/session.h"
#include "base/secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static bool is_taken(const char *password, const char *login)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    struct err err = { 0 };
    return password_check(&a, "password", str_of(password), str_of(login), &err);
}

static void passwords_that_are_guessed_first_are_refused(void **state)
{
    static const char *const bad[] = {
        "password", "PASSWORD", "Password1!", "password2026", "12345678", "123456789", "qwertyuiop", "Qwerty2024!", "iloveyou", "trustno1",
        "1q2w3e4r", "monkey12", "dragon2025", "parol123", "Пароль123", "ПАРОЛЬ2026!", "gfhjkm123", "Қазақстан1", "Украина2022", "йцукенгш",
        "aaaaaaaa", "abababab", "12121212", "abcdefgh", "hgfedcba", "23456789", "87654321", "алматы77", "nurlan2026", "nurlan@karapuz.kz",
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(bad); i++)
        if (is_taken(bad[i], "nurlan@karapuz.kz"))
            fail_msg("%s is taken", bad[i]);
}

static void passwords_of_ones_own_are_taken(void **state)
{
    static const char *const good[] = {
        "correct horse", "battery staple", "vremya-otkryvat-1", "karapuz-2026", "тёплая каша", "жеті қазына", "x7#kQ!v2", "самовар на веранде",
        "password is not enough",
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(good); i++)
        if (!is_taken(good[i], "nurlan@karapuz.kz"))
            fail_msg("%s is refused", good[i]);
}

static void length_is_counted_in_characters_and_ends_in_bytes(void **state)
{
    char text[PASSWORD_BYTES_MAX + 2];
    (void)state;
    assert_false(is_taken("каша7!x", ""));                    /* seven, in eleven bytes */
    assert_true(is_taken("каша7!xy", ""));
    for (int i = 0; i < (int)sizeof text; i++)
        text[i] = (char)('a' + i * 7 % 26);
    text[PASSWORD_BYTES_MAX] = 0;
    assert_true(is_taken(text, ""));
    text[PASSWORD_BYTES_MAX] = 'a';
    text[PASSWORD_BYTES_MAX + 1] = 0;
    assert_false(is_taken(text, ""));
}

static void recovery_codes_are_told_apart_and_typed_as_one_likes(void **state)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    const rid me = { 7 }, other = { 8 };
    (void)state;
    str code = recovery_code_make(&a), again = recovery_code_make(&a);
    assert_int_equal(code.len, 19);
    assert_false(str_eq(code, again));
    str digest = recovery_code_digest(&a, me, code);
    assert_int_equal(digest.len, 64);
    str typed = str_print(&a, " %.*s ", STR_ARG(code));
    char *loud = str_zero(&a, typed);
    for (char *c = loud; *c; c++)
        *c = *c == '-' ? ' ' : *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    assert_true(str_eq(digest, recovery_code_digest(&a, me, str_of(loud))));
    assert_false(str_eq(digest, recovery_code_digest(&a, other, code)));
    assert_int_equal(recovery_code_digest(&a, me, STR("123456")).len, 0);
    assert_true(str_is(factor_code(&a, STR("123 456")), "123456"));
    assert_int_equal(factor_code(&a, STR("12345a")).len, 0);
    assert_int_equal(factor_code(&a, code).len, 0);
}

static void tries_from_one_network_are_counted_together(void **state)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    static const char *const same[][2] = { { "2001:db8:1:2::1", "2001:db8:1:2:ffff::9" }, { "::ffff:192.0.2.1", "192.0.2.1" } },
                      *const apart[][2] = { { "192.0.2.1", "192.0.2.2" }, { "2001:db8:1:2::1", "2001:db8:1:3::1" }, { "", "192.0.2.1" } };
    (void)state;
    for (int i = 0; i < COUNT_OF(same); i++)
        assert_true(str_eq(throttle_address_of(&a, str_of(same[i][0])), throttle_address_of(&a, str_of(same[i][1]))));
    for (int i = 0; i < COUNT_OF(apart); i++)
        assert_false(str_eq(throttle_address_of(&a, str_of(apart[i][0])), throttle_address_of(&a, str_of(apart[i][1]))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passwords_that_are_guessed_first_are_refused),
        cmocka_unit_test(passwords_of_ones_own_are_taken),
        cmocka_unit_test(length_is_counted_in_characters_and_ends_in_bytes),
        cmocka_unit_test(recovery_codes_are_told_apart_and_typed_as_one_likes),
        cmocka_unit_test(tries_from_one_network_are_counted_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
