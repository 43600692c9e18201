#include "deadlines/sla.h"

#define RED_SHARE_BP_DEFAULT 2000

/* clang-format off */
const char *const sla_step_names[] = {
    [SLA_CONFIRM] = "confirm", [SLA_ASSEMBLE] = "assemble", [SLA_HAND_OVER] = "hand_over",
    [SLA_DECIDE_RETURN] = "decide_return", [SLA_REFUND] = "refund", [SLA_ANSWER_CLAIM] = "answer_claim", NULL
};
/* clang-format on */
_Static_assert(COUNT_OF(sla_step_names) == SLA_STEP_COUNT + 1, "a name per step");

/* clang-format off */
const char *const sla_zone_names[] = {
    [ZONE_BREACHED] = "breached", [ZONE_RED] = "red", [ZONE_YELLOW] = "yellow", [ZONE_GREEN] = "green", [ZONE_NONE] = "none", NULL
};
/* clang-format on */
_Static_assert(COUNT_OF(sla_zone_names) == ZONE_COUNT + 1, "a name per zone");

/* clang-format off */
const char *const sla_clock_names[] = { [SLA_WALL] = "wall", [SLA_WORKING] = "working", NULL };
/* clang-format on */
_Static_assert(COUNT_OF(sla_clock_names) == SLA_CLOCK_COUNT + 1, "a name per clock");

static bool matches(const struct policy *p, const struct sla_question *q)
{
    return p->step == q->step && (!p->channel.len || str_eq(p->channel, q->channel)) &&
           (!p->scheme.len || str_eq(p->scheme, q->scheme)) &&
           (!id_is_set(p->account_id) || id_eq(p->account_id, q->account_id));
}

/* The moment at which `used` of the rule's clock has passed. A start that has used more already gives the start itself. */
static instant moment_used(const struct calendar *c, const struct sla_question *q, int64_t used)
{
    return used <= q->used_ms ? q->start : calendar_after(c, q->start, used - q->used_ms);
}

int64_t sla_red_minutes(enum sla_step step)
{
    return step == SLA_DECIDE_RETURN || step == SLA_REFUND || step == SLA_ANSWER_CLAIM ? 480 : 120;
}

/* Yellow and red of a total on one clock; never behind what comes after them. */
static void zones_set(struct sla_answer *a, const struct calendar *c, const struct sla_question *q,
                      int64_t red_minutes, int64_t red_share_bp)
{
    int64_t left = red_minutes * MINUTE_MS;
    int64_t share = a->total_ms / 10000 * red_share_bp + a->total_ms % 10000 * red_share_bp / 10000;
    left = share < left ? share : left;
    a->red = moment_used(c, q, a->total_ms - left);
    a->yellow = moment_used(c, q, a->total_ms / 2 + a->total_ms % 2);
    a->red = instant_is_set(a->red) ? instant_min(a->red, a->due) : a->due;
    a->yellow = instant_is_set(a->yellow) ? instant_min(a->yellow, a->red) : a->red;
}

/* The market's own moment. T is counted on the rule's clock, or, when that leaves no working time, as wall time. */
static void take_channel(struct sla_answer *a, const struct sla_question *q, const struct calendar *c)
{
    const struct policy *p = a->policy;
    int64_t run = calendar_between(c, q->start, q->channel_by);
    if (!run && c) {
        c = NULL;
        run = calendar_between(NULL, q->start, q->channel_by);
    }
    a->has = true;
    a->from_channel = true;
    a->due = q->channel_by;
    a->total_ms = q->used_ms + run;
    zones_set(a, c, q, p ? p->red_minutes : sla_red_minutes(q->step), p ? p->red_share_bp : RED_SHARE_BP_DEFAULT);
}

/* The rule's clock stands, the market's does not. */
static void take_paused(struct sla_answer *a, const struct sla_question *q)
{
    struct sla_question alone = *q;
    alone.used_ms = 0;
    if (instant_is_set(q->began))
        alone.start = q->began;
    a->due = (instant){ 0 };
    if (instant_is_set(q->channel_by))
        take_channel(a, &alone, NULL);
    a->paused = true;
}

