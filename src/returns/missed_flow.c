#include "returns/missed_flow.h"

#include "deadlines/shop.h"
#include "orders/outcome_flow.h"

static const char RETURN[] = "return", CLAIM[] = "claim";

static bool add(struct db *db, const struct work *w, struct violation *v, bool came_late, struct err *err)
{
    struct int_list down = { 0 };
    if (!accounts_down(db, w->arena, &down, err))
        return false;
    v->cause = violation_cause_of(v->account_id, v->person_id, came_late, false, &down);
    return violation_add(db, v, err);
}

bool return_missed(struct db *db, const struct work *w, const struct rma *was, const struct rma *now, bool is_new, struct err *err)
{
    bool before = !is_new && was->zone == ZONE_BREACHED, is = now->zone == ZONE_BREACHED;
    bool same   = before && is && str_eq(was->deadline_step, now->deadline_step);
    if (before && !same && !violation_end(db, str_of(RETURN), was->id, was->deadline_step, w->now, err))
        return false;
    if (!is || same)
        return true;
    struct violation v = { .object = str_of(RETURN), .object_id = now->id, .step = now->deadline_step, .account_id = now->account_id,
                           .person_id = now->assignee_id, .at = now->deadline_at, .number = now->order_number.len ? now->order_number : now->external_id };
    return add(db, w, &v, is_new, err);
}

/* Each day that a claim is answered by is a deadline of its own. */
static str term_of(struct arena *a, const struct claim_clock *k)
{
    return str_print(a, "%s:%lld", sla_step_names[SLA_ANSWER_CLAIM], (long long)k->deadline_at.ms);
}

bool claim_missed(struct db *db, const struct work *w, const struct claim_clock *k, bool came_late, struct err *err)
{
    struct claim_due_list list = { 0 };
    if (!claims_due_by_ids(db, &k->claim_id, 1, w->arena, &list, err) || !list.count)
        return !err_is_set(err);
    struct violation v = { .object = str_of(CLAIM), .object_id = k->claim_id, .step = term_of(w->arena, k), .account_id = k->account_id,
                           .person_id = list.at[0].assignee_id, .at = k->deadline_at, .number = list.at[0].number };
    return add(db, w, &v, came_late, err);
}

bool claim_missed_end(struct db *db, const struct work *w, const struct claim_clock *k, struct err *err)
{
    return k->zone != ZONE_BREACHED || violation_end(db, str_of(CLAIM), k->claim_id, term_of(w->arena, k), w->now, err);
}
