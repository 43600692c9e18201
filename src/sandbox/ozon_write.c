/* ozon_write.c - what Ozon can be told about postings: ship, carriage, cancel; and the lists of reasons and
 * roles. */
#include "sandbox/ozon.h"

/* ---- ship ---- */

static int64_t packed_qty(const struct json *packages, int64_t sku)
{
    int64_t sum = 0, id, qty;
    JSON_EACH(package, packages) {
        JSON_EACH(product, json_get(package, "products")) {
            bool is_it = json_int(json_get(product, "product_id"), &id) && id == sku;
            if (is_it && json_int(json_get(product, "quantity"), &qty))
                sum += qty;
        }
    }
    return sum;
}

static bool sku_known(const struct morder *o, int64_t sku)
{
    for (int i = 0; i < o->lines.count; i++)
        if (o->lines.at[i].offer == sku)
            return true;
    return false;
}

/* NULL when the packages hold exactly what the posting holds. `product_id` of a package is the sku. */
static const char *packages_problem(const struct morder *o, const struct json *packages)
{
    JSON_EACH(package, packages)
        JSON_EACH(product, json_get(package, "products")) {
            int64_t sku = 0, qty = 0;
            if (!json_int(json_get(product, "product_id"), &sku) || !sku_known(o, sku))
                return "UNKNOWN_PRODUCT_DEFINED";
            if (!json_int(json_get(product, "quantity"), &qty) || qty < 1)
                return "HAS_INCORRECT_PRODUCT_QUANTITY";
        }
    for (int i = 0; i < o->lines.count; i++)
        if (packed_qty(packages, o->lines.at[i].offer) != o->lines.at[i].qty)
            return "HAS_INCORRECT_PRODUCT_QUANTITY";
    return NULL;
}

static void package_lines(struct sandbox *sb, const struct morder *from, const struct json *package,
                          struct mline_list *out)
{
    *out = (struct mline_list){ 0 };
    JSON_EACH(product, json_get(package, "products"))
        for (int i = 0; i < from->lines.count; i++) {
            int64_t sku = 0, qty = 0;
            if (!json_int(json_get(product, "product_id"), &sku) || sku != from->lines.at[i].offer
                || !json_int(json_get(product, "quantity"), &qty))
                continue;
            struct mline *l = mline_list_add(out, &sb->arena);
            *l = from->lines.at[i];
            l->qty = qty;
        }
}

/* Further packages become postings of their own: -2, -3 … The first keeps the number. */
static void split(struct ask *a, struct morder *o, const struct json *packages, struct json_out *j)
{
    struct sandbox *sb = a->sb;
    struct morder whole = *o;
    int n = 1;
    JSON_EACH(package, packages) {
        struct morder *part = o;
        if (n > 1) {
            part = morder_new(sb, MARKET_OZON);
            *part = whole;
            part->rid = whole.id;
            for (int k = n; k == n || morder_find(sb, MARKET_OZON, part->id); k++)
                part->id = part->number = str_print(&sb->arena, "%.*s-%d", STR_ARG(whole.group), k);
        }
        package_lines(sb, &whole, package, &part->lines);
        part->stage = STAGE_SHIPPING;
        part->shipping_at = a->now;
        part->total.minor = 0;
        for (int i = 0; i < part->lines.count; i++)
            part->total.minor += part->lines.at[i].price.minor * part->lines.at[i].qty;
        if (n > 1)
            morder_keep(sb, part);
        else
            morder_stage(sb, part, STAGE_SHIPPING);
        json_text(j, NULL, part->id);
        n++;
    }
}

static void ship(struct ask *a)
{
    struct morder *o = ozon_posting(a);
    if (!o)
        return;
    const struct json *packages = json_get(a->body, "packages");
    const char *problem = packages_problem(o, packages);
    if (o->stage == STAGE_CANCELLED)
        problem = "POSTING_ALREADY_CANCELLED";
    else if (o->stage == STAGE_SHIPPING || o->stage == STAGE_ACCEPTED || o->stage == STAGE_ASSEMBLED)
        problem = "POSTING_ALREADY_SHIPPED";
    else if (o->stage != STAGE_NEW)
        problem = "HAS_INCORRECT_STATUS";
    ask_heard(a, "ship", o->id, !problem, (str){ 0 });
    if (problem) {
        ozon_error(a, 400, 3, problem);
        return;
    }
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "result", '[');
    split(a, o, packages, &j);
    json_end(&j);
    json_begin(&j, "additional_data", '[');
    json_end(&j);
    json_end(&j);
}

/* ---- cancel ---- */

