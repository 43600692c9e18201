/* Addresses: a row of words and numbers, read once from left to right. A word is a marker (улица, дом, кв), a city or part of
 * the street's name; a number belongs to the marker before it, else to the next place that is free: street, house, flat. */
#include "identity/address.h"

#include "identity/name.h"
#include "identity/names/names.h"
#include "identity/sound.h"

/* ---- words that mark ---- */

enum marker {
    MARK_NONE, MARK_STREET, MARK_MICRO, MARK_HOUSE, MARK_PART, MARK_FLAT, MARK_CITY, MARK_REGION, MARK_SKIP, MARK_SKIP_NUMBER,
    MARK_STR
};
/* clang-format off */
static const struct marker_word { const char *sounds; enum marker is; } marker_words[] = {       /* as sounds */
    { "alleia", MARK_STREET }, { "apart", MARK_FLAT }, { "apartament", MARK_FLAT }, { "apartment", MARK_FLAT }, { "apt", MARK_FLAT },
    { "aud", MARK_REGION }, { "audan", MARK_REGION }, { "audani", MARK_REGION }, { "aul", MARK_SKIP }, { "ave", MARK_STREET },
    { "avenu", MARK_STREET }, { "avenue", MARK_STREET }, { "bl", MARK_PART }, { "bld", MARK_PART }, { "blok", MARK_PART },
    { "blvd", MARK_STREET }, { "br", MARK_STREET }, { "bud", MARK_HOUSE }, { "budinok", MARK_HOUSE }, { "bul", MARK_STREET },
    { "bulv", MARK_STREET }, { "bulvar", MARK_STREET }, { "bv", MARK_STREET }, { "boulevard", MARK_STREET }, { "citi", MARK_CITY },
    { "d", MARK_HOUSE }, { "dan", MARK_STREET }, { "dangili", MARK_STREET }, { "danili", MARK_STREET }, { "dg", MARK_STREET },
    { "dom", MARK_HOUSE }, { "domofon", MARK_SKIP_NUMBER }, { "et", MARK_SKIP_NUMBER }, { "etaj", MARK_SKIP_NUMBER },
    { "flat", MARK_FLAT }, { "floor", MARK_SKIP_NUMBER }, { "g", MARK_CITY }, { "gor", MARK_CITY }, { "gorod", MARK_CITY },
    { "gouse", MARK_HOUSE }, { "i", MARK_SKIP }, { "im", MARK_SKIP }, { "imeni", MARK_SKIP }, { "jk", MARK_SKIP },
    { "jm", MARK_SKIP }, { "k", MARK_PART }, { "kab", MARK_FLAT }, { "kabinet", MARK_FLAT }, { "kala", MARK_CITY }, { "kalasi", MARK_CITY },
    { "kazagstan", MARK_SKIP }, { "kazakgstan", MARK_SKIP }, { "kazakstan", MARK_SKIP }, { "kor", MARK_PART }, { "korp", MARK_PART },
    { "korpus", MARK_PART }, { "kow", MARK_STREET }, { "kowesi", MARK_STREET }, { "ku", MARK_SKIP }, { "kv", MARK_FLAT },
    { "kvart", MARK_FLAT }, { "kvartal", MARK_MICRO }, { "kvartira", MARK_FLAT }, { "lit", MARK_PART }, { "litera", MARK_PART },
    { "m", MARK_CITY }, { "md", MARK_MICRO }, { "mik", MARK_MICRO }, { "mikr", MARK_MICRO }, { "mikrorn", MARK_MICRO },
    { "mikroraen", MARK_MICRO }, { "misto", MARK_CITY }, { "mkr", MARK_MICRO }, { "mkrn", MARK_MICRO }, { "mn", MARK_MICRO },
    { "molteg", MARK_MICRO }, { "moltek", MARK_MICRO }, { "moltekaudan", MARK_MICRO }, { "nab", MARK_STREET },
    { "naberejna", MARK_STREET }, { "naberejnaia", MARK_STREET }, { "no", MARK_SKIP }, { "obl", MARK_REGION }, { "oblast", MARK_REGION },
    { "oblisi", MARK_REGION }, { "of", MARK_FLAT }, { "ofis", MARK_FLAT }, { "p", MARK_FLAT }, { "pat", MARK_FLAT },
    { "pater", MARK_FLAT }, { "pateri", MARK_FLAT }, { "per", MARK_STREET }, { "pereulok", MARK_STREET }, { "peri", MARK_STREET },
    { "pid", MARK_SKIP_NUMBER }, { "pidizd", MARK_SKIP_NUMBER }, { "pl", MARK_STREET }, { "ploqa", MARK_STREET }, { "plowa", MARK_STREET },
    { "plowad", MARK_STREET }, { "pod", MARK_SKIP_NUMBER }, { "podezd", MARK_SKIP_NUMBER }, { "pos", MARK_SKIP }, { "poselok", MARK_SKIP },
    { "pr", MARK_STREET }, { "prd", MARK_STREET }, { "prk", MARK_STREET }, { "prkt", MARK_STREET }, { "proezd", MARK_STREET },
    { "prosp", MARK_STREET }, { "prospekt", MARK_STREET }, { "prov", MARK_STREET }, { "provulok", MARK_STREET },
    { "prt", MARK_STREET }, { "rain", MARK_REGION }, { "raen", MARK_REGION }, { "rf", MARK_SKIP }, { "rk", MARK_SKIP }, { "rn", MARK_REGION },
    { "rosia", MARK_SKIP }, { "rusia", MARK_SKIP }, { "s", MARK_SKIP }, { "sekcia", MARK_PART }, { "selo", MARK_SKIP },
    { "sq", MARK_STREET }, { "st", MARK_STREET }, { "str", MARK_STR }, { "street", MARK_STREET }, { "stret", MARK_STREET },
    { "stroene", MARK_PART }, { "tup", MARK_STREET }, { "tupik", MARK_STREET }, { "ui", MARK_HOUSE }, { "ukraina", MARK_SKIP },
    { "ukraine", MARK_SKIP }, { "ul", MARK_STREET }, { "ulica", MARK_STREET }, { "vul", MARK_STREET }, { "vulicia", MARK_STREET },
    { "w", MARK_STREET }, { "wagin", MARK_MICRO }, { "wose", MARK_STREET }, { "zd", MARK_HOUSE },
};
/* clang-format on */

