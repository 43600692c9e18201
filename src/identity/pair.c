/* Two records side by side: what agrees, what it weighs. */
#include "identity/pair.h"

#include "identity/contact.h"
#include "identity/sound.h"

/* Domain handbook §7, table of weights; what the table leaves out (masks, mailboxes, a shared number) is between its rows. */
const struct pair_weights pair_weights_default = {
    .rarity_max = 300,
    .of = {
        [EV_PHONE_SAME] = 1000, [EV_PHONE_MASK] = 250, [EV_PHONE_DIFFERENT] = -150, [EV_PHONE_SHARED] = 500,
        [EV_PHONE_PASSED] = 700,
        [EV_EMAIL_SAME] = 900, [EV_EMAIL_LOOSE] = 500, [EV_EMAIL_MAILBOX] = 300, [EV_EMAIL_DIFFERENT] = -100, [EV_EMAIL_SHARED] = 450,
        [EV_EMAIL_NAMED] = 600,
        [EV_NAME_SAME] = 350, [EV_NAME_SHORT] = 150, [EV_NAME_TYPO] = 150, [EV_NAME_PART] = 150, [EV_NAME_INITIALS] = 150,
        [EV_NAME_GIVEN_ONLY] = -150, [EV_NAME_DOUBT] = -150, [EV_NAME_FAMILY] = -500, [EV_NAME_DIFFERENT] = -500,
        [EV_ADDRESS_FLAT] = 500, [EV_ADDRESS_HOUSE] = 200, [EV_ADDRESS_STREET] = 100, [EV_ADDRESS_CITY] = 0,
        [EV_ADDRESS_NEIGHBOUR] = -100, [EV_ADDRESS_ELSEWHERE] = -100, [EV_ADDRESS_OTHER_CITY] = -100,
        [EV_BIRTH_SAME] = 700, [EV_BIRTH_DIFFERENT] = -900,
        [EV_CARD_SAME] = 1300, [EV_CARD_DIFFERENT] = -900, [EV_DEVICE_SAME] = 500,
    },
};
const struct limits limits_default = { .automatic = 1200, .suggest = 600, .members_max = 12 };

/* Likelihoods with the frequencies of the file itself: a phone or an e-mail that agrees weighs as many bits as there are people,
 * a name and a city as many as they are rare, less the bits that tell one person among all (EV_NAME_*: 350 less log2 of all).
 * What is left here was found by measure on generated people (tests/bench). */
const struct pair_weights pair_weights_file = {
    .rarity_max = 900, .by_frequency = true,
    .of = {
        [EV_PHONE_SAME] = 0, [EV_PHONE_MASK] = 650, [EV_PHONE_DIFFERENT] = -200, [EV_PHONE_SHARED] = -200,
        [EV_PHONE_PASSED] = -600,
        [EV_EMAIL_SAME] = 0, [EV_EMAIL_LOOSE] = -50, [EV_EMAIL_MAILBOX] = 600, [EV_EMAIL_DIFFERENT] = -60, [EV_EMAIL_SHARED] = -300,
        [EV_EMAIL_NAMED] = -600,
        [EV_NAME_SAME] = 350, [EV_NAME_SHORT] = 250, [EV_NAME_TYPO] = 150, [EV_NAME_PART] = 350, [EV_NAME_INITIALS] = 350,
        [EV_NAME_GIVEN_ONLY] = -700, [EV_NAME_DOUBT] = -150, [EV_NAME_FAMILY] = -400, [EV_NAME_DIFFERENT] = -700,
        [EV_ADDRESS_FLAT] = 500, [EV_ADDRESS_HOUSE] = 0, [EV_ADDRESS_STREET] = 0, [EV_ADDRESS_CITY] = 0,
        [EV_ADDRESS_NEIGHBOUR] = 300, [EV_ADDRESS_ELSEWHERE] = -100, [EV_ADDRESS_OTHER_CITY] = -150,
        [EV_NAME_ALONE] = -350, [EV_NAME_ALONE_DIFFERS] = -700,
        [EV_BIRTH_SAME] = 1200, [EV_BIRTH_DIFFERENT] = -900,
        [EV_CARD_SAME] = 1500, [EV_CARD_DIFFERENT] = -900, [EV_DEVICE_SAME] = 800,
    },
};
const struct limits limits_file = { .automatic = 250, .suggest = 100, .members_max = 24, .best_guess = true };

