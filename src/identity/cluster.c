/* Clusters: scored pairs fall into components; inside a component the best pairs join first, and a join that would put a
 * contradiction into one cluster is refused. Ties are broken by the records' ids and contents, never by their place. */
#include "identity/cluster.h"

#include <stdlib.h>

#include "identity/candidates.h"
#include "identity/sound.h"

#define SCORE_VERDICT 30000

struct edge {
    uint32_t a, b;
    int32_t  score;
    uint8_t  decision, rule, unused;
    bool     by_name;                   /* stands on the name and the city alone */
};
#define EDGES_CHUNK 8192
struct edge_chunk {
    struct edge_chunk *next;
    int                count;
    struct edge        at[EDGES_CHUNK];
};

struct work {
    struct arena                  *arena;
    const struct person           *p;
    int                            count;
    const struct pair_weights     *weights;
    const struct limits           *limits;
    struct rarity                 *rarity;          /* by record */
    const struct identity_verdict *verdicts;
    int                            verdicts_count;
    uint64_t                      *differ;          /* verdicts "different" as a << 32 | b, sorted */
    int                            differ_count;
    uint8_t                       *has_differ;      /* by record; NULL when there are none */
    struct edge_chunk             *first, *last;
    uint32_t                       edges;
    uint32_t                      *parent;          /* clusters; a root is its smallest index */
    uint32_t                      *next, *tail;     /* members of a cluster as a list */
    uint32_t                      *size;
    uint64_t                      *order;           /* of each record, not of its place in the array */
    struct identity_link_list     *links;
};

/* ---- pairs that may be joined or suggested ---- */

static void edge_add(struct work *w, struct edge e)
{
    if (!w->last || w->last->count == EDGES_CHUNK) {
        struct edge_chunk *chunk = arena_raw(w->arena, sizeof *chunk);
        chunk->next  = NULL;
        chunk->count = 0;
        if (w->last)
            w->last->next = chunk;
        else
            w->first = chunk;
        w->last = chunk;
    }
    w->last->at[w->last->count++] = e;
    w->edges++;
}

/* One phone and one e-mail outweigh another given name: an unknown short form is likelier than two people sharing both. */
static bool is_overridden(const struct pair *p)
{
    int same = 0;
    for (int i = 0; i < p->evidence_count; i++)
        same += p->evidence[i].code == EV_PHONE_SAME || p->evidence[i].code == EV_EMAIL_SAME || p->evidence[i].code == EV_EMAIL_LOOSE;
    return same >= 2 && p->name >= NAME_FAMILY;
}

static bool is_by_name(const struct pair *p)
{
    for (int i = 0; i < p->evidence_count; i++)
        if (p->evidence[i].code == EV_NAME_ALONE || p->evidence[i].code == EV_NAME_ALONE_DIFFERS)
            return true;
    return false;
}

#define AHEAD 6
static void record_fetch(const struct work *w, uint32_t i)
{
    const char *at = (const char *)&w->p[i];
    for (size_t line = 0; line < sizeof w->p[i]; line += 64)
        __builtin_prefetch(at + line);
    __builtin_prefetch(&w->rarity[i]);
}

static void edges_find(struct work *w)
{
    struct candidates c;
    candidates_find(w->arena, w->p, w->count, &c);
    for (int i = 0; i < w->count; i++)
        for (uint32_t k = c.from[i]; k < c.from[i + 1]; k++) {
            struct pair pair;
            if (k + AHEAD < c.from[w->count])           /* records lie anywhere: half of the time went with waiting for them */
                record_fetch(w, c.to[k + AHEAD]);
            pair_score_with(&w->p[i], &w->p[c.to[k]], w->weights, &w->rarity[i], &w->rarity[c.to[k]], &pair);
            enum decision d = pair_decide(&pair, w->limits);
            if (w->limits->best_guess && pair.score >= w->limits->automatic && is_overridden(&pair))
                d = DECISION_AUTOMATIC;
            if (d == DECISION_SEPARATE)
                continue;
            edge_add(w, (struct edge){ (uint32_t)i, c.to[k], pair.score, (uint8_t)d, (uint8_t)pair.rule, 0, is_by_name(&pair) });
        }
    for (int i = 0; i < w->verdicts_count; i++) {
        const struct identity_verdict *v = &w->verdicts[i];
        if (v->same && v->a != v->b)
            edge_add(w, (struct edge){ (uint32_t)(v->a < v->b ? v->a : v->b), (uint32_t)(v->a < v->b ? v->b : v->a), SCORE_VERDICT,
                                       DECISION_AUTOMATIC, RULE_VERDICT, 0, false });
    }
}

