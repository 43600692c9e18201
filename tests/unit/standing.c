/* How the shop stands with a market: shares, limits with dates, how many more until a limit, and what orders leave behind. */
#include "orders/period.h"
#include "deadlines/shop_store.h"
#include "orders/standing_flow.h"
#include "support/shop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void the_example_of_the_handbook_leaves_two_more(void **state)
{
    (void)state;
    assert_int_equal(standing_until(4, 100, 500), 2);        /* 5 of 101 is 4.95 %, 6 of 102 is 5.88 % */
}

static void how_many_more_is_the_smallest_number_that_passes_the_limit(void **state)
{
    (void)state;
    for (int64_t limit = 0; limit <= 10000; limit += 50)
        for (int64_t all = 0; all <= 60; all++)
            for (int64_t bad = 0; bad <= all; bad++) {
                int64_t k = 0;
                while (k < 100000 && !((bad + k) * 10000 > limit * (all + k)))
                    k++;
                int64_t want = k < 100000 ? k : -1;
                if (standing_until(bad, all, limit) != want)
                    fail_msg("%lld of %lld, limit %lld: %lld, not %lld", (long long)bad, (long long)all, (long long)limit,
                             (long long)standing_until(bad, all, limit), (long long)want);
            }
}

static void shares_are_hundredths_of_a_percent(void **state)
{
    (void)state;
    assert_int_equal(standing_share(6, 102), 588);
    assert_int_equal(standing_share(1, 3), 3333);
    assert_int_equal(standing_share(2, 3), 6667);
    assert_int_equal(standing_share(0, 0), -1);
}

static void the_newest_limit_that_holds_counts(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct standing_limit_list list = { 0 };
    static const struct { const char *channel; enum standing_level level; int64_t value, from; } rows[] = {
        { "kaspi", STANDING_HARD, 500, 0 }, { "kaspi", STANDING_HARD, 400, 2000 }, { "kaspi", STANDING_WARN, 300, 0 }, { "ozon", STANDING_HARD, 100, 0 },
    };
    for (int i = 0; i < COUNT_OF(rows); i++)
        *standing_limit_list_add(&list, &a) = (struct standing_limit){
            .channel = str_of(rows[i].channel), .figure = STANDING_OWN_CANCEL, .level = rows[i].level, .value = rows[i].value, .valid_from = { rows[i].from } };
    assert_int_equal(standing_limit_find(&list, STR("kaspi"), STANDING_OWN_CANCEL, STANDING_HARD, (instant){ 1999 })->value, 500);
    assert_int_equal(standing_limit_find(&list, STR("kaspi"), STANDING_OWN_CANCEL, STANDING_HARD, (instant){ 2000 })->value, 400);
    assert_null(standing_limit_find(&list, STR("kaspi"), STANDING_RATING, STANDING_HARD, (instant){ 2000 }));
    assert_null(standing_limit_find(&list, STR("wildberries"), STANDING_OWN_CANCEL, STANDING_HARD, (instant){ 2000 }));
    arena_done(&a);
}

static void passing_a_limit_is_counted_once_until_it_is_kept_again(void **state)
{
    (void)state;
    struct arena a = { 0 };
    struct standing_day_list days = { 0 };
    for (int64_t d = 1; d <= 60; d++)
        *standing_day_list_add(&days, &a) = (struct standing_day){ d, 10, d == 10 || d == 11 || d == 40 ? 1 : 0 };
    const struct standing_limit l = { .value = 500, .days = 1 };
    assert_int_equal(standing_breaches(&days, 60, 90, &l), 2);
    assert_int_equal(standing_breaches(&days, 60, 30, &l), 1);
    assert_int_equal(standing_breaches(&days, 45, 34, &l), 1);       /* it was over already when the span began */
    arena_done(&a);
}

static void a_state_says_how_near_the_limit_is(void **state)
{
    (void)state;
    const struct standing_limit warn = { .value = 300 }, hard = { .value = 500 }, rating = { .value = 400 };
    assert_int_equal(standing_state_of(STANDING_OWN_CANCEL, 300, &warn, &hard), STANDING_OK);
    assert_int_equal(standing_state_of(STANDING_OWN_CANCEL, 301, &warn, &hard), STANDING_NEAR);
    assert_int_equal(standing_state_of(STANDING_OWN_CANCEL, 501, &warn, &hard), STANDING_OVER);
    assert_int_equal(standing_state_of(STANDING_LATE_HANDOVER, 251, NULL, &hard), STANDING_NEAR);
    assert_int_equal(standing_state_of(STANDING_LATE_HANDOVER, 999, NULL, NULL), STANDING_UNKNOWN);
    assert_int_equal(standing_state_of(STANDING_RATING, 399, NULL, &rating), STANDING_OVER);
    assert_int_equal(standing_state_of(STANDING_RATING, 410, NULL, &rating), STANDING_NEAR);
    assert_int_equal(standing_state_of(STANDING_RATING, 470, NULL, &rating), STANDING_OK);
    assert_int_equal(standing_state_of(STANDING_RATING, -1, NULL, &rating), STANDING_UNKNOWN);
}

