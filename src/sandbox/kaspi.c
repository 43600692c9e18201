/* kaspi.c - Kaspi's merchant API: JSON:API orders with entries. Source: merchant guide, specs/kaspi; sheet channels/kaspi.md.
 *
 * What the guide leaves open is answered as working clients have seen it: default agents are dropped without a byte, windows
 * over 14 days are refused, a phone in the archive is a mask, waybills come a while after ASSEMBLE.
 */
#include "sandbox/kaspi.h"

#include "base/secret.h"

#define KASPI_TYPE     "application/vnd.api+json;charset=UTF-8"
#define KASPI_HOST     "https://kaspi.kz/shop/api/v2"
#define WINDOW_MS      (14 * DAY_MS)
#define WAYBILL_MS     (45 * SECOND_MS)

static void kaspi_refuse(struct ask *a, int status, const char *code, const char *text)
{
    a->rp->status = status;
    a->rp->type = STR(KASPI_TYPE);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "errors", '[');
    json_begin(&j, NULL, '{');
    if (strcmp(code, "missing") == 0 || strcmp(code, "value") == 0)
        json_text(&j, "title", str_print(a->arena, "Invalid value of %s", text));
    else
        json_text(&j, "title", str_of(text));
    json_end(&j);
    json_end(&j);
    json_end(&j);
}

static void kaspi_retired(struct ask *a)
{
    kaspi_refuse(a, 404, "gone", "Resource not found");
}

static void kaspi_limited(struct ask *a, const struct bucket *b, int64_t wait_ms)
{
    (void)b;
    reply_header(a->rp, a->rq, STR("Retry-After"), str_print(a->arena, "%lld", (long long)((wait_ms + 999) / 1000)));
    kaspi_refuse(a, 429, "limit", "Too many requests");
}

static void kaspi_allowed(struct ask *a, const struct bucket *b)
{
    (void)a;
    (void)b;
}

/* Agents of HTTP libraries: Kaspi takes the connection and never answers. Seen by several sellers in 2026-05. */
static const char *const dropped_agents[] = { "curl/", "python-requests", "Python-urllib", "Go-http-client", "okhttp", "Java/",
                                              "axios/", "node-fetch", "undici", "Wget/", "libcurl", "PostmanRuntime", NULL };

static bool kaspi_admit(struct ask *a)
{
    str agent = ask_header(a, "User-Agent");
    bool dropped = str_trim(agent).len == 0;
    for (int i = 0; dropped_agents[i] && !dropped; i++)
        dropped = str_starts(agent, str_of(dropped_agents[i]));
    if (dropped) {
        a->rp->silent = true;
        return false;
    }
    a->account = ask_header(a, "X-Auth-Token");
    if (a->account.len < 4 || str_is(a->account, "wrong-token")) {
        kaspi_refuse(a, 401, "auth", "Unauthorized");
        return false;
    }
    str type = ask_header(a, "Content-Type");
    if (a->op->writes && !str_starts(type, STR("application/vnd.api+json"))) {
        kaspi_refuse(a, 415, "type", "Content-Type must be application/vnd.api+json");
        return false;
    }
    return true;
}

/* ---- words ---- */

struct words { const char *state, *status; };
static struct words kaspi_words(const struct morder *o)
{
    const char *tab = o->kaspi_delivery ? "KASPI_DELIVERY" : str_is(o->mode, "DELIVERY_LOCAL") ? "DELIVERY" : "PICKUP";
    switch ((enum stage)o->stage) {
    case STAGE_NEW:        return (struct words){ order_is_signed(o) ? "NEW" : "SIGN_REQUIRED", "APPROVED_BY_BANK" };
    case STAGE_DELIVERED:  return (struct words){ "ARCHIVE", "COMPLETED" };
    case STAGE_CANCELLING: return (struct words){ tab, "CANCELLING" };
    case STAGE_CANCELLED:  return (struct words){ "ARCHIVE", "CANCELLED" };
    case STAGE_RETURNING:  return (struct words){ tab, "KASPI_DELIVERY_RETURN_REQUESTED" };
    case STAGE_RETURNED:   return (struct words){ "ARCHIVE", "RETURNED" };
    default:               return (struct words){ tab, o->preorder && o->arrived && !instant_is_set(o->assembled_at)
                                                       ? "ARRIVED" : "ACCEPTED_BY_MERCHANT" };
    }
}

const char *kaspi_status(const struct morder *o)
{
    return kaspi_words(o).status;
}

/* ---- writing objects ---- */

static void money(struct json_out *j, struct arena *arena, const char *key, amount sum)
{
    json_raw(j, key, str_print(arena, "%lld.%lld", (long long)(sum.minor / 100), (long long)(sum.minor % 100 / 10)));
}

