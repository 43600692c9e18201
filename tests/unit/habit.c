/* How a person buys: days, rhythm, scores and segments of the handbook (§8). */
#include "orders/habit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define NOW INT64_C(1764500000000)      /* 30 November 2025, 15:53 in Almaty */
#define DAYS_BACK(n) { (NOW) - (n) * DAY_MS }

static struct habit habit_of_days(const int *days, int count, int64_t each)
{
    struct bought_on b[64];
    for (int i = 0; i < count; i++)
        b[i] = (struct bought_on){ .at = DAYS_BACK(days[i]), .net = { each } };
    return habit_of(b, count, zone_find(STR("Asia/Almaty")), (instant){ NOW });
}

/* R, F, F of the year before, M of each order, what it comes to. */
struct habits { int days, orders, before, ever; int64_t each; enum segment want; };

static void segments_are_those_of_the_handbook(void **state)
{
    (void)state;
    static const struct habits cases[] = {
        { 10, 7, 0, 7, 2857200, SEGMENT_VIP },          /* R 10, F 7, M 200 000 */
        { 75, 4, 0, 4, 750000, SEGMENT_LOYAL },         /* R 75, F 4, M 30 000 */
        { 20, 1, 0, 1, 500000, SEGMENT_NEW },
        { 61, 1, 0, 1, 500000, SEGMENT_SLEEPING },
        { 366, 5, 0, 5, 5000000, SEGMENT_LOST },
        { 90, 1, 1, 2, 500000, SEGMENT_DEVELOPING },    /* R 90, F 1, F of life 2 */
        { 100, 5, 0, 5, 3200000, SEGMENT_CHURNING },    /* R 100, F before 5, M before 160 000 */
        { 100, 5, 0, 5, 100000, SEGMENT_SLEEPING },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        int days[64], n = 0;
        for (; n < cases[i].orders; n++)
            days[n] = cases[i].days + n;
        for (int k = 0; k < cases[i].before; k++)
            days[n++] = cases[i].days + 400 + k;
        struct habit h = habit_of_days(days, n, cases[i].each);
        struct rfm   r;
        assert_true(habit_rfm(&h, STR("KZT"), &r));
        assert_int_equal(h.days, cases[i].days);
        assert_int_equal(h.ever, cases[i].ever);
        if (r.segment != cases[i].want)
            fail_msg("case %d: %s, should be %s", i, segment_names[r.segment], segment_names[cases[i].want]);
    }
}

static void scores_reach_their_bounds(void **state)
{
    (void)state;
    static const struct { int days; int recency; } edges[] = { { 0, 5 }, { 30, 5 }, { 31, 4 }, { 60, 4 }, { 61, 3 }, { 90, 3 }, { 91, 2 }, { 180, 2 }, { 181, 1 } };
    static const struct { int64_t money; int score; } sums[] = { { 999999, 1 }, { 1000000, 2 }, { 2499999, 2 }, { 2500000, 3 }, { 5000000, 4 }, { 14999999, 4 }, { 15000000, 5 } };
    struct rfm r;
    for (int i = 0; i < COUNT_OF(edges); i++) {
        struct habit h = habit_of_days(&edges[i].days, 1, 100);
        assert_true(habit_rfm(&h, STR("KZT"), &r));
        assert_int_equal(r.recency, edges[i].recency);
        assert_int_equal(r.frequency, 1);
    }
    for (int i = 0; i < COUNT_OF(sums); i++) {
        struct habit h = habit_of_days((int[]){ 5 }, 1, sums[i].money);
        assert_true(habit_rfm(&h, STR("KZT"), &r));
        assert_int_equal(r.money, sums[i].score);
    }
}

static void the_rhythm_is_the_median_of_the_last_six_gaps(void **state)
{
    (void)state;
    struct habit two = habit_of_days((int[]){ 5, 12 }, 2, 100);
    assert_int_equal(two.interval_ms, 0);
    assert_false(two.next_expected.ms);
    assert_false(habit_is_overdue(&two, (instant){ NOW }));
    /* Gaps 10, 10, 100, 10, 12, 10 and, too old to count, 500. */
    struct habit h = habit_of_days((int[]){ 15, 25, 35, 135, 145, 157, 167, 667 }, 8, 100);
    assert_int_equal(h.interval_ms, 10 * DAY_MS);
    assert_int_equal(h.next_expected.ms, NOW - 5 * DAY_MS);
    assert_true(habit_is_overdue(&h, (instant){ NOW }));
    struct habit soon = habit_of_days((int[]){ 14, 24, 34 }, 3, 100);
    assert_false(habit_is_overdue(&soon, (instant){ NOW }));
}

static void what_is_unknown_is_not_said(void **state)
{
    (void)state;
    struct rfm   r;
    struct habit none = habit_of(NULL, 0, zone_find(STR("Asia/Almaty")), (instant){ NOW }), h = habit_of_days((int[]){ 3 }, 1, 100);
    assert_int_equal(none.days, -1);
    assert_false(habit_rfm(&none, STR("KZT"), &r));
    assert_false(habit_rfm(&h, STR("RUB"), &r));
    assert_true(habit_rfm(&h, STR("KZT"), &r));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_are_those_of_the_handbook),
        cmocka_unit_test(scores_reach_their_bounds),
        cmocka_unit_test(the_rhythm_is_the_median_of_the_last_six_gaps),
        cmocka_unit_test(what_is_unknown_is_not_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
