/* Cards become one and come apart: totals, links, values, consents, suggestions, two people at once. On both stores. */
#include "support/shop.h"

#include "base/buf.h"
#include "base/crash.h"
#include "customers/card_note_flow.h"
#include "customers/merge_flow.h"
#include "customers/tag_flow.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* ---- a shop with people ---- */

static uint64_t state_of_chance;

static uint64_t chance(uint64_t below)
{
    state_of_chance += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = state_of_chance;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

/* An order of a person of its own: the phone is made of `who`. */
static void an_order_of(struct test_shop *s, const char *id, const char *name, int who, int64_t sum, const char *currency, enum hub_status to)
{
    struct order_draft d = a_draft(s, id);
    d.customer.name  = str_of(name);
    d.customer.phone = str_print(&s->arena, "770100%05d", who);
    d.grand_total = d.goods_total = (amount){ sum };
    d.currency = str_of(currency);
    d.lines.at[0].line_total = (amount){ sum };
    take_drafts(s, &d, 1, to, "1");
}

static rid customer_of(struct test_shop *s, const char *order) { return the_order(s, order).customer_id; }

static struct customer card_of(struct test_shop *s, rid id)
{
    struct customer c;
    if (!record_get(s->work.db, &customer_record, id, &s->arena, &c, &s->err))
        fail_msg("%s", s->err.item[0].text);
    return c;
}

static struct merge_plan person_plan(struct test_shop *s, rid kept, rid gone)
{
    return (struct merge_plan){ .kept = kept, .gone = gone, .kept_version = card_of(s, kept).version, .gone_version = card_of(s, gone).version,
                                .by_person = true };
}

static rid merged(struct test_shop *s, const struct merge_plan *m)
{
    struct merge_view now;
    rid               event;
    if (!merge_do(&s->work, m, &now, &event, &s->err))
        fail_msg("%s", s->err.item[0].text);
    return event;
}

static struct unmerge_done parted(struct test_shop *s, const struct unmerge_plan *u)
{
    struct unmerge_done done;
    if (!unmerge_do(&s->work, u, &done, &s->err))
        fail_msg("%s: %s", s->err.item[0].text, s->err.trail);
    return done;
}

/* Everything that must be as it was, as text. Versions, times of change and what is kept of the past are left out. */
static const char *const seen[] = {
    "SELECT 'card ' || id || ' ' || name || ' ' || phone || ' ' || email || ' ' || city || ' ' || currency || ' ' || orders_count || ' ' || net_spent "
    "|| ' ' || COALESCE(first_order_at, 0) || ' ' || COALESCE(last_order_at, 0) || ' ' || manual || ' ' || COALESCE(merged_into, 0) FROM customers ORDER BY id",
    "SELECT 'source ' || id || ' ' || customer_id || ' ' || rule FROM customer_sources ORDER BY id",
    "SELECT 'order ' || id || ' ' || customer_id || ' ' || version FROM orders ORDER BY id",
    "SELECT 'history ' || order_id || ' ' || seq || ' ' || to_status FROM order_history ORDER BY order_id, seq",
    "SELECT 'link ' || id || ' ' || source_id || ' ' || customer_id || ' ' || rule || ' ' || score || ' ' || evidence FROM identity_links "
    "WHERE ended_at IS NULL ORDER BY source_id",
    "SELECT 'key ' || kind || ' ' || value || ' ' || customer_id FROM customer_keys ORDER BY kind, value, customer_id",
    "SELECT 'field ' || customer_id || ' ' || field || ' ' || value FROM customer_fields ORDER BY customer_id, field",
    "SELECT 'consent ' || id || ' ' || customer_id || ' ' || purpose || ' ' || medium || ' ' || state FROM consents WHERE voided_by IS NULL ORDER BY id",
    "SELECT 'tag ' || customer_id || ' ' || tag || ' ' || actor_name FROM customer_tags ORDER BY customer_id, tag",
    "SELECT 'note ' || id || ' ' || customer_id || ' ' || text || ' ' || version FROM customer_notes ORDER BY id",
    "SELECT 'verdict ' || a_id || ' ' || b_id || ' ' || verdict FROM identity_verdicts WHERE withdrawn_at IS NULL ORDER BY a_id, b_id",
    "SELECT 'open ' || id || ' ' || customer_a || ' ' || customer_b FROM identity_suggestions WHERE state = 'open' ORDER BY id",
};

static str snapshot(struct test_shop *s)
{
    struct buf b = buf_in(&s->arena);
    for (int i = 0; i < COUNT_OF(seen); i++) {
        CLEANUP(stmt_done) struct stmt st = db_query_text(s->work.db, "test.seen", str_of(seen[i]));
        while (db_row(&st))
            buf_print(&b, "%.*s\n", STR_ARG(col_text(&st, 0)));
        if (!db_ok(&st, &s->err))
            fail_msg("%s: %s", seen[i], s->err.item[0].text);
    }
    return str_copy(&s->arena, buf_str(&b));
}

static void assert_same(str before, str after)
{
    str x, y;
    while (before.len || after.len) {
        bool one = str_split(&before, '\n', &x), other = str_split(&after, '\n', &y);
        if (!one || !other || !str_eq(x, y))
            fail_msg("was %.*s, is %.*s", STR_ARG(x), STR_ARG(y));
    }
}

static void assert_sound(struct test_shop *s)
{
    assert_int_equal(count_rows(s, "SELECT COUNT(*) FROM customer_sources s WHERE (SELECT COUNT(*) FROM identity_links l WHERE l.source_id = s.id "
                                   "AND l.ended_at IS NULL AND l.customer_id = s.customer_id) <> 1"), 0);
    assert_int_equal(count_rows(s, "SELECT COUNT(*) FROM customers c WHERE c.orders_count <> (SELECT COUNT(*) FROM orders o JOIN customer_sources s "
                                   "ON s.id = o.source_id WHERE s.customer_id = c.id AND o.status <> 'cancelled')"), 0);
    assert_int_equal(count_rows(s, "SELECT COUNT(*) FROM customers c WHERE c.net_spent <> (SELECT COALESCE(SUM(o.grand_total), 0) FROM orders o "
                                   "JOIN customer_sources s ON s.id = o.source_id WHERE s.customer_id = c.id AND o.status <> 'cancelled' "
                                   "AND o.currency = c.currency)"), 0);
    assert_int_equal(count_rows(s, "SELECT COUNT(*) FROM identity_verdicts v JOIN customer_sources a ON a.id = v.a_id JOIN customer_sources b "
                                   "ON b.id = v.b_id WHERE v.withdrawn_at IS NULL AND v.verdict = 'different' AND a.customer_id = b.customer_id"), 0);
    assert_int_equal(count_rows(s, "SELECT COUNT(*) FROM orders o JOIN customer_sources s ON s.id = o.source_id WHERE s.customer_id <> o.customer_id"), 0);
}

/* ---- stories ---- */

static void two_cards_become_one_with_exact_totals(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    an_order_of(&s, "A", "Мария Иванова", 1, 4870000, "KZT", HUB_NEW);
    an_order_of(&s, "B", "Мария И.", 2, 130000, "KZT", HUB_NEW);
    an_order_of(&s, "C", "Мария И.", 2, 70000, "KZT", HUB_CANCELLED);
    rid a = customer_of(&s, "A"), b = customer_of(&s, "B"), living;
    struct merge_plan m = person_plan(&s, a, b);
    struct merge_view v;
    assert_true(merge_look(s.work.db, &s.work, &m, &v, &s.err));
    assert_int_equal(v.sums[2].orders, 2);
    assert_int_equal(v.sums[2].sum.minor, 5000000);
    merged(&s, &m);
    struct customer c = card_of(&s, a);
    assert_int_equal(c.orders_count, 2);
    assert_int_equal(c.net_spent.minor, 5000000);
    assert_true(str_is(c.name, "Мария Иванова"));
    assert_int_equal(customer_of(&s, "C").v, a.v);
    assert_true(customer_living(s.work.db, b, &living, &s.err));
    assert_int_equal(living.v, a.v);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_links WHERE ended_at IS NULL AND rule = 'manual'"), 1);
    assert_sound(&s);
    test_shop_done(&s);
}

static void a_later_order_of_a_merged_record_goes_to_the_living_card(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    an_order_of(&s, "A", "Мария Иванова", 1, 100, "KZT", HUB_NEW);
    an_order_of(&s, "B", "Мария Петрова", 2, 200, "KZT", HUB_NEW);
    rid a = customer_of(&s, "A");
    struct merge_plan m = person_plan(&s, a, customer_of(&s, "B"));
    merged(&s, &m);
    an_order_of(&s, "C", "Мария Петрова", 2, 400, "KZT", HUB_NEW);
    assert_int_equal(customer_of(&s, "C").v, a.v);
    assert_int_equal(card_of(&s, a).net_spent.minor, 700);
    assert_sound(&s);
    test_shop_done(&s);
}

static void a_chosen_value_is_marked_and_outlives_newer_copies(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    an_order_of(&s, "A", "Мария Иванова", 1, 100, "KZT", HUB_NEW);
    an_order_of(&s, "B", "Маша", 2, 200, "KZT", HUB_NEW);
    rid a = customer_of(&s, "A");
    struct merge_plan m = person_plan(&s, a, customer_of(&s, "B"));
    m.choices[VALUE_NAME] = CHOOSE_GONE;
    rid event = merged(&s, &m);
    assert_true(str_is(card_of(&s, a).name, "Маша"));
    assert_true(str_is(card_of(&s, a).manual, "name"));
    test_shop_advance(&s, HOUR_MS);
    an_order_of(&s, "C", "Мария Ивановна Иванова", 1, 200, "KZT", HUB_NEW);
    assert_true(str_is(card_of(&s, a).name, "Маша"));
    struct unmerge_plan u = { .event = event, .forget = true };
    parted(&s, &u);
    assert_true(str_is(card_of(&s, a).name, "Мария Ивановна Иванова"));
    test_shop_done(&s);
}

struct telling { struct test_shop *s; struct consent c; struct suggestion g; struct customer_field f; struct identity_run r; };

static bool tell_tx(struct db *db, void *ctx, struct err *err)
{
    struct telling *t = ctx;
    if (id_is_set(t->c.id) && !record_insert(db, &consent_record, &t->c, err))
        return false;
    if (id_is_set(t->f.customer_id) &&
        (!customer_field_set(db, &t->s->work, &t->f, err) || !customers_refresh(db, &t->s->work, &t->f.customer_id, 1, err)))
        return false;
    if (id_is_set(t->r.id) && !record_insert(db, &run_record, &t->r, err))
        return false;
    return !id_is_set(t->g.id) || suggestion_offer(db, &t->g, err);
}

static void tell(struct test_shop *s, struct telling t)
{
    t.s = s;
    if (!db_tx(s->work.db, tell_tx, &t, &s->err))
        fail_msg("%s", s->err.item[0].text);
}

static void consent(struct test_shop *s, rid customer, const char *medium, const char *said)
{
    tell(s, (struct telling){ .c = { .id = work_id(&s->work), .customer_id = customer, .purpose = STR("marketing"), .medium = str_of(medium),
                                     .state = str_of(said), .at = s->work.now, .actor_kind = STR("user") } });
}

static rid source_of(struct test_shop *s, const char *order) { return the_order(s, order).source_id; }

static void suggest(struct test_shop *s, const char *a, const char *b, int64_t score)
{
    tell(s, (struct telling){ .g = { .id = work_id(&s->work), .a_id = source_of(s, a), .b_id = source_of(s, b), .customer_a = customer_of(s, a),
                                     .customer_b = customer_of(s, b), .rule = STR("score"), .score = score, .at = s->work.now } });
}

static const char *consent_now(struct test_shop *s, rid customer, const char *medium)
{
    struct consent_list all = { 0 }, now = { 0 };
    assert_true(consents_of(s->work.db, &customer, 1, &s->arena, &all, &s->err));
    consents_effective(&all, customer, &s->arena, &now);
    for (int i = 0; i < now.count; i++)
        if (str_is(now.at[i].medium, medium))
            return str_zero(&s->arena, now.at[i].state);
    return "nothing";
}

static void the_stricter_consent_wins_and_comes_back(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    an_order_of(&s, "A", "Мария Иванова", 1, 100, "KZT", HUB_NEW);
    an_order_of(&s, "B", "Мария Петрова", 2, 200, "KZT", HUB_NEW);
    rid a = customer_of(&s, "A"), b = customer_of(&s, "B");
    consent(&s, a, "sms", "given");
    consent(&s, b, "sms", "withdrawn");
    consent(&s, b, "email", "given");
    consent(&s, a, "call", "withdrawn");
    consent(&s, b, "call", "given");
    struct merge_plan m = person_plan(&s, a, b);
    rid event = merged(&s, &m);
    assert_string_equal(consent_now(&s, a, "sms"), "withdrawn");
    assert_string_equal(consent_now(&s, a, "email"), "given");
    assert_string_equal(consent_now(&s, a, "call"), "withdrawn");
    struct unmerge_plan u = { .event = event };
    parted(&s, &u);
    assert_string_equal(consent_now(&s, a, "sms"), "given");
    assert_string_equal(consent_now(&s, a, "email"), "nothing");
    assert_string_equal(consent_now(&s, b, "call"), "given");
    test_shop_done(&s);
}

static void of_two_people_at_once_one_wins_and_the_other_is_told(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    an_order_of(&s, "A", "Мария Иванова", 1, 100, "KZT", HUB_NEW);
    an_order_of(&s, "B", "Мария Петрова", 2, 200, "KZT", HUB_NEW);
    an_order_of(&s, "C", "Мария Сидорова", 3, 400, "KZT", HUB_NEW);
    rid a = customer_of(&s, "A"), b = customer_of(&s, "B"), c = customer_of(&s, "C"), event;
    struct merge_plan first = person_plan(&s, a, b), second = person_plan(&s, a, c), third = person_plan(&s, c, b);
    struct merge_view now;
    merged(&s, &first);
    assert_false(merge_do(&s.work, &second, &now, &event, &s.err));
    assert_int_equal(s.err.code, ERR_VERSION_OLD);
    assert_int_equal(now.kept.version, card_of(&s, a).version);
    err_clear(&s.err);
    third.gone_version = third.kept_version = 0;
    assert_false(merge_do(&s.work, &third, &now, &event, &s.err));
    assert_int_equal(s.err.code, ERR_CONFLICT);
    err_clear(&s.err);
    assert_int_equal(card_of(&s, c).orders_count, 1);
    assert_sound(&s);
    test_shop_done(&s);
}

static void different_people_are_not_merged_until_the_verdict_is_withdrawn(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    an_order_of(&s, "A", "Мария Иванова", 1, 100, "KZT", HUB_NEW);
    an_order_of(&s, "B", "Мария Иванова", 2, 200, "KZT", HUB_NEW);
    rid a = customer_of(&s, "A"), b = customer_of(&s, "B"), event;
    suggest(&s, "A", "B", 900);
    assert_true(verdict_between(&s.work, a, b, STR("different"), STR("KZ"), &s.err));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_suggestions WHERE state = 'open'"), 0);
    struct merge_plan m = person_plan(&s, a, b);
    struct merge_view now;
    assert_false(merge_do(&s.work, &m, &now, &event, &s.err));
    assert_int_equal(s.err.code, ERR_CONFLICT);
    assert_int_equal(now.barred.count, 1);
    err_clear(&s.err);
    assert_true(verdict_withdraw_between(&s.work, b, a, STR("KZ"), &s.err));
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_suggestions WHERE state = 'open' AND score = 900"), 1);
    merged(&s, &m);
    assert_sound(&s);
    test_shop_done(&s);
}

static void a_source_is_taken_out_with_its_orders_and_remembered(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    an_order_of(&s, "A", "Мария Иванова", 1, 100, "KZT", HUB_NEW);
    an_order_of(&s, "B", "Мария Петрова", 2, 200, "KZT", HUB_NEW);
    an_order_of(&s, "C", "Мария Петрова", 2, 400, "KZT", HUB_NEW);
    rid a = customer_of(&s, "A"), b = customer_of(&s, "B");
    struct merge_plan m = person_plan(&s, a, b);
    merged(&s, &m);
    struct unmerge_plan u = { .customer = a, .source = source_of(&s, "A"), .version = card_of(&s, a).version };
    struct unmerge_done done = parted(&s, &u);
    assert_int_equal(done.kept.net_spent.minor, 600);
    assert_int_equal(done.gone.net_spent.minor, 100);
    assert_int_equal(customer_of(&s, "A").v, done.gone.id.v);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_verdicts WHERE verdict = 'different' AND withdrawn_at IS NULL"), 1);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_verdicts WHERE verdict = 'same' AND withdrawn_at IS NULL"), 0);
    u = (struct unmerge_plan){ .customer = a, .source = source_of(&s, "B") };
    assert_false(unmerge_do(&s.work, &u, &done, &s.err));
    assert_int_equal(s.err.code, ERR_CONFLICT);
    err_clear(&s.err);
    assert_sound(&s);
    test_shop_done(&s);
}

