/* Labels in a shop, on both stores: what is one by its bytes, fetched in one go, kept, put off, refused, erased. The market is
 * Wildberries behind a fake client. */
#include "sync_bench.h"

#include "channels/wildberries/wildberries.h"
#include "orders/label_flow.h"
#include "orders/label_store.h"
#include "sync/sync_own.h"

#define BYTES(literal) ((str){ literal, sizeof(literal) - 1 })
#define PNG_HEAD "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x02\x44\x00\x00\x01\x90\x01\x00\x00\x00\x00SUMS"
#define PNG PNG_HEAD "\x00\x00\x00\x02IDATxxSUMS\x00\x00\x00\x00IENDSUMS"
#define PDF "%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"

static void a_label_is_known_by_its_bytes_and_half_of_one_is_none(void **state)
{
    static const struct { str bytes; enum label_type type; } cases[] = {
        { BYTES(PNG), LABEL_PNG }, { BYTES(PDF), LABEL_PDF }, { BYTES("junk\n" PDF "\r\n\r\n"), LABEL_PDF }, { BYTES("^XA^FO10,10^FDabc^FS^XZ\n"), LABEL_ZPL },
        { BYTES("~DGR:A.GRF,1,1,FF\n^XA^XGR:A.GRF^FS^XZ"), LABEL_ZPL },
        { BYTES(PNG_HEAD), LABEL_TYPE_NONE }, { BYTES(PNG_HEAD "\x00\x00\x00\x00IENDSUMS"), LABEL_TYPE_NONE },
        { BYTES(PNG_HEAD "\x7f\xff\xff\xffIDATxxSUMS\x00\x00\x00\x00IENDSUMS"), LABEL_TYPE_NONE },
        { BYTES("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x7f\xff\xff\xff\x00\x00\x01\x90\x01\x00\x00\x00\x00SUMS\x00\x00\x00\x02IDATxxSUMS\x00\x00\x00\x00IENDSUMS"), LABEL_TYPE_NONE },
        { BYTES("%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n"), LABEL_TYPE_NONE }, { BYTES("%PDF-1.4 %%EOF"), LABEL_TYPE_NONE },
        { BYTES("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"), LABEL_TYPE_NONE }, { BYTES("<!doctype html><script>alert(1)</script>"), LABEL_TYPE_NONE },
        { BYTES("^XA\x01^XZ"), LABEL_TYPE_NONE }, { BYTES("^XA^FO10,10"), LABEL_TYPE_NONE }, { BYTES("{\"code\":5}"), LABEL_TYPE_NONE }, { BYTES(""), LABEL_TYPE_NONE },
    };
    (void)state;
    for (int i = 0; i < COUNT_OF(cases); i++)
        if (label_type_of(cases[i].bytes) != cases[i].type)
            fail_msg("%d: %s", i, label_type_names[label_type_of(cases[i].bytes)]);
}

/* ---- the market: a sticker for each number whose last digit is no 9; 8: something else than a sticker ---- */