static void say(struct pair *out, const struct pair_weights *w, enum pair_field field, enum evidence_code code, int rarity)
{
    int weight = w->of[code] + rarity;
    out->evidence[out->evidence_count++] =
        (struct evidence){ .code = (uint8_t)code, .field = (uint8_t)field, .weight = (int16_t)weight, .rarity = (int16_t)rarity };
    out->score += weight;
}

/* Who share a telephone share the flat: where given names are two and no mailbox is one as well, the place tells no more than the
 * contact has told. */
static void say_place(struct pair *out, const struct pair_weights *w, enum evidence_code code, int rarity, bool household)
{
    if (!household || w->of[code] < 0)
        say(out, w, PAIR_ADDRESS, code, rarity);
    else
        say(out, w, PAIR_ADDRESS, code, -w->of[code]);
}

/* ---- fields ---- */

static enum evidence_code phone_evidence(const struct person *a, const struct person *b, int *rarity)
{
    bool known = a->phone[0] && b->phone[0];
    *rarity = 0;
    for (int i = 0; i < PERSON_PHONES_MAX && a->phone[i]; i++)
        for (int j = 0; j < PERSON_PHONES_MAX && b->phone[j]; j++)
            if (a->phone[i] == b->phone[j])
                return (a->marks | b->marks) & PERSON_PHONE_SHARED ? EV_PHONE_SHARED : EV_PHONE_SAME;
    if (known)
        return EV_PHONE_DIFFERENT;
    if (!a->phone_mask && !b->phone_mask)
        return EV_NONE;
    int agreed = -1;
    if (a->phone_mask && b->phone_mask)
        agreed = masks_agreement(a->phone_mask, b->phone_mask);
    else if (a->phone[0] || b->phone[0])
        for (int i = 0; i < PERSON_PHONES_MAX; i++) {
            uint64_t phone = a->phone[0] ? a->phone[i] : b->phone[i];
            int      n     = phone ? mask_agreement(a->phone_mask ? a->phone_mask : b->phone_mask, phone) : -1;
            agreed = n > agreed ? n : agreed;
        }
    else
        return EV_NONE;
    if (agreed < 0)
        return EV_PHONE_DIFFERENT;
    *rarity = agreed > 3 ? 75 * (agreed - 3) : 0;       /* each further digit is one of ten */
    *rarity = *rarity > 225 ? 225 : *rarity;
    return agreed >= 2 ? EV_PHONE_MASK : EV_NONE;
}

static enum evidence_code email_evidence(const struct person *a, const struct person *b)
{
    if (!a->email || !b->email)
        return EV_NONE;
    if (a->email_loose == b->email_loose) {
        if ((a->marks | b->marks) & PERSON_EMAIL_SHARED)
            return EV_EMAIL_SHARED;
        return a->email == b->email ? EV_EMAIL_SAME : EV_EMAIL_LOOSE;
    }
    if (!a->mailbox || a->mailbox != b->mailbox)
        return EV_EMAIL_DIFFERENT;
    return (a->marks | b->marks) & PERSON_MAILBOX_NAMED ? EV_NONE : EV_EMAIL_MAILBOX;
}

/* dinara.omarova@gmail.com is what anybody makes up for a Динара Омарова, and what namesakes are written to by mistake. */
static bool is_made_up(const struct person *a, const struct person *b, enum evidence_code phone, enum evidence_code email,
                       enum address_match place)
{
    return (email == EV_EMAIL_SAME || email == EV_EMAIL_LOOSE) && (a->marks | b->marks) & PERSON_MAILBOX_NAMED &&
           phone == EV_PHONE_DIFFERENT && (place == ADDRESS_OTHER_CITY || place == ADDRESS_ELSEWHERE);
}