static void what_a_rule_did_in_a_run_is_taken_back_at_once(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    static const char *const orders[] = { "A", "B", "C", "D" };
    for (int i = 0; i < 4; i++)
        an_order_of(&s, orders[i], "Мария Иванова", i + 1, 100, "KZT", HUB_NEW);
    rid a = customer_of(&s, "A");
    struct identity_run run = { .id = work_id(&s.work), .kind = STR("rebuild"), .state = STR("done"), .actor_kind = STR("system"), .at = s.work.now };
    str    before = snapshot(&s);
    for (int i = 1; i < 4; i++) {
        struct merge_plan m = { .kept = a, .gone = customer_of(&s, orders[i]), .rule = i == 2 ? STR("name_address") : STR("phone_name"), .score = 1350,
                                .run_id = run.id };
        merged(&s, &m);
    }
    assert_int_equal(card_of(&s, a).orders_count, 4);
    int undone;
    assert_false(unmerge_run(&s.work, run.id, STR(""), true, &undone, &s.err));     /* nobody has noted this run */
    err_clear(&s.err);
    tell(&s, (struct telling){ .r = run });
    assert_true(unmerge_run(&s.work, run.id, STR("name_address"), true, &undone, &s.err));
    assert_int_equal(undone, 1);
    assert_int_equal(card_of(&s, a).orders_count, 3);
    assert_true(unmerge_run(&s.work, run.id, STR(""), true, &undone, &s.err));
    assert_int_equal(undone, 2);
    assert_same(before, snapshot(&s));
    test_shop_done(&s);
}

