/* The life of a return as a table: domain handbook §3.2 and §3.3, both simple views, and by when it is due. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "returns/return.h"
#include "returns/return_money.h"

static struct arena arena;
static const instant now = { INT64_C(1797393840000) };   /* 2026-12-16T04:04:00Z */

#define R(name) RETURN_##name
/* Every row of the table in the handbook, and nothing else. */
static void only_the_listed_moves_of_a_return_exist(void **state)
{
    (void)state;
    static const struct { enum return_state from, to; } listed[] = {
        { R(REQUESTED), R(CHECKING) }, { R(REQUESTED), R(APPROVED) }, { R(REQUESTED), R(REJECTED) }, { R(REQUESTED), R(CANCELLED) },
        { R(CHECKING), R(APPROVED) }, { R(CHECKING), R(REJECTED) }, { R(CHECKING), R(INFO_NEEDED) },
        { R(INFO_NEEDED), R(CHECKING) }, { R(INFO_NEEDED), R(CANCELLED) },
        { R(APPROVED), R(IN_TRANSIT) }, { R(APPROVED), R(REFUNDING) }, { R(APPROVED), R(AWAITING_DROPOFF) },
        { R(AWAITING_DROPOFF), R(IN_TRANSIT) }, { R(AWAITING_DROPOFF), R(EXPIRED) },
        { R(IN_TRANSIT), R(RECEIVED) }, { R(IN_TRANSIT), R(LOST) }, { R(LOST), R(REFUNDING) }, { R(LOST), R(CLOSED) },
        { R(RECEIVED), R(INSPECTED) },
        { R(INSPECTED), R(REFUNDING) }, { R(INSPECTED), R(REPLACING) }, { R(INSPECTED), R(REJECTED_AFTER_CHECK) },
        { R(INSPECTED), R(PARTLY_APPROVED) }, { R(PARTLY_APPROVED), R(REFUNDING) },
        { R(REFUNDING), R(REFUNDED) }, { R(REPLACING), R(REPLACED) },
        { R(REFUNDED), R(CLOSED) }, { R(REPLACED), R(CLOSED) }, { R(REJECTED), R(CLOSED) }, { R(REJECTED_AFTER_CHECK), R(CLOSED) },
        { R(EXPIRED), R(CLOSED) },
    };
    int count = 0;
    for (int from = 0; from < RETURN_STATE_COUNT; from++)
        for (int to = 0; to < RETURN_STATE_COUNT; to++)
            count += return_move_listed((enum return_state)from, (enum return_state)to);
    for (int i = 0; i < COUNT_OF(listed); i++)
        assert_true(return_move_listed(listed[i].from, listed[i].to));
    assert_int_equal(count, COUNT_OF(listed));
}

#define C(name) CLAIM_##name
static void only_the_listed_moves_of_a_claim_exist(void **state)
{
    (void)state;
    static const struct { enum claim_state from, to; } listed[] = {
        { C(OPEN), C(EVIDENCE) }, { C(OPEN), C(WITHDRAWN) }, { C(EVIDENCE), C(SUBMITTED) }, { C(EVIDENCE), C(WITHDRAWN) },
        { C(SUBMITTED), C(IN_REVIEW) }, { C(IN_REVIEW), C(WON) }, { C(IN_REVIEW), C(LOST) }, { C(IN_REVIEW), C(PARTLY_WON) },
        { C(IN_REVIEW), C(EVIDENCE) }, { C(WON), C(SETTLED) }, { C(LOST), C(SETTLED) }, { C(PARTLY_WON), C(SETTLED) },
        { C(LOST), C(APPEALED) }, { C(APPEALED), C(IN_REVIEW) },
    };
    int count = 0;
    for (int from = 0; from < CLAIM_STATE_COUNT; from++)
        for (int to = 0; to < CLAIM_STATE_COUNT; to++)
            count += claim_move_listed((enum claim_state)from, (enum claim_state)to);
    for (int i = 0; i < COUNT_OF(listed); i++)
        assert_true(claim_move_listed(listed[i].from, listed[i].to));
    assert_int_equal(count, COUNT_OF(listed));
}

/* Whatever an action promises can be reached by listed moves from wherever it may be taken. */
static void every_action_goes_along_listed_moves(void **state)
{
    (void)state;
    for (int s = 0; s < RETURN_STATE_COUNT; s++)
        for (int act = 0; act < RETURN_ACTION_COUNT; act++) {
            enum return_state to, steps[RETURN_STATE_COUNT];
            struct err        err = { 0 };
            bool              may = return_act((enum return_state)s, (enum return_action)act, &to, &err);
            assert_int_equal(may, return_may((enum return_state)s, (enum return_action)act));
            if (may)
                assert_true((act == RACT_DISPOSE && to == (enum return_state)s) || return_way((enum return_state)s, to, steps) >= 0);
            else
                assert_non_null(strstr(err.item[0].text, return_state_names[s]));
        }
}

