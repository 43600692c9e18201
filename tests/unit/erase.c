/* Who is erased is found nowhere: not in a table, not in the bytes of the file, not in a restored backup. On both stores. */
#include "support/shop.h"

#include "base/buf.h"
#include "customers/card_note_flow.h"
#include "customers/merge_flow.h"
#include "customers/tag_flow.h"
#include "orders/erase_flow.h"

#include <sqlite3.h>
#include <stdio.h>

static const char *const traces[] = { "7771234567", "7654321777", "ivanova", "maria@email.kz", "Иванова", "Абая 10", "Петровна", "не звонить" };

static bool consent_tx(struct db *db, void *ctx, struct err *err) { return record_insert(db, &consent_record, ctx, err); }

static rid a_person_with_a_past(struct test_shop *s)
{
    struct order_draft d = a_draft(s, "A"), e = a_draft(s, "B");
    d.customer.email = STR("maria@email.kz");
    d.recipient.name = STR("Мария Петровна Иванова");
    d.recipient.phone = STR("+7 777 123 45 67");
    d.delivery.address = STR("Абая 10, кв. 5");
    d.comment = STR("домофон 5, не звонить");
    e.customer.name = STR("Иванова М. П.");
    e.customer.phone = STR("+7 701 765 43 21");
    take_drafts(s, &d, 1, HUB_NEW, "1");
    take_drafts(s, &e, 1, HUB_NEW, "1");
    struct note n;
    struct merge_view v;
    rid event, a = the_order(s, "A").customer_id, b = the_order(s, "B").customer_id;
    assert_true(order_note(&s->work, the_order(s, "A").id, STR("Иванова просит не звонить на 7771234567"), &n, &s->err));
    const rid both[] = { a, b };
    struct tagged put;
    assert_true(customers_tag(&s->work, both, id_eq(a, b) ? 1 : 2, STR("Иванова с Абая 10"), true, &put, &s->err) && put.count > 0);
    struct card_note about;
    assert_true(card_note_add(&s->work, b, STR("Иванова с Абая 10, домофон 5"), &about, &s->err));
    struct consent c = { .id = work_id(&s->work), .customer_id = b, .purpose = STR("marketing"), .medium = STR("sms"), .state = STR("withdrawn"),
                         .at = s->work.now, .proof = STR("Иванова: не звонить"), .actor_kind = STR("user"), .actor_name = STR("") };
    assert_true(db_tx(s->work.db, consent_tx, &c, &s->err));
    if (!id_eq(a, b)) {
        struct merge_plan m = { .kept = a, .gone = b, .by_person = true, .choices = { [VALUE_NAME] = CHOOSE_GONE } };
        assert_true(merge_do(&s->work, &m, &v, &event, &s->err));
    }
    return a;
}

static void orders_end(struct test_shop *s)
{
    struct order_draft d = a_draft(s, "A"), e = a_draft(s, "B");
    e.customer.name = STR("Иванова М. П.");
    e.customer.phone = STR("+7 701 765 43 21");
    test_shop_advance(s, HOUR_MS);
    d.status_key = d.external_status = e.status_key = e.external_status = STR("COMPLETED");
    take_drafts(s, &d, 1, HUB_COMPLETED, "2");
    take_drafts(s, &e, 1, HUB_COMPLETED, "2");
}

static int64_t version_of(struct test_shop *s, rid id)
{
    struct customer c;
    assert_true(record_get(s->work.db, &customer_record, id, &s->arena, &c, &s->err));
    return c.version;
}

/* Every text column of every table. */
static void assert_no_trace(struct test_shop *s)
{
    str sql = s->store->is_postgres
        ? STR("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'text' ORDER BY 1, 2")
        : STR("SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND c.type = 'TEXT' ORDER BY 1, 2");
    struct str_list columns = { 0 };
    {
        CLEANUP(stmt_done) struct stmt st = db_query_text(s->work.db, "test.columns", sql);
        while (db_row(&st)) {
            *str_list_add(&columns, &s->arena) = col_text_copy(&st, 0, &s->arena);
            *str_list_add(&columns, &s->arena) = col_text_copy(&st, 1, &s->arena);
        }
        assert_true(db_ok(&st, &s->err));
    }
    assert_true(columns.count > 200);
    for (int i = 0; i < columns.count; i += 2)
        for (int k = 0; k < COUNT_OF(traces); k++) {
            str ask = str_print(&s->arena, "SELECT COUNT(*) FROM %.*s WHERE %.*s LIKE '%%%s%%'", STR_ARG(columns.at[i]), STR_ARG(columns.at[i + 1]), traces[k]);
            int64_t n = count_rows(s, str_zero(&s->arena, ask));
            if (n)
                fail_msg("%.*s: %lld", STR_ARG(ask), (long long)n);
        }
}

