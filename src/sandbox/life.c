/* life.c - what happens to orders by itself: couriers come, parcels travel, buyers collect, change their mind
 * or send back.
 *
 * Each order has one timer, `next_at`. The tables say how long a stage lasts; the order's fate says which way
 * it turns.
 */
#include "sandbox/market.h"

/* How long an order stays in a stage, in minutes, when nobody does anything; 0 = until somebody acts. */
static const int stay_minutes[MARKET_COUNT][STAGE_COUNT] = {
    [MARKET_KASPI] = { [STAGE_HANDED] = 2 * 24 * 60,
                       [STAGE_CANCELLING] = 24 * 60,
                       [STAGE_RETURNING] = 2 * 24 * 60 },
    [MARKET_WB] = { [STAGE_HANDED] = 3 * 60,
                    [STAGE_SORTED] = 40 * 60,
                    [STAGE_AT_PICKUP] = 20 * 60,
                    [STAGE_RETURNING] = 2 * 24 * 60 },
    [MARKET_OZON] = { [STAGE_HANDED] = 2 * 24 * 60,
                      [STAGE_AT_PICKUP] = 20 * 60,
                      [STAGE_RETURNING] = 2 * 24 * 60 },
};
/* Ozon carries out a ship call a moment after it was accepted. */
#define OZON_SHIP_MS (3 * SECOND_MS)

bool morder_is_signed(const struct morder *o)
{
    return !o->signature_required || o->is_signed;
}

void morder_stage(struct sandbox *sb, struct morder *o, enum stage stage)
{
    instant now = clock_now(&sb->clock);
    o->stage = stage;
    if (stage == STAGE_ACCEPTED)
        o->accepted_at = now;
    else if (stage == STAGE_SHIPPING)
        o->shipping_at = now;
    else if (stage == STAGE_ASSEMBLED)
        o->assembled_at = now;
    else if (stage == STAGE_HANDED)
        o->handed_at = now;
    else if (stage == STAGE_DELIVERED || stage == STAGE_CANCELLED || stage == STAGE_RETURNED)
        o->closed_at = now;
    morder_changed(sb, o);
}

str market_rating(const struct sandbox *sb, struct arena *a, enum market market)
{
    int rating = 470;
    for (int i = 0; i < sb->orders.count && rating > 100; i++)
        rating -= sb->orders.at[i]->market == market && sb->orders.at[i]->cancelled_by == BY_SELLER;
    return str_print(a, "%d.%02d", rating / 100, rating % 100);
}

void morder_cancel(struct sandbox *sb, struct morder *o, enum by by, str reason, str message)
{
    o->stage_before = o->stage;
    o->cancelled_by = by;
    o->cancel_reason = str_copy(&sb->arena, reason);
    o->cancel_message = str_copy(&sb->arena, message);
    bool travels = instant_is_set(o->handed_at);
    morder_stage(sb, o, o->market == MARKET_KASPI && travels ? STAGE_CANCELLING : STAGE_CANCELLED);
    if (travels)
        morder_parcel_back(sb, o);
}

void life_plan(struct sandbox *sb, struct morder *o)
{
    instant now = clock_now(&sb->clock);
    int minutes = stay_minutes[o->market][o->stage];
    o->next_at = (instant){ 0 };
    if (o->stage == STAGE_SHIPPING)
        o->next_at = instant_add(o->shipping_at, OZON_SHIP_MS);
    else if (o->stage == STAGE_NEW && o->fate == FATE_CANCELS_NEW)
        o->next_at = instant_add(o->created_at, 40 * MINUTE_MS);
    else if (o->stage == STAGE_ACCEPTED && o->fate == FATE_CANCELS_LATER)
        o->next_at = instant_add(now, 90 * MINUTE_MS);
    else if (o->stage == STAGE_ASSEMBLED && o->market == MARKET_KASPI)
        o->next_at = o->deadline_at.ms > now.ms ? o->deadline_at : instant_add(now, HOUR_MS);
    else if (o->stage == STAGE_ASSEMBLED)
        o->next_at = instant_add(now, HOUR_MS);
    else if (minutes && o->fate != FATE_STAYS)
        o->next_at = instant_add(o->changed_at,
                                 minutes * MINUTE_MS * (50 + (int64_t)(o->total.minor / 10000 % 100)) / 100);
    else if (o->stage == STAGE_DELIVERED && o->fate == FATE_RETURNS)
        o->next_at = instant_add(o->closed_at, 3 * DAY_MS);
}

