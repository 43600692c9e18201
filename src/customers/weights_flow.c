#include "customers/weights_flow.h"

#include "accounts/audit.h"
#include "customers/match_flow.h"
#include "identity/learn.h"

#define JUDGED_MAX 5000
#define OPEN_MAX   1000
#define BATCH      500

struct teaching {
    struct work           *w;
    str                    country;
    struct learn_pair_list pairs;
    struct weight_set      set;
};

static const struct customer_source *source_of(const struct customer_source_list *list, rid id)
{
    int low = 0, high = list->count;            /* they come in the order of their ids */
    while (low < high) {
        int middle = (low + high) / 2;
        if (list->at[middle].id.v < id.v)
            low = middle + 1;
        else
            high = middle;
    }
    return low < list->count && id_eq(list->at[low].id, id) ? &list->at[low] : NULL;
}

static bool batch_add(struct teaching *t, const struct judged *at, int count, struct err *err)
{
    struct arena               *a       = t->w->arena;
    struct customer_source_list sources = { 0 };
    rid                        *ids = ARENA_ARRAY(a, rid, 2 * count + 1);
    for (int i = 0; i < count; i++) {
        ids[2 * i]     = at[i].a;
        ids[2 * i + 1] = at[i].b;
    }
    if (!customer_sources_by_ids(t->w->db, ids, 2 * count, a, &sources, err))
        return false;
    for (int i = 0; i < count; i++) {
        const struct customer_source *x = source_of(&sources, at[i].a), *y = source_of(&sources, at[i].b);
        struct person p, q;
        struct pair   pair;
        if (!x || !y)                           /* forgotten since */
            continue;
        source_person(a, x, t->country, &p);
        source_person(a, y, t->country, &q);
        pair_score(&p, &q, weights_of(t->w), NULL, &pair);
        *learn_pair_list_add(&t->pairs, a) =
            learn_pair_of(&pair, !at[i].is_judged ? LEARN_NOTHING : at[i].same ? LEARN_SAME : LEARN_DIFFERENT);
    }
    return true;
}

static bool pairs_add(struct teaching *t, const struct judged_list *list, struct err *err)
{
    for (int i = 0; i < list->count; i += BATCH)
        if (!batch_add(t, list->at + i, list->count - i < BATCH ? list->count - i : BATCH, err))
            return false;
    return true;
}

/* Another server may have done it meanwhile. */
static bool is_due(struct db *db, struct arena *a, int64_t verdicts, bool *due, struct err *err)
{
    struct weight_set_list last = { 0 };
    if (!weight_sets(db, 1, a, &last, err))
        return false;
    int64_t more = last.count ? verdicts - last.at[0].verdicts_n : verdicts;
    *due = verdicts >= LEARN_MIN && (more < 0 ? -more : more) >= WEIGHTS_STEP;
    return true;
}

static bool set_tx(struct db *db, void *ctx, struct err *err)
{
    struct teaching *t = ctx;
    bool             due;
    if (!is_due(db, t->w->arena, t->set.verdicts_n, &due, err))
        return false;
    if (!due) {
        t->set.id = (rid){ 0 };
        return true;
    }
    return record_insert(db, &weight_set_record, &t->set, err) &&
           audit_write(db, t->w, STR("identity.weights"), STR("identity_weights"), t->set.id, t->set.before_json, t->set.weights, err);
}

/* The set that the verdicts make; its id is not set when they change nothing. */
static bool set_learn(struct teaching *t, int64_t verdicts, struct err *err)
{
    struct work        *w      = t->w;
    struct judged_list  judged = { 0 }, open = { 0 };
    struct pair_weights now;
    if (!judged_pairs(w->db, JUDGED_MAX, w->arena, &judged, err) || !open_pairs(w->db, OPEN_MAX, w->arena, &open, err) ||
        !pairs_add(t, &judged, err) || !pairs_add(t, &open, err))
        return false;
    if (!weights_learn(&t->pairs, weights_of(w), &now))
        return true;
    t->set = (struct weight_set){ .id = work_id(w), .state = STR("kept"), .verdicts_n = verdicts, .weights = weights_json(w->arena, &now),
                                  .before_json = weights_json(w->arena, weights_of(w)), .actor_kind = str_of(actor_kind_names[w->actor.kind]),
                                  .actor_id = w->actor.id, .actor_name = w->actor.name, .at = w->now };
    return true;
}

bool weights_estimate(struct work *w, str country, struct weight_set *out, struct err *err)
{
    struct teaching t = { .w = w, .country = country };
    int64_t         verdicts;
    bool            due;
    *out = (struct weight_set){ 0 };
    if (!verdicts_by_people_count(w->db, &verdicts, err) || !is_due(w->db, w->arena, verdicts, &due, err))
        return false;
    if (!due)
        return true;
    if (!set_learn(&t, verdicts, err))
        return false;
    if (!id_is_set(t.set.id))
        return true;
    if (!db_tx(w->db, set_tx, &t, err))
        return false;
    *out = id_is_set(t.set.id) ? t.set : (struct weight_set){ 0 };
    return true;
}

static bool asked_tx(struct db *db, void *ctx, struct err *err)
{
    struct teaching *t = ctx;
    const struct pair_weights *now = NULL;
    if (!weights_now(db, t->w->arena, &now, err))
        return false;
    if (!str_eq(weights_json(t->w->arena, now ? now : &pair_weights_default), t->set.before_json))
        return err_set(err, ERR_CONFLICT, "weights", "other weights hold by now");
    return record_insert(db, &weight_set_record, &t->set, err) &&
           audit_write(db, t->w, STR("identity.weights"), STR("identity_weights"), t->set.id, t->set.before_json, t->set.weights, err);
}

bool weights_by_hand(struct work *w, str country, bool only_try, struct weight_set *out, struct err *err)
{
    struct teaching t = { .w = w, .country = country };
    int64_t         verdicts;
    *out = (struct weight_set){ 0 };
    if (!verdicts_by_people_count(w->db, &verdicts, err))
        return false;
    if (verdicts < LEARN_MIN)
        return err_set(err, ERR_CONFLICT, "verdicts", "%d decisions of people are needed, there are %lld", LEARN_MIN, (long long)verdicts);
    if (!set_learn(&t, verdicts, err) || (!only_try && id_is_set(t.set.id) && !db_tx(w->db, asked_tx, &t, err)))
        return false;
    *out = t.set;
    return true;
}

struct undoing { struct work *w; rid set; };

static bool undo_tx(struct db *db, void *ctx, struct err *err)
{
    struct undoing   *u   = ctx;
    struct weight_set set = { 0 };
    const struct pair_weights *then = NULL;
    if (!record_get(db, &weight_set_record, u->set, u->w->arena, &set, err))
        return false;
    if (!str_is(set.state, "kept"))
        return err_set(err, ERR_CONFLICT, "id", "these weights were taken back before");
    if (!weight_set_end(db, u->set, u->w->now, u->w->actor.name, err) || !weights_now(db, u->w->arena, &then, err))
        return false;
    return audit_write(db, u->w, STR("identity.weights_undo"), STR("identity_weights"), u->set, set.weights,
                       weights_json(u->w->arena, then ? then : &pair_weights_default), err);
}

bool weights_undo(struct work *w, rid set, struct err *err)
{
    struct undoing u = { w, set };
    return db_tx(w->db, undo_tx, &u, err);
}
