/* The example that a new shop may look at leaves nothing behind, and takes nothing along that is the shop's own. On both stores. */
#include "support/shop.h"

#include "app/example.h"
#include "app/example_store.h"
#include "app/ids_store.h"
#include "base/buf.h"
#include "customers/merge_flow.h"
#include "returns/return.h"

#include <stdio.h>
#include <stdlib.h>

#define KASPI 501
#define OZON  502

struct table { str name, rows; };
LIST(table)

/* Columns that count looks and changes, not what is true of the shop. */
static bool is_compared(str column)
{
    static const char *const passing[] = { "version", "updated_at", "contested", NULL };
    for (int i = 0; passing[i]; i++)
        if (str_is(column, passing[i]))
            return false;
    return true;
}

/* The log of changes says what was, and events have told it. */
static bool is_log(str table)
{
    return str_is(table, "events") || str_is(table, "audit_entries") || str_starts(table, STR("sqlite_")) || str_is(table, "migrations");
}

static void table_read(struct test_shop *s, struct table *t, const struct str_list *columns)
{
    struct arena *a   = &s->arena;
    struct buf    sql = buf_in(a), out = buf_in(a);
    buf_print(&sql, "SELECT ");
    for (int i = 0; i < columns->count; i++)
        buf_print(&sql, "%sCOALESCE(CAST(\"%.*s\" AS TEXT), '-')", i ? ", " : "", STR_ARG(columns->at[i]));
    buf_print(&sql, " FROM \"%.*s\" ORDER BY 1", STR_ARG(t->name));
    for (int i = 1; i < columns->count; i++)
        buf_print(&sql, ", %d", i + 1);
    CLEANUP(stmt_done) struct stmt st = db_query_text(s->work.db, "test.table", buf_str(&sql));
    while (db_row(&st)) {
        for (int i = 0; i < columns->count; i++)
            buf_print(&out, "%.*s|", STR_ARG(col_text(&st, i)));
        buf_print(&out, "\n");
    }
    assert_true(db_ok(&st, &s->err));
    t->rows = buf_str(&out);
}

/* Every table of the database as text. */
static struct table_list database(struct test_shop *s)
{
    str sql = s->store->is_postgres
        ? STR("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type <> 'bytea' ORDER BY 1, 2")
        : STR("SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND c.type <> 'BLOB' ORDER BY 1, 2");
    struct arena     *a = &s->arena;
    struct str_list   names = { 0 }, columns = { 0 };
    struct table_list out = { 0 };
    {
        CLEANUP(stmt_done) struct stmt st = db_query_text(s->work.db, "test.columns", sql);
        while (db_row(&st)) {
            str table = col_text_copy(&st, 0, a), column = col_text_copy(&st, 1, a);
            if (is_log(table) || !is_compared(column))
                continue;
            *str_list_add(&names, a)   = table;
            *str_list_add(&columns, a) = column;
        }
        assert_true(db_ok(&st, &s->err));
    }
    for (int i = 0; i < names.count;) {
        struct table    t  = { .name = names.at[i] };
        struct str_list of = { 0 };
        for (; i < names.count && str_eq(names.at[i], t.name); i++)
            *str_list_add(&of, a) = columns.at[i];
        table_read(s, &t, &of);
        *table_list_add(&out, a) = t;
    }
    assert_true(out.count > 40);
    return out;
}

static void assert_same(const struct table_list *was, const struct table_list *is)
{
    assert_int_equal(was->count, is->count);
    for (int i = 0; i < was->count; i++)
        if (!str_eq(was->at[i].rows, is->at[i].rows))
            fail_msg("table %.*s was\n%.*sand is\n%.*s", STR_ARG(was->at[i].name), STR_ARG(was->at[i].rows), STR_ARG(is->at[i].rows));
}

static void buys(struct test_shop *s, int64_t account, const char *order, const char *name, const char *phone)
{
    struct order_draft d   = a_draft(s, order);
    rid                was = s->account;
    d.customer.name  = str_of(name);
    d.customer.phone = str_of(phone);
    d.delivery.address = STR("пр. Абая 10, кв. 5");
    d.delivery.city    = STR("Алматы");
    s->account = account ? (rid){ account } : was;
    take_drafts(s, &d, 1, HUB_NEW, "1");
    s->account = was;
}

