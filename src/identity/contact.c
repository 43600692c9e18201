/* Phones and e-mails. The reading itself is base/phone and base/email; here is what people do to a field besides: two numbers,
 * extensions, masks, mistyped domains. */
#include "identity/contact.h"

#include "base/buf.h"
#include "base/email.h"
#include "base/phone.h"
#include "identity/sound.h"

#define PHONE_FIELD_BYTES_MAX 200
#define MASK_DIGITS 10
#define MASK_HIDDEN 15u

/* ---- phones ---- */

static uint64_t phone_number(str e164)
{
    uint64_t n = 0;
    for (size_t i = 1; i < e164.len; i++)
        n = n * 10 + (uint64_t)(e164.at[i] - '0');
    return n;
}

/* The country that writes ten digits so: a file knows no seller, and neighbours buy from each other. */
static str country_by_shape(const char *digits, int n, str country)
{
    if (n == 10 && digits[0] == '9')
        return STR("RU");
    if (n == 10 && digits[0] == '7')
        return STR("KZ");
    if ((n == 10 && digits[0] == '0' && digits[1] >= '3') || (n == 11 && digits[0] == '8' && digits[1] == '0'))
        return STR("UA");
    return country;
}

/* What a spreadsheet makes of a number: 77771234567.0, '77771234567. */
static str spreadsheet_tidy(str s)
{
    size_t digits = 0;
    while (s.len && (s.at[0] == '\'' || s.at[0] == '`'))
        s = str_sub(s, 1, s.len);
    while (digits < s.len && s.at[digits] >= '0' && s.at[digits] <= '9')
        digits++;
    if (digits >= 10 && digits < s.len && s.len - digits <= 3 && s.at[digits] == '.') {
        size_t zeros = digits + 1;
        while (zeros < s.len && s.at[zeros] == '0')
            zeros++;
        if (zeros == s.len)
            s.len = digits;
    }
    return s;
}

static uint64_t phone_one(struct arena *a, str raw, str country)
{
    raw = spreadsheet_tidy(raw);
    char digits[32];
    int  n = 0, same = 1;
    for (size_t i = 0; i < raw.len && n < COUNT_OF(digits); i++)
        if (raw.at[i] >= '0' && raw.at[i] <= '9')
            digits[n++] = raw.at[i];
    if (n < 9)
        return 0;
    str e164 = phone_normalise(a, raw, country_by_shape(digits, n, country));
    if (!e164.len)
        return 0;
    for (size_t i = e164.len - 1; i > 1 && e164.at[i - 1] == e164.at[i]; i--)
        same++;
    return same >= 7 ? 0 : phone_number(e164);          /* 700 000 00 00 */
}

uint64_t person_phone(struct arena *a, str raw, str country)
{
    struct person p = { .id = 0 };
    contact_phones(a, raw, country, &p);
    return p.phone[0];
}

static bool is_mask_sign(uint32_t cp)
{
    return cp == '*' || cp == '#' || cp == '_' || cp == 'x' || cp == 'X' || cp == 0x445 || cp == 0x425 || cp == 0x2022 ||
           cp == 0x25cf || cp == 0x2219 || cp == 0xd7;
}

/* Fewer places than a number has: 7***1234, +7701***67. The digits behind the stars are the last ones of the number; those before
 * them are its head when they hold the country as well. */
static uint64_t mask_short(str raw)
{
    uint64_t tail = 0, head = 0;
    int      tail_n = 0, head_n = 0;
    bool     starred = false;
    for (size_t i = 0; i < raw.len;) {
        uint32_t cp = code_point_next(raw, &i);
        if (is_mask_sign(cp)) {
            starred = true;
            tail    = 0;
            tail_n  = 0;
        } else if (cp >= '0' && cp <= '9' && starred) {
            tail = tail << 4 | (cp - '0' + 1), tail_n++;
        } else if (cp >= '0' && cp <= '9') {
            head = head << 4 | (cp - '0' + 1), head_n++;
        }
    }
    if (tail_n < 2 || tail_n > 7)
        return 0;
    uint64_t mask = 0;
    for (int i = 0; i < MASK_DIGITS - tail_n; i++)
        mask = mask << 4 | MASK_HIDDEN;
    mask = mask << 4 * tail_n | tail;
    if (head_n == 4 && (head >> 12 == 7 + 1 || head >> 12 == 8 + 1)) {
        uint64_t cleared = (UINT64_C(1) << 4 * (MASK_DIGITS - 3)) - 1;
        mask = (mask & cleared) | (head & 0xfff) << 4 * (MASK_DIGITS - 3);
    }
    return mask;
}