struct reason { int64_t id; const char *title; bool available; };
static const struct reason reasons[] = {
    { 352, "Товар закончился на складе продавца", true },
    { 400, "Остался только бракованный товар", true },
    { 401, "Продавец отклонил арбитраж", false },
    { 402, "Другое (вина продавца)", true },
    { 665, "Покупатель не забрал заказ", false },
    { 666, "Возврат из службы доставки: нет доставки в указанный регион", false },
    { 667, "Заказ утерян службой доставки", false },
};

static void cancel(struct ask *a)
{
    struct morder *o = ozon_posting(a);
    if (!o)
        return;
    int64_t id = 0;
    bool given = json_int(json_get(a->body, "cancel_reason_id"), &id), known = false;
    const char *title = "";
    for (int i = 0; i < COUNT_OF(reasons); i++)
        if (given && reasons[i].id == id && reasons[i].available) {
            known = true;
            title = reasons[i].title;
        }
    str message = json_str(json_get(a->body, "cancel_reason_message"));
    const char *problem = o->stage == STAGE_CANCELLED ? "POSTING_ALREADY_CANCELLED"
                        : o->stage > STAGE_ASSEMBLED || o->stage == STAGE_SHIPPING ? "HAS_INCORRECT_STATUS"
                        : !known || (id == 402 && !message.len) ? "HAS_INCORRECT_CANCEL_REASON" : NULL;
    ask_heard(a, "cancel", o->id, !problem, str_print(a->arena, "%lld", (long long)id));
    if (problem) {
        ozon_error(a, 400, 3, problem);
        return;
    }
    morder_cancel(a->sb, o, BY_SELLER, str_print(a->arena, "%lld", (long long)id), str_of(title));
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_bool(&j, "result", true);
    json_end(&j);
}

static void reasons_write(struct json_out *j, const char *key, bool all)
{
    json_begin(j, key, '[');
    for (int i = 0; i < COUNT_OF(reasons); i++) {
        if (!all && !reasons[i].available)
            continue;
        json_begin(j, NULL, '{');
        json_number(j, "id", reasons[i].id);
        json_text(j, "title", str_of(reasons[i].title));
        json_text(j, "type_id", STR("seller"));
        if (all)
            json_bool(j, "is_available_for_cancellation", reasons[i].available);
        json_end(j);
    }
    json_end(j);
}

static void reason_list(struct ask *a)
{
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    reasons_write(&j, "result", true);
    json_end(&j);
}

static void reason_of_postings(struct ask *a)
{
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "result", '[');
    JSON_EACH(number, json_get(a->body, "related_posting_numbers")) {
        struct morder *o = morder_find(a->sb, MARKET_OZON, json_str(number));
        if (!o)
            continue;
        json_begin(&j, NULL, '{');
        json_text(&j, "posting_number", o->id);
        reasons_write(&j, "reasons", false);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
}

/* ---- carriages ---- */

static bool waits_for_carriage(const struct morder *o, int64_t method)
{
    return o->market == MARKET_OZON && o->stage == STAGE_ACCEPTED && !o->batch.len
           && o->delivery_method == method;
}

static void carriage_create(struct ask *a)
{
    int64_t method = 0;
    instant departure = a->now;
    bool ok = json_int(json_get(a->body, "delivery_method_id"), &method);
    ok = instant_parse(json_str(json_get(a->body, "departure_date")), &departure) && ok;
    int n = 0;
    for (int i = 0; ok && i < a->sb->orders.count; i++)
        n += waits_for_carriage(a->sb->orders.at[i], method);
    if (!n) {
        ozon_error(a, 400, 3, "NO_POSTINGS_FOR_CARRIAGE");
        return;
    }
    struct mbatch *b = mbatch_new(a->sb, MARKET_OZON);
    b->delivery_method = method;
    b->departure_at = departure;
    mbatch_changed(a->sb, b);
    for (int i = 0; i < a->sb->orders.count; i++) {
        struct morder *o = a->sb->orders.at[i];
        if (!waits_for_carriage(o, method))
            continue;
        o->batch = b->id;
        morder_changed(a->sb, o);
    }
    ask_heard(a, "carriage_create", b->id, true, (str){ 0 });
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_raw(&j, "carriage_id", b->id);
    json_end(&j);
}

static struct mbatch *carriage_of_body(struct ask *a)
{
    struct mbatch *b = mbatch_find(a->sb, MARKET_OZON, json_str(json_get(a->body, "carriage_id")));
    if (!b)
        ozon_error(a, 404, 5, "CARRIAGE_NOT_FOUND");
    return b;
}