static rid order_of(struct test_shop *s, int64_t account, const char *order, rid *buyer)
{
    rid was = s->account;
    s->account = (rid){ account };
    struct order o = the_order(s, order);
    s->account = was;
    if (buyer)
        *buyer = o.customer_id;
    return o.id;
}

static void accounts_made(struct test_shop *s)
{
    test_shop_run(s, "INSERT INTO channel_accounts (id, channel, name, base_url, mode, state, sealed, options, accepted_means_assembling, hook_digest, "
                     "error_code, error_text, version, created_at, updated_at) VALUES (501, 'kaspi', 'Пример, Kaspi', '', 'live', 'active', '', '{}', 0, '', '', '', 1, 1, 1), "
                     "(502, 'ozon', 'Пример, Ozon', '', 'live', 'active', '', '{}', 0, '', '', '', 1, 1, 1)");
    test_shop_run(s, "INSERT INTO policies (id, name, channel, account_id, scheme, step, minutes, clock, pause_statuses, red_minutes, red_share_bp, active, version, "
                     "created_at, updated_at) VALUES (9001, 'x', 'kaspi', 501, '', 'confirm', 60, 'wall', '', 10, 2000, 1, 1, 1, 1)");
}

struct returning { struct test_shop *s; rid order; };

static bool return_tx(struct db *db, void *ctx, struct err *err)
{
    struct returning *b = ctx;
    struct work      *w = &b->s->work;
    struct rma        r = { .id = work_id(w), .account_id = { OZON }, .channel = STR("ozon"), .external_id = STR("R-1"), .order_id = b->order,
                            .requested_at = w->now, .version = 1, .created_at = w->now, .updated_at = w->now };
    struct rma_line line = { .return_id = r.id, .line = 1, .qty = 1 };
    return record_insert_many(db, &return_record, &r, 1, err) && record_insert_many(db, &return_line_record, &line, 1, err);
}

/* What people do with it while they look around. */
static void worked_with(struct test_shop *s)
{
    struct action_input  in = { .action = ACT_CONFIRM, .hold_s = 5 }, cancel = { .action = ACT_CANCEL, .reason = STR("out_of_stock"), .hold_s = 5 };
    struct action_result res;
    struct merge_view    view;
    struct note          note;
    rid first, second, event, k1 = order_of(s, KASPI, "K-1", NULL), o1 = order_of(s, OZON, "O-1", &first), o2 = order_of(s, OZON, "O-2", &second);
    assert_true(order_do(&s->work, k1, &in, &res, &s->err) && order_do(&s->work, o1, &cancel, &res, &s->err));
    assert_true(order_note(&s->work, o2, STR("позвонить"), &note, &s->err));
    assert_true(order_hold(&s->work, k1, instant_add(s->work.now, DAY_MS), STR("ждём"), &s->err));
    struct task task = { .title = STR("дело"), .order_id = o2, .due_at = s->work.now };
    assert_true(order_task(&s->work, &task, &s->err));
    assert_true(order_assign(&s->work, &o2, 1, s->work.actor.id, &in, &res, &s->err));
    if (!id_eq(first, second)) {
        struct merge_plan m = { .kept = first, .gone = second, .by_person = true, .choices = { [VALUE_NAME] = CHOOSE_GONE } };
        assert_true(merge_do(&s->work, &m, &view, &event, &s->err));
    }
    struct returning back = { s, o1 };
    if (!db_tx(s->work.db, return_tx, &back, &s->err))
        fail_msg("%s: %s %s", s->err.item[0].field, s->err.item[0].text, s->err.trail);
    test_shop_run(s, "INSERT INTO consents (id, customer_id, purpose, medium, state, at, text_version, proof, channel, actor_kind, actor_name) "
                     "SELECT 9002, MIN(customer_id), 'marketing', 'sms', 'given', 1, '', '', '', 'user', 'x' FROM orders WHERE account_id = 502");
}

