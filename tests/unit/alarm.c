/* Limits that are watched: told once per crossing, to whom it concerns, with a task that ends with it. On both stores. */
#include "support/told.h"

#include "notices/alarm_flow.h"
#include "orders/standing_flow.h"

static void some_orders(struct ground *g, int from, int n)
{
    for (int i = from; i < from + n; i++) {
        struct order_draft d = a_draft(&g->shop, str_zero(&g->shop.arena, str_print(&g->shop.arena, "E-%d", i)));
        d.placed_at = g->shop.work.now;
        take_drafts(&g->shop, &d, 1, HUB_NEW, "1");
    }
}

static str cancel(struct ground *g, const char *id)
{
    struct order         o  = the_order(&g->shop, id);
    struct action_input  in = { .action = ACT_CANCEL, .hold_s = -1, .reason = STR("MERCHANT_OUT_OF_STOCK") };
    struct action_result r  = { 0 };
    as(g, AIGERIM);
    done(order_do_many(&g->shop.work, &o.id, 1, &in, false, &r, &g->shop.err) && r.done.count == 1);
    return r.undo;
}

static int watch(struct ground *g)
{
    int crossed;
    done(alarms_watch(&g->shop.work, true, &crossed, &g->shop.err));
    return crossed;
}

static void a_limit_that_comes_near_and_is_passed_is_told_once_each(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, YERLAN, 600);                              /* no head */
    some_orders(g, 0, 100);
    for (int i = 0; i < 3; i++)
        cancel(g, str_zero(&g->shop.arena, str_print(&g->shop.arena, "E-%d", i)));
    assert_int_equal(watch(g), 0);                          /* three of a hundred is the warning itself, not over it */
    cancel(g, "E-3");
    assert_int_equal(watch(g), 1);
    assert_int_equal(watch(g), 0);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM alarms WHERE kind = 'standing' AND level = 'near' AND figure = 'own_cancel'"), 1);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM tasks WHERE kind = 'standing' AND state = 'open'"), 1);
    after(g, 10 * SECOND_MS);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notices WHERE type = 'standing'"), 1);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notices WHERE type = 'standing' AND user_id = 5"), 1);
    assert_true(str_has(g->world.texts, STR("отмены по нашей вине 4\u00a0% при пороге 5\u00a0%, до порога ещё 2")));
    str undo = cancel(g, "E-4");
    cancel(g, "E-5");
    assert_int_equal(watch(g), 1);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM alarms WHERE ended_at IS NULL AND level = 'over'"), 1);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM tasks WHERE kind = 'standing' AND state = 'open'"), 1);
    /* One less: it is only near again, and goes on as it is. */
    struct undo_result u;
    done(order_undo(&g->shop.work, undo, &(struct undo_right){ .cancel = true, .work = true }, &u, &g->shop.err));
    assert_int_equal(watch(g), 0);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM alarms WHERE ended_at IS NULL AND level = 'over'"), 1);
    /* Back in order: the task goes, and the next crossing is another one. */
    some_orders(g, 1000, 200);
    assert_int_equal(watch(g), 0);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM alarms WHERE ended_at IS NULL"), 0);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM tasks WHERE kind = 'standing' AND state = 'open'"), 0);
    ground_end(g);
}

