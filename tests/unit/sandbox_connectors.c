/* The connectors talk to the sandbox as they would to the markets: every order of the morning is pulled and
 * read, and each command takes effect once, whatever happens to the replies. */
#include "channels/channel.h"
#include "sandbox_client.h"

struct desk {
    struct town town;
    struct call call;
    struct setting_value_list settings;
};

/* A JWT that the sandbox takes: {"exp":4000000000,"oid":1}. */
#define TOKEN "eyJhbGciOiJFUzI1NiJ9.eyJleHAiOjQwMDAwMDAwMDAsIm9pZCI6MX0.c2ln"

static const struct { const char *name, *prefix; } markets[] = {
    { "kaspi", "/kaspi/shop/api" }, { "wildberries", "/wb" }, { "ozon", "/ozon" },
};

static void desk_open(struct desk *d, int market)
{
    static const char *const values[][2] = { { "token", TOKEN },
                                             { "client_id", "836" },
                                             { "api_key", "secret" } };
    *d = (struct desk){ 0 };
    town_open(&d->town, (struct sandbox_options){ .scene = STR("karapuz"), .no_limits = true });
    struct arena *a = &d->town.arena;
    for (int i = 0; i < COUNT_OF(values); i++)
        *setting_value_list_add(&d->settings, a) =
            (struct setting_value){ str_of(values[i][0]), str_of(values[i][1]) };
    d->call = (struct call){ .arena = a, .country = STR("KZ"), .settings = &d->settings,
                             .channel = channel_find(str_of(markets[market].name)) };
    d->call.base_url =
        str_print(a, "http://127.0.0.1:%d%s", sandbox_port(d->town.sb), markets[market].prefix);
    assert_true(instant_parse(STR(MORNING), &d->call.now));
}

/* Carries one request there and its reply back, as sync would. */
static struct http_reply carry(struct desk *d, const struct http_request *rq)
{
    struct arena *a = &d->town.arena;
    const char *headers[16] = { 0 };
    str base = str_print(a, "http://127.0.0.1:%d", sandbox_port(d->town.sb));
    int n = 0;
    for (; n < rq->headers.count && n < 14; n++)
        headers[n] = str_zero(
            a, str_print(a, "%.*s: %.*s", STR_ARG(rq->headers.at[n].name), STR_ARG(rq->headers.at[n].value)));
    headers[n] = "X-Test-Patience: 700";
    struct answer got =
        ask(&d->town, http_method_names[rq->method], str_zero(a, str_sub(rq->url, base.len, rq->url.len)),
            headers, rq->body.len ? str_zero(a, rq->body) : NULL);
    return (struct http_reply){ .fate = got.status ? HTTP_ANSWERED : HTTP_UNKNOWN,
                                .status = got.status,
                                .body = got.body,
                                .silent = got.silent };
}

struct tally { int by_status[HUB_STATUS_COUNT], parked, orders, returns; int64_t new_minor; };

static void count_order(struct desk *d, const struct raw_event *e, struct tally *t)
{
    struct order_draft draft = { 0 };
    struct err err = { 0 };
    if (e->problem.len || !d->call.channel->order_read(&d->call, e->payload, &draft, &err)) {
        t->parked++;
        return;
    }
    const struct status_row *row = status_row_find(d->call.channel->statuses, draft.status_key);
    assert_non_null(row);
    t->orders++;
    t->by_status[row->to]++;
    assert_true(draft.has_total);
    assert_true(draft.lines.count > 0);
    if (row->to == HUB_NEW)
        t->new_minor += draft.grand_total.minor;
}

/* A row of a list of returns is a page of its own, of which everything is understood. */
static void count_return(struct desk *d, const struct raw_event *e, struct tally *t)
{
    struct returned_list list = { 0 };
    struct err err = { 0 };
    assert_true(d->call.channel->returns_read(&d->call, e->payload, &list, &err));
    assert_int_equal(list.count, 1);
    assert_int_equal(list.at[0].problem.len, 0);
    assert_true(str_eq(list.at[0].external_id, e->external_id));
    t->returns++;
}

