/* Orders come in, and people are found behind them: the worked examples of the handbook, and the same clusters however they are
 * reached. On both stores. */
#include "support/shop.h"

#include "customers/rebuild_flow.h"
#include "customers/sound_flow.h"
#include "customers/sound_store.h"

#include <stdio.h>
#include <stdlib.h>

struct told { const char *order, *name, *phone, *email, *address; int account; };

/* `buyer` is the source's own number of the person; empty: it is made of the phone, and a second order renews the record. */
static void take_of(struct test_shop *s, struct told t, str buyer)
{
    struct order_draft d = a_draft(s, t.order);
    rid                was = s->account;
    d.customer.external_id = buyer;
    d.customer.name    = str_of(t.name);
    d.customer.phone   = str_of(t.phone ? t.phone : "");
    d.customer.email   = str_of(t.email ? t.email : "");
    d.delivery.address = str_of(t.address ? t.address : "");
    d.delivery.city    = t.address ? STR("Алматы") : STR("");
    s->account = (rid){ 77 + t.account };
    take_drafts(s, &d, 1, HUB_NEW, "1");
    s->account = was;
    test_shop_advance(s, MINUTE_MS);
}

static void take(struct test_shop *s, struct told t) { take_of(s, t, STR("")); }

static int64_t cards(struct test_shop *s) { return count_rows(s, "SELECT COUNT(*) FROM customers WHERE merged_into IS NULL"); }
static int64_t open_pairs(struct test_shop *s) { return count_rows(s, "SELECT COUNT(*) FROM identity_suggestions WHERE state = 'open'"); }

static void maria_of_three_channels_is_one_customer(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    take(&s, (struct told){ "K-1", "Мария Иванова", "+7 777 123 45 67", NULL, NULL, 0 });
    take(&s, (struct told){ "S-1", "Мария Иванова", "8 777 1234567", "maria@email.kz", NULL, 1 });
    take(&s, (struct told){ "M-1", "Мария И.", "77771234567", NULL, NULL, 2 });
    assert_int_equal(cards(&s), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customer_sources"), 3);
    assert_int_equal(count_rows(&s, "SELECT orders_count FROM customers"), 3);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customers WHERE name = 'Мария Иванова' AND email = 'maria@email.kz'"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_links WHERE ended_at IS NULL AND rule <> 'first' AND evidence LIKE '%phone.same%' "
                                    "AND with_source IS NOT NULL AND score > 0"), 2);
    test_shop_done(&s);
}

