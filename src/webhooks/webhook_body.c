#include "webhooks/webhook_body.h"

static void money(struct json_out *j, const char *key, amount v, bool known)
{
    if (known)
        json_amount_text(j, key, v);
    else
        json_null(j, key);
}

/* All that a program may want to know without asking again: the same names as in GET /api/orders/{id}. */
static void order_full(struct json_out *j, const struct webhook_told *t)
{
    const struct order *o = t->order;
    json_text(j, "external_status", o->external_status);
    json_text(j, "payment", str_of(payment_status_names[o->payment]));
    money(j, "grand_total", o->grand_total, o->has_total);
    money(j, "delivery_total", o->delivery_total, o->has_total);
    json_text_or_null(j, "currency", o->currency);
    json_instant(j, "placed_at", o->placed_at);
    json_instant(j, "deadline_at", o->deadline_at);
    json_text(j, "customer_name", o->customer_name);
    json_begin(j, "recipient", '{');
    json_text(j, "name", o->recipient_name);
    json_text(j, "phone", o->recipient_phone);
    json_end(j);
    json_begin(j, "delivery", '{');
    json_text(j, "method", o->delivery_method);
    json_text(j, "address", o->delivery_address);
    json_text(j, "city", o->city);
    json_text(j, "track", o->track);
    json_end(j);
    json_text(j, "comment", o->comment);
    json_text(j, "comment_buyer", o->comment_buyer);
    json_begin(j, "lines", '[');
    for (int i = 0; i < t->lines->count; i++) {
        const struct order_line *l = &t->lines->at[i];
        if (!id_eq(l->order_id, o->id))
            continue;
        json_begin(j, NULL, '{');
        json_text(j, "article", l->article);
        json_text(j, "barcode", l->barcode);
        json_text(j, "title", l->title);
        json_number(j, "qty", l->qty);
        money(j, "unit_price", l->unit_price, l->has_price);
        money(j, "line_total", l->line_total, l->has_price);
        json_end(j);
    }
    json_end(j);
}

static void order_write(struct json_out *j, const struct webhook_told *t, enum webhook_contents contents)
{
    const struct order *o = t->order;
    json_id(j, "id", o->id);
    json_id(j, "account_id", o->account_id);
    json_text(j, "channel", o->channel);
    json_text(j, "external_id", o->external_id);
    json_text(j, "number", o->number);
    json_text(j, "status", t->status);
    json_text_or_null(j, "previous_status", t->from);
    json_number(j, "version", o->version);
    if (contents == WEBHOOK_FULL)
        order_full(j, t);
}

/* The same names as in GET /api/returns/{id}. */
static void return_full(struct json_out *j, const struct webhook_told *t)
{
    const struct rma *r = t->back;
    json_text(j, "external_state", r->external_state);
    json_text(j, "reason", r->reason);
    json_text(j, "external_reason", r->external_reason);
    json_text(j, "buyer_text", r->buyer_text);
    json_text(j, "decision_text", r->decision_text);
    json_text(j, "rule", r->rule);
    json_amount_text(j, "refund_amount", r->refund_amount);
    json_text_or_null(j, "currency", r->currency);
    json_text(j, "route", str_of(return_route_names[r->route]));
    json_text(j, "track", r->track);
    json_instant(j, "requested_at", r->requested_at);
    json_instant(j, "decided_at", r->decided_at);
    json_instant(j, "received_at", r->received_at);
    json_instant(j, "refunded_at", r->refunded_at);
    json_instant(j, "deadline_at", r->deadline_at);
    json_begin(j, "lines", '[');
    for (int i = 0; i < t->return_lines->count; i++) {
        const struct rma_line *l = &t->return_lines->at[i];
        if (!id_eq(l->return_id, r->id))
            continue;
        json_begin(j, NULL, '{');
        json_number(j, "line", l->line);
        json_text(j, "article", l->article);
        json_text(j, "title", l->title);
        json_number(j, "qty", l->qty);
        json_amount_text(j, "amount", l->amount);
        json_text_or_null(j, "condition", l->condition == CONDITION_UNKNOWN ? STR("") : str_of(return_condition_names[l->condition]));
        json_text_or_null(j, "disposition", l->disposition == DISPOSE_NOT_YET ? STR("") : str_of(return_disposition_names[l->disposition]));
        json_end(j);
    }
    json_end(j);
}

static void return_write(struct json_out *j, const struct webhook_told *t, enum webhook_contents contents)
{
    const struct rma *r = t->back;
    json_id(j, "id", r->id);
    json_id(j, "account_id", r->account_id);
    json_text(j, "channel", r->channel);
    json_text(j, "external_id", r->external_id);
    json_id(j, "order_id", r->order_id);
    json_text(j, "order_number", r->order_number);
    json_text(j, "kind", str_of(return_kind_names[r->kind]));
    json_text(j, "state", t->status.len ? t->status : str_of(return_state_names[r->state]));
    json_text_or_null(j, "previous_state", t->from);
    json_number(j, "version", r->version);
    if (contents == WEBHOOK_FULL)
        return_full(j, t);
}

static void claim_write(struct json_out *j, const struct webhook_told *t, enum webhook_contents contents)
{
    const struct claim *c = t->claim;
    json_id(j, "id", c->id);
    json_id(j, "account_id", c->account_id);
    json_text(j, "external_id", c->external_id);
    json_id(j, "order_id", c->order_id);
    json_id(j, "return_id", c->return_id);
    json_text(j, "side", str_of(claim_side_names[c->side]));
    json_text(j, "subject", c->subject);
    json_text(j, "state", t->status);
    json_text_or_null(j, "previous_state", t->from);
    json_number(j, "version", c->version);
    if (contents == WEBHOOK_FULL) {
        json_amount_text(j, "amount", c->amount);
        json_amount_text(j, "money_effect", c->money_effect);
        json_text_or_null(j, "currency", c->currency);
        json_text(j, "decision", c->decision);
        json_instant(j, "answer_by", c->deadline_at);
    }
}

str webhook_body(const struct webhook_told *t, enum webhook_contents contents)
{
    struct buf      b = buf_in(t->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_text(&j, "type", t->type);
    json_instant(&j, "timestamp", t->at);
    json_begin(&j, "data", '{');
    if (t->order)
        order_write(&j, t, contents);
    else if (t->back)
        return_write(&j, t, contents);
    else
        claim_write(&j, t, contents);
    json_end(&j);
    json_end(&j);
    return buf_str(&b);
}
