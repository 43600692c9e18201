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

/* Disjoint sets of records; a root is its smallest index. */
struct sets {
    uint32_t *parent;
    uint32_t *next, *tail;              /* members of a set as a list */
    uint32_t *size;
};

struct work {
    struct arena                  *arena;
    const struct person           *p;
    int                            count;
    const struct pair_weights     *weights;
    const struct limits           *limits;
    struct rarity                 *rarity;          /* by record */
    const struct identity_rules   *rules;           /* may be NULL */
    const struct identity_verdict *verdicts;
    int                            verdicts_count;
    uint64_t                      *differ;          /* verdicts "different" as a << 32 | b, sorted */
    int                            differ_count;
    uint8_t                       *has_differ;      /* by record; NULL when there are none */
    struct edge_chunk             *first, *last;
    uint32_t                       edges;
    struct sets                    cluster;
    /* What hangs together by its own links. A person's "same" unites clusters, not groups: what it overrules is no contradiction
     * for others, and each side stays as large as it was. Without such a verdict groups are the clusters. */
    struct sets                   *group, groups;
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

/* One phone and one e-mail outweigh another given name: an unknown short form is likelier than two people sharing both. Not so
 * where both names are known in full: a couple writes from one box. */
static bool is_overridden(const struct person *a, const struct person *b, const struct pair *p)
{
    int same = 0;
    if (p->name < NAME_FAMILY || names_are_known_apart(&a->name, &b->name) || name_endings_differ(&a->name, &b->name))
        return false;
    for (int i = 0; i < p->evidence_count; i++)
        same += p->evidence[i].code == EV_PHONE_SAME || p->evidence[i].code == EV_EMAIL_SAME || p->evidence[i].code == EV_EMAIL_LOOSE;
    return same >= 2;
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
    candidates_find(w->arena, w->p, w->count, w->rules ? w->rules->blocks : NULL, &c);
    for (int i = 0; i < w->count; i++)
        for (uint32_t k = c.from[i]; k < c.from[i + 1]; k++) {
            struct pair pair;
            if (k + AHEAD < c.from[w->count])           /* records lie anywhere: half of the time went with waiting for them */
                record_fetch(w, c.to[k + AHEAD]);
            pair_score_with(&w->p[i], &w->p[c.to[k]], w->weights, &w->rarity[i], &w->rarity[c.to[k]], &pair);
            enum decision d = pair_decide(&pair, w->limits);
            if (w->limits->best_guess && pair.score >= w->limits->automatic && is_overridden(&w->p[i], &w->p[c.to[k]], &pair))
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

static uint32_t root_of(struct sets *s, uint32_t i)
{
    while (s->parent[i] != i) {
        s->parent[i] = s->parent[s->parent[i]];
        i = s->parent[i];
    }
    return i;
}

static void sets_clear(struct sets *s, int count)
{
    for (int i = 0; i < count; i++) {
        s->parent[i] = s->tail[i] = (uint32_t)i;
        s->next[i]   = UINT32_MAX;
        s->size[i]   = 1;
    }
}

static struct sets sets_make(struct arena *a, int count)
{
    size_t      bytes = sizeof(uint32_t) * (size_t)(count + 1);
    struct sets s     = { arena_raw(a, bytes), arena_raw(a, bytes), arena_raw(a, bytes), arena_raw(a, bytes) };
    sets_clear(&s, count);
    return s;
}

static void unite(struct sets *s, uint32_t a, uint32_t b)
{
    uint32_t root = a < b ? a : b, other = a < b ? b : a;
    s->parent[other]       = root;
    s->next[s->tail[root]] = other;
    s->tail[root]          = s->tail[other];
    s->size[root]         += s->size[other];
}

/* Of the pairs across two clusters a few contradict, but many more support: then the few are slips of the pen. Only where
 * nobody could be asked. */
#define SUPPORT_PER_CONTRADICTION 3
static bool pair_says(const struct pair *p, enum evidence_code a, enum evidence_code b)
{
    for (int i = 0; i < p->evidence_count; i++)
        if (p->evidence[i].code == a || p->evidence[i].code == b)
            return true;
    return false;
}

/* Groups that share a phone and an e-mail are one person with a pet name that no table knows sooner than two. */
static bool is_outvoted(const struct work *w, uint32_t a, uint32_t b)
{
    int  support = 0, against = 0;
    bool phone = false, email = false;
    for (uint32_t x = a; x != UINT32_MAX; x = w->group->next[x])
        for (uint32_t y = b; y != UINT32_MAX; y = w->group->next[y]) {
            struct pair pair;
            pair_score_with(&w->p[x], &w->p[y], w->weights, &w->rarity[x], &w->rarity[y], &pair);
            support += !pair.contradicts && pair.score >= w->limits->automatic;
            against += pair.contradicts && !is_overridden(&w->p[x], &w->p[y], &pair);
            phone   |= pair_says(&pair, EV_PHONE_SAME, EV_PHONE_SAME);
            email   |= pair_says(&pair, EV_EMAIL_SAME, EV_EMAIL_LOOSE);
        }
    return support >= against * (phone && email ? 1 : SUPPORT_PER_CONTRADICTION);
}

/* What two clusters know of phone, e-mail and flat besides the name: whether any of it agrees, and in how many they differ. */
static int contacts_against(const struct work *w, uint32_t a, uint32_t b)
{
    bool phones = false, emails = false, places = false;
    for (uint32_t x = a; x != UINT32_MAX; x = w->group->next[x])
        for (uint32_t y = b; y != UINT32_MAX; y = w->group->next[y]) {
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

/* Of two groups, by what their records say. */
static enum identity_guard group_guard(const struct work *w, uint32_t a, uint32_t b, const struct edge *e)
{
    bool contradicts = false;
    if (w->group->size[a] + w->group->size[b] > (uint32_t)w->limits->members_max)
        return GUARD_SIZE;
    for (uint32_t x = a; x != UINT32_MAX && !contradicts; x = w->group->next[x])
        for (uint32_t y = b; y != UINT32_MAX && !contradicts; y = w->group->next[y])
            contradicts = person_contradicts(&w->p[x], &w->p[y]);
    if (contradicts && !(w->limits->best_guess && is_outvoted(w, a, b)))
        return GUARD_CONTRADICTION;
    if (e->by_name && contacts_against(w, a, b) >= CONTACTS_AGAINST)
        return GUARD_CONTRADICTION;
    return GUARD_NONE;
}

/* Of two clusters, by what people have said. */
static bool is_barred(const struct work *w, uint32_t a, uint32_t b)
{
    for (uint32_t x = a; w->has_differ && x != UINT32_MAX; x = w->cluster.next[x])
        for (uint32_t y = b; w->has_differ[x] && y != UINT32_MAX; y = w->cluster.next[y])
            if (verdict_differs(w, x, y))
                return true;
    return false;
}

/* ---- one component ---- */

static void link_add(struct work *w, const struct edge *e, enum decision d, enum identity_guard g)
{
    if (w->links)
        *identity_link_list_add(w->links, w->arena) = (struct identity_link){
            .a = (int)e->a, .b = (int)e->b, .score = e->rule == RULE_VERDICT ? 0 : e->score, .rule = e->rule, .decision = d, .guard = (uint8_t)g };
}

/* A record that two clusters want which cannot be one: unless one is clearly better, it is nobody's. */
#define NEIGHBOURS_MAX 64
#define MARGIN         300
struct end { uint32_t record; int edge; };               /* an edge that would join by itself, at one of its records */

static int by_record(const void *a, const void *b)
{
    const struct end *x = a, *y = b;
    return x->record != y->record ? (x->record < y->record ? -1 : 1) : x->edge < y->edge ? -1 : x->edge > y->edge;
}

static bool is_rule(const struct edge *e) { return e->decision == DECISION_AUTOMATIC && e->rule != RULE_VERDICT; }

/* `ends` are those of one record, its best edges first. */
static bool is_torn(struct work *w, const struct edge *e, const struct end *ends, int count)
{
    uint32_t with[NEIGHBOURS_MAX];
    int32_t  score[NEIGHBOURS_MAX];
    int      n = 0;
    for (; n < count && n < NEIGHBOURS_MAX; n++) {
        const struct edge *one = &e[ends[n].edge];
        with[n]  = one->a == ends[n].record ? one->b : one->a;
        score[n] = one->score;
    }
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n && score[i] - score[j] < MARGIN; j++)
            if (person_contradicts(&w->p[with[i]], &w->p[with[j]]) && root_of(&w->cluster, with[i]) != root_of(&w->cluster, with[j]))
                return true;
    return false;
}

static void torn_bar(struct work *w, struct edge *e, int count)
{
    int n = 0;
    if (w->limits->best_guess || count < 2)
        return;
    CLEANUP(arena_back) struct arena_mark mark = arena_mark(w->arena);
    struct end *ends = arena_raw(w->arena, sizeof *ends * (size_t)count * 2);
    for (int i = 0; i < count; i++)
        if (is_rule(&e[i])) {
            ends[n++] = (struct end){ e[i].a, i };
            ends[n++] = (struct end){ e[i].b, i };
        }
    qsort(ends, (size_t)n, sizeof *ends, by_record);
    for (int i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && ends[end].record == ends[i].record;)
            end++;
        bool torn = end - i > 1 && is_torn(w, e, ends + i, end - i);
        for (int k = i; torn && k < end; k++)
            e[ends[k].edge].unused = GUARD_NOT_SINGLE;
    }
    for (int i = 0; i < count; i++)
        if (e[i].unused == GUARD_NOT_SINGLE)
            e[i].decision = DECISION_SUGGEST;
}

/* What people have called the same is one before anything else is looked at. */
static void verdicts_join(struct work *w, struct edge *e, int count)
{
    for (int i = 0; i < count && e[i].rule == RULE_VERDICT; i++) {
        uint32_t a = root_of(&w->cluster, e[i].a), b = root_of(&w->cluster, e[i].b);
        if (a == b)
            continue;
        if (is_barred(w, a, b)) {
            e[i].decision = DECISION_SEPARATE;
            e[i].unused   = GUARD_VERDICT;
            continue;
        }
        unite(&w->cluster, a, b);
        link_add(w, &e[i], DECISION_AUTOMATIC, GUARD_NONE);
    }
}

static void edge_join(struct work *w, struct edge *e)
{
    uint32_t a = root_of(&w->cluster, e->a), b = root_of(&w->cluster, e->b), x = root_of(w->group, e->a), y = root_of(w->group, e->b);
    if (x == y)
        return;
    enum identity_guard g = a != b && is_barred(w, a, b) ? GUARD_VERDICT : group_guard(w, x, y, e);
    if (g == GUARD_NONE) {
        if (w->group != &w->cluster)
            unite(w->group, x, y);
        if (a == b)                                      /* people had said so already */
            return;
        unite(&w->cluster, a, b);
        link_add(w, e, DECISION_AUTOMATIC, GUARD_NONE);
    } else if (a != b) {
        e->decision = g == GUARD_VERDICT ? DECISION_SEPARATE : DECISION_SUGGEST;
        e->unused   = (uint8_t)g;
    }
}

static void component_cluster(struct work *w, struct edge *e, int count)
{
    verdicts_join(w, e, count);
    torn_bar(w, e, count);
    for (int i = 0; i < count; i++)
        if (is_rule(&e[i]))
            edge_join(w, &e[i]);
    if (!w->links)
        return;
    for (int i = 0; i < count; i++) {
        bool differ = verdict_differs(w, e[i].a, e[i].b);
        if (e[i].decision == DECISION_AUTOMATIC || root_of(&w->cluster, e[i].a) == root_of(&w->cluster, e[i].b) || (differ && !e[i].unused))
            continue;
        link_add(w, &e[i], differ ? DECISION_SEPARATE : e[i].decision, e[i].unused);
    }
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
            uint32_t a = root_of(&w->cluster, c->at[i].a), b = root_of(&w->cluster, c->at[i].b);
            w->cluster.parent[a < b ? b : a] = a < b ? a : b;
        }
    for (int i = 0; i < w->count; i++)
        component[i] = root_of(&w->cluster, (uint32_t)i);
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
    sets_clear(&w->cluster, w->count);
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
        .arena = a, .p = records, .count = count, .rules = rules, .verdicts = verdicts, .verdicts_count = verdicts_count, .links = links,
        .weights = rules && rules->weights ? rules->weights : &pair_weights_default,
        .limits  = rules && rules->limits ? rules->limits : &limits_default,
    };
    bool by_hand = false;
    for (int i = 0; i < verdicts_count && !by_hand; i++)
        by_hand = verdicts[i].same;
    w.cluster = sets_make(a, count);
    w.group   = &w.cluster;
    if (by_hand) {
        w.groups = sets_make(a, count);
        w.group  = &w.groups;
    }
    w.order  = arena_raw(a, sizeof *w.order * (size_t)(count + 1));
    w.rarity = arena_raw(a, sizeof *w.rarity * (size_t)(count + 1));
    for (int i = 0; i < count; i++) {
        w.rarity[i] = rarity_of(&records[i], w.weights, rules ? rules->counts : NULL);
        w.order[i]  = hash_mix((uint64_t)records[i].id) ^
                      hash_bytes((str){ (const char *)&records[i], sizeof records[i] }, 5) >> 20;
    }
    verdicts_sort(&w);
    edges_find(&w);
    components_cluster(&w);
    for (int i = 0; i < count; i++)
        cluster[i] = (int)root_of(&w.cluster, (uint32_t)i);
}
