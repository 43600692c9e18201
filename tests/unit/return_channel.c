/* A return between us and its market, on both stores: told twice, decided there and here, and what its end does to the order. */
#include "support/shop.h"
#include "returns/return_make_flow.h"
#include "returns/return_rule_store.h"
#include "returns/return_split_flow.h"

#include "events/outbox.h"
#include "returns/return_command_flow.h"
#include "returns/return_flow.h"
#include "returns/return_intake_flow.h"

static struct return_draft a_claim(struct test_shop *s, const char *id, const char *line)
{
    return (struct return_draft){ .external_id = str_of(id), .order_line_id = str_of(line), .has_state = true, .external_state = STR("0/0"),
                                  .reason = STR("Брак"), .requested_at = s->work.now, .changed_at = s->work.now };
}

/* Where the goods of a line are: told by another list than the claim. */
static struct return_draft a_parcel(struct test_shop *s, const char *id, const char *order, const char *line)
{
    return (struct return_draft){ .external_id = str_of(id), .order_external_id = str_of(order), .order_line_id = str_of(line), .has_state = true,
                                  .goods_only = true, .kind = RETURN_REFUSAL, .state = RETURN_IN_TRANSIT, .external_state = STR("В пути в пвз"),
                                  .place = STR("Толе би 73"), .requested_at = s->work.now };
}

static struct return_counts take_page(struct test_shop *s, const struct return_draft *d, int count)
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

/* An order of two units on one line, given to the buyer. */
static void deliver(struct test_shop *s, const char *id, const char *line)
{
    struct order_draft d = a_draft(s, id);
    d.lines.at[0].external_id = str_of(line);
    take_drafts(s, &d, 1, HUB_COMPLETED, "done");
}

static bool act(struct test_shop *s, const char *id, enum return_action action, const char *text)
{
    struct rma          r  = the_return(s, id);
    struct return_input in = { .action = action, .version = r.version, .text = str_of(text), .hold_s = 5, .confirms = true, .pays = true };
    s->err = (struct err){ 0 };
    return return_do(&s->work, r.id, &in, &s->err);
}

static void a_claim_and_its_parcel_are_one_row_whichever_comes_first(void **state)
{
    static const struct { const char *order, *line, *claim, *goods; bool known, goods_first; } ways[] = {
        { "O-1", "srid-1", "C-1", "goods:1", true, false },  { "O-2", "srid-2", "C-2", "goods:2", true, true },
        { "O-3", "srid-3", "C-3", "goods:3", false, false }, { "O-4", "srid-4", "C-4", "goods:4", false, true },
    };
    struct test_shop s;
    test_shop_init(&s, state);
    for (int i = 0; i < COUNT_OF(ways); i++) {
        struct return_draft claim = a_claim(&s, ways[i].claim, ways[i].line), goods = a_parcel(&s, ways[i].goods, ways[i].order, ways[i].line);
        if (ways[i].known)
            deliver(&s, ways[i].order, ways[i].line);
        take_page(&s, ways[i].goods_first ? &goods : &claim, 1);
        take_page(&s, ways[i].goods_first ? &claim : &goods, 1);
        if (!ways[i].known) {
            const str            ids[]  = { str_of(ways[i].order), str_of(ways[i].line) };
            struct return_page   page   = { s.account, STR("kaspi"), STR("Kaspi"), NULL, 0 };
            struct return_counts counts = { 0 };
            deliver(&s, ways[i].order, ways[i].line);
            assert_true(return_join(&s.work, &page, ids, 2, &counts, &s.err));
            assert_int_equal(counts.joined, 1);
        }
        assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM returns"), i + 1);
        struct rma r = the_return(&s, ways[i].claim);
        assert_int_equal(r.kind, RETURN_GOODS);
        assert_int_equal(r.order_id.v, the_order(&s, ways[i].order).id.v);
        assert_int_equal(r.state, RETURN_IN_TRANSIT);
        assert_true(str_is(r.place, "Толе би 73"));
        goods.state      = RETURN_RECEIVED;
        goods.changed_at = instant_add(s.work.now, HOUR_MS);
        take_page(&s, &goods, 1);
        assert_int_equal(the_return(&s, ways[i].claim).state, RETURN_RECEIVED);
        assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM returns"), i + 1);
    }
    test_shop_done(&s);
}

