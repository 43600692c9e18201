/* Everything one connector reads: a page, one order, a notification, and the reply to each of its requests.
 * Built once per market with FUZZ_CHANNEL. */
#include "base/json_read.h"
#include "channels/map_print.h"
#include "fuzz/fuzz.h"

static void lines_check(struct arena *a, str lines)
{
    str line;
    while (str_split(&lines, '\n', &line)) {
        struct err err = { 0 };
        const struct json *root;
        FUZZ_CHECK(!line.len || json_read(a, line, 64 << 20, &root, &err));
    }
}

static void page(const struct channel *channel, const struct call *call, str kind, str body)
{
    struct err err  = { 0 };
    struct buf out  = buf_in(call->arena);
    int        good = 0;
    if (!map_print(channel, call, kind, body, &out, &good, &err))
        FUZZ_CHECK(err_is_set(&err));
    lines_check(call->arena, buf_str(&out));
}

/* The first reply of every pull is made of the bytes, whatever was asked. */
static void pull(const struct channel *channel, const struct call *call, const struct http_reply *reply)
{
    for (const struct stream *s = channel->streams; s->name; s++) {
        struct pull p = { .stream = s };
        struct http_request first = { 0 }, next = { 0 };
        struct err err = { 0 };
        if (s->refresh)
            *known_order_list_add(&p.known, call->arena) = (struct known_order){ STR("123"), STR("123"), call->now };
        if (!channel->pull_step(call, &p, NULL, &first, &err) || first.method == HTTP_NONE)
            continue;
        if (!channel->pull_step(call, &p, reply, &next, &err))
            FUZZ_CHECK(err_is_set(&err));
    }
}

static void command(const struct channel *channel, const struct call *call, const struct http_reply *reply)
{
    struct command_line line = { STR("1"), STR("2"), STR("A-1"), 1 };
    for (int op = 0; op < ORDER_OP_COUNT; op++) {
        struct command c = { .op = (enum order_op)op, .key = STR("k"), .external_id = STR("123"), .number = STR("123"), .boxes = 1,
                             .reason = STR("out_of_stock"), .payload = STR("{}"), .lines = { &line, 1, 1 } };
        str memory = { 0 };
        for (int step = 0; step < 4; step++) {
            struct http_request next = { 0 };
            struct receipt receipt = { 0 };
            struct err err = { 0 };
            if (!channel->command_step(call, &c, &memory, step ? reply : NULL, &next, &receipt, &err)) {
                FUZZ_CHECK(err_is_set(&err));
                break;
            }
            FUZZ_CHECK(utf8_valid(receipt.text) && utf8_valid(receipt.note) && utf8_valid(memory));
            if (receipt.kind != RECEIPT_MORE)
                break;
            FUZZ_CHECK(next.method != HTTP_NONE && next.url.len);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct channel *channel = channel_find(str_of(FUZZ_CHANNEL));
    struct arena arena = { .ceiling_bytes = FUZZ_ARENA_BYTES };
    struct setting_value_list settings = { 0 };
    FUZZ_CHECK(channel != NULL);
    for (const struct channel_setting *s = channel->settings; s->name; s++)
        *setting_value_list_add(&settings, &arena) = (struct setting_value){ str_of(s->name), STR("1") };
    struct call call = { .arena = &arena, .now = { 1795154400000 }, .base_url = STR("http://127.0.0.1:1/x"), .country = STR("KZ"),
                         .settings = &settings, .channel = channel };
    str body = { (const char *)data, size };
    page(channel, &call, STR("orders"), body);
    page(channel, &call, STR("returns"), body);
    page(channel, &call, STR("webhook"), body);
    struct order_draft draft = { 0 };
    struct err err = { 0 };
    if (!channel->order_read(&call, body, &draft, &err))
        FUZZ_CHECK(err_is_set(&err));
    static const int statuses[] = { 200, 400, 409, 429 };
    for (int i = 0; i < COUNT_OF(statuses); i++) {
        struct http_reply reply = { .fate = HTTP_ANSWERED, .status = statuses[i], .body = body };
        pull(channel, &call, &reply);
        command(channel, &call, &reply);
    }
    arena_done(&arena);
    return 0;
}
