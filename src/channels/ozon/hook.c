/* hook.c - Ozon's push. It carries no signature and only part of an order, so it is a hint to read the posting back, no more
 * (sheet, section 11). Ozon wants {"result":true}; a ping is answered with who we are. */
#include "channels/ozon/ozon.h"

/* The types that speak of a posting. All others (stock, price, chat …) and types not known yet are taken and left alone. */
static const char *const posting_types[] = {
    "TYPE_NEW_POSTING", "TYPE_POSTING_CANCELLED", "TYPE_STATE_CHANGED", "TYPE_CUTOFF_DATE_CHANGED",
    "TYPE_DELIVERY_DATE_CHANGED", "TYPE_POSTING_SHIPPED", NULL
};

static void answer(const struct call *call, struct hook_result *out, bool is_ping)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '{');
    if (is_ping) {
        json_text(&j, "version", STR("1.0"));
        json_text(&j, "name", STR("Sauda"));
        json_instant(&j, "time", call->now);
    } else {
        json_bool(&j, "result", true);
    }
    json_end(&j);
    out->status       = 200;
    out->content_type = STR("application/json");
    out->body         = buf_str(&buf);
}

static void answer_failure(const struct call *call, struct hook_result *out, str message)
{
    struct buf buf = buf_in(call->arena);
    struct json_out j = json_out(&buf);
    json_begin(&j, NULL, '{');
    json_begin(&j, "error", '{');
    json_text(&j, "code", STR("ERROR_PARAMETER_VALUE_MISSED"));
    json_text(&j, "message", message);
    json_null(&j, "details");
    json_end(&j);
    json_end(&j);
    out->status       = 400;
    out->content_type = STR("application/json");
    out->body         = buf_str(&buf);
}

/* On failure `out` still holds what to answer. */
bool ozon_hook_read(const struct call *call, const struct http_header_list *headers, str body, struct hook_result *out, struct err *err)
{
    const struct json *root;
    (void)headers;
    if (!json_read_foreign(call->arena, body, 1 << 20, &root, err)) {
        answer_failure(call, out, STR("the body is not JSON"));
        return false;
    }
    str type = payload_text(json_get(root, "message_type")), number = payload_text(json_get(root, "posting_number"));
    if (!type.len) {
        answer_failure(call, out, STR("message_type is missing"));
        return payload_missing(call->arena, NULL, "message_type", err);
    }
    if (name_find(posting_types, type) >= 0) {
        if (!number.len) {
            answer_failure(call, out, STR("posting_number is missing"));
            return payload_missing(call->arena, NULL, "posting_number", err);
        }
        struct known_order *hint = known_order_list_add(&out->hints, call->arena);
        hint->external_id = hint->number = number;
    }
    answer(call, out, str_is(type, "TYPE_PING"));
    return true;
}
