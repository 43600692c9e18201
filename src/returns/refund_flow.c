#include "returns/refund_flow.h"

#include "accounts/user_store.h"
#include "base/json_write.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "returns/posting_store.h"
#include "returns/returnable_flow.h"

static str refund_data(struct arena *a, const struct refund *m)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", m->id);
    json_id(&j, "return_id", m->return_id);
    json_id(&j, "order_id", m->order_id);
    json_text(&j, "state", str_of(refund_state_names[m->state]));
    json_amount_text(&j, "amount", m->amount);
    json_amount_text(&j, "delivery", m->delivery);
    json_amount_text(&j, "points", m->points);
    json_text(&j, "currency", m->currency);
    json_bool(&j, "by_market", m->by_market);
    json_end(&j);
    return buf_str(&b);
}

/* What the ledger does not say yet of this refund is written there. */
static bool post(struct db *db, const struct work *w, const struct refund *m, struct err *err)
{
    struct posting_list written = { 0 }, lines = { 0 };
    if (!postings_of_refund(db, m->id, w->arena, &written, err))
        return false;
    refund_postings(m, &written, w->now, w->arena, &lines);
    for (int i = 0; i < lines.count; i++)
        if (!posting_insert(db, &lines.at[i], err))
            return false;
    return true;
}

/* The row's lines in the ledger, and a word for whoever listens. */
static bool saved(struct db *db, const struct work *w, const struct refund *m, struct err *err)
{
    return post(db, w, m, err) &&
           event_add(db, w->now, STR("refund"), m->account_id, m->return_id, refund_data(w->arena, m), err);
}

/* The row that is alive; *found false: there is none. */
static bool live_row(struct db *db, const struct work *w, rid return_id, struct refund *out, bool *found, struct err *err)
{
    struct refund_list list = { 0 };
    *found = false;
    if (!refunds_of(db, return_id, w->arena, &list, err))
        return false;
    for (int i = 0; i < list.count; i++)
        if (list.at[i].state != REFUND_CANCELLED) {
            *out   = list.at[i];
            *found = true;
        }
    return true;
}

static bool our_fault(struct db *db, const struct work *w, str reason, bool *out, struct err *err)
{
    struct reason_list reasons = { 0 };
    *out = false;
    if (!reasons_all(db, w->arena, &reasons, err))
        return false;
    for (int i = 0; i < reasons.count; i++)
        if (str_eq(reasons.at[i].code, reason))
            *out = str_is(reasons.at[i].fault, return_fault_names[FAULT_SELLER]) || str_is(reasons.at[i].fault, return_fault_names[FAULT_CARRIER]);
    return true;
}

static bool is_everything(const struct returnable *g, const struct rma_line_list *lines)
{
    for (int i = 0; i < g->lines.count; i++) {
        int64_t units = g->held[i].qty;
        for (int k = 0; k < lines->count; k++)
            units += lines->at[k].order_line == g->lines.at[i].line && lines->at[k].condition != CONDITION_MISSING ? lines->at[k].qty : 0;
        if (units < g->lines.at[i].qty)
            return false;
    }
    return g->lines.count > 0;
}

/* What the order lets pay back: goods, and delivery where everything comes back by our fault or the carrier's. */
static bool owed(struct db *db, struct work *w, struct return_edit *e, bool with_delivery, struct refund *m, struct err *err)
{
    struct returnable g     = { 0 };
    amount            other = { 0 }, carried = { 0 };      /* what other returns of the order are paid; of it for delivery */
    bool              fault = false;
    if (!id_is_set(e->now.order_id))
        return true;
    if (!returnable_load(db, w, e->now.order_id, e->now.id, &g, err) || !refunds_of_order(db, e->now.order_id, e->now.id, &other, &carried, err) ||
        !our_fault(db, w, e->now.reason, &fault, err))
        return false;
    m->by_market = g.market;
    if (with_delivery && g.order.delivery_total.minor > carried.minor)
        m->delivery = delivery_refund((amount){ g.order.delivery_total.minor - carried.minor }, is_everything(&g, &e->lines), fault);
    m->amount.minor += m->delivery.minor;
    int64_t room = g.whole.minor + g.order.delivery_total.minor - other.minor;
    if (g.order.has_total && room > g.order.grand_total.minor - other.minor)
        room = g.order.grand_total.minor - other.minor;
    if (m->amount.minor > room)
        m->amount.minor = room > 0 ? room : 0;
    if (m->delivery.minor > m->amount.minor)
        m->delivery = m->amount;
    return true;
}