/* The two records of a suggestion that a merge has closed went elsewhere, and were suggested anew there. */
static void taking_a_merge_back_keeps_one_suggestion_of_a_pair_whoever_holds_its_records_now(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    an_order_of(&s, "A", "Мария Иванова", 1, 100, "KZT", HUB_NEW);
    an_order_of(&s, "B", "Айгүл Сейтқали", 2, 100, "KZT", HUB_NEW);
    an_order_of(&s, "C", "Иван Петров", 3, 100, "KZT", HUB_NEW);
    an_order_of(&s, "D", "Олег Ким", 4, 100, "KZT", HUB_NEW);
    rid a = customer_of(&s, "A"), b = customer_of(&s, "B"), c = customer_of(&s, "C"), d = customer_of(&s, "D");
    suggest(&s, "C", "D", 700);
    struct merge_plan ca = person_plan(&s, a, c), db = person_plan(&s, b, d);
    rid one = merged(&s, &ca), two = merged(&s, &db);
    struct merge_plan ba = person_plan(&s, a, b);
    rid three = merged(&s, &ba);
    parted(&s, &(struct unmerge_plan){ .event = one, .forget = true });
    parted(&s, &(struct unmerge_plan){ .event = two, .forget = true });
    assert_true(id_eq(customer_of(&s, "C"), c) && id_eq(customer_of(&s, "D"), d));
    suggest(&s, "C", "D", 800);
    parted(&s, &(struct unmerge_plan){ .event = three, .forget = true });
    assert_sound(&s);
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM identity_suggestions WHERE state = 'open'"), 1);
    test_shop_done(&s);
}

