#include "orders/people_leave_flow.h"

#include "customers/leaving_flow.h"
#include "customers/parting_flow.h"
#include "deadlines/shop.h"
#include "orders/people_import_store.h"

static void card_note(rid *cards, int *count, rid id)
{
    for (int i = 0; i < *count; i++)
        if (id_eq(cards[i], id))
            return;
    cards[(*count)++] = id;
}

/* Of `cards` only those that live on are left. */
static bool cards_tidy(struct db *db, struct work *w, rid *cards, int *count, instant since, int *gone, struct err *err)
{
    struct int_list empty = { 0 };
    int             left  = 0;
    if (*count && !people_empty(db, cards, *count, since, w->arena, &empty, err))
        return false;
    rid *dead = ARENA_ARRAY(w->arena, rid, empty.count + 1);
    for (int i = 0; i < empty.count; i++)
        dead[i] = (rid){ empty.at[i] };
    for (int i = 0; i < *count; i++) {
        bool lives = true;
        for (int k = 0; k < empty.count && lives; k++)
            lives = dead[k].v != cards[i].v;
        if (lives)
            cards[left++] = cards[i];
    }
    *count = left;
    *gone  = empty.count;
    return people_remove(db, dead, empty.count, err);
}

bool people_leave(struct db *db, struct work *w, const struct people_leaving *l, int *cards_gone, struct err *err)
{
    struct arena               *a   = w->arena;
    struct customer_source_list was = { 0 };
    int  n = l->out.count + l->back.count, cards = 0;
    rid *ids = ARENA_ARRAY(a, rid, n + 1), *whose = ARENA_ARRAY(a, rid, n + 1);

    *cards_gone = 0;
    for (int i = 0; i < l->out.count; i++) {
        ids[i] = l->out.at[i].id;
        *customer_source_list_add(&was, a) = l->out.at[i];
        card_note(whose, &cards, l->out.at[i].customer_id);
    }
    for (int i = 0; i < l->back.count; i++) {
        *customer_source_list_add(&was, a) = l->was.at[i];
        card_note(whose, &cards, l->back.at[i].customer_id);
        if (!customer_source_save(db, &l->back.at[i], false, err))
            return false;
    }
    if (!people_sources_remove(db, ids, l->out.count, w->now, err) || !cards_tidy(db, w, whose, &cards, l->since, cards_gone, err) ||
        (cards && !customers_refresh(db, w, whose, cards, err)))
        return false;
    for (int i = 0; i < cards; i++)
        if (!customer_event(db, w, whose[i], "changed", err))
            return false;
    struct records_gone gone = { .was = &was, .back = &l->back, .cards = whose, .cards_n = cards, .country = w->shop->country };
    return !was.count || records_left(db, w, &gone, err);
}
