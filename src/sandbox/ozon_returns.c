/* ozon_returns.c - returns of Ozon: its list of all that comes back, and requests to a seller who delivers himself (rFBS).
 * Source: specs/ozon/swagger-2026-04-30.json. The numbers of actions that the description does not name are ours.
 */
#include "sandbox/ozon.h"

static const struct { const char *sys, *shown, *group; } words[RSTAGE_COUNT] = {
    [RSTAGE_REQUESTED] = { "OnSellerApproval", "Ожидает продавца", "New" },   [RSTAGE_APPROVED] = { "ApprovedByOzon", "Одобрена", "Delivering" },
    [RSTAGE_MOVING] = { "MovingToSeller", "Едет к вам", "Delivering" },       [RSTAGE_AT_PLACE] = { "ArrivedAtReturnPlace", "В пункте выдачи", "Delivering" },
    [RSTAGE_RECEIVED] = { "ReceivedBySeller", "Получен", "Checkout" },        [RSTAGE_PAID] = { "MoneyReturned", "Деньги возвращены", "Approved" },
    [RSTAGE_KEPT] = { "MoneyReturned", "Деньги возвращены", "Approved" },     [RSTAGE_SCRAPPED] = { "Utilized", "Утилизирован", "Approved" },
    [RSTAGE_REJECTED] = { "Rejected", "Отклонена", "Rejected" },              [RSTAGE_CANCELLED] = { "Cancelled", "Отменена", "Rejected" },
    [RSTAGE_OFFERED] = { "OfferedPartialCompensation", "Предложена частичная компенсация", "Checkout" },
    [RSTAGE_DECLINED] = { "OnSellerClarificationAfterPartialCompensation", "Покупатель отказался от компенсации", "Checkout" },
    [RSTAGE_PART_PAID] = { "PartialCompensationReturned", "Часть стоимости возвращена", "Approved" },
};

static void price_write(struct json_out *j, const struct ask *a, const char *key, amount sum)
{
    json_begin(j, key, '{');
    json_text(j, "currency_code", STR("KZT"));
    json_raw(j, "price", str_print(a->arena, "%lld.%02lld", (long long)(sum.minor / 100), (long long)(sum.minor % 100)));
    json_end(j);
}

static void place_write(struct json_out *j, const char *key)
{
    json_begin(j, key, '{');
    json_number(j, "id", 24101);
    json_text(j, "name", STR("АЛМАТЫ_ВОЗВРАТЫ"));
    json_text(j, "address", STR("Алматы, Рыскулова 57"));
    json_end(j);
}

static void row_write(struct json_out *j, const struct ask *a, const struct mreturn *r)
{
    const struct morder *o = morder_find(a->sb, MARKET_OZON, r->order);
    bool here = r->stage == RSTAGE_RECEIVED || r->stage == RSTAGE_PAID;
    json_begin(j, NULL, '{');
    json_raw(j, "id", r->id);
    json_number(j, "company_id", 4471);
    json_text(j, "return_reason_name", r->reason);
    json_text(j, "type", r->parcel ? STR("Cancellation") : STR("ClientReturn"));
    json_text(j, "schema", STR("Fbs"));
    json_text(j, "order_number", o ? o->group : STR(""));
    json_text(j, "posting_number", r->order);
    place_write(j, "place");
    place_write(j, "target_place");
    json_begin(j, "product", '{');
    json_number(j, "sku", r->offer);
    json_text(j, "offer_id", r->sku);
    json_text(j, "name", r->title);
    price_write(j, a, "price", r->price);
    json_number(j, "quantity", r->qty);
    json_end(j);
    json_begin(j, "logistic", '{');
    json_instant(j, "return_date", r->requested_at);
    if (here)
        json_instant(j, "final_moment", r->received_at);
    json_text(j, "barcode", str_print(a->arena, "ii%.*s", STR_ARG(r->id)));
    json_end(j);
    json_begin(j, "storage", '{');
    if (r->stage == RSTAGE_AT_PLACE) {
        json_instant(j, "arrived_moment", r->changed_at);
        json_number(j, "days", (a->now.ms - r->changed_at.ms) / DAY_MS);
        json_instant(j, "utilization_forecast_date", instant_add(r->changed_at, 30 * DAY_MS));
    }
    price_write(j, a, "sum", (amount){ 0 });
    json_end(j);
    json_begin(j, "visual", '{');
    json_begin(j, "status", '{');
    json_number(j, "id", 100 + (int64_t)r->stage);
    json_text(j, "display_name", str_of(words[r->stage].shown));
    json_text(j, "sys_name", str_of(words[r->stage].sys));
    json_end(j);
    json_instant(j, "change_moment", r->changed_at);
    json_end(j);
    json_end(j);
}

