/* What buyers have photographed, on both stores: fetched from the market's own hosts alone, kept without what a camera writes beside it,
 * and nothing else than a picture. */
#include "sync_bench.h"

#include "channels/wildberries/wildberries.h"
#include "returns/media_store.h"
#include "returns/photo.h"
#include "returns/photo_store.h"
#include "returns/return_intake_flow.h"
#include "sync/sync_own.h"

#define BYTES(literal) ((str){ literal, sizeof(literal) - 1 })
#define PNG_HEAD "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\x00\x03\x00\x00\x00\x02\x08\x02\x00\x00\x00SUMS"
#define PNG_TEXT "\x00\x00\x00\x06tEXtsecretSUMS"
#define PNG_REST "\x00\x00\x00\x02IDATxxSUMS\x00\x00\x00\x00IENDSUMS"

/* The host of the pictures: what it has under a name, and who asked for what. */
static const struct { const char *name; int status; enum http_fate fate; str body; } shelf[] = {
    { "/good.webp", 200, HTTP_ANSWERED, BYTES(PNG_HEAD PNG_TEXT PNG_REST) },
    { "/page.webp", 200, HTTP_ANSWERED, BYTES("<!doctype html><script>alert(1)</script>") },
    { "/draw.webp", 200, HTTP_ANSWERED, BYTES("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>") },
    { "/run.webp", 200, HTTP_ANSWERED, BYTES("MZ\x90\x00 this program") },
    { "/half.webp", 200, HTTP_ANSWERED, BYTES("\x89PNG\r\n\x1a\n\x00\x00") },
    { "/moved.webp", 302, HTTP_ANSWERED, BYTES("") },
    { "/gone.webp", 404, HTTP_ANSWERED, BYTES("") },
    { "/down.webp", 503, HTTP_ANSWERED, BYTES("") },
    { "/busy.webp", 429, HTTP_ANSWERED, BYTES("") },
    { "/long.webp", 200, HTTP_UNKNOWN, BYTES("too much") },
};

static bool shelf_send(struct http_client *c, struct arena *a, const struct http_request *rq, struct http_reply *out)
{
    struct market *m = c->ctx;
    (void)a;
    m->requests++;
    assert_int_equal(http_header_get(&rq->headers, "Authorization").len, 0);           /* a key is for the market's methods alone */
    assert_int_equal(rq->reply_bytes_max, PHOTO_BYTES_MAX);
    assert_true(str_starts(rq->url, STR("https://photos.wbstatic.net/")));
    *out = (struct http_reply){ .fate = HTTP_ANSWERED, .status = 404 };
    for (int i = 0; i < COUNT_OF(shelf); i++)
        if (str_ends(rq->url, str_of(shelf[i].name)))
            *out = (struct http_reply){ .fate = shelf[i].fate, .status = shelf[i].status, .body = shelf[i].body };
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

static void begin(struct bench *b, void **state)
{
    bench_begin(b, state, NULL, 0, 1);
    sync_close(b->engine);
    b->market.client.send = shelf_send;
    b->options.channels   = wb_alone;
    done(db_tx(b->shop.work.db, shop_tx, b, &b->shop.err), b);
    done(sync_open(&b->options, &b->engine, &b->shop.err), b);
}

/* A claim as Wildberries tells it, read by the connector and taken like a page. */
static void tell(struct bench *b, const char *id, int status, const char *photos, const char *films)
{
    struct returned_list list = { 0 };
    struct call          call = { .arena = &b->arena, .now = b->shop.work.now, .base_url = str_of(wildberries_channel.base_url), .channel = &wildberries_channel };
    str body = str_print(&b->arena, "{\"claims\":[{\"id\":\"%s\",\"status\":%d,\"status_ex\":%d,\"srid\":\"S-1\",\"user_comment\":\"мало\",\"dt\":\"2026-12-01T10:00:00\","
                                    "\"photos\":[%s],\"video_paths\":[%s],\"actions\":[],\"price\":100}]}", id, status, status == 2 ? 5 : 0, photos, films);
    done(wb_returns_read(&call, body, &list, &b->shop.err), b);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.at[0].problem.len, 0);
    struct return_page   page   = { { 501 }, STR("wildberries"), STR("WB"), &list.at[0].draft, 1 };
    struct return_counts counts = { 0 };
    done(return_intake(&b->shop.work, &page, &counts, &b->shop.err), b);
}