/* ---- what can be made to happen, also by /control/act ---- */

static bool refuse(struct err *err, const struct morder *o, const char *event)
{
    return err_set(err, ERR_ACTION_REFUSED, "event", "%s does not happen to an order that is %s", event,
                   stage_names[o->stage]);
}

static bool act_buyer_cancels(struct sandbox *sb, struct morder *o, struct err *err)
{
    if (!morder_is_open(o) || o->stage >= STAGE_CANCELLING)
        return refuse(err, o, "buyer_cancels");
    morder_cancel(sb, o, BY_BUYER, o->market == MARKET_KASPI ? STR("BUYER_CANCELLATION_HIMSELF") : (str){ 0 },
                 (str){ 0 });
    return true;
}

static bool act_market_cancels(struct sandbox *sb, struct morder *o, struct err *err)
{
    if (!morder_is_open(o) || o->stage >= STAGE_CANCELLING)
        return refuse(err, o, "market_cancels");
    morder_cancel(sb, o, BY_MARKET, o->market == MARKET_KASPI ? STR("TIMEOUT_KASPI_DELIVERY") : (str){ 0 },
                 (str){ 0 });
    return true;
}

static bool act_courier_takes(struct sandbox *sb, struct morder *o, struct err *err)
{
    if (o->stage != STAGE_ASSEMBLED && !(o->stage == STAGE_ACCEPTED && o->market != MARKET_KASPI))
        return refuse(err, o, "courier_takes");
    morder_stage(sb, o, STAGE_HANDED);
    return true;
}

static bool act_sorted(struct sandbox *sb, struct morder *o, struct err *err)
{
    if (o->stage != STAGE_HANDED)
        return refuse(err, o, "sorted");
    morder_stage(sb, o, STAGE_SORTED);
    return true;
}

static bool act_arrives(struct sandbox *sb, struct morder *o, struct err *err)
{
    if (o->stage != STAGE_HANDED && o->stage != STAGE_SORTED)
        return refuse(err, o, "arrives");
    morder_stage(sb, o, STAGE_AT_PICKUP);
    return true;
}

static bool act_delivered(struct sandbox *sb, struct morder *o, struct err *err)
{
    if (o->stage != STAGE_HANDED && o->stage != STAGE_SORTED && o->stage != STAGE_AT_PICKUP)
        return refuse(err, o, "delivered");
    morder_stage(sb, o, STAGE_DELIVERED);
    return true;
}

static bool act_returns(struct sandbox *sb, struct morder *o, struct err *err)
{
    if (!instant_is_set(o->handed_at) || o->stage >= STAGE_CANCELLING)
        return refuse(err, o, "returns");
    o->stage_before = o->stage;
    morder_stage(sb, o, STAGE_RETURNING);
    morder_parcel_back(sb, o);
    return true;
}

static bool act_returned(struct sandbox *sb, struct morder *o, struct err *err)
{
    if (o->stage == STAGE_CANCELLING) {
        o->returned_to_warehouse = true;
        morder_stage(sb, o, STAGE_CANCELLED);
        return true;
    }
    if (o->stage != STAGE_RETURNING && o->stage != STAGE_DELIVERED)
        return refuse(err, o, "returned");
    if (o->stage == STAGE_DELIVERED)
        o->stage_before = STAGE_DELIVERED;
    morder_stage(sb, o, STAGE_RETURNED);
    morder_parcel_here(sb, o);
    return true;
}

static bool act_signs(struct sandbox *sb, struct morder *o, struct err *err)
{
    if (!o->signature_required || o->is_signed)
        return refuse(err, o, "signs");
    o->is_signed = true;
    morder_changed(sb, o);
    return true;
}

static bool act_shipped(struct sandbox *sb, struct morder *o, struct err *err)
{
    if (o->stage != STAGE_SHIPPING)
        return refuse(err, o, "shipped");
    morder_stage(sb, o, STAGE_ACCEPTED);
    return true;
}

/* What a seller does in the market's own cabinet, past the API. */
static bool act_cabinet_accepts(struct sandbox *sb, struct morder *o, struct err *err)
{
    if (o->stage != STAGE_NEW)
        return refuse(err, o, "cabinet_accepts");
    morder_stage(sb, o, STAGE_ACCEPTED);
    return true;
}

