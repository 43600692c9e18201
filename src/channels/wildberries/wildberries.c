/* wildberries.c - Wildberries as a row of the channel table: settings, streams, pace, requests, and the check of a connection.
 *
 * Source of all facts: sheet channels/wildberries.md and specs/wildberries (official files, snapshot 2026-08-18).
 */
#include "channels/wildberries/wildberries.h"

const struct channel_setting wb_settings[] = {
    { "token", true, true, NULL, "API token with the category Marketplace (portal: Settings, Access to API)." },
    { "history_days", false, false, "30", "How many days back the first run reads; at most 90." },
    { "supply_prefix", false, false, "Sauda", "First word of the names of supplies that are created." },
    { "claim_answer", false, false, "approve2", "Answer that approves a claim where several are offered: approve2 sends the goods to the seller, approve1 does not." },
    { "photo_hosts", false, false, "wbstatic.net, wbbasket.ru, wb.ru, wildberries.ru", "Hosts from which photos of buyers are fetched, with all below them." },
    { "sticker_type", false, false, "png", "What stickers are: png for any printer, zplv or zplh for a label printer that is told what to draw." },
    { "sticker_size", false, false, "58x40", "Size of stickers in millimetres: 58x40 or 40x30." },
    { "ship_hours", false, false, "72", "Hours from the order to the hand-over; Wildberries does not tell a deadline." },
    { 0 }
};

static const struct stream streams[] = {
    { "new", 60, false },
    { "list", 300, false },
    { "refresh", 180, true },
    { .name = "claims", .period_s = 300, .returns = true },
    { .name = "goods", .period_s = 3600, .returns = true },
    { .name = "rating", .period_s = 86400, .rating = true },
    { 0 }
};

/* Official file: orders, supplies and passes share 300 a minute with a burst of 20; cancelling has its own 100 a minute. An answer
 * with any 4XX counts as ten requests, which the caller charges. Claims: 20 a minute with a burst of 10; the report of goods that come back
 * and the rating: one. */
static const struct pace pace[] = { { "orders", 300, 20, 2, 10 }, { "cancel", 100, 20, 1, 10 },
                                     { "claims", 20, 10, 1 }, { "goods", 1, 10, 1 }, { "rating", 1, 1, 1 }, { "media", 60, 10, 1 }, { 0 } };

/* Wildberries knows no reasons: this one row stands for all. */
static const struct cancel_reason cancel_reasons[] = {
    { "seller", "Отмена продавцом", false, true, "Cancelled by the seller; penalised unless the order was for zero stock." },
    { 0 }
};

str wb_url(const struct call *call, const char *path)
{
    return str_print(call->arena, "%.*s%s", STR_ARG(call->base_url), path);
}

str wb_host_url(const struct call *call, const char *host, const char *path)
{
    const str own = STR("://marketplace-api");
    ptrdiff_t at  = str_find(call->base_url, own);
    if (at < 0)                                             /* the sandbox has one address for all */
        return wb_url(call, path);
    return str_print(call->arena, "%.*s://%s%.*s%s", STR_ARG(str_sub(call->base_url, 0, (size_t)at)), host,
                     STR_ARG(str_sub(call->base_url, (size_t)at + own.len, SIZE_MAX)), path);
}

void wb_request(const struct call *call, struct http_request *out, enum http_method method, str url, const char *family)
{
    *out = (struct http_request){ .method = method, .url = url, .family = family };
    http_header_set(out, call->arena, STR("Authorization"), setting_text(call, wb_settings, "token"));
    http_header_set(out, call->arena, STR("Accept"), STR("application/json"));
    http_header_set(out, call->arena, STR("Content-Type"), STR("application/json"));
}

void wb_ask_statuses(const struct call *call, const str *ids, int count, struct http_request *out)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '{');
    json_begin(&j, "orders", '[');
    for (int i = 0; i < count; i++) {
        int64_t id;
        if (str_to_int(ids[i], &id))                        /* always: the callers leave out what is no number */
            json_number(&j, NULL, id);
    }
    json_end(&j);
    json_end(&j);
    wb_request(call, out, HTTP_POST, wb_url(call, "/api/v3/orders/status"), "orders");
    out->body = buf_str(&buf);
}

