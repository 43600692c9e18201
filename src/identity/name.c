/* Names: cut into words, words sorted into given name, surname, patronymic and initials; then sets are compared. */
#include "identity/name.h"

#include "identity/names/names.h"
#include "identity/sound.h"

#define WORD_LETTERS_TYPO  4            /* shorter words are too near each other to forgive a letter */
#define WORD_LETTERS_TYPO2 8

/* ---- reading ---- */

static const struct given_form *form_find(uint64_t letters, int *number)
{
    int low = 0, high = given_forms_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (given_forms[middle].letters < letters)
            low = middle + 1;
        else
            high = middle;
    }
    *number = low + 1;
    return low < given_forms_count && given_forms[low].letters == letters ? &given_forms[low] : NULL;
}

#define sounds_end(s, end, stem_min) sounds_end_is((s), STR(end), (stem_min))
static bool sounds_end_is(const struct sounds *s, str end, int stem_min)
{
    int len = (int)end.len;
    return s->len >= len + stem_min && memcmp(s->at + s->len - len, end.at, end.len) == 0;
}

static uint32_t letters_set(uint64_t packed)
{
    uint32_t set = 0;
    for (; packed; packed >>= 5)
        set |= 1u << (packed & 31);
    return set & ~1u;
}

/* What is written in the field of a name and is none. */
static bool is_no_name(const struct sounds *s)
{
    static const str words[] = {
        STR_INIT("pokupatel"), STR_INIT("klent"), STR_INIT("gost"), STR_INIT("guest"), STR_INIT("kustomer"),
        STR_INIT("buer"), STR_INIT("user"), STR_INIT("polzovatel"), STR_INIT("test"), STR_INIT("noname"),
        STR_INIT("unknovn"), STR_INIT("neizvestno"), STR_INIT("neizvestni"), STR_INIT("neizvestna"),
        STR_INIT("ne"), STR_INIT("ukazano"), STR_INIT("pokupec"), STR_INIT("aluwi"), STR_INIT("satip"),
        STR_INIT("lico"), STR_INIT("fiziqeskoe"), STR_INIT("tov"), STR_INIT("too"), STR_INIT("ooo"),
        STR_INIT("ip"), STR_INIT("fop"), STR_INIT("mr"), STR_INIT("mrs"), STR_INIT("ms"),
        STR_INIT("gospodin"), STR_INIT("gospoja"), STR_INIT("pan"), STR_INIT("pani"), STR_INIT("nul"),
        STR_INIT("none"), STR_INIT("anonim"), STR_INIT("anonimni"), STR_INIT("zakazqik"),
        STR_INIT("poluqatel"), STR_INIT("kaspi"), STR_INIT("ozon"), STR_INIT("vildberes"), STR_INIT("vb"),
        STR_INIT("zamovnik"),
    };
    for (int i = 0; i < COUNT_OF(words); i++)
        if ((size_t)s->len == words[i].len && memcmp(s->at, words[i].at, words[i].len) == 0)
            return true;
    return false;
}

