/* ozon.c - Ozon as a row of the channel table: settings, streams, pace, requests, and the check of a connection.
 *
 * Source of all facts: sheet channels/ozon.md and specs/ozon (official files of April 2026, news up to October 2026).
 */
#include "channels/ozon/ozon.h"

const struct channel_setting ozon_settings[] = {
    { "client_id", false, true, NULL, "Client-Id of the seller (cabinet: Settings, API keys)." },
    { "api_key", true, true, NULL, "Api-Key; since 2026-09-02 a key lives three months." },
    { "history_days", false, false, "30", "How many days back the first run reads." },
    { "photo_hosts", false, false, "ozone.ru, ozon.ru, ozonusercontent.com", "Hosts from which photos of buyers are fetched, with all below them." },
    { "label_size", false, false, "big", "Which label is printed: big or small." },
    { "rfbs_approve", false, false, NULL, "rFBS: number of the action that approves a request; without it, it is found by its name." },
    { "rfbs_keep", false, false, NULL, "rFBS: number of the action that pays back without the goods; without it, it is found by its name." },
    { "rfbs_receive", false, false, NULL, "rFBS: number of the action that confirms the receipt; without it, it is found by its name." },
    { "rfbs_pay", false, false, NULL, "rFBS: number of the action that pays the money back; without it, it is found by its name." },
    { 0 }
};

static const struct stream streams[] = {
    { "unfulfilled", 90, false },
    { "list", 300, false },
    { "refresh", 900, true },
    { .name = "returns", .period_s = 600, .returns = true },
    { .name = "rfbs", .period_s = 600, .returns = true },
    { .name = "rating", .period_s = 86400, .rating = true },
    { 0 }
};

/* 50 requests a second per Client-Id for everything; a fifth is left for people. */
static const struct pace pace[] = { { "all", 2400, 40, 4 }, { "media", 60, 10, 1 }, { 0 } };

void ozon_request(const struct call *call, struct http_request *out, const char *path, str body)
{
    *out = (struct http_request){ .method = HTTP_POST, .family = "all", .body = body };
    out->url = str_print(call->arena, "%.*s%s", STR_ARG(call->base_url), path);
    http_header_set(out, call->arena, STR("Client-Id"), setting_text(call, ozon_settings, "client_id"));
    http_header_set(out, call->arena, STR("Api-Key"), setting_text(call, ozon_settings, "api_key"));
    http_header_set(out, call->arena, STR("Content-Type"), STR("application/json"));
    http_header_set(out, call->arena, STR("Accept"), STR("application/json"));
}

void ozon_ask_posting(const struct call *call, str posting_number, struct http_request *out)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '{');
    json_text(&j, "posting_number", posting_number);
    json_begin(&j, "with", '{');
    json_bool(&j, "analytics_data", true);
    json_bool(&j, "barcodes", true);
    json_end(&j);
    json_end(&j);
    ozon_request(call, out, "/v3/posting/fbs/get", buf_str(&buf));
}

/* /v1/roles tells the key's end and what it may do; then one page of what waits. */
static bool check_step(const struct call *call, struct check *check, const struct http_reply *reply, struct http_request *out,
                       struct err *err)
{
    struct errand e = errand_of(call->arena, check->memory);
    (void)err;
    if (!reply) {
        ozon_request(call, out, "/v1/roles", STR("{}"));
        e.phase = STR("roles");
        check->memory = errand_text(call->arena, &e);
        return true;
    }
    struct err bad = { 0 };
    const struct json *root;
    if (!str_is(e.phase, "roles")) {
        if (reply_read_json(call, reply, &root, &bad))
            check_page(call, &ozon_channel, check, reply->body);
        else
            check_failed(check, call->arena, "orders", &bad);
        return true;
    }
    if (!check_first_reply(call, check, reply))
        return true;
    instant end = { 0 };
    if (reply_read_json(call, reply, &root, &bad) && payload_time(call->arena, json_get(root, "expires_at"), &end, &bad) &&
        instant_is_set(end) && check->items.count) {
        int64_t days = (end.ms - call->now.ms) / DAY_MS;
        check->items.at[0].ok   = end.ms > call->now.ms;
        check->items.at[0].text = str_print(call->arena, "the key is accepted and ends in %lld days", (long long)days);
    }
    ozon_ask_unfulfilled(call, (str){ 0 }, 20, out);
    e.phase = STR("orders");
    check->memory = errand_text(call->arena, &e);
    return true;
}

const struct channel ozon_channel = {
    .name           = "ozon",
    .title          = "Ozon",
    .currency       = NULL,
    .base_url       = "https://api-seller.ozon.ru",
    .zone           = "Europe/Moscow",
    .settings       = ozon_settings,
    .streams        = streams,
    .pace           = pace,
    .statuses       = ozon_statuses,
    .cancel_reasons = ozon_cancel_reasons,
    .ops            = BIT(OP_ASSEMBLE) | BIT(OP_HAND_OVER) | BIT(OP_CANCEL) | BIT(OP_RETURN_APPROVE) | BIT(OP_RETURN_REJECT) |
                      BIT(OP_RETURN_KEEP) | BIT(OP_RETURN_RECEIVE) | BIT(OP_RETURN_PAY) | BIT(OP_RETURN_PART),
    .pull_step      = ozon_pull_step,
    .order_read     = ozon_order_read,
    .page_read      = ozon_page_read, .returns_read = ozon_returns_read, .media_request = ozon_media_request,
    .command_step   = ozon_command_step,
    .check_step     = check_step,
    .label_wait     = ozon_label_wait, .labels_step = ozon_labels_step, .labels_max = 1,
    .hook_read      = ozon_hook_read,
};
