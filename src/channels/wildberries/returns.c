/* returns.c - buyers' claims of Wildberries (/api/v1/claims) and its report of goods that come back (/api/v1/analytics/goods-return).
 *
 * Sources: official files of 2026-08, sheet channels/wildberries.md sections 5 and 9. Times without a zone are Moscow's. A claim says
 * two things: what was decided for the buyer (status), and where the goods go (status_ex).
 */
#include "channels/wildberries/wildberries.h"

/* "2025-03-26T17:06:12.245611" in Moscow, which has had no summer time since 2014. */
static bool read_moscow(struct arena *a, const struct json *v, instant *out, struct err *err)
{
    str text = payload_text(v);
    if (!text.len || str_starts(text, STR("0001-")))
        return true;
    if (text.len == 10)
        text = str_print(a, "%.*sT00:00:00", STR_ARG(text));
    bool has_zone = str_ends(text, STR("Z")) || (text.len > 19 && str_has(str_sub(text, 19, text.len), STR("+")));
    if (!instant_parse(has_zone ? text : str_print(a, "%.*s+03:00", STR_ARG(text)), out))
        return payload_wrong(a, v, err, "must be a time such as 2025-03-26T17:06:12");
    return true;
}

static bool decide(int64_t status, int64_t goods, struct return_draft *d)
{
    static const struct { int64_t goods; enum return_state state; enum return_route route; } approved[] = {
        { 0, RETURN_APPROVED, ROUTE_TO_SELLER },    { 2, RETURN_REFUNDED, ROUTE_TO_CHANNEL },  /* scrapped by Wildberries */
        { 5, RETURN_REFUNDED, ROUTE_KEEP },         { 8, RETURN_REFUNDED, ROUTE_TO_CHANNEL },  /* back on sale there */
        { 10, RETURN_IN_TRANSIT, ROUTE_TO_SELLER },
    };
    if (status == 0) {
        d->state = RETURN_REQUESTED;
        return true;
    }
    if (status == 1) {
        d->state = RETURN_REJECTED;
        d->route = ROUTE_KEEP;
        return true;
    }
    for (int i = 0; status == 2 && i < COUNT_OF(approved); i++)
        if (approved[i].goods == goods) {
            d->state = approved[i].state;
            d->route = approved[i].route;
            return true;
        }
    return false;
}

static str actions_text(struct arena *a, const struct json *list)
{
    struct buf b = buf_in(a);
    JSON_EACH(action, list)
        buf_print(&b, "%s%.*s", b.len ? "," : "", STR_ARG(payload_text(action)));
    return buf_str(&b);
}

static bool read_claim(const struct call *call, const struct json *row, struct return_draft *d, struct err *err)
{
    struct arena *a = call->arena;
    int64_t status, goods = 0;
    d->external_id = payload_text(json_get(row, "id"));
    if (!d->external_id.len)
        return payload_missing(a, row, "id", err);
    if (!payload_whole(json_get(row, "status"), &status))
        return payload_missing(a, row, "status", err);
    if (!json_is_null(json_get(row, "status_ex")) && !payload_whole(json_get(row, "status_ex"), &goods))
        return payload_wrong(a, json_get(row, "status_ex"), err, "must be a whole number");
    d->external_state = str_print(a, "%lld/%lld", (long long)status, (long long)goods);
    d->has_state      = decide(status, goods, d);
    d->order_line_id  = payload_text(json_get(row, "srid"));
    d->buyer_text     = payload_text(json_get(row, "user_comment"));
    d->photos         = json_get(row, "photos") ? json_get(row, "photos")->count : 0;
    media_read(a, json_get(row, "photos"), false, &d->media);
    media_read(a, json_get(row, "video_paths"), true, &d->media);
    d->actions        = actions_text(a, json_get(row, "actions"));
    if (!read_moscow(a, json_get(row, "dt"), &d->requested_at, err) || !read_moscow(a, json_get(row, "dt_update"), &d->changed_at, err) ||
        !payload_amount(a, json_get(row, "price"), &d->has_refund, &d->refund_amount, err) ||
        !wb_currency(a, json_get(row, "currency_code"), &d->currency, err))
        return false;
    *return_draft_line_list_add(&d->lines, a) = (struct return_draft_line){
        .external_offer_id = payload_text(json_get(row, "nm_id")), .title = payload_text(json_get(row, "imt_name")), .qty = 1,
        .has_amount = d->has_refund, .amount = d->refund_amount,
    };
    d->has_lines = true;
    return true;
}

/* Goods on their way back: nobody is asked for a decision, somebody has to fetch them before they are destroyed. */
static bool read_goods(const struct call *call, const struct json *row, struct return_draft *d, struct err *err)
{
    struct arena *a = call->arena;
    instant done = { 0 }, ready = { 0 };
    str srid = payload_text(json_get(row, "srid")), shk = payload_text(json_get(row, "shkId"));
    if (!srid.len && !shk.len)
        return payload_missing(a, row, "srid", err);
    if (!read_moscow(a, json_get(row, "completedDt"), &done, err) || !read_moscow(a, json_get(row, "readyToReturnDt"), &ready, err) ||
        !read_moscow(a, json_get(row, "expiredDt"), &d->deadline_at, err))
        return false;
    d->external_id       = str_print(a, "goods:%.*s", STR_ARG(shk.len ? shk : srid));
    d->order_line_id     = srid;
    d->order_external_id = payload_text(json_get(row, "orderId"));
    if (str_is(d->order_external_id, "0"))
        d->order_external_id = STR("");
    d->order_number      = d->order_external_id;
    d->kind              = RETURN_REFUSAL;
    d->goods_only        = true;
    d->external_state    = payload_text(json_get(row, "status"));
    d->has_state         = true;
    d->state             = instant_is_set(done) ? RETURN_RECEIVED : RETURN_IN_TRANSIT;
    d->changed_at        = instant_is_set(done) ? done : ready;
    d->reason            = payload_text(json_get(row, "reason"));
    d->place             = payload_text(json_get(row, "dstOfficeAddress"));
    d->track             = payload_text(json_get(row, "stickerId"));
    *return_draft_line_list_add(&d->lines, a) = (struct return_draft_line){
        .external_offer_id = payload_text(json_get(row, "nmId")), .title = payload_text(json_get(row, "subjectName")), .qty = 1,
    };
    d->has_lines = true;
    return true;
}

bool wb_returns_read(const struct call *call, str body, struct returned_list *out, struct err *err)
{
    const struct json *root = NULL;
    if (!json_read_foreign(call->arena, body, REPLY_BYTES_MAX, &root, err))
        return false;
    const struct json *claims = json_get(root, "claims"), *report = json_get(root, "report");
    const struct json *rows   = claims ? claims : report;
    if (!rows || rows->kind != JSON_ARRAY)
        return payload_missing(call->arena, root, "claims", err);
    JSON_EACH(row, rows)
        returned_add(call, out, row, claims ? read_claim : read_goods);
    return true;
}

bool wb_media_request(const struct call *call, str url, struct http_request *out)
{
    return media_ask(call, setting_text(call, wb_settings, "photo_hosts"), url, out);
}
