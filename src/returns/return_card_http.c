/* One return with all that belongs to it. A fixed number of statements, whatever it holds. */
#include "deadlines/shop.h"
#include "events/outbox.h"
#include "orders/order_store.h"
#include "returns/posting_store.h"
#include "returns/refund_flow.h"
#include "returns/return_command_flow.h"
#include "returns/return_http.h"
#include "returns/return_rule_store.h"
#include "returns/return_undo_store.h"

struct card {
    struct request         *rq;
    struct return_view      view;
    struct return_row       row;
    struct order            order;      /* id not set: the order is not known */
    struct rma_line_list    lines;
    struct rma_step_list    history;
    struct refund_list      refunds;
    struct posting_list     postings;   /* for whoever keeps the books */
    struct claim_list       claims;
    struct return_term_list terms;
    struct return_row_list  others;     /* of the same person */
    struct return_rules     rules;
    struct return_undo_row  undo;       /* the last step, while it may be taken back by who asks */
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

static bool load_undo(struct card *c, rid id, struct err *err)
{
    struct work *w = &c->rq->work;
    if (!return_undo_live(w->db, id, w->now, w->arena, &c->undo, err))
        return false;
    bool mine = str_is(c->undo.actor_kind, actor_kind_names[w->actor.kind]) && id_eq(c->undo.actor_id, w->actor.id);
    bool late = !str_is(c->undo.to_state, return_state_names[c->row.r.state]);
    if (late || (!mine && !permission_in(c->rq->who.permissions, PERM_RETURNS_DECIDE)))
        c->undo = (struct return_undo_row){ 0 };
    return true;
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
           claims_of(db, id, a, &c->claims, err) && return_terms_load(db, a, &c->terms, err) && return_rules_load(db, a, &c->rules, err) &&
           (!permission_in(c->rq->who.permissions, PERM_RETURNS_CONFIRM) || postings_of_return(db, id, a, &c->postings, err)) &&
           load_undo(c, id, err) && load_order(c, err);
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
    json_instant(j, "wake_at", r->wake_at);
    json_bool(j, "joined", r->own_name.len > 0);
    json_text_or_null(j, "undo", c->undo.token);
    json_instant(j, "hold_until", c->undo.token.len ? c->undo.expires_at : (instant){ 0 });
}

/* By when, and why then: the rule, its calendar, how many minutes of which day. */
static void write_deadline(struct json_out *j, const struct card *c)
{
    const struct rma   *r    = &c->row.r;
    const struct shop  *shop = c->rq->work.shop;
    struct sla_question q;
    str                 source;
    if (!r->deadline_step.len || !return_question(r, &c->terms, shop->country, &q, &source)) {
        json_null(j, "deadline");
        return;
    }
    struct sla_answer a = sla_ask(&shop->book, &q);
    json_begin(j, "deadline", '{');
    json_text(j, "step", r->deadline_step);
    json_text(j, "policy", a.policy ? a.policy->name : STR(""));
    json_instant(j, "started_at", q.began);
    json_instant(j, "due_at", r->deadline_at);
    json_instant(j, "yellow_at", r->yellow_at);
    json_instant(j, "red_at", r->red_at);
    json_number(j, "total_min", r->deadline_total / MINUTE_MS);
    json_text(j, "state", a.paused ? STR("paused") : STR("running"));
    json_text(j, "zone", str_of(sla_zone_names[r->zone]));
    json_text(j, "source", a.from_channel ? STR("channel") : STR("policy"));
    sla_explain(&shop->book, &q, &a, j, "explain");
    json_end(j);
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
        json_bool(j, "needs_second", m->state == REFUND_PROPOSED && refund_needs_second(c->rq->work.shop, &c->rules, m, &c->row.r));
        json_bool(j, "mine", id_is_set(m->proposed_by) && !c->rq->who.is_key && id_eq(m->proposed_by, c->rq->who.user_id));
        json_end(j);
    }
    json_end(j);
    json_begin(j, "postings", '[');
    for (int i = 0; i < c->postings.count; i++) {
        json_begin(j, NULL, '{');
        posting_members(j, &c->postings.at[i], c->rq->work.shop, c->rq->work.arena, c->view.prices);
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
    [RACT_ASK] = PERM_RETURNS_DECIDE, [RACT_KEEP] = PERM_RETURNS_DECIDE, [RACT_KEEP_PART] = PERM_RETURNS_DECIDE, [RACT_RECEIVE] = PERM_RETURNS_INSPECT,
    [RACT_LOSE] = PERM_RETURNS_DECIDE, [RACT_INSPECT] = PERM_RETURNS_INSPECT, [RACT_ACCEPT] = PERM_RETURNS_DECIDE,
    [RACT_PARTIAL] = PERM_RETURNS_DECIDE, [RACT_SEND_BACK] = PERM_RETURNS_DECIDE, [RACT_EXCHANGE] = PERM_RETURNS_DECIDE,
    [RACT_REPLACE] = PERM_RETURNS_DECIDE, [RACT_REFUND] = PERM_RETURNS_REFUND, [RACT_CLOSE] = PERM_RETURNS_DECIDE,
    [RACT_CANCEL] = PERM_RETURNS_DECIDE, [RACT_DISPOSE] = PERM_RETURNS_INSPECT,
};

enum permission return_action_right(enum return_action action) { return needs[action]; }

/* The second person of a refund may have no other right to money. */
static bool may_ask(const struct request *rq, enum return_action action)
{
    return permission_in(rq->who.permissions, needs[action]) || (action == RACT_REFUND && permission_in(rq->who.permissions, PERM_RETURNS_CONFIRM));
}

static void write_actions(struct json_out *j, const struct card *c)
{
    json_begin(j, "actions", '[');
    for (int i = 0; i < RETURN_ACTION_COUNT; i++) {
        if (!may_ask(c->rq, (enum return_action)i))
            continue;
        json_begin(j, NULL, '{');
        json_text(j, "action", str_of(return_action_names[i]));
        json_bool(j, "allowed", return_may(c->row.r.state, (enum return_action)i) &&
                                     return_market_allows(c->rq->work.shop, &c->row.r, (enum return_action)i));
        json_end(j);
    }
    json_end(j);
}

bool return_card_reply(struct request *rq, struct reply *rp, rid id, struct err *err)
{
    struct card c = { .rq = rq, .view = request_return_view(rq) };
    if (!load(&c, id, err))
        return false;
    struct json_out j = reply_json(rq, rp);
    json_begin(&j, NULL, '{');
    return_row_members(&j, &c.row, &c.view);
    write_words(&j, &c);
    write_deadline(&j, &c);
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

bool return_card_after(struct request *rq, struct reply *rp, rid id, bool done, struct err *err)
{
    struct err other = { 0 };
    if (!done && err->code != ERR_VERSION_OLD)
        return false;
    return return_card_reply(rq, rp, id, done ? err : &other) && done;
}

static bool card_get(struct request *rq, struct reply *rp, struct err *err)
{
    rid id;
    return path_id(rq, "id", &id, err) && return_card_reply(rq, rp, id, err);
}

#define LINES_MAX 200

static bool read_choice(const struct json *line, const char *name, const char *const *names, int *out, struct err *err)
{
    str word = json_str(json_get(line, name));
    *out = word.len ? name_find(names, word) : 0;
    return *out >= 0 || err_add(err, "lines", "there is no %s \"%.*s\"", name, STR_ARG(utf8_cut(word, 40)));
}

static bool read_sum(const struct json *in, const char *name, bool *has, amount *out, struct err *err)
{
    const struct json *v = json_get(in, name);
    *has = !json_is_null(v);
    return !*has || (v->kind == JSON_TEXT && amount_parse(v->text, out)) || err_add(err, name, "must be an amount such as \"1500.00\"");
}

static bool read_lines(const struct json *list, struct arena *a, struct return_input_line_list *out, struct err *err)
{
    bool ok = true;
    if (json_is_null(list))
        return true;
    if (list->kind != JSON_ARRAY || list->count > LINES_MAX)
        return err_add(err, "lines", "must be a list of at most %d lines", LINES_MAX);
    JSON_EACH(l, list) {
        struct return_input_line *line = return_input_line_list_add(out, a);
        int condition, disposition;
        if (!json_int(json_get(l, "line"), &line->line) || !json_int(json_get(l, "qty"), &line->qty) || line->qty < 0)
            ok = err_add(err, "lines", "each has a line and a qty");
        ok = read_choice(l, "condition", return_condition_names, &condition, err) && ok;
        ok = read_choice(l, "disposition", return_disposition_names, &disposition, err) && ok;
        ok = read_sum(l, "amount", &line->has_amount, &line->amount, err) && ok;
        line->condition   = (enum return_condition)(condition < 0 ? 0 : condition);
        line->disposition = (enum return_disposition)(disposition < 0 ? 0 : disposition);
    }
    return ok;
}

static bool act_read(struct request *rq, struct return_input *a, struct err *err)
{
    const struct json *in     = rq->json;
    int                action = name_find(return_action_names, json_str(json_get(in, "action")));
    bool               ok     = true;
    *a = (struct return_input){
        .accounts = rq->who.accounts, .accounts_count = rq->who.accounts_count, .hold_s = rq->who.hold_s,
        .text = str_trim(json_str(json_get(in, "text"))), .pays = permission_in(rq->who.permissions, PERM_RETURNS_REFUND),
        .confirms = permission_in(rq->who.permissions, PERM_RETURNS_CONFIRM),
    };
    if (action < 0)
        ok = err_add(err, "action", "there is no such step");
    if (!json_int(json_get(in, "version"), &a->version) || a->version < 1)
        ok = err_add(err, "version", "must be the version of the return that was seen");
    if (a->text.len > 2000)
        ok = err_add(err, "text", "must be 2000 bytes or less");
    ok = read_sum(in, "amount", &a->has_amount, &a->amount, err) && ok;
    ok = read_lines(json_get(in, "lines"), rq->work.arena, &a->lines, err) && ok;
    if (!ok)
        return false;
    a->action = (enum return_action)action;
    return may_ask(rq, a->action) || err_set(err, ERR_FORBIDDEN, "action", "this needs the right \"%s\"", permission_names[needs[a->action]]);
}

/* Who does not see sums does not set them, and who only inspects has his own part of the queue. */
static bool act_allowed(struct request *rq, rid id, const struct return_input *a, struct err *err)
{
    struct return_scope    scope = request_return_scope(rq);
    struct return_row_list rows  = { 0 };
    bool sums = a->has_amount;
    for (int i = 0; i < a->lines.count; i++)
        sums |= a->lines.at[i].has_amount;
    if (sums && !permission_in(rq->who.permissions, PERM_PRICES_SEE))
        return err_set(err, ERR_FORBIDDEN, "amount", "this needs the right \"%s\"", permission_names[PERM_PRICES_SEE]);
    if (!return_rows_by_ids(rq->work.db, &id, 1, &scope, rq->work.arena, &rows, err))
        return false;
    return rows.count || err_set(err, ERR_NOT_FOUND, "id", "there is no such return");
}

static bool act_post(struct request *rq, struct reply *rp, struct err *err)
{
    struct return_input a;
    rid                 id;
    if (!path_id(rq, "id", &id, err) || !act_read(rq, &a, err) || !act_allowed(rq, id, &a, err))
        return false;
    return return_card_after(rq, rp, id, return_do(&rq->work, id, &a, err), err);
}

const struct route return_card_routes[] = {
    { HTTP_GET, "/api/returns/{id}", PERM_RETURNS_SEE, card_get, .reply_schema = "ReturnCard", .tag = "returns",
      .doc = "One return with its order, lines, money, claims, history, what window is left and what may be done" },
    { HTTP_POST, "/api/returns/{id}/act", PERM_RETURNS_SEE, act_post, .json = true, .body_schema = "ReturnAct", .reply_schema = "ReturnCard", .creates = true,
      .tag = "returns", .doc = "Take one step with a return; each step needs its own right" },
    { .method = HTTP_NONE },
};
