/* The report of returns: what is summed by what, the share of what was delivered, reasons that grow. */
#include "returns/return_intake_flow.h"
#include "returns/return_report_store.h"
#include "support/shop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct report_plan plan_of(enum report_by by, enum report_what what)
{
    return (struct report_plan){ .zone = zone_find(STR("Asia/Almaty")), .currency = STR("KZT"), .by = by, .what = what };
}

static struct report_line a_line(int64_t id, const char *article, const char *reason)
{
    return (struct report_line){ .return_id = { id }, .account_id = { 1 }, .channel = STR("kaspi"), .reason = str_of(reason), .currency = STR("KZT"),
                                 .article = str_of(article), .title = str_of(article), .requested_at = { SHOP_NOW }, .units = 1, .refund = 1000, .qty = 1, .amount = 1000 };
}

static void a_return_of_two_products_is_one_return_and_one_of_each_product(void **state)
{
    (void)state;
    struct arena a = { 0 };
    for (int by = 0; by < REPORT_BY_COUNT; by++) {
        struct report_plan    plan = plan_of((enum report_by)by, WHAT_ALL);
        struct return_report *r    = return_report_new(&a, &plan);
        struct report_line    one  = a_line(1, "A", "size"), two = a_line(1, "B", "size");
        one.units = two.units = 5;
        one.refund = two.refund = 5000;
        one.qty = 2, one.amount = 1500, two.qty = 3, two.amount = 3500;
        return_report_add(r, &one);
        return_report_add(r, &two);
        struct report_group_list groups = { 0 };
        return_report_groups(r, &groups);
        assert_int_equal(return_report_total(r).returns, 1);
        assert_int_equal(return_report_total(r).units, 5);
        assert_int_equal(return_report_total(r).sum, 5000);
        assert_int_equal(groups.count, by == BY_PRODUCT ? 2 : 1);
        assert_int_equal(groups.at[0].returns, 1);
        int64_t units = 0, sum = 0;
        for (int i = 0; i < groups.count; i++) {
            units += groups.at[i].units;
            sum += groups.at[i].sum;
        }
        assert_int_equal(units, 5);
        assert_int_equal(sum, 5000);
    }
    arena_done(&a);
}

static void refusals_and_cancellations_are_counted_apart(void **state)
{
    (void)state;
    static const struct { enum report_what what; int64_t wanted; } cases[] = {
        { WHAT_RETURNS, 2 }, { WHAT_REFUSALS, 1 }, { WHAT_CANCELLATIONS, 1 }, { WHAT_ALL, 4 } };
    static const unsigned kinds[] = { RETURN_GOODS, RETURN_REFUSAL, RETURN_CANCELLATION, RETURN_DEFECT };
    struct arena a = { 0 };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct report_plan    plan = plan_of(BY_REASON, cases[i].what);
        struct return_report *r    = return_report_new(&a, &plan);
        for (int k = 0; k < COUNT_OF(kinds); k++) {
            struct report_line l = a_line(k + 1, "A", "size");
            l.kind = kinds[k];
            return_report_add(r, &l);
        }
        assert_int_equal(return_report_total(r).returns, cases[i].wanted);
    }
    arena_done(&a);
}

static void accounts_and_states_outside_of_the_scope_are_not_counted(void **state)
{
    (void)state;
    const rid             own  = { 1 };
    struct arena          a    = { 0 };
    struct report_plan    plan = plan_of(BY_CHANNEL, WHAT_ALL);
    plan.accounts = &own;
    plan.accounts_count = 1;
    plan.states = BIT(RETURN_RECEIVED);
    struct return_report *r = return_report_new(&a, &plan);
    struct report_line    l = a_line(1, "A", "size");
    l.state = RETURN_RECEIVED;
    return_report_add(r, &l);
    l.return_id.v = 2, l.account_id.v = 2;
    return_report_add(r, &l);
    l.return_id.v = 3, l.account_id.v = 1, l.state = RETURN_REQUESTED;
    return_report_add(r, &l);
    return_report_cohort(r, (rid){ 2 }, STR("A"), 10, 1);
    assert_int_equal(return_report_total(r).returns, 1);
    assert_int_equal(return_report_total(r).delivered, 0);
    arena_done(&a);
}

static void sums_of_another_currency_are_only_counted(void **state)
{
    (void)state;
    struct arena          a    = { 0 };
    struct report_plan    plan = plan_of(BY_REASON, WHAT_ALL);
    struct return_report *r    = return_report_new(&a, &plan);
    struct report_line    l    = a_line(1, "A", "size");
    return_report_add(r, &l);
    l.return_id.v = 2;
    l.currency    = STR("RUB");
    return_report_add(r, &l);
    assert_int_equal(return_report_total(r).sum, 1000);
    assert_int_equal(return_report_total(r).foreign, 1);
    arena_done(&a);
}

