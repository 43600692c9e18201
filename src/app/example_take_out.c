/* example_take_out.c - the example leaves: orders, returns, people and all that hangs on them, and nothing that is the shop's own. */
#include "app/example.h"
#include "app/example_store.h"

#include "base/json_write.h"
#include "deadlines/shop.h"
#include "events/event.h"
#include "orders/effects_flow.h"
#include "orders/no_contact_flow.h"
#include "orders/people_leave_flow.h"

static bool is_in(const struct int_list *list, int64_t id)
{
    for (int i = 0; i < list->count; i++)
        if (list->at[i] == id)
            return true;
    return false;
}

/* An order that was made at another account in exchange for goods of the example is in that account's counters. */
static bool count_out(struct db *db, struct work *w, const struct int_list *accounts, const struct example_rows *r, struct err *err)
{
    struct arena        *a  = w->arena;
    rid                 *ids = ARENA_ARRAY(a, rid, r->orders.count + 1);
    struct order_list    list = { 0 };
    struct order_effects fx   = { 0 };
    for (int i = 0; i < r->orders.count; i++)
        ids[i] = (rid){ r->orders.at[i] };
    if (r->orders.count && !orders_by_ids(db, ids, r->orders.count, a, &list, err))
        return false;
    for (int i = 0; i < list.count; i++) {
        if (is_in(accounts, list.at[i].account_id.v))
            continue;
        totals_order(&fx.totals, a, &list.at[i], -1);
        totals_placed(&fx.totals, a, w->shop->zone, &list.at[i], -1);
    }
    return order_effects_save(db, &fx, err);
}

/* Whoever bought of the shop as well is counted again by what is left. */
static bool buyers_count(struct db *db, const struct work *w, const struct example_rows *r, struct err *err)
{
    rid *ids = ARENA_ARRAY(w->arena, rid, r->buyers.count + 1);
    int  n   = 0;
    for (int i = 0; i < r->buyers.count; i++)
        if (!is_in(&r->cards, r->buyers.at[i]))
            ids[n++] = (rid){ r->buyers.at[i] };
    return !n || customers_recount(db, ids, n, w->now, err);
}

/* A phone of the example is nobody's: whoever has it in truth may be written to again. */
static bool contacts_free(struct db *db, const struct work *w, const struct example_rows *r, struct err *err)
{
    bool *known = ARENA_ARRAY(w->arena, bool, r->contacts.count + 1);
    bool  any   = false;
    if (!no_contact_known(db, w->arena, r->contacts.at, r->contacts.count, known, err))
        return false;
    for (int i = 0; i < r->contacts.count; i++)
        any |= known[i];
    return !any || no_contact_remove(db, w, r->contacts.at, r->contacts.count, err);
}

static bool tell(struct db *db, const struct work *w, const struct int_list *accounts, struct err *err)
{
    for (int i = 0; i < accounts->count; i++) {
        struct buf      b = buf_in(w->arena);
        struct json_out j = json_out(&b);
        json_begin(&j, NULL, '{');
        json_id(&j, "id", (rid){ accounts->at[i] });
        json_text(&j, "state", STR("removed"));
        json_end(&j);
        if (!event_add(db, w->now, STR("account"), (rid){ accounts->at[i] }, (rid){ accounts->at[i] }, buf_str(&b), err))
            return false;
    }
    return true;
}

bool example_take_out(struct db *db, struct work *w, const struct int_list *accounts, struct example_gone *out, struct err *err)
{
    struct arena         *a = w->arena;
    struct example_rows   r;
    struct people_leaving leaving = { 0 };
    int                   gone    = 0;

    if (!example_rows(db, accounts, a, &r, err))
        return false;
    leaving.out = r.sources;
    *out        = (struct example_gone){ r.orders.count, r.returns.count, r.cards.count };
    return count_out(db, w, accounts, &r, err) && contacts_free(db, w, &r, err) &&
           example_rows_remove(db, a, accounts, &r, err) && people_leave(db, w, &leaving, &gone, err) &&
           example_cards_remove(db, a, &r, err) && buyers_count(db, w, &r, err) && tell(db, w, accounts, err);
}
