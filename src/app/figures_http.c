/* How the day, the week or the month goes: six figures against a named base, by day and by channel.
 *
 * Everything is read from the totals that are kept by the day an order was placed on (orders/totals_store.h). Of the base only the
 * part of its last day until the same time of day counts, or a morning would be compared with a whole day; that part is counted
 * along the index of one day. Sums of different currencies are never added: figures are in the shop's, others stand apart. */
#include "app/overview_http.h"

#include "deadlines/shop.h"
#include "orders/queue_http.h"
#include "orders/totals_store.h"
#include "sync/channels_http.h"

struct figures {
    struct request      *rq;
    struct arena        *a;
    struct queue_scope   scope;
    bool                 prices;
    int                  period;        /* days: 1, 7 or 30 */
    int64_t              today, first, base_first, base_last;
    struct day_row_list  days;          /* from the first day that is needed until today */
    struct day_row_list  part;          /* of the base's last day, until the same time of day */
    struct account_facts facts;
};

struct sums {
    int64_t orders, cancelled, confirmed, confirm_ms;
    int64_t total;                      /* of those not cancelled, in the asked currency */
    int64_t priced;                     /* how many those are */
};

static bool in_scope(const struct figures *f, rid account)
{
    for (int i = 0; i < f->scope.count; i++)
        if (id_eq(f->scope.accounts[i], account))
            return true;
    return f->scope.count == 0;
}

/* `currency` empty: the shop's for the sums, any for the counts. */
static void add(struct sums *s, const struct figures *f, const struct day_row *d, rid account, str currency)
{
    if (!in_scope(f, d->account_id) || (id_is_set(account) && !id_eq(account, d->account_id)))
        return;
    bool counts = !currency.len || !d->currency.len || str_eq(d->currency, currency);
    bool pays   = str_eq(d->currency, currency.len ? currency : f->rq->work.shop->currency);
    if (str_is(d->figure, "orders")) {
        s->orders += counts ? d->n : 0;
        s->total += pays ? d->total : 0;
        s->priced += pays ? d->n : 0;
    } else if (str_is(d->figure, "cancelled")) {
        s->cancelled += counts ? d->n : 0;
        s->total -= pays ? d->total : 0;
        s->priced -= pays ? d->n : 0;
    } else if (str_is(d->figure, "confirm_ms")) {
        s->confirmed += d->n;
        s->confirm_ms += d->total;
    }
}

static struct sums between(const struct figures *f, int64_t first, int64_t last, rid account, str currency)
{
    struct sums s = { 0 };
    for (int i = 0; i < f->days.count; i++)
        if (f->days.at[i].day >= first && f->days.at[i].day <= last)
            add(&s, f, &f->days.at[i], account, currency);
    return s;
}

static struct sums of_base(const struct figures *f)
{
    struct sums s = between(f, f->base_first, f->base_last - 1, (rid){ 0 }, STR(""));
    for (int i = 0; i < f->part.count; i++)
        add(&s, f, &f->part.at[i], (rid){ 0 }, STR(""));
    return s;
}

static bool period_read(const struct request *rq, int *out, struct err *err)
{
    str rest = rq->query, pair;
    *out     = 1;
    while (rest.len && str_split(&rest, '&', &pair)) {
        if (str_is(pair, "period=1") || str_is(pair, "period=7"))
            *out = pair.at[pair.len - 1] - '0';
        else if (str_is(pair, "period=30"))
            *out = 30;
        else if (pair.len)
            return err_set(err, ERR_QUERY_INVALID, "period", "must be 1, 7 or 30");
    }
    return true;
}

static bool load(struct figures *f, struct err *err)
{
    const struct shop *shop  = f->rq->work.shop;
    instant            now   = f->rq->work.now;
    int                shift = f->period == 1 ? 7 : f->period;      /* a day stands beside the same weekday */
    struct civil       time  = zone_civil(shop->zone, now);

    f->today      = zone_day(shop->zone, now);
    f->first      = f->today - f->period + 1;
    f->base_first = f->first - shift;
    f->base_last  = f->today - shift;
    instant from  = zone_instant(shop->zone, f->base_last, 0);
    instant until = zone_instant(shop->zone, f->base_last, (time.hour * 60 + time.minute) * 60 + time.second);
    return days_load(f->rq->work.db, f->base_first, f->today, f->a, &f->days, err) &&
           placed_count(f->rq->work.db, from, until, f->a, &f->part, err) && account_facts_load(f->rq, &f->facts, err);
}

