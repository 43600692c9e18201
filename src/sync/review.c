/* review.c - what the engine does about people: keys and sounds after an upgrade, and the nightly look at all records. */
#include "customers/review_flow.h"
#include "customers/sound_flow.h"
#include "customers/weights_flow.h"

#include "deadlines/shop.h"
#include "sync/sync_own.h"

#define NIGHT_HOUR 3
#define KEYS_MAX   5000                 /* records at once: others wait for the writer too */
#define LOOK_MS    (10 * MINUTE_MS)

bool review_find(struct sync_engine *e, struct work *w, bool *due, struct err *err)
{
    int64_t made = 0, sounds = 0, day = zone_day(w->shop->zone, w->now);
    *due = false;
    if (w->now.ms < e->review_next.ms || atomic_load(&e->reviewing))
        return true;
    e->review_next = instant_add(w->now, LOOK_MS);
    if (!identity_keys_made(w->db, &made, err) || !customer_sounds_made(w->db, &sounds, err))
        return false;
    if (made != KEYS_RECIPE || sounds != SOUNDS_RECIPE)
        *due = true;
    else if (!identity_review_due(w, day, zone_civil(w->shop->zone, w->now).hour >= NIGHT_HOUR, due, err))
        return false;
    if (*due) {
        e->review_next = instant_add(w->now, SECOND_MS);
        atomic_store(&e->reviewing, true);
    }
    return true;
}

/* What people have said teaches the weights first: the night looks at all records with them. */
static bool weights_renew(struct sync_engine *e, struct work *w, struct err *err)
{
    struct weight_set set;
    if (!weights_estimate(w, w->shop->country, &set, err) || !id_is_set(set.id))
        return !err_is_set(err);
    log_info(e->o.log, "people.weights", LOG_INT("verdicts", set.verdicts_n));
    if (e->o.rules_changed)
        e->o.rules_changed(e->o.ctx);
    return weights_now(w->db, w->arena, &w->weights, err);
}

static bool review(struct sync_engine *e, struct work *w, struct err *err)
{
    struct rebuild_done done;
    bool more = false;
    if (!customer_sounds_step(w, KEYS_MAX, &more, err) || more)                     /* the quicker one first: searches wait for it */
        return !err_is_set(err);
    if (!identity_keys_step(w, w->shop->country, KEYS_MAX, &more, err) || more)
        return !err_is_set(err);
    if (!weights_renew(e, w, err))
        return false;
    if (!identity_review(w, w->shop->country, zone_day(w->shop->zone, w->now), &done, err))
        return false;
    if (id_is_set(done.run))
        log_info(e->o.log, "people.reviewed", LOG_INT("records", done.sources), LOG_INT("merges", done.merges),
                 LOG_INT("separations", done.splits), LOG_INT("suggestions", done.suggestions), LOG_INT("hubs", done.hubs));
    return true;
}

bool review_do(struct sync_engine *e, struct work *w, struct err *err)
{
    bool ok = review(e, w, err);
    atomic_store(&e->reviewing, false);
    return ok;
}
