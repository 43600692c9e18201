/* Telling other programs: what is sent, signed how, tried again when, and given up when. On both stores, behind a made-up receiver. */
#include "support/shop.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/secret.h"
#include "returns/claim_flow.h"
#include "returns/return_make_flow.h"
#include "sync/sync.h"
#include "webhooks/webhook_flow.h"

struct receiver { struct http_client client; int status; const char *retry_after; enum http_fate fate; int calls; str body, id, signature; int64_t at; struct arena *arena; };

static bool receive(struct http_client *c, struct arena *a, const struct http_request *rq, struct http_reply *out)
{
    struct receiver *r = c->ctx;
    r->calls++;
    r->body      = str_copy(r->arena, rq->body);
    r->id        = str_copy(r->arena, http_header_get(&rq->headers, "webhook-id"));
    r->signature = str_copy(r->arena, http_header_get(&rq->headers, "webhook-signature"));
    if (!str_to_int(http_header_get(&rq->headers, "webhook-timestamp"), &r->at))
        fail_msg("no timestamp");
    *out = (struct http_reply){ .fate = r->fate, .status = r->status, .body = STR("thanks") };
    if (r->retry_after)
        *http_header_list_add(&out->headers, a) = (struct http_header){ STR("Retry-After"), str_of(r->retry_after) };
    return true;
}

struct ground {
    struct test_shop    shop;
    struct clock        clock;
    struct receiver     receiver;
    struct secret_key   key;
    struct sync_engine *engine;
    struct webhook      hook;
    str                 secret;
};

static const struct shop *shop_of(void *ctx)
{
    struct ground *g = ctx;
    return &g->shop.shop;
}