static bool between(const struct json *from, const struct json *to, instant t)
{
    instant bound;
    if (instant_parse(json_str(from), &bound) && t.ms < bound.ms)
        return false;
    return !instant_parse(json_str(to), &bound) || t.ms <= bound.ms;
}

static int64_t asked(const struct ask *a, const char *name, int64_t fallback)
{
    int64_t n;
    return json_int(json_get(a->body, name), &n) ? n : fallback;
}

static int64_t id_of(const struct mreturn *r)
{
    int64_t n = 0;
    return str_to_int(r->id, &n) ? n : 0;
}

const struct rule ozon_returns_rules[] = { { "filter", RULE_OBJECT, false }, { "limit", RULE_INT, true, 1, 500 }, { "last_id", RULE_INT, false }, { 0 } };
const struct rule ozon_rfbs_rules[] = { { "filter", RULE_OBJECT, false }, { "limit", RULE_INT, true, 1, 1000 }, { "last_id", RULE_INT, false }, { 0 } };
const struct rule ozon_rfbs_get_rules[] = { { "return_id", RULE_INT, true }, { 0 } };
const struct rule ozon_rfbs_set_rules[] = { { "return_id", RULE_INT, true }, { "id", RULE_INT, false }, { "comment", RULE_TEXT, false, 0, 1000 },
                                            { "rejection_reason_id", RULE_INT, false }, { "compensation_amount", RULE_NUMBER, false }, { 0 } };

/* One filter by time in a request, not two. Rows by their number. */
void ozon_returns_list(struct ask *a)
{
    const struct json *f = json_get(a->body, "filter"), *made = json_get(f, "logistic_return_date"), *moved = json_get(f, "visual_status_change_moment");
    if (made && moved) {
        ozon_error(a, 400, 3, "Request validation error: only one of filters by date may be set");
        return;
    }
    int64_t limit = asked(a, "limit", 500), last = asked(a, "last_id", 0);
    int     shown = 0;
    bool    more  = false;
    int     times = a->fault && a->fault->kind == FAULT_DUPLICATE ? 2 : 1;
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "returns", '[');
    for (int i = 0; i < a->sb->returns.count && !more; i++) {
        const struct mreturn *r = a->sb->returns.at[i];
        if (r->market != MARKET_OZON || r->rfbs || id_of(r) <= last || !between(json_get(made, "time_from"), json_get(made, "time_to"), r->requested_at)
            || !between(json_get(moved, "time_from"), json_get(moved, "time_to"), r->changed_at))
            continue;
        more = shown == limit;
        for (int k = 0; k < times && !more; k++)
            row_write(&j, a, r);
        shown++;
    }
    json_end(&j);
    json_bool(&j, "has_next", more);
    json_end(&j);
}

/* ---- rFBS ---- */

static void product_write(struct json_out *j, const struct mreturn *r)
{
    json_begin(j, "product", '{');
    json_text(j, "name", r->title);
    json_text(j, "offer_id", r->sku);
    json_text(j, "currency_code", STR("KZT"));
    json_number(j, "price", r->price.minor / 100);
    json_number(j, "sku", r->offer);
    json_end(j);
}

