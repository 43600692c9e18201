/* sync.c - what running a connector promises: repeated and reordered pages, poison, unknown statuses, busy and refusing markets,
 * commands that are sent once whatever happens in between. On both stores. The market is made up: sync_bench.h.
 */
#include "sync_bench.h"
#include "sync/account_flow.h"
#include <pthread.h>
#include <sched.h>
#include <sys/wait.h>

struct rewinding { rid account; };
static bool rewind_tx(struct db *db, void *ctx, struct err *err)
{
    const struct rewinding *r = ctx;
    return cursor_save(db, r->account, STR("all"), STR("0"), err);
}

static void rewind_cursor(struct bench *b, rid account)
{
    struct rewinding r = { account };
    done(db_tx(b->shop.work.db, rewind_tx, &r, &b->shop.err), b);
}

/* All that the state of an account's orders is, without ids and times of writing. The mark "outside" (256) tells how we came to
 * know, not what is. */
static str dump(struct bench *b, rid account)
{
    static const char *const tables[] = {
        "SELECT external_id || ' ' || status || ' ' || external_status || ' ' || CAST(grand_total AS TEXT) || ' ' || customer_name || ' ' || "
        "CAST(marks - (marks & 256) AS TEXT) || ' ' || CAST(changed_at AS TEXT) || ' ' || comment_buyer || ' ' || zone || ' ' || cancel_side "
        "FROM orders WHERE account_id = $1 ORDER BY external_id",
        "SELECT status || ' ' || zone || ' ' || currency || ' ' || CAST(n AS TEXT) || ' ' || CAST(total AS TEXT) FROM order_totals "
        "WHERE n <> 0 AND account_id = $1 ORDER BY status, zone, currency",
        "SELECT figure || ' ' || currency || ' ' || CAST(n AS TEXT) || ' ' || CAST(total AS TEXT) FROM day_totals WHERE figure = 'orders' "
        "AND account_id = $1 ORDER BY day, figure, currency",
        "SELECT c.name || ' ' || CAST(c.orders_count AS TEXT) || ' ' || CAST(c.net_spent AS TEXT) FROM customers c JOIN customer_sources s "
        "ON s.customer_id = c.id WHERE s.account_id = $1 ORDER BY s.external_id",
        "SELECT event_key || ' ' || state || ' ' || problem_code FROM intake_events WHERE account_id = $1 ORDER BY event_key",
    };
    struct buf out = buf_in(&b->arena);
    for (int i = 0; i < COUNT_OF(tables); i++) {
        CLEANUP(stmt_done) struct stmt st = db_query_text(b->shop.work.db, "test.dump", str_of(tables[i]));
        bind_id(&st, 1, account);
        while (db_row(&st)) {
            buf_add(&out, col_text(&st, 0));
            buf_add_char(&out, '\n');
        }
        done(db_ok(&st, &b->shop.err), b);
    }
    return buf_str(&out);
}

/* ---- pulling ---- */

static const struct told three[] = {
    { "1", "NEW", "2026-12-16T03:00:00Z", NULL }, { "2", "NEW", "2026-12-16T03:10:00Z", NULL }, { "3", "OK", "2026-12-16T03:20:00Z", NULL },
};

static void pages_become_orders_and_the_cursor_moves_with_them(void **state)
{
    struct bench b;
    bench_begin(&b, state, three, 3, 2);
    pull(&b);
    assert_int_equal(b.counts.created, 3);
    assert_int_equal(b.market.requests, 2);
    assert_text(one_text(&b, "SELECT cursor FROM stream_cursors"), "3");
    assert_int_equal(order_of(&b, "1").status, HUB_NEW);
    assert_int_equal(order_of(&b, "3").status, HUB_CONFIRMED);
    assert_int_equal(order_of(&b, "1").grand_total.minor, 15050);
    struct channel_account acc = the_account(&b);
    assert_int_equal(acc.last_ok_at.ms, SHOP_NOW);
    assert_int_equal(acc.state, ACCOUNT_ACTIVE);
    assert_int_equal(number(&b, "SELECT next_run_at FROM stream_cursors"), SHOP_NOW + 60000);
    assert_int_equal(number(&b, "SELECT lease_until FROM stream_cursors"), 0);
    bench_end(&b);
}

static const struct told life[] = {
    { "1", "NEW", "2026-12-16T03:00:00Z", NULL },  { "2", "NEW", "2026-12-16T03:01:00Z", NULL }, { "1", "OK", "2026-12-16T03:10:00Z", NULL },
    { "1", "SENT", "2026-12-16T03:20:00Z", NULL }, { "2", "GONE", "2026-12-16T03:30:00Z", NULL }, { "3", "NEW", "2026-12-16T03:40:00Z", "call" },
    { "3", "OK", "2026-12-16T03:50:00Z", "call" },
};
#define LIFE COUNT_OF(life)