#define done(call) \
    do { \
        if (!(call)) \
            fail_msg("%s: %s (%s)", #call, g->shop.err.item[0].text, g->shop.err.trail); \
    } while (0)

static const struct grantor owner = { .permissions = ~UINT64_C(0) };

static void ground_begin(struct ground *g, void **state, const char *events, enum webhook_contents contents)
{
    static const struct channel *const no_channels[] = { NULL };
    *g = (struct ground){ 0 };
    test_shop_init(&g->shop, state);
    clock_freeze(&g->clock, (instant){ SHOP_NOW });
    memset(&g->key, 7, sizeof g->key);
    g->receiver = (struct receiver){ .client = { .send = receive }, .status = 200, .fate = HTTP_ANSWERED, .arena = &g->shop.arena };
    g->receiver.client.ctx = &g->receiver;
    struct sync_options o = { .pool = g->shop.pool, .ids = &g->shop.ids, .clock = &g->clock, .shop = shop_of, .ctx = g,
                              .client = &g->receiver.client, .channels = no_channels, .server = "test", .key = g->key };
    done(sync_open(&o, &g->engine, &g->shop.err));
    g->hook = (struct webhook){ .name = STR("1С"), .url = STR("https://example.com/hook"), .events = str_of(events), .contents = contents };
    done(webhook_create(&g->shop.work, &g->key, &owner, &g->hook, &g->secret, &g->shop.err));
}

static void ground_end(struct ground *g)
{
    sync_close(g->engine);
    test_shop_done(&g->shop);
}

static void after(struct ground *g, int64_t ms)
{
    clock_advance(&g->clock, ms);
    test_shop_advance(&g->shop, ms);
    sync_turn(g->engine, 0);
}

static struct webhook hook_now(struct ground *g)
{
    struct webhook h = { 0 };
    done(webhook_get(g->shop.work.db, g->hook.id, &g->shop.arena, &h, &g->shop.err));
    return h;
}

static void the_signature_is_that_of_the_specification(void **state)
{
    CLEANUP(arena_done) struct arena a = { 0 };
    (void)state;
    str got = webhook_signature(&a, STR("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), STR("msg_p5jXN8AQM9LWM0D4loKWxJek"), 1614265330,
                                STR("{\"test\": 2432232314}"));
    assert_true(str_is(got, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    assert_int_equal(webhook_signature(&a, STR("whsec_"), STR("m"), 1, STR("")).len, 0);
}

static void an_event_tells_its_types(void **state)
{
    static const struct { const char *kind, *from, *status; unsigned types; } cases[] = {
        { "new", "", "new", BIT(WEBHOOK_ORDER_CREATED) },
        { "changed", "new", "confirmed", BIT(WEBHOOK_ORDER_STATUS) },
        { "changed", "new", "cancelled", BIT(WEBHOOK_ORDER_STATUS) | BIT(WEBHOOK_ORDER_CANCELLED) },
        { "changed", "", "confirmed", BIT(WEBHOOK_ORDER_UPDATED) },
        { "note", "", "new", BIT(WEBHOOK_ORDER_UPDATED) },
        { "zone", "", "new", 0 },
        { "seen", "", "new", 0 },
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(webhook_types(str_of(cases[i].kind), str_of(cases[i].from), str_of(cases[i].status)), cases[i].types);
}

static void what_happens_to_returns_and_claims_is_told_by_its_types(void **state)
{
    static const struct { const char *kind, *from, *at; bool decided, refunded; unsigned types; } cases[] = {
        { "new", "", "requested", false, false, BIT(WEBHOOK_RETURN_CREATED) },
        { "new", "", "closed", true, true, BIT(WEBHOOK_RETURN_CREATED) | BIT(WEBHOOK_RETURN_DECIDED) | BIT(WEBHOOK_RETURN_REFUNDED) },
        { "changed", "requested", "approved", true, false, BIT(WEBHOOK_RETURN_STATE) | BIT(WEBHOOK_RETURN_DECIDED) },
        { "changed", "refunding", "refunded", false, true, BIT(WEBHOOK_RETURN_STATE) | BIT(WEBHOOK_RETURN_REFUNDED) },
        { "changed", "", "approved", false, false, BIT(WEBHOOK_RETURN_UPDATED) },
        { "photo", "", "", false, false, BIT(WEBHOOK_RETURN_UPDATED) },
        { "zone", "", "requested", false, false, 0 },
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(webhook_return_types(str_of(cases[i].kind), str_of(cases[i].from), cases[i].decided, cases[i].refunded), cases[i].types);
    assert_int_equal(webhook_claim_types(STR("new"), STR(""), STR("open")), BIT(WEBHOOK_CLAIM_CREATED));
    assert_int_equal(webhook_claim_types(STR("changed"), STR("in_review"), STR("won")), BIT(WEBHOOK_CLAIM_STATE) | BIT(WEBHOOK_CLAIM_DECIDED));
    assert_int_equal(webhook_claim_types(STR("changed"), STR(""), STR("open")), BIT(WEBHOOK_CLAIM_UPDATED));
    assert_int_equal(webhook_claim_types(STR("zone"), STR(""), STR("open")), 0);
}

static unsigned ops_of(str channel) { return str_is(channel, "manual") ? 0 : 15; }

/* The next message that is sent; empty: there is none. */
static str heard(struct ground *g)
{
    int calls = g->receiver.calls;
    after(g, SECOND_MS);
    return g->receiver.calls == calls ? STR("") : g->receiver.body;
}

static void a_return_and_its_claim_are_told_from_their_beginning_to_the_money(void **state)
{
    struct ground      g0, *g = &g0;
    struct return_done result = { 0 };
    struct rma         r      = { 0 };
    rid                id, claim;
    ground_begin(g, state, "return.created,return.decided,return.refunded,claim.created,claim.state_changed", WEBHOOK_FULL);
    g->shop.shop.channel_ops = ops_of;
    struct order_draft d = a_draft(&g->shop, "E-1");
    take_drafts(&g->shop, &d, 1, HUB_COMPLETED, "1");
    struct return_make m = { .order_id = the_order(&g->shop, "E-1").id, .reason = STR("size"), .text = STR("не подошло"), .hold_s = 0, .out = &result };
    *return_make_line_list_add(&m.lines, &g->shop.arena) = (struct return_make_line){ 1, 1 };
    done(return_make(&g->shop.work, &m, &id, &g->shop.err));
    str body = heard(g);
    assert_true(str_starts(body, STR("{\"type\":\"return.created\"")));
    assert_true(str_has(body, STR("\"buyer_text\":\"не подошло\"")) && str_has(body, STR("\"refund_amount\":\"7600.00\"")) &&
                str_has(body, STR("\"article\":\"NUTR-1\"")) && str_has(body, STR("\"previous_state\":null")));
    static const enum return_action way[] = { RACT_APPROVE, RACT_RECEIVE, RACT_INSPECT, RACT_ACCEPT, RACT_REFUND };
    for (int i = 0; i < COUNT_OF(way); i++) {
        done(return_get(g->shop.work.db, id, &g->shop.arena, &r, &g->shop.err));
        struct return_input in = { .action = way[i], .version = r.version, .hold_s = 0, .confirms = true, .pays = true };
        done(return_do(&g->shop.work, id, &in, &g->shop.err));
        body = heard(g);
        str wanted = way[i] == RACT_APPROVE ? STR("{\"type\":\"return.decided\"") : way[i] == RACT_REFUND ? STR("{\"type\":\"return.refunded\"") : STR("");
        assert_true(wanted.len ? str_starts(body, wanted) : !body.len);
    }
    assert_true(str_has(body, STR("\"state\":\"refunded\"")) && str_has(body, STR("\"previous_state\":\"refunding\"")));
    const struct claim_new c = { .return_id = id, .side = CLAIM_TO_CARRIER, .subject = CLSUBJ_DAMAGED, .text = STR("Коробка смята") };
    done(claim_open(&g->shop.work, &c, &claim, &g->shop.err));
    assert_true(str_starts(heard(g), STR("{\"type\":\"claim.created\"")));
    const struct claim_input gather = { .action = CLACT_GATHER, .version = 1 };
    done(claim_do(&g->shop.work, claim, &gather, &g->shop.err));
    body = heard(g);
    assert_true(str_starts(body, STR("{\"type\":\"claim.state_changed\"")) && str_has(body, STR("\"previous_state\":\"open\"")));
    assert_int_equal(g->receiver.calls, 5);
    ground_end(g);
}

static void a_new_order_is_told_once_signed_and_without_a_buyer_when_thin(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state, "order.created", WEBHOOK_THIN);
    struct order_draft d = a_draft(&g->shop, "E-1");
    take_drafts(&g->shop, &d, 1, HUB_NEW, "1");
    after(g, 0);
    after(g, SECOND_MS);
    assert_int_equal(g->receiver.calls, 1);
    assert_true(str_starts(g->receiver.body, STR("{\"type\":\"order.created\"")));
    assert_true(str_has(g->receiver.body, STR("\"number\":\"E-1\"")));
    assert_false(str_has(g->receiver.body, STR("Мария")));
    assert_true(str_eq(g->receiver.signature,
                       webhook_signature(&g->shop.arena, g->secret, g->receiver.id, g->receiver.at, g->receiver.body)));
    assert_int_equal(count_rows(&g->shop, "SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'done'"), 1);
    assert_int_equal(count_rows(&g->shop, "SELECT status FROM webhook_attempts"), 200);
    assert_int_equal(count_rows(&g->shop, "SELECT COUNT(*) FROM webhooks WHERE sealed LIKE '%whsec%'"), 0);
    assert_int_equal(count_rows(&g->shop, "SELECT COUNT(*) FROM audit_entries WHERE after_json LIKE '%whsec%'"), 0);
    ground_end(g);
}

static void what_was_before_the_address_is_not_told_and_what_is_not_wanted_neither(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state, "order.cancelled", WEBHOOK_FULL);
    struct order_draft d = a_draft(&g->shop, "E-1");
    take_drafts(&g->shop, &d, 1, HUB_NEW, "1");
    after(g, 0);
    assert_int_equal(g->receiver.calls, 0);
    d.status_key = d.external_status = STR("CANCELLED");
    take_drafts(&g->shop, &d, 1, HUB_CANCELLED, "2");
    after(g, 6 * SECOND_MS);
    assert_int_equal(g->receiver.calls, 1);
    assert_true(str_has(g->receiver.body, STR("\"previous_status\":\"new\"")));
    assert_true(str_has(g->receiver.body, STR("Мария")));
    assert_true(str_has(g->receiver.body, STR("\"line_total\":\"15200.00\"")));
    ground_end(g);
}

static void a_failure_is_tried_again_with_the_same_id_and_body(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state, "order.created", WEBHOOK_THIN);
    struct order_draft d = a_draft(&g->shop, "E-1");
    g->receiver.status = 500;
    take_drafts(&g->shop, &d, 1, HUB_NEW, "1");
    after(g, 0);
    str id = g->receiver.id, body = g->receiver.body;
    assert_int_equal(g->receiver.calls, 1);
    after(g, 4 * SECOND_MS);
    assert_int_equal(g->receiver.calls, 1);
    g->receiver.status = 204;
    after(g, SECOND_MS);
    assert_int_equal(g->receiver.calls, 2);
    assert_true(str_eq(id, g->receiver.id) && str_eq(body, g->receiver.body));
    assert_int_equal(hook_now(g).failures, 0);
    assert_int_equal(count_rows(&g->shop, "SELECT COUNT(*) FROM webhook_attempts"), 2);
    ground_end(g);
}

static void who_asks_for_patience_is_given_it(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state, "order.created", WEBHOOK_THIN);
    struct order_draft d = a_draft(&g->shop, "E-1");
    g->receiver.status      = 429;
    g->receiver.retry_after = "3600";
    take_drafts(&g->shop, &d, 1, HUB_NEW, "1");
    after(g, 0);
    after(g, 30 * MINUTE_MS);
    assert_int_equal(g->receiver.calls, 1);
    g->receiver.status = 200;
    after(g, 31 * MINUTE_MS);
    assert_int_equal(g->receiver.calls, 2);
    ground_end(g);
}

static void an_address_that_is_gone_is_switched_off(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state, "order.created", WEBHOOK_THIN);
    struct order_draft d = a_draft(&g->shop, "E-1");
    g->receiver.status = 410;
    take_drafts(&g->shop, &d, 1, HUB_NEW, "1");
    after(g, 0);
    assert_false(hook_now(g).enabled);
    assert_true(str_is(hook_now(g).stopped, "gone"));
    after(g, DAY_MS);
    assert_int_equal(g->receiver.calls, 1);
    ground_end(g);
}

static void after_days_of_failures_the_address_is_switched_off_and_one_failure_costs_one_try(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state, "order.created", WEBHOOK_THIN);
    struct order_draft d[] = { a_draft(&g->shop, "E-1"), a_draft(&g->shop, "E-2"), a_draft(&g->shop, "E-3") };
    g->receiver.fate = HTTP_NOT_SENT;
    take_drafts(&g->shop, d, 3, HUB_NEW, "1");
    after(g, 0);
    assert_int_equal(g->receiver.calls, 1);                 /* the other two are not tried at an address that does not answer */
    for (int hours = 0; hours < 100; hours++)
        after(g, HOUR_MS);
    assert_true(str_is(hook_now(g).stopped, "failing"));
    int calls = g->receiver.calls;
    after(g, DAY_MS);
    assert_int_equal(g->receiver.calls, calls);
    ground_end(g);
}

