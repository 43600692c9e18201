/* control.c - the back door for tests and for people: the clock, the buyers, the faults, and what the markets
 * have heard. */
#include "sandbox/control.h"

#include "base/secret.h"

struct sandbox *control_begin(struct request *rq, struct err *err)
{
    struct sandbox *sb = rq->app;
    str token = http_header_get(&rq->headers, "X-Control-Token");
    if (sb->options.control_token.len && !secret_equal(token, sb->options.control_token)) {
        err_set(err, ERR_SIGN_IN, "X-Control-Token", "must be the token given at the start");
        return NULL;
    }
    pthread_mutex_lock(&sb->lock);
    life_tick(sb);
    return sb;
}

void control_end(struct sandbox **sb)
{
    if (*sb)
        pthread_mutex_unlock(&(*sb)->lock);
}
bool control_market(str name, enum market *out, struct err *err)
{
    int m = choice_find(market_names, str_is(name, "wb") ? STR("wildberries") : name);
    if (m < 0)
        return err_set(err, ERR_QUERY_INVALID, "market", "must be kaspi, wildberries or ozon");
    *out = (enum market)m;
    return true;
}

static bool number_read(const struct json *body, const char *key, int64_t min, int64_t max, int64_t fallback,
                        int64_t *out, struct err *err)
{
    *out = fallback;
    const struct json *v = json_get(body, key);
    if (json_is_null(v) || (json_int(v, out) && *out >= min && *out <= max))
        return true;
    return err_set(err, ERR_BODY_INVALID, key, "must be a whole number from %lld to %lld", (long long)min,
                   (long long)max);
}

/* ---- looking ---- */

static void market_state(struct json_out *j, const struct sandbox *sb, enum market m)
{
    int64_t count[STAGE_COUNT] = { 0 }, total = 0, new_sum = 0;
    for (int i = 0; i < sb->orders.count; i++) {
        const struct morder *o = sb->orders.at[i];
        if (o->market != m)
            continue;
        count[o->stage]++;
        total++;
        new_sum += o->stage == STAGE_NEW ? o->total.minor : 0;
    }
    json_begin(j, market_names[m], '{');
    json_number(j, "orders", total);
    json_amount_text(j, "new_total", (amount){ new_sum });
    for (int s = 0; s < STAGE_COUNT; s++)
        json_number(j, stage_names[s], count[s]);
    json_end(j);
}

static bool state_get(struct request *rq, struct reply *rp, struct err *err)
{
    CONTROL(sb, rq, err);
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_instant(&j, "now", clock_now(&sb->clock));
    json_number(&j, "orders", sb->orders.count);
    json_number(&j, "received", sb->heard.count);
    json_bool(&j, "stream", sb->stream_on);
    json_bool(&j, "limits", sb->limits_on);
    json_begin(&j, "markets", '{');
    for (int m = 0; m < MARKET_COUNT; m++)
        market_state(&j, sb, (enum market)m);
    json_end(&j);
    json_end(&j);
    return true;
}

static bool heard_asked(const struct mheard *h, str market, str order, str op)
{
    return (!market.len || str_is(market, market_names[h->market]))
           && (!order.len || str_eq(h->order_id, order)) && (!op.len || str_eq(h->op, op));
}

/* Every write in the order it came, with how often the same was told about the same order, and how often it
 * took effect. */
static bool received_get(struct request *rq, struct reply *rp, struct err *err)
{
    CONTROL(sb, rq, err);
    str market = query_text(rq, "market"), order = query_text(rq, "order"), op = query_text(rq, "op");
    struct json_out j = reply_json(rq, rp);
    int64_t count = 0, applied = 0;
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < sb->heard.count; i++) {
        const struct mheard *h = &sb->heard.at[i];
        if (!heard_asked(h, market, order, op))
            continue;
        const struct morder *o = morder_find(sb, (enum market)h->market, h->order_id);
        json_begin(&j, NULL, '{');
        json_text(&j, "market", str_of(market_names[h->market]));
        json_text(&j, "op", h->op);
        json_text(&j, "order", h->order_id);
        json_text(&j, "number", o ? o->number : (str){ 0 });
        json_instant(&j, "at", h->at);
        json_number(&j, "status", h->status);
        json_bool(&j, "applied", h->applied);
        json_text(&j, "detail", h->detail);
        json_end(&j);
        count++;
        applied += h->applied;
    }
    json_end(&j);
    json_number(&j, "count", count);
    json_number(&j, "applied", applied);
    json_end(&j);
    return true;
}