/* The last ten places, each a digit + 1 or hidden; 0 when there are fewer or nothing is known. Zeros stand for hidden digits
 * as often as stars do (+7 (000) 000-00-00, +7 000 *** ** **): a number that shows nothing else shows nothing. */
static uint64_t phone_mask(str raw)
{
    uint64_t mask   = 0, shown = 0;
    int      places = 0, known = 0;
    for (size_t i = 0; i < raw.len;) {
        uint32_t cp = code_point_next(raw, &i);
        if (cp >= '0' && cp <= '9')
            mask = mask << 4 | (cp - '0' + 1), places++, known++;
        else if (is_mask_sign(cp))
            mask = mask << 4 | MASK_HIDDEN, places++;
    }
    if (places > 13)
        return 0;
    if (places < MASK_DIGITS)
        mask = mask_short(raw);
    else if (known < 3)
        return 0;
    mask &= (UINT64_C(1) << 4 * MASK_DIGITS) - 1;
    for (uint64_t left = mask; left; left >>= 4)
        shown |= (left & 15) != MASK_HIDDEN && (left & 15) != 1;
    return shown ? mask : 0;
}

/* Ends of the pieces of a field: what parts two numbers, or a number from its extension. */
static bool parts_phones(uint32_t cp)
{
    return cp == ',' || cp == ';' || cp == '/' || cp == '|' || cp == '\n' || cp == '#' ||
           (glyph_of(cp) == GLYPH_LETTER && cp < 0xff00);
}

void contact_phones(struct arena *a, str raw, str country, struct person *p)
{
    int  found = 0;
    bool told  = false;
    raw = str_sub(str_trim(raw), 0, PHONE_FIELD_BYTES_MAX);
    if (!raw.len)
        return;
    if (phone_is_masked(raw)) {
        p->phone_mask = phone_mask(raw);
        p->marks |= PERSON_PHONE_MASKED;
        return;
    }
    size_t start = 0;
    for (size_t i = 0; i <= raw.len && found < PERSON_PHONES_MAX;) {
        size_t at   = i;
        bool   ends = i == raw.len;
        if (!ends)
            ends = parts_phones(code_point_next(raw, &i));
        else
            i++;
        if (!ends)
            continue;
        str piece = str_trim(str_sub(raw, start, at - start));
        start = i;
        told |= piece.len > 0;
        uint64_t n = piece.len ? phone_one(a, piece, country) : 0;
        if (n && (!found || p->phone[0] != n))
            p->phone[found++] = n;
    }
    if (!found && told)
        p->marks |= PERSON_PHONE_BAD;
}

static int place_bits(uint64_t mask, int place) { return (int)(mask >> (4 * (MASK_DIGITS - 1 - place)) & 15); }

static int agreement(uint64_t a, uint64_t b)
{
    int agreed = 0, head = 0;
    for (int i = 0; i < MASK_DIGITS; i++) {
        int x = place_bits(a, i), y = place_bits(b, i);
        if (x == MASK_HIDDEN || y == MASK_HIDDEN)
            continue;
        if (x != y)
            return -1;
        if (i < 3)
            head++;
        else
            agreed++;
    }
    return agreed + (head == 3);
}

static uint64_t mask_of_phone(uint64_t phone)
{
    uint64_t mask = 0;
    for (int i = 0; i < MASK_DIGITS; i++, phone /= 10)
        mask |= (phone % 10 + 1) << (4 * i);
    return mask;
}

int mask_agreement(uint64_t mask, uint64_t phone) { return agreement(mask, mask_of_phone(phone)); }
int masks_agreement(uint64_t a, uint64_t b)       { return agreement(a, b); }

/* ---- e-mail ---- */

