/* wildberries.c - FBS assembly orders of Wildberries: the door, the lists, the statuses.
 * Source: specs/wildberries/03-orders-fbs.yaml, sheet channels/wildberries.md.
 */
#include "sandbox/wildberries.h"
#include "sandbox/label.h"

#include "base/secret.h"

#define WB_HELD_MS (30 * DAY_MS)

/* Error bodies {code,message} by code. */
static const struct { const char *code, *message;
} texts[] = {
    { "IncorrectRequestBody", "Некорректное тело запроса" },
    { "IncorrectRequest", "Переданы некорректные данные" },
    { "IncorrectParameter", "Передан некорректный параметр" },
    { "NotFound", "Не найдено" },
    { "AccessDenied", "Доступ запрещён" },
    { "SupplyHasOrders",
      "Не удалось обработать поставку. Убедитесь, что за ней не осталось закреплённых сборочных заданий." },
    { "SupplyHasZeroOrders",
      "Не удалось обработать поставку. Убедитесь, что за ней закреплён хотя бы одно сборочное задание." },
    { "SupplyNotClosed", "Поставка не передана в доставку" },
    { "FailedToAddSupplyOrder",
      "Не удалось закрепить сборочное задание за поставкой. Убедитесь, что сборочное задание и "
      "поставка удовлетворяют всем необходимым требованиям." },
    { "StatusMismatch", "Несоответствие статусов, проверьте их правильность" },
    { "InternalServerError", "Внутренняя ошибка сервиса" },
};

void wb_error(struct ask *a, int status, const char *code)
{
    const char *message = "";
    for (int i = 0; i < COUNT_OF(texts); i++)
        if (strcmp(texts[i].code, code) == 0)
            message = texts[i].message;
    a->rp->status = status;
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_text(&j, "code", str_of(code));
    json_text(&j, "message", str_of(message));
    json_null(&j, "data");
    json_end(&j);
}

static void wb_refuse(struct ask *a, int status, const char *code, const char *text)
{
    (void)text;
    wb_error(a, status,
             status == 500                                                 ? "InternalServerError"
             : strcmp(code, "syntax") == 0 || strcmp(code, "missing") == 0 ? "IncorrectRequestBody"
                                                                           : "IncorrectRequest");
}

/* 401, 404 of the gateway and 429 come as a problem document. */
static void gateway(struct ask *a, int status, const char *title, const char *detail, const char *status_text)
{
    a->rp->status = status;
    a->rp->type = STR("application/problem+json");
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_text(&j, "title", str_of(title));
    json_text(&j, "detail", str_of(detail));
    json_text(&j, "code", STR("07e4668e-ac2242c5c8c5-[UK-4dx7JUdskGZ]"));
    json_text(&j, "requestId", a->rq->id.len ? a->rq->id : STR("9d3c02cc698f8b041c661a7c28bed293"));
    json_text(&j, "origin", STR("s2s-api-auth-marketplace"));
    json_number(&j, "status", status);
    json_text(&j, "statusText", str_of(status_text));
    json_instant(&j, "timestamp", a->now);
    json_end(&j);
}

static void wb_retired(struct ask *a)
{
    gateway(a, 404, "path not found", "Please consult the https://dev.wildberries.ru/openapi/api-information",
            "Not Found");
}

static void header_number(struct ask *a, const char *name, int64_t n)
{
    reply_header(a->rp, a->rq, str_of(name), str_print(a->arena, "%lld", (long long)n));
}

static void wb_limited(struct ask *a, const struct bucket *b, int64_t wait_ms)
{
    header_number(a, "X-Ratelimit-Retry", (wait_ms + 999) / 1000);
    header_number(a, "X-Ratelimit-Reset", (bucket_full_ms(b) + 999) / 1000);
    header_number(a, "X-Ratelimit-Limit", b->def->burst);
    gateway(a, 429, "too many requests", "limited by c122a060-a7fb-4bb4-abb0-32fd4e18d489",
            "Too Many Requests");
}

