/* labels.c - waybills of Kaspi: a PDF whose address the order tells some time after it was assembled.
 *
 * Source: sheet channels/kaspi.md sections 2, 4 and trap 11: the address lives for a limited time and is opened with the same headers. So
 * the order is read first, each time. The key goes to the address of the API alone: an address on another host of Kaspi's is asked
 * without it, and one on any other host is not asked at all.
 */
#include "channels/kaspi/kaspi.h"

#define WAYBILL_WAIT_S 20

enum label_wait kaspi_label_wait(const struct label_order *o)
{
    enum label_wait wait = label_wait_common(o);
    return wait == LABEL_AFTER_CONFIRM || (wait == LABEL_MAY && o->status < HUB_READY_TO_SHIP) ? LABEL_AFTER_READY : wait;
}

static bool waybill_ask(const struct call *call, str url, struct http_request *out)
{
    str real = str_of(call->channel->base_url), rest;
    if (str_starts(url, real) && url.len > real.len && url.at[real.len] == '/') {
        rest = str_sub(url, real.len, url.len);
        kaspi_request(call, out, HTTP_GET, str_print(call->arena, "%.*s%.*s", STR_ARG(call->base_url), STR_ARG(rest)));
        out->headers = (struct http_header_list){ 0 };
        http_header_set(out, call->arena, STR("X-Auth-Token"), setting_text(call, kaspi_settings, "token"));
    } else if (!file_ask(call, STR("kaspi.kz"), url, STR("application/pdf"), out)) {
        return false;
    } else {
        out->headers = (struct http_header_list){ 0 };
    }
    out->family = "orders";
    http_header_set(out, call->arena, STR("User-Agent"), setting_text(call, kaspi_settings, "user_agent"));
    http_header_set(out, call->arena, STR("Accept"), STR("application/pdf"));
    return true;
}

static void order_told(const struct call *call, struct label_talk *t, const struct json *root, struct http_request *out)
{
    const struct json *a = json_path(root, "data.attributes");
    str status = payload_text(json_get(a, "status")), url = payload_text(json_path(a, "kaspiDelivery.waybill"));
    if (!url.len && (str_is(status, "CANCELLED") || str_is(status, "CANCELLING") || str_is(status, "COMPLETED") || str_is(status, "RETURNED")))
        t->told[0] = (struct label_told){ .fate = LABEL_NEVER, .words = status };
    else if (!url.len)
        t->told[0] = (struct label_told){ .wait_s = WAYBILL_WAIT_S };
    else if (!waybill_ask(call, url, out))
        t->told[0] = (struct label_told){ .fate = LABEL_NEVER, .words = str_print(call->arena, "the waybill is at %.*s", STR_ARG(utf8_cut(url, 200))) };
    else
        t->memory = STR("file");
}

bool kaspi_labels_step(const struct call *call, struct label_talk *t, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    const struct json *root;
    if (!reply) {
        t->memory = STR("order");
        kaspi_request(call, out, HTTP_GET, kaspi_order_url(call, t->orders[0].external_id, ""));
        return true;
    }
    if (str_is(t->memory, "file")) {
        label_file(call, reply, &t->told[0]);
        return true;
    }
    if (reply->fate == HTTP_ANSWERED && reply->status == 404) {
        t->told[0] = (struct label_told){ .fate = LABEL_NEVER, .words = reply_words(call->arena, reply) };
        return true;
    }
    if (!reply_read_json(call, reply, &root, err))
        return false;
    order_told(call, t, root, out);
    return true;
}