/* An account with more open orders than a run asks about: the next run goes on where this one ended, and then from the first. */
static void open_orders_are_read_back_in_turns(void **state)
{
    struct bench            b;
    struct known_order_list some = { 0 };
    rid                     next = { 0 };
    bench_begin(&b, state, three, 3, 3);
    pull(&b);
    done(open_orders_of(b.shop.work.db, ACCOUNT, next, 2, &b.arena, &some, &next, &b.shop.err), &b);
    assert_int_equal(some.count, 2);
    assert_true(id_is_set(next));
    done(open_orders_of(b.shop.work.db, ACCOUNT, next, 2, &b.arena, &some, &next, &b.shop.err), &b);
    assert_int_equal(some.count, 3);
    assert_false(id_is_set(next));
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < i; k++)
            assert_false(str_eq(some.at[i].external_id, some.at[k].external_id));
    bench_end(&b);
}

static void the_same_events_in_any_order_and_number_leave_the_same_state(void **state)
{
    struct bench b;
    struct told  journal[2 * LIFE];
    unsigned     seed = 1;
    bench_begin(&b, state, life, LIFE, 3);
    pull(&b);
    str wanted = dump(&b, ACCOUNT);
    assert_true(str_has(wanted, STR("1 in_delivery SENT")));
    assert_true(str_has(wanted, STR("2 cancelled GONE")));
    for (int round = 0; round < 12; round++) {
        rid other = { 600 + round };
        for (int i = 0; i < 2 * LIFE; i++)
            journal[i] = life[i % LIFE];                    /* each of them twice */
        for (int i = 2 * LIFE - 1; i > 0; i--) {
            seed     = seed * 1664525u + 1013904223u;
            int k    = (int)(seed >> 16) % (i + 1);
            struct told t = journal[i];
            journal[i] = journal[k];
            journal[k] = t;
        }
        b.market.journal = journal;
        b.market.count   = 2 * LIFE;
        b.market.page    = 1 + round % 5;
        account_add(&b, other);
        assert_int_equal(pull_of(&b, other), ERR_NONE);
        rewind_cursor(&b, other);
        assert_int_equal(pull_of(&b, other), ERR_NONE);      /* and all of it once more */
        assert_int_equal(b.counts.known, 2 * LIFE);
        str got = dump(&b, other);
        if (!str_eq(got, wanted))
            fail_msg("round %d:\n%.*s\nwanted:\n%.*s", round, STR_ARG(got), STR_ARG(wanted));
    }
    bench_end(&b);
}

static void a_state_that_came_back_is_seen_by_the_nightly_pass(void **state)
{
    static const struct told back[] = {
        { "1", "NEW", "2026-12-16T03:00:00Z", "ring" }, { "1", "NEW", "2026-12-16T03:00:00Z", "do not ring" },
        { "1", "NEW", "2026-12-16T03:00:00Z", "ring" },
    };
    struct bench b;
    bench_begin(&b, state, back, 2, 3);
    pull(&b);
    assert_text(order_of(&b, "1").comment_buyer, "do not ring");
    b.market.journal = back + 2;                            /* what the market shows now, word for word as at first */
    b.market.count   = 1;
    rewind_cursor(&b, ACCOUNT);
    advance(&b, 60000);
    pull(&b);
    assert_text(order_of(&b, "1").comment_buyer, "do not ring");
    rewind_cursor(&b, ACCOUNT);
    advance(&b, DAY_MS);
    pull(&b);
    assert_text(order_of(&b, "1").comment_buyer, "ring");
    int64_t rows = number(&b, "SELECT COUNT(*) FROM intake_events");
    rewind_cursor(&b, ACCOUNT);
    advance(&b, DAY_MS);
    pull(&b);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM intake_events"), rows);
    bench_end(&b);
}

static void a_quiet_run_writes_nothing_but_that_it_was(void **state)
{
    struct bench b;
    bench_begin(&b, state, three, 3, 3);
    pull(&b);
    int64_t events = number(&b, "SELECT COUNT(*) FROM events"), rows = number(&b, "SELECT COUNT(*) FROM intake_events");
    advance(&b, 60000);
    pull(&b);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM events"), events);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM intake_events"), rows);
    assert_int_equal(the_account(&b).last_ok_at.ms, SHOP_NOW + 60000);
    bench_end(&b);
}

static void poison_is_parked_and_the_rest_goes_on(void **state)
{
    static const struct told bad[] = {
        { "1", "NEW", "2026-12-16T03:00:00Z", NULL }, { "2", "NEW", "yesterday", NULL }, { "3", "NEW", "2026-12-16T03:20:00Z", NULL },
    };
    struct bench b;
    bench_begin(&b, state, bad, 3, 3);
    pull(&b);
    assert_int_equal(b.counts.created, 2);
    assert_int_equal(b.counts.parked, 1);
    assert_text(one_text(&b, "SELECT problem FROM intake_events WHERE state = 'parked'"), "at: must be a time");
    assert_text(one_text(&b, "SELECT cursor FROM stream_cursors"), "3");
    assert_int_equal(the_account(&b).state, ACCOUNT_ACTIVE);
    bench_end(&b);
}