static void order_write(struct json_out *j, const char *key, const struct morder *o)
{
    json_begin(j, key, '{');
    record_write_fields(&morder_record, o, j, NULL);
    json_begin(j, "lines", '[');
    for (int i = 0; i < o->lines.count; i++)
        record_write_json(&mline_record, &o->lines.at[i], j, NULL, NULL);
    json_end(j);
    json_end(j);
}

static bool orders_get(struct request *rq, struct reply *rp, struct err *err)
{
    CONTROL(sb, rq, err);
    str market = query_text(rq, "market"), stage = query_text(rq, "stage"), number = query_text(rq, "number");
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "items", '[');
    for (int i = 0; i < sb->orders.count; i++) {
        const struct morder *o = sb->orders.at[i];
        if ((!market.len || str_is(market, market_names[o->market]))
            && (!stage.len || str_is(stage, stage_names[o->stage]))
            && (!number.len || str_eq(number, o->number)))
            order_write(&j, NULL, o);
    }
    json_end(&j);
    json_end(&j);
    return true;
}

/* ---- moving ---- */

static bool clock_post(struct request *rq, struct reply *rp, struct err *err)
{
    CONTROL(sb, rq, err);
    instant at;
    int64_t ms;
    str now = json_str(json_get(rq->json, "now"));
    const struct json *freeze = json_get(rq->json, "freeze");
    if (now.len && !instant_parse(now, &at))
        return err_set(err, ERR_BODY_INVALID, "now", "must be a time such as \"2026-12-16T04:04:00Z\"");
    if (!number_read(rq->json, "advance_ms", 0, 3650 * DAY_MS, 0, &ms, err))
        return false;
    bool stands = atomic_load(&sb->clock.frozen_ms) != 0;
    if (!json_is_null(freeze))
        stands = json_true(freeze);
    if (!now.len)
        at = clock_now(&sb->clock);
    if (stands)
        clock_freeze(&sb->clock, at);
    else
        clock_run_from(&sb->clock, at);
    if (ms)
        clock_advance(&sb->clock, ms);
    life_tick(sb);
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_instant(&j, "now", clock_now(&sb->clock));
    json_end(&j);
    return true;
}

static bool is_part(str key)
{
    return str_is(key, "market") || str_is(key, "lines") || str_is(key, "buyer");
}

/* The members of the body and of its `buyer` that are fields of an order, as one object. */
static const struct json *order_fields(struct request *rq)
{
    struct json *object = ARENA_NEW(rq->work.arena, struct json), *last = NULL;
    object->kind = JSON_OBJECT;
    const struct json *parts[] = { rq->json, json_get(rq->json, "buyer") };
    for (int p = 0; p < COUNT_OF(parts); p++)
        JSON_EACH(m, parts[p]) {
            if (p == 0 && is_part(m->key))
                continue;
            struct json *copy = arena_copy(rq->work.arena, m, sizeof *m);
            copy->next = NULL;
            copy->parent = object;
            copy->index = object->count++;
            if (last)
                last->next = copy;
            else
                object->first = copy;
            last = copy;
        }
    return object;
}

