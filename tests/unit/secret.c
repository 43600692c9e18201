/* Sealing, passwords, tokens and encodings. */
#include "base/secret.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void assert_str(str got, const char *want)
{
    if (!str_is(got, want))
        fail_msg("got \"%.*s\", want \"%s\"", STR_ARG(got), want);
}

static void sealed_text_opens_only_in_its_place(void **state)
{
    struct secret_key key, other;
    struct err err = { 0 };
    str        plain, sealed;

    secret_random(&key, sizeof key);
    secret_random(&other, sizeof other);
    sealed = secret_seal(*state, &key, STR("token 123"), STR("account:1:credentials"));
    assert_false(str_has(sealed, STR("token")));
    assert_true(secret_open(*state, &key, sealed, STR("account:1:credentials"), &plain, &err));
    assert_str(plain, "token 123");

    plain = STR("untouched");
    assert_false(secret_open(*state, &key, sealed, STR("account:2:credentials"), &plain, &err));
    assert_true(err_is_set(&err));
    assert_false(secret_open(*state, &key, sealed, STR(""), &plain, &err));
    assert_false(secret_open(*state, &other, sealed, STR("account:1:credentials"), &plain, &err));
    assert_str(plain, "untouched");
    assert_false(str_eq(sealed, secret_seal(*state, &key, STR("token 123"), STR("account:1:credentials"))));
}

static void empty_text_is_sealed_too(void **state)
{
    struct secret_key key = { { 1 } };
    struct err err = { 0 };
    str        plain = STR("x");

    assert_true(secret_open(*state, &key, secret_seal(*state, &key, (str){ 0 }, (str){ 0 }), (str){ 0 }, &plain, &err));
    assert_int_equal(plain.len, 0);
}

static void every_changed_bit_of_sealed_text_is_noticed(void **state)
{
    struct secret_key key = { { 7 } };
    str        raw, plain, sealed = secret_seal(*state, &key, STR("1234"), STR("here"));

    assert_true(base64_decode(*state, sealed, &raw));
    for (size_t i = 0; i < raw.len; i++)
        for (int bit = 0; bit < 8; bit++) {
            struct err err = { 0 };
            char *bad = arena_copy(*state, raw.at, raw.len);
            bad[i] = (char)(bad[i] ^ 1 << bit);
            if (secret_open(*state, &key, base64_encode(*state, (str){ bad, raw.len }), STR("here"), &plain, &err))
                fail_msg("byte %zu bit %d", i, bit);
        }
    for (size_t len = 0; len < sealed.len; len++) {
        struct err err = { 0 };
        assert_false(secret_open(*state, &key, str_sub(sealed, 0, len), STR("here"), &plain, &err));
    }
}

static void the_key_file_is_made_once_for_its_owner_only(void **state)
{
    char   folder[] = "/tmp/sauda-secret-XXXXXX", path[64];
    struct secret_key first, second;
    struct stat st;
    struct err  err = { 0 };

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/key", folder);

    assert_false(secret_key_load(path, false, &first, &err));
    assert_int_equal(err.code, ERR_FILE);
    err_clear(&err);
    assert_true(secret_key_load(path, true, &first, &err));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(st.st_size, 32);
    assert_int_equal(st.st_nlink, 1);                   /* nothing is left beside it */
    assert_true(secret_key_load(path, true, &second, &err));
    assert_memory_equal(&first, &second, sizeof first);

    assert_int_equal(chmod(path, 0640), 0);
    assert_false(secret_key_load(path, true, &second, &err));
    err_clear(&err);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(truncate(path, 31), 0);
    assert_false(secret_key_load(path, true, &second, &err));
    err_clear(&err);
    assert_int_equal(truncate(path, 33), 0);
    assert_false(secret_key_load(path, true, &second, &err));
    err_clear(&err);
    assert_false(secret_key_load(folder, true, &second, &err));
    err_clear(&err);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_false(secret_key_load(path, true, &second, &err));
}

