/* How the shop stands with each marketplace: shares against dated limits, what brings them down, and what people tell. */
#include "orders/standing_http.h"

#include "orders/queue_http.h"
#include "orders/standing_flow.h"

#define ORDERS_MAX 200

static void number_or_null(struct json_out *j, const char *key, int64_t v)
{
    if (v >= 0)
        json_number(j, key, v);
    else
        json_null(j, key);
}

static void limit_write(struct json_out *j, const char *key, const struct standing_limit *l, int64_t until)
{
    if (!l) {
        json_null(j, key);
        return;
    }
    json_begin(j, key, '{');
    json_number(j, "value", l->value);
    json_number(j, "days", l->days);
    number_or_null(j, "until", until);
    json_instant(j, "valid_from", l->valid_from);
    json_bool(j, "sure", l->sure);
    json_text(j, "source", l->source);
    json_end(j);
}

static void line_write(struct json_out *j, const struct standing_line *l)
{
    json_begin(j, NULL, '{');
    json_text(j, "figure", str_of(standing_figure_names[l->figure]));
    json_text(j, "state", str_of(standing_state_names[l->state]));
    number_or_null(j, "value", l->value);
    number_or_null(j, "week_ago", l->week_ago);
    json_number(j, "bad", l->sum.bad);
    json_number(j, "all", l->sum.all);
    json_number(j, "days", l->days);
    limit_write(j, "warn", l->warn, l->until_warn);
    limit_write(j, "hard", l->hard, l->until_hard);
    json_number(j, "breaches", l->breaches);
    json_instant(j, "told_at", l->told_at);
    json_text_or_null(j, "told_by", l->told_by);
    json_begin(j, "points", '[');
    for (int i = 0; i < STANDING_POINTS; i++)
        number_or_null(j, NULL, l->points[i]);
    json_end(j);
    json_end(j);
}

