/* scene.c - known towns to begin with. «karapuz» is the morning of the pictures in the design: 129 new
 * orders, 7 of them red.
 *
 * A deadline is 24 hours after the order came in: Kaspi says it as courierTransmissionPlanningDate, Ozon as
 * shipment_date, Wildberries says nothing but createdAt. Red = at most two hours left, yellow = half of the
 * 24 hours used, green = the rest.
 */
#include "sandbox/market.h"

#include "base/secret.h"

struct row_line { const char *good; int64_t price; };
struct row {
    enum market market;
    const char *number, *name, *surname, *phone;
    int left_min;
    struct row_line lines[4];
};
// clang-format off
static const struct row red_rows[] = {
    { MARKET_KASPI, "438117204", "Мария", "Иванова", "7771234567", 18,
      { { "Смесь Nutrilon 1", 9800 }, { "Боди", 5400 } } },
    { MARKET_KASPI, "438117311", "Ерболат", "Сагынтаев", "7015550212", 31, { { "Автокресло Joie", 64900 } } },
    { MARKET_WB, "90418823", "Асем", "Кудайберген", "7077341840", 44, { { "Конструктор «Ферма»", 11800 } } },
    { MARKET_OZON, "0147-2206-4", "Динара", "Оспанова", "7472917758", 52,
      { { "Подгузники Merries", 11900 }, { "Подгузники Pampers", 14900 }, { "Влажные", 2100 } } },
    { MARKET_KASPI, "438117520", "Гульнара", "Ахметова", "7052683105", 67, { { "Деревянная", 6400 } } },
    { MARKET_WB, "90419107", "Тимур", "Жаксыбеков", "7759026091", 86, { { "Комбинезон зимний", 32700 } } },
    { MARKET_OZON, "0147-2208-9", "Алия", "Нурмагамбетова", "7081452233", 109, { { "Лошадка", 24500 } } },
};
static const struct row yellow_rows[] = {
    { MARKET_KASPI, "438117602", "Сауле", "Бекенова", "7023318077", 124,
      { { "Бутылочка Avent", 3900 }, { "Пустышка", 2400 }, { "Горшок", 5600 }, { "Влажные", 2000 } } },
    { MARKET_KASPI, "438117640", "Айдос", "Мухамеджанов", "7780094420", 131,
      { { "Конструктор «Космодром»", 29900 } } },
    { MARKET_WB, "90419288", "Ольга", "Ким", "7009131964", 135, { { "Шапка мериносовая", 5200 } } },
    { MARKET_OZON, "0147-2211-1", "Руслан", "Идрисов", "7714025518", 139, { { "Мяч-прыгун", 4900 } } },
    { MARKET_KASPI, "438117688", "Жанна", "Тулегенова", "7017787309", 142,
      { { "Ванночка складная", 13400 }, { "Бутылочка Avent", 3900 } } },
    { MARKET_KASPI, "438117701", "Данияр", "Абишев", "7473620486", 148, { { "Машинка на", 12400 } } },
};
static const struct row green_rows[] = {
    { MARKET_OZON, "0147-2212-7", "Камила", "Есимова", "7025016651", 740, { { "Пазл «Степь»", 3700 } } },
};
// clang-format on

static void row_play(struct sandbox *sb, const struct row *r, instant now)
{
    instant deadline = instant_add(now, r->left_min * MINUTE_MS);
    struct morder *o = morder_blank(sb, r->market, instant_add(deadline, -DAY_MS));
    person_of(sb, r->left_min, o);
    o->name = str_of(r->name);
    o->surname = str_of(r->surname);
    o->phone = str_of(r->phone);
    o->number = str_of(r->number);
    o->id = r->market == MARKET_KASPI ? base64_encode(&sb->arena, o->number) : o->number;
    if (r->market == MARKET_OZON)
        o->group = str_sub(o->number, 0, o->number.len - 2);
    for (int i = 0; i < COUNT_OF(r->lines) && r->lines[i].good; i++)
        morder_add_line(sb, o, good_find(r->lines[i].good), 1, r->lines[i].price);
    morder_keep(sb, o);
}

/* A good of about `target` tenge that any market carries. */
static const struct good *good_about(struct sandbox *sb, int64_t target)
{
    const struct good *best = &goods[0];
    for (int i = 0; i < goods_count(); i++) {
        int64_t off = goods[i].price > target ? goods[i].price - target : target - goods[i].price;
        int64_t best_off = best->price > target ? best->price - target : target - best->price;
        if (goods[i].cargo_type == 1 && off < best_off)
            best = &goods[i];
    }
    for (int tries = 0; tries < 40; tries++) {
        const struct good *g = &goods[chance_below(sb, goods_count())];
        if (g->cargo_type == 1 && g->price * 10 >= target * 4 && g->price * 10 <= target * 16)
            return g;
    }
    return best;
}

