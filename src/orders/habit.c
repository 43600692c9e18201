#include "orders/habit.h"

#include <stdlib.h>

#define ORDERS_FOR_INTERVAL 3           /* with fewer there is no rhythm to speak of */
#define GAPS_MAX            6

const char *const segment_names[] = {
    [SEGMENT_NONE] = "none", [SEGMENT_LOST] = "lost", [SEGMENT_VIP] = "vip", [SEGMENT_NEW] = "new", [SEGMENT_LOYAL] = "loyal",
    [SEGMENT_DEVELOPING] = "developing", [SEGMENT_CHURNING] = "churning", [SEGMENT_SLEEPING] = "sleeping", [SEGMENT_COUNT] = NULL,
};
_Static_assert(COUNT_OF(segment_names) == SEGMENT_COUNT + 1, "a name per segment");

static int by_length(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* The middle one of the last gaps: one long summer does not move it. */
static int64_t median_gap(const struct bought_on *b, int count)
{
    int64_t gaps[GAPS_MAX];
    int     n = 0;
    if (count < ORDERS_FOR_INTERVAL)
        return 0;
    for (; n < GAPS_MAX && n + 1 < count; n++)
        gaps[n] = b[n].at.ms - b[n + 1].at.ms;
    qsort(gaps, (size_t)n, sizeof *gaps, by_length);
    return (gaps[(n - 1) / 2] + gaps[n / 2]) / 2;
}

struct habit habit_of(const struct bought_on *b, int count, const struct zone *zone, instant now)
{
    struct habit h = { .ever = count, .days = -1 };
    if (!count)
        return h;
    int64_t today = zone_day(zone, now), last = zone_day(zone, b[0].at);
    h.last = b[0].at;
    h.days = today > last ? today - last : 0;
    for (int i = 0; i < count; i++) {
        int64_t day = zone_day(zone, b[i].at);
        if (day > today - HABIT_DAYS) {
            h.orders++;
            h.money.minor += b[i].net.minor;
        }
        if (day > last - HABIT_DAYS) {
            h.orders_prev++;
            h.money_prev.minor += b[i].net.minor;
        }
    }
    h.interval_ms = median_gap(b, count);
    if (h.interval_ms > 0)
        h.next_expected = instant_add(h.last, h.interval_ms);
    return h;
}

bool habit_is_overdue(const struct habit *h, instant now) { return h->interval_ms > 0 && (now.ms - h->last.ms) * 2 >= h->interval_ms * 3; }

/* How many of the four bounds a value has reached, and one: 1 to 5. */
static int score(int64_t value, const int64_t bounds[4])
{
    int s = 1;
    for (int i = 0; i < 4; i++)
        s += value >= bounds[i];
    return s;
}

static const int64_t orders_bounds[4] = { 2, 3, 6, 12 };
static const int64_t tenge_bounds[4]  = { 1000000, 2500000, 5000000, 15000000 };

static int recency(int64_t days) { return days <= 30 ? 5 : days <= 60 ? 4 : days <= 90 ? 3 : days <= 180 ? 2 : 1; }

static enum segment segment_of(const struct habit *h, const struct rfm *r)
{
    if (h->days > HABIT_DAYS)
        return SEGMENT_LOST;
    if (h->days <= 60 && h->orders >= 6 && r->money >= 4)
        return SEGMENT_VIP;
    if (h->ever == 1 && h->days <= 60)
        return SEGMENT_NEW;
    if (h->days <= 90 && h->orders >= 3)
        return SEGMENT_LOYAL;
    if (h->ever >= 2 && h->days <= 90)
        return SEGMENT_DEVELOPING;
    if (h->orders_prev >= 3 && score(h->money_prev.minor, tenge_bounds) >= 4)
        return SEGMENT_CHURNING;
    return SEGMENT_SLEEPING;
}

bool habit_rfm(const struct habit *h, str currency, struct rfm *out)
{
    *out = (struct rfm){ .segment = SEGMENT_NONE };
    if (h->days < 0 || !str_is(currency, "KZT"))
        return false;
    *out = (struct rfm){ .recency = recency(h->days), .frequency = score(h->orders, orders_bounds), .money = score(h->money.minor, tenge_bounds) };
    out->segment = segment_of(h, out);
    return true;
}
