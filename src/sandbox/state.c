#include "sandbox/market.h"

const char *const market_names[] = {
    [MARKET_KASPI] = "kaspi", [MARKET_WB] = "wildberries", [MARKET_OZON] = "ozon", NULL
};
_Static_assert(COUNT_OF(market_names) == MARKET_COUNT + 1, "a name per market");
const char *const stage_names[] = { [STAGE_NEW] = "new",
                                    [STAGE_SHIPPING] = "shipping",
                                    [STAGE_ACCEPTED] = "accepted",
                                    [STAGE_ASSEMBLED] = "assembled",
                                    [STAGE_HANDED] = "handed",
                                    [STAGE_SORTED] = "sorted",
                                    [STAGE_AT_PICKUP] = "at_pickup",
                                    [STAGE_DELIVERED] = "delivered",
                                    [STAGE_CANCELLING] = "cancelling",
                                    [STAGE_CANCELLED] = "cancelled",
                                    [STAGE_RETURNING] = "returning",
                                    [STAGE_RETURNED] = "returned",
                                    NULL };
_Static_assert(COUNT_OF(stage_names) == STAGE_COUNT + 1, "a name per stage");
const char *const fate_names[] = {
    [FATE_BUYS] = "buys", [FATE_CANCELS_NEW] = "cancels_new", [FATE_CANCELS_LATER] = "cancels_later",
    [FATE_RETURNS] = "returns", [FATE_STAYS] = "stays", NULL
};
_Static_assert(COUNT_OF(fate_names) == FATE_COUNT + 1, "a name per fate");
const char *const by_names[] = {
    [BY_NOBODY] = "nobody", [BY_BUYER] = "buyer", [BY_SELLER] = "seller", [BY_MARKET] = "market", NULL
};
_Static_assert(COUNT_OF(by_names) == BY_COUNT + 1, "a name per side");

static const struct field morder_fields[] = {
    FIELD(morder, market, .choices = market_names),
    FIELD(morder, stage, .choices = stage_names),
    FIELD(morder, stage_before, .choices = stage_names),
    FIELD(morder, fate, .choices = fate_names),
    FIELD(morder, cancelled_by, .choices = by_names),
    FIELD(morder, id),
    FIELD(morder, number),
    FIELD(morder, group),
    FIELD(morder, rid),
    FIELD(morder, total),
    FIELD(morder, created_at),
    FIELD(morder, deadline_at),
    FIELD(morder, changed_at),
    FIELD(morder, accepted_at),
    FIELD(morder, shipping_at),
    FIELD(morder, assembled_at),
    FIELD(morder, handed_at),
    FIELD(morder, closed_at),
    FIELD(morder, next_at),
    FIELD(morder, name),
    FIELD(morder, surname),
    FIELD(morder, phone),
    FIELD(morder, city),
    FIELD(morder, address),
    FIELD(morder, cancel_reason, .max = 4000),
    FIELD(morder, cancel_message, .max = 4000),
    FIELD(morder, kaspi_delivery),
    FIELD(morder, signature_required),
    FIELD(morder, is_signed),
    FIELD(morder, preorder),
    FIELD(morder, arrived),
    FIELD(morder, express),
    FIELD(morder, returned_to_warehouse),
    FIELD(morder, mode),
    FIELD(morder, payment),
    FIELD(morder, code),
    FIELD(morder, spaces),
    FIELD(morder, cargo_type),
    FIELD(morder, warehouse),
    FIELD(morder, delivery_method),
    FIELD(morder, batch),
};
const struct record morder_record = RECORD(morder, "order", morder_fields);

static const struct field mline_fields[] = {
    FIELD(mline, sku),      FIELD(mline, title),    FIELD(mline, barcode),
    FIELD(mline, category), FIELD(mline, offer),    FIELD(mline, size),
    FIELD(mline, qty),      FIELD(mline, weight_g), FIELD(mline, price),
};
const struct record mline_record = RECORD(mline, "line", mline_fields);

static const struct field mbatch_fields[] = {
    FIELD(mbatch, market, .choices = market_names),
    FIELD(mbatch, id),
    FIELD(mbatch, name),
    FIELD(mbatch, created_at),
    FIELD(mbatch, closed_at),
    FIELD(mbatch, departure_at),
    FIELD(mbatch, cargo_type),
    FIELD(mbatch, warehouse),
    FIELD(mbatch, delivery_method),
    FIELD(mbatch, is_gone),
};
const struct record mbatch_record = RECORD(mbatch, "batch", mbatch_fields);

static const struct field mheard_fields[] = {
    FIELD(mheard, market, .choices = market_names),
    FIELD(mheard, op),
    FIELD(mheard, order_id, .max = 4000),
    FIELD(mheard, detail, .max = 4000),
    FIELD(mheard, at),
    FIELD(mheard, status),
    FIELD(mheard, applied),
};
const struct record mheard_record = RECORD(mheard, "heard", mheard_fields);