/* What the clocks of the shop have made of it meanwhile: a claim with its clock, a limit that was passed, and who was told of both. */
static void watched(struct test_shop *s)
{
    static const char *const objects[] = { "claim", "alarm", "return" };
    char sql[400];
    test_shop_run(s, "INSERT INTO claims (id, account_id, external_id, side, state, subject, amount, currency, evidence, decision, appeals, version, created_at, "
                     "updated_at) VALUES (9100, 501, '', 'us_to_channel', 'open', 'lost', 1, 'KZT', '[]', '', 0, 1, 1, 1)");
    test_shop_run(s, "INSERT INTO claim_clocks (claim_id, account_id, began, deadline_at, yellow_at, red_at, total_ms, zone) VALUES (9100, 501, 1, 4, 2, 3, 3, 'red')");
    test_shop_run(s, "INSERT INTO alarms (id, kind, key, level, account_id, channel, title, figure, facts, since) "
                     "VALUES (9100, 'standing', 'own_cancel:501', 'near', 501, 'kaspi', 'x', 'own_cancel', '{}', 1)");
    test_shop_run(s, "INSERT INTO tasks (id, title, kind, state, rule, version, created_at, updated_at) VALUES (9101, 'x', 'standing', 'open', 'alarm:9100', 1, 1, 1)");
    test_shop_run(s, "UPDATE returns SET id = 9100");
    test_shop_run(s, "UPDATE return_lines SET return_id = 9100");
    for (int i = 0; i < COUNT_OF(objects); i++) {
        snprintf(sql, sizeof sql, "INSERT INTO notices (id, user_id, type, object, object_id, key, title, channel, step, at) VALUES (%d, 1, 'x', '%s', 9100, '%s', '', '', '', 1)",
                 9200 + i, objects[i], objects[i]);
        test_shop_run(s, sql);
        snprintf(sql, sizeof sql, "INSERT INTO notice_sends (id, user_id, target_id, medium, type, digest, state, not_before, tries, taken_by, lease_until, text, external, "
                 "created_at) VALUES (%d, 1, 1, 'email', 'x', 0, 'waiting', 1, 0, '', 0, '', '', 1)", 9300 + i);
        test_shop_run(s, sql);
        snprintf(sql, sizeof sql, "INSERT INTO notice_parts (send_id, notice_id) VALUES (%d, %d)", 9300 + i, 9200 + i);
        test_shop_run(s, sql);
        snprintf(sql, sizeof sql, "INSERT INTO notice_reads (user_id, object, object_id, read_to) VALUES (1, '%s', 9100, 1)", objects[i]);
        test_shop_run(s, sql);
        snprintf(sql, sizeof sql, "INSERT INTO escalations (object, object_id, step, told, acked, next_at) VALUES ('%s', 9100, 'x', 1, 0, 0)", objects[i]);
        test_shop_run(s, sql);
    }
}

struct taking { struct test_shop *s; struct int_list accounts; struct example_gone gone; };

static bool take_tx(struct db *db, void *ctx, struct err *err)
{
    struct taking *t = ctx;
    return example_take_out(db, &t->s->work, &t->accounts, &t->gone, err);
}

static struct example_gone taken_out(struct test_shop *s)
{
    struct taking t = { .s = s };
    *int_list_add(&t.accounts, &s->arena) = KASPI;
    *int_list_add(&t.accounts, &s->arena) = OZON;
    if (!db_tx(s->work.db, take_tx, &t, &s->err))
        fail_msg("%s: %s: %s", s->err.item[0].field, s->err.item[0].text, s->err.trail);
    return t.gone;
}

