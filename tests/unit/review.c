/* What is done about people behind the server's back: keys made anew in pieces, the nightly review, and taking it back. On both
 * stores. */
#include "support/shop.h"

#include "customers/match_store.h"
#include "customers/review_flow.h"

static void take(struct test_shop *s, const char *order, const char *buyer, const char *name, const char *phone)
{
    struct order_draft d = a_draft(s, order);
    d.customer.external_id = str_of(buyer);
    d.customer.name  = str_of(name);
    d.customer.phone = str_of(phone);
    take_drafts(s, &d, 1, HUB_NEW, "1");
    test_shop_advance(s, MINUTE_MS);
}

struct number { struct test_shop *s; enum match_number which; int64_t value; bool clear; };

static bool number_tx(struct db *db, void *ctx, struct err *err)
{
    const struct number *n = ctx;
    return match_number_set(db, n->which, n->value, &n->s->arena, err) && (!n->clear || match_keys_clear(db, err));
}

static void number_set(struct test_shop *s, enum match_number which, int64_t value, bool clear)
{
    struct number n = { s, which, value, clear };
    assert_true(db_tx(s->work.db, number_tx, &n, &s->err));
}

static int64_t cards(struct test_shop *s) { return count_rows(s, "SELECT COUNT(*) FROM customers WHERE merged_into IS NULL"); }

/* An older version stored these: the keys are of other rules. */
static void an_upgrade(struct test_shop *s) { number_set(s, MATCH_RECIPE, 0, true); }

static void keys_are_made_in_pieces_and_go_on_where_they_were(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    take(&s, "A", "a", "Мария Иванова", "77015550001");
    take(&s, "B", "b", "Пётр Сидоров", "77015550002");
    int64_t all  = count_rows(&s, "SELECT COUNT(*) FROM identity_keys");
    int64_t later = count_rows(&s, "SELECT COUNT(*) FROM identity_keys WHERE source_id = (SELECT MAX(id) FROM customer_sources)");
    bool more = true;
    an_upgrade(&s);
    number_set(&s, MATCH_MAKING, KEYS_RECIPE, false);
    number_set(&s, MATCH_AT, count_rows(&s, "SELECT MIN(id) FROM customer_sources"), false);   /* a piece was done, then the server died */
    assert_true(identity_keys_step(&s.work, STR("KZ"), 1, &more, &s.err));
    assert_false(more);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_keys"), later);
    an_upgrade(&s);
    number_set(&s, MATCH_MAKING, 0, false);
    assert_true(identity_keys_ready(&s.work, STR("KZ"), &s.err));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_keys"), all);
    int64_t before = db_statements(s.work.db);
    assert_true(identity_keys_step(&s.work, STR("KZ"), 1, &more, &s.err));
    assert_int_equal(db_statements(s.work.db) - before, 1);
    test_shop_done(&s);
}

