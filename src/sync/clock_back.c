/* clock_back.c - the machine's clock was set back: what had been put off until a moment of the wrong time would wait for hours.
 *
 * Deadlines are moments of the right time and stay as they are; the zones of open orders, returns and claims that a wrong time had
 * moved on are reckoned again, and a deadline that has not passed after all is no violation. A rung that was told stays told.
 */
#include "notices/notice_store.h"
#include "orders/order_flow.h"
#include "orders/outcome_store.h"
#include "returns/return_store.h"
#include "sync/sync_own.h"
#include "webhooks/webhook_store.h"

#define BACK_MS    MINUTE_MS            /* less is the clock's own keeping */
#define AGAIN_MAX  500                  /* orders in one transaction */

bool clock_went_back(struct sync_engine *e, instant now)
{
    bool back = now.ms < e->seen.ms - BACK_MS;
    if (back || now.ms > e->seen.ms)
        e->seen = now;
    return back;
}

static bool waits_tx(struct db *db, void *ctx, struct err *err)
{
    const struct work *w = ctx;
    instant lease = instant_add(w->now, LEASE_MS);
    return streams_hasten(db, w->now, lease, err) && commands_hasten(db, w->now, lease, err) && deliveries_hasten(db, w->now, lease, err) &&
           sends_hasten(db, w->now, lease, err) && returns_zone_again(db, w->now, err);
}

static bool zones_again(struct work *w, struct err *err)
{
    rid after = { 0 };
    do {
        rid from = after;
        if (!deadlines_recompute(w, from, AGAIN_MAX, &after, err))
            return false;
    } while (id_is_set(after));
    return true;
}

static bool unsay_tx(struct db *db, void *ctx, struct err *err)
{
    const struct work *w = ctx;
    return violations_unsay(db, w->now, err);
}

bool clock_back_do(struct sync_engine *e, struct work *w, struct err *err)
{
    pthread_mutex_lock(&e->lock);
    e->house_next = e->review_next = e->watch_next = e->reasons_next = (instant){ 0 };
    pthread_mutex_unlock(&e->lock);
    log_warn(e->o.log, "clock.back", LOG_TEXT("what", "the clock was set back: waits of the wrong time end now"));
    return db_tx(w->db, waits_tx, w, err) && zones_again(w, err) && db_tx(w->db, unsay_tx, w, err);
}

bool clock_seen_before(struct sync_engine *e, struct db *db, struct err *err)
{
    return streams_newest_run(db, &e->seen, err);
}
