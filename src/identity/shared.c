/* Phones and e-mails by holder: which of them strangers hold together, and what holders of one value differ in otherwise. */
#include <stdlib.h>

#include "identity/cluster.h"
#include "identity/holding.h"

/* ---- sorted holders ---- */

#define DIGIT_BITS 11
void holdings_sort(struct arena *a, struct holdings *h)
{
    struct holding *other = arena_raw(a, sizeof *other * (size_t)(h->count + 1)), *at = h->at;
    for (int shift = 0; shift < 64; shift += DIGIT_BITS) {
        int starts[1 << DIGIT_BITS] = { 0 };
        for (int i = 0; i < h->count; i++)
            starts[at[i].value >> shift & ((1 << DIGIT_BITS) - 1)]++;
        if (starts[0] == h->count)
            continue;
        for (int d = 0, sum = 0; d < COUNT_OF(starts); d++) {
            int n = starts[d];
            starts[d] = sum;
            sum += n;
        }
        for (int i = 0; i < h->count; i++)
            other[starts[at[i].value >> shift & ((1 << DIGIT_BITS) - 1)]++] = at[i];
        struct holding *swap = at;
        at    = other;
        other = swap;
    }
    h->at = at;
}

struct holdings holdings_of_phones(struct arena *a, const struct person *p, int count)
{
    struct holdings h = { .at = arena_raw(a, sizeof *h.at * (size_t)(count * PERSON_PHONES_MAX + 1)) };
    for (int i = 0; i < count; i++)
        for (int k = 0; k < PERSON_PHONES_MAX; k++)
            if (p[i].phone[k])
                h.at[h.count++] = (struct holding){ p[i].phone[k], (uint32_t)i, 0 };
    holdings_sort(a, &h);
    return h;
}

struct holdings holdings_of_emails(struct arena *a, const struct person *p, int count)
{
    struct holdings h = { .at = arena_raw(a, sizeof *h.at * (size_t)(count + 1)) };
    for (int i = 0; i < count; i++)
        if (p[i].email_loose)
            h.at[h.count++] = (struct holding){ p[i].email_loose, (uint32_t)i, 0 };
    holdings_sort(a, &h);
    return h;
}

struct holdings holdings_of_sources(struct arena *a, const struct person *p, int count)
{
    struct holdings h = { .at = arena_raw(a, sizeof *h.at * (size_t)(count + 1)) };
    for (int i = 0; i < count; i++)
        if (p[i].source)
            h.at[h.count++] = (struct holding){ p[i].source, (uint32_t)i, 0 };
    holdings_sort(a, &h);
    return h;
}

struct holdings holdings_of_flats(struct arena *a, const struct person *p, int count)
{
    struct holdings h = { .at = arena_raw(a, sizeof *h.at * (size_t)(count + 1)) };
    for (int i = 0; i < count; i++)
        if (p[i].address.flat && p[i].address.house)
            h.at[h.count++] = (struct holding){ person_house_key(&p[i]) + p[i].address.flat, (uint32_t)i, 0 };
    holdings_sort(a, &h);
    return h;
}

static int by_id(const void *a, const void *b, void *ctx)
{
    const struct person *p = ctx, *x = &p[((const struct holding *)a)->record], *y = &p[((const struct holding *)b)->record];
    return x->id < y->id ? -1 : x->id > y->id;
}

#define SETTLE_FEW 12                   /* most groups are of two or three */
void holdings_settle(struct holdings *h, int from, int end, const struct person *p)
{
    struct holding *at = h->at + from;
    int             n  = end - from;
    for (int i = 1; n <= SETTLE_FEW && i < n; i++) {
        struct holding one = at[i];
        int            j   = i;
        for (; j > 0 && p[at[j - 1].record].id > p[one.record].id; j--)
            at[j] = at[j - 1];
        at[j] = one;
    }
    if (n > SETTLE_FEW)
        qsort_r(h->at + from, (size_t)(end - from), sizeof *h->at, by_id, (void *)(uintptr_t)p);
}

int holdings_end(const struct holdings *h, int i)
{
    int end = i + 1;
    while (end < h->count && h->at[end].value == h->at[i].value)
        end++;
    return end;
}

/* ---- strangers ---- */

/* How many people at least: names that contradict all those before. Looks at few; more than that is a hub anyway. */
#define STRANGERS 3
#define HUB       6                     /* no family: a marketplace's number, a shop's, a filler */
#define LOOK_MAX  40
static int strangers(const struct person *p, const struct holding *h, int count)
{
    uint32_t people[HUB];
    int      found = 0;
    for (int i = 0; i < count && i < LOOK_MAX && found < HUB; i++) {
        const struct name *name = &p[h[i].record].name;
        bool               fits = !name->count;
        for (int k = 0; k < found && !fits; k++)
            fits = !name_contradicts(name_compare(name, &p[people[k]].name));
        if (!fits)
            people[found++] = h[i].record;
    }
    return found;
}

static void phone_drop(struct person *p, uint64_t value)
{
    if (p->phone[0] == value)
        p->phone[0] = p->phone[1];
    p->phone[1] = 0;
    p->marks |= PERSON_PHONE_STOPPED;
}

static void mark(struct person *p, struct holdings *h, uint32_t as)
{
    for (int i = 0, end; i < h->count; i = end) {
        end = holdings_end(h, i);
        int n = 0;
        if (end - i >= STRANGERS) {
            holdings_settle(h, i, end, p);
            n = strangers(p, h->at + i, end - i);
        }
        for (int k = i; n >= STRANGERS && k < end; k++) {
            struct person *one = &p[h->at[k].record];
            if (n < HUB)
                one->marks |= as;
            else if (as == PERSON_PHONE_SHARED)
                phone_drop(one, h->at[k].value);
            else
                one->email = one->email_loose = one->mailbox = 0, one->marks |= PERSON_EMAIL_RELAY;
        }
    }
}

void identity_mark_shared(struct arena *a, struct person *p, int count)
{
    struct arena    scratch = { .ceiling_bytes = a->ceiling_bytes };
    struct holdings phones  = holdings_of_phones(&scratch, p, count);
    mark(p, &phones, PERSON_PHONE_SHARED);
    struct holdings emails = holdings_of_emails(&scratch, p, count);
    mark(p, &emails, PERSON_EMAIL_SHARED);
    arena_done(&scratch);
}