/* The one given name that is a mistyping away; the first letter is hardly ever mistyped. */
#define SLIP_LETTERS_MIN 5
static int form_near(uint64_t letters)
{
    uint64_t first = letters >> 5 * (PACKED_MAX - 1) << 5 * (PACKED_MAX - 1);
    uint32_t set   = letters_set(letters);
    int      low = 0, high = given_forms_count, found = 0;
    while (low < high) {
        int middle = (low + high) / 2;
        if (given_forms[middle].letters < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < given_forms_count && given_forms[low].letters >> 5 * (PACKED_MAX - 1) == letters >> 5 * (PACKED_MAX - 1); low++) {
        if (has_more_bits(given_forms[low].set ^ set, 2) || letters_distance(given_forms[low].letters, letters, 1) > 1)
            continue;
        if (found && given_forms[found - 1].first != given_forms[low].first &&
            given_ids[given_forms[found - 1].first] % GIVEN_FULL != given_ids[given_forms[low].first] % GIVEN_FULL)
            return 0;
        if (!found || letters_distance(given_forms[found - 1].letters, letters, 1) > 0)
            found = low + 1;
    }
    return found;
}

static int letters_count(uint64_t packed)
{
    return packed ? PACKED_MAX - __builtin_ctzll(packed) / 5 : 0;
}

/* Ктаерина: its ending was taken for that of a surname. */
static uint64_t uncut(const struct name_word *w)
{
    int n = letters_count(w->letters);
    return w->sex == SEX_FEMALE && n < PACKED_MAX ? w->letters | UINT64_C(1) << (5 * (PACKED_MAX - 1 - n)) : w->letters;
}

/* No word is a given name: perhaps one is, mistyped. */
static void slip_mend(struct name *n)
{
    int at = -1, form = 0;
    for (int i = 0; i < n->count; i++) {
        if (n->words[i].part == NAME_GIVEN || n->words[i].part == NAME_INITIAL)
            return;
        if (n->words[i].part != NAME_WORD || n->words[i].sex == SEX_MALE || letters_count(n->words[i].letters) < SLIP_LETTERS_MIN)
            continue;
        int near = form_near(uncut(&n->words[i]));
        if (near && at >= 0)
            return;
        if (near) {
            at   = i;
            form = near;
        }
    }
    if (at < 0 || n->count < 2)
        return;
    struct name_word *w = &n->words[at];
    w->letters = uncut(w);
    w->set     = letters_set(w->letters);
    w->form = (uint16_t)form;
    w->part = NAME_GIVEN;
    w->sex  = given_forms[form - 1].sex;
    w->set |= WORD_SLIPPED;
}

static bool patronymic_cut(struct sounds *s, struct name_word *w)
{
    static const struct ending { str at; uint8_t sex; } endings[] = {
        { STR_INIT("oviq"), SEX_MALE }, { STR_INIT("eviq"), SEX_MALE }, { STR_INIT("iviq"), SEX_MALE }, { STR_INIT("ovna"), SEX_FEMALE }, { STR_INIT("evna"), SEX_FEMALE },
        { STR_INIT("ivna"), SEX_FEMALE }, { STR_INIT("iniqna"), SEX_FEMALE }, { STR_INIT("iqna"), SEX_FEMALE }, { STR_INIT("iliq"), SEX_MALE }, { STR_INIT("miq"), SEX_MALE },
        { STR_INIT("uli"), SEX_MALE }, { STR_INIT("kizi"), SEX_FEMALE }, { STR_INIT("gizi"), SEX_FEMALE }, { STR_INIT("ogli"), SEX_MALE },
    };
    for (int i = 0; i < COUNT_OF(endings); i++) {
        if (!sounds_end_is(s, endings[i].at, i >= 10 ? 4 : 2))
            continue;
        bool keeps = str_is(endings[i].at, "iliq") || str_is(endings[i].at, "miq");
        s->len -= (int)endings[i].at.len - (keeps ? (endings[i].at.at[0] == 'i' ? 2 : 1) : 0);
        w->part = NAME_PATRONYMIC;
        w->sex  = endings[i].sex;
        return true;
    }
    return false;
}

/* Surnames in the form of men; the ending tells the sex. */
static void surname_cut(struct sounds *s, struct name_word *w)
{
    if (sounds_end(s, "skaia", 2) || sounds_end(s, "ckaia", 2)) {
        s->len -= 2;
        s->at[s->len - 1] = 'i';
        w->sex = SEX_FEMALE;
    } else if (sounds_end(s, "ska", 3) || sounds_end(s, "cka", 3)) {
        s->at[s->len - 1] = 'i';
        w->sex = SEX_FEMALE;
    } else if (sounds_end(s, "skoi", 2) || sounds_end(s, "ckoi", 2)) {
        s->len--;
        s->at[s->len - 1] = 'i';
        w->sex = SEX_MALE;
    } else if (sounds_end(s, "ski", 2) || sounds_end(s, "cki", 2)) {
        w->sex = SEX_MALE;
    } else if (sounds_end(s, "ova", 2) || sounds_end(s, "eva", 2) || sounds_end(s, "ina", 3)) {
        s->len--;
        w->sex = SEX_FEMALE;
    } else if (sounds_end(s, "ov", 2) || sounds_end(s, "ev", 2) || sounds_end(s, "in", 3)) {
        w->sex = SEX_MALE;
    } else if (sounds_end(s, "aia", 3)) {
        s->len -= 2;
        s->at[s->len - 1] = 'i';
        w->sex = SEX_FEMALE;
    }
}

static void word_make(struct sounds *s, int letters, struct name_word *w)
{
    *w = (struct name_word){ .letters = sounds_pack(s->at, s->len) };
    if (letters == 1) {
        w->part = NAME_INITIAL;
        return;
    }
    int                      number;
    const struct given_form *form = form_find(w->letters, &number);
    if (!form && s->at[0] == 'j' && s->len > 2) {       /* Jevgen, Julia: a j that is no zh */
        struct sounds soft = *s;
        if (soft.at[1] == 'e')
            memmove(soft.at, soft.at + 1, (size_t)--soft.len);
        else
            soft.at[0] = 'i';
        form = form_find(sounds_pack(soft.at, soft.len), &number);
        if (form)
            w->letters = sounds_pack(soft.at, soft.len);
    }
    if (form) {
        w->part = NAME_GIVEN;
        w->form = (uint16_t)number;
        w->sex  = form->sex;
        return;
    }
    if (!patronymic_cut(s, w))
        surname_cut(s, w);
    w->letters = sounds_pack(s->at, s->len);
}

/* Ұлы and қызы stand behind the father's name, joined or as a word of their own. */
static bool is_child_of(const struct sounds *s, uint8_t *sex)
{
    bool son = s->len == 3 && memcmp(s->at, "uli", 3) == 0, daughter = s->len == 4 && memcmp(s->at, "kizi", 4) == 0;
    *sex = son ? SEX_MALE : SEX_FEMALE;
    return son || daughter;
}

static void word_add(struct name *n, str text, int letters)
{
    struct sounds    s;
    struct name_word w;
    uint8_t          sex;

    sounds_read(text, &s);
    if (!s.len || is_no_name(&s))
        return;
    if (is_child_of(&s, &sex) && n->count) {
        n->words[n->count - 1].part = NAME_PATRONYMIC;
        n->words[n->count - 1].sex  = sex;
        n->words[n->count - 1].form = 0;
        return;
    }
    if (n->count == NAME_WORDS_MAX)
        return;
    word_make(&s, letters, &w);
    /* Іваненко Е.І.: the second letter is the father's, and must not pass for the given name. */
    for (int i = 0; i < n->count && w.part == NAME_INITIAL; i++)
        if (n->words[i].part == NAME_INITIAL)
            return;
    w.set = letters_set(w.letters);
    for (int i = 0; i < n->count; i++)
        if (n->words[i].letters == w.letters && n->words[i].part == w.part)
            return;
    n->words[n->count++] = w;
}

/* Two given names: one of them is the surname, in Kazakh often the father's or grandfather's name. Nothing tells which, so
 * both stay given names; a form that is only a short one beside a full one is a surname written by chance. The sex is that
 * of endings first, then of given names that agree. */
static void name_finish(struct name *n)
{
    uint8_t by_given = 0, by_ending = 0;
    bool    given_differ = false;
    slip_mend(n);
    for (int i = 0; i < n->count; i++) {
        const struct name_word *w = &n->words[i];
        if (!w->sex)
            continue;
        if (w->part == NAME_GIVEN) {
            given_differ |= by_given && by_given != w->sex;
            by_given = w->sex;
        } else if (w->part == NAME_PATRONYMIC || w->sex == SEX_FEMALE || !by_ending) {
            by_ending = w->sex;
        }
    }
    for (int i = 0; i < n->count; i++)
        if (n->words[i].part == NAME_WORD && n->words[i].sex)
            n->words[i].part = NAME_SURNAME;
    /* A surname in the form of men beside a word that may be any given name says little: Баймуханов Маржан. */
    bool unknown_given = false, told = false;
    for (int i = 0; i < n->count; i++) {
        unknown_given |= n->words[i].part == NAME_WORD;
        told          |= n->words[i].part == NAME_PATRONYMIC || n->words[i].part == NAME_GIVEN;
    }
    if (by_ending == SEX_MALE && unknown_given && !told)
        by_ending = SEX_UNKNOWN;
    /* "Иванов Мария": forms of marketplaces leave women in the form of men, so only the name counts. */
    n->sex = !given_differ && by_given ? by_given : by_ending;
}

/* Ye., Zh., Yu.: one letter of a name, in Latin. */
static bool is_letter_in_latin(str word)
{
    static const char *const pairs[] = { "Ye", "Yu", "Ya", "Yo", "Zh", "Sh", "Ch", "Kh", "Ts", "Ja", "Ju", "Je", "Gh", "Iu", "Ia" };
    for (int i = 0; i < COUNT_OF(pairs); i++)
        if (word.len == 2 && (word.at[0] & ~0x20) == pairs[i][0] && (word.at[1] | 0x20) == pairs[i][1])
            return true;
    return false;
}

/* Г-жа Иванова, г-н Иванов: a title, and no initial. */
static str behind_title(str raw)
{
    static const str titles[] = {
        STR_INIT("г-жа "), STR_INIT("Г-жа "), STR_INIT("Г-ЖА "), STR_INIT("г-н "), STR_INIT("Г-н "), STR_INIT("Г-Н "), 
    };
    raw = str_trim(raw);
    for (int i = 0; i < COUNT_OF(titles); i++)
        if (str_starts(raw, titles[i]))
            return str_sub(raw, titles[i].len, raw.len);
    return raw;
}

void name_read(str raw, struct name *out)
{
    size_t start = 0, end = 0;
    int    letters = 0;

    memset(out, 0, sizeof *out);
    raw = behind_title(str_sub(raw, 0, NAME_BYTES_MAX));
    for (size_t i = 0; i <= raw.len;) {
        size_t     at    = i;
        enum glyph glyph = GLYPH_BREAK;
        if (i < raw.len)
            glyph = glyph_of(code_point_next(raw, &i));
        else
            i++;
        if (glyph == GLYPH_LETTER) {
            start = letters ? start : at;
            end   = i;
            letters++;
        } else if (glyph != GLYPH_NOTHING && letters) {
            bool one = letters == 1 || (letters == 2 && at < raw.len && raw.at[at] == '.' && is_letter_in_latin(str_sub(raw, start, end - start)));
            word_add(out, str_sub(raw, start, end - start), one ? 1 : letters);
            letters = 0;
        }
    }
    name_finish(out);
}

/* The given name at either end of a run of letters, the longest that the table knows. */
static int form_within(const struct sounds *s, uint64_t initial)
{
    int number;
    for (int len = s->len; len >= 4; len--)
        for (int end = 0; end < (len < s->len ? 2 : 1); end++) {
            uint64_t letters = sounds_pack(s->at + (end ? s->len - len : 0), len < PACKED_MAX ? len : PACKED_MAX);
            if (letters >> 5 * (PACKED_MAX - 1) == initial && form_find(letters, &number))
                return number;
        }
    return 0;
}

void name_fill(struct name *n, str mailbox)
{
    int at = -1, form = 0;
    for (int i = 0; i < n->count; i++) {
        if (n->words[i].part == NAME_GIVEN)
            return;
        at = n->words[i].part == NAME_INITIAL ? i : at;
    }
    if (at < 0 || n->count < 2)
        return;
    struct sounds s;
    size_t        start = 0;
    for (size_t i = 0; i <= mailbox.len && !form; i++) {
        if (i < mailbox.len && ((mailbox.at[i] | 0x20) >= 'a' && (mailbox.at[i] | 0x20) <= 'z'))
            continue;
        if (i - start >= 4) {
            sounds_read(str_sub(mailbox, start, i - start), &s);
            form = form_within(&s, n->words[at].letters >> 5 * (PACKED_MAX - 1));
        }
        start = i + 1;
    }
    /* Кенжебаева К. who writes from the box of her husband Канат is not he. */
    if (!form || (n->sex && given_forms[form - 1].sex && n->sex != given_forms[form - 1].sex))
        return;
    n->words[at] = (struct name_word){ .letters = given_forms[form - 1].letters, .set = letters_set(given_forms[form - 1].letters),
                                       .form = (uint16_t)form, .part = NAME_GIVEN, .sex = given_forms[form - 1].sex };
    n->sex = n->sex ? n->sex : given_forms[form - 1].sex;
}

uint64_t letters_of(str word)
{
    struct sounds s;
    sounds_read(word, &s);
    return sounds_pack(s.at, s.len);
}

int name_full_forms(uint64_t letters, uint64_t *full, int max)
{
    int                      number, n = 0;
    const struct given_form *form = form_find(letters, &number);
    for (int i = 0; form && i < form->count && n < max; i++)
        full[n++] = given_full[given_ids[form->first + i] & ~GIVEN_FULL];
    return n;
}

/* ---- comparing words ---- */

static int smallest(int a, int b) { return a < b ? a : b; }

int letters_distance(uint64_t a, uint64_t b, int max)
{
    char x[PACKED_MAX], y[PACKED_MAX];
    int  n = sounds_unpack(a, x), m = sounds_unpack(b, y);
    int  rows[3][PACKED_MAX + 1];

    if (a == b)
        return 0;
    if (n - m > max || m - n > max)
        return max + 1;
    for (int j = 0; j <= m; j++)
        rows[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *now = rows[i % 3], *before = rows[(i + 2) % 3], *older = rows[(i + 1) % 3], best = i;
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            int cost = smallest(smallest(before[j], now[j - 1]) + 1, before[j - 1] + (x[i - 1] != y[j - 1]));
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                cost = smallest(cost, older[j - 2] + 1);
            now[j] = cost;
            best   = smallest(best, cost);
        }
        if (best > max)
            return max + 1;
    }
    return rows[n % 3][m];
}