/* `n` orders whose totals add up to exactly `sum`: each takes a share near the mean, the last takes what is
 * left. */
struct filling { enum market market; int n; };
static void fill_new(struct sandbox *sb, const struct filling *parts, int n, int64_t sum, instant now,
                     int from_min, int to_min)
{
    int done = 0;
    for (int p = 0; p < MARKET_COUNT; p++)
        for (int i = 0; i < parts[p].n; i++, done++) {
            int64_t target = sum / (n - done);
            const struct good *g = good_about(sb, target);
            int64_t price = done == n - 1 ? sum : g->price;
            int left = from_min + (int)((int64_t)(done * 37 % n) * (to_min - from_min) / n);
            struct morder *o = morder_blank(sb, parts[p].market, instant_add(now, left * MINUTE_MS - DAY_MS));
            person_of(sb, person_pick(sb), o);
            if (done < n - 1 && parts[p].market != MARKET_WB && price > 4 * 1450 && i % 4 == 1) {
                morder_add_line(sb, o, g, 1, price - 1450);
                morder_add_line(sb, o, good_find("Каша"), 1, 1450);
            } else {
                morder_add_line(sb, o, g, 1, price);
            }
            if (parts[p].market == MARKET_KASPI && i % 5 == 3)
                o->mode = STR("DELIVERY_PICKUP");
            sum -= price;
            morder_keep(sb, o);
        }
}

/* Orders further on in life. Times: how many hours ago it was handed over or accepted, and how old it was
 * then. */
static void fill_stage(struct sandbox *sb, enum market market, int n, enum stage stage, instant now,
                       struct mbatch *batch)
{
    for (int i = 0; i < n; i++) {
        instant then = instant_add(
            now, -(HOUR_MS + chance_below(sb, stage == STAGE_HANDED ? 18 * HOUR_MS : 2 * HOUR_MS)));
        struct morder *o =
            morder_blank(sb, market, instant_add(then, -(3 * HOUR_MS + chance_below(sb, 13 * HOUR_MS))));
        person_of(sb, person_pick(sb), o);
        const struct good *g = good_about(sb, 11000);
        morder_add_line(sb, o, g, 1, g->price);
        o->stage = stage == STAGE_HANDED && market == MARKET_WB ? STAGE_SORTED : stage;
        o->accepted_at = o->shipping_at = instant_add(o->created_at, HOUR_MS);
        if (stage == STAGE_ASSEMBLED || (stage == STAGE_HANDED && market == MARKET_KASPI))
            o->assembled_at = instant_add(o->created_at, 2 * HOUR_MS);
        if (stage == STAGE_HANDED)
            o->handed_at = then;
        if (batch)
            o->batch = batch->id;
        o->fate = chance_hits(sb, 60) ? FATE_RETURNS : FATE_BUYS;
        o->changed_at = then;
        morder_keep(sb, o);
    }
}

static void bought(struct sandbox *sb, enum market market, const char *good, int64_t price, instant at,
                   struct morder *like)
{
    struct morder *o = morder_blank(sb, market, at);
    person_of(sb, person_pick(sb), o);
    if (like) {
        o->name = like->name;
        o->surname = like->surname;
        o->phone = like->phone;
        o->city = like->city;
        o->address = like->address;
    }
    morder_add_line(sb, o, good ? good_find(good) : good_about(sb, price), 1, price);
    o->stage = STAGE_DELIVERED;
    o->accepted_at = o->shipping_at = instant_add(at, HOUR_MS);
    o->assembled_at = instant_add(at, 3 * HOUR_MS);
    o->handed_at = instant_add(at, 20 * HOUR_MS);
    o->closed_at = o->changed_at = instant_add(at, 60 * HOUR_MS);
    morder_keep(sb, o);
}

/* Мария: 12 orders for 487 000 ₸ with the one of this morning. */
static const struct { enum market market; const char *good; int64_t price;
} marias[] = {
    { MARKET_KASPI, "Коляска Yoya", 74900 },   { MARKET_KASPI, "Автокресло Joie", 64900 },
    { MARKET_KASPI, "Молокоотсос", 54900 },    { MARKET_WB, "Слинг-рюкзак", 46900 },
    { MARKET_KASPI, "Радионяня", 42900 },      { MARKET_OZON, "Беговел", 39900 },
    { MARKET_KASPI, "Манеж складной", 38900 }, { MARKET_KASPI, "Стерилизатор", 32900 },
    { MARKET_WB, "Комбинезон зимний", 32700 }, { MARKET_KASPI, "Конструктор «Космодром»", 29900 },
    { MARKET_KASPI, "Ванночка", 13000 },
};