/* ---- verdicts ---- */

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static uint64_t pair_key(uint32_t a, uint32_t b) { return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a; }

static void verdicts_sort(struct work *w)
{
    w->differ = ARENA_ARRAY(w->arena, uint64_t, w->verdicts_count + 1);
    for (int i = 0; i < w->verdicts_count; i++)
        if (!w->verdicts[i].same)
            w->differ[w->differ_count++] = pair_key((uint32_t)w->verdicts[i].a, (uint32_t)w->verdicts[i].b);
    if (!w->differ_count)
        return;
    qsort(w->differ, (size_t)w->differ_count, sizeof *w->differ, by_value);
    w->has_differ = arena_alloc(w->arena, (size_t)w->count);
    for (int i = 0; i < w->differ_count; i++)
        w->has_differ[w->differ[i] >> 32] = w->has_differ[(uint32_t)w->differ[i]] = 1;
}

static bool verdict_differs(const struct work *w, uint32_t a, uint32_t b)
{
    if (!w->has_differ || !w->has_differ[a] || !w->has_differ[b])
        return false;
    uint64_t key = pair_key(a, b);
    return bsearch(&key, w->differ, (size_t)w->differ_count, sizeof key, by_value) != NULL;
}

/* ---- guards ---- */

static bool contradict(const struct person *a, const struct person *b)
{
    if (a->birth_date && b->birth_date && a->birth_date != b->birth_date)
        return true;
    if (a->card && b->card && a->card != b->card)
        return true;
    return name_contradicts(name_compare(&a->name, &b->name));
}

static uint32_t root_of(struct work *w, uint32_t i)
{
    while (w->parent[i] != i) {
        w->parent[i] = w->parent[w->parent[i]];
        i = w->parent[i];
    }
    return i;
}

/* Of the pairs across two clusters a few contradict, but many more support: then the few are slips of the pen. Only where
 * nobody could be asked. */
#define SUPPORT_PER_CONTRADICTION 3
static bool is_outvoted(const struct work *w, uint32_t a, uint32_t b)
{
    int support = 0, against = 0;
    for (uint32_t x = a; x != UINT32_MAX; x = w->next[x])
        for (uint32_t y = b; y != UINT32_MAX; y = w->next[y]) {
            struct pair pair;
            pair_score_with(&w->p[x], &w->p[y], w->weights, &w->rarity[x], &w->rarity[y], &pair);
            support += !pair.contradicts && pair.score >= w->limits->automatic;
            against += pair.contradicts && !is_overridden(&pair);
        }
    return support >= against * SUPPORT_PER_CONTRADICTION;
}

/* What two clusters know of phone, e-mail and flat besides the name: whether any of it agrees, and in how many they differ. */
static int contacts_against(const struct work *w, uint32_t a, uint32_t b)
{
    bool phones = false, emails = false, places = false;
    for (uint32_t x = a; x != UINT32_MAX; x = w->next[x])
        for (uint32_t y = b; y != UINT32_MAX; y = w->next[y]) {
            const struct person *p = &w->p[x], *q = &w->p[y];
            struct pair          pair;
            pair_score_with(p, q, w->weights, &w->rarity[x], &w->rarity[y], &pair);
            for (int i = 0; i < pair.evidence_count; i++) {
                int code = pair.evidence[i].code;
                if (pair_code_agrees(code))
                    return 0;
                phones |= code == EV_PHONE_DIFFERENT;
                emails |= code == EV_EMAIL_DIFFERENT;
                places |= code >= EV_ADDRESS_NEIGHBOUR && code <= EV_ADDRESS_OTHER_CITY;
            }
        }
    return phones + emails + places;
}

/* A name joins what else is unknown; it does not outweigh two contacts of another kind that say no. */
#define CONTACTS_AGAINST 2

