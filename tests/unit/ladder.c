/* The ladder of returns and claims: the same code as for orders, with their own people, texts and deadlines. On both stores. */
#include "support/told.h"

#include "orders/standing_store.h"
#include "returns/claim_flow.h"
#include "returns/return_flow.h"
#include "returns/return_intake_flow.h"

static rid a_return(struct ground *g, const char *id, int64_t assignee)
{
    struct order_draft  o = a_draft(&g->shop, "O-1");
    struct return_draft d = { .external_id = str_of(id), .order_external_id = STR("O-1"), .has_state = true, .external_state = STR("NEW"),
                              .reason = STR("Не подошёл размер"), .requested_at = g->shop.work.now, .changed_at = g->shop.work.now };
    struct return_page   page   = { g->shop.account, STR("kaspi"), STR("Kaspi"), &d, 1 };
    struct return_counts counts = { 0 };
    struct actor         who    = g->shop.work.actor;
    struct rma_list      list   = { 0 };
    take_drafts(&g->shop, &o, 1, HUB_COMPLETED, "done");
    done(return_intake(&g->shop.work, &page, &counts, &g->shop.err));
    g->shop.work.actor = who;
    done(returns_by_external(g->shop.work.db, g->shop.account, &d.external_id, 1, &g->shop.arena, &list, &g->shop.err));
    test_shop_run(&g->shop, str_zero(&g->shop.arena, str_print(&g->shop.arena, "UPDATE returns SET assignee_id = %lld WHERE id = %lld",
                                                               (long long)assignee, (long long)list.at[0].id.v)));
    after(g, 0);
    return list.at[0].id;
}

/* A claim of ours that waits for its evidence until a day. */
static rid a_claim(struct ground *g, rid of, int64_t id, int64_t due_in_ms)
{
    struct claim_edit e = { .version = 1, .has_deadline = true, .deadline_at = instant_add(g->shop.work.now, due_in_ms) };
    test_shop_run(&g->shop, str_zero(&g->shop.arena, str_print(&g->shop.arena,
        "INSERT INTO claims (id, account_id, external_id, side, state, order_id, return_id, subject, amount, currency, evidence, decision, appeals, "
        "version, created_at, updated_at) SELECT %lld, account_id, 'own:1', 'us_to_channel', 'open', order_id, id, 'lost', 1299000, 'KZT', '{}', '', 0, 1, "
        "%lld, %lld FROM returns WHERE id = %lld", (long long)id, (long long)g->shop.work.now.ms, (long long)g->shop.work.now.ms, (long long)of.v)));
    done(claim_change(&g->shop.work, (rid){ id }, &e, &g->shop.err));
    after(g, 0);
    return (rid){ id };
}

static void the_ladder_of_a_return_climbs_to_the_owner_each_rung_once(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, NURLAN, 700);
    a_return(g, "R-1", AIGERIM);
    after(g, 5 * DAY_MS - HOUR_MS);
    assert_int_equal(g->world.messages, 0);
    after(g, 2 * HOUR_MS);                                  /* half of the ten days */
    assert_true(str_is(g->world.chats, " 500"));
    assert_true(str_has(g->world.text, STR("Возврат · скоро срок: O-1")));
    assert_true(str_has(g->world.text, STR("решить до")));
    assert_true(str_has(g->world.text, STR("15\u00a0200\u00a0₸")));
    assert_true(str_has(g->world.markup, STR("https://crm.karapuz.kz/returns/")));
    assert_false(str_has(g->world.markup, STR("\"c:")));   /* a return is not confirmed by one press */
    after(g, 20 * MINUTE_MS);
    assert_true(str_is(g->world.chats, " 500 500 700"));
    assert_true(str_has(g->world.text, STR("никто не взялся")));
    after(g, 4 * DAY_MS + 22 * HOUR_MS);
    assert_true(str_is(g->world.chats, " 500 500 700 500 700"));
    assert_true(str_has(g->world.text, STR("Возврат · горит: O-1")));
    after(g, 2 * HOUR_MS);
    assert_true(str_is(g->world.chats, " 500 500 700 500 700 700"));
    assert_true(str_has(g->world.text, STR("Возврат · просрочено: O-1")));
    after(g, 10 * HOUR_MS);
    assert_int_equal(g->world.messages, 6);
    ground_end(g);
}