static bool standing_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct queue_scope      scope = request_scope(rq);
    struct standing_of_list list  = { 0 };
    if (!standing_now(&rq->work, &scope, &list, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_instant(&j, "now", rq->work.now);
    json_text(&j, "time_zone", zone_name(rq->work.shop->zone));
    json_begin(&j, "items", '[');
    for (int i = 0; i < list.count; i++) {
        json_begin(&j, NULL, '{');
        json_id(&j, "account_id", list.at[i].account.id);
        json_text(&j, "channel", list.at[i].account.channel);
        json_text(&j, "name", list.at[i].account.name);
        json_begin(&j, "figures", '[');
        for (int f = 0; f < STANDING_FIGURE_COUNT; f++)
            line_write(&j, &list.at[i].lines[f]);
        json_end(&j);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    return true;
}

static bool figure_of(str word, enum standing_figure *out)
{
    int n = name_find(standing_figure_names, word);
    *out  = n < 0 ? STANDING_RATING : (enum standing_figure)n;
    return n >= 0;
}

static bool may_see(const struct request *rq, rid account)
{
    for (int i = 0; i < rq->who.accounts_count; i++)
        if (id_eq(rq->who.accounts[i], account))
            return true;
    return rq->who.accounts_count == 0;
}

static bool account_find(struct request *rq, rid *id, struct err *err)
{
    struct standing_account_list list = { 0 };
    if (!path_id(rq, "id", id, err) || !standing_accounts(rq->work.db, rq->work.arena, &list, err))
        return false;
    for (int i = 0; i < list.count; i++)
        if (id_eq(list.at[i].id, *id) && may_see(rq, *id))
            return true;
    return err_set(err, ERR_NOT_FOUND, "id", "there is no such account");
}

static bool orders_get(struct request *rq, struct reply *rp, struct err *err)
{
    rid                        account;
    enum standing_figure       figure;
    int64_t                    days;
    struct standing_order_list list = { 0 };
    if (!account_find(rq, &account, err) || !query_int(rq, "days", 1, 180, 30, &days, err))
        return false;
    if (!figure_of(query_text(rq, "figure"), &figure) || figure == STANDING_RATING)
        return err_set(err, ERR_QUERY_INVALID, "figure", "must be own_cancel or late_handover");
    if (!standing_orders(rq->work.db, account, figure, standing_from(&rq->work, days), ORDERS_MAX + 1, rq->work.arena, &list, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < list.count && i < ORDERS_MAX; i++) {
        const struct standing_order *o = &list.at[i];
        json_begin(&j, NULL, '{');
        json_id(&j, "id", o->id);
        json_text(&j, "number", o->number);
        json_text(&j, "title", o->title);
        json_text(&j, "status", o->status);
        json_text(&j, "reason", o->reason);
        json_instant(&j, "at", o->at);
        json_instant(&j, "due", figure == STANDING_LATE_HANDOVER ? o->due : (instant){ 0 });
        json_id(&j, "assignee_id", o->assignee_id);
        json_end(&j);
    }
    json_end(&j);
    json_bool(&j, "more", list.count > ORDERS_MAX);
    json_end(&j);
    return true;
}

static bool whole(const struct json *body, const char *key, int64_t min, int64_t max, int64_t *out, struct err *err)
{
    return (json_int(json_get(body, key), out) && *out >= min && *out <= max) ||
           err_add(err, key, "must be a whole number from %lld to %lld", (long long)min, (long long)max);
}

static bool rating_post(struct request *rq, struct reply *rp, struct err *err)
{
    rid     account;
    int64_t rating = 0;
    if (!account_find(rq, &account, err) || !whole(rq->json, "rating", 0, 500, &rating, err) ||
        !standing_tell_rating(&rq->work, account, rating, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

static bool limits_get(struct request *rq, struct reply *rp, struct err *err)
{
    struct standing_limit_list list = { 0 };
    if (!standing_limits(rq->work.db, rq->work.arena, &list, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < list.count; i++) {
        const struct standing_limit *l = &list.at[i];
        json_begin(&j, NULL, '{');
        json_text(&j, "channel", l->channel);
        json_text(&j, "figure", str_of(standing_figure_names[l->figure]));
        json_text(&j, "level", str_of(standing_level_names[l->level]));
        json_number(&j, "value", l->value);
        json_number(&j, "days", l->days);
        json_instant(&j, "valid_from", l->valid_from);
        json_bool(&j, "sure", l->sure);
        json_text(&j, "source", l->source);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    return true;
}

static bool limit_read(struct request *rq, struct standing_limit *l, struct err *err)
{
    const struct json *b = rq->json;
    int64_t day = zone_day(rq->work.shop->zone, rq->work.now);
    int     level = name_find(standing_level_names, json_str(json_get(b, "level")));
    bool    ok = figure_of(json_str(json_get(b, "figure")), &l->figure) || err_add(err, "figure", "must be rating, own_cancel or late_handover");
    ok = (level >= 0 || err_add(err, "level", "must be warn or hard")) && ok;
    l->level   = level < 0 ? STANDING_WARN : (enum standing_level)level;
    l->channel = str_copy(rq->work.arena, json_str(json_get(b, "channel")));
    ok = ((l->channel.len && l->channel.len <= 32) || err_add(err, "channel", "must name a channel")) && ok;
    ok = whole(b, "value", 1, l->figure == STANDING_RATING ? 500 : 10000, &l->value, err) && ok;
    ok = whole(b, "days", 1, 90, &l->days, err) && ok;
    if (!json_is_null(json_get(b, "valid_from")))
        ok = (date_parse(json_str(json_get(b, "valid_from")), &day) || err_add(err, "valid_from", "must be a day such as 2026-12-16")) && ok;
    l->valid_from = zone_instant(rq->work.shop->zone, day, 0);
    l->sure       = true;
    l->source     = rq->who.name;
    return ok;
}

static bool limits_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct standing_limit l = { 0 };
    if (!limit_read(rq, &l, err) || !standing_set_limit(&rq->work, &l, err))
        return false;
    rp->status = REPLY_NO_CONTENT;
    return true;
}

/* clang-format off */
static const struct query_param orders_query[] = {
    { "figure", "own_cancel or late_handover" }, { "days", "of the window; 30 when missing" }, { NULL, NULL }
};
const struct route standing_routes[] = {
    { HTTP_GET, "/api/standing", PERM_ORDERS_WORK, standing_get, .reply_schema = "Standing",
      .doc = "How the shop stands with each marketplace: shares against their limits, and how many more until a limit", .tag = "standing" },
    { HTTP_GET, "/api/standing/{id}/orders", PERM_ORDERS_WORK, orders_get, .reply_schema = "StandingOrders", .query = orders_query,
      .doc = "Orders that bring a figure down, the newest first", .tag = "standing" },
    { HTTP_POST, "/api/standing/{id}/rating", PERM_SETTINGS, rating_post, .json = true,
      .doc = "The rating as the marketplace shows it, in hundredths, where its interface does not tell it", .tag = "standing" },
    { HTTP_GET, "/api/standing/limits", PERM_ORDERS_WORK, limits_get, .reply_schema = "StandingLimits", .doc = "Limits with the day from which they hold",
      .tag = "standing" },
    { HTTP_POST, "/api/standing/limits", PERM_SETTINGS, limits_post, .json = true, .doc = "A limit that holds from a day on", .tag = "standing" },
    { .method = HTTP_NONE },
};
/* clang-format on */
