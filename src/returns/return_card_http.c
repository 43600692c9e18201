/* One return with all that belongs to it. A fixed number of statements, whatever it holds. */
#include "deadlines/shop.h"
#include "events/outbox.h"
#include "orders/order_store.h"
#include "returns/return_flow.h"
#include "returns/return_http.h"
#include "returns/return_store.h"

struct card {
    struct request         *rq;
    struct return_view      view;
    struct return_row       row;
    struct order            order;      /* id not set: the order is not known */
    struct rma_line_list    lines;
    struct rma_step_list    history;
    struct refund_list      refunds;
    struct claim_list       claims;
    struct return_term_list terms;
    struct return_row_list  others;     /* of the same person */
    instant                 delivered_at;
};

static bool load_order(struct card *c, struct err *err)
{
    struct db           *db    = c->rq->work.db;
    struct arena        *a     = c->rq->work.arena;
    struct return_filter f     = { .customer_id = c->row.customer_id, .limit = 6 };
    struct return_scope  scope = request_return_scope(c->rq);
    bool                 more;
    if (!id_is_set(c->row.r.order_id))
        return true;
    return order_get(db, c->row.r.order_id, a, &c->order, err) && order_delivered_at(db, c->order.id, &c->delivered_at, err) &&
           (!id_is_set(c->row.customer_id) || c->view.nameless || return_rows(db, &f, &scope, a, &c->others, &more, err));
}

static bool load(struct card *c, rid id, struct err *err)
{
    struct db             *db    = c->rq->work.db;
    struct arena          *a     = c->rq->work.arena;
    struct return_scope    scope = request_return_scope(c->rq);
    struct return_row_list rows  = { 0 };
    if (!return_rows_by_ids(db, &id, 1, &scope, a, &rows, err))
        return false;
    if (!rows.count)
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such return");
    c->row = rows.at[0];
    return return_lines_of(db, &id, 1, a, &c->lines, err) && return_steps_of(db, id, a, &c->history, err) && refunds_of(db, id, a, &c->refunds, err) &&
           claims_of(db, id, a, &c->claims, err) && return_terms_load(db, a, &c->terms, err) && load_order(c, err);
}

static void price_for(struct json_out *j, const struct card *c, const char *key, amount v)
{
    if (c->view.prices)
        json_amount_text(j, key, v);
    else
        json_null(j, key);
}

static void write_words(struct json_out *j, const struct card *c)
{
    const struct rma *r = &c->row.r;
    json_text(j, "buyer_text", r->buyer_text);
    json_text(j, "comment", r->comment);
    json_text(j, "decision_text", r->decision_text);
    json_text(j, "place", r->place);
    json_raw(j, "rule_inputs", r->rule_inputs.len ? r->rule_inputs : STR("null"));
    json_id(j, "exchange_order_id", r->exchange_order_id);
    json_instant(j, "decided_at", r->decided_at);
    json_instant(j, "received_at", r->received_at);
    json_instant(j, "refunded_at", r->refunded_at);
    json_instant(j, "ended_at", r->ended_at);
    json_instant(j, "created_at", r->created_at);
}

static void write_order(struct json_out *j, const struct card *c)
{
    const struct order *o = &c->order;
    if (!id_is_set(o->id)) {
        json_null(j, "order");
        return;
    }
    json_begin(j, "order", '{');
    json_id(j, "id", o->id);
    json_text(j, "number", o->number);
    json_text(j, "status", str_of(hub_status_names[o->status]));
    json_instant(j, "placed_at", o->placed_at);
    json_instant(j, "delivered_at", c->delivered_at);
    price_for(j, c, "total", o->grand_total);
    price_for(j, c, "delivery_total", o->delivery_total);
    json_number(j, "units", o->units);
    json_text_or_null(j, "currency", o->currency);
    json_end(j);
}

/* Until when the buyer may ask, by the channel's rule or the law; null where no rule or no delivery is known. */
static void write_window(struct json_out *j, const struct card *c)
{
    str     source;
    instant until = return_window(&c->terms, c->row.r.channel, c->rq->work.shop->country, c->delivered_at, &source);
    json_begin(j, "window", '{');
    json_instant(j, "until", until);
    json_bool(j, "open", instant_is_set(until) && c->row.r.requested_at.ms <= until.ms);
    json_text(j, "source", source);
    json_end(j);
}

