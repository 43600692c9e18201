/* Words to sounds in three steps: each letter to Latin (capitals are Latin letters that may be half of a sound), halves put
 * together, then what transliterations disagree on is made one: ie and io are e, doubled letters are single. */
#include "identity/sound.h"

/* clang-format off */
/* U+0410..U+042F and U+0430..U+044F; '-' is silent, '+' is iu, '*' is ia. */
static const char cyrillic_base[33]  = "abvgdejziiklmnoprstufgcqww-i-e+*";
/* U+0400..U+040F and U+0450..U+045F: ѐ ё ђ ѓ є ѕ і ї ј љ њ ћ ќ ѝ ў џ */
static const char cyrillic_extra[17] = "eedgeziiilnqkiuj";
/* U+0490..U+04BB, two code points a letter: ґ ғ ҕ җ ҙ қ ҝ ҟ ҡ ң ҥ ҧ ҩ ҫ ҭ ү ұ ҳ ҵ ҷ ҹ һ */
static const char cyrillic_kazakh[23] = "gggjzkkkknnpgstuugcqqg";
/* U+00C0..U+00FF without accents: capitals are as in latin[]. */
static const char latin_1[65] = "aaaaaaaqeeeeiiiidnooooo-ouuuuYtsaaaaaaaqeeeeiiiidnooooo-ouuuuYtY";
/* Latin a..z; capitals are decided by their neighbours. */
static const char latin[27]     = "abCdefgHiJklmnopQrstuvWXYz";
/* What a Latin letter is when it stands in a Cyrillic word by mistake, and the other way round (а в е к м н о р с т у х). */
static const char look_cyrillic[27] = "avsdefgniiklmnorqrstuvwguz";
/* clang-format on */

uint32_t code_point_long(str s, size_t *i)
{
    unsigned char c    = (unsigned char)s.at[(*i)++];
    int           more = c < 0x80 ? 0 : c >= 0xf0 && c < 0xf5 ? 3 : c >= 0xe0 ? 2 : c >= 0xc2 ? 1 : -1;
    uint32_t      cp   = more == 0 ? c : more == 1 ? c & 0x1fu : more == 2 ? c & 0x0fu : c & 0x07u;
    size_t        at   = *i;

    if (more <= 0)
        return more ? 0xfffd : cp;
    for (; more > 0; more--, at++) {
        if (at >= s.len || ((unsigned char)s.at[at] & 0xc0) != 0x80)
            return 0xfffd;
        cp = cp << 6 | ((unsigned char)s.at[at] & 0x3fu);
    }
    *i = at;
    return cp;
}

enum glyph glyph_of_odd(uint32_t cp)
{
    if (cp < 0x80) {
        if ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z')
            return GLYPH_LETTER;
        if (cp >= '0' && cp <= '9')
            return GLYPH_DIGIT;
        return cp == '\'' || cp == '`' ? GLYPH_NOTHING : GLYPH_BREAK;
    }
    if (cp >= 0x400 && cp < 0x530)
        return cp >= 0x482 && cp <= 0x489 ? GLYPH_NOTHING : GLYPH_LETTER;
    if (cp < 0xc0)
        return cp == 0xad || cp == 0xb4 ? GLYPH_NOTHING : GLYPH_BREAK;
    if (cp < 0x2b0)
        return cp == 0xd7 || cp == 0xf7 ? GLYPH_BREAK : GLYPH_LETTER;
    if (cp < 0x370)                                     /* modifier apostrophes, combining accents */
        return GLYPH_NOTHING;
    if (cp < 0x2000)
        return GLYPH_LETTER;
    if ((cp >= 0x200b && cp <= 0x200f) || (cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x206f) || cp == 0x2018 ||
        cp == 0x2019 || cp == 0x201b || cp == 0x2032 || cp == 0xfeff || (cp >= 0xfe00 && cp <= 0xfe0f))
        return GLYPH_NOTHING;
    if (cp >= 0x3040 && cp < 0xe000)
        return cp >= 0xd800 ? GLYPH_BREAK : GLYPH_LETTER;
    if (cp >= 0xff10 && cp <= 0xff19)
        return GLYPH_DIGIT;
    if ((cp >= 0xff21 && cp <= 0xff3a) || (cp >= 0xff41 && cp <= 0xff5a))
        return GLYPH_LETTER;
    return cp >= 0xf900 && cp < 0xfe00 ? GLYPH_LETTER : GLYPH_BREAK;
}