/* What was missed of returns and claims stands in the report of work beside the orders, with who had it then. */
static void missed_deadlines_of_returns_and_claims_are_kept_with_their_cause_and_end_with_the_step(void **state)
{
    struct ground g0, *g = &g0;
    struct missed_list list = { 0 };
    bool more;
    ground_begin(g, state);
    rid id = a_return(g, "R-1", AIGERIM);
    a_claim(g, id, 77, 2 * DAY_MS);
    after(g, 2 * DAY_MS + HOUR_MS);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM violations WHERE object = 'claim' AND ended_at IS NULL"), 1);
    struct claim_edit e = { .version = rows(g, "SELECT version FROM claims"), .has_deadline = true, .deadline_at = instant_add(g->shop.work.now, DAY_MS) };
    done(claim_change(&g->shop.work, (rid){ 77 }, &e, &g->shop.err));
    after(g, 9 * DAY_MS);
    struct return_input in = { .action = RACT_APPROVE, .version = rows(g, "SELECT version FROM returns") };
    as(g, AIGERIM);
    done(return_do(&g->shop.work, id, &in, &g->shop.err));
    done(missed_deadlines(g->shop.work.db, (instant){ SHOP_NOW - 40 * DAY_MS }, g->shop.work.now, 10, &g->shop.arena, &list, &more, &g->shop.err));
    assert_int_equal(list.count, 3);
    assert_true(str_is(list.at[0].object, "return") && str_is(list.at[0].step, "decide_return") && str_is(list.at[0].cause, "person"));
    assert_int_equal(list.at[0].person_id.v, AIGERIM);
    assert_true(str_is(list.at[0].number, "O-1") && instant_is_set(list.at[0].ended_at));
    for (int i = 1; i < 3; i++)                             /* each day that it was asked for */
        assert_true(str_is(list.at[i].object, "claim") && str_is(list.at[i].step, "answer_claim") && str_is(list.at[i].number, "O-1"));
    assert_false(instant_is_set(list.at[1].ended_at));
    assert_true(instant_is_set(list.at[2].ended_at));
    ground_end(g);
}

static void the_head_is_woken_for_a_return_when_the_manager_sleeps(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, NURLAN, 700);
    choose(g, AIGERIM, "{\"quiet\":{\"from\":\"00:00\",\"to\":\"23:59\"}}");
    a_return(g, "R-1", AIGERIM);
    after(g, 5 * DAY_MS + HOUR_MS);
    assert_true(str_is(g->world.chats, " 700"));
    assert_true(str_has(g->world.text, STR("никто не взялся")));
    ground_end(g);
}

static void several_servers_and_a_restart_tell_each_rung_of_a_return_once(void **state)
{
    struct ground g0, *g = &g0;
    static const struct channel *const no_channels[] = { NULL };
    struct sync_engine *other = NULL;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, NURLAN, 700);
    struct sync_options o = { .pool = g->shop.pool, .ids = &g->shop.ids, .clock = &g->clock, .shop = shop_of, .ctx = g, .mail = &g->world.mail,
                              .client = &g->world.client, .channels = no_channels, .server = "other", .key = g->key };
    a_return(g, "R-1", AIGERIM);
    done(sync_open(&o, &other, &g->shop.err));
    clock_advance(&g->clock, 11 * DAY_MS);
    test_shop_advance(&g->shop, 11 * DAY_MS);
    for (int i = 0; i < 20; i++) {
        sync_turn(other, 1);
        sync_turn(g->engine, 1);
    }
    sync_close(other);
    done(sync_open(&o, &other, &g->shop.err));
    done(sync_reclaim(other, &g->shop.err));
    sync_turn(other, 0);
    sync_close(other);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notices WHERE type = 'return_yellow'"), 1);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notices WHERE type = 'return_red'"), 2);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notices WHERE type = 'return_breached'"), 1);
    assert_int_equal(g->world.messages, 4);
    ground_end(g);
}

