/* Telephone numbers. Nearly every number here is of KZ, RU, UA or a neighbour and is settled by the rules
 * below in well under a microsecond; libphonenumber sees only what is left. */
#include "base/phone.h"
#include "base/buf.h"
#include "base/phone_lib.h"

#define RAW_BYTES_MAX 120 /* longer is a comment, not a number */
#define DIGITS_MIN    7
#define DIGITS_MAX    15 /* E.164 */
#define NBSP          "\xc2\xa0"

/* Country codes whose numbers all have one length. What fits is taken without asking the library, whose
 * metadata is of 2022 and refuses prefixes given out since (8.12.57 refuses KZ 709 and UZ 20). `first` are the
 * digits a national number may begin with: a coarse sieve against slips of typing, wider than the numbering
 * plans on purpose, and not checked against them. */
// clang-format off
static const struct plan {
    const char *code;
    int         national_len;
    const char *first;
} plans[] = {
    { "7",   10, "3456789"  },          /* RU 3 4 8 9, KZ 6 7 */
    { "380",  9, "3456789"  },          /* UA */
    { "375",  9, "1234"     },          /* BY */
    { "996",  9, "23456789" },          /* KG */
    { "998",  9, "23456789" },          /* UZ */
    { "992",  9, "23456789" },          /* TJ */
    { "994",  9, "12345679" },          /* AZ */
    { "995",  9, "34578"    },          /* GE */
    { "374",  8, "1234579"  },          /* AM */
    { "373",  8, "235679"   },          /* MD */
    { "993",  8, "123456"   },          /* TM */
};
// clang-format on

static bool starts(const char *digits, const char *prefix)
{
    return strncmp(digits, prefix, strlen(prefix)) == 0;
}

static const struct plan *plan_of(const char *digits, size_t count)
{
    for (int i = 0; i < COUNT_OF(plans); i++) {
        size_t code_len = strlen(plans[i].code);
        if (starts(digits, plans[i].code) && count == code_len + (size_t)plans[i].national_len &&
            strchr(plans[i].first, digits[code_len]))
            return &plans[i];
    }
    return NULL;
}

static bool all_equal(const char *digits, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (digits[i] != digits[0])
            return false;
    return true;
}

/* 7 777 777 77 77 is typed by people who do not want to tell; so is 000 000 00 00. */
static bool is_filler(const char *digits, size_t count)
{
    const struct plan *plan = plan_of(digits, count);
    size_t             code_len = plan ? strlen(plan->code) : 1;

    return count <= code_len || all_equal(digits, count) || all_equal(digits + code_len, count - code_len);
}

bool phone_is_masked(str raw)
{
    static const char *const marks[] = { "*",  "\xe2\x80\xa2", "\xe2\x97\x8f",     "\xe2\x88\x99",     "#",
                                         "xx", "XX",           "\xd1\x85\xd1\x85", "\xd0\xa5\xd0\xa5", "_" };
    size_t                   digits = 0, zeros_at_end = 0;
    bool                     plain = true; /* nearly every number: no letter, no sign that may hide a digit */

    for (size_t i = 0; i < raw.len && plain; i++)
        plain = (unsigned char)raw.at[i] < 0x30 ? raw.at[i] != '*' && raw.at[i] != '#' : raw.at[i] <= '9' && raw.at[i] >= '0';
    for (int i = 0; !plain && i < COUNT_OF(marks); i++)
        if (str_has(raw, str_of(marks[i])))
            return true;
    for (size_t i = 0; i < raw.len; i++)
        if (raw.at[i] >= '0' && raw.at[i] <= '9') {
            digits++;
            zeros_at_end = raw.at[i] == '0' ? zeros_at_end + 1 : 0;
        }
    /* Kaspi writes +0(000)-000-00-00 over the numbers of closed orders; the country digit may survive. */
    return digits >= DIGITS_MIN && zeros_at_end + 1 >= digits;
}

/* Digits of text that holds nothing but digits and the usual signs between them. Zero when there is anything
 * else (words, an extension, full-width digits) or too many digits. `plus` tells whether the text says that a
 * country code comes first. */