/* The handbook's example of §7: 12 orders of three channels, 487 000, 40 583 each. */
static void maria_has_twelve_orders_of_40_583_on_one_card(void **state)
{
    static const struct told records[] = {
        { NULL, "Мария Иванова", "+7 777 123 45 67", NULL, NULL, 0 }, { NULL, "Мария Иванова", "8 777 1234567", "maria@email.kz", NULL, 1 },
        { NULL, "Мария И.", "77771234567", NULL, NULL, 2 },
    };
    struct test_shop s;
    amount           mean;
    test_shop_init(&s, state);
    for (int i = 0; i < 12; i++) {
        struct told        t = records[i % 3];
        struct order_draft d = a_draft(&s, str_zero(&s.arena, str_print(&s.arena, "M-%d", i)));
        rid                was = s.account;
        d.customer.name  = str_of(t.name);
        d.customer.phone = str_of(t.phone);
        d.customer.email = str_of(t.email ? t.email : "");
        d.grand_total = d.goods_total = d.lines.at[0].line_total = (amount){ i < 11 ? 4058300 : 48700000 - 11 * 4058300 };
        s.account = (rid){ 77 + t.account };
        take_drafts(&s, &d, 1, HUB_NEW, "1");
        s.account = was;
        test_shop_advance(&s, DAY_MS);
    }
    assert_int_equal(cards(&s), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customer_sources"), 3);
    int64_t orders = count_rows(&s, "SELECT orders_count FROM customers"), sum = count_rows(&s, "SELECT net_spent FROM customers");
    assert_int_equal(orders, 12);
    assert_int_equal(sum, 48700000);
    assert_true(amount_scale((amount){ sum }, 1, orders, &mean));
    assert_int_equal(mean.minor, 4058333);
    test_shop_done(&s);
}

static void a_shared_phone_with_another_name_is_another_person(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    take(&s, (struct told){ "A", "Мария Иванова", "7771234567", NULL, NULL, 0 });
    take(&s, (struct told){ "B", "Пётр Сидоров", "7771234567", NULL, NULL, 1 });
    take(&s, (struct told){ "C", "Пётр Сидоров", "7771234567", NULL, NULL, 0 });
    assert_int_equal(cards(&s), 2);
    assert_int_equal(count_rows(&s, "SELECT MAX(orders_count) FROM customers WHERE name = 'Пётр Сидоров'"), 2);
    test_shop_done(&s);
}

static void name_and_address_only_suggest(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    take(&s, (struct told){ "A", "Мария Иванова", "7771234567", NULL, "ул. Абая, д. 10, кв. 5", 0 });
    take(&s, (struct told){ "B", "Иванова Мария", "7015554433", NULL, "Абая 10-5", 1 });
    assert_int_equal(cards(&s), 2);
    assert_int_equal(open_pairs(&s), 1);
    test_shop_done(&s);
}

static void refused_suggestions_do_not_come_back(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    take(&s, (struct told){ "A", "Мария Иванова", "7771234567", NULL, "ул. Абая, д. 10, кв. 5", 0 });
    take(&s, (struct told){ "B", "Иванова Мария", "7015554433", NULL, "Абая 10-5", 1 });
    rid a = the_order(&s, "A").customer_id;
    rid b = { count_rows(&s, "SELECT customer_id FROM orders WHERE external_id = 'B'") };
    assert_true(verdict_between(&s.work, a, b, STR("different"), STR("KZ"), &s.err));
    assert_int_equal(open_pairs(&s), 0);
    struct rebuild_plan plan = { .country = STR("KZ") };
    struct rebuild_done done;
    assert_true(identity_rebuild(&s.work, &plan, &done, &s.err));
    assert_int_equal(open_pairs(&s), 0);
    assert_int_equal(done.merges, 0);
    take(&s, (struct told){ "C", "Иванова Мария", "7015554433", "m@i.kz", "Абая 10, кв 5", 1 });     /* a newer copy of B */
    assert_int_equal(cards(&s), 2);
    assert_int_equal(open_pairs(&s), 0);
    test_shop_done(&s);
}

static void a_record_that_joins_two_cards_merges_them_and_that_can_be_taken_back(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    take(&s, (struct told){ "A", "Мария Иванова", "7771234567", NULL, NULL, 0 });
    take(&s, (struct told){ "B", "Мария Иванова", NULL, "maria@email.kz", NULL, 1 });
    assert_int_equal(cards(&s), 2);
    take(&s, (struct told){ "C", "Мария Иванова", "7771234567", "maria@email.kz", NULL, 2 });
    assert_int_equal(cards(&s), 1);
    assert_int_equal(count_rows(&s, "SELECT orders_count FROM customers WHERE merged_into IS NULL"), 3);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM merge_events WHERE actor_kind = 'rule'"), 1);
    struct unmerge_plan u = { .event = { count_rows(&s, "SELECT id FROM merge_events") } };
    struct unmerge_done done;
    assert_true(unmerge_do(&s.work, &u, &done, &s.err));
    assert_int_equal(cards(&s), 2);
    assert_int_equal(count_rows(&s, "SELECT CAST(SUM(orders_count) AS BIGINT) FROM customers"), 3);
    test_shop_done(&s);
}

static int found_by(struct test_shop *s, const char *name)
{
    struct int_list found = { 0 };
    assert_true(customer_by_name(s->work.db, str_of(name), 20, &s->arena, &found, &s->err));
    return found.count;
}

static void people_of_an_older_version_are_found_in_any_spelling_soon_after_the_start(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    take(&s, (struct told){ "A", "Мария Иванова", "7771234567", NULL, NULL, 0 });
    take(&s, (struct told){ "B", "Mariya Ivanova", "7771234599", NULL, NULL, 0 });
    take(&s, (struct told){ "C", "Александр Гусейнов", "7771234588", NULL, NULL, 0 });
    assert_int_equal(found_by(&s, "Маша Иванова"), 2);
    assert_int_equal(found_by(&s, "Саша Гусейнов"), 1);
    assert_int_equal(found_by(&s, "Саша Иванова"), 0);
    test_shop_run(&s, "DELETE FROM customer_keys WHERE kind = 'sound'");
    test_shop_run(&s, "DELETE FROM settings WHERE key = 'search.sounds'");
    assert_int_equal(found_by(&s, "Маша Иванова"), 0);
    assert_int_equal(found_by(&s, "Мария Иванова"), 1);
    take(&s, (struct told){ "D", "Ivanova Masha", "7771234577", NULL, NULL, 0 });      /* who comes meanwhile is found at once */
    assert_int_equal(found_by(&s, "Маша Иванова"), 1);
    bool more = true;
    assert_true(customer_sounds_step(&s.work, 1, &more, &s.err));
    assert_false(more);
    assert_int_equal(found_by(&s, "Маша Иванова"), 3);
    int64_t keys = count_rows(&s, "SELECT COUNT(*) FROM customer_keys"), before = db_statements(s.work.db);
    assert_true(customer_sounds_step(&s.work, 1, &more, &s.err));
    assert_int_equal(db_statements(s.work.db) - before, 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customer_keys"), keys);
    test_shop_done(&s);
}

/* The server ended in between: the next start goes on behind the record where it was. */
static void sounds_are_made_in_pieces_and_go_on_where_they_were(void **state)
{
    struct test_shop s;
    bool more = true;
    test_shop_init(&s, state);
    take(&s, (struct told){ "A", "Мария Иванова", "7771234567", NULL, NULL, 0 });
    take(&s, (struct told){ "B", "Mariya Petrova", "7771234599", NULL, NULL, 0 });
    test_shop_run(&s, "DELETE FROM customer_keys WHERE kind = 'sound'");
    test_shop_run(&s, "INSERT INTO settings (key, value) SELECT 'search.sounds_at', CAST(MIN(id) AS VARCHAR(20)) FROM customer_sources");
    test_shop_run(&s, "INSERT INTO settings (key, value) VALUES ('search.sounds_making', '2')");
    assert_true(customer_sounds_step(&s.work, 1, &more, &s.err));
    assert_false(more);
    assert_int_equal(found_by(&s, "Маша Петрова"), 1);
    assert_int_equal(found_by(&s, "Маша Иванова"), 0);
    test_shop_done(&s);
}

static void masked_values_are_no_keys_and_hide_nothing_known(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    take(&s, (struct told){ "A", "Мария Иванова", "7771234567", NULL, NULL, 0 });
    take(&s, (struct told){ "B", "Пётр Сидоров", "+7 777 *** ** 67", NULL, NULL, 1 });
    assert_int_equal(cards(&s), 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customer_keys WHERE kind = 'phone'"), 1);
    test_shop_done(&s);
}

/* ---- what a page costs ---- */

static int64_t statements_of_page(struct test_shop *s, int orders, int from)
{
    struct order_draft *d = ARENA_ARRAY(&s->arena, struct order_draft, orders);
    for (int i = 0; i < orders; i++) {
        d[i] = a_draft(s, str_zero(&s->arena, str_print(&s->arena, "P-%d", from + i)));
        d[i].customer.name  = str_print(&s->arena, "Покупатель Номер%d", from + i);
        d[i].customer.phone = str_print(&s->arena, "7701555%04d", from + i);
    }
    int64_t before = db_statements(s->work.db);
    take_drafts(s, d, orders, HUB_NEW, "1");
    return db_statements(s->work.db) - before;
}

static void looking_for_other_records_costs_a_page_the_same_whatever_it_holds(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    int64_t small = statements_of_page(&s, 20, 0), middle = statements_of_page(&s, 40, 100), large = statements_of_page(&s, 60, 200);
    printf("# new buyers: %lld statements of a page of 20, %lld of 40, %lld of 60\n", (long long)small, (long long)middle, (long long)large);
    assert_int_equal(large - middle, middle - small);
    int64_t fixed = small - (middle - small);
    assert_in_range(fixed, 1, 20);
    test_shop_done(&s);
}

/* ---- one by one, and all at once ---- */

static uint64_t state_of_chance;

static uint64_t chance(uint64_t below)
{
    state_of_chance += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = state_of_chance;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

static void random_orders(struct test_shop *s, int count, bool renews)
{
    static const char *const names[][3] = {
        { "Мария Иванова", "Иванова Маша", "Mariya Ivanova" }, { "Пётр Сидоров", "Сидоров Петя", "П. Сидоров" },
        { "Айгүл Сейтқали", "Айгуль Сейткали", "Aigul Seitkali" }, { "Олег Бондаренко", "Бондаренко Олег", "Oleg Bondarenko" },
        { "Сергей Ким", "Ким Серёжа", "Сергей К." },
    };
    static const char *const houses[] = { "ул. Абая, 10, кв. 5", "Абая 10-5", "проспект Достык 3", NULL, NULL };
    for (int i = 0; i < count; i++) {
        int who = (int)chance(12);
        struct told t = {
            .order = str_zero(&s->arena, str_print(&s->arena, "R-%d", i)), .name = names[who % 5][chance(3)],
            .phone = chance(4) ? str_zero(&s->arena, str_print(&s->arena, "770155500%02d", who)) : NULL,
            .email = chance(2) ? str_zero(&s->arena, str_print(&s->arena, "p%d@mail.kz", who)) : NULL,
            .address = houses[chance(5)], .account = (int)chance(3),
        };
        take_of(s, t, renews ? STR("") : str_print(&s->arena, "buyer-%d", i));
    }
}

static uint64_t seed_or(uint64_t fixed)
{
    const char *seed = getenv("SAUDA_SEED");
    return seed ? strtoull(seed, NULL, 10) : fixed;
}

/* One by one, then twice at once; the second time nothing may be left to do. */
static struct rebuild_done rebuilt(struct test_shop *s, uint64_t seed, bool renews)
{
    state_of_chance = seed;
    random_orders(s, 60, renews);
    struct rebuild_plan look = { .country = STR("KZ"), .dry_run = true }, plan = { .country = STR("KZ") };
    struct rebuild_done first, done, again;
    int64_t before = cards(s);
    assert_true(identity_rebuild(&s->work, &look, &first, &s->err));
    assert_true(identity_rebuild(&s->work, &plan, &done, &s->err));
    printf("# SAUDA_SEED=%llu: %lld records, %lld people one by one, %lld at once; %lld merges, %lld splits\n", (unsigned long long)seed,
           (long long)done.sources, (long long)before, (long long)done.clusters, (long long)done.merges, (long long)done.splits);
    assert_int_equal(first.merges, done.merges);
    assert_int_equal(first.splits, done.splits);
    assert_int_equal(cards(s), done.clusters);
    test_shop_advance(s, SECOND_MS);
    assert_true(identity_rebuild(&s->work, &plan, &again, &s->err));
    assert_int_equal(again.merges + again.splits, 0);
    assert_int_equal(count_rows(s, "SELECT CAST(SUM(orders_count) AS BIGINT) FROM customers"), 60);
    return done;
}

static void same_people(void **state, uint64_t seed)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct rebuild_done done = rebuilt(&s, seed_or(seed), false);
    assert_int_equal(done.sources, 60);
    assert_int_equal(done.merges + done.splits, 0);
    test_shop_done(&s);
}

static void all_at_once_gives_the_people_of_one_by_one(void **state) { same_people(state, 1); }
static void all_at_once_gives_the_people_of_another_sixty_orders(void **state) { same_people(state, 3); }
static void all_at_once_gives_the_people_of_a_third_sixty_orders(void **state) { same_people(state, 4); }

/* A newer copy of a record may say less for its link than the one that made it: then the card is parted at once. */
static void records_that_changed_leave_nothing_for_a_rebuild(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct rebuild_done done = rebuilt(&s, seed_or(3), true);
    assert_int_equal(done.merges + done.splits, 0);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_of_an_older_version_are_found_in_any_spelling_soon_after_the_start),
        cmocka_unit_test(sounds_are_made_in_pieces_and_go_on_where_they_were),
        cmocka_unit_test(maria_of_three_channels_is_one_customer),
        cmocka_unit_test(maria_has_twelve_orders_of_40_583_on_one_card),
        cmocka_unit_test(a_shared_phone_with_another_name_is_another_person),
        cmocka_unit_test(name_and_address_only_suggest),
        cmocka_unit_test(refused_suggestions_do_not_come_back),
        cmocka_unit_test(a_record_that_joins_two_cards_merges_them_and_that_can_be_taken_back),
        cmocka_unit_test(masked_values_are_no_keys_and_hide_nothing_known),
        cmocka_unit_test(looking_for_other_records_costs_a_page_the_same_whatever_it_holds),
        cmocka_unit_test(all_at_once_gives_the_people_of_one_by_one),
        cmocka_unit_test(all_at_once_gives_the_people_of_another_sixty_orders),
        cmocka_unit_test(all_at_once_gives_the_people_of_a_third_sixty_orders),
        cmocka_unit_test(records_that_changed_leave_nothing_for_a_rebuild),
    };
    return test_shops(tests, COUNT_OF(tests));
}