static bool row_make(struct db *db, struct work *w, struct return_edit *e, bool with_delivery, amount goods, struct refund *m, struct err *err)
{
    if (!e->lines.count && !return_lines_of(db, &e->now.id, 1, w->arena, &e->lines, err))
        return false;
    *m = (struct refund){
        .id = work_id(w), .return_id = e->now.id, .order_id = e->now.order_id, .account_id = e->now.account_id, .amount = goods,
        .currency = e->now.currency, .state = REFUND_PROPOSED, .version = 1, .created_at = w->now, .updated_at = w->now,
    };
    if (w->actor.kind == ACTOR_USER)
        m->proposed_by = w->actor.id;
    if (!owed(db, w, e, with_delivery, m, err))
        return false;
    e->now.refund_amount = m->amount;
    return true;
}

bool refund_propose(struct db *db, struct work *w, struct return_edit *e, bool has_part, amount part, struct err *err)
{
    struct refund m;
    bool          found;
    if (!live_row(db, w, e->now.id, &m, &found, err) || found)
        return !err_is_set(err);
    if (has_part && (part.minor < 0 || part.minor > e->now.refund_amount.minor))
        return err_add(err, "amount", "must be from 0 to what the units of this return cost");
    if (!row_make(db, w, e, !has_part, has_part ? part : e->now.refund_amount, &m, err))
        return false;
    return !m.amount.minor || (refund_insert(db, &m, err) && saved(db, w, &m, err));
}

bool refund_needs_second(const struct shop *shop, const struct return_rules *rules, const struct refund *m, const struct rma *r)
{
    return (!m->by_market || r->route == ROUTE_KEEP) && (!str_eq(m->currency, shop->currency) || m->amount.minor + m->points.minor > rules->refund_limit.minor);
}

bool refund_waits(struct db *db, const struct work *w, const struct rma *r, const struct return_rules *rules, bool *out, struct err *err)
{
    struct refund m;
    bool          found;
    *out = false;
    if (!live_row(db, w, r->id, &m, &found, err))
        return false;
    *out = found && m.state == REFUND_PROPOSED && refund_needs_second(w->shop, rules, &m, r);
    return true;
}

/* Is there nobody else who might be the second person? */
static bool is_alone(struct db *db, const struct work *w, bool *out, struct err *err)
{
    struct user_list users = { 0 };
    *out = true;
    if (!user_all(db, w->arena, &users, err))
        return false;
    for (int i = 0; i < users.count; i++) {
        const struct user *u = &users.at[i];
        *out = *out && (id_eq(u->id, w->actor.id) || u->state != USER_ACTIVE || !permission_in(user_permissions(u), PERM_RETURNS_CONFIRM));
    }
    return true;
}

static bool may_approve(struct db *db, const struct work *w, const struct return_input *in, const struct refund *m, bool second, bool fresh,
                        bool *waits, struct err *err)
{
    bool person = w->actor.kind == ACTOR_USER, alone = false;
    bool other  = id_is_set(m->proposed_by) && !id_eq(m->proposed_by, w->actor.id);
    if (!in->pays && !(in->confirms && other && person))
        return err_set(err, ERR_FORBIDDEN, "action", "this needs the right \"%s\"", permission_names[PERM_RETURNS_REFUND]);
    if (!second || (in->confirms && other && person))
        return true;
    if (id_is_set(m->proposed_by) && !id_eq(m->proposed_by, w->actor.id))
        return err_set(err, ERR_FORBIDDEN, "action", "this needs the right \"%s\"", permission_names[PERM_RETURNS_CONFIRM]);
    if (!person || !is_alone(db, w, &alone, err))
        return err_is_set(err) ? false : err_set(err, ERR_FORBIDDEN, "action", "above the limit two persons pay back, not keys");
    if (alone)
        return true;
    if (id_is_set(m->proposed_by) && !fresh)
        return err_set(err, ERR_CONFLICT, "action", "whoever proposed cannot approve: paying back above the limit takes two persons");
    *waits = true;
    return true;
}

