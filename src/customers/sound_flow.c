#include "customers/sound_flow.h"

#include "customers/sound_store.h"

#define BATCH 500

struct sounding { struct work *w; struct customer_source_list sources; struct named_list cards; };

static bool page_tx(struct db *db, void *ctx, struct err *err)
{
    struct sounding *s = ctx;
    for (int i = 0; i < s->sources.count; i++)
        if (!customer_sounds_add(db, s->w->arena, s->sources.at[i].name, s->sources.at[i].customer_id, err))
            return false;
    for (int i = 0; i < s->cards.count; i++)
        if (!customer_sounds_add(db, s->w->arena, s->cards.at[i].name, s->cards.at[i].id, err))
            return false;
    return true;
}

static bool recipe_tx(struct db *db, void *ctx, struct err *err)
{
    return sounds_recipe_set(db, SOUNDS_RECIPE, ((struct work *)ctx)->arena, err);
}

/* A page of sources and one of cards at a time; each ends by itself. */
bool customer_sounds_ready(struct work *w, struct err *err)
{
    int64_t made = 0;
    rid     source = { 0 }, card = { 0 };
    if (!sounds_recipe(w->db, &made, err))
        return false;
    if (made == SOUNDS_RECIPE)
        return true;
    for (bool more = true; more;) {
        CLEANUP(arena_back) struct arena_mark mark = arena_mark(w->arena);
        struct sounding s = { .w = w };
        if (!customer_sources_after(w->db, source, BATCH, w->arena, &s.sources, err) ||
            !customers_named_after(w->db, card, BATCH, w->arena, &s.cards, err))
            return false;
        more = s.sources.count || s.cards.count;
        if (s.sources.count)
            source = s.sources.at[s.sources.count - 1].id;
        if (s.cards.count)
            card = s.cards.at[s.cards.count - 1].id;
        if (more && !db_tx(w->db, page_tx, &s, err))
            return false;
    }
    return db_tx(w->db, recipe_tx, w, err);
}
