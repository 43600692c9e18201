/* ozon_posting.c - postings as Ozon writes them: v4 with money as objects, v3 as texts. Source: examples of
 * /v4/posting/fbs/unfulfilled/list and /v3/posting/fbs/get in specs/ozon.
 */
#include "sandbox/ozon.h"

/* ---- words ---- */

static bool after_ship(const struct morder *o)
{
    return instant_is_set(o->handed_at);
}

static void words(const struct morder *o, const char **status, const char **substatus)
{
    static const struct { const char *status, *substatus; } table[STAGE_COUNT] = {
        [STAGE_NEW] = { "awaiting_packaging", "posting_created" },
        [STAGE_SHIPPING] = { "awaiting_packaging", "posting_created" },
        [STAGE_ACCEPTED] = { "awaiting_deliver", "posting_not_in_carriage" },
        [STAGE_ASSEMBLED] = { "awaiting_deliver", "posting_in_carriage" },
        [STAGE_HANDED] = { "delivering", "posting_on_way_to_city" },
        [STAGE_SORTED] = { "delivering", "posting_on_way_to_pickup_point" },
        [STAGE_AT_PICKUP] = { "delivering", "posting_in_pickup_point" },
        [STAGE_DELIVERED] = { "delivered", "posting_received" },
        [STAGE_CANCELLING] = { "cancelled", "posting_canceled" },
        [STAGE_CANCELLED] = { "cancelled", "posting_canceled" },
        [STAGE_RETURNING] = { "cancelled", "posting_canceled" },
        [STAGE_RETURNED] = { "cancelled", "posting_returned_to_warehouse" },
    };
    *status = table[o->stage].status;
    *substatus = table[o->stage].substatus;
    if (o->stage >= STAGE_RETURNING && o->stage_before == STAGE_DELIVERED)
        *status = "delivered";
}

const char *ozon_status(const struct morder *o)
{
    const char *status, *substatus;
    words(o, &status, &substatus);
    return status;
}

/* ---- writing a posting: the same facts, v4 with money as objects, v3 as texts ---- */

static void money_v4(struct json_out *j, const struct ask *a, const char *key, amount sum)
{
    json_begin(j, key, '{');
    json_text(j, "amount",
              str_print(a->arena, "%lld.%02lld", (long long)(sum.minor / 100), (long long)(sum.minor % 100)));
    json_text(j, "currency", STR("KZT"));
    json_end(j);
}

static void products_write(struct json_out *j, const struct ask *a, const struct morder *o, bool v4)
{
    json_begin(j, "products", '[');
    for (int i = 0; i < o->lines.count; i++) {
        const struct mline *l = &o->lines.at[i];
        json_begin(j, NULL, '{');
        json_number(j, "sku", l->offer);
        json_text(j, "name", l->title);
        json_text(j, "offer_id", l->sku);
        json_number(j, "quantity", l->qty);
        if (v4) {
            money_v4(j, a, "price", l->price);
            json_begin(j, "imei", '[');
            json_end(j);
        } else {
            json_text(j, "price",
                      str_print(a->arena, "%lld.%02lld00", (long long)(l->price.minor / 100),
                                (long long)(l->price.minor % 100)));
            json_text(j, "currency_code", STR("KZT"));
            json_bool(j, "has_imei", false);
            json_bool(j, "is_weight_needed", false);
        }
        json_bool(j, "is_blr_traceable", false);
        json_bool(j, "is_marketplace_buyout", false);
        json_end(j);
    }
    json_end(j);
}

static void method_write(struct json_out *j, const struct morder *o)
{
    json_begin(j, "delivery_method", '{');
    json_number(j, "id", o->delivery_method);
    json_text(j, "name", STR("Доставка Ozon самостоятельно, Алматы"));
    json_number(j, "warehouse_id", o->warehouse);
    json_text(j, "warehouse", STR("Карапуз"));
    json_number(j, "tpl_provider_id", 24);
    json_text(j, "tpl_provider", STR("Доставка Ozon"));
    json_end(j);
}

static void cancellation_write(struct json_out *j, const struct morder *o)
{
    static const char *const types[] = {
        [BY_NOBODY] = "", [BY_BUYER] = "client", [BY_SELLER] = "seller", [BY_MARKET] = "ozon"
    };
    static const char *const initiators[] = {
        [BY_NOBODY] = "", [BY_BUYER] = "Клиент", [BY_SELLER] = "Продавец", [BY_MARKET] = "Ozon"
    };
    int64_t reason = 0;
    if (!str_to_int(o->cancel_reason, &reason))
        reason = o->cancelled_by == BY_BUYER ? 507 : o->cancelled_by == BY_MARKET ? 404 : 0;
    json_begin(j, "cancellation", '{');
    json_number(j, "cancel_reason_id", reason);
    json_text(j, "cancel_reason", o->cancel_message);
    json_text(j, "cancellation_type", str_of(types[o->cancelled_by]));
    json_bool(j, "cancelled_after_ship", o->cancelled_by != BY_NOBODY && after_ship(o));
    json_bool(j, "affect_cancellation_rating", o->cancelled_by == BY_SELLER);
    json_text(j, "cancellation_initiator", str_of(initiators[o->cancelled_by]));
    json_end(j);
}