/* ---- the law: merging and taking back is nothing ---- */

#define PEOPLE 8

static void random_people(struct test_shop *s)
{
    static const char *const names[] = { "Мария Иванова", "Маша", "Иван Петров", "М. Иванова", "Айгүл Сейтқали" };
    static const char *const money[] = { "KZT", "KZT", "KZT", "RUB" };
    static const char *const media[] = { "sms", "email" };
    char id[16];
    for (int i = 0; i < PEOPLE * 2; i++) {
        snprintf(id, sizeof id, "P%d", i);
        an_order_of(s, id, names[chance(5)], i < PEOPLE ? i : (int)chance(PEOPLE), (int64_t)chance(1000000), money[chance(4)],
                    chance(5) ? HUB_NEW : HUB_CANCELLED);
        test_shop_advance(s, (int64_t)chance(HOUR_MS));
    }
    for (int i = 0; i < PEOPLE; i++) {
        snprintf(id, sizeof id, "P%d", i);
        rid who = customer_of(s, id);
        if (chance(2))
            consent(s, who, media[chance(2)], chance(2) ? "given" : "withdrawn");
        struct tagged put;
        if (chance(2))
            assert_true(customers_tag(&s->work, &who, 1, str_of(chance(2) ? "VIP" : "опт"), true, &put, &s->err));
        struct card_note note;
        if (!chance(2))
            assert_true(card_note_add(&s->work, who, STR("просит звонить вечером"), &note, &s->err));
        if (!chance(3))
            tell(s, (struct telling){ .f = { who, (enum customer_value)chance(VALUE_COUNT), STR("1990-01-01") } });
        char other[16];
        snprintf(other, sizeof other, "P%d", (int)chance(PEOPLE));
        if (customer_of(s, other).v != who.v)
            suggest(s, id, other, (int64_t)chance(1000));
    }
}

