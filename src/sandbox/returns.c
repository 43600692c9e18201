/* returns.c - what goes back: buyers who ask, parcels that were not taken, and how they travel to the seller. */
#include "sandbox/market.h"

const char *const rstage_names[] = {
    [RSTAGE_REQUESTED] = "requested", [RSTAGE_APPROVED] = "approved", [RSTAGE_MOVING] = "moving", [RSTAGE_AT_PLACE] = "at_place",
    [RSTAGE_RECEIVED] = "received",   [RSTAGE_PAID] = "paid",         [RSTAGE_KEPT] = "kept",     [RSTAGE_SCRAPPED] = "scrapped",
    [RSTAGE_REJECTED] = "rejected",   [RSTAGE_CANCELLED] = "cancelled",
    [RSTAGE_OFFERED] = "offered",     [RSTAGE_DECLINED] = "declined", [RSTAGE_PART_PAID] = "part_paid", NULL
};
_Static_assert(COUNT_OF(rstage_names) == RSTAGE_COUNT + 1, "a name per stage");

static const struct field mreturn_fields[] = {
    FIELD(mreturn, market, .choices = market_names), FIELD(mreturn, stage, .choices = rstage_names), FIELD(mreturn, parcel),
    FIELD(mreturn, rfbs), FIELD(mreturn, id), FIELD(mreturn, order), FIELD(mreturn, reason, .max = 4000), FIELD(mreturn, text, .max = 4000),
    FIELD(mreturn, comment, .max = 4000), FIELD(mreturn, answer), FIELD(mreturn, photos), FIELD(mreturn, qty), FIELD(mreturn, offer),
    FIELD(mreturn, sku), FIELD(mreturn, title), FIELD(mreturn, price), FIELD(mreturn, requested_at), FIELD(mreturn, changed_at),
    FIELD(mreturn, received_at), FIELD(mreturn, next_at),
};
const struct record mreturn_record = RECORD(mreturn, "return", mreturn_fields);

/* How long a return stays in a stage when nobody does anything, in minutes; 0 = until somebody acts. A market decides by itself what
 * the seller has left unanswered for five days; Ozon answers for a seller whose parcels it delivers. */
static int stay_minutes(const struct mreturn *r)
{
    switch ((enum rstage)r->stage) {
    case RSTAGE_REQUESTED: return r->market == MARKET_OZON && !r->rfbs ? 6 * 60 : 5 * 24 * 60;
    case RSTAGE_APPROVED:  return 12 * 60;
    case RSTAGE_MOVING:    return r->rfbs ? 0 : 24 * 60;
    case RSTAGE_AT_PLACE:  return r->parcel ? 2 * 24 * 60 : 0;
    default:               return 0;
    }
}

static const enum rstage comes_next[RSTAGE_COUNT] = {
    [RSTAGE_REQUESTED] = RSTAGE_APPROVED, [RSTAGE_APPROVED] = RSTAGE_MOVING, [RSTAGE_MOVING] = RSTAGE_AT_PLACE,
    [RSTAGE_AT_PLACE] = RSTAGE_RECEIVED,
};

#define UNDECIDED  BIT(RSTAGE_REQUESTED)
#define UNDER_WAY (BIT(RSTAGE_APPROVED) | BIT(RSTAGE_MOVING) | BIT(RSTAGE_AT_PLACE))
const struct ract racts[] = {
    { "market_approves", UNDECIDED | BIT(RSTAGE_REJECTED), RSTAGE_APPROVED },
    { "market_rejects", UNDECIDED, RSTAGE_REJECTED },
    { "market_refunds", UNDECIDED, RSTAGE_KEPT },
    { "buyer_withdraws", UNDECIDED | BIT(RSTAGE_APPROVED), RSTAGE_CANCELLED },
    { "moves", UNDECIDED | BIT(RSTAGE_APPROVED), RSTAGE_MOVING },
    { "arrives", BIT(RSTAGE_APPROVED) | BIT(RSTAGE_MOVING), RSTAGE_AT_PLACE },
    { "received", UNDER_WAY, RSTAGE_RECEIVED },
    { "paid", UNDER_WAY | BIT(RSTAGE_RECEIVED), RSTAGE_PAID },
    { "scrapped", UNDER_WAY, RSTAGE_SCRAPPED },
    { "buyer_agrees", BIT(RSTAGE_OFFERED), RSTAGE_PART_PAID },
    { "buyer_declines", BIT(RSTAGE_OFFERED), RSTAGE_DECLINED },
    { 0 },
};

const struct ract *ract_find(str event)
{
    for (const struct ract *a = racts; a->name; a++)
        if (str_is(event, a->name))
            return a;
    return NULL;
}

