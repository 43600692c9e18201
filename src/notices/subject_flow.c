#include "notices/subject_flow.h"

#include "deadlines/shop.h"
#include "orders/order_store.h"
#include "returns/claim_clock_store.h"
#include "returns/return_store.h"

static bool load_orders(struct db *db, const rid *ids, int count, struct arena *a, struct subject_list *out, struct err *err)
{
    struct order_list list = { 0 };
    if (!orders_by_ids(db, ids, count, a, &list, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        const struct order *o = &list.at[i];
        *subject_list_add(out, a) = (struct subject){
            .kind = SUBJECT_ORDER, .id = o->id, .number = o->number, .channel = o->channel, .account_id = o->account_id,
            .assignee_id = o->assignee_id, .policy_id = o->policy_id, .step = o->deadline_step, .term = o->deadline_step,
            .deadline_at = o->deadline_at, .zone = o->zone, .closed = o->closed, .sum = o->grand_total, .currency = o->currency,
        };
    }
    return true;
}

/* People know a return by its order. */
static bool load_returns(struct db *db, const rid *ids, int count, struct arena *a, struct subject_list *out, struct err *err)
{
    struct rma_list list = { 0 };
    if (!returns_by_ids(db, ids, count, a, &list, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        const struct rma *r = &list.at[i];
        *subject_list_add(out, a) = (struct subject){
            .kind = SUBJECT_RETURN, .id = r->id, .number = r->order_number.len ? r->order_number : r->external_id, .channel = r->channel,
            .account_id = r->account_id, .assignee_id = r->assignee_id, .step = r->deadline_step, .term = r->deadline_step,
            .deadline_at = r->deadline_at, .zone = r->zone, .closed = r->closed, .sum = r->refund_amount, .currency = r->currency,
        };
    }
    return true;
}

static bool load_claims(struct db *db, const rid *ids, int count, struct arena *a, struct subject_list *out, struct err *err)
{
    static const char   step[] = "answer_claim";
    struct claim_due_list list = { 0 };
    if (!claims_due_by_ids(db, ids, count, a, &list, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        const struct claim_due *d = &list.at[i];
        *subject_list_add(out, a) = (struct subject){
            .kind = SUBJECT_CLAIM, .id = d->clock.claim_id, .number = d->number, .channel = d->channel, .account_id = d->clock.account_id,
            .assignee_id = d->assignee_id, .step = str_of(step), .term = str_print(a, "%s:%lld", step, (long long)d->clock.deadline_at.ms),
            .deadline_at = d->clock.deadline_at, .zone = d->clock.zone, .sum = d->sum, .currency = d->currency,
        };
    }
    return true;
}

bool subjects_load(struct db *db, enum subject_kind kind, const rid *ids, int count, struct arena *a, struct subject_list *out, struct err *err)
{
    static bool (*const loaders[])(struct db *, const rid *, int, struct arena *, struct subject_list *, struct err *) = {
        [SUBJECT_ORDER] = load_orders, [SUBJECT_RETURN] = load_returns, [SUBJECT_CLAIM] = load_claims };
    _Static_assert(COUNT_OF(loaders) == SUBJECT_KIND_COUNT, "a loader per kind");
    return !count || loaders[kind](db, ids, count, a, out, err);
}

const struct calendar *subject_calendar(const struct work *w, const struct subject *s)
{
    const struct policy_list *list = &w->shop->book.policies;
    int                       step = name_find(sla_step_names, s->step);
    for (int i = 0; i < list->count && id_is_set(s->policy_id); i++)
        if (id_eq(list->at[i].id, s->policy_id))
            return list->at[i].calendar;
    if (step < 0 || id_is_set(s->policy_id))
        return NULL;
    const struct sla_question q = { .channel = s->channel, .account_id = s->account_id, .step = (enum sla_step)step, .began = w->now, .start = w->now };
    struct sla_answer a = sla_ask(&w->shop->book, &q);
    return a.policy ? a.policy->calendar : NULL;
}
