/* pair.h - how likely two source records are one person, and why.
 *
 * The score is a sum of log2 likelihood weights times 100 (domain handbook §7); unknown fields weigh nothing. The evidence is
 * codes: a screen says "phone.same" in its language, nobody stores sentences.
 *
 *     struct pair p;
 *     pair_score(&a, &b, &pair_weights_default, &counts, &p);
 *     // p.score 1350; p.evidence: {phone.same, 1000, 0} {name.same, 350, 0}
 *     enum decision d = pair_decide(&p, &limits_default);          // DECISION_AUTOMATIC
 */
#pragma once
#include "identity/person.h"

enum pair_field { PAIR_PHONE, PAIR_EMAIL, PAIR_NAME, PAIR_ADDRESS, PAIR_BIRTH, PAIR_CARD, PAIR_DEVICE, PAIR_SOURCE, PAIR_FIELD_COUNT };
extern const char *const pair_field_names[PAIR_FIELD_COUNT + 1];

/* What was found in a field. The names of codes are keys of texts: "phone.same", "name.short", "address.flat" … */
enum evidence_code {
    EV_NONE,
    EV_PHONE_SAME, EV_PHONE_MASK,        /* the same; what a mask leaves is the same */
    EV_PHONE_DIFFERENT,
    EV_EMAIL_SAME, EV_EMAIL_LOOSE,       /* loose: dots, +tag, a mistyped domain */
    EV_EMAIL_MAILBOX,                    /* the same before the @, at another provider */
    EV_EMAIL_DIFFERENT,
    EV_NAME_SAME, EV_NAME_SHORT, EV_NAME_TYPO, EV_NAME_PART, EV_NAME_INITIALS, EV_NAME_GIVEN_ONLY, EV_NAME_DOUBT,
    EV_NAME_FAMILY, EV_NAME_DIFFERENT,
    EV_ADDRESS_FLAT, EV_ADDRESS_HOUSE, EV_ADDRESS_STREET, EV_ADDRESS_CITY,
    EV_ADDRESS_NEIGHBOUR, EV_ADDRESS_ELSEWHERE, EV_ADDRESS_OTHER_CITY,
    EV_BIRTH_SAME, EV_BIRTH_DIFFERENT,
    EV_CARD_SAME, EV_CARD_DIFFERENT,
    EV_DEVICE_SAME,
    EV_PHONE_SHARED, EV_EMAIL_SHARED,    /* the same, but strangers hold it too: it weighs less */
    EV_SOURCE_SAME,                      /* both of one source, where people hardly ever have two records */
    EV_NAME_ALONE, EV_NAME_ALONE_DIFFERS,       /* nothing but name and city agrees; and a phone or an e-mail differs */
    EV_EMAIL_NAMED,                      /* the same, but it is nothing but the name, and phone and place differ: namesakes make up the same */
    EV_PHONE_PASSED,                     /* the same, but years lie between and nothing else says so: numbers are given to others */
    EV_COUNT
};
extern const char *const evidence_names[EV_COUNT + 1];       /* "phone.same" */

struct evidence {
    uint8_t code;                       /* enum evidence_code */
    uint8_t field;                      /* enum pair_field */
    int16_t weight;                     /* ×100 log2, rarity included */
    int16_t rarity;                     /* of it: for a rare value */
};

/* Weights by evidence code, editable by the shop and estimated again from verdicts or from the data (estimate.h). */
struct pair_weights {
    int16_t of[EV_COUNT];
    int16_t rarity_max;                 /* most that a rare name adds */
    bool    by_frequency;               /* agreement weighs what its value's frequency among all records says, not a fixed sum */
};
extern const struct pair_weights pair_weights_default;

/* How often a name is seen: filled by whoever has the records. {0} means nothing is known: no rarity. */
struct name_counts {
    struct name_count *at;              /* open addressing */
    uint32_t           cap, used;
    uint32_t           total;           /* names counted */
};
void     name_counts_add(struct name_counts *, struct arena *, const struct name *, int by);
uint32_t name_counts_get(const struct name_counts *, uint64_t key);
/* The same with the father's name, city, street and house, which make an agreement rarer still. */
void     person_counts_add(struct name_counts *, struct arena *, const struct person *, int by);
/* Filling from a table of one's own: key as of name_rare_key, name_given_key, name_father_key, person_city_key … */
void     name_counts_put(struct name_counts *, struct arena *, uint64_t key, uint32_t count);

uint64_t person_city_key(const struct person *);
uint64_t person_street_key(const struct person *);
uint64_t person_house_key(const struct person *);

/* What the counts say of one record, bits x 100: how rare each of its values is. For who scores it many times. */
struct rarity {
    uint32_t surname_key;
    int16_t  surname, surname_bearers, given, father, city, street, house;
    int16_t  people;                    /* log2 of all; 0 = nothing is known of rarity */
};
struct rarity rarity_of(const struct person *, const struct pair_weights *, const struct name_counts *counts);

/* The rule that stands behind a link, the strongest reason in one word. */
enum identity_rule {
    RULE_NONE, RULE_VERDICT, RULE_CARD, RULE_PHONE_NAME, RULE_EMAIL_NAME, RULE_PHONE_EMAIL, RULE_NAME_ADDRESS, RULE_NAME_BIRTH,
    RULE_PHONE, RULE_EMAIL, RULE_DEVICE, RULE_SCORE, RULE_COUNT
};
extern const char *const identity_rule_names[RULE_COUNT + 1];

struct pair {
    int32_t            score;
    enum identity_rule rule;
    bool               contradicts;     /* names, birth dates or cards bar an automatic link */
    enum name_match    name;
    enum address_match address;
    int                evidence_count;
    struct evidence    evidence[PAIR_FIELD_COUNT + 1];
};
/* `counts` may be NULL. Symmetric. About 100 ns, no memory. */
void pair_score(const struct person *, const struct person *, const struct pair_weights *, const struct name_counts *counts,
                struct pair *out);

void pair_score_with(const struct person *, const struct person *, const struct pair_weights *, const struct rarity *,
                     const struct rarity *, struct pair *out);

enum decision { DECISION_SEPARATE, DECISION_SUGGEST, DECISION_AUTOMATIC, DECISION_COUNT };
extern const char *const decision_names[DECISION_COUNT + 1];

struct limits {
    int32_t automatic, suggest;         /* scores ×100 log2: 1200, 600 */
    int     members_max;                /* sources a cluster may hold without a person's word: 12 */
    bool    name_address_automatic;     /* the seller raised "name + address to the flat" */
    bool    best_guess;                 /* join whatever is likelier than not, and where two fit the better one */
};
extern const struct limits limits_default;
/* For files without anybody who could be asked: the weights and limits with the best balance of precision and recall. */
extern const struct pair_weights pair_weights_file;
extern const struct limits       limits_file;
/* For one pair alone; whether only one cluster reaches it is looked at in cluster.h. */
enum decision pair_decide(const struct pair *, const struct limits *);
/* A contact or a place to the house that agrees (enum evidence_code): more than a name. */
bool pair_code_agrees(int code);
/* Two people for sure, as far as what they tell of themselves goes: names, birth dates, cards. */
bool person_contradicts(const struct person *, const struct person *);
