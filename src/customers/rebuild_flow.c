#include "customers/rebuild_flow.h"

#include "customers/match_flow.h"
#include "customers/match_store.h"
#include "customers/weights.h"

#include <stdlib.h>

#define BATCH 500

struct whole {
    struct work   *w;
    const struct rebuild_plan *plan;
    struct person *persons;             /* of all sources, by id */
    rid           *ids, *customers;
    int            count, cap;
    int           *cluster;
    struct identity_link_list links;
    struct identity_verdict  *verdicts;
    int            verdicts_n;
    bool                     *contested;                 /* as stored */
    struct block_rules        blocks;
    struct identity_run       run;
    struct rebuild_done       done;
};

static int find(const struct whole *x, rid source)
{
    int low = 0, high = x->count;
    while (low < high) {
        int mid = (low + high) / 2;
        if (x->ids[mid].v < source.v)
            low = mid + 1;
        else
            high = mid;
    }
    return low < x->count && id_eq(x->ids[low], source) ? low : -1;
}

/* ---- reading ---- */

static bool sources_read(struct whole *x, struct err *err)
{
    struct work *w = x->w;
    int64_t total = 0;
    if (!customer_sources_count(w->db, &total, err))
        return false;
    x->cap       = (int)total + 1;
    x->persons   = ARENA_ARRAY(w->arena, struct person, x->cap);
    x->ids       = ARENA_ARRAY(w->arena, rid, x->cap);
    x->customers = ARENA_ARRAY(w->arena, rid, x->cap);
    x->cluster   = ARENA_ARRAY(w->arena, int, x->cap);
    x->contested = ARENA_ARRAY(w->arena, bool, x->cap);
    rid  after = { 0 };
    bool more  = true;
    while (more) {
        CLEANUP(arena_back) struct arena_mark mark = arena_mark(w->arena);
        struct customer_source_list page = { 0 };
        if (!customer_sources_after(w->db, after, BATCH, w->arena, &page, err))
            return false;
        for (int i = 0; i < page.count && x->count < x->cap; i++, x->count++) {
            source_person(w->arena, &page.at[i], x->plan->country, &x->persons[x->count]);
            x->ids[x->count]       = page.at[i].id;
            x->customers[x->count] = page.at[i].customer_id;
            x->contested[x->count] = page.at[i].contested;
        }
        more = page.count == BATCH && x->count < x->cap;
        if (page.count)
            after = page.at[page.count - 1].id;
    }
    return true;
}

/* Verdicts, and what people have linked by hand. */
static bool verdicts_read(struct whole *x, struct err *err)
{
    struct verdict_list all = { 0 };
    if (!verdicts_live(x->w->db, x->w->arena, &all, err))
        return false;
    x->verdicts = ARENA_ARRAY(x->w->arena, struct identity_verdict, all.count + 1);
    for (int i = 0; i < all.count; i++) {
        int a = find(x, all.at[i].a_id), b = find(x, all.at[i].b_id);
        if (a >= 0 && b >= 0)
            x->verdicts[x->verdicts_n++] = (struct identity_verdict){ a, b, str_is(all.at[i].verdict, "same") };
    }
    return true;
}

/* ---- what differs ---- */

static const struct identity_link *link_between(const struct whole *x, int a_root, rid customer, rid other)
{
    for (int i = 0; i < x->links.count; i++) {
        const struct identity_link *l = &x->links.at[i];
        rid one = x->customers[l->a], two = x->customers[l->b];
        if (l->decision == DECISION_AUTOMATIC && x->cluster[l->a] == a_root &&
            ((id_eq(one, customer) && id_eq(two, other)) || (id_eq(one, other) && id_eq(two, customer))))
            return l;
    }
    return NULL;
}

static void customer_moved(struct whole *x, rid from, rid to)
{
    for (int i = 0; i < x->count; i++)
        if (id_eq(x->customers[i], from))
            x->customers[i] = to;
}