enum word_match { WORD_OTHER, WORD_INITIAL, WORD_TYPO, WORD_SHORT, WORD_SAME };

static enum word_match given_match(uint16_t a, uint16_t b)
{
    const struct given_form *x = &given_forms[a - 1], *y = &given_forms[b - 1];
    enum word_match          best = WORD_OTHER;
    for (int i = 0; i < x->count; i++)
        for (int j = 0; j < y->count; j++) {
            uint16_t m = given_ids[x->first + i], n = given_ids[y->first + j];
            if ((m & ~GIVEN_FULL) != (n & ~GIVEN_FULL))
                continue;
            if (m & n & GIVEN_FULL)
                return WORD_SAME;
            best = WORD_SHORT;
        }
    return best;
}

/* Майрушка, Дәулетчик: endings that make a pet form of any name, behind four letters of it. */
static bool is_pet_form(uint64_t word, uint64_t name)
{
    char letters[PACKED_MAX];
    int  n = sounds_unpack(word, letters), shift = 5 * (PACKED_MAX - 4);
    bool ends = n > 2 && ((letters[n - 2] == 'k' && letters[n - 1] == 'a') || (letters[n - 2] == 'i' && letters[n - 1] == 'k'));
    return ends && word >> shift == name >> shift;
}

/* A word that no table knows beside a given name: with three letters in common at the start it is some pet form of it
 * (Викуля, Сержан). Surnames by their ending are none. */
