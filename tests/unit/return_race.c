/* Two who decide on one return at the very same moment, each with a connection of its own: one wins, the other is told, and there is one
 * decision, one command, one payment. On both stores. */
#include "support/shop.h"

#include "returns/refund_flow.h"
#include "returns/return_flow.h"
#include "returns/return_intake_flow.h"
#include "returns/return_make_flow.h"
#include "returns/return_rule_store.h"

#include <pthread.h>

enum { ROUNDS = 12 };

static unsigned every_op(str channel) { (void)channel; return ~0u; }

/* Somebody who decides: what he does, with what he has seen, and what came of it. */
struct decider {
    struct test_shop    *shop;
    struct work          work;
    struct arena         arena;
    struct err           err;
    pthread_barrier_t   *start;
    enum return_action   action;        /* of a person */
    rid                  id;
    int64_t              version;
    const struct return_draft *told;    /* or what the market tells */
    const str           *joins;         /* or an order that comes, and the rule with it */
    bool                 done;
};

static bool market_decides(struct decider *d)
{
    struct return_page   page   = { d->shop->account, STR("kaspi"), STR("Kaspi"), d->told, d->told ? 1 : 0 };
    struct return_counts counts = { 0 };
    return d->told ? return_intake(&d->work, &page, &counts, &d->err) : return_join(&d->work, &page, d->joins, 1, &counts, &d->err);
}

static void *decide(void *ctx)
{
    struct decider *d = ctx;
    pthread_barrier_wait(d->start);
    if (d->told || d->joins) {
        d->done = market_decides(d);
        return NULL;
    }
    struct return_input in = { .action = d->action, .version = d->version, .text = STR("решено"), .hold_s = 5, .confirms = true, .pays = true };
    d->done = return_do(&d->work, d->id, &in, &d->err);
    return NULL;
}

static void at_once(struct test_shop *s, struct decider *d, int count)
{
    pthread_t         threads[4];
    pthread_barrier_t start;
    assert_int_equal(pthread_barrier_init(&start, NULL, (unsigned)count), 0);
    for (int i = 0; i < count; i++) {
        d[i].shop        = s;
        d[i].work        = s->work;
        d[i].work.db     = db_borrow(s->pool);
        d[i].work.arena  = &d[i].arena;
        d[i].work.actor.id.v += i;
        d[i].start       = &start;
        assert_int_equal(pthread_create(&threads[i], NULL, decide, &d[i]), 0);
    }
    for (int i = 0; i < count; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        db_return(s->pool, d[i].work.db);
        arena_done(&d[i].arena);
    }
    pthread_barrier_destroy(&start);
}

static rid asked(struct test_shop *s, int round, bool known)
{
    str                  line = str_print(&s->arena, "srid-%d", round), id = str_print(&s->arena, "C-%d", round);
    struct order_draft   o    = a_draft(s, str_zero(&s->arena, str_print(&s->arena, "O-%d", round)));
    struct return_draft  d    = { .external_id = id, .order_line_id = line, .has_state = true, .external_state = STR("0/0"), .reason = STR("Передумал"),
                                  .requested_at = s->work.now, .changed_at = s->work.now };
    struct return_page   page = { s->account, STR("kaspi"), STR("Kaspi"), &d, 1 };
    struct return_counts counts = { 0 };
    struct rma_list      list = { 0 };
    struct actor         who  = s->work.actor;
    o.lines.at[0].external_id = line;
    if (known)
        take_drafts(s, &o, 1, HUB_COMPLETED, "done");
    assert_true(return_intake(&s->work, &page, &counts, &s->err));
    s->work.actor = who;
    assert_true(returns_by_external(s->work.db, s->account, &id, 1, &s->arena, &list, &s->err) && list.count == 1);
    return list.at[0].id;
}

static struct rma get(struct test_shop *s, rid id)
{
    struct rma r = { 0 };
    assert_true(return_get(s->work.db, id, &s->arena, &r, &s->err));
    return r;
}

static int64_t rows(struct test_shop *s, const char *sql, rid id) { return count_rows(s, str_zero(&s->arena, str_print(&s->arena, sql, (long long)id.v))); }

static void two_people_who_decide_at_once_are_one_decision_and_one_is_told(void **state)
{
    static const enum return_action pairs[][2] = { { RACT_APPROVE, RACT_REJECT }, { RACT_KEEP, RACT_APPROVE }, { RACT_KEEP, RACT_KEEP }, { RACT_REJECT, RACT_REJECT } };
    struct test_shop s;
    test_shop_init(&s, state);
    s.shop.channel_ops = every_op;
    for (int round = 0; round < ROUNDS; round++) {
        const enum return_action *p = pairs[round % COUNT_OF(pairs)];
        rid            id   = asked(&s, round, true);
        int64_t        seen = get(&s, id).version;
        struct decider d[2] = { { .action = p[0], .id = id, .version = seen }, { .action = p[1], .id = id, .version = seen } };
        at_once(&s, d, 2);
        assert_int_equal(d[0].done + d[1].done, 1);
        const struct decider *loser = &d[d[0].done];
        assert_int_equal(loser->err.code, ERR_VERSION_OLD);
        enum return_action won = d[0].done ? p[0] : p[1];
        enum return_state  to  = won == RACT_APPROVE ? RETURN_APPROVED : won == RACT_REJECT ? RETURN_REJECTED : RETURN_REFUNDING;
        assert_int_equal(get(&s, id).state, to);
        assert_int_equal(get(&s, id).version, seen + 1);
        assert_int_equal(rows(&s, "SELECT COUNT(*) FROM outbox WHERE return_id = %lld", id), 1);
        assert_int_equal(rows(&s, "SELECT COUNT(*) FROM refunds WHERE return_id = %lld", id), won == RACT_KEEP);
        assert_int_equal(rows(&s, "SELECT COUNT(*) FROM return_history WHERE return_id = %lld AND implied = 0 AND from_state <> ''", id), 1);
        assert_int_equal(rows(&s, "SELECT COUNT(*) FROM return_undo WHERE return_id = %lld", id), 1);
    }
    test_shop_done(&s);
}