static void a_report_without_days_is_of_the_week_before(void **state)
{
    (void)state;
    const struct zone *z = zone_find(STR("Asia/Almaty"));
    struct period p;
    struct err    e = { 0 };
    struct arena  a = { 0 };
    assert_true(period_of(z, (instant){ SHOP_NOW }, STR(""), STR(""), 92, &p, &e));          /* Wednesday 16 December */
    assert_true(str_is(date_text(&a, p.first), "2026-12-07") && str_is(date_text(&a, p.last), "2026-12-13"));
    assert_true(str_is(instant_text(&a, p.from), "2026-12-06T19:00:00Z") && str_is(instant_text(&a, p.until), "2026-12-13T19:00:00Z"));
    assert_true(period_of(z, (instant){ SHOP_NOW }, STR("2026-12-16"), STR("2026-12-16"), 1, &p, &e));
    static const char *const bad[][2] = { { "x", "" }, { "2026-12-16", "2026-12-15" }, { "2026-01-01", "2026-12-01" }, { "2026-02-30", "" } };
    for (int i = 0; i < COUNT_OF(bad); i++) {
        err_clear(&e);
        if (period_of(z, (instant){ SHOP_NOW }, str_of(bad[i][0]), str_of(bad[i][1]), 92, &p, &e) || e.code != ERR_QUERY_INVALID)
            fail_msg("taken: %s %s", bad[i][0], bad[i][1]);
    }
    arena_done(&a);
}

/* ---- over a shop ---- */

static str act(struct test_shop *s, const char *id, enum order_action action, const char *reason)
{
    struct order         o  = the_order(s, id);
    struct action_input  in = { .action = action, .hold_s = -1, .reason = str_of(reason) };
    struct action_result r;
    if (!order_do_many(&s->work, &o.id, 1, &in, false, &r, &s->err) || r.done.count != 1)
        fail_msg("%s: %s", id, r.refused.count ? r.refused.at[0].text.at : "failed");
    return r.undo;
}

/* What is kept by day is what a count of the outcomes gives. */
static void kept_is_counted(struct test_shop *s)
{
    assert_int_equal(count_rows(s, "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM day_totals WHERE figure = 'handed'"),
                     count_rows(s, "SELECT COUNT(*) FROM order_outcomes WHERE handed_at IS NOT NULL"));
    assert_int_equal(count_rows(s, "SELECT CAST(COALESCE(SUM(total), 0) AS BIGINT) FROM day_totals WHERE figure = 'handed'"),
                     count_rows(s, "SELECT COUNT(*) FROM order_outcomes WHERE late = 1"));
    assert_int_equal(count_rows(s, "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM day_totals WHERE figure = 'own_cancel'"),
                     count_rows(s, "SELECT COUNT(*) FROM order_outcomes WHERE own_fault = 1 AND cancelled_at IS NOT NULL"));
}

struct counting_anew { struct test_shop *s; bool counted; };

static bool anew_tx(struct db *db, void *ctx, struct err *err)
{
    struct counting_anew *c = ctx;
    return days_follow_zone(db, &c->s->arena, c->s->shop.zone, &c->counted, err);
}

static const struct standing_line *line_of(struct test_shop *s, enum standing_figure f)
{
    struct queue_scope      all  = { 0 };
    struct standing_of_list list = { 0 };
    assert_true(standing_now(&s->work, &all, &list, &s->err));
    for (int i = 0; i < list.count; i++)
        if (id_eq(list.at[i].account.id, s->account))
            return &list.at[i].lines[f];
    fail_msg("the account is not there");
    return NULL;
}

