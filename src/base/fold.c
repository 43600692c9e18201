/* Search keys. Nearly all text here is ASCII or plain Cyrillic, so those are folded by table; ICU is asked
 * only when some code point of the text is not in the table. tests/unit/fold.c proves that both ways agree.
 */
#include "base/fold.h"
#include "base/buf.h"
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#define ICU  0xffff /* the table does not know: ask the library */
#define DROP 0xfffe /* leaves nothing, not even a space */
/* Longer text is cut: ICU counts in 32 bits, and no search key is that long. */
#define TEXT_BYTES_MAX (16u << 20)

/* U+0400..U+04FF: case fold and the own table in one step. 0x020 parts words. */
// clang-format off
static const uint16_t cyrillic[256] = {
    0x450, 0x435, 0x452, 0x453, 0x435, 0x455, 0x438, 0x438, 0x458, 0x459, 0x45a, 0x45b, 0x45c, 0x45d, 0x45e, 0x45f,
    0x430, 0x431, 0x432, 0x433, 0x434, 0x435, 0x436, 0x437, 0x438, 0x439, 0x43a, 0x43b, 0x43c, 0x43d, 0x43e, 0x43f,
    0x440, 0x441, 0x442, 0x443, 0x444, 0x445, 0x446, 0x447, 0x448, 0x449, 0x44a, 0x44b, 0x44c, 0x44d, 0x44e, 0x44f,
    0x430, 0x431, 0x432, 0x433, 0x434, 0x435, 0x436, 0x437, 0x438, 0x439, 0x43a, 0x43b, 0x43c, 0x43d, 0x43e, 0x43f,
    0x440, 0x441, 0x442, 0x443, 0x444, 0x445, 0x446, 0x447, 0x448, 0x449, 0x44a, 0x44b, 0x44c, 0x44d, 0x44e, 0x44f,
    0x450, 0x435, 0x452, 0x453, 0x435, 0x455, 0x438, 0x438, 0x458, 0x459, 0x45a, 0x45b, 0x45c, 0x45d, 0x45e, 0x45f,
    0x461, 0x461, 0x463, 0x463, 0x465, 0x465, 0x467, 0x467, 0x469, 0x469, 0x46b, 0x46b, 0x46d, 0x46d, 0x46f, 0x46f,
    0x471, 0x471, 0x473, 0x473, 0x475, 0x475, 0x477, 0x477, 0x479, 0x479, 0x47b, 0x47b, 0x47d, 0x47d, 0x47f, 0x47f,
    0x481, 0x481, 0x020,   ICU,   ICU,   ICU,   ICU,   ICU,   ICU,   ICU, 0x48b, 0x48b, 0x48d, 0x48d, 0x48f, 0x48f,
    0x433, 0x433, 0x433, 0x433, 0x495, 0x495, 0x497, 0x497, 0x499, 0x499, 0x43a, 0x43a, 0x49d, 0x49d, 0x49f, 0x49f,
    0x4a1, 0x4a1, 0x43d, 0x43d, 0x4a5, 0x4a5, 0x4a7, 0x4a7, 0x4a9, 0x4a9, 0x4ab, 0x4ab, 0x4ad, 0x4ad, 0x443, 0x443,
    0x443, 0x443, 0x4b3, 0x4b3, 0x4b5, 0x4b5, 0x4b7, 0x4b7, 0x4b9, 0x4b9, 0x445, 0x445, 0x4bd, 0x4bd, 0x4bf, 0x4bf,
    0x4cf, 0x4c2, 0x4c2, 0x4c4, 0x4c4, 0x4c6, 0x4c6, 0x4c8, 0x4c8, 0x4ca, 0x4ca, 0x4cc, 0x4cc, 0x4ce, 0x4ce, 0x4cf,
    0x4d1, 0x4d1, 0x4d3, 0x4d3, 0x4d5, 0x4d5, 0x4d7, 0x4d7, 0x430, 0x430, 0x4db, 0x4db, 0x4dd, 0x4dd, 0x4df, 0x4df,
    0x4e1, 0x4e1, 0x4e3, 0x4e3, 0x4e5, 0x4e5, 0x4e7, 0x4e7, 0x43e, 0x43e, 0x4eb, 0x4eb, 0x4ed, 0x4ed, 0x4ef, 0x4ef,
    0x4f1, 0x4f1, 0x4f3, 0x4f3, 0x4f5, 0x4f5, 0x4f7, 0x4f7, 0x4f9, 0x4f9, 0x4fb, 0x4fb, 0x4fd, 0x4fd, 0x4ff, 0x4ff,
};
// clang-format on

