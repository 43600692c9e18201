/* Weights learnt from what people have said of pairs, kept with who and when, and taken back. On both stores. */
#include "support/shop.h"

#include "customers/link_store.h"
#include "customers/weights_flow.h"
#include "identity/learn.h"

#define RECORDS 22                      /* 231 pairs */

static void people_take(struct test_shop *s)
{
    for (int i = 0; i < RECORDS; i++) {
        struct order_draft d = a_draft(s, str_zero(&s->arena, str_print(&s->arena, "W-%d", i)));
        d.customer.external_id = str_print(&s->arena, "w-%d", i);
        d.customer.name    = STR("Мария Иванова");
        d.customer.phone   = str_print(&s->arena, "770155500%02d", i);
        d.delivery.city    = STR("Алматы");
        d.delivery.address = i % 2 ? STR("ул. Абая, д. 10, кв. 5") : STR("пр. Достык, д. 77, кв. 3");
        take_drafts(s, &d, 1, HUB_NEW, "1");
        test_shop_advance(s, SECOND_MS);
    }
}

struct saying { struct test_shop *s; int said, max; };

/* Whoever shares a flat is one person; the others are not. */
static bool say_tx(struct db *db, void *ctx, struct err *err)
{
    struct saying              *x   = ctx;
    struct customer_source_list all = { 0 };
    if (!customer_sources_after(db, (rid){ 0 }, RECORDS, &x->s->arena, &all, err))
        return false;
    assert_int_equal(all.count, RECORDS);
    for (int i = 0; i < all.count; i++)
        for (int k = i + 1; k < all.count && x->said < x->max; k++) {
            struct verdict v = { .id = work_id(&x->s->work), .a_id = all.at[i].id, .b_id = all.at[k].id, .verdict = (k - i) % 2 ? STR("different") : STR("same"),
                                 .actor_kind = STR("user"), .actor_name = STR("Дана"), .at = x->s->work.now };
            if (!verdict_add(db, &v, err))
                return false;
            x->said++;
        }
    return true;
}

static void say(struct test_shop *s, int count)
{
    struct saying x = { s, 0, count };
    assert_true(db_tx(s->work.db, say_tx, &x, &s->err));
}

static void few_verdicts_move_nothing(void **state)
{
    struct test_shop  s;
    struct weight_set set;
    test_shop_init(&s, state);
    people_take(&s);
    say(&s, LEARN_MIN - 1);
    assert_true(weights_estimate(&s.work, STR("KZ"), &set, &s.err));
    assert_false(id_is_set(set.id));
    assert_false(weights_by_hand(&s.work, STR("KZ"), false, &set, &s.err));
    assert_int_equal(s.err.code, ERR_CONFLICT);
    err_clear(&s.err);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_weights"), 0);
    test_shop_done(&s);
}

static void two_hundred_verdicts_move_what_they_speak_of_and_that_can_be_taken_back(void **state)
{
    struct test_shop           s;
    struct weight_set          set, again;
    const struct pair_weights *now = NULL;
    test_shop_init(&s, state);
    people_take(&s);
    say(&s, RECORDS * RECORDS);
    assert_true(weights_estimate(&s.work, STR("KZ"), &set, &s.err));
    assert_true(id_is_set(set.id));
    assert_int_equal(set.verdicts_n, RECORDS * (RECORDS - 1) / 2);
    assert_true(weights_now(s.work.db, &s.arena, &now, &s.err) && now);
    assert_true(now->of[EV_ADDRESS_FLAT] > pair_weights_default.of[EV_ADDRESS_FLAT] + 50);
    assert_true(now->of[EV_ADDRESS_ELSEWHERE] < pair_weights_default.of[EV_ADDRESS_ELSEWHERE]);
    assert_int_equal(now->of[EV_EMAIL_SAME], pair_weights_default.of[EV_EMAIL_SAME]);           /* of which nobody spoke */
    assert_int_equal(now->of[EV_NAME_DIFFERENT], pair_weights_default.of[EV_NAME_DIFFERENT]);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM audit_entries WHERE action = 'identity.weights'"), 1);

    assert_true(weights_estimate(&s.work, STR("KZ"), &again, &s.err));                           /* nobody has said more since */
    assert_false(id_is_set(again.id));

    assert_true(weights_undo(&s.work, set.id, &s.err));
    assert_true(weights_now(s.work.db, &s.arena, &now, &s.err));
    assert_null(now);
    assert_false(weights_undo(&s.work, set.id, &s.err));
    assert_int_equal(s.err.code, ERR_CONFLICT);
    err_clear(&s.err);
    assert_true(weights_estimate(&s.work, STR("KZ"), &again, &s.err));                           /* nor does it come back by itself */
    assert_false(id_is_set(again.id));

    /* Somebody asks what the verdicts would change, and takes it. */
    assert_true(weights_by_hand(&s.work, STR("KZ"), true, &again, &s.err) && str_eq(again.weights, set.weights));
    assert_true(weights_now(s.work.db, &s.arena, &now, &s.err) && !now);
    assert_true(weights_by_hand(&s.work, STR("KZ"), false, &again, &s.err) && id_is_set(again.id));
    assert_true(weights_now(s.work.db, &s.arena, &now, &s.err) && now && now->of[EV_ADDRESS_FLAT] > pair_weights_default.of[EV_ADDRESS_FLAT] + 50);
    assert_false(weights_by_hand(&s.work, STR("KZ"), false, &again, &s.err));                    /* other weights hold than those it began with */
    assert_int_equal(s.err.code, ERR_CONFLICT);
    err_clear(&s.err);
    test_shop_done(&s);
}

