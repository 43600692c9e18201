#include "orders/standing_flow.h"

#include "accounts/audit.h"
#include "base/json_write.h"
#include "deadlines/shop.h"
#include "deadlines/shop_store.h"
#include "orders/order_store.h"
#include "orders/totals_store.h"

#define LONGEST_DAYS   90               /* of a window */
#define BREACHES_DAYS  90
#define DEFAULT_DAYS   30
#define PLACED_AT_ONCE 200                               /* each has many indexes, and whoever else writes waits */

instant standing_from(const struct work *w, int64_t days)
{
    return zone_instant(w->shop->zone, zone_day(w->shop->zone, w->now) - days + 1, 0);
}

struct counting {
    const struct work          *w;
    int64_t                     today;
    struct standing_limit_list  limits;
    struct standing_rating_list ratings;
    struct day_row_list         days;
};

static void day_add(struct standing_day_list *list, struct arena *a, int64_t day, int64_t all, int64_t bad)
{
    for (int i = list->count - 1; i >= 0; i--)
        if (list->at[i].day == day) {
            list->at[i].all += all;
            list->at[i].bad += bad;
            return;
        }
    *standing_day_list_add(list, a) = (struct standing_day){ day, all, bad };
}

static void own_days(const struct counting *c, rid account, struct standing_day_list *out)
{
    struct arena *a = c->w->arena;
    for (int i = 0; i < c->days.count; i++) {
        const struct day_row *d = &c->days.at[i];
        if (!id_eq(d->account_id, account))
            continue;
        if (str_is(d->figure, "orders"))
            day_add(out, a, d->day, d->n, 0);
        else if (str_is(d->figure, "own_cancel"))
            day_add(out, a, d->day, 0, d->n);
    }
}

static void handed_days(const struct counting *c, rid account, struct standing_day_list *out)
{
    for (int i = 0; i < c->days.count; i++) {
        const struct day_row *d = &c->days.at[i];
        if (id_eq(d->account_id, account) && str_is(d->figure, "handed"))
            day_add(out, c->w->arena, d->day, d->n, d->total);
    }
}

static void share_line(const struct counting *c, const struct standing_day_list *days, struct standing_line *l)
{
    const struct standing_limit *first = l->hard ? l->hard : l->warn;
    l->days       = first ? first->days : DEFAULT_DAYS;
    l->sum        = standing_window(days, c->today, l->days);
    l->value      = standing_share(l->sum.bad, l->sum.all);
    l->until_warn = l->warn ? standing_until(l->sum.bad, l->sum.all, l->warn->value) : -1;
    l->until_hard = l->hard ? standing_until(l->sum.bad, l->sum.all, l->hard->value) : -1;
    l->breaches   = l->hard ? standing_breaches(days, c->today, BREACHES_DAYS, l->hard) : 0;
    struct standing_sum before = standing_window(days, c->today - 7, l->days);
    l->week_ago = standing_share(before.bad, before.all);
    for (int i = 0; i < STANDING_POINTS; i++) {
        struct standing_sum s = standing_window(days, c->today - STANDING_POINTS + 1 + i, l->days);
        l->points[i] = standing_share(s.bad, s.all);
    }
}

/* Ratings come the newest first; each holds until the next. */
static int64_t rating_at(const struct counting *c, rid account, instant at)
{
    for (int i = 0; i < c->ratings.count; i++)
        if (id_eq(c->ratings.at[i].account_id, account) && c->ratings.at[i].at.ms <= at.ms)
            return c->ratings.at[i].rating;
    return -1;
}

static void rating_line(const struct counting *c, rid account, struct standing_line *l)
{
    l->days       = l->hard ? l->hard->days : LONGEST_DAYS;
    l->value      = rating_at(c, account, c->w->now);
    l->week_ago   = rating_at(c, account, instant_add(c->w->now, -7 * DAY_MS));
    l->until_warn = l->until_hard = -1;
    for (int i = 0; i < c->ratings.count && !instant_is_set(l->told_at); i++)
        if (id_eq(c->ratings.at[i].account_id, account)) {
            l->told_at = c->ratings.at[i].at;
            l->told_by = c->ratings.at[i].source;
            if (l->value < 0)                               /* told by a clock that has been set back since: it is the newest all the same */
                l->value = c->ratings.at[i].rating;
        }
    for (int i = 0; i < STANDING_POINTS; i++)
        l->points[i] = rating_at(c, account, zone_instant(c->w->shop->zone, c->today - STANDING_POINTS + 2 + i, 0));
}

static void account_lines(const struct counting *c, struct standing_of *s)
{
    struct standing_day_list own = { 0 }, handed = { 0 };
    own_days(c, s->account.id, &own);
    handed_days(c, s->account.id, &handed);
    for (int f = 0; f < STANDING_FIGURE_COUNT; f++) {
        struct standing_line *l = &s->lines[f];
        *l = (struct standing_line){
            .figure = (enum standing_figure)f,
            .warn = standing_limit_find(&c->limits, s->account.channel, (enum standing_figure)f, STANDING_WARN, c->w->now),
            .hard = standing_limit_find(&c->limits, s->account.channel, (enum standing_figure)f, STANDING_HARD, c->w->now),
        };
        if (f == STANDING_RATING)
            rating_line(c, s->account.id, l);
        else
            share_line(c, f == STANDING_OWN_CANCEL ? &own : &handed, l);
        l->state = standing_state_of(l->figure, l->value, l->warn, l->hard);
    }
}

