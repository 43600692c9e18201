/* sync_bench.h - a shop with one account at a made-up market, for tests of sync/: the connector, the market behind a fake client,
 * faults on demand, an engine without threads under a clock of our own.
 *
 * The market "demo": GET /orders?from=N answers {"next":M,"orders":[…]} of its journal; GET /orders/ID one order;
 * POST /orders/ID/confirm confirms it. An order in the journal is {"id","status","at","total"}.
 */
#pragma once
#pragma GCC diagnostic ignored "-Wunused-function"
#include "support/shop.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json_write.h"
#include "net/http_client.h"
#include "orders/order_flow.h"
#include "sync/sync.h"
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the connector ---- */

static const struct channel_setting demo_settings[] = {
    { "token", true, true, NULL, "key of the seller" }, { "history_days", false, false, "14", "days" }, { 0 }
};
static const struct stream demo_streams[] = { { "all", 60, false }, { 0 } };
static const struct pace demo_pace[] = { { "orders", 6000, 100, 4, 10 }, { 0 } };
static const struct status_row demo_statuses[] = {
    { .key = "NEW", .to = HUB_NEW, .note = "new" }, { .key = "OK", .to = HUB_CONFIRMED, .note = "confirmed" },
    { .key = "SENT", .to = HUB_IN_DELIVERY, .note = "sent" }, { .key = "GONE", .to = HUB_CANCELLED, .cancel_side = CANCEL_BUYER }, { 0 }
};

static void demo_ask(const struct call *call, struct http_request *out, enum http_method method, str path)
{
    *out = (struct http_request){ .method = method, .url = str_print(call->arena, "%.*s%.*s", STR_ARG(call->base_url), STR_ARG(path)),
                                  .family = "orders" };
    http_header_set(out, call->arena, STR("Authorization"), call_setting(call, "token"));
}

static bool demo_pull(const struct call *call, struct pull *pull, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    const struct json *root;
    str from = pull->memory.len ? pull->memory : pull->cursor.len ? pull->cursor : STR("0");
    if (reply) {
        if (!reply_ok(call, reply, err) || !json_read(call->arena, reply->body, 1 << 20, &root, err))
            return false;
        JSON_EACH(row, json_get(root, "orders")) {
            struct raw_event *e = raw_event_list_add(&pull->events, call->arena);
            e->external_id = json_str(json_get(row, "id"));
            e->payload     = json_print(call->arena, row);
            e->event_key   = str_print(call->arena, "%.*s:%.*s", STR_ARG(e->external_id), STR_ARG(secret_digest(call->arena, e->payload)));
        }
        from = json_str(json_get(root, "next"));
        if (!from.len) {
            pull->cursor = json_str(json_get(root, "end"));
            pull->memory = STR("");
            return true;
        }
    }
    demo_ask(call, out, HTTP_GET, str_print(call->arena, "/orders?from=%.*s", STR_ARG(from)));
    pull->memory = from;
    return true;
}

static bool demo_read(const struct call *call, str payload, struct order_draft *out, struct err *err)
{
    const struct json *root;
    if (!json_read(call->arena, payload, 1 << 20, &root, err))
        return false;
    out->external_id = out->number = json_str(json_get(root, "id"));
    out->external_status = out->status_key = json_str(json_get(root, "status"));
    out->currency = STR("KZT");
    if (!instant_parse(json_str(json_get(root, "at")), &out->changed_at))
        return err_set(err, ERR_CHANNEL_PAYLOAD, "at", "must be a time");
    out->placed_at = (instant){ SHOP_NOW - 2 * HOUR_MS };
    out->has_total = json_amount(json_get(root, "total"), &out->grand_total);
    out->customer.name = json_str(json_get(root, "name"));
    out->comment = json_str(json_get(root, "comment"));
    return true;
}