/* A number that nobody pays for is given to somebody else after a while. Of two records years apart a full name, an e-mail or a
 * place that agrees says that it was kept; where one of these differs and none agrees, it may have been passed on. */
#define PASSED_DAYS 730
static bool is_passed_on(const struct person *a, const struct person *b, enum evidence_code email, enum name_match name,
                         enum address_match place)
{
    int64_t days = a->created > b->created ? a->created - b->created : b->created - a->created;
    if (!a->created || !b->created || days < PASSED_DAYS || name <= NAME_SAME_TYPO)
        return false;
    if ((a->card && a->card == b->card) || (a->device && a->device == b->device) || (a->birth_date && a->birth_date == b->birth_date))
        return false;
    bool differs = email == EV_EMAIL_DIFFERENT || place == ADDRESS_OTHER_CITY || place == ADDRESS_ELSEWHERE;
    bool same    = (email != EV_NONE && email != EV_EMAIL_DIFFERENT) || place == ADDRESS_FLAT || place == ADDRESS_HOUSE || place == ADDRESS_STREET;
    return differs && !same;
}

/* ---- how rare ---- */

static int least(int16_t a, int16_t b) { return a < b ? a : b; }

/* Bits of what two names have in common. */
#define INITIAL_BITS    300
static int name_bits(const struct rarity *a, const struct rarity *b, enum name_match m)
{
    int bits = 0;
    if (m != NAME_GIVEN_ONLY)
        bits += least(a->surname, b->surname);
    if (m <= NAME_GIVEN_ONLY)
        bits += least(a->given, b->given);
    if (m <= NAME_INITIALS)
        bits += least(a->father, b->father);
    return m == NAME_INITIALS ? bits + INITIAL_BITS : bits;
}

/* Two surnames a letter apart that many bear are two surnames, not a slip: Харченко, Марченко. */
static int slip_doubt(const struct rarity *a, const struct rarity *b, enum name_match m)
{
    bool slip = m <= NAME_INITIALS && a->surname_key && b->surname_key && a->surname_key != b->surname_key;
    return slip ? least(a->surname_bearers, b->surname_bearers) : 0;
}

/* What the name's rarity adds, in the handbook's way: its bits beyond those of a usual full name. By frequency: against the
 * number of people among whom a namesake may be. */
#define NAME_BITS_USUAL 1200
static int name_rarity(const struct rarity *a, const struct rarity *b, enum name_match m, const struct pair_weights *w)
{
    if (!a->people || m == NAME_DIFFERENT || (!w->by_frequency && m > NAME_INITIALS))
        return 0;
    int over = name_bits(a, b, m) - (w->by_frequency ? slip_doubt(a, b, m) + a->people : NAME_BITS_USUAL);
    if (!w->by_frequency && over < 0)
        over = 0;
    return over > w->rarity_max ? w->rarity_max : over;
}

/* A phone or an e-mail tells one among all. */
static int contact_rarity(const struct pair_weights *w, const struct rarity *r, enum evidence_code code)
{
    bool agrees = code == EV_PHONE_SAME || code == EV_PHONE_SHARED || code == EV_PHONE_PASSED || code == EV_EMAIL_SAME ||
                  code == EV_EMAIL_LOOSE || code == EV_EMAIL_SHARED || code == EV_EMAIL_NAMED;
    return w->by_frequency && agrees ? r->people : 0;
}

/* City, street and house agree by chance as often as they are common. */
#define PLACE_BITS_MAX 1300
static int address_rarity(const struct person *a, const struct person *b, const struct rarity *x, const struct rarity *y,
                          enum address_match m, const struct pair_weights *w)
{
    if (!w->by_frequency)
        return 0;
    int bits  = a->address.city == b->address.city ? least(x->city, y->city) : 0;
    int place = m == ADDRESS_FLAT || m == ADDRESS_HOUSE ? least(x->house, y->house) : m == ADDRESS_STREET ? least(x->street, y->street) : 0;
    return bits + (place > PLACE_BITS_MAX ? PLACE_BITS_MAX : place);
}

/* ---- the whole ---- */