/* ---- the rule alone ---- */

static void pairs_say(struct arena *a, struct learn_pair_list *l, int count, enum learn_said said, uint8_t one, uint8_t two)
{
    for (int i = 0; i < count; i++)
        *learn_pair_list_add(l, a) = (struct learn_pair){ .codes = { one, two }, .count = 2, .said = said };
}

static void guards_and_bounds_hold_whatever_is_said(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct learn_pair_list l = { 0 };
    struct pair_weights    w;
    pairs_say(&a, &l, 300, LEARN_SAME, EV_PHONE_SAME, EV_NAME_DIFFERENT);
    pairs_say(&a, &l, 300, LEARN_DIFFERENT, EV_EMAIL_SAME, EV_NAME_SAME);
    pairs_say(&a, &l, 300, LEARN_SAME, EV_PHONE_DIFFERENT, EV_BIRTH_DIFFERENT);
    assert_true(weights_learn(&l, &pair_weights_default, &w));
    for (int c = 1; c < EV_COUNT; c++) {
        int was = pair_weights_default.of[c], is = w.of[c];
        if (is - was > LEARN_MOST || was - is > LEARN_MOST || (was > 0) != (is > 0) || (was < 0) != (is < 0) ||
            (!learn_is_free((enum evidence_code)c) && is != was))
            fail_msg("%s: %d, was %d", evidence_names[c], is, was);
    }
    assert_true(w.of[EV_EMAIL_SAME] < pair_weights_default.of[EV_EMAIL_SAME]);
    struct person p, q;
    struct pair   pair;
    person_read(&a, &(struct person_record){ .name = STR("Мария Иванова"), .phone = STR("87771234567"), .email = STR("m@inbox.kz") }, STR("KZ"), NULL, &p);
    person_read(&a, &(struct person_record){ .name = STR("Ерлан Оспанов"), .phone = STR("87771234567"), .email = STR("m@inbox.kz") }, STR("KZ"), NULL, &q);
    pair_score(&p, &q, &w, NULL, &pair);
    assert_int_not_equal(pair_decide(&pair, &limits_default), DECISION_AUTOMATIC);
}

static void what_nobody_judged_teaches_nothing(void **state)
{
    (void)state;
    CLEANUP(arena_done) struct arena a = { 0 };
    struct learn_pair_list l = { 0 };
    struct pair_weights    w;
    pairs_say(&a, &l, 1000, LEARN_NOTHING, EV_PHONE_SAME, EV_NAME_SAME);
    pairs_say(&a, &l, LEARN_MIN - 1, LEARN_SAME, EV_ADDRESS_FLAT, EV_NAME_SAME);
    assert_false(weights_learn(&l, &pair_weights_default, &w));
    assert_memory_equal(&w, &pair_weights_default, sizeof w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_verdicts_move_nothing),
        cmocka_unit_test(two_hundred_verdicts_move_what_they_speak_of_and_that_can_be_taken_back),
        cmocka_unit_test(guards_and_bounds_hold_whatever_is_said),
        cmocka_unit_test(what_nobody_judged_teaches_nothing),
    };
    return test_shops(tests, COUNT_OF(tests));
}
