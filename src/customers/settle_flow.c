#include "customers/settle_flow.h"

#include "customers/match_flow.h"
#include "customers/match_store.h"
#include "customers/parting_flow.h"
#include "customers/rebuild_flow.h"
#include "customers/weights.h"
#include "identity/cluster.h"

#include <stdlib.h>

struct held {
    struct customer_source source;
    struct person          person;
    bool                   is_seed, reached, asked, looked;      /* asked: for verdicts; looked: for what its keys reach */
};
LIST(held)

struct settling {
    struct db           *db;
    const struct work   *w;
    struct work          rule;                   /* the same with the rules as actor */
    str                  country;
    rid                  run;
    struct block_rules   blocks;
    struct held_list     list;
    int                 *table;                  /* place + 1 by hash of the record's id */
    unsigned             mask;
    struct verdict_list  verdicts;
    int                  reached;
    int                 *member;                 /* places of what hangs together */
    int                 *cluster;                /* by member */
    struct identity_link_list links;
    struct settled      *out;
};

/* ---- records ---- */

static unsigned slot_of(const struct settling *s, rid source)
{
    return (unsigned)(((uint64_t)source.v * UINT64_C(0x9e3779b97f4a7c15)) >> 33) & s->mask;
}

static int held_find(const struct settling *s, rid source)
{
    for (unsigned i = slot_of(s, source);; i++) {
        int at = s->table[i & s->mask];
        if (!at)
            return -1;
        if (id_eq(s->list.at[at - 1].source.id, source))
            return at - 1;
    }
}

static void hold(struct settling *s, const struct customer_source *source)
{
    unsigned i = slot_of(s, source->id);
    while (s->table[i & s->mask])
        i++;
    struct held *h = held_list_add(&s->list, s->w->arena);
    *h = (struct held){ .source = *source };
    source_person(s->w->arena, source, s->country, &h->person);
    s->table[i & s->mask] = s->list.count;
}

/* All records of these cards, so that a card is never looked at in part. */
static bool cards_hold(struct settling *s, const rid *customers, int count, struct err *err)
{
    struct customer_source_list sources = { 0 };
    if (!count)
        return true;
    if (!customer_sources_of(s->db, customers, count, s->w->arena, &sources, err))
        return false;
    for (int i = 0; i < sources.count && s->list.count < SETTLE_HELD_MAX; i++)
        if (held_find(s, sources.at[i].id) < 0)
            hold(s, &sources.at[i]);
    s->out->is_partial |= s->list.count >= SETTLE_HELD_MAX;
    return true;
}

static void reach(struct settling *s, int at)
{
    rid customer = s->list.at[at].source.customer_id;
    if (s->list.at[at].reached)
        return;
    for (int i = 0; i < s->list.count; i++)
        if (id_eq(s->list.at[i].source.customer_id, customer) && !s->list.at[i].reached) {
            s->list.at[i].reached = true;
            s->reached++;
        }
    s->out->is_partial |= s->reached > SETTLE_RECORDS_MAX;
}

/* ---- what hangs together ---- */

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const rid *)a)->v, y = ((const rid *)b)->v;
    return x < y ? -1 : x > y;
}

static int ids_unique(rid *ids, int count)
{
    int n = 0;
    qsort(ids, (size_t)count, sizeof *ids, by_id);
    for (int i = 0; i < count; i++)
        if (!n || ids[i].v != ids[n - 1].v)
            ids[n++] = ids[i];
    return n;
}