static void the_simple_views_follow_the_state(void **state)
{
    (void)state;
    static const struct { enum return_state s; const char *stage, *goods; bool closed; } cases[] = {
        { R(REQUESTED), "request", "none", false },   { R(CHECKING), "check", "none", false },     { R(INFO_NEEDED), "check", "none", false },
        { R(APPROVED), "approved", "expected", false }, { R(AWAITING_DROPOFF), "approved", "expected", false },
        { R(IN_TRANSIT), "approved", "expected", false }, { R(RECEIVED), "approved", "received", false },
        { R(INSPECTED), "approved", "received", false }, { R(REFUNDING), "money", "received", false },
        { R(REFUNDED), "money", "refunded", false },  { R(REJECTED), "closed", "none", true },     { R(EXPIRED), "closed", "none", true },
        { R(CANCELLED), "closed", "none", true },     { R(CLOSED), "closed", "none", true },
    };
    unsigned all = 0;
    for (int i = 0; i < COUNT_OF(cases); i++) {
        assert_string_equal(return_stage_names[return_stage_of(cases[i].s)], cases[i].stage);
        assert_string_equal(return_goods_names[return_goods_of(cases[i].s)], cases[i].goods);
        assert_int_equal(return_state_closed(cases[i].s), cases[i].closed);
    }
    for (int stage = 0; stage < RETURN_STAGE_COUNT; stage++) {
        assert_int_equal(all & return_stage_states((enum return_stage)stage), 0);
        all |= return_stage_states((enum return_stage)stage);
    }
    assert_int_equal(all, BIT(RETURN_STATE_COUNT) - 1);
}

static struct return_term_list some_terms(void)
{
    static struct return_term at[] = {
        { STR_INIT(""), STR_INIT("KZ"), STR_INIT("decide_return"), 10, { 0 }, { 0 }, STR_INIT("law") },
        { STR_INIT("kaspi"), STR_INIT(""), STR_INIT("decide_return"), 3, { 0 }, { INT64_C(1790000000000) }, STR_INIT("Kaspi until autumn") },
        { STR_INIT("kaspi"), STR_INIT(""), STR_INIT("decide_return"), 5, { INT64_C(1790000000000) }, { 0 }, STR_INIT("Kaspi") },
        { STR_INIT(""), STR_INIT("KZ"), STR_INIT("window"), 14, { 0 }, { 0 }, STR_INIT("law") },
    };
    return (struct return_term_list){ at, COUNT_OF(at), COUNT_OF(at) };
}

static void the_deadline_is_the_earliest_of_the_market_the_dated_rule_and_the_law(void **state)
{
    (void)state;
    struct return_term_list terms = some_terms();
    struct sla_book         book  = { 0 };
    struct rma r = { .channel = STR("kaspi"), .requested_at = now };
    return_deadline(&r, &book, &terms, STR("KZ"), now);
    assert_int_equal(r.deadline_at.ms, now.ms + 5 * DAY_MS);
    assert_true(str_is(r.deadline_source, "Kaspi"));
    assert_true(str_is(r.deadline_step, "decide_return"));
    r.channel_by = instant_add(now, 2 * DAY_MS);
    return_deadline(&r, &book, &terms, STR("KZ"), now);
    assert_int_equal(r.deadline_at.ms, now.ms + 2 * DAY_MS);
    assert_true(str_is(r.deadline_source, "channel"));
    struct rma wb = { .channel = STR("wildberries"), .requested_at = now };
    return_deadline(&wb, &book, &terms, STR("KZ"), now);
    assert_int_equal(wb.deadline_at.ms, now.ms + 10 * DAY_MS);
    struct rma old = { .channel = STR("kaspi"), .requested_at = { INT64_C(1789000000000) } };
    return_deadline(&old, &book, &terms, STR("KZ"), now);
    assert_int_equal(old.deadline_at.ms, old.requested_at.ms + 3 * DAY_MS);
    assert_int_equal(old.zone, ZONE_BREACHED);
    r.state = RETURN_INFO_NEEDED;                        /* the buyer's turn */
    return_deadline(&r, &book, &terms, STR("KZ"), now);
    assert_int_equal(r.zone, ZONE_NONE);
    assert_int_equal(r.due_rank, INT64_MAX);
}

static struct return_draft a_draft(void)
{
    return (struct return_draft){ .external_id = STR("R-1"), .order_external_id = STR("O-1"), .has_state = true, .state = RETURN_REQUESTED,
                                  .external_state = STR("new"), .reason = STR("Брак"), .requested_at = now, .changed_at = now,
                                  .has_refund = true, .refund_amount = { 4500000 }, .currency = STR("KZT") };
}

