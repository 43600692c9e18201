#include "accounts/password.h"

#include "accounts/passwords/common.h"

#define DISTINCT_MIN 4

static bool is_common(str word)
{
    uint32_t hash = common_hash(word);
    int      low = 0, high = common_passwords_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (common_passwords[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return word.len && low < common_passwords_count && common_passwords[low] == hash;
}

static bool is_tail(char c) { return (unsigned char)c < 'a' || ((unsigned char)c > 'z' && (unsigned char)c < 128); }

/* "parol2026!" → "parol" */
static str without_tail(str word)
{
    while (word.len && is_tail(word.at[word.len - 1]))
        word.len--;
    return word;
}

/* Lower case of both alphabets; nothing else is folded, for "пёс" and "пес" are two passwords. */
static str lower(struct arena *a, str text)
{
    str   out = str_lower_ascii(a, text);
    char *at  = arena_alloc(a, out.len + 1);
    memcpy(at, out.len ? out.at : "", out.len);
    for (size_t i = 0; i + 1 < out.len; i++) {
        unsigned char lead = (unsigned char)at[i], next = (unsigned char)at[i + 1];
        if (lead == 0xd0 && next >= 0x90 && next <= 0x9f) {             /* А–П */
            at[i + 1] = (char)(next + 0x20);
        } else if (lead == 0xd0 && next >= 0xa0 && next <= 0xaf) {      /* Р–Я */
            at[i]     = (char)0xd1;
            at[i + 1] = (char)(next - 0x20);
        } else if (lead == 0xd0 && (next == 0x81 || (next >= 0x84 && next <= 0x87))) {      /* Ё, Є, Ї, І */
            at[i]     = (char)0xd1;
            at[i + 1] = (char)(next + 0x10);
        } else if (lead == 0xd2 && next % 2 == 0 && next >= 0x90) {     /* Қ, Ұ, Ғ … come in pairs */
            at[i + 1] = (char)(next + 1);
        }
    }
    return (str){ at, out.len };
}

static bool is_run(str word, int by)
{
    for (size_t i = 1; i < word.len; i++)
        if ((unsigned char)word.at[i] - (unsigned char)word.at[i - 1] != by)
            return false;
    return true;
}

static int distinct(str word)
{
    bool seen[256] = { 0 };
    int  n = 0;
    for (size_t i = 0; i < word.len; i++)
        if (!seen[(unsigned char)word.at[i]]) {
            seen[(unsigned char)word.at[i]] = true;
            n++;
        }
    return n;
}

/* "nurlan@shop.kz": neither all of it nor "nurlan" with a number. */
static bool is_login(str word, str login)
{
    str name = login, first = login;
    if (!login.len)
        return false;
    if (str_split(&name, '@', &first))
        name = first;
    return str_eq(word, login) || str_eq(word, name) || (name.len >= 3 && str_eq(without_tail(word), name));
}

bool password_check(struct arena *a, const char *field, str password, str login, struct err *err)
{
    str word = lower(a, password);
    if (utf8_count(password) < PASSWORD_CHARS_MIN || password.len > PASSWORD_BYTES_MAX)
        return err_add(err, field, "must be %d to %d characters long", PASSWORD_CHARS_MIN, PASSWORD_BYTES_MAX);
    if (is_common(word) || is_common(without_tail(word)) || distinct(word) < DISTINCT_MIN || is_run(word, 1) || is_run(word, -1))
        return err_add(err, field, "is among those that are guessed first");
    if (is_login(word, login))
        return err_add(err, field, "is too much like the login");
    return true;
}