static const struct { const char *reason, *text; } wishes[] = {
    { "Не подошёл размер", "Заказывала по таблице, оказалось мало." }, { "Брак", "Шов разошёлся на второй день." },
    { "Не соответствует описанию", "Цвет совсем другой, чем на фото." }, { "Передумал", "" }, { "Повреждена упаковка", "Коробка мятая и вскрыта." },
};

static void number_of(struct sandbox *sb, struct mreturn *r)
{
    int64_t n = ++sb->last_return;
    if (r->market == MARKET_WB && !r->parcel)
        r->id = str_print(&sb->arena, "fe3e9337-e9f9-423c-8930-%012lld", (long long)n);
    else
        r->id = str_print(&sb->arena, "%lld", 1000800000LL + n);
}

struct mreturn *mreturn_of(struct sandbox *sb, struct morder *o, bool parcel, instant at)
{
    struct mreturn     *r = ARENA_NEW(&sb->arena, struct mreturn);
    const struct mline *l = o->lines.count ? &o->lines.at[0] : NULL;
    const int           w = (int)(o->total.minor / 100 % COUNT_OF(wishes));
    *r = (struct mreturn){ .market = o->market, .parcel = parcel, .order = o->id, .qty = 1, .requested_at = at, .changed_at = at };
    number_of(sb, r);
    if (l) {
        r->sku   = l->sku;
        r->title = l->title;
        r->offer = l->offer;
        r->price = l->price;
        r->qty   = parcel ? l->qty : 1;
    }
    r->stage  = parcel ? RSTAGE_MOVING : RSTAGE_REQUESTED;
    r->reason = parcel ? STR("Не забрал заказ") : str_of(wishes[w].reason);
    r->text   = parcel ? STR("") : str_of(wishes[w].text);
    r->photos = parcel ? 0 : w;
    return r;
}

static void plan(struct sandbox *sb, struct mreturn *r)
{
    int minutes = stay_minutes(r);
    r->next_at  = minutes ? instant_add(r->changed_at, minutes * MINUTE_MS) : (instant){ 0 };
    if (instant_is_set(r->next_at) && (!instant_is_set(sb->returns_due) || r->next_at.ms < sb->returns_due.ms))
        sb->returns_due = r->next_at;
}

void mreturn_index(struct sandbox *sb, struct mreturn *r)
{
    *mreturn_refs_add(&sb->returns, &sb->arena) = r;
    sb->last_return = sb->returns.count;
    sb->returns_due = (instant){ 1 };
}

void mreturn_keep(struct sandbox *sb, struct mreturn *r)
{
    mreturn_index(sb, r);
    plan(sb, r);
    journal_return(sb, r);
}

struct mreturn *mreturn_find(struct sandbox *sb, enum market market, str id)
{
    for (int i = 0; i < sb->returns.count; i++)
        if (sb->returns.at[i]->market == market && str_eq(sb->returns.at[i]->id, id))
            return sb->returns.at[i];
    return NULL;
}

struct mreturn *mreturn_of_order(struct sandbox *sb, const struct morder *o)
{
    for (int i = sb->returns.count - 1; i >= 0; i--)
        if (sb->returns.at[i]->market == o->market && str_eq(sb->returns.at[i]->order, o->id))
            return sb->returns.at[i];
    return NULL;
}

void mreturn_stage(struct sandbox *sb, struct mreturn *r, enum rstage stage)
{
    r->stage      = stage;
    r->changed_at = clock_now(&sb->clock);
    if (stage == RSTAGE_RECEIVED)
        r->received_at = r->changed_at;
    plan(sb, r);
    journal_return(sb, r);
}

/* Kaspi tells it by the order. */
void morder_parcel_back(struct sandbox *sb, struct morder *o)
{
    if (o->market != MARKET_KASPI && !mreturn_of_order(sb, o))
        mreturn_keep(sb, mreturn_of(sb, o, true, clock_now(&sb->clock)));
}

void morder_parcel_here(struct sandbox *sb, struct morder *o)
{
    struct mreturn *r = o->market == MARKET_KASPI ? NULL : mreturn_of_order(sb, o);
    if (r && (BIT(r->stage) & UNDER_WAY))
        mreturn_stage(sb, r, RSTAGE_RECEIVED);
}

void returns_tick(struct sandbox *sb, instant now)
{
    if (!instant_is_set(sb->returns_due) || sb->returns_due.ms > now.ms)
        return;
    sb->returns_due = (instant){ 0 };
    for (int i = 0; i < sb->returns.count; i++) {
        struct mreturn *r = sb->returns.at[i];
        if (instant_is_set(r->next_at) && r->next_at.ms <= now.ms)
            mreturn_stage(sb, r, comes_next[r->stage]);
        if (instant_is_set(r->next_at) && (!instant_is_set(sb->returns_due) || r->next_at.ms < sb->returns_due.ms))
            sb->returns_due = r->next_at;
    }
}
