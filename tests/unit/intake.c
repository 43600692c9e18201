/* From what a market tells to what we hold; what people do; undo and refusal. On both stores. */
#include "support/shop.h"

#include "orders/queue_store.h"

static const struct undo_right owner_right = { .work = true, .cancel = true };

static void a_new_order_brings_lines_buyer_history_and_counters(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft   d = a_draft(&s, "E-1");
    struct intake_counts c = take_drafts(&s, &d, 1, HUB_NEW, "1");
    struct order         o = the_order(&s, "E-1");
    assert_int_equal(c.created, 1);
    assert_int_equal(o.status, HUB_NEW);
    assert_int_equal(o.zone, ZONE_GREEN);
    assert_int_equal(o.deadline_at.ms, d.placed_at.ms + DAY_MS);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_lines"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_history WHERE from_status = '' AND to_status = 'new'"), 1);
    assert_int_equal(count_rows(&s, "SELECT orders_count FROM customers WHERE phone = '+77771234567'"), 1);
    assert_int_equal(count_rows(&s, "SELECT net_spent FROM customers"), 1520000);
    assert_int_equal(count_rows(&s, "SELECT n FROM order_totals WHERE status = 'new' AND zone = 'green'"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM events"), 1);
    test_shop_done(&s);
}

static void repeating_a_page_changes_nothing(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d[] = { a_draft(&s, "E-1"), a_draft(&s, "E-2"), a_draft(&s, "E-1") };
    take_drafts(&s, d, 3, HUB_NEW, "1");
    int64_t history = count_rows(&s, "SELECT COUNT(*) FROM order_history"), events = count_rows(&s, "SELECT COUNT(*) FROM events");
    struct intake_counts c = take_drafts(&s, d, 3, HUB_NEW, "1");
    c = take_drafts(&s, d, 3, HUB_NEW, "another key");
    assert_int_equal(c.same, 3);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders"), 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_history"), history);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM events"), events);
    assert_int_equal(count_rows(&s, "SELECT orders_count FROM customers"), 2);
    test_shop_done(&s);
}

static void what_the_market_changes_under_our_hands_is_kept_until_seen(void **state)
{
    struct test_shop s;
    struct err       err = { 0 };
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "E-1");
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_changes"), 0);
    d.delivery.address  = STR("Алматы, Абая 1");
    d.recipient.phone   = STR("+77019998877");
    d.grand_total.minor = d.goods_total.minor = 1490000;
    take_drafts(&s, &d, 1, HUB_NEW, "2");
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_changes WHERE field = 'grand_total' AND was = '15200.00' AND became = '14900.00'"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_changes WHERE field = 'recipient_phone' AND became LIKE '%9998877%'"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_changes WHERE seen_at IS NULL"),
                     count_rows(&s, "SELECT COUNT(*) FROM order_changes"));
    struct order o = the_order(&s, "E-1");
    assert_true(order_changes_see(&s.work, o.id, o.version - 1, &err));
    assert_true(count_rows(&s, "SELECT COUNT(*) FROM order_changes WHERE seen_at IS NULL") > 0);
    assert_true(order_changes_see(&s.work, o.id, o.version, &err));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_changes WHERE seen_at IS NULL"), 0);
    test_shop_done(&s);
}

static void a_jump_forward_writes_the_implied_steps(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "E-1");
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    d.status_key = d.external_status = STR("COMPLETED");
    take_drafts(&s, &d, 1, HUB_COMPLETED, "2");
    assert_int_equal(the_order(&s, "E-1").status, HUB_COMPLETED);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_history WHERE implied = 1"), 5);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_history"), 7);
    assert_int_equal(count_rows(&s, "SELECT CAST(SUM(n) AS BIGINT) FROM order_totals"), 1);
    assert_int_equal(count_rows(&s, "SELECT n FROM order_totals WHERE status = 'completed'"), 1);
    test_shop_done(&s);
}