static void what_the_status_of_an_order_told_takes_the_name_that_the_market_gives(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    deliver(&s, "O-1", "srid-1");
    struct return_draft own = { .external_id = STR("order:O-1"), .order_external_id = STR("O-1"), .has_state = true, .kind = RETURN_REFUSAL,
                                .state = RETURN_IN_TRANSIT, .external_state = STR("cancelled") };
    struct return_draft listed = own;
    listed.external_id    = STR("7001");
    listed.kind           = RETURN_CANCELLATION;
    listed.external_state = STR("MovingToSeller");
    take_page(&s, &own, 1);
    take_page(&s, &listed, 1);
    take_page(&s, &own, 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM returns"), 1);
    assert_true(str_is(the_return(&s, "7001").external_state, "MovingToSeller"));
    test_shop_done(&s);
}

static void an_order_is_partly_returned_and_then_returned(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    deliver(&s, "O-1", "srid-1");
    struct return_draft d[] = { a_claim(&s, "C-1", "srid-1"), a_claim(&s, "C-2", "srid-1") };
    for (int i = 0; i < 2; i++) {
        d[i].has_lines = true;
        *return_draft_line_list_add(&d[i].lines, &s.arena) = (struct return_draft_line){ .article = STR("NUTR-1"), .qty = 1 };
        take_page(&s, &d[i], 1);
        d[i].state      = RETURN_REFUNDED;
        d[i].changed_at = instant_add(s.work.now, HOUR_MS);
        take_page(&s, &d[i], 1);
        assert_int_equal(the_order(&s, "O-1").status, i ? HUB_RETURNED : HUB_PARTLY_RETURNED);
    }
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_history WHERE to_status IN ('partly_returned', 'returned')"), 2);
    test_shop_done(&s);
}

static void what_the_buyer_keeps_leaves_the_order_as_it_was(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    deliver(&s, "O-1", "srid-1");
    struct return_draft d = a_claim(&s, "C-1", "srid-1");
    take_page(&s, &d, 1);
    assert_true(act(&s, "C-1", RACT_KEEP, ""));
    assert_true(act(&s, "C-1", RACT_REFUND, ""));
    assert_int_equal(the_return(&s, "C-1").state, RETURN_REFUNDED);
    assert_int_equal(the_order(&s, "O-1").status, HUB_COMPLETED);
    test_shop_done(&s);
}

/* ---- a return of ours that the market tells later ---- */

static rid make_ours(struct test_shop *s, rid order)
{
    struct return_make m = { .order_id = order, .reason = STR("size"), .resolution = RESOLVE_REFUND, .decides = true, .hold_s = 5 };
    rid                id = { 0 };
    *return_make_line_list_add(&m.lines, &s->arena) = (struct return_make_line){ 1, 1 };
    s->err = (struct err){ 0 };
    assert_true(return_make(&s->work, &m, &id, &s->err));
    return id;
}

static void a_return_of_ours_that_the_market_tells_later_is_one_row_with_our_decision(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    deliver(&s, "O-1", "srid-1");
    rid                 ours = make_ours(&s, the_order(&s, "O-1").id), theirs;
    struct return_draft d    = a_claim(&s, "C-1", "srid-1");
    d.requested_at = s.work.now;
    take_page(&s, &d, 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM returns"), 1);
    struct rma r = the_return(&s, "C-1");
    assert_int_equal(r.id.v, ours.v);
    assert_int_equal(r.state, RETURN_APPROVED);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM outbox WHERE op = 'return_approve' AND state = 'held'"), 1);
    take_page(&s, &d, 1);                                   /* told again: nothing new, nothing flagged */
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM returns"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_history WHERE flagged = 1"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_history WHERE note = 'joined'"), 1);
    /* Taken for one by mistake: two again, and they stay two. */
    struct return_split in = { .version = the_return(&s, "C-1").version };
    assert_true(return_split(&s.work, ours, &in, &theirs, &s.err));
    assert_int_equal(the_return(&s, "C-1").id.v, theirs.v);
    assert_int_equal(the_return(&s, "C-1").state, RETURN_REQUESTED);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM returns WHERE state = 'approved' AND external_id LIKE 'own:%'"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM outbox WHERE state = 'undone'"), 1);
    d.changed_at = instant_add(s.work.now, HOUR_MS);
    take_page(&s, &d, 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM returns"), 2);
    in.version = the_return(&s, "C-1").version;
    assert_false(return_split(&s.work, theirs, &in, &theirs, &s.err));
    assert_int_equal(s.err.code, ERR_ACTION_REFUSED);
    test_shop_done(&s);
}

static void another_thing_a_later_request_and_one_that_is_over_stay_apart(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    static const char *const orders[] = { "O-1", "O-2", "O-3", "O-4" };
    for (int i = 0; i < COUNT_OF(orders); i++) {
        deliver(&s, orders[i], str_zero(&s.arena, str_print(&s.arena, "srid-%d", i)));
        make_ours(&s, the_order(&s, orders[i]).id);
    }
    test_shop_run(&s, "UPDATE returns SET state = 'rejected', ended_at = 1 WHERE order_number = (SELECT number FROM orders WHERE external_id = 'O-3')");
    /* Looked at and refused: nobody may take that for a yes to the market. */
    test_shop_run(&s, "UPDATE returns SET state = 'rejected_after_check' WHERE order_number = (SELECT number FROM orders WHERE external_id = 'O-4')");
    struct return_draft d[4];
    for (int i = 0; i < COUNT_OF(d); i++) {
        d[i] = a_claim(&s, str_zero(&s.arena, str_print(&s.arena, "C-%d", i)), str_zero(&s.arena, str_print(&s.arena, "srid-%d", i)));
        d[i].requested_at = instant_add(s.work.now, i == 1 ? 31 * DAY_MS : HOUR_MS);
    }
    d[0].has_lines = true;
    *return_draft_line_list_add(&d[0].lines, &s.arena) = (struct return_draft_line){ .article = STR("ELSE-9"), .qty = 1 };
    take_page(&s, d, 4);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM returns"), 8);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM returns WHERE own_name <> ''"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM outbox WHERE op LIKE 'return_%'"), 0);
    test_shop_done(&s);
}

static struct command_row the_command(struct test_shop *s)
{
    struct command_row_list rows = { 0 };
    const str               all  = STR("sending");
    struct outbox_ask       ask  = { .states = &all, .states_count = 1, .max = 5 };
    bool                    more;
    test_shop_run(s, "UPDATE outbox SET state = 'sending', taken_by = 'me', lease_until = 9999999999999 WHERE state = 'held'");
    assert_true(outbox_in_states(s->work.db, &ask, &s->arena, &rows, &more, &s->err));
    assert_int_equal(rows.count, 1);
    return rows.at[0];
}

struct ruling { struct test_shop *s; struct return_rules *rules; };
static bool rules_tx(struct db *db, void *ctx, struct err *err)
{
    struct ruling *r = ctx;
    return return_rules_save(db, &r->s->arena, r->rules, err);
}
static void limit_is(struct test_shop *s, int64_t minor)
{
    struct return_rules rules = return_rules_default();
    struct ruling       r     = { s, &rules };
    rules.refund_limit = (amount){ minor };
    assert_true(db_tx(s->work.db, rules_tx, &r, &s->err));
}

static unsigned every_op(str channel) { (void)channel; return ~0u; }

static void money_above_the_limit_is_not_paid_by_the_market_before_a_second_person_agrees(void **state)
{
    struct test_shop s;
    bool             kept;
    test_shop_init(&s, state);
    s.shop.channel_ops = every_op;
    limit_is(&s, 100);
    deliver(&s, "O-1", "srid-1");
    struct return_draft d = a_claim(&s, "C-1", "srid-1");
    take_page(&s, &d, 1);
    assert_true(act(&s, "C-1", RACT_KEEP, ""));
    assert_int_equal(the_return(&s, "C-1").state, RETURN_REFUNDING);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM outbox"), 0);       /* the word of the first would pay */
    s.work.actor.id.v++;
    assert_true(act(&s, "C-1", RACT_REFUND, ""));
    assert_int_equal(the_return(&s, "C-1").state, RETURN_REFUNDED);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM outbox WHERE op = 'return_keep' AND state = 'held'"), 1);
    /* Refused there, the money waits for its second person again, and he says it anew. */
    struct command_row row = the_command(&s);
    row.state = STR("refused");
    assert_true(return_command_settle(&s.work, &row, STR("t"), &kept, &s.err));
    assert_int_equal(the_return(&s, "C-1").state, RETURN_REFUNDING);
    assert_int_equal(the_return(&s, "C-1").route, ROUTE_KEEP);
    assert_true(act(&s, "C-1", RACT_REFUND, ""));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM outbox WHERE op = 'return_keep' AND state = 'held'"), 1);
    /* Below the limit one person is enough, and the market hears of it at once. */
    limit_is(&s, 100000000);
    deliver(&s, "O-2", "srid-2");
    struct return_draft e = a_claim(&s, "C-2", "srid-2");
    take_page(&s, &e, 1);
    assert_true(act(&s, "C-2", RACT_KEEP, ""));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM outbox WHERE op = 'return_keep'"), 3);
    assert_true(act(&s, "C-2", RACT_REFUND, ""));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM outbox WHERE op = 'return_keep'"), 3);
    test_shop_done(&s);
}

static void the_market_that_decides_while_our_command_waits_is_right(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    deliver(&s, "O-1", "srid-1");
    struct return_draft d = a_claim(&s, "C-1", "srid-1");
    take_page(&s, &d, 1);
    assert_true(act(&s, "C-1", RACT_APPROVE, ""));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM outbox WHERE state = 'held' AND op = 'return_approve' AND return_id IS NOT NULL"), 1);
    d.state          = RETURN_REJECTED;
    d.external_state = STR("1/1");
    d.changed_at     = instant_add(s.work.now, HOUR_MS);
    take_page(&s, &d, 1);
    assert_int_equal(the_return(&s, "C-1").state, RETURN_REJECTED);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM outbox WHERE state = 'dropped'"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_history WHERE flagged = 1 AND note = 'decided_by_market'"), 1);
    test_shop_done(&s);
}