static bool merge_two(struct whole *x, int root, int at, int with, struct err *err)
{
    struct arena *a = x->w->arena;
    rid kept = x->customers[at].v < x->customers[with].v ? x->customers[at] : x->customers[with];
    rid gone = x->customers[at].v < x->customers[with].v ? x->customers[with] : x->customers[at], event;
    const struct identity_link *l = link_between(x, root, kept, gone);
    struct pair pair = { 0 };
    struct merge_view now;
    struct merge_plan plan = { .kept = kept, .gone = gone, .rule = STR("cluster"), .run_id = x->run.id };

    x->done.merges++;
    if (x->plan->dry_run) {
        customer_moved(x, gone, kept);
        return true;
    }
    if (l) {
        int source = id_eq(x->customers[l->a], gone) ? l->a : l->b;
        pair_score(&x->persons[l->a], &x->persons[l->b], weights_of(x->w), NULL, &pair);
        plan.rule        = str_of(identity_rule_names[l->rule]);
        plan.score       = l->score;
        plan.evidence    = evidence_json(a, &pair);
        plan.source      = x->ids[source];
        plan.with_source = x->ids[source == l->a ? l->b : l->a];
    }
    struct work rule = *x->w;
    rule.actor = (struct actor){ .kind = ACTOR_RULE, .name = STR("identity") };
    struct err why = { 0 };
    if (merge_do(&rule, &plan, &now, &event, &why)) {
        customer_moved(x, gone, kept);
        return true;
    }
    x->done.merges--;
    if (why.code != ERR_CONFLICT) {                      /* a verdict, or somebody was quicker */
        *err = why;
        return false;
    }
    x->done.barred++;
    return true;
}

/* Members of one card that are no longer one person leave it: the part with the oldest record keeps the card. */
static bool split_apart(struct whole *x, const int *members, int count, struct err *err)
{
    struct arena *a   = x->w->arena;
    rid          *ids = ARENA_ARRAY(a, rid, count + 1);
    int           keeps = x->cluster[members[0]];
    for (int i = 1; i < count; i++) {
        int root = x->cluster[members[i]], n = 0;
        if (root == keeps || x->customers[members[i]].v != x->customers[members[0]].v)
            continue;
        for (int k = i; k < count; k++)
            if (x->cluster[members[k]] == root)
                ids[n++] = x->ids[members[k]];
        x->done.splits++;
        struct unmerge_done done = { .gone = { .id = { -(int64_t)x->done.splits } } };
        if (!x->plan->dry_run && !unmerge_sources(x->w, x->customers[members[0]], ids, n, x->run.id, &done, err))
            return false;
        for (int k = i; k < count; k++)
            if (x->cluster[members[k]] == root)
                x->customers[members[k]] = done.gone.id;
    }
    return true;
}

struct place { int64_t key; int at; };
LIST(place)
static int by_key(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->at > y->at) - (x->at < y->at);
}

static struct place *sorted(struct whole *x, bool by_customer)
{
    struct place *p = ARENA_ARRAY(x->w->arena, struct place, x->count + 1);
    for (int i = 0; i < x->count; i++)
        p[i] = (struct place){ by_customer ? x->customers[i].v : x->cluster[i], i };
    qsort(p, (size_t)x->count, sizeof *p, by_key);
    return p;
}

static bool splits_do(struct whole *x, struct err *err)
{
    struct place *p = sorted(x, true);
    for (int i = 0, end; i < x->count; i = end) {
        CLEANUP(arena_back) struct arena_mark mark = arena_mark(x->w->arena);
        bool parted = false;
        for (end = i; end < x->count && p[end].key == p[i].key; end++)
            parted = parted || x->cluster[p[end].at] != x->cluster[p[i].at];
        if (!parted)
            continue;
        int *members = ARENA_ARRAY(x->w->arena, int, end - i + 1);
        for (int k = i; k < end; k++)
            members[k - i] = p[k].at;
        if (!split_apart(x, members, end - i, err))
            return false;
    }
    return true;
}

