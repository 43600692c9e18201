/* What people do to returns: registering, checking, money, rules, taking back. On both stores. */
#include "support/shop.h"

#include "orders/erase_flow.h"
#include "returns/claim_flow.h"
#include "returns/photo_store.h"
#include "returns/refund_flow.h"
#include "returns/return_make_flow.h"
#include "returns/return_rule_store.h"
#include "returns/return_tick_flow.h"

static unsigned ops_of(str channel) { return str_is(channel, "manual") || str_is(channel, "site") ? 0 : 15; }

/* One line of three for 1000.00 each, less 100.01 of the whole: the example of the handbook. */
static rid three_for_less(struct test_shop *s, const char *id)
{
    struct order_draft d = a_draft(s, id);
    d.lines.at[0].qty        = 3;
    d.lines.at[0].unit_price = (amount){ 100000 };
    d.lines.at[0].line_total = (amount){ 300000 };
    d.goods_total            = (amount){ 300000 };
    d.discount_total         = (amount){ 10001 };
    d.delivery_total         = (amount){ 99000 };
    d.grand_total            = (amount){ 388999 };
    take_drafts(s, &d, 1, HUB_COMPLETED, "done");
    return the_order(s, id).id;
}

static bool make(struct test_shop *s, rid order, int64_t qty, const char *reason, enum return_resolution r, bool decides, rid *id,
                 struct return_done *done)
{
    struct return_make m = { .order_id = order, .reason = str_of(reason), .text = STR("не подошло"), .resolution = r, .decides = decides, .hold_s = -1,
                             .out = done };
    *return_make_line_list_add(&m.lines, &s->arena) = (struct return_make_line){ 1, qty };
    err_clear(&s->err);
    return return_make(&s->work, &m, id, &s->err);
}

static rid made(struct test_shop *s, rid order, int64_t qty, const char *reason)
{
    rid id = { 0 };
    if (!make(s, order, qty, reason, RESOLVE_REFUND, true, &id, NULL))
        fail_msg("%s: %s", s->err.item[0].field, s->err.item[0].text);
    return id;
}

static struct rma get(struct test_shop *s, rid id)
{
    struct rma r = { 0 };
    assert_true(return_get(s->work.db, id, &s->arena, &r, &s->err));
    return r;
}

static bool act_in(struct test_shop *s, rid id, struct return_input in)
{
    in.version = get(s, id).version;
    err_clear(&s->err);
    return return_do(&s->work, id, &in, &s->err);
}

static void act(struct test_shop *s, rid id, enum return_action action)
{
    if (!act_in(s, id, (struct return_input){ .action = action, .text = STR("ok"), .pays = true, .confirms = true }))
        fail_msg("%s: %s", return_action_names[action], s->err.item[0].text);
}

static void to_inspected(struct test_shop *s, rid id)
{
    act(s, id, RACT_RECEIVE);
    act(s, id, RACT_INSPECT);
}

static struct refund the_refund(struct test_shop *s, rid id)
{
    struct refund_list list = { 0 };
    assert_true(refunds_of(s->work.db, id, &s->arena, &list, &s->err));
    assert_true(list.count > 0);
    return list.at[list.count - 1];
}

static void units_of_a_line_come_back_one_by_one_for_exactly_what_was_paid(void **state)
{
    static const int64_t want[] = { 96667, 96666, 96666 };
    struct test_shop s;
    test_shop_init(&s, state);
    rid order = three_for_less(&s, "O-1");
    for (int i = 0; i < 3; i++) {
        struct rma r = get(&s, made(&s, order, 1, "size"));
        assert_int_equal(r.refund_amount.minor, want[i]);
        assert_int_equal(r.state, RETURN_APPROVED);
    }
    rid id;
    assert_false(make(&s, order, 1, "size", RESOLVE_REFUND, true, &id, NULL));
    assert_int_equal(s.err.code, ERR_ACTION_REFUSED);
    test_shop_done(&s);
}