static void a_renewed_secret_signs_beside_the_old_one_for_a_day(void **state)
{
    struct ground           g0, *g = &g0;
    struct webhook_delivery test;
    str                     fresh;
    ground_begin(g, state, "order.created", WEBHOOK_THIN);
    done(webhook_rotate(&g->shop.work, &g->key, g->hook.id, &g->hook, &fresh, &g->shop.err));
    assert_false(str_eq(fresh, g->secret));
    done(webhook_test(&g->shop.work, g->hook.id, &test, &g->shop.err));
    after(g, 0);
    assert_true(str_has(g->receiver.signature, STR(" v1,")));
    assert_true(str_has(g->receiver.signature, webhook_signature(&g->shop.arena, g->secret, g->receiver.id, g->receiver.at, g->receiver.body)));
    assert_true(str_starts(g->receiver.body, STR("{\"type\":\"webhook.test\"")));
    assert_false(str_has(g->receiver.body, STR(":null")));  /* tools learn the fields from it */
    after(g, DAY_MS);
    done(webhook_test(&g->shop.work, g->hook.id, &test, &g->shop.err));
    after(g, 0);
    assert_true(str_eq(g->receiver.signature, webhook_signature(&g->shop.arena, fresh, g->receiver.id, g->receiver.at, g->receiver.body)));
    ground_end(g);
}