/* Providers that people mistype. */
static const char *const providers[] = {
    "gmail.com", "mail.ru", "yandex.ru", "inbox.ru", "list.ru", "rambler.ru", "icloud.com", "hotmail.com", "outlook.com", "yahoo.com",
    "ukr.net", "yandex.kz", "meta.ua", "mail.kz", "internet.ru", "yandex.ua", "yandex.com",
};
/* Real ones that are a letter from another. */
static const char *const not_mistyped[] = {
    "mail.com", "email.com", "email.ru", "ymail.com", "mail.ua", "bk.ru", "ya.ru", "i.ua", "mail.kz", "list.ru", "inbox.lv", "inbox.com",
    "yahoo.co", "mail.by", "rambler.ua", "mail.de", "tmail.com", "xmail.com", "nmail.com", "zmail.com", "gmx.com", "me.com",
};
/* Words in a domain behind which somebody stands between the shop and the buyer. */
static const char *const relay_words[] = {
    "relay", "proxy", "noreply", "no-reply", "anonym", "hidden", "masked", "mozmail", "duck.com", "simplelogin", "marketplace", "buyer",
    "kaspi", "ozon", "wildberries", "rozetka", "prom.ua", "halyk", "satu.kz", "flip.kz", "lamoda", "aliexpress", "megamarket",
    "sbermegamarket", "tempmail", "mailinator", "forward",
};

/* Ends one letter before the other or swaps two: Damerau-Levenshtein of one, on bytes. */
static bool one_slip(str a, str b)
{
    size_t head = 0, tail = 0, least = a.len < b.len ? a.len : b.len;
    while (head < least && a.at[head] == b.at[head])
        head++;
    while (tail < least - head && a.at[a.len - 1 - tail] == b.at[b.len - 1 - tail])
        tail++;
    size_t left_a = a.len - head - tail, left_b = b.len - head - tail;
    if (left_a <= 1 && left_b <= 1)
        return true;
    return left_a == 2 && left_b == 2 && a.at[head] == b.at[head + 1] && a.at[head + 1] == b.at[head];
}

static str domain_mend(str domain, bool *mended)
{
    static const struct alias { const char *from, *to; } aliases[] = {
        { "googlemail.com", "gmail.com" }, { "ya.ru", "yandex.ru" }, { "yandex.kz", "yandex.ru" }, { "yandex.com", "yandex.ru" },
        { "yandex.ua", "yandex.ru" }, { "yandex.by", "yandex.ru" }, { "narod.ru", "yandex.ru" },
    };
    *mended = false;
    for (int i = 0; i < COUNT_OF(aliases); i++)
        if (str_is(domain, aliases[i].from))
            return str_of(aliases[i].to);
    for (int i = 0; i < COUNT_OF(not_mistyped); i++)
        if (str_is(domain, not_mistyped[i]))
            return domain;
    for (int i = 0; i < COUNT_OF(providers); i++)
        if (str_is(domain, providers[i]))
            return domain;
    for (int i = 0; i < COUNT_OF(providers); i++) {
        str p = str_of(providers[i]);
        if (!one_slip(domain, p))
            continue;
        *mended = true;
        return str_starts(p, STR("yandex.")) ? STR("yandex.ru") : p;
    }
    static const char *const gmails[] = { "gmail.ru", "gmail.con", "gmail.kz", "gmil.con", "gmail", "gmail.ua", "gmail.comm", "gmail.cpm" };
    for (int i = 0; i < COUNT_OF(gmails); i++)
        if (str_is(domain, gmails[i])) {
            *mended = true;
            return STR("gmail.com");
        }
    return domain;
}

static bool is_relay_domain(str domain)
{
    static const str common[] = { STR_INIT("gmail.com"), STR_INIT("mail.ru"), STR_INIT("yandex.ru"), STR_INIT("inbox.ru"),
                                  STR_INIT("bk.ru"), STR_INIT("list.ru"), STR_INIT("ukr.net"), STR_INIT("icloud.com") };
    for (int i = 0; i < COUNT_OF(common); i++)
        if (str_eq(domain, common[i]))
            return false;
    for (int i = 0; i < COUNT_OF(relay_words); i++)
        if (str_has(domain, str_of(relay_words[i])))
            return true;
    return false;
}