static void more_units_than_are_left_and_unknown_reasons_are_refused(void **state)
{
    struct test_shop s;
    rid id;
    test_shop_init(&s, state);
    rid order = three_for_less(&s, "O-1");
    made(&s, order, 2, "size");
    assert_false(make(&s, order, 2, "size", RESOLVE_REFUND, true, &id, NULL));
    assert_int_equal(s.err.code, ERR_BODY_INVALID);
    assert_false(make(&s, order, 1, "because", RESOLVE_REFUND, true, &id, NULL));
    assert_int_equal(s.err.code, ERR_BODY_INVALID);
    struct order_draft d = a_draft(&s, "O-2");
    take_drafts(&s, &d, 1, HUB_CONFIRMED, "new");
    assert_false(make(&s, the_order(&s, "O-2").id, 1, "size", RESOLVE_REFUND, true, &id, NULL));
    assert_int_equal(s.err.code, ERR_ACTION_REFUSED);
    test_shop_done(&s);
}

static void goods_of_the_markets_own_warehouse_are_its_own_to_take_back(void **state)
{
    struct test_shop s;
    rid id;
    test_shop_init(&s, state);
    s.shop.channel_ops = ops_of;
    struct order_draft d = a_draft(&s, "O-1");
    d.scheme = SCHEME_FBO;
    take_drafts(&s, &d, 1, HUB_COMPLETED, "done");
    assert_false(make(&s, the_order(&s, "O-1").id, 1, "size", RESOLVE_REFUND, true, &id, NULL));
    assert_int_equal(s.err.code, ERR_ACTION_REFUSED);
    assert_non_null(strstr(s.err.item[0].text, "warehouse"));
    test_shop_done(&s);
}

static void delivery_goes_back_with_everything_and_by_our_fault_alone(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    rid whole = made(&s, three_for_less(&s, "O-1"), 3, "defect"), mind = made(&s, three_for_less(&s, "O-2"), 3, "changed_mind");
    rid part  = made(&s, three_for_less(&s, "O-3"), 2, "defect");
    rid ids[] = { whole, mind, part };
    const int64_t want[] = { 388999, 289999, 193333 }, delivery[] = { 99000, 0, 0 };
    for (int i = 0; i < 3; i++) {
        to_inspected(&s, ids[i]);
        act(&s, ids[i], RACT_ACCEPT);
        struct refund m = the_refund(&s, ids[i]);
        assert_int_equal(m.amount.minor, want[i]);
        assert_int_equal(m.delivery.minor, delivery[i]);
        assert_int_equal(m.state, REFUND_PROPOSED);
        assert_int_equal(m.proposed_by.v, s.work.actor.id.v);
    }
    test_shop_done(&s);
}

static void who_comes_short_is_told_by_units_and_a_claim_is_drafted(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    rid id = made(&s, three_for_less(&s, "O-1"), 3, "size");
    act(&s, id, RACT_RECEIVE);
    struct return_input in = { .action = RACT_INSPECT };
    *return_input_line_list_add(&in.lines, &s.arena) = (struct return_input_line){ .line = 1, .qty = 1, .condition = CONDITION_UNOPENED, .disposition = DISPOSE_RESELL };
    *return_input_line_list_add(&in.lines, &s.arena) = (struct return_input_line){ .line = 1, .qty = 1, .condition = CONDITION_USED, .disposition = DISPOSE_DISCOUNT,
                                                                                   .has_amount = true, .amount = { 50000 } };
    assert_true(act_in(&s, id, in));
    assert_int_equal(get(&s, id).refund_amount.minor, 96667 + 50000);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_lines WHERE condition = 'missing' AND amount = 0 AND qty = 1"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM claims WHERE subject = 'missing' AND state = 'open' AND amount = 96666"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM events WHERE kind = 'stock' AND data LIKE '%quarantine%'"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM events WHERE kind = 'stock' AND data LIKE '%\"resell\"%'"), 1);
    in = (struct return_input){ .action = RACT_INSPECT };
    assert_false(act_in(&s, id, in));                       /* it has been checked */
    in.action = RACT_DISPOSE;
    *return_input_line_list_add(&in.lines, &s.arena) = (struct return_input_line){ .line = 1, .qty = 1, .disposition = DISPOSE_WRITE_OFF };
    assert_false(act_in(&s, id, in));                       /* what is on the shelf is not written off from here */
    assert_int_equal(s.err.code, ERR_BODY_INVALID);
    test_shop_done(&s);
}

