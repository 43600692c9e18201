/* E-mail addresses. ASCII domains are checked by hand; others go through ICU's UTS 46. */
#include "base/email.h"
#include "base/buf.h"
#include <unicode/uidna.h>
#include <unicode/ustring.h>

#define ADDRESS_BYTES_MAX 254
#define LOCAL_BYTES_MAX   64
#define LABEL_BYTES_MAX   63

/* Domains (and all below them) behind which a marketplace hides the buyer: such an address names an order, not
 * a person. Wide on purpose, and not from the markets' own papers: a lost key costs one manual merge, a shared
 * key merges strangers. */
static const char *const relay_domains[] = {
    "marketplace.amazon.com",
    "marketplace.amazon.de",
    "marketplace.amazon.co.uk",
    "marketplace.amazon.fr",
    "marketplace.amazon.it",
    "marketplace.amazon.es",
    "members.ebay.com",
    "reply.ebay.com",
    "privaterelay.appleid.com",
    "relay.firefox.com",
    "buyer.aliexpress.com",
    "aliexpress.com",
    "aliexpress.ru",
    "kaspi.kz",
    "ozon.ru",
    "ozon.kz",
    "wildberries.ru",
    "wb.ru",
    "market.yandex.ru",
    "message.allegro.pl",
    "allegromail.pl",
    "rozetka.com.ua",
    "prom.ua",
    "users.noreply.github.com",
};
/* Written by forms and cash desks where there is no address. */
static const char *const filler_locals[] = { "noreply",  "no-reply", "donotreply",
                                             "no-email", "noemail",  "nomail" };
static const char *const filler_domains[] = { "example.com", "example.org", "example.net", "test.test",
                                              "mail.mail" };

static bool is_local_char(unsigned char c)
{
    return c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c && strchr("!#$%&'+-/=?^_`{|}~.", c));
}

static bool local_ok(str s)
{
    if (!s.len || s.len > LOCAL_BYTES_MAX || s.at[0] == '.' || s.at[s.len - 1] == '.' ||
        str_has(s, STR("..")))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_local_char((unsigned char)s.at[i]))
            return false;
    return true;
}

static bool domain_ok(str s)
{
    str  label = { 0 };
    int  labels = 0;
    bool has_letter = false;

    if (!s.len || s.len > 253 || s.at[s.len - 1] == '.')
        return false;
    while (str_split(&s, '.', &label)) {
        labels++;
        has_letter = false;
        if (!label.len || label.len > LABEL_BYTES_MAX || label.at[0] == '-' || label.at[label.len - 1] == '-')
            return false;
        for (size_t i = 0; i < label.len; i++) {
            char c = label.at[i];
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
                return false;
            has_letter |= c >= 'a' && c <= 'z';
        }
    }
    return labels >= 2 && has_letter && label.len >= 2; /* the last label is a name, not a number */
}

static bool is_ascii(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] >= 0x80)
            return false;
    return true;
}

static str punycode(struct arena *arena, str domain)
{
    UErrorCode status = U_ZERO_ERROR;
    UIDNAInfo  info = UIDNA_INFO_INITIALIZER;
    char      *out = arena_alloc(arena, 256);
    UIDNA     *idna =
        uidna_openUTS46(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_NONTRANSITIONAL_TO_ASCII, &status);
    int32_t len;

    if (U_FAILURE(status))
        return (str){ 0 };
    len = uidna_nameToASCII_UTF8(idna, domain.at, (int32_t)domain.len, out, 256, &info, &status);
    uidna_close(idna);
    if (U_FAILURE(status) || info.errors || len <= 0 || len > 253)
        return (str){ 0 };
    return (str){ out, (size_t)len };
}

static str lower(struct arena *arena, str text)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar      wide[ADDRESS_BYTES_MAX + 2], low[2 * ADDRESS_BYTES_MAX];
    int32_t    units = 0, low_len, len = 0;
    char      *out;

    if (is_ascii(text))
        return str_lower_ascii(arena, text);
    u_strFromUTF8(wide, COUNT_OF(wide), &units, text.at, (int32_t)text.len, &status);
    low_len = u_strToLower(low, COUNT_OF(low), wide, units, "", &status);
    out = arena_alloc(arena, 8 * ADDRESS_BYTES_MAX);
    u_strToUTF8(out, 8 * ADDRESS_BYTES_MAX, &len, low, low_len, &status);
    return U_FAILURE(status) ? (str){ 0 } : (str){ out, (size_t)len };
}

static bool is_relay(str local, str domain)
{
    for (int i = 0; i < COUNT_OF(relay_domains); i++) {
        str relay = str_of(relay_domains[i]);
        if (str_eq(domain, relay))
            return true;
        if (str_ends(domain, relay) && domain.at[domain.len - relay.len - 1] == '.')
            return true;
    }
    for (int i = 0; i < COUNT_OF(filler_domains); i++)
        if (str_is(domain, filler_domains[i]))
            return true;
    for (int i = 0; i < COUNT_OF(filler_locals); i++)
        if (str_is(local, filler_locals[i]))
            return true;
    return false;
}

str email_normalise(struct arena *arena, str raw)
{
    str local, domain;

    raw = str_trim(raw);
    if (raw.len < 5 || raw.len > ADDRESS_BYTES_MAX)
        return (str){ 0 };
    raw = lower(arena, raw);
    if (str_starts(raw, STR("mailto:")))
        raw = str_sub(raw, 7, raw.len);
    ptrdiff_t at = str_find(raw, STR("@"));
    if (at <= 0)
        return (str){ 0 };
    local = str_sub(raw, 0, (size_t)at);
    domain = str_sub(raw, (size_t)at + 1, raw.len);
    if (domain.len && domain.at[domain.len - 1] == '.')
        domain.len--;
    if (!is_ascii(domain))
        domain = punycode(arena, domain);
    if (!local_ok(local) || !domain_ok(domain) || is_relay(local, domain))
        return (str){ 0 };
    return str_join(arena, (str[]){ local, domain }, 2, STR("@"));
}

str email_secondary(struct arena *arena, str normalised)
{
    ptrdiff_t  at = str_find(normalised, STR("@"));
    struct buf b = buf_in(arena);
    str        domain;

    if (at <= 0)
        return (str){ 0 };
    domain = str_sub(normalised, (size_t)at + 1, normalised.len);
    if (!str_is(domain, "gmail.com") && !str_is(domain, "googlemail.com"))
        return (str){ 0 };
    for (size_t i = 0; i < (size_t)at && normalised.at[i] != '+'; i++)
        if (normalised.at[i] != '.')
            buf_add_char(&b, normalised.at[i]);
    if (!b.len)
        return (str){ 0 };
    buf_add(&b, STR("@gmail.com"));
    return buf_str(&b);
}

str email_masked(struct arena *arena, str normalised)
{
    ptrdiff_t at = str_find(normalised, STR("@"));
    size_t    first = 1;

    if (at <= 0)
        return (str){ 0 };
    while (first < (size_t)at && ((unsigned char)normalised.at[first] & 0xc0) == 0x80)
        first++;
    return str_join(arena,
                    (str[]){ str_sub(normalised, 0, first), str_sub(normalised, (size_t)at, normalised.len) },
                    2, STR("\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2"));
}