struct raw { char at[2 * SOUNDS_MAX]; int len; };

static void raw_add(struct raw *r, char c)
{
    if (r->len < COUNT_OF(r->at) && c != '-')
        r->at[r->len++] = c;
}

static void raw_cyrillic(struct raw *r, uint32_t cp, bool in_latin)
{
    /* Cyrillic letters that look Latin, in a word that is Latin: with р, с, у, х meant as p, c, y, x. */
    static const struct look { uint16_t cyrillic; char latin; } looks[] = {
        { 0x432, 'b' }, { 0x43d, 'H' }, { 0x440, 'p' }, { 0x441, 'C' }, { 0x443, 'Y' }, { 0x445, 'X' },
    };
    if (cp >= 0x410 && cp < 0x450) {
        uint32_t small = 0x430 + (cp - 0x410) % 32;
        char     c     = cyrillic_base[(cp - 0x410) % 32];
        for (int i = 0; in_latin && i < COUNT_OF(looks); i++)
            if (looks[i].cyrillic == small)
                c = looks[i].latin;
        if (c == '+' || c == '*') {
            raw_add(r, 'i');
            raw_add(r, c == '+' ? 'u' : 'a');
        } else {
            raw_add(r, c);
        }
    } else if (cp < 0x410 || (cp >= 0x450 && cp < 0x460)) {
        raw_add(r, cyrillic_extra[cp & 15]);
    } else if (cp >= 0x490 && cp < 0x4bc) {
        raw_add(r, cyrillic_kazakh[(cp - 0x490) / 2]);
    } else {
        raw_add(r, cp == 0x4d8 || cp == 0x4d9 ? 'a' : cp == 0x4e8 || cp == 0x4e9 ? 'o' : (char)('a' + cp % 26));
    }
}

static void raw_latin(struct raw *r, uint32_t cp, bool in_cyrillic)
{
    if (cp >= 0xff21)
        cp -= 0xfee0;
    if (cp < 0x80) {
        int i = (int)((cp | 0x20) - 'a');
        raw_add(r, in_cyrillic ? look_cyrillic[i] : latin[i]);
        return;
    }
    if (cp < 0x100) {
        raw_add(r, latin_1[cp - 0xc0]);
        return;
    }
    /* clang-format off */
    switch (cp | 1) {                                   /* most come in pairs, capital first */
    case 0x10d: case 0x107: raw_add(r, 'q'); return;    /* č ć */
    case 0x11f: raw_add(r, 'g'); return;                /* ğ */
    case 0x131: raw_add(r, 'i'); return;                /* İ ı */
    case 0x15b: case 0x15f: case 0x161: raw_add(r, 'w'); return;    /* ś ş š */
    case 0x16b: case 0x16d: case 0x16f: raw_add(r, 'u'); return;
    case 0x113: case 0x119: case 0x11b: raw_add(r, 'e'); return;
    case 0x101: case 0x103: case 0x105: raw_add(r, 'a'); return;
    case 0x143: case 0x145: case 0x147: raw_add(r, 'n'); return;
    case 0x159: raw_add(r, 'r'); return;
    case 0x141: raw_add(r, 'l'); return;
    default:    break;
    }
    /* clang-format on */
    raw_add(r, cp == 0x144 ? 'n' : cp == 0x17c || cp == 0x17e || cp == 0x17d ? 'j' : cp == 0x259 ? 'a' : (char)('a' + cp % 26));
}

/* Maxim, Alexey, Oxana, Xenia and their like are written with an x for ks; elsewhere x is the Cyrillic letter of that shape
 * (Mixail, Dolgix), which is as kh. */