static void an_amount_above_the_share_of_the_units_is_refused(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    rid id = made(&s, three_for_less(&s, "O-1"), 3, "size");
    act(&s, id, RACT_RECEIVE);
    struct return_input in = { .action = RACT_INSPECT };
    *return_input_line_list_add(&in.lines, &s.arena) = (struct return_input_line){ .line = 1, .qty = 3, .has_amount = true, .amount = { 290000 } };
    assert_false(act_in(&s, id, in));
    in.lines.at[0].qty = 4;
    assert_false(act_in(&s, id, in));
    act(&s, id, RACT_INSPECT);
    assert_false(act_in(&s, id, (struct return_input){ .action = RACT_ACCEPT, .has_amount = true, .amount = { 290000 } }));
    assert_true(act_in(&s, id, (struct return_input){ .action = RACT_ACCEPT, .has_amount = true, .amount = { 100000 } }));
    assert_int_equal(the_refund(&s, id).amount.minor, 100000);
    test_shop_done(&s);
}

static void add_user(struct test_shop *s, int64_t id, const char *roles)
{
    str sql = str_print(&s->arena, "INSERT INTO users (id, login, name, password_hash, roles, accounts, state, language, time_zone, theme, density, "
                                   "hold_s, keys_off, version, created_at, updated_at) VALUES (%lld, 'u%lld@x.kz', 'U', '', '%s', '', 'active', 'ru', '', "
                                   "'', '', 5, 0, 1, 1, 1)",
                        (long long)id, (long long)id, roles);
    test_shop_run(s, str_zero(&s->arena, sql));
}

static void above_the_limit_two_persons_pay_back_and_never_the_same(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct return_rules rules = return_rules_default();
    rules.refund_limit = (amount){ 100000 };
    test_shop_run(&s, str_zero(&s.arena, str_print(&s.arena, "INSERT INTO settings (key, value) VALUES ('returns.rules', '%.*s')",
                                                   STR_ARG(return_rules_text(&s.arena, &rules)))));
    add_user(&s, 5, "manager");
    add_user(&s, 6, "accountant");
    rid id = made(&s, three_for_less(&s, "O-1"), 3, "size"), small = made(&s, three_for_less(&s, "O-2"), 1, "size");
    to_inspected(&s, id);
    act(&s, id, RACT_ACCEPT);
    assert_false(act_in(&s, id, (struct return_input){ .action = RACT_REFUND, .pays = true, .confirms = true }));
    assert_int_equal(s.err.code, ERR_CONFLICT);
    s.work.actor.id = (rid){ 7 };
    assert_false(act_in(&s, id, (struct return_input){ .action = RACT_REFUND, .pays = true }));      /* may pay, but not confirm */
    assert_int_equal(s.err.code, ERR_FORBIDDEN);
    s.work.actor.id = (rid){ 6 };
    assert_true(act_in(&s, id, (struct return_input){ .action = RACT_REFUND, .confirms = true }));
    assert_int_equal(get(&s, id).state, RETURN_REFUNDED);
    assert_int_equal(the_refund(&s, id).approved_by.v, 6);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM events WHERE kind = 'refund' AND data LIKE '%approved%'"), 1);
    s.work.actor.id = (rid){ 5 };
    to_inspected(&s, small);
    act(&s, small, RACT_ACCEPT);
    act(&s, small, RACT_REFUND);                            /* below the limit one is enough */
    assert_int_equal(get(&s, small).state, RETURN_REFUNDED);
    test_shop_done(&s);
}

static void who_is_alone_in_the_shop_pays_back_alone(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct return_rules rules = return_rules_default();
    rules.refund_limit = (amount){ 1 };
    test_shop_run(&s, str_zero(&s.arena, str_print(&s.arena, "INSERT INTO settings (key, value) VALUES ('returns.rules', '%.*s')",
                                                   STR_ARG(return_rules_text(&s.arena, &rules)))));
    add_user(&s, 5, "owner");
    rid id = made(&s, three_for_less(&s, "O-1"), 3, "size");
    to_inspected(&s, id);
    act(&s, id, RACT_ACCEPT);
    act(&s, id, RACT_REFUND);
    assert_int_equal(get(&s, id).state, RETURN_REFUNDED);
    test_shop_done(&s);
}