static int random_merges(struct test_shop *s, rid *events)
{
    char x[16], y[16];
    int  n = 0;
    for (int i = 0; i < 6; i++) {
        snprintf(x, sizeof x, "P%d", (int)chance(PEOPLE));
        snprintf(y, sizeof y, "P%d", (int)chance(PEOPLE));
        rid kept = customer_of(s, x), gone = customer_of(s, y);
        if (id_eq(kept, gone))
            continue;
        struct merge_plan m = person_plan(s, kept, gone);
        m.by_person = chance(2);
        for (int v = 0; v < VALUE_COUNT; v++)
            m.choices[v] = (enum merge_choice)chance(MERGE_CHOICE_COUNT);
        events[n++] = merged(s, &m);
        assert_sound(s);
    }
    return n;
}

static void taking_back_all_merges_leaves_everything_as_it_was(void **state)
{
    const char *seed = getenv("SAUDA_SEED");
    state_of_chance  = seed ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL);
    printf("# SAUDA_SEED=%llu\n", (unsigned long long)state_of_chance);
    struct test_shop s;
    test_shop_init(&s, state);
    random_people(&s);
    for (int round = 0; round < 12; round++) {
        rid events[8];
        str before = snapshot(&s);
        int n = random_merges(&s, events);
        for (int i = n - 1; i >= 0; i--) {
            test_shop_advance(&s, SECOND_MS);
            struct unmerge_plan u = { .event = events[i], .forget = true };
            parted(&s, &u);
            assert_sound(&s);
        }
        assert_same(before, snapshot(&s));
    }
    test_shop_done(&s);
}