static void a_draft_brings_a_return_forward_and_never_back(void **state)
{
    (void)state;
    struct rma           r = { 0 };
    struct return_change c;
    struct return_draft  d = a_draft();
    return_take_draft(&r, &d, &arena, now, &c);
    assert_int_equal(c.news & RNEWS_CREATED, RNEWS_CREATED);
    r.id = (rid){ 1 };
    return_take_draft(&r, &d, &arena, now, &c);
    assert_int_equal(c.news, RNEWS_NONE);
    d.state          = RETURN_RECEIVED;
    d.external_state = STR("received");
    d.changed_at     = instant_add(now, DAY_MS);
    return_take_draft(&r, &d, &arena, now, &c);
    assert_int_equal(r.state, RETURN_RECEIVED);
    assert_int_equal(c.implied_count, 2);
    assert_int_equal(r.received_at.ms, d.changed_at.ms);
    d.state          = RETURN_APPROVED;
    d.external_state = STR("approved");
    d.changed_at     = instant_add(now, 2 * DAY_MS);
    return_take_draft(&r, &d, &arena, now, &c);
    assert_int_equal(r.state, RETURN_RECEIVED);
    assert_int_equal(c.news & RNEWS_BACKWARD, RNEWS_BACKWARD);
    d = a_draft();
    return_take_draft(&r, &d, &arena, now, &c);
    assert_int_equal(c.news, RNEWS_OLDER);
}

/* Domain handbook §6: three units of 1000.00, 100.01 of the order's discount. */
static void three_units_share_what_was_paid(void **state)
{
    (void)state;
    const amount       total = { 300000 };
    const int64_t      qty   = 3, want[] = { 96667, 96666, 96666 };
    struct line_paid   paid;
    struct unit_refund r;
    struct err         err = { 0 };
    assert_true(lines_paid(&total, &qty, 1, (amount){ 10001 }, (amount){ 0 }, &paid, &err));
    assert_int_equal(paid.money.minor, 289999);
    for (int i = 0; i < 3; i++) {
        assert_true(units_refund(&paid, i, 1, &r, &err));
        assert_int_equal(r.money.minor, want[i]);
    }
    assert_false(units_refund(&paid, 2, 2, &r, &err));
    assert_int_equal(err.code, ERR_LIMIT);
    assert_int_equal(delivery_refund((amount){ 99000 }, true, true).minor, 99000);
    assert_int_equal(delivery_refund((amount){ 99000 }, true, false).minor, 0);
    assert_int_equal(delivery_refund((amount){ 99000 }, false, true).minor, 0);
}

/* However an order's units come back, in whatever portions, all of them together get exactly what was paid. */
static void portions_always_add_up_to_what_was_paid(void **state)
{
    (void)state;
    uint64_t seed = 20261122;
#define DRAW(n) ((int64_t)((seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407)) >> 33) % (n))
    for (int run = 0; run < 3000; run++) {
        int              count = 1 + (int)DRAW(6);
        amount           totals[6];
        int64_t          qtys[6], sum = 0, back = 0;
        struct line_paid paid[6];
        struct err       err = { 0 };
        for (int i = 0; i < count; i++) {
            qtys[i]         = 1 + DRAW(9);
            totals[i].minor = DRAW(5) ? 1 + DRAW(5000000) : 0;
            sum += totals[i].minor;
        }
        if (!sum)
            continue;
        amount discount = { DRAW(sum / 2 + 1) }, points = { DRAW(sum / 2 + 1) };
        assert_true(lines_paid(totals, qtys, count, discount, points, paid, &err));
        for (int i = 0; i < count; i++)
            for (int64_t before = 0; before < qtys[i];) {
                struct unit_refund r;
                int64_t            n = 1 + DRAW(qtys[i] - before);
                assert_true(units_refund(&paid[i], before, n, &r, &err));
                assert_true(r.money.minor >= 0 && r.points.minor >= 0);
                back += r.money.minor + r.points.minor;
                before += n;
            }
        assert_int_equal(back, sum - discount.minor);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_listed_moves_of_a_return_exist), cmocka_unit_test(only_the_listed_moves_of_a_claim_exist),
        cmocka_unit_test(every_action_goes_along_listed_moves), cmocka_unit_test(the_simple_views_follow_the_state),
        cmocka_unit_test(the_deadline_is_the_earliest_of_the_market_the_dated_rule_and_the_law),
        cmocka_unit_test(a_draft_brings_a_return_forward_and_never_back),
        cmocka_unit_test(three_units_share_what_was_paid), cmocka_unit_test(portions_always_add_up_to_what_was_paid),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return failed;
}