static size_t digits_of(str raw, char digits[DIGITS_MAX + 4], bool *plus)
{
    size_t count = 0;

    *plus = false;
    for (size_t i = 0; i < raw.len; i++) {
        unsigned char c = (unsigned char)raw.at[i];
        if (c >= '0' && c <= '9') {
            if (count == DIGITS_MAX + 3)
                return 0;
            digits[count++] = (char)c;
        } else if (c == '+') {
            if (count || *plus)
                return 0;
            *plus = true;
        } else if (c == 0xc2 && i + 1 < raw.len && (unsigned char)raw.at[i + 1] == 0xa0) {
            i++; /* no-break space */
        } else if (c == 0xe2 && i + 2 < raw.len && (unsigned char)raw.at[i + 1] == 0x80 &&
                   (((unsigned char)raw.at[i + 2] >= 0x80 && (unsigned char)raw.at[i + 2] <= 0x95) ||
                    (unsigned char)raw.at[i + 2] == 0xaf)) {
            i += 2; /* typographic spaces and dashes, bidi marks */
        } else if (!strchr(" \t()-.", c) || !c) {
            return 0;
        }
    }
    digits[count] = '\0';
    return count;
}

/* The habits of each country (domain handbook §0). Rewrites `digits` to begin with the country code; false:
 * none applies. */
static bool habits(char *digits, size_t *count, bool plus, const char *country)
{
    size_t      n = *count;
    char        with_code[DIGITS_MAX + 8];
    const char *code = NULL;
    size_t      skip = 0;

    if (!plus && starts(digits, "00") && n > 9) {
        code = "", skip = 2; /* 00 7 777 … */
    } else if (n == 11 && digits[0] == '8' && strchr(plus ? "79" : "3456789", digits[1])) {
        code = "7", skip = 1; /* 8 777 …; and +8 777 …, where no country is */
    } else if (n == 11 && starts(digits, "80") && !plus && strcmp(country, "UA") == 0) {
        code = "380", skip = 2; /* 8 050 …, the old way of long distance */
    } else if (n == 11 && starts(digits, "80") && !plus && strcmp(country, "BY") == 0) {
        code = "375", skip = 2;
    } else if (n == 13 && starts(digits, "3800")) {
        code = "380", skip = 4; /* +38 (0)050 … with the zero twice */
    } else if (!plus && n == 10) {
        if (digits[0] == '7' && strcmp(country, "KZ") == 0)
            code = "7";
        else if (digits[0] == '9' && strcmp(country, "RU") == 0)
            code = "7";
        else if (digits[0] == '0' && strcmp(country, "UA") == 0)
            code = "380", skip = 1;
    }
    if (code) {
        size_t code_len = strlen(code);
        memcpy(with_code, code, code_len);
        memcpy(with_code + code_len, digits + skip, n - skip + 1);
        *count = code_len + n - skip;
        memcpy(digits, with_code, *count + 1);
    }
    return plan_of(digits, *count) != NULL;
}

static str e164(struct arena *arena, const char *digits, size_t count)
{
    if (is_filler(digits, count))
        return (str){ 0 };
    char *at = arena_alloc(arena, count + 2);
    at[0] = '+';
    memcpy(at + 1, digits, count);
    return (str){ at, count + 1 };
}

static str ask_library(struct arena *arena, str raw, const char *country)
{
    char   out[32], with_plus[RAW_BYTES_MAX + 2];
    char   digits[DIGITS_MAX + 4];
    bool   plus;
    size_t len = phone_lib_parse(raw.at, raw.len, country, out, sizeof out);

    if (!len) {
        /* Foreign numbers often come without their plus: 49 30 … */
        size_t count = digits_of(raw, digits, &plus);
        if (count < 11 || plus)
            return (str){ 0 };
        const char *from = starts(digits, "00") ? digits + 2 : digits;
        with_plus[0] = '+';
        memcpy(with_plus + 1, from, strlen(from));
        len = phone_lib_parse(with_plus, strlen(from) + 1, country, out, sizeof out);
    }
    if (len < DIGITS_MIN + 1 || len > DIGITS_MAX + 1)
        return (str){ 0 };
    return e164(arena, out + 1, len - 1);
}

