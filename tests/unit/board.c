/* The pipeline: which card may go where, and figures of columns that agree with the lists. On both stores. */
#include "support/shop.h"

#include "orders/board.h"
#include "orders/board_flow.h"
#include "orders/board_store.h"

static const uint64_t everything = ~(uint64_t)0;

static void a_card_moves_by_the_actions_of_the_table_and_names_the_reason_else(void **state)
{
    static const struct { enum hub_status from, to; uint64_t rights; enum board_why why; enum order_action action; } cases[] = {
        { HUB_NEW,           HUB_CONFIRMED,     everything, BOARD_MAY,    ACT_CONFIRM },
        { HUB_CONFIRMED,     HUB_ASSEMBLING,    everything, BOARD_MAY,    ACT_ASSEMBLE },
        { HUB_ASSEMBLING,    HUB_CONFIRMED,     everything, BOARD_MAY,    ACT_RELEASE },
        { HUB_ASSEMBLING,    HUB_READY_TO_SHIP, everything, BOARD_MAY,    ACT_READY },
        { HUB_READY_TO_SHIP, HUB_IN_DELIVERY,   everything, BOARD_MAY,    ACT_HAND_OVER },
        { HUB_NEW,           HUB_CANCELLED,     everything, BOARD_MAY,    ACT_CANCEL },
        { HUB_NEW,           HUB_ASSEMBLING,    everything, BOARD_STEPS,  ACT_COUNT },
        { HUB_NEW,           HUB_IN_DELIVERY,   everything, BOARD_STEPS,  ACT_COUNT },
        { HUB_NEW,           HUB_AT_PICKUP,     everything, BOARD_MARKET, ACT_COUNT },
        { HUB_IN_DELIVERY,   HUB_DELIVERED,     everything, BOARD_MARKET, ACT_COUNT },
        { HUB_IN_DELIVERY,   HUB_NEW,           everything, BOARD_BACK,   ACT_COUNT },
        { HUB_CONFIRMED,     HUB_NEW,           everything, BOARD_BACK,   ACT_COUNT },
        { HUB_IN_DELIVERY,   HUB_CANCELLED,     everything, BOARD_BACK,   ACT_COUNT },
        { HUB_NEW,           HUB_NEW,           everything, BOARD_SAME,   ACT_COUNT },
        { HUB_NEW,           HUB_CONFIRMED,     0,          BOARD_RIGHT,  ACT_CONFIRM },
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct board_move m = board_move(cases[i].from, cases[i].to, cases[i].rights);
        if (m.why != cases[i].why || m.action != cases[i].action)
            fail_msg("%s to %s: %s, action %d", hub_status_names[cases[i].from], hub_status_names[cases[i].to], board_why_names[m.why],
                     (int)m.action);
    }
}

static void every_move_on_the_board_is_one_that_the_state_machine_lists(void **state)
{
    (void)state;
    for (const enum hub_status *from = board_columns; *from != HUB_STATUS_COUNT; from++)
        for (int to = 0; to < HUB_STATUS_COUNT; to++)
            if (board_move(*from, (enum hub_status)to, everything).why == BOARD_MAY)
                assert_true(order_move_listed(*from, (enum hub_status)to));
}

static void columns_agree_with_the_lists_of_their_status(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d[] = { a_draft(&s, "E-1"), a_draft(&s, "E-2"), a_draft(&s, "E-3"), a_draft(&s, "E-4") };
    d[1].placed_at.ms -= DAY_MS;
    d[2].currency = STR("RUB");
    take_drafts(&s, d, 3, HUB_NEW, "1");
    take_drafts(&s, &d[3], 1, HUB_COMPLETED, "1");
    struct queue_filter      f      = { .limit = 50 };
    struct queue_scope       scope  = { 0 };
    struct column_count_list counts = { 0 };
    assert_true(queue_columns(s.work.db, &f, &scope, &s.arena, &counts, &s.err));
    assert_int_equal(counts.count, 2);
    assert_true(str_is(counts.at[0].currency, "KZT") && str_is(counts.at[1].currency, "RUB"));
    assert_int_equal(counts.at[0].n, 2);
    assert_int_equal(counts.at[0].total.minor, 2 * 1520000);
    assert_int_equal(counts.at[0].oldest.ms, d[1].placed_at.ms);
    assert_int_equal(counts.at[1].n, 1);

    struct queue_filter same = { .open_only = true, .statuses = BIT(HUB_NEW) };
    struct queue_counts list;
    assert_true(queue_count(s.work.db, &same, &scope, &s.arena, &list, &s.err));
    assert_int_equal(list.all.n, counts.at[0].n + counts.at[1].n);
    assert_int_equal(list.all.total.minor, counts.at[0].total.minor);

    rid elsewhere[] = { { 12345 } };
    struct queue_scope       other = { elsewhere, 1 };
    struct column_count_list none  = { 0 };
    assert_true(queue_columns(s.work.db, &f, &other, &s.arena, &none, &s.err));
    assert_int_equal(none.count, 0);
    test_shop_done(&s);
}

static instant oldest_in(struct test_shop *s, const char *status)
{
    struct queue_filter      f      = { .limit = 50 };
    struct queue_scope       scope  = { 0 };
    struct column_count_list counts = { 0 };
    assert_true(queue_columns(s->work.db, &f, &scope, &s->arena, &counts, &s->err));
    for (int i = 0; i < counts.count; i++)
        if (str_is(counts.at[i].status, status))
            return counts.at[i].oldest;
    return (instant){ 0 };
}

