/* Addresses: a row of words and numbers, read once from left to right. A word is a marker (улица, дом, кв), a city or part of
 * the street's name; a number belongs to the marker before it, else to the next place that is free: street, house, flat. */
#include "identity/address.h"

#include "identity/name.h"
#include "identity/names/names.h"
#include "identity/sound.h"

/* ---- words that mark ---- */

enum marker {
    MARK_NONE, MARK_STREET, MARK_MICRO, MARK_HOUSE, MARK_PART, MARK_FLAT, MARK_CITY, MARK_REGION, MARK_SKIP, MARK_SKIP_NUMBER,
    MARK_STR,
    MARK_ENTRANCE                       /* п. 5: a flat in Kazakh (пәтер), an entrance in Russian (подъезд) when a flat follows */
};
/* clang-format off */
static const struct marker_word { str sounds; enum marker is; } marker_words[] = {       /* as sounds */
    { STR_INIT("alleia"), MARK_STREET }, { STR_INIT("apart"), MARK_FLAT }, { STR_INIT("apartament"), MARK_FLAT }, { STR_INIT("apartment"), MARK_FLAT }, { STR_INIT("apt"), MARK_FLAT },
    { STR_INIT("aud"), MARK_REGION }, { STR_INIT("audan"), MARK_REGION }, { STR_INIT("audani"), MARK_REGION }, { STR_INIT("aul"), MARK_SKIP }, { STR_INIT("ave"), MARK_STREET },
    { STR_INIT("avenu"), MARK_STREET }, { STR_INIT("avenue"), MARK_STREET }, { STR_INIT("bl"), MARK_PART }, { STR_INIT("bld"), MARK_PART }, { STR_INIT("blok"), MARK_PART },
    { STR_INIT("blvd"), MARK_STREET }, { STR_INIT("br"), MARK_STREET }, { STR_INIT("bud"), MARK_HOUSE }, { STR_INIT("budinok"), MARK_HOUSE }, { STR_INIT("bul"), MARK_STREET },
    { STR_INIT("bulv"), MARK_STREET }, { STR_INIT("bulvar"), MARK_STREET }, { STR_INIT("bv"), MARK_STREET }, { STR_INIT("boulevard"), MARK_STREET }, { STR_INIT("citi"), MARK_CITY },
    { STR_INIT("d"), MARK_HOUSE }, { STR_INIT("dan"), MARK_STREET }, { STR_INIT("dangili"), MARK_STREET }, { STR_INIT("danili"), MARK_STREET }, { STR_INIT("dg"), MARK_STREET },
    { STR_INIT("dom"), MARK_HOUSE }, { STR_INIT("domofon"), MARK_SKIP_NUMBER }, { STR_INIT("et"), MARK_SKIP_NUMBER }, { STR_INIT("etaj"), MARK_SKIP_NUMBER },
    { STR_INIT("flat"), MARK_FLAT }, { STR_INIT("floor"), MARK_SKIP_NUMBER }, { STR_INIT("g"), MARK_CITY }, { STR_INIT("gor"), MARK_CITY }, { STR_INIT("gorod"), MARK_CITY },
    { STR_INIT("gouse"), MARK_HOUSE }, { STR_INIT("i"), MARK_SKIP }, { STR_INIT("im"), MARK_SKIP }, { STR_INIT("indeks"), MARK_SKIP }, { STR_INIT("imeni"), MARK_SKIP }, { STR_INIT("jk"), MARK_SKIP },
    { STR_INIT("jm"), MARK_SKIP }, { STR_INIT("k"), MARK_PART }, { STR_INIT("kab"), MARK_FLAT }, { STR_INIT("kabinet"), MARK_FLAT }, { STR_INIT("kala"), MARK_CITY }, { STR_INIT("kalasi"), MARK_CITY },
    { STR_INIT("kazagstan"), MARK_SKIP }, { STR_INIT("kazakgstan"), MARK_SKIP }, { STR_INIT("kazakstan"), MARK_SKIP }, { STR_INIT("kor"), MARK_PART }, { STR_INIT("korp"), MARK_PART },
    { STR_INIT("korpus"), MARK_PART }, { STR_INIT("kow"), MARK_STREET }, { STR_INIT("kowesi"), MARK_STREET }, { STR_INIT("ksi"), MARK_STREET }, { STR_INIT("ku"), MARK_SKIP }, { STR_INIT("kv"), MARK_FLAT },
    { STR_INIT("kvart"), MARK_FLAT }, { STR_INIT("kvartal"), MARK_MICRO }, { STR_INIT("kvartira"), MARK_FLAT }, { STR_INIT("lit"), MARK_PART }, { STR_INIT("litera"), MARK_PART },
    { STR_INIT("m"), MARK_CITY }, { STR_INIT("md"), MARK_MICRO }, { STR_INIT("mik"), MARK_MICRO }, { STR_INIT("mikr"), MARK_MICRO }, { STR_INIT("mikrorn"), MARK_MICRO },
    { STR_INIT("mikroraen"), MARK_MICRO }, { STR_INIT("misto"), MARK_CITY }, { STR_INIT("mkr"), MARK_MICRO }, { STR_INIT("mkrn"), MARK_MICRO }, { STR_INIT("mn"), MARK_MICRO },
    { STR_INIT("molteg"), MARK_MICRO }, { STR_INIT("moltek"), MARK_MICRO }, { STR_INIT("moltekaudan"), MARK_MICRO }, { STR_INIT("nab"), MARK_STREET },
    { STR_INIT("naberejna"), MARK_STREET }, { STR_INIT("naberejnaia"), MARK_STREET }, { STR_INIT("no"), MARK_SKIP }, { STR_INIT("obl"), MARK_REGION }, { STR_INIT("oblast"), MARK_REGION },
    { STR_INIT("oblisi"), MARK_REGION }, { STR_INIT("of"), MARK_FLAT }, { STR_INIT("ofis"), MARK_FLAT }, { STR_INIT("p"), MARK_ENTRANCE }, { STR_INIT("pat"), MARK_FLAT },
    { STR_INIT("pater"), MARK_FLAT }, { STR_INIT("pateri"), MARK_FLAT }, { STR_INIT("per"), MARK_STREET }, { STR_INIT("pereulok"), MARK_STREET }, { STR_INIT("peri"), MARK_STREET },
    { STR_INIT("pid"), MARK_SKIP_NUMBER }, { STR_INIT("pidizd"), MARK_SKIP_NUMBER }, { STR_INIT("pl"), MARK_STREET }, { STR_INIT("ploqa"), MARK_STREET }, { STR_INIT("plowa"), MARK_STREET },
    { STR_INIT("plowad"), MARK_STREET }, { STR_INIT("pod"), MARK_SKIP_NUMBER }, { STR_INIT("podezd"), MARK_SKIP_NUMBER }, { STR_INIT("pos"), MARK_SKIP }, { STR_INIT("poselok"), MARK_SKIP },
    { STR_INIT("pr"), MARK_STREET }, { STR_INIT("prd"), MARK_STREET }, { STR_INIT("prk"), MARK_STREET }, { STR_INIT("prkt"), MARK_STREET }, { STR_INIT("proezd"), MARK_STREET },
    { STR_INIT("prosp"), MARK_STREET }, { STR_INIT("prospekt"), MARK_STREET }, { STR_INIT("prov"), MARK_STREET }, { STR_INIT("provulok"), MARK_STREET },
    { STR_INIT("prt"), MARK_STREET }, { STR_INIT("rain"), MARK_REGION }, { STR_INIT("raen"), MARK_REGION }, { STR_INIT("rf"), MARK_SKIP }, { STR_INIT("rk"), MARK_SKIP }, { STR_INIT("rn"), MARK_REGION },
    { STR_INIT("rosia"), MARK_SKIP }, { STR_INIT("rusia"), MARK_SKIP }, { STR_INIT("s"), MARK_SKIP }, { STR_INIT("sekcia"), MARK_PART }, { STR_INIT("selo"), MARK_SKIP },
    { STR_INIT("sq"), MARK_STREET }, { STR_INIT("st"), MARK_STREET }, { STR_INIT("str"), MARK_STR }, { STR_INIT("street"), MARK_STREET }, { STR_INIT("stret"), MARK_STREET },
    { STR_INIT("stroene"), MARK_PART }, { STR_INIT("tup"), MARK_STREET }, { STR_INIT("tupik"), MARK_STREET }, { STR_INIT("ui"), MARK_HOUSE }, { STR_INIT("ukraina"), MARK_SKIP },
    { STR_INIT("ukraine"), MARK_SKIP }, { STR_INIT("ul"), MARK_STREET }, { STR_INIT("ulica"), MARK_STREET }, { STR_INIT("vul"), MARK_STREET }, { STR_INIT("vulicia"), MARK_STREET },
    { STR_INIT("w"), MARK_STREET }, { STR_INIT("wagin"), MARK_MICRO }, { STR_INIT("wose"), MARK_STREET }, { STR_INIT("zd"), MARK_HOUSE },
};
/* clang-format on */

