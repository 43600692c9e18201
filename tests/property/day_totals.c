/* Whatever happens to orders, the figures kept by day are what a count over the orders gives. On both stores. */
#include "support/shop.h"

#include "orders/totals_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ORDERS 24
#define STEPS  160

static uint64_t state_of_chance;

static uint64_t chance(uint64_t below)
{
    state_of_chance += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = state_of_chance;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

static const enum hub_status told[] = { HUB_NEW, HUB_CONFIRMED, HUB_ASSEMBLING, HUB_READY_TO_SHIP, HUB_IN_DELIVERY, HUB_DELIVERED,
                                        HUB_COMPLETED, HUB_CANCELLED, HUB_RETURNED };
static const char *const currencies[] = { "KZT", "KZT", "KZT", "RUB" };

/* The market tells an order: new, further, cancelled, or with another sum. */
static void market_tells(struct test_shop *s, int round)
{
    int   n      = (int)chance(ORDERS);
    char *name   = ARENA_ARRAY(&s->arena, char, 16);
    snprintf(name, 16, "E-%d", n);
    struct order_draft d = a_draft(s, name);
    d.placed_at.ms   = SHOP_NOW - (int64_t)(n * 11) * HOUR_MS;          /* over eleven days, near midnights too */
    d.changed_at     = s->work.now;
    d.currency       = str_of(currencies[n % 4]);
    d.grand_total.minor += (int64_t)chance(3) * 1000;
    d.delivery_total.minor = d.grand_total.minor - d.goods_total.minor;
    d.status_key = d.external_status = str_print(&s->arena, "word %d", round);
    take_drafts(s, &d, 1, told[chance(COUNT_OF(told))], str_zero(&s->arena, str_print(&s->arena, "%d", round)));
}

static bool any_order(struct test_shop *s, rid *out)
{
    int64_t n = count_rows(s, "SELECT COUNT(*) FROM orders");
    if (!n)
        return false;
    str sql = str_print(&s->arena, "SELECT id FROM orders ORDER BY id LIMIT 1 OFFSET %d", (int)chance((uint64_t)n));
    *out    = (rid){ count_rows(s, str_zero(&s->arena, sql)) };
    return true;
}

/* A person acts on an order; half of the time thinks better of it. */
static void person_acts(struct test_shop *s)
{
    struct action_result res;
    struct undo_result   undone;
    struct err           err = { 0 };
    rid                  id;
    struct action_input  in = { .action = (enum order_action)chance(ACT_COUNT), .hold_s = 5, .reason = STR("no_stock") };
    if (!any_order(s, &id) || !order_do(&s->work, id, &in, &res, &err) || !res.undo.len || chance(2))
        return;
    test_shop_advance(s, (int64_t)chance(4000));
    (void)!order_undo(&s->work, res.undo, &(struct undo_right){ .work = true, .cancel = true }, &undone, &err);
}

static int by_key(const void *pa, const void *pb)
{
    const struct day_row *a = pa, *b = pb;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    int c = str_cmp(a->figure, b->figure);
    return c ? c : str_cmp(a->currency, b->currency);
}

static struct day_row_list days_of(struct test_shop *s)
{
    struct day_row_list all = { 0 }, out = { 0 };
    assert_true(days_load(s->work.db, 0, INT32_MAX, &s->arena, &all, &s->err));
    for (int i = 0; i < all.count; i++)
        if ((all.at[i].n || all.at[i].total) && !str_is(all.at[i].figure, "customers_new"))
            *day_row_list_add(&out, &s->arena) = all.at[i];
    if (out.count)
        qsort(out.at, (size_t)out.count, sizeof *out.at, by_key);
    return out;
}

struct recounting { struct test_shop *s; const struct zone *zone; bool counted; };
static bool recount_tx(struct db *db, void *ctx, struct err *err)
{
    struct recounting *r = ctx;
    return days_follow_zone(db, &r->s->arena, r->zone, &r->counted, err);
}

static bool recount(struct test_shop *s, const char *zone)
{
    struct recounting r = { s, zone_find(str_of(zone)), false };
    assert_non_null(r.zone);
    if (!db_tx(s->work.db, recount_tx, &r, &s->err))
        fail_msg("%s", s->err.item[0].text);
    return r.counted;
}

static void same_days(const struct day_row_list *kept, const struct day_row_list *counted, uint64_t seed)
{
    if (kept->count != counted->count)
        fail_msg("seed %llu: %d rows kept, %d counted", (unsigned long long)seed, kept->count, counted->count);
    for (int i = 0; i < kept->count; i++) {
        const struct day_row *k = &kept->at[i], *c = &counted->at[i];
        if (k->day != c->day || !str_eq(k->figure, c->figure) || !str_eq(k->currency, c->currency) || k->n != c->n || k->total != c->total)
            fail_msg("seed %llu: day %lld %.*s %.*s: kept %lld of %lld, counted %lld of %lld", (unsigned long long)seed, (long long)k->day,
                     STR_ARG(k->figure), STR_ARG(k->currency), (long long)k->n, (long long)k->total, (long long)c->n, (long long)c->total);
    }
}

static void figures_kept_by_day_are_what_a_count_gives(void **state)
{
    const char *given = getenv("SAUDA_SEED");
    uint64_t    seed  = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    struct test_shop s;
    printf("# seed %llu\n", (unsigned long long)seed);
    state_of_chance = seed;
    test_shop_init(&s, state);
    for (int i = 0; i < STEPS; i++) {
        test_shop_advance(&s, (int64_t)chance(40) * MINUTE_MS);
        if (chance(3))
            market_tells(&s, i);
        else
            person_acts(&s);
    }
    struct day_row_list kept = days_of(&s);
    assert_true(kept.count > 10);
    assert_true(recount(&s, "Asia/Almaty"));
    struct day_row_list counted = days_of(&s);
    same_days(&kept, &counted, seed);
    assert_false(recount(&s, "Asia/Almaty"));
    test_shop_done(&s);
}

/* Almaty is five hours ahead of UTC: an order of half past one in the night belongs to the day before in London. */
static void days_are_counted_anew_when_the_shop_moves_to_another_zone(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "E-1");
    assert_true(instant_parse(STR("2026-12-15T20:30:00Z"), &d.placed_at));
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    int64_t day;
    assert_true(date_parse(STR("2026-12-16"), &day));
    assert_int_equal(count_rows(&s, "SELECT day FROM day_totals WHERE figure = 'orders'"), day);
    assert_true(recount(&s, "Europe/London"));
    assert_int_equal(count_rows(&s, "SELECT day FROM day_totals WHERE figure = 'orders'"), day - 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM day_totals WHERE figure = 'customers_new'"), 1);
    test_shop_done(&s);
}

static void a_part_of_a_day_is_counted_as_its_whole_would_be(void **state)
{
    struct test_shop s;
    struct day_row_list part = { 0 };
    test_shop_init(&s, state);
    struct order_draft d[] = { a_draft(&s, "E-1"), a_draft(&s, "E-2"), a_draft(&s, "E-3") };
    d[1].placed_at.ms -= HOUR_MS;
    d[2].placed_at.ms -= 2 * DAY_MS;
    take_drafts(&s, d, 3, HUB_NEW, "1");
    struct action_input  in = { .action = ACT_CANCEL, .reason = STR("no_stock") };
    struct action_result res;
    rid id = the_order(&s, "E-2").id;
    assert_true(order_do(&s.work, id, &in, &res, &s.err));
    assert_true(placed_count(s.work.db, (instant){ SHOP_NOW - DAY_MS }, (instant){ SHOP_NOW }, &s.arena, &part, &s.err));
    assert_int_equal(part.count, 3);
    assert_int_equal(part.at[0].n, 2);
    assert_int_equal(part.at[0].total, 2 * 1520000);
    assert_int_equal(part.at[1].n, 1);
    assert_int_equal(part.at[1].total, 1520000);
    assert_int_equal(part.at[2].n, 0);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest cases[] = {
        cmocka_unit_test(figures_kept_by_day_are_what_a_count_gives),
        cmocka_unit_test(days_are_counted_anew_when_the_shop_moves_to_another_zone),
        cmocka_unit_test(a_part_of_a_day_is_counted_as_its_whole_would_be),
    };
    return test_shops(cases, COUNT_OF(cases));
}