static void an_ended_delivery_is_sent_again_on_demand(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state, "order.created", WEBHOOK_THIN);
    struct order_draft d = a_draft(&g->shop, "E-1");
    take_drafts(&g->shop, &d, 1, HUB_NEW, "1");
    after(g, 0);
    rid id = { count_rows(&g->shop, "SELECT id FROM webhook_deliveries") };
    done(webhook_delivery_again(&g->shop.work, id, &g->shop.err));
    after(g, 0);
    assert_int_equal(g->receiver.calls, 2);
    assert_int_equal(count_rows(&g->shop, "SELECT tries FROM webhook_deliveries"), 2);
    ground_end(g);
}

static void an_address_of_some_channels_hears_of_those_alone(void **state)
{
    struct ground g0, *g = &g0;
    ground_begin(g, state, "order.created", WEBHOOK_THIN);
    struct webhook other = { .name = STR("other"), .url = STR("https://example.com/2"), .events = STR("order.created"), .accounts = STR("78") };
    str secret;
    done(webhook_create(&g->shop.work, &g->key, &owner, &other, &secret, &g->shop.err));
    struct order_draft d = a_draft(&g->shop, "E-1");
    take_drafts(&g->shop, &d, 1, HUB_NEW, "1");
    after(g, 0);
    assert_int_equal(g->receiver.calls, 1);
    static const rid only[] = { { 78 } };
    const struct grantor small = { .permissions = ~UINT64_C(0), .accounts = only, .accounts_count = 1 };
    struct webhook wide = { .name = STR("wide"), .url = STR("https://example.com/3"), .events = STR("order.created") };
    assert_false(webhook_create(&g->shop.work, &g->key, &small, &wide, &secret, &g->shop.err));
    ground_end(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_signature_is_that_of_the_specification),
        cmocka_unit_test(an_event_tells_its_types),
        cmocka_unit_test(what_happens_to_returns_and_claims_is_told_by_its_types),
        cmocka_unit_test(a_return_and_its_claim_are_told_from_their_beginning_to_the_money),
        cmocka_unit_test(a_new_order_is_told_once_signed_and_without_a_buyer_when_thin),
        cmocka_unit_test(what_was_before_the_address_is_not_told_and_what_is_not_wanted_neither),
        cmocka_unit_test(a_failure_is_tried_again_with_the_same_id_and_body),
        cmocka_unit_test(who_asks_for_patience_is_given_it),
        cmocka_unit_test(an_address_that_is_gone_is_switched_off),
        cmocka_unit_test(after_days_of_failures_the_address_is_switched_off_and_one_failure_costs_one_try),
        cmocka_unit_test(a_renewed_secret_signs_beside_the_old_one_for_a_day),
        cmocka_unit_test(an_ended_delivery_is_sent_again_on_demand),
        cmocka_unit_test(an_address_of_some_channels_hears_of_those_alone),
    };
    return test_shops(tests, COUNT_OF(tests));
}