struct sla_answer sla_ask(const struct sla_book *book, const struct sla_question *q)
{
    struct sla_answer a = { 0 };
    for (int i = 0; i < book->policies.count; i++) {
        const struct policy *p = &book->policies.at[i];
        if (!matches(p, q))
            continue;
        instant due = moment_used(p->calendar, q, p->minutes * MINUTE_MS);
        if (!instant_is_set(due) || (a.policy && a.due.ms <= due.ms))
            continue;
        a = (struct sla_answer){
            .has = true, .policy = p, .policy_id = p->id, .due = due, .total_ms = p->minutes * MINUTE_MS
        };
    }
    if (a.policy && (a.policy->pause_marks & q->marks)) {
        take_paused(&a, q);
        return a;
    }
    if (instant_is_set(q->channel_by) && (!a.has || q->channel_by.ms < a.due.ms))
        take_channel(&a, q, a.policy ? a.policy->calendar : NULL);
    else if (a.has)
        zones_set(&a, a.policy->calendar, q, a.policy->red_minutes, a.policy->red_share_bp);
    return a;
}

enum sla_zone sla_zone_at(const struct sla_answer *a, instant now)
{
    if (!a->has || !instant_is_set(a->due))
        return ZONE_NONE;
    return now.ms >= a->due.ms      ? ZONE_BREACHED
           : now.ms >= a->red.ms    ? ZONE_RED
           : now.ms >= a->yellow.ms ? ZONE_YELLOW
                                    : ZONE_GREEN;
}

instant sla_next_change(const struct sla_answer *a, instant now)
{
    const instant at[] = { a->yellow, a->red, a->due };
    enum sla_zone zone = sla_zone_at(a, now);
    for (int i = 0; zone != ZONE_NONE && i < COUNT_OF(at); i++)
        if (at[i].ms > now.ms && sla_zone_at(a, at[i]) != zone)
            return at[i];
    return (instant){ 0 };
}

int sla_queue_weight(const struct sla_book *book, rid account_id)
{
    for (int i = 0; i < book->weights.count; i++)
        if (id_eq(book->weights.at[i].account_id, account_id))
            return book->weights.at[i].weight;
    return QUEUE_WEIGHTS - 1;
}

/* ---- why ---- */

#define PARTS_MAX 62

/* Working minutes per local day from the start to the end. Rounded so that the parts sum to the whole. */
static void parts_write(struct json_out *j, const struct calendar *c, instant from, instant until)
{
    int64_t told = 0, sum = 0;
    int rows = 0;
    json_begin(j, "parts", '[');
    for (int64_t day = zone_day(c->zone, from), last = zone_day(c->zone, until) + 1;
         day <= last && rows < PARTS_MAX; day++) {
        instant a = zone_instant(c->zone, day, 0), b = zone_instant(c->zone, day, 86400);
        a = a.ms < from.ms ? from : a;
        sum += calendar_between(c, a, instant_min(b, until));
        int64_t minutes = sum / MINUTE_MS - told;
        if (minutes <= 0)
            continue;
        told += minutes;
        rows++;
        json_begin(j, NULL, '{');
        json_text(j, "day", date_text(j->buf->arena, day));
        json_number(j, "minutes", minutes);
        json_end(j);
    }
    json_end(j);
}

void sla_explain(const struct sla_book *book, const struct sla_question *q, const struct sla_answer *a,
                 struct json_out *j, const char *key)
{
    const struct policy *p = a->policy;
    const struct calendar *c = p && !a->paused ? p->calendar : NULL;     /* what runs in a pause is the market's wall time */
    instant from = a->paused && instant_is_set(q->began) ? q->began : q->start;
    (void)book;

    if (!a->has) {
        json_null(j, key);
        return;
    }
    json_begin(j, key, '{');
    json_instant(j, "until", a->due);
    json_text(j, "source", a->from_channel ? STR("channel") : STR("policy"));
    json_text_or_null(j, "policy", p ? p->name : (str){ 0 });
    json_text(j, "clock", str_of(sla_clock_names[c ? SLA_WORKING : SLA_WALL]));
    json_text_or_null(j, "calendar", c ? c->name : (str){ 0 });
    json_text_or_null(j, "zone", c ? zone_name(c->zone) : (str){ 0 });
    json_instant(j, "from", from);
    json_number(j, "minutes", a->total_ms / MINUTE_MS);
    json_number(j, "used_minutes", q->used_ms / MINUTE_MS);
    json_bool(j, "paused", a->paused);
    if (c && instant_is_set(a->due))
        parts_write(j, c, from, a->due);
    else {
        json_begin(j, "parts", '[');
        json_end(j);
    }
    json_end(j);
}