/* All that is due now; how many. */
static int fetch(struct bench *b)
{
    for (int n = 0;; n++) {
        bool        due;
        instant     next = { 0 };
        struct err  err  = { 0 };
        struct work w    = sync_work_begin(b->engine, &b->arena);
        bool        ok   = media_find(b->engine, &w, &due, &next, &err) && (!due || media_fetch(b->engine, &w, &err));
        sync_work_end(&w);
        if (!ok)
            fail_msg("%s: %s", err.item[0].text, err.trail);
        if (!due)
            return n;
    }
}

static void is_now(struct bench *b, const char *name, const char *state, const char *problem)
{
    assert_text(one_text(b, (const char *)str_zero(&b->arena, str_print(&b->arena, "SELECT state FROM return_media WHERE url LIKE '%%%s'", name))), state);
    assert_text(one_text(b, (const char *)str_zero(&b->arena, str_print(&b->arena, "SELECT problem FROM return_media WHERE url LIKE '%%%s'", name))), problem);
}

#define HOST "\"//photos.wbstatic.net/claim/c-1"
static void a_buyers_photo_is_here_without_what_a_camera_wrote_and_is_fetched_once(void **state)
{
    struct bench b;
    begin(&b, state);
    tell(&b, "c-1", 0, HOST "/good.webp\"", HOST "/film.mp4\"");
    assert_int_equal(fetch(&b), 1);
    assert_int_equal(b.market.requests, 1);
    is_now(&b, "/good.webp", "here", "");
    is_now(&b, "/film.mp4", "link", "");                    /* films are not fetched */
    rid                      id   = { number(&b, "SELECT id FROM returns") };
    struct return_photo_list list = { 0 };
    struct return_photo      one;
    str                      bytes;
    done(photos_of(b.shop.work.db, id, &b.arena, &list, &b.shop.err), &b);
    assert_int_equal(list.count, 1);
    assert_true(id_is_set(list.at[0].media_id));
    done(photo_get(b.shop.work.db, id, list.at[0].id, &b.arena, &one, &bytes, &b.shop.err), &b);
    assert_text(one.type, "image/png");                     /* by its content: its name says webp */
    assert_true(str_eq(bytes, BYTES(PNG_HEAD PNG_REST)));
    tell(&b, "c-1", 0, HOST "/good.webp\"", HOST "/film.mp4\"");
    tell(&b, "c-1", 2, HOST "/good.webp\"", HOST "/film.mp4\"");
    assert_int_equal(fetch(&b), 0);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM return_media"), 2);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM events WHERE kind = 'return' AND data LIKE '%\"photo\"%'"), 1);
    bench_end(&b);
}

static void what_is_no_picture_or_not_the_markets_is_refused_and_says_why(void **state)
{
    static const struct { const char *name, *state, *problem; } ends[] = {
        { "/page.webp", "refused", "body.type" }, { "/draw.webp", "refused", "body.type" }, { "/run.webp", "refused", "body.type" },
        { "/half.webp", "refused", "body.type" }, { "/moved.webp", "refused", "channel.refused" }, { "/gone.webp", "gone", "not_found" },
        { "evil.test/a.webp", "refused", "media.host" }, { "notwbstatic.net/a.webp", "refused", "media.host" },
    };
    struct bench b;
    begin(&b, state);
    tell(&b, "c-1", 0, HOST "/page.webp\"," HOST "/draw.webp\"," HOST "/run.webp\"," HOST "/half.webp\"," HOST "/moved.webp\"," HOST "/gone.webp\","
         "\"https://wbstatic.net.evil.test/a.webp\",\"https://notwbstatic.net/a.webp\"", "");
    assert_int_equal(fetch(&b), 8);
    assert_int_equal(b.market.requests, 6);                 /* strangers are never asked */
    for (int i = 0; i < COUNT_OF(ends); i++)
        is_now(&b, ends[i].name, ends[i].state, ends[i].problem);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM return_photos"), 0);
    bench_end(&b);
}