static void a_password_is_known_again_by_its_hash(void **state)
{
    struct err err = { 0 };
    str        hash, again;

    assert_true(secret_password_hash(*state, STR("пароль 1"), &hash, &err));
    assert_true(str_starts(hash, STR("$argon2id$v=19$m=65536,t=2,p=1$")));
    assert_true(secret_password_ok(STR("пароль 1"), hash));
    assert_false(secret_password_ok(STR("пароль 2"), hash));
    assert_false(secret_password_ok(STR(""), hash));
    assert_true(secret_password_hash(*state, STR("пароль 1"), &again, &err));
    assert_false(str_eq(hash, again));
    assert_false(secret_password_ok(STR("nobody"), (str){ 0 }));
    assert_false(secret_password_ok(STR("x"), STR("not a hash")));
    assert_false(secret_password_hash(*state, STR(""), &hash, &err));
    err_clear(&err);
    char *huge = arena_alloc(*state, 5000);
    memset(huge, 'a', 5000);
    assert_false(secret_password_hash(*state, (str){ huge, 5000 }, &hash, &err));
}

static void tokens_and_digests_have_their_shape(void **state)
{
    str a = secret_token(*state, 32), b = secret_token(*state, 32);

    assert_int_equal(a.len, 43);
    assert_false(secret_equal(a, b));
    assert_true(secret_equal(a, str_copy(*state, a)));
    assert_true(secret_equal((str){ 0 }, STR("")));
    assert_false(secret_equal(a, STR("")));
    assert_str(secret_digest(*state, STR("abc")), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    assert_true(secret_hash64(STR("abc")) == UINT64_C(0xbddd813c63423972));
    assert_int_equal(secret_digest(*state, (str){ 0 }).len, 64);
}

static void base64_is_read_in_both_alphabets(void **state)
{
    static const struct { const char *in; bool ok; const char *want; } cases[] = {
        { "", true, "" }, { "Zg==", true, "f" }, { "Zg", true, "f" }, { "Zm8=", true, "fo" }, { "Zm9v", true, "foo" },
        { "Pz8/Pj4+", true, "??\?>>>" }, { "Pz8_Pj4-", true, "??\?>>>" },
        { "Z", false, "" }, { "=", false, "" }, { "====", false, "" }, { "Zg=", false, "" }, { "Zh==", false, "" },
        { "Zm9v!", false, "" }, { "Zm 9v", false, "" }, { "Zm9v====", false, "" }, { "Z===", false, "" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        str out = STR("untouched");
        bool ok = base64_decode(*state, str_of(cases[i].in), &out);
        if (ok != cases[i].ok || !str_is(out, ok ? cases[i].want : "untouched"))
            fail_msg("\"%s\": %d \"%.*s\"", cases[i].in, ok, STR_ARG(out));
    }
    assert_str(base64_encode(*state, STR("fo")), "Zm8=");
    assert_str(base64_encode(*state, (str){ 0 }), "");
}

static void addresses_are_encoded_and_decoded(void **state)
{
    static const struct { const char *in; bool plus, ok; const char *want; } cases[] = {
        { "a%20b+c", false, true, "a b+c" }, { "a%20b+c", true, true, "a b c" }, { "%D1%8F", true, true, "я" },
        { "", true, true, "" }, { "%", true, false, "" }, { "%4", true, false, "" }, { "%zz", true, false, "" },
        { "a%00b", true, false, "" }, { "%ff", true, false, "" }, { "%c0%af", true, false, "" }, { "%+1", true, false, "" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        str out = STR("untouched");
        bool ok = url_decode(*state, str_of(cases[i].in), cases[i].plus, &out);
        if (ok != cases[i].ok || !str_is(out, ok ? cases[i].want : "untouched"))
            fail_msg("\"%s\": %d \"%.*s\"", cases[i].in, ok, STR_ARG(out));
    }
    assert_str(url_encode(*state, STR("a b/я~-._+&")), "a%20b%2F%D1%8F~-._%2B%26");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealed_text_opens_only_in_its_place),
        cmocka_unit_test(empty_text_is_sealed_too),
        cmocka_unit_test(every_changed_bit_of_sealed_text_is_noticed),
        cmocka_unit_test(the_key_file_is_made_once_for_its_owner_only),
        cmocka_unit_test(a_password_is_known_again_by_its_hash),
        cmocka_unit_test(tokens_and_digests_have_their_shape),
        cmocka_unit_test(base64_is_read_in_both_alphabets),
        cmocka_unit_test(addresses_are_encoded_and_decoded),
    };
    return cmocka_run_group_tests(tests, arena_make, arena_drop);
}