/* Runs the streams from scratch and counts each order once, as it was told last. */
static struct tally pull_all(struct desk *d)
{
    struct arena *a = &d->town.arena;
    struct raw_event_list last = { 0 };
    struct tally t = { 0 };
    for (const struct stream *s = d->call.channel->streams; s->name; s++) {
        struct pull pull = { .stream = s };
        struct http_request rq = { 0 };
        struct http_reply reply = { 0 };
        struct err err = { 0 };
        for (int steps = 0; !s->refresh; steps++) {
            rq = (struct http_request){ 0 };
            pull.events = (struct raw_event_list){ 0 };
            if (!d->call.channel->pull_step(&d->call, &pull, steps ? &reply : NULL, &rq, &err))
                fail_msg("%s %s: %s %s", d->call.channel->name, s->name, err.item[0].field, err.item[0].text);
            for (int i = 0; i < pull.events.count; i++) {
                if (s->returns) {
                    count_return(d, &pull.events.at[i], &t);
                    continue;
                }
                int k = 0;
                while (k < last.count && !str_eq(last.at[k].external_id, pull.events.at[i].external_id))
                    k++;
                if (k == last.count)
                    raw_event_list_add(&last, a);
                last.at[k] = pull.events.at[i];
            }
            if (rq.method == HTTP_NONE)
                break;
            assert_true(steps < 100);
            reply = carry(d, &rq);
        }
    }
    for (int i = 0; i < last.count; i++)
        count_order(d, &last.at[i], &t);
    return t;
}

static void every_order_of_the_morning_is_pulled_and_read(void **state)
{
    static const struct { int fresh, confirmed, ready, in_delivery, returns; int64_t sum; } wanted[] = {
        { 67, 34, 38, 110, 0, 83320000 }, { 34, 18, 0, 56, 12, 43160000 }, { 28, 12, 0, 46, 9, 57780000 },
    };
    (void)state;
    for (int m = 0; m < COUNT_OF(markets); m++) {
        struct desk d;
        desk_open(&d, m);
        struct tally t = pull_all(&d);
        assert_int_equal(t.parked, 0);
        assert_int_equal(t.returns, wanted[m].returns);
        assert_int_equal(t.by_status[HUB_NEW], wanted[m].fresh);
        assert_int_equal(t.by_status[HUB_CONFIRMED], wanted[m].confirmed);
        assert_int_equal(t.by_status[HUB_READY_TO_SHIP], wanted[m].ready);
        assert_int_equal(t.by_status[HUB_IN_DELIVERY], wanted[m].in_delivery);
        assert_int_equal(t.new_minor, wanted[m].sum);
        town_close(&d.town);
    }
}

static void a_connection_check_finds_everything_in_order(void **state)
{
    (void)state;
    for (int m = 0; m < COUNT_OF(markets); m++) {
        struct desk d;
        desk_open(&d, m);
        struct check check = { 0 };
        struct http_reply reply = { 0 };
        struct err err = { 0 };
        for (int steps = 0;; steps++) {
            struct http_request rq = { 0 };
            assert_true(d.call.channel->check_step(&d.call, &check, steps ? &reply : NULL, &rq, &err));
            if (rq.method == HTTP_NONE)
                break;
            assert_true(steps < 20);
            reply = carry(&d, &rq);
        }
        assert_true(check.items.count > 0);
        for (int i = 0; i < check.items.count; i++)
            assert_true(check.items.at[i].ok);
        town_close(&d.town);
    }
}

/* ---- commands ---- */

#define WB_ROW "{\"id\":90418823,\"warehouseId\":658434,\"cargoType\":1,\"crossBorderType\":0}"
struct order_job { int market; enum order_op op; const char *id, *number, *status, *payload, *said, *path; };
static const struct order_job jobs[] = {
    { 0, OP_CONFIRM, "NDM4MTE3MjA0", "438117204", "APPROVED_BY_BANK", "{}", "accept", "/v2/orders" },
    { 0, OP_CANCEL, "NDM4MTE3MjA0", "438117204", "APPROVED_BY_BANK", "{}", "cancel", "/v2/orders" },
    { 1, OP_CONFIRM, "90418823", "90418823", "new/waiting", WB_ROW, "confirm", "/marketplace/v3/supplies" },
    { 1, OP_CANCEL, "90418823", "90418823", "new/waiting", WB_ROW, "cancel", "/cancel" },
    { 2, OP_ASSEMBLE, "0147-2208-9", "0147-2208-9", "awaiting_packaging", "{}", "ship", "/fbs/ship" },
    { 2, OP_CANCEL, "0147-2208-9", "0147-2208-9", "awaiting_packaging", "{}", "cancel", "/fbs/cancel" },
};