/* Verdicts about records that have been reached since; who is said to be the same is reached too. */
static bool verdicts_follow(struct settling *s, bool *more, struct err *err)
{
    struct arena        *a   = s->w->arena;
    struct verdict_list  news = { 0 };
    struct customer_source_list others = { 0 };
    rid                 *ids = ARENA_ARRAY(a, rid, s->list.count + 1), *far;
    int                  n   = 0, far_n = 0;

    for (int i = 0; i < s->list.count; i++)
        if (s->list.at[i].reached && !s->list.at[i].asked) {
            s->list.at[i].asked = true;
            ids[n++] = s->list.at[i].source.id;
        }
    if (!n)
        return true;
    if (!verdicts_of(s->db, ids, n, a, &news, err))
        return false;
    far = ARENA_ARRAY(a, rid, news.count * 2 + 1);
    for (int i = 0; i < news.count; i++) {
        *verdict_list_add(&s->verdicts, a) = news.at[i];
        for (int side = 0; side < 2 && str_is(news.at[i].verdict, "same"); side++) {
            rid one = side ? news.at[i].b_id : news.at[i].a_id;
            if (held_find(s, one) < 0)
                far[far_n++] = one;
        }
    }
    if (far_n) {
        if (!customer_sources_by_ids(s->db, far, far_n, a, &others, err))
            return false;
        far_n = 0;
        for (int i = 0; i < others.count; i++)
            far[far_n++] = others.at[i].customer_id;
        if (!cards_hold(s, far, ids_unique(far, far_n), err))
            return false;
    }
    for (int i = 0; i < news.count; i++)
        for (int side = 0; side < 2 && str_is(news.at[i].verdict, "same"); side++) {
            int at = held_find(s, side ? news.at[i].b_id : news.at[i].a_id);
            if (at >= 0 && !s->list.at[at].reached) {
                reach(s, at);
                *more = true;
            }
        }
    return true;
}

static bool joins(const struct settling *s, const struct person *a, const struct person *b)
{
    struct pair pair;
    pair_score(a, b, weights_of(s->w), NULL, &pair);
    return pair_decide(&pair, &limits_default) == DECISION_AUTOMATIC;
}

static int by_key(const void *a, const void *b)
{
    const struct key_of *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->source_id.v < y->source_id.v ? -1 : x->source_id.v > y->source_id.v;
}

static int member_by_key(const void *a, const void *b)
{
    const struct key_member *x = a, *y = b;
    return x->key != y->key ? (x->key < y->key ? -1 : 1) : x->source_id.v < y->source_id.v ? -1 : x->source_id.v > y->source_id.v;
}

/* Who holds these keys, sorted by key. */
static bool members_find(struct settling *s, const struct key_of *keys, int count, struct key_member_list *out, struct err *err)
{
    struct arena *a    = s->w->arena;
    uint64_t     *each = ARENA_ARRAY(a, uint64_t, count + 1);
    for (int i = 0; i < count; i++)
        each[i] = keys[i].key;
    if (!match_keys_find(s->db, each, count, a, out, err))
        return false;
    if (out->count)
        qsort(out->at, (size_t)out->count, sizeof *out->at, member_by_key);
    return true;
}

/* The keys of those that may reach others: they have changed, or a guard has kept somebody away from them. */
static int frontier_keys(struct settling *s, struct key_of_list *keys)
{
    int found = 0;
    for (int i = 0; i < s->list.count; i++) {
        struct held *h = &s->list.at[i];
        uint64_t     of[PERSON_KEYS_MAX];
        if (!h->reached || h->looked)
            continue;
        h->looked = true;
        if (!h->is_seed && !h->source.contested)
            continue;
        int n = person_keys(&h->person, of);
        for (int k = 0; k < n; k++)
            *key_of_list_add(keys, s->w->arena) = (struct key_of){ of[k], h->source.id };
        found++;
    }
    if (keys->count)
        qsort(keys->at, (size_t)keys->count, sizeof *keys->at, by_key);
    return found;
}

static bool keys_follow(struct settling *s, bool *more, struct err *err)
{
    struct arena          *a       = s->w->arena;
    struct key_of_list     keys    = { 0 };
    struct key_member_list members = { 0 };
    int                    n       = 0;

    if (!frontier_keys(s, &keys))
        return true;
    if (!members_find(s, keys.at, keys.count, &members, err))
        return false;
    rid *cards = ARENA_ARRAY(a, rid, members.count + 1);
    for (int i = 0; i < members.count; i++)
        if (held_find(s, members.at[i].source_id) < 0)
            cards[n++] = members.at[i].customer_id;
    if (!cards_hold(s, cards, ids_unique(cards, n), err))
        return false;
    for (int i = 0, m = 0; i < keys.count && !s->out->is_partial; i++) {
        while (m < members.count && members.at[m].key < keys.at[i].key)
            m++;
        int own = held_find(s, keys.at[i].source_id);
        for (int k = m; k < members.count && members.at[k].key == keys.at[i].key; k++) {
            int other = held_find(s, members.at[k].source_id);
            if (other >= 0 && !s->list.at[other].reached && joins(s, &s->list.at[own].person, &s->list.at[other].person)) {
                reach(s, other);
                *more = true;
            }
        }
    }
    return true;
}

