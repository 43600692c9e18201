/* Two records side by side: what agrees, what it weighs. */
#include "identity/pair.h"

#include "identity/contact.h"
#include "identity/sound.h"

/* Domain handbook §7, table of weights; what the table leaves out (masks, mailboxes, a shared number) is between its rows. */
const struct pair_weights pair_weights_default = {
    .rarity_max = 300,
    .of = {
        [EV_PHONE_SAME] = 1000, [EV_PHONE_MASK] = 250, [EV_PHONE_DIFFERENT] = -150, [EV_PHONE_SHARED] = 500,
        [EV_EMAIL_SAME] = 900, [EV_EMAIL_LOOSE] = 500, [EV_EMAIL_MAILBOX] = 300, [EV_EMAIL_DIFFERENT] = -100, [EV_EMAIL_SHARED] = 450,
        [EV_NAME_SAME] = 350, [EV_NAME_SHORT] = 150, [EV_NAME_TYPO] = 150, [EV_NAME_PART] = 150, [EV_NAME_INITIALS] = 150,
        [EV_NAME_GIVEN_ONLY] = -150, [EV_NAME_DOUBT] = -150, [EV_NAME_FAMILY] = -500, [EV_NAME_DIFFERENT] = -500,
        [EV_ADDRESS_FLAT] = 500, [EV_ADDRESS_HOUSE] = 200, [EV_ADDRESS_STREET] = 100, [EV_ADDRESS_CITY] = 0,
        [EV_ADDRESS_NEIGHBOUR] = -100, [EV_ADDRESS_ELSEWHERE] = -100, [EV_ADDRESS_OTHER_CITY] = -100,
        [EV_BIRTH_SAME] = 700, [EV_BIRTH_DIFFERENT] = -900,
        [EV_CARD_SAME] = 1300, [EV_CARD_DIFFERENT] = -900, [EV_DEVICE_SAME] = 500,
    },
};
const struct limits limits_default = { .automatic = 1200, .suggest = 600, .members_max = 12 };

/* Found by measure on generated people (tests/bench): an address or a rare name says more than the handbook's table, a short
 * form says nearly as much as the full one, and a new phone says little. */
const struct pair_weights pair_weights_file = {
    .rarity_max = 500, .rarity_min = -300,
    .of = {
        [EV_PHONE_SAME] = 1000, [EV_PHONE_MASK] = 250, [EV_PHONE_DIFFERENT] = -150, [EV_PHONE_SHARED] = 600,
        [EV_EMAIL_SAME] = 900, [EV_EMAIL_LOOSE] = 850, [EV_EMAIL_MAILBOX] = 500, [EV_EMAIL_DIFFERENT] = -60, [EV_EMAIL_SHARED] = 500,
        [EV_NAME_SAME] = 350, [EV_NAME_SHORT] = 300, [EV_NAME_TYPO] = 250, [EV_NAME_PART] = 150, [EV_NAME_INITIALS] = 150,
        [EV_NAME_GIVEN_ONLY] = -400, [EV_NAME_DOUBT] = -150, [EV_NAME_FAMILY] = -700, [EV_NAME_DIFFERENT] = -700,
        [EV_ADDRESS_FLAT] = 700, [EV_ADDRESS_HOUSE] = 550, [EV_ADDRESS_STREET] = 300, [EV_ADDRESS_CITY] = 50,
        [EV_ADDRESS_NEIGHBOUR] = 0, [EV_ADDRESS_ELSEWHERE] = -100, [EV_ADDRESS_OTHER_CITY] = -150,
        [EV_BIRTH_SAME] = 700, [EV_BIRTH_DIFFERENT] = -900,
        [EV_CARD_SAME] = 1300, [EV_CARD_DIFFERENT] = -900, [EV_DEVICE_SAME] = 500,
    },
};
const struct limits limits_file = { .automatic = 650, .suggest = 450, .members_max = 24, .best_guess = true };