/* Whichever comes first: what the market has decided holds, nothing of ours goes out against it, and whoever decided here sees it. */
static void a_person_and_the_market_at_once_end_where_the_market_says(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    s.shop.channel_ops = every_op;
    for (int round = 0; round < ROUNDS; round++) {
        rid                 id   = asked(&s, round, true);
        struct rma          was  = get(&s, id);
        struct return_draft told = { .external_id = was.external_id, .order_line_id = str_print(&s.arena, "srid-%d", round), .has_state = true,
                                     .state = RETURN_REJECTED, .external_state = STR("1/1"), .reason = STR("Передумал"),
                                     .requested_at = was.requested_at, .changed_at = instant_add(s.work.now, HOUR_MS) };
        struct decider d[2] = { { .action = round % 2 ? RACT_APPROVE : RACT_KEEP, .id = id, .version = was.version }, { .told = &told } };
        at_once(&s, d, 2);
        assert_true(d[1].done);
        if (!d[0].done)
            assert_int_equal(d[0].err.code, ERR_VERSION_OLD);
        assert_int_equal(get(&s, id).state, RETURN_REJECTED);
        assert_int_equal(rows(&s, "SELECT COUNT(*) FROM outbox WHERE state IN ('held', 'queued', 'sending') AND return_id = %lld", id), 0);
        assert_int_equal(rows(&s, "SELECT COUNT(*) FROM refunds WHERE state <> 'cancelled' AND return_id = %lld", id), 0);
        assert_int_equal(rows(&s, "SELECT COUNT(*) FROM return_history WHERE flagged = 1 AND note = 'decided_by_market' AND return_id = %lld", id), d[0].done);
    }
    test_shop_done(&s);
}

static bool rules_tx(struct db *db, void *ctx, struct err *err)
{
    struct test_shop    *s = ctx;
    struct return_rules  r = return_rules_default();
    r.active      = true;
    r.price_limit = (amount){ 100000000 };
    r.few_orders  = 1000;
    return return_rules_save(db, &s->arena, &r, err);
}

/* The order of a return comes, and with it the rule that would approve, while a person refuses: one of the two has decided. */
static void a_person_and_the_rule_at_once_are_one_decision(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    s.shop.channel_ops = every_op;
    assert_true(db_tx(s.work.db, rules_tx, &s, &s.err));
    for (int round = 0; round < ROUNDS; round++) {
        rid                id  = asked(&s, round, false);
        struct rma         was = get(&s, id);
        struct order_draft o   = a_draft(&s, str_zero(&s.arena, str_print(&s.arena, "O-%d", round)));
        str                line = str_print(&s.arena, "srid-%d", round);
        assert_int_equal(was.state, RETURN_REQUESTED);
        o.lines.at[0].external_id = line;
        take_drafts(&s, &o, 1, HUB_COMPLETED, "done");
        struct decider d[2] = { { .action = RACT_REJECT, .id = id, .version = was.version }, { .joins = &line } };
        at_once(&s, d, 2);
        assert_true(d[1].done);
        struct rma now = get(&s, id);
        assert_true(id_is_set(now.order_id));
        if (!d[0].done)
            assert_int_equal(d[0].err.code, ERR_VERSION_OLD);
        assert_int_equal(now.state, d[0].done ? RETURN_REJECTED : RETURN_APPROVED);
        assert_int_equal(now.rule.len > 0, !d[0].done);
        assert_int_equal(rows(&s, "SELECT COUNT(*) FROM outbox WHERE return_id = %lld", id), 1);
    }
    test_shop_done(&s);
}

/* Two who might be the second person press at once: the money is approved once, by one of them. */
static void money_is_approved_once_by_whoever_of_two_is_first(void **state)
{
    struct test_shop s;
    test_shop_init(&s, state);
    for (int round = 0; round < ROUNDS; round++) {
        rid id = asked(&s, round, true);
        struct return_input in = { .action = RACT_KEEP, .version = get(&s, id).version, .hold_s = 5, .pays = true };
        assert_true(return_do(&s.work, id, &in, &s.err));
        int64_t        seen = get(&s, id).version;
        struct decider d[2] = { { .action = RACT_REFUND, .id = id, .version = seen }, { .action = RACT_REFUND, .id = id, .version = seen } };
        at_once(&s, d, 2);
        assert_int_equal(d[0].done + d[1].done, 1);
        assert_int_equal(rows(&s, "SELECT COUNT(*) FROM refunds WHERE state = 'approved' AND return_id = %lld", id), 1);
        assert_int_equal(rows(&s, "SELECT COUNT(*) FROM refunds WHERE return_id = %lld", id), 1);
        assert_int_equal(get(&s, id).state, RETURN_REFUNDED);
    }
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_people_who_decide_at_once_are_one_decision_and_one_is_told),
        cmocka_unit_test(a_person_and_the_market_at_once_end_where_the_market_says),
        cmocka_unit_test(a_person_and_the_rule_at_once_are_one_decision),
        cmocka_unit_test(money_is_approved_once_by_whoever_of_two_is_first),
    };
    return test_shops(tests, COUNT_OF(tests));
}