static void one_phone_is_one_person_over_orders_and_spellings(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d[] = { a_draft(&s, "E-1"), a_draft(&s, "E-2"), a_draft(&s, "E-3") };
    d[1].customer.phone = STR("8 (777) 123-45-67");
    d[2].customer.phone = STR("+7 777 123 45 67");
    take_drafts(&s, d, 2, HUB_NEW, "1");
    take_drafts(&s, d + 2, 1, HUB_NEW, "1");
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customers"), 1);
    assert_int_equal(count_rows(&s, "SELECT orders_count FROM customers"), 3);
    test_shop_done(&s);
}

static void an_unreadable_record_is_parked_and_the_rest_goes_on(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft  good    = a_draft(&s, "E-2"), odd = a_draft(&s, "E-3");
    struct intake_item  items[] = {
        { .event_key = STR("a"), .external_id = STR("E-1"), .payload = STR("{\"x\""), .problem_code = STR("channel.payload"), .problem = STR("bad") },
        { .event_key = STR("b"), .external_id = STR("E-2"), .payload = STR("{}"), .draft = &good, .status = STATUS_KNOWN, .choice = { .to = HUB_NEW } },
        { .event_key = STR("c"), .external_id = STR("E-3"), .payload = STR("{}"), .draft = &odd, .status = STATUS_UNKNOWN },
    };
    struct intake_page   page = { .account_id = s.account, .channel = STR("kaspi"), .account_name = STR("Kaspi"), .stream = STR("active"),
                                  .items = items, .count = 3, .save_cursor = true, .cursor = STR("{\"page\":2}") };
    struct intake_counts c;
    assert_true(intake_apply(&s.work, &page, &c, &s.err));
    assert_int_equal(c.created, 1);
    assert_int_equal(c.parked, 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM intake_events WHERE state = 'parked'"), 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM stream_cursors WHERE cursor = '{\"page\":2}'"), 1);
    test_shop_done(&s);
}

static void a_parked_record_that_is_tried_again_does_not_undo_newer_ones(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "E-1"), odd = a_draft(&s, "E-1");
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    odd.status_key = odd.external_status = STR("FROZEN");
    odd.recipient.name = STR("the one before");
    struct intake_item   item = { .event_key = STR("odd"), .external_id = STR("E-1"), .payload = STR("{}"), .draft = &odd, .status = STATUS_UNKNOWN };
    struct intake_page   page = { .account_id = s.account, .channel = STR("kaspi"), .account_name = STR("Kaspi"), .stream = STR("active"),
                                  .items = &item, .count = 1 };
    struct intake_counts c;
    assert_true(intake_apply(&s.work, &page, &c, &s.err));
    assert_int_equal(c.parked, 1);
    test_shop_advance(&s, MINUTE_MS);
    d.status_key = d.external_status = STR("ACCEPTED");
    take_drafts(&s, &d, 1, HUB_CONFIRMED, "2");
    item.event_id = (rid){ count_rows(&s, "SELECT id FROM intake_events WHERE state = 'parked'") };
    item.status   = STATUS_KNOWN;
    item.choice   = (struct status_choice){ .to = HUB_CANCELLED };
    test_shop_advance(&s, MINUTE_MS);
    assert_true(intake_apply(&s.work, &page, &c, &s.err));
    assert_int_equal(c.older, 1);
    assert_int_equal(the_order(&s, "E-1").status, HUB_CONFIRMED);
    assert_true(str_is(the_order(&s, "E-1").external_status, "ACCEPTED"));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM intake_events WHERE state = 'parked'"), 0);
    test_shop_done(&s);
}

static struct action_result confirm(struct test_shop *s, const char *external_id)
{
    struct action_input  in = { .action = ACT_CONFIRM, .hold_s = -1 };
    struct action_result r;
    if (!order_do(&s->work, the_order(s, external_id).id, &in, &r, &s->err))
        fail_msg("%s", s->err.item[0].text);
    return r;
}