static void actions_write(struct json_out *j, const struct morder *o)
{
    static const char *const fresh[] = { "cancel", "product_cancel", "ship", "ship_async", NULL };
    static const char *const shipping[] = { "ship_async_in_process", NULL };
    static const char *const packed[] = { "cancel", "label_download", "label_download_big",
                                          "label_download_small", NULL };
    static const char *const none[] = { NULL };
    const char *const *list = o->stage == STAGE_NEW ? fresh : o->stage == STAGE_SHIPPING ? shipping
                            : o->stage == STAGE_ACCEPTED || o->stage == STAGE_ASSEMBLED ? packed : none;
    json_begin(j, "available_actions", '[');
    for (; *list; list++)
        json_text(j, NULL, str_of(*list));
    json_end(j);
}

/* Told only when asked for by `with`. */
static bool is_asked(const struct ask *a, const char *part)
{
    return json_true(json_get(json_get(a->body, "with"), part));
}

static void barcodes_write(struct json_out *j, const struct ask *a, const struct morder *o)
{
    if (!is_asked(a, "barcodes")) {
        json_null(j, "barcodes");
        return;
    }
    json_begin(j, "barcodes", '{');
    json_text(j, "upper_barcode", str_print(a->arena, "%%101%%%lld", (long long)(o->created_at.ms / 1000)));
    json_text(j, "lower_barcode", str_print(a->arena, "%lld000", (long long)(o->created_at.ms / 1000)));
    json_end(j);
}

static void analytics_write(struct json_out *j, const struct ask *a, const struct morder *o)
{
    if (!is_asked(a, "analytics_data")) {
        json_null(j, "analytics_data");
        return;
    }
    json_begin(j, "analytics_data", '{');
    json_text(j, "region", (str){ 0 });
    json_text(j, "city", o->city);
    json_text(j, "delivery_type", STR("PVZ"));
    json_bool(j, "is_premium", false);
    json_text(j, "payment_type_group_name", STR("Карты оплаты"));
    json_number(j, "warehouse_id", o->warehouse);
    json_text(j, "warehouse", STR("Карапуз"));
    json_number(j, "tpl_provider_id", 24);
    json_text(j, "tpl_provider", STR("Доставка Ozon"));
    json_instant(j, "delivery_date_begin", instant_add(o->deadline_at, 3 * DAY_MS));
    json_instant(j, "delivery_date_end", instant_add(o->deadline_at, 3 * DAY_MS + HOUR_MS));
    json_bool(j, "is_legal", false);
    json_end(j);
}

static void requirements_write(struct json_out *j)
{
    static const char *const keys[] = {
        "products_requiring_gtd",  "products_requiring_country", "products_requiring_mandatory_mark",
        "products_requiring_rnpt", "products_requiring_jw_uin",  "products_requiring_change_country",
        "products_requiring_imei", "products_requiring_weight"
    };
    json_begin(j, "requirements", '{');
    for (int i = 0; i < COUNT_OF(keys); i++) {
        json_begin(j, keys[i], '[');
        json_end(j);
    }
    json_end(j);
    json_begin(j, "optional", '{');
    json_begin(j, "products_with_possible_mandatory_mark", '[');
    json_end(j);
    json_end(j);
}

void ozon_posting_write(struct json_out *j, const char *key, const struct ask *a, const struct morder *o,
                        bool v4)
{
    const char *status, *substatus;
    words(o, &status, &substatus);
    int64_t order_id = 0;
    for (size_t i = 0; i < o->group.len; i++)
        if (o->group.at[i] >= '0' && o->group.at[i] <= '9')
            order_id = order_id * 10 + (o->group.at[i] - '0');
    json_begin(j, key, '{');
    json_text(j, "posting_number", o->id);
    json_number(j, "order_id", order_id);
    json_text(j, "order_number", o->group);
    json_text(j, "status", str_of(status));
    json_text(j, "substatus", str_of(substatus));
    method_write(j, o);
    json_text(j, "tracking_number", (str){ 0 });
    json_text(j, "tpl_integration_type", STR("ozon"));
    json_instant(j, "in_process_at", o->created_at);
    json_instant(j, "shipment_date", o->deadline_at);
    json_instant(j, "shipment_date_without_delay", instant_add(o->deadline_at, 12 * HOUR_MS));
    json_instant(j, "delivering_date", o->handed_at);
    cancellation_write(j, o);
    json_null(j, "customer");
    json_null(j, "addressee");
    products_write(j, a, o, v4);
    barcodes_write(j, a, o);
    analytics_write(j, a, o);
    json_null(j, "financial_data");
    json_bool(j, "is_express", false);
    requirements_write(j);
    json_text(j, "parent_posting_number", o->rid);
    actions_write(j, o);
    json_number(j, "multi_box_qty", 1);
    json_bool(j, "is_multibox", false);
    if (v4)
        json_text(j, "delivery_schema", STR("fbs"));
    else
        json_text(j, "previous_substatus", (str){ 0 });
    json_end(j);
}