static bool is_unknown_short(const struct name_word *a, const struct name_word *b)
{
    const struct name_word *word = a->form ? b : a;
    int                     shift = 5 * (PACKED_MAX - 3);
    return (a->form != 0) != (b->form != 0) && word->part == NAME_WORD && a->letters >> shift == b->letters >> shift &&
           (letters_count(word->letters) <= 7 || is_pet_form(word->letters, a->form ? a->letters : b->letters));
}

/* A surname of a woman with its ending again, beside a word whose own ending is mistyped and was not seen. */
static uint64_t with_ending(const struct name_word *a, const struct name_word *b)
{
    return a->part == NAME_SURNAME && b->part == NAME_WORD ? uncut(a) : a->letters;
}

static enum word_match word_compare(const struct name_word *a, const struct name_word *b)
{
    /* Иван is not the Иванович of his son. */
    if ((a->part == NAME_PATRONYMIC) != (b->part == NAME_PATRONYMIC) && a->part != NAME_INITIAL && b->part != NAME_INITIAL)
        return WORD_OTHER;
    if (a->letters == b->letters)
        return a->part == NAME_INITIAL ? WORD_INITIAL : WORD_SAME;
    if (a->part == NAME_INITIAL || b->part == NAME_INITIAL) {
        const struct name_word *initial = a->part == NAME_INITIAL ? a : b, *word = initial == a ? b : a;
        int                     shift   = 5 * (PACKED_MAX - 1);
        if (initial->letters >> shift == word->letters >> shift)
            return WORD_INITIAL;
        /* Е. is Женя as well: the letter may be that of another form. */
        return word->form && given_forms[word->form - 1].initials >> (initial->letters >> shift) & 1 ? WORD_INITIAL : WORD_OTHER;
    }
    if (a->form && b->form) {
        enum word_match m = given_match(a->form, b->form);
        if (!((a->set | b->set) & WORD_SLIPPED))
            return m;
        if (m != WORD_OTHER)
            return m == WORD_SAME ? WORD_TYPO : m;
    }
    int short_len = smallest(letters_count(a->letters), letters_count(b->letters));
    if (short_len < WORD_LETTERS_TYPO)
        return is_unknown_short(a, b) ? WORD_SHORT : WORD_OTHER;
    int max = short_len >= WORD_LETTERS_TYPO2 ? 2 : 1;
    /* A slip changes two letters of the set at most, and an ending that was cut one. */
    if (has_more_bits((a->set ^ b->set) & ~WORD_SLIPPED, 2 * max + 1))
        return is_unknown_short(a, b) ? WORD_SHORT : WORD_OTHER;
    if (letters_distance(a->letters, b->letters, max) <= max || letters_distance(with_ending(a, b), with_ending(b, a), max) <= max)
        return WORD_TYPO;
    return is_unknown_short(a, b) ? WORD_SHORT : WORD_OTHER;
}