static void say(struct pair *out, const struct pair_weights *w, enum pair_field field, enum evidence_code code, int rarity)
{
    int weight = w->of[code] + rarity;
    out->evidence[out->evidence_count++] =
        (struct evidence){ .code = (uint8_t)code, .field = (uint8_t)field, .weight = (int16_t)weight, .rarity = (int16_t)rarity };
    out->score += weight;
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
    return a->mailbox && a->mailbox == b->mailbox ? EV_EMAIL_MAILBOX : EV_EMAIL_DIFFERENT;
}

/* log2(total / count) × 100, from a table of 1/8 steps: no floating point where scores must be equal on every machine. */
static int bits_100(uint32_t total, uint32_t count)
{
    static const uint8_t eighths[9] = { 0, 17, 32, 46, 58, 70, 81, 91, 100 };
    if (!count || total <= count)
        return 0;
    uint64_t ratio = ((uint64_t)total << 8) / count;
    int      top   = 63 - __builtin_clzll(ratio);
    int      step  = (int)(ratio >> (top - 3) & 7);
    return (top - 8) * 100 + eighths[step];
}

#define NAME_SLACK (-150)
static int key_bits(const struct name_counts *c, uint64_t key_a, uint64_t key_b)
{
    if (!key_a || !key_b)
        return 0;
    uint32_t x = name_counts_get(c, key_a), y = key_a == key_b ? x : name_counts_get(c, key_b);
    return bits_100(c->total, (x > y ? x : y) + 1);
}

/* What the name's rarity adds or takes: its bits, and those of father and city, against the number of people among whom a
 * namesake may be. A name that is expected once or less among all is as good as usual; each bit above makes it rarer. */
static int name_rarity(const struct person *a, const struct person *b, enum name_match m, bool same_city, const struct pair_weights *w,
                       const struct name_counts *c)
{
    if (!c || !c->total || m > NAME_INITIALS)
        return 0;
    int bits = key_bits(c, name_rare_key(&a->name), name_rare_key(&b->name));
    if (m != NAME_INITIALS)
        bits += key_bits(c, name_given_key(&a->name), name_given_key(&b->name));
    if (name_father_key(&a->name) && name_father_key(&b->name))
        bits += key_bits(c, name_father_key(&a->name), name_father_key(&b->name));
    if (same_city)
        bits += key_bits(c, person_city_key(a), person_city_key(b));
    int over = bits - bits_100(c->total, 1) + NAME_SLACK;
    return over < w->rarity_min ? w->rarity_min : over > w->rarity_max ? w->rarity_max : over;
}

/* ---- the whole ---- */

static enum identity_rule rule_of(enum evidence_code phone, enum evidence_code email, enum evidence_code name,
                                  enum evidence_code address, bool birth, bool card, bool device)
{
    bool phones = phone == EV_PHONE_SAME || phone == EV_PHONE_SHARED;
    bool emails = email == EV_EMAIL_SAME || email == EV_EMAIL_LOOSE || email == EV_EMAIL_SHARED;
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
    enum evidence_code phone = phone_evidence(a, b, &rarity);
    if (phone)
        say(out, w, PAIR_PHONE, phone, rarity);
    enum evidence_code email = email_evidence(a, b);
    if (email)
        say(out, w, PAIR_EMAIL, email, 0);
    out->name = name_compare(&a->name, &b->name);
    out->address = address_compare(&a->address, &b->address);
    enum evidence_code name = name_codes[out->name];
    bool same_city = a->address.city && a->address.city == b->address.city;
    if (name)
        say(out, w, PAIR_NAME, name, name_rarity(a, b, out->name, same_city, w, counts));
    enum evidence_code address = address_codes[out->address];
    if (address)
        say(out, w, PAIR_ADDRESS, address, 0);
    bool birth = a->birth_date && b->birth_date, births_same = birth && a->birth_date == b->birth_date;
    if (birth)
        say(out, w, PAIR_BIRTH, births_same ? EV_BIRTH_SAME : EV_BIRTH_DIFFERENT, 0);
    bool cards = a->card && b->card, cards_same = cards && a->card == b->card;
    if (cards)
        say(out, w, PAIR_CARD, cards_same ? EV_CARD_SAME : EV_CARD_DIFFERENT, 0);
    bool device = a->device && a->device == b->device;
    if (device)
        say(out, w, PAIR_DEVICE, EV_DEVICE_SAME, 0);
    out->contradicts = name_contradicts(out->name) || (birth && !births_same) || (cards && !cards_same);
    out->rule        = rule_of(phone, email, name, address, births_same, cards_same, device);
}