/* memory: "" → "write" → "read". */
static bool demo_command(const struct call *call, const struct command *cmd, str *memory, const struct http_reply *reply,
                         struct http_request *out, struct receipt *r, struct err *err)
{
    const struct json *root;
    str one = str_print(call->arena, "/orders/%.*s", STR_ARG(cmd->external_id));
    struct err bad = { 0 };
    if (!reply) {
        bool read = str_is(*memory, "write") || str_is(*memory, "read");
        *memory = read ? STR("read") : STR("write");
        r->kind = RECEIPT_MORE;
        demo_ask(call, out, read ? HTTP_GET : HTTP_POST, read ? one : str_print(call->arena, "%.*s/confirm", STR_ARG(one)));
        return true;
    }
    if (reply->fate == HTTP_NOT_SENT) {
        *memory = STR("");
        *r = (struct receipt){ .kind = RECEIPT_LATER, .wait_s = 5, .text = STR("could not connect") };
        return true;
    }
    if (str_is(*memory, "write") && reply->fate == HTTP_UNKNOWN) {
        *memory = STR("read");
        r->kind = RECEIPT_MORE;
        demo_ask(call, out, HTTP_GET, one);
        return true;
    }
    if (!reply_ok(call, reply, &bad)) {
        r->text   = err_line(call->arena, &bad);
        r->kind   = bad.code == ERR_CHANNEL_AUTH ? RECEIPT_AUTH : bad.code == ERR_CHANNEL_REFUSED ? RECEIPT_REFUSED : RECEIPT_LATER;
        r->wait_s = bad.retry_after_s ? bad.retry_after_s : 5;
        return true;
    }
    r->kind = RECEIPT_DONE;
    if (str_is(*memory, "read")) {
        if (!json_read(call->arena, reply->body, 1 << 20, &root, err))
            return false;
        if (str_is(json_str(json_get(root, "status")), "NEW")) {
            *memory = STR("write");
            r->kind = RECEIPT_MORE;
            demo_ask(call, out, HTTP_POST, str_print(call->arena, "%.*s/confirm", STR_ARG(one)));
        } else {
            r->kind = RECEIPT_DONE_BEFORE;
        }
    }
    return true;
}

static bool demo_check(const struct call *call, struct check *check, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    struct err bad = { 0 };
    (void)err;
    if (!reply) {
        demo_ask(call, out, HTTP_GET, STR("/orders?from=0"));
        return true;
    }
    bool ok = reply_ok(call, reply, &bad);
    *check_item_list_add(&check->items, call->arena) = (struct check_item){ .name = STR("key"), .ok = ok, .text = ok ? STR("fine") : err_line(call->arena, &bad) };
    return true;
}

static bool demo_hook(const struct call *call, const struct http_header_list *headers, str body, struct hook_result *out, struct err *err)
{
    const struct json *root;
    (void)headers;
    if (!json_read(call->arena, body, 1 << 16, &root, err))
        return false;
    struct raw_event *e = raw_event_list_add(&out->events, call->arena);
    e->external_id = json_str(json_get(root, "id"));
    e->payload     = json_print(call->arena, root);
    e->event_key   = str_print(call->arena, "%.*s:%.*s", STR_ARG(e->external_id), STR_ARG(secret_digest(call->arena, e->payload)));
    out->body = STR("{\"result\":true}");
    return true;
}

static const struct channel demo = {
    .name = "demo", .title = "Demo", .currency = "KZT", .base_url = "http://demo.test", .zone = "Asia/Almaty", .settings = demo_settings,
    .streams = demo_streams, .pace = demo_pace, .statuses = demo_statuses, .ops = BIT(OP_CONFIRM), .pull_step = demo_pull,
    .order_read = demo_read, .command_step = demo_command, .check_step = demo_check, .hook_read = demo_hook,
};
static const struct channel *const demo_channels[] = { &demo, NULL };

/* ---- the market behind a fake client ---- */

enum fault { FAULT_NONE, FAULT_BUSY, FAULT_BUSY_MUTE, FAULT_AUTH, FAULT_DOWN, FAULT_REFUSE, FAULT_CUT_AFTER, FAULT_CUT_BEFORE, FAULT_NO_ANSWER };
struct told { const char *id, *status, *at, *more; };
struct market {
    struct http_client client;
    struct db_pool    *pool;
    const struct told *journal;
    int                count, page;     /* rows a page */
    enum fault         fault;           /* of the next requests */
    int                fault_left;      /* how many */
    bool               only_writes;
    int                requests, confirms, reads, times_confirmed;
    bool               is_confirmed;
};

static void write_told(struct json_out *j, const struct told *t)
{
    json_begin(j, NULL, '{');
    json_text(j, "id", str_of(t->id));
    json_text(j, "status", str_of(t->status));
    json_text(j, "at", str_of(t->at));
    json_text(j, "total", STR("150.50"));
    json_text(j, "name", STR("Мария"));
    if (t->more)
        json_text(j, "comment", str_of(t->more));
    json_end(j);
}