static bool agrees(enum evidence_code c)
{
    return c == EV_PHONE_SAME || c == EV_PHONE_SHARED || c == EV_PHONE_PASSED || c == EV_PHONE_MASK || c == EV_EMAIL_SAME || c == EV_EMAIL_LOOSE ||
           c == EV_EMAIL_SHARED || c == EV_EMAIL_NAMED || c == EV_EMAIL_MAILBOX;
}

bool pair_code_agrees(int code) { return agrees((enum evidence_code)code) || code == EV_ADDRESS_FLAT || code == EV_ADDRESS_HOUSE; }

static enum identity_rule rule_of(enum evidence_code phone, enum evidence_code email, enum evidence_code name,
                                  enum evidence_code address, bool birth, bool card, bool device)
{
    bool phones = phone == EV_PHONE_SAME || phone == EV_PHONE_SHARED || phone == EV_PHONE_PASSED;
    bool emails = email == EV_EMAIL_SAME || email == EV_EMAIL_LOOSE || email == EV_EMAIL_SHARED || email == EV_EMAIL_NAMED;
    bool names  = name >= EV_NAME_SAME && name <= EV_NAME_INITIALS;
    if (card)
        return RULE_CARD;
    if (phones && names)
        return RULE_PHONE_NAME;
    if (phones && emails)
        return RULE_PHONE_EMAIL;
    if (emails && names)
        return RULE_EMAIL_NAME;
    if (names && birth)
        return RULE_NAME_BIRTH;
    if (names && (address == EV_ADDRESS_FLAT || address == EV_ADDRESS_HOUSE))
        return RULE_NAME_ADDRESS;
    return phones ? RULE_PHONE : emails ? RULE_EMAIL : device ? RULE_DEVICE : RULE_SCORE;
}

void pair_score(const struct person *a, const struct person *b, const struct pair_weights *w, const struct name_counts *counts,
                struct pair *out)
{
    struct rarity x = rarity_of(a, w, counts), y = rarity_of(b, w, counts);
    pair_score_with(a, b, w, &x, &y, out);
}

