/* The small readers: moments, dates, amounts, phones, e-mail, search keys, identifiers, encodings. Each law is written beside it. */
#include "base/amount.h"
#include "base/email.h"
#include "base/fold.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/phone.h"
#include "base/secret.h"
#include "base/xlsx_date.h"
#include "fuzz/fuzz.h"

static void moments(struct arena *a, str text)
{
    instant t = { 0 }, again = { 0 };
    int64_t days = 0, days_again = 0;
    if (instant_parse(text, &t) && instant_is_set(t))
        FUZZ_CHECK(instant_parse(instant_text(a, t), &again) && again.ms == t.ms);
    if (date_parse(text, &days))
        FUZZ_CHECK(date_parse(date_text(a, days), &days_again) && days_again == days);
    for (int style = XLSX_STYLE_PLAIN; style <= XLSX_STYLE_DATE_TIME; style++)
        FUZZ_CHECK(utf8_valid(xlsx_date_text(a, text, (enum xlsx_style)style, style & 1)));
    FUZZ_CHECK(xlsx_style_of_code(text) <= XLSX_STYLE_DATE_TIME);
}

static void numbers(struct arena *a, str text)
{
    amount  whole = { 0 }, again = { 0 }, rounded = { 0 };
    int64_t n = 0;
    rid     id = { 0 };
    if (amount_parse(text, &whole)) {
        FUZZ_CHECK(amount_parse(amount_text(a, whole), &again) && again.minor == whole.minor);
        FUZZ_CHECK(amount_parse_round(text, &rounded) && rounded.minor == whole.minor);
    }
    if (amount_parse_round(text, &rounded))
        FUZZ_CHECK(rounded.minor <= AMOUNT_MAX_MINOR && rounded.minor >= -AMOUNT_MAX_MINOR);
    if (id_parse(text, &id))
        FUZZ_CHECK(id.v > 0 && str_to_int(text, &n) && n == id.v);
}

static void keys(struct arena *a, str text)
{
    str phone = phone_normalise(a, text, STR("KZ"));
    if (phone.len) {
        FUZZ_CHECK(phone.at[0] == '+' && phone.len <= 17);
        FUZZ_CHECK(str_eq(phone_normalise(a, phone, STR("UA")), phone));
        phone_shown(a, phone);
        FUZZ_CHECK(utf8_valid(phone_masked(a, phone)));
    }
    str email = email_normalise(a, text);
    if (email.len) {
        FUZZ_CHECK(str_eq(email_normalise(a, email), email));
        FUZZ_CHECK(utf8_valid(email_masked(a, email)));
        email_secondary(a, email);
    }
    str key = fold_search(a, text);
    FUZZ_CHECK(utf8_valid(key));
    FUZZ_CHECK(str_eq(fold_search(a, key), key));
    str meant[FOLD_LAYOUTS_MAX];
    fold_other_layouts(a, text, meant);
    fold_reverse(a, fold_digits(a, text));
}

static void encodings(struct arena *a, str text)
{
    str out = { 0 }, again = { 0 };
    if (url_decode(a, text, true, &out) && url_decode(a, url_encode(a, out), false, &again))
        FUZZ_CHECK(str_eq(out, again));
    if (base64_decode(a, text, &out) && base64_decode(a, base64_encode(a, out), &again))
        FUZZ_CHECK(str_eq(out, again));
    struct secret_key key = { { 1 } };
    struct err err = { 0 };
    FUZZ_CHECK(!secret_open(a, &key, text, STR("account:1"), &out, &err));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { .ceiling_bytes = FUZZ_ARENA_BYTES };
    str bytes = { (const char *)data, size };
    str text  = utf8_mend(&arena, bytes);               /* what is inside the program is valid; the edges check */
    FUZZ_CHECK(utf8_valid(text));
    FUZZ_CHECK(!utf8_valid(bytes) || str_eq(text, bytes));
    FUZZ_CHECK(utf8_valid(utf8_cut(text, size / 2)));
    moments(&arena, text);
    numbers(&arena, text);
    keys(&arena, text);
    encodings(&arena, text);
    arena_done(&arena);
    return 0;
}