/* ---- chance: splitmix64, so that a seed gives the same town every time ---- */

uint64_t chance_next(struct sandbox *sb)
{
    uint64_t z = (sb->random += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

int64_t chance_below(struct sandbox *sb, int64_t n)
{
    return n > 0 ? (int64_t)(chance_next(sb) % (uint64_t)n) : 0;
}

bool chance_hits(struct sandbox *sb, int per_thousand)
{
    return chance_below(sb, 1000) < per_thousand;
}

/* ---- orders ---- */

static uint64_t hash_of(unsigned market, str id)
{
    uint64_t h = UINT64_C(1469598103934665603) ^ market;
    for (size_t i = 0; i < id.len; i++)
        h = (h ^ (unsigned char)id.at[i]) * UINT64_C(1099511628211);
    return h ^ (h >> 29);
}

static void index_put(struct morder **index, int cap, struct morder *o)
{
    int at = (int)(hash_of(o->market, o->id) & (uint64_t)(cap - 1));
    while (index[at])
        at = (at + 1) & (cap - 1);
    index[at] = o;
}

void morder_index(struct sandbox *sb, struct morder *o)
{
    if (sb->orders.count * 2 >= sb->index_cap) {
        sb->index_cap = sb->index_cap ? sb->index_cap * 2 : 1024;
        sb->index = ARENA_ARRAY(&sb->arena, struct morder *, sb->index_cap);
        for (int i = 0; i < sb->orders.count; i++)
            index_put(sb->index, sb->index_cap, sb->orders.at[i]);
    }
    *morder_refs_add(&sb->orders, &sb->arena) = o;
    index_put(sb->index, sb->index_cap, o);
    if (instant_is_set(o->next_at) && (!instant_is_set(sb->due_at) || o->next_at.ms < sb->due_at.ms))
        sb->due_at = o->next_at;
    int64_t n;
    if (o->market != MARKET_OZON && str_to_int(o->number, &n) && n > sb->last_number[o->market])
        sb->last_number[o->market] = n;
}

struct morder *morder_find(struct sandbox *sb, enum market market, str id)
{
    if (!sb->index_cap)
        return NULL;
    int at = (int)(hash_of(market, id) & (uint64_t)(sb->index_cap - 1));
    for (; sb->index[at]; at = (at + 1) & (sb->index_cap - 1))
        if (sb->index[at]->market == market && str_eq(sb->index[at]->id, id))
            return sb->index[at];
    return NULL;
}

struct morder *morder_by_number(struct sandbox *sb, enum market market, str number)
{
    for (int i = 0; i < sb->orders.count; i++)
        if (sb->orders.at[i]->market == market && str_eq(sb->orders.at[i]->number, number))
            return sb->orders.at[i];
    return NULL;
}

struct morder *morder_new(struct sandbox *sb, enum market market)
{
    struct morder *o = ARENA_NEW(&sb->arena, struct morder);
    o->market = market;
    return o;
}

static void order_sum(struct morder *o)
{
    o->total.minor = 0;
    for (int i = 0; i < o->lines.count; i++)
        o->total.minor += o->lines.at[i].price.minor * o->lines.at[i].qty;
}

void morder_keep(struct sandbox *sb, struct morder *o)
{
    order_sum(o);
    life_plan(sb, o);
    morder_index(sb, o);
    journal_order(sb, o);
}

void morder_changed(struct sandbox *sb, struct morder *o)
{
    o->changed_at = clock_now(&sb->clock);
    life_plan(sb, o);
    if (instant_is_set(o->next_at) && (!instant_is_set(sb->due_at) || o->next_at.ms < sb->due_at.ms))
        sb->due_at = o->next_at;
    journal_order(sb, o);
}

bool morder_is_open(const struct morder *o)
{
    return o->stage != STAGE_DELIVERED && o->stage != STAGE_CANCELLED && o->stage != STAGE_RETURNED;
}

/* ---- supplies and carriages ---- */

struct mbatch *mbatch_new(struct sandbox *sb, enum market market)
{
    struct mbatch *b = ARENA_NEW(&sb->arena, struct mbatch);
    b->market = market;
    b->id = str_print(&sb->arena, market == MARKET_WB ? "WB-GI-%lld" : "%lld", (long long)++sb->last_batch);
    b->created_at = clock_now(&sb->clock);
    *mbatch_refs_add(&sb->batches, &sb->arena) = b;
    return b;
}

struct mbatch *mbatch_find(struct sandbox *sb, enum market market, str id)
{
    for (int i = 0; i < sb->batches.count; i++) {
        struct mbatch *b = sb->batches.at[i];
        if (b->market == market && !b->is_gone && str_eq(b->id, id))
            return b;
    }
    return NULL;
}

void mbatch_changed(struct sandbox *sb, struct mbatch *b)
{
    journal_batch(sb, b);
}

int choice_find(const char *const *names, str word)
{
    for (int i = 0; names[i]; i++)
        if (str_is(word, names[i]))
            return i;
    return -1;
}
