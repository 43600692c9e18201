/* scene_returns.c - what is going back in the town of the pictures: 21 returns, two of which wait for an answer today.
 *
 * They belong to orders of the last two weeks that have been delivered, so that nothing else of the town changes. Chance is not asked.
 */
#include "sandbox/market.h"

struct back {
    enum market market;
    int         hours_ago;
    const char *reason, *text;
    int         photos;
    enum rstage stage;
    bool        rfbs;
};
// clang-format off
static const struct back backs[] = {
    { MARKET_WB,    116, "Не как на фото", "На фото тёмно-синий, пришёл серый. Прикладываю снимки.", 4, RSTAGE_REQUESTED },
    { MARKET_WB,    113, "Брак", "Молния расходится, носить нельзя.", 3, RSTAGE_REQUESTED },
    { MARKET_OZON,   66, "Некомплект", "Не хватает двух деталей.", 1, RSTAGE_REQUESTED, true },
    { MARKET_KASPI,  40, "Покупатель передумал", "", 0, RSTAGE_MOVING },
    { MARKET_WB,     92, "Не подошёл размер", "Заказывала по таблице, оказалось мало.", 0, RSTAGE_MOVING },
    { MARKET_OZON,   70, "Брак", "Не заряжается.", 2, RSTAGE_REQUESTED, true },
    { MARKET_KASPI,  30, "Покупатель передумал", "", 0, RSTAGE_MOVING },
    { MARKET_WB,     80, "Не подошёл размер", "", 0, RSTAGE_AT_PLACE },
    { MARKET_OZON,   40, "Не как на фото", "Рисунок другой.", 1, RSTAGE_REQUESTED, true },
    { MARKET_KASPI,  20, "Повреждена упаковка", "", 0, RSTAGE_MOVING },
    { MARKET_OZON,   30, "Покупатель передумал", "", 0, RSTAGE_APPROVED },
    { MARKET_WB,     50, "Брак", "Протекает крышка.", 1, RSTAGE_REQUESTED },
    { MARKET_WB,     44, "Не подошёл размер", "Маломерит.", 0, RSTAGE_REQUESTED },
    { MARKET_WB,     38, "Не как на фото", "", 1, RSTAGE_REQUESTED },
    { MARKET_OZON,   36, "Покупатель передумал", "", 0, RSTAGE_REQUESTED, true },
    { MARKET_WB,     26, "Покупатель передумал", "", 0, RSTAGE_REQUESTED },
    { MARKET_OZON,   60, "Брак", "", 0, RSTAGE_MOVING },
    { MARKET_OZON,   90, "Не как на фото", "", 0, RSTAGE_AT_PLACE },
    { MARKET_WB,     72, "Брак", "", 0, RSTAGE_KEPT },
    { MARKET_OZON,  100, "Не подошёл размер", "", 0, RSTAGE_RECEIVED },
    { MARKET_OZON,   48, "Не подошёл размер", "", 0, RSTAGE_MOVING },
    { MARKET_WB,     20, "Не подошёл размер", "Хотим обменять на больший.", 0, RSTAGE_REQUESTED },
};
// clang-format on

/* Does an order that is under way name the same person? Then the market has told who that is, and nothing new comes to light. */
static bool is_known(const struct sandbox *sb, const struct morder *o)
{
    for (int i = 0; i < sb->orders.count; i++) {
        const struct morder *other = sb->orders.at[i];
        if (other->market == o->market && other->stage < STAGE_DELIVERED && str_eq(other->phone, o->phone))
            return true;
    }
    return false;
}

static struct morder *delivered_before(struct sandbox *sb, enum market market, instant at)
{
    for (int i = 0; i < sb->orders.count; i++) {
        struct morder *o = sb->orders.at[i];
        bool fits = o->market == market && o->stage == STAGE_DELIVERED && o->closed_at.ms < at.ms && !str_is(o->name, "Мария");
        if (fits && (market == MARKET_KASPI ? is_known(sb, o) : !mreturn_of_order(sb, o)))
            return o;
    }
    return NULL;
}

/* Kaspi: the order itself goes back, and stays on its way. */
static void kaspi_back(struct sandbox *sb, struct morder *o, const struct back *b, instant at)
{
    o->stage_before  = o->stage;
    o->stage         = STAGE_RETURNING;
    o->fate          = FATE_STAYS;
    o->cancel_reason = str_of(b->reason);
    o->changed_at    = at;
    o->next_at       = (instant){ 0 };
    journal_order(sb, o);
}

void returns_play(struct sandbox *sb, instant now)
{
    for (int i = 0; i < COUNT_OF(backs); i++) {
        const struct back *b  = &backs[i];
        instant            at = instant_add(now, -b->hours_ago * HOUR_MS - (i * 7 % 23) * MINUTE_MS);
        struct morder     *o  = delivered_before(sb, b->market, at);
        if (!o)
            continue;
        if (b->market == MARKET_KASPI) {
            kaspi_back(sb, o, b, at);
            continue;
        }
        struct mreturn *r = mreturn_of(sb, o, false, at);
        r->rfbs   = b->rfbs;
        r->reason = str_of(b->reason);
        r->text   = str_of(b->text);
        r->photos = b->photos;
        r->stage  = b->stage;
        if (b->stage != RSTAGE_REQUESTED)
            r->changed_at = instant_add(at, (now.ms - at.ms) / 2);
        if (b->stage == RSTAGE_RECEIVED)
            r->received_at = r->changed_at;
        mreturn_keep(sb, r);
    }
}