static bool merges_do(struct whole *x, struct err *err)
{
    struct place *p = sorted(x, false);
    for (int i = 0, end; i < x->count; i = end) {
        CLEANUP(arena_back) struct arena_mark mark = arena_mark(x->w->arena);
        x->done.clusters++;
        for (end = i + 1; end < x->count && p[end].key == p[i].key; end++)
            if (!id_eq(x->customers[p[end].at], x->customers[p[i].at]) && !merge_two(x, (int)p[i].key, p[i].at, p[end].at, err))
                return false;
    }
    return true;
}

struct closing { struct work *w; const rid *ids; int count; };

static bool close_tx(struct db *db, void *ctx, struct err *err)
{
    const struct closing *c = ctx;
    return suggestions_close(db, c->ids, c->count, STR("stale"), (rid){ 0 }, c->w->now, STR(""), err);
}

struct offering { struct whole *x; const struct suggestion *s; };

static bool offer_tx(struct db *db, void *ctx, struct err *err)
{
    struct offering *o = ctx;
    return suggestion_offer(db, o->s, err);
}

static bool suggestions_do(struct whole *x, struct err *err)
{
    for (int i = 0; i < x->links.count; i++) {
        CLEANUP(arena_back) struct arena_mark mark = arena_mark(x->w->arena);
        const struct identity_link *l = &x->links.at[i];
        bool wanted = l->decision == DECISION_SUGGEST || (x->plan->only_suggest && l->decision == DECISION_AUTOMATIC);
        if (!wanted || id_eq(x->customers[l->a], x->customers[l->b]))
            continue;
        struct pair pair;
        pair_score(&x->persons[l->a], &x->persons[l->b], weights_of(x->w), NULL, &pair);
        struct suggestion s = {
            .id = work_id(x->w), .a_id = x->ids[l->a], .b_id = x->ids[l->b], .customer_a = x->customers[l->a], .customer_b = x->customers[l->b],
            .rule = str_of(identity_rule_names[l->rule]), .score = l->score, .evidence = evidence_json(x->w->arena, &pair), .at = x->w->now,
            .run_id = x->run.id,
        };
        struct offering o = { x, &s };
        x->done.suggestions++;
        if (!x->plan->dry_run && !db_tx(x->w->db, offer_tx, &o, err))
            return false;
    }
    return true;
}

/* A suggestion whose pair has changed and says it no more. */
static bool stale_close(struct whole *x, struct err *err)
{
    struct suggestion_page at = { .limit = BATCH };
    bool more = true;
    while (more) {
        CLEANUP(arena_back) struct arena_mark mark = arena_mark(x->w->arena);
        struct suggestion_list list = { 0 };
        rid *stale = ARENA_ARRAY(x->w->arena, rid, BATCH + 1);
        int  n     = 0;
        if (!suggestions_page(x->w->db, &at, x->w->arena, &list, &more, err))
            return false;
        for (int i = 0; i < list.count; i++) {
            int a = find(x, list.at[i].a_id), b = find(x, list.at[i].b_id);
            struct pair pair;
            if (a >= 0 && b >= 0)
                pair_score(&x->persons[a], &x->persons[b], weights_of(x->w), NULL, &pair);
            if (a < 0 || b < 0 || (pair.score < list.at[i].score && pair_decide(&pair, &limits_default) == DECISION_SEPARATE))
                stale[n++] = list.at[i].id;
            at = (struct suggestion_page){ true, list.at[i].score, list.at[i].id, BATCH };
        }
        struct closing c = { x->w, stale, n };
        x->done.stale += n;
        if (n && !x->plan->dry_run && !db_tx(x->w->db, close_tx, &c, err))
            return false;
    }
    return true;
}

/* ---- what is kept for the next record that comes ---- */

struct noting { struct whole *x; const rid *ids; int count; bool contested; const struct block *blocks; };

static bool contest_tx(struct db *db, void *ctx, struct err *err)
{
    const struct noting *n = ctx;
    return customer_sources_contest(db, n->ids, n->count, n->contested, err);
}

static bool blocks_tx(struct db *db, void *ctx, struct err *err)
{
    const struct noting *n = ctx;
    return blocks_replace(db, n->blocks, n->count, n->x->w->now, err);
}