static bool is_apostrophe(uint32_t cp)
{
    return cp == '\'' || cp == '`' || cp == 0x2019 || cp == 0x2018 || cp == 0x201b || cp == 0x2032 ||
           cp == 0x02bc || cp == 0x02b9 || cp == 0x02bb || cp == 0x00b4;
}

/* What a code point leaves, or ICU. */
static uint32_t fold_simple(uint32_t cp)
{
    if (cp < 0x80) {
        if (cp >= 'a' && cp <= 'z')
            return cp;
        if (cp >= 'A' && cp <= 'Z')
            return cp + 0x20;
        if (cp >= '0' && cp <= '9')
            return cp;
        return is_apostrophe(cp) ? DROP : ' ';
    }
    if (cp >= 0x400 && cp <= 0x4ff)
        return cyrillic[cp - 0x400];
    // clang-format off
    switch (cp) {
    case 0x2018: case 0x2019: case 0x201b: case 0x2032: case 0x02bc:
        return DROP;
    case 0x00a0: case 0x00ab: case 0x00bb: case 0x2013: case 0x2014: case 0x201c: case 0x201d: case 0x201e:
        return ' ';
    default:
        return ICU;
    }
    // clang-format on
}

/* The own table for text that came from ICU, already folded. */
static uint32_t fold_after_icu(uint32_t cp)
{
    if (cp < 0x80 || (cp >= 0x400 && cp <= 0x4ff)) {
        uint32_t simple = fold_simple(cp);
        if (simple != ICU)
            return simple;
    }
    if (is_apostrophe(cp))
        return DROP;
    int8_t kind = u_charType((UChar32)cp);
    if (kind == U_NON_SPACING_MARK && ((cp >= 0x300 && cp <= 0x36f) || (cp >= 0x483 && cp <= 0x489)))
        return DROP; /* stress marks and the like, where no ready letter exists */
    if (kind == U_NON_SPACING_MARK || kind == U_COMBINING_SPACING_MARK)
        return cp; /* vowels of other scripts */
    if (U_MASK(kind) & (U_GC_L_MASK | U_GC_N_MASK))
        return cp;
    return ' ';
}

/* Decodes the code point at *i. Text inside the program is valid UTF-8; anything else counts as one space. */
static uint32_t utf8_next(str s, size_t *i)
{
    unsigned char c = (unsigned char)s.at[*i];
    int           more = c < 0x80 ? 0 : c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : -1;
    uint32_t      cp = more == 0 ? c : more == 1 ? c & 0x1fu : more == 2 ? c & 0x0fu : c & 0x07u;

    ++*i;
    if (more < 0)
        return ' ';
    for (; more > 0; more--, ++*i) {
        if (*i >= s.len || ((unsigned char)s.at[*i] & 0xc0) != 0x80)
            return ' ';
        cp = cp << 6 | ((unsigned char)s.at[*i] & 0x3fu);
    }
    return cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff) ? cp : ' ';
}

