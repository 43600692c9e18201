#include "customers/sound_flow.h"

#include "customers/match_store.h"
#include "customers/sound_store.h"

#define BATCH 500

struct sounding { struct work *w; int done; bool more; };

static bool sources_sound(struct db *db, struct arena *a, rid after, int *count, rid *last, struct err *err)
{
    struct customer_source_list page = { 0 };
    if (!customer_sources_after(db, after, BATCH, a, &page, err))
        return false;
    *count = page.count;
    for (int i = 0; i < page.count; i++) {
        *last = page.at[i].id;
        if (!customer_sounds_add(db, a, page.at[i].name, page.at[i].customer_id, err))
            return false;
    }
    return true;
}

static bool cards_sound(struct db *db, struct arena *a, rid after, int *count, rid *last, struct err *err)
{
    struct named_list page = { 0 };
    if (!customers_named_after(db, after, BATCH, a, &page, err))
        return false;
    *count = page.count;
    for (int i = 0; i < page.count; i++) {
        *last = page.at[i].id;
        if (!customer_sounds_add(db, a, page.at[i].name, page.at[i].id, err))
            return false;
    }
    return true;
}

/* Reads and writes in one transaction: who is forgotten meanwhile must not be found again. */
static bool piece_tx(struct db *db, void *ctx, struct err *err)
{
    struct sounding *s = ctx;
    struct arena    *a = s->w->arena;
    int64_t made = 0, making = 0, source = 0, card = 0;
    int     sources = 0, cards = 0;
    rid     last = { 0 };
    if (!match_number(db, SOUNDS_MADE, &made, err) || !match_number(db, SOUNDS_MAKING, &making, err) ||
        !match_number(db, SOUNDS_AT, &source, err) || !match_number(db, SOUNDS_CARD, &card, err))
        return false;
    s->done = 0;
    s->more = made != SOUNDS_RECIPE;
    if (!s->more)
        return true;
    if (making != SOUNDS_RECIPE) {
        source = card = 0;
        if (!match_number_set(db, SOUNDS_MAKING, SOUNDS_RECIPE, a, err) || !match_number_set(db, SOUNDS_CARD, 0, a, err))
            return false;
    }
    if (!sources_sound(db, a, (rid){ source }, &sources, &last, err) ||
        !match_number_set(db, SOUNDS_AT, id_is_set(last) ? last.v : source, a, err))
        return false;
    last = (rid){ 0 };
    if (sources < BATCH && (!cards_sound(db, a, (rid){ card }, &cards, &last, err) ||
                            !match_number_set(db, SOUNDS_CARD, id_is_set(last) ? last.v : card, a, err)))
        return false;
    s->done = sources + cards;
    s->more = sources == BATCH || cards == BATCH;
    return s->more || match_number_set(db, SOUNDS_MADE, SOUNDS_RECIPE, a, err);
}

bool customer_sounds_made(struct db *db, int64_t *recipe, struct err *err) { return match_number(db, SOUNDS_MADE, recipe, err); }

bool customer_sounds_step(struct work *w, int max, bool *more, struct err *err)
{
    int64_t made = 0;
    if (!customer_sounds_made(w->db, &made, err))
        return false;
    *more = made != SOUNDS_RECIPE;
    for (int done = 0; *more && done < max;) {
        CLEANUP(arena_back) struct arena_mark mark = arena_mark(w->arena);
        struct sounding s = { .w = w };
        if (!db_tx(w->db, piece_tx, &s, err))
            return false;
        done += s.done;
        *more = s.more;
    }
    return true;
}