static instant since_of(struct test_shop *s, const char *external_id)
{
    struct queue_scope    scope = { 0 };
    struct queue_row_list rows  = { 0 };
    rid id = the_order(s, external_id).id;
    assert_true(queue_rows_by_ids(s->work.db, &id, 1, &scope, &s->arena, &rows, &s->err));
    assert_int_equal(rows.count, 1);
    return rows.at[0].status_since;
}

static void the_oldest_of_a_column_is_who_entered_it_first_not_who_was_placed_first(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d[] = { a_draft(&s, "E-1"), a_draft(&s, "E-2") };
    d[1].placed_at.ms -= 3 * DAY_MS;
    take_drafts(&s, d, 2, HUB_NEW, "1");
    struct action_input  in = { .action = ACT_CONFIRM };
    struct action_result res;
    test_shop_advance(&s, HOUR_MS);
    instant first = s.work.now;
    assert_true(order_do(&s.work, the_order(&s, "E-1").id, &in, &res, &s.err));
    test_shop_advance(&s, HOUR_MS);
    instant second = s.work.now;
    assert_true(order_do(&s.work, the_order(&s, "E-2").id, &in, &res, &s.err));
    assert_int_equal(since_of(&s, "E-1").ms, first.ms);
    assert_int_equal(since_of(&s, "E-2").ms, second.ms);
    assert_int_equal(oldest_in(&s, "confirmed").ms, first.ms);
    test_shop_done(&s);
}

static void a_step_taken_back_leaves_the_time_of_before_standing(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft   d  = a_draft(&s, "E-1");
    struct action_input  in = { .action = ACT_CONFIRM, .hold_s = 5 };
    struct action_result res;
    struct undo_result   undone;
    struct undo_right    by = { 0 };
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    test_shop_advance(&s, HOUR_MS);
    instant confirmed = s.work.now;
    rid     id        = the_order(&s, "E-1").id;
    assert_true(order_do(&s.work, id, &in, &res, &s.err));
    test_shop_advance(&s, HOUR_MS);
    in.action = ACT_ASSEMBLE;
    assert_true(order_do(&s.work, id, &in, &res, &s.err));
    assert_int_equal(since_of(&s, "E-1").ms, s.work.now.ms);
    test_shop_advance(&s, SECOND_MS);
    assert_true(order_undo(&s.work, res.undo, &by, &undone, &s.err));
    assert_int_equal(since_of(&s, "E-1").ms, confirmed.ms);
    test_shop_done(&s);
}

static void an_order_first_seen_in_a_later_status_has_it_since_the_market_says_so(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d[] = { a_draft(&s, "E-1"), a_draft(&s, "E-2") };
    d[0].changed_at = instant_add(s.work.now, -2 * DAY_MS);
    take_drafts(&s, d, 2, HUB_IN_DELIVERY, "1");
    assert_int_equal(since_of(&s, "E-1").ms, d[0].changed_at.ms);
    assert_int_equal(since_of(&s, "E-2").ms, s.work.now.ms);
    test_shop_done(&s);
}

static void time_in_a_stage_is_from_entering_it_to_leaving_it(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d[] = { a_draft(&s, "E-1"), a_draft(&s, "E-2") };
    take_drafts(&s, d, 2, HUB_NEW, "1");
    test_shop_advance(&s, 30 * MINUTE_MS);
    struct action_input  in = { .action = ACT_CONFIRM };
    struct action_result res;
    assert_true(order_do(&s.work, the_order(&s, "E-1").id, &in, &res, &s.err));
    struct queue_scope     scope = { 0 };
    struct stage_time_list times = { 0 };
    int64_t orders;
    assert_true(stage_times(s.work.db, &scope, &s.arena, &times, &orders, &s.err));
    assert_int_equal(orders, 2);
    assert_int_equal(times.count, 1);
    assert_true(str_is(times.at[0].status, "new"));
    assert_int_equal(times.at[0].ms, 30 * MINUTE_MS);
    test_shop_done(&s);
}

static void limits_of_columns_are_kept_and_taken_away(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct board_limits limits = { .of = { [HUB_NEW] = 120, [HUB_ASSEMBLING] = 40 } }, kept;
    assert_true(board_limits_save(&s.work, &limits, &s.err));
    assert_true(board_limits_load(s.work.db, &s.arena, &kept, &s.err));
    assert_memory_equal(&kept, &limits, sizeof kept);
    limits = (struct board_limits){ 0 };
    assert_true(board_limits_save(&s.work, &limits, &s.err));
    assert_true(board_limits_load(s.work.db, &s.arena, &kept, &s.err));
    assert_memory_equal(&kept, &limits, sizeof kept);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_moves_by_the_actions_of_the_table_and_names_the_reason_else),
        cmocka_unit_test(every_move_on_the_board_is_one_that_the_state_machine_lists),
        cmocka_unit_test(columns_agree_with_the_lists_of_their_status),
        cmocka_unit_test(the_oldest_of_a_column_is_who_entered_it_first_not_who_was_placed_first),
        cmocka_unit_test(a_step_taken_back_leaves_the_time_of_before_standing),
        cmocka_unit_test(an_order_first_seen_in_a_later_status_has_it_since_the_market_says_so),
        cmocka_unit_test(time_in_a_stage_is_from_entering_it_to_leaving_it),
        cmocka_unit_test(limits_of_columns_are_kept_and_taken_away),
    };
    return test_shops(tests, COUNT_OF(tests));
}