static void who_takes_a_return_in_the_chat_stops_the_team_but_not_the_head(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, NURLAN, 700);
    a_return(g, "R-1", AIGERIM);
    after(g, 5 * DAY_MS + MINUTE_MS);
    assert_int_equal(g->world.messages, 1);
    str send = str_sub(g->world.markup, (size_t)str_find(g->world.markup, STR("a:")), 40), rest = send;
    assert_true(str_split(&rest, '"', &send));
    g->world.updates = str_zero(&g->shop.arena, str_print(&g->shop.arena,
        "{\"ok\":true,\"result\":[{\"update_id\":5000,\"callback_query\":{\"id\":\"9\",\"from\":{\"id\":500},\"data\":\"%.*s\","
        "\"message\":{\"message_id\":31,\"chat\":{\"id\":500,\"type\":\"private\"}}}}]}", STR_ARG(send)));
    after(g, 5 * SECOND_MS);
    assert_true(str_has(g->world.answer, STR("Принято")));
    after(g, 2 * HOUR_MS);
    assert_int_equal(g->world.messages, 1);
    after(g, 4 * DAY_MS + 21 * HOUR_MS);
    assert_int_equal(g->world.messages, 3);
    ground_end(g);
}

static void a_return_that_was_decided_meanwhile_is_told_no_more(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, NURLAN, 700);
    choose(g, AIGERIM, "{\"quiet\":{\"from\":\"09:00\",\"to\":\"12:00\"}}");
    rid id = a_return(g, "R-1", AIGERIM);
    after(g, 5 * DAY_MS + MINUTE_MS);                       /* quiet: it waits, and the owner is told that nobody took it */
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_sends WHERE state = 'waiting' AND type = 'return_yellow'"), 1);
    struct return_input in = { .action = RACT_APPROVE, .version = rows(g, "SELECT version FROM returns") };
    as(g, AIGERIM);
    done(return_do(&g->shop.work, id, &in, &g->shop.err));
    after(g, 4 * HOUR_MS);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_sends WHERE type LIKE 'return%' AND state = 'done'"), 1);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_sends WHERE type LIKE 'return%' AND state = 'waiting'"), 0);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notice_sends WHERE type = 'return_yellow' AND state = 'dropped'"), 1);
    ground_end(g);
}

static void a_claim_has_a_ladder_and_each_day_it_is_asked_for_is_a_deadline_of_its_own(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, NURLAN, 700);
    rid of = a_return(g, "R-1", AIGERIM);
    test_shop_run(&g->shop, "UPDATE returns SET state = 'closed', closed = 1, zone = 'none', zone_next_at = NULL, deadline_step = '', wake_at = NULL");
    rid id = a_claim(g, of, 77, 2 * DAY_MS);
    after(g, DAY_MS + MINUTE_MS);
    assert_true(str_is(g->world.chats, " 500"));
    assert_true(str_has(g->world.text, STR("ответить на претензию")));
    assert_true(str_has(g->world.text, STR("12\u00a0990\u00a0₸")));
    done(subject_acknowledge(&g->shop.work, SUBJECT_CLAIM, id, NULL, 0, &g->shop.err));
    after(g, 22 * HOUR_MS);
    assert_true(str_is(g->world.chats, " 500 500 700"));
    assert_true(str_has(g->world.text, STR("горит")));
    struct claim_edit e = { .version = rows(g, "SELECT version FROM claims"), .has_deadline = true, .deadline_at = instant_add(g->shop.work.now, 2 * DAY_MS) };
    done(claim_change(&g->shop.work, id, &e, &g->shop.err));
    after(g, DAY_MS + MINUTE_MS);
    assert_true(str_is(g->world.chats, " 500 500 700 500"));
    struct claim_input in = { .action = CLACT_GATHER, .version = rows(g, "SELECT version FROM claims") };
    done(claim_do(&g->shop.work, id, &in, &g->shop.err));
    in = (struct claim_input){ .action = CLACT_SUBMIT, .version = rows(g, "SELECT version FROM claims") };
    done(claim_do(&g->shop.work, id, &in, &g->shop.err));
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM claim_clocks"), 0);
    after(g, 5 * DAY_MS);
    assert_int_equal(g->world.messages, 4);
    ground_end(g);
}