static void wb_allowed(struct ask *a, const struct bucket *b)
{
    header_number(a, "X-Ratelimit-Remaining", b->left > 0 ? b->left : 0);
}

/* A token is a JWT: three parts of base64url, the payload an object; expired ones are refused. Its signature
 * is not ours to check. */
static const char *token_problem(struct ask *a, str token)
{
    str head, payload, rest = token;
    const struct json *claims;
    struct err err = { 0 };
    if (!str_split(&rest, '.', &head) || !str_split(&rest, '.', &payload) || !rest.len)
        return "token problem; token is malformed: token contains an invalid number of segments";
    if (!base64_decode(a->arena, payload, &payload) || !json_read(a->arena, payload, 8192, &claims, &err)
        || claims->kind != JSON_OBJECT)
        return "token problem; token is malformed: could not base64 decode claim";
    int64_t exp = 0;
    if (json_get(claims, "exp") && (!json_int(json_get(claims, "exp"), &exp) || exp < a->now.ms / 1000))
        return "token problem; token has invalid claims: token is expired";
    return NULL;
}

static bool wb_admit(struct ask *a)
{
    str token = ask_header(a, "Authorization");
    if (str_starts(token, STR("Bearer ")))
        token = str_sub(token, 7, token.len);
    const char *problem = token.len ? token_problem(a, token) : "empty Authorization header";
    if (problem) {
        gateway(a, 401, "unauthorized", problem, "Unauthorized");
        return false;
    }
    a->account = token;
    return true;
}

/* ---- words ---- */

static enum stage shown_stage(const struct morder *o)
{
    return (enum stage)(o->stage == STAGE_CANCELLED || o->stage == STAGE_RETURNING
                                || o->stage == STAGE_RETURNED
                            ? o->stage_before
                            : o->stage);
}

const char *wb_supplier_status(const struct morder *o)
{
    if (o->stage == STAGE_CANCELLED && o->cancelled_by == BY_SELLER)
        return "cancel";
    enum stage s = shown_stage(o);
    return s == STAGE_NEW ? "new" : s < STAGE_HANDED ? "confirm" : "complete";
}

const char *wb_market_status(const struct morder *o)
{
    switch ((enum stage)o->stage) {
    case STAGE_SORTED:    return "sorted";
    case STAGE_AT_PICKUP: return "ready_for_pickup";
    case STAGE_DELIVERED: return "sold";
    case STAGE_RETURNING:
    case STAGE_RETURNED:  return "canceled_by_client";
    case STAGE_CANCELLED:
        if (o->cancelled_by != BY_BUYER)
            return "canceled";
        return o->stage_before == STAGE_NEW && o->closed_at.ms - o->created_at.ms < HOUR_MS
                   ? "declined_by_client"
                   : "canceled_by_client";
    default:              return "waiting";
    }
}

bool wb_cancellable(const struct morder *o)
{
    return o->stage == STAGE_NEW || o->stage == STAGE_ACCEPTED || o->stage == STAGE_ASSEMBLED;
}

/* ---- lists ---- */

/* /orders/new tells what the buyer pays and which marks are needed; the list knows the price before the
 * wallet and the supply. */