static bool stickers_send(struct http_client *c, struct arena *a, const struct http_request *rq, struct http_reply *out)
{
    struct market     *m = c->ctx;
    const struct json *root;
    struct err         err = { 0 };
    struct buf         b   = buf_in(a);
    struct json_out    j   = json_out(&b);
    m->requests++;
    if (faulty(m, a, true, out))
        return true;
    assert_true(json_read(a, rq->body, 1 << 20, &root, &err));
    json_begin(&j, NULL, '{');
    json_begin(&j, "stickers", '[');
    JSON_EACH(id, json_get(root, "orders")) {
        str text = json_str(id);
        m->reads++;
        if (text.at[text.len - 1] == '9')
            continue;
        json_begin(&j, NULL, '{');
        json_raw(&j, "orderId", text);
        json_text(&j, "file", base64_encode(a, text.at[text.len - 1] == '8' ? STR("<svg onload=alert(1)>") : BYTES(PNG)));
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    *out = (struct http_reply){ .fate = HTTP_ANSWERED, .status = 200, .body = buf_str(&b) };
    return true;
}

static const struct channel *const wb_alone[] = { &wildberries_channel, NULL };

static bool shop_tx(struct db *db, void *ctx, struct err *err)
{
    struct bench             *b      = ctx;
    struct setting_value_list values = { 0 };
    struct channel_account    acc    = { .id = { 501 }, .channel = STR("wildberries"), .name = STR("WB"), .mode = ACCOUNT_LIVE, .state = ACCOUNT_ACTIVE,
                                         .version = 1, .created_at = { SHOP_NOW }, .updated_at = { SHOP_NOW } };
    *setting_value_list_add(&values, &b->arena) = (struct setting_value){ STR("token"), STR("secret-token") };
    account_settings_save(&acc, &wildberries_channel, &b->key, &b->arena, &values);
    return record_insert(db, &channel_account_record, &acc, err);
}

/* `n` confirmed orders 1001, 1002, … of the account. */
static void begin(struct bench *b, void **state, int n)
{
    bench_begin(b, state, NULL, 0, 1);
    sync_close(b->engine);
    b->market.client.send = stickers_send;
    b->options.channels   = wb_alone;
    done(db_tx(b->shop.work.db, shop_tx, b, &b->shop.err), b);
    done(sync_open(&b->options, &b->engine, &b->shop.err), b);
    for (int i = 1; i <= n; i++) {
        struct order_draft d = a_draft(&b->shop, (const char *)str_zero(&b->arena, str_print(&b->arena, "%d", 1000 + i)));
        d.scheme = SCHEME_FBS;
        take_drafts(&b->shop, &d, 1, HUB_CONFIRMED, "a");
    }
    test_shop_run(&b->shop, "UPDATE orders SET account_id = 501, channel = 'wildberries'");
}

static void order_all(struct bench *b)
{
    struct order_list list = { 0 };
    rid ids[200];
    const struct order *which[200];
    int n = (int)number(b, "SELECT COUNT(*) FROM orders");
    for (int i = 0; i < n; i++)
        ids[i] = (rid){ number(b, (const char *)str_zero(&b->arena, str_print(&b->arena, "SELECT id FROM orders WHERE external_id = '%d'", 1001 + i))) };
    done(orders_by_ids(b->shop.work.db, ids, n, &b->arena, &list, &b->shop.err), b);
    for (int i = 0; i < n; i++)
        which[i] = &list.at[i];
    b->shop.work.now = clock_now(&b->clock);
    done(labels_order(&b->shop.work, which, n, false, &b->shop.err), b);
}

/* All that is due now; how many conversations. */
static int fetch(struct bench *b)
{
    for (int n = 0;; n++) {
        bool        due;
        instant     next = { 0 };
        struct err  err  = { 0 };
        struct work w    = sync_work_begin(b->engine, &b->arena);
        bool        ok   = labels_find(b->engine, &w, &due, &next, &err) && (!due || labels_fetch(b->engine, &w, &err));
        sync_work_end(&w);
        if (!ok)
            fail_msg("%s: %s", err.item[0].text, err.trail);
        if (!due)
            return n;
    }
}

static int64_t in_state(struct bench *b, const char *state, const char *problem)
{
    return number(b, (const char *)str_zero(&b->arena, str_print(&b->arena, "SELECT COUNT(*) FROM labels WHERE state = '%s' AND problem = '%s'", state, problem)));
}

static void the_labels_of_many_orders_are_one_conversation_and_are_kept(void **state)
{
    struct bench b;
    begin(&b, state, 12);
    order_all(&b);
    order_all(&b);                                          /* asked for twice is fetched once */
    assert_int_equal(fetch(&b), 1);
    assert_int_equal(b.market.requests, 1);
    assert_int_equal(in_state(&b, "here", ""), 10);
    assert_int_equal(in_state(&b, "waiting", "label.not_ready"), 1);
    assert_int_equal(in_state(&b, "waiting", "label.broken"), 1);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM label_files"), 10);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM labels WHERE type = 'png' AND width_mm = 58 AND height_mm = 40"), 10);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM events WHERE data LIKE '%\"kind\":\"label\"%'"), 10);
    order_all(&b);
    assert_int_equal(fetch(&b), 0);                         /* those that are here are not asked for again */
    for (int hour = 0; hour < 60; hour++) {
        advance(&b, HOUR_MS);
        fetch(&b);
    }
    assert_int_equal(in_state(&b, "refused", "label.broken"), 1);
    assert_int_equal(in_state(&b, "refused", "label.not_ready"), 1);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM labels WHERE due_at IS NOT NULL"), 0);
    bench_end(&b);
}