#define MARKER_LETTERS_MAX 12
static enum marker marker_of(const struct sounds *s)
{
    if (s->len > MARKER_LETTERS_MAX)
        return MARK_NONE;
    for (int i = 0; i < COUNT_OF(marker_words); i++)
        if (marker_words[i].sounds.len == (size_t)s->len && marker_words[i].sounds.at[0] == s->at[0] &&
            memcmp(marker_words[i].sounds.at, s->at, (size_t)s->len) == 0)
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
    uint64_t        embankment;         /* Набережная is a street by itself where no other word names one */
    struct sounds   last[2];            /* of the street's words before: Нижний Новгород is a city */
    uint32_t        lead;               /* 24 Абая; 8 Марта: a number before any word, not told yet whether house or street */
    bool            flat_weak;          /* the flat is that of "п.", which may be the entrance */
    uint32_t        slash;              /* 143/106: the second number, until a third tells that it is part of the house */
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

static void street_forget(struct reader *r, int words)
{
    while (words-- > 0 && r->words)
        r->out->street[--r->words] = 0;
}

/* A city of several words: those before go, for they were none of a street. */
static bool is_city_with_last(struct reader *r, const struct sounds *s)
{
    struct sounds all = { .len = 0 };
    for (int from = 0; from < 2; from++) {
        if (!r->last[from].len)
            continue;
        all.len = 0;
        for (int k = from; k < 3; k++) {
            const struct sounds *one = k < 2 ? &r->last[k] : s;
            for (int i = 0; i < one->len && all.len < SOUNDS_MAX; i++)
                if (!all.len || all.at[all.len - 1] != one->at[i])
                    all.at[all.len++] = one->at[i];
        }
        uint16_t city = city_exact(sounds_pack(all.at, all.len));
        if (!city || (r->out->city && r->out->city != city))
            continue;
        street_forget(r, 2 - from);
        r->city_seen = city;
        memset(r->last, 0, sizeof r->last);
        return true;
    }
    return false;
}

/* Buildings behind a slash are few: a greater number without any after it is the flat. */
#define SLASH_FLAT 20

static uint32_t part_of(uint64_t what) { return (uint32_t)hash_mix(what) | 1; }

static void part_add(struct address *a, uint64_t what)
{
    uint32_t h = part_of(what);
    a->part = a->part ? a->part ^ h << 1 : h;
}

/* Шәкәрім 46 үй-12: үй stands behind its number as well as before it. */
static bool is_house_behind(const struct reader *r, const struct sounds *s) { return r->out->house && s->len == 2 && s->at[0] == 'u'; }

/* A small number before the name counts streets (2 Садовая 15), a greater one is a house (161 Центральная). */
#define LEAD_STREET 12
static void lead_is_street(struct reader *r)
{
    if (r->lead && !r->out->street_no)
        r->out->street_no = r->lead;
    r->lead = 0;
}

static void word_take(struct reader *r, str text, bool has_next_number, bool has_house)
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
    if ((m == MARK_PART || m == MARK_FLAT || m == MARK_ENTRANCE) && !r->out->house && s.len == 1 && !has_next_number)
        m = MARK_NONE;
    if (m == MARK_HOUSE && is_house_behind(r, &s)) {
        r->before = MARK_NONE;
        return;
    }
    switch (m) {
    case MARK_NONE: {
        if (s.len < 2)
            return;
        uint16_t city = city_exact(sounds_pack(s.at, s.len));
        if (city && (city == r->out->city || (!r->out->city && !r->city_seen && !r->words && r->before != MARK_STREET &&
                                              r->before != MARK_MICRO && !has_house))) {
            r->city_seen = city;
            return;
        }
        if (!r->out->house && is_city_with_last(r, &s))
            return;
        r->last[0] = r->last[1];
        r->last[1] = s;
        if (!r->out->house || r->words == 0 || (r->after_street_word && r->gap == ' '))
            street_add(r, &s);
        return;
    }
    case MARK_REGION:
        if (r->words && r->after_street_word)
            r->out->street[--r->words] = 0;
        return;
    case MARK_MICRO:
        /* "8 мкр": the number before it was no house. */
        lead_is_street(r);
        if (r->out->house && !r->out->street_no && !r->words) {
            r->out->street_no = r->out->house;
            r->out->house     = 0;
        }
        r->before = MARK_MICRO;
        return;
    case MARK_STREET: case MARK_CITY: case MARK_SKIP:
        if (s.len >= 8 && memcmp(s.at, "naberejn", 8) == 0)
            r->embankment = street_stem(&s);
        /* "Кокшетауский округ, улица Мира": what stands before the comma names a place around the street. */
        if (m == MARK_STREET && r->gap == ',' && !r->out->house)
            street_forget(r, r->words);
        if (m == MARK_STREET || r->before != MARK_STREET)
            r->before = m == MARK_STREET ? MARK_STREET : MARK_NONE;
        if (m == MARK_SKIP)
            r->after_street_word = false;
        return;
    default:
        r->before = m;
        return;
    }
}