static bool in_scope(const struct queue_scope *s, rid account)
{
    for (int i = 0; i < s->count; i++)
        if (id_eq(s->accounts[i], account))
            return true;
    return s->count == 0;
}

bool standing_now(const struct work *w, const struct queue_scope *scope, struct standing_of_list *out, struct err *err)
{
    struct counting              c    = { .w = w, .today = zone_day(w->shop->zone, w->now) };
    struct standing_account_list list = { 0 };
    if (!standing_accounts(w->db, w->arena, &list, err) || !standing_limits(w->db, w->arena, &c.limits, err) ||
        !standing_ratings(w->db, w->arena, &c.ratings, err) ||
        !days_load(w->db, c.today - BREACHES_DAYS - LONGEST_DAYS, c.today, w->arena, &c.days, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        struct standing_of s = { .account = list.at[i] };
        if (!in_scope(scope, s.account.id) || str_is(s.account.channel, "manual"))
            continue;                                       /* orders entered by hand stand with nobody */
        account_lines(&c, &s);
        *standing_of_list_add(out, w->arena) = s;
    }
    return true;
}

/* ---- who comes first among equals ---- */

static int weight_of(const struct standing_of *s)
{
    int least = QUEUE_WEIGHTS - 1;
    for (int f = 0; f < STANDING_FIGURE_COUNT; f++) {
        const struct standing_line *l = &s->lines[f];
        int weight = standing_weight(l->state, l->hard ? l->until_hard : l->until_warn);
        least = weight < least ? weight : least;
    }
    return least;
}

struct weighing { struct queue_weight_list now; };

static bool weigh_tx(struct db *db, void *ctx, struct err *err)
{
    const struct weighing *k = ctx;
    for (int i = 0; i < k->now.count; i++)
        if (!queue_weight_put(db, &k->now.at[i], err))
            return false;
    return true;
}

bool standing_weigh(const struct work *w, bool *changed, struct err *err)
{
    const struct queue_scope everywhere = { 0 };
    struct standing_of_list  standing   = { 0 };
    struct sla_book          book       = { 0 };
    struct weighing          k          = { 0 };
    if (!standing_now(w, &everywhere, &standing, err) || !queue_weights_load(w->db, w->arena, &book.weights, err))
        return false;
    for (int i = 0; i < standing.count; i++) {
        rid account = standing.at[i].account.id;
        int weight  = weight_of(&standing.at[i]);
        if (weight != sla_queue_weight(&book, account))
            *queue_weight_list_add(&k.now, w->arena) = (struct queue_weight){ account, weight };
    }
    *changed = k.now.count > 0;
    return !*changed || db_tx(w->db, weigh_tx, &k, err);
}

struct placing { const struct queue_weight *q; int64_t from, reached; int n; };

static bool place_tx(struct db *db, void *ctx, struct err *err)
{
    struct placing *p = ctx;
    p->reached = p->from;
    return orders_reweigh(db, p->q->account_id, p->q->weight, &p->reached, PLACED_AT_ONCE, &p->n, err);
}

bool standing_reweigh(const struct work *w, struct err *err)
{
    struct queue_weight_list all = { 0 };
    if (!queue_weights_load(w->db, w->arena, &all, err))
        return false;
    for (int i = 0; i < all.count; i++) {
        struct placing p = { .q = &all.at[i] };
        do {
            if (!db_tx(w->db, place_tx, &p, err))
                return false;
            p.from = p.reached;
        } while (p.n == PLACED_AT_ONCE);
    }
    return true;
}

/* ---- what people tell ---- */

struct telling { const struct work *w; struct standing_rating rating; struct standing_limit *limit; };

static str told(const struct telling *t)
{
    struct buf      b = buf_in(t->w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    if (t->limit) {
        json_text(&j, "channel", t->limit->channel);
        json_text(&j, "figure", str_of(standing_figure_names[t->limit->figure]));
        json_text(&j, "level", str_of(standing_level_names[t->limit->level]));
        json_number(&j, "value", t->limit->value);
        json_number(&j, "days", t->limit->days);
    } else {
        json_number(&j, "rating", t->rating.rating);
    }
    json_end(&j);
    return buf_str(&b);
}

static bool tell_tx(struct db *db, void *ctx, struct err *err)
{
    struct telling *t = ctx;
    return (t->limit ? standing_limit_put(db, t->limit, err) : standing_rating_put(db, &t->rating, err)) &&
           audit_write(db, t->w, t->limit ? STR("standing.limit") : STR("standing.rating"), STR("channel_account"),
                       t->limit ? (rid){ 0 } : t->rating.account_id, (str){ 0 }, told(t), err);
}

bool standing_tell_rating(const struct work *w, rid account_id, int64_t rating, struct err *err)
{
    struct telling t = { .w = w, .rating = { account_id, w->now, rating, STR("person") } };
    return db_tx(w->db, tell_tx, &t, err);
}

bool standing_set_limit(const struct work *w, struct standing_limit *l, struct err *err)
{
    struct telling t = { .w = w, .limit = l };
    l->id = work_id(w);
    return db_tx(w->db, tell_tx, &t, err);
}