static bool lines_read(struct sandbox *sb, struct morder *o, const struct json *lines, struct err *err)
{
    if (lines && lines->count > 100)
        return err_set(err, ERR_BODY_INVALID, "lines", "must be at most 100");
    JSON_EACH(line, lines) {
        str title = json_str(json_get(line, "title"));
        morder_add_line(sb, o, good_find(title.len ? str_zero(&sb->arena, title) : goods[0].title), 1, 0);
        struct mline *l = &o->lines.at[o->lines.count - 1];
        l->price.minor = 1000000;
        uint64_t set;
        if (!record_read_json(&mline_record, line, READ_UPDATE, &sb->arena, l, &set, err))
            return err_note(err, "lines");
    }
    if (!o->lines.count)
        morder_add_line(sb, o, &goods[0], 1, goods[0].price);
    for (int i = 0; i < o->lines.count; i++)
        if (o->lines.at[i].qty < 1 || o->lines.at[i].qty > 100000 || o->lines.at[i].price.minor < 0
            || o->lines.at[i].price.minor > INT64_C(100000000000))
            return err_set(err, ERR_BODY_INVALID, "lines",
                           "must have quantities from 1 and prices up to a milliard");
    return true;
}

/* An Ozon parcel's number is that of its basket, "-", a count. */
static str basket_of(str number)
{
    size_t end = number.len;
    while (end > 0 && number.at[end - 1] != '-')
        end--;
    str basket = str_sub(number, 0, end > 0 ? end - 1 : 0);
    return str_find(basket, STR("-")) > 0 ? basket : number;
}

static bool order_post(struct request *rq, struct reply *rp, struct err *err)
{
    CONTROL(sb, rq, err);
    enum market market;
    if (!control_market(json_str(json_get(rq->json, "market")), &market, err))
        return false;
    struct morder *o = morder_blank(sb, market, clock_now(&sb->clock));
    const struct json *fields = order_fields(rq);
    uint64_t set;
    person_of(sb, person_pick(sb), o);
    if (!record_read_json(&morder_record, fields, READ_UPDATE, &sb->arena, o, &set, err)
        || !lines_read(sb, o, json_get(rq->json, "lines"), err))
        return false;
    o->market = market;
    if (json_get(fields, "number") && !json_get(fields, "id"))
        o->id = market == MARKET_KASPI ? base64_encode(&sb->arena, o->number) : o->number;
    if (json_get(fields, "id") && !json_get(fields, "number"))
        o->number = o->id;
    if (market == MARKET_OZON && !json_get(fields, "group"))
        o->group = basket_of(o->number);
    if (json_get(fields, "created_at") && !json_get(fields, "deadline_at"))
        o->deadline_at = instant_add(o->created_at, DAY_MS);
    if (!json_get(fields, "changed_at"))
        o->changed_at = o->created_at;
    int64_t number;
    if (market == MARKET_WB && !str_to_int(o->id, &number))
        return err_set(err, ERR_BODY_INVALID, "id", "must be a whole number on Wildberries");
    if (!o->id.len || morder_find(sb, market, o->id))
        return err_set(err, ERR_CONFLICT, "id", "an order with this number exists");
    morder_keep(sb, o);
    rp->status = REPLY_CREATED;
    struct json_out j = reply_json(rq, rp);
    order_write(&j, NULL, o);
    return true;
}

static struct morder *order_named(struct sandbox *sb, const struct json *body, struct err *err)
{
    enum market market;
    str name = json_str(json_get(body, "order"));
    if (!control_market(json_str(json_get(body, "market")), &market, err))
        return NULL;
    struct morder *o = morder_find(sb, market, name);
    if (!o)
        o = morder_by_number(sb, market, name);
    if (!o)
        err_set(err, ERR_NOT_FOUND, "order", "the market has no such order");
    return o;
}

static bool act_post(struct request *rq, struct reply *rp, struct err *err)
{
    CONTROL(sb, rq, err);
    str event = json_str(json_get(rq->json, "event"));
    struct morder *o = order_named(sb, rq->json, err);
    if (!o)
        return false;
    for (const struct act *act = acts; act->name; act++) {
        if (!str_is(event, act->name))
            continue;
        if (!act->run(sb, o, err))
            return false;
        struct json_out j = reply_json(rq, rp);
        order_write(&j, NULL, o);
        return true;
    }
    return err_set(err, ERR_BODY_INVALID, "event", "is not known here");
}

