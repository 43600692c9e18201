/* The law of incremental work: whatever comes in whatever order, buyers and newer copies of them, verdicts, merges and separations,
 * the cards are those that a rebuild would make. On both stores. */
#include "support/shop.h"

#include "base/buf.h"
#include "customers/rebuild_flow.h"
#include "orders/erase_flow.h"
#include "orders/import_flow.h"
#include "orders/people_import_flow.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t state_of_chance;

static uint64_t chance(uint64_t below)
{
    state_of_chance += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = state_of_chance;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

#define BUYERS 28

/* Few phones, e-mails and names for many buyers, so that nearly everything touches: families, namesakes, chains. */
static struct order_draft random_draft(struct test_shop *s, int order)
{
    static const char *const names[] = {
        "Мария Иванова", "Иванова Маша", "Мария И.", "Пётр Сидоров", "Сидоров Петя", "Айгүл Сейтқали", "Aigul Seitkali", "", "Иванова Анна", "Мария",
    };
    static const char *const houses[] = { "ул. Абая, 10, кв. 5", "Абая 10-5", "проспект Достык 3", "", "" };
    struct order_draft d = a_draft(s, str_zero(&s->arena, str_print(&s->arena, "R-%d", order)));
    d.customer.external_id = str_print(&s->arena, "buyer-%d", (int)chance(BUYERS));
    d.customer.name  = str_of(names[chance(COUNT_OF(names))]);
    d.customer.phone = chance(4) ? str_print(&s->arena, "770155500%02d", (int)chance(6)) : STR("");
    d.customer.email = chance(2) ? str_print(&s->arena, "p%d@mail.kz", (int)chance(6)) : STR("");
    d.delivery.address = str_of(houses[chance(COUNT_OF(houses))]);
    d.delivery.city    = d.delivery.address.len ? STR("Алматы") : STR("");
    return d;
}

static void page_comes(struct test_shop *s, int *orders, enum hub_status status)
{
    struct order_draft d[8];
    rid was = s->account;
    int n   = 1 + (int)chance(COUNT_OF(d));
    for (int i = 0; i < n; i++)
        d[i] = random_draft(s, (*orders)++);
    s->account = (rid){ 77 + (int64_t)chance(2) };
    take_drafts(s, d, n, status, "1");
    s->account = was;
}

static rid card_at(struct test_shop *s, int nth)
{
    return (rid){ count_rows(s, str_zero(&s->arena, str_print(&s->arena, "SELECT id FROM customers WHERE merged_into IS NULL ORDER BY id LIMIT 1 OFFSET %d", nth))) };
}

static void person_speaks(struct test_shop *s)
{
    int cards = (int)count_rows(s, "SELECT COUNT(*) FROM customers WHERE merged_into IS NULL");
    if (cards < 2)
        return;
    rid a = card_at(s, (int)chance((uint64_t)cards)), b = card_at(s, (int)chance((uint64_t)cards)), event;
    struct merge_view    now;
    struct unmerge_done  done;
    struct merge_plan    m = { .kept = a, .gone = b, .by_person = true, .withdraw = true, .country = STR("KZ") };
    struct unmerge_plan  u = { .country = STR("KZ") };
    bool ok = true;
    switch (id_eq(a, b) ? 3 : chance(6)) {
    case 0:
        ok = merge_do(&s->work, &m, &now, &event, &s->err);
        break;
    case 1:
        ok = verdict_between(&s->work, a, b, STR("same"), STR("KZ"), &s->err);
        break;
    case 2:
        ok = verdict_between(&s->work, a, b, STR("different"), STR("KZ"), &s->err);
        break;
    case 3:
        u.customer = a;
        u.source   = (rid){ count_rows(s, str_zero(&s->arena, str_print(&s->arena, "SELECT MAX(id) FROM customer_sources WHERE customer_id = %lld", (long long)a.v))) };
        ok = unmerge_do(&s->work, &u, &done, &s->err);
        break;
    case 4:
        u.event = (rid){ count_rows(s, "SELECT COALESCE(MAX(id), 1) FROM merge_events WHERE kind = 'merge' AND undone_by IS NULL") };
        ok = unmerge_do(&s->work, &u, &done, &s->err);
        break;
    default:
        ok = verdict_withdraw_between(&s->work, a, b, STR("KZ"), &s->err);
    }
    if (!ok && s->err.code != ERR_CONFLICT && s->err.code != ERR_NOT_FOUND)
        fail_msg("%s: %s", s->err.item[0].text, s->err.trail);
    err_clear(&s->err);
}

static void assert_nothing_left(struct test_shop *s, uint64_t seed, int step)
{
    struct rebuild_plan look = { .country = STR("KZ"), .dry_run = true };
    struct rebuild_done done;
    if (!identity_rebuild(&s->work, &look, &done, &s->err))
        fail_msg("%s", s->err.item[0].text);
    if (done.merges || done.splits)
        fail_msg("SAUDA_SEED=%llu, step %d: a rebuild would merge %lld and part %lld of %lld records", (unsigned long long)seed, step,
                 (long long)done.merges, (long long)done.splits, (long long)done.sources);
    assert_int_equal(count_rows(s, "SELECT COUNT(*) FROM customers c WHERE c.orders_count <> (SELECT COUNT(*) FROM orders o JOIN customer_sources s "
                                   "ON s.id = o.source_id WHERE s.customer_id = c.id)"), 0);
    assert_int_equal(count_rows(s, "SELECT COUNT(*) FROM customer_sources s WHERE (SELECT COUNT(*) FROM identity_links l WHERE l.source_id = s.id "
                                   "AND l.ended_at IS NULL AND l.customer_id = s.customer_id) <> 1"), 0);
}

static void stream(void **state, uint64_t seed, int steps)
{
    struct test_shop s;
    int orders = 0;
    test_shop_init(&s, state);
    state_of_chance = seed;
    for (int step = 0; step < steps; step++) {
        if (chance(5) < 3)
            page_comes(&s, &orders, HUB_NEW);
        else
            person_speaks(&s);
        test_shop_advance(&s, MINUTE_MS);
        assert_nothing_left(&s, seed, step);
    }
    test_shop_done(&s);
}

/* ---- and what goes again ---- */

struct jobs { rid at[64]; int count; };

/* A file of orders, or of people alone; both bring buyers. */
static void file_comes(struct test_shop *s, struct jobs *jobs, int *orders)
{
    struct buf b     = buf_in(&s->arena);
    bool       sells = chance(2);
    buf_add(&b, sells ? STR("number,status,title,qty,unit_price,customer_name,customer_phone,customer_email\n") : STR("external_id,name,phone,email\n"));
    for (int i = 1 + (int)chance(6); i > 0; i--) {
        struct order_draft d = random_draft(s, (*orders)++);
        if (sells)
            buf_print(&b, "%.*s,completed,Мяч,1,100,%.*s,%.*s,%.*s\n", STR_ARG(d.external_id), STR_ARG(d.customer.name), STR_ARG(d.customer.phone), STR_ARG(d.customer.email));
        else if (d.customer.name.len || d.customer.phone.len || d.customer.email.len)
            buf_print(&b, "%.*s,%.*s,%.*s,%.*s\n", STR_ARG(d.customer.external_id), STR_ARG(d.customer.name), STR_ARG(d.customer.phone), STR_ARG(d.customer.email));
    }
    struct people_outcome people = { 0 };
    struct import_outcome taken  = { 0 };
    struct people_plan    p = { .bytes = buf_str(&b), .file_name = STR("people.csv") };
    struct import_plan    o = { .bytes = buf_str(&b), .file_name = STR("orders.csv") };
    if (!(sells ? import_orders(&s->work, &o, &taken, &s->err) : people_import(&s->work, &p, &people, &s->err)))
        fail_msg("%s", s->err.item[0].text);
    jobs->at[jobs->count++] = sells ? taken.job_id : people.job_id;
}

static void file_goes(struct test_shop *s, struct jobs *jobs)
{
    if (!jobs->count)
        return;
    struct import_undone back;
    int                  which = (int)chance((uint64_t)jobs->count);
    if (!import_undo(&s->work, jobs->at[which], &back, &s->err))
        fail_msg("%s: %s", s->err.item[0].text, s->err.trail);
    jobs->at[which] = jobs->at[--jobs->count];
}

static void somebody_is_forgotten(struct test_shop *s)
{
    int     cards = (int)count_rows(s, "SELECT COUNT(*) FROM customers WHERE merged_into IS NULL");
    struct customer c;
    if (!cards || !record_get(s->work.db, &customer_record, card_at(s, (int)chance((uint64_t)cards)), &s->arena, &c, &s->err))
        return;
    struct erase_plan plan = { .customer = c.id, .version = c.version };
    struct erasure    done;
    if (!customer_erase(&s->work, &plan, &done, &s->err) && s->err.code != ERR_CONFLICT)
        fail_msg("%s: %s", s->err.item[0].text, s->err.trail);
    err_clear(&s->err);
}

static void assert_no_trace_of_what_went(struct test_shop *s)
{
    assert_int_equal(count_rows(s, "SELECT COUNT(*) FROM identity_keys WHERE source_id NOT IN (SELECT id FROM customer_sources)"), 0);
    assert_int_equal(count_rows(s, "SELECT COUNT(*) FROM identity_links WHERE source_id NOT IN (SELECT id FROM customer_sources)"), 0);
    assert_int_equal(count_rows(s, "SELECT COUNT(*) FROM customer_keys WHERE customer_id NOT IN (SELECT id FROM customers)"), 0);
    assert_int_equal(count_rows(s, "SELECT COUNT(*) FROM identity_suggestions WHERE state = 'open' AND (a_id NOT IN (SELECT id FROM customer_sources) "
                                   "OR b_id NOT IN (SELECT id FROM customer_sources) OR customer_a NOT IN (SELECT id FROM customers) "
                                   "OR customer_b NOT IN (SELECT id FROM customers))"), 0);
    assert_int_equal(count_rows(s, "SELECT COUNT(*) FROM orders WHERE customer_id IS NOT NULL AND customer_id NOT IN (SELECT id FROM customers)"), 0);
}

static void stream_that_ebbs(void **state, uint64_t seed, int steps)
{
    struct test_shop s;
    struct jobs jobs = { 0 };
    int orders = 0;
    test_shop_init(&s, state);
    state_of_chance = seed;
    for (int step = 0; step < steps; step++) {
        switch (chance(6)) {
        case 0:
        case 1: page_comes(&s, &orders, HUB_COMPLETED); break;
        case 2: file_comes(&s, &jobs, &orders); break;
        case 3: file_goes(&s, &jobs); break;
        case 4: somebody_is_forgotten(&s); break;
        default: person_speaks(&s);
        }
        test_shop_advance(&s, MINUTE_MS);
        assert_nothing_left(&s, seed, step);
        assert_no_trace_of_what_went(&s);
    }
    test_shop_done(&s);
}

static uint64_t seed_or(uint64_t fixed)
{
    const char *seed = getenv("SAUDA_SEED");
    return seed ? strtoull(seed, NULL, 10) + fixed : fixed;
}

static void whatever_comes_leaves_nothing_for_a_rebuild(void **state) { stream(state, seed_or(1), 40); }
static void whatever_else_comes_leaves_nothing_for_a_rebuild(void **state) { stream(state, seed_or(2), 40); }
static void a_third_stream_leaves_nothing_for_a_rebuild(void **state) { stream(state, seed_or(3), 40); }

static void who_is_forgotten_or_taken_back_leaves_nothing_for_a_rebuild(void **state) { stream_that_ebbs(state, seed_or(4), 40); }
static void another_ebbing_stream_leaves_nothing_for_a_rebuild(void **state) { stream_that_ebbs(state, seed_or(5), 40); }

/* Fifty strangers share a phone with those who came before: then it is nobody's any more, and what it alone has joined is parted. */
static void a_phone_that_becomes_a_hub_lets_go_whom_it_had_joined(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    state_of_chance = 1;
    for (int i = 0; i < 54; i++) {
        struct order_draft d = a_draft(&s, str_zero(&s.arena, str_print(&s.arena, "H-%d", i)));
        d.customer.external_id = str_print(&s.arena, "hub-%d", i);
        d.customer.name  = i < 2 ? STR("Мария Иванова") : STR("");
        d.customer.phone = STR("77015550001");
        d.customer.email = i < 2 ? STR("") : str_print(&s.arena, "h%d@mail.kz", i);
        take_drafts(&s, &d, 1, HUB_NEW, "1");
        test_shop_advance(&s, SECOND_MS);
        if (i % 10 == 0 || i > 45)
            assert_nothing_left(&s, 0, i);
    }
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customers WHERE merged_into IS NULL"), 53);       /* name and phone together still say it */
    struct order_draft d;                                         /* some of them change their phone: it may identify again */
    for (int i = 40; i < 44; i++) {
        d = a_draft(&s, str_zero(&s.arena, str_print(&s.arena, "B-%d", i)));
        d.customer.external_id = str_print(&s.arena, "hub-%d", i);
        d.customer.phone = str_print(&s.arena, "770155600%02d", i);
        d.customer.email = str_print(&s.arena, "h%d@mail.kz", i);
        take_drafts(&s, &d, 1, HUB_NEW, "1");
        test_shop_advance(&s, SECOND_MS);
        assert_nothing_left(&s, 0, i);
    }
    test_shop_done(&s);
}

static void what_did_not_change_asks_nothing_more(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    struct order_draft d[2] = { a_draft(&s, "A"), a_draft(&s, "B") };
    for (int i = 0; i < 2; i++) {
        d[i].customer.external_id = STR("maria");
        d[i].customer.name  = STR("Мария Иванова");
        d[i].customer.phone = STR("77015550001");
    }
    take_drafts(&s, d, 1, HUB_NEW, "1");
    int64_t before = db_statements(s.work.db);
    take_drafts(&s, d + 1, 1, HUB_NEW, "1");
    int64_t same = db_statements(s.work.db) - before;
    d[0] = a_draft(&s, "C");
    d[0].customer = d[1].customer;
    d[0].customer.phone = STR("+7 701 555-00-01");                /* another writing of the same */
    before = db_statements(s.work.db);
    take_drafts(&s, d, 1, HUB_NEW, "1");
    int64_t written = db_statements(s.work.db) - before;
    printf("# a known buyer: %lld statements, written otherwise %lld\n", (long long)same, (long long)written);
    assert_in_range(written - same, 0, 20);                       /* its row, and what the card shows and is found by */
    assert_int_equal(count_rows(&s, "SELECT COUNT(*) FROM customers"), 1);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_comes_leaves_nothing_for_a_rebuild),
        cmocka_unit_test(whatever_else_comes_leaves_nothing_for_a_rebuild),
        cmocka_unit_test(a_third_stream_leaves_nothing_for_a_rebuild),
        cmocka_unit_test(who_is_forgotten_or_taken_back_leaves_nothing_for_a_rebuild),
        cmocka_unit_test(another_ebbing_stream_leaves_nothing_for_a_rebuild),
        cmocka_unit_test(a_phone_that_becomes_a_hub_lets_go_whom_it_had_joined),
        cmocka_unit_test(what_did_not_change_asks_nothing_more),
    };
    return test_shops(tests, COUNT_OF(tests));
}