static enum identity_guard join_guard(const struct work *w, uint32_t a, uint32_t b, const struct edge *e)
{
    bool by_hand = e->rule == RULE_VERDICT, contradicts = false;
    if (!by_hand && w->size[a] + w->size[b] > (uint32_t)w->limits->members_max)
        return GUARD_SIZE;
    for (uint32_t x = a; x != UINT32_MAX; x = w->next[x])
        for (uint32_t y = b; y != UINT32_MAX; y = w->next[y]) {
            if (verdict_differs(w, x, y))
                return GUARD_VERDICT;
            contradicts = contradicts || (!by_hand && contradict(&w->p[x], &w->p[y]));
        }
    if (contradicts && !(w->limits->best_guess && is_outvoted(w, a, b)))
        return GUARD_CONTRADICTION;
    if (e->by_name && contacts_against(w, a, b) >= CONTACTS_AGAINST)
        return GUARD_CONTRADICTION;
    return GUARD_NONE;
}

static void join(struct work *w, uint32_t a, uint32_t b)
{
    uint32_t root = a < b ? a : b, other = a < b ? b : a;
    w->parent[other]         = root;
    w->next[w->tail[root]]   = other;
    w->tail[root]            = w->tail[other];
    w->size[root]           += w->size[other];
}

/* ---- one component ---- */

static void link_add(struct work *w, const struct edge *e, enum decision d, enum identity_guard g)
{
    if (w->links)
        *identity_link_list_add(w->links, w->arena) = (struct identity_link){
            .a = (int)e->a, .b = (int)e->b, .score = e->rule == RULE_VERDICT ? 0 : e->score, .rule = e->rule, .decision = d, .guard = (uint8_t)g };
}

/* A record that two clusters want which cannot be one: unless one is clearly better, it is nobody's. Found on the edges that
 * would join by themselves; they are contiguous for no record, so neighbours are gathered first. */
#define NEIGHBOURS_MAX 64
#define MARGIN         300
static bool is_torn(const struct work *w, const struct edge *e, int count, uint32_t record)
{
    uint32_t with[NEIGHBOURS_MAX];
    int32_t  score[NEIGHBOURS_MAX];
    int      n = 0;
    for (int i = 0; i < count && n < NEIGHBOURS_MAX; i++)
        if (e[i].decision == DECISION_AUTOMATIC && e[i].rule != RULE_VERDICT && (e[i].a == record || e[i].b == record)) {
            with[n]    = e[i].a == record ? e[i].b : e[i].a;
            score[n++] = e[i].score;
        }
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n && score[i] - score[j] < MARGIN; j++)
            if (contradict(&w->p[with[i]], &w->p[with[j]]))
                return true;
    return false;
}

static void torn_bar(struct work *w, struct edge *e, int count)
{
    if (w->limits->best_guess || count < 2 || count > 4000)
        return;
    uint8_t *torn = arena_alloc(w->arena, (size_t)count);
    for (int i = 0; i < count; i++)
        if (e[i].decision == DECISION_AUTOMATIC && e[i].rule != RULE_VERDICT)
            torn[i] = is_torn(w, e, count, e[i].a) || is_torn(w, e, count, e[i].b);
    for (int i = 0; i < count; i++)
        if (torn[i]) {
            e[i].decision = DECISION_SUGGEST;
            e[i].unused   = GUARD_NOT_SINGLE;
        }
}

static void component_cluster(struct work *w, struct edge *e, int count)
{
    torn_bar(w, e, count);
    for (int i = 0; i < count; i++) {
        if (e[i].decision != DECISION_AUTOMATIC)
            continue;
        uint32_t a = root_of(w, e[i].a), b = root_of(w, e[i].b);
        if (a == b)
            continue;
        enum identity_guard g = join_guard(w, a, b, &e[i]);
        if (g == GUARD_NONE) {
            join(w, a, b);
            link_add(w, &e[i], DECISION_AUTOMATIC, GUARD_NONE);
        } else {
            e[i].decision = g == GUARD_VERDICT ? DECISION_SEPARATE : DECISION_SUGGEST;
            e[i].unused   = (uint8_t)g;
        }
    }
    if (!w->links)
        return;
    for (int i = 0; i < count; i++)
        if (e[i].decision != DECISION_AUTOMATIC && root_of(w, e[i].a) != root_of(w, e[i].b) && !verdict_differs(w, e[i].a, e[i].b))
            link_add(w, &e[i], e[i].decision, e[i].unused);
}

