/* Whatever is ordered, whatever discount it had and in however many pieces it comes back: nobody is paid back more than was paid, nobody less
 * than nothing, and when all of it has come back, to the last hundredth what was paid. On both stores. */
#include "support/shop.h"

#include "returns/posting.h"
#include "returns/return_intake_flow.h"
#include "returns/return_make_flow.h"
#include "returns/return_money.h"

#include <stdio.h>
#include <stdlib.h>

#define SPLITS 4000
#define ORDERS 30
#define STEPS  14

static uint64_t state_of_chance;

static uint64_t chance(uint64_t below)
{
    state_of_chance += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = state_of_chance;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % below;
}

static void seed(void)
{
    const char *given = getenv("SAUDA_SEED");
    state_of_chance   = given ? strtoull(given, NULL, 10) : 20261122;
    printf("# seed %llu\n", (unsigned long long)state_of_chance);
}

/* ---- without a store: units of a line against a list of every unit ---- */

/* What each unit of a line gets, by the words of the handbook: an equal share, and the hundredths that are left go to the first ones. */
static int64_t slow_units(int64_t whole, int64_t qty, int64_t from, int64_t n)
{
    int64_t sum = 0;
    for (int64_t unit = from; unit < from + n; unit++)
        sum += whole / qty + (unit < whole % qty);
    return sum;
}

static void units_of_a_line_get_its_shares_in_whatever_pieces_they_come(void **state)
{
    (void)state;
    seed();
    for (int round = 0; round < SPLITS; round++) {
        amount           totals[6];
        int64_t          qtys[6], sum = 0, paid = 0;
        struct line_paid lines[6];
        struct err       err   = { 0 };
        int              count = 1 + (int)chance(6);
        for (int i = 0; i < count; i++) {
            qtys[i]   = 1 + (int64_t)chance(9);
            totals[i] = (amount){ chance(8) ? (int64_t)chance(chance(2) ? 500 : 90000000) : 0 };
            sum += totals[i].minor;
        }
        amount discount = { (int64_t)chance((uint64_t)sum + 1) }, points = { (int64_t)chance((uint64_t)(sum - discount.minor) + 1) };
        assert_true(lines_paid(totals, qtys, count, discount, points, lines, &err));
        for (int i = 0; i < count; i++) {
            int64_t before = 0, money = 0, back = 0;
            assert_true(lines[i].money.minor >= 0 && lines[i].points.minor >= 0);
            assert_true(lines[i].money.minor + lines[i].points.minor <= totals[i].minor);
            paid += lines[i].money.minor + lines[i].points.minor;
            while (before < qtys[i]) {
                struct unit_refund r;
                int64_t n = 1 + (int64_t)chance((uint64_t)(qtys[i] - before));
                assert_true(units_refund(&lines[i], before, n, &r, &err));
                assert_int_equal(r.money.minor, slow_units(lines[i].money.minor, qtys[i], before, n));
                money += r.money.minor;
                back += r.points.minor;
                before += n;
            }
            assert_int_equal(money, lines[i].money.minor);
            assert_int_equal(back, lines[i].points.minor);
            struct unit_refund more;
            assert_false(units_refund(&lines[i], before, 1, &more, &err));
        }
        if (points.minor == 0)
            assert_int_equal(paid, sum - discount.minor);
        assert_true(paid <= sum - discount.minor);
    }
}

/* What each account of the ledger holds after all lines of a document: money that came in less money that went out. */
static int64_t held(const struct posting_list *lines, str account)
{
    int64_t sum = 0;
    for (int i = 0; i < lines->count; i++) {
        const struct posting *p = &lines->at[i];
        sum += str_eq(p->debit, account) ? p->amount.minor : 0;
        sum -= str_eq(p->credit, account) ? p->amount.minor : 0;
    }
    return sum;
}

static struct refund any_refund(const struct refund *before)
{
    static const str currencies[] = { STR("KZT"), STR("RUB"), STR("UAH") };
    struct refund    m = *before;
    m.state = (enum refund_state)chance(REFUND_STATE_COUNT);
    if (!chance(3))
        m.by_market = chance(2);
    if (!chance(3)) {
        m.amount   = (amount){ (int64_t)chance(9000000) };
        m.delivery = (amount){ m.amount.minor ? (int64_t)chance((uint64_t)m.amount.minor + 1) : 0 };
        m.points   = (amount){ chance(2) ? (int64_t)chance(100000) : 0 };
    }
    if (!m.currency.len)
        m.currency = currencies[chance(COUNT_OF(currencies))];
    return m;
}