static bool is_ks(const struct raw *r, int i, char next)
{
    char before = i ? r->at[i - 1] : 0, first = i > 1 ? r->at[i - 2] : 0;
    bool soft   = next == 'e' || next == 'i' || next == 'Y' || next == 'J';
    if (!i)
        return next == 'e' || (next == 'u' && i + 2 < r->len && r->at[i + 2] == 's');   /* Xenia, Xusha */
    if (before == 'e' && first == 'l')                  /* Alexandr, Lexa */
        return true;
    if (before == 'i' && first == 'l')                  /* Felix */
        return i + 1 == r->len;
    if (before == 'o')                                  /* Oxana, Roxana */
        return next == 'a' && (i == 1 || first == 'r');
    return before == 'a' && (first == 'm' || i == 1) && (soft || i + 1 == r->len);  /* Maxim, Max, Axenov */
}

/* Halves put together; capitals are gone afterwards. */
static int raw_join(const struct raw *r, char out[2 * SOUNDS_MAX + 2])
{
    int n = 0;
    for (int i = 0; i < r->len && n < 2 * SOUNDS_MAX; i++) {
        char c = r->at[i], next = i + 1 < r->len ? r->at[i + 1] : 0, then = i + 2 < r->len ? r->at[i + 2] : 0;
        if (c == 's' && next == 'C' && then == 'H') {
            out[n++] = 'w', i += 2;
        } else if (c == 's' && next == 'H') {
            out[n++] = 'w', i++;
            if (then == 'H')
                i++;
            else if (then == 'C' && i + 2 < r->len && r->at[i + 2] == 'H')
                i += 2;
        } else if (next == 'H' && c == 'C') {
            if (n && out[n - 1] == 't')
                n--;
            out[n++] = 'q', i++;
        } else if (next == 'H' && strchr("zkgpt", c)) {
            out[n++] = c == 'z' ? 'j' : c == 'p' ? 'f' : c == 't' ? 't' : 'g', i++;
        } else if (c == 't' && next == 'z') {
            out[n++] = 'c', i++;
        } else if (c == 'C' && next == 'z') {
            out[n++] = 'c', i++;                        /* Czvetkova */
        } else if (c == 'C') {
            if (next != 'k')
                out[n++] = next == 'e' || next == 'i' || next == 'Y' ? 'c' : 'k';
        } else if (c == 'X') {
            if (is_ks(r, i, next)) {
                out[n++] = 'k', out[n++] = 's';
            } else {
                out[n++] = 'g';
            }
        } else if (c == 'J') {
            bool jan = next == 'a' && then == 'n' && i + 3 == r->len;       /* Nurjan, Aijan */
            bool zh  = i == 0 || jan || (n && out[n - 1] == 'd');
            out[n++] = zh ? 'j' : 'i';
        } else {
            out[n++] = c == 'H' ? 'g' : c == 'Q' ? 'k' : c == 'W' ? 'v' : c == 'Y' ? 'i' : c;
        }
    }
    return n;
}

/* Into the last sounds; what spellings disagree on becomes one. */
static void sound_add(struct sounds *s, char c)
{
    char *last = s->len ? &s->at[s->len - 1] : NULL;
    if (last && *last == c)
        return;
    if (last && *last == 'i' && (c == 'e' || c == 'o')) {
        *last = 'e';
        if (s->len > 1 && s->at[s->len - 2] == 'e')
            s->len--;
        return;
    }
    if (last && ((*last == 't' && c == 's') || (*last == 'd' && c == 'j'))) {
        *last = c == 's' ? 'c' : 'j';
        return;
    }
    if (s->len < SOUNDS_MAX)
        s->at[s->len++] = c;
}

/* Letters of one alphabet that look like none of the other. */
static bool is_only_cyrillic(uint32_t cp)
{
    uint32_t small = cp >= 0x410 && cp < 0x430 ? cp + 0x20 : cp;
    switch (small) {
    case 0x430: case 0x432: case 0x435: case 0x43a: case 0x43c: case 0x43d: case 0x43e: case 0x440: case 0x441: case 0x442: case 0x443:
    case 0x445: case 0x406: case 0x456: case 0x408: case 0x458: case 0x405: case 0x455: case 0x4ae: case 0x4af: case 0x4ba: case 0x4bb:
        return false;
    default:
        return true;
    }
}

