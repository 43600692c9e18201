/* Setting an order aside until a date, and having seen what the market changed. Declared in order_flow.h.
 *
 * The note of a history row says what it was: "hold <until> <reason>", "hold_lifted" by a person, "hold_over" when its time came. */
#include "accounts/audit.h"
#include "base/json_write.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "orders/changes_store.h"
#include "orders/holds_store.h"
#include "orders/order_flow.h"

#define HOLDS_AT_ONCE 200

struct holding { struct work *w; rid id; instant until; str reason; };

static str hold_member(struct arena *a, const struct order_hold *h)
{
    struct buf      b = buf_in(a);
    struct json_out j = json_out(&b);
    json_begin(&j, NULL, '{');
    json_instant(&j, "held_until", h->until);
    json_text(&j, "held_reason", h->reason);
    json_end(&j);
    return buf_str(&b);
}

/* The mark comes or goes; the deadline may stand while it is there, if a rule says so. */
static bool mark_save(struct db *db, const struct work *w, const struct order *stored, bool sets, str note, struct order_effects *fx,
                      struct err *err)
{
    const int64_t        mark = (int64_t)BIT(MARK_SET_ASIDE);
    struct order_edit    e    = { .old = *stored, .now = *stored, .event = "changed" };
    struct last_seq_list last = { 0 };
    if (!history_last(db, &stored->id, 1, w->arena, &last, err))
        return false;
    e.seq       = last.count ? last.at[0].seq : 0;
    e.now.marks = sets ? e.now.marks | mark : e.now.marks & ~mark;
    order_deadline(&e.now, &w->shop->book, w->now);
    order_edit_history(&e, w, e.now.status, NULL, 0, e.now.status, false, note);
    return order_edit_save(db, w, &e, fx, err);
}

static bool is_held(const struct order *o)
{
    return o->marks & (int64_t)BIT(MARK_SET_ASIDE);
}

static bool hold_tx(struct db *db, void *ctx, struct err *err)
{
    struct holding      *h    = ctx;
    struct arena        *a    = h->w->arena;
    struct order_effects fx   = { 0 };
    struct order         o    = { 0 };
    struct order_hold    old, now = { h->id, h->until, h->reason };
    bool                 sets = instant_is_set(h->until);

    if (!order_get(db, h->id, a, &o, err) || !hold_of(db, h->id, a, &old, err))
        return false;
    if (sets && o.status > HUB_READY_TO_SHIP)
        return err_set(err, ERR_ACTION_REFUSED, "hold", "the order is %s, there is nothing to put off", hub_status_names[o.status]);
    if (!sets && !is_held(&o))
        return err_set(err, ERR_ACTION_REFUSED, "hold", "the order is not set aside");
    str note = STR("hold_lifted");
    if (sets)
        note = str_trim(str_print(a, "hold %.*s %.*s", STR_ARG(instant_text(a, h->until)), STR_ARG(h->reason)));
    return (sets ? hold_save(db, &now, err) : hold_drop(db, h->id, err)) && mark_save(db, h->w, &o, sets, note, &fx, err) &&
           order_effects_save(db, &fx, err) &&
           audit_write(db, h->w, sets ? STR("order.hold") : STR("order.unhold"), STR("order"), h->id,
                       is_held(&o) ? hold_member(a, &old) : STR(""), sets ? hold_member(a, &now) : STR(""), err);
}

bool orders_holds_end(struct db *db, struct work *w, struct order_effects *fx, struct err *err)
{
    struct order_hold_list due  = { 0 };
    struct order_list      list = { 0 };
    if (!holds_due(db, w->now, HOLDS_AT_ONCE, w->arena, &due, err))
        return false;
    rid *ids = ARENA_ARRAY(w->arena, rid, due.count + 1);
    for (int i = 0; i < due.count; i++) {
        ids[i] = due.at[i].order_id;
        if (!hold_drop(db, ids[i], err))
            return false;
    }
    if (due.count && !orders_by_ids(db, ids, due.count, w->arena, &list, err))
        return false;
    for (int i = 0; i < list.count; i++)
        if (is_held(&list.at[i]) && !mark_save(db, w, &list.at[i], false, STR("hold_over"), fx, err))
            return false;
    return true;
}

bool order_hold(struct work *w, rid id, instant until, str reason, struct err *err)
{
    struct holding h = { w, id, until, reason };
    if (until.ms <= w->now.ms || until.ms > w->now.ms + HOLD_DAYS_MAX * DAY_MS)
        return err_add(err, "until", "must be a time within the next %d days", HOLD_DAYS_MAX);
    return db_tx(w->db, hold_tx, &h, err);
}

bool order_unhold(struct work *w, rid id, struct err *err)
{
    struct holding h = { .w = w, .id = id };
    return db_tx(w->db, hold_tx, &h, err);
}

struct seeing { struct work *w; rid id; int64_t version; };

static bool see_tx(struct db *db, void *ctx, struct err *err)
{
    struct seeing  *s = ctx;
    struct order    o = { 0 };
    struct buf      b = buf_in(s->w->arena);
    struct json_out j = json_out(&b);
    if (!order_get(db, s->id, s->w->arena, &o, err) || !changes_see(db, s->id, s->version, s->w->now, s->w->actor.id, err))
        return false;
    json_begin(&j, NULL, '{');
    json_id(&j, "id", o.id);
    json_id(&j, "account_id", o.account_id);
    json_text(&j, "kind", STR("seen"));
    json_number(&j, "version", o.version);
    json_end(&j);
    return event_add(db, s->w->now, STR("order"), o.account_id, o.id, buf_str(&b), err);
}

bool order_changes_see(struct work *w, rid id, int64_t version, struct err *err)
{
    struct seeing s = { w, id, version };
    return db_tx(w->db, see_tx, &s, err);
}