static void confirming_waits_in_the_outbox_and_makes_the_warehouse_task(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "E-1");
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    struct action_result r = confirm(&s, "E-1");
    struct order         o = the_order(&s, "E-1");
    assert_int_equal(o.status, HUB_CONFIRMED);
    assert_true(str_is(o.deadline_step, "assemble"));
    assert_int_equal(r.hold_until.ms, s.work.now.ms + 5000);
    assert_true(r.undo.len > 8);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM outbox WHERE state = 'held' AND op = 'confirm'"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM tasks WHERE kind = 'pick' AND state = 'open'"), 1);
    assert_int_equal(count_rows(&s, "SELECT CAST(SUM(n) AS BIGINT) FROM order_totals WHERE status = 'confirmed'"), 1);
    test_shop_done(&s);
}

static void undo_within_the_hold_window_leaves_nothing_to_send(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "E-1");
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    struct order         before = the_order(&s, "E-1");
    struct action_result r      = confirm(&s, "E-1");
    struct undo_result   u;
    test_shop_advance(&s, 4999);
    assert_true(order_undo(&s.work, r.undo, &owner_right, &u, &s.err));
    struct order after = the_order(&s, "E-1");
    assert_int_equal(u.undone.count, 1);
    assert_int_equal(after.status, HUB_NEW);
    assert_int_equal(after.deadline_at.ms, before.deadline_at.ms);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM outbox WHERE state IN ('held', 'queued', 'sending')"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM tasks WHERE state = 'open'"), 0);
    assert_int_equal(count_rows(&s, "SELECT CAST(SUM(n) AS BIGINT) FROM order_totals WHERE status = 'new'"), 1);
    test_shop_done(&s);
}

static void only_who_took_a_step_or_might_have_takes_it_back(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "E-1");
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    s.work.actor = (struct actor){ .kind = ACTOR_USER, .id = { 7 }, .name = STR("Айгерим") };
    struct action_result r = confirm(&s, "E-1");
    struct undo_result   u;
    rid other_account = { 4242 };
    s.work.actor.id.v = 8;
    assert_false(order_undo(&s.work, r.undo, &(struct undo_right){ .cancel = true }, &u, &s.err));
    assert_int_equal(s.err.code, ERR_UNDO_LATE);
    err_clear(&s.err);
    assert_false(order_undo(&s.work, r.undo, &(struct undo_right){ .accounts = &other_account, .accounts_count = 1, .work = true }, &u, &s.err));
    err_clear(&s.err);
    s.work.actor.id.v = 7;                                    /* the failed tries have not used the token up */
    assert_true(order_undo(&s.work, r.undo, &(struct undo_right){ 0 }, &u, &s.err));
    assert_int_equal(the_order(&s, "E-1").status, HUB_NEW);
    test_shop_done(&s);
}

static void undo_after_the_hold_window_says_so_and_changes_nothing(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "E-1");
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    struct action_result r = confirm(&s, "E-1");
    struct undo_result   u;
    test_shop_advance(&s, 5001);
    assert_false(order_undo(&s.work, r.undo, &owner_right, &u, &s.err));
    assert_int_equal(s.err.code, ERR_UNDO_LATE);
    assert_int_equal(the_order(&s, "E-1").status, HUB_CONFIRMED);
    test_shop_done(&s);
}

static void near_the_deadline_the_hold_is_skipped(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "E-1");
    d.placed_at          = (instant){ s.work.now.ms - DAY_MS + 4 * MINUTE_MS };
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    struct action_result r = confirm(&s, "E-1");
    assert_false(instant_is_set(r.hold_until));
    assert_int_equal(r.undo.len, 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM outbox WHERE state = 'queued'"), 1);
    test_shop_done(&s);
}

struct taking { struct test_shop *s; struct command_row_list list; };