static enum marker marker_of(const struct sounds *s)
{
    for (int i = 0; i < COUNT_OF(marker_words); i++)
        if (marker_words[i].sounds[0] == s->at[0] && strlen(marker_words[i].sounds) == (size_t)s->len &&
            memcmp(marker_words[i].sounds, s->at, (size_t)s->len) == 0)
            return marker_words[i].is;
    return MARK_NONE;
}

/* ---- cities ---- */

static uint16_t city_exact(uint64_t letters)
{
    int low = 0, high = city_forms_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (city_forms[middle].letters < letters)
            low = middle + 1;
        else
            high = middle;
    }
    return low < city_forms_count && city_forms[low].letters == letters ? city_forms[low].city : 0;
}

/* With one mistyping, for names long enough that no other city is as near. */
static uint16_t city_near(uint64_t letters)
{
    if (!(letters & 31u << 30))                 /* fewer than six letters */
        return 0;
    for (int i = 0; i < city_forms_count; i++)
        if (letters_distance(letters, city_forms[i].letters, 1) <= 1)
            return city_forms[i].city;
    return 0;
}

static uint32_t city_read(str text)
{
    struct sounds all = { .len = 0 }, word;
    uint16_t      known = 0;
    size_t        start = 0;
    bool          in_word = false;

    text = str_sub(text, 0, ADDRESS_BYTES_MAX);
    for (size_t i = 0; i <= text.len;) {
        size_t     at    = i;
        enum glyph glyph = GLYPH_BREAK;
        if (i < text.len)
            glyph = glyph_of(code_point_next(text, &i));
        else
            i++;
        if (glyph == GLYPH_LETTER && !in_word) {
            start   = at;
            in_word = true;
        } else if ((glyph == GLYPH_BREAK || glyph == GLYPH_DIGIT) && in_word) {
            in_word = false;
            sounds_read(str_sub(text, start, at - start), &word);
            if (!word.len || marker_of(&word) != MARK_NONE)
                continue;
            uint16_t one = city_exact(sounds_pack(word.at, word.len));
            known = known ? known : one;
            for (int k = 0; k < word.len && all.len < SOUNDS_MAX; k++)
                if (!all.len || all.at[all.len - 1] != word.at[k])      /* Алма-Ата is one word in the table */
                    all.at[all.len++] = word.at[k];
        }
    }
    if (!all.len)
        return 0;
    uint64_t letters = sounds_pack(all.at, all.len);
    uint16_t joined  = city_exact(letters);
    known = joined ? joined : known ? known : city_near(letters);
    return known ? known : (uint32_t)hash_mix(letters) | 0x10000;
}

/* ---- the rest ---- */

struct reader {
    struct address *out;
    enum marker     before;             /* what the next number belongs to */
    int             words;              /* of the street */
    bool            is_region_word;
    char            gap;                /* what stood before the token: ' ' ',' '-' '/' */
    bool            after_street_word;  /* the last token was a word of the street */
    uint16_t        city_seen;
};