/* ---- writing ---- */

/* The list that has exactly what was counted. */
static void query_write(struct json_out *j, const struct figures *f, int64_t first, int64_t last, const char *statuses, rid account)
{
    const struct zone *zone = f->rq->work.shop->zone;
    str from = instant_text(f->a, zone_instant(zone, first, 0)), to = instant_text(f->a, zone_instant(zone, last + 1, 0));
    str who  = id_is_set(account) ? str_print(f->a, "&account_id=%lld", (long long)account.v) : STR("");
    json_text(j, "query", str_print(f->a, "%s&placed_from=%.*s&placed_to=%.*s%.*s&sort=-placed_at", statuses,
                                    STR_ARG(from), STR_ARG(to), STR_ARG(who)));
}

#define KEPT      "status=new,confirmed,assembling,ready_to_ship,in_delivery,at_pickup,delivered,completed,partly_returned,returning,returned"
#define EVERY     KEPT ",cancelled"
#define CONFIRMED "status=confirmed,assembling,ready_to_ship,in_delivery,at_pickup,delivered,completed,partly_returned,returning,returned"

struct figure {
    const char *key, *unit;             /* "count" "money" "minutes" */
    bool        known, has_base;
    int64_t     value, base;
    const char *statuses, *waits;       /* waits: for what, when there are no data yet */
};

static void value_write(struct json_out *j, const char *key, const struct figure *g, bool known, int64_t value)
{
    if (!known)
        json_null(j, key);
    else if (str_is(str_of(g->unit), "money"))
        json_amount_text(j, key, (amount){ value });
    else
        json_number(j, key, value);
}

static void figure_write(struct json_out *j, const struct figures *f, const struct figure *g)
{
    json_begin(j, NULL, '{');
    json_text(j, "key", str_of(g->key));
    json_text(j, "unit", str_of(g->unit));
    value_write(j, "value", g, g->known, g->value);
    value_write(j, "base", g, g->known && g->has_base, g->base);
    if (g->known && g->has_base && g->base > 0)
        json_number(j, "change_bp", (int64_t)(((__int128)g->value - g->base) * 10000 / g->base));
    else
        json_null(j, "change_bp");
    json_text_or_null(j, "waits", g->waits ? str_of(g->waits) : STR(""));
    if (g->waits)
        json_null(j, "query");
    else
        query_write(j, f, f->first, f->today, g->statuses, (rid){ 0 });
    json_end(j);
}

static int64_t share(int64_t sum, int64_t n)
{
    return n > 0 ? (sum + n / 2) / n : 0;
}

/* Nobody reads the hundredths of a mean. */
static int64_t mean_sum(int64_t total, int64_t n)
{
    return share(total, n * 100) * 100;
}

static void figures_write(struct json_out *j, const struct figures *f)
{
    struct sums   now = between(f, f->first, f->today, (rid){ 0 }, STR("")), then = of_base(f);
    bool          any = then.orders > 0;
    struct figure all[] = {
        { "revenue", "money", true, any, now.total, then.total, KEPT, NULL },
        { "profit", "money", false, false, 0, 0, "", "reports" },
        { "orders", "count", true, any, now.orders, then.orders, EVERY, NULL },
        { "average", "money", now.priced > 0, then.priced > 0, mean_sum(now.total, now.priced), mean_sum(then.total, then.priced), KEPT, NULL },
        { "minutes_to_confirm", "minutes", now.confirmed > 0, then.confirmed > 0, share(now.confirm_ms, now.confirmed) / MINUTE_MS,
          share(then.confirm_ms, then.confirmed) / MINUTE_MS, CONFIRMED, NULL },
        { "cancelled", "count", true, any, now.cancelled, then.cancelled, "status=cancelled", NULL },
    };
    json_begin(j, "figures", '[');
    for (int i = 0; i < COUNT_OF(all); i++)
        if (f->prices || !str_is(str_of(all[i].unit), "money"))
            figure_write(j, f, &all[i]);
    json_end(j);
}

