#include "orders/standing.h"

/* clang-format off */
const char *const standing_figure_names[] = {
    [STANDING_RATING] = "rating", [STANDING_OWN_CANCEL] = "own_cancel", [STANDING_LATE_HANDOVER] = "late_handover", NULL
};
const char *const standing_level_names[] = { [STANDING_WARN] = "warn", [STANDING_HARD] = "hard", NULL };
const char *const standing_state_names[] = {
    [STANDING_UNKNOWN] = "unknown", [STANDING_OK] = "ok", [STANDING_NEAR] = "near", [STANDING_OVER] = "over", NULL
};
/* clang-format on */
_Static_assert(COUNT_OF(standing_figure_names) == STANDING_FIGURE_COUNT + 1, "a name per figure");
_Static_assert(COUNT_OF(standing_level_names) == STANDING_LEVEL_COUNT + 1, "a name per level");
_Static_assert(COUNT_OF(standing_state_names) == STANDING_STATE_COUNT + 1, "a name per state");

const struct standing_limit *standing_limit_find(const struct standing_limit_list *list, str channel, enum standing_figure figure,
                                                 enum standing_level level, instant at)
{
    const struct standing_limit *best = NULL;
    for (int i = 0; i < list->count; i++) {
        const struct standing_limit *l = &list->at[i];
        if (l->figure == figure && l->level == level && str_eq(l->channel, channel) && l->valid_from.ms <= at.ms &&
            (!best || l->valid_from.ms > best->valid_from.ms))
            best = l;
    }
    return best;
}

int64_t standing_share(int64_t bad, int64_t all)
{
    return all > 0 ? (bad * 10000 + all / 2) / all : -1;
}

int64_t standing_until(int64_t bad, int64_t all, int64_t limit_bp)
{
    if (limit_bp >= 10000)
        return -1;
    int64_t room = limit_bp * all - 10000 * bad;
    return room < 0 ? 0 : room / (10000 - limit_bp) + 1;
}

struct standing_sum standing_window(const struct standing_day_list *list, int64_t last, int64_t days)
{
    struct standing_sum sum = { 0 };
    for (int i = 0; i < list->count; i++)
        if (list->at[i].day <= last && list->at[i].day > last - days) {
            sum.bad += list->at[i].bad;
            sum.all += list->at[i].all;
        }
    return sum;
}

static bool is_over(const struct standing_day_list *list, int64_t day, const struct standing_limit *l)
{
    struct standing_sum s = standing_window(list, day, l->days);
    return s.all > 0 && s.bad * 10000 > l->value * s.all;
}

int standing_breaches(const struct standing_day_list *list, int64_t last, int64_t span, const struct standing_limit *l)
{
    int  n      = 0;
    bool before = is_over(list, last - span, l);
    for (int64_t day = last - span + 1; day <= last; day++) {
        bool over = is_over(list, day, l);
        n += over && !before;
        before = over;
    }
    return n;
}

enum standing_state standing_state_of(enum standing_figure figure, int64_t value, const struct standing_limit *warn,
                                      const struct standing_limit *hard)
{
    if (value < 0 || (!warn && !hard))
        return STANDING_UNKNOWN;
    if (figure == STANDING_RATING) {
        if (hard && value < hard->value)
            return STANDING_OVER;
        return value < (warn ? warn->value : hard->value + 20) ? STANDING_NEAR : STANDING_OK;
    }
    if (hard && value > hard->value)
        return STANDING_OVER;
    return warn ? (value > warn->value ? STANDING_NEAR : STANDING_OK) : value * 2 > hard->value ? STANDING_NEAR : STANDING_OK;
}

int standing_weight(enum standing_state state, int64_t until)
{
    static const int64_t room[] = { 0, 1, 3, 9, 29, 99 };
    int weight = state == STANDING_OVER ? 0 : state == STANDING_NEAR ? 3 : state == STANDING_OK ? COUNT_OF(room) : COUNT_OF(room) + 1;
    for (int i = 0; state != STANDING_UNKNOWN && until >= 0 && i < weight; i++)
        if (until <= room[i])
            return i;
    return weight;
}