static void what_came_while_keys_were_made_is_reviewed_and_that_can_be_taken_back(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    take(&s, "A", "a", "Мария Иванова", "77015550001");
    take(&s, "B", "b", "Мария Иванова", "77015550001");
    take(&s, "C", "c", "Пётр Сидоров", "77015550002");
    an_upgrade(&s);
    take(&s, "D", "b", "Анна Ким", "77015550009");                /* the card does not hold together any more, and nobody parts it yet */
    take(&s, "E", "e", "Сидоров Пётр", "77015550002");            /* nobody to compare it with */
    assert_int_equal(cards(&s), 3);
    bool due;
    assert_true(identity_keys_ready(&s.work, STR("KZ"), &s.err));
    assert_true(identity_review_due(&s.work, 20000, false, &due, &s.err));
    assert_true(due);                                             /* without waiting for the night */
    struct rebuild_done done;
    assert_true(identity_review(&s.work, STR("KZ"), 20000, &done, &s.err));
    assert_int_equal(done.merges, 1);
    assert_int_equal(done.splits, 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_runs WHERE kind = 'nightly' AND state = 'done' AND merges_n = 1 AND splits_n = 1"), 1);
    rid ann = { count_rows(&s, "SELECT customer_id FROM orders WHERE external_id = 'D'") };
    assert_int_not_equal(ann.v, count_rows(&s, "SELECT customer_id FROM orders WHERE external_id = 'A'"));
    int undone;
    assert_true(unmerge_run(&s.work, done.run, STR(""), false, &undone, &s.err));
    assert_int_equal(undone, 2);
    assert_int_equal(count_rows(&s, "SELECT COUNT(DISTINCT customer_id) FROM customer_sources WHERE external_id IN ('a', 'b')"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(DISTINCT customer_id) FROM customer_sources WHERE external_id IN ('c', 'e')"), 2);
    assert_true(identity_review(&s.work, STR("KZ"), 20001, &done, &s.err));
    assert_int_equal(done.merges + done.splits, 0);               /* what was taken back is remembered */
    test_shop_done(&s);
}

static void a_night_is_taken_once_and_the_first_one_is_the_next(void **state)
{
    struct test_shop s;
    bool due;
    struct rebuild_done done;
    test_shop_init(&s, state);
    take(&s, "A", "a", "Мария Иванова", "77015550001");
    assert_true(identity_review_due(&s.work, 20000, true, &due, &s.err));
    assert_false(due);
    assert_true(identity_review_due(&s.work, 20001, false, &due, &s.err));
    assert_false(due);
    assert_true(identity_review_due(&s.work, 20001, true, &due, &s.err));
    assert_true(due);
    assert_true(identity_review(&s.work, STR("KZ"), 20001, &done, &s.err));
    assert_true(id_is_set(done.run));
    assert_true(identity_review(&s.work, STR("KZ"), 20001, &done, &s.err));       /* another server */
    assert_false(id_is_set(done.run));
    assert_true(identity_review_due(&s.work, 20001, true, &due, &s.err));
    assert_false(due);
    test_shop_done(&s);
}

static void a_large_shop_reviews_what_changed(void **state)
{
    struct test_shop s;
    struct rebuild_done done;
    struct rebuild_plan look = { .country = STR("KZ"), .dry_run = true };
    test_shop_init(&s, state);
    take(&s, "A", "a", "Мария Иванова", "77015550001");
    take(&s, "B", "b", "Мария Иванова", "77015550001");
    take(&s, "C", "c", "Пётр Сидоров", "77015550002");
    number_set(&s, MATCH_RECIPE, 0, false);
    instant since = s.work.now;
    take(&s, "D", "b", "Анна Ким", "77015550009");
    number_set(&s, MATCH_RECIPE, KEYS_RECIPE, false);
    assert_true(identity_review_changed(&s.work, STR("KZ"), since, &done, &s.err));
    assert_int_equal(done.sources, 2);                            /* of the card that changed */
    assert_int_equal(done.splits, 1);
    assert_true(identity_rebuild(&s.work, &look, &done, &s.err));
    assert_int_equal(done.merges + done.splits, 0);
    test_shop_done(&s);
}

static void a_run_lists_the_keys_that_are_too_common(void **state)
{
    struct test_shop s;
    struct rebuild_done done;
    struct block_list   blocks = { 0 };
    test_shop_init(&s, state);
    struct order_draft d[BLOCK_HOT + 3];
    for (int i = 0; i < COUNT_OF(d); i++) {
        d[i] = a_draft(&s, str_zero(&s.arena, str_print(&s.arena, "H-%d", i)));
        d[i].customer.external_id = str_print(&s.arena, "h-%d", i);
        d[i].customer.name  = STR("");
        d[i].customer.phone = STR("77015550001");
    }
    take_drafts(&s, d, COUNT_OF(d), HUB_NEW, "1");
    assert_int_equal(cards(&s), COUNT_OF(d));
    assert_true(identity_review(&s.work, STR("KZ"), 20000, &done, &s.err));
    assert_int_equal(done.hubs, 1);
    assert_true(blocks_list(s.work.db, 10, &s.arena, &blocks, &s.err));
    assert_int_equal(blocks.count, 1);
    assert_true(str_is(blocks.at[0].kind, "phone") && str_is(blocks.at[0].state, "hub"));
    assert_int_equal(blocks.at[0].members, COUNT_OF(d));
    struct block_choice choice = { blocks.at[0].key, true, STR("KZ") };
    assert_true(identity_block_decide(&s.work, &choice, &s.err));
    assert_true(cards(&s) < 10);                                  /* as large as a card may grow without a person's word */
    assert_true(identity_review(&s.work, STR("KZ"), 20001, &done, &s.err));
    assert_int_equal(done.merges + done.splits, 0);               /* it is kept in mind */
    choice.spare = false;
    assert_true(identity_block_decide(&s.work, &choice, &s.err));
    assert_int_equal(cards(&s), COUNT_OF(d));
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_made_in_pieces_and_go_on_where_they_were),
        cmocka_unit_test(what_came_while_keys_were_made_is_reviewed_and_that_can_be_taken_back),
        cmocka_unit_test(a_night_is_taken_once_and_the_first_one_is_the_next),
        cmocka_unit_test(a_large_shop_reviews_what_changed),
        cmocka_unit_test(a_run_lists_the_keys_that_are_too_common),
    };
    return test_shops(tests, COUNT_OF(tests));
}
