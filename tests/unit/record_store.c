/* Rows of a record in and out of both databases. */
#include "unit/record_ground.h"

static void a_row_comes_back_as_it_was_stored(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing full = sample(),
                 empty = { .id = { 12 }, .account_id = { 1 }, .made_at = { -1 }, .price = { -5 } }, got;
    full.hint = (str){ 0 };
    assert_true(run(&g, (struct change){ INSERT, &full, 1 }));
    assert_true(run(&g, (struct change){ INSERT, &empty, 1 }));
    assert_true(record_get(g.db, &thing_record, full.id, &g.a, &got, &g.err));
    got.hint = (str){ 0 };
    assert_true(same(&g.a, &got, &full));
    got = (struct thing){ 0 };
    assert_true(record_get(g.db, &thing_record, empty.id, &g.a, &got, &g.err));
    assert_true(same(&g.a, &got, &empty));
    assert_false(record_get(g.db, &thing_record, (rid){ 13 }, &g.a, &got, &g.err));
    assert_int_equal(g.err.code, ERR_NOT_FOUND);
    assert_false(run(&g, (struct change){ INSERT, &full, 1 }));
    assert_int_equal(g.err.code, ERR_DB_CONFLICT);
    ground_done(&g);
}

static void rows_load_in_the_order_asked_for(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing rows[60] = { 0 };
    for (int i = 0; i < 60; i++)
        rows[i] = (struct thing){
            .id = { i + 1 }, .account_id = { 1 }, .name = str_print(&g.a, "n%d", i + 1), .made_at = { 1 }
        };
    assert_true(run(&g, (struct change){ INSERT, rows, 60 }));
    rid ask[64];
    for (int i = 0; i < 62; i++)
        ask[i] = (rid){ 62 - i };        /* two of them do not exist */
    ask[62] = (rid){ 5 };                /* twice */
    ask[63] = (rid){ 0 };
    struct thing out[64] = { 0 };
    int found = -1;
    int64_t before = db_statements(g.db);
    assert_true(record_load(g.db, &thing_record, ask, 64, &g.a, out, &found, &g.err));
    assert_int_equal(db_statements(g.db) - before, 1);
    assert_int_equal(found, 61);
    for (int i = 0; i < 60; i++)
        assert_int_equal(out[i].id.v, 60 - i);
    assert_true(out[60].id.v == 5 && str_is(out[60].name, "n5"));
    assert_true(record_load(g.db, &thing_record, ask, 0, &g.a, out, &found, &g.err));
    assert_int_equal(found, 0);
    ground_done(&g);
}

static void an_update_writes_only_what_came_to_the_version_seen(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing t = sample(), got = { 0 };
    assert_true(run(&g, (struct change){ INSERT, &t, 1 }));
    t.name = STR("New");
    t.qty  = 77;
    t.due_at = (instant){ 5 };
    assert_true(
        run(&g, (struct change){ UPDATE, &t, 1,
                                 bit("name") | bit("due_at") | bit("id") | bit("version") | bit("hint") }));
    assert_true(record_get(g.db, &thing_record, t.id, &g.a, &got, &g.err));
    assert_true(str_is(got.name, "New") && got.qty == -2 && got.due_at.ms == 5 && got.version == 5);
    assert_false(run(&g, (struct change){ UPDATE, &t, 1, bit("qty") }));
    assert_int_equal(g.err.code, ERR_VERSION_OLD);
    t.version = 5;
    assert_true(run(&g, (struct change){ UPDATE, &t, 1, 0 }));
    t.id = (rid){ 99 };
    assert_false(run(&g, (struct change){ UPDATE, &t, 1, bit("qty") }));
    assert_int_equal(g.err.code, ERR_NOT_FOUND);
    err_clear(&g.err);
    assert_true(record_get(g.db, &thing_record, (rid){ 11 }, &g.a, &got, &g.err));
    assert_int_equal(got.version, 6);
    ground_done(&g);
}

/* Clients choose the fields of an edit: more choices than the table of statements keeps must work as well. */
static void any_set_of_fields_can_be_updated(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing t = sample(), got = { 0 };
    assert_true(run(&g, (struct change){ INSERT, &t, 1 }));
    static const char *const names[] = { "owner_id", "name", "phone", "secret", "colour",
                                         "is_open",  "qty",  "price", "due_at" };
    for (unsigned mask = 0; mask < 450; mask++) {
        uint64_t set = 0;
        for (unsigned i = 0; i < COUNT_OF(names); i++)
            set |= mask & BIT(i) ? bit(names[i]) : 0;
        t.price = (amount){ mask };
        assert_true(run(&g, (struct change){ UPDATE, &t, 1, set }));
        t.version++;
    }
    assert_true(record_get(g.db, &thing_record, t.id, &g.a, &got, &g.err));
    assert_int_equal(got.version, t.version);
    assert_int_equal(got.price.minor, 449);              /* the last one had the bit of the price */
    ground_done(&g);
}