static void an_example_that_was_worked_with_leaves_the_database_as_it_was(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    buys(&s, 0, "S-1", "Асель Нурланова", "+7 701 000 11 22");
    buys(&s, 0, "S-2", "Пётр Сидоров", "+7 702 000 33 44");
    test_shop_advance(&s, HOUR_MS);
    struct table_list before = database(&s);

    accounts_made(&s);
    buys(&s, KASPI, "K-1", "Мария Иванова", "+7 777 123 45 67");
    buys(&s, OZON, "O-1", "Динара Оспанова", "+7 747 291 77 58");
    buys(&s, OZON, "O-2", "Алия Нурмагамбетова", "+7 708 145 22 33");
    worked_with(&s);
    watched(&s);
    struct example_gone gone = taken_out(&s);
    assert_int_equal(gone.orders, 3);
    assert_int_equal(gone.returns, 1);
    assert_int_equal(gone.people, 3);
    struct table_list after = database(&s);
    assert_same(&before, &after);
    test_shop_done(&s);
}

static void a_buyer_of_the_shop_whom_the_example_has_too_is_the_shops_again(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    buys(&s, 0, "S-1", "Мария Иванова", "+7 777 123 45 67");
    struct table_list before = database(&s);
    test_shop_advance(&s, HOUR_MS);
    accounts_made(&s);
    buys(&s, KASPI, "K-1", "Мария Иванова", "8 777 123 45 67");
    assert_int_equal(count_rows(&s, "SELECT orders_count FROM customers"), 2);
    struct example_gone gone = taken_out(&s);
    assert_int_equal(gone.people, 0);
    struct table_list after = database(&s);
    assert_same(&before, &after);
    test_shop_done(&s);
}

static void what_came_to_the_shop_while_it_was_shown_stays(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    accounts_made(&s);
    buys(&s, KASPI, "K-1", "Мария Иванова", "+7 777 123 45 67");
    buys(&s, 0, "S-1", "Мария Иванова", "8 777 123 45 67");
    buys(&s, 0, "S-2", "Пётр Сидоров", "+7 702 000 33 44");
    taken_out(&s);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders"), 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.orders_count = 1"), 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customer_sources"), 2);
    assert_int_equal(count_rows(&s, "SELECT CAST(SUM(n) AS BIGINT) FROM order_totals"), 2);
    test_shop_done(&s);
}

static bool save_tx(struct db *db, void *ctx, struct err *err)
{
    struct taking *t = ctx;
    struct example e = { t->accounts, STR("http://127.0.0.1:8090") };
    return example_save(db, &t->s->arena, &e, err);
}

/* A clock that was set back gives no id again, whatever was written last. */
static void the_newest_id_is_found_in_tables_that_came_later(void **state)
{
    struct test_shop s;
    rid              last;
    test_shop_init(&s, state);
    test_shop_run(&s, "INSERT INTO alarms (id, kind, key, level, channel, title, figure, facts, since) "
                      "VALUES (7000000000000000000, 'reason', 'x', 'grows', '', '', '', '{}', 1)");
    assert_true(ids_last(s.work.db, &last, &s.err));
    assert_int_equal(last.v, INT64_C(7000000000000000000));
    test_shop_done(&s);
}

static void it_is_offered_to_a_shop_that_has_nothing_of_its_own(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    enum example_why why;
    test_shop_run(&s, "DELETE FROM channel_accounts");
    assert_true(example_ask(&s.work, &why, &s.err));
    assert_int_equal(why, EXAMPLE_MAY);
    buys(&s, 0, "S-1", "Мария Иванова", "+7 777 123 45 67");
    assert_true(example_ask(&s.work, &why, &s.err));
    assert_int_equal(why, EXAMPLE_SHOP_USED);
    struct taking t = { .s = &s };
    *int_list_add(&t.accounts, &s.arena) = KASPI;
    assert_true(db_tx(s.work.db, save_tx, &t, &s.err));
    assert_true(example_ask(&s.work, &why, &s.err));
    assert_int_equal(why, EXAMPLE_SHOWN);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_example_that_was_worked_with_leaves_the_database_as_it_was),
        cmocka_unit_test(a_buyer_of_the_shop_whom_the_example_has_too_is_the_shops_again),
        cmocka_unit_test(what_came_to_the_shop_while_it_was_shown_stays),
        cmocka_unit_test(it_is_offered_to_a_shop_that_has_nothing_of_its_own),
        cmocka_unit_test(the_newest_id_is_found_in_tables_that_came_later),
    };
    return test_shops(tests, COUNT_OF(tests));
}
