/* pace.c - how fast we may talk: buckets, the urgent lane, parking, charges. Times are milliseconds after a chosen start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include "net/pace.h"

static const rid account = { 7 };
static const struct pace_limits five = { 60, 5, 0 };     /* a token a second */

static instant at(int64_t ms) { return (instant){ INT64_C(1760000000000) + ms }; }

static int64_t ask(struct pacer *p, bool urgent, int64_t ms)
{
    return pacer_begin(p, account, "orders", five, 1, urgent, at(ms));
}

static void a_full_bucket_gives_its_burst_but_keeps_a_fifth(void **state)
{
    (void)state;
    struct pacer *p = pacer_open();
    for (int i = 0; i < 4; i++)
        assert_int_equal(ask(p, false, 0), 0);
    assert_int_equal(ask(p, false, 0), 1000);             /* the fifth token is kept */
    assert_int_equal(ask(p, true, 0), 0);
    assert_int_equal(ask(p, true, 0), 1000);
    pacer_close(p);
}

static void servers_that_share_a_market_share_its_limits(void **state)
{
    (void)state;
    struct pacer *p = pacer_open();
    struct pace_limits ten = { 60, 10, 4 };
    pacer_share(p, 2);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pacer_begin(p, account, "x", ten, 1, true, at(0)), 0);
    assert_true(pacer_begin(p, account, "x", ten, 1, true, at(0)) > 0);       /* half of four calls at once */
    for (int i = 0; i < 2; i++)
        pacer_end(p, account, "x", 0, at(0));
    assert_int_equal(pacer_report(p, account, "x", ten, at(0)).left, 3);      /* of a burst of five */
    assert_int_equal(pacer_report(p, account, "x", ten, at(2000)).left, 4);   /* half the rate */
    pacer_share(p, 100);                                                      /* never nothing */
    assert_int_equal(pacer_report(p, account, "x", ten, at(2000)).left, 1);
    pacer_share(p, 1);
    assert_int_equal(pacer_report(p, account, "x", ten, at(60000)).left, 10);
    pacer_close(p);
}

static void tokens_come_back_at_the_given_rate(void **state)
{
    (void)state;
    struct pacer *p = pacer_open();
    for (int i = 0; i < 5; i++)
        assert_int_equal(ask(p, true, 0), 0);
    for (int ms = 0; ms < 1000; ms += 7)                   /* asking often loses nothing */
        assert_true(ask(p, true, ms) > 0);
    assert_int_equal(ask(p, true, 1000), 0);
    assert_true(ask(p, true, 1001) > 0);
    assert_int_equal(ask(p, true, 3600 * 1000), 0);        /* never more than the burst */
    for (int i = 0; i < 4; i++)
        assert_int_equal(ask(p, true, 3600 * 1000), 0);
    assert_true(ask(p, true, 3600 * 1000) > 0);
    pacer_close(p);
}

static void an_urgent_call_goes_before_others_even_in_a_bucket_of_one(void **state)
{
    (void)state;
    struct pacer *p = pacer_open();
    struct pace_limits one = { 60, 1, 0 };
    assert_int_equal(pacer_begin(p, account, "x", one, 1, false, at(0)), 0);
    assert_int_equal(pacer_begin(p, account, "x", one, 1, true, at(500)), 500);
    assert_true(pacer_begin(p, account, "x", one, 1, false, at(1000)) > 0);
    assert_int_equal(pacer_begin(p, account, "x", one, 1, true, at(1000)), 0);
    assert_int_equal(pacer_begin(p, account, "x", one, 1, false, at(2000)), 0);
    pacer_close(p);
}

static void a_parked_family_waits_for_hours_and_others_go_on(void **state)
{
    (void)state;
    struct pacer *p = pacer_open();
    pacer_park(p, account, "orders", at(5 * HOUR_MS));
    pacer_park(p, account, "orders", at(1000));            /* an earlier end does not shorten it */
    assert_int_equal(ask(p, true, 0), 5 * HOUR_MS);
    assert_int_equal(pacer_begin(p, account, "cancel", five, 1, false, at(0)), 0);
    assert_int_equal(pacer_begin(p, (rid){ 8 }, "orders", five, 1, false, at(0)), 0);
    struct pace_report r = pacer_report(p, account, "orders", five, at(0));
    assert_int_equal(r.blocked_until.ms, at(5 * HOUR_MS).ms);
    assert_int_equal(ask(p, false, 5 * HOUR_MS), 0);
    pacer_close(p);
}