static struct erasure erased(struct test_shop *s, rid id, bool do_not_contact)
{
    struct erase_plan plan = { .customer = id, .version = version_of(s, id), .do_not_contact = do_not_contact };
    struct erasure    done;
    if (!customer_erase(&s->work, &plan, &done, &s->err))
        fail_msg("%s", s->err.item[0].text);
    return done;
}

static void an_open_order_keeps_the_address(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    rid id = a_person_with_a_past(&s);
    struct erase_plan plan = { .customer = id, .version = version_of(&s, id) };
    struct erasure    done;
    assert_false(customer_erase(&s.work, &plan, &done, &s.err));
    assert_int_equal(s.err.code, ERR_CONFLICT);
    test_shop_done(&s);
}

static void nothing_of_the_person_is_left_in_any_table_and_totals_stay(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    rid id = a_person_with_a_past(&s);
    orders_end(&s);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM orders WHERE delivery_address LIKE '%Абая 10%' AND comment_buyer LIKE '%не звонить%'"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customer_sources WHERE email = 'maria@email.kz' AND phone = '+77771234567'"), 1);
    int64_t sum = count_rows(&s, "SELECT CAST(SUM(grand_total) AS BIGINT) FROM orders"), spent = count_rows(&s, "SELECT MAX(net_spent) FROM customers");
    struct erasure done = erased(&s, id, true);
    assert_int_equal(done.orders_n, 2);
    assert_no_trace(&s);
    assert_int_equal(count_rows(&s, "SELECT CAST(SUM(grand_total) AS BIGINT) FROM orders"), sum);
    assert_int_equal(count_rows(&s, "SELECT MAX(net_spent) FROM customers"), spent);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_keys"), 0);
    assert_true(count_rows(&s, "SELECT COUNT(*) FROM do_not_contact") >= 2);
    /* The market tells the same orders once more: nothing of the person comes back. */
    struct order_draft d = a_draft(&s, "A");
    test_shop_advance(&s, HOUR_MS);
    d.recipient.name = STR("Мария Петровна Иванова");
    d.delivery.address = STR("Абая 10, кв. 5");
    d.status_key = d.external_status = STR("RETURNED");
    take_drafts(&s, &d, 1, HUB_RETURNED, "3");
    assert_no_trace(&s);
    test_shop_done(&s);
}

static void the_bytes_of_the_file_hold_no_trace(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    rid id = a_person_with_a_past(&s);
    orders_end(&s);
    (void)erased(&s, id, false);
    if (s.store->is_postgres) {
        test_shop_done(&s);
        return;                         /* PostgreSQL frees the space of old rows by itself, when it sees fit */
    }
    str path = str_sub(str_of(s.store->url), 7, SIZE_MAX);
    test_shop_done(&s);
    sqlite3 *raw;
    char     file[256];
    snprintf(file, sizeof file, "%.*s", STR_ARG(path));
    assert_int_equal(sqlite3_open(file, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_exec(raw, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(raw);
    CLEANUP(arena_done) struct arena a = { 0 };
    struct buf b = buf_in(&a);
    FILE *f = fopen(file, "rb");
    assert_non_null(f);
    for (size_t n = 1; n;) {
        char *at = buf_reserve(&b, 65536);
        n = fread(at, 1, 65536, f);
        b.len += n;
    }
    fclose(f);
    for (int k = 0; k < COUNT_OF(traces); k++)
        if (memmem(b.at, b.len, traces[k], strlen(traces[k])))
            fail_msg("the file still holds %s", traces[k]);
}

static void a_restored_copy_forgets_again(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    rid id = a_person_with_a_past(&s);
    /* What another, newer database had erased, told by ids; here the person still lives. */
    struct erasure done = { .id = work_id(&s.work), .at = s.work.now, .actor_kind = STR("user"), .actor_name = STR("Нурлан"),
                            .customers = str_print(&s.arena, "%lld,999", (long long)id.v), .sources = STR("998") };
    assert_true(customer_erase_again(&s.work, &done, &s.err));
    assert_no_trace(&s);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM erasures"), 1);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_open_order_keeps_the_address),
        cmocka_unit_test(nothing_of_the_person_is_left_in_any_table_and_totals_stay),
        cmocka_unit_test(the_bytes_of_the_file_hold_no_trace),
        cmocka_unit_test(a_restored_copy_forgets_again),
    };
    return test_shops(tests, COUNT_OF(tests));
}