static void a_refused_decision_is_put_back_with_its_money_and_a_refused_receipt_is_not(void **state)
{
    struct test_shop s;
    bool             kept;
    test_shop_init(&s, state);
    deliver(&s, "O-1", "srid-1");
    struct return_draft d = a_claim(&s, "C-1", "srid-1");
    take_page(&s, &d, 1);
    assert_true(act(&s, "C-1", RACT_KEEP, ""));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM refunds WHERE state = 'proposed'"), 1);
    struct command_row row = the_command(&s);
    row.state = STR("refused");
    row.text  = STR("zu spät");
    assert_true(return_command_settle(&s.work, &row, STR("t"), &kept, &s.err));
    assert_true(kept);
    assert_int_equal(the_return(&s, "C-1").state, RETURN_REQUESTED);
    assert_int_equal(the_return(&s, "C-1").route, ROUTE_TO_SELLER);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM refunds WHERE state = 'proposed'"), 0);
    assert_true(act(&s, "C-1", RACT_APPROVE, ""));
    test_shop_run(&s, "UPDATE outbox SET state = 'done' WHERE state = 'held'");
    assert_true(act(&s, "C-1", RACT_RECEIVE, ""));
    row = the_command(&s);
    row.state = STR("refused");
    assert_true(return_command_settle(&s.work, &row, STR("t"), &kept, &s.err));
    assert_int_equal(the_return(&s, "C-1").state, RETURN_RECEIVED);           /* the goods are here */
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_history WHERE flagged = 1"), 1);
    test_shop_done(&s);
}