static bool grow(struct settling *s, struct err *err)
{
    bool more = true;
    for (int round = 0; more && !s->out->is_partial; round++) {
        more = false;
        if (!verdicts_follow(s, &more, err) || !keys_follow(s, &more, err))
            return false;
        s->out->is_partial |= more && round == SETTLE_ROUNDS_MAX;
    }
    return true;
}

/* ---- clustering it ---- */

/* Keys that several of these hold, but too many elsewhere as well. */
static bool hot_find(struct settling *s, struct err *err)
{
    struct arena          *a = s->w->arena;
    struct key_of_list     all = { 0 }, shared = { 0 };
    struct key_member_list members = { 0 };
    for (int i = 0; i < s->reached; i++) {
        uint64_t of[PERSON_KEYS_MAX];
        int      n = person_keys(&s->list.at[s->member[i]].person, of);
        for (int k = 0; k < n; k++)
            *key_of_list_add(&all, a) = (struct key_of){ of[k], s->list.at[s->member[i]].source.id };
    }
    if (all.count)
        qsort(all.at, (size_t)all.count, sizeof *all.at, by_key);
    for (int i = 1; i < all.count; i++)
        if (all.at[i].key == all.at[i - 1].key && (!shared.count || shared.at[shared.count - 1].key != all.at[i].key))
            *key_of_list_add(&shared, a) = all.at[i];
    if (!shared.count)
        return true;
    if (!members_find(s, shared.at, shared.count, &members, err))
        return false;
    uint64_t *hot = ARENA_ARRAY(a, uint64_t, shared.count + 1);
    int       n   = 0;
    for (int i = 0, m = 0; i < shared.count; i++) {
        while (m < members.count && members.at[m].key < shared.at[i].key)
            m++;
        if (m == members.count || members.at[m].key != shared.at[i].key)
            hot[n++] = shared.at[i].key;
    }
    s->blocks.hot       = hot;
    s->blocks.hot_count = n;
    return true;
}

static bool cluster(struct settling *s, struct err *err)
{
    struct arena  *a = s->w->arena;
    struct person *persons = ARENA_ARRAY(a, struct person, s->reached + 1);
    int           *place   = ARENA_ARRAY(a, int, s->list.count + 1), n = 0, v = 0;
    struct identity_verdict *verdicts = ARENA_ARRAY(a, struct identity_verdict, s->verdicts.count + 1);

    s->member  = ARENA_ARRAY(a, int, s->reached + 1);
    s->cluster = ARENA_ARRAY(a, int, s->reached + 1);
    for (int i = 0; i < s->list.count; i++) {
        place[i] = s->list.at[i].reached ? n : -1;
        if (s->list.at[i].reached) {
            s->member[n]  = i;
            persons[n++] = s->list.at[i].person;
        }
    }
    for (int i = 0; i < s->verdicts.count; i++) {
        int x = held_find(s, s->verdicts.at[i].a_id), y = held_find(s, s->verdicts.at[i].b_id);
        if (x >= 0 && y >= 0 && place[x] >= 0 && place[y] >= 0)
            verdicts[v++] = (struct identity_verdict){ place[x], place[y], str_is(s->verdicts.at[i].verdict, "same") };
    }
    if (!hot_find(s, err))
        return false;
    struct identity_rules rules = { .blocks = &s->blocks, .weights = weights_of(s->w) };
    identity_cluster(a, persons, n, verdicts, v, &rules, s->cluster, &s->links);
    return true;
}

/* ---- making it so ---- */

static struct held *member(const struct settling *s, int i) { return &s->list.at[s->member[i]]; }

static void recounted(struct settling *s, rid customer)
{
    if (!settled_recounted(s->out, customer))
        *int_list_add(&s->out->recounted, s->w->arena) = customer.v;
}