static size_t utf8_put(char *at, uint32_t cp)
{
    if (cp < 0x80) {
        at[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        at[0] = (char)(0xc0 | cp >> 6);
        at[1] = (char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        at[0] = (char)(0xe0 | cp >> 12);
        at[1] = (char)(0x80 | (cp >> 6 & 0x3f));
        at[2] = (char)(0x80 | (cp & 0x3f));
        return 3;
    }
    at[0] = (char)(0xf0 | cp >> 18);
    at[1] = (char)(0x80 | (cp >> 12 & 0x3f));
    at[2] = (char)(0x80 | (cp >> 6 & 0x3f));
    at[3] = (char)(0x80 | (cp & 0x3f));
    return 4;
}

/* Collects a key: single spaces between words, none at the ends. */
struct key {
    char  *at;
    size_t len;
    bool   space_due;
};

static void key_add(struct key *k, uint32_t cp)
{
    if (cp == DROP)
        return;
    if (cp == ' ') {
        k->space_due = k->len > 0;
        return;
    }
    if (k->space_due)
        k->at[k->len++] = ' ';
    k->space_due = false;
    k->len += utf8_put(k->at + k->len, cp);
}

static str fold_with_icu(struct arena *arena, str text)
{
    UErrorCode          status = U_ZERO_ERROR;
    const UNormalizer2 *norm = unorm2_getNFKCCasefoldInstance(&status); /* ICU keeps the one instance */
    int32_t             units = 0, folded_len;
    UChar              *wide = ARENA_ARRAY(arena, UChar, text.len + 1);

    u_strFromUTF8WithSub(wide, (int32_t)text.len + 1, &units, text.at, (int32_t)text.len, ' ', NULL, &status);
    if (U_FAILURE(status))
        return (str){ 0 };
    folded_len = unorm2_normalize(norm, wide, units, NULL, 0, &status);
    if (status != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(status))
        return (str){ 0 };
    status = U_ZERO_ERROR;
    UChar *folded = ARENA_ARRAY(arena, UChar, (size_t)folded_len + 1);
    unorm2_normalize(norm, wide, units, folded, folded_len + 1, &status);
    if (U_FAILURE(status))
        return (str){ 0 };

    struct key k = { .at = arena_alloc(arena, (size_t)folded_len * 4 + 1) };
    for (int32_t i = 0; i < folded_len;) {
        UChar32 cp;
        U16_NEXT(folded, i, folded_len, cp);
        key_add(&k, U_IS_SURROGATE(cp) ? ' ' : fold_after_icu((uint32_t)cp));
    }
    return (str){ k.at, k.len };
}

str fold_search(struct arena *arena, str text)
{
    if (!text.len)
        return (str){ 0 };
    if (text.len > TEXT_BYTES_MAX)
        text = utf8_cut(text, TEXT_BYTES_MAX);

    /* No entry of the tables is longer in UTF-8 than what it replaces, so the text's own size is enough. */
    struct key k = { .at = arena_alloc(arena, text.len + 1) };
    for (size_t i = 0; i < text.len;) {
        uint32_t cp = fold_simple(utf8_next(text, &i));
        if (cp == ICU)
            return fold_with_icu(arena, text);
        key_add(&k, cp);
    }
    return (str){ k.at, k.len };
}

/* The same keys on two layouts. Of several rows the first counts: going to Cyrillic gives Russian, coming from it gives the
 * letter key. */
// clang-format off
static const struct layout_key {
    char     latin;
    uint16_t cyrillic;
} russian[] = {
    { 'q', 0x439 }, { 'w', 0x446 }, { 'e', 0x443 }, { 'r', 0x43a }, { 't', 0x435 }, { 'y', 0x43d }, { 'u', 0x433 },
    { 'i', 0x448 }, { 'o', 0x449 }, { 'p', 0x437 }, { '[', 0x445 }, { ']', 0x44a }, { 'a', 0x444 }, { 's', 0x44b },
    { 'd', 0x432 }, { 'f', 0x430 }, { 'g', 0x43f }, { 'h', 0x440 }, { 'j', 0x43e }, { 'k', 0x43b }, { 'l', 0x434 },
    { ';', 0x436 }, { '\'', 0x44d }, { 'z', 0x44f }, { 'x', 0x447 }, { 'c', 0x441 }, { 'v', 0x43c }, { 'b', 0x438 },
    { 'n', 0x442 }, { 'm', 0x44c }, { ',', 0x431 }, { '.', 0x44e }, { '`', 0x451 },
    { '{', 0x445 }, { '}', 0x44a }, { ':', 0x436 }, { '"', 0x44d }, { '<', 0x431 }, { '>', 0x44e }, { '~', 0x451 },
    { 's', 0x456 }, { ']', 0x457 }, { '\'', 0x454 }, { 0, 0 },
}, ukrainian[] = {
    { 's', 0x456 }, { ']', 0x457 }, { '}', 0x457 }, { '\'', 0x454 }, { '"', 0x454 }, { 0, 0 },
}, kazakh[] = {                          /* its own letters stand on the row of digits */
    { '2', 0x4d9 }, { '3', 0x456 }, { '4', 0x4a3 }, { '5', 0x493 }, { '8', 0x4af }, { '9', 0x4b1 }, { '0', 0x49b }, { '-', 0x4e9 },
    { '=', 0x4bb }, { 0, 0 },
};
static const struct layout_key *const layouts[FOLD_LAYOUTS_MAX] = { russian, ukrainian, kazakh };
// clang-format on

static uint32_t key_find(const struct layout_key *keys, uint32_t cp, bool to_cyrillic)
{
    for (; keys->latin; keys++)
        if (to_cyrillic ? (uint32_t)(unsigned char)keys->latin == cp : keys->cyrillic == cp)
            return to_cyrillic ? keys->cyrillic : (uint32_t)(unsigned char)keys->latin;
    return 0;
}

/* What a layout says of its own wins over the Russian one. */
static uint32_t layout_turn(const struct layout_key *own, uint32_t cp, bool to_cyrillic)
{
    if (cp >= 'A' && cp <= 'Z')
        cp += 0x20;
    if ((cp >= 0x410 && cp <= 0x42f) || (cp >= 0x400 && cp <= 0x40f))
        cp += cp >= 0x410 ? 0x20 : 0x50;
    uint32_t turned = to_cyrillic || own != kazakh ? key_find(own, cp, to_cyrillic) : 0;
    if (!turned)
        turned = key_find(russian, cp, to_cyrillic);
    return turned ? turned : cp;
}

int fold_other_layouts(struct arena *arena, str text, str out[FOLD_LAYOUTS_MAX])
{
    bool has_latin = false, has_cyrillic = false;
    int  count = 0;

    for (size_t i = 0; i < text.len;) {
        uint32_t cp = utf8_next(text, &i);
        has_latin |= (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z';
        has_cyrillic |= cp >= 0x400 && cp <= 0x4ff;
    }
    if (has_latin == has_cyrillic) /* nothing to turn, or a mixture that nobody typed by mistake */
        return 0;

    for (int k = 0; k < FOLD_LAYOUTS_MAX; k++) {
        char  *at = arena_alloc(arena, text.len * 2 + 1);
        size_t len = 0;
        for (size_t i = 0; i < text.len;)
            len += utf8_put(at + len, layout_turn(layouts[k], utf8_next(text, &i), has_latin));
        str  turned = fold_search(arena, (str){ at, len });
        bool known  = !turned.len;
        for (int i = 0; i < count; i++)
            known = known || str_eq(out[i], turned);
        if (!known)
            out[count++] = turned;
    }
    return count;
}

str fold_digits(struct arena *arena, str text)
{
    char  *at = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] >= '0' && text.at[i] <= '9')
            at[len++] = text.at[i];
    return (str){ at, len };
}

str fold_reverse(struct arena *arena, str ascii)
{
    char *at = arena_alloc(arena, ascii.len + 1);

    for (size_t i = 0; i < ascii.len; i++)
        at[i] = ascii.at[ascii.len - 1 - i];
    return (str){ at, ascii.len };
}