struct mapping { rid account; const char *key; enum hub_status to; };
static bool map_tx(struct db *db, void *ctx, struct err *err)
{
    const struct mapping *m = ctx;
    return status_change_save(db, m->account, str_of(m->key), m->to, err);
}

static void an_unknown_status_waits_until_the_seller_says_what_it_means(void **state)
{
    static const struct told odd[] = { { "1", "FROZEN", "2026-12-16T03:00:00Z", NULL }, { "2", "NEW", "2026-12-16T03:00:00Z", NULL } };
    struct bench b;
    struct reapply_counts c;
    struct mapping        m = { ACCOUNT, "FROZEN", HUB_CONFIRMED };
    bench_begin(&b, state, odd, 2, 2);
    pull(&b);
    assert_int_equal(b.counts.parked, 1);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM orders"), 1);
    assert_text(one_text(&b, "SELECT status_key FROM intake_events WHERE state = 'parked'"), "FROZEN");
    struct work w = sync_work_begin(b.engine, &b.arena);
    done(sync_reapply(b.engine, &w, ACCOUNT, STR("FROZEN"), &c, &b.shop.err), &b);
    assert_int_equal(c.parked, 1);                          /* still unknown */
    done(db_tx(w.db, map_tx, &m, &b.shop.err), &b);
    done(sync_reapply(b.engine, &w, ACCOUNT, STR("FROZEN"), &c, &b.shop.err), &b);
    sync_work_end(&w);
    assert_int_equal(c.applied, 1);
    assert_int_equal(order_of(&b, "1").status, HUB_CONFIRMED);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM intake_events WHERE state = 'parked'"), 0);
    bench_end(&b);
}

static void a_changed_mapping_and_the_switch_of_the_account_win(void **state)
{
    (void)state;
    static const struct status_row rows[] = { { .key = "ACCEPTED_BY_MERCHANT", .to = HUB_CONFIRMED },
                                              { .key = "HELD", .to = HUB_NEW, .keeps = true, .marks = BIT(MARK_HOLD) }, { 0 } };
    struct channel       c = { .name = "x", .statuses = rows };
    struct status_map    m = { .channel = &c };
    struct status_choice choice;
    struct arena         a = { 0 };
    assert_true(status_map_find(&m, STR("ACCEPTED_BY_MERCHANT"), &choice) && choice.to == HUB_CONFIRMED);
    m.accepted_means_assembling = true;
    assert_true(status_map_find(&m, STR("ACCEPTED_BY_MERCHANT"), &choice) && choice.to == HUB_ASSEMBLING);
    *status_change_list_add(&m.changes, &a) = (struct status_change){ STR("ACCEPTED_BY_MERCHANT"), HUB_READY_TO_SHIP };
    *status_change_list_add(&m.changes, &a) = (struct status_change){ STR("HELD"), HUB_CONFIRMED };
    assert_true(status_map_find(&m, STR("ACCEPTED_BY_MERCHANT"), &choice) && choice.to == HUB_READY_TO_SHIP);
    assert_true(status_map_find(&m, STR("HELD"), &choice) && choice.to == HUB_CONFIRMED && !choice.keeps && choice.marks == BIT(MARK_HOLD));
    assert_false(status_map_find(&m, STR("held"), &choice));
    arena_done(&a);
}

/* ---- markets that do not answer ---- */

static void a_busy_market_parks_the_family_for_as_long_as_it_says(void **state)
{
    struct bench b;
    bench_begin(&b, state, three, 3, 3);
    b.market.fault      = FAULT_BUSY;
    b.market.fault_left = 1;
    assert_int_equal(pull_of(&b, ACCOUNT), ERR_CHANNEL_BUSY);
    assert_int_equal(number(&b, "SELECT next_run_at FROM stream_cursors"), SHOP_NOW + 7200000);
    assert_int_equal(number(&b, "SELECT failures FROM stream_cursors"), 0);
    struct channel_account acc = the_account(&b);
    assert_int_equal(acc.state, ACCOUNT_ACTIVE);
    assert_text(acc.error_code, "channel.busy");
    assert_int_equal(pull_of(&b, ACCOUNT), ERR_CHANNEL_BUSY);        /* asked again at once: no request leaves */
    assert_int_equal(b.market.requests, 1);
    advance(&b, 7200000);
    pull(&b);
    assert_int_equal(b.counts.created, 3);
    assert_text(the_account(&b).error_code, "");
    bench_end(&b);
}

