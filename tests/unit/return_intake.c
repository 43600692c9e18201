/* From what a market tells of returns to what we hold, on both stores. */
#include "support/shop.h"

#include "returns/return_flow.h"
#include "returns/return_intake_flow.h"
#include "returns/return_list_store.h"

static struct return_draft a_return(struct test_shop *s, const char *id, const char *order)
{
    struct return_draft d = { .external_id = str_of(id), .order_external_id = str_of(order), .has_state = true, .external_state = STR("NEW"),
                              .reason = STR("Не подошёл размер"), .requested_at = s->work.now, .changed_at = s->work.now };
    return d;
}

static struct return_counts take_returns(struct test_shop *s, const struct return_draft *d, int count)
{
    struct return_page   page   = { s->account, STR("kaspi"), STR("Kaspi"), d, count };
    struct return_counts counts = { 0 };
    struct actor         who    = s->work.actor;
    if (!return_intake(&s->work, &page, &counts, &s->err))
        fail_msg("%s: %s", s->err.item[0].text, s->err.trail);
    s->work.actor = who;
    return counts;
}

static struct rma the_return(struct test_shop *s, const char *id)
{
    struct rma_list list = { 0 };
    str             ext  = str_of(id);
    assert_true(returns_by_external(s->work.db, s->account, &ext, 1, &s->arena, &list, &s->err));
    assert_int_equal(list.count, 1);
    return list.at[0];
}

static void deliver(struct test_shop *s, const char *id)
{
    struct order_draft d = a_draft(s, id);
    take_drafts(s, &d, 1, HUB_COMPLETED, "done");
}

static void a_return_finds_its_order_reason_lines_and_deadline(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    deliver(&s, "O-1");
    struct return_draft d = a_return(&s, "R-1", "O-1");
    assert_int_equal(take_returns(&s, &d, 1).created, 1);
    struct rma r = the_return(&s, "R-1");
    assert_int_equal(r.order_id.v, the_order(&s, "O-1").id.v);
    assert_true(str_is(r.reason, "size"));
    assert_true(str_is(r.external_reason, "Не подошёл размер"));
    assert_int_equal(r.units, 2);
    assert_int_equal(r.refund_amount.minor, 1520000);
    assert_int_equal(r.deadline_at.ms, s.work.now.ms + 10 * DAY_MS);
    assert_true(str_is(r.problem, ""));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_lines WHERE order_line = 1 AND qty = 2"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_history WHERE from_state = '' AND to_state = 'requested'"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM events WHERE kind = 'return'"), 1);
    test_shop_done(&s);
}

static void repeating_a_page_of_returns_changes_nothing(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    deliver(&s, "O-1");
    struct return_draft d[] = { a_return(&s, "R-1", "O-1"), a_return(&s, "R-1", "O-1") };
    take_returns(&s, d, 2);
    int64_t version = the_return(&s, "R-1").version;
    assert_int_equal(take_returns(&s, d, 2).same, 2);
    assert_int_equal(the_return(&s, "R-1").version, version);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM returns"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_history"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM events WHERE kind = 'return'"), 1);
    test_shop_done(&s);
}

static void a_return_of_an_order_not_seen_is_kept_and_joined_when_it_comes(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct return_draft d = a_return(&s, "R-1", "O-9");
    take_returns(&s, &d, 1);
    assert_false(id_is_set(the_return(&s, "R-1").order_id));
    deliver(&s, "O-9");
    assert_int_equal(take_returns(&s, &d, 1).joined, 1);
    assert_int_equal(the_return(&s, "R-1").order_id.v, the_order(&s, "O-9").id.v);
    assert_int_equal(the_return(&s, "R-1").units, 2);
    test_shop_done(&s);
}

static void more_units_than_were_bought_are_a_problem_in_words(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    deliver(&s, "O-1");
    struct return_draft d[] = { a_return(&s, "R-1", "O-1"), a_return(&s, "R-2", "O-1") };
    take_returns(&s, &d[0], 1);
    d[1].has_lines = true;
    *return_draft_line_list_add(&d[1].lines, &s.arena) = (struct return_draft_line){ .article = STR("NUTR-1"), .qty = 1, .has_amount = true, .amount = { 760000 } };
    take_returns(&s, &d[1], 1);
    assert_true(str_is(the_return(&s, "R-1").problem, ""));
    assert_true(str_is(the_return(&s, "R-2").problem, "more units than were bought: 3 of 2"));
    test_shop_done(&s);
}