static void a_step_is_taken_back_in_time_with_its_money(void **state)
{
    struct test_shop    s;
    struct return_done  done = { 0 };
    struct return_undone undone;
    const struct return_undo_right any = { .decides = true }, none = { 0 };
    rid id = { 0 };
    test_shop_init(&s, state);
    rid order = three_for_less(&s, "O-1");
    assert_true(make(&s, order, 1, "size", RESOLVE_KEEP, true, &id, &done));
    assert_int_equal(get(&s, id).state, RETURN_REFUNDING);
    assert_int_equal(get(&s, id).route, ROUTE_KEEP);
    assert_true(done.undo.len > 0);
    s.work.actor.id = (rid){ 9 };
    assert_false(return_undo(&s.work, done.undo, &none, &undone, &s.err));
    err_clear(&s.err);
    assert_true(return_undo(&s.work, done.undo, &any, &undone, &s.err));
    assert_int_equal(get(&s, id).state, RETURN_CANCELLED);                  /* taken back, it never was */
    assert_int_equal(the_refund(&s, id).state, REFUND_CANCELLED);
    assert_false(return_undo(&s.work, done.undo, &any, &undone, &s.err));
    assert_int_equal(s.err.code, ERR_UNDO_LATE);
    s.work.actor.id = (rid){ 5 };

    id = made(&s, order, 3, "size");                                        /* its units are free again */
    act(&s, id, RACT_RECEIVE);
    act(&s, id, RACT_INSPECT);
    done = (struct return_done){ 0 };
    assert_true(act_in(&s, id, (struct return_input){ .action = RACT_SEND_BACK, .text = STR("ношеное"), .hold_s = -1, .out = &done }));
    rid other = made(&s, order, 1, "size");
    err_clear(&s.err);
    assert_false(return_undo(&s.work, done.undo, &any, &undone, &s.err));   /* a unit of it is another's by now */
    assert_int_equal(get(&s, id).state, RETURN_REJECTED_AFTER_CHECK);
    act(&s, other, RACT_RECEIVE);
    test_shop_advance(&s, 10 * SECOND_MS);
    test_shop_done(&s);
}

static void an_exchange_reserves_a_replacement_that_waits_for_the_goods(void **state)
{
    struct test_shop s;
    rid id;
    test_shop_init(&s, state);
    assert_true(make(&s, three_for_less(&s, "O-1"), 1, "size", RESOLVE_EXCHANGE, true, &id, NULL));
    struct rma   r = get(&s, id);
    struct order o = { 0 };
    assert_int_equal(r.kind, RETURN_EXCHANGE);
    assert_true(order_get(s.work.db, r.exchange_order_id, &s.arena, &o, &s.err));
    assert_true(str_is(o.channel, "manual"));
    assert_true(o.marks & BIT(MARK_HOLD));
    assert_int_equal(o.units, 1);
    assert_int_equal(o.customer_id.v, the_order(&s, "O-1").customer_id.v);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM events WHERE kind = 'stock' AND data LIKE '%\"reserve\"%'"), 1);
    to_inspected(&s, id);
    act(&s, id, RACT_EXCHANGE);
    assert_true(order_get(s.work.db, r.exchange_order_id, &s.arena, &o, &s.err));
    assert_false(o.marks & BIT(MARK_HOLD));
    act(&s, id, RACT_REPLACE);
    assert_int_equal(get(&s, id).state, RETURN_REPLACED);

    assert_true(make(&s, three_for_less(&s, "O-2"), 1, "size", RESOLVE_EXCHANGE, true, &id, NULL));
    rid replacement = get(&s, id).exchange_order_id;
    to_inspected(&s, id);
    act(&s, id, RACT_SEND_BACK);
    assert_true(order_get(s.work.db, replacement, &s.arena, &o, &s.err));
    assert_int_equal(o.status, HUB_CANCELLED);
    test_shop_done(&s);
}

/* ---- the rule ---- */

static void rules_on(struct test_shop *s, int64_t limit, const char *banned)
{
    struct return_rules r = return_rules_default();
    r.active      = true;
    r.price_limit = (amount){ limit };
    if (banned)
        *str_list_add(&r.not_returnable, &s->arena) = str_of(banned);
    test_shop_run(s, "DELETE FROM settings WHERE key = 'returns.rules'");
    test_shop_run(s, str_zero(&s->arena, str_print(&s->arena, "INSERT INTO settings (key, value) VALUES ('returns.rules', '%.*s')",
                                                   STR_ARG(return_rules_text(&s->arena, &r)))));
}

static struct rma proposed(struct test_shop *s, const char *order, const char *reason)
{
    rid id = { 0 };
    if (!make(s, three_for_less(s, order), 1, reason, RESOLVE_REFUND, false, &id, NULL))
        fail_msg("%s", s->err.item[0].text);
    return get(s, id);
}