/* What stands behind a number. */
enum behind { BEHIND_NOTHING, BEHIND_WORD, BEHIND_COUNTED, BEHIND_ORDINAL, BEHIND_LETTER, BEHIND_HOUSE };

/* The number belongs to no marker: what is it by its place? */
static enum marker number_is(struct reader *r, uint32_t n, int digits, enum behind behind)
{
    struct address *a = r->out;
    if (behind == BEHIND_HOUSE && !a->house)
        return MARK_HOUSE;
    if (behind == BEHIND_LETTER && (!r->words || a->house))
        behind = BEHIND_ORDINAL;        /* 1-а Садова; but Абая 10-а */
    if (behind == BEHIND_ORDINAL || (behind == BEHIND_COUNTED && !a->street_no && !r->words))
        return MARK_MICRO;
    if (behind == BEHIND_WORD && !a->house && !r->words && !a->street_no && digits <= 3) {
        r->lead = r->before == MARK_STREET ? 0 : n;
        return r->lead ? MARK_SKIP_NUMBER : MARK_MICRO;
    }
    if (r->after_street_word && r->gap == '-' && !a->street_no && !a->house && !r->lead)
        return MARK_MICRO;              /* Самал-2 */
    if (!a->house && digits >= 5)
        return MARK_SKIP_NUMBER;        /* post code */
    if (r->lead > LEAD_STREET && !a->house) {
        a->house = r->lead;             /* 161 Центральная, 227 */
        r->lead  = 0;
    }
    return !a->house ? MARK_HOUSE : r->gap == '/' && !a->part ? MARK_PART : MARK_FLAT;
}

