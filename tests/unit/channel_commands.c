/* Command conversations with each market, scripted: what is asked, what comes back, how it ends. */
#include "channel_talk.h"

static struct receipt play(const char *channel, const struct command *cmd, const struct turn *turns, int count, struct talk *t)
{
    talk_begin(t, channel);
    return talk_command(t, cmd, turns, count);
}
#define PLAY(channel, cmd, turns, t) play(channel, cmd, turns, COUNT_OF(turns), t)

static void assert_receipt(struct receipt r, enum receipt_kind kind, const char *text)
{
    if (r.kind != kind)
        fail_msg("receipt is %d (%.*s), not %d", (int)r.kind, STR_ARG(r.text), (int)kind);
    if (text && !str_has(r.text, str_of(text)))
        fail_msg("receipt says \"%.*s\", not \"%s\"", STR_ARG(r.text), text);
}

/* ---- Kaspi ---- */

#define K_ORDER(status, more) "{\"data\":{\"type\":\"orders\",\"id\":\"NTEw=\",\"attributes\":{\"code\":\"510\",\"status\":\"" status "\"" more "}}}"
#define K_POST  "POST /v2/orders"
#define K_READ  "GET /v2/orders/NTEw%3D"
#define K_BODY(status, more) "{\"data\":{\"type\":\"orders\",\"id\":\"NTEw=\",\"attributes\":{\"code\":\"510\",\"status\":\"" status "\"" more "}}}"
#define K_ERROR(title) "{\"errors\":[{\"title\":\"" title "\"}]}"

static struct command kaspi(enum order_op op)
{
    return (struct command){ .op = op, .key = STR("k1"), .external_id = STR("NTEw="), .number = STR("510"),
                             .payload = STR("{\"order\":{\"attributes\":{\"isKaspiDelivery\":true}},\"entries\":[]}") };
}

static struct command kaspi_own(enum order_op op)
{
    struct command c = kaspi(op);
    c.payload = STR("{\"order\":{\"attributes\":{\"isKaspiDelivery\":false,\"deliveryMode\":\"DELIVERY_LOCAL\"}},\"entries\":[]}");
    return c;
}

