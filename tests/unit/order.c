/* The life of an order as a table: domain handbook §3.1, and what drafts change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "orders/order.h"
#include "orders/queue.h"
#include "orders/rule_day.h"

static struct arena arena;
static const instant now = { INT64_C(1797393840000) };   /* 2026-12-16T04:04:00Z */

/* Every row of the table in the handbook, and nothing else. */
static void only_the_listed_moves_exist(void **state)
{
    (void)state;
    static const struct { enum hub_status from, to; } listed[] = {
        { HUB_NEW, HUB_CONFIRMED }, { HUB_NEW, HUB_CANCELLED }, { HUB_CONFIRMED, HUB_CANCELLED },
        { HUB_ASSEMBLING, HUB_CANCELLED }, { HUB_READY_TO_SHIP, HUB_CANCELLED }, { HUB_CONFIRMED, HUB_ASSEMBLING },
        { HUB_ASSEMBLING, HUB_READY_TO_SHIP }, { HUB_ASSEMBLING, HUB_CONFIRMED }, { HUB_READY_TO_SHIP, HUB_IN_DELIVERY },
        { HUB_IN_DELIVERY, HUB_AT_PICKUP }, { HUB_IN_DELIVERY, HUB_DELIVERED }, { HUB_AT_PICKUP, HUB_DELIVERED },
        { HUB_IN_DELIVERY, HUB_RETURNING }, { HUB_AT_PICKUP, HUB_RETURNING }, { HUB_RETURNING, HUB_RETURNED },
        { HUB_DELIVERED, HUB_COMPLETED }, { HUB_DELIVERED, HUB_PARTLY_RETURNED }, { HUB_DELIVERED, HUB_RETURNED },
        { HUB_COMPLETED, HUB_PARTLY_RETURNED }, { HUB_COMPLETED, HUB_RETURNED }, { HUB_PARTLY_RETURNED, HUB_RETURNED },
    };
    int count = 0;
    for (int from = 0; from < HUB_STATUS_COUNT; from++)
        for (int to = 0; to < HUB_STATUS_COUNT; to++)
            count += order_move_listed((enum hub_status)from, (enum hub_status)to);
    for (int i = 0; i < COUNT_OF(listed); i++)
        assert_true(order_move_listed(listed[i].from, listed[i].to));
    assert_int_equal(count, COUNT_OF(listed));
}

static void a_person_takes_one_step_at_a_time(void **state)
{
    (void)state;
    static const struct { enum hub_status at; enum order_action act; int to; } cases[] = {
        { HUB_NEW, ACT_CONFIRM, HUB_CONFIRMED },     { HUB_NEW, ACT_ASSEMBLE, -1 },
        { HUB_NEW, ACT_CANCEL, HUB_CANCELLED },      { HUB_CONFIRMED, ACT_CONFIRM, -1 },
        { HUB_CONFIRMED, ACT_ASSEMBLE, HUB_ASSEMBLING }, { HUB_ASSEMBLING, ACT_RELEASE, HUB_CONFIRMED },
        { HUB_ASSEMBLING, ACT_READY, HUB_READY_TO_SHIP }, { HUB_READY_TO_SHIP, ACT_HAND_OVER, HUB_IN_DELIVERY },
        { HUB_READY_TO_SHIP, ACT_CANCEL, HUB_CANCELLED }, { HUB_IN_DELIVERY, ACT_CANCEL, -1 },
        { HUB_COMPLETED, ACT_CANCEL, -1 },           { HUB_CANCELLED, ACT_CONFIRM, -1 },
    };
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct order    o   = { .status = cases[i].at };
        struct err      err = { 0 };
        enum hub_status to;
        bool            may = order_act(&o, cases[i].act, &to, &err);
        assert_int_equal(may, cases[i].to >= 0);
        if (may)
            assert_int_equal(to, cases[i].to);
        else
            assert_int_equal(err.code, ERR_ACTION_REFUSED);
    }
    struct order    held = { .status = HUB_NEW, .marks = BIT(MARK_HOLD) };
    struct err      err  = { 0 };
    enum hub_status to;
    assert_false(order_act(&held, ACT_CONFIRM, &to, &err));
    assert_true(order_may(&held, ACT_CANCEL));
}

static void a_refusal_names_the_present_and_the_wanted_state(void **state)
{
    (void)state;
    struct order    o   = { .status = HUB_IN_DELIVERY };
    struct err      err = { 0 };
    enum hub_status to;
    assert_false(order_act(&o, ACT_CONFIRM, &to, &err));
    assert_non_null(strstr(err.item[0].text, "in_delivery"));
    assert_non_null(strstr(err.item[0].text, "confirmed"));
}