static void number_take(struct reader *r, uint32_t n, int digits, enum behind behind)
{
    struct address *a = r->out;
    enum marker     m = r->before;
    if (m == MARK_NONE || m == MARK_STREET)
        m = number_is(r, n, digits, behind);
    r->before            = MARK_NONE;
    r->after_street_word = false;
    if (m == MARK_HOUSE) {
        lead_is_street(r);
        a->house = a->house ? a->house : n;
    } else if (m == MARK_PART) {
        r->slash = r->gap == '/' && !a->part ? n : 0;
        part_add(a, n);
    } else if ((m == MARK_FLAT || m == MARK_ENTRANCE) && (!a->flat || r->flat_weak)) {
        a->flat      = n;
        r->flat_weak = m == MARK_ENTRANCE;
    } else if (m == MARK_MICRO && !a->street_no) {
        a->street_no = n;
    }
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

/* Words that are counted in the names of streets: 9 Мая, 50 лет Октября, 5 линия, 28 Панфиловцев. */
static bool is_counted(const struct sounds *s)
{
    static const str words[] = {
        STR_INIT("ianvar"), STR_INIT("fevral"), STR_INIT("mart"), STR_INIT("aprel"), STR_INIT("mai"), STR_INIT("iun"), STR_INIT("iul"),
        STR_INIT("avgust"), STR_INIT("sentabr"), STR_INIT("oktabr"), STR_INIT("noabr"), STR_INIT("dekabr"), STR_INIT("let"),
        STR_INIT("god"), STR_INIT("lini"), STR_INIT("internacional"), STR_INIT("panfilovc"), STR_INIT("gvardei"), STR_INIT("bakinsk"),
        STR_INIT("komisar"), STR_INIT("pateletk"), STR_INIT("prosek"), STR_INIT("otar"), STR_INIT("jil"), STR_INIT("mamir"), STR_INIT("nauriz"),
        STR_INIT("jeltoksan"), STR_INIT("travn"), STR_INIT("siqn"), STR_INIT("lutog"), STR_INIT("berezn"), STR_INIT("kvitn"),
        STR_INIT("qervn"), STR_INIT("lipn"), STR_INIT("serpn"), STR_INIT("veresn"), STR_INIT("jovtn"), STR_INIT("listopad"),
        STR_INIT("grudn"), STR_INIT("rokiv"), STR_INIT("riqq"),
    };
    for (int i = 0; i < COUNT_OF(words); i++)
        if ((size_t)s->len >= words[i].len && memcmp(s->at, words[i].at, words[i].len) == 0 && (words[i].len > 3 || s->len <= (int)words[i].len + 1))
            return true;
    return false;
}

/* What the text holds from `i` on, over gaps. */
static enum behind what_follows(str text, size_t i, bool *number)
{
    int    letters = 0;
    size_t start = 0, end = 0;
    bool   hyphen = false, gap = false;
    *number = false;
    while (i < text.len) {
        size_t     at = i;
        uint32_t   cp = code_point_next(text, &i);
        enum glyph g  = glyph_of(cp);
        if (g == GLYPH_DIGIT) {
            *number = letters == 0;
            break;
        }
        if (g == GLYPH_LETTER) {
            start = letters ? start : at;
            end   = i;
            letters++;
        } else if (letters) {
            break;
        } else {
            hyphen |= cp == '-';
            gap    |= cp != '-' && cp != ' ' && cp != '.';
        }
    }
    if (!letters || gap)
        return BEHIND_NOTHING;
    struct sounds s;
    sounds_read(str_sub(text, start, end - start), &s);
    if (hyphen && letters <= 2)                                 /* 46-үй; 10-а; 1-я, 5-й, 30-го */
        return marker_of(&s) == MARK_HOUSE && letters == 2 ? BEHIND_HOUSE : s.len == 1 && s.at[0] != 'i' ? BEHIND_LETTER : BEHIND_ORDINAL;
    if (letters < 3 || hyphen)
        return BEHIND_NOTHING;
    if (is_counted(&s))
        return BEHIND_COUNTED;
    return letters > 3 || (s.len > 1 && marker_of(&s) == MARK_NONE) ? BEHIND_WORD : BEHIND_NOTHING;
}

/* Жамбыл 134, Аксай-2: what a house's number follows is a street, though a city is called so too. */
#define HOUSE_DIGITS_MAX 4
static bool house_follows(str text, size_t i)
{
    int  digits = 0;
    bool number;
    while (i < text.len && (text.at[i] == ' ' || text.at[i] == ',' || text.at[i] == '-'))
        i++;
    for (; i < text.len && text.at[i] >= '0' && text.at[i] <= '9'; i++)
        digits++;
    if (!digits || digits > HOUSE_DIGITS_MAX)
        return false;
    enum behind behind = what_follows(text, i, &number);
    if (behind != BEHIND_NOTHING)
        return behind == BEHIND_HOUSE || behind == BEHIND_LETTER;
    while (i < text.len && (text.at[i] == ' ' || text.at[i] == '-'))
        i++;
    size_t end = i;
    while (end < text.len && glyph_of((unsigned char)text.at[end] < 0x80 ? (unsigned char)text.at[end] : 0x430) == GLYPH_LETTER)
        end++;
    struct sounds s;
    sounds_read(str_sub(text, i, end - i), &s);
    return marker_of(&s) != MARK_MICRO;
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
        bool       number;
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
            number_take(&r, n, digits, what_follows(text, i, &number));
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
            what_follows(text, i, &number);
            word_take(&r, str_sub(text, at, end - at), number, house_follows(text, i));
        }
        r.gap = ' ';
    }
    if (!out->city && r.city_seen)
        out->city = r.city_seen;
    if (!out->house)
        out->house = r.lead;
    if (!r.words && !out->street_no && r.embankment)
        out->street[0] = r.embankment;
    if (r.slash >= SLASH_FLAT && !out->flat && out->part == part_of(r.slash)) {
        out->flat = r.slash;
        out->part = 0;
    }
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

