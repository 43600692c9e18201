/* return_print.c - returns as lines of JSON, the way a person or a test looks at a mapping. */
#include "base/json_write.h"
#include "channels/map_print.h"
#include "returns/return_reason.h"

static void amount_or_null(struct json_out *j, const char *key, bool has, amount value)
{
    if (has)
        json_amount_text(j, key, value);
    else
        json_null(j, key);
}

static void lines_write(struct json_out *j, const struct return_draft *d)
{
    json_begin(j, "lines", '[');
    for (int i = 0; i < d->lines.count; i++) {
        const struct return_draft_line *l = &d->lines.at[i];
        json_begin(j, NULL, '{');
        json_text_or_null(j, "external_offer_id", l->external_offer_id);
        json_text_or_null(j, "article", l->article);
        json_text_or_null(j, "title", l->title);
        json_number(j, "qty", l->qty);
        amount_or_null(j, "amount", l->has_amount, l->amount);
        json_end(j);
    }
    json_end(j);
}

static void return_write(const struct channel *channel, const struct call *call, struct json_out *j, const struct return_draft *d)
{
    str word = d->reason.len ? d->reason : d->reason_code;
    json_begin(j, NULL, '{');
    json_text(j, "channel", str_of(channel->name));
    json_text(j, "external_id", d->external_id);
    json_text_or_null(j, "order_external_id", d->order_external_id.len ? d->order_external_id : d->order_line_id);
    json_text_or_null(j, "order_number", d->order_number);
    json_text(j, "kind", str_of(return_kind_names[d->kind]));
    json_text(j, "state", str_of(return_state_names[d->state]));
    json_text(j, "external_state", d->external_state);
    json_text_or_null(j, "reason_group", return_reason_group(call->arena, d->reason_code.len ? d->reason_code : word));
    json_text_or_null(j, "external_reason", word);
    json_text_or_null(j, "buyer_text", d->buyer_text);
    json_instant(j, "requested_at", d->requested_at);
    json_instant(j, "changed_at", d->changed_at);
    json_instant(j, "deadline_at", d->deadline_at);
    json_text_or_null(j, "currency", d->currency);
    amount_or_null(j, "refund_amount", d->has_refund, d->refund_amount);
    json_text(j, "route", str_of(return_route_names[d->route]));
    json_text_or_null(j, "track", d->track);
    json_text_or_null(j, "place", d->place);
    json_number(j, "photos", d->photos);
    json_text_or_null(j, "actions", d->actions);
    lines_write(j, d);
    json_end(j);
}

static void parked_write(const struct channel *channel, struct json_out *j, const struct returned *r)
{
    json_begin(j, NULL, '{');
    json_text(j, "channel", str_of(channel->name));
    json_text_or_null(j, "external_id", r->external_id);
    json_text_or_null(j, "order_number", r->draft.order_number);
    json_text_or_null(j, "external_state", r->draft.external_state);
    json_bool(j, "parked", true);
    json_text(j, "problem", r->problem);
    json_end(j);
}

bool returns_print(const struct channel *channel, const struct call *call, str body, struct buf *out, int *good, struct err *err)
{
    struct returned_list list = { 0 };
    if (!channel->returns_read(call, body, &list, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        const struct returned *r = &list.at[i];
        struct json_out        j = json_out(out);
        if (r->problem.len) {
            parked_write(channel, &j, r);
        } else {
            return_write(channel, call, &j, &r->draft);
            ++*good;
        }
        buf_add_char(out, '\n');
    }
    return true;
}