/* ---- all of them ---- */

static int by_score(const void *a, const void *b, void *ctx)
{
    const struct edge *x = a, *y = b;
    const uint64_t    *order = ctx;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    uint64_t xa = order[x->a], xb = order[x->b], ya = order[y->a], yb = order[y->b];
    uint64_t x_low = xa < xb ? xa : xb, x_high = xa < xb ? xb : xa, y_low = ya < yb ? ya : yb, y_high = ya < yb ? yb : ya;
    if (x_low != y_low)
        return x_low < y_low ? -1 : 1;
    return x_high < y_high ? -1 : x_high > y_high;
}

static void components_cluster(struct work *w)
{
    uint32_t *component = ARENA_ARRAY(w->arena, uint32_t, w->count), *start = ARENA_ARRAY(w->arena, uint32_t, w->count + 1);
    for (struct edge_chunk *c = w->first; c; c = c->next)
        for (int i = 0; i < c->count; i++) {
            uint32_t a = root_of(w, c->at[i].a), b = root_of(w, c->at[i].b);
            w->parent[a < b ? b : a] = a < b ? a : b;
        }
    for (int i = 0; i < w->count; i++)
        component[i] = root_of(w, (uint32_t)i);
    for (struct edge_chunk *c = w->first; c; c = c->next)
        for (int i = 0; i < c->count; i++)
            start[component[c->at[i].a]]++;
    for (uint32_t i = 0, sum = 0; i <= (uint32_t)w->count; i++) {
        uint32_t n = i < (uint32_t)w->count ? start[i] : 0;
        start[i] = sum;
        sum += n;
    }
    struct edge *sorted = arena_raw(w->arena, sizeof *sorted * ((size_t)w->edges + 1));
    for (struct edge_chunk *c = w->first; c; c = c->next)
        for (int i = 0; i < c->count; i++)
            sorted[start[component[c->at[i].a]]++] = c->at[i];
    for (int i = 0; i < w->count; i++)
        w->parent[i] = (uint32_t)i;
    for (uint32_t i = 0, end; i < w->edges; i = end) {
        uint32_t root = component[sorted[i].a];
        for (end = i + 1; end < w->edges && component[sorted[end].a] == root;)
            end++;
        qsort_r(sorted + i, end - i, sizeof *sorted, by_score, w->order);
        component_cluster(w, sorted + i, (int)(end - i));
    }
}

void identity_cluster(struct arena *a, const struct person *records, int count, const struct identity_verdict *verdicts,
                      int verdicts_count, const struct identity_rules *rules, int *cluster, struct identity_link_list *links)
{
    struct work w = {
        .arena = a, .p = records, .count = count, .verdicts = verdicts, .verdicts_count = verdicts_count, .links = links,
        .weights = rules && rules->weights ? rules->weights : &pair_weights_default,
        .limits  = rules && rules->limits ? rules->limits : &limits_default,
    };
    w.parent = arena_raw(a, sizeof *w.parent * (size_t)(count + 1));
    w.next   = arena_raw(a, sizeof *w.next * (size_t)(count + 1));
    w.tail   = arena_raw(a, sizeof *w.tail * (size_t)(count + 1));
    w.size   = arena_raw(a, sizeof *w.size * (size_t)(count + 1));
    w.order  = arena_raw(a, sizeof *w.order * (size_t)(count + 1));
    w.rarity = arena_raw(a, sizeof *w.rarity * (size_t)(count + 1));
    for (int i = 0; i < count; i++) {
        w.parent[i] = w.tail[i] = (uint32_t)i;
        w.next[i]   = UINT32_MAX;
        w.size[i]   = 1;
        w.rarity[i] = rarity_of(&records[i], w.weights, rules ? rules->counts : NULL);
        w.order[i]  = hash_mix((uint64_t)records[i].id) ^
                      hash_bytes((str){ (const char *)&records[i], sizeof records[i] }, 5) >> 20;
    }
    verdicts_sort(&w);
    edges_find(&w);
    components_cluster(&w);
    for (int i = 0; i < count; i++)
        cluster[i] = (int)root_of(&w, (uint32_t)i);
}

/* ---- one new record ---- */