static void moment_or_null(struct json_out *j, const char *key, instant t)
{
    if (instant_is_set(t))
        json_number(j, key, t.ms);
    else
        json_null(j, key);
}

static str entry_id(struct arena *arena, const struct morder *o, int i)
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
    json_text(j, "formattedAddress", str_print(arena, "г. %.*s, %.*s", STR_ARG(o->city), STR_ARG(o->address)));
    json_raw(j, "latitude", STR("43.238949"));
    json_raw(j, "longitude", STR("76.889709"));
    json_end(j);
}

static void delivery_write(struct json_out *j, const struct ask *a, const struct morder *o)
{
    bool printed = instant_is_set(o->assembled_at) && a->now.ms >= o->assembled_at.ms + WAYBILL_MS;
    json_begin(j, "kaspiDelivery", '{');
    json_text_or_null(j, "waybill", printed ? str_print(a->arena, "https://kaspi.kz/shop/api/waybill/%.*s.pdf", STR_ARG(o->id)) : (str){ 0 });
    moment_or_null(j, "courierTransmissionDate", o->handed_at);
    moment_or_null(j, "courierTransmissionPlanningDate", o->deadline_at);
    json_text_or_null(j, "waybillNumber", printed ? str_print(a->arena, "1%.*s", STR_ARG(o->number)) : (str){ 0 });
    json_bool(j, "express", o->express);
    json_bool(j, "returnedToWarehouse", o->returned_to_warehouse);
    json_null(j, "firstMileCourier");
    json_end(j);
}