/* Without spaces, with a comma for a point in the domain, and with a missing .com or .ru put back. */
static str email_tidy(struct arena *a, str raw)
{
    struct buf b  = buf_in(a);
    bool       at = false, dot = false;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.at[i];
        if (c == ' ' || c == '\t' || c == '<' || c == '>' || c == '"')
            continue;
        at |= c == '@';
        c = at && c == ',' ? '.' : c;
        dot |= at && c == '.';
        buf_add_char(&b, c);
    }
    str s = buf_str(&b);
    if (at && !dot && s.len < 200) {
        str low = str_lower_ascii(a, s);
        if (str_ends(low, STR("@gmail")) || str_ends(low, STR("@icloud")))
            buf_add(&b, STR(".com"));
        else if (str_ends(low, STR("@mail")) || str_ends(low, STR("@yandex")))
            buf_add(&b, STR(".ru"));
        s = buf_str(&b);
    }
    return s;
}

/* erlan.smagulov, smagulove, e_smagulov: letters of the name's words and initials in any order, and nothing besides. Two
 * namesakes both choose it, each at a provider of their own. */
static bool is_named(str local, const struct name *n)
{
    struct sounds s;
    for (size_t i = 0; i < local.len; i++)
        if (local.at[i] >= '0' && local.at[i] <= '9')
            return false;
    sounds_read(local, &s);
    bool    taken = false;
    uint8_t gone[SOUNDS_MAX] = { 0 };
    for (int k = 0; k < n->count; k++) {
        char word[PACKED_MAX];
        int  len = sounds_unpack(n->words[k].letters, word);
        for (int i = 0; len >= 3 && i + len <= s.len; i++)
            if (!gone[i] && memcmp(s.at + i, word, (size_t)len) == 0) {
                memset(gone + i, 1, (size_t)len);
                taken = true;
                break;
            }
    }
    int left = 0;
    for (int i = 0; i < s.len; i++)
        left += !gone[i];
    return taken && left <= 2;          /* an initial, and the ending of a woman's surname */
}

void contact_email(struct arena *a, str raw, struct person *p)
{
    raw = str_trim(raw);
    if (!raw.len)
        return;
    if (raw.len > 254 || !memchr(raw.at, '@', raw.len)) {
        p->marks |= PERSON_EMAIL_BAD;
        return;
    }
    str tidy = email_tidy(a, raw), low = str_lower_ascii(a, tidy);
    ptrdiff_t at = str_find(low, STR("@"));
    str domain = str_sub(low, (size_t)at + 1, low.len);
    if (is_relay_domain(domain)) {
        p->marks |= PERSON_EMAIL_RELAY;
        return;
    }
    str normal = email_normalise(a, tidy);
    if (!normal.len) {
        p->marks |= PERSON_EMAIL_BAD;
        return;
    }
    at     = str_find(normal, STR("@"));
    domain = str_sub(normal, (size_t)at + 1, normal.len);
    bool mended;
    str  mend    = domain_mend(domain, &mended), local = str_sub(normal, 0, (size_t)at);
    bool is_gmail = str_is(mend, "gmail.com"), is_yandex = str_is(mend, "yandex.ru");
    char box[256];
    size_t n = 0;
    for (size_t i = 0; i < local.len && local.at[i] != '+' && n < sizeof box; i++)
        if (!(is_gmail && local.at[i] == '.'))
            box[n++] = is_yandex && local.at[i] == '-' ? '.' : local.at[i];
    if (!n)
        memcpy(box, "+", n = 1);
    uint64_t mailbox = hash_bytes((str){ box, n }, 3);
    size_t   plain   = 0;
    for (size_t i = 0; i < n; i++)
        if (box[i] != '.' && box[i] != '_' && box[i] != '-')
            box[plain++] = box[i];
    p->email       = hash_bytes(normal, 1) | 1;
    p->email_loose = hash_mix(mailbox ^ hash_bytes(mend, 2)) | 1;
    p->mailbox     = plain >= 6 ? hash_bytes((str){ box, plain }, 4) | 1 : 0;
    if (mended)
        p->marks |= PERSON_EMAIL_MENDED;
    name_fill(&p->name, (str){ box, n });
    if (is_named((str){ box, n }, &p->name))
        p->marks |= PERSON_MAILBOX_NAMED;
}

uint64_t person_email(struct arena *a, str raw)
{
    struct person p = { .id = 0 };
    contact_email(a, raw, &p);
    return p.email_loose;
}
