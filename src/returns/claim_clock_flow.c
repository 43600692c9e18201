#include "returns/claim_clock_flow.h"

#include "base/json_write.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "returns/missed_flow.h"

static struct sla_answer answer_of(const struct claim_clock *k)
{
    return (struct sla_answer){ .has = true, .total_ms = k->total_ms, .due = k->deadline_at, .yellow = k->yellow_at, .red = k->red_at };
}

static bool tell_zone(struct db *db, const struct work *w, const struct claim_clock *k, instant at, struct err *err)
{
    struct buf      b = buf_in(w->arena);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_id(&j, "id", k->claim_id);
    json_id(&j, "account_id", k->account_id);
    json_text(&j, "kind", STR("zone"));
    json_text(&j, "zone", str_of(sla_zone_names[k->zone]));
    json_instant(&j, "zone_at", at);
    json_end(&j);
    return event_add(db, w->now, STR("claim"), k->account_id, k->claim_id, buf_str(&b), err);
}

/* `old`: the clock that runs, NULL: none. */
static bool clock_set(struct db *db, const struct work *w, const struct claim *c, const struct claim_clock *old, instant began, struct err *err)
{
    str channel;
    if (!account_channel(db, c->account_id, w->arena, &channel, err))
        return false;
    const struct sla_question q = { .channel = channel, .account_id = c->account_id, .step = SLA_ANSWER_CLAIM, .began = began, .start = began,
                                    .channel_by = c->deadline_at };
    struct sla_answer a = sla_ask(&w->shop->book, &q);
    if (!a.has || !instant_is_set(a.due))
        return !old || (claim_missed_end(db, w, old, err) && claim_clock_drop(db, c->id, err));
    if (old && old->promised_at.ms == c->deadline_at.ms && old->deadline_at.ms == a.due.ms && old->yellow_at.ms == a.yellow.ms && old->red_at.ms == a.red.ms)
        return true;
    const struct claim_clock now = {
        .claim_id = c->id, .account_id = c->account_id, .promised_at = c->deadline_at, .began = began, .deadline_at = a.due, .yellow_at = a.yellow,
        .red_at = a.red, .total_ms = a.total_ms, .zone = sla_zone_at(&a, w->now), .zone_next_at = sla_next_change(&a, w->now),
    };
    bool burns = now.zone != ZONE_GREEN && now.zone != ZONE_NONE;
    if (old && !claim_missed_end(db, w, old, err))
        return false;
    return claim_clock_save(db, &now, err) && (now.zone != ZONE_BREACHED || claim_missed(db, w, &now, !old, err)) &&
           (!burns || tell_zone(db, w, &now, w->now, err));
}

static instant first_began(const struct claim *c) { return c->state == CLAIM_OPEN ? c->created_at : c->updated_at; }

bool claim_clock_follow(struct db *db, const struct work *w, const struct claim *c, struct err *err)
{
    struct claim_clock old = { 0 };
    bool               was;
    if (!claim_clock_get(db, c->id, &old, &was, err))
        return false;
    if (!claim_waits_for_us(c->state))
        return !was || (claim_missed_end(db, w, &old, err) && claim_clock_drop(db, c->id, err));
    if (was && old.promised_at.ms == c->deadline_at.ms)
        return true;
    return clock_set(db, w, c, was ? &old : NULL, was ? w->now : first_began(c), err);
}

bool claim_clock_again(struct db *db, const struct work *w, const struct claim *c, struct err *err)
{
    struct claim_clock old = { 0 };
    bool               was;
    return claim_clock_get(db, c->id, &old, &was, err) && clock_set(db, w, c, was ? &old : NULL, was ? old.began : first_began(c), err);
}

static bool tick_one(struct db *db, const struct work *w, struct claim_clock *k, struct err *err)
{
    struct sla_answer a = answer_of(k);
    enum sla_zone     before = k->zone;
    while (instant_is_set(k->zone_next_at) && k->zone_next_at.ms <= w->now.ms) {
        instant at      = k->zone_next_at;
        k->zone         = sla_zone_at(&a, at);
        k->zone_next_at = sla_next_change(&a, at);
        if (!tell_zone(db, w, k, at, err))
            return false;
    }
    return claim_clock_save(db, k, err) && (before == ZONE_BREACHED || k->zone != ZONE_BREACHED || claim_missed(db, w, k, false, err));
}

bool claim_clocks_tick(struct db *db, const struct work *w, int max, int *n, struct err *err)
{
    struct claim_clock_list due = { 0 };
    *n = 0;
    if (!claim_clocks_due(db, w->now, max, w->arena, &due, err))
        return false;
    for (int i = 0; i < due.count; i++)
        if (!tick_one(db, w, &due.at[i], err))
            return false;
    *n = due.count;
    return true;
}