static void returns_of(struct ground *g, const char *reason, int from, int n)
{
    for (int i = from; i < from + n; i++) {
        test_shop_run(&g->shop, str_zero(&g->shop.arena, str_print(&g->shop.arena,
            "INSERT INTO returns (id, account_id, channel, external_id, order_external, order_number, number_tail, kind, state, closed, external_state, "
            "reason, external_reason, buyer_text, comment, decision_text, route, track, place, title, lines_count, units, photos, currency, refund_amount, "
            "problem, rule, rule_inputs, requested_at, deadline_step, deadline_source, deadline_total, zone, due_rank, sum_rank, draft_hash, version, "
            "created_at, updated_at, woken) VALUES (%d, %lld, 'kaspi', 'X-%d', '', '', '', 'return', 'requested', 0, '', '%s', '', '', '', '', 'to_seller', "
            "'', '', '', 1, 1, 0, 'KZT', 100000, '', '', '', %lld, '', '', 0, 'none', 0, 0, 0, 1, %lld, %lld, 0)", i, (long long)g->shop.account.v, i, reason,
            (long long)g->shop.work.now.ms, (long long)g->shop.work.now.ms, (long long)g->shop.work.now.ms)));
        test_shop_run(&g->shop, str_zero(&g->shop.arena, str_print(&g->shop.arena,
            "INSERT INTO return_lines (return_id, line, order_line, external_offer_id, article, title, qty, amount, condition, disposition, restocked_qty) "
            "VALUES (%d, 1, 1, '', 'PJ-7', 'Пижама', 1, 100000, '', '', 0)", i)));
    }
}

static void a_reason_that_grows_is_told_once_with_its_numbers(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    returns_of(g, "size", 100, 8);
    returns_of(g, "not_as_described", 200, 1);
    assert_int_equal(watch(g), 0);                          /* nine returns say nothing yet */
    returns_of(g, "size", 400, 5);                          /* what was not taken at the door, or never left, is no return */
    test_shop_run(&g->shop, "UPDATE returns SET kind = CASE WHEN id < 403 THEN 'refusal_at_door' ELSE 'cancellation' END WHERE id >= 400");
    assert_int_equal(watch(g), 0);
    test_shop_run(&g->shop, "UPDATE returns SET reason = '' WHERE id > 102 AND id < 200");
    returns_of(g, "not_as_described", 201, 2);
    assert_int_equal(watch(g), 2);                          /* 3 of 11 each */
    assert_int_equal(watch(g), 0);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM tasks WHERE kind = 'reason' AND title = 'Пижама: not_as_described'"), 1);
    after(g, 10 * SECOND_MS);
    assert_true(str_has(g->world.text, STR("Пижама: «не как в описании» в 3 из 11 возвратов (27\u00a0%)")));
    int told = g->world.messages;
    returns_of(g, "defect", 300, 30);
    test_shop_run(&g->shop, "UPDATE returns SET reason = '' WHERE id >= 300");
    after(g, 2 * HOUR_MS);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM alarms WHERE ended_at IS NULL"), 0);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM tasks WHERE kind = 'reason' AND state = 'open'"), 0);
    assert_int_equal(g->world.messages, told);
    ground_end(g);
}

static void two_servers_that_look_at_once_tell_a_crossing_once(void **state)
{
    struct ground g0, *g = &g0;
    static const struct channel *const no_channels[] = { NULL };
    struct sync_engine *other = NULL;
    ground_begin(g, state);
    struct sync_options o = { .pool = g->shop.pool, .ids = &g->shop.ids, .clock = &g->clock, .shop = shop_of, .ctx = g, .mail = &g->world.mail,
                              .client = &g->world.client, .channels = no_channels, .server = "other", .key = g->key };
    done(sync_open(&o, &other, &g->shop.err));
    sync_turn(g->engine, 0);
    sync_turn(other, 0);
    some_orders(g, 0, 10);
    cancel(g, "E-1");
    clock_advance(&g->clock, HOUR_MS);
    test_shop_advance(&g->shop, HOUR_MS);
    for (int i = 0; i < 20; i++) {
        sync_turn(other, 1);
        sync_turn(g->engine, 1);
    }
    sync_close(other);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM alarms"), 1);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM tasks WHERE kind = 'standing'"), 1);
    ground_end(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_limit_that_comes_near_and_is_passed_is_told_once_each),
        cmocka_unit_test(a_reason_that_grows_is_told_once_with_its_numbers),
        cmocka_unit_test(two_servers_that_look_at_once_tell_a_crossing_once),
    };
    return test_shops(tests, COUNT_OF(tests));
}