/* The part with the oldest record keeps the card, the others get one each. */
static bool card_part(struct settling *s, int first, struct err *err)
{
    rid  card = member(s, first)->source.customer_id;
    rid *ids  = ARENA_ARRAY(s->w->arena, rid, s->reached + 1);
    for (int i = 0; i < s->reached; i++)
        if (id_eq(member(s, i)->source.customer_id, card) && member(s, i)->source.id.v < member(s, first)->source.id.v)
            first = i;
    for (int i = 0; i < s->reached; i++) {
        int n = 0;
        if (!id_eq(member(s, i)->source.customer_id, card) || s->cluster[i] == s->cluster[first])
            continue;
        for (int k = i; k < s->reached; k++)
            if (id_eq(member(s, k)->source.customer_id, card) && s->cluster[k] == s->cluster[i])
                ids[n++] = member(s, k)->source.id;
        struct unmerge_done done;
        if (!unmerge_sources_apply(s->db, &s->rule, card, ids, n, s->run, &done, err))
            return false;
        recounted(s, card);
        recounted(s, done.gone.id);
        s->out->splits++;
        for (int k = i, c = s->cluster[i]; k < s->reached; k++)
            if (id_eq(member(s, k)->source.customer_id, card) && s->cluster[k] == c)
                member(s, k)->source.customer_id = done.gone.id;
    }
    return true;
}

static bool cards_part(struct settling *s, struct err *err)
{
    for (int i = 0; i < s->reached; i++)
        for (int k = 0; k < i; k++)
            if (id_eq(member(s, i)->source.customer_id, member(s, k)->source.customer_id) && s->cluster[i] != s->cluster[k]) {
                if (!card_part(s, k, err))
                    return false;
                break;
            }
    return true;
}

static struct merge_plan plan_of(struct settling *s, rid kept, rid gone, int cluster_of)
{
    struct merge_plan plan = { .kept = kept, .gone = gone, .rule = STR("cluster"), .run_id = s->run };
    for (int i = 0; i < s->links.count; i++) {
        const struct identity_link *l = &s->links.at[i];
        rid  one = member(s, l->a)->source.customer_id, two = member(s, l->b)->source.customer_id;
        bool between = (id_eq(one, kept) && id_eq(two, gone)) || (id_eq(one, gone) && id_eq(two, kept));
        if (l->decision != DECISION_AUTOMATIC || s->cluster[l->a] != cluster_of || !between)
            continue;
        int         goes = id_eq(one, gone) ? l->a : l->b;
        struct pair pair;
        pair_score(&member(s, l->a)->person, &member(s, l->b)->person, weights_of(s->w), NULL, &pair);
        plan.rule        = str_of(identity_rule_names[l->rule]);
        plan.score       = l->score;
        plan.evidence    = evidence_json(s->w->arena, &pair);
        plan.source      = member(s, goes)->source.id;
        plan.with_source = member(s, goes == l->a ? l->b : l->a)->source.id;
        break;
    }
    return plan;
}

static bool cards_join(struct settling *s, struct err *err)
{
    for (int i = 0; i < s->reached; i++)
        for (int k = 0; k < i; k++) {
            rid one = member(s, k)->source.customer_id, other = member(s, i)->source.customer_id;
            if (s->cluster[i] != s->cluster[k] || id_eq(one, other))
                continue;
            struct merge_view now;
            rid               event;
            struct merge_plan plan = plan_of(s, one.v < other.v ? one : other, one.v < other.v ? other : one, s->cluster[i]);
            if (!merge_apply(s->db, &s->rule, &plan, &now, &event, err))
                return false;
            recounted(s, plan.kept);
            recounted(s, plan.gone);
            s->out->merges++;
            for (int m = 0; m < s->reached; m++)
                if (id_eq(member(s, m)->source.customer_id, plan.gone))
                    member(s, m)->source.customer_id = plan.kept;
        }
    return true;
}

