#include "base/amount.h"

#include "base/arena.h"

#include <assert.h>

__extension__ typedef __int128          wide;
__extension__ typedef unsigned __int128 wide_magnitude;

/* A decimal number as it was written: digits with a point somewhere among them, and a power of ten. */
struct decimal {
    bool        is_negative;
    const char *digits;                 /* whole part, then maybe '.' and the fraction */
    size_t      whole, fraction;        /* how many of each */
    int64_t     exponent;
};

static size_t digits_at(str s, size_t from)
{
    size_t i = from;
    while (i < s.len && s.at[i] >= '0' && s.at[i] <= '9')
        i++;
    return i - from;
}

/* The grammar of JSON numbers. */
static bool decimal_parse(str s, struct decimal *out)
{
    if (s.len == 0)
        return false;
    struct decimal d = { .is_negative = *s.at == '-' };
    size_t         i = d.is_negative;
    d.digits = s.at + i;
    d.whole  = digits_at(s, i);
    if (d.whole == 0 || (d.whole > 1 && s.at[i] == '0'))
        return false;
    i += d.whole;
    if (i < s.len && s.at[i] == '.') {
        d.fraction = digits_at(s, ++i);
        if (d.fraction == 0)
            return false;
        i += d.fraction;
    }
    if (i < s.len && (s.at[i] == 'e' || s.at[i] == 'E')) {
        bool is_down = ++i < s.len && s.at[i] == '-';
        if (i < s.len && (is_down || s.at[i] == '+'))
            i++;
        size_t count = digits_at(s, i);
        if (count == 0)
            return false;
        /* A power beyond any possible text length makes everything nothing or too much; its exact value does not matter. */
        for (size_t end = i + count; i < end; i++)
            if (d.exponent < INT64_C(1000000000000))
                d.exponent = d.exponent * 10 + (s.at[i] - '0');
        d.exponent = is_down ? -d.exponent : d.exponent;
    }
    *out = d;
    return i == s.len;
}

static int digit_of(const struct decimal *d, size_t i) { return d->digits[i < d->whole ? i : i + 1] - '0'; }

/* `exact` refuses decimals beyond the second unless they are zero; otherwise they are rounded. */
static bool parse(str s, bool exact, amount *out)
{
    struct decimal d;
    if (!decimal_parse(s, &d))
        return false;
    int64_t count = (int64_t)(d.whole + d.fraction), kept = (int64_t)d.whole + d.exponent + 2, minor = 0;
    for (int64_t i = 0; i < kept && (i < count || minor); i++) {
        minor = minor * 10 + (i < count ? digit_of(&d, (size_t)i) : 0);
        if (minor > AMOUNT_MAX_MINOR)
            return false;
    }
    if (exact) {
        for (int64_t i = kept < 0 ? 0 : kept; i < count; i++)
            if (digit_of(&d, (size_t)i))
                return false;
    } else if (kept >= 0 && kept < count && digit_of(&d, (size_t)kept) >= 5) {
        minor++;
        if (minor > AMOUNT_MAX_MINOR)
            return false;
    }
    out->minor = d.is_negative ? -minor : minor;
    return true;
}

bool amount_parse(str s, amount *out) { return parse(s, true, out); }
bool amount_parse_round(str s, amount *out) { return parse(s, false, out); }

void amount_write(char out[24], amount a, size_t *len)
{
    char     text[24], *end = text + sizeof text, *at = end;
    uint64_t rest = a.minor < 0 ? 0 - (uint64_t)a.minor : (uint64_t)a.minor;
    *--at = (char)('0' + rest % 10);
    *--at = (char)('0' + rest / 10 % 10);
    *--at = '.';
    rest /= 100;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (a.minor < 0)
        *--at = '-';
    *len = (size_t)(end - at);
    memcpy(out, at, *len);
}

str amount_text(struct arena *a, amount value)
{
    char   text[24];
    size_t len;
    amount_write(text, value, &len);
    return (str){ arena_copy(a, text, len), len };
}