/* What it costs as far as anything is known: prices of purchase and of the way back are not. */
static void write_cost(struct json_out *j, const struct card *c)
{
    amount delivery = { 0 };
    for (int i = 0; i < c->refunds.count; i++)
        if (c->refunds.at[i].state != REFUND_CANCELLED)
            delivery.minor += c->refunds.at[i].delivery.minor;
    json_begin(j, "cost", '{');
    price_for(j, c, "refund", c->row.r.refund_amount);
    price_for(j, c, "delivery", delivery);
    json_begin(j, "unknown", '[');
    json_text(j, NULL, STR("goods_cost"));
    json_text(j, NULL, STR("delivery_back"));
    json_end(j);
    json_end(j);
}

static void write_lines(struct json_out *j, const struct card *c)
{
    json_begin(j, "lines", '[');
    for (int i = 0; i < c->lines.count; i++) {
        const struct rma_line *l = &c->lines.at[i];
        json_begin(j, NULL, '{');
        json_number(j, "line", l->line);
        json_number(j, "order_line", l->order_line);
        json_text(j, "external_offer_id", l->external_offer_id);
        json_text(j, "article", l->article);
        json_text(j, "title", l->title);
        json_number(j, "qty", l->qty);
        price_for(j, c, "amount", l->amount);
        json_text_or_null(j, "condition", str_of(return_condition_names[l->condition]));
        json_text_or_null(j, "disposition", str_of(return_disposition_names[l->disposition]));
        json_instant(j, "disposition_at", l->disposition_at);
        json_end(j);
    }
    json_end(j);
}

static void write_history(struct json_out *j, const struct card *c)
{
    json_begin(j, "history", '[');
    for (int i = 0; i < c->history.count; i++) {
        const struct rma_step *h = &c->history.at[i];
        json_begin(j, NULL, '{');
        json_number(j, "seq", h->seq);
        json_instant(j, "at", h->at);
        json_text_or_null(j, "from", h->from_state);
        json_text(j, "to", h->to_state);
        json_bool(j, "implied", h->implied);
        json_bool(j, "flagged", h->flagged);
        json_text(j, "actor_kind", h->actor_kind);
        json_id(j, "actor_id", h->actor_id);
        json_text(j, "actor_name", h->actor_name);
        json_text(j, "external_state", h->external_state);
        json_text(j, "note", h->note);
        json_end(j);
    }
    json_end(j);
}

static void write_money(struct json_out *j, const struct card *c)
{
    json_begin(j, "refunds", '[');
    for (int i = 0; i < c->refunds.count; i++) {
        const struct refund *m = &c->refunds.at[i];
        json_begin(j, NULL, '{');
        json_id(j, "id", m->id);
        json_text(j, "state", str_of(refund_state_names[m->state]));
        price_for(j, c, "amount", m->amount);
        price_for(j, c, "points", m->points);
        price_for(j, c, "delivery", m->delivery);
        json_text(j, "currency", m->currency);
        json_bool(j, "by_market", m->by_market);
        json_id(j, "proposed_by", m->proposed_by);
        json_id(j, "approved_by", m->approved_by);
        json_instant(j, "approved_at", m->approved_at);
        json_end(j);
    }
    json_end(j);
    json_begin(j, "claims", '[');
    for (int i = 0; i < c->claims.count; i++) {
        const struct claim *m = &c->claims.at[i];
        json_begin(j, NULL, '{');
        json_id(j, "id", m->id);
        json_text(j, "side", str_of(claim_side_names[m->side]));
        json_text(j, "state", str_of(claim_state_names[m->state]));
        json_text(j, "subject", m->subject);
        price_for(j, c, "amount", m->amount);
        json_text(j, "currency", m->currency);
        json_instant(j, "deadline_at", m->deadline_at);
        json_end(j);
    }
    json_end(j);
}

static void write_others(struct json_out *j, const struct card *c)
{
    json_begin(j, "customer_returns", '[');
    for (int i = 0; i < c->others.count; i++) {
        const struct rma *r = &c->others.at[i].r;
        if (id_eq(r->id, c->row.r.id))
            continue;
        json_begin(j, NULL, '{');
        json_id(j, "id", r->id);
        json_text(j, "order_number", r->order_number);
        json_text(j, "title", r->title);
        json_text(j, "state", str_of(return_state_names[r->state]));
        json_text_or_null(j, "reason", r->reason);
        json_instant(j, "requested_at", r->requested_at);
        json_end(j);
    }
    json_end(j);
}