static void a_delete_needs_the_version_seen(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing t = sample();
    assert_true(run(&g, (struct change){ INSERT, &t, 1 }));
    assert_false(run(&g, (struct change){ DELETE, .id = t.id, .version = 3 }));
    assert_int_equal(g.err.code, ERR_VERSION_OLD);
    assert_true(run(&g, (struct change){ DELETE, .id = t.id, .version = 4 }));
    assert_false(run(&g, (struct change){ DELETE, .id = t.id, .version = 4 }));
    assert_int_equal(g.err.code, ERR_NOT_FOUND);
    ground_done(&g);
}

static void hand_written_columns_find_their_fields_by_name(void **state)
{
    struct ground g;
    ground_init(&g, state);
    struct thing rows[3] = { sample(), sample(), sample() };
    rows[1].id.v = 21;
    rows[2].id.v = 31;
    assert_true(run(&g, (struct change){ INSERT, rows, 3 }));
    static const struct sql join = { "test.join",
                                     "SELECT b.version AS more, a.qty, a.name, 'yes' AS hint, b.id AS other, "
                                     "a.id, b.id FROM things a JOIN things b ON b.id <> a.id "
                                     "ORDER BY a.id, b.id" };
    int count = 0;
    {
        CLEANUP(stmt_done) struct stmt st = db_query(g.db, &join);
        while (db_row(&st)) {
            struct thing t = { .version = 9 };
            record_scan(&thing_record, &st, &g.a, &t);
            assert_true(t.qty == -2 && t.version == 9 && str_is(t.hint, "yes") &&
                        str_eq(t.name, rows[0].name));
            assert_int_equal(t.id.v, rows[count / 2].id.v);
            count++;
        }
        assert_true(db_ok(&st, &g.err));
    }
    assert_int_equal(count, 6);
    /* Texts that take turns at one address must not be mixed up. */
    for (int i = 0; i < 300; i++) {
        str text = str_print(
            &g.a, i % 2 ? "SELECT %d AS x, id, qty FROM things" : "SELECT %d AS x, qty, id FROM things", i);
        CLEANUP(stmt_done) struct stmt st = db_query_text(g.db, "test.turn", text);
        struct thing t = { 0 };
        assert_true(db_row(&st));
        record_scan(&thing_record, &st, &g.a, &t);
        assert_true(t.qty == -2 && t.id.v > 0);
    }
    ground_done(&g);
}

struct short_thing { rid id; str name; };
static const struct field short_fields[] = { FIELD(short_thing, id), FIELD(short_thing, name) };
struct odd_thing { rid id, account_id; int64_t name; };
static const struct field odd_fields[] = { FIELD(odd_thing, id), FIELD(odd_thing, account_id),
                                           FIELD(odd_thing, name) };
struct long_thing { rid id; int64_t wings; };
static const struct field long_fields[] = { FIELD(long_thing, id), FIELD(long_thing, wings) };

static void a_record_that_differs_from_its_table_is_named(void **state)
{
    static const struct { struct record record; const char *text; } cases[] = {
        { RECORD(short_thing, "things", short_fields), "must be filled" },
        { RECORD(odd_thing, "things", odd_fields), "column name is TEXT" },
        { RECORD(long_thing, "wagons", long_fields), "there is no such table" },
    };
    struct ground g;
    ground_init(&g, state);
    assert_true(record_check(g.db, &thing_record, &g.err));
    for (int i = 0; i < COUNT_OF(cases); i++) {
        err_clear(&g.err);
        assert_false(record_check(g.db, &cases[i].record, &g.err));
        assert_int_equal(g.err.code, ERR_INTERNAL);
        assert_non_null(strstr(g.err.item[0].text, cases[i].text));
    }
    ground_done(&g);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_comes_back_as_it_was_stored),
        cmocka_unit_test(rows_load_in_the_order_asked_for),
        cmocka_unit_test(an_update_writes_only_what_came_to_the_version_seen),
        cmocka_unit_test(any_set_of_fields_can_be_updated),
        cmocka_unit_test(a_delete_needs_the_version_seen),
        cmocka_unit_test(hand_written_columns_find_their_fields_by_name),
        cmocka_unit_test(a_record_that_differs_from_its_table_is_named),
    };
    return test_stores(tests, COUNT_OF(tests));
}
