/* channels_http.c - the channel settings through the routes: who may, what is told, what is never told. On both stores. */
#include "sync_bench.h"
#include "http/pipeline.h"
#include "sync/channels_http.h"
#include <stdio.h>

struct caller { uint64_t permissions; const rid *accounts; int accounts_count; int64_t version; };
static const struct caller owner = { .permissions = ~UINT64_C(0) };

/* What stands for the program while a request is served. */
struct program { struct bench *bench; struct caller who; };

struct sync_engine *request_sync(const struct request *rq)
{
    return ((struct program *)rq->app)->bench->engine;
}

static bool authenticate(struct request *rq, struct principal *out, struct err *err)
{
    const struct caller *who = &((struct program *)rq->app)->who;
    (void)err;
    *out = (struct principal){ .user_id = { 5 }, .name = STR("Айгерим"), .is_key = true, .permissions = who->permissions,
                               .accounts = who->accounts, .accounts_count = who->accounts_count };
    return true;
}

/* The body of the answer; *status its code. */
static const struct json *call_as(struct bench *b, struct caller who, enum http_method method, const char *path, str body, int *status)
{
    static const struct route *const tables[] = { channel_routes, hook_routes, NULL };
    struct arena       *a      = &b->arena;
    struct err          err    = { 0 };
    struct router      *router = router_new(a, tables, &err);
    struct http_options o      = { .authenticate = authenticate };
    struct request     *rq     = ARENA_NEW(a, struct request);
    struct reply       *rp     = ARENA_NEW(a, struct reply);
    const struct json  *root   = NULL;
    bool                known;
    assert_non_null(router);
    struct program program = { b, who };
    rq->app    = &program;
    str rest   = str_of(path);
    str_split(&rest, '?', &rq->path);
    rq->query  = rest;
    rq->method = method;
    rq->route  = router_find(router, method, rq->path, rq, &known);
    assert_non_null(rq->route);
    rq->body = body;
    rq->work = sync_work_begin(b->engine, a);
    *http_header_list_add(&rq->headers, a) = (struct http_header){ STR("Content-Type"), STR("application/json") };
    if (who.version)
        *http_header_list_add(&rq->headers, a) =
            (struct http_header){ STR("If-Match"), str_print(a, "%lld", (long long)who.version) };
    pipeline_run(&o, rq, rp, &err);
    sync_work_end(&rq->work);
    *status  = rp->status;
    str text = buf_str(&rp->body);
    if (str_has(text, STR("secret-token")))
        fail_msg("the answer of %s tells the secret", path);
    if (text.len) {
        struct err bad = { 0 };
        if (!json_read(a, text, 1 << 20, &root, &bad))
            fail_msg("%s: no JSON: %.*s", path, STR_ARG(text));
    }
    return root;
}

static const struct json *ask(struct bench *b, enum http_method method, const char *path, const char *body, int wanted)
{
    int status;
    const struct json *root = call_as(b, owner, method, path, str_of(body), &status);
    if (status != wanted)
        fail_msg("%s: %d instead of %d: %.*s", path, status, wanted, STR_ARG(root ? json_print(&b->arena, root) : STR("")));
    return root;
}

static void begin(struct bench *b, void **state, const struct told *journal, int count)
{
    bench_begin(b, state, journal, count, 10);
}

static const struct json *row_of(const struct json *list, const char *id)
{
    JSON_EACH(row, json_get(list, "items"))
        if (str_is(json_str(json_get(row, "id")), id))
            return row;
    fail_msg("there is no row %s", id);
    return NULL;
}

static const struct told odd[] = { { "1", "FROZEN", "2026-12-16T03:00:00Z", NULL }, { "2", "NEW", "2026-12-16T03:00:00Z", NULL },
                                   { "3", "NEW", "never", NULL } };

static void kinds_tell_what_the_connect_form_needs(void **state)
{
    struct bench b;
    begin(&b, state, odd, 3);
    const struct json *kind = json_path(ask(&b, HTTP_GET, "/api/channel-kinds", NULL, 200), "items.0");
    assert_text(json_str(json_get(kind, "name")), "demo");
    assert_text(json_str(json_path(kind, "settings.0.name")), "token");
    assert_true(json_true(json_path(kind, "settings.0.secret")));
    assert_text(json_str(json_path(kind, "ops.0")), "confirm");
    bench_end(&b);
}