static void a_jump_of_the_market_writes_the_steps_between_and_the_queue_is_by_deadline(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    deliver(&s, "O-1");
    deliver(&s, "O-2");
    deliver(&s, "O-3");
    struct return_draft d[] = { a_return(&s, "R-1", "O-1"), a_return(&s, "R-2", "O-2"), a_return(&s, "R-3", "O-3") };
    d[1].deadline_at = instant_add(s.work.now, DAY_MS);
    take_returns(&s, d, 3);
    d[2].state      = RETURN_CLOSED;
    d[2].changed_at = instant_add(s.work.now, HOUR_MS);
    take_returns(&s, &d[2], 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_history WHERE implied = 1"), 1);       /* rejected, the shortest way */
    struct return_filter   f     = { 0 };
    struct return_scope    scope = { 0 };
    struct return_row_list rows  = { 0 };
    bool                   more;
    assert_true(return_filter_read(&s.arena, STR("limit=1"), (rid){ 0 }, &f, &s.err));
    assert_true(return_rows(s.work.db, &f, &scope, &s.arena, &rows, &more, &s.err));
    assert_true(more);
    assert_true(str_is(rows.at[0].r.external_id, "R-2"));
    assert_true(str_is(rows.at[0].reason_group, "size"));
    str next = str_print(&s.arena, "limit=1&after=%.*s", STR_ARG(return_cursor(&s.arena, &f, &rows.at[0])));
    assert_true(return_filter_read(&s.arena, next, (rid){ 0 }, &f, &s.err));
    rows = (struct return_row_list){ 0 };
    assert_true(return_rows(s.work.db, &f, &scope, &s.arena, &rows, &more, &s.err));
    assert_false(more);
    assert_true(str_is(rows.at[0].r.external_id, "R-1"));
    test_shop_done(&s);
}

static void every_filter_of_the_list_is_a_statement_that_runs(void **state)
{
    static const char *const queries[] = {
        "", "stage=request,money", "kind=return&zone=red&group=size&reason=size", "channel=kaspi&account_id=77", "rule=1", "unexplained=1",
        "forgotten=1", "order_id=1", "customer_id=1", "assignee_id=me", "assignee_id=none", "q=123-45", "q=Иванова", "scan=KZ123", "scan=438000001",
        "requested_from=2026-01-01T00:00:00Z&requested_to=2027-01-01T00:00:00Z", "closed=1&after=5.-1.7", "after=5.-1.7", "state=closed",
    };
    struct test_shop s;
    test_shop_init(&s, state);
    const rid account = { 77 };
    for (int i = 0; i < COUNT_OF(queries); i++) {
        struct return_filter     f      = { 0 };
        struct return_scope      scope  = { &account, 1, BIT(RETURN_RECEIVED) | BIT(RETURN_REQUESTED) };
        struct return_row_list   rows   = { 0 };
        struct return_count_list counts = { 0 };
        bool                     more;
        if (!return_filter_read(&s.arena, str_of(queries[i]), (rid){ 5 }, &f, &s.err) ||
            !return_rows(s.work.db, &f, &scope, &s.arena, &rows, &more, &s.err) ||
            !return_counts(s.work.db, &f, &scope, &s.arena, &counts, &s.err))
            fail_msg("%s: %s", queries[i], s.err.item[0].text);
    }
    struct return_filter f = { 0 };
    assert_false(return_filter_read(&s.arena, STR("stage=never&limit=0&colour=red"), (rid){ 0 }, &f, &s.err));
    assert_int_equal(s.err.count, 3);
    test_shop_done(&s);
}

static bool act(struct test_shop *s, enum return_action action, const char *text, int64_t version)
{
    struct return_input in = { .action = action, .version = version, .text = str_of(text) };
    err_clear(&s->err);
    return return_do(&s->work, the_return(s, "R-1").id, &in, &s->err);
}

static void a_person_decides_once_and_a_refusal_needs_a_text(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    deliver(&s, "O-1");
    struct return_draft d = a_return(&s, "R-1", "O-1");
    take_returns(&s, &d, 1);
    assert_false(act(&s, RACT_REJECT, "", 1));
    assert_int_equal(s.err.code, ERR_BODY_INVALID);
    assert_true(act(&s, RACT_APPROVE, "", 1));
    assert_false(act(&s, RACT_REJECT, "Поздно", 1));                 /* somebody else was faster */
    assert_int_equal(s.err.code, ERR_VERSION_OLD);
    assert_false(act(&s, RACT_REJECT, "Поздно", 2));
    assert_int_equal(s.err.code, ERR_ACTION_REFUSED);
    assert_false(act(&s, RACT_REFUND, "", 2));                       /* not yet its turn, and no right to it */
    assert_true(act(&s, RACT_RECEIVE, "", 2));
    struct rma r = the_return(&s, "R-1");
    assert_int_equal(r.state, RETURN_RECEIVED);
    assert_int_equal(r.received_at.ms, s.work.now.ms);
    assert_true(str_is(r.deadline_step, "refund"));
    assert_int_equal(r.deadline_at.ms, s.work.now.ms + 3 * DAY_MS);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_history WHERE implied = 1 AND to_state = 'in_transit'"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM audit_entries WHERE action = 'return.approve'"), 1);
    assert_int_equal(take_returns(&s, &d, 1).same, 1);               /* the market still shows the step before */
    assert_int_equal(the_return(&s, "R-1").state, RETURN_RECEIVED);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_return_finds_its_order_reason_lines_and_deadline), cmocka_unit_test(repeating_a_page_of_returns_changes_nothing),
        cmocka_unit_test(a_return_of_an_order_not_seen_is_kept_and_joined_when_it_comes),
        cmocka_unit_test(more_units_than_were_bought_are_a_problem_in_words),
        cmocka_unit_test(a_jump_of_the_market_writes_the_steps_between_and_the_queue_is_by_deadline),
        cmocka_unit_test(every_filter_of_the_list_is_a_statement_that_runs),
        cmocka_unit_test(a_person_decides_once_and_a_refusal_needs_a_text),
    };
    return test_shops(tests, COUNT_OF(tests));
}
