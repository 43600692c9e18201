/* wildberries_returns.c - claims of buyers, the seller's answers to them, and the report of goods that come back.
 * Source: specs/wildberries/09-communications.yaml and 12-reports.yaml. Times are Moscow's, without a zone.
 */
#include "sandbox/wildberries.h"

#define CLAIM_DAYS 14

static void problem(struct ask *a, int status, const char *title, const char *detail)
{
    a->rp->status = status;
    a->rp->type   = STR("application/problem+json");
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_text(&j, "title", str_of(title));
    json_text(&j, "detail", str_of(detail));
    json_text(&j, "requestId", STR("e0aedc10-9789-49c1-9a83-d8422b4703dc"));
    json_end(&j);
}

static str moscow(struct arena *arena, instant t)
{
    int64_t      ms  = t.ms + 3 * HOUR_MS;
    struct civil day = civil_of_days(ms / DAY_MS);
    int64_t      s   = ms % DAY_MS / SECOND_MS;
    return str_print(arena, "%04d-%02d-%02dT%02d:%02d:%02d", day.year, day.month, day.day, (int)(s / 3600), (int)(s / 60 % 60), (int)(s % 60));
}

static void moscow_or_null(struct json_out *j, struct arena *arena, const char *key, instant t)
{
    if (instant_is_set(t))
        json_text(j, key, moscow(arena, t));
    else
        json_null(j, key);
}

static const struct { int status, goods; } words[RSTAGE_COUNT] = {
    [RSTAGE_REQUESTED] = { 0, 0 }, [RSTAGE_APPROVED] = { 2, 10 }, [RSTAGE_MOVING] = { 2, 10 },   [RSTAGE_AT_PLACE] = { 2, 10 },
    [RSTAGE_RECEIVED] = { 2, 10 }, [RSTAGE_PAID] = { 2, 10 },     [RSTAGE_KEPT] = { 2, 5 },      [RSTAGE_SCRAPPED] = { 2, 8 },
    [RSTAGE_REJECTED] = { 1, 1 },  [RSTAGE_CANCELLED] = { 1, 1 },
};

/* What a seller may answer; a refused claim may be looked at again. */
static const struct { const char *action; bool again; enum rstage to; } answers[] = {
    { "approve1", true, RSTAGE_SCRAPPED },  { "approve2", true, RSTAGE_APPROVED },  { "autorefund1", true, RSTAGE_KEPT },
    { "reject1", false, RSTAGE_REJECTED },  { "reject2", false, RSTAGE_REJECTED },  { "reject3", false, RSTAGE_REJECTED },
    { "rejectcustom", false, RSTAGE_REJECTED },
};

static bool may_answer(const struct mreturn *r, int i)
{
    return r->stage == RSTAGE_REQUESTED || (r->stage == RSTAGE_REJECTED && answers[i].again);
}

static void claim_write(struct json_out *j, const struct ask *a, const struct mreturn *r)
{
    const struct morder *o = morder_find(a->sb, MARKET_WB, r->order);
    json_begin(j, NULL, '{');
    json_text(j, "id", r->id);
    json_number(j, "claim_type", 1);
    json_number(j, "status", words[r->stage].status);
    json_number(j, "status_ex", words[r->stage].goods);
    json_number(j, "nm_id", r->offer);
    json_text(j, "user_comment", r->text);
    json_text_or_null(j, "wb_comment", r->comment);
    json_text(j, "dt", moscow(a->arena, r->requested_at));
    json_text(j, "imt_name", r->title);
    json_text(j, "order_dt", moscow(a->arena, o ? o->created_at : r->requested_at));
    json_text(j, "dt_update", moscow(a->arena, r->changed_at));
    json_begin(j, "photos", '[');
    for (int i = 0; i < r->photos; i++)
        json_text(j, NULL, str_print(a->arena, "//photos.wbstatic.net/claim/%.*s/%d.webp", STR_ARG(r->id), i + 1));
    json_end(j);
    json_begin(j, "video_paths", '[');
    json_end(j);
    json_begin(j, "actions", '[');
    for (int i = 0; i < COUNT_OF(answers); i++)
        if (may_answer(r, i))
            json_text(j, NULL, str_of(answers[i].action));
    json_end(j);
    json_number(j, "price", r->price.minor / 100);
    json_text(j, "currency_code", STR("398"));
    json_text(j, "srid", o ? o->rid : r->order);
    json_text(j, "delivery_dt", moscow(a->arena, o && instant_is_set(o->closed_at) ? o->closed_at : r->requested_at));
    json_end(j);
}

