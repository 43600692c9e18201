/* kaspi.c - Kaspi Магазин as a row of the channel table: settings, streams, pace, requests, and the check of a connection.
 *
 * Source of all facts: sheet channels/kaspi.md and specs/kaspi (merchant guide, read 2025-2026). README.md lists the quirks.
 */
#include "channels/kaspi/kaspi.h"

const struct channel_setting kaspi_settings[] = {
    { "token", true, true, NULL, "API token of the shop (cabinet: Settings, API token)." },
    /* Agents of common HTTP libraries are dropped without a byte (live-checked by a client, 2026-05). */
    { "user_agent", false, false, "Sauda/0.1 (+https://sauda.example)", "User-Agent to send; Kaspi silently drops library defaults." },
    { "history_days", false, false, "14", "How many days back the first run reads." },
    { 0 }
};

static const struct stream streams[] = {
    { "active", 120, false },
    { "archive", 900, false },
    { "refresh", 1800, true },
    { 0 }
};

/* Not published; clients keep to 1-5 requests a second per token and get on (sheet, section 1). */
static const struct pace pace[] = { { "orders", 120, 5, 2 }, { 0 } };

void kaspi_request(const struct call *call, struct http_request *out, enum http_method method, str url)
{
    *out = (struct http_request){ .method = method, .url = url, .family = "orders" };
    http_header_set(out, call->arena, STR("X-Auth-Token"), setting_text(call, kaspi_settings, "token"));
    http_header_set(out, call->arena, STR("User-Agent"), setting_text(call, kaspi_settings, "user_agent"));
    http_header_set(out, call->arena, STR("Accept"), STR("application/vnd.api+json"));
    http_header_set(out, call->arena, STR("Content-Type"), STR("application/vnd.api+json"));
}

str kaspi_order_url(const struct call *call, str id, const char *tail)
{
    str encoded = url_encode(call->arena, id);
    return str_print(call->arena, "%.*s/v2/orders/%.*s%s", STR_ARG(call->base_url), STR_ARG(encoded), tail);
}

/* One day of each tab until an order is found: a longer window is refused in a way that looks like a bad token (trap 14). */
static bool check_step(const struct call *call, struct check *check, const struct http_reply *reply, struct http_request *out,
                       struct err *err)
{
    static const char *const states[] = { "NEW", "KASPI_DELIVERY", "ARCHIVE", NULL };
    struct errand e = errand_of(call->arena, check->memory);
    const struct json *root;
    if (reply) {
        struct err bad = { 0 };
        if (e.next == 0 && !check_first_reply(call, check, reply))
            return true;
        bool is_page = reply_read_json(call, reply, &root, &bad);
        bool has_row = is_page && json_get(root, "data") && json_get(root, "data")->count > 0;
        if (!is_page) {
            check_failed(check, call->arena, "orders", &bad);
            return true;
        }
        if (has_row || !states[e.next + 1]) {
            check_page(call, &kaspi_channel, check, reply->body);
            return true;
        }
        e.next++;
    }
    (void)err;
    struct buf url = buf_in(call->arena);
    buf_print(&url, "%.*s/v2/orders", STR_ARG(call->base_url));
    url_query_add(&url, STR("page[number]"), STR("0"));
    url_query_add(&url, STR("page[size]"), STR("20"));
    url_query_add(&url, STR("filter[orders][state]"), str_of(states[e.next]));
    url_query_add(&url, STR("filter[orders][creationDate][$ge]"),
                  str_print(call->arena, "%lld", (long long)(call->now.ms - DAY_MS)));
    url_query_add(&url, STR("filter[orders][creationDate][$le]"), str_print(call->arena, "%lld", (long long)call->now.ms));
    url_query_add(&url, STR("include[orders]"), STR("entries"));
    kaspi_request(call, out, HTTP_GET, buf_str(&url));
    check->memory = errand_text(call->arena, &e);
    return true;
}

const struct channel kaspi_channel = {
    .name           = "kaspi",
    .title          = "Kaspi Магазин",
    .currency       = "KZT",
    .base_url       = "https://kaspi.kz/shop/api",
    .zone           = "Asia/Almaty",
    .settings       = kaspi_settings,
    .streams        = streams,
    .pace           = pace,
    .statuses       = kaspi_statuses,
    .cancel_reasons = kaspi_cancel_reasons,
    .ops            = BIT(OP_CONFIRM) | BIT(OP_ASSEMBLE) | BIT(OP_HAND_OVER) | BIT(OP_CANCEL) | BIT(OP_RETURN_RECEIVE),
    .pull_step      = kaspi_pull_step,
    .order_read     = kaspi_order_read,
    .page_read      = kaspi_page_read, .returns_read = kaspi_returns_read, .order_back = kaspi_order_back,
    .command_step   = kaspi_command_step,
    .check_step     = check_step,
    .label_wait     = kaspi_label_wait, .labels_step = kaspi_labels_step, .labels_max = 1,
};
