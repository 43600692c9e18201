/* Weights of what differs, learnt from records that surely are one person. log2 of the share among them is the weight: two
 * strangers nearly always differ, so the other half of the ratio is one. */
#include "identity/cluster.h"
#include "identity/holding.h"
#include "identity/learn.h"
#include "identity/sound.h"

#define ENOUGH     100                  /* fewer pairs teach nothing */
#define LOOK_MAX   8                    /* neighbours looked at in one group */
#define WEIGHT_MIN (-600)
#define STRICTER_MAX 200
#define SOURCE_MIN   (-500)

struct seen {
    int64_t phone[2], email[2], city[2], street[2];     /* [0] the same, [1] different */
    int64_t source[2];
};

/* log2(part / whole) x 100, not above 0; by halving, so that it is the same on every machine. */
static int log_share(int64_t part, int64_t whole)
{
    int64_t scaled = (part + 1) * 65536 / (whole + 2);
    int     bits   = 0;
    if (scaled < 1)
        return WEIGHT_MIN;
    while (scaled < 65536 && bits < 12) {
        scaled *= 2;
        bits++;
    }
    return -100 * bits + (int)((scaled - 65536) * 100 / 65536);
}

static void pair_see(const struct person *a, const struct person *b, bool by_phone, struct seen *s)
{
    if (name_compare(&a->name, &b->name) > NAME_INITIALS)
        return;
    if (by_phone && a->email && b->email)
        s->email[a->email_loose != b->email_loose]++;
    if (!by_phone && a->phone[0] && b->phone[0])
        s->phone[a->phone[0] != b->phone[0]]++;
    if (a->source && b->source)
        s->source[a->source != b->source]++;
    enum address_match m = address_compare(&a->address, &b->address);
    if (m != ADDRESS_UNKNOWN)
        s->city[m == ADDRESS_OTHER_CITY]++;
    if (m == ADDRESS_FLAT || m == ADDRESS_HOUSE || m == ADDRESS_STREET || m == ADDRESS_ELSEWHERE)
        s->street[m == ADDRESS_ELSEWHERE]++;
}

static void groups_see(const struct person *p, struct holdings *h, bool by_phone, struct seen *s)
{
    uint32_t shared = by_phone ? PERSON_PHONE_SHARED : PERSON_EMAIL_SHARED;
    for (int i = 0, end; i < h->count; i = end) {
        end = holdings_end(h, i);
        holdings_settle(h, i, end, p);
        for (int k = i; k + 1 < end && k < i + LOOK_MAX; k++)
            if (!(p[h->at[k].record].marks & shared))
                pair_see(&p[h->at[k].record], &p[h->at[k + 1].record], by_phone, s);
    }
}

/* Where there are too few e-mails: one full name in one flat is one person as well. */
static void flats_see(const struct person *p, struct holdings *h, struct seen *s)
{
    for (int i = 0, end; i < h->count; i = end) {
        end = holdings_end(h, i);
        holdings_settle(h, i, end, p);
        for (int k = i; k + 1 < end && k < i + LOOK_MAX; k++) {
            const struct person *a = &p[h->at[k].record], *b = &p[h->at[k + 1].record];
            if (a->phone[0] && b->phone[0] && name_compare(&a->name, &b->name) <= NAME_SAME_SHORT &&
                address_compare(&a->address, &b->address) == ADDRESS_FLAT)
                s->phone[a->phone[0] != b->phone[0]]++;
        }
    }
}

static void learn(const int64_t seen[2], int16_t *weight, int least, int most)
{
    if (seen[0] + seen[1] < ENOUGH)
        return;
    int w = log_share(seen[1], seen[0] + seen[1]);
    *weight = (int16_t)(w < least ? least : w > most ? most : w);
}

/* Where every source knows a person once, two records of one source are two people: as much as strangers more often share a
 * source than the records of one person do. */
static void source_learn(const struct holdings *sources, const struct seen *s, struct pair_weights *io)
{
    int64_t same = 0, pairs = (int64_t)sources->count * (sources->count - 1);
    for (int i = 0, end; i < sources->count; i = end) {
        end   = holdings_end(sources, i);
        same += (int64_t)(end - i) * (end - i - 1);
    }
    if (s->source[0] + s->source[1] < ENOUGH || same < ENOUGH)
        return;
    while (pairs > INT32_MAX) {
        pairs /= 2;
        same  /= 2;
    }
    int w = log_share(s->source[0], s->source[0] + s->source[1]) - log_share(same, pairs);
    io->of[EV_SOURCE_SAME] = (int16_t)(w < SOURCE_MIN ? SOURCE_MIN : w > -50 ? 0 : w);
}

/* ---- namesakes ---- */

/* How often are two records of one full name and one city one person? Given names, surnames and cities go together, so that the
 * product of their frequencies promises too much or too little; pairs of which both e-mails are known tell the truth. */
#define BINS      24
#define BIN_WIDTH 100
#define GROUP_MAX 60
#define ALONE_SURE    100               /* a name alone must be twice as likely right as wrong: it glues whole clusters */
#define ALONE_DIFFERS 200               /* and says less where a contact differs, beyond what the difference weighs by itself */
struct namesakes { int64_t same[BINS], all[BINS]; };