static enum receipt_kind carry_out(struct desk *d, const struct order_job *job)
{
    struct arena *a = &d->town.arena;
    struct command c = { .op = job->op,
                         .key = STR("k-1"),
                         .external_id = str_of(job->id),
                         .number = str_of(job->number),
                         .payload = str_of(job->payload),
                         .boxes = 1,
                         .external_status = str_of(job->status) };
    struct command_line *l = command_line_list_add(&c.lines, a);
    *l =
        (struct command_line){ .external_offer_id = STR("1482655486"), .article = STR("KRP-1405"), .qty = 1 };
    if (job->op == OP_CANCEL)
        c.reason = str_of(d->call.channel->cancel_reasons[0].code);
    struct http_reply reply = { 0 };
    str memory = { 0 };
    bool has_reply = false;
    for (int steps = 0; steps < 60; steps++) {
        struct http_request rq = { 0 };
        struct receipt receipt = { 0 };
        struct err err = { 0 };
        if (!d->call.channel->command_step(&d->call, &c, &memory, has_reply ? &reply : NULL, &rq, &receipt,
                                           &err))
            fail_msg("%s", err.item[0].text);
        has_reply = receipt.kind == RECEIPT_MORE;
        if (receipt.kind == RECEIPT_LATER)
            control(&d->town, "/control/clock", "{\"advance_ms\":5000}");
        else if (receipt.kind != RECEIPT_MORE)
            return receipt.kind;
        else
            reply = carry(d, &rq);
    }
    fail_msg("the command never ends");
    return RECEIPT_REFUSED;
}

/* The n-th write loses its reply, with or without its effect: in the end it has been done once. */
static void a_command_takes_effect_once_whatever_the_replies(void **state)
{
    static const struct { const char *kind; bool after_effect; } faults[] = {
        { NULL, false }, { "cut", true }, { "500", true }, { "silent", true }, { "429", true },
        { "cut", false }, { "500", false }, { "silent", false }, { "429", false },
    };
    (void)state;
    for (int j = 0; j < COUNT_OF(jobs); j++)
        for (int f = 0; f < COUNT_OF(faults); f++) {
            struct desk d;
            char path[128];
            desk_open(&d, jobs[j].market);
            (void)snprintf(path, sizeof path,
                           "{\"kind\":\"%s\",\"after_effect\":%s,\"path_contains\":\"%s\"}", faults[f].kind,
                           faults[f].after_effect ? "true" : "false", jobs[j].path);
            if (faults[f].kind)
                assert_int_equal(control(&d.town, "/control/fault", path).status, 200);
            enum receipt_kind kind = carry_out(&d, &jobs[j]);
            if (kind != RECEIPT_DONE && kind != RECEIPT_DONE_BEFORE)
                fail_msg("%s %s with %s: receipt %d", markets[jobs[j].market].name, jobs[j].said,
                         faults[f].kind ? faults[f].kind : "no fault", kind);
            (void)snprintf(path, sizeof path, "/control/received?order=%s&op=%s", jobs[j].id, jobs[j].said);
            struct answer a = control(&d.town, path, NULL);
            if (number_at(a, "applied") != 1)
                fail_msg("%s %s with %s: applied %d times", markets[jobs[j].market].name, jobs[j].said,
                         faults[f].kind ? faults[f].kind : "no fault", (int)number_at(a, "applied"));
            town_close(&d.town);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_connection_check_finds_everything_in_order),
        cmocka_unit_test(every_order_of_the_morning_is_pulled_and_read),
        cmocka_unit_test(a_command_takes_effect_once_whatever_the_replies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
