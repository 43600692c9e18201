/* Codes of authenticator apps, as the RFCs give them, and the picture that an app reads. */
#include "base/qr.h"
#include "base/secret.h"
#include "base/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static const str rfc_secret = STR_INIT("12345678901234567890");

static void counters_give_the_codes_of_rfc_4226(void **state)
{
    static const uint32_t codes[] = { 755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489 };
    (void)state;
    for (int i = 0; i < COUNT_OF(codes); i++)
        assert_int_equal(totp_code(rfc_secret, i, 6), codes[i]);
}

static void moments_give_the_codes_of_rfc_6238(void **state)
{
    static const struct { int64_t s; uint32_t code; } cases[] = {
        { 59, 94287082 },         { 1111111109, 7081804 },  { 1111111111, 14050471 },
        { 1234567890, 89005924 }, { 2000000000, 69279037 }, { 20000000000, 65353130 },
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(totp_code(rfc_secret, totp_step((instant){ cases[i].s * 1000 }), 8), cases[i].code);
}

static void a_code_is_right_for_its_half_minute_and_one_to_each_side(void **state)
{
    const instant now = { INT64_C(1111111109) * 1000 };      /* step 37037036, code 081804 */
    int64_t       step = 0;
    (void)state;
    static const struct { int late_s; bool right; } cases[] = { { 0, true }, { -30, true }, { 30, true }, { -61, false }, { 61, false } };
    for (int i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(totp_match(rfc_secret, STR("081804"), instant_add(now, cases[i].late_s * 1000), 0, &step), cases[i].right);
    assert_int_equal(step, 37037036);
    assert_false(totp_match(rfc_secret, STR("081804"), now, 37037036, &step));      /* taken before */
    assert_true(totp_match(rfc_secret, STR("081804"), now, 37037035, &step));
    assert_false(totp_match(rfc_secret, STR("81804"), now, 0, &step));
    assert_false(totp_match(rfc_secret, (str){ 0 }, now, 0, &step));
}

static void secrets_are_written_as_rfc_4648_says(void **state)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    static const char *const cases[][2] = { { "", "" }, { "f", "MY" }, { "fo", "MZXQ" }, { "foo", "MZXW6" }, { "foob", "MZXW6YQ" },
                                            { "fooba", "MZXW6YTB" }, { "foobar", "MZXW6YTBOI" } };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++)
        assert_true(str_is(base32_encode(&a, str_of(cases[i][0])), cases[i][1]));
    assert_true(str_is(totp_address(&a, STR("Sauda"), STR("a b@x.kz"), STR("foobar")), "otpauth://totp/Sauda:a%20b%40x.kz?secret=MZXW6YTBOI&issuer=Sauda"));
}

/* What every reader looks for first, and the format words, which must be those of level M and one of eight masks. */
static void a_picture_has_its_corners_lines_and_format(void **state)
{
    static const int formats[8] = { 0x5412, 0x5125, 0x5e7c, 0x5b4b, 0x45f9, 0x40ce, 0x4f97, 0x4aa0 };
    CLEANUP(arena_done) struct arena a = { 0 };
    (void)state;
    for (size_t len = 1; len <= QR_TEXT_MAX; len += 13) {
        int   size = 0, format = 0, known = 0;
        char *text = arena_alloc(&a, len);
        memset(text, 'a', len);
        const unsigned char *q = qr_modules(&a, (str){ text, len }, &size);
        assert_non_null(q);
        assert_int_equal((size - 17) % 4, 0);
        for (int i = 0; i < 7; i++)
            assert_true(q[i] && q[6 * size + i] && q[size - 1 - i] && q[(size - 1) * size + i] && q[i * size]);
        for (int i = 8; i < size - 8; i++)
            assert_true(q[6 * size + i] == (i % 2 == 0) && q[i * size + 6] == (i % 2 == 0));
        for (int i = 0; i < 8; i++)
            format |= q[8 * size + size - 1 - i] << i;
        for (int i = 8; i < 15; i++)
            format |= q[(size - 15 + i) * size + 8] << i;
        for (int i = 0; i < 8; i++)
            known += format == formats[i];
        assert_int_equal(known, 1);
    }
    int size;
    char *long_text = arena_alloc(&a, QR_TEXT_MAX + 1);
    memset(long_text, 'a', QR_TEXT_MAX + 1);
    assert_null(qr_modules(&a, (str){ long_text, QR_TEXT_MAX + 1 }, &size));
    assert_int_equal(qr_path(&a, (str){ long_text, QR_TEXT_MAX + 1 }, &size).len, 0);
}

/* The picture as a reader of somebody else's was seen to read it (jsQR 1.4, each version from 1 to 12). */
static void a_picture_stays_as_readers_have_read_it(void **state)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    int size = 0;
    (void)state;
    str path = qr_path(&a, STR("otpauth://totp/Sauda:owner?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sauda"), &size);
    assert_int_equal(size, 37);
    assert_true(str_starts(path, STR("M0 0h7v1h-7z")));
    assert_string_equal(str_zero(&a, str_sub(secret_digest(&a, path), 0, 16)), "2f1c739530f1a155");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_give_the_codes_of_rfc_4226),
        cmocka_unit_test(moments_give_the_codes_of_rfc_6238),
        cmocka_unit_test(a_code_is_right_for_its_half_minute_and_one_to_each_side),
        cmocka_unit_test(secrets_are_written_as_rfc_4648_says),
        cmocka_unit_test(a_picture_has_its_corners_lines_and_format),
        cmocka_unit_test(a_picture_stays_as_readers_have_read_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