bool refund_approve(struct db *db, struct work *w, struct return_edit *e, const struct return_input *in, const struct return_rules *rules, bool *waits,
                    struct err *err)
{
    struct refund old, now;
    bool          found, fresh;
    *waits = false;
    if (!live_row(db, w, e->now.id, &old, &found, err))
        return false;
    fresh = !found;
    if (!found) {
        if (!refund_propose(db, w, e, in->has_amount, in->amount, err) || !live_row(db, w, e->now.id, &old, &found, err))
            return false;
        if (!found)
            return in->pays || err_set(err, ERR_FORBIDDEN, "action", "this needs the right \"%s\"", permission_names[PERM_RETURNS_REFUND]);
    }
    if (old.state != REFUND_PROPOSED)
        return true;
    now = old;
    if (!may_approve(db, w, in, &old, refund_needs_second(w->shop, rules, &old, &e->now), fresh, waits, err))
        return false;
    if (!*waits) {
        now.state       = REFUND_APPROVED;
        now.approved_by = w->actor.kind == ACTOR_USER ? w->actor.id : (rid){ 0 };
        now.approved_at = w->now;
    } else {
        now.proposed_by = w->actor.id;
    }
    now.updated_at = w->now;
    return refund_update(db, &old, &now, err) && saved(db, w, &now, err);
}

bool refund_withdraw(struct db *db, struct work *w, rid return_id, struct err *err)
{
    struct refund old, now;
    bool          found;
    if (!live_row(db, w, return_id, &old, &found, err) || !found)
        return !err_is_set(err);
    if (old.state != REFUND_PROPOSED)
        return err_set(err, ERR_UNDO_LATE, "token", "the money has been approved already");
    now            = old;
    now.state      = REFUND_CANCELLED;
    now.updated_at = w->now;
    return refund_update(db, &old, &now, err) && saved(db, w, &now, err);
}

bool refund_step_back(struct db *db, struct work *w, struct return_edit *e, enum return_state to, struct err *err)
{
    struct refund old, now;
    bool          found;
    if (!live_row(db, w, e->now.id, &old, &found, err) || !found)
        return !err_is_set(err);
    if (!e->lines.count && !return_lines_of(db, &e->now.id, 1, w->arena, &e->lines, err))
        return false;
    if (to != RETURN_REFUNDING && e->lines.count)
        e->now.refund_amount = return_lines_sum(&e->lines);
    now             = old;
    now.state       = to == RETURN_REFUNDING ? REFUND_PROPOSED : REFUND_CANCELLED;
    now.approved_by = (rid){ 0 };
    now.approved_at = (instant){ 0 };
    now.updated_at  = w->now;
    return old.state == REFUND_PAID || (refund_update(db, &old, &now, err) && saved(db, w, &now, err));
}

bool refund_by_market(struct db *db, struct work *w, struct return_edit *e, struct err *err)
{
    struct refund old, now;
    bool          found;
    if (!live_row(db, w, e->now.id, &old, &found, err))
        return false;
    if (found && old.state != REFUND_PROPOSED)
        return true;
    if (!found) {
        amount told = e->now.refund_amount;
        if (!row_make(db, w, e, false, told, &now, err))
            return false;
        if (now.amount.minor < told.minor && id_is_set(e->now.order_id))
            e->now.problem = str_print(w->arena, "the marketplace paid back more than was paid: %.*s", STR_ARG(amount_text(w->arena, told)));
        now.state       = REFUND_APPROVED;
        now.approved_at = w->now;
        now.by_market   = true;
        return !now.amount.minor || (refund_insert(db, &now, err) && saved(db, w, &now, err));
    }
    now             = old;
    now.state       = REFUND_APPROVED;
    now.approved_at = w->now;
    now.updated_at  = w->now;
    return refund_update(db, &old, &now, err) && saved(db, w, &now, err);
}