static bool asked_number(struct ask *a, const char *name, int64_t low, int64_t high, int64_t fallback, int64_t *out)
{
    str text = query_text(a->rq, name);
    *out = fallback;
    if (!text.len || (str_to_int(text, out) && *out >= low && *out <= high))
        return true;
    problem(a, 400, "Invalid query params", str_zero(a->arena, str_print(a->arena, "Failed to deserialize query string: %s", name)));
    return false;
}

/* The open ones, or those that were decided, of the last 14 days. */
void wb_claims(struct ask *a)
{
    str     archive = query_text(a->rq, "is_archive"), id = query_text(a->rq, "id");
    int64_t limit, offset, total = 0;
    if (!str_is(archive, "true") && !str_is(archive, "false")) {
        problem(a, 400, "Invalid query params", "Failed to deserialize query string: missing field `is_archive`");
        return;
    }
    if (!asked_number(a, "limit", 1, 200, 50, &limit) || !asked_number(a, "offset", 0, 1000000, 0, &offset))
        return;
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "claims", '[');
    bool back  = a->fault && a->fault->kind == FAULT_REORDER;
    int  times = a->fault && a->fault->kind == FAULT_DUPLICATE ? 2 : 1;
    for (int i = 0; i < a->sb->returns.count; i++) {
        const struct mreturn *r = a->sb->returns.at[back ? a->sb->returns.count - 1 - i : i];
        bool decided = r->stage != RSTAGE_REQUESTED;
        if (r->market != MARKET_WB || r->parcel || decided != str_is(archive, "true") || (id.len && !str_eq(id, r->id))
            || a->now.ms - r->changed_at.ms > CLAIM_DAYS * DAY_MS)
            continue;
        if (total >= offset && total < offset + limit)
            for (int k = 0; k < times; k++)
                claim_write(&j, a, r);
        total++;
    }
    json_end(&j);
    json_number(&j, "total", total);
    json_end(&j);
}

const struct rule wb_claim_rules[] = { { "id", RULE_TEXT, true, 1, 100 }, { "action", RULE_TEXT, true, 1, 100 }, { "comment", RULE_TEXT, false, 0, 1000 },
                                       { 0 } };

void wb_claim_patch(struct ask *a)
{
    str id = json_str(json_get(a->body, "id")), action = json_str(json_get(a->body, "action")), comment = json_str(json_get(a->body, "comment"));
    struct mreturn *r = mreturn_find(a->sb, MARKET_WB, id);
    int found = -1;
    for (int i = 0; i < COUNT_OF(answers); i++)
        if (str_is(action, answers[i].action))
            found = i;
    bool worded  = !str_is(action, "rejectcustom") || utf8_count(comment) >= 10;
    bool allowed = r && !r->parcel && found >= 0 && may_answer(r, found) && worded;
    ask_heard(a, found >= 0 && answers[found].to == RSTAGE_REJECTED ? "claim_reject" : found >= 0 && answers[found].to == RSTAGE_KEPT ? "claim_keep" : "claim_approve",
              r ? r->order : id, allowed, str_print(a->arena, "%.*s %.*s", STR_ARG(action), STR_ARG(comment)));
    if (!allowed) {
        problem(a, 400, "Validation error", !r ? "Claim not found" : !worded ? "Input model is not valid; Details: The Comment field is required."
                                                                             : "The action is not available for the claim");
        return;
    }
    r->answer  = str_copy(&a->sb->arena, action);
    r->comment = str_copy(&a->sb->arena, comment);
    mreturn_stage(a->sb, r, answers[found].to);
}