enum decision pair_decide(const struct pair *p, const struct limits *l)
{
    if (!p->contradicts && l->name_address_automatic && p->rule == RULE_NAME_ADDRESS && p->address == ADDRESS_FLAT &&
        p->name == NAME_SAME && p->score >= l->suggest)
        return DECISION_AUTOMATIC;
    if (p->score >= l->automatic && !p->contradicts)
        return DECISION_AUTOMATIC;
    /* The definite rule: one phone and a name that agrees, in part or not told. */
    bool phone = p->rule == RULE_PHONE_NAME || p->rule == RULE_PHONE || p->rule == RULE_PHONE_EMAIL;
    if (phone && !p->contradicts && p->name != NAME_GIVEN_ONLY && p->name != NAME_DOUBT && p->evidence[0].code == EV_PHONE_SAME &&
        p->score >= l->suggest + 300)
        return DECISION_AUTOMATIC;
    return p->score >= l->suggest ? DECISION_SUGGEST : DECISION_SEPARATE;
}

/* ---- counts ---- */

struct name_count { uint64_t key; uint32_t count; };

static struct name_count *count_slot(const struct name_counts *c, uint64_t key)
{
    for (uint64_t i = key >> 7;; i++) {
        struct name_count *slot = &c->at[i & (c->cap - 1)];
        if (!slot->key || slot->key == key)
            return slot;
    }
}

static void counts_grow(struct name_counts *c, struct arena *a)
{
    struct name_counts bigger = { .cap = c->cap ? c->cap * 2 : 1024, .used = c->used, .total = c->total };
    bigger.at = ARENA_ARRAY(a, struct name_count, bigger.cap);
    for (uint32_t i = 0; i < c->cap; i++)
        if (c->at[i].key)
            *count_slot(&bigger, c->at[i].key) = c->at[i];
    *c = bigger;
}

void name_counts_put(struct name_counts *c, struct arena *a, uint64_t key, uint32_t count)
{
    if (!key)
        return;
    if (c->used * 2 >= c->cap)
        counts_grow(c, a);
    struct name_count *slot = count_slot(c, key);
    c->used += !slot->key;
    slot->key = key;
    slot->count = count;
}

uint32_t name_counts_get(const struct name_counts *c, uint64_t key)
{
    return c->cap && key ? count_slot(c, key)->count : 0;
}

void name_counts_add(struct name_counts *c, struct arena *a, const struct name *n, int by)
{
    uint64_t keys[2] = { name_rare_key(n), name_given_key(n) };
    if (!n->count)
        return;
    c->total = (uint32_t)((int64_t)c->total + by);
    for (int i = 0; i < 2; i++)
        if (keys[i])
            name_counts_put(c, a, keys[i], (uint32_t)((int64_t)name_counts_get(c, keys[i]) + by));
}

uint64_t person_city_key(const struct person *p)
{
    return p->address.city ? hash_mix(p->address.city ^ UINT64_C(0x43495459)) | 1 : 0;
}

void person_counts_add(struct name_counts *c, struct arena *a, const struct person *p, int by)
{
    uint64_t keys[2] = { name_father_key(&p->name), person_city_key(p) };
    name_counts_add(c, a, &p->name, by);
    for (int i = 0; i < 2; i++)
        if (keys[i])
            name_counts_put(c, a, keys[i], (uint32_t)((int64_t)name_counts_get(c, keys[i]) + by));
}
