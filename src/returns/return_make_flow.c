#include "returns/return_make_flow.h"

#include "accounts/audit.h"
#include "base/json_write.h"
#include "deadlines/shop.h"
#include "returns/return_rule_flow.h"

const char *const return_resolution_names[] = { [RESOLVE_REFUND] = "refund", [RESOLVE_EXCHANGE] = "exchange", [RESOLVE_KEEP] = "keep", NULL };
_Static_assert(COUNT_OF(return_resolution_names) == RETURN_RESOLUTION_COUNT + 1, "a name per resolution");

struct making { struct work *w; const struct return_make *in; rid *id; };

str returnable_refusal(const struct returnable *g)
{
    enum hub_status s = g->order.status;
    if (g->market && g->order.scheme == SCHEME_FBO)
        return STR("the goods are from the marketplace's own warehouse: it takes them back itself");
    if (s == HUB_CANCELLED)
        return STR("the order was cancelled");
    if (s != HUB_DELIVERED && s != HUB_COMPLETED && s != HUB_PARTLY_RETURNED && s != HUB_RETURNED)
        return STR("the order has not been delivered: cancel it instead");
    for (int i = 0; i < g->lines.count; i++)
        if (returnable_left(g, i) > 0)
            return STR("");
    return g->lines.count ? STR("everything of the order has come back or is on its way") : STR("the order's goods are not known");
}

static bool reason_known(struct db *db, const struct work *w, str code, str *group, struct err *err)
{
    struct reason_list reasons = { 0 };
    if (!reasons_all(db, w->arena, &reasons, err))
        return false;
    for (int i = 0; i < reasons.count; i++)
        if (str_eq(reasons.at[i].code, code)) {
            *group = reasons.at[i].group;
            return true;
        }
    return err_add(err, "reason", "is not a code of a reason");
}

static bool take_lines(const struct making *m, const struct returnable *g, struct return_edit *e, struct err *err)
{
    bool ok = true;
    for (int i = 0; i < m->in->lines.count; i++) {
        const struct return_make_line *l = &m->in->lines.at[i];
        int                            k = returnable_find(g, l->line);
        struct unit_refund             sum = { 0 };
        char                           where[40];
        str                            name = str_print(m->w->arena, "lines.%d.qty", i);
        memcpy(where, name.at, name.len);
        where[name.len] = 0;
        for (int n = 0; n < i; n++)
            if (m->in->lines.at[n].line == l->line)
                ok = err_add(err, where, "this line is named twice");
        if (k < 0 || l->qty < 1 || l->qty > returnable_left(g, k)) {
            ok = err_add(err, where, "%lld units of this line may still come back", (long long)(k < 0 ? 0 : returnable_left(g, k)));
            continue;
        }
        if (!returnable_refund(g, k, l->qty, &sum, err))
            return false;
        const struct order_line *o = &g->lines.at[k];
        *rma_line_list_add(&e->lines, m->w->arena) = (struct rma_line){
            .return_id = e->now.id, .line = e->lines.count, .order_line = o->line, .external_offer_id = o->external_offer_id, .article = o->article,
            .title = o->title, .qty = l->qty, .amount = sum.money,
        };
        e->lines.at[e->lines.count - 1].line = e->lines.count;
        e->now.units += l->qty;
        e->now.refund_amount.minor += sum.money.minor;
    }
    e->lines_changed = true;
    return ok;
}

static enum return_kind kind_of(enum return_resolution r, str group)
{
    if (r == RESOLVE_EXCHANGE)
        return RETURN_EXCHANGE;
    if (str_is(group, return_group_names[GROUP_DEFECT]))
        return RETURN_DEFECT;
    return str_is(group, return_group_names[GROUP_WRONG_ITEM]) ? RETURN_NOT_ORDERED : RETURN_GOODS;
}

static struct rma newborn(const struct making *m, const struct returnable *g, str group)
{
    struct work *w = m->w;
    struct rma   r = {
        .id = work_id(w), .account_id = g->order.account_id, .channel = g->order.channel, .order_id = g->order.id,
        .order_external = g->order.external_id, .order_number = g->order.number, .kind = kind_of(m->in->resolution, group),
        .state = RETURN_REQUESTED, .reason = m->in->reason, .buyer_text = m->in->text, .currency = g->order.currency, .zone = ZONE_NONE,
        .requested_at = w->now, .created_at = w->now, .state_at = w->now, .created_by = w->actor.id,
        .route = m->in->resolution == RESOLVE_KEEP ? ROUTE_KEEP : ROUTE_TO_SELLER,
    };
    r.external_id = str_print(w->arena, "own:%lld", (long long)r.id.v);
    return r;
}

static str made_json(struct arena *a, const struct return_edit *e)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "order_id", e->now.order_id);
    json_text(&j, "state", str_of(return_state_names[e->now.state]));
    json_text(&j, "reason", e->now.reason);
    json_number(&j, "units", e->now.units);
    json_end(&j);
    return buf_str(&b);
}

/* Whoever decides has decided; else the rule may. */
static bool decide(struct db *db, struct making *m, struct return_edit *e, const struct return_ground *ground, const struct returnable *g, struct err *err)
{
    struct return_input in = { .action = m->in->resolution == RESOLVE_KEEP ? RACT_KEEP : RACT_APPROVE, .hold_s = m->in->hold_s, .makes = true,
                               .out = m->in->out };
    if (m->in->decides)
        return return_step_take(db, m->w, e, &in, ground, err);
    return_edit_step(e, m->w, RETURN_REQUESTED, NULL, 0, RETURN_REQUESTED, false, STR(""));
    return m->in->resolution != RESOLVE_REFUND || return_rule_decide(db, m->w, e, &g->order, ground, err);
}

static bool make_tx(struct db *db, void *ctx, struct err *err)
{
    struct making       *m      = ctx;
    struct work         *w      = m->w;
    struct returnable    g      = { 0 };
    struct return_ground ground = { 0 };
    struct return_edit   e      = { .is_new = true };
    str                  group  = { 0 };
    bool                 seen   = m->in->accounts_count == 0;

    if (!returnable_load(db, w, m->in->order_id, (rid){ 0 }, &g, err))
        return false;
    for (int i = 0; i < m->in->accounts_count; i++)
        seen |= id_eq(m->in->accounts[i], g.order.account_id);
    if (!seen)
        return err_set(err, ERR_NOT_FOUND, "id", "there is no such order");
    str refusal = returnable_refusal(&g);
    if (refusal.len)
        return err_set(err, ERR_ACTION_REFUSED, "order_id", "%.*s", STR_ARG(refusal));
    if (!reason_known(db, w, m->in->reason, &group, err) || !return_ground_read(db, w, &ground, err))
        return false;
    e.now = newborn(m, &g, group);
    if (!take_lines(m, &g, &e, err))
        return false;
    e.now.lines_count = e.lines.count;
    e.now.title       = e.lines.at[0].title.len ? e.lines.at[0].title : e.lines.at[0].article;
    *m->id            = e.now.id;
    return decide(db, m, &e, &ground, &g, err) && return_step_save(db, w, &e, &ground, err) &&
           audit_write(db, w, STR("return.make"), STR("return"), e.now.id, STR(""), made_json(w->arena, &e), err);
}

bool return_make(struct work *w, const struct return_make *in, rid *id, struct err *err)
{
    struct making m = { w, in, id };
    if (!in->lines.count)
        return err_add(err, "lines", "say what comes back");
    return db_tx(w->db, make_tx, &m, err);
}