static void order_write(struct json_out *j, const struct ask *a, const struct morder *o, bool is_new)
{
    const struct mline *l = &o->lines.at[0];
    int64_t id = 0;
    if (!str_to_int(o->id, &id))
        id = 0;
    json_begin(j, NULL, '{');
    json_null(j, "address");
    if (is_new) {
        json_number(j, "salePrice", l->price.minor);
        json_begin(j, "requiredMeta", '[');
        json_end(j);
        json_begin(j, "optionalMeta", '[');
        json_end(j);
        json_number(j, "finalPrice", l->price.minor);
        json_number(j, "convertedFinalPrice", l->price.minor);
        json_bool(j, "isPickupPointShipmentAllowed", true);
    } else if (o->batch.len) {
        json_text(j, "supplyId", o->batch);
    }
    json_text(j, "deliveryType", STR("fbs"));
    json_text(j, "comment", (str){ 0 });
    json_null(j, "scanPrice");
    json_text(j, "orderUid", o->group);
    json_text(j, "article", l->sku);
    json_text(j, "colorCode", (str){ 0 });
    json_text(j, "rid", o->rid);
    json_instant(j, "createdAt", (instant){ o->created_at.ms / 1000 * 1000 });
    json_begin(j, "offices", '[');
    json_text(j, NULL, STR("Астана"));
    json_end(j);
    json_begin(j, "skus", '[');
    json_text(j, NULL, l->barcode);
    json_end(j);
    json_number(j, "id", id);
    json_number(j, "warehouseId", o->warehouse);
    json_number(j, "officeId", 210515);
    json_number(j, "nmId", l->offer);
    json_number(j, "chrtId", l->size);
    json_number(j, "price", l->price.minor);
    json_number(j, "convertedPrice", l->price.minor);
    json_number(j, "currencyCode", 398);
    json_number(j, "convertedCurrencyCode", 398);
    json_number(j, "cargoType", o->cargo_type);
    json_number(j, "crossBorderType", 0);
    json_bool(j, "isZeroOrder", false);
    if (o->cargo_type == 2) {
        struct civil c = civil_of_days(instant_add(o->created_at, 5 * DAY_MS).ms / DAY_MS);
        json_text(j, "ddate", str_print(a->arena, "%02d.%02d.%04d", c.day, c.month, c.year));
    }
    json_begin(j, "options", '{');
    json_bool(j, "isB2B", false);
    json_end(j);
    json_end(j);
}

void wb_orders_new(struct ask *a)
{
    struct morder_refs page = { 0 };
    for (int i = 0; i < a->sb->orders.count; i++) {
        struct morder *o = a->sb->orders.at[i];
        if (o->market == MARKET_WB && o->stage == STAGE_NEW)
            *morder_refs_add(&page, a->arena) = o;
    }
    page_spoil(a, &page);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "orders", '[');
    for (int i = 0; i < page.count; i++)
        order_write(&j, a, page.at[i], true);
    json_end(&j);
    json_end(&j);
}

bool wb_page(struct ask *a, int64_t *limit, int64_t *next)
{
    str l = query_text(a->rq, "limit"), n = query_text(a->rq, "next");
    if (str_to_int(l, limit) && *limit >= 1 && *limit <= 1000 && str_to_int(n, next) && *next >= 0)
        return true;
    wb_error(a, 400, "IncorrectParameter");
    return false;
}

/* Unix seconds; at most 30 days at once. Without dateFrom: the last 30 days. */
static bool window_read(struct ask *a, instant *from, instant *to)
{
    const int64_t far = INT64_C(100000000000);
    str f = query_text(a->rq, "dateFrom"), t = query_text(a->rq, "dateTo");
    int64_t from_s = a->now.ms / 1000 - 30 * 86400, to_s = a->now.ms / 1000;
    bool ok = (!f.len || str_to_int(f, &from_s)) && (!t.len || str_to_int(t, &to_s));
    if (ok && from_s >= 0 && from_s <= to_s && to_s < far && to_s - from_s <= WB_HELD_MS / 1000) {
        *from = (instant){ from_s * 1000 };
        *to = (instant){ to_s * 1000 + 999 };
        return true;
    }
    wb_error(a, 400, "IncorrectParameter");
    return false;
}

