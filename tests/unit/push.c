/* Web push: the example of RFC 8291, the token of RFC 8292, and readers that are none. */
#include "base/push.h"
#include "base/secret.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

static int arena_make(void **state)
{
    static struct arena arena;
    struct err err = { 0 };
    *state = &arena;
    return secret_init(&err) ? 0 : -1;
}

static int arena_drop(void **state)
{
    arena_done(*state);
    return 0;
}

static str bytes(struct arena *a, const char *text)
{
    str out = { 0 };
    assert_true(base64_decode(a, str_of(text), &out));
    return out;
}

static void assert_str(str got, str want)
{
    if (!str_eq(got, want))
        fail_msg("got \"%.*s\", want \"%.*s\"", STR_ARG(got), STR_ARG(want));
}

#define READER_POINT "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
#define READER_AUTH  "BTBZMqHH6r4Tts7J_aSIgg"

static struct push_reader reader(struct arena *a)
{
    return (struct push_reader){ bytes(a, READER_POINT), bytes(a, READER_AUTH) };
}

static void the_example_of_rfc_8291_comes_out_byte_for_byte(void **state)
{
    struct arena      *a    = *state;
    struct err         err  = { 0 };
    struct push_reader to   = reader(a);
    struct push_keys   from = { bytes(a, "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
                                bytes(a, "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8") };
    str body;
    assert_true(push_encrypt_with(a, &to, &from, bytes(a, "DGv6ra1nlYgDCS1FRnbzlw"), STR("When I grow up, I want to be a watermelon"),
                                  &body, &err));
    assert_str(base64_encode(a, body), base64_encode(a, bytes(a,
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95b"
        "Qpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")));
}

static void each_message_has_a_salt_and_a_key_of_its_own_and_fits_one_record(void **state)
{
    struct arena      *a   = *state;
    struct err         err = { 0 };
    struct push_reader to  = reader(a);
    char               long_text[PUSH_TEXT_BYTES_MAX + 1];
    str                one, two;
    memset(long_text, 'x', sizeof long_text);
    assert_true(push_encrypt(a, &to, (str){ long_text, PUSH_TEXT_BYTES_MAX }, &one, &err));
    assert_true(push_encrypt(a, &to, (str){ long_text, PUSH_TEXT_BYTES_MAX }, &two, &err));
    assert_int_equal(one.len, 4096);
    assert_false(str_eq(str_sub(one, 0, 86), str_sub(two, 0, 86)));
    assert_false(push_encrypt(a, &to, (str){ long_text, sizeof long_text }, &one, &err));
    assert_int_equal(err.code, ERR_LIMIT);
}

static void a_reader_that_is_no_point_of_the_curve_is_refused_by_name(void **state)
{
    struct arena      *a  = *state;
    struct push_reader to = reader(a);
    char               other[PUSH_POINT_BYTES];
    struct { str point, auth; const char *field; } cases[] = {
        { str_sub(to.public_key, 0, 64), to.auth, "p256dh" },
        { { other, sizeof other }, to.auth, "p256dh" },
        { { 0 }, to.auth, "p256dh" },
        { to.public_key, str_sub(to.auth, 0, 15), "auth" },
        { to.public_key, { 0 }, "auth" },
    };
    memcpy(other, to.public_key.at, sizeof other);
    other[40] = (char)(other[40] ^ 1);                      /* beside the curve */
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct err err = { 0 };
        struct push_reader bad = { cases[i].point, cases[i].auth };
        assert_false(push_reader_check(&bad, &err));
        assert_string_equal(err.item[0].field, cases[i].field);
    }
}

/* As a push service does it: the signature over "head.claims" with the key that the header names. */
static bool verified(struct arena *a, str point, str text, str signature)
{
    OSSL_PARAM_BLD *build   = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX   *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY       *key     = NULL;
    EVP_MD_CTX     *digest  = EVP_MD_CTX_new();
    ECDSA_SIG      *sig     = ECDSA_SIG_new();
    unsigned char  *der     = NULL;
    (void)a;
    assert_int_equal(signature.len, 64);
    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point.at, point.len);
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params), 1);
    ECDSA_SIG_set0(sig, BN_bin2bn((const unsigned char *)signature.at, 32, NULL), BN_bin2bn((const unsigned char *)signature.at + 32, 32, NULL));
    int len = i2d_ECDSA_SIG(sig, &der);
    EVP_DigestVerifyInit(digest, NULL, EVP_sha256(), NULL, key);
    bool ok = EVP_DigestVerify(digest, der, (size_t)len, (const unsigned char *)text.at, text.len) == 1;
    OPENSSL_free(der);
    ECDSA_SIG_free(sig);
    EVP_MD_CTX_free(digest);
    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    return ok;
}

static void the_token_names_the_origin_and_is_signed_by_the_key_beside_it(void **state)
{
    struct arena    *a   = *state;
    struct err       err = { 0 };
    struct push_keys keys;
    str              value, token = { 0 }, head = { 0 }, claims = { 0 }, signature = { 0 }, point = { 0 }, decoded;
    assert_true(push_keys_make(a, &keys, &err));
    assert_int_equal(keys.private_key.len, 32);
    assert_true(push_authorization(a, &keys, STR("https://push.example"), STR("mailto:shop@example.kz"), (instant){ 1766000000000 }, &value, &err));
    assert_true(str_starts(value, STR("vapid t=")));
    str rest = str_sub(value, 8, value.len);
    assert_true(str_split(&rest, ',', &token));
    assert_true(str_starts(rest, STR(" k=")));
    assert_true(base64_decode(a, str_sub(rest, 3, rest.len), &point));
    assert_str(point, keys.public_key);
    str parts = token;
    assert_true(str_split(&parts, '.', &head) && str_split(&parts, '.', &claims) && str_split(&parts, '.', &signature));
    assert_false(str_has(token, STR("=")) || str_has(token, STR("+")) || str_has(token, STR("/")));
    assert_true(base64_decode(a, claims, &decoded));
    assert_str(decoded, STR("{\"aud\":\"https://push.example\",\"exp\":1766000000,\"sub\":\"mailto:shop@example.kz\"}"));
    assert_true(base64_decode(a, signature, &decoded));
    assert_true(verified(a, point, str_sub(token, 0, head.len + 1 + claims.len), decoded));
    assert_false(verified(a, point, str_sub(token, 0, head.len + claims.len), decoded));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_rfc_8291_comes_out_byte_for_byte),
        cmocka_unit_test(each_message_has_a_salt_and_a_key_of_its_own_and_fits_one_record),
        cmocka_unit_test(a_reader_that_is_no_point_of_the_curve_is_refused_by_name),
        cmocka_unit_test(the_token_names_the_origin_and_is_signed_by_the_key_beside_it),
    };
    return cmocka_run_group_tests(tests, arena_make, arena_drop);
}