static bool in_range(wide minor, amount *out)
{
    if (minor > AMOUNT_MAX_MINOR || minor < -AMOUNT_MAX_MINOR)
        return false;
    out->minor = (int64_t)minor;
    return true;
}

bool amount_add(amount a, amount b, amount *out) { return in_range((wide)a.minor + b.minor, out); }
bool amount_sub(amount a, amount b, amount *out) { return in_range((wide)a.minor - b.minor, out); }
bool amount_mul(amount a, int64_t qty, amount *out) { return in_range((wide)a.minor * qty, out); }

bool amount_scale(amount a, int64_t num, int64_t den, amount *out)
{
    assert(den > 0);
    wide           product   = (wide)a.minor * num;
    wide_magnitude magnitude = product < 0 ? -(wide_magnitude)product : (wide_magnitude)product;
    wide_magnitude quotient  = magnitude / (wide_magnitude)den, rest = magnitude % (wide_magnitude)den;
    quotient += rest * 2 >= (wide_magnitude)den;
    return in_range(product < 0 ? -(wide)quotient : (wide)quotient, out);
}

struct share {
    wide_magnitude floor, rest;         /* whole * weight = floor * sum + rest */
};

static struct share share_of(wide_magnitude whole, int64_t weight, wide_magnitude sum)
{
    wide_magnitude product = whole * (wide_magnitude)weight;
    return (struct share){ product / sum, product % sum };
}

/* The smallest remainder such that at most `left` parts have a larger one: those parts get a unit, and the first of those
 * that have exactly this one. Found by halving, because nothing can be allocated here to sort in. */
static wide_magnitude remainder_limit(wide_magnitude whole, const int64_t *weights, int count, wide_magnitude sum, int64_t left)
{
    wide_magnitude low = 0, high = sum;
    while (low < high) {
        wide_magnitude middle = low + (high - low) / 2;
        int64_t        above  = 0;
        for (int i = 0; i < count; i++)
            above += share_of(whole, weights[i], sum).rest > middle;
        if (above <= left)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

bool amount_split(amount whole, const int64_t *weights, int count, amount *parts)
{
    wide_magnitude sum  = 0;
    uint64_t       all  = whole.minor < 0 ? 0 - (uint64_t)whole.minor : (uint64_t)whole.minor;
    int64_t        sign = whole.minor < 0 ? -1 : 1;
    if (all > AMOUNT_MAX_MINOR)
        return false;
    for (int i = 0; i < count; i++) {
        if (weights[i] < 0)
            return false;
        sum += (wide_magnitude)weights[i];
    }
    if (sum == 0)
        return false;
    int64_t left = (int64_t)all, above = 0;
    for (int i = 0; i < count; i++)
        left -= (int64_t)share_of(all, weights[i], sum).floor;
    wide_magnitude limit = left ? remainder_limit(all, weights, count, sum, left) : sum;
    for (int i = 0; i < count; i++)
        above += share_of(all, weights[i], sum).rest > limit;
    left -= above;
    for (int i = 0; i < count; i++) {
        struct share s    = share_of(all, weights[i], sum);
        int64_t      part = (int64_t)s.floor;
        if (s.rest > limit) {
            part++;
        } else if (left && s.rest == limit) {
            part++;
            left--;
        }
        parts[i].minor = sign * part;
    }
    return true;
}

static const struct { str code; int number; } currencies[] = {
    { STR_INIT("KZT"), 398 }, { STR_INIT("RUB"), 643 }, { STR_INIT("UAH"), 980 }, { STR_INIT("BYN"), 933 },
    { STR_INIT("USD"), 840 }, { STR_INIT("EUR"), 978 }, { STR_INIT("CNY"), 156 }, { STR_INIT("KGS"), 417 },
};

bool currency_known(str code)
{
    for (int i = 0; i < COUNT_OF(currencies); i++)
        if (str_eq(code, currencies[i].code))
            return true;
    return false;
}

str currency_from_number(int64_t number)
{
    for (int i = 0; i < COUNT_OF(currencies); i++)
        if (number == currencies[i].number)
            return currencies[i].code;
    return (str){ 0 };
}