static void the_rule_approves_what_is_simple_and_says_why_not(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    assert_int_equal(proposed(&s, "O-0", "size").state, RETURN_REQUESTED);              /* off until people set it */
    rules_on(&s, 1000000, NULL);
    struct rma r = proposed(&s, "O-1", "size");
    assert_int_equal(r.state, RETURN_APPROVED);
    assert_true(str_is(r.rule, RETURN_RULE_APPROVE));
    assert_true(str_has(r.rule_inputs, STR("\"unit_price\":\"966.67\"")));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_history WHERE actor_kind = 'rule' AND to_state = 'approved'"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_undo WHERE actor_kind = 'rule'"), 1);
    r = proposed(&s, "O-2", "defect");
    assert_int_equal(r.state, RETURN_REQUESTED);
    assert_true(str_is(r.rule, ""));
    assert_true(str_has(r.rule_inputs, STR("\"why\":\"reason\"")));
    rules_on(&s, 96666, NULL);
    assert_true(str_has(proposed(&s, "O-3", "size").rule_inputs, STR("\"why\":\"price\"")));
    rules_on(&s, 96667, "NUTR-1");
    assert_true(str_has(proposed(&s, "O-4", "size").rule_inputs, STR("\"why\":\"not_returnable\"")));
    rules_on(&s, 96667, NULL);
    test_shop_advance(&s, 15 * DAY_MS);
    rid late = { 0 };
    assert_true(make(&s, the_order(&s, "O-4").id, 1, "size", RESOLVE_REFUND, false, &late, NULL));
    assert_true(str_has(get(&s, late).rule_inputs, STR("\"why\":\"window\"")));
    test_shop_done(&s);
}

static void who_sends_half_back_waits_for_a_person(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    rules_on(&s, 1000000, NULL);
    for (int i = 0; i < 4; i++)
        three_for_less(&s, str_zero(&s.arena, str_print(&s.arena, "A-%d", i)));
    assert_int_equal(proposed(&s, "A-0", "size").state, RETURN_APPROVED);
    assert_int_equal(proposed(&s, "A-1", "size").state, RETURN_APPROVED);                /* one of four before this */
    struct rma r = proposed(&s, "A-2", "size");
    assert_int_equal(r.state, RETURN_REQUESTED);
    assert_true(str_has(r.rule_inputs, STR("\"why\":\"abuse\"")));
    assert_true(str_has(r.rule_inputs, STR("\"share_bp\":5000")));
    test_shop_done(&s);
}

static void an_open_claim_of_the_buyer_stops_the_rule(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    rules_on(&s, 1000000, NULL);
    three_for_less(&s, "A-0");
    test_shop_run(&s, "INSERT INTO claims (id, account_id, external_id, side, state, order_id, subject, amount, currency, evidence, decision, appeals, "
                      "version, created_at, updated_at) SELECT 1, account_id, 'c', 'buyer_to_us', 'open', id, 'defect', 0, 'KZT', '', '', 0, 1, 1, 1 FROM orders");
    assert_true(str_has(proposed(&s, "A-1", "size").rule_inputs, STR("\"why\":\"claim\"")));
    test_shop_done(&s);
}

/* ---- claims ---- */

static bool claim_step(struct test_shop *s, rid id, enum claim_action action, const char *text, int64_t money)
{
    struct claim c = { 0 };
    assert_true(claim_get(s->work.db, id, &s->arena, &c, &s->err));
    struct claim_input in = { .action = action, .version = c.version, .text = str_of(text), .has_money = money >= 0, .money = { money }, .hold_s = -1 };
    err_clear(&s->err);
    return claim_do(&s->work, id, &in, &s->err);
}

static void a_claim_of_ours_goes_along_its_moves_to_its_money(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    s.shop.channel_ops = ops_of;
    rid id = made(&s, three_for_less(&s, "O-1"), 3, "size");
    test_shop_run(&s, "UPDATE returns SET state = 'in_transit'");
    act(&s, id, RACT_LOSE);
    rid claim = { count_rows(&s, "SELECT id FROM claims WHERE subject = 'lost' AND side = 'us_to_channel' AND amount = 289999") };
    assert_false(claim_step(&s, claim, CLACT_SUBMIT, "", -1));
    assert_int_equal(s.err.code, ERR_ACTION_REFUSED);
    static const enum claim_action way[] = { CLACT_GATHER, CLACT_SUBMIT, CLACT_REVIEW, CLACT_ASK, CLACT_SUBMIT, CLACT_REVIEW, CLACT_LOSE, CLACT_APPEAL, CLACT_REVIEW };
    for (int i = 0; i < COUNT_OF(way); i++)
        assert_true(claim_step(&s, claim, way[i], "", -1));
    assert_false(claim_step(&s, claim, CLACT_PART, "", -1));             /* how much? */
    assert_true(claim_step(&s, claim, CLACT_PART, "половина", 144999));
    assert_true(claim_step(&s, claim, CLACT_SETTLE, "", -1));
    assert_int_equal(count_rows(&s, "SELECT money_effect FROM claims"), 144999);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM claim_history"), 12);
    test_shop_done(&s);
}

