/* E-mail addresses as keys. */
#include "base/email.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

struct pair { const char *in, *want; };

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

static void check(struct arena *arena, str (*fn)(struct arena *, str), const struct pair *cases, int count)
{
    for (int i = 0; i < count; i++) {
        str got = fn(arena, str_of(cases[i].in));
        if (!str_is(got, cases[i].want))
            fail_msg("\"%s\": got \"%.*s\", want \"%s\"", cases[i].in, STR_ARG(got), cases[i].want);
    }
}

static void one_address_gives_one_key(void **state)
{
    static const struct pair cases[] = {
        { "  Maria@Email.KZ ", "maria@email.kz" },
        { "maria@email.kz.", "maria@email.kz" },
        { "mailto:maria@email.kz", "maria@email.kz" },
        { "м.иванова@Пример.рф", "м.иванова@xn--e1afmkfd.xn--p1ai" },
        { "МАРИЯ@ПОЧТА.РФ", "мария@xn--80a1acny.xn--p1ai" },
        { "info@ＥＭＡＩＬ.kz", "info@email.kz" },
        { "info@bücher.de", "info@xn--bcher-kva.de" },
        { "Ivan.Petrov+shop@gmail.com", "ivan.petrov+shop@gmail.com" },
    };
    check(*state, email_normalise, cases, COUNT_OF(cases));
}

static void what_is_no_address_gives_nothing(void **state)
{
    static const struct pair cases[] = {
        { "", "" }, { "maria", "" }, { "@email.kz", "" }, { "maria@", "" }, { "maria@email", "" }, { "a@b@c.kz", "" },
        { "ma ria@email.kz", "" }, { ".maria@email.kz", "" }, { "ma..ria@email.kz", "" }, { "maria@-email.kz", "" },
        { "maria@email..kz", "" }, { "maria@10.0.0.1", "" }, { "m***@email.kz", "" }, { "maria@em_ail.kz", "" },
        { "maria@[127.0.0.1]", "" }, { "\"a b\"@email.kz", "" }, { "a\r\nBcc: x@email.kz", "" }, { "maria@\xff\xfe.kz", "" },
        { "\xff@email.kz", "" },
        { "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg@email.kz", "" },
    };
    check(*state, email_normalise, cases, COUNT_OF(cases));
}

static void relay_addresses_are_no_keys(void **state)
{
    static const struct pair cases[] = {
        { "x7f3kq@marketplace.amazon.de", "" }, { "ab12@privaterelay.appleid.com", "" }, { "123@buyer.aliexpress.com", "" },
        { "noreply@shop.kz", "" }, { "1@client.ozon.ru", "" }, { "user@notozon.ru", "user@notozon.ru" },
    };
    check(*state, email_normalise, cases, COUNT_OF(cases));
}

static void gmail_has_a_second_key(void **state)
{
    static const struct pair cases[] = {
        { "ivan.petrov+shop@gmail.com", "ivanpetrov@gmail.com" }, { "ivan@googlemail.com", "ivan@gmail.com" },
        { "i.v@mail.ru", "" }, { "+x@gmail.com", "" }, { "", "" },
    };
    check(*state, email_secondary, cases, COUNT_OF(cases));
}

static void a_masked_address_shows_its_first_letter(void **state)
{
    static const struct pair cases[] = {
        { "maria@email.kz", "m•••@email.kz" }, { "мария@xn--e1afmkfd.xn--p1ai", "м•••@xn--e1afmkfd.xn--p1ai" }, { "", "" },
    };
    check(*state, email_masked, cases, COUNT_OF(cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_address_gives_one_key),
        cmocka_unit_test(what_is_no_address_gives_nothing),
        cmocka_unit_test(relay_addresses_are_no_keys),
        cmocka_unit_test(gmail_has_a_second_key),
        cmocka_unit_test(a_masked_address_shows_its_first_letter),
    };
    return cmocka_run_group_tests(tests, arena_make, arena_drop);
}
