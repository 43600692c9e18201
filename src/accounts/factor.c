#include "accounts/factor.h"

#include "base/buf.h"
#include "base/secret.h"

#define CODE_LETTERS 16

static const char alphabet[] = "23456789abcdefghjkmnpqrstuvwxyz?";      /* the last one is never drawn */

str recovery_code_make(struct arena *a)
{
    struct buf b = buf_in(a);
    for (int n = 0; n < CODE_LETTERS;) {
        unsigned char byte;
        secret_random(&byte, sizeof byte);
        if ((byte & 31) == 31)
            continue;
        if (n && n % 4 == 0)
            buf_add_char(&b, '-');
        buf_add_char(&b, alphabet[byte & 31]);
        n++;
    }
    return buf_str(&b);
}

static bool is_between(char c) { return c == ' ' || c == '-' || c == '\t' || c == '.'; }

/* Without spaces and signs, lower case; empty when it has not exactly `count` letters. */
static str tidied(struct arena *a, str typed, size_t count)
{
    struct buf b = buf_in(a);
    for (size_t i = 0; i < typed.len && b.len <= count; i++)
        if (!is_between(typed.at[i]))
            buf_add_char(&b, typed.at[i]);
    str text = str_lower_ascii(a, buf_str(&b));
    return text.len == count ? text : (str){ 0 };
}

str recovery_code_digest(struct arena *a, rid user_id, str typed)
{
    str text = tidied(a, typed, CODE_LETTERS);
    return text.len ? secret_digest(a, str_print(a, "recovery:%lld:%.*s", (long long)user_id.v, STR_ARG(text))) : text;
}

str factor_code(struct arena *a, str typed)
{
    str text = tidied(a, typed, TOTP_DIGITS);
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return (str){ 0 };
    return text;
}

str factor_seal_context(struct arena *a, rid user_id) { return str_print(a, "second_factor:%lld", (long long)user_id.v); }
