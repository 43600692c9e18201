#include "orders/rule_day.h"

enum course { NOT_BEGUN, RUNS, IS_DONE, IS_UNKNOWN };

/* How far the order has come with a step, and when that was over. */
static enum course course_of(const struct day_order *o, enum sla_step step, instant *end)
{
    enum sla_step at = order_step(o->status);
    bool cancelled   = o->status == HUB_CANCELLED;
    if (at < step || (step == SLA_ASSEMBLE && !instant_is_set(o->confirmed_at)) ||
        (step == SLA_HAND_OVER && cancelled && !instant_is_set(o->ready_at)))
        return NOT_BEGUN;
    if (at == step)
        return RUNS;
    *end = step == SLA_CONFIRM ? o->confirmed_at : step == SLA_ASSEMBLE ? o->ready_at : o->handed_at;
    if (cancelled && !instant_is_set(*end))
        *end = o->cancelled_at;
    return instant_is_set(*end) && end->ms != o->created_at.ms ? IS_DONE : IS_UNKNOWN;
}

/* The question as the order put it, or puts it still. */
static bool question_of(const struct day_order *d, enum sla_step step, enum course course, struct sla_question *out)
{
    static const enum hub_status during[] = { [SLA_CONFIRM] = HUB_NEW, [SLA_ASSEMBLE] = HUB_ASSEMBLING, [SLA_HAND_OVER] = HUB_READY_TO_SHIP };
    struct order o = {
        .account_id = d->account_id, .channel = d->channel, .scheme = d->scheme, .status = during[step], .sort_at = d->sort_at,
        .confirmed_at = d->confirmed_at, .channel_confirm_by = d->channel_confirm_by, .channel_ship_by = d->channel_ship_by,
    };
    if (course == RUNS) {
        o.status         = d->status;
        o.marks          = d->marks;
        o.deadline_step  = d->deadline_step;
        o.deadline_start = d->deadline_start;
        o.deadline_used  = d->deadline_used;
    }
    return order_question(&o, out);
}

void rule_day_count(const struct sla_book *book, const struct day_order_list *orders, enum sla_step step, instant now,
                    struct rule_tally *tallies, int64_t *unknown)
{
    for (int i = 0; i < orders->count; i++) {
        const struct day_order *o = &orders->at[i];
        struct sla_question q = { 0 };
        instant     end    = now;
        enum course course = course_of(o, step, &end);
        *unknown += course == IS_UNKNOWN;
        if (course == NOT_BEGUN || course == IS_UNKNOWN || !question_of(o, step, course, &q))
            continue;
        if (!instant_is_set(q.start))
            q.start = now;
        struct sla_answer a = sla_ask(book, &q);
        if (!a.policy)
            continue;
        struct rule_tally *t = &tallies[a.policy - book->policies.at];
        enum sla_zone zone   = sla_zone_at(&a, end);
        t->orders++;
        t->red += zone == ZONE_RED || zone == ZONE_BREACHED;
        t->missed += zone == ZONE_BREACHED;
    }
}