/* Whatever becomes of a refund, its lines balance, say what is owed and to whom, are never changed and never written twice. */
static void the_ledger_of_a_refund_balances_and_says_what_is_owed(void **state)
{
    (void)state;
    seed();
    for (int doc = 0; doc < 300; doc++) {
        struct arena        a       = { 0 };
        struct posting_list written = { 0 }, lines, again;
        struct refund       m       = { .id = { 1000 + doc }, .return_id = { 1 }, .account_id = { 2 } };
        for (int step = 0; step < 12; step++) {
            m = any_refund(&m);
            refund_postings(&m, &written, (instant){ step + 1 }, &a, &lines);
            for (int i = 0; i < lines.count; i++) {
                const struct posting *p = &lines.at[i];
                assert_true(p->amount.minor > 0 && !str_eq(p->debit, p->credit) && str_eq(p->currency, m.currency) && id_eq(p->doc_id, m.id));
                for (int k = 0; k < written.count; k++)
                    assert_false(written.at[k].turn == p->turn && written.at[k].line == p->line);
                *posting_list_add(&written, &a) = *p;
            }
            bool    owed = m.state == REFUND_APPROVED || m.state == REFUND_PAID;
            int64_t money = owed ? m.amount.minor : 0, points = owed ? m.points.minor : 0;
            assert_int_equal(held(&written, STR(LEDGER_RETURNS)), money + points);
            assert_int_equal(held(&written, STR(LEDGER_POINTS)), -points);
            assert_int_equal(held(&written, STR(LEDGER_MARKETPLACE)), m.by_market ? -money : 0);
            assert_int_equal(held(&written, STR(LEDGER_BUYERS)), m.by_market ? 0 : -money);
            refund_postings(&m, &written, (instant){ step + 2 }, &a, &again);
            assert_int_equal(again.count, 0);
        }
        arena_done(&a);
    }
}

/* ---- with one ---- */

struct bought { rid id; int64_t paid, goods; bool clean; int lines; };   /* clean: every piece got its share, nothing was missing */

static unsigned ops_of(str channel) { return str_is(channel, "manual") ? 0 : 15; }

static struct bought buy(struct test_shop *s, int n)
{
    char *name = ARENA_ARRAY(&s->arena, char, 16);
    snprintf(name, 16, "R-%d", n);
    struct order_draft d = a_draft(s, name);
    int64_t            sum = 0, off = 0;
    int                count = 1 + (int)chance(4);
    d.lines = (struct draft_line_list){ 0 };
    for (int i = 0; i < count; i++) {
        int64_t qty = 1 + (int64_t)chance(5), total = 1 + (int64_t)chance(2000000);
        str     sku = str_print(&s->arena, "SKU-%d-%d", n, i);
        *draft_line_list_add(&d.lines, &s->arena) = (struct draft_line){
            .external_offer_id = sku, .article = sku, .title = sku, .qty = qty, .has_price = true, .unit_price = { total / qty }, .line_total = { total },
        };
        sum += total;
    }
    off                    = chance(3) ? (int64_t)chance((uint64_t)sum) : 0;
    d.goods_total.minor    = sum;
    d.discount_total.minor = off;
    d.delivery_total.minor = chance(2) ? (int64_t)chance(100000) : 0;
    d.grand_total.minor    = sum - off + d.delivery_total.minor;
    take_drafts(s, &d, 1, HUB_COMPLETED, "done");
    return (struct bought){ the_order(s, name).id, d.grand_total.minor, sum - off, true, count };
}

static int64_t number(struct test_shop *s, const char *what, rid order)
{
    return count_rows(s, str_zero(&s->arena, str_print(&s->arena, what, (long long)order.v)));
}

static void holds(struct test_shop *s, const struct bought *b)
{
    int64_t back = number(s, "SELECT COALESCE(SUM(amount), 0) FROM refunds WHERE state <> 'cancelled' AND order_id = %lld", b->id);
    int64_t way  = number(s, "SELECT COALESCE(SUM(delivery), 0) FROM refunds WHERE state <> 'cancelled' AND order_id = %lld", b->id);
    assert_int_equal(number(s, "SELECT COUNT(*) FROM refunds WHERE (amount < 0 OR delivery < 0 OR points < 0 OR delivery > amount) AND order_id = %lld", b->id), 0);
    assert_int_equal(number(s, "SELECT COUNT(*) FROM returns WHERE refund_amount < 0 AND order_id = %lld", b->id), 0);
    if (back > b->paid || way > b->paid - b->goods)
        fail_msg("paid %lld, back %lld, of it delivery %lld", (long long)b->paid, (long long)back, (long long)way);
}