static void the_way_forward_names_the_skipped_steps(void **state)
{
    (void)state;
    enum hub_status steps[HUB_STATUS_COUNT];
    assert_int_equal(order_way(HUB_NEW, HUB_CONFIRMED, steps), 0);
    assert_int_equal(order_way(HUB_NEW, HUB_COMPLETED, steps), 5);
    assert_int_equal(steps[0], HUB_CONFIRMED);
    assert_int_equal(steps[4], HUB_DELIVERED);
    assert_int_equal(order_way(HUB_CONFIRMED, HUB_NEW, steps), -1);
    assert_int_equal(order_way(HUB_ASSEMBLING, HUB_CONFIRMED, steps), -1);
    assert_int_equal(order_way(HUB_CANCELLED, HUB_NEW, steps), -1);
    assert_int_equal(order_way(HUB_IN_DELIVERY, HUB_CANCELLED, steps), -1);
}

static struct order_draft draft(const char *word)
{
    struct order_draft d = {
        .external_id = STR("E-1"), .number = STR("438 117 204"), .external_status = str_of(word), .status_key = str_of(word),
        .currency = STR("KZT"), .has_total = true, .goods_total = { 1520000 }, .grand_total = { 1520000 },
        .placed_at = { now.ms - HOUR_MS }, .has_lines = true,
    };
    d.customer.name  = STR("Мария Иванова");
    d.customer.phone = STR("7771234567");
    *draft_line_list_add(&d.lines, &arena) = (struct draft_line){ .title = STR("Смесь"), .qty = 2, .has_price = true,
                                                                  .unit_price = { 760000 }, .line_total = { 1520000 } };
    return d;
}

static const struct status_choice is_new = { .to = HUB_NEW }, is_confirmed = { .to = HUB_CONFIRMED },
                                  is_completed = { .to = HUB_COMPLETED };

static struct order taken(const struct order_draft *d, const struct status_choice *row, struct order_change *change)
{
    struct order o = { 0 };
    order_take_draft(&o, d, row, &arena, now, change);
    o.id = (rid){ 1 };
    return o;
}

static void the_same_draft_twice_changes_nothing(void **state)
{
    (void)state;
    struct order_change c;
    struct order_draft  d = draft("NEW");
    struct order        o = taken(&d, &is_new, &c);
    assert_int_equal(c.news & NEWS_CREATED, NEWS_CREATED);
    struct order before = o;
    order_take_draft(&o, &d, &is_new, &arena, instant_add(now, 1000), &c);
    assert_int_equal(c.news, NEWS_NONE);
    assert_int_equal(record_diff(&order_record, &before, &o), 0);
}

static void an_older_draft_loses(void **state)
{
    (void)state;
    struct order_change c;
    struct order_draft  d = draft("CONFIRMED"), old = draft("NEW");
    d.changed_at   = now;
    old.changed_at = instant_add(now, -1);
    struct order o = taken(&d, &is_confirmed, &c);
    order_take_draft(&o, &old, &is_new, &arena, now, &c);
    assert_int_equal(c.news, NEWS_OLDER);
    assert_int_equal(o.status, HUB_CONFIRMED);
}

static void a_move_backward_is_flagged_not_applied(void **state)
{
    (void)state;
    struct order_change c;
    struct order_draft  d = draft("DONE"), back = draft("NEW");
    struct order        o = taken(&d, &is_completed, &c);
    order_take_draft(&o, &back, &is_new, &arena, now, &c);
    assert_true(c.news & NEWS_BACKWARD);
    assert_int_equal(o.status, HUB_COMPLETED);
}

static void our_own_step_ahead_of_the_market_is_no_move_backward(void **state)
{
    (void)state;
    struct order_change c;
    struct order_draft  d = draft("NEW"), echo = draft("NEW");
    struct order        o = taken(&d, &is_new, &c);
    o.status              = HUB_CONFIRMED;
    o.command_id          = (rid){ 7 };
    echo.comment          = STR("позвоните");
    order_take_draft(&o, &echo, &is_new, &arena, now, &c);
    assert_false(c.news & NEWS_BACKWARD);
    assert_int_equal(o.status, HUB_CONFIRMED);
    assert_true(str_is(o.comment_buyer, "позвоните"));
}

static void a_masked_phone_never_overwrites_a_known_one(void **state)
{
    (void)state;
    struct order_change c;
    struct order_draft  d = draft("NEW"), masked = draft("DONE");
    struct order        o = taken(&d, &is_new, &c);
    masked.customer.phone  = STR("+0(000)-000-00-00");
    masked.customer.masked = true;
    order_take_draft(&o, &masked, &is_completed, &arena, now, &c);
    assert_true(str_is(o.recipient_phone, "7771234567"));
    assert_int_equal(o.status, HUB_COMPLETED);
    assert_int_equal(c.implied_count, 5);
}