static void an_account_is_connected_pulled_and_summed_up(void **state)
{
    struct bench b;
    begin(&b, state, odd, 3);
    const struct json *made = ask(&b, HTTP_POST, "/api/accounts",
        "{\"channel\":\"demo\",\"name\":\"Second\",\"base_url\":\"https://market.test/\",\"settings\":{\"token\":\"secret-token\",\"history_days\":7}}", 201);
    assert_text(json_str(json_get(made, "base_url")), "https://market.test");
    assert_text(json_str(json_path(made, "settings.history_days")), "7");
    assert_true(json_is_null(json_path(made, "settings.token")));
    assert_true(json_true(json_get(made, "has_secret")));
    assert_true(str_starts(json_str(json_get(made, "hook_path")), STR("/hooks/")));
    sync_turn(b.engine, 0);
    advance(&b, 30000);
    const struct json *list = ask(&b, HTTP_GET, "/api/accounts", NULL, 200);
    const char *ids[] = { "500", str_zero(&b.arena, json_str(json_get(made, "id"))) };
    for (int i = 0; i < 2; i++) {
        const struct json *acc = row_of(list, ids[i]);
        assert_text(json_str(json_get(acc, "state")), "active");
        assert_text(json_str(json_get(acc, "lag_s")), "30");
        assert_text(json_str(json_get(acc, "parked")), "2");
        assert_text(json_str(json_get(acc, "orders_today")), "1");
        assert_true(json_is_null(json_get(acc, "hook_path")));
    }
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM audit_entries WHERE action = 'account.create'"), 1);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM audit_entries WHERE after_json LIKE '%secret%' OR after_json LIKE '%sealed%'"), 0);
    bench_end(&b);
}

static void faults_of_a_connect_form_come_all_at_once(void **state)
{
    struct bench b;
    begin(&b, state, odd, 3);
    const struct json *p = ask(&b, HTTP_POST, "/api/accounts",
        "{\"channel\":\"demo\",\"name\":\"\",\"base_url\":\"http://127.0.0.1/\",\"settings\":{\"nothing\":1,\"history_days\":[1]}}", 422);
    assert_true(json_get(p, "errors")->count >= 4);          /* name, base_url, settings.nothing, history_days, token */
    ask(&b, HTTP_POST, "/api/accounts", "{\"channel\":\"amazon\",\"name\":\"A\"}", 422);
    ask(&b, HTTP_POST, "/api/accounts", "{\"channel\":\"demo\",\"name\":\"A\",\"settings\":{\"token\":\"a\\nb\"}}", 422);
    ask(&b, HTTP_POST, "/api/accounts", "{\"channel\":\"demo\",\"name\":\"A\",\"base_url\":\"file:///etc\",\"settings\":{\"token\":\"x\"}}", 422);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM channel_accounts WHERE name = 'A'"), 0);
    bench_end(&b);
}

static const struct json *edit(struct bench *b, int64_t version, const char *body, int wanted)
{
    struct caller who = owner;
    int status;
    who.version = version;
    const struct json *root = call_as(b, who, HTTP_PATCH, "/api/accounts/500", str_of(body), &status);
    if (status != wanted)
        fail_msg("%s: %d: %.*s", body, status, STR_ARG(json_print(&b->arena, root)));
    return root;
}

static void a_shop_is_connected_once(void **state)
{
    static const char other[] = "{\"channel\":\"demo\",\"name\":\"Second\",\"base_url\":\"http://market.test\",\"settings\":{\"token\":\"%s\"}}";
    struct bench b;
    begin(&b, state, odd, 3);
    const struct json *p = ask(&b, HTTP_POST, "/api/accounts", str_zero(&b.arena, str_print(&b.arena, other, " secret-token ")), 409);
    assert_text(json_str(json_path(p, "errors.0.field")), "settings.token");
    assert_true(str_has(json_str(json_path(p, "errors.0.text")), the_account(&b).name));
    ask(&b, HTTP_POST, "/api/accounts", str_zero(&b.arena, str_print(&b.arena, other, "another-token")), 201);
    edit(&b, 1, "{\"settings\":{\"token\":\"another-token\"}}", 409);
    edit(&b, 1, "{\"name\":\"New name\",\"settings\":{\"token\":\"secret-token\"}}", 200);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM channel_accounts WHERE channel = 'demo'"), 2);
    bench_end(&b);
}