/* ---- comparing names ---- */

struct pairing {
    enum word_match best[NAME_WORDS_MAX];   /* of each word of a; OTHER: left over */
    int             left_a, left_b;         /* words without a partner */
    bool            left_part_a[NAME_INITIAL + 1], left_part_b[NAME_INITIAL + 1];
    bool            left_near;              /* among the words left over two may be one */
    bool            given, surname, typo, is_short, initial, patronymic;
    bool            full_given;             /* a given name agrees in full, in letters or spelling */
};

/* A short form that the table has for other names only may be that of this one too: Ерик, Ерасыл. */
static bool is_likely_short(const struct name_word *a, const struct name_word *b)
{
    int  shift = 5 * (PACKED_MAX - 3);
    bool full_a = false, full_b = false;
    for (int i = 0; i < given_forms[a->form - 1].count; i++)
        full_a |= given_ids[given_forms[a->form - 1].first + i] & GIVEN_FULL;
    for (int i = 0; i < given_forms[b->form - 1].count; i++)
        full_b |= given_ids[given_forms[b->form - 1].first + i] & GIVEN_FULL;
    return full_a != full_b && (!a->sex || !b->sex || a->sex == b->sex) && a->letters >> shift == b->letters >> shift;
}

/* Two words that no table holds together and that begin alike, or are not far from each other. */
static bool is_near(const struct name_word *a, const struct name_word *b)
{
    int shift = 5 * (PACKED_MAX - 2), first = 5 * (PACKED_MAX - 1);
    if (a->form && b->form)
        return is_likely_short(a, b);
    if (a->part == NAME_PATRONYMIC || b->part == NAME_PATRONYMIC || a->part == NAME_INITIAL || b->part == NAME_INITIAL)
        return false;
    if (a->part == NAME_SURNAME && b->part == NAME_SURNAME)     /* Иванова, Оспанова share no more than their ending */
        return a->letters >> shift == b->letters >> shift && letters_distance(a->letters, b->letters, 3) <= 3;
    const struct name_word *known = a->form ? a : b, *word = known == a ? b : a;
    /* Pet forms are short. A long word that shares but two letters with a known name is another name: Даулет, Даниря. */
    if (known->form && letters_count(word->letters) > 5 && letters_distance(a->letters, b->letters, 3) > 3)
        shift = 5 * (PACKED_MAX - 3);
    if (a->letters >> shift == b->letters >> shift)
        return true;
    /* The first letter is hardly ever mistyped: Маржан, Айжан are two. */
    return letters_distance(a->letters, b->letters, 2) <= (a->letters >> first == b->letters >> first ? 2 : 1);
}