static str page_text(struct market *m, struct arena *a, str url)
{
    int64_t         from = 0;
    ptrdiff_t       at   = str_find(url, STR("from="));
    struct buf      b    = buf_in(a);
    struct json_out j    = json_out(&b);
    assert_true(at > 0 && str_to_int(str_sub(url, (size_t)at + 5, 20), &from));
    int end = (int)from + m->page < m->count ? (int)from + m->page : m->count;
    json_begin(&j, NULL, '{');
    if (end < m->count)
        json_text(&j, "next", str_print(a, "%d", end));
    json_text(&j, "end", str_print(a, "%d", end));
    json_begin(&j, "orders", '[');
    for (int i = (int)from; i < end; i++)
        write_told(&j, &m->journal[i]);
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}

static bool faulty(struct market *m, struct arena *a, bool is_write, struct http_reply *out)
{
    if (!m->fault_left || (m->only_writes && !is_write))
        return false;
    m->fault_left--;
    *out = (struct http_reply){ .fate = HTTP_ANSWERED };
    switch (m->fault) {
    case FAULT_BUSY:
        out->status = 429;
        *http_header_list_add(&out->headers, a) = (struct http_header){ STR("Retry-After"), STR("7200") };
        return true;
    case FAULT_BUSY_MUTE: out->status = 429; return true;
    case FAULT_AUTH:      out->status = 401; out->body = STR("{\"message\":\"bad key\"}"); return true;
    case FAULT_DOWN:      out->status = 503; return true;
    case FAULT_REFUSE:    out->status = 409; out->body = STR("{\"message\":\"too late\"}"); return true;
    case FAULT_CUT_BEFORE: out->fate = HTTP_UNKNOWN; out->silent = true; return true;
    case FAULT_NO_ANSWER: out->fate = HTTP_NOT_SENT; return true;
    case FAULT_CUT_AFTER:
        m->times_confirmed += is_write;
        m->is_confirmed = m->is_confirmed || is_write;
        out->fate = HTTP_UNKNOWN;
        return true;
    case FAULT_NONE: break;
    }
    return false;
}

static bool market_send(struct http_client *c, struct arena *a, const struct http_request *rq, struct http_reply *out)
{
    struct market *m        = c->ctx;
    bool           is_write = rq->method == HTTP_POST;
    m->requests++;
    m->confirms += is_write;
    assert_true(str_eq(http_header_get(&rq->headers, "Authorization"), STR("secret-token")));
    if (faulty(m, a, is_write, out))
        return true;
    *out = (struct http_reply){ .fate = HTTP_ANSWERED, .status = 200 };
    if (is_write) {
        if (m->is_confirmed) {
            out->status = 409;
            out->body   = STR("{\"message\":\"was confirmed already\"}");
            return true;
        }
        m->is_confirmed = true;
        m->times_confirmed++;
        out->body = STR("{}");
    } else if (str_has(rq->url, STR("/orders?"))) {
        out->body = page_text(m, a, rq->url);
    } else {
        m->reads++;
        out->body = m->is_confirmed ? STR("{\"id\":\"1\",\"status\":\"OK\"}") : STR("{\"id\":\"1\",\"status\":\"NEW\"}");
    }
    return true;
}

/* ---- a shop with a demo account ---- */

struct bench {
    struct test_shop    shop;
    struct clock        clock;
    struct market       market;
    struct secret_key   key;
    struct sync_engine *engine;
    struct sync_options options;
    struct arena        arena;
    struct pull_counts  counts;         /* of the last pull */
    int64_t             paused_ms;
};
static const rid ACCOUNT = { 500 };

static void pause_clock(void *ctx, int64_t ms)
{
    struct bench *b = ctx;
    b->paused_ms += ms;
    clock_advance(&b->clock, ms);
}

static const struct shop *shop_of(void *ctx)
{
    struct bench *b = ctx;
    return &b->shop.shop;
}