enum identity_guard identity_may_join(const struct person *a, int a_count, const struct person *b, int b_count,
                                      const struct limits *limits, int *out_a, int *out_b)
{
    *out_a = *out_b = 0;
    if (a_count + b_count > (limits ? limits : &limits_default)->members_max)
        return GUARD_SIZE;
    for (int i = 0; i < a_count; i++)
        for (int j = 0; j < b_count; j++)
            if (contradict(&a[i], &b[j])) {
                *out_a = i;
                *out_b = j;
                return GUARD_CONTRADICTION;
            }
    return GUARD_NONE;
}

static int verdict_on(const struct identity_verdict *verdicts, int count, int member)
{
    for (int i = 0; i < count; i++)
        if (verdicts[i].a == member)
            return verdicts[i].same ? 1 : -1;
    return 0;
}

/* The cluster of known[first], as far as it matters for one record. False: nothing to say about it. */
static bool place_one(const struct person *r, const struct person *known, const int64_t *cluster_of, int count, int first,
                      const struct identity_verdict *verdicts, int verdicts_count, const struct identity_rules *rules,
                      const struct limits *limits, struct identity_place *out)
{
    int  members = 0;
    bool same = false;
    *out = (struct identity_place){ .cluster = cluster_of[first], .member = -1 };
    for (int i = first; i < count; i++) {
        if (cluster_of[i] != cluster_of[first])
            continue;
        struct pair pair;
        int         said = verdict_on(verdicts, verdicts_count, i);
        members++;
        if (said < 0)
            return false;
        same |= said > 0;
        pair_score(r, &known[i], rules && rules->weights ? rules->weights : &pair_weights_default, rules ? rules->counts : NULL, &pair);
        if (out->member < 0 || pair.score > out->pair.score || (pair.score == out->pair.score && known[i].id < known[out->member].id)) {
            out->member = i;
            out->pair   = pair;
        }
        if (contradict(r, &known[i]))
            out->guard = GUARD_CONTRADICTION;
    }
    if (out->guard == GUARD_NONE && members + 1 > limits->members_max)
        out->guard = GUARD_SIZE;
    out->decision = same ? DECISION_AUTOMATIC : pair_decide(&out->pair, limits);
    if (same) {
        out->pair.rule = RULE_VERDICT;
        out->guard     = GUARD_NONE;
    }
    if (out->decision == DECISION_AUTOMATIC && out->guard != GUARD_NONE)
        out->decision = DECISION_SUGGEST;
    return out->decision != DECISION_SEPARATE;
}

static bool place_before(const struct identity_place *a, const struct identity_place *b)
{
    if (a->decision != b->decision)
        return a->decision > b->decision;
    return a->pair.score != b->pair.score ? a->pair.score > b->pair.score : a->cluster < b->cluster;
}

int identity_place(const struct person *record, const struct person *known, const int64_t *cluster_of, int count,
                   const struct identity_verdict *verdicts, int verdicts_count, const struct identity_rules *rules,
                   struct identity_place *out, int max)
{
    const struct limits *limits = rules && rules->limits ? rules->limits : &limits_default;
    int                  found = 0;

    for (int i = 0; i < count; i++) {
        struct identity_place one;
        bool                  seen = false;
        for (int j = 0; j < i && !seen; j++)
            seen = cluster_of[j] == cluster_of[i];
        if (seen || !place_one(record, known, cluster_of, count, i, verdicts, verdicts_count, rules, limits, &one))
            continue;
        int at = found < max ? found++ : max;
        for (; at > 0 && place_before(&one, &out[at - 1]); at--)
            if (at < max)
                out[at] = out[at - 1];
        if (at < max)
            out[at] = one;
    }
    /* Two clusters want it, and neither is clearly better: a person decides. */
    if (found > 1 && !limits->best_guess && out[0].decision == DECISION_AUTOMATIC && out[1].decision == DECISION_AUTOMATIC &&
        out[0].pair.rule != RULE_VERDICT && out[0].pair.score - out[1].pair.score < MARGIN) {
        out[0].decision = DECISION_SUGGEST;
        out[0].guard    = GUARD_NOT_SINGLE;
    }
    for (int i = 1; i < found; i++)
        if (out[i].decision == DECISION_AUTOMATIC) {
            out[i].decision = DECISION_SUGGEST;
            out[i].guard    = GUARD_NOT_SINGLE;
        }
    return found;
}