static void a_secret_that_is_left_out_stays_but_not_on_a_journey(void **state)
{
    struct bench b;
    begin(&b, state, odd, 3);
    edit(&b, 1, "{\"name\":\"New name\",\"settings\":{\"token\":\"\",\"history_days\":\"3\"}}", 200);
    pull(&b);                                                /* the fake market asserts the token */
    const struct json *stale = edit(&b, 1, "{\"name\":\"Late\"}", 412);
    assert_text(json_str(json_path(stale, "current.name")), "New name");
    const struct json *moved = edit(&b, 2, "{\"base_url\":\"http://elsewhere.test\"}", 422);
    assert_text(json_str(json_path(moved, "errors.0.field")), "settings.token");
    edit(&b, 2, "{\"base_url\":\"http://market.test/other\"}", 200);
    edit(&b, 3, "{\"base_url\":\"http://elsewhere.test\",\"settings\":{\"token\":\"secret-token\"}}", 200);
    assert_text(the_account(&b).base_url, "http://elsewhere.test");
    edit(&b, 4, "{\"settings\":{\"token\":null}}", 422);     /* required */
    edit(&b, 4, "{\"channel\":\"other\"}", 422);
    edit(&b, 4, "{\"mode\":\"read_only\",\"accepted_means_assembling\":true}", 200);
    assert_int_equal(the_account(&b).mode, ACCOUNT_READ_ONLY);
    bench_end(&b);
}

static void a_new_key_wakes_a_stopped_account(void **state)
{
    struct bench b;
    begin(&b, state, odd, 3);
    b.market.fault      = FAULT_AUTH;
    b.market.fault_left = 1;
    assert_int_equal(pull_of(&b, ACCOUNT), ERR_CHANNEL_AUTH);
    const struct json *acc = row_of(ask(&b, HTTP_GET, "/api/accounts", NULL, 200), "500");
    assert_text(json_str(json_path(acc, "error.code")), "channel.auth");
    ask(&b, HTTP_POST, "/api/accounts/500/fetch", NULL, 409);
    edit(&b, 1, "{\"settings\":{\"token\":\"secret-token\"}}", 200);
    assert_int_equal(the_account(&b).state, ACCOUNT_ACTIVE);
    sync_turn(b.engine, 0);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM orders"), 1);
    bench_end(&b);
}

static void pausing_stops_and_resuming_goes_on(void **state)
{
    struct bench b;
    begin(&b, state, odd, 3);
    ask(&b, HTTP_POST, "/api/accounts/500/pause", NULL, 200);
    sync_turn(b.engine, 0);
    assert_int_equal(b.market.requests, 0);
    assert_text(json_str(json_get(ask(&b, HTTP_POST, "/api/accounts/500/resume", NULL, 200), "state")), "active");
    sync_turn(b.engine, 0);
    assert_int_equal(b.market.requests, 1);
    ask(&b, HTTP_POST, "/api/accounts/500/fetch", NULL, 200);
    sync_turn(b.engine, 0);
    assert_int_equal(b.market.requests, 2);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM audit_entries"), 2);
    const struct json *quota = json_path(ask(&b, HTTP_GET, "/api/accounts/500/quota", NULL, 200), "items.0");
    assert_text(json_str(json_get(quota, "used")), "2");
    assert_text(json_str(json_get(quota, "per_minute")), "6000");
    bench_end(&b);
}