static bool contested_save(struct whole *x, const bool *now, bool which, struct err *err)
{
    rid ids[BATCH];
    struct noting n = { .x = x, .ids = ids, .contested = which };
    for (int i = 0; i <= x->count; i++) {
        if (i < x->count && now[i] == which && x->contested[i] != which)
            ids[n.count++] = x->ids[i];
        if (n.count == BATCH || (i == x->count && n.count)) {
            if (!db_tx(x->w->db, contest_tx, &n, err))
                return false;
            n.count = 0;
        }
    }
    return true;
}

/* Which cards are not all that hangs together, and which keys were passed over. */
static bool notes_do(struct whole *x, struct err *err)
{
    struct arena     *a = x->w->arena;
    bool             *now = ARENA_ARRAY(a, bool, x->count + 1);
    struct crowd_list crowds = { 0 };
    for (int i = 0; i < x->links.count; i++)
        if (x->links.at[i].guard)
            now[x->links.at[i].a] = now[x->links.at[i].b] = true;
    candidates_crowded(a, x->persons, x->count, BLOCKS_MAX, &crowds);
    struct block *blocks = ARENA_ARRAY(a, struct block, crowds.count + 1);
    for (int i = 0; i < crowds.count; i++)
        blocks[i] = (struct block){ .key = crowds.at[i].key, .kind = str_of(key_kind_names[person_key_kind(crowds.at[i].key)]),
                                    .members = crowds.at[i].members, .source = x->ids[crowds.at[i].record] };
    struct noting n = { .x = x, .blocks = blocks, .count = crowds.count };
    x->done.hubs = crowds.count;
    return contested_save(x, now, true, err) && contested_save(x, now, false, err) && db_tx(x->w->db, blocks_tx, &n, err);
}

/* ---- the run ---- */

static bool begin_tx(struct db *db, void *ctx, struct err *err)
{
    return record_insert(db, &run_record, &((struct whole *)ctx)->run, err);
}

static bool end_tx(struct db *db, void *ctx, struct err *err)
{
    struct whole *x = ctx;
    return run_save(db, &x->run, err) && suggestions_tidy(db, x->w->now, err);
}

bool identity_rebuild(struct work *w, const struct rebuild_plan *plan, struct rebuild_done *out, struct err *err)
{
    struct whole x = { .w = w, .plan = plan };
    x.run = (struct identity_run){ .id = work_id(w), .kind = plan->kind.len ? plan->kind : STR("rebuild"), .state = STR("running"), .at = w->now,
                                   .actor_kind = str_of(actor_kind_names[w->actor.kind]), .actor_id = w->actor.id, .actor_name = w->actor.name };
    *out = (struct rebuild_done){ 0 };
    if (!plan->dry_run && !db_tx(w->db, begin_tx, &x, err))
        return false;
    if (!sources_read(&x, err) || !verdicts_read(&x, err) || !blocks_spared(w->db, w->arena, &x.blocks, err))
        return false;
    struct identity_rules rules = { .blocks = &x.blocks, .weights = weights_of(w) };
    identity_cluster(w->arena, x.persons, x.count, x.verdicts, x.verdicts_n, &rules, x.cluster, &x.links);
    x.done.sources = x.count;
    bool ok = (plan->only_suggest || (splits_do(&x, err) && merges_do(&x, err))) && suggestions_do(&x, err) && stale_close(&x, err) &&
              (plan->dry_run || plan->only_suggest || notes_do(&x, err));
    x.run.state         = ok ? STR("done") : STR("failed");
    x.run.sources_n     = x.done.sources;
    x.run.merges_n      = x.done.merges;
    x.run.splits_n      = x.done.splits;
    x.run.suggestions_n = x.done.suggestions;
    x.run.ended_at      = w->now;
    x.done.run          = plan->dry_run ? (rid){ 0 } : x.run.id;
    *out                = x.done;
    struct err other    = { 0 };
    return (plan->dry_run || db_tx(w->db, end_tx, &x, ok ? err : &other)) && ok;
}
