#include "returns/exchange_flow.h"

#include "base/json_write.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "orders/effects_flow.h"
#include "orders/import_store.h"

static bool stock_event(struct db *db, const struct work *w, const struct return_edit *e, const struct order *o, const char *kind, struct err *err)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "kind", str_of(kind));
    json_id(&j, "return_id", e->now.id);
    json_id(&j, "order_id", o->id);
    json_begin(&j, "lines", '[');
    for (int i = 0; i < e->lines.count; i++) {
        json_begin(&j, NULL, '{');
        json_text(&j, "article", e->lines.at[i].article);
        json_number(&j, "qty", e->lines.at[i].qty);
        json_end(&j);
    }
    json_end(&j);
    json_end(&j);
    return event_add(db, w->now, STR("stock"), o->account_id, o->id, buf_str(&b), err);
}

static bool account_by_hand(struct db *db, struct work *w, struct import_account *out, struct err *err)
{
    bool found;
    if (!import_account_find(db, STR(""), w->arena, out, &found, err))
        return false;
    if (found)
        return true;
    *out = (struct import_account){ .id = work_id(w), .channel = STR("manual"), .name = STR("Manual orders") };
    return import_account_make(db, out, w->now, err);
}

static struct order replacement(const struct work *w, const struct return_edit *e, const struct order *o, const struct import_account *to, bool waits)
{
    struct arena *a = w->arena;
    struct order  x = {
        .id = work_id(w), .account_id = to->id, .channel = to->channel, .scheme = o->scheme, .status = HUB_NEW, .payment = PAY_PAID,
        .number = str_print(a, "%.*s-R", STR_ARG(o->number)), .marks = waits ? (int64_t)BIT(MARK_HOLD) : 0, .customer_id = o->customer_id,
        .source_id = o->source_id, .customer_name = o->customer_name, .recipient_name = o->recipient_name,
        .recipient_phone = o->recipient_phone, .delivery_method = o->delivery_method, .delivery_address = o->delivery_address,
        .city = o->city, .point_id = o->point_id, .currency = o->currency, .has_total = true, .title = e->now.title,
        .comment = str_print(a, "exchange of %.*s", STR_ARG(o->number)), .placed_at = w->now, .created_at = w->now, .updated_at = w->now,
    };
    x.external_id = str_print(a, "exchange:%lld:%lld", (long long)e->now.id.v, (long long)x.id.v);
    return x;
}

static bool make(struct db *db, struct work *w, struct return_edit *e, bool waits, struct err *err)
{
    struct order          o  = { 0 };
    struct import_account to = { 0 };
    struct order_effects  fx = { 0 };
    if (!id_is_set(e->now.order_id))
        return err_set(err, ERR_ACTION_REFUSED, "action", "the order of this return is not known, there is nothing to exchange for");
    if (!order_get(db, e->now.order_id, w->arena, &o, err) || !account_by_hand(db, w, &to, err))
        return false;
    struct order_edit x = { .is_new = true, .event = "new", .lines_changed = true, .now = replacement(w, e, &o, &to, waits) };
    for (int i = 0; i < e->lines.count; i++) {
        const struct rma_line *l = &e->lines.at[i];
        if (l->condition == CONDITION_MISSING)
            continue;
        *order_line_list_add(&x.lines, w->arena) = (struct order_line){
            .order_id = x.now.id, .external_offer_id = l->external_offer_id, .article = l->article, .title = l->title,
            .qty = l->qty, .has_price = true,
        };
        x.lines.at[x.lines.count - 1].line = x.lines.count;
        x.now.units += l->qty;
    }
    x.now.lines_count = x.lines.count;
    order_deadline(&x.now, &w->shop->book, w->now);
    order_derive(&x.now, w->arena);
    order_edit_history(&x, w, HUB_NEW, NULL, 0, HUB_NEW, false, STR("exchange"));
    e->now.exchange_order_id = x.now.id;
    return order_edit_save(db, w, &x, &fx, err) && order_effects_save(db, &fx, err) && stock_event(db, w, e, &x.now, "reserve", err);
}

bool exchange_reserve(struct db *db, struct work *w, struct return_edit *e, struct err *err)
{
    return id_is_set(e->now.exchange_order_id) || make(db, w, e, true, err);
}

static bool change(struct db *db, struct work *w, struct return_edit *e, bool drops, struct err *err)
{
    struct order         o    = { 0 };
    struct last_seq_list last = { 0 };
    struct order_effects fx   = { 0 };
    if (!order_get(db, e->now.exchange_order_id, w->arena, &o, err) || !history_last(db, &o.id, 1, w->arena, &last, err))
        return false;
    if (o.status >= HUB_IN_DELIVERY)
        return true;
    struct order_edit x = { .old = o, .now = o, .event = "changed", .seq = last.count ? last.at[0].seq : 0 };
    x.now.marks &= ~(int64_t)BIT(MARK_HOLD);
    if (drops) {
        x.now.status      = HUB_CANCELLED;
        x.now.closed      = true;
        x.now.cancel_side = CANCEL_SELLER;
    }
    order_deadline(&x.now, &w->shop->book, w->now);
    order_derive(&x.now, w->arena);
    order_edit_history(&x, w, o.status, NULL, 0, x.now.status, false, drops ? STR("exchange_dropped") : STR("exchange_released"));
    return order_edit_save(db, w, &x, &fx, err) && order_effects_save(db, &fx, err) &&
           stock_event(db, w, e, &o, drops ? "release" : "reserve_ready", err);
}

bool exchange_release(struct db *db, struct work *w, struct return_edit *e, struct err *err)
{
    return id_is_set(e->now.exchange_order_id) ? change(db, w, e, false, err) : make(db, w, e, false, err);
}

bool exchange_drop(struct db *db, struct work *w, struct return_edit *e, struct err *err)
{
    if (!id_is_set(e->now.exchange_order_id))
        return true;
    if (!change(db, w, e, true, err))
        return false;
    e->now.exchange_order_id = (rid){ 0 };
    return true;
}
