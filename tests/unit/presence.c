/* Who has which order open: renewed, left, forgotten, and never more than there is room for. */
#include "app/presence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static struct presence_table table;

static int clear(void **state)
{
    (void)state;
    table = (struct presence_table){ 0 };
    return 0;
}

static const instant start = { 1000000 };

static int count_at(instant now, rid user)
{
    int n = 0, at = 0;
    for (const struct presence *p; (p = presence_next(&table, now, &at));)
        n += !id_is_set(user) || id_eq(p->user_id, user);
    return n;
}

static void who_says_it_again_stays_and_keeps_the_time_of_coming(void **state)
{
    (void)state;
    rid me = { 1 }, order = { 10 }, account = { 2 };
    instant later = instant_add(start, PRESENCE_MS - 1);
    presence_put(&table, me, STR("Айгерим"), order, account, start);
    const struct presence *p = presence_put(&table, me, STR("Айгерим"), order, account, later);
    assert_int_equal(p->since.ms, start.ms);
    assert_int_equal(p->until.ms, later.ms + PRESENCE_MS);
    assert_int_equal(count_at(later, me), 1);
    assert_true(str_is((str){ p->name, p->name_len }, "Айгерим"));
}

static void who_falls_silent_or_leaves_is_gone(void **state)
{
    (void)state;
    rid me = { 1 }, other = { 2 }, order = { 10 };
    presence_put(&table, me, STR("a"), order, (rid){ 2 }, start);
    presence_put(&table, other, STR("b"), order, (rid){ 2 }, start);
    assert_int_equal(count_at(start, (rid){ 0 }), 2);
    assert_true(presence_drop(&table, me, order));
    assert_false(presence_drop(&table, me, order));
    assert_int_equal(count_at(start, (rid){ 0 }), 1);
    assert_int_equal(count_at(instant_add(start, PRESENCE_MS), (rid){ 0 }), 0);
    instant back = instant_add(start, 2 * PRESENCE_MS);
    assert_int_equal(presence_put(&table, other, STR("b"), order, (rid){ 2 }, back)->since.ms, back.ms);
}

static void one_person_and_many_people_have_bounds(void **state)
{
    (void)state;
    for (int i = 0; i < PRESENCE_EACH + 3; i++)
        presence_put(&table, (rid){ 1 }, STR("a"), (rid){ 100 + i }, (rid){ 2 }, instant_add(start, i));
    assert_int_equal(count_at(start, (rid){ 1 }), PRESENCE_EACH);
    assert_false(presence_drop(&table, (rid){ 1 }, (rid){ 100 }));     /* the one heard of longest ago made room */
    assert_true(presence_drop(&table, (rid){ 1 }, (rid){ 100 + PRESENCE_EACH + 2 }));
    for (int i = 0; i < PRESENCE_MAX + 50; i++)
        presence_put(&table, (rid){ 1000 + i }, STR("b"), (rid){ 7 }, (rid){ 2 }, instant_add(start, 100 + i));
    assert_int_equal(count_at(start, (rid){ 0 }), PRESENCE_MAX);
    assert_int_equal(count_at(start, (rid){ 1000 + PRESENCE_MAX + 49 }), 1);
}

static void a_long_name_is_cut_between_letters(void **state)
{
    (void)state;
    char long_name[400];
    for (int i = 0; i < 200; i++) {
        long_name[2 * i]     = '\xd0';
        long_name[2 * i + 1] = '\x90';
    }
    const struct presence *p = presence_put(&table, (rid){ 1 }, (str){ long_name + 1, 399 }, (rid){ 7 }, (rid){ 2 }, start);
    assert_true(p->name_len <= PRESENCE_NAME);
    p = presence_put(&table, (rid){ 3 }, (str){ long_name, 400 }, (rid){ 7 }, (rid){ 2 }, start);
    assert_int_equal(p->name_len, PRESENCE_NAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(who_says_it_again_stays_and_keeps_the_time_of_coming, clear),
        cmocka_unit_test_setup(who_falls_silent_or_leaves_is_gone, clear),
        cmocka_unit_test_setup(one_person_and_many_people_have_bounds, clear),
        cmocka_unit_test_setup(a_long_name_is_cut_between_letters, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