static void a_word_that_is_not_known_changes_no_state_and_is_shown(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    deliver(&s, "O-1", "srid-1");
    struct return_draft d = a_claim(&s, "C-1", "srid-1"), odd = d, unseen = a_claim(&s, "C-2", "srid-1");
    take_page(&s, &d, 1);
    odd.has_state      = false;
    odd.external_state = STR("7/3");
    odd.changed_at     = instant_add(s.work.now, HOUR_MS);
    take_page(&s, &odd, 1);
    assert_int_equal(the_return(&s, "C-1").state, RETURN_REQUESTED);
    assert_true(str_has(the_return(&s, "C-1").problem, STR("7/3")));
    unseen.has_state = false;
    take_page(&s, &unseen, 1);                                                /* what it is nobody knows: nothing to hold */
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM returns"), 1);
    d.state      = RETURN_IN_TRANSIT;
    d.changed_at = instant_add(s.work.now, 2 * HOUR_MS);
    take_page(&s, &d, 1);
    assert_int_equal(the_return(&s, "C-1").state, RETURN_IN_TRANSIT);
    assert_true(str_is(the_return(&s, "C-1").problem, ""));
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_claim_and_its_parcel_are_one_row_whichever_comes_first),
        cmocka_unit_test(what_the_status_of_an_order_told_takes_the_name_that_the_market_gives),
        cmocka_unit_test(an_order_is_partly_returned_and_then_returned),
        cmocka_unit_test(what_the_buyer_keeps_leaves_the_order_as_it_was),
        cmocka_unit_test(a_return_of_ours_that_the_market_tells_later_is_one_row_with_our_decision),
        cmocka_unit_test(another_thing_a_later_request_and_one_that_is_over_stay_apart),
        cmocka_unit_test(money_above_the_limit_is_not_paid_by_the_market_before_a_second_person_agrees),
        cmocka_unit_test(the_market_that_decides_while_our_command_waits_is_right),
        cmocka_unit_test(a_refused_decision_is_put_back_with_its_money_and_a_refused_receipt_is_not),
        cmocka_unit_test(a_word_that_is_not_known_changes_no_state_and_is_shown),
    };
    return test_shops(tests, COUNT_OF(tests));
}