static bool act_cabinet_cancels(struct sandbox *sb, struct morder *o, struct err *err)
{
    if (o->stage > STAGE_ASSEMBLED)
        return refuse(err, o, "cabinet_cancels");
    morder_cancel(sb, o, BY_SELLER, o->market == MARKET_KASPI ? STR("MERCHANT_OUT_OF_STOCK") : (str){ 0 },
                 (str){ 0 });
    return true;
}

const struct act acts[] = {
    { "buyer_cancels", act_buyer_cancels },
    { "market_cancels", act_market_cancels },
    { "courier_takes", act_courier_takes },
    { "sorted", act_sorted },
    { "arrives", act_arrives },
    { "delivered", act_delivered },
    { "returns", act_returns },
    { "returned", act_returned },
    { "signs", act_signs },
    { "shipped", act_shipped },
    { "cabinet_accepts", act_cabinet_accepts },
    { "cabinet_cancels", act_cabinet_cancels },
    { 0 },
};

/* ---- the clock ---- */

/* A buyer who has the goods wants to give them back. */
static bool buyer_asks(struct sandbox *sb, struct morder *o)
{
    o->next_at = (instant){ 0 };
    if (!mreturn_of_order(sb, o))
        mreturn_keep(sb, mreturn_of(sb, o, false, clock_now(&sb->clock)));
    return true;
}

/* What comes next when nobody does anything. */
static void life_step(struct sandbox *sb, struct morder *o)
{
    struct err ignored = { 0 };         /* a step is chosen by the stage, so it cannot be refused */
    bool done = true;
    switch ((enum stage)o->stage) {
    case STAGE_NEW:
    case STAGE_ACCEPTED:
        done = act_buyer_cancels(sb, o, &ignored);
        break;
    case STAGE_SHIPPING:
        done = act_shipped(sb, o, &ignored);
        break;
    case STAGE_ASSEMBLED:
        done = act_courier_takes(sb, o, &ignored);
        break;
    case STAGE_HANDED:
        if (o->market == MARKET_WB)
            done = act_sorted(sb, o, &ignored);
        else if (o->market == MARKET_OZON)
            done = act_arrives(sb, o, &ignored);
        else
            done = act_delivered(sb, o, &ignored);
        break;
    case STAGE_SORTED:
        done = act_arrives(sb, o, &ignored);
        break;
    case STAGE_AT_PICKUP:
        done = o->fate == FATE_RETURNS && o->lines.count && o->lines.at[0].offer % 2 ? act_returns(sb, o, &ignored)
                                                                                   : act_delivered(sb, o, &ignored);
        break;
    case STAGE_DELIVERED:
        done = o->market == MARKET_KASPI ? act_returns(sb, o, &ignored) : buyer_asks(sb, o);
        break;
    default:
        done = act_returned(sb, o, &ignored);
        break;
    }
    if (!done)
        o->next_at = (instant){ 0 };
}

static void orders_tick(struct sandbox *sb, instant now)
{
    if (!instant_is_set(sb->due_at) || sb->due_at.ms > now.ms)
        return;
    sb->due_at = (instant){ 0 };
    for (int i = 0; i < sb->orders.count; i++) {
        struct morder *o = sb->orders.at[i];
        if (instant_is_set(o->next_at) && o->next_at.ms <= now.ms)
            life_step(sb, o);
        if (instant_is_set(o->next_at) && (!instant_is_set(sb->due_at) || o->next_at.ms < sb->due_at.ms))
            sb->due_at = o->next_at;
    }
}

/* New orders of the stream, at most STREAM_CATCH_UP at once: a clock that jumps a year must not fill the
 * memory. */
#define STREAM_CATCH_UP 500

static void stream_tick(struct sandbox *sb, instant now)
{
    if (!sb->stream_on || sb->stream_rate <= 0)
        return;
    int64_t mean_ms = HOUR_MS * 1000 / sb->stream_rate;
    for (int n = 0; sb->stream_at.ms <= now.ms; n++) {
        if (n >= STREAM_CATCH_UP)
            sb->stream_at = now;
        if (instant_is_set(sb->stream_at))
            morder_make(sb, market_pick(sb), sb->stream_at);
        else
            sb->stream_at = now;
        sb->stream_at = instant_add(sb->stream_at, 1 + mean_ms / 2 + chance_below(sb, mean_ms + 1));
    }
}

void life_tick(struct sandbox *sb)
{
    instant now = clock_now(&sb->clock);
    orders_tick(sb, now);
    returns_tick(sb, now);
    stream_tick(sb, now);
}