static void a_refused_key_stops_the_account(void **state)
{
    struct bench b;
    bench_begin(&b, state, three, 3, 3);
    b.market.fault      = FAULT_AUTH;
    b.market.fault_left = 100;
    sync_turn(b.engine, 0);
    assert_int_equal(the_account(&b).state, ACCOUNT_AUTH_FAILED);
    assert_int_equal(b.market.requests, 1);
    advance(&b, DAY_MS);
    sync_turn(b.engine, 0);
    assert_int_equal(b.market.requests, 1);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM events WHERE kind = 'account'"), 1);
    bench_end(&b);
}

static void a_market_that_is_down_is_asked_less_often_and_comes_back(void **state)
{
    struct bench b;
    bench_begin(&b, state, three, 3, 3);
    b.market.fault      = FAULT_DOWN;
    b.market.fault_left = 1000;
    for (int hour = 0; hour < 6 * 60; hour++) {
        sync_turn(b.engine, 0);
        advance(&b, MINUTE_MS);
    }
    assert_int_equal(the_account(&b).state, ACCOUNT_DEGRADED);
    assert_in_range(b.market.requests, 20, 60);              /* every 12 to 15 minutes at the end, not every minute */
    b.market.fault_left = 0;
    advance(&b, 15 * MINUTE_MS);
    sync_turn(b.engine, 0);
    assert_int_equal(the_account(&b).state, ACCOUNT_ACTIVE);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM orders"), 3);
    bench_end(&b);
}

/* ---- commands ---- */

static void confirm(struct bench *b, const char *id)
{
    struct action_input  in  = { .action = ACT_CONFIRM, .hold_s = 5 };
    struct action_result out = { 0 };
    b->shop.work.now = clock_now(&b->clock);
    done(order_do(&b->shop.work, order_of(b, id).id, &in, &out, &b->shop.err), b);
}

static void turn(struct bench *b)
{
    for (int i = 0; i < 200 && sync_turn(b->engine, 0); i++)
        ;
}

static const struct told one[] = { { "1", "NEW", "2026-12-16T03:00:00Z", NULL } };

/* An order that waits for its confirmation to leave. */
static void bench_confirming(struct bench *b, void **state, enum fault fault, int times)
{
    bench_begin(b, state, one, 1, 1);
    pull(b);
    confirm(b, "1");
    b->market.fault       = fault;
    b->market.fault_left  = times;
    b->market.only_writes = true;
    advance(b, 5000);
}

static void a_command_leaves_after_the_hold_window_and_once(void **state)
{
    struct bench b;
    bench_begin(&b, state, one, 1, 1);
    pull(&b);
    confirm(&b, "1");
    turn(&b);
    assert_int_equal(b.market.confirms, 0);
    advance(&b, 5000);
    turn(&b);
    advance(&b, HOUR_MS);
    turn(&b);
    assert_int_equal(b.market.confirms, 1);
    assert_text(one_text(&b, "SELECT state FROM outbox"), "done");
    assert_int_equal(number(&b, "SELECT sent_at FROM outbox"), SHOP_NOW + 5000);
    assert_int_equal(order_of(&b, "1").status, HUB_CONFIRMED);
    bench_end(&b);
}

static void an_unknown_result_is_read_back_before_repeating(void **state)
{
    struct bench b;
    bench_confirming(&b, state, FAULT_CUT_AFTER, 1);
    turn(&b);
    assert_int_equal(b.market.times_confirmed, 1);
    assert_int_equal(b.market.confirms, 1);
    assert_int_equal(b.market.reads, 1);
    assert_text(one_text(&b, "SELECT state FROM outbox"), "done");
    bench_end(&b);
}

static void what_was_surely_lost_is_sent_again_after_reading_back(void **state)
{
    struct bench b;
    bench_confirming(&b, state, FAULT_CUT_BEFORE, 1);
    turn(&b);
    assert_int_equal(b.market.times_confirmed, 1);
    assert_int_equal(b.market.confirms, 2);
    assert_int_equal(b.market.reads, 1);
    assert_text(one_text(&b, "SELECT state FROM outbox"), "done");
    bench_end(&b);
}

static void a_refusal_puts_the_order_back(void **state)
{
    struct bench b;
    bench_confirming(&b, state, FAULT_REFUSE, 100);
    turn(&b);
    assert_text(one_text(&b, "SELECT state FROM outbox"), "refused");
    assert_true(str_has(one_text(&b, "SELECT text FROM outbox"), STR("too late")));
    assert_int_equal(order_of(&b, "1").status, HUB_NEW);
    assert_int_equal(b.market.confirms, 1);
    bench_end(&b);
}

static void a_dead_line_backs_off_and_ends_with_a_task_for_people(void **state)
{
    struct bench b;
    bench_confirming(&b, state, FAULT_NO_ANSWER, 10000);
    turn(&b);
    assert_int_equal(b.market.confirms, 1);
    assert_text(one_text(&b, "SELECT state FROM outbox"), "queued");
    assert_in_range(number(&b, "SELECT not_before FROM outbox") - SHOP_NOW, 10000, 10001);
    for (int i = 0; i < 12 * 60; i++) {
        advance(&b, MINUTE_MS);
        turn(&b);
    }
    assert_text(one_text(&b, "SELECT state FROM outbox"), "dead");
    assert_int_equal(b.market.confirms, 24);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM tasks WHERE kind = 'dead_command' AND state = 'open'"), 1);
    bench_end(&b);
}