/* One house and one flat in one city: a street that is a slip or two away is the same, however short. */
static bool street_words_near(uint64_t a, uint64_t b)
{
    bool longer = a & UINT64_C(31) << 30 && b & UINT64_C(31) << 30;    /* six letters or more */
    return a & UINT64_C(31) << 45 && b & UINT64_C(31) << 45 && letters_distance(a, b, longer ? 2 : 1) <= (longer ? 2 : 1);
}

static bool streets_same(const struct address *a, const struct address *b)
{
    bool one_flat = a->flat && a->flat == b->flat && a->house == b->house && a->part == b->part && a->city && a->city == b->city;

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
            if (street_words_same(a->street[i], b->street[j]) || (one_flat && street_words_near(a->street[i], b->street[j]))) {
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
    /* 52/34 alone was read as a flat; beside 52/34-5 it is the house. */
    if ((a->flat && !a->part && b->part == part_of(a->flat)) || (b->flat && !b->part && a->part == part_of(b->flat)))
        return ADDRESS_HOUSE;
    if (!a->flat || !b->flat)
        return a->part == b->part ? ADDRESS_HOUSE : ADDRESS_STREET;     /* 57 may be 57 корп. 1, or not */
    return a->flat == b->flat ? ADDRESS_FLAT : ADDRESS_NEIGHBOUR;
}