/* Абая, Абай; Центральная, Центральный: endings of case and gender go. */
static uint64_t street_stem(struct sounds *s)
{
    while (s->len > 3 && strchr("aeiou", s->at[s->len - 1]))
        s->len--;
    return sounds_pack(s->at, s->len);
}

static void street_add(struct reader *r, struct sounds *s)
{
    if (r->words == STREET_WORDS_MAX)
        return;
    uint64_t w = street_stem(s);
    for (int i = 0; i < r->words; i++)
        if (r->out->street[i] == w)
            return;
    r->out->street[r->words++] = w;
    r->after_street_word = true;
}

static void part_add(struct address *a, uint64_t what)
{
    uint32_t h = (uint32_t)hash_mix(what) | 1;
    a->part = a->part ? a->part ^ h << 1 : h;
}

static void word_take(struct reader *r, str text, bool has_next_number)
{
    struct sounds s;
    sounds_read(text, &s);
    if (!s.len)
        return;
    enum marker m = marker_of(&s);
    /* A letter behind the house is part of it: 12 Б, 12 "А". */
    if (r->out->house && s.len == 1 && !has_next_number && !r->out->flat && r->before == MARK_NONE) {
        part_add(r->out, (uint64_t)s.at[0]);
        return;
    }
    if (m == MARK_STR)
        m = r->out->house ? MARK_PART : MARK_STREET;
    if ((m == MARK_PART || m == MARK_FLAT) && !r->out->house && s.len == 1 && !has_next_number)
        m = MARK_NONE;
    switch (m) {
    case MARK_NONE: {
        if (s.len < 2)
            return;
        uint16_t city = city_exact(sounds_pack(s.at, s.len));
        if (city && (city == r->out->city || (!r->out->city && !r->city_seen && !r->words && r->before != MARK_STREET))) {
            r->city_seen = city;
            return;
        }
        if (!r->out->house || r->words == 0)
            street_add(r, &s);
        return;
    }
    case MARK_REGION:
        if (r->words && r->after_street_word)
            r->out->street[--r->words] = 0;
        return;
    case MARK_MICRO:
        /* "8 мкр": the number before it was no house. */
        if (r->out->house && !r->out->street_no && !r->words) {
            r->out->street_no = r->out->house;
            r->out->house     = 0;
        }
        r->before = MARK_MICRO;
        return;
    case MARK_STREET: case MARK_CITY: case MARK_SKIP:
        if (m == MARK_STREET || r->before != MARK_STREET)
            r->before = m == MARK_STREET ? MARK_STREET : MARK_NONE;
        return;
    default:
        r->before = m;
        return;
    }
}

static void number_take(struct reader *r, uint32_t n, int digits, bool is_ordinal, bool word_follows)
{
    struct address *a = r->out;
    enum marker     m = r->before;
    if (m == MARK_NONE || m == MARK_STREET) {
        if (is_ordinal || (!a->house && !r->words && word_follows && !a->street_no && digits <= 3))
            m = MARK_MICRO;
        else if (r->after_street_word && r->gap == '-' && !a->street_no && !a->house)
            m = MARK_MICRO;             /* Самал-2 */
        else if (!a->house && digits >= 5)
            m = MARK_SKIP_NUMBER;       /* post code */
        else
            m = !a->house ? MARK_HOUSE : r->gap == '/' && !a->part ? MARK_PART : MARK_FLAT;
    }
    r->before            = MARK_NONE;
    r->after_street_word = false;
    if (m == MARK_HOUSE && !a->house)
        a->house = n;
    else if (m == MARK_PART)
        part_add(a, n);
    else if (m == MARK_FLAT && !a->flat)
        a->flat = n;
    else if (m == MARK_MICRO && !a->street_no)
        a->street_no = n;
}

static int by_size(uint64_t a, uint64_t b) { return a > b; }

static void streets_sort(struct address *a)
{
    for (int i = 1; i < STREET_WORDS_MAX; i++)
        for (int j = i; j > 0 && a->street[j] && by_size(a->street[j - 1], a->street[j]); j--) {
            uint64_t w = a->street[j];
            a->street[j] = a->street[j - 1];
            a->street[j - 1] = w;
        }
}

/* What the text holds from `i` on: skips gaps, tells whether a word of two letters or more comes next. */
static bool word_follows(str text, size_t i, bool *number, bool *ordinal)
{
    int  letters = 0;
    bool hyphen  = false, gap = false;
    *number = *ordinal = false;
    while (i < text.len) {
        uint32_t   cp = code_point_next(text, &i);
        enum glyph g  = glyph_of(cp);
        if (g == GLYPH_DIGIT) {
            *number = letters == 0;
            break;
        }
        if (g == GLYPH_LETTER) {
            letters++;
        } else if (letters) {
            break;
        } else {
            hyphen |= cp == '-';
            gap    |= cp != '-' && cp != ' ' && cp != '.';
        }
    }
    *ordinal = hyphen && letters >= 1 && letters <= 2;          /* 1-я, 5-й, 30-го */
    return letters > 3 && !gap && !hyphen;
}

