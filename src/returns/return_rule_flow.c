#include "returns/return_rule_flow.h"

#include "deadlines/shop.h"
#include "returns/return_rule_store.h"

/* Money of a cancellation, of a refusal at the door and of an exchange is not the rule's. */
static bool is_for_rule(const struct rma *r)
{
    return r->state == RETURN_REQUESTED && !r->rule_inputs.len && (r->kind == RETURN_GOODS || r->kind == RETURN_DEFECT || r->kind == RETURN_NOT_ORDERED);
}

static bool group_of(struct db *db, const struct work *w, str reason, str *out, struct err *err)
{
    struct reason_list reasons = { 0 };
    *out = STR("");
    if (!reasons_all(db, w->arena, &reasons, err))
        return false;
    for (int i = 0; i < reasons.count; i++)
        if (str_eq(reasons.at[i].code, reason))
            *out = reasons.at[i].group;
    return true;
}

static void read_lines(const struct return_edit *e, const struct return_rules *rules, struct return_case *c)
{
    for (int i = 0; i < e->lines.count; i++) {
        const struct rma_line *l = &e->lines.at[i];
        int64_t                unit = l->qty > 0 ? (l->amount.minor + l->qty - 1) / l->qty : l->amount.minor;
        if (unit > c->unit_price.minor)
            c->unit_price.minor = unit;
        for (int k = 0; k < rules->not_returnable.count && !c->banned.len; k++)
            if (l->article.len && str_eq(l->article, rules->not_returnable.at[k]))
                c->banned = l->article;
    }
}

static bool case_read(struct db *db, const struct work *w, const struct return_edit *e, const struct order *o, const struct return_ground *g,
                      struct return_case *c, struct err *err)
{
    instant delivered = { 0 };
    *c = (struct return_case){ .requested_at = e->now.requested_at, .currency = e->now.currency, .shop_currency = w->shop->currency,
                               .buyer_known = id_is_set(o->customer_id) };
    read_lines(e, &g->rules, c);
    if (!group_of(db, w, e->now.reason, &c->group, err) || !order_delivered_at(db, o->id, &delivered, err))
        return false;
    c->window_until = return_window(&g->terms, e->now.channel, w->shop->country, delivered, &c->window_source);
    instant since   = instant_add(w->now, -g->rules.period_days * DAY_MS);
    if (c->buyer_known && !buyer_habit(db, o->customer_id, since, e->now.id, &c->orders, &c->returns, err))
        return false;
    return claims_open_of(db, o->id, o->customer_id, &c->open_claims, err);
}

bool return_rule_decide(struct db *db, struct work *w, struct return_edit *e, const struct order *o, const struct return_ground *g, struct err *err)
{
    struct return_case  c;
    struct return_input in = { .action = RACT_APPROVE, .hold_s = -1 };
    if (!g->rules.active || !is_for_rule(&e->now))
        return true;
    if (!e->lines.count && !return_lines_of(db, &e->now.id, 1, w->arena, &e->lines, err))
        return false;
    if (!case_read(db, w, e, o, g, &c, err))
        return false;
    enum return_why why = return_rule_ask(&g->rules, &c);
    e->now.rule_inputs  = return_rule_inputs(w->arena, &g->rules, &c, why);
    if (why != WHY_OK)
        return true;
    struct actor person = w->actor;
    w->actor     = (struct actor){ .kind = ACTOR_RULE, .name = STR(RETURN_RULE_APPROVE) };
    bool ok      = return_step_take(db, w, e, &in, g, err);
    e->now.rule  = STR(RETURN_RULE_APPROVE);
    w->actor     = person;
    return ok;
}