static void head_write(struct json_out *j, const struct ask *a, const struct mreturn *r)
{
    const struct morder *o = morder_find(a->sb, MARKET_OZON, r->order);
    json_instant(j, "created_at", r->requested_at);
    json_text(j, "order_number", o ? o->group : STR(""));
    json_text(j, "posting_number", r->order);
    json_text(j, "return_number", str_print(a->arena, "R%.*s", STR_ARG(r->id)));
    product_write(j, r);
}

void ozon_rfbs_list(struct ask *a)
{
    const struct json *made = json_path(a->body, "filter.created_at");
    int64_t limit = asked(a, "limit", 100), last = asked(a, "last_id", 0), shown = 0;
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "returns", '[');
    for (int i = 0; i < a->sb->returns.count && shown < limit; i++) {
        const struct mreturn *r = a->sb->returns.at[i];
        if (r->market != MARKET_OZON || !r->rfbs || id_of(r) <= last || !between(json_get(made, "from"), json_get(made, "to"), r->requested_at))
            continue;
        json_begin(&j, NULL, '{');
        head_write(&j, a, r);
        json_raw(&j, "return_id", r->id);
        json_begin(&j, "state", '{');
        json_text(&j, "group_state", str_of(words[r->stage].group));
        json_text(&j, "money_return_state_name", r->stage == RSTAGE_PAID || r->stage == RSTAGE_KEPT ? STR("Деньги возвращены") : STR(""));
        json_text(&j, "state", str_of(words[r->stage].sys));
        json_text(&j, "state_name", str_of(words[r->stage].shown));
        json_end(&j);
        json_end(&j);
        shown++;
    }
    json_end(&j);
    json_end(&j);
}

/* What may be done in a stage: the description names -1, -10 and 1020 only. */
static const struct { int id; const char *name; unsigned from; enum rstage to; const char *op; } actions[] = {
    { 10, "Одобрить заявку", BIT(RSTAGE_REQUESTED) | BIT(RSTAGE_DECLINED), RSTAGE_MOVING, "rfbs_approve" },
    { -1, "Отклонить заявку", BIT(RSTAGE_REQUESTED) | BIT(RSTAGE_DECLINED), RSTAGE_REJECTED, "rfbs_reject" },
    { 1020, "Компенсировать часть стоимости", BIT(RSTAGE_REQUESTED), RSTAGE_OFFERED, "rfbs_compensate" },
    { 50, "Вернуть деньги без возврата товара", BIT(RSTAGE_REQUESTED), RSTAGE_KEPT, "rfbs_keep" },
    { 20, "Подтвердить получение товара", BIT(RSTAGE_MOVING), RSTAGE_RECEIVED, "rfbs_receive" },
    { 40, "Вернуть деньги", BIT(RSTAGE_RECEIVED), RSTAGE_PAID, "rfbs_pay" },
    { -10, "Отклонить после проверки", BIT(RSTAGE_RECEIVED), RSTAGE_REJECTED, "rfbs_reject" },
};

static struct mreturn *asked_rfbs(struct ask *a)
{
    struct mreturn *r = mreturn_find(a->sb, MARKET_OZON, json_str(json_get(a->body, "return_id")));
    if (r && r->rfbs)
        return r;
    ozon_error(a, 404, 5, "Return not found");
    return NULL;
}

