/* make.c - makes orders as they come in on an ordinary day: 67 of Kaspi, 34 of Wildberries, 28 of Ozon. */
#include "sandbox/market.h"

#include "base/secret.h"

enum market market_pick(struct sandbox *sb)
{
    int64_t n = chance_below(sb, 129);
    return n < 67 ? MARKET_KASPI : n < 67 + 34 ? MARKET_WB : MARKET_OZON;
}

static void kaspi_ids(struct sandbox *sb, struct morder *o)
{
    if (!sb->last_number[MARKET_KASPI])
        sb->last_number[MARKET_KASPI] = 438200000;
    sb->last_number[MARKET_KASPI] += 1 + chance_below(sb, 90);
    o->number = str_print(&sb->arena, "%lld", (long long)sb->last_number[MARKET_KASPI]);
    o->id = base64_encode(&sb->arena, o->number);
}

static void wb_ids(struct sandbox *sb, struct morder *o)
{
    if (!sb->last_number[MARKET_WB])
        sb->last_number[MARKET_WB] = 90420000;
    sb->last_number[MARKET_WB] += 1 + chance_below(sb, 60);
    o->id = o->number = str_print(&sb->arena, "%lld", (long long)sb->last_number[MARKET_WB]);
}

static void ozon_ids(struct sandbox *sb, struct morder *o)
{
    do {
        int64_t buyer = 10000000 + chance_below(sb, 90000000), nth = 1 + chance_below(sb, 240);
        o->group = str_print(&sb->arena, "%08lld-%04lld", (long long)buyer, (long long)nth);
        o->id = o->number = str_print(&sb->arena, "%.*s-1", STR_ARG(o->group));
    } while (morder_find(sb, MARKET_OZON, o->id));
}

struct morder *morder_blank(struct sandbox *sb, enum market market, instant at)
{
    struct morder *o = morder_new(sb, market);
    o->created_at = o->changed_at = at;
    o->deadline_at = instant_add(at, DAY_MS);
    o->cargo_type = 1;
    if (market == MARKET_KASPI) {
        kaspi_ids(sb, o);
        o->kaspi_delivery = true;
        o->mode = STR("DELIVERY_REGIONAL_TODOOR");
        o->payment = STR("PREPAID");
        o->spaces = 1;
    } else if (market == MARKET_WB) {
        wb_ids(sb, o);
        o->warehouse = 658434;
        o->rid = str_print(&sb->arena, "%016llx%016llx", (unsigned long long)chance_next(sb),
                           (unsigned long long)chance_next(sb));
        o->group =
            str_print(&sb->arena, "%lld_%016llx%016llx", 165000000LL + chance_below(sb, 9000000),
                      (unsigned long long)chance_next(sb), (unsigned long long)chance_next(sb));
    } else {
        ozon_ids(sb, o);
        o->warehouse = 1020005000101;
        o->delivery_method = 1020005000777;
    }
    return o;
}

/* The less usual: pick-up at the shop, the seller's own courier, credit, a signature, pre-orders, express. */
static void kaspi_vary(struct sandbox *sb, struct morder *o)
{
    int64_t way = chance_below(sb, 100);
    if (way < 18) {
        o->mode = STR("DELIVERY_PICKUP");                           /* postomat or pick-up point of Kaspi */
    } else if (way < 26) {
        o->kaspi_delivery = false;
        o->mode = STR("DELIVERY_PICKUP");
    } else if (way < 32) {
        o->kaspi_delivery = false;
        o->mode = STR("DELIVERY_LOCAL");
    } else if (way < 36) {
        o->express = true;
        o->deadline_at = instant_add(o->created_at, 3 * HOUR_MS);
    } else if (way < 39) {
        o->preorder = true;
        o->deadline_at = instant_add(o->created_at, 5 * DAY_MS);
    } else if (way < 42) {
        o->signature_required = true;
        o->payment = STR("PAY_WITH_CREDIT");
    }
    if (chance_hits(sb, 150))
        o->payment = STR("PAY_WITH_CREDIT");
}

struct morder *morder_make(struct sandbox *sb, enum market market, instant at)
{
    struct morder *o = morder_blank(sb, market, at);
    person_of(sb, person_pick(sb), o);
    int lines = market == MARKET_WB || chance_hits(sb, 700) ? 1 : 2 + (int)chance_below(sb, 3);
    for (int i = 0; i < lines; i++) {
        const struct good *g = &goods[chance_below(sb, goods_count())];
        morder_add_line(sb, o, g, market == MARKET_WB || chance_hits(sb, 850) ? 1 : 2, g->price);
    }
    if (market == MARKET_KASPI)
        kaspi_vary(sb, o);
    int64_t chance = chance_below(sb, 1000);
    o->fate = chance < 40    ? FATE_CANCELS_NEW
              : chance < 70  ? FATE_CANCELS_LATER
              : chance < 130 ? FATE_RETURNS
                             : FATE_BUYS;
    morder_keep(sb, o);
    return o;
}
