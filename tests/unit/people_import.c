/* Files of people: they join whom they belong to, the same file changes nothing, and taking it back leaves what was before. On both
 * stores. */
#include "support/shop.h"

#include "orders/people_import_flow.h"
#include "orders/people_export_flow.h"

#include <stdlib.h>

static struct people_outcome taken(struct test_shop *s, const char *csv)
{
    struct people_outcome out;
    struct people_plan    plan = { .bytes = str_of(csv), .file_name = STR("people.csv") };
    if (!people_import(&s->work, &plan, &out, &s->err))
        fail_msg("%s", s->err.item[0].text);
    test_shop_advance(s, MINUTE_MS);
    return out;
}

static struct import_undone undone(struct test_shop *s, rid job)
{
    struct import_undone out;
    if (!import_undo(&s->work, job, &out, &s->err))
        fail_msg("%s", s->err.item[0].text);
    test_shop_advance(s, MINUTE_MS);
    return out;
}

static int64_t cards(struct test_shop *s) { return count_rows(s, "SELECT COUNT(*) FROM customers WHERE merged_into IS NULL"); }

static void order_of(struct test_shop *s, const char *number, const char *phone, const char *email)
{
    struct order_draft d = a_draft(s, number);
    d.customer.name  = STR("Мария Иванова");
    d.customer.phone = str_of(phone);
    d.customer.email = str_of(email);
    take_drafts(s, &d, 1, HUB_NEW, "1");
    test_shop_advance(s, MINUTE_MS);
}

static void a_row_joins_the_card_it_surely_belongs_to(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    order_of(&s, "A", "7771234567", "");
    struct people_outcome out = taken(&s, "name,phone,email\nИванова Мария,+7 777 123-45-67,maria@email.kz\n");
    assert_int_equal(out.fates[IMPORT_NEW], 1);
    assert_int_equal(cards(&s), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customers WHERE email = 'maria@email.kz' AND orders_count = 1"), 1);
    struct import_undone back = undone(&s, out.job_id);
    assert_int_equal(back.removed, 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customer_sources"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customers WHERE email = ''"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customer_keys WHERE kind = 'email'"), 0);
    test_shop_done(&s);
}

static void taking_back_a_row_that_joined_two_cards_parts_them(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    order_of(&s, "A", "7771234567", "");
    order_of(&s, "B", "", "maria@email.kz");
    assert_int_equal(cards(&s), 2);
    struct people_outcome out = taken(&s, "name;phone;email\nМария Иванова;87771234567;maria@email.kz\n");
    assert_int_equal(cards(&s), 1);
    undone(&s, out.job_id);
    assert_int_equal(cards(&s), 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customers WHERE merged_into IS NULL AND orders_count = 1"), 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_verdicts WHERE withdrawn_at IS NULL"), 0);
    test_shop_done(&s);
}

static void what_somebody_has_touched_since_stays(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct people_outcome out = taken(&s, "id;name;phone\n1;Роза Калиева;87058804567\n2;Асель Нурланова;87019998877\n3;Ольга Ким;87019998866\n");
    taken(&s, "id;name;phone\n2;Асель Нурланова;87019990000\n");
    rid rosa = { count_rows(&s, "SELECT id FROM customers WHERE name = 'Роза Калиева'") };
    test_shop_run(&s, str_zero(&s.arena, str_print(&s.arena, "INSERT INTO customer_fields (customer_id, field, value, actor_kind, actor_id, actor_name, at) "
                                                             "VALUES (%lld, 'city', 'Шымкент', 'user', 1, 'x', 1)", (long long)rosa.v)));
    struct import_undone back = undone(&s, out.job_id);
    assert_int_equal(back.removed, 1);
    assert_int_equal(back.kept, 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customers WHERE name = 'Ольга Ким'"), 0);
    test_shop_done(&s);
}

static void many_rows_come_twice_without_a_change_and_go_without_a_trace(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct buf b = { 0 };
    CLEANUP(arena_done) struct arena file = { 0 };
    b = buf_in(&file);
    buf_add(&b, STR("external_id,name,phone,city\n"));
    for (int i = 0; i < 450; i++)
        buf_print(&b, "P%d,Имя%d Фамилия%d,+7701%07d,Алматы\n", i, i % 50, i, 1000000 + i * 37);
    buf_add_char(&b, '\0');
    struct people_outcome first = taken(&s, b.at);
    assert_int_equal(first.fates[IMPORT_NEW], 450);
    struct people_outcome again = taken(&s, b.at);
    assert_int_equal(again.fates[IMPORT_SAME], 450);
    int64_t versions = count_rows(&s, "SELECT CAST(SUM(version) AS BIGINT) FROM customers");
    assert_int_equal(versions, count_rows(&s, "SELECT COUNT(*) FROM customers"));

    struct people_export x;
    struct row_view      all = { .contacts = true, .prices = true };
    struct buf           out = buf_in(&s.arena);
    assert_true(people_export_start(&x, &s.work, PEOPLE_CSV, &all, NULL, &s.err));
    for (bool more = true; more;)
        assert_true(people_export_next(&x, &out, &more, &s.err));
    assert_int_equal(x.written, 450);
    people_export_end(&x);
    buf_add_char(&out, '\0');
    again = taken(&s, out.at);
    assert_int_equal(again.fates[IMPORT_SAME], 450);

    struct import_undone back = undone(&s, first.job_id);
    assert_int_equal(back.removed, 450);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customers"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customer_sources"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customer_keys"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_keys"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_links"), 0);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM audit_entries WHERE action LIKE 'customers.%'"), 5);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_joins_the_card_it_surely_belongs_to),
        cmocka_unit_test(taking_back_a_row_that_joined_two_cards_parts_them),
        cmocka_unit_test(what_somebody_has_touched_since_stays),
        cmocka_unit_test(many_rows_come_twice_without_a_change_and_go_without_a_trace),
    };
    return test_shops(tests, COUNT_OF(tests));
}