static bool is_only_latin(uint32_t cp) { return cp < 0x80 && strchr("dfgijlnqrsuvwzDFGJLNQRSUVWZ", (int)cp) != NULL; }

/* Which alphabet a word of both is meant in: that of the letters that can be nothing else; otherwise of most. */
enum script { SCRIPT_ONE, SCRIPT_CYRILLIC, SCRIPT_LATIN };
static enum script script_of(const uint32_t *cp, int count)
{
    int cyrillic = 0, latins = 0, only_cyrillic = 0, only_latin = 0;
    for (int i = 0; i < count; i++) {
        bool is_cyrillic = cp[i] >= 0x400 && cp[i] < 0x530;
        cyrillic += is_cyrillic;
        latins   += cp[i] < 0x250;
    }
    if (!cyrillic || !latins)
        return SCRIPT_ONE;
    for (int i = 0; i < count; i++) {
        bool is_cyrillic = cp[i] >= 0x400 && cp[i] < 0x530;
        only_cyrillic += is_cyrillic && is_only_cyrillic(cp[i]);
        only_latin    += !is_cyrillic && is_only_latin(cp[i]);
    }
    if (only_cyrillic && !only_latin)
        return SCRIPT_CYRILLIC;
    if (only_latin && !only_cyrillic)
        return SCRIPT_LATIN;
    return only_latin && latins > cyrillic ? SCRIPT_LATIN : SCRIPT_CYRILLIC;    /* Вepa: people here mean Cyrillic */
}

void sounds_read(str word, struct sounds *out)
{
    struct raw raw = { .len = 0 };
    char       joined[2 * SOUNDS_MAX + 2];
    uint32_t   letters[4 * SOUNDS_MAX];
    int        count = 0;

    if (word.len > 4 * SOUNDS_MAX)
        word.len = 4 * SOUNDS_MAX;
    for (size_t i = 0; i < word.len;) {
        uint32_t cp = code_point_next(word, &i);
        if (glyph_of(cp) == GLYPH_LETTER)
            letters[count++] = cp;
    }
    enum script script = script_of(letters, count);
    for (int i = 0; i < count; i++) {
        uint32_t cp = letters[i];
        if (cp >= 0x400 && cp < 0x530)
            raw_cyrillic(&raw, cp, script == SCRIPT_LATIN);
        else if (cp < 0x250 || cp == 0x259 || (cp >= 0xff21 && cp <= 0xff5a))
            raw_latin(&raw, cp, script == SCRIPT_CYRILLIC);
        else
            raw_add(&raw, (char)('a' + cp % 26));
    }
    int n = raw_join(&raw, joined);
    out->len = 0;
    for (int i = 0; i < n; i++)
        sound_add(out, joined[i]);
}

uint64_t sounds_pack(const char *letters, int len)
{
    uint64_t packed = 0;
    for (int i = 0; i < PACKED_MAX; i++)
        packed = packed << 5 | (i < len ? (uint64_t)(letters[i] - 'a' + 1) & 31 : 0);
    return packed;
}

int sounds_unpack(uint64_t packed, char out[PACKED_MAX])
{
    int n = 0;
    for (; n < PACKED_MAX; n++) {
        unsigned c = (unsigned)(packed >> (5 * (PACKED_MAX - 1 - n))) & 31;
        if (!c)
            break;
        out[n] = (char)('a' + c - 1);
    }
    return n;
}

uint64_t hash_bytes(str s, uint64_t seed)
{
    uint64_t h = seed ^ (s.len * UINT64_C(0x9e3779b97f4a7c15));
    size_t   i = 0;
    for (; i + 8 <= s.len; i += 8) {
        uint64_t eight;
        memcpy(&eight, s.at + i, 8);
        h = (h ^ eight) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 29;
    }
    uint64_t tail = 0;
    for (int shift = 0; i < s.len; i++, shift += 8)
        tail |= (uint64_t)(unsigned char)s.at[i] << shift;
    return hash_mix(h ^ tail);
}