#define done(call, b) \
    do { \
        if (!(call)) \
            fail_msg("%s: %s (%s)", #call, (b)->shop.err.item[0].text, (b)->shop.err.trail); \
    } while (0)

struct adding { struct bench *b; rid id; };
static bool account_tx(struct db *db, void *ctx, struct err *err)
{
    const struct adding *job = ctx;
    struct arena        *a   = &job->b->arena;
    struct setting_value_list values = { 0 };
    struct channel_account    acc    = {
        .id = job->id, .channel = STR("demo"), .name = STR("Demo shop"), .base_url = STR("http://market.test"), .mode = ACCOUNT_LIVE,
        .state = ACCOUNT_ACTIVE, .hook_digest = secret_digest(a, STR("hook-secret")), .version = 1,
        .created_at = { SHOP_NOW }, .updated_at = { SHOP_NOW },
    };
    *setting_value_list_add(&values, a) = (struct setting_value){ STR("token"), STR("secret-token") };
    *setting_value_list_add(&values, a) = (struct setting_value){ STR("history_days"), STR("30") };
    account_settings_save(&acc, &demo, &job->b->key, a, &values);
    return record_insert(db, &channel_account_record, &acc, err) && streams_ensure(db, job->id, demo_streams, (instant){ SHOP_NOW }, err);
}

static void account_add(struct bench *b, rid id)
{
    struct adding job = { b, id };
    done(db_tx(b->shop.work.db, account_tx, &job, &b->shop.err), b);
}

static void engine_begin(struct bench *b)
{
    b->options = (struct sync_options){ .pool = b->shop.pool, .ids = &b->shop.ids, .clock = &b->clock, .shop = shop_of, .ctx = b,
                                        .client = &b->market.client, .channels = demo_channels, .server = "test", .pause = pause_clock,
                                        .key = b->key };
    done(sync_open(&b->options, &b->engine, &b->shop.err), b);
    done(sync_reclaim(b->engine, &b->shop.err), b);
}

static void bench_begin(struct bench *b, void **state, const struct told *journal, int count, int page)
{
    *b = (struct bench){ 0 };
    test_shop_init(&b->shop, state);
    clock_freeze(&b->clock, (instant){ SHOP_NOW });
    b->market  = (struct market){ .client = { .send = market_send }, .journal = journal, .count = count, .page = page };
    b->market.client.ctx = &b->market;
    memset(&b->key, 7, sizeof b->key);
    account_add(b, ACCOUNT);
    engine_begin(b);
}

static void bench_end(struct bench *b)
{
    sync_close(b->engine);
    test_shop_done(&b->shop);
    arena_done(&b->arena);
}

static void advance(struct bench *b, int64_t ms)
{
    clock_advance(&b->clock, ms);
    b->shop.work.now = clock_now(&b->clock);
}

static enum err_code pull_of(struct bench *b, rid account)
{
    struct err  err = { 0 };
    struct work w   = sync_work_begin(b->engine, &b->arena);
    bool        ok  = sync_pull(b->engine, &w, account, STR("all"), &b->counts, &err);
    sync_work_end(&w);
    assert_int_equal(ok, err.code == ERR_NONE);
    return err.code;
}

static void pull(struct bench *b) { assert_int_equal(pull_of(b, ACCOUNT), ERR_NONE); }

static struct channel_account the_account(struct bench *b)
{
    struct channel_account acc = { 0 };
    done(account_get(b->shop.work.db, ACCOUNT, &b->arena, &acc, &b->shop.err), b);
    return acc;
}

static int64_t number(struct bench *b, const char *sql) { return count_rows(&b->shop, sql); }

static str one_text(struct bench *b, const char *sql)
{
    CLEANUP(stmt_done) struct stmt st = db_query_text(b->shop.work.db, "test.text", str_of(sql));
    str s = db_row(&st) ? col_text_copy(&st, 0, &b->arena) : STR("(none)");
    done(db_ok(&st, &b->shop.err), b);
    return s;
}

#define assert_text(got, wanted) \
    do { \
        str got_ = (got), wanted_ = str_of(wanted); \
        if (!str_eq(got_, wanted_)) \
            fail_msg("%s: got \"%.*s\", wanted \"%.*s\"", #got, STR_ARG(got_), STR_ARG(wanted_)); \
    } while (0)

static struct order order_of(struct bench *b, const char *id)
{
    struct order_list list = { 0 };
    str               ext  = str_of(id);
    done(orders_by_external(b->shop.work.db, ACCOUNT, &ext, 1, &b->arena, &list, &b->shop.err), b);
    assert_int_equal(list.count, 1);
    return list.at[0];
}