static void what_nothing_came_of_is_written_off_with_a_reason(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    rid id = made(&s, three_for_less(&s, "O-1"), 3, "size");
    test_shop_run(&s, "UPDATE returns SET state = 'in_transit'");
    act(&s, id, RACT_LOSE);
    rid claim = { count_rows(&s, "SELECT id FROM claims") };
    assert_false(claim_step(&s, claim, CLACT_WITHDRAW, "", -1));
    assert_true(claim_step(&s, claim, CLACT_WITHDRAW, "нашлось", -1));
    test_shop_done(&s);
}

static void a_step_of_a_claim_is_taken_back_while_its_window_is_open(void **state)
{
    struct test_shop s;
    struct claim     c = { 0 };
    test_shop_init(&s, state);
    rid id = made(&s, three_for_less(&s, "O-1"), 3, "size");
    test_shop_run(&s, "UPDATE returns SET state = 'in_transit'");
    act(&s, id, RACT_LOSE);
    rid claim = { count_rows(&s, "SELECT id FROM claims") };
    static const enum claim_action way[] = { CLACT_GATHER, CLACT_SUBMIT, CLACT_REVIEW, CLACT_LOSE };
    for (int i = 0; i < COUNT_OF(way); i++)
        assert_true(claim_step(&s, claim, way[i], "нет", -1));
    assert_true(claim_step(&s, claim, CLACT_APPEAL, "спорим", -1));
    assert_true(claim_get(s.work.db, claim, &s.arena, &c, &s.err));
    err_clear(&s.err);
    assert_false(claim_undo(&s.work, claim, c.version - 1, NULL, 0, &s.err));
    assert_int_equal(s.err.code, ERR_VERSION_OLD);
    err_clear(&s.err);
    assert_true(claim_undo(&s.work, claim, c.version, NULL, 0, &s.err));
    assert_true(claim_get(s.work.db, claim, &s.arena, &c, &s.err));
    assert_int_equal(c.state, CLAIM_LOST);
    assert_int_equal(c.appeals, 0);
    assert_true(str_is(c.decision, "нет"));
    assert_false(claim_undo(&s.work, claim, c.version, NULL, 0, &s.err));      /* once */
    assert_int_equal(s.err.code, ERR_UNDO_LATE);
    assert_true(claim_step(&s, claim, CLACT_APPEAL, "", -1));
    s.work.now = instant_add(s.work.now, MINUTE_MS);
    assert_true(claim_get(s.work.db, claim, &s.arena, &c, &s.err));
    err_clear(&s.err);
    assert_false(claim_undo(&s.work, claim, c.version, NULL, 0, &s.err));
    assert_int_equal(s.err.code, ERR_UNDO_LATE);
    test_shop_done(&s);
}

static void a_claim_begins_by_hand_of_an_order_a_return_or_neither(void **state)
{
    struct test_shop s;
    struct claim     c = { 0 };
    rid              id;
    test_shop_init(&s, state);
    rid order = three_for_less(&s, "O-1"), back = made(&s, order, 1, "size"), elsewhere = { 999 };
    struct claim_new of_order = { .order_id = order, .side = CLAIM_TO_CARRIER, .subject = CLSUBJ_DAMAGED, .text = STR("коробка смята"),
                                  .has_amount = true, .amount = { 50000 } };
    assert_true(claim_open(&s.work, &of_order, &id, &s.err));
    assert_true(claim_get(s.work.db, id, &s.arena, &c, &s.err));
    assert_int_equal(c.amount.minor, 50000);
    assert_true(str_has(c.evidence, STR("коробка смята")) && str_has(c.evidence, STR("order_number")));
    assert_true(instant_is_set(c.deadline_at));
    struct claim_new of_return = { .return_id = back, .side = CLAIM_TO_CHANNEL, .subject = CLSUBJ_LOST };
    assert_true(claim_open(&s.work, &of_return, &id, &s.err));
    assert_true(claim_get(s.work.db, id, &s.arena, &c, &s.err));
    assert_int_equal(c.amount.minor, 96667);
    assert_int_equal(c.order_id.v, order.v);
    assert_false(claim_open(&s.work, &of_return, &id, &s.err));                /* a second one about the same */
    assert_int_equal(s.err.code, ERR_CONFLICT);
    err_clear(&s.err);
    struct claim_new of_account = { .account_id = c.account_id, .side = CLAIM_TO_CHANNEL, .subject = CLSUBJ_UNDERPAID, .text = STR("акт 17") };
    assert_true(claim_open(&s.work, &of_account, &id, &s.err));
    of_account.accounts       = &elsewhere;
    of_account.accounts_count = 1;
    assert_false(claim_open(&s.work, &of_account, &id, &s.err));
    assert_int_equal(s.err.code, ERR_NOT_FOUND);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM claims"), 3);
    test_shop_done(&s);
}