static void taking_back_in_any_order_loses_no_order_and_no_money(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    random_people(&s);
    for (int round = 0; round < 12; round++) {
        rid events[8];
        int64_t owners = count_rows(&s, "SELECT COUNT(DISTINCT customer_id) FROM customer_sources");
        int n = random_merges(&s, events);
        while (n) {
            int k = (int)chance((uint64_t)n);
            struct unmerge_plan u = { .event = events[k], .forget = true };
            struct unmerge_done done;
            if (!unmerge_do(&s.work, &u, &done, &s.err)) {
                assert_int_equal(s.err.code, ERR_CONFLICT);
                err_clear(&s.err);
            }
            events[k] = events[--n];
            assert_sound(&s);
        }
        assert_int_equal(count_rows(&s, "SELECT COUNT(DISTINCT customer_id) FROM customer_sources"), owners);
    }
    test_shop_done(&s);
}

/* ---- dying in the middle ---- */

static void dying_in_the_middle_of_a_merge_leaves_both_cards(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    an_order_of(&s, "A", "Мария Иванова", 1, 100, "KZT", HUB_NEW);
    an_order_of(&s, "B", "Мария Петрова", 2, 200, "KZT", HUB_NEW);
    struct merge_plan m = person_plan(&s, customer_of(&s, "A"), customer_of(&s, "B"));
    str before = snapshot(&s);
    fflush(NULL);
    db_return(s.pool, s.work.db);
    db_close(s.pool);                   /* nothing that was opened is carried over into the child */
    pid_t child = fork();
    if (child == 0) {
        setenv("SAUDA_CRASH_AT", "merge.moved", 1);
        struct merge_view now;
        rid               event;
        s.pool    = test_store_open(s.store);
        s.work.db = db_borrow(s.pool);
        (void)!merge_do(&s.work, &m, &now, &event, &s.err);
        _exit(1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 137);
    s.pool    = test_store_open(s.store);
    s.work.db = db_borrow(s.pool);
    assert_same(before, snapshot(&s));
    merged(&s, &m);
    assert_sound(&s);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_cards_become_one_with_exact_totals),
        cmocka_unit_test(a_later_order_of_a_merged_record_goes_to_the_living_card),
        cmocka_unit_test(a_chosen_value_is_marked_and_outlives_newer_copies),
        cmocka_unit_test(the_stricter_consent_wins_and_comes_back),
        cmocka_unit_test(of_two_people_at_once_one_wins_and_the_other_is_told),
        cmocka_unit_test(different_people_are_not_merged_until_the_verdict_is_withdrawn),
        cmocka_unit_test(a_source_is_taken_out_with_its_orders_and_remembered),
        cmocka_unit_test(what_a_rule_did_in_a_run_is_taken_back_at_once),
        cmocka_unit_test(taking_a_merge_back_keeps_one_suggestion_of_a_pair_whoever_holds_its_records_now),
        cmocka_unit_test(taking_back_all_merges_leaves_everything_as_it_was),
        cmocka_unit_test(taking_back_in_any_order_loses_no_order_and_no_money),
        cmocka_unit_test(dying_in_the_middle_of_a_merge_leaves_both_cards),
    };
    return test_shops(tests, COUNT_OF(tests));
}
