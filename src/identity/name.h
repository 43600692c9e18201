/* name.h - names of people as sets of words that are the same in every alphabet.
 *
 * Each word is reduced to Latin sounds: Мария, Mariya, Mariia and Maria are one; Қайрат, Кайрат and Qairat are one; ё is е,
 * doubled letters are single. The reduced word is packed five bits a letter into 64 bits, so words are compared as numbers
 * and mistypings are found on at most twelve letters.
 * Which word is what is found by a table of given names (with their short forms: Маша is Мария, Саша is Александр or
 * Александра) and by endings (-ович, -қызы, -івна); order does not matter.
 */
#pragma once
#include "base/arena.h"

#define NAME_BYTES_MAX 256
#define NAME_WORDS_MAX 5

enum name_part { NAME_WORD, NAME_GIVEN, NAME_SURNAME, NAME_PATRONYMIC, NAME_INITIAL };
enum sex { SEX_UNKNOWN, SEX_MALE, SEX_FEMALE };

struct name_word {
    uint64_t letters;               /* packed; surnames in the form of men, patronymics as the father's name */
    uint32_t set;                   /* which letters occur: words that differ in many are not compared further; WORD_SLIPPED */
    uint16_t form;                  /* number in the table of given names + 1; 0 = not a given name */
    uint8_t  part, sex;             /* enum name_part, enum sex */
};
#define WORD_SLIPPED (1u << 31)     /* a given name but for a mistyping: Ктаерина */
struct name {
    struct name_word words[NAME_WORDS_MAX];
    uint8_t          count;
    uint8_t          sex;           /* of the whole, from endings and given names */
};

void name_read(str raw, struct name *out);
/* М. Иванова who writes from mariya.ivanova87: the box tells the name of which there is but a letter. */
void name_fill(struct name *, str mailbox);

/* How two names stand to each other, from best to worst. */
enum name_match {
    NAME_SAME,                      /* every word of both, in whatever spelling */
    NAME_SAME_SHORT,                /* the given name is a short form: Маша, Мария */
    NAME_SAME_TYPO,                 /* but for a mistyping */
    NAME_PART,                      /* one has words the other lacks, and no contradiction: Мария; Мария Иванова */
    NAME_INITIALS,                  /* М. Иванова */
    NAME_GIVEN_ONLY,                /* the given name is the same, surnames differ (marriage, or strangers) */
    NAME_DOUBT,                     /* differs in a word that may be an unknown pet form or badly mistyped: Орынгуль, Орынка */
    NAME_UNKNOWN,                   /* one has no name */
    NAME_FAMILY,                    /* same surname, other given name */
    NAME_DIFFERENT,
    NAME_MATCH_COUNT
};
extern const char *const name_match_names[NAME_MATCH_COUNT + 1];
enum name_match name_compare(const struct name *, const struct name *);
static inline bool name_contradicts(enum name_match m) { return m == NAME_FAMILY || m == NAME_DIFFERENT; }
/* Both tell a full given name of the table, and they are two names: no short form can be behind it. */
bool names_are_known_apart(const struct name *, const struct name *);
/* A man by surname or patronymic here, a woman there: Николаев, Николаева. */
bool name_endings_differ(const struct name *, const struct name *);

/* Frequency: the surname (or the rarest word) and the given name as they are counted; 0 = none. */
uint64_t name_rare_key(const struct name *);
uint64_t name_given_key(const struct name *);
uint64_t name_father_key(const struct name *);
/* Mistypings between two packed words, Damerau-Levenshtein; more than `max` gives max + 1. */
int letters_distance(uint64_t a, uint64_t b, int max);
/* The full names, as packed sounds, that a word may be a form of: Саша is Александр and Александра. 0: it is no given name. */
int name_full_forms(uint64_t letters, uint64_t *full, int max);
/* The packed sounds of one word (at most twelve letters). */
uint64_t letters_of(str word);