/* The ledger says what the refunds say, line by line, whatever was taken back, refused or overruled on the way. */
static void ledger_holds(struct test_shop *s, const struct bought *b)
{
    assert_int_equal(number(s, "SELECT COALESCE(SUM(CASE WHEN turn % 2 = 1 THEN amount ELSE -amount END), 0) FROM postings WHERE order_id = %lld", b->id),
                     number(s, "SELECT COALESCE(SUM(amount + points), 0) FROM refunds WHERE state IN ('approved', 'paid') AND order_id = %lld", b->id));
    assert_int_equal(number(s, "SELECT COALESCE(SUM(CASE WHEN turn % 2 = 1 THEN amount ELSE -amount END), 0) FROM postings WHERE part = 'delivery' AND order_id = %lld", b->id),
                     number(s, "SELECT COALESCE(SUM(delivery), 0) FROM refunds WHERE state IN ('approved', 'paid') AND order_id = %lld", b->id));
    assert_int_equal(number(s, "SELECT COUNT(*) FROM postings p JOIN refunds m ON m.id = p.doc_id WHERE (p.currency <> m.currency OR p.amount <= 0 OR p.debit = p.credit) "
                               "AND p.order_id = %lld", b->id), 0);
}

/* A piece of what is left, as a person registers it; more than is left is refused. */
static void give_back(struct test_shop *s, struct bought *b)
{
    static const char *const reasons[] = { "size", "defect", "changed_mind", "damaged" };
    struct return_make m  = { .order_id = b->id, .reason = str_of(reasons[chance(4)]), .text = STR("x"), .decides = true, .hold_s = 0 };
    rid                id = { 0 };
    struct err         err = { 0 };
    if (!chance(6)) {
        m.resolution = RESOLVE_KEEP;
        m.reason     = STR("defect");
    }
    for (int line = 1; line <= b->lines; line++)
        if (chance(2))
            *return_make_line_list_add(&m.lines, &s->arena) = (struct return_make_line){ line, 1 + (int64_t)chance(4) };
    (void)!return_make(&s->work, &m, &id, &err);
}

/* Something is done to one of its returns: checked with units missing, paid in part, refused, taken further. */
static void work_on(struct test_shop *s, struct bought *b)
{
    static const enum return_action ways[] = { RACT_RECEIVE, RACT_RECEIVE, RACT_INSPECT, RACT_INSPECT, RACT_ACCEPT, RACT_ACCEPT, RACT_REFUND, RACT_REFUND,
                                               RACT_SEND_BACK, RACT_LOSE, RACT_REJECT, RACT_PARTIAL, RACT_KEEP_PART };
    struct rma_list     list = { 0 };
    struct err          err  = { 0 };
    assert_true(returns_of_order(s->work.db, b->id, &s->arena, &list, &s->err));
    if (!list.count)
        return;
    const struct rma   *r  = &list.at[chance((uint64_t)list.count)];
    struct return_input in = { .action = ways[chance(COUNT_OF(ways))], .version = r->version, .text = STR("no"), .pays = true, .confirms = true };
    if (in.action == RACT_INSPECT && !chance(4)) {
        *return_input_line_list_add(&in.lines, &s->arena) =
            (struct return_input_line){ .line = 1, .qty = 1, .condition = chance(2) ? CONDITION_USED : CONDITION_MISSING };
        b->clean = false;
    }
    if ((in.action == RACT_ACCEPT || in.action == RACT_PARTIAL || in.action == RACT_REFUND || in.action == RACT_KEEP_PART) && !chance(4)) {
        in.has_amount   = true;
        in.amount.minor = (int64_t)chance((uint64_t)r->refund_amount.minor * 2 + 2) - 1;
        b->clean        = false;
    }
    b->clean = b->clean && in.action != RACT_SEND_BACK && in.action != RACT_REJECT && in.action != RACT_PARTIAL;
    (void)!return_do(&s->work, r->id, &in, &err);
}

