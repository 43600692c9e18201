/* habit.h - how a person buys: how long ago, how often, for how much, and when the next time may be. Handbook §8, its fixed mode.
 *
 * Orders that count are those that are neither cancelled nor wholly returned, money is net of what was given back, and days are those
 * of the shop. What is not known is not said: no rhythm with fewer than three orders, no scores where the table has no sums for the
 * currency. Pure.
 *
 *     struct habit h = habit_of(bought, count, zone, now);     // `bought`: newest first
 *     if (h.interval_ms) …                                    // the median of the last six gaps
 *     struct rfm r; if (habit_rfm(&h, STR("KZT"), &r)) …      // r.recency 5, r.frequency 4, r.money 4, r.segment SEGMENT_VIP
 */
#pragma once
#include "base/amount.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/list.h"
#include "base/zone.h"

struct bought_on { rid customer_id; instant at; amount net; };      /* one order; net: of its customer's currency, else 0 */
LIST(bought_on)

struct habit {
    int64_t ever;                       /* orders that count in all of life, as far as they were looked at: seven or more */
    int64_t days;                       /* since the last of them; -1: none */
    int64_t orders, orders_prev;        /* in the last 365 days; in the 365 days that end with the last order */
    amount  money, money_prev;          /* the same */
    int64_t interval_ms;                /* 0: fewer than three orders */
    instant last, next_expected;        /* not set: unknown */
};
/* What the list needs of a customer: orders of the 365 days before the last one and before now, and at least the newest seven. */
#define HABIT_ORDERS_MIN 7
#define HABIT_DAYS       365
struct habit habit_of(const struct bought_on *newest_first, int count, const struct zone *, instant now);
/* Half as long again as usual since the last order. */
bool habit_is_overdue(const struct habit *, instant now);

enum segment { SEGMENT_NONE, SEGMENT_LOST, SEGMENT_VIP, SEGMENT_NEW, SEGMENT_LOYAL, SEGMENT_DEVELOPING, SEGMENT_CHURNING, SEGMENT_SLEEPING, SEGMENT_COUNT };
extern const char *const segment_names[SEGMENT_COUNT + 1];
struct rfm { int recency, frequency, money; enum segment segment; };
/* False: there is no table for the currency, or nothing was ever bought. */
bool habit_rfm(const struct habit *, str currency, struct rfm *out);