static bool fault_post(struct request *rq, struct reply *rp, struct err *err)
{
    CONTROL(sb, rq, err);
    const struct json *body = rq->json;
    if (json_true(json_get(body, "clear")))
        sb->faults.count = 0;
    else {
        struct fault f = { .market = -1, .after_effect = json_true(json_get(body, "after_effect")) };
        enum market market;
        str name = json_str(json_get(body, "market"));
        int kind = choice_find(fault_names, json_str(json_get(body, "kind")));
        if (kind < 0)
            return err_set(err, ERR_BODY_INVALID, "kind", "is not known here");
        if (name.len && !control_market(name, &market, err))
            return false;
        if (name.len)
            f.market = (int)market;
        if (!number_read(body, "times", 1, 1000000, 1, &f.times, err)
            || !number_read(body, "retry_after_s", 0, 86400, 1, &f.retry_after_s, err)
            || !number_read(body, "delay_ms", 0, 60000, 1000, &f.delay_ms, err))
            return false;
        f.kind = (unsigned)kind;
        f.path_contains = str_copy(&sb->arena, json_str(json_get(body, "path_contains")));
        f.field = str_copy(&sb->arena, json_str(json_get(body, "field")));
        *fault_list_add(&sb->faults, &sb->arena) = f;
    }
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "faults", sb->faults.count);
    json_end(&j);
    return true;
}

static bool stream_post(struct request *rq, struct reply *rp, struct err *err)
{
    CONTROL(sb, rq, err);
    int64_t rate;
    if (!number_read(rq->json, "rate", 1, 1000000, sb->stream_rate / 1000, &rate, err))
        return false;
    if (!json_is_null(json_get(rq->json, "rate")))
        sb->stream_rate = rate * 1000;
    if (!json_is_null(json_get(rq->json, "on")))
        sb->stream_on = json_true(json_get(rq->json, "on"));
    sb->stream_at = (instant){ 0 };
    life_tick(sb);
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_bool(&j, "on", sb->stream_on);
    json_number(&j, "rate", sb->stream_rate / 1000);
    json_end(&j);
    return true;
}

static bool burst_post(struct request *rq, struct reply *rp, struct err *err)
{
    CONTROL(sb, rq, err);
    int64_t n;
    str name = json_str(json_get(rq->json, "market"));
    enum market market = MARKET_KASPI;
    if (!number_read(rq->json, "n", 1, 100000, 10, &n, err) || (name.len && !control_market(name, &market, err)))
        return false;
    for (int64_t i = 0; i < n; i++)
        morder_make(sb, name.len ? market : market_pick(sb), clock_now(&sb->clock));
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "made", n);
    json_end(&j);
    return true;
}

static bool limits_post(struct request *rq, struct reply *rp, struct err *err)
{
    CONTROL(sb, rq, err);
    sb->limits_on = json_true(json_get(rq->json, "on"));
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    json_bool(&j, "on", sb->limits_on);
    json_end(&j);
    return true;
}

#define LOOK(path, fn) { HTTP_GET, path, PERM_PUBLIC, fn, .tag = "control", .doc = "for tests" }
#define MOVE(path, fn)                                                                                       \
    {                                                                                                        \
        HTTP_POST, path, PERM_PUBLIC, fn, .json = true, .no_csrf = true, .tag = "control",                   \
                                          .doc = "for tests"                                                 \
    }
const struct route control_routes[] = {
    LOOK("/control/state", state_get),
    LOOK("/control/received", received_get),
    LOOK("/control/orders", orders_get),
    MOVE("/control/clock", clock_post),
    MOVE("/control/order", order_post),
    MOVE("/control/act", act_post),
    MOVE("/control/fault", fault_post),
    MOVE("/control/stream", stream_post),
    MOVE("/control/burst", burst_post),
    MOVE("/control/limits", limits_post),
    { HTTP_NONE },
};