void pair_score_with(const struct person *a, const struct person *b, const struct pair_weights *w, const struct rarity *x,
                     const struct rarity *y, struct pair *out)
{
    static const uint8_t name_codes[NAME_MATCH_COUNT] = {
        [NAME_SAME] = EV_NAME_SAME, [NAME_SAME_SHORT] = EV_NAME_SHORT, [NAME_SAME_TYPO] = EV_NAME_TYPO, [NAME_PART] = EV_NAME_PART,
        [NAME_INITIALS] = EV_NAME_INITIALS, [NAME_GIVEN_ONLY] = EV_NAME_GIVEN_ONLY, [NAME_DOUBT] = EV_NAME_DOUBT, [NAME_UNKNOWN] = EV_NONE,
        [NAME_FAMILY] = EV_NAME_FAMILY, [NAME_DIFFERENT] = EV_NAME_DIFFERENT,
    };
    static const uint8_t address_codes[ADDRESS_MATCH_COUNT] = {
        [ADDRESS_UNKNOWN] = EV_NONE, [ADDRESS_FLAT] = EV_ADDRESS_FLAT, [ADDRESS_HOUSE] = EV_ADDRESS_HOUSE,
        [ADDRESS_STREET] = EV_ADDRESS_STREET, [ADDRESS_CITY] = EV_ADDRESS_CITY, [ADDRESS_NEIGHBOUR] = EV_ADDRESS_NEIGHBOUR,
        [ADDRESS_ELSEWHERE] = EV_ADDRESS_ELSEWHERE, [ADDRESS_OTHER_CITY] = EV_ADDRESS_OTHER_CITY,
    };
    int rarity;
    memset(out, 0, sizeof *out);
    enum evidence_code phone = phone_evidence(a, b, &rarity), email = email_evidence(a, b);
    out->name    = name_compare(&a->name, &b->name);
    out->address = address_compare(&a->address, &b->address);
    if (phone == EV_PHONE_SAME && is_passed_on(a, b, email, out->name, out->address))
        phone = EV_PHONE_PASSED;
    if (is_made_up(a, b, phone, email, out->address))
        email = EV_EMAIL_NAMED;
    if (phone)
        say(out, w, PAIR_PHONE, phone, rarity + contact_rarity(w, x, phone));
    if (email)
        say(out, w, PAIR_EMAIL, email, contact_rarity(w, x, email));
    enum evidence_code name = name_codes[out->name];
    if (name)
        say(out, w, PAIR_NAME, name, name_rarity(x, y, out->name, w));
    enum evidence_code address = address_codes[out->address];
    bool household = w->by_frequency && (out->name == NAME_GIVEN_ONLY || name_contradicts(out->name)) &&
                     agrees(phone) != agrees(email);
    if (address)
        say_place(out, w, address, household ? 0 : address_rarity(a, b, x, y, out->address, w), household);
    bool birth = a->birth_date && b->birth_date, births_same = birth && a->birth_date == b->birth_date;
    if (birth)
        say(out, w, PAIR_BIRTH, births_same ? EV_BIRTH_SAME : EV_BIRTH_DIFFERENT, 0);
    bool cards = a->card && b->card, cards_same = cards && a->card == b->card;
    if (cards)
        say(out, w, PAIR_CARD, cards_same ? EV_CARD_SAME : EV_CARD_DIFFERENT, 0);
    bool device = a->device && a->device == b->device;
    if (device)
        say(out, w, PAIR_DEVICE, EV_DEVICE_SAME, 0);
    if (w->of[EV_SOURCE_SAME] && a->source && a->source == b->source)
        say(out, w, PAIR_SOURCE, EV_SOURCE_SAME, 0);
    /* Namesakes are likelier than the sum of bits says: given names, surnames and cities go together. */
    bool alone = name && !device && !births_same && !cards_same && !agrees(phone) && !agrees(email) &&
                 (address < EV_ADDRESS_FLAT || address > EV_ADDRESS_STREET);
    bool differs = phone == EV_PHONE_DIFFERENT || email == EV_EMAIL_DIFFERENT || address >= EV_ADDRESS_NEIGHBOUR;
    enum evidence_code alone_code = differs ? EV_NAME_ALONE_DIFFERS : EV_NAME_ALONE;
    if (alone && w->of[alone_code])
        say(out, w, PAIR_NAME, alone_code, 0);
    out->contradicts = name_contradicts(out->name) || (birth && !births_same) || (cards && !cards_same);
    out->rule        = rule_of(phone, email, name, address, births_same, cards_same, device);
}

bool person_contradicts(const struct person *a, const struct person *b)
{
    if (a->birth_date && b->birth_date && a->birth_date != b->birth_date)
        return true;
    if (a->card && b->card && a->card != b->card)
        return true;
    return name_contradicts(name_compare(&a->name, &b->name));
}

enum decision pair_decide(const struct pair *p, const struct limits *l)
{
    if (!p->contradicts && l->name_address_automatic && p->rule == RULE_NAME_ADDRESS && p->address == ADDRESS_FLAT &&
        p->name == NAME_SAME && p->score >= l->suggest)
        return DECISION_AUTOMATIC;
    /* Names that agree by half are for a person to judge, when there is one. */
    bool doubtful = !l->best_guess && (p->name == NAME_GIVEN_ONLY || p->name == NAME_DOUBT);
    if (p->score >= l->automatic && !p->contradicts && !doubtful)
        return DECISION_AUTOMATIC;
    /* The definite rule: one phone and a name that agrees, in part or not told. */
    bool phone = p->rule == RULE_PHONE_NAME || p->rule == RULE_PHONE || p->rule == RULE_PHONE_EMAIL;
    if (phone && !p->contradicts && p->name != NAME_GIVEN_ONLY && p->name != NAME_DOUBT && p->evidence[0].code == EV_PHONE_SAME &&
        p->score >= l->suggest + 300)
        return DECISION_AUTOMATIC;
    return p->score >= l->suggest ? DECISION_SUGGEST : DECISION_SEPARATE;
}