/* The market says that it has paid somebody back, and how much: it may be anything. */
static void market_pays(struct test_shop *s, struct bought *b, int n, int round)
{
    struct return_draft  d = { .external_id = str_print(&s->arena, "M-%d-%d", n, round), .order_external_id = str_print(&s->arena, "R-%d", n), .has_state = true,
                               .state = RETURN_REFUNDED, .external_state = STR("MoneyReturned"), .requested_at = s->work.now, .changed_at = s->work.now,
                               .has_refund = true, .has_lines = true, .refund_amount = { (int64_t)chance((uint64_t)b->paid * 2) } };
    *return_draft_line_list_add(&d.lines, &s->arena) = (struct return_draft_line){ .article = str_print(&s->arena, "SKU-%d-0", n), .qty = 1 };
    struct return_page   page   = { s->account, STR("kaspi"), STR("Kaspi"), &d, 1 };
    struct return_counts counts = { 0 };
    struct actor         who    = s->work.actor;
    if (!return_intake(&s->work, &page, &counts, &s->err))
        fail_msg("%s: %s", s->err.item[0].text, s->err.trail);
    s->work.actor = who;
    b->clean      = false;
}

/* What is left of it comes back too, and all that is under way goes to its end. */
static void finish(struct test_shop *s, const struct bought *b)
{
    static const enum return_action way[] = { RACT_APPROVE, RACT_RECEIVE, RACT_INSPECT, RACT_ACCEPT, RACT_REFUND };
    struct rma_list list = { 0 };
    for (int line = 1; line <= b->lines; line++)
        for (int64_t left = 5; left > 0; left--) {
            struct return_make m   = { .order_id = b->id, .reason = STR("defect"), .text = STR("x"), .decides = true, .hold_s = 0 };
            struct err         err = { 0 };
            rid                id;
            *return_make_line_list_add(&m.lines, &s->arena) = (struct return_make_line){ line, left };
            if (return_make(&s->work, &m, &id, &err))
                break;
        }
    assert_true(returns_of_order(s->work.db, b->id, &s->arena, &list, &s->err));
    for (int i = 0; i < list.count; i++)
        for (int k = 0; k < COUNT_OF(way); k++) {
            struct rma r   = { 0 };
            struct err err = { 0 };
            assert_true(return_get(s->work.db, list.at[i].id, &s->arena, &r, &s->err));
            struct return_input in = { .action = way[k], .version = r.version, .text = STR("ok"), .pays = true, .confirms = true };
            (void)!return_do(&s->work, r.id, &in, &err);
        }
}

static void all_refunds_of_an_order_are_never_above_what_was_paid(void **state)
{
    struct test_shop s;
    seed();
    test_shop_init(&s, state);
    s.shop.channel_ops = ops_of;
    int64_t whole = 0;
    for (int n = 0; n < ORDERS; n++) {
        struct bought b = buy(&s, n);
        bool          market = !chance(4);
        for (int round = 0; round < STEPS; round++) {
            if (chance(3) == 0)
                give_back(&s, &b);
            else if (market && !chance(5))
                market_pays(&s, &b, n, round);
            else
                work_on(&s, &b);
            test_shop_advance(&s, SECOND_MS);
            holds(&s, &b);
            ledger_holds(&s, &b);
        }
        finish(&s, &b);
        holds(&s, &b);
        ledger_holds(&s, &b);
        /* Where each unit was paid back at its share, the parts add up to the whole. */
        int64_t units = number(&s, "SELECT COALESCE(SUM(qty), 0) FROM order_lines WHERE order_id = %lld", b.id);
        int64_t came  = number(&s, "SELECT COALESCE(SUM(l.qty), 0) FROM return_lines l JOIN refunds m ON m.return_id = l.return_id "
                                   "WHERE m.state <> 'cancelled' AND m.order_id = %lld", b.id);
        if (b.clean && units == came) {
            assert_int_equal(number(&s, "SELECT SUM(amount - delivery) FROM refunds WHERE state <> 'cancelled' AND order_id = %lld", b.id), b.goods);
            whole++;
        }
    }
    printf("# %lld of %d orders came back whole\n", (long long)whole, ORDERS);
    test_shop_done(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_of_a_line_get_its_shares_in_whatever_pieces_they_come),
        cmocka_unit_test(the_ledger_of_a_refund_balances_and_says_what_is_owed),
        cmocka_unit_test(all_refunds_of_an_order_are_never_above_what_was_paid),
    };
    return test_shops(tests, COUNT_OF(tests));
}