/* Greedy, best first: with five words a side there is nothing to gain from more. */
static void names_pair(const struct name *a, const struct name *b, struct pairing *p)
{
    bool used_a[NAME_WORDS_MAX] = { false }, used_b[NAME_WORDS_MAX] = { false };
    enum word_match match[NAME_WORDS_MAX][NAME_WORDS_MAX];

    for (int i = 0; i < a->count; i++)
        for (int j = 0; j < b->count; j++)
            match[i][j] = word_compare(&a->words[i], &b->words[j]);
    for (int level = WORD_SAME; level > WORD_OTHER; level--)
        for (int i = 0; i < a->count; i++)
            for (int j = 0; j < b->count && !used_a[i]; j++) {
                if (used_b[j] || match[i][j] != (enum word_match)level)
                    continue;
                const struct name_word *x = &a->words[i], *y = &b->words[j];
                bool is_given      = x->part == NAME_GIVEN || y->part == NAME_GIVEN;
                bool is_patronymic = x->part == NAME_PATRONYMIC || y->part == NAME_PATRONYMIC;
                used_a[i] = used_b[j] = true;
                p->given      |= is_given;
                p->full_given |= is_given && level == WORD_SAME;
                p->patronymic |= is_patronymic;
                p->surname    |= !is_given && !is_patronymic && level != WORD_INITIAL;
                p->typo       |= level == WORD_TYPO;
                p->is_short   |= level == WORD_SHORT;
                p->initial    |= level == WORD_INITIAL;
            }
    for (int i = 0; i < a->count; i++)
        if (!used_a[i])
            p->left_a++, p->left_part_a[a->words[i].part] = true;
    for (int j = 0; j < b->count; j++)
        if (!used_b[j])
            p->left_b++, p->left_part_b[b->words[j].part] = true;
    for (int i = 0; i < a->count && !p->left_near; i++)
        for (int j = 0; j < b->count && !used_a[i] && !p->left_near; j++)
            p->left_near = !used_b[j] && is_near(&a->words[i], &b->words[j]);
}