/* Handbook §6: more than 20 % of a product's returns, with at least ten of them. */
static void a_reason_grows_when_it_passes_a_fifth_of_ten_returns(void **state)
{
    (void)state;
    static const struct { int all, photo; bool alarm; } cases[] = { { 10, 2, false }, { 10, 3, true }, { 9, 5, false }, { 100, 21, true }, { 100, 20, false } };
    struct arena a = { 0 };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct report_plan       plan   = plan_of(BY_DAY, WHAT_ALL);
        struct return_report    *r      = return_report_new(&a, &plan);
        struct report_alarm_list alarms = { 0 };
        for (int k = 0; k < cases[i].all; k++) {
            struct report_line l = a_line(k + 1, "A", k < cases[i].photo ? "not_as_described" : "");
            return_report_add(r, &l);
        }
        return_report_alarms(r, &alarms);
        if (alarms.count != cases[i].alarm)
            fail_msg("%d of %d", cases[i].photo, cases[i].all);
        if (alarms.count)
            assert_true(str_is(alarms.at[0].reason, "not_as_described") && alarms.at[0].count == cases[i].photo && alarms.at[0].all == cases[i].all);
    }
    arena_done(&a);
}

static void the_share_is_of_what_was_delivered_in_the_same_days(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d[3] = { a_draft(&s, "O-1"), a_draft(&s, "O-2"), a_draft(&s, "O-3") };
    for (int i = 0; i < 3; i++)
        d[i].changed_at = instant_add(s.work.now, -MINUTE_MS);
    take_drafts(&s, d, 3, HUB_COMPLETED, "done");
    struct return_draft back = { .external_id = STR("R-1"), .order_external_id = STR("O-1"), .has_state = true, .external_state = STR("NEW"),
                                 .reason = STR("Не подошёл размер"), .requested_at = s.work.now, .changed_at = s.work.now };
    struct return_page   page   = { s.account, STR("kaspi"), STR("Kaspi"), &back, 1 };
    struct return_counts counts = { 0 };
    assert_true(return_intake(&s.work, &page, &counts, &s.err));
    for (int by = 0; by < REPORT_BY_COUNT; by++) {
        struct report_plan       plan = plan_of((enum report_by)by, WHAT_RETURNS);
        struct return_report    *r    = return_report_new(&s.arena, &plan);
        struct reason_count_list reasons = { 0 };
        instant from = { SHOP_NOW - HOUR_MS }, until = { SHOP_NOW + HOUR_MS };
        assert_true(report_lines(s.work.db, from, until, r, &s.err) && report_cohort(s.work.db, from, until, r, &s.err) &&
                    report_reasons(s.work.db, from, until, &plan, &s.arena, &reasons, &s.err));
        struct report_group total = return_report_total(r);
        assert_int_equal(total.returns, 1);
        assert_int_equal(total.units, 2);
        assert_int_equal(total.delivered, 6);
        assert_int_equal(total.came_back, 2);
        assert_int_equal(reasons.count, 1);
        struct report_group_list groups = { 0 };
        return_report_groups(r, &groups);
        static const char *const keys[] = { "size", "NUTR-1", NULL, "2026-12-16" };
        assert_int_equal(groups.count, 1);
        if (keys[by])
            assert_true(str_is(groups.at[0].key, keys[by]));
    }
    /* Who only asks for another week sees nothing of it. */
    struct report_plan    plan = plan_of(BY_REASON, WHAT_RETURNS);
    struct return_report *r    = return_report_new(&s.arena, &plan);
    assert_true(report_lines(s.work.db, (instant){ SHOP_NOW + HOUR_MS }, (instant){ SHOP_NOW + DAY_MS }, r, &s.err));
    assert_int_equal(return_report_total(r).returns, 0);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_return_of_two_products_is_one_return_and_one_of_each_product),
        cmocka_unit_test(refusals_and_cancellations_are_counted_apart),
        cmocka_unit_test(accounts_and_states_outside_of_the_scope_are_not_counted),
        cmocka_unit_test(sums_of_another_currency_are_only_counted),
        cmocka_unit_test(a_reason_grows_when_it_passes_a_fifth_of_ten_returns),
        cmocka_unit_test(the_share_is_of_what_was_delivered_in_the_same_days),
    };
    return test_shops(tests, COUNT_OF(tests));
}