static void a_market_that_says_wait_is_obeyed(void **state)
{
    struct bench b;
    bench_confirming(&b, state, FAULT_BUSY, 1);
    turn(&b);
    assert_int_equal(b.market.confirms, 1);
    advance(&b, 7100000);
    turn(&b);
    assert_int_equal(b.market.confirms, 1);
    advance(&b, 200000);
    turn(&b);
    assert_int_equal(b.market.times_confirmed, 1);
    assert_text(one_text(&b, "SELECT state FROM outbox"), "done");
    bench_end(&b);
}

static void a_refused_key_keeps_the_command_for_the_next_key(void **state)
{
    struct bench b;
    bench_confirming(&b, state, FAULT_AUTH, 1);
    turn(&b);
    assert_int_equal(the_account(&b).state, ACCOUNT_AUTH_FAILED);
    assert_text(one_text(&b, "SELECT state FROM outbox"), "queued");
    advance(&b, HOUR_MS);
    turn(&b);
    assert_int_equal(b.market.times_confirmed, 0);
    bench_end(&b);
}

/* Dies at the point, in a process of its own; then this one opens the store again. */
static void crash_at(struct bench *b, const char *point)
{
    sync_close(b->engine);
    b->engine = NULL;
    db_return(b->shop.pool, b->shop.work.db);
    db_close(b->shop.pool);
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        b->shop.pool    = test_store_open(b->shop.store);
        b->shop.work.db = db_borrow(b->shop.pool);
        engine_begin(b);
        setenv("SAUDA_CRASH_AT", point, 1);
        sync_turn(b->engine, 0);
        _exit(3);                                           /* never reached: that the point is passed is part of the test */
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 137);
    b->shop.pool    = test_store_open(b->shop.store);
    b->shop.work.db = db_borrow(b->shop.pool);
    engine_begin(b);
}

static void a_crash_after_sending_does_not_send_twice(void **state)
{
    static const struct { const char *point; bool was_sent; } points[] = {
        { "outbox.taken", false }, { "outbox.remembered", false }, { "outbox.sent", true }, { "outbox.settled", true },
    };
    struct bench b;
    struct told  orders[COUNT_OF(points)];
    static const char *const ids[] = { "11", "12", "13", "14" };
    for (int i = 0; i < COUNT_OF(points); i++)
        orders[i] = (struct told){ ids[i], "NEW", "2026-12-16T03:00:00Z", NULL };
    bench_begin(&b, state, orders, COUNT_OF(points), 10);
    pull(&b);
    for (int i = 0; i < COUNT_OF(points); i++) {
        confirm(&b, ids[i]);
        advance(&b, 5000);
        b.market.is_confirmed = false;
        b.market.times_confirmed = 0;
        crash_at(&b, points[i].point);
        b.market.is_confirmed    = points[i].was_sent;      /* the child's market is gone with it */
        b.market.times_confirmed = points[i].was_sent;
        turn(&b);
        assert_int_equal(b.market.times_confirmed, 1);
        assert_int_equal(number(&b, "SELECT COUNT(*) FROM outbox WHERE state = 'done'"), i + 1);
        assert_int_equal(number(&b, "SELECT COUNT(*) FROM outbox WHERE state <> 'done'"), 0);
    }
    bench_end(&b);
}

static void a_crash_in_the_middle_of_a_page_loses_and_doubles_nothing(void **state)
{
    struct bench b;
    bench_begin(&b, state, life, LIFE, 2);
    crash_at(&b, "intake.mapped");
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM orders"), 0);
    crash_at(&b, "intake.applied");
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM orders"), 2);
    turn(&b);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM orders"), 3);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM intake_events"), LIFE);
    assert_int_equal(order_of(&b, "1").status, HUB_IN_DELIVERY);
    bench_end(&b);
}

static bool statement_tx(struct db *db, void *ctx, struct err *err)
{
    CLEANUP(stmt_done) struct stmt st = db_query_text(db, "test.statement", str_of(ctx));
    return db_exec(&st, err);
}

