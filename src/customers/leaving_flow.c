#include "customers/leaving_flow.h"

#include "customers/match_flow.h"

bool records_left(struct db *db, const struct work *w, const struct records_gone *g, struct err *err)
{
    static const struct customer_source_list none;
    const struct customer_source_list *back = g->back ? g->back : &none;
    struct customer_source_list        stay = { 0 };
    struct neighbours                 *near;
    struct settled                     done;

    if ((g->cards_n && !customer_sources_of(db, g->cards, g->cards_n, w->arena, &stay, err)) ||
        !neighbours_load(db, w, back->at, back->count, g->country, &near, err))
        return false;
    for (int i = 0; i < g->was->count; i++)
        neighbours_forget(near, &g->was->at[i]);
    for (int i = 0; i < back->count; i++)
        neighbours_take(near, &back->at[i], back->at[i].customer_id);
    for (int i = 0; i < stay.count; i++)
        neighbours_doubt(near, stay.at[i].id);
    if (!neighbours_save(near, db, err))
        return false;
    const struct int_list *doubts = neighbours_doubts(near);
    rid                   *ids    = ARENA_ARRAY(w->arena, rid, doubts->count + 1);
    for (int i = 0; i < doubts->count; i++)
        ids[i] = (rid){ doubts->at[i] };
    return identity_settle(db, w, ids, doubts->count, g->country, (rid){ 0 }, &done, err);
}