void address_read(str city, str text, struct address *out)
{
    struct reader r = { .out = out, .gap = ' ' };

    memset(out, 0, sizeof *out);
    out->city = city.len ? city_read(city) : 0;
    text      = str_sub(text, 0, ADDRESS_BYTES_MAX);
    for (size_t i = 0; i < text.len;) {
        size_t     at = i;
        uint32_t   cp = code_point_next(text, &i);
        enum glyph g  = glyph_of(cp);
        bool       number, ordinal;
        if (g == GLYPH_BREAK) {
            if (r.gap == ' ' || cp != ' ')
                r.gap = cp == '-' || cp == '/' || cp == ',' ? (char)cp : cp == '\\' ? '/' : r.gap == '-' && cp == ' ' ? '-' : ' ';
            continue;
        }
        if (g == GLYPH_NOTHING)
            continue;
        if (g == GLYPH_DIGIT) {
            uint32_t n = 0;
            int      digits = 0;
            i = at;
            for (size_t j = i; j < text.len; i = j) {
                uint32_t d = code_point_next(text, &j);
                if (glyph_of(d) != GLYPH_DIGIT)
                    break;
                n = n < 100000000 ? n * 10 + (d >= 0xff10 ? d - 0xff10 : d - '0') : n;
                digits++;
            }
            bool word = word_follows(text, i, &number, &ordinal);
            number_take(&r, n, digits, ordinal, word);
        } else {
            size_t end = i;
            while (i < text.len) {
                size_t     j    = i;
                uint32_t   next = code_point_next(text, &j);
                enum glyph h    = glyph_of(next);
                /* р-н, пр-т, м-н: a hyphen between few letters joins them. */
                bool joins = next == '-' && j < text.len && end - at <= 4 && glyph_of((unsigned char)text.at[j]) != GLYPH_DIGIT;
                if (h != GLYPH_LETTER && h != GLYPH_NOTHING && !joins)
                    break;
                i = end = j;
            }
            word_follows(text, i, &number, &ordinal);
            word_take(&r, str_sub(text, at, end - at), number);
        }
        r.gap = ' ';
    }
    if (!out->city && r.city_seen)
        out->city = r.city_seen;
    streets_sort(out);
}

/* ---- comparing ---- */

static bool street_words_same(uint64_t a, uint64_t b)
{
    if (a == b)
        return true;
    bool longer = (a & 31u << 15 && b & 31u << 15);              /* nine letters or more */
    if (!(a & UINT64_C(31) << 35) || !(b & UINT64_C(31) << 35))  /* fewer than five */
        return false;
    int max = longer ? 2 : 1;
    return letters_distance(a, b, max) <= max;
}

static bool streets_same(const struct address *a, const struct address *b)
{
    int count_a = 0, count_b = 0, met = 0;
    if (a->street_no != b->street_no)
        return false;
    while (count_a < STREET_WORDS_MAX && a->street[count_a])
        count_a++;
    while (count_b < STREET_WORDS_MAX && b->street[count_b])
        count_b++;
    if (!count_a || !count_b)
        return !count_a && !count_b && a->street_no;
    for (int i = 0; i < count_a; i++)
        for (int j = 0; j < count_b; j++)
            if (street_words_same(a->street[i], b->street[j])) {
                met++;
                break;
            }
    return met >= (count_a < count_b ? count_a : count_b);
}

enum address_match address_compare(const struct address *a, const struct address *b)
{
    bool cities = a->city && b->city;
    if (cities && a->city != b->city)
        return ADDRESS_OTHER_CITY;
    if ((!a->street[0] && !a->street_no) || (!b->street[0] && !b->street_no))
        return cities ? ADDRESS_CITY : ADDRESS_UNKNOWN;
    if (!streets_same(a, b))
        return ADDRESS_ELSEWHERE;
    if (!a->house || !b->house)
        return ADDRESS_STREET;
    if (a->house != b->house || (a->part && b->part && a->part != b->part))
        return ADDRESS_ELSEWHERE;
    if (!a->flat || !b->flat)
        return a->part == b->part ? ADDRESS_HOUSE : ADDRESS_STREET;     /* 57 may be 57 корп. 1, or not */
    return a->flat == b->flat ? ADDRESS_FLAT : ADDRESS_NEIGHBOUR;
}