static void a_page_that_could_not_be_stored_is_asked_for_again(void **state)
{
    struct bench b;
    bench_begin(&b, state, three, COUNT_OF(three), 2);
    /* The first page has two events, the last one has one, which this does not let in. */
    bool ok = db_tx(b.shop.work.db, statement_tx, "CREATE UNIQUE INDEX test_jam ON intake_events (external_id) WHERE external_id = '3'",
                    &b.shop.err) &&
              db_tx(b.shop.work.db, statement_tx,
                    "INSERT INTO intake_events (id, account_id, stream, event_key, external_id, order_id, state, tries, problem_code, "
                    "problem, status_key, received_at, payload) VALUES (1, 500, 'x', 'x', '3', NULL, 'applied', 1, '', '', '', 1, '')",
                    &b.shop.err);
    assert_true(ok);
    assert_int_not_equal(pull_of(&b, ACCOUNT), ERR_NONE);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM orders"), 2);
    assert_true(db_tx(b.shop.work.db, statement_tx, "DROP INDEX test_jam", &b.shop.err));
    advance(&b, HOUR_MS);
    pull(&b);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM orders"), 3);
    bench_end(&b);
}

/* ---- the rest ---- */

struct leasing { const char *server; };
static bool lease_tx(struct db *db, void *ctx, struct err *err)
{
    const struct leasing *l = ctx;
    static const struct sql take = { "test.take", "UPDATE outbox SET state = 'sending', taken_by = $1, lease_until = $2", NULL };
    CLEANUP(stmt_done) struct stmt st = db_query(db, &take);
    bind_text(&st, 1, str_of(l->server));
    bind_int(&st, 2, SHOP_NOW + 120000);
    return db_exec(&st, err);
}

static void what_another_server_has_taken_is_left_alone_until_its_lease_ends(void **state)
{
    struct bench   b;
    struct leasing l = { "other#1" };
    bench_confirming(&b, state, FAULT_NONE, 0);
    done(db_tx(b.shop.work.db, lease_tx, &l, &b.shop.err), &b);
    sync_close(b.engine);
    engine_begin(&b);                                       /* a start frees only what this server had taken */
    turn(&b);
    assert_int_equal(b.market.confirms, 0);
    advance(&b, 120000);
    turn(&b);
    assert_int_equal(b.market.times_confirmed, 1);
    bench_end(&b);
}

static bool read_only_tx(struct db *db, void *ctx, struct err *err)
{
    static const struct sql set = { "test.mode", "UPDATE channel_accounts SET mode = 'read_only'", NULL };
    CLEANUP(stmt_done) struct stmt st = db_query(db, &set);
    (void)ctx;
    return db_exec(&st, err);
}

static void a_read_only_account_pulls_and_sends_nothing(void **state)
{
    struct bench b;
    bench_begin(&b, state, one, 1, 1);
    done(db_tx(b.shop.work.db, read_only_tx, NULL, &b.shop.err), &b);
    turn(&b);
    confirm(&b, "1");
    advance(&b, HOUR_MS);
    turn(&b);
    assert_int_equal(b.market.confirms, 0);
    assert_text(one_text(&b, "SELECT state FROM outbox"), "shadow");
    bench_end(&b);
}

static void secrets_are_sealed_and_open_only_for_their_account(void **state)
{
    struct bench b;
    bench_begin(&b, state, one, 1, 1);
    struct channel_account    acc    = the_account(&b);
    struct setting_value_list values = { 0 };
    assert_false(str_has(acc.sealed, STR("secret-token")));
    assert_text(acc.options, "{\"history_days\":\"30\"}");
    done(account_settings(&acc, &b.key, &b.arena, &values, &b.shop.err), &b);
    assert_int_equal(values.count, 2);
    acc.id.v++;
    struct err err = { 0 };
    assert_false(account_settings(&acc, &b.key, &b.arena, &values, &err));
    bench_end(&b);
}