static str normalise_one(struct arena *arena, str raw, const char *country)
{
    char   digits[2 * DIGITS_MAX];
    bool   plus;
    size_t count, seen = 0;

    raw = str_trim(raw);
    if (!raw.len)
        return (str){ 0 };
    count = digits_of(raw, digits, &plus);
    if (count && habits(digits, &count, plus, country))
        return e164(arena, digits, count);

    /* Not worth 25 µs: too few digits for any number. Full-width digits have three bytes with the last
     * in 90..99. */
    for (size_t i = 0; i < raw.len; i++)
        seen += (raw.at[i] >= '0' && raw.at[i] <= '9') || (unsigned char)raw.at[i] >= 0x80;
    if (seen < DIGITS_MIN)
        return (str){ 0 };
    return ask_library(arena, raw, country);
}

str phone_normalise(struct arena *arena, str raw, str country)
{
    char region[3] = "ZZ";
    str  part, found;

    raw = str_trim(raw);
    if (!raw.len || raw.len > RAW_BYTES_MAX || phone_is_masked(raw))
        return (str){ 0 };
    if (country.len == 2) {
        region[0] = (char)(country.at[0] & ~0x20);
        region[1] = (char)(country.at[1] & ~0x20);
    }
    found = normalise_one(arena, raw, region);
    /* Two numbers in one field: the first that is one. */
    for (const char *sep = ",;/"; !found.len && *sep; sep++) {
        str rest = raw;
        if (!memchr(raw.at, *sep, raw.len))
            continue;
        while (!found.len && str_split(&rest, *sep, &part))
            found = normalise_one(arena, part, region);
    }
    return found;
}

/* The operator's part: 777 of 777 123 45 67, 50 of 50 123 45 67, 91 of 91 23 45 67. */
static int head_len(const struct plan *plan)
{
    return plan->national_len == 10 ? 3 : 2;
}

str phone_shown(struct arena *arena, str number)
{
    char               text[48];
    size_t             len;
    struct buf         b = buf_in(arena);
    const struct plan *plan = NULL;
    char               digits[DIGITS_MAX + 1];

    if (number.len < 2 || number.len > DIGITS_MAX + 1 || number.at[0] != '+')
        return str_copy(arena, number);
    memcpy(digits, number.at + 1, number.len - 1);
    digits[number.len - 1] = '\0';
    plan = plan_of(digits, number.len - 1);
    if (plan) {
        const char *national = digits + strlen(plan->code);
        int         head = head_len(plan), middle = plan->national_len - head - 4;
        buf_print(&b, "+%s" NBSP "%.*s" NBSP "%.*s" NBSP "%.2s" NBSP "%.2s", plan->code, head, national,
                  middle, national + head, national + head + middle, national + head + middle + 2);
        return buf_str(&b);
    }
    len = phone_lib_format(number.at, number.len, text, sizeof text);
    if (!len)
        return str_copy(arena, number);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == ' ')
            buf_add(&b, STR(NBSP));
        else
            buf_add_char(&b, text[i]);
    }
    return buf_str(&b);
}

str phone_masked(struct arena *arena, str number)
{
    char               digits[DIGITS_MAX + 1];
    struct buf         b = buf_in(arena);
    const struct plan *plan;

    if (number.len < 5 || number.len > DIGITS_MAX + 1 || number.at[0] != '+')
        return number.len ? str_copy(arena, STR("\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2")) : (str){ 0 };
    memcpy(digits, number.at + 1, number.len - 1);
    digits[number.len - 1] = '\0';
    plan = plan_of(digits, number.len - 1);
    if (plan)
        buf_print(&b, "+%s" NBSP "%.*s" NBSP, plan->code, head_len(plan), digits + strlen(plan->code));
    else
        buf_print(&b, "+%.2s" NBSP, digits);
    buf_print(&b, "\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2-\xe2\x80\xa2\xe2\x80\xa2-%s",
              digits + number.len - 3);
    return buf_str(&b);
}