static void attributes_write(struct json_out *j, const struct ask *a, const struct morder *o)
{
    struct words w = kaspi_words(o);
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
        reference(j, NULL, "orderentries", entry_id(a->arena, o, i));
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

static void entry_write(struct json_out *j, const char *key, const struct ask *a, const struct morder *o, int i)
{
    const struct mline *l = &o->lines.at[i];
    str id = entry_id(a->arena, o, i), self = str_print(a->arena, KASPI_HOST "/orderentries/%.*s", STR_ARG(id));
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
    reference(j, "data", "masterproducts", base64_encode(a->arena, str_print(a->arena, "%lld", (long long)l->offer)));
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

/* ---- reading ---- */

struct kaspi_filter { str state, status, delivery_type; instant from, to; int64_t page, size; bool entries, signature_asked, signature; };

static bool filter_time(struct ask *a, const char *name, bool required, instant fallback, instant *out)
{
    str text = query_text(a->rq, name);
    if (!text.len && required) {
        kaspi_refuse(a, 400, "filter", "Required filter [orders][creationDate][$ge] is empty");
        return false;
    }
    *out = fallback;
    if (text.len && !str_to_int(text, &out->ms)) {
        kaspi_refuse(a, 400, "filter", str_zero(a->arena, str_print(a->arena, "Invalid value of %s", name)));
        return false;
    }
    return true;
}

static bool filter_page(struct ask *a, const char *name, int64_t min, int64_t max, int64_t *out)
{
    str text = query_text(a->rq, name);
    if (!text.len || !str_to_int(text, out) || *out < min || *out > max) {
        kaspi_refuse(a, 400, "filter", str_zero(a->arena, str_print(a->arena, "%s %s", text.len ? "Invalid value of" : "Required parameter", name)));
        return false;
    }
    return true;
}

static const char *const states[] = { "NEW", "SIGN_REQUIRED", "PICKUP", "DELIVERY", "KASPI_DELIVERY", "ARCHIVE", NULL };

static bool filter_read(struct ask *a, struct kaspi_filter *f)
{
    f->state = query_text(a->rq, "filter[orders][state]");
    f->status = query_text(a->rq, "filter[orders][status]");
    f->delivery_type = query_text(a->rq, "filter[orders][deliveryType]");
    f->entries = str_has(query_text(a->rq, "include[orders]"), STR("entries"));
    str signature = query_text(a->rq, "filter[orders][signatureRequired]");
    f->signature_asked = signature.len > 0;
    f->signature = str_is(signature, "true");
    if (!filter_page(a, "page[number]", 0, 1000000, &f->page) || !filter_page(a, "page[size]", 1, 100, &f->size))
        return false;
    bool known = false;
    for (int i = 0; states[i]; i++)
        known = known || str_is(f->state, states[i]);
    if (!known) {
        kaspi_refuse(a, 400, "filter", f->state.len ? "Invalid value of filter[orders][state]" : "Required filter [orders][state] is empty");
        return false;
    }
    if (!filter_time(a, "filter[orders][creationDate][$ge]", true, a->now, &f->from)
        || !filter_time(a, "filter[orders][creationDate][$le]", false, a->now, &f->to))
        return false;
    if (f->to.ms - f->from.ms > WINDOW_MS) {
        kaspi_refuse(a, 400, "filter", "Difference between [orders][creationDate][$ge] and [orders][creationDate][$le] must be at most 14 days");
        return false;
    }
    return true;
}

static bool filter_takes(const struct kaspi_filter *f, const struct morder *o)
{
    struct words w = kaspi_words(o);
    return o->market == MARKET_KASPI && str_is(f->state, w.state) && (!f->status.len || str_is(f->status, w.status))
        && (!f->signature_asked || f->signature == o->signature_required)
        && (!f->delivery_type.len || str_has(o->mode, f->delivery_type))
        && o->created_at.ms >= f->from.ms && o->created_at.ms <= f->to.ms;
}

static void orders_reply(struct ask *a, const struct morder_refs *page, bool entries, int64_t pages, int64_t total)
{
    a->rp->type = STR(KASPI_TYPE);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "data", '[');
    for (int i = 0; i < page->count; i++)
        kaspi_order_write(&j, NULL, a, page->at[i]);
    json_end(&j);
    json_begin(&j, "included", '[');
    for (int i = 0; entries && i < page->count; i++)
        for (int k = 0; k < page->at[i]->lines.count; k++)
            entry_write(&j, NULL, a, page->at[i], k);
    json_end(&j);
    json_begin(&j, "meta", '{');
    json_number(&j, "pageCount", pages);
    json_number(&j, "totalCount", total);
    json_end(&j);
    json_end(&j);
}

void kaspi_orders_list(struct ask *a)
{
    struct morder_refs page = { 0 };
    str code = query_text(a->rq, "filter[orders][code]");
    if (code.len) {
        struct morder *o = order_by_number(a->sb, MARKET_KASPI, code);
        if (o)
            *morder_refs_add(&page, a->arena) = o;
        orders_reply(a, &page, str_has(query_text(a->rq, "include[orders]"), STR("entries")), page.count, page.count);
        return;
    }
    struct kaspi_filter f = { 0 };
    if (!filter_read(a, &f))
        return;
    int64_t total = 0;
    for (int i = 0; i < a->sb->orders.count; i++)
        if (filter_takes(&f, a->sb->orders.at[i])) {
            if (total / f.size == f.page)
                *morder_refs_add(&page, a->arena) = a->sb->orders.at[i];
            total++;
        }
    page_spoil(a, &page);
    orders_reply(a, &page, f.entries, (total + f.size - 1) / f.size, total);
}

static struct morder *path_order(struct ask *a)
{
    struct morder *o = order_find(a->sb, MARKET_KASPI, path_text(a->rq, "id"));
    if (!o)
        kaspi_refuse(a, 404, "order", "Resource not found");
    return o;
}

void kaspi_order_get(struct ask *a)
{
    struct morder *o = path_order(a);
    if (o)
        kaspi_order_reply(a, o);
}

void kaspi_order_reply(struct ask *a, const struct morder *o)
{
    a->rp->type = STR(KASPI_TYPE);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    kaspi_order_write(&j, "data", a, o);
    json_begin(&j, "included", '[');
    json_end(&j);
    json_end(&j);
}

void kaspi_entries_get(struct ask *a)
{
    struct morder *o = path_order(a);
    if (!o)
        return;
    a->rp->type = STR(KASPI_TYPE);
    struct json_out j = reply_json(a->rq, a->rp);
    json_begin(&j, NULL, '{');
    json_begin(&j, "data", '[');
    for (int i = 0; i < o->lines.count; i++)
        entry_write(&j, NULL, a, o, i);
    json_end(&j);
    json_begin(&j, "included", '[');
    json_end(&j);
    json_end(&j);
}

struct mline *kaspi_entry_find(struct ask *a, str id, struct morder **order)
{
    for (int i = 0; i < a->sb->orders.count; i++) {
        struct morder *o = a->sb->orders.at[i];
        for (int k = 0; o->market == MARKET_KASPI && k < o->lines.count; k++)
            if (str_eq(entry_id(a->arena, o, k), id)) {
                *order = o;
                return &o->lines.at[k];
            }
    }
    return NULL;
}

const struct market_def kaspi_market = {
    .prefix = "/kaspi/shop/api", .ops = kaspi_ops, .admit = kaspi_admit, .refuse = kaspi_refuse, .retired = kaspi_retired,
    .limited = kaspi_limited, .allowed = kaspi_allowed,
};
