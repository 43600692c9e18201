/* Phones and e-mails that strangers hold together: their values are sorted, and the different names of each are counted. */
#include <stdlib.h>

#include "identity/cluster.h"

struct holding { uint64_t value; uint32_t record; };

static int by_holding(const void *a, const void *b)
{
    const struct holding *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return x->record < y->record ? -1 : x->record > y->record;
}

/* How many people at least: names that contradict all those before. Looks at few; more than that is shared anyway. */
#define STRANGERS 3
#define LOOK_MAX  24
static bool is_shared(const struct person *p, const struct holding *h, int count)
{
    uint32_t people[STRANGERS];
    int      found = 0;
    for (int i = 0; i < count && i < LOOK_MAX; i++) {
        const struct name *name = &p[h[i].record].name;
        bool               fits = !name->count;
        for (int k = 0; k < found && !fits; k++)
            fits = !name_contradicts(name_compare(name, &p[people[k]].name));
        if (fits)
            continue;
        people[found++] = h[i].record;
        if (found == STRANGERS)
            return true;
    }
    return false;
}

static void mark(struct person *p, struct holding *h, int count, uint32_t as)
{
    qsort(h, (size_t)count, sizeof *h, by_holding);
    for (int i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && h[end].value == h[i].value;)
            end++;
        if (end - i >= STRANGERS && is_shared(p, h + i, end - i))
            for (int k = i; k < end; k++)
                p[h[k].record].marks |= as;
    }
}

void identity_mark_shared(struct arena *a, struct person *p, int count)
{
    struct arena    scratch = { .ceiling_bytes = a->ceiling_bytes };
    struct holding *h       = arena_raw(&scratch, sizeof *h * (size_t)(count * PERSON_PHONES_MAX + 1));
    int             n       = 0;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < PERSON_PHONES_MAX; k++)
            if (p[i].phone[k])
                h[n++] = (struct holding){ p[i].phone[k], (uint32_t)i };
    mark(p, h, n, PERSON_PHONE_SHARED);
    n = 0;
    for (int i = 0; i < count; i++)
        if (p[i].email_loose)
            h[n++] = (struct holding){ p[i].email_loose, (uint32_t)i };
    mark(p, h, n, PERSON_EMAIL_SHARED);
    arena_done(&scratch);
}
