/* Search keys: whatever way a word is typed, it gives one key. */
#include "base/fold.h"
#include "base/buf.h"
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

struct pair { const char *in, *want; };

static void assert_str(str got, const char *want)
{
    if (!str_is(got, want))
        fail_msg("got \"%.*s\", want \"%s\"", STR_ARG(got), want);
}

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

static void every_spelling_of_a_word_gives_one_key(void **state)
{
    static const struct pair cases[] = {
        { "", "" },
        { "Мария", "мария" },
        { "МАРИЯ", "мария" },
        { "Алёна", "алена" },
        { "Алёна", "алена" },                         /* е + U+0308 */
        { "Сергей", "сергей" },                        /* й stays */
        { "Сергей", "сергей" },                       /* и + U+0306 */
        { "Әлия Құдайбергенқызы", "алия кудайбергенкызы" },
        { "Ғани Ңөһ Ұлы Үміт", "гани нох улы умит" },
        { "Їжак і Ґудзик Є", "ижак и гудзик е" },
        { "обʼєднати", "обеднати" }, { "об'єднати", "обеднати" }, { "об’єднати", "обеднати" },
        { "  ТОО «Ромашка» — №5  ", "тоо ромашка no5" },
        { "a_b-c.d", "a b c d" },
        { "iPhone 15 Pro", "iphone 15 pro" },
        { "ＩＰＨＯＮＥ　１５", "iphone 15" },       /* full-width letters and digits */
        { "Straße ﬁx", "strasse fix" },
        { "İstanbul", "istanbul" },
        { "Мари́я", "мария" },                          /* a stress mark */
        { "!!! ???", "" },
        { "100\xc2\xa0" "000 ₸", "100 000" },
        { "साड़ी", "साड़ी" },              /* vowels of other scripts stay (as NFKC writes them) */
    };
    for (int i = 0; i < COUNT_OF(cases); i++)
        assert_str(fold_search(*state, str_of(cases[i].in)), cases[i].want);
}

static size_t put(char *at, unsigned cp)
{
    if (cp < 0x80)
        return at[0] = (char)cp, 1;
    if (cp < 0x800)
        return at[0] = (char)(0xc0 | cp >> 6), at[1] = (char)(0x80 | (cp & 63)), 2;
    return at[0] = (char)(0xe0 | cp >> 12), at[1] = (char)(0x80 | (cp >> 6 & 63)), at[2] = (char)(0x80 | (cp & 63)), 3;
}

static void table_and_library_agree_on_every_code_point(void **state)
{
    for (unsigned cp = 1; cp < 0x2100; cp++) {
        char   plain[16] = "a", through_icu[16] = "a";
        size_t n = put(plain + 1, cp);
        plain[n + 1] = 'b';
        memcpy(through_icu, plain, n + 2);
        memcpy(through_icu + n + 2, "\xc2\xad", 2);     /* a soft hyphen is not in the table, and leaves nothing */
        str a = fold_search(*state, (str){ plain, n + 2 }), b = fold_search(*state, (str){ through_icu, n + 4 });
        if (!str_eq(a, b))
            fail_msg("U+%04X: \"%.*s\" against \"%.*s\"", cp, STR_ARG(a), STR_ARG(b));
        str twice = fold_search(*state, a);
        if (!str_eq(a, twice))
            fail_msg("U+%04X: the key of a key differs: \"%.*s\" \"%.*s\"", cp, STR_ARG(a), STR_ARG(twice));
    }
}

static void bad_bytes_part_words_and_do_no_harm(void **state)
{
    assert_str(fold_search(*state, STR("a\xff" "b")), "a b");
    assert_str(fold_search(*state, STR("a\xd0")), "a");
    assert_str(fold_search(*state, STR("\xed\xa0\x80")), "");
    assert_str(fold_search(*state, STR("a\0b")), "a b");
}

static str first_layout(struct arena *a, const char *text)
{
    str meant[FOLD_LAYOUTS_MAX];
    return fold_other_layouts(a, str_of(text), meant) ? meant[0] : STR("");
}

static void text_in_the_wrong_layout_is_turned(void **state)
{
    static const struct pair cases[] = {
        { "vfhbz", "мария" }, { "VFHBZ", "мария" }, { "мария", "vfhbz" }, { "ьфкшф", "maria" }, { "`krf", "елка" },
        { ",fyfy", "банан" }, { "шзрщту 15", "iphone 15" }, { "вівфв", "dsdad" }, { "12345", "" }, { "", "" },
        { "мария maria", "" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++)
        assert_str(first_layout(*state, cases[i].in), cases[i].want);
}

static void text_of_other_alphabets_is_turned_too(void **state)
{
    static const struct { const char *in, *want; } cases[] = {
        { "csxtym", "сычень|сичень" },          /* ы and і share a key */
        { "2l3k", "2д3л|адил" },                 /* ә and і stand on digits in the Kazakh layout; folded to а and и */
        { "vfhbz", "мария" },
        { "игі", "bus" },
        { "0fqhfn", "0айрат|кайрат" },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        str        meant[FOLD_LAYOUTS_MAX];
        struct buf b = buf_in(*state);
        int        n = fold_other_layouts(*state, str_of(cases[i].in), meant);
        for (int k = 0; k < n; k++)
            buf_print(&b, "%s%.*s", k ? "|" : "", STR_ARG(meant[k]));
        assert_str(buf_str(&b), cases[i].want);
    }
}

static void digits_and_reverse_keep_ascii(void **state)
{
    assert_str(fold_digits(*state, STR("+7 (777) 12-３")), "777712");
    assert_str(fold_digits(*state, STR("нет")), "");
    assert_str(fold_reverse(*state, STR("+77771234567")), "76543217777+");
    assert_str(fold_reverse(*state, STR("")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_of_a_word_gives_one_key),
        cmocka_unit_test(table_and_library_agree_on_every_code_point),
        cmocka_unit_test(bad_bytes_part_words_and_do_no_harm),
        cmocka_unit_test(text_in_the_wrong_layout_is_turned),
        cmocka_unit_test(text_of_other_alphabets_is_turned_too),
        cmocka_unit_test(digits_and_reverse_keep_ascii),
    };
    return cmocka_run_group_tests(tests, arena_make, arena_drop);
}