/* Both names hold a word that the other lacks: what does that say? */
static enum name_match left_over(const struct pairing *p)
{
    bool patronymic_only_a = p->left_part_a[NAME_PATRONYMIC] && p->left_a == 1;
    bool patronymic_only_b = p->left_part_b[NAME_PATRONYMIC] && p->left_b == 1;
    bool given_a = p->left_part_a[NAME_GIVEN], given_b = p->left_part_b[NAME_GIVEN];

    if (patronymic_only_a && patronymic_only_b)
        return p->surname && p->given ? NAME_FAMILY : NAME_DIFFERENT;
    if (p->given && !given_a && !given_b) {
        /* Ivanova Maria; Maria Petrovna: surname here, patronymic there, nothing contradicts. */
        if ((patronymic_only_a || patronymic_only_b) && p->left_a == 1 && p->left_b == 1)
            return NAME_PART;
        return p->left_near ? NAME_DOUBT : NAME_GIVEN_ONLY;
    }
    if (p->surname)
        return p->left_near ? NAME_DOUBT : NAME_FAMILY;
    return NAME_DIFFERENT;
}

enum name_match name_compare(const struct name *a, const struct name *b)
{
    struct pairing p = { .left_a = 0 };

    if (!a->count || !b->count)
        return NAME_UNKNOWN;
    names_pair(a, b, &p);
    bool sexes_differ = a->sex && b->sex && a->sex != b->sex;
    if (!p.given && !p.surname && !p.patronymic && p.left_near && a->count == 1 && b->count == 1 && !sexes_differ)
        return NAME_DOUBT;
    if (!p.given && !p.surname && !p.patronymic)
        return p.initial && !(p.left_a && p.left_b) && !sexes_differ ? NAME_INITIALS : NAME_DIFFERENT;
    if (sexes_differ && !p.full_given)
        return p.surname ? NAME_FAMILY : NAME_DIFFERENT;
    if (p.left_a && p.left_b)
        return left_over(&p);
    if (p.initial)
        return NAME_INITIALS;
    if (p.left_a || p.left_b)
        return NAME_PART;
    if (p.is_short)
        return NAME_SAME_SHORT;
    return p.typo ? NAME_SAME_TYPO : NAME_SAME;
}