/* ---- by itself ---- */

static int tick(struct test_shop *s)
{
    int  changed, all = 0;
    bool more = true;
    struct actor who = s->work.actor;
    for (int round = 0; more; round++) {
        assert_true(round < 10);
        if (!return_clocks_run(&s->work, 2, &changed, &more, &s->err))
            fail_msg("%s: %s", s->err.item[0].text, s->err.trail);
        all += changed;
    }
    s->work.actor = who;
    return all;
}

static void zones_of_returns_change_once_and_are_told(void **state)
{
    struct test_shop s;
    rid id = { 0 };
    test_shop_init(&s, state);
    assert_true(make(&s, three_for_less(&s, "O-1"), 1, "size", RESOLVE_REFUND, false, &id, NULL));
    assert_int_equal(get(&s, id).zone, ZONE_GREEN);
    assert_int_equal(tick(&s), 0);
    test_shop_advance(&s, 6 * DAY_MS);                      /* of ten by the law */
    assert_int_equal(tick(&s), 1);
    assert_int_equal(get(&s, id).zone, ZONE_YELLOW);
    assert_int_equal(tick(&s), 0);
    test_shop_advance(&s, 30 * DAY_MS);                     /* what was missed is told, each in its turn */
    tick(&s);
    assert_int_equal(get(&s, id).zone, ZONE_BREACHED);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM events WHERE kind = 'return' AND data LIKE '%\"zone_at\"%'"), 3);
    assert_int_equal(tick(&s), 0);
    test_shop_done(&s);
}

static void a_silent_buyer_and_goods_not_handed_in_end_a_return(void **state)
{
    struct test_shop s;
    rid asked = { 0 };
    test_shop_init(&s, state);
    assert_true(make(&s, three_for_less(&s, "O-1"), 1, "size", RESOLVE_REFUND, false, &asked, NULL));
    assert_true(act_in(&s, asked, (struct return_input){ .action = RACT_ASK, .text = STR("пришлите фото") }));
    rid given = made(&s, three_for_less(&s, "O-2"), 1, "size");
    test_shop_advance(&s, 7 * DAY_MS - 1);
    tick(&s);
    assert_int_equal(get(&s, asked).state, RETURN_INFO_NEEDED);
    test_shop_advance(&s, 1);
    tick(&s);
    assert_int_equal(get(&s, asked).state, RETURN_CANCELLED);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_history WHERE note = 'silent' AND actor_kind = 'system'"), 1);
    assert_int_equal(get(&s, given).state, RETURN_APPROVED);
    test_shop_advance(&s, 7 * DAY_MS);
    tick(&s);
    assert_int_equal(get(&s, given).state, RETURN_EXPIRED);
    assert_int_equal(tick(&s), 0);
    test_shop_done(&s);
}

static void units_that_nobody_decides_on_are_a_task_once(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    rid left = made(&s, three_for_less(&s, "O-1"), 1, "size"), done = made(&s, three_for_less(&s, "O-2"), 1, "size");
    to_inspected(&s, left);
    act(&s, done, RACT_RECEIVE);
    struct return_input in = { .action = RACT_INSPECT };
    *return_input_line_list_add(&in.lines, &s.arena) = (struct return_input_line){ .line = 1, .qty = 1, .condition = CONDITION_UNOPENED, .disposition = DISPOSE_RESELL };
    assert_true(act_in(&s, done, in));
    test_shop_advance(&s, 3 * DAY_MS);
    tick(&s);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM tasks WHERE kind = 'return' AND state = 'open'"), 1);
    test_shop_advance(&s, 30 * DAY_MS);
    tick(&s);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM tasks WHERE kind = 'return'"), 1);
    test_shop_done(&s);
}

