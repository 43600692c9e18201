/* kaspi_object.c - orders and entries as Kaspi writes them. Source: guide-examples/orders-list.json,
 * order-by-code-kaspi-delivery.json. A phone in the archive is a mask; the waybill comes a while after
 * ASSEMBLE.
 */
#include "sandbox/kaspi.h"

#include "base/secret.h"

#define KASPI_HOST "https://kaspi.kz/shop/api/v2"
#define WAYBILL_MS (45 * SECOND_MS)

/* ---- words ---- */

struct kaspi_words kaspi_words(const struct morder *o)
{
    const char *tab = o->kaspi_delivery                   ? "KASPI_DELIVERY"
                      : str_is(o->mode, "DELIVERY_LOCAL") ? "DELIVERY"
                                                          : "PICKUP";
    switch ((enum stage)o->stage) {
    case STAGE_NEW:
        return (struct kaspi_words){ morder_is_signed(o) ? "NEW" : "SIGN_REQUIRED", "APPROVED_BY_BANK" };
    case STAGE_DELIVERED:  return (struct kaspi_words){ "ARCHIVE", "COMPLETED" };
    case STAGE_CANCELLING: return (struct kaspi_words){ tab, "CANCELLING" };
    case STAGE_CANCELLED:  return (struct kaspi_words){ "ARCHIVE", "CANCELLED" };
    case STAGE_RETURNING:  return (struct kaspi_words){ tab, "KASPI_DELIVERY_RETURN_REQUESTED" };
    case STAGE_RETURNED:   return (struct kaspi_words){ "ARCHIVE", "RETURNED" };
    default:
        return (struct kaspi_words){ tab, o->preorder && o->arrived && !instant_is_set(o->assembled_at)
                                        ? "ARRIVED"
                                        : "ACCEPTED_BY_MERCHANT" };
    }
}

const char *kaspi_status(const struct morder *o)
{
    return kaspi_words(o).status;
}

/* ---- writing objects ---- */

static void money(struct json_out *j, struct arena *arena, const char *key, amount sum)
{
    json_raw(j, key,
             str_print(arena, "%lld.%lld", (long long)(sum.minor / 100), (long long)(sum.minor % 100 / 10)));
}

static void moment_or_null(struct json_out *j, const char *key, instant t)
{
    if (instant_is_set(t))
        json_number(j, key, t.ms);
    else
        json_null(j, key);
}

str kaspi_entry_id(struct arena *arena, const struct morder *o, int i)
{
    str id = base64_encode(arena, str_print(arena, "%.*s##%d", STR_ARG(o->number), i));
    while (str_ends(id, STR("=")))
        id.len--;
    return id;
}

static str customer_id(struct arena *arena, const struct morder *o)
{
    str id = base64_encode(arena, o->phone);
    while (str_ends(id, STR("=")))
        id.len--;
    return id;
}

static void links(struct json_out *j, struct arena *arena, str base, const char *name)
{
    json_begin(j, "links", '{');
    json_text(j, "self", str_print(arena, "%.*s/relationships/%s", STR_ARG(base), name));
    json_text(j, "related", str_print(arena, "%.*s/%s", STR_ARG(base), name));
    json_end(j);
}

static void reference(struct json_out *j, const char *key, const char *type, str id)
{
    json_begin(j, key, '{');
    json_text(j, "type", str_of(type));
    json_text(j, "id", id);
    json_end(j);
}

static void customer_write(struct json_out *j, struct arena *arena, const struct morder *o, bool archived)
{
    json_begin(j, "customer", '{');
    json_text(j, "id", customer_id(arena, o));
    json_text_or_null(j, "name", archived ? (str){ 0 } : o->name);
    json_text(j, "cellPhone", archived ? STR("+0(000)-000-00-00") : o->phone);
    json_text(j, "firstName", o->name);
    json_text(j, "lastName", o->surname);
    json_end(j);
}

static void address_write(struct json_out *j, struct arena *arena, const char *key, const struct morder *o)
{
    json_begin(j, key, '{');
    json_text(j, "streetName", str_print(arena, " %.*s", STR_ARG(o->address)));
    json_null(j, "streetNumber");
    json_text(j, "town", str_print(arena, "г. %.*s", STR_ARG(o->city)));
    json_null(j, "district");
    json_null(j, "building");
    json_null(j, "apartment");
    json_text(j, "formattedAddress",
              str_print(arena, "г. %.*s, %.*s", STR_ARG(o->city), STR_ARG(o->address)));
    json_raw(j, "latitude", STR("43.238949"));
    json_raw(j, "longitude", STR("76.889709"));
    json_end(j);
}

bool kaspi_waybill_drawn(const struct ask *a, const struct morder *o)
{
    return o->kaspi_delivery && instant_is_set(o->assembled_at) && a->now.ms >= o->assembled_at.ms + WAYBILL_MS;
}

static void delivery_write(struct json_out *j, const struct ask *a, const struct morder *o)
{
    bool printed = kaspi_waybill_drawn(a, o);
    json_begin(j, "kaspiDelivery", '{');
    json_text_or_null(j, "waybill",
                      printed
                          ? str_print(a->arena, "https://kaspi.kz/shop/api/waybill/%.*s.pdf", STR_ARG(o->number))
                          : (str){ 0 });
    moment_or_null(j, "courierTransmissionDate", o->handed_at);
    moment_or_null(j, "courierTransmissionPlanningDate", o->deadline_at);
    json_text_or_null(j, "waybillNumber",
                      printed ? str_print(a->arena, "1%.*s", STR_ARG(o->number)) : (str){ 0 });
    json_bool(j, "express", o->express);
    json_bool(j, "returnedToWarehouse", o->returned_to_warehouse);
    json_null(j, "firstMileCourier");
    json_end(j);
}

