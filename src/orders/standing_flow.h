/* standing_flow.h - the standing with each market as of now, and what people tell of it. */
#pragma once
#include "orders/standing_store.h"

#define STANDING_POINTS 30              /* days of the small chart */

struct standing_line {
    enum standing_figure figure;
    enum standing_state  state;
    const struct standing_limit *warn, *hard;                /* NULL: none is known */
    int64_t days;                       /* of the window */
    int64_t value, week_ago;            /* share or rating; -1: not known */
    struct standing_sum sum;
    int64_t until_warn, until_hard;     /* how many more; -1: no limit, or never */
    int     breaches;                   /* of the hard limit in 90 days */
    instant told_at;                    /* a rating */
    str     told_by;
    int64_t points[STANDING_POINTS];    /* the last days, -1: nothing */
};
struct standing_of { struct standing_account account; struct standing_line lines[STANDING_FIGURE_COUNT]; };
LIST(standing_of)
/* Of the accounts of the scope (count 0: all). */
MUST_CHECK bool standing_now(const struct work *, const struct queue_scope *, struct standing_of_list *, struct err *);
/* The first moment of the window that a line counts. */
instant standing_from(const struct work *, int64_t days);

/* Keeps the place of each account's orders among equals as near to the front as the account is to a limit. *changed: some account has
 * another now, so the shop's rules are to be read again, after which the orders are to be put in their places. */
MUST_CHECK bool standing_weigh(const struct work *, bool *changed, struct err *);
MUST_CHECK bool standing_reweigh(const struct work *, struct err *);

/* What people enter: a rating as the market shows it, a limit from a day on. With a row in the log of changes. */
MUST_CHECK bool standing_tell_rating(const struct work *, rid account_id, int64_t rating, struct err *);
MUST_CHECK bool standing_set_limit(const struct work *, struct standing_limit *, struct err *);