static void what_the_channel_leaves_out_stays_unknown(void **state)
{
    (void)state;
    struct order_change c;
    struct order_draft  d = { .external_id = STR("E-2"), .number = STR("2"), .status_key = STR("NEW") };
    struct order        o = taken(&d, &is_new, &c);
    assert_false(o.has_total);
    assert_false(instant_is_set(o.placed_at));
    assert_int_equal(o.sort_at.ms, now.ms);
    assert_true(o.marks & BIT(MARK_LINES_PENDING));
}

static void the_zone_stands_before_the_deadline_in_the_queue_and_the_account_behind_it(void **state)
{
    (void)state;
    instant soon = instant_add(now, MINUTE_MS), late = instant_add(now, DAY_MS), never = { INT64_MAX };
    assert_true(order_rank(ZONE_BREACHED, late, 7) < order_rank(ZONE_RED, soon, 0));
    assert_true(order_rank(ZONE_RED, soon, 7) < order_rank(ZONE_RED, late, 0));
    assert_true(order_rank(ZONE_RED, late, 7) < order_rank(ZONE_YELLOW, soon, 0));
    assert_true(order_rank(ZONE_GREEN, late, 7) < order_rank(ZONE_GREEN, (instant){ 0 }, 0));
    assert_true(order_rank(ZONE_GREEN, (instant){ 0 }, 7) < order_rank(ZONE_NONE, soon, 0));
    assert_true(order_rank(ZONE_RED, soon, 0) < order_rank(ZONE_RED, soon, 1));
    assert_true(order_rank(ZONE_RED, soon, 7) < order_rank(ZONE_RED, instant_add(soon, 1), 0));
    assert_int_equal(order_rank(ZONE_GREEN, never, 0), order_rank(ZONE_GREEN, (instant){ 0 }, 7));
}

static void a_filter_names_every_wrong_part_at_once(void **state)
{
    (void)state;
    struct queue_filter f;
    struct err          err = { 0 };
    assert_false(queue_filter_read(&arena, STR("status=nowhere&limit=900&total_from=x&shoe=1"), (rid){ 1 }, &f, &err));
    assert_int_equal(err.code, ERR_QUERY_INVALID);
    assert_int_equal(err.count, 4);
    err_clear(&err);
    assert_true(queue_filter_read(&arena, STR("status=new,confirmed&zone=red&assignee_id=me&q=%D0%BC%D0%B0&sort=-placed_at"),
                                  (rid){ 5 }, &f, &err));
    assert_int_equal(f.statuses, BIT(HUB_NEW) | BIT(HUB_CONFIRMED));
    assert_int_equal(f.zones, BIT(ZONE_RED));
    assert_int_equal(f.assignees_count, 1);
    assert_int_equal(f.assignees[0].v, 5);
    assert_false(f.unassigned);
    assert_true(str_is(f.q, "ма"));
    assert_int_equal(f.sort, SORT_NEWEST);
}

static void several_values_of_a_filter_mean_any_of_them(void **state)
{
    (void)state;
    struct queue_filter f;
    struct err          err = { 0 };
    assert_true(queue_filter_read(&arena, STR("assignee_id=me,none,7&tag=VIP,%20gift&channel=kaspi,ozon"), (rid){ 5 }, &f, &err));
    assert_true(f.by_assignee && f.unassigned);
    assert_int_equal(f.assignees_count, 2);
    assert_int_equal(f.assignees[1].v, 7);
    assert_int_equal(f.tags.count, 2);
    assert_true(str_is(f.tags.at[1], "gift"));
    assert_int_equal(f.channels.count, 2);
    assert_false(queue_filter_read(&arena, STR("assignee_id=me,someone"), (rid){ 5 }, &f, &err));
}