static void a_cancellation_by_us_counts_and_one_taken_back_does_not(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d[4] = { a_draft(&s, "E-1"), a_draft(&s, "E-2"), a_draft(&s, "E-3"), a_draft(&s, "E-4") };
    for (int i = 0; i < 4; i++)
        d[i].placed_at = s.work.now;
    take_drafts(&s, d, 4, HUB_NEW, "1");
    test_shop_advance(&s, MINUTE_MS);
    str undo = act(&s, "E-1", ACT_CANCEL, "MERCHANT_OUT_OF_STOCK");
    const struct standing_line *l = line_of(&s, STANDING_OWN_CANCEL);
    assert_int_equal(l->sum.all, 4);
    assert_int_equal(l->sum.bad, 1);
    assert_int_equal(l->value, 2500);
    assert_int_equal(l->state, STANDING_OVER);               /* Kaspi's five of a hundred */
    assert_int_equal(l->until_hard, 0);
    assert_int_equal(l->breaches, 1);
    struct standing_order_list list = { 0 };
    assert_true(standing_orders(s.work.db, s.account, STANDING_OWN_CANCEL, standing_from(&s.work, 30), 10, &s.arena, &list, &s.err));
    assert_int_equal(list.count, 1);
    assert_true(str_eq(list.at[0].number, the_order(&s, "E-1").number));
    kept_is_counted(&s);
    struct undo_result u;
    assert_true(order_undo(&s.work, undo, &(struct undo_right){ .cancel = true, .work = true }, &u, &s.err));
    assert_int_equal(line_of(&s, STANDING_OWN_CANCEL)->sum.bad, 0);
    kept_is_counted(&s);
    test_shop_done(&s);
}

static void figures_of_days_that_were_never_kept_are_counted_at_the_start(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d[4] = { a_draft(&s, "E-1"), a_draft(&s, "E-2"), a_draft(&s, "E-3"), a_draft(&s, "E-4") };
    for (int i = 0; i < 4; i++)
        d[i].placed_at = s.work.now;
    take_drafts(&s, d, 4, HUB_NEW, "1");
    test_shop_advance(&s, DAY_MS);
    act(&s, "E-1", ACT_CANCEL, "MERCHANT_OUT_OF_STOCK");
    for (int i = 1; i < 4; i++) {
        d[i].changed_at = s.work.now;
        d[i].external_status = d[i].status_key = STR("sent");
    }
    take_drafts(&s, d + 1, 3, HUB_IN_DELIVERY, "2");
    kept_is_counted(&s);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_outcomes WHERE handed_at IS NOT NULL"), 3);
    test_shop_run(&s, "DELETE FROM day_totals WHERE figure IN ('handed', 'own_cancel')");
    test_shop_run(&s, "DELETE FROM settings WHERE key = 'day_outcomes_zone'");
    assert_int_equal(line_of(&s, STANDING_OWN_CANCEL)->sum.bad, 0);
    struct counting_anew c = { .s = &s };
    assert_true(db_tx(s.work.db, anew_tx, &c, &s.err) && c.counted);
    kept_is_counted(&s);
    assert_int_equal(line_of(&s, STANDING_OWN_CANCEL)->sum.bad, 1);
    assert_true(db_tx(s.work.db, anew_tx, &c, &s.err) && !c.counted);
    test_shop_done(&s);
}

static void the_nearer_to_a_limit_the_earlier_among_equals(void **state)
{
    (void)state;
    static const struct { enum standing_state state; int64_t until; int weight; } rows[] = {
        { STANDING_OVER, 0, 0 }, { STANDING_NEAR, 1, 1 }, { STANDING_NEAR, 2, 2 }, { STANDING_NEAR, 3, 2 }, { STANDING_NEAR, 40, 3 }, { STANDING_NEAR, -1, 3 },
        { STANDING_OK, 1, 1 }, { STANDING_OK, 9, 3 }, { STANDING_OK, 29, 4 }, { STANDING_OK, 99, 5 }, { STANDING_OK, 100, 6 }, { STANDING_OK, -1, 6 },
        { STANDING_UNKNOWN, 1, 7 },
    };
    for (int i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(standing_weight(rows[i].state, rows[i].until), rows[i].weight);
}

static str first_of(struct test_shop *s)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    static const struct sql first = { "test.first", "SELECT external_id FROM orders WHERE closed = 0 ORDER BY queue_rank, sort_at, id LIMIT 1", NULL };
    CLEANUP(stmt_done) struct stmt st = db_query(s->work.db, &first);
    assert_true(db_row(&st));
    return col_text_copy(&st, 0, &s->arena);
}