/* Who was kept apart by a guard is shown to a person; and it is noted that these cards are not all that hangs together. */
static bool guards_note(struct settling *s, struct err *err)
{
    struct arena *a = s->w->arena;
    bool *contested = ARENA_ARRAY(a, bool, s->reached + 1);
    rid  *set = ARENA_ARRAY(a, rid, s->reached + 1), *clear = ARENA_ARRAY(a, rid, s->reached + 1);
    int   set_n = 0, clear_n = 0;
    for (int i = 0; i < s->links.count; i++) {
        const struct identity_link *l = &s->links.at[i];
        if (!l->guard)
            continue;
        contested[l->a] = contested[l->b] = true;
        if (l->decision != DECISION_SUGGEST || l->rule == RULE_VERDICT || !(member(s, l->a)->is_seed || member(s, l->b)->is_seed))
            continue;
        struct pair pair;
        pair_score(&member(s, l->a)->person, &member(s, l->b)->person, weights_of(s->w), NULL, &pair);
        struct suggestion g = {
            .id = work_id(s->w), .a_id = member(s, l->a)->source.id, .b_id = member(s, l->b)->source.id,
            .customer_a = member(s, l->a)->source.customer_id, .customer_b = member(s, l->b)->source.customer_id,
            .rule = str_of(identity_rule_names[l->rule]), .score = l->score, .evidence = evidence_json(a, &pair), .at = s->w->now,
            .run_id = s->run,
        };
        if (!suggestion_offer(s->db, &g, err))
            return false;
    }
    for (int i = 0; i < s->reached; i++) {
        if (contested[i] && !member(s, i)->source.contested)
            set[set_n++] = member(s, i)->source.id;
        if (!contested[i] && member(s, i)->source.contested)
            clear[clear_n++] = member(s, i)->source.id;
    }
    return customer_sources_contest(s->db, set, set_n, true, err) && customer_sources_contest(s->db, clear, clear_n, false, err);
}

static bool begin(struct settling *s, const rid *sources, int count, struct err *err)
{
    struct arena               *a = s->w->arena;
    struct customer_source_list seeds = { 0 };
    int64_t                     recipe;
    if (!match_number(s->db, MATCH_RECIPE, &recipe, err))
        return false;
    s->out->is_partial = recipe != KEYS_RECIPE;              /* what is not found now may be there all the same */
    if (s->out->is_partial)
        return true;
    s->mask  = 4 * SETTLE_HELD_MAX;
    while (s->mask & (s->mask - 1))
        s->mask &= s->mask - 1;
    s->table = ARENA_ARRAY(a, int, s->mask);
    s->mask -= 1;
    if (!blocks_spared(s->db, a, &s->blocks, err) || !customer_sources_by_ids(s->db, sources, count, a, &seeds, err))
        return false;
    rid *cards = ARENA_ARRAY(a, rid, seeds.count + 1);
    for (int i = 0; i < seeds.count; i++)
        cards[i] = seeds.at[i].customer_id;
    if (!cards_hold(s, cards, ids_unique(cards, seeds.count), err))
        return false;
    for (int i = 0; i < seeds.count; i++) {
        int at = held_find(s, seeds.at[i].id);
        if (at >= 0) {
            s->list.at[at].is_seed = true;
            reach(s, at);
        }
    }
    return true;
}

bool identity_settle(struct db *db, const struct work *w, const rid *sources, int count, str country, rid run, struct settled *out,
                     struct err *err)
{
    struct settling s = { .db = db, .w = w, .rule = *w, .country = country, .run = run, .out = out };
    s.rule.actor = (struct actor){ .kind = ACTOR_RULE, .name = STR("identity") };
    *out = (struct settled){ 0 };
    if (!count)
        return true;
    if (!begin(&s, sources, count, err) || (!out->is_partial && !grow(&s, err)))
        return false;
    if (out->is_partial || !s.reached)
        return true;
    if (!cluster(&s, err) || !cards_part(&s, err) || !cards_join(&s, err) || !guards_note(&s, err))
        return false;
    for (int i = 0; i < s.reached; i++)
        *record_home_list_add(&out->homes, w->arena) = (struct record_home){ member(&s, i)->source.id, member(&s, i)->source.customer_id };
    return true;
}

rid settled_home(const struct settled *s, rid source, rid otherwise)
{
    for (int i = 0; i < s->homes.count; i++)
        if (id_eq(s->homes.at[i].source, source))
            return s->homes.at[i].customer;
    return otherwise;
}

bool settled_recounted(const struct settled *s, rid customer)
{
    for (int i = 0; i < s->recounted.count; i++)
        if (s->recounted.at[i] == customer.v)
            return true;
    return false;
}