static void goods_that_never_came_are_a_claim_once(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    rid id = made(&s, three_for_less(&s, "O-1"), 3, "size");
    test_shop_run(&s, str_zero(&s.arena, str_print(&s.arena, "UPDATE returns SET state = 'in_transit', wake_at = state_at + %lld", (long long)(30 * DAY_MS))));
    test_shop_advance(&s, 30 * DAY_MS - 1);
    tick(&s);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM claims"), 0);
    test_shop_advance(&s, 1);
    tick(&s);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM claims WHERE subject = 'lost' AND amount = 289999"), 1);
    act(&s, id, RACT_LOSE);                                 /* people find it out as well */
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM claims"), 1);
    test_shop_done(&s);
}

static bool photo_tx(struct db *db, void *ctx, struct err *err)
{
    const struct return_photo p = { .id = { 1 }, .return_id = *(rid *)ctx, .type = STR("image/png"), .width = 1, .height = 1, .size = 3, .at = { 1 } };
    return photo_insert(db, &p, STR("png"), err);
}

static void who_is_erased_leaves_no_words_and_no_pictures_in_returns(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    rid id = made(&s, three_for_less(&s, "O-1"), 3, "size");
    to_inspected(&s, id);
    assert_true(act_in(&s, id, (struct return_input){ .action = RACT_SEND_BACK, .text = STR("Мария, вещь ношена"), .hold_s = -1 }));
    assert_true(db_tx(s.work.db, photo_tx, &id, &s.err));
    struct erase_plan plan = { .customer = the_order(&s, "O-1").customer_id };
    struct erasure    out;
    plan.version = count_rows(&s, "SELECT version FROM customers");
    if (!customer_erase(&s.work, &plan, &out, &s.err))
        fail_msg("%s", s.err.item[0].text);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_photos"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM returns WHERE buyer_text = '' AND decision_text = ''"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_history WHERE note LIKE '%Мария%'"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM return_undo"), 0);
    assert_int_equal(count_rows(&s, "SELECT refund_amount FROM returns"), 289999);      /* sums stay */
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_of_a_line_come_back_one_by_one_for_exactly_what_was_paid),
        cmocka_unit_test(more_units_than_are_left_and_unknown_reasons_are_refused),
        cmocka_unit_test(goods_of_the_markets_own_warehouse_are_its_own_to_take_back),
        cmocka_unit_test(delivery_goes_back_with_everything_and_by_our_fault_alone),
        cmocka_unit_test(who_comes_short_is_told_by_units_and_a_claim_is_drafted),
        cmocka_unit_test(an_amount_above_the_share_of_the_units_is_refused),
        cmocka_unit_test(above_the_limit_two_persons_pay_back_and_never_the_same),
        cmocka_unit_test(who_is_alone_in_the_shop_pays_back_alone),
        cmocka_unit_test(a_step_is_taken_back_in_time_with_its_money),
        cmocka_unit_test(an_exchange_reserves_a_replacement_that_waits_for_the_goods),
        cmocka_unit_test(the_rule_approves_what_is_simple_and_says_why_not),
        cmocka_unit_test(who_sends_half_back_waits_for_a_person),
        cmocka_unit_test(an_open_claim_of_the_buyer_stops_the_rule),
        cmocka_unit_test(a_claim_of_ours_goes_along_its_moves_to_its_money),
        cmocka_unit_test(a_step_of_a_claim_is_taken_back_while_its_window_is_open),
        cmocka_unit_test(a_claim_begins_by_hand_of_an_order_a_return_or_neither),
        cmocka_unit_test(what_nothing_came_of_is_written_off_with_a_reason),
        cmocka_unit_test(zones_of_returns_change_once_and_are_told),
        cmocka_unit_test(a_silent_buyer_and_goods_not_handed_in_end_a_return),
        cmocka_unit_test(units_that_nobody_decides_on_are_a_task_once),
        cmocka_unit_test(goods_that_never_came_are_a_claim_once),
        cmocka_unit_test(who_is_erased_leaves_no_words_and_no_pictures_in_returns),
    };
    return test_shops(tests, COUNT_OF(tests));
}