static bool take_tx(struct db *db, void *ctx, struct err *err)
{
    struct taking *t = ctx;
    t->list          = (struct command_row_list){ 0 };
    return outbox_take(db, t->s->account, t->s->work.now, STR("w1"), instant_add(t->s->work.now, MINUTE_MS), 10, &t->s->arena,
                       &t->list, err);
}

static struct command_row take_command(struct test_shop *s)
{
    struct taking t = { .s = s };
    assert_true(db_tx(s->work.db, take_tx, &t, &s->err));
    assert_int_equal(t.list.count, 1);
    return t.list.at[0];
}

static bool retry_tx(struct db *db, void *ctx, struct err *err) { return outbox_retry(db, *(const rid *)ctx, (instant){ 1 }, err); }

static void a_refused_command_puts_the_order_back_with_the_reason(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "E-1");
    bool               kept;
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    confirm(&s, "E-1");
    test_shop_advance(&s, 6000);
    struct command_row row = take_command(&s);
    row.state = STR("refused");
    row.text  = STR("Order is already cancelled by the buyer");
    assert_true(command_settle(&s.work, &row, STR("Kaspi: confirm"), &kept, &s.err));
    assert_true(kept);
    assert_int_equal(the_order(&s, "E-1").status, HUB_NEW);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM order_history WHERE note LIKE 'refused: Order is%'"), 1);
    test_shop_done(&s);
}

static void a_command_that_was_given_up_is_a_task_until_it_comes_through(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "E-1");
    bool               kept;
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    confirm(&s, "E-1");
    test_shop_advance(&s, 6000);
    struct command_row row = take_command(&s), stranger = row;
    stranger.taken_by = STR("somebody else");
    stranger.state = row.state = STR("dead");
    assert_true(command_settle(&s.work, &stranger, STR("Kaspi: confirm"), &kept, &s.err));
    assert_false(kept);                                       /* the lease has passed on: then there is no task either */
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM tasks WHERE kind = 'dead_command'"), 0);
    assert_true(command_settle(&s.work, &row, STR("Kaspi: confirm"), &kept, &s.err));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM tasks WHERE kind = 'dead_command' AND state = 'open'"), 1);
    assert_true(db_tx(s.work.db, retry_tx, &row.id, &s.err));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM tasks WHERE kind = 'dead_command' AND state = 'open'"), 1);
    row       = take_command(&s);
    row.state = STR("done");
    row.done_at = s.work.now;
    assert_true(command_settle(&s.work, &row, STR("Kaspi: confirm"), &kept, &s.err));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM tasks WHERE kind = 'dead_command' AND state = 'done'"), 1);
    test_shop_done(&s);
}

static void many_at_once_names_the_refused_and_does_the_rest(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d[3] = { a_draft(&s, "E-1"), a_draft(&s, "E-2"), a_draft(&s, "E-3") };
    take_drafts(&s, d, 3, HUB_NEW, "1");
    confirm(&s, "E-2");
    rid ids[3];
    for (int i = 0; i < 3; i++)
        ids[i] = the_order(&s, i == 0 ? "E-1" : i == 1 ? "E-2" : "E-3").id;
    struct action_input  in = { .action = ACT_CONFIRM, .hold_s = -1 };
    struct action_result r;
    assert_true(order_do_many(&s.work, ids, 3, &in, true, &r, &s.err));
    assert_int_equal(r.done.count, 2);
    assert_int_equal(the_order(&s, "E-1").status, HUB_NEW);
    assert_true(order_do_many(&s.work, ids, 3, &in, false, &r, &s.err));
    assert_int_equal(r.done.count, 2);
    assert_int_equal(r.refused.count, 1);
    assert_true(str_is(r.refused.at[0].number, "E-2"));
    assert_int_equal(r.sum, 3040000);
    assert_int_equal(the_order(&s, "E-3").status, HUB_CONFIRMED);
    test_shop_done(&s);
}