/* The token is a JWT and tells its own end. Not set when it cannot be read. */
static instant token_expiry(const struct call *call)
{
    str rest = setting_text(call, wb_settings, "token"), part, payload;
    const struct json *root;
    struct err ignored = { 0 };
    int64_t exp;
    for (int i = 0; i < 2; i++)
        if (!str_split(&rest, '.', &part))
            return (instant){ 0 };
    if (!base64_decode(call->arena, part, &payload) || !json_read(call->arena, payload, 65536, &root, &ignored) ||
        !json_int(json_get(root, "exp"), &exp) || exp <= 0 || exp > INT64_C(253402300799))
        return (instant){ 0 };
    return (instant){ exp * SECOND_MS };
}

/* /orders/new proves the key; its page, joined with the statuses call, is the sample. */
static bool check_step(const struct call *call, struct check *check, const struct http_reply *reply, struct http_request *out,
                       struct err *err)
{
    struct errand e = errand_of(call->arena, check->memory);
    const struct json *root, *orders;
    instant end = token_expiry(call);
    (void)err;
    if (!reply && instant_is_set(end) && end.ms <= call->now.ms) {
        check_add(check, call->arena, "key", (struct check_item){ .code = STR("expired") });
        return true;
    }
    if (!reply) {
        wb_request(call, out, HTTP_GET, wb_url(call, "/api/v3/orders/new"), "orders");
        e.phase = STR("new");
        check->memory = errand_text(call->arena, &e);
        return true;
    }
    struct err bad = { 0 };
    if (str_is(e.phase, "new")) {
        if (!check_first_reply(call, check, reply))
            return true;
        if (!reply_read_json(call, reply, &root, &bad)) {
            check_failed(check, call->arena, "orders", &bad);
            return true;
        }
        orders = json_get(root, "orders");
        int64_t id;
        if (!json_int(json_get(json_at(orders, 0), "id"), &id)) {
            check_page(call, &wildberries_channel, check, reply->body);
            return true;
        }
        e.phase = STR("join");
        e.list  = json_print(call->arena, json_at(orders, 0));
        str text = json_str(json_get(json_at(orders, 0), "id"));
        wb_ask_statuses(call, &text, 1, out);
        check->memory = errand_text(call->arena, &e);
        return true;
    }
    const struct json *row;
    if (!reply_read_json(call, reply, &root, &bad) || !json_read(call->arena, e.list, REPLY_BYTES_MAX, &row, &bad)) {
        check_failed(check, call->arena, "statuses", &bad);
        return true;
    }
    check_page(call, &wildberries_channel, check, wb_payload(call->arena, row, json_at(json_get(root, "orders"), 0)));
    return true;
}

const struct channel wildberries_channel = {
    .name           = "wildberries",
    .title          = "Wildberries",
    .currency       = NULL,
    .base_url       = "https://marketplace-api.wildberries.ru",
    .zone           = "Europe/Moscow",
    .settings       = wb_settings,
    .streams        = streams,
    .pace           = pace,
    .statuses       = wb_statuses,
    .cancel_reasons = cancel_reasons,
    .ops            = BIT(OP_CONFIRM) | BIT(OP_HAND_OVER) | BIT(OP_CANCEL) | BIT(OP_RETURN_APPROVE) | BIT(OP_RETURN_REJECT) |
                      BIT(OP_RETURN_KEEP) | BIT(OP_RETURN_RECEIVE),
    .commands_alone = true,
    .pull_step      = wb_pull_step,
    .order_read     = wb_order_read,
    .page_read      = wb_page_read, .returns_read = wb_returns_read, .media_request = wb_media_request,
    .command_step   = wb_command_step,
    .check_step     = check_step,
    .label_wait     = wb_label_wait, .labels_step = wb_labels_step, .labels_max = 100,
};