static struct holdings holdings_of_namesakes(struct arena *a, const struct person *p, int count)
{
    struct holdings h = { .at = arena_raw(a, sizeof *h.at * (size_t)(count + 1)) };
    for (int i = 0; i < count; i++) {
        uint64_t surname = name_rare_key(&p[i].name), given = name_given_key(&p[i].name);
        if (surname && given && p[i].address.city && p[i].email_loose)
            h.at[h.count++] = (struct holding){ hash_mix(surname + hash_mix(given + p[i].address.city)), (uint32_t)i, 0 };
    }
    holdings_sort(a, &h);
    return h;
}

static int smaller(int a, int b) { return a < b ? a : b; }

static void namesakes_see(const struct person *p, struct holdings *h, const struct pair_weights *w, const struct name_counts *counts,
                          struct namesakes *n)
{
    for (int i = 0, end; i < h->count; i = end) {
        end = holdings_end(h, i);
        int members = end - i < GROUP_MAX ? end - i : GROUP_MAX;
        holdings_settle(h, i, end, p);
        if (members < 2)
            continue;
        for (int x = i; x < i + members; x++) {
            struct rarity r = rarity_of(&p[h->at[x].record], w, counts);
            for (int y = x + 1; y < i + members; y++) {
                const struct person *a = &p[h->at[x].record], *b = &p[h->at[y].record];
                struct rarity        q = rarity_of(b, w, counts);
                if (a->marks & b->marks & PERSON_EMAIL_SHARED || name_compare(&a->name, &b->name) > NAME_SAME_SHORT)
                    continue;
                int bits = smaller(r.surname, q.surname) + smaller(r.given, q.given) + smaller(r.city, q.city) - r.people;
                int bin  = bits / BIN_WIDTH + BINS / 2;
                bin = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
                n->all[bin]++;
                n->same[bin] += a->email_loose == b->email_loose;
            }
        }
    }
}

/* What is to be added to the bits so that as many pairs are promised as there are. False: too few to tell. */
static bool namesakes_shift(const struct namesakes *n, const int64_t email_seen[2], int *shift)
{
    int64_t same = 0, all = 0;
    for (int b = 0; b < BINS; b++) {
        same += n->same[b];
        all  += n->all[b];
    }
    if (all < ENOUGH || email_seen[0] < ENOUGH)
        return false;
    same = same * (email_seen[0] + email_seen[1]) / email_seen[0];      /* some of one person write from two boxes */
    for (int s = -1000; s <= 1000; s += 10) {
        int64_t promised = 0;
        for (int b = 0; b < BINS; b++)
            promised += n->all[b] * share_of_bits((b - BINS / 2) * BIN_WIDTH + BIN_WIDTH / 2 + s);
        if (promised / 1024 >= same) {
            *shift = s;
            return true;
        }
    }
    *shift = 1000;
    return true;
}

void identity_estimate(struct arena *a, const struct person *p, int count, const struct name_counts *counts, struct pair_weights *io,
                       struct limits *limits)
{
    struct arena    scratch = { .ceiling_bytes = a->ceiling_bytes };
    struct seen     seen    = { .phone = { 0 } };
    struct holdings phones  = holdings_of_phones(&scratch, p, count), emails = holdings_of_emails(&scratch, p, count);

    groups_see(p, &phones, true, &seen);
    groups_see(p, &emails, false, &seen);
    if (seen.phone[0] + seen.phone[1] < ENOUGH) {
        struct holdings flats = holdings_of_flats(&scratch, p, count);
        flats_see(p, &flats, &seen);
    }
    learn(seen.phone, &io->of[EV_PHONE_DIFFERENT], -600, -100);
    learn(seen.email, &io->of[EV_EMAIL_DIFFERENT], -250, -30);
    learn(seen.city, &io->of[EV_ADDRESS_OTHER_CITY], -500, -100);
    learn(seen.street, &io->of[EV_ADDRESS_ELSEWHERE], -400, -60);
    struct holdings sources = holdings_of_sources(&scratch, p, count);
    source_learn(&sources, &seen, io);
    /* Where phones hardly ever change, nearly every pair of one person agrees in a key, and a weak pair is chance. */
    int stricter = (-200 - io->of[EV_PHONE_DIFFERENT]) / 2;
    limits->automatic += stricter < 0 ? 0 : stricter > STRICTER_MAX ? STRICTER_MAX : stricter;
    struct namesakes namesakes = { .all = { 0 } };
    struct holdings  named     = holdings_of_namesakes(&scratch, p, count);
    int              shift;
    if (counts)
        namesakes_see(p, &named, io, counts, &namesakes);
    if (counts && namesakes_shift(&namesakes, seen.email, &shift)) {
        int alone = limits->automatic - io->of[EV_NAME_SAME] + shift - ALONE_SURE - (stricter > 0 ? 3 * stricter / 2 : 0);
        io->of[EV_NAME_ALONE]         = (int16_t)alone;
        io->of[EV_NAME_ALONE_DIFFERS] = (int16_t)(alone - ALONE_DIFFERS);
    }
    arena_done(&scratch);
}