static void money_write(struct json_out *j, const struct figures *f, const char *key, bool known, int64_t minor)
{
    if (known && f->prices)
        json_amount_text(j, key, (amount){ minor });
    else
        json_null(j, key);
}

static void sums_write(struct json_out *j, const struct figures *f, const struct sums *s)
{
    json_number(j, "orders", s->orders);
    json_number(j, "cancelled", s->cancelled);
    money_write(j, f, "sum", true, s->total);
    money_write(j, f, "average", s->priced > 0, mean_sum(s->total, s->priced));
    if (s->confirmed > 0)
        json_number(j, "minutes", share(s->confirm_ms, s->confirmed) / MINUTE_MS);
    else
        json_null(j, "minutes");
}

/* A single day stands in its week. */
static void days_write(struct json_out *j, const struct figures *f)
{
    int64_t first = f->period == 1 ? f->today - 7 : f->first;
    json_begin(j, "days", '[');
    for (int64_t day = first; day <= f->today; day++) {
        struct sums s = between(f, day, day, (rid){ 0 }, STR(""));
        json_begin(j, NULL, '{');
        json_text(j, "day", date_text(f->a, day));
        sums_write(j, f, &s);
        query_write(j, f, day, day, KEPT, (rid){ 0 });
        json_end(j);
    }
    json_end(j);
}

static void add_currency(struct str_list *list, struct arena *a, str currency)
{
    for (int i = 0; i < list->count; i++)
        if (str_eq(list->at[i], currency))
            return;
    if (currency.len)
        *str_list_add(list, a) = currency;
}

static void channels_write(struct json_out *j, const struct figures *f)
{
    json_begin(j, "channels", '[');
    for (int i = 0; i < f->facts.accounts.count; i++) {
        const struct channel_account *acc = &f->facts.accounts.at[i];
        struct str_list currencies = { 0 };
        if (!in_scope(f, acc->id))
            continue;
        for (int k = 0; k < f->days.count; k++)
            if (f->days.at[k].day >= f->first && id_eq(f->days.at[k].account_id, acc->id))
                add_currency(&currencies, f->a, f->days.at[k].currency);
        for (int c = 0; c < currencies.count; c++) {
            struct sums s = between(f, f->first, f->today, acc->id, currencies.at[c]);
            json_begin(j, NULL, '{');
            json_id(j, "account_id", acc->id);
            json_text(j, "channel", acc->channel);
            json_text(j, "name", acc->name);
            json_text(j, "currency", currencies.at[c]);
            sums_write(j, f, &s);
            query_write(j, f, f->first, f->today, KEPT, acc->id);
            json_end(j);
        }
    }
    json_end(j);
}

static bool figures_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct figures f = { .rq = rq, .a = rq->work.arena, .scope = request_scope(rq), .prices = request_view(rq).prices };
    if (!period_read(rq, &f.period, err) || !load(&f, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_instant(&j, "now", rq->work.now);
    json_number(&j, "period", f.period);
    json_text(&j, "currency", rq->work.shop->currency);
    json_text(&j, "first", date_text(f.a, f.first));
    json_text(&j, "last", date_text(f.a, f.today));
    json_text(&j, "base_first", date_text(f.a, f.base_first));
    json_text(&j, "base_last", date_text(f.a, f.base_last));
    if (f.scope.statuses) {                             /* the totals of a day are of all statuses: who sees some is told none */
        f.days.count = f.part.count = f.facts.accounts.count = 0;
        json_begin(&j, "figures", '[');
        json_end(&j);
        json_begin(&j, "days", '[');
        json_end(&j);
    } else {
        figures_write(&j, &f);
        days_write(&j, &f);
    }
    channels_write(&j, &f);
    json_end(&j);
    return true;
}

static const struct query_param params[] = { { "period", "days: 1, 7 or 30" }, { NULL, NULL } };
const struct route figure_routes[] = {
    { HTTP_GET, "/api/overview/figures", PERM_ORDERS_SEE, figures_get, .reply_schema = "Figures", .query = params, .tag = "orders",
      .doc = "How the period goes beside a named base, by day and by channel" },
    { .method = HTTP_NONE },
};
