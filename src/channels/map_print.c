/* map_print.c - orders as lines of JSON, the way a person or a test looks at a mapping. */
#include "channels/map_print.h"
#include "base/email.h"
#include "base/json_write.h"
#include "base/phone.h"


static void amount_or_null(struct json_out *j, const char *key, bool has, amount value)
{
    if (has)
        json_amount_text(j, key, value);
    else
        json_null(j, key);
}

static void marks_write(struct json_out *j, unsigned marks)
{
    json_begin(j, "marks", '[');
    for (int i = 0; i < MARK_COUNT; i++)
        if (marks & BIT(i))
            json_text(j, NULL, str_of(order_mark_names[i]));
    json_end(j);
}

static void people_write(const struct call *call, struct json_out *j, const struct order_draft *d)
{
    str country = call->country.len ? call->country : STR("KZ");
    json_begin(j, "customer", '{');
    json_text_or_null(j, "name", d->customer.name);
    json_text_or_null(j, "phone", phone_normalise(call->arena, d->customer.phone, country));
    json_text_or_null(j, "email", email_normalise(call->arena, d->customer.email));
    json_bool(j, "masked", d->customer.masked);
    json_end(j);
    json_begin(j, "delivery", '{');
    json_text_or_null(j, "method", d->delivery.method);
    json_text_or_null(j, "address", d->delivery.address);
    json_instant(j, "promised_to", d->delivery.promised_to);
    json_text_or_null(j, "city", d->delivery.city);
    json_text_or_null(j, "point_id", d->delivery.point_id);
    json_text_or_null(j, "carrier", d->delivery.carrier);
    json_text_or_null(j, "track", d->delivery.track);
    json_end(j);
}

static void lines_write(struct json_out *j, const struct order_draft *d)
{
    json_begin(j, "lines", '[');
    for (int i = 0; i < d->lines.count; i++) {
        const struct draft_line *l = &d->lines.at[i];
        json_begin(j, NULL, '{');
        json_text_or_null(j, "external_offer_id", l->external_offer_id);
        json_text_or_null(j, "article", l->article);
        json_text_or_null(j, "title", l->title);
        json_number(j, "qty", l->qty);
        amount_or_null(j, "unit_price", l->has_price, l->unit_price);
        amount_or_null(j, "line_total", l->has_price, l->line_total);
        json_text_or_null(j, "barcode", l->barcode);
        json_bool(j, "marking_required", l->marking_required);
        json_end(j);
    }
    json_end(j);
}

/* `is_hint`: a push that only names an order; it has to be read back before anything is known of it. */
static void order_write(const struct channel *channel, const struct call *call, struct json_out *j, const struct order_draft *d,
                        const struct status_row *row, bool is_hint)
{
    enum cancel_side side = row && row->to == HUB_CANCELLED && !row->keeps
                                ? (d->cancel_side != CANCEL_NOBODY ? d->cancel_side : row->cancel_side) : CANCEL_NOBODY;
    json_begin(j, NULL, '{');
    json_text(j, "channel", str_of(channel->name));
    if (is_hint)
        json_bool(j, "read_back", true);
    json_text(j, "external_id", d->external_id);
    json_text_or_null(j, "number", d->number);
    json_text_or_null(j, "group_number", d->group_number);
    json_text_or_null(j, "hub_status", row ? str_of(hub_status_names[row->to]) : (str){ 0 });
    json_text_or_null(j, "external_status", d->external_status);
    json_instant(j, "placed_at", d->placed_at);
    json_instant(j, "deadline_confirm", d->deadline_confirm);
    json_instant(j, "deadline_ship", d->deadline_ship);
    json_text_or_null(j, "currency", d->currency);
    amount_or_null(j, "grand_total", d->has_total, d->grand_total);
    json_text(j, "payment_status", str_of(payment_status_names[d->payment]));
    json_text(j, "scheme", str_of(order_scheme_names[d->scheme]));
    marks_write(j, d->marks | (row ? row->marks : 0));
    json_text_or_null(j, "cancel_reason", d->cancel_reason);
    json_text_or_null(j, "cancel_side", str_of(cancel_side_names[side]));
    json_text_or_null(j, "comment", d->comment);
    people_write(call, j, d);
    lines_write(j, d);
    json_end(j);
}

static void parked_write(const struct channel *channel, struct json_out *j, str external_id, const struct order_draft *d, str problem)
{
    json_begin(j, NULL, '{');
    json_text(j, "channel", str_of(channel->name));
    json_text_or_null(j, "external_id", external_id);
    if (d) {
        json_text_or_null(j, "number", d->number);
        json_text_or_null(j, "external_status", d->external_status);
    }
    json_bool(j, "parked", true);
    json_text(j, "problem", problem);
    json_end(j);
}

static void event_write(const struct channel *channel, const struct call *call, const struct raw_event *e, struct buf *out, int *good)
{
    struct json_out j = json_out(out);
    struct order_draft d = { 0 };
    struct err bad = { 0 };
    if (e->problem.len || !channel->order_read(call, e->payload, &d, &bad)) {
        parked_write(channel, &j, e->external_id, NULL, e->problem.len ? e->problem : err_line(call->arena, &bad));
    } else {
        const struct status_row *row = d.status_key.len ? status_row_find(channel->statuses, d.status_key) : NULL;
        if (d.status_key.len && !row) {
            parked_write(channel, &j, d.external_id, &d,
                         str_print(call->arena, "status %.*s is not known", STR_ARG(d.status_key)));
        } else {
            order_write(channel, call, &j, &d, row, false);
            ++*good;
        }
    }
    buf_add_char(out, '\n');
}

static bool hook_print(const struct channel *channel, const struct call *call, str body, struct buf *out, int *good, struct err *err)
{
    struct hook_result hook = { 0 };
    struct http_header_list none = { 0 };
    if (!channel->hook_read)
        return err_set(err, ERR_CHANNEL_PAYLOAD, "kind", "%s has no webhooks", channel->title);
    if (!channel->hook_read(call, &none, body, &hook, err))
        return false;
    for (int i = 0; i < hook.events.count; i++)
        event_write(channel, call, &hook.events.at[i], out, good);
    for (int i = 0; i < hook.hints.count; i++) {
        struct json_out j = json_out(out);
        struct order_draft d = { .external_id = hook.hints.at[i].external_id, .number = hook.hints.at[i].number };
        order_write(channel, call, &j, &d, NULL, true);
        buf_add_char(out, '\n');
    }
    if (!hook.events.count)
        ++*good;                                            /* understood, also when there is no order in it */
    return true;
}

bool map_print(const struct channel *channel, const struct call *call, str kind, str body, struct buf *out, int *good, struct err *err)
{
    static const char *const kinds[] = { "orders", "order", "statuses", NULL };
    struct raw_event_list events = { 0 };
    *good = 0;
    if (str_is(kind, "returns"))
        return returns_print(channel, call, body, out, good, err);
    if (str_is(kind, "webhook"))
        return hook_print(channel, call, body, out, good, err);
    if (name_find(kinds, kind) < 0)
        return err_set(err, ERR_QUERY_INVALID, "kind", "must be orders, order, statuses, returns or webhook");
    if (!channel->page_read(call, body, &events, err))
        return false;
    for (int i = 0; i < events.count; i++)
        event_write(channel, call, &events.at[i], out, good);
    return true;
}