static void history_play(struct sandbox *sb, instant now)
{
    struct morder *maria = morder_by_number(sb, MARKET_KASPI, STR("438117204"));
    for (int i = 0; i < COUNT_OF(marias); i++)
        bought(sb, marias[i].market, marias[i].good, marias[i].price,
               instant_add(now, -(4 * DAY_MS + i * 20 * HOUR_MS)), maria);
    for (int i = 0; i < 80; i++)
        bought(sb, market_pick(sb), NULL, 4000 + 100 * chance_below(sb, 200),
               instant_add(now, -(4 * DAY_MS + chance_below(sb, 9 * DAY_MS))), NULL);
    for (int i = 0; i < 9; i++) {
        struct morder *o = morder_blank(sb, (enum market)(i % MARKET_COUNT),
                                       instant_add(now, -(2 * DAY_MS + i * 9 * HOUR_MS)));
        person_of(sb, person_pick(sb), o);
        const struct good *g = good_about(sb, 9000);
        morder_add_line(sb, o, g, 1, g->price);
        o->stage = STAGE_CANCELLED;
        o->cancelled_by = i < 6 ? BY_BUYER : BY_SELLER;
        if (o->market == MARKET_KASPI)
            o->cancel_reason = i < 6 ? STR("BUYER_CANCELLATION_HIMSELF") : STR("MERCHANT_OUT_OF_STOCK");
        else if (o->market == MARKET_OZON)
            o->cancel_reason = i < 6 ? (str){ 0 } : STR("352");
        o->closed_at = o->changed_at = instant_add(o->created_at, 5 * HOUR_MS);
        morder_keep(sb, o);
    }
}

static struct mbatch *supply_play(struct sandbox *sb, const char *name, instant at, bool closed)
{
    struct mbatch *b = mbatch_new(sb, MARKET_WB);
    b->name = str_of(name);
    b->cargo_type = 1;
    b->warehouse = 658434;
    b->created_at = at;
    if (closed)
        b->closed_at = instant_add(at, 6 * HOUR_MS);
    mbatch_changed(sb, b);
    return b;
}

static void karapuz_play(struct sandbox *sb, instant now)
{
    static const struct filling yellow[] = { { MARKET_KASPI, 12 }, { MARKET_WB, 7 }, { MARKET_OZON, 6 } };
    static const struct filling green[] = { { MARKET_KASPI, 48 }, { MARKET_WB, 24 }, { MARKET_OZON, 18 } };
    for (int i = 0; i < COUNT_OF(red_rows); i++)
        row_play(sb, &red_rows[i], now);
    for (int i = 0; i < COUNT_OF(yellow_rows); i++)
        row_play(sb, &yellow_rows[i], now);
    for (int i = 0; i < COUNT_OF(green_rows); i++)
        row_play(sb, &green_rows[i], now);
    sb->last_number[MARKET_KASPI] = 438117720;
    sb->last_number[MARKET_WB] = 90419300;
    fill_new(sb, yellow, 25, 442900 - 83600, now, 155, 710);
    fill_new(sb, green, 90, 1215300 - 3700, now, 745, 1430);
    fill_stage(sb, MARKET_KASPI, 34, STAGE_ACCEPTED, now, NULL);
    fill_stage(sb, MARKET_WB, 18, STAGE_ACCEPTED, now,
               supply_play(sb, "Утро", instant_add(now, -4 * HOUR_MS), false));
    fill_stage(sb, MARKET_OZON, 12, STAGE_ACCEPTED, now, NULL);
    fill_stage(sb, MARKET_KASPI, 38, STAGE_ASSEMBLED, now, NULL);
    fill_stage(sb, MARKET_KASPI, 110, STAGE_HANDED, now, NULL);
    fill_stage(sb, MARKET_WB, 56, STAGE_HANDED, now,
               supply_play(sb, "Вчера", instant_add(now, -26 * HOUR_MS), true));
    fill_stage(sb, MARKET_OZON, 46, STAGE_HANDED, now, NULL);
    history_play(sb, now);
    returns_play(sb, now);
}

bool scene_play(struct sandbox *sb, str name, struct err *err)
{
    instant now = clock_now(&sb->clock);
    if (str_is(name, "karapuz")) {
        karapuz_play(sb, now);
        sb->stream_on = !sb->options.frozen;
    } else if (str_is(name, "stream")) {
        for (int i = 0; i < 24; i++)
            morder_make(sb, market_pick(sb), instant_add(now, -(int64_t)(24 - i) * 11 * MINUTE_MS));
        sb->stream_on = true;
    } else if (name.len && !str_is(name, "quiet")) {
        return err_set(err, ERR_SETTING, "scene", "there is no scene \"%.*s\"; known: karapuz, stream, quiet",
                       STR_ARG(name));
    }
    if (sb->stream_on)
        sb->stream_at = instant_add(now, 6 * MINUTE_MS);
    return true;
}