static void kaspi_accepts_in_one_call(void **state)
{
    static const struct turn turns[] = { { K_POST, K_BODY("ACCEPTED_BY_MERCHANT", ""), 200, K_ORDER("ACCEPTED_BY_MERCHANT", "") } };
    struct command cmd = kaspi(OP_CONFIRM);
    struct talk t;
    (void)state;
    assert_receipt(PLAY("kaspi", &cmd, turns, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
}

static void kaspi_reads_back_after_a_cut_reply_and_finds_it_done(void **state)
{
    static const struct turn cut[]    = { { K_POST, NULL, .kind = TURN_CUT }, { K_READ, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", "") } };
    static const struct turn broken[] = { { K_POST, NULL, 502, "<html>" }, { K_READ, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", "") } };
    static const struct turn crash[]  = { { K_POST, NULL, .kind = TURN_CRASH }, { K_READ, NULL, 200, K_ORDER("ARRIVED", "") } };
    struct command cmd = kaspi(OP_CONFIRM);
    struct talk t;
    (void)state;
    assert_receipt(PLAY("kaspi", &cmd, cut, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("kaspi", &cmd, broken, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("kaspi", &cmd, crash, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
}

static void kaspi_repeats_only_what_was_not_done(void **state)
{
    static const struct turn turns[] = {
        { K_POST, NULL, .kind = TURN_CUT },
        { K_READ, NULL, 200, K_ORDER("APPROVED_BY_BANK", "") },
        { K_POST, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", "") },
    };
    struct command cmd = kaspi(OP_CONFIRM);
    struct talk t;
    (void)state;
    assert_receipt(PLAY("kaspi", &cmd, turns, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
}

static void kaspi_waits_when_it_cannot_even_look(void **state)
{
    static const struct turn turns[] = {
        { K_POST, NULL, .kind = TURN_SILENT },
        { K_READ, NULL, .kind = TURN_SILENT },
        { .kind = TURN_LATER },
        { K_READ, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", "") },
    };
    struct command cmd = kaspi(OP_CONFIRM);
    struct talk t;
    (void)state;
    assert_receipt(PLAY("kaspi", &cmd, turns, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
}

static void kaspi_refusal_stands_only_if_the_order_says_so_too(void **state)
{
    static const struct turn stands[] = { { K_POST, NULL, 400, K_ERROR("Order is locked") }, { K_READ, NULL, 200, K_ORDER("APPROVED_BY_BANK", "") } };
    static const struct turn done[]   = { { K_POST, NULL, 400, K_ERROR("Wrong status") }, { K_READ, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", "") } };
    static const struct turn over[]   = { { K_POST, NULL, .kind = TURN_CUT }, { K_READ, NULL, 200, K_ORDER("CANCELLED", "") } };
    struct command cmd = kaspi(OP_CONFIRM);
    struct talk t;
    (void)state;
    assert_receipt(PLAY("kaspi", &cmd, stands, &t), RECEIPT_REFUSED, "Order is locked");
    talk_end(&t);
    assert_receipt(PLAY("kaspi", &cmd, done, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("kaspi", &cmd, over, &t), RECEIPT_REFUSED, "CANCELLED");
    talk_end(&t);
}

static void busy_and_refused_keys_have_their_own_ends(void **state)
{
    static const struct turn busy[]  = { { K_POST, NULL, 429, "{}", .header = "Retry-After: 17" } };
    static const struct turn again[] = { { K_POST, NULL, 429, "{}", .header = "Retry-After: 17" }, { .kind = TURN_LATER }, { K_POST, NULL, 200, "{}" } };
    static const struct turn key[]   = { { K_POST, NULL, 401, K_ERROR("Token is wrong") } };
    static const struct turn down[]  = { { K_POST, NULL, .kind = TURN_NOT_SENT }, { .kind = TURN_LATER }, { K_POST, NULL, 200, "{}" } };
    struct command cmd = kaspi(OP_CONFIRM);
    struct talk t;
    (void)state;
    struct receipt r = PLAY("kaspi", &cmd, busy, &t);
    assert_receipt(r, RECEIPT_LATER, NULL);
    assert_int_equal(r.wait_s, 17);
    talk_end(&t);
    assert_receipt(PLAY("kaspi", &cmd, again, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("kaspi", &cmd, key, &t), RECEIPT_AUTH, "Token is wrong");
    talk_end(&t);
    assert_receipt(PLAY("kaspi", &cmd, down, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
}

static void kaspi_assembles_with_the_number_of_parcels_as_text(void **state)
{
    static const struct turn turns[] = { { K_POST, K_BODY("ASSEMBLE", ",\"numberOfSpace\":\"2\""), 200, K_ORDER("ASSEMBLED", "") } };
    static const struct turn cut[]   = { { K_POST, NULL, .kind = TURN_CUT }, { K_READ, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", ",\"assembled\":true") } };
    struct command cmd = kaspi(OP_ASSEMBLE), own = kaspi_own(OP_ASSEMBLE);
    struct talk t;
    (void)state;
    cmd.boxes = 2;
    assert_receipt(PLAY("kaspi", &cmd, turns, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("kaspi", &cmd, cut, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(play("kaspi", &own, NULL, 0, &t), RECEIPT_NOTHING, NULL);
    talk_end(&t);
}

static void kaspi_hands_out_in_two_steps_with_the_buyers_code(void **state)
{
    static const struct turn first[]  = { { K_POST, K_BODY("COMPLETED", ""), 200, K_ORDER("ACCEPTED_BY_MERCHANT", "") } };
    static const struct turn second[] = { { K_POST, K_BODY("COMPLETED", ""), 200, K_ORDER("COMPLETED", "") } };
    static const struct turn wrong[]  = { { K_POST, NULL, 400, K_ERROR("Security code is not valid. And the order cannot be completed without it") },
                                          { K_READ, NULL, 200, K_ORDER("ACCEPTED_BY_MERCHANT", "") } };
    static const struct turn twice[]  = { { K_POST, NULL, 400, K_ERROR("Order already has been completed, so it can't be completed again.") } };
    struct command courier = kaspi(OP_HAND_OVER), own = kaspi_own(OP_HAND_OVER);
    struct talk t;
    (void)state;
    assert_receipt(play("kaspi", &courier, NULL, 0, &t), RECEIPT_NOTHING, NULL);
    talk_end(&t);
    struct receipt r = PLAY("kaspi", &own, first, &t);
    assert_receipt(r, RECEIPT_REFUSED, "code");
    assert_true(str_is(r.note, "{\"code_sent\":true}"));
    talk_end(&t);
    own.code = STR("4321");
    assert_receipt(PLAY("kaspi", &own, second, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("kaspi", &own, wrong, &t), RECEIPT_REFUSED, "Security code is not valid");
    talk_end(&t);
    assert_receipt(PLAY("kaspi", &own, twice, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
}

static void kaspi_sends_its_headers_and_the_code(void **state)
{
    struct command own = kaspi_own(OP_HAND_OVER);
    struct http_request out = { 0 };
    struct receipt r = { 0 };
    struct err err = { 0 };
    struct talk t;
    str memory = { 0 };
    (void)state;
    talk_begin(&t, "kaspi");
    own.code = STR("4321");
    assert_true(t.call.channel->command_step(&t.call, &own, &memory, NULL, &out, &r, &err));
    assert_true(str_is(http_header_get(&out.headers, "X-Auth-Token"), "secret-token"));
    assert_true(str_starts(http_header_get(&out.headers, "User-Agent"), STR("Sauda/")));
    assert_true(str_is(http_header_get(&out.headers, "Content-Type"), "application/vnd.api+json"));
    assert_true(str_is(http_header_get(&out.headers, "X-Send-Code"), "true"));
    assert_true(str_is(http_header_get(&out.headers, "X-Security-Code"), "4321"));
    assert_false(str_has(memory, STR("secret-token")));
    talk_end(&t);
}

static void kaspi_cancels_with_one_of_its_reasons(void **state)
{
    static const struct turn turns[] = { { K_POST, K_BODY("CANCELLED", ",\"cancellationReason\":\"MERCHANT_OUT_OF_STOCK\",\"cancellationComment\":\"нет\""),
                                           200, K_ORDER("CANCELLED", "") } };
    static const struct turn cut[]   = { { K_POST, NULL, .kind = TURN_CUT }, { K_READ, NULL, 200, K_ORDER("CANCELLING", "") } };
    struct command cmd = kaspi(OP_CANCEL);
    struct talk t;
    (void)state;
    cmd.reason  = STR("MERCHANT_OUT_OF_STOCK");
    cmd.comment = STR("нет");
    assert_receipt(PLAY("kaspi", &cmd, turns, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("kaspi", &cmd, cut, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    cmd.reason = STR("BECAUSE");
    assert_receipt(play("kaspi", &cmd, NULL, 0, &t), RECEIPT_REFUSED, "reason");
    talk_end(&t);
}

/* ---- Wildberries ---- */

#define W_NAME    "Sauda 2026-11-20 658434-1-0"
#define W_LIST    "GET /api/v3/supplies?limit=1000&next=0"
#define W_ADD     "PATCH /api/marketplace/v3/supplies/WB-GI-9/orders"
#define W_STATUS  "POST /api/v3/orders/status"
#define W_SAYS(supplier, wb, can) "{\"orders\":[{\"id\":4400,\"supplierStatus\":\"" supplier "\",\"wbStatus\":\"" wb "\",\"isCancellable\":" can "}]}"
#define W_OPEN    "{\"next\":0,\"supplies\":[{\"id\":\"WB-GI-8\",\"name\":\"чужая\",\"done\":false},{\"id\":\"WB-GI-9\",\"name\":\"" W_NAME "\",\"done\":false}]}"
#define W_NONE    "{\"next\":0,\"supplies\":[{\"id\":\"WB-GI-8\",\"name\":\"чужая\",\"done\":false}]}"
#define W_CLOSED  "{\"next\":0,\"supplies\":[{\"id\":\"WB-GI-7\",\"name\":\"" W_NAME "\",\"done\":true}]}"

static struct command wb(enum order_op op)
{
    return (struct command){ .op = op, .key = STR("k1"), .external_id = STR("4400"), .number = STR("4400"), .external_status = STR("new/waiting"),
                             .payload = STR("{\"id\":4400,\"warehouseId\":658434,\"cargoType\":1,\"crossBorderType\":0}") };
}

static void wb_confirms_into_the_open_supply_of_the_day(void **state)
{
    static const struct turn turns[] = { { W_LIST, NULL, 200, W_OPEN }, { W_ADD, "{\"orders\":[4400]}", 204, "" } };
    struct command cmd = wb(OP_CONFIRM);
    struct talk t;
    (void)state;
    struct receipt r = PLAY("wildberries", &cmd, turns, &t);
    assert_receipt(r, RECEIPT_DONE, NULL);
    assert_true(str_is(r.note, "{\"supply\":\"WB-GI-9\"}"));
    talk_end(&t);
}

static void wb_makes_a_supply_when_there_is_none_for_this_warehouse_and_cargo(void **state)
{
    static const struct turn turns[]  = { { W_LIST, NULL, 200, W_NONE },
                                          { "POST /api/v3/supplies", "{\"name\":\"" W_NAME "\"}", 201, "{\"id\":\"WB-GI-9\"}" },
                                          { W_ADD, NULL, 204, "" } };
    static const struct turn second[] = { { W_LIST, NULL, 200, W_CLOSED },
                                          { "POST /api/v3/supplies", "{\"name\":\"" W_NAME " #2\"}", 201, "{\"id\":\"WB-GI-9\"}" },
                                          { W_ADD, NULL, 204, "" } };
    struct command cmd = wb(OP_CONFIRM);
    struct talk t;
    (void)state;
    assert_receipt(PLAY("wildberries", &cmd, turns, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, second, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
}

static void wb_looks_for_its_supply_by_name_after_a_cut_reply(void **state)
{
    static const struct turn cut[]   = { { W_LIST, NULL, 200, W_NONE }, { "POST /api/v3/supplies", NULL, .kind = TURN_CUT },
                                         { W_LIST, NULL, 200, W_OPEN }, { W_ADD, NULL, 204, "" } };
    static const struct turn crash[] = { { W_LIST, NULL, 200, W_NONE }, { "POST /api/v3/supplies", NULL, .kind = TURN_CRASH },
                                         { W_LIST, NULL, 200, W_OPEN }, { W_ADD, NULL, 204, "" } };
    struct command cmd = wb(OP_CONFIRM);
    struct talk t;
    (void)state;
    assert_receipt(PLAY("wildberries", &cmd, cut, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, crash, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
}

static void wb_reads_the_status_back_when_adding_is_in_doubt(void **state)
{
    static const struct turn cut[]     = { { W_LIST, NULL, 200, W_OPEN }, { W_ADD, NULL, .kind = TURN_CUT },
                                           { W_STATUS, "{\"orders\":[4400]}", 200, W_SAYS("confirm", "waiting", "true") } };
    static const struct turn clash[]   = { { W_LIST, NULL, 200, W_OPEN }, { W_ADD, NULL, 409, "{\"code\":\"FailedToAddSupplyOrder\",\"message\":\"нет\"}" },
                                           { W_STATUS, NULL, 200, W_SAYS("confirm", "waiting", "true") } };
    static const struct turn refused[] = { { W_LIST, NULL, 200, W_OPEN }, { W_ADD, NULL, 409, "{\"code\":\"FailedToAddSupplyOrder\",\"message\":\"нет\"}" },
                                           { W_STATUS, NULL, 200, W_SAYS("new", "waiting", "true") } };
    static const struct turn redo[]    = { { W_LIST, NULL, 200, W_OPEN }, { W_ADD, NULL, .kind = TURN_CUT },
                                           { W_STATUS, NULL, 200, W_SAYS("new", "waiting", "true") }, { W_ADD, NULL, 204, "" } };
    struct command cmd = wb(OP_CONFIRM);
    struct talk t;
    (void)state;
    assert_receipt(PLAY("wildberries", &cmd, cut, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, clash, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, refused, &t), RECEIPT_REFUSED, "FailedToAddSupplyOrder");
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, redo, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
}

static void wb_never_sends_what_it_can_know_to_be_refused(void **state)
{
    static const struct turn gone[]  = { { W_STATUS, NULL, 200, W_SAYS("cancel", "canceled", "false") } };
    static const struct turn done[]  = { { W_STATUS, NULL, 200, W_SAYS("complete", "sorted", "false") } };
    static const struct turn keep[]  = { { W_STATUS, NULL, 200, W_SAYS("complete", "sorted", "false") } };
    struct command cmd = wb(OP_CONFIRM), bad = wb(OP_CONFIRM), cancel = wb(OP_CANCEL);
    struct talk t;
    (void)state;
    cmd.external_status = STR("confirm/waiting");
    assert_receipt(PLAY("wildberries", &cmd, gone, &t), RECEIPT_REFUSED, "cancel/canceled");
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, done, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    bad.external_id = STR("44x0");
    assert_receipt(play("wildberries", &bad, NULL, 0, &t), RECEIPT_REFUSED, "number");
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cancel, keep, &t), RECEIPT_REFUSED, "complete/sorted");
    talk_end(&t);
}

static void wb_finds_the_order_part_among_the_new_ones(void **state)
{
    static const struct turn turns[] = {
        { "GET /api/v3/orders/new", NULL, 200, "{\"orders\":[{\"id\":4399},{\"id\":4400,\"warehouseId\":658434,\"cargoType\":1,\"crossBorderType\":0}]}" },
        { W_LIST, NULL, 200, W_OPEN },
        { W_ADD, NULL, 204, "" },
    };
    static const struct turn gone[] = { { "GET /api/v3/orders/new", NULL, 200, "{\"orders\":[]}" } };
    struct command cmd = wb(OP_CONFIRM);
    struct talk t;
    (void)state;
    cmd.payload = STR("{\"id\":4400,\"supplierStatus\":\"new\",\"wbStatus\":\"waiting\"}");
    assert_receipt(PLAY("wildberries", &cmd, turns, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, gone, &t), RECEIPT_REFUSED, "not among the new orders");
    talk_end(&t);
}

static void wb_cancels_after_asking_whether_it_may(void **state)
{
    static const struct turn turns[]  = { { W_STATUS, NULL, 200, W_SAYS("confirm", "waiting", "true") }, { "PATCH /api/v3/orders/4400/cancel", NULL, 204, "" } };
    static const struct turn before[] = { { W_STATUS, NULL, 200, W_SAYS("cancel", "canceled", "false") } };
    static const struct turn clash[]  = { { W_STATUS, NULL, 200, W_SAYS("new", "waiting", "true") },
                                          { "PATCH /api/v3/orders/4400/cancel", NULL, 409, "{\"code\":\"StatusMismatch\",\"message\":\"нет\"}" },
                                          { W_STATUS, NULL, 200, W_SAYS("cancel", "waiting", "false") } };
    struct command cmd = wb(OP_CANCEL);
    struct talk t;
    (void)state;
    assert_receipt(PLAY("wildberries", &cmd, turns, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, before, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, clash, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
}

static void wb_hands_the_whole_supply_over_once(void **state)
{
    static const struct turn known[]  = { { "GET /api/v3/supplies/WB-GI-9", NULL, 200, "{\"id\":\"WB-GI-9\",\"done\":false}" },
                                          { "PATCH /api/v3/supplies/WB-GI-9/deliver", NULL, 204, "" } };
    static const struct turn before[] = { { "GET /api/v3/supplies/WB-GI-9", NULL, 200, "{\"id\":\"WB-GI-9\",\"done\":true}" } };
    static const struct turn clash[]  = { { "GET /api/v3/supplies/WB-GI-9", NULL, 200, "{\"id\":\"WB-GI-9\",\"done\":false}" },
                                          { "PATCH /api/v3/supplies/WB-GI-9/deliver", NULL, 409, "{\"code\":\"SupplyHasZeroOrders\",\"message\":\"пусто\"}" },
                                          { "GET /api/v3/supplies/WB-GI-9", NULL, 200, "{\"id\":\"WB-GI-9\",\"done\":true}" } };
    static const struct turn marks[]  = { { "GET /api/v3/supplies/WB-GI-9", NULL, 200, "{\"id\":\"WB-GI-9\",\"done\":false}" },
                                          { "PATCH /api/v3/supplies/WB-GI-9/deliver", NULL, 409, "{\"code\":\"MetaValidationFail\",\"message\":\"Fix them\"}" },
                                          { "GET /api/v3/supplies/WB-GI-9", NULL, 200, "{\"id\":\"WB-GI-9\",\"done\":false}" } };
    struct command cmd = wb(OP_HAND_OVER);
    struct talk t;
    (void)state;
    cmd.payload = STR("{\"id\":4400,\"supplyId\":\"WB-GI-9\"}");
    assert_receipt(PLAY("wildberries", &cmd, known, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, before, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, clash, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, marks, &t), RECEIPT_REFUSED, "MetaValidationFail");
    talk_end(&t);
}

static void wb_searches_the_supply_of_an_order_in_the_open_ones(void **state)
{
    static const struct turn turns[] = {
        { W_LIST, NULL, 200, W_OPEN },
        { "GET /api/marketplace/v3/supplies/WB-GI-9/order-ids", NULL, 200, "{\"orderIds\":[1,2]}" },
        { "GET /api/marketplace/v3/supplies/WB-GI-8/order-ids", NULL, 200, "{\"orderIds\":[4400]}" },
        { "GET /api/v3/supplies/WB-GI-8", NULL, 200, "{\"id\":\"WB-GI-8\",\"done\":false}" },
        { "PATCH /api/v3/supplies/WB-GI-8/deliver", NULL, 204, "" },
    };
    static const struct turn nowhere[] = { { W_LIST, NULL, 200, W_CLOSED }, { W_STATUS, NULL, 200, W_SAYS("complete", "waiting", "false") } };
    static const struct turn never[]   = { { W_LIST, NULL, 200, W_CLOSED }, { W_STATUS, NULL, 200, W_SAYS("new", "waiting", "true") } };
    struct command cmd = wb(OP_HAND_OVER), pack = wb(OP_ASSEMBLE);
    struct talk t;
    (void)state;
    assert_receipt(PLAY("wildberries", &cmd, turns, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, nowhere, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("wildberries", &cmd, never, &t), RECEIPT_REFUSED, "no open supply");
    talk_end(&t);
    assert_receipt(play("wildberries", &pack, NULL, 0, &t), RECEIPT_NOTHING, NULL);
    talk_end(&t);
}

/* ---- Ozon ---- */

#define O_SHIP   "POST /v4/posting/fbs/ship"
#define O_GET    "POST /v3/posting/fbs/get"
#define O_CANCEL "POST /v2/posting/fbs/cancel"
#define O_LIST   "POST /v2/carriage/delivery/list"
#define O_SAYS(status, sub) "{\"result\":{\"posting_number\":\"60-1-1\",\"status\":\"" status "\",\"substatus\":\"" sub "\",\"available_actions\":[]}}"
#define O_CARRIAGES(list) "{\"methods\":[{\"delivery_method_id\":77,\"carriages\":[" list "]}],\"has_next\":false}"

static struct command ozon(enum order_op op)
{
    return (struct command){ .op = op, .key = STR("k1"), .external_id = STR("60-1-1"), .number = STR("60-1-1"),
                             .payload = STR("{\"posting_number\":\"60-1-1\",\"delivery_method\":{\"id\":77},\"products\":[{\"sku\":168001,\"quantity\":2}]}") };
}

static void ozon_ships_and_reads_until_it_waits_for_delivery(void **state)
{
    static const struct turn turns[] = {
        { O_SHIP, "{\"posting_number\":\"60-1-1\",\"packages\":[{\"products\":[{\"product_id\":168001,\"quantity\":2}]}],\"with\":{\"additional_data\":true}}",
          200, "{\"result\":[\"60-1-1\"]}" },
        { O_GET, NULL, 200, O_SAYS("awaiting_packaging", "posting_created") },
        { .kind = TURN_LATER },
        { O_GET, NULL, 200, O_SAYS("awaiting_deliver", "posting_not_in_carriage") },
    };
    struct command cmd = ozon(OP_ASSEMBLE), confirm = ozon(OP_CONFIRM);
    struct talk t;
    (void)state;
    assert_receipt(PLAY("ozon", &cmd, turns, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
    assert_receipt(play("ozon", &confirm, NULL, 0, &t), RECEIPT_NOTHING, NULL);
    talk_end(&t);
}

static void ozon_ships_again_when_the_shipping_failed_later(void **state)
{
    static const struct turn turns[] = {
        { O_SHIP, NULL, 200, "{\"result\":[\"60-1-1\"]}" },
        { O_GET, NULL, 200, O_SAYS("awaiting_packaging", "ship_failed") },
        { O_SHIP, NULL, 200, "{\"result\":[\"60-1-1\"]}" },
        { O_GET, NULL, 200, O_SAYS("awaiting_deliver", "posting_not_in_carriage") },
    };
    struct command cmd = ozon(OP_ASSEMBLE);
    struct talk t;
    (void)state;
    assert_receipt(PLAY("ozon", &cmd, turns, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
}

static void ozon_already_shipped_is_done_before_after_a_look(void **state)
{
    static const struct turn already[] = { { O_SHIP, NULL, 400, "{\"code\":3,\"message\":\"POSTING_ALREADY_SHIPPED\"}" },
                                           { O_GET, NULL, 200, O_SAYS("delivering", "") } };
    static const struct turn cut[]     = { { O_SHIP, NULL, .kind = TURN_CUT }, { O_GET, NULL, 200, O_SAYS("awaiting_deliver", "") } };
    static const struct turn codes[]   = { { O_SHIP, NULL, 400, "{\"code\":3,\"message\":\"EXEMPLAR_INFO_NOT_FILLED_COMPLETELY\"}" },
                                           { O_GET, NULL, 200, O_SAYS("awaiting_packaging", "posting_created") } };
    static const struct turn gone[]    = { { O_SHIP, NULL, .kind = TURN_CUT }, { O_GET, NULL, 200, O_SAYS("cancelled", "posting_canceled") } };
    struct command cmd = ozon(OP_ASSEMBLE);
    struct talk t;
    (void)state;
    assert_receipt(PLAY("ozon", &cmd, already, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("ozon", &cmd, cut, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("ozon", &cmd, codes, &t), RECEIPT_REFUSED, "EXEMPLAR_INFO_NOT_FILLED_COMPLETELY");
    talk_end(&t);
    assert_receipt(PLAY("ozon", &cmd, gone, &t), RECEIPT_REFUSED, "cancelled");
    talk_end(&t);
}

static void ozon_cancels_with_a_reason_number(void **state)
{
    static const struct turn turns[] = { { O_CANCEL, "{\"posting_number\":\"60-1-1\",\"cancel_reason_id\":402,\"cancel_reason_message\":\"брак\"}", 200, "{\"result\":true}" } };
    static const struct turn cut[]   = { { O_CANCEL, NULL, .kind = TURN_CUT }, { O_GET, NULL, 200, O_SAYS("cancelled", "") } };
    struct command cmd = ozon(OP_CANCEL);
    struct talk t;
    (void)state;
    cmd.reason = STR("402");
    assert_receipt(play("ozon", &cmd, NULL, 0, &t), RECEIPT_REFUSED, "message");
    talk_end(&t);
    cmd.comment = STR("брак");
    assert_receipt(PLAY("ozon", &cmd, turns, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("ozon", &cmd, cut, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
}

static void ozon_hands_over_by_the_carriage_of_the_day(void **state)
{
    static const struct turn none[] = {
        { O_GET, NULL, 200, O_SAYS("awaiting_deliver", "posting_not_in_carriage") },
        { O_LIST, "{\"limit\":100,\"cursor\":\"\",\"filter\":{\"delivery_method_id\":77,\"departure_date\":\"2026-11-20\"}}", 200, O_CARRIAGES("{\"id\":0,\"status\":\"\"}") },
        { "POST /v1/carriage/create", "{\"delivery_method_id\":77,\"departure_date\":\"2026-11-20T06:00:00Z\"}", 200, "{\"carriage_id\":555}" },
        { "POST /v1/carriage/approve", "{\"carriage_id\":555}", 200, "{}" },
    };
    static const struct turn cut[] = {
        { O_GET, NULL, 200, O_SAYS("awaiting_deliver", "posting_not_in_carriage") },
        { O_LIST, NULL, 200, O_CARRIAGES("") },
        { "POST /v1/carriage/create", NULL, .kind = TURN_CUT },
        { O_LIST, NULL, 200, O_CARRIAGES("{\"id\":555,\"status\":\"new\"}") },
        { "POST /v1/carriage/approve", NULL, .kind = TURN_CUT },
        { "POST /v1/carriage/get", "{\"carriage_id\":555}", 200, "{\"carriage_id\":555,\"status\":\"formed\"}" },
    };
    static const struct turn before[] = {
        { O_GET, NULL, 200, O_SAYS("awaiting_deliver", "posting_in_carriage") },
        { O_LIST, NULL, 200, O_CARRIAGES("{\"id\":555,\"status\":\"formed\"}") },
    };
    static const struct turn sent[] = { { O_GET, NULL, 200, O_SAYS("delivering", "") } };
    static const struct turn early[] = { { O_GET, NULL, 200, O_SAYS("awaiting_packaging", "posting_created") } };
    struct command cmd = ozon(OP_HAND_OVER);
    struct talk t;
    (void)state;
    struct receipt r = PLAY("ozon", &cmd, none, &t);
    assert_receipt(r, RECEIPT_DONE, NULL);
    assert_true(str_is(r.note, "{\"carriage\":\"555\"}"));
    talk_end(&t);
    assert_receipt(PLAY("ozon", &cmd, cut, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("ozon", &cmd, before, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("ozon", &cmd, sent, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("ozon", &cmd, early, &t), RECEIPT_REFUSED, "awaiting_packaging");
    talk_end(&t);
}

static void ozon_own_courier_hands_over_without_a_carriage(void **state)
{
    static const struct turn turns[]   = { { "POST /v2/fbs/posting/delivering", "{\"posting_number\":[\"60-1-1\"]}", 200, "{\"result\":[{\"posting_number\":\"60-1-1\",\"result\":true,\"error\":[]}]}" },
                                           { O_GET, NULL, 200, O_SAYS("delivering", "") } };
    static const struct turn refused[] = { { "POST /v2/fbs/posting/delivering", NULL, 200, "{\"result\":[{\"posting_number\":\"60-1-1\",\"result\":false,\"error\":[\"NO_TRACK\"]}]}" },
                                           { O_GET, NULL, 200, O_SAYS("awaiting_deliver", "") } };
    static const struct turn cut[]     = { { "POST /v2/fbs/posting/delivering", NULL, .kind = TURN_CUT }, { O_GET, NULL, 200, O_SAYS("delivering", "") } };
    struct command cmd = ozon(OP_HAND_OVER);
    struct talk t;
    (void)state;
    cmd.payload = STR("{\"posting_number\":\"60-1-1\",\"tpl_integration_type\":\"non_integrated\"}");
    assert_receipt(PLAY("ozon", &cmd, turns, &t), RECEIPT_DONE, NULL);
    talk_end(&t);
    assert_receipt(PLAY("ozon", &cmd, refused, &t), RECEIPT_REFUSED, "NO_TRACK");
    talk_end(&t);
    assert_receipt(PLAY("ozon", &cmd, cut, &t), RECEIPT_DONE_BEFORE, NULL);
    talk_end(&t);
}

static void a_paid_plan_refusal_does_not_stop_the_account(void **state)
{
    static const struct turn plan[] = { { O_CANCEL, NULL, 403, "{\"code\":7,\"message\":\"Method is not available with existing subscription\"}" },
                                        { O_GET, NULL, 200, O_SAYS("awaiting_packaging", "") } };
    static const struct turn key[]  = { { O_CANCEL, NULL, 403, "{\"code\":7,\"message\":\"Api-key is deactivated, use another one or generate a new one\"}" } };
    struct command cmd = ozon(OP_CANCEL);
    struct talk t;
    (void)state;
    cmd.reason = STR("352");
    assert_receipt(PLAY("ozon", &cmd, plan, &t), RECEIPT_REFUSED, "subscription");
    talk_end(&t);
    assert_receipt(PLAY("ozon", &cmd, key, &t), RECEIPT_AUTH, "deactivated");
    talk_end(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kaspi_accepts_in_one_call),
        cmocka_unit_test(kaspi_reads_back_after_a_cut_reply_and_finds_it_done),
        cmocka_unit_test(kaspi_repeats_only_what_was_not_done),
        cmocka_unit_test(kaspi_waits_when_it_cannot_even_look),
        cmocka_unit_test(kaspi_refusal_stands_only_if_the_order_says_so_too),
        cmocka_unit_test(busy_and_refused_keys_have_their_own_ends),
        cmocka_unit_test(kaspi_assembles_with_the_number_of_parcels_as_text),
        cmocka_unit_test(kaspi_hands_out_in_two_steps_with_the_buyers_code),
        cmocka_unit_test(kaspi_sends_its_headers_and_the_code),
        cmocka_unit_test(kaspi_cancels_with_one_of_its_reasons),
        cmocka_unit_test(wb_confirms_into_the_open_supply_of_the_day),
        cmocka_unit_test(wb_makes_a_supply_when_there_is_none_for_this_warehouse_and_cargo),
        cmocka_unit_test(wb_looks_for_its_supply_by_name_after_a_cut_reply),
        cmocka_unit_test(wb_reads_the_status_back_when_adding_is_in_doubt),
        cmocka_unit_test(wb_never_sends_what_it_can_know_to_be_refused),
        cmocka_unit_test(wb_finds_the_order_part_among_the_new_ones),
        cmocka_unit_test(wb_cancels_after_asking_whether_it_may),
        cmocka_unit_test(wb_hands_the_whole_supply_over_once),
        cmocka_unit_test(wb_searches_the_supply_of_an_order_in_the_open_ones),
        cmocka_unit_test(ozon_ships_and_reads_until_it_waits_for_delivery),
        cmocka_unit_test(ozon_ships_again_when_the_shipping_failed_later),
        cmocka_unit_test(ozon_already_shipped_is_done_before_after_a_look),
        cmocka_unit_test(ozon_cancels_with_a_reason_number),
        cmocka_unit_test(ozon_hands_over_by_the_carriage_of_the_day),
        cmocka_unit_test(ozon_own_courier_hands_over_without_a_carriage),
        cmocka_unit_test(a_paid_plan_refusal_does_not_stop_the_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