/* Only the postings named stay in the carriage; the rest wait for the next one. */
static void carriage_set_postings(struct ask *a)
{
    struct mbatch *b = carriage_of_body(a);
    if (!b)
        return;
    if (instant_is_set(b->closed_at)) {
        ozon_error(a, 400, 3, "CARRIAGE_HAS_INCORRECT_STATUS");
        return;
    }
    for (int i = 0; i < a->sb->orders.count; i++)
        if (a->sb->orders.at[i]->market == MARKET_OZON && str_eq(a->sb->orders.at[i]->batch, b->id)) {
            a->sb->orders.at[i]->batch = (str){ 0 };
            morder_changed(a->sb, a->sb->orders.at[i]);
        }
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "result", '[');
    JSON_EACH(number, json_get(a->body, "posting_numbers")) {
        struct morder *o = morder_find(a->sb, MARKET_OZON, json_str(number));
        bool ok = o && waits_for_carriage(o, b->delivery_method);
        if (ok) {
            o->batch = b->id;
            morder_changed(a->sb, o);
        }
        ask_heard(a, "carriage_set", json_str(number), ok, b->id);
        json_begin(&j, NULL, '{');
        json_text(&j, "posting_number", json_str(number));
        json_bool(&j, "result", ok);
        json_text(&j, "error", str_of(ok ? "" : "POSTING_NOT_AVAILABLE"));
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
}

static void carriage_approve(struct ask *a)
{
    struct mbatch *b = carriage_of_body(a);
    if (!b)
        return;
    bool is_open = !instant_is_set(b->closed_at);
    ask_heard(a, "carriage_approve", b->id, is_open, (str){ 0 });
    if (!is_open) {
        ozon_error(a, 400, 3, "CARRIAGE_ALREADY_APPROVED");
        return;
    }
    b->closed_at = a->now;
    mbatch_changed(a->sb, b);
    for (int i = 0; i < a->sb->orders.count; i++) {
        struct morder *o = a->sb->orders.at[i];
        if (o->market != MARKET_OZON || !str_eq(o->batch, b->id) || o->stage != STAGE_ACCEPTED)
            continue;
        ask_heard(a, "hand_over", o->id, true, b->id);
        morder_stage(a->sb, o, STAGE_ASSEMBLED);
    }
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_end(&j);
}

static void carriage_get(struct ask *a)
{
    struct mbatch *b = carriage_of_body(a);
    if (!b)
        return;
    bool approved = instant_is_set(b->closed_at);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_raw(&j, "carriage_id", b->id);
    json_number(&j, "company_id", 1);
    json_instant(&j, "created_at", b->created_at);
    json_number(&j, "delivery_method_id", b->delivery_method);
    json_instant(&j, "departure_date", b->departure_at);
    json_text(&j, "status", str_of(approved ? "formed" : "new"));
    json_number(&j, "tpl_provider_id", 24);
    json_instant(&j, "updated_at", approved ? b->closed_at : b->created_at);
    json_end(&j);
}

static void carriages_write(struct ask *a, struct json_out *j, int64_t method)
{
    json_begin(j, "carriages", '[');
    for (int i = 0; i < a->sb->batches.count; i++) {
        struct mbatch *b = a->sb->batches.at[i];
        int count = 0;
        if (b->market != MARKET_OZON || b->is_gone || b->delivery_method != method)
            continue;
        for (int k = 0; k < a->sb->orders.count; k++)
            count += a->sb->orders.at[k]->market == MARKET_OZON && str_eq(a->sb->orders.at[k]->batch, b->id);
        json_begin(j, NULL, '{');
        json_raw(j, "id", b->id);
        json_text(j, "status", str_of(instant_is_set(b->closed_at) ? "formed" : "new"));
        json_number(j, "postings_count", count);
        json_end(j);
    }
    json_end(j);
}

/* One method of delivery in this town. */
static void delivery_list(struct ask *a)
{
    const int64_t method = 1020005000777;
    int waiting = 0;
    for (int i = 0; i < a->sb->orders.count; i++)
        waiting += waits_for_carriage(a->sb->orders.at[i], method);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "methods", '[');
    json_begin(&j, NULL, '{');
    json_number(&j, "delivery_method_id", method);
    json_text(&j, "delivery_method_name", STR("Доставка Ozon самостоятельно, Алматы"));
    json_text(&j, "delivery_method_status", STR("ACTIVE"));
    json_number(&j, "warehouse_id", 1020005000101);
    json_text(&j, "warehouse_name", STR("Карапуз"));
    json_text(&j, "tpl_provider_name", STR("Доставка Ozon"));
    json_instant(&j, "departure_date", instant_add(a->now, 12 * HOUR_MS));
    json_number(&j, "mandatory_packaged_count", waiting);
    carriages_write(a, &j, method);
    json_end(&j);
    json_end(&j);
    json_text(&j, "cursor", (str){ 0 });
    json_bool(&j, "has_next", false);
    json_end(&j);
}

/* ---- the key ---- */