static void attributes_write(struct json_out *j, const struct ask *a, const struct morder *o)
{
    struct kaspi_words w = kaspi_words(o);
    json_begin(j, "attributes", '{');
    json_text(j, "code", o->number);
    money(j, a->arena, "totalPrice", o->total);
    json_text(j, "paymentMode", o->payment);
    json_number(j, "creationDate", o->created_at.ms);
    money(j, a->arena, "deliveryCostForSeller", (amount){ o->kaspi_delivery ? 89500 : 0 });
    json_bool(j, "isKaspiDelivery", o->kaspi_delivery);
    json_text(j, "deliveryMode", o->mode);
    json_bool(j, "signatureRequired", o->signature_required);
    if (str_is(o->payment, "PAY_WITH_CREDIT"))
        json_number(j, "creditTerm", 3);
    json_bool(j, "preOrder", o->preorder);
    json_text(j, "pickupPointId", STR("16483752_PP1"));
    json_text(j, "state", str_of(w.state));
    json_number(j, "approvedByBankDate", o->created_at.ms + 700);
    json_number(j, "plannedDeliveryDate", instant_add(o->deadline_at, 2 * DAY_MS).ms);
    if (!o->kaspi_delivery && str_is(o->mode, "DELIVERY_PICKUP"))
        json_number(j, "reservationDate", instant_add(o->created_at, 3 * DAY_MS).ms);
    json_text(j, "status", str_of(w.status));
    json_bool(j, "assembled", instant_is_set(o->assembled_at));
    customer_write(j, a->arena, o, strcmp(w.state, "ARCHIVE") == 0);
    money(j, a->arena, "deliveryCost", (amount){ 0 });
    if (!str_is(o->mode, "DELIVERY_PICKUP"))
        address_write(j, a->arena, "deliveryAddress", o);
    if (o->cancel_reason.len)
        json_text(j, "cancellationReason", o->cancel_reason);
    if (o->kaspi_delivery)
        delivery_write(j, a, o);
    json_end(j);
}

void kaspi_order_write(struct json_out *j, const char *key, const struct ask *a, const struct morder *o)
{
    str self = str_print(a->arena, KASPI_HOST "/orders/%.*s", STR_ARG(o->id));
    json_begin(j, key, '{');
    json_text(j, "type", STR("orders"));
    json_text(j, "id", o->id);
    attributes_write(j, a, o);
    json_begin(j, "relationships", '{');
    json_begin(j, "entries", '{');
    links(j, a->arena, self, "entries");
    json_begin(j, "data", '[');
    for (int i = 0; i < o->lines.count; i++)
        reference(j, NULL, "orderentries", kaspi_entry_id(a->arena, o, i));
    json_end(j);
    json_end(j);
    json_begin(j, "user", '{');
    links(j, a->arena, self, "user");
    reference(j, "data", "customers", customer_id(a->arena, o));
    json_end(j);
    json_end(j);
    json_begin(j, "links", '{');
    json_text(j, "self", self);
    json_end(j);
    json_end(j);
}

void kaspi_entry_write(struct json_out *j, const char *key, const struct ask *a, const struct morder *o,
                        int i)
{
    const struct mline *l = &o->lines.at[i];
    str id = kaspi_entry_id(a->arena, o, i),
        self = str_print(a->arena, KASPI_HOST "/orderentries/%.*s", STR_ARG(id));
    json_begin(j, key, '{');
    json_text(j, "type", STR("orderentries"));
    json_text(j, "id", id);
    json_begin(j, "attributes", '{');
    json_text(j, "unitType", STR("PIECES"));
    json_begin(j, "offer", '{');
    json_text(j, "code", l->sku);
    json_text(j, "name", l->title);
    json_end(j);
    json_number(j, "quantity", l->qty);
    money(j, a->arena, "totalPrice", (amount){ l->price.minor * l->qty });
    money(j, a->arena, "weight", (amount){ l->weight_g * 100 });
    json_number(j, "entryNumber", i);
    json_begin(j, "category", '{');
    json_text(j, "code", l->category);
    json_text(j, "title", str_sub(l->category, sizeof "Master - " - 1, l->category.len));
    json_end(j);
    money(j, a->arena, "deliveryCost", (amount){ 0 });
    money(j, a->arena, "basePrice", l->price);
    json_bool(j, "isImeiRequired", false);
    json_end(j);
    json_begin(j, "relationships", '{');
    json_begin(j, "product", '{');
    links(j, a->arena, self, "product");
    reference(j, "data", "masterproducts",
              base64_encode(a->arena, str_print(a->arena, "%lld", (long long)l->offer)));
    json_end(j);
    json_begin(j, "deliveryPointOfService", '{');
    links(j, a->arena, self, "deliveryPointOfService");
    reference(j, "data", "pointofservices", STR("MTY0ODM3NTJfUFAx"));
    json_end(j);
    json_end(j);
    json_begin(j, "links", '{');
    json_text(j, "self", self);
    json_end(j);
    json_end(j);
}
