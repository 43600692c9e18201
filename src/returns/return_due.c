/* return_due.c - by when the next step of a return is due. Declared in return.h. */
#include "returns/return.h"

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

void return_deadline(struct rma *r, const struct sla_book *book, const struct return_term_list *terms, str country, instant now)
{
    enum sla_step step = return_step(r->state);
    due_clear(r);
    r->due_rank = INT64_MAX;
    if (!clock_runs(r, step))
        return;
    instant                   began = step_began(r, step);
    str                       name  = str_of(sla_step_names[step]);
    const struct return_term *term  = return_term_find(terms, r->channel, country, name, began);
    struct sla_question q = { .channel = r->channel, .account_id = r->account_id, .step = step, .began = began, .start = began };
    if (step == SLA_DECIDE_RETURN)
        q.channel_by = r->channel_by;
    bool told = instant_is_set(q.channel_by);
    if (term && (!told || began.ms + term->days * DAY_MS < q.channel_by.ms)) {
        q.channel_by       = instant_add(began, term->days * DAY_MS);
        r->deadline_source = term->source;
    } else if (told) {
        r->deadline_source = STR("channel");
    }
    struct sla_answer answer = sla_ask(book, &q);
    if (!answer.has || !instant_is_set(answer.due)) {
        r->deadline_source = STR("");
        return;
    }
    if (answer.policy && !answer.from_channel)
        r->deadline_source = answer.policy->name;
    r->deadline_step  = name;
    r->deadline_total = answer.total_ms;
    r->deadline_at    = answer.due;
    r->yellow_at      = answer.yellow;
    r->red_at         = answer.red;
    r->zone           = sla_zone_at(&answer, now);
    r->zone_next_at   = sla_next_change(&answer, now);
    r->due_rank       = answer.due.ms;
}
