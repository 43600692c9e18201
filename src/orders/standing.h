/* standing.h - how the shop stands with a marketplace: shares against dated limits, and how much more it may afford. Pure.
 *
 * A share counts over a window of days: cancellations by the seller's fault among the orders placed in it, late hand-overs among all
 * hand-overs in it. Limits are data with a date from which they hold; shares are hundredths of a percent, ratings hundredths.
 */
#pragma once
#include "base/id.h"
#include "base/instant.h"
#include "base/list.h"

enum standing_figure { STANDING_RATING, STANDING_OWN_CANCEL, STANDING_LATE_HANDOVER, STANDING_FIGURE_COUNT };
extern const char *const standing_figure_names[];        /* "rating" "own_cancel" "late_handover" */
enum standing_level { STANDING_WARN, STANDING_HARD, STANDING_LEVEL_COUNT };
extern const char *const standing_level_names[];         /* "warn" "hard" */
enum standing_state { STANDING_UNKNOWN, STANDING_OK, STANDING_NEAR, STANDING_OVER, STANDING_STATE_COUNT };
extern const char *const standing_state_names[];         /* "unknown" "ok" "near" "over" */

struct standing_limit {
    rid     id;
    str     channel;
    enum standing_figure figure;
    enum standing_level  level;
    int64_t value, days;
    instant valid_from;
    bool    sure;
    str     source;
};
LIST(standing_limit)
/* The newest that holds at `at`; NULL: none. */
const struct standing_limit *standing_limit_find(const struct standing_limit_list *, str channel, enum standing_figure, enum standing_level, instant at);

/* bad of all in hundredths of a percent, half away from zero; -1 of nothing. */
int64_t standing_share(int64_t bad, int64_t all);
/* How many more until the limit is passed: the smallest k with (bad + k) / (all + k) > limit. 0: it is passed; -1: it never will be. */
int64_t standing_until(int64_t bad, int64_t all, int64_t limit_bp);

struct standing_day { int64_t day, all, bad; };
LIST(standing_day)
struct standing_sum { int64_t bad, all; };
/* The `days` days that end with `last`. */
struct standing_sum standing_window(const struct standing_day_list *, int64_t last, int64_t days);
/* How often the share has passed the limit within the `span` days that end with `last`: days over it that follow a day that is not. */
int standing_breaches(const struct standing_day_list *, int64_t last, int64_t span, const struct standing_limit *);
/* The place of an account's orders among those due at the same moment, 0 to 7: the nearer to a limit the earlier. `until`: how many more
 * it may afford; -1: no limit, or never. */
int standing_weight(enum standing_state, int64_t until);
/* Shares: over the hard limit, over the warning (or over half of the hard one, where there is none), else fine. Ratings the other way. */
enum standing_state standing_state_of(enum standing_figure, int64_t value, const struct standing_limit *warn, const struct standing_limit *hard);