/* Two accounts, orders of the same moment: the second account has lost one by its own fault. */
static void orders_of_an_account_near_its_limit_come_first_among_those_due_at_the_same_moment(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    test_shop_run(&s, "INSERT INTO channel_accounts (id, channel, name, base_url, mode, state, sealed, options, accepted_means_assembling, hook_digest, "
                      "error_code, error_text, version, created_at, updated_at) "
                      "SELECT 78, channel, 'Kaspi 2', base_url, mode, state, sealed, options, 0, '', '', '', 1, 1, 1 FROM channel_accounts");
    struct order_draft d[3] = { a_draft(&s, "A-1"), a_draft(&s, "B-1"), a_draft(&s, "B-2") };
    bool changed;
    for (int i = 0; i < 3; i++)
        d[i].placed_at = s.work.now;
    take_drafts(&s, d, 1, HUB_NEW, "1");
    s.account = (rid){ 78 };
    take_drafts(&s, d + 1, 2, HUB_NEW, "1");
    assert_true(str_is(first_of(&s), "A-1"));
    act(&s, "B-2", ACT_CANCEL, "MERCHANT_OUT_OF_STOCK");
    assert_true(standing_weigh(&s.work, &changed, &s.err) && changed);
    s.shop.book.weights.count = 0;
    assert_true(queue_weights_load(s.work.db, &s.arena, &s.shop.book.weights, &s.err));
    assert_true(standing_reweigh(&s.work, &s.err));
    assert_true(str_is(first_of(&s), "B-1"));
    assert_true(standing_weigh(&s.work, &changed, &s.err) && !changed);
    int n;                                                  /* a change of its zone leaves it its place */
    bool more;
    test_shop_advance(&s, 13 * HOUR_MS);
    assert_true(zones_tick(&s.work, 100, &n, &more, &s.err) && n == 2);
    assert_true(str_is(first_of(&s), "B-1"));
    struct order_draft late = a_draft(&s, "B-3");           /* and what comes new takes it at once */
    late.placed_at = d[0].placed_at;
    take_drafts(&s, &late, 1, HUB_NEW, "1");
    assert_int_equal(the_order(&s, "B-3").queue_rank, the_order(&s, "B-1").queue_rank);
    s.account = (rid){ 77 };
    assert_true(the_order(&s, "A-1").queue_rank > count_rows(&s, "SELECT queue_rank FROM orders WHERE external_id = 'B-3'"));
    test_shop_done(&s);
}

/* More of them than one piece takes, many due at the same moment. */
static void a_new_weight_reaches_each_open_order_of_its_account(void **state)
{
    enum { MANY = 450 };
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft *d = ARENA_ARRAY(&s.arena, struct order_draft, MANY);
    for (int i = 0; i < MANY; i++) {
        d[i] = a_draft(&s, str_zero(&s.arena, str_print(&s.arena, "M-%d", i)));
        d[i].placed_at = instant_add(s.work.now, i < 300 ? 0 : i * MINUTE_MS);
    }
    for (int i = 0; i < MANY; i += 50)
        take_drafts(&s, d + i, 50, HUB_NEW, "1");
    test_shop_run(&s, "INSERT INTO queue_weights (account_id, weight) VALUES (77, 3)");
    assert_true(standing_reweigh(&s.work, &s.err));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders WHERE closed = 0 AND queue_rank % 8 = 3"), MANY);
    test_shop_done(&s);
}

static void a_parcel_that_left_after_its_time_is_late_once(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d[2] = { a_draft(&s, "E-1"), a_draft(&s, "E-2") };
    for (int i = 0; i < 2; i++) {
        d[i].placed_at  = s.work.now;
        d[i].deadline_ship = instant_add(s.work.now, (i ? 10 : 2) * HOUR_MS);
    }
    take_drafts(&s, d, 2, HUB_CONFIRMED, "1");
    test_shop_advance(&s, 3 * HOUR_MS);
    d[0].changed_at = d[1].changed_at = s.work.now;
    d[0].external_status = d[1].external_status = d[0].status_key = d[1].status_key = STR("sent");
    take_drafts(&s, d, 2, HUB_IN_DELIVERY, "2");
    const struct standing_line *l = line_of(&s, STANDING_LATE_HANDOVER);
    assert_int_equal(l->sum.all, 2);
    assert_int_equal(l->sum.bad, 1);
    test_shop_advance(&s, 3 * HOUR_MS);
    d[0].changed_at = d[1].changed_at = s.work.now;
    d[0].external_status = d[1].external_status = d[0].status_key = d[1].status_key = STR("done");
    take_drafts(&s, d, 2, HUB_COMPLETED, "3");
    l = line_of(&s, STANDING_LATE_HANDOVER);
    assert_int_equal(l->sum.all, 2);
    assert_int_equal(l->sum.bad, 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_outcomes WHERE delivered_at IS NOT NULL"), 2);
    test_shop_done(&s);
}

static void a_missed_deadline_is_kept_with_its_cause_and_ends_with_the_step(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "E-1");
    int  changed;
    bool more;
    d.placed_at = s.work.now;
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    instant due = the_order(&s, "E-1").deadline_at;
    test_shop_advance(&s, 30 * HOUR_MS);
    for (int i = 0; i < 2; i++)
        assert_true(zones_tick(&s.work, 100, &changed, &more, &s.err));
    struct missed_list list = { 0 };
    assert_true(missed_deadlines(s.work.db, due, instant_add(due, 1), 10, &s.arena, &list, &more, &s.err));
    assert_int_equal(list.count, 1);
    assert_true(str_is(list.at[0].cause, "nobody") && str_is(list.at[0].step, "confirm"));
    assert_false(instant_is_set(list.at[0].ended_at));
    act(&s, "E-1", ACT_CONFIRM, "");
    list = (struct missed_list){ 0 };
    assert_true(missed_deadlines(s.work.db, due, instant_add(due, 1), 10, &s.arena, &list, &more, &s.err));
    assert_int_equal(list.at[0].ended_at.ms, s.work.now.ms);
    test_shop_run(&s, "UPDATE channel_accounts SET state = 'degraded'");
    test_shop_advance(&s, 30 * HOUR_MS);
    assert_true(zones_tick(&s.work, 100, &changed, &more, &s.err));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM violations WHERE cause = 'channel_down' AND step = 'assemble'"), 1);
    test_shop_done(&s);
}