static void an_unknown_word_is_shown_first_and_mapped(void **state)
{
    struct bench b;
    begin(&b, state, odd, 3);
    pull(&b);
    const struct json *rows = json_get(ask(&b, HTTP_GET, "/api/accounts/500/statuses", NULL, 200), "items");
    assert_text(json_str(json_path(rows, "0.key")), "FROZEN");
    assert_true(json_is_null(json_path(rows, "0.hub_status")));
    assert_text(json_str(json_path(rows, "0.unknown")), "1");
    ask(&b, HTTP_PUT, "/api/accounts/500/statuses", "{\"rows\":[{\"key\":\"FROZEN\",\"hub_status\":\"no such\"}]}", 422);
    ask(&b, HTTP_PUT, "/api/accounts/500/statuses",
        "{\"rows\":[{\"key\":\"FROZEN\",\"hub_status\":\"new\"},{\"key\":\"FROZEN\",\"hub_status\":\"confirmed\"}]}", 422);
    ask(&b, HTTP_PUT, "/api/accounts/500/statuses", "{\"rows\":[{\"key\":\"FROZEN\",\"hub_status\":\"confirmed\"},{\"key\":\"NEW\",\"hub_status\":\"new\"}]}", 200);
    assert_int_equal(order_of(&b, "1").status, HUB_CONFIRMED);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM status_maps"), 1);     /* NEW says what it says anyway */
    rows = json_get(ask(&b, HTTP_PUT, "/api/accounts/500/statuses", "{\"rows\":[{\"key\":\"FROZEN\",\"hub_status\":null}]}", 200), "items");
    assert_text(json_str(json_path(rows, "0.key")), "NEW");
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM status_maps"), 0);
    bench_end(&b);
}

static void parked_records_are_retried_and_dropped(void **state)
{
    struct bench b;
    begin(&b, state, odd, 3);
    pull(&b);
    const struct json *rows = json_get(ask(&b, HTTP_GET, "/api/parked?account_id=500", NULL, 200), "items");
    assert_int_equal(rows->count, 2);
    str id = json_str(json_path(rows, "1.id"));
    assert_true(str_has(json_str(json_path(rows, "1.payload_shown")), STR("never")));
    char path[80];
    snprintf(path, sizeof path, "/api/parked/%.*s/retry", STR_ARG(id));
    assert_false(json_true(json_get(ask(&b, HTTP_POST, path, NULL, 200), "applied")));
    snprintf(path, sizeof path, "/api/parked/%.*s/drop", STR_ARG(id));
    ask(&b, HTTP_POST, path, NULL, 204);
    ask(&b, HTTP_POST, path, NULL, 409);
    rows = json_get(ask(&b, HTTP_GET, "/api/parked", NULL, 200), "items");
    assert_int_equal(rows->count, 1);
    ask(&b, HTTP_GET, "/api/parked?account_id=x", NULL, 400);
    bench_end(&b);
}

static void troubled_commands_are_listed_with_their_order(void **state)
{
    struct bench b;
    begin(&b, state, odd, 3);
    pull(&b);
    struct action_input  in  = { .action = ACT_CONFIRM, .hold_s = 0 };
    struct action_result out = { 0 };
    done(order_do(&b.shop.work, order_of(&b, "2").id, &in, &out, &b.shop.err), &b);
    b.market.fault       = FAULT_REFUSE;
    b.market.fault_left  = 1;
    b.market.only_writes = true;
    sync_turn(b.engine, 0);
    const struct json *row = json_path(ask(&b, HTTP_GET, "/api/outbox", NULL, 200), "items.0");
    assert_text(json_str(json_get(row, "number")), "2");
    assert_text(json_str(json_get(row, "state")), "refused");
    assert_true(str_has(json_str(json_get(row, "text")), STR("too late")));
    assert_int_equal(json_get(ask(&b, HTTP_GET, "/api/outbox?state=dead", NULL, 200), "items")->count, 0);
    ask(&b, HTTP_GET, "/api/outbox?state=lost", NULL, 400);
    bench_end(&b);
}