static void goods_write(struct json_out *j, const struct ask *a, const struct mreturn *r)
{
    static const char *const says[RSTAGE_COUNT] = { [RSTAGE_APPROVED] = "В пути в пвз", [RSTAGE_MOVING] = "В пути в пвз",
                                                    [RSTAGE_AT_PLACE] = "Готов к выдаче", [RSTAGE_RECEIVED] = "Выдан", [RSTAGE_PAID] = "Выдан" };
    const struct morder *o = morder_find(a->sb, MARKET_WB, r->order);
    bool    waits = r->stage == RSTAGE_AT_PLACE, here = r->stage == RSTAGE_RECEIVED || r->stage == RSTAGE_PAID;
    int64_t tail  = 0;
    if (!str_to_int(str_sub(r->id, r->id.len - 10, r->id.len), &tail))
        tail = 0;
    json_begin(j, NULL, '{');
    json_text(j, "barcode", o && o->lines.count ? o->lines.at[0].barcode : STR(""));
    json_text(j, "brand", STR("Карапуз"));
    moscow_or_null(j, a->arena, "completedDt", here ? r->received_at : (instant){ 0 });
    json_text(j, "dstOfficeAddress", STR("Алматы, Толе би 73"));
    json_number(j, "dstOfficeId", 310105);
    moscow_or_null(j, a->arena, "expiredDt", waits ? instant_add(r->changed_at, 7 * DAY_MS) : (instant){ 0 });
    json_number(j, "isStatusActive", !here);
    json_number(j, "nmId", r->offer);
    json_text(j, "orderDt", date_text(a->arena, (r->requested_at.ms + 3 * HOUR_MS) / DAY_MS));
    json_raw(j, "orderId", o ? o->id : STR("0"));
    moscow_or_null(j, a->arena, "readyToReturnDt", waits || here ? r->changed_at : (instant){ 0 });
    json_text(j, "reason", r->reason);
    json_text(j, "returnType", r->parcel ? STR("Возврат по отказу покупателя") : STR("Возврат брака"));
    json_number(j, "shkId", INT64_C(23400000000) + tail);
    json_text(j, "srid", o ? o->rid : r->order);
    json_text(j, "status", str_of(says[r->stage]));
    json_text(j, "stickerId", str_print(a->arena, "338%08lld", (long long)(tail % 100000000)));
    json_text(j, "subjectName", r->title);
    json_text(j, "techSize", STR("0"));
    json_end(j);
}

/* Days of Moscow, 31 of them at most. */
void wb_goods_return(struct ask *a)
{
    int64_t from, to;
    if (!date_parse(query_text(a->rq, "dateFrom"), &from) || !date_parse(query_text(a->rq, "dateTo"), &to) || to < from || to - from > 31) {
        problem(a, 400, "Invalid query params", "dateFrom and dateTo must be days, 31 of them at most");
        return;
    }
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "report", '[');
    for (int i = 0; i < a->sb->returns.count; i++) {
        const struct mreturn *r = a->sb->returns.at[i];
        int64_t day = (r->requested_at.ms + 3 * HOUR_MS) / DAY_MS;
        if (r->market == MARKET_WB && r->stage >= RSTAGE_APPROVED && r->stage <= RSTAGE_PAID && day >= from && day <= to)
            goods_write(&j, a, r);
    }
    json_end(&j);
    json_end(&j);
}

/* Source: specs/wildberries/01-general.yaml, SupplierRatingModel. */
void wb_rating(struct ask *a)
{
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_number(&j, "feedbackCount", 12355);
    json_raw(&j, "valuation", market_rating(a->sb, a->rq->work.arena, MARKET_WB));
    json_end(&j);
}