static void orders_entered_by_hand_stand_with_no_market(void **state)
{
    struct test_shop s;
    struct standing_of_list list = { 0 };
    struct queue_scope all = { 0 };
    test_shop_init(&s, state);
    assert_true(standing_now(&s.work, &all, &list, &s.err));
    assert_int_equal(list.count, 1);
    test_shop_run(&s, "UPDATE channel_accounts SET channel = 'manual'");
    list = (struct standing_of_list){ 0 };
    assert_true(standing_now(&s.work, &all, &list, &s.err));
    assert_int_equal(list.count, 0);
    test_shop_done(&s);
}

static void a_rating_that_people_enter_and_a_limit_of_today_count_at_once(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    assert_int_equal(line_of(&s, STANDING_RATING)->state, STANDING_UNKNOWN);
    assert_true(standing_tell_rating(&s.work, s.account, 470, &s.err));
    test_shop_advance(&s, 8 * DAY_MS);
    assert_true(standing_tell_rating(&s.work, s.account, 430, &s.err));
    const struct standing_line *l = line_of(&s, STANDING_RATING);
    assert_int_equal(l->value, 430);
    assert_int_equal(l->week_ago, 470);
    assert_int_equal(l->state, STANDING_OK);
    test_shop_advance(&s, -9 * DAY_MS);                     /* the clock was set back behind both */
    assert_int_equal(line_of(&s, STANDING_RATING)->value, 430);
    test_shop_advance(&s, 9 * DAY_MS);
    struct standing_limit limit = { .channel = STR("kaspi"), .figure = STANDING_RATING, .level = STANDING_HARD, .value = 450, .days = 90,
                                    .valid_from = s.work.now, .sure = true, .source = STR("Nurlan") };
    assert_true(standing_set_limit(&s.work, &limit, &s.err));
    assert_int_equal(line_of(&s, STANDING_RATING)->state, STANDING_OVER);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM audit_entries WHERE action LIKE 'standing.%'"), 3);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_handbook_leaves_two_more),
        cmocka_unit_test(how_many_more_is_the_smallest_number_that_passes_the_limit),
        cmocka_unit_test(shares_are_hundredths_of_a_percent),
        cmocka_unit_test(the_newest_limit_that_holds_counts),
        cmocka_unit_test(passing_a_limit_is_counted_once_until_it_is_kept_again),
        cmocka_unit_test(a_state_says_how_near_the_limit_is),
        cmocka_unit_test(a_report_without_days_is_of_the_week_before),
        cmocka_unit_test(a_cancellation_by_us_counts_and_one_taken_back_does_not),
        cmocka_unit_test(figures_of_days_that_were_never_kept_are_counted_at_the_start),
        cmocka_unit_test(the_nearer_to_a_limit_the_earlier_among_equals),
        cmocka_unit_test(orders_of_an_account_near_its_limit_come_first_among_those_due_at_the_same_moment),
        cmocka_unit_test(a_new_weight_reaches_each_open_order_of_its_account),
        cmocka_unit_test(a_parcel_that_left_after_its_time_is_late_once),
        cmocka_unit_test(a_missed_deadline_is_kept_with_its_cause_and_ends_with_the_step),
        cmocka_unit_test(a_rating_that_people_enter_and_a_limit_of_today_count_at_once),
        cmocka_unit_test(orders_entered_by_hand_stand_with_no_market),
    };
    return test_shops(tests, COUNT_OF(tests));
}