static void nobody_acknowledges_what_is_not_there_or_not_in_his_scope(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    rid id = a_return(g, "R-1", AIGERIM), elsewhere = { 4711 };
    assert_false(subject_acknowledge(&g->shop.work, SUBJECT_RETURN, id, &elsewhere, 1, &g->shop.err));
    assert_int_equal(g->shop.err.code, ERR_NOT_FOUND);
    err_clear(&g->shop.err);
    assert_false(subject_acknowledge(&g->shop.work, SUBJECT_CLAIM, elsewhere, NULL, 0, &g->shop.err));
    assert_int_equal(g->shop.err.code, ERR_NOT_FOUND);
    err_clear(&g->shop.err);
    done(subject_acknowledge(&g->shop.work, SUBJECT_RETURN, id, &g->shop.account, 1, &g->shop.err));
    ground_end(g);
}

static void a_clock_that_is_set_back_tells_of_returns_and_claims_nothing_twice_and_goes_on(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state);
    link_chat(g, AIGERIM, 500);
    link_chat(g, NURLAN, 700);
    rid id = a_return(g, "R-1", AIGERIM);
    a_claim(g, id, 77, 8 * DAY_MS);
    after(g, 12 * DAY_MS);
    int64_t told = rows(g, "SELECT COUNT(*) FROM notices");
    int     sent = g->world.messages;
    assert_true(told > 0 && sent > 0);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM violations WHERE object IN ('return', 'claim')"), 2);
    after(g, -12 * DAY_MS + MINUTE_MS);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM returns WHERE zone = 'green' AND zone_next_at = yellow_at"), 1);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM claim_clocks WHERE zone = 'green' AND zone_next_at = yellow_at"), 1);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM violations"), 0);
    after(g, 12 * DAY_MS);                                  /* their moments pass once more: missed again, told no more */
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM violations WHERE object IN ('return', 'claim')"), 2);
    assert_int_equal(rows(g, "SELECT COUNT(*) FROM notices"), told);
    assert_int_equal(g->world.messages, sent);
    ground_end(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ladder_of_a_return_climbs_to_the_owner_each_rung_once),
        cmocka_unit_test(missed_deadlines_of_returns_and_claims_are_kept_with_their_cause_and_end_with_the_step),
        cmocka_unit_test(the_head_is_woken_for_a_return_when_the_manager_sleeps),
        cmocka_unit_test(several_servers_and_a_restart_tell_each_rung_of_a_return_once),
        cmocka_unit_test(who_takes_a_return_in_the_chat_stops_the_team_but_not_the_head),
        cmocka_unit_test(a_return_that_was_decided_meanwhile_is_told_no_more),
        cmocka_unit_test(a_claim_has_a_ladder_and_each_day_it_is_asked_for_is_a_deadline_of_its_own),
        cmocka_unit_test(nobody_acknowledges_what_is_not_there_or_not_in_his_scope),
        cmocka_unit_test(a_clock_that_is_set_back_tells_of_returns_and_claims_nothing_twice_and_goes_on),
    };
    return test_shops(tests, COUNT_OF(tests));
}