void ozon_rfbs_get(struct ask *a)
{
    struct mreturn *r = asked_rfbs(a);
    if (!r)
        return;
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "returns", '{');
    json_begin(&j, "available_actions", '[');
    for (int i = 0; i < COUNT_OF(actions); i++)
        if (actions[i].from & BIT(r->stage)) {
            json_begin(&j, NULL, '{');
            json_number(&j, "id", actions[i].id);
            json_text(&j, "name", str_of(actions[i].name));
            json_end(&j);
        }
    json_end(&j);
    json_begin(&j, "client_photo", '[');
    for (int i = 0; i < r->photos; i++)
        json_text(&j, NULL, str_print(a->arena, "https://cdn1.ozone.ru/s3/rfbs/%.*s/%d.jpg", STR_ARG(r->id), i + 1));
    json_end(&j);
    json_text(&j, "comment", r->text);
    head_write(&j, a, r);
    json_text(&j, "rejection_comment", r->comment);
    json_begin(&j, "rejection_reason", '[');
    json_begin(&j, NULL, '{');
    json_number(&j, "id", 7);
    json_text(&j, "name", STR("Другая причина"));
    json_text(&j, "hint", STR("Опишите причину покупателю"));
    json_bool(&j, "is_comment_required", true);
    json_end(&j);
    json_end(&j);
    json_begin(&j, "return_reason", '{');
    json_number(&j, "id", 1);
    json_text(&j, "name", r->reason);
    json_bool(&j, "is_defect", str_is(r->reason, "Брак"));
    json_end(&j);
    json_begin(&j, "state", '{');
    json_text(&j, "state", str_of(words[r->stage].sys));
    json_text(&j, "state_name", str_of(words[r->stage].shown));
    json_end(&j);
    json_end(&j);
    json_end(&j);
}

static str part_text(const struct ask *a) { return json_str(json_get(a->body, "compensation_amount")); }

static bool part_fits(const struct ask *a, const struct mreturn *r)
{
    amount part;
    return amount_parse(part_text(a), &part) && part.minor > 0 && part.minor < r->price.minor * r->qty;
}

void ozon_rfbs_set(struct ask *a)
{
    struct mreturn *r  = asked_rfbs(a);
    int64_t         id = asked(a, "id", 0);
    str             comment = json_str(json_get(a->body, "comment"));
    if (!r)
        return;
    for (int i = 0; i < COUNT_OF(actions); i++) {
        if (actions[i].id != id)
            continue;
        bool worded  = id == 1020 ? part_fits(a, r) : id >= 0 || (comment.len && json_get(a->body, "rejection_reason_id"));
        bool allowed = (actions[i].from & BIT(r->stage)) && worded;
        ask_heard(a, actions[i].op, r->order, allowed, id == 1020 ? part_text(a) : comment);
        if (!allowed) {
            ozon_error(a, 400, 3, worded ? "ACTION_IS_NOT_AVAILABLE" : id == 1020 ? "Request validation error: compensation_amount must be above 0 and below the price"
                                                       : "Request validation error: comment and rejection_reason_id are required");
            return;
        }
        r->comment = str_copy(&a->sb->arena, comment);
        mreturn_stage(a->sb, r, actions[i].to);
        return;
    }
    ozon_error(a, 400, 3, "Request validation error: invalid id");
}

/* Source: specs/ozon/swagger-2026-04-30.json, v1RatingSummaryV1Response. */
void ozon_rating_summary(struct ask *a)
{
    str             rating = market_rating(a->sb, a->rq->work.arena, MARKET_OZON);
    struct json_out j      = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "groups", '[');
    json_begin(&j, NULL, '{');
    json_text(&j, "group_name", STR("Оценка покупателей"));
    json_begin(&j, "items", '[');
    json_begin(&j, NULL, '{');
    json_text(&j, "name", STR("Средняя оценка товаров"));
    json_text(&j, "rating", STR("rating_review_avg_score_total"));
    json_raw(&j, "current_value", rating);
    json_raw(&j, "past_value", rating);
    json_begin(&j, "change", '{');
    json_text(&j, "direction", STR("DIRECTION_NONE"));
    json_text(&j, "meaning", STR("MEANING_NONE"));
    json_end(&j);
    json_text(&j, "rating_direction", STR("HIGHER_IS_BETTER"));
    json_text(&j, "status", STR("OK"));
    json_text(&j, "value_type", STR("REVIEW_SCORE"));
    json_end(&j);
    json_end(&j);
    json_end(&j);
    json_end(&j);
    json_bool(&j, "penalty_score_exceeded", false);
    json_bool(&j, "premium", false);
    json_bool(&j, "premium_plus", false);
    json_end(&j);
}