static void roles(struct ask *a)
{
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_instant(&j, "expires_at", instant_add(a->now, 80 * DAY_MS));
    json_begin(&j, "roles", '[');
    json_begin(&j, NULL, '{');
    json_text(&j, "name", STR("Posting FBS"));
    json_begin(&j, "methods", '[');
    for (const struct op *op = ozon_ops; op->method != HTTP_NONE; op++)
        if (op->run)
            json_text(&j, NULL, str_of(op->path));
    json_end(&j);
    json_end(&j);
    json_end(&j);
    json_end(&j);
}

static const struct rule ship_rules[] = {
    { "posting_number", RULE_TEXT, true, 1, 100 },
    { "packages", RULE_LIST, true, 1, 100 },
    { "packages.*.products", RULE_LIST, true, 1, 1000 },
    { "packages.*.products.*.product_id", RULE_INT, true },
    { "packages.*.products.*.quantity", RULE_INT, true, 1, 10000 },
    { 0 },
};
static const struct rule cancel_rules[] = {
    { "posting_number", RULE_TEXT, true, 1, 100 }, { "cancel_reason_id", RULE_INT, true },
    { "cancel_reason_message", RULE_TEXT, false }, { 0 },
};
static const struct rule related_rules[] = { { "related_posting_numbers", RULE_TEXTS, true, 1, 100 }, { 0 } };
static const struct rule create_rules[] = {
    { "delivery_method_id", RULE_INT, true }, { "departure_date", RULE_TIME, true }, { 0 },
};
static const struct rule carriage_rules[] = { { "carriage_id", RULE_INT, true }, { 0 } };
static const struct rule set_rules[] = { { "carriage_id", RULE_INT, true },
                                         { "posting_numbers", RULE_TEXTS, true },
                                         { 0 } };
static const struct rule method_rules[] = { { "limit", RULE_INT, true, 1, 1000 },
                                            { "filter", RULE_OBJECT, false },
                                            { 0 } };

const struct op ozon_ops[] = {
    { HTTP_POST, "/v1/roles", roles },
    { HTTP_POST, "/v4/posting/fbs/list", ozon_list, .rules = ozon_list_rules },
    { HTTP_POST, "/v4/posting/fbs/unfulfilled/list", ozon_unfulfilled, .rules = ozon_unfulfilled_rules },
    { HTTP_POST, "/v3/posting/fbs/get", ozon_get, .rules = ozon_get_rules },
    { HTTP_POST, "/v4/posting/fbs/ship", ship, .writes = true, .rules = ship_rules },
    { HTTP_POST, "/v2/posting/fbs/cancel", cancel, .writes = true, .rules = cancel_rules },
    { HTTP_POST, "/v2/posting/fbs/cancel-reason/list", reason_list },
    { HTTP_POST, "/v1/posting/fbs/cancel-reason", reason_of_postings, .rules = related_rules },
    { HTTP_POST, "/v1/carriage/create", carriage_create, .writes = true, .rules = create_rules },
    { HTTP_POST, "/v1/carriage/set-postings", carriage_set_postings, .writes = true, .rules = set_rules },
    { HTTP_POST, "/v1/carriage/approve", carriage_approve, .writes = true, .rules = carriage_rules },
    { HTTP_POST, "/v1/carriage/get", carriage_get, .rules = carriage_rules },
    { HTTP_POST, "/v2/carriage/delivery/list", delivery_list, .rules = method_rules },
    { HTTP_POST, "/v3/posting/fbs/package-label/create", ozon_label_create, .rules = ozon_label_rules },
    { HTTP_POST, "/v2/posting/fbs/package-label/get", ozon_label_get, .rules = ozon_task_rules },
    { HTTP_GET, "/media/cdn1.ozone.ru/s3/ord-tmp-12/{size}/{file}", ozon_label_file, .open = true },
    { HTTP_POST, "/v1/rating/summary", ozon_rating_summary },
    { HTTP_POST, "/v1/returns/list", ozon_returns_list, .rules = ozon_returns_rules },
    { HTTP_GET, "/media/cdn1.ozone.ru/s3/rfbs/{id}/{file}", market_picture, .open = true },
    { HTTP_POST, "/v2/returns/rfbs/list", ozon_rfbs_list, .rules = ozon_rfbs_rules },
    { HTTP_POST, "/v2/returns/rfbs/get", ozon_rfbs_get, .rules = ozon_rfbs_get_rules },
    { HTTP_POST, "/v1/returns/rfbs/action/set", ozon_rfbs_set, .writes = true, .rules = ozon_rfbs_set_rules },
    /* Switched off: 2026-08-31 the lists of v3, 2026-09-07 act/create, 2026-11-02 the old label. Source: news
       of the API. */
    { HTTP_POST, "/v3/posting/fbs/list", NULL },
    { HTTP_POST, "/v3/posting/fbs/unfulfilled/list", NULL },
    { HTTP_POST, "/v2/posting/fbs/act/create", NULL },
    { HTTP_POST, "/v2/posting/fbs/package-label", NULL },
    { HTTP_NONE },
};