static void too_many_without_a_time_backs_off_until_an_answer(void **state)
{
    (void)state;
    struct pacer *p = pacer_open();
    assert_int_equal(pacer_refused(p, account, "orders", at(0)), 2000);
    assert_int_equal(pacer_refused(p, account, "orders", at(0)), 4000);
    for (int i = 0; i < 20; i++)
        assert_true(pacer_refused(p, account, "orders", at(0)) <= 15 * MINUTE_MS);
    pacer_answered(p, account, "orders");
    assert_int_equal(pacer_refused(p, account, "orders", at(0)), 2000);
    pacer_close(p);
}

static void a_charge_afterwards_must_be_worked_off(void **state)
{
    (void)state;
    struct pacer *p = pacer_open();
    assert_int_equal(ask(p, true, 0), 0);
    pacer_end(p, account, "orders", 9, at(0));             /* a refusal that counts ten */
    struct pace_report r = pacer_report(p, account, "orders", five, at(0));
    assert_int_equal(r.used, 10);
    assert_int_equal(r.left, 0);
    assert_int_equal(ask(p, true, 0), 6000);               /* five below zero, and one to pay with */
    assert_int_equal(ask(p, true, 6000), 0);
    pacer_close(p);
}

static void parallel_calls_are_limited(void **state)
{
    (void)state;
    struct pacer *p = pacer_open();
    struct pace_limits two = { 6000, 100, 2 };
    assert_int_equal(pacer_begin(p, account, "o", two, 1, false, at(0)), 0);
    assert_int_equal(pacer_begin(p, account, "o", two, 1, false, at(0)), 0);
    assert_true(pacer_begin(p, account, "o", two, 1, true, at(0)) > 0);
    pacer_end(p, account, "o", 0, at(0));
    assert_int_equal(pacer_begin(p, account, "o", two, 1, true, at(0)), 0);
    pacer_close(p);
}

static void weights_cost_and_too_heavy_ones_still_go(void **state)
{
    (void)state;
    struct pacer *p = pacer_open();
    assert_int_equal(pacer_begin(p, account, "orders", five, 100, false, at(0)), 0);
    assert_int_equal(pacer_report(p, account, "orders", five, at(0)).left, 0);
    assert_int_equal(pacer_begin(p, account, "orders", five, 2, true, at(0)), 2000);
    pacer_close(p);
}

static void the_report_counts_the_last_minute_and_the_day(void **state)
{
    (void)state;
    struct pacer *p = pacer_open();
    ask(p, true, 0);
    ask(p, true, 30000);
    pacer_waiting(p, account, "orders", +1);
    struct pace_report r = pacer_report(p, account, "orders", five, at(31000));
    assert_int_equal(r.used, 2);
    assert_int_equal(r.waiting, 1);
    assert_int_equal(r.per_minute, 60);
    assert_int_equal(r.today, 2);
    assert_int_equal(pacer_report(p, account, "orders", five, at(75000)).used, 1);
    assert_int_equal(pacer_report(p, account, "orders", five, at(DAY_MS)).today, 0);
    pacer_close(p);
}

struct crowd { struct pacer *p; int went; };
static void *take_many(void *ctx)
{
    struct crowd *c = ctx;
    for (int i = 0; i < 1000; i++)
        if (pacer_begin(c->p, account, "crowd", (struct pace_limits){ 60, 500, 0 }, 1, true, at(0)) == 0) {
            c->went++;
            pacer_end(c->p, account, "crowd", 0, at(0));
        }
    return NULL;
}

static void threads_share_one_bucket(void **state)
{
    (void)state;
    struct pacer *p = pacer_open();
    struct crowd  c[4];
    pthread_t     t[4];
    int           went = 0;
    for (int i = 0; i < 4; i++) {
        c[i] = (struct crowd){ p, 0 };
        pthread_create(&t[i], NULL, take_many, &c[i]);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(t[i], NULL);
        went += c[i].went;
    }
    assert_int_equal(went, 500);
    pacer_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_bucket_gives_its_burst_but_keeps_a_fifth),
        cmocka_unit_test(servers_that_share_a_market_share_its_limits),
        cmocka_unit_test(tokens_come_back_at_the_given_rate),
        cmocka_unit_test(an_urgent_call_goes_before_others_even_in_a_bucket_of_one),
        cmocka_unit_test(a_parked_family_waits_for_hours_and_others_go_on),
        cmocka_unit_test(too_many_without_a_time_backs_off_until_an_answer),
        cmocka_unit_test(a_charge_afterwards_must_be_worked_off),
        cmocka_unit_test(parallel_calls_are_limited),
        cmocka_unit_test(weights_cost_and_too_heavy_ones_still_go),
        cmocka_unit_test(the_report_counts_the_last_minute_and_the_day),
        cmocka_unit_test(threads_share_one_bucket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