static const enum permission needs[RETURN_ACTION_COUNT] = {
    [RACT_CHECK] = PERM_RETURNS_DECIDE, [RACT_APPROVE] = PERM_RETURNS_DECIDE, [RACT_REJECT] = PERM_RETURNS_DECIDE,
    [RACT_ASK] = PERM_RETURNS_DECIDE, [RACT_KEEP] = PERM_RETURNS_DECIDE, [RACT_RECEIVE] = PERM_RETURNS_INSPECT,
    [RACT_LOSE] = PERM_RETURNS_DECIDE, [RACT_INSPECT] = PERM_RETURNS_INSPECT, [RACT_ACCEPT] = PERM_RETURNS_DECIDE,
    [RACT_PARTIAL] = PERM_RETURNS_DECIDE, [RACT_SEND_BACK] = PERM_RETURNS_DECIDE, [RACT_EXCHANGE] = PERM_RETURNS_DECIDE,
    [RACT_REPLACE] = PERM_RETURNS_DECIDE, [RACT_REFUND] = PERM_RETURNS_REFUND, [RACT_CLOSE] = PERM_RETURNS_DECIDE,
    [RACT_CANCEL] = PERM_RETURNS_DECIDE,
};

static void write_actions(struct json_out *j, const struct card *c)
{
    json_begin(j, "actions", '[');
    for (int i = 0; i < RETURN_ACTION_COUNT; i++) {
        if (!permission_in(c->rq->who.permissions, needs[i]))
            continue;
        json_begin(j, NULL, '{');
        json_text(j, "action", str_of(return_action_names[i]));
        json_bool(j, "allowed", return_may(c->row.r.state, (enum return_action)i));
        json_end(j);
    }
    json_end(j);
}

static bool card_reply(struct request *rq, struct reply *rp, rid id, struct err *err)
{
    struct card c = { .rq = rq, .view = request_return_view(rq) };
    if (!load(&c, id, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    return_row_members(&j, &c.row, &c.view);
    write_words(&j, &c);
    write_order(&j, &c);
    write_window(&j, &c);
    write_cost(&j, &c);
    write_lines(&j, &c);
    write_history(&j, &c);
    write_money(&j, &c);
    write_others(&j, &c);
    write_actions(&j, &c);
    json_instant(&j, "now", rq->work.now);
    json_end(&j);
    return true;
}

static bool card_get(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    return path_id(rq, "id", &id, err) && card_reply(rq, rp, id, err);
}

struct act_body { enum return_action action; int64_t version; str text; };
static const struct field act_fields[] = {
    FIELD(act_body, action,  .required = true, .choices = return_action_names),
    FIELD(act_body, version, .required = true, .min = 1, .max = INT64_MAX, .doc = "of the return that was seen"),
    FIELD(act_body, text,    .max = 2000, .doc = "to the buyer; a refusal needs one"),
};
static const struct record act_record = RECORD(act_body, "ReturnAct", act_fields);

static bool act_post(struct request *rq, struct reply *rp, struct err *err)
{
    const struct act_body *in = rq->record;
    struct return_input    a  = { in->action, in->version, str_trim(in->text), rq->who.accounts, rq->who.accounts_count };
    rid                    id;
    if (!permission_in(rq->who.permissions, needs[in->action]))
        return err_set(err, ERR_FORBIDDEN, "action", "this needs the right \"%s\"", permission_names[needs[in->action]]);
    return path_id(rq, "id", &id, err) && return_do(&rq->work, id, &a, err) && card_reply(rq, rp, id, err);
}

const struct route return_card_routes[] = {
    { HTTP_GET, "/api/returns/{id}", PERM_RETURNS_SEE, card_get, .reply_schema = "ReturnCard", .tag = "returns",
      .doc = "One return with its order, lines, money, claims, history, what window is left and what may be done" },
    { HTTP_POST, "/api/returns/{id}/act", PERM_RETURNS_SEE, act_post, .body = &act_record, .reply_schema = "ReturnCard", .creates = true,
      .tag = "returns", .doc = "Take one step with a return; each step needs its own right" },
    { .method = HTTP_NONE },
};