static void an_address_that_is_none_of_a_named_host_is_not_kept(void **state)
{
    struct bench b;
    begin(&b, state);
    tell(&b, "c-1", 0, "\"http://photos.wbstatic.net/a.webp\",\"https://127.0.0.1/a\",\"https://[::1]/a\",\"https://photos.wbstatic.net:22/a\","
         "\"https://a@photos.wbstatic.net/a\",\"https://localhost/a\",\"file:///etc/passwd\",\"javascript:alert(1)\",\"\",7,null,{\"a\":1},"
         "\"https://photos.wbstatic.net\",\"https://169.254.169.254/latest\"", "\"//10.0.0.1/a.mp4\"");
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM return_media"), 0);
    bench_end(&b);
}

static void a_host_that_is_away_is_asked_again_and_given_up_in_the_end(void **state)
{
    struct bench b;
    begin(&b, state);
    tell(&b, "c-1", 0, HOST "/down.webp\"," HOST "/long.webp\"", "");
    for (int hour = 0; hour < 12; hour++) {
        fetch(&b);
        advance(&b, HOUR_MS);
    }
    assert_int_equal(b.market.requests, 20);
    is_now(&b, "/down.webp", "refused", "channel.down");
    is_now(&b, "/long.webp", "refused", "media.cut");
    bench_end(&b);
}

static bool die_tx(struct db *db, void *ctx, struct err *err)
{
    struct bench       *b = ctx;
    struct return_media m;
    bool                found;
    return media_take(db, b->shop.work.now, instant_add(b->shop.work.now, LEASE_MS), &b->arena, &m, &found, err) && found;
}

static void a_server_that_dies_while_fetching_leaves_it_to_another_and_a_paused_shop_is_left_alone(void **state)
{
    struct bench b;
    begin(&b, state);
    tell(&b, "c-1", 0, HOST "/good.webp\"", "");
    test_shop_run(&b.shop, "UPDATE channel_accounts SET state = 'paused' WHERE id = 501");
    assert_int_equal(fetch(&b), 1);
    assert_int_equal(b.market.requests, 0);
    test_shop_run(&b.shop, "UPDATE channel_accounts SET state = 'active' WHERE id = 501");
    advance(&b, HOUR_MS);
    done(db_tx(b.shop.work.db, die_tx, &b, &b.shop.err), &b);           /* taken by a server that is no more */
    assert_int_equal(fetch(&b), 0);
    advance(&b, LEASE_MS);
    assert_int_equal(fetch(&b), 1);
    is_now(&b, "/good.webp", "here", "");
    bench_end(&b);
}

static void the_photos_of_what_was_over_when_it_was_told_are_addresses_and_of_many_twenty_are_kept(void **state)
{
    struct bench b;
    struct buf   many;
    begin(&b, state);
    many = buf_in(&b.arena);
    for (int i = 0; i < 39; i++)
        buf_print(&many, "%s" HOST "/%d.webp\"", i ? "," : "", i);
    tell(&b, "old", 2, HOST "/good.webp\"", "");
    is_now(&b, "/good.webp", "link", "");
    tell(&b, "c-2", 0, str_zero(&b.arena, buf_str(&many)), "");
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM return_media WHERE state = 'waiting'"), 20);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buyers_photo_is_here_without_what_a_camera_wrote_and_is_fetched_once),
        cmocka_unit_test(what_is_no_picture_or_not_the_markets_is_refused_and_says_why),
        cmocka_unit_test(an_address_that_is_none_of_a_named_host_is_not_kept),
        cmocka_unit_test(a_host_that_is_away_is_asked_again_and_given_up_in_the_end),
        cmocka_unit_test(a_server_that_dies_while_fetching_leaves_it_to_another_and_a_paused_shop_is_left_alone),
        cmocka_unit_test(the_photos_of_what_was_over_when_it_was_told_are_addresses_and_of_many_twenty_are_kept),
    };
    return test_shops(tests, COUNT_OF(tests));
}