static void a_market_that_is_slow_or_away_is_waited_for_and_a_key_without_the_right_stops_nothing_else(void **state)
{
    struct bench b;
    begin(&b, state, 2);
    order_all(&b);
    b.market.fault = FAULT_BUSY;
    b.market.fault_left = 1;
    assert_int_equal(fetch(&b), 1);
    assert_int_equal(number(&b, "SELECT MAX(tries) FROM labels"), 0);       /* it was not its turn: no try */
    advance(&b, HOUR_MS);
    assert_int_equal(fetch(&b), 0);
    advance(&b, 61 * MINUTE_MS);
    b.market.fault = FAULT_DOWN;
    b.market.fault_left = 1;
    assert_int_equal(fetch(&b), 1);
    assert_int_equal(in_state(&b, "waiting", "channel.down"), 2);
    advance(&b, MINUTE_MS);
    b.market.fault = FAULT_AUTH;
    b.market.fault_left = 1;
    assert_int_equal(fetch(&b), 1);
    assert_int_equal(in_state(&b, "refused", "channel.auth"), 2);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM channel_accounts WHERE id = 501 AND state = 'active'"), 1);
    order_all(&b);                                          /* whoever mends the key asks again */
    assert_int_equal(fetch(&b), 1);
    assert_int_equal(in_state(&b, "here", ""), 2);
    bench_end(&b);
}

static bool take_tx(struct db *db, void *ctx, struct err *err)
{
    struct bench     *b = ctx;
    struct label      first;
    struct label_list list = { 0 };
    bool              found;
    instant           now = clock_now(&b->clock);
    return labels_first(db, now, &b->arena, &first, &found, err) && found &&
           labels_take(db, &first, now, instant_add(now, LEASE_MS), 100, &b->arena, &list, err);
}

static void a_server_that_dies_leaves_them_to_another_and_a_paused_shop_is_left_alone(void **state)
{
    struct bench b;
    begin(&b, state, 2);
    order_all(&b);
    test_shop_run(&b.shop, "UPDATE channel_accounts SET state = 'paused' WHERE id = 501");
    assert_int_equal(fetch(&b), 1);
    assert_int_equal(b.market.requests, 0);
    test_shop_run(&b.shop, "UPDATE channel_accounts SET state = 'active' WHERE id = 501");
    advance(&b, HOUR_MS);
    done(db_tx(b.shop.work.db, take_tx, &b, &b.shop.err), &b);          /* taken by a server that is no more */
    assert_int_equal(fetch(&b), 0);
    advance(&b, LEASE_MS);
    assert_int_equal(fetch(&b), 1);
    assert_int_equal(in_state(&b, "here", ""), 2);
    bench_end(&b);
}

static bool late_tx(struct db *db, void *ctx, struct err *err)
{
    return label_settle(db, ctx, BYTES(PNG), err);
}

static void an_order_that_was_cancelled_or_erased_meanwhile_gets_none(void **state)
{
    struct bench b;
    begin(&b, state, 3);
    order_all(&b);
    test_shop_run(&b.shop, "UPDATE orders SET status = 'cancelled', closed = 1 WHERE external_id = '1001'");
    test_shop_run(&b.shop, "UPDATE orders SET status = 'new' WHERE external_id = '1002'");
    assert_int_equal(fetch(&b), 1);
    assert_int_equal(b.market.reads, 1);                    /* only the third is asked for */
    assert_int_equal(in_state(&b, "refused", "label.over"), 1);
    assert_int_equal(in_state(&b, "waiting", "label.not_ready"), 1);
    struct label gone = { .order_id = { number(&b, "SELECT id FROM orders WHERE external_id = '1002'") }, .state = LABEL_FETCHED, .type = LABEL_PNG };
    test_shop_run(&b.shop, "DELETE FROM labels");
    test_shop_run(&b.shop, "DELETE FROM label_files");
    done(db_tx(b.shop.work.db, late_tx, &gone, &b.shop.err), &b);       /* a file that comes after the erasing is not kept */
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM label_files"), 0);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_is_known_by_its_bytes_and_half_of_one_is_none),
        cmocka_unit_test(the_labels_of_many_orders_are_one_conversation_and_are_kept),
        cmocka_unit_test(a_market_that_is_slow_or_away_is_waited_for_and_a_key_without_the_right_stops_nothing_else),
        cmocka_unit_test(a_server_that_dies_leaves_them_to_another_and_a_paused_shop_is_left_alone),
        cmocka_unit_test(an_order_that_was_cancelled_or_erased_meanwhile_gets_none),
    };
    return test_shops(tests, COUNT_OF(tests));
}