/* `next` is the place behind the last order that was given, 0 when there are no more. */
void wb_orders_list(struct ask *a)
{
    int64_t limit, next;
    instant from, to;
    if (!wb_page(a, &limit, &next) || !window_read(a, &from, &to))
        return;
    struct morder_refs page = { 0 };
    int64_t at = next;
    for (; at < a->sb->orders.count && page.count < limit; at++) {
        struct morder *o = a->sb->orders.at[at];
        if (o->market == MARKET_WB && o->created_at.ms >= from.ms && o->created_at.ms <= to.ms)
            *morder_refs_add(&page, a->arena) = o;
    }
    bool full = page.count >= limit;
    page_spoil(a, &page);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "next", full ? at : 0);
    json_begin(&j, "orders", '[');
    for (int i = 0; i < page.count; i++)
        order_write(&j, a, page.at[i], false);
    json_end(&j);
    json_end(&j);
}

/* Ids that are not ours are left out of the answer. */
void wb_orders_status(struct ask *a)
{
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "orders", '[');
    JSON_EACH(id, json_get(a->body, "orders")) {
        struct morder *o = morder_find(a->sb, MARKET_WB, json_str(id));
        if (!o)
            continue;
        json_begin(&j, NULL, '{');
        json_raw(&j, "id", o->id);
        json_text(&j, "supplierStatus", str_of(wb_supplier_status(o)));
        json_text(&j, "wbStatus", str_of(wb_market_status(o)));
        json_bool(&j, "isCancellable", wb_cancellable(o));
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
}

static bool one_of(str text, const char *const *list)
{
    for (; *list; list++)
        if (str_is(text, *list))
            return true;
    return false;
}

static str sticker_of(const struct ask *a, const struct morder *o)
{
    str     type = query_text(a->rq, "type");
    int64_t width = 58, height = 40;
    if (!str_to_int(query_text(a->rq, "width"), &width) || !str_to_int(query_text(a->rq, "height"), &height))
        return (str){ 0 };
    if (str_is(type, "svg"))
        return str_print(a->arena, "<svg xmlns=\"http://www.w3.org/2000/svg\"><text y=\"20\">%.*s</text></svg>", STR_ARG(o->id));
    return str_is(type, "png") ? sandbox_sticker(a->arena, o->id, (int)width, (int)height) : sandbox_zpl(a->arena, o->id, str_is(type, "zplv"));
}

/* Only for orders in work; the rest are silently missing. */
void wb_stickers(struct ask *a)
{
    if (!one_of(query_text(a->rq, "type"), (const char *const[]){ "svg", "zplv", "zplh", "png", NULL })
        || !one_of(query_text(a->rq, "width"), (const char *const[]){ "58", "40", NULL })
        || !one_of(query_text(a->rq, "height"), (const char *const[]){ "40", "30", NULL })) {
        wb_error(a, 400, "IncorrectParameter");
        return;
    }
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "stickers", '[');
    JSON_EACH(id, json_get(a->body, "orders")) {
        struct morder *o = morder_find(a->sb, MARKET_WB, json_str(id));
        if (!o || o->stage < STAGE_ACCEPTED || o->stage > STAGE_SORTED)
            continue;
        str file = sticker_of(a, o);
        json_begin(&j, NULL, '{');
        json_raw(&j, "orderId", o->id);
        json_text(&j, "partA", str_sub(o->id, 0, o->id.len - 4));
        json_text(&j, "partB", str_sub(o->id, o->id.len - 4, 4));
        json_text(&j, "barcode", str_print(a->arena, "!%.*s", STR_ARG(o->id)));
        json_text(&j, "file", base64_encode(a->arena, file));
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
}

static const struct bucket_def buckets[] = {
    { "orders", 200, 20, 10 },          /* 300 a minute, burst 20; an answer 4XX counts as 10 */
    { "cancel", 600, 20, 10 },          /* 100 a minute */
    { "claims", 3000, 10, 0 },          /* 20 a minute */
    { "goods", 60000, 10, 0 },          /* one a minute */
    { "rating", 60000, 1, 0 },
};
const struct market_def wb_market = {
    .prefix = "/wb",
    .ops = wb_ops,
    .buckets = buckets,
    .admit = wb_admit,
    .refuse = wb_refuse,
    .retired = wb_retired,
    .limited = wb_limited,
    .allowed = wb_allowed,
};