static void a_notification_is_taken_only_with_its_secret(void **state)
{
    struct bench b;
    struct hook_result      r;
    struct http_header_list none = { 0 };
    struct err              err  = { 0 };
    str body = STR("{\"id\":\"9\",\"status\":\"NEW\",\"at\":\"2026-12-16T03:00:00Z\",\"total\":\"5.00\"}");
    bench_begin(&b, state, one, 1, 1);
    struct work w = sync_work_begin(b.engine, &b.arena);
    assert_false(sync_hook(b.engine, &w, ACCOUNT, STR("guess"), &none, body, &r, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    err_clear(&err);
    assert_false(sync_hook(b.engine, &w, (rid){ 12345 }, STR("hook-secret"), &none, body, &r, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    err_clear(&err);
    assert_false(sync_hook(b.engine, &w, ACCOUNT, STR("hook-secret"), &none, STR("{\"a"), &r, &err));
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM orders"), 0);
    for (int i = 0; i < 2; i++)
        done(sync_hook(b.engine, &w, ACCOUNT, STR("hook-secret"), &none, body, &r, &b.shop.err), &b);
    sync_work_end(&w);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM orders"), 1);
    assert_int_equal(order_of(&b, "9").status, HUB_NEW);
    bench_end(&b);
}

static void a_connection_is_tried_without_storing_anything(void **state)
{
    struct bench b;
    struct check              check;
    struct setting_value_list values = { 0 };
    bench_begin(&b, state, one, 1, 1);
    struct channel_account acc = the_account(&b);
    done(account_settings(&acc, &b.key, &b.arena, &values, &b.shop.err), &b);
    struct work w = sync_work_begin(b.engine, &b.arena);
    acc.id = (rid){ 0 };
    done(sync_check(b.engine, &w, &acc, &values, &check, &b.shop.err), &b);
    assert_int_equal(check.items.count, 1);
    assert_true(check.items.at[0].ok);
    b.market.fault      = FAULT_AUTH;
    b.market.fault_left = 1;
    done(sync_check(b.engine, &w, &acc, &values, &check, &b.shop.err), &b);
    assert_false(check.items.at[0].ok);
    sync_work_end(&w);
    assert_int_equal(the_account(&b).state, ACCOUNT_ACTIVE);
    bench_end(&b);
}

/* Other threads work meanwhile; half a minute is for a machine that is busy with everything else. */
static void wait_until(struct bench *b, const char *sql, int64_t wanted)
{
    int64_t end = clock_tick_ns() + INT64_C(30000000000);
    while (number(b, sql) < wanted && clock_tick_ns() < end) {
        sync_wake(b->engine);
        sched_yield();
    }
}

static void threads_do_what_is_due_and_stop_when_told(void **state)
{
    struct bench b;
    bench_begin(&b, state, three, 3, 1);
    done(sync_start(b.engine, &b.shop.err), &b);
    wait_until(&b, "SELECT COUNT(*) FROM orders", 3);
    confirm(&b, "1");
    clock_advance(&b.clock, 5000);
    wait_until(&b, "SELECT COUNT(*) FROM outbox WHERE state = 'done'", 1);
    sync_stop(b.engine);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM orders"), 3);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM outbox WHERE state = 'done'"), 1);
    assert_int_equal(b.market.times_confirmed, 1);
    bench_end(&b);
}

/* Three hours back: the market was read and a command was put off at moments that are three hours away now. */
static void set_back(void **state, bool restarted)
{
    struct bench b;
    bench_confirming(&b, state, FAULT_DOWN, 1);
    turn(&b);                                               /* the command failed once and waits */
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM outbox WHERE state = 'queued'"), 1);
    int requests = b.market.requests;
    if (restarted)
        sync_close(b.engine);
    advance(&b, -3 * HOUR_MS);
    if (restarted)
        engine_begin(&b);
    for (int i = 0; i < 3; i++) {
        turn(&b);
        advance(&b, MINUTE_MS);
    }
    assert_int_equal(b.market.times_confirmed, 1);
    assert_true(b.market.requests >= requests + 3);         /* the command, and the stream once a minute */
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM outbox WHERE state = 'done'"), 1);
    bench_end(&b);
}

static void a_clock_that_is_set_back_keeps_neither_streams_nor_commands_waiting(void **state) { set_back(state, false); }
static void nor_does_one_that_was_set_back_while_the_server_was_off(void **state) { set_back(state, true); }

/* ---- the same shop at the same moment ---- */

struct connecting {
    struct bench           *b;
    struct work             work;
    struct arena            arena;
    struct err              err;
    struct channel_account  account;
    const char             *token;
    pthread_barrier_t      *start;
    bool                    edits, done;
};

static bool takes_token(struct channel_account *account, struct setting_value_list *settings, bool *secrets_came, void *ctx, struct err *err)
{
    const struct connecting *c = ctx;
    (void)account, (void)err;
    for (int i = 0; i < settings->count; i++)
        if (str_is(settings->at[i].name, "token"))
            settings->at[i].value = str_of(c->token);
    *secrets_came = true;
    return true;
}

static void *connect_main(void *ctx)
{
    struct connecting        *c = ctx;
    struct setting_value_list values = { 0 };
    str                       hook;
    struct account_edit       edit = { c->account.id, 1, takes_token, c };
    *setting_value_list_add(&values, &c->arena) = (struct setting_value){ STR("token"), str_of(c->token) };
    pthread_barrier_wait(c->start);
    c->done = c->edits ? account_change(c->b->engine, &c->work, &edit, &c->account, &c->err)
                       : account_create(c->b->engine, &c->work, &c->account, &values, &hook, &c->err);
    return NULL;
}

/* Each from a server of its own where there may be several. How many came through? */
static int connect_at_once(struct bench *b, struct db_pool *const pools[2], struct connecting all[2], const char *token, bool edits)
{
    pthread_t         threads[2];
    pthread_barrier_t start;
    assert_int_equal(pthread_barrier_init(&start, NULL, 2), 0);
    for (int i = 0; i < 2; i++) {
        struct connecting *c = &all[i];
        c->b            = b;
        c->work         = b->shop.work;
        c->work.db      = db_borrow(pools[i]);
        c->work.arena   = &c->arena;
        c->token        = token;
        c->start        = &start;
        c->edits        = edits;
        c->done         = false;
        c->err          = (struct err){ 0 };
        if (!edits)
            c->account = (struct channel_account){ .channel = STR("demo"), .name = str_print(&b->arena, "%s by %d", token, i) };
        assert_int_equal(pthread_create(&threads[i], NULL, connect_main, c), 0);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        db_return(pools[i], all[i].work.db);
    }
    pthread_barrier_destroy(&start);
    return all[0].done + all[1].done;
}

static void a_shop_that_two_connect_at_once_is_connected_once(void **state)
{
    struct bench   b;
    bench_begin(&b, state, one, 1, 1);
    struct db_pool *beside   = b.shop.store->is_postgres ? test_store_open(*state) : NULL;
    struct db_pool *pools[2] = { b.shop.pool, beside ? beside : b.shop.pool };
    for (int round = 0; round < 6; round++) {
        struct connecting all[2] = { 0 };
        const char *same = str_zero(&b.arena, str_print(&b.arena, "token-%d", round));
        assert_int_equal(connect_at_once(&b, pools, all, same, false), 1);
        assert_int_equal(all[all[0].done].err.code, ERR_CONFLICT);
        /* Two that are connected, and are both given the key of a third shop. */
        struct connecting two[2] = { 0 };
        two[0].account = all[!all[0].done].account;
        assert_int_equal(connect_at_once(&b, pools, all, str_zero(&b.arena, str_print(&b.arena, "other-%d", round)), false), 1);
        two[1].account = all[!all[0].done].account;
        assert_int_equal(connect_at_once(&b, pools, two, str_zero(&b.arena, str_print(&b.arena, "third-%d", round)), true), 1);
        assert_int_equal(two[two[0].done].err.code, ERR_CONFLICT);
        for (int i = 0; i < 2; i++) {
            arena_done(&all[i].arena);
            arena_done(&two[i].arena);
        }
    }
    if (beside)
        db_close(beside);
    bench_end(&b);
}

static void records_fit_the_tables(void **state)
{
    struct bench b;
    bench_begin(&b, state, one, 1, 1);
    done(record_check(b.shop.work.db, &channel_account_record, &b.shop.err), &b);
    done(record_check(b.shop.work.db, &stream_record, &b.shop.err), &b);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_fit_the_tables),
        cmocka_unit_test(a_clock_that_is_set_back_keeps_neither_streams_nor_commands_waiting),
        cmocka_unit_test(nor_does_one_that_was_set_back_while_the_server_was_off),
        cmocka_unit_test(pages_become_orders_and_the_cursor_moves_with_them),
        cmocka_unit_test(open_orders_are_read_back_in_turns),
        cmocka_unit_test(the_same_events_in_any_order_and_number_leave_the_same_state),
        cmocka_unit_test(a_state_that_came_back_is_seen_by_the_nightly_pass),
        cmocka_unit_test(a_page_that_could_not_be_stored_is_asked_for_again),
        cmocka_unit_test(a_quiet_run_writes_nothing_but_that_it_was),
        cmocka_unit_test(poison_is_parked_and_the_rest_goes_on),
        cmocka_unit_test(an_unknown_status_waits_until_the_seller_says_what_it_means),
        cmocka_unit_test(a_changed_mapping_and_the_switch_of_the_account_win),
        cmocka_unit_test(a_busy_market_parks_the_family_for_as_long_as_it_says),
        cmocka_unit_test(a_refused_key_stops_the_account),
        cmocka_unit_test(a_market_that_is_down_is_asked_less_often_and_comes_back),
        cmocka_unit_test(a_command_leaves_after_the_hold_window_and_once),
        cmocka_unit_test(an_unknown_result_is_read_back_before_repeating),
        cmocka_unit_test(what_was_surely_lost_is_sent_again_after_reading_back),
        cmocka_unit_test(a_refusal_puts_the_order_back),
        cmocka_unit_test(a_dead_line_backs_off_and_ends_with_a_task_for_people),
        cmocka_unit_test(a_market_that_says_wait_is_obeyed),
        cmocka_unit_test(a_refused_key_keeps_the_command_for_the_next_key),
        cmocka_unit_test(a_crash_after_sending_does_not_send_twice),
        cmocka_unit_test(a_crash_in_the_middle_of_a_page_loses_and_doubles_nothing),
        cmocka_unit_test(what_another_server_has_taken_is_left_alone_until_its_lease_ends),
        cmocka_unit_test(a_read_only_account_pulls_and_sends_nothing),
        cmocka_unit_test(secrets_are_sealed_and_open_only_for_their_account),
        cmocka_unit_test(a_notification_is_taken_only_with_its_secret),
        cmocka_unit_test(a_connection_is_tried_without_storing_anything),
        cmocka_unit_test(a_shop_that_two_connect_at_once_is_connected_once),
        cmocka_unit_test(threads_do_what_is_due_and_stop_when_told),
    };
    return test_shops(tests, COUNT_OF(tests));
}
