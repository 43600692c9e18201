#include "identity/learn.h"

#define ROUNDS    40
#define PRIOR     20                    /* as if so many pairs had kept their promise */
#define WHOLE     1024
#define WEIGHT_LEAST 50                 /* of a weight whatever is said: it keeps its sign */

int64_t share_of_bits(int bits)
{
    static const int16_t table[] = { 1024, 1117, 1218, 1328, 1448, 1579, 1722, 1878 };      /* 1024 * 2^(n/8) */
    int     less = bits < 0, b = less ? -bits : bits, whole = b / 100;
    int64_t odds = whole > 20 ? (int64_t)1 << 30 : (int64_t)table[b % 100 * 8 / 100] << whole;
    int64_t share = odds * WHOLE / (odds + WHOLE);
    return less ? WHOLE - share : share;
}

/* log2(a / b) x 100, by halving. */
static int bits_between(int64_t a, int64_t b)
{
    int bits = 0;
    if (a < b)
        return -bits_between(b, a);
    while (a >= 2 * b && bits < 2000) {
        b    *= 2;
        bits += 100;
    }
    return bits + (int)((a - b) * 100 / b);
}

bool learn_is_free(enum evidence_code c)
{
    switch (c) {
    case EV_PHONE_SAME: case EV_PHONE_MASK: case EV_PHONE_DIFFERENT: case EV_PHONE_SHARED: case EV_PHONE_PASSED:
    case EV_EMAIL_SAME: case EV_EMAIL_LOOSE: case EV_EMAIL_MAILBOX: case EV_EMAIL_DIFFERENT: case EV_EMAIL_SHARED: case EV_EMAIL_NAMED:
    case EV_NAME_SAME: case EV_NAME_SHORT: case EV_NAME_TYPO: case EV_NAME_PART: case EV_NAME_INITIALS:
    case EV_ADDRESS_FLAT: case EV_ADDRESS_HOUSE: case EV_ADDRESS_STREET:
    case EV_ADDRESS_NEIGHBOUR: case EV_ADDRESS_ELSEWHERE: case EV_ADDRESS_OTHER_CITY: case EV_DEVICE_SAME:
        return true;
    default:
        return false;
    }
}

struct learn_pair learn_pair_of(const struct pair *p, enum learn_said said)
{
    struct learn_pair out = { .said = said };
    for (int i = 0; i < p->evidence_count; i++) {
        out.codes[out.count++] = p->evidence[i].code;
        out.rarity += p->evidence[i].rarity;
    }
    return out;
}

static int score_of(const struct learn_pair *p, const struct pair_weights *w)
{
    int score = p->rarity;
    for (int i = 0; i < p->count; i++)
        score += w->of[p->codes[i]];
    return score;
}

struct sums { int64_t promised, found, pairs; int said; };

/* The score at which as many of the judged pairs are promised to be one person as people found. */
static int middle_find(const struct learn_pair_list *l, const struct pair_weights *w)
{
    int64_t same = 0;
    int     low = -4000, high = 4000;
    for (int i = 0; i < l->count; i++)
        same += l->at[i].said == LEARN_SAME ? WHOLE : 0;
    while (low < high) {
        int     middle = low + (high - low) / 2;
        int64_t promised = 0;
        for (int i = 0; i < l->count; i++)
            promised += l->at[i].said ? share_of_bits(score_of(&l->at[i], w) - middle) : 0;
        if (promised > same)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void expect(const struct learn_pair_list *l, const struct pair_weights *w, int middle, struct sums sums[EV_COUNT])
{
    memset(sums, 0, sizeof *sums * EV_COUNT);
    for (int i = 0; i < l->count; i++) {
        const struct learn_pair *p = &l->at[i];
        int64_t promised = share_of_bits(score_of(p, w) - middle);
        int64_t found    = p->said == LEARN_SAME ? WHOLE : p->said == LEARN_DIFFERENT ? 0 : promised;
        for (int k = 0; k < p->count; k++) {
            struct sums *s = &sums[p->codes[k]];
            s->promised += promised;
            s->found    += found;
            s->pairs    += WHOLE;
            s->said     += p->said != LEARN_NOTHING;
        }
    }
}

static int16_t bounded(int weight, int16_t was)
{
    int least = was - LEARN_MOST, most = was + LEARN_MOST;
    if (was > 0 && least < WEIGHT_LEAST)
        least = was < WEIGHT_LEAST ? was : WEIGHT_LEAST;
    if (was < 0 && most > -WEIGHT_LEAST)
        most = was > -WEIGHT_LEAST ? was : -WEIGHT_LEAST;
    return (int16_t)(weight < least ? least : weight > most ? most : weight);
}

bool weights_learn(const struct learn_pair_list *l, const struct pair_weights *from, struct pair_weights *out)
{
    struct sums sums[EV_COUNT];
    int         said = 0;
    bool        moved = false;
    *out = *from;
    for (int i = 0; i < l->count; i++)
        said += l->at[i].said != LEARN_NOTHING;
    if (said < LEARN_MIN)
        return false;
    for (int round = 0; round < ROUNDS; round++) {
        expect(l, out, middle_find(l, out), sums);
        for (int c = 0; c < EV_COUNT; c++) {
            const struct sums *s = &sums[c];
            if (!learn_is_free((enum evidence_code)c) || s->said < LEARN_CODE || !pair_weights_default.of[c])
                continue;
            int64_t half = PRIOR * WHOLE / 2;
            int     up   = bits_between(s->found + half, s->promised + half);
            int     down = bits_between(s->pairs - s->found + half, s->pairs - s->promised + half);
            out->of[c] = bounded(out->of[c] + (up - down) / 4, pair_weights_default.of[c]);
        }
    }
    for (int c = 0; c < EV_COUNT; c++)
        moved |= out->of[c] != from->of[c];
    return moved;
}