static const struct name_word *full_given(const struct name *n)
{
    const struct name_word *found = NULL;
    for (int i = 0; i < n->count; i++) {
        const struct name_word *w = &n->words[i];
        bool is_full = false;
        for (int k = 0; w->part == NAME_GIVEN && !(w->set & WORD_SLIPPED) && k < given_forms[w->form - 1].count; k++)
            is_full |= (given_ids[given_forms[w->form - 1].first + k] & GIVEN_FULL) != 0;
        if (is_full && found)
            return NULL;                /* which of two is the given name nobody can tell */
        if (is_full)
            found = w;
    }
    return found;
}

bool names_are_known_apart(const struct name *a, const struct name *b)
{
    const struct name_word *x = full_given(a), *y = full_given(b);
    return x && y && given_match(x->form, y->form) == WORD_OTHER;
}

static enum sex endings_sex(const struct name *n)
{
    for (int i = 0; i < n->count; i++)
        if ((n->words[i].part == NAME_SURNAME || n->words[i].part == NAME_PATRONYMIC) && n->words[i].sex)
            return (enum sex)n->words[i].sex;
    return SEX_UNKNOWN;
}

bool name_endings_differ(const struct name *a, const struct name *b)
{
    enum sex x = endings_sex(a), y = endings_sex(b);
    return x && y && x != y;
}

/* ---- counting ---- */

uint64_t name_rare_key(const struct name *n)
{
    for (int i = 0; i < n->count; i++)
        if (n->words[i].part == NAME_SURNAME || n->words[i].part == NAME_WORD)
            return hash_mix(n->words[i].letters ^ UINT64_C(0x5352)) | 1;
    int givens = 0;                     /* of two given names the second by letters stands for the surname */
    uint64_t last = 0;
    for (int i = 0; i < n->count; i++)
        if (n->words[i].part == NAME_GIVEN) {
            givens++;
            last = n->words[i].letters > last ? n->words[i].letters : last;
        }
    return givens > 1 ? hash_mix(last ^ UINT64_C(0x5352)) | 1 : 0;
}

uint64_t name_given_key(const struct name *n)
{
    uint64_t first = 0;
    for (int i = 0; i < n->count; i++) {
        const struct name_word *w = &n->words[i];
        if (w->part != NAME_GIVEN)
            continue;
        uint64_t key = hash_mix((uint64_t)(given_ids[given_forms[w->form - 1].first] & ~GIVEN_FULL) + 77) | 1;
        first = !first || w->letters < first ? key : first;
    }
    return first;
}

uint64_t name_father_key(const struct name *n)
{
    for (int i = 0; i < n->count; i++)
        if (n->words[i].part == NAME_PATRONYMIC)
            return hash_mix(n->words[i].letters ^ UINT64_C(0x4641)) | 1;
    return 0;
}