static void zones_change_at_their_exact_moments_once(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d = a_draft(&s, "E-1");
    int  changed;
    bool more;
    d.placed_at = s.work.now;
    take_drafts(&s, &d, 1, HUB_NEW, "1");
    test_shop_advance(&s, 12 * HOUR_MS - 1);
    assert_true(zones_tick(&s.work, 100, &changed, &more, &s.err));
    assert_int_equal(changed, 0);
    test_shop_advance(&s, 1);
    assert_true(zones_tick(&s.work, 100, &changed, &more, &s.err));
    assert_int_equal(the_order(&s, "E-1").zone, ZONE_YELLOW);
    assert_true(zones_tick(&s.work, 100, &changed, &more, &s.err));
    assert_int_equal(changed, 0);
    int64_t told = count_rows(&s, "SELECT COUNT(*) FROM events");
    test_shop_advance(&s, DAY_MS);                                    /* downtime: red and breached are both told, once */
    assert_true(zones_tick(&s.work, 100, &changed, &more, &s.err));
    assert_int_equal(the_order(&s, "E-1").zone, ZONE_BREACHED);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM events") - told, 2);
    assert_int_equal(count_rows(&s, "SELECT n FROM order_totals WHERE zone = 'breached'"), 1);
    test_shop_done(&s);
}

static void orders_that_became_late_together_are_changed_together(void **state)
{
    const int count = 40;
    struct test_shop s;
    test_shop_init(&s, state);
    int  changed;
    bool more;
    for (int i = 0; i < count; i++) {
        struct order_draft d = a_draft(&s, str_zero(s.work.arena, str_print(s.work.arena, "E-%d", i)));
        d.placed_at = instant_add(s.work.now, i % 2 * DAY_MS / 2);
        take_drafts(&s, &d, 1, HUB_NEW, str_zero(s.work.arena, str_print(s.work.arena, "%d", i)));
    }
    int64_t told = count_rows(&s, "SELECT COUNT(*) FROM events");
    test_shop_advance(&s, DAY_MS);                                    /* half of them are late, half only yellow */
    int64_t before = db_statements(s.work.db);
    assert_true(zones_tick(&s.work, 1000, &changed, &more, &s.err));
    int64_t statements = db_statements(s.work.db) - before;
    assert_int_equal(changed, count);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders WHERE zone = 'breached' AND zone_next_at IS NULL"), count / 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders WHERE zone = 'yellow' AND zone_next_at = red_at"), count / 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders WHERE queue_rank - queue_rank % 8 = deadline_at * 8 + CASE zone WHEN 'yellow' THEN 2 ELSE 0 END "
                                    "* 281474976710656"), count);
    int64_t words = count_rows(&s, "SELECT COUNT(*) FROM events") - told;
    assert_int_equal(words, count / 2 * 4);
    int64_t broken = count_rows(&s, "SELECT COUNT(*) FROM violations");
    assert_int_equal(broken, count / 2);
    assert_true(statements - words - broken < 20);                    /* rows that are written together count one by one */
    test_shop_done(&s);
}

static void the_queue_pages_by_urgency_without_gaps_in_one_statement(void **state)
{
    struct test_shop    s;
    struct queue_filter f     = { .open_only = true, .limit = 7, .statuses = BIT(HUB_NEW) };
    struct queue_scope  scope = { 0 };
    int                 seen  = 0;
    bool                more  = true;
    instant             last  = { 0 };
    test_shop_init(&s, state);
    struct order_draft *d = ARENA_ARRAY(&s.arena, struct order_draft, 50);
    for (int i = 0; i < 50; i++) {
        d[i]           = a_draft(&s, str_zero(&s.arena, str_print(&s.arena, "E-%d", i)));
        d[i].placed_at = (instant){ s.work.now.ms - (i * 7919 % 50) * 30 * MINUTE_MS };
    }
    take_drafts(&s, d, 50, HUB_NEW, "1");
    while (more) {
        struct queue_row_list page   = { 0 };
        int64_t               before = db_statements(s.work.db);
        assert_true(queue_rows(s.work.db, &f, &scope, &s.arena, &page, &more, &s.err));
        assert_int_equal(db_statements(s.work.db) - before, 1);
        for (int i = 0; i < page.count; i++, seen++) {
            assert_true(page.at[i].deadline_at.ms >= last.ms);
            last = page.at[i].deadline_at;
        }
        f.has_after  = true;
        f.after_rank = page.at[page.count - 1].rank;
        f.after_at   = page.at[page.count - 1].sort_at.ms;
        f.after_id   = page.at[page.count - 1].id;
    }
    assert_int_equal(seen, 50);
    test_shop_done(&s);
}