static void scope_and_rights_are_kept(void **state)
{
    static const rid other[] = { { 9 } };
    static const char *const paths[] = { "/api/accounts/500/quota", "/api/accounts/500/statuses" };
    struct bench  b;
    int           status;
    struct caller scoped = { .permissions = ~UINT64_C(0), .accounts = other, .accounts_count = 1 };
    struct caller seeing = { .permissions = (uint64_t)1 << PERM_ORDERS_SEE };
    begin(&b, state, odd, 3);
    pull(&b);
    assert_int_equal(json_get(call_as(&b, scoped, HTTP_GET, "/api/accounts", STR(""), &status), "items")->count, 0);
    assert_int_equal(json_get(call_as(&b, scoped, HTTP_GET, "/api/parked", STR(""), &status), "items")->count, 0);
    for (int i = 0; i < COUNT_OF(paths); i++) {
        call_as(&b, scoped, HTTP_GET, paths[i], STR(""), &status);
        assert_int_equal(status, 404);
    }
    const struct json *acc = row_of(call_as(&b, seeing, HTTP_GET, "/api/accounts", STR(""), &status), "500");
    assert_int_equal(status, 200);
    assert_int_equal(json_get(acc, "settings")->count, 0);
    const struct json *row = json_path(call_as(&b, seeing, HTTP_GET, "/api/parked", STR(""), &status), "items.0");
    assert_true(json_is_null(json_get(row, "payload_shown")));           /* names and phones are in it */
    call_as(&b, seeing, HTTP_POST, "/api/accounts/500/pause", STR(""), &status);
    assert_int_equal(status, 403);
    bench_end(&b);
}

static void an_account_with_orders_is_not_taken_away(void **state)
{
    struct bench  b;
    int           status;
    struct caller who = owner;
    who.version = 1;
    begin(&b, state, odd, 3);
    pull(&b);
    call_as(&b, who, HTTP_DELETE, "/api/accounts/500", STR(""), &status);
    assert_int_equal(status, 409);
    account_add(&b, (rid){ 501 });
    call_as(&b, who, HTTP_DELETE, "/api/accounts/501", STR(""), &status);
    assert_int_equal(status, 204);
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM stream_cursors WHERE account_id = 501"), 0);
    bench_end(&b);
}

static void notifications_come_in_through_the_address_that_was_told(void **state)
{
    struct bench b;
    begin(&b, state, odd, 3);
    str path = json_str(json_get(ask(&b, HTTP_POST, "/api/accounts/500/hook", NULL, 200), "hook_path"));
    const char *body = "{\"id\":\"77\",\"status\":\"NEW\",\"at\":\"2026-12-16T03:00:00Z\"}";
    assert_true(json_true(json_get(ask(&b, HTTP_POST, str_zero(&b.arena, path), body, 200), "result")));
    assert_int_equal(order_of(&b, "77").status, HUB_NEW);
    ask(&b, HTTP_POST, "/hooks/500/hook-secret", body, 404);             /* the old address is dead */
    ask(&b, HTTP_POST, "/hooks/x/y", body, 404);
    ask(&b, HTTP_POST, str_zero(&b.arena, path), "\xff\xfe not json", 400);
    bench_end(&b);
}

static void a_connection_is_checked_before_and_after_saving(void **state)
{
    struct bench b;
    begin(&b, state, odd, 3);
    const char *body = "{\"channel\":\"demo\",\"name\":\"T\",\"base_url\":\"http://market.test\",\"settings\":{\"token\":\"secret-token\"}}";
    assert_true(json_true(json_path(ask(&b, HTTP_POST, "/api/accounts/check", body, 200), "items.0.ok")));
    assert_true(json_true(json_path(ask(&b, HTTP_POST, "/api/accounts/500/check", NULL, 200), "items.0.ok")));
    assert_int_equal(number(&b, "SELECT COUNT(*) FROM channel_accounts WHERE channel = 'demo'"), 1);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_tell_what_the_connect_form_needs),
        cmocka_unit_test(an_account_is_connected_pulled_and_summed_up),
        cmocka_unit_test(faults_of_a_connect_form_come_all_at_once),
        cmocka_unit_test(a_shop_is_connected_once),
        cmocka_unit_test(a_secret_that_is_left_out_stays_but_not_on_a_journey),
        cmocka_unit_test(a_new_key_wakes_a_stopped_account),
        cmocka_unit_test(pausing_stops_and_resuming_goes_on),
        cmocka_unit_test(an_unknown_word_is_shown_first_and_mapped),
        cmocka_unit_test(parked_records_are_retried_and_dropped),
        cmocka_unit_test(troubled_commands_are_listed_with_their_order),
        cmocka_unit_test(scope_and_rights_are_kept),
        cmocka_unit_test(an_account_with_orders_is_not_taken_away),
        cmocka_unit_test(notifications_come_in_through_the_address_that_was_told),
        cmocka_unit_test(a_connection_is_checked_before_and_after_saving),
    };
    return test_shops(tests, COUNT_OF(tests));
}