/* Orders placed four hours ago, under rules of an hour: what is known of their steps, and what that comes to. */
static void a_rule_is_laid_on_a_day_that_is_over(void **state)
{
    (void)state;
    const instant placed = instant_add(now, -4 * HOUR_MS), seen = instant_add(placed, SECOND_MS);
    struct { const char *what; enum sla_step step; enum hub_status status; int confirmed, ready, handed, cancelled; struct rule_tally is; int64_t unknown; } cases[] = {
        { "still new: late by now",            SLA_CONFIRM,   HUB_NEW,           0,  0,   0,   0,  { 1, 1, 1 }, 0 },
        { "confirmed in half an hour",         SLA_CONFIRM,   HUB_CONFIRMED,     30, 0,   0,   0,  { 1, 0, 0 }, 0 },
        { "confirmed when it burnt",           SLA_CONFIRM,   HUB_CONFIRMED,     55, 0,   0,   0,  { 1, 1, 0 }, 0 },
        { "confirmed too late",                SLA_CONFIRM,   HUB_IN_DELIVERY,   90, 100, 110, 0,  { 1, 1, 1 }, 0 },
        { "cancelled before anybody was late", SLA_CONFIRM,   HUB_CANCELLED,     0,  0,   0,   20, { 1, 0, 0 }, 0 },
        { "came to us confirmed",              SLA_CONFIRM,   HUB_CONFIRMED,     -1, 0,   0,   0,  { 0, 0, 0 }, 1 },
        { "nothing to pack yet",               SLA_ASSEMBLE,  HUB_NEW,           0,  0,   0,   0,  { 0, 0, 0 }, 0 },
        { "packed in half an hour",            SLA_ASSEMBLE,  HUB_READY_TO_SHIP, 30, 60,  0,   0,  { 1, 0, 0 }, 0 },
        { "being packed for hours",            SLA_ASSEMBLE,  HUB_ASSEMBLING,    30, 0,   0,   0,  { 1, 1, 1 }, 0 },
        { "packed, nobody knows when",         SLA_ASSEMBLE,  HUB_IN_DELIVERY,   30, 0,   90,  0,  { 0, 0, 0 }, 1 },
        { "handed over in an hour and more",   SLA_HAND_OVER, HUB_COMPLETED,     30, 60,  95,  0,  { 1, 1, 1 }, 0 },
        { "handed over in time",               SLA_HAND_OVER, HUB_IN_DELIVERY,   30, 60,  70,  0,  { 1, 0, 0 }, 0 },
        { "cancelled before it was packed",    SLA_HAND_OVER, HUB_CANCELLED,     30, 0,   0,   40, { 0, 0, 0 }, 0 },
    };
    struct policy rules[] = {
        { .id = { 7 }, .channel = STR_INIT("kaspi"), .step = SLA_CONFIRM, .minutes = 60, .red_minutes = 120, .red_share_bp = 2000 },
        { .id = { 8 }, .channel = STR_INIT("kaspi"), .step = SLA_ASSEMBLE, .minutes = 60, .red_minutes = 120, .red_share_bp = 2000 },
        { .id = { 9 }, .channel = STR_INIT("kaspi"), .step = SLA_HAND_OVER, .minutes = 60, .red_minutes = 120, .red_share_bp = 2000 },
    };
    struct sla_book book = { { rules, COUNT_OF(rules), COUNT_OF(rules) } };
    for (int i = 0; i < COUNT_OF(cases); i++) {
#define AFTER(minutes) ((minutes) > 0 ? instant_add(placed, (minutes) * MINUTE_MS) : (minutes) < 0 ? seen : (instant){ 0 })
        struct day_order o = {
            .channel = STR_INIT("kaspi"), .status = cases[i].status, .sort_at = placed, .created_at = seen,
            .confirmed_at = AFTER(cases[i].confirmed), .ready_at = AFTER(cases[i].ready), .handed_at = AFTER(cases[i].handed),
            .cancelled_at = AFTER(cases[i].cancelled),
        };
#undef AFTER
        struct day_order_list list = { &o, 1, 1 };
        struct rule_tally tallies[COUNT_OF(rules)] = { 0 };
        int64_t unknown = 0;
        rule_day_count(&book, &list, cases[i].step, now, tallies, &unknown);
        const struct rule_tally *t = &tallies[cases[i].step];
        if (t->orders != cases[i].is.orders || t->red != cases[i].is.red || t->missed != cases[i].is.missed || unknown != cases[i].unknown)
            fail_msg("%s: %d orders, %d burnt, %d late, %d unknown", cases[i].what, (int)t->orders, (int)t->red, (int)t->missed, (int)unknown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_listed_moves_exist),
        cmocka_unit_test(a_person_takes_one_step_at_a_time),
        cmocka_unit_test(a_refusal_names_the_present_and_the_wanted_state),
        cmocka_unit_test(the_way_forward_names_the_skipped_steps),
        cmocka_unit_test(the_same_draft_twice_changes_nothing),
        cmocka_unit_test(an_older_draft_loses),
        cmocka_unit_test(a_move_backward_is_flagged_not_applied),
        cmocka_unit_test(our_own_step_ahead_of_the_market_is_no_move_backward),
        cmocka_unit_test(a_masked_phone_never_overwrites_a_known_one),
        cmocka_unit_test(what_the_channel_leaves_out_stays_unknown),
        cmocka_unit_test(the_zone_stands_before_the_deadline_in_the_queue_and_the_account_behind_it),
        cmocka_unit_test(a_filter_names_every_wrong_part_at_once),
        cmocka_unit_test(a_rule_is_laid_on_a_day_that_is_over),
        cmocka_unit_test(several_values_of_a_filter_mean_any_of_them),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return failed;
}
