/* Frequencies of names and places, and what they say of one record. */
#include "identity/pair.h"
#include "identity/sound.h"

/* ---- counts ---- */

/* Under this key: how many names tell a father. */
#define FATHERS UINT64_C(0x4641544845525331)

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

uint64_t person_street_key(const struct person *p)
{
    const struct address *a = &p->address;
    return a->street[0] || a->street_no ? hash_mix(a->street[0] ^ (uint64_t)a->street_no << 20 ^ UINT64_C(0x5354)) | 1 : 0;
}

uint64_t person_house_key(const struct person *p)
{
    return p->address.house ? hash_mix(person_street_key(p) + p->address.house) | 1 : 0;
}

void person_counts_add(struct name_counts *c, struct arena *a, const struct person *p, int by)
{
    uint64_t father  = name_father_key(&p->name);
    uint64_t keys[5] = { father, father ? FATHERS : 0, person_city_key(p), person_street_key(p), person_house_key(p) };
    name_counts_add(c, a, &p->name, by);
    for (int i = 0; i < COUNT_OF(keys); i++)
        if (keys[i])
            name_counts_put(c, a, keys[i], (uint32_t)((int64_t)name_counts_get(c, keys[i]) + by));
}

/* ---- rarity ---- */

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

/* A small file says little about how rare a value is: as if a thousand people of an ordinary town were in it too, among whom
 * `usual` bear any one value. */
#define TOWN          1000
#define USUAL_SURNAME 8
#define USUAL_GIVEN   20
#define USUAL_PLACE   8
#define USUAL_CITY    100

static int16_t bits_of(const struct name_counts *c, uint64_t key, uint32_t all, uint32_t usual, bool by_frequency)
{
    uint32_t town = by_frequency ? TOWN : 0, fading = by_frequency ? usual * TOWN / (all + TOWN) : 0;
    return key ? (int16_t)bits_100(all + town, name_counts_get(c, key) + 1 + fading) : 0;
}

struct rarity rarity_of(const struct person *p, const struct pair_weights *w, const struct name_counts *c)
{
    struct rarity r = { .people = 0 };
    if (!c || !c->total)
        return r;
    bool     f       = w->by_frequency;
    uint64_t surname = name_rare_key(&p->name);
    r.people      = (int16_t)bits_100(c->total + TOWN, 1);
    r.surname_key = (uint32_t)(surname >> 16);
    r.surname     = bits_of(c, surname, c->total, USUAL_SURNAME, f);
    r.given       = bits_of(c, name_given_key(&p->name), c->total, USUAL_GIVEN, f);
    if (!f)
        return r;
    uint32_t fathers = name_counts_get(c, FATHERS);
    r.surname_bearers = (int16_t)bits_100(name_counts_get(c, surname), 1);
    r.father = bits_of(c, name_father_key(&p->name), fathers ? fathers : c->total, USUAL_GIVEN, f);
    r.city   = bits_of(c, person_city_key(p), c->total, USUAL_CITY, f);
    r.street = bits_of(c, person_street_key(p), c->total, USUAL_PLACE, f);
    r.house  = bits_of(c, person_house_key(p), c->total, USUAL_PLACE, f);
    return r;
}
