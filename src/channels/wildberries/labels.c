/* labels.c - stickers of Wildberries: up to 100 in one answer, for orders that are in a supply.
 *
 * Source: official file 03-orders-fbs, POST /api/v3/orders/stickers; sheet channels/wildberries.md section 3. Orders that are not in work
 * are silently missing from the answer: they are asked for again. A refusal (409: the number of a customs declaration is missing) names
 * no order, and costs ten requests: after it each order is asked for by itself, once.
 */
#include "channels/wildberries/wildberries.h"

#define STICKER_WAIT_S 30

enum label_wait wb_label_wait(const struct label_order *o)
{
    return label_wait_common(o);
}

/* What the seller's printer takes, as Wildberries names it; PNG for one that is none. */
static str sticker_type(const struct call *call)
{
    static const char *const types[] = { "png", "zplv", "zplh" };
    str type = setting_text(call, wb_settings, "sticker_type");
    for (int i = 0; i < COUNT_OF(types); i++)
        if (str_is(type, types[i]))
            return type;
    return STR("png");
}

static void stickers_ask(const struct call *call, struct label_talk *t, struct http_request *out)
{
    struct buf url = buf_in(call->arena), body = buf_in(call->arena);
    struct json_out j = json_out(&body);
    int    asked = 0;
    buf_add(&url, wb_url(call, "/api/v3/orders/stickers"));
    url_query_add(&url, STR("type"), sticker_type(call));
    url_query_add(&url, STR("width"), str_print(call->arena, "%d", t->width_mm));
    url_query_add(&url, STR("height"), str_print(call->arena, "%d", t->height_mm));
    json_begin(&j, NULL, '{');
    json_begin(&j, "orders", '[');
    for (int i = 0; i < t->count; i++) {
        int64_t id;
        if (str_to_int(t->orders[i].external_id, &id)) {
            json_number(&j, NULL, id);
            asked++;
        } else {
            t->told[i] = (struct label_told){ .fate = LABEL_NEVER, .words = STR("the order has no number of Wildberries") };
        }
    }
    json_end(&j);
    json_end(&j);
    if (!asked)
        return;
    wb_request(call, out, HTTP_POST, buf_str(&url), "orders");
    out->body = buf_str(&body);
    t->memory = STR("asked");
}

static void refused(const struct call *call, struct label_talk *t, const struct http_reply *reply)
{
    for (int i = 0; i < t->count; i++)
        t->told[i] = t->count == 1 ? (struct label_told){ .fate = LABEL_NEVER, .words = reply_words(call->arena, reply) }
                                   : (struct label_told){ .memory = t->orders[i].external_id, .wait_s = 1 };
}

/* "58x40" and "40x30" are all that Wildberries draws. */
static void size_of(const struct call *call, struct label_talk *t)
{
    if (!label_size(setting_text(call, wb_settings, "sticker_size"), &t->width_mm, &t->height_mm) || t->width_mm != 40 || t->height_mm != 30) {
        t->width_mm  = 58;
        t->height_mm = 40;
    }
}

bool wb_labels_step(const struct call *call, struct label_talk *t, const struct http_reply *reply, struct http_request *out, struct err *err)
{
    const struct json *root;
    size_of(call, t);
    if (!reply) {
        stickers_ask(call, t, out);
        return true;
    }
    if (reply->fate == HTTP_ANSWERED && (reply->status == 400 || reply->status == 409)) {
        refused(call, t, reply);
        return true;
    }
    if (!reply_read_json(call, reply, &root, err))
        return false;
    for (int i = 0; i < t->count; i++)
        if (t->told[i].fate == LABEL_LATER)
            t->told[i] = (struct label_told){ .wait_s = STICKER_WAIT_S };
    JSON_EACH(row, json_get(root, "stickers")) {
        str id = json_str(json_get(row, "orderId")), file;
        for (int i = 0; i < t->count; i++)
            if (str_eq(t->orders[i].external_id, id) && base64_decode(call->arena, json_str(json_get(row, "file")), &file))
                t->told[i] = (struct label_told){ .fate = LABEL_HERE, .file = file };
    }
    return true;
}