static void a_search_in_the_list_finds_by_name_digits_and_number(void **state)
{
    static const struct { const char *q; int hits; } cases[] = {
        { "4567", 1 }, { "777 123 45 67", 1 }, { "мария", 1 }, { "ИВАНОВА", 1 }, { "0212", 1 }, { "438117311", 1 }, { "Nobody", 0 },
        { "311", 1 },
    };
    struct test_shop   s;
    struct queue_scope scope = { 0 };
    test_shop_init(&s, state);
    struct order_draft d[2] = { a_draft(&s, "438117204"), a_draft(&s, "438117311") };
    d[1].customer.name      = STR("Ерболат Сагынтаев");
    d[1].customer.phone     = STR("7019990212");
    take_drafts(&s, d, 2, HUB_NEW, "1");
    for (int i = 0; i < COUNT_OF(cases); i++) {
        struct queue_filter   f    = { .open_only = true, .limit = 10, .q = str_of(cases[i].q) };
        struct queue_row_list page = { 0 };
        bool                  more;
        assert_true(queue_rows(s.work.db, &f, &scope, &s.arena, &page, &more, &s.err));
        if (page.count != cases[i].hits)
            fail_msg("q=%s gives %d", cases[i].q, page.count);
    }
    struct queue_counts c;
    struct queue_filter f = { .open_only = true, .q = STR("мария") };
    assert_true(queue_count(s.work.db, &f, &scope, &s.arena, &c, &s.err));
    assert_int_equal(c.all.n, 1);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_order_brings_lines_buyer_history_and_counters),
        cmocka_unit_test(repeating_a_page_changes_nothing),
        cmocka_unit_test(what_the_market_changes_under_our_hands_is_kept_until_seen),
        cmocka_unit_test(a_jump_forward_writes_the_implied_steps),
        cmocka_unit_test(one_phone_is_one_person_over_orders_and_spellings),
        cmocka_unit_test(an_unreadable_record_is_parked_and_the_rest_goes_on),
        cmocka_unit_test(a_parked_record_that_is_tried_again_does_not_undo_newer_ones),
        cmocka_unit_test(confirming_waits_in_the_outbox_and_makes_the_warehouse_task),
        cmocka_unit_test(undo_within_the_hold_window_leaves_nothing_to_send),
        cmocka_unit_test(only_who_took_a_step_or_might_have_takes_it_back),
        cmocka_unit_test(undo_after_the_hold_window_says_so_and_changes_nothing),
        cmocka_unit_test(near_the_deadline_the_hold_is_skipped),
        cmocka_unit_test(a_refused_command_puts_the_order_back_with_the_reason),
        cmocka_unit_test(a_command_that_was_given_up_is_a_task_until_it_comes_through),
        cmocka_unit_test(many_at_once_names_the_refused_and_does_the_rest),
        cmocka_unit_test(zones_change_at_their_exact_moments_once), cmocka_unit_test(orders_that_became_late_together_are_changed_together),
        cmocka_unit_test(the_queue_pages_by_urgency_without_gaps_in_one_statement),
        cmocka_unit_test(a_search_in_the_list_finds_by_name_digits_and_number),
    };
    return test_shops(tests, COUNT_OF(tests));
}
