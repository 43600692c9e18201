/* return_due.c - by when the next step of a return is due. Declared in return.h. */
#include "returns/return.h"
#include "returns/return_rule.h"

static bool term_holds(const struct return_term *t, str channel, str country, str step, instant at)
{
    return str_eq(t->step, step) && (!t->channel.len || str_eq(t->channel, channel)) && (!t->country.len || str_eq(t->country, country)) &&
           t->valid_from.ms <= at.ms && (!instant_is_set(t->valid_to) || at.ms < t->valid_to.ms);
}

static int term_weight(const struct return_term *t) { return (t->channel.len ? 2 : 0) + (t->country.len ? 1 : 0); }

const struct return_term *return_term_find(const struct return_term_list *terms, str channel, str country, str step, instant at)
{
    const struct return_term *best = NULL;
    for (int i = 0; i < terms->count; i++) {
        const struct return_term *t = &terms->at[i];
        if (!term_holds(t, channel, country, step, at))
            continue;
        if (!best || term_weight(t) > term_weight(best) || (term_weight(t) == term_weight(best) && t->valid_from.ms > best->valid_from.ms))
            best = t;
    }
    return best;
}

instant return_window(const struct return_term_list *terms, str channel, str country, instant delivered, str *source)
{
    const struct return_term *t = return_term_find(terms, channel, country, STR("window"), delivered);
    *source = t ? t->source : STR("");
    return t && instant_is_set(delivered) ? instant_add(delivered, t->days * DAY_MS) : (instant){ 0 };
}

enum sla_step return_step(enum return_state s)
{
    switch (s) {
    case RETURN_REQUESTED:
    case RETURN_CHECKING: return SLA_DECIDE_RETURN;
    case RETURN_RECEIVED:
    case RETURN_INSPECTED:
    case RETURN_PARTLY_APPROVED:
    case RETURN_REFUNDING: return SLA_REFUND;
    default: return SLA_STEP_COUNT;
    }
}

/* The decision is owed from the request on, the money from when the goods are back, or from the decision when none come back. */
static instant step_began(const struct rma *r, enum sla_step step)
{
    if (step == SLA_DECIDE_RETURN)
        return r->requested_at;
    if (instant_is_set(r->received_at))
        return r->received_at;
    return instant_is_set(r->decided_at) ? r->decided_at : r->requested_at;
}

static void due_clear(struct rma *r)
{
    r->deadline_step   = STR("");
    r->deadline_source = STR("");
    r->deadline_total  = 0;
    r->deadline_at = r->yellow_at = r->red_at = r->zone_next_at = (instant){ 0 };
    r->zone        = ZONE_NONE;
}

/* Money of a cancellation or of a refusal at the door is the market's matter: it has never been paid out to us. */
static bool clock_runs(const struct rma *r, enum sla_step step)
{
    return step != SLA_STEP_COUNT && !(step == SLA_REFUND && (r->kind == RETURN_CANCELLATION || r->kind == RETURN_REFUSAL));
}

bool return_question(const struct rma *r, const struct return_term_list *terms, str country, struct sla_question *q, str *source)
{
    enum sla_step step = return_step(r->state);
    *source = STR("");
    if (!clock_runs(r, step))
        return false;
    instant                   began = step_began(r, step);
    const struct return_term *term  = return_term_find(terms, r->channel, country, str_of(sla_step_names[step]), began);
    *q = (struct sla_question){ .channel = r->channel, .account_id = r->account_id, .step = step, .began = began, .start = began };
    if (step == SLA_DECIDE_RETURN)
        q->channel_by = r->channel_by;
    bool told = instant_is_set(q->channel_by);
    if (term && (!told || began.ms + term->days * DAY_MS < q->channel_by.ms)) {
        q->channel_by = instant_add(began, term->days * DAY_MS);
        *source       = term->source;
    } else if (told) {
        *source = STR("channel");
    }
    return true;
}

void return_deadline(struct rma *r, const struct sla_book *book, const struct return_term_list *terms, str country, instant now)
{
    struct sla_question q;
    str                 source;
    due_clear(r);
    r->due_rank = INT64_MAX;
    if (!return_question(r, terms, country, &q, &source))
        return;
    struct sla_answer answer = sla_ask(book, &q);
    if (!answer.has || !instant_is_set(answer.due))
        return;
    r->deadline_source = answer.policy && !answer.from_channel ? answer.policy->name : source;
    r->deadline_step   = str_of(sla_step_names[q.step]);
    r->deadline_total  = answer.total_ms;
    r->deadline_at     = answer.due;
    r->yellow_at       = answer.yellow;
    r->red_at          = answer.red;
    r->zone            = sla_zone_at(&answer, now);
    r->zone_next_at    = sla_next_change(&answer, now);
    r->due_rank        = answer.due.ms;
}

/* ---- what happens by itself ---- */

static void sooner(instant *at, instant other)
{
    if (instant_is_set(other) && (!instant_is_set(*at) || other.ms < at->ms))
        *at = other;
}

static instant days_after(instant from, int64_t days)
{
    return instant_is_set(from) ? instant_add(from, days * DAY_MS) : (instant){ 0 };
}

instant return_wake_at(const struct rma *r, const struct return_rules *rules, enum return_wake wake)
{
    bool ours  = str_starts(r->external_id, STR("own:"));
    bool goods = r->kind != RETURN_CANCELLATION && r->kind != RETURN_REFUSAL && r->route == ROUTE_TO_SELLER;
    bool done  = r->woken & BIT(wake);
    switch (wake) {
    case WAKE_SILENT:
        return r->state == RETURN_INFO_NEEDED ? days_after(r->state_at, rules->silent_days) : (instant){ 0 };
    case WAKE_DROPOFF:                  /* a market counts the days of its own */
        return ours && (r->state == RETURN_APPROVED || r->state == RETURN_AWAITING_DROPOFF) ? days_after(r->state_at, rules->dropoff_days)
                                                                                            : (instant){ 0 };
    case WAKE_FORGOTTEN:
        return !done && r->route == ROUTE_TO_SELLER ? days_after(r->received_at, rules->forgotten_days) : (instant){ 0 };
    case WAKE_UNSEEN:
        if (done || !goods || instant_is_set(r->received_at))
            return (instant){ 0 };
        return r->state == RETURN_IN_TRANSIT ? days_after(r->state_at, rules->lost_days) : days_after(r->refunded_at, rules->lost_days);
    case RETURN_WAKE_COUNT: break;
    }
    return (instant){ 0 };
}

void return_wake(struct rma *r, const struct return_rules *rules)
{
    r->wake_at = (instant){ 0 };
    for (int i = 0; i < RETURN_WAKE_COUNT; i++)
        sooner(&r->wake_at, return_wake_at(r, rules, (enum return_wake)i));
}
